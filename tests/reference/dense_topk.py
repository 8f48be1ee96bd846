"""TopK with everything dense and written out: the slow form that the sparse one must equal."""

from __future__ import annotations

import torch
from torch import Tensor


def encode(x: Tensor, w_enc: Tensor, b_enc: Tensor, b_dec: Tensor, k: int) -> Tensor:
    """Activations [N, F], zero but for the k largest of each row."""
    before = (x - b_dec) @ w_enc + b_enc
    kept = torch.zeros_like(before)
    for row in range(len(before)):
        for place in before[row].argsort(descending=True)[:k]:
            kept[row, place] = 1
    return torch.relu(before * kept)


def loss(x: Tensor, w_enc: Tensor, w_dec: Tensor, b_enc: Tensor, b_dec: Tensor, k: int) -> Tensor:
    """Squared error over the variance of x, both summed over all of [N, D]."""
    reconstruction = encode(x, w_enc, b_enc, b_dec, k) @ w_dec + b_dec
    return ((x - reconstruction) ** 2).sum() / ((x - x.mean(0)) ** 2).sum()
