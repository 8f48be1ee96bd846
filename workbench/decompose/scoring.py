"""How good a dictionary is: sparsity, variance explained, loss recovered, each with an interval and a floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..estimates import Estimate, mean
from ..model import Model, Places, Tokens
from .dictionaries import Dictionary


@dataclass(frozen=True)
class ScoreCard:
    """What a dictionary scores on some texts; intervals are over texts.

    Attributes:
        l0: features on per token.
        explained_variance: 1 − ‖x − x̂‖² / ‖x − x̄‖², over tokens without BOS.
        ce_recovered: (CE of zero − CE of x̂) / (CE of zero − CE of x), in next-token loss.
        floor_variance, floor_ce: the same of a dictionary of the same shape with random directions.
        dead: the share of features that never fired on these texts.
        tokens: how many tokens were read.
    """

    l0: Estimate
    explained_variance: Estimate
    ce_recovered: Estimate
    floor_variance: Estimate
    floor_ce: Estimate
    dead: float
    tokens: int

    def __repr__(self) -> str:
        return (
            f"L0 {self.l0} · explained variance {self.explained_variance} (random {self.floor_variance}) · "
            f"CE recovered {self.ce_recovered} (random {self.floor_ce}) · dead {self.dead:.1%} of features · "
            f"{self.tokens} tokens"
        )


@dataclass(frozen=True, eq=False)
class Splice:
    """An edit that puts a dictionary's reconstruction in the place of the activation; zero where there is none."""

    dictionary: Dictionary | None
    site: str

    def conflicts(self, other: object) -> bool:
        return True

    def check(self, model: Model) -> None:
        """A dictionary of another width is refused when it encodes."""

    def change(self, x: Float[Tensor, "B T D"], places: Places) -> Float[Tensor, "B T D"]:
        new = torch.zeros_like(x) if self.dictionary is None else self.dictionary(x)
        return (new - x) * (places.index > 0)[..., None]  # BOS is left alone: every text has it


@torch.no_grad()
def score(model: Model, dictionary: Dictionary, texts: Sequence[str], *, seed: int = 0) -> ScoreCard:
    """Score a dictionary on texts that it was not trained on.

    Args:
        model: the model it reads.
        dictionary: what is scored.
        texts: a few hundred give narrow intervals.
        seed: of the random dictionary that stands beside it as the floor.

    Example:
        >>> import workbench as wb
        >>> card = wb.decompose.score(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge is orange."] * 4)
        >>> card.l0.value <= wb.decompose.load().k
        True
    """
    tokens = model.tokens(texts)
    floor = type(dictionary)(**dictionary.settings(), site=dictionary.site, seed=seed)
    x = model.read(tokens, at=dictionary.site)[dictionary.site]
    mask = tokens.mask & (tokens.places.index > 0)
    features = dictionary.encode(x)
    ce = {name: _losses(model, tokens, edits) for name, edits in _variants(dictionary, floor).items()}
    lost = ce["zero"] - ce["plain"]
    return ScoreCard(
        l0=_per_text(features.l0(), mask),
        explained_variance=_variance(x, dictionary.decode(features), mask),
        ce_recovered=_ratio(ce["zero"] - ce["dictionary"], lost),
        floor_variance=_variance(x, floor(x), mask),
        floor_ce=_ratio(ce["zero"] - ce["floor"], lost),
        dead=float((features.counts(mask) == 0).float().mean()),
        tokens=int(mask.sum()),
    )


def _variants(dictionary: Dictionary, floor: Dictionary) -> dict[str, list[Splice]]:
    site = dictionary.site
    return {
        "plain": [],
        "dictionary": [Splice(dictionary, site)],
        "floor": [Splice(floor, site)],
        "zero": [Splice(None, site)],
    }


def _losses(model: Model, tokens: Tokens, edits: Sequence[Splice]) -> Float[Tensor, " B"]:
    """The summed next-token loss of every text, in nats."""
    logits = model.run(tokens, edits=edits).logits[:, :-1].float()
    losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens.ids[:, 1:].flatten(), reduction="none")
    return (losses.view(logits.shape[:2]) * tokens.mask[:, 1:]).sum(-1)


def _per_text(values: Float[Tensor, "B T"], mask: Tensor) -> Estimate:
    return mean(((values * mask).sum(-1) / mask.sum(-1)).tolist())


def _variance(x: Float[Tensor, "B T D"], reconstruction: Float[Tensor, "B T D"], mask: Tensor) -> Estimate:
    centre = x[mask].mean(0)
    unexplained = ((x - reconstruction).square().sum(-1) * mask).sum(-1)
    total = ((x - centre).square().sum(-1) * mask).sum(-1)
    return _ratio(total - unexplained, total)


def _ratio(top: Float[Tensor, " B"], bottom: Float[Tensor, " B"], resamples: int = 1000) -> Estimate:
    """Σ top / Σ bottom over texts, with a bootstrap interval over texts."""
    rows = torch.randint(len(top), (resamples, len(top)), generator=torch.Generator().manual_seed(0))
    draws = top[rows].sum(-1) / bottom[rows].sum(-1)
    low, high = draws.quantile(torch.tensor([0.025, 0.975])).tolist()
    return Estimate(float(top.sum() / bottom.sum()), low, high, len(top))
