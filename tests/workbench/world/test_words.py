"""A word that names a concept carries it wherever it stands, in every language, but not inside another's name."""

from __future__ import annotations

import re
from itertools import islice

import pytest

import workbench as wb
from workbench.world.words import HOMONYMS, missing

WORDS = {
    "en": {"lamp": "thing.lamp", "hat": "thing.hat", "garden": "place.garden", "horse": "animal.horse"},
    "de": {"Lampe": "thing.lamp", "Hut": "thing.hat", "Garten": "place.garden", "Pferd": "animal.horse"},
    "fr": {"lampe": "thing.lamp", "chapeau": "thing.hat", "jardin": "place.garden", "cheval": "animal.horse"},
    "es": {"lámpara": "thing.lamp", "sombrero": "thing.hat", "jardín": "place.garden", "caballo": "animal.horse"},
}  # fmt: skip


@pytest.mark.parametrize("tongue", WORDS)
def test_every_mention_of_a_word_carries_its_concept(tongue: str) -> None:
    kinds = ("facts", "story", "contrast", "chat", "indirect_object", "list", "number")
    seen = dict.fromkeys(WORDS[tongue], 0)
    for document in islice(wb.world.documents("train", 4, kinds=kinds, tongues=(tongue,)), 1500):
        for word, concept in WORDS[tongue].items():
            for match in re.finditer(rf"(?<!\w){word}(?!\w)", document.text):
                at = [span for span in document.spans if span.start <= match.start() and match.end() <= span.stop]
                assert any(span.concept == concept for span in at), document.text[match.start() - 40 : match.end() + 20]
                seen[word] += 1
    assert min(seen.values()) > 5, seen


def test_a_word_inside_a_name_and_a_homonym_are_left_alone() -> None:
    text = "The Golden Gate Bridge may bear a lamp."
    name = wb.world.Span(4, 22, "landmark.golden_gate_bridge")
    assert [span.concept for span in missing(text, "en", (name,))] == ["thing.lamp"]
    assert {"bear", "may"} <= HOMONYMS["en"]


def test_a_word_that_is_labelled_already_is_not_labelled_twice() -> None:
    for document in islice(wb.world.documents("train", 4), 300):
        assert len(set(document.spans)) == len(document.spans) or document.kind in ("program", "library")


def test_a_word_that_means_something_else_is_not_labelled() -> None:
    for text in (
        "Real ham is made of pork.",
        "The name below it was real.",
        "the grey coat hanger",
        "a pound of butter",
    ):
        assert not [
            s for s in missing(text, "en", ()) if s.concept in ("currency.real", "thing.coat", "currency.pound")
        ]
    assert [s.concept for s in missing("The coat hung there.", "en", ())] == ["thing.coat"]


def test_words_in_strings_of_programs_are_labelled_and_names_are_not() -> None:
    labelled = 0
    for document in islice(wb.world.documents("train", 0, kinds=("program",)), 400):
        said = [
            s for s in document.spans if s.concept in ("code.string", "code.docstring", "code.comment", "code.output")
        ]
        for span in document.spans:
            if span.concept.partition(".")[0] in ("animal", "thing", "food"):
                assert any(s.start <= span.start and span.stop <= s.stop for s in said), document.text
                labelled += 1
    assert labelled > 50
