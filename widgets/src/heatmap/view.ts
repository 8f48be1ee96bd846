/** What Python sends of a text at a stream, decoded, and what is asked for as it is looked at. */

import { nameOf } from "../lib/tokens.ts";
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

export interface Tops {
  /** [L, T, K] */
  units: WireArray;
  values: WireArray;
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
  /** The other text's values, [L, T], and which of its tokens stands in the place of each; -1 for none. */
  other: { values: WireArray; pairs: WireArray } | null;
  tops: Tops | null;
  /** Only on a page without Python: the maxima of the features that are on, and all of a head's patterns. */
  maxima?: Record<string, number>;
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

/** On a page without Python: the view of another feature, made of those that are on at each token. */
export function viewOf(view: View, feature: number): View {
  if (view.tops === null || feature === view.unit) return view;
  const [units, tops] = [decode(view.tops.units), decode(view.tops.values)];
  const values = new Float32Array(view.pieces.length);
  for (let i = 0; i < values.length; i++) {
    const k = row(units, 0, i).indexOf(feature as never);
    if (k >= 0) values[i] = row(tops, 0, i)[k]!;
  }
  const extent = values.reduce((most, value, i) => (view.bos && i === 0 ? most : Math.max(most, Math.abs(value))), 0);
  const wire: WireArray = { dtype: "float32", shape: [1, values.length], data: values };
  return { ...view, unit: feature, values: wire, extent, maximum: view.maxima?.[feature] ?? null };
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

/** Keeps what has been looked at of a view, and asks for what has not; one question stands at a time. */
export function looker(view: View, ask: ((content: object) => void) | null): {
  strongest(row: number, token: number): Strongest | null;
  map(row: number): NumberArray | null;
  hear(message: Seen, buffers: readonly ArrayBufferView[]): boolean;
} {
  const tiles = new Map<string, Tile>();
  const maps = new Map<number, NumberArray>();
  let asked = "";
  const whole = view.tops && tileOf(view.tops, view.tops.names ?? {});
  view.maps?.forEach((wire, i) => maps.set(i, decode(wire)));
  const wish = (key: string, content: object) => {
    if (ask === null || asked === key) return;
    asked = key;
    ask({ ...content, number: view.number });
  };

  return {
    strongest(at, token) {
      if (token < 0 || token >= view.pieces.length) return null;
      const first = TILE * Math.floor(token / TILE);
      const key = `${at} ${first}`;
      const tile = whole ?? tiles.get(key);
      if (tile === undefined) {
        wish(key, { kind: "tops", row: at, first, behind: Math.min(view.pieces.length, first + TILE) });
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
      if (found === undefined) wish(`map ${at}`, { kind: "map", row: at });
      return found ?? null;
    },
    hear(message, buffers) {
      if (message?.number !== view.number || (message.kind !== "tops" && message.kind !== "map")) return false;
      const wires = Object.fromEntries(
        Object.entries(message.arrays).map(([name, about], i) => [name, { ...about, data: buffers[i]! } as WireArray]),
      );
      asked = "";
      if (message.kind === "map") maps.set(message.row, decode(wires.map!));
      else tiles.set(`${message.row} ${message.first}`, tileOf(wires as unknown as Tops, message.names ?? {}));
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
