"""What changes in the next token under some variants of a run, at every token of a text at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._array import to_wire

LISTED = 8
"""Tokens whose probability changes most, at each place."""


@dataclass(frozen=True)
class Draw:
    """What one control makes of the same tokens: their probabilities [T, K], and KL(plain‖control) [T]."""

    p: Float[Tensor, "T K"]
    kl: Float[Tensor, " T"]


@dataclass(frozen=True, eq=False)
class Found:
    """At every token of a prompt, what is predicted next: plain, ablated in each way, and under the controls.

    Attributes:
        kinds: the ablations. [N]
        ids: the tokens whose probability changes most; without ablations, the likeliest.
        plain, ablated: the probabilities of these.
        kl: KL(plain‖ablated), in nats.
        control: lowest, median and highest probability over the draws; None before they are there.
        control_kl: the same of KL(plain‖control).
        draws: how many.
        stand_ins: what the controls are, for each ablation.
    """

    kinds: list[str]
    ids: Int[Tensor, "T K"]
    plain: Float[Tensor, "T K"]
    ablated: Float[Tensor, "N T K"]
    kl: Float[Tensor, "N T"]
    control: Float[Tensor, "N 3 T K"] | None = None
    control_kl: Float[Tensor, "N 3 T"] | None = None
    draws: int = 0
    stand_ins: Sequence[str] = ()

    def of(self, plain: Float[Tensor, "T V"], other: Float[Tensor, "T V"]) -> Draw:
        """The same tokens under another variant."""
        return Draw(other.gather(-1, self.ids).exp(), _kl(plain, other))

    def with_controls(self, draws: Sequence[Sequence[Draw]], stand_ins: Sequence[str]) -> Found:
        """The same, with what the draws make of it; without, where there are none."""
        about = (self.kinds, self.ids, self.plain, self.ablated, self.kl)
        if not draws:
            return Found(*about)
        p = [_range(torch.stack([draw[n].p for draw in draws])) for n in range(len(self.kinds))]
        kl = [_range(torch.stack([draw[n].kl for draw in draws])) for n in range(len(self.kinds))]
        return Found(*about, torch.stack(p), torch.stack(kl), len(draws), stand_ins)

    def wire(self, piece: Callable[[int], str]) -> dict[str, Any]:
        """What the browser draws."""
        sent: dict[str, Any] = {"kinds": self.kinds, "draws": self.draws, "stand_ins": list(self.stand_ins)}
        sent["ids"] = to_wire(self.ids, "int32")
        sent["names"] = {str(one): piece(one) for one in self.ids.unique().tolist()}
        for name in ("plain", "ablated", "kl", "control", "control_kl"):
            array = getattr(self, name)
            sent[name] = None if array is None else to_wire(array)
        return sent


def changed(plain: Tensor, ablated: Sequence[Tensor], kinds: list[str]) -> Found:
    """The tokens whose probability changes most under any of the ablations, at every token."""
    p = plain.exp()
    most = p if not ablated else torch.zeros_like(p)
    for one in ablated:
        most = torch.maximum(most, (one.exp() - p).abs())
    ids = most.topk(min(LISTED, p.shape[-1]), dim=-1).indices
    under = [one.gather(-1, ids).exp() for one in ablated]
    kl = [_kl(plain, one) for one in ablated]
    empty = torch.zeros(0, *ids.shape)
    return Found(
        kinds,
        ids,
        p.gather(-1, ids),
        torch.stack(under) if under else empty,
        torch.stack(kl) if kl else empty[..., 0],
    )


def _kl(plain: Float[Tensor, "T V"], other: Float[Tensor, "T V"]) -> Float[Tensor, " T"]:
    """KL(plain‖other) = Σ p (log p − log q), in nats; what rounding takes below 0 is 0."""
    return (plain.exp() * (plain - other)).sum(-1).clamp(min=0)


def _range(draws: Tensor) -> Tensor:
    """Lowest, median and highest over the first axis, [3, …]."""
    low, middle, high = np.quantile(draws.numpy(), [0.0, 0.5, 1.0], axis=0)
    return torch.from_numpy(np.stack([low, middle, high])).float()
