/**
 * Every feature of a dictionary, one at a time or two side by side: meaning left, evidence right.
 *
 * Python sends the card of the present feature, and ahead of time those that the next keys may ask for; so a key is
 * answered here, and Python hears of it. Searches, labels, another text and measured logits are asked for.
 */

import type { Render } from "@anywidget/types";
import { css, type Scale, sequential, stepped } from "./lib/colour.ts";
import { textField } from "./lib/controls.ts";
import { attribute, changes, errorPlacer, keepFocus, make, show, write } from "./lib/dom.ts";
import { legend } from "./lib/legend.ts";
import { count, number, plural } from "./lib/number.ts";
import { type Common, shell } from "./lib/shell.ts";
import type { Table } from "./lib/table.ts";
import { type Tab, tabs } from "./lib/tabs.ts";
import { visible } from "./lib/tokens.ts";
import { decode, type WireArray } from "./lib/wire.ts";
import { resultList, type Row, searchBox, walker } from "./dashboard/browse.ts";
import { activationsOf, type Card, cardOf, groupsOf, type Kind, type RawCard, withBytes } from "./dashboard/card.ts";
import type { Width } from "./dashboard/examples.ts";
import { ahead, aliveOrder, listOrder, type Order, searched } from "./dashboard/order.ts";
import { panelBox } from "./dashboard/panel_box.ts";
import { type Own, pane, type PaneHands } from "./dashboard/pane.ts";
import { scatter } from "./dashboard/scatter.ts";

interface Here {
  text: string;
  bos: boolean;
  pieces: string[];
  groups: [number, number][];
  ids: WireArray;
  /** The features that are on at every token, and their values. */
  units: WireArray;
  values: WireArray;
  rows: Row[];
}

interface MapOf {
  method: string;
  places: WireArray;
  labels: Record<string, string>;
}

interface State extends Common {
  feature: number;
  against: number;
  text: string;
  selected: number;
  picked: number[];
  group: Kind;
  form: string;
  by: string;
  query: string;
  about: { width: number; tokens: number; texts: number; alive: WireArray; concepts: string[]; forms: string[]; live: boolean; mapped: boolean };
  /** Whether other views follow. */
  linked: boolean;
  /** Which features have a slider in the steering panel; null where there is nothing to steer. */
  steered: number[] | null;
  /** A steering panel that stands here; null for none. */
  panel: string | null;
  /** A neuron that was asked for in the other views, "mlp_act.1.17"; "" for none. */
  neuron: string;
  card: RawCard;
  other: RawCard | Record<string, never>;
  here: Here | Record<string, never>;
  found: { by: string; query: string; rows: Row[] } | Record<string, never>;
  lists: Record<string, number[]>;
  working: string[];
  /** Only in an export: the cards that go with it, and the map. */
  cards?: RawCard[];
  map?: MapOf;
}

/** Cards that are kept, and how many steps to either side are sent ahead. */
const KEPT = 96;
const REACH = 3;

type Source = "all" | "found" | "text";

const render: Render<State> = ({ model, el, host }) => {
  const frame = shell<State>({
    model,
    el,
    kind: "dashboard",
    label: "Feature dashboard",
    offline: "what needs no model goes on: the features that are in it, their examples, histograms and logits, the search.",
    draw: () => draw(),
    table: () => tableOf(),
  });
  const { alive, root } = frame;
  const about = model.get("about");
  const cards = new Map<number, Card>();
  let asked: number[] = [];
  let source: Source = "all";
  let width: Width = "line";
  let lit: { low: number; high: number } | null = null;
  let isMap = false;
  let map: { method: string; places: ArrayLike<number>; labels: Record<string, string> } | null = null;
  let isMapAsked = false;
  let own: { sent: unknown; units: ArrayLike<number>; values: ArrayLike<number>; ids: ArrayLike<number> } | null = null;
  let alone: Row[] = [];
  const everything = alive ? aliveOrder(decode(about.alive).numbers as Int32Array, about.width) : exported();

  function exported(): Order {
    for (const raw of model.get("cards") ?? []) cards.set(raw.feature, cardOf(raw));
    return listOrder([...cards.keys()].sort((a, b) => a - b));
  }
  const ask = <Name extends keyof State & string>(name: Name, value: State[Name]) => frame.ask(name, value);
  const can = (feature: number) => alive || cards.has(feature);
  const go = (feature: number) => {
    if (!can(feature) || feature === model.get("feature")) return;
    ask("feature", feature);
    keepFocus(root, draw); // now, and not when the next frame begins: then it is painted with that frame
  };
  const compare = (feature: number) => ask("against", feature);
  const step = (by: number) => {
    const to = order().from(model.get("feature"), by);
    if (to !== null) go(to);
  };
  const nameOf = (feature: number, label: string) => cards.get(feature)?.label ?? label;

  // ---- what is there to touch ----

  const title = make("h3", { class: "wb-title" });
  const key = legend((range) => {
    lit = range;
    frame.draw();
  });
  const walk = walker(step, go);
  const walked = tabs("Walk through", (value) => {
    source = value as Source;
    frame.draw();
  });
  const comparing = make("button", { type: "button", class: "wb-button" });
  comparing.addEventListener("click", toggleComparing);
  const beside = walker(
    (by) => {
      const to = everything.from(model.get("against"), by);
      if (to !== null) compare(to);
    },
    (feature) => can(feature) && compare(feature),
  );
  const steering = make("button", { type: "button", class: "wb-button", title: "Give this feature a slider in the steering panel" }, "Steer");
  steering.addEventListener("click", () => frame.say({ kind: "steer", feature: model.get("feature") }));
  const isSteered = make("span", { class: "wb-muted" });
  const steered = panelBox(host, frame.signal);
  const mapping = make("button", { type: "button", class: "wb-button", "aria-expanded": "false" }, "Map");
  mapping.addEventListener("click", toggleMap);
  const search = searchBox(find);
  let isTyped = false;
  const text = textField("Try a text", "Run", (words) => {
    isTyped = words !== "";
    ask("text", words);
  });
  const results = resultList(go, can);
  const mapHead = make("div", { class: "wb-map-head" });
  const mapSays = make("span", { class: "wb-mono" });
  const mapNote = make("span", { class: "wb-muted" });
  mapHead.append(mapNote, mapSays);
  const points = scatter({ preview: nameOnMap, go }, frame.signal);
  const mapBox = make("div", { class: "wb-map", hidden: true }, mapHead, points.element);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const keys = make("div", { class: "wb-keys wb-muted", "aria-label": "Keys" });
  for (const [letters, what] of keysOf(alive, about)) keys.append(make("span", {}, ...letters.map((letter) => make("kbd", {}, letter)), ` ${what}`));

  const hands = (isSecond: boolean): PaneHands => ({
    go: (feature) => (isSecond ? can(feature) && compare(feature) : go(feature)),
    compare,
    neuron: (site, unit) => ask("neuron", `${site}.${unit}`),
    write: (kind, feature, words) => frame.say({ kind, feature, text: words }),
    pick(example, piece) {
      if (isSecond) return;
      ask("picked", [example.number, piece]);
    },
    letGo: () => ask("picked", []),
    pin: (token) => ask("selected", token),
    group: (kind) => ask("group", kind),
    form: (form) => ask("form", form),
    width(next) {
      width = next;
      frame.draw();
    },
  });
  const first = pane(hands(false));
  const second = pane(hands(true));
  second.element.classList.add("wb-second");
  const panes = make("div", { class: "wb-panes" }, first.element, second.element);
  const tools = make("div", { class: "wb-toolbar" }, walk.element, walked.element, make("span", { class: "wb-grow" }), isSteered, steering, comparing, beside.element, mapping);
  const fields = make("div", { class: "wb-fields" }, search.element, ...(alive && about.live ? [text.element] : []));
  frame.body.append(make("header", { class: "wb-header" }, title, key.element), tools, fields, results.element, mapBox, failure, steered.element, panes, keys);
  const placeError = errorPlacer({
    ...first.fail,
    query: search.fail,
    text: text.fail,
    feature: walk.fail,
    "": (message: string) => write(failure, message),
  });

  function drawSteering(feature: number): void {
    const sliders = alive ? model.get("steered") : null;
    const has = sliders?.includes(feature) === true;
    show(steering, sliders !== null && !has);
    write(isSteered, has ? "has a slider" : "");
    steered.show(alive ? model.get("panel") : null);
  }
  function toggleComparing(): void {
    if (model.get("against") >= 0) return ask("against", -1);
    const card = cards.get(model.get("feature"));
    const near = card?.neighbours.find((one) => can(one.number))?.number ?? everything.from(model.get("feature"), 1) ?? everything.from(model.get("feature"), -1);
    if (near !== null && near !== undefined) compare(near);
  }
  function toggleMap(): void {
    isMap = !isMap;
    if (isMap && map === null && !isMapAsked && alive) {
      isMapAsked = true;
      frame.say({ kind: "map" });
    }
    frame.draw();
  }
  function find(by: string, query: string): void {
    if (alive) {
      model.set("by", by);
      ask("query", query);
    } else {
      alone = searched([...cards.values()], query, by).map(({ feature, label }) => ({ feature, label, says: "" }));
      model.set("by", by);
      model.set("query", query);
    }
    source = query === "" ? "all" : "found";
    frame.draw();
  }
  function nameOnMap(feature: number): void {
    const label = feature < 0 ? "" : nameOf(feature, map?.labels[feature] ?? "");
    write(mapSays, feature < 0 ? "" : `Feature ${feature}${label === "" ? "" : ` · ${visible(label)}`}`);
  }

  // ---- in which order ----

  function rows(): Row[] | null {
    if (source === "text") return rowsOfText();
    return source === "found" ? found() : null;
  }
  function found(): Row[] | null {
    if (!alive) return model.get("query") === "" ? null : alone;
    return (model.get("found").rows as Row[] | undefined) ?? null;
  }
  function rowsOfText(): Row[] | null {
    return (model.get("here").rows as Row[] | undefined) ?? null;
  }
  const orders = new WeakMap<object, Order>();
  function order(): Order {
    const list = rows();
    if (list === null) return everything;
    if (!orders.has(list)) orders.set(list, listOrder(list.map(({ feature }) => feature).filter(can)));
    return orders.get(list)!;
  }

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
    const by = { j: 1, n: 1, ArrowDown: 1, ArrowRight: 1, k: -1, p: -1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const does: Record<string, () => unknown> = {
      "/": search.focus,
      t: () => text.element.querySelector("textarea")?.focus(),
      l: first.focusLabel,
      m: () => about.mapped && toggleMap(),
      c: toggleComparing,
      Escape: () => (model.get("picked").length > 0 ? ask("picked", []) : undefined),
    };
    if (by !== undefined) step(by);
    else if (does[event.key] !== undefined) does[event.key]!();
    else return;
    event.preventDefault();
  });

  // ---- cards ----

  let [lastCard, lastOther]: [unknown, unknown] = [null, null];
  function keep(card: Card): void {
    cards.delete(card.feature);
    cards.set(card.feature, card);
    if (alive) for (const feature of [...cards.keys()].slice(0, Math.max(0, cards.size - KEPT))) cards.delete(feature);
  }
  function take(): void {
    const [card, other] = [model.get("card"), model.get("other")];
    if (card !== lastCard && "ids" in card) keep(cardOf(card));
    if (other !== lastOther && "ids" in other) keep(cardOf(other as RawCard));
    [lastCard, lastOther] = [card, other];
  }
  function askAhead(): void {
    if (!alive) return;
    const form = model.get("form");
    const has = (feature: number) => cards.has(feature) && (form !== "raw" || cards.get(feature)!.logits.raw !== undefined);
    const wanted = ahead(order(), model.get("feature"), REACH).filter((feature) => !has(feature));
    if (wanted.every((feature) => asked.includes(feature))) return;
    asked = wanted;
    frame.say({ kind: "cards", features: wanted });
  }
  const hear = (message: { kind: string }, buffers: readonly ArrayBufferView[]) => {
    if (message?.kind === "card") {
      const card = cardOf(withBytes((message as unknown as { card: RawCard }).card, buffers));
      if (card.feature !== (model.get("card") as RawCard).feature) keep(card);
      asked = asked.filter((feature) => feature !== card.feature);
      if (card.feature === model.get("feature") || card.feature === model.get("against")) frame.draw();
    } else if (message?.kind === "map") {
      takeMap(withBytes((message as unknown as { map: MapOf }).map, buffers));
    }
  };
  function takeMap(sent: MapOf): void {
    map = { method: sent.method, places: decode(sent.places).numbers, labels: sent.labels };
    points.set(map.places, can);
    frame.draw();
  }
  if (!alive && model.get("map")) takeMap(model.get("map")!);

  // ---- drawing ----

  let present: Card | null = null;
  let otherCard: Card | null = null;
  let scale: Scale = sequential("light", [255, 255, 255], 1);
  const rescaled = changes();
  const draw = () => {
    take();
    const [feature, against] = [model.get("feature"), model.get("against")];
    present = cards.get(feature) ?? present;
    otherCard = against < 0 ? null : (cards.get(against) ?? otherCard);
    if (present === null) return;
    const isComparing = against >= 0 && otherCard !== null;
    const { theme, surface, ink } = frame.around();
    const high = Math.max(present.maximum, isComparing ? otherCard!.maximum : 0);
    if (rescaled(high, theme, css(surface), isComparing)) {
      scale = stepped(sequential(theme, surface, high));
      key.set(scale, isComparing ? "to the larger of both maxima" : "to its largest in this text");
    }
    show(key.element, high > 0);
    const label = present.label === "" ? "" : ` · ${visible(present.label)}`;
    const versus = isComparing ? ` against ${otherCard!.feature}` : label;
    write(title, `Feature ${present.feature}${versus} · ${count(about.tokens)} tokens`);
    attribute(panes, "data-late", present.feature !== feature || (against >= 0 && otherCard?.feature !== against));
    attribute(panes, "data-comparing", isComparing);
    placeError(model.get("error"), model.get("error_at"));
    controls(feature, against);
    const scene = {
      scale,
      shared: isComparing ? high : null,
      theme,
      surface,
      ink,
      group: model.get("group"),
      width,
      form: model.get("form"),
      forms: alive ? about.forms : formsOf(present),
      isMeasuring: model.get("working").includes("logits"),
      lit,
      nameOf,
      can,
      alive,
      brief: isComparing,
      lists: Object.keys(model.get("lists")),
      isLinked: alive && model.get("linked"),
    };
    first.draw({ ...scene, card: present, picked: model.get("picked"), own: ownOf(present) });
    show(second.element, isComparing);
    if (isComparing) second.draw({ ...scene, card: otherCard!, picked: [], own: ownOf(otherCard!) });
    drawMap(feature, against, css(ink), css(surface));
    frame.footer();
    askAhead();
  };

  const ownValues = new WeakMap<Card, { of: unknown; values: Float32Array }>();
  /** What a card's feature does in the typed text; computed once for each. */
  function ownOf(card: Card): Own | null {
    const here = model.get("here");
    if (!("pieces" in here)) return null;
    const sent = here as Here;
    if (own?.sent !== sent) own = { sent, units: decode(sent.units).numbers, values: decode(sent.values).numbers, ids: decode(sent.ids).numbers };
    let mine = ownValues.get(card);
    if (mine?.of !== sent) {
      mine = { of: sent, values: activationsOf(own.units, own.values, sent.pieces.length, card.feature) };
      ownValues.set(card, mine);
    }
    const { pieces, bos, groups } = sent;
    return { pieces, bos, groups, ids: own.ids, values: mine.values, pinned: model.get("selected") };
  }

  function drawMap(feature: number, against: number, ink: string, surface: string): void {
    show(mapBox, isMap);
    attribute(mapping, "aria-expanded", String(isMap));
    write(mapping, isMap ? "Hide map" : "Map");
    show(mapping, about.mapped && (alive || map !== null));
    if (!isMap) return;
    const large = rows() === null ? "" : " · large: those in the list";
    write(mapNote, map === null ? "The map is being made …" : `${plural(map.places.length / 2, "feature")} · ${map.method} of their decoders${large}`);
    const listed = new Set((rows() ?? []).map((row) => row.feature));
    const accent = getComputedStyle(root).getPropertyValue("--wb-accent").trim() || "#0b69b3";
    points.paint({ point: ink, listed: ink, here: accent, surface }, [feature, against], listed);
  }

  const sourced = changes();
  const textual = changes();
  function controls(feature: number, against: number): void {
    const list = found();
    if (sourced(model.get("found")) && alive && list !== null && list.length > 0) source = "found";
    if (textual(model.get("here")) && isTyped && rowsOfText() !== null) [source, isTyped] = ["text", false];
    if (rows() === null) source = "all";
    const now = order();
    const of = { all: alive ? "that fire" : "in this copy", found: "found", text: "in your text" }[source];
    walk.set({ feature, width: about.width, place: now.placeOf(feature), length: now.length, of, canStep: now.length > 1 });
    const sources: Tab[] = [{ value: "all", name: "All", title: "Walk through all features that fire" }];
    if (list !== null) sources.push({ value: "found", name: `Found ${list.length}`, title: "Walk through what was found" });
    const inText = rowsOfText();
    if (inText !== null) sources.push({ value: "text", name: `In your text ${inText.length}`, title: "Walk through what fires in your text" });
    walked.set(sources, source);
    results.set(rows(), feature, source === "text" ? "No feature fires in your text." : `Nothing was found for “${visible(model.get("query"))}”.`, nameOf);
    const ways: Tab[] = [{ value: "words", name: "Words" }, { value: "token", name: "Token" }];
    if (about.concepts.length > 0) ways.push({ value: "concept", name: "Concept" });
    const lists = Object.keys(model.get("lists"));
    if (lists.length > 0) ways.push({ value: "list", name: "List" });
    const offers = model.get("by") === "concept" ? about.concepts.slice(0, 2000) : model.get("by") === "list" ? lists : [];
    search.set({ by: model.get("by"), query: model.get("query"), sources: ways, offers });
    text.set(model.get("text"));
    drawSteering(feature);
    comparing.textContent = against >= 0 ? "Compare no more" : "Compare";
    show(beside.element, against >= 0);
    if (against >= 0) beside.set({ feature: against, width: about.width, place: -1, length: everything.length, of: "that fire", canStep: true });
  }

  function tableOf(): Table {
    if (present === null) return { caption: "", columns: [], rows: [] };
    const examples = groupsOf(present, model.get("group")).flatMap((group) => group.examples);
    const words = (pieces: string[]) => visible(pieces.join(""));
    const body = examples.map(({ pieces, at, value, text, start }) => [
      number(value),
      words(pieces.slice(Math.max(0, at - 8), at)),
      words(pieces.slice(at, at + 1)),
      words(pieces.slice(at + 1, at + 9)),
      `${text}, ${start + at}`,
    ]);
    return { caption: title.textContent ?? "", columns: ["activation", "before", "token", "after", "text, position"], rows: body };
  }

  model.on("msg:custom", hear);
  const close = frame.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};

function formsOf(card: Card): string[] {
  return ["raw", "folded", "measured"].filter((form) => card.logits[form] !== undefined);
}

/** The keys of the widget and what they do; those of what is not there are not told. */
function keysOf(alive: boolean, { live, mapped }: State["about"]): [string[], string][] {
  const all: [string[], string, boolean][] = [
    [["j", "n", "→"], "next feature", true],
    [["k", "p", "←"], "previous", true],
    [["/"], "search", true],
    [["t"], "your text", alive && live],
    [["l"], "label", alive],
    [["c"], "compare", true],
    [["m"], "map", mapped],
    [["w"], "widen an example", true],
    [["Esc"], "let go", true],
  ];
  return all.filter(([, , isThere]) => isThere).map(([letters, what]) => [letters, what]);
}

export default { render };
