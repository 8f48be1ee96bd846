/**
 * Examples under one another, the tokens in question in one column, as in a concordance.
 *
 * A line shows what fits; any example opens into text that flows. Hovering tells a token, a click picks it, Esc lets
 * go; arrows walk along a line, and up and down from one token in question to the next.
 */

import { css, inkOn, type Rgb, type Scale } from "../lib/colour.ts";
import { attribute, make, show, write } from "../lib/dom.ts";
import { count, number } from "../lib/number.ts";
import { direction, shown } from "../lib/tokens.ts";
import { around, type Example, type Group } from "./card.ts";

/** How much of an example is shown. */
export type Width = "line" | "near" | "all";

export interface Hands {
  /** The hand is at a piece of an example; null: at none. */
  preview(at: { example: Example; piece: number } | null): void;
  pick(example: Example, piece: number): void;
  letGo(): void;
}

export interface ExamplesView {
  element: HTMLElement;
  set(groups: readonly Group[], width: Width, empty: string, look: Look): void;
  /** Outline the picked piece, and underline those that `isLit`. */
  mark(picked: readonly number[], isLit: ((value: number) => boolean) | null): void;
}

export interface Look {
  scale: Scale;
  ink: Rgb;
}

/** Pieces to either side of the token in question. */
const REACH: Record<Width, number> = { line: 16, near: 16, all: 1000 };

export function examplesView({ preview, pick, letGo }: Hands): ExamplesView {
  const element = make("div", { class: "wb-examples", role: "group", "aria-label": "Examples" });
  let byNumber = new Map<number, Example>();
  let opened = new Set<number>();
  let spans = new Map<string, HTMLElement>();
  let valued: [HTMLElement, number][] = [];
  let build: () => void = () => {};
  let isScrolled = false; // to set the scroll, or to ask for it, costs a layout
  let last = { picked: [] as readonly number[], isLit: null as ((value: number) => boolean) | null };

  const find = (event: Event): { example: Example; piece: number; span: HTMLElement } | null => {
    const span = event.target instanceof Element ? event.target.closest<HTMLElement>(".wb-token") : null;
    const row = span?.closest<HTMLElement>(".wb-example");
    const example = row ? byNumber.get(Number(row.dataset.number)) : undefined;
    return span && example ? { example, piece: Number(span.dataset.piece), span } : null;
  };
  element.addEventListener("scroll", () => (isScrolled = true), { passive: true });
  element.addEventListener("pointerover", (event) => preview(find(event)));
  element.addEventListener("pointerleave", () => preview(null));
  element.addEventListener("focusin", (event) => preview(find(event)));
  element.addEventListener("focusout", () => preview(null));
  element.addEventListener("click", (event) => {
    const toggle = event.target instanceof Element ? event.target.closest<HTMLElement>(".wb-example-value") : null;
    if (toggle) return open(Number(toggle.closest<HTMLElement>(".wb-example")!.dataset.number));
    const at = find(event);
    if (at === null) return;
    if (last.picked[0] === at.example.number && last.picked[1] === at.piece) letGo();
    else pick(at.example, at.piece);
  });
  element.addEventListener("keydown", (event) => {
    const at = find(event);
    if (at === null) return;
    const rows = [...byNumber.keys()];
    const row = rows.indexOf(at.example.number);
    const isRightToLeft = at.span.closest("[dir=rtl]") !== null;
    const along = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key];
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (along !== undefined) spans.get(`${at.example.number} ${at.piece + along}`)?.focus({ preventScroll: false });
    else if (down !== undefined) {
      const next = byNumber.get(rows[row + down] ?? -1);
      if (next) spans.get(`${next.number} ${next.at}`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") pick(at.example, at.piece);
    else if (event.key === "w") open(at.example.number);
    else if (event.key === "Escape" && last.picked.length > 0) letGo();
    else return;
    event.preventDefault();
  });
  const open = (number: number) => {
    if (!opened.delete(number)) opened.add(number);
    build();
    element.querySelector<HTMLElement>(`.wb-example[data-number="${number}"] .wb-example-value`)?.focus();
  };

  const rowOf = (example: Example, width: Width, { scale, ink }: Look): HTMLElement => {
    const isOpen = width !== "line" || opened.has(example.number);
    const reach = opened.has(example.number) ? REACH.all : REACH[width];
    const [from, behind] = around(example, reach);
    const [before, here, after] = [make("span"), make("span"), make("span")];
    for (let i = from; i < behind; i++) {
      const value = example.values[i]!;
      const { gap, text, breaks } = shown(example.pieces[i]!);
      const isJoined = example.pieces[i] === "" && example.groups.some(([first, last]) => i > first && i < last);
      if (isJoined) continue;
      const span = make("span", { class: i === example.at ? "wb-token wb-here" : "wb-token", "data-piece": i, tabindex: -1 }, text);
      if (value > 0) {
        const tint = scale.colour(value);
        span.style.backgroundColor = css(tint);
        span.style.color = css(inkOn(tint, ink));
        valued.push([span, value]);
      }
      spans.set(`${example.number} ${i}`, span);
      const place = i < example.at ? before : i === example.at ? here : after;
      if (gap) (i === example.at ? before : place).append(" "); // so that the tokens in question stand in one column
      place.append(span);
      if (isOpen && breaks && i < behind - 1) place.append(make("br"));
    }
    if (from > 0) before.prepend("…");
    if (behind < example.pieces.length) after.append("…");
    const value = make("button", { type: "button", class: "wb-example-value wb-mono", tabindex: -1, title: titleOf(example), "aria-expanded": String(isOpen) }, saidOf(example));
    const parts = isOpen
      ? [make("div", { class: "wb-example-text" }, before, here, after)]
      : [make("div", { class: "wb-example-before" }, before), here, make("div", { class: "wb-example-after" }, after)];
    const text = make("div", { class: isOpen ? "wb-example-open" : "wb-example-line", dir: direction(example.pieces, false) }, ...parts);
    return make("div", { class: "wb-example", "data-number": example.number }, text, value);
  };

  const mark = () => {
    const { picked, isLit } = last;
    for (const one of element.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    if (picked.length === 2) spans.get(`${picked[0]} ${picked[1]}`)?.setAttribute("aria-current", "true");
    for (const [span, value] of valued) span.classList.toggle("wb-lit", isLit?.(value) ?? false);
  };

  return {
    element,
    set(groups, width, empty, look) {
      const numbers = groups.flatMap(({ examples }) => examples);
      if (numbers.some((example) => byNumber.get(example.number) !== example)) opened = new Set();
      byNumber = new Map(numbers.map((example) => [example.number, example]));
      build = () => {
        spans = new Map();
        valued = [];
        const note = make("div", { class: "wb-muted wb-examples-empty" });
        write(note, groups.length === 0 ? empty : "");
        element.replaceChildren(note, ...groups.flatMap((group) => [headOf(group), ...group.examples.map((one) => rowOf(one, width, look))]));
        if (isScrolled) element.scrollTop = 0;
        isScrolled = false;
        const first = numbers[0];
        if (first) attribute(spans.get(`${first.number} ${first.at}`)!, "tabindex", 0);
        mark();
      };
      build();
    },
    mark(picked, isLit) {
      last = { picked, isLit };
      mark();
    },
  };
}

/** What a group is, its range, and how many firings are in it. */
function headOf({ name, low, high, n, examples }: Group): HTMLElement {
  const head = make("div", { class: "wb-muted wb-examples-head" });
  const none = examples.length === 0 ? "no firing is in it" : `n ${count(n)}`;
  head.textContent = high > low ? `${name} · ${number(low)} to ${number(high)} · ${none}` : name;
  show(head, name !== "");
  return head;
}

function saidOf({ kind, value, z }: Example): string {
  return kind === "near" && z !== null ? number(z) : number(value);
}

function titleOf({ kind, z, text, start, at }: Example): string {
  const place = `text ${count(text)}, position ${start + at}; click to widen`;
  return kind === "near" && z !== null ? `before the activation function: ${number(z)} · ${place}` : place;
}
