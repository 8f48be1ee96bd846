"""Takes the README's picture from the running tour, in a real JupyterLab with Chromium.

python tools/screenshots.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e import labkit  # noqa: E402 (the test kit drives the browser here too)


def main() -> None:
    """Open the tour, hold the writing feature at its maximum, and picture the panel."""
    docs = ROOT / "docs"
    docs.mkdir(exist_ok=True)
    lab = labkit.Lab(Path(tempfile.mkdtemp(prefix="screens-"))).wait()
    try:
        with labkit.visit(scale=2) as visit:
            name = lab.add(ROOT / "notebooks" / "00_tour.ipynb")
            visit.open(lab, name)
            panel = visit.page.locator(".wb-steering").first
            panel.wait_for(timeout=600_000)
            with lab.kernel(name) as kernel:
                kernel.until("panel.running", lambda running: not running, timeout=300)
                kernel.until("panel.strengths[0]", lambda strength: strength == 1, timeout=300)
                kernel.until("panel.running", lambda running: not running, timeout=300)
            panel.screenshot(path=docs / "steering_panel.png")
    finally:
        lab.close()


if __name__ == "__main__":
    main()
