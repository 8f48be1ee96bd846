import assert from "node:assert/strict";
import { test } from "node:test";
import { heldThen, placeOf, stepped } from "./strength_slider.ts";

test("steps stay on the grid, so that off and the maximum can be met", () => {
  let value = -2;
  for (let i = 0; i < 20; i++) value = stepped(value, 1);
  assert.equal(value, 0);
  for (let i = 0; i < 10; i++) value = stepped(value, 1);
  assert.equal(value, 1);
});

test("steps end where the slider ends", () => {
  assert.equal(stepped(9.6, 10), 10);
  assert.equal(stepped(-1.5, -10), -2);
});

test("negative zero is zero", () => {
  assert.equal(Object.is(stepped(-0.1, 1), -0), false);
});

test("marks are where their values are", () => {
  assert.equal(placeOf(-2), 0);
  assert.equal(placeOf(10), 1);
  assert.equal(placeOf(1), 0.25);
});

test("the hand stays at its slider, and goes to the neighbour when that is taken away", () => {
  assert.equal(heldThen([4, 8, 15], 1, [4, 15]), 1);
  assert.equal(heldThen([4, 8, 15], 2, [4, 8]), 1);
  assert.equal(heldThen([4, 8], 1, [8, 4, 15]), 0);
});
