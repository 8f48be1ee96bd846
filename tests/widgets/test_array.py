from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench_widgets._array import from_wire, to_wire


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.int64])
def test_a_tensor_of_any_type_travels_as_float32(dtype: torch.dtype) -> None:
    wire = to_wire(torch.arange(6).reshape(2, 3).to(dtype))
    assert (wire["dtype"], wire["shape"], wire["data"].nbytes) == ("float32", [2, 3], 24)
    assert from_wire(wire).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_not_contiguous_travels_in_row_order() -> None:
    assert from_wire(to_wire(np.arange(6).reshape(2, 3).T, "int32")).tolist() == [[0, 3], [1, 4], [2, 5]]


def test_an_empty_array_keeps_its_shape() -> None:
    assert from_wire(to_wire(np.zeros((0, 4)))).shape == (0, 4)


def test_what_arrived_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        from_wire(to_wire([1.0]))[0] = 2


def test_a_type_that_the_browser_does_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="float32 and int32; 'float64' was asked for"):
        to_wire([1.0], "float64")
