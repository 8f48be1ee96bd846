"""How good a dictionary is: sparsity, variance explained, loss recovered, each with an interval and a floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from ..estimates import Estimate, mean
from ..model import Model
from ..tokens import Places, Tokens
from .dictionaries import Dictionary, Features

BATCH = 32
"""Texts per forward pass: logits of more would not fit for a large vocabulary."""


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
        """It replaces the whole activation: nothing else at its site makes sense."""
        return True

    def check(self, model: Model) -> None:
        """A dictionary of another width is refused when it encodes."""

    def change(self, x: Float[Tensor, "B T D"], places: Places) -> Float[Tensor, "B T D"]:
        new = torch.zeros_like(x) if self.dictionary is None else self.dictionary(x)
        return (new - x) * places.text[..., None]  # a dictionary does not read BOS


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
    floor = dictionary.random(seed)
    parts, fired = [], torch.zeros(dictionary.width, dtype=torch.long)
    for start in range(0, len(texts), BATCH):
        tokens = model.tokens(texts[start : start + BATCH])
        (x,) = model.read(tokens, at=dictionary.site).values()
        features = dictionary.encode(x)
        fired += features.counts(tokens.places.text).cpu()
        reconstructions = {"dictionary": dictionary.decode(features), "floor": floor(x)}
        parts.append(_sums(x, features, reconstructions, tokens) | _losses(model, tokens, dictionary, floor))
    sums = {name: torch.cat([part[name] for part in parts]).cpu() for name in parts[0]}
    sums = {name: values[sums["tokens"] > 0] for name, values in sums.items()}
    total, lost = _about_the_mean(sums), sums["ce zero"] - sums["ce plain"]
    return ScoreCard(
        l0=mean((sums["on"] / sums["tokens"]).tolist()),
        explained_variance=_ratio(total - sums["error dictionary"], total),
        ce_recovered=_ratio(sums["ce zero"] - sums["ce dictionary"], lost),
        floor_variance=_ratio(total - sums["error floor"], total),
        floor_ce=_ratio(sums["ce zero"] - sums["ce floor"], lost),
        dead=float((fired == 0).float().mean()),
        tokens=int(sums["tokens"].sum()),
    )


def _sums(
    x: Float[Tensor, "B T D"], features: Features, reconstructions: dict[str, Tensor], tokens: Tokens
) -> dict[str, Float[Tensor, "B ..."]]:
    """Sums over the tokens of each text; BOS and padding left out."""
    text, x = tokens.places.text.double(), x.double()
    return {
        "tokens": text.sum(-1),
        "on": (features.l0() * text).sum(-1),
        "x": torch.einsum("btd,bt->bd", x, text),
        "x²": (x.square().sum(-1) * text).sum(-1),
        **{f"error {name}": ((x - y).square().sum(-1) * text).sum(-1) for name, y in reconstructions.items()},
    }


def _about_the_mean(sums: dict[str, Tensor]) -> Float[Tensor, " B"]:
    """Σ ‖x − x̄‖² of each text, with x̄ the mean over all texts."""
    centre = sums["x"].sum(0) / sums["tokens"].sum()
    return sums["x²"] - 2 * sums["x"] @ centre + sums["tokens"] * centre.square().sum()


def _losses(model: Model, tokens: Tokens, dictionary: Dictionary, floor: Dictionary) -> dict[str, Float[Tensor, " B"]]:
    """The summed next-token loss of each text, in nats, with each thing in the activation's place."""
    site, sums = dictionary.site, {}
    for name, edits in {
        "plain": [],
        "dictionary": [Splice(dictionary, site)],
        "floor": [Splice(floor, site)],
        "zero": [Splice(None, site)],
    }.items():
        logits = model.run(tokens, edits=edits).logits[:, :-1].float()
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens.ids[:, 1:].flatten(), reduction="none")
        both = tokens.mask[:, 1:] & tokens.mask[:, :-1]
        sums[f"ce {name}"] = (loss.view(logits.shape[:2]) * both).sum(-1).double()
    return sums


def _ratio(top: Float[Tensor, " B"], bottom: Float[Tensor, " B"], resamples: int = 1000) -> Estimate:
    """Σ top / Σ bottom over texts, with a bootstrap interval over texts (infinite for a single one)."""
    value, n = float(top.sum() / bottom.sum()), len(top)
    if n < 2:
        return Estimate(value, -math.inf, math.inf, n)
    rows = torch.randint(n, (resamples, n), generator=torch.Generator().manual_seed(0))
    draws = top[rows].sum(-1) / bottom[rows].sum(-1)
    low, high = draws.quantile(torch.tensor([0.025, 0.975], dtype=draws.dtype)).tolist()
    return Estimate(value, low, high, n)
