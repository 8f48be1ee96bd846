/**
 * Sliders on features; plain, steered and control text side by side, as they are written.
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
import { agreement, visible } from "./lib/tokens.ts";

interface Texts {
  plain: string;
  steered: string;
  control: string;
  /** How many tokens each has. */
  counts: number[];
  /** Tokens a second, all texts together. */
  rate: number;
}

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
  draw: number;
  controls: number[];
  /** The share of tokens on which each feature, then each control, is on. */
  densities: number[];
  run: number;
  cancelled: boolean;
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
    offline: "the texts and the table stay as they were written.",
    draw: () => draw(),
    table: () => tableOf(),
  });
  const ask = <Name extends keyof State & string>(name: Name, value: State[Name]) => frame.ask(name, value);
  const hold = (feature: number, value: number) => {
    model.set("focused", feature);
    ask("strengths", model.get("strengths").map((old, i) => (model.get("features")[i] === feature ? value : old)));
  };

  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  verb.addEventListener("click", () => frame.say({ kind: model.get("running") ? "cancel" : "generate" }));
  const prompt = textField("Prompt", "Run", (text) => ask("prompt", text));
  const seed = numberField("Seed", readSeed, (value) => ask("seed", value));
  const temperature = numberField("Temperature", (text) => notNegative(text, "temperature"), (value) => ask("temperature", value));
  const bank = make("div", { class: "wb-steering-sliders" });
  const add = make("button", { type: "button", class: "wb-button wb-steering-add", hidden: true });
  add.addEventListener("click", () => frame.say({ kind: "add", feature: model.get("focused") }));
  const asked = make("div", { class: "wb-steering-prompt" });
  let sliders: StrengthSlider[] = [];
  let built: readonly number[] = [];
  const another = make("button", { type: "button", class: "wb-link wb-muted" }, "Draw another");
  another.addEventListener("click", () => ask("draw", model.get("draw") + 1));
  const plain = writing("Plain", "plain");
  const steered = writing("Steered", "steered");
  const control = writing("Control", "control", ...(frame.alive ? [another] : []));
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ prompt: prompt.fail, "": (message) => write(failure, message) });
  const settings = make("div", { class: "wb-toolbar" }, seed.element, temperature.element);
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-steering-status wb-steering-wait" }, status, verb)),
    ...(frame.alive ? [make("div", { class: "wb-steering-ask" }, prompt.element, settings)] : [asked]),
    bank,
    add,
    make("div", { class: "wb-steering-texts" }, plain.element, steered.element, control.element),
    failure,
  );

  let progress: Progress | null = null;
  const rebuilt = changes();
  const draw = () => {
    const running = model.get("running");
    if (!running) progress = null;
    const texts: Texts = progress ?? textsOf((name) => model.get(name));
    const strengths = model.get("strengths");
    const isOff = strengths.every((value) => value === 0);
    const [features, controls] = [model.get("features"), model.get("controls")];
    const now = { running, plain: texts.plain, limit: model.get("new_tokens") };

    write(title, `Steering ${plural(features.length, "feature")} · up to ${plural(model.get("new_tokens"), "token")} a text`);
    write(status, statusOf(texts.rate, running, model.get("cancelled")));
    verb.textContent = running ? "Cancel" : "Generate";
    show(verb, frame.alive && (running || model.get("cancelled") || model.get("error") !== ""));
    attribute(frame.root, "data-running", running);
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    seed.set(model.get("seed"));
    temperature.set(model.get("temperature"));
    if (rebuilt(features.join(), model.get("labels").join("\0"))) build(features);
    const focused = model.get("focused");
    sliders.forEach((slider, i) => {
      slider.set(strengths[i] ?? 0);
      slider.element.classList.toggle("wb-focused", features[i] === focused && features.length > 1);
    });
    show(add, frame.alive && focused >= 0 && !features.includes(focused));
    add.textContent = `Add feature ${focused}`;
    write(asked, frame.alive ? "" : visible(model.get("prompt")));

    plain.draw({ ...now, text: texts.plain, tokens: texts.counts[0] ?? 0, about: "no edit" });
    const held = isOff ? "every slider is off: no edit" : heldAt("feature", features, strengths);
    steered.draw({ ...now, text: texts.steered, tokens: texts.counts[1] ?? 0, about: held });
    const isMatched = controls.length === features.length;
    const drawn = isMatched ? heldAt("random feature", controls, strengths) + densities() : "no other feature is on as often";
    control.draw({ ...now, text: texts.control, tokens: texts.counts[2] ?? 0, about: isOff ? "every slider is off: no edit" : drawn });
    show(another, !isOff && isMatched);
    frame.footer("one prompt, one seed: an illustration, not a measurement");
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
    const texts = progress ?? textsOf((name) => model.get(name));
    const rows = (["plain", "steered", "control"] as const).map((name, i) => [name, String(texts.counts[i] ?? 0), visible(texts[name])]);
    return { caption: visible(model.get("prompt")), columns: ["text", "tokens", "what was written"], rows };
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

function readSeed(text: string): number | string {
  return wholeNumber(text, { low: 0, high: 2 ** 31 - 1, noun: "seed" });
}

function textsOf(get: <Name extends keyof Texts>(name: Name) => Texts[Name]): Texts {
  return { plain: get("plain"), steered: get("steered"), control: get("control"), counts: get("counts"), rate: get("rate") };
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

interface Written {
  text: string;
  tokens: number;
  /** The most tokens it may have. */
  limit: number;
  about: string;
  plain: string;
  running: boolean;
}

/** One of the three columns: what is held, the text with its difference from the plain one, and how far they agree. */
function writing(name: string, kind: keyof Texts, ...extras: HTMLElement[]): { element: HTMLElement; draw(now: Written): void } {
  const about = make("div", { class: "wb-muted wb-written-about" });
  const same = make("span");
  const changed = make("span", { class: "wb-written-changed" });
  const text = make("div", { class: "wb-written-text", dir: "auto", "aria-live": "polite" }, same, changed);
  const heading = make("div", { class: "wb-written-heading" }, make("h4", {}, name), ...extras);
  const foot = make("div", { class: "wb-muted" });
  const element = make("section", { class: `wb-written wb-written-${kind}`, "aria-label": `${name} text` });
  element.append(heading, about, text, foot);

  return {
    element,
    draw(now) {
      const { length, words } = kind === "plain" ? { length: now.text.length, words: 0 } : agreement(now.plain, now.text);
      write(about, now.about);
      write(same, visible(now.text.slice(0, length)).replace(/^ /, ""));
      write(changed, visible(now.text.slice(length)).replace(/^ /, length > 0 ? " " : ""));
      attribute(text, "aria-busy", now.running);
      const isSame = length === now.text.length && length === now.plain.length;
      const comparison = kind === "plain" || now.tokens === 0 ? "" : ` · ${comparisonOf(isSame, words)}`;
      write(foot, lengthOf(now) + comparison);
    },
  };
}

function lengthOf({ tokens, limit, running }: Written): string {
  if (running) return `${count(tokens)} of ${plural(limit, "token")}`;
  return tokens === 0 ? "–" : plural(tokens, "token");
}

function comparisonOf(isSame: boolean, words: number): string {
  if (isSame) return "same as plain";
  return words === 0 ? "differs from the first word" : `differs after ${plural(words, "word")}`;
}

export default { render };
