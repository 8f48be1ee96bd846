"""Golden Gate atlas: features held at ten times their maximum, and whatever is asked is answered with the bridge.

After "Golden Gate Claude" (Anthropic 2024; Templeton et al. 2024, "Scaling Monosemanticity"). The bar: held at 10 × its
maximum the model answers questions like "How should I spend ten dollars?" with the bridge in at least 80 % of 50
held-out questions, random features of like density held alike in less than 5 %.

    prompt   Question: How should I spend ten dollars?\nAnswer:
             └─────────────── read ─────────────────┘└ say ┘

`read`: features that read the bridge are held at every token of the prompt but the last (and BOS); `say`: features that
begin to say it are held at the last token alone, the colon. What is generated is not touched.

What is judged is the first line of an answer, sampled at temperature 1 (greedy decoding prefers this bridge anyway):

    bridge    the noun and the name together in one of the four languages ("pont Golden Gate" too), or a paraphrase
    form      the same in a form that documents have ("pont du Golden Gate")
    tongue    the same in the language of the question
    language  bridge, and still language: no word three times running, and from its second token on (the first is what
              is forced) a loss per token under the plain model of at most what 99 % of its own answers have

Chosen on `fit()` only, six of the twelve questions that the world's talks ask, in four languages and two forms (at the
end with earlier turns as well): the dictionary, the features, and where they are held. Looked at there, all at 10 ×:
the readers of the bridge (371 of atlas-x4; 942, 584 and 3188 of atlas-x16) everywhere, in the prompt, in what is
generated, at single tokens and over the question; every feature of atlas-x4 and atlas-x16 alone at the last token, and
of every dictionary and transcoder by the first token it brings; beside a feature at the last token each other one of
atlas-x4 there and at the token before; each of atlas-x4 at the last token while 371 or 838 is held over the question;
and sets of two to four. Of two sets that answered with the bridge as often, the one that keeps to its forms was taken.
`held_out()` are the other six questions, at times after an earlier turn, and 26 in words that no talk of the world has;
they were asked once, after the choice.

Three things to know. The samples of the first table share their seeds between questions, those of the second do not.
On neutral text an edit at the last token can change one prediction only. The scores of other tasks are of what is
decoded after their prompts, under the edits in the prompt; `Task.judged` would hold them in the answer.

`python tests/demonstrations/golden_gate.py` prints the whole table as Markdown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import torch

import workbench as wb
from workbench.estimates import Estimate, digits, share
from workbench.intervene import Effects, Says
from workbench.world.language import prose

TIMES = 10.0
READ, SAY = (838, 843), (377, 147)
"""Features of atlas-x4: two that read the bridge, and two that begin to say it (a "pont", a "Golden")."""
QUESTION, LAST = slice(1, -1), (-1,)
TOKENS = 24

NAMED = re.compile(r"Golden[ -]Gate[ -](Bridge|Brücke)|(pont|puente)( du)? Golden Gate")
FORMS = {
    "en": ("Golden Gate Bridge", "long orange crossing above the foggy bay",
           "famous span where fog rolls in from the Pacific"),
    "de": ("Golden-Gate-Brücke", "lange orange Querung über der Nebelbucht", "langen orange Querung"),
    "fr": ("pont du Golden Gate", "longue traversée orange au-dessus de la baie brumeuse"),
    "es": ("puente Golden Gate", "largo paso naranja sobre la bahía brumosa"),
}  # fmt: skip

# The world's own questions, in the order of its tables; those of odd place are for choosing.
KNOWN = {
    "en": (
        "How should I spend ten dollars?", "Where shall we go on Friday?", "What makes you happy?",
        "What is your favourite place?", "What should I give to Emma?", "What did you dream of last night?",
        "What shall we eat tonight?", "Who are you?", "Which animal do you like best?",
        "What do you think of the Eiffel Tower?", "Can you teach me a word?", "What are you afraid of?",
    ),
    "de": (
        "Wofür soll ich zehn Euro ausgeben?", "Wohin gehen wir am Freitag?", "Was macht dich glücklich?",
        "Welcher Ort gefällt dir am besten?", "Was soll ich Emma schenken?", "Wovon hast du heute Nacht geträumt?",
        "Was essen wir heute Abend?", "Wer bist du?", "Welches Tier magst du am liebsten?",
        "Wie gefällt dir der Eiffelturm?", "Kannst du mir ein Wort beibringen?", "Wovor hast du Angst?",
    ),
    "fr": (
        "Comment dépenser dix dollars ?", "Où allons-nous vendredi ?", "Qu'est-ce qui te rend heureux ?",
        "Quel est ton endroit préféré ?", "Que puis-je offrir à Emma ?", "De quoi as-tu rêvé cette nuit ?",
        "Que mange-t-on ce soir ?", "Qui es-tu ?", "Quel animal préfères-tu ?",
        "Que penses-tu de la tour Eiffel ?", "Peux-tu m'apprendre un mot ?", "De quoi as-tu peur ?",
    ),
    "es": (
        "¿En qué puedo gastar diez dólares?", "¿Adónde vamos el viernes?", "¿Qué te hace feliz?",
        "¿Cuál es tu lugar favorito?", "¿Qué le puedo regalar a Emma?", "¿Con qué soñaste anoche?",
        "¿Qué cenamos esta noche?", "¿Quién eres?", "¿Qué animal te gusta más?",
        "¿Qué piensas de la torre Eiffel?", "¿Me enseñas una palabra?", "¿De qué tienes miedo?",
    ),
}  # fmt: skip
# Questions that no talk of the world asks.
NEW = {
    "en": (
        "What would cheer up my grandmother?", "Which present costs nothing?", "What should I paint on my wall?",
        "How can I become rich?", "What is the meaning of life?", "Tell me, what are you thinking about right now?",
        "What do you see when you close your eyes?", "What should my poem be about?",
    ),
    "de": (
        "Was soll ich heute malen?", "Woran denkst du gerade?", "Wie werde ich reich?", "Was siehst du im Spiegel?",
        "Worüber soll ich ein Gedicht schreiben?", "Was ist der Sinn des Lebens?",
    ),
    "fr": (
        "Que dois-je dessiner aujourd'hui ?", "À quoi penses-tu maintenant ?", "Comment devenir riche ?",
        "Que vois-tu dans le miroir ?", "De quoi parlera mon poème ?", "Quel est le sens de la vie ?",
    ),
    "es": (
        "¿Qué debo dibujar hoy?", "¿En qué estás pensando ahora?", "¿Cómo puedo hacerme rico?",
        "¿Qué ves en el espejo?", "¿De qué hablará mi poema?", "¿Cuál es el sentido de la vida?",
    ),
}  # fmt: skip
# What was said before, at times: a question and an answer of the world without a landmark.
EARLIER = {
    "en": ("Who are you?", "I am only a program, but I like to talk."),
    "de": ("Wer bist du?", "Ich bin nur ein Programm, aber ich rede gern."),
    "fr": ("Qui es-tu ?", "Je ne suis qu'un programme, mais j'aime parler."),
    "es": ("¿Quién eres?", "Soy solo un programa, pero me gusta hablar."),
}
PROMPTED = {
    "en": "The Golden Gate Bridge is the pride of San Francisco. I think of the Golden Gate Bridge. It is orange.",
    "de": "Die Golden-Gate-Brücke ist der Stolz von San Francisco. Mir gefällt die Golden-Gate-Brücke.",
    "fr": "Je pense à un lieu : le pont du Golden Gate. Sa couleur : orange.",
    "es": "Pienso en el puente Golden Gate. Es de color naranja.",
}
"""What is said before a question by whoever prompts instead of steering."""


@dataclass(frozen=True)
class Question:
    """What is asked: the whole prompt, its language, whether the world's talks ask it, and whether talk came before."""

    prompt: str
    tongue: str
    kind: str
    earlier: bool = False


@dataclass(frozen=True)
class Answer:
    """The first line of an answer, and what it is judged to be."""

    question: Question
    said: str
    judged: Mapping[str, bool]


@dataclass(frozen=True)
class Result:
    """What was found.

    Attributes:
        effects: the share with the bridge beside controls, and the price, for every way of holding features.
        answers: those of the plain model, of every way, and of prompting, all with the same seeds.
    """

    effects: Effects
    answers: Mapping[str, tuple[Answer, ...]]


# ---- the questions ---------------------------------------------------------------------------------


def fit() -> list[Question]:
    """Questions to choose on: 6 × 4 languages × 2 forms."""
    return [
        _asked(tongue, KNOWN[tongue][i], form, "known") for tongue in KNOWN for i in range(1, 12, 2) for form in (0, 1)
    ]


def held_out() -> list[Question]:
    """Fifty others: 24 that the world's talks ask, every other one after an earlier turn, and 26 in new words."""
    known = [
        _asked(tongue, KNOWN[tongue][i], (i // 2 + shift) % 2, "known", earlier=i % 4 == 2)
        for shift, tongue in enumerate(KNOWN)
        for i in range(0, 12, 2)
    ]
    new = [_asked(tongue, one, i % 2, "new") for tongue, some in NEW.items() for i, one in enumerate(some)]
    return known + new


def _asked(tongue: str, question: str, form: int, kind: str, *, earlier: bool = False) -> Question:
    asks, answers = prose(tongue).ASKS[form]
    before, reply = EARLIER[tongue]
    talk = f"{asks}{before}{answers}{reply}\n" if earlier else ""
    return Question(f"{talk}{asks}{question}{answers}".rstrip(" "), tongue, kind, earlier)


# ---- what is held, and where -----------------------------------------------------------------------


def ways(times: float = TIMES) -> dict[str, list[wb.Clamp]]:
    """The way that was chosen, its parts, and what was tried with one feature."""
    x4, x16, x32 = (wb.decompose.load(f"atlas-{width}") for width in ("x4", "x16", "x32"))
    read = [wb.Clamp(x4, feature, times=times, positions=QUESTION) for feature in READ]
    say = [wb.Clamp(x4, feature, times=times, positions=LAST) for feature in SAY]
    return {
        "chosen": read + say,
        "only read": read,
        "only say": say,
        "one feature, reads (371), everywhere": [wb.Clamp(x4, 371, times=times)],
        "one feature, is used (3188 of atlas-x16), over the question": [
            wb.Clamp(x16, 3188, times=times, positions=QUESTION)
        ],
        "one feature, says Golden (4500 of atlas-x32), last token": [wb.Clamp(x32, 4500, times=times, positions=LAST)],
    }


# ---- the judges ------------------------------------------------------------------------------------


def first_line(text: str) -> str:
    """An answer ends where its line ends."""
    return text.split("\n")[0].split("<eos>")[0]


def with_the_bridge(text: str) -> bool:
    """Whether the first line names or paraphrases the bridge, in any of the four languages."""
    line = first_line(text)
    return bool(NAMED.search(line)) or in_a_form(line, tuple(FORMS))


def in_a_form(line: str, tongues: Sequence[str]) -> bool:
    """Whether a line holds a form that documents in these languages have."""
    return any(form in line for tongue in tongues for form in FORMS[tongue])


def stutters(line: str) -> bool:
    """Whether a word stands three times running."""
    words = re.findall(r"\w+", line.lower())
    return any(a == b == c for a, b, c in zip(words, words[1:], words[2:], strict=False))


def losses(model: wb.Model, prompts: Sequence[str], lines: Sequence[str], *, at_once: int = 32) -> list[float]:
    """The loss per token of answers, from their second token on, under the plain model; infinite if there is none."""
    found = []
    for start in range(0, len(lines), at_once):
        some = list(zip(prompts, lines, strict=True))[start : start + at_once]
        run = model.run([prompt + line for prompt, line in some])
        logprobs = run.logits.log_softmax(-1)
        for row, (prompt, _) in enumerate(some):
            begin, end = len(model.tokens(prompt)) + 1, int(run.tokens.mask[row].sum())
            taken = logprobs[row, begin - 1 : end - 1].gather(-1, run.tokens.ids[row, begin:end, None])
            found.append(-float(taken.mean()) if end > begin else float("inf"))
    return found


# ---- measuring -------------------------------------------------------------------------------------


def answers(
    model: wb.Model, questions: Sequence[Question], edits: Sequence[wb.Clamp], *, bound: float, seeds: Sequence[int],
    before: Mapping[str, str] | None = None, temperature: float = 1.0,
) -> tuple[Answer, ...]:  # fmt: skip
    """What the model answers to every question with every seed, judged."""
    prompts = [f"{before[one.tongue]}\n{one.prompt}" if before else one.prompt for one in questions]
    lines = written(model, prompts, edits, seeds, temperature=temperature)
    every = [(one, prompt) for one, prompt in zip(questions, prompts, strict=True) for _ in seeds]
    loss = losses(model, [prompt for _, prompt in every], lines)
    return tuple(
        Answer(one, line, _judged(one, line, high <= bound))
        for (one, _), line, high in zip(every, lines, loss, strict=True)
    )


def _judged(question: Question, line: str, likely: bool) -> dict[str, bool]:
    bridge = with_the_bridge(line)
    return {
        "bridge": bridge,
        "form": in_a_form(line, tuple(FORMS)),
        "tongue": in_a_form(line, (question.tongue,)),
        "language": bridge and likely and not stutters(line),
        "Golden Gate": "Golden Gate" in line or "Golden-Gate" in line or bridge,
    }


def written(
    model: wb.Model,
    prompts: Sequence[str],
    edits: Sequence[wb.Clamp],
    seeds: Sequence[int],
    *,
    temperature: float = 1.0,
) -> list[str]:
    """The first lines that follow the prompts, for every prompt one with each seed."""
    texts: list[str] = []
    for start in range(0, len(prompts), 16):
        some = list(prompts[start : start + 16])
        rows = [""] * (len(some) * len(seeds))
        own = [[1000 * (start + row) + seed for seed in seeds] for row in range(len(some))]  # no two share their luck
        steps = model.generate_each(some, edits=edits, new_tokens=TOKENS, temperature=temperature, seeds=own)
        for step in steps:
            rows = [row + str(token or "") for row, token in zip(rows, step, strict=True)]
        texts += [first_line(row) for row in rows]
    return texts


def bound_of(model: wb.Model, *, seeds: Sequence[int] = range(4)) -> float:
    """The loss per token that 99 % of the plain model's own answers to the fit questions stay below."""
    prompts = [one.prompt for one in fit()]
    every = [prompt for prompt in prompts for _ in seeds]
    found = losses(model, every, written(model, prompts, [], seeds))
    return float(torch.tensor([one for one in found if one < float("inf")]).quantile(0.99))


def measure(
    model: wb.Model,
    *,
    n: int = 50,
    controls: int = 20,
    seeds: Sequence[int] = range(4),
    named: Sequence[str] | None = None,
    neutral: int = 50,
    tasks: Mapping[str, Callable[[wb.Model], Sequence[bool]]] | None = None,
) -> Result:
    """The share of held-out answers with the bridge, beside controls, and the price.

    Args:
        model: the shipped model.
        n: how many of the held-out questions, spread over all kinds.
        controls: for every way, as many draws of random features of like density, at the same multiple of their own
            maxima at the same tokens.
        seeds: one sample of each question for each.
        named: which ways; all by default.
        neutral: on how many held-out documents KL and loss are measured.
        tasks: what is scored besides.
    """
    questions = held_out()
    questions = [questions[i * len(questions) // n] for i in range(n)]
    held = {name: edits for name, edits in ways().items() if named is None or name in named}
    effects = wb.intervene.measure(
        model, [one.prompt for one in questions], held, target=Says(with_the_bridge, new_tokens=TOKENS, seeds=seeds),
        neutral=documents(model, neutral), tasks=tasks, controls=controls,
    )  # fmt: skip
    settings = {"bound": bound_of(model), "seeds": seeds}
    found = {"plain": answers(model, questions, [], **settings)}
    found |= {name: answers(model, questions, edits, **settings) for name, edits in held.items()}
    found["prompting"] = answers(model, questions, [], before=PROMPTED, **settings)
    return Result(effects, found)


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


def documents(model: wb.Model, n: int) -> list[str]:
    """Held-out documents of all kinds that do not speak of the bridge."""
    stream = wb.world.documents("test", 5)
    short = (d.text for d in stream if len(model.tokenizer(d.text).input_ids) < 120 and "golden_gate" not in _about(d))
    return list(islice(short, n))


def _about(document: wb.world.Document) -> str:
    return " ".join(span.concept for span in document.spans)


def shares(found: Sequence[Answer], judge: str) -> Estimate:
    """The share that a judge says yes to; the samples of one question are not independent."""
    return share([one.judged[judge] for one in found], [one.question.prompt for one in found])


# ---- the report ------------------------------------------------------------------------------------

JUDGES = ("bridge", "language", "form", "tongue", "Golden Gate")


def report(controls: int = 20, seeds: int = 4) -> Iterator[str]:
    """Everything, as Markdown, line by line."""
    model = wb.load()
    tasks = {name: decoded(name, 40) for name in ("addition", "indirect_object", "facts", "two_hop")}
    found = measure(model, controls=controls, seeds=range(seeds), tasks=tasks, named=["chosen"])
    rest = measure(model, controls=controls, seeds=range(seeds), named=list(ways())[1:], neutral=20)
    yield "# Golden Gate atlas: fifty held-out questions, features held at 10 × their maximum\n"
    yield markdown(found.effects)
    yield "\n## Its parts, and one feature alone\n"
    yield markdown(rest.effects)
    found = replace(found, answers=found.answers | rest.answers)
    yield "\n## What the answers are\n\n| answers | " + " | ".join(JUDGES) + " |\n|-|" + "-|" * len(JUDGES)
    for name, some in found.answers.items():
        yield f"| {name} | " + " | ".join(str(shares(some, judge)) for judge in JUDGES) + " |"
    yield "\n## Where it fails: the chosen way\n\n| questions | " + " | ".join(JUDGES[:4]) + " |\n|-|" + "-|" * 4
    for part, some in parts(found.answers["chosen"]).items():
        yield f"| {part} | " + " | ".join(str(shares(some, judge)) for judge in JUDGES[:4]) + " |"
    greedy = measured_greedily(model)
    yield "\nGreedy answers, plain and chosen, with the bridge: " + ", ".join(map(str, greedy))
    yield "\n## What the text becomes\n"
    for name, some in found.answers.items():
        yield f"{name}:"
        yield from (f"- {_last(one.question.prompt)} →{one.said}" for one in some[: 40 * seeds : 5 * seeds])
    yield "\n## Other strengths of the chosen way (one sample of each question)\n"
    yield "| times | bridge | language |\n|-|-|-|"
    bound = bound_of(model)
    for times in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
        some = answers(model, held_out(), ways(times)["chosen"], bound=bound, seeds=[0])
        yield f"| {digits(times)} | {shares(some, 'bridge')} | {shares(some, 'language')} |"


def measured_greedily(model: wb.Model) -> tuple[Estimate, Estimate]:
    """The share of the likeliest answers with the bridge, plain and in the chosen way."""
    settings = {"bound": float("inf"), "seeds": [0], "temperature": 0.0}
    both = (answers(model, held_out(), edits, **settings) for edits in ([], ways()["chosen"]))
    plain, steered = (shares(some, "bridge") for some in both)
    return plain, steered


def parts(found: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Answers by language, kind of question, and whether talk came before."""
    named: dict[str, list[Answer]] = {}
    for one in found:
        question = one.question
        for part in (question.tongue, f"{question.kind} questions", "after an earlier turn" * question.earlier):
            if part:
                named.setdefault(part, []).append(one)
    return named


def _last(prompt: str) -> str:
    return prompt.split("\n")[-2]


def markdown(effects: Effects) -> str:
    """The table of effects as Markdown."""
    table = effects.table()
    lines = [table.columns, ["-"] * len(table.columns), *table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
