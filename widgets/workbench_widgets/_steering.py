"""What a steering panel takes and tells: its features, presets and targets checked, what was measured as it travels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import index
from time import perf_counter
from typing import TYPE_CHECKING, Any

import torch
import traitlets as t

from workbench.estimates import digits
from workbench.intervene import Effects, Says, Target

from ._cards import number
from ._reading import FEATURES, read

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.estimates import Estimate
    from workbench.model import Model

WEAKEST, STRONGEST = -2.0, 10.0
"""The ends of a slider, in units of the feature's maximum."""
EVERY, SELDOM = 0.04, 0.25
"""Seconds between two messages of a stream, and between two of a measurement."""
DOSES = (10.0, 4.0, -2.0, 1.0, 7.0, 2.0, 5.0, -1.0, 3.0, 8.0, 6.0, 9.0)
"""The strengths of a dose–response, in the order in which they are measured: from coarse to fine."""
LONGEST_NAME = 60
"""Characters of a preset's name."""


class Texts(t.List):
    """A list of texts; one text alone is a list of one, and empty ones are left out."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(t.Unicode(), **settings)

    def validate(self, obj: Any, value: Any) -> list[str]:
        """Take what people have: a text, or any sequence of them."""
        if isinstance(value, str):
            value = [value]
        elif isinstance(value, tuple):
            value = list(value)
        return [text for text in super().validate(obj, value) if text.strip()]


class Rate:
    """Counts tokens, and says when it is time to tell the browser."""

    def __init__(self) -> None:
        self.tokens, self.started, self.told = 0, perf_counter(), 0.0

    def count(self, tokens: int) -> bool:
        self.tokens += tokens
        now = perf_counter()
        if now - self.told < EVERY:
            return False
        self.told = now
        return True

    @property
    def per_second(self) -> float:
        return self.tokens / max(perf_counter() - self.started, 1e-9) if self.tokens else 0.0


@dataclass(eq=False)
class Stream:
    """Texts that are written together, a token of each at a time.

    Attributes:
        tokens: what the model gives: a token, or a tuple of them with None where a text is over.
        texts: where the pieces go, in the order of the tuple.
        limits: how many tokens each may have.
    """

    tokens: Iterator[Any]
    texts: Sequence[list[str]]
    limits: Sequence[int]

    def step(self) -> int | None:
        """Write a token of each; how many there were, None when all texts are over."""
        if all(len(text) >= limit for text, limit in zip(self.texts, self.limits, strict=True)):
            return None
        tokens = next(self.tokens, None)
        if tokens is None:
            return None
        written = 0
        row = tokens if isinstance(tokens, tuple) else (tokens,)
        for token, text, limit in zip(row, self.texts, self.limits, strict=True):
            if token is not None and len(text) < limit:
                text.append(token.text)
                written += 1
        return written


@dataclass(frozen=True)
class Samples(Target):
    """Whether the samples of one prompt say it, each a case of its own: the interval is over samples, not prompts.

    What is measured over are the seeds, so they stand where prompts would.

    Args:
        prompt: the one.
        says: what is looked for, and with which seeds.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets.steering_panel import Samples
        >>> target = Samples("The", wb.intervene.Says("bridge", new_tokens=4, seeds=range(6)))
        >>> fx = wb.intervene.measure(wb.load(), target.cases, [wb.Ablate("mlp_out.3")], target=target, controls=2)
        >>> fx.effect.target.plain.n
        6
    """

    prompt: str
    says: Says
    is_share = True

    @property
    def name(self) -> str:
        return self.says.name

    @property
    def cases(self) -> list[str]:
        """A name for each seed."""
        return [f"seed {seed}" for seed in self.says.seeds]

    def values(self, model: Any, prompts: Sequence[str], numbers: Sequence[int], variants: Sequence[Any]) -> Any:
        seeds = [self.says.seeds[number] for number in numbers]
        settings = {"new_tokens": self.says.new_tokens, "temperature": self.says.temperature, "seeds": seeds}
        texts = [""] * (len(variants) * len(seeds))
        for step in model.generate_each([self.prompt], variants=variants, **settings):
            texts = [text if token is None else text + str(token) for text, token in zip(texts, step, strict=True)]
            yield
        return torch.tensor([float(self.says.holds(text)) for text in texts]).view(len(variants), len(seeds), 1)


# ---- what may be set ----


def checked_features(sae: Dictionary, features: Sequence[int]) -> list[int]:
    """The features, if each exists, has a unit for its strength, and is named once."""
    features = [index(feature) for feature in features]
    for feature in features:
        if not 0 <= feature < sae.width:
            raise ValueError(f"There is no feature {feature}; the dictionary at {sae.site} has 0 to {sae.width - 1}.")
        maximum = float(sae.maxima[feature])
        if not (maximum > 0 and math.isfinite(maximum)):
            raise ValueError(
                f"Feature {feature} was never on in the dictionary's training text, so its strength has no unit; "
                "choose one with sae.maxima above 0."
            )
    if not features or len(set(features)) < len(features):
        raise ValueError(f"features {features}: name at least one feature, and each of them once")
    return features


def checked_strength(name: str, strength: float) -> float:
    """A strength that a slider can have."""
    if not math.isfinite(strength):
        raise t.TraitError(f"{name}: {strength} is not a finite number")
    if not WEAKEST <= strength <= STRONGEST:
        raise t.TraitError(f"{name}: {strength} is outside {WEAKEST:g} to {STRONGEST:g} times the maximum")
    return float(strength)


def checked_presets(sae: Dictionary, presets: Mapping[str, Mapping[int, float]]) -> dict[str, dict[int, float]]:
    """Presets by name: features and how strongly each is held; a slider that none names is off."""
    tidy: dict[str, dict[int, float]] = {}
    for name, held in presets.items():
        if not (isinstance(name, str) and name.strip() and len(name) <= LONGEST_NAME):
            raise t.TraitError(f"presets: a name is a text of 1 to {LONGEST_NAME} characters; {name!r} is not")
        if not isinstance(held, Mapping):
            raise t.TraitError(f"presets: {name!r} is a dict of strengths by feature, {{942: 3.0}}; given: {held!r}")
        if held:
            checked_features(sae, list(held))
        tidy[name] = {index(f): checked_strength(f"presets, {name}", float(held[f])) for f in held}
    return tidy


def labels_of(features: Sequence[int], labels: Mapping[int, str] | Sequence[str] | None) -> list[str]:
    """One label per feature, "" where there is none."""
    if labels is None:
        return [""] * len(features)
    if isinstance(labels, Mapping):
        return [labels.get(feature, "") for feature in features]
    if isinstance(labels, str) or len(labels) != len(features):
        raise ValueError(f"labels {labels!r}: give one for each of the {len(features)} features, or a dict by number")
    return list(labels)


# ---- what is found ----


def firing_on(model: Model, sae: Dictionary, prompt: str, most: int) -> list[dict[str, Any]]:
    """The features most active on a prompt, BOS left out, by the share of their own maximum that they reach."""
    reading = read(model, sae, prompt, FEATURES, ())
    features = reading.features
    best: dict[int, tuple[float, int]] = {}
    indices, values = features.indices[0].tolist(), features.values[0].detach().float().tolist()
    for token in range(reading.first, len(indices)):
        for feature, value in zip(indices[token], values[token], strict=True):
            if value > best.get(feature, (0.0, 0))[0] and float(sae.maxima[feature]) > 0:
                best[feature] = value, token
    of_maximum = {feature: value / float(sae.maxima[feature]) for feature, (value, _) in best.items()}
    ranked = sorted(of_maximum, key=lambda feature: -of_maximum[feature])[:most]
    return [
        {
            "feature": feature,
            "label": "",
            "says": f"{digits(of_maximum[feature])} of its maximum at “{_piece(reading.pieces, best[feature][1])}”",
        }
        for feature in ranked
    ]


def _piece(pieces: Sequence[str], token: int) -> str:
    """The text of a token; of one that is part of a character, the character."""
    while pieces[token] == "" and token > 0:
        token -= 1
    return pieces[token].strip() or {" ": "␣", "\n": "⏎"}.get(pieces[token], pieces[token])


# ---- what was measured ----

Wire = dict[str, Any]


def with_price(effects: Effects, unwanted: Mapping[str, Any], *, has_target: bool = True) -> Effects:
    """The same with a price that was measured before; or that alone."""
    of_target = {} if has_target else {"target": None, "values": ()}
    priced = {name: replace(effect, unwanted=dict(unwanted), **of_target) for name, effect in effects.effects.items()}
    return replace(effects, effects=priced)


def more_controls(measured: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The same, beside further controls."""
    before = {name: one.controls for name, one in measured.items()}
    return {name: replace(one, controls=(*before.get(name, ()), *one.controls)) for name, one in more.items()}


def rows_of(effects: Effects) -> list[Wire]:
    """What was measured of one intervention: the target first, then the price."""
    effect = effects.effect
    rows = [] if effect.target is None else [{**_row(effects.target, effect.target), "kind": "target"}]
    return rows + [{**_row(name, measured), "kind": "price"} for name, measured in effect.unwanted.items()]


def _row(name: str, measured: Any) -> Wire:
    return {
        "name": name,
        "plain": _estimate(measured.plain),
        "steered": _estimate(measured.edited),
        "change": _estimate(measured.change),
        "controls": [number(change) for change in measured.controls],
        "p": None if measured.p is None else number(measured.p),
    }


def _estimate(estimate: Estimate | None) -> list[float | int | None] | None:
    """A value with its interval and n, as JSON holds them."""
    if estimate is None:
        return None
    return [number(estimate.value), number(estimate.low), number(estimate.high), int(estimate.n)]


def row_in_words(row: Wire) -> str:
    """A row of the table in a line of text."""
    parts = [row["name"]]
    if row["plain"] is not None:
        parts += [f"plain {_said(row['plain'])}", f"steered {_said(row['steered'])}"]
    if row["change"] is not None:
        parts.append(f"change {_said(row['change'])}")
    if controls := [one for one in row["controls"] if one is not None]:
        low, high, middle = min(controls), max(controls), math.fsum(controls) / len(controls)
        parts.append(f"{len(controls)} controls {digits(middle)} [{digits(low)} to {digits(high)}]")
    if row["p"] is not None:
        parts.append(f"p {digits(row['p'])}")
    return " · ".join(parts)


def _said(estimate: Sequence[float | int | None]) -> str:
    value, low, high, n = (float("nan") if one is None else one for one in estimate)
    interval = f" [{digits(low)}, {digits(high)}]" if math.isfinite(low) and math.isfinite(high) else ""
    return f"{digits(value)}{interval}, n {n}"
