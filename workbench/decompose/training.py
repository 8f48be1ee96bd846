"""Training a dictionary on recorded activations, as an object that can be stepped and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from .dictionaries import ARCHITECTURES, Dictionary

if TYPE_CHECKING:
    import pandas as pd


def train(
    activations: Float[Tensor, "N D"],
    architecture: str = "topk",
    *,
    site: str,
    width: int,
    k: int,
    steps: int = 5_000,
    batch: int = 1024,
    learning_rate: float = 2e-3,
    seed: int = 0,
) -> Training:
    """Set up the training of a dictionary; `step` and `finish` do it.

    Activations are scaled so that E‖x‖² = d_model; the finished dictionary takes the
    scale in and reads them as they are. Adam; the rate falls to 0 over the last fifth.

    Args:
        activations: one row per token, held in memory.
        architecture: its name in `ARCHITECTURES`.
        site: where the activations were recorded.
        width: F, the number of features.
        k: how many may be on at once.
        steps: updates in all.
        batch: tokens per update.
        learning_rate: of Adam.
        seed: of the initial directions and of the order of tokens.

    Raises:
        ValueError: an unknown architecture, or activations that are no finite matrix.

    Example:
        >>> import torch, workbench as wb
        >>> run = wb.decompose.train(torch.randn(512, 8), site="resid_post.0", width=16, k=2, steps=20, batch=64)
        >>> run.finish().width
        16
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture {architecture!r}; there are: {', '.join(ARCHITECTURES)}")
    if activations.ndim != 2 or not len(activations) or not torch.isfinite(activations).all():
        raise ValueError(f"activations are rows of finite numbers, one per token; given: {tuple(activations.shape)}")
    if steps < 1 or batch < 1:
        raise ValueError(f"steps {steps} and batch {batch}: at least 1 each")
    d_model = activations.shape[-1]
    dictionary = ARCHITECTURES[architecture](d_model=d_model, width=width, k=k, site=site, seed=seed)
    return Training(activations, dictionary, steps=steps, batch=batch, learning_rate=learning_rate, seed=seed)


class Training:
    """A training under way: `step(n)`, `history`, `finish()`. `train` makes one.

    Example:
        >>> import torch, workbench as wb
        >>> run = wb.decompose.train(torch.randn(256, 8), site="resid_post.0", width=16, k=2, steps=4, batch=64)
        >>> loss = run.step(3)
        >>> len(run.history), run.finish() is run.finish()
        (3, True)
    """

    def __init__(
        self,
        activations: Float[Tensor, "N D"],
        dictionary: Dictionary,
        *,
        steps: int,
        batch: int,
        learning_rate: float,
        seed: int,
    ) -> None:
        self.activations, self.dictionary = activations, dictionary
        self.steps, self.batch, self.learning_rate = steps, batch, learning_rate
        self.scale = float((activations.shape[-1] / activations.square().sum(-1).mean()).sqrt())
        dictionary.start(activations.mean(0) * self.scale)
        self.optimiser = torch.optim.Adam(dictionary.parameters(), lr=learning_rate, fused=True)
        self.randomness = torch.Generator().manual_seed(seed)
        self.order = torch.empty(0, dtype=torch.long)
        self.at = 0
        self.finished = False
        self.losses: list[float] = []

    def step(self, n: int = 1) -> float:
        """Make n updates, or as many as are left; gives the last loss."""
        for _ in range(min(n, self.steps - self.at)):
            for group in self.optimiser.param_groups:
                group["lr"] = self.learning_rate * min(1.0, 5 * (1 - self.at / self.steps))
            loss = self.dictionary.loss(self._batch() * self.scale)
            self.optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.dictionary.parameters(), 1.0)
            self.optimiser.step()
            self.dictionary.tidy()
            self.at += 1
            self.losses.append(loss.item())
        return self.losses[-1]

    def finish(self) -> Dictionary:
        """Make the remaining updates and give the dictionary, with each feature's maximum and density."""
        if self.finished:
            return self.dictionary
        self.step(self.steps - self.at)
        self.finished = True
        dictionary = self.dictionary.requires_grad_(False).eval()
        dictionary.fold(self.scale)
        counts = torch.zeros(dictionary.width)
        for rows in self.activations.split(8192):
            features = dictionary.encode(rows)
            counts += features.counts()
            dictionary.maxima.copy_(torch.maximum(dictionary.maxima, features.maxima()))
        dictionary.density.copy_(counts / len(self.activations))
        return dictionary

    @property
    def history(self) -> pd.DataFrame:
        """The loss of every step."""
        import pandas as pd

        return pd.DataFrame({"step": range(1, len(self.losses) + 1), "loss": self.losses})

    def _batch(self) -> Float[Tensor, "N D"]:
        """The next rows of a shuffle that is renewed when it runs out."""
        while len(self.order) < self.batch:
            renewed = torch.randperm(len(self.activations), generator=self.randomness)
            self.order = torch.cat([self.order, renewed])
        rows, self.order = self.order[: self.batch], self.order[self.batch :]
        return self.activations[rows]
