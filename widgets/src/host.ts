/**
 * A page that shows widgets without Python: what `to_html` puts into its file beside them.
 *
 * A widget is the one that Jupyter shows, over a model that keeps what is set and sends nothing. Widgets of the
 * same text share their pinned token and layer, as they do in a Bench.
 */

interface Exported {
  /** Which of the page's programs draws it. */
  program: string;
  state: Record<string, unknown>;
  buffers: { path: (string | number)[]; data: string }[];
  /** What a shared selection calls its traits: selection field → trait. */
  links: Record<string, string>;
}

type Listener = (...parts: unknown[]) => void;

/** The model of a widget on a page without Python: it holds the state, tells of changes, and drops what is sent. */
export class LoneModel {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly state: Record<string, unknown>;

  constructor(state: Record<string, unknown>) {
    this.state = { ...state, alone: true };
  }

  get(name: string): unknown {
    return this.state[name];
  }

  set(name: string, value: unknown): void {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    this.tell(`change:${name}`, this, value);
    this.tell("change", this);
  }

  save_changes(): void {}

  send(): void {}

  on(names: string, listener: Listener): void {
    for (const name of names.split(" ")) {
      const all = this.listeners.get(name) ?? new Set();
      this.listeners.set(name, all.add(listener));
    }
  }

  off(names?: string | null, listener?: Listener | null): void {
    for (const name of names?.split(" ") ?? [...this.listeners.keys()]) {
      if (listener) this.listeners.get(name)?.delete(listener);
      else this.listeners.delete(name);
    }
  }

  private tell(name: string, ...parts: unknown[]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(...parts);
  }
}

/** Put the bytes back where they belong in a state. */
export function withBuffers(state: Record<string, unknown>, buffers: Exported["buffers"]): Record<string, unknown> {
  for (const { path, data } of buffers) {
    let place = state as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
    place[path.at(-1)!] = new DataView(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer);
  }
  return state;
}

interface Linked {
  model: LoneModel;
  links: Record<string, string>;
}

/** Keep the pinned token and the layer of widgets in step that show the same text. */
export function link(all: readonly Linked[]): void {
  const SHARED = ["token", "layer"];
  const textOf = ({ model, links }: Linked) => (links.text === undefined ? undefined : model.get(links.text));
  for (const one of all) {
    for (const field of SHARED) {
      const trait = one.links[field];
      if (trait === undefined) continue;
      one.model.on(`change:${trait}`, () => {
        for (const other of all) {
          const theirs = other.links[field];
          if (other !== one && theirs !== undefined && textOf(other) === textOf(one)) other.model.set(theirs, one.model.get(trait));
        }
      });
    }
  }
}

async function show(): Promise<void> {
  const read = (id: string) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const programs: Record<string, string> = read("wb-programs");
  const modules = new Map<string, { default: { render(context: object): unknown } }>();
  for (const [name, source] of Object.entries(programs)) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    modules.set(name, await import(url));
    URL.revokeObjectURL(url);
  }
  const exported: Exported[] = read("wb-widgets");
  const linked = exported.map(({ state, buffers, links }) => ({ model: new LoneModel(withBuffers(state, buffers)), links }));
  link(linked);
  exported.forEach(({ program }, i) => {
    const el = document.createElement("div");
    document.querySelector("main")!.append(el);
    modules.get(program)!.default.render({ model: linked[i]!.model, el, signal: new AbortController().signal });
    el.dataset.shown = "";
  });
}

function themed(): void {
  const page = document.documentElement;
  const button = document.getElementById("wb-theme")!;
  const set = (theme: string) => {
    page.dataset.theme = theme;
    button.textContent = theme === "dark" ? "Light" : "Dark";
  };
  set(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"); // here the page itself is the host
  button.addEventListener("click", () => set(page.dataset.theme === "dark" ? "light" : "dark"));
}

if (globalThis.document?.getElementById("wb-widgets")) {
  themed();
  await show();
}
