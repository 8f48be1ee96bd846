"""Templates that know what they say: text is written and its concepts are noted in one pass.

A template is prose with three marks:

- `{slot}` is filled by the scene, `{^slot}` with a capital letter;
- `[concept: prose]` carries a concept, or several (`[a, b: prose]`); marks may nest;
- `(one|another|)` is one of its alternatives, each as likely; an empty one says nothing.

A backslash takes the next character as it is. A concept that has dots in its name
implies what stands before each dot: a dog (`animal.dog`) is an animal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from .display import html

if TYPE_CHECKING:
    from ..model import Model

Piece = tuple[str, tuple[str, ...]]
"""A text and the concepts that the whole of it carries."""

Node = str | tuple
"""A literal, ("slot", name, capital), ("label", concepts, nodes) or ("choice", alternatives)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, stop) of a document carry a concept."""

    start: int
    stop: int
    concept: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its labelled spans; several labels may overlap.

    Attributes:
        kind: one of `wb.world.KINDS`.
        tongue: the language that it is written in: en, de, fr or es.
        text: what it says.
        spans: where it carries which concept, in the order of writing.

    Example:
        >>> import workbench as wb
        >>> document = next(wb.world.documents(split="train", seed=0))
        >>> document.kind in wb.world.KINDS
        True
    """

    kind: str
    tongue: str
    text: str
    spans: tuple[Span, ...]

    def labels(self, offsets: list[tuple[int, int]]) -> list[frozenset[str]]:
        """The concepts of every token, implied ones too, given each token's [start, stop) in characters.

        A token carries a concept if they share a character that is no space.
        """
        carried: list[set[str]] = [set() for _ in offsets]
        for span, tokens in self._mentions(offsets):
            for token in tokens:
                carried[token].update(implied(span.concept))
        return [frozenset(concepts) for concepts in carried]

    def unfinished(self, offsets: list[tuple[int, int]]) -> list[frozenset[str]]:
        """The concepts that every token is in the middle of: it carries them, and no mention of them ends with it."""
        carried = self.labels(offsets)
        ended: list[set[str]] = [set() for _ in offsets]
        for span, tokens in self._mentions(offsets):
            if tokens:
                ended[tokens[-1]].update(implied(span.concept))
        return [here - done for here, done in zip(carried, ended, strict=True)]

    def _mentions(self, offsets: list[tuple[int, int]]) -> Iterator[tuple[Span, range]]:
        """Every span, and the tokens that share a character with it."""
        starts = [start + (self.text[start:stop][:1] == " " and stop - start > 1) for start, stop in offsets]
        first = 0
        for span in sorted(self.spans, key=lambda span: span.start):
            while first < len(offsets) and offsets[first][1] <= span.start:
                first += 1
            last = first
            while last < len(offsets) and starts[last] < span.stop:
                last += 1
            yield span, range(first, last)

    def _repr_html_(self) -> str:
        return html(self.kind, self.tongue, self.text, [(s.start, s.stop, s.concept) for s in self.spans])


def labels(model: Model, document: Document) -> list[frozenset[str]]:
    """The concepts of every token of a document, as the model's tokenizer cuts it, BOS left out.

    Example:
        >>> import workbench as wb
        >>> document = next(wb.world.documents(kinds=("addition",)))
        >>> sorted(wb.world.labels(wb.load(), document)[0])
        ['operand']
    """
    return document.labels(offsets(model, document))


def offsets(model: Model, document: Document) -> list[tuple[int, int]]:
    """Where each token of a document begins and ends, in characters, BOS left out."""
    return model.tokenizer(document.text, add_special_tokens=False, return_offsets_mapping=True).offset_mapping


@cache
def implied(concept: str) -> tuple[str, ...]:
    """A concept and what its name implies, the most general first.

    Example:
        >>> implied("code.bug.name")
        ('code', 'code.bug', 'code.bug.name')
    """
    words = concept.split(".")
    return tuple(".".join(words[: n + 1]) for n in range(len(words)))


class Page:
    """Where a document is written: fills templates and remembers where each concept, and each slot, ended up."""

    def __init__(self, rng: Random, scene: Mapping[str, str | tuple[Piece, ...]]) -> None:
        self.rng, self.scene = rng, scene
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self.filled: list[tuple[str, int, int]] = []
        self.length = 0

    def write(self, *templates: str) -> None:
        """Write templates one after another."""
        for template in templates:
            self._nodes(parse(template))

    def add(self, text: str, *concepts: str) -> None:
        """Write a text as it stands."""
        start, self.length = self.length, self.length + len(text)
        self.parts.append(text)
        for concept in concepts:
            self.spans.append(Span(start, self.length, concept))

    def document(self, kind: str, tongue: str) -> Document:
        """What was written."""
        return Document(kind, tongue, "".join(self.parts), tuple(self.spans))

    def _nodes(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.parts.append(node)
                self.length += len(node)
            elif node[0] == "slot":
                self._slot(node[1], capital=node[2])
            elif node[0] == "choice":
                alternatives = node[1]
                self._nodes(alternatives[int(self.rng.random() * len(alternatives))])
            else:
                start = self.length
                self._nodes(node[2])
                for concept in node[1]:
                    self.spans.append(Span(start, self.length, concept))

    def _slot(self, name: str, *, capital: bool) -> None:
        value, start = self.scene[name], self.length
        for text, concepts in ((value, ()),) if isinstance(value, str) else value:
            self.add(text[:1].upper() + text[1:] if capital else text, *concepts)
            capital = capital and not text
        self.filled.append((name, start, self.length))


@cache
def parse(template: str) -> tuple[Node, ...]:
    """A template as nodes; a mark that is not closed or not opened is named with the template."""
    nodes, at = _parse(template, 0, "")
    if at < len(template):
        raise ValueError(f"{template[at]!r} at {at} closes nothing in the template {template!r}")
    return nodes


def _parse(template: str, at: int, stops: str) -> tuple[tuple[Node, ...], int]:
    """Nodes from `at` up to an unescaped character of `stops`, or to a stray closing mark, or to the end."""
    nodes: list[Node] = []
    literal = ""
    while at < len(template) and template[at] not in stops and template[at] not in "])}":
        mark = template[at]
        if mark not in "{[(":
            if mark == "\\":
                at += 1
            literal, at = literal + template[at], at + 1
            continue
        if literal:
            nodes.append(literal)
            literal = ""
        try:
            node, at = {"{": _slot, "[": _label, "(": _choice}[mark](template, at + 1)
        except (IndexError, ValueError):
            raise ValueError(f"{mark!r} at {at} is not closed in the template {template!r}") from None
        nodes.append(node)
    return (*nodes, literal) if literal else tuple(nodes), at


def _slot(template: str, at: int) -> tuple[Node, int]:
    stop = template.index("}", at)
    name = template[at:stop]
    return ("slot", name.removeprefix("^"), name.startswith("^")), stop + 1


def _label(template: str, at: int) -> tuple[Node, int]:
    colon = template.index(":", at)
    nodes, stop = _parse(template, colon + 1 + (template[colon + 1] == " "), "]")
    if template[stop] != "]":
        raise ValueError
    return ("label", tuple(name.strip() for name in template[at:colon].split(",")), nodes), stop + 1


def _choice(template: str, at: int) -> tuple[Node, int]:
    alternatives = []
    while True:
        nodes, at = _parse(template, at, "|)")
        alternatives.append(nodes)
        if template[at] not in "|)":
            raise ValueError
        at += 1
        if template[at - 1] == ")":
            return ("choice", tuple(alternatives)), at


def slots(template: str) -> frozenset[str]:
    """The names of the slots of a template.

    Example:
        >>> sorted(slots("{^person1} (saw|met) {person2}."))
        ['person1', 'person2']
    """
    return frozenset(_slots(parse(template)))


def _slots(nodes: tuple[Node, ...]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, tuple):
            if node[0] == "slot":
                found.add(node[1])
            else:
                for inner in node[1] if node[0] == "choice" else (node[2],):
                    found |= _slots(inner)
    return found
