/** What was measured, the other end of `_steering.py`: its rows, what a chart of them shows, and how they are said. */

import { number } from "../lib/number.ts";

/** A value, the ends of its 95 % interval, and the cases behind it; null where a number has no end. */
export type Estimate = [number | null, number | null, number | null, number];

export interface Row {
  name: string;
  kind: "target" | "price";
  plain: Estimate | null;
  steered: Estimate | null;
  change: Estimate | null;
  /** The mean change under each control. */
  controls: (number | null)[];
  p: number | null;
}

export interface Measured {
  done: boolean;
  /** On what, in words. */
  on: string;
  /** How many controls there will be. */
  controls: number;
  rows: Row[];
}

export interface Dose {
  feature: number;
  /** Whether all other sliders are off. */
  alone: boolean;
  on: string;
  controls: number;
  points: { strength: number; rows: Row[] }[];
}

/** Numbers that are there. */
export function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** "[.12, .19]"; "" where an end is missing. */
export function interval(estimate: Estimate | null): string {
  if (estimate === null || estimate[1] === null || estimate[2] === null) return "";
  return `[${number(estimate[1])}, ${number(estimate[2])}]`;
}

/** A change with its sign. */
export function signed(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return value > 0 ? `+${number(value)}` : number(value);
}

/** How many of the controls and the feature itself change as much as it does: "1 of 21" is the least there can be. */
export function chance({ change, controls }: Row): string {
  const others = finite(controls);
  if (change === null || change[0] === null || others.length === 0) return "";
  const as = others.filter((one) => Math.abs(one) >= Math.abs(change[0]!) * (1 - 1e-6)).length; // rounding is no less
  return `${1 + as} of ${1 + others.length}`;
}

/** Where a row's marks stand, 0 to 1, on one scale that holds zero, the change with its interval, and all controls. */
export interface Strip {
  zero: number;
  at: number;
  from: number;
  to: number;
  controls: number[];
}

export function strip({ change, controls }: Row): Strip | null {
  if (change === null || change[0] === null) return null;
  const [value, low, high] = [change[0], change[1] ?? change[0], change[2] ?? change[0]];
  const others = finite(controls);
  const all = [0, value, low, high, ...others];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const place = (x: number) => (most > least ? (x - least) / (most - least) : 0.5);
  return { zero: place(0), at: place(value), from: place(low), to: place(high), controls: others.map(place) };
}

/** One row over all strengths: its line, the ends of its intervals, the band of the controls, and the plain level. */
export interface Curve {
  name: string;
  xs: number[];
  values: number[];
  low: number[];
  high: number[];
  bandLow: number[];
  bandHigh: number[];
  plain: number;
  n: number;
}

/** If the slider is alone, nothing is done at strength 0: there stands what is plain, for feature and controls alike. */
export function curve({ points, alone }: Dose, row: number): Curve | null {
  const first = points[0]?.rows[row];
  if (first === undefined) return null;
  const isLevel = first.steered !== null && first.plain !== null;
  const plain = isLevel ? (first.plain![0] ?? 0) : 0;
  const rest = alone ? [{ strength: 0, row: null as Row | null }] : [];
  const all = [...points.map(({ strength, rows }) => ({ strength, row: rows[row] ?? null })), ...rest].sort((a, b) => a.strength - b.strength);
  const made: Curve = { name: first.name, xs: [], values: [], low: [], high: [], bandLow: [], bandHigh: [], plain, n: 0 };
  for (const one of all) {
    const estimate = one.row === null ? null : isLevel ? one.row.steered : one.row.change;
    const value = one.row === null ? plain : (estimate?.[0] ?? Number.NaN);
    const controls = one.row === null ? [0] : finite(one.row.controls);
    made.xs.push(one.strength);
    made.values.push(value);
    made.low.push(estimate?.[1] ?? value);
    made.high.push(estimate?.[2] ?? value);
    made.bandLow.push(plain + Math.min(...controls));
    made.bandHigh.push(plain + Math.max(...controls));
    made.n = Math.max(made.n, estimate?.[3] ?? 0);
  }
  return made;
}

/** From the least to the largest of all that is drawn, zero among it. */
export function extent(curve: Curve): { low: number; high: number } {
  const all = [0, curve.plain, ...curve.values, ...curve.low, ...curve.high, ...curve.bandLow, ...curve.bandHigh].filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.06 * (high - low || 1);
  return { low: low < 0 ? low - room : 0, high: high + room };
}
