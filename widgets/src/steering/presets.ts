/** Named settings of all sliders: a click recalls one. */

import { changes, freshId, make, show, write } from "../lib/dom.ts";
import { strength } from "../lib/number.ts";
import { visible } from "../lib/tokens.ts";

/** By name: strengths by feature. */
export type Presets = Record<string, Record<string, number>>;

export interface Hands {
  save(name: string): void;
  recall(name: string): void;
  forget(name: string): void;
}

export interface PresetsView {
  element: HTMLElement;
  draw(presets: Presets, features: readonly number[], strengths: readonly number[]): void;
  fail(message: string): void;
}

/** The preset that the sliders stand at; "" for none. */
export function standing(presets: Presets, features: readonly number[], strengths: readonly number[]): string {
  const held = new Map(features.map((feature, i) => [String(feature), strengths[i] ?? 0]));
  const isAt = (preset: Record<string, number>) =>
    Object.entries(preset).every(([feature, value]) => (held.get(feature) ?? 0) === value) &&
    [...held].every(([feature, value]) => value === (preset[feature] ?? 0));
  return Object.keys(presets).find((name) => isAt(presets[name]!)) ?? "";
}

export function presetsView(hands: Hands): PresetsView {
  const id = freshId();
  const label = make("span", { class: "wb-label" }, "Presets");
  const list = make("span", { class: "wb-presets-list" });
  const open = make("button", { type: "button", class: "wb-link wb-muted", "aria-expanded": "false" }, "Save as preset");
  const input = make("input", { id, class: "wb-input", type: "text", maxlength: 60, autocomplete: "off", dir: "auto", "aria-label": "Name of the preset" });
  const save = make("button", { type: "button", class: "wb-button" }, "Save");
  const form = make("span", { class: "wb-row", hidden: true }, input, save);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const element = make("div", { class: "wb-presets" }, label, list, open, form, failure);
  const differs = changes();
  const toggle = (isOpen: boolean) => {
    show(form, isOpen);
    show(open, !isOpen);
    (isOpen ? input : open).focus();
  };
  const keep = () => {
    if (input.value.trim() === "") return;
    hands.save(input.value.trim());
    input.value = "";
    toggle(false);
  };
  open.addEventListener("click", () => toggle(true));
  save.addEventListener("click", keep);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") keep();
    else if (event.key === "Escape") toggle(false);
    else return;
    event.preventDefault();
  });

  return {
    element,
    fail: (message) => write(failure, message),
    draw(presets, features, strengths) {
      const names = Object.keys(presets);
      const isOff = strengths.every((value) => value === 0);
      const now = standing(presets, features, strengths);
      for (const part of [label, list]) show(part, names.length > 0);
      show(element, names.length > 0 || !isOff || !form.hidden);
      if (form.hidden) show(open, now === "" && !isOff);
      if (!differs(JSON.stringify(presets), now)) return;
      list.replaceChildren(...names.map((name) => chip(name, presets[name]!, name === now)));
    },
  };

  function chip(name: string, held: Record<string, number>, isNow: boolean): HTMLElement {
    const says = Object.entries(held).map(([feature, value]) => `feature ${feature} at ${strength(value)}`);
    const recall = make("button", { type: "button", class: "wb-preset-name", dir: "auto", title: says.join(", ") || "every slider off", "aria-pressed": String(isNow) }, visible(name));
    recall.addEventListener("click", () => hands.recall(name));
    const label = `Delete the preset ${visible(name)}`;
    const forget = make("button", { type: "button", class: "wb-clear", "aria-label": label, title: label }, "×");
    forget.addEventListener("click", () => hands.forget(name));
    return make("span", { class: "wb-preset" }, recall, forget);
  }
}
