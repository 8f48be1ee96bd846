import assert from "node:assert/strict";
import { test } from "node:test";
import { layout, named } from "./grid.ts";

test("few tokens get wide cells, many as wide as fit, and never less than can be pointed at", () => {
  assert.equal(layout(4, 10, 600).cell, 32);
  assert.equal(layout(4, 60, 600).cell, 10);
  assert.equal(layout(4, 512, 600).cell, 4);
});

test("many rows share a height that fits a screen", () => {
  assert.equal(layout(4, 10, 600).height, 16);
  assert.equal(layout(32, 10, 600).height, 10);
  assert.equal(layout(512, 10, 600).height, 4);
});

test("names of rows do not touch", () => {
  assert.deepEqual(named(3, 16), [0, 1, 2]);
  assert.deepEqual(named(8, 4), [0, 4]);
});
