"""Files that are written whole or not at all, and arrays in them that are read where they lie.

Arrays are kept as safetensors. `mapped` gives them as memory maps, so that what is read of
a large file is only what is looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

_TYPES = {
    "F64": np.float64, "F32": np.float32, "F16": np.float16, "BOOL": np.bool_,
    "I64": np.int64, "I32": np.int32, "I16": np.int16, "I8": np.int8,
    "U64": np.uint64, "U32": np.uint32, "U16": np.uint16, "U8": np.uint8,
}  # fmt: skip


def written(path: Path, write: Callable[[Path], object]) -> Path:
    """Have a file written beside, make sure that it is on the disk, and put it in its place.

    Example:
        >>> from workbench.files import written
        >>> written(tmp / "note.txt", lambda beside: beside.write_text("whole")).read_text()
        'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        write(beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)  # safetensors makes files that nobody else may read
        return beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any] | None = None) -> Path:
    """Arrays, and what is to be known of them, in one file, whole or not at all.

    Example:
        >>> import numpy as np
        >>> from workbench.files import mapped, save_arrays
        >>> mapped(save_arrays(tmp / "a.safetensors", {"a": np.arange(3)}, {"seed": 0}))
        ({'a': array([0, 1, 2])}, {'seed': 0})
    """
    from safetensors.numpy import save_file

    held = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    note = {"about": json.dumps(about or {}, ensure_ascii=False)}
    return written(path, lambda beside: save_file(held, beside, metadata=note))


def mapped(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The arrays of a safetensors file, read only where they are looked at, and what `save_arrays` noted of them.

    Raises:
        OSError: the file is cut short, or no safetensors file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= size - 8:
            raise OSError(f"{path} is no safetensors file, or cut short; make it again")
        head = json.loads(file.read(length))
    note = head.pop("__metadata__", {})
    if any(8 + length + tensor["data_offsets"][1] > size for tensor in head.values()):
        raise OSError(f"{path} is cut short; make it again")
    # one map for all arrays: each holds a file open; and as plain arrays, which are faster to index
    data = np.memmap(path, np.uint8, "r").view(np.ndarray)[8 + length :]
    arrays = {}
    for name, tensor in head.items():
        first, last = tensor["data_offsets"]
        arrays[name] = data[first:last].view(_TYPES[tensor["dtype"]]).reshape(tensor["shape"])
    return arrays, json.loads(note.get("about", "{}"))
