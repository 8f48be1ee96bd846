"""One JupyterLab for all browser tests; skipped, with the reason, where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import labkit
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; every visit is a page of its own in it, without what another one left."""
    if labkit.CHROMIUM is None:
        pytest.skip("no Chromium; name one in the environment variable CHROMIUM")
    with labkit.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[labkit.Lab]:
    """As JupyterLab comes."""
    lab = labkit.Lab(tmp_path_factory.mktemp("lab"))
    try:
        yield lab.wait()
    finally:
        lab.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[labkit.Visit]:
    """A page; whatever the test did, it must have reached nothing outside and logged no error."""
    with labkit.visit(browser) as made:
        yield made
    assert made.outside == []
    assert made.errors == []


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where screenshots are kept, for people to look at."""
    folder = Path(__file__).parents[2] / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
