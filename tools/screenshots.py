"""Takes the README's pictures from running notebooks, in a real JupyterLab with Chromium.

python tools/screenshots.py
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


def main() -> None:
    """Open both notebooks, one after the other."""
    DOCS.mkdir(exist_ok=True)
    lab = labkit.Lab(Path(tempfile.mkdtemp(prefix="screens-"))).wait()
    try:
        with labkit.chromium() as browser:
            for take in (bench, steering):
                with labkit.visit(browser, scale=2) as visit:
                    take(lab, visit)
    finally:
        lab.close()


if __name__ == "__main__":
    main()
