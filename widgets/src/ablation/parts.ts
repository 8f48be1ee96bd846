/** The parts that are taken out, and how one more is: picked, written, or taken from what is selected elsewhere. */

import { choice, stepper } from "../lib/controls.ts";
import { attribute, changes, focusNear, freshId, make, show, write } from "../lib/dom.ts";
import { plural } from "../lib/number.ts";
import { visible } from "../lib/tokens.ts";

/** A part as Python tells it. */
export interface Told {
  part: string;
  label: string;
}

/** What there is to take out. */
export interface Offered {
  layers: number;
  heads: number;
  neurons: number;
  features: number;
  streams: string[];
}

/** A kind of part: what it is called, whether it has a layer, and how many of it there are (in a layer). */
export interface Kind {
  name: string;
  layered: boolean;
  units: number;
  noun: string;
  write(layer: number, unit: number): string;
}

/** The kinds of parts that a model has, those that are asked for most first. */
export function kindsOf({ layers, heads, neurons, features, streams }: Offered): Kind[] {
  const has = (stream: string) => streams.includes(stream);
  const stream = (site: string, name: string): Kind => ({ name, layered: true, units: 0, noun: "", write: (layer) => `${site}.${layer}` });
  const rest = streams.filter((site) => !["head_out", "mlp_act", "attn_out", "mlp_out"].includes(site));
  const all: (Kind | false)[] = [
    features > 0 && { name: "feature", layered: false, units: features, noun: "feature", write: (_, unit) => `feature ${unit}` },
    has("head_out") && { name: "head", layered: true, units: heads, noun: "head", write: (layer, unit) => `head_out.${layer}.${unit}` },
    has("mlp_act") && { name: "neuron", layered: true, units: neurons, noun: "neuron", write: (layer, unit) => `mlp_act.${layer}[${unit}]` },
    has("attn_out") && stream("attn_out", "attention"),
    has("mlp_out") && stream("mlp_out", "MLP"),
    layers > 0 && { name: "layer", layered: true, units: 0, noun: "", write: (layer) => `layer ${layer}` },
    ...rest.map((site) => stream(site, site)),
  ];
  return all.filter((kind) => kind !== false);
}

/** Which entry of a list takes the focus that the one at `held` had: the one that moved up, else the last. */
export function heldAfter(held: number, length: number): number {
  return length === 0 ? -1 : Math.min(held, length - 1);
}

/** What is measured on, besides the one prompt. */
export interface Task {
  prompts: number;
  /** Texts that mean and resample are taken from; and whether they are others than the prompts. */
  reference: number;
  is_own: boolean;
  /** Controls of the measurement. */
  controls: number;
}

interface Now {
  parts: string[];
  about: Told[];
  /** Parts that are selected elsewhere. */
  candidates: string[];
  offered: Offered;
  task: Task;
  kinds: string[];
  /** What the controls are, as a sentence; "" while there are none. */
  control: string;
}

export interface PartsView {
  element: HTMLElement;
  fail(message: string): void;
  draw(now: Now): void;
}

export function partsView(alive: boolean, does: { add(part: string): void; remove(part: string): void }): PartsView {
  const heading = make("div", { class: "wb-label" });
  const list = make("ul", { class: "wb-ablation-list" });
  const first = make("p", { class: "wb-ablation-first" });
  const offers = make("div", { class: "wb-ablation-offers" });
  const { element: adder, draw: drawAdder } = adderView(does.add);
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-ablation-write", autocomplete: "off", spellcheck: "false", placeholder: "mlp_act.2[17]" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  const written = make("div", { class: "wb-field" }, make("label", { class: "wb-label", for: id }, "Or write one, and press Enter"), input, error);
  const control = make("div", { class: "wb-muted" });
  const reference = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-ablation-parts" }, heading, first, list);
  if (alive) element.append(offers, adder, written);
  element.append(control, reference);
  const rebuilt = changes();
  const reoffered = changes();

  const fail = (message: string) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : undefined);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim() !== "") does.add(input.value.trim());
    else if (event.key === "Escape") {
      input.value = "";
      fail("");
    }
  });

  const build = (about: Told[]) => {
    const held = [...list.children].findIndex((item) => item.contains(focusNear(list)));
    const items = about.map(({ part, label }) => {
      const name = make("span", { class: "wb-mono wb-ablation-name" }, part);
      const item = make("li", {}, name, make("span", { class: "wb-ablation-label" }, visible(label)));
      if (alive) {
        const says = `Leave ${part} in`;
        const remove = make("button", { type: "button", class: "wb-clear", "aria-label": says, title: says }, "×");
        remove.addEventListener("click", () => does.remove(part));
        item.append(remove);
      }
      return item;
    });
    list.replaceChildren(...items);
    if (held >= 0) (items[heldAfter(held, items.length)]?.querySelector("button") ?? adder.querySelector("button"))?.focus();
  };

  return {
    element,
    fail,
    draw({ parts, about, candidates, offered, task, kinds, control: drawn }) {
      write(heading, parts.length === 0 ? "" : "Taken out together");
      write(first, parts.length > 0 ? "" : alive ? FIRST : "Nothing is taken out.");
      if (rebuilt(about)) {
        build(about);
        if (about.length > 0) input.value = "";
      }
      show(list, about.length > 0);
      drawAdder(offered, parts);
      const fresh = candidates.filter((one) => !parts.includes(one));
      if (reoffered(fresh.join("\n"))) offers.replaceChildren(...fresh.map((one) => offer(one, does.add)));
      show(offers, fresh.length > 0);
      write(control, drawn);
      write(reference, referenceOf(task, kinds));
    },
  };
}

const FIRST =
  "Nothing is taken out yet. Add a head, a neuron, a feature or a layer: it is set to zero, to its mean, and to what it is in other texts, and you see what changes.";

/** Where mean and resample come from; without other texts, what to give. */
export function referenceOf({ reference, is_own }: Task, kinds: readonly string[]): string {
  if (kinds.length < 2) return "Mean and resample need other texts: give reference=[…], or prompts=[…].";
  return `Mean and resample are taken from ${is_own ? plural(reference, "text") : `the ${plural(reference, "prompt")} of the task`}.`;
}

function offer(part: string, add: (part: string) => void): HTMLElement {
  const button = make("button", { type: "button", class: "wb-button" }, `Add ${part}`);
  button.addEventListener("click", () => add(part));
  return button;
}

/** Kind, layer and unit; the button says which part they make, so that one learns to write it. */
function adderView(add: (part: string) => void): { element: HTMLElement; draw(offered: Offered, parts: string[]): void } {
  let kinds: Kind[] = [];
  let chosen = "";
  let layer = 0;
  let unit = 0;
  let last: { offered: Offered; parts: string[] } | null = null;
  const redraw = () => last && draw(last.offered, last.parts);
  const kind = choice("Part", (name) => {
    chosen = name;
    unit = 0;
    redraw();
  });
  const layers = choice("Layer", (name) => {
    layer = Number(name);
    redraw();
  });
  const units = stepper((value) => {
    unit = value;
    redraw();
  });
  const button = make("button", { type: "button", class: "wb-button" });
  const now = () => kinds.find(({ name }) => name === chosen) ?? kinds[0];
  button.addEventListener("click", () => {
    const made = now();
    if (made) add(made.write(layer, unit));
  });
  const draw = (offered: Offered, parts: string[]) => {
    last = { offered, parts };
    kinds = kindsOf(offered);
    const made = now();
    if (made === undefined) return;
    kind.set({ options: kinds.map(({ name }) => name), value: made.name });
    const numbers = Array.from({ length: offered.layers }, (_, i) => String(i));
    layers.set({ options: made.layered ? numbers : [], value: String(layer) });
    show(units.element, made.units > 0);
    if (made.units > 0) units.set({ value: unit, high: made.units - 1, noun: made.noun, label: "Number" });
    const part = made.write(layer, unit);
    button.textContent = `Add ${part}`;
    show(button, !parts.includes(part));
  };
  return { element: make("div", { class: "wb-ablation-adder" }, kind.element, layers.element, units.element, button), draw };
}
