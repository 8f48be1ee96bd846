import assert from "node:assert/strict";
import { test } from "node:test";
import { parts } from "./written.ts";

const said = (all: ReturnType<typeof parts>) => all.map(({ text, changed, hit }) => [text, changed, hit]);

test("a text is cut where it begins to differ, and around what is looked for", () => {
  const text = "I like the Golden Gate best";
  assert.deepEqual(said(parts(text, 7, ["golden gate"])), [
    ["I like ", false, false],
    ["the ", true, false],
    ["Golden Gate", true, true],
    [" best", true, false],
  ]);
});

test("a hit that the difference cuts in two stays one hit in two parts, and nothing is lost", () => {
  const all = parts("ab ab", 1, ["ab"]);
  assert.equal(all.map(({ text }) => text).join(""), "ab ab");
  assert.deepEqual(all.map(({ hit }) => hit), [true, true, false, true]);
});

test("an empty text and empty words have no parts and no hits", () => {
  assert.deepEqual(parts("", 0, ["a"]), []);
  assert.deepEqual(said(parts("ab", 2, [""])), [["ab", false, false]]);
});

test("where capitals change the length of a text nothing is marked in the wrong place", () => {
  assert.ok(parts("İstanbul Golden", 0, ["golden"]).every(({ hit }) => !hit));
});
