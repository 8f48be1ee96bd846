/** All features as points on a plane: hovering names the nearest, a click goes there, arrows walk to the nearest one. */

import { attribute, make, perFrame } from "../lib/dom.ts";

export interface Scatter {
  element: HTMLElement;
  set(places: ArrayLike<number>, isThere: (feature: number) => boolean): void;
  paint(look: { point: string; listed: string; here: string; surface: string }, here: readonly number[], listed: ReadonlySet<number>): void;
}

export interface Frame {
  left: number;
  top: number;
  scale: number;
}

const MARGIN = 12;
/** How near a hand must be, in pixels. */
const NEAR = 14;

/** What brings points into a field of a size: their middle in its middle, one scale for both directions. */
export function fitted(places: ArrayLike<number>, width: number, height: number): Frame {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < places.length; i += 2) {
    const [x, y] = [places[i]!, places[i + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  if (x0 > x1) return { left: width / 2, top: height / 2, scale: 1 };
  const scale = Math.min((width - 2 * MARGIN) / Math.max(1e-9, x1 - x0), (height - 2 * MARGIN) / Math.max(1e-9, y1 - y0));
  return { left: width / 2 - (scale * (x0 + x1)) / 2, top: height / 2 - (scale * (y0 + y1)) / 2, scale };
}

/** The feature nearest to a place on the field, and no farther than `near`; -1 if there is none. */
export function nearest(places: ArrayLike<number>, { left, top, scale }: Frame, x: number, y: number, near: number, isThere: (feature: number) => boolean): number {
  let [best, least] = [-1, near * near];
  for (let f = 0; 2 * f + 1 < places.length; f++) {
    const [dx, dy] = [left + scale * places[2 * f]! - x, top + scale * places[2 * f + 1]! - y];
    const distance = dx * dx + dy * dy;
    if (distance <= least && isThere(f)) [best, least] = [f, distance];
  }
  return best;
}

export function scatter(hands: { preview(feature: number): void; go(feature: number): void }, signal: AbortSignal): Scatter {
  const canvas = make("canvas", { class: "wb-scatter", tabindex: 0, role: "application", "aria-label": "Map of features: arrows walk, Enter goes there" });
  const element = make("div", { class: "wb-scatter-box" }, canvas);
  let places: ArrayLike<number> = [];
  let there: (feature: number) => boolean = () => false;
  let frame: Frame = { left: 0, top: 0, scale: 1 };
  let over = -1;
  let last: Parameters<Scatter["paint"]> | null = null;

  const draw = perFrame(() => {
    const context = canvas.getContext("2d");
    if (context === null || last === null) return;
    const [look, here, listed] = last;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    context.scale(ratio, ratio);
    frame = fitted(places, width, height);
    const place = (f: number): [number, number] => [frame.left + frame.scale * places[2 * f]!, frame.top + frame.scale * places[2 * f + 1]!];
    const n = places.length / 2;
    const size = n > 20000 ? 1 : n > 2000 ? 1.6 : 2.4;
    context.fillStyle = look.point;
    context.globalAlpha = n > 5000 ? 0.35 : 0.55;
    for (let f = 0; f < n; f++) {
      if (!there(f)) continue;
      const [x, y] = place(f);
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
    context.globalAlpha = 1;
    const dot = (f: number, radius: number, fill: string) => {
      if (2 * f + 1 >= places.length) return;
      const [x, y] = place(f);
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      context.fillStyle = fill;
      context.fill();
      context.strokeStyle = look.surface;
      context.lineWidth = 1;
      context.stroke();
    };
    for (const f of listed) dot(f, 3, look.listed);
    here.forEach((f, i) => f >= 0 && dot(f, i === 0 ? 6 : 5, look.here));
    if (over >= 0) {
      const [x, y] = place(over);
      context.beginPath();
      context.arc(x, y, 7, 0, 7);
      context.strokeStyle = look.listed;
      context.lineWidth = 2;
      context.stroke();
    }
  }, signal);
  const preview = (feature: number) => {
    if (feature === over) return;
    over = feature;
    hands.preview(feature);
    draw();
  };
  const options = { signal };
  const under = (event: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return nearest(places, frame, event.clientX - left, event.clientY - top, NEAR, there);
  };
  canvas.addEventListener("pointermove", (event) => preview(under(event)), options);
  canvas.addEventListener("pointerleave", () => preview(-1), options);
  canvas.addEventListener("click", (event) => {
    const feature = under(event);
    if (feature >= 0) hands.go(feature);
  }, options);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const from = over >= 0 ? over : (last?.[1][0] ?? -1);
    if (way !== undefined && from >= 0) preview(towards(places, from, way as [number, number], there));
    else if (event.key === "Enter" && over >= 0) hands.go(over);
    else if (event.key === "Escape" && over >= 0) preview(-1);
    else return;
    event.preventDefault();
  }, options);
  const resized = new ResizeObserver(draw);
  resized.observe(canvas);
  signal.addEventListener("abort", () => resized.disconnect());

  return {
    element,
    set(next, isThere) {
      [places, there, over] = [next, isThere, -1];
      attribute(canvas, "data-features", places.length / 2);
      draw();
    },
    paint(...now) {
      last = now;
      draw();
    },
  };
}

/** The next feature in a direction: near, and not much to the side; the same if there is none. */
export function towards(places: ArrayLike<number>, from: number, [dx, dy]: readonly [number, number], isThere: (feature: number) => boolean): number {
  let [best, least] = [from, Infinity];
  for (let f = 0; 2 * f + 1 < places.length; f++) {
    const [x, y] = [places[2 * f]! - places[2 * from]!, places[2 * f + 1]! - places[2 * from + 1]!];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    const cost = ahead + 2 * aside;
    if (f !== from && ahead > 0 && cost < least && isThere(f)) [best, least] = [f, cost];
  }
  return best;
}
