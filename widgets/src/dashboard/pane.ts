/** One feature: its meaning, and the evidence for it. Two of them stand side by side when features are compared. */

import { css, diverging, type Rgb, type Scale, type Theme } from "../lib/colour.ts";
import { attribute, changes, make, show, write } from "../lib/dom.ts";
import { count, number } from "../lib/number.ts";
import { tabs } from "../lib/tabs.ts";
import { tokenFlow } from "../lib/token_flow.ts";
import { nameOf, quoted, visible } from "../lib/tokens.ts";
import { type Card, evenly, type Example, groupsOf, type Kind, rebinned } from "./card.ts";
import { examplesView, type Width } from "./examples.ts";
import { histogramView } from "./histogram.ts";
import { logitsView, saidOf } from "./logits.ts";
import { meaning, type MeaningHands } from "./meaning.ts";

export interface PaneHands extends MeaningHands {
  pick(example: Example, piece: number): void;
  letGo(): void;
  pin(token: number): void;
  group(kind: Kind): void;
  form(form: string): void;
  width(width: Width): void;
}

/** What a text that somebody typed does to the feature. */
export interface Own {
  pieces: string[];
  bos: boolean;
  groups: [number, number][];
  ids: ArrayLike<number>;
  values: ArrayLike<number>;
  pinned: number;
}

export interface PaneScene {
  card: Card;
  scale: Scale;
  /** The largest activation that both of two compared features share the bins of; null for one alone. */
  shared: number | null;
  theme: Theme;
  surface: Rgb;
  ink: Rgb;
  group: Kind;
  width: Width;
  form: string;
  forms: readonly string[];
  /** Whether logits are being measured. */
  isMeasuring: boolean;
  picked: readonly number[];
  lit: { low: number; high: number } | null;
  own: Own | null;
  nameOf(feature: number, label: string): string;
  can(feature: number): boolean;
  alive: boolean;
  brief: boolean;
  lists: readonly string[];
  isLinked: boolean;
}

export interface Pane {
  element: HTMLElement;
  draw(scene: PaneScene): void;
  fail: Record<string, (message: string) => void>;
  focusLabel(): void;
}

const GROUPS: { value: Kind; name: string; title: string; empty: string }[] = [
  { value: "top", name: "Top", title: "The strongest, one of each text", empty: "It never fires in this text." },
  { value: "quantile", name: "Quantiles", title: "Drawn from parts of its firings that hold equally many", empty: "It never fires in this text." },
  { value: "interval", name: "Intervals", title: "Drawn from parts of its range that are equally wide", empty: "It never fires in this text." },
  { value: "near", name: "Near misses", title: "Silent, but nearest to firing", empty: "No near misses are held." },
  { value: "negative", name: "Random", title: "Silent, drawn at random", empty: "No silent examples are held." },
];
const FORMS: Record<string, string> = { raw: "Raw", folded: "Norm folded", measured: "Measured" };
const WIDTHS: { value: Width; name: string; title: string }[] = [
  { value: "line", name: "Line", title: "What fits in a line" },
  { value: "near", name: "± 16", title: "16 tokens on each side" },
  { value: "all", name: "All", title: "All that is held of each text" },
];

export function pane(hands: PaneHands): Pane {
  let now: PaneScene | null = null;
  let lit: { low: number; high: number } | null = null;
  const about = meaning(hands);
  const heading = make("h4", { class: "wb-pane-title" });
  const groups = tabs("Examples", (value) => hands.group(value as Kind));
  const widths = tabs("Context", (value) => hands.width(value as Width));
  const readout = make("div", { class: "wb-readout wb-muted wb-mono", "aria-live": "polite" });
  const examples = examplesView({ preview, pick: hands.pick, letGo: hands.letGo });
  const flow = tokenFlow({ preview: previewOwn, pin: hands.pin }, "Your text");
  const own = make("div", { class: "wb-own-text" }, make("div", { class: "wb-label" }, "Your text"), flow.element);
  const activations = histogramView((range) => light(range));
  const logits = histogramView((range) => list.light(range));
  const list = logitsView((value) => logits.mark(value));
  const forms = tabs("Logits", (value) => hands.form(value));
  const how = make("span", { class: "wb-muted" });
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const formBar = make("div", { class: "wb-bar-row" }, make("span", { class: "wb-label" }, "Logits"), forms.element, how);
  const charts = make("div", { class: "wb-charts" }, activations.element, logits.element);
  const effects = make("div", { class: "wb-effects" }, formBar, failure, list.element);
  const bar = make("div", { class: "wb-bar-row wb-examples-bar" }, groups.element, make("span", { class: "wb-grow" }), widths.element);
  const evidence = make("div", { class: "wb-evidence" }, own, bar, examples.element, readout, charts, effects);
  const element = make("div", { class: "wb-pane" }, heading, about.element, evidence);
  const [listed, flowed, painted, charted, marked, ownMarked] = [changes(), changes(), changes(), changes(), changes(), changes()];

  function tell(piece: string, value: number, id: number | undefined, rest: string): void {
    if (now === null) return;
    const effect = effectOf(now, id);
    readout.textContent = `${nameOf(piece)} ${number(value)}${rest}${id === undefined ? "" : ` · id ${id}`}${effect === null ? "" : ` · logit ${number(effect)}`}`;
    activations.mark(value > 0 ? value : null);
    logits.mark(effect);
  }
  function still(): void {
    readout.textContent = now === null ? "" : restOf(now);
    activations.mark(null);
    logits.mark(null);
  }
  function preview(at: { example: Example; piece: number } | null): void {
    if (at === null) return still();
    const { example, piece } = at;
    const z = example.kind === "near" && example.z !== null && piece === example.at ? ` (before the activation function ${number(example.z)})` : "";
    tell(example.pieces[piece]!, example.values[piece]!, example.ids[piece], `${z} · position ${example.start + piece} of text ${count(example.text)}`);
  }
  function previewOwn(i: number): void {
    if (now?.own == null || i < 0) return still();
    tell(now.own.pieces[i]!, now.own.values[i]!, now.own.ids[i], ` · position ${i} of your text`);
  }
  function light(range: { low: number; high: number } | null): void {
    lit = range;
    if (now !== null) markAll(now);
  }
  function markAll({ picked, lit: legend, own: text }: PaneScene): void {
    const range = lit ?? legend;
    const isLit = range === null ? null : (value: number) => value >= range.low && value <= range.high;
    if (marked(range, picked.join(), now?.card, now?.group, now?.width, now?.scale)) examples.mark(picked, isLit);
    if (text !== null && ownMarked(range, text.pinned, text.values)) flow.mark(text.pinned, (i) => isLit?.(text.values[i]!) ?? false);
  }

  return {
    element,
    fail: { ...about.fail, form: (message) => write(failure, message) },
    focusLabel: about.focus,
    draw(scene) {
      now = scene;
      const { card, scale, theme, surface, ink, group, width, form, brief } = scene;
      const look = `${theme} ${css(surface)} ${css(ink)}`;
      write(heading, brief ? `${card.feature} · ${card.label === "" ? "no label" : visible(card.label)}` : "");
      about.draw(scene);
      groups.set(GROUPS.filter(({ value }) => card.examples.length === 0 || card.examples.some(({ kind }) => kind === value) || value === group), group);
      widths.set(WIDTHS, width);
      show(bar, card.examples.length > 0);
      const shown = groupsOf(card, group);
      if (listed(card, group, width, scale, look)) {
        examples.set(shown, width, emptyOf(card, group), { scale, ink });
        still();
      }
      drawOwn(scene, look);
      if (charted(card, scene.shared, form, card.logits[form], scene.isMeasuring, scale, look)) drawCharts(scene, look);
      markAll(scene);
    },
  };

  function drawOwn({ own: text, scale, ink }: PaneScene, look: string): void {
    show(own, text !== null);
    if (text === null) return;
    if (flowed(text.pieces)) flow.set(text.pieces, text.bos, text.groups);
    if (painted(text.pieces, text.values, scale, look)) {
      flow.paint((i) => scale.colour(text.values[i]!), ink, (i) => `${quoted(text.pieces[i]!)} ${number(text.values[i]!)}`);
    }
  }

  function drawCharts(scene: PaneScene, look: string): void {
    const { card, scale, shared, theme, surface, form, forms: offered, isMeasuring } = scene;
    const mine = card.maximum > 0 ? card.histogram : null;
    const bins = mine === null || shared === null ? mine : rebinned(mine, evenly(shared, mine.counts.length));
    const n = card.histogram.counts.reduce((sum, one) => sum + one, 0);
    activations.set({ histogram: bins, title: `Activations · n ${count(n)}`, empty: "", colour: (value) => css(scale.colour(value)), key: look + scale.high });
    show(activations.element, mine !== null);
    const now = card.logits[form] ?? null;
    const colours = now === null ? null : diverging(theme, surface, furthest(now.histogram.edges));
    const colour = (value: number) => (colours === null ? "none" : css(colours.colour(value)));
    const waiting = isMeasuring ? "Being measured …" : "";
    logits.set({ histogram: now?.histogram ?? null, title: now === null && waiting === "" ? "" : "Logits of all tokens", empty: waiting, colour, key: look });
    list.set(now, colour, look);
    show(effects, Object.keys(card.logits).length > 0 || isMeasuring);
    show(list.element, now !== null);
    forms.set(offered.map((value) => ({ value, name: FORMS[value] ?? value })), form);
    write(how, now === null ? waiting : saidOf(now));
    attribute(how, "title", now?.unit);
  }
}

function emptyOf(card: Card, group: Kind): string {
  if (card.maximum <= 0) return "This feature never fires in the text that was indexed: nothing can be said about it.";
  return GROUPS.find(({ value }) => value === group)?.empty ?? "";
}

/** What stands where a token is read out, while none is. */
function restOf({ card, brief }: PaneScene): string {
  return card.examples.length === 0 || brief ? "" : "Hover a token for its value; click to pick it, click a number to widen";
}

/** What the feature does to the logit of a token, where that is known. */
function effectOf({ card, form }: PaneScene, id: number | undefined): number | null {
  return (id === undefined ? undefined : card.effects.get(form)?.get(id)) ?? null;
}

function furthest(edges: readonly number[]): number {
  return Math.max(Math.abs(edges[0] ?? 0), Math.abs(edges.at(-1) ?? 0));
}
