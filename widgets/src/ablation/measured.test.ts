import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOver, controlsAt, type Effect, isMeasured, type Measured, pOf, progressOf } from "./measured.ts";

const EFFECT: Effect = { plain: [0.8, 0.7, 0.9, 48], edited: [0.3, 0.2, 0.4, 48], change: [-0.5, -0.6, -0.4, 48], controls: [-0.25, 0.125, 0], p: 0.25 };

test("controls are drawn where they take the plain value", () => {
  assert.deepEqual(bandOver([3, 1, 2, 5]), { low: 1, middle: 2.5, high: 5 });
  assert.equal(bandOver([]), null);
  const band = controlsAt(EFFECT)!;
  assert.deepEqual([band.low, band.middle, band.high].map((x) => x.toFixed(3)), ["0.550", "0.800", "0.925"]);
  assert.equal(controlsAt({ ...EFFECT, plain: null }), null);
});

test("progress is that of the ablation that is furthest behind", () => {
  const behind: Effect = { ...EFFECT, change: [0, null, null, 24], controls: [] };
  const measured: Measured = { target: "probability", kinds: { zero: EFFECT, mean: behind } };
  assert.equal(progressOf(measured, 48, 20), "24 of 48 prompts · 0 of 20 controls");
});

test("without controls there is no p-value", () => {
  assert.equal(pOf(EFFECT), "0.250");
  assert.equal(pOf({ ...EFFECT, p: null }), "–");
});

test("nothing is measured until an ablation has been", () => {
  assert.equal(isMeasured({}), false);
  assert.equal(isMeasured({ target: "probability", kinds: {} }), false);
});
