/**
 * The wire form of a number array, the other end of `_array.py`: a dtype, a shape, and bytes in row order.
 *
 * float16 is value = half · scale, uint8 is value = (byte − zero) · scale; both are read into floats.
 */

export interface WireArray {
  dtype: "float32" | "float16" | "uint8" | "int32";
  shape: number[];
  data: ArrayBufferView | ArrayBuffer;
  scale?: number;
  zero?: number;
}

export interface NumberArray {
  shape: number[];
  numbers: Float32Array | Int32Array;
}

const SIZES = { float32: 4, float16: 2, uint8: 1, int32: 4 } as const;

/** Decode a wire array. A view at an odd offset is copied, because typed arrays must be aligned. */
export function decode({ dtype, shape, data, scale = 1, zero = 0 }: WireArray): NumberArray {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(data)
    ? data
    : { buffer: data, byteOffset: 0, byteLength: data.byteLength };
  const size = shape.reduce((product, n) => product * n, 1);
  const each = SIZES[dtype];
  if (byteLength !== size * each) {
    throw new RangeError(`a wire array of shape [${shape}] needs ${size * each} bytes; it came with ${byteLength}`);
  }
  const aligned = byteOffset % each === 0;
  const bytes = aligned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const start = aligned ? byteOffset : 0;
  if (dtype === "int32") return { shape, numbers: new Int32Array(bytes, start, size) };
  if (dtype === "float32") return { shape, numbers: new Float32Array(bytes, start, size) };
  const numbers = new Float32Array(size);
  if (dtype === "uint8") new Uint8Array(bytes, start, size).forEach((byte, i) => (numbers[i] = (byte - zero) * scale));
  else new Uint16Array(bytes, start, size).forEach((bits, i) => (numbers[i] = half(bits) * scale));
  return { shape, numbers };
}

/** The number that sixteen bits stand for: sign, five bits of exponent, ten of fraction (IEEE 754 binary16). */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The last axis at a leading index: row(a, l) of [L, T] is [T], row(a, l, t) of [L, T, K] is [K]. */
export function row({ shape, numbers }: NumberArray, ...at: number[]): Float32Array | Int32Array {
  const length = shape.at(-1) ?? 0;
  const index = at.reduce((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
  return numbers.subarray(index * length, (index + 1) * length);
}
