import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOf, ends, interval, share } from "./chart.ts";

test("marks stay on their scale", () => {
  assert.equal(share(0.25, 0.5), 50);
  assert.equal(share(-1, 0.5), 0);
  assert.equal(share(2, 0.5), 100);
  assert.equal(share(1, 0), 0);
});

test("a value carries its interval, where there is one", () => {
  assert.equal(interval({ value: 0.312, low: 0.251, high: 0.374 }), "0.312 [0.251, 0.374]");
  assert.equal(interval({ value: 0.312, low: null, high: null }), "0.312");
});

test("controls are a median and a range", () => {
  assert.equal(bandOf({ low: -0.1, middle: 0.02, high: 0.5 }), "0.0200 (−0.100 to 0.500)");
});

test("a scale is told by its ends", () => {
  assert.deepEqual([ends(1), ends(0.5), ends(10), ends(0.00002)], ["0 to 1", "0 to 0.5", "0 to 10", "0 to 2.00e−5"]);
});
