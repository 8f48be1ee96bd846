/** Ways to a feature: its number, the next one, a search, and the list of what was found. */

import { wholeNumber } from "../lib/controls.ts";
import { attribute, changes, focusNear, freshId, make, show, write } from "../lib/dom.ts";
import { count } from "../lib/number.ts";
import { type Tab, tabs } from "../lib/tabs.ts";
import { visible } from "../lib/tokens.ts";

export interface Row {
  feature: number;
  label: string;
  /** Why it was found. */
  says: string;
}

export interface Walker {
  element: HTMLElement;
  set(now: { feature: number; width: number; place: number; length: number; of: string; canStep: boolean }): void;
  fail(message: string): void;
}

/** ‹ 1234 › and the place in what is walked through. */
export function walker(step: (by: number) => void, go: (feature: number) => void): Walker {
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "numeric", autocomplete: "off", "aria-label": "Feature" });
  const less = make("button", { type: "button", class: "wb-step", "aria-label": "Previous feature", title: "Previous feature (k or p)" }, "‹");
  const more = make("button", { type: "button", class: "wb-step", "aria-label": "Next feature", title: "Next feature (j or n)" }, "›");
  const total = make("span", { class: "wb-muted" });
  const error = make("div", { class: "wb-error", role: "alert", hidden: true });
  let [now, width] = [-1, 0];
  const fail = (message: string) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
  };
  const take = () => {
    const value = wholeNumber(input.value, { low: 0, high: width - 1, noun: "feature" });
    fail(typeof value === "string" ? value : "");
    if (typeof value === "number" && value !== now) go(value);
  };
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") take();
    else if (event.key === "Escape") {
      input.value = String(now);
      fail("");
    } else if (by !== undefined) step(by);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => {
    if (input.value !== String(now) && input.value !== "") take();
  });
  return {
    element: make("div", { class: "wb-control" }, make("div", { class: "wb-stepper" }, less, input, more), total, error),
    fail,
    set(next) {
      if (next.feature !== now) {
        input.value = String(next.feature);
        fail("");
      }
      [now, width] = [next.feature, next.width];
      const place = next.place >= 0 ? `${count(next.place + 1)} of ${count(next.length)}` : `of ${count(next.length)}`;
      write(total, `${place} ${next.of}`);
      show(less, next.canStep);
      show(more, next.canStep);
    },
  };
}

export interface SearchBox {
  element: HTMLElement;
  set(now: { by: string; query: string; sources: readonly Tab[]; offers: readonly string[] }): void;
  fail(message: string): void;
  focus(): void;
}

const HINTS: Record<string, string> = {
  words: "labels, notes, concepts, tokens",
  token: "a token that features fire on",
  concept: "the name of a concept",
  list: "the name of a list",
};

/** A query and where it is looked for; Enter searches, Esc gives it up. */
export function searchBox(find: (by: string, query: string) => void): SearchBox {
  const [id, listId] = [freshId(), freshId()];
  const input = make("input", { id, class: "wb-input wb-search", type: "text", autocomplete: "off", spellcheck: "false", list: listId, dir: "auto" });
  const offers = make("datalist", { id: listId });
  const error = make("div", { class: "wb-error", role: "alert", hidden: true });
  let by = "words";
  let query = "";
  const ways = tabs("Search in", (value) => {
    by = value;
    hint();
    if (input.value.trim() !== "") find(by, input.value.trim());
    else find(by, "");
  });
  const hint = () => attribute(input, "placeholder", HINTS[by]);
  const fail = (message: string) => {
    if (message === "" && !error.hidden && focusNear(input) !== input) input.value = query; // what was refused is over
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") find(by, input.value.trim());
    else if (event.key === "Escape") {
      input.value = "";
      fail("");
      if (query !== "") find(by, "");
    } else return;
    event.preventDefault();
  });
  return {
    element: make("div", { class: "wb-field" }, make("div", { class: "wb-field-head" }, make("label", { class: "wb-label", for: id }, "Search"), ways.element), input, offers, error),
    fail,
    focus: () => {
      input.focus();
      input.select();
    },
    set(now) {
      if (now.query !== query && now.query !== input.value.trim() && error.hidden) input.value = now.query;
      [by, query] = [now.by, now.query];
      ways.set(now.sources, by);
      hint();
      if (offers.dataset.key !== now.offers.join("\n")) {
        offers.dataset.key = now.offers.join("\n");
        offers.replaceChildren(...now.offers.map((value) => make("option", { value })));
      }
    },
  };
}

export interface ResultList {
  element: HTMLElement;
  set(rows: readonly Row[] | null, present: number, empty: string, nameOf: (feature: number, label: string) => string): void;
}

/** What was found: a click goes there, and the keys walk through it. */
export function resultList(go: (feature: number) => void, can: (feature: number) => boolean): ResultList {
  const list = make("ol", { class: "wb-rows wb-results", tabindex: -1 });
  const none = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-results-box", hidden: true }, list, none);
  const rebuilt = changes();
  let buttons: HTMLElement[] = [];
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-feature]") : null;
    if (button) go(Number(button.dataset.feature));
  });
  return {
    element,
    set(rows, present, empty, nameOf) {
      show(element, rows !== null);
      if (rows === null) return;
      const names = rows.map(({ feature, label }) => visible(nameOf(feature, label)));
      if (rebuilt(rows, names.join("\0"))) {
        buttons = rows.map(({ feature, says }, i) => {
          const name = make("span", { class: names[i] === "" ? "wb-row-label wb-none" : "wb-row-label", dir: "auto", title: names[i] }, names[i] || "no label");
          const parts = [make("span", { class: "wb-row-number" }, String(feature)), name, make("span", { class: "wb-row-says wb-muted", dir: "auto" }, visible(says))];
          return can(feature)
            ? make("button", { type: "button", class: "wb-row-item", "data-feature": feature }, ...parts)
            : make("div", { class: "wb-row-item" }, ...parts);
        });
        list.replaceChildren(...buttons.map((button) => make("li", {}, button)));
      }
      write(none, rows.length === 0 ? empty : "");
      rows.forEach(({ feature }, i) => {
        const isHere = feature === present;
        attribute(buttons[i]!, "aria-current", isHere ? "true" : undefined);
        if (isHere) intoView(list, buttons[i]!);
      });
    },
  };
}

/** Scroll a list, and nothing around it, so far that a row of it is seen. */
function intoView(list: HTMLElement, row: HTMLElement): void {
  const [top, bottom] = [row.offsetTop - list.offsetTop, row.offsetTop - list.offsetTop + row.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}
