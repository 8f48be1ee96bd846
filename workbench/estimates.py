"""A number that a person reads: its value, its interval, and what it was measured on.

Proportions get a Wilson interval, with fewer cases where they come in groups; means a
Student-t one; medians one from the ranks; ratios of sums a bootstrap; areas under a ROC curve that of Hanley and
McNeil; all at 95 %.
Nothing here knows what is measured.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and the number of cases behind it.

    Example:
        >>> from workbench.estimates import proportion
        >>> print(proportion(288, 400))
        .720 [.674, .762], n 400
    """

    value: float
    low: float
    high: float
    n: int

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return f"{digits(self.value)} [{digits(self.low)}, {digits(self.high)}], n {grouped(self.n)}"


def proportion(hits: int, n: int) -> Estimate:
    """The share of hits among n cases, with Wilson's score interval.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".

    Example:
        >>> from workbench.estimates import proportion
        >>> print(proportion(18, 20))
        .900 [.699, .972], n 20
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"{hits} hits among {n} cases is no proportion; give 0 ≤ hits ≤ n, and n ≥ 1")
    return _wilson(hits / n, n, n)


def _wilson(p: float, n: int, independent: float) -> Estimate:
    z, m = 1.959964, independent
    centre = (p + z * z / (2 * m)) / (1 + z * z / m)
    half = z * math.sqrt(p * (1 - p) / m + z * z / (4 * m * m)) / (1 + z * z / m)
    low, high = (0.0 if p == 0 else max(0.0, centre - half)), (1.0 if p == 1 else min(1.0, centre + half))
    return Estimate(p, low, high, n)


def share(hits: Sequence[bool], of: Sequence[object] = ()) -> Estimate:
    """The share of hits where several cases may be of one thing, and so not independent; n counts the cases.

    With y the cases, p their mean and G things, the variance of p is G / (G − 1) · Σ_g (Σ_{i in g} (y_i − p))² / n².
    Wilson's interval is taken with as many independent cases as would vary so much, p (1 − p) / variance, but with
    at least G and at most n; if all cases agree, with G.

    Args:
        hits: whether each case is one.
        of: what each case is of; all are independent if none is given.

    Source: Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data"; Miller 2024, "Adding error bars to evals", section 3.1.

    Example:
        >>> from workbench.estimates import share
        >>> print(share([True, True, True, False], "aabc"))
        .750 [.256, .963], n 4
    """
    n, groups = len(hits), list(of) or list(range(len(hits)))
    whole = proportion(sum(hits), n)
    sums: dict[object, float] = {}
    for hit, group in zip(hits, groups, strict=True):
        sums[group] = sums.get(group, 0.0) + hit - whole.value
    variance = len(sums) / max(1, len(sums) - 1) * math.fsum(x * x for x in sums.values()) / n**2
    independent = whole.value * (1 - whole.value) / variance if variance > 0 else len(sums)
    return _wilson(whole.value, n, min(n, max(len(sums), independent)))


def mean(values: Sequence[float]) -> Estimate:
    """The mean of independent values, with Student's t interval (infinite for a single value).

    Example:
        >>> from workbench.estimates import mean
        >>> print(mean([1.0, 2.0, 3.0, 2.0]))
        2.00 [.702, 3.30], n 4
    """
    n = len(values)
    if n < 1:
        raise ValueError("no values were given; a mean needs at least one")
    centre = math.fsum(values) / n
    if n == 1:
        return Estimate(centre, -math.inf, math.inf, 1)
    spread = math.sqrt(math.fsum((v - centre) ** 2 for v in values) / (n - 1))
    half = _t(n - 1) * spread / math.sqrt(n)
    return Estimate(centre, centre - half, centre + half, n)


def difference(after: Estimate, before: Estimate, pairs: Sequence[tuple[float, float]]) -> Estimate:
    """A difference of two estimates on the same cases, from the interval of each and how far they go together.

    With l, u the bounds of each and r the correlation of the pairs, the lower bound is
    d − √((a − l_a)² + (u_b − b)² − 2 r (a − l_a) (u_b − b)), the upper one likewise. So that shares of 0 and 1 have an
    interval too, where Student's t would say that all is certain. A positive covariance is lessened by 1 / (2 n), for
    continuity.

    Args:
        after: a, with its interval.
        before: b, with its own.
        pairs: of every case its value after and before.

    Source: Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on
    paired data", method 10; Zou and Donner 2008 for any two estimates.

    Example:
        >>> from workbench.estimates import difference, proportion
        >>> print(difference(proportion(18, 20), proportion(3, 20), [(1, 0)] * 15 + [(1, 1)] * 3 + [(0, 0)] * 2))
        .750 [.459, .871], n 20
    """
    n, d = len(pairs), after.value - before.value
    means = [math.fsum(column) / n for column in zip(*pairs, strict=True)]
    moments = [math.fsum((p[i] - means[i]) * (p[j] - means[j]) for p in pairs) for i, j in ((0, 0), (1, 1), (0, 1))]
    moments = [moment / n for moment in moments]
    covariance = moments[2] if moments[2] < 0 else max(0.0, moments[2] - 0.5 / n)
    r = covariance / math.sqrt(moments[0] * moments[1]) if moments[0] > 0 and moments[1] > 0 else 0.0
    a_down, a_up = after.value - after.low, after.high - after.value
    b_down, b_up = before.value - before.low, before.high - before.value
    low = d - math.sqrt(max(0.0, a_down**2 + b_up**2 - 2 * r * a_down * b_up))
    high = d + math.sqrt(max(0.0, a_up**2 + b_down**2 - 2 * r * a_up * b_down))
    return Estimate(d, low, high, n)


def median(values: Sequence[float]) -> Estimate:
    """The median of independent values, with the interval that their ranks give, whatever their distribution.

    From the k-th smallest to the k-th largest, with the largest k for which P(Binomial(n, ½) < k) ≤ .025; infinite
    for fewer than six values.

    Source: Conover 1999, "Practical Nonparametric Statistics", section 3.2.

    Example:
        >>> from workbench.estimates import median
        >>> print(median(range(1, 12)))
        6.00 [2.00, 10.0], n 11
    """
    ordered, n = sorted(values), len(values)
    if n < 1:
        raise ValueError("no values were given; a median needs at least one")
    centre = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    k, below = 0, _of_halves(0, n)
    while below <= 0.025:
        k += 1
        below += _of_halves(k, n)
    low, high = (ordered[k - 1], ordered[n - k]) if k else (-math.inf, math.inf)
    return Estimate(centre, low, high, n)


def _of_halves(k: int, n: int) -> float:
    """The chance of k heads in n tosses."""
    return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))


def ratio(top: Sequence[float], bottom: Sequence[float], *, resamples: int = 1000, seed: int = 0) -> Estimate:
    """Σ top / Σ bottom over independent cases, with a percentile bootstrap interval (infinite for a single case).

    So that a case counts by its size: explained variance, for one, is over all tokens and not a mean over texts.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.

    Example:
        >>> from workbench.estimates import ratio
        >>> print(ratio([9, 18, 8, 21], [10, 20, 10, 20]))
        .933 [.840, 1.01], n 4
    """
    import numpy as np

    tops, bottoms = np.asarray(top, dtype=float), np.asarray(bottom, dtype=float)
    if len(tops) != len(bottoms) or not len(tops):
        raise ValueError(f"{len(tops)} numbers over {len(bottoms)}; give as many of both, and at least one")
    n = len(tops)
    with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, the ratio is nan
        value = float(tops.sum() / bottoms.sum())
        if n == 1:
            return Estimate(value, -math.inf, math.inf, 1)
        rows = np.random.default_rng(seed).integers(n, size=(resamples, n))
        low, high = np.quantile(tops[rows].sum(-1) / bottoms[rows].sum(-1), [0.025, 0.975])
    return Estimate(value, float(low), float(high), n)


def auroc(
    positives: Sequence[float], negatives: Sequence[float], *, n: int | None = None, against: int | None = None
) -> Estimate:
    """The chance that a positive scores above a negative, ties counting half, with its interval.

    Args:
        positives: scores of the cases that have it.
        negatives: scores of those that do not.
        n: how many of the positives are independent, if fewer than all (tokens of one text are not).
        against: how many of the negatives are; by default as large a share as of the positives.

    Example:
        >>> from workbench.estimates import auroc
        >>> auroc([2.0, 3.0, 4.0], [0.0, 1.0, 3.0]).value
        0.8333333333333334
    """
    if not positives or not negatives:
        raise ValueError(f"{len(positives)} positives and {len(negatives)} negatives; an AUROC needs one of each")
    ordered = sorted(negatives)
    wins = sum((bisect_left(ordered, score) + bisect_right(ordered, score)) / 2 for score in positives)
    n = len(positives) if n is None else n
    against = len(negatives) * n / len(positives) if against is None else against
    return area(wins / (len(positives) * len(negatives)), n, against)


def area(value: float, positives: int, negatives: float) -> Estimate:
    """An area under a ROC curve with Hanley and McNeil's interval; n counts the positives.

    With A the area, Q₁ = A / (2 − A) and Q₂ = 2 A² / (1 + A), its variance is
    (A (1 − A) + (p − 1) (Q₁ − A²) + (m − 1) (Q₂ − A²)) / (p m). An area of exactly 0 or 1 has the bound that
    .025 of as many perfect cases would give, .025^(1 / min(p, m)) at 1.

    Source: Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve".

    Example:
        >>> from workbench.estimates import area
        >>> print(area(0.9, 50, 50))
        .900 [.837, .963], n 50
    """
    p, m = positives, max(1.0, negatives)
    q1, q2 = value / (2 - value) - value**2, 2 * value**2 / (1 + value) - value**2
    variance = (value * (1 - value) + (p - 1) * q1 + (m - 1) * q2) / (p * m)
    half = 1.959964 * math.sqrt(max(0.0, variance))
    least = 1 - 0.025 ** (1 / min(p, m))  # at an edge the variance is 0; what a perfect score of so few still allows
    low = 1 - least if value == 1 else value - half
    high = least if value == 0 else value + half
    return Estimate(value, max(0.0, low), min(1.0, high), p)


def _t(freedom: int) -> float:
    """The 97.5 % quantile of Student's t (Cornish–Fisher expansion; within .2 % from 3 degrees of freedom on)."""
    z = 1.959964
    if freedom < 3:
        return {1: 12.7062, 2: 4.3027}[freedom]
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (order + 1) for order, term in enumerate(terms))


def digits(value: float) -> str:
    """Three significant digits, a real minus sign, no leading zero."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "–"
    if value == 0:
        return "0"
    rounded = float(f"{abs(value):.3g}")  # first, so that .9996 becomes 1.00 and not 1.000
    text = f"{abs(value):.{max(0, 2 - math.floor(math.log10(rounded)))}f}"
    text = text[1:] if text.startswith("0.") else text
    return ("−" if value < 0 else "") + text


def grouped(number: int) -> str:
    """A count with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\u2009")
