"""The one wire form of a number array, the other end of `lib/wire.ts`: a dtype, a shape, bytes in row order.

float32   as it is
int32     whole numbers
float16   value = half · scale; float32 instead where three digits of some value would be lost beside the largest
uint8     value = (byte − zero) · scale; 8 bits of the largest value, 0 stays 0: for colours, not for reading
"""

from __future__ import annotations

from typing import Any

import numpy as np

DTYPES = ("float32", "float16", "uint8", "int32")


def to_wire(array: Any, dtype: str = "float32") -> dict[str, Any]:
    """What travels for an array or tensor of any numeric type: {dtype, shape, data}, and scale and zero where needed.

    Raises:
        ValueError: a dtype that the browser does not read, or numbers that are not finite where a scale is needed.

    Example:
        >>> to_wire([[1, 2], [3, 4]])["shape"]
        [2, 2]
        >>> to_wire([0.0, -2.0, 1.0], "uint8")["zero"]
        128
    """
    if dtype not in DTYPES:
        raise ValueError(f"the browser reads {', '.join(DTYPES)}; {dtype!r} was asked for")
    if hasattr(array, "detach"):  # a tensor, whose bfloat16 numpy does not know
        array = array.detach().cpu() if dtype == "int32" else array.detach().float().cpu()
    own: dict[str, Any] = {}
    if dtype in ("float16", "uint8"):
        plain = np.asarray(array, "float32")
        array, own = _scaled(plain, dtype)
        if dtype == "float16" and not _keeps_digits(plain, array, own["scale"]):
            array, own, dtype = plain, {}, "float32"
    array = np.ascontiguousarray(array, dtype)
    return {"dtype": dtype, "shape": list(array.shape), "data": _bytes(array), **own}


def from_wire(wire: dict[str, Any]) -> np.ndarray:
    """The array that `to_wire` sent, as far as its dtype keeps it; it cannot be written.

    Example:
        >>> from_wire(to_wire([1.5, -2.0])).tolist()
        [1.5, -2.0]
        >>> from_wire(to_wire([0, 0.5, 1], "uint8")).round(2).tolist()
        [0.0, 0.5, 1.0]
    """
    array = np.frombuffer(wire["data"], wire["dtype"]).reshape(wire["shape"])
    if "scale" in wire:
        array = (array.astype("float32") - wire.get("zero", 0)) * np.float32(wire["scale"])
    array.flags.writeable = False
    return array


def _scaled(array: np.ndarray, dtype: str) -> tuple[np.ndarray, dict[str, Any]]:
    """The numbers that are written, and what makes the values of them again."""
    largest = float(np.abs(array).max(initial=0.0))
    if not np.isfinite(largest):
        raise ValueError(f"{dtype} has a scale and takes finite numbers only; send float32")
    if dtype == "float16":
        scale = largest or 1.0
        return array / np.float32(scale), {"scale": scale}
    zero = 128 if (array < 0).any() else 0
    scale = (largest or 1.0) / (127 if zero else 255)
    return np.rint(array / np.float32(scale)) + zero, {"scale": scale, "zero": zero}


def _keeps_digits(plain: np.ndarray, scaled: np.ndarray, scale: float) -> bool:
    """Whether every number comes back with three digits: halves of what is tiny beside the largest do not."""
    back = scaled.astype("float16").astype("float32") * np.float32(scale)
    return bool((np.abs(back - plain) <= 1e-3 * np.abs(plain)).all())


def _bytes(array: np.ndarray) -> memoryview | bytes:
    return memoryview(array).cast("B") if array.size else b""
