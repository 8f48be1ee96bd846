"""The notebook of the world runs whole, and its figures are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.labkit import Lab, Visit

pytestmark = pytest.mark.e2e
WORLD = Path(__file__).parents[2] / "notebooks" / "world.ipynb"


def test_the_notebook_runs_and_draws_its_figures(lab: Lab, visit: Visit, screens: Path) -> None:
    visit.open(lab, lab.add(WORLD))
    visit.finish()
    figures = visit.page.locator(".js-plotly-plot")
    figures.nth(1).wait_for()
    assert figures.count() == 2
    figures.first.scroll_into_view_if_needed()
    visit.page.screenshot(path=screens / "world.png")
