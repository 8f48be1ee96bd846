/** A feature's card, the other end of `_cards.py`: what is drawn of it, and the sums that need no Python. */

import { decode, type WireArray } from "../lib/wire.ts";

/** A value, the ends of its 95 % interval, and the cases behind it; null where a number has no end. */
export type Estimate = [number | null, number | null, number | null, number];

export interface Histogram {
  edges: number[];
  counts: number[];
}

/** A token, its text, what is added to its logit, and half the interval where that was measured. */
export type Effect = [number, string, number | null, number | null];

export interface Logits {
  form: string;
  unit: string;
  /** Contexts in which they were measured; 0 if they come from the weights. */
  n: number;
  top: Effect[];
  bottom: Effect[];
  /** The effects on all tokens that stand in the examples, in the order of their texts; where the weights tell. */
  effects?: WireArray | null;
  histogram: Histogram;
}

export interface Label {
  text: string;
  how: string;
  by: string;
  when: string;
  scores: Record<string, (number | null)[]>;
}

export interface Related {
  kind: "feature" | "neuron";
  site: string;
  number: number;
  value: number | null;
  n: number;
  label: string;
}

export interface Concept {
  concept: string;
  f1: Estimate;
  precision: Estimate;
  sensitivity: Estimate;
  threshold: number | null;
}

interface RawExample {
  kind: Kind;
  group: number;
  text: number;
  token: number;
  value: number | null;
  z: number | null;
  start: number;
  n: number;
  groups?: [number, number][];
  joined?: Record<string, string>;
}

export type Kind = "top" | "quantile" | "interval" | "near" | "negative";

/** As it travels. */
export interface RawCard {
  feature: number;
  label: string;
  /** Where the label comes from. */
  made: Label | null;
  labels: Label[];
  notes: string[];
  lists: string[];
  density: Estimate;
  maximum: number | null;
  mean: number | null;
  quartiles: (number | null)[];
  histogram: Histogram;
  intervals: [number | null, number | null, number][];
  quantiles: [number | null, number | null, number][];
  examples: RawExample[];
  ids: WireArray;
  values: WireArray;
  pieces: Record<string, string>;
  /** A token, its text, its share of the activation, and on which share of its occurrences the feature fires. */
  tokens: [number, string, number | null, Estimate][];
  concepts: Concept[];
  related: Related[];
  neighbours: Related[];
  logits: Record<string, Logits>;
}

/** A text around a token on which the feature fires, or does not. */
export interface Example {
  kind: Kind;
  group: number;
  /** Its number among all examples of the card. */
  number: number;
  text: number;
  value: number;
  z: number | null;
  /** Where the first piece stands in its text, BOS included; and which piece is the one in question. */
  start: number;
  at: number;
  ids: ArrayLike<number>;
  values: ArrayLike<number>;
  pieces: string[];
  groups: readonly [number, number][];
}

export interface Card extends Omit<RawCard, "examples" | "ids" | "values" | "pieces" | "maximum"> {
  maximum: number;
  examples: Example[];
  /** By form, what is added to the logit of a token, as far as it is known. */
  effects: Map<string, Map<number, number>>;
}

export function cardOf(raw: RawCard): Card {
  const ids = decode(raw.ids).numbers;
  const values = decode(raw.values).numbers;
  let from = 0;
  const examples = raw.examples.map((one, number): Example => {
    const mine = ids.subarray(from, from + one.n);
    const theirs = values.subarray(from, from + one.n);
    from += one.n;
    const pieces = Array.from(mine, (id, i) => one.joined?.[i] ?? raw.pieces[id] ?? "");
    const { kind, group, text, token, z, start, groups = [] } = one;
    return { kind, group, number, text, value: one.value ?? 0, z, start, at: token - start, ids: mine, values: theirs, pieces, groups };
  });
  const tokens = Object.keys(raw.pieces).map(Number);
  const effects = new Map(Object.entries(raw.logits).map(([form, logits]) => [form, effectsOf(logits, tokens)]));
  return { ...raw, maximum: raw.maximum ?? 0, examples, effects };
}

function effectsOf({ top, bottom, effects }: Logits, tokens: readonly number[]): Map<number, number> {
  const all = new Map<number, number>();
  if (effects) decode(effects).numbers.forEach((value, i) => all.set(tokens[i]!, value));
  for (const [token, , value] of [...top, ...bottom]) if (value !== null) all.set(token, value);
  return all;
}

/** Bytes back in their places in a message, which holds their numbers. */
export function withBytes<Whole>(message: Whole, buffers: readonly ArrayBufferView[]): Whole {
  const back = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(back);
    if (value === null || typeof value !== "object") return value;
    const all = value as Record<string, unknown>;
    if ("dtype" in all && typeof all.data === "number") return { ...all, data: buffers[all.data] };
    return Object.fromEntries(Object.entries(all).map(([key, part]) => [key, back(part)]));
  };
  return back(message) as Whole;
}

export interface Group {
  /** "" where there is only one. */
  name: string;
  low: number;
  high: number;
  /** How many firings are in it; 0 where that is not told. */
  n: number;
  examples: Example[];
}

/** What the silent examples are; the others speak for themselves. */
const SILENT: Partial<Record<Kind, string>> = {
  near: "Silent, but nearest to firing; the numbers stand before the activation function",
  negative: "Silent, drawn at random",
};

/** The examples of a kind by group, the strongest first. */
export function groupsOf(card: Card, kind: Kind): Group[] {
  const examples = card.examples.filter((example) => example.kind === kind);
  if (kind !== "quantile" && kind !== "interval") {
    return examples.length === 0 ? [] : [{ name: SILENT[kind] ?? "", low: 0, high: 0, n: 0, examples }];
  }
  const parts = kind === "quantile" ? card.quantiles : card.intervals;
  const noun = kind === "quantile" ? "Quantile" : "Interval";
  return parts
    .map(([low, high, n], i) => ({
      name: `${noun} ${i + 1} of ${parts.length}`,
      low: low ?? 0,
      high: high ?? 0,
      n,
      examples: examples.filter(({ group }) => group === i),
    }))
    .reverse();
}

/** Which part between edges a value lies in, the upper edge belonging to a part; -1 outside. */
export function binOf(edges: readonly number[], value: number): number {
  const last = edges.length - 1;
  if (last < 1 || Number.isNaN(value) || value < edges[0]! || value > edges[last]!) return -1;
  let [low, high] = [0, last - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle + 1]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Counts between other edges: those of a part are spread evenly over it, so that their sum stays. */
export function rebinned({ edges, counts }: Histogram, wanted: readonly number[]): Histogram {
  const sums = new Array<number>(Math.max(0, wanted.length - 1)).fill(0);
  counts.forEach((count, i) => {
    const [low, high] = [edges[i]!, edges[i + 1]!];
    for (let j = Math.max(0, binOf(wanted, low)); j < sums.length && wanted[j]! < high; j++) {
      const overlap = Math.min(high, wanted[j + 1]!) - Math.max(low, wanted[j]!);
      if (overlap > 0) sums[j]! += (count * overlap) / (high - low);
    }
  });
  return { edges: [...wanted], counts: sums };
}

/** So many equal parts from 0 to a number. */
export function evenly(high: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, i) => (i === parts ? high : (i / parts) * high));
}

/** The part of an example that is shown: so many pieces to either side, characters kept whole. */
export function around({ at, pieces, groups }: Pick<Example, "at" | "pieces" | "groups">, width: number): [number, number] {
  let [from, behind] = [Math.max(0, at - width), Math.min(pieces.length, at + width + 1)];
  for (const [first, last] of groups) {
    if (from > first && from < last) from = first;
    if (behind > first && behind < last) behind = last;
  }
  return [from, behind];
}

/** What the present feature does at every token of a typed text. */
export function activationsOf(units: ArrayLike<number>, values: ArrayLike<number>, tokens: number, feature: number): Float32Array {
  const all = new Float32Array(tokens);
  const each = tokens > 0 ? units.length / tokens : 0;
  for (let i = 0; i < units.length; i++) if (units[i] === feature) all[Math.floor(i / each)]! += values[i]!;
  return all;
}
