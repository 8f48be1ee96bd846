"""Whether a dictionary fits the model that it is used with: the site, BOS, and the scale of activations.

A dictionary at the wrong hook, without the BOS it was trained with, or on activations of
another scale still gives features and a reconstruction, only poor ones. So the obvious
mistakes are tried out, and what fits better than what was asked for is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from ..model import Model
from ..names import canonical, parse
from .dictionaries import Dictionary

BETTER = 0.1
"""By how much more of the variance an alternative must explain to be named."""
STREAMS = ("resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_in", "mlp_out")


@dataclass(frozen=True)
class Check:
    """How a dictionary fits a model.

    Attributes:
        l0: features on per token, here.
        explained_variance: of what it should write, here.
        recorded: what the file says of both, where it does.
        warnings: what does not fit, and what would; empty if all is well.
        tokens: on how many tokens.
    """

    l0: float
    explained_variance: float
    recorded: dict[str, float]
    warnings: tuple[str, ...]
    tokens: int

    def __bool__(self) -> bool:
        return not self.warnings

    def __repr__(self) -> str:
        said = "".join(f" (recorded {name} {value:.3g})" for name, value in self.recorded.items())
        head = f"L0 {self.l0:.1f} · explained variance {self.explained_variance:.3f}{said} · {self.tokens} tokens"
        return "\n".join([head, *(f"! {warning}" for warning in self.warnings)] if self.warnings else [head, "fits"])


@torch.no_grad()
def check(model: Model, dictionary: Dictionary, texts: Sequence[str]) -> Check:
    """Compare what a dictionary does on a model with what its file records, and with the obvious mistakes.

    Args:
        model: the model that it is meant to read.
        dictionary: as loaded.
        texts: a few dozen, like those that it was trained on.

    Raises:
        ValueError: its width fits no site of the model by that name.

    Example:
        >>> import workbench as wb
        >>> bool(wb.decompose.check(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge is orange."] * 8))
        True
    """
    reads, writes = (tuple(map(canonical, sites)) for sites in (dictionary.reads, dictionary.writes))
    for sites, numbers in ((reads, dictionary.d_model), (writes, dictionary.d_out)):
        there = sum(model.numbers(site) for site in sites)
        if there != numbers:
            raise ValueError(f"the dictionary has {numbers} numbers at {', '.join(sites)}; {model.name} has {there}")
    single = len(reads) == 1 and reads == writes
    others = [site for site in _near(model, reads[0]) if site != reads[0]] if single else []
    tokens = model.tokens(list(texts))
    read = list(dict.fromkeys([*reads, *writes, *others]))
    values = {site: value.flatten(2).float() for site, value in model.read(tokens, at=read).items()}
    text = tokens.places.text

    def fit(reads: Sequence[str], writes: Sequence[str], scale: float = 1.0) -> tuple[float, float]:
        x, y = (torch.cat([values[site] for site in ends], -1)[text] * scale for ends in (reads, writes))
        return float(dictionary.encode(x).l0().mean()), _explained(y, dictionary(x))

    l0, explained = fit(reads, writes)
    recorded = {name: float(dictionary.provenance[name]) for name in ("l0", "explained_variance")
                if dictionary.provenance.get(name) is not None}  # fmt: skip
    warnings = []
    if "l0" in recorded and not 1 / 2 < l0 / max(recorded["l0"], 1e-9) < 2:
        warnings.append(f"L0 is {l0:.1f} here; the file records {recorded['l0']:.1f}")
    if "explained_variance" in recorded and explained < recorded["explained_variance"] - BETTER:
        worse = recorded["explained_variance"]
        warnings.append(f"it explains {explained:.3f} of the variance here; the file records {worse:.3f}")
    its_bos, adds = dictionary.provenance.get("bos"), model.vocabulary.bos is not None
    if its_bos is not None and its_bos != adds:
        said = ("begin with BOS", "puts none there") if its_bos else ("have no BOS", "puts one there")
        warnings.append(f"it was trained on texts that {said[0]}; {model.name}'s tokenizer {said[1]}")
    if (made := dictionary.provenance.get("hash")) and made != model.hash:
        trained = dictionary.provenance.get("model")
        warnings.append(f"it was trained on {trained} ({made}); this is {model.name} ({model.hash})")
    if single:
        at = {site: fit([site], [site])[1] for site in others}
        if at and (best := max(at, key=at.__getitem__)) and at[best] > explained + BETTER:
            warnings.append(f"it explains {at[best]:.3f} at {best} and {explained:.3f} at {reads[0]}: wrong hook?")
        if not dictionary.per_token:
            centred = deepcopy(dictionary)
            centred.per_token = "centre"
            x = values[reads[0]][text]
            if (best := _explained(x, centred(x))) > explained + BETTER:
                warnings.append(
                    f"it explains {best:.3f} of activations whose mean is taken out: it was trained on a model with "
                    'centred weights; load it with per_token="centre"'
                )
        x = values[reads[0]][text]
        norm = float(x.norm(dim=-1).mean()) / dictionary.d_model**0.5
        factors = (1 / norm, norm, *(2.0**n for n in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)))
        scaled = {factor: fit(reads, writes, factor)[1] for factor in factors}
        if (best := max(scaled, key=scaled.__getitem__)) and scaled[best] > explained + BETTER:
            warnings.append(
                f"it explains {scaled[best]:.3f} of activations times {best:.3g}: it expects another scale; "
                "fold it in with sae.fold"
            )
    return Check(l0, explained, recorded, tuple(warnings), int(text.sum()))


def _near(model: Model, site: str) -> list[str]:
    """The sites of the same width in the layer before, the same and the next."""
    _, layer, _ = parse(site)
    if layer is None:
        return []
    there = set(model.sites())
    near = [f"{stream}.{n}" for n in (layer - 1, layer, layer + 1) for stream in STREAMS]
    return [one for one in near if one in there and model.width(one) == model.numbers(site)]


def _explained(y: Tensor, written: Tensor) -> float:
    return float(1 - (y - written.to(y)).square().sum() / (y - y.mean(0)).square().sum())
