"""What is known of one feature, as one value: its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from html import escape
from typing import Any

from ..estimates import Estimate, digits, grouped
from .logits import Logits
from .notes import Label


@dataclass(frozen=True)
class Example:
    """A token that stands for a feature, in its text.

    Attributes:
        kind: "top", "quantile" or "interval"; "near" or "negative" where the feature is silent.
        group: which rank, quantile or interval, 0 the strongest rank and the lowest part.
        text: which of the texts that were given, from 0.
        token: the place of the token in its text, BOS included; in its piece, where a text was read in pieces.
        value: the feature's activation there.
        z: of a near miss, what stood before the activation function; else None.
        start: the place in the text, BOS included, of the first piece.
        ids, pieces: the tokens around it.
        values: the feature's activation at each of them.
        window: which piece of its text, from 0; a text that fits the context has one.
    """

    kind: str
    group: int
    text: int
    token: int
    value: float
    z: float | None
    start: int
    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    values: tuple[float, ...]
    window: int = 0

    @property
    def at(self) -> int:
        """Which of the pieces it is."""
        return self.token - self.start

    def __str__(self) -> str:
        pieces = list(self.pieces)
        pieces[self.at] = f"⟦{pieces[self.at]}⟧"
        near = pieces[max(0, self.at - 12) : self.at + 6]
        return "".join(near).replace("\n", "⏎")


@dataclass(frozen=True)
class Related:
    """A feature or neuron that has to do with another.

    Attributes:
        kind: "feature" or "neuron".
        site: where it is.
        number: which.
        value: the cosine of the decoder rows, or the correlation of the activations.
        n: at how many tokens both fire; 0 where that was not counted.
        label: of a feature, what it is said to mean.
    """

    kind: str
    site: str
    number: int
    value: float
    n: int = 0
    label: str = ""


@dataclass(frozen=True)
class ConceptScore:
    """How well "the feature is above the threshold" tells a concept, on texts that did not choose the threshold.

    Intervals and n are over texts.
    """

    concept: str
    f1: Estimate
    precision: Estimate
    sensitivity: Estimate
    threshold: float


@dataclass(frozen=True)
class Firing:
    """A token that a feature fires on.

    Attributes:
        id, piece: the token.
        share: of the feature's summed activation, how much falls on it.
        fires: on which share of its occurrences the feature fires.
    """

    id: int
    piece: str
    share: float
    fires: Estimate


@dataclass(frozen=True)
class Card:
    """What is known of one feature.

    Attributes:
        feature: its number. site: what it reads.
        label: the one that is shown; labels: all that were given, newest first; notes: what was written down.
        density: the share of tokens on which it fires.
        maximum, mean: of its activation where it fires; quartiles: the same, 25, 50 and 75 %.
        edges, counts: the exact histogram of its activation where it fires. [51], [50]
        quantiles, intervals: the parts that examples were drawn from, the lowest first: (above, up to, firings).
        examples: see `Example`.
        tokens: those that it fires on, by their share.
        concepts: those first that it told best where they were chosen; () where none are known.
        correlated: features, then neurons, by correlation over all tokens (of neurons, where there are very many pairs
            of a feature and a neuron, over the random tokens that the index kept).
        neighbours: features by the cosine of their decoder rows; () without the dictionary.
        logits: what it adds to the next token's logits; None without the model.
    """

    feature: int
    site: str
    label: Label | None
    labels: tuple[Label, ...]
    notes: tuple[str, ...]
    density: Estimate
    maximum: float
    mean: float
    quartiles: tuple[float, ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    quantiles: tuple[tuple[float, float, int], ...]
    intervals: tuple[tuple[float, float, int], ...]
    examples: tuple[Example, ...] = field(repr=False)
    tokens: tuple[Firing, ...]
    concepts: tuple[ConceptScore, ...]
    correlated: tuple[Related, ...]
    neighbours: tuple[Related, ...]
    logits: Logits | None

    def of(self, kind: str, group: int | None = None) -> tuple[Example, ...]:
        """The examples of one kind, or of one of its groups."""
        return tuple(one for one in self.examples if one.kind == kind and group in (None, one.group))

    def to_dict(self) -> dict[str, Any]:
        """The same in plain types, as JSON holds them."""
        return _plain(self)

    def __repr__(self) -> str:
        said = f" · {self.label.text} ({self.label.how})" if self.label else ""
        lines = [f"Feature {self.feature} at {self.site}{said}", f"  fires on {self.density} of tokens"]
        lines += [f"  up to {digits(self.maximum)}, on average {digits(self.mean)} where it fires"]
        if self.concepts:
            best = self.concepts[0]
            lines.append(f"  {best.concept}: F1 {best.f1}")
        if self.logits:
            lines.append("  promotes " + " ".join(repr(piece) for _, piece, _ in self.logits.top[:6]))
        lines += [f"  {digits(one.value):>5}  {one}" for one in self.of("top")[:6]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        first, *lines = repr(self).splitlines()
        return f"<b>{escape(first)}</b><pre>{escape(chr(10).join(lines))}</pre><p>{grouped(self.density.n)} tokens</p>"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        is_plain = bool(value) and isinstance(value[0], str | int | float)  # rows of tokens are long
        return list(value) if is_plain else [_plain(part) for part in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value
