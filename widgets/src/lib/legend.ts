/**
 * A colour scale with its numbers. Hovering a value tells it, so that the marks that have it can be shown; to the
 * keyboard it is a slider, which Esc lets go.
 */

import { css, type Scale } from "./colour.ts";
import { attribute, make, show, write } from "./dom.ts";
import { number } from "./number.ts";

export interface Legend {
  element: HTMLElement;
  set(scale: Scale, caption: string): void;
  /** Point at a value; null: at none. */
  point(value: number | null): void;
}

/** How much of the scale counts as "the same value" under the pointer, and how far a key goes. */
const NEAR = 1 / 24;

/** Where a key takes a value on a scale; null for other keys. */
export function walked(from: number, key: string, { low, high }: Pick<Scale, "low" | "high">): number | null {
  const step = NEAR * (high - low);
  const steps: Record<string, number> = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step };
  const ends: Record<string, number> = { Home: low, End: high };
  const to = ends[key] ?? (steps[key] === undefined ? null : from + steps[key]);
  return to === null ? null : Math.min(high, Math.max(low, to));
}

export function legend(hover: (range: { low: number; high: number } | null) => void): Legend {
  const bar = make("div", { class: "wb-legend-bar" });
  const pointer = make("div", { class: "wb-legend-pointer", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const caption = make("div", { class: "wb-muted" });
  const track = make("div", { class: "wb-legend-track", role: "slider", "aria-label": "Highlight values" }, bar, pointer);
  const element = make("div", { class: "wb-legend" }, track, ends, caption);
  let scale: Scale = { low: 0, high: 0, colour: () => [0, 0, 0] };
  let says = "";
  /** The value that is highlighted, and the one that is pointed at meanwhile or else. */
  let lit: number | null = null;
  let pointed: number | null = null;

  const place = () => {
    const value = lit ?? pointed;
    const span = scale.high - scale.low;
    show(pointer, value !== null && span > 0);
    attribute(track, "aria-valuenow", lit ?? scale.low);
    attribute(track, "aria-valuetext", lit === null ? "none" : `near ${number(lit)}`);
    if (value === null || span <= 0) return;
    const share = Math.min(1, Math.max(0, (value - scale.low) / span));
    pointer.style.insetInlineStart = `${100 * share}%`;
  };
  const light = (value: number) => {
    const near = NEAR * (scale.high - scale.low);
    lit = value;
    place();
    write(caption, `underlined: near ${number(value)}`);
    hover({ low: value - near, high: value + near });
  };
  const letGo = () => {
    if (lit === null) return;
    lit = null;
    place();
    write(caption, says);
    hover(null);
  };
  track.addEventListener("pointermove", (event) => {
    const { left, width } = track.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    light(scale.low + share * (scale.high - scale.low));
  });
  track.addEventListener("pointerleave", letGo);
  track.addEventListener("blur", letGo);
  track.addEventListener("keydown", (event) => {
    const to = walked(lit ?? pointed ?? scale.low, event.key, scale);
    if (to !== null) light(to);
    else if (event.key === "Escape") letGo();
    else return;
    event.preventDefault();
  });

  return {
    element,
    point(value) {
      pointed = value;
      place();
    },
    set(next, words) {
      letGo();
      scale = next;
      says = words;
      const stops = Array.from({ length: 25 }, (_, i) => css(scale.colour(scale.low + (i / 24) * (scale.high - scale.low))));
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      const marks = scale.low < 0 ? [scale.low, 0, scale.high] : [scale.low, scale.high];
      ends.replaceChildren(...marks.map((mark) => make("span", {}, number(mark))));
      const hasValues = scale.high > scale.low;
      attribute(track, "tabindex", hasValues ? 0 : undefined);
      attribute(track, "aria-disabled", hasValues ? undefined : "true");
      attribute(track, "aria-valuemin", scale.low);
      attribute(track, "aria-valuemax", scale.high);
      write(caption, words);
      place();
    },
  };
}
