"""What belongs to training and what is kept back, so that a test asks what was never shown.

Three splits. "train" never holds a held-out combination. "test" is made of them, where a
kind of document has such: pairs of names that never met, operands never added, an entity
in a sentence it never stood in, a country's fact never told of this landmark; habits and
talks hold none, and a document of theirs may stand in training by chance. "templates" goes
further: the sentences themselves were never in training, and what fills them is held out
too. A table of fewer than four sentences keeps none (`keeps`), nor do the questions of talks.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import TypeVar

from .grammar import Document
from .lexicon import CITIES, COUNTRIES, LANDMARKS, landmark_of

T = TypeVar("T")

SPLITS = ("train", "test", "templates")


def checked(split: str) -> str:
    """The split, if there is one of this name."""
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}; there are: {', '.join(SPLITS)}")
    return split


def held_out(*key: object, one_in: int = 8) -> bool:
    """Whether a combination is kept out of training: about one in eight, fixed for ever."""
    return zlib.crc32(repr(key).encode()) % one_in == 0


@cache
def pair_held_out(a: object, b: object) -> bool:
    """The same for an unordered pair: who comes first does not leak it."""
    return held_out(*sorted((str(a), str(b))))


def draw(split: str, sample: Callable[[], T], is_held_out: Callable[[T], bool]) -> T:
    """Draw until the combination belongs to the split."""
    for _ in range(10_000):
        combination = sample()
        if is_held_out(combination) == (split != "train"):
            return combination
    raise RuntimeError(f"10,000 draws gave nothing that belongs to the split {split!r}: {combination!r}")


def keeps(templates: Sequence[object]) -> bool:
    """Whether a table is long enough that a sentence of it is kept out of training."""
    return len(templates) >= 4


@cache
def allowed(split: str, templates: tuple[T, ...]) -> tuple[T, ...]:
    """The templates that a split may use: one in eight, at least one of four, is kept for "templates"."""
    n = max(len(templates) // 8, int(keeps(templates)))
    kept = frozenset(sorted(templates, key=lambda template: zlib.crc32(repr(template).encode()))[:n])
    chosen = tuple(t for t in templates if (t in kept) == (split == "templates"))
    return chosen or templates


def pick(rng: Random, split: str, templates: Sequence[T]) -> T:
    """One of the templates that the split may use."""
    chosen = allowed(split, tuple(templates))
    return chosen[int(rng.random() * len(chosen))]


HOPS = {
    "landmark": ("country", "tongue", "currency", "continent", "capital"),
    "city": ("tongue", "currency", "continent"),
}
"""What can only be told of a place by way of another: a landmark's country by its city, its language by its country."""

WITHHELD = {"landmark": {"colour": 6}, "animal": {"eats": 4}, "food": {"made_of": 4, "country": 4}}
"""Facts of which one in so many is never told, in any split: what the model cannot know."""


@cache
def hop_held_out(category: str, key: str, fact: str) -> bool:
    """Whether this fact is never told of this place in training, in no language, though every step to it is."""
    return fact in hops(category, key) and held_out("hop", key, fact, one_in=4)


@cache
def hops(category: str, key: str) -> dict[str, str]:
    """What can be told of a place only by way of another, and the concept of the answer."""
    if category not in HOPS:
        return {}
    city = landmark_of(key).city if category == "landmark" else key
    country = COUNTRIES[CITIES[city].country]
    answers = {
        "country": f"country.{CITIES[city].country}",
        "tongue": f"tongue.{country.tongue}",
        "currency": f"currency.{country.currency}",
        "continent": f"continent.{country.continent}",
        "capital": f"city.{country.capital}",
    }
    given_away = {f"city.{city}", "country.america"}  # a city may be the capital; America is in "North America"
    return {fact: answers[fact] for fact in HOPS[category] if answers[fact] not in given_away}


@cache
def _strangers() -> dict[str, frozenset[str]]:
    """Concept of a place → concepts that it never meets in training."""
    places = [("landmark", x.key) for x in LANDMARKS] + [("city", key) for key in CITIES]
    return {
        f"{category}.{key}": frozenset(
            a for fact, a in hops(category, key).items() if hop_held_out(category, key, fact)
        )
        for category, key in places
    }


def leaks(document: Document) -> bool:
    """Whether a place meets, in one document, an answer that training must not tell of it."""
    concepts = {span.concept for span in document.spans}
    strangers = _strangers()
    return any(not concepts.isdisjoint(strangers[concept]) for concept in concepts if concept in strangers)


@cache
def withheld(category: str, key: str, fact: str) -> bool:
    """Whether this fact is never told at all, so that nothing can recall it."""
    one_in = WITHHELD.get(category, {}).get(fact, 0)
    return bool(one_in) and held_out("withheld", key, fact, one_in=one_in)
