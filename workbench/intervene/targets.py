"""What an intervention is meant to change: a number for every prompt, under several variants of edits at once.

A target is asked in steps, so that whoever asks can stop between two forward passes. An answer is scored as if it had
been generated: the prompt keeps its tokens, and edits at "generated" positions hold on it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

if TYPE_CHECKING:
    from ..model import Edit, Model

ROWS = 64
"""Texts that go through the model together."""

SHIFT = 1000
"""By how much the seeds of one prompt differ from those of the next."""

Variants = Sequence[Sequence["Edit"]]
Values = Generator[None, None, Float[Tensor, "E N S"]]
"""Steps, and in the end a value for every variant, prompt and sample."""


@dataclass(frozen=True)
class Target(ABC):
    """What is measured on every prompt. `is_share`: whether each value is 0 or 1."""

    is_share = False
    samples = 1

    @property
    @abstractmethod
    def name(self) -> str:
        """What is measured, in a few words."""

    @abstractmethod
    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        """The values of some of the prompts, by their numbers, under each variant; stops between forward passes."""

    def check(self, prompts: Sequence[str]) -> None:
        """Raise a ValueError if there is not an answer for each prompt."""
        return


@dataclass(frozen=True)
class _Scored(Target):
    """What reads off the log-probabilities of answers."""

    def _answers(self, answer: str | Sequence[str], numbers: Sequence[int]) -> list[str]:
        return [answer if isinstance(answer, str) else answer[number] for number in numbers]

    def _logprobs(
        self, model: Model, prompts: Sequence[str], answers: Sequence[str], variants: Variants
    ) -> Generator[None, None, tuple[Float[Tensor, "E N"], Float[Tensor, "E N"]]]:
        """Of every answer, under each variant: its log-probability, and whether it is what greedy decoding gives."""
        tokens = model.vocabulary.continued(prompts, answers, device=model.device)
        most = int((tokens.mask.sum(-1) - tokens.prompt).max())
        columns = torch.arange(-most, 0, device=model.device)
        counted = columns >= (tokens.prompt - tokens.mask.sum(-1))[:, None]
        wanted = tokens.ids[:, -most:]
        sums, likeliest = torch.zeros(2, len(variants), len(prompts))
        at_once = max(1, ROWS // len(prompts))
        for start in range(0, len(variants), at_once):
            some = variants[start : start + at_once]
            logits = model.run(tokens, variants=some, last=most + 1).logits[:, :-1].float()
            logits = logits.view(len(some), len(prompts), most, -1)
            logprobs = logits.log_softmax(-1).gather(-1, wanted.expand(len(some), -1, -1)[..., None])[..., 0]
            sums[start : start + at_once] = (logprobs * counted).sum(-1).cpu()
            likeliest[start : start + at_once] = ((logits.argmax(-1) == wanted) | ~counted).all(-1).float().cpu()
            yield
        return sums, likeliest


def _one_each(answers: str | Sequence[str], prompts: Sequence[str]) -> None:
    if not isinstance(answers, str) and len(answers) != len(prompts):
        raise ValueError(f"{len(answers)} answers for {len(prompts)} prompts; give one of each, or one for all")


@dataclass(frozen=True)
class Probability(_Scored):
    """The probability that the text goes on with an answer: of all its tokens together.

    Args:
        answer: one for all prompts, or one for each.

    Example:
        >>> import workbench as wb
        >>> edit = wb.Ablate("mlp_out.3")
        >>> fx = wb.intervene.measure(
        ...     wb.load(), ["12+34=", "21+57="], [edit], target=wb.intervene.Probability(["46", "78"]), controls=2
        ... )
        >>> fx.effect.target.plain.value > fx.effect.target.edited.value
        True
    """

    answer: str | Sequence[str]

    @property
    def name(self) -> str:
        return f"p({self.answer.strip()})" if isinstance(self.answer, str) else "p(answer)"

    def check(self, prompts: Sequence[str]) -> None:
        _one_each(self.answer, prompts)

    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        sums, _ = yield from self._logprobs(model, prompts, self._answers(self.answer, numbers), variants)
        return sums.exp()[..., None]


@dataclass(frozen=True)
class LogitDifference(_Scored):
    """How much likelier one answer is than another: log p(right) − log p(wrong), in nats.

    Of answers of one token that is the difference of their logits.

    Args:
        right: one for all prompts, or one for each.
        wrong: the same.

    Source: Wang et al. 2022, "Interpretability in the Wild", section 2.1.

    Example:
        >>> import workbench as wb
        >>> wb.intervene.LogitDifference(" San", " Sydney").name
        'log p(San) − log p(Sydney)'
    """

    right: str | Sequence[str]
    wrong: str | Sequence[str]

    @property
    def name(self) -> str:
        one = [each.strip() if isinstance(each, str) else name for each, name in
               ((self.right, "right"), (self.wrong, "wrong"))]  # fmt: skip
        return f"log p({one[0]}) − log p({one[1]})"

    def check(self, prompts: Sequence[str]) -> None:
        _one_each(self.right, prompts)
        _one_each(self.wrong, prompts)

    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        right, _ = yield from self._logprobs(model, prompts, self._answers(self.right, numbers), variants)
        wrong, _ = yield from self._logprobs(model, prompts, self._answers(self.wrong, numbers), variants)
        return (right - wrong)[..., None]


@dataclass(frozen=True)
class Answers(_Scored):
    """Whether greedy decoding gives the answer, to its last token: the score of a task.

    Args:
        answer: one for all prompts, or one for each.

    Example:
        >>> import workbench as wb
        >>> wb.intervene.Answers("46").name
        'answers 46'
    """

    answer: str | Sequence[str]
    is_share = True

    @property
    def name(self) -> str:
        return f"answers {self.answer.strip()}" if isinstance(self.answer, str) else "answers right"

    def check(self, prompts: Sequence[str]) -> None:
        _one_each(self.answer, prompts)

    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        _, likeliest = yield from self._logprobs(model, prompts, self._answers(self.answer, numbers), variants)
        return likeliest[..., None]


@dataclass(frozen=True)
class Says(Target):
    r"""The share of generations that say it.

    Args:
        said: a text, or several of which one is enough, in whatever case; or a function that is given what was
            generated after the prompt, and says whether it holds.
        new_tokens: how many are generated.
        temperature: 0 takes the likeliest token, and one sample is all there is.
        seeds: one sample of each prompt for each; the k-th prompt, from 0, is sampled with 1000 k more, so that no two
            prompts share their luck.

    Raises:
        ValueError: no text to look for.

    Example:
        >>> import workbench as wb
        >>> target = wb.intervene.Says("Golden Gate", new_tokens=8, seeds=range(2))
        >>> prompts = ["Question: What is your favourite place?\nAnswer: I think of the"]
        >>> fx = wb.intervene.measure(wb.load(), prompts, [wb.Ablate("mlp_out.3")], target=target, controls=2)
        >>> fx.effect.target.plain.n
        2
    """

    said: str | Sequence[str] | Callable[[str], bool]
    new_tokens: int = field(default=24, kw_only=True)
    temperature: float = field(default=1.0, kw_only=True)
    seeds: Sequence[int] = field(default=range(4), kw_only=True)
    is_share = True

    def __post_init__(self) -> None:
        if not callable(self.said) and (not self.said or "" in self._texts):
            raise ValueError("which text is looked for? give one that is not empty, several, or a function")
        if not len(self.seeds):
            raise ValueError("no seeds were given: there is no text to look in; seeds=[0] writes one for each prompt")

    @property
    def samples(self) -> int:
        return len(self._seeds)

    @property
    def _seeds(self) -> Sequence[int]:
        return self.seeds if self.temperature > 0 else self.seeds[:1]

    @property
    def _texts(self) -> tuple[str, ...]:
        return (self.said,) if isinstance(self.said, str) else tuple(self.said)

    @property
    def name(self) -> str:
        if callable(self.said):
            return f"share of texts: {getattr(self.said, '__name__', 'judged').replace('_', ' ')}"
        return f"says {' or '.join(text.strip() for text in self._texts[:3])}"

    def holds(self, text: str) -> bool:
        """Whether a generated text says it."""
        if callable(self.said):
            return bool(self.said(text))
        return any(said.lower() in text.lower() for said in self._texts)

    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        found = torch.zeros(len(variants), len(prompts), self.samples)
        own = [[SHIFT * number + seed for seed in self._seeds] for number in numbers]
        settings = {"new_tokens": self.new_tokens, "temperature": self.temperature, "seeds": own}
        at_once = max(1, ROWS // (len(prompts) * self.samples))
        for start in range(0, len(variants), at_once):
            some = variants[start : start + at_once]
            rows = len(some) * len(prompts) * self.samples
            texts = yield from written(model.generate_each(prompts, variants=some, **settings), rows)
            held = torch.tensor([self.holds(text) for text in texts], dtype=torch.float)
            found[start : start + at_once] = held.view(len(some), len(prompts), self.samples)
        return found


def written(steps: Iterable[tuple[object, ...]], rows: int) -> Generator[None, None, list[str]]:
    """What so many rows of a generation say, once all have come to their end; stops at every token."""
    texts = [""] * rows
    for step in steps:
        texts = [text if token is None else text + str(token) for text, token in zip(texts, step, strict=True)]
        yield
    return texts
