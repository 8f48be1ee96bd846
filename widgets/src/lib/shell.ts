/**
 * What every widget is made in: a root that follows the host's theme, a note where Python is needed and does
 * not answer, a table in place of what is drawn, and the line that says where the numbers come from.
 */

import type { AnyModel } from "@anywidget/types";
import { attribute, keepFocus, make, perFrame, show, write } from "./dom.ts";
import { type Table, tableView } from "./table.ts";
import { follow, type Surroundings } from "./theme.ts";

/** The traits that all widgets share. */
export interface Common {
  running: boolean;
  error: string;
  error_at: string;
  provenance: string;
  /** How many gestures Python has heard: it rises with each answer. */
  heard: number;
  /** A page without Python; only `to_html` sets it. */
  alone?: boolean;
}

export interface About<State extends Common> {
  model: AnyModel<State>;
  el: HTMLElement;
  /** The class of the root is wb-<kind>. */
  kind: string;
  label: string;
  /** What still works without Python, as the end of a sentence. */
  offline: string;
  draw(): void;
  /** The same content as a table: for screen readers, for copying, for those who would rather read. */
  table(): Table;
}

export interface Shell<State extends Common> {
  root: HTMLElement;
  /** Where the widget puts what it shows; hidden while the table stands in its place. */
  body: HTMLElement;
  signal: AbortSignal;
  /** Whether there is a Python that can be asked. */
  alive: boolean;
  around(): Surroundings;
  draw(): void;
  /** Set a trait and have Python answer. */
  ask<Name extends keyof State & string>(name: Name, value: State[Name]): void;
  say(content: object): void;
  /** Tell the provenance, and what else the widget says of itself. */
  footer(...more: string[]): void;
  /** Attach to the page; what is returned takes it off again. */
  open(): () => void;
}

/** How long Python may be silent before the widget says so, in milliseconds. */
export const PATIENCE = 3000;

export function shell<State extends Common>({ model, el, kind, label, offline, draw, table }: About<State>): Shell<State> {
  const left = new AbortController();
  const alive = model.get("alone") !== true;
  const body = make("div", { class: "wb-body" });
  const note = make("div", { class: "wb-note", role: "status", hidden: true });
  const source = make("span");
  const asTable = make("button", { type: "button", class: "wb-link wb-muted", "aria-pressed": "false" }, "Table");
  const listing = tableView();
  const root = make(
    "section",
    { class: `wb wb-${kind}`, "aria-label": label, tabindex: -1 },
    body,
    listing.element,
    note,
    make("div", { class: "wb-footer wb-muted" }, source, asTable),
  );

  // JupyterLab takes letters as commands (b: a cell below, d d: delete it) unless they end here;
  // its own data-lm-suppress-shortcuts does not help, for it looks at the focused element before the root
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  const copied = `This page is a copy, without Python: ${offline}`;
  if (!alive) write(note, copied);
  const silence = patience(
    PATIENCE,
    () => write(note, `Python has not answered for ${PATIENCE / 1000} s: it is busy, or has ended. Meanwhile ${offline}`),
    () => write(note, ""),
    left.signal,
  );
  const heard = () => silence.answered(model.get("heard"));
  const expect = () => {
    if (alive) silence.asked(model.get("heard"));
  };

  let isTable = false;
  const paint = perFrame(() => {
    keepFocus(root, draw);
    if (isTable) listing.set(table());
    attribute(root, "aria-busy", model.get("running"));
  }, left.signal);
  const save = perFrame(() => {
    model.save_changes();
    expect();
  }, left.signal);
  asTable.addEventListener("click", () => {
    isTable = !isTable;
    attribute(asTable, "aria-pressed", String(isTable));
    show(body, !isTable);
    show(listing.element, isTable);
    paint();
  });
  const around = follow(root, paint, left.signal);

  return {
    root,
    body,
    signal: left.signal,
    alive,
    around,
    draw: paint,
    ask(name, value) {
      model.set(name, value);
      save();
      paint();
    },
    say(content) {
      model.send(content);
      expect();
    },
    footer(...more) {
      write(source, [model.get("provenance"), ...more].filter((part) => part !== "").join(" · "));
    },
    open() {
      el.append(root);
      model.on("change", paint);
      model.on("change:heard", heard);
      if (alive) model.send({ kind: "shown" }); // so Python has heard the page, and answers it, before any gesture
      paint();
      return () => {
        model.off("change", paint);
        model.off("change:heard", heard);
        left.abort();
        root.remove();
      };
    },
  };
}

/** Calls `late` when a question has stood for so long without an answer, and `again` when one comes after that. */
export function patience(
  limit: number,
  late: () => void,
  again: () => void,
  signal: AbortSignal,
): { asked(count: number): void; answered(count: number): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let before = 0;
  let isLate = false;
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  signal.addEventListener("abort", stop);
  return {
    asked(count) {
      if (timer !== null || isLate || signal.aborted) return;
      before = count;
      timer = setTimeout(() => {
        timer = null;
        isLate = true;
        late();
      }, limit);
    },
    answered(count) {
      if (count === before) return;
      stop();
      before = count;
      if (isLate) again();
      isLate = false;
    },
  };
}
