"""What every test shares: the tests folder on the path, a folder for doctests, and one thread of torch per test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _doctest_folder(doctest_namespace: dict, tmp_path: Path) -> None:
    doctest_namespace["tmp"] = tmp_path
