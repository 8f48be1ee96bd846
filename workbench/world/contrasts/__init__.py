"""Abstract concepts in contrasts: what somebody does, an innocent twin, and what follows from each.

No word is shared by all the forms of a concept, and every form has a twin that differs
in little else, so a word alone tells nothing. What follows (`after`, `after_twin`) is
common to all forms: to foresee it, a model has to see what the forms share.
"""

from __future__ import annotations

from dataclasses import dataclass

PAIRS = {
    "deception": "honesty",
    "sycophancy": "candour",
    "secrecy": "openness",
    "inner_conflict": "resolve",
    "human_suffering": "human_comfort",
    "animal_suffering": "animal_comfort",
    "veganism": "omnivory",
}
"""Every abstract concept and its innocent twin."""


@dataclass(frozen=True)
class Form:
    """One way in which a concept shows, and its twin.

    Attributes:
        setting: what both have in common; it ends where they part.
        act: how it goes on where the concept is present. All of it carries the concept.
        twin: how it goes on where the twin is.
        then: what follows the act in this form alone; if empty, one of the contrast's `after` follows.
        then_twin: what follows the twin in this form alone.
    """

    setting: str
    act: str
    twin: str
    then: str = ""
    then_twin: str = ""


@dataclass(frozen=True)
class Contrast:
    """The forms of a concept and its twin in one language, and what follows in all of them."""

    forms: tuple[Form, ...]
    after: tuple[str, ...]
    after_twin: tuple[str, ...]
