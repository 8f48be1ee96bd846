"""Hypotheses rated by keys in a real JupyterLab; the kernel is killed in the middle, and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from e2e.labkit import Kernel, Lab, Visit
from playwright.sync_api import Locator, expect

from workbench.explore.notes import Notes

pytestmark = pytest.mark.e2e

CELLS = (
    "import workbench as wb\nfrom workbench_widgets import RatingPanel\n\nmodel, sae = wb.load(), wb.decompose.load()",
    'texts = ["The Golden Gate Bridge is in San Francisco.", "The old dog is in the garden.", "2+2=4\\n"]\n'
    'index = wb.explore.index(model, sae, texts * 4, to="rated")\n'
    'neurons = wb.explore.index(model, wb.decompose.neurons(model, "mlp_act.1"), texts * 4, to="neurons")',
    'panel = RatingPanel(index, neurons, n=16, seed=3, session="blind")',
    "panel",
)


def test_ratings_by_keys_survive_a_killed_kernel(lab: Lab, visit: Visit, screens: Path) -> None:
    name = lab.write("rating.ipynb", *CELLS)
    visit.open(lab, name)
    visit.finish()
    panel = visit.page.locator(".wb-rating")
    with lab.kernel(name) as kernel:
        say_who_rates(panel, kernel)
        rate_by_keys(panel, kernel, visit)
        take_screenshots(panel, visit, screens, "item")
        process = kernel.value("__import__('os').getpid()")
    os.kill(process, signal.SIGKILL)
    with Notes(lab.root / "rated" / "notes.sqlite") as notes:
        assert list(notes.ratings("blind")["score"].fillna(-1)) == [3, 1, -1, 2]
    go_on_in_a_new_kernel(visit)
    panel = visit.page.locator(".wb-rating").last
    with lab.kernel(name) as kernel:
        assert kernel.value("[panel.rater, panel.place, panel.rated]") == ["Ada", 4, 4]
        finish(panel, kernel, visit)
        take_screenshots(panel, visit, screens, "results")


def say_who_rates(panel: Locator, kernel: Kernel) -> None:
    field = panel.get_by_label("Rater")
    field.fill("Ada")
    field.press("Enter")
    kernel.until("[panel.rater, panel.phase]", lambda now: now == ["Ada", "rating"])
    titled(panel, "item 1 of 16")


def rate_by_keys(panel: Locator, kernel: Kernel, visit: Visit) -> None:
    """Letters and digits are the panel's: JupyterLab would make headings of digits, and a cell of B."""
    keys = visit.page.keyboard
    before = visit.page.locator(".jp-Notebook-cell").count()
    for place, key in enumerate(("3", "0", "s", "2"), start=2):
        keys.press(key)
        titled(panel, f"item {place} of 16")
    for place in (4, 3, 2):
        keys.press("Backspace")
        titled(panel, f"item {place} of 16")
    expect(panel.locator(".wb-rating-score[aria-pressed=true]")).to_contain_text("irrelevant")
    panel.locator(".wb-rating-score").nth(1).click()
    titled(panel, "item 3 of 16")
    expect(panel.locator(".wb-rating-score:focus")).to_have_count(0)  # a ring would look like an answer
    for place, key in ((4, "s"), (5, "2")):
        keys.press(key)
        titled(panel, f"item {place} of 16")
    keys.press("9")
    keys.press("b")
    assert kernel.value("[panel.place, panel.rated]") == [4, 4]
    assert visit.page.locator(".jp-Notebook-cell").count() == before
    assert panel.locator("mark").count() == 1
    text = panel.inner_text()
    assert not re.search(r"feature \d|neuron \d|silent|top|%", text), text


def go_on_in_a_new_kernel(visit: Visit) -> None:
    """JupyterLab starts another kernel by itself and says so; the same cells open the same session."""
    visit.page.locator(".jp-Dialog", has_text="died").get_by_role("button").last.click(timeout=60_000)
    visit.page.locator(".jp-Dialog").wait_for(state="detached")
    visit.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=60_000
    )
    visit.errors.clear()  # the page says that the connection was lost
    visit.run(CELLS[0])
    visit.run('index, neurons = wb.explore.open("rated"), wb.explore.open("neurons")')
    visit.run(CELLS[2].replace("n=16", 'n=16, rater="Ada"'))
    visit.run("panel")


def finish(panel: Locator, kernel: Kernel, visit: Visit) -> None:
    panel.locator(".wb-rating-hypothesis").click()
    for place in range(4, 16):
        titled(panel, f"item {place + 1} of 16")
        visit.page.keyboard.press(str(place % 4))
    titled(panel, "16 of 16 items rated")
    assert kernel.value("panel.outcome") == {}
    panel.get_by_role("button", name="Show the results").click()
    panel.locator(".wb-outcome-track em").nth(1).wait_for()
    expect(panel.locator(".wb-rating-outcome tbody tr")).to_have_count(16)
    assert kernel.value("panel.phase") == "unblinded"
    assert set(panel.locator(".wb-outcome-name").all_inner_texts()) == {"features", "neurons", "where silent"}


def titled(panel: Locator, words: str) -> None:
    expect(panel.locator(".wb-title")).to_contain_text(words)


def take_screenshots(panel: Locator, visit: Visit, screens: Path, name: str) -> None:
    visit.page.mouse.move(2, 2)
    for theme in ("dark", "light"):
        visit.theme(theme)
        panel.scroll_into_view_if_needed()
        panel.screenshot(path=screens / f"rating-{name}_{theme}.png")
