"""What stands beside an effect: the same done with something that was not chosen.

    Steer                          a random direction of the same norm, or the vector's own coordinates shuffled
    Clamp a feature                another one, on about as often, at the same multiple of its own maximum
    Ablate, Scale, Patch a feature another one that is on in the same texts about as much
    Ablate, Scale a neuron or a head  another one of the same site (of a head: of any layer that the reference holds)
    anything else                  the same change at every token, turned into a random direction

Which is drawn depends on the seed alone. Nothing here measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary
from zlib import crc32

import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..names import Site, parse
from ..record import activations
from .interventions import Ablate, Clamp, Patch, Scale, Steer

if TYPE_CHECKING:
    from ..model import Edit, Model
    from ..tokens import Places

NEAR = 100
"""Among how many features of the nearest density one is drawn."""
HERE, TEXTS, BATCH = 40, 64, 32
"""Among how many features that are on in the same texts one is drawn; in how many texts that is looked at; at once."""
KINDS = ("matched", "direction", "shuffled")


@dataclass(frozen=True)
class Turned:
    """The same change in size, token by token, in a random direction.

    Args:
        edit: whose change.
        seed: of the direction, one for all tokens.

    Example:
        >>> import workbench as wb
        >>> turned = wb.intervene.Turned(wb.Ablate("attn_out.2"), seed=1)
        >>> run = wb.load().run("The bridge", edits=[turned])
    """

    edit: Edit
    seed: int = 0

    @property
    def site(self) -> str:
        return self.edit.site

    @property
    def source_site(self) -> str | None:
        return getattr(self.edit, "source_site", None)

    def conflicts(self, other: object) -> bool:
        """It adds, and sets nothing."""
        return False

    def check(self, model: Model) -> None:
        self.edit.check(model)

    def change(
        self, x: Float[Tensor, "B T ..."], places: Places, source: Tensor | None = None
    ) -> Float[Tensor, "B T ..."] | None:
        change = self.edit.change(x, places, **({} if source is None else {"source": source}))
        if change is None:
            return None
        size = change.flatten(2).norm(dim=-1, keepdim=True)
        direction = torch.randn(x[0, 0].numel(), generator=torch.Generator().manual_seed(self.seed))
        return (size * (direction / direction.norm()).to(size)).view_as(x)


def like_density(
    dictionary: Dictionary, feature: int, n: int = 20, *, seed: int = 0, without: Sequence[int] = ()
) -> list[int]:
    """Random other features that are on about as often: drawn among the hundred whose density is nearest in ratio.

    Fewer than n where the dictionary has no more that were ever on.

    Args:
        dictionary: whose features.
        feature: what they should be like.
        n: how many, all different.
        seed: another seed, another draw.
        without: features that are not to be drawn.

    Example:
        >>> import workbench as wb
        >>> len(wb.intervene.like_density(wb.decompose.load(), 942, 20))
        20
    """
    alive = (dictionary.maxima > 0) & (dictionary.density > 0)
    alive[[feature, *without]] = False
    logs = dictionary.density.double().clamp(min=1e-12).log()
    apart = (logs - logs[feature]).abs().masked_fill(~alive, torch.inf)
    near = apart.argsort(stable=True)[: min(int(alive.sum()), max(NEAR, n))].tolist()
    return Random(f"{seed} {feature}").sample(near, min(n, len(near)))


def like_here(
    model: Model, dictionary: Dictionary, feature: int, texts: Sequence[str], n: int = 20, *, seed: int = 0
) -> list[int]:
    """Random other features that add about as much to some texts: what is off there has nothing to take away.

    How much is the sum over tokens of the activation times the norm of what a unit of it writes. Drawn among the forty
    features that are nearest in ratio, and are on at all; fewer than n where no more are on. A feature that is off in
    these texts has none.

    Args:
        model: what reads the texts.
        dictionary: whose features.
        feature: what they should be like.
        texts: in which they are on.
        n: how many, all different.
        seed: another seed, another draw.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> len(wb.intervene.like_here(model, sae, 942, ["The Golden Gate Bridge is in San Francisco."], 5))
        5
    """
    amount = _amounts(model, dictionary, tuple(texts))
    if not amount[feature] > 0:
        return []
    alive = amount > 0
    alive[feature] = False
    apart = (amount.clamp(min=1e-12).log() - amount[feature].log()).abs().masked_fill(~alive, torch.inf)
    near = apart.argsort(stable=True)[: min(int(alive.sum()), max(HERE, 2 * n))].tolist()
    return Random(f"{seed} {feature}").sample(near, min(n, len(near)))


def _amounts(model: Model, dictionary: Dictionary, texts: tuple[str, ...]) -> Float[Tensor, " F"]:
    """Of every feature the sum of its activations over the texts' tokens, times the norm of its decoder row."""
    key = id(model.hf), model.name, texts[:TEXTS]
    if (held := _HELD.get(dictionary)) is not None and held[0] == key:
        return held[1].clone()
    total = torch.zeros(dictionary.width, dtype=torch.double)
    for start in range(0, min(len(texts), TEXTS), BATCH):
        features = dictionary.encode(activations(model, texts[start : min(start + BATCH, TEXTS)], at=dictionary.reads))
        total.index_add_(0, features.indices.flatten().cpu(), features.values.flatten().double().cpu())
    total *= dictionary.norms().detach().double().cpu()
    _HELD[dictionary] = key, total
    return total.clone()


_HELD: WeakKeyDictionary[Dictionary, tuple[tuple, Tensor]] = WeakKeyDictionary()
"""Of each dictionary what was last looked at: an intervention has many edits on the same texts."""


def controls_for(
    model: Model,
    edits: Sequence[Edit],
    n: int = 20,
    *,
    seed: int = 0,
    kind: str = "matched",
    texts: Sequence[str] = (),
) -> list[tuple[Edit, ...]]:
    """As many times the same with something that was not chosen, edit by edit.

    Args:
        model: where it is done.
        edits: what is controlled for.
        n: how many controls.
        seed: of the draw.
        kind: "matched", as the head of this file says; "direction", each change turned into a random direction;
            "shuffled", the coordinates of steering vectors permuted, and all else turned.
        texts: those on which the effect is measured, so that the control of a feature that is taken away is one that
            is on there; without them, one of like density.

    Raises:
        ValueError: an unknown kind.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> three = wb.intervene.controls_for(model, [wb.Clamp(sae, 942, times=2.0)], 3)
        >>> [edit.times for (edit,) in three]
        [2.0, 2.0, 2.0]
    """
    if kind not in KINDS:
        raise ValueError(f"controls of kind {kind!r}; there are: {', '.join(KINDS)}")
    own = {_set_by(edit) for edit in [*model.standing, *edits]}
    held: list[set[tuple[str, int | None]]] = [set(own) for _ in range(n)]  # what each control must not set again
    columns = []
    for number, edit in enumerate(edits):
        column = _column(model, edit, n, f"{seed} {number}", kind, held, texts)
        columns.append(column or [Turned(edit, crc32(f"{seed} {number} {k}".encode())) for k in range(n)])
    return [tuple(column[k] for column in columns) for k in range(n)]


def _column(
    model: Model,
    edit: Edit,
    n: int,
    seed: str,
    kind: str,
    held: list[set[tuple[str, int | None]]],
    texts: Sequence[str],
) -> list[Edit]:
    """N different controls of one edit, none of which sets what its control sets already; none where too few exist."""
    rng = Random(seed)
    if isinstance(edit, Steer) and kind in ("matched", "shuffled"):
        return [replace(edit, vector=_other(edit.vector, rng, shuffled=kind == "shuffled")) for _ in range(n)]
    if kind != "matched" or not isinstance(edit, Ablate | Clamp | Patch | Scale):
        return []
    others = _others(model, edit, n, rng, texts)
    column: list[Edit] = []
    for row in held:
        one = next((other for other in others if _set_by(other) not in row), None)
        if one is None:
            return []
        others.remove(one)
        column.append(one)
    for row, one in zip(held, column, strict=True):
        row.add(_set_by(one))
    return column


def _others(
    model: Model, edit: Ablate | Clamp | Patch | Scale, n: int, rng: Random, texts: Sequence[str]
) -> list[Edit]:
    """The same with every other feature that is like it, neuron of the site, or head, in random order."""
    if isinstance(edit.target, Dictionary):
        seed = rng.getrandbits(31)
        takes_away = not isinstance(edit, Clamp) or edit.held <= 0
        features = like_here(model, edit.target, edit.unit, texts, HERE, seed=seed) if takes_away and texts else []
        if len(features) < n:
            features = like_density(edit.target, edit.unit, max(NEAR, 2 * n), seed=seed)
        return [_of(edit, feature) for feature in features]
    if isinstance(edit, Patch):
        return []
    stream, _, head = parse(edit.site)
    if edit.unit is not None:
        others = [replace(edit, unit=unit) for unit in range(model.width(edit.site))]
    elif head is not None:
        reference = edit.reference if isinstance(edit, Ablate) and edit.to != "zero" else None
        layers = [one for one in range(model.n_layers) if reference is None or f"{stream}.{one}" in reference]
        heads = [str(Site(stream, one, k)) for one in layers for k in range(model.n_heads)]
        others = [replace(edit, target=site) for site in heads]
    else:
        others = []
    return rng.sample(others, len(others))


def _set_by(edit: Edit) -> tuple[str, int | None]:
    """The site and the unit that an edit is about."""
    return edit.site, getattr(edit, "unit", None)


def _of(edit: Ablate | Clamp | Patch | Scale, feature: int) -> Edit:
    """The same with another feature; a value that it is held at is as large a part of its own maximum."""
    if not isinstance(edit, Clamp):
        return replace(edit, unit=feature)
    if edit.times is not None:
        return replace(edit, feature=feature)
    value = edit.value if not edit.maximum > 0 else edit.value / edit.maximum * float(edit.dictionary.maxima[feature])
    return replace(edit, feature=feature, value=value)


def _other(vector: Tensor, rng: Random, *, shuffled: bool) -> Float[Tensor, " D"]:
    """A random direction as long as a vector; or the vector's own coordinates in another order."""
    vector = torch.as_tensor(vector)
    randomness = torch.Generator().manual_seed(rng.getrandbits(40))
    if shuffled:
        return vector[torch.randperm(len(vector), generator=randomness).to(vector.device)]
    direction = torch.randn(len(vector), generator=randomness)
    return (direction / direction.norm()).to(vector) * vector.norm()


def described(controls: Sequence[Sequence[Edit]]) -> str:
    """What some controls are, in a few words.

    Example:
        >>> import workbench as wb
        >>> from workbench.intervene.controls import described
        >>> described(wb.intervene.controls_for(wb.load(), [wb.Ablate("head_out.2.1")], 20))
        '20 × another head'
    """
    if not controls:
        return "none"
    kinds = [" and ".join(dict.fromkeys(map(_kind, control))) for control in controls]
    return ", ".join(f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds))


def _kind(edit: Edit) -> str:
    if isinstance(edit, Turned):
        return "the same change in a random direction"
    if isinstance(edit, Steer):
        return "another direction of the same norm"
    if isinstance(getattr(edit, "target", None), Dictionary):
        return "another feature"
    if isinstance(edit, Ablate | Scale):
        return "another neuron" if edit.unit is not None else "another head"
    return type(edit).__name__
