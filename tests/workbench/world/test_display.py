"""A document shows its text as text, and its concepts on hover."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice

import workbench as wb
from workbench.world.display import GROUP, GROUPS
from workbench.world.grammar import Document, Span


def test_the_text_is_shown_whole_and_never_as_markup() -> None:
    document = Document("facts", "en", '<b onclick="x">an eel & co</b>', (Span(15, 21, "animal.eel"),))
    shown = document._repr_html_()
    assert "<b onclick" not in shown and 'title="animal.eel"' in shown
    body = shown.split("</div>", 1)[1]
    assert unescape(re.sub(r"<[^>]+>", "", body)) == document.text


def test_every_concept_of_the_language_has_a_tint_or_spans_whole_texts() -> None:
    roots = {name.partition(".")[0] for name in wb.world.concepts()}
    assert roots - set(GROUP) == {"written", "chat", "aftermath"} and set(GROUP) <= roots
    assert len(GROUPS) <= 7


def test_what_is_generated_is_shown_whole() -> None:
    for document in islice(wb.world.documents("train", 5), 200):
        body = document._repr_html_().split("</div>", 1)[1]
        assert unescape(re.sub(r"<[^>]+>", "", body)) == document.text
