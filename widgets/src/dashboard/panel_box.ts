/** A widget that stands in another one: a steering panel that a dashboard's button has made. */

import type { Host } from "@anywidget/types";
import { make, show, write } from "../lib/dom.ts";

export interface PanelBox {
  element: HTMLElement;
  /** Show the widget of that reference, drawn once; null: none. */
  show(reference: string | null): void;
}

export function panelBox(host: Host | undefined, signal: AbortSignal): PanelBox {
  const place = make("div");
  const note = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-panel-box", hidden: true }, note, place);
  let shown: string | null = null;
  let left: AbortController | null = null;
  const leave = () => left?.abort();
  signal.addEventListener("abort", leave);

  return {
    element,
    show(reference) {
      show(element, reference !== null);
      if (reference === shown) return;
      shown = reference;
      leave();
      place.replaceChildren();
      if (reference === null) return;
      left = new AbortController();
      const mine = left.signal;
      draw(host, reference, place, mine).catch(() => {
        if (!mine.aborted) write(note, "The feature has a slider in a steering panel; show it in a cell of its own: bench.views[\"panel\"]");
      });
    },
  };
}

async function draw(host: Host | undefined, reference: string, el: HTMLElement, signal: AbortSignal): Promise<void> {
  if (host === undefined) throw new Error("this page shows no widget in another one");
  const widget = await host.getWidget(reference);
  if (!signal.aborted) await widget.render({ el, signal });
}
