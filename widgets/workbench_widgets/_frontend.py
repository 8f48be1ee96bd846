"""What every widget has in common: its border to the browser, its work, and what it is without a browser."""

from __future__ import annotations

import base64
import contextvars
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import anywidget
import traitlets as t

from ._export import page
from ._runner import Runner, runner_of

if TYPE_CHECKING:
    from workbench.decompose import Dictionary

    from ._picture import Picture

LAST = 2**31 - 1
"""The largest whole number that the browser and Python both hold."""


METHODS = ("update", "request_state", "custom")
"""Of messages that ipywidgets takes; it logs an error for any other."""


class Frontend(anywidget.AnyWidget):
    """A widget that takes only well-formed gestures from its front end, and complains in words.

    A subclass names in `gestures` the traits that the browser may set, in `recorded` those whose changes a Bench
    writes down, and in `links` those that it shares, by the field of the selection; it gives `summary` and `picture`,
    begins with `_attach`, and submits its work to the runner under itself as the key.

    Cells, the front end and the worker all set traits, and traitlets is not made for more than
    one thread: each takes the runner's turn to do so. What the widget sets by itself, because of a gesture or
    instead of one that could not be, it sets inside `_settling`; all else is a gesture.
    """

    gestures: ClassVar[tuple[str, ...]] = ()
    recorded: ClassVar[tuple[str, ...]] = ()
    links: ClassVar[dict[str, str]] = {}
    _runner: Runner | None = None
    _settles = 0
    _listener: Callable[[Any], None] | None = None
    _outcome: Callable[[str], None] | None = None
    _page: contextvars.Context | None = None
    message: int | None = None
    """Which message of the front end is being taken; None for none. What one message sets is one gesture."""

    running = t.Bool(False).tag(sync=True)
    error = t.Unicode("").tag(sync=True)
    error_at = t.Unicode("").tag(sync=True)
    provenance = t.Unicode("").tag(sync=True)
    heard = t.Int(0, read_only=True).tag(sync=True)

    def _attach(self, subject: object) -> None:
        """Work for this widget is done by the worker of a model, or of whatever else it is about."""
        self._runner = runner_of(subject)
        self._runner.open(self)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """No other thread sets a trait meanwhile."""
        if self._runner is None:  # a constructor begins, and nobody else knows the widget
            yield
        else:
            with self._runner.turn:
                yield

    @contextmanager
    def _settling(self) -> Iterator[None]:
        """What is set meanwhile, in one message, is a consequence and no gesture."""
        with self._turn():
            self._settles += 1
            try:
                with self.hold_sync(), self.hold_trait_notifications():
                    yield
            finally:
                self._settles -= 1

    def _report(self, outcome: str) -> None:
        """Tell a Bench how it goes: "asked" for, "shown", "refused" and as it was before, or "closed"."""
        if self._outcome is not None:
            with self._turn():
                self._outcome(outcome)

    @property
    def is_settling(self) -> bool:
        """Whether the widget is setting traits by itself now."""
        return self._settles > 0

    def __setattr__(self, name: str, value: object) -> None:
        """Assigning a trait runs its observers, and all of that is one turn."""
        with self._turn():
            super().__setattr__(name, value)

    def notify_change(self, change: Any) -> None:
        """Tell of a change; a Bench hears of what it records before anything follows from it."""
        if self._listener is not None and change["name"] in self.recorded:
            self._listener(change)
        super().notify_change(change)

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """What is set meanwhile is told at the end, and all of it is one turn."""
        with self._turn(), super().hold_trait_notifications():
            yield

    @contextmanager
    def hold_sync(self) -> Iterator[None]:
        """One message for all that is set meanwhile, and one turn."""
        with self._turn(), super().hold_sync():
            yield

    # ---- what the browser says ----

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        """Take a message of the front end; one that is not formed like one is dropped."""
        self._page = contextvars.copy_context()
        if _is_message(msg):
            super()._handle_msg(msg)

    def _send(self, msg: dict[str, Any], buffers: list[Any] | None = None) -> None:
        """Say something as if it answered the page, whoever says it.

        ipykernel 7.4 listens for the page where it last spoke to it: after words that came from a cell, gestures
        would wait until no cell runs; after words in the context of a message from the page they do not.
        """
        send = super()._send
        if self._page is None:
            send(msg, buffers)
            self._listen_anywhere()
        else:
            self._page.copy().run(send, msg, buffers)

    def _listen_anywhere(self) -> None:
        """Nobody has answered yet: let ipykernel not bind the page's messages to the shell of the cell that spoke."""
        getattr(self.comm, "__dict__", {}).pop("_reply_subshell_id", None)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the front end sets; what it may not set, or not to this, is dropped and sent back as it is."""
        with self._turn():
            valid = {name: value for name, value in sync_data.items() if self._takes(name, value)}
            self.message = self.heard
            try:
                with self.hold_sync():
                    super().set_state(valid)
                    self.set_trait("heard", self.heard + 1)
            finally:
                self.message = None
            if refused := [name for name in sync_data if name in self.keys and name not in valid]:
                self.send_state(refused)

    def _takes(self, name: str, value: object) -> bool:
        if name not in self.gestures or not _is_whole(value):
            return False
        trait = self.traits()[name]
        if isinstance(value, bool) and not isinstance(trait, t.Bool):  # to Python it is a number, too
            return False
        try:
            trait._validate(self, value)
        except (t.TraitError, TypeError, ValueError, OverflowError):
            return False
        return True

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        """A message of the widget's own; `_receive` takes those that are a dictionary with a kind."""
        with self._turn():
            if isinstance(content, dict) and isinstance(content.get("kind"), str) and _is_whole(content):
                self._receive(content)
            self.set_trait("heard", self.heard + 1)
        super()._handle_custom_msg(content, buffers)

    def _receive(self, content: dict[str, Any]) -> None:
        """Do what a message asks for; it may hold anything."""

    # ---- its work ----

    def wait(self, timeout: float = 60) -> Self:
        """Block until the widget shows what was last asked of it.

        Raises:
            TimeoutError: the time ran out first.
        """
        if not self._runner.wait(self, timeout):
            raise TimeoutError(f"not ready after {timeout} s; wait longer, or stop the work with close()")
        return self

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page; the last one ends the worker's thread."""
        if self._runner is not None:  # a constructor that raised leaves none, and is closed all the same
            self._runner.cancel(self)
            self._runner.close(self)
            self._report("closed")
        super().close()

    def open(self) -> None:
        """Let the page know of the widget; a cell that is asked later must not keep gestures waiting."""
        super().open()
        self._listen_anywhere()

    # ---- in a Bench ----

    def says(self, name: str) -> dict[str, Any]:
        """What a change of one of its traits says about a shared selection, by field."""
        return {}

    def follow(self, name: str, value: Any, *, freely: bool) -> None:
        """Show what a field of a shared selection says; `freely`: even if that changes what the widget is about."""

    def restore(self, values: dict[str, Any]) -> None:
        """Set recorded traits to what they were, all of them together."""
        with self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    def code(self) -> str:
        """The Python that makes the widget as it stands."""
        raise NotImplementedError

    def calls(self) -> str:
        """The public calls of the library that give the numbers shown, without a widget; "" where there are none."""
        return ""

    # ---- without a browser ----

    def summary(self) -> str:
        """The widget in plain text, for pages that run no scripts and for people who print it."""
        raise NotImplementedError

    def picture(self) -> Picture:
        """The widget as it stands, as a picture, for notebooks that run no scripts."""
        from ._picture import Picture

        first, *rest = self.summary().splitlines()
        return Picture(first).lines(rest)

    def to_html(self, path: str | Path | None = None, *, title: str | None = None) -> str | Path:
        """The widget as one HTML file that needs no network and no Python; what needs no model stays interactive.

        Args:
            path: where to write it, whole or not at all; None to get the text instead.
            title: of the page; the first line of the summary if none is given.

        Example:
            >>> import workbench as wb
            >>> from workbench_widgets import ActivationHeatmap
            >>> html = ActivationHeatmap(wb.load(), "The Golden Gate Bridge", site="mlp_act.1", unit=7).to_html()
            >>> "https:" in html
            False
        """
        self._finish_work()
        return page([self], path, title=title or self.summary().splitlines()[0])

    def _finish_work(self) -> None:
        """Wait until what was asked for is there: a page without Python cannot."""
        self.wait()

    def _exported(self) -> dict[str, Any]:
        """Traits that an export holds in another form: with more in them, for there is no Python to ask."""
        return {}

    def _repr_mimebundle_(self, **settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and what stands in its place where no scripts run or no kernel lives."""
        data, metadata = super()._repr_mimebundle_(**settings)
        return {**data, "image/png": base64.b64encode(self.picture().png()).decode()}, metadata

    def __repr__(self) -> str:
        return self.summary()


def _is_whole(value: object) -> bool:
    """Whether all text in a value is text: JSON can carry half of a surrogate pair, and nothing can send it back."""
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, Mapping):
        return all(_is_whole(part) for pair in value.items() for part in pair)
    return all(map(_is_whole, value)) if isinstance(value, list | tuple) else True


def in_words(error: BaseException) -> str:
    """What an exception says, without the quotes that KeyError puts around it."""
    words = error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)
    return words or type(error).__name__


def source_of(model: Any, sae: Dictionary | None) -> str:
    """Which weights the numbers come from."""
    source = f"{model.name} {model.hash}"
    return source if sae is None else f"{source} · dictionary {sae.hash} at {sae.site}"


def _is_message(msg: object) -> bool:
    """Whether a message has the form that Jupyter's widgets speak; what it says is looked at later."""
    try:
        data, buffers = msg["content"]["data"], msg.get("buffers", [])
        state, paths = data.get("state", {}), data.get("buffer_paths", [])
    except (TypeError, KeyError, AttributeError):
        return False
    if not (isinstance(data, dict) and data.get("method") in METHODS and isinstance(state, dict)):
        return False
    if data["method"] == "custom" and "content" not in data:
        return False
    return paths == [] or (isinstance(buffers, list) and _all_fit(state, paths, len(buffers)))


def _all_fit(state: dict[str, Any], paths: object, buffers: int) -> bool:
    """Whether every buffer has a place in the state."""
    if not isinstance(paths, list) or len(paths) > buffers:
        return False
    return all(isinstance(path, list) and len(path) == 1 and isinstance(path[0], str) for path in paths)
