/** What the sliders do and what it costs, as a table that fills in: each row with its controls in the same shape. */

import { textField } from "../lib/controls.ts";
import { attribute, changes, make, show, write } from "../lib/dom.ts";
import { count, number } from "../lib/number.ts";
import { svg } from "../lib/line_chart.ts";
import { tabs } from "../lib/tabs.ts";
import { visible } from "../lib/tokens.ts";
import { chance, type Estimate, finite, interval, mean, type Measured, type Row, signed, strip } from "./measured.ts";

export interface Hands {
  target(words: string[]): void;
  aim(aim: string): void;
  measure(): void;
  stop(): void;
}

export interface Scene {
  target: readonly string[];
  aim: string;
  measured: Measured | null;
  measuring: boolean;
  /** Whether texts are being written: they go first. */
  writing: boolean;
  /** Whether every slider is off. */
  isOff: boolean;
  hasNeutral: boolean;
  alive: boolean;
}

export interface Readouts {
  element: HTMLElement;
  draw(scene: Scene): void;
  fail(message: string): void;
}

/** Words that are separated by commas; an answer is one, commas and all. */
export function words(text: string, aim: string): string[] {
  const all = aim === "says" ? text.split(",") : [text];
  return all.map((one) => one.trim()).filter((one) => one !== "");
}

export function readouts(hands: Hands): Readouts {
  let aim = "says";
  const caption = make("span", { class: "wb-muted" });
  const verb = make("button", { type: "button", class: "wb-link wb-muted" });
  const field = textField("Look for", "Measure", (text) => hands.target(words(text, aim)));
  const area = field.element.querySelector("textarea")!;
  const aims = tabs("How the target is looked for", (value) => hands.aim(value));
  const ask = make("div", { class: "wb-readouts-ask" }, field.element, aims.element);
  const heading = make("div", { class: "wb-readouts-head" }, make("h4", {}, "Effect and price"), caption, verb);
  const box = make("div", { class: "wb-readouts-box" });
  const empty = make("div", { class: "wb-muted" });
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const element = make("section", { class: "wb-readouts", "aria-label": "Effect and price" }, heading, ask, box, empty, failure);
  const differs = changes();
  let isMeasuring = false;
  let last: Measured | null = null;
  verb.addEventListener("click", () => (isMeasuring ? hands.stop() : hands.measure()));

  return {
    element,
    fail: (message) => write(failure, message),
    draw(scene) {
      aim = scene.aim;
      isMeasuring = scene.measuring;
      const { measured, measuring, alive, isOff } = scene;
      last = measured ?? (measuring ? last : null);
      const hasWhat = scene.target.length > 0 || scene.hasNeutral;
      show(element, alive || measured !== null);
      show(ask, alive);
      field.set(scene.target.join(", "));
      attribute(area, "placeholder", scene.aim === "says" ? "words in the text, separated by commas" : "the answer that greedy decoding should give");
      aims.set([{ value: "says", name: "Says", title: "It stands somewhere in the text" }, { value: "answers", name: "Answers", title: "Greedy decoding begins with it" }], scene.aim);
      show(aims.element, scene.target.length > 0);
      const isPartial = measured !== null && !measured.done && !measuring;
      write(caption, last === null ? "" : `on ${last.on}${measuring ? " · measuring" : isPartial ? " · stopped" : ""}`);
      verb.textContent = measuring ? "Stop" : "Measure";
      const isMissing = last === null && hasWhat && !isOff && !scene.writing;
      show(verb, alive && (measuring || isPartial || isMissing));
      attribute(box, "data-late", measured === null);
      if (differs(last)) box.replaceChildren(...(last === null ? [] : [tableOf(last)]));
      const waiting = scene.writing ? "Measured when the texts are written." : "Being measured …";
      write(empty, last !== null ? "" : measuring ? waiting : hasWhat && isOff && alive ? "Move a slider: what it does is measured here." : "");
    },
  };
}

const COLUMNS = ["", "plain", "steered", "change", "", "controls, change", "p"] as const;

function tableOf({ rows, controls }: Measured): HTMLElement {
  const head = make("tr", {}, ...COLUMNS.map((name) => make("th", { scope: "col" }, name === "controls, change" ? `${controls} ${name}` : name)));
  const body = rows.map((row) => {
    const others = finite(row.controls);
    const cells = [
      value(row.plain, number(row.plain?.[0] ?? Number.NaN)),
      value(row.steered, number(row.steered?.[0] ?? Number.NaN)),
      value(row.change, signed(row.change?.[0])),
      make("td", { class: "wb-readouts-strip" }, stripOf(row)),
      controlsOf(others, controls),
      make("td", { title: titleOfP(others.length) }, number(row.p ?? Number.NaN), make("div", { class: "wb-muted" }, chance(row))),
    ];
    cells.forEach((cell, i) => attribute(cell, "data-name", COLUMNS[i + 1]));
    return make("tr", { class: `wb-readouts-${row.kind}` }, make("th", { scope: "row", dir: "auto" }, visible(row.name)), ...cells);
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}

function titleOfP(controls: number): string {
  return `p: how many of the ${controls} controls and this one change as much or more; it cannot be below 1 of ${controls + 1}`;
}

function value(estimate: Estimate | null, says: string): HTMLElement {
  if (estimate === null) return make("td", { title: "A distance from the plain model: plain itself has none" }, "–");
  const more = make("div", { class: "wb-muted" }, `${interval(estimate)} n ${count(estimate[3])}`.trim());
  return make("td", {}, says, more);
}

/** The mean change under the controls, and from the least to the largest. */
function controlsOf(others: readonly number[], all: number): HTMLElement {
  if (others.length === 0) return make("td", { class: "wb-muted" }, "–");
  const range = `${signed(Math.min(...others))} to ${signed(Math.max(...others))}`;
  const more = make("div", { class: "wb-muted" }, `${range}, n ${others.length}${others.length < all ? ` of ${all}` : ""}`);
  return make("td", { class: "wb-readouts-controls" }, signed(mean(others)), more);
}

const [WIDTH, HEIGHT, PAD] = [140, 24, 6];

/** The change with its interval, in the accent, over the controls, in grey, on one scale with zero. */
function stripOf(row: Row): Node {
  const marks = strip(row);
  if (marks === null) return document.createTextNode("");
  const x = (place: number) => (PAD + place * (WIDTH - 2 * PAD)).toFixed(1);
  const middle = HEIGHT / 2;
  const line = (from: number, to: number, y: number, kind: string) => svg("line", { class: kind, x1: x(from), x2: x(to), y1: y, y2: y });
  return svg(
    "svg",
    { width: WIDTH, height: HEIGHT, role: "img", "aria-label": `change ${signed(row.change?.[0])}, controls ${signed(mean(finite(row.controls)))}` },
    svg("line", { class: "wb-strip-zero", x1: x(marks.zero), x2: x(marks.zero), y1: 2, y2: HEIGHT - 2 }),
    ...marks.controls.map((place) => svg("circle", { class: "wb-strip-control", cx: x(place), cy: middle + 5, r: 2.5 })),
    line(marks.from, marks.to, middle - 4, "wb-strip-interval"),
    svg("circle", { class: "wb-strip-change", cx: x(marks.at), cy: middle - 4, r: 4 }),
  );
}
