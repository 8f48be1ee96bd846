"""Takes the README's pictures from running notebooks, in a real JupyterLab with Chromium.

python tools/screenshots.py [bench] [steering] [steering_states] [explore] [ablation]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e import labkit  # noqa: E402 (the test kit drives the browser here too)
from playwright.sync_api import Locator  # noqa: E402

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


PROMPT = "Question: What is your favourite place?\nAnswer: I think of the"
STEERING = f"""
import itertools

import workbench as wb
from workbench_widgets import SteeringPanel

index = wb.explore.open()
neutral = [document.text for document in itertools.islice(wb.world.documents("test"), 12)]
given = {{"index": index, "target": "Golden Gate", "neutral": neutral, "new_tokens": 24, "temperature": 0.7}}
labels = {{2014: "Golden Gate, writing", 942: "Golden Gate, reading"}}
presets = {{"At its maximum": {{2014: 1.0}}, "Both": {{2014: 2.0, 942: 1.0}}}}
panel = SteeringPanel(
    index.model, index.sae, [2014, 942], prompt={PROMPT!r}, labels=labels, presets=presets, **given
)
bare = SteeringPanel(index.model, index.sae, [2014], prompt="שלום עולם", new_tokens=24)
"""


def steering_states(lab: labkit.Lab, visit: labkit.Visit) -> None:
    """The steering panel in every state that it has, in both themes and in a narrow page, to be looked at."""
    folder = ROOT / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    name = lab.write("states.ipynb", STEERING, "panel", "bare")
    visit.open(lab, name)
    visit.finish()
    visit.page.set_viewport_size({"width": 1280, "height": 1800})
    panel, bare = visit.page.locator(".wb-steering").first, visit.page.locator(".wb-steering").nth(1)

    def take(state: str, widget: Locator = panel) -> None:
        for theme in ("dark", "light"):
            visit.theme(theme)
            widget.scroll_into_view_if_needed()
            visit.page.wait_for_timeout(300)
            widget.screenshot(path=folder / f"steering-{state}_{theme}.png")

    with lab.kernel(name) as kernel:

        def settle() -> None:
            kernel.until("panel.running or panel.measuring or panel.dosing", lambda busy: not busy, timeout=300)

        settle()
        take("first")
        kernel.do("panel.strengths = [1.0, 0.0]\npanel.wait()")
        take("steered")
        settle()
        take("measured")
        kernel.do("panel.samples = 4")
        settle()
        take("seeds")
        kernel.do("panel.recall('Both')")
        settle()
        take("presets")
        kernel.do("panel.dose_response(2014)")
        settle()
        take("dose")
        visit.page.set_viewport_size({"width": 640, "height": 3000})
        take("narrow")
        visit.page.set_viewport_size({"width": 1280, "height": 1800})
        kernel.do("panel.generate(counts=(24, 3, 3))\npanel.wait()")
        take("cancelled")
        kernel.do("bare.strengths = [1.0]\nbare.find(by='prompt')")
        bare.get_by_role("button", name="Add a feature").click()
        take("right-to-left-no-index", bare)


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


TEXT = "The Golden Gate Bridge is in San Francisco. 12+34="
ABLATIONS = {
    "first": "text",
    "prompt": "text, ['feature 942'], reference=texts, labels={942: 'Golden Gate Bridge'}, token=5",
    "task": "text, ['layer 1', 'head_out.2.1'], prompts=sums, answers=answers, kind='mean'",
    "long": "(text + '\\n') * 10, ['mlp_act.0[5]', 'mlp_out.2'], reference=texts, kind='resample', token=40",
    "right-to-left": "'שלום עולם, זה גשר הזהב', ['attn_out.1'], reference=texts",
    "error": "text, ['layer 1']",
}
"""What the panel is made with, by the name of its picture."""


def ablation(lab: labkit.Lab, visit: labkit.Visit) -> None:
    """The ablation panel in every state that it has, in both themes and in a narrow page, to be looked at."""
    folder = ROOT / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    named = {name.replace("-", "_"): made for name, made in ABLATIONS.items()}
    cells = [
        "import workbench as wb\nfrom workbench_widgets import AblationPanel, Bench\n\n"
        "model, sae = wb.load(), wb.decompose.load()",
        f"text = {TEXT!r}\ntexts = ['The old dog sleeps in the garden.', '2+2=4', 'She saw the bridge at night.'] * 8\n"
        "sums = [f'{a}+{b}=' for a in range(12, 60, 4) for b in (7, 23, 31, 40)]\n"
        "answers = [str(eval(one[:-1])) for one in sums]",
        *(f"{name} = AblationPanel(model, {made}, sae=sae)\n{name}" for name, made in named.items()),
        "bench = Bench(model, sae)\npanel = bench.ablate(text)\nbench.heatmap(text, site='mlp_act.2', unit=17)",
    ]
    name = lab.write("ablation.ipynb", *cells)
    visit.open(lab, name)
    visit.finish()
    with lab.kernel(name) as kernel:
        kernel.until("task.measuring", lambda measuring: not measuring, timeout=300)
        kernel.do("error._receive({'kind': 'add', 'text': 'head_out.9.1'})")
    visit.page.set_viewport_size({"width": 1280, "height": 1500})
    shown = visit.page.locator(".jp-OutputArea .wb")
    for width, narrow in ((1280, ""), (640, "-narrow")):
        visit.page.set_viewport_size({"width": width, "height": 1500})
        for theme in ("dark", "light"):
            visit.theme(theme)
            for number, state in enumerate([*ABLATIONS, "heatmap"]):
                shown.nth(number).scroll_into_view_if_needed()
                visit.page.wait_for_timeout(300)
                shown.nth(number).screenshot(path=folder / f"ablation-{state}{narrow}_{theme}.png")


def main() -> None:
    """Open the notebooks, one after the other; or those that are named, as above."""
    DOCS.mkdir(exist_ok=True)
    lab = labkit.Lab(Path(tempfile.mkdtemp(prefix="screens-"))).wait()
    try:
        with labkit.chromium() as browser:
            takes = {"bench": bench, "steering": steering, "explore": explore, "ablation": ablation}
            takes["steering_states"] = steering_states
            for take in [takes[name] for name in sys.argv[1:] or takes]:
                with labkit.visit(browser, scale=2) as visit:
                    take(lab, visit)
    finally:
        lab.close()


if __name__ == "__main__":
    main()
