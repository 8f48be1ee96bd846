import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, row, type WireArray } from "../lib/wire.ts";
import { called, decoded, inverse, looker, type Seen, square, TILE, type View, viewOf, viewOfQuery } from "./view.ts";

const floats = (shape: number[], ...numbers: number[]): WireArray => ({ dtype: "float32", shape, data: new Float32Array(numbers) });
const whole = (shape: number[], ...numbers: number[]): WireArray => ({ dtype: "int32", shape, data: new Int32Array(numbers) });
const view = (more: Partial<View> = {}): View => ({
  number: 7, stream: "features", noun: "feature", unit: 3, name: "", width: 100, signed: false, layers: [], maximum: 4, extent: 2,
  query: -1, start: 0, total: 3, bos: true, pieces: ["<s>", "a", " b"], groups: [], ids: whole([3], 0, 1, 2),
  values: floats([1, 3], 0, 1, 2), other: null, tops: null, ...more,
});

/** Another text of two tokens, the second of which stands in the place of the third of a view. */
const beside = (values: WireArray): NonNullable<View["other"]> => ({
  bos: true, pieces: ["<s>", "x"], groups: [], ids: whole([2], 0, 4), total: 2, values, pairs: whole([3], 0, -1, 1),
});

test("the difference of two texts is taken where both have a token", () => {
  const other = beside(floats([1, 2], 0.5, 0.25));
  const { difference } = decoded(view({ other }));
  assert.deepEqual([...difference!.numbers], [-0.5, Number.NaN, 1.75]);
  assert.deepEqual(inverse([0, -1, 1], 3), [0, 2, -1]);
});

test("without Python another feature is made of what is on", () => {
  const tops = { units: whole([1, 3, 2], 9, 3, 9, 5, 3, 9), values: floats([1, 3, 2], 7, 1, 6, 2, 4, 3) };
  const alone = viewOf(view({ tops, maxima: { 9: 12 } }), 9);
  assert.deepEqual([...row(decode(alone.values), 0)], [7, 6, 3]);
  assert.equal(alone.maximum, 12);
  assert.equal(alone.extent, 6, "BOS is left out");
  assert.equal(viewOf(view({ tops }), 77).extent, 0);
  assert.equal(viewOf(view({ tops }), 77).maximum, null);
});

test("what is not here is asked for once, and shown when it has come", () => {
  const asked: object[] = [];
  const long = view({ pieces: new Array(100).fill("a"), total: 100 });
  const looks = looker(long, (content) => asked.push(content));
  assert.equal(looks.strongest(2, 70), null);
  assert.equal(looks.strongest(2, 71), null);
  assert.deepEqual(asked, [{ kind: "tops", row: 2, first: TILE, behind: 100, number: 7 }]);
  const [units, values] = [new Int32Array(72).fill(5), new Float32Array(72).fill(1)];
  units[2 * 6 + 1] = 8;
  const arrays = { units: { dtype: "int32", shape: [1, 36, 2] }, values: { dtype: "float32", shape: [1, 36, 2] } } as Seen["arrays"];
  const seen: Seen = { kind: "tops", number: 7, row: 2, first: TILE, behind: 100, arrays };
  assert.equal(looks.hear({ ...seen, number: 6 }, [units, values]), false, "of another view");
  assert.equal(looks.hear(seen, [units, values]), true);
  assert.deepEqual([...(looks.strongest(2, 70)!.units as Int32Array)], [5, 8]);
  assert.equal(looks.strongest(2, -1), null);
  assert.equal(asked.length, 1);
});

test("a page without Python asks for nothing", () => {
  const looks = looker(view(), null);
  assert.equal(looks.strongest(0, 1), null);
  assert.equal(looks.map(0), null);
});

test("a token that is part of a character is called by the character", () => {
  const text = { pieces: ["a", " 🌉", "", ""], groups: [[1, 4]] as [number, number][] };
  assert.deepEqual([0, 1, 3].map((i) => called(text, i)), ["“a”", "“🌉” (1 of 3)", "“🌉” (3 of 3)"]);
});

test("without Python another feature of two texts is compared by what is on in both", () => {
  const tops = { units: whole([1, 3, 1], 9, 9, 5), values: floats([1, 3, 1], 7, 6, 4) };
  const theirs = { units: whole([1, 2, 2], 9, 3, 3, 9), values: floats([1, 2, 2], 1, 1, 8, 8) };
  const other = beside(floats([1, 2], 0, 0));
  const both = viewOf(view({ tops, other: { ...other, tops: theirs } }), 9);
  assert.deepEqual([...row(decode(both.other!.values), 0)], [1, 8]);
  assert.equal(both.apart, 8, "of the paired tokens, BOS left out");
  assert.equal(both.extent, 8, "of both texts");
  assert.equal(viewOf(view({ tops, other }), 9).other, null, "nothing is known of the other text");
  assert.equal(viewOf(view({ tops, other }), 3).other, other, "the feature that Python showed");
});

test("a map is its lower triangle; nothing attends to what comes later", () => {
  const triangle = { shape: [6], numbers: new Float32Array([1, 2, 3, 4, 5, 6]) };
  const map = square(triangle, 3);
  assert.deepEqual(map.shape, [3, 3]);
  assert.deepEqual([...map.numbers], [1, 0, 0, 2, 3, 0, 4, 5, 6]);
  assert.equal(square({ shape: [0], numbers: new Float32Array() }, 0).numbers.length, 0);
  assert.throws(() => square(triangle, 4), /a map of 4 tokens has 10 numbers; it came with 6/);
});

test("without Python another token's attention is a row of every layer's map", () => {
  const maps = [floats([6], 1, 2, 3, 4, 5, 6), floats([6], 9, 8, 7, 6, 5, 4)];
  const tops = { units: whole([2, 3, 1], 0, 0, 0, 0, 0, 0), values: floats([2, 3, 1], 1, 1, 1, 1, 1, 1) };
  const head = view({ query: 12, start: 10, layers: [0, 1], values: floats([2, 3], 4, 5, 6, 6, 5, 4), maps, tops });
  const second = viewOfQuery(head, 11);
  assert.equal(second.query, 11);
  assert.deepEqual([0, 1].map((layer) => [...row(decode(second.values), layer)]), [[2, 3, 0], [8, 7, 0]]);
  assert.equal(second.tops, null);
  assert.equal(viewOfQuery(head, 12), head);
  assert.equal(viewOfQuery(head, 13), head, "a token of another page");
  assert.equal(viewOfQuery(head, 9), head);
  assert.equal(viewOfQuery(view(), 1).query, -1, "no attention");
});

test("a list and a map are asked for side by side, each once", () => {
  const asked: object[] = [];
  const looks = looker(view({ query: 2 }), (content) => asked.push(content));
  const draws = () => [0, 1, 2, 3, 4].map(() => [looks.strongest(0, 1), looks.map(0)]);
  draws();
  assert.deepEqual(asked, [
    { kind: "tops", row: 0, first: 0, behind: 3, number: 7 },
    { kind: "map", row: 0, number: 7 },
  ]);
  const arrays = { map: { dtype: "float16", shape: [6], scale: 2 } } as Seen["arrays"];
  const seen: Seen = { kind: "map", number: 7, row: 0, first: 0, behind: 0, arrays };
  assert.equal(looks.hear(seen, [new Uint16Array(6).fill(0x3c00)]), true);
  assert.deepEqual([...looks.map(0)!.numbers], [2, 0, 0, 2, 2, 0, 2, 2, 2]);
  draws();
  assert.equal(asked.length, 2, "the list is still on its way");
  looks.map(1);
  looks.hear(seen, [new Uint16Array(6)]);
  looks.map(1);
  assert.equal(asked.length, 3, "an old answer is none to another question");
});
