"""One pass over text: where every feature fires, a few random tokens, and how neurons go with features.

The pass goes on where it was stopped. What it has come to is one file, and shards that this file
names; so a kill loses at most a shard, and the same texts end in the same bytes. Memory does not
grow with the number of tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..decompose.sparse import Pattern, by_column
from ..files import mapped, save_arrays
from ..model import Model
from ..names import canonical
from ..progress import bar
from .firings import SHARD, Firings, Read, mixed, write_shard

STATE = "state.safetensors"
GROUP, LENGTH = 1024, 2**20
"""Texts, or characters, that are tokenised together and batched by length."""
PAIRS = 2**24
"""Pairs of a feature and a neuron whose products are summed over all tokens; of more, over the random ones."""

Recalled = Callable[[int, int, int], Float[Tensor, "n D"] | None]
"""Given the number of a text, a place among its tokens and how many: what the dictionary reads there."""
Sets = Sequence[Set[str]]
"""Of one text, the concepts of every token, BOS left out."""


@dataclass(frozen=True)
class Gathered:
    """What a pass found.

    Attributes:
        firings: where each feature fires.
        pool: the rows of some tokens, drawn evenly from all. [P]
        pool_x: what the dictionary reads there. [P, D]
        neurons: the sites of the neurons. []: none.
        pool_neurons: their activations there. [P, M]
        neuron_sums: Σ n and Σ n² over all tokens. [2, M]
        products: Σ f n over all tokens, or None where there are too many pairs. [F, M]
        concepts: the names of the concepts, in the order of their numbers.
    """

    firings: Firings
    pool: np.ndarray
    pool_x: np.ndarray
    neurons: tuple[str, ...]
    pool_neurons: np.ndarray
    neuron_sums: np.ndarray
    products: np.ndarray | None
    concepts: tuple[str, ...]


class Gathering:
    """A pass under way.

    Args:
        folder: where it keeps what it found.
        model, dictionary: what reads.
        neurons: sites of neurons.
        pool: how many random tokens are kept.
        batch: texts per forward pass.
        seed: of the random tokens.
        settings: what else a pass must have in common with one that goes on.
        recalled: activations that are known already; where it gives None, the model runs.
    """

    def __init__(
        self, folder: Path, model: Model, dictionary: Dictionary, *,
        neurons: Sequence[str], pool: int, batch: int, seed: int, settings: dict[str, Any],
        recalled: Recalled | None = None,
    ) -> None:  # fmt: skip
        self.folder, self.model, self.dictionary = folder, model, dictionary
        self.neurons, self.size, self.batch, self.seed = tuple(neurons), pool, batch, seed
        self.settings, self.recalled = settings, recalled
        m = sum(model.numbers(site) for site in self.neurons)
        self.is_summed = 0 < dictionary.width * m <= PAIRS
        self.about = {"shards": 0, "texts": 0, "rows": 0, "digest": "", "concepts": [], "done": False}
        self.arrays: dict[str, np.ndarray] = {
            "hashes": np.zeros(0, np.uint64),
            "pool": np.zeros(0, np.int64),
            "pool_x": np.zeros((0, dictionary.d_model), np.float32),
            "pool_neurons": np.zeros((0, m), np.float32),
            "neuron_sums": np.zeros((2, m)),
            "products": np.zeros((dictionary.width, m) if self.is_summed else (0, m)),
        }
        self._held: list[Read] = []
        if (folder / STATE).exists():
            self._restore()
        self._known = {name: number for number, name in enumerate(self.about["concepts"])}

    def run(
        self, texts: Iterable[str], tokens: int | None, labels: Iterable[Sets] | None, undecided: Iterable[Sets] | None
    ) -> Gathered:
        """Read the texts, from where it was stopped, up to so many tokens.

        Raises:
            ValueError: other texts than those that were read before it was stopped; labels that do not fit; no text.
        """
        source = skipped(texts, labels, undecided, self.about, self.folder)
        if not self.about["done"]:
            with bar("reading", total=tokens, unit="tokens") as progress:
                progress.update(self.about["rows"])
                for group in _groups(source):
                    before = self.about["rows"]
                    self._read(group, tokens)
                    progress.update(self.about["rows"] - before)
                    is_enough = tokens is not None and self.about["rows"] >= tokens
                    if sum(len(text.ids) for text in self._held) >= SHARD or is_enough:
                        self._keep()
                    if is_enough:
                        break
            self.about["done"] = True
            self._keep()
        elif tokens is None and next(source, None) is not None:
            only = f"the first {self.about['texts']} of these texts only"
            raise ValueError(f"{self.folder} holds {only}; name another folder")
        if not self.about["rows"]:
            raise ValueError("there is no token in the texts; give some text")
        return self._gathered()

    def _gathered(self) -> Gathered:
        paths = [self._shard(number) for number in range(self.about["shards"])]
        held = self.arrays
        products = held["products"] if self.is_summed else None
        return Gathered(
            Firings(paths), held["pool"], held["pool_x"], self.neurons, held["pool_neurons"], held["neuron_sums"],
            products, tuple(self.about["concepts"]),
        )  # fmt: skip

    def _shard(self, number: int) -> Path:
        return self.folder / f"shard-{number:05}.safetensors"

    # ---- going on ----------------------------------------------------------------------------------

    def _restore(self) -> None:
        held, about = mapped(self.folder / STATE)
        if about["settings"] != self.settings:
            unlike = [name for name in self.settings if about["settings"].get(name) != self.settings[name]]
            was = ", ".join(f"{name} {about['settings'].get(name)}, now {self.settings[name]}" for name in unlike)
            raise ValueError(f"{self.folder} holds a pass of something else: {was}. Name another folder, or delete it.")
        self.arrays = {name: np.array(array) for name, array in held.items()}
        self.about = {name: about[name] for name in self.about}

    def _keep(self) -> None:
        """Write what is held as a shard, and then how far the pass has come."""
        if self._held:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_shard(self._shard(self.about["shards"]), self._held, self.dictionary.width)
            self.about["shards"] += 1
            self._held = []
        save_arrays(self.folder / STATE, self.arrays, {**self.about, "settings": self.settings})

    # ---- reading -----------------------------------------------------------------------------------

    def _read(self, group: list[tuple[str, Sets | None, Sets | None]], tokens: int | None) -> None:
        """Read some texts, in batches of a length, and hold what was found in the order of the texts."""
        first = self.about["texts"]
        pieces = []  # (source, place in it, ids with BOS, concepts, undecided)
        left = None if tokens is None else tokens - self.about["rows"]
        bos = self.model.vocabulary.bos is not None
        used = 0
        for number, (text, _, _) in enumerate(group, first):
            if not isinstance(text, str):
                raise TypeError(f"text {number} is a {type(text).__name__}; give strings")
        for number, windows in enumerate(self.model.vocabulary.windows([text for text, _, _ in group])):
            if left is not None and left <= 0:
                break
            used += 1
            sets = [_checked(group[number][k], windows, bos, first + number) for k in (1, 2)]
            at = 0
            for window in windows:
                n = len(window) - bos
                pieces.append((first + number, at, window, *(None if s is None else s[at : at + n] for s in sets)))
                at += n
                left = None if left is None else left - n
        for given in group[:used]:
            self.about["digest"] = _digest(self.about["digest"], *given)
        self.about["texts"] += used
        begins = self.about["rows"] + np.concatenate([[0], np.cumsum([len(p[2]) - bos for p in pieces])]).astype(int)
        found: dict[int, Read] = {}
        order = sorted(range(len(pieces)), key=lambda number: len(pieces[number][2]))
        for start in range(0, len(order), self.batch):
            numbers = order[start : start + self.batch]
            for number, read in zip(numbers, self._batch([pieces[n] for n in numbers], begins[numbers]), strict=True):
                found[number] = read
        self._held += [found[number] for number in range(len(pieces))]
        self.about["rows"] = int(begins[-1])

    @torch.no_grad()
    def _batch(self, pieces: list, begins: np.ndarray) -> list[Read]:
        """Some pieces of text: what the dictionary makes of them."""
        bos = int(self.model.vocabulary.bos is not None)
        ids = [np.array(window[bos:], np.int32) for _, _, window, *_ in pieces]
        lengths = [len(one) for one in ids]
        x, neurons = self._activations(pieces, lengths)
        features = self.dictionary.encode(x).to("cpu")
        on = features.values > 0
        counts = on.sum(-1).numpy()
        columns, strengths = features.indices[on].int().numpy(), features.values[on].float().numpy()
        rows = np.concatenate([begin + np.arange(n) for begin, n in zip(begins, lengths, strict=True)])
        self._sum(rows, x, neurons, counts, columns, strengths)
        made = []
        cut = np.cumsum(lengths)[:-1]
        token_counts = np.split(counts, cut)
        ends = np.cumsum([part.sum() for part in token_counts])[:-1]
        for piece, its, n, its_columns, its_strengths in zip(
            pieces, ids, token_counts, np.split(columns, ends), np.split(strengths, ends), strict=True
        ):
            sets = [None if s is None else self._numbered(s) for s in piece[3:]]
            made.append(Read(piece[0], its, n, its_columns, its_strengths, *sets))
        return made

    def _activations(self, pieces: list, lengths: list[int]) -> tuple[Float[Tensor, "N D"], list[Tensor]]:
        """What the dictionary reads at every token, and the neurons there: as they are known, or by a forward pass."""
        if self.recalled is not None:
            known = [self.recalled(piece[0], piece[1], n) for piece, n in zip(pieces, lengths, strict=True)]
            if all(x is not None for x in known):
                return torch.cat(known), []
        tokens = self.model.vocabulary.padded([p[2] for p in pieces], "right", self.model.device, spelled=False)
        values = self.model.read(tokens, at=list(dict.fromkeys([*self.dictionary.reads, *self.neurons])))
        text = tokens.places.text
        flat = {site: value.flatten(2).float()[text] for site, value in values.items()}
        return torch.cat([flat[canonical(site)] for site in self.dictionary.reads], -1), [
            flat[site] for site in self.neurons
        ]

    def _sum(
        self, rows: np.ndarray, x: Float[Tensor, "N D"], neurons: list[Tensor],
        counts: np.ndarray, columns: np.ndarray, strengths: np.ndarray,
    ) -> None:  # fmt: skip
        """Take tokens into the pool if they come first in its random order, and add up what goes with neurons."""
        held = self.arrays
        hashes = mixed(rows, self.seed)
        n = torch.cat(neurons, -1) if neurons else x[:, :0]
        is_full = len(held["hashes"]) == self.size
        better = np.flatnonzero(hashes < held["hashes"].max()) if is_full else np.arange(len(rows))
        if len(better):
            joined = np.concatenate([held["hashes"], hashes[better]])
            keep = np.argsort(joined)[: self.size]
            held["hashes"] = joined[keep]
            held["pool"] = np.concatenate([held["pool"], rows[better]])[keep]
            for name, values in (("pool_x", x), ("pool_neurons", n)):
                held[name] = np.concatenate([held[name], values[better].cpu().numpy()])[keep]
        n = n.cpu()
        held["neuron_sums"] += torch.stack([n.double().sum(0), n.double().square().sum(0)]).numpy()
        if self.is_summed:
            offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(counts)]))
            pattern = Pattern(offsets, torch.from_numpy(columns).long(), self.dictionary.width)
            held["products"] += by_column(torch.from_numpy(strengths), pattern, n).numpy()

    def _numbered(self, sets: Sets) -> tuple[np.ndarray, np.ndarray]:
        """Concepts by number: how many each token has, and which."""
        names: list[str] = self.about["concepts"]
        known = self._known  # the place of each in the list
        for name in sorted({name for token in sets for name in token} - known.keys()):
            known[name] = len(names)
            names.append(name)
        numbers = [known[name] for token in sets for name in sorted(token)]
        return np.array([len(token) for token in sets], np.int64), np.array(numbers, np.int32)


def _each(sets: Iterable[Sets] | None) -> Iterator[Sets | None]:
    if sets is None:
        while True:
            yield None
    yield from sets
    raise ValueError("there are more texts than labels; give labels for every text, or none at all")


def _groups(source: Iterable) -> Iterator[list]:
    """Texts that are tokenised together: so many, or so long together; a single one is held whole."""
    group, length = [], 0
    for given in source:
        group.append(given)
        length += len(given[0]) if isinstance(given[0], str) else 0
        if len(group) == GROUP or length >= LENGTH:
            yield group
            group, length = [], 0
    if group:
        yield group


def skipped(
    texts: Iterable[str],
    labels: Iterable[Sets] | None,
    undecided: Iterable[Sets] | None,
    about: Mapping[str, Any],
    folder: Path,
) -> Iterator[tuple[str, Sets | None, Sets | None]]:
    """The texts that were not read yet, with their labels; those that were are compared with what was read.

    Raises:
        ValueError: they are others.
    """
    source = zip(texts, _each(labels), _each(undecided), strict=False)
    digest = ""
    for given in islice(source, about["texts"]):
        digest = _digest(digest, *given)
    if digest != about["digest"]:
        raise ValueError(
            f"{folder} holds other texts or labels: its first {about['texts']} are not those that are given. "
            "Give the same, or name another folder."
        )
    return source


def _digest(before: str, text: str, labels: Sets | None, undecided: Sets | None) -> str:
    said = [text, *(None if sets is None else [sorted(token) for token in sets] for sets in (labels, undecided))]
    return hashlib.sha256(f"{before}{said!r}".encode("utf-8", "replace")).hexdigest()


def _checked(sets: Sets | None, windows: list[list[int]], bos: bool, number: int) -> Sets | None:
    tokens = sum(len(window) - bos for window in windows)
    if sets is not None and len(sets) != tokens:
        raise ValueError(
            f"text {number} has {tokens} tokens and labels for {len(sets)}: give a set of concepts for every token, "
            "BOS left out"
        )
    return sets
