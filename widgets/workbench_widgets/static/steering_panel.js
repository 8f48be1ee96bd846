// generated from widgets/src by build.mjs; do not edit

// src/lib/dom.ts
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name2, value2] of Object.entries(attributes)) attribute(element, name2, value2);
  element.append(...children);
  return element;
}
function attribute(element, name2, value2) {
  if (value2 === void 0 || value2 === false) element.removeAttribute(name2);
  else element.setAttribute(name2, value2 === true ? "" : String(value2));
}
function show(element, visible2) {
  element.hidden = !visible2;
}
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  show(element, text !== "");
}
function perFrame(work, signal) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!signal.aborted) work();
    });
  };
}
function changes() {
  let last = null;
  return (...parts2) => {
    const isSame = last !== null && parts2.length === last.length && parts2.every((part, i) => part === last[i]);
    last = parts2;
    return !isSame;
  };
}
function focusNear(near) {
  return near.getRootNode().activeElement;
}
function keepFocus(root, work) {
  const before = focusNear(root);
  const wasInside = before !== null && root.contains(before);
  work();
  if (!wasInside) return;
  const after = focusNear(root);
  const isMoved = after !== null && after !== before && root.contains(after);
  const isLost = !root.contains(before) || before.closest("[hidden]") !== null;
  if (isLost && !isMoved) root.focus({ preventScroll: true });
}
function errorPlacer(fields) {
  let last = "";
  let clear = () => {
  };
  return (message, at) => {
    if (message + at === last) return;
    last = message + at;
    clear();
    const fail = fields[at] ?? fields[""];
    clear = () => fail?.("");
    if (message !== "") fail?.(message);
  };
}
var made = 0;
function freshId() {
  made += 1;
  return `wb-${made}-${Math.random().toString(36).slice(2, 8)}`;
}

// src/lib/number.ts
var MINUS = "−";
var THIN = " ";
var ABSENT = "–";
function number(value2) {
  if (Number.isNaN(value2)) return ABSENT;
  if (!Number.isFinite(value2)) return value2 < 0 ? `${MINUS}∞` : "∞";
  const size = Math.abs(value2);
  if (size === 0) return "0";
  const sign = value2 < 0 ? MINUS : "";
  if (size >= 999.5 && size < 1e9) return sign + count(Math.round(size));
  if (size >= 1e9 || size < 995e-6) {
    const [mantissa, exponent] = size.toExponential(2).split("e");
    return `${sign}${mantissa}e${exponent.replace("-", MINUS).replace("+", "")}`;
  }
  return sign + size.toPrecision(3);
}
function count(value2) {
  const digits = String(Math.abs(value2));
  const spaced = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN) : digits;
  return value2 < 0 ? MINUS + spaced : spaced;
}
function plural(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
function strength(value2) {
  return value2 === 0 ? "off" : `${value2.toFixed(1).replace("-", MINUS)} ×`;
}

// src/lib/controls.ts
function wholeNumber(text, range) {
  const value2 = Number(text.trim());
  const { low, high, noun } = range;
  const offer = `choose ${count(low)} to ${count(high)}`;
  if (text.trim() === "" || !Number.isInteger(value2)) return `“${text.trim()}” is not a whole number; ${offer}.`;
  if (value2 < low || value2 > high) return `There is no ${noun} ${count(value2)}; ${offer}.`;
  return value2;
}
function textField(label, verb, run) {
  const id = freshId();
  const area = make("textarea", { id, class: "wb-input wb-text", rows: 1, spellcheck: "false", dir: "auto" });
  const button = make("button", { type: "button", class: "wb-button", hidden: true }, verb);
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = "";
  let refused = false;
  const rest = () => {
    if (focusNear(button) === button) area.focus();
    show(button, false);
  };
  const fail = (message) => {
    refused = message !== "";
    write(error, message);
    attribute(area, "aria-invalid", message !== "");
    attribute(area, "aria-describedby", message !== "" ? error.id : void 0);
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
      error
    ),
    fail,
    set(text) {
      if (text === now) return;
      now = text;
      if (refused) return;
      area.value = text;
      rest();
    }
  };
}
function numberField(label, read, chosen) {
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "decimal", autocomplete: "off" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = Number.NaN;
  const fail = (message) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : void 0);
  };
  const go = () => {
    const value2 = read(input.value);
    fail(typeof value2 === "string" ? value2 : "");
    if (typeof value2 === "number" && value2 !== now) chosen(value2);
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
    set(value2) {
      if (value2 === now) return;
      now = value2;
      input.value = String(value2);
      fail("");
    }
  };
}
function notNegative(text, noun) {
  const value2 = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value2)) return `“${text.trim()}” is not a number; ${noun} is 0 or more.`;
  return value2 < 0 ? `${noun} cannot be negative; choose 0 or more.` : value2;
}

// src/lib/table.ts
function tableView() {
  const element = make("div", { class: "wb-table", hidden: true, tabindex: 0, role: "region", "aria-label": "Table" });
  const differs = changes();
  return {
    element,
    set(table) {
      if (!differs(keyOf(table))) return;
      const head = make("tr", {}, ...table.columns.map((name2) => make("th", { scope: "col" }, name2)));
      const rows2 = table.rows.map(
        ([name2, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name2 ?? ""), ...cells.map((cell) => make("td", {}, cell)))
      );
      element.replaceChildren(
        make("table", {}, make("caption", {}, table.caption), make("thead", {}, head), make("tbody", {}, ...rows2))
      );
    }
  };
}
function keyOf({ caption, columns: columns2, rows: rows2 }) {
  return [caption, columns2.join("	"), ...rows2.map((row) => row.join("	"))].join("\n");
}

// src/lib/colour.ts
var WHITE = [255, 255, 255];
var SURFACE = { light: WHITE, dark: [17, 17, 17] };
function luminance(colour) {
  const [r, g, b] = colour.map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function parse(css) {
  const parts2 = /^rgba?\(([^)]+)\)$/.exec(css.trim())?.[1]?.split(/[\s,/]+/).map(Number.parseFloat);
  if (parts2 === void 0 || parts2.length < 3 || parts2.slice(0, 3).some(Number.isNaN) || parts2[3] === 0) return null;
  return [parts2[0], parts2[1], parts2[2]];
}
function toLinear(channel) {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

// src/lib/theme.ts
function themeOf({ attributes, classes, background }) {
  const jupyter = attributes["data-jp-theme-light"];
  if (jupyter !== void 0) return jupyter === "false" ? "dark" : "light";
  for (const name2 of ["data-vscode-theme-kind", "theme", "data-theme", "data-color-mode"]) {
    const value2 = attributes[name2];
    if (value2 !== void 0 && /dark|high-contrast$/.test(value2)) return "dark";
    if (value2 !== void 0 && /light/.test(value2)) return "light";
  }
  if (classes.some((name2) => /^(vscode-dark|vscode-high-contrast|dark|dark-theme|theme-dark)$/.test(name2))) return "dark";
  if (classes.some((name2) => /^(vscode-light|light|light-theme|theme-light)$/.test(name2))) return "light";
  return background !== null && luminance(background) < 0.2 ? "dark" : "light";
}
function signs(element) {
  const { documentElement, body } = element.ownerDocument;
  const pages = [documentElement, body];
  return {
    attributes: Object.fromEntries(pages.flatMap((page) => [...page.attributes].map(({ name: name2, value: value2 }) => [name2, value2]))),
    classes: pages.flatMap((page) => [...page.classList]),
    background: backgroundBehind(element.parentElement)
  };
}
function backgroundBehind(element) {
  for (let at = element; at !== null; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour !== null) return colour;
  }
  return null;
}
function follow(root, changed, signal) {
  let now = null;
  const read = () => {
    root.dataset.wbTheme = themeOf(signs(root));
    now = null;
    changed();
  };
  const observer = new MutationObserver(read);
  for (const page of [document.documentElement, document.body]) observer.observe(page, { attributes: true });
  root.addEventListener("transitionend", (event) => event.target === root && read(), { signal });
  const placed = new ResizeObserver(() => {
    if (!root.isConnected) return;
    placed.disconnect();
    read();
  });
  placed.observe(root);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    placed.disconnect();
  });
  root.dataset.wbTheme = themeOf(signs(root));
  return () => root.isConnected ? now ??= surroundings(root) : surroundings(root);
}
function surroundings(root) {
  const theme = root.dataset.wbTheme === "dark" ? "dark" : "light";
  const style = getComputedStyle(root);
  const ink = parse(style.color) ?? (theme === "dark" ? [255, 255, 255] : [0, 0, 0]);
  return { theme, surface: parse(style.backgroundColor) ?? SURFACE[theme], ink };
}

// src/lib/shell.ts
var PATIENCE = 3e3;
function shell({ model, el, kind, label, offline, draw, table }) {
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
    make("div", { class: "wb-footer wb-muted" }, source, asTable)
  );
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  const copied = `This page is a copy, without Python: ${offline}`;
  if (!alive) write(note, copied);
  const silence = patience(
    PATIENCE,
    () => write(note, `Python has not answered for ${PATIENCE / 1e3} s: it is busy, or has ended. Meanwhile ${offline}`),
    () => write(note, ""),
    left.signal
  );
  const heard = () => silence.answered(model.get("heard"));
  const expect = () => {
    if (alive) silence.asked(model.get("heard"));
  };
  let isTable = false;
  const paint2 = perFrame(() => {
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
    paint2();
  });
  const around = follow(root, paint2, left.signal);
  return {
    root,
    body,
    signal: left.signal,
    alive,
    around,
    draw: paint2,
    ask(name2, value2) {
      model.set(name2, value2);
      save();
      paint2();
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
      model.on("change", paint2);
      model.on("change:heard", heard);
      if (alive) model.send({ kind: "shown" });
      paint2();
      return () => {
        model.off("change", paint2);
        model.off("change:heard", heard);
        left.abort();
        root.remove();
      };
    }
  };
}
function patience(limit, late, again, signal) {
  let timer = null;
  let before = 0;
  let isLate = false;
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  signal.addEventListener("abort", stop);
  return {
    asked(count2) {
      if (timer !== null || isLate || signal.aborted) return;
      before = count2;
      timer = setTimeout(() => {
        timer = null;
        isLate = true;
        late();
      }, limit);
    },
    answered(count2) {
      if (count2 === before) return;
      stop();
      before = count2;
      if (isLate) again();
      isLate = false;
    }
  };
}

// src/lib/strength_slider.ts
var WEAKEST = -2;
var STRONGEST = 10;
var STEP = 0.1;
function stepped(value2, steps) {
  const moved = Math.round((value2 + steps * STEP) / STEP) * STEP;
  return Number(Math.min(STRONGEST, Math.max(WEAKEST, moved)).toFixed(1)) + 0;
}
function placeOf(value2) {
  return (value2 - WEAKEST) / (STRONGEST - WEAKEST);
}
function heldThen(before, held, now) {
  const same = now.indexOf(before[held]);
  return same >= 0 ? same : Math.min(held, now.length - 1);
}
function strengthSlider({ feature, label, maximum }, moved, { inert = false } = {}) {
  const name2 = label === "" ? `Feature ${feature}` : label;
  const input = make("input", {
    class: "wb-slider",
    type: "range",
    min: WEAKEST,
    max: STRONGEST,
    step: STEP,
    "aria-label": label === "" ? name2 : `${name2}, feature ${feature}`,
    title: "Double-click, or Delete, for off"
  });
  const value2 = make("span", { class: "wb-mono" });
  const id = make("span", { class: "wb-muted wb-mono" }, label === "" ? "" : String(feature));
  const heading = make("div", { class: "wb-slider-name" }, make("span", { class: "wb-slider-label" }, name2), id, value2);
  const marks = make("div", { class: "wb-slider-marks", "aria-hidden": "true" });
  for (const [at, text] of [[WEAKEST, "−2 ×"], [0, "off"], [1, `max ${number(maximum)}`], [STRONGEST, "10 ×"]]) {
    const mark = make("span", {}, text);
    mark.style.setProperty("--wb-at", String(placeOf(at)));
    marks.append(mark);
  }
  const go = (to) => {
    set(to);
    moved(to);
  };
  const set = (to) => {
    if (Number(input.value) !== to) input.value = String(to);
    const [from, until] = [Math.min(0, to), Math.max(0, to)];
    input.style.setProperty("--wb-from", String(placeOf(from)));
    input.style.setProperty("--wb-to", String(placeOf(until)));
    attribute(input, "data-off", to === 0);
    write(value2, to === 0 ? "off" : `${strength(to)} = ${number(to * maximum)}`);
    attribute(input, "aria-valuetext", to === 0 ? "off" : `${to} times its maximum, ${number(to * maximum)}`);
  };
  input.addEventListener("input", () => go(stepped(Number(input.value), 0)));
  input.addEventListener("dblclick", () => go(0));
  input.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (direction !== void 0) go(stepped(Number(input.value), direction * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Delete" || event.key === "Backspace") go(0);
    else return;
    event.preventDefault();
  });
  return { element: make("div", { class: "wb-slider-box" }, heading, ...inert ? [] : [input, marks]), set };
}

// src/lib/tokens.ts
var UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
function visible(text) {
  return text.replace(UNSEEN, (c) => c === "\n" || c === "	" ? c : name(c));
}
function name(character) {
  const code = character.codePointAt(0);
  if (code < 32) return String.fromCodePoint(9216 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}
function agreement(plain, other) {
  let length = 0;
  while (length < plain.length && length < other.length && plain[length] === other[length]) length++;
  const same = length === plain.length && length === other.length;
  const atWord = (text) => length === text.length || /\s/.test(text[length]);
  if (!same && !(atWord(plain) && atWord(other))) while (length > 0 && !/\s/.test(other[length - 1])) length--;
  return { length, words: other.slice(0, length).match(/\S+/g)?.length ?? 0 };
}

// src/lib/tabs.ts
function movedTo(key, at, of) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (key === "Home") return 0;
  if (key === "End") return of - 1;
  return step === void 0 ? null : (at + step + of) % of;
}
function tabs(label, chosen) {
  const element = make("div", { class: "wb-segments", role: "radiogroup", "aria-label": label });
  let buttons = [];
  let now = [];
  const rebuilt = changes();
  const build = () => {
    const held = buttons.indexOf(focusNear(element));
    buttons = now.map(({ value: value2, name: name2, title }, i) => {
      const button = make("button", { type: "button", role: "radio", title }, name2);
      button.addEventListener("click", () => chosen(value2));
      button.addEventListener("keydown", (event) => {
        const to = movedTo(event.key, i, now.length);
        if (to === null) return;
        event.preventDefault();
        buttons[to].focus();
        chosen(now[to].value);
      });
      return button;
    });
    element.replaceChildren(...buttons);
    if (held >= 0) buttons[Math.min(held, buttons.length - 1)]?.focus();
  };
  return {
    element,
    set(next, value2) {
      now = next;
      if (rebuilt(next.map((tab) => `${tab.value}	${tab.name}	${tab.title ?? ""}`).join("\n"))) build();
      show(element, next.length > 1);
      const at = next.findIndex((tab) => tab.value === value2);
      buttons.forEach((button, i) => {
        attribute(button, "aria-checked", String(i === at));
        button.tabIndex = i === Math.max(0, at) ? 0 : -1;
      });
    }
  };
}

// src/dashboard/browse.ts
var HINTS = {
  words: "labels, notes, concepts, tokens",
  token: "a token that features fire on",
  concept: "the name of a concept",
  list: "the name of a list"
};
function searchBox(find) {
  const [id, listId] = [freshId(), freshId()];
  const input = make("input", { id, class: "wb-input wb-search", type: "text", autocomplete: "off", spellcheck: "false", list: listId, dir: "auto" });
  const offers = make("datalist", { id: listId });
  const error = make("div", { class: "wb-error", role: "alert", hidden: true });
  let by = "words";
  let query = "";
  const ways = tabs("Search in", (value2) => {
    by = value2;
    hint();
    if (input.value.trim() !== "") find(by, input.value.trim());
    else find(by, "");
  });
  const hint = () => attribute(input, "placeholder", HINTS[by]);
  const fail = (message) => {
    if (message === "" && !error.hidden && focusNear(input) !== input) input.value = query;
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
        offers.replaceChildren(...now.offers.map((value2) => make("option", { value: value2 })));
      }
    }
  };
}

// src/steering/adding.ts
var NAMES = {
  words: { value: "words", name: "Words", title: "Labels, notes, concepts and tokens of the index" },
  token: { value: "token", name: "Token", title: "Features that fire on a token" },
  concept: { value: "concept", name: "Concept", title: "Features that tell a known concept" },
  prompt: { value: "prompt", name: "On this prompt", title: "Features that fire on the prompt, the nearest to their maximum first" }
};
function adding(hands) {
  const open = make("button", { type: "button", class: "wb-button", "aria-expanded": "false" }, "Add a feature");
  const other = make("button", { type: "button", class: "wb-button", hidden: true });
  const search = searchBox(hands.find);
  const list = make("ol", { class: "wb-found" });
  const none = make("div", { class: "wb-muted" });
  const box = make("div", { class: "wb-adding-box", hidden: true }, search.element, list, none);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const element = make("div", { class: "wb-adding" }, make("div", { class: "wb-row" }, open, other), box, failure);
  let now = null;
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
    const button = event.target instanceof Element ? event.target.closest("[data-feature]") : null;
    if (button) hands.add(Number(button.dataset.feature));
  });
  return {
    element,
    fail: (message) => box.hidden ? write(failure, message) : search.fail(message),
    draw(scene) {
      now = scene;
      show(other, scene.other >= 0);
      other.textContent = `Add feature ${scene.other}`;
      search.set({ by: byOf(scene), query: scene.query, sources: scene.sources.flatMap((name2) => NAMES[name2] ?? []), offers: [] });
      attribute(search.element.querySelector("input"), "placeholder", placeholderOf(byOf(scene)));
      const rows2 = scene.found?.rows ?? [];
      if (rebuilt(scene.found, scene.features.join())) list.replaceChildren(...rows2.map((row) => make("li", {}, item(row, scene.features.includes(row.feature)))));
      const what = scene.found?.by === "prompt" ? "No feature fires on this prompt." : `Nothing was found for “${visible(scene.query)}”.`;
      write(none, scene.found !== null && rows2.length === 0 ? what : "");
      show(list, rows2.length > 0);
    }
  };
}
function byOf({ by, sources }) {
  return by === "" ? sources[0] ?? "prompt" : by;
}
function placeholderOf(by) {
  const what = { words: "words", token: "a token", concept: "a concept" }[by];
  return what === void 0 ? "a feature’s number" : `${what}, or a feature’s number`;
}
function item({ feature, label, says }, isHeld) {
  const name2 = make("span", { class: label === "" ? "wb-found-label wb-none" : "wb-found-label", dir: "auto" }, visible(label) || "no label");
  const parts2 = [make("span", { class: "wb-found-number" }, String(feature)), name2, make("span", { class: "wb-muted wb-found-says", dir: "auto" }, isHeld ? "has a slider" : visible(says))];
  return isHeld ? make("div", { class: "wb-found-item" }, ...parts2) : make("button", { type: "button", class: "wb-found-item", "data-feature": feature, title: `Add feature ${feature}` }, ...parts2);
}

// src/lib/line_chart.ts
var STEPS = [1, 2, 2.5, 5, 10];
function ticks(low, high, most) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || most < 1) return Number.isFinite(low) ? [low] : [];
  const size = 10 ** Math.floor(Math.log10(span / most));
  const step = size * (STEPS.find((one) => Math.floor(high / (one * size)) - Math.ceil(low / (one * size)) < most) ?? 10);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
function short(value2) {
  const size = Math.abs(value2);
  const [by, letter] = size >= 1e9 ? [1e9, " G"] : size >= 1e6 ? [1e6, " M"] : size >= 1e4 ? [1e3, " k"] : [1, ""];
  return `${Number((value2 / by).toPrecision(4))}${letter}`.replace("-", "−");
}
function nearest(xs, x) {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = low + high >> 1;
    if ((xs[middle] + xs[middle + 1]) / 2 < x) low = middle + 1;
    else high = middle;
  }
  return high;
}
function path(xs, ys) {
  let line = "";
  let pen = "M";
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i])) {
      pen = "M";
      continue;
    }
    line += `${pen}${xs[i].toFixed(1)} ${ys[i].toFixed(1)}`;
    pen = "L";
  }
  return line;
}
var HEIGHT = 148;
var [CHARACTER, TEXT] = [7.3, 14];
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name2, value2] of Object.entries(attributes)) element.setAttribute(name2, String(value2));
  element.append(...children);
  return element;
}
function frame(name2, hands, resized, signal) {
  const value2 = make("span", { class: "wb-chart-value" });
  const note = make("span", { class: "wb-chart-note wb-muted" });
  const under = svg("g");
  const over = svg("g");
  const drawing = svg("svg", { height: HEIGHT, width: "100%", "aria-hidden": "true" }, under, over);
  const plot = make("div", { class: "wb-chart-plot", tabindex: 0, role: "application", "aria-roledescription": "chart" }, drawing);
  const element = make(
    "div",
    { class: "wb-chart" },
    make("div", { class: "wb-chart-head" }, make("span", { class: "wb-chart-name" }, name2), note, value2),
    plot
  );
  const x = (event) => event.clientX - plot.getBoundingClientRect().left;
  plot.addEventListener("pointermove", (event) => hands.point(x(event)));
  plot.addEventListener("pointerleave", () => hands.point(null));
  plot.addEventListener("click", (event) => hands.click(x(event)));
  plot.addEventListener("keydown", (event) => {
    const by = walked(event.key, event.shiftKey);
    if (event.key === "Escape") hands.letGo();
    else if (by !== null) hands.walk(by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const observer = new ResizeObserver(resized);
  observer.observe(plot);
  signal.addEventListener("abort", () => observer.disconnect());
  const differs = changes();
  return {
    element,
    say(about) {
      write(value2, about.value);
      write(note, about.note);
      attribute(plot, "aria-label", about.words);
    },
    draw(parts2, made2) {
      const width = plot.clientWidth;
      if (width > 0 && differs(width, ...parts2)) under.replaceChildren(...made2(width, HEIGHT));
    },
    over: (...marks) => over.replaceChildren(...marks)
  };
}
function walked(key, shift) {
  const one = shift ? 10 : 1;
  const far = {
    ArrowRight: one,
    ArrowUp: one,
    ArrowLeft: -one,
    ArrowDown: -one,
    PageUp: 10,
    PageDown: -10,
    End: Number.POSITIVE_INFINITY,
    Home: Number.NEGATIVE_INFINITY
  };
  return far[key] ?? null;
}
function rows(marks, y, box) {
  return marks.flatMap((mark) => [
    svg("line", { class: "wb-chart-grid", x1: box.left, x2: box.right, y1: y(mark), y2: y(mark) }),
    svg("text", { class: "wb-chart-mark", x: box.left - 6, y: y(mark) + 4, "text-anchor": "end" }, short(mark))
  ]);
}
function gutter(marks) {
  return Math.ceil(Math.max(1, ...marks.map((mark) => short(mark).length)) * CHARACTER) + 8;
}
function columns(marks, x, box, unit) {
  const end = box.right + 8 - (unit.length > 0 ? (unit.length + 1) * 7 : 0);
  let taken = Number.NEGATIVE_INFINITY;
  const numbers = marks.flatMap((mark) => {
    const half = short(mark).length * CHARACTER / 2;
    const place = Math.max(box.left + half - 4, x(mark));
    if (place - half < taken + 8 || place + half > end) return [];
    taken = place + half;
    return [svg("text", { class: "wb-chart-mark", x: place, y: box.bottom + 16, "text-anchor": "middle" }, short(mark))];
  });
  const name2 = svg("text", { class: "wb-chart-unit", x: box.right, y: box.bottom + 16, "text-anchor": "end" }, unit);
  return [...numbers, name2];
}

// src/steering/measured.ts
function finite(values) {
  return values.filter((value2) => value2 !== null && Number.isFinite(value2));
}
function mean(values) {
  return values.length === 0 ? Number.NaN : values.reduce((sum, one) => sum + one, 0) / values.length;
}
function interval(estimate) {
  if (estimate === null || estimate[1] === null || estimate[2] === null) return "";
  return `[${number(estimate[1])}, ${number(estimate[2])}]`;
}
function signed(value2) {
  if (value2 === null || value2 === void 0 || Number.isNaN(value2)) return "–";
  return value2 > 0 ? `+${number(value2)}` : number(value2);
}
function chance({ change, controls }) {
  const others = finite(controls);
  if (change === null || change[0] === null || others.length === 0) return "";
  const as = others.filter((one) => Math.abs(one) >= Math.abs(change[0]) * (1 - 1e-6)).length;
  return `${1 + as} of ${1 + others.length}`;
}
function strip({ change, controls }) {
  if (change === null || change[0] === null) return null;
  const [value2, low, high] = [change[0], change[1] ?? change[0], change[2] ?? change[0]];
  const others = finite(controls);
  const all = [0, value2, low, high, ...others];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const place = (x) => most > least ? (x - least) / (most - least) : 0.5;
  return { zero: place(0), at: place(value2), from: place(low), to: place(high), controls: others.map(place) };
}
function curve({ points, alone }, row) {
  const first = points[0]?.rows[row];
  if (first === void 0) return null;
  const isLevel = first.steered !== null && first.plain !== null;
  const plain = isLevel ? first.plain[0] ?? 0 : 0;
  const rest = alone ? [{ strength: 0, row: null }] : [];
  const all = [...points.map(({ strength: strength2, rows: rows2 }) => ({ strength: strength2, row: rows2[row] ?? null })), ...rest].sort((a, b) => a.strength - b.strength);
  const made2 = { name: first.name, xs: [], values: [], low: [], high: [], bandLow: [], bandHigh: [], plain, n: 0 };
  for (const one of all) {
    const estimate = one.row === null ? null : isLevel ? one.row.steered : one.row.change;
    const value2 = one.row === null ? plain : estimate?.[0] ?? Number.NaN;
    const controls = one.row === null ? [0] : finite(one.row.controls);
    made2.xs.push(one.strength);
    made2.values.push(value2);
    made2.low.push(estimate?.[1] ?? value2);
    made2.high.push(estimate?.[2] ?? value2);
    made2.bandLow.push(plain + Math.min(...controls));
    made2.bandHigh.push(plain + Math.max(...controls));
    made2.n = Math.max(made2.n, estimate?.[3] ?? 0);
  }
  return made2;
}
function extent(curve2) {
  const all = [0, curve2.plain, ...curve2.values, ...curve2.low, ...curve2.high, ...curve2.bandLow, ...curve2.bandHigh].filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.06 * (high - low || 1);
  return { low: low < 0 ? low - room : 0, high: high + room };
}

// src/steering/dose.ts
function doseView(hands, resized, signal) {
  const verb = make("button", { type: "button", class: "wb-button" });
  const title = make("h4", {});
  const caption = make("span", { class: "wb-muted" });
  const heading = make("div", { class: "wb-readouts-head" }, title, caption, verb);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const plots = make("div", { class: "wb-dose-plots" });
  const element = make("section", { class: "wb-dose", "aria-label": "Dose–response" }, heading, failure, plots);
  let charts = [];
  let now = null;
  let at = null;
  verb.addEventListener("click", () => now?.dosing ? hands.stop() : now?.dose ? hands.hide() : hands.ask());
  const build = (curves) => {
    charts = curves.map((one, i) => {
      const go = (x) => {
        at = x === null ? null : nearest(charts[i].curve.xs, strengthAt(charts[i], x));
        over();
      };
      const walk = (by) => {
        const last = charts[i].curve.xs.length - 1;
        at = Math.min(last, Math.max(0, (at ?? (by > 0 ? -1 : last + 1)) + by));
        over();
      };
      const view = frame(visible(one.name), { point: go, click: go, walk, letGo: () => go(null) }, resized, signal);
      return { frame: view, curve: one, box: null };
    });
    plots.replaceChildren(...charts.map(({ frame: view }) => view.element));
  };
  const over = () => {
    for (const { frame: view, curve: one, box } of charts) {
      view.say({ value: saysOf(one, at), note: one.n > 0 ? `n ${count(one.n)}` : "", words: wordsOf(one) });
      if (box === null) continue;
      const marks = [];
      if (now !== null) marks.push(upright(one, box, now.strength, "wb-dose-present"));
      if (at !== null && at < one.xs.length) marks.push(upright(one, box, one.xs[at], "wb-chart-cross"));
      view.over(...marks);
    }
  };
  return {
    element,
    fail: (message) => write(failure, message),
    draw(scene) {
      now = scene;
      const { dose, dosing, alive, canAsk } = scene;
      show(element, dose !== null || alive && canAsk);
      write(title, dose === null ? "" : `Dose–response · ${scene.label}`);
      const state = dosing ? ` · measuring, ${dose?.points.length ?? 0} strengths so far` : "";
      write(caption, dose === null ? "" : `on ${dose.on} · grey: from the least to the largest of ${dose.controls} controls${state}`);
      verb.textContent = dosing ? "Stop" : dose === null ? "Dose–response" : "Hide";
      show(verb, alive);
      attribute(element, "data-alone", dose === null);
      const curves = dose === null ? [] : dose.points.length === 0 ? [] : dose.points[0].rows.flatMap((_, i) => curve(dose, i) ?? []);
      show(plots, curves.length > 0);
      if (curves.map(({ name: name2 }) => name2).join("\0") !== charts.map(({ curve: one }) => one.name).join("\0")) build(curves);
      charts.forEach((chart, i) => {
        chart.curve = curves[i];
        paint(chart);
      });
      over();
    }
  };
}
var [FIRST, LAST] = [-2, 10];
var [TOP, RIGHT, BOTTOM] = [8, 8, 20];
function xOf(box) {
  return (value2) => box.left + (value2 - FIRST) / (LAST - FIRST) * (box.right - box.left);
}
function strengthAt({ box }, x) {
  return box === null ? 0 : FIRST + (x - box.left) / (box.right - box.left) * (LAST - FIRST);
}
function paint(chart) {
  const one = chart.curve;
  const span = extent(one);
  const key = [one.xs.join(), one.values.join(), one.bandHigh.join(), one.bandLow.join()].join("|");
  chart.frame.draw([key], (width, height) => {
    const marks = ticks(span.low, span.high, 3);
    const box = { left: gutter(marks), right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
    chart.box = box;
    const [x, y] = [xOf(box), (value2) => box.bottom - (value2 - span.low) / (span.high - span.low || 1) * (box.bottom - box.top)];
    const xs = one.xs.map(x);
    const line = (values) => path(xs, values.map(y));
    const band = [...one.bandHigh.map((value2, i) => [xs[i], y(value2)]), ...one.bandLow.map((value2, i) => [xs[i], y(value2)]).reverse()];
    const d = `M${band.map(([across, up]) => `${across.toFixed(1)} ${up.toFixed(1)}`).join("L")}Z`;
    return [
      ...rows(marks, y, box),
      ...columns([-2, 0, 2, 4, 6, 8, 10], x, box, ""),
      svg("path", { class: "wb-dose-band", d }),
      svg("line", { class: "wb-dose-plain", x1: box.left, x2: box.right, y1: y(one.plain), y2: y(one.plain) }),
      ...one.xs.map((_, i) => svg("line", { class: "wb-dose-whisker", x1: xs[i], x2: xs[i], y1: y(one.low[i]), y2: y(one.high[i]) })),
      svg("path", { class: "wb-chart-line wb-dose-line", d: line(one.values) }),
      ...one.values.map((value2, i) => svg("circle", { class: "wb-dose-dot", cx: xs[i].toFixed(1), cy: y(value2).toFixed(1), r: 3 }))
    ];
  });
}
function upright(_, box, at, kind) {
  const x = xOf(box)(at);
  return svg("line", { class: kind, x1: x, x2: x, y1: box.top, y2: box.bottom });
}
function saysOf(one, at) {
  if (at === null || at >= one.xs.length) return "";
  const [value2, low, high] = [one.values[at], one.low[at], one.high[at]];
  const controls = `controls ${number(one.bandLow[at])} to ${number(one.bandHigh[at])}`;
  const where = one.xs[at] === 0 ? "off" : strength(one.xs[at]);
  return one.xs[at] === 0 ? `off: ${number(value2)}` : `${where}: ${number(value2)} [${number(low)}, ${number(high)}], ${controls}`;
}
function wordsOf(one) {
  const points = one.xs.map((x, i) => `${x === 0 ? "off" : strength(x)} ${number(one.values[i])}`);
  return `${visible(one.name)} over strength: ${points.join(", ")}`;
}

// src/steering/presets.ts
function standing(presets, features, strengths) {
  const held = new Map(features.map((feature, i) => [String(feature), strengths[i] ?? 0]));
  const isAt = (preset) => Object.entries(preset).every(([feature, value2]) => (held.get(feature) ?? 0) === value2) && [...held].every(([feature, value2]) => value2 === (preset[feature] ?? 0));
  return Object.keys(presets).find((name2) => isAt(presets[name2])) ?? "";
}
function presetsView(hands) {
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
  const toggle = (isOpen) => {
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
      const isOff = strengths.every((value2) => value2 === 0);
      const now = standing(presets, features, strengths);
      for (const part of [label, list]) show(part, names.length > 0);
      show(element, names.length > 0 || !isOff || !form.hidden);
      if (form.hidden) show(open, now === "" && !isOff);
      if (!differs(JSON.stringify(presets), now)) return;
      list.replaceChildren(...names.map((name2) => chip(name2, presets[name2], name2 === now)));
    }
  };
  function chip(name2, held, isNow) {
    const says = Object.entries(held).map(([feature, value2]) => `feature ${feature} at ${strength(value2)}`);
    const recall = make("button", { type: "button", class: "wb-preset-name", dir: "auto", title: says.join(", ") || "every slider off", "aria-pressed": String(isNow) }, visible(name2));
    recall.addEventListener("click", () => hands.recall(name2));
    const label2 = `Delete the preset ${visible(name2)}`;
    const forget = make("button", { type: "button", class: "wb-clear", "aria-label": label2, title: label2 }, "×");
    forget.addEventListener("click", () => hands.forget(name2));
    return make("span", { class: "wb-preset" }, recall, forget);
  }
}

// src/steering/readouts.ts
function words(text, aim) {
  const all = aim === "says" ? text.split(",") : [text];
  return all.map((one) => one.trim()).filter((one) => one !== "");
}
function readouts(hands) {
  let aim = "says";
  const caption = make("span", { class: "wb-muted" });
  const verb = make("button", { type: "button", class: "wb-link wb-muted" });
  const field = textField("Look for", "Measure", (text) => hands.target(words(text, aim)));
  const area = field.element.querySelector("textarea");
  const aims = tabs("How the target is looked for", (value2) => hands.aim(value2));
  const ask = make("div", { class: "wb-readouts-ask" }, field.element, aims.element);
  const heading = make("div", { class: "wb-readouts-head" }, make("h4", {}, "Effect and price"), caption, verb);
  const box = make("div", { class: "wb-readouts-box" });
  const empty = make("div", { class: "wb-muted" });
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const element = make("section", { class: "wb-readouts", "aria-label": "Effect and price" }, heading, ask, box, empty, failure);
  const differs = changes();
  let isMeasuring = false;
  let last = null;
  verb.addEventListener("click", () => isMeasuring ? hands.stop() : hands.measure());
  return {
    element,
    fail: (message) => write(failure, message),
    draw(scene) {
      aim = scene.aim;
      isMeasuring = scene.measuring;
      const { measured, measuring, alive, isOff } = scene;
      last = measured ?? (measuring ? last : null);
      const hasWhat = scene.target.length > 0 || scene.hasNeutral;
      show(element, alive || measured !== null);
      show(ask, alive);
      field.set(scene.target.join(", "));
      attribute(area, "placeholder", scene.aim === "says" ? "words in the text, separated by commas" : "the answer that greedy decoding should give");
      aims.set([{ value: "says", name: "Says", title: "It stands somewhere in the text" }, { value: "answers", name: "Answers", title: "Greedy decoding begins with it" }], scene.aim);
      show(aims.element, scene.target.length > 0);
      const isPartial = measured !== null && !measured.done && !measuring;
      write(caption, last === null ? "" : `on ${last.on}${measuring ? " · measuring" : isPartial ? " · stopped" : ""}`);
      verb.textContent = measuring ? "Stop" : "Measure";
      const isMissing = last === null && hasWhat && !isOff && !scene.writing;
      show(verb, alive && (measuring || isPartial || isMissing));
      attribute(box, "data-late", measured === null);
      if (differs(last)) box.replaceChildren(...last === null ? [] : [tableOf(last)]);
      const waiting = scene.writing ? "Measured when the texts are written." : "Being measured …";
      write(empty, last !== null ? "" : measuring ? waiting : hasWhat && isOff && alive ? "Move a slider: what it does is measured here." : "");
    }
  };
}
var COLUMNS = ["", "plain", "steered", "change", "", "controls, change", "p"];
function tableOf({ rows: rows2, controls }) {
  const head = make("tr", {}, ...COLUMNS.map((name2) => make("th", { scope: "col" }, name2 === "controls, change" ? `${controls} ${name2}` : name2)));
  const body = rows2.map((row) => {
    const others = finite(row.controls);
    const cells = [
      value(row.plain, number(row.plain?.[0] ?? Number.NaN)),
      value(row.steered, number(row.steered?.[0] ?? Number.NaN)),
      value(row.change, signed(row.change?.[0])),
      make("td", { class: "wb-readouts-strip" }, stripOf(row)),
      controlsOf(others, controls),
      make("td", { title: titleOfP(others.length) }, number(row.p ?? Number.NaN), make("div", { class: "wb-muted" }, chance(row)))
    ];
    cells.forEach((cell, i) => attribute(cell, "data-name", COLUMNS[i + 1]));
    return make("tr", { class: `wb-readouts-${row.kind}` }, make("th", { scope: "row", dir: "auto" }, visible(row.name)), ...cells);
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
}
function titleOfP(controls) {
  return `p: how many of the ${controls} controls and this one change as much or more; it cannot be below 1 of ${controls + 1}`;
}
function value(estimate, says) {
  if (estimate === null) return make("td", { title: "A distance from the plain model: plain itself has none" }, "–");
  const more = make("div", { class: "wb-muted" }, `${interval(estimate)} n ${count(estimate[3])}`.trim());
  return make("td", {}, says, more);
}
function controlsOf(others, all) {
  if (others.length === 0) return make("td", { class: "wb-muted" }, "–");
  const range = `${signed(Math.min(...others))} to ${signed(Math.max(...others))}`;
  const more = make("div", { class: "wb-muted" }, `${range}, n ${others.length}${others.length < all ? ` of ${all}` : ""}`);
  return make("td", { class: "wb-readouts-controls" }, signed(mean(others)), more);
}
var [WIDTH, HEIGHT2, PAD] = [140, 24, 6];
function stripOf(row) {
  const marks = strip(row);
  if (marks === null) return document.createTextNode("");
  const x = (place) => (PAD + place * (WIDTH - 2 * PAD)).toFixed(1);
  const middle = HEIGHT2 / 2;
  const line = (from, to, y, kind) => svg("line", { class: kind, x1: x(from), x2: x(to), y1: y, y2: y });
  return svg(
    "svg",
    { width: WIDTH, height: HEIGHT2, role: "img", "aria-label": `change ${signed(row.change?.[0])}, controls ${signed(mean(finite(row.controls)))}` },
    svg("line", { class: "wb-strip-zero", x1: x(marks.zero), x2: x(marks.zero), y1: 2, y2: HEIGHT2 - 2 }),
    ...marks.controls.map((place) => svg("circle", { class: "wb-strip-control", cx: x(place), cy: middle + 5, r: 2.5 })),
    line(marks.from, marks.to, middle - 4, "wb-strip-interval"),
    svg("circle", { class: "wb-strip-change", cx: x(marks.at), cy: middle - 4, r: 4 })
  );
}

// src/steering/written.ts
var KINDS = ["plain", "steered", "control"];
function parts(text, agreed, wanted) {
  const cuts = /* @__PURE__ */ new Set([0, agreed, text.length]);
  const hits = [];
  const low = text.toLowerCase();
  for (const word of wanted.map((one) => one.toLowerCase()).filter((one) => one !== "")) {
    if (low.length !== text.length) break;
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + word.length)) hits.push([at, at + word.length]);
  }
  for (const [from, to] of hits) cuts.add(from).add(to);
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => {
    const from = edges[i];
    return { text: text.slice(from, to), changed: from >= agreed, hit: hits.some(([first, behind]) => from >= first && to <= behind) };
  });
}
function column(name2, kind, ...extras) {
  const about = make("div", { class: "wb-muted wb-written-about" });
  const heading = make("div", { class: "wb-written-heading" }, make("h4", {}, name2), ...extras);
  const head = make("div", { class: "wb-written-head" }, heading, about);
  const element = make("section", { class: `wb-written wb-written-${kind}`, "aria-label": `${name2} text` }, head);
  const items = [];
  return {
    element,
    draw(now) {
      while (items.length > now.texts.length) items.pop().element.remove();
      while (items.length < now.texts.length) {
        items.push(item2(kind));
        element.append(items.at(-1).element);
      }
      write(about, now.about);
      items.forEach((one, sample) => one.draw(now, sample));
    }
  };
}
function item2(kind) {
  const text = make("div", { class: "wb-written-text", dir: "auto", "aria-live": "polite" });
  const foot = make("div", { class: "wb-muted wb-written-foot" });
  const differs = changes();
  return {
    element: make("div", { class: "wb-written-item" }, text, foot),
    draw(now, sample) {
      const [mine, plain] = [now.texts[sample], now.plain[sample] ?? ""];
      const { length, words: words2 } = kind === "plain" ? { length: mine.length, words: 0 } : agreement(plain, mine);
      if (differs(mine, length, now.wanted.join("\0"))) text.replaceChildren(...spans(parts(mine, length, now.wanted)));
      show(text, true);
      attribute(text, "aria-busy", now.running);
      const isMany = now.texts.length > 1;
      const isSame = length === mine.length && length === plain.length;
      const comparison = kind === "plain" || mine === "" ? "" : comparisonOf(isSame, words2);
      const size = isMany ? kind === "plain" ? `seed ${count(now.seed + sample)}` : "" : lengthOf(now);
      write(foot, [size, comparison].filter(Boolean).join(" · "));
    }
  };
}
function spans(all) {
  return all.filter(({ text }) => text !== "").map(({ text, changed, hit }, i) => {
    const classes = [changed ? "wb-written-changed" : "", hit ? "wb-written-hit" : ""].filter(Boolean).join(" ");
    return make(hit ? "mark" : "span", { class: classes || void 0 }, i === 0 ? visible(text).replace(/^ /, "") : visible(text));
  });
}
function lengthOf({ tokens, limit, running }) {
  if (running) return `${count(tokens)} of ${plural(limit, "token")}`;
  return tokens === 0 ? "–" : plural(tokens, "token");
}
function comparisonOf(isSame, words2) {
  if (isSame) return "same as plain";
  return words2 === 0 ? "differs from the first word" : `differs after ${plural(words2, "word")}`;
}

// src/steering_panel.ts
var render = ({ model, el }) => {
  const frame2 = shell({
    model,
    el,
    kind: "steering",
    label: "Steering panel",
    offline: "the texts, the table and the curves stay as they were.",
    draw: () => draw(),
    table: () => tableOf2()
  });
  const ask = (name2, value2) => frame2.ask(name2, value2);
  const hold = (feature, value2) => {
    model.set("focused", feature);
    ask("strengths", model.get("strengths").map((old, i) => model.get("features")[i] === feature ? value2 : old));
  };
  const find = (by, query) => {
    const isSame = by === model.get("by") && query === model.get("query");
    model.set("by", by);
    ask("query", query);
    if (isSame) frame2.say({ kind: "find" });
  };
  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  verb.addEventListener("click", () => frame2.say({ kind: model.get("running") ? "cancel" : "generate" }));
  const prompt = textField("Prompt", "Run", (text) => ask("prompt", text));
  const whole = (noun, low, high) => (text) => wholeNumber(text, { low, high, noun });
  const tokens = numberField("Tokens", whole("length", 1, MOST_TOKENS), (value2) => ask("new_tokens", value2));
  const temperature = numberField("Temperature", (text) => notNegative(text, "temperature"), (value2) => ask("temperature", value2));
  const seed = numberField("Seed", whole("seed", 0, 2 ** 31 - 1), (value2) => ask("seed", value2));
  const samples = numberField("Samples", whole("number of samples", 1, MOST_SAMPLES), (value2) => ask("samples", value2));
  const presets = presetsView({
    save: (name2) => frame2.say({ kind: "save", name: name2 }),
    recall: (name2) => frame2.say({ kind: "recall", name: name2 }),
    forget: (name2) => frame2.say({ kind: "forget", name: name2 })
  });
  const bank = make("div", { class: "wb-steering-sliders" });
  const add = adding({ find, add: (feature) => frame2.say({ kind: "add", feature }) });
  const asked = make("div", { class: "wb-steering-prompt", dir: "auto" });
  let sliders = [];
  let built = [];
  const another = make("button", { type: "button", class: "wb-link wb-muted" }, "Draw another");
  another.addEventListener("click", () => ask("draw", model.get("draw") + 1));
  const [plain, steered, control] = [column("Plain", "plain"), column("Steered", "steered"), column("Control", "control", ...frame2.alive ? [another] : [])];
  const texts = make("div", { class: "wb-steering-texts" }, plain.element, steered.element, control.element);
  const effects = readouts({
    target: (words2) => ask("target", words2),
    aim: (aim) => ask("aim", aim),
    measure: () => frame2.say({ kind: "measure" }),
    stop: () => frame2.say({ kind: "stop", name: "effects" })
  });
  const doses = doseView(
    { ask: () => frame2.say({ kind: "dose" }), stop: () => frame2.say({ kind: "stop", name: "dose" }), hide: () => ask("dosed", -1) },
    frame2.draw,
    frame2.signal
  );
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({
    prompt: prompt.fail,
    query: add.fail,
    preset: presets.fail,
    measured: effects.fail,
    dose: doses.fail,
    "": (message) => write(failure, message)
  });
  const settings = make("div", { class: "wb-toolbar" }, tokens.element, temperature.element, seed.element, samples.element);
  frame2.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-steering-status wb-steering-wait" }, status, verb)),
    ...frame2.alive ? [make("div", { class: "wb-steering-ask" }, prompt.element, settings)] : [asked],
    bank,
    ...frame2.alive ? [make("div", { class: "wb-steering-more" }, add.element, presets.element)] : [],
    texts,
    failure,
    effects.element,
    doses.element
  );
  let progress = null;
  const rebuilt = changes();
  const draw = () => {
    const running = model.get("running");
    if (!running) progress = null;
    const now = progress ?? textsOf((name2) => model.get(name2));
    const strengths = model.get("strengths");
    const isOff = strengths.every((value2) => value2 === 0);
    const [features, controls] = [model.get("features"), model.get("controls")];
    const written = KINDS.map((kind, i) => [now[kind], ...now.others.map((sample) => sample[i] ?? "")]);
    const n = written[0].length;
    const several = n > 1 ? `${n} samples of ` : "";
    write(title, `Steering ${plural(features.length, "feature")} · ${several}up to ${plural(model.get("new_tokens"), "token")} a text`);
    write(status, statusOf(now.rate, running, model.get("cancelled")));
    verb.textContent = running ? "Cancel" : "Generate";
    show(verb, frame2.alive && (running || model.get("cancelled") || model.get("error") !== ""));
    attribute(frame2.root, "data-running", running);
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    tokens.set(model.get("new_tokens"));
    seed.set(model.get("seed"));
    temperature.set(model.get("temperature"));
    samples.set(model.get("samples"));
    show(samples.element, model.get("temperature") > 0);
    if (rebuilt(features.join(), model.get("labels").join("\0"))) build(features);
    const focused = model.get("focused");
    sliders.forEach((slider, i) => {
      slider.set(strengths[i] ?? 0);
      slider.element.classList.toggle("wb-focused", features[i] === focused && features.length > 1);
    });
    if (frame2.alive) {
      const found = model.get("found");
      const other = focused >= 0 && !features.includes(focused) ? focused : -1;
      const search = { by: model.get("by"), query: model.get("query"), sources: model.get("sources") };
      add.draw({ ...search, found: "rows" in found ? found : null, features, other });
      presets.draw(model.get("presets"), features, strengths);
    }
    write(asked, frame2.alive ? "" : visible(model.get("prompt")));
    attribute(texts, "data-many", n > 1);
    if (progress !== null || !running) attribute(texts, "data-run", progress?.run ?? model.get("run"));
    texts.style.setProperty("--wb-samples", String(n));
    const common = { running, plain: written[0], limit: model.get("new_tokens"), seed: model.get("seed"), wanted: model.get("target") };
    plain.draw({ ...common, texts: written[0], tokens: now.counts[0] ?? 0, about: "no edit" });
    const held = isOff ? "every slider is off: no edit" : heldAt("feature", features, strengths);
    steered.draw({ ...common, texts: written[1], tokens: now.counts[1] ?? 0, about: held });
    const isMatched = controls.length === features.length;
    const drawn = isMatched ? heldAt("random feature", controls, strengths) + densities() : "no other feature is on as often";
    control.draw({ ...common, texts: written[2], tokens: now.counts[2] ?? 0, about: isOff ? "every slider is off: no edit" : drawn });
    show(another, !isOff && isMatched);
    const measured = measuredOf();
    const [measuring, target, hasNeutral] = [model.get("measuring"), model.get("target"), model.get("neutral").length > 0];
    effects.draw({ target, aim: model.get("aim"), measured, measuring, writing: running, isOff, hasNeutral, alive: frame2.alive });
    drawDose(features, strengths, target.length > 0 || hasNeutral);
    const seeds = n > 1 ? `${n} seeds` : "one seed";
    frame2.footer(measured === null ? `one prompt, ${seeds}: an illustration, not a measurement` : "the texts are illustrations; the table is measured");
  };
  const measuredOf = () => {
    const measured = model.get("measured");
    return "rows" in measured ? measured : null;
  };
  const drawDose = (features, strengths, canAsk) => {
    const sent = model.get("dose");
    const dose = "points" in sent ? sent : null;
    const slider = features.indexOf(dose?.feature ?? -1);
    const label = visible(model.get("labels")[slider] ?? "");
    const name2 = label === "" ? `feature ${dose?.feature}` : `${label}, feature ${dose?.feature}`;
    doses.draw({ dose, dosing: model.get("dosing"), strength: strengths[slider] ?? 0, label: name2, canAsk, alive: frame2.alive });
  };
  const build = (features) => {
    const held = sliders.findIndex(({ element }) => element.contains(focusNear(bank)));
    const [labels, maxima] = [model.get("labels"), model.get("maxima")];
    sliders = features.map((feature, i) => {
      const about = { feature, label: visible(labels[i] ?? ""), maximum: maxima[i] ?? Number.NaN };
      const slider = strengthSlider(about, (value2) => hold(feature, value2), { inert: !frame2.alive });
      if (frame2.alive && features.length > 1) {
        const name2 = `Remove feature ${feature}`;
        const remove = make("button", { type: "button", class: "wb-clear", "aria-label": name2, title: name2 }, "×");
        remove.addEventListener("click", () => frame2.say({ kind: "remove", feature }));
        slider.element.append(remove);
      }
      return slider;
    });
    bank.replaceChildren(...sliders.map((slider) => slider.element));
    if (held >= 0) sliders[heldThen(built, held, features)]?.element.querySelector("input")?.focus();
    built = features;
  };
  const tableOf2 = () => {
    const now = progress ?? textsOf((name2) => model.get(name2));
    const named = (sample) => sample === 0 ? "" : `, seed ${model.get("seed") + sample}`;
    const rows2 = [KINDS.map((kind) => now[kind]), ...now.others].flatMap(
      (texts2, sample) => KINDS.map((name2, i) => [name2 + named(sample), sample === 0 ? count(now.counts[i] ?? 0) : "", visible(texts2[i] ?? "")])
    );
    const measured = (measuredOf()?.rows ?? []).map((row) => {
      const change = `change ${signed(row.change?.[0])} ${interval(row.change)}, n ${row.change?.[3] ?? 0}`;
      const levels = row.plain === null ? "" : `plain ${number(row.plain[0] ?? Number.NaN)}, steered ${number(row.steered?.[0] ?? Number.NaN)}; `;
      return [visible(row.name), "", `${levels}${change}; controls ${signed(mean(finite(row.controls)))}, n ${row.controls.length}; p ${number(row.p ?? Number.NaN)}`];
    });
    return { caption: visible(model.get("prompt")), columns: ["text", "tokens", "what was written"], rows: [...rows2, ...measured] };
  };
  const densities = () => {
    const held = model.get("strengths").flatMap((value2, i) => value2 === 0 ? [] : [i]);
    if (held.length !== 1) return "";
    const all = model.get("densities");
    const percent = (i) => `${number(100 * (all[i] ?? Number.NaN))} %`;
    return `, on at ${percent(model.get("features").length + held[0])} of tokens (steered: ${percent(held[0])})`;
  };
  const hear = (message) => {
    if (message?.kind !== "text" || message.run < model.get("run")) return;
    progress = message;
    frame2.draw();
  };
  model.on("msg:custom", hear);
  const close = frame2.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};
var [MOST_TOKENS, MOST_SAMPLES] = [1e3, 8];
function textsOf(get) {
  return {
    plain: get("plain"),
    steered: get("steered"),
    control: get("control"),
    others: get("others"),
    counts: get("counts"),
    rate: get("rate")
  };
}
function statusOf(rate, running, cancelled) {
  const speed = rate > 0 ? `${number(rate)} tokens/s` : "";
  if (running) return speed;
  return cancelled ? "cancelled" : speed;
}
function heldAt(noun, features, strengths) {
  const held = features.flatMap((feature, i) => strengths[i] ? [`${noun} ${feature} at ${strength(strengths[i])}`] : []);
  return held.length <= 3 ? held.join(", ") : `${held.length} ${noun}s`;
}
var steering_panel_default = { render };
export {
  steering_panel_default as default
};
