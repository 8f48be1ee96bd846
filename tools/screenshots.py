"""Takes the README's pictures from running notebooks, in a real JupyterLab with Chromium.

python tools/screenshots.py [bench] [steering] [explore]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e import labkit  # noqa: E402 (the test kit drives the browser here too)

DOCS = ROOT / "docs"


def steering(lab: labkit.Lab, visit: labkit.Visit) -> None:
    """The panel of the tour, with the writing feature at its maximum."""
    name = lab.add(ROOT / "notebooks" / "00_tour.ipynb")
    visit.open(lab, name)
    panel = visit.page.locator(".wb-steering").first
    panel.wait_for(timeout=600_000)
    with lab.kernel(name) as kernel:
        kernel.until("panel.running", lambda running: not running, timeout=300)
        kernel.until("panel.strengths[0]", lambda strength: strength == 1, timeout=300)
        kernel.until("panel.running", lambda running: not running, timeout=300)
    panel.screenshot(path=DOCS / "steering_panel.png")


def bench(lab: labkit.Lab, visit: labkit.Visit) -> None:
    """A heatmap of neurons at all layers, and a training that is watched, from the notebook of the bench."""
    name = lab.add(ROOT / "notebooks" / "bench.ipynb")
    visit.open(lab, name)
    visit.finish()
    with lab.kernel(name) as kernel:
        kernel.value("[setattr(neurons, *pair) for pair in (('colour', 'values'), ('against', ''), ('selected', 3))]")
        kernel.until("neurons.running", lambda running: not running)
    for widget, picture in ((".wb-heatmap >> nth=1", "heatmap.png"), (".wb-monitor", "training_monitor.png")):
        shown = visit.page.locator(widget)
        shown.scroll_into_view_if_needed()
        visit.page.wait_for_timeout(1000)  # until what came into view is painted
        shown.screenshot(path=DOCS / picture)


def explore(lab: labkit.Lab, visit: labkit.Visit) -> None:
    """The dashboard of a feature, with a text of one's own."""
    name = lab.add(ROOT / "notebooks" / "03_explore.ipynb")
    visit.open(lab, name)
    visit.finish()
    visit.page.set_viewport_size({"width": 1280, "height": 1500})  # it is taller than a page
    shown = visit.page.locator(".wb-dashboard").first
    shown.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(1000)
    shown.screenshot(path=DOCS / "dashboard.png")


def main() -> None:
    """Open the notebooks, one after the other; or those that are named: bench, steering, explore."""
    DOCS.mkdir(exist_ok=True)
    lab = labkit.Lab(Path(tempfile.mkdtemp(prefix="screens-"))).wait()
    try:
        with labkit.chromium() as browser:
            takes = {"bench": bench, "steering": steering, "explore": explore}
            for take in [takes[name] for name in sys.argv[1:] or takes]:
                with labkit.visit(browser, scale=2) as visit:
                    take(lab, visit)
    finally:
        lab.close()


if __name__ == "__main__":
    main()
