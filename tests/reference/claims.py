"""Claims measured the slow way: one text at a time, token by token, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

import workbench as wb


def largest(
    model: wb.Model, text: str, site: str, number: Callable[[Tensor], float], where: Sequence[int] | None = None
) -> float:
    """The largest number of a text's tokens, BOS left out, of those that count."""
    rows = _tokens(model, text, [site])[site]
    return max(number(row) for place, row in enumerate(rows) if where is None or place in where)


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """The share of pairs in order, ties counting half."""
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


def balanced(yes: Sequence[float], no: Sequence[float], limit: float) -> float:
    """The mean of sensitivity and specificity."""
    return (sum(v > limit for v in yes) / len(yes) + sum(v <= limit for v in no) / len(no)) / 2


def best_neuron(
    model: wb.Model, layers: int, positives: Sequence[str], distractors: Sequence[str]
) -> tuple[float, list[str]]:
    """The largest AUROC of any neuron, of either sign, and the names of all that have it."""
    sites = [f"mlp_act.{layer}" for layer in range(layers)]
    values = [[_tokens(model, text, sites) for text in texts] for texts in (positives, distractors)]
    scores: dict[str, float] = {}
    for site in sites:
        for unit in range(model.width(site)):
            for sign in (1, -1):
                kinds = [
                    [max(max(0.0, sign * float(row[unit])) for row in text[site]) for text in kind] for kind in values
                ]
                scores[f"neuron {'−' if sign < 0 else ''}{site}[{unit}]"] = auroc(*kinds)
    best = max(scores.values())
    return best, [name for name, score in scores.items() if score == best]


def _tokens(model: wb.Model, text: str, sites: Sequence[str]) -> dict[str, list[Tensor]]:
    """The values of a text's tokens, BOS left out."""
    run = model.run(text, at=list(sites))
    return {
        site: [row for row, there in zip(run[site][0], run.tokens.places.text[0], strict=True) if there]
        for site in sites
    }
