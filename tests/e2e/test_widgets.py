"""The widgets in a real JupyterLab and Chromium: hands, keys, busy kernels, and pages without any kernel.

JupyterLab has three ways to bring a widget's messages to a kernel whose cell is busy, and the widgets must do under
all of them. One notebook is open under each; the tests of a setting share it, and each begins with everything as it
was at first.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from e2e import labkit
from e2e.labkit import Kernel, Lab, Visit
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.e2e

TEXT = "The Golden Gate Bridge is in San Francisco."
OTHER = "The Golden Pavilion is in Kyoto."
HOSTILE = "<img src=x onerror=window.hacked=1></script><script>window.hacked=1</script> \u202e zero\u200bwidth"
CELLS = (
    "import time\n\nimport torch\n\nimport workbench as wb\n"
    "from workbench_widgets import ActivationHeatmap, Bench, SteeringPanel, TrainingMonitor",
    f"text = {TEXT!r}\nmodel, sae = wb.load(), wb.decompose.load()\nbench = Bench(model, sae)",
    'heatmap = bench.heatmap(text, site="mlp_act.2", unit=17)\non_feature = bench.heatmap(feature=942)',
    'panel = bench.steer("The bridge", [942, 1234], new_tokens=24)',
    "bench",
    "heatmap",
    "on_feature",
    "panel",
)
AS_AT_FIRST = """
panel.focused = -1
bench.select(text=text, token=None, feature=None)
with heatmap.hold_trait_notifications():
    heatmap.stream, heatmap.layer, heatmap.unit = "mlp_act", 2, 17
on_feature.unit = 942
panel.strengths = [0.0, 0.0]
bench.is_open = False
bench.wait()
"""
ONE_GESTURE = 450
"""Milliseconds after which the same gesture is another one, and not the rest of a drag."""


@dataclass
class Desk:
    """The open notebook: what is seen of it, and its kernel."""

    lab: Lab
    visit: Visit
    kernel: Kernel
    cells: list[str] = field(default_factory=lambda: list(CELLS))

    @property
    def page(self) -> Page:
        return self.visit.page

    def view(self, name: str) -> Locator:
        """The widget that a cell shows: the cell whose code is its name."""
        return self.page.locator(".jp-Notebook-cell").nth(self.cells.index(name)).locator(".wb")

    def start(self, code: str) -> None:
        """Run a new cell, and do not wait for it."""
        self.cells.append(code)
        self.visit.start(code)

    def run(self, code: str) -> None:
        self.cells.append(code)
        self.visit.run(code)

    def show(self, name: str, code: str) -> Locator:
        """A cell that makes a widget, and one that shows it."""
        self.run(f"{name} = {code}")
        self.run(name)
        return self.view(name)

    def pause(self, milliseconds: int = ONE_GESTURE) -> None:
        self.page.wait_for_timeout(milliseconds)


@pytest.fixture(scope="module")
def opened(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """The notebook, opened and run in a JupyterLab of its own under a setting."""
    lab = labkit.Lab(tmp_path_factory.mktemp(request.param), subshells=request.param)
    try:
        name = lab.wait().write("widgets.ipynb", *CELLS)
        with labkit.visit(browser) as visit:
            visit.open(lab, name)
            visit.finish()
            with lab.kernel(name) as kernel:
                yield Desk(lab, visit, kernel)
    finally:
        lab.close()


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    """The open notebook with everything as it was at first; what is done in it reaches nothing outside."""
    opened.page.mouse.move(2, 2)
    opened.kernel.do(AS_AT_FIRST)
    opened.pause()
    yield opened
    outside, errors = opened.visit.outside[:], opened.visit.errors[:]
    opened.visit.outside.clear()
    opened.visit.errors.clear()
    assert outside == []
    assert errors == []


SETTINGS = ("perCommTarget", "perComm", "disabled")
every_setting = pytest.mark.parametrize("opened", SETTINGS, indirect=True)
jupyters_own_setting = pytest.mark.parametrize("opened", SETTINGS[:1], indirect=True)


# ---- under every setting ----


@every_setting
def test_the_setting_is_in_force(desk: Desk) -> None:
    said, subshells = desk.page.evaluate(IN_FORCE)
    assert said == desk.lab.subshells
    wanted = {"disabled": subshells == 0, "perCommTarget": subshells == 1, "perComm": subshells > 1}
    assert wanted[said], f"the kernel has {subshells} subshells"


IN_FORCE = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const answer = await kernel.requestListSubshell({}).done;
    return [kernel.commsOverSubshells, answer.content.subshell_id.length];
}"""
"""What the page does with messages, and how many subshells the kernel has for it."""


@every_setting
def test_a_click_reaches_the_kernel_the_bar_and_every_view(desk: Desk) -> None:
    passed = [state(desk)]
    for gesture in (pin_a_token, show_a_strong_neuron, change_the_layer, click_in_the_grid):
        gesture(desk)
        passed.append(state(desk))
        desk.pause()
    step_back_and_forth(desk, passed)
    read_the_script(desk)


def state(desk: Desk) -> list[Any]:
    """What the gestures change, of both heatmaps and of the selection."""
    return desk.kernel.value(
        "[heatmap.selected, on_feature.selected, bench.selection.token, heatmap.layer, bench.selection.layer, "
        "heatmap.view['unit'], bench.selection.site]"
    )


def pin_a_token(desk: Desk) -> None:
    tokens(desk, "heatmap").nth(2).click()
    desk.kernel.until("[bench.selection.token, on_feature.selected]", lambda pinned: pinned == [2, 2])
    pinned_in_both(desk, "Golden")
    desk.view("bench").get_by_text("2 “Golden”").wait_for()


def show_a_strong_neuron(desk: Desk) -> None:
    row = desk.view("heatmap").locator(".wb-heatmap-top button").nth(1)
    neuron = int(row.locator("span").first.inner_text())
    row.click()
    desk.kernel.until("heatmap.view['unit']", lambda unit: unit == neuron)
    titled(desk.view("heatmap"), f"Neuron {neuron} of mlp_act.2")


def change_the_layer(desk: Desk) -> None:
    desk.view("heatmap").get_by_role("radio", name="3", exact=True).click()
    desk.kernel.until("[heatmap.layer, bench.selection.site]", lambda at: at == [3, "mlp_act.3"])
    titled(desk.view("heatmap"), "of mlp_act.3")
    expect(layer_in_the_bar(desk)).to_have_text("3")


def click_in_the_grid(desk: Desk) -> None:
    click_cell(desk, "heatmap", row=1, column=4)
    desk.kernel.until("[heatmap.layer, bench.selection.token]", lambda at: at == [1, 4])
    titled(desk.view("heatmap"), "of mlp_act.1")
    pinned_in_both(desk, "Bridge")
    expect(layer_in_the_bar(desk)).to_have_text("1")


def step_back_and_forth(desk: Desk, passed: list[Any]) -> None:
    """Each gesture is one step, whatever it changed."""
    for name, states in (("Undo", passed[-2::-1]), ("Redo", passed[1:])):
        for wanted in states:
            desk.view("bench").get_by_role("button", name=name).click()
            reaches(desk, wanted, name)
            pinned, _, _, layer, _, unit, _ = wanted
            titled(desk.view("heatmap"), f"Neuron {unit} of mlp_act.{layer}")
            pinned_in_both(
                desk, *([] if pinned < 0 else [desk.kernel.value(f"heatmap.view['pieces'][{pinned}].strip()")])
            )


def reaches(desk: Desk, wanted: list[Any], name: str) -> None:
    """The kernel comes to a state; a click is on its way for a moment, and longer on a busy machine."""
    end = time.monotonic() + 20
    while (now := state(desk)) != wanted:
        assert time.monotonic() < end, f"{name}: {now} after 20 s, not {wanted}"
        time.sleep(0.05)


def read_the_script(desk: Desk) -> None:
    bar = desk.view("bench")
    bar.get_by_role("button", name="Code").click()
    desk.kernel.until("bench.is_open", bool)
    bar.locator(".wb-bench-script").wait_for()
    assert bar.locator(".wb-bench-script").text_content() == desk.kernel.value("bench.code()")
    assert "bench.selection.token = 4" in desk.kernel.value("bench.code()")


@every_setting
def test_everything_can_be_done_by_keyboard_and_the_focus_is_seen(desk: Desk) -> None:
    walk_the_tokens(desk)
    walk_the_grid(desk)
    choose_a_layer(desk)
    step_through_units(desk)
    toggle_the_table(desk)
    move_a_slider(desk)
    assert desk.page.evaluate(LAB) == [len(desk.cells), "command"]  # no key was meant for the notebook


LAB = "() => (({ model, mode }) => [model.cells.length, mode])(window.jupyterapp.shell.currentWidget.content)"
"""How many cells the notebook has, and in which mode it is."""


def walk_the_tokens(desk: Desk) -> None:
    tab_to(desk, "heatmap", ".wb-token")
    for _ in range(3):
        press(desk, "ArrowRight")
    assert focused(desk, "textContent") == "Gate"
    expect(name_read_out(desk.view("heatmap"))).to_have_text("“Gate”")
    press(desk, "ArrowLeft")
    press(desk, "Enter")
    desk.kernel.until("[heatmap.selected, on_feature.selected]", lambda pinned: pinned == [2, 2])
    press(desk, "End")
    desk.kernel.until("heatmap.selected", lambda pinned: pinned == 9)  # what is pinned goes with the hand
    press(desk, "Escape")
    desk.kernel.until("[heatmap.selected, on_feature.selected]", lambda pinned: pinned == [-1, -1])
    pinned_in_both(desk)


def walk_the_grid(desk: Desk) -> None:
    tab_to(desk, "heatmap", ".wb-grid-field")
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "Enter"):
        press(desk, key)
    desk.kernel.until("[heatmap.layer, heatmap.selected]", lambda at: at == [1, 2])
    titled(desk.view("heatmap"), "of mlp_act.1")
    press(desk, "Escape")
    desk.kernel.until("heatmap.selected", lambda pinned: pinned == -1)


def choose_a_layer(desk: Desk) -> None:
    tab_to(desk, "heatmap", "[role=radio]")
    press(desk, "ArrowRight")
    desk.kernel.until("heatmap.layer", lambda layer: layer == 2)
    assert focused(desk, "textContent") == "2"
    press(desk, "ArrowLeft")
    desk.kernel.until("heatmap.layer", lambda layer: layer == 1)


def step_through_units(desk: Desk) -> None:
    tab_to(desk, "heatmap", ".wb-number")
    press(desk, "ArrowUp")
    desk.kernel.until("heatmap.view['unit']", lambda unit: unit == 18)
    desk.page.keyboard.press("ControlOrMeta+a")
    desk.page.keyboard.type("40")
    press(desk, "Enter")
    desk.kernel.until("heatmap.view['unit']", lambda unit: unit == 40)
    titled(desk.view("heatmap"), "Neuron 40 of mlp_act.1")


def toggle_the_table(desk: Desk) -> None:
    tab_to(desk, "heatmap", "button[aria-pressed]")
    press(desk, "Enter")
    table = desk.view("heatmap").locator(".wb-table")
    table.wait_for()
    assert table.locator("tbody tr").count() == desk.kernel.value("heatmap.view['total']")
    assert desk.view("heatmap").locator(".wb-token:visible").count() == 0
    press(desk, "Enter")
    table.wait_for(state="hidden")


def move_a_slider(desk: Desk) -> None:
    tab_to(desk, "panel", ".wb-slider")
    for key, strength in (("ArrowRight", 0.1), ("Shift+ArrowRight", 1.1), ("ArrowLeft", 1.0), ("Delete", 0.0)):
        press(desk, key)
        desk.kernel.until("panel.strengths", lambda now, strength=strength: now == [strength, 0.0])


@every_setting
def test_a_slider_answers_while_a_cell_is_busy_and_loses_nothing(desk: Desk, screens: Path) -> None:
    """With subshells the text is written meanwhile; without, when the cell has ended, and a note says so."""
    runs = desk.kernel.value("panel.run")
    desk.start("time.sleep(5)")
    seen = slide_meanwhile(desk, "panel")
    note_down(screens, f"slider while a cell sleeps, {desk.lab.subshells}", [seen.first.after])
    written_at(desk, "panel", 5.0)
    answered(desk, seen)
    assert seen.noted is (desk.lab.subshells == "disabled")
    assert desk.view("panel").locator(".wb-note").is_hidden()
    if desk.lab.subshells == "disabled":
        assert desk.kernel.value("panel.run") <= runs + 2  # the first move, and all others as one


@every_setting
def test_a_widget_that_the_busy_cell_itself_has_set_answers_meanwhile(desk: Desk, screens: Path) -> None:
    desk.start("panel.strengths = [1.0, 0.0]\npanel.wait()\ntime.sleep(2)")
    seen = slide_meanwhile(desk, "panel")
    note_down(screens, f"slider while the cell that set it sleeps, {desk.lab.subshells}", [seen.first.after])
    written_at(desk, "panel", 6.0)
    answered(desk, seen)


@every_setting
def test_a_widget_that_has_just_been_shown_answers_while_the_next_cell_is_busy(desk: Desk, screens: Path) -> None:
    """As when all cells are run: nothing that the new widget says is heard before the cells have ended."""
    desk.run('fresh = SteeringPanel(model, sae, [942, 1234], prompt="The bridge", new_tokens=24).wait()')
    desk.start("fresh")
    desk.start("time.sleep(3)")
    seen = slide_meanwhile(desk, "fresh")
    note_down(screens, f"slider of a new widget while the next cell sleeps, {desk.lab.subshells}", [seen.first.after])
    written_at(desk, "fresh", 5.0)
    desk.kernel.do("fresh.close()")
    answered(desk, seen)


@dataclass(frozen=True)
class Seen:
    """A text was seen to change: milliseconds after the gesture, and whether the cell was busy still."""

    after: float
    during: bool


@dataclass(frozen=True)
class Busy:
    """The first and the last change of a text, and whether a note was seen."""

    first: Seen
    last: Seen
    noted: bool


def slide_meanwhile(desk: Desk, name: str) -> Busy:
    """Move the first slider by five while the last cell is busy; what is seen of it, until all is written."""
    panel = desk.view(name)
    panel.locator(".wb-slider").first.wait_for()
    desk.pause(500)
    assert desk.visit.ended() is None, "the cell is not busy"
    panel.evaluate(RECORD)
    for _ in range(5):
        panel.locator(".wb-slider").first.press("Shift+ArrowRight")
    desk.page.wait_for_function("() => window.wbCellEnded !== null")
    settle(desk, name)
    desk.pause(200)
    first, *_, last = [Seen(*one) for one in desk.page.evaluate("() => window.wbSeen")]
    return Busy(first, last, desk.page.evaluate("() => window.wbNoted"))


RECORD = """(panel) => {
    const note = panel.querySelector(".wb-note");
    const [started, all] = [performance.now(), { childList: true, subtree: true, characterData: true }];
    const watch = (element, heard) => new MutationObserver(heard).observe(element, all);
    const seen = (window.wbSeen = []);
    window.wbNoted = false;
    watch(panel.querySelector(".wb-written-steered .wb-written-text"), () => {
        seen.push([performance.now() - started, window.wbCellEnded === null]);
    });
    watch(note, () => { window.wbNoted ||= note.textContent !== ""; });
}"""
"""Note every change of the steered text, and whether the note was ever there."""


def written_at(desk: Desk, name: str, strength: float) -> None:
    """The last value of the slider has won, and its text is what the page shows."""
    assert desk.kernel.value(f"{name}.strengths") == [strength, 0.0]
    same_text(desk, name, "steered")


def answered(desk: Desk, seen: Busy) -> None:
    if desk.lab.subshells == "disabled":
        assert not seen.first.during
    else:
        assert seen.first.during and seen.last.during


@every_setting
def test_a_text_can_be_cancelled_and_written_after_all(desk: Desk) -> None:
    panel = desk.view("panel")
    desk.kernel.value("model.lock.acquire()")  # the writing waits, so that there is something to cancel
    try:
        panel.locator(".wb-slider").first.press("Shift+ArrowRight")
        panel.get_by_role("button", name="Cancel").click()
    finally:
        desk.kernel.value("model.lock.release()")
    desk.kernel.until("panel.cancelled and not panel.running", bool)
    panel.get_by_text("cancelled").wait_for()
    left = desk.kernel.value("panel.counts")
    panel.get_by_role("button", name="Generate").click()
    desk.kernel.until("panel.cancelled or panel.running", lambda unfinished: not unfinished)
    written = desk.kernel.value("panel.counts")
    assert left[1] < written[1] and left[2] < written[2]
    panel.get_by_role("button", name="Generate").wait_for(state="hidden")
    same_text(desk, "panel", "steered")


@every_setting
def test_a_note_stands_where_python_does_not_answer_and_goes_when_it_does(desk: Desk) -> None:
    heatmap, process = desk.view("heatmap"), desk.kernel.value("__import__('os').getpid()")
    os.kill(process, signal.SIGSTOP)
    try:
        tokens(desk, "heatmap").nth(5).click()
        heatmap.locator(".wb-note", has_text="Python has not answered for 3 s").wait_for(timeout=6000)
        expect(pinned_in(heatmap)).to_have_text(["is"])  # what needs no Python goes on
        tokens(desk, "heatmap").nth(1).hover()
        expect(name_read_out(heatmap)).to_have_text("“The”")
    finally:
        os.kill(process, signal.SIGCONT)
    heatmap.locator(".wb-note").wait_for(state="hidden")
    desk.kernel.until("[heatmap.selected, on_feature.selected]", lambda pinned: pinned == [5, 5])


# ---- once ----


@jupyters_own_setting
def test_letters_typed_in_a_widget_do_not_edit_the_notebook(desk: Desk) -> None:
    """To JupyterLab "b" says: a cell below; "d" twice says: without this cell."""
    edited = []
    for place in (".wb-token", ".wb-grid-field", ".wb-heatmap-item", "button[aria-pressed]", ".wb-number"):
        tab_to(desk, "heatmap", place)
        before, _ = desk.page.evaluate(LAB)
        desk.page.keyboard.press("b")
        desk.pause(100)
        now, _ = desk.page.evaluate(LAB)
        if now != before:
            edited.append(place)
            desk.visit.command("notebook:undo-cell-action")  # as it was, for other tests
    assert edited == []


@jupyters_own_setting
def test_a_notebook_from_elsewhere_shows_pictures(desk: Desk, visit: Visit) -> None:
    desk.visit.command("docmanager:save")
    desk.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    notebook = json.loads((desk.lab.root / "widgets.ipynb").read_text())
    notebook["metadata"]["from"] = "elsewhere"  # JupyterLab trusts by content: the same bytes would be ours
    (desk.lab.root / "copy.ipynb").write_text(json.dumps(notebook))
    visit.open(desk.lab, "copy.ipynb", run=False)
    assert visit.page.evaluate(TRUSTED) == 0
    for name in ("bench", "heatmap", "on_feature", "panel"):
        picture = visit.page.locator(".jp-Notebook-cell").nth(CELLS.index(name)).locator("img")
        picture.scroll_into_view_if_needed()
        source, width = picture.evaluate("(image) => image.decode().then(() => [image.src, image.naturalWidth])")
        assert source.startswith(("data:image/png", "blob:")) and width > 300
    assert visit.page.locator(".wb").count() == 0


TRUSTED = """() => {
    const { cells } = window.jupyterapp.shell.currentWidget.content.model;
    return [...cells].filter(({ trusted }) => trusted).length;
}"""
"""How many cells JupyterLab trusts."""


@jupyters_own_setting
def test_a_bench_as_one_file_is_explored_without_python_or_network(desk: Desk, visit: Visit, tmp_path: Path) -> None:
    desk.kernel.do(f"bench.to_html({str(tmp_path / 'bench.html')!r})")
    asked = requests_of(visit)
    visit.page.goto((tmp_path / "bench.html").as_uri())
    heatmap, on_feature, panel = (visit.page.locator(".wb").nth(number) for number in range(3))
    panel.wait_for()
    for view in (heatmap, on_feature, panel):
        view.locator(".wb-note", has_text="This page is a copy, without Python").wait_for()

    hover_reads_out(desk, heatmap, "heatmap")
    heatmap.locator(".wb-token").nth(3).click()
    for view in (heatmap, on_feature):
        expect(pinned_in(view)).to_have_text(["Gate"])
    heatmap.get_by_role("radio", name="1", exact=True).click()
    titled(heatmap, "Neuron 17 of mlp_act.1")
    hover_reads_out(desk, heatmap, "heatmap", layer=1)
    show_another_feature_alone(desk, on_feature)
    for text in ("plain", "steered", "control"):
        written = panel.locator(f".wb-written-{text} .wb-written-text")
        expect(written).to_have_text(desk.kernel.value(f"panel.{text}.strip()"))
    toggle_the_table_alone(on_feature)
    change_the_theme_alone(visit.page)
    only_of_the_page(asked)


@jupyters_own_setting
def test_a_heatmap_as_one_file_is_explored_without_python_or_network(desk: Desk, visit: Visit, tmp_path: Path) -> None:
    desk.kernel.do(f"heatmap.to_html({str(tmp_path / 'heatmap.html')!r})")
    asked = requests_of(visit)
    visit.page.goto((tmp_path / "heatmap.html").as_uri())
    heatmap = visit.page.locator(".wb")
    hover_reads_out(desk, heatmap, "heatmap")
    heatmap.locator(".wb-token").nth(2).click()
    expect(pinned_in(heatmap)).to_have_text(["Golden"])
    heatmap.locator(".wb-token").nth(2).press("Escape")
    expect(pinned_in(heatmap)).to_have_count(0)
    toggle_the_table_alone(heatmap)
    only_of_the_page(asked)


def hover_reads_out(desk: Desk, heatmap: Locator, name: str, layer: int | None = None) -> None:
    """The value that the kernel holds, of each token under the hand."""
    row = desk.kernel.value(f"{name}._row()") if layer is None else layer
    values = desk.kernel.value(f"{name}.values[{row}].tolist()")
    for number in (8, 2, 4):
        token = heatmap.locator(".wb-token").nth(number)
        token.hover()
        expect(name_read_out(heatmap)).to_have_text(f"“{token.inner_text()}”")
        assert value_shown(heatmap) == pytest.approx(values[number], rel=0.01)


def show_another_feature_alone(desk: Desk, on_feature: Locator) -> None:
    """One that is on at the pinned token; its values travelled with the page."""
    feature, value = desk.kernel.value(
        "next([u, v] for u, v in zip(*[x[0].tolist() for x in on_feature._reading(text, 'features').strongest"
        "(0, 3, 4, most=8, query=-1)]) if u != 942)"
    )
    on_feature.locator(".wb-number").fill(str(feature))
    on_feature.locator(".wb-number").press("Enter")
    titled(on_feature, f"Feature {feature} ")
    assert value_shown(on_feature) == pytest.approx(value, rel=0.01)


def toggle_the_table_alone(view: Locator) -> None:
    view.get_by_role("button", name="Table").click()
    view.locator(".wb-table tbody tr").nth(9).wait_for()
    view.get_by_role("button", name="Table").click()
    view.locator(".wb-token").first.wait_for()


def change_the_theme_alone(page: Page) -> None:
    for wanted, surface in (("dark", "rgb(17, 17, 17)"), ("light", "rgb(255, 255, 255)")):
        page.locator("#wb-theme").click()
        for view in page.locator(".wb").all():
            expect(view).to_have_attribute("data-wb-theme", wanted)
            expect(view).to_have_css("background-color", surface)


def requests_of(visit: Visit) -> list[str]:
    """The addresses that the page will ask for, as it goes."""
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    return asked


def only_of_the_page(asked: list[str]) -> None:
    page, *others = asked
    assert page.startswith("file:") and all(other.startswith(("blob:", "data:")) for other in others), others


@jupyters_own_setting
def test_text_is_text_whatever_it_holds(desk: Desk, visit: Visit, tmp_path: Path) -> None:
    desk.kernel.do(f"hostile = {HOSTILE!r}")
    bar = desk.show("other", "Bench(model, sae)")
    views = {
        "read": "other.heatmap(hostile, against=hostile)",
        "written": "other.steer(hostile, [942], labels={942: hostile}, new_tokens=2)",
    }
    shown = [bar, *(desk.show(name, code) for name, code in views.items())]
    bar.get_by_role("button", name="Code").click()
    bar.locator(".wb-bench-script").wait_for()
    for view in shown:
        readable(view)
        harmless(view)
        view.get_by_role("button", name="Table").click()
        harmless(view)
    desk.kernel.do(f"other.wait().to_html({str(tmp_path / 'hostile.html')!r}, title=hostile)")
    visit.page.goto((tmp_path / "hostile.html").as_uri())
    for number in range(2):
        readable(visit.page.locator(".wb").nth(number))
        harmless(visit.page.locator(".wb").nth(number))
    assert visit.page.title() == " ".join(HOSTILE.split())
    desk.kernel.do("other.close()")


def readable(view: Locator) -> None:
    """The tags are there to be read, and what hides or turns text has a name."""
    text = re.sub(r"\s+", "", view.evaluate(ALL_TEXT))
    assert "<imgsrc=xonerror=window.hacked=1>" in text and "<script>window.hacked=1</script>" in text
    assert "‹U+202E›" in text and "‹U+200B›" in text


def harmless(view: Locator) -> None:
    """Nothing of the text is markup, and nothing of it hides or turns what is seen."""
    view.page.wait_for_timeout(200)
    assert view.page.evaluate("() => window.hacked") is None
    assert view.locator("img, script").count() == 0
    assert not {"\u202e", "\u200b"} & set(view.evaluate("(view) => view.textContent"))


ALL_TEXT = """(view) => [...view.querySelectorAll("*")]
    .filter((one) => one.children.length === 0 && one.checkVisibility())
    .map((one) => one.value ?? one.textContent)
    .join("")"""


@jupyters_own_setting
def test_two_views_of_a_widget_keep_in_step_and_closing_leaves_nothing(desk: Desk, visit: Visit) -> None:
    name = desk.lab.write("twice.ipynb", *CELLS[:4], "bench", "display(heatmap)\ndisplay(heatmap)", "panel")
    visit.open(desk.lab, name)
    visit.finish()
    with desk.lab.kernel(name) as kernel:
        first, second = (visit.page.locator(".wb-heatmap").nth(number) for number in range(2))
        first.locator(".wb-token").nth(4).click()
        second.locator(".wb-token[aria-selected=true]", has_text="Bridge").wait_for()
        second.get_by_role("radio", name="0", exact=True).click()
        for view in (first, second):
            titled(view, "Neuron 17 of mlp_act.0")
            expect(pinned_in(view)).to_have_text(["Bridge"])
        kernel.until("[heatmap.selected, heatmap.layer]", lambda at: at == [4, 0])

        kernel.do("panel.new_tokens, panel.strengths = 200, [3.0, 0.0]\ntime.sleep(0.2)\nassert panel.running")
        kernel.do("bench.close()")
        kernel.until(WORKERS, lambda alive: alive == 0)
        assert kernel.value(HOOKS) == 0
        visit.page.wait_for_function("() => document.querySelectorAll('.wb').length === 0")


WORKERS = "sum(t.name == 'workbench-widgets' for t in __import__('threading').enumerate())"
HOOKS = "sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.hf.modules())"


@jupyters_own_setting
def test_a_longer_text_to_compare_with_can_be_shown(desk: Desk) -> None:
    desk.show("compared", "ActivationHeatmap(model, text, against=text + ' ' + text, sae=sae, feature=942)").wait_for()


# ---- what people look at ----

PICTURES = {
    "heatmap-neuron": "ActivationHeatmap(model, text, sae=sae, site='mlp_act.2', unit=17)",
    "heatmap-compared": f"ActivationHeatmap(model, text, against={OTHER!r}, sae=sae, feature=942)",
    "heatmap-difference": f"ActivationHeatmap(model, text, against={OTHER!r}, sae=sae, site='mlp_act.2', unit=17)",
    "heatmap-attention": "ActivationHeatmap(model, text, sae=sae, site='pattern.1')",
    "heatmap-logits": "ActivationHeatmap(model, text, sae=sae, site='logits')",
    "steering-one": "pictured.steer('The bridge', [942, 1234], new_tokens=24)",
    "bench-code": "pictured",
    "monitor-paused": "TrainingMonitor(training)",
}
POSED = """
heatmap_neuron.selected = 3
heatmap_compared.selected = 3
heatmap_difference.colour = "difference"
heatmap_attention.rows = "queries"
heatmap_attention.selected = 8
steering_one.strengths = [1.0, 0.0]
pictured.select(text=text, token=3, layer=2)
pictured.is_open = True
pictured.wait()
"""
TRAINING = """
torch.manual_seed(0)
rows = torch.randn(4096, 16) @ torch.randn(16, 32)
training = wb.decompose.train(rows, "topk", at="resid_post.0", width=64, k=4, steps=5000, batch=64)
"""


@jupyters_own_setting
def test_pictures_are_taken_of_every_widget(desk: Desk, screens: Path) -> None:
    desk.kernel.do(TRAINING)
    desk.kernel.do("pictured = Bench(model, sae)\nread = pictured.heatmap(text, site='mlp_act.2', unit=17)")
    shown = {picture: desk.show(picture.replace("-", "_"), code) for picture, code in PICTURES.items()}
    desk.kernel.do(POSED)
    train_for_a_while(desk, shown["monitor-paused"])
    desk.page.mouse.move(2, 2)
    for theme in ("light", "dark"):
        desk.visit.theme(theme)
        for name, view in shown.items():
            view.scroll_into_view_if_needed()
            desk.pause(150)
            view.screenshot(path=screens / f"{name}_{theme}.png")
    desk.visit.theme("light")
    desk.kernel.do("pictured.close()")


def train_for_a_while(desk: Desk, monitor: Locator) -> None:
    monitor.get_by_role("button", name="Start").click()
    desk.kernel.until("training.at", lambda step: step >= 200)
    monitor.get_by_role("button", name="Pause").click()
    desk.kernel.until("monitor_paused.state", lambda state: state == "paused")
    monitor.get_by_text("Paused at step").wait_for()


# ---- how long it takes ----


@jupyters_own_setting
def test_a_hand_is_answered_at_once(desk: Desk, screens: Path) -> None:
    hover = note_down(screens, "hover to value shown", hover_latencies(desk, 24))
    slider = note_down(screens, "slider to first new token shown", slider_latencies(desk, 12))
    click = note_down(screens, "click to token pinned in the other view", click_latencies(desk, 12))
    assert hover < 200 and slider < 2000 and click < 2000


def note_down(screens: Path, name: str, milliseconds: list[float]) -> float:
    """Print how long something took, keep it beside the screenshots, and give the median."""
    file = screens / "latencies.json"
    table = json.loads(file.read_text()) if file.exists() else {}
    median = statistics.median(milliseconds)
    table[name] = {"median ms": round(median, 1), "largest ms": round(max(milliseconds), 1), "n": len(milliseconds)}
    file.write_text(json.dumps(table, indent=2))
    sys.stdout.write(f"{name}: {table[name]}\n")
    return median


def hover_latencies(desk: Desk, n: int) -> list[float]:
    heatmap = desk.view("heatmap")
    heatmap.scroll_into_view_if_needed()
    middles = [centre(token.bounding_box()) for token in tokens(desk, "heatmap").all()]
    watch(heatmap, "pointerover", heatmap.locator(".wb-heatmap-value > :last-child"))
    return timed(desk, n, lambda i: desk.page.mouse.move(*middles[1 + i % 8]))


def slider_latencies(desk: Desk, n: int) -> list[float]:
    panel = desk.view("panel")
    slider = panel.locator(".wb-slider").first
    slider.press("Shift+ArrowRight")
    settle(desk)
    watch(panel, "keydown", panel.locator(".wb-written-steered .wb-written-text"))

    def move(i: int) -> None:
        settle(desk)
        slider.press("ArrowLeft" if i % 2 else "ArrowRight")

    return timed(desk, n, move)


def click_latencies(desk: Desk, n: int) -> list[float]:
    watch(desk.view("heatmap"), "click", desk.view("on_feature").locator(".wb-flow").first)
    return timed(desk, n, lambda i: tokens(desk, "heatmap").nth(1 + i % 8).click())


def timed(desk: Desk, n: int, gesture: Callable[[int], object]) -> list[float]:
    """The milliseconds of so many gestures, one after another."""
    for i in range(n):
        gesture(i)
        desk.page.wait_for_function("(n) => window.wbTimes.length >= n", arg=i + 1)
        desk.pause(100)
    return desk.page.evaluate("() => window.wbTimes")


def watch(hand: Locator, gesture: str, eye: Locator) -> None:
    """Take the time from a gesture in one element until another one changes, each time."""
    hand.page.evaluate(STOPWATCH, [hand.element_handle(), gesture, eye.element_handle()])


STOPWATCH = """([hand, gesture, eye]) => {
    const times = (window.wbTimes = []);
    let since = null;
    hand.addEventListener(gesture, () => { since = performance.now(); }, { capture: true });
    const stop = () => { if (since !== null) times.push(performance.now() - since); since = null; };
    const all = { attributeFilter: ["aria-selected"], childList: true, subtree: true, characterData: true };
    new MutationObserver(stop).observe(eye, all);
}"""


# ---- hands and eyes ----


def tokens(desk: Desk, name: str) -> Locator:
    return desk.view(name).locator(".wb-flow").first.locator(".wb-token")


def pinned_in(view: Locator) -> Locator:
    return view.locator(".wb-flow").first.locator(".wb-token[aria-selected=true]")


def pinned_in_both(desk: Desk, *pieces: str) -> None:
    for name in ("heatmap", "on_feature"):
        expect(pinned_in(desk.view(name))).to_have_text(list(pieces))


def titled(view: Locator, words: str) -> None:
    """Wait until its title says so."""
    view.locator(".wb-title", has_text=words).wait_for()


def layer_in_the_bar(desk: Desk) -> Locator:
    return desk.view("bench").locator("[role=radio][aria-checked=true]")


def name_read_out(heatmap: Locator) -> Locator:
    return heatmap.locator(".wb-heatmap-value > :first-child")


def value_shown(heatmap: Locator) -> float:
    """The number that is read out."""
    return float(heatmap.locator(".wb-heatmap-value > :last-child").inner_text().replace("−", "-"))


def same_text(desk: Desk, name: str, which: str) -> None:
    """A text of a panel is in the page what it is in the kernel."""
    written = desk.view(name).locator(f".wb-written-{which} .wb-written-text")
    expect(written).to_have_text(desk.kernel.value(f"{name}.{which}.strip()"))


def settle(desk: Desk, name: str = "panel") -> None:
    """Wait until nothing is being written, and the page knows."""
    desk.kernel.until(f"{name}.running", lambda running: not running, timeout=60)
    expect(desk.view(name)).not_to_have_attribute("data-running", "")


def click_cell(desk: Desk, name: str, *, row: int, column: int) -> None:
    """Click the middle of a cell of a grid."""
    canvas = desk.view(name).locator(".wb-grid-cells")
    rows, columns = canvas.evaluate("({ height, width }) => [height, width]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": (column + 0.5) * box["width"] / columns, "y": (row + 0.5) * box["height"] / rows})


def centre(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tab_to(desk: Desk, name: str, selector: str) -> None:
    """By Tab alone, from the cell that shows a widget to a part of it."""
    desk.page.evaluate(SELECT_CELL, desk.cells.index(name))
    for _ in range(50):
        press(desk, "Tab", seen=False)
        if desk.page.evaluate("(part) => document.activeElement.matches(`.wb ${part}`)", selector):
            assert desk.page.evaluate(IS_SEEN), f"the focus cannot be seen on {selector}"
            return
    raise AssertionError(f"Tab does not come to {selector} of {name}")


SELECT_CELL = """(number) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = number;
    content.mode = "command";
    content.node.focus();
}"""


def press(desk: Desk, key: str, *, seen: bool = True) -> None:
    """Press a key; the focus is seen after it, as it must be after every key."""
    desk.page.keyboard.press(key)
    if seen:
        assert desk.page.evaluate(IS_SEEN), f"the focus cannot be seen after {key}"


IS_SEEN = """() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
}"""


def focused(desk: Desk, what: str) -> str:
    return desk.page.evaluate(f"() => document.activeElement.{what}")
