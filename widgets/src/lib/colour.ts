/**
 * Colour scales and the ink on them.
 *
 * The colours are published ones that people of every colour vision tell apart: ColorBrewer's Oranges for
 * what is never negative, and the two arms of its RdBu, blue below zero and red above, for what is signed
 * (Harrower and Brewer 2003, "ColorBrewer.org", The Cartographic Journal 40). Each begins at the surface that
 * the host paints, so in the dark theme they run from dark to light; and each is walked by its length in OKLab,
 * so that equal steps look equal.
 */

export type Theme = "light" | "dark";
/** Red, green, blue from 0 to 255. */
export type Rgb = readonly [number, number, number];
type Lab = readonly [number, number, number];

export interface Scale {
  low: number;
  high: number;
  colour(value: number): Rgb;
}

/** From the colour next to a light surface to the one furthest from it; a dark surface takes them the other way. */
const ORANGES: readonly Rgb[] = [
  [254, 230, 206], [253, 208, 162], [253, 174, 107], [253, 141, 60], [241, 105, 19], [217, 72, 1], [166, 54, 3], [127, 39, 4],
];
const BLUES: readonly Rgb[] = [[209, 229, 240], [146, 197, 222], [67, 147, 195], [33, 102, 172], [5, 48, 97]];
const REDS: readonly Rgb[] = [[253, 219, 199], [244, 165, 130], [214, 96, 77], [178, 24, 43], [103, 0, 31]];
/** How many of the colours furthest from the surface stay out: a scale ends where ink is still easy to read on it. */
const UNUSED: Record<Theme, number> = { light: 1, dark: 1 };
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
export const SURFACE: Record<Theme, Rgb> = { light: WHITE, dark: [17, 17, 17] };
export const READABLE = 4.5;

/** For values that are never negative: surface at 0, orange at `high`. */
export function sequential(theme: Theme, surface: Rgb, high: number): Scale {
  const orange = path(surface, towards(ORANGES, theme));
  return { low: 0, high, colour: (value) => orange.at(share(value, high) * orange.length) };
}

/** For signed values: blue at −`high`, surface at 0, red at `high`; both arms are as long as the shorter one. */
export function diverging(theme: Theme, surface: Rgb, high: number): Scale {
  const [below, above] = [path(surface, towards(BLUES, theme)), path(surface, towards(REDS, theme))];
  const length = Math.min(below.length, above.length);
  const colour = (value: number) => (value < 0 ? below : above).at(share(Math.abs(value), high) * length);
  return { low: -high, high, colour };
}

function towards(colours: readonly Rgb[], theme: Theme): readonly Rgb[] {
  return (theme === "light" ? colours : [...colours].reverse()).slice(0, -UNUSED[theme]);
}

interface Path {
  /** In OKLab. */
  length: number;
  /** The colour so far along it. */
  at(distance: number): Rgb;
}

/** The way from a surface through published colours, in straight lines through OKLab. */
function path(surface: Rgb, colours: readonly Rgb[]): Path {
  const stops = [surface, ...colours];
  const ends = stops.slice(1).reduce<number[]>((all, stop, i) => [...all, (all.at(-1) ?? 0) + difference(stops[i]!, stop)], []);
  return {
    length: ends.at(-1) ?? 0,
    at(distance) {
      const i = Math.max(0, ends.findIndex((end) => distance <= end));
      const start = ends[i - 1] ?? 0;
      return mix(stops[i]!, stops[i + 1]!, Math.min(1, (distance - start) / (ends[i]! - start || 1)));
    },
  };
}

/** The same scale in 512 steps that are computed once, for many marks; a value that is not a number has the surface. */
export function stepped(scale: Scale): Scale {
  const STEPS = 512;
  const span = scale.high - scale.low;
  const colours = Array.from({ length: STEPS + 1 }, (_, i) => scale.colour(scale.low + (i / STEPS) * span));
  const zero = scale.colour(0);
  const place = (value: number) => Math.round(Math.min(1, Math.max(0, (value - scale.low) / span)) * STEPS);
  return { ...scale, colour: (value) => (span > 0 && value !== 0 && !Number.isNaN(value) ? colours[place(value)]! : zero) };
}

function share(value: number, high: number): number {
  return high > 0 && value > 0 ? Math.min(1, value / high) : 0;
}

/** The colour a part `t` of the way from a to b, in a straight line through OKLab. */
export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  const [from, to] = [toLab(a), toLab(b)];
  const at = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * t;
  return fromLab([at(0), at(1), at(2)]);
}

/** Ink that can be read on a tint: the host's if its contrast is enough, else the better of black and white. */
export function inkOn(tint: Rgb, host: Rgb): Rgb {
  if (contrast(tint, host) >= READABLE) return host;
  return contrast(tint, BLACK) >= contrast(tint, WHITE) ? BLACK : WHITE;
}

/** The WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance, 0 to 1. */
export function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(toLinear) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** How different two colours look: their distance in OKLab. */
export function difference(a: Rgb, b: Rgb): number {
  const [from, to] = [toLab(a), toLab(b)];
  return Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}

/** What `getComputedStyle` gives for a colour; null for one that is transparent or in another form. */
export function parse(css: string): Rgb | null {
  const parts = /^rgba?\(([^)]+)\)$/.exec(css.trim())?.[1]?.split(/[\s,/]+/).map(Number.parseFloat);
  if (parts === undefined || parts.length < 3 || parts.slice(0, 3).some(Number.isNaN) || parts[3] === 0) return null;
  return [parts[0]!, parts[1]!, parts[2]!];
}

export function css(colour: Rgb): string {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}

function toLinear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function fromLinear(linear: number): number {
  const c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return 255 * Math.min(1, Math.max(0, c));
}

/** OKLab, after Björn Ottosson, "A perceptual color space for image processing" (2020). */
function toLab(colour: Rgb): Lab {
  const [r, g, b] = colour.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
