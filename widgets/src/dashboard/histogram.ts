/** A histogram of exact counts, in the colours of its own scale; a value that is marked shows in which bin it lies. */

import { changes, make, show, write } from "../lib/dom.ts";
import { count, number } from "../lib/number.ts";
import { binOf, type Histogram } from "./card.ts";

export interface HistogramView {
  element: HTMLElement;
  set(about: { histogram: Histogram | null; title: string; empty: string; colour(value: number): string; key: string }): void;
  /** Show where a value lies; null: nowhere. */
  mark(value: number | null): void;
}

const SVG = "http://www.w3.org/2000/svg";
/** A bin that holds anything is seen, however few there are in it: in hundredths of the height. */
const LEAST = 1.5;

/** How high the bars are, in hundredths of the highest. */
export function heights(counts: readonly number[]): number[] {
  const most = Math.max(1e-12, ...counts);
  return counts.map((n) => (n > 0 ? Math.max(LEAST, (100 * n) / most) : 0));
}

export function histogramView(hover: (range: { low: number; high: number } | null) => void): HistogramView {
  const title = make("span", { class: "wb-label" });
  const says = make("span", { class: "wb-muted wb-mono" });
  const chart = document.createElementNS(SVG, "svg");
  chart.setAttribute("viewBox", "0 0 100 100");
  chart.setAttribute("preserveAspectRatio", "none");
  chart.setAttribute("aria-hidden", "true");
  const line = make("div", { class: "wb-hist-line", hidden: true });
  const ends = make("div", { class: "wb-legend-ends" });
  const field = make("div", { class: "wb-hist-field" }, line);
  field.prepend(chart);
  const empty = make("div", { class: "wb-muted wb-hist-empty", hidden: true });
  const body = make("div", {}, field, ends);
  const element = make("div", { class: "wb-hist" }, make("div", { class: "wb-hist-head" }, title, says), body, empty);
  let now: Histogram | null = null;
  let bars: SVGRectElement[] = [];
  let marked: number | null = null;
  let over = -1;
  const rebuilt = changes();

  const bar = (i: number, of: number) => {
    const made = document.createElementNS(SVG, "rect");
    made.setAttribute("x", String((100 * i) / of));
    made.setAttribute("width", String(100 / of));
    return made;
  };
  const tell = () => {
    const bin = over >= 0 ? over : marked === null || now === null ? -1 : binOf(now.edges, marked);
    bars.forEach((one, i) => one.classList.toggle("wb-here", i === bin));
    show(line, marked !== null && bin >= 0 && over < 0);
    if (now === null || bin < 0) return write(says, "");
    const [low, high, n] = [now.edges[bin]!, now.edges[bin + 1]!, now.counts[bin]!];
    says.textContent = `${number(low)} to ${number(high)} · n ${Number.isInteger(n) ? count(n) : number(n)}`;
    show(says, true);
    const span = now.edges.at(-1)! - now.edges[0]!;
    if (marked !== null && span > 0) line.style.insetInlineStart = `${(100 * (marked - now.edges[0]!)) / span}%`;
  };
  field.addEventListener("pointermove", (event) => {
    if (now === null) return;
    const { left, width } = field.getBoundingClientRect();
    const bin = Math.min(now.counts.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * now.counts.length)));
    if (bin === over) return;
    over = bin;
    tell();
    hover({ low: now.edges[bin]!, high: now.edges[bin + 1]! });
  });
  field.addEventListener("pointerleave", () => {
    over = -1;
    tell();
    hover(null);
  });

  return {
    element,
    set({ histogram, title: words, empty: reason, colour, key }) {
      write(title, words);
      if (!rebuilt(histogram, key, reason)) return;
      now = histogram;
      over = -1;
      marked = null;
      show(body, histogram !== null);
      write(empty, histogram === null ? reason : "");
      if (histogram === null) return tell();
      const { edges, counts } = histogram;
      if (bars.length !== counts.length) {
        bars = counts.map((_, i) => bar(i, counts.length));
        chart.replaceChildren(...bars);
      }
      heights(counts).forEach((height, i) => {
        bars[i]!.setAttribute("y", String(100 - height));
        bars[i]!.setAttribute("height", String(height));
        bars[i]!.style.fill = colour((edges[i]! + edges[i + 1]!) / 2);
      });
      const [low, high] = [edges[0]!, edges.at(-1)!];
      const zero = make("span", { class: "wb-hist-zero" }, "0");
      zero.style.insetInlineStart = `${(100 * -low) / (high - low)}%`;
      ends.replaceChildren(make("span", {}, number(low)), ...(low < 0 && high > 0 ? [zero] : []), make("span", {}, number(high)));
      tell();
    },
    mark(value) {
      if (value === marked) return;
      marked = value;
      tell();
    },
  };
}
