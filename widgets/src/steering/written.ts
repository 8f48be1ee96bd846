/** The texts side by side: plain, steered and control in columns, a row for each sample. */

import { attribute, changes, make, show, write } from "../lib/dom.ts";
import { count, plural } from "../lib/number.ts";
import { agreement, visible } from "../lib/tokens.ts";

export type Kind = "plain" | "steered" | "control";
export const KINDS: readonly Kind[] = ["plain", "steered", "control"];

/** A part of a text: whether it still agrees with the plain one, and whether it is what is looked for. */
export interface Part {
  text: string;
  changed: boolean;
  hit: boolean;
}

/** A text cut where it begins to differ, and where what is looked for begins and ends; capitals do not matter. */
export function parts(text: string, agreed: number, wanted: readonly string[]): Part[] {
  const cuts = new Set([0, agreed, text.length]);
  const hits: [number, number][] = [];
  const low = text.toLowerCase();
  for (const word of wanted.map((one) => one.toLowerCase()).filter((one) => one !== "")) {
    if (low.length !== text.length) break; // a letter that changes its length would shift all that follows
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + word.length)) hits.push([at, at + word.length]);
  }
  for (const [from, to] of hits) cuts.add(from).add(to);
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => {
    const from = edges[i]!;
    return { text: text.slice(from, to), changed: from >= agreed, hit: hits.some(([first, behind]) => from >= first && to <= behind) };
  });
}

export interface Now {
  /** By sample. */
  texts: string[];
  plain: string[];
  tokens: number;
  /** The most tokens a text may have. */
  limit: number;
  about: string;
  running: boolean;
  /** The seed of the first sample. */
  seed: number;
  wanted: readonly string[];
}

export interface Column {
  element: HTMLElement;
  draw(now: Now): void;
}

/** One of the three columns: what is held, and of each sample the text with its difference from the plain one. */
export function column(name: string, kind: Kind, ...extras: HTMLElement[]): Column {
  const about = make("div", { class: "wb-muted wb-written-about" });
  const heading = make("div", { class: "wb-written-heading" }, make("h4", {}, name), ...extras);
  const head = make("div", { class: "wb-written-head" }, heading, about);
  const element = make("section", { class: `wb-written wb-written-${kind}`, "aria-label": `${name} text` }, head);
  const items: Item[] = [];

  return {
    element,
    draw(now) {
      while (items.length > now.texts.length) items.pop()!.element.remove();
      while (items.length < now.texts.length) {
        items.push(item(kind));
        element.append(items.at(-1)!.element);
      }
      write(about, now.about);
      items.forEach((one, sample) => one.draw(now, sample));
    },
  };
}

interface Item {
  element: HTMLElement;
  draw(now: Now, sample: number): void;
}

function item(kind: Kind): Item {
  const text = make("div", { class: "wb-written-text", dir: "auto", "aria-live": "polite" });
  const foot = make("div", { class: "wb-muted wb-written-foot" });
  const differs = changes();
  return {
    element: make("div", { class: "wb-written-item" }, text, foot),
    draw(now, sample) {
      const [mine, plain] = [now.texts[sample]!, now.plain[sample] ?? ""];
      const { length, words } = kind === "plain" ? { length: mine.length, words: 0 } : agreement(plain, mine);
      if (differs(mine, length, now.wanted.join("\0"))) text.replaceChildren(...spans(parts(mine, length, now.wanted)));
      show(text, true);
      attribute(text, "aria-busy", now.running);
      const isMany = now.texts.length > 1;
      const isSame = length === mine.length && length === plain.length;
      const comparison = kind === "plain" || mine === "" ? "" : comparisonOf(isSame, words);
      const size = isMany ? (kind === "plain" ? `seed ${count(now.seed + sample)}` : "") : lengthOf(now);
      write(foot, [size, comparison].filter(Boolean).join(" · "));
    },
  };
}

/** The space that a text begins with is its prompt's, and not shown. */
function spans(all: readonly Part[]): HTMLElement[] {
  return all
    .filter(({ text }) => text !== "")
    .map(({ text, changed, hit }, i) => {
      const classes = [changed ? "wb-written-changed" : "", hit ? "wb-written-hit" : ""].filter(Boolean).join(" ");
      return make(hit ? "mark" : "span", { class: classes || undefined }, i === 0 ? visible(text).replace(/^ /, "") : visible(text));
    });
}

function lengthOf({ tokens, limit, running }: Now): string {
  if (running) return `${count(tokens)} of ${plural(limit, "token")}`;
  return tokens === 0 ? "–" : plural(tokens, "token");
}

function comparisonOf(isSame: boolean, words: number): string {
  if (isSame) return "same as plain";
  return words === 0 ? "differs from the first word" : `differs after ${plural(words, "word")}`;
}
