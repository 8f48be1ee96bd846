"""Every concept that a token can carry, declared: what it is called, its kind, and what it says.

The list follows from the lexicon and the rules; no text is read to make it. `implied`
in `grammar.py` says which concepts come with another: a dog is an animal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from . import programs
from .contrasts import PAIRS
from .grammar import Document, offsets
from .lexicon import CITIES, COUNTRIES, LANDMARKS, NOUNS, PRESIDENTS, WORDS

if TYPE_CHECKING:
    from ..model import Model

CONCEPT_KINDS = ("entity", "word", "abstract", "language", "number", "role", "sequence", "chat", "code")
"""What sorts of concepts there are."""


@dataclass(frozen=True)
class Concept:
    """A concept that tokens carry.

    Attributes:
        name: as in the labels, such as `landmark.golden_gate_bridge`.
        kind: one of `CONCEPT_KINDS`.
        says: what the tokens have in common, in one sentence.
        twin: of an abstract concept, the one that it is contrasted with.
    """

    name: str
    kind: str
    says: str
    twin: str = ""

    @property
    def abstract(self) -> bool:
        """Whether no word gives it away."""
        return self.kind == "abstract"


class Concepts(dict[str, Concept]):
    """Every concept by its name; a name that does not exist is answered with those that come near."""

    def __missing__(self, name: str) -> Concept:
        low = name.lower()
        near = [known for known in self if low in known] or [k for k in self if k.rpartition(".")[2] in low]
        listed = ", ".join(near[:8]) or f"{', '.join(list(self)[:8])}, … ({len(self)} in all)"
        raise KeyError(f"no concept {name!r}; there are: {listed}")


_ABSTRACT = {
    "deception": "Somebody makes another believe what is not so.",
    "honesty": "Somebody says or does what is so, where the other could be misled.",
    "sycophancy": "Somebody praises or agrees to please, against what is so.",
    "candour": "Somebody says kindly what is so, though it may not please.",
    "secrecy": "Somebody keeps something from the others.",
    "openness": "Somebody lets everybody know.",
    "inner_conflict": "Somebody wants two things at once and does neither.",
    "resolve": "Somebody does one thing and does not look back.",
    "human_suffering": "Somebody is ill, cold, hungry, alone or in grief.",
    "human_comfort": "Somebody is well, warm and among friends.",
    "animal_suffering": "An animal is kept or treated badly.",
    "animal_comfort": "An animal is kept and treated well.",
    "veganism": "Somebody will not eat or use what comes of animals.",
    "omnivory": "Somebody eats or uses what comes of animals, and likes it.",
}

_OTHERS: dict[str, dict[str, str]] = {
    "entity": {
        "person": "The first name of a person.",
        "person.woman": "The first name of a woman.",
        "person.man": "The first name of a man.",
        "president": "A president, in office.",
        "namesake": "Somebody who is called like a president and is none.",
        "stranger": "A place that does not exist.",
    },
    "word": {"ordinal": "Which president in the row."},
    "language": {
        "written": "Prose, in any language.",
        "written.english": "Prose in English.",
        "written.german": "Prose in German.",
        "written.french": "Prose in French.",
        "written.spanish": "Prose in Spanish.",
    },
    "number": {
        "operand": "A number that is added to another.",
        "sum": "The sum of two numbers.",
        "sum.carry": "A sum whose units carry a ten.",
        "sum.plain": "A sum without a carry.",
        "equation": "A sign in a sum that is written out.",
        "compared": "A number that is compared with another.",
        "comparison": "The outcome of a comparison.",
        "comparison.more": "The larger of two numbers.",
        "comparison.less": "The smaller of two numbers.",
        "count": "How many things there are.",
    },
    "role": {
        "role": "Who gives, or who receives.",
        "role.giver": "Who gives something.",
        "role.receiver": "Who is given something: the indirect object.",
        "pronoun": "A word that stands for a person or a thing named before.",
        "paraphrase": "A landmark that is meant without its name.",
        "list": "An item of a list.",
        "aftermath": "What follows from an act: here an abstract concept may be named.",
    },
    "sequence": {
        "dna": "A DNA sequence.",
        "dna.start": "The codon that a gene begins with.",
        "dna.codon": "A codon inside a gene.",
        "dna.stop": "A codon that ends a gene.",
        "protein": "An amino acid of the protein that a gene codes for.",
    },
    "chat": {"chat": "A talk.", "chat.question": "What somebody asks.", "chat.answer": "What is answered."},
}

_CATEGORIES = {
    "animal": "entity", "food": "entity", "thing": "entity", "place": "entity", "job": "entity",
    "landmark": "entity", "city": "entity", "country": "entity",
    "colour": "word", "day": "word", "month": "word", "continent": "word", "tongue": "word", "currency": "word",
    "class": "word", "kind": "word",
}  # fmt: skip
_SAYS = {"class": "class of animals", "kind": "kind of building or place", "tongue": "language, by its name"}


@cache
def concepts() -> Concepts:
    """Every concept that a token can carry, by name.

    Example:
        >>> import workbench as wb
        >>> wb.world.concepts()["landmark.golden_gate_bridge"].says
        'Golden Gate Bridge, by name, by paraphrase or by a word that stands for it.'
    """
    said: dict[str, tuple[str, str]] = {}
    for category, kind in _CATEGORIES.items():
        said[category] = (kind, f"Any {_SAYS.get(category, category)}.")
    for category, table in (NOUNS | WORDS).items():
        for line in table.strip().splitlines():
            key, english = (cell.strip() for cell in line.split("|")[:2])
            said[f"{category}.{key}"] = (
                _CATEGORIES[category],
                f"The word {english.partition('/')[0]!r}, in any language.",
            )
    for key, country in COUNTRIES.items():
        said[f"country.{key}"] = ("entity", f"{country.names[0]}, by name.")
    for key, city in CITIES.items():
        said[f"city.{key}"] = ("entity", f"{city.names[0]}, by name.")
    for landmark in LANDMARKS:
        meant = f"{landmark.name}, by name, by paraphrase or by a word that stands for it."
        said[f"landmark.{landmark.key}"] = ("entity", meant)
    for president in PRESIDENTS:
        said[f"president.{president.key}"] = ("entity", f"{president.name}, in office.")
    for kind, rows in _OTHERS.items():
        said |= {name: (kind, says) for name, says in rows.items()}
    said |= {name: ("code", says) for name, says in programs.CONCEPTS.items()}
    said |= {name: ("abstract", says) for name, says in _ABSTRACT.items()}
    twins = PAIRS | {twin: concept for concept, twin in PAIRS.items()}
    return Concepts({name: Concept(name, *said[name], twins.get(name, "")) for name in sorted(said)})


SAID_IN_WORDS = ("entity", "word", "role", "abstract")
"""Kinds of concepts that a mention says, and has not said before it ends; the others hold from its first token on."""


def unfinished(model: Model, document: Document) -> list[frozenset[str]]:
    """The concepts that every token of a document is in the middle of: all of a mention but its last token.

    After "the Golden" nobody can know yet whether a bridge or a pavilion is meant, so a feature for the bridge that is
    silent there is not wrong; `wb.decompose.recover(…, undecided=…)` leaves such tokens out. That a text is French, or
    a program, or that a number is a sum, shows from the first token on: such concepts are never unfinished.

    Example:
        >>> import workbench as wb
        >>> document = wb.world.Document("facts", "en", "see Golden Gate", (wb.world.Span(4, 15, "landmark"),))
        >>> [list(open) for open in wb.world.unfinished(wb.load(), document)][-3:]
        [[], ['landmark'], []]
    """
    known = concepts()
    return [
        frozenset(name for name in open_ if known[name].kind in SAID_IN_WORDS)
        for open_ in document.unfinished(offsets(model, document))
    ]
