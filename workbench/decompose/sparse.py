"""Sparse arithmetic: what is on, token by token, and matrices that are touched only there.

A dictionary's encoder must look at every feature of every token once. Nothing after
that has to: decoding, and the gradients of both matrices, need only the few entries
that are on. All of it is one operation, a weighted sum of rows,

    out_n = Σ_{j of n} weight_j · rows[column_j],

taken over the entries of each token for the decoder, and over the entries of each
feature for the gradients. Where more than one entry in eight is on (an untrained
ReLU dictionary), the same sums are done densely, which is then faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import embedding_bag

DENSE_ABOVE = 1 / 8
"""The share of entries on above which dense products are used."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """Which entries of a matrix [N, F] are on: those of row n are columns[offsets[n] : offsets[n + 1]].

    Attributes:
        offsets: where the entries of each row begin, and their number. [N + 1]
        columns: the column of every entry, row by row. [M]
        width: F.
    """

    offsets: Int[Tensor, " N1"]
    columns: Int[Tensor, " M"]
    width: int

    @classmethod
    def where(cls, on: Bool[Tensor, "N F"]) -> Pattern:
        """The entries that are True, in the order of their columns."""
        return cls.of(*on.nonzero(as_tuple=True), *on.shape)

    @classmethod
    def of(cls, rows: Int[Tensor, " M"], columns: Int[Tensor, " M"], n: int, width: int) -> Pattern:
        """Entries given by row and column, row by row."""
        return cls(_offsets(rows, n), columns, width)

    @classmethod
    def rectangle(cls, columns: Int[Tensor, "N k"], width: int) -> Pattern:
        """As many entries in every row, k."""
        n, k = columns.shape
        return cls(torch.arange(0, n * k + 1, k, device=columns.device), columns.reshape(-1), width)

    @classmethod
    def stacked(cls, parts: Sequence[Pattern]) -> Pattern:
        """The rows of several patterns of one width, one after another."""
        if len(parts) == 1:
            return parts[0]
        starts = accumulate((len(part.columns) for part in parts), initial=0)
        offsets = [part.offsets[:-1] + start for part, start in zip(parts, starts, strict=False)]
        last = offsets[0].new_tensor([sum(len(part.columns) for part in parts)])
        return cls(torch.cat([*offsets, last]), torch.cat([part.columns for part in parts]), parts[0].width)

    def only(self, keep: Bool[Tensor, " M"]) -> Pattern:
        """Some of the entries."""
        return Pattern.of(self.rows[keep], self.columns[keep], self.n, self.width)

    def spread(self, there: Bool[Tensor, " N2"]) -> Pattern:
        """The rows put where it is True, one after another, and empty rows between them."""
        counts = self.offsets.new_zeros(len(there) + 1)
        counts[1:][there] = self.counts
        return Pattern(counts.cumsum(0), self.columns, self.width)

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.offsets) - 1

    @cached_property
    def counts(self) -> Int[Tensor, " N"]:
        """How many entries are on in each row."""
        return self.offsets.diff()

    @cached_property
    def rows(self) -> Int[Tensor, " M"]:
        """The row of every entry."""
        rows = torch.arange(self.n, device=self.columns.device)
        return rows.repeat_interleave(self.counts, output_size=len(self.columns))

    @cached_property
    def by_column(self) -> tuple[Int[Tensor, " M"], Int[Tensor, " M"], Int[Tensor, " F1"]]:
        """The order that puts the entries in the order of their columns, their rows, and where each column begins."""
        order = self.columns.argsort(stable=True)
        return order, self.rows[order], _offsets(self.columns, self.width)

    @property
    def crowded(self) -> bool:
        """Whether so much is on that dense products are faster."""
        return len(self.columns) > DENSE_ABOVE * self.n * self.width

    def dense(self, values: Float[Tensor, " M"]) -> Float[Tensor, "N F"]:
        """The matrix with these values where it is on and 0 elsewhere."""
        out = values.new_zeros(self.n * self.width)
        return out.index_put_((self.rows * self.width + self.columns,), values, accumulate=True).view(
            self.n, self.width
        )

    def split(self, edges: Int[Tensor, " G"]) -> tuple[Pattern, Int[Tensor, " M"]]:
        """Each row cut into G rows: columns below edges[0], then below edges[1], …; and the entries' new order."""
        rows = self.rows * len(edges) + torch.bucketize(self.columns, edges, right=True)
        order = rows.argsort(stable=True)
        return Pattern(_offsets(rows, self.n * len(edges)), self.columns[order], self.width), order


def _offsets(sorted_or_not: Int[Tensor, " M"], n: int) -> Int[Tensor, " N1"]:
    """Where each of n numbers would begin, were the list sorted."""
    counts = torch.bincount(sorted_or_not, minlength=n)
    return torch.cat([counts.new_zeros(1), counts.cumsum(0)])


def decoded(values: Float[Tensor, " M"], pattern: Pattern, rows: Float[Tensor, "F D"]) -> Float[Tensor, "N D"]:
    """Σ_j of n values_j · rows[column_j], differentiable in both."""
    if pattern.crowded:
        return pattern.dense(values) @ rows
    out = embedding_bag(
        pattern.columns, rows.detach(), pattern.offsets, mode="sum", per_sample_weights=values, include_last_offset=True
    )
    return _DecoderLearns.apply(out, rows, values.detach(), pattern) if rows.requires_grad else out


def encoded(
    x: Float[Tensor, "N D"], rows: Float[Tensor, "F D"], bias: Float[Tensor, " F"], pattern: Pattern, values: Tensor
) -> Float[Tensor, " M"]:
    """x_n · rows[column_j] + bias[column_j] for every entry, differentiable in rows and bias; x is data.

    `values` are the same numbers without a gradient: they were needed to choose the entries.
    """
    if pattern.crowded:
        return (x @ rows.T + bias)[pattern.rows, pattern.columns]
    return _EncoderLearns.apply(values, rows, bias, x, pattern)


class _DecoderLearns(torch.autograd.Function):
    """The identity; its gradient for `rows` is Σ_{j of column c} values_j · gradient[row_j]."""

    @staticmethod
    def forward(ctx: Any, out: Tensor, rows: Tensor, values: Tensor, pattern: Pattern) -> Tensor:
        ctx.values, ctx.pattern = values, pattern
        return out.view_as(out)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        return gradient, by_column(ctx.values, ctx.pattern, gradient), None, None


class _EncoderLearns(torch.autograd.Function):
    """The identity; its gradient for `rows` is Σ_{j of column c} gradient_j · x[row_j], for `bias` Σ gradient_j."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, rows: Tensor, bias: Tensor, x: Tensor, pattern: Pattern) -> Tensor:
        ctx.save_for_backward(x)
        ctx.pattern = pattern
        return values.view_as(values)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        (x,), pattern = ctx.saved_tensors, ctx.pattern
        bias = gradient.new_zeros(pattern.width).index_add_(0, pattern.columns, gradient)
        return None, by_column(gradient, pattern, x), bias, None, None


def by_column(values: Float[Tensor, " M"], pattern: Pattern, given: Float[Tensor, "N D"]) -> Float[Tensor, "F D"]:
    """For every column c, Σ_{j of c} values_j · given[row_j]."""
    if len(pattern.columns) > pattern.n * pattern.width / 4:  # as of neurons
        return pattern.dense(values).T @ given
    order, rows, offsets = pattern.by_column
    return embedding_bag(
        rows, given.contiguous(), offsets,
        mode="sum", per_sample_weights=values[order].contiguous(), include_last_offset=True,
    )  # fmt: skip


# ---- choosing ------------------------------------------------------------------------------------


def largest(x: Float[Tensor, "N F"], k: int) -> tuple[Float[Tensor, "N k"], Int[Tensor, "N k"]]:
    """The k largest of every row and their columns, in no order: `topk`, several times as fast on wide rows.

    The columns are dealt to 256 groups. Every one of the k largest lies in one of the k groups with the largest
    maxima, so only those are looked through, and that again in the same way; 256 numbers fit NumPy's vectorised
    partition.
    """
    n, width = x.shape
    if x.device.type != "cpu" or k > GROUPS // 4 or width <= GROUPS or width % GROUPS:
        small = x.device.type == "cpu" and k < width <= GROUPS
        return _partition(x, k) if small else x.topk(k, dim=-1, sorted=False)
    groups = torch.arange(0, width, GROUPS, device=x.device)
    _, best = _partition(x.view(n, -1, GROUPS).amax(1), k)
    columns = (best[:, None] + groups[:, None]).view(n, -1)
    values, places = largest(x.gather(1, columns), k)
    return values, columns.gather(1, places)


GROUPS = 256


def _partition(x: Float[Tensor, "N F"], k: int) -> tuple[Float[Tensor, "N k"], Int[Tensor, "N k"]]:
    width = x.shape[1]
    places = torch.from_numpy(np.argpartition(x.detach().numpy(), width - k, axis=1)[:, width - k :])
    return x.gather(1, places), places


def above(x: Float[Tensor, "N F"], threshold: Tensor | float) -> tuple[Pattern, Float[Tensor, " M"]]:
    """Where x is above a threshold, of each column or of all, and what it is there; columns in no order.

    Where one threshold holds for all, columns are dealt to groups of eight, and only groups whose maximum is above it
    are looked through.
    """
    n, width = x.shape
    if x.device.type != "cpu" or width % 8 or width < 1024 or (isinstance(threshold, Tensor) and threshold.ndim):
        pattern = Pattern.where(x > threshold)
        return pattern, x[pattern.rows, pattern.columns]
    groups = width // 8
    at = (x.view(n, 8, groups).amax(1) > threshold).view(-1).nonzero().squeeze(-1)
    first = at + torch.div(at, groups, rounding_mode="floor") * (width - groups)
    flat = (first[:, None] + torch.arange(0, width, groups, device=x.device)).view(-1)
    values = x.take(flat)
    on = (values > threshold).nonzero().squeeze(-1)
    flat = flat[on]
    rows = torch.div(flat, width, rounding_mode="floor")
    return Pattern.of(rows, flat - rows * width, n, width), values[on]


def largest_of_all(values: Float[Tensor, " M"], m: int) -> Bool[Tensor, " M"]:
    """Where the m largest of a list are; of equal ones at the edge the first, so that the choice is always the same."""
    if m >= len(values):
        return torch.ones_like(values, dtype=torch.bool)
    edge = values.kthvalue(len(values) - m + 1).values
    keep = values > edge
    equal = (values == edge).nonzero().squeeze(-1)
    keep[equal[: m - int(keep.sum())]] = True
    return keep
