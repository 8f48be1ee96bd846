"""A dictionary's training, live: what it has come to, how fast it goes, and the hand on it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import traitlets as t

from workbench.decompose import Training
from workbench.estimates import digits, grouped

from ._array import to_wire
from ._frontend import Frontend, in_words
from ._picture import Picture
from ._runner import Steps

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.decompose.dictionaries import Loss

EVERY = 0.25
"""Seconds between two messages."""
POINTS = 400
"""Of a line, at most."""
WINDOW, PARTS = 2**20, 8
"""Tokens on which densities are counted, the latest; they leave the window an eighth at a time."""
BINS = 4
"""Bars of the histogram for a factor of ten."""
PICTURED = 6
"""Dictionaries that a picture draws."""
NAMES = ("loss", "explained variance", "features on", "share dead")
"""Of the four lines, in the order of the history's columns."""
OFFERED = {
    "not begun": ("resume",),
    "running": ("pause", "stop"),
    "running in a cell": (),
    "starting": (),
    "pausing": ("resume", "stop"),
    "stopping": (),
    "paused": ("resume", "stop"),
    "stopped": (),
    "finished": (),
    "failed": ("resume",),
}
"""What can be pressed in each state, beside Save."""
SAVEABLE = ("running", "running in a cell", "paused", "stopped", "finished")


class TrainingMonitor(Frontend):
    """Watch a training, pause it, let it go on, stop it and save it, while cells run or not.

    It observes the training from outside: what is trained comes to the same bits with a monitor or without. Where
    somebody else resumes, pauses or steps the training, the monitor follows; to close it does not end the training.

    Loss, explained variance, L0 and the share of dead features are drawn over the tokens seen, at 400 steps or
    fewer, the last one always. Densities are counted on the tokens that went by while the monitor was open, the last
    million of them: the log10 of the share of tokens on which each feature was on.

    Args:
        training: what `wb.decompose.train` gave.

    Attributes:
        state: "not begun", "running", "running in a cell", "pausing", "paused", "stopping", "stopped", "finished"
            or "failed".
        error: what it failed with, in words.
        verb: what was done last and after how many steps, such as ("pause", 300); observe it to hear of each, on
            the worker's thread.

    Raises:
        TypeError: it is no training.

    Example:
        >>> import torch, workbench as wb
        >>> from workbench_widgets import TrainingMonitor
        >>> rows = torch.randn(256, 8)
        >>> training = wb.decompose.train(rows, "topk", at="resid_post.0", width=16, k=2, steps=20, batch=64)
        >>> monitor = TrainingMonitor(training)
        >>> monitor.resume()  # the call returns at once
        >>> monitor.wait().state
        'finished'
        >>> monitor.code()
        'training.step(20 - training.at)'
    """

    _esm = Path(__file__).parent / "static" / "training_monitor.js"
    _css = Path(__file__).parent / "static" / "training_monitor.css"
    _training: Training | None = None

    subject = t.Unicode("", read_only=True).tag(sync=True)
    dictionaries = t.List(t.Dict(), read_only=True).tag(sync=True)
    view = t.Dict(read_only=True).tag(sync=True)
    verb = t.Tuple(read_only=True)

    def __init__(self, training: Training) -> None:
        if not isinstance(training, Training):
            raise TypeError(f"a monitor watches what wb.decompose.train gives; this is a {type(training).__name__}")
        self._attach(training)
        self._training = training
        self._firing = _Firing(training.dictionaries, self._follow)
        self._pace = _Pace(training)
        self._asked, self._saving = "", False  # what was pressed and is not done yet
        self._halting = self._stopped = False  # the end of a step was asked for; Stop was the last that was done
        self._trouble = ""  # what could not be done, where the training itself did not fail
        self._working = self._closed = self._shown_active = False
        self._shown = -EVERY
        self._pressed = threading.Event()
        super().__init__(provenance=_source(training))
        with self._settling():
            self.set_trait("subject", _subject(training.dictionaries))
            self.set_trait("dictionaries", _described(training.dictionaries))
            self._show()
        training.observe(self._firing)
        if training.active:
            self._begin()

    # ---- the four verbs ----

    def resume(self) -> None:
        """Let it go on in the background; the call returns at once.

        Raises:
            RuntimeError: a cell makes the steps.
        """
        self._refuse_in_a_cell()
        if self._training.at < self._training.steps:
            self._press("resume")

    def pause(self) -> None:
        """Have it stop at the end of the step that is being made; the call returns at once.

        Raises:
            RuntimeError: a cell makes the steps.
        """
        self._refuse_in_a_cell()
        if self._training.running or self._asked == "resume":
            self._press("pause")

    def stop(self) -> None:
        """Pause, write a checkpoint where there is a folder for it, and be done; the call returns at once.

        What has come of it is `training.dictionary`. From Python it can be resumed all the same.

        Raises:
            RuntimeError: a cell makes the steps.
        """
        self._refuse_in_a_cell()
        self._press("stop")

    def save(self) -> None:
        """Write a checkpoint at the end of the step that is being made; the call returns at once.

        Raises:
            ValueError: the training has no folder for checkpoints.
        """
        if self._training.checkpoint is None:
            self._training.save()  # says what is missing
        self._press("save")

    # ---- what it says ----

    @property
    def state(self) -> str:
        """What the training is doing."""
        return self.view["state"]

    def code(self) -> str:
        """The Python that brings a training of the same arguments, `training`, to where this one stands, bit for bit.

        It may be a fresh one, or one that goes on from an earlier checkpoint.
        """
        at, saved = self._training.at, self._training.saved
        lines = [f"training.step({at} - training.at)"] if at else []
        return "\n".join([*lines, *(["training.save()"] if at and saved == at else [])])

    def summary(self) -> str:
        """How far it has come, and the last numbers of every dictionary."""
        now, each = self._standing(), len(self.dictionaries)
        steps = f"step {grouped(now['at'])} of {grouped(now['steps'])}"
        progress = [steps, f"{grouped(now['at'] * now['batch'])} tokens", now["pace"], now["saved"]]
        names = [f"{one['label']}: " if each > 1 else "" for one in self.dictionaries]
        last = self._training.rows(most=POINTS)[-each:]
        lines = [f"  {name}{_numbers(row)}" for name, row in zip(names, last, strict=False)]
        error = [f"  {self.error}"] if self.error else []
        about = [f"Training {self.subject}: {now['words']}", "  " + " · ".join(filter(None, progress))]
        return "\n".join([*about, *lines, *error, f"  {self.provenance}"])

    def picture(self) -> Picture:
        """The summary, and four charts for every dictionary."""
        first, *rest = self.summary().splitlines()
        picture = Picture(first).lines(rest)
        steps, values = _series(self._training)
        shown = self.dictionaries[:PICTURED]
        for number, one in enumerate(shown):
            if len(self.dictionaries) > 1:
                picture.lines([one["label"]], muted=True)
            lines = zip(NAMES, values[:, number], strict=True)
            picture.charts([(name, steps * self._training.batch, line) for name, line in lines])
        if left := len(self.dictionaries) - len(shown):
            picture.lines([f"and {left} more"], muted=True)
        return picture

    def _finish_work(self) -> None:
        """A training may take hours: an export shows it as it stands."""

    def close(self) -> None:
        """Watch no more, and take the widget off the page; the training goes on.

        What was pressed and is not done yet is left undone.
        """
        if self._training is not None:  # a constructor that raised leaves none
            self._closed = True
            self._training.unobserve(self._firing)
            self._pressed.set()
        super().close()

    # ---- from a press to what comes of it ----

    def _receive(self, content: dict[str, Any]) -> None:
        """A press of a button, if there is that button now."""
        if content["kind"] in self.view["verbs"]:
            self._press(content["kind"])

    def _press(self, verb: str) -> None:
        """Answer in words at once, and leave the rest to the worker: a step may be long."""
        with self._settling():
            if verb == "save":
                self._saving = True
            else:
                self._asked = verb
            if verb in ("pause", "stop"):
                self._halt()
            self._trouble = ""
            self._show(numbers=False)
            self._begin()
        self._pressed.set()

    def _refuse_in_a_cell(self) -> None:
        if self._training.active and not self._training.running:
            raise RuntimeError("a cell makes the steps; interrupt that cell to stop them")

    def _follow(self) -> None:
        """Steps begin, whoever asked for them."""
        with self._turn():
            self._stopped = False
            self._begin()

    def _begin(self) -> None:
        """Have the worker watch, unless it does."""
        with self._turn():
            if not self._working and not self._closed:
                self._working = True
                self._runner.submit(self, self._work)

    def _work(self) -> Steps:
        """Until nothing is trained or asked for: do what is asked for, and tell how things stand."""
        try:
            self._pace.restart()
            while True:
                self._pressed.wait(max(0.0, self._shown + EVERY - monotonic()))
                self._pressed.clear()
                if self._closed:
                    return
                done = self._carry_out()
                self._pace.note()
                self._show()
                for verb in done:
                    self._tell(*verb)
                if self._is_over():
                    return
                yield
        except Exception as error:
            with self._settling():
                self._working, self.error = False, in_words(error)

    def _carry_out(self) -> list[tuple[str, int]]:
        """Do what was asked for, as far as it can be done now: (verb, step) of what was."""
        training, asked, done = self._training, self._asked, []
        if self._saving:
            if self._managed(training.save):
                done.append(("save", training.saved))
            self._saving = False
        if asked in ("pause", "stop"):
            self._halt()
            if training.running:
                return done  # until the end of the step
            if asked == "stop":
                is_new = training.checkpoint is not None and training.saved != training.at
                self._stopped = not is_new or self._managed(training.save)
            if self._stopped or (asked == "pause" and training.at < training.steps and not training.failure):
                done.append((asked, training.at))
        elif asked == "resume":
            if training.running and self._halting:
                return done  # it goes on when it has stopped
            at = training.at
            if not training.running and self._managed(self._go_on):
                done.append(("resume", at))
        with self._turn():
            if self._asked == asked:
                self._asked = ""
        return done

    def _halt(self) -> None:
        self._halting = True
        self._training.pause(wait=False)

    def _go_on(self) -> None:
        self._halting = False
        try:
            self._training.resume()
        except BaseException:  # what ended it before is raised once; here it has been told, and this is to go on
            self._training.resume()

    def _managed(self, call: Callable[[], object]) -> bool:
        """Whether a call did what it should; if not, the widget says why."""
        try:
            call()
        except Exception as error:
            self._trouble = in_words(error)
            return False
        return True

    def _tell(self, verb: str, step: int) -> None:
        """To whoever observes the verbs; one that fails is no trouble of the training, and not hidden either."""
        with self._turn():
            try:
                self.set_trait("verb", (verb, step))
            except Exception:
                logging.getLogger(__name__).exception("who observes the verbs of a monitor failed")

    def _is_over(self) -> bool:
        """Whether all has been told; what begins after that is another job's."""
        with self._turn():
            if self._asked or self._saving or self._training.active or self._shown_active:
                return False
            self._working = False
            return True

    # ---- how things stand ----

    def _show(self, *, numbers: bool = True) -> None:
        """Everything in one message, for any may be lost; without the numbers where words are wanted quickly."""
        active = self._training.active  # asked first: what is read after it is at least as new
        fresh = self._read() if numbers else {}
        with self._settling():
            self.set_trait("view", {**self.view, **self._standing(), **fresh})
            self.error = self._trouble or self._training.failure
            self.running = bool(self._asked or self._saving)
            if numbers:
                self._shown, self._shown_active = monotonic(), active

    def _standing(self) -> dict[str, Any]:
        """What can be said without looking at the numbers."""
        training, state = self._training, self._state()
        at, saved = training.at, training.saved
        words = state
        if state in ("paused", "stopped", "failed"):
            words = f"{state} {'after' if state == 'failed' else 'at'} step {grouped(at)}"
        elif state in ("starting", "pausing", "stopping"):
            words = f"{state}…"
        kept = "saving…" if self._saving else "" if saved is None else f"saved at step {grouped(saved)}"
        is_worth_saving = training.checkpoint is not None and at > 0 and (training.active or saved != at)
        can_save = is_worth_saving and state in SAVEABLE and not self._saving
        return {
            "state": state,
            "words": words,
            "saved": kept,
            "at": at,
            "steps": training.steps,
            "batch": training.batch,
            "pace": self._pace.words(state),
            "verbs": [*OFFERED[state], *(["save"] if can_save else [])],
        }

    def _state(self) -> str:
        training = self._training
        if self._asked == "stop" or (self._asked == "pause" and training.running):
            return "stopping" if self._asked == "stop" else "pausing"
        if training.active:
            return "running" if training.running else "running in a cell"
        if self._asked == "resume":
            return "starting"
        if training.failure:
            return "failed"
        if training.at == training.steps:
            return "finished"
        if self._stopped:
            return "stopped"
        return "paused" if training.at else "not begun"

    def _read(self) -> dict[str, Any]:
        steps, values = _series(self._training)
        return {
            "history": {"steps": to_wire(steps, "int32"), "values": to_wire(values)},
            "density": _density(*self._firing.counted()),
        }


class _Firing:
    """An observer that counts on how many of the latest tokens each feature was on; it costs next to nothing."""

    def __init__(self, dictionaries: Sequence[Dictionary], begins: Callable[[], None]) -> None:
        self._widths, self._begins = [sae.width for sae in dictionaries], begins
        self._lock = threading.Lock()  # of the parts; a step never waits for a widget
        self._parts: deque[tuple[int, list[torch.Tensor]]] = deque()

    def begins(self, _training: Training) -> None:
        """Training tells when steps begin."""
        self._begins()

    def __call__(self, _training: Training, _batch: Mapping[str, Any], losses: Sequence[Loss]) -> None:
        n = losses[0].pattern.n
        on = [torch.bincount(o.pattern.columns[o.values > 0], minlength=o.pattern.width).int() for o in losses]
        with self._lock:
            if not self._parts or self._parts[-1][0] >= WINDOW // PARTS:
                self._parts.append((n, on))
            else:
                before, counts = self._parts.pop()
                self._parts.append((before + n, [held.add_(more) for held, more in zip(counts, on, strict=True)]))
            while sum(part[0] for part in self._parts) - self._parts[0][0] >= WINDOW:
                self._parts.popleft()

    def counted(self) -> tuple[int, list[np.ndarray]]:
        """How many tokens, and for every dictionary on how many of them each feature was on."""
        with self._lock:
            tokens = sum(part[0] for part in self._parts)
            sums = [sum(counts) for counts in zip(*(part[1] for part in self._parts), strict=True)]
            sums = [counts.cpu().numpy() for counts in sums]
        return tokens, sums or [np.zeros(width, "int32") for width in self._widths]


class _Pace:
    """How fast a training goes, and how long it will take."""

    def __init__(self, training: Training) -> None:
        self._training = training
        self._noted: deque[tuple[float, int]] = deque(maxlen=64)  # (when, how many steps)

    def restart(self) -> None:
        """A pause is over: what was noted before it tells nothing."""
        self._noted.clear()

    def note(self) -> None:
        """Called every now and then while it trains."""
        at = self._training.at
        if not self._noted or self._noted[-1][1] != at:
            self._noted.append((monotonic(), at))

    def words(self, state: str) -> str:
        """Tokens a second, and the time left or taken."""
        training = self._training
        if state == "not begun":
            plan = training.plan
            return f"about {grouped(round(plan.speed))} tokens/s · about {_duration(plan.seconds)} in all"
        speed = self._lately() if training.active else self._overall()
        if speed is None:
            return ""
        if state == "finished":
            return f"{grouped(round(speed))} tokens/s · {_duration(training.seconds)} in all"
        if state in ("stopped", "failed"):
            return f"{grouped(round(speed))} tokens/s"
        left = (training.steps - training.at) * training.batch / speed
        return f"{grouped(round(speed))} tokens/s · {_duration(left)} left"

    def _lately(self) -> float | None:
        noted = list(self._noted)
        if len(noted) > 1 and (seconds := noted[-1][0] - noted[0][0]) >= 1:
            return (noted[-1][1] - noted[0][1]) * self._training.batch / seconds
        return self._overall()

    def _overall(self) -> float | None:
        training = self._training
        return training.at * training.batch / training.seconds if training.seconds > 0 else None


def _series(training: Training) -> tuple[np.ndarray, np.ndarray]:
    """Steps [S], and loss, explained variance, L0 and share dead of every dictionary after them, [4, N, S]."""
    rows, each = training.rows(most=POINTS), len(training.dictionaries)
    steps = np.array([row[0] for row in rows[::each]], "int32")
    values = np.array([row[2:] for row in rows], "float32").reshape(len(steps), each, len(NAMES))
    return steps, values.transpose(2, 1, 0)


def _density(tokens: int, counts: Sequence[np.ndarray]) -> dict[str, Any]:
    """How many features of every dictionary are never on, and on so often; bar i begins at the log10 of low + i / BINS.

    The first column of `bars` is of those that are never on. The lowest bar holds what is on at one token of all.
    """
    bars = int(np.ceil(BINS * np.log10(max(tokens, 1)))) or 1
    rows, ends = [], []
    for count in counts:
        on = count[count > 0]
        share = on / max(tokens, 1)
        place = np.clip(np.floor(BINS * np.log10(share)).astype(int) + bars, 0, bars - 1)
        rows.append([len(count) - len(on), *np.bincount(place, minlength=bars)])
        ends.append([float(share.min()), float(share.max())] if len(on) else None)
    return {"tokens": tokens, "low": -bars / BINS, "each": 1 / BINS, "bars": to_wire(rows, "int32"), "ends": ends}


# ---- what it is about ----


def _subject(dictionaries: Sequence[Dictionary]) -> str:
    """Such as "topk, 4096 features at resid_post.1", or "6 × topk at mlp_in.0 → mlp_out.0"."""
    first = dictionaries[0]
    reads, writes = ", ".join(first.reads), ", ".join(first.writes)
    sites = reads if reads == writes else f"{reads} → {writes}"
    if len(dictionaries) > 1:
        return f"{len(dictionaries)} × {first.architecture} at {sites}"
    return f"{first.architecture}, {grouped(first.width)} features at {sites}"


def _described(dictionaries: Sequence[Dictionary]) -> list[dict[str, Any]]:
    """Each by the settings in which it differs from the others, numbered where there is no such."""
    settings = [sae.settings() for sae in dictionaries]
    differ = [name for name in settings[0] if len({str(one.get(name)) for one in settings}) > 1]
    labels = [", ".join(f"{name} {one[name]}" for name in differ) for one in settings]
    numbered = [
        label if labels.count(label) == 1 else f"{label} ({labels[: n + 1].count(label)})".strip()
        for n, label in enumerate(labels)
    ]
    return [{"label": label, "width": sae.width} for label, sae in zip(numbered, dictionaries, strict=True)]


def _source(training: Training) -> str:
    """What is trained, and on what: the settings, the model, the texts, n tokens."""
    settings = [sae.settings() for sae in training.dictionaries]
    parts = [training.dictionaries[0].architecture]
    for name in settings[0]:
        values = dict.fromkeys(str(one.get(name)) for one in settings)
        parts.append(f"{name} {', '.join(values)}")
    about = training.activations.provenance
    parts += [f"{about['model']} {about.get('hash', '')}".strip()] if about.get("model") else []
    parts += [f"texts {about['texts']}"] if about.get("texts") else []
    sites = dict.fromkeys((*training.dictionaries[0].reads, *training.dictionaries[0].writes))
    return " · ".join(
        [*parts, ", ".join(sites), f"n {grouped(len(training.activations))} tokens, {training.batch} a step"]
    )


# ---- numbers for people ----


def _numbers(row: tuple) -> str:
    """A row of the history."""
    return " · ".join(f"{name} {digits(value)}" for name, value in zip(NAMES, row[2:], strict=True))


def _duration(seconds: float) -> str:
    """Such as "40 s", "12 min" or "3 h 20 min"."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
