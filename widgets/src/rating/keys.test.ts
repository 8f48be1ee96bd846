import assert from "node:assert/strict";
import { test } from "node:test";
import { verbOf } from "./keys.ts";

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

test("digits of the rubric rate, and no others do", () => {
  assert.deepEqual(verbOf(press("0"), 4), { kind: "rate", score: 0 });
  assert.deepEqual(verbOf(press("3"), 4), { kind: "rate", score: 3 });
  assert.equal(verbOf(press("4"), 4), null);
  assert.equal(verbOf(press("10"), 4), null);
});

test("S skips and Backspace goes back", () => {
  assert.deepEqual(verbOf(press("s"), 4), { kind: "skip" });
  assert.deepEqual(verbOf(press("S"), 4), { kind: "skip" });
  assert.deepEqual(verbOf(press("Backspace"), 4), { kind: "back" });
});

test("shortcuts of the host and keys that are held down rate nothing", () => {
  for (const name of ["ctrlKey", "metaKey", "altKey", "repeat"]) assert.equal(verbOf(press("3", { [name]: true }), 4), null);
  assert.equal(verbOf(press("Enter"), 4), null);
  assert.equal(verbOf(press("x"), 4), null);
});
