import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./readouts.ts";
import { standing } from "./presets.ts";

test("a preset stands where every slider is as it says, and all others are off", () => {
  const presets = { one: { "4": 2 }, both: { "4": 2, "8": 1 }, none: {} };
  assert.equal(standing(presets, [4, 8], [2, 0]), "one");
  assert.equal(standing(presets, [4, 8], [2, 1]), "both");
  assert.equal(standing(presets, [4, 8], [0, 0]), "none");
  assert.equal(standing(presets, [4, 8], [3, 0]), "");
  assert.equal(standing(presets, [4], [2]), "one");
});

test("words are separated by commas, an answer keeps its own", () => {
  assert.deepEqual(words(" Golden Gate, bridge ,", "says"), ["Golden Gate", "bridge"]);
  assert.deepEqual(words("yes, of course", "answers"), ["yes, of course"]);
  assert.deepEqual(words("  ", "answers"), []);
});
