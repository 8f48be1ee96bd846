/**
 * A small line chart: lines over one axis that all charts of a view share, so that one crosshair goes through all.
 *
 * What is drawn is worked out by pure functions; the chart itself knows pixels, pointers and keys, and calls back
 * with the index of a point. It stands in a box that the host's style gives a width.
 */

import { attribute, changes, make, write } from "./dom.ts";

export interface Range {
  low: number;
  high: number;
}

export interface Line {
  /** What stands at its end; "" for nothing. */
  key: string;
  colour: string;
  /** Of the stroke, as in SVG; "" for a solid one. */
  dash: string;
  values: ArrayLike<number>;
}

export interface Scene {
  /** Where the points are, ascending; the same for all lines. */
  xs: ArrayLike<number>;
  lines: readonly Line[];
  range: Range;
  /** What the axis counts. */
  unit: string;
  /** The point under the crosshair; −1: none. */
  at: number;
  /** The line that is looked at, others step back; −1: none. */
  lit: number;
  /** Beside the name: the value. */
  value: string;
  /** And what the chart leaves out. */
  note: string;
  /** The chart in words, for those who do not see it. */
  words: string;
}

export interface Hands {
  /** The pointer is at a point, or has left. */
  point(index: number | null): void;
  /** A point was clicked. */
  pin(index: number): void;
  /** A key: so many points on, or to one of the ends. */
  walk(by: number): void;
  letGo(): void;
}

// ---- what is drawn, in numbers ----

const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers between two, at most so many of them. */
export function ticks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || most < 1) return Number.isFinite(low) ? [low] : [];
  const size = 10 ** Math.floor(Math.log10(span / most));
  const step = size * (STEPS.find((one) => Math.floor(high / (one * size)) - Math.ceil(low / (one * size)) < most) ?? 10);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A round number as short as it can be: "0.5", "200 k", "2.5 M"; for the marks of an axis. */
export function short(value: number): string {
  const size = Math.abs(value);
  const [by, letter] = size >= 1e9 ? [1e9, "\u202fG"] : size >= 1e6 ? [1e6, "\u202fM"] : size >= 1e4 ? [1e3, "\u202fk"] : [1, ""];
  return `${Number((value / by).toPrecision(4))}${letter}`.replace("-", "−");
}

/** From zero or the least value to the largest; what early values leave out, for they would press the rest flat. */
export function range(lines: readonly ArrayLike<number>[], zero: boolean): Range & { before: number | null } {
  let [low, high, early] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of lines) {
    const from = values.length < FEW ? 0 : Math.ceil(values.length / 10);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i]!)) continue;
      low = Math.min(low, values[i]!);
      if (i < from) early = Math.max(early, values[i]!);
      else high = Math.max(high, values[i]!);
    }
  }
  if (!Number.isFinite(high)) return { low: 0, high: 1, before: null };
  const before = early > 2 * high && high > 0 ? early : null;
  if (before === null) high = Math.max(high, early);
  if (zero || low < 0.5 * high) low = Math.min(0, low);
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return { low: low === 0 ? 0 : low - room, high: high + room, before };
}

/** With fewer points than this, none is early. */
const FEW = 30;

/** The index of the number nearest to x among ascending ones; −1 if there is none. */
export function nearest(xs: ArrayLike<number>, x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle]! + xs[middle + 1]!) / 2 < x) low = middle + 1;
    else high = middle;
  }
  return high;
}

/** A path through points, in tenths of pixels; what is no number interrupts it. */
export function path(xs: ArrayLike<number>, ys: ArrayLike<number>): string {
  let line = "";
  let pen = "M";
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i]!)) {
      pen = "M";
      continue;
    }
    line += `${pen}${xs[i]!.toFixed(1)} ${ys[i]!.toFixed(1)}`;
    pen = "L";
  }
  return line;
}

/** Places near the wanted ones that are at least `gap` apart and, if they fit, between two ends. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const places = new Array<number>(wanted.length);
  let last = Number.NEGATIVE_INFINITY;
  for (const i of order) last = places[i] = Math.max(low, wanted[i]!, last + gap);
  let next = high + gap;
  for (const i of order.reverse()) next = places[i] = Math.min(places[i]!, next - gap);
  return places;
}

/** The last value that is a number; NaN if none is. */
export function lastOf(values: ArrayLike<number>): number {
  for (let i = values.length - 1; i >= 0; i--) if (!Number.isNaN(values[i]!)) return values[i]!;
  return Number.NaN;
}

// ---- drawing it ----

const HEIGHT = 148;
const [TOP, BOTTOM, RIGHT] = [8, 20, 4];
/** How wide a character of an axis is, and how far lines of text stand apart. */
const [CHARACTER, TEXT] = [7.3, 14];

type Attributes = Record<string, string | number>;

/** An SVG element with attributes and children. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Where in a chart its marks are, in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Frame {
  element: HTMLElement;
  /** Say what stands above and what is seen. */
  say(about: { value: string; note: string; words: string }): void;
  /** Draw anew if anything is not as it was: what, and on how much room. */
  draw(parts: readonly unknown[], drawing: (width: number, height: number) => Node[]): void;
  /** Draw over it, every time. */
  over(...marks: Node[]): void;
}

/** A named chart that takes the focus, and tells where in it a hand is. */
export function frame(
  name: string,
  hands: { point(x: number | null): void; click(x: number): void; walk(by: number): void; letGo(): void },
  resized: () => void,
  signal: AbortSignal,
): Frame {
  const value = make("span", { class: "wb-chart-value" });
  const note = make("span", { class: "wb-chart-note wb-muted" });
  const under = svg("g");
  const over = svg("g");
  const drawing = svg("svg", { height: HEIGHT, width: "100%", "aria-hidden": "true" }, under, over);
  const plot = make("div", { class: "wb-chart-plot", tabindex: 0, role: "application", "aria-roledescription": "chart" }, drawing);
  const element = make(
    "div",
    { class: "wb-chart" },
    make("div", { class: "wb-chart-head" }, make("span", { class: "wb-chart-name" }, name), note, value),
    plot,
  );
  const x = (event: PointerEvent | MouseEvent) => event.clientX - plot.getBoundingClientRect().left;
  plot.addEventListener("pointermove", (event) => hands.point(x(event)));
  plot.addEventListener("pointerleave", () => hands.point(null));
  plot.addEventListener("click", (event) => hands.click(x(event)));
  plot.addEventListener("keydown", (event) => {
    const by = walked(event.key, event.shiftKey);
    if (event.key === "Escape") hands.letGo();
    else if (by !== null) hands.walk(by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const observer = new ResizeObserver(resized);
  observer.observe(plot);
  signal.addEventListener("abort", () => observer.disconnect());
  const differs = changes();

  return {
    element,
    say(about) {
      write(value, about.value);
      write(note, about.note);
      attribute(plot, "aria-label", about.words);
    },
    draw(parts, made) {
      const width = plot.clientWidth;
      if (width > 0 && differs(width, ...parts)) under.replaceChildren(...made(width, HEIGHT));
    },
    over: (...marks) => over.replaceChildren(...marks),
  };
}

/** How far a key goes: one point, ten with Shift or Page, to an end; null for other keys. */
export function walked(key: string, shift: boolean): number | null {
  const one = shift ? 10 : 1;
  const far: Record<string, number> = {
    ArrowRight: one,
    ArrowUp: one,
    ArrowLeft: -one,
    ArrowDown: -one,
    PageUp: 10,
    PageDown: -10,
    End: Number.POSITIVE_INFINITY,
    Home: Number.NEGATIVE_INFINITY,
  };
  return far[key] ?? null;
}

/** Grid lines with their numbers, on the left. */
export function rows(marks: readonly number[], y: (value: number) => number, box: Box): Node[] {
  return marks.flatMap((mark) => [
    svg("line", { class: "wb-chart-grid", x1: box.left, x2: box.right, y1: y(mark), y2: y(mark) }),
    svg("text", { class: "wb-chart-mark", x: box.left - 6, y: y(mark) + 4, "text-anchor": "end" }, short(mark)),
  ]);
}

/** The room that numbers on the left take. */
export function gutter(marks: readonly number[]): number {
  return Math.ceil(Math.max(1, ...marks.map((mark) => short(mark).length)) * CHARACTER) + 8;
}

/** Numbers below, none over another or over the word for what they count, which may be "". */
export function columns(marks: readonly number[], x: (value: number) => number, box: Box, unit: string): Node[] {
  const end = box.right + 8 - (unit.length > 0 ? (unit.length + 1) * 7 : 0);
  let taken = Number.NEGATIVE_INFINITY;
  const numbers = marks.flatMap((mark) => {
    const half = (short(mark).length * CHARACTER) / 2;
    const place = Math.max(box.left + half - 4, x(mark));
    if (place - half < taken + 8 || place + half > end) return [];
    taken = place + half;
    return [svg("text", { class: "wb-chart-mark", x: place, y: box.bottom + 16, "text-anchor": "middle" }, short(mark))];
  });
  const name = svg("text", { class: "wb-chart-unit", x: box.right, y: box.bottom + 16, "text-anchor": "end" }, unit);
  return [...numbers, name];
}

export function lineChart(
  name: string,
  hands: Hands,
  resized: () => void,
  signal: AbortSignal,
): { element: HTMLElement; set(scene: Scene): void } {
  let now: { scene: Scene; box: Box } | null = null;
  const scaleX = ({ scene: { xs }, box }: NonNullable<typeof now>) => {
    const [first, last] = [Math.min(0, xs[0] ?? 0), xs[xs.length - 1] ?? 1];
    return { first, last, per: (box.right - box.left) / (last - first || 1) };
  };
  const indexAt = (x: number) => {
    if (now === null) return -1;
    const { first, per } = scaleX(now);
    return nearest(now.scene.xs, first + (x - now.box.left) / per);
  };
  const view = frame(
    name,
    {
      point: (x) => hands.point(x === null || indexAt(x) < 0 ? null : indexAt(x)),
      click: (x) => indexAt(x) >= 0 && hands.pin(indexAt(x)),
      walk: (by) => hands.walk(by),
      letGo: () => hands.letGo(),
    },
    resized,
    signal,
  );

  return {
    element: view.element,
    set(scene) {
      view.say(scene);
      const { xs, lines, range: span, at, lit } = scene;
      const looks = lines.flatMap(({ values, colour }) => [values, colour]);
      view.draw([xs, span.low, span.high, lit, ...looks], (width, height) => {
        const marks = xs.length === 0 ? [0] : ticks(span.low, span.high, 3);
        const keys = Math.max(0, ...lines.map(({ key }) => key.length));
        const right = width - RIGHT - (keys > 0 ? keys * CHARACTER + 8 : 0);
        const box = { left: gutter(marks), right, top: TOP, bottom: height - BOTTOM };
        now = { scene, box };
        const across = scaleX(now);
        const below = xs.length === 0 ? [0] : ticks(across.first, across.last, Math.floor((right - box.left) / 64));
        return [
          ...rows(marks, heightOf(span, box), box),
          ...columns(below, (x) => placeOf(now!, x), box, scene.unit),
          ...strokes(now, (x) => placeOf(now!, x)),
        ];
      });
      if (now === null) return;
      now = { scene, box: now.box };
      const x = at >= 0 && at < xs.length ? placeOf(now, xs[at]!) : null;
      view.over(...(x === null ? [] : crosshair(now, x)));
    },
  };

  function placeOf(on: NonNullable<typeof now>, x: number): number {
    const { first, per } = scaleX(on);
    return on.box.left + (x - first) * per;
  }
}

function heightOf({ low, high }: Range, box: Box): (value: number) => number {
  return (value) => box.bottom - ((value - low) / (high - low || 1)) * (box.bottom - box.top);
}

/** The lines, their ends, and the keys at them; what is out of range is cut off. */
function strokes({ scene, box }: { scene: Scene; box: Box }, place: (x: number) => number): Node[] {
  const { xs, lines, range: span, lit } = scene;
  const y = heightOf(span, box);
  const across = Array.from(xs, (x) => place(x));
  const faded = (i: number) => (lit >= 0 && lit !== i ? " wb-chart-faded" : "");
  const window = svg("svg", { x: 0, y: box.top - 2, width: box.right + 4, height: box.bottom - box.top + 4 });
  const inside = svg("g", { transform: `translate(0 ${2 - box.top})` });
  window.append(inside);
  lines.forEach(({ values, colour, dash }, i) => {
    const d = path(across, Array.from(values, y));
    inside.append(svg("path", { class: `wb-chart-line${faded(i)}`, d, stroke: colour, "stroke-dasharray": dash }));
    const [end, last] = [values.length - 1, values[values.length - 1] ?? Number.NaN];
    if (Number.isFinite(last)) inside.append(dot(across[end]!, y(last), 2.5, colour, faded(i)));
  });
  const ends = lines.map(({ values }) => y(Math.min(span.high, Math.max(span.low, lastOf(values) || 0))));
  const places = spread(ends, TEXT - 1, box.top + 2, box.bottom);
  const keys = lines.map(({ key }, i) =>
    svg("text", { class: `wb-chart-key${faded(i)}`, x: box.right + 8, y: places[i]! + 4 }, key),
  );
  return [window, ...keys];
}

function crosshair({ scene, box }: { scene: Scene; box: Box }, x: number): Node[] {
  const y = heightOf(scene.range, box);
  const dots = scene.lines.flatMap(({ values, colour }) => {
    const value = values[scene.at] ?? Number.NaN;
    return value >= scene.range.low && value <= scene.range.high ? [dot(x, y(value), 3.5, colour, "")] : [];
  });
  return [svg("line", { class: "wb-chart-cross", x1: x, x2: x, y1: box.top, y2: box.bottom }), ...dots];
}

function dot(x: number, y: number, r: number, colour: string, faded: string): Node {
  return svg("circle", { class: `wb-chart-dot${faded}`, cx: x.toFixed(1), cy: y.toFixed(1), r, fill: colour });
}
