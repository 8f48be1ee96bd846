/**
 * The third beside the text. It reads out the token under the hand, and lists the strongest units and the strongest
 * features there; with nothing under the hand and nothing pinned, it tells of the token that stands out most.
 */

import { css, type Scale } from "../lib/colour.ts";
import { changes, focusNear, make, show, write } from "../lib/dom.ts";
import { number } from "../lib/number.ts";
import { quoted } from "../lib/tokens.ts";
import { called, type Strongest, type View } from "./view.ts";

export interface Scene {
  view: View;
  /** The values of the row that is shown, and of the token of the other text in the same place. */
  values: ArrayLike<number>;
  other: { name: string; value: number } | null;
  /** The token of the other text under the hand, where none stands in its place here. */
  alone: { name: string; value: number; position: number } | null;
  /** What attends, where the hand is on a row of a map; "" elsewhere. */
  query: string;
  ids: ArrayLike<number>;
  /** The token under the hand, the pinned one, the one that stands out: on the page; -1 for none. */
  previewed: number;
  pinned: number;
  standsOut: number;
  /** Whether the values are differences between two texts. */
  isDifference: boolean;
  /** Whether units can be listed; and those at the token, null while they are on their way. */
  lists: boolean;
  strongest: Strongest | null;
  scale: Scale;
  /** Whether a unit can be shown at a click. */
  open: boolean;
}

export interface TokenPanel {
  element: HTMLElement;
  draw(scene: Scene): void;
}

const MOST = 8;
const MOST_OF_TWO = 5;

export function tokenPanel(choose: { unit(unit: number): void; feature(feature: number): void }): TokenPanel {
  const name = make("span");
  const value = make("span");
  const details = make("div", { class: "wb-muted" });
  const beside = make("div", { class: "wb-heatmap-beside" });
  const units = listing();
  const features = listing();
  const hint = make("div", { class: "wb-muted" });
  const heading = make("div", { class: "wb-heatmap-value" }, name, value);
  const readout = make("div", { "aria-live": "polite" }, heading, details, beside);
  const element = make("div", { class: "wb-heatmap-here" }, readout, units.element, features.element, hint);

  return {
    element,
    draw(scene) {
      const { view, previewed, pinned, standsOut, lists, strongest, scale, open } = scene;
      const read = readOut(scene);
      write(name, read.name);
      write(value, number(read.value));
      write(details, read.details);
      write(beside, read.beside);
      write(hint, hintOf(view, pinned));

      const where = called(view, listedAt(previewed, pinned, standsOut));
      const hasFeatures = lists && strongest?.features != null;
      show(units.element, lists);
      units.draw({
        heading: (n) => (n > 0 ? `Strongest ${view.noun}s at ${where}` : `No ${view.noun} is on at ${where}`),
        units: strongest?.units ?? null,
        values: strongest?.values ?? [],
        names: strongest?.names ?? {},
        noun: view.noun,
        current: view.unit,
        most: hasFeatures ? MOST_OF_TWO : MOST,
        colour: (size) => css(scale.colour(size < 0 ? scale.low : scale.high)),
        open: open ? choose.unit : null,
      });
      show(features.element, hasFeatures);
      if (hasFeatures) {
        features.draw({
          heading: (n) => (n > 0 ? `Strongest features at ${where}` : `No feature is on at ${where}`),
          units: strongest!.features,
          values: strongest!.activations ?? [],
          names: {},
          noun: "feature",
          current: -1,
          most: MOST_OF_TWO,
          colour: () => "var(--wb-edge)",
          open: open ? choose.feature : null,
        });
      }
    },
  };
}

/** The token under the hand, else the pinned one, else the one that stands out: its value, and what the value is. */
export function readOut(scene: Omit<Scene, "lists" | "strongest" | "scale" | "open">): {
  name: string;
  value: number;
  details: string;
  beside: string;
} {
  const { view, values, other, alone, query, ids, previewed, pinned, standsOut, isDifference } = scene;
  if (alone !== null) {
    return { name: alone.name, value: alone.value, details: `in the text compared with · position ${alone.position}`, beside: "" };
  }
  const read = listedAt(previewed, pinned, standsOut);
  const largest = view.signed && !isDifference ? "furthest from zero" : "largest";
  const details = [
    previewed < 0 && pinned < 0 ? largest : "",
    isDifference ? "difference" : "",
    query === "" ? "" : `attention of ${query}`,
    `position ${view.start + read} · id ${ids[read] ?? "–"}`,
  ];
  return {
    name: called(view, read),
    value: values[read] ?? Number.NaN,
    details: details.filter(Boolean).join(" · "),
    beside: other ? `there ${other.name} ${number(other.value)}` : "",
  };
}

/** Where units are listed: at the token under the hand, else at the pinned one. */
export function listedAt(previewed: number, pinned: number, standsOut: number): number {
  return [previewed, pinned, standsOut].find((i) => i >= 0) ?? 0;
}

function hintOf(view: View, pinned: number): string {
  if (pinned >= 0) return "Pinned: Esc lets go, arrows walk";
  return view.query >= 0 ? "Click a token to see what it attends to" : "Click a token to pin it";
}

interface Listed {
  heading(count: number): string;
  units: ArrayLike<number> | null;
  values: ArrayLike<number>;
  names: Record<string, string>;
  noun: string;
  current: number;
  most: number;
  colour(value: number): string;
  open: ((unit: number) => void) | null;
}

/** One row per unit: its number, a bar as long as its value, the value; a click shows that unit. */
function listing(): { element: HTMLElement; draw(listed: Listed): void } {
  const heading = make("div", { class: "wb-label wb-heatmap-heading" });
  const list = make("ol", { class: "wb-heatmap-top" });
  const differs = changes();
  return {
    element: make("div", {}, heading, list),
    draw(listed) {
      if (listed.units === null) return; // they are on their way: what was there stays
      const rows = Array.from(listed.units, (unit, i) => ({ unit, size: listed.values[i] ?? 0 }));
      const shown = rows.filter(({ size }) => size !== 0).slice(0, listed.most);
      const key = shown.map(({ unit, size }) => `${unit} ${size}`).join();
      if (!differs(key, listed.heading(shown.length), listed.current, listed.colour(1), listed.colour(-1))) return;
      write(heading, listed.heading(shown.length));
      const longest = Math.max(...shown.map(({ size }) => Math.abs(size)));
      const items = shown.map((item) => make("li", {}, rowOf(item, longest, listed)));
      const focused = [...list.children].findIndex((item) => item.contains(focusNear(list)));
      list.replaceChildren(...items);
      items[focused]?.querySelector("button")?.focus();
    },
  };
}

function rowOf({ unit, size }: { unit: number; size: number }, longest: number, listed: Listed): HTMLElement {
  const bar = make("span", { class: "wb-heatmap-bar" });
  bar.style.width = `${(100 * Math.abs(size)) / longest}%`;
  bar.style.backgroundColor = listed.colour(size);
  const word = listed.names[unit];
  const label = make("span", { class: "wb-heatmap-unit" }, word === undefined ? String(unit) : quoted(word));
  const parts = [label, bar, make("span", {}, number(size))];
  if (listed.open === null) return make("div", { class: "wb-heatmap-item" }, ...parts);
  const title = `Show ${listed.noun} ${unit}, here ${number(size)}`;
  const current = unit === listed.current ? "true" : undefined;
  const button = make("button", { type: "button", class: "wb-heatmap-item", "aria-label": title, "aria-current": current }, ...parts);
  button.addEventListener("click", () => listed.open?.(unit));
  return button;
}
