"""How long after a slider is moved the first new token stands in the page, in a real JupyterLab and Chromium.

    CHROMIUM=/usr/bin/chromium .venv/bin/python benchmarks/widget_steering.py

From the key that moves the slider to the change of the steered text in the page, over the kernel and back: at rest,
while texts are being written (the moved slider restarts them), while an effect is being measured, and with eight
samples of each text. Then how many tokens a second are shown while texts are written, all of them together.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from e2e import labkit
from playwright.sync_api import Locator, Page

MOVES, BAR, LEAST = 40, 150, 20
"""Moves of each kind; milliseconds, the median of them at most; tokens a second, at least."""
CELLS = (
    "import workbench as wb\nfrom workbench_widgets import SteeringPanel\nmodel, sae = wb.load(), wb.decompose.load()",
    'neutral = [document.text for document, _ in zip(wb.world.documents("test"), range(40))]\n'
    'panel = SteeringPanel(model, sae, [942, 2014], prompt="The bridge", new_tokens=200, temperature=1.0)\n'
    "panel",
)
WATCH = """(panel) => {
    const texts = panel.querySelector(".wb-steering-texts");
    const seen = (window.wbSeen = { moved: null, run: 0, times: [] });
    panel.addEventListener("keydown", () => {
        [seen.moved, seen.run] = [performance.now(), Number(texts.dataset.run)];
    }, true);
    new MutationObserver(() => {
        if (seen.moved === null || Number(texts.dataset.run) <= seen.run) return;
        seen.times.push(performance.now() - seen.moved);
        seen.moved = null;
    }).observe(texts, { attributes: true, attributeFilter: ["data-run"] });
}"""
"""The page tells of which run its texts are; they change with the first token of another one."""


def moved(page: Page, slider: Locator, pause: int) -> list[float]:
    """Milliseconds from a key to the first new token, for so many keys, each so long after the last one's token."""
    for move in range(MOVES):
        page.wait_for_timeout(pause)
        slider.press("ArrowLeft" if move % 2 else "ArrowRight")
        page.wait_for_function("(n) => window.wbSeen.times.length >= n", arg=move + 1)
    return page.evaluate("() => window.wbSeen.times.splice(0)")


def main() -> None:
    """Move the slider in every way and print how long it took; the exit code says whether the bar was met."""
    lab = labkit.Lab(Path(tempfile.mkdtemp(prefix="steering-"))).wait()
    try:
        with labkit.chromium() as browser, labkit.visit(browser) as visit:
            name = lab.write("steering.ipynb", *CELLS)
            visit.open(lab, name)
            visit.finish()
            with lab.kernel(name) as kernel:
                is_good = measured(visit.page, kernel)
    finally:
        lab.close()
    sys.exit(0 if is_good else 1)


def measured(page: Page, kernel: labkit.Kernel) -> bool:
    """Print the figures of a panel that is open; whether all of them are as they should be."""
    panel = page.locator(".wb-steering")
    slider = panel.locator(".wb-slider").first
    ready = "panel.running or panel.strengths[0] < 1"
    slider.press("Shift+ArrowRight")
    kernel.until(ready, lambda busy: not busy, timeout=60)
    panel.evaluate(WATCH)
    found: dict[str, list[float]] = {}
    kernel.do("panel.new_tokens = 12")
    kernel.until(ready, lambda busy: not busy, timeout=60)
    found["at rest"] = moved(page, slider, 800)
    kernel.do("panel.new_tokens = 200")
    page.wait_for_timeout(500)
    found["while texts are written"] = moved(page, slider, 400)
    kernel.do("panel.cancel(); panel.new_tokens = 12; panel.target, panel.neutral = ['Golden Gate'], neutral")
    kernel.until(ready, lambda busy: not busy, timeout=60)
    found["while an effect is measured"] = moved(page, slider, 1500)
    assert kernel.value("panel.measuring")
    kernel.do("panel.target, panel.neutral, panel.samples, panel.new_tokens = [], [], 8, 12")
    kernel.until(ready, lambda busy: not busy, timeout=60)
    found["eight samples of each"] = moved(page, slider, 1000)
    for how, times in found.items():
        print(f"{how:28} median {statistics.median(times):5.0f} ms, largest {max(times):5.0f} ms, n {len(times)}")
    kernel.do("panel.samples, panel.new_tokens = 1, 200")
    rates = []
    for key in ("ArrowRight", "ArrowLeft") * 3:
        slider.press(key)
        page.wait_for_timeout(300)
        kernel.until(ready, lambda busy: not busy, timeout=60)
        rates.append(kernel.value("panel.rate * panel.counts[1] / max(1, sum(panel.counts[1:]))"))
    shown = f"median {statistics.median(rates):5.0f} tokens/s, least {min(rates):5.0f}, n {len(rates)}"
    print(f"{'steered text as it is shown':28} {shown}")
    return all(statistics.median(times) <= BAR for times in found.values()) and statistics.median(rates) >= LEAST


if __name__ == "__main__":
    main()
