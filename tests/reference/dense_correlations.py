"""Which unit of one matrix goes best with which of another, by numpy's own correlation of whole columns.

Slow, and everything is held at once. It shares no code with `workbench.explore`.
"""

from __future__ import annotations

import numpy as np


def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pearson's r of every column of a with every column of b, 0 where one of them never changes. [A, B]"""
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = np.corrcoef(a.T.astype(float), b.T.astype(float))
    return np.nan_to_num(whole[: a.shape[1], a.shape[1] :])


def best(
    chosen_on: tuple[np.ndarray, np.ndarray], measured_on: tuple[np.ndarray, np.ndarray], least: int
) -> dict[int, tuple[int, float]]:
    """Of every unit of a that fires often enough in both, its match and their r where it was not chosen."""
    a, b = chosen_on
    r = between(a, b)
    r[:, (b > 0).sum(0) < least] = -np.inf
    found = {}
    for i in range(a.shape[1]):
        if min((half[:, i] > 0).sum() for half in (a, measured_on[0])) >= least:
            j = int(r[i].argmax())
            found[i] = j, between(measured_on[0][:, [i]], measured_on[1][:, [j]])[0, 0]
    return found
