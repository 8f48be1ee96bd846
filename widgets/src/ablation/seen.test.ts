import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, controlOf, decoded, drawnOf, isSeen, type Seen } from "./seen.ts";

const floats = (numbers: number[], ...shape: number[]) => ({ dtype: "float32" as const, shape, data: new Float32Array(numbers) });
const whole = (numbers: number[], ...shape: number[]) => ({ dtype: "int32" as const, shape, data: new Int32Array(numbers) });

/** Two tokens, two of the next, two ablations; the numbers say where they stand. */
const SEEN: Seen = {
  kinds: ["zero", "mean"],
  draws: 8,
  stand_ins: ["a random other head", "a random other head"],
  ids: whole([7, 8, 8, 9], 2, 2),
  names: { 7: " bridge", 8: " gate", 9: "." },
  plain: floats([0.5, 0.25, 0.75, 0.125], 2, 2),
  ablated: floats([0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375], 2, 2, 2),
  kl: floats([1, 2, 3, 4], 2, 2),
  control: floats(Array.from({ length: 24 }, (_, i) => i / 32), 2, 3, 2, 2),
  control_kl: floats(Array.from({ length: 12 }, (_, i) => i), 2, 3, 2),
};

test("at a token stand its own next tokens, each under every ablation", () => {
  const here = decoded(SEEN).at(1);
  assert.deepEqual(here.next.map(({ name, plain }) => [name, plain]), [[" gate", 0.75], [".", 0.125]]);
  assert.deepEqual(here.next[0]!.under.map(({ value }) => value), [0.125, 0.375]);
  assert.deepEqual(here.kl.map(({ value }) => value), [2, 4]);
});

test("a control is the lowest, the median and the highest of its draws", () => {
  const here = decoded(SEEN).at(1);
  assert.deepEqual(here.next[1]!.under[1]!.control, { low: 15 / 32, middle: 19 / 32, high: 23 / 32 });
  assert.deepEqual(here.kl[0]!.control, { low: 1, middle: 3, high: 5 });
});

test("before controls are drawn there are none", () => {
  const here = decoded({ ...SEEN, control: null, control_kl: null, draws: 0 }).at(0);
  assert.equal(here.next[0]!.under[0]!.control, null);
  assert.equal(here.kl[0]!.control, null);
});

test("one scale holds the changes of all tokens under all ablations", () => {
  const seen = decoded(SEEN);
  assert.equal(seen.mostFrom(0), 4);
  assert.deepEqual(Array.from(seen.changes(1)), [3, 4]);
});

test("nothing taken out: the likeliest tokens and no columns", () => {
  const none = floats([], 0, 2, 2);
  const seen = decoded({ ...SEEN, kinds: [], ablated: none, kl: floats([], 0, 2), control: null, control_kl: null });
  assert.deepEqual(seen.at(0).next[0], { name: " bridge", plain: 0.5, under: [] });
  assert.equal(seen.mostFrom(0), 0);
});

test("what Python has not sent yet is nothing", () => {
  assert.equal(isSeen({}), false);
  assert.equal(isSeen(SEEN), true);
});

test("a scale ends at a round number that holds all that is drawn", () => {
  assert.equal(ceiling([0.31, 0.2]), 0.5);
  assert.equal(ceiling([0.1]), 0.1);
  assert.equal(ceiling([0.93]), 1);
  assert.equal(ceiling([0, 0]), 1);
  assert.equal(ceiling([Number.NaN, 0.004]), 0.005);
  assert.equal(ceiling(drawnOf(decoded(SEEN).at(0))), 1);
});

test("each kind of control is named once, with its ablations where they differ", () => {
  assert.equal(controlOf(["zero", "mean"], ["another", "another"]), "Control, in grey: another.");
  assert.equal(controlOf(["zero", "mean"], ["another", "turned"]), "Control, in grey: another (zero); turned (mean).");
  assert.equal(controlOf(["zero"], []), "");
});
