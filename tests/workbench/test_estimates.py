"""Intervals hold the truth as often as they say, and numbers print as LOOK.md asks."""

from __future__ import annotations

import math
import random

import pytest

from workbench.estimates import Estimate, area, digits, grouped, mean, median, proportion, share


@pytest.mark.parametrize("p", [0.05, 0.5, 0.95])
def test_wilson_covers_the_true_share_about_nineteen_times_in_twenty(p: float) -> None:
    rng = random.Random(0)
    hits = [sum(rng.random() < p for _ in range(80)) for _ in range(2000)]
    covered = sum(e.low <= p <= e.high for e in (proportion(h, 80) for h in hits)) / 2000
    assert 0.92 < covered < 0.98


def test_a_share_of_cases_in_groups_covers_the_truth_where_wilson_alone_does_not() -> None:
    rng = random.Random(0)
    of = [i // 6 for i in range(240)]
    clustered, naive = 0, 0
    for _ in range(1000):
        known = [rng.random() < 0.8 for _ in range(40)]
        hits = [known[group] if rng.random() < 0.8 else rng.random() < 0.8 for group in of]
        one, other = share(hits, of), proportion(sum(hits), 240)
        clustered, naive = clustered + (one.low <= 0.8 <= one.high), naive + (other.low <= 0.8 <= other.high)
    assert naive / 1000 < 0.8 and 0.92 < clustered / 1000 < 0.98


def test_a_share_without_groups_is_a_proportion() -> None:
    hits = [True] * 31 + [False] * 9
    assert share(hits) == proportion(31, 40) and share(hits, range(40)) == proportion(31, 40)
    assert share([True] * 12, "aaabbbcccddd").low == proportion(4, 4).low, "four things that agree"


@pytest.mark.parametrize("n", [6, 25, 400])
def test_the_interval_of_a_median_covers_it_at_least_nineteen_times_in_twenty(n: int) -> None:
    rng = random.Random(0)
    some = [median([rng.lognormvariate(0, 2) for _ in range(n)]) for _ in range(1000)]
    assert 0.94 < sum(one.low <= 1 <= one.high for one in some) / 1000 < 0.985
    assert median([1, 2, 3, 9]).value == 2.5 and median([3, 1, 2]).value == 2
    assert math.isinf(median([1.0] * 5).low) and not math.isinf(median([1.0] * 6).low)


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_t_interval_covers_the_true_mean_about_nineteen_times_in_twenty(n: int) -> None:
    rng = random.Random(0)
    covered = sum(e.low <= 1 <= e.high for e in (mean([rng.gauss(1, 2) for _ in range(n)]) for _ in range(4000))) / 4000
    assert 0.935 < covered < 0.965


def test_shares_at_the_edge_have_intervals_too() -> None:
    assert proportion(20, 20).low == pytest.approx(0.839, abs=1e-3) and proportion(20, 20).high == 1
    assert mean([3.0]).high == math.inf


def test_numbers_print_with_three_digits_and_a_real_minus() -> None:
    assert [digits(v) for v in (0.72, -0.0314159, 12.345, 0.9996, 9.996, 1234.5, 0.0, math.inf, math.nan)] == [
        ".720", "−.0314", "12.3", "1.00", "10.0", "1234", "0", "∞", "–",
    ]  # fmt: skip
    assert grouped(2100000) == "2\u2009100\u2009000"
    assert str(Estimate(0.72, 0.674, 0.762, 400)) == ".720 [.674, .762], n 400"


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="5 hits among 4"):
        proportion(5, 4)
    with pytest.raises(ValueError, match="no values"):
        mean([])


def test_a_perfect_area_of_few_cases_is_not_certain() -> None:
    few, many = area(1.0, 3, 10), area(1.0, 500, 900)
    assert few.high == 1.0 and few.low == pytest.approx(0.025 ** (1 / 3)) and few.low < 0.3 < 0.99 < many.low < 1
    assert area(0.0, 3, 10).high == pytest.approx(1 - few.low)
