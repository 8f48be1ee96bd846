/**
 * Tokens coloured by one unit of a site, or by one feature.
 *
 * Python sends one `view`: the unit at all layers and the strongest units at every token. So
 * hovering, pinning and walking through the layers need no kernel; only another unit, another
 * stream or another text does.
 */

import type { Render } from "@anywidget/types";
import { css, diverging, furthest, type Rgb, type Scale, sequential, type Theme } from "./lib/colour.ts";
import { choice, stepper, textField } from "./lib/controls.ts";
import { attribute, changes, errorPlacer, focusNear, make, perFrame, write } from "./lib/dom.ts";
import { legend } from "./lib/legend.ts";
import { number, plural } from "./lib/number.ts";
import { follow } from "./lib/theme.ts";
import { nameOf, tokenFlow } from "./lib/token_flow.ts";
import { leftOut } from "./lib/tokens.ts";
import { decode, type NumberArray, row, type WireArray } from "./lib/wire.ts";

interface View {
  stream: string;
  noun: string;
  unit: number;
  /** How many units the stream has. */
  width: number;
  signed: boolean;
  /** The layers that the rows of `values` stand for; none for a stream without layers. */
  layers: number[];
  /** The largest value in training text, where that is known. */
  maximum: number | null;
  /** Whether the first token is a BOS that the model puts before every text. */
  bos: boolean;
  pieces: string[];
  ids: number[];
  /** [L, T] */
  values: WireArray;
  /** [L, T, K] */
  top_units: WireArray;
  top_values: WireArray;
}

interface State {
  text: string;
  streams: string[];
  stream: string;
  layer: number;
  unit: number;
  selected: number;
  view: View;
  running: boolean;
  error: string;
  error_at: string;
  provenance: string;
}

interface Range {
  low: number;
  high: number;
}

const render: Render<State> = ({ model, el }) => {
  const left = new AbortController();
  const ask = (name: "text" | "stream" | "layer" | "unit" | "selected", value: string | number) => {
    model.set(name, value);
    model.save_changes();
    draw();
  };

  let previewed = -1;
  let lit: Range | null = null;
  const flow = tokenFlow({
    preview(index) {
      if (index === previewed) return;
      previewed = index;
      draw();
    },
    pin: (index) => ask("selected", index),
  });
  const scaleKey = legend((range) => {
    lit = range;
    draw();
  });
  const title = make("h3", { class: "wb-title" });
  const stream = choice("Stream", (name) => ask("stream", name));
  const layer = choice("Layer", (name) => ask("layer", Number(name)));
  const unit = stepper((value) => ask("unit", value));
  const here = tokenPanel((value) => ask("unit", value));
  const text = textField("Text", "Run", (words) => ask("text", words));
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ text: text.fail, unit: unit.fail, "": (message) => write(failure, message) });
  const footer = make("div", { class: "wb-footer wb-muted" });
  const root = make(
    "section",
    { class: "wb wb-heatmap", "aria-label": "Activation heatmap", "data-lm-suppress-shortcuts": "true" },
    make(
      "header",
      { class: "wb-header" },
      make("div", {}, title, make("div", { class: "wb-toolbar" }, stream.element, layer.element, unit.element)),
      scaleKey.element,
    ),
    make("div", { class: "wb-heatmap-body" }, here.element, make("div", {}, flow.element, text.element, failure)),
    footer,
  );

  let shown: View | null = null;
  let arrays: Arrays | null = null;
  let scale: Scale | null = null;
  const differs = changes();
  const draw = perFrame(() => {
    const view = model.get("view");
    if (view !== shown) {
      if (view.pieces.join("\0") !== shown?.pieces.join("\0")) {
        flow.set(view.pieces, view.bos);
        previewed = -1;
      }
      shown = view;
      arrays = { values: decode(view.values), units: decode(view.top_units), tops: decode(view.top_values) };
    }
    const at = Math.max(0, view.layers.indexOf(model.get("layer")));
    const values = row(arrays!.values, at);
    const { theme, surface, ink } = around();
    if (differs(view, at, theme, css(surface), css(ink)) || scale === null) {
      scale = scaleOf(view, arrays!.values, theme, surface);
      scaleKey.set(scale, captionOf(view));
      flow.paint((i) => scale!.colour(values[i]!), ink, (i) => `${nameOf(view.pieces[i]!)} ${number(values[i]!)}`);
    }
    const selected = model.get("selected");
    const pinned = selected < view.pieces.length ? selected : -1;

    write(title, titleOf(view, at));
    scaleKey.point(values[previewed >= 0 ? previewed : pinned] ?? null);
    flow.mark(pinned, (i) => lit !== null && values[i]! >= lit.low && values[i]! <= lit.high);
    here.draw({ view, at, previewed, pinned, values, arrays: arrays!, scale });

    stream.set({ options: model.get("streams"), value: model.get("stream") });
    layer.set({ options: view.layers.map(String), value: String(view.layers[at] ?? "") });
    unit.set({ value: model.get("unit"), high: view.width - 1, noun: view.noun, label: capital(view.noun) });
    attribute(root, "aria-busy", model.get("running"));
    placeError(model.get("error"), model.get("error_at"));
    text.set(model.get("text"));
    write(footer, [model.get("provenance"), plural(view.pieces.length, "token")].join(" · "));
  }, left.signal);

  const around = follow(root, draw, left.signal);
  el.append(root);
  model.on("change", draw);
  draw();
  return () => {
    model.off("change", draw);
    left.abort();
    root.remove();
  };
};

interface Arrays {
  values: NumberArray;
  units: NumberArray;
  tops: NumberArray;
}

/** "Feature 1234 · 23 tokens"; "Neuron 17 of mlp_act.2 · 23 tokens". */
function titleOf(view: View, at: number): string {
  const site = view.layers.length > 0 ? `${view.stream}.${view.layers[at]}` : view.stream;
  const where = view.stream === "features" ? "" : ` of ${site}`;
  return `${capital(view.noun)} ${view.unit}${where} · ${plural(view.pieces.length, "token")}`;
}

/** One scale for all layers, so that walking through them compares like with like. */
function scaleOf(view: View, values: NumberArray, theme: Theme, surface: Rgb): Scale {
  const high = Math.max(view.maximum ?? 0, furthest(values.numbers, view.pieces.length, leftOut(view)));
  return view.signed ? diverging(theme, surface, high) : sequential(theme, surface, high);
}

function captionOf(view: View): string {
  if (view.maximum !== null) return "to its maximum in training";
  const layers = view.layers.length > 1 ? ", all layers" : "";
  return `to the largest here${layers}${leftOut(view) > 0 ? `, ${view.pieces[0]} left out` : ""}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

interface Scene {
  view: View;
  /** Which row of the values is shown. */
  at: number;
  /** The token under the pointer or the focus, and the pinned one; -1: none. */
  previewed: number;
  pinned: number;
  values: Float32Array | Int32Array;
  arrays: Arrays;
  scale: Scale;
}

/**
 * The third beside the text. It reads out the token under the hand, and lists the strongest units at
 * the pinned one; with neither, it tells of the token that stands out most.
 */
function tokenPanel(choose: (unit: number) => void): { element: HTMLElement; draw(scene: Scene): void } {
  const name = make("span");
  const value = make("span");
  const details = make("div", { class: "wb-muted" });
  const heading = make("div", { class: "wb-label wb-heatmap-heading" });
  const top = make("ol", { class: "wb-heatmap-top" });
  const hint = make("div", { class: "wb-muted" });
  const readout = make("div", { "aria-live": "polite" }, make("div", { class: "wb-heatmap-value" }, name, value), details);
  const element = make("div", { class: "wb-heatmap-here" }, readout, heading, top, hint);
  const differs = changes();

  return {
    element,
    draw({ view, at, previewed, pinned, values, arrays, scale }) {
      const standsOut = strongest(values, leftOut(view));
      const read = [previewed, pinned, standsOut].find((i) => i >= 0) ?? 0;
      const place = `position ${read} · id ${view.ids[read]}`;
      const isSummary = previewed < 0 && pinned < 0;
      write(name, nameOf(view.pieces[read] ?? ""));
      write(value, number(values[read] ?? Number.NaN));
      write(details, isSummary ? `${view.signed ? "furthest from zero" : "largest"} · ${place}` : place);

      const token = [pinned, previewed, standsOut].find((i) => i >= 0) ?? 0;
      write(hint, pinned >= 0 ? "Pinned: Esc lets go, arrows walk" : "Click a token to pin it");
      if (!differs(scale, arrays, at, token)) return;
      const items = topUnits({ view, units: row(arrays.units, at, token), tops: row(arrays.tops, at, token), scale, choose });
      const where = nameOf(view.pieces[token] ?? "");
      write(heading, items.length > 0 ? `Strongest ${view.noun}s at ${where}` : `No ${view.noun} is on at ${where}`);
      const focused = [...top.children].findIndex((item) => item.contains(focusNear(top)));
      top.replaceChildren(...items);
      items[focused]?.querySelector("button")?.focus();
    },
  };
}

interface TopUnits {
  view: View;
  units: ArrayLike<number>;
  tops: ArrayLike<number>;
  scale: Scale;
  choose: (unit: number) => void;
}

/** One row per unit: its number, a bar as long as its value, the value; a click shows that unit. */
function topUnits({ view, units, tops, scale, choose }: TopUnits): HTMLElement[] {
  const longest = Math.max(...Array.from(tops, Math.abs));
  return Array.from(units).flatMap((unit, i) => {
    const size = tops[i]!;
    if (size === 0) return [];
    const bar = make("span", { class: "wb-heatmap-bar" });
    bar.style.width = `${(100 * Math.abs(size)) / longest}%`;
    bar.style.backgroundColor = css(scale.colour(size < 0 ? scale.low : scale.high));
    const label = `Show ${view.noun} ${unit}, here ${number(size)}`;
    const current = unit === view.unit ? "true" : undefined;
    const button = make("button", { type: "button", "aria-label": label, "aria-current": current });
    button.append(make("span", {}, String(unit)), bar, make("span", {}, number(size)));
    button.addEventListener("click", () => choose(unit));
    return [make("li", {}, button)];
  });
}

/** Where a value is furthest from zero. */
function strongest(values: ArrayLike<number>, from: number): number {
  let best = Math.min(from, values.length - 1);
  for (let i = from; i < values.length; i++) if (Math.abs(values[i]!) > Math.abs(values[best]!)) best = i;
  return best;
}

export default { render };
