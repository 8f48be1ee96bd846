"""Opens a bench in marimo and clicks: the views must be there, and linked, as they are in JupyterLab.

    python -m venv build/peers/marimo && build/peers/marimo/bin/pip install marimo -e .
    CHROMIUM=/usr/bin/chromium .venv/bin/python tools/marimo_check.py build/peers/marimo

marimo shows no layout widgets of Jupyter's and runs every cell in a thread of its own; nothing here is made for it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e import labkit  # noqa: E402 (the test kit drives the browser here too)

APP = """
import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import workbench as wb
    from workbench_widgets import Bench

    bench = Bench(wb.load(), wb.decompose.load())
    one = bench.heatmap("The Golden Gate Bridge is in San Francisco.", feature=942)
    other = bench.heatmap(site="mlp_act.2")
    panel = bench.steer("The long", 942, new_tokens=12)
    return bench, one, other, panel


@app.cell
def _(bench):
    bench
    return


@app.cell
def _(one):
    one
    return


@app.cell
def _(other):
    other
    return


@app.cell
def _(panel):
    panel
    return


if __name__ == "__main__":
    app.run()
"""


@contextlib.contextmanager
def served(environment: Path) -> Iterator[str]:
    """The app, served by the marimo of an environment; its address."""
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "bench.py"
        app.write_text(APP)
        url = f"http://127.0.0.1:{labkit.free_port()}"
        arguments = ["run", str(app), "--headless", "--no-token", "--port", url.rpartition(":")[2]]
        process = subprocess.Popen([environment / "bin/marimo", *arguments], stdout=subprocess.DEVNULL)
        try:
            for _ in range(120):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/health")
                    break
                time.sleep(0.5)
            yield url
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Pin a token in one heatmap, and see it pinned in the other and told in the bar; take it back."""
    screens = ROOT / "build/screens"
    screens.mkdir(parents=True, exist_ok=True)
    with served(Path(sys.argv[1])) as url, labkit.chromium() as browser, labkit.visit(browser) as visit:
        page = visit.page
        page.goto(url)
        page.locator(".wb-steering").wait_for(timeout=120_000)
        heatmaps, bar = page.locator(".wb-heatmap"), page.locator(".wb-bench")
        heatmaps.first.locator(".wb-token").nth(3).click()
        heatmaps.nth(1).locator(".wb-token[aria-selected=true]").wait_for()
        assert bar.get_by_text("3 “Gate”").count() == 1
        page.screenshot(path=screens / "marimo.png", full_page=True)
        bar.get_by_role("button", name="Undo").click()
        page.wait_for_function("() => document.querySelectorAll('.wb-token[aria-selected=true]').length === 0")
        assert (visit.errors, visit.outside) == ([], [])
    print("four widgets, linked, one step back: as in JupyterLab")


if __name__ == "__main__":
    main()
