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
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
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
  const step = (by) => go(String(Number.isNaN(now.value) ? 0 : Math.min(now.high, Math.max(0, now.value + by))));
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
    if (input.value !== String(now.value) && input.value !== "") go(input.value);
  });
  return {
    element: make("div", { class: "wb-control" }, label, row2, total, error),
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
    }
  };
}
function textField(label, verb, run) {
  const id = freshId();
  const area = make("textarea", { id, class: "wb-input wb-text", rows: 1, spellcheck: "false", dir: "auto" });
  const button2 = make("button", { type: "button", class: "wb-button", hidden: true }, verb);
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  let now = "";
  let refused = false;
  const rest = () => {
    if (focusNear(button2) === button2) area.focus();
    show(button2, false);
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
  area.addEventListener("input", () => show(button2, area.value !== now));
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
  button2.addEventListener("click", go);
  return {
    element: make(
      "div",
      { class: "wb-field" },
      make("label", { class: "wb-label", for: id }, label),
      make("div", { class: "wb-row" }, area, button2),
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

// src/lib/grid.ts
var TALLEST = 320;
var LEAST = 4;
function layout(rows, columns, width) {
  const cell = Math.max(LEAST, Math.min(32, Math.floor(width / Math.max(1, columns))));
  return { cell, height: Math.max(LEAST, Math.min(16, Math.floor(TALLEST / Math.max(1, rows)))) };
}
function named(rows, height) {
  const every = Math.max(1, Math.ceil(16 / height));
  return Array.from({ length: rows }, (_, i) => i).filter((i) => i % every === 0);
}
function grid(gestures, signal) {
  const canvas = make("canvas", { class: "wb-grid-cells" });
  const over = make("div", { class: "wb-grid-over", "aria-hidden": "true" });
  const rowMark = make("div", { class: "wb-grid-row" });
  const columnMark = make("div", { class: "wb-grid-column", hidden: true });
  const cellMark = make("div", { class: "wb-grid-cell", hidden: true });
  over.append(rowMark, columnMark, cellMark);
  const sheet = make("div", { class: "wb-grid-sheet" }, canvas, over);
  const field = make("div", { class: "wb-grid-field", role: "application", "aria-roledescription": "grid of cells", tabindex: 0 }, sheet);
  const labels = make("div", { class: "wb-grid-names", "aria-hidden": "true" });
  const element = make("div", { class: "wb-grid" }, labels, field);
  let [rows, columns] = [0, 0];
  let names = [];
  let size = { cell: LEAST, height: LEAST };
  let marks = { row: 0, pinned: -1, previewed: null };
  let at = null;
  const place = () => {
    size = layout(rows, columns, field.clientWidth);
    canvas.style.width = `${columns * size.cell}px`;
    canvas.style.height = `${rows * size.height}px`;
    labels.hidden = names.every((name2) => name2 === "");
    const shown2 = named(rows, size.height);
    labels.replaceChildren(
      ...shown2.map((row2) => {
        const label = make("span", {}, names[row2] ?? "");
        label.style.top = `${(row2 + 0.5) * size.height}px`;
        return label;
      })
    );
    remark();
  };
  const box = (mark, left, top, width, height) => {
    Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  };
  const remark = () => {
    const { row: row2, pinned, previewed } = marks;
    box(rowMark, 0, row2 * size.height, columns * size.cell, size.height);
    rowMark.hidden = rows < 2 || row2 < 0 || row2 >= rows;
    columnMark.hidden = pinned < 0 || pinned >= columns;
    box(columnMark, pinned * size.cell, 0, size.cell, rows * size.height);
    cellMark.hidden = previewed === null || !isInside(previewed);
    if (previewed) box(cellMark, previewed.column * size.cell, previewed.row * size.height, size.cell, size.height);
  };
  const under = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    const cell = { row: Math.floor((event.clientY - top) / size.height), column: Math.floor((event.clientX - left) / size.cell) };
    return isInside(cell) ? cell : null;
  };
  const isInside = ({ row: row2, column }) => row2 >= 0 && row2 < rows && column >= 0 && column < columns;
  const go = (cell) => {
    if (!isInside(cell)) return;
    at = cell;
    gestures.preview(cell);
    const left = cell.column * size.cell;
    if (left < field.scrollLeft || left + size.cell > field.scrollLeft + field.clientWidth) field.scrollLeft = left - field.clientWidth / 2;
  };
  const options = { signal };
  canvas.addEventListener("pointermove", (event) => gestures.preview(at = under(event)), options);
  canvas.addEventListener("pointerleave", () => gestures.preview(at = null), options);
  canvas.addEventListener("click", (event) => gestures.pin(under(event)), options);
  const begin = () => at ?? { row: Math.min(rows - 1, Math.max(0, marks.row)), column: Math.max(0, marks.pinned) };
  field.addEventListener("focus", () => go(begin()), options);
  field.addEventListener("blur", () => gestures.preview(null), options);
  field.addEventListener(
    "keydown",
    (event) => {
      const from = begin();
      const moves = {
        ArrowRight: { row: from.row, column: from.column + 1 },
        ArrowLeft: { row: from.row, column: from.column - 1 },
        ArrowDown: { row: from.row + 1, column: from.column },
        ArrowUp: { row: from.row - 1, column: from.column },
        Home: { row: from.row, column: 0 },
        End: { row: from.row, column: columns - 1 }
      };
      if (moves[event.key]) go(moves[event.key]);
      else if (event.key === "Enter" || event.key === " ") gestures.pin(from);
      else if (event.key === "Escape") gestures.pin(null);
      else return;
      event.preventDefault();
    },
    options
  );
  const resized = new ResizeObserver(place);
  resized.observe(field);
  signal.addEventListener("abort", () => resized.disconnect());
  return {
    element,
    set(about) {
      attribute(field, "aria-label", about.label);
      if (about.columns === columns && about.names.join() === names.join()) return;
      names = about.names;
      [rows, columns, at] = [about.names.length, about.columns, null];
      place();
    },
    paint(colour, ink) {
      [canvas.width, canvas.height] = [columns, rows];
      const context = canvas.getContext("2d");
      if (context === null || rows * columns === 0) return;
      const picture = context.createImageData(columns, rows);
      for (let row2 = 0, byte = 0; row2 < rows; row2++) {
        for (let column = 0; column < columns; column++, byte += 4) {
          const [red, green, blue] = colour(row2, column);
          picture.data[byte] = red;
          picture.data[byte + 1] = green;
          picture.data[byte + 2] = blue;
          picture.data[byte + 3] = 255;
        }
      }
      context.putImageData(picture, 0, 0);
      element.style.setProperty("--wb-grid-ink", css(ink));
    },
    mark(next) {
      marks = next;
      remark();
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
  return [caption, columns.join("	"), ...rows.map((row2) => row2.join("	"))].join("\n");
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
  const listing2 = tableView();
  const root = make(
    "section",
    { class: `wb wb-${kind}`, "aria-label": label, tabindex: -1 },
    body,
    listing2.element,
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
    if (isTable) listing2.set(table());
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
    show(listing2.element, isTable);
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
  const visible = text.map((c, i) => inside(i) ? c : GLYPHS[c] ?? (alone ? name(c) : c.replace(UNSEEN, name))).join("");
  return { gap, text: visible, breaks: piece.includes("\n") };
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
function leftOut({ bos, pieces }) {
  return bos && pieces.length > 1 ? 1 : 0;
}
function quoted(piece) {
  return shown(piece).text;
}
function nameOf(piece) {
  return `“${quoted(piece)}”`;
}
function name(character) {
  const code = character.codePointAt(0);
  if (code < 32) return String.fromCodePoint(9216 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
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

// src/heatmap/view.ts
function together(page, numbers) {
  return { ...page, ...numbers, other: page.other && numbers.other && { ...page.other, ...numbers.other } };
}
function called({ pieces, groups }, token) {
  const group = groups.find(([first, behind]) => token >= first && token < behind);
  if (group === void 0) return nameOf(pieces[token] ?? "");
  return `${nameOf(pieces[group[0]] ?? "")} (${token - group[0] + 1} of ${group[1] - group[0]})`;
}
function decoded(view) {
  const values = decode(view.values);
  const other = view.other && { values: decode(view.other.values), pairs: decode(view.other.pairs) };
  return { values, ids: decode(view.ids), other, difference: other && differenceOf(values, other.values, other.pairs) };
}
function differenceOf(a, b, pairs) {
  const [rows, columns] = [a.shape[0] ?? 0, a.shape[1] ?? 0];
  const numbers = new Float32Array(rows * columns);
  for (let at = 0; at < rows; at++) {
    const [mine, theirs] = [row(a, at), row(b, at)];
    for (let i = 0; i < columns; i++) {
      const pair = pairs.numbers[i];
      numbers[at * columns + i] = pair < 0 ? Number.NaN : mine[i] - theirs[pair];
    }
  }
  return { shape: [rows, columns], numbers };
}
function inverse(pairs, length) {
  const back = new Array(length).fill(-1);
  for (let i = 0; i < pairs.length; i++) if (pairs[i] >= 0) back[pairs[i]] = i;
  return back;
}
function viewOf(view, feature) {
  if (view.tops === null || feature === view.unit) return view;
  const values = valuesOf(view.tops, feature, view.pieces.length);
  const there = view.other?.tops ? valuesOf(view.other.tops, feature, view.other.pieces.length) : null;
  const other = there && { ...view.other, values: wired(there) };
  const extent = Math.max(extentOf(values, view), there ? extentOf(there, other) : 0);
  const made2 = { ...view, unit: feature, values: wired(values), extent, maximum: view.maxima?.[feature] || null, other };
  return other ? { ...made2, apart: apartOf(made2) } : made2;
}
function valuesOf(on, feature, length) {
  const [units, tops] = [decode(on.units), decode(on.values)];
  return Float32Array.from({ length }, (_, i) => {
    const k = row(units, 0, i).indexOf(feature);
    return k < 0 ? 0 : row(tops, 0, i)[k];
  });
}
function wired(values) {
  return { dtype: "float32", shape: [1, values.length], data: values };
}
function extentOf(values, text) {
  return values.subarray(leftOut(text)).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
function apartOf(view) {
  const apart = Float32Array.from(row(decoded(view).difference, 0), (value) => Number.isNaN(value) ? 0 : value);
  return extentOf(apart, view);
}
function viewOfQuery(view, query) {
  const [at, n] = [query - view.start, view.pieces.length];
  if (view.maps === void 0 || query === view.query || at < 0 || at >= n) return view;
  const values = new Float32Array(view.maps.length * n);
  view.maps.forEach((wire2, layer) => values.set(row(square(decode(wire2), n), at), layer * n));
  const wire = { dtype: "float32", shape: [view.maps.length, n], data: values };
  return { ...view, query, values: wire, tops: null, other: null };
}
function square({ numbers }, n) {
  if (numbers.length !== n * (n + 1) / 2) {
    throw new RangeError(`a map of ${n} tokens has ${n * (n + 1) / 2} numbers; it came with ${numbers.length}`);
  }
  const whole = new Float32Array(n * n);
  for (let at = 0; at < n; at++) {
    const start = at * (at + 1) / 2;
    whole.set(numbers.subarray(start, start + at + 1), at * n);
  }
  return { shape: [n, n], numbers: whole };
}
var TILE = 64;
function looker(view, ask) {
  const tiles = /* @__PURE__ */ new Map();
  const maps = /* @__PURE__ */ new Map();
  const asked = { tops: "", map: "" };
  const whole = view.tops && tileOf(view.tops, view.tops.names ?? {});
  view.maps?.forEach((wire, i) => maps.set(i, square(decode(wire), view.pieces.length)));
  const wish = (kind, key, content) => {
    if (ask === null || asked[kind] === key) return;
    asked[kind] = key;
    ask({ kind, ...content, number: view.number });
  };
  return {
    strongest(at, token) {
      if (token < 0 || token >= view.pieces.length) return null;
      const first = TILE * Math.floor(token / TILE);
      const key = `${at} ${first}`;
      const tile = whole ?? tiles.get(key);
      if (tile === void 0) {
        wish("tops", key, { row: at, first, behind: Math.min(view.pieces.length, first + TILE) });
        return null;
      }
      const [layer, place] = whole ? [at, token] : [0, token - first];
      return {
        units: row(tile.units, layer, place),
        values: row(tile.values, layer, place),
        features: tile.features && row(tile.features, place),
        activations: tile.activations && row(tile.activations, place),
        names: tile.names
      };
    },
    map(at) {
      const found = maps.get(at);
      if (found === void 0) wish("map", String(at), { row: at });
      return found ?? null;
    },
    hear(message, buffers) {
      if (message?.number !== view.number || message.kind !== "tops" && message.kind !== "map") return false;
      const wires = Object.fromEntries(
        Object.entries(message.arrays).map(([name2, about], i) => [name2, { ...about, data: buffers[i] }])
      );
      const key = message.kind === "map" ? String(message.row) : `${message.row} ${message.first}`;
      if (asked[message.kind] === key) asked[message.kind] = "";
      if (message.kind === "map") maps.set(message.row, square(decode(wires.map), view.pieces.length));
      else tiles.set(key, tileOf(wires, message.names ?? {}));
      return true;
    }
  };
}
function tileOf(tops, names) {
  return {
    units: decode(tops.units),
    values: decode(tops.values),
    features: tops.features ? decode(tops.features) : null,
    activations: tops.activations ? decode(tops.activations) : null,
    names
  };
}

// src/heatmap/panel.ts
var MOST = 8;
var MOST_OF_TWO = 5;
function tokenPanel(choose) {
  const name2 = make("span");
  const value = make("span");
  const details = make("div", { class: "wb-muted" });
  const beside = make("div", { class: "wb-heatmap-beside" });
  const units = listing();
  const features = listing();
  const hint = make("div", { class: "wb-muted" });
  const heading = make("div", { class: "wb-heatmap-value" }, name2, value);
  const readout = make("div", { "aria-live": "polite" }, heading, details, beside);
  const element = make("div", { class: "wb-heatmap-here" }, readout, units.element, features.element, hint);
  return {
    element,
    draw(scene) {
      const { view, previewed, pinned, standsOut, lists, strongest: strongest2, scale, open } = scene;
      const read = readOut(scene);
      write(name2, read.name);
      write(value, number(read.value));
      write(details, read.details);
      write(beside, read.beside);
      write(hint, hintOf(view, pinned));
      const where = called(view, listedAt(previewed, pinned, standsOut));
      const hasFeatures = lists && strongest2?.features != null;
      show(units.element, lists);
      units.draw({
        heading: (n) => n > 0 ? `Strongest ${view.noun}s at ${where}` : `No ${view.noun} is on at ${where}`,
        units: strongest2?.units ?? null,
        values: strongest2?.values ?? [],
        names: strongest2?.names ?? {},
        noun: view.noun,
        current: view.unit,
        most: hasFeatures ? MOST_OF_TWO : MOST,
        colour: (size) => css(scale.colour(size < 0 ? scale.low : scale.high)),
        open: open ? choose.unit : null
      });
      show(features.element, hasFeatures);
      if (hasFeatures) {
        features.draw({
          heading: (n) => n > 0 ? `Strongest features at ${where}` : `No feature is on at ${where}`,
          units: strongest2.features,
          values: strongest2.activations ?? [],
          names: {},
          noun: "feature",
          current: -1,
          most: MOST_OF_TWO,
          colour: () => "var(--wb-edge)",
          open: open ? choose.feature : null
        });
      }
    }
  };
}
function readOut(scene) {
  const { view, values, other, alone, query, ids, previewed, pinned, standsOut, isDifference } = scene;
  if (alone !== null) {
    return { name: alone.name, value: alone.value, details: `in the text compared with · position ${alone.position}`, beside: "" };
  }
  const read = listedAt(previewed, pinned, standsOut);
  const largest = view.signed && !isDifference ? "furthest from zero" : "largest";
  const details = [
    previewed < 0 && pinned < 0 ? largest : "",
    isDifference ? "difference" : "",
    query === "" ? "" : `attention of ${query}`,
    `position ${view.start + read} · id ${ids[read] ?? "–"}`
  ];
  return {
    name: called(view, read),
    value: values[read] ?? Number.NaN,
    details: details.filter(Boolean).join(" · "),
    beside: other ? `there ${other.name} ${number(other.value)}` : ""
  };
}
function listedAt(previewed, pinned, standsOut) {
  return [previewed, pinned, standsOut].find((i) => i >= 0) ?? 0;
}
function hintOf(view, pinned) {
  if (pinned >= 0) return "Pinned: Esc lets go, arrows walk";
  return view.query >= 0 ? "Click a token to see what it attends to" : "Click a token to pin it";
}
function listing() {
  const heading = make("div", { class: "wb-label wb-heatmap-heading" });
  const list = make("ol", { class: "wb-heatmap-top" });
  const differs = changes();
  return {
    element: make("div", {}, heading, list),
    draw(listed) {
      if (listed.units === null) return;
      const rows = Array.from(listed.units, (unit, i) => ({ unit, size: listed.values[i] ?? 0 }));
      const shown2 = rows.filter(({ size }) => size !== 0).slice(0, listed.most);
      const key = shown2.map(({ unit, size }) => `${unit} ${size}`).join();
      if (!differs(key, listed.heading(shown2.length), listed.current, listed.colour(1), listed.colour(-1))) return;
      write(heading, listed.heading(shown2.length));
      const longest = Math.max(...shown2.map(({ size }) => Math.abs(size)));
      const items = shown2.map((item) => make("li", {}, rowOf(item, longest, listed)));
      const focused = [...list.children].findIndex((item) => item.contains(focusNear(list)));
      list.replaceChildren(...items);
      items[focused]?.querySelector("button")?.focus();
    }
  };
}
function rowOf({ unit, size }, longest, listed) {
  const bar = make("span", { class: "wb-heatmap-bar" });
  bar.style.width = `${100 * Math.abs(size) / longest}%`;
  bar.style.backgroundColor = listed.colour(size);
  const word = listed.names[unit];
  const label = make("span", { class: "wb-heatmap-unit" }, word === void 0 ? String(unit) : quoted(word));
  const parts2 = [label, bar, make("span", {}, number(size))];
  if (listed.open === null) return make("div", { class: "wb-heatmap-item" }, ...parts2);
  const title = `Show ${listed.noun} ${unit}, here ${number(size)}`;
  const current = unit === listed.current ? "true" : void 0;
  const button2 = make("button", { type: "button", class: "wb-heatmap-item", "aria-label": title, "aria-current": current }, ...parts2);
  button2.addEventListener("click", () => listed.open?.(unit));
  return button2;
}

// src/heatmap/parts.ts
function partsIn({ stream, noun, unit, layers }, at) {
  if (stream === "logits") return [];
  const words = stream === "head_out" ? "Ablate this head" : `Ablate ${noun} ${unit}`;
  const layer = layers[at];
  return [{ what: "unit", words }, ...layer === void 0 ? [] : [{ what: "layer", words: `Ablate layer ${layer}` }]];
}
function giver(give) {
  const buttons = { unit: button(() => give("unit")), layer: button(() => give("layer")) };
  const element = make("div", { class: "wb-heatmap-parts" }, buttons.unit, buttons.layer);
  const isNew = changes();
  return {
    element,
    set(offers) {
      if (!isNew(offers.map(({ words }) => words).join())) return;
      show(element, offers.length > 0);
      for (const what of ["unit", "layer"]) {
        const offer = offers.find((one) => one.what === what);
        show(buttons[what], offer !== void 0);
        if (offer) buttons[what].textContent = offer.words;
      }
    }
  };
}
function button(act) {
  const made2 = make("button", { type: "button", class: "wb-button" });
  made2.addEventListener("click", act);
  return made2;
}

// src/activation_heatmap.ts
var PAGE = 512;
var render = ({ model, el }) => {
  let whole = together(model.get("page"), model.get("numbers"));
  let view = whole;
  let sent = null;
  let arrays = decoded(view);
  let back = [];
  let looks = looker(view, null);
  let scale = sequential("light", [255, 255, 255], 1);
  let hand = { here: -1, there: -1 };
  let overRow = -1;
  let lit = null;
  let isComparing = model.get("against") !== "";
  const frame = shell({
    model,
    el,
    kind: "heatmap",
    label: "Activation heatmap",
    offline: "what needs no model goes on: hovering, pinning, layers, features that are on, the table.",
    draw: () => draw(),
    table: () => tableOf(view, arrays, model.get("layer"))
  });
  const { alive } = frame;
  const ask = (name2, value) => frame.ask(name2, value);
  const preview = (here2, there, at = -1) => {
    if (here2 === hand.here && there === hand.there && at === overRow) return;
    hand = { here: here2, there };
    overRow = at;
    frame.draw();
  };
  const pin = (here2) => ask("selected", here2 < 0 ? -1 : view.start + here2);
  const flow = tokenFlow({ preview: (i) => preview(i, pairOf(i)), pin });
  const beside = tokenFlow({ preview: (i) => preview(i < 0 ? -1 : back[i] ?? -1, i), pin: (i) => pin(i < 0 ? -1 : back[i] ?? -1) }, "Tokens to compare with");
  const cells = grid({ preview: overCell, pin: pinCell }, frame.signal);
  const scaleKey = legend((range) => {
    lit = range;
    frame.draw();
  });
  const title = make("h3", { class: "wb-title" });
  const stream = choice("Stream", (name2) => ask("stream", name2));
  const layer = choice("Layer", (name2) => ask("layer", Number(name2)));
  const unit = stepper((value) => ask("unit", value));
  const colour = choice("Colour", (name2) => ask("colour", name2));
  const rows = choice("Rows", (name2) => ask("rows", name2));
  const ablate = giver((what) => frame.say({ kind: "ablate", what }));
  const here = tokenPanel({
    unit: (value) => ask("unit", value),
    feature: (value) => frame.say({ kind: "show", stream: "features", unit: value })
  });
  const text = textField("Text", "Run", (words) => ask("text", words));
  const against = textField("Compare with", "Run", (words) => ask("against", words));
  const compare = make("button", { type: "button", class: "wb-link wb-muted" });
  compare.addEventListener("click", () => {
    isComparing = !isComparing;
    if (isComparing) against.set(model.get("against") || model.get("text"));
    else if (model.get("against") !== "") ask("against", "");
    show(against.element, isComparing);
    if (isComparing) against.element.querySelector("textarea")?.focus();
    frame.draw();
  });
  const pages = pager((start) => ask("start", start));
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const errors = { text: text.fail, against: against.fail, unit: unit.fail, "": (message) => write(failure, message) };
  const placeError = errorPlacer(errors);
  const first = make("div", { class: "wb-label" });
  const second = make("div", { class: "wb-label" });
  const evidence = make("div", { class: "wb-heatmap-evidence" });
  evidence.append(cells.element, rows.element, first, flow.element, second, beside.element, pages.element);
  if (alive) evidence.append(text.element, against.element, compare, failure);
  const toolbar = make("div", { class: "wb-toolbar" }, stream.element, layer.element, unit.element, colour.element, ablate.element);
  frame.body.append(
    make("header", { class: "wb-header" }, make("div", {}, title, toolbar), scaleKey.element),
    make("div", { class: "wb-heatmap-body" }, here.element, evidence)
  );
  function pairOf(here2) {
    return here2 < 0 ? -1 : arrays.other?.pairs.numbers[here2] ?? -1;
  }
  function isMap() {
    return view.query >= 0 && model.get("rows") === "queries";
  }
  function overCell(cell) {
    if (cell === null) preview(-1, -1);
    else preview(cell.column, pairOf(cell.column), cell.row);
  }
  function pinCell(cell) {
    if (cell === null) return pin(-1);
    if (isMap()) return pin(cell.row);
    if (view.layers[cell.row] !== void 0) model.set("layer", view.layers[cell.row]);
    pin(cell.column);
  }
  function madeHere() {
    if (whole.stream === "features") return viewOf(whole, model.get("unit"));
    const selected = model.get("selected");
    return viewOfQuery(whole, selected < 0 ? whole.total - 1 : selected);
  }
  const changed = changes();
  const retexted = changes();
  const reopened = changes();
  const compared = changes();
  const rescaled = changes();
  const repainted = changes();
  const remarked = changes();
  function take() {
    const received = model.get("numbers");
    if (received !== sent) {
      sent = received;
      whole = together(model.get("page"), received);
      looks = looker(whole, alive ? frame.say : null);
    }
    const wanted = whole.stream === "features" ? model.get("unit") : model.get("selected");
    if (!changed(whole, alive || wanted)) return;
    view = alive ? whole : madeHere();
    arrays = decoded(view);
    back = arrays.other ? inverse(arrays.other.pairs.numbers, view.other.pieces.length) : [];
    if (retexted(view.pieces.join("\0"), view.start)) {
      flow.set(view.pieces, view.bos, view.groups);
      hand = { here: -1, there: -1 };
      overRow = -1;
    }
    if (compared(view.other?.pieces.join("\0"), view.start)) {
      beside.set(view.other?.pieces ?? [], view.other?.bos ?? false, view.other?.groups ?? []);
      hand = { here: hand.here, there: pairOf(hand.here) };
    }
  }
  const draw = () => {
    take();
    const at = Math.max(0, view.layers.indexOf(model.get("layer")));
    const isDifference = arrays.difference !== null && model.get("colour") === "difference" && !isMap();
    const shown2 = isDifference ? arrays.difference : arrays.values;
    const values = row(shown2, at);
    const { theme, surface, ink } = frame.around();
    if (rescaled(view, isDifference, theme, css(surface))) {
      scale = scaleOf(view, isDifference, theme, surface);
      scaleKey.set(scale, captionOf(view, isDifference));
    }
    const map = isMap() ? looks.map(at) : null;
    if (repainted(view, at, isDifference, theme, css(surface), css(ink), isMap(), map)) paint(values, shown2, map, at, ink);
    const selected = model.get("selected") - view.start;
    const pinned = selected >= 0 && selected < view.pieces.length ? selected : -1;
    if (remarked(view, at, isDifference, pinned, lit)) {
      const isLit = (value) => lit !== null && value >= lit.low && value <= lit.high;
      flow.mark(pinned, (i) => isLit(values[i]));
      if (arrays.other) beside.mark(pairOf(pinned), (i) => !isDifference && isLit(row(arrays.other.values, at)[i]));
    }
    const overLayer = overRow >= 0 && !isMap() ? overRow : at;
    const overQuery = isMap() ? overRow : -1;
    const ownRow = isMap() ? view.query - view.start : at;
    const previewed = hand.here >= 0 ? { row: overRow >= 0 ? overRow : ownRow, column: hand.here } : null;
    cells.mark({ row: ownRow, pinned, previewed });
    const readValues = map !== null && overQuery >= 0 ? row(map, overQuery) : row(shown2, overLayer);
    const standsOut = strongest(values, leftOut(view));
    const told = view.query >= 0 ? -1 : pinned;
    const listed = listedAt(hand.here, told, standsOut);
    const alone = hand.here < 0 ? otherOf(hand.there, at) : null;
    const partner = hand.here >= 0 ? hand.there : pairOf(listed);
    const lists = alive || view.tops !== null;
    const isOtherQuery = overQuery >= 0 && overQuery !== ownRow;
    scaleKey.point(alone === null ? readValues[listed] ?? null : isDifference ? null : alone.value);
    here.draw({
      view,
      values: readValues,
      other: isOtherQuery ? null : otherOf(partner, overLayer),
      alone: alone && { ...alone, position: view.start + hand.there },
      query: overQuery >= 0 ? called(view, overQuery) : "",
      ids: arrays.ids.numbers,
      previewed: hand.here,
      pinned: told,
      standsOut,
      isDifference,
      lists,
      strongest: lists ? looks.strongest(overLayer, listed) : null,
      scale,
      open: alive || view.stream === "features"
    });
    controls(at);
  };
  function paint(values, shown2, map, at, ink) {
    flow.paint((i) => scale.colour(values[i]), ink, (i) => `${called(view, i)} ${number(values[i])}`);
    if (arrays.other) {
      const theirs = row(arrays.other.values, at);
      const isDifference = shown2 === arrays.difference;
      const value = (i) => isDifference ? back[i] < 0 ? Number.NaN : values[back[i]] : theirs[i];
      beside.paint((i) => scale.colour(value(i)), ink, (i) => `${called(view.other, i)} ${number(theirs[i])}`);
    }
    const names = isMap() ? view.pieces.map(() => "") : view.layers.map((layer2) => `L${layer2}`);
    const of = isMap() ? "queries by tokens" : "layers by tokens";
    cells.set({ names, columns: view.pieces.length, label: `${titleOf(view, at)}, ${of}; arrows walk, Enter pins` });
    if (isMap()) cells.paint((r, c) => scale.colour(map === null ? 0 : row(map, r)[c]), ink);
    else cells.paint((r, c) => scale.colour(row(shown2, r)[c]), ink);
  }
  function otherOf(partner, at) {
    if (!arrays.other || partner < 0) return null;
    return { name: called(view.other, partner), value: row(arrays.other.values, at)[partner] };
  }
  function controls(at) {
    write(title, titleOf(view, at));
    const isOpen = alive || view.stream === "features";
    stream.set({ options: alive ? model.get("streams") : [], value: model.get("stream") });
    layer.set({ options: view.layers.map(String), value: String(view.layers[at] ?? "") });
    unit.set({ value: alive ? model.get("unit") : view.unit, high: view.width - 1, noun: view.noun, label: capital(view.noun) });
    show(unit.element, isOpen);
    colour.set({ options: view.other && !isMap() ? ["values", "difference"] : [], value: model.get("colour") });
    ablate.set(alive && model.get("gives_parts") ? partsIn(view, at) : []);
    rows.set({ options: view.query >= 0 ? ["layers", "queries"] : [], value: model.get("rows") });
    show(cells.element, view.layers.length > 1 || isMap());
    write(first, view.other ? "Text" : "");
    write(second, view.other ? "Compared with" : "");
    show(beside.element, view.other !== null);
    pages.set({ start: view.start, shown: view.pieces.length, total: view.total, open: alive });
    placeError(model.get("error"), model.get("error_at"));
    text.set(model.get("text"));
    if (reopened(model.get("against"))) isComparing = model.get("against") !== "";
    if (model.get("against") !== "" || !isComparing) against.set(model.get("against"));
    show(against.element, isComparing);
    write(compare, isComparing ? "Compare no more" : "Compare with another text");
    frame.footer(plural(view.total, "token"));
  }
  const hear = (message, buffers) => {
    if (looks.hear(message, buffers)) frame.draw();
  };
  model.on("msg:custom", hear);
  const close = frame.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};
function titleOf(view, at) {
  const site = view.layers.length > 0 ? `${view.stream}.${view.layers[at]}` : view.stream;
  const where = view.stream === "features" ? "" : ` of ${site}`;
  const word = view.name === "" ? "" : ` ${nameOf(view.name)}`;
  const query = view.query - view.start;
  const isHere = query >= 0 && query < view.pieces.length;
  const whose = view.query < 0 ? "" : ` · attention of ${isHere ? called(view, query) : `token ${view.query}`}`;
  return `${capital(view.noun)} ${view.unit}${word}${where}${whose} · ${plural(view.total, "token")}`;
}
function scaleOf(view, isDifference, theme, surface) {
  if (isDifference) return stepped(diverging(theme, surface, view.apart ?? 0));
  const high = Math.max(view.maximum ?? 0, view.extent);
  return stepped(view.signed ? diverging(theme, surface, high) : sequential(theme, surface, high));
}
function captionOf(view, isDifference) {
  if (isDifference) return "text minus the one below it";
  if (view.query >= 0) return "share of its attention";
  if (view.maximum !== null) return view.extent > view.maximum ? "to the largest here" : "to its maximum in training";
  const layers = view.layers.length > 1 ? ", all layers" : "";
  return `to the largest here${layers}${leftOut(view) > 0 ? `, ${view.pieces[0]} left out` : ""}`;
}
function tableOf(view, arrays, layer) {
  const layers = view.layers.length > 0 ? view.layers.map((one) => `${view.stream}.${one}`) : [view.stream];
  const other = arrays.other ? ["there", `there, ${layers[Math.max(0, view.layers.indexOf(layer))]}`] : [];
  const at = Math.max(0, view.layers.indexOf(layer));
  const rows = view.pieces.map((_, i) => {
    const pair = arrays.other?.pairs.numbers[i] ?? -1;
    const theirs = pair < 0 ? ["–", "–"] : [called(view.other, pair), number(row(arrays.other.values, at)[pair])];
    const mine = layers.map((_2, l) => number(row(arrays.values, l)[i]));
    return [called(view, i), String(view.start + i), ...mine, ...arrays.other ? theirs : []];
  });
  return { caption: titleOf(view, at), columns: ["token", "position", ...layers, ...other], rows };
}
function pager(go) {
  const says = make("span", { class: "wb-muted" });
  const less = make("button", { type: "button", class: "wb-step", "aria-label": "Tokens before" }, "‹");
  const more = make("button", { type: "button", class: "wb-step", "aria-label": "Tokens after" }, "›");
  const element = make("div", { class: "wb-control", hidden: true }, less, says, more);
  let at = 0;
  less.addEventListener("click", () => go(Math.max(0, at - PAGE)));
  more.addEventListener("click", () => go(at + PAGE));
  return {
    element,
    set({ start, shown: shown2, total, open }) {
      at = start;
      show(element, shown2 < total);
      write(says, `Tokens ${count(start + 1)} to ${count(start + shown2)} of ${count(total)}`);
      show(less, open && start > 0);
      show(more, open && start + shown2 < total);
    }
  };
}
function strongest(values, from) {
  let best = -1;
  for (let i = from; i < values.length; i++)
    if (!Number.isNaN(values[i]) && (best < 0 || Math.abs(values[i]) > Math.abs(values[best]))) best = i;
  return Math.max(0, best);
}
var activation_heatmap_default = { render };
export {
  activation_heatmap_default as default
};
