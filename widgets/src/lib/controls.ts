/** Controls that the widgets share. Each is an element and a way to set it; a gesture calls back, and no more. */

import { attribute, focusNear, freshId, make, show, write } from "./dom.ts";
import { count } from "./number.ts";

export interface Control<Value> {
  element: HTMLElement;
  set(value: Value): void;
}

/** A control that can be refused: the error stands beneath it and is announced. */
export interface Fallible {
  fail(message: string): void;
}

/** One of a few, side by side: arrows move, as in any radio group. Many become a list to choose from. */
export function choice(
  label: string,
  chosen: (value: string) => void,
): Control<{ options: readonly string[]; value: string }> & { element: HTMLElement } {
  const MOST_BUTTONS = 12;
  const box = make("div", { class: "wb-control" });
  let built = "";
  let refresh: (value: string) => void = () => {};

  const buttons = (options: readonly string[]) => {
    const group = make("div", { class: "wb-segments", role: "radiogroup", "aria-label": label });
    const items = options.map((option) => make("button", { type: "button", role: "radio" }, option));
    items.forEach((item, i) => {
      item.addEventListener("click", () => chosen(options[i]!));
      item.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const next = (i + step + options.length) % options.length;
        items[next]!.focus();
        chosen(options[next]!);
      });
    });
    group.append(...items);
    refresh = (value) =>
      items.forEach((item, i) => {
        attribute(item, "aria-checked", String(options[i] === value));
        item.tabIndex = options[i] === value ? 0 : -1;
      });
    return group;
  };

  const list = (options: readonly string[]) => {
    const select = make("select", { class: "wb-input", "aria-label": label });
    select.append(...options.map((option) => make("option", { value: option }, option)));
    select.addEventListener("change", () => chosen(select.value));
    refresh = (value) => {
      select.value = value;
    };
    return select;
  };

  return {
    element: box,
    set({ options, value }) {
      const key = options.join("\n");
      if (key !== built) {
        built = key;
        const isShort = options.length <= MOST_BUTTONS && options.every((option) => option.length <= 3);
        box.replaceChildren(make("span", { class: "wb-label" }, label), isShort ? buttons(options) : list(options));
      }
      show(box, options.length > 1);
      refresh(value);
    },
  };
}

/** Read a whole number in a range; what else was written comes back as an error that says what exists. */
export function wholeNumber(text: string, range: { low: number; high: number; noun: string }): number | string {
  const value = Number(text.trim());
  const { low, high, noun } = range;
  const offer = `choose ${count(low)} to ${count(high)}`;
  if (text.trim() === "" || !Number.isInteger(value)) return `“${text.trim()}” is not a whole number; ${offer}.`;
  if (value < low || value > high) return `There is no ${noun} ${count(value)}; ${offer}.`;
  return value;
}

export interface Stepper extends Control<{ value: number; high: number; noun: string; label: string }>, Fallible {}

/** A whole number with step buttons: Enter jumps, arrows step, and a number that does not exist is refused in words. */
export function stepper(chosen: (value: number) => void): Stepper {
  const id = freshId();
  const label = make("label", { class: "wb-label", for: id });
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "numeric", autocomplete: "off" });
  const less = make("button", { type: "button", class: "wb-step" }, "−");
  const more = make("button", { type: "button", class: "wb-step" }, "+");
  const total = make("span", { class: "wb-muted" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  const row = make("div", { class: "wb-stepper" }, less, input, more);
  let now = { value: 0, high: 0, noun: "unit", label: "Unit" };

  const fail = (message: string) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : undefined);
  };
  const go = (text: string) => {
    const value = wholeNumber(text, { low: 0, high: now.high, noun: now.noun });
    fail(typeof value === "string" ? value : "");
    if (typeof value === "number" && value !== now.value) chosen(value);
  };
  const step = (by: number) => go(String(Number.isNaN(now.value) ? 0 : Math.min(now.high, Math.max(0, now.value + by))));
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Enter") go(input.value);
    else if (event.key === "Escape") {
      input.value = String(now.value);
      fail("");
    } else if (by !== undefined) {
      event.preventDefault();
      step(by);
    }
  });
  input.addEventListener("blur", () => {
    if (input.value !== String(now.value) && input.value !== "") go(input.value);
  });

  return {
    element: make("div", { class: "wb-control" }, label, row, total, error),
    fail,
    set(next) {
      const isNew = !Object.is(next.value, now.value) || next.noun !== now.noun || input.value === "";
      now = next;
      write(label, next.label);
      write(total, `of ${count(next.high + 1)}`);
      attribute(less, "aria-label", `Previous ${next.noun}`);
      attribute(more, "aria-label", `Next ${next.noun}`);
      if (isNew) {
        input.value = Number.isNaN(next.value) ? "" : String(next.value);
        fail("");
      }
    },
  };
}

export interface TextField extends Control<string>, Fallible {}

/** Text that can be edited: Enter runs it, Shift-Enter breaks the line, Esc gives the old text back. */
export function textField(label: string, verb: string, run: (text: string) => void): TextField {
  const id = freshId();
  const area = make("textarea", { id, class: "wb-input wb-text", rows: 1, spellcheck: "false", dir: "auto" });
  const button = make("button", { type: "button", class: "wb-button", hidden: true }, verb);
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = "";
  let refused = false;

  /** There is nothing to run; a hand that was at the button goes on in the text. */
  const rest = () => {
    if (focusNear(button) === button) area.focus();
    show(button, false);
  };
  const fail = (message: string) => {
    refused = message !== "";
    write(error, message);
    attribute(area, "aria-invalid", message !== "");
    attribute(area, "aria-describedby", message !== "" ? error.id : undefined);
  };
  const go = () => {
    rest();
    run(area.value);
  };
  area.addEventListener("input", () => show(button, area.value !== now));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    } else if (event.key === "Escape") {
      area.value = now;
      rest();
      fail("");
    }
  });
  button.addEventListener("click", go);

  return {
    element: make(
      "div",
      { class: "wb-field" },
      make("label", { class: "wb-label", for: id }, label),
      make("div", { class: "wb-row" }, area, button),
      error,
    ),
    fail,
    set(text) {
      if (text === now) return;
      now = text;
      if (refused) return; // what was written stays, so that it can be mended
      area.value = text;
      rest();
    },
  };
}

export interface NumberField extends Control<number>, Fallible {}

/** A short number that is taken on Enter or when the field is left. */
export function numberField(label: string, read: (text: string) => number | string, chosen: (value: number) => void): NumberField {
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "decimal", autocomplete: "off" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = Number.NaN;

  const fail = (message: string) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : undefined);
  };
  const go = () => {
    const value = read(input.value);
    fail(typeof value === "string" ? value : "");
    if (typeof value === "number" && value !== now) chosen(value);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go();
    else if (event.key === "Escape") {
      input.value = String(now);
      fail("");
    }
  });
  input.addEventListener("blur", () => {
    if (input.value !== String(now)) go();
  });

  return {
    element: make("div", { class: "wb-control" }, make("label", { class: "wb-label", for: id }, label), input, error),
    fail,
    set(value) {
      if (value === now) return;
      now = value;
      input.value = String(value);
      fail("");
    },
  };
}

/** A number that is not negative, or words that say so. */
export function notNegative(text: string, noun: string): number | string {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value)) return `“${text.trim()}” is not a number; ${noun} is 0 or more.`;
  return value < 0 ? `${noun} cannot be negative; choose 0 or more.` : value;
}
