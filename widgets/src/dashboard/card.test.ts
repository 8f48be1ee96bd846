import assert from "node:assert/strict";
import { test } from "node:test";
import { activationsOf, around, binOf, cardOf, evenly, groupsOf, rebinned, withBytes } from "./card.ts";
import { raw } from "./sample_card.ts";

test("examples lie one after another in the bytes", () => {
  const { examples } = cardOf(raw());
  assert.deepEqual(examples.map(({ pieces }) => pieces), [["the", " bridge", "the"], ["🌉", ""], [" bridge"]]);
  assert.deepEqual(examples.map(({ values }) => [...(values as Float32Array)]), [[0, 4, 1], [3, 0], [0]]);
  assert.deepEqual(examples.map(({ at, number }) => [at, number]), [[1, 0], [0, 1], [0, 2]]);
});

test("intervals are told from the strongest down, an empty one too; a kind without examples has no group", () => {
  const card = cardOf(raw());
  assert.deepEqual(groupsOf(card, "interval").map(({ name, n, examples }) => [name, n, examples.length]), [["Interval 2 of 2", 1, 1], ["Interval 1 of 2", 5, 0]]);
  assert.deepEqual(groupsOf(card, "negative"), []);
  assert.equal(groupsOf(card, "near")[0]!.examples[0]!.z, -0.1);
});

test("an upper edge belongs to its part, as in Python, and nothing outside does", () => {
  const edges = [0, 1, 2, 4];
  assert.deepEqual([0, 0.5, 1, 1.001, 2, 3, 4].map((value) => binOf(edges, value)), [0, 0, 0, 1, 1, 2, 2]);
  assert.deepEqual([-0.1, 4.1, Number.NaN].map((value) => binOf(edges, value)), [-1, -1, -1]);
  assert.equal(binOf([], 1), -1);
});

test("shared bins keep every count, and equal bins change nothing", () => {
  const one = { edges: evenly(3, 6), counts: [5, 4, 3, 2, 1, 7] };
  assert.deepEqual(rebinned(one, evenly(3, 6)).counts, one.counts);
  const wider = rebinned(one, evenly(7, 5)).counts;
  assert.ok(Math.abs(wider.reduce((a, b) => a + b) - 22) < 1e-9);
  assert.deepEqual(wider.slice(3), [0, 0]);
});

test("context ends where a character does", () => {
  const example = { at: 4, pieces: new Array(9).fill("a"), groups: [[1, 3], [5, 8]] as [number, number][] };
  assert.deepEqual(around(example, 1), [3, 8]);
  assert.deepEqual(around(example, 2), [1, 8]);
  assert.deepEqual(around(example, 90), [0, 9]);
});

test("the values of one feature are found among those that are on", () => {
  assert.deepEqual([...activationsOf([1, 2, 2, 3, 9, 2], [5, 4, 3, 2, 0, 1], 3, 2)], [4, 3, 1]);
  assert.deepEqual([...activationsOf([], [], 0, 2)], []);
});

test("bytes come back where their numbers stand", () => {
  const bytes = new Int32Array([1]);
  const message = { kind: "card", card: { ids: { dtype: "int32", shape: [1], data: 0 }, n: 0, list: [{ dtype: "x", data: 0 }] } };
  assert.deepEqual(withBytes(message, [bytes]).card.ids.data, bytes);
  assert.equal(withBytes(message, [bytes]).card.n, 0);
});

test("the effect on a token is told wherever it stands in the examples, and at the ends of the list", () => {
  const histogram = { edges: [0, 1], counts: [1] };
  const effects = { dtype: "float32" as const, shape: [4], data: new Float32Array([0.5, -1, 2, 3]) };
  const logits = { form: "raw", unit: "", n: 0, top: [[90, "x", 7, null]], bottom: [[5, "the", 0.25, null]], histogram, effects };
  const card = cardOf(raw({ logits: { raw: logits as never } }));
  assert.deepEqual([5, 6, 7, 90, 91].map((token) => card.effects.get("raw")!.get(token)), [0.25, -1, 2, 7, undefined]);
});
