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
function strength(value) {
  return value === 0 ? "off" : `${value.toFixed(1).replace("-", MINUS)} ×`;
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
function notNegative(text, noun) {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(value)) return `“${text.trim()}” is not a number; ${noun} is 0 or more.`;
  return value < 0 ? `${noun} cannot be negative; choose 0 or more.` : value;
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

// src/lib/strength_slider.ts
var WEAKEST = -2;
var STRONGEST = 10;
var STEP = 0.1;
function stepped(value, steps) {
  const moved = Math.round((value + steps * STEP) / STEP) * STEP;
  return Number(Math.min(STRONGEST, Math.max(WEAKEST, moved)).toFixed(1)) + 0;
}
function placeOf(value) {
  return (value - WEAKEST) / (STRONGEST - WEAKEST);
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
  const value = make("span", { class: "wb-mono" });
  const id = make("span", { class: "wb-muted wb-mono" }, label === "" ? "" : String(feature));
  const heading = make("div", { class: "wb-slider-name" }, make("span", { class: "wb-slider-label" }, name2), id, value);
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
    write(value, to === 0 ? "off" : `${strength(to)} = ${number(to * maximum)}`);
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

// src/steering_panel.ts
var render = ({ model, el }) => {
  const frame = shell({
    model,
    el,
    kind: "steering",
    label: "Steering panel",
    offline: "the texts and the table stay as they were written.",
    draw: () => draw(),
    table: () => tableOf()
  });
  const ask = (name2, value) => frame.ask(name2, value);
  const hold = (feature, value) => {
    model.set("focused", feature);
    ask("strengths", model.get("strengths").map((old, i) => model.get("features")[i] === feature ? value : old));
  };
  const title = make("h3", { class: "wb-title" });
  const status = make("span", { class: "wb-muted wb-mono" });
  const verb = make("button", { type: "button", class: "wb-button" });
  verb.addEventListener("click", () => frame.say({ kind: model.get("running") ? "cancel" : "generate" }));
  const prompt = textField("Prompt", "Run", (text) => ask("prompt", text));
  const seed = numberField("Seed", readSeed, (value) => ask("seed", value));
  const temperature = numberField("Temperature", (text) => notNegative(text, "temperature"), (value) => ask("temperature", value));
  const bank = make("div", { class: "wb-steering-sliders" });
  const add = make("button", { type: "button", class: "wb-button wb-steering-add", hidden: true });
  add.addEventListener("click", () => frame.say({ kind: "add", feature: model.get("focused") }));
  const asked = make("div", { class: "wb-steering-prompt" });
  let sliders = [];
  let built = [];
  const another = make("button", { type: "button", class: "wb-link wb-muted" }, "Draw another");
  another.addEventListener("click", () => ask("draw", model.get("draw") + 1));
  const plain = writing("Plain", "plain");
  const steered = writing("Steered", "steered");
  const control = writing("Control", "control", ...frame.alive ? [another] : []);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ prompt: prompt.fail, "": (message) => write(failure, message) });
  const settings = make("div", { class: "wb-toolbar" }, seed.element, temperature.element);
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-steering-status wb-steering-wait" }, status, verb)),
    ...frame.alive ? [make("div", { class: "wb-steering-ask" }, prompt.element, settings)] : [asked],
    bank,
    add,
    make("div", { class: "wb-steering-texts" }, plain.element, steered.element, control.element),
    failure
  );
  let progress = null;
  const rebuilt = changes();
  const draw = () => {
    const running = model.get("running");
    if (!running) progress = null;
    const texts = progress ?? textsOf((name2) => model.get(name2));
    const strengths = model.get("strengths");
    const isOff = strengths.every((value) => value === 0);
    const [features, controls] = [model.get("features"), model.get("controls")];
    const now = { running, plain: texts.plain, limit: model.get("new_tokens") };
    write(title, `Steering ${plural(features.length, "feature")} · up to ${plural(model.get("new_tokens"), "token")} a text`);
    write(status, statusOf(texts.rate, running, model.get("cancelled")));
    verb.textContent = running ? "Cancel" : "Generate";
    show(verb, frame.alive && (running || model.get("cancelled") || model.get("error") !== ""));
    attribute(frame.root, "data-running", running);
    placeError(model.get("error"), model.get("error_at"));
    prompt.set(model.get("prompt"));
    seed.set(model.get("seed"));
    temperature.set(model.get("temperature"));
    if (rebuilt(features.join(), model.get("labels").join("\0"))) build(features);
    const focused = model.get("focused");
    sliders.forEach((slider, i) => {
      slider.set(strengths[i] ?? 0);
      slider.element.classList.toggle("wb-focused", features[i] === focused && features.length > 1);
    });
    show(add, frame.alive && focused >= 0 && !features.includes(focused));
    add.textContent = `Add feature ${focused}`;
    write(asked, frame.alive ? "" : visible(model.get("prompt")));
    plain.draw({ ...now, text: texts.plain, tokens: texts.counts[0] ?? 0, about: "no edit" });
    const held = isOff ? "every slider is off: no edit" : heldAt("feature", features, strengths);
    steered.draw({ ...now, text: texts.steered, tokens: texts.counts[1] ?? 0, about: held });
    const isMatched = controls.length === features.length;
    const drawn = isMatched ? heldAt("random feature", controls, strengths) + densities() : "no other feature is on as often";
    control.draw({ ...now, text: texts.control, tokens: texts.counts[2] ?? 0, about: isOff ? "every slider is off: no edit" : drawn });
    show(another, !isOff && isMatched);
    frame.footer("one prompt, one seed: an illustration, not a measurement");
  };
  const build = (features) => {
    const held = sliders.findIndex(({ element }) => element.contains(focusNear(bank)));
    const [labels, maxima] = [model.get("labels"), model.get("maxima")];
    sliders = features.map((feature, i) => {
      const about = { feature, label: visible(labels[i] ?? ""), maximum: maxima[i] ?? Number.NaN };
      const slider = strengthSlider(about, (value) => hold(feature, value), { inert: !frame.alive });
      if (frame.alive && features.length > 1) {
        const name2 = `Remove feature ${feature}`;
        const remove = make("button", { type: "button", class: "wb-clear", "aria-label": name2, title: name2 }, "×");
        remove.addEventListener("click", () => frame.say({ kind: "remove", feature }));
        slider.element.append(remove);
      }
      return slider;
    });
    bank.replaceChildren(...sliders.map((slider) => slider.element));
    if (held >= 0) sliders[heldThen(built, held, features)]?.element.querySelector("input")?.focus();
    built = features;
  };
  const tableOf = () => {
    const texts = progress ?? textsOf((name2) => model.get(name2));
    const rows = ["plain", "steered", "control"].map((name2, i) => [name2, String(texts.counts[i] ?? 0), visible(texts[name2])]);
    return { caption: visible(model.get("prompt")), columns: ["text", "tokens", "what was written"], rows };
  };
  const densities = () => {
    const held = model.get("strengths").flatMap((value, i) => value === 0 ? [] : [i]);
    if (held.length !== 1) return "";
    const all = model.get("densities");
    const percent = (i) => `${number(100 * (all[i] ?? Number.NaN))} %`;
    return `, on at ${percent(model.get("features").length + held[0])} of tokens (steered: ${percent(held[0])})`;
  };
  const hear = (message) => {
    if (message?.kind !== "text" || message.run < model.get("run")) return;
    progress = message;
    frame.draw();
  };
  model.on("msg:custom", hear);
  const close = frame.open();
  return () => {
    model.off("msg:custom", hear);
    close();
  };
};
function readSeed(text) {
  return wholeNumber(text, { low: 0, high: 2 ** 31 - 1, noun: "seed" });
}
function textsOf(get) {
  return { plain: get("plain"), steered: get("steered"), control: get("control"), counts: get("counts"), rate: get("rate") };
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
function writing(name2, kind, ...extras) {
  const about = make("div", { class: "wb-muted wb-written-about" });
  const same = make("span");
  const changed = make("span", { class: "wb-written-changed" });
  const text = make("div", { class: "wb-written-text", dir: "auto", "aria-live": "polite" }, same, changed);
  const heading = make("div", { class: "wb-written-heading" }, make("h4", {}, name2), ...extras);
  const foot = make("div", { class: "wb-muted" });
  const element = make("section", { class: `wb-written wb-written-${kind}`, "aria-label": `${name2} text` });
  element.append(heading, about, text, foot);
  return {
    element,
    draw(now) {
      const { length, words } = kind === "plain" ? { length: now.text.length, words: 0 } : agreement(now.plain, now.text);
      write(about, now.about);
      write(same, visible(now.text.slice(0, length)).replace(/^ /, ""));
      write(changed, visible(now.text.slice(length)).replace(/^ /, length > 0 ? " " : ""));
      attribute(text, "aria-busy", now.running);
      const isSame = length === now.text.length && length === now.plain.length;
      const comparison = kind === "plain" || now.tokens === 0 ? "" : ` · ${comparisonOf(isSame, words)}`;
      write(foot, lengthOf(now) + comparison);
    }
  };
}
function lengthOf({ tokens, limit, running }) {
  if (running) return `${count(tokens)} of ${plural(limit, "token")}`;
  return tokens === 0 ? "–" : plural(tokens, "token");
}
function comparisonOf(isSame, words) {
  if (isSame) return "same as plain";
  return words === 0 ? "differs from the first word" : `differs after ${plural(words, "word")}`;
}
var steering_panel_default = { render };
export {
  steering_panel_default as default
};
