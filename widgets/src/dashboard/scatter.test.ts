import assert from "node:assert/strict";
import { test } from "node:test";
import { heights } from "./histogram.ts";
import { fitted, nearest, towards } from "./scatter.ts";

const places = [0, 0, 10, 0, 0, 5];
const all = () => true;

test("points fit their field with one scale, and the middle in the middle", () => {
  const frame = fitted(places, 224, 124);
  assert.equal(frame.scale, 20);
  assert.deepEqual([frame.left, frame.top], [12, 12]);
  assert.equal(fitted([], 100, 50).scale, 1);
});

test("a hand means the nearest feature, none from afar, and none that is not there", () => {
  const frame = fitted(places, 224, 124);
  assert.equal(nearest(places, frame, 208, 14, 14, all), 1);
  assert.equal(nearest(places, frame, 110, 60, 14, all), -1);
  assert.equal(nearest(places, frame, 208, 14, 14, (feature) => feature !== 1), -1);
});

test("arrows go to what lies that way, and stay where nothing does", () => {
  assert.deepEqual([towards(places, 0, [1, 0], all), towards(places, 0, [0, 1], all), towards(places, 0, [-1, 0], all)], [1, 2, 0]);
});

test("a bin with one count is seen beside one with a million", () => {
  assert.deepEqual(heights([0, 1, 1_000_000]), [0, 1.5, 100]);
  assert.deepEqual(heights([0, 0]), [0, 0]);
});
