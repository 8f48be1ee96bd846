"""Model work off the threads that carry messages: one worker per model, the latest request wins.

A job is a generator, and every `yield` in it is a place where it may be left. The worker
gives the jobs of a model one step each in turn, so a heatmap is drawn while a long text
is being generated. To cancel a job is to close its generator, whose `finally` then runs.

What is measured over many prompts can wait: `patient` work gets a step only when no other has one.

The runner knows no model and takes none of its locks: `Model` locks each of its own calls.
Its one lock, `turn`, guards the jobs, and the traits that widgets and their jobs set.
"""

from __future__ import annotations

import atexit
import contextvars
import logging
import threading
import weakref
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass, field

Steps = Generator[None, None, None]
Work = Callable[[], Steps]


@dataclass(eq=False)
class _Job:
    steps: Steps
    # A copy, because ipykernel 7.4 keeps in it which shell answers the front end: without it, messages
    # about a job that a button started wait for the running cell.
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    begun: bool = False
    patient: bool = False


class Runner:
    """A worker thread. `submit` with a key replaces whatever runs or waits under that key.

    Attributes:
        turn: held by whoever changes what jobs share; never during a step. `wait` lets go of it.

    Example:
        >>> def work():
        ...     yield
        >>> runner = Runner()
        >>> runner.submit("generate", work)
        >>> runner.wait("generate", timeout=5)
        True
        >>> runner.stop()
    """

    def __init__(self) -> None:
        self.turn = threading.Condition()
        self._users: weakref.WeakSet = weakref.WeakSet()
        self._jobs: dict[Hashable, _Job] = {}
        self._abandoned: list[_Job] = []
        self._stopped = False
        self._thread: threading.Thread | None = None

    def open(self, user: object) -> None:
        """Somebody will submit work, until `close`."""
        with self.turn:
            self._users.add(user)

    def close(self, user: object) -> None:
        """Somebody submits no more; with the last one the thread ends, and another submission begins a new one."""
        with self.turn:
            self._users.discard(user)
            if not self._users:
                self.stop()

    def submit(self, key: Hashable, work: Work, *, patient: bool = False) -> None:
        """Have the work done, instead of what was asked for under the same key before.

        Args:
            key: whose work it is.
            work: gives its steps.
            patient: it gets a step only when no other work has one.
        """
        with self.turn:
            self._abandon(key)
            self._jobs[key] = _Job(work(), patient=patient)
            self._stopped = False
            if self._thread is None:
                self._begin()
            self.turn.notify_all()

    def cancel(self, key: Hashable) -> bool:
        """Leave the work of that key at its next step, if there is any.

        Returns:
            Whether there was work that had not begun: none of it will run, no `finally` either.
        """
        with self.turn:
            had_not_begun = self._abandon(key)
            self.turn.notify_all()
            return had_not_begun

    def wait(self, key: Hashable, timeout: float | None = None) -> bool:
        """Block until nothing runs or waits under the key; False if the time ran out first."""
        with self.turn:
            return self.turn.wait_for(lambda: key not in self._jobs and not self._abandoned, timeout)

    def stop(self) -> None:
        """Cancel everything and end the thread."""
        with self.turn:
            for key in list(self._jobs):
                self._abandon(key)
            self._stopped = True
            self.turn.notify_all()

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._serve, name="workbench-widgets", daemon=True)
        self._thread.start()

    def _abandon(self, key: Hashable) -> bool:
        """Have the worker close a job; one that had not begun (True) is just dropped."""
        job = self._jobs.pop(key, None)
        if job is not None and job.begun:
            self._abandoned.append(job)
        return job is not None and not job.begun

    def _serve(self) -> None:
        while self._round():
            pass
        with self.turn:
            self._thread = None
            if self._jobs:  # submitted while it was ending
                self._begin()

    def _round(self) -> bool:
        """Close what was abandoned, then give every job one step; False to end the thread.

        A function of its own, so that a thread that waits holds no finished job, nor the model behind it.
        """
        with self.turn:
            self.turn.wait_for(lambda: self._jobs or self._abandoned or self._stopped)
            abandoned = list(self._abandoned)
            is_pressed = any(not job.patient for job in self._jobs.values())
            turn = [(key, job) for key, job in self._jobs.items() if not (is_pressed and job.patient)]
        for job in abandoned:  # only this thread runs jobs, so none of them is in the middle of a step
            _guarded(job.context.run, job.steps.close)
            with self.turn:
                self._abandoned.remove(job)
                self.turn.notify_all()
        for key, job in turn:
            with self.turn:
                if self._jobs.get(key) is not job:
                    continue
                job.begun = True
            if _guarded(job.context.run, next, job.steps, _END) is _END:
                with self.turn:
                    if self._jobs.get(key) is job:
                        del self._jobs[key]
                        self.turn.notify_all()
        with self.turn:
            return not self._stopped or bool(self._jobs or self._abandoned)


_END = object()


def _guarded(call: Callable[..., object], *arguments: object) -> object:
    """A job tells its own errors; one that it did not foresee must not end the worker."""
    try:
        return call(*arguments)
    except Exception:
        logging.getLogger(__name__).exception("a widget's work failed")
        return _END


@atexit.register
def _end() -> None:
    """Let every worker come to the end of its step: a thread that is torn out of one takes the process with it."""
    threads = [runner._thread for runner in list(_runners.values())]
    for runner in list(_runners.values()):
        runner.stop()
    for thread in threads:
        if thread is not None:
            thread.join(timeout=2)


_runners: weakref.WeakKeyDictionary[object, Runner] = weakref.WeakKeyDictionary()
_making = threading.Lock()


def runner_of(model: object) -> Runner:
    """The one worker of a model; it ends when the model is gone."""
    with _making:
        if model not in _runners:
            _runners[model] = runner = Runner()
            weakref.finalize(model, runner.stop)
        return _runners[model]
