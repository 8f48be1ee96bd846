"""Krippendorff's α as its definition reads: every pair of ratings of a unit, against every pair of all ratings.

Slow, and written without the coincidence matrices of the library: α = 1 − D_o / D_e, where D_o is the mean
difference within units, each unit weighing as its number of ratings, and D_e that between any two ratings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations


def alpha(table: Sequence[Sequence[float]], level: str) -> float:
    """α of ratings, a row per rater and a column per unit; nan where one is missing."""
    units = [[row[u] for row in table if not math.isnan(row[u])] for u in range(len(table[0]))]
    units = [unit for unit in units if len(unit) >= 2]
    ratings = [rating for unit in units for rating in unit]
    if len(set(ratings)) < 2:
        return math.nan

    def difference(a: float, b: float) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        if low == high:
            return 0.0
        between = sum(low <= rating <= high for rating in ratings)
        return (between - (ratings.count(low) + ratings.count(high)) / 2) ** 2

    n = len(ratings)
    within = sum(sum(difference(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    between = sum(difference(a, b) for a, b in permutations(ratings, 2)) / (n * (n - 1))
    return 1 - within / between
