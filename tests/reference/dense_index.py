"""What an index says, computed the slow way: every activation of every feature in one dense matrix."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
import torch

import workbench as wb


def dense(model: wb.Model, dictionary: wb.decompose.Dictionary, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Activations [tokens, F] of all texts, one text at a time, and the text of every token."""
    rows, of = [], []
    for number, text in enumerate(texts):
        recording = wb.record.activations(model, text, at=list(dictionary.reads))
        features = dictionary.encode(recording)
        matrix = torch.zeros(*features.values.shape[:2], dictionary.width)
        matrix.scatter_add_(-1, features.indices, features.values)
        rows.append(matrix[recording.tokens.places.text].numpy())
        of += [number] * len(rows[-1])
    return np.concatenate(rows), np.array(of)


def histogram(values: np.ndarray, bins: int) -> list[int]:
    """How many positive values lie in each part of (0, maximum], counted one by one."""
    on, counts = values[values > 0], [0] * bins
    edges = np.linspace(0, on.max(), bins + 1)
    edges[-1] = on.max()
    for value in on:
        counts[next(part for part in range(bins) if value <= edges[part + 1])] += 1
    return counts


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's."""
    a, b = a.astype(float), b.astype(float)
    return float(np.corrcoef(a, b)[0, 1])


def concept_f1(
    values: np.ndarray,
    carried: Sequence[Set[str]],
    undecided: Sequence[Set[str]],
    of: np.ndarray,
    concept: str,
    levels: Sequence[float],
) -> tuple[float, float, float, float, float]:
    """The best F1 on even texts; threshold, F1, precision and sensitivity on odd ones."""
    has = np.array([concept in token for token in carried])
    counts = np.array([concept not in token for token in undecided])

    def scores(half: int, limit: float) -> tuple[float, float, float]:
        mine = (of % 2 == half) & counts
        said = values > limit
        hit, alarm, miss = (said & has & mine).sum(), (said & ~has & mine).sum(), (~said & has & mine).sum()
        return (
            2 * hit / max(2 * hit + alarm + miss, 1),
            hit / max(hit + alarm, 1),
            hit / max(hit + miss, 1),
        )

    best = max(levels, key=lambda level: (scores(0, level * values.max())[0], -level))
    limit = best * values.max()
    return (scores(0, limit)[0], limit, *scores(1, limit))
