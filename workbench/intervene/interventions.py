"""Interventions: frozen values that say what to change at a site, and where.

All interventions at one site see what the model computed there and their changes
add up, so a list of them has no order: a `Steer` beside an `Ablate` of the same
stream leaves the vector alone. Two that set the same thing are refused. Features are
edited by adding the difference along their decoder direction, so the part of the
activation that the dictionary does not explain, its error, is always kept.

    Ablate   x ← x − x                        (a stream, a head, a neuron)
    Ablate   x ← x − f_i(x) · d_i             (a feature of a dictionary)
    Steer    x ← x + strength · vector
    Clamp    x ← x + (value − f_i(x)) · d_i
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..names import parse

if TYPE_CHECKING:
    from ..model import Model
    from ..tokens import Places

Positions = int | Sequence[int] | slice | str | None
"""Where to intervene. None: everywhere (a feature: everywhere but on BOS, which dictionaries do not read).
Token numbers count from the start of the text, BOS included where there is one, negative ones from the end
of the prompt; a number that a text is too short for hits nothing there. Or a slice, "prompt" or "generated"."""


@dataclass(frozen=True)
class Setting:
    """What an intervention replaces: a unit (None: all) of a basis (the site's own, or a dictionary's) at a site."""

    site: str
    basis: int
    unit: int | None

    def overlaps(self, other: Setting) -> bool:
        """Whether both replace the same numbers. Two bases of one site always do: neither leaves room for the other."""
        heads = parse(self.site)[2], parse(other.site)[2]
        if None not in heads and heads[0] != heads[1]:
            return False
        return self.basis != other.basis or None in (self.unit, other.unit) or self.unit == other.unit


class _Intervention:
    """What all interventions share: a choice of positions, what they set, and never a change in place."""

    positions: Positions

    @property
    def setting(self) -> Setting | None:
        """What is replaced; None for an addition."""
        return None

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", _tidied(self.positions))

    def conflicts(self, other: object) -> bool:
        """Whether both would replace the same numbers at the same token."""
        mine, theirs = self.setting, getattr(other, "setting", None)
        if mine is None or theirs is None:
            return False
        return mine.overlaps(theirs) and _may_meet(self.positions, other.positions)

    def _only_there(self, change: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        there = _chosen(self.positions, places)
        if self.positions is None and self.setting is not None and self.setting.basis:
            there = there & places.text
        return change * there.view(*there.shape, *[1] * (change.ndim - 2)).to(change.dtype)


@dataclass(frozen=True)
class Ablate(_Intervention):
    """Set a stream, a head, a unit of a stream or a feature to zero.

    Args:
        target: a site ("attn_out.2", "head_out.3.1", "mlp_act.0") or a dictionary.
        unit: one coordinate of the site (a neuron of mlp_act), or the feature of the dictionary.
        positions: where; everywhere by default.

    Raises:
        ValueError: a feature or unit that does not exist.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> run = model.run("Mary and John", edits=[wb.Ablate("mlp_act.2", 17)], at="mlp_act.2")
        >>> float(run["mlp_act.2"][..., 17].abs().max())
        0.0
    """

    target: str | Dictionary
    unit: int | None = None
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.target, Dictionary):
            if self.unit is None:
                raise ValueError("which feature of the dictionary to ablate? give its number: Ablate(sae, 1234)")
            self.target.check_feature(self.unit)

    @property
    def site(self) -> str:
        return self.target.site if isinstance(self.target, Dictionary) else self.target

    @property
    def setting(self) -> Setting:
        return _setting(self.target, self.unit)

    def check(self, model: Model) -> None:
        _check_fits(model, self.target, self.unit)

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        if isinstance(self.target, Dictionary):
            return Clamp(self.target, self.unit, 0.0, positions=self.positions).change(x, places)
        if self.unit is None:
            return self._only_there(-x, places)
        change = torch.zeros_like(x)
        change[..., self.unit] = -x[..., self.unit]
        return self._only_there(change, places)


@dataclass(frozen=True, eq=False)
class Steer(_Intervention):
    """Add a vector to a site: x ← x + strength · vector. Strength 0 changes no bit.

    Args:
        at: a site ("resid_post.1").
        vector: the direction, as wide as the site.
        strength: in the site's own units per unit of the vector.
        positions: where; everywhere by default.

    Raises:
        ValueError: the vector is not as wide as the site (when the model runs).

    Example:
        >>> import torch, workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> steer = wb.Steer(sae.site, sae.direction(3), 4.0)
        >>> model.run("The bridge", edits=[steer]).logits.shape[0]
        1
    """

    at: str
    vector: Float[Tensor, " D"]
    strength: float = 1.0
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        vector = torch.as_tensor(self.vector)
        if vector.ndim != 1 or not torch.isfinite(vector).all():
            raise ValueError(f"a steering vector is one row of finite numbers; given: shape {tuple(vector.shape)}")
        if not math.isfinite(self.strength):
            raise ValueError(f"strength {self.strength}: a finite number")

    def __repr__(self) -> str:
        norm = float(torch.as_tensor(self.vector).norm())
        where = "" if self.positions is None else f", positions={self.positions}"
        return f"Steer({self.at!r}, a vector of norm {norm:.3g}, {self.strength}{where})"

    @property
    def site(self) -> str:
        return self.at

    def check(self, model: Model) -> None:
        width, wanted = len(self.vector), model.width(self.at)
        if width != wanted:
            raise ValueError(f"the vector has {width} numbers; {self.at} of {model.name} is {wanted} wide")

    def change(self, x: Float[Tensor, "B T D"], places: Places) -> Float[Tensor, "B T D"] | None:
        if self.strength == 0:
            return None
        added = (self.strength * torch.as_tensor(self.vector)).to(x)
        return self._only_there(added.expand_as(x), places)


@dataclass(frozen=True)
class Clamp(_Intervention):
    """Hold a feature at a value; everything else of the activation, the error term too, stays.

    x ← x + (value − f_i(x)) · d_i, with f_i the feature's activation and d_i its decoder
    direction. BOS is left alone unless `positions` names it.
    Source: Scaling Monosemanticity (Templeton et al. 2024), "Feature steering".

    Args:
        dictionary: whose feature it is; its site says where.
        feature: its number.
        value: the activation it is held at, in the feature's own units.
        positions: where; everywhere by default.

    Raises:
        ValueError: a feature that does not exist.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> run = model.run("The bridge", edits=[wb.Clamp(sae, 3, 2.0)])
    """

    dictionary: Dictionary
    feature: int
    value: float
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.dictionary.check_feature(self.feature)
        if not math.isfinite(self.value):
            raise ValueError(f"value {self.value}: a finite number")

    @property
    def site(self) -> str:
        return self.dictionary.site

    @property
    def setting(self) -> Setting:
        return _setting(self.dictionary, self.feature)

    def check(self, model: Model) -> None:
        _check_fits(model, self.dictionary, self.feature)

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        together = x.flatten(2)  # a dictionary reads the heads of a layer side by side
        missing = self.value - self.dictionary.activation(together, self.feature)
        change = self.dictionary.change(together, self.feature, missing)
        return self._only_there(change.to(x).view_as(x), places)


# ---- positions -----------------------------------------------------------------------------------


def _tidied(positions: Positions) -> Positions:
    """The choice in the one form that is compared and applied; what makes no sense is refused."""
    if positions is None:
        return None
    if isinstance(positions, str):
        if positions in ("prompt", "generated"):
            return positions
        raise ValueError(f"positions {positions!r}; write token numbers, a slice, 'prompt', 'generated' or None")
    if isinstance(positions, slice):
        if positions.step not in (None, 1):
            raise ValueError(f"positions {positions}: a slice has no step here; write the token numbers")
        return positions
    many = [positions] if isinstance(positions, SupportsIndex) else list(positions)
    if not many or any(isinstance(number, bool) or not isinstance(number, SupportsIndex) for number in many):
        raise ValueError(f"positions {positions!r}: at least one whole number, or None for everywhere")
    return tuple(index(number) for number in many)


def _chosen(positions: Positions, places: Places) -> Bool[Tensor, "B T"]:
    """Where a choice of positions falls in a batch; never on padding."""
    number, prompt = places.index, places.prompt[:, None]
    real = number >= 0
    if positions is None:
        return real
    if isinstance(positions, str):
        return real & ((number < prompt) if positions == "prompt" else (number >= prompt))
    if isinstance(positions, slice):
        start = _from_the_end(positions.start or 0, prompt)
        stop = number + 1 if positions.stop is None else _from_the_end(positions.stop, prompt)
        return real & (number >= start) & (number < stop)
    return real & torch.stack([number == _from_the_end(one, prompt) for one in positions]).any(0)


def _from_the_end(number: int, prompt: Tensor) -> Tensor:
    return prompt + number if number < 0 else torch.full_like(prompt, number)


# ---- what an intervention sets, and whether it fits ----------------------------------------------


def _setting(target: str | Dictionary, unit: int | None) -> Setting:
    if isinstance(target, Dictionary):
        return Setting(target.site, id(target), unit)
    return Setting(target, 0, unit)


def _may_meet(a: Positions, b: Positions) -> bool:
    """Whether two choices of positions can name the same token, as far as can be told without a text."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if any(choice is None or isinstance(choice, str) for choice in (a, b)):
        return True
    named = [number for choice in (a, b) for number in _named(choice)]
    if min(named) < 0 <= max(named):  # counted from both ends
        return True
    return bool(_reached(a, max(named) + 1) & _reached(b, max(named) + 1))


def _named(choice: tuple[int, ...] | slice) -> list[int]:
    if isinstance(choice, slice):
        return [choice.start or 0] + ([] if choice.stop is None else [choice.stop])
    return list(choice)


def _reached(choice: tuple[int, ...] | slice, end: int) -> set[int]:
    if isinstance(choice, slice):
        return set(range(choice.start or 0, end if choice.stop is None else choice.stop))
    return set(choice)


def _check_fits(model: Model, target: str | Dictionary, unit: int | None) -> None:
    if isinstance(target, Dictionary):
        if target.writes != target.reads:
            raise ValueError(
                f"this transcoder reads {', '.join(target.reads)} and writes {', '.join(target.writes)}: "
                "its features are edited by wb.Steer at what it writes, with its direction()"
            )
        wanted = model.numbers(target.site)
        if target.d_model != wanted:
            raise ValueError(
                f"the dictionary reads {target.d_model} numbers; {target.site} of {model.name} has {wanted}"
            )
    elif unit is not None and not 0 <= unit < model.width(target):
        raise ValueError(f"no unit {unit} at {target} of {model.name}; there are 0 to {model.width(target) - 1}")
