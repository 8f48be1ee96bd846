"""Gives the doctests a folder to write to, `tmp`, and marks those that take long; nobody's notes are touched."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ["WORKBENCH_HOME"] = tempfile.mkdtemp(prefix="workbench-home-")  # where notes on the shipped index are kept
SLOW = (
    "workbench.world.recipe.train",
    "workbench.explore.comparing.best_matches",
    "workbench.explore.families.splitting",
)


@pytest.fixture(autouse=True)
def _doctest_folder(doctest_namespace: dict, tmp_path: Path) -> None:
    doctest_namespace["tmp"] = tmp_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An example cannot carry a mark of its own."""
    for item in items:
        if item.name in SLOW:
            item.add_marker(pytest.mark.slow)
