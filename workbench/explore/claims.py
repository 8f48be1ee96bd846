"""What a feature fires on: found by contrast, and tested on texts that did not choose it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary, Features
from ..estimates import Estimate, proportion
from ..model import Model

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Claim:
    """How well "this feature is that concept" holds.

    A feature fires on a text when its largest activation there passes the threshold.

    Attributes:
        feature: its number.
        sensitivity: the share of positives on which it fires.
        specificity: the share of distractors on which it stays silent.
        control: sensitivity and specificity of the best of some random live features at the same share of
            their maxima; None where no other feature is alive.
        rivals: how many features the control is the best of.
        threshold: in the feature's own units.
        positives, distractors: the largest activation on every text, in order.
    """

    feature: int
    sensitivity: Estimate
    specificity: Estimate
    control: tuple[Estimate, Estimate] | None
    rivals: int
    threshold: float
    positives: tuple[float, ...]
    distractors: tuple[float, ...]

    def __repr__(self) -> str:
        against = "no control: no other feature is alive"
        if self.control:
            against = f"best of {self.rivals} random features: {self.control[0]} and {self.control[1]}"
        return (
            f"feature {self.feature}: fires on {self.sensitivity} of positives, "
            f"silent on {self.specificity} of distractors ({against})"
        )


def find(
    model: Model, dictionary: Dictionary, positives: Sequence[str], distractors: Sequence[str], *, most: int = 10
) -> pd.DataFrame:
    """Rank features by how well they tell positives from distractors.

    For every feature the largest activation on each text is taken; the score is the AUROC:
    the chance that a positive's is above a distractor's, ties counting half.
    The features are chosen on these very texts: test the winner with `test`, on others.

    Example:
        >>> import workbench as wb
        >>> table = wb.explore.find(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge"], ["The old dog"])
        >>> list(table.columns)
        ['feature', 'auroc', 'on_positives', 'on_distractors', 'density']
    """
    import pandas as pd

    yes, no = (_largest(model, dictionary, texts) for texts in (positives, distractors))
    above = (yes[:, None] > no[None]).float() + 0.5 * (yes[:, None] == no[None]).float()
    auroc = above.mean((0, 1))
    contrast = yes.mean(0) - no.mean(0)
    best = sorted(range(dictionary.width), key=lambda f: (float(auroc[f]), float(contrast[f])), reverse=True)[:most]
    return pd.DataFrame(
        {
            "feature": best,
            "auroc": [float(auroc[f]) for f in best],
            "on_positives": [float(yes[:, f].mean()) for f in best],
            "on_distractors": [float(no[:, f].mean()) for f in best],
            "density": [float(dictionary.density[f]) for f in best],
        }
    )


def test(
    model: Model,
    dictionary: Dictionary,
    feature: int,
    *,
    positives: Sequence[str],
    distractors: Sequence[str],
    threshold: float | None = None,  # noqa: PT028 (this `test` tests a claim; pytest does not collect it)
    seed: int = 0,  # noqa: PT028
) -> Claim:
    """Test a claim: on how many positives a feature fires, and on how many distractors it stays silent.

    Args:
        model: the model it reads.
        dictionary: whose feature it is.
        feature: its number.
        positives: texts that have the concept; none that helped to choose the feature.
        distractors: texts that lack it, the nearer the better.
        threshold: in the feature's units; a tenth of its maximum in training by default. Random features
            are held to the same share of their own maxima.
        seed: of the random features that stand beside it.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> claim = wb.explore.test(model, sae, 3, positives=["The Golden Gate Bridge"], distractors=["The dog"])
        >>> claim.sensitivity.n
        1
    """
    dictionary.check_feature(feature)
    yes, no = (_largest(model, dictionary, texts) for texts in (positives, distractors))
    maximum = float(dictionary.maxima[feature])
    share = 0.1 if threshold is None else threshold / max(maximum, 1e-9)
    limits = share * dictionary.maxima
    limits[feature] = share * maximum if threshold is None else threshold
    alive = ((dictionary.density > 0) & (torch.arange(dictionary.width) != feature)).nonzero().squeeze(-1)
    drawn = alive[torch.randperm(len(alive), generator=torch.Generator().manual_seed(seed))[:20]].tolist()
    shares = {f: (_fires(yes, f, limits), 1 - _fires(no, f, limits)) for f in [feature, *drawn]}
    best = max(drawn, key=lambda f: float(shares[f][0].mean() + shares[f][1].mean()), default=None)
    measured = {f: tuple(proportion(int(hit.sum()), len(hit)) for hit in pair) for f, pair in shares.items()}
    return Claim(
        feature,
        *measured[feature],
        control=measured.get(best),
        rivals=len(drawn),
        threshold=float(limits[feature]),
        positives=tuple(yes[:, feature].tolist()),
        distractors=tuple(no[:, feature].tolist()),
    )


def _fires(largest: Float[Tensor, "B F"], feature: int, limits: Float[Tensor, " F"]) -> Float[Tensor, " B"]:
    return (largest[:, feature] > limits[feature]).float()


@torch.no_grad()
def _largest(model: Model, dictionary: Dictionary, texts: Sequence[str]) -> Float[Tensor, "B F"]:
    """Every feature's largest activation on every text, BOS left out. One row of F numbers per text, not per token."""
    if not len(texts):
        raise ValueError("no texts were given; give at least one positive and one distractor")
    rows = []
    for start in range(0, len(texts), 64):
        tokens = model.tokens(texts[start : start + 64])
        (x,) = model.read(tokens, at=dictionary.site).values()
        features: Features = dictionary.encode(x)
        rows += [features[row].maxima(mask) for row, mask in enumerate(tokens.places.text)]
    return torch.stack(rows)
