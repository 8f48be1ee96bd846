"""The tour as a visitor meets it: both widgets appear, and gestures reach the kernel and come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.labkit import Kernel, Lab, Visit

pytestmark = pytest.mark.e2e
TOUR = Path(__file__).parents[2] / "notebooks" / "00_tour.ipynb"


@pytest.fixture
def tour(lab: Lab, visit: Visit) -> Iterator[tuple[Visit, Kernel]]:
    name = lab.add(TOUR)
    visit.open(lab, name)
    visit.finish()
    with lab.kernel(name) as kernel:
        kernel.until("panel.running", lambda running: not running, timeout=60)
        yield visit, kernel


def test_a_cell_that_fails_is_told_in_the_notebooks_own_words(lab: Lab, visit: Visit) -> None:
    visit.open(lab, lab.write("broken.ipynb", "prompts = []", "prompts[3]", "prompts"))
    with pytest.raises(
        AssertionError, match=r"(?s)a cell of the notebook failed:.*prompts\[3\].*IndexError: list index"
    ):
        visit.finish()


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
    assert heatmap.locator(".wb-special").all_inner_texts() == [kernel.value("heatmap.view['pieces'][0]")]  # BOS


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
    for stream in ("features", "mlp_act"):
        heatmap.locator("select").first.select_option(stream)
        kernel.until("heatmap.view['stream']", lambda shown, stream=stream: shown == stream)
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

    written = heatmap.get_by_label("Text", exact=True)
    before = written.input_value()
    written.fill("")
    written.press("Enter")
    heatmap.locator(".wb-error", has_text="empty").wait_for()
    written.press("Escape")
    assert written.input_value() == before

    written.fill("The <b>Golden</b> Gate")
    written.press("Enter")
    kernel.until("''.join(heatmap.view['pieces'])", lambda shown: "<b>Golden</b>" in shown)
    heatmap.locator(".wb-title", has_text=f"{kernel.value('heatmap.values.shape[1]')} tokens").wait_for()
    assert heatmap.locator("b").count() == 0  # text is text, never markup


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
    text = kernel.value("text")
    shown = {"text": text, "stream": "mlp_act", "layer": 2, "unit": 17}  # as the tour shows it
    kernel.value(f"[setattr(heatmap, name, value) for name, value in {shown!r}.items()]")
    kernel.value("heatmap.wait().selected")
    kernel.value("[setattr(widget, 'selected', 3) for widget in (heatmap, on_feature)]")
    kernel.value("setattr(panel, 'strengths', [1.0] + [0.0] * (len(panel.features) - 1))")
    settle(kernel)
    pictures = {
        "heatmap": visit.page.locator(".wb-heatmap").first,
        "feature": visit.page.locator(".wb-heatmap").nth(1),
        "steering": visit.page.locator(".wb-steering").first,
    }
    for theme in ("light", "dark"):
        visit.theme(theme)
        for name, widget in pictures.items():
            widget.screenshot(path=screens / f"{name}_{theme}.png")


def settle(kernel: Kernel) -> None:
    kernel.until("panel.running", lambda running: not running, timeout=60)
