"""Every notebook runs whole in JupyterLab, asserts what it claims, and its figures are drawn, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.labkit import Lab, Visit

pytestmark = pytest.mark.e2e
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ELSEWHERE = {"00_tour.ipynb"}
FIGURES = {
    "02_decompose.ipynb": 4,
    "abstract_features.ipynb": 2,
    "03_explore.ipynb": 2,
    "04_intervene.ipynb": 2,
    "bench.ipynb": 0,
    "golden_gate.ipynb": 2,
    "neurons_vs_features.ipynb": 6,
    "world.ipynb": 2,
}
WIDGETS = {"03_explore.ipynb": 4, "04_intervene.ipynb": 2, "bench.ipynb": 6, "golden_gate.ipynb": 1}


def test_no_notebook_is_forgotten() -> None:
    assert {path.name for path in NOTEBOOKS.glob("*.ipynb")} == FIGURES.keys() | ELSEWHERE


@pytest.mark.parametrize("name", FIGURES)
def test_the_notebook_runs_and_draws_its_figures(name: str, lab: Lab, visit: Visit, screens: Path) -> None:
    visit.open(lab, lab.add(NOTEBOOKS / name))
    visit.finish()
    drawn = visit.page.locator(".js-plotly-plot, .wb")
    shown = FIGURES[name] + WIDGETS.get(name, 0)
    drawn.nth(shown - 1).wait_for()
    assert visit.page.locator(".js-plotly-plot").count() == FIGURES[name]
    assert visit.page.locator(".wb").count() == WIDGETS.get(name, 0)
    for number in range(shown):
        drawn.nth(number).scroll_into_view_if_needed()
        visit.page.screenshot(path=screens / f"{Path(name).stem}-{number + 1}.png")
    visit.command("apputils:change-theme", theme="JupyterLab Dark")
    visit.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    drawn.first.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(1500)  # until the cells that came into view are painted
    visit.page.screenshot(path=screens / f"{Path(name).stem}-dark.png")
