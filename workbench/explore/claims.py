"""What a feature fires on: found by contrast, and tested on texts that chose nothing, beside what else could do it.

A claim is "this feature is that concept". It is tested on two kinds of texts, positives that have the
concept and distractors that lack it: on how many does it fire (sensitivity), on how many does it stay silent
(specificity), and how well does its strength alone tell the two apart (AUROC). That a feature passes says little
unless something simpler fails, so the same texts are put to a random feature, to the best neuron, to the difference
of means and to a linear probe. Whatever had to be chosen or learnt for them was so on other texts, the `fit` texts.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from .. import charts
from ..decompose.dictionaries import Dictionary
from ..estimates import Estimate, area, auroc, digits, grouped, share
from ..model import Model
from .controls import (
    Fit,
    Reader,
    areas,
    batches,
    best_threshold,
    directions,
    features_of,
    mlp_below,
    neuron_reader,
    random_features,
    ranked,
    side_by_side,
    strongest,
)
from .drawing import LEAST, Drawn, Of, Texts, Where, given, halves, kept

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

KINDS = ("feature", "random", "neuron", "difference", "probe")
SHARE = 0.1
"""The threshold by default, as a share of a feature's maximum in training."""


# ---- the values ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """How well one number per text tells positives from distractors; the number is its largest value on the text.

    Attributes:
        name: what gives the number.
        chosen: how it was chosen or learnt.
        auroc: the chance that a positive's number is above a distractor's, ties counting half.
        sensitivity: the share of positives above the threshold.
        specificity: the share of distractors not above it.
        threshold: in the units of the number.
        positives, distractors: the number of every text, in order.
        behind: of a control, the feature's AUROC minus its own, on the same texts; None for the feature itself. The
            interval is a bootstrap over texts and has no width where both are perfect.
    """

    name: str
    chosen: str
    auroc: Estimate
    sensitivity: Estimate
    specificity: Estimate
    threshold: float
    positives: tuple[float, ...]
    distractors: tuple[float, ...]
    behind: Estimate | None = None


@dataclass(frozen=True)
class Claim:
    """How well "this feature is that concept" holds, on texts that chose nothing.

    Attributes:
        feature: its number.
        measured: how well the feature tells positives from distractors.
        controls: the same of "random", "neuron", "difference" and "probe", as far as there were texts to choose them.
        rule: how the feature's threshold was set, in words.
        texts: the positives and the distractors that were measured on, in order.
        of: what each of them is of; intervals count those.
        provenance: model, dictionary, site, seed, and how many texts were used to choose.

    Example:
        >>> import workbench as wb
        >>> golden = [f"The Golden Gate Bridge is {x}." for x in ("red", "old", "long", "in San Francisco")]
        >>> others = [f"The Tower Bridge is {x}." for x in ("blue", "old", "long", "in London")]
        >>> claim = wb.explore.test(wb.load(), wb.decompose.load(), 3188, positives=golden, distractors=others)
        >>> list(claim.controls), claim.sensitivity.n
        (['random', 'neuron', 'difference', 'probe'], 2)
    """

    feature: int
    measured: Measured
    controls: Mapping[str, Measured]
    rule: str
    texts: tuple[tuple[str, ...], tuple[str, ...]]
    of: tuple[tuple[Hashable, ...], tuple[Hashable, ...]]
    provenance: Mapping[str, object]

    @property
    def sensitivity(self) -> Estimate:
        """The share of positives on which it fires."""
        return self.measured.sensitivity

    @property
    def specificity(self) -> Estimate:
        """The share of distractors on which it stays silent."""
        return self.measured.specificity

    @property
    def auroc(self) -> Estimate:
        """The chance that it is stronger on a positive than on a distractor, ties counting half."""
        return self.measured.auroc

    @property
    def threshold(self) -> float:
        """In the feature's own units."""
        return self.measured.threshold

    @property
    def positives(self) -> tuple[float, ...]:
        """The largest activation on every positive, in order."""
        return self.measured.positives

    @property
    def distractors(self) -> tuple[float, ...]:
        """The largest activation on every distractor, in order."""
        return self.measured.distractors

    def table(self) -> pd.DataFrame:
        """A row for the feature and one for each control.

        Example:
            >>> import workbench as wb
            >>> texts = {"positives": ["The bridge", "A bridge"], "distractors": ["The dog", "A dog"]}
            >>> list(wb.explore.test(wb.load(), wb.decompose.load(), 3, **texts).table().columns)[:3]
            ['AUROC', 'sensitivity', 'specificity']
        """
        import pandas as pd

        rows = [self.measured, *self.controls.values()]
        return pd.DataFrame(
            {
                "AUROC": [str(row.auroc) for row in rows],
                "sensitivity": [str(row.sensitivity) for row in rows],
                "specificity": [str(row.specificity) for row in rows],
                "threshold": [digits(row.threshold) for row in rows],
                "AUROC behind the feature's by": ["" if row.behind is None else _change(row.behind) for row in rows],
                "how it was chosen": [row.chosen for row in rows],
            },
            index=[row.name for row in rows],
        )

    def by(self, positives: Sequence[str], distractors: Sequence[str]) -> dict[str, Claim]:
        """The claim on parts of the texts: one for every name that some positives and some distractors have.

        Nothing is chosen anew: features, controls and thresholds are those of the whole claim.

        Args:
            positives: a name for every positive, such as its language.
            distractors: a name for every distractor.

        Raises:
            ValueError: another number of names than of texts.

        Example:
            >>> import workbench as wb
            >>> texts = {"positives": ["The bridge", "Die Brücke"], "distractors": ["The dog", "Der Hund"]}
            >>> claim = wb.explore.test(wb.load(), wb.decompose.load(), 3, **texts)
            >>> {name: one.sensitivity.n for name, one in claim.by(["en", "de"], ["en", "de"]).items()}
            {'en': 1, 'de': 1}
        """
        names = tuple(positives), tuple(distractors)
        for what, part, texts in zip(("positives", "distractors"), names, self.texts, strict=True):
            if len(part) != len(texts):
                raise ValueError(
                    f"{len(part)} names for {len(texts)} {what}: one for each that was measured (claim.texts)"
                )
        return {name: self._part(names, name) for name in dict.fromkeys(names[0]) if name in names[1]}

    def _part(self, names: tuple[tuple[str, ...], tuple[str, ...]], name: str) -> Claim:
        keep = [[number for number, one in enumerate(kind) if one == name] for kind in names]

        def both(pair: tuple[Sequence, Sequence]) -> tuple[tuple, tuple]:
            return tuple(kept(pair[0], keep[0])), tuple(kept(pair[1], keep[1]))

        def part(one: Measured) -> Measured:
            return _measured(one.name, one.chosen, one.threshold, both((one.positives, one.distractors)), of)

        of = both(self.of)
        mine = part(self.measured)
        controls = {kind: _beside(part(one), mine, of) for kind, one in self.controls.items()}
        return replace(self, measured=mine, controls=controls, texts=both(self.texts), of=of)

    def figure(self) -> go.Figure:
        """How strongly the feature fires on positives and on distractors, with its threshold.

        Example:
            >>> import workbench as wb
            >>> texts = {"positives": ["The bridge", "A bridge"], "distractors": ["The dog", "A dog"]}
            >>> len(wb.explore.test(wb.load(), wb.decompose.load(), 3, **texts).figure().data)
            2
        """
        import plotly.graph_objects as go

        top = max(*self.positives, *self.distractors, self.threshold, 1e-9)
        figure = charts.chart(
            title=f"Feature {self.feature} · AUROC {self.auroc}",
            xaxis_title="largest activation in the text",
            yaxis_title="share of texts",
            barmode="overlay",
        )
        for what, values, colour in (
            ("distractors", self.distractors, charts.CONTROL),
            ("positives", self.positives, charts.ACCENT),
        ):
            figure.add_trace(
                go.Histogram(
                    x=list(values), name=f"{what} (n {grouped(len(values))})", histnorm="probability", opacity=0.7,
                    xbins={"start": 0, "end": top * 1.001, "size": top / 40}, marker_color=colour,
                    hovertemplate="%{x}: %{y:.3f} of " + what + "<extra></extra>",
                )
            )  # fmt: skip
        figure.add_vline(x=self.threshold, line={"color": charts.INK, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=self.threshold, y=1, yref="paper", text="threshold", showarrow=False, xanchor="left", xshift=4
        )
        return figure

    def _repr_html_(self) -> str:
        return f"{self.table().to_html()}<p>{self._footnote()}</p>"

    def __repr__(self) -> str:
        lines = [
            f"feature {self.feature}: fires on {self.sensitivity} of positives, "
            f"silent on {self.specificity} of distractors, AUROC {self.auroc}"
        ]
        for one in self.controls.values():
            lines.append(f"  {one.name}: {one.sensitivity} and {one.specificity}, AUROC {one.auroc}")
        return "\n".join([*lines, f"  {self._footnote()}"])

    def _footnote(self) -> str:
        chose = self.provenance["fit"]
        beside = f"controls were chosen on {chose[0]} other positives and {chose[1]} other distractors"
        if not chose[0]:
            beside = "too few texts to choose a neuron, a difference or a probe: give fit="
        return f"Threshold: {self.rule}; {beside}. Intervals, 95 %, are over texts, or over what texts are of."


def _change(one: Estimate) -> str:
    sign = "+" if one.value > 0 else ""
    return f"{sign}{digits(one.value)} [{digits(one.low)}, {digits(one.high)}]"


# ---- finding -------------------------------------------------------------------------------------


def find(
    model: Model,
    dictionary: Dictionary,
    positives: Sequence[str],
    distractors: Sequence[str],
    *,
    where: Where | None = None,
    most: int = 10,
) -> pd.DataFrame:
    """Rank features by how well they tell positives from distractors.

    For every feature the largest activation on each text is taken; the score is the AUROC: the chance that a
    positive's is above a distractor's, ties counting half. `low` and `high` are its 95 % interval for a feature that
    was named beforehand: the best of thousands is flattered by the choice. So test the winner with `test`, on others.

    Args:
        model: the model it reads.
        dictionary: whose features are ranked.
        positives: texts that have the concept.
        distractors: texts that lack it, the nearer the better.
        where: for every positive and distractor the tokens that count; all by default. See `drawn`.
        most: how many features to give.

    Example:
        >>> import workbench as wb
        >>> table = wb.explore.find(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge"], ["The old dog"])
        >>> list(table.columns)
        ['feature', 'auroc', 'low', 'high', 'on_positives', 'on_distractors', 'density']
    """
    import pandas as pd

    yes, no = (_largest(model, dictionary, one) for one in given(positives, distractors, where))
    found = areas(yes, no)
    contrast = yes.mean(0) - no.mean(0)
    best = sorted(range(dictionary.width), key=lambda f: (float(found[f]), float(contrast[f])), reverse=True)[:most]
    intervals = [area(float(found[f]), len(yes), len(no)) for f in best]
    return pd.DataFrame(
        {
            "feature": best,
            "auroc": [one.value for one in intervals],
            "low": [one.low for one in intervals],
            "high": [one.high for one in intervals],
            "on_positives": [float(yes[:, f].mean()) for f in best],
            "on_distractors": [float(no[:, f].mean()) for f in best],
            "density": [float(dictionary.density[f]) for f in best],
        }
    )


@torch.no_grad()
def _largest(model: Model, dictionary: Dictionary, texts: Texts) -> Float[Tensor, "B F"]:
    """Every feature's largest activation on every text. One row of F numbers per text, not per token."""
    found = torch.zeros(len(texts), dictionary.width)
    for rows, values, counted in batches(model, texts, dictionary.reads):
        features = dictionary.encode(side_by_side(dictionary.reads, values)).to("cpu")
        for place, row in enumerate(rows):
            found[row] = features[place].maxima(counted[place])
    return found


# ---- testing -------------------------------------------------------------------------------------


@torch.no_grad()
def test(
    model: Model,
    dictionary: Dictionary,
    feature: int,
    *,
    positives: Sequence[str],
    distractors: Sequence[str],
    fit: tuple[Sequence[str], Sequence[str]] | Drawn | None = None,  # noqa: PT028 (this `test` tests a claim; pytest does not collect it)
    where: Where | None = None,  # noqa: PT028
    of: Of | None = None,  # noqa: PT028
    threshold: float | str | None = None,  # noqa: PT028
    seed: int = 0,  # noqa: PT028
) -> Claim:
    """Test a claim: on how many positives a feature fires, on how many distractors it stays silent, and what else does.

    A feature's number for a text is its largest activation there. Four controls give a number in the same way:

    - random: the best of some random live features of about the same density, by AUROC on the fit texts;
    - neuron: the best neuron, of either sign, of all MLPs up to the layer of the site, by AUROC on the fit texts;
    - difference: ⟨x, μ₊ − μ₋⟩, with the means of the fit texts' tokens at the site;
    - probe: ⟨x, w⟩, with w from a logistic regression of the largest ⟨x, w⟩ of every fit text on its kind, penalised;
      what a straight line can read at this site, if there are fit texts enough.

    The thresholds of neuron, difference and probe are those of the largest balanced accuracy on the fit texts, which
    favours them where the feature's is fixed. No text that is measured on chooses anything.

    Args:
        model: the model it reads.
        dictionary: whose feature it is.
        feature: its number.
        positives: texts that have the concept; none that helped to choose the feature.
        distractors: texts that lack it, the nearer the better.
        fit: positives and distractors on which controls are chosen, best those that chose the feature. By default
            half of the texts are split off by the seed, and only the other half is measured.
        where: for every positive and distractor the tokens that count, such as those that carry the concept; all
            by default. Then `fit` is a `Drawn`, whose `where` is used, or left out.
        of: for every positive and distractor what it is of, such as the sentence it was made from; texts of one
            thing are no independent cases, so intervals count things, and a split keeps them together. By default
            every text is of itself.
        threshold: in the feature's units; "fit" for that of the largest balanced accuracy on the fit texts; by
            default a tenth of the feature's maximum in training. Random features are held to the same share of
            their own maxima, or to the same rule.
        seed: of the random features, and of the split.

    Raises:
        ValueError: no texts, a feature or a token that does not exist, or too few fit texts for what was asked.

    Source: of testing sensitivity and specificity apart Templeton et al. 2024, "Scaling Monosemanticity"; of the
    difference of means and a probe as baselines Wu et al. 2025, "AxBench".

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> names = "Golden Gate Bridge", "Tower Bridge"
        >>> fit = [[f"The {name} is {colour}." for colour in ("red", "blue")] for name in names]
        >>> new = {"positives": ["See the Golden Gate Bridge."], "distractors": ["See the Tower Bridge."]}
        >>> claim = wb.explore.test(model, sae, 3188, **new, fit=fit)
        >>> claim.sensitivity.n, claim.controls["neuron"].name[:7]
        (1, 'neuron ')
    """
    dictionary.check_feature(feature)
    tested = given(positives, distractors, where, of)
    fitted = _fit_texts(fit, where)
    if fit is None and (parts := halves(tested, seed)):
        fitted, tested = parts
    if fitted and (
        both := {text for one in fitted for text in one.texts} & {text for one in tested for text in one.texts}
    ):
        raise ValueError(
            f"{len(both)} texts would choose and be measured on, such as {min(both)[:60]!r}; leave them out"
        )
    if threshold == "fit" and fitted is None:
        raise ValueError('threshold="fit" needs texts to choose it on: give fit=(positives, distractors)')
    readers = _readers(model, dictionary, feature, fitted, threshold, seed)
    values = [strongest(model, one, [reader for reader, _ in readers.values()]) for one in tested]
    things = tested[0].of, tested[1].of
    measured = {
        kind: _measured(
            reader.name, reader.chosen, limit, tuple(tuple(one[:, column].tolist()) for one in values), things
        )
        for column, (kind, (reader, limit)) in enumerate(readers.items())
    }
    mine = measured.pop("feature")
    return Claim(
        feature=feature,
        measured=mine,
        controls={kind: _beside(one, mine, things) for kind, one in measured.items()},
        rule=_rule(threshold),
        texts=(tested[0].texts, tested[1].texts),
        of=things,
        provenance={
            "model": model.name,
            "hash": model.hash,
            "dictionary": dictionary.hash,
            "site": ", ".join(dictionary.reads),
            "seed": seed,
            "fit": tuple(map(len, fitted)) if fitted else (0, 0),
        },
    )


def _fit_texts(fit: tuple[Sequence[str], Sequence[str]] | Drawn | None, where: Where | None) -> list[Texts] | None:
    if fit is None:
        return None
    if isinstance(fit, Drawn):
        return given(fit.positives, fit.distractors, None if where is None else fit.where)
    if where is not None:
        raise ValueError(
            "where= says which tokens count; let fit= say it too (fit=wb.explore.drawn(…)), or leave fit out"
        )
    yes, no = fit
    return given(yes, no)


def _rule(threshold: float | str | None) -> str:
    if threshold is None:
        return f"{digits(SHARE)} of the feature's maximum in training"
    return "the largest balanced accuracy on the fit texts" if threshold == "fit" else "given"


def _readers(
    model: Model,
    dictionary: Dictionary,
    feature: int,
    fit: list[Texts] | None,
    threshold: float | str | None,
    seed: int,
) -> dict[str, tuple[Reader, float]]:
    """The feature and its controls, each with its threshold; what is chosen is chosen here, on the fit texts."""
    reader = features_of(dictionary)
    mine = reader(feature, f"feature {feature}", "given")
    random = [reader(one, f"random feature {one}", "drawn") for one in random_features(dictionary, feature, seed)]
    if fit is None:
        found = {"feature": mine} | ({"random": random[0]} if random else {})
        return {kind: (one, _limit(dictionary, one, feature, threshold, None)) for kind, one in found.items()}
    if min(map(len, fit)) < LEAST:
        raise ValueError(f"{len(fit[0])} positives and {len(fit[1])} distractors to fit on; at least {LEAST} of each")
    mlp = mlp_below(model, dictionary.reads)
    held = [Fit.of(model, dictionary, mlp, one) for one in fit]
    found = {"feature": mine}
    if random:
        best = ranked(*(one.strongest(random) for one in held))
        found["random"] = replace(random[best], chosen=f"best of {len(random)} of like density, on the fit texts")
    found |= directions(dictionary, held)
    values = {kind: [one.strongest([reader])[:, 0] for one in held] for kind, reader in found.items()}
    best = ranked(*(one.neurons for one in held))
    found["neuron"], values["neuron"] = neuron_reader(mlp, best), [one.neurons[:, best] for one in held]
    return {
        kind: (found[kind], _limit(dictionary, found[kind], feature, threshold, values[kind]))
        for kind in KINDS
        if kind in found
    }


def _limit(
    dictionary: Dictionary, reader: Reader, feature: int, threshold: float | str | None, fit: list[Tensor] | None
) -> float:
    """The threshold of a reader: a share of its maximum for features, unless it is to be chosen on the fit texts."""
    if threshold == "fit" or reader.feature is None:
        return best_threshold(*fit)
    if threshold is not None and reader.feature == feature:
        return float(threshold)
    part = SHARE if threshold is None else threshold / max(float(dictionary.maxima[feature]), 1e-9)
    return part * float(dictionary.maxima[reader.feature])


# ---- what is counted -----------------------------------------------------------------------------

Pair = tuple[tuple[float, ...], tuple[float, ...]]
"""The number of every positive and of every distractor."""


def _measured(name: str, chosen: str, limit: float, values: Pair, of: Of) -> Measured:
    yes, no = values
    return Measured(
        name=name,
        chosen=chosen,
        auroc=auroc(yes, no, n=len(set(of[0])), against=len(set(of[1]))),
        sensitivity=share([value > limit for value in yes], of[0]),
        specificity=share([value <= limit for value in no], of[1]),
        threshold=limit,
        positives=yes,
        distractors=no,
    )


def _beside(control: Measured, mine: Measured, of: Of, resamples: int = 1000) -> Measured:
    """A control with how far its AUROC is behind the feature's: both on the same draws of what the texts are of.

    With a_ij whether positive i is above distractor j, ½ where equal, the difference is the mean of a − a' over all
    pairs; in a bootstrap draw text i counts as often as its thing was drawn.
    """
    ahead = _order(mine) - _order(control)
    things = {thing: number for number, thing in enumerate(dict.fromkeys([*of[0], *of[1]]))}
    rows, columns = ([things[thing] for thing in one] for one in of)
    drawn = np.random.default_rng(0).multinomial(len(things), np.full(len(things), 1 / len(things)), size=resamples)
    pairs = drawn[:, rows].sum(-1) * drawn[:, columns].sum(-1)
    sums = ((drawn[:, rows].astype(np.float32) @ ahead) * drawn[:, columns]).sum(-1)
    low, high = np.quantile(sums[pairs > 0] / pairs[pairs > 0], [0.025, 0.975])
    return replace(control, behind=Estimate(float(ahead.mean()), float(low), float(high), len(set(of[0]))))


def _order(one: Measured) -> np.ndarray:
    """Whether each positive is above each distractor, ½ where equal. [P, N]"""
    yes, no = np.array(one.positives)[:, None], np.array(one.distractors)
    return ((yes > no) + 0.5 * (yes == no)).astype(np.float32)
