"""Training dictionaries, as an object that can be stepped, looked at, paused, and stopped anywhere.

One trainer for every architecture and every wiring, and for many dictionaries in one
pass over the data. What the state is, a checkpoint holds, all of it: a training that was
killed and begun again ends in the same bytes as one that was not.

Step t reads tokens [t · batch, (t + 1) · batch) of the shuffle, centres and scales them
to E‖x‖² = D, takes the loss of every dictionary, and updates each by Adam: the rate
warms up, stays level and falls to 0 over the last fifth; gradients are clipped at norm
1, and their part along unit-norm decoder rows, which could only change the norm, is
taken out first.
"""

from __future__ import annotations

import hashlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Float
from torch import Tensor

from .. import charts
from ..progress import watched
from .architectures import ARCHITECTURES
from .dictionaries import Dictionary, Loss
from .planning import Plan, disk_for, existing, memory_for, settled
from .store import Activations, Held

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

CHECKPOINT = "training.pt"
SAMPLE = 2**16
"""Tokens from which mean and scale are taken before the first step."""
MEASURED, LOOKED_AT = 2**20, 2**18
"""Tokens on which maxima and densities are measured: of a finished dictionary, and of one that is looked at before."""
DEAD_AFTER = 10_000_000
"""A feature that was silent for so many tokens, or since the beginning of a shorter training, is dead."""

Observer = Callable[["Training", Mapping[str, Tensor], Sequence[Loss]], None]
"""Called after every step: the training, the batch (with `text`, `position`, `token`), each dictionary's loss.

A loss holds what was on before the update, activations and output as the dictionary would give them if it were
finished then. An observer that has `state_dict` and `load_state_dict`, of tensors (they come back on the CPU) and
plain numbers, is kept in checkpoints. One that raises ends the step after its update: later ones miss that batch.
One that has `begins` is told when steps begin, with the training: by `step` before the first, by `resume` at its end.
"""
COLUMNS = ("step", "dictionary", "loss", "explained variance", "L0", "dead")
"""Of the history."""


def train(
    activations: Activations | Float[Tensor, "N D"],
    architecture: str = "batch_topk",
    *,
    width: int | list[int],
    at: str | Sequence[str] | None = None,
    to: str | Sequence[str] | None = None,
    skip: bool = False,
    steps: int = 5_000,
    batch: int = 2048,
    learning_rate: float | None = None,
    seed: int | list[int] = 0,
    checkpoints: str | Path | None = None,
    every: int = 500,
    observers: Sequence[Observer] = (),
    device: str | torch.device = "cpu",
    **own: Any,
) -> Training:
    """Set up the training of one dictionary or several; `step`, `resume` and `finish` do it.

    A list for the width, the seed or a setting of the architecture's own trains one dictionary for every
    combination, in one pass over the data. Where `checkpoints` holds an unfinished training of the same settings,
    it goes on from there.

    Args:
        activations: a store, or rows in memory, one per token; then `at` says where they were recorded.
        architecture: its name in `wb.decompose.ARCHITECTURES`.
        width: F, the number of features.
        at: the site that is read, several for a crosscoder; needed where the store holds more than one.
        to: the site that is written, for a transcoder.
        skip: whether a transcoder passes its input on linearly.
        steps: updates in all.
        batch: tokens per update.
        learning_rate: of Adam; None for one that suits the width.
        seed: of the initial directions.
        checkpoints: a folder for the state, so that it can be stopped anywhere; None to keep none.
        every: steps between two checkpoints.
        observers: called after every step.
        device: where it is trained; the finished dictionary is there too. To the same bits only on the CPU.
        own: settings of the architecture: k of topk, batch_topk and matryoshka; k, l0 and bandwidth of jumprelu;
            l1 of relu and gated; prefixes, the lengths that must do alone, of matryoshka.

    Raises:
        ValueError: an unknown architecture, site, setting or device, or activations that are no finite matrix.
        MemoryError: it would not fit; the message has the numbers. OSError: nor would its checkpoints.

    Example:
        >>> import torch, workbench as wb
        >>> run = wb.decompose.train(torch.randn(512, 8), "topk", at="resid_post.0", width=16, k=2, steps=20, batch=64)
        >>> run.finish().width
        16
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture {architecture!r}; there are: {', '.join(ARCHITECTURES)}")
    if skip and to is None:
        raise ValueError("only a transcoder has a skip; name with to= what it writes")
    if steps < 1 or batch < 2 or every < 1:
        raise ValueError(f"steps {steps}, batch {batch}, every {every}: at least 1, 2 and 1")
    if isinstance(activations, Tensor):
        if not isinstance(at, str):
            raise ValueError("rows in memory do not say where they were recorded; name the site: at='resid_post.1'")
        activations = Held({at: activations})
    reads = _sites(activations, at)
    writes = reads if to is None else activations.check_sites([to] if isinstance(to, str) else list(to))
    shape = {"d_model": sum(activations.sites[site] for site in reads), "site": reads}
    if writes != reads:
        shape |= {"target": writes, "d_out": sum(activations.sites[site] for site in writes), "skip": skip}
    if own.get("per_token"):
        raise ValueError("per_token is how published dictionaries read; training scales all tokens by one number")
    grid = {"width": width, "seed": seed, **own}
    rows = list(product(*(_each(ARCHITECTURES[architecture], *setting) for setting in grid.items())))
    numbers = shape["d_model"] + shape.get("d_out", shape["d_model"])
    device = existing(device)
    memory_for(sum(row[0] for row in rows) * numbers, batch, max(row[0] for row in rows), device)  # before any is made
    try:
        made = [ARCHITECTURES[architecture](**shape, **dict(zip(grid, row, strict=True))) for row in rows]
    except TypeError as error:
        raise ValueError(f"the settings {own} do not make a {architecture} dictionary: {error}") from error
    return Training(
        activations,
        [sae.to(device) for sae in made],
        steps=steps,
        batch=batch,
        learning_rate=learning_rate,
        checkpoints=checkpoints,
        every=every,
        observers=observers,
    )


def _each(architecture: type[Dictionary], name: str, value: object) -> list:
    """The values of a setting that are tried: those of a list, where a list is not itself one value."""
    if not isinstance(value, list) or (name in architecture.lists and not (value and isinstance(value[0], list))):
        return [value]
    if not value:
        raise ValueError(f"{name}=[] leaves nothing to train; give a value, or a list of those to try")
    return value


def _sites(activations: Activations, at: str | Sequence[str] | None) -> tuple[str, ...]:
    if at is not None:
        return activations.check_sites([at] if isinstance(at, str) else list(at))
    if len(activations.sites) > 1:
        raise ValueError(f"the store holds {', '.join(activations.sites)}; say with at= which to read")
    return tuple(activations.sites)


@dataclass(frozen=True)
class Scale:
    """What training does to activations: x′ = (x − mean) · factor, so that E‖x′‖² is the number of coordinates.

    Every site of several side by side has a factor of its own.
    """

    mean: Float[Tensor, " D"]
    factor: Float[Tensor, " D"]

    @classmethod
    def of(cls, x: Float[Tensor, "N D"], sites: int, *, centred: bool) -> Scale:
        mean = x.mean(0) if centred else torch.zeros_like(x[0])
        parts = (x - mean).chunk(sites, dim=-1)
        sizes = [part.square().sum(-1).mean().clamp(min=1e-12) for part in parts]
        factors = [
            (part.shape[-1] / size).sqrt().expand(part.shape[-1]) for part, size in zip(parts, sizes, strict=True)
        ]
        return cls(mean, torch.cat(factors).contiguous())

    def to(self, device: torch.device) -> Scale:
        return Scale(self.mean.to(device), self.factor.to(device))

    def __call__(self, x: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
        return (x - self.mean) * self.factor


class Training:
    """A training under way; `train` makes one.

    Attributes:
        dictionaries: those that are trained, as they stand; they read centred and scaled activations.
        at: how many steps have been made; steps: how many there will be.
        plan: what it takes.
        observers: what is called after every step; see `observe`.
        failure: what the last step that was tried failed with, in words; "" if it was made.
        saved: how many steps the last checkpoint holds; None if there is none.

    Example:
        >>> import torch, workbench as wb
        >>> rows = torch.randn(256, 8)
        >>> run = wb.decompose.train(rows, "topk", at="resid_post.0", width=16, k=[2, 4], steps=4, batch=64)
        >>> run.step(2)  # in the foreground
        >>> run.resume()  # in the background: the call returns at once
        >>> run.pause()  # at the end of a step; step() or resume() goes on
        >>> [sae.k for sae in run.finish()], list(run.history)
        ([2, 4], ['step', 'dictionary', 'loss', 'explained variance', 'L0', 'dead'])
    """

    def __init__(
        self,
        activations: Activations,
        dictionaries: Sequence[Dictionary],
        *,
        steps: int,
        batch: int,
        learning_rate: float | None = None,
        checkpoints: str | Path | None = None,
        every: int = 500,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.activations, self.dictionaries = activations, list(dictionaries)
        self.steps, self.batch, self.every, self.observers = steps, batch, every, list(observers)
        self.learning_rate = learning_rate
        self.device = self.dictionaries[0].W_dec.device
        self.checkpoint = None if checkpoints is None else Path(checkpoints) / CHECKPOINT
        self.at = 0
        self.seconds = 0.0
        self.failure = ""
        self.saved: int | None = None
        self._rows: list[tuple] = []
        self._lock = threading.RLock()
        self._paused = threading.Event()
        self._thread: threading.Thread | None = None
        self._callers: set[int] = set()
        self._failure: BaseException | None = None
        self._stream: Generator | None = None
        self._broken = ""
        sample = next(activations.batches(min(SAMPLE, len(activations))))
        self._scale(sample)
        self._begun = self._fingerprint(sample)
        self.optimisers = [
            torch.optim.Adam(sae.parameters(), lr=self._level(sae), fused=True) for sae in self.dictionaries
        ]
        self.plan = self._planned()
        if self.checkpoint is not None and self.checkpoint.exists():
            self._restore()

    # ---- doing it ----------------------------------------------------------------------------------

    def step(self, n: int = 1) -> None:
        """Make n updates of every dictionary, or as many as are left.

        An interrupt waits for the end of the step, leaves a checkpoint where there is a folder for it, and is raised.
        """
        if self.running:
            raise RuntimeError("it is training in the background; call pause() first")
        self._raise()
        with _whole_steps() as interrupted, self._call():
            for _ in watched(range(min(n, self.steps - self.at)), "training"):
                if not self._step():
                    return
                if interrupted():
                    if self.checkpoint is not None:
                        self.save()
                    raise KeyboardInterrupt(f"stopped after step {self.at} of {self.steps}; step() goes on")

    def resume(self) -> None:
        """Go on in the background, until `pause` or the last step; a cell that calls it returns at once."""
        with self._lock:
            self._raise()
            if self.running or self.at == self.steps:
                return
            self._paused.clear()
            self.failure = ""
            self._thread = threading.Thread(target=self._go_on, daemon=True, name="training")
            self._thread.start()
        self._tell_that_it_begins()

    def pause(self, *, wait: bool = True) -> None:
        """Stop at the end of the step that is being made; an error in the background is raised here.

        Args:
            wait: for that end; False to ask for it and no more.
        """
        self._paused.set()
        if wait:
            self.wait()

    def wait(self) -> None:
        """Wait until the background has come to its end; an interrupt pauses it."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            try:
                thread.join()
            except KeyboardInterrupt:
                self._paused.set()
                thread.join()
                raise
        self._raise()

    def _raise(self) -> None:
        """An error of the background, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    @property
    def running(self) -> bool:
        """Whether it trains in the background."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def active(self) -> bool:
        """Whether it trains, in the background or in a call of `step`."""
        return self.running or bool(self._callers)

    def finish(self) -> Dictionary | list[Dictionary]:
        """Make the remaining updates and give the dictionary, or all of them, ready for activations as they are."""
        self.pause()
        self.step(self.steps - self.at)
        if self.checkpoint is not None:
            self.save()
        return (
            self.dictionary if len(self.dictionaries) == 1 else [self.folded(n) for n in range(len(self.dictionaries))]
        )

    # ---- looking at it -----------------------------------------------------------------------------

    def observe(self, observer: Observer) -> None:
        """Have an observer called after every step, from the next one that begins.

        Example:
            >>> import torch, workbench as wb
            >>> run = wb.decompose.train(torch.randn(64, 8), "topk", at="embed", width=16, k=2, steps=4, batch=32)
            >>> run.observe(lambda run, batch, losses: print(run.at, losses[0].pattern.n, "tokens"))
            >>> run.step(2)
            1 32 tokens
            2 32 tokens
        """
        self.observers.append(observer)

    def unobserve(self, observer: Observer) -> None:
        """Call an observer no more; the step that is being made may be its last."""
        with suppress(ValueError):
            self.observers.remove(observer)

    @property
    def dictionary(self) -> Dictionary:
        """The dictionary as it stands, ready for activations as they are: a copy, maxima and densities measured."""
        if len(self.dictionaries) > 1:
            raise ValueError(
                f"{len(self.dictionaries)} dictionaries are trained; take one with folded(0), folded(1), …"
            )
        return self.folded(0)

    @torch.no_grad()
    def folded(self, number: int) -> Dictionary:
        """One of the dictionaries as it stands, ready for activations as they are."""
        with self._lock:
            sae = deepcopy(self.dictionaries[number]).requires_grad_(False).eval()
            at = self.at
        most = MEASURED if at == self.steps else LOOKED_AT
        sample = next(self.activations.batches(min(SAMPLE, len(self.activations))))
        sae.settle(self._x[number](self._joined(sample, sae.reads)))
        sae.fold(self._x[number].mean, self._x[number].factor, self._y[number].mean, self._y[number].factor)
        seen, counts, limit = 0, torch.zeros_like(sae.density), min(most, len(self.activations))
        for batch in self.activations.batches(min(4096, limit)):
            features = sae.encode(self._joined(batch, sae.reads))
            counts += features.counts()
            sae.maxima.copy_(torch.maximum(sae.maxima, features.maxima()))
            seen += len(batch["text"])
            if seen + len(batch["text"]) > limit:
                break
        sae.density.copy_(counts / seen)
        about = dict(self.activations.provenance)
        sae.provenance = about | {"trained": at * self.batch, "steps": at, "batch": self.batch, "measured": seen}
        latest = [row for row in self._rows[-200 * len(self.dictionaries) :] if row[1] == number]
        if latest:  # as measured while it trained, for `check`
            mean = [sum(row[column] for row in latest) / len(latest) for column in (3, 4)]
            sae.provenance |= {"explained_variance": round(mean[0], 4), "l0": round(mean[1], 2)}
        return sae

    @property
    def history(self) -> pd.DataFrame:
        """A row for every step and dictionary: loss, explained variance, L0 and the share of dead features."""
        import pandas as pd

        return pd.DataFrame(self.rows(), columns=list(COLUMNS))

    def rows(self, most: int | None = None) -> list[tuple]:
        """The rows of the history as tuples, in as little time as there are rows to give.

        Args:
            most: of so many steps at most, from 2: evenly spaced, so that a longer history keeps or halves them,
                and always the last. None for all.

        Example:
            >>> import torch, workbench as wb
            >>> run = wb.decompose.train(torch.randn(64, 8), "topk", at="embed", width=16, k=2, steps=100, batch=8)
            >>> run.step(28)
            >>> [step for step, *_ in run.rows(most=6)]
            [1, 9, 17, 25, 28]
        """
        each = len(self.dictionaries)
        steps = len(self._rows) // each
        if most is None or steps <= most:
            return self._rows[: steps * each]
        if most < 2:
            raise ValueError(f"most {most}: the first and the last step are always given; ask for 2 or more")
        apart = 1 << ((steps - 2) // (most - 1)).bit_length()  # the least power of 2 that leaves few enough
        kept = (*range(0, steps - 1, apart), steps - 1)
        return [row for step in kept for row in self._rows[step * each : (step + 1) * each]]

    def figure(self) -> go.Figure:
        """Loss, explained variance, L0 and dead features over the tokens seen, a line for each dictionary."""
        import plotly.graph_objects as go
        from plotly.subplots import make_subplots

        history = self.history
        shown = ["loss", "explained variance", "L0", "dead"]
        figure = make_subplots(
            rows=2, cols=2, subplot_titles=["loss", "explained variance", "features on", "share dead"]
        )
        thin = max(1, self.at // 500)
        for number, sae in enumerate(self.dictionaries):
            mine = history[history.dictionary == number][::thin]
            for place, column in enumerate(shown):
                line = go.Scatter(
                    x=mine.step * self.batch,
                    y=mine[column],
                    name=sae.extra_repr(),
                    legendgroup=str(number),
                    showlegend=place == 0 and len(self.dictionaries) > 1,
                    line={"color": charts.COLOURS[number % len(charts.COLOURS)], "width": 1.5},
                    hovertemplate=f"%{{y:.3g}} {column} at %{{x:.3s}} tokens",
                )
                figure.add_trace(line, row=place // 2 + 1, col=place % 2 + 1)
        figure.update_xaxes(title_text="tokens").update_yaxes(rangemode="tozero")
        figure.update_annotations(font_size=12)
        return figure.update_layout(template=charts.template(), height=480, title=repr(self))

    def __repr__(self) -> str:
        what = f"{len(self.dictionaries)} × " if len(self.dictionaries) > 1 else ""
        speed = f" · {self.at * self.batch / self.seconds:,.0f} tokens/s" if self.seconds else ""
        state = f"step {self.at:,} of {self.steps:,}{speed}" if self.at else repr(self.plan)
        return f"Training({what}{self.dictionaries[0].architecture} · {state})"

    # ---- keeping it --------------------------------------------------------------------------------

    def save(self) -> Path:
        """Write a checkpoint, whole or not at all."""
        if self.checkpoint is None:
            raise ValueError("there is no folder for checkpoints; name one: wb.decompose.train(…, checkpoints='run/')")
        with self._lock:
            state = {
                "settings": self._settings(),
                "at": self.at,
                "seconds": self.seconds,
                "rows": torch.tensor(self._rows, dtype=torch.float64),
                "scales": [[scale.mean.cpu(), scale.factor.cpu()] for scale in (*self._x, *self._y)],
                "dictionaries": [_state(sae) for sae in self.dictionaries],
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "observers": [observer.state_dict() for observer in self._remembering],
            }
            self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
            beside = self.checkpoint.with_suffix(".part")
            with beside.open("wb") as file:
                torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.checkpoint)
            self.saved = self.at
        return self.checkpoint

    def _restore(self) -> None:
        state = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        held, wanted = state["settings"], self._settings()
        if held != wanted:
            unlike = ", ".join(f"{k} {held.get(k)}, asked for {wanted[k]}" for k in wanted if held.get(k) != wanted[k])
            raise ValueError(f"{self.checkpoint} holds another training: {unlike}. Name another folder, or delete it.")
        kept = state.get("observers", [])
        if len(self._remembering) != len(kept):
            counts = f"{self.checkpoint} keeps the state of {len(kept)} observers, given {len(self._remembering)}"
            raise ValueError(f"{counts}: those that have a state must be the same, in the same order")
        for sae, optimiser, mine, its in zip(
            self.dictionaries, self.optimisers, state["dictionaries"], state["optimisers"], strict=True
        ):
            for name, value in {**dict(sae.named_parameters()), **dict(sae.named_buffers())}.items():
                value.data.copy_(mine[name])
            optimiser.load_state_dict(its)
        for observer, its in zip(self._remembering, kept, strict=True):
            observer.load_state_dict(its)
        scales = [Scale(*parts).to(self.device) for parts in state["scales"]]  # sums depend on how many threads add
        self._x, self._y = scales[: len(self._x)], scales[len(self._x) :]
        self.at, self.seconds, self.saved = state["at"], state["seconds"], state["at"]
        self._rows = [(int(s), int(d), *rest) for s, d, *rest in state["rows"].tolist()]

    @property
    def _remembering(self) -> list:
        return [one for one in self.observers if hasattr(one, "state_dict") and hasattr(one, "load_state_dict")]

    def _settings(self) -> dict:
        about = self.activations.provenance
        return {
            "dictionaries": [
                {"architecture": sae.architecture, "reads": list(sae.reads), "writes": list(sae.writes)}
                | {name: list(value) if isinstance(value, tuple) else value for name, value in sae.settings().items()}
                for sae in self.dictionaries
            ],
            "steps": self.steps,
            "batch": self.batch,
            "learning_rate": self.learning_rate,
            "activations": {"tokens": len(self.activations), "seed": self.activations.seed, **about},
            "begun": self._begun,
        }

    # ---- one step ----------------------------------------------------------------------------------

    def _step(self) -> bool:
        """One update of every dictionary, if one is left; what fails before the first leaves everything as it was."""
        with self._lock:
            if self.at >= self.steps:  # another thread made the last one
                return False
            if self._broken:
                raise RuntimeError(f"step {self.at + 1} failed and left the weights half updated: {self._broken}")
            started = time.perf_counter()
            observers = tuple(self.observers)  # one that comes meanwhile would find no losses
            try:
                if self._stream is None:
                    self._stream = self.activations.batches(self.batch, start=self.at * self.batch)
                batch = next(self._stream)
                losses = [self._learn(number, batch) for number in range(len(self.dictionaries))]
            except BaseException:
                self._forget()
                raise
            seen = [self._seen(number, loss) for number, (loss, _) in enumerate(losses)] if observers else []
            try:
                rows = [self._update(number, *loss) for number, loss in enumerate(losses)]
            except BaseException as error:
                self._broken = f"{type(error).__name__}: {error}"
                raise
            self._rows += rows
            self.at += 1
            if self.at == self.steps:
                self._forget()
            self.seconds += time.perf_counter() - started
            for observer in observers:
                observer(self, batch, seen)
            if self.checkpoint is not None and self.at % self.every == 0:
                self.save()
        return True

    def _learn(self, number: int, batch: Mapping[str, Tensor]) -> tuple[Loss, Tensor]:
        """Loss and gradients of one dictionary."""
        sae = self.dictionaries[number]
        x, y = self._scaled(number, batch)
        sae.pressure = min(1.0, self.at / self.steps / 0.05)
        self.optimisers[number].zero_grad()
        loss = sae.loss(x, y)
        if not torch.isfinite(loss.total):
            raise FloatingPointError(
                f"the loss of dictionary {number} is {loss.total.item()} at step {self.at + 1}; "
                f"the last checkpoint is sound. A smaller learning_rate than {self._level(sae):.2g} may help."
            )
        loss.total.backward()
        return loss, y

    def _seen(self, number: int, loss: Loss) -> Loss:
        """What observers see of a loss: what is on, in the units of the dictionary as it stands."""
        sae, y = self.dictionaries[number], self._y[number]
        on = loss.values.detach() > 0
        pattern, units = loss.pattern.only(on), sae.units(y.factor).expand(sae.width)
        values = loss.values.detach()[on] * units[pattern.columns]
        return Loss(loss.total.detach(), loss.output / y.factor + y.mean, pattern, values)

    def _update(self, number: int, loss: Loss, y: Tensor) -> tuple:
        """One update of one dictionary; its row of the history."""
        sae, optimiser = self.dictionaries[number], self.optimisers[number]
        for group in optimiser.param_groups:
            group["lr"] = self._level(sae) * min(1.0, (self.at + 1) / self._warmup, 5 * (1 - self.at / self.steps))
        sae.project()
        torch.nn.utils.clip_grad_norm_(sae.parameters(), 1.0)
        optimiser.step()
        sae.tidy()
        return (self.at + 1, number, *self._measured(sae, loss, y))

    def _forget(self) -> None:
        """Let go of the stream of batches; the next step opens it where it belongs."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None

    @torch.no_grad()
    def _measured(self, sae: Dictionary, loss: Loss, y: Tensor) -> tuple[float, float, float, float]:
        explained = 1 - (y - loss.output).square().sum() / (y - y.mean(0)).square().sum()
        dead = sae.silent >= min(DEAD_AFTER, (self.at + 1) * self.batch)
        on = (loss.values > 0).sum() / len(y)
        return loss.total.item(), explained.item(), on.item(), dead.float().mean().item()

    def _scaled(self, number: int, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        sae = self.dictionaries[number]
        x = self._x[number](self._joined(batch, sae.reads))
        if sae.writes == sae.reads:
            return x, x
        return x, self._y[number](self._joined(batch, sae.writes))

    def _joined(self, batch: Mapping[str, Tensor], sites: Sequence[str]) -> Float[Tensor, "N D"]:
        return self.activations.side_by_side(batch, sites).to(self.device)

    def _fingerprint(self, sample: Mapping[str, Tensor]) -> str:
        """What the seeds and the first tokens come to: another seed or other data begin elsewhere."""
        digest = hashlib.sha256()
        for sae in self.dictionaries:
            for part in (sae.W_enc, sae.W_dec):
                digest.update(part.detach().cpu().contiguous().numpy().tobytes())
        for site in sorted(self.activations.sites):
            digest.update(sample[site].cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:16]

    def _scale(self, sample: Mapping[str, Tensor]) -> None:
        """Mean and scale of what each dictionary reads and writes, from the first tokens of the shuffle."""
        self._x, self._y = [], []
        for sae in self.dictionaries:
            x, y = (self.activations.side_by_side(sample, sites).cpu() for sites in (sae.reads, sae.writes))
            self._x.append(Scale.of(x, len(sae.reads), centred=sae.centred).to(self.device))
            self._y.append(Scale.of(y, len(sae.writes), centred=sae.centred).to(self.device))

    def _level(self, sae: Dictionary) -> float:
        """The level learning rate: narrow dictionaries learn faster, by the square root."""
        return self.learning_rate or 1e-3 * math.sqrt(4096 / sae.width)

    @property
    def _warmup(self) -> int:
        return max(1, min(1000, self.steps // 20))

    def _go_on(self) -> None:
        try:
            while not self._paused.is_set() and self._step():
                pass
            if self.checkpoint is not None:
                self.save()
        except BaseException as error:
            self._failure = error
            self.failure = _words(error)

    @contextmanager
    def _call(self) -> Iterator[None]:
        """A call of `step` is under way; what it fails with is kept in words."""
        caller = threading.get_ident()
        self._callers.add(caller)
        self.failure = ""
        try:
            self._tell_that_it_begins()
            yield
        except Exception as error:
            self.failure = _words(error)
            raise
        finally:
            self._callers.discard(caller)

    def _tell_that_it_begins(self) -> None:
        for observer in tuple(self.observers):
            if hasattr(observer, "begins"):
                observer.begins(self)

    # ---- before it starts --------------------------------------------------------------------------

    def _planned(self) -> Plan:
        """Memory, disk and time; refuses what cannot fit."""
        weights = sum(p.numel() for sae in self.dictionaries for p in sae.parameters())
        width = max(sae.width for sae in self.dictionaries)
        memory = memory_for(weights, self.batch, width, self.device, there=4 * weights)
        disk = 2 * 4 * 3 * weights if self.checkpoint is not None else 0
        if disk:
            there = self.checkpoint.stat().st_size if self.checkpoint.exists() else 0
            disk_for(disk - there, self.checkpoint.parent, "checkpoints")
        seconds = sum(map(self._timed, range(len(self.dictionaries))))
        return Plan(memory, disk, self.batch / seconds, seconds * self.steps)

    def _timed(self, number: int) -> float:
        """Seconds that one update will take: loss and gradients of a few tokens, and Adam by the number of weights."""
        sae = self.dictionaries[number]
        kept = {name: buffer.clone() for name, buffer in sae.named_buffers()}
        n = min(self.batch, 256, len(self.activations))
        x, y = self._scaled(number, next(self.activations.batches(n)))
        seconds = math.inf
        for _ in range(2):
            started = settled(self.device)
            sae.loss(x, y).total.backward()
            seconds = min(seconds, settled(self.device) - started)
            sae.zero_grad()
        for name, buffer in sae.named_buffers():
            buffer.copy_(kept[name])
        return seconds * self.batch / n + 2e-9 * sum(p.numel() for p in sae.parameters())


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _state(sae: Dictionary) -> dict[str, Tensor]:
    """Every parameter and buffer, those too that a finished dictionary has no use for."""
    return {**sae.state_dict(), **dict(sae.named_buffers())}


@contextmanager
def _whole_steps() -> Iterator[Callable[[], bool]]:
    """While open, an interrupt is only noted; the function that is given tells whether there was one."""
    noted: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, lambda *_: noted.append(1))
    try:
        yield lambda: bool(noted)
    finally:
        signal.signal(signal.SIGINT, before)
