import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement, direction, leftOut, parts, quoted, shown, visible } from "./tokens.ts";

test("a leading space is a gap, not a glyph", () => {
  assert.deepEqual(shown(" bridge"), { gap: true, text: "bridge", breaks: false });
  assert.deepEqual(shown("bridge"), { gap: false, text: "bridge", breaks: false });
});

test("whitespace that is all there is gets a glyph", () => {
  assert.equal(shown(" ").text, "␣");
  assert.equal(shown("   ").text, "␣ ␣");
  assert.deepEqual(shown("\n"), { gap: false, text: "⏎", breaks: true });
  assert.equal(shown("\t").text, "⇥");
  assert.equal(shown("").text, "∅");
});

test("trailing space is shown, space between words stays", () => {
  assert.equal(shown("New York ").text, "New York␣");
});

test("hostile characters are named and cannot reorder what follows", () => {
  assert.equal(shown("a\u202eb").text, "a‹U+202E›b");
  assert.equal(shown("\u0000\u001b").text, "␀␛");
  assert.equal(shown("\u200b").text, "‹U+200B›");
  assert.equal(visible("one\ntwo\u202e"), "one\ntwo‹U+202E›");
});

test("markup is text", () => {
  assert.equal(shown("<img src=x onerror=alert(1)>").text, "<img src=x onerror=alert(1)>");
});

test("only a BOS that Python tells of is left out, whatever the first token looks like", () => {
  assert.equal(leftOut({ bos: false, pieces: ["<b>", "red"] }), 0);
  assert.equal(leftOut({ bos: true, pieces: ["<s>", "red"] }), 1);
  assert.equal(leftOut({ bos: true, pieces: ["<s>"] }), 0);
});

test("characters outside the first plane stay whole", () => {
  assert.equal(quoted(" 🌉"), "🌉");
});

test("agreement ends where the first different word begins", () => {
  assert.deepEqual(agreement(" in the garden", " in the gardens of"), { length: 8, words: 2 });
  assert.deepEqual(agreement(" in the garden", " in the park"), { length: 8, words: 2 });
  assert.deepEqual(agreement("abc", "abd"), { length: 0, words: 0 });
});

test("a text that stops early agrees as far as it goes", () => {
  assert.deepEqual(agreement(" in the garden", " in the"), { length: 7, words: 2 });
  assert.deepEqual(agreement(" in the", " in the"), { length: 7, words: 2 });
  assert.deepEqual(agreement("", ""), { length: 0, words: 0 });
});

test("letters that hide in plain sight are named: tags, fillers, joiners that stand alone", () => {
  assert.equal(shown("a\u{e0041}").text, "a‹U+E0041›");
  assert.equal(shown("\u3164").text, "‹U+3164›");
  assert.equal(shown("\u200d").text, "‹U+200D›");
  assert.equal(shown("👩\u200d🔬").text, "👩\u200d🔬");
});

test("a text is read the way of its first letter, whatever BOS says", () => {
  assert.equal(direction(["<s>", "שלום", " world"], true), "rtl");
  assert.equal(direction(["12", " مرحبا"], false), "rtl");
  assert.equal(direction(["<s>", "Hello", " שלום"], true), "ltr");
  assert.equal(direction(["<s>"], true), "ltr");
});

test("the tokens of one character are counted", () => {
  assert.deepEqual([...parts([[3, 6]])], [[3, "1 of 3"], [4, "2 of 3"], [5, "3 of 3"]]);
});
