/** What Python sends of a text at a stream, decoded, and what is asked for as it is looked at. */

import { leftOut, nameOf } from "../lib/tokens.ts";
import { decode, type NumberArray, row, type WireArray } from "../lib/wire.ts";

/** The tokens of one text on the page that is shown. */
export interface Text {
  /** Whether the first token is a BOS that the model puts before every text. */
  bos: boolean;
  pieces: string[];
  /** Tokens that are one character together: the first, and the one behind the last. */
  groups: [number, number][];
  ids: WireArray;
  /** How many tokens the text has in all. */
  total: number;
}

export interface Page extends Text {
  /** The first token of the page. */
  start: number;
  other: Text | null;
}

/** Units that are on, and how much, [L, T, K]. */
export interface On {
  units: WireArray;
  values: WireArray;
}

export interface Tops extends On {
  /** The features at the same tokens, [T, K], where another stream is shown. */
  features?: WireArray;
  activations?: WireArray;
  names?: Record<string, string>;
}

export interface Numbers {
  number: number;
  /** [L, T] */
  values: WireArray;
  stream: string;
  noun: string;
  unit: number;
  /** What the unit is called beside its number; "" for nothing. */
  name: string;
  /** How many units the stream has. */
  width: number;
  signed: boolean;
  /** The layers that the rows of `values` stand for; none for a stream without layers. */
  layers: number[];
  /** The largest value in training text, where that is known. */
  maximum: number | null;
  /** How far from zero the values go in all of the text, BOS left out. */
  extent: number;
  /** How far apart the two texts are. */
  apart?: number;
  /** Whose attention is shown; -1: not attention. */
  query: number;
  /**
   * The other text's values, [L, T], and which of its tokens stands in the place of each; -1 for none. Only on a page
   * without Python: the features that are on there.
   */
  other: { values: WireArray; pairs: WireArray; tops?: On } | null;
  tops: Tops | null;
  /** Only on a page without Python: the maxima of the features that are on, and a head's map at each layer. */
  maxima?: Record<string, number>;
  /** The lower triangle of each, row after row, [T (T + 1) / 2]. */
  maps?: WireArray[];
}

/** Tokens and the numbers at them; Python sends the tokens again only when they are others. */
export type View = Omit<Page, "other"> & Omit<Numbers, "other"> & { other: (Text & NonNullable<Numbers["other"]>) | null };

export function together(page: Page, numbers: Numbers): View {
  return { ...page, ...numbers, other: page.other && numbers.other && { ...page.other, ...numbers.other } };
}

/** What a token is called in a sentence; of one that is part of a character, the character and which part. */
export function called({ pieces, groups }: Pick<Text, "pieces" | "groups">, token: number): string {
  const group = groups.find(([first, behind]) => token >= first && token < behind);
  if (group === undefined) return nameOf(pieces[token] ?? "");
  return `${nameOf(pieces[group[0]] ?? "")} (${token - group[0] + 1} of ${group[1] - group[0]})`;
}

export interface Decoded {
  values: NumberArray;
  ids: NumberArray;
  other: { values: NumberArray; pairs: NumberArray } | null;
  /** [L, T] the values minus those in the same place of the other text; NaN where there is none. */
  difference: NumberArray | null;
}

export function decoded(view: View): Decoded {
  const values = decode(view.values);
  const other = view.other && { values: decode(view.other.values), pairs: decode(view.other.pairs) };
  return { values, ids: decode(view.ids), other, difference: other && differenceOf(values, other.values, other.pairs) };
}

export function differenceOf(a: NumberArray, b: NumberArray, pairs: NumberArray): NumberArray {
  const [rows, columns] = [a.shape[0] ?? 0, a.shape[1] ?? 0];
  const numbers = new Float32Array(rows * columns);
  for (let at = 0; at < rows; at++) {
    const [mine, theirs] = [row(a, at), row(b, at)];
    for (let i = 0; i < columns; i++) {
      const pair = pairs.numbers[i]!;
      numbers[at * columns + i] = pair < 0 ? Number.NaN : mine[i]! - theirs[pair]!;
    }
  }
  return { shape: [rows, columns], numbers };
}

/** The token of the first text that each of the second stands in the place of; -1 for none. */
export function inverse(pairs: ArrayLike<number>, length: number): number[] {
  const back = new Array<number>(length).fill(-1);
  for (let i = 0; i < pairs.length; i++) if (pairs[i]! >= 0) back[pairs[i]!] = i;
  return back;
}

/**
 * On a page without Python: the view of another feature, made of those that are on at each token. The other text is
 * compared if it is known what is on there.
 */
export function viewOf(view: View, feature: number): View {
  if (view.tops === null || feature === view.unit) return view;
  const values = valuesOf(view.tops, feature, view.pieces.length);
  const there = view.other?.tops ? valuesOf(view.other.tops, feature, view.other.pieces.length) : null;
  const other = there && { ...view.other!, values: wired(there) };
  const extent = Math.max(extentOf(values, view), there ? extentOf(there, other!) : 0);
  const made: View = { ...view, unit: feature, values: wired(values), extent, maximum: view.maxima?.[feature] || null, other };
  return other ? { ...made, apart: apartOf(made) } : made;
}

/** One feature's values, [T], among those that are on. */
function valuesOf(on: On, feature: number, length: number): Float32Array {
  const [units, tops] = [decode(on.units), decode(on.values)];
  return Float32Array.from({ length }, (_, i) => {
    const k = row(units, 0, i).indexOf(feature as never);
    return k < 0 ? 0 : row(tops, 0, i)[k]!;
  });
}

/** Values as a row at one layer, [1, T]. */
function wired(values: Float32Array): WireArray {
  return { dtype: "float32", shape: [1, values.length], data: values };
}

function extentOf(values: Float32Array, text: Pick<Text, "bos" | "pieces">): number {
  return values.subarray(leftOut(text)).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The largest difference between paired tokens, BOS left out. */
function apartOf(view: View): number {
  const apart = Float32Array.from(row(decoded(view).difference!, 0), (value) => (Number.isNaN(value) ? 0 : value));
  return extentOf(apart, view);
}

/** On a page without Python: what another token attends to, made of the maps; as it is where they do not have it. */
export function viewOfQuery(view: View, query: number): View {
  const [at, n] = [query - view.start, view.pieces.length];
  if (view.maps === undefined || query === view.query || at < 0 || at >= n) return view;
  const values = new Float32Array(view.maps.length * n);
  view.maps.forEach((wire, layer) => values.set(row(square(decode(wire), n), at), layer * n));
  const wire: WireArray = { dtype: "float32", shape: [view.maps.length, n], data: values };
  return { ...view, query, values: wire, tops: null, other: null };
}

/**
 * A map of n by n from its lower triangle, row after row. No token attends to those behind it, so what is above the
 * diagonal is zero.
 */
export function square({ numbers }: NumberArray, n: number): NumberArray {
  if (numbers.length !== (n * (n + 1)) / 2) {
    throw new RangeError(`a map of ${n} tokens has ${(n * (n + 1)) / 2} numbers; it came with ${numbers.length}`);
  }
  const whole = new Float32Array(n * n);
  for (let at = 0; at < n; at++) {
    const start = (at * (at + 1)) / 2;
    whole.set(numbers.subarray(start, start + at + 1), at * n);
  }
  return { shape: [n, n], numbers: whole };
}

/** The strongest units at one token. */
export interface Strongest {
  units: ArrayLike<number>;
  values: ArrayLike<number>;
  features: ArrayLike<number> | null;
  activations: ArrayLike<number> | null;
  names: Record<string, string>;
}

interface Tile {
  units: NumberArray;
  values: NumberArray;
  features: NumberArray | null;
  activations: NumberArray | null;
  names: Record<string, string>;
}

export interface Seen {
  kind: "tops" | "map";
  number: number;
  row: number;
  first: number;
  behind: number;
  names?: Record<string, string>;
  arrays: Record<string, Omit<WireArray, "data">>;
}

/** Tokens that are asked for together. */
export const TILE = 64;

/** Keeps what has been looked at of a view, and asks for what has not; of each kind one question stands at a time. */
export function looker(view: View, ask: ((content: object) => void) | null): {
  strongest(row: number, token: number): Strongest | null;
  map(row: number): NumberArray | null;
  hear(message: Seen, buffers: readonly ArrayBufferView[]): boolean;
} {
  const tiles = new Map<string, Tile>();
  const maps = new Map<number, NumberArray>();
  const asked = { tops: "", map: "" };
  const whole = view.tops && tileOf(view.tops, view.tops.names ?? {});
  view.maps?.forEach((wire, i) => maps.set(i, square(decode(wire), view.pieces.length)));
  const wish = (kind: Seen["kind"], key: string, content: object) => {
    if (ask === null || asked[kind] === key) return;
    asked[kind] = key;
    ask({ kind, ...content, number: view.number });
  };

  return {
    strongest(at, token) {
      if (token < 0 || token >= view.pieces.length) return null;
      const first = TILE * Math.floor(token / TILE);
      const key = `${at} ${first}`;
      const tile = whole ?? tiles.get(key);
      if (tile === undefined) {
        wish("tops", key, { row: at, first, behind: Math.min(view.pieces.length, first + TILE) });
        return null;
      }
      const [layer, place] = whole ? [at, token] : [0, token - first];
      return {
        units: row(tile.units, layer, place),
        values: row(tile.values, layer, place),
        features: tile.features && row(tile.features, place),
        activations: tile.activations && row(tile.activations, place),
        names: tile.names,
      };
    },
    map(at) {
      const found = maps.get(at);
      if (found === undefined) wish("map", String(at), { row: at });
      return found ?? null;
    },
    hear(message, buffers) {
      if (message?.number !== view.number || (message.kind !== "tops" && message.kind !== "map")) return false;
      const wires = Object.fromEntries(
        Object.entries(message.arrays).map(([name, about], i) => [name, { ...about, data: buffers[i]! } as WireArray]),
      );
      const key = message.kind === "map" ? String(message.row) : `${message.row} ${message.first}`;
      if (asked[message.kind] === key) asked[message.kind] = "";
      if (message.kind === "map") maps.set(message.row, square(decode(wires.map!), view.pieces.length));
      else tiles.set(key, tileOf(wires as unknown as Tops, message.names ?? {}));
      return true;
    },
  };
}

function tileOf(tops: Tops, names: Record<string, string>): Tile {
  return {
    units: decode(tops.units),
    values: decode(tops.values),
    features: tops.features ? decode(tops.features) : null,
    activations: tops.activations ? decode(tops.activations) : null,
    names,
  };
}
