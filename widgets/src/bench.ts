/** The bar of a bench: what is selected in all views, a step back and forth, and every gesture as Python. */

import type { Render } from "@anywidget/types";
import { choice, stepper } from "./lib/controls.ts";
import { attribute, errorPlacer, make, show, write } from "./lib/dom.ts";
import { number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import { nameOf, visible } from "./lib/tokens.ts";

interface Chosen {
  text: string | null;
  token: number | null;
  /** The text of the token, where a view shows it. */
  piece: string;
  layer: number | null;
  site: string | null;
  feature: number | null;
  example: number | null;
}

interface State extends Common {
  chosen: Chosen;
  listed: string[];
  layers: number;
  /** How many features there are. */
  width: number;
  /** What a step back takes back, in words; "" if there is none. */
  undoable: string;
  redoable: string;
  is_open: boolean;
  script: string;
}

const render: Render<State> = ({ model, el }) => {
  const frame = shell<State>({
    model,
    el,
    kind: "bench",
    label: "Bench",
    offline: "a script that is open can be read and copied.",
    draw: () => draw(),
    table: () => tableOf(model.get("chosen")),
  });
  const select = (field: string, value: number | null) => frame.say({ kind: "select", field, value });
  const verb = (name: string, content: object) => {
    const button = make("button", { type: "button", class: "wb-button" }, name);
    button.addEventListener("click", () => frame.say(content));
    return button;
  };

  const title = make("h3", { class: "wb-title" });
  const undo = verb("Undo", { kind: "undo" });
  const redo = verb("Redo", { kind: "redo" });
  const code = make("button", { type: "button", class: "wb-button", "aria-expanded": "false" }, "Code");
  code.addEventListener("click", () => frame.ask("is_open", !model.get("is_open")));
  const text = make("div", { class: "wb-bench-text", dir: "auto" });
  const token = fact("Token", () => select("token", null));
  const site = fact("Site", null);
  const example = fact("Example", () => select("example", null));
  const layer = choice("Layer", (value) => select("layer", Number(value)));
  const feature = stepper((value) => select("feature", value));
  const script = make("pre", { class: "wb-bench-script", tabindex: 0, "aria-label": "The gestures as Python" });
  const copy = make("button", { type: "button", class: "wb-link wb-muted" }, "Copy");
  copy.addEventListener("click", () => copyText(model.get("script"), script, copy));
  const written = make("div", { class: "wb-bench-code", hidden: true }, script, copy);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ feature: feature.fail, "": (message) => write(failure, message) });
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-bench-verbs" }, undo, redo, code)),
    text,
    make("div", { class: "wb-toolbar" }, token.element, layer.element, site.element, feature.element, example.element),
    failure,
    written,
  );

  const draw = () => {
    const chosen = model.get("chosen");
    write(title, `Bench · ${plural(model.get("listed").length, "view")}`);
    write(text, chosen.text === null ? "No text is selected" : visible(chosen.text));
    attribute(text, "data-empty", chosen.text === null);
    token.set(chosen.token === null ? "" : `${chosen.token}${chosen.piece === "" ? "" : ` ${nameOf(chosen.piece)}`}`);
    site.set(chosen.site ?? "");
    example.set(chosen.example === null ? "" : String(chosen.example));
    const layers = Array.from({ length: model.get("layers") }, (_, i) => String(i));
    layer.set({ options: layers, value: chosen.layer === null ? "" : String(chosen.layer) });
    show(feature.element, model.get("width") > 0);
    feature.set({ value: chosen.feature ?? Number.NaN, high: model.get("width") - 1, noun: "feature", label: "Feature" });
    step(undo, "Undo", model.get("undoable"));
    step(redo, "Redo", model.get("redoable"));
    attribute(code, "aria-expanded", String(model.get("is_open")));
    code.textContent = model.get("is_open") ? "Hide code" : "Code";
    show(written, model.get("is_open") && model.get("script") !== "");
    write(script, visible(model.get("script")));
    placeError(model.get("error"), model.get("error_at"));
    frame.footer();
  };
  const step = (button: HTMLElement, name: string, what: string) => {
    show(button, what !== "");
    attribute(button, "title", `${name}: ${visible(what)}`);
    attribute(button, "aria-label", `${name}: ${visible(what)}`);
  };
  return frame.open();
};

/** A name and what is selected under it; nothing where nothing is. */
function fact(name: string, clear: (() => void) | null): { element: HTMLElement; set(value: string): void } {
  const value = make("span", { class: "wb-mono" });
  const element = make("div", { class: "wb-control", hidden: true }, make("span", { class: "wb-label" }, name), value);
  if (clear !== null) {
    const button = make("button", { type: "button", class: "wb-clear", "aria-label": `Select no ${name.toLowerCase()}` }, "×");
    button.addEventListener("click", clear);
    element.append(button);
  }
  return {
    element,
    set(text) {
      write(value, text);
      show(element, text !== "");
    },
  };
}

function tableOf(chosen: Chosen): { caption: string; columns: string[]; rows: string[][] } {
  const fields = ["text", "token", "layer", "site", "feature", "example"] as const;
  const said = (value: string | number | null) => (value === null ? "–" : typeof value === "number" ? number(value) : visible(value));
  return { caption: "Selection", columns: ["field", "value"], rows: fields.map((field) => [field, said(chosen[field])]) };
}

/** Copy a text; where the page may not, select it where it is shown, so that a person can. */
async function copyText(text: string, shown: HTMLElement, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(shown);
    button.textContent = "Selected: copy it with the keyboard";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

export default { render };
