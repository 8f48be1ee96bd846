/** The third for meaning: what a feature is said to be, how often it fires, on what, and which others are like it. */

import { textField } from "../lib/controls.ts";
import { changes, focusNear, keepFocus, make, show, write } from "../lib/dom.ts";
import { count, number } from "../lib/number.ts";
import { nameOf, quoted, visible } from "../lib/tokens.ts";
import type { Card, Concept, Estimate, Label, Related } from "./card.ts";

export interface MeaningHands {
  go(feature: number): void;
  compare(feature: number): void;
  neuron(site: string, unit: number): void;
  write(kind: "label" | "note" | "keep" | "drop", feature: number, text: string): void;
}

export interface MeaningScene {
  card: Card;
  /** The present label of a feature, where it is known better than the card knows it. */
  nameOf(feature: number, label: string): string;
  /** Whether a feature can be shown. */
  can(feature: number): boolean;
  /** Whether labels can be written. */
  alive: boolean;
  /** Short: for two side by side. */
  brief: boolean;
  lists: readonly string[];
  /** Whether there are other views that can show a neuron. */
  isLinked: boolean;
}

export interface Meaning {
  element: HTMLElement;
  draw(scene: MeaningScene): void;
  fail: Record<"label" | "note" | "keep" | "drop", (message: string) => void>;
  /** Put the hand into the label. */
  focus(): void;
}

const MOST = 6;

export function meaning(hands: MeaningHands): Meaning {
  let feature = -1;
  const label = textField("Label", "Save", (text) => hands.write("label", feature, text));
  const made = make("div", { class: "wb-muted" });
  const said = make("div", { class: "wb-meaning-label" });
  const facts = make("div", { class: "wb-facts" });
  const concepts = section("Concepts");
  const tokens = section("Fires on");
  const neighbours = section("Neighbours, by decoder");
  const related = section("Fire together with it");
  const notes = make("ul", { class: "wb-notes" });
  const note = textField("Note", "Save", (text) => hands.write("note", feature, text));
  const lists = make("div", { class: "wb-lists" });
  const keep = textField("Put on list", "Put", (text) => hands.write("keep", feature, text));
  const fields = make("div", { class: "wb-own-fields" }, note.element, keep.element);
  const own = make("div", { class: "wb-own" }, notes, lists, fields);
  const element = make("div", { class: "wb-meaning" }, said, label.element, made, facts, concepts.element, tokens.element, neighbours.element, related.element, own);
  const differs = changes();

  const rowOf = (one: Related, scene: MeaningScene): HTMLElement => {
    const isFeature = one.kind === "feature";
    const words = isFeature ? visible(scene.nameOf(one.number, one.label)) : `neuron of ${one.site}`;
    const parts = [
      make("span", { class: "wb-row-number" }, String(one.number)),
      make("span", { class: "wb-row-label", title: words, dir: "auto" }, words === "" ? "no label" : words),
      make("span", { class: "wb-row-value" }, number(one.value ?? Number.NaN)),
    ];
    if (isFeature && words === "") parts[1]!.classList.add("wb-none");
    const n = one.n > 0 ? `, n ${count(one.n)} tokens` : "";
    const go = isFeature ? (scene.can(one.number) ? () => hands.go(one.number) : null) : scene.isLinked ? () => hands.neuron(one.site, one.number) : null;
    if (go === null) return make("li", {}, make("div", { class: "wb-row-item", title: `${number(one.value ?? Number.NaN)}${n}` }, ...parts));
    const name = isFeature ? `Feature ${one.number}` : `Neuron ${one.number} of ${one.site}`;
    const button = make("button", { type: "button", class: "wb-row-item", "data-feature": isFeature ? one.number : undefined, title: `${name}: ${number(one.value ?? Number.NaN)}${n}` }, ...parts);
    button.addEventListener("click", go);
    const item = make("li", {}, button);
    if (isFeature) {
      const beside = make("button", { type: "button", class: "wb-row-beside", title: `Compare with feature ${one.number}`, "aria-label": `Compare with feature ${one.number}` }, "⇆");
      beside.addEventListener("click", () => hands.compare(one.number));
      item.append(beside);
    }
    return item;
  };

  return {
    element,
    fail: { label: label.fail, note: note.fail, keep: keep.fail, drop: keep.fail },
    focus: () => label.element.querySelector("textarea")?.focus(),
    draw(scene) {
      const { card, alive, brief } = scene;
      feature = card.feature;
      const names = [...card.neighbours, ...card.related].map((one) => scene.nameOf(one.number, one.label)).join("\0");
      if (!differs(card, alive, brief, names, scene.lists.join("\0"), scene.isLinked)) return;
      const hand = focusNear(element);
      const isInside = hand !== null && element.contains(hand);
      const work = () => {
        show(label.element, alive && !brief);
        label.set(card.label);
        write(said, alive || brief ? "" : card.label === "" ? "No label yet" : visible(card.label));
        said.classList.toggle("wb-none", card.label === "");
        write(made, madeOf(card.made, card.labels));
        facts.replaceChildren(...factsOf(card));
        concepts.set(card.concepts.slice(0, brief ? 3 : MOST).map(conceptRow), f1Of(card.concepts));
        tokens.set(card.tokens.slice(0, brief ? 4 : MOST).map(tokenRow), "share · how often");
        neighbours.set(brief ? [] : card.neighbours.slice(0, MOST).map((one) => rowOf(one, scene)), "cosine");
        related.set(brief ? [] : card.related.slice(0, MOST).map((one) => rowOf(one, scene)), "correlation");
        show(own, !brief && (alive || card.notes.length + card.lists.length > 0));
        notes.replaceChildren(...card.notes.map((text) => make("li", { dir: "auto" }, visible(text))));
        note.set("");
        keep.set("");
        for (const field of [note, keep]) {
          show(field.element, alive);
          clear(field.element);
        }
        lists.replaceChildren(...card.lists.map((name) => chip(name, alive ? () => hands.write("drop", feature, name) : null)));
      };
      if (isInside) keepFocus(element.closest<HTMLElement>(".wb") ?? element, work);
      else work();
    },
  };
}

/** What was written has been taken. */
function clear(field: HTMLElement): void {
  const area = field.querySelector("textarea");
  if (area) {
    area.value = "";
    area.dispatchEvent(new Event("input"));
  }
}

function section(name: string): { element: HTMLElement; set(rows: HTMLElement[], unit: string): void } {
  const says = make("span", { class: "wb-muted" });
  const list = make("ol", { class: "wb-rows" });
  const element = make("section", {}, make("div", { class: "wb-rows-head" }, make("span", { class: "wb-label" }, name), says), list);
  return {
    element,
    set(rows, unit) {
      show(element, rows.length > 0);
      write(says, unit);
      list.replaceChildren(...rows);
    },
  };
}

/** "by hand · Ada · 2026-11-24", how well it was found to hold, and what else was said. */
function madeOf(label: Label | null, all: readonly Label[]): string {
  if (label === null) return "";
  const scores = Object.entries(label.scores).map(([name, [value, low, high, n]]) => {
    const interval = low == null || high == null ? "" : ` [${number(low)}, ${number(high)}]`;
    return `${name} ${number(value ?? Number.NaN)}${interval}${n == null ? "" : `, n ${count(n)}`}`;
  });
  const others = [...new Set(all.map(({ text }) => text))].filter((text) => text !== label.text).map((text) => `“${visible(text)}”`);
  const before = others.length > 0 ? `also ${others.slice(0, 3).join(", ")}` : "";
  return [howOf(label.how), label.by, label.when.slice(0, 10), ...scores, before].filter(Boolean).join(" · ");
}

function howOf(how: string): string {
  return { concept: "by its best concept", "top tokens": "by the tokens it fires on most" }[how] ?? how;
}

/** "1 in 320 tokens", and the density with its interval. */
export function oneIn(density: number | null): string {
  return density === null || density <= 0 ? "on no token" : density >= 0.5 ? "on most tokens" : `on 1 in ${count(Math.round(1 / density))} tokens`;
}

function factsOf({ density, maximum, mean, quartiles }: Card): HTMLElement[] {
  const [value, low, high, n] = density;
  if (maximum <= 0) return [];
  const percent = (x: number | null) => number(100 * (x ?? Number.NaN));
  return [
    fact("Fires", oneIn(value), `${percent(value)} % [${percent(low)}, ${percent(high)}], n ${count(n)}`),
    fact("Largest", number(maximum), `mean ${number(mean ?? Number.NaN)}, quartiles ${quartiles.map((q) => number(q ?? Number.NaN)).join(" ")}`),
  ];
}

function fact(name: string, value: string, about: string): HTMLElement {
  return make("div", { class: "wb-fact" }, make("span", { class: "wb-label" }, name), make("span", { class: "wb-mono" }, value), make("span", { class: "wb-muted wb-mono" }, about));
}

/** What the numbers of concepts are, and on how many texts. */
function f1Of(concepts: readonly Concept[]): string {
  const n = new Set(concepts.map(({ f1 }) => f1[3]));
  return n.size === 1 ? `F1, n ${count([...n][0]!)}` : "F1";
}

function conceptRow({ concept, f1, precision, sensitivity, threshold }: Concept): HTMLElement {
  const [value, low, high, n] = f1;
  const title = `${concept}: n ${count(n)} · precision ${said(precision)} · sensitivity ${said(sensitivity)} · from ${number(threshold ?? Number.NaN)} on`;
  const whisker = make("span", { class: "wb-whisker", "aria-hidden": "true" });
  const [from, to] = [low ?? value ?? 0, high ?? value ?? 0];
  whisker.style.setProperty("--wb-from", String(from));
  whisker.style.setProperty("--wb-to", String(to));
  whisker.style.setProperty("--wb-at", String(value ?? 0));
  const words = make("span", { class: "wb-row-label", title: concept }, visible(concept));
  const interval = make("span", { class: "wb-muted" }, ` ${number(from)}–${number(to)}`);
  const numbers = make("span", { class: "wb-row-value" }, number(value ?? Number.NaN), interval);
  return make("li", { title }, make("div", { class: "wb-row-item wb-row-concept" }, words, whisker, numbers));
}

function tokenRow([, piece, share, fires]: Card["tokens"][number]): HTMLElement {
  const percent = (x: number | null) => `${number(100 * (x ?? Number.NaN))} %`;
  const [value, low, high, n] = fires;
  const on = `${percent(value)} [${percent(low)}, ${percent(high)}] of its ${count(n)} occurrences`;
  const title = `${nameOf(piece)} takes ${percent(share)} of the feature’s activation; the feature fires on ${on}`;
  const numbers = make("span", { class: "wb-row-value" }, percent(share), make("span", { class: "wb-muted" }, ` · ${percent(value)}, n ${count(n)}`));
  return make("li", { title }, make("div", { class: "wb-row-item wb-row-token" }, make("span", { class: "wb-row-piece", dir: "auto" }, quoted(piece)), numbers));
}

function said([value, low, high]: Estimate): string {
  return `${number(value ?? Number.NaN)} [${number(low ?? Number.NaN)}, ${number(high ?? Number.NaN)}]`;
}

function chip(name: string, drop: (() => void) | null): HTMLElement {
  const element = make("span", { class: "wb-chip", dir: "auto" }, visible(name));
  if (drop !== null) {
    const button = make("button", { type: "button", class: "wb-clear", "aria-label": `Take off the list ${visible(name)}` }, "×");
    button.addEventListener("click", drop);
    element.append(button);
  }
  return element;
}
