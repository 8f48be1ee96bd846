"""Where features fire, on disk: written text by text, read feature by feature, in bounded memory.

A shard holds some texts: their tokens, and every firing twice, once in the order of the tokens
and once in that of the features (a stable sort, so a feature's firings are in the order of the
text). A block of features is read from all shards at once; no more of a shard is looked at than
its firings. What has been written of an unfinished pass stays, and the pass goes on behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..files import mapped, save_arrays

SHARD = 2**17
"""Tokens that a shard aims at."""
FIRINGS, FEATURES = 2**18, 2**14
"""Firings, and features, of a block that is held at once."""


@dataclass(frozen=True)
class Read:
    """What was read of one text.

    Attributes:
        source: which of the texts it was, or was a piece of.
        ids: its tokens, BOS left out. [n]
        counts: how many features fire at each. [n]
        features, values: which, and how strongly, token by token. [m]
        concepts, undecided: by number, the concepts that a token carries, and those left open: (counts [n], numbers).
    """

    source: int
    ids: np.ndarray
    counts: np.ndarray
    features: np.ndarray
    values: np.ndarray
    concepts: tuple[np.ndarray, np.ndarray] | None = None
    undecided: tuple[np.ndarray, np.ndarray] | None = None


def write_shard(path: Path, texts: Sequence[Read], width: int) -> Path:
    """Write a shard of some texts, whole or not at all."""
    ids = np.concatenate([text.ids for text in texts])
    offsets = _offsets(np.concatenate([text.counts for text in texts]))
    features = np.concatenate([text.features for text in texts]).astype(np.int32)
    values = np.concatenate([text.values for text in texts]).astype(np.float32)
    order = np.argsort(features, kind="stable")
    rows = np.repeat(np.arange(len(ids), dtype=np.int32), np.diff(offsets))
    arrays = {
        "ids": ids.astype(np.int32),
        "lengths": np.array([len(text.ids) for text in texts], np.int64),
        "sources": np.array([text.source for text in texts], np.int64),
        "offsets": offsets,
        "features": features,
        "values": values,
        "by_feature": _offsets(np.bincount(features, minlength=width)),
        "rows": rows[order],
        "sorted": values[order],
    }
    for name in ("concepts", "undecided"):
        sets = [getattr(text, name) for text in texts]
        if sets[0] is not None:
            arrays[f"{name}_offsets"] = _offsets(np.concatenate([counts for counts, _ in sets]))
            arrays[name] = np.concatenate([numbers for _, numbers in sets]).astype(np.int32)
    return save_arrays(path, arrays, {"width": width})


def _offsets(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


@dataclass(frozen=True)
class Block:
    """The firings of some features, in the order of the features and, of each, of the text.

    Attributes:
        first: the number of the first feature.
        offsets: where the firings of each feature begin, and how many there are. [f + 1]
        rows: at which token, counted over all texts. [m]
        values: how strongly. [m]
    """

    first: int
    offsets: np.ndarray
    rows: np.ndarray
    values: np.ndarray

    @property
    def features(self) -> np.ndarray:
        """The feature of every firing, counted from the first. [m]"""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def of(self, feature: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows and values of one feature, counted from the first."""
        part = slice(self.offsets[feature], self.offsets[feature + 1])
        return self.rows[part], self.values[part]


class Firings:
    """Shards, one after another, as if they were one.

    Attributes:
        width: F. tokens, texts: how many there are.
        starts: the row of the first token of each text, and the number of tokens. [texts + 1]
        sources: of which text that was given each is, or is a piece. [texts]
        counts: at how many tokens each feature fires. [F]
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        opened = [mapped(path) for path in paths]
        self.shards: list[Mapping[str, np.ndarray]] = [arrays for arrays, _ in opened]
        self.width: int = opened[0][1]["width"]
        self.bases = _offsets(np.array([len(shard["ids"]) for shard in self.shards]))
        self.starts = _offsets(np.concatenate([shard["lengths"] for shard in self.shards]))
        self.tokens, self.texts = int(self.bases[-1]), len(self.starts) - 1
        self.sources = np.concatenate([shard["sources"] for shard in self.shards])
        self.counts = sum(np.diff(shard["by_feature"]) for shard in self.shards)

    def ids(self, rows: np.ndarray) -> np.ndarray:
        """The tokens at some rows."""
        out = np.empty(len(rows), np.int32)
        for number, there in self._where(rows):
            out[there] = self.shards[number]["ids"][rows[there] - self.bases[number]]
        return out

    def texts_of(self, rows: np.ndarray) -> np.ndarray:
        """The text of each of some rows."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def sets(self, name: str, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a token may have several of: for each, the place in `rows` of the token that has it, and the thing."""
        return self._several(f"{name}_offsets", (name,), rows)

    def beside(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Everything that fires at some rows: (place in `rows`, feature, value)."""
        return self._several("offsets", ("features", "values"), rows)

    def _several(self, offsets: str, names: Sequence[str], rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Of what each token may have several of: the place in `rows` of the token, and the columns of that name."""
        found = [[np.zeros(0, np.int64)], *([self.shards[0][name][:0]] for name in names)]
        for number, there in self._where(rows):
            shard = self.shards[number]
            at, entries = _spread(shard[offsets], rows[there] - self.bases[number])
            for column, part in zip(found, (there[at], *(shard[name][entries] for name in names)), strict=True):
                column.append(part)
        return tuple(map(np.concatenate, found))

    def _where(self, rows: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Of each shard that holds any, its number and the places in `rows` of those that it holds."""
        shard = np.searchsorted(self.bases, rows, side="right") - 1
        for number in np.unique(shard):
            yield int(number), np.flatnonzero(shard == number)

    def blocks(self, first: int = 0, last: int | None = None) -> Iterator[Block]:
        """Features from one on, up to another, in blocks of so many firings, or of one feature that has more."""
        last = self.width if last is None else last
        total = _offsets(self.counts)
        while first < last:
            end = int(np.searchsorted(total, total[first] + FIRINGS, side="right")) - 1
            end = min(max(end, first + 1), first + FEATURES, last)
            yield self.block(first, end)
            first = end

    def block(self, first: int, last: int) -> Block:
        """The firings of the features from one on, up to another."""
        counts = np.zeros(last - first, np.int64)
        parts = []
        for number, shard in enumerate(self.shards):
            edges = np.asarray(shard["by_feature"][first : last + 1])
            part = slice(edges[0], edges[-1])
            parts.append((np.diff(edges), shard["rows"][part] + self.bases[number], np.asarray(shard["sorted"][part])))
            counts += np.diff(edges)
        offsets = _offsets(counts)
        rows, values = np.empty(offsets[-1], np.int64), np.empty(offsets[-1], np.float32)
        filled = offsets[:-1].copy()
        for count, its_rows, its_values in parts:
            into = np.repeat(filled - _offsets(count)[:-1], count) + np.arange(len(its_rows))
            rows[into], values[into] = its_rows, its_values
            filled += count
        return Block(first, offsets, rows, values)


def _spread(offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The entries of some rows of a ragged array: the place in `rows` of each, and where it is."""
    starts = np.asarray(offsets[rows])
    counts = np.asarray(offsets[rows + 1]) - starts
    places = np.repeat(np.arange(len(rows)), counts)
    return places, np.repeat(starts - _offsets(counts)[:-1], counts) + np.arange(len(places))


def mixed(numbers: np.ndarray, seed: int | np.ndarray) -> np.ndarray:
    """A random whole number for every number and seed, always the same: a uniform order that depends on no other.

    Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators" (SplitMix64).

    Example:
        >>> import numpy as np
        >>> from workbench.explore.firings import mixed
        >>> bool((mixed(np.arange(3), 0) == mixed(np.arange(3), 0)).all()), len(set(mixed(np.arange(999), 7).tolist()))
        (True, 999)
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        x = np.asarray(numbers).astype(np.uint64) * golden
        x = x + np.asarray(seed).astype(np.uint64) * np.uint64(0xD1B54A32D192ED03) + golden
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
