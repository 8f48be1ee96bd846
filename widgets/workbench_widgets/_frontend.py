"""What every widget has in common: its border to the browser, its work, and its summary in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

import anywidget
import traitlets as t

from ._runner import Runner, runner_of

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model


class Frontend(anywidget.AnyWidget):
    """A widget that takes only well-formed gestures from its front end, and complains in words.

    A subclass names in `gestures` the traits that the browser may set, and gives `summary`;
    it begins with `_attach`, and submits its work to the model's runner under itself as the key.

    Cells, the front end and the worker all set traits, and traitlets is not made for more than
    one thread: each takes the runner's turn to do so.
    """

    gestures: ClassVar[tuple[str, ...]] = ()
    _runner: Runner | None = None

    running = t.Bool(False).tag(sync=True)
    error = t.Unicode("").tag(sync=True)
    error_at = t.Unicode("").tag(sync=True)
    provenance = t.Unicode("").tag(sync=True)

    def _attach(self, model: Model) -> None:
        self._model, self._runner = model, runner_of(model)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """No other thread sets a trait meanwhile."""
        if self._runner is None:  # a constructor begins, and nobody else knows the widget
            yield
        else:
            with self._runner.turn:
                yield

    def __setattr__(self, name: str, value: object) -> None:
        """Assigning a trait runs its observers, and all of that is one turn."""
        with self._turn():
            super().__setattr__(name, value)

    @contextmanager
    def hold_sync(self) -> Iterator[None]:
        """One message for all that is set meanwhile, and one turn."""
        with self._turn(), super().hold_sync():
            yield

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the front end sets; what it may not set, or not to this, is dropped and sent back as it is."""
        with self._turn():
            valid = {name: value for name, value in sync_data.items() if self._takes(name, value)}
            super().set_state(valid)
            if refused := [name for name in sync_data if name in self.keys and name not in valid]:
                self.send_state(refused)

    def _takes(self, name: str, value: object) -> bool:
        if name not in self.gestures:
            return False
        try:
            self.traits()[name]._validate(self, value)
        except t.TraitError:
            return False
        return True

    def wait(self, timeout: float = 60) -> Self:
        """Block until the widget shows what was last asked of it.

        Raises:
            TimeoutError: the time ran out first.
        """
        if not self._runner.wait(self, timeout):
            raise TimeoutError(f"not ready after {timeout} s; wait longer, or stop the work with close()")
        return self

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page."""
        if self._runner is not None:  # a constructor that raised leaves none, and is closed all the same
            self._runner.cancel(self)
        super().close()

    def summary(self) -> str:
        """The widget in plain text, for pages that run no scripts and for people who print it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.summary()


def in_words(error: BaseException) -> str:
    """What an exception says, without the quotes that KeyError puts around it."""
    words = error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)
    return words or type(error).__name__


def source_of(model: Model, sae: Dictionary | None) -> str:
    """Which weights the numbers come from."""
    source = f"{model.name} {model.hash}"
    return source if sae is None else f"{source} · dictionary {sae.hash} at {sae.site}"
