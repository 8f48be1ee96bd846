"""A bar is drawn where somebody looks, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from workbench import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("screen", "seen"), [(Terminal, True), (io.StringIO, False)])
def test_a_bar_is_drawn_at_a_terminal_and_not_into_a_file(
    screen: type[io.StringIO], seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "DELAY", 0)
    monkeypatch.setattr(sys, "stderr", screen())
    assert list(progress.watched(range(3), "counting")) == [0, 1, 2]
    assert ("counting" in sys.stderr.getvalue()) == seen


def test_the_bar_goes_when_the_loop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    items = progress.watched(iter("abc"), "reading", total=3)
    assert next(items) == "a"
    items.close()
    assert sys.stderr.getvalue().endswith("\r"), "the line is cleared"
