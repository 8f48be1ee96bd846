/**
 * A dictionary's training, live.
 *
 * Python sends everything there is to show in one `view`, a few times a second, so that any of them may be lost. The
 * crosshair is a step and not a place in the lines, because those are thinned again as they grow.
 */

import type { Render } from "@anywidget/types";
import type { Theme } from "./lib/colour.ts";
import { attribute, changes, focusNear, make, show, write } from "./lib/dom.ts";
import { columns, frame, gutter, lastOf, lineChart, nearest, path, range, rows, svg, ticks } from "./lib/line_chart.ts";
import { capital, count, number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import type { Table } from "./lib/table.ts";
import { decode, row, type WireArray } from "./lib/wire.ts";

type Verb = "pause" | "resume" | "stop" | "save";

interface Density {
  tokens: number;
  /** The log10 at which the first bar begins, and how far each goes. */
  low: number;
  each: number;
  /** How many features: never on, then by bar. [N, 1 + K] */
  bars: WireArray;
  /** The smallest and the largest share of those that are on. */
  ends: ([number, number] | null)[];
}

interface View {
  state: string;
  words: string;
  saved: string;
  pace: string;
  at: number;
  steps: number;
  batch: number;
  /** What can be pressed. */
  verbs: Verb[];
  /** Steps [S]; loss, explained variance, L0 and share dead after them [4, N, S]. */
  history: { steps: WireArray; values: WireArray };
  density: Density;
}

interface State extends Common {
  subject: string;
  /** Each by what it differs in; its label is empty if there is one only. */
  dictionaries: { label: string; width: number }[];
  view: View;
}

interface Numbers {
  steps: ArrayLike<number>;
  tokens: Float64Array;
  /** By quantity and dictionary. */
  lines: ArrayLike<number>[][];
  /** By dictionary. */
  bars: ArrayLike<number>[];
}

const QUANTITIES = ["Loss", "Explained variance", "Features on", "Share dead"] as const;
const [LOSS, EXPLAINED, ON, DEAD] = [0, 1, 2, 3];
/** Rows of the table, at most. */
const ROWS = 100;
/** Keys at the ends of lines, at most: more have no room. */
const KEYS = 8;

/** Categories, from Okabe and Ito 2008, "Color Universal Design"; on a dark surface the light ones come first. */
const COLOURS: Record<Theme, readonly string[]> = {
  light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"],
  dark: ["#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#0072B2"],
};
const DASHES = ["", "5 3", "2 2"];

const render: Render<State> = ({ model, el }) => {
  let hovered: number | null = null;
  let pinned: number | null = null;
  let lit = -1;
  const panel = shell<State>({
    model,
    el,
    kind: "monitor",
    label: "Training monitor",
    offline: "the charts and the table still answer.",
    draw: () => draw(),
    table: () => tableOf(model.get("subject"), model.get("dictionaries"), read(), model.get("view")),
  });

  const decoded = changes();
  let numbers: Numbers | null = null;
  const read = (): Numbers => {
    const { history, density, batch } = model.get("view");
    if (decoded(history, density) || numbers === null) numbers = numbersOf(history, density, batch);
    return numbers;
  };

  // ---- what the hands do ----

  const index = () => {
    const step = hovered ?? pinned;
    return step === null ? -1 : nearest(read().steps, step);
  };
  const walk = (by: number) => {
    const { steps } = read();
    if (steps.length === 0) return;
    const from = index() < 0 ? steps.length - (by < 0 ? 0 : 1) : index();
    pinned = steps[Math.min(steps.length - 1, Math.max(0, from + by))]!;
    hovered = null;
    panel.draw();
    write(said, spoken(model.get("dictionaries"), read(), index()));
  };
  const letGo = () => {
    hovered = pinned = null;
    panel.draw();
  };
  const hands = {
    point(at: number | null) {
      const step = at === null ? null : read().steps[at]!;
      if (step === hovered) return;
      hovered = step;
      panel.draw();
    },
    pin(at: number) {
      const step = read().steps[at]!;
      pinned = pinned === step ? null : step;
      panel.draw();
    },
    walk,
    letGo,
  };

  // ---- what there is ----

  const title = make("h3", { class: "wb-title" });
  const words = make("span", { class: "wb-monitor-words", role: "status" });
  const buttons = (["resume", "pause", "stop", "save"] as const).map((verb) => {
    const button = make("button", { type: "button", class: "wb-button" }, verb);
    button.addEventListener("click", ({ detail }) => {
      if (detail <= 1) panel.say({ kind: verb }); // a double click is no Pause and Resume
    });
    return { verb, button };
  });
  const bar = make("div", { class: "wb-monitor-bar" });
  const track = make("div", { class: "wb-monitor-track", role: "progressbar", "aria-label": "Steps", "aria-valuemin": 0 }, bar);
  const progress = make("span", { class: "wb-muted" });
  const place = make("span", { class: "wb-muted" });
  const said = make("span", { class: "wb-monitor-said", "aria-live": "polite" });
  const failure = make("div", { class: "wb-error wb-monitor-error", role: "alert", hidden: true });
  const key = legend((which) => {
    lit = which;
    panel.draw();
  });
  const charts = QUANTITIES.map((name) => lineChart(name, hands, panel.draw, panel.signal));
  const histogram = densityChart(panel.draw, panel.signal);
  panel.body.append(
    make(
      "div",
      { class: "wb-header" },
      title,
      make("div", { class: "wb-monitor-hand" }, words, ...buttons.map(({ button }) => button)),
    ),
    failure,
    track,
    make("div", { class: "wb-monitor-progress" }, progress, place),
    key.element,
    make("div", { class: "wb-monitor-charts" }, ...charts.map((chart) => chart.element), histogram.element),
    said,
  );

  const draw = () => {
    const [view, dictionaries] = [model.get("view"), model.get("dictionaries")];
    const now = read();
    const isOne = dictionaries.length === 1;
    const at = index();
    write(title, `Training ${model.get("subject")} · ${plural(view.at * view.batch, "token")}`);
    write(words, capital(view.words));
    attribute(words, "data-state", view.state);
    write(failure, capital(model.get("error")));
    offer(view);
    bar.style.width = `${(100 * view.at) / view.steps}%`;
    attribute(track, "aria-valuemax", view.steps);
    attribute(track, "aria-valuenow", view.at);
    attribute(track, "aria-valuetext", `step ${view.at} of ${view.steps}`);
    write(progress, [`step ${count(view.at)} of ${count(view.steps)}`, view.pace, view.saved].filter(Boolean).join(" · "));
    write(place, at < 0 ? "" : placeOf(now, at, pinned !== null && hovered === null));

    const looks = looksOf(panel.around().theme, dictionaries);
    show(key.element, !isOne);
    if (!isOne) key.draw({ dictionaries, looks, numbers: now, at, lit });
    charts.forEach((chart, which) => {
      const lines = now.lines[which]!;
      const { low, high, note } = rangeOf(which, lines);
      chart.set({
        xs: now.tokens,
        lines: lines.map((values, i) => ({ ...looks[i]!, values })),
        range: { low, high },
        unit: "tokens",
        at,
        lit,
        value: isOne ? number(at < 0 ? lastOf(lines[0]!) : lines[0]![at]!) : "",
        note,
        words: inWords(QUANTITIES[which]!, dictionaries, lines, view),
      });
    });
    histogram.set({ density: view.density, bars: now.bars, dictionaries, looks, lit });
    panel.footer();
  };

  const offer = (view: View) => {
    const held = buttons.find(({ button }) => button === focusNear(button));
    for (const { verb, button } of buttons) {
      write(button, verb === "resume" && view.at === 0 ? "Start" : capital(verb));
      show(button, panel.alive && view.verbs.includes(verb));
    }
    if (held?.button.hidden) buttons.find(({ button }) => !button.hidden)?.button.focus(); // the hand is not lost
  };

  return panel.open();
};

// ---- the numbers ----

function numbersOf({ steps, values }: View["history"], { bars }: Density, batch: number): Numbers {
  const [when, lines, counts] = [decode(steps).numbers, decode(values), decode(bars)];
  const each = lines.shape[1] ?? 0;
  return {
    steps: when,
    tokens: Float64Array.from(when, (step) => step * batch),
    lines: QUANTITIES.map((_, which) => Array.from({ length: each }, (_, i) => row(lines, which, i))),
    bars: Array.from({ length: counts.shape[0] ?? 0 }, (_, i) => row(counts, i)),
  };
}

/** Shares begin at zero, and explained variance ends at one; what is left out is said. */
function rangeOf(which: number, lines: ArrayLike<number>[]): { low: number; high: number; note: string } {
  const { low, high: found, before } = range(lines, which !== LOSS);
  const high = which === DEAD ? Math.max(0.05, found) : found;
  if (which !== EXPLAINED) {
    const early = before === null || before <= high ? "" : `at first up to ${number(before)}`;
    return { low, high, note: [which === ON ? "per token" : "", early].filter(Boolean).join(", ") };
  }
  if (lines.some((values) => lastOf(values) < 0)) return { low, high: 1, note: "" };
  const least = Math.min(...lines.flatMap((values) => Array.from(values)));
  return { low: 0, high: 1, note: least < 0 ? `down to ${number(least)}` : "" };
}

interface Look {
  key: string;
  colour: string;
  dash: string;
}

/** A colour for each, another stroke when they are used up; short labels stand at the lines, else numbers do. */
function looksOf(theme: Theme, dictionaries: State["dictionaries"]): Look[] {
  const colours = COLOURS[theme];
  const areShort = dictionaries.every(({ label }) => label.length <= 8);
  return dictionaries.map(({ label }, i) => ({
    key: dictionaries.length === 1 || dictionaries.length > KEYS ? "" : areShort ? label : String(i + 1),
    colour: colours[i % colours.length]!,
    dash: DASHES[Math.floor(i / colours.length) % DASHES.length]!,
  }));
}

// ---- the words ----

function placeOf({ steps, tokens }: Numbers, at: number, isPinned: boolean): string {
  return `at step ${count(steps[at]!)} · ${plural(tokens[at]!, "token")}${isPinned ? " · Esc lets go" : ""}`;
}

function spoken(dictionaries: State["dictionaries"], now: Numbers, at: number): string {
  const values = dictionaries.map(({ label }, i) => {
    const each = QUANTITIES.map((name, which) => `${name.toLowerCase()} ${number(now.lines[which]![i]![at]!)}`);
    return [label, ...each].filter(Boolean).join(", ");
  });
  return [`Step ${now.steps[at]}`, ...values].join(". ");
}

function inWords(name: string, dictionaries: State["dictionaries"], lines: ArrayLike<number>[], view: View): string {
  const ends = dictionaries.map(({ label }, i) => {
    const values = lines[i]!;
    return `${label === "" ? "" : `${label}: `}from ${number(values[0] ?? Number.NaN)} to ${number(lastOf(values))}`;
  });
  return view.at === 0 ? `${name}: no step has been made` : `${name} over ${plural(view.at, "step")}, ${ends.join("; ")}`;
}

function tableOf(subject: string, dictionaries: State["dictionaries"], now: Numbers, view: View): Table {
  const isOne = dictionaries.length === 1;
  const most = Math.max(2, Math.floor(ROWS / dictionaries.length));
  const apart = Math.max(1, Math.ceil((now.steps.length - 1) / (most - 1)));
  const shown = Array.from({ length: now.steps.length }, (_, i) => now.steps.length - 1 - i).filter((_, i) => i % apart === 0);
  return {
    caption: `Training ${subject}, ${view.words} · ${plural(view.at, "step")} of ${count(view.steps)}, the latest first`,
    columns: ["step", "tokens", ...(isOne ? [] : ["dictionary"]), ...QUANTITIES.map((name) => name.toLowerCase())],
    rows: shown.flatMap((at) =>
      dictionaries.map(({ label }, i) => [
        count(now.steps[at]!),
        count(now.tokens[at]!),
        ...(isOne ? [] : [label]),
        ...now.lines.map((lines) => number(lines[i]![at]!)),
      ]),
    ),
  };
}

// ---- which line is which ----

interface Listed {
  dictionaries: State["dictionaries"];
  looks: Look[];
  numbers: Numbers;
  at: number;
  lit: number;
}

/** The dictionaries with their values, at the crosshair or at last; a row under the hand brings its lines forward. */
function legend(look: (which: number) => void): { element: HTMLElement; draw(listed: Listed): void } {
  const head = make("tr", {}, ...["", "Dictionary", ...QUANTITIES].map((name) => make("th", { scope: "col" }, name)));
  const body = make("tbody");
  const element = make("div", { class: "wb-monitor-legend" }, make("table", {}, make("thead", {}, head), body));
  const differs = changes();
  let cells: HTMLElement[][] = [];

  const makeRows = ({ dictionaries, looks }: Listed) => {
    cells = [];
    const made = dictionaries.map(({ label }, i) => {
      const { colour, dash, key } = looks[i]!;
      const line = svg("line", { class: "wb-chart-line", x1: 1, x2: 23, y1: 8, y2: 8, stroke: colour, "stroke-dasharray": dash });
      const sample = svg("svg", { width: 24, height: 16, "aria-hidden": "true" }, line);
      const values = QUANTITIES.map(() => make("td"));
      cells.push(values);
      const name = make("th", { scope: "row" }, key === "" || key === label ? label : `${key} · ${label}`);
      const one = make("tr", { tabindex: 0 }, make("td", {}, sample), name, ...values);
      for (const enter of ["pointerenter", "focus"]) one.addEventListener(enter, () => look(i));
      for (const leave of ["pointerleave", "blur"]) one.addEventListener(leave, () => look(-1));
      return one;
    });
    body.replaceChildren(...made);
  };
  return {
    element,
    draw(listed) {
      const { dictionaries, looks, numbers: now, at } = listed;
      if (differs(dictionaries, looks[0]?.colour)) makeRows(listed);
      cells.forEach((values, i) =>
        values.forEach((cell, which) => {
          const line = now.lines[which]![i]!;
          write(cell, number(at < 0 ? lastOf(line) : line[at]!));
        }),
      );
    },
  };
}

// ---- how often features are on ----

interface Densities {
  density: Density;
  /** By dictionary: how many features are never on, then by bar. */
  bars: ArrayLike<number>[];
  dictionaries: State["dictionaries"];
  looks: Look[];
  lit: number;
}

/** The room for those that are never on, and the gap after it. */
const [NEVER, GAP] = [40, 24];

/** How many features are on at how many tokens, in quarters of a decade; those that never are stand apart. */
function densityChart(resized: () => void, signal: AbortSignal): { element: HTMLElement; set(shown: Densities): void } {
  const about = make("div", { class: "wb-muted wb-monitor-density-about" });
  let now: Plan | null = null;
  let at = -1;
  const look = (which: number) => {
    at = which;
    resized();
  };
  const view = frame(
    "Density",
    {
      point: (x) => look(x === null || now === null ? -1 : barAt(now, x)),
      click: () => {},
      walk(by) {
        if (now === null) return;
        const bars = [0, ...Array.from({ length: now.last - now.from + 1 }, (_, i) => now!.from + i)];
        const place = Math.min(bars.length - 1, Math.max(0, bars.indexOf(at) < 0 ? 0 : bars.indexOf(at) + by));
        look(bars[place]!);
        write(said, now.bars.length > 0 ? readOut(now, bars[place]!) : NOT_YET);
      },
      letGo: () => look(-1),
    },
    resized,
    signal,
  );
  const said = make("span", { class: "wb-monitor-said", "aria-live": "polite" });
  view.element.append(about, said);

  return {
    element: make("div", { class: "wb-monitor-density" }, view.element),
    set(given) {
      const isEmpty = given.density.tokens === 0;
      const shown = isEmpty ? { ...given, bars: [] } : given;
      const value = isEmpty ? "" : at >= 0 ? readOut(shown, at) : summaryOf(shown);
      const caption = isEmpty ? NOT_YET : captionOf(shown);
      view.say({ value, note: "", words: `Density: ${[summaryOf(shown), caption].filter(Boolean).join(", ")}` });
      write(about, caption);
      view.draw([given.bars, shown.looks[0]?.colour, shown.lit], (width, height) => {
        now = planOf(shown, width, height);
        return isEmpty ? [ground(now)] : [...scales(now), ...shown.bars.flatMap((_, i) => drawn(now!, i))];
      });
      view.over(...(now === null || at < 0 || isEmpty ? [] : [lamp(now, at)]));
    },
  };
}

/** A histogram with its places. */
interface Plan extends Densities {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Where the bars begin that are not of "never". */
  begin: number;
  /** The first and the last of those bars. */
  from: number;
  last: number;
  /** The share at the top. */
  high: number;
}

const NOT_YET = "counted from the next step on: none has been made while this was open";

/** From a whole power of ten below the rarest feature that is on, up to 1, that is at every token. */
function planOf(shown: Densities, width: number, height: number): Plan {
  const { density, bars, dictionaries } = shown;
  const last = (bars[0]?.length ?? 2) - 1;
  const rarest = Math.min(last, ...bars.map((counts) => Array.from(counts).findIndex((n, i) => i > 0 && n > 0)).filter((i) => i > 0));
  const decade = Math.floor(density.low + (rarest - 1) * density.each);
  const from = Math.max(1, 1 + Math.round((decade - density.low) / density.each));
  const shares = bars.flatMap((counts, i) => Array.from(counts, (n) => n / dictionaries[i]!.width));
  const high = (shares.length === 0 ? 1 : Math.max(0.01, ...shares)) * 1.08;
  const left = gutter(ticks(0, high, 3));
  return { ...shown, left, right: width - 8, top: 8, bottom: height - 20, begin: left + NEVER + GAP, from, last, high };
}

function ground({ left, right, bottom }: Plan): Node {
  return svg("line", { class: "wb-chart-grid", x1: left, x2: right, y1: bottom, y2: bottom });
}

function scales(plan: Plan): Node[] {
  const { density, left, right, begin, bottom, from, high } = plan;
  const least = density.low + (from - 1) * density.each;
  const apart = Math.ceil(-least / Math.max(1, Math.floor((right - begin) / 48)));
  const decades = Array.from({ length: Math.floor(-least / apart) + 1 }, (_, i) => -apart * i).reverse();
  const place = (value: number) => begin + ((value - least) / -least) * (right - begin);
  const never = { class: "wb-chart-mark", x: left + NEVER / 2, y: bottom + 16, "text-anchor": "middle" };
  const marks = columns(decades, place, { ...plan, left: begin }, "");
  return [...rows(ticks(0, high, 3), (share) => heightOf(plan, share), plan), ...marks, svg("text", never, "never")];
}

function heightOf({ top, bottom, high }: Plan, share: number): number {
  return bottom - (share / high) * (bottom - top);
}

/** From where to where a bar goes; 0 is that of the features that are never on. */
function endsOf({ left, right, begin, from, last }: Plan, which: number): [number, number] {
  if (which === 0) return [left + 2, left + NEVER - 2];
  const each = (right - begin) / (last - from + 1);
  return [begin + (which - from) * each, begin + (which - from + 1) * each];
}

function barAt({ left, right, begin, from, last }: Plan, x: number): number {
  if (x < left + NEVER + GAP / 2) return 0;
  const place = Math.floor(((x - begin) / (right - begin)) * (last - from + 1));
  return from + Math.min(last - from, Math.max(0, place));
}

/** Filled bars where there is one dictionary; outlines over one another where there are several. */
function drawn(plan: Plan, i: number): Node[] {
  const { bars, dictionaries, looks, lit, bottom, from, last } = plan;
  const { colour, dash } = looks[i]!;
  const faded = lit >= 0 && lit !== i ? " wb-chart-faded" : "";
  const isOne = dictionaries.length === 1;
  const top = (which: number) => heightOf(plan, bars[i]![which]! / dictionaries[i]!.width);
  const bar = (which: number, start: number, end: number) => {
    const size = { x: start + 0.5, y: top(which), width: Math.max(1, end - start - 1), height: bottom - top(which) };
    return svg("rect", { class: `${which === 0 && isOne ? "wb-monitor-never" : ""}${faded}`, fill: colour, ...size });
  };
  const others = Array.from({ length: last - from + 1 }, (_, k) => from + k);
  if (isOne) return [0, ...others].filter((which) => bars[i]![which]! > 0).map((which) => bar(which, ...endsOf(plan, which)));
  const [start, end] = endsOf(plan, 0);
  const each = (end - start) / dictionaries.length;
  const never = bar(0, start + i * each, start + (i + 1) * each);
  const d = path(others.flatMap((which) => endsOf(plan, which)), others.flatMap((which) => [top(which), top(which)]));
  return [never, svg("path", { class: `wb-chart-line${faded}`, d, stroke: colour, "stroke-dasharray": dash })];
}

/** The bar that is looked at, over its whole height. */
function lamp(plan: Plan, which: number): Node {
  const [start, end] = endsOf(plan, which);
  return svg("rect", { class: "wb-monitor-lamp", x: start, y: plan.top, width: end - start, height: plan.bottom - plan.top });
}

/** What one bar stands for. */
function readOut({ density, bars, dictionaries }: Densities, which: number): string {
  const low = density.low + (which - 1) * density.each;
  const where = which === 0 ? "never on" : `on at ${number(10 ** low)} to ${number(10 ** (low + density.each))}`;
  if (dictionaries.length === 1) return `${count(bars[0]![which]!)} of ${count(dictionaries[0]!.width)} ${where}`;
  return `${bars.map((counts, i) => number(counts[which]! / dictionaries[i]!.width)).join(", ")} ${where}`;
}

function summaryOf({ bars, dictionaries }: Densities): string {
  return dictionaries.length === 1 && bars.length === 1 ? `${count(bars[0]![0]!)} of ${count(dictionaries[0]!.width)} never on` : "";
}

/** What is counted, from where to where, and on how many tokens. */
function captionOf({ density }: Densities): string {
  const ends = density.ends.filter((one) => one !== null);
  const [low, high] = [Math.min(...ends.map(([least]) => least)), Math.max(...ends.map(([, most]) => most))];
  const reach = ends.length > 0 ? `on at ${number(low)} to ${number(high)}` : "none is on at any";
  const tokens = `n\u00a0${plural(density.tokens, "token").replace(" ", "\u00a0")}`;
  return `share of features, by log₁₀ of the share of tokens · ${reach} of the latest ${tokens}`;
}

export default { render };
