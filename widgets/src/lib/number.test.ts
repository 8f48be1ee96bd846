import assert from "node:assert/strict";
import { test } from "node:test";
import { count, number, plural, strength } from "./number.ts";

test("numbers have three significant digits", () => {
  const seen = [0, 1, 0.72, 3.14159, 42.195, 999.4, 0.00123].map(number);
  assert.deepEqual(seen, ["0", "1.00", "0.720", "3.14", "42.2", "999", "0.00123"]);
});

test("the minus sign is a minus sign", () => {
  assert.equal(number(-1.5), "−1.50");
  assert.equal(number(-0.00001234), "−1.23e−5");
});

test("large numbers keep their digits, thousands set apart", () => {
  assert.equal(number(1234.4), "1234");
  assert.equal(number(12345.4), "12\u202f345");
  assert.equal(count(2048), "2048");
  assert.equal(count(1234567), "1\u202f234\u202f567");
  assert.equal(number(2.5e9), "2.50e9");
});

test("an absent value is an en dash, an infinite one says so", () => {
  assert.equal(number(Number.NaN), "–");
  assert.equal(number(-Infinity), "−∞");
});

test("one token, two tokens", () => {
  assert.equal(plural(1, "token"), "1 token");
  assert.equal(plural(23, "token"), "23 tokens");
});

test("a strength of zero is off", () => {
  assert.deepEqual([0, 3, -1.25, 10].map(strength), ["off", "3.0 ×", "−1.3 ×", "10.0 ×"]);
});
