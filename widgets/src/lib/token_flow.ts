/**
 * Tokens as text that flows and wraps like text, a tint behind each.
 *
 * Hovering or focusing a token previews it, a click pins it, Esc lets go, and arrows walk; the
 * flow only tells which token is meant. It is a list box to a screen reader.
 */

import { css, inkOn, type Rgb } from "./colour.ts";
import { attribute, focusNear, make } from "./dom.ts";
import { direction, parts, shown } from "./tokens.ts";

export interface Gestures {
  /** The pointer or the focus is at a token; -1: at none. */
  preview(index: number): void;
  /** A token is chosen; -1: let go. */
  pin(index: number): void;
}

export interface TokenFlow {
  element: HTMLElement;
  /** Show other tokens; with `bos` the first is none of the text; a group of tokens is one character. */
  set(pieces: readonly string[], bos: boolean, groups: readonly (readonly [number, number])[]): void;
  /** Tint every token, with ink that can be read on the tint, and say its value to a screen reader. */
  paint(tint: (index: number) => Rgb, ink: Rgb, say: (index: number) => string): void;
  /** Outline the pinned token, and underline those that `isLit`. */
  mark(pinned: number, isLit: (index: number) => boolean): void;
}

export function tokenFlow({ preview, pin }: Gestures, label = "Tokens"): TokenFlow {
  const element = make("div", { class: "wb-flow", role: "listbox", "aria-label": label });
  let spans: HTMLElement[] = [];
  let pinned = -1;

  const indexOf = (event: Event) => {
    const span = event.target instanceof Element ? event.target.closest<HTMLElement>(".wb-token") : null;
    return span === null ? -1 : Number(span.dataset.index);
  };
  const move = (to: number) => {
    const span = spans[to];
    if (span === undefined) return;
    span.focus();
    if (pinned >= 0) pin(to);
  };

  element.addEventListener("pointerover", (event) => preview(indexOf(event)));
  element.addEventListener("pointerleave", () => preview(spans.indexOf(focusNear(element) as HTMLElement)));
  element.addEventListener("focusin", (event) => preview(indexOf(event)));
  element.addEventListener("focusout", () => preview(-1));
  element.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index >= 0) pin(index === pinned ? -1 : index);
  });
  element.addEventListener("keydown", (event) => {
    const from = indexOf(event);
    const isRightToLeft = getComputedStyle(element).direction === "rtl";
    const forward = isRightToLeft ? "ArrowLeft" : "ArrowRight";
    const back = isRightToLeft ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) move(from + 1);
    else if (event.key === back) move(from - 1);
    else if (event.key === "ArrowDown") move(lineNeighbour(spans, from, 1));
    else if (event.key === "ArrowUp") move(lineNeighbour(spans, from, -1));
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(spans.length - 1);
    else if (event.key === "Enter" || event.key === " ") pin(from === pinned ? -1 : from);
    else if (event.key === "Escape") pin(-1);
    else return;
    event.preventDefault();
  });

  return {
    element,
    set(pieces, bos, groups) {
      const part = parts(groups);
      spans = pieces.map((piece, index) => {
        const isLater = part.has(index) && piece === "";
        const classes = ["wb-token"];
        if (bos && index === 0) classes.push("wb-special");
        if (part.has(index)) classes.push("wb-part");
        const text = isLater ? "·" : shown(piece).text;
        const title = part.has(index) ? `token ${part.get(index)} of one character` : undefined;
        return make("span", { class: classes.join(" "), role: "option", "data-index": index, tabindex: -1, title }, text);
      });
      const content: (Node | string)[] = [];
      pieces.forEach((piece, index) => {
        const { gap, breaks } = shown(piece);
        if (gap) content.push(" ");
        content.push(spans[index]!);
        if (breaks) content.push(make("br"));
        else if (piece.trim() === "" && !part.has(index)) content.push(make("wbr"));
      });
      element.dir = direction(pieces, bos);
      element.replaceChildren(...content);
    },
    paint(tint, ink, say) {
      spans.forEach((span, index) => {
        const colour = tint(index);
        span.style.backgroundColor = css(colour);
        span.style.color = css(inkOn(colour, ink));
        attribute(span, "aria-label", say(index));
      });
    },
    mark(next, isLit) {
      pinned = next;
      spans.forEach((span, index) => {
        attribute(span, "aria-selected", String(index === pinned));
        span.classList.toggle("wb-lit", isLit(index));
        span.tabIndex = index === Math.max(0, pinned) ? 0 : -1;
      });
    },
  };
}

/** The token in the next or previous line that stands nearest under or over this one. */
function lineNeighbour(spans: readonly HTMLElement[], from: number, direction: 1 | -1): number {
  const here = spans[from];
  if (here === undefined) return -1;
  let best = -1;
  let line: number | null = null;
  for (let i = from + direction; i >= 0 && i < spans.length; i += direction) {
    const there = spans[i]!;
    if (Math.abs(there.offsetTop - here.offsetTop) < here.offsetHeight / 2) continue;
    line ??= there.offsetTop;
    if (Math.abs(there.offsetTop - line) >= here.offsetHeight / 2) break;
    const distance = (i: number) => Math.abs(spans[i]!.offsetLeft - here.offsetLeft);
    if (best < 0 || distance(i) < distance(best)) best = i;
  }
  return best;
}
