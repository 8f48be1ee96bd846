"""Whether known concepts have features: for every concept the feature that tells it best, and how well it does.

The labels come in as an argument: nothing here knows where they are from. A feature and a
threshold are chosen on every other text, by F1, and measured on the rest, so that a choice
among thousands does not flatter itself. Random directions, as many and as sparse, stand beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..estimates import Estimate
from ..model import Model
from ..progress import watched
from .dictionaries import Dictionary, Features
from .scoring import ends, random_directions
from .sparse import Pattern, by_column

BATCH = 64
FITTED = 500
"""Texts on which random directions are made as sparse as the dictionary."""
LEVELS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8)
"""Thresholds that are tried, as shares of a feature's maximum."""


@dataclass(frozen=True)
class Recovered:
    """How well the best feature tells one concept, on texts that it was not chosen on; intervals are over texts.

    Attributes:
        concept: its name.
        feature: the feature that told it best where it was chosen.
        threshold: it is taken as present above this activation.
        f1: the harmonic mean of sensitivity and precision, 2 TP / (2 TP + FP + FN).
        sensitivity: TP / (TP + FN), of the tokens that carry it.
        specificity: TN / (TN + FP), of the tokens that do not.
        mcc: Matthews' correlation of present and predicted.
        tokens: how many tokens carry it there.
        floor: F1 of the best of as many random directions, as sparse, found in the same way; None if not asked for.
    """

    concept: str
    feature: int
    threshold: float
    f1: Estimate
    sensitivity: Estimate
    specificity: Estimate
    mcc: Estimate
    tokens: int
    floor: Estimate | None = None


@torch.no_grad()
def recover(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    *,
    undecided: Sequence[Sequence[Set[str]]] | None = None,
    least: int = 20,
    floor: bool = True,
) -> list[Recovered]:
    """The feature that tells each concept best, and how well.

    Of every concept the feature i and threshold θ with the largest F1 of f_i > θ on the first half are taken, and
    measured on the second.

    Args:
        model: the model that the dictionary reads.
        dictionary: whose features are tried.
        texts: every other one is chosen on, the rest are measured on.
        labels: of every text, the concepts of each token, BOS left out.
        undecided: of every text, the concepts that are neither held for nor against a feature at each token, as
            where a name has begun and may still become another; None to count all.
        least: concepts with fewer tokens than this in either half are left out.
        floor: whether random directions are tried too, which takes as long again.

    Raises:
        ValueError: labels that do not fit the tokens.

    Example:
        >>> import workbench as wb
        >>> texts = ["2+2=4", "2+2=4", "The bridge is red.", "The bridge is red."] * 8
        >>> labels = [[{"sum"}] * 5, [{"sum"}] * 5, [set()] * 5, [set()] * 5] * 8
        >>> (one,) = wb.decompose.recover(wb.load(), wb.decompose.load(), texts, labels)
        >>> one.concept, one.f1.value >= one.floor.value
        ('sum', True)
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and labels for {len(labels)}: one list of labels for each text")
    if undecided is not None and [len(row) for row in undecided] != [len(row) for row in labels]:
        raise ValueError("undecided has other tokens than labels: give a set for every token of every text, or None")
    names = sorted({name for text in labels for token in text for name in token})
    halves = [sorted(range(start, len(texts), 2), key=lambda number: len(texts[number])) for start in (0, 1)]
    half = [_Labelled(texts, labels, undecided, numbers, names) for numbers in halves]
    chosen, enough = _choose(model, dictionary, half[0], least)
    counts = _count(model, dictionary, half[1], chosen)
    found, estimates = [], _estimates(counts)
    for number, name in enumerate(names):
        feature, threshold = chosen[number]
        tokens = int(counts[:, number, [0, 2]].sum())
        if enough[number] and tokens >= least:
            found.append(Recovered(name, feature, threshold, *estimates[number], tokens))
    if not floor:
        return found
    random = random_directions(model, dictionary, texts[:FITTED])
    beside = recover(model, random, texts, labels, undecided=undecided, least=least, floor=False)
    return [replace(one, floor=rival.f1) for one, rival in zip(found, beside, strict=True)]


@dataclass(frozen=True)
class _Labelled:
    """Some of the texts, those of a length together, and for each token which concepts it carries or leaves open."""

    texts: Sequence[str]
    labels: Sequence[Sequence[Set[str]]]
    undecided: Sequence[Sequence[Set[str]]] | None
    numbers: Sequence[int]
    names: list[str]

    def read(
        self, model: Model, dictionary: Dictionary
    ) -> Iterator[tuple[Features, Float[Tensor, "N C"], Float[Tensor, "N C"], Int[Tensor, " N"]]]:
        """Of a few texts at a time: features [N, k], what each token carries, and does not, and which text it is of."""
        for start in watched(range(0, len(self.numbers), BATCH), "concepts"):
            numbers = self.numbers[start : start + BATCH]
            tokens = model.tokens([self.texts[number] for number in numbers])
            text = tokens.places.text
            x = ends(model, dictionary, tokens)[0][text]
            for number, rows in zip(numbers, text.sum(-1).tolist(), strict=True):
                if rows != len(self.labels[number]):
                    raise ValueError(f"text {number} has {rows} tokens and labels for {len(self.labels[number])}")
            carried = self._marked([self.labels[number] for number in numbers])
            absent = 1 - carried
            if self.undecided is not None:
                decided = 1 - self._marked([self.undecided[number] for number in numbers])
                carried, absent = carried * decided, absent * decided
            of = torch.arange(start, start + len(text))[:, None].expand_as(text)[text.cpu()]
            yield dictionary.encode(x).to("cpu"), carried, absent, of

    def _marked(self, sets: Sequence[Sequence[Set[str]]]) -> Float[Tensor, "N C"]:
        place = {name: number for number, name in enumerate(self.names)}
        rows = [token for text in sets for token in text]
        at = [(row, place[name]) for row, token in enumerate(rows) for name in token if name in place]
        marked = torch.zeros(len(rows), len(self.names))
        if at:
            marked[tuple(torch.tensor(at).T)] = 1.0
        return marked


def _choose(
    model: Model, dictionary: Dictionary, given: _Labelled, least: int
) -> tuple[list[tuple[int, float]], list[bool]]:
    """Of every concept the feature and threshold with the best F1, and whether it has tokens enough."""
    shape = len(LEVELS), dictionary.width, len(given.names)
    hits, alarms, carried_by = torch.zeros(shape), torch.zeros(shape), torch.zeros(shape[-1])
    maxima = torch.full((dictionary.width,), 1e-12)
    for features, *_ in given.read(model, dictionary):
        maxima = torch.maximum(maxima, features.maxima())
    for features, carried, absent, _ in given.read(model, dictionary):
        rows, places = (features.values > 0).nonzero(as_tuple=True)
        columns, values = features.indices[rows, places], features.values[rows, places]
        for level, share in enumerate(LEVELS):
            on = values > share * maxima[columns]
            pattern = Pattern.of(rows[on], columns[on], len(carried), dictionary.width)
            ones = torch.ones(int(on.sum()))
            hits[level] += by_column(ones, pattern, carried)
            alarms[level] += by_column(ones, pattern, absent)
        carried_by += carried.sum(0)
    f1 = 2 * hits / (hits + alarms + carried_by).clamp(min=1)
    best = f1.flatten(0, 1).argmax(0)
    level, feature = best // dictionary.width, best % dictionary.width
    thresholds = torch.tensor(LEVELS)[level] * maxima[feature]
    return list(zip(feature.tolist(), thresholds.tolist(), strict=True)), (carried_by >= least).tolist()


def _count(
    model: Model, dictionary: Dictionary, given: _Labelled, chosen: list[tuple[int, float]]
) -> Float[Tensor, "B C 4"]:
    """Of every text and concept: hits, false alarms, misses, and tokens rightly passed over."""
    feature = torch.tensor([feature for feature, _ in chosen])
    threshold = torch.tensor([threshold for _, threshold in chosen])
    used, column = feature.unique(return_inverse=True)
    place = torch.full((dictionary.width,), -1)
    place[used] = torch.arange(len(used))
    counts = torch.zeros(len(given.numbers), len(given.names), 4)
    for features, carried, absent, of in given.read(model, dictionary):
        at = place[features.indices]
        rows, k = ((at >= 0) & (features.values > 0)).nonzero(as_tuple=True)
        values = torch.zeros(len(carried), len(used))
        values[rows, at[rows, k]] = features.values[rows, k]
        said = (values[:, column] > threshold).float()
        for kind, cell in enumerate((said * carried, said * absent, (1 - said) * carried, (1 - said) * absent)):
            counts[:, :, kind].index_add_(0, of, cell)
    return counts


def _estimates(counts: Float[Tensor, "B C 4"], resamples: int = 500) -> list[list[Estimate]]:
    """Of every concept F1, sensitivity, specificity and MCC of the summed counts; bootstrap intervals over texts."""
    n, concepts, _ = counts.shape
    rows = torch.randint(n, (resamples, n), generator=torch.Generator().manual_seed(0))
    times = torch.zeros(resamples, n).scatter_add_(1, rows, torch.ones(1).expand_as(rows))  # each text is drawn
    draws = torch.cat([counts.sum(0).view(1, -1), times @ counts.flatten(1)]).view(-1, concepts, 4).double()
    hit, alarm, miss, passed = draws.unbind(-1)
    spread = ((hit + alarm) * (hit + miss) * (passed + alarm) * (passed + miss)).sqrt()
    values = [
        2 * hit / (2 * hit + alarm + miss),
        hit / (hit + miss),
        passed / (passed + alarm),
        (hit * passed - alarm * miss) / spread.clamp(min=1),
    ]
    ends = torch.tensor([0.025, 0.975], dtype=torch.double)
    ranges = [torch.stack([v[0], *v[1:].quantile(ends, dim=0)]).T.tolist() for v in map(torch.nan_to_num, values)]
    return [[Estimate(*measure, n) for measure in one] for one in zip(*ranges, strict=True)]
