"""Parts taken out in a real JupyterLab: picked, written, given by a heatmap; what changes is read by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.labkit import Kernel, Lab, Visit
from playwright.sync_api import Browser, Locator, expect

pytestmark = pytest.mark.e2e

TEXT = "The Golden Gate Bridge is in San Francisco."
CELLS = (
    "import workbench as wb\nfrom workbench_widgets import Bench\n\nmodel, sae = wb.load(), wb.decompose.load()",
    f"bench = Bench(model, sae)\nheatmap = bench.heatmap({TEXT!r}, site='mlp_act.2', unit=17)\n"
    "sums = [f'{a}+{b}=' for a in (12, 34, 51) for b in (7, 23, 40, 46)]\n"
    "panel = bench.ablate(prompts=sums, answers=[str(eval(one[:-1])) for one in sums])",
    "heatmap",
    "panel",
)


def test_parts_are_picked_written_and_given_and_what_changes_is_read(
    lab: Lab, visit: Visit, screens: Path, browser: Browser, tmp_path: Path
) -> None:
    name = lab.write("ablation.ipynb", *CELLS)
    visit.open(lab, name)
    visit.finish()
    panel, heatmap = visit.page.locator(".wb-ablation"), visit.page.locator(".wb-heatmap")
    with lab.kernel(name) as kernel:
        expect(panel.locator(".wb-ablation-first")).to_contain_text("Nothing is taken out yet")
        picture(panel, visit, screens, "first")
        give_from_a_heatmap(heatmap, panel, kernel)
        pick_and_write(panel, kernel)
        read_by_keys(panel, kernel, visit)
        measure(panel, kernel)
        visit.page.mouse.move(2, 2)
        picture(panel, visit, screens, "measured")
        assert kernel.value("bench.code().count('ablation.parts')") == 1
        kernel.do(f"panel.to_html({str(tmp_path / 'panel.html')!r})")
    look_without_a_kernel(browser, tmp_path / "panel.html")


def give_from_a_heatmap(heatmap: Locator, panel: Locator, kernel: Kernel) -> None:
    heatmap.get_by_role("button", name="Ablate neuron 17").click()
    expect(panel.locator(".wb-ablation-name")).to_have_text(["mlp_act.2[17]"])
    heatmap.get_by_role("button", name="Ablate neuron 17").click()
    expect(heatmap.locator(".wb-error:visible")).to_contain_text("taken out already")
    assert kernel.value("panel.parts") == ["mlp_act.2[17]"]


def pick_and_write(panel: Locator, kernel: Kernel) -> None:
    panel.get_by_label("Part").select_option("layer")
    panel.get_by_role("radio", name="3", exact=True).click()
    panel.get_by_role("button", name="Add layer 3").click()
    kernel.until("panel.parts", lambda parts: parts == ["mlp_act.2[17]", "layer 3"])
    field = panel.get_by_label("Or write one")
    field.fill("head_out.9.1")
    field.press("Enter")
    expect(panel.locator(".wb-ablation-parts .wb-error:visible")).to_contain_text("layers 0 to 3")
    expect(field).to_have_value("head_out.9.1")
    field.fill("head_out.2.1")
    field.press("Enter")
    expect(panel.locator(".wb-ablation-name")).to_have_text(["mlp_act.2[17]", "layer 3", "head_out.2.1"])
    expect(field).to_have_value("")
    expect(panel.locator(".wb-error:visible")).to_have_count(0)
    leave = panel.get_by_role("button", name="Leave mlp_act.2[17] in")
    leave.focus()
    leave.press("Enter")
    expect(panel.locator(".wb-ablation-name")).to_have_text(["layer 3", "head_out.2.1"])
    expect(panel.get_by_role("button", name="Leave layer 3 in")).to_be_focused()


def read_by_keys(panel: Locator, kernel: Kernel, visit: Visit) -> None:
    chart = panel.get_by_role("table", name="Next token")
    expect(chart.locator(".wb-ablation-head > div")).to_have_text(["0 to 1", "Plain", "Zero", "Mean", "Resample"])
    kernel.until("panel.seen['draws']", lambda draws: draws > 0)
    expect(panel.locator(".wb-ablation-key")).to_contain_text("lowest, median, highest")
    panel.locator(".wb-token").nth(2).click()
    expect(panel.locator("h4").first).to_contain_text("after “Golden”")
    kernel.until("[panel.token, heatmap.selected]", lambda at: at == [2, 2])
    visit.page.keyboard.press("ArrowRight")
    expect(panel.locator("h4").first).to_contain_text("after “Gate”")
    kernel.until("panel.token", lambda token: token == 3)
    panel.get_by_role("radio", name="Mean").click()
    kernel.until("panel.kind", lambda kind: kind == "mean")


def measure(panel: Locator, kernel: Kernel) -> None:
    task = panel.get_by_role("table", name="Task")
    kernel.until("panel.measuring", lambda measuring: not measuring, timeout=60)
    expect(task).to_contain_text("n 12")
    expect(task).to_contain_text("20 controls")
    panel.get_by_role("radio", name="Answered").click()
    kernel.until("panel.measured.get('target')", lambda target: target == "answered", timeout=60)
    expect(panel.locator("h4").last).to_contain_text("Share answered right · 12 prompts")
    kernel.until("panel.measuring", lambda measuring: not measuring, timeout=60)


def look_without_a_kernel(browser: Browser, path: Path) -> None:
    page = browser.new_page(viewport={"width": 480, "height": 900})
    try:
        page.goto(path.as_uri())
        panel = page.locator(".wb-ablation")
        panel.locator(".wb-token").nth(4).click()
        expect(panel.locator("h4").first).to_contain_text("after “Bridge”")
        panel.get_by_role("radio", name="Zero").click()
        expect(panel.get_by_role("button", name="Add")).to_have_count(0)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        panel.get_by_role("button", name="Table").click()
        expect(panel.locator(".wb-table caption")).to_contain_text("Bridge")
    finally:
        page.close()


def picture(panel: Locator, visit: Visit, screens: Path, name: str) -> None:
    for theme in ("dark", "light"):
        visit.theme(theme)
        panel.scroll_into_view_if_needed()
        panel.screenshot(path=screens / f"ablation-{name}_{theme}.png")
