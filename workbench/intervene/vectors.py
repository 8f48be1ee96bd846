"""Steering vectors: from contrasts, from features, from any weights; arithmetic on them; files.

A vector belongs to a site and knows the site's typical norm, so that a strength of 1 adds as much as is there, however
long the vector is itself.

From a contrast of two sets of texts, with x a site's value at the token that is read of each:

    mean       μ₊ − μ₋
    pca        the first principal component of the differences of pairs x₊ − x₋
    logistic   the weights of a logistic probe, ½ mean log(1 + e^{∓s}) + ½ λ ‖w‖², on standardised x, in units of x

The last two are as long as the two means are apart along them, and point to the positive side.

Source: of the mean Rimsky et al. 2024, "Steering Llama 2 via Contrastive Activation Addition", section 3; of PCA Zou et
al. 2023, "Representation Engineering", section 3.1; of the probe Li et al. 2023, "Inference-Time Intervention".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..files import mapped, save_arrays
from ..names import canonical, parse
from ..record import Recording, activations
from .interventions import Positions, Steer, typical_norm

if TYPE_CHECKING:
    from ..model import Model

RIDGE = 0.1
"""λ of the logistic probe, on standardised activations."""


@dataclass(frozen=True, eq=False)
class Vector:
    """A direction at a site.

    Attributes:
        at: the site.
        values: the direction, in the site's own units. [D]
        norm: the site's typical norm; None where it was not measured, and then strengths are multiples of the vector.
        name: what it is.
        shuffled: the same from the same texts with the labels of the two sets shuffled; [K, D] or [0, D].
        provenance: what it was made of.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> french = wb.intervene.vector(
        ...     model, ["Le chien est dans la maison.", "Il pleut."], ["The dog is in the house.", "It rains."],
        ...     at="resid_post.1",
        ... )
        >>> run = model.run("The bridge", edits=[french.steer(0.5)])
        >>> (-french).cosine(french)
        -1.0
    """  # fmt: skip

    at: str
    values: Float[Tensor, " D"]
    norm: float | None = None
    name: str = "a vector"
    shuffled: Float[Tensor, "K D"] | None = None
    provenance: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", canonical(self.at))
        values = torch.as_tensor(self.values).detach().float().cpu()
        Steer(self.at, values)  # one row of finite numbers, or a ValueError
        object.__setattr__(self, "values", values)
        if self.shuffled is None:
            object.__setattr__(self, "shuffled", values.new_zeros(0, len(values)))

    @property
    def length(self) -> float:
        """Its Euclidean norm, in the site's own units."""
        return float(self.values.norm())

    def steer(self, strength: float, *, positions: Positions = None) -> Steer:
        """The edit that adds it: in units of the site's typical norm; without one, so many times the vector."""
        return Steer(self.at, self.values, strength, norm=self.norm, positions=positions)

    def controls(self, strength: float, *, positions: Positions = None) -> list[tuple[Steer]]:
        """The same with the vectors of shuffled labels, each as long as this one; none where there are none."""
        lengths = self.shuffled.norm(dim=-1, keepdim=True)
        there = lengths[:, 0] > 1e-6 * self.length  # at some sites labels by lot can leave nothing
        same = self.shuffled[there] / lengths[there] * self.length
        return [(Steer(self.at, one, strength, norm=self.norm, positions=positions),) for one in same]

    def cosine(self, other: Vector) -> float:
        """Of the angle to another at the same site; 0 where one of them is zero."""
        self._fits(other)
        both = self.length * other.length
        return round(float(self.values @ other.values) / both, 6) if both else 0.0

    def without(self, other: Vector) -> Vector:
        """What is left of it when its part along another is taken out."""
        self._fits(other)
        along = self.values @ other.values / max(float(other.values @ other.values), 1e-30)
        return self._made(self.values - along * other.values, f"{self.name} without {other.name}", other)

    def unit(self) -> Vector:
        """The same at length 1."""
        if not self.length:
            raise ValueError(f"{self.name} is zero, and has no direction")
        return replace(self._made(self.values / self.length, self.name), shuffled=self.shuffled / self.length)

    def __add__(self, other: Vector) -> Vector:
        self._fits(other)
        return self._made(self.values + other.values, f"{self.name} + {other.name}", other)

    def __sub__(self, other: Vector) -> Vector:
        self._fits(other)
        return self._made(self.values - other.values, f"{self.name} − {other.name}", other)

    def __neg__(self) -> Vector:
        return replace(self._made(-self.values, f"−({self.name})"), shuffled=-self.shuffled)

    def __mul__(self, times: float) -> Vector:
        if not isinstance(times, int | float):
            return NotImplemented
        return replace(self._made(times * self.values, f"{times:g} · ({self.name})"), shuffled=times * self.shuffled)

    __rmul__ = __mul__

    def __truediv__(self, by: float) -> Vector:
        return self * (1 / by)

    def __repr__(self) -> str:
        norm = "" if self.norm is None else f" · {self.length / self.norm:.3g} × the site's typical norm"
        return f"Vector({self.name} · {self.at} · {len(self.values)} numbers · length {self.length:.3g}{norm})"

    def save(self, to: str | Path) -> Path:
        """Write it to a safetensors file, whole or not at all.

        Example:
            >>> import torch, workbench as wb
            >>> vector = wb.intervene.Vector("resid_post.1", torch.ones(4), norm=2.0, name="ones")
            >>> wb.intervene.Vector.open(vector.save(tmp / "ones.safetensors"))
            Vector(ones · resid_post.1 · 4 numbers · length 2 · 1 × the site's typical norm)
        """
        about = {"at": self.at, "norm": self.norm, "name": self.name, "provenance": dict(self.provenance)}
        return save_arrays(Path(to), {"values": self.values.numpy(), "shuffled": self.shuffled.numpy()}, about)

    @classmethod
    def open(cls, path: str | Path) -> Vector:
        """Read what `save` wrote."""
        arrays, about = mapped(Path(path))
        if not {"values", "shuffled"} <= arrays.keys() or "at" not in about:
            raise ValueError(f"{path} holds no steering vector of the workbench; it holds {', '.join(arrays)}")
        values, shuffled = (torch.from_numpy(arrays[name].copy()) for name in ("values", "shuffled"))
        return cls(about["at"], values, about["norm"], about["name"], shuffled, about["provenance"])

    def _fits(self, other: Vector) -> None:
        if self.at != other.at or len(self.values) != len(other.values):
            raise ValueError(f"{self!r} and {other!r} are at different sites: they cannot be added or compared")

    def _made(self, values: Tensor, name: str, other: Vector | None = None) -> Vector:
        norms = [one.norm for one in (self, other) if one is not None and one.norm is not None]
        return Vector(self.at, values, sum(norms) / len(norms) if norms else None, name, None, dict(self.provenance))


def vector(
    model: Model,
    positive: Sequence[str],
    negative: Sequence[str],
    *,
    at: str,
    method: str = "mean",
    tokens: str = "last",
    shuffles: int = 20,
    seed: int = 0,
    name: str | None = None,
) -> Vector:
    """A steering vector from a contrast: what sets some texts apart from others at a site.

    Args:
        model: what reads them.
        positive: texts that have it.
        negative: texts that lack it; for "pca" as many, in pairs.
        at: the site.
        method: "mean", "pca" or "logistic"; see the head of this file.
        tokens: what is read of each text: the "last" token, or the "mean" over all of them.
        shuffles: how many vectors of shuffled labels are made beside it, as controls.
        seed: of the shuffling.
        name: what to call it.

    Raises:
        ValueError: no texts on one side, an unknown method, sides that are no pairs.

    Example:
        >>> import workbench as wb
        >>> texts = ["Le chien dort.", "Il pleut."], ["The dog sleeps.", "It rains."]
        >>> mean, probe = (
        ...     wb.intervene.vector(wb.load(), *texts, at="resid_post.2", method=method)
        ...     for method in ("mean", "logistic")
        ... )
        >>> mean.cosine(probe) > 0.5
        True
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r}; there are: {', '.join(METHODS)}")
    if not positive or not negative:
        raise ValueError(f"{len(positive)} positive and {len(negative)} negative texts; give at least one of each")
    if isinstance(positive, str) or isinstance(negative, str):
        raise TypeError("positive and negative are lists of texts")
    if method == "pca" and len(positive) != len(negative):
        raise ValueError(f"pca is over pairs; {len(positive)} positive and {len(negative)} negative texts are none")
    both = activations(model, [*positive, *negative], at=at)
    if both[at].ndim != 3:
        raise ValueError(f"{at} holds a vector for every head; name one head, as in {at}.0")
    x = _read(both, at, tokens)
    n = len(positive)
    found = METHODS[method](x[:n], x[n:])
    randomness = torch.Generator().manual_seed(seed)
    others = [_relabelled(x, n, method, randomness) for _ in range(shuffles)]
    about = {**both.provenance, "method": method, "read": tokens, "positive": n, "negative": len(negative)}
    norm = float(both.flat(at).float().norm(dim=-1).median())
    made = name or f"{method} of {n} against {len(negative)} texts"
    return Vector(at, found, norm, made, torch.stack(others) if others else None, about)


def feature_vector(
    model: Model,
    dictionary: Dictionary,
    feature: int,
    *,
    side: str = "decoder",
    texts: Sequence[str] = (),
    target: str | None = None,
) -> Vector:
    """A feature's direction: what it writes, or what it reads.

    Args:
        model: whose dictionary it is.
        dictionary: whose feature it is.
        feature: its number.
        side: "decoder", the row that it adds; "encoder", the one by which it is found.
        texts: over which the site's typical norm is measured; without them strengths are multiples of the vector.
        target: of a crosscoder, at which of its sites.

    Raises:
        ValueError: a feature that does not exist, an unknown side.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> writes, reads = (wb.intervene.feature_vector(model, sae, 942, side=side) for side in ("decoder", "encoder"))
        >>> writes.cosine(reads) > 0
        True
    """
    if side == "decoder":
        at = target or dictionary.target
        values = dictionary.direction(feature, target)
    elif side == "encoder":
        dictionary.check_feature(feature)
        at = target or dictionary.site
        if at not in dictionary.reads:
            raise ValueError(f"nothing is read from {at!r}; there are: {', '.join(dictionary.reads)}")
        values = dictionary.W_enc[feature].detach().view(len(dictionary.reads), -1)[dictionary.reads.index(at)]
    else:
        raise ValueError(f"side {side!r}; there are 'decoder' and 'encoder'")
    norm = typical_norm(model, at, texts) if texts else None
    about = {"dictionary": dictionary.hash, "feature": feature, "side": side}
    return Vector(at, values, norm, f"feature {feature}, {side}", None, about)


# ---- files of others -----------------------------------------------------------------------------


def save_gguf(path: str | Path, vectors: Sequence[Vector], *, model_hint: str) -> Path:
    """Write control vectors as repeng and llama.cpp read them: one direction for the output of each of some blocks.

    Needs the package `gguf`: pip install 'interp-workbench[gguf]'.

    Args:
        path: the file.
        vectors: each at "resid_post" of another layer; they are written as long as they are. llama.cpp takes none for
            the first block.
        model_hint: the model's type as llama.cpp spells it, such as "llama".

    Raises:
        ValueError: a vector that is not at "resid_post", or two of one layer.

    Source: repeng 0.4, `ControlVector.export_gguf`.
    """
    import gguf

    layers = [parse(one.at)[:2] for one in vectors]
    if not vectors or any(stream != "resid_post" for stream, _ in layers) or len(set(layers)) < len(layers):
        raise ValueError(
            f"{', '.join(one.at for one in vectors) or 'no vectors'}: give one for each of some resid_post"
        )
    path = Path(path)
    beside = path.with_name(f"{path.name}.part")
    writer = gguf.GGUFWriter(beside, "controlvector")
    writer.add_string("controlvector.model_hint", model_hint)
    writer.add_uint32("controlvector.layer_count", len(vectors))
    for (_, layer), one in zip(layers, vectors, strict=True):
        writer.add_tensor(f"direction.{layer}", one.values.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return beside.replace(path)


def open_gguf(path: str | Path) -> list[Vector]:
    """Read control vectors that repeng, llama.cpp or `save_gguf` wrote: one for the output of each block that has one.

    Needs the package `gguf`: pip install 'interp-workbench[gguf]'.

    Raises:
        ValueError: a GGUF file that holds something else.
    """
    import gguf

    reader = gguf.GGUFReader(path)
    kind = reader.get_field("general.architecture")
    name = bytes(kind.parts[-1]).decode() if kind else "nothing"
    if name != "controlvector":
        raise ValueError(f"{path} is no control vector: it says that it holds {name!r}")
    hint = reader.get_field("controlvector.model_hint")
    about = {"gguf": Path(path).name, "model_hint": bytes(hint.parts[-1]).decode() if hint else ""}
    tensors = {
        int(t.name.removeprefix("direction.")): t.data for t in reader.tensors if t.name.startswith("direction.")
    }
    return [
        Vector(f"resid_post.{layer}", torch.tensor(data), None, f"{Path(path).stem}, layer {layer}", None, about)
        for layer, data in sorted(tensors.items())
    ]


# ---- the three ways ------------------------------------------------------------------------------


def _read(recording: Recording, at: str, tokens: str) -> Float[Tensor, "n D"]:
    """One row for every text."""
    there = recording.tokens.places.text.cpu()
    x = recording[at].float().cpu()
    if tokens == "last":
        last = there.long().cumsum(-1).argmax(-1)
        return x[torch.arange(len(x)), last]
    if tokens == "mean":
        return (x * there[..., None]).sum(1) / there.sum(-1, keepdim=True)
    raise ValueError(f"tokens {tokens!r}; there are 'last' and 'mean'")


def _relabelled(x: Float[Tensor, "n D"], n: int, method: str, randomness: torch.Generator) -> Float[Tensor, " D"]:
    """The same from the same texts with labels by lot; pairs too, for turned round they have the same component."""
    mixed = x[torch.randperm(len(x), generator=randomness)]
    return METHODS[method](mixed[:n], mixed[n:])


def _mean(yes: Float[Tensor, "n D"], no: Float[Tensor, "m D"]) -> Float[Tensor, " D"]:
    return yes.mean(0) - no.mean(0)


def _pca(yes: Float[Tensor, "n D"], no: Float[Tensor, "n D"]) -> Float[Tensor, " D"]:
    """Of the differences and their negatives, whose mean is zero: not centred, so what all pairs share counts."""
    return _along(torch.linalg.svd(yes - no, full_matrices=False).Vh[0], yes, no)


@torch.inference_mode(False)
@torch.enable_grad()
def _logistic(yes: Float[Tensor, "n D"], no: Float[Tensor, "m D"]) -> Float[Tensor, " D"]:
    both = torch.cat([yes.clone(), no.clone()])
    spread = both.std(0, correction=0).clamp(min=1e-6)
    x = (both - both.mean(0)) / spread
    sign = torch.cat([torch.ones(len(yes)), -torch.ones(len(no))])
    weight = torch.where(sign > 0, 0.5 / len(yes), 0.5 / len(no))
    w, b = torch.zeros(x.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        total = (weight * torch.nn.functional.softplus(-sign * (x @ w + b))).sum() + RIDGE / 2 * w.square().sum()
        total.backward()
        return total

    optimiser.step(loss)
    return _along(w.detach() / spread, yes, no)


def _along(direction: Float[Tensor, " D"], yes: Float[Tensor, "n D"], no: Float[Tensor, "m D"]) -> Float[Tensor, " D"]:
    """The direction as long as the means are apart along it, pointing to the positive side."""
    length = float(direction.norm())
    if not length > 0 or not math.isfinite(length):
        return torch.zeros_like(direction)
    unit = direction / length
    return unit * (unit @ (yes.mean(0) - no.mean(0)))


METHODS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"mean": _mean, "pca": _pca, "logistic": _logistic}
