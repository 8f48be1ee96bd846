import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, css, difference, diverging, inkOn, luminance, mix, parse, READABLE, type Rgb, SURFACE, sequential, stepped } from "./colour.ts";

const INK: Record<"light" | "dark", Rgb> = { light: [33, 33, 33], dark: [222, 222, 222] };
const THEMES = ["light", "dark"] as const;
const steps = (n: number) => Array.from({ length: n + 1 }, (_, i) => i / n);

test("every tint of every scale carries ink that can be read", () => {
  for (const theme of THEMES) {
    for (const scale of [sequential(theme, SURFACE[theme], 1), diverging(theme, SURFACE[theme], 1)]) {
      for (const t of steps(200)) {
        const tint = scale.colour(scale.low + t * (scale.high - scale.low));
        assert.ok(contrast(tint, inkOn(tint, INK[theme])) >= READABLE, `${theme} ${t}`);
      }
    }
  }
});

test("the host's own ink stays where it can be read", () => {
  assert.deepEqual(inkOn([255, 255, 255], INK.light), INK.light);
  assert.deepEqual(inkOn(SURFACE.dark, INK.dark), INK.dark);
});

test("equal steps of the sequential scale look equal", () => {
  for (const theme of THEMES) {
    const scale = sequential(theme, SURFACE[theme], 1);
    const jumps = steps(10).slice(1).map((t) => difference(scale.colour(t), scale.colour(t - 0.1)));
    assert.ok(Math.max(...jumps) / Math.min(...jumps) < 1.15, `${theme} ${jumps}`);
  }
});

test("more is always further from the surface in lightness, so that greyscale keeps the finding", () => {
  for (const theme of THEMES) {
    const lights = steps(20).map((t) => luminance(sequential(theme, SURFACE[theme], 1).colour(t)));
    const sign = theme === "light" ? -1 : 1;
    for (let i = 1; i < lights.length; i++) assert.ok(sign * (lights[i]! - lights[i - 1]!) > 0);
  }
});

test("the diverging scale is symmetric: its ends are equally far from zero", () => {
  for (const theme of THEMES) {
    const scale = diverging(theme, SURFACE[theme], 2);
    const [below, above] = [scale.colour(-2), scale.colour(2)].map((end) => difference(end, SURFACE[theme]));
    assert.ok(Math.abs(below! / above! - 1) < 0.1, `${theme} ${below} ${above}`);
    assert.deepEqual(scale.colour(0).map(Math.round), [...SURFACE[theme]]);
  }
});

test("values beyond a scale, and absent ones, take its ends", () => {
  const scale = sequential("light", SURFACE.light, 2);
  assert.deepEqual(scale.colour(5), scale.colour(2));
  assert.deepEqual(scale.colour(-1), scale.colour(0));
  assert.deepEqual(scale.colour(Number.NaN), scale.colour(0));
  assert.deepEqual(sequential("light", SURFACE.light, 0).colour(0).map(Math.round), [255, 255, 255]);
});

test("a mix begins and ends where it says", () => {
  const [a, b]: [Rgb, Rgb] = [[255, 255, 255], [193, 100, 0]];
  assert.deepEqual(mix(a, b, 0).map(Math.round), a);
  assert.deepEqual(mix(a, b, 1).map(Math.round), b);
});

test("contrast of black on white is 21", () => {
  assert.equal(Math.round(contrast([0, 0, 0], [255, 255, 255])), 21);
});

test("computed colours are read in the forms browsers write", () => {
  assert.deepEqual(parse("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(parse("rgba(1, 2, 3, 0.5)"), [1, 2, 3]);
  assert.deepEqual(parse("rgb(1 2 3 / 1)"), [1, 2, 3]);
  assert.equal(parse("rgba(0, 0, 0, 0)"), null);
  assert.equal(parse("transparent"), null);
  assert.equal(css([1.4, 2.6, 3]), "rgb(1 3 3)");
});

test("a scale in steps is the scale, to the eye", () => {
  for (const scale of [sequential("light", SURFACE.light, 3), diverging("dark", SURFACE.dark, 3)]) {
    const coarse = stepped(scale);
    for (const t of steps(333)) {
      const value = scale.low + t * (scale.high - scale.low);
      assert.ok(difference(coarse.colour(value), scale.colour(value)) < 0.005);
    }
    assert.deepEqual(coarse.colour(0), scale.colour(0));
    assert.deepEqual(coarse.colour(Number.NaN), scale.colour(0));
    assert.deepEqual(coarse.colour(99), scale.colour(99));
  }
  assert.deepEqual(stepped(sequential("light", SURFACE.light, 0)).colour(1), sequential("light", SURFACE.light, 0).colour(0));
});

/** What people without one kind of cone see (Machado, Oliveira and Fernandes 2009, severity 1), in linear light. */
const BLINDNESS: Record<string, number[][]> = {
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const gamma = (c: number) => 255 * Math.min(1, Math.max(0, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
const seen = (colour: Rgb, by: number[][]) =>
  by.map((row) => gamma(row.reduce((sum, weight, i) => sum + weight * linear(colour[i]!), 0))) as unknown as Rgb;

test("every colour vision tells below from above, and more from less", () => {
  for (const theme of THEMES) {
    const signed = diverging(theme, SURFACE[theme], 1);
    const amount = sequential(theme, SURFACE[theme], 1);
    for (const [name, by] of Object.entries(BLINDNESS)) {
      for (const t of [0.25, 0.5, 0.75, 1]) {
        const apart = difference(seen(signed.colour(-t), by), seen(signed.colour(t), by));
        assert.ok(apart > 0.06, `${name} ${theme} ±${t}: ${apart}`);
        const step = difference(seen(amount.colour(t), by), seen(amount.colour(t - 0.25), by));
        assert.ok(step > 0.06, `${name} ${theme} ${t}: ${step}`);
      }
    }
  }
});
