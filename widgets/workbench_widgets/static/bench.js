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
  const row = make("div", { class: "wb-stepper" }, less, input, more);
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
    element: make("div", { class: "wb-control" }, label, row, total, error),
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

// src/bench.ts
var render = ({ model, el }) => {
  const frame = shell({
    model,
    el,
    kind: "bench",
    label: "Bench",
    offline: "a script that is open can be read and copied.",
    draw: () => draw(),
    table: () => tableOf(model.get("chosen"))
  });
  const select = (field, value) => frame.say({ kind: "select", field, value });
  const verb = (name2, content) => {
    const button = make("button", { type: "button", class: "wb-button" }, name2);
    button.addEventListener("click", () => frame.say(content));
    return button;
  };
  const title = make("h3", { class: "wb-title" });
  const undo = verb("Undo", { kind: "undo" });
  const redo = verb("Redo", { kind: "redo" });
  const code = make("button", { type: "button", class: "wb-button", "aria-expanded": "false" }, "Code");
  code.addEventListener("click", () => frame.ask("is_open", !model.get("is_open")));
  const text = make("div", { class: "wb-bench-text", dir: "auto" });
  const token = fact("Token", () => select("token", null));
  const site = fact("Site", null);
  const example = fact("Example", () => select("example", null));
  const layer = choice("Layer", (value) => select("layer", Number(value)));
  const feature = stepper((value) => select("feature", value));
  const script = make("pre", { class: "wb-bench-script", tabindex: 0, "aria-label": "The gestures as Python" });
  const copy = make("button", { type: "button", class: "wb-link wb-muted" }, "Copy");
  copy.addEventListener("click", () => copyText(model.get("script"), script, copy));
  const written = make("div", { class: "wb-bench-code", hidden: true }, script, copy);
  const failure = make("div", { class: "wb-error", role: "alert", hidden: true });
  const placeError = errorPlacer({ feature: feature.fail, "": (message) => write(failure, message) });
  frame.body.append(
    make("header", { class: "wb-header" }, title, make("div", { class: "wb-bench-verbs" }, undo, redo, code)),
    text,
    make("div", { class: "wb-toolbar" }, token.element, layer.element, site.element, feature.element, example.element),
    failure,
    written
  );
  const draw = () => {
    const chosen = model.get("chosen");
    write(title, `Bench · ${plural(model.get("listed").length, "view")}`);
    write(text, chosen.text === null ? "No text is selected" : visible(chosen.text));
    attribute(text, "data-empty", chosen.text === null);
    token.set(chosen.token === null ? "" : `${chosen.token}${chosen.piece === "" ? "" : ` ${nameOf(chosen.piece)}`}`);
    site.set(chosen.site ?? "");
    example.set(chosen.example === null ? "" : String(chosen.example));
    const layers = Array.from({ length: model.get("layers") }, (_, i) => String(i));
    layer.set({ options: layers, value: chosen.layer === null ? "" : String(chosen.layer) });
    show(feature.element, model.get("width") > 0);
    feature.set({ value: chosen.feature ?? Number.NaN, high: model.get("width") - 1, noun: "feature", label: "Feature" });
    step(undo, "Undo", model.get("undoable"));
    step(redo, "Redo", model.get("redoable"));
    attribute(code, "aria-expanded", String(model.get("is_open")));
    code.textContent = model.get("is_open") ? "Hide code" : "Code";
    show(written, model.get("is_open") && model.get("script") !== "");
    write(script, visible(model.get("script")));
    placeError(model.get("error"), model.get("error_at"));
    frame.footer();
  };
  const step = (button, name2, what) => {
    show(button, what !== "");
    attribute(button, "title", `${name2}: ${visible(what)}`);
    attribute(button, "aria-label", `${name2}: ${visible(what)}`);
  };
  return frame.open();
};
function fact(name2, clear) {
  const value = make("span", { class: "wb-mono" });
  const element = make("div", { class: "wb-control", hidden: true }, make("span", { class: "wb-label" }, name2), value);
  if (clear !== null) {
    const button = make("button", { type: "button", class: "wb-clear", "aria-label": `Select no ${name2.toLowerCase()}` }, "×");
    button.addEventListener("click", clear);
    element.append(button);
  }
  return {
    element,
    set(text) {
      write(value, text);
      show(element, text !== "");
    }
  };
}
function tableOf(chosen) {
  const fields = ["text", "token", "layer", "site", "feature", "example"];
  const said = (value) => value === null ? "–" : typeof value === "number" ? number(value) : visible(value);
  return { caption: "Selection", columns: ["field", "value"], rows: fields.map((field) => [field, said(chosen[field])]) };
}
async function copyText(text, shown2, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(shown2);
    button.textContent = "Selected: copy it with the keyboard";
  }
  setTimeout(() => button.textContent = "Copy", 2e3);
}
var bench_default = { render };
export {
  bench_default as default
};
