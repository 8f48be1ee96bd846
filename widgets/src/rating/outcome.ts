/** What raters found: the mean of every source beside its control, with whiskers, on the scale of the rubric. */

import { make } from "../lib/dom.ts";
import { number, plural } from "../lib/number.ts";

/** A row of `workbench.explore.results`; what is not there is null. */
export interface Source {
  source: string;
  score: number | null;
  low: number | null;
  high: number | null;
  units: number;
  items: number;
  ratings: number;
  raters: number;
  alpha: number | null;
  alpha_low: number | null;
  alpha_high: number | null;
  silent: number | null;
  silent_low: number | null;
  silent_high: number | null;
  silent_n: number;
}

export interface Interval {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** "2.31 [2.05, 2.57]"; an en dash for what is not there. */
export function interval({ value, low, high }: Interval): string {
  const shown = (part: number | null) => number(part ?? Number.NaN);
  return value === null ? shown(null) : `${shown(value)} [${shown(low)}, ${shown(high)}]`;
}

/** Where a value stands on the scale, in percent. */
export function share(value: number, high: number): number {
  return (100 * Math.min(high, Math.max(0, value))) / high;
}

/** The sources with the control of each beneath it; what is of all sources together has no mean worth a mark. */
export function lines(sources: readonly Source[]): { name: string; kind: "fires" | "silent"; mean: Interval; n: number }[] {
  return sources
    .filter(({ source }) => source !== "all")
    .flatMap((one) => [
      { name: one.source, kind: "fires" as const, mean: { value: one.score, low: one.low, high: one.high }, n: one.units },
      {
        name: "where silent",
        kind: "silent" as const,
        mean: { value: one.silent, low: one.silent_low, high: one.silent_high },
        n: one.silent_n,
      },
    ]);
}

/** The chart: a line for each mean, all on one scale from 0 to `high`. */
export function outcomeChart(sources: readonly Source[], high: number): HTMLElement {
  const chart = make("div", { class: "wb-outcome", role: "img", "aria-label": spoken(sources) });
  const ticks = Array.from({ length: high + 1 }, (_, score) => place(make("span", {}, String(score)), share(score, high)));
  const axis = make("div", { class: "wb-outcome-axis" }, ...ticks);
  chart.append(make("span"), axis, make("span", { class: "wb-muted" }, "mean score [95 %]"));
  for (const { name, kind, mean, n } of lines(sources)) {
    const track = make("div", { class: `wb-outcome-track wb-outcome-${kind}` });
    for (let score = 0; score <= high; score++) track.append(place(make("i"), share(score, high)));
    if (mean.value !== null) {
      const [low, top] = [share(mean.low ?? mean.value, high), share(mean.high ?? mean.value, high)];
      const whisker = place(make("b"), low);
      whisker.style.width = `${top - low}%`;
      track.append(whisker, place(make("em"), share(mean.value, high)));
    }
    const words = make("span", { class: "wb-mono" }, interval(mean), " ");
    words.append(make("span", { class: "wb-muted" }, plural(n, "unit")));
    chart.append(make("span", { class: `wb-outcome-name wb-outcome-${kind}` }, name), track, words);
  }
  return chart;
}

function place(element: HTMLElement, percent: number): HTMLElement {
  element.style.insetInlineStart = `${percent}%`;
  return element;
}

function spoken(sources: readonly Source[]): string {
  return lines(sources).map(({ name, mean, n }) => `${name}: ${interval(mean)}, ${plural(n, "unit")}`).join("; ");
}
