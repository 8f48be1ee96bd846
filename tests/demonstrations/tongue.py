"""Features that switch the language of the answer: an English question, answered in German, French or Spanish.

    Question: In which country is London?\nAnswer:   →   In Britain.   held:  Großbritannien.   Angleterre.

What is held, all of atlas-x16, and where, was chosen on questions about every other city (its country, its language):

    German    one feature (3266) at 2 × its maximum, at the last token of the prompt
    French    four features at their maxima there, and four that English answers begin with at 0
    Spanish   one feature (3803) at its maximum, at every token

Beside them the difference of means at `resid_post.1`, over the fit questions in one language less the same in English,
at their last token; added there 1.5 times (of 1, 1.5, 2, 3 what answered most questions). Looked at on the fit
questions: every feature of atlas-x4, atlas-x16 and the first two transcoders at the last token at .5, 1 and 2 times its
maximum, by the first token of the right answer; the features that differ most between languages, alone and in sets,
at the last token, in the prompt and everywhere.

Two things are measured on held-out questions. `spoken`: the language of a sampled first line by its words
(`wb.world.judging.tongue_of`, which does not ask for sense). `right`: whether the likeliest tokens are the right answer
in that language. Held out are the other cities; their continents, which nothing was chosen for; and talk. An edit at
the last token changes one prediction of a neutral text; the price of a feature shows where it is held at every token.
The scores of other tasks are of what is decoded after their prompts.

`python tests/demonstrations/tongue.py` prints the whole table as Markdown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import torch

import workbench as wb
from workbench.estimates import Estimate, share
from workbench.intervene import Answers, Effects, Says
from workbench.world.judging import tongue_of
from workbench.world.language import prose
from workbench.world.lexicon import CITIES, LANGUAGES
from workbench.world.scene import entries
from workbench.world.splits import hop_held_out

LAST = (-1,)
ANSWERS, ENGLISH = (673, 1047, 2846, 3693), (2083, 3983, 200, 2818)
"""Of atlas-x16: what French answers begin with more than English ones do, and the other way round."""
TIMES = 1.5
TOKENS = 10


@dataclass(frozen=True)
class Question:
    """A question about a city in one language, and the right answer in every language."""

    city: str
    relation: str
    tongue: str

    @property
    def prompt(self) -> str:
        return self._asked(self.tongue).partition("\n")[0] + "\n" + self._replies(self.tongue)[0]

    def answer(self, tongue: str) -> str:
        """What would follow the prompt in a language."""
        return self._replies(tongue)[1]

    def _asked(self, tongue: str) -> str:
        (template,) = (one for one in prose(tongue).FACTS[f"city.{self.relation}"] if "\n" in one)
        about = entries(tongue)["city"][self.city]
        said = "".join(text for text, _ in about[self.relation])
        name = "".join(text for text, _ in about[""])
        filled = template.replace("{city}", name).replace("{city." + self.relation + "}", said)
        return filled.replace("{^city." + self.relation + "}", said[0].upper() + said[1:])

    def _replies(self, tongue: str) -> tuple[str, str]:
        """What stands before the answer, and the answer with its space, without the full stop."""
        found = re.fullmatch(r"(.*?:)( .*?)\.?", self._asked(tongue).partition("\n")[2])
        return found[1], found[2]


@dataclass(frozen=True)
class Result:
    """What was found.

    Attributes:
        spoken, right: effects for every way, by the language that is wanted.
        plainly: the share of right answers of the plain model to the same questions asked in that language.
        texts: what was written, for every way.
    """

    spoken: Mapping[str, Effects]
    right: Mapping[str, Effects]
    plainly: Mapping[str, Estimate]
    texts: Mapping[str, Sequence[tuple[str, str]]]


# ---- the questions ---------------------------------------------------------------------------------


def questions(
    *, held_out: bool, tongue: str = "en", relations: Sequence[str] = ("country", "tongue")
) -> list[Question]:
    """About every other city, or about those between; none whose answer was never told."""
    cities = list(CITIES)[1 if held_out else 0 :: 2]
    return [
        Question(city, relation, tongue)
        for city in cities
        for relation in relations
        if relation == "country" or not hop_held_out("city", city, relation)
    ]


def unlike(some: Sequence[Question], tongue: str) -> list[Question]:
    """Those whose answer in a language is another word than in the language of the question."""
    return [one for one in some if one.answer(tongue).lower() != one.answer(one.tongue).lower()]


def talk(tongue: str = "en") -> list[str]:
    """What the world's talks ask, where nothing is to be filled in."""
    asked = [question for question, _ in prose(tongue).CHAT if not set("{[") & set(question)]
    return [f"{asks}{question}{answers}".rstrip(" ") for question in asked for asks, answers in prose(tongue).ASKS]


# ---- what is held ----------------------------------------------------------------------------------


def ways(model: wb.Model, tongue: str) -> dict[str, list[wb.Clamp | wb.Steer]]:
    """By features, and by the difference of means, to a language; and the features held everywhere, for the price."""
    sae = wb.decompose.load("atlas-x16")
    features = {
        "de": [wb.Clamp(sae, 3266, times=2.0, positions=LAST)],
        "es": [wb.Clamp(sae, 3803, times=1.0)],
        "fr": [wb.Clamp(sae, feature, times=1.0, positions=LAST) for feature in ANSWERS]
        + [wb.Clamp(sae, feature, 0.0, positions=LAST) for feature in ENGLISH],
    }
    steer = wb.Steer("resid_post.1", difference(model, tongue), TIMES, positions=LAST)
    found = {"features": features[tongue], "difference of means": [steer]}
    if tongue != "es":
        found["features, at every token"] = [replace(edit, positions=None) for edit in features[tongue]]
    return found


def difference(model: wb.Model, tongue: str, *, at: str = "resid_post.1") -> torch.Tensor:
    """The mean at the last token of the fit questions in a language, less that of the same in English."""
    means = []
    for one in (tongue, "en"):
        run = model.run([asked.prompt for asked in questions(held_out=False, tongue=one)], at=at, padding="left")
        means.append(run[at][:, -1].mean(0))
    return means[0] - means[1]


# ---- measuring -------------------------------------------------------------------------------------


def spoken_in(tongue: str) -> Callable[[str], bool]:
    """A judge of the first line of a text."""

    def judge(text: str) -> bool:
        return tongue_of(text.split("\n")[0].split("<eos>")[0]) == tongue

    judge.__name__ = f"in {LANGUAGES[tongue].capitalize()}"
    return judge


def measure(
    model: wb.Model,
    *,
    tongues: Sequence[str] = ("de", "fr", "es"),
    n: int | None = None,
    controls: int = 20,
    seeds: Sequence[int] = range(2),
    neutral: int = 30,
    tasks: Mapping[str, Callable[[wb.Model], Sequence[bool]]] | None = None,
) -> Result:
    """How many held-out English questions are answered in another language, and how many of them rightly.

    Args:
        model: the shipped model.
        tongues: the languages that are wanted.
        n: how many questions at most.
        controls: as many draws of random features of like density, at the same multiple of their own maxima, and of
            random directions of the same norm.
        seeds: one sample of each question for each.
        neutral: on how many held-out documents KL and loss are measured.
        tasks: what is scored besides.
    """
    spoken, right, plainly, texts = {}, {}, {}, {}
    documents = neutral_texts(model, neutral)
    for tongue in tongues:
        held, asked = ways(model, tongue), unlike(questions(held_out=True), tongue)[:n]
        prompts = [one.prompt for one in asked]
        spoken[tongue] = wb.intervene.measure(
            model, prompts, held, target=Says(spoken_in(tongue), new_tokens=TOKENS, seeds=seeds),
            neutral=documents, tasks=tasks, controls=controls,
        )  # fmt: skip
        right[tongue] = wb.intervene.measure(
            model, prompts, held, target=Answers([one.answer(tongue) for one in asked]), controls=controls
        )
        plainly[tongue] = asked_in_it(model, asked, tongue)
        texts |= {
            f"{tongue}, {name}": list(zip(prompts, written(model, prompts, edits), strict=True))
            for name, edits in held.items()
        }
    return Result(spoken, right, plainly, texts)


def asked_in_it(model: wb.Model, asked: Sequence[Question], tongue: str) -> Estimate:
    """The share of right answers to the same questions in another language, without an edit: what can be reached."""
    same = [Question(one.city, one.relation, tongue) for one in asked]
    fx = wb.intervene.measure(
        model, [one.prompt for one in same], [wb.Steer("resid_post.1", torch.zeros(model.d_model), 0.0)],
        target=Answers([one.answer(tongue) for one in same]), controls=0,
    )  # fmt: skip
    return fx.effect.target.plain


def written(model: wb.Model, prompts: Sequence[str], edits: Sequence[wb.Clamp | wb.Steer]) -> list[str]:
    """The likeliest first lines."""
    rows = [""] * len(prompts)
    for step in model.generate_each(prompts, edits=edits, new_tokens=TOKENS):
        rows = [row + str(token or "") for row, token in zip(rows, step, strict=True)]
    return [row.split("\n")[0] for row in rows]


def decoded(task: str, n: int) -> Callable[[wb.Model], list[bool]]:
    """Whether a model writes the answer after the prompt of each of n items, so that edits fall in the prompt."""
    items = wb.world.tasks[task].items(n)

    def judge(model: wb.Model) -> list[bool]:
        length = max(len(model.tokenizer(item.answer, add_special_tokens=False).input_ids) for item in items)
        rows = [""] * len(items)
        for step in model.generate_each([item.prompt for item in items], new_tokens=length):
            rows = [row + str(token or "") for row, token in zip(rows, step, strict=True)]
        return [row.startswith(item.answer) for row, item in zip(rows, items, strict=True)]

    return judge


def elsewhere(model: wb.Model, tongue: str) -> dict[str, tuple[Estimate, Estimate | None]]:
    """Where it was not chosen for: the share that is in the language, and that is right, by what is asked."""
    edits = ways(model, tongue)["features"]
    found = {}
    others = {
        "continents, asked in English": questions(held_out=True, relations=["continent"]),
        **{
            f"asked in {LANGUAGES[one].capitalize()}": questions(held_out=True, tongue=one)
            for one in LANGUAGES
            if one not in ("en", tongue)
        },
    }
    for name, asked in others.items():
        some = unlike(asked, tongue)
        lines = written(model, [one.prompt for one in some], edits)
        right = [line.startswith(one.answer(tongue)) for one, line in zip(some, lines, strict=True)]
        found[name] = share([spoken_in(tongue)(line) for line in lines]), share(right)
    found["talk, in English"] = share([spoken_in(tongue)(line) for line in written(model, talk(), edits)]), None
    return found


def neutral_texts(model: wb.Model, n: int) -> list[str]:
    """Held-out documents of all kinds in English."""
    stream = wb.world.documents("test", 6, tongues=("en",))
    return list(islice((d.text for d in stream if len(model.tokenizer(d.text).input_ids) < 120), n))


# ---- the report ------------------------------------------------------------------------------------


def report(controls: int = 20) -> Iterator[str]:
    """Everything, as Markdown, line by line."""
    model = wb.load()
    tasks = {name: decoded(name, 40) for name in ("addition", "indirect_object", "facts")}
    found = measure(model, controls=controls, tasks=tasks)
    yield "# The language of the answer, switched: held-out English questions"
    for tongue in found.spoken:
        yield f"\n## {LANGUAGES[tongue].capitalize()}\n\n{markdown(found.spoken[tongue], found.right[tongue])}"
        yield f"\nThe plain model, asked in that language, is right in {found.plainly[tongue]}."
        yield "\n| features, likeliest answers | in the language | right in it |\n|-|-|-|"
        for name, (spoken, right) in elsewhere(model, tongue).items():
            yield f"| {name} | {spoken} | {right or '–'} |"
        for name, some in found.texts.items():
            if name.startswith(tongue):
                yield f"\n{name}:"
                yield from (f"- {prompt.partition(chr(10))[0]} →{line}" for prompt, line in some[::3])


def markdown(*effects: Effects) -> str:
    """The tables of effects as one, in Markdown."""
    tables = [one.table() for one in effects]
    lines = [tables[0].columns, ["-"] * len(tables[0].columns)]
    lines += [line for table in tables for line in table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
