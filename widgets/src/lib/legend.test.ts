import assert from "node:assert/strict";
import { test } from "node:test";
import { walked } from "./legend.ts";

test("a key goes a 24th of the scale, or to an end, and not beyond", () => {
  const scale = { low: -12, high: 12 };
  assert.equal(walked(0, "ArrowRight", scale), 1);
  assert.equal(walked(0, "ArrowDown", scale), -1);
  assert.equal(walked(11.5, "ArrowUp", scale), 12);
  assert.equal(walked(3, "Home", scale), -12);
  assert.equal(walked(3, "End", scale), 12);
  assert.equal(walked(30, "ArrowLeft", scale), 12);
  assert.equal(walked(3, "x", scale), null);
});
