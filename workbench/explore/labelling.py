"""Labels that nobody typed: the best known concept, the top tokens, or what a language model makes of the examples.

A label from a model is a guess, so it is scored as one, on contexts that it was not made from:

- detection: which of mixed contexts hold what the label says? Positives are drawn from all of the feature's range,
  negatives are contexts on which it is silent, those where it nearly fires among them;
- fuzzing: in contexts on which it fires, are the marked tokens those that the label says? In half of the questions
  as many other tokens are marked.

Each is a balanced accuracy, ½ is chance, with its interval and n; beside it stands the same score with the label of
another feature, which says how far a judge gets by what such texts have in common.

Source: of explaining by marked examples Bills et al. 2023, "Language models can explain neurons in language models";
of detection and fuzzing Paulo et al. 2024, "Automatically Interpreting Millions of Features in Large Language Models".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import torch

from ..estimates import Estimate, proportion
from ..progress import watched
from .asking import Ask
from .cards import Card, Example
from .notes import Label

if TYPE_CHECKING:
    from .indexing import Index

AROUND = 24
"""Tokens on each side of a firing token that are shown."""
SHOWN = 12
"""Examples that a label is made from."""
TOGETHER = 5
"""Contexts in one question to a judge."""
OPEN, CLOSE = "«", "»"
"""Marks around a token that fires."""


# ---- labels without a model ----------------------------------------------------------------------


def label_by_concepts(index: Index, features: Iterable[int] | None = None, *, least: float = 0.5) -> dict[int, Label]:
    """Name features after the known concept that they tell best, where they tell one; stored in the index.

    Args:
        index: one that was made with labels.
        features: which; all that ever fired by default.
        least: the F1 below which a feature is not named.

    Raises:
        ValueError: an index without concepts.

    Example:
        >>> import workbench as wb
        >>> index = wb.explore.open()
        >>> named = wb.explore.label_by_concepts(index, index.random(20, seed=0), least=0.3)
        >>> all(label.how == "concept" and label.scores["f1"][0] >= 0.3 for label in named.values())
        True
    """
    if not index.concepts:
        raise ValueError("this index knows no concepts; make it with wb.explore.index(…, labels=…), or label by tokens")
    found = {}
    for feature in _chosen(index, features):
        for best in index[feature].concepts[:1]:
            if best.f1.value >= least:
                found[feature] = index.label(feature, best.concept, how="concept", scores={"f1": _numbers(best.f1)})
    return found


def label_by_tokens(index: Index, features: Iterable[int] | None = None, *, most: int = 3) -> dict[int, Label]:
    """Name features after the tokens that most of their activation falls on; stored in the index.

    The score "share" is how much of it falls on the tokens named; n counts the tokens on which the feature fires.

    Args:
        index: whose features.
        features: which; all that ever fired by default.
        most: how many tokens are named.

    Example:
        >>> import workbench as wb
        >>> index = wb.explore.open()
        >>> wb.explore.label_by_tokens(index, [942])[942].how
        'top tokens'
    """
    found = {}
    for feature in _chosen(index, features):
        tokens = index[feature].tokens[:most]
        if tokens:
            share = sum(one.share for one in tokens)
            said = " · ".join(json.dumps(one.piece.strip() or one.piece, ensure_ascii=False)[1:-1] for one in tokens)
            scores = {"share": [share, share, share, int(index.counts[feature])]}  # counted over all, not estimated
            found[feature] = index.label(feature, said, how="top tokens", scores=scores)
    return found


def _chosen(index: Index, features: Iterable[int] | None) -> list[int]:
    return index.alive.tolist() if features is None else list(features)


def _numbers(one: Estimate) -> list[float]:
    return [one.value, one.low, one.high, one.n]


# ---- labels by a model ---------------------------------------------------------------------------


def label_by_model(
    index: Index,
    features: Iterable[int],
    ask: Ask,
    *,
    judge: Ask | None = None,
    scored: bool = True,
    name: str = "",
    seed: int = 0,
) -> dict[int, Label]:
    """Have a language model say what features respond to, and score what it says; stored in the index.

    The label is made from the strongest examples, and scored on others, of other texts. Scores are "detection" and
    "fuzzing", each with "…, another's label" beside it: the same questions with the label of another of these
    features, drawn by the seed; of a single feature, or where all labels are the same, with the label that the index
    gives a random one. A label is stored as soon as it is said, and again with its scores: what fails half-way loses
    none.

    Args:
        index: whose features.
        features: which.
        ask: a prompt in, an answer out: `Chat`, `Local`, or a function.
        judge: who scores; whoever labels by default.
        scored: whether the labels are scored, which takes some ten questions more for each feature.
        name: what labels are signed with, as "model <name>"; that of `ask` by default.
        seed: of what is drawn.

    Raises:
        ValueError: an answer that holds no label.

    Example:
        >>> import workbench as wb
        >>> index = wb.explore.open()
        >>> said = wb.explore.label_by_model(index, [942, 3405], lambda prompt: "Label: a bridge", name="parrot")
        >>> said[942].text, said[942].how, list(said[942].scores)[:2]
        ('a bridge', 'model parrot', ['detection', 'fuzzing'])
    """
    features = [index._checked(feature) for feature in features]
    signed = f"model {name or getattr(ask, 'name', '') or getattr(ask, '__name__', 'unnamed')}"
    found: dict[int, Label] = {}
    for feature in watched(features, "labelling"):  # each is kept as soon as it is said: an answer may have cost money
        found[feature] = index.label(feature, explain(index[feature], ask), how=signed)
    others = _others(index, {feature: label.text for feature, label in found.items()}, seed) if scored else {}
    for feature, other in watched(list(others.items()), "scoring labels"):
        text, scores = found[feature].text, {}
        for what, said in (("", text), (", another's label", other)):
            for kind, score in (("detection", detection), ("fuzzing", fuzzing)):
                one = score(index, feature, said, judge or ask, seed=seed)
                if one is not None:
                    scores[kind + what] = _numbers(one)
        found[feature] = index.label(feature, text, how=signed, scores=scores)
    return found


def _others(index: Index, texts: Mapping[int, str], seed: int) -> dict[int, str]:
    """For every feature the label of another one, never its own words where there are others."""
    features = [*texts]
    order = Random(seed).sample(features, len(features))
    following = dict(zip(order, [*order[1:], order[0]], strict=True))
    found = {}
    for feature in features:
        other = following[feature]
        while other != feature and texts[other] == texts[feature]:
            other = following[other]
        if other == feature:
            stranger = next((one for one in index.random(2, seed=seed) if one != feature), feature)
            found[feature] = str(index.table([stranger]).label[0])
        else:
            found[feature] = texts[other]
    return found


def explain(card: Card, ask: Ask) -> str:
    """A label for a feature, from its strongest examples, with the firing tokens marked and their strength.

    Raises:
        ValueError: the feature never fires, or the answer holds no label.
    """
    examples = card.of("top")[:SHOWN]
    if not examples:
        raise ValueError(f"feature {card.feature} has no examples: it never fires here, so there is nothing to explain")
    shown = "\n".join(f"{number}. {_with_strengths(one, card)}" for number, one in enumerate(examples, 1))
    return read_label(
        ask(
            "A unit inside a language model responds to some tokens and is silent on all others. Below are pieces of "
            f"text. The tokens to which it responds stand between {OPEN} and {CLOSE}; after each piece they are listed "
            "with how strongly it responds, from 1 to 10.\n\n"
            f"{shown}\n\n"
            "What do the marked tokens, in their contexts, have in common? Think of the token itself, of what the text "
            "is about, and of what comes before. Be specific, in at most 12 words, without the marks. "
            "End with one line:\nLabel: <what it responds to>"
        )
    )


def read_label(answer: str) -> str:
    r"""The label in an answer: what follows the last "Label:", else the last line that says something.

    Example:
        >>> from workbench.explore.labelling import read_label
        >>> read_label('<think>hm</think> The bridges…\n**Label:** "names of bridges."')
        'names of bridges'
    """
    said = re.sub(r"<think>.*?(</think>|$)", " ", answer, flags=re.DOTALL | re.IGNORECASE)
    lines = [line for line in said.splitlines() if re.search(r"\w", line)]
    marked = re.findall(r"label\W*?:\W*(\w.*)", said, flags=re.IGNORECASE)
    text = marked[-1] if marked else lines[-1] if lines else ""
    text = " ".join(text.strip("*\"'`“”„»«[]<>. ").split())[:200]
    if not text:
        raise ValueError(f"the model gave no label; it said {answer[:200]!r}")
    return text


# ---- scores --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """A context that is put to a judge, and whether it holds what the label says."""

    text: str
    truth: bool


def detection(index: Index, feature: int, label: str, ask: Ask, *, seed: int = 0) -> Estimate | None:
    """How well a judge, given the label, tells contexts on which a feature fires from those on which it is silent.

    Positives are the examples of all quantiles and intervals, but for texts that a label was made from; negatives the
    near misses and the silent ones, and, if the index has its model and dictionary, as many as are missing from the
    contexts of other features, where this one was seen to be silent.

    Args:
        index: whose feature.
        feature: its number.
        label: what it is said to respond to.
        ask: who judges.
        seed: of the order, and of the other features.

    Returns:
        The balanced accuracy (sensitivity + specificity) / 2; None where there is no positive or no negative.

    Example:
        >>> import workbench as wb
        >>> from workbench.explore.labelling import detection
        >>> detection(wb.explore.open(), 942, "a bridge", lambda prompt: "no idea").value
        0.0
    """
    card = index[feature]
    yes = _held_back(card)
    no = [one for one in (*card.of("near"), *card.of("negative")) if max(_window(one).values, default=0.0) == 0]
    no += _elsewhere(index, feature, len(yes) - len(no), seed)
    questions = [Question(_plain(one), True) for one in yes] + [Question(_plain(one), False) for one in no]
    return _judged(Random(seed).sample(questions, len(questions)), label, ask, _DETECTION)


def fuzzing(index: Index, feature: int, label: str, ask: Ask, *, seed: int = 0) -> Estimate | None:
    """How well a judge, given the label, tells contexts whose firing tokens are marked from those with others marked.

    Every held-back context is asked about twice, never in the same question: once with the tokens marked on which the
    feature fires, once with as many others, drawn by the seed.

    Returns:
        The balanced accuracy; None where no context has tokens enough that are silent.

    Example:
        >>> import workbench as wb
        >>> from workbench.explore.labelling import fuzzing
        >>> fuzzing(wb.explore.open(), 942, "a bridge", lambda prompt: "1 1 1 1 1").value
        0.5
    """
    rng = Random(seed)
    pairs = []
    for one in _held_back(index[feature]):
        window = _window(one)
        on = {place for place, value in enumerate(window.values) if value > 0}
        off = [p for p, value in enumerate(window.values) if value == 0 and window.pieces[p].strip()]
        if on and len(off) >= len(on):
            wrong = set(rng.sample(off, len(on)))
            pairs.append([Question(_marked(window.pieces, chosen), chosen is on) for chosen in (on, wrong)])
    rng.shuffle(pairs)
    first = [pair[number % 2] for number, pair in enumerate(pairs)]
    second = [pair[1 - number % 2] for number, pair in enumerate(pairs)]
    cut = -len(first) % TOGETHER  # the second round begins with a question of its own
    return _judged([*first, *[None] * cut, *second], label, ask, _FUZZING)


def _held_back(card: Card) -> list[Example]:
    """Examples of all of a feature's range, of texts that no label was made from, each place once."""
    seen = {one.text for one in card.of("top")[:SHOWN]}
    places = {(one.text, one.token): one for one in (*card.of("quantile"), *card.of("interval"))}
    return [one for one in places.values() if one.text not in seen]


def _elsewhere(index: Index, feature: int, n: int, seed: int) -> list[Example]:
    """Contexts of other features on which this one is silent, as the model itself shows."""
    if n < 1 or index.model is None or index.sae is None:
        return []
    found = []
    for other in index.random(4 * n, seed=seed):
        examples = index[other].of("quantile")
        if other != feature and examples and _silent(index, feature, window := _window(examples[0])):
            found.append(window)
        if len(found) == n:
            break
    return found


def _silent(index: Index, feature: int, window: Example) -> bool:
    vocabulary = index.model.vocabulary
    bos = [] if vocabulary.bos is None else [vocabulary.bos]
    tokens = vocabulary.padded([[*bos, *window.ids]], "right", index.model.device)
    with torch.no_grad():
        values = index.sae.activation(index.model.read(tokens, at=list(index.sae.reads)), feature)
    return not bool((values[tokens.places.text] > 0).any())


_DETECTION = (
    "A unit of a language model is said to respond to this:\n\n    {label}\n\n"
    "Which of these texts hold it, anywhere?\n\n{texts}\n\n"
    "Answer with a JSON list of {n} numbers, in order: 1 for a text that holds it, 0 for one that does not. "
    "The list alone."
)
_FUZZING = (
    "A unit of a language model is said to respond to this:\n\n    {label}\n\n"
    f"In each of these texts some tokens stand between {OPEN} and {CLOSE}. "
    "In which texts are all of the marked tokens what it is said to respond to, in their context?\n\n{texts}\n\n"
    "Answer with a JSON list of {n} numbers, in order: 1 where they are, 0 where they are not. The list alone."
)


def _judged(questions: Sequence[Question | None], label: str, ask: Ask, prompt: str) -> Estimate | None:
    """The balanced accuracy of the answers; one that cannot be read is asked for once more, then counts as wrong."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for start in range(0, len(questions), TOGETHER):
        some = [one for one in questions[start : start + TOGETHER] if one is not None]
        texts = "\n\n".join(f"{number}. {one.text}" for number, one in enumerate(some, 1))
        asked = prompt.format(label=label, texts=texts, n=len(some))
        said = read_answers(ask(asked), len(some)) or read_answers(ask(asked), len(some))
        for one, answer in zip(some, said or [not one.truth for one in some], strict=True):
            right[one.truth].append(answer == one.truth)
    return balanced(right[True], right[False]) if right[True] and right[False] else None


def read_answers(answer: str, n: int) -> list[bool] | None:
    r"""As many yes-or-no answers as were asked for, however they are written; None if there are not so many.

    Understood are a JSON list anywhere in the answer, the last that fits; lines such as "2. yes"; and the words yes,
    no, true, false, 1 and 0 in a row, where there are no others.

    Example:
        >>> from workbench.explore.labelling import read_answers
        >>> read_answers("Sure: [1, 0]", 2), read_answers("1. Yes, it does\n2. No", 2), read_answers("perhaps", 1)
        ([True, False], [True, False], None)
    """
    said = re.sub(r"<think>.*?(</think>|$)", " ", answer, flags=re.DOTALL | re.IGNORECASE)
    lists = [_WORD.findall(inside) for inside in re.findall(r"\[([^\[\]]*)\]", said)]
    lines = re.findall(r"^\W*(\d+)\W+(yes|no|true|false|[01])\b", said, flags=re.IGNORECASE | re.MULTILINE)
    numbered = {int(number): word for number, word in lines}
    if sorted(numbered) == [*range(1, n + 1)]:
        lists.insert(0, [numbered[number] for number in range(1, n + 1)])
    is_bare = not re.sub(r"\b(yes|no|true|false|and|\d+)\b|\W", "", said, flags=re.IGNORECASE)  # and no prose
    fitting = [words for words in [_WORD.findall(said) if is_bare else [], *lists] if len(words) == n]
    return [word.lower() in ("yes", "true", "1") for word in fitting[-1]] if fitting else None


_WORD = re.compile(r"\b(yes|no|true|false|[01])\b", re.IGNORECASE)


def balanced(positives: Sequence[bool], negatives: Sequence[bool]) -> Estimate:
    """(sensitivity + specificity) / 2 of answers that are right or wrong, with its interval; n counts the answers.

    With a share p of either kind and its Wilson interval [l, u], the interval is
    ½ (p + p') − ½ √((p − l)² + (p' − l')²) to ½ (p + p') + ½ √((u − p)² + (u' − p')²).

    Source: Zou and Donner 2008, "Construction of confidence limits about effect measures: a general approach".

    Example:
        >>> from workbench.explore.labelling import balanced
        >>> print(balanced([True] * 9 + [False], [True] * 10))
        .950 [.744, .991], n 20
    """
    one, other = (proportion(sum(right), len(right)) for right in (positives, negatives))
    value = (one.value + other.value) / 2
    below = ((one.value - one.low) ** 2 + (other.value - other.low) ** 2) ** 0.5 / 2
    above = ((one.high - one.value) ** 2 + (other.high - other.value) ** 2) ** 0.5 / 2
    return Estimate(value, max(0.0, value - below), min(1.0, value + above), len(positives) + len(negatives))


# ---- contexts as text ----------------------------------------------------------------------------


def _window(example: Example) -> Example:
    """The nearest of the tokens around."""
    first = max(0, example.at - AROUND)
    part = slice(first, example.at + AROUND + 1)
    held = {name: getattr(example, name)[part] for name in ("ids", "pieces", "values")}
    return Example(
        example.kind,
        example.group,
        example.text,
        example.token,
        example.value,
        example.z,
        example.start + first,
        **held,
    )


def _plain(example: Example) -> str:
    return _line("".join(_window(example).pieces))


def _marked(pieces: Sequence[str], chosen: set[int]) -> str:
    """The text with marks around some tokens; a leading space stays outside."""
    parts = []
    for place, piece in enumerate(pieces):
        word = piece.lstrip(" ")
        parts.append(f"{piece[: len(piece) - len(word)]}{OPEN}{word}{CLOSE}" if place in chosen else piece)
    return _line("".join(parts))


def _with_strengths(example: Example, card: Card) -> str:
    window = _window(example)
    on = [place for place, value in enumerate(window.values) if value > 0]
    strengths = [f"{window.pieces[p].strip()} {max(1, round(10 * window.values[p] / card.maximum))}" for p in on]
    return f"{_marked(window.pieces, set(on))}\n   ({_line(', '.join(strengths))})"


def _line(text: str) -> str:
    return text.strip().replace("\n", " ⏎ ")
