/** A few ways to look at the same thing, side by side: one is chosen, arrows move, as in any radio group. */

import { attribute, changes, focusNear, make, show } from "./dom.ts";

export interface Tab {
  value: string;
  name: string;
  title?: string;
}

export interface Tabs {
  element: HTMLElement;
  /** Which there are, and which is chosen; fewer than two are hidden. */
  set(tabs: readonly Tab[], value: string): void;
}

/** The place a key leads to in a row of so many; null for other keys. */
export function movedTo(key: string, at: number, of: number): number | null {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (key === "Home") return 0;
  if (key === "End") return of - 1;
  return step === undefined ? null : (at + step + of) % of;
}

export function tabs(label: string, chosen: (value: string) => void): Tabs {
  const element = make("div", { class: "wb-segments", role: "radiogroup", "aria-label": label });
  let buttons: HTMLButtonElement[] = [];
  let now: readonly Tab[] = [];
  const rebuilt = changes();

  const build = () => {
    const held = buttons.indexOf(focusNear(element) as HTMLButtonElement);
    buttons = now.map(({ value, name, title }, i) => {
      const button = make("button", { type: "button", role: "radio", title }, name);
      button.addEventListener("click", () => chosen(value));
      button.addEventListener("keydown", (event) => {
        const to = movedTo(event.key, i, now.length);
        if (to === null) return;
        event.preventDefault();
        buttons[to]!.focus();
        chosen(now[to]!.value);
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
      if (rebuilt(next.map((tab) => `${tab.value}\t${tab.name}\t${tab.title ?? ""}`).join("\n"))) build();
      show(element, next.length > 1);
      const at = next.findIndex((tab) => tab.value === value);
      buttons.forEach((button, i) => {
        attribute(button, "aria-checked", String(i === at));
        button.tabIndex = i === Math.max(0, at) ? 0 : -1;
      });
    },
  };
}
