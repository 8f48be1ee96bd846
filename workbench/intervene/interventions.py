"""Interventions: frozen values that say what to change at a site, and where.

All interventions at one site see what the model computed there and their changes
add up, so a list of them has no order of its own: a `Steer` beside an `Ablate` of the same
stream leaves the vector alone. Two that set the same thing are refused. Sites follow one
another in the order of the forward pass, so what is changed early is seen later (`order`
prints it). Features are edited by adding the difference along their decoder direction, so
the part of the activation that the dictionary does not explain, its error, is always kept.

    Ablate   x ← 0, the mean over other texts, or another text's x      (a stream, a head, a neuron, a feature's f_i)
    Patch    x ← what another text has at the token that stands in the same place
    Scale    x ← factor · x
    Steer    x ← x + strength · vector
    Clamp    f_i ← value

where f_i ← v, of a feature with activation f_i and decoder direction d_i, stands for x ← x + (v − f_i(x)) · d_i.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from operator import index
from random import Random
from typing import TYPE_CHECKING, SupportsIndex

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..names import canonical, forward_order, parse
from ..record import Recording, activations
from ..tokens import aligned

if TYPE_CHECKING:
    from ..model import Edit, Model
    from ..tokens import Places

Positions = int | Sequence[int] | slice | str | None
"""Where to intervene. None: everywhere (what is set to something learnt from text: everywhere but on BOS, which is like
no other token). Token numbers count from the start of the text, BOS included where there is one, negative ones from the
end of the prompt; a number that a text is too short for hits nothing there. Or a slice, "prompt" or "generated"; what
leaves BOS alone does so there too, unless the slice begins at a number."""

HELD = 64
"""Prompts for which what a resample drew is held."""
INSTEAD = ("zero", "mean", "resample")
"""What can stand in place of what is ablated."""


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

    def __repr__(self) -> str:
        """What was given, without what was left as it is."""
        given = [(one, getattr(self, one.name)) for one in fields(self)]
        said = [
            _said(value) if one.default is MISSING and not one.kw_only else f"{one.name}={_said(value)}"
            for one, value in given
            if one.default is MISSING or value != one.default
        ]
        return f"{type(self).__name__}({', '.join(said)})"

    def conflicts(self, other: object) -> bool:
        """Whether both would replace the same numbers at the same token."""
        mine, theirs = self.setting, getattr(other, "setting", None)
        if mine is None or theirs is None:
            return False
        return mine.overlaps(theirs) and _may_meet(self.positions, other.positions)

    def _only_there(
        self, change: Float[Tensor, "B T ..."], places: Places, *, text: bool = False
    ) -> Float[Tensor, "B T ..."]:
        """The change where it is wanted; `text`: BOS is left out unless its number is given."""
        there = _chosen(self.positions, places)
        if text and not _names_bos(self.positions):
            there = there & places.text
        return change * there.view(*there.shape, *[1] * (change.ndim - 2)).to(change.dtype)


class _Replacement(_Intervention, ABC):
    """What puts something in the place of a site, of one of its units, or of a feature's activation."""

    target: str | Dictionary
    unit: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.target, Dictionary):
            if self.unit is None:
                name = type(self).__name__
                raise ValueError(f"which feature of the dictionary? give its number, as in {name}(sae, …, unit=1234)")
            self.target.check_feature(self.unit)
            if len(self.target.reads) > 1 or len(self.target.writes) > 1:
                raise ValueError(
                    f"this crosscoder reads {', '.join(self.target.reads)} and writes {', '.join(self.target.writes)}: "
                    "an intervention has one site. Add what its feature writes at each by "
                    "wb.intervene.feature_vector(model, crosscoder, feature, target=site).steer(…)"
                )
        if self.unit is not None:
            object.__setattr__(self, "unit" if "unit" in self.__dict__ else "feature", index(self.unit))

    @property
    def site(self) -> str:
        return self.target.target if isinstance(self.target, Dictionary) else self.target

    @property
    def source_site(self) -> str | None:
        """What a transcoder reads, where its features are found; None where the site itself is read."""
        is_dictionary = isinstance(self.target, Dictionary)
        return self.target.site if is_dictionary and self.target.reads != self.target.writes else None

    @property
    def setting(self) -> Setting:
        basis = id(self.target) if isinstance(self.target, Dictionary) else 0
        return Setting(self.site, basis, self.unit)

    def check(self, model: Model) -> None:
        _check_fits(model, self.target, self.unit)

    @property
    def leaves_bos(self) -> bool:
        """Whether BOS is left alone, unless `positions` names it: what was learnt from text says nothing of it."""
        return isinstance(self.target, Dictionary)

    @abstractmethod
    def missing(self, now: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."] | None:
        """What is to be added to the values as they are; None for nothing."""

    def change(
        self, x: Float[Tensor, "B T ..."], places: Places, source: Tensor | None = None
    ) -> Float[Tensor, "B T ..."] | None:
        """What takes the place less what is there; `source` is what a transcoder reads."""
        x = x.float() if x.element_size() < 4 else x  # of v − x, rounded, nothing may be left
        if isinstance(self.target, Dictionary):
            together = (x if source is None else source).flatten(2)  # it reads the heads of a layer side by side
            missing = self.missing(self.target.activation(together, self.unit), places)
            if missing is None:
                return None
            change = self.target.change(together, self.unit, missing).to(x).view_as(x)
        elif self.unit is None:
            change = self.missing(x, places)
        else:
            missing = self.missing(x[..., self.unit], places)
            change = None
            if missing is not None:
                change = torch.zeros_like(x)
                change[..., self.unit] = missing
        return None if change is None else self._only_there(change, places, text=self.leaves_bos)

    def recorded(self, recording: Recording) -> list[Float[Tensor, "T ..."]]:
        """What other texts hold there, a tensor for each, padding left out."""
        mask = recording.tokens.mask
        if isinstance(self.target, Dictionary):
            values = self.target.activation(recording, self.unit)
        else:
            values = _of_a_recording(recording, self.target)
            values = values if self.unit is None else values[..., self.unit]
        return [row[real] for row, real in zip(values, mask, strict=True)]


@dataclass(frozen=True, repr=False)
class Ablate(_Replacement):
    """Take a stream, a head, a unit of a stream or a feature out: to zero, to its mean, or to what another text has.

    Zero is far from anything that the model ever saw; the mean over other texts keeps what is always there; another
    text's value keeps all that does not depend on this text.

    Args:
        target: a site ("attn_out.2", "head_out.3.1", "mlp_act.0") or a dictionary.
        unit: one coordinate of the site (a neuron of mlp_act), or the feature of the dictionary.
        to: "zero"; "mean", over all tokens of the reference; "resample", what a text of the reference has at the token
            of the same number (one that has so many; beyond the longest, it begins again). Which one is drawn by
            the seed and by the prompt: another for another prompt, never the prompt itself.
        reference: other texts, recorded at the site: `wb.record.activations(model, texts, at=…)`.
        seed: of the draw.
        positions: where; everywhere by default, but for BOS where a mean, a text or a feature is asked for.

    Raises:
        ValueError: a feature or unit that does not exist, an unknown `to`, no reference where one is needed.
        KeyError: the reference holds another site.

    Source: Chan et al. 2022, "Causal Scrubbing", on resampling; Zhang and Nanda 2024, "Towards Best Practices of
    Activation Patching", on what zero and the mean do.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> run = model.run("Mary and John", edits=[wb.Ablate("mlp_act.2", 17)], at="mlp_act.2")
        >>> float(run["mlp_act.2"][..., 17].abs().max())
        0.0
        >>> others = wb.record.activations(model, ["Lucy and Karl", "The dog"], at="mlp_act.2")
        >>> edit = wb.Ablate("mlp_act.2", 17, to="mean", reference=others)
    """

    target: str | Dictionary
    unit: int | None = None
    to: str = field(default="zero", kw_only=True)
    reference: Recording | None = field(default=None, kw_only=True)
    seed: int = field(default=0, kw_only=True)
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.to not in INSTEAD:
            raise ValueError(f"to {self.to!r}: one of {', '.join(map(repr, INSTEAD))}")
        if self.to != "zero" and self.reference is None:
            raise ValueError(
                f"to {self.to!r} of what? give other texts: "
                f"reference=wb.record.activations(model, texts, at={self.site!r})"
            )
        if self.to == "mean":  # at once: a site that was not recorded, or no text in it
            _ = self.mean
        if self.to == "resample":
            _ = self.others

    @classmethod
    def layer(
        cls,
        layer: int,
        *,
        to: str = "zero",
        reference: Recording | None = None,
        seed: int = 0,
        positions: Positions = None,
    ) -> tuple[Ablate, Ablate]:
        """A whole layer: what its attention and what its MLP add to the residual stream.

        Example:
            >>> import workbench as wb
            >>> run = wb.load().run("The bridge", edits=[*wb.Ablate.layer(2)], at=["resid_pre.2", "resid_post.2"])
            >>> bool((run["resid_pre.2"] == run["resid_post.2"]).all())
            True
        """
        settings = {"to": to, "reference": reference, "seed": seed, "positions": positions}
        return cls(f"attn_out.{layer}", **settings), cls(f"mlp_out.{layer}", **settings)

    @property
    def leaves_bos(self) -> bool:
        return self.to != "zero" or super().leaves_bos

    @cached_property
    def mean(self) -> Float[Tensor, "..."]:
        """The mean over all tokens of the reference but BOS."""
        first = int(self.reference.tokens.bos)
        tokens = torch.cat([row[first:] for row in self.recorded(self.reference)])
        if not len(tokens):
            raise ValueError("the reference holds no token of text, so there is no mean; record longer texts")
        return tokens.float().mean(0)

    @cached_property
    def others(self) -> list[Float[Tensor, "T ..."]]:
        """What each text of the reference holds, token by token."""
        return self.recorded(self.reference)

    @cached_property
    def lots(self) -> list[int]:
        """By which a prompt that is among them is known."""
        return list(self.reference.tokens.places.lots)

    def missing(self, now: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        """The negative of what is there, and what stands in for it."""
        if self.to == "zero":
            return -now
        if self.to == "mean":
            return self.mean.to(now) - now
        rows = []
        for drawn, number in zip(map(self._drawn, places.lots), places.index, strict=True):
            rows.append(drawn.to(now)[_beginning_again(number, int(self.reference.tokens.bos), len(drawn))])
        return torch.stack(rows) - now

    def _drawn(self, lot: int) -> Float[Tensor, "T ..."]:
        """For a prompt, what stands at each token number: of the texts in random order the first that has so many."""
        known = self.__dict__.setdefault("_known", {})
        if lot not in known:
            if len(known) >= HELD:
                known.clear()
            others = [row for row, its in zip(self.others, self.lots, strict=True) if its != lot] or self.others
            order = Random(f"{self.seed} {lot}").sample(others, len(others))
            longest = max(map(len, order))
            known[lot] = torch.stack([next(row[t] for row in order if len(row) > t) for t in range(longest)])
        return known[lot]


@dataclass(frozen=True, repr=False)
class Patch(_Replacement):
    """Put another text's values in place of this one's, token by token.

    Every token takes the value of the one that stands in its place: of the same number, where both texts have as many
    tokens; else as the longest common runs of tokens pair them. Tokens without a counterpart keep their own value. A
    patch stays within the prompt.

    Args:
        target: a site, or a dictionary.
        source: the other text, recorded at the site (of a dictionary: at what it reads).
        unit: one coordinate of the site, or the feature of the dictionary; None for all of a site.
        text: which text of the recording.
        positions: where; everywhere by default, for a feature everywhere but on BOS.
        sources: for token numbers in `positions`, from which tokens of the other text, instead of those in their place.

    Raises:
        ValueError: a text, feature or unit that does not exist, or sources that do not fit the positions.
        KeyError: the recording holds another site.

    Source: Meng et al. 2022, "Locating and Editing Factual Associations in GPT", section 2.1.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> other = wb.record.activations(model, "The Golden Gate Bridge is in", at="resid_post.1")
        >>> run = model.run("The Sydney Harbour Bridge is in", edits=[wb.Patch("resid_post.1", other)])
    """

    target: str | Dictionary
    source: Recording
    unit: int | None = None
    text: int = field(default=0, kw_only=True)
    positions: Positions = field(default=None, kw_only=True)
    sources: int | Sequence[int] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        n = len(self.source.texts)
        if not 0 <= self.text < n:
            raise ValueError(f"text {self.text}: the recording holds texts 0 to {n - 1}")
        _ = self.values
        if self.sources is not None:
            object.__setattr__(self, "sources", _tidied(self.sources))
            numbers = self.positions if isinstance(self.positions, tuple) else ()
            if len(numbers) != len(self.sources):
                raise ValueError(
                    f"sources {self.sources} for positions {self.positions}: give as many token numbers of each"
                )
            reached = len(self.values)
            if outside := [number for number in self.sources if not -reached <= number < reached]:
                raise ValueError(f"no token {outside[0]} in the other text; it has 0 to {reached - 1}")

    @cached_property
    def values(self) -> Float[Tensor, "T ..."]:
        """What the other text holds, token by token."""
        return self.recorded(self.source)[self.text]

    @cached_property
    def ids(self) -> list[int]:
        """Its tokens."""
        return self.source.tokens.ids[self.text][self.source.tokens.mask[self.text]].tolist()

    def missing(self, now: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."] | None:
        """The other text's values less what is there, where a token has a counterpart."""
        inside = (places.index >= 0) & (places.index < places.prompt[:, None])
        if not bool(inside.any()):  # every step of a generation but the first
            return None
        source = torch.full_like(places.index, -1)
        for row, prompt in enumerate(places.prompt.tolist()):
            source[row] = self._counterparts(places.index[row], inside[row], prompt, places.ids[row])
        missing = self.values.to(now)[source.clamp(min=0)] - now
        return missing * (source >= 0).view(*source.shape, *[1] * (missing.ndim - 2))

    def _counterparts(
        self, number: Int[Tensor, " T"], real: Bool[Tensor, " T"], prompt: int, ids: Int[Tensor, " T"]
    ) -> Int[Tensor, " T"]:
        """For every column of one row the token of the other text that stands in its place; -1 for none."""
        found = torch.full_like(number, -1)
        if self.sources is not None:
            for mine, theirs in zip(self.positions, self.sources, strict=True):
                found[number == (mine + prompt if mine < 0 else mine)] = theirs % len(self.values)
        elif prompt == len(self.ids):
            found[real] = number[real]
        else:
            found[real] = torch.tensor(aligned(ids[real].tolist(), self.ids), device=number.device)
        return torch.where(real, found, -1)


@dataclass(frozen=True, repr=False)
class Scale(_Replacement):
    """Multiply a stream, a head, a unit of a stream or a feature: x ← factor · x. Factor 1 changes no bit.

    Args:
        target: a site, or a dictionary.
        factor: 0 ablates, 2 doubles, −1 turns it round.
        unit: one coordinate of the site, or the feature of the dictionary.
        positions: where; everywhere by default, for a feature everywhere but on BOS.

    Raises:
        ValueError: a feature or unit that does not exist, or a factor that is not finite.

    Example:
        >>> import workbench as wb
        >>> run = wb.load().run("The bridge", edits=[wb.Scale("head_out.2.1", 2.0)])
    """

    target: str | Dictionary
    factor: float
    unit: int | None = None
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not math.isfinite(self.factor):
            raise ValueError(f"factor {self.factor}: a finite number")

    def missing(self, now: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."] | None:
        """What there is, times what is missing of the factor."""
        return None if self.factor == 1 else (self.factor - 1) * now


@dataclass(frozen=True, repr=False)
class Clamp(_Replacement):
    """Hold a feature at a value; everything else of the activation, the error term too, stays.

    x ← x + (value − f_i(x)) · d_i, with f_i the feature's activation and d_i its decoder
    direction. BOS is left alone unless `positions` names it.
    Source: Scaling Monosemanticity (Templeton et al. 2024), "Feature steering".

    Args:
        dictionary: whose feature it is; its site says where.
        feature: its number.
        value: the activation it is held at, in the feature's own units; or
        times: how many times the feature's maximum in its dictionary's training text.
        positions: where; everywhere by default.

    Raises:
        ValueError: a feature that does not exist, a value that is not finite, or a multiple where none is known.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> run = model.run("The bridge", edits=[wb.Clamp(sae, 3, 2.0)])
        >>> wb.Clamp(sae, 942, times=1.5).held == 1.5 * float(sae.maxima[942])
        True
    """

    dictionary: Dictionary
    feature: int
    value: float | None = None
    times: float | None = field(default=None, kw_only=True)
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.value is None) == (self.times is None):
            raise ValueError("hold it at what? give either a value, or times= its maximum")
        given = self.value if self.times is None else self.times
        if not math.isfinite(given):
            raise ValueError(f"{'value' if self.times is None else 'times'} {given}: a finite number")
        if self.times is not None and not self.maximum > 0:
            raise ValueError(
                f"feature {self.feature} was never on in the dictionary's training text, so its maximum is not known; "
                "give a value"
            )

    @property
    def target(self) -> Dictionary:
        return self.dictionary

    @property
    def unit(self) -> int:
        return self.feature

    @property
    def maximum(self) -> float:
        """The feature's largest activation in its dictionary's training text; 0 where it is not known."""
        return float(self.dictionary.maxima[self.feature])

    @property
    def held(self) -> float:
        """The activation it is held at, in the feature's own units."""
        return float(self.value) if self.times is None else self.times * self.maximum

    def missing(self, now: Float[Tensor, "B T"], places: Places) -> Float[Tensor, "B T"]:
        """The value less the activation."""
        return self.held - now


@dataclass(frozen=True, eq=False)
class Steer(_Intervention):
    """Add a vector to a site: x ← x + strength · vector. Strength 0 changes no bit.

    With `norm`, strengths are in units of the site's typical norm: x ← x + strength · norm · vector / ‖vector‖, so
    that 1 adds as much as there is.

    Args:
        at: a site ("resid_post.1").
        vector: the direction, as wide as the site; or a Vector, of which the numbers are taken as they are
            (`vector.steer(strength)` is in units of the norm).
        strength: in the site's own units per unit of the vector, or in units of `norm`.
        norm: the typical norm of the site, as `wb.intervene.typical_norm` measures it.
        positions: where; everywhere by default.

    Raises:
        ValueError: the vector is not as wide as the site (when the model runs), or has no direction.

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
    norm: float | None = field(default=None, kw_only=True)
    positions: Positions = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if hasattr(self.vector, "values") and hasattr(self.vector, "at"):  # a Vector of `workbench.intervene`
            if canonical(self.vector.at) != canonical(self.at):
                raise ValueError(f"{self.vector!r} belongs to {self.vector.at}; it was given for {self.at}")
            object.__setattr__(self, "vector", self.vector.values)
        vector = torch.as_tensor(self.vector)
        if vector.ndim != 1 or not torch.isfinite(vector).all():
            raise ValueError(f"a steering vector is one row of finite numbers; given: shape {tuple(vector.shape)}")
        if not math.isfinite(self.strength):
            raise ValueError(f"strength {self.strength}: a finite number")
        if self.norm is not None and not (self.norm > 0 and math.isfinite(self.norm)):
            raise ValueError(f"norm {self.norm}: the typical norm of the site is finite and above 0")
        if self.norm is not None and not vector.any():
            raise ValueError("a vector of zeros has no direction, so its strength has no unit of norm")

    def __repr__(self) -> str:
        norm = float(torch.as_tensor(self.vector).norm())
        units = "" if self.norm is None else f" × the norm {self.norm:.3g}"
        where = "" if self.positions is None else f", positions={self.positions}"
        return f"Steer({self.at!r}, a vector of norm {norm:.3g}, {self.strength}{units}{where})"

    @property
    def site(self) -> str:
        return self.at

    @cached_property
    def added(self) -> Float[Tensor, " D"]:
        """What is added at every token."""
        vector = torch.as_tensor(self.vector)
        return self.strength * vector if self.norm is None else self.strength * self.norm * (vector / vector.norm())

    def check(self, model: Model) -> None:
        width, wanted = len(self.vector), model.width(self.at)
        if width != wanted:
            raise ValueError(f"the vector has {width} numbers; {self.at} of {model.name} is {wanted} wide")

    def change(self, x: Float[Tensor, "B T D"], places: Places) -> Float[Tensor, "B T D"] | None:
        if self.strength == 0:
            return None
        x = x.float() if x.element_size() < 4 else x
        return self._only_there(self.added.to(x).expand_as(x), places)


@torch.no_grad()
def typical_norm(model: Model, at: str, texts: Sequence[str]) -> float:
    """The median Euclidean norm of a site's values over the tokens of some texts, BOS left out.

    Raises:
        ValueError: no texts, or an unknown site.

    Example:
        >>> import workbench as wb
        >>> 1 < wb.intervene.typical_norm(wb.load(), "resid_post.1", ["The Golden Gate Bridge is orange."]) < 100
        True
    """
    return float(activations(model, texts, at=at).flat(at).float().norm(dim=-1).median())


# ---- the order of application --------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """What is applied where, in the order of the forward pass; at one site all at once.

    Attributes:
        steps: every site with its edits.
    """

    steps: tuple[tuple[str, tuple[Edit, ...]], ...]

    def __str__(self) -> str:
        if not self.steps:
            return "nothing is changed"
        lines = []
        for number, (site, edits) in enumerate(self.steps, 1):
            lines.append(f"{number}. {site}")
            lines += [f"     {'+' if getattr(edit, 'setting', None) is None else '='} {edit!r}" for edit in edits]
        if any(len(edits) > 1 for _, edits in self.steps):
            lines.append("At one site every edit sees what the model computed there, and the changes add up.")
        return "\n".join(lines)

    __repr__ = __str__


def order(model: Model, edits: Sequence[Edit]) -> Order:
    """The order in which edits take effect, standing ones too: sites as the forward pass reaches them, each at once.

    "=" stands for what sets something, "+" for what is added.

    Raises:
        ValueError: an edit that does not fit, or two that set the same thing.

    Example:
        >>> import workbench as wb
        >>> print(wb.intervene.order(wb.load(), [wb.Ablate("mlp_out.3"), wb.Scale("head_out.0.1", 2.0)]))
        1. head_out.0
             = Scale('head_out.0.1', 2.0)
        2. mlp_out.3
             = Ablate('mlp_out.3')
    """
    edits = model.under(edits).standing
    by_site: dict[str, list[Edit]] = {}
    for site in sorted({model.expand(edit.site)[0].whole for edit in edits}, key=forward_order):
        by_site[str(site)] = [edit for edit in edits if model.expand(edit.site)[0].whole == site]
    return Order(tuple((site, tuple(held)) for site, held in by_site.items()))


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


def _names_bos(positions: Positions) -> bool:
    """Whether a choice of positions names token 0, and does not just say "everywhere" or "in the prompt"."""
    return isinstance(positions, tuple) or (isinstance(positions, slice) and positions.start is not None)


def _beginning_again(number: Int[Tensor, " T"], first: int, longest: int) -> Int[Tensor, " T"]:
    """Token numbers within a text that begins again, without BOS, beyond its end."""
    number = number.clamp(min=0)
    if longest > first:
        number = torch.where(number < longest, number, first + (number - longest) % (longest - first))
    return number.clamp(max=longest - 1)


def _from_the_end(number: int, prompt: Tensor) -> Tensor:
    return prompt + number if number < 0 else torch.full_like(prompt, number)


# ---- what an intervention sets, and whether it fits ----------------------------------------------


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


def _said(value: object) -> str:
    """A part of an intervention in a few words."""
    if isinstance(value, Dictionary):
        return f"{type(value).__name__} at {', '.join(value.reads)}"
    if isinstance(value, Recording):
        return f"{len(value.texts)} texts" if len(value.texts) > 1 else repr(value.texts[0])
    return repr(value)


def _of_a_recording(recording: Recording, site: str) -> Float[Tensor, "B T ..."]:
    """The values at a site; of one head also where all of its layer were recorded."""
    stream, layer, head = parse(site)
    if head is not None and canonical(site) not in recording and f"{stream}.{layer}" in recording:
        return recording[f"{stream}.{layer}"][:, :, head]
    return recording[site]


def _check_fits(model: Model, target: str | Dictionary, unit: int | None) -> None:
    if isinstance(target, Dictionary):
        for site, size, verb in ((target.site, target.d_model, "reads"), (target.target, target.d_out, "writes")):
            if size != (wanted := model.numbers(site)):
                raise ValueError(f"the dictionary {verb} {size} numbers; {site} of {model.name} has {wanted}")
    elif unit is not None and not 0 <= unit < model.width(target):
        raise ValueError(f"no unit {unit} at {target} of {model.name}; there are 0 to {model.width(target) - 1}")
