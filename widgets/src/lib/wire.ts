/** The wire form of a number array, the other end of `_array.py`: a dtype, a shape, and bytes in row order. */

export interface WireArray {
  dtype: "float32" | "int32";
  shape: number[];
  data: ArrayBufferView | ArrayBuffer;
}

export interface NumberArray {
  shape: number[];
  numbers: Float32Array | Int32Array;
}

/** Decode a wire array. A view at an odd offset is copied, because typed arrays must be aligned. */
export function decode({ dtype, shape, data }: WireArray): NumberArray {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(data)
    ? data
    : { buffer: data, byteOffset: 0, byteLength: data.byteLength };
  const size = shape.reduce((product, n) => product * n, 1);
  if (byteLength !== size * 4) {
    throw new RangeError(`a wire array of shape [${shape}] needs ${size * 4} bytes; it came with ${byteLength}`);
  }
  const aligned = byteOffset % 4 === 0;
  const bytes = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const start = aligned ? byteOffset : 0;
  const numbers = dtype === "int32" ? new Int32Array(bytes, start, size) : new Float32Array(bytes, start, size);
  return { shape, numbers };
}

/** The last axis at a leading index: row(a, l) of [L, T] is [T], row(a, l, t) of [L, T, K] is [K]. */
export function row({ shape, numbers }: NumberArray, ...at: number[]): Float32Array | Int32Array {
  const length = shape.at(-1) ?? 0;
  const index = at.reduce((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
  return numbers.subarray(index * length, (index + 1) * length);
}
