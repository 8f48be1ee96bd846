"""What a heatmap reads: a text at all layers of one stream, kept so that another unit needs no other run.

A unit is a feature of a dictionary, a neuron, a coordinate of a stream, an attention head, or, at the logits, a
token of the vocabulary. Whatever it is, a reading gives its value at every layer and token, and the strongest units
at a token.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.tokens import decoded

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model
    from workbench.tokens import Tokens

FEATURES, PATTERN, LOGITS, HEADS = "features", "pattern", "logits", "head_out"
HELD = 2**28
"""Bytes of activations that are kept; what is larger is read again for another unit."""
LONGEST_CHARACTER = 8
"""Tokens that one character is looked for in; in UTF-8 it has four bytes at most."""


@dataclass(frozen=True, eq=False)
class Reading(ABC):
    """A text at all layers of a stream. L is 1 for a stream without layers.

    Attributes:
        tokens: of the one text.
        pieces, groups: the text of every token, those of one character joined; see `characters`.
        noun: what a unit is called.
        width: how many units there are.
        signed: whether values may be negative.
    """

    tokens: Tokens
    pieces: list[str]
    groups: list[list[int]]
    noun: str
    width: int
    signed: bool

    @abstractmethod
    def values(self, unit: int, query: int) -> Float[Tensor, "L T"]:
        """One unit at every layer and token; a head's are what token `query` pays to each."""

    @abstractmethod
    def strongest(
        self, row: int, start: int, stop: int, *, most: int, query: int
    ) -> tuple[Int[Tensor, "T K"], Float[Tensor, "T K"]]:
        """The units furthest from zero at some tokens of a layer, and their values."""

    @abstractmethod
    def standout(self, row: int) -> int:
        """The unit that a person would want to see first."""

    def name(self, unit: int) -> str:
        """What a unit is called beside its number; "" for nothing."""
        return ""

    @property
    def first(self) -> int:
        """The first token of the text itself, where there is one beside BOS."""
        return 1 if self.tokens.bos and self.tokens.ids.shape[1] > 1 else 0

    def extent(self, values: Float[Tensor, "L T"]) -> float:
        """How far from zero some values go, BOS left out: it often dwarfs all others."""
        return float(values[:, self.first :].abs().max())


@dataclass(frozen=True, eq=False)
class Units(Reading):
    """Coordinates of a stream, [L, T, D]; at the logits they are tokens of the vocabulary."""

    acts: Callable[[], Float[Tensor, "L T D"]]
    named: Callable[[int], str] = lambda unit: ""

    def values(self, unit: int, query: int) -> Float[Tensor, "L T"]:
        return self.acts()[:, :, unit].contiguous()

    def strongest(self, row: int, start: int, stop: int, *, most: int, query: int) -> tuple[Tensor, Tensor]:
        acts = self.acts()[row, start:stop]
        ranked = acts if self.noun == "token" else acts.abs()  # of tokens, the likeliest
        units = ranked.topk(min(most, self.width), dim=-1).indices
        return units, acts.gather(-1, units)

    def standout(self, row: int) -> int:
        acts = self.acts()[row, self.first :]
        return int(acts[-1].argmax()) if self.noun == "token" else int(acts.abs().amax(0).argmax())

    def name(self, unit: int) -> str:
        return self.named(unit)


@dataclass(frozen=True, eq=False)
class SparseFeatures(Reading):
    """The features of one text, [1, T, k]: the batch stands where other streams have their layers."""

    features: Any
    maxima: Float[Tensor, " F"]

    def values(self, unit: int, query: int) -> Float[Tensor, "1 T"]:
        return self.features.unit(unit).detach().float().cpu()

    def strongest(self, row: int, start: int, stop: int, *, most: int, query: int) -> tuple[Tensor, Tensor]:
        values = self.features.values[0, start:stop].detach().float().cpu()
        tops, order = values.topk(min(most, values.shape[-1]), dim=-1)
        return self.features.indices[0, start:stop].cpu().gather(-1, order), tops

    def standout(self, row: int) -> int:
        """The feature nearest to its maximum in training; where none is on, the first."""
        values = self.features.values[0, self.first :].detach().float().cpu()
        indices = self.features.indices[0, self.first :].cpu()
        share = values / self.maxima[indices].clamp(min=1e-9)
        share[self.maxima[indices] <= 0] = 0
        return int(indices.flatten()[share.argmax()]) if share.numel() else 0


@dataclass(frozen=True, eq=False)
class Patterns(Reading):
    """Attention: what each token (query) of each head pays to the others, [L, H, T, T]."""

    pattern: Callable[[], Float[Tensor, "L H T T"]]

    def values(self, unit: int, query: int) -> Float[Tensor, "L T"]:
        return self.pattern()[:, unit, query].contiguous()

    def whole(self, row: int, unit: int) -> Float[Tensor, "T T"]:
        """All of one head, a row for each query."""
        return self.pattern()[row, unit]

    def strongest(self, row: int, start: int, stop: int, *, most: int, query: int) -> tuple[Tensor, Tensor]:
        paid = self.pattern()[row, :, query, start:stop].T
        tops, units = paid.topk(min(most, self.width), dim=-1)
        return units, tops

    def standout(self, row: int) -> int:
        """The head that pays least attention to the first token, where heads rest that find nothing."""
        pattern = self.pattern()[row, :, self.first :]
        return int(pattern[..., 0].mean(-1).argmin())

    def extent(self, values: Float[Tensor, "L T"]) -> float:
        return 1.0


def layers_of(model: Model, sae: Dictionary | None) -> dict[str, tuple[int, ...]]:
    """The streams that can be shown and the layers of each; none for a stream without layers."""
    layers: dict[str, tuple[int, ...]] = {} if sae is None else {FEATURES: ()}
    for site in model.sites():
        stream, _, layer = site.partition(".")
        layers[stream] = (*layers.get(stream, ()), *([int(layer)] if layer else []))
    return layers


def read(model: Model, sae: Dictionary | None, text: str, stream: str, layers: Sequence[int]) -> Reading:
    """Run a text once and keep what the stream held.

    Raises:
        ValueError: a text that cannot be read.
    """
    tokens = model.tokens(text)
    spelled = (tokens, *characters(model, tokens))
    if stream == FEATURES:
        run = model.run(tokens, at=[sae.site])
        features = sae.encode(run[sae.site])
        return SparseFeatures(*spelled, "feature", features.width, False, features, sae.maxima.detach().float().cpu())
    sites = [f"{stream}.{layer}" for layer in layers] or [stream]

    def again() -> Tensor:
        run = model.run(tokens, at=sites)
        acts = torch.stack([run[site][0].detach().float().cpu() for site in sites])
        return acts.flatten(2) if stream == HEADS else acts

    acts = again()
    size, signed = tuple(acts.shape), bool((acts < 0).any())
    kept = again if acts.element_size() * acts.numel() > HELD else lambda: acts
    if stream == PATTERN:
        return Patterns(*spelled, "head", size[1], False, kept)
    if stream == LOGITS:
        return Units(*spelled, "token", size[-1], signed, kept, model.vocabulary.piece)
    if stream == HEADS:
        each = size[-1] // model.n_heads
        return Units(*spelled, "coordinate", size[-1], signed, kept, lambda unit: f"head {unit // each}, {unit % each}")
    return Units(*spelled, "neuron" if stream == "mlp_act" else "coordinate", size[-1], signed, kept)


def characters(model: Model, tokens: Tokens) -> tuple[list[str], list[list[int]]]:
    """The pieces of a text with those of one character joined, and where: [first, behind the last] of each.

    A character that is split over tokens stands whole in its first piece; the others are "".
    """
    pieces, ids, groups = list(tokens.pieces[0]), tokens.ids[0].tolist(), []
    at = 0
    while at < len(pieces):
        if "\ufffd" not in pieces[at]:
            at += 1
            continue
        for end in range(at + 2, min(at + LONGEST_CHARACTER, len(pieces)) + 1):
            whole = decoded(model.tokenizer, ids[at:end])
            if "\ufffd" not in whole:
                pieces[at:end] = [whole] + [""] * (end - at - 1)
                groups.append([at, end])
                at = end
                break
        else:
            at += 1
    return pieces, groups
