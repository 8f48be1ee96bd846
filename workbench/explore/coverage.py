"""How often a concept must occur before a dictionary has a feature for it, and how that changes with its width.

A dictionary has features for the concepts that occur often and none for those that are rare, and a wider one reaches
farther. For large models the frequency at which half of the concepts have a feature was a little less than one over
the number of features that are alive: on an axis of frequency × features, dictionaries of every width would fall on
one curve that passes one half near 1. Here both are known exactly, so the law can be put to the test.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import charts
from ..estimates import Estimate, digits, grouped, proportion

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import plotly.graph_objects as go

    from ..decompose.recovery import Recovered

RIDGE = 1e-3
"""Of the fit, on both coefficients of standardised log frequency: finite even where no concept breaks the order."""
RESAMPLES = 500
BINS = 6


@dataclass(frozen=True)
class Fit:
    """P(a concept of frequency p has a feature) = 1 / (1 + exp(−(a + b log₁₀ p))).

    Attributes:
        bar: F1 from which on a concept counts as having a feature.
        alive: how many features of the dictionary ever fire.
        share: of all concepts, those that have one.
        a, b: the coefficients; b is how steeply the chance rises with every factor of ten.
        half: 10^(−a/b) · alive, with which frequency, in units of 1 / alive, half of the concepts have a feature; the
            interval is a bootstrap over concepts; inf where more frequent concepts are no likelier to have one.
        within: whether that frequency lies among those of the concepts; if not, it is extrapolated.
    """

    bar: float
    alive: int
    share: Estimate
    a: float
    b: float
    half: Estimate
    within: bool

    def at(self, frequency: float) -> float:
        """The fitted chance at a frequency."""
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, self.a + self.b * math.log10(frequency)))))


@dataclass(frozen=True, eq=False)
class Completeness:
    """Which concepts have a feature, in dictionaries of several widths.

    Attributes:
        concepts: their names, the rarest first.
        frequency: the share of tokens that carries each.
        f1: by the number of features that are alive, F1 of the best feature of each concept.
        fits: for every bar and width.
    """

    concepts: tuple[str, ...]
    frequency: tuple[float, ...]
    f1: Mapping[int, tuple[float, ...]]
    fits: tuple[Fit, ...]

    def table(self) -> pd.DataFrame:
        """A row for every bar and width."""
        import pandas as pd

        rows = [
            {
                "F1 at least": fit.bar,
                "alive features": fit.alive,
                "concepts with a feature": str(fit.share),
                "log odds per factor of ten": digits(fit.b),
                "half of them have one at a frequency of": digits(fit.half.value / fit.alive) if fit.within else "–",
                "times alive features": str(fit.half) if fit.within else "no frequency among them",
            }
            for fit in self.fits
        ]
        return pd.DataFrame(rows)

    def bins(self, bar: float, alive: int, *, n: int = BINS) -> list[tuple[float, Estimate]]:
        """The share of concepts with a feature in groups of as many concepts each, by their frequency.

        Each with the geometric mean of its frequencies and Wilson's interval.
        """
        if alive not in self.f1:
            raise ValueError(f"no dictionary with {alive} features; there are: {', '.join(map(str, self.f1))}")
        total, found = len(self.concepts), []
        for start, stop in ((total * i // n, total * (i + 1) // n) for i in range(n)):
            if stop > start:
                logs = [math.log(p) for p in self.frequency[start:stop]]
                hits = sum(value >= bar for value in self.f1[alive][start:stop])
                found.append((math.exp(sum(logs) / len(logs)), proportion(hits, stop - start)))
        return found

    def figure(self, bar: float | None = None, *, scaled: bool = True) -> go.Figure:
        """The share of concepts that have a feature by frequency, in bins with Wilson's intervals, and the fits.

        Args:
            bar: F1 from which on a concept has a feature; the first that was asked for by default.
            scaled: whether frequency is multiplied by the features that are alive, so that the law predicts one curve.
        """
        bar = self.fits[0].bar if bar is None else bar
        fits = [fit for fit in self.fits if fit.bar == bar]
        if not fits:
            there = ", ".join(f"{bar:g}" for bar in dict.fromkeys(fit.bar for fit in self.fits))
            raise ValueError(f"completeness was not measured at F1 ≥ {bar:g}; it was at {there}")
        figure = charts.chart(
            title=f"Concepts with a feature (F1 ≥ {bar:g}) · {grouped(len(self.concepts))} concepts",
            xaxis_title="frequency × alive features" if scaled else "frequency: share of tokens that carry the concept",
            yaxis_title="share of concepts, 95 % intervals",
            xaxis_type="log",
            height=400,
        )
        for colour, fit in zip(charts.COLOURS, fits, strict=False):
            self._draw(figure, fit, colour, fit.alive if scaled else 1)
        if scaled:
            figure.add_vline(x=1, line_color=charts.INK, line_dash="dot", line_width=1)
            place = {"x": 0, "y": 1, "yref": "paper", "xanchor": "left"}  # on a log axis, of 10⁰
            figure.add_annotation(text="1 / alive", showarrow=False, **place)
        return figure.update_yaxes(range=[-0.03, 1.03])

    def _draw(self, figure: go.Figure, fit: Fit, colour: str, by: int) -> None:
        points = self.bins(fit.bar, fit.alive)
        name, shared = f"{grouped(fit.alive)} features", {"legendgroup": str(fit.alive)}
        figure.add_scatter(
            x=[p * by for p, _ in points],
            y=[share.value for _, share in points],
            error_y={
                "array": [share.high - share.value for _, share in points],
                "arrayminus": [share.value - share.low for _, share in points],
                "thickness": 1,
            },
            mode="markers", name=name, marker={"color": colour, "size": 8}, **shared,
            customdata=[share.n for _, share in points],
            hovertemplate="%{y:.2f} of %{customdata} concepts at %{x:.3g}",
        )  # fmt: skip
        ends = math.log10(self.frequency[0]), math.log10(self.frequency[-1])
        steps = [10 ** (ends[0] + (ends[1] - ends[0]) * i / 60) for i in range(61)]
        line = {"color": colour, "width": 1.5}
        figure.add_scatter(
            x=[p * by for p in steps], y=[fit.at(p) for p in steps], mode="lines", line=line, showlegend=False,
            hoverinfo="skip", **shared,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"{self.table().to_string(index=False)}\n{len(self.concepts)} concepts; intervals are over concepts"

    def _repr_html_(self) -> str:
        return self.table().to_html(index=False) + f"<p>{len(self.concepts)} concepts; intervals are over concepts.</p>"


def completeness(
    recovered: Mapping[int, Sequence[Recovered] | Mapping[str, float]],
    frequency: Mapping[str, float],
    *,
    bars: Sequence[float] = (0.5, 0.8),
    seed: int = 0,
) -> Completeness:
    """How often a concept must occur to have a feature, in dictionaries of several widths.

    A concept has a feature where the best feature's F1, on texts that did not choose it, reaches a bar. By maximum
    likelihood, log(P / (1 − P)) = a + b log₁₀ p over concepts of frequency p; half of them have a feature at
    p = 10^(−a/b), which the law of one over the number of features puts a little below 1 / alive.

    Source: Templeton et al. 2024, "Scaling Monosemanticity", §Feature completeness, where a concept had a feature if
    people found one, and frequency was estimated.

    Args:
        recovered: by the number of features that are alive, what `wb.decompose.recover` found, or F1 by concept;
            concepts that were not found in all of them are left out.
        frequency: the share of tokens of the training text that carry each concept.
        bars: F1 from which on a concept has a feature.
        seed: of the bootstrap.

    Raises:
        ValueError: fewer than two concepts in common, or one whose frequency is not given or not in (0, 1].

    Example:
        >>> import workbench as wb
        >>> texts = ["2+2=4", "2+2=4", "The bridge is red.", "The bridge is red."] * 8
        >>> labels = [[{"sum"}] * 5, [{"sum"}] * 5, [{"bridge"}] * 5, [{"bridge"}] * 5] * 8
        >>> found = wb.decompose.recover(wb.load(), wb.decompose.load(), texts, labels, floor=False)
        >>> wb.explore.completeness({4096: found}, {"sum": 0.01, "bridge": 0.001}).fits[0].share.n
        2
    """
    found = {alive: _scores(some) for alive, some in sorted(recovered.items())}
    common = set.intersection(*(set(some) for some in found.values())) if found else set()
    if len(common) < 2:
        raise ValueError(f"{len(common)} concepts were found in every dictionary; completeness needs at least two")
    unknown = [name for name in sorted(common) if not 0 < frequency.get(name, 0) <= 1]
    if unknown:
        raise ValueError(f"no frequency in (0, 1] for {', '.join(unknown[:5])}; give the share of tokens that carry it")
    names = tuple(sorted(common, key=lambda name: (frequency[name], name)))
    shares = tuple(frequency[name] for name in names)
    f1 = {alive: tuple(some[name] for name in names) for alive, some in found.items()}
    fits = tuple(_fit(bar, alive, shares, values, seed) for bar in bars for alive, values in f1.items())
    return Completeness(names, shares, f1, fits)


def _scores(some: Sequence[Recovered] | Mapping[str, float]) -> Mapping[str, float]:
    return some if isinstance(some, Mapping) else {one.concept: one.f1.value for one in some}


def _fit(bar: float, alive: int, frequency: Sequence[float], f1: Sequence[float], seed: int) -> Fit:
    import numpy as np

    logs, has = np.log10(np.array(frequency)), np.array(f1) >= bar
    n = len(logs)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    a, b = logistic(logs, has, np.concatenate([np.ones((1, n)), times]))
    with np.errstate(divide="ignore", over="ignore"):
        half = np.where(b > 0, 10.0 ** (-a / np.where(b > 0, b, 1.0)) * alive, np.inf)
    low, high = np.quantile(half[1:], [0.025, 0.975], method="closest_observation")
    share = proportion(int(has.sum()), n)
    within = bool(frequency[0] <= half[0] / alive <= frequency[-1])
    return Fit(
        bar, alive, share, float(a[0]), float(b[0]), Estimate(float(half[0]), float(low), float(high), n), within
    )


def logistic(x: np.ndarray, y: np.ndarray, weights: np.ndarray, *, steps: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients a, b that maximise Σ w log P(y | a + b x) for every row of weights [R, N], by Newton's method.

    Example:
        >>> import numpy as np
        >>> from workbench.explore.coverage import logistic
        >>> x, y = np.array([0.0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 0, 1, 0, 1, 1, 1])
        >>> a, b = logistic(x, y, np.ones((1, 8)))
        >>> bool(abs(a[0] + np.log(3)) < 0.01), bool(abs(b[0] - 2 * np.log(3)) < 0.02)
        (True, True)
    """
    import numpy as np

    centre, size = x.mean(), x.std() or 1.0
    z, y = (x - centre) / size, y.astype(float)
    beta = np.zeros((len(weights), 2))
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(beta[:, :1] + beta[:, 1:] * z, -30, 30)))
        gap, bend = weights * (y - p), weights * p * (1 - p)
        slope = np.stack([gap.sum(1), gap @ z], -1) - RIDGE * beta
        h = np.stack([bend.sum(1) + RIDGE, bend @ z, bend @ z, bend @ z**2 + RIDGE], -1).reshape(-1, 2, 2)
        beta += np.clip(np.linalg.solve(h, slope[..., None])[..., 0], -2, 2)
    b = beta[:, 1] / size
    return beta[:, 0] - b * centre, b
