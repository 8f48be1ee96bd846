import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, half, row, type WireArray } from "./wire.ts";

test("floats come back from a DataView, as Jupyter sends them", () => {
  const sent = new Float32Array([0, 1.5, -2, 3, 4, 5]);
  const { numbers } = decode({ dtype: "float32", shape: [2, 3], data: new DataView(sent.buffer) });
  assert.deepEqual([...numbers], [0, 1.5, -2, 3, 4, 5]);
});

test("a view at an odd offset is read where it starts", () => {
  const bytes = new Uint8Array(9);
  bytes.set(new Uint8Array(new Int32Array([7, -8]).buffer), 1);
  const { numbers } = decode({ dtype: "int32", shape: [2], data: new DataView(bytes.buffer, 1) });
  assert.deepEqual([...numbers], [7, -8]);
});

test("an aligned view into a larger buffer is not copied and not overrun", () => {
  const whole = new Float32Array([9, 1, 2, 9]);
  const { numbers } = decode({ dtype: "float32", shape: [2], data: new DataView(whole.buffer, 4, 8) });
  assert.deepEqual([...numbers], [1, 2]);
  assert.equal(numbers.buffer, whole.buffer);
});

test("a shape that does not fit its bytes is refused with both sizes", () => {
  const data = new Float32Array(3);
  assert.throws(() => decode({ dtype: "float32", shape: [2, 2], data }), /\[2,2\] needs 16 bytes; it came with 12/);
});

test("rows are found along every leading axis", () => {
  const array = decode({ dtype: "int32", shape: [2, 3, 2], data: Int32Array.from({ length: 12 }, (_, i) => i) });
  assert.deepEqual([...row(array, 1, 2)], [10, 11]);
  assert.deepEqual([...row(array, 0, 1)], [2, 3]);
});

test("half floats are read bit by bit: ordinary, tiny, negative, endless", () => {
  const bits = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000];
  assert.deepEqual(bits.map(half), [1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY, -0]);
  assert.ok(Number.isNaN(half(0x7e00)));
});

test("half floats and bytes come back in the units of their scale", () => {
  const halves: WireArray = { dtype: "float16", shape: [2], data: new Uint16Array([0x3c00, 0xb800]), scale: 80 };
  assert.deepEqual([...decode(halves).numbers], [80, -40]);
  const bytes: WireArray = { dtype: "uint8", shape: [3], data: new Uint8Array([128, 255, 1]), scale: 0.5, zero: 128 };
  assert.deepEqual([...decode(bytes).numbers], [0, 63.5, -63.5]);
});
