// generated from widgets/src by build.mjs; do not edit

// src/host.ts
var LoneModel = class {
  listeners = /* @__PURE__ */ new Map();
  state;
  constructor(state) {
    this.state = { ...state, alone: true };
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    this.tell(`change:${name}`, this, value);
    this.tell("change", this);
  }
  save_changes() {
  }
  send() {
  }
  on(names, listener) {
    for (const name of names.split(" ")) {
      const all = this.listeners.get(name) ?? /* @__PURE__ */ new Set();
      this.listeners.set(name, all.add(listener));
    }
  }
  off(names, listener) {
    for (const name of names?.split(" ") ?? [...this.listeners.keys()]) {
      if (listener) this.listeners.get(name)?.delete(listener);
      else this.listeners.delete(name);
    }
  }
  tell(name, ...parts) {
    for (const listener of [...this.listeners.get(name) ?? []]) listener(...parts);
  }
};
function withBuffers(state, buffers) {
  for (const { path, data } of buffers) {
    let place = state;
    for (const key of path.slice(0, -1)) place = place[key];
    place[path.at(-1)] = new DataView(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer);
  }
  return state;
}
function link(all) {
  const SHARED = ["token", "layer"];
  const textOf = ({ model, links }) => links.text === void 0 ? void 0 : model.get(links.text);
  for (const one of all) {
    for (const field of SHARED) {
      const trait = one.links[field];
      if (trait === void 0) continue;
      one.model.on(`change:${trait}`, () => {
        for (const other of all) {
          const theirs = other.links[field];
          if (other !== one && theirs !== void 0 && textOf(other) === textOf(one)) other.model.set(theirs, one.model.get(trait));
        }
      });
    }
  }
}
async function show() {
  const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const programs = read("wb-programs");
  const modules = /* @__PURE__ */ new Map();
  for (const [name, source] of Object.entries(programs)) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    modules.set(name, await import(url));
    URL.revokeObjectURL(url);
  }
  const exported = read("wb-widgets");
  const linked = exported.map(({ state, buffers, links }) => ({ model: new LoneModel(withBuffers(state, buffers)), links }));
  link(linked);
  exported.forEach(({ program }, i) => {
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    modules.get(program).default.render({ model: linked[i].model, el, signal: new AbortController().signal });
    el.dataset.shown = "";
  });
}
function themed() {
  const page = document.documentElement;
  const button = document.getElementById("wb-theme");
  const set = (theme) => {
    page.dataset.theme = theme;
    button.textContent = theme === "dark" ? "Light" : "Dark";
  };
  set(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  button.addEventListener("click", () => set(page.dataset.theme === "dark" ? "light" : "dark"));
}
if (globalThis.document?.getElementById("wb-widgets")) {
  themed();
  await show();
}
export {
  LoneModel,
  link,
  withBuffers
};
