"""Dictionaries: sparse features of an activation, in plain torch.

`Features` is what a dictionary makes of activations: for every token the indices
and values of the few features that are on. Nothing as wide as the dictionary is
kept per token. Each architecture is one class that holds its encode, decode and
loss; trainer, scores and formats never ask which one it is. A dictionary knows
the name of the site it reads, and never sees a language model.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Features:
    """The features that are on, token by token.

    Attributes:
        indices: which features, [..., k]; unused places hold any index with value 0.
        values: their activations, [..., k], none below 0.
        width: F, how many features the dictionary has.
    """

    indices: Int[Tensor, "... k"]
    values: Float[Tensor, "... k"]
    width: int

    def __repr__(self) -> str:
        tokens, on = self.values[..., 0].numel(), int((self.values > 0).sum())
        return f"Features({tokens} tokens · {on} of {tokens} × {self.width} on)"

    def unit(self, feature: int) -> Float[Tensor, "..."]:
        """The activation of one feature at every token."""
        return (self.values * (self.indices == feature)).sum(-1)

    def l0(self) -> Float[Tensor, "..."]:
        """How many features are on at every token."""
        return (self.values > 0).sum(-1).float()

    def counts(self, mask: Tensor | None = None) -> Int[Tensor, " F"]:
        """At how many tokens each feature is on."""
        return torch.bincount(self._on(mask)[0], minlength=self.width)

    def maxima(self, mask: Tensor | None = None) -> Float[Tensor, " F"]:
        """The largest activation of each feature."""
        indices, values = self._on(mask)
        return values.new_zeros(self.width).scatter_reduce_(0, indices, values, "amax")

    def __getitem__(self, rows: object) -> Features:
        return Features(self.indices[rows], self.values[rows], self.width)

    def _on(self, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Indices and values of what is on, flat; `mask` [...] keeps only some tokens."""
        keep = self.values > 0 if mask is None else (self.values > 0) & mask[..., None]
        return self.indices[keep], self.values[keep]


class Dictionary(nn.Module, ABC):
    """What every architecture offers; a subclass adds its encode, decode and loss.

    Attributes:
        site: the name of the site it reads.
        d_model: D, how many numbers it reads.
        width: F, how many features it has.
        maxima: the largest activation of each feature in the text it was trained on, [F].
        density: the share of tokens on which each feature was on there, [F].
        provenance: what it was trained on, for the record.
    """

    architecture: str

    def __init__(self, *, d_model: int, width: int, site: str) -> None:
        super().__init__()
        self.d_model, self.width, self.site = d_model, width, site
        self.provenance: dict = {}
        self.register_buffer("maxima", torch.zeros(width))
        self.register_buffer("density", torch.zeros(width))

    @abstractmethod
    def encode(self, x: Float[Tensor, "... D"] | Mapping[str, Tensor]) -> Features:
        """The features of activations, or of a recording that holds the dictionary's site."""

    @abstractmethod
    def decode(self, features: Features) -> Float[Tensor, "... D"]:
        """The activations that the features stand for."""

    @abstractmethod
    def loss(self, x: Float[Tensor, "N D"]) -> Float[Tensor, ""]:
        """What training minimises."""

    @abstractmethod
    def direction(self, feature: int) -> Float[Tensor, " D"]:
        """What one unit of a feature's activation adds to the site."""

    @abstractmethod
    def settings(self) -> dict:
        """The arguments that make the same, untrained, dictionary."""

    @abstractmethod
    def start(self, mean: Float[Tensor, " D"]) -> None:
        """Called once before training, with the mean of the activations."""

    @abstractmethod
    def fold(self, scale: float) -> None:
        """Take in the scale that training multiplied activations by: the folded one reads them as they are."""

    def random(self, seed: int) -> Dictionary:
        """One of the same shape with untrained directions: the floor of every score."""
        return type(self)(**self.settings(), site=self.site, seed=seed).requires_grad_(False).to(self.maxima)

    def forward(self, x: Float[Tensor, "... D"]) -> Float[Tensor, "... D"]:
        return self.decode(self.encode(x))

    def tidy(self) -> None:
        """Called after every optimiser step, for what the architecture keeps true of its weights."""

    def check_feature(self, feature: int) -> None:
        """Raise a ValueError unless the dictionary has this feature."""
        if not 0 <= feature < self.width:
            raise ValueError(f"no feature {feature}; the dictionary at {self.site} has 0 to {self.width - 1}")

    def activations(self, x: Tensor | Mapping[str, Tensor]) -> Tensor:
        """The tensor to read: x itself, or a recording's values at the site."""
        x = x if isinstance(x, Tensor) else x[self.site]
        if x.shape[-1] != self.d_model:
            raise ValueError(f"the dictionary at {self.site} reads {self.d_model} numbers; given {x.shape[-1]}")
        return x.to(self.maxima)  # its dtype and device

    @property
    def hash(self) -> str:
        """Eight characters that change with the weights."""
        import hashlib

        digest = hashlib.sha256()
        for name, weight in self.state_dict().items():
            digest.update(name.encode() + weight.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:8]

    def extra_repr(self) -> str:
        return json.dumps({"site": self.site, **self.settings()})[1:-1].replace('"', "")


class TopK(Dictionary):
    """The k largest features of every token; no penalty is needed to keep them few.

    f = relu(topk(W_encᵀ(x − b_dec) + b_enc)),  x̂ = Σ_i f_i d_i + b_dec,
    loss = mean ‖x − x̂‖² ÷ mean ‖x − x̄‖², plus the auxiliary loss α·‖e − ê‖² with which
    features long silent reconstruct the error e. Decoder rows d_i have unit norm.

    Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders", §2.3 and A.2.

    Args:
        d_model: D, the width of the site.
        width: F, the number of features.
        k: how many may be on at once.
        site: the name of the site it reads.
        seed: of the initial directions.

    Example:
        >>> import torch
        >>> from workbench.decompose.dictionaries import TopK
        >>> sae = TopK(d_model=8, width=32, k=4, site="resid_post.0")
        >>> features = sae.encode(torch.randn(5, 8))
        >>> features.indices.shape, int(features.l0().max()) <= 4
        (torch.Size([5, 4]), True)
    """

    architecture = "topk"
    silent_after = 100_000  # tokens without a firing after which a feature counts as dead
    auxiliary = 1 / 32

    def __init__(self, *, d_model: int, width: int, k: int, site: str, seed: int = 0) -> None:
        super().__init__(d_model=d_model, width=width, site=site)
        if not 1 <= k <= width:
            raise ValueError(f"k {k}: at least 1 and at most the width, {width}")
        self.k = k
        directions = torch.randn(width, d_model, generator=torch.Generator().manual_seed(seed))
        directions = directions / directions.norm(dim=-1, keepdim=True)
        self.W_dec = nn.Parameter(directions)
        self.W_enc = nn.Parameter(directions.T.clone())
        self.b_enc = nn.Parameter(torch.zeros(width))
        self.b_dec = nn.Parameter(torch.zeros(d_model))
        self.register_buffer("silent", torch.zeros(width), persistent=False)

    def settings(self) -> dict:
        return {"d_model": self.d_model, "width": self.width, "k": self.k}

    def encode(self, x: Float[Tensor, "... D"] | Mapping[str, Tensor]) -> Features:
        x = self.activations(x)
        # what is as wide as the dictionary is held for a few tokens only
        rows = x.reshape(-1, self.d_model).split(8192)
        tops = [self._before(part).topk(self.k, dim=-1, sorted=False) for part in rows]
        values, indices = (torch.cat(parts).view(*x.shape[:-1], self.k) for parts in zip(*tops, strict=True))
        return Features(indices, values.relu(), self.width)

    def decode(self, features: Features) -> Float[Tensor, "... D"]:
        return _weighted_rows(features.indices, features.values, self.W_dec) + self.b_dec

    def direction(self, feature: int) -> Float[Tensor, " D"]:
        self.check_feature(feature)
        return self.W_dec[feature].detach()

    def loss(self, x: Float[Tensor, "N D"]) -> Float[Tensor, ""]:
        before = self._before(x)
        values, indices = before.topk(self.k, dim=-1, sorted=False)
        features = Features(indices, values.relu(), self.width)
        error = x - self.decode(features)
        scale = (x - x.mean(0)).square().sum(-1).mean()
        self._count_silence(features)
        loss = error.square().sum(-1).mean() / scale
        dead = (self.silent > self.silent_after).nonzero().squeeze(-1)
        if not len(dead):
            return loss
        values, places = before[:, dead].topk(min(len(dead), self.d_model // 2), dim=-1, sorted=False)
        revived = _weighted_rows(dead[places], values.relu(), self.W_dec)
        goal = error.detach()
        return loss + self.auxiliary * (goal - revived).square().sum(-1).mean() / goal.square().sum(-1).mean()

    @torch.no_grad()
    def tidy(self) -> None:
        self.W_dec /= self.W_dec.norm(dim=-1, keepdim=True)

    @torch.no_grad()
    def start(self, mean: Float[Tensor, " D"]) -> None:
        self.b_dec.copy_(mean)

    @torch.no_grad()
    def fold(self, scale: float) -> None:
        self.b_enc /= scale
        self.b_dec /= scale

    def _before(self, x: Float[Tensor, "... D"]) -> Float[Tensor, "... F"]:
        return (x - self.b_dec) @ self.W_enc + self.b_enc

    @torch.no_grad()
    def _count_silence(self, features: Features) -> None:
        self.silent += features.values.shape[0]
        self.silent[features.counts() > 0] = 0


def _weighted_rows(
    indices: Int[Tensor, "... k"], weights: Float[Tensor, "... k"], rows: Float[Tensor, "F D"]
) -> Float[Tensor, "... D"]:
    """Σ_k weight · row: only the rows that are on are touched."""
    flat = nn.functional.embedding_bag(
        indices.reshape(-1, indices.shape[-1]),
        rows,
        per_sample_weights=weights.reshape(-1, weights.shape[-1]),
        mode="sum",
    )
    return flat.view(*indices.shape[:-1], rows.shape[-1])


ARCHITECTURES = {cls.architecture: cls for cls in (TopK,)}
"""Every architecture by the name that files and `train` call it."""
