"""The tour as a visitor meets it: both widgets appear, and gestures reach the kernel and come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.labkit import Kernel, Lab, Visit

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
TOUR = ROOT / "notebooks" / "00_tour.ipynb"
STAND_IN = (
    f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import tiny, torch, workbench as wb
from workbench_widgets import ActivationHeatmap, SteeringPanel
model = tiny.model("llama")
sae = wb.decompose.TopK(d_model=32, width=64, k=4, site="resid_post.1")
sae.maxima += 8
sae.density += torch.linspace(0.01, 0.1, 64)
""",
    "heatmap = ActivationHeatmap(model, 'Mary and John went to the store.\\nThe <b>bridge</b>', sae=sae)\nheatmap",
    "panel = SteeringPanel(model, sae, [3, 5], prompt='The bridge', labels={3: 'colour'}, new_tokens=20)\npanel",
)
"""For a checkout without the tour or its model: the same variables around a tiny random model."""


@pytest.fixture
def tour(lab: Lab, visit: Visit) -> Iterator[tuple[Visit, Kernel]]:
    if TOUR.exists() and any((ROOT / "workbench" / "assets").rglob("*.safetensors")):
        name = lab.add(TOUR)
    else:
        name = lab.write("stand_in.ipynb", *STAND_IN)
    visit.open(lab, name)
    visit.page.locator(".wb-steering").wait_for(timeout=180_000)
    with lab.kernel(name) as kernel:
        kernel.until("panel.running", lambda running: not running, timeout=180)
        yield visit, kernel


def test_gestures_change_the_kernel_and_the_page(tour: tuple[Visit, Kernel], screens: Path) -> None:
    visit, kernel = tour
    click_a_token(visit, kernel)
    walk_by_keyboard(visit, kernel)
    show_another_unit(visit, kernel)
    refuse_what_does_not_exist(visit, kernel)
    steer(visit, kernel)
    cancel(visit, kernel)
    take_screenshots(visit, kernel, screens)


def click_a_token(visit: Visit, kernel: Kernel) -> None:
    heatmap = visit.page.locator(".wb-heatmap").first
    heatmap.locator(".wb-token").nth(2).click()
    assert kernel.until("heatmap.selected", lambda selected: selected == 2)
    assert heatmap.locator(".wb-token[aria-selected=true]").count() == 1
    assert heatmap.locator("b").count() == 0  # text is text, never markup


def walk_by_keyboard(visit: Visit, kernel: Kernel) -> None:
    visit.page.keyboard.press("ArrowRight")
    kernel.until("heatmap.selected", lambda selected: selected == 3)
    visit.page.keyboard.press("Escape")
    kernel.until("heatmap.selected", lambda selected: selected == -1)
    visit.page.keyboard.press("Enter")
    kernel.until("heatmap.selected", lambda selected: selected == 3)


def show_another_unit(visit: Visit, kernel: Kernel) -> None:
    heatmap = visit.page.locator(".wb-heatmap").first
    top = heatmap.locator(".wb-heatmap-top button").first
    unit = int(top.locator("span").first.inner_text())
    top.click()
    kernel.until("heatmap.view['unit']", lambda shown: shown == unit)
    heatmap.locator(".wb-title", has_text=f" {unit} ").wait_for()
    heatmap.locator("select").first.select_option("mlp_act")
    kernel.until("heatmap.view['stream']", lambda stream: stream == "mlp_act")
    heatmap.get_by_role("radio", name="1", exact=True).click()
    kernel.until("heatmap.layer", lambda layer: layer == 1)
    heatmap.locator(".wb-title", has_text="mlp_act.1").wait_for()


def refuse_what_does_not_exist(visit: Visit, kernel: Kernel) -> None:
    heatmap = visit.page.locator(".wb-heatmap").first
    number = heatmap.locator(".wb-number")
    number.fill("999999")
    number.press("Enter")
    heatmap.locator(".wb-error", has_text="There is no neuron").wait_for()
    number.fill("7")
    number.press("Enter")
    kernel.until("heatmap.view['unit']", lambda unit: unit == 7)
    assert heatmap.locator(".wb-error:visible").count() == 0

    written = heatmap.locator("textarea")
    before = written.input_value()
    written.fill("")
    written.press("Enter")
    heatmap.locator(".wb-error", has_text="empty").wait_for()
    written.press("Escape")
    assert written.input_value() == before


def steer(visit: Visit, kernel: Kernel) -> None:
    panel = visit.page.locator(".wb-steering").first
    for slider in panel.locator(".wb-slider").all():
        slider.press("Delete")
    kernel.until("panel.strengths", lambda strengths: not any(strengths))
    settle(kernel)
    plain = kernel.value("panel.plain")
    kernel.until("[panel.steered, panel.control]", lambda texts: texts == [plain, plain])

    slider = panel.locator(".wb-slider").first
    for _ in range(8):
        slider.press("Shift+ArrowRight")
    slider.press("ArrowRight")
    kernel.until("panel.strengths[0]", lambda strength: strength == 8.1)
    kernel.until("panel.steered", lambda steered: steered != plain)
    settle(kernel)
    assert kernel.value("panel.plain") == plain
    assert kernel.value("len(panel.controls) == len(panel.features)")
    text = "document.querySelector('.wb-written-{} .wb-written-text').textContent"
    visit.page.wait_for_function(f"{text.format('steered')} !== {text.format('plain')}")
    slider.fill("2")
    kernel.until("panel.strengths[0]", lambda strength: strength == 2)


def cancel(visit: Visit, kernel: Kernel) -> None:
    settle(kernel)
    kernel.value("model.lock.acquire()")  # the writing waits, so that there is something to cancel
    try:
        visit.page.locator(".wb-slider").first.press("ArrowRight")
        visit.page.get_by_role("button", name="Cancel").click()
    finally:
        kernel.value("model.lock.release()")
    kernel.until("panel.cancelled and not panel.running", bool)
    visit.page.get_by_role("button", name="Generate").click()
    kernel.until("panel.cancelled", lambda cancelled: not cancelled)


def take_screenshots(visit: Visit, kernel: Kernel, screens: Path) -> None:
    kernel.value("[setattr(heatmap, 'stream', heatmap.streams[0]), setattr(heatmap, 'selected', 3)]")
    kernel.until("heatmap.view['stream'] == heatmap.streams[0]", bool)
    settle(kernel)
    for theme in ("light", "dark"):
        visit.theme(theme)
        for widget in ("heatmap", "steering"):
            visit.page.locator(f".wb-{widget}").first.screenshot(path=screens / f"{widget}_{theme}.png")


def settle(kernel: Kernel) -> None:
    kernel.until("panel.running", lambda running: not running, timeout=60)
