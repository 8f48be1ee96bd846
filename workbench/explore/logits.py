"""What a feature does to the next token: from the weights, with the last norm's gain or without, or by ablation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..estimates import mean
from ..model import Model
from ..names import canonical, parse
from ..tokens import Places
from .examples import BINS

FORMS = ("raw", "folded", "measured")
HELD = 2**25
"""Logits that are held at once."""


@dataclass(frozen=True)
class Logits:
    """What one unit of a feature adds to every logit, or what the feature as it fires adds.

    Attributes:
        form: "raw", d W_Uᵀ; "folded", with the gain of the last norm; "measured", by ablation.
        top, bottom: the tokens that it adds to most and least: (id, piece, value).
        top_half, bottom_half: half the 95 % interval of each, over contexts; () where it is from the weights.
        edges, counts: the histogram over the vocabulary. [51], [50]
        n: contexts that were measured; 0 where it is from the weights.
        unit: of the values, in words.
    """

    form: str
    top: tuple[tuple[int, str, float], ...]
    bottom: tuple[tuple[int, str, float], ...]
    top_half: tuple[float, ...]
    bottom_half: tuple[float, ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    unit: str


@dataclass(frozen=True, eq=False)
class Shift:
    """An edit that adds the same to a site, whatever is there; or that puts what is given in the place of it.

    Attributes:
        site: where. by: what is added, or put there.
        is_put: whether it takes the place of what is there.
    """

    site: str
    by: Float[Tensor, "B T D"]
    is_put: bool = False

    def conflicts(self, other: object) -> bool:
        """Whether both would set it."""
        return self.is_put

    def check(self, model: Model) -> None:
        """A shift of another width is refused when it is added."""

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        by = self.by.to(x).view_as(x)
        return by - x if self.is_put else by


@torch.no_grad()
def from_weights(model: Model, dictionary: Dictionary, features: Sequence[int], *, gain: bool) -> Float[Tensor, "f V"]:
    """What a unit of each of some features adds to the logits: d W_Uᵀ, or with the last norm's gain g, (d ⊙ g) W_Uᵀ.

    Several sites of the residual stream are one stream at several times: of these, the last counts, and with it what
    is written to components behind it.

    Raises:
        ValueError: what the dictionary writes does not go to the residual stream by one matrix.

    Example:
        >>> import workbench as wb
        >>> from workbench.explore.logits import from_weights
        >>> from_weights(wb.load(), wb.decompose.load(), [7, 9], gain=True).shape
        torch.Size([2, 4096])
    """
    parts = dictionary.W_dec[list(features)].detach().view(len(features), len(dictionary.writes), -1).unbind(1)
    by_site = dict(zip(map(canonical, dictionary.writes), parts, strict=True))
    order = list(by_site) if len(by_site) == 1 else [str(site) for site in model.expand(list(by_site))]
    last = max((place for place, site in enumerate(order) if _is_stream(site)), default=0)
    written = sum(model.onward(site, by_site[site]) for site in order[last:])
    matrix = model.unembedding(gain=gain)
    return (written.to(matrix) @ matrix.T).float().cpu()


@torch.no_grad()
def by_ablation(
    model: Model, dictionary: Dictionary, feature: int, rows: Sequence[Sequence[int]]
) -> Float[Tensor, "n V"]:
    """What a feature adds to the logits at the last token of some texts: logits as they are − logits without it.

    Everything it writes in the text is taken out; the dictionary's error stays. Where it writes to the residual stream
    several times, the stream is set each time to what it was without what the feature writes there.

    Args:
        model: the model it reads.
        dictionary: whose feature it is.
        feature: its number.
        rows: ids of each text, BOS included where the model has one.

    Example:
        >>> import workbench as wb
        >>> from workbench.explore.logits import by_ablation
        >>> model = wb.load()
        >>> ids = model.tokens("The Golden Gate Bridge").ids[0].tolist()
        >>> by_ablation(model, wb.decompose.load(), 7, [ids]).shape
        torch.Size([1, 4096])
    """
    longest = max(map(len, rows))
    at_once = max(1, HELD // (longest * model.config.vocab_size))
    parts = [_ablated(model, dictionary, feature, rows[k : k + at_once]) for k in range(0, len(rows), at_once)]
    return torch.cat(parts)


def _ablated(model: Model, dictionary: Dictionary, feature: int, rows: Sequence[Sequence[int]]) -> Float[Tensor, "n V"]:
    tokens = model.vocabulary.padded(list(rows), "right", model.device, spelled=False)
    reads, writes = (list(map(canonical, sites)) for sites in (dictionary.reads, dictionary.writes))
    streams = [site for site in writes if _is_stream(site)]
    plain = model.run(tokens, at=list(dict.fromkeys([*reads, *streams])))
    x = torch.cat([plain[site].flatten(2).float() for site in reads], -1)
    strength = dictionary.activation(x, feature)
    strength = strength * tokens.places.text.to(strength.device)
    change = -dictionary.change(x, feature, strength)
    edits = []
    for site, part in zip(writes, change.view(*change.shape[:2], len(writes), -1).unbind(2), strict=True):
        is_put = len(streams) > 1 and site in streams
        by = plain[site].flatten(2) + part.to(plain[site]) if is_put else part
        edits.append(Shift(site, by, is_put))
    last = tokens.mask.sum(-1) - 1
    at = torch.arange(len(last), device=last.device)
    before = plain.logits[at, last].float().cpu()
    del plain
    return before - model.run(tokens, edits=edits).logits[at, last].float().cpu()


def _is_stream(site: str) -> bool:
    return parse(site)[0] in ("embed", "resid_pre", "resid_mid", "resid_post")


def summary(values: Float[Tensor, "n V"], pieces: Sequence[str], *, form: str, most: int) -> Logits:
    """The tokens at both ends, and the histogram over the vocabulary, of the mean over contexts."""
    is_measured = form == "measured"
    average = values.mean(0)
    order = average.argsort(stable=True)
    low, high = order[: min(most, len(order))].tolist(), order.flip(0)[: min(most, len(order))].tolist()
    span = average.min().item(), average.max().item()
    edges = np.linspace(span[0], span[1] if span[1] > span[0] else span[0] + 1, BINS + 1)
    unit = {
        "raw": "logits per unit of activation, before the last norm",
        "folded": "logits per unit of activation, before the last norm divides by the size of the stream",
        "measured": "logits that are lost without it, where it fires most",
    }[form]

    def named(ids: list[int]) -> tuple:
        return tuple((i, pieces[i] if i < len(pieces) else f"[{i}]", float(average[i])) for i in ids)

    def halves(ids: list[int]) -> tuple[float, ...]:
        if not is_measured or len(values) < 2:
            return ()
        estimates = [mean(values[:, i].tolist()) for i in ids]
        return tuple(estimate.high - estimate.value for estimate in estimates)

    return Logits(
        form, named(high), named(low), halves(high), halves(low), tuple(edges.tolist()),
        tuple(np.histogram(average.numpy(), edges)[0].tolist()), len(values) if is_measured else 0, unit,
    )  # fmt: skip
