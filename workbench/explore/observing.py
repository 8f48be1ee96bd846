"""The index of a dictionary that is being trained, made of what the training reads.

While it trains, the observer keeps the activations of some whole texts as they pass by, each token
once. When it is over, the finished dictionary is run over them, and no model: what comes out is the
index that `wb.explore.index` makes of the same texts with `neurons=[]`, without a forward pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..model import Model
from ..names import canonical
from .examples import Choice
from .gathering import Sets
from .indexing import PASS, POOL, Index, made

if TYPE_CHECKING:
    from ..decompose.dictionaries import Loss
    from ..decompose.training import Training

KEPT = "activations.npy"


class Observer:
    """Keep what a training reads of some texts, so that their index is there soon after it ends.

    Give it to `wb.decompose.train(…, observers=[observer])`, and call `index` with the finished dictionary. Its state
    is kept with the checkpoints. Tokens that never passed by are read by the model then.

    Args:
        model: the model whose activations are trained on.
        texts: those that were harvested, in the same order; the first are kept, up to `tokens`.
        at: the site, or the sites, that the dictionary reads.
        to: a folder for the index; the activations lie there until it is made.
        tokens: how many tokens are kept, at the least; 4 bytes for each number of each.

    Attributes:
        texts: those that are kept.
        seen: at which of their tokens the activations are known.

    Raises:
        ValueError: no text; a batch of a training that read other texts.

    Example:
        >>> import workbench as wb
        >>> model, texts = wb.load(), ["The Golden Gate Bridge is orange.", "2+2=4"] * 8
        >>> store = wb.decompose.harvest(model, texts, at="resid_post.1")
        >>> observer = wb.explore.Observer(model, texts, at="resid_post.1", to=tmp / "index")
        >>> run = wb.decompose.train(store, "topk", width=64, k=4, steps=8, batch=32, observers=[observer])
        >>> index = observer.index(run.finish())
        >>> index.tokens, bool(observer.seen.all())
        (96, True)
    """

    def __init__(
        self, model: Model, texts: Iterable[str], *, at: str | Sequence[str], to: str | Path, tokens: int = 300_000
    ) -> None:
        asked = [at] if isinstance(at, str) else list(at)
        self.sites = [str(site) for one in asked for site in model.expand(one)]
        self.model, self.folder = model, Path(to)
        self.bos = int(model.vocabulary.bos is not None)
        self.texts, ids = _first(model, texts, tokens)
        self.ids = np.concatenate(ids)
        self.starts = np.concatenate([[0], np.cumsum([len(one) for one in ids])])
        self.seen = torch.zeros(len(self.ids), dtype=torch.bool)
        self.width = sum(model.numbers(site) for site in self.sites)
        self._rows: np.ndarray | None = None

    def __call__(self, training: Training, batch: Mapping[str, Tensor], losses: Sequence[Loss]) -> None:
        """Keep what is of the texts, and new."""
        text, position, token = (batch[name].cpu().numpy().astype(np.int64) for name in ("text", "position", "token"))
        mine = np.flatnonzero((text >= 0) & (text < len(self.texts)))
        rows = self.starts[text[mine]] + position[mine] - self.bos
        is_inside = rows < self.starts[text[mine] + 1]
        if not is_inside.all() or (self.ids[rows] != token[mine]).any():
            raise ValueError("the training reads other texts than the observer has: give it those that were harvested")
        new = ~self.seen.numpy()[rows]
        mine, rows = mine[new], rows[new]
        if len(rows):
            at = torch.from_numpy(mine)
            values = training.activations.side_by_side({site: batch[site][at] for site in self.sites}, self.sites)
            self._kept[rows] = values.cpu().numpy()
            self.seen[torch.from_numpy(rows)] = True

    def index(
        self, dictionary: Dictionary, *, labels: Iterable[Sets] | None = None, undecided: Iterable[Sets] | None = None,
        choice: Choice | None = None, pool: int = POOL, batch: int = 64, seed: int = 0,
    ) -> Index:  # fmt: skip
        """The index of the finished dictionary over the texts, without neurons; settings as of `wb.explore.index`.

        Raises:
            ValueError: the dictionary reads other sites than those that were kept.
        """
        if (reads := [canonical(site) for site in dictionary.reads]) != self.sites:
            raise ValueError(
                f"the dictionary reads {', '.join(reads)}, and what was kept is {', '.join(self.sites)}: "
                "make the observer with at= as the dictionary reads, in its order"
            )
        index = made(
            self.model, dictionary, self.texts, self.folder, neurons=[], choice=choice or Choice(), pool=pool,
            batch=batch, seed=seed, keep=False, recalled=self._recalled, labels=labels, undecided=undecided,
        )  # fmt: skip
        self._rows = None
        (self.folder / KEPT).unlink(missing_ok=True)
        return index

    def state_dict(self) -> dict[str, Tensor]:
        """At which tokens the activations are known; they themselves are on the disk."""
        return {"seen": self.seen}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Go on with what was known; what is not on the disk is not."""
        if len(state["seen"]) != len(self.seen):
            raise ValueError(
                f"the checkpoint keeps {len(state['seen'])} tokens of an observer, this one has {len(self.seen)}: "
                "give it the same texts"
            )
        self.seen = state["seen"].clone() if self._is_kept else torch.zeros_like(state["seen"])

    @property
    def _kept(self) -> np.ndarray:
        """The activations, on disk. [tokens, D]"""
        if self._rows is None:
            path, shape = self.folder / KEPT, (len(self.ids), self.width)
            self.folder.mkdir(parents=True, exist_ok=True)
            mode = "r+" if self._is_kept else "w+"
            self._rows = np.lib.format.open_memmap(path, mode, np.float32, shape)
        return self._rows

    @property
    def _is_kept(self) -> bool:
        """Whether there are activations of these texts on the disk."""
        path = self.folder / KEPT
        return path.exists() and np.load(path, mmap_mode="r").shape == (len(self.ids), self.width)

    def _recalled(self, text: int, place: int, n: int) -> Tensor | None:
        rows = slice(int(self.starts[text]) + place, int(self.starts[text]) + place + n)
        if not bool(self.seen[rows].all()):
            return None
        return torch.from_numpy(np.array(self._kept[rows])).to(self.model.device)

    def __repr__(self) -> str:
        done = self.folder / PASS
        state = "being summed up" if done.exists() else f"{float(self.seen.float().mean()):.0%} of their tokens seen"
        return f"Observer({len(self.texts)} texts · {len(self.ids)} tokens · {state})"


def _first(model: Model, texts: Iterable[str], tokens: int) -> tuple[list[str], list[np.ndarray]]:
    """The first texts that have so many tokens, and the ids of each, BOS left out."""
    bos, held, ids, n = int(model.vocabulary.bos is not None), [], [], 0
    for text in texts:
        (windows,) = model.vocabulary.windows([text])
        held.append(text)
        ids.append(np.array([token for window in windows for token in window[bos:]], np.int64))
        n += len(ids[-1])
        if n >= tokens:
            break
    if not n:
        raise ValueError("there is no token in the texts; give those that were harvested")
    return held, ids
