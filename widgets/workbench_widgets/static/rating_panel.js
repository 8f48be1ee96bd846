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
var UNUSED = { light: 1, dark: 1 };
var BLACK = [0, 0, 0];
var WHITE = [255, 255, 255];
var SURFACE = { light: WHITE, dark: [17, 17, 17] };
var READABLE = 4.5;
function sequential(theme, surface, high) {
  const orange = path(surface, towards(ORANGES, theme));
  return { low: 0, high, colour: (value) => orange.at(share(value, high) * orange.length) };
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
function visible(text) {
  return text.replace(UNSEEN, (c) => c === "\n" || c === "	" ? c : name(c));
}
function name(character) {
  const code = character.codePointAt(0);
  if (code < 32) return String.fromCodePoint(9216 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

// src/rating/item_text.ts
function itemText() {
  const element = make("div", { class: "wb-rating-text wb-flow", role: "group", "aria-label": "Text", tabindex: 0 });
  let spans = [];
  return {
    element,
    set({ pieces, groups, at }) {
      const part = parts(groups);
      spans = pieces.map((piece, i) => {
        const text = part.has(i) && piece === "" ? "·" : shown(piece).text;
        const classes = `wb-token${part.has(i) ? " wb-part" : ""}`;
        return i === at ? make("mark", { class: `${classes} wb-rating-token` }, text) : make("span", { class: classes }, text);
      });
      const content = [];
      pieces.forEach((piece, i) => {
        const { gap, breaks } = shown(piece);
        if (gap) content.push(" ");
        content.push(spans[i]);
        if (breaks) content.push(make("br"));
        else if (piece.trim() === "" && !part.has(i)) content.push(make("wbr"));
      });
      attribute(element, "dir", direction(pieces, false));
      element.replaceChildren(...content);
      const outlined = spans[at];
      if (outlined) element.scrollTop = outlined.offsetTop - element.offsetTop - element.clientHeight / 2;
    },
    shade({ shades }, scale, ink) {
      spans.forEach((span, i) => {
        const tint = shades.length > 0 ? scale.colour(shades[i] ?? 0) : null;
        span.style.backgroundColor = tint === null ? "" : css(tint);
        span.style.color = tint === null ? "" : css(inkOn(tint, ink));
      });
    }
  };
}

// src/rating/keys.ts
function verbOf({ key, ctrlKey, metaKey, altKey, repeat }, scores) {
  if (ctrlKey || metaKey || altKey || repeat) return null;
  if (/^\d$/.test(key)) return Number(key) < scores ? { kind: "rate", score: Number(key) } : null;
  if (key === "s" || key === "S") return { kind: "skip" };
  return key === "Backspace" ? { kind: "back" } : null;
}
function isTyping(target) {
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

// src/rating/outcome.ts
function interval({ value, low, high }) {
  const shown2 = (part) => number(part ?? Number.NaN);
  return value === null ? shown2(null) : `${shown2(value)} [${shown2(low)}, ${shown2(high)}]`;
}
function share2(value, high) {
  return 100 * Math.min(high, Math.max(0, value)) / high;
}
function lines(sources) {
  return sources.filter(({ source }) => source !== "all").flatMap((one) => [
    { name: one.source, kind: "fires", mean: { value: one.score, low: one.low, high: one.high }, n: one.units },
    {
      name: "where silent",
      kind: "silent",
      mean: { value: one.silent, low: one.silent_low, high: one.silent_high },
      n: one.silent_n
    }
  ]);
}
function outcomeChart(sources, high) {
  const chart = make("div", { class: "wb-outcome", role: "img", "aria-label": spoken(sources) });
  const ticks = Array.from({ length: high + 1 }, (_, score) => place(make("span", {}, String(score)), share2(score, high)));
  const axis = make("div", { class: "wb-outcome-axis" }, ...ticks);
  chart.append(make("span"), axis, make("span", { class: "wb-muted" }, "mean score [95 %]"));
  for (const { name: name2, kind, mean, n } of lines(sources)) {
    const track = make("div", { class: `wb-outcome-track wb-outcome-${kind}` });
    for (let score = 0; score <= high; score++) track.append(place(make("i"), share2(score, high)));
    if (mean.value !== null) {
      const [low, top] = [share2(mean.low ?? mean.value, high), share2(mean.high ?? mean.value, high)];
      const whisker = place(make("b"), low);
      whisker.style.width = `${top - low}%`;
      track.append(whisker, place(make("em"), share2(mean.value, high)));
    }
    const words = make("span", { class: "wb-mono" }, interval(mean), " ");
    words.append(make("span", { class: "wb-muted" }, plural(n, "unit")));
    chart.append(make("span", { class: `wb-outcome-name wb-outcome-${kind}` }, name2), track, words);
  }
  return chart;
}
function place(element, percent) {
  element.style.insetInlineStart = `${percent}%`;
  return element;
}
function spoken(sources) {
  return lines(sources).map(({ name: name2, mean, n }) => `${name2}: ${interval(mean)}, ${plural(n, "unit")}`).join("; ");
}

// src/rating_panel.ts
var SKIPPED = -2;
var render = ({ model, el }) => {
  const frame = shell({
    model,
    el,
    kind: "rating",
    label: "Rating panel",
    offline: "nothing can be rated here; every score that was taken is on the disk.",
    draw: () => draw(),
    table: () => tableOf()
  });
  const high = model.get("rubric").length - 1;
  const letGo = () => scores.includes(focusNear(frame.root)) && frame.root.focus({ preventScroll: true });
  const title = make("h3", { class: "wb-title" });
  const rater = raterField((name2) => frame.ask("rater", name2));
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
    make("div", { class: "wb-rating-evidence" }, make("div", { class: "wb-label" }, "Does it fit the outlined token?"), text.element, shaded)
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
    make("header", { class: "wb-header" }, title, ...frame.alive ? [rater.element] : []),
    progress,
    rating,
    ended,
    outcome,
    failure
  );
  let waits = -1;
  const isWaiting = () => waits === model.get("heard");
  const tell = (verb) => {
    const phase = model.get("phase");
    const fits = phase === "rating" || phase === "ended" && verb.kind === "back";
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
    const [phase, place2, n, rated] = [model.get("phase"), model.get("place"), model.get("n"), model.get("rated")];
    const at = phase === "rating" ? `item ${count(place2 + 1)} of ${count(n)}` : `${count(rated)} of ${plural(n, "item")} rated`;
    write(title, `Blind rating · ${at}`);
    rater.set(model.get("rater"), phase === "unnamed");
    bar.style.width = `${100 * rated / Math.max(1, n)}%`;
    for (const [name2, value] of Object.entries({ valuemin: 0, valuemax: n, valuenow: rated })) attribute(progress, `aria-${name2}`, value);
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
  const tableOf = () => {
    const [item, found] = [model.get("item"), model.get("outcome")];
    if (isOutcome(found)) return sourcesOf(found);
    const words = model.get("rubric").map((said, score) => [String(score), said]);
    if (!isItem(item)) return { caption: "Scores", columns: ["score", "meaning"], rows: words };
    const around = item.pieces.map((piece, i) => i === item.at ? `⟦${piece}⟧` : piece).join("");
    const rows = [["hypothesis", visible(item.hypothesis)], ["text", visible(around)], ...words];
    return { caption: `Item ${model.get("place") + 1}`, columns: ["", ""], rows };
  };
  return frame.open();
};
var SHADED = "Shaded by activation, linear: none is 0, the darkest as strong as the outlined token, or stronger";
var UNNAMED = "Say who rates: write a name above and press Enter. Everybody gets the same items, in an order of their own.";
function isItem(item) {
  return Array.isArray(item.pieces);
}
function isOutcome(outcome) {
  return Array.isArray(outcome.sources);
}
function agreementIn({ agreement, raters }) {
  const [value, low, high, n] = agreement.alpha;
  const who = `${plural(raters.length, "rater")}: ${raters.join(", ")}.`;
  if (value === null) return `${who} Agreement needs two raters who have rated the same items.`;
  return `${who} Krippendorff’s α ${interval({ value, low, high })}, ordinal, over ${plural(n, "item")}.`;
}
function sourcesOf({ sources }) {
  const rows = sources.map((one) => [
    one.source,
    interval({ value: one.score, low: one.low, high: one.high }),
    count(one.units),
    count(one.ratings),
    count(one.raters),
    interval({ value: one.silent, low: one.silent_low, high: one.silent_high }),
    interval({ value: one.alpha, low: one.alpha_low, high: one.alpha_high })
  ]);
  return { caption: "Mean scores by source", columns: ["source", "score", "units", "ratings", "raters", "where silent", "α"], rows };
}
function itemsOf({ items }) {
  const rows = items.map(([source, unit, part, hypothesis, text, own, mean, n]) => [
    `${source} ${count(unit)}`,
    part,
    own >= 0 ? String(own) : own === SKIPPED ? "skipped" : "–",
    mean === null ? "–" : `${number(mean)} (${count(n)})`,
    visible(hypothesis),
    visible(text)
  ]);
  return { caption: "What the items were", columns: ["unit", "shown at", "you", "all", "hypothesis", "text"], rows };
}
function raterField(chosen) {
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
    input.closest(".wb")?.focus();
  });
  input.addEventListener("blur", go);
  return {
    element: make("div", { class: "wb-control" }, make("label", { class: "wb-label", for: id }, "Rater"), input),
    set(name2, isAsked) {
      attribute(input, "data-asked", isAsked);
      if (name2 === now) return;
      now = name2;
      if (focusNear(input) !== input) input.value = name2;
    }
  };
}
function verbButton(verb, key, act) {
  const button = make("button", { type: "button", class: "wb-button", "aria-keyshortcuts": key }, verb);
  button.addEventListener("click", act);
  return button;
}
var rating_panel_default = { render };
export {
  rating_panel_default as default
};
