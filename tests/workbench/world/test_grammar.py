"""A template writes its text and labels it, and a broken one is named."""

from __future__ import annotations

from random import Random

import pytest

from workbench.world.grammar import Document, Page, Span, implied, parse, slots

SCENE = {"animal": (("an ", ()), ("eel", ("animal.eel",))), "empty": (("", ()), ("eel", ())), "place": "park"}


def written(template: str, seed: int = 0) -> tuple[str, tuple[Span, ...]]:
    page = Page(Random(seed), SCENE)
    page.write(template)
    document = page.document("facts", "en")
    return document.text, document.spans


def test_slots_labels_and_choices_are_written_with_their_spans() -> None:
    text, spans = written("[a, b: Then {animal}] left the {place}.")
    assert text == "Then an eel left the park."
    assert {(text[s.start : s.stop], s.concept) for s in spans} == {
        ("eel", "animal.eel"), ("Then an eel", "a"), ("Then an eel", "b"),
    }  # fmt: skip


def test_a_capital_goes_to_the_first_letter_that_is_written() -> None:
    assert written("{^animal} and {^empty}")[0] == "An eel and Eel"


def test_every_alternative_is_written_and_an_empty_one_says_nothing() -> None:
    assert {written("a(n old| {animal}|)!", seed)[0] for seed in range(40)} == {"an old!", "a an eel!", "a!"}


def test_an_escaped_mark_is_written_as_it_stands() -> None:
    assert written(r"f\(x\) \[1\] \{y\}")[0] == "f(x) [1] {y}"


def test_a_page_remembers_where_each_slot_was_filled() -> None:
    page = Page(Random(0), SCENE)
    page.write("See {animal} and {place}.")
    text = "".join(page.parts)
    assert [(name, text[start:stop]) for name, start, stop in page.filled] == [("animal", "an eel"), ("place", "park")]


@pytest.mark.parametrize("template", ["a {slot", "[a: b", "(one|two", "a) b", "[no colon]", "a] b", "{x"])
def test_a_mark_that_is_not_closed_or_opened_is_named_with_its_template(template: str) -> None:
    with pytest.raises(ValueError, match="closed|closes") as raised:
        parse(template)
    assert repr(template) in str(raised.value)


def test_slots_of_a_template_are_found_without_writing_it() -> None:
    template = "[x: {^person1} (saw [y: {animal}]|left)]."
    assert slots(template) == {"person1", "animal"}


def test_a_label_falls_on_every_token_that_shares_a_letter_with_it_and_implies_its_parents() -> None:
    document = Document("facts", "en", "an eel", (Span(3, 6, "animal.eel"), Span(0, 6, "whole")))
    assert document.labels([(0, 2), (2, 4), (4, 6)]) == [
        {"whole"}, {"whole", "animal", "animal.eel"}, {"whole", "animal", "animal.eel"},
    ]  # fmt: skip
    assert document.labels([(0, 2), (2, 3), (3, 6)])[1] == {"whole"}
    assert implied("a.b.c") == ("a", "a.b", "a.b.c")


def test_a_concept_is_unfinished_until_a_mention_of_it_ends() -> None:
    document = Document("facts", "en", "abcdef", (Span(0, 6, "whole"), Span(2, 4, "animal.eel"), Span(3, 6, "animal")))
    tokens = [(0, 2), (2, 3), (3, 4), (4, 6)]
    assert document.unfinished(tokens) == [{"whole"}, {"whole", "animal", "animal.eel"}, {"whole"}, set()]
    assert all(
        begun <= carried for begun, carried in zip(document.unfinished(tokens), document.labels(tokens), strict=True)
    )
