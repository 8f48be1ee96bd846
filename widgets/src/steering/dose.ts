/** Dose and response: what was measured over the strengths of one slider, with the band of the controls, point by point. */

import { attribute, make, show, write } from "../lib/dom.ts";
import { type Box, columns, type Frame, frame, gutter, nearest, path, rows, svg, ticks } from "../lib/line_chart.ts";
import { count, number, strength } from "../lib/number.ts";
import { visible } from "../lib/tokens.ts";
import { type Curve, curve, type Dose, extent } from "./measured.ts";

export interface Hands {
  ask(): void;
  stop(): void;
  hide(): void;
}

export interface Scene {
  dose: Dose | null;
  dosing: boolean;
  /** The strength of the slider now. */
  strength: number;
  label: string;
  canAsk: boolean;
  alive: boolean;
}

export interface DoseView {
  element: HTMLElement;
  draw(scene: Scene): void;
  fail(message: string): void;
}

export function doseView(hands: Hands, resized: () => void, signal: AbortSignal): DoseView {
  const verb = make("button", { type: "button", class: "wb-button" });
  const title = make("h4", {});
  const caption = make("span", { class: "wb-muted" });
  const heading = make("div", { class: "wb-readouts-head" }, title, caption, verb);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const plots = make("div", { class: "wb-dose-plots" });
  const element = make("section", { class: "wb-dose", "aria-label": "Dose–response" }, heading, failure, plots);
  let charts: { frame: Frame; curve: Curve; box: Box | null }[] = [];
  let now: Scene | null = null;
  let at: number | null = null;
  verb.addEventListener("click", () => (now?.dosing ? hands.stop() : now?.dose ? hands.hide() : hands.ask()));

  /** A chart for each row; the crosshair goes through all of them. */
  const build = (curves: readonly Curve[]) => {
    charts = curves.map((one, i) => {
      const go = (x: number | null) => {
        at = x === null ? null : nearest(charts[i]!.curve.xs, strengthAt(charts[i]!, x));
        over();
      };
      const walk = (by: number) => {
        const last = charts[i]!.curve.xs.length - 1;
        at = Math.min(last, Math.max(0, (at ?? (by > 0 ? -1 : last + 1)) + by));
        over();
      };
      const view = frame(visible(one.name), { point: go, click: go, walk, letGo: () => go(null) }, resized, signal);
      return { frame: view, curve: one, box: null };
    });
    plots.replaceChildren(...charts.map(({ frame: view }) => view.element));
  };
  const over = () => {
    for (const { frame: view, curve: one, box } of charts) {
      view.say({ value: saysOf(one, at), note: one.n > 0 ? `n ${count(one.n)}` : "", words: wordsOf(one) });
      if (box === null) continue;
      const marks: Node[] = [];
      if (now !== null) marks.push(upright(one, box, now.strength, "wb-dose-present"));
      if (at !== null && at < one.xs.length) marks.push(upright(one, box, one.xs[at]!, "wb-chart-cross"));
      view.over(...marks);
    }
  };

  return {
    element,
    fail: (message) => write(failure, message),
    draw(scene) {
      now = scene;
      const { dose, dosing, alive, canAsk } = scene;
      show(element, dose !== null || (alive && canAsk));
      write(title, dose === null ? "" : `Dose–response · ${scene.label}`);
      const state = dosing ? ` · measuring, ${dose?.points.length ?? 0} strengths so far` : "";
      write(caption, dose === null ? "" : `on ${dose.on} · grey: from the least to the largest of ${dose.controls} controls${state}`);
      verb.textContent = dosing ? "Stop" : dose === null ? "Dose–response" : "Hide";
      show(verb, alive);
      attribute(element, "data-alone", dose === null);
      const curves = dose === null ? [] : dose.points.length === 0 ? [] : dose.points[0]!.rows.flatMap((_, i) => curve(dose, i) ?? []);
      show(plots, curves.length > 0);
      if (curves.map(({ name }) => name).join("\0") !== charts.map(({ curve: one }) => one.name).join("\0")) build(curves);
      charts.forEach((chart, i) => {
        chart.curve = curves[i]!;
        paint(chart);
      });
      over();
    },
  };
}

const [FIRST, LAST] = [-2, 10];
const [TOP, RIGHT, BOTTOM] = [8, 8, 20];

function xOf(box: Box): (strength: number) => number {
  return (value) => box.left + ((value - FIRST) / (LAST - FIRST)) * (box.right - box.left);
}

function strengthAt({ box }: { box: Box | null }, x: number): number {
  return box === null ? 0 : FIRST + ((x - box.left) / (box.right - box.left)) * (LAST - FIRST);
}

function paint(chart: { frame: Frame; curve: Curve; box: Box | null }): void {
  const one = chart.curve;
  const span = extent(one);
  const key = [one.xs.join(), one.values.join(), one.bandHigh.join(), one.bandLow.join()].join("|");
  chart.frame.draw([key], (width, height) => {
    const marks = ticks(span.low, span.high, 3);
    const box = { left: gutter(marks), right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
    chart.box = box;
    const [x, y] = [xOf(box), (value: number) => box.bottom - ((value - span.low) / (span.high - span.low || 1)) * (box.bottom - box.top)];
    const xs = one.xs.map(x);
    const line = (values: readonly number[]) => path(xs, values.map(y));
    const band = [...one.bandHigh.map((value, i) => [xs[i]!, y(value)]), ...one.bandLow.map((value, i) => [xs[i]!, y(value)]).reverse()];
    const d = `M${band.map(([across, up]) => `${across!.toFixed(1)} ${up!.toFixed(1)}`).join("L")}Z`;
    return [
      ...rows(marks, y, box),
      ...columns([-2, 0, 2, 4, 6, 8, 10], x, box, ""),
      svg("path", { class: "wb-dose-band", d }),
      svg("line", { class: "wb-dose-plain", x1: box.left, x2: box.right, y1: y(one.plain), y2: y(one.plain) }),
      ...one.xs.map((_, i) => svg("line", { class: "wb-dose-whisker", x1: xs[i]!, x2: xs[i]!, y1: y(one.low[i]!), y2: y(one.high[i]!) })),
      svg("path", { class: "wb-chart-line wb-dose-line", d: line(one.values) }),
      ...one.values.map((value, i) => svg("circle", { class: "wb-dose-dot", cx: xs[i]!.toFixed(1), cy: y(value).toFixed(1), r: 3 })),
    ];
  });
}

function upright(_: Curve, box: Box, at: number, kind: string): Node {
  const x = xOf(box)(at);
  return svg("line", { class: kind, x1: x, x2: x, y1: box.top, y2: box.bottom });
}

/** The value under the crosshair, its interval and the controls'. */
function saysOf(one: Curve, at: number | null): string {
  if (at === null || at >= one.xs.length) return "";
  const [value, low, high] = [one.values[at]!, one.low[at]!, one.high[at]!];
  const controls = `controls ${number(one.bandLow[at]!)} to ${number(one.bandHigh[at]!)}`;
  const where = one.xs[at] === 0 ? "off" : strength(one.xs[at]!);
  return one.xs[at] === 0 ? `off: ${number(value)}` : `${where}: ${number(value)} [${number(low)}, ${number(high)}], ${controls}`;
}

function wordsOf(one: Curve): string {
  const points = one.xs.map((x, i) => `${x === 0 ? "off" : strength(x)} ${number(one.values[i]!)}`);
  return `${visible(one.name)} over strength: ${points.join(", ")}`;
}
