/** Another slider: a feature is searched for, and added with a click. */

import { type Row, searchBox } from "../dashboard/browse.ts";
import { attribute, changes, make, show, write } from "../lib/dom.ts";
import type { Tab } from "../lib/tabs.ts";
import { visible } from "../lib/tokens.ts";

export interface Found {
  by: string;
  query: string;
  rows: Row[];
}

export interface Hands {
  find(by: string, query: string): void;
  add(feature: number): void;
}

export interface Scene {
  by: string;
  query: string;
  sources: readonly string[];
  found: Found | null;
  features: readonly number[];
  /** The feature that is looked at elsewhere, if it has no slider; −1: none. */
  other: number;
}

export interface Adding {
  element: HTMLElement;
  draw(scene: Scene): void;
  fail(message: string): void;
}

const NAMES: Record<string, Tab> = {
  words: { value: "words", name: "Words", title: "Labels, notes, concepts and tokens of the index" },
  token: { value: "token", name: "Token", title: "Features that fire on a token" },
  concept: { value: "concept", name: "Concept", title: "Features that tell a known concept" },
  prompt: { value: "prompt", name: "On this prompt", title: "Features that fire on the prompt, the nearest to their maximum first" },
};

export function adding(hands: Hands): Adding {
  const open = make("button", { type: "button", class: "wb-button", "aria-expanded": "false" }, "Add a feature");
  const other = make("button", { type: "button", class: "wb-button", hidden: true });
  const search = searchBox(hands.find);
  const list = make("ol", { class: "wb-found" });
  const none = make("div", { class: "wb-muted" });
  const box = make("div", { class: "wb-adding-box", hidden: true }, search.element, list, none);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const element = make("div", { class: "wb-adding" }, make("div", { class: "wb-row" }, open, other), box, failure);
  let now: Scene | null = null;
  const rebuilt = changes();
  open.addEventListener("click", () => {
    show(box, box.hidden === true);
    attribute(open, "aria-expanded", String(box.hidden === false));
    write(open, box.hidden === true ? "Add a feature" : "Done");
    if (box.hidden === true) return;
    if (now !== null && now.found === null && byOf(now) === "prompt") hands.find("prompt", "");
    search.focus();
  });
  other.addEventListener("click", () => now !== null && hands.add(now.other));
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-feature]") : null;
    if (button) hands.add(Number(button.dataset.feature));
  });

  return {
    element,
    fail: (message) => (box.hidden ? write(failure, message) : search.fail(message)),
    draw(scene) {
      now = scene;
      show(other, scene.other >= 0);
      other.textContent = `Add feature ${scene.other}`;
      search.set({ by: byOf(scene), query: scene.query, sources: scene.sources.flatMap((name) => NAMES[name] ?? []), offers: [] });
      attribute(search.element.querySelector("input")!, "placeholder", placeholderOf(byOf(scene)));
      const rows = scene.found?.rows ?? [];
      if (rebuilt(scene.found, scene.features.join())) list.replaceChildren(...rows.map((row) => make("li", {}, item(row, scene.features.includes(row.feature)))));
      const what = scene.found?.by === "prompt" ? "No feature fires on this prompt." : `Nothing was found for “${visible(scene.query)}”.`;
      write(none, scene.found !== null && rows.length === 0 ? what : "");
      show(list, rows.length > 0);
    },
  };
}

/** Where is searched: the first of what is offered, until something was. */
function byOf({ by, sources }: Scene): string {
  return by === "" ? (sources[0] ?? "prompt") : by;
}

function placeholderOf(by: string): string {
  const what = { words: "words", token: "a token", concept: "a concept" }[by];
  return what === undefined ? "a feature’s number" : `${what}, or a feature’s number`;
}

function item({ feature, label, says }: Row, isHeld: boolean): HTMLElement {
  const name = make("span", { class: label === "" ? "wb-found-label wb-none" : "wb-found-label", dir: "auto" }, visible(label) || "no label");
  const parts = [make("span", { class: "wb-found-number" }, String(feature)), name, make("span", { class: "wb-muted wb-found-says", dir: "auto" }, isHeld ? "has a slider" : visible(says))];
  return isHeld
    ? make("div", { class: "wb-found-item" }, ...parts)
    : make("button", { type: "button", class: "wb-found-item", "data-feature": feature, title: `Add feature ${feature}` }, ...parts);
}
