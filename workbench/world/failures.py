"""Prompts that the shipped model gets wrong for a cause that is known by construction.

A cause is built into the prompt, and it can be taken out again: that is the evidence.
`find` builds candidates of every cause, keeps those that fail in the way the cause
predicts, and puts beside each what a skeptic would ask for:

- siblings: prompts alike that the model gets right, so it can do the task and knows the parts;
- without: the same question with the cause taken away, in several ways: these come out right;
- kept: the prompt changed elsewhere, the cause left in: these fail as before.

For missing knowledge nothing can be taken away. There, `without` holds every other way
to ask, and none of them comes out right. That a hop comes *late* is shown inside the
model: what it holds at a token in a later layer is put in at an earlier one, and
then the answer is right (back-patching; Biran et al. 2024, "Hopping Too Late"), but not
with another subject's value in its place, nor with a random one.

Each fault is verified for itself. Of how many they were chosen, and how often taking
the cause away restored the answer among all that failed as predicted, `yields` tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from ..progress import watched
from .causes import BUILDERS, Fault, called, fact_of
from .judging import Item, continued
from .lexicon import LANDMARKS

if TYPE_CHECKING:
    from ..model import Model
    from ..tokens import Places

FILE = Path(__file__).parent.parent / "assets" / "atlas" / "faults.json"
ENOUGH, FEW = 0.9, 0.5
"""The share of prompts without the cause that must come out right, and of those that keep it that may."""
AT_MOST = 1500
"""How many failing candidates of a cause are looked at."""


@dataclass(frozen=True)
class Verdict:
    """What a model does with a fault; the shares are of the prompts that come out right.

    `earlier`: whether the second hop succeeds when the first is resolved earlier (asked of late hops only).
    """

    fails: bool
    siblings: float
    without: float
    kept: float
    earlier: bool = False

    def holds(self, cause: str) -> bool:
        """Whether it fails, its siblings do not, and taking the cause away restores it (or nothing does).

        Another change, that leaves the cause in, must not restore it.
        """
        restored = self.without == 0 if cause == "missing_knowledge" else self.without >= ENOUGH
        late = self.earlier or cause != "late_hop"
        return self.fails and self.siblings == 1 and restored and self.kept < FEW and late


@cache
def faults() -> tuple[Fault, ...]:
    """The planted failures of the shipped model, by cause.

    Raises:
        FileNotFoundError: the file is missing; the message says how to make it again.

    Example:
        >>> import workbench as wb
        >>> sorted({fault.cause for fault in wb.world.faults()})[:2]
        ['context_drift', 'false_familiarity']
    """
    return tuple(_fault(row) for row in _kept()["faults"])


def yields() -> dict[str, Yield]:
    """Of every cause, how many candidates were built for the shipped faults, and how many held up.

    Example:
        >>> import workbench as wb
        >>> wb.world.failures.yields()["late_hop"].verified > 0
        True
    """
    return {cause: Yield(**row) for cause, row in _kept()["yields"].items()}


def _kept() -> dict:
    if not FILE.exists():
        raise FileNotFoundError(f"no planted failures in {FILE}; make them again with `workbench world faults`")
    try:
        held = json.loads(FILE.read_text(encoding="utf-8"))
        held["faults"], held["yields"], held["model"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{FILE} is not as it was written ({error}); make it again: `workbench world faults`"
        ) from error
    return held


def save(found: Sequence[Fault], candidates: Mapping[str, Yield], model: Model, to: Path | None = None) -> None:
    """Write faults, and what they were chosen from, as JSON, whole or not at all; by default beside the model."""
    to = to or FILE
    rows = [asdict(fault) for fault in found]
    held = {"model": model.hash, "yields": {cause: asdict(row) for cause, row in candidates.items()}, "faults": rows}
    beside = to.with_suffix(".part")
    beside.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(to)
    faults.cache_clear()


def _fault(row: dict) -> Fault:
    items = {name: tuple(Item(**item) for item in row[name]) for name in ("siblings", "without", "kept")}
    return Fault(**(row | items | {"predicted": tuple(row["predicted"])}))


def verify(model: Model, found: Sequence[Fault]) -> list[Verdict]:
    """What a model does with each fault, in one pass over all their prompts."""
    rows = [[Item(fault.prompt, fault.answer), *fault.siblings, *fault.without, *fault.kept] for fault in found]
    right = iter(continued(model, [item for row in rows for item in row]))
    verdicts = []
    for fault in found:
        fails = not next(right)
        shares = []
        for items in (fault.siblings, fault.without, fault.kept):
            hits = [next(right) for _ in items]
            shares.append(sum(hits) / len(hits) if hits else 0.0)
        earlier = fault.cause == "late_hop" and fails and _resolved_earlier(model, fault)
        verdicts.append(Verdict(fails, *shares, earlier=earlier))
    return verdicts


@dataclass(frozen=True, eq=False)
class _Put:
    """An edit that puts a vector in the place of a site's own, at one token."""

    site: str
    position: int
    vector: Float[Tensor, " D"]

    def conflicts(self, other: object) -> bool:
        """Two of them may not meet."""
        return True

    def check(self, model: Model) -> None:
        """It is read from the model that it is put into."""

    def change(self, x: Float[Tensor, "B T D"], places: Places) -> Float[Tensor, "B T D"]:
        there = (places.index == self.position)[..., None]
        return (self.vector - x) * there


def _resolved_earlier(model: Model, fault: Fault) -> bool:
    """Whether a later layer's value, put in at an earlier one of the same token, gives the answer.

    The token is the last of the subject or the last of the prompt: the first hop is made at one of them. The
    control, at the same token and layers: neither what another place gives there brings the answer, nor a random
    vector as large.
    """
    subject = fault.about.partition(" · ")[0]
    item, mine = Item(fault.prompt, fault.answer), _at_the_ends(model, fault.prompt, subject)
    others = [_at_the_ends(model, _instead(fault.prompt, subject, other), other) for other in _others(fault)]
    draw = torch.Generator().manual_seed(0)
    for end, (position, values) in enumerate(mine):
        for late in range(1, model.n_layers):
            vector = values[f"resid_post.{late}"]
            random = torch.randn(vector.shape, generator=draw).to(vector)
            beside = [random * vector.norm() / random.norm()]
            beside += [other[end][1][f"resid_post.{late}"] for other in others]
            for early in range(late):
                puts = [_Put(f"resid_post.{early}", position, held) for held in (vector, *beside)]
                right = (continued(model, [item], edits=[put])[0] for put in puts)
                if next(right) and not any(right):
                    return True
    return False


def _at_the_ends(model: Model, prompt: str, subject: str) -> list[tuple[int, dict[str, Tensor]]]:
    """The number of the subject's last token, and what every layer holds there; the same of the prompt's last."""
    upto = prompt[: prompt.lower().index(subject.lower()) + len(subject)]
    values = model.read(model.tokens(prompt), at="resid_post.*")
    ends = [int(model.tokens(text).mask.sum()) - 1 for text in (upto, prompt)]
    return [(end, {site: value[0, end] for site, value in values.items()}) for end in ends]


def _instead(prompt: str, subject: str, other: str) -> str:
    """The prompt about another subject."""
    start = prompt.lower().index(subject.lower())
    put = other[0].upper() + other[1:] if prompt[start].isupper() else other
    return prompt[:start] + put + prompt[start + len(subject) :]


def _others(fault: Fault, n: int = 2) -> list[str]:
    """Other places, by paraphrase, to which the answer is another."""
    it, fact, tongue = fault.about.split(" · ")
    answer = fault.answer.strip(" .")
    others = [place for place in LANDMARKS if fact_of(place, fact, tongue) != answer]
    return [name for name in (called(place, 1, tongue) for place in others) if name != it][:n]


@dataclass(frozen=True)
class Yield:
    """What became of the candidates of a cause.

    Attributes:
        built: how many there were.
        looked: how many of those that failed were looked at, up to `AT_MOST`.
        failed: how many of these failed as the cause predicts, their siblings right.
        restored: the mean share of prompts without the cause that came out right, over all of `failed`.
        verified: how many held up to all the evidence.
    """

    built: int
    looked: int
    failed: int
    restored: float
    verified: int


def find(model: Model, *, each: int = 16, seed: int = 0) -> tuple[list[Fault], dict[str, Yield]]:
    """Build candidates of every cause and keep up to `each` that fail as predicted and hold up.

    No two that are kept have the same subject, as far as there are enough subjects.
    """
    kept: list[Fault] = []
    counted = {}
    for cause, build in BUILDERS.items():
        rng = Random(f"{cause}/{seed}")
        candidates = list(build(rng))
        rng.shuffle(candidates)
        right = continued(model, [Item(fault.prompt, fault.answer) for fault in candidates])
        wrong = [fault for fault, well in zip(candidates, right, strict=True) if not well][:AT_MOST]
        answered = [
            fault for fault in (_answered(model, fault) for fault in watched(wrong, cause)) if _as_predicted(fault)
        ]
        failed = [(f, v) for f, v in zip(answered, verify(model, answered), strict=True) if v.siblings == 1]
        held = [fault for fault, verdict in failed if verdict.holds(cause)]
        restored = sum(verdict.without for _, verdict in failed) / max(1, len(failed))
        counted[cause] = Yield(len(candidates), len(wrong), len(failed), round(restored, 4), len(held))
        kept += _diverse(held, each)
    return kept, counted


def _answered(model: Model, fault: Fault) -> Fault:
    said = ""
    for token in model.generate(fault.prompt, new_tokens=16):
        said += str(token)
        if said.endswith((".", "\n", "!", "?")):
            break
    return Fault(**(vars(fault) | {"given": said.rstrip("\n")}))


def _as_predicted(fault: Fault) -> bool:
    """Whether what is said is what the cause predicts."""
    return fault.given.strip().startswith(fault.predicted) and fault.given.strip() != fault.answer.strip()


def _diverse(found: Sequence[Fault], n: int) -> list[Fault]:
    """Up to n, a new subject first as long as there is one."""
    rounds: dict[str, int] = {}
    ranked = []
    for number, fault in enumerate(found):
        subject = fault.about.partition(" ← ")[0].partition(" · ")[0]
        rounds[subject] = rounds.get(subject, 0) + 1
        ranked.append((rounds[subject], number))
    return [found[number] for _, number in sorted(ranked)[:n]]
