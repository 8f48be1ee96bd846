"""What stands beside an effect: the same done with something that was not chosen.

    Steer                          a random direction of the same norm, or the vector's own coordinates shuffled
    Clamp, Ablate, Scale a feature    another feature, on about as often, at the same multiple of its own maximum
    Ablate, Scale a neuron or a head  another one of the same site (of a head: of any layer that the reference holds)
    anything else                  the same change at every token, turned into a random direction

Which is drawn depends on the seed alone. Nothing here measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..names import Site, parse
from .interventions import Ablate, Clamp, Scale, Steer

if TYPE_CHECKING:
    from ..model import Edit, Model
    from ..tokens import Places

NEAR = 100
"""Among how many features of the nearest density one is drawn."""
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

    def conflicts(self, other: object) -> bool:
        """It adds, and sets nothing."""
        return False

    def check(self, model: Model) -> None:
        self.edit.check(model)

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."] | None:
        change = self.edit.change(x, places)
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


def controls_for(
    model: Model, edits: Sequence[Edit], n: int = 20, *, seed: int = 0, kind: str = "matched"
) -> list[tuple[Edit, ...]]:
    """As many times the same with something that was not chosen, edit by edit.

    Args:
        model: where it is done.
        edits: what is controlled for.
        n: how many controls.
        seed: of the draw.
        kind: "matched", as the head of this file says; "direction", each change turned into a random direction;
            "shuffled", the coordinates of steering vectors permuted, and all else turned.

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
    taken = {(e.site, e.unit) for e in edits if isinstance(getattr(e, "target", None), Dictionary)}
    drawn: dict[str, set[int]] = {}
    columns = []
    for number, edit in enumerate(edits):
        column = _column(model, edit, n, f"{seed} {number}", kind, taken, drawn)
        columns.append(column if len(column) == n else [Turned(edit, seed * 1000 + 7 * number + k) for k in range(n)])
    return [tuple(column[k] for column in columns) for k in range(n)]


def _column(
    model: Model, edit: Edit, n: int, seed: str, kind: str, taken: set[tuple[str, int]], drawn: dict[str, set[int]]
) -> Sequence[Edit]:
    """N controls of one edit; too few, where there are not as many."""
    rng = Random(seed)
    if isinstance(edit, Steer) and kind in ("matched", "shuffled"):
        return [replace(edit, vector=_other(edit.vector, rng, shuffled=kind == "shuffled")) for _ in range(n)]
    if kind != "matched" or not isinstance(edit, Ablate | Clamp | Scale):
        return ()
    if isinstance(edit.target, Dictionary):
        known = drawn.setdefault(edit.site, set())
        without = [unit for site, unit in taken if site == edit.site]
        others = like_density(edit.target, edit.unit, n, seed=rng.getrandbits(31), without=[*without, *known])
        known.update(others)
        return [_of(edit, feature) for feature in others]
    stream, layer, head = parse(edit.site)
    if edit.unit is not None:
        units = [unit for unit in range(model.width(edit.site)) if unit != edit.unit]
        return [replace(edit, unit=unit) for unit in rng.sample(units, min(n, len(units)))]
    if head is not None:
        held = edit.reference if isinstance(edit, Ablate) and edit.to != "zero" else None
        layers = [one for one in range(model.n_layers) if held is None or f"{stream}.{one}" in held]
        heads = [Site(stream, one, k) for one in layers for k in range(model.n_heads) if (one, k) != (layer, head)]
        return [replace(edit, target=str(site)) for site in rng.sample(heads, min(n, len(heads)))]
    return ()


def _of(edit: Ablate | Clamp | Scale, feature: int) -> Edit:
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
