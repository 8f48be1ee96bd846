/**
 * Tokens coloured by one unit of a site, or by one feature, over a grid of all layers; two texts can be compared.
 *
 * Python sends one `view`: a page of tokens with the unit at all layers. So hovering, pinning and walking through
 * the layers need no kernel. The strongest units of a long text, and whole attention patterns, are asked for as they
 * are looked at; another unit, stream or text is another view.
 */

import type { Render } from "@anywidget/types";
import { css, diverging, type Rgb, type Scale, sequential, stepped, type Theme } from "./lib/colour.ts";
import { choice, stepper, textField } from "./lib/controls.ts";
import { changes, errorPlacer, make, show, write } from "./lib/dom.ts";
import { type Cell, grid } from "./lib/grid.ts";
import { legend } from "./lib/legend.ts";
import { capital, count, number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import type { Table } from "./lib/table.ts";
import { tokenFlow } from "./lib/token_flow.ts";
import { leftOut, nameOf } from "./lib/tokens.ts";
import { type NumberArray, row } from "./lib/wire.ts";
import { listedAt, tokenPanel } from "./heatmap/panel.ts";
import { giver, partsIn } from "./heatmap/parts.ts";
import { called, type Decoded, decoded, inverse, looker, type Numbers, type Page, type Seen, together, type View, viewOf, viewOfQuery } from "./heatmap/view.ts";

interface State extends Common {
  text: string;
  against: string;
  streams: string[];
  stream: string;
  layer: number;
  unit: number;
  start: number;
  selected: number;
  colour: "values" | "difference";
  rows: "layers" | "queries";
  page: Page;
  numbers: Numbers;
  /** Whether something takes out parts of the model that are shown here. */
  gives_parts: boolean;
}

/** Tokens on a page, as in Python. */
const PAGE = 512;

const render: Render<State> = ({ model, el }) => {
  /** What Python sent; and the view, which on a page without Python may be made of it. */
  let whole = together(model.get("page"), model.get("numbers"));
  let view = whole;
  let sent: Numbers | null = null;
  let arrays: Decoded = decoded(view);
  let back: number[] = [];
  let looks = looker(view, null);
  let scale: Scale = sequential("light", [255, 255, 255], 1);
  /** The token under the hand, and the one of the other text in its place: on the page, -1 for none. */
  let hand = { here: -1, there: -1 };
  let overRow = -1;
  let lit: { low: number; high: number } | null = null;
  let isComparing = model.get("against") !== "";

  const frame = shell<State>({
    model,
    el,
    kind: "heatmap",
    label: "Activation heatmap",
    offline: "what needs no model goes on: hovering, pinning, layers, features that are on, the table.",
    draw: () => draw(),
    table: () => tableOf(view, arrays, model.get("layer")),
  });
  const { alive } = frame;
  const ask = <Name extends keyof State & string>(name: Name, value: State[Name]) => frame.ask(name, value);
  const preview = (here: number, there: number, at = -1) => {
    if (here === hand.here && there === hand.there && at === overRow) return;
    hand = { here, there };
    overRow = at;
    frame.draw();
  };
  const pin = (here: number) => ask("selected", here < 0 ? -1 : view.start + here);

  const flow = tokenFlow({ preview: (i) => preview(i, pairOf(i)), pin });
  const beside = tokenFlow({ preview: (i) => preview(i < 0 ? -1 : (back[i] ?? -1), i), pin: (i) => pin(i < 0 ? -1 : (back[i] ?? -1)) }, "Tokens to compare with");
  const cells = grid({ preview: overCell, pin: pinCell }, frame.signal);
  const scaleKey = legend((range) => {
    lit = range;
    frame.draw();
  });
  const title = make("h3", { class: "wb-title" });
  const stream = choice("Stream", (name) => ask("stream", name));
  const layer = choice("Layer", (name) => ask("layer", Number(name)));
  const unit = stepper((value) => ask("unit", value));
  const colour = choice("Colour", (name) => ask("colour", name as State["colour"]));
  const rows = choice("Rows", (name) => ask("rows", name as State["rows"]));
  const ablate = giver((what) => frame.say({ kind: "ablate", what }));
  const here = tokenPanel({
    unit: (value) => ask("unit", value),
    feature: (value) => frame.say({ kind: "show", stream: "features", unit: value }),
  });
  const text = textField("Text", "Run", (words) => ask("text", words));
  const against = textField("Compare with", "Run", (words) => ask("against", words));
  const compare = make("button", { type: "button", class: "wb-link wb-muted" });
  compare.addEventListener("click", () => {
    isComparing = !isComparing;
    if (isComparing) against.set(model.get("against") || model.get("text"));
    else if (model.get("against") !== "") ask("against", "");
    show(against.element, isComparing);
    if (isComparing) against.element.querySelector("textarea")?.focus();
    frame.draw();
  });
  const pages = pager((start) => ask("start", start));
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const errors = { text: text.fail, against: against.fail, unit: unit.fail, "": (message: string) => write(failure, message) };
  const placeError = errorPlacer(errors);
  const first = make("div", { class: "wb-label" });
  const second = make("div", { class: "wb-label" });
  const evidence = make("div", { class: "wb-heatmap-evidence" });
  evidence.append(cells.element, rows.element, first, flow.element, second, beside.element, pages.element);
  if (alive) evidence.append(text.element, against.element, compare, failure);
  const toolbar = make("div", { class: "wb-toolbar" }, stream.element, layer.element, unit.element, colour.element, ablate.element);
  frame.body.append(
    make("header", { class: "wb-header" }, make("div", {}, title, toolbar), scaleKey.element),
    make("div", { class: "wb-heatmap-body" }, here.element, evidence),
  );

  function pairOf(here: number): number {
    return here < 0 ? -1 : (arrays.other?.pairs.numbers[here] ?? -1);
  }
  function isMap(): boolean {
    return view.query >= 0 && model.get("rows") === "queries";
  }
  function overCell(cell: Cell | null): void {
    if (cell === null) preview(-1, -1);
    else preview(cell.column, pairOf(cell.column), cell.row);
  }
  /** A click in the grid takes the layer and pins the token; among queries it takes the query. */
  function pinCell(cell: Cell | null): void {
    if (cell === null) return pin(-1);
    if (isMap()) return pin(cell.row);
    if (view.layers[cell.row] !== undefined) model.set("layer", view.layers[cell.row]!);
    pin(cell.column);
  }

  /** Without Python the view is made here: of the feature that is chosen, or of what the pinned token attends to. */
  function madeHere(): View {
    if (whole.stream === "features") return viewOf(whole, model.get("unit"));
    const selected = model.get("selected");
    return viewOfQuery(whole, selected < 0 ? whole.total - 1 : selected);
  }

  const changed = changes();
  const retexted = changes();
  const reopened = changes();
  const compared = changes();
  const rescaled = changes();
  const repainted = changes();
  const remarked = changes();
  /** Take what Python sent, or what is made of it, where either is another one now. */
  function take(): void {
    const received = model.get("numbers");
    if (received !== sent) {
      sent = received;
      whole = together(model.get("page"), received);
      looks = looker(whole, alive ? frame.say : null);
    }
    const wanted = whole.stream === "features" ? model.get("unit") : model.get("selected");
    if (!changed(whole, alive || wanted)) return;
    view = alive ? whole : madeHere();
    arrays = decoded(view);
    back = arrays.other ? inverse(arrays.other.pairs.numbers, view.other!.pieces.length) : [];
    if (retexted(view.pieces.join("\0"), view.start)) {
      flow.set(view.pieces, view.bos, view.groups);
      hand = { here: -1, there: -1 };
      overRow = -1;
    }
    if (compared(view.other?.pieces.join("\0"), view.start)) {
      beside.set(view.other?.pieces ?? [], view.other?.bos ?? false, view.other?.groups ?? []);
      hand = { here: hand.here, there: pairOf(hand.here) };
    }
  }

  const draw = () => {
    take();
    const at = Math.max(0, view.layers.indexOf(model.get("layer")));
    const isDifference = arrays.difference !== null && model.get("colour") === "difference" && !isMap();
    const shown = isDifference ? arrays.difference! : arrays.values;
    const values = row(shown, at);
    const { theme, surface, ink } = frame.around();
    if (rescaled(view, isDifference, theme, css(surface))) {
      scale = scaleOf(view, isDifference, theme, surface);
      scaleKey.set(scale, captionOf(view, isDifference));
    }
    const map = isMap() ? looks.map(at) : null;
    if (repainted(view, at, isDifference, theme, css(surface), css(ink), isMap(), map)) paint(values, shown, map, at, ink);

    const selected = model.get("selected") - view.start;
    const pinned = selected >= 0 && selected < view.pieces.length ? selected : -1;
    if (remarked(view, at, isDifference, pinned, lit)) {
      const isLit = (value: number) => lit !== null && value >= lit.low && value <= lit.high;
      flow.mark(pinned, (i) => isLit(values[i]!));
      if (arrays.other) beside.mark(pairOf(pinned), (i) => !isDifference && isLit(row(arrays.other!.values, at)[i]!));
    }
    const overLayer = overRow >= 0 && !isMap() ? overRow : at;
    const overQuery = isMap() ? overRow : -1;
    const ownRow = isMap() ? view.query - view.start : at;
    const previewed = hand.here >= 0 ? { row: overRow >= 0 ? overRow : ownRow, column: hand.here } : null;
    cells.mark({ row: ownRow, pinned, previewed });
    const readValues = map !== null && overQuery >= 0 ? row(map, overQuery) : row(shown, overLayer);
    const standsOut = strongest(values, leftOut(view));
    const told = view.query >= 0 ? -1 : pinned; // a pinned token that looks: where to is the finding, not itself
    const listed = listedAt(hand.here, told, standsOut);
    const alone = hand.here < 0 ? otherOf(hand.there, at) : null;
    const partner = hand.here >= 0 ? hand.there : pairOf(listed);
    const lists = alive || view.tops !== null;
    const isOtherQuery = overQuery >= 0 && overQuery !== ownRow;
    scaleKey.point(alone === null ? (readValues[listed] ?? null) : isDifference ? null : alone.value);
    here.draw({
      view,
      values: readValues,
      other: isOtherQuery ? null : otherOf(partner, overLayer),
      alone: alone && { ...alone, position: view.start + hand.there },
      query: overQuery >= 0 ? called(view, overQuery) : "",
      ids: arrays.ids.numbers,
      previewed: hand.here,
      pinned: told,
      standsOut,
      isDifference,
      lists,
      strongest: lists ? looks.strongest(overLayer, listed) : null,
      scale,
      open: alive || view.stream === "features",
    });
    controls(at);
  };

  function paint(values: ArrayLike<number>, shown: NumberArray, map: NumberArray | null, at: number, ink: Rgb): void {
    flow.paint((i) => scale.colour(values[i]!), ink, (i) => `${called(view, i)} ${number(values[i]!)}`);
    if (arrays.other) {
      const theirs = row(arrays.other.values, at);
      const isDifference = shown === arrays.difference;
      const value = (i: number) => (isDifference ? (back[i]! < 0 ? Number.NaN : values[back[i]!]!) : theirs[i]!);
      beside.paint((i) => scale.colour(value(i)), ink, (i) => `${called(view.other!, i)} ${number(theirs[i]!)}`);
    }
    const names = isMap() ? view.pieces.map(() => "") : view.layers.map((layer) => `L${layer}`);
    const of = isMap() ? "queries by tokens" : "layers by tokens";
    cells.set({ names, columns: view.pieces.length, label: `${titleOf(view, at)}, ${of}; arrows walk, Enter pins` });
    if (isMap()) cells.paint((r, c) => scale.colour(map === null ? 0 : row(map, r)[c]!), ink);
    else cells.paint((r, c) => scale.colour(row(shown, r)[c]!), ink);
  }

  function otherOf(partner: number, at: number): { name: string; value: number } | null {
    if (!arrays.other || partner < 0) return null;
    return { name: called(view.other!, partner), value: row(arrays.other.values, at)[partner]! };
  }

  function controls(at: number): void {
    write(title, titleOf(view, at));
    const isOpen = alive || view.stream === "features";
    stream.set({ options: alive ? model.get("streams") : [], value: model.get("stream") });
    layer.set({ options: view.layers.map(String), value: String(view.layers[at] ?? "") });
    unit.set({ value: alive ? model.get("unit") : view.unit, high: view.width - 1, noun: view.noun, label: capital(view.noun) });
    show(unit.element, isOpen);
    colour.set({ options: view.other && !isMap() ? ["values", "difference"] : [], value: model.get("colour") });
    ablate.set(alive && model.get("gives_parts") ? partsIn(view, at) : []);
    rows.set({ options: view.query >= 0 ? ["layers", "queries"] : [], value: model.get("rows") });
    show(cells.element, view.layers.length > 1 || isMap());
    write(first, view.other ? "Text" : "");
    write(second, view.other ? "Compared with" : "");
    show(beside.element, view.other !== null);
    pages.set({ start: view.start, shown: view.pieces.length, total: view.total, open: alive });
    placeError(model.get("error"), model.get("error_at"));
    text.set(model.get("text"));
    if (reopened(model.get("against"))) isComparing = model.get("against") !== "";
    if (model.get("against") !== "" || !isComparing) against.set(model.get("against"));
    show(against.element, isComparing);
    write(compare, isComparing ? "Compare no more" : "Compare with another text");
    frame.footer(plural(view.total, "token"));
  }

  const hear = (message: Seen, buffers: readonly ArrayBufferView[]) => {
    if (looks.hear(message, buffers)) frame.draw();
  };
  model.on("msg:custom", hear);
  const close = frame.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};

/** "Feature 1234"; "Neuron 17 of mlp_act.2"; "Head 3 of pattern.1 · attention of “bridge”". */
function titleOf(view: View, at: number): string {
  const site = view.layers.length > 0 ? `${view.stream}.${view.layers[at]}` : view.stream;
  const where = view.stream === "features" ? "" : ` of ${site}`;
  const word = view.name === "" ? "" : ` ${nameOf(view.name)}`;
  const query = view.query - view.start;
  const isHere = query >= 0 && query < view.pieces.length;
  const whose = view.query < 0 ? "" : ` · attention of ${isHere ? called(view, query) : `token ${view.query}`}`;
  return `${capital(view.noun)} ${view.unit}${word}${where}${whose} · ${plural(view.total, "token")}`;
}

/** One scale for all layers and both texts, so that walking through them compares like with like. */
function scaleOf(view: View, isDifference: boolean, theme: Theme, surface: Rgb): Scale {
  if (isDifference) return stepped(diverging(theme, surface, view.apart ?? 0));
  const high = Math.max(view.maximum ?? 0, view.extent);
  return stepped(view.signed ? diverging(theme, surface, high) : sequential(theme, surface, high));
}

function captionOf(view: View, isDifference: boolean): string {
  if (isDifference) return "text minus the one below it";
  if (view.query >= 0) return "share of its attention";
  if (view.maximum !== null) return view.extent > view.maximum ? "to the largest here" : "to its maximum in training";
  const layers = view.layers.length > 1 ? ", all layers" : "";
  return `to the largest here${layers}${leftOut(view) > 0 ? `, ${view.pieces[0]} left out` : ""}`;
}

/** Every token with its values at all layers. */
function tableOf(view: View, arrays: Decoded, layer: number): Table {
  const layers = view.layers.length > 0 ? view.layers.map((one) => `${view.stream}.${one}`) : [view.stream];
  const other = arrays.other ? ["there", `there, ${layers[Math.max(0, view.layers.indexOf(layer))]}`] : [];
  const at = Math.max(0, view.layers.indexOf(layer));
  const rows = view.pieces.map((_, i) => {
    const pair = arrays.other?.pairs.numbers[i] ?? -1;
    const theirs = pair < 0 ? ["–", "–"] : [called(view.other!, pair), number(row(arrays.other!.values, at)[pair]!)];
    const mine = layers.map((_, l) => number(row(arrays.values, l)[i]!));
    return [called(view, i), String(view.start + i), ...mine, ...(arrays.other ? theirs : [])];
  });
  return { caption: titleOf(view, at), columns: ["token", "position", ...layers, ...other], rows };
}

/** "Tokens 513 to 1 024 of 2 048", with a step to either side; nothing where all are shown. */
function pager(go: (start: number) => void): {
  element: HTMLElement;
  set(now: { start: number; shown: number; total: number; open: boolean }): void;
} {
  const says = make("span", { class: "wb-muted" });
  const less = make("button", { type: "button", class: "wb-step", "aria-label": "Tokens before" }, "‹");
  const more = make("button", { type: "button", class: "wb-step", "aria-label": "Tokens after" }, "›");
  const element = make("div", { class: "wb-control", hidden: true }, less, says, more);
  let at = 0;
  less.addEventListener("click", () => go(Math.max(0, at - PAGE)));
  more.addEventListener("click", () => go(at + PAGE));
  return {
    element,
    set({ start, shown, total, open }) {
      at = start;
      show(element, shown < total);
      write(says, `Tokens ${count(start + 1)} to ${count(start + shown)} of ${count(total)}`);
      show(less, open && start > 0);
      show(more, open && start + shown < total);
    },
  };
}

/** Where a value is furthest from zero; the first token where there is none. */
function strongest(values: ArrayLike<number>, from: number): number {
  let best = -1;
  for (let i = from; i < values.length; i++)
    if (!Number.isNaN(values[i]!) && (best < 0 || Math.abs(values[i]!) > Math.abs(values[best]!))) best = i;
  return Math.max(0, best);
}

export default { render };
