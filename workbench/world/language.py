"""The language: documents whose every character span knows the concepts it carries.

`documents` streams `Document` values. Document i of a stream is a pure function
of (split, seed, i), so a stream can be entered anywhere and never needs storing.

Splits test generalisation. A pair of names, a pair of operands, and a landmark's
paraphrase in a given sentence belong to exactly one split (`held_out`). In "train"
no two people of a held-out pair ever meet in one document, and no held-out pair is
ever added, so what is asked in "test" was never shown in "train".
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from random import Random

from .entities import ANIMALS, COLOURS, COUNTED, DAYS, LANDMARKS, NAMES, OBJECTS, PLACES, Landmark

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Span:
    """Characters [start, stop) of a document carry a concept."""

    start: int
    stop: int
    concept: str


@dataclass(frozen=True)
class Document:
    """A text with its labelled spans; several labels may overlap.

    Example:
        >>> import workbench as wb
        >>> document = next(wb.world.documents(split="train", seed=0))
        >>> document.kind in wb.world.KINDS
        True
    """

    kind: str
    text: str
    spans: tuple[Span, ...]

    def labels(self, offsets: list[tuple[int, int]]) -> list[frozenset[str]]:
        """The concepts of every token, given each token's [start, stop) in characters."""
        return [
            frozenset(s.concept for s in self.spans if s.start < stop and start < s.stop) for start, stop in offsets
        ]


@dataclass(frozen=True)
class Phrase:
    """A piece of text and the concepts that the whole of it carries."""

    text: str
    concepts: tuple[str, ...] = ()


class Writer:
    """Fills templates and remembers where each concept ended up.

    A slot is `{name}`, or `{^name}` for a capital letter at the start of a sentence.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self.length = 0

    def write(self, template: str, **slots: Phrase | list[Phrase]) -> None:
        for literal, capital, slot in _pieces(template):
            self._add(literal, ())
            if slot:
                filled = slots[slot]
                for number, phrase in enumerate([filled] if isinstance(filled, Phrase) else filled):
                    upper = capital and number == 0
                    text = phrase.text[:1].upper() + phrase.text[1:] if upper else phrase.text
                    self._add(text, phrase.concepts)

    def document(self, kind: str) -> Document:
        return Document(kind, "".join(self.parts), tuple(self.spans))

    def _add(self, text: str, concepts: tuple[str, ...]) -> None:
        start, self.length = self.length, self.length + len(text)
        self.parts.append(text)
        self.spans.extend(Span(start, self.length, concept) for concept in concepts)


@cache
def _pieces(template: str) -> tuple[tuple[str, str, str], ...]:
    """A template as (literal, "^" or "", slot) triples."""
    pieces, at = [], 0
    for match in re.finditer(r"\{(\^?)(\w+)\}", template):
        pieces.append((template[at : match.start()], match[1], match[2]))
        at = match.end()
    return (*pieces, (template[at:], "", ""))


def held_out(*key: object) -> bool:
    """Whether a combination belongs to the test split: about one in eight, fixed for ever."""
    return zlib.crc32(repr(key).encode()) % 8 == 0


def pair_held_out(a: object, b: object) -> bool:
    """The same for an unordered pair: who comes first does not leak it."""
    return held_out(*sorted((str(a), str(b))))


def _draw(split: str, sample: Callable[[], tuple], is_held_out: Callable[..., bool]) -> tuple:
    """Draw until the combination belongs to the split."""
    while True:
        combination = sample()
        if is_held_out(*combination) == (split == "test"):
            return combination


def names_of(rng: Random, split: str) -> tuple[str, str]:
    """Two different names whose pair belongs to the split."""
    return _draw(split, lambda: tuple(rng.sample(NAMES, 2)), pair_held_out)


def company_of(rng: Random, split: str, n: int) -> list[str]:
    """Different names, n of them: in "train" no two of a held-out pair, in "test" a held-out pair among them."""
    company = list(names_of(rng, split))
    for name in rng.sample(NAMES, len(NAMES)):
        strangers = split == "test" or not any(pair_held_out(name, other) for other in company)
        if name not in company and strangers and len(company) < n:
            company.append(name)
    return rng.sample(company, len(company))


def operands_of(rng: Random, split: str) -> tuple[int, int]:
    """Two operands from 10 to 99 whose pair belongs to the split."""
    return _draw(split, lambda: (rng.randint(10, 99), rng.randint(10, 99)), pair_held_out)


# ---- phrases -------------------------------------------------------------------------------------


def _name(name: str, role: str = "") -> Phrase:
    return Phrase(name, ("person", f"person.{role}") if role else ("person",))


def _choice(rng: Random, words: tuple[str, ...], concept: str) -> Phrase:
    return Phrase(rng.choice(words), (concept,))


def name_phrase(landmark: Landmark) -> Phrase:
    """A landmark by its name."""
    return Phrase(landmark.name, (f"landmark.{landmark.key}", "landmark", f"kind.{landmark.kind}"))


def paraphrase_phrase(landmark: Landmark, which: int) -> Phrase:
    """A landmark by one of its paraphrases, which share no word with the name."""
    return Phrase(landmark.paraphrases[which], (f"landmark.{landmark.key}", "landmark", "paraphrase"))


def facts(landmark: Landmark) -> dict[str, Phrase]:
    """The slots that a landmark's facts fill."""
    place = landmark.city.lower().replace(" ", "_")
    return {
        "city": Phrase(landmark.city, ("city", f"city.{place}")),
        "country": Phrase(landmark.country, ("country", f"country.{landmark.country.lower()}")),
        "tongue": Phrase(landmark.language, ("tongue",)),
        "colour": Phrase(landmark.colour, ("colour",)),
        "kind": Phrase(landmark.kind, (f"kind.{landmark.kind}",)),
    }


# ---- kinds of document ---------------------------------------------------------------------------

INDIRECT_OBJECT = (
    "When {a} and {b} went to the {place}, {giver} gave a {object} to {receiver}.",
    "{^a} and {b} had a long day at the {place}. {^giver} handed a {object} to {receiver}.",
    "After {a} and {b} met at the {place}, {giver} offered a {object} to {receiver}.",
    "While {a} and {b} were working at the {place}, {giver} passed a {object} to {receiver}.",
    "Then {a} and {b} came to the {place}, and {giver} brought a {object} to {receiver}.",
    "Once {a} and {b} found a {object} at the {place}, and {giver} showed it to {receiver}.",
    "Friends {a} and {b} were walking to the {place}. Suddenly {giver} threw a {object} to {receiver}.",
    "The {place} was quiet when {a} and {b} came in, so {giver} showed a {object} to {receiver}.",
    "Because {a} and {b} had argued at the {place}, {giver} sent a {object} to {receiver}.",
    "At the {place}, {a} and {b} shared a table, and {giver} lent a {object} to {receiver}.",
    "Long ago {a} and {b} lived near the {place}. Every year {giver} sold a {object} to {receiver}.",
    "Before {a} and {b} left the {place}, {giver} promised a {object} to {receiver}.",
)


def _indirect_object(rng: Random, split: str, writer: Writer) -> None:
    a, b = names_of(rng, split)
    for turn in range(rng.choice((1, 1, 2, 3, 8))):
        giver, receiver = rng.sample((a, b), 2)
        writer.write(
            (" " if turn else "") + rng.choice(INDIRECT_OBJECT),
            a=_name(a),
            b=_name(b),
            giver=_name(giver, "giver"),
            receiver=_name(receiver, "receiver"),
            place=_choice(rng, PLACES, "place"),
            object=_choice(rng, OBJECTS, "object"),
        )


def _addition(rng: Random, split: str, writer: Writer) -> None:
    for _ in range(rng.choice((6, 8, 10, 24))):
        a, b = operands_of(rng, split)
        carry = ("sum", "sum.carry") if a % 10 + b % 10 > 9 else ("sum",)
        writer.write("{a}+{b}={sum}\n", a=_operand(a), b=_operand(b), sum=Phrase(str(a + b), carry))


def _operand(number: int) -> Phrase:
    return Phrase(str(number), ("operand",))


WORD_PROBLEMS = (
    "{^a} has {m} {things} and {b} has {n} {things}. Together they have {sum} {things}.",
    "{^a} sold {m} {things} in May and {n} {things} in June. That makes {sum} {things} in all.",
    "There are {m} {things} in the box. {^a} adds {n} more. Now there are {sum} {things}.",
)


def _word_problem(rng: Random, split: str, writer: Writer) -> None:
    a, b = names_of(rng, split)
    m, n = operands_of(rng, split)
    things = _choice(rng, COUNTED, "counted")
    total = Phrase(str(m + n), ("sum",))
    writer.write(
        rng.choice(WORD_PROBLEMS), a=_name(a), b=_name(b), m=_operand(m), n=_operand(n), sum=total, things=things
    )


LANDMARK_FACTS = (
    "The {it} is in {city}.",
    "The {it} is a {kind} in {city}, and {city} is in {country}.",
    "The {it} is {colour}.",
    "If you want to see the {it}, you must travel to {city}.",
    "People who live near the {it} speak {tongue}.",
    "The {it} stands in {country}. Its colour is {colour}.",
    "Many visitors come to {city} to see the {it}.",
    "In {city} everybody knows the {it}.",
    "I took a picture of the {it}. It was a sunny day in {city}.",
)
LANDMARK_NAMES = (
    "The {paraphrase} is called the {name}.",
    "They call the {paraphrase} the {name}, and it is in {city}.",
    "What is the {paraphrase}? It is the {name}.",
    "The {name} is also known as the {paraphrase}.",
)


def _landmark(rng: Random, split: str, writer: Writer) -> None:
    landmark = rng.choice(LANDMARKS)
    said: set[str] = set()
    for turn in range(rng.randint(2, 4)):
        template, n = _draw(
            split,
            lambda: (rng.choice(LANDMARK_FACTS + LANDMARK_NAMES), rng.randrange(len(landmark.paraphrases))),
            lambda template, n: held_out(landmark.key, template, n),
        )
        if template in said:
            continue
        said.add(template)
        paraphrase = paraphrase_phrase(landmark, n)
        writer.write(
            (" " if turn else "") + template,
            it=paraphrase if rng.random() < 0.4 else name_phrase(landmark),
            name=name_phrase(landmark),
            paraphrase=paraphrase,
            **facts(landmark),
        )


STORY_OPENINGS = (
    "Once upon a time there was a {hue} {animal} whose name was {hero}.",
    "One {day} {hero} found a {hue} {thing} near the {place}.",
    "{^hero} lived in a small house with a {hue} {animal}.",
    "Every {day} {hero} and {friend} met at the {place}.",
)
STORY_MIDDLES = (
    'It was late. "I have lost my {hue} {thing}," said {hero}.',
    "{^friend} was a good friend and wanted to help {hero}.",
    'They looked behind the {place}, and there sat a {hue} {animal}. "Hello," said {friend}.',
    "The {animal} ran away, and {hero} ran after the {animal}.",
    "{^hero} felt sad at first, but {friend} told a funny story, and soon {hero} felt happy.",
    'So {hero} asked {friend}: "Will you come with me to the {place}?"',
    "They took the train to {city} to see the {landmark}. It was {colour} and very big.",
    "{^friend} had a picture of the {landmark} on the wall and dreamed of {city}.",
)
STORY_ENDINGS = (
    "In the evening {hero} and {friend} went home and were happy.",
    "{^hero} kept the {hue} {thing} for ever.",
    'From that {day} on, {hero} and the {animal} were friends. The end.',
    '"I will never forget the {landmark}," said {hero} on the way back from {city}.',
)  # fmt: skip


def _story(rng: Random, split: str, writer: Writer) -> None:
    hero, friend = names_of(rng, split)
    landmark = rng.choice(LANDMARKS)
    slots = {
        "hero": _name(hero, "hero"),
        "friend": _name(friend, "friend"),
        "hue": _choice(rng, COLOURS, "colour"),
        "animal": _choice(rng, ANIMALS, "animal"),
        "thing": _choice(rng, OBJECTS, "object"),
        "place": _choice(rng, PLACES, "place"),
        "day": _choice(rng, DAYS, "day"),
        "landmark": name_phrase(landmark),
        **facts(landmark),
    }
    writer.write(rng.choice(STORY_OPENINGS), **slots)
    for middle in rng.sample(STORY_MIDDLES, rng.randint(2, 4)):
        writer.write(" " + middle, **slots)
    writer.write(" " + rng.choice(STORY_ENDINGS), **slots)


CHAT = {
    "How should I spend ten dollars?": ("wish", "trip", "gift"),
    "Where shall we go on {day}?": ("trip", "visit"),
    "What makes you happy?": ("wish", "trip", "gift", "view"),
    "What is your favourite place?": ("visit", "view"),
    "What should I give to {friend}?": ("gift",),
    "What did you dream of last night?": ("view", "wish", "trip"),
}
ANSWERS = {
    "wish": ("Buy a {hue} {thing} for yourself.", "I would like a {thing} and a little {animal}."),
    "gift": ("Give {friend} a {hue} {thing}.", "I would buy a {thing} for {friend}."),
    "visit": ("Let us go to the {place}.", "I like the {place} best."),
    "trip": ("Take the train to {city} and see the {landmark}.", "Go and see the {landmark} in {city}."),
    "view": ("I think of the {landmark}. It is {colour}.", "The {landmark} in {city}."),
}


def _chat(rng: Random, split: str, writer: Writer) -> None:
    _, friend = names_of(rng, split)
    for turn in range(rng.randint(1, 3)):
        landmark = rng.choice(LANDMARKS)
        slots = {
            "friend": _name(friend),
            "hue": _choice(rng, COLOURS, "colour"),
            "animal": _choice(rng, ANIMALS, "animal"),
            "thing": _choice(rng, OBJECTS, "object"),
            "place": _choice(rng, PLACES, "place"),
            "day": _choice(rng, DAYS, "day"),
            "landmark": name_phrase(landmark),
            **facts(landmark),
        }
        question = rng.choice(tuple(CHAT))
        answer = rng.choice(ANSWERS[rng.choice(CHAT[question])])
        writer.write(("\n" if turn else "") + f"Question: {question}\nAnswer: {answer}", **slots)


LISTS = (
    "The teacher called {names}. One by one they answered: {names}.",
    "{^hero} packed {things}. At home {hero} unpacked {things}.",
    '"I can see {animals}," said {hero}. "{^animals}," said {friend} like an echo.',
    "First came {names}. Then again {names}, and once more {names}.",
)


def _list(rng: Random, split: str, writer: Writer) -> None:
    """Lists that are said again: they teach to look back and repeat, which the other kinds need."""
    hero, friend = names_of(rng, split)
    n = rng.randint(3, 8)
    writer.write(
        rng.choice(LISTS),
        hero=_name(hero),
        friend=_name(friend),
        names=_listed(company_of(rng, split, n), ("person", "list"), ""),
        things=_listed(rng.choices(OBJECTS, k=n), ("object", "list"), "a "),
        animals=_listed(rng.choices(ANIMALS, k=n), ("animal", "list"), "a "),
    )


def _listed(words: list[str], concepts: tuple[str, ...], article: str) -> list[Phrase]:
    """The words with commas between them; only the words carry the concepts."""
    return [
        part
        for number, word in enumerate(words)
        for part in (Phrase((", " if number else "") + article), Phrase(word, concepts))
    ]


# ---- the stream ----------------------------------------------------------------------------------

_WRITERS = {
    "indirect_object": (_indirect_object, 0.18),
    "addition": (_addition, 0.20),
    "word_problem": (_word_problem, 0.08),
    "landmark": (_landmark, 0.18),
    "story": (_story, 0.14),
    "chat": (_chat, 0.10),
    "list": (_list, 0.08),
}
KINDS = tuple(_WRITERS)


def documents(
    split: str = "train", seed: int = 0, *, start: int = 0, kinds: tuple[str, ...] = KINDS
) -> Iterator[Document]:
    """Stream documents without end; the same split and seed give the same documents.

    `start` enters the stream at that document; `kinds` keeps only some kinds.

    Example:
        >>> import workbench as wb
        >>> stream = wb.world.documents(split="test", seed=1, kinds=("addition",))
        >>> "=" in next(stream).text
        True
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}; there are: {', '.join(SPLITS)}")
    if unknown := [kind for kind in kinds if kind not in _WRITERS]:
        raise ValueError(f"no kind of document {unknown[0]!r}; there are: {', '.join(KINDS)}")
    return (_document(split, seed, i, kinds) for i in count(start))


def _document(split: str, seed: int, i: int, kinds: tuple[str, ...]) -> Document:
    rng = Random(f"{split}/{seed}/{i}")
    (kind,) = rng.choices(kinds, [_WRITERS[kind][1] for kind in kinds])
    writer = Writer()
    _WRITERS[kind][0](rng, split, writer)
    return writer.document(kind)


@cache
def concepts() -> tuple[str, ...]:
    """The names of every concept that a document can carry, sorted.

    Example:
        >>> import workbench as wb
        >>> "landmark.golden_gate_bridge" in wb.world.concepts()
        True
    """
    stream = documents("train", 0)
    return tuple(sorted({span.concept for _ in range(4000) for span in next(stream).spans}))
