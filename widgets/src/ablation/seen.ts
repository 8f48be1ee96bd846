/** What Python sends of a prompt under every ablation, decoded; and what is read of it at one token. */

import { decode, type NumberArray, row, type WireArray } from "../lib/wire.ts";

/** At every token the next ones whose probability changes most: T tokens, K of them, N ablations. */
export interface Seen {
  /** The ablations. [N] */
  kinds: string[];
  /** How many controls were drawn; 0 while there are none. */
  draws: number;
  /** What the controls are, for each ablation. */
  stand_ins: string[];
  /** Which tokens of the vocabulary. [T, K] */
  ids: WireArray;
  names: Record<string, string>;
  /** [T, K] */
  plain: WireArray;
  /** [N, T, K] */
  ablated: WireArray;
  /** KL(plain‖ablated) in nats. [N, T] */
  kl: WireArray;
  /** Lowest, median and highest over the draws. [N, 3, T, K] and [N, 3, T] */
  control: WireArray | null;
  control_kl: WireArray | null;
}

/** Lowest, median and highest of the controls. */
export interface Band {
  low: number;
  middle: number;
  high: number;
}

export interface Under {
  value: number;
  control: Band | null;
}

/** One token that may come next: its probability in the plain model, and under each ablation. */
export interface Next {
  name: string;
  plain: number;
  under: Under[];
}

export interface Here {
  kinds: string[];
  next: Next[];
  /** KL(plain‖ablated) under each ablation. */
  kl: Under[];
}

export interface Decoded {
  kinds: string[];
  draws: number;
  standIns: string[];
  /** The KL of every token under one ablation. */
  changes(kind: number): ArrayLike<number>;
  /** The largest KL of any token from that one on, under any ablation: one scale for all. */
  mostFrom(token: number): number;
  at(token: number): Here;
}

export function isSeen(seen: Seen | Record<string, never>): seen is Seen {
  return Array.isArray(seen.kinds);
}

export function decoded(seen: Seen): Decoded {
  const { kinds, draws, names } = seen;
  const [ids, plain, ablated, kl] = [decode(seen.ids), decode(seen.plain), decode(seen.ablated), decode(seen.kl)];
  const control = seen.control && decode(seen.control);
  const controlKl = seen.control_kl && decode(seen.control_kl);
  const band = (array: NumberArray, kind: number, read: (values: ArrayLike<number>) => number, ...at: number[]): Band => {
    const [low, middle, high] = [0, 1, 2].map((i) => read(row(array, kind, i, ...at))) as [number, number, number];
    return { low, middle, high };
  };
  return {
    kinds,
    draws,
    standIns: seen.stand_ins,
    changes: (kind) => row(kl, kind),
    mostFrom: (token) => Math.max(0, ...kinds.map((_, n) => Math.max(0, ...row(kl, n).subarray(token)))),
    at(token) {
      const next = Array.from(row(ids, token), (id, k) => ({
        name: names[id] ?? "",
        plain: row(plain, token)[k]!,
        under: kinds.map((_, n) => ({
          value: row(ablated, n, token)[k]!,
          control: control && band(control, n, (values) => values[k]!, token),
        })),
      }));
      const changes = kinds.map((_, n) => ({
        value: row(kl, n)[token]!,
        control: controlKl && band(controlKl, n, (values) => values[token]!),
      }));
      return { kinds, next, kl: changes };
    },
  };
}

/** The end of a scale that begins at 0 and holds these values: 1, 2 or 5 times a power of ten. */
export function ceiling(values: readonly number[]): number {
  const most = Math.max(0, ...values.filter(Number.isFinite));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= most * (1 - 1e-9)) ?? 10 * power;
}

/** All numbers of a place that are drawn on the scale of probabilities. */
export function drawnOf({ next }: Here): number[] {
  return next.flatMap(({ plain, under }) => [plain, ...under.flatMap(({ value, control }) => [value, control?.high ?? 0])]);
}

/** What the controls are, and of which ablations where that differs. */
export function controlOf(kinds: readonly string[], standIns: readonly string[]): string {
  const all = [...new Set(standIns)];
  if (all.length === 0) return "";
  const where = (one: string) => kinds.filter((_, n) => standIns[n] === one).join(", ");
  const told = all.length === 1 ? all : all.map((one) => `${one} (${where(one)})`);
  return `Control, in grey: ${told.join("; ")}.`;
}
