/**
 * Sliders on features; plain, steered and control text side by side, as they are written; what that does, measured.
 *
 * While Python writes, the texts come as messages, whole and with the number of their run, so any
 * of them may be lost or late; when it ends they are traits. A moved slider starts another run.
 */

import type { Render } from "@anywidget/types";
import { notNegative, numberField, textField, wholeNumber } from "./lib/controls.ts";
import { attribute, changes, errorPlacer, focusNear, make, show, write } from "./lib/dom.ts";
import { count, number, plural, strength } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import { heldThen, type StrengthSlider, strengthSlider } from "./lib/strength_slider.ts";
import { visible } from "./lib/tokens.ts";
import { adding, type Found } from "./steering/adding.ts";
import { doseView } from "./steering/dose.ts";
import { type Dose, finite, interval, mean, type Measured, signed } from "./steering/measured.ts";
import { type Presets, presetsView } from "./steering/presets.ts";
import { readouts } from "./steering/readouts.ts";
import { column, KINDS } from "./steering/written.ts";

interface Texts {
  plain: string;
  steered: string;
  control: string;
  /** Of several samples all but the first: plain, steered, control. */
  others: string[][];
  /** How many tokens each has, at most. */
  counts: number[];
  /** Tokens a second, all texts together. */
  rate: number;
}

type Nothing = Record<string, never>;

interface State extends Texts, Common {
  prompt: string;
  features: number[];
  /** The feature that is looked at in other views; -1: none. */
  focused: number;
  labels: string[];
  maxima: number[];
  strengths: number[];
  new_tokens: number;
  temperature: number;
  seed: number;
  samples: number;
  draw: number;
  controls: number[];
  /** The share of tokens on which each feature, then each control, is on. */
  densities: number[];
  run: number;
  cancelled: boolean;
  presets: Presets;
  by: string;
  query: string;
  /** Where features can be looked for. */
  sources: string[];
  width: number;
  found: Found | Nothing;
  prompts: string[];
  target: string[];
  aim: string;
  neutral: string[];
  measured: Measured | Nothing;
  measuring: boolean;
  /** The feature whose dose–response is shown; -1: none. */
  dosed: number;
  dose: Dose | Nothing;
  dosing: boolean;
}

interface Progress extends Texts {
  kind: "text";
  run: number;
}

const render: Render<State> = ({ model, el }) => {
  const frame = shell<State>({
    model,
    el,
    kind: "steering",
    label: "Steering panel",
    offline: "the texts, the table and the curves stay as they were.",
    draw: () => draw(),
    table: () => tableOf(),
  });
  const ask = <Name extends keyof State & string>(name: Name, value: State[Name]) => frame.ask(name, value);
  const hold = (feature: number, value: number) => {
    model.set("focused", feature);
    ask("strengths", model.get("strengths").map((old, i) => (model.get("features")[i] === feature ? value : old)));
  };
  const find = (by: string, query: string) => {
    const isSame = by === model.get("by") && query === model.get("query");
    model.set("by", by);
    ask("query", query);
    if (isSame) frame.say({ kind: "find" });
  };

  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  verb.addEventListener("click", () => frame.say({ kind: model.get("running") ? "cancel" : "generate" }));
  const prompt = textField("Prompt", "Run", (text) => ask("prompt", text));
  const whole = (noun: string, low: number, high: number) => (text: string) => wholeNumber(text, { low, high, noun });
  const tokens = numberField("Tokens", whole("length", 1, MOST_TOKENS), (value) => ask("new_tokens", value));
  const temperature = numberField("Temperature", (text) => notNegative(text, "temperature"), (value) => ask("temperature", value));
  const seed = numberField("Seed", whole("seed", 0, 2 ** 31 - 1), (value) => ask("seed", value));
  const samples = numberField("Samples", whole("number of samples", 1, MOST_SAMPLES), (value) => ask("samples", value));
  const presets = presetsView({
    save: (name) => frame.say({ kind: "save", name }),
    recall: (name) => frame.say({ kind: "recall", name }),
    forget: (name) => frame.say({ kind: "forget", name }),
  });
  const bank = make("div", { class: "wb-steering-sliders" });
  const add = adding({ find, add: (feature) => frame.say({ kind: "add", feature }) });
  const asked = make("div", { class: "wb-steering-prompt", dir: "auto" });
  let sliders: StrengthSlider[] = [];
  let built: readonly number[] = [];
  const another = make("button", { type: "button", class: "wb-link wb-muted" }, "Draw another");
  another.addEventListener("click", () => ask("draw", model.get("draw") + 1));
  const [plain, steered, control] = [column("Plain", "plain"), column("Steered", "steered"), column("Control", "control", ...(frame.alive ? [another] : []))];
  const texts = make("div", { class: "wb-steering-texts" }, plain.element, steered.element, control.element);
  const effects = readouts({
    target: (words) => ask("target", words),
    aim: (aim) => ask("aim", aim),
    measure: () => frame.say({ kind: "measure" }),
    stop: () => frame.say({ kind: "stop", name: "effects" }),
  });
  const doses = doseView(
    { ask: () => frame.say({ kind: "dose" }), stop: () => frame.say({ kind: "stop", name: "dose" }), hide: () => ask("dosed", -1) },
    frame.draw,
    frame.signal,
  );
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({
    prompt: prompt.fail,
    query: add.fail,
    preset: presets.fail,
    measured: effects.fail,
    dose: doses.fail,
    "": (message) => write(failure, message),
  });
  const settings = make("div", { class: "wb-toolbar" }, tokens.element, temperature.element, seed.element, samples.element);
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-steering-status wb-steering-wait" }, status, verb)),
    ...(frame.alive ? [make("div", { class: "wb-steering-ask" }, prompt.element, settings)] : [asked]),
    bank,
    ...(frame.alive ? [make("div", { class: "wb-steering-more" }, add.element, presets.element)] : []),
    texts,
    failure,
    effects.element,
    doses.element,
  );

  let progress: Progress | null = null;
  const rebuilt = changes();
  const draw = () => {
    const running = model.get("running");
    if (!running) progress = null;
    const now: Texts = progress ?? textsOf((name) => model.get(name));
    const strengths = model.get("strengths");
    const isOff = strengths.every((value) => value === 0);
    const [features, controls] = [model.get("features"), model.get("controls")];
    const written = KINDS.map((kind, i) => [now[kind], ...now.others.map((sample) => sample[i] ?? "")]);
    const n = written[0]!.length;

    const several = n > 1 ? `${n} samples of ` : "";
    write(title, `Steering ${plural(features.length, "feature")} · ${several}up to ${plural(model.get("new_tokens"), "token")} a text`);
    write(status, statusOf(now.rate, running, model.get("cancelled")));
    verb.textContent = running ? "Cancel" : "Generate";
    show(verb, frame.alive && (running || model.get("cancelled") || model.get("error") !== ""));
    attribute(frame.root, "data-running", running);
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    tokens.set(model.get("new_tokens"));
    seed.set(model.get("seed"));
    temperature.set(model.get("temperature"));
    samples.set(model.get("samples"));
    show(samples.element, model.get("temperature") > 0);
    if (rebuilt(features.join(), model.get("labels").join("\0"))) build(features);
    const focused = model.get("focused");
    sliders.forEach((slider, i) => {
      slider.set(strengths[i] ?? 0);
      slider.element.classList.toggle("wb-focused", features[i] === focused && features.length > 1);
    });
    if (frame.alive) {
      const found = model.get("found");
      const other = focused >= 0 && !features.includes(focused) ? focused : -1;
      const search = { by: model.get("by"), query: model.get("query"), sources: model.get("sources") };
      add.draw({ ...search, found: "rows" in found ? (found as Found) : null, features, other });
      presets.draw(model.get("presets"), features, strengths);
    }
    write(asked, frame.alive ? "" : visible(model.get("prompt")));

    attribute(texts, "data-many", n > 1);
    if (progress !== null || !running) attribute(texts, "data-run", progress?.run ?? model.get("run"));
    texts.style.setProperty("--wb-samples", String(n));
    const common = { running, plain: written[0]!, limit: model.get("new_tokens"), seed: model.get("seed"), wanted: model.get("target") };
    plain.draw({ ...common, texts: written[0]!, tokens: now.counts[0] ?? 0, about: "no edit" });
    const held = isOff ? "every slider is off: no edit" : heldAt("feature", features, strengths);
    steered.draw({ ...common, texts: written[1]!, tokens: now.counts[1] ?? 0, about: held });
    const isMatched = controls.length === features.length;
    const drawn = isMatched ? heldAt("random feature", controls, strengths) + densities() : "no other feature is on as often";
    control.draw({ ...common, texts: written[2]!, tokens: now.counts[2] ?? 0, about: isOff ? "every slider is off: no edit" : drawn });
    show(another, !isOff && isMatched);

    const measured = measuredOf();
    const [measuring, target, hasNeutral] = [model.get("measuring"), model.get("target"), model.get("neutral").length > 0];
    effects.draw({ target, aim: model.get("aim"), measured, measuring, writing: running, isOff, hasNeutral, alive: frame.alive });
    drawDose(features, strengths, target.length > 0 || hasNeutral);
    const seeds = n > 1 ? `${n} seeds` : "one seed";
    frame.footer(measured === null ? `one prompt, ${seeds}: an illustration, not a measurement` : "the texts are illustrations; the table is measured");
  };

  const measuredOf = () => {
    const measured = model.get("measured");
    return "rows" in measured ? (measured as Measured) : null;
  };
  const drawDose = (features: readonly number[], strengths: readonly number[], canAsk: boolean) => {
    const sent = model.get("dose");
    const dose = "points" in sent ? (sent as Dose) : null;
    const slider = features.indexOf(dose?.feature ?? -1);
    const label = visible(model.get("labels")[slider] ?? "");
    const name = label === "" ? `feature ${dose?.feature}` : `${label}, feature ${dose?.feature}`;
    doses.draw({ dose, dosing: model.get("dosing"), strength: strengths[slider] ?? 0, label: name, canAsk, alive: frame.alive });
  };

  /** A slider for each feature; one that is not the last can be taken away. A hand stays, or goes to the next one. */
  const build = (features: readonly number[]) => {
    const held = sliders.findIndex(({ element }) => element.contains(focusNear(bank)));
    const [labels, maxima] = [model.get("labels"), model.get("maxima")];
    sliders = features.map((feature, i) => {
      const about = { feature, label: visible(labels[i] ?? ""), maximum: maxima[i] ?? Number.NaN };
      const slider = strengthSlider(about, (value) => hold(feature, value), { inert: !frame.alive });
      if (frame.alive && features.length > 1) {
        const name = `Remove feature ${feature}`;
        const remove = make("button", { type: "button", class: "wb-clear", "aria-label": name, title: name }, "×");
        remove.addEventListener("click", () => frame.say({ kind: "remove", feature }));
        slider.element.append(remove);
      }
      return slider;
    });
    bank.replaceChildren(...sliders.map((slider) => slider.element));
    if (held >= 0) sliders[heldThen(built, held, features)]?.element.querySelector("input")?.focus();
    built = features;
  };
  const tableOf = () => {
    const now = progress ?? textsOf((name) => model.get(name));
    const named = (sample: number) => (sample === 0 ? "" : `, seed ${model.get("seed") + sample}`);
    const rows = [KINDS.map((kind) => now[kind]), ...now.others].flatMap((texts, sample) =>
      KINDS.map((name, i) => [name + named(sample), sample === 0 ? count(now.counts[i] ?? 0) : "", visible(texts[i] ?? "")]),
    );
    const measured = (measuredOf()?.rows ?? []).map((row) => {
      const change = `change ${signed(row.change?.[0])} ${interval(row.change)}, n ${row.change?.[3] ?? 0}`;
      const levels = row.plain === null ? "" : `plain ${number(row.plain[0] ?? Number.NaN)}, steered ${number(row.steered?.[0] ?? Number.NaN)}; `;
      return [visible(row.name), "", `${levels}${change}; controls ${signed(mean(finite(row.controls)))}, n ${row.controls.length}; p ${number(row.p ?? Number.NaN)}`];
    });
    return { caption: visible(model.get("prompt")), columns: ["text", "tokens", "what was written"], rows: [...rows, ...measured] };
  };

  /** How often the one held feature and its control are on; with several held, more than a caption can say. */
  const densities = () => {
    const held = model.get("strengths").flatMap((value, i) => (value === 0 ? [] : [i]));
    if (held.length !== 1) return "";
    const all = model.get("densities");
    const percent = (i: number) => `${number(100 * (all[i] ?? Number.NaN))} %`;
    return `, on at ${percent(model.get("features").length + held[0]!)} of tokens (steered: ${percent(held[0]!)})`;
  };
  const hear = (message: Progress) => {
    if (message?.kind !== "text" || message.run < model.get("run")) return;
    progress = message;
    frame.draw();
  };

  model.on("msg:custom", hear);
  const close = frame.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};

const [MOST_TOKENS, MOST_SAMPLES] = [1000, 8];

function textsOf(get: <Name extends keyof Texts>(name: Name) => Texts[Name]): Texts {
  return {
    plain: get("plain"),
    steered: get("steered"),
    control: get("control"),
    others: get("others"),
    counts: get("counts"),
    rate: get("rate"),
  };
}

function statusOf(rate: number, running: boolean, cancelled: boolean): string {
  const speed = rate > 0 ? `${number(rate)} tokens/s` : "";
  if (running) return speed;
  return cancelled ? "cancelled" : speed;
}

/** "feature 12 at 3.0 ×, feature 80 at −1.0 ×"; many are counted. */
function heldAt(noun: string, features: number[], strengths: number[]): string {
  const held = features.flatMap((feature, i) => (strengths[i] ? [`${noun} ${feature} at ${strength(strengths[i]!)}`] : []));
  return held.length <= 3 ? held.join(", ") : `${held.length} ${noun}s`;
}

export default { render };
