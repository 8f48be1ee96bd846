/** Building elements. Text goes in as text: nothing here, or anywhere, parses markup. */

type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (true: present, false or undefined: absent) and children; strings become text nodes. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) attribute(element, name, value);
  element.append(...children);
  return element;
}

export function attribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Show an element only if it has something to say or do. */
export function show(element: HTMLElement, visible: boolean): void {
  element.hidden = !visible;
}

/** Set text only where it differs, so that live regions speak once and selections survive; without text it is hidden. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  show(element, text !== "");
}

/** A function that runs once in the next animation frame, however often it is called before. */
export function perFrame(work: () => void, signal: AbortSignal): () => void {
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

/** Tells whether any of the things it is asked about differs from the last time: work is done once per change. */
export function changes(): (...parts: unknown[]) => boolean {
  let last: unknown[] | null = null;
  return (...parts) => {
    const isSame = last !== null && parts.length === last.length && parts.every((part, i) => part === last![i]);
    last = parts;
    return !isSame;
  };
}

/** The element that has the focus, in the page or in the shadow root that holds `near`. */
export function focusNear(near: Element): Element | null {
  return (near.getRootNode() as Document | ShadowRoot).activeElement;
}

/**
 * Do work that may hide or replace what has the focus: then `root` takes the focus, unless the work has moved it, so
 * that the next key or Tab goes on from here and not from the start of the page.
 */
export function keepFocus(root: HTMLElement, work: () => void): void {
  const before = focusNear(root);
  const wasInside = before !== null && root.contains(before);
  work();
  if (!wasInside) return;
  const after = focusNear(root);
  const isMoved = after !== null && after !== before && root.contains(after);
  const isLost = !root.contains(before) || before.closest("[hidden]") !== null;
  if (isLost && !isMoved) root.focus({ preventScroll: true });
}

/** Puts an error where the hand was: in the field of that name, or in the one called "" if there is none. */
export function errorPlacer(fields: Record<string, (message: string) => void>): (message: string, at: string) => void {
  let last = "";
  let clear = () => {};
  return (message, at) => {
    if (message + at === last) return;
    last = message + at;
    clear();
    const fail = fields[at] ?? fields[""];
    clear = () => fail?.("");
    if (message !== "") fail?.(message);
  };
}

let made = 0;
/** An id that no other element of the page has, to tie a label or an error to its control. */
export function freshId(): string {
  made += 1;
  return `wb-${made}-${Math.random().toString(36).slice(2, 8)}`;
}
