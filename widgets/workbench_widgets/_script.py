"""What a bench writes down, and the Python that it becomes: the making of views, gestures and verbs, in their order."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._frontend import Frontend
from .steering_panel import SteeringPanel
from .training_monitor import TrainingMonitor

SELECTED = "selection"
VOIDED = {
    *("unit", "layer", "start", "selected", "colour", "rows", "against", "example", "group", "form"),
    *("strengths", "prompt", "new_tokens", "seed", "temperature", "draw", "focused"),
    *("parts", "kind", "target"),
}
"""What nothing else depends on: of two such gestures in a row the script needs the last."""
WAITED_FOR = {"", "text", "site", "stream", "feature"}
"""What other things follow from, so the script waits until they have: a view that is made, and these."""

LONG = 24
"""A text of more characters has a name in the script, where it occurs twice."""


@dataclass(eq=False)
class Entry:
    """A line of the record: the making of a view, a gesture with what stood before it, or a verb.

    Attributes:
        view: whose it is; "selection", or the name of a view.
        name: the trait that was set; a verb ends in "()"; "" for the making of a view.
        value: what it was set to, or the line that makes the view.
        before: every recorded trait of every view, and the selection; empty for what cannot be undone.
        at: when it was made, in seconds.
        message: whose message it came in, and which; what comes in one message is undone together.
        settled: the layer and unit that another stream came to.
        is_done: whether every view that it made work has shown what came of it.
        makes_work: whether a view has to read or write something because of it.
        is_hasty: made while a view was still at work.
    """

    view: str
    name: str
    value: Any
    before: dict[tuple[str, str], Any] = field(default_factory=dict)
    at: float = 0.0
    message: tuple[str, int] | None = None
    settled: tuple[int, int] | None = None
    is_done: bool = False
    makes_work: bool = False
    is_hasty: bool = False


def steps(
    record: Sequence[Entry], views: Mapping[str, Frontend], standing: dict[str, dict[str, Any]] | None
) -> list[str]:
    """The making of views and the gestures, of which those that another one makes void are left out.

    Args:
        record: what was made and done.
        views: those that are there, by name.
        standing: how things stand, where the record alone does not lead there.
    """
    lines: list[str] = []
    last: Entry | None = None
    for entry in record:
        if entry.is_hasty and entry.name in ("token", "selected"):
            continue  # of which text it was is open; the last line says what came of it
        if last is not None and entry.name in VOIDED and (last.view, last.name) == (entry.view, entry.name):
            lines.pop()
        lines += _lines(entry, record, views)
        if entry.makes_work and entry.name in WAITED_FOR:
            lines.append("bench.wait()")
        last = entry
    if standing is not None:
        lines += [] if lines[-1] == "bench.wait()" else ["bench.wait()"]
        lines.append(f"bench.restore({plain(standing)!r})  # as it stands, after steps back, slips or haste")
    for name, view in views.items():
        if isinstance(view, SteeringPanel) and view.cancelled:
            lines.append(f"{name}.generate(counts={tuple(view.counts)!r})")
        if isinstance(view, TrainingMonitor) and view._training.at > 0:
            lines.append(_steps_to(training_of(record, name), view._training.at))
    return lines[:-1] if lines and lines[-1] == "bench.wait()" else lines


def _lines(entry: Entry, record: Sequence[Entry], views: Mapping[str, Frontend]) -> list[str]:
    """One entry as Python."""
    value = plain(entry.value)
    if entry.name == "":
        return [f"{entry.view} = bench.{entry.value}"]
    if entry.name in ("restore()", "close()"):
        return [f"{entry.view}.{entry.name[:-1]}{'' if value is None else repr(value)})"]
    if entry.name.endswith("()") and isinstance(entry.value, tuple):  # what was written about a feature
        return [f"{entry.view}.{entry.name[:-1]}{', '.join(map(repr, plain(entry.value)))})"]
    if entry.name.endswith("()"):  # a training goes on to the step at which it was stopped, or saved
        training = training_of(record, entry.view)
        steps = [_steps_to(training, value)] if entry.name in ("pause()", "stop()", "save()") else []
        return steps + [f"{training}.save()"] * (entry.name == "save()")
    if entry.name == "stream" and entry.settled is not None:
        layers = views[entry.view]._layers.get(entry.value) if entry.view in views else None
        layer = f"layer={entry.settled[0]}, " if layers else ""
        return [f"{entry.view}.show({value!r}, {layer}unit={entry.settled[1]})"]
    return [f"{'bench.selection' if entry.view == SELECTED else entry.view}.{entry.name} = {value!r}"]


def training_of(record: Sequence[Entry], name: str) -> str:
    """What the training of a monitor is called in the script."""
    made = next(entry.value for entry in record if (entry.view, entry.name) == (name, ""))
    return made.removeprefix("monitor(").removesuffix(")")


def arguments(first: Any, settings: dict[str, Any]) -> str:
    """The arguments of a call, as Python reads them."""
    return ", ".join([repr(plain(first)), *(f"{name}={plain(value)!r}" for name, value in settings.items())])


def plain(value: Any) -> Any:
    """A value that Python reads as it is written: numbers of numpy and torch become Python's."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain(part) for part in value)
    return value.item() if hasattr(value, "item") else value


def training_named(number: int) -> str:
    """What the training of a monitor is called, by how many there were before."""
    return f"training_{number + 1}" if number else "training"


def _steps_to(training: str, step: int) -> str:
    return f"{training}.step({step} - {training}.at)"


def with_names(lines: list[str]) -> str:
    """A script in which a list of texts, or a long text, that occurs more than once is written once, and has a name."""
    for kind, name in ((ast.List, "texts"), (ast.Constant, "text")):
        lines = _named(lines, kind, name)
    return "\n".join(lines) + "\n"


def _named(lines: list[str], kind: type[ast.expr], name: str) -> list[str]:
    """The lines with what occurs more than once replaced by a name that is given after the imports."""
    found = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, kind) and _is_long(node)]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    written = Counter(ast.unparse(node) for node in found)
    often = [text for text, count in written.items() if count > 1]
    names = {text: name if number == 0 else f"{name}_{number + 1}" for number, text in enumerate(often)}
    coded = [line.encode() for line in lines]  # columns count bytes
    for node in reversed(found):
        if (text := ast.unparse(node)) in names:
            line = coded[node.lineno - 1]
            coded[node.lineno - 1] = line[: node.col_offset] + names[text].encode() + line[node.end_col_offset :]
    at = next(i for i, line in enumerate(lines) if line.startswith("from workbench_widgets")) + 2
    given = [f"{name} = {text}".encode() for text, name in names.items()]
    return [line.decode() for line in [*coded[:at], *given, *coded[at:]]]


def _is_long(node: ast.expr) -> bool:
    """Whether it is worth a name: a long text, or a list of several texts that together are long."""
    parts = node.elts if isinstance(node, ast.List) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return (
        len(texts) == len(parts) and (isinstance(node, ast.Constant) or len(texts) > 1) and len("".join(texts)) > LONG
    )
