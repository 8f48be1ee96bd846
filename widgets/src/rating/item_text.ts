/** The text of an item: it flows as text does, the token in question outlined, the others shaded or not. */

import { css, inkOn, type Rgb, type Scale } from "../lib/colour.ts";
import { attribute, make } from "../lib/dom.ts";
import { direction, parts, shown } from "../lib/tokens.ts";

export interface Item {
  hypothesis: string;
  pieces: string[];
  /** Tokens that are one character together. */
  groups: [number, number][];
  /** The token in question. */
  at: number;
  /** Of every token, 0 to 1; [] for no shading. */
  shades: number[];
}

export function itemText(): { element: HTMLElement; set(item: Item): void; shade(item: Item, scale: Scale, ink: Rgb): void } {
  const element = make("div", { class: "wb-rating-text wb-flow", role: "group", "aria-label": "Text", tabindex: 0 });
  let spans: HTMLElement[] = [];
  return {
    element,
    set({ pieces, groups, at }) {
      const part = parts(groups);
      spans = pieces.map((piece, i) => {
        const text = part.has(i) && piece === "" ? "·" : shown(piece).text;
        const classes = `wb-token${part.has(i) ? " wb-part" : ""}`;
        return i === at ? make("mark", { class: `${classes} wb-rating-token` }, text) : make("span", { class: classes }, text);
      });
      const content: (Node | string)[] = [];
      pieces.forEach((piece, i) => {
        const { gap, breaks } = shown(piece);
        if (gap) content.push(" ");
        content.push(spans[i]!);
        if (breaks) content.push(make("br"));
        else if (piece.trim() === "" && !part.has(i)) content.push(make("wbr"));
      });
      attribute(element, "dir", direction(pieces, false));
      element.replaceChildren(...content);
      const outlined = spans[at];
      if (outlined) element.scrollTop = outlined.offsetTop - element.offsetTop - element.clientHeight / 2;
    },
    shade({ shades }, scale, ink) {
      spans.forEach((span, i) => {
        const tint = shades.length > 0 ? scale.colour(shades[i] ?? 0) : null;
        span.style.backgroundColor = tint === null ? "" : css(tint);
        span.style.color = tint === null ? "" : css(inkOn(tint, ink));
      });
    },
  };
}
