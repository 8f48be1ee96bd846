"""Whether known concepts have features: for every concept the feature that tells it best, and how well it does.

The labels come in as an argument: nothing here knows where they are from. A feature and a
threshold are chosen on every other text, by F1, and measured on the rest, so that a choice
among thousands does not flatter itself. Random directions, as many and as sparse, stand beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..estimates import Estimate
from ..model import Model
from ..progress import watched
from .dictionaries import Dictionary, Features
from .scoring import ends
from .sparse import Pattern, by_column

BATCH = 64
LEVELS = (0.0, 0.1, 0.2, 0.35, 0.5)
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
    """

    concept: str
    feature: int
    threshold: float
    f1: Estimate
    sensitivity: Estimate
    specificity: Estimate
    mcc: Estimate
    tokens: int


@torch.no_grad()
def recover(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    *,
    least: int = 20,
) -> list[Recovered]:
    """The feature that tells each concept best, and how well.

    Args:
        model: the model that the dictionary reads.
        dictionary: whose features are tried.
        texts: every other one is chosen on, the rest are measured on.
        labels: of every text, the concepts of each token, BOS left out.
        least: concepts with fewer tokens than this in either half are left out.

    Raises:
        ValueError: labels that do not fit the tokens.

    Example:
        >>> import workbench as wb
        >>> texts = ["2+2=4", "2+2=4", "The bridge is red.", "The bridge is red."] * 8
        >>> labels = [[{"sum"}] * 5, [{"sum"}] * 5, [set()] * 5, [set()] * 5] * 8
        >>> (one,) = wb.decompose.recover(wb.load(), wb.decompose.load(), texts, labels)
        >>> one.concept
        'sum'
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and labels for {len(labels)}: one list of labels for each text")
    names = sorted({name for text in labels for token in text for name in token})
    halves = [(texts[start::2], labels[start::2]) for start in (0, 1)]
    chosen, enough = _choose(model, dictionary, *halves[0], names, least)
    counts = _count(model, dictionary, *halves[1], names, chosen)
    found = []
    for number, name in enumerate(names):
        feature, threshold = chosen[number]
        tokens = int(counts[:, number, [0, 2]].sum())
        if enough[number] and tokens >= least:
            found.append(Recovered(name, feature, threshold, *_estimates(counts[:, number]), tokens))
    return found


def _features(
    model: Model, dictionary: Dictionary, texts: Sequence[str], labels: Sequence[Sequence[Set[str]]], names: list[str]
) -> Iterator[tuple[Features, Tensor, Tensor]]:
    """Of a few texts at a time: features [N, k], what each token carries [N, C], and which text it is of [N]."""
    place = {name: number for number, name in enumerate(names)}
    for start in watched(range(0, len(texts), BATCH), "concepts"):
        tokens = model.tokens(list(texts[start : start + BATCH]))
        text = tokens.places.text
        x = ends(model, dictionary, tokens)[0][text]
        carried = torch.zeros(len(x), len(names))
        row = 0
        for number, (rows, here) in enumerate(zip(text.sum(-1).tolist(), labels[start : start + BATCH], strict=True)):
            if rows != len(here):
                raise ValueError(f"text {start + number} has {rows} tokens and labels for {len(here)}")
            for token in here:
                carried[row, [place[name] for name in token]] = 1.0
                row += 1
        of = torch.arange(start, start + len(text))[:, None].expand_as(text)[text.cpu()]
        yield dictionary.encode(x), carried, of


def _choose(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    names: list[str],
    least: int,
) -> tuple[list[tuple[int, float]], list[bool]]:
    """Of every concept the feature and threshold with the best F1, and whether it has tokens enough."""
    hits = torch.zeros(len(LEVELS), dictionary.width, len(names))
    fired = torch.zeros(len(LEVELS), dictionary.width)
    carried_by = torch.zeros(len(names))
    maxima = dictionary.maxima.new_full((dictionary.width,), 1e-12)
    for features, _, _ in _features(model, dictionary, texts, labels, names):
        maxima = torch.maximum(maxima, features.maxima())
    for features, carried, _ in _features(model, dictionary, texts, labels, names):
        rows, places = (features.values > 0).nonzero(as_tuple=True)
        columns, values = features.indices[rows, places], features.values[rows, places]
        for level, share in enumerate(LEVELS):
            on = values > share * maxima[columns]
            pattern = Pattern.of(rows[on], columns[on], len(carried), dictionary.width)
            hits[level] += by_column(torch.ones(int(on.sum())), pattern, carried)
            fired[level] += torch.bincount(columns[on], minlength=dictionary.width)
        carried_by += carried.sum(0)
    f1 = 2 * hits / (fired[:, :, None] + carried_by).clamp(min=1)
    best = f1.flatten(0, 1).argmax(0)
    level, feature = best // dictionary.width, best % dictionary.width
    thresholds = torch.tensor(LEVELS)[level] * maxima[feature]
    return list(zip(feature.tolist(), thresholds.tolist(), strict=True)), (carried_by >= least).tolist()


def _count(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    names: list[str],
    chosen: list[tuple[int, float]],
) -> Float[Tensor, "B C 4"]:
    """Of every text and concept: hits, false alarms, misses, and tokens rightly passed over."""
    feature = torch.tensor([feature for feature, _ in chosen])
    threshold = torch.tensor([threshold for _, threshold in chosen])
    used, column = feature.unique(return_inverse=True)
    place = torch.full((dictionary.width,), -1)
    place[used] = torch.arange(len(used))
    counts = torch.zeros(len(texts), len(names), 4)
    for features, carried, of in _features(model, dictionary, texts, labels, names):
        at = place[features.indices]
        rows, k = ((at >= 0) & (features.values > 0)).nonzero(as_tuple=True)
        values = torch.zeros(len(carried), len(used))
        values[rows, at[rows, k]] = features.values[rows, k]
        said, is_so = values[:, column] > threshold, carried > 0
        for kind, cell in enumerate((said & is_so, said & ~is_so, ~said & is_so, ~said & ~is_so)):
            counts[:, :, kind].index_add_(0, of, cell.float())
    return counts


def _estimates(counts: Float[Tensor, "B 4"], resamples: int = 500) -> list[Estimate]:
    """F1, sensitivity, specificity and MCC of the summed counts, with bootstrap intervals over texts."""
    rows = torch.randint(len(counts), (resamples, len(counts)), generator=torch.Generator().manual_seed(0))
    draws = torch.cat([counts.sum(0)[None], counts[rows].sum(1)]).double()
    hit, alarm, miss, passed = draws.unbind(-1)
    spread = ((hit + alarm) * (hit + miss) * (passed + alarm) * (passed + miss)).sqrt()
    values = [
        2 * hit / (2 * hit + alarm + miss),
        hit / (hit + miss),
        passed / (passed + alarm),
        (hit * passed - alarm * miss) / spread.clamp(min=1),
    ]
    found = []
    for value in values:
        value = value.nan_to_num()
        low, high = value[1:].quantile(torch.tensor([0.025, 0.975], dtype=value.dtype)).tolist()
        found.append(Estimate(float(value[0]), low, high, len(counts)))
    return found
