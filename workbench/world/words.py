"""Words that name a concept, wherever they stand: what templates say literally is labelled like what fills their slots.

A label must not depend on how a sentence came about. Templates label what fills their
slots; this finds the same words where a template has them in so many letters. Left out
are words that mean something else as often as not, and words inside a name: the bridge
of *Golden Gate Bridge* is no bridge of its own. In a program words are looked for in
strings, comments and what is printed, not in names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from .grammar import Span
from .lexicon import NOUNS, WORDS
from .scene import entries

HOMONYMS = {
    "en": {"bear", "may", "rings", "drink", "America", "real"},
    "de": {"weiß", "Karten", "Amerika"},
    "fr": {"cartes", "carte", "lire", "place", "tour", "porte", "port", "mars", "Amérique", "pièce"},
    "es": {"moneda", "vela", "velas", "cartas", "real", "América"},
}
"""Words that are as often something else: a verb, playing cards, "true", a part of a longer name."""
PHRASES = {"en": ("coat hanger", "pound of", "pounds of"), "de": (), "fr": (), "es": ()}
"""What such a word is part of where it means something else."""
CATEGORIES = (*NOUNS, *WORDS, "landmark", "city", "country")
NAMES = ("landmark", "city", "country", "stranger", "president", "namesake", "person")


def missing(text: str, tongue: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans of words that name a concept and do not carry it yet.

    Example:
        >>> from workbench.world.words import missing
        >>> [span.concept for span in missing("In the garden stood a lamp.", "en", ())]
        ['place.garden', 'thing.lamp']
    """
    said, labelled = _said(tongue), {(span.start, span.concept) for span in spans}
    free = {(span.start, span.stop) for span in spans if span.concept in ("paraphrase", "pronoun")}
    names = [
        (span.start, span.stop)
        for span in spans
        if span.concept.partition(".")[0] in NAMES and (span.start, span.stop) not in free
    ]
    end = 0
    for word in re.finditer(r"\w+", text):
        start = word.start()
        for form, concept in said.get(word[0], ()):
            stop = start + len(form)
            if start >= end and text.startswith(form, start) and not text[stop : stop + 1].isalnum():
                named = any(low <= start and stop <= high for low, high in names)
                if concept and not named and (start, concept) not in labelled:
                    yield Span(start, stop, concept)
                end = stop
                break


@cache
def _said(tongue: str) -> dict[str, list[tuple[str, str]]]:
    """First word → every form that begins with it, the longest first, and its concept; of no form with two concepts."""
    forms: dict[str, set[str]] = {}
    for category in CATEGORIES:
        for key, written in entries(tongue)[category].items():
            concept = f"{category}.{key}"
            for form in ("", "many"):
                for text, labels in written.get(form, ()):
                    if concept in labels and text:
                        forms.setdefault(text, set()).add(concept)
                        forms.setdefault(text[0].upper() + text[1:], set()).add(concept)
    said: dict[str, list[tuple[str, str]]] = {}
    forms |= {phrase: {""} for phrase in PHRASES[tongue]}
    for form, concepts in sorted(forms.items(), key=lambda item: -len(item[0])):
        if len(concepts) == 1 and form not in HOMONYMS[tongue] and form.lower() not in HOMONYMS[tongue]:
            said.setdefault(re.match(r"\w+", form)[0], []).append((form, *concepts))
    return said
