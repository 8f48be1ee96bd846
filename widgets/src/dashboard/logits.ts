/** What a feature does to the next token: the tokens that it promotes and those that it suppresses. */

import { attribute, changes, make } from "../lib/dom.ts";
import { number } from "../lib/number.ts";
import { nameOf, quoted } from "../lib/tokens.ts";
import type { Effect, Logits } from "./card.ts";

export interface LogitsView {
  element: HTMLElement;
  set(logits: Logits | null, colour: (value: number) => string, key: string): void;
  /** Underline the rows of a range; null: none. */
  light(range: { low: number; high: number } | null): void;
}

export function logitsView(hover: (value: number | null) => void): LogitsView {
  const top = make("ol", { class: "wb-logits-list" });
  const bottom = make("ol", { class: "wb-logits-list" });
  const column = (name: string, list: HTMLElement) => make("div", {}, make("div", { class: "wb-label" }, name), list);
  const element = make("div", { class: "wb-logits" }, column("Promotes", top), column("Suppresses", bottom));
  const rebuilt = changes();
  let rows: [HTMLElement, number][] = [];

  const valueOf = (event: Event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-value]") : null;
    return row ? Number(row.dataset.value) : null;
  };
  element.addEventListener("pointerover", (event) => hover(valueOf(event)));
  element.addEventListener("pointerleave", () => hover(null));

  return {
    element,
    set(logits, colour, key) {
      if (!rebuilt(logits, key)) return;
      rows = [];
      attribute(element, "data-measured", logits !== null && logits.n > 0);
      const all = [...(logits?.top ?? []), ...(logits?.bottom ?? [])].map(([, , value]) => Math.abs(value ?? 0));
      const most = Math.max(1e-12, ...all);
      const rowOf = ([token, piece, effect, half]: Effect) => {
        const value = effect ?? Number.NaN;
        const bar = make("span", { class: "wb-bar" });
        bar.style.width = `${(100 * Math.abs(effect ?? 0)) / most}%`;
        bar.style.backgroundColor = colour(value);
        const says = make("span", {}, number(value));
        if (half !== null) says.append(make("span", { class: "wb-muted" }, ` ± ${number(half)}`));
        const title = `${nameOf(piece)} ${number(value)}${half === null ? "" : ` ± ${number(half)}`}, token ${token}`;
        const row = make("li", { class: "wb-logits-row", "data-value": value, title }, make("span", { class: "wb-logits-piece", dir: "auto" }, quoted(piece)), bar, says);
        rows.push([row, value]);
        return row;
      };
      top.replaceChildren(...(logits?.top ?? []).map(rowOf));
      bottom.replaceChildren(...(logits?.bottom ?? []).map(rowOf));
    },
    light(range) {
      for (const [row, value] of rows) row.classList.toggle("wb-lit", range !== null && value >= range.low && value <= range.high);
    },
  };
}

/** How the effects were found, in words. */
export function saidOf(logits: Logits): string {
  const how = {
    raw: "per unit of activation: decoder × unembedding",
    folded: "per unit of activation, with the final norm’s gain",
    measured: "what ablation takes away where it fires most",
  };
  const words = how[logits.form as keyof typeof how] ?? logits.form;
  return logits.n > 0 ? `${words}, n ${logits.n}` : words;
}
