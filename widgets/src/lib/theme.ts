/** Whether the host is light or dark. The host is asked, never the operating system: they often differ. */

import { luminance, parse, type Rgb, SURFACE, type Theme } from "./colour.ts";

/** What can be read off a page about its theme. */
export interface Signs {
  /** Attributes of <html> and <body> that hosts set: JupyterLab, VS Code, Colab, marimo. */
  attributes: Record<string, string>;
  /** Classes of <html> and <body>. */
  classes: string[];
  /** The first background behind the widget that is not transparent. */
  background: Rgb | null;
}

/** The theme by the first sign that says so: the host's attribute, its class, at last luminance. */
export function themeOf({ attributes, classes, background }: Signs): Theme {
  const jupyter = attributes["data-jp-theme-light"];
  if (jupyter !== undefined) return jupyter === "false" ? "dark" : "light";
  for (const name of ["data-vscode-theme-kind", "theme", "data-theme", "data-color-mode"]) {
    const value = attributes[name];
    if (value !== undefined && /dark|high-contrast$/.test(value)) return "dark";
    if (value !== undefined && /light/.test(value)) return "light";
  }
  if (classes.some((name) => /^(vscode-dark|vscode-high-contrast|dark|dark-theme|theme-dark)$/.test(name))) return "dark";
  if (classes.some((name) => /^(vscode-light|light|light-theme|theme-light)$/.test(name))) return "light";
  return background !== null && luminance(background) < 0.2 ? "dark" : "light";
}

/** Read the signs for an element of the page. */
export function signs(element: Element): Signs {
  const { documentElement, body } = element.ownerDocument;
  const pages = [documentElement, body];
  return {
    attributes: Object.fromEntries(pages.flatMap((page) => [...page.attributes].map(({ name, value }) => [name, value]))),
    classes: pages.flatMap((page) => [...page.classList]),
    background: backgroundBehind(element.parentElement),
  };
}

function backgroundBehind(element: Element | null): Rgb | null {
  for (let at = element; at !== null; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour !== null) return colour;
  }
  return null;
}

export interface Surroundings {
  theme: Theme;
  surface: Rgb;
  ink: Rgb;
}

/**
 * Keep `data-wb-theme` of a widget's root in step with its host, and tell what the host paints.
 *
 * A host changes its attribute before its new colours have loaded; so base.css gives the root an
 * imperceptible transition, whose end says that the background is another one now. And a root has nothing behind it
 * until it stands on the page: its first size says that it does.
 */
export function follow(root: HTMLElement, changed: () => void, signal: AbortSignal): () => Surroundings {
  let now: Surroundings | null = null; // to ask for computed colours makes the browser style all that has changed
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
  return () => (root.isConnected ? (now ??= surroundings(root)) : surroundings(root));
}

function surroundings(root: HTMLElement): Surroundings {
  const theme = root.dataset.wbTheme === "dark" ? "dark" : "light";
  const style = getComputedStyle(root);
  const ink = parse(style.color) ?? (theme === "dark" ? [255, 255, 255] : [0, 0, 0]);
  return { theme, surface: parse(style.backgroundColor) ?? SURFACE[theme], ink };
}
