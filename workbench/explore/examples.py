"""Which tokens stand for a feature: the strongest, some of every part of its range, and some on which it is silent.

All of a feature's firings are at hand, so nothing is estimated: intervals and quantiles are those
of the whole text, and a firing is drawn from each evenly. What is drawn depends only on the
feature, the token and the seed. A feature that is silent fires in no interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .firings import mixed

KINDS = ("top", "quantile", "interval", "near", "negative")
"""Of examples: the strongest; drawn from parts with equally many firings; drawn from parts of equal width;
silent, but nearest to firing; silent, drawn at random."""
GROUPS = 64
"""Groups that a kind of examples may have: an example is kept as kind · GROUPS + group."""
LARGE = 2**20
"""Firings of one feature from which on examples are drawn among so many of them, taken evenly, and the strongest."""
BINS = 50
"""Of histograms."""


Said = Callable[[np.ndarray], np.ndarray]
"""Given rows, numbers that are the same for those that say the same."""


@dataclass(frozen=True)
class Choice:
    """How many examples of each kind are shown of a feature.

    Attributes:
        top: the strongest, with different tokens before them.
        quantiles, intervals: into how many parts the firings, and the range from 0 to the maximum, are cut; of
            intervals, 50 is a multiple.
        each: drawn from every part.
        near, negative: silent ones.
        context: tokens on each side that are kept.
        tokens: of the tokens that a feature fires on, how many are kept, by their share of its activation.
    """

    top: int = 20
    quantiles: int = 5
    intervals: int = 10
    each: int = 3
    near: int = 5
    negative: int = 5
    context: int = 64
    tokens: int = 16

    def __post_init__(self) -> None:
        parts = self.top, self.quantiles, self.intervals, self.each, self.context, self.tokens
        is_short = min(parts) < 1 or min(self.near, self.negative) < 0
        if is_short or BINS % self.intervals or max(*parts[:3], self.near) > GROUPS:
            most = f"at most {GROUPS} of a kind; intervals that divide {BINS}"
            raise ValueError(f"{self}: at least 1 of each, 0 of silent ones; {most}")


@dataclass(frozen=True)
class Chosen:
    """Examples of one feature, as the places of its firings.

    Attributes:
        kinds: of `KINDS`, by number. groups: rank, quantile or interval, 0 the lowest but for ranks.
        at: which of the firings.
        bins, quantiles: in which of 50 parts of the range, and in which quantile, every firing lies.
    """

    kinds: np.ndarray
    groups: np.ndarray
    at: np.ndarray
    bins: np.ndarray
    quantiles: np.ndarray


def part_of(values: np.ndarray, maximum: float) -> np.ndarray:
    """In which of 50 equal parts of (0, maximum] each value lies, 0 the lowest; its upper edge belongs to a part."""
    upper = np.linspace(0, maximum, BINS + 1)[1:]
    upper[-1] = maximum
    return np.searchsorted(upper, values, side="left")


def quantile_of(values: np.ndarray, parts: int) -> np.ndarray:
    """In which of so many parts of equally many each value lies, 0 the lowest; of equal ones the first is lower."""
    ranks = np.empty(len(values), np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * parts // max(1, len(values))


def choose(feature: int, rows: np.ndarray, values: np.ndarray, said: Said, choice: Choice, seed: int) -> Chosen:
    """Choose examples among a feature's firings.

    Args:
        feature: its number, on which the draw depends.
        rows: the token of each firing.
        values: how strong it is.
        said: tells the same of rows that say the same.
        choice: how many.
        seed: of the draw.
    """
    if not len(values):
        none = np.zeros(0, np.int64)
        return Chosen(none, none, none, none, none)
    top = _strongest(rows, values, said, choice.top)
    parts = [(KINDS.index("top"), np.arange(len(top)), top)]
    bins, quantiles = part_of(values, float(values.max())), quantile_of(values, choice.quantiles)
    some = _some(rows, values, feature, seed)
    order = mixed(rows[some], mixed(np.array(feature), seed))
    for kind, group in (
        ("quantile", quantiles[some]),
        ("interval", bins[some] // (BINS // choice.intervals)),
    ):
        at = _drawn(group, order, choice.each)
        at = at[np.lexsort((-values[some[at]], group[at]))]
        parts.append((KINDS.index(kind), group[at], some[at]))
    kinds = np.concatenate([np.full(len(at), kind) for kind, _, at in parts])
    groups, at = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    return Chosen(kinds, groups, at, bins, quantiles)


def _some(rows: np.ndarray, values: np.ndarray, feature: int, seed: int) -> np.ndarray:
    """The places of all firings; of very many, of about as many as are large, taken evenly, and of the strongest."""
    if len(rows) <= LARGE:
        return np.arange(len(rows))
    limit = np.uint64(int(LARGE / len(rows) * 2**64))
    even = np.flatnonzero(mixed(rows, mixed(np.array(feature), seed + 1)) < limit)
    return np.union1d(even, np.argpartition(-values, 1000)[:1000])


def _strongest(rows: np.ndarray, values: np.ndarray, said: Said, n: int) -> np.ndarray:
    """The places of the n strongest that say different things, the strongest first; the same where others lack."""
    some = min(len(values), 4 * n)
    while True:
        best = np.argpartition(-values, some - 1)[:some]
        best = best[np.lexsort((best, -values[best]))]
        _, first = np.unique(said(rows[best]), return_index=True)
        if len(first) >= n or some == len(values):
            break
        some = min(len(values), 4 * some)
    chosen = np.sort(first)[:n]
    rest = np.setdiff1d(np.arange(len(best)), chosen)[: n - len(chosen)]
    return best[np.sort(np.concatenate([chosen, rest]))]


def _drawn(groups: np.ndarray, order: np.ndarray, n: int) -> np.ndarray:
    """Of every group the n members that come first in a random order."""
    sorted_ = np.lexsort((order, groups))
    inside = groups[sorted_]
    first = np.searchsorted(inside, inside, side="left")
    return sorted_[np.arange(len(groups)) - first < n]


def context(
    rows: np.ndarray, values: np.ndarray, at: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What one feature does around some tokens: of each firing there, which example, how far from it, how strong.

    `rows` and `values` are its firings in the order of the rows, `at` the rows of the examples, and around each count
    the rows from `low` on, up to `high`, which is left out.
    """
    first, last = np.searchsorted(rows, low), np.searchsorted(rows, high)
    counts = last - first
    example = np.repeat(np.arange(len(at)), counts)
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    return example, rows[inside] - at[example], values[inside]
