"""Dictionaries: sparse features of activations, in plain torch.

`Features` is what a dictionary makes of activations: for every token the indices
and values of the few features that are on. Nothing as wide as the dictionary is
kept per token. `Dictionary` is what all architectures share (they are in
`architectures`); trainer, store, scores and formats never ask which one it is.

What a dictionary reads and writes is no matter of architecture. It reads the values
at one site or at several side by side, and writes to the same (an autoencoder; over
several sites a crosscoder) or to another (a transcoder, with or without a skip). It
knows those sites by name and never sees a language model.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from jaxtyping import Float, Int
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .sparse import Pattern, decoded, encoded, largest

PER_TOKEN = ("", "centre", "layer_norm", "norm")
HELD = 2**20
"""Numbers of z that are held at once: as many as a processor's cache holds, made for a few tokens at a time."""


@dataclass(frozen=True, eq=False)
class Features:
    """The features that are on, token by token.

    Attributes:
        indices: which features, [..., k]; unused places hold any index with value 0.
        values: their activations, [..., k], none below 0.
        width: F, how many features the dictionary has.
        provenance: of a recording, with the hash of the dictionary; empty where a tensor was encoded.

    Example:
        >>> import workbench as wb
        >>> features = wb.decompose.load().encode(wb.record.activations(wb.load(), "The bridge", at="resid_post.1"))
        >>> features.values.shape[:2], float(features.l0()[0, 0])  # BOS has none
        (torch.Size([1, 3]), 0.0)
    """

    indices: Int[Tensor, "... k"]
    values: Float[Tensor, "... k"]
    width: int
    provenance: Mapping[str, object] = field(default_factory=dict)

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

    def save(self, to: str | Path) -> Path:
        """Write them to a folder: safetensors and JSON.

        Example:
            >>> import torch
            >>> from workbench.decompose import Features
            >>> folder = Features(torch.tensor([[3, 1]]), torch.tensor([[0.5, 2.0]]), 8).save(tmp / "features")
            >>> Features.open(folder).unit(1)
            tensor([2.])
        """
        folder = Path(to)
        folder.mkdir(parents=True, exist_ok=True)
        held = {name: getattr(self, name).detach().cpu().contiguous().clone() for name in ("indices", "values")}
        about = json.dumps({"width": self.width, "provenance": dict(self.provenance)}, indent=1) + "\n"
        for name, write in (
            ("features.safetensors", lambda path: save_file(held, path)),
            ("features.json", lambda path: path.write_text(about, encoding="utf-8")),
        ):
            beside = folder / f"{name}.part"
            write(beside)
            beside.replace(folder / name)
        return folder

    @classmethod
    def open(cls, path: str | Path) -> Features:
        """Read what `save` wrote."""
        folder = Path(path)
        if not (folder / "features.json").exists():
            raise FileNotFoundError(f"no features in {folder}: features.json is missing")
        about = json.loads((folder / "features.json").read_text(encoding="utf-8"))
        held = load_file(folder / "features.safetensors")
        return cls(held["indices"], held["values"], about["width"], about["provenance"])

    def to(self, device: str | torch.device) -> Features:
        """The same on another device."""
        return replace(self, indices=self.indices.to(device), values=self.values.to(device))

    def __getitem__(self, rows: object) -> Features:
        return replace(self, indices=self.indices[rows], values=self.values[rows])

    def _on(self, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Indices and values of what is on, flat; `mask` [...] keeps only some tokens."""
        keep = self.values > 0 if mask is None else (self.values > 0) & mask[..., None]
        return self.indices[keep], self.values[keep]

    @classmethod
    def of(cls, pattern: Pattern, values: Float[Tensor, " M"], least: int = 1) -> Features:
        """From a ragged pattern: as many places for every token as the fullest one needs."""
        k = max(least, int(pattern.counts.max())) if pattern.n else least
        place = torch.arange(len(values), device=values.device) - pattern.offsets[pattern.rows]
        indices = torch.zeros((pattern.n, k), dtype=torch.long, device=values.device)
        padded = values.new_zeros((pattern.n, k))
        indices[pattern.rows, place], padded[pattern.rows, place] = pattern.columns, values
        return cls(indices, padded, pattern.width)


@dataclass(frozen=True, eq=False)
class Loss:
    """What one batch gave in training.

    Attributes:
        total: what is minimised.
        output: what the dictionary wrote, without a gradient. [N, O]
        pattern, values: which features may be on, and their activations; those above 0 are.
    """

    total: Float[Tensor, ""]
    output: Float[Tensor, "N O"]
    pattern: Pattern
    values: Float[Tensor, " M"]


class Dictionary(nn.Module, ABC):
    """What all architectures share: two matrices, two biases, what they read and write.

    z = W_enc x + b_enc [N, F] is the same in all; an architecture says which features are on, how
    strongly, and what training minimises. ŷ = Σ_i f_i d_i + b_dec (+ W_skip x). Training first
    centres and scales what is read and written, and `fold` takes that into the weights, so that a
    finished dictionary reads and writes activations as they are.

    Source: of transcoders Dunefsky et al. 2024, "Transcoders Find Interpretable LLM Feature Circuits", §3; of a skip
    Paulo et al. 2025, "Transcoders Beat Sparse Autoencoders for Interpretability"; of crosscoders Lindsey et al.
    2024, "Sparse Crosscoders for Cross-Layer Features and Model Diffing".

    Attributes:
        reads, writes: the names of the sites, side by side in x and y; the same for an autoencoder.
        d_model: D, how many numbers it reads; d_out: O, how many it writes.
        width: F, how many features it has.
        W_enc, b_enc: the encoder, a row for each feature. [F, D], [F]
        W_dec, b_dec: the decoder, a row for each feature. [F, O], [O]
        W_skip: what is passed on linearly, or None. [O, D]
        per_token: how every token is normalised before it is read, and what is written back after it: "centre"
            (its mean taken out), "layer_norm" (and its standard deviation), "norm" (to norm √D), or "" for not.
        maxima: the largest activation of each feature in the text it was trained on, [F].
        density: the share of tokens on which each feature was on there, [F].
        provenance: what it was trained on, for the record.
    """

    architecture: str
    own: tuple[str, ...] = ()  # the settings that only this architecture has
    lists: tuple[str, ...] = ()  # those of them that are a list; any other list in `train` is of values to try
    centred = True  # whether training centres what is read and written
    unit_norm = True  # whether every decoder row is kept at norm 1
    own_scale = False  # whether each feature may be scaled by itself: none is chosen by comparing it with others
    auxiliary = 0.0  # the weight of the loss that revives silent features
    silent_after = 100_000  # tokens without a firing after which a feature counts as dead

    def __init__(
        self,
        *,
        d_model: int,
        width: int,
        site: str | Sequence[str],
        target: str | Sequence[str] | None = None,
        d_out: int | None = None,
        skip: bool = False,
        per_token: str = "",
        seed: int = 0,
        norm: float = 1.0,
    ) -> None:
        super().__init__()
        self.reads = (site,) if isinstance(site, str) else tuple(site)
        self.writes = self.reads if target is None else (target,) if isinstance(target, str) else tuple(target)
        self.d_model, self.d_out, self.width = d_model, d_out or d_model, width
        if per_token not in PER_TOKEN:
            raise ValueError(f"per_token {per_token!r}: one of {', '.join(map(repr, PER_TOKEN))}")
        self.per_token = per_token
        if min(self.d_model, self.d_out, width) < 1:
            raise ValueError(f"d_model {d_model}, d_out {self.d_out}, width {width}: at least 1 each")
        if self.d_model % len(self.reads) or self.d_out % len(self.writes):
            raise ValueError(
                f"{len(self.reads)} and {len(self.writes)} sites side by side do not share "
                f"{self.d_model} and {self.d_out} numbers evenly"
            )
        if self.reads == self.writes and (skip or self.d_out != self.d_model):
            raise ValueError(f"an autoencoder at {self.reads} has no skip and writes what it reads; name a target")
        randomness = torch.Generator().manual_seed(seed)
        directions = torch.randn(width, self.d_out, generator=randomness)
        self.W_dec = nn.Parameter(directions)
        self.W_dec.data *= norm / self.norms()[:, None]
        if self.d_out == self.d_model and self.reads == self.writes:
            self.W_enc = nn.Parameter(self.W_dec.detach().clone())
        else:
            rows = torch.randn(width, d_model, generator=randomness)
            self.W_enc = nn.Parameter(rows * norm / rows.norm(dim=-1, keepdim=True))
        self.b_enc = nn.Parameter(torch.zeros(width))
        self.b_dec = nn.Parameter(torch.zeros(self.d_out))
        self.W_skip = nn.Parameter(torch.zeros(self.d_out, d_model)) if skip else None
        self.provenance: dict = {}
        self.pressure = 1.0  # what a penalty is multiplied by: training raises it from 0 in the beginning
        self.register_buffer("maxima", torch.zeros(width))
        self.register_buffer("density", torch.zeros(width))
        self.register_buffer("silent", torch.zeros(width), persistent=False)

    # ---- what an architecture says -----------------------------------------------------------------

    @abstractmethod
    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        """Which features are on given z, and their activations."""

    @abstractmethod
    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        """What training minimises; y is what is to be written, x itself by default."""

    def move(self, by: Float[Tensor, " F"]) -> None:
        """Add to z, for good."""
        self.b_enc += by

    def rescale(self, by: float | Tensor) -> None:
        """Multiply z and activations, all by one number or each feature's by its own; what is written stays."""
        by = torch.as_tensor(by).to(self.maxima).expand(self.width)
        self.W_enc *= by[:, None]
        self.b_enc *= by
        self.W_dec /= by[:, None]
        self.maxima *= by

    def settle(self, x: Float[Tensor, "N D"]) -> None:
        """Called when training is over or looked at, with scaled activations: measure what is not learnt."""

    # ---- using it ----------------------------------------------------------------------------------

    @property
    def site(self) -> str:
        """The one site that is read."""
        if len(self.reads) > 1:
            raise ValueError(f"this crosscoder reads {len(self.reads)} sites: {', '.join(self.reads)}; see .reads")
        return self.reads[0]

    @property
    def target(self) -> str:
        """The one site that is written."""
        if len(self.writes) > 1:
            raise ValueError(f"this crosscoder writes {len(self.writes)} sites: {', '.join(self.writes)}; see .writes")
        return self.writes[0]

    def encode(self, x: Float[Tensor, "... D"] | Mapping[str, Tensor]) -> Features:
        """The features of activations, or of a recording that holds what the dictionary reads.

        In a recording BOS and padding have none: nothing was trained on them, and at BOS hundreds may be on.

        Raises:
            ValueError: activations of another width. KeyError: a recording without a site that is read.

        Example:
            >>> import torch, workbench as wb
            >>> wb.decompose.load().encode(torch.zeros(2, 7, 256)).indices.shape[:2]
            torch.Size([2, 7])
        """
        about = getattr(x, "provenance", None)
        tokens = getattr(x, "tokens", None)  # a recording knows them
        x = self.activations(x)
        there = None if tokens is None else tokens.places.text.to(x.device).flatten()
        rows = x.reshape(-1, self.d_model)
        pattern, values = self.read(self.normalised(rows if there is None else rows[there])[0], self.on)
        features = Features.of(pattern if there is None else pattern.spread(there), values)
        shape = (*x.shape[:-1], features.values.shape[-1])
        made = {} if about is None else {**about, "dictionary": self.hash, "reads": list(self.reads)}
        return Features(features.indices.view(shape), features.values.view(shape), self.width, made)

    def read(
        self, x: Float[Tensor, "N D"], choose: Callable[[Tensor], tuple[Pattern, Tensor]]
    ) -> tuple[Pattern, Float[Tensor, " M"]]:
        """What `choose` keeps of z; z itself is made for a few tokens at a time, but where gradients are wanted."""
        if torch.is_grad_enabled() and (x.requires_grad or self.W_enc.requires_grad):
            return choose(self.before(x))
        rows = max(1, min(len(x), HELD // self.width))
        held = x.new_empty(rows, self.width)
        parts = [choose(self.before(part, held[: len(part)])) for part in x.split(rows)]
        return Pattern.stacked([pattern for pattern, _ in parts]), torch.cat([values for _, values in parts])

    def activation(self, x: Float[Tensor, "... D"] | Mapping[str, Tensor], feature: int) -> Float[Tensor, "..."]:
        """One feature's activation, as `encode` gives it; of others nothing is made, where none depends on them.

        Example:
            >>> import torch
            >>> from workbench.decompose.architectures import ReLU
            >>> sae, x = ReLU(d_model=8, width=32, site="resid_post.0"), torch.randn(5, 8)
            >>> torch.allclose(sae.activation(x, 3), sae.encode(x).unit(3))
            True
        """
        normalised = self.normalised(self.activations(x))[0]
        alone = self.alone(normalised @ self.W_enc[feature] + self.b_enc[feature], feature)
        if alone is None:
            return self.encode(x).unit(feature)
        tokens = getattr(x, "tokens", None)
        return alone if tokens is None else alone * tokens.places.text.to(alone.device)

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."] | None:
        """A feature's activation given its own z; None where it depends on other features."""
        return None

    def decode(self, features: Features) -> Float[Tensor, "... O"]:
        """What the features stand for, Σ_i f_i d_i + b_dec; a skip is left out.

        Example:
            >>> import torch, workbench as wb
            >>> sae = wb.decompose.load()
            >>> none = wb.decompose.Features(torch.zeros(1, 1, dtype=torch.long), torch.zeros(1, 1), sae.width)
            >>> torch.equal(sae.decode(none)[0], sae.b_dec)
            True
        """
        shape = features.indices.shape
        pattern = Pattern.rectangle(features.indices.reshape(-1, shape[-1]), self.width)
        return (decoded(features.values.reshape(-1), pattern, self.W_dec) + self.b_dec).view(*shape[:-1], self.d_out)

    def forward(self, x: Float[Tensor, "... D"]) -> Float[Tensor, "... O"]:
        return self.written(x, self.encode(x))

    def written(self, x: Float[Tensor, "... D"], features: Features) -> Float[Tensor, "... O"]:
        """What is written where x was read and these features are on, a skip included."""
        out = self.decode(features)
        if self.W_skip is None and not self.per_token:
            return out
        x = self.activations(x)
        if self.writes != self.reads:  # a transcoder's output has a scale of its own
            return out if self.W_skip is None else out + x @ self.W_skip.T
        _, centre, size = self.normalised(x)
        return out * size + centre

    def change(self, x: Float[Tensor, "... D"], feature: int, by: Float[Tensor, "..."]) -> Float[Tensor, "... O"]:
        """What is written more when a feature's activation rises by so much, at these activations."""
        x = x.to(self.maxima)
        return by[..., None] * self.direction(feature) * (self.normalised(x)[2] if self.reads == self.writes else 1.0)

    def normalised(self, x: Float[Tensor, "... D"]) -> tuple[Tensor, Tensor | float, Tensor | float]:
        """The activations as they are read, and what was taken out of them: their centre and their size."""
        if not self.per_token:
            return x, 0.0, 1.0
        if self.per_token == "norm":
            size = x.norm(dim=-1, keepdim=True) / self.d_model**0.5
            return x / size, 0.0, size
        centre = x.mean(-1, keepdim=True)
        if self.per_token == "centre":
            return x - centre, centre, 1.0
        size = (x - centre).std(-1, keepdim=True)
        return (x - centre) / (size + 1e-5), centre, size

    def direction(self, feature: int, target: str | None = None) -> Float[Tensor, " O"]:
        """What one unit of a feature's activation adds to the target, in the units of the site.

        Example:
            >>> import workbench as wb
            >>> round(float(wb.decompose.load().direction(942).norm()), 2)
            1.0
        """
        self.check_feature(feature)
        if target is None:
            return self.W_dec[feature].detach()
        if target not in self.writes:
            raise ValueError(f"nothing is written to {target!r}; there are: {', '.join(self.writes)}")
        return self.W_dec[feature].detach().view(len(self.writes), -1)[self.writes.index(target)]

    def norms(self) -> Float[Tensor, " F"]:
        """The norm of every decoder row; of a crosscoder, the sum of the norms at its sites."""
        return self.W_dec.view(self.width, len(self.writes), -1).norm(dim=-1).sum(-1)

    def before(self, x: Float[Tensor, "N D"], out: Float[Tensor, "N F"] | None = None) -> Float[Tensor, "N F"]:
        """What is linear in x, z = W_enc x + b_enc, in the memory of `out` where it is given."""
        return torch.mm(x, self.W_enc.T, out=out).add_(self.b_enc)

    def activations(self, x: Tensor | Mapping[str, Tensor]) -> Tensor:
        """The tensor to read: x itself, or a recording's values at the sites (and heads), side by side."""
        x = x if isinstance(x, Tensor) else torch.cat([x[site].flatten(2) for site in self.reads], dim=-1)
        if x.shape[-1] != self.d_model:
            raise ValueError(
                f"the dictionary at {', '.join(self.reads)} reads {self.d_model} numbers; given {x.shape[-1]}"
            )
        return x.to(self.maxima)  # its dtype and device

    def check_feature(self, feature: int) -> None:
        """Raise a ValueError unless the dictionary has this feature."""
        if not 0 <= feature < self.width:
            raise ValueError(
                f"no feature {feature}; the dictionary at {', '.join(self.reads)} has 0 to {self.width - 1}"
            )

    def settings(self) -> dict:
        """The arguments that make the same, untrained, dictionary; without its sites."""
        own = {name: getattr(self, name) for name in self.own}
        rest = {"d_out": self.d_out} if self.d_out != self.d_model else {}
        rest |= ({"skip": True} if self.skips else {}) | ({"per_token": self.per_token} if self.per_token else {})
        return {"d_model": self.d_model, "width": self.width} | rest | own

    @property
    def skips(self) -> bool:
        """Whether it has a skip."""
        return self.W_skip is not None

    @property
    def hash(self) -> str:
        """Eight characters that change with the weights."""
        import hashlib

        digest = hashlib.sha256()
        for name, weight in self.state_dict().items():
            digest.update(name.encode() + weight.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()[:8]

    def extra_repr(self) -> str:
        ends = {"site": ", ".join(self.reads)} | (
            {"target": ", ".join(self.writes)} if self.writes != self.reads else {}
        )
        return json.dumps(ends | self.settings())[1:-1].replace('"', "")

    # ---- training it -------------------------------------------------------------------------------

    @torch.no_grad()
    def project(self) -> None:
        """Called before every optimiser step: takes out what could only change the norm of a unit-norm decoder row."""
        if self.unit_norm and len(self.writes) == 1:
            along = (self.W_dec.grad * self.W_dec).sum(-1, keepdim=True)
            self.W_dec.grad.addcmul_(self.W_dec, along, value=-1)

    @torch.no_grad()
    def tidy(self) -> None:
        """Called after every optimiser step: decoder rows back to norm 1, where the architecture keeps them so."""
        if self.unit_norm:
            self.W_dec /= self.norms()[:, None]

    @torch.no_grad()
    def fold(
        self,
        mean: Float[Tensor, " D"],
        scale: Float[Tensor, " D"],
        mean_out: Float[Tensor, " O"],
        scale_out: Float[Tensor, " O"],
    ) -> None:
        """Take in what training did to activations, x' = (x − mean) · scale and the same for y.

        Activations come out in the units of y: one unit of a feature adds a vector of norm 1. (Where features are
        compared with each other and several sites are written, that holds on average.)
        """
        by = self.units(scale_out)
        self.W_enc *= scale
        self.move(-self.W_enc @ mean)
        self.W_dec /= scale_out
        self.b_dec.copy_(self.b_dec / scale_out + mean_out)
        if self.W_skip is not None:
            self.W_skip *= scale / scale_out[:, None]
            self.b_dec -= self.W_skip @ mean
        self.rescale(by)

    def units(self, scale_out: Float[Tensor, " O"]) -> Tensor:
        """What every activation, or each feature's, is multiplied by when `fold` takes in this scale."""
        if not self.own_scale:
            return 1 / scale_out.mean()
        norms = (self.W_dec.detach() / scale_out).view(self.width, len(self.writes), -1).norm(dim=-1).sum(-1)
        return norms.where(norms > 0, torch.ones_like(norms))

    def _encoded(
        self, x: Float[Tensor, "N D"], choose: Callable[[Tensor], tuple[Pattern, Tensor]]
    ) -> tuple[Pattern, Float[Tensor, " M"]]:
        """What `choose` keeps of z, differentiable."""
        with torch.no_grad():
            pattern, values = self.read(x, choose)
        return pattern, encoded(x, self.W_enc, self.b_enc, pattern, values)

    def _written(self, x: Tensor, values: Tensor, pattern: Pattern) -> Float[Tensor, "N O"]:
        """What these activations write, differentiable."""
        out = decoded(values, pattern, self.W_dec) + self.b_dec
        return out if self.W_skip is None else out + x @ self.W_skip.T

    def _revival(self, x: Float[Tensor, "N D"], error: Float[Tensor, "N O"]) -> Float[Tensor, ""] | float:
        """α ‖e − ê‖² / ‖e‖²: features long silent reconstruct the error e, as many as half of D at a token.

        Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders", A.2.
        """
        dead = (self.silent > self.silent_after).nonzero().squeeze(-1)
        if not self.auxiliary or not len(dead):
            return 0.0
        k = min(len(dead), self.d_model // 2)
        with torch.no_grad():
            values, places = largest(torch.addmm(self.b_enc[dead], x, self.W_enc[dead].T), k)
        pattern = Pattern.rectangle(dead[places], self.width)
        z = encoded(x, self.W_enc, self.b_enc, pattern, values.reshape(-1))
        revived = decoded(z.relu(), pattern, self.W_dec)
        goal = error.detach()
        return self.auxiliary * (goal - revived).square().sum() / goal.square().sum().clamp(min=1e-12)

    @torch.no_grad()
    def _count_silence(self, pattern: Pattern, values: Tensor) -> None:
        self.silent += pattern.n
        self.silent[pattern.columns[values > 0]] = 0


def squared(error: Float[Tensor, "N O"]) -> Float[Tensor, ""]:
    """The mean over tokens of the squared norm."""
    return error.square().sum(-1).mean()


def spread(y: Float[Tensor, "N O"]) -> Float[Tensor, ""]:
    """The mean squared distance from the mean."""
    return squared(y - y.mean(0)).clamp(min=1e-12)
