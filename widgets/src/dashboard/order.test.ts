import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf } from "./card.ts";
import { ahead, aliveOrder, listOrder, searched } from "./order.ts";
import { raw } from "./sample_card.ts";

/** 0, 2, 31, 32 and 70 fire, of 71. */
const alive = aliveOrder(new Int32Array([1 | 4 | (1 << 31), 1, 1 << 6]), 71);

test("keys go from one feature that fires to the next, and stop at the ends", () => {
  assert.equal(alive.length, 5);
  assert.deepEqual([0, 2, 31, 32].map((feature) => alive.from(feature, 1)), [2, 31, 32, 70]);
  assert.deepEqual([alive.from(70, 1), alive.from(0, -1), alive.from(70, -2)], [null, null, 31]);
  assert.deepEqual([0, 31, 70, 5].map((feature) => alive.placeOf(feature)), [0, 2, 4, -1]);
  assert.equal(alive.from(5, 1), 31, "from one that never fires");
});

test("in a list keys go as it has them, and from elsewhere to its ends", () => {
  const list = listOrder([9, 3, 7]);
  assert.deepEqual([list.from(9, 1), list.from(3, -1), list.from(7, 1), list.from(5, 1), list.from(5, -1)], [3, 9, null, 9, 7]);
});

test("the nearest cards are asked for first, and none past the ends", () => {
  assert.deepEqual(ahead(alive, 2, 2), [31, 0, 32]);
  assert.deepEqual(ahead(listOrder([]), 2, 2), []);
});

test("without Python every word of a query must be there, and labels come first", () => {
  const cards = [
    cardOf(raw({ feature: 1, label: "old gates", notes: ["seen on a bridge"] })),
    cardOf(raw({ feature: 2, label: "Golden bridge", tokens: [[7, " gate", 0.5, [0.9, 0.8, 0.95, 10]]], lists: ["mine"] })),
  ];
  assert.deepEqual(searched(cards, "BRIDGE", "words").map(({ feature }) => feature), [2, 1]);
  assert.deepEqual(searched(cards, "bridge gold", "words").map(({ feature }) => feature), [2]);
  assert.deepEqual(searched(cards, "gate", "token").map(({ feature }) => feature), [2]);
  assert.deepEqual(searched(cards, "mine", "list").map(({ feature }) => feature), [2]);
  assert.deepEqual(searched(cards, " ", "words"), []);
});
