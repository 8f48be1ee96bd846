"""Text and tokens: what a model reads, which token of its text stands where, and text again.

It wraps a tokenizer as one model uses it, and knows neither the model's inside nor
its weights.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Int
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True, eq=False)
class Places:
    """Which token of its text each column of a batch holds, so that an edit can choose.

    Attributes:
        index: the token's number in its own text, from 0 (BOS included); -1 for padding. [B, T]
        prompt: how many tokens the prompt of each row has. [B]
        bos: whether token 0 is a BOS that the model put there, and no part of the text.
        ids: the token in each column. [B, T]
        drawn: of each row a number that depends on its prompt alone, where the columns no longer hold the prompt.
    """

    index: Int[Tensor, "B T"]
    prompt: Int[Tensor, " B"]
    bos: bool
    ids: Int[Tensor, "B T"]
    drawn: tuple[int, ...] | None = None

    @property
    def lots(self) -> tuple[int, ...]:
        """Of each row a number that depends on its prompt alone: what is drawn by it is drawn anew in every text."""
        if self.drawn is not None:
            return self.drawn
        inside = (self.index >= 0) & (self.index < self.prompt[:, None])
        return tuple(lot(ids[here].tolist()) for ids, here in zip(self.ids, inside, strict=True))

    @property
    def text(self) -> Bool[Tensor, "B T"]:
        """True where there is a token of the text itself: neither padding nor BOS."""
        return self.index >= (1 if self.bos else 0)

    def rows(self, rows: slice) -> Places:
        """Those of some rows."""
        drawn = None if self.drawn is None else self.drawn[rows]
        return Places(self.index[rows], self.prompt[rows], self.bos, self.ids[rows], drawn)

    def last(self, columns: int) -> Places:
        """Those of the last columns."""
        return Places(self.index[:, -columns:], self.prompt, self.bos, self.ids[:, -columns:], self.lots)


@dataclass(frozen=True, eq=False)
class Tokens:
    """Texts as token ids, padded to one length.

    Attributes:
        ids: [B, T]; padding holds the pad token.
        mask: True where there is a token. [B, T]
        pieces: the text of every token, without padding; specials by name.
        bos: whether every row begins with a BOS that is no part of its text.
        prompt: how many tokens of each row are its prompt, where what was generated after it stands there too. [B]
    """

    ids: Int[Tensor, "B T"]
    mask: Bool[Tensor, "B T"]
    pieces: tuple[tuple[str, ...], ...] = ()
    bos: bool = False
    prompt: Int[Tensor, " B"] | None = None

    @property
    def places(self) -> Places:
        """Which token of its text each column holds."""
        index = self.mask.long().cumsum(-1) - 1
        prompt = self.mask.sum(-1) if self.prompt is None else self.prompt
        return Places(index.masked_fill(~self.mask, -1), prompt, self.bos, self.ids)

    def rows(self, start: int, stop: int) -> Tokens:
        """Some of the texts, still padded to the length of the longest of all."""
        rows = slice(start, stop)
        prompt = None if self.prompt is None else self.prompt[rows]
        return Tokens(self.ids[rows], self.mask[rows], self.pieces[rows], self.bos, prompt)

    def times(self, times: int) -> Tokens:
        """All the texts, so many times over."""
        prompt = None if self.prompt is None else self.prompt.repeat(times)
        return Tokens(self.ids.repeat(times, 1), self.mask.repeat(times, 1), self.pieces * times, self.bos, prompt)

    def __len__(self) -> int:
        return int(self.mask.sum())

    def __repr__(self) -> str:
        return f"{counted(len(self.ids), 'text')} · {counted(len(self), 'token')}"


@dataclass(frozen=True)
class Token:
    """One generated token: its id, the text it completes, and its log-probability in nats."""

    id: int
    text: str
    logprob: float

    def __str__(self) -> str:
        return self.text


class Vocabulary:
    """A tokenizer as one model uses it: with its BOS, up to its context, a text for every token.

    Args:
        tokenizer: the Hugging Face tokenizer.
        context: the longest text the model takes, in tokens.
        name: what errors call the model.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, context: int, name: str) -> None:
        self.tokenizer, self.context, self.name = tokenizer, context, name
        self.bos = tokenizer.bos_token_id if self._adds_bos() else None
        self._special = frozenset(tokenizer.all_special_ids)
        self._pieces: dict[int, str] = {}

    def tokens(self, text: str | Sequence[str], *, padding: str, device: torch.device) -> Tokens:
        """Texts as tokens, with a BOS where the tokenizer puts one, padded to one length."""
        texts = [text] if isinstance(text, str) else list(text)
        if not texts:
            raise ValueError("no text was given; give a text or a list of texts")
        if padding not in ("right", "left"):
            raise ValueError(f"padding {padding!r} was asked for; there are 'right' and 'left'")
        return self.padded([self._ids(one, number) for number, one in enumerate(texts)], padding, device)

    def windows(self, texts: Sequence[str]) -> list[list[list[int]]]:
        """Every text as ids in pieces that fit the context, each with a BOS where the tokenizer puts one.

        Tokenised together, which is faster; an empty text has no pieces.
        """
        first = [] if self.bos is None else [self.bos]
        size = self.context - len(first)
        coded = self.tokenizer(list(texts), add_special_tokens=False).input_ids if texts else []
        return [[[*first, *ids[at : at + size]] for at in range(0, len(ids), size)] for ids in coded]

    def continued(self, prompts: Sequence[str], answers: Sequence[str], *, device: torch.device) -> Tokens:
        """Prompts with what follows them, padded on the left: the answers end together.

        The prompt keeps the tokens that it has alone, which is what a model that generates goes on from.

        Raises:
            ValueError: an empty prompt or answer, or one that does not fit the context with the other.
        """
        befores = [self._ids(prompt, number) for number, prompt in enumerate(prompts)]
        rows = []
        for number, (before, answer) in enumerate(zip(befores, answers, strict=True)):
            after = self._after(prompts[number], before[self.bos is not None :], answer)
            if not after:
                raise ValueError(f"answer {number} is empty; give at least one token of text")
            if len(before) + len(after) > self.context:
                raise ValueError(
                    f"text {number} and its answer have {len(before) + len(after)} tokens; "
                    f"the context of {self.name} holds {self.context}. Shorten it."
                )
            rows.append([*before, *after])
        tokens = self.padded(rows, "left", device, spelled=False)
        return replace(tokens, prompt=torch.tensor([len(before) for before in befores], device=device))

    def _after(self, prompt: str, before: list[int], answer: str) -> list[int]:
        """The tokens of an answer behind a prompt: as both together have them, where the prompt keeps its own."""
        together = self.tokenizer(prompt + answer, add_special_tokens=False).input_ids
        if together[: len(before)] == before:
            return together[len(before) :]
        first, both = (self.tokenizer(text, add_special_tokens=False).input_ids for text in ("=", f"={answer}"))
        return (
            both[len(first) :]
            if both[: len(first)] == first
            else self.tokenizer(answer, add_special_tokens=False).input_ids
        )

    def padded(
        self, rows: Sequence[Sequence[int]], padding: str, device: torch.device, *, spelled: bool = True
    ) -> Tokens:
        """Rows of ids, padded to one length; spelled: with the text of every token, which nobody may need."""
        length = max(map(len, rows))
        pad = next((i for i in (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id) if i is not None), 0)
        ids = torch.full((len(rows), length), pad)
        mask = torch.zeros((len(rows), length), dtype=torch.bool)
        for number, row in enumerate(rows):
            columns = slice(0, len(row)) if padding == "right" else slice(length - len(row), None)
            ids[number, columns], mask[number, columns] = torch.tensor(row), True
        pieces = tuple(tuple(self.piece(i) for i in row) for row in rows) if spelled else ()
        return Tokens(ids.to(device), mask.to(device), pieces, self.bos is not None)

    def _ids(self, text: str, number: int) -> list[int]:
        if not isinstance(text, str):
            raise TypeError(f"text {number} is a {type(text).__name__}; give strings")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ValueError(f"text {number} holds half of a surrogate pair, which is no text: {text!r}")
        ids = self.tokenizer(text, add_special_tokens=False).input_ids
        if not ids:
            raise ValueError(f"text {number} is empty; give at least one token of text")
        ids = ids if self.bos is None else [self.bos, *ids]
        if len(ids) > self.context:
            raise ValueError(
                f"text {number} has {len(ids)} tokens; the context of {self.name} holds {self.context}. Shorten it."
            )
        return ids

    def piece(self, token: int) -> str:
        """The text of one token; a special token by its name."""
        if token not in self._pieces:
            special = token in self._special
            self._pieces[token] = (
                self.tokenizer.convert_ids_to_tokens(token) if special else decoded(self.tokenizer, [token])
            )
        return self._pieces[token]

    def _adds_bos(self) -> bool:
        """Whether the tokenizer itself begins a text with BOS, as the model was trained to expect."""
        bos = self.tokenizer.bos_token_id
        if bos is None:
            return False
        return self.tokenizer("a").input_ids[:1] == [bos]


class Detokenizer:
    """Turns tokens into text as they come; a character split over tokens waits for its last one."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.ids: list[int] = []
        self.given = 0

    def add(self, token: int) -> str:
        self.ids.append(token)
        text = decoded(self.tokenizer, self.ids)
        if text.endswith("\ufffd"):
            return ""
        text, self.given = text[self.given :], len(text)
        return text


def decoded(tokenizer: PreTrainedTokenizerBase, ids: list[int]) -> str:
    """The text of some tokens inside a text: decoders drop the space before a first word."""
    once, twice = tokenizer.decode(ids), tokenizer.decode(ids + ids)
    return twice[len(once) :]


def lot(ids: Sequence[int]) -> int:
    """A number that depends on some ids alone."""
    return zlib.crc32(array("q", ids).tobytes())


def aligned(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """For every token of a, the one of b that stands in its place; -1 where b has none.

    Longest common runs of ids first (difflib); between two of them tokens are paired as far as they go.

    Example:
        >>> from workbench.tokens import aligned
        >>> aligned([7, 8, 9], [7, 5, 6, 9])
        [0, 1, 3]
    """
    pairs = [-1] * len(a)
    for kind, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            for k in range(min(i_end - i, j_end - j)):
                pairs[i + k] = j + k
    return pairs


def counted(n: int, what: str) -> str:
    """A count and its noun: 1 text, 3 texts."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
