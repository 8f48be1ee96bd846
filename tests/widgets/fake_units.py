"""An index of a few units whose hypotheses and examples are made up, for what only rates them."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from workbench.explore.notes import Label, Notes

HYPOTHESES = ("bridges & <b>towers</b>", "the colour red")


@dataclass(eq=False)
class Units:
    """An index of units that are told apart by their texts alone."""

    notes: Notes
    name: str = "feature"
    alive: tuple[int, ...] = tuple(range(700, 740))

    def __getitem__(self, unit: int) -> Any:
        examples = [self._example(unit, "interval", tenth) for tenth in range(10)]
        examples += [self._example(unit, "top", 0), self._example(unit, "negative", 0)]
        return SimpleNamespace(label=Label(HYPOTHESES[unit % 2], "top tokens"), examples=examples)

    @staticmethod
    def _example(unit: int, kind: str, group: int) -> Any:
        value = {"top": 9.75, "interval": group + 0.25, "negative": 0.0}[kind]
        pieces = ("the", " golden", " bridge", "\n", " is", " old")
        values = (0.0, 4.5, value, 0.0, 0.0, 0.125 if value else 0.0)
        place = {"text": 1000 * unit + group, "token": 3 + (kind == "top"), "at": 2}
        return SimpleNamespace(
            kind=kind, group=group, value=value, **place, ids=(1, 2, 3, 4, 5, 6), pieces=pieces, values=values
        )
