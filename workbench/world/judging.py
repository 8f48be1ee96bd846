"""What a model answers: its greedy continuation, the margin between two answers, and samples that are judged.

A sample is judged by what it is: Python by Python's parser, its language by the words of the language's documents.
"""

from __future__ import annotations

import ast
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import torch

from .language import documents
from .lexicon import TONGUES

if TYPE_CHECKING:
    from ..model import Edit, Model

BATCH = 64


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes:
        prompt: what the model is given.
        answer: the right continuation.
        wrong: one that is as likely by form, where there is one.
        about: what is asked: a tongue, a relation or a sort of program.
        of: what it shares with other items that are not independent of it, such as the fact that they ask for.
    """

    prompt: str
    answer: str
    wrong: str | None = None
    about: str = ""
    of: str = ""


def continued(model: Model, items: Sequence[Item], *, edits: Sequence[Edit] = ()) -> list[bool]:
    """Whether greedy decoding gives each answer, under edits, read off one pass over prompt and answer together."""
    batches = (items[start : start + BATCH] for start in range(0, len(items), BATCH))
    return [right for batch in batches for right in _continued(model, batch, edits)]


def _continued(model: Model, items: Sequence[Item], edits: Sequence[Edit]) -> list[bool]:
    tokens = model.vocabulary.continued(
        [item.prompt for item in items], [item.answer for item in items], device=model.device
    )
    answers = tokens.mask.sum(-1) - tokens.prompt  # an edit that counts from the prompt's end must know where it is
    most = int(answers.max())
    given = model.run(tokens, edits=edits, last=most + 1).logits[:, :-1].argmax(-1)
    counted = torch.arange(-most, 0, device=given.device) >= -answers[:, None]
    right = ((given == tokens.ids[:, -most:]) | ~counted).all(-1).tolist()
    verdicts = []
    for item, verdict in zip(items, right, strict=True):
        before, whole = (model.tokenizer(text).input_ids for text in (item.prompt, item.prompt + item.answer))
        if (
            whole[: len(before)] != before
        ):  # this tokenizer joins the end of the prompt with the beginning of the answer
            said = "".join(str(token) for token in model.generate(item.prompt, edits=edits, new_tokens=len(whole)))
            verdict = said.startswith(item.answer)
        verdicts.append(verdict)
    return verdicts


def margins(model: Model, items: Sequence[Item]) -> list[float]:
    """Of every item, the logit of the right answer's first token less that of the wrong one's."""
    found = []
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        logits = model.run([item.prompt for item in batch]).logits
        for row, item in enumerate(batch):
            end = len(model.tokenizer(item.prompt).input_ids) - 1
            right, wrong = (
                model.tokenizer(text, add_special_tokens=False).input_ids[0] for text in (item.answer, item.wrong or "")
            )
            found.append(float(logits[row, end, right] - logits[row, end, wrong]))
    return found


def generated(model: Model, items: Sequence[Item], new_tokens: int) -> list[str]:
    """Continuations sampled at temperature 1; the same item gives the same sample."""
    texts: list[str] = []
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        seeds = [[zlib.crc32(f"{item.prompt}{item.about}".encode())] for item in batch]
        prompts = [item.prompt for item in batch]
        steps = list(model.generate_each(prompts, new_tokens=new_tokens, temperature=1.0, seeds=seeds))
        texts += ["".join(str(step[row] or "") for step in steps) for row in range(len(batch))]
    return texts


def parses(prompt: str, written: str) -> bool:
    """Whether a program, up to its output, is Python with a statement in it."""
    try:
        return bool(ast.parse(prompt + written.split("# output:")[0]).body)
    except (SyntaxError, ValueError):
        return False


def tongue_of(text: str) -> str | None:
    """The language of a text by its words: naive Bayes over what the language's own documents say."""
    words = re.findall(r"\w+", text.lower())
    weights = _words()
    known = [word for word in words if word in weights]
    if not known:
        return None
    scores = {tongue: sum(weights[word][tongue] for word in known) for tongue in TONGUES}
    return max(TONGUES, key=scores.__getitem__)


@cache
def _words() -> dict[str, dict[str, float]]:
    """Word → tongue → log-probability, from 2,000 documents in each."""
    counts = {
        tongue: Counter(
            word
            for document in islice(
                documents("train", 7, kinds=("facts", "story", "chat", "contrast"), tongues=(tongue,)), 2000
            )
            for word in re.findall(r"\w+", document.text.lower())
        )
        for tongue in TONGUES
    }
    vocabulary = set().union(*counts.values())
    totals = {tongue: sum(count.values()) + len(vocabulary) for tongue, count in counts.items()}
    return {w: {t: math.log((c[w] + 1) / totals[t]) for t, c in counts.items()} for w in vocabulary}
