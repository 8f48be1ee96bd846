// generated from widgets/src by build.mjs; do not edit

// src/lib/dom.ts
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) attribute(element, name, value);
  element.append(...children);
  return element;
}
function attribute(element, name, value) {
  if (value === void 0 || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
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
function short(value) {
  const size = Math.abs(value);
  const [by, letter] = size >= 1e9 ? [1e9, " G"] : size >= 1e6 ? [1e6, " M"] : size >= 1e4 ? [1e3, " k"] : [1, ""];
  return `${Number((value / by).toPrecision(4))}${letter}`.replace("-", "−");
}
function range(lines, zero) {
  let [low, high, early] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of lines) {
    const from = values.length < FEW ? 0 : Math.ceil(values.length / 10);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) continue;
      low = Math.min(low, values[i]);
      if (i < from) early = Math.max(early, values[i]);
      else high = Math.max(high, values[i]);
    }
  }
  if (!Number.isFinite(high)) return { low: 0, high: 1, before: null };
  const before = early > 2 * high && high > 0 ? early : null;
  if (before === null) high = Math.max(high, early);
  if (zero || low < 0.5 * high) low = Math.min(0, low);
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return { low: low === 0 ? 0 : low - room, high: high + room, before };
}
var FEW = 30;
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
function spread(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = new Array(wanted.length);
  let last = Number.NEGATIVE_INFINITY;
  for (const i of order) last = places[i] = Math.max(low, wanted[i], last + gap);
  let next = high + gap;
  for (const i of order.reverse()) next = places[i] = Math.min(places[i], next - gap);
  return places;
}
function lastOf(values) {
  for (let i = values.length - 1; i >= 0; i--) if (!Number.isNaN(values[i])) return values[i];
  return Number.NaN;
}
var HEIGHT = 148;
var [TOP, BOTTOM, RIGHT] = [8, 20, 4];
var [CHARACTER, TEXT] = [7.3, 14];
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
function frame(name, hands, resized, signal) {
  const value = make("span", { class: "wb-chart-value" });
  const note = make("span", { class: "wb-chart-note wb-muted" });
  const under = svg("g");
  const over = svg("g");
  const drawing = svg("svg", { height: HEIGHT, width: "100%", "aria-hidden": "true" }, under, over);
  const plot = make("div", { class: "wb-chart-plot", tabindex: 0, role: "application", "aria-roledescription": "chart" }, drawing);
  const element = make(
    "div",
    { class: "wb-chart" },
    make("div", { class: "wb-chart-head" }, make("span", { class: "wb-chart-name" }, name), note, value),
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
      write(value, about.value);
      write(note, about.note);
      attribute(plot, "aria-label", about.words);
    },
    draw(parts, made) {
      const width = plot.clientWidth;
      if (width > 0 && differs(width, ...parts)) under.replaceChildren(...made(width, HEIGHT));
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
    const half2 = short(mark).length * CHARACTER / 2;
    const place = Math.max(box.left + half2 - 4, x(mark));
    if (place - half2 < taken + 8 || place + half2 > end) return [];
    taken = place + half2;
    return [svg("text", { class: "wb-chart-mark", x: place, y: box.bottom + 16, "text-anchor": "middle" }, short(mark))];
  });
  const name = svg("text", { class: "wb-chart-unit", x: box.right, y: box.bottom + 16, "text-anchor": "end" }, unit);
  return [...numbers, name];
}
function lineChart(name, hands, resized, signal) {
  let now = null;
  const scaleX = ({ scene: { xs }, box }) => {
    const [first, last] = [Math.min(0, xs[0] ?? 0), xs[xs.length - 1] ?? 1];
    return { first, last, per: (box.right - box.left) / (last - first || 1) };
  };
  const indexAt = (x) => {
    if (now === null) return -1;
    const { first, per } = scaleX(now);
    return nearest(now.scene.xs, first + (x - now.box.left) / per);
  };
  const view = frame(
    name,
    {
      point: (x) => hands.point(x === null || indexAt(x) < 0 ? null : indexAt(x)),
      click: (x) => indexAt(x) >= 0 && hands.pin(indexAt(x)),
      walk: (by) => hands.walk(by),
      letGo: () => hands.letGo()
    },
    resized,
    signal
  );
  return {
    element: view.element,
    set(scene) {
      view.say(scene);
      const { xs, lines, range: span, at, lit } = scene;
      const looks = lines.flatMap(({ values, colour }) => [values, colour]);
      view.draw([xs, span.low, span.high, lit, ...looks], (width, height) => {
        const marks = xs.length === 0 ? [0] : ticks(span.low, span.high, 3);
        const keys = Math.max(0, ...lines.map(({ key }) => key.length));
        const right = width - RIGHT - (keys > 0 ? keys * CHARACTER + 8 : 0);
        const box = { left: gutter(marks), right, top: TOP, bottom: height - BOTTOM };
        now = { scene, box };
        const across = scaleX(now);
        const below = xs.length === 0 ? [0] : ticks(across.first, across.last, Math.floor((right - box.left) / 64));
        return [
          ...rows(marks, heightOf(span, box), box),
          ...columns(below, (x2) => placeOf2(now, x2), box, scene.unit),
          ...strokes(now, (x2) => placeOf2(now, x2))
        ];
      });
      if (now === null) return;
      now = { scene, box: now.box };
      const x = at >= 0 && at < xs.length ? placeOf2(now, xs[at]) : null;
      view.over(...x === null ? [] : crosshair(now, x));
    }
  };
  function placeOf2(on, x) {
    const { first, per } = scaleX(on);
    return on.box.left + (x - first) * per;
  }
}
function heightOf({ low, high }, box) {
  return (value) => box.bottom - (value - low) / (high - low || 1) * (box.bottom - box.top);
}
function strokes({ scene, box }, place) {
  const { xs, lines, range: span, lit } = scene;
  const y = heightOf(span, box);
  const across = Array.from(xs, (x) => place(x));
  const faded = (i) => lit >= 0 && lit !== i ? " wb-chart-faded" : "";
  const window = svg("svg", { x: 0, y: box.top - 2, width: box.right + 4, height: box.bottom - box.top + 4 });
  const inside = svg("g", { transform: `translate(0 ${2 - box.top})` });
  window.append(inside);
  lines.forEach(({ values, colour, dash }, i) => {
    const d = path(across, Array.from(values, y));
    inside.append(svg("path", { class: `wb-chart-line${faded(i)}`, d, stroke: colour, "stroke-dasharray": dash }));
    const [end, last] = [values.length - 1, values[values.length - 1] ?? Number.NaN];
    if (Number.isFinite(last)) inside.append(dot(across[end], y(last), 2.5, colour, faded(i)));
  });
  const ends = lines.map(({ values }) => y(Math.min(span.high, Math.max(span.low, lastOf(values) || 0))));
  const places = spread(ends, TEXT - 1, box.top + 2, box.bottom);
  const keys = lines.map(
    ({ key }, i) => svg("text", { class: `wb-chart-key${faded(i)}`, x: box.right + 8, y: places[i] + 4 }, key)
  );
  return [window, ...keys];
}
function crosshair({ scene, box }, x) {
  const y = heightOf(scene.range, box);
  const dots = scene.lines.flatMap(({ values, colour }) => {
    const value = values[scene.at] ?? Number.NaN;
    return value >= scene.range.low && value <= scene.range.high ? [dot(x, y(value), 3.5, colour, "")] : [];
  });
  return [svg("line", { class: "wb-chart-cross", x1: x, x2: x, y1: box.top, y2: box.bottom }), ...dots];
}
function dot(x, y, r, colour, faded) {
  return svg("circle", { class: `wb-chart-dot${faded}`, cx: x.toFixed(1), cy: y.toFixed(1), r, fill: colour });
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

// src/lib/table.ts
function tableView() {
  const element = make("div", { class: "wb-table", hidden: true, tabindex: 0, role: "region", "aria-label": "Table" });
  const differs = changes();
  return {
    element,
    set(table) {
      if (!differs(keyOf(table))) return;
      const head = make("tr", {}, ...table.columns.map((name) => make("th", { scope: "col" }, name)));
      const rows2 = table.rows.map(
        ([name, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name ?? ""), ...cells.map((cell) => make("td", {}, cell)))
      );
      element.replaceChildren(
        make("table", {}, make("caption", {}, table.caption), make("thead", {}, head), make("tbody", {}, ...rows2))
      );
    }
  };
}
function keyOf({ caption, columns: columns2, rows: rows2 }) {
  return [caption, columns2.join("	"), ...rows2.map((row2) => row2.join("	"))].join("\n");
}

// src/lib/colour.ts
var WHITE = [255, 255, 255];
var SURFACE = { light: WHITE, dark: [17, 17, 17] };
function luminance(colour) {
  const [r, g, b] = colour.map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function parse(css) {
  const parts = /^rgba?\(([^)]+)\)$/.exec(css.trim())?.[1]?.split(/[\s,/]+/).map(Number.parseFloat);
  if (parts === void 0 || parts.length < 3 || parts.slice(0, 3).some(Number.isNaN) || parts[3] === 0) return null;
  return [parts[0], parts[1], parts[2]];
}
function toLinear(channel) {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

// src/lib/theme.ts
function themeOf({ attributes, classes, background }) {
  const jupyter = attributes["data-jp-theme-light"];
  if (jupyter !== void 0) return jupyter === "false" ? "dark" : "light";
  for (const name of ["data-vscode-theme-kind", "theme", "data-theme", "data-color-mode"]) {
    const value = attributes[name];
    if (value !== void 0 && /dark|high-contrast$/.test(value)) return "dark";
    if (value !== void 0 && /light/.test(value)) return "light";
  }
  if (classes.some((name) => /^(vscode-dark|vscode-high-contrast|dark|dark-theme|theme-dark)$/.test(name))) return "dark";
  if (classes.some((name) => /^(vscode-light|light|light-theme|theme-light)$/.test(name))) return "light";
  return background !== null && luminance(background) < 0.2 ? "dark" : "light";
}
function signs(element) {
  const { documentElement, body } = element.ownerDocument;
  const pages = [documentElement, body];
  return {
    attributes: Object.fromEntries(pages.flatMap((page) => [...page.attributes].map(({ name, value }) => [name, value]))),
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

// src/training_monitor.ts
var QUANTITIES = ["Loss", "Explained variance", "Features on", "Share dead"];
var [LOSS, EXPLAINED, ON, DEAD] = [0, 1, 2, 3];
var ROWS = 100;
var KEYS = 8;
var COLOURS = {
  light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"],
  dark: ["#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#0072B2"]
};
var DASHES = ["", "5 3", "2 2"];
var render = ({ model, el }) => {
  let hovered = null;
  let pinned = null;
  let lit = -1;
  const panel = shell({
    model,
    el,
    kind: "monitor",
    label: "Training monitor",
    offline: "the charts and the table still answer.",
    draw: () => draw(),
    table: () => tableOf(model.get("subject"), model.get("dictionaries"), read(), model.get("view"))
  });
  const decoded = changes();
  let numbers = null;
  const read = () => {
    const { history, density, batch } = model.get("view");
    if (decoded(history, density) || numbers === null) numbers = numbersOf(history, density, batch);
    return numbers;
  };
  const index = () => {
    const step = hovered ?? pinned;
    return step === null ? -1 : nearest(read().steps, step);
  };
  const walk = (by) => {
    const { steps } = read();
    if (steps.length === 0) return;
    const from = index() < 0 ? steps.length - (by < 0 ? 0 : 1) : index();
    pinned = steps[Math.min(steps.length - 1, Math.max(0, from + by))];
    hovered = null;
    panel.draw();
    write(said, spoken(model.get("dictionaries"), read(), index()));
  };
  const letGo = () => {
    hovered = pinned = null;
    panel.draw();
  };
  const hands = {
    point(at) {
      const step = at === null ? null : read().steps[at];
      if (step === hovered) return;
      hovered = step;
      panel.draw();
    },
    pin(at) {
      const step = read().steps[at];
      pinned = pinned === step ? null : step;
      panel.draw();
    },
    walk,
    letGo
  };
  const title = make("h3", { class: "wb-title" });
  const words = make("span", { class: "wb-monitor-words", role: "status" });
  const buttons = ["resume", "pause", "stop", "save"].map((verb) => {
    const button = make("button", { type: "button", class: "wb-button" }, verb);
    button.addEventListener("click", ({ detail }) => {
      if (detail <= 1) panel.say({ kind: verb });
    });
    return { verb, button };
  });
  const bar = make("div", { class: "wb-monitor-bar" });
  const track = make("div", { class: "wb-monitor-track", role: "progressbar", "aria-label": "Steps", "aria-valuemin": 0 }, bar);
  const progress = make("span", { class: "wb-muted" });
  const place = make("span", { class: "wb-muted" });
  const said = make("span", { class: "wb-monitor-said", "aria-live": "polite" });
  const failure = make("div", { class: "wb-error wb-monitor-error", role: "alert", hidden: true });
  const key = legend((which) => {
    lit = which;
    panel.draw();
  });
  const charts = QUANTITIES.map((name) => lineChart(name, hands, panel.draw, panel.signal));
  const histogram = densityChart(panel.draw, panel.signal);
  panel.body.append(
    make(
      "div",
      { class: "wb-header" },
      title,
      make("div", { class: "wb-monitor-hand" }, words, ...buttons.map(({ button }) => button))
    ),
    failure,
    track,
    make("div", { class: "wb-monitor-progress" }, progress, place),
    key.element,
    make("div", { class: "wb-monitor-charts" }, ...charts.map((chart) => chart.element), histogram.element),
    said
  );
  const draw = () => {
    const [view, dictionaries] = [model.get("view"), model.get("dictionaries")];
    const now = read();
    const isOne = dictionaries.length === 1;
    const at = index();
    write(title, `Training ${model.get("subject")} · ${plural(view.at * view.batch, "token")}`);
    write(words, capital(view.words));
    attribute(words, "data-state", view.state);
    write(failure, capital(model.get("error")));
    offer(view);
    bar.style.width = `${100 * view.at / view.steps}%`;
    attribute(track, "aria-valuemax", view.steps);
    attribute(track, "aria-valuenow", view.at);
    attribute(track, "aria-valuetext", `step ${view.at} of ${view.steps}`);
    write(progress, [`step ${count(view.at)} of ${count(view.steps)}`, view.pace, view.saved].filter(Boolean).join(" · "));
    write(place, at < 0 ? "" : placeOf(now, at, pinned !== null && hovered === null));
    const looks = looksOf(panel.around().theme, dictionaries);
    show(key.element, !isOne);
    if (!isOne) key.draw({ dictionaries, looks, numbers: now, at, lit });
    charts.forEach((chart, which) => {
      const lines = now.lines[which];
      const { low, high, note } = rangeOf(which, lines);
      chart.set({
        xs: now.tokens,
        lines: lines.map((values, i) => ({ ...looks[i], values })),
        range: { low, high },
        unit: "tokens",
        at,
        lit,
        value: isOne ? number(at < 0 ? lastOf(lines[0]) : lines[0][at]) : "",
        note,
        words: inWords(QUANTITIES[which], dictionaries, lines, view)
      });
    });
    histogram.set({ density: view.density, bars: now.bars, dictionaries, looks, lit });
    panel.footer();
  };
  const offer = (view) => {
    const held = buttons.find(({ button }) => button === focusNear(button));
    for (const { verb, button } of buttons) {
      write(button, verb === "resume" && view.at === 0 ? "Start" : capital(verb));
      show(button, panel.alive && view.verbs.includes(verb));
    }
    if (held?.button.hidden) buttons.find(({ button }) => !button.hidden)?.button.focus();
  };
  return panel.open();
};
function numbersOf({ steps, values }, { bars }, batch) {
  const [when, lines, counts] = [decode(steps).numbers, decode(values), decode(bars)];
  const each = lines.shape[1] ?? 0;
  return {
    steps: when,
    tokens: Float64Array.from(when, (step) => step * batch),
    lines: QUANTITIES.map((_, which) => Array.from({ length: each }, (_2, i) => row(lines, which, i))),
    bars: Array.from({ length: counts.shape[0] ?? 0 }, (_, i) => row(counts, i))
  };
}
function rangeOf(which, lines) {
  const { low, high: found, before } = range(lines, which !== LOSS);
  const high = which === DEAD ? Math.max(0.05, found) : found;
  if (which !== EXPLAINED) {
    const early = before === null || before <= high ? "" : `at first up to ${number(before)}`;
    return { low, high, note: [which === ON ? "per token" : "", early].filter(Boolean).join(", ") };
  }
  if (lines.some((values) => lastOf(values) < 0)) return { low, high: 1, note: "" };
  const least = Math.min(...lines.flatMap((values) => Array.from(values)));
  return { low: 0, high: 1, note: least < 0 ? `down to ${number(least)}` : "" };
}
function looksOf(theme, dictionaries) {
  const colours = COLOURS[theme];
  const areShort = dictionaries.every(({ label }) => label.length <= 8);
  return dictionaries.map(({ label }, i) => ({
    key: dictionaries.length === 1 || dictionaries.length > KEYS ? "" : areShort ? label : String(i + 1),
    colour: colours[i % colours.length],
    dash: DASHES[Math.floor(i / colours.length) % DASHES.length]
  }));
}
function placeOf({ steps, tokens }, at, isPinned) {
  return `at step ${count(steps[at])} · ${plural(tokens[at], "token")}${isPinned ? " · Esc lets go" : ""}`;
}
function spoken(dictionaries, now, at) {
  const values = dictionaries.map(({ label }, i) => {
    const each = QUANTITIES.map((name, which) => `${name.toLowerCase()} ${number(now.lines[which][i][at])}`);
    return [label, ...each].filter(Boolean).join(", ");
  });
  return [`Step ${now.steps[at]}`, ...values].join(". ");
}
function inWords(name, dictionaries, lines, view) {
  const ends = dictionaries.map(({ label }, i) => {
    const values = lines[i];
    return `${label === "" ? "" : `${label}: `}from ${number(values[0] ?? Number.NaN)} to ${number(lastOf(values))}`;
  });
  return view.at === 0 ? `${name}: no step has been made` : `${name} over ${plural(view.at, "step")}, ${ends.join("; ")}`;
}
function tableOf(subject, dictionaries, now, view) {
  const isOne = dictionaries.length === 1;
  const most = Math.max(2, Math.floor(ROWS / dictionaries.length));
  const apart = Math.max(1, Math.ceil((now.steps.length - 1) / (most - 1)));
  const shown = Array.from({ length: now.steps.length }, (_, i) => now.steps.length - 1 - i).filter((_, i) => i % apart === 0);
  return {
    caption: `Training ${subject}, ${view.words} · ${plural(view.at, "step")} of ${count(view.steps)}, the latest first`,
    columns: ["step", "tokens", ...isOne ? [] : ["dictionary"], ...QUANTITIES.map((name) => name.toLowerCase())],
    rows: shown.flatMap(
      (at) => dictionaries.map(({ label }, i) => [
        count(now.steps[at]),
        count(now.tokens[at]),
        ...isOne ? [] : [label],
        ...now.lines.map((lines) => number(lines[i][at]))
      ])
    )
  };
}
function legend(look) {
  const head = make("tr", {}, ...["", "Dictionary", ...QUANTITIES].map((name) => make("th", { scope: "col" }, name)));
  const body = make("tbody");
  const element = make("div", { class: "wb-monitor-legend" }, make("table", {}, make("thead", {}, head), body));
  const differs = changes();
  let cells = [];
  const makeRows = ({ dictionaries, looks }) => {
    cells = [];
    const made = dictionaries.map(({ label }, i) => {
      const { colour, dash, key } = looks[i];
      const line = svg("line", { class: "wb-chart-line", x1: 1, x2: 23, y1: 8, y2: 8, stroke: colour, "stroke-dasharray": dash });
      const sample = svg("svg", { width: 24, height: 16, "aria-hidden": "true" }, line);
      const values = QUANTITIES.map(() => make("td"));
      cells.push(values);
      const name = make("th", { scope: "row" }, key === "" || key === label ? label : `${key} · ${label}`);
      const one = make("tr", { tabindex: 0 }, make("td", {}, sample), name, ...values);
      for (const enter of ["pointerenter", "focus"]) one.addEventListener(enter, () => look(i));
      for (const leave of ["pointerleave", "blur"]) one.addEventListener(leave, () => look(-1));
      return one;
    });
    body.replaceChildren(...made);
  };
  return {
    element,
    draw(listed) {
      const { dictionaries, looks, numbers: now, at } = listed;
      if (differs(dictionaries, looks[0]?.colour)) makeRows(listed);
      cells.forEach(
        (values, i) => values.forEach((cell, which) => {
          const line = now.lines[which][i];
          write(cell, number(at < 0 ? lastOf(line) : line[at]));
        })
      );
    }
  };
}
var [NEVER, GAP] = [40, 24];
function densityChart(resized, signal) {
  const about = make("div", { class: "wb-muted wb-monitor-density-about" });
  let now = null;
  let at = -1;
  const look = (which) => {
    at = which;
    resized();
  };
  const view = frame(
    "Density",
    {
      point: (x) => look(x === null || now === null ? -1 : barAt(now, x)),
      click: () => {
      },
      walk(by) {
        if (now === null) return;
        const bars = [0, ...Array.from({ length: now.last - now.from + 1 }, (_, i) => now.from + i)];
        const place = Math.min(bars.length - 1, Math.max(0, bars.indexOf(at) < 0 ? 0 : bars.indexOf(at) + by));
        look(bars[place]);
        write(said, now.bars.length > 0 ? readOut(now, bars[place]) : NOT_YET);
      },
      letGo: () => look(-1)
    },
    resized,
    signal
  );
  const said = make("span", { class: "wb-monitor-said", "aria-live": "polite" });
  view.element.append(about, said);
  return {
    element: make("div", { class: "wb-monitor-density" }, view.element),
    set(given) {
      const isEmpty = given.density.tokens === 0;
      const shown = isEmpty ? { ...given, bars: [] } : given;
      const value = isEmpty ? "" : at >= 0 ? readOut(shown, at) : summaryOf(shown);
      const caption = isEmpty ? NOT_YET : captionOf(shown);
      view.say({ value, note: "", words: `Density: ${[summaryOf(shown), caption].filter(Boolean).join(", ")}` });
      write(about, caption);
      view.draw([given.bars, shown.looks[0]?.colour, shown.lit], (width, height) => {
        now = planOf(shown, width, height);
        return isEmpty ? [ground(now)] : [...scales(now), ...shown.bars.flatMap((_, i) => drawn(now, i))];
      });
      view.over(...now === null || at < 0 || isEmpty ? [] : [lamp(now, at)]);
    }
  };
}
var NOT_YET = "counted from the next step on: none has been made while this was open";
function planOf(shown, width, height) {
  const { density, bars, dictionaries } = shown;
  const last = (bars[0]?.length ?? 2) - 1;
  const rarest = Math.min(last, ...bars.map((counts) => Array.from(counts).findIndex((n, i) => i > 0 && n > 0)).filter((i) => i > 0));
  const decade = Math.floor(density.low + (rarest - 1) * density.each);
  const from = Math.max(1, 1 + Math.round((decade - density.low) / density.each));
  const shares = bars.flatMap((counts, i) => Array.from(counts, (n) => n / dictionaries[i].width));
  const high = (shares.length === 0 ? 1 : Math.max(0.01, ...shares)) * 1.08;
  const left = gutter(ticks(0, high, 3));
  return { ...shown, left, right: width - 8, top: 8, bottom: height - 20, begin: left + NEVER + GAP, from, last, high };
}
function ground({ left, right, bottom }) {
  return svg("line", { class: "wb-chart-grid", x1: left, x2: right, y1: bottom, y2: bottom });
}
function scales(plan) {
  const { density, left, right, begin, bottom, from, high } = plan;
  const least = density.low + (from - 1) * density.each;
  const apart = Math.ceil(-least / Math.max(1, Math.floor((right - begin) / 48)));
  const decades = Array.from({ length: Math.floor(-least / apart) + 1 }, (_, i) => -apart * i).reverse();
  const place = (value) => begin + (value - least) / -least * (right - begin);
  const never = { class: "wb-chart-mark", x: left + NEVER / 2, y: bottom + 16, "text-anchor": "middle" };
  const marks = columns(decades, place, { ...plan, left: begin }, "");
  return [...rows(ticks(0, high, 3), (share) => heightOf2(plan, share), plan), ...marks, svg("text", never, "never")];
}
function heightOf2({ top, bottom, high }, share) {
  return bottom - share / high * (bottom - top);
}
function endsOf({ left, right, begin, from, last }, which) {
  if (which === 0) return [left + 2, left + NEVER - 2];
  const each = (right - begin) / (last - from + 1);
  return [begin + (which - from) * each, begin + (which - from + 1) * each];
}
function barAt({ left, right, begin, from, last }, x) {
  if (x < left + NEVER + GAP / 2) return 0;
  const place = Math.floor((x - begin) / (right - begin) * (last - from + 1));
  return from + Math.min(last - from, Math.max(0, place));
}
function drawn(plan, i) {
  const { bars, dictionaries, looks, lit, bottom, from, last } = plan;
  const { colour, dash } = looks[i];
  const faded = lit >= 0 && lit !== i ? " wb-chart-faded" : "";
  const isOne = dictionaries.length === 1;
  const top = (which) => heightOf2(plan, bars[i][which] / dictionaries[i].width);
  const bar = (which, start2, end2) => {
    const size = { x: start2 + 0.5, y: top(which), width: Math.max(1, end2 - start2 - 1), height: bottom - top(which) };
    return svg("rect", { class: `${which === 0 && isOne ? "wb-monitor-never" : ""}${faded}`, fill: colour, ...size });
  };
  const others = Array.from({ length: last - from + 1 }, (_, k) => from + k);
  if (isOne) return [0, ...others].filter((which) => bars[i][which] > 0).map((which) => bar(which, ...endsOf(plan, which)));
  const [start, end] = endsOf(plan, 0);
  const each = (end - start) / dictionaries.length;
  const never = bar(0, start + i * each, start + (i + 1) * each);
  const d = path(others.flatMap((which) => endsOf(plan, which)), others.flatMap((which) => [top(which), top(which)]));
  return [never, svg("path", { class: `wb-chart-line${faded}`, d, stroke: colour, "stroke-dasharray": dash })];
}
function lamp(plan, which) {
  const [start, end] = endsOf(plan, which);
  return svg("rect", { class: "wb-monitor-lamp", x: start, y: plan.top, width: end - start, height: plan.bottom - plan.top });
}
function readOut({ density, bars, dictionaries }, which) {
  const low = density.low + (which - 1) * density.each;
  const where = which === 0 ? "never on" : `on at ${number(10 ** low)} to ${number(10 ** (low + density.each))}`;
  if (dictionaries.length === 1) return `${count(bars[0][which])} of ${count(dictionaries[0].width)} ${where}`;
  return `${bars.map((counts, i) => number(counts[which] / dictionaries[i].width)).join(", ")} ${where}`;
}
function summaryOf({ bars, dictionaries }) {
  return dictionaries.length === 1 && bars.length === 1 ? `${count(bars[0][0])} of ${count(dictionaries[0].width)} never on` : "";
}
function captionOf({ density }) {
  const ends = density.ends.filter((one) => one !== null);
  const [low, high] = [Math.min(...ends.map(([least]) => least)), Math.max(...ends.map(([, most]) => most))];
  const reach = ends.length > 0 ? `on at ${number(low)} to ${number(high)}` : "none is on at any";
  const tokens = `n ${plural(density.tokens, "token").replace(" ", " ")}`;
  return `share of features, by log₁₀ of the share of tokens · ${reach} of the latest ${tokens}`;
}
var training_monitor_default = { render };
export {
  training_monitor_default as default
};
