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
function furthest(values, tokens, leftOut2) {
  let high = 0;
  for (let i = 0; i < values.length; i++) if (i % tokens >= leftOut2) high = Math.max(high, Math.abs(values[i]));
  return high;
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
  const parts = /^rgba?\(([^)]+)\)$/.exec(css2.trim())?.[1]?.split(/[\s,/]+/).map(Number.parseFloat);
  if (parts === void 0 || parts.length < 3 || parts.slice(0, 3).some(Number.isNaN) || parts[3] === 0) return null;
  return [parts[0], parts[1], parts[2]];
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
function show(element, visible) {
  element.hidden = !visible;
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
  return (...parts) => {
    const isSame = last !== null && parts.length === last.length && parts.every((part, i) => part === last[i]);
    last = parts;
    return !isSame;
  };
}
function focusNear(near) {
  return near.getRootNode().activeElement;
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
var THIN = " ";
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
function choice(label, chosen) {
  const MOST_BUTTONS = 12;
  const box = make("div", { class: "wb-control" });
  let built = "";
  let refresh = () => {
  };
  const buttons = (options) => {
    const group = make("div", { class: "wb-segments", role: "radiogroup", "aria-label": label });
    const items = options.map((option) => make("button", { type: "button", role: "radio" }, option));
    items.forEach((item, i) => {
      item.addEventListener("click", () => chosen(options[i]));
      item.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step === void 0) return;
        event.preventDefault();
        const next = (i + step + options.length) % options.length;
        items[next].focus();
        chosen(options[next]);
      });
    });
    group.append(...items);
    refresh = (value) => items.forEach((item, i) => {
      attribute(item, "aria-checked", String(options[i] === value));
      item.tabIndex = options[i] === value ? 0 : -1;
    });
    return group;
  };
  const list = (options) => {
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
    }
  };
}
function wholeNumber(text, range) {
  const value = Number(text.trim());
  const { low, high, noun } = range;
  const offer = `choose ${count(low)} to ${count(high)}`;
  if (text.trim() === "" || !Number.isInteger(value)) return `“${text.trim()}” is not a whole number; ${offer}.`;
  if (value < low || value > high) return `There is no ${noun} ${count(value)}; ${offer}.`;
  return value;
}
function stepper(chosen) {
  const id = freshId();
  const label = make("label", { class: "wb-label", for: id });
  const input = make("input", { id, class: "wb-input wb-number", inputmode: "numeric", autocomplete: "off" });
  const less = make("button", { type: "button", class: "wb-step" }, "−");
  const more = make("button", { type: "button", class: "wb-step" }, "+");
  const total = make("span", { class: "wb-muted" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  const row2 = make("div", { class: "wb-stepper" }, less, input, more);
  let now = { value: 0, high: 0, noun: "unit", label: "Unit" };
  const fail = (message) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : void 0);
  };
  const go = (text) => {
    const value = wholeNumber(text, { low: 0, high: now.high, noun: now.noun });
    fail(typeof value === "string" ? value : "");
    if (typeof value === "number" && value !== now.value) chosen(value);
  };
  const step = (by) => go(String(Math.min(now.high, Math.max(0, now.value + by))));
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Enter") go(input.value);
    else if (event.key === "Escape") {
      input.value = String(now.value);
      fail("");
    } else if (by !== void 0) {
      event.preventDefault();
      step(by);
    }
  });
  input.addEventListener("blur", () => {
    if (input.value !== String(now.value)) go(input.value);
  });
  return {
    element: make("div", { class: "wb-control" }, label, row2, total, error),
    fail,
    set(next) {
      const isNew = next.value !== now.value || next.noun !== now.noun || input.value === "";
      now = next;
      write(label, next.label);
      write(total, `of ${count(next.high + 1)}`);
      attribute(less, "aria-label", `Previous ${next.noun}`);
      attribute(more, "aria-label", `Next ${next.noun}`);
      if (isNew) {
        input.value = String(next.value);
        fail("");
      }
    }
  };
}
function textField(label, verb, run) {
  const id = freshId();
  const area = make("textarea", { id, class: "wb-input wb-text", rows: 1, spellcheck: "false", dir: "auto" });
  const button = make("button", { type: "button", class: "wb-button", hidden: true }, verb);
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = "";
  let refused = false;
  const fail = (message) => {
    refused = message !== "";
    write(error, message);
    attribute(area, "aria-invalid", message !== "");
    attribute(area, "aria-describedby", message !== "" ? error.id : void 0);
  };
  const go = () => {
    show(button, false);
    run(area.value);
  };
  area.addEventListener("input", () => show(button, area.value !== now));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    } else if (event.key === "Escape") {
      area.value = now;
      show(button, false);
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
      show(button, false);
    }
  };
}

// src/lib/legend.ts
var NEAR = 1 / 24;
function legend(hover) {
  const bar = make("div", { class: "wb-legend-bar" });
  const pointer = make("div", { class: "wb-legend-pointer", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const caption = make("div", { class: "wb-muted" });
  const track = make("div", { class: "wb-legend-track" }, bar, pointer);
  const element = make("div", { class: "wb-legend" }, track, ends, caption);
  let scale = { low: 0, high: 0, colour: () => [0, 0, 0] };
  let says = "";
  const point = (value) => {
    const span = scale.high - scale.low;
    show(pointer, value !== null && span > 0);
    if (value === null || span <= 0) return;
    const share2 = Math.min(1, Math.max(0, (value - scale.low) / span));
    pointer.style.insetInlineStart = `${100 * share2}%`;
  };
  track.addEventListener("pointermove", (event) => {
    const { left, width } = track.getBoundingClientRect();
    const share2 = Math.min(1, Math.max(0, (event.clientX - left) / width));
    const span = scale.high - scale.low;
    const value = scale.low + share2 * span;
    point(value);
    write(caption, `underlined: near ${number(value)}`);
    hover({ low: value - NEAR * span, high: value + NEAR * span });
  });
  track.addEventListener("pointerleave", () => {
    point(null);
    write(caption, says);
    hover(null);
  });
  return {
    element,
    point,
    set(next, words) {
      scale = next;
      says = words;
      const stops = Array.from({ length: 25 }, (_, i) => css(scale.colour(scale.low + i / 24 * (scale.high - scale.low))));
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      const marks = scale.low < 0 ? [scale.low, 0, scale.high] : [scale.low, scale.high];
      ends.replaceChildren(...marks.map((mark) => make("span", {}, number(mark))));
      write(caption, words);
    }
  };
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
  const read = () => {
    root.dataset.wbTheme = themeOf(signs(root));
    changed();
  };
  const observer = new MutationObserver(read);
  for (const page of [document.documentElement, document.body]) observer.observe(page, { attributes: true });
  root.addEventListener("transitionend", (event) => event.target === root && read(), { signal });
  signal.addEventListener("abort", () => observer.disconnect());
  root.dataset.wbTheme = themeOf(signs(root));
  return () => surroundings(root);
}
function surroundings(root) {
  const theme = root.dataset.wbTheme === "dark" ? "dark" : "light";
  const style = getComputedStyle(root);
  const ink = parse(style.color) ?? (theme === "dark" ? [255, 255, 255] : [0, 0, 0]);
  return { theme, surface: parse(style.backgroundColor) ?? SURFACE[theme], ink };
}

// src/lib/tokens.ts
var GLYPHS = { " ": "␣", "\n": "⏎", "\r": "␍", "	": "⇥", " ": "⍽" };
var UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
function shown(piece) {
  if (piece === "") return { gap: false, text: "∅", breaks: false };
  const gap = /^ \S/u.test(piece);
  const text = [...gap ? piece.slice(1) : piece];
  const inside = (i) => text[i] === " " && i > 0 && i < text.length - 1;
  const visible = text.map((c, i) => inside(i) ? c : GLYPHS[c] ?? c.replace(UNSEEN, name)).join("");
  return { gap, text: visible, breaks: piece.includes("\n") };
}
function leftOut({ bos, pieces }) {
  return bos && pieces.length > 1 ? 1 : 0;
}
function quoted(piece) {
  return shown(piece).text;
}
function name(character) {
  const code = character.codePointAt(0);
  if (code < 32) return String.fromCodePoint(9216 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

// src/lib/token_flow.ts
function tokenFlow({ preview, pin }) {
  const element = make("div", { class: "wb-flow", role: "listbox", "aria-label": "Tokens", dir: "auto" });
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
    set(pieces, bos) {
      spans = pieces.map((piece, index) => {
        const { text } = shown(piece);
        const kind = bos && index === 0 ? "wb-token wb-special" : "wb-token";
        return make("span", { class: kind, role: "option", "data-index": index, tabindex: -1 }, text);
      });
      element.replaceChildren();
      pieces.forEach((piece, index) => {
        const { gap, breaks } = shown(piece);
        if (gap) element.append(" ");
        element.append(spans[index]);
        if (breaks) element.append(make("br"));
        else if (piece.trim() === "") element.append(make("wbr"));
      });
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
function lineNeighbour(spans, from, direction) {
  const here = spans[from];
  if (here === void 0) return -1;
  let best = -1;
  let line = null;
  for (let i = from + direction; i >= 0 && i < spans.length; i += direction) {
    const there = spans[i];
    if (Math.abs(there.offsetTop - here.offsetTop) < here.offsetHeight / 2) continue;
    line ??= there.offsetTop;
    if (Math.abs(there.offsetTop - line) >= here.offsetHeight / 2) break;
    const distance = (i2) => Math.abs(spans[i2].offsetLeft - here.offsetLeft);
    if (best < 0 || distance(i) < distance(best)) best = i;
  }
  return best;
}
function nameOf(piece) {
  return `“${quoted(piece)}”`;
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
function row({ shape, numbers }, ...at) {
  const length = shape.at(-1) ?? 0;
  const index = at.reduce((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
  return numbers.subarray(index * length, (index + 1) * length);
}

// src/activation_heatmap.ts
var render = ({ model, el }) => {
  const left = new AbortController();
  const ask = (name2, value) => {
    model.set(name2, value);
    model.save_changes();
    draw();
  };
  let previewed = -1;
  let lit = null;
  const flow = tokenFlow({
    preview(index) {
      if (index === previewed) return;
      previewed = index;
      draw();
    },
    pin: (index) => ask("selected", index)
  });
  const scaleKey = legend((range) => {
    lit = range;
    draw();
  });
  const title = make("h3", { class: "wb-title" });
  const stream = choice("Stream", (name2) => ask("stream", name2));
  const layer = choice("Layer", (name2) => ask("layer", Number(name2)));
  const unit = stepper((value) => ask("unit", value));
  const here = tokenPanel((value) => ask("unit", value));
  const text = textField("Text", "Run", (words) => ask("text", words));
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ text: text.fail, unit: unit.fail, "": (message) => write(failure, message) });
  const footer = make("div", { class: "wb-footer wb-muted" });
  const root = make(
    "section",
    { class: "wb wb-heatmap", "aria-label": "Activation heatmap", "data-lm-suppress-shortcuts": "true" },
    make(
      "header",
      { class: "wb-header" },
      make("div", {}, title, make("div", { class: "wb-toolbar" }, stream.element, layer.element, unit.element)),
      scaleKey.element
    ),
    make("div", { class: "wb-heatmap-body" }, here.element, make("div", {}, flow.element, text.element, failure)),
    footer
  );
  let shown2 = null;
  let arrays = null;
  let scale = null;
  const differs = changes();
  const draw = perFrame(() => {
    const view = model.get("view");
    if (view !== shown2) {
      if (view.pieces.join("\0") !== shown2?.pieces.join("\0")) {
        flow.set(view.pieces, view.bos);
        previewed = -1;
      }
      shown2 = view;
      arrays = { values: decode(view.values), units: decode(view.top_units), tops: decode(view.top_values) };
    }
    const at = Math.max(0, view.layers.indexOf(model.get("layer")));
    const values = row(arrays.values, at);
    const { theme, surface, ink } = around();
    if (differs(view, at, theme, css(surface), css(ink)) || scale === null) {
      scale = scaleOf(view, arrays.values, theme, surface);
      scaleKey.set(scale, captionOf(view));
      flow.paint((i) => scale.colour(values[i]), ink, (i) => `${nameOf(view.pieces[i])} ${number(values[i])}`);
    }
    const selected = model.get("selected");
    const pinned = selected < view.pieces.length ? selected : -1;
    write(title, titleOf(view, at));
    scaleKey.point(values[previewed >= 0 ? previewed : pinned] ?? null);
    flow.mark(pinned, (i) => lit !== null && values[i] >= lit.low && values[i] <= lit.high);
    here.draw({ view, at, previewed, pinned, values, arrays, scale });
    stream.set({ options: model.get("streams"), value: model.get("stream") });
    layer.set({ options: view.layers.map(String), value: String(view.layers[at] ?? "") });
    unit.set({ value: model.get("unit"), high: view.width - 1, noun: view.noun, label: capital(view.noun) });
    attribute(root, "aria-busy", model.get("running"));
    placeError(model.get("error"), model.get("error_at"));
    text.set(model.get("text"));
    write(footer, [model.get("provenance"), plural(view.pieces.length, "token")].join(" · "));
  }, left.signal);
  const around = follow(root, draw, left.signal);
  el.append(root);
  model.on("change", draw);
  draw();
  return () => {
    model.off("change", draw);
    left.abort();
    root.remove();
  };
};
function titleOf(view, at) {
  const site = view.layers.length > 0 ? `${view.stream}.${view.layers[at]}` : view.stream;
  const where = view.stream === "features" ? "" : ` of ${site}`;
  return `${capital(view.noun)} ${view.unit}${where} · ${plural(view.pieces.length, "token")}`;
}
function scaleOf(view, values, theme, surface) {
  const high = Math.max(view.maximum ?? 0, furthest(values.numbers, view.pieces.length, leftOut(view)));
  return view.signed ? diverging(theme, surface, high) : sequential(theme, surface, high);
}
function captionOf(view) {
  if (view.maximum !== null) return "to its maximum in training";
  const layers = view.layers.length > 1 ? ", all layers" : "";
  return `to the largest here${layers}${leftOut(view) > 0 ? `, ${view.pieces[0]} left out` : ""}`;
}
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
function tokenPanel(choose) {
  const name2 = make("span");
  const value = make("span");
  const details = make("div", { class: "wb-muted" });
  const heading = make("div", { class: "wb-label wb-heatmap-heading" });
  const top = make("ol", { class: "wb-heatmap-top" });
  const hint = make("div", { class: "wb-muted" });
  const readout = make("div", { "aria-live": "polite" }, make("div", { class: "wb-heatmap-value" }, name2, value), details);
  const element = make("div", { class: "wb-heatmap-here" }, readout, heading, top, hint);
  const differs = changes();
  return {
    element,
    draw({ view, at, previewed, pinned, values, arrays, scale }) {
      const standsOut = strongest(values, leftOut(view));
      const read = [previewed, pinned, standsOut].find((i) => i >= 0) ?? 0;
      const place = `position ${read} · id ${view.ids[read]}`;
      const isSummary = previewed < 0 && pinned < 0;
      write(name2, nameOf(view.pieces[read] ?? ""));
      write(value, number(values[read] ?? Number.NaN));
      write(details, isSummary ? `${view.signed ? "furthest from zero" : "largest"} · ${place}` : place);
      const token = [pinned, previewed, standsOut].find((i) => i >= 0) ?? 0;
      write(hint, pinned >= 0 ? "Pinned: Esc lets go, arrows walk" : "Click a token to pin it");
      if (!differs(scale, arrays, at, token)) return;
      const items = topUnits({ view, units: row(arrays.units, at, token), tops: row(arrays.tops, at, token), scale, choose });
      const where = nameOf(view.pieces[token] ?? "");
      write(heading, items.length > 0 ? `Strongest ${view.noun}s at ${where}` : `No ${view.noun} is on at ${where}`);
      const focused = [...top.children].findIndex((item) => item.contains(focusNear(top)));
      top.replaceChildren(...items);
      items[focused]?.querySelector("button")?.focus();
    }
  };
}
function topUnits({ view, units, tops, scale, choose }) {
  const longest = Math.max(...Array.from(tops, Math.abs));
  return Array.from(units).flatMap((unit, i) => {
    const size = tops[i];
    if (size === 0) return [];
    const bar = make("span", { class: "wb-heatmap-bar" });
    bar.style.width = `${100 * Math.abs(size) / longest}%`;
    bar.style.backgroundColor = css(scale.colour(size < 0 ? scale.low : scale.high));
    const label = `Show ${view.noun} ${unit}, here ${number(size)}`;
    const current = unit === view.unit ? "true" : void 0;
    const button = make("button", { type: "button", "aria-label": label, "aria-current": current });
    button.append(make("span", {}, String(unit)), bar, make("span", {}, number(size)));
    button.addEventListener("click", () => choose(unit));
    return [make("li", {}, button)];
  });
}
function strongest(values, from) {
  let best = Math.min(from, values.length - 1);
  for (let i = from; i < values.length; i++) if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
  return best;
}
var activation_heatmap_default = { render };
export {
  activation_heatmap_default as default
};
