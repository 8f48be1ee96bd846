import assert from "node:assert/strict";
import { test } from "node:test";
import { notNegative, wholeNumber } from "./controls.ts";

const range = { low: 0, high: 2047, noun: "feature" };

test("a whole number in range is taken", () => {
  assert.equal(wholeNumber(" 1234 ", range), 1234);
  assert.equal(wholeNumber("0", range), 0);
});

test("one out of range is refused with what exists", () => {
  assert.equal(wholeNumber("9999", range), "There is no feature 9999; choose 0 to 2047.");
  assert.equal(wholeNumber("-1", range), "There is no feature −1; choose 0 to 2047.");
});

test("what is no whole number is quoted back", () => {
  for (const text of ["", "1.5", "seven", "NaN", "Infinity"]) {
    assert.match(String(wholeNumber(text, range)), /is not a whole number; choose 0 to 2047\./);
  }
});

test("a number that may not be negative says so", () => {
  assert.equal(notNegative("0,7", "temperature"), 0.7);
  assert.equal(notNegative("-1", "temperature"), "temperature cannot be negative; choose 0 or more.");
  assert.equal(notNegative("warm", "temperature"), "“warm” is not a number; temperature is 0 or more.");
});
