import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, row, type WireArray } from "../lib/wire.ts";
import { called, decoded, inverse, looker, type Seen, TILE, type View, viewOf } from "./view.ts";

const floats = (shape: number[], ...numbers: number[]): WireArray => ({ dtype: "float32", shape, data: new Float32Array(numbers) });
const whole = (shape: number[], ...numbers: number[]): WireArray => ({ dtype: "int32", shape, data: new Int32Array(numbers) });
const view = (more: Partial<View> = {}): View => ({
  number: 7, stream: "features", noun: "feature", unit: 3, name: "", width: 100, signed: false, layers: [], maximum: 4, extent: 2,
  query: -1, start: 0, total: 3, bos: true, pieces: ["<s>", "a", " b"], groups: [], ids: whole([3], 0, 1, 2),
  values: floats([1, 3], 0, 1, 2), other: null, tops: null, ...more,
});

test("the difference of two texts is taken where both have a token", () => {
  const other = { ...view(), pieces: ["<s>", "x"], values: floats([1, 2], 0.5, 0.25), pairs: whole([3], 0, -1, 1), total: 2 };
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
