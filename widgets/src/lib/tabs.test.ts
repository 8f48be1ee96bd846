import assert from "node:assert/strict";
import { test } from "node:test";
import { movedTo } from "./tabs.ts";

test("arrows go round, Home and End to the ends, and other keys nowhere", () => {
  assert.deepEqual([movedTo("ArrowRight", 2, 3), movedTo("ArrowUp", 0, 3), movedTo("Home", 2, 3), movedTo("End", 0, 3)], [0, 2, 0, 2]);
  assert.equal(movedTo("x", 1, 3), null);
});
