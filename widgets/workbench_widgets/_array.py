"""The one wire form of a number array, the other end of `lib/wire.ts`: a dtype, a shape, bytes in row order."""

from __future__ import annotations

from typing import Any

import numpy as np

DTYPES = ("float32", "int32")


def to_wire(array: Any, dtype: str = "float32") -> dict[str, Any]:
    """What travels for an array or tensor of any numeric type: {dtype, shape, data}.

    Example:
        >>> to_wire([[1, 2], [3, 4]])["shape"]
        [2, 2]
    """
    if dtype not in DTYPES:
        raise ValueError(f"the browser reads {' and '.join(DTYPES)}; {dtype!r} was asked for")
    if hasattr(array, "detach"):  # a tensor, whose bfloat16 numpy does not know
        array = array.detach().float().cpu() if dtype == "float32" else array.detach().cpu()
    array = np.ascontiguousarray(array, dtype)
    return {"dtype": dtype, "shape": list(array.shape), "data": memoryview(array).cast("B") if array.size else b""}


def from_wire(wire: dict[str, Any]) -> np.ndarray:
    """The array that `to_wire` sent; it shares its memory and cannot be written.

    Example:
        >>> from_wire(to_wire([1.5, -2.0])).tolist()
        [1.5, -2.0]
    """
    array = np.frombuffer(wire["data"], wire["dtype"]).reshape(wire["shape"])
    array.flags.writeable = False
    return array
