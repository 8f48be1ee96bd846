/**
 * Plain beside ablated on one scale: a hollow mark for the plain model, a full one for the ablated, and a grey band
 * with a tick for the controls. Shapes differ as well as colours, so greyscale keeps the finding.
 */

import { make } from "../lib/dom.ts";
import { number } from "../lib/number.ts";
import type { Band } from "./seen.ts";

/** A value with its 95 % interval; null where an interval has no end. */
export interface Interval {
  value: number;
  low: number | null;
  high: number | null;
}

export interface Marks {
  /** What the scale ends at; it begins at 0. */
  high: number;
  plain: Interval | null;
  ablated: Interval | null;
  control: Band | null;
}

/** Where a value stands on a scale from 0 to `high`, in percent; what is outside stands at its end. */
export function share(value: number, high: number): number {
  return high > 0 ? (100 * Math.min(high, Math.max(0, value))) / high : 0;
}

/** "0.312 [0.251, 0.374]"; without an interval the value alone. */
export function interval({ value, low, high }: Interval): string {
  return low === null || high === null ? number(value) : `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** "0.012 (0.003 to 0.09)": the median of the controls, and their range. */
export function bandOf({ low, middle, high }: Band): string {
  return `${number(middle)} (${number(low)} to ${number(high)})`;
}

/** A track with its marks; the numbers stand beside it, so it is silent. */
export function track({ high, plain, ablated, control }: Marks): HTMLElement {
  const element = make("div", { class: "wb-ablation-track", "aria-hidden": "true" });
  if (control) {
    element.append(span("wb-ablation-band", control.low, control.high, high), at("wb-ablation-tick", control.middle, high));
  }
  for (const [name, mark] of [["plain", plain], ["ablated", ablated]] as const) {
    if (!mark) continue;
    if (mark.low !== null && mark.high !== null) element.append(span(`wb-ablation-whisker wb-ablation-${name}`, mark.low, mark.high, high));
    element.append(at(`wb-ablation-dot wb-ablation-${name}`, mark.value, high));
  }
  return element;
}

function at(name: string, value: number, high: number): HTMLElement {
  const mark = make("i", { class: name });
  mark.style.insetInlineStart = `${share(value, high)}%`;
  return mark;
}

function span(name: string, from: number, to: number, high: number): HTMLElement {
  const mark = at(name, from, high);
  mark.style.width = `${share(to, high) - share(from, high)}%`;
  return mark;
}

/** What the marks are. */
export function key(controls: string): HTMLElement {
  const element = make("div", { class: "wb-ablation-key wb-muted" });
  const entry = (words: string, ...marks: string[]) => {
    const sign = make("span", { class: "wb-ablation-sign", "aria-hidden": "true" }, ...marks.map((name) => make("i", { class: name })));
    element.append(make("span", {}, sign, words));
  };
  entry("plain", "wb-ablation-dot wb-ablation-plain");
  entry("ablated", "wb-ablation-dot wb-ablation-ablated");
  if (controls !== "") entry(controls, "wb-ablation-band", "wb-ablation-tick");
  return element;
}

/** "0 to 0.5": the ends of a scale, without the digits that a round number does not need. */
export function ends(high: number): string {
  return `0 to ${high >= 0.001 ? String(Number(high.toPrecision(3))) : number(high)}`;
}
