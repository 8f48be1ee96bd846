/**
 * Parts of the model taken out: zero, mean and resample side by side on one scale, each beside its control.
 *
 * Python sends every token of the prompt at once, so that looking at another one needs no kernel. What is measured
 * on many prompts comes as it grows, whole each time.
 */

import type { Render } from "@anywidget/types";
import { bandOf, ends, interval, key, track } from "./ablation/chart.ts";
import { controlsAt, intervalOf, isMeasured, type Measured, bandOver, pOf, progressOf, TARGETS } from "./ablation/measured.ts";
import { type Offered, partsView, type Task, type Told } from "./ablation/parts.ts";
import { ceiling, controlOf, type Decoded, decoded, drawnOf, type Here, isSeen, type Seen } from "./ablation/seen.ts";
import { css, sequential } from "./lib/colour.ts";
import { numberField, textField, wholeNumber } from "./lib/controls.ts";
import { attribute, changes, errorPlacer, make, show, write } from "./lib/dom.ts";
import { legend } from "./lib/legend.ts";
import { capital, number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import type { Table } from "./lib/table.ts";
import { tabs } from "./lib/tabs.ts";
import { tokenFlow } from "./lib/token_flow.ts";
import { leftOut, nameOf } from "./lib/tokens.ts";
import { called } from "./heatmap/view.ts";

interface Page {
  bos: boolean;
  pieces: string[];
  groups: [number, number][];
  total: number;
}

interface State extends Common {
  prompt: string;
  parts: string[];
  /** At which token to look; -1: the last. */
  token: number;
  /** By which ablation the tokens are tinted. */
  kind: string;
  target: Measured["target"];
  seed: number;
  kinds: string[];
  offered: Offered;
  candidates: string[];
  about: Told[];
  page: Page;
  seen: Seen | Record<string, never>;
  task: Task;
  measured: Measured | Record<string, never>;
  measuring: boolean;
  cancelled: boolean;
}

/** A scale of KL ends here at least, in nats: what changes by less should not look like much. */
const LEAST = 0.01;

const render: Render<State> = ({ model, el }) => {
  const frame = shell<State>({
    model,
    el,
    kind: "ablation",
    label: "Ablation panel",
    offline: "every token can be looked at, and tinted by each ablation.",
    draw: () => draw(),
    table: () => tableOf(model.get("page"), here(), at(), model.get("measured"), model.get("kinds")),
  });
  const { alive } = frame;
  const say = (kind: string, text: string) => frame.say({ kind, text });

  let found: Decoded | null = null;
  let hand = -1;
  let lit: { low: number; high: number } | null = null;
  const last = () => model.get("page").total - 1;
  const looked = () => (model.get("token") < 0 ? last() : Math.min(last(), model.get("token")));
  const at = () => (hand >= 0 ? hand : looked());
  const here = () => found?.at(at()) ?? null;

  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  const isAtWork = () => model.get("running") || model.get("measuring");
  verb.addEventListener("click", () => frame.say({ kind: isAtWork() ? "cancel" : "measure" }));
  const parts = partsView(alive, { add: (part) => say("add", part), remove: (part) => say("remove", part) });
  const seed = numberField("Seed", readSeed, (value) => frame.ask("seed", value));
  const prompt = textField("Prompt", "Run", (text) => say("prompt", text));
  const flow = tokenFlow({
    preview(index) {
      if (index === hand) return;
      hand = index;
      frame.draw();
    },
    pin: (index) => frame.ask("token", index),
  });
  const tintLabel = make("span", { class: "wb-label" }, "Tint by");
  const tint = tabs("Tint by", (kind) => frame.ask("kind", kind));
  const scaleKey = legend((range) => {
    lit = range;
    frame.draw();
  });
  const shade = make("div", { class: "wb-ablation-tint" }, tintLabel, tint.element, scaleKey.element);
  const heading = make("h4", { "aria-live": "polite" });
  const next = make("div", { class: "wb-ablation-chart", role: "table", "aria-label": "Next token" });
  const keys = make("div");
  const taskHeading = make("h4");
  const target = tabs("Measured", (name) => frame.ask("target", name as State["target"]));
  const task = make("div", { class: "wb-ablation-chart", role: "table", "aria-label": "Task" });
  const taskNote = make("p", { class: "wb-muted wb-ablation-note" });
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const evidence = make("div", { class: "wb-ablation-evidence" });
  if (alive) evidence.append(prompt.element);
  evidence.append(flow.element, shade, heading, next, keys);
  const taskHead = make("div", { class: "wb-ablation-task" }, taskHeading, target.element);
  evidence.append(taskHead, task, taskNote, failure);
  if (alive) parts.element.append(seed.element);
  const placeError = errorPlacer({ prompt: prompt.fail, part: parts.fail, "": (message) => write(failure, message) });
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-ablation-status" }, status, verb)),
    make("div", { class: "wb-ablation-body" }, parts.element, evidence),
  );

  const retexted = changes();
  const received = changes();
  /** Take what Python sent; what is being computed anew stays until it is there. */
  const take = () => {
    const { pieces, bos, groups } = model.get("page");
    if (retexted(pieces.join("\0"))) {
      flow.set(pieces, bos, groups);
      found = null;
      hand = -1;
    }
    const seen = model.get("seen");
    if (!received(seen, model.get("running"))) return;
    if (isSeen(seen)) found = decoded(seen);
    else if (!model.get("running")) found = null;
  };

  const rescaled = changes();
  const repainted = changes();
  const draw = () => {
    take();
    const [page, kinds, running] = [model.get("page"), model.get("kinds"), model.get("running")];
    write(title, titleOf(model.get("parts"), page.total, model.get("task").prompts));
    write(status, statusOf());
    verb.textContent = isAtWork() ? "Cancel" : "Measure";
    show(verb, alive && (isAtWork() || model.get("cancelled") || (model.get("error") !== "" && model.get("error_at") === "")));
    attribute(frame.root, "data-running", running || model.get("measuring"));
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    seed.set(model.get("seed"));
    show(seed.element, model.get("parts").length > 0);
    const [told, offered, candidates] = [model.get("about"), model.get("offered"), model.get("candidates")];
    const control = found === null ? "" : controlOf(found.kinds, found.standIns);
    parts.draw({ parts: model.get("parts"), about: told, candidates, offered, task: model.get("task"), kinds, control });
    paint();
    drawNext(kinds);
    drawTask(kinds);
    frame.footer(model.get("task").prompts > 0 ? "" : "one prompt: an illustration, not a measurement");
  };

  /** The tokens in the colours of what changes there, all ablations on one scale. */
  const paint = () => {
    const { theme, surface, ink } = frame.around();
    const page = model.get("page");
    const kind = found === null ? -1 : found.kinds.indexOf(model.get("kind"));
    const from = leftOut(page);
    const shown = kind < 0 ? null : found!.changes(kind);
    const scale = sequential(theme, surface, found === null ? 0 : Math.max(LEAST, found.mostFrom(from)));
    show(shade, shown !== null);
    if (shown && rescaled(found, css(surface))) scaleKey.set(scale, `KL(plain‖ablated) in nats${from > 0 ? `, ${page.pieces[0]} left out` : ""}`);
    if (repainted(found, kind, css(surface), css(ink), page)) {
      const value = (i: number) => shown?.[i] ?? 0;
      flow.paint((i) => scale.colour(value(i)), ink, (i) => `${called(page, i)}${shown ? ` KL ${number(value(i))}` : ""}`);
    }
    tint.set((found?.kinds ?? []).map((value) => ({ value, name: capital(value) })), model.get("kind"));
    show(tintLabel, (found?.kinds.length ?? 0) > 1);
    scaleKey.point(shown?.[at()] ?? null);
    flow.mark(looked(), (i) => lit !== null && shown !== null && shown[i]! >= lit.low && shown[i]! <= lit.high);
  };

  const renext = changes();
  const drawNext = (kinds: string[]) => {
    const now = here();
    const where = `after ${called(model.get("page"), at())}`;
    write(heading, now === null ? `Next token ${where}` : headingOf(now, where));
    if (!renext(found, at(), kinds.join())) return;
    next.replaceChildren(...(now === null ? [] : nextRows(now, Math.max(LEAST, found!.mostFrom(leftOut(model.get("page")))))));
    columnsOf(next, now?.kinds.length ?? 0);
    const draws = found?.draws ?? 0;
    keys.replaceChildren(...(now !== null && now.kinds.length > 0 ? [key(draws > 0 ? `${plural(draws, "control")}: lowest, median, highest` : "")] : []));
  };

  const remeasured = changes();
  const drawTask = (kinds: string[]) => {
    const { prompts } = model.get("task");
    const [measured, isAny] = [model.get("measured"), prompts > 0 && model.get("parts").length > 0];
    const name = isMeasured(measured) ? measured.target : model.get("target");
    show(taskHead, isAny);
    write(taskHeading, isAny ? `${TARGETS[name]} · ${plural(prompts, "prompt")} · 95 % intervals` : "");
    target.set(alive && isAny ? [{ value: "probability", name: "Probability" }, { value: "answered", name: "Answered" }] : [], model.get("target"));
    if (remeasured(measured, kinds.join(), isAny)) {
      task.replaceChildren(...(isMeasured(measured) && isAny ? taskRows(measured, kinds) : []));
      columnsOf(task, kinds.length);
    }
    write(taskNote, noteOf(prompts, model.get("parts").length, isMeasured(measured), model.get("measuring")));
  };

  const statusOf = () => {
    const [measured, about] = [model.get("measured"), model.get("task")];
    const progress = isMeasured(measured) ? progressOf(measured, about.prompts, about.controls) : "";
    if (model.get("measuring")) return progress;
    return model.get("cancelled") ? ["cancelled", progress].filter(Boolean).join(" · ") : "";
  };

  return frame.open();
};

function readSeed(text: string): number | string {
  return wholeNumber(text, { low: 0, high: 2 ** 31 - 1, noun: "seed" });
}

function titleOf(parts: string[], tokens: number, prompts: number): string {
  const out = parts.length === 0 ? "Nothing taken out" : parts.length <= 3 ? `Without ${parts.join(", ")}` : `Without ${parts.length} parts`;
  const task = prompts > 0 ? ` · ${plural(prompts, "prompt")}` : "";
  return `${out} · ${plural(tokens, "token")}${task}`;
}

function headingOf(now: Here, where: string): string {
  return `Probability of the next token ${where} · ${now.kinds.length === 0 ? "the likeliest" : "what changes most"}`;
}

function noteOf(prompts: number, parts: number, isThere: boolean, measuring: boolean): string {
  if (prompts === 0) return "One prompt is an illustration. To measure on a task, give prompts=[…] and answers=[…]: several dozen that nothing was chosen on.";
  if (parts === 0) return `With a part taken out, it is measured on ${plural(prompts, "prompt")}.`;
  return isThere || !measuring ? "" : "Measuring…";
}

// ---- rows ----

function columnsOf(table: HTMLElement, kinds: number): void {
  table.style.setProperty("--wb-columns", kinds === 0 ? "" : `repeat(${kinds}, minmax(0, 2fr))`);
  table.classList.toggle("wb-ablation-alone", kinds === 0);
}

function row(...cells: (HTMLElement | string)[]): HTMLElement {
  const line = make("div", { class: "wb-ablation-row", role: "row" });
  line.append(...cells.map((cell, i) => (typeof cell === "string" ? make("div", { role: i === 0 ? "rowheader" : "cell" }, cell) : cell)));
  return line;
}

function head(first: string, kinds: readonly string[]): HTMLElement {
  const line = make("div", { class: "wb-ablation-row wb-ablation-head", role: "row" });
  const name = (words: string) => make("div", { role: "columnheader" }, words);
  line.append(make("div", { role: "columnheader", class: "wb-muted" }, first), name("Plain"), ...kinds.map((kind) => name(capital(kind))));
  return line;
}

/** A track with a number beside it, and what the controls are on hover and for who hears it. */
function cell(marks: HTMLElement, words: string, more: string): HTMLElement {
  return make("div", { class: "wb-ablation-cell", role: "cell", title: more }, marks, make("span", { class: "wb-mono", "aria-label": `${words}, ${more}` }, words));
}

function nextRows(now: Here, most: number): HTMLElement[] {
  const high = ceiling(drawnOf(now));
  const rows = now.next.map(({ name, plain, under }) => {
    const token = make("div", { role: "rowheader", class: "wb-mono wb-ablation-token", dir: "auto", title: nameOf(name) }, nameOf(name));
    const value = (value: number) => ({ value, low: null, high: null });
    const alone = now.kinds.length === 0;
    const first = alone
      ? cell(track({ high, plain: value(plain), ablated: null, control: null }), number(plain), "plain")
      : make("div", { role: "cell", class: "wb-mono" }, number(plain));
    const cells = under.map(({ value: p, control }) => {
      const marks = track({ high, plain: value(plain), ablated: value(p), control });
      return cell(marks, number(p), control ? `controls ${bandOf(control)}` : "controls are being drawn");
    });
    return row(token, first, ...cells);
  });
  const all = [head(ends(high), now.kinds), ...rows];
  return now.kinds.length === 0 ? all : [...all, klRow(now, most)];
}

/** On one scale for all tokens of the text, so that where little changes it looks like little. */
function klRow(now: Here, most: number): HTMLElement {
  const high = ceiling([most, ...now.kl.flatMap(({ value, control }) => [value, control?.high ?? 0])]);
  const cells = now.kl.map(({ value, control }) => {
    const marks = track({ high, plain: null, ablated: { value, low: null, high: null }, control });
    return cell(marks, number(value), control ? `controls ${bandOf(control)}` : "controls are being drawn");
  });
  const name = make("div", { role: "rowheader", title: "KL(plain‖ablated)" }, "KL, nats");
  const line = row(name, make("div", { role: "cell", class: "wb-muted" }, ends(high)), ...cells);
  line.classList.add("wb-ablation-last");
  return line;
}

function taskRows(measured: Measured, kinds: readonly string[]): HTMLElement[] {
  const there = kinds.filter((kind) => measured.kinds[kind] !== undefined);
  const effects = there.map((kind) => measured.kinds[kind]!);
  const plain = intervalOf(effects[0]!.plain);
  const n = effects[0]!.plain?.[3] ?? effects[0]!.change[3];
  const none = () => make("div", { role: "cell" });
  const marks = effects.map((effect) => {
    const drawn = track({ high: 1, plain, ablated: intervalOf(effect.edited), control: controlsAt(effect) });
    return make("div", { role: "cell", class: "wb-ablation-wide" }, drawn);
  });
  const controls = effects.map((effect) => {
    const band = bandOver(effect.controls);
    return band ? said(number(band.middle), `${number(band.low)} to ${number(band.high)}`) : said("–", "");
  });
  return [
    head("0 to 1", there),
    row(make("div", { role: "rowheader", class: "wb-muted" }, `n ${n}`), none(), ...marks),
    row("value", estimated(plain), ...effects.map(({ edited }) => estimated(intervalOf(edited)))),
    row("change", none(), ...effects.map(({ change }) => estimated(intervalOf(change)))),
    row("controls’ change", none(), ...controls),
    row("p", none(), ...effects.map((effect) => said(pOf(effect), effect.p === null ? "" : plural(effect.controls.length, "control")))),
  ];
}

/** A number, and beneath it in muted ink what goes with it. */
function said(words: string, more: string): HTMLElement {
  const line = make("div", { role: "cell", class: "wb-mono wb-ablation-said" }, make("span", {}, words));
  if (more !== "") line.append(" ", make("span", { class: "wb-muted" }, more));
  return line;
}

function estimated(estimate: ReturnType<typeof intervalOf>): HTMLElement {
  if (estimate === null) return said("–", "");
  const { value, low, high } = estimate;
  return said(number(value), low === null || high === null ? "" : `[${number(low)}, ${number(high)}]`);
}

function tableOf(page: Page, now: Here | null, at: number, measured: State["measured"], kinds: readonly string[]): Table {
  const columns = ["", "plain", ...kinds.flatMap((kind) => [kind, `${kind}, controls`])];
  const band = (control: { low: number; middle: number; high: number } | null) => (control ? bandOf(control) : "–");
  const pairs = (under: Here["kl"]) => under.flatMap(({ value, control }) => [number(value), band(control)]);
  const rows = (now?.next ?? []).map(({ name, plain, under }) => [nameOf(name), number(plain), ...pairs(under)]);
  if (now && now.kinds.length > 0) rows.push(["KL, nats", "", ...pairs(now.kl)]);
  if (isMeasured(measured)) {
    const effects = kinds.map((kind) => measured.kinds[kind]);
    const plain = intervalOf(effects[0]?.plain ?? null);
    const told = effects.flatMap((effect) => {
      if (!effect) return ["–", "–"];
      return [`${interval(intervalOf(effect.change)!)}, n ${effect.change[3]}`, `${band(bandOver(effect.controls))}, p ${pOf(effect)}, ${plural(effect.controls.length, "control")}`];
    });
    rows.push([`${TARGETS[measured.target]}: change`, plain ? interval(plain) : "–", ...told]);
  }
  return { caption: `After ${called(page, at)}, position ${at}`, columns, rows };
}

export default { render };
