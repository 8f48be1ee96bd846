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
    with pytest.raises(ValueError, match="float32, float16, uint8, int32; 'float64' was asked for"):
        to_wire([1.0], "float64")


@pytest.mark.parametrize("scale", [1e-30, 1.0, 3e7])
def test_half_floats_keep_three_digits_of_a_number_of_any_size(scale: float) -> None:
    numbers = torch.tensor([0.0, 1.0, -0.123, 0.00456, 7.89]) * scale
    assert np.allclose(from_wire(to_wire(numbers, "float16")), numbers.numpy(), rtol=1e-3, atol=0)


def test_what_is_tiny_beside_the_largest_keeps_its_digits_too() -> None:
    numbers = np.array([30000, 0.5, 0.05, 0.01], "float32")
    wire = to_wire(numbers, "float16")
    assert wire["dtype"] == "float32"
    assert np.allclose(from_wire(wire), numbers, rtol=1e-6)


def test_a_byte_keeps_the_256th_part_of_the_largest_number_and_zero_exactly() -> None:
    for numbers in (np.linspace(0, 40, 1000), np.linspace(-7, 9, 1000)):
        numbers = np.append(numbers, 0.0)
        back = from_wire(to_wire(numbers, "uint8"))
        assert np.abs(back - numbers).max() <= np.abs(numbers).max() / 250
        assert back[-1] == 0


def test_numbers_without_an_end_have_no_scale() -> None:
    with pytest.raises(ValueError, match="finite numbers only; send float32"):
        to_wire([1.0, np.inf], "float16")
