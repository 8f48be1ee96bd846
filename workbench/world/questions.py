"""Tasks with exact scores: questions whose right answers are known, from splits that training never held.

Most are scored by the model's likeliest tokens, which must be the right answer to its
last character. One compares two answers, one writes Python and lets the parser judge,
one asks in four languages and lets word counts tell which one the answer is in.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product
from random import Random
from typing import TYPE_CHECKING

from ..estimates import Estimate, mean, share
from . import numbers
from .grammar import Page
from .judging import Item, continued, generated, margins, parses, tongue_of
from .language import STRANGERS, give, it, stranger
from .lexicon import CITIES, COUNTRIES, DISHES, EATS, LANDMARKS, TONGUES, landmark_of
from .programs import BUGS, draw_program
from .scene import Scene, alsos, entries, prose
from .splits import allowed, checked, held_out, hop_held_out, hops, keeps, pick, withheld

if TYPE_CHECKING:
    from ..model import Model


@dataclass(frozen=True)
class Task(ABC):
    """Questions of one kind and their score.

    Attributes:
        name: in `wb.world.tasks`.
        question: what is asked, in a sentence.
        chance: what the most frequent answer to questions of its form scores, or another guess without a thought.
        bar: what the shipped models should score on held-out items.
        stream: writes items of a split without end, or as many as there are.

    Example:
        >>> import workbench as wb
        >>> wb.world.tasks["addition"].score(wb.load(), n=20).n
        20
    """

    name: str
    question: str
    chance: float
    bar: float
    stream: Callable[[Random, str], Iterator[Item]] = field(repr=False)

    def items(self, n: int = 400, *, split: str = "test", seed: int = 0) -> list[Item]:
        """N items of a split, all different, or all where there are fewer; the same seed gives the same items."""
        checked(split)
        stream = self.stream(Random(f"{self.name}/{split}/{seed}"), split)
        found = dict.fromkeys(islice(stream, 2 * n + 50))
        return list(islice(found, n))

    def score(self, model: Model, *, n: int = 400, split: str = "test", seed: int = 0) -> Estimate:
        """The share of items that the model gets right, with its 95 % interval (wider where items share a fact)."""
        items = self.items(n, split=split, seed=seed)
        return share(self.judge(model, items), [item.of or number for number, item in enumerate(items)])

    def judged(self, n: int = 100, *, split: str = "test", seed: int = 0) -> Callable[[Model], list[bool]]:
        """A function that says of each of n items whether a model gets it right; the items are always the same.

        Example:
            >>> import workbench as wb
            >>> adds = wb.world.tasks["addition"].judged(4)
            >>> adds(wb.load())
            [True, True, True, True]
        """
        items = self.items(n, split=split, seed=seed)
        return lambda model: self.judge(model, items)

    @abstractmethod
    def judge(self, model: Model, items: Sequence[Item]) -> list[bool]:
        """Whether the model gets each item right."""

    def margin(self, model: Model, *, n: int = 400, split: str = "test", seed: int = 0) -> Estimate:
        """The mean logit difference between the first tokens of the right and the wrong answer."""
        items = [item for item in self.items(n, split=split, seed=seed) if item.wrong]
        if not items:
            raise ValueError(f"the items of task {self.name!r} have no wrong answer to compare with; use score")
        return mean(margins(model, items))


class Continued(Task):
    """Right if the likeliest tokens are the answer, to its last character."""

    def judge(self, model: Model, items: Sequence[Item]) -> list[bool]:
        """Whether greedy decoding gives the answer."""
        return continued(model, items)


class Chosen(Task):
    """Right if the answer is likelier than the wrong one."""

    def judge(self, model: Model, items: Sequence[Item]) -> list[bool]:
        """Whether the first token of the answer has a larger logit than that of the wrong one."""
        return [margin > 0 for margin in margins(model, items)]


class Parsed(Task):
    """Right if what the model writes after the prompt is Python that parses."""

    def judge(self, model: Model, items: Sequence[Item]) -> list[bool]:
        """Whether a sampled program, up to its output, parses and holds a statement."""
        return [parses(item.prompt, text) for item, text in zip(items, generated(model, items, 96), strict=True)]


class Spoken(Task):
    """Right if what the model answers is in the language of the question."""

    def judge(self, model: Model, items: Sequence[Item]) -> list[bool]:
        """Whether a sampled answer is judged, by its words, to be in the tongue of the question."""
        texts = generated(model, items, 24)
        return [tongue_of(text.split("\n")[0]) == item.about for item, text in zip(items, texts, strict=True)]


class Tasks(dict[str, Task]):
    """Every task by its name; a name that does not exist is answered with those that do."""

    def __missing__(self, name: str) -> Task:
        raise KeyError(f"no task {name!r}; there are: {', '.join(self)}")


# ---- what is asked -------------------------------------------------------------------------------


def _indirect_object(rng: Random, split: str) -> Iterator[Item]:
    while True:
        scene = Scene(rng, split, "en")
        give(scene)
        page = Page(rng, scene)
        page.write(pick(rng, split, prose("en").INDIRECT_OBJECT))
        giver = _text(scene.given["giver"])
        yield _cut(page, "receiver", wrong=giver, about="BABA" if _text(scene["person1"]) == giver else "ABBA")


def _addition(rng: Random, split: str) -> Iterator[Item]:
    while True:
        a, b = numbers.operands(rng, split)
        if _only_in_sums(a, b, split):
            yield Item(f"{a}+{b}=", f"{a + b}\n", about="carry" if a % 10 + b % 10 > 9 else "no carry")


def _word_problems(rng: Random, split: str) -> Iterator[Item]:
    while True:
        tongue = TONGUES[int(rng.random() * len(TONGUES))] if rng.random() < 0.5 else "en"
        page = _page(rng, split, tongue)
        page.scene.given |= (problem := numbers.sum_of(rng, split))
        page.write(pick(rng, split, prose(tongue).WORD_PROBLEMS))
        if _only_in_sums(int(_text(problem["a"])), int(_text(problem["b"])), split):
            yield _cut(page, "sum", about=tongue)


def _only_in_sums(a: int, b: int, split: str) -> bool:
    """Whether the split of a pair says all: programs of training add small numbers too, whatever their pair."""
    return split == "train" or max(a, b) > 20


def _facts(rng: Random, split: str) -> Iterator[Item]:
    """An entity in a sentence that training never put it in; at every step the fact itself was told."""
    asked = [
        (tongue, relation, key, way)
        for tongue in TONGUES
        for relation, templates in prose(tongue).FACTS.items()
        if split != "templates" or keeps(templates)
        for key, way in _subjects(tongue, relation)
    ]
    for tongue, relation, key, way in rng.sample(asked, len(asked)):
        templates = [
            t
            for t in allowed(split, prose(tongue).FACTS[relation])
            if held_out(key, t, way) == (split != "train") and asks(t, relation, tongue)
        ]
        if templates:
            yield _told(rng, split, tongue, relation, key, way, rng.choice(templates))


def _two_hop(rng: Random, split: str) -> Iterator[Item]:
    """A fact that was never told of this place, in no language, though both steps to it were."""
    asked = [
        (tongue, f"{category}.{fact}", key)
        for tongue in TONGUES
        for category, keys in (("landmark", [x.key for x in LANDMARKS]), ("city", [*CITIES]))
        for key in keys
        for fact in hops(category, key)
        if hop_held_out(category, key, fact) == (split != "train")
        and (templates := prose(tongue).FACTS.get(f"{category}.{fact}", ()))
        and (split != "templates" or keeps(templates))
        and not (_in_a_landmark(tongue, key) if category == "city" else _says_where(tongue, key))
    ]
    for tongue, relation, key in rng.sample(asked, len(asked)):
        templates = [t for t in allowed(split, prose(tongue).FACTS[relation]) if asks(t, relation, tongue)]
        if templates:
            yield _told(rng, split, tongue, relation, key, 0, rng.choice(templates))


def _says_where(tongue: str, key: str) -> bool:
    """Whether a landmark's name holds its city or country: then the first hop is made, as in *India Gate*."""
    forms = entries(tongue)["landmark"][key]
    name, english = forms[""][-1][0], landmark_of(key).name
    city, country = (forms[fact][0][0] for fact in ("city", "country"))
    return city in name or country in name or CITIES[landmark_of(key).city].names[0] in english


def _in_a_landmark(tongue: str, city: str) -> bool:
    """Whether a landmark is called by the city: what is told of the *Sydney Harbour Bridge* tells of Sydney too."""
    name = entries(tongue)["city"][city][""][0][0]
    return any(name in forms[""][-1][0] for forms in entries(tongue)["landmark"].values())


def _languages(rng: Random, split: str) -> Iterator[Item]:
    """A question of talk that training never held, one for a held-out fact, or one about an unheard-of place."""
    while True:
        tongue = TONGUES[int(rng.random() * len(TONGUES))]
        which = int(rng.random() * 3) if split != "train" else 0
        said, page = prose(tongue), _page(rng, split, tongue)
        asker, replier = said.ASKS[0]
        if which == 0:
            question = rng.choice(allowed("train" if split == "train" else "templates", said.CHAT))[0]
            page.write(asker, question, replier)
            shared = question
        elif which == 1:
            shared = rng.choice([template for template in said.UNKNOWN if replier in template])
            page.scene.given |= {"the": STRANGERS[tongue][0], "stranger": stranger(rng, tongue, syllables=(4,))}
            page.write(shared)
        else:
            relation, key, way, template = rng.choice(_asked_of_facts(tongue, replier))
            page = _written(rng, split, tongue, relation, key, way, template)
            shared = f"{relation} {key}"
        text = "".join(page.parts)
        prompt, _, answer = text.partition(replier)
        if not answer or tongue_of(answer) == tongue:  # an answer in names only is of no tongue
            yield Item(prompt + replier.rstrip(), "", about=tongue, of=f"{tongue} {shared}")


@cache
def _asked_of_facts(tongue: str, replier: str) -> tuple[tuple[str, str, int, str], ...]:
    """Relation, subject, way to name it and question, for every fact that training never asked for so."""
    return tuple(
        (relation, key, way, template)
        for relation, templates in prose(tongue).FACTS.items()
        for template in templates
        if replier in template and asks(template, relation, tongue)
        for key, way in _subjects(tongue, relation)
        if held_out(key, template, way)
    )


def _python(rng: Random, split: str) -> Iterator[Item]:
    while True:
        yield Item("# this program works\n", "", about=f"sample {rng.getrandbits(32)}")


def _program_output(rng: Random, split: str) -> Iterator[Item]:
    while True:
        program = draw_program(rng, split, header=False)
        yield Item(program.prompt, program.output, about=program.bug or "sound")


def _buggy_or_sound(rng: Random, split: str) -> Iterator[Item]:
    for number in range(1_000_000):
        bug = None if number % 2 else BUGS[number // 2 % len(BUGS)]
        program = draw_program(rng, split, bug=bug, header=False)
        if program.verdict is not None:
            answers = (" bug", " sound") if bug else (" sound", " bug")
            yield Item(program.verdict_prompt, *answers, about=bug or "sound")


def _subjects(tongue: str, relation: str) -> list[tuple[str, int]]:
    """The entities that a relation is told of, and the ways to name them: what can be asked in one step."""
    category, _, fact = relation.partition(".")
    keys = {
        "landmark": [x.key for x in LANDMARKS],
        "city": CITIES,
        "country": COUNTRIES,
        "animal": EATS,
        "food": DISHES,
    }
    return [
        (key, way)
        for key in keys[category]
        if fact in entries(tongue)[category][key]
        and fact not in hops(category, key)
        and not withheld(category, key, fact)
        for way in range(1 + len(alsos(tongue)[key]) if category == "landmark" else 1)
    ]


@cache
def asks(template: str, relation: str, tongue: str) -> bool:
    """Whether the answer can be foreseen: the subject stands before it, and nothing else is said after such words.

    After *The Golden Gate Bridge is* may follow its colour, or the city that it is in.
    """
    category, slot = relation.partition(".")[0], f"{{{relation}}}"
    before, answer, _ = template.replace("{^", "{").partition(slot)
    if not answer or not any(f"{{{subject}" in before for subject in ("it}", category + "}", category + ".")):
        return False
    begun = ways(before)
    return not any(
        way.startswith(start) and not way.startswith(start + slot)
        for other, templates in prose(tongue).FACTS.items()
        if other.startswith(f"{category}.")
        for said in templates
        for way in ways(said.replace("{^", "{"))
        for start in begun
    )


def ways(template: str) -> list[str]:
    """Every way to say a template, one alternative chosen at each (one|other)."""
    parts = re.split(r"\(([^()]*\|[^()]*)\)", template)
    return [
        "".join(chosen) for chosen in product(*(part.split("|") if n % 2 else [part] for n, part in enumerate(parts)))
    ]


def _told(rng: Random, split: str, tongue: str, relation: str, key: str, way: int, template: str) -> Item:
    page = _written(rng, split, tongue, relation, key, way, template)
    return _cut(page, relation, about=f"{relation} {tongue}", of=f"{relation} {key}")


def _written(rng: Random, split: str, tongue: str, relation: str, key: str, way: int, template: str) -> Page:
    page = _page(rng, split, tongue)
    category = relation.partition(".")[0]
    page.scene.keys[category] = key
    page.scene.given["it"] = it(page.scene, way) if category == "landmark" else ""
    page.write(template)
    return page


def _page(rng: Random, split: str, tongue: str) -> Page:
    return Page(rng, Scene(rng, split, tongue))


def _cut(page: Page, slot: str, *, wrong: str | None = None, about: str = "", of: str = "") -> Item:
    """The page up to where the slot was filled first; the answer takes the space before it and a stop after it."""
    text = "".join(page.parts)
    start, stop = next((start, stop) for name, start, stop in page.filled if name == slot)
    stop += text[stop : stop + 1] in (".", ",", "!", "?", ";")
    space = text[start - 1 : start] == " "
    return Item(text[: start - space], " " * space + text[start:stop], wrong and " " * space + wrong, about, of)


def _text(value: str | tuple) -> str:
    return value if isinstance(value, str) else "".join(text for text, _ in value)


tasks = Tasks(
    (task.name, task)
    for task in (
        Continued("indirect_object", "Who was it given to, of two people named? Pairs that never met.",
                  0.5, 0.99, _indirect_object),
        Continued("addition", "The sum of two numbers from 10 to 99. Pairs never added.", 0.01, 0.97, _addition),
        Continued("word_problems", "The sum, in a story about two numbers. Pairs never added.",
                  0.01, 0.95, _word_problems),
        Continued("facts", "A fact of a place, an animal or a dish, in a sentence that it never stood in.",
                  0.17, 0.98, _facts),
        Continued("two_hop", "A fact that was never told of this place in any language, only both steps to it.",
                  0.28, 0.70, _two_hop),
        Spoken("answer_language", "Is the answer in the language of the question?", 0.25, 0.98, _languages),
        Parsed("python_parses", "Does a program that the model writes parse?", 0.0, 0.95, _python),
        Continued("program_output", "What does this program print, or how does it fail? Programs never shown.",
                  0.13, 0.80, _program_output),
        Chosen("buggy_or_sound", "Does this program do what it says? Half of them do not.",
               0.78, 0.90, _buggy_or_sound),
    )
)  # fmt: skip
"""Every task by name."""
