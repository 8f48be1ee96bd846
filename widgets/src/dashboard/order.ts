/** In which order features are walked through: by number, those that ever fire; or as a list has them. */

import type { Card } from "./card.ts";

export interface Order {
  length: number;
  /** The place of a feature; -1 if it is none of these. */
  placeOf(feature: number): number;
  /** The feature so many steps on, from one that may be none of these; null past the ends. */
  from(feature: number, steps: number): number | null;
}

/** Those that ever fire: a bit each, in words of 32. */
export function aliveOrder(words: Int32Array, width: number): Order {
  const isAlive = (feature: number) => ((words[feature >> 5]! >> (feature & 31)) & 1) === 1;
  let length = 0;
  for (const word of words) for (let bits = word; bits !== 0; bits &= bits - 1) length++;
  return {
    length,
    placeOf(feature) {
      if (feature < 0 || feature >= width || !isAlive(feature)) return -1;
      let place = 0;
      for (let i = 0; i < feature >> 5; i++) for (let bits = words[i]!; bits !== 0; bits &= bits - 1) place++;
      for (let i = feature & ~31; i < feature; i++) if (isAlive(i)) place++;
      return place;
    },
    from(feature, steps) {
      const by = Math.sign(steps);
      let at = feature;
      for (let left = Math.abs(steps); left > 0; left--) {
        at += by;
        while (at >= 0 && at < width && !isAlive(at)) at += by;
        if (at < 0 || at >= width) return null;
      }
      return at;
    },
  };
}

/** As a list has them; from a feature that is not in it, the first is the next. */
export function listOrder(features: readonly number[]): Order {
  return {
    length: features.length,
    placeOf: (feature) => features.indexOf(feature),
    from(feature, steps) {
      const at = features.indexOf(feature);
      const to = at < 0 ? (steps > 0 ? steps - 1 : features.length + steps) : at + steps;
      return features[to] ?? null;
    },
  };
}

/** Whose cards the next keys may ask for, the nearest first. */
export function ahead(order: Order, feature: number, reach: number): number[] {
  const steps = Array.from({ length: reach }, (_, i) => [i + 1, -i - 1]).flat();
  return steps.map((step) => order.from(feature, step)).filter((one): one is number => one !== null);
}

/** Without Python: the cards whose words hold every word of a query, those of the label first. */
export function searched(cards: readonly Card[], query: string, by: string): Card[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  if (words.length === 0) return [];
  if (by === "token") return cards.filter(({ tokens }) => tokens.some(([, piece]) => piece.trim() === query.trim()));
  if (by === "concept") return cards.filter(({ concepts }) => concepts.some(({ concept }) => has(concept)));
  if (by === "list") return cards.filter(({ lists }) => lists.includes(query));
  const rank = (card: Card) => (has(card.label) ? 2 : has(wordsOf(card)) ? 1 : 0);
  return cards.filter((card) => rank(card) > 0).sort((a, b) => rank(b) - rank(a));
}

function wordsOf({ label, labels, notes, concepts, tokens }: Card): string {
  const all = [label, ...labels.map(({ text }) => text), ...notes, ...concepts.map(({ concept }) => concept)];
  return [...all, ...tokens.map(([, piece]) => piece)].join(" ");
}
