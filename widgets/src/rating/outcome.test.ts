import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, lines, share, type Source } from "./outcome.ts";

const FEATURES: Source = {
  source: "features", score: 2.5, low: 2.25, high: 2.75, units: 30, items: 40, ratings: 80, raters: 2,
  alpha: 0.7, alpha_low: 0.6, alpha_high: 0.8, silent: 0.25, silent_low: 0, silent_high: 0.5, silent_n: 8,
};

test("an interval is told with its ends, and what is not there with a dash", () => {
  assert.equal(interval({ value: 2.5, low: 2.25, high: 2.75 }), "2.50 [2.25, 2.75]");
  assert.equal(interval({ value: null, low: null, high: null }), "–");
});

test("a mean stands on the scale of the rubric and never outside of it", () => {
  assert.equal(share(0, 3), 0);
  assert.equal(share(1.5, 3), 50);
  assert.equal(share(4, 3), 100);
  assert.equal(share(-1, 3), 0);
});

test("every source has its control beneath it, and all of them together have no line", () => {
  const shown = lines([FEATURES, { ...FEATURES, source: "neurons", score: 1 }, { ...FEATURES, source: "all" }]);
  assert.deepEqual(shown.map(({ name, kind }) => [name, kind]), [
    ["features", "fires"], ["where silent", "silent"], ["neurons", "fires"], ["where silent", "silent"],
  ]);
  assert.deepEqual(shown.map(({ mean }) => mean.value), [2.5, 0.25, 1, 0.25]);
});
