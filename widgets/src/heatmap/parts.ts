/** What is shown, offered to what takes parts of the model out: the unit, and its layer. */

import { changes, make, show } from "../lib/dom.ts";
import type { View } from "./view.ts";

export interface Offer {
  what: "unit" | "layer";
  words: string;
}

/** The parts that a view shows; a token of the vocabulary is none. */
export function partsIn({ stream, noun, unit, layers }: Pick<View, "stream" | "noun" | "unit" | "layers">, at: number): Offer[] {
  if (stream === "logits") return [];
  const words = stream === "head_out" ? "Ablate this head" : `Ablate ${noun} ${unit}`;
  const layer = layers[at];
  return [{ what: "unit", words }, ...(layer === undefined ? [] : [{ what: "layer", words: `Ablate layer ${layer}` } as const])];
}

/** A button for each. */
export function giver(give: (what: Offer["what"]) => void): { element: HTMLElement; set(offers: Offer[]): void } {
  const buttons = { unit: button(() => give("unit")), layer: button(() => give("layer")) };
  const element = make("div", { class: "wb-heatmap-parts" }, buttons.unit, buttons.layer);
  const isNew = changes();
  return {
    element,
    set(offers) {
      if (!isNew(offers.map(({ words }) => words).join())) return;
      show(element, offers.length > 0);
      for (const what of ["unit", "layer"] as const) {
        const offer = offers.find((one) => one.what === what);
        show(buttons[what], offer !== undefined);
        if (offer) buttons[what].textContent = offer.words;
      }
    },
  };
}

function button(act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: "wb-button" });
  made.addEventListener("click", act);
  return made;
}
