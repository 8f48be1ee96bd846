// generated from widgets/src by build.mjs; do not edit

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
  return (message, at2) => {
    if (message + at2 === last) return;
    last = message + at2;
    clear();
    const fail = fields[at2] ?? fields[""];
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

// src/ablation/chart.ts
function share(value, high) {
  return high > 0 ? 100 * Math.min(high, Math.max(0, value)) / high : 0;
}
function interval({ value, low, high }) {
  return low === null || high === null ? number(value) : `${number(value)} [${number(low)}, ${number(high)}]`;
}
function bandOf({ low, middle, high }) {
  return `${number(middle)} (${number(low)} to ${number(high)})`;
}
function track({ high, plain, ablated, control }) {
  const element = make("div", { class: "wb-ablation-track", "aria-hidden": "true" });
  if (control) {
    element.append(span("wb-ablation-band", control.low, control.high, high), at("wb-ablation-tick", control.middle, high));
  }
  for (const [name2, mark] of [["plain", plain], ["ablated", ablated]]) {
    if (!mark) continue;
    if (mark.low !== null && mark.high !== null) element.append(span(`wb-ablation-whisker wb-ablation-${name2}`, mark.low, mark.high, high));
    element.append(at(`wb-ablation-dot wb-ablation-${name2}`, mark.value, high));
  }
  return element;
}
function at(name2, value, high) {
  const mark = make("i", { class: name2 });
  mark.style.insetInlineStart = `${share(value, high)}%`;
  return mark;
}
function span(name2, from, to, high) {
  const mark = at(name2, from, high);
  mark.style.width = `${share(to, high) - share(from, high)}%`;
  return mark;
}
function key(controls) {
  const element = make("div", { class: "wb-ablation-key wb-muted" });
  const entry = (words, ...marks) => {
    const sign = make("span", { class: "wb-ablation-sign", "aria-hidden": "true" }, ...marks.map((name2) => make("i", { class: name2 })));
    element.append(make("span", {}, sign, words));
  };
  entry("plain", "wb-ablation-dot wb-ablation-plain");
  entry("ablated", "wb-ablation-dot wb-ablation-ablated");
  if (controls !== "") entry(controls, "wb-ablation-band", "wb-ablation-tick");
  return element;
}
function ends(high) {
  return `0 to ${high >= 1e-3 ? String(Number(high.toPrecision(3))) : number(high)}`;
}

// src/ablation/measured.ts
function isMeasured(measured) {
  return measured.kinds !== void 0 && Object.keys(measured.kinds).length > 0;
}
function intervalOf(estimate) {
  return estimate && { value: estimate[0], low: estimate[1], high: estimate[2] };
}
function bandOver(numbers) {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  return { low: sorted[0], middle, high: sorted.at(-1) };
}
function controlsAt({ plain, controls }) {
  const change = bandOver(controls);
  return plain && change && { low: plain[0] + change.low, middle: plain[0] + change.middle, high: plain[0] + change.high };
}
var TARGETS = { probability: "Probability of the answer", answered: "Share answered right" };
function progressOf({ kinds }, prompts, controls) {
  const all = Object.values(kinds);
  const n = Math.min(...all.map(({ change }) => change[3]));
  const drawn = Math.min(...all.map((effect) => effect.controls.length));
  return `${count(n)} of ${plural(prompts, "prompt")} · ${count(drawn)} of ${plural(controls, "control")}`;
}
function pOf({ p }) {
  return number(p ?? Number.NaN);
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
      const key2 = options.join("\n");
      if (key2 !== built) {
        built = key2;
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
  const offer2 = `choose ${count(low)} to ${count(high)}`;
  if (text.trim() === "" || !Number.isInteger(value)) return `“${text.trim()}” is not a whole number; ${offer2}.`;
  if (value < low || value > high) return `There is no ${noun} ${count(value)}; ${offer2}.`;
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
  const row3 = make("div", { class: "wb-stepper" }, less, input, more);
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
    element: make("div", { class: "wb-control" }, label, row3, total, error),
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
    const value = read(input.value);
    fail(typeof value === "string" ? value : "");
    if (typeof value === "number" && value !== now) chosen(value);
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
    set(value) {
      if (value === now) return;
      now = value;
      input.value = String(value);
      fail("");
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
function leftOut({ bos, pieces }) {
  return bos && pieces.length > 1 ? 1 : 0;
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

// src/ablation/parts.ts
function kindsOf({ layers, heads, neurons, features, streams }) {
  const has = (stream2) => streams.includes(stream2);
  const stream = (site, name2) => ({ name: name2, layered: true, units: 0, noun: "", write: (layer) => `${site}.${layer}` });
  const rest = streams.filter((site) => !["head_out", "mlp_act", "attn_out", "mlp_out"].includes(site));
  const all = [
    features > 0 && { name: "feature", layered: false, units: features, noun: "feature", write: (_, unit) => `feature ${unit}` },
    has("head_out") && { name: "head", layered: true, units: heads, noun: "head", write: (layer, unit) => `head_out.${layer}.${unit}` },
    has("mlp_act") && { name: "neuron", layered: true, units: neurons, noun: "neuron", write: (layer, unit) => `mlp_act.${layer}[${unit}]` },
    has("attn_out") && stream("attn_out", "attention"),
    has("mlp_out") && stream("mlp_out", "MLP"),
    layers > 0 && { name: "layer", layered: true, units: 0, noun: "", write: (layer) => `layer ${layer}` },
    ...rest.map((site) => stream(site, site))
  ];
  return all.filter((kind) => kind !== false);
}
function heldAfter(held, length) {
  return length === 0 ? -1 : Math.min(held, length - 1);
}
function partsView(alive, does) {
  const heading = make("div", { class: "wb-label" });
  const list = make("ul", { class: "wb-ablation-list" });
  const first = make("p", { class: "wb-ablation-first" });
  const offers = make("div", { class: "wb-ablation-offers" });
  const { element: adder, draw: drawAdder } = adderView(does.add);
  const id = freshId();
  const input = make("input", { id, class: "wb-input wb-ablation-write", autocomplete: "off", spellcheck: "false", placeholder: "mlp_act.2[17]" });
  const error = make("div", { class: "wb-error", role: "alert", id: `${id}-error`, hidden: true });
  const written = make("div", { class: "wb-field" }, make("label", { class: "wb-label", for: id }, "Or write one, and press Enter"), input, error);
  const control = make("div", { class: "wb-muted" });
  const reference = make("div", { class: "wb-muted" });
  const element = make("div", { class: "wb-ablation-parts" }, heading, first, list);
  if (alive) element.append(offers, adder, written);
  element.append(control, reference);
  const rebuilt = changes();
  const reoffered = changes();
  const fail = (message) => {
    write(error, message);
    attribute(input, "aria-invalid", message !== "");
    attribute(input, "aria-describedby", message !== "" ? error.id : void 0);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim() !== "") does.add(input.value.trim());
    else if (event.key === "Escape") {
      input.value = "";
      fail("");
    }
  });
  const build = (about) => {
    const held = [...list.children].findIndex((item) => item.contains(focusNear(list)));
    const items = about.map(({ part, label }) => {
      const name2 = make("span", { class: "wb-mono wb-ablation-name" }, part);
      const item = make("li", {}, name2, make("span", { class: "wb-ablation-label" }, visible(label)));
      if (alive) {
        const says = `Leave ${part} in`;
        const remove = make("button", { type: "button", class: "wb-clear", "aria-label": says, title: says }, "×");
        remove.addEventListener("click", () => does.remove(part));
        item.append(remove);
      }
      return item;
    });
    list.replaceChildren(...items);
    if (held >= 0) (items[heldAfter(held, items.length)]?.querySelector("button") ?? adder.querySelector("button"))?.focus();
  };
  return {
    element,
    fail,
    draw({ parts: parts2, about, candidates, offered, task, kinds, control: drawn }) {
      write(heading, parts2.length === 0 ? "" : "Taken out together");
      write(first, parts2.length > 0 ? "" : alive ? FIRST : "Nothing is taken out.");
      if (rebuilt(about)) {
        build(about);
        if (about.length > 0) input.value = "";
      }
      show(list, about.length > 0);
      drawAdder(offered, parts2);
      const fresh = candidates.filter((one) => !parts2.includes(one));
      if (reoffered(fresh.join("\n"))) offers.replaceChildren(...fresh.map((one) => offer(one, does.add)));
      show(offers, fresh.length > 0);
      write(control, drawn);
      write(reference, referenceOf(task, kinds));
    }
  };
}
var FIRST = "Nothing is taken out yet. Add a head, a neuron, a feature or a layer: it is set to zero, to its mean, and to what it is in other texts, and you see what changes.";
function referenceOf({ reference, is_own }, kinds) {
  if (kinds.length < 2) return "Mean and resample need other texts: give reference=[…], or prompts=[…].";
  return `Mean and resample are taken from ${is_own ? plural(reference, "text") : `the ${plural(reference, "prompt")} of the task`}.`;
}
function offer(part, add) {
  const button = make("button", { type: "button", class: "wb-button" }, `Add ${part}`);
  button.addEventListener("click", () => add(part));
  return button;
}
function adderView(add) {
  let kinds = [];
  let chosen = "";
  let layer = 0;
  let unit = 0;
  let last = null;
  const redraw = () => last && draw(last.offered, last.parts);
  const kind = choice("Part", (name2) => {
    chosen = name2;
    unit = 0;
    redraw();
  });
  const layers = choice("Layer", (name2) => {
    layer = Number(name2);
    redraw();
  });
  const units = stepper((value) => {
    unit = value;
    redraw();
  });
  const button = make("button", { type: "button", class: "wb-button" });
  const now = () => kinds.find(({ name: name2 }) => name2 === chosen) ?? kinds[0];
  button.addEventListener("click", () => {
    const made2 = now();
    if (made2) add(made2.write(layer, unit));
  });
  const draw = (offered, parts2) => {
    last = { offered, parts: parts2 };
    kinds = kindsOf(offered);
    const made2 = now();
    if (made2 === void 0) return;
    kind.set({ options: kinds.map(({ name: name2 }) => name2), value: made2.name });
    const numbers = Array.from({ length: offered.layers }, (_, i) => String(i));
    layers.set({ options: made2.layered ? numbers : [], value: String(layer) });
    show(units.element, made2.units > 0);
    if (made2.units > 0) units.set({ value: unit, high: made2.units - 1, noun: made2.noun, label: "Number" });
    const part = made2.write(layer, unit);
    button.textContent = `Add ${part}`;
    show(button, !parts2.includes(part));
  };
  return { element: make("div", { class: "wb-ablation-adder" }, kind.element, layers.element, units.element, button), draw };
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
function row({ shape, numbers }, ...at2) {
  const length = shape.at(-1) ?? 0;
  const index = at2.reduce((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
  return numbers.subarray(index * length, (index + 1) * length);
}

// src/ablation/seen.ts
function isSeen(seen) {
  return Array.isArray(seen.kinds);
}
function decoded(seen) {
  const { kinds, draws, names } = seen;
  const [ids, plain, ablated, kl] = [decode(seen.ids), decode(seen.plain), decode(seen.ablated), decode(seen.kl)];
  const control = seen.control && decode(seen.control);
  const controlKl = seen.control_kl && decode(seen.control_kl);
  const band = (array, kind, read, ...at2) => {
    const [low, middle, high] = [0, 1, 2].map((i) => read(row(array, kind, i, ...at2)));
    return { low, middle, high };
  };
  return {
    kinds,
    draws,
    standIns: seen.stand_ins,
    changes: (kind) => row(kl, kind),
    mostFrom: (token) => Math.max(0, ...kinds.map((_, n) => Math.max(0, ...row(kl, n).subarray(token)))),
    at(token) {
      const next = Array.from(row(ids, token), (id, k) => ({
        name: names[id] ?? "",
        plain: row(plain, token)[k],
        under: kinds.map((_, n) => ({
          value: row(ablated, n, token)[k],
          control: control && band(control, n, (values) => values[k], token)
        }))
      }));
      const changes2 = kinds.map((_, n) => ({
        value: row(kl, n)[token],
        control: controlKl && band(controlKl, n, (values) => values[token])
      }));
      return { kinds, next, kl: changes2 };
    }
  };
}
function ceiling(values) {
  const most = Math.max(0, ...values.filter(Number.isFinite));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= most * (1 - 1e-9)) ?? 10 * power;
}
function drawnOf({ next }) {
  return next.flatMap(({ plain, under }) => [plain, ...under.flatMap(({ value, control }) => [value, control?.high ?? 0])]);
}
function controlOf(kinds, standIns) {
  const all = [...new Set(standIns)];
  if (all.length === 0) return "";
  const where = (one) => kinds.filter((_, n) => standIns[n] === one).join(", ");
  const told = all.length === 1 ? all : all.map((one) => `${one} (${where(one)})`);
  return `Control, in grey: ${told.join("; ")}.`;
}

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
  return { low: 0, high, colour: (value) => orange.at(share2(value, high) * orange.length) };
}
function towards(colours, theme) {
  return (theme === "light" ? colours : [...colours].reverse()).slice(0, -UNUSED[theme]);
}
function path(surface, colours) {
  const stops = [surface, ...colours];
  const ends2 = stops.slice(1).reduce((all, stop, i) => [...all, (all.at(-1) ?? 0) + difference(stops[i], stop)], []);
  return {
    length: ends2.at(-1) ?? 0,
    at(distance) {
      const i = Math.max(0, ends2.findIndex((end) => distance <= end));
      const start = ends2[i - 1] ?? 0;
      return mix(stops[i], stops[i + 1], Math.min(1, (distance - start) / (ends2[i] - start || 1)));
    }
  };
}
function share2(value, high) {
  return high > 0 && value > 0 ? Math.min(1, value / high) : 0;
}
function mix(a, b, t) {
  const [from, to] = [toLab(a), toLab(b)];
  const at2 = (i) => from[i] + (to[i] - from[i]) * t;
  return fromLab([at2(0), at2(1), at2(2)]);
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

// src/lib/legend.ts
var NEAR = 1 / 24;
function walked(from, key2, { low, high }) {
  const step = NEAR * (high - low);
  const steps = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step };
  const ends2 = { Home: low, End: high };
  const to = ends2[key2] ?? (steps[key2] === void 0 ? null : from + steps[key2]);
  return to === null ? null : Math.min(high, Math.max(low, to));
}
function legend(hover) {
  const bar = make("div", { class: "wb-legend-bar" });
  const pointer = make("div", { class: "wb-legend-pointer", hidden: true });
  const ends2 = make("div", { class: "wb-legend-ends" });
  const caption = make("div", { class: "wb-muted" });
  const track2 = make("div", { class: "wb-legend-track", role: "slider", "aria-label": "Highlight values" }, bar, pointer);
  const element = make("div", { class: "wb-legend" }, track2, ends2, caption);
  let scale = { low: 0, high: 0, colour: () => [0, 0, 0] };
  let says = "";
  let lit = null;
  let pointed = null;
  const place = () => {
    const value = lit ?? pointed;
    const span2 = scale.high - scale.low;
    show(pointer, value !== null && span2 > 0);
    attribute(track2, "aria-valuenow", lit ?? scale.low);
    attribute(track2, "aria-valuetext", lit === null ? "none" : `near ${number(lit)}`);
    if (value === null || span2 <= 0) return;
    const share3 = Math.min(1, Math.max(0, (value - scale.low) / span2));
    pointer.style.insetInlineStart = `${100 * share3}%`;
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
  track2.addEventListener("pointermove", (event) => {
    const { left, width } = track2.getBoundingClientRect();
    const share3 = Math.min(1, Math.max(0, (event.clientX - left) / width));
    light(scale.low + share3 * (scale.high - scale.low));
  });
  track2.addEventListener("pointerleave", letGo);
  track2.addEventListener("blur", letGo);
  track2.addEventListener("keydown", (event) => {
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
      ends2.replaceChildren(...marks.map((mark) => make("span", {}, number(mark))));
      const hasValues = scale.high > scale.low;
      attribute(track2, "tabindex", hasValues ? 0 : void 0);
      attribute(track2, "aria-disabled", hasValues ? void 0 : "true");
      attribute(track2, "aria-valuemin", scale.low);
      attribute(track2, "aria-valuemax", scale.high);
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
      const head2 = make("tr", {}, ...table.columns.map((name2) => make("th", { scope: "col" }, name2)));
      const rows = table.rows.map(
        ([name2, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name2 ?? ""), ...cells.map((cell2) => make("td", {}, cell2)))
      );
      element.replaceChildren(
        make("table", {}, make("caption", {}, table.caption), make("thead", {}, head2), make("tbody", {}, ...rows))
      );
    }
  };
}
function keyOf({ caption, columns, rows }) {
  return [caption, columns.join("	"), ...rows.map((row3) => row3.join("	"))].join("\n");
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
  for (let at2 = element; at2 !== null; at2 = at2.parentElement) {
    const colour = parse(getComputedStyle(at2).backgroundColor);
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

// src/lib/tabs.ts
function movedTo(key2, at2, of) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key2];
  if (key2 === "Home") return 0;
  if (key2 === "End") return of - 1;
  return step === void 0 ? null : (at2 + step + of) % of;
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
      const at2 = next.findIndex((tab) => tab.value === value);
      buttons.forEach((button, i) => {
        attribute(button, "aria-checked", String(i === at2));
        button.tabIndex = i === Math.max(0, at2) ? 0 : -1;
      });
    }
  };
}

// src/lib/token_flow.ts
function tokenFlow({ preview, pin }, label = "Tokens") {
  const element = make("div", { class: "wb-flow", role: "listbox", "aria-label": label });
  let spans = [];
  let pinned = -1;
  const indexOf = (event) => {
    const span2 = event.target instanceof Element ? event.target.closest(".wb-token") : null;
    return span2 === null ? -1 : Number(span2.dataset.index);
  };
  const move = (to) => {
    const span2 = spans[to];
    if (span2 === void 0) return;
    span2.focus();
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
      spans.forEach((span2, index) => {
        const colour = tint(index);
        span2.style.backgroundColor = css(colour);
        span2.style.color = css(inkOn(colour, ink));
        attribute(span2, "aria-label", say(index));
      });
    },
    mark(next, isLit) {
      pinned = next;
      spans.forEach((span2, index) => {
        attribute(span2, "aria-selected", String(index === pinned));
        span2.classList.toggle("wb-lit", isLit(index));
        span2.tabIndex = index === Math.max(0, pinned) ? 0 : -1;
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

// src/heatmap/view.ts
function called({ pieces, groups }, token) {
  const group = groups.find(([first, behind]) => token >= first && token < behind);
  if (group === void 0) return nameOf(pieces[token] ?? "");
  return `${nameOf(pieces[group[0]] ?? "")} (${token - group[0] + 1} of ${group[1] - group[0]})`;
}

// src/ablation_panel.ts
var LEAST = 0.01;
var render = ({ model, el }) => {
  const frame = shell({
    model,
    el,
    kind: "ablation",
    label: "Ablation panel",
    offline: "every token can be looked at, and tinted by each ablation.",
    draw: () => draw(),
    table: () => tableOf(model.get("page"), here(), at2(), model.get("measured"), model.get("kinds"))
  });
  const { alive } = frame;
  const say = (kind, text) => frame.say({ kind, text });
  let found = null;
  let hand = -1;
  let lit = null;
  const last = () => model.get("page").total - 1;
  const looked = () => model.get("token") < 0 ? last() : Math.min(last(), model.get("token"));
  const at2 = () => hand >= 0 ? hand : looked();
  const here = () => found?.at(at2()) ?? null;
  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  const isAtWork = () => model.get("running") || model.get("measuring");
  verb.addEventListener("click", () => frame.say({ kind: isAtWork() ? "cancel" : "measure" }));
  const parts2 = partsView(alive, { add: (part) => say("add", part), remove: (part) => say("remove", part) });
  const seed = numberField("Seed", readSeed, (value) => frame.ask("seed", value));
  const prompt = textField("Prompt", "Run", (text) => say("prompt", text));
  const flow = tokenFlow({
    preview(index) {
      if (index === hand) return;
      hand = index;
      frame.draw();
    },
    pin: (index) => frame.ask("token", index)
  });
  const tintLabel = make("span", { class: "wb-label" }, "Tint by");
  const tint = tabs("Tint by", (kind) => frame.ask("kind", kind));
  const scaleKey = legend((range) => {
    lit = range;
    frame.draw();
  });
  const shade = make("div", { class: "wb-ablation-tint" }, tintLabel, tint.element, scaleKey.element);
  const heading = make("h4", { "aria-live": "polite" });
  const next = make("div", { class: "wb-ablation-chart", role: "table", "aria-label": "Next token" });
  const keys = make("div");
  const taskHeading = make("h4");
  const target = tabs("Measured", (name2) => frame.ask("target", name2));
  const task = make("div", { class: "wb-ablation-chart", role: "table", "aria-label": "Task" });
  const taskNote = make("p", { class: "wb-muted wb-ablation-note" });
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const evidence = make("div", { class: "wb-ablation-evidence" });
  if (alive) evidence.append(prompt.element);
  evidence.append(flow.element, shade, heading, next, keys);
  const taskHead = make("div", { class: "wb-ablation-task" }, taskHeading, target.element);
  evidence.append(taskHead, task, taskNote, failure);
  if (alive) parts2.element.append(seed.element);
  const placeError = errorPlacer({ prompt: prompt.fail, part: parts2.fail, "": (message) => write(failure, message) });
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-ablation-status" }, status, verb)),
    make("div", { class: "wb-ablation-body" }, parts2.element, evidence)
  );
  const retexted = changes();
  const received = changes();
  const take = () => {
    const { pieces, bos, groups } = model.get("page");
    if (retexted(pieces.join("\0"))) {
      flow.set(pieces, bos, groups);
      found = null;
      hand = -1;
    }
    const seen = model.get("seen");
    if (!received(seen, model.get("running"))) return;
    if (isSeen(seen)) found = decoded(seen);
    else if (!model.get("running")) found = null;
  };
  const rescaled = changes();
  const repainted = changes();
  const draw = () => {
    take();
    const [page, kinds, running] = [model.get("page"), model.get("kinds"), model.get("running")];
    write(title, titleOf(model.get("parts"), page.total, model.get("task").prompts));
    write(status, statusOf());
    verb.textContent = isAtWork() ? "Cancel" : "Measure";
    show(verb, alive && (isAtWork() || model.get("cancelled") || model.get("error") !== "" && model.get("error_at") === ""));
    attribute(frame.root, "data-running", running || model.get("measuring"));
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    seed.set(model.get("seed"));
    show(seed.element, model.get("parts").length > 0);
    const [told, offered, candidates] = [model.get("about"), model.get("offered"), model.get("candidates")];
    const control = found === null ? "" : controlOf(found.kinds, found.standIns);
    parts2.draw({ parts: model.get("parts"), about: told, candidates, offered, task: model.get("task"), kinds, control });
    paint();
    drawNext(kinds);
    drawTask(kinds);
    frame.footer(model.get("task").prompts > 0 ? "" : "one prompt: an illustration, not a measurement");
  };
  const paint = () => {
    const { theme, surface, ink } = frame.around();
    const page = model.get("page");
    const kind = found === null ? -1 : found.kinds.indexOf(model.get("kind"));
    const from = leftOut(page);
    const shown2 = kind < 0 ? null : found.changes(kind);
    const scale = sequential(theme, surface, found === null ? 0 : Math.max(LEAST, found.mostFrom(from)));
    show(shade, shown2 !== null);
    if (shown2 && rescaled(found, css(surface))) scaleKey.set(scale, `KL(plain‖ablated) in nats${from > 0 ? `, ${page.pieces[0]} left out` : ""}`);
    if (repainted(found, kind, css(surface), css(ink), page)) {
      const value = (i) => shown2?.[i] ?? 0;
      flow.paint((i) => scale.colour(value(i)), ink, (i) => `${called(page, i)}${shown2 ? ` KL ${number(value(i))}` : ""}`);
    }
    tint.set((found?.kinds ?? []).map((value) => ({ value, name: capital(value) })), model.get("kind"));
    show(tintLabel, (found?.kinds.length ?? 0) > 1);
    scaleKey.point(shown2?.[at2()] ?? null);
    flow.mark(looked(), (i) => lit !== null && shown2 !== null && shown2[i] >= lit.low && shown2[i] <= lit.high);
  };
  const renext = changes();
  const drawNext = (kinds) => {
    const now = here();
    const where = `after ${called(model.get("page"), at2())}`;
    write(heading, now === null ? `Next token ${where}` : headingOf(now, where));
    if (!renext(found, at2(), kinds.join())) return;
    next.replaceChildren(...now === null ? [] : nextRows(now, Math.max(LEAST, found.mostFrom(leftOut(model.get("page"))))));
    columnsOf(next, now?.kinds.length ?? 0);
    const draws = found?.draws ?? 0;
    keys.replaceChildren(...now !== null && now.kinds.length > 0 ? [key(draws > 0 ? `${plural(draws, "control")}: lowest, median, highest` : "")] : []);
  };
  const remeasured = changes();
  const drawTask = (kinds) => {
    const { prompts } = model.get("task");
    const [measured, isAny] = [model.get("measured"), prompts > 0 && model.get("parts").length > 0];
    const name2 = isMeasured(measured) ? measured.target : model.get("target");
    show(taskHead, isAny);
    write(taskHeading, isAny ? `${TARGETS[name2]} · ${plural(prompts, "prompt")} · 95 % intervals` : "");
    target.set(alive && isAny ? [{ value: "probability", name: "Probability" }, { value: "answered", name: "Answered" }] : [], model.get("target"));
    if (remeasured(measured, kinds.join(), isAny)) {
      task.replaceChildren(...isMeasured(measured) && isAny ? taskRows(measured, kinds) : []);
      columnsOf(task, kinds.length);
    }
    write(taskNote, noteOf(prompts, model.get("parts").length, isMeasured(measured), model.get("measuring")));
  };
  const statusOf = () => {
    const [measured, about] = [model.get("measured"), model.get("task")];
    const progress = isMeasured(measured) ? progressOf(measured, about.prompts, about.controls) : "";
    if (model.get("measuring")) return progress;
    return model.get("cancelled") ? ["cancelled", progress].filter(Boolean).join(" · ") : "";
  };
  return frame.open();
};
function readSeed(text) {
  return wholeNumber(text, { low: 0, high: 2 ** 31 - 1, noun: "seed" });
}
function titleOf(parts2, tokens, prompts) {
  const out = parts2.length === 0 ? "Nothing taken out" : parts2.length <= 3 ? `Without ${parts2.join(", ")}` : `Without ${parts2.length} parts`;
  const task = prompts > 0 ? ` · ${plural(prompts, "prompt")}` : "";
  return `${out} · ${plural(tokens, "token")}${task}`;
}
function headingOf(now, where) {
  return `Probability of the next token ${where} · ${now.kinds.length === 0 ? "the likeliest" : "what changes most"}`;
}
function noteOf(prompts, parts2, isThere, measuring) {
  if (prompts === 0) return "One prompt is an illustration. To measure on a task, give prompts=[…] and answers=[…]: several dozen that nothing was chosen on.";
  if (parts2 === 0) return `With a part taken out, it is measured on ${plural(prompts, "prompt")}.`;
  return isThere || !measuring ? "" : "Measuring…";
}
function columnsOf(table, kinds) {
  table.style.setProperty("--wb-columns", kinds === 0 ? "" : `repeat(${kinds}, minmax(0, 2fr))`);
  table.classList.toggle("wb-ablation-alone", kinds === 0);
}
function row2(...cells) {
  const line = make("div", { class: "wb-ablation-row", role: "row" });
  line.append(...cells.map((cell2, i) => typeof cell2 === "string" ? make("div", { role: i === 0 ? "rowheader" : "cell" }, cell2) : cell2));
  return line;
}
function head(first, kinds) {
  const line = make("div", { class: "wb-ablation-row wb-ablation-head", role: "row" });
  const name2 = (words) => make("div", { role: "columnheader" }, words);
  line.append(make("div", { role: "columnheader", class: "wb-muted" }, first), name2("Plain"), ...kinds.map((kind) => name2(capital(kind))));
  return line;
}
function cell(marks, words, more) {
  return make("div", { class: "wb-ablation-cell", role: "cell", title: more }, marks, make("span", { class: "wb-mono", "aria-label": `${words}, ${more}` }, words));
}
function nextRows(now, most) {
  const high = ceiling(drawnOf(now));
  const rows = now.next.map(({ name: name2, plain, under }) => {
    const token = make("div", { role: "rowheader", class: "wb-mono wb-ablation-token", dir: "auto", title: nameOf(name2) }, nameOf(name2));
    const value = (value2) => ({ value: value2, low: null, high: null });
    const alone = now.kinds.length === 0;
    const first = alone ? cell(track({ high, plain: value(plain), ablated: null, control: null }), number(plain), "plain") : make("div", { role: "cell", class: "wb-mono" }, number(plain));
    const cells = under.map(({ value: p, control }) => {
      const marks = track({ high, plain: value(plain), ablated: value(p), control });
      return cell(marks, number(p), control ? `controls ${bandOf(control)}` : "controls are being drawn");
    });
    return row2(token, first, ...cells);
  });
  const all = [head(ends(high), now.kinds), ...rows];
  return now.kinds.length === 0 ? all : [...all, klRow(now, most)];
}
function klRow(now, most) {
  const high = ceiling([most, ...now.kl.flatMap(({ value, control }) => [value, control?.high ?? 0])]);
  const cells = now.kl.map(({ value, control }) => {
    const marks = track({ high, plain: null, ablated: { value, low: null, high: null }, control });
    return cell(marks, number(value), control ? `controls ${bandOf(control)}` : "controls are being drawn");
  });
  const name2 = make("div", { role: "rowheader", title: "KL(plain‖ablated)" }, "KL, nats");
  const line = row2(name2, make("div", { role: "cell", class: "wb-muted" }, ends(high)), ...cells);
  line.classList.add("wb-ablation-last");
  return line;
}
function taskRows(measured, kinds) {
  const there = kinds.filter((kind) => measured.kinds[kind] !== void 0);
  const effects = there.map((kind) => measured.kinds[kind]);
  const plain = intervalOf(effects[0].plain);
  const n = effects[0].plain?.[3] ?? effects[0].change[3];
  const none = () => make("div", { role: "cell" });
  const marks = effects.map((effect) => {
    const drawn = track({ high: 1, plain, ablated: intervalOf(effect.edited), control: controlsAt(effect) });
    return make("div", { role: "cell", class: "wb-ablation-wide" }, drawn);
  });
  const controls = effects.map((effect) => {
    const band = bandOver(effect.controls);
    return band ? said(number(band.middle), `${number(band.low)} to ${number(band.high)}`) : said("–", "");
  });
  return [
    head("0 to 1", there),
    row2(make("div", { role: "rowheader", class: "wb-muted" }, `n ${n}`), none(), ...marks),
    row2("value", estimated(plain), ...effects.map(({ edited }) => estimated(intervalOf(edited)))),
    row2("change", none(), ...effects.map(({ change }) => estimated(intervalOf(change)))),
    row2("controls’ change", none(), ...controls),
    row2("p", none(), ...effects.map((effect) => said(pOf(effect), effect.p === null ? "" : plural(effect.controls.length, "control"))))
  ];
}
function said(words, more) {
  const line = make("div", { role: "cell", class: "wb-mono wb-ablation-said" }, make("span", {}, words));
  if (more !== "") line.append(" ", make("span", { class: "wb-muted" }, more));
  return line;
}
function estimated(estimate) {
  if (estimate === null) return said("–", "");
  const { value, low, high } = estimate;
  return said(number(value), low === null || high === null ? "" : `[${number(low)}, ${number(high)}]`);
}
function tableOf(page, now, at2, measured, kinds) {
  const columns = ["", "plain", ...kinds.flatMap((kind) => [kind, `${kind}, controls`])];
  const band = (control) => control ? bandOf(control) : "–";
  const pairs = (under) => under.flatMap(({ value, control }) => [number(value), band(control)]);
  const rows = (now?.next ?? []).map(({ name: name2, plain, under }) => [nameOf(name2), number(plain), ...pairs(under)]);
  if (now && now.kinds.length > 0) rows.push(["KL, nats", "", ...pairs(now.kl)]);
  if (isMeasured(measured)) {
    const effects = kinds.map((kind) => measured.kinds[kind]);
    const plain = intervalOf(effects[0]?.plain ?? null);
    const told = effects.flatMap((effect) => {
      if (!effect) return ["–", "–"];
      return [`${interval(intervalOf(effect.change))}, n ${effect.change[3]}`, `${band(bandOver(effect.controls))}, p ${pOf(effect)}, ${plural(effect.controls.length, "control")}`];
    });
    rows.push([`${TARGETS[measured.target]}: change`, plain ? interval(plain) : "–", ...told]);
  }
  return { caption: `After ${called(page, at2)}, position ${at2}`, columns, rows };
}
var ablation_panel_default = { render };
export {
  ablation_panel_default as default
};
