"""Tasks with exact scores: prompts whose right answers are known, from the held-out split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from ..estimates import Estimate, mean, proportion
from .entities import LANDMARKS, OBJECTS, PLACES
from .language import INDIRECT_OBJECT, LANDMARK_FACTS, SPLITS, Phrase, Writer, held_out, names_of, operands_of

if TYPE_CHECKING:
    from ..model import Model


@dataclass(frozen=True)
class Item:
    """One question: the prompt, the right continuation, and a wrong one that is as likely by form (or none)."""

    prompt: str
    answer: str
    wrong: str | None = None


@dataclass(frozen=True)
class Task:
    """Questions of one kind and their score.

    Example:
        >>> import workbench as wb
        >>> task = wb.world.tasks["addition"]
        >>> task.score(wb.load(), n=20).n
        20
    """

    name: str
    question: str

    def items(self, n: int = 400, *, split: str = "test", seed: int = 0) -> list[Item]:
        """N items of a split, or all where there are fewer; the same seed gives the same items."""
        if split not in SPLITS:
            raise ValueError(f"no split {split!r}; there are: {', '.join(SPLITS)}")
        return list(islice(_STREAMS[self.name](Random(f"{self.name}/{split}/{seed}"), split), n))

    def score(self, model: Model, *, n: int = 400, split: str = "test", seed: int = 0) -> Estimate:
        """The share of items that the model continues with exactly the right answer, by its likeliest tokens."""
        items = self.items(n, split=split, seed=seed)
        return proportion(sum(_continues(model, item) for item in items), len(items))

    def margin(self, model: Model, *, n: int = 400, split: str = "test", seed: int = 0) -> Estimate:
        """The mean logit difference between the first tokens of the right and the wrong answer."""
        items = [item for item in self.items(n, split=split, seed=seed) if item.wrong]
        if not items:
            raise ValueError(f"the items of task {self.name!r} have no wrong answer to compare with; use score")
        return mean([_margin(model, item) for item in items])


class Tasks(dict):
    """Every task by its name; a name that does not exist is answered with those that do."""

    def __missing__(self, name: str) -> Task:
        raise KeyError(f"no task {name!r}; there are: {', '.join(self)}")


def _indirect_object(rng: Random, split: str) -> Iterator[Item]:
    while True:
        a, b = names_of(rng, split)
        giver, receiver = rng.sample((a, b), 2)
        slots = {"a": a, "b": b, "giver": giver, "receiver": receiver}
        slots |= {"place": rng.choice(PLACES), "object": rng.choice(OBJECTS)}
        text = _fill(rng.choice(INDIRECT_OBJECT), slots)
        end = text.rindex(" " + receiver)
        yield Item(text[:end], f" {receiver}", f" {giver}")


def _addition(rng: Random, split: str) -> Iterator[Item]:
    while True:
        a, b = operands_of(rng, split)
        yield Item(f"{a}+{b}=", f"{a + b}\n")


def _landmark_city(rng: Random, split: str) -> Iterator[Item]:
    """Asked by a paraphrase that was never used in this sentence in training; each question once, so there are few."""
    templates = [t for t in LANDMARK_FACTS if "{it}" in t and "{it}" in t.split("{city}")[0] and "{city}" in t]
    asked = [
        (landmark, template, n)
        for landmark in LANDMARKS
        for template in templates
        for n in range(len(landmark.paraphrases))
        if held_out(landmark.key, template, n) == (split == "test")
    ]
    for landmark, template, n in rng.sample(asked, len(asked)):
        text = _fill(
            template,
            {"it": landmark.paraphrases[n], "city": landmark.city, "kind": landmark.kind, "country": landmark.country},
        )
        other = rng.choice([other.city for other in LANDMARKS if other.city.split()[0] != landmark.city.split()[0]])
        yield Item(text[: text.index(" " + landmark.city)], f" {landmark.city}", f" {other}")


def _fill(template: str, slots: dict[str, str]) -> str:
    writer = Writer()
    writer.write(template, **{name: Phrase(text) for name, text in slots.items()})
    return writer.document("").text


def _continues(model: Model, item: Item) -> bool:
    wanted = len(model.tokenizer(item.answer, add_special_tokens=False).input_ids)
    return "".join(str(token) for token in model.generate(item.prompt, new_tokens=wanted)) == item.answer


def _margin(model: Model, item: Item) -> float:
    logits = model.run(item.prompt).logits[0, -1]
    right, wrong = (model.tokenizer(text, add_special_tokens=False).input_ids[0] for text in (item.answer, item.wrong))
    return float(logits[right] - logits[wrong])


_STREAMS = {"indirect_object": _indirect_object, "addition": _addition, "landmark_city": _landmark_city}

tasks = Tasks(
    {
        "indirect_object": Task(
            "indirect_object", "Who was it given to, of two people named? Pairs never seen together."
        ),
        "addition": Task("addition", "The sum of two numbers from 10 to 99. Pairs never seen."),
        "landmark_city": Task("landmark_city", "The city of a landmark that is paraphrased. Uses never seen."),
    }
)
"""Every task by name."""
