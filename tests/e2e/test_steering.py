"""The steering panel in a real JupyterLab and Chromium: from a dashboard, measured, stopped, in samples, and alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e import labkit
from e2e.labkit import Kernel, Lab, Visit
from playwright.sync_api import Browser, Locator, expect

pytestmark = pytest.mark.e2e

HOSTILE = "<img src=x onerror=window.hacked=1>"
CELLS = (
    "import workbench as wb\nfrom workbench_widgets import Bench, SteeringPanel",
    "index = wb.explore.open()\nmodel, sae = index.model, index.sae\nbench = Bench(model, sae, index)",
    'panel = SteeringPanel(model, sae, [942], prompt="The bridge", index=index, new_tokens=8, temperature=1.0, '
    f'target="Golden Gate", neutral=["The bridge is red.", "Two and two."], presets={{"{HOSTILE}": {{942: 2.0}}}})\n'
    "panel",
    "dashboard = bench.features(942)\ndashboard",
)


@dataclass
class Desk:
    """The open notebook: a panel by itself, a dashboard in a bench, and the kernel."""

    lab: Lab
    visit: Visit
    kernel: Kernel

    @property
    def panel(self) -> Locator:
        return self.visit.page.locator(".jp-Notebook-cell").nth(2).locator(".wb-steering")

    @property
    def dashboard(self) -> Locator:
        return self.visit.page.locator(".jp-Notebook-cell").nth(3).locator(".wb-dashboard")

    def settle(self) -> None:
        self.kernel.until("panel.running", lambda running: not running, timeout=60)


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    lab = labkit.Lab(tmp_path_factory.mktemp("steering"))
    try:
        name = lab.wait().write("steering.ipynb", *CELLS)
        with labkit.visit(browser) as visit:
            visit.open(lab, name)
            visit.finish()
            with lab.kernel(name) as kernel:
                yield Desk(lab, visit, kernel)
    finally:
        lab.close()


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    """The panel with its slider at rest; whatever a test does, it reaches nothing outside."""
    at_rest = "panel.strengths, panel.samples, panel.target = [0.0] * len(panel.features), 1, ['Golden Gate']"
    opened.kernel.do(f"{at_rest}\npanel.wait()")
    yield opened
    assert opened.visit.outside == [] and opened.visit.errors == []
    assert opened.visit.page.evaluate("() => window.hacked") is None


def test_an_effect_is_measured_while_one_reads_and_a_moved_slider_starts_it_anew(desk: Desk) -> None:
    panel = desk.panel
    panel.get_by_text("Move a slider: what it does is measured here.").wait_for()
    slider = panel.locator(".wb-slider").first
    slider.press("Shift+ArrowRight")
    rows = panel.locator(".wb-readouts tbody tr")
    expect(rows).to_have_count(3, timeout=30_000)
    slider.press("ArrowRight")
    panel.get_by_role("button", name="Stop").wait_for()
    desk.kernel.until("panel.measured.get('done')", bool, timeout=60)
    panel.get_by_role("button", name="Stop").wait_for(state="hidden")
    expect(rows.first).to_contain_text("says Golden Gate")
    expect(rows.first).to_contain_text("n 16")
    assert rows.first.locator("circle.wb-strip-control").count() == 20
    assert desk.kernel.value("panel.strengths") == [1.1]
    assert desk.kernel.value("panel.measured['rows'][0]['steered'][3]") == 16


def test_measuring_can_be_stopped_and_begun_again(desk: Desk) -> None:
    desk.panel.locator(".wb-slider").first.press("Shift+ArrowRight")
    desk.kernel.until("len(panel.measured.get('rows', ())) > 2", bool, timeout=30)
    desk.panel.get_by_role("button", name="Stop").click()
    desk.panel.get_by_text("stopped").wait_for()
    assert desk.kernel.value("panel.measuring") is False
    desk.panel.get_by_role("button", name="Measure").last.click()
    desk.kernel.until("panel.measuring", bool)


def test_several_seeds_stand_in_rows(desk: Desk) -> None:
    samples = desk.panel.get_by_label("Samples")
    samples.fill("4")
    samples.press("Enter")
    desk.kernel.until("len(panel.others)", lambda n: n == 3)
    texts = desk.panel.locator(".wb-written-steered .wb-written-text")
    expect(texts).to_have_count(4)
    shown = [text.strip() for text in texts.all_text_contents()]
    assert shown == [text.strip() for text in desk.kernel.value("[panel.steered, *(one[1] for one in panel.others)]")]
    tops = [
        desk.panel.locator(f".wb-written-{kind} .wb-written-item").nth(2).bounding_box()
        for kind in ("plain", "control")
    ]
    assert tops[0]["y"] == tops[1]["y"]  # the samples of a seed stand side by side


def test_a_feature_is_found_and_added_and_a_setting_is_kept(desk: Desk) -> None:
    panel = desk.panel
    panel.get_by_role("button", name="Add a feature").click()
    panel.locator(".wb-search").fill("bridge")
    panel.locator(".wb-search").press("Enter")
    found = panel.locator("button.wb-found-item")
    found.first.wait_for()
    feature = int(found.first.get_attribute("data-feature"))
    found.first.click()
    desk.kernel.until("panel.features", lambda features: features == [942, feature])
    panel.get_by_role("radio", name="On this prompt").click()
    desk.kernel.until("panel.found.get('by')", lambda by: by == "prompt")
    panel.get_by_role("button", name="Done").click()
    panel.locator(".wb-slider").nth(1).press("Shift+ArrowRight")
    panel.get_by_role("button", name="Save as preset").click()
    panel.get_by_label("Name of the preset").fill("Two")
    panel.get_by_label("Name of the preset").press("Enter")
    desk.kernel.until("panel.presets.get('Two')", lambda held: held == {str(feature): 1.0})
    panel.get_by_role("button", name=HOSTILE, exact=True).click()  # a name is text, never markup
    desk.kernel.until("panel.strengths", lambda strengths: strengths == [2.0, 0.0])
    panel.get_by_role("button", name="Two", exact=True).click()
    desk.kernel.until("panel.strengths", lambda strengths: strengths == [0.0, 1.0])
    panel.get_by_role("button", name=f"Remove feature {feature}").click()
    desk.kernel.until("panel.features", lambda features: features == [942])


def test_a_dose_response_fills_in_and_can_be_stopped(desk: Desk) -> None:
    desk.kernel.do("panel.target = []")  # the price alone is quick
    desk.panel.locator(".wb-slider").first.press("Shift+ArrowRight")
    desk.panel.get_by_role("button", name="Dose–response").click()
    points = desk.panel.locator(".wb-dose .wb-chart").first.locator(".wb-dose-dot")
    points.nth(3).wait_for(timeout=30_000)
    desk.panel.locator(".wb-dose").get_by_role("button", name="Stop").click()
    desk.kernel.until("panel.dosing", lambda dosing: not dosing)
    desk.panel.locator(".wb-dose").get_by_role("button", name="Hide").click()
    desk.kernel.until("panel.dose", lambda dose: dose == {})


def test_a_dashboard_has_a_panel_made_and_shows_it(desk: Desk) -> None:
    desk.dashboard.get_by_role("button", name="Steer").click()
    panel = desk.dashboard.locator(".wb-steering")
    panel.wait_for()
    desk.dashboard.get_by_text("has a slider").wait_for()
    panel.locator(".wb-slider").first.press("Shift+ArrowRight")
    desk.kernel.until("bench.views['panel'].strengths", lambda strengths: strengths == [1.0])
    desk.kernel.do("dashboard.feature = 2014\nbench.wait()")
    desk.dashboard.get_by_role("button", name="Steer").click()
    desk.kernel.until("bench.views['panel'].features", lambda features: features == [942, 2014])
    assert "features = [942, 2014]" in desk.kernel.value("bench.code()")


def test_a_copy_without_python_holds_all_that_was_measured(desk: Desk, tmp_path: Path, browser: Browser) -> None:
    desk.kernel.do("panel.target, panel.strengths = [], [1.0]\npanel.dose_response(942)")
    file = tmp_path / "panel.html"
    desk.kernel.do(f"panel.to_html({str(file)!r})")
    with labkit.visit(browser) as visit:
        visit.page.goto(file.as_uri())
        expect(visit.page.locator(".wb-readouts tbody tr")).to_have_count(2)
        expect(visit.page.locator(".wb-dose .wb-chart").first.locator(".wb-dose-dot")).to_have_count(13)
        assert visit.page.get_by_role("button", name="Generate").count() == 0
        assert (visit.outside, visit.errors) == ([], [])
