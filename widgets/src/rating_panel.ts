/**
 * Hypotheses rated blind: one example at a time, a key for each score.
 *
 * The page holds the item that is shown and nothing about where it comes from. A score goes to Python with the place
 * of its item, and the next item comes when the score is on the disk; what is pressed meanwhile is not for an item
 * that anybody has seen, and is dropped.
 */

import type { Render } from "@anywidget/types";
import { sequential } from "./lib/colour.ts";
import { attribute, changes, errorPlacer, focusNear, freshId, make, show, write } from "./lib/dom.ts";
import { count, number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import { type Table, tableView } from "./lib/table.ts";
import { visible } from "./lib/tokens.ts";
import { type Item, itemText } from "./rating/item_text.ts";
import { isTyping, type Verb, verbOf } from "./rating/keys.ts";
import { interval, outcomeChart, type Source } from "./rating/outcome.ts";

interface Outcome {
  sources: Source[];
  raters: string[];
  agreement: { alpha: [number | null, number | null, number | null, number]; raters: number };
  /** source, unit, part of the range, hypothesis, text, own score, mean of all, how many raters */
  items: [string, number, string, string, string, number, number | null, number][];
}

interface State extends Common {
  rater: string;
  shading: boolean;
  phase: "unnamed" | "rating" | "ended" | "unblinded";
  /** Which item is shown, in the rater's order. */
  place: number;
  rated: number;
  n: number;
  /** What the rater has given the item; −1: nothing yet, −2: skipped. */
  score: number;
  item: Item | Record<string, never>;
  rubric: string[];
  outcome: Outcome | Record<string, never>;
}

const SKIPPED = -2;

const render: Render<State> = ({ model, el }) => {
  const frame = shell<State>({
    model,
    el,
    kind: "rating",
    label: "Rating panel",
    offline: "nothing can be rated here; every score that was taken is on the disk.",
    draw: () => draw(),
    table: () => tableOf(),
  });
  const high = model.get("rubric").length - 1;

  /** A ring around the score of the item before would look like an answer to this one. */
  const letGo = () => scores.includes(focusNear(frame.root) as HTMLButtonElement) && frame.root.focus({ preventScroll: true });
  const title = make("h3", { class: "wb-title" });
  const rater = raterField((name) => frame.ask("rater", name));
  const bar = make("div", { class: "wb-rating-done" });
  const progress = make("div", { class: "wb-rating-progress", role: "progressbar", "aria-label": "Rated" }, bar);
  const hypothesis = make("p", { class: "wb-rating-hypothesis", dir: "auto", "aria-live": "polite" });
  const scale = make("div", { class: "wb-rating-scale", role: "group", "aria-label": "Score" });
  const scores = model.get("rubric").map((words, score) => {
    const key = make("kbd", { class: "wb-mono" }, String(score));
    const button = make("button", { type: "button", class: "wb-rating-score" }, key, make("span", {}, words));
    button.addEventListener("click", (event) => {
      tell({ kind: "rate", score });
      if (event.detail > 0) letGo();
    });
    scale.append(button);
    return button;
  });
  const back = verbButton("Back", "Backspace", () => tell({ kind: "back" }));
  const skip = verbButton("Skip", "S", () => tell({ kind: "skip" }));
  const text = itemText();
  const shading = make("input", { type: "checkbox", id: freshId() });
  shading.addEventListener("change", () => frame.ask("shading", shading.checked));
  const shadingLabel = make("label", { for: shading.id });
  const shaded = make("div", { class: "wb-rating-shading wb-muted" }, shading, shadingLabel);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const verbs = make("div", { class: "wb-rating-verbs" }, back, skip);
  const rating = make(
    "div",
    { class: "wb-rating-item" },
    make("div", { class: "wb-rating-meaning" }, make("div", { class: "wb-label" }, "Hypothesis"), hypothesis, scale, verbs),
    make("div", { class: "wb-rating-evidence" }, make("div", { class: "wb-label" }, "Does it fit the outlined token?"), text.element, shaded),
  );
  const rest = make("p", { class: "wb-rating-rest" });
  const reveal = make("button", { type: "button", class: "wb-button" }, "Show the results");
  reveal.addEventListener("click", () => frame.say({ kind: "unblind" }));
  const backFromEnd = verbButton("Back", "Backspace", () => tell({ kind: "back" }));
  const ended = make("div", { class: "wb-rating-ended" }, rest, make("div", { class: "wb-rating-verbs" }, backFromEnd, reveal));
  const chart = make("div");
  const findings = make("p", { class: "wb-rating-findings" });
  const items = tableView();
  const outcome = make("div", { class: "wb-rating-outcome" }, chart, findings, items.element);
  const placeError = errorPlacer({ "": (message) => write(failure, message) });
  frame.body.append(
    make("header", { class: "wb-header" }, title, ...(frame.alive ? [rater.element] : [])),
    progress,
    rating,
    ended,
    outcome,
    failure,
  );

  let waits = -1; // the answers heard when a verb was sent: it has its own when there are more
  const isWaiting = () => waits === model.get("heard");
  const tell = (verb: Verb) => {
    const phase = model.get("phase");
    const fits = phase === "rating" || (phase === "ended" && verb.kind === "back");
    if (!frame.alive || !fits || isWaiting()) return;
    waits = model.get("heard");
    frame.say({ ...verb, place: model.get("place") });
    frame.draw();
  };
  frame.root.addEventListener("keydown", (event) => {
    if (isTyping(event.target)) return;
    const verb = verbOf(event, scores.length);
    if (verb === null) return;
    event.preventDefault();
    tell(verb);
    letGo();
  });

  const isNew = changes();
  const hasOutcome = changes();
  const draw = () => {
    const [phase, place, n, rated] = [model.get("phase"), model.get("place"), model.get("n"), model.get("rated")];
    const at = phase === "rating" ? `item ${count(place + 1)} of ${count(n)}` : `${count(rated)} of ${plural(n, "item")} rated`;
    write(title, `Blind rating · ${at}`);
    rater.set(model.get("rater"), phase === "unnamed");
    bar.style.width = `${(100 * rated) / Math.max(1, n)}%`;
    for (const [name, value] of Object.entries({ valuemin: 0, valuemax: n, valuenow: rated })) attribute(progress, `aria-${name}`, value);
    show(rating, phase === "rating");
    show(ended, phase === "ended" || phase === "unnamed");
    show(outcome, phase === "unblinded");
    show(reveal, frame.alive && phase === "ended");
    show(backFromEnd, frame.alive && phase === "ended");
    write(rest, phase === "ended" ? "Every item is rated or skipped. You can still go back; once the results are shown, your scores stand." : UNNAMED);
    attribute(frame.root, "data-waiting", isWaiting());
    placeError(model.get("error"), model.get("error_at"));
    if (phase === "rating") drawItem();
    if (phase === "unblinded") drawOutcome();
    const alone = phase === "rating" ? "keys 0 to 3 rate, S skips, Backspace goes back" : "";
    frame.footer(frame.alive ? alone : "");
  };

  const drawItem = () => {
    const item = model.get("item");
    if (!isItem(item)) return;
    const score = model.get("score");
    write(hypothesis, visible(item.hypothesis));
    scores.forEach((button, i) => {
      attribute(button, "aria-pressed", String(i === score));
      attribute(button, "disabled", !frame.alive);
    });
    attribute(skip, "aria-pressed", String(score === SKIPPED));
    show(verbs, frame.alive);
    show(back, model.get("place") > 0);
    show(shaded, frame.alive);
    shading.checked = model.get("shading");
    write(shadingLabel, model.get("shading") ? SHADED : "Shade the other tokens on which it fires (less blind)");
    if (isNew(model.get("rater"), model.get("place"), item.pieces.join("\0"))) text.set(item);
    const { theme, surface, ink } = frame.around();
    text.shade(item, sequential(theme, surface, 1.6), ink);
  };

  const drawOutcome = () => {
    const found = model.get("outcome");
    if (!isOutcome(found) || !hasOutcome(found)) return;
    chart.replaceChildren(outcomeChart(found.sources, high));
    write(findings, agreementIn(found));
    items.set(itemsOf(found));
    show(items.element, true);
  };

  const tableOf = (): Table => {
    const [item, found] = [model.get("item"), model.get("outcome")];
    if (isOutcome(found)) return sourcesOf(found);
    const words = model.get("rubric").map((said, score) => [String(score), said]);
    if (!isItem(item)) return { caption: "Scores", columns: ["score", "meaning"], rows: words };
    const around = item.pieces.map((piece, i) => (i === item.at ? `⟦${piece}⟧` : piece)).join("");
    const rows = [["hypothesis", visible(item.hypothesis)], ["text", visible(around)], ...words];
    return { caption: `Item ${model.get("place") + 1}`, columns: ["", ""], rows };
  };

  return frame.open();
};

const SHADED = "Shaded by activation, linear: none is 0, the darkest as strong as the outlined token, or stronger";
const UNNAMED = "Say who rates: write a name above and press Enter. Everybody gets the same items, in an order of their own.";

function isItem(item: State["item"]): item is Item {
  return Array.isArray(item.pieces);
}

function isOutcome(outcome: State["outcome"]): outcome is Outcome {
  return Array.isArray(outcome.sources);
}

/** How far the raters agree, in a sentence. */
function agreementIn({ agreement, raters }: Outcome): string {
  const [value, low, high, n] = agreement.alpha;
  const who = `${plural(raters.length, "rater")}: ${raters.join(", ")}.`;
  if (value === null) return `${who} Agreement needs two raters who have rated the same items.`;
  return `${who} Krippendorff’s α ${interval({ value, low, high })}, ordinal, over ${plural(n, "item")}.`;
}

function sourcesOf({ sources }: Outcome): Table {
  const rows = sources.map((one) => [
    one.source,
    interval({ value: one.score, low: one.low, high: one.high }),
    count(one.units),
    count(one.ratings),
    count(one.raters),
    interval({ value: one.silent, low: one.silent_low, high: one.silent_high }),
    interval({ value: one.alpha, low: one.alpha_low, high: one.alpha_high }),
  ]);
  return { caption: "Mean scores by source", columns: ["source", "score", "units", "ratings", "raters", "where silent", "α"], rows };
}

function itemsOf({ items }: Outcome): Table {
  const rows = items.map(([source, unit, part, hypothesis, text, own, mean, n]) => [
    `${source} ${count(unit)}`,
    part,
    own >= 0 ? String(own) : own === SKIPPED ? "skipped" : "–",
    mean === null ? "–" : `${number(mean)} (${count(n)})`,
    visible(hypothesis),
    visible(text),
  ]);
  return { caption: "What the items were", columns: ["unit", "shown at", "you", "all", "hypothesis", "text"], rows };
}

/** The name of who rates; taken on Enter or when the field is left. */
function raterField(chosen: (name: string) => void): { element: HTMLElement; set(name: string, isAsked: boolean): void } {
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-rating-name", maxlength: 60, autocomplete: "off" });
  let now = "";
  const go = () => {
    if (input.value.trim() !== now) chosen(input.value.trim());
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = now;
    else if (event.key !== "Enter") return;
    go();
    input.closest<HTMLElement>(".wb")?.focus(); // the next key is a score
  });
  input.addEventListener("blur", go);
  return {
    element: make("div", { class: "wb-control" }, make("label", { class: "wb-label", for: id }, "Rater"), input),
    set(name, isAsked) {
      attribute(input, "data-asked", isAsked);
      if (name === now) return;
      now = name;
      if (focusNear(input) !== input) input.value = name;
    },
  };
}

function verbButton(verb: string, key: string, act: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", class: "wb-button", "aria-keyshortcuts": key }, verb);
  button.addEventListener("click", act);
  return button;
}

export default { render };
