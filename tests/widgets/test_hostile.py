"""Thousands of messages that no honest front end sends: nothing escapes, nothing changes that should not."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch
from widgets.fake_units import Units

import workbench as wb
from workbench.explore import Notes
from workbench_widgets import ActivationHeatmap, Bench, RatingPanel, SteeringPanel, TrainingMonitor

TEXT = "the golden bridge"
MESSAGES = 3000
WORDS = [
    "",
    TEXT,
    "<img src=x onerror=alert(1)>",
    "</script><script>",
    "\u202e\u200b\x00",
    "__class__",
    "kind",
    "method",
    "a" * 5000,
]
TRAITS = "unit text stream layer selected start against rows colour strengths prompt seed temperature draw focused"
OTHERS = "features is_open view numbers page running error heard _esm _css _model_name comm layout close __class__ none"
OF_A_DASHBOARD = "feature picked group form by query neuron card here found lists working verb linked about"
OF_A_PANEL = "samples new_tokens target aim dosed presets prompts neutral measured measuring dose sources"
NAMES = f"{TRAITS} {OTHERS} {OF_A_DASHBOARD} {OF_A_PANEL} rater shading".split()
KINDS = [
    "rate",
    "skip",
    "back",
    "unblind",
    "cancel",
    "generate",
    "add",
    "remove",
    "find",
    "recall",
    "forget",
    "measure",
    "dose",
    "tops",
    "map",
    "undo",
    "redo",
    "select",
    "pause",
    "save",
    "stop",
    "ablate",
    "measure",
    "prompt",
    "x",
]
FIELDS = ["text", "token", "layer", "site", "feature", "example", "__init__", 3, None]


def anything(chance: random.Random, depth: int = 0) -> Any:
    """A value as JSON may hold it, often one that code does not expect."""
    plain = [
        *(None, True, False, 0, -1, 1, 3, 10**6, 10**30, -(2**63), 0.5, float("nan"), float("inf"), 1e308),
        *WORDS,
    ]
    if depth > 2 or chance.random() < 0.7:
        return chance.choice(plain)
    n = chance.randrange(4)
    if chance.random() < 0.5:
        return [anything(chance, depth + 1) for _ in range(n)]
    return {chance.choice([*NAMES, *WORDS]): anything(chance, depth + 1) for _ in range(n)}


def message(chance: random.Random) -> Any:
    """What may come over a comm: mostly nearly right, sometimes nothing like it."""
    roll = chance.random()
    if roll < 0.4:
        state = {chance.choice(NAMES): anything(chance) for _ in range(chance.randrange(1, 4))}
        return {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}
    if roll < 0.7:
        numbers = {
            name: anything(chance)
            for name in ("number", "row", "first", "behind", "feature", "value", "score", "place")
        }
        content = {"kind": chance.choice(KINDS), "field": chance.choice(FIELDS), **numbers}
        return {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
    if roll < 0.8:
        return {"content": {"data": {"method": "custom", "content": anything(chance)}}, "buffers": []}
    if roll < 0.9:
        paths = anything(chance)
        return {
            "content": {"data": {"method": "update", "state": {"unit": 1}, "buffer_paths": paths}},
            "buffers": [b"x"],
        }
    return chance.choice(
        [{}, {"content": None}, {"content": {"data": anything(chance)}}, {"content": anything(chance)}]
    )


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged as a warning or worse: ipywidgets logs what escapes from a handler."""
    said: list[str] = []
    from traitlets import log

    for name in ("warning", "error", "exception"):
        monkeypatch.setattr(log.get_logger(), name, lambda text, *parts, **_: said.append(str(text) % parts))
    return said


def bombard(widget: Any, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(MESSAGES):
        widget._handle_msg(message(chance))


def test_what_escapes_would_be_heard(
    model: Any, front: Callable, loud: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="embed")
    monkeypatch.setattr(ActivationHeatmap, "_receive", lambda *_: 1 / 0)
    front(heatmap).say({"kind": "tops"})
    assert "ZeroDivisionError" in loud[0] or "division by zero" in loud[0]


def test_a_heatmap_survives_anything(
    model: Any, sae: Any, front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, feature=3)
    front(heatmap)
    forms = heatmap.get_state()
    bombard(heatmap, 1)
    heatmap.wait()
    assert (heatmap._esm, heatmap._css, heatmap.streams) == (forms["_esm"], forms["_css"], forms["streams"])
    heatmap.text, heatmap.stream, heatmap.unit, heatmap.against = TEXT, "features", 4, ""
    heatmap.wait().unit = 3  # a gesture of its own, whatever the last message was
    assert heatmap.wait().error == ""
    assert heatmap.values.tolist() == [[0, 0, 4, 3]]
    assert loud == [] and caplog.records == []


def test_a_steering_panel_survives_anything(
    model: Any, sae: Any, measuring: Any, front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    panel = SteeringPanel(model, sae, [20, 50], prompt="the golden", new_tokens=3, target="so", presets={"a": {20: 1}})
    front(panel)
    bombard(panel, 2)
    panel.wait()
    panel.features, panel.prompt, panel.temperature, panel.new_tokens = [20], "the golden", 0.0, 3
    panel.strengths = [3.0]
    assert panel.wait().steered == " 20=6" * 3
    panel._finish_work()
    assert measuring.open == 0
    assert model.writing == 0
    assert loud == [] and caplog.records == []


def test_a_bench_survives_anything(
    model: Any, sae: Any, front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(model, sae)
    heatmap = bench.heatmap(TEXT, feature=3)
    front(bench), front(heatmap)
    chance = random.Random(3)
    for _ in range(MESSAGES):
        chance.choice([bench, heatmap])._handle_msg(message(chance))
    bench.wait()
    bench.select(text=TEXT, feature=3, token=2)
    heatmap.against = ""
    bench.wait()
    assert (heatmap.text, heatmap.selected) == (TEXT, 2)
    exec(bench.code(), {"model": model, "sae": sae})
    assert loud == [] and caplog.records == []


def test_a_monitor_survives_anything(front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture) -> None:
    rows = torch.randn(256, 8, generator=torch.Generator().manual_seed(0))
    training = wb.decompose.train(rows, "topk", at="resid_post.0", width=16, k=2, steps=20, batch=64)
    monitor = TrainingMonitor(training)
    front(monitor)
    bombard(monitor, 4)
    monitor.wait()
    training.pause()
    assert training.finish().width == 16
    assert loud == [] and caplog.records == []


def test_a_rating_panel_survives_anything(
    front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with Notes(tmp_path / "notes.sqlite") as notes:
        panel = RatingPanel(Units(notes), Units(notes, "neuron"), n=12, rater="Ada")
        front(panel)
        forms = panel.get_state()
        bombard(panel, 5)
        assert (panel._esm, panel._css, panel.rubric) == (forms["_esm"], forms["_css"], forms["rubric"])
        ratings = panel.ratings()
        assert set(ratings["item"]) <= set(range(12)) and set(ratings["score"].dropna()) <= {0, 1, 2, 3}
        panel.rater = "Bob"
        panel.rate(2)
        assert (panel.rated, panel.error) == (1, "")
    assert loud == [] and caplog.records == []


def test_a_dashboard_survives_anything(
    model: Any, sae: Any, index: Any, front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(model, sae, index)
    dashboard, heatmap = bench.features(3), bench.heatmap(TEXT)
    front(bench), front(dashboard), front(heatmap)
    chance = random.Random(5)
    for _ in range(MESSAGES):
        sent = message(chance)
        if chance.random() < 0.3:  # nearly right
            asked = {
                "kind": chance.choice(["cards", "map", "label", "note", "keep", "drop"]),
                "feature": anything(chance),
            }
            content = {**asked, "features": anything(chance), "text": anything(chance)}
            sent = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        chance.choice([bench, dashboard, dashboard, heatmap])._handle_msg(sent)
    bench.wait()
    dashboard.text, dashboard.picked = TEXT, []
    bench.wait()
    dashboard.feature = 5
    assert dashboard.wait().card["feature"] == 5
    assert [row["feature"] for row in dashboard.here["rows"]] == [4, 3, 2, 1]
    assert loud == [] and caplog.records == []


def test_an_ablation_panel_survives_anything(
    front: Callable, loud: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tiny.model("llama"))
    heatmap, task = bench.heatmap("A dog", site="mlp_act.1"), {"prompts": ["A dog", "The cat"], "answers": " the"}
    panel = bench.ablate("A dog", "head_out.1.1", **task, controls=2)
    front(heatmap), front(panel), front(bench)
    forms, chance = panel.get_state(), random.Random(6)
    written = ["head_out.2.1", "mlp_act.1[3]", "layer 1", "feature 3", "layer 99", "pattern.1.1", "[", "A dog", *WORDS]
    for _ in range(MESSAGES):
        sent = message(chance)
        if chance.random() < 0.3:  # nearly right
            kind = chance.choice(["add", "remove", "prompt", "cancel", "measure", "ablate"])
            content = {"kind": kind, "text": chance.choice([*written, anything(chance)]), "what": anything(chance)}
            sent = {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
        chance.choice([panel, panel, heatmap, bench])._handle_msg(sent)
    assert (panel._esm, panel._css, panel.kinds, panel.offered) == tuple(
        forms[name] for name in ("_esm", "_css", "kinds", "offered")
    )
    panel.cancel()
    panel.prompt, panel.parts, panel.token = "A dog", ["layer 1"], 1
    assert panel.wait(300).error == "" and panel.effects.is_complete
    assert panel.seen["kinds"] == ["zero", "mean", "resample"]
    bench.close()
    assert loud == [] and caplog.records == []
