// generated from widgets/src by build.mjs; do not edit

// src/lib/colour.ts
var ORANGES = [
  [254, 230, 206],
  [253, 208, 162],
  [253, 174, 107],
  [253, 141, 60],
  [241, 105, 19],
  [217, 72, 1],
  [166, 54, 3],
  [127, 39, 4]
];
var BLUES = [[209, 229, 240], [146, 197, 222], [67, 147, 195], [33, 102, 172], [5, 48, 97]];
var REDS = [[253, 219, 199], [244, 165, 130], [214, 96, 77], [178, 24, 43], [103, 0, 31]];
var UNUSED = { light: 1, dark: 1 };
var BLACK = [0, 0, 0];
var WHITE = [255, 255, 255];
var SURFACE = { light: WHITE, dark: [17, 17, 17] };
var READABLE = 4.5;
function sequential(theme, surface, high) {
  const orange = path(surface, towards(ORANGES, theme));
  return { low: 0, high, colour: (value) => orange.at(share(value, high) * orange.length) };
}
function diverging(theme, surface, high) {
  const [below, above] = [path(surface, towards(BLUES, theme)), path(surface, towards(REDS, theme))];
  const length = Math.min(below.length, above.length);
  const colour = (value) => (value < 0 ? below : above).at(share(Math.abs(value), high) * length);
  return { low: -high, high, colour };
}
function towards(colours, theme) {
  return (theme === "light" ? colours : [...colours].reverse()).slice(0, -UNUSED[theme]);
}
function path(surface, colours) {
  const stops = [surface, ...colours];
  const ends = stops.slice(1).reduce((all, stop, i) => [...all, (all.at(-1) ?? 0) + difference(stops[i], stop)], []);
  return {
    length: ends.at(-1) ?? 0,
    at(distance) {
      const i = Math.max(0, ends.findIndex((end) => distance <= end));
      const start = ends[i - 1] ?? 0;
      return mix(stops[i], stops[i + 1], Math.min(1, (distance - start) / (ends[i] - start || 1)));
    }
  };
}
function stepped(scale) {
  const STEPS = 512;
  const span = scale.high - scale.low;
  const colours = Array.from({ length: STEPS + 1 }, (_, i) => scale.colour(scale.low + i / STEPS * span));
  const zero = scale.colour(0);
  const place = (value) => Math.round(Math.min(1, Math.max(0, (value - scale.low) / span)) * STEPS);
  return { ...scale, colour: (value) => span > 0 && value !== 0 && !Number.isNaN(value) ? colours[place(value)] : zero };
}
function share(value, high) {
  return high > 0 && value > 0 ? Math.min(1, value / high) : 0;
}
function mix(a, b, t) {
  const [from, to] = [toLab(a), toLab(b)];
  const at = (i) => from[i] + (to[i] - from[i]) * t;
  return fromLab([at(0), at(1), at(2)]);
}
function inkOn(tint, host) {
  if (contrast(tint, host) >= READABLE) return host;
  return contrast(tint, BLACK) >= contrast(tint, WHITE) ? BLACK : WHITE;
}
function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
function luminance(colour) {
  const [r, g, b] = colour.map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function difference(a, b) {
  const [from, to] = [toLab(a), toLab(b)];
  return Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}
function parse(css2) {
  const parts2 = /^rgba?\(([^)]+)\)$/.exec(css2.trim())?.[1]?.split(/[\s,/]+/).map(Number.parseFloat);
  if (parts2 === void 0 || parts2.length < 3 || parts2.slice(0, 3).some(Number.isNaN) || parts2[3] === 0) return null;
  return [parts2[0], parts2[1], parts2[2]];
}
function css(colour) {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}
function toLinear(channel) {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}
function fromLinear(linear) {
  const c = linear <= 31308e-7 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return 255 * Math.min(1, Math.max(0, c));
}
function toLab(colour) {
  const [r, g, b] = colour.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  ];
}
function fromLab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  ];
}

// src/lib/dom.ts
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name2, value] of Object.entries(attributes)) attribute(element, name2, value);
  element.append(...children);
  return element;
}
function attribute(element, name2, value) {
  if (value === void 0 || value === false) element.removeAttribute(name2);
  else element.setAttribute(name2, value === true ? "" : String(value));
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
  let clear2 = () => {
  };
  return (message, at) => {
    if (message + at === last) return;
    last = message + at;
    clear2();
    const fail = fields[at] ?? fields[""];
    clear2 = () => fail?.("");
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
function number(value) {
  if (Number.isNaN(value)) return ABSENT;
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const sign = value < 0 ? MINUS : "";
  if (size >= 999.5 && size < 1e9) return sign + count(Math.round(size));
  if (size >= 1e9 || size < 995e-6) {
    const [mantissa, exponent] = size.toExponential(2).split("e");
    return `${sign}${mantissa}e${exponent.replace("-", MINUS).replace("+", "")}`;
  }
  return sign + size.toPrecision(3);
}
function count(value) {
  const digits = String(Math.abs(value));
  const spaced = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN) : digits;
  return value < 0 ? MINUS + spaced : spaced;
}
function plural(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

// src/lib/controls.ts
function wholeNumber(text, range) {
  const value = Number(text.trim());
  const { low, high, noun } = range;
  const offer = `choose ${count(low)} to ${count(high)}`;
  if (text.trim() === "" || !Number.isInteger(value)) return `“${text.trim()}” is not a whole number; ${offer}.`;
  if (value < low || value > high) return `There is no ${noun} ${count(value)}; ${offer}.`;
  return value;
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

// src/lib/legend.ts
var NEAR = 1 / 24;
function walked(from, key, { low, high }) {
  const step = NEAR * (high - low);
  const steps = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step };
  const ends = { Home: low, End: high };
  const to = ends[key] ?? (steps[key] === void 0 ? null : from + steps[key]);
  return to === null ? null : Math.min(high, Math.max(low, to));
}
function legend(hover) {
  const bar = make("div", { class: "wb-legend-bar" });
  const pointer = make("div", { class: "wb-legend-pointer", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const caption = make("div", { class: "wb-muted" });
  const track = make("div", { class: "wb-legend-track", role: "slider", "aria-label": "Highlight values" }, bar, pointer);
  const element = make("div", { class: "wb-legend" }, track, ends, caption);
  let scale = { low: 0, high: 0, colour: () => [0, 0, 0] };
  let says = "";
  let lit = null;
  let pointed = null;
  const place = () => {
    const value = lit ?? pointed;
    const span = scale.high - scale.low;
    show(pointer, value !== null && span > 0);
    attribute(track, "aria-valuenow", lit ?? scale.low);
    attribute(track, "aria-valuetext", lit === null ? "none" : `near ${number(lit)}`);
    if (value === null || span <= 0) return;
    const share2 = Math.min(1, Math.max(0, (value - scale.low) / span));
    pointer.style.insetInlineStart = `${100 * share2}%`;
  };
  const light = (value) => {
    const near = NEAR * (scale.high - scale.low);
    lit = value;
    place();
    write(caption, `underlined: near ${number(value)}`);
    hover({ low: value - near, high: value + near });
  };
  const letGo = () => {
    if (lit === null) return;
    lit = null;
    place();
    write(caption, says);
    hover(null);
  };
  track.addEventListener("pointermove", (event) => {
    const { left, width } = track.getBoundingClientRect();
    const share2 = Math.min(1, Math.max(0, (event.clientX - left) / width));
    light(scale.low + share2 * (scale.high - scale.low));
  });
  track.addEventListener("pointerleave", letGo);
  track.addEventListener("blur", letGo);
  track.addEventListener("keydown", (event) => {
    const to = walked(lit ?? pointed ?? scale.low, event.key, scale);
    if (to !== null) light(to);
    else if (event.key === "Escape") letGo();
    else return;
    event.preventDefault();
  });
  return {
    element,
    point(value) {
      pointed = value;
      place();
    },
    set(next, words) {
      letGo();
      scale = next;
      says = words;
      const stops = Array.from({ length: 25 }, (_, i) => css(scale.colour(scale.low + i / 24 * (scale.high - scale.low))));
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      const marks = scale.low < 0 ? [scale.low, 0, scale.high] : [scale.low, scale.high];
      ends.replaceChildren(...marks.map((mark) => make("span", {}, number(mark))));
      const hasValues = scale.high > scale.low;
      attribute(track, "tabindex", hasValues ? 0 : void 0);
      attribute(track, "aria-disabled", hasValues ? void 0 : "true");
      attribute(track, "aria-valuemin", scale.low);
      attribute(track, "aria-valuemax", scale.high);
      write(caption, words);
      place();
    }
  };
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
      const rows = table.rows.map(
        ([name2, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name2 ?? ""), ...cells.map((cell) => make("td", {}, cell)))
      );
      element.replaceChildren(
        make("table", {}, make("caption", {}, table.caption), make("thead", {}, head), make("tbody", {}, ...rows))
      );
    }
  };
}
function keyOf({ caption, columns, rows }) {
  return [caption, columns.join("	"), ...rows.map((row) => row.join("	"))].join("\n");
}

// src/lib/theme.ts
function themeOf({ attributes, classes, background }) {
  const jupyter = attributes["data-jp-theme-light"];
  if (jupyter !== void 0) return jupyter === "false" ? "dark" : "light";
  for (const name2 of ["data-vscode-theme-kind", "theme", "data-theme", "data-color-mode"]) {
    const value = attributes[name2];
    if (value !== void 0 && /dark|high-contrast$/.test(value)) return "dark";
    if (value !== void 0 && /light/.test(value)) return "light";
  }
  if (classes.some((name2) => /^(vscode-dark|vscode-high-contrast|dark|dark-theme|theme-dark)$/.test(name2))) return "dark";
  if (classes.some((name2) => /^(vscode-light|light|light-theme|theme-light)$/.test(name2))) return "light";
  return background !== null && luminance(background) < 0.2 ? "dark" : "light";
}
function signs(element) {
  const { documentElement, body } = element.ownerDocument;
  const pages = [documentElement, body];
  return {
    attributes: Object.fromEntries(pages.flatMap((page) => [...page.attributes].map(({ name: name2, value }) => [name2, value]))),
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
function shell({ model, el, kind, label, offline, draw: draw2, table }) {
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
  const paint = perFrame(() => {
    keepFocus(root, draw2);
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
  const around2 = follow(root, paint, left.signal);
  return {
    root,
    body,
    signal: left.signal,
    alive,
    around: around2,
    draw: paint,
    ask(name2, value) {
      model.set(name2, value);
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
      if (alive) model.send({ kind: "shown" });
      paint();
      return () => {
        model.off("change", paint);
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
    buttons = now.map(({ value, name: name2, title }, i) => {
      const button = make("button", { type: "button", role: "radio", title }, name2);
      button.addEventListener("click", () => chosen(value));
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
    set(next, value) {
      now = next;
      if (rebuilt(next.map((tab) => `${tab.value}	${tab.name}	${tab.title ?? ""}`).join("\n"))) build();
      show(element, next.length > 1);
      const at = next.findIndex((tab) => tab.value === value);
      buttons.forEach((button, i) => {
        attribute(button, "aria-checked", String(i === at));
        button.tabIndex = i === Math.max(0, at) ? 0 : -1;
      });
    }
  };
}

// src/lib/tokens.ts
var GLYPHS = { " ": "␣", "\n": "⏎", "\r": "␍", "	": "⇥", " ": "⍽" };
var UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
var ONLY_JOINERS = /^ ?[\u200c\u200d\ufe00-\ufe0f]+$/u;
function shown(piece) {
  if (piece === "") return { gap: false, text: "∅", breaks: false };
  const gap = /^ \S/u.test(piece);
  const text = [...gap ? piece.slice(1) : piece];
  const inside = (i) => text[i] === " " && i > 0 && i < text.length - 1;
  const alone = ONLY_JOINERS.test(piece);
  const visible2 = text.map((c, i) => inside(i) ? c : GLYPHS[c] ?? (alone ? name(c) : c.replace(UNSEEN, name))).join("");
  return { gap, text: visible2, breaks: piece.includes("\n") };
}
function direction(pieces, bos) {
  const letter = /\p{L}/u.exec(pieces.slice(bos ? 1 : 0).join(""))?.[0];
  const isRightToLeft = letter !== void 0 && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(letter);
  return isRightToLeft ? "rtl" : "ltr";
}
function parts(groups) {
  const all = /* @__PURE__ */ new Map();
  for (const [first, behind] of groups)
    for (let i = first; i < behind; i++) all.set(i, `${i - first + 1} of ${behind - first}`);
  return all;
}
function quoted(piece) {
  return shown(piece).text;
}
function nameOf(piece) {
  return `“${quoted(piece)}”`;
}
function visible(text) {
  return text.replace(UNSEEN, (c) => c === "\n" || c === "	" ? c : name(c));
}
function name(character) {
  const code = character.codePointAt(0);
  if (code < 32) return String.fromCodePoint(9216 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

// src/lib/wire.ts
var SIZES = { float32: 4, float16: 2, uint8: 1, int32: 4 };
function decode({ dtype, shape, data, scale = 1, zero = 0 }) {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(data) ? data : { buffer: data, byteOffset: 0, byteLength: data.byteLength };
  const size = shape.reduce((product, n) => product * n, 1);
  const each = SIZES[dtype];
  if (byteLength !== size * each) {
    throw new RangeError(`a wire array of shape [${shape}] needs ${size * each} bytes; it came with ${byteLength}`);
  }
  const aligned = byteOffset % each === 0;
  const bytes = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const start = aligned ? byteOffset : 0;
  if (dtype === "int32") return { shape, numbers: new Int32Array(bytes, start, size) };
  if (dtype === "float32") return { shape, numbers: new Float32Array(bytes, start, size) };
  const numbers = new Float32Array(size);
  if (dtype === "uint8") new Uint8Array(bytes, start, size).forEach((byte, i) => numbers[i] = (byte - zero) * scale);
  else new Uint16Array(bytes, start, size).forEach((bits, i) => numbers[i] = half(bits) * scale);
  return { shape, numbers };
}
function half(bits) {
  const sign = bits & 32768 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// src/dashboard/browse.ts
function walker(step, go) {
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "numeric", autocomplete: "off", "aria-label": "Feature" });
  const less = make("button", { type: "button", class: "wb-step", "aria-label": "Previous feature", title: "Previous feature (k or p)" }, "‹");
  const more = make("button", { type: "button", class: "wb-step", "aria-label": "Next feature", title: "Next feature (j or n)" }, "›");
  const total = make("span", { class: "wb-muted" });
  const error = make("div", { class: "wb-error", role: "alert", hidden: true });
  let [now, width] = [-1, 0];
  const fail = (message) => {
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
    } else if (by !== void 0) step(by);
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
    }
  };
}
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
  const ways = tabs("Search in", (value) => {
    by = value;
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
        offers.replaceChildren(...now.offers.map((value) => make("option", { value })));
      }
    }
  };
}
function resultList(go, can) {
  const list = make("ol", { class: "wb-rows wb-results", tabindex: -1 });
  const none = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-results-box", hidden: true }, list, none);
  const rebuilt = changes();
  let buttons = [];
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-feature]") : null;
    if (button) go(Number(button.dataset.feature));
  });
  return {
    element,
    set(rows, present, empty, nameOf2) {
      show(element, rows !== null);
      if (rows === null) return;
      const names = rows.map(({ feature, label }) => visible(nameOf2(feature, label)));
      if (rebuilt(rows, names.join("\0"))) {
        buttons = rows.map(({ feature, says }, i) => {
          const name2 = make("span", { class: names[i] === "" ? "wb-row-label wb-none" : "wb-row-label", dir: "auto", title: names[i] }, names[i] || "no label");
          const parts2 = [make("span", { class: "wb-row-number" }, String(feature)), name2, make("span", { class: "wb-row-says wb-muted", dir: "auto" }, visible(says))];
          return can(feature) ? make("button", { type: "button", class: "wb-row-item", "data-feature": feature }, ...parts2) : make("div", { class: "wb-row-item" }, ...parts2);
        });
        list.replaceChildren(...buttons.map((button) => make("li", {}, button)));
      }
      write(none, rows.length === 0 ? empty : "");
      rows.forEach(({ feature }, i) => {
        const isHere = feature === present;
        attribute(buttons[i], "aria-current", isHere ? "true" : void 0);
        if (isHere) intoView(list, buttons[i]);
      });
    }
  };
}
function intoView(list, row) {
  const [top, bottom] = [row.offsetTop - list.offsetTop, row.offsetTop - list.offsetTop + row.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

// src/dashboard/card.ts
function cardOf(raw) {
  const ids = decode(raw.ids).numbers;
  const values = decode(raw.values).numbers;
  let from = 0;
  const examples = raw.examples.map((one, number2) => {
    const mine = ids.subarray(from, from + one.n);
    const theirs = values.subarray(from, from + one.n);
    from += one.n;
    const pieces = Array.from(mine, (id, i) => one.joined?.[i] ?? raw.pieces[id] ?? "");
    const { kind, group, text, token, z, start, groups = [] } = one;
    return { kind, group, number: number2, text, value: one.value ?? 0, z, start, at: token - start, ids: mine, values: theirs, pieces, groups };
  });
  const tokens = Object.keys(raw.pieces).map(Number);
  const effects = new Map(Object.entries(raw.logits).map(([form, logits]) => [form, effectsOf(logits, tokens)]));
  return { ...raw, maximum: raw.maximum ?? 0, examples, effects };
}
function effectsOf({ top, bottom, effects }, tokens) {
  const all = /* @__PURE__ */ new Map();
  if (effects) decode(effects).numbers.forEach((value, i) => all.set(tokens[i], value));
  for (const [token, , value] of [...top, ...bottom]) if (value !== null) all.set(token, value);
  return all;
}
function withBytes(message, buffers) {
  const back = (value) => {
    if (Array.isArray(value)) return value.map(back);
    if (value === null || typeof value !== "object") return value;
    const all = value;
    if ("dtype" in all && typeof all.data === "number") return { ...all, data: buffers[all.data] };
    return Object.fromEntries(Object.entries(all).map(([key, part]) => [key, back(part)]));
  };
  return back(message);
}
var SILENT = {
  near: "Silent, but nearest to firing; the numbers stand before the activation function",
  negative: "Silent, drawn at random"
};
function groupsOf(card, kind) {
  const examples = card.examples.filter((example) => example.kind === kind);
  if (kind !== "quantile" && kind !== "interval") {
    return examples.length === 0 ? [] : [{ name: SILENT[kind] ?? "", low: 0, high: 0, n: 0, examples }];
  }
  const parts2 = kind === "quantile" ? card.quantiles : card.intervals;
  const noun = kind === "quantile" ? "Quantile" : "Interval";
  return parts2.map(([low, high, n], i) => ({
    name: `${noun} ${i + 1} of ${parts2.length}`,
    low: low ?? 0,
    high: high ?? 0,
    n,
    examples: examples.filter(({ group }) => group === i)
  })).reverse();
}
function binOf(edges, value) {
  const last = edges.length - 1;
  if (last < 1 || Number.isNaN(value) || value < edges[0] || value > edges[last]) return -1;
  let [low, high] = [0, last - 1];
  while (low < high) {
    const middle = low + high >> 1;
    if (value <= edges[middle + 1]) high = middle;
    else low = middle + 1;
  }
  return low;
}
function rebinned({ edges, counts }, wanted) {
  const sums = new Array(Math.max(0, wanted.length - 1)).fill(0);
  counts.forEach((count2, i) => {
    const [low, high] = [edges[i], edges[i + 1]];
    for (let j = Math.max(0, binOf(wanted, low)); j < sums.length && wanted[j] < high; j++) {
      const overlap = Math.min(high, wanted[j + 1]) - Math.max(low, wanted[j]);
      if (overlap > 0) sums[j] += count2 * overlap / (high - low);
    }
  });
  return { edges: [...wanted], counts: sums };
}
function evenly(high, parts2) {
  return Array.from({ length: parts2 + 1 }, (_, i) => i === parts2 ? high : i / parts2 * high);
}
function around({ at, pieces, groups }, width) {
  let [from, behind] = [Math.max(0, at - width), Math.min(pieces.length, at + width + 1)];
  for (const [first, last] of groups) {
    if (from > first && from < last) from = first;
    if (behind > first && behind < last) behind = last;
  }
  return [from, behind];
}
function activationsOf(units, values, tokens, feature) {
  const all = new Float32Array(tokens);
  const each = tokens > 0 ? units.length / tokens : 0;
  for (let i = 0; i < units.length; i++) if (units[i] === feature) all[Math.floor(i / each)] += values[i];
  return all;
}

// src/dashboard/order.ts
function aliveOrder(words, width) {
  const isAlive = (feature) => (words[feature >> 5] >> (feature & 31) & 1) === 1;
  let length = 0;
  for (const word of words) for (let bits = word; bits !== 0; bits &= bits - 1) length++;
  return {
    length,
    placeOf(feature) {
      if (feature < 0 || feature >= width || !isAlive(feature)) return -1;
      let place = 0;
      for (let i = 0; i < feature >> 5; i++) for (let bits = words[i]; bits !== 0; bits &= bits - 1) place++;
      for (let i = feature & ~31; i < feature; i++) if (isAlive(i)) place++;
      return place;
    },
    from(feature, steps) {
      const by = Math.sign(steps);
      let at = feature;
      for (let left = Math.abs(steps); left > 0; left--) {
        at += by;
        while (at >= 0 && at < width && !isAlive(at)) at += by;
        if (at < 0 || at >= width) return null;
      }
      return at;
    }
  };
}
function listOrder(features) {
  return {
    length: features.length,
    placeOf: (feature) => features.indexOf(feature),
    from(feature, steps) {
      const at = features.indexOf(feature);
      const to = at < 0 ? steps > 0 ? steps - 1 : features.length + steps : at + steps;
      return features[to] ?? null;
    }
  };
}
function ahead(order, feature, reach) {
  const steps = Array.from({ length: reach }, (_, i) => [i + 1, -i - 1]).flat();
  return steps.map((step) => order.from(feature, step)).filter((one) => one !== null);
}
function searched(cards, query, by) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => words.every((word) => text.toLowerCase().includes(word));
  if (words.length === 0) return [];
  if (by === "token") return cards.filter(({ tokens }) => tokens.some(([, piece]) => piece.trim() === query.trim()));
  if (by === "concept") return cards.filter(({ concepts }) => concepts.some(({ concept }) => has(concept)));
  if (by === "list") return cards.filter(({ lists }) => lists.includes(query));
  const rank = (card) => has(card.label) ? 2 : has(wordsOf(card)) ? 1 : 0;
  return cards.filter((card) => rank(card) > 0).sort((a, b) => rank(b) - rank(a));
}
function wordsOf({ label, labels, notes, concepts, tokens }) {
  const all = [label, ...labels.map(({ text }) => text), ...notes, ...concepts.map(({ concept }) => concept)];
  return [...all, ...tokens.map(([, piece]) => piece)].join(" ");
}

// src/dashboard/panel_box.ts
function panelBox(host, signal) {
  const place = make("div");
  const note = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-panel-box", hidden: true }, note, place);
  let shown2 = null;
  let left = null;
  const leave = () => left?.abort();
  signal.addEventListener("abort", leave);
  return {
    element,
    show(reference) {
      show(element, reference !== null);
      if (reference === shown2) return;
      shown2 = reference;
      leave();
      place.replaceChildren();
      if (reference === null) return;
      left = new AbortController();
      const mine = left.signal;
      draw(host, reference, place, mine).catch(() => {
        if (!mine.aborted) write(note, 'The feature has a slider in a steering panel; show it in a cell of its own: bench.views["panel"]');
      });
    }
  };
}
async function draw(host, reference, el, signal) {
  if (host === void 0) throw new Error("this page shows no widget in another one");
  const widget = await host.getWidget(reference);
  if (!signal.aborted) await widget.render({ el, signal });
}

// src/lib/token_flow.ts
function tokenFlow({ preview, pin }, label = "Tokens") {
  const element = make("div", { class: "wb-flow", role: "listbox", "aria-label": label });
  let spans = [];
  let pinned = -1;
  const indexOf = (event) => {
    const span = event.target instanceof Element ? event.target.closest(".wb-token") : null;
    return span === null ? -1 : Number(span.dataset.index);
  };
  const move = (to) => {
    const span = spans[to];
    if (span === void 0) return;
    span.focus();
    if (pinned >= 0) pin(to);
  };
  element.addEventListener("pointerover", (event) => preview(indexOf(event)));
  element.addEventListener("pointerleave", () => preview(spans.indexOf(focusNear(element))));
  element.addEventListener("focusin", (event) => preview(indexOf(event)));
  element.addEventListener("focusout", () => preview(-1));
  element.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index >= 0) pin(index === pinned ? -1 : index);
  });
  element.addEventListener("keydown", (event) => {
    const from = indexOf(event);
    const isRightToLeft = getComputedStyle(element).direction === "rtl";
    const forward = isRightToLeft ? "ArrowLeft" : "ArrowRight";
    const back = isRightToLeft ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) move(from + 1);
    else if (event.key === back) move(from - 1);
    else if (event.key === "ArrowDown") move(lineNeighbour(spans, from, 1));
    else if (event.key === "ArrowUp") move(lineNeighbour(spans, from, -1));
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(spans.length - 1);
    else if (event.key === "Enter" || event.key === " ") pin(from === pinned ? -1 : from);
    else if (event.key === "Escape") pin(-1);
    else return;
    event.preventDefault();
  });
  return {
    element,
    set(pieces, bos, groups) {
      const part = parts(groups);
      spans = pieces.map((piece, index) => {
        const isLater = part.has(index) && piece === "";
        const classes = ["wb-token"];
        if (bos && index === 0) classes.push("wb-special");
        if (part.has(index)) classes.push("wb-part");
        const text = isLater ? "·" : shown(piece).text;
        const title = part.has(index) ? `token ${part.get(index)} of one character` : void 0;
        return make("span", { class: classes.join(" "), role: "option", "data-index": index, tabindex: -1, title }, text);
      });
      const content = [];
      pieces.forEach((piece, index) => {
        const { gap, breaks } = shown(piece);
        if (gap) content.push(" ");
        content.push(spans[index]);
        if (breaks) content.push(make("br"));
        else if (piece.trim() === "" && !part.has(index)) content.push(make("wbr"));
      });
      element.dir = direction(pieces, bos);
      element.replaceChildren(...content);
    },
    paint(tint, ink, say) {
      spans.forEach((span, index) => {
        const colour = tint(index);
        span.style.backgroundColor = css(colour);
        span.style.color = css(inkOn(colour, ink));
        attribute(span, "aria-label", say(index));
      });
    },
    mark(next, isLit) {
      pinned = next;
      spans.forEach((span, index) => {
        attribute(span, "aria-selected", String(index === pinned));
        span.classList.toggle("wb-lit", isLit(index));
        span.tabIndex = index === Math.max(0, pinned) ? 0 : -1;
      });
    }
  };
}
function lineNeighbour(spans, from, direction2) {
  const here = spans[from];
  if (here === void 0) return -1;
  let best = -1;
  let line = null;
  for (let i = from + direction2; i >= 0 && i < spans.length; i += direction2) {
    const there = spans[i];
    if (Math.abs(there.offsetTop - here.offsetTop) < here.offsetHeight / 2) continue;
    line ??= there.offsetTop;
    if (Math.abs(there.offsetTop - line) >= here.offsetHeight / 2) break;
    const distance = (i2) => Math.abs(spans[i2].offsetLeft - here.offsetLeft);
    if (best < 0 || distance(i) < distance(best)) best = i;
  }
  return best;
}

// src/dashboard/examples.ts
var REACH = { line: 16, near: 16, all: 1e3 };
function examplesView({ preview, pick, letGo }) {
  const element = make("div", { class: "wb-examples", role: "group", "aria-label": "Examples" });
  let byNumber = /* @__PURE__ */ new Map();
  let opened = /* @__PURE__ */ new Set();
  let spans = /* @__PURE__ */ new Map();
  let valued = [];
  let build = () => {
  };
  let isScrolled = false;
  let last = { picked: [], isLit: null };
  const find = (event) => {
    const span = event.target instanceof Element ? event.target.closest(".wb-token") : null;
    const row = span?.closest(".wb-example");
    const example = row ? byNumber.get(Number(row.dataset.number)) : void 0;
    return span && example ? { example, piece: Number(span.dataset.piece), span } : null;
  };
  element.addEventListener("scroll", () => isScrolled = true, { passive: true });
  element.addEventListener("pointerover", (event) => preview(find(event)));
  element.addEventListener("pointerleave", () => preview(null));
  element.addEventListener("focusin", (event) => preview(find(event)));
  element.addEventListener("focusout", () => preview(null));
  element.addEventListener("click", (event) => {
    const toggle = event.target instanceof Element ? event.target.closest(".wb-example-value") : null;
    if (toggle) return open(Number(toggle.closest(".wb-example").dataset.number));
    const at = find(event);
    if (at === null) return;
    if (last.picked[0] === at.example.number && last.picked[1] === at.piece) letGo();
    else pick(at.example, at.piece);
  });
  element.addEventListener("keydown", (event) => {
    const at = find(event);
    if (at === null) return;
    const rows = [...byNumber.keys()];
    const row = rows.indexOf(at.example.number);
    const isRightToLeft = at.span.closest("[dir=rtl]") !== null;
    const along = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key];
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (along !== void 0) spans.get(`${at.example.number} ${at.piece + along}`)?.focus({ preventScroll: false });
    else if (down !== void 0) {
      const next = byNumber.get(rows[row + down] ?? -1);
      if (next) spans.get(`${next.number} ${next.at}`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") pick(at.example, at.piece);
    else if (event.key === "w") open(at.example.number);
    else if (event.key === "Escape" && last.picked.length > 0) letGo();
    else return;
    event.preventDefault();
  });
  const open = (number2) => {
    if (!opened.delete(number2)) opened.add(number2);
    build();
    element.querySelector(`.wb-example[data-number="${number2}"] .wb-example-value`)?.focus();
  };
  const rowOf = (example, width, { scale, ink }) => {
    const isOpen = width !== "line" || opened.has(example.number);
    const reach = opened.has(example.number) ? REACH.all : REACH[width];
    const [from, behind] = around(example, reach);
    const [before, here, after] = [make("span"), make("span"), make("span")];
    for (let i = from; i < behind; i++) {
      const value2 = example.values[i];
      const { gap, text: text2, breaks } = shown(example.pieces[i]);
      const isJoined = example.pieces[i] === "" && example.groups.some(([first, last2]) => i > first && i < last2);
      if (isJoined) continue;
      const span = make("span", { class: i === example.at ? "wb-token wb-here" : "wb-token", "data-piece": i, tabindex: -1 }, text2);
      if (value2 > 0) {
        const tint = scale.colour(value2);
        span.style.backgroundColor = css(tint);
        span.style.color = css(inkOn(tint, ink));
        valued.push([span, value2]);
      }
      spans.set(`${example.number} ${i}`, span);
      const place = i < example.at ? before : i === example.at ? here : after;
      if (gap) (i === example.at ? before : place).append(" ");
      place.append(span);
      if (isOpen && breaks && i < behind - 1) place.append(make("br"));
    }
    if (from > 0) before.prepend("…");
    if (behind < example.pieces.length) after.append("…");
    const value = make("button", { type: "button", class: "wb-example-value wb-mono", tabindex: -1, title: titleOf(example), "aria-expanded": String(isOpen) }, saidOf(example));
    const parts2 = isOpen ? [make("div", { class: "wb-example-text" }, before, here, after)] : [make("div", { class: "wb-example-before" }, before), here, make("div", { class: "wb-example-after" }, after)];
    const text = make("div", { class: isOpen ? "wb-example-open" : "wb-example-line", dir: direction(example.pieces, false) }, ...parts2);
    return make("div", { class: "wb-example", "data-number": example.number }, text, value);
  };
  const mark = () => {
    const { picked, isLit } = last;
    for (const one of element.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    if (picked.length === 2) spans.get(`${picked[0]} ${picked[1]}`)?.setAttribute("aria-current", "true");
    for (const [span, value] of valued) span.classList.toggle("wb-lit", isLit?.(value) ?? false);
  };
  return {
    element,
    set(groups, width, empty, look) {
      const numbers = groups.flatMap(({ examples }) => examples);
      if (numbers.some((example) => byNumber.get(example.number) !== example)) opened = /* @__PURE__ */ new Set();
      byNumber = new Map(numbers.map((example) => [example.number, example]));
      build = () => {
        spans = /* @__PURE__ */ new Map();
        valued = [];
        const note = make("div", { class: "wb-muted wb-examples-empty" });
        write(note, groups.length === 0 ? empty : "");
        element.replaceChildren(note, ...groups.flatMap((group) => [headOf(group), ...group.examples.map((one) => rowOf(one, width, look))]));
        if (isScrolled) element.scrollTop = 0;
        isScrolled = false;
        const first = numbers[0];
        if (first) attribute(spans.get(`${first.number} ${first.at}`), "tabindex", 0);
        mark();
      };
      build();
    },
    mark(picked, isLit) {
      last = { picked, isLit };
      mark();
    }
  };
}
function headOf({ name: name2, low, high, n, examples }) {
  const head = make("div", { class: "wb-muted wb-examples-head" });
  const none = examples.length === 0 ? "no firing is in it" : `n ${count(n)}`;
  head.textContent = high > low ? `${name2} · ${number(low)} to ${number(high)} · ${none}` : name2;
  show(head, name2 !== "");
  return head;
}
function saidOf({ kind, value, z }) {
  return kind === "near" && z !== null ? number(z) : number(value);
}
function titleOf({ kind, z, text, start, at }) {
  const place = `text ${count(text)}, position ${start + at}; click to widen`;
  return kind === "near" && z !== null ? `before the activation function: ${number(z)} · ${place}` : place;
}

// src/dashboard/histogram.ts
var SVG = "http://www.w3.org/2000/svg";
var LEAST = 1.5;
function heights(counts) {
  const most = Math.max(1e-12, ...counts);
  return counts.map((n) => n > 0 ? Math.max(LEAST, 100 * n / most) : 0);
}
function histogramView(hover) {
  const title = make("span", { class: "wb-label" });
  const says = make("span", { class: "wb-muted wb-mono" });
  const chart = document.createElementNS(SVG, "svg");
  chart.setAttribute("viewBox", "0 0 100 100");
  chart.setAttribute("preserveAspectRatio", "none");
  chart.setAttribute("aria-hidden", "true");
  const line = make("div", { class: "wb-hist-line", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const field = make("div", { class: "wb-hist-field" }, line);
  field.prepend(chart);
  const empty = make("div", { class: "wb-muted wb-hist-empty", hidden: true });
  const body = make("div", {}, field, ends);
  const element = make("div", { class: "wb-hist" }, make("div", { class: "wb-hist-head" }, title, says), body, empty);
  let now = null;
  let bars = [];
  let marked = null;
  let over = -1;
  const rebuilt = changes();
  const bar = (i, of) => {
    const made2 = document.createElementNS(SVG, "rect");
    made2.setAttribute("x", String(100 * i / of));
    made2.setAttribute("width", String(100 / of));
    return made2;
  };
  const tell = () => {
    const bin = over >= 0 ? over : marked === null || now === null ? -1 : binOf(now.edges, marked);
    bars.forEach((one, i) => one.classList.toggle("wb-here", i === bin));
    show(line, marked !== null && bin >= 0 && over < 0);
    if (now === null || bin < 0) return write(says, "");
    const [low, high, n] = [now.edges[bin], now.edges[bin + 1], now.counts[bin]];
    says.textContent = `${number(low)} to ${number(high)} · n ${Number.isInteger(n) ? count(n) : number(n)}`;
    show(says, true);
    const span = now.edges.at(-1) - now.edges[0];
    if (marked !== null && span > 0) line.style.insetInlineStart = `${100 * (marked - now.edges[0]) / span}%`;
  };
  field.addEventListener("pointermove", (event) => {
    if (now === null) return;
    const { left, width } = field.getBoundingClientRect();
    const bin = Math.min(now.counts.length - 1, Math.max(0, Math.floor((event.clientX - left) / width * now.counts.length)));
    if (bin === over) return;
    over = bin;
    tell();
    hover({ low: now.edges[bin], high: now.edges[bin + 1] });
  });
  field.addEventListener("pointerleave", () => {
    over = -1;
    tell();
    hover(null);
  });
  return {
    element,
    set({ histogram, title: words, empty: reason, colour, key }) {
      write(title, words);
      if (!rebuilt(histogram, key, reason)) return;
      now = histogram;
      over = -1;
      marked = null;
      show(body, histogram !== null);
      write(empty, histogram === null ? reason : "");
      if (histogram === null) return tell();
      const { edges, counts } = histogram;
      if (bars.length !== counts.length) {
        bars = counts.map((_, i) => bar(i, counts.length));
        chart.replaceChildren(...bars);
      }
      heights(counts).forEach((height, i) => {
        bars[i].setAttribute("y", String(100 - height));
        bars[i].setAttribute("height", String(height));
        bars[i].style.fill = colour((edges[i] + edges[i + 1]) / 2);
      });
      const [low, high] = [edges[0], edges.at(-1)];
      const zero = make("span", { class: "wb-hist-zero" }, "0");
      zero.style.insetInlineStart = `${100 * -low / (high - low)}%`;
      ends.replaceChildren(make("span", {}, number(low)), ...low < 0 && high > 0 ? [zero] : [], make("span", {}, number(high)));
      tell();
    },
    mark(value) {
      if (value === marked) return;
      marked = value;
      tell();
    }
  };
}

// src/dashboard/logits.ts
function logitsView(hover) {
  const top = make("ol", { class: "wb-logits-list" });
  const bottom = make("ol", { class: "wb-logits-list" });
  const column = (name2, list) => make("div", {}, make("div", { class: "wb-label" }, name2), list);
  const element = make("div", { class: "wb-logits" }, column("Promotes", top), column("Suppresses", bottom));
  const rebuilt = changes();
  let rows = [];
  const valueOf = (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-value]") : null;
    return row ? Number(row.dataset.value) : null;
  };
  element.addEventListener("pointerover", (event) => hover(valueOf(event)));
  element.addEventListener("pointerleave", () => hover(null));
  return {
    element,
    set(logits, colour, key) {
      if (!rebuilt(logits, key)) return;
      rows = [];
      attribute(element, "data-measured", logits !== null && logits.n > 0);
      const all = [...logits?.top ?? [], ...logits?.bottom ?? []].map(([, , value]) => Math.abs(value ?? 0));
      const most = Math.max(1e-12, ...all);
      const rowOf = ([token, piece, effect, half2]) => {
        const value = effect ?? Number.NaN;
        const bar = make("span", { class: "wb-bar" });
        bar.style.width = `${100 * Math.abs(effect ?? 0) / most}%`;
        bar.style.backgroundColor = colour(value);
        const says = make("span", {}, number(value));
        if (half2 !== null) says.append(make("span", { class: "wb-muted" }, ` ± ${number(half2)}`));
        const title = `${nameOf(piece)} ${number(value)}${half2 === null ? "" : ` ± ${number(half2)}`}, token ${token}`;
        const row = make("li", { class: "wb-logits-row", "data-value": value, title }, make("span", { class: "wb-logits-piece", dir: "auto" }, quoted(piece)), bar, says);
        rows.push([row, value]);
        return row;
      };
      top.replaceChildren(...(logits?.top ?? []).map(rowOf));
      bottom.replaceChildren(...(logits?.bottom ?? []).map(rowOf));
    },
    light(range) {
      for (const [row, value] of rows) row.classList.toggle("wb-lit", range !== null && value >= range.low && value <= range.high);
    }
  };
}
function saidOf2(logits) {
  const how = {
    raw: "per unit of activation: decoder × unembedding",
    folded: "per unit of activation, with the final norm’s gain",
    measured: "what ablation takes away where it fires most"
  };
  const words = how[logits.form] ?? logits.form;
  return logits.n > 0 ? `${words}, n ${logits.n}` : words;
}

// src/dashboard/meaning.ts
var MOST = 6;
function meaning(hands) {
  let feature = -1;
  const label = textField("Label", "Save", (text) => hands.write("label", feature, text));
  const made2 = make("div", { class: "wb-muted" });
  const said2 = make("div", { class: "wb-meaning-label" });
  const facts = make("div", { class: "wb-facts" });
  const concepts = section("Concepts");
  const tokens = section("Fires on");
  const neighbours = section("Neighbours, by decoder");
  const related = section("Fire together with it");
  const notes = make("ul", { class: "wb-notes" });
  const note = textField("Note", "Save", (text) => hands.write("note", feature, text));
  const lists = make("div", { class: "wb-lists" });
  const keep = textField("Put on list", "Put", (text) => hands.write("keep", feature, text));
  const fields = make("div", { class: "wb-own-fields" }, note.element, keep.element);
  const own = make("div", { class: "wb-own" }, notes, lists, fields);
  const element = make("div", { class: "wb-meaning" }, said2, label.element, made2, facts, concepts.element, tokens.element, neighbours.element, related.element, own);
  const differs = changes();
  const rowOf = (one, scene) => {
    const isFeature = one.kind === "feature";
    const words = isFeature ? visible(scene.nameOf(one.number, one.label)) : `neuron of ${one.site}`;
    const parts2 = [
      make("span", { class: "wb-row-number" }, String(one.number)),
      make("span", { class: "wb-row-label", title: words, dir: "auto" }, words === "" ? "no label" : words),
      make("span", { class: "wb-row-value" }, number(one.value ?? Number.NaN))
    ];
    if (isFeature && words === "") parts2[1].classList.add("wb-none");
    const n = one.n > 0 ? `, n ${count(one.n)} tokens` : "";
    const go = isFeature ? scene.can(one.number) ? () => hands.go(one.number) : null : scene.isLinked ? () => hands.neuron(one.site, one.number) : null;
    if (go === null) return make("li", {}, make("div", { class: "wb-row-item", title: `${number(one.value ?? Number.NaN)}${n}` }, ...parts2));
    const name2 = isFeature ? `Feature ${one.number}` : `Neuron ${one.number} of ${one.site}`;
    const button = make("button", { type: "button", class: "wb-row-item", "data-feature": isFeature ? one.number : void 0, title: `${name2}: ${number(one.value ?? Number.NaN)}${n}` }, ...parts2);
    button.addEventListener("click", go);
    const item = make("li", {}, button);
    if (isFeature) {
      const beside = make("button", { type: "button", class: "wb-row-beside", title: `Compare with feature ${one.number}`, "aria-label": `Compare with feature ${one.number}` }, "⇆");
      beside.addEventListener("click", () => hands.compare(one.number));
      item.append(beside);
    }
    return item;
  };
  return {
    element,
    fail: { label: label.fail, note: note.fail, keep: keep.fail, drop: keep.fail },
    focus: () => label.element.querySelector("textarea")?.focus(),
    draw(scene) {
      const { card, alive, brief } = scene;
      feature = card.feature;
      const names = [...card.neighbours, ...card.related].map((one) => scene.nameOf(one.number, one.label)).join("\0");
      if (!differs(card, alive, brief, names, scene.lists.join("\0"), scene.isLinked)) return;
      const hand = focusNear(element);
      const isInside = hand !== null && element.contains(hand);
      const work = () => {
        show(label.element, alive && !brief);
        label.set(card.label);
        write(said2, alive || brief ? "" : card.label === "" ? "No label yet" : visible(card.label));
        said2.classList.toggle("wb-none", card.label === "");
        write(made2, madeOf(card.made, card.labels));
        facts.replaceChildren(...factsOf(card));
        concepts.set(card.concepts.slice(0, brief ? 3 : MOST).map(conceptRow), f1Of(card.concepts));
        tokens.set(card.tokens.slice(0, brief ? 4 : MOST).map(tokenRow), "share · how often");
        neighbours.set(brief ? [] : card.neighbours.slice(0, MOST).map((one) => rowOf(one, scene)), "cosine");
        related.set(brief ? [] : card.related.slice(0, MOST).map((one) => rowOf(one, scene)), "correlation");
        show(own, !brief && (alive || card.notes.length + card.lists.length > 0));
        notes.replaceChildren(...card.notes.map((text) => make("li", { dir: "auto" }, visible(text))));
        note.set("");
        keep.set("");
        for (const field of [note, keep]) {
          show(field.element, alive);
          clear(field.element);
        }
        lists.replaceChildren(...card.lists.map((name2) => chip(name2, alive ? () => hands.write("drop", feature, name2) : null)));
      };
      if (isInside) keepFocus(element.closest(".wb") ?? element, work);
      else work();
    }
  };
}
function clear(field) {
  const area = field.querySelector("textarea");
  if (area) {
    area.value = "";
    area.dispatchEvent(new Event("input"));
  }
}
function section(name2) {
  const says = make("span", { class: "wb-muted" });
  const list = make("ol", { class: "wb-rows" });
  const element = make("section", {}, make("div", { class: "wb-rows-head" }, make("span", { class: "wb-label" }, name2), says), list);
  return {
    element,
    set(rows, unit) {
      show(element, rows.length > 0);
      write(says, unit);
      list.replaceChildren(...rows);
    }
  };
}
function madeOf(label, all) {
  if (label === null) return "";
  const scores = Object.entries(label.scores).map(([name2, [value, low, high, n]]) => {
    const interval = low == null || high == null ? "" : ` [${number(low)}, ${number(high)}]`;
    return `${name2} ${number(value ?? Number.NaN)}${interval}${n == null ? "" : `, n ${count(n)}`}`;
  });
  const others = [...new Set(all.map(({ text }) => text))].filter((text) => text !== label.text).map((text) => `“${visible(text)}”`);
  const before = others.length > 0 ? `also ${others.slice(0, 3).join(", ")}` : "";
  return [howOf(label.how), label.by, label.when.slice(0, 10), ...scores, before].filter(Boolean).join(" · ");
}
function howOf(how) {
  return { concept: "by its best concept", "top tokens": "by the tokens it fires on most" }[how] ?? how;
}
function oneIn(density) {
  return density === null || density <= 0 ? "on no token" : density >= 0.5 ? "on most tokens" : `on 1 in ${count(Math.round(1 / density))} tokens`;
}
function factsOf({ density, maximum, mean, quartiles }) {
  const [value, low, high, n] = density;
  if (maximum <= 0) return [];
  const percent = (x) => number(100 * (x ?? Number.NaN));
  return [
    fact("Fires", oneIn(value), `${percent(value)} % [${percent(low)}, ${percent(high)}], n ${count(n)}`),
    fact("Largest", number(maximum), `mean ${number(mean ?? Number.NaN)}, quartiles ${quartiles.map((q) => number(q ?? Number.NaN)).join(" ")}`)
  ];
}
function fact(name2, value, about) {
  return make("div", { class: "wb-fact" }, make("span", { class: "wb-label" }, name2), make("span", { class: "wb-mono" }, value), make("span", { class: "wb-muted wb-mono" }, about));
}
function f1Of(concepts) {
  const n = new Set(concepts.map(({ f1 }) => f1[3]));
  return n.size === 1 ? `F1, n ${count([...n][0])}` : "F1";
}
function conceptRow({ concept, f1, precision, sensitivity, threshold }) {
  const [value, low, high, n] = f1;
  const title = `${concept}: n ${count(n)} · precision ${said(precision)} · sensitivity ${said(sensitivity)} · from ${number(threshold ?? Number.NaN)} on`;
  const whisker = make("span", { class: "wb-whisker", "aria-hidden": "true" });
  const [from, to] = [low ?? value ?? 0, high ?? value ?? 0];
  whisker.style.setProperty("--wb-from", String(from));
  whisker.style.setProperty("--wb-to", String(to));
  whisker.style.setProperty("--wb-at", String(value ?? 0));
  const words = make("span", { class: "wb-row-label", title: concept }, visible(concept));
  const interval = make("span", { class: "wb-muted" }, ` ${number(from)}–${number(to)}`);
  const numbers = make("span", { class: "wb-row-value" }, number(value ?? Number.NaN), interval);
  return make("li", { title }, make("div", { class: "wb-row-item wb-row-concept" }, words, whisker, numbers));
}
function tokenRow([, piece, share2, fires]) {
  const percent = (x) => `${number(100 * (x ?? Number.NaN))} %`;
  const [value, low, high, n] = fires;
  const on = `${percent(value)} [${percent(low)}, ${percent(high)}] of its ${count(n)} occurrences`;
  const title = `${nameOf(piece)} takes ${percent(share2)} of the feature’s activation; the feature fires on ${on}`;
  const numbers = make("span", { class: "wb-row-value" }, percent(share2), make("span", { class: "wb-muted" }, ` · ${percent(value)}, n ${count(n)}`));
  return make("li", { title }, make("div", { class: "wb-row-item wb-row-token" }, make("span", { class: "wb-row-piece", dir: "auto" }, quoted(piece)), numbers));
}
function said([value, low, high]) {
  return `${number(value ?? Number.NaN)} [${number(low ?? Number.NaN)}, ${number(high ?? Number.NaN)}]`;
}
function chip(name2, drop) {
  const element = make("span", { class: "wb-chip", dir: "auto" }, visible(name2));
  if (drop !== null) {
    const button = make("button", { type: "button", class: "wb-clear", "aria-label": `Take off the list ${visible(name2)}` }, "×");
    button.addEventListener("click", drop);
    element.append(button);
  }
  return element;
}

// src/dashboard/pane.ts
var GROUPS = [
  { value: "top", name: "Top", title: "The strongest, one of each text", empty: "It never fires in this text." },
  { value: "quantile", name: "Quantiles", title: "Drawn from parts of its firings that hold equally many", empty: "It never fires in this text." },
  { value: "interval", name: "Intervals", title: "Drawn from parts of its range that are equally wide", empty: "It never fires in this text." },
  { value: "near", name: "Near misses", title: "Silent, but nearest to firing", empty: "No near misses are held." },
  { value: "negative", name: "Random", title: "Silent, drawn at random", empty: "No silent examples are held." }
];
var FORMS = { raw: "Raw", folded: "Norm folded", measured: "Measured" };
var WIDTHS = [
  { value: "line", name: "Line", title: "What fits in a line" },
  { value: "near", name: "± 16", title: "16 tokens on each side" },
  { value: "all", name: "All", title: "All that is held of each text" }
];
function pane(hands) {
  let now = null;
  let lit = null;
  const about = meaning(hands);
  const heading = make("h4", { class: "wb-pane-title" });
  const groups = tabs("Examples", (value) => hands.group(value));
  const widths = tabs("Context", (value) => hands.width(value));
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
  function tell(piece, value, id, rest) {
    if (now === null) return;
    const effect = effectOf(now, id);
    readout.textContent = `${nameOf(piece)} ${number(value)}${rest}${id === void 0 ? "" : ` · id ${id}`}${effect === null ? "" : ` · logit ${number(effect)}`}`;
    activations.mark(value > 0 ? value : null);
    logits.mark(effect);
  }
  function still() {
    readout.textContent = now === null ? "" : restOf(now);
    activations.mark(null);
    logits.mark(null);
  }
  function preview(at) {
    if (at === null) return still();
    const { example, piece } = at;
    const z = example.kind === "near" && example.z !== null && piece === example.at ? ` (before the activation function ${number(example.z)})` : "";
    tell(example.pieces[piece], example.values[piece], example.ids[piece], `${z} · position ${example.start + piece} of text ${count(example.text)}`);
  }
  function previewOwn(i) {
    if (now?.own == null || i < 0) return still();
    tell(now.own.pieces[i], now.own.values[i], now.own.ids[i], ` · position ${i} of your text`);
  }
  function light(range) {
    lit = range;
    if (now !== null) markAll(now);
  }
  function markAll({ picked, lit: legend2, own: text }) {
    const range = lit ?? legend2;
    const isLit = range === null ? null : (value) => value >= range.low && value <= range.high;
    if (marked(range, picked.join(), now?.card, now?.group, now?.width, now?.scale)) examples.mark(picked, isLit);
    if (text !== null && ownMarked(range, text.pinned, text.values)) flow.mark(text.pinned, (i) => isLit?.(text.values[i]) ?? false);
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
      const shown2 = groupsOf(card, group);
      if (listed(card, group, width, scale, look)) {
        examples.set(shown2, width, emptyOf(card, group), { scale, ink });
        still();
      }
      drawOwn(scene, look);
      if (charted(card, scene.shared, form, card.logits[form], scene.isMeasuring, scale, look)) drawCharts(scene, look);
      markAll(scene);
    }
  };
  function drawOwn({ own: text, scale, ink }, look) {
    show(own, text !== null);
    if (text === null) return;
    if (flowed(text.pieces)) flow.set(text.pieces, text.bos, text.groups);
    if (painted(text.pieces, text.values, scale, look)) {
      flow.paint((i) => scale.colour(text.values[i]), ink, (i) => `${quoted(text.pieces[i])} ${number(text.values[i])}`);
    }
  }
  function drawCharts(scene, look) {
    const { card, scale, shared, theme, surface, form, forms: offered, isMeasuring } = scene;
    const mine = card.maximum > 0 ? card.histogram : null;
    const bins = mine === null || shared === null ? mine : rebinned(mine, evenly(shared, mine.counts.length));
    const n = card.histogram.counts.reduce((sum, one) => sum + one, 0);
    activations.set({ histogram: bins, title: `Activations · n ${count(n)}`, empty: "", colour: (value) => css(scale.colour(value)), key: look + scale.high });
    show(activations.element, mine !== null);
    const now2 = card.logits[form] ?? null;
    const colours = now2 === null ? null : diverging(theme, surface, furthest(now2.histogram.edges));
    const colour = (value) => colours === null ? "none" : css(colours.colour(value));
    const waiting = isMeasuring ? "Being measured …" : "";
    logits.set({ histogram: now2?.histogram ?? null, title: now2 === null && waiting === "" ? "" : "Logits of all tokens", empty: waiting, colour, key: look });
    list.set(now2, colour, look);
    show(effects, Object.keys(card.logits).length > 0 || isMeasuring);
    show(list.element, now2 !== null);
    forms.set(offered.map((value) => ({ value, name: FORMS[value] ?? value })), form);
    write(how, now2 === null ? waiting : saidOf2(now2));
    attribute(how, "title", now2?.unit);
  }
}
function emptyOf(card, group) {
  if (card.maximum <= 0) return "This feature never fires in the text that was indexed: nothing can be said about it.";
  return GROUPS.find(({ value }) => value === group)?.empty ?? "";
}
function restOf({ card, brief }) {
  return card.examples.length === 0 || brief ? "" : "Hover a token for its value; click to pick it, click a number to widen";
}
function effectOf({ card, form }, id) {
  return (id === void 0 ? void 0 : card.effects.get(form)?.get(id)) ?? null;
}
function furthest(edges) {
  return Math.max(Math.abs(edges[0] ?? 0), Math.abs(edges.at(-1) ?? 0));
}

// src/dashboard/scatter.ts
var MARGIN = 12;
var NEAR2 = 14;
function fitted(places, width, height) {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x, y] = [places[i], places[i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  if (x0 > x1) return { left: width / 2, top: height / 2, scale: 1 };
  const scale = Math.min((width - 2 * MARGIN) / Math.max(1e-9, x1 - x0), (height - 2 * MARGIN) / Math.max(1e-9, y1 - y0));
  return { left: width / 2 - scale * (x0 + x1) / 2, top: height / 2 - scale * (y0 + y1) / 2, scale };
}
function nearest(places, { left, top, scale }, x, y, near, isThere) {
  let [best, least] = [-1, near * near];
  for (let f = 0; 2 * f + 1 < places.length; f++) {
    const [dx, dy] = [left + scale * places[2 * f] - x, top + scale * places[2 * f + 1] - y];
    const distance = dx * dx + dy * dy;
    if (distance <= least && isThere(f)) [best, least] = [f, distance];
  }
  return best;
}
function scatter(hands, signal) {
  const canvas = make("canvas", { class: "wb-scatter", tabindex: 0, role: "application", "aria-label": "Map of features: arrows walk, Enter goes there" });
  const element = make("div", { class: "wb-scatter-box" }, canvas);
  let places = [];
  let there = () => false;
  let frame = { left: 0, top: 0, scale: 1 };
  let over = -1;
  let last = null;
  const draw2 = perFrame(() => {
    const context = canvas.getContext("2d");
    if (context === null || last === null) return;
    const [look, here, listed] = last;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    context.scale(ratio, ratio);
    frame = fitted(places, width, height);
    const place = (f) => [frame.left + frame.scale * places[2 * f], frame.top + frame.scale * places[2 * f + 1]];
    const n = places.length / 2;
    const size = n > 2e4 ? 1 : n > 2e3 ? 1.6 : 2.4;
    context.fillStyle = look.point;
    context.globalAlpha = n > 5e3 ? 0.35 : 0.55;
    for (let f = 0; f < n; f++) {
      if (!there(f)) continue;
      const [x, y] = place(f);
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
    context.globalAlpha = 1;
    const dot = (f, radius, fill) => {
      if (2 * f + 1 >= places.length) return;
      const [x, y] = place(f);
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      context.fillStyle = fill;
      context.fill();
      context.strokeStyle = look.surface;
      context.lineWidth = 1;
      context.stroke();
    };
    for (const f of listed) dot(f, 3, look.listed);
    here.forEach((f, i) => f >= 0 && dot(f, i === 0 ? 6 : 5, look.here));
    if (over >= 0) {
      const [x, y] = place(over);
      context.beginPath();
      context.arc(x, y, 7, 0, 7);
      context.strokeStyle = look.listed;
      context.lineWidth = 2;
      context.stroke();
    }
  }, signal);
  const preview = (feature) => {
    if (feature === over) return;
    over = feature;
    hands.preview(feature);
    draw2();
  };
  const options = { signal };
  const under = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return nearest(places, frame, event.clientX - left, event.clientY - top, NEAR2, there);
  };
  canvas.addEventListener("pointermove", (event) => preview(under(event)), options);
  canvas.addEventListener("pointerleave", () => preview(-1), options);
  canvas.addEventListener("click", (event) => {
    const feature = under(event);
    if (feature >= 0) hands.go(feature);
  }, options);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const from = over >= 0 ? over : last?.[1][0] ?? -1;
    if (way !== void 0 && from >= 0) preview(towards2(places, from, way, there));
    else if (event.key === "Enter" && over >= 0) hands.go(over);
    else if (event.key === "Escape" && over >= 0) preview(-1);
    else return;
    event.preventDefault();
  }, options);
  const resized = new ResizeObserver(draw2);
  resized.observe(canvas);
  signal.addEventListener("abort", () => resized.disconnect());
  return {
    element,
    set(next, isThere) {
      [places, there, over] = [next, isThere, -1];
      attribute(canvas, "data-features", places.length / 2);
      draw2();
    },
    paint(...now) {
      last = now;
      draw2();
    }
  };
}
function towards2(places, from, [dx, dy], isThere) {
  let [best, least] = [from, Infinity];
  for (let f = 0; 2 * f + 1 < places.length; f++) {
    const [x, y] = [places[2 * f] - places[2 * from], places[2 * f + 1] - places[2 * from + 1]];
    const [ahead2, aside] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    const cost = ahead2 + 2 * aside;
    if (f !== from && ahead2 > 0 && cost < least && isThere(f)) [best, least] = [f, cost];
  }
  return best;
}

// src/feature_dashboard.ts
var KEPT = 96;
var REACH2 = 3;
var render = ({ model, el, host }) => {
  const frame = shell({
    model,
    el,
    kind: "dashboard",
    label: "Feature dashboard",
    offline: "what needs no model goes on: the features that are in it, their examples, histograms and logits, the search.",
    draw: () => draw2(),
    table: () => tableOf()
  });
  const { alive, root } = frame;
  const about = model.get("about");
  const cards = /* @__PURE__ */ new Map();
  let asked = [];
  let source = "all";
  let width = "line";
  let lit = null;
  let isMap = false;
  let map = null;
  let isMapAsked = false;
  let own = null;
  let alone = [];
  const everything = alive ? aliveOrder(decode(about.alive).numbers, about.width) : exported();
  function exported() {
    for (const raw of model.get("cards") ?? []) cards.set(raw.feature, cardOf(raw));
    return listOrder([...cards.keys()].sort((a, b) => a - b));
  }
  const ask = (name2, value) => frame.ask(name2, value);
  const can = (feature) => alive || cards.has(feature);
  const go = (feature) => {
    if (!can(feature) || feature === model.get("feature")) return;
    ask("feature", feature);
    keepFocus(root, draw2);
  };
  const compare = (feature) => ask("against", feature);
  const step = (by) => {
    const to = order().from(model.get("feature"), by);
    if (to !== null) go(to);
  };
  const nameOf2 = (feature, label) => cards.get(feature)?.label ?? label;
  const title = make("h3", { class: "wb-title" });
  const key = legend((range) => {
    lit = range;
    frame.draw();
  });
  const walk = walker(step, go);
  const walked2 = tabs("Walk through", (value) => {
    source = value;
    frame.draw();
  });
  const comparing = make("button", { type: "button", class: "wb-button" });
  comparing.addEventListener("click", toggleComparing);
  const beside = walker(
    (by) => {
      const to = everything.from(model.get("against"), by);
      if (to !== null) compare(to);
    },
    (feature) => can(feature) && compare(feature)
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
  const hands = (isSecond) => ({
    go: (feature) => isSecond ? can(feature) && compare(feature) : go(feature),
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
    }
  });
  const first = pane(hands(false));
  const second = pane(hands(true));
  second.element.classList.add("wb-second");
  const panes = make("div", { class: "wb-panes" }, first.element, second.element);
  const tools = make("div", { class: "wb-toolbar" }, walk.element, walked2.element, make("span", { class: "wb-grow" }), isSteered, steering, comparing, beside.element, mapping);
  const fields = make("div", { class: "wb-fields" }, search.element, ...alive && about.live ? [text.element] : []);
  frame.body.append(make("header", { class: "wb-header" }, title, key.element), tools, fields, results.element, mapBox, failure, steered.element, panes, keys);
  const placeError = errorPlacer({
    ...first.fail,
    query: search.fail,
    text: text.fail,
    feature: walk.fail,
    "": (message) => write(failure, message)
  });
  function drawSteering(feature) {
    const sliders = alive ? model.get("steered") : null;
    const has = sliders?.includes(feature) === true;
    show(steering, sliders !== null && !has);
    write(isSteered, has ? "has a slider" : "");
    steered.show(alive ? model.get("panel") : null);
  }
  function toggleComparing() {
    if (model.get("against") >= 0) return ask("against", -1);
    const card = cards.get(model.get("feature"));
    const near = card?.neighbours.find((one) => can(one.number))?.number ?? everything.from(model.get("feature"), 1) ?? everything.from(model.get("feature"), -1);
    if (near !== null && near !== void 0) compare(near);
  }
  function toggleMap() {
    isMap = !isMap;
    if (isMap && map === null && !isMapAsked && alive) {
      isMapAsked = true;
      frame.say({ kind: "map" });
    }
    frame.draw();
  }
  function find(by, query) {
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
  function nameOnMap(feature) {
    const label = feature < 0 ? "" : nameOf2(feature, map?.labels[feature] ?? "");
    write(mapSays, feature < 0 ? "" : `Feature ${feature}${label === "" ? "" : ` · ${visible(label)}`}`);
  }
  function rows() {
    if (source === "text") return rowsOfText();
    return source === "found" ? found() : null;
  }
  function found() {
    if (!alive) return model.get("query") === "" ? null : alone;
    return model.get("found").rows ?? null;
  }
  function rowsOfText() {
    return model.get("here").rows ?? null;
  }
  const orders = /* @__PURE__ */ new WeakMap();
  function order() {
    const list = rows();
    if (list === null) return everything;
    if (!orders.has(list)) orders.set(list, listOrder(list.map(({ feature }) => feature).filter(can)));
    return orders.get(list);
  }
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
    const by = { j: 1, n: 1, ArrowDown: 1, ArrowRight: 1, k: -1, p: -1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const does = {
      "/": search.focus,
      t: () => text.element.querySelector("textarea")?.focus(),
      l: first.focusLabel,
      m: () => about.mapped && toggleMap(),
      c: toggleComparing,
      Escape: () => model.get("picked").length > 0 ? ask("picked", []) : void 0
    };
    if (by !== void 0) step(by);
    else if (does[event.key] !== void 0) does[event.key]();
    else return;
    event.preventDefault();
  });
  let [lastCard, lastOther] = [null, null];
  function keep(card) {
    cards.delete(card.feature);
    cards.set(card.feature, card);
    if (alive) for (const feature of [...cards.keys()].slice(0, Math.max(0, cards.size - KEPT))) cards.delete(feature);
  }
  function take() {
    const [card, other] = [model.get("card"), model.get("other")];
    if (card !== lastCard && "ids" in card) keep(cardOf(card));
    if (other !== lastOther && "ids" in other) keep(cardOf(other));
    [lastCard, lastOther] = [card, other];
  }
  function askAhead() {
    if (!alive) return;
    const form = model.get("form");
    const has = (feature) => cards.has(feature) && (form !== "raw" || cards.get(feature).logits.raw !== void 0);
    const wanted = ahead(order(), model.get("feature"), REACH2).filter((feature) => !has(feature));
    if (wanted.every((feature) => asked.includes(feature))) return;
    asked = wanted;
    frame.say({ kind: "cards", features: wanted });
  }
  const hear = (message, buffers) => {
    if (message?.kind === "card") {
      const card = cardOf(withBytes(message.card, buffers));
      if (card.feature !== model.get("card").feature) keep(card);
      asked = asked.filter((feature) => feature !== card.feature);
      if (card.feature === model.get("feature") || card.feature === model.get("against")) frame.draw();
    } else if (message?.kind === "map") {
      takeMap(withBytes(message.map, buffers));
    }
  };
  function takeMap(sent) {
    map = { method: sent.method, places: decode(sent.places).numbers, labels: sent.labels };
    points.set(map.places, can);
    frame.draw();
  }
  if (!alive && model.get("map")) takeMap(model.get("map"));
  let present = null;
  let otherCard = null;
  let scale = sequential("light", [255, 255, 255], 1);
  const rescaled = changes();
  const draw2 = () => {
    take();
    const [feature, against] = [model.get("feature"), model.get("against")];
    present = cards.get(feature) ?? present;
    otherCard = against < 0 ? null : cards.get(against) ?? otherCard;
    if (present === null) return;
    const isComparing = against >= 0 && otherCard !== null;
    const { theme, surface, ink } = frame.around();
    const high = Math.max(present.maximum, isComparing ? otherCard.maximum : 0);
    if (rescaled(high, theme, css(surface), isComparing)) {
      scale = stepped(sequential(theme, surface, high));
      key.set(scale, isComparing ? "to the larger of both maxima" : "to its largest in this text");
    }
    show(key.element, high > 0);
    const label = present.label === "" ? "" : ` · ${visible(present.label)}`;
    const versus = isComparing ? ` against ${otherCard.feature}` : label;
    write(title, `Feature ${present.feature}${versus} · ${count(about.tokens)} tokens`);
    attribute(panes, "data-late", present.feature !== feature || against >= 0 && otherCard?.feature !== against);
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
      nameOf: nameOf2,
      can,
      alive,
      brief: isComparing,
      lists: Object.keys(model.get("lists")),
      isLinked: alive && model.get("linked")
    };
    first.draw({ ...scene, card: present, picked: model.get("picked"), own: ownOf(present) });
    show(second.element, isComparing);
    if (isComparing) second.draw({ ...scene, card: otherCard, picked: [], own: ownOf(otherCard) });
    drawMap(feature, against, css(ink), css(surface));
    frame.footer();
    askAhead();
  };
  const ownValues = /* @__PURE__ */ new WeakMap();
  function ownOf(card) {
    const here = model.get("here");
    if (!("pieces" in here)) return null;
    const sent = here;
    if (own?.sent !== sent) own = { sent, units: decode(sent.units).numbers, values: decode(sent.values).numbers, ids: decode(sent.ids).numbers };
    let mine = ownValues.get(card);
    if (mine?.of !== sent) {
      mine = { of: sent, values: activationsOf(own.units, own.values, sent.pieces.length, card.feature) };
      ownValues.set(card, mine);
    }
    const { pieces, bos, groups } = sent;
    return { pieces, bos, groups, ids: own.ids, values: mine.values, pinned: model.get("selected") };
  }
  function drawMap(feature, against, ink, surface) {
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
  function controls(feature, against) {
    const list = found();
    if (sourced(model.get("found")) && alive && list !== null && list.length > 0) source = "found";
    if (textual(model.get("here")) && isTyped && rowsOfText() !== null) [source, isTyped] = ["text", false];
    if (rows() === null) source = "all";
    const now = order();
    const of = { all: alive ? "that fire" : "in this copy", found: "found", text: "in your text" }[source];
    walk.set({ feature, width: about.width, place: now.placeOf(feature), length: now.length, of, canStep: now.length > 1 });
    const sources = [{ value: "all", name: "All", title: "Walk through all features that fire" }];
    if (list !== null) sources.push({ value: "found", name: `Found ${list.length}`, title: "Walk through what was found" });
    const inText = rowsOfText();
    if (inText !== null) sources.push({ value: "text", name: `In your text ${inText.length}`, title: "Walk through what fires in your text" });
    walked2.set(sources, source);
    results.set(rows(), feature, source === "text" ? "No feature fires in your text." : `Nothing was found for “${visible(model.get("query"))}”.`, nameOf2);
    const ways = [{ value: "words", name: "Words" }, { value: "token", name: "Token" }];
    if (about.concepts.length > 0) ways.push({ value: "concept", name: "Concept" });
    const lists = Object.keys(model.get("lists"));
    if (lists.length > 0) ways.push({ value: "list", name: "List" });
    const offers = model.get("by") === "concept" ? about.concepts.slice(0, 2e3) : model.get("by") === "list" ? lists : [];
    search.set({ by: model.get("by"), query: model.get("query"), sources: ways, offers });
    text.set(model.get("text"));
    drawSteering(feature);
    comparing.textContent = against >= 0 ? "Compare no more" : "Compare";
    show(beside.element, against >= 0);
    if (against >= 0) beside.set({ feature: against, width: about.width, place: -1, length: everything.length, of: "that fire", canStep: true });
  }
  function tableOf() {
    if (present === null) return { caption: "", columns: [], rows: [] };
    const examples = groupsOf(present, model.get("group")).flatMap((group) => group.examples);
    const words = (pieces) => visible(pieces.join(""));
    const body = examples.map(({ pieces, at, value, text: text2, start }) => [
      number(value),
      words(pieces.slice(Math.max(0, at - 8), at)),
      words(pieces.slice(at, at + 1)),
      words(pieces.slice(at + 1, at + 9)),
      `${text2}, ${start + at}`
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
function formsOf(card) {
  return ["raw", "folded", "measured"].filter((form) => card.logits[form] !== void 0);
}
function keysOf(alive, { live, mapped }) {
  const all = [
    [["j", "n", "→"], "next feature", true],
    [["k", "p", "←"], "previous", true],
    [["/"], "search", true],
    [["t"], "your text", alive && live],
    [["l"], "label", alive],
    [["c"], "compare", true],
    [["m"], "map", mapped],
    [["w"], "widen an example", true],
    [["Esc"], "let go", true]
  ];
  return all.filter(([, , isThere]) => isThere).map(([letters, what]) => [letters, what]);
}
var feature_dashboard_default = { render };
export {
  feature_dashboard_default as default
};
