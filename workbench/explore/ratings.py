"""How well a hypothesis fits what a unit fires on, as people rate it who cannot know which unit it is.

A session is a number of items, drawn once: a hypothesis about a unit of one of several indexes (features, neurons)
and one example of that unit, from any part of its activation range; some are of texts on which it is silent, and
what these score is the control. Every rater gets the same items, each in an order of their own.
How far raters agree is Krippendorff's α. Nothing here shows anything, nor asks anybody.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..estimates import Estimate, digits, grouped, mean
from .notes import Notes

if TYPE_CHECKING:
    import pandas as pd

RUBRIC = (
    "The hypothesis is irrelevant throughout the text.",
    "The hypothesis is related to the text, but not near the outlined token, or only vaguely.",
    "The hypothesis is loosely related to the outlined token, or related to the text near it.",
    "The hypothesis cleanly identifies the outlined token.",
)
"""What the scores 0 to 3 mean. Source: Templeton et al. 2024, "Scaling Monosemanticity", where a language model
rated; there the text that a feature fires on is highlighted."""
SCORES = range(len(RUBRIC))
FEATURES, NEURONS = "features", "neurons"
ROUNDS = 40
"""So many examples of a unit are asked for at most."""
SILENT = 0.2
"""The share of items on whose token the unit is silent."""


# ---------------------------------------------------------------- agreement


@dataclass(frozen=True)
class Agreement:
    """How far raters agree: 1 wholly, 0 as by chance, below 0 less than that.

    Attributes:
        alpha: Krippendorff's α; n counts the units that two or more raters have rated. nan where there are none, or
            where all ratings are the same, for then chance would agree too.
        raters: how many have rated such a unit.
        ratings: how many ratings of such units there are.
        level: "ordinal", "nominal" or "interval".
    """

    alpha: Estimate
    raters: int
    ratings: int
    level: str

    def __str__(self) -> str:
        raters, units = _plural(self.raters, "rater"), _plural(self.alpha.n, "unit")
        interval = f" [{digits(self.alpha.low)}, {digits(self.alpha.high)}]" if np.isfinite(self.alpha.value) else ""
        return f"α {digits(self.alpha.value)}{interval}, {self.level}, {raters}, {units}"


def agreement(ratings: Any, *, level: str = "ordinal", resamples: int = 1000, seed: int = 0) -> Agreement:
    """Krippendorff's α of ratings, with a percentile bootstrap interval over the units.

    With n_uc the number of ratings c of unit u, and m_u ≥ 2 all its ratings, the coincidences are
    o_ck = Σ_u n_uc (n_uk − [c = k]) / (m_u − 1), their margins n_c = Σ_k o_ck and n = Σ_c n_c; then
    α = 1 − (n − 1) Σ_ck o_ck δ²_ck / Σ_ck n_c n_k δ²_ck. The difference δ²_ck is [c ≠ k] (nominal), (c − k)²
    (interval), or (n_c / 2 + Σ_{c<g<k} n_g + n_k / 2)² (ordinal). A unit with a single rating says nothing.

    Args:
        ratings: one row per rater and one column per unit, nan where a rating is missing; or a DataFrame with the
            columns rater, item and score.
        level: of measurement: "ordinal" for scores such as 0 to 3, "nominal" for names, "interval" for quantities.
        resamples: of the units, for the interval.
        seed: of the resamples.

    Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; the interval as in Zapf et al. 2016,
    "Measuring inter-rater reliability for nominal data".

    Example:
        >>> from workbench.explore.ratings import agreement
        >>> nan = float("nan")
        >>> print(agreement([[1, 2, 3, 3, 2, 1, nan], [1, 2, 3, 3, 2, 2, 1]]))
        α .884 [.389, 1.00], ordinal, 2 raters, 6 units
    """
    if level not in ("ordinal", "nominal", "interval"):
        raise ValueError(f"there is no level {level!r}; choose ordinal, nominal or interval")
    table = _by_rater(ratings)
    table = table[:, np.isfinite(table).sum(0) >= 2]  # [raters, U]
    present = np.isfinite(table)
    values, each = np.unique(table[present], return_inverse=True)
    n_uc = np.zeros((table.shape[1], len(values)))  # [U, C]
    np.add.at(n_uc, (np.nonzero(present)[1], each), 1)
    together = n_uc[:, :, None] * (n_uc[:, None] - np.eye(len(values)))  # [U, C, C]
    together /= np.maximum(1, present.sum(0) - 1)[:, None, None]

    units = table.shape[1]
    value = float(_alpha(together.sum(0)[None], values, level)[0])
    low = high = float("nan")
    if units > 1 and np.isfinite(value):
        times = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=resamples)  # [R, U]
        drawn = _alpha(np.tensordot(times, together, axes=1), values, level)
        low, high = np.nanquantile(drawn, [0.025, 0.975]).tolist()
    raters = int(present.any(1).sum())
    return Agreement(Estimate(value, low, high, units), raters, int(present.sum()), level)


def _alpha(together: np.ndarray, values: np.ndarray, level: str) -> np.ndarray:
    """α of every table of coincidences, [R, C, C] → [R]; nan where all ratings are the same."""
    n_c = together.sum(-1)  # [R, C]
    if level == "ordinal":
        below = np.cumsum(n_c, -1) - n_c / 2  # the middle of a value's ratings among all in order
        apart = below[:, :, None] - below[:, None]
    elif level == "interval":
        apart = (values[:, None] - values[None])[None]
    else:
        apart = 1.0 - np.eye(len(values))[None]
    seen = (together * apart**2).sum((-2, -1))
    by_chance = (n_c[:, :, None] * n_c[:, None] * apart**2).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance > 0, 1 - (n_c.sum(-1) - 1) * seen / by_chance, np.nan)


def _by_rater(ratings: Any) -> np.ndarray:
    """Ratings as [raters, units], nan where there is none."""
    if hasattr(ratings, "pivot"):
        ratings = ratings.pivot(index="rater", columns="item", values="score")
    table = np.asarray(ratings, dtype=float)
    if table.size == 0:
        return np.empty((0, 0))
    if table.ndim != 2:
        raise ValueError(
            f"ratings have the shape {table.shape}; give a row for every rater and a column for every unit"
        )
    return table


# ---------------------------------------------------------------- a session


@dataclass(frozen=True)
class Item:
    """A hypothesis and one example of the unit that it is about.

    Attributes:
        source: which index the unit is of: "features", "neurons".
        unit: its number there.
        hypothesis: what the unit is said to mean; how: where that comes from.
        kind: "top", "interval", or "negative" if the unit is silent on the token.
        group: which tenth of the activation range, 0 the lowest; of "top", the rank.
        value: the activation at the token.
        text: the number of the text; token: the place in it, BOS included.
        at: which of the pieces the token is.
        ids, pieces: the tokens around it; values: the activation at every one of them.
    """

    source: str
    unit: int
    hypothesis: str
    how: str
    kind: str
    group: int
    value: float
    text: int
    token: int
    at: int
    ids: tuple[int, ...] = field(repr=False)
    pieces: tuple[str, ...] = field(repr=False)
    values: tuple[float, ...] = field(repr=False)

    def about(self) -> dict[str, Any]:
        """All that tells what the item was, without its text."""
        return {name: value for name, value in asdict(self).items() if name not in ("ids", "pieces", "values", "at")}


@dataclass(frozen=True)
class Session:
    """Items that several raters rate, each in an order of their own.

    Attributes:
        name: under which it is stored, with its ratings.
        seed: what was drawn with.
        items: in the order in which they were drawn and mixed; a rating names an item by its place here.
    """

    name: str
    seed: int
    items: tuple[Item, ...]

    def order(self, rater: str) -> list[int]:
        """The order in which a rater gets the items: the same whenever asked, and nobody else's.

        Example:
            >>> from workbench.explore.ratings import Session
            >>> session = Session("s", 0, items=tuple(range(6)))
            >>> session.order("Ada") == session.order("Ada") != session.order("Bob")
            True
        """
        order = list(range(len(self.items)))
        random.Random(f"{self.seed} {self.name} {rater}").shuffle(order)
        return order

    def __repr__(self) -> str:
        counts = {source: sum(item.source == source for item in self.items) for source in _sources(self.items)}
        silent = sum(item.kind == "negative" for item in self.items)
        items = ", ".join(f"{n} of {source}" for source, n in counts.items())
        return f"Session({self.name!r}: {items}; the unit is silent in {silent})"


def sample(
    index: Any,
    others: Any = None,
    *,
    claims: Mapping[Any, Any] | None = None,
    n: int = 60,
    seed: int = 0,
    silent: float = SILENT,
    session: str = "",
    notes: Notes | str | Path | None = None,
) -> Session:
    """Draw a blind session and store it; the same call later, in whatever process, gives the session that is stored.

    1. Every index gives the same number of items. 2. Of each, units that are alive and have a hypothesis are drawn
    evenly; a unit comes again only when all have come. 3. A share of the items are examples on which the unit is
    silent; the others go round the tenths of the activation range and the top, so that each part is shown as often
    (the nearest part where a unit has no example there). 4. All are mixed.

    Args:
        index: of the features: anything with `index[unit]` and `alive`.
        others: what they are compared with: an index of neurons, or several by name.
        claims: hypotheses by unit; or, where there are several indexes, such by name of the index. Where none are
            given, what the cards of the index say, automatic labels too.
        n: how many items.
        seed: of everything that is drawn.
        silent: the share of items on which the unit is silent.
        session: under which name it is stored; made from these settings if none is given.
        notes: where it is stored; the notes of the first index if not given.

    Raises:
        ValueError: an index has no unit that is alive and has a hypothesis; n is too small; or another session has this
            name.

    Example:
        >>> import workbench as wb
        >>> texts = ["The Golden Gate Bridge is in San Francisco.", "The old dog is in the garden."]
        >>> index = wb.explore.index(wb.load(), wb.decompose.load(), texts, to=tmp / "index")
        >>> session = wb.explore.sample(index, n=10, seed=0, session="first")
        >>> session
        Session('first': 10 of features; the unit is silent in 2)
        >>> wb.explore.sample(index, n=10, seed=0, session="first") == session
        True
    """
    indexes = _named(index, others)
    by_source = _claims(claims, list(indexes))
    kept = _notes(index if notes is None else notes)
    asked = {"indexes": list(indexes), "n": n, "seed": seed, "silent": silent, "claims": _digest(by_source)}
    name = session or f"{n} of {' and '.join(indexes)}, seed {seed} ({_digest(asked)})"
    if name in (stored := kept.sessions()):
        return _restored(name, stored[name], asked)
    if n < len(indexes):
        raise ValueError(f"{n} items are too few for {len(indexes)} indexes; ask for more, at least one of each")
    if not 0 <= silent < 1:
        raise ValueError(f"a share of {silent:g} silent items cannot be; choose 0 or more, and less than 1")
    items: list[Item] = []
    for place, (source, one) in enumerate(indexes.items()):
        share = n // len(indexes) + (place < n % len(indexes))
        items += _draw(source, one, by_source[source], share, silent, random.Random(f"{seed} {source}"))
    random.Random(f"{seed} mixed").shuffle(items)
    plan = {"asked": asked, "items": [asdict(item) for item in items]}
    return _restored(name, kept.begin(name, plan), asked)


def _named(index: Any, others: Any) -> dict[str, Any]:
    if others is None:
        return {FEATURES: index}
    return {FEATURES: index, **(dict(others) if isinstance(others, Mapping) else {NEURONS: others})}


def _claims(claims: Mapping[Any, Any] | None, sources: Sequence[str]) -> dict[str, dict[int, str]]:
    """Hypotheses by source and unit; an empty dictionary stands for the labels of the index."""
    claims = dict(claims or {})
    if all(isinstance(text, str) for text in claims.values()):
        claims = {sources[0]: claims}
    if unknown := [source for source in claims if source not in sources]:
        raise ValueError(f"claims name {unknown[0]!r}, and the indexes are {', '.join(sources)}")
    return {source: {int(unit): text for unit, text in claims.get(source, {}).items()} for source in sources}


def _digest(asked: Any) -> str:
    """Made from what was asked for and nothing else: labels that change later are no other session."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:6]


def _restored(name: str, plan: Mapping[str, Any], asked: Mapping[str, Any]) -> Session:
    """The session that is stored, if it is the one that is asked for."""
    if differs := [what for what, value in asked.items() if plan["asked"][what] != value]:
        had = ", ".join(f"{what} {plan['asked'][what]}" for what in differs)
        wanted = ", ".join(f"{what} {asked[what]}" for what in differs)
        raise ValueError(f"session {name!r} is there already, with {had}, not {wanted}; ask for the same, or rename it")
    items = [Item(**{what: _frozen(value) for what, value in item.items()}) for item in plan["items"]]
    return Session(name, plan["asked"]["seed"], tuple(items))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _draw(
    source: str, index: Any, claims: Mapping[int, str], n: int, silent: float, chance: random.Random
) -> list[Item]:
    """Items of one index."""
    items: list[Item] = []
    used: dict[int, set[tuple[int, int]]] = defaultdict(set)
    kinds = _kinds(n, silent, chance)
    kind = next(kinds)
    for unit, card, hypothesis, how in _units(index, claims, chance):
        example = _example(card, kind, used[unit], chance)
        if example is None:
            continue
        place = (int(example.text), int(example.token))
        used[unit].add(place)
        about = (source, unit, hypothesis, how, example.kind, int(example.group), float(example.value))
        texts = (tuple(map(int, example.ids)), tuple(example.pieces), tuple(map(float, example.values)))
        items.append(Item(*about, *place, int(example.at), *texts))
        if len(items) == n:
            return items
        kind = next(kinds)
    raise ValueError(_too_few(source, claims, items, len(used), n))


def _too_few(source: str, claims: Mapping[int, str], items: Sequence[Item], units: int, n: int) -> str:
    if units:
        return (
            f"{source}: {units} units with a hypothesis give {len(items)} different examples, and {n} were asked for; "
            "ask for fewer items, or give hypotheses for more units"
        )
    said = f"none of the {len(claims)} units in claims is alive" if claims else "no unit that is alive has a label"
    return f"{source}: {said}; label some with index.label(unit, text), or give claims={{unit: text}}"


def _units(index: Any, claims: Mapping[int, str], chance: random.Random) -> Iterator[tuple[int, Any, str, str]]:
    """Units that are alive and have a hypothesis, in an order of chance: all once, then all again, some times.

    Cards are read when they are needed: of many units few are drawn.
    """
    order = sorted(unit for unit in map(int, index.alive) if not claims or unit in claims)
    chance.shuffle(order)
    cards: dict[int, Any] = {}
    for _ in range(ROUNDS):
        for unit in order:
            card = cards[unit] = cards[unit] if unit in cards else index[unit]
            if claims:
                yield unit, card, claims[unit], "given"
            elif card.label is not None:
                yield unit, card, card.label.text, card.label.how


def _kinds(n: int, silent: float, chance: random.Random) -> Iterator[tuple[str, int]]:
    """Which part of the range each item is from, as (kind, tenth), the top being a part; then parts of chance."""
    negatives = [("negative", 0)] * round(n * silent)
    parts = [("top", 0), *(("interval", tenth) for tenth in range(10))]
    shown: list[tuple[str, int]] = []
    while len(shown) < n - len(negatives):
        chance.shuffle(parts)
        shown += parts
    kinds = negatives + shown[: n - len(negatives)]
    chance.shuffle(kinds)
    yield from kinds
    while True:
        yield ("interval", chance.randrange(10))


def _example(card: Any, wanted: tuple[str, int], used: set[tuple[int, int]], chance: random.Random) -> Any:
    """An example of this part of the range that was not shown yet, or of the nearest part; None if there is none."""
    kind, group = wanted
    left = [example for example in card.examples if (example.text, example.token) not in used]
    ranked = [example for example in left if example.kind == kind]
    if not ranked and kind != "negative":
        ranked = [example for example in left if example.kind in ("interval", "top")]
    if not ranked:
        return None
    if kind == "interval":
        height = {id(one): one.group if one.kind == "interval" else 9 for one in ranked}
        nearest = min(abs(height[id(one)] - group) for one in ranked)
        ranked = [one for one in ranked if abs(height[id(one)] - group) == nearest]
    return chance.choice(ranked)


# ---------------------------------------------------------------- results


def results(notes: Any, session: str | None = None, *, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """What the raters found, for every source and for all.

    A unit's score is the mean over its items and raters; the score of a source is the mean over its units, with
    Student's t interval over these; where all are alike, with what so few units still allow. Items on which the unit
    is silent are apart: what they score is what a hypothesis gets where it should get nothing. α is over the items on
    which units fire, and in the row "all" over all items.

    Args:
        notes: where the ratings are: `Notes`, a path, or an index.
        session: which one; the newest if none is named.
        resamples: for the interval of α.
        seed: of the resamples.

    Returns:
        One row per source: source, score, low, high, units, items, ratings, raters, alpha, alpha_low, alpha_high,
        silent (the mean score where the unit is silent), silent_low, silent_high, silent_n (units).

    Example:
        >>> from workbench.explore import Notes
        >>> from workbench.explore.ratings import results
        >>> notes = Notes(tmp / "ratings.sqlite")
        >>> for item, (unit, score) in enumerate([(3, 3), (3, 2), (8, 0), (8, 1)]):
        ...     notes.rate("Ada", item, score, session="s", about={"source": "features", "unit": unit, "kind": "top"})
        >>> results(notes, "s")[["source", "score", "units", "raters"]].to_dict("records")
        [{'source': 'features', 'score': 1.5, 'units': 2, 'raters': 1}]
        >>> notes.close()
    """
    import pandas as pd

    kept = _notes(notes)
    if session is None:
        session = next(reversed([name for name, plan in kept.sessions().items() if "items" in plan]), "")
    table = kept.ratings(session)
    about = pd.DataFrame(list(table["about"]), index=table.index, columns=["source", "unit", "kind"])
    table = table.join(about).dropna(subset=["score"])
    sources = _sources(kept.sessions().get(session, {}).get("items", [])) or sorted(set(table["source"].dropna()))
    rows = []
    for source in [*sources, *(["all"] if len(sources) > 1 else [])]:
        part = table if source == "all" else table[table["source"] == source]
        fires = part[part["kind"] != "negative"]
        alpha = agreement(part if source == "all" else fires, resamples=resamples, seed=seed).alpha
        rows.append(_row(source, part, fires, alpha))
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    *("source", "score", "low", "high", "units", "items", "ratings", "raters", "alpha", "alpha_low", "alpha_high"),
    *("silent", "silent_low", "silent_high", "silent_n"),
]


def _row(source: str, part: pd.DataFrame, fires: pd.DataFrame, alpha: Estimate) -> list[Any]:
    score = _by_unit(fires)
    control = _by_unit(part[part["kind"] == "negative"])
    counts = [fires["item"].nunique(), len(fires), fires["rater"].nunique()]
    intervals = [*(score.value, score.low, score.high, score.n), *counts, *(alpha.value, alpha.low, alpha.high)]
    return [source, *intervals, control.value, control.low, control.high, control.n]


def _by_unit(ratings: pd.DataFrame) -> Estimate:
    """The mean over units of their mean scores; the interval ends where the scale does."""
    if not len(ratings):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    units = defaultdict(list)
    for source, unit, score in zip(ratings["source"], ratings["unit"], ratings["score"], strict=True):
        units[source, unit].append(score)
    found, most = mean([sum(scores) / len(scores) for scores in units.values()]), float(SCORES[-1])
    if found.low == found.high:  # all are alike: what so few still allow, some of them being at either end
        least = 1 - 0.025 ** (1 / found.n)
        found = Estimate(found.value, found.value * (1 - least), found.value + least * (most - found.value), found.n)
    return Estimate(found.value, max(0.0, found.low), min(most, found.high), found.n)


def _sources(items: Sequence[Any]) -> list[str]:
    """In the order of the indexes: features first, then by name."""
    names = {item["source"] if isinstance(item, Mapping) else item.source for item in items}
    return sorted(names, key=lambda name: (name != FEATURES, name))


def _notes(kept: Any) -> Notes:
    if isinstance(kept, str | Path):
        return Notes(kept)
    return kept if isinstance(kept, Notes) else kept.notes


def _plural(n: int, noun: str) -> str:
    return f"{grouped(n)} {noun}{'' if n == 1 else 's'}"
