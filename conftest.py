"""Gives the doctests a folder to write to, `tmp`."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _doctest_folder(doctest_namespace: dict, tmp_path: Path) -> None:
    doctest_namespace["tmp"] = tmp_path
