"""The scene of a document: who and what is in it, drawn when first named and then kept.

A slot is `name` or `name.form`; a number after the name tells two of a kind apart
(`animal`, `animal2`). What the slots are:

- `person1`, `person2`, …: a first name; forms `he him his himself` (and in the other tongues
  their words, see `PRONOUNS`). In "train" no two people of a held-out pair share a scene.
- `animal food thing place job`: a noun; forms `a the many`, and in German `acc` (einen),
  `theacc` (den), `dat` (einem), `thedat` (dem), in French `of` (du) and `to` (au), in Spanish
  `of` (del) and `to` (al). `animal.class`, `animal.eats` (English), `food.country`,
  `food.made_of` (English).
- `colour day month`: a word.
- `landmark`: its name (forms as a noun; in English `the` only, for some have no article);
  `landmark.also`: a paraphrase, drawn anew each time; `landmark.city`, `.country`, `.tongue`,
  `.currency`, `.continent`, `.capital`, `.colour`, `.kind`.
- `city`, `city.country`, `.tongue`, `.currency`, `.continent`, `.capital`; `country`, `country.tongue`, …
- `small` (2 to 9): a number in digits.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import accumulate
from random import Random
from types import ModuleType

from .grammar import Piece
from .lexicon import CITIES, COUNTRIES, DISHES, EATS, LANDMARKS, LANGUAGES, NOUNS, PEOPLE, TONGUES, WORDS, Person
from .splits import pair_held_out, withheld

Pieces = tuple[Piece, ...]

PRONOUNS = {
    "en": {"he": "he she", "him": "him her", "his": "his her", "himself": "himself herself"},
    "de": {"he": "er sie", "him": "ihn sie", "tohim": "ihm ihr", "his": "sein ihr"},
    "fr": {"he": "il elle", "him": "le la", "tohim": "lui lui"},
    "es": {"he": "él ella", "him": "lo la", "tohim": "le le"},
}
"""The forms of a person besides the name: a man's word, a woman's word."""


class DeadEnd(Exception):
    """A scene cannot go on: the document is written anew."""


class Scene:
    """The slots of one document; `given` holds what the writer sets itself."""

    def __init__(self, rng: Random, split: str, tongue: str, given: dict[str, Pieces | str] | None = None) -> None:
        self.rng, self.split, self.tongue = rng, split, tongue
        self.given: dict[str, Pieces | str] = given or {}
        self.people: list[Person] = []
        self.keys: dict[str, str] = {}
        self.told_withheld = False

    def __getitem__(self, slot: str) -> Pieces | str:
        if slot in self.given:
            return self.given[slot]
        name, _, form = slot.partition(".")
        category = name.rstrip("0123456789")
        if category == "person":
            return self._person(int(name[6:] or 1), form)
        if category == "small":
            return self.given.setdefault(slot, str(2 + int(self.rng.random() * 8)))
        if category not in _weights():
            raise KeyError(f"no slot {{{slot}}}; there are: person, small, {', '.join(_weights())}")
        key = self.key(name)
        if form == "also":
            names = alsos(self.tongue)[key]
            return names[int(self.rng.random() * len(names))]
        said = entries(self.tongue)[category][key]
        if form not in said:
            raise KeyError(f"no form {form!r} of {{{name}}} in {self.tongue}; there are: {', '.join(said)}")
        self.told_withheld |= withheld(category, self.keys[name], form)
        return said[form]

    def renew(self) -> None:
        """Go on with the same people and nothing else."""
        self.keys, self.given = {}, {}

    def key(self, name: str) -> str:
        """The key of what the slot stands for: different slots of a category stand for different things."""
        if name not in self.keys:
            category = name.rstrip("0123456789")
            taken = {key for other, key in self.keys.items() if other.rstrip("0123456789") == category}
            keys, weights = _weights()[category]
            if len(taken) == len(keys):
                raise ValueError(f"a scene has only {len(keys)} of {category}")
            while (key := keys[bisect(weights, self.rng.random() * weights[-1])]) in taken:
                pass
            self.keys[name] = key
        return self.keys[name]

    def company(self, n: int) -> list[Person]:
        """The first n people; in "train" no two of a held-out pair, else the first two are one.

        Raises:
            DeadEnd: nobody who is left may meet all who are here.
        """
        tries = 0
        while len(self.people) < n:
            person = PEOPLE[int(self.rng.random() * len(PEOPLE))]
            if self._may_join(person):
                self.people.append(person)
            elif (tries := tries + 1) % 1000 == 0 and not any(map(self._may_join, PEOPLE)):
                raise DeadEnd(f"nobody may join {', '.join(person.name for person in self.people)}")
        return self.people[:n]

    def _may_join(self, person: Person) -> bool:
        if person in self.people:
            return False
        held = [pair_held_out(person.name, other.name) for other in self.people]
        return not any(held) if self.split == "train" else len(held) != 1 or held[0]

    def _person(self, number: int, form: str) -> Pieces:
        return person(self.company(number)[-1], form, self.tongue)


@cache
def person(who: Person, form: str, tongue: str) -> Pieces:
    """Someone's name, or a pronoun."""
    if not form:
        return ((who.name, ("person.woman" if who.woman else "person.man",)),)
    if form not in PRONOUNS[tongue]:
        raise KeyError(f"no form {form!r} of a person in {tongue}; there are: {', '.join(PRONOUNS[tongue])}")
    return ((PRONOUNS[tongue][form].split()[who.woman], ("pronoun",)),)


@cache
def _weights() -> dict[str, tuple[Sequence[str], Sequence[float]]]:
    """Of every category, the keys and their cumulative weights, by Zipf's law; days and months are alike."""
    keys: dict[str, list[str]] = {category: [row[0] for row in _rows(table)] for category, table in NOUNS.items()}
    keys |= {category: [row[0] for row in _rows(table)] for category, table in WORDS.items()}
    keys |= {"landmark": [x.key for x in LANDMARKS], "city": [*CITIES], "country": [*COUNTRIES]}
    flat = {"day", "month", "job"}
    return {
        category: (words, list(accumulate(1.0 if category in flat else 1 / (n + 2) for n in range(len(words)))))
        for category, words in keys.items()
    }


@cache
def prose(tongue: str) -> ModuleType:
    """The tables of sentences in a tongue."""
    return import_module(f".prose.{LANGUAGES[tongue]}", __package__)


@cache
def entries(tongue: str) -> dict[str, dict[str, dict[str, Pieces]]]:
    """Category → key → form → what is written, with its concepts."""
    column = 1 + TONGUES.index(tongue)
    found: dict[str, dict[str, dict[str, Pieces]]] = {}
    for category, table in NOUNS.items():
        found[category] = {row[0]: _forms(tongue, row[column], f"{category}.{row[0]}") for row in _rows(table)}
    for category, table in WORDS.items():
        found[category] = {row[0]: {"": ((row[column], (f"{category}.{row[0]}",)),)} for row in _rows(table)}
    found["country"] = {
        key: {"": ((country.names[column - 1], (f"country.{key}",)),)} for key, country in COUNTRIES.items()
    }
    found["city"] = {key: {"": ((city.names[column - 1], (f"city.{key}",)),)} for key, city in CITIES.items()}
    for key, country in COUNTRIES.items():
        for fact in ("tongue", "currency", "continent"):
            found["country"][key][fact] = found[fact][getattr(country, fact)][""]
        found["country"][key]["capital"] = found["city"][country.capital][""]
    for key, city in CITIES.items():
        found["city"][key] |= {"country": found["country"][city.country][""]}
        found["city"][key] |= {f: x for f, x in found["country"][city.country].items() if f}
    found["landmark"] = {}
    for landmark in LANDMARKS:
        if tongue == "en":
            said = (landmark.name, (f"landmark.{landmark.key}",))
            forms = {"": (said,), "the": (("the ", ()), said) if landmark.article else (said,)}
        else:
            forms = _forms(tongue, prose(tongue).LANDMARKS[landmark.key][0], f"landmark.{landmark.key}")
        facts = {f: x for f, x in found["city"][landmark.city].items() if f}
        own = {fact: found[fact][getattr(landmark, fact)][""] for fact in ("city", "colour", "kind")}
        found["landmark"][landmark.key] = forms | facts | own
    for key, (kind, eats) in EATS.items():
        found["animal"][key] |= {"class": found["class"][kind][""], "eats": ((eats, ()),)}
    for key, dish in DISHES.items():
        found["food"][key]["made_of"] = ((dish.made_of, ()),)
        if dish.country:
            found["food"][key]["country"] = found["country"][dish.country][""]
    return found


@cache
def alsos(tongue: str) -> dict[str, tuple[Pieces, ...]]:
    """Every landmark's paraphrases; in other tongues than English there is one, with its article."""
    if tongue == "en":
        said = {x.key: x.paraphrases for x in LANDMARKS}
    else:
        said = {key: texts[1:] for key, texts in prose(tongue).LANDMARKS.items()}
    return {key: tuple(((t, (f"landmark.{key}", "paraphrase")),) for t in texts) for key, texts in said.items()}


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


# ---- the forms of a noun ---------------------------------------------------------------------------


def _forms(tongue: str, entry: str, concept: str) -> dict[str, Pieces]:
    """Every form of a noun; only the noun itself carries the concept, not its article."""
    article, _, noun = entry.partition(" ") if tongue != "en" else ("", "", entry)
    one, _, many = noun.partition("/")
    said = {"": "", "many": ""} | {
        "en": lambda: {"a": "an " if one[0] in "aeiou" else "a ", "the": "the "},
        "de": lambda: _german(article),
        "fr": lambda: _french(article, one),
        "es": lambda: _spanish(article),
    }[tongue]()
    return {
        form: (*(((before, ()),) if before else ()), (many if form == "many" else one, (concept,)))
        for form, before in said.items()
    }


def _german(article: str) -> dict[str, str]:
    a = {"der": "ein ", "die": "eine ", "das": "ein "}[article]
    acc = {"der": ("einen ", "den "), "die": ("eine ", "die "), "das": ("ein ", "das ")}[article]
    dat = {"der": ("einem ", "dem "), "die": ("einer ", "der "), "das": ("einem ", "dem ")}[article]
    return {
        "a": a, "the": f"{article} ", "acc": acc[0], "theacc": acc[1], "dat": dat[0], "thedat": dat[1],
    }  # fmt: skip


def _french(article: str, noun: str) -> dict[str, str]:
    a = {"le": "un ", "la": "une "}[article]
    if noun[0].lower() in "aeiouéèêâîôœh":
        return {"a": a, "the": "l'", "of": "de l'", "to": "à l'"}
    of, to = {"le": ("du ", "au "), "la": ("de la ", "à la ")}[article]
    return {"a": a, "the": f"{article} ", "of": of, "to": to}


def _spanish(article: str) -> dict[str, str]:
    a = {"el": "un ", "la": "una "}[article]
    of, to = {"el": ("del ", "al "), "la": ("de la ", "a la ")}[article]
    return {"a": a, "the": f"{article} ", "of": of, "to": to}
