/** What was measured on many prompts, as Python sends it, and as it is drawn and told. */

import { count, number, plural } from "../lib/number.ts";
import type { Interval } from "./chart.ts";
import type { Band } from "./seen.ts";

/** A value, its interval, and how many prompts it is of; null where an interval has no end. */
export type Estimate = [number, number | null, number | null, number];

export interface Effect {
  plain: Estimate | null;
  edited: Estimate | null;
  change: Estimate;
  /** The mean change under each control. */
  controls: number[];
  p: number | null;
}

export interface Measured {
  target: "probability" | "answered";
  kinds: Record<string, Effect>;
}

export function isMeasured(measured: Measured | Record<string, never>): measured is Measured {
  return measured.kinds !== undefined && Object.keys(measured.kinds).length > 0;
}

export function intervalOf(estimate: Estimate | null): Interval | null {
  return estimate && { value: estimate[0], low: estimate[1], high: estimate[2] };
}

/** Lowest, median and highest of some numbers; null of none. */
export function bandOver(numbers: readonly number[]): Band | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
  return { low: sorted[0]!, middle, high: sorted.at(-1)! };
}

/** Where the controls take the plain value: it, changed by each. */
export function controlsAt({ plain, controls }: Effect): Band | null {
  const change = bandOver(controls);
  return plain && change && { low: plain[0] + change.low, middle: plain[0] + change.middle, high: plain[0] + change.high };
}

/** What is measured, and how it is called in a heading. */
export const TARGETS = { probability: "Probability of the answer", answered: "Share answered right" } as const;

/** How far the measurement has come: "24 of 48 prompts, 3 of 20 controls"; the fewest over the ablations. */
export function progressOf({ kinds }: Measured, prompts: number, controls: number): string {
  const all = Object.values(kinds);
  const n = Math.min(...all.map(({ change }) => change[3]));
  const drawn = Math.min(...all.map((effect) => effect.controls.length));
  return `${count(n)} of ${plural(prompts, "prompt")} · ${count(drawn)} of ${plural(controls, "control")}`;
}

/** "0.048"; while controls are missing, nothing to read a p-value off. */
export function pOf({ p }: Effect): string {
  return number(p ?? Number.NaN);
}
