"""How far something has come, where somebody is looking: a bar in a notebook or a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

T = TypeVar("T")
DELAY = 1.0
"""Seconds before a bar is shown: what is over by then needs none."""


def watched(items: Iterable[T], what: str, *, total: float | None = None) -> Iterator[T]:
    """The items, one after another, and a bar that follows them.

    Example:
        >>> from workbench.progress import watched
        >>> sum(watched([1, 2, 3], "adding"))
        6
    """
    with bar(what, total=len(items) if total is None and hasattr(items, "__len__") else total) as shown:
        for item in items:
            yield item
            shown.update()


def bar(what: str, *, total: float | None = None, unit: str = "it") -> tqdm:
    """A bar that is moved by `update(n)`; it goes when it is closed.

    Example:
        >>> from workbench.progress import bar
        >>> with bar("harvest", total=100, unit="tokens") as shown:
        ...     _ = shown.update(50)
    """
    from tqdm.auto import tqdm

    return tqdm(desc=what, total=total, unit=f" {unit}", unit_scale=True, delay=DELAY, leave=False, disable=not _seen())


def _seen() -> bool:
    """Whether anybody sees it: in a notebook, or at a terminal."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell" or bool(sys.stderr and sys.stderr.isatty())
