"""Where a law is planted it is found, and where concepts have features regardless of frequency none is claimed."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from workbench.decompose import Recovered
from workbench.estimates import Estimate
from workbench.explore.coverage import logistic

WIDTHS = (1000, 4000, 16_000)


def recovered(f1: dict[str, float]) -> list[Recovered]:
    def sure(value: float) -> Estimate:
        return Estimate(value, value, value, 10)

    return [Recovered(name, 0, 0.0, sure(value), *[sure(1.0)] * 3, 100) for name, value in f1.items()]


def world(
    seed: int, n: int = 400, slope: float = 4.0, at: float = 0.7
) -> tuple[dict[int, list[Recovered]], dict[str, float]]:
    """Concepts with frequencies over four decades; half of those at frequency `at` / width have a feature."""
    rng = np.random.default_rng(seed)
    frequency = {f"c{i}": float(p) for i, p in enumerate(10 ** rng.uniform(-6, -2, n))}
    found = {}
    for width in WIDTHS:
        chance = {name: 1 / (1 + np.exp(-slope * np.log10(p * width / at))) for name, p in frequency.items()}
        found[width] = recovered({name: 0.9 if rng.random() < p else 0.2 for name, p in chance.items()})
    return found, frequency


@pytest.mark.slow
def test_a_planted_law_is_found_within_its_interval() -> None:
    fits = [fit for seed in range(20) for fit in wb.explore.completeness(*world(seed), bars=[0.5]).fits]
    assert np.mean([fit.half.low <= 0.7 <= fit.half.high for fit in fits]) >= 0.88  # of 60
    assert all(0.4 < fit.half.value < 1.2 and fit.within for fit in fits)
    assert np.mean([fit.b for fit in fits]) == pytest.approx(4, abs=0.4)


def test_a_wider_dictionary_has_more_and_one_curve_fits_all() -> None:
    found = wb.explore.completeness(*world(0), bars=[0.5, 0.95])
    first, second, third = (fit for fit in found.fits if fit.bar == 0.5)
    assert first.share.value < second.share.value < third.share.value
    assert not any(fit.share.value for fit in found.fits if fit.bar == 0.95)
    for width in WIDTHS:
        for p, share in found.bins(0.5, width):
            assert share.low - 0.1 <= 1 / (1 + np.exp(-4 * np.log10(p * width / 0.7))) <= share.high + 0.1
    assert sum(share.n for _, share in found.bins(0.5, 1000)) == 400


def test_where_frequency_does_not_matter_no_frequency_is_named() -> None:
    rng = np.random.default_rng(0)
    frequency = {f"c{i}": float(p) for i, p in enumerate(10 ** rng.uniform(-6, -2, 200))}
    never = wb.explore.completeness({1000: recovered(dict.fromkeys(frequency, 0.1))}, frequency, bars=[0.5]).fits[0]
    assert not never.within and never.share.value == 0
    falling = {name: 0.9 if p < 1e-4 else 0.1 for name, p in frequency.items()}
    assert wb.explore.completeness({1000: recovered(falling)}, frequency, bars=[0.5]).fits[0].half.value == np.inf


def test_concepts_that_frequency_separates_give_a_finite_fit() -> None:
    frequency = {f"c{i}": 10 ** -(2 + i / 10) for i in range(40)}
    f1 = {name: 0.9 if p > 1e-4 else 0.1 for name, p in frequency.items()}
    (fit,) = wb.explore.completeness({1000: recovered(f1)}, frequency, bars=[0.5]).fits
    assert fit.half.value == pytest.approx(1e-4 * 1000, rel=0.2) and fit.at(1e-2) > 0.99 and fit.at(1e-6) < 0.01


def test_the_fit_is_that_of_a_plain_search() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    y = rng.random(60) < 1 / (1 + np.exp(-(0.5 + 1.5 * x)))
    a, b = logistic(x, y, np.ones((1, 60)))

    def likelihood(a: float, b: float) -> float:
        p = 1 / (1 + np.exp(-(a + b * x)))
        return float(np.log(np.where(y, p, 1 - p)).sum())

    grid = [(a[0] + i / 50, b[0] + j / 50) for i in range(-20, 21) for j in range(-20, 21)]
    assert max(likelihood(*one) for one in grid) <= likelihood(a[0], b[0]) + 1e-3


def test_only_concepts_that_all_dictionaries_were_asked_for_count() -> None:
    found = {100: recovered({"a": 0.9, "b": 0.1, "c": 0.9}), 200: recovered({"a": 0.9, "b": 0.9})}
    made = wb.explore.completeness(found, {"a": 0.1, "b": 0.01, "c": 0.5})
    assert made.concepts == ("b", "a") and made.f1[100] == (0.1, 0.9)
    scores = {alive: {one.concept: one.f1.value for one in some} for alive, some in found.items()}
    assert wb.explore.completeness(scores, {"a": 0.1, "b": 0.01}).fits == made.fits
    with pytest.raises(ValueError, match=r"no frequency in \(0, 1\] for a"):
        wb.explore.completeness(found, {"b": 0.01})
    with pytest.raises(ValueError, match="0 concepts were found in every dictionary"):
        wb.explore.completeness({}, {})
    with pytest.raises(ValueError, match="not measured at F1 ≥ 0.7; it was at 0.5, 0.8"):
        made.figure(0.7)
    with pytest.raises(ValueError, match="no dictionary with 7 features; there are: 100, 200"):
        made.bins(0.5, 7)


def test_what_is_shown_is_what_was_measured() -> None:
    found = wb.explore.completeness(*world(0))
    assert len(found.table()) == 6 and "400 concepts" in repr(found)
    points = [trace for trace in found.figure(0.5).data if trace.mode == "markers"]
    assert [trace.name for trace in points] == ["1\u2009000 features", "4\u2009000 features", "16\u2009000 features"]
    for trace, width in zip(points, WIDTHS, strict=True):
        assert list(trace.y) == [share.value for _, share in found.bins(0.5, width)]
        assert list(trace.x) == pytest.approx([p * width for p, _ in found.bins(0.5, width)])
    bare = [trace for trace in found.figure(0.5, scaled=False).data if trace.mode == "markers"]
    assert list(bare[0].x) == list(bare[1].x)
