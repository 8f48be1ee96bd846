"""From where features fire to what is kept of each: a block of features at a time, in bounded memory.

Of every feature: how often and how strongly it fires, its exact histogram, its examples with what
it does around them, the tokens it fires on, what goes with it, and the concepts that it tells.

Correlations are over all pairs that ever fire together, Pearson's over all tokens,

    r_ij = (Σ f_i f_j / N − μ_i μ_j) / (σ_i σ_j).

A concept is scored by F1 of "f > θ": θ is chosen on every other text and F1 measured on the rest;
its interval is that of a ratio of sums over texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..decompose.dictionaries import Dictionary
from ..files import save_arrays
from ..progress import bar
from .examples import BINS, GROUPS, KINDS, Choice, Chosen, choose, context
from .firings import Block, Firings, mixed
from .gathering import Gathered

PART = 2**14
"""Features that are kept in one file."""
DENSE = 2**24
"""Entries of a block's correlations that are summed in a dense matrix; of more, the pairs are sorted."""
HELD = 2**21
"""Pairs that fire together that are held at once."""
FEW = 512
"""Features that are correlated with neurons at once."""
FEATURES, NEURONS = 10, 5
"""How many correlated features and neurons are kept."""
LEVELS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8)
"""Thresholds that are tried for a concept, as shares of a feature's maximum."""
LEAST = 10
"""Tokens that a concept must have in either half of the texts, and a feature among the random ones to correlate."""
SAID = 8
"""Tokens up to which two examples must be the same to count as one."""
CONCEPTS, WORTH = 3, 0.2
"""Concepts that are kept of a feature: its best, and every one with such an F1 where it was chosen."""


@dataclass
class Ragged:
    """Lists of different lengths, one after another, and where each begins."""

    lengths: list[np.ndarray] = field(default_factory=list)
    columns: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def add(self, lengths: np.ndarray, **columns: np.ndarray) -> None:
        self.lengths.append(np.asarray(lengths, np.int64))
        for name, column in columns.items():
            self.columns.setdefault(name, []).append(column)

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        lengths = np.concatenate(self.lengths) if self.lengths else np.zeros(0, np.int64)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]).astype(np.uint32)
        return {f"{name}_offsets": offsets} | {
            f"{name}_{column}": np.concatenate(parts) for column, parts in self.columns.items()
        }


def summed(
    gathered: Gathered, dictionary: Dictionary, folder: Path, *, choice: Choice, seed: int
) -> list[dict[str, Any]]:
    """Write what is kept of all features to files in a folder; the files, in the order of the features.

    Args:
        gathered: what a pass over text found.
        dictionary: whose features they are.
        folder: where to.
        choice: how many examples.
        seed: of their draw.
    """
    summing = _Summing(gathered, dictionary, choice, seed)
    files = []
    with bar("summing up", total=gathered.firings.width, unit="features") as progress:
        for first in range(0, gathered.firings.width, PART):
            last = min(first + PART, gathered.firings.width)
            name = f"features-{first // PART:05}.safetensors"
            save_arrays(folder / name, summing.part(first, last, progress.update), {"first": first})
            files.append({"file": name, "first": first, "last": last})
    return files


class _Summing:
    def __init__(self, gathered: Gathered, dictionary: Dictionary, choice: Choice, seed: int) -> None:
        self.gathered, self.firings, self.dictionary = gathered, gathered.firings, dictionary
        self.choice, self.seed = choice, seed
        firings = gathered.firings
        self.sums = np.zeros((3, firings.width))  # Σ f, Σ f², max
        for block in firings.blocks():
            owner, v = block.features, block.values.astype(np.float64)
            inside = slice(block.first, block.first + len(block.offsets) - 1)
            n = len(block.offsets) - 1
            self.sums[0, inside] = np.bincount(owner, v, n)
            self.sums[1, inside] = np.bincount(owner, v * v, n)
            fires = np.flatnonzero(np.diff(block.offsets))
            if len(fires):
                self.sums[2, block.first + fires] = np.maximum.reduceat(block.values, block.offsets[fires])
        self.occurrences = _occurrences(firings)
        self.labels = _Labels(gathered) if gathered.concepts else None
        self.silent = _Silent(gathered, dictionary, choice, seed) if choice.near or choice.negative else None

    def part(self, first: int, last: int, done: Any) -> dict[str, np.ndarray]:
        """Everything that is kept of some features."""
        n = last - first
        counts = self.firings.counts[first:last]
        arrays = {
            "counts": counts,
            "maxima": self.sums[2, first:last].astype(np.float32),
            "means": (self.sums[0, first:last] / np.maximum(counts, 1)).astype(np.float32),
            "quartiles": np.zeros((n, 3), np.float32),
            "histogram": np.zeros((n, BINS), np.uint32),
            "quantile_edges": np.zeros((n, self.choice.quantiles + 1), np.float32),
        }
        examples, around, tokens, with_features = Ragged(), Ragged(), Ragged(), Ragged()
        with_neurons, concepts = Ragged(), Ragged()
        for block in self.firings.blocks(first, last):
            carried = self.labels.at(block) if self.labels is not None else None
            for number in range(len(block.offsets) - 1):
                feature = block.first + number
                rows, values = block.of(number)
                at = feature - first
                chosen = choose(feature, rows, values, self._said, self.choice, self.seed)
                if len(values):
                    self._spread(arrays, at, values, chosen)
                self._examples(feature, rows, values, chosen, examples, around)
                self._tokens(rows, values, tokens)
                if self.labels is not None:
                    self.labels.score(rows, values, carried, int(block.offsets[number]), concepts)
            self._together(block, with_features)
            self._neurons(block, with_neurons)
            done(len(block.offsets) - 1)
        lists = {"examples": examples, "around": around, "tokens": tokens, "features": with_features}
        lists |= {"neurons": with_neurons} if self.gathered.neurons else {}
        lists |= {"concepts": concepts} if self.labels is not None else {}
        for name, ragged in lists.items():
            arrays |= ragged.arrays(name)
        return {name: _small(array) for name, array in arrays.items()}

    def _spread(self, arrays: Mapping[str, np.ndarray], at: int, values: np.ndarray, chosen: Chosen) -> None:
        arrays["quartiles"][at] = np.quantile(values, (0.25, 0.5, 0.75))
        arrays["histogram"][at] = np.bincount(chosen.bins, minlength=BINS)
        ends = np.zeros(self.choice.quantiles)
        np.maximum.at(ends, chosen.quantiles, values)
        arrays["quantile_edges"][at] = [values.min(), *np.maximum.accumulate(ends)]

    def _examples(
        self, feature: int, rows: np.ndarray, values: np.ndarray, chosen: Chosen, examples: Ragged, around: Ragged
    ) -> None:
        firings = self.firings
        kinds, groups = chosen.kinds, chosen.groups
        at, strengths = rows[chosen.at], values[chosen.at]
        z = np.zeros(len(at), np.float32)
        if self.silent is not None and len(values):
            silent_kinds, silent_groups, silent_at, silent_z = self.silent.of(feature)
            kinds, groups = np.concatenate([kinds, silent_kinds]), np.concatenate([groups, silent_groups])
            at, z = np.concatenate([at, silent_at]), np.concatenate([z, silent_z])
            strengths = np.concatenate([strengths, np.zeros(len(silent_at), np.float32)])
        text = firings.texts_of(at)
        low = np.maximum(firings.starts[text], at - self.choice.context)
        high = np.minimum(firings.starts[text + 1], at + self.choice.context + 1)
        example, distance, value = context(rows, values, at, low, high)
        maximum = float(values.max(initial=0))
        examples.add(
            np.array([len(at)]),
            what=kinds * GROUPS + groups,
            rows=at,
            around=np.bincount(example, minlength=len(at)),
            values=np.where(kinds == KINDS.index("near"), z, strengths).astype(np.float32),
        )
        around.add(np.array([len(distance)]), distance=distance.astype(np.int16), share=_share(value, maximum))

    def _said(self, rows: np.ndarray) -> np.ndarray:
        """Numbers that are the same for tokens that are and follow the same, up to eight tokens in their texts."""
        begins = self.firings.starts[self.firings.texts_of(rows)]
        at = rows - np.arange(SAID)[:, None]
        ids = self.firings.ids(np.maximum(at, begins).ravel()).reshape(at.shape)
        said = np.zeros(len(rows), np.uint64)
        for token in np.where(at >= begins, ids, -1):
            said = mixed(token + 1, said)
        return said

    def _tokens(self, rows: np.ndarray, values: np.ndarray, tokens: Ragged) -> None:
        """The tokens with the largest shares of the feature's activation."""
        ids, place = np.unique(self.firings.ids(rows), return_inverse=True)
        mass, on = np.bincount(place, values, len(ids)), np.bincount(place, minlength=len(ids))
        best = np.lexsort((ids, -mass))[: self.choice.tokens]
        tokens.add(
            np.array([len(best)]),
            ids=ids[best],
            share=(mass[best] / max(mass.sum(), 1e-30)).astype(np.float16),
            on=on[best],
            n=self.occurrences[ids[best]],
        )

    # ---- what goes with it -------------------------------------------------------------------------

    def _together(self, block: Block, out: Ragged) -> None:
        """The features that correlate most with each of a block, of all that ever fire with it."""
        n, width = len(block.offsets) - 1, self.firings.width
        is_dense = n * width <= DENSE
        key, product, both = self._products(block, is_dense)
        one, other = key // width, key % width
        means, deviations = self._moments
        mine = block.first + one
        r = _over(product / self.firings.tokens - means[mine] * means[other], deviations[mine] * deviations[other])
        r[(mine == other) | (deviations[mine] * deviations[other] == 0)] = -np.inf
        if is_dense:
            table = torch.full((n, width), -torch.inf)
            table.view(-1)[torch.from_numpy(key)] = torch.from_numpy(r)
            best, number = table.topk(min(FEATURES, width), dim=-1)
            at = (torch.arange(n)[:, None] * width + number).flatten()[best.flatten() > -torch.inf].numpy()
            order = np.searchsorted(key, at)
        else:
            order = np.lexsort((-r, one))
            first = np.searchsorted(one[order], one[order], side="left")
            order = order[(np.arange(len(order)) - first < FEATURES) & (r[order] > -np.inf)]
        found = {"number": other[order], "r": r[order].astype(np.float16), "both": both[order].astype(np.int64)}
        out.add(np.bincount(one[order], minlength=n), **found)

    def _products(self, block: Block, is_dense: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of all pairs that fire together their keys (feature of the block · F + feature), in order, Σ f g and n."""
        n, width = len(block.offsets) - 1, self.firings.width
        dense = np.zeros((2, n * width if is_dense else 0))
        owner, keys, sums = block.features, [np.zeros(0, np.int64)], [np.zeros((2, 0))]
        step = max(1, round(HELD * self.firings.tokens / max(1, int(self.firings.counts.sum()))))
        for start in range(0, len(block.rows), step):
            part = slice(start, start + step)
            place, feature, value = self.firings.beside(block.rows[part])
            key = owner[part][place] * width + feature
            product = block.values[part][place].astype(np.float64) * value
            if is_dense:
                dense[0] += np.bincount(key, product, n * width)
                dense[1] += np.bincount(key, minlength=n * width)
            else:
                unique, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
                keys.append(unique)
                sums.append(np.stack([np.bincount(inverse, product, len(unique)), count]))
        if is_dense:
            key = np.flatnonzero(dense[1])
            return key, *dense[:, key]
        key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
        return key, *(np.bincount(inverse, row, len(key)) for row in np.concatenate(sums, 1))

    @cached_property
    def _moments(self) -> tuple[np.ndarray, np.ndarray]:
        return _moments(self.sums[0] / self.firings.tokens, self.sums[1] / self.firings.tokens)

    def _neurons(self, block: Block, out: Ragged) -> None:
        """The neurons that correlate most with each feature of a block: over all tokens, or over the random ones.

        Over these a feature has none that fires there on too few.
        """
        if not self.gathered.neurons:
            return
        n = len(block.offsets) - 1
        for start in range(0, n, FEW):
            some = slice(start, min(start + FEW, n))
            r, both = self._with_neurons(block, some)
            best, number = torch.from_numpy(r).topk(min(NEURONS, r.shape[1]), dim=-1)
            keep = (best > -torch.inf).numpy()
            number = number.numpy()
            out.add(
                keep.sum(1),
                number=number[keep],
                r=best.numpy()[keep].astype(np.float16),
                both=np.take_along_axis(both, number, 1)[keep] if both.size else np.zeros(int(keep.sum()), np.int64),
            )

    def _with_neurons(self, block: Block, some: slice) -> tuple[np.ndarray, np.ndarray]:
        """Correlations [f, M], −∞ where there is none; and at how many tokens both fire, where that is counted."""
        gathered, first, n = self.gathered, block.first + some.start, some.stop - some.start
        counts = np.diff(block.offsets[some.start : some.stop + 1])
        if gathered.products is not None:
            mean, deviation = _moments(*(gathered.neuron_sums / self.firings.tokens))
            means, deviations = (moment[first : first + n, None] for moment in self._moments)
            r = _over(gathered.products[first : first + n] / self.firings.tokens - means * mean, deviations * deviation)
            r[counts == 0] = -np.inf
            return r, np.zeros((0, 0), np.int64)
        values = gathered.pool_neurons
        part = slice(block.offsets[some.start], block.offsets[some.stop])
        at = _place_in(gathered.pool, block.rows[part])
        f = np.zeros((n, len(values)), np.float32)
        f[np.repeat(np.arange(n), counts)[at >= 0], at[at >= 0]] = block.values[part][at >= 0]
        mean, deviation = _moments(values.mean(0, dtype=np.float64), np.square(values, dtype=np.float64).mean(0))
        means, deviations = (m[:, None] for m in _moments(f.mean(1, dtype=np.float64), np.square(f).mean(1)))
        r = _over(f @ values / len(values) - means * mean, deviations * deviation)
        r[(f > 0).sum(1) < LEAST] = -np.inf
        return r, ((f > 0).astype(np.float32) @ (values > 0).astype(np.float32)).astype(np.int64)


def _moments(mean: np.ndarray, square: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means and standard deviations; those of what is as good as constant are 0."""
    variance = square - mean**2
    return mean, np.sqrt(np.where(variance > 1e-9 * square, variance, 0))


def _over(covariance: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Correlations; 0 where something is constant."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(deviations > 0, np.clip(covariance / deviations, -1, 1), 0).astype(np.float32)


def _share(values: np.ndarray, maximum: float) -> np.ndarray:
    """Values as shares of the maximum, in halves: three digits, and nothing that fires becomes 0."""
    shares = (values / max(maximum, 1e-30)).astype(np.float16)
    return np.where((values > 0) & (shares == 0), np.float16(6e-8), shares)


def _small(array: np.ndarray) -> np.ndarray:
    """The same numbers in as few bytes as hold them, where they are whole."""
    if array.dtype.kind not in "iu" or not array.size:
        return array
    low, high = int(array.min()), int(array.max())
    kinds = ("i1", "i2", "i4", "i8") if low < 0 else ("u1", "u2", "u4", "u8")
    return array.astype(next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max))


def _occurrences(firings: Firings) -> np.ndarray:
    """How often each token occurs. [the largest + 1]"""
    parts = [np.bincount(shard["ids"]) for shard in firings.shards]
    counts = np.zeros(max(map(len, parts)), np.int64)
    for part in parts:
        counts[: len(part)] += part
    return counts


def _place_in(pool: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Where in the pool each row is, -1 where it is not."""
    order = np.argsort(pool)
    at = np.minimum(np.searchsorted(pool[order], rows), len(pool) - 1)
    return np.where(pool[order][at] == rows, order[at], -1)


class _Silent:
    """Tokens on which features are silent: those nearest to firing, and random ones, of the tokens of the pool."""

    def __init__(self, gathered: Gathered, dictionary: Dictionary, choice: Choice, seed: int) -> None:
        self.pool, self.choice, self.seed = gathered.pool, choice, seed
        width, n = dictionary.width, min(choice.near, len(gathered.pool))
        best = torch.full((n, width), -torch.inf)
        where = torch.zeros((n, width), dtype=torch.int32)
        fires: list[tuple[np.ndarray, np.ndarray]] = []
        at = 0

        def chosen(z: torch.Tensor) -> tuple[Any, torch.Tensor]:
            nonlocal at, best, where
            pattern, values = dictionary.on(z)
            on = values > 0
            rows, columns = pattern.rows[on], pattern.columns[on]
            fires.append((columns.cpu().numpy(), (at + rows).cpu().numpy()))
            if n:
                quiet = z.clone()
                quiet[rows, columns] = -torch.inf
                numbers = torch.arange(at, at + len(z), dtype=torch.int32)[:, None].expand_as(z)
                joined = torch.cat([best, quiet.float().cpu()])
                best, place = joined.topk(n, dim=0)
                where = torch.cat([where, numbers]).gather(0, place)
            at += len(z)
            return pattern, values

        with torch.no_grad():
            x = torch.from_numpy(gathered.pool_x).to(dictionary.maxima)
            dictionary.read(dictionary.normalised(x)[0], chosen)
        self.best, self.where = best.T.numpy(), where.T.numpy()
        columns, rows = (np.concatenate(parts) for parts in zip(*fires, strict=True))
        order = np.lexsort((rows, columns))
        self.rows = rows[order]
        self.edges = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=width))])

    def of(self, feature: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Kinds, groups, rows and z of a feature's silent examples."""
        near = np.isfinite(self.best[feature])
        nearest, z = self.where[feature][near], self.best[feature][near]
        fires = self.rows[self.edges[feature] : self.edges[feature + 1]]
        begin = int(mixed(np.array(feature), self.seed) % np.uint64(len(self.pool)))
        some = (begin + np.arange(len(fires) + len(nearest) + self.choice.negative)) % len(self.pool)
        some = some[: len(self.pool)]
        some = some[~np.isin(some, fires) & ~np.isin(some, nearest)][: self.choice.negative]
        kinds = np.repeat([KINDS.index("near"), KINDS.index("negative")], [len(nearest), len(some)])
        groups = np.concatenate([np.arange(len(nearest)), np.zeros(len(some), np.int64)])
        rows = np.concatenate([self.pool[nearest], self.pool[some]])
        return kinds, groups, rows, np.concatenate([z, np.zeros(len(some))])


class _Labels:
    """How well features tell the concepts that tokens carry; texts are those that were given, whole."""

    def __init__(self, gathered: Gathered) -> None:
        self.firings, self.n = gathered.firings, len(gathered.concepts)
        firings = self.firings
        _, self.source = np.unique(firings.sources, return_inverse=True)  # of every piece its text, from 0
        self.is_odd = np.unique(firings.sources) % 2 == 1
        self.half = firings.sources % 2
        self.has_open = "undecided" in firings.shards[0]
        carried = np.zeros((len(self.is_odd), self.n), np.int32)
        for first, shard in _texts(firings):
            counts = np.diff(shard["concepts_offsets"])
            piece = np.repeat(np.repeat(np.arange(len(shard["lengths"])), shard["lengths"]), counts)
            text, concept = self.source[first + piece], shard["concepts"]
            if self.has_open:
                decided = ~self._open(shard)
                text, concept = text[decided], concept[decided]
            np.add.at(carried, (text, concept), 1)
        self.carried = carried  # [texts, C], decided tokens that carry it
        self.totals = np.stack([carried[~self.is_odd].sum(0), carried[self.is_odd].sum(0)])

    def _open(self, shard: Mapping[str, np.ndarray]) -> np.ndarray:
        """Which of the concepts that tokens carry are left open there."""
        mine = np.repeat(np.arange(len(shard["ids"])), np.diff(shard["concepts_offsets"])) * self.n + shard["concepts"]
        open_ = np.repeat(np.arange(len(shard["ids"])), np.diff(shard["undecided_offsets"])) * self.n
        return np.isin(mine, open_ + shard["undecided"])

    def at(self, block: Block) -> list[tuple[np.ndarray, np.ndarray]]:
        """What tokens of a block carry, and what they leave open: (places among its firings, concepts), in order."""
        found = []
        for name in ("concepts", "undecided") if self.has_open else ("concepts",):
            place, concept = self.firings.sets(name, block.rows)
            order = np.argsort(place, kind="stable")
            found.append((place[order], concept[order].astype(np.int64)))
        if self.has_open:
            (place, concept), (open_, its) = found
            keep = ~np.isin(place * self.n + concept, open_ * self.n + its)
            found[0] = place[keep], concept[keep]
        return found

    def score(
        self,
        rows: np.ndarray,
        values: np.ndarray,
        carried: list[tuple[np.ndarray, np.ndarray]],
        first: int,
        out: Ragged,
    ) -> None:
        """Add one feature's best concepts, with what they score on the other half of the texts.

        Its firings are those of a block from the place `first` on, and `carried` is what `at` gave of that block.
        """
        if not len(rows):
            out.add(np.array([0]), number=np.zeros(0, np.int64), scores=np.zeros((0, 11), np.float16))
            return
        levels = len(LEVELS)
        limits = np.array(LEVELS) * float(values.max())
        level = np.searchsorted(limits, values, side="left") - 1  # the highest that it is above
        text = self.firings.texts_of(rows)
        half = self.half[text]
        (place, concept), (undecided, its) = (*[_cut(one, first, len(rows)) for one in carried], _NONE)[:2]
        on = _above(np.bincount(half * levels + level, minlength=2 * levels).reshape(2, 1, levels))
        left = _above(self._counted(half[undecided], its, level[undecided]))
        hits = _above(self._counted(half[place], concept, level[place]))
        alarms = on - left - hits
        f1 = 2 * hits[0] / np.maximum(hits[0] + alarms[0] + self.totals[0][:, None], 1)
        best_level = f1.argmax(1)
        best = f1[np.arange(self.n), best_level]
        order = np.argsort(-best, kind="stable")
        order = order[(best[order] > 0) & (self.totals[:, order].min(0) >= LEAST)]
        chosen = order[: max(CONCEPTS, int((best[order] >= WORTH).sum()))]
        scores = []
        for one in chosen:
            limit = limits[best_level[one]]
            over = (values > limit) & (half == 1)
            measured = self._measured(int(one), self.source[text], over, place[concept == one], undecided[its == one])
            scores.append([best[one], LEVELS[best_level[one]], *measured])
        out.add(
            np.array([len(chosen)]),
            number=chosen,
            scores=np.array(scores, np.float16).reshape(-1, 11),
        )

    def _counted(self, half: np.ndarray, concept: np.ndarray, level: np.ndarray) -> np.ndarray:
        levels = len(LEVELS)
        key = (half * self.n + concept) * levels + level
        return np.bincount(key, minlength=2 * self.n * levels).reshape(2, self.n, levels)

    def _measured(
        self, concept: int, text: np.ndarray, over: np.ndarray, carry: np.ndarray, open_: np.ndarray
    ) -> list[float]:
        """F1, precision and sensitivity of `over`, each with its interval over texts."""
        hit = np.zeros(len(over), bool)
        hit[carry] = True
        count = np.ones(len(over), bool)
        count[open_] = False
        texts = len(self.is_odd)
        tp = np.bincount(text[over & hit], minlength=texts)
        fp = np.bincount(text[over & ~hit & count], minlength=texts)
        carried = np.where(self.is_odd, self.carried[:, concept], 0)
        return [*_ratio(2 * tp, tp + fp + carried), *_ratio(tp, tp + fp), *_ratio(tp, carried)]


_NONE = np.zeros(0, np.int64), np.zeros(0, np.int64)


def _cut(found: tuple[np.ndarray, np.ndarray], first: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """What is at so many places from one on, the places counted from there."""
    low, high = np.searchsorted(found[0], (first, first + n))
    return found[0][low:high] - first, found[1][low:high]


def _above(counts: np.ndarray) -> np.ndarray:
    """How many are above each level, of how many have it as their highest."""
    return counts[..., ::-1].cumsum(-1)[..., ::-1]


def _ratio(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float, float]:
    """Σ top / Σ bottom over texts with its 95 % interval, r ± 1.96 √(G/(G − 1) Σ (top − r bottom)²) / Σ bottom.

    Where all texts agree, with Wilson's for as many cases as there are texts with any.

    Source: Cochran 1977, "Sampling Techniques", section 6.3.
    """
    total, groups = bottom.sum(), int((bottom > 0).sum())
    if not total:
        return 0.0, 0.0, 1.0
    r = top.sum() / total
    z2 = 1.959964**2
    if r in (0.0, 1.0) or groups < 2:
        least = z2 / (groups + z2)
        return (r, 1 - least if r == 1 else 0.0, least if r == 0 else 1.0)
    half = 1.959964 * np.sqrt(groups / (groups - 1) * ((top - r * bottom) ** 2).sum()) / total
    return float(r), float(max(0.0, r - half)), float(min(1.0, r + half))


def _texts(firings: Firings) -> Iterator[tuple[int, Mapping[str, np.ndarray]]]:
    """The shards, each with the number of its first piece of text."""
    first = 0
    for shard in firings.shards:
        yield first, shard
        first += len(shard["lengths"])
