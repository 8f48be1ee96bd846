/** A colour scale with its numbers. Hovering a value tells it, so that the marks that have it can be shown. */

import { css, type Scale } from "./colour.ts";
import { make, show, write } from "./dom.ts";
import { number } from "./number.ts";

export interface Legend {
  element: HTMLElement;
  set(scale: Scale, caption: string): void;
  /** Point at a value; null: at none. */
  point(value: number | null): void;
}

/** How much of the scale counts as "the same value" under the pointer. */
const NEAR = 1 / 24;

export function legend(hover: (range: { low: number; high: number } | null) => void): Legend {
  const bar = make("div", { class: "wb-legend-bar" });
  const pointer = make("div", { class: "wb-legend-pointer", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const caption = make("div", { class: "wb-muted" });
  const track = make("div", { class: "wb-legend-track" }, bar, pointer);
  const element = make("div", { class: "wb-legend" }, track, ends, caption);
  let scale: Scale = { low: 0, high: 0, colour: () => [0, 0, 0] };
  let says = "";

  const point = (value: number | null) => {
    const span = scale.high - scale.low;
    show(pointer, value !== null && span > 0);
    if (value === null || span <= 0) return;
    const share = Math.min(1, Math.max(0, (value - scale.low) / span));
    pointer.style.insetInlineStart = `${100 * share}%`;
  };
  track.addEventListener("pointermove", (event) => {
    const { left, width } = track.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    const span = scale.high - scale.low;
    const value = scale.low + share * span;
    point(value);
    write(caption, `underlined: near ${number(value)}`);
    hover({ low: value - NEAR * span, high: value + NEAR * span });
  });
  track.addEventListener("pointerleave", () => {
    point(null);
    write(caption, says);
    hover(null);
  });

  return {
    element,
    point,
    set(next, words) {
      scale = next;
      says = words;
      const stops = Array.from({ length: 25 }, (_, i) => css(scale.colour(scale.low + (i / 24) * (scale.high - scale.low))));
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      const marks = scale.low < 0 ? [scale.low, 0, scale.high] : [scale.low, scale.high];
      ends.replaceChildren(...marks.map((mark) => make("span", {}, number(mark))));
      write(caption, words);
    },
  };
}
