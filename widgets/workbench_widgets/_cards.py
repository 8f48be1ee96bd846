"""A feature's card as it travels to the browser, the other end of `dashboard/card.ts`.

What is long goes as bytes: of all examples together the token ids and the values, one after another; the text of a
token is told once per card. The rest is plain JSON, in which a number without an end is null.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torch

from workbench.explore.logits import from_weights

from ._array import to_wire
from ._reading import characters

if TYPE_CHECKING:
    from workbench.estimates import Estimate


def to_browser(card: Any, *, model: Any = None, lists: Sequence[str] = ()) -> dict[str, Any]:
    """All of a card.

    Args:
        card: of an index.
        model: its tokenizer joins the tokens that are one character together.
        lists: the names of the lists that the feature is on.
    """
    ids = [token for example in card.examples for token in example.ids]
    values = [value for example in card.examples for value in example.values]
    return {
        "feature": card.feature,
        "label": "" if card.label is None else card.label.text,
        "made": None if card.label is None else _label(card.label),
        "labels": [_label(label) for label in card.labels],
        "notes": list(card.notes),
        "lists": list(lists),
        "density": _estimate(card.density),
        "maximum": number(card.maximum),
        "mean": number(card.mean),
        "quartiles": [number(mark) for mark in card.quartiles],
        "histogram": {"edges": _numbers(card.edges), "counts": [int(n) for n in card.counts]},
        "intervals": [[number(low), number(high), int(n)] for low, high, n in card.intervals],
        "quantiles": [[number(low), number(high), int(n)] for low, high, n in card.quantiles],
        "examples": [_example(example, model) for example in card.examples],
        "ids": to_wire(torch.tensor(ids, dtype=torch.int32), "int32"),
        "values": to_wire(torch.tensor(values, dtype=torch.float32), "float16"),
        "pieces": {
            str(token): piece
            for example in card.examples
            for token, piece in zip(example.ids, example.pieces, strict=True)
        },
        "tokens": [[one.id, one.piece, number(one.share), _estimate(one.fires)] for one in card.tokens],
        "concepts": [_concept(score) for score in card.concepts],
        "related": [_related(one) for one in card.correlated],
        "neighbours": [_related(one) for one in card.neighbours],
        "logits": {} if card.logits is None else {card.logits.form: logits_to_browser(card.logits)},
    }


def logits_to_browser(logits: Any) -> dict[str, Any]:
    """The logits of a feature in one form."""
    return {
        "form": logits.form,
        "unit": logits.unit,
        "n": int(logits.n),
        "top": _ranked(logits.top, logits.top_half),
        "bottom": _ranked(logits.bottom, logits.bottom_half),
        "histogram": {"edges": _numbers(logits.edges), "counts": [int(n) for n in logits.counts]},
    }


def _ranked(named: Sequence[tuple[int, str, float]], halves: Sequence[float]) -> list[list[Any]]:
    """Tokens with what is added to them, and half the interval where it was measured."""
    spread = list(halves) or [None] * len(named)
    return [[int(token), piece, number(x), number(half)] for (token, piece, x), half in zip(named, spread, strict=True)]


def effects_on(index: Any, feature: int, form: str, ids: Sequence[int]) -> dict[str, Any] | None:
    """What a unit of a feature adds to the logits of some tokens; None where the weights alone do not tell."""
    try:
        values = from_weights(index.model, index.sae, [feature], gain=form == "folded")[0, list(ids)]
    except ValueError:
        return None
    return to_wire(values, "float16")


def spelled(ids: Sequence[int], pieces: Sequence[str], model: Any) -> tuple[list[str], list[list[int]]]:
    """Pieces with those of one character joined, and where: see `_reading.characters`."""
    if model is None or not any("\ufffd" in piece for piece in pieces):
        return list(pieces), []
    tokens = SimpleNamespace(ids=torch.tensor([list(ids)]), pieces=(tuple(pieces),))
    return characters(model, tokens)


def number(value: Any) -> float | None:
    """A number as JSON holds it; None for one without an end."""
    return float(value) if value is not None and math.isfinite(value) else None


def _numbers(values: Sequence[float]) -> list[float | None]:
    return [number(value) for value in values]


def _estimate(estimate: Estimate) -> list[float | None]:
    return [number(estimate.value), number(estimate.low), number(estimate.high), int(estimate.n)]


def _label(label: Any) -> dict[str, Any]:
    scores = {
        name: [number(part) for part in (score if isinstance(score, list | tuple) else [score])]
        for name, score in label.scores.items()
        if isinstance(score, list | tuple | int | float)
    }
    return {"text": label.text, "how": label.how, "by": label.by, "when": label.when, "scores": scores}


def _example(example: Any, model: Any) -> dict[str, Any]:
    pieces, groups = spelled(example.ids, example.pieces, model)
    joined = {str(place): pieces[place] for first, behind in groups for place in range(first, behind)}
    return {
        "kind": example.kind,
        "group": int(example.group),
        "text": int(example.text),
        "token": int(example.token),
        "value": number(example.value),
        "z": number(example.z),
        "start": int(example.start),
        "n": len(example.ids),
        **({"groups": groups, "joined": joined} if groups else {}),
    }


def _concept(score: Any) -> dict[str, Any]:
    return {
        "concept": score.concept,
        "f1": _estimate(score.f1),
        "precision": _estimate(score.precision),
        "sensitivity": _estimate(score.sensitivity),
        "threshold": number(score.threshold),
    }


def _related(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "site": one.site,
        "number": int(one.number),
        "value": number(one.value),
        "n": int(one.n),
        "label": one.label,
    }


def apart(value: Any, buffers: list[Any]) -> Any:
    """A value without its bytes, for a message: in their place the number of the buffer that holds them."""
    if isinstance(value, dict):
        return {key: apart(part, buffers) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [apart(part, buffers) for part in value]
    if isinstance(value, bytes | memoryview | bytearray):
        buffers.append(value)
        return len(buffers) - 1
    return value
