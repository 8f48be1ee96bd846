/**
 * How strongly a feature is held, in units of its maximum. Zero is off: no intervention.
 *
 * Marks stand at off and at the feature's own maximum; the fill runs from off to the value.
 */

import { attribute, make, write } from "./dom.ts";
import { number, strength } from "./number.ts";

export const WEAKEST = -2;
export const STRONGEST = 10;
/** One key press: near 1 % of the range, but round, so that 1 × can be met; with Shift ten times that. */
const STEP = 0.1;

export interface StrengthSlider {
  element: HTMLElement;
  set(value: number): void;
}

/** A strength a step further, on the slider's own grid and within its ends. */
export function stepped(value: number, steps: number): number {
  const moved = Math.round((value + steps * STEP) / STEP) * STEP;
  return Number(Math.min(STRONGEST, Math.max(WEAKEST, moved)).toFixed(1)) + 0; // + 0: negative zero is zero
}

/** Where on the slider a strength is, 0 to 1. */
export function placeOf(value: number): number {
  return (value - WEAKEST) / (STRONGEST - WEAKEST);
}

/** Which of the sliders now there takes the focus that one of those before had: the same, else its neighbour. */
export function heldThen(before: readonly number[], held: number, now: readonly number[]): number {
  const same = now.indexOf(before[held]!);
  return same >= 0 ? same : Math.min(held, now.length - 1);
}

interface About {
  feature: number;
  label: string;
  /** The feature's largest activation in training text. */
  maximum: number;
}

export function strengthSlider(
  { feature, label, maximum }: About,
  moved: (value: number) => void,
  { inert = false } = {},
): StrengthSlider {
  const name = label === "" ? `Feature ${feature}` : label;
  const input = make("input", {
    class: "wb-slider",
    type: "range",
    min: WEAKEST,
    max: STRONGEST,
    step: STEP,
    "aria-label": label === "" ? name : `${name}, feature ${feature}`,
    title: "Double-click, or Delete, for off",
  });
  const value = make("span", { class: "wb-mono" });
  const id = make("span", { class: "wb-muted wb-mono" }, label === "" ? "" : String(feature));
  const heading = make("div", { class: "wb-slider-name" }, make("span", { class: "wb-slider-label" }, name), id, value);
  const marks = make("div", { class: "wb-slider-marks", "aria-hidden": "true" });
  for (const [at, text] of [[WEAKEST, "−2 ×"], [0, "off"], [1, `max ${number(maximum)}`], [STRONGEST, "10 ×"]] as const) {
    const mark = make("span", {}, text);
    mark.style.setProperty("--wb-at", String(placeOf(at)));
    marks.append(mark);
  }

  const go = (to: number) => {
    set(to);
    moved(to);
  };
  const set = (to: number) => {
    if (Number(input.value) !== to) input.value = String(to);
    const [from, until] = [Math.min(0, to), Math.max(0, to)];
    input.style.setProperty("--wb-from", String(placeOf(from)));
    input.style.setProperty("--wb-to", String(placeOf(until)));
    attribute(input, "data-off", to === 0);
    write(value, to === 0 ? "off" : `${strength(to)} = ${number(to * maximum)}`);
    attribute(input, "aria-valuetext", to === 0 ? "off" : `${to} times its maximum, ${number(to * maximum)}`);
  };
  input.addEventListener("input", () => go(stepped(Number(input.value), 0)));
  input.addEventListener("dblclick", () => go(0));
  input.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (direction !== undefined) go(stepped(Number(input.value), direction * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Delete" || event.key === "Backspace") go(0);
    else return;
    event.preventDefault();
  });
  return { element: make("div", { class: "wb-slider-box" }, heading, ...(inert ? [] : [input, marks])), set };
}
