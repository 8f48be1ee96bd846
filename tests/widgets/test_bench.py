"""One selection in all views, and every gesture as Python that gives the same numbers."""

from __future__ import annotations

import contextlib
import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch
import traitlets

import workbench as wb
from workbench_widgets import ActivationHeatmap, Bench, SteeringPanel, TrainingMonitor
from workbench_widgets import bench as module

SELECTED = "selection"
TEXT, OTHER = "the golden bridge", "the old bridge is the golden bridge"


@pytest.fixture
def bench(model: Any, sae: Any, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Every change is a gesture of its own: nobody drags."""
    clock = itertools.count()
    monkeypatch.setattr(module, "monotonic", lambda: float(next(clock)))
    return Bench(model, sae)


def test_a_token_that_is_pinned_in_one_view_is_pinned_in_all(bench: Bench, front: Callable) -> None:
    one, other = bench.heatmap(TEXT, site="mlp_act"), bench.heatmap(feature=3)
    front(one).update(selected=2)
    assert (other.selected, bench.selection.token) == (2, 2)
    front(other).update(selected=-1)
    assert (one.selected, bench.selection.token) == (-1, None)


def test_python_sets_the_selection_and_every_view_follows(bench: Bench) -> None:
    one, other = bench.heatmap(TEXT, site="mlp_act"), bench.heatmap(feature=3)
    bench.select(text=OTHER, token=6, layer=2, feature=7)
    bench.wait()
    assert (one.text, other.text) == (OTHER, OTHER)
    assert (one.selected, other.selected) == (6, 6)
    assert (one.stream, one.layer) == ("mlp_act", 2)
    assert (other.stream, other.unit) == ("features", 7)


def test_a_heatmap_that_was_asked_for_nothing_goes_where_the_selection_goes(bench: Bench) -> None:
    free, kept = bench.heatmap(TEXT), bench.heatmap(site="mlp_act.1")
    bench.selection.site = "resid_post.2"
    bench.wait()
    assert (free.stream, free.layer) == ("resid_post", 2)
    assert (kept.stream, kept.layer, bench.selection.layer) == ("mlp_act", 2, 2)
    bench.selection.feature = 9
    bench.wait()
    assert (free.stream, free.unit, kept.stream) == ("features", 9, "mlp_act")


def test_what_one_heatmap_shows_another_does_not_take_over(bench: Bench, front: Callable) -> None:
    free, kept = bench.heatmap(TEXT), bench.heatmap(site="mlp_act.1")
    front(kept).update(stream="embed")
    bench.wait()
    assert (free.stream, kept.stream, bench.selection.site) == ("features", "embed", "embed")


def test_the_layer_moves_the_site(bench: Bench) -> None:
    bench.select(site="mlp_act.1")
    assert bench.selection.layer == 1
    bench.selection.layer = 2
    assert bench.selection.site == "mlp_act.2"


def test_another_text_has_no_pinned_token_and_another_feature_no_example(bench: Bench) -> None:
    bench.heatmap(TEXT)
    bench.select(token=2, example=4)
    bench.selection.feature = 8
    assert bench.selection.example is None
    bench.selection.text = OTHER
    assert bench.selection.token is None


def test_a_slider_that_is_moved_is_the_feature_that_is_looked_at(bench: Bench, front: Callable) -> None:
    heatmap, panel = bench.heatmap(TEXT, feature=3), bench.steer("the golden", [20, 50], new_tokens=3)
    front(panel).update(focused=50, strengths=[0, 2.0])
    bench.wait()
    assert (bench.selection.feature, heatmap.unit) == (50, 50)
    bench.selection.feature = 9
    assert panel.focused == 9
    front(panel).say({"kind": "add", "feature": 9})
    assert (panel.features, panel.strengths) == ([20, 50, 9], [0, 2.0, 0])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("feature", 100, "feature: there is no feature 100; there are 0 to 99"),
        ("feature", -1, "there is no feature -1"),
        ("layer", 3, "layer: there is no layer 3; there are 0 to 2"),
        ("token", -1, "there is no token -1; there are those from 0 on"),
        ("token", True, "there is no token True"),
        ("example", 10**30, "there is no example"),
        ("site", "nowhere.1", "there is no 'nowhere.1'; there are embed, resid_post, mlp_act"),
        ("text", 3, "text"),
        ("token", "two", "token"),
    ],
)
def test_what_does_not_exist_is_not_selected(bench: Bench, field: str, value: object, message: str) -> None:
    with pytest.raises(traitlets.TraitError, match=message):
        setattr(bench.selection, field, value)
    assert getattr(bench.selection, field) is None


def test_a_field_that_does_not_exist_is_refused(bench: Bench) -> None:
    with pytest.raises(AttributeError, match="no 'tokn'; it has text, token, layer, site, feature, example"):
        bench.selection.tokn = 3
    with pytest.raises(AttributeError, match="no 'tokn'"):
        bench.select(tokn=3)
    with pytest.raises(ValueError, match="which text"):
        bench.heatmap()
    with pytest.raises(ValueError, match="which features"):
        bench.steer("the")


def test_a_bench_without_a_dictionary_says_so(model: Any) -> None:
    bench = Bench(model)
    with pytest.raises(ValueError, match="no dictionary: make it"):
        bench.steer("the", [3])
    with pytest.raises(traitlets.TraitError, match="this bench has no dictionary"):
        bench.selection.feature = 3


# ---- undo and redo ----


def test_undo_goes_back_gesture_by_gesture_and_redo_forth(bench: Bench, front: Callable) -> None:
    heatmap, panel = bench.heatmap(TEXT, feature=3), bench.steer("the golden", [20, 50], new_tokens=3)
    browser = front(heatmap)
    states: list[Any] = []

    def look() -> Any:
        bench.wait()
        shown = [heatmap.text, heatmap.stream, heatmap.layer, heatmap.unit, heatmap.selected, heatmap.values.tolist()]
        return [*shown, panel.strengths, panel.features, panel.steered, bench.selection.state()]

    gestures: list[Callable] = [
        lambda: browser.update(unit=5),
        lambda: browser.update(selected=2),
        lambda: browser.update(text=OTHER),
        lambda: setattr(bench.selection, "token", 6),
        lambda: browser.update(stream="mlp_act"),
        lambda: browser.update(layer=2, unit=4),
        lambda: setattr(panel, "strengths", [1.0, 0.0]),
        lambda: panel.add(9),
        lambda: panel.remove(20),
    ]
    for gesture in gestures:
        states.append(look())
        gesture()
    last = look()
    while bench.undoable:
        bench.undo()
        now = look()
        assert now in states
        states = states[: states.index(now)]
    assert states == []
    while bench.redoable:
        bench.redo()
    assert look() == last
    assert bench.undoable


def test_a_view_that_came_later_is_left_where_it_was(bench: Bench) -> None:
    bench.heatmap(TEXT, feature=3)
    bench.selection.token = 2
    late = bench.heatmap(site="pattern.1")
    late.rows = "queries"
    bench.undo()
    bench.wait()
    assert (late.selected, late.view["query"], late.rows) == (2, 2, "layers")


def test_a_new_gesture_ends_what_could_be_made_again(bench: Bench) -> None:
    heatmap = bench.heatmap(TEXT, feature=3)
    bench.selection.token = 2
    bench.undo()
    assert bench.redoable == "token 2"
    heatmap.unit = 7
    assert bench.redoable == ""
    bench.redo()  # nothing to do, and nothing happens
    assert bench.selection.token is None


def test_a_slider_that_is_dragged_is_one_gesture(model: Any, sae: Any) -> None:
    bench = Bench(model, sae)
    panel = bench.steer("the golden", [20], new_tokens=3)
    for tenth in range(1, 21):
        panel.strengths = [tenth / 10]
    bench.undo()
    assert panel.strengths == [0]
    assert bench.undoable == ""


def test_what_was_refused_was_no_gesture(bench: Bench, front: Callable) -> None:
    heatmap = bench.heatmap(TEXT, feature=3)
    for wrong in ({"unit": 10**6}, {"text": "the purple bridge"}, {"layer": 44}):
        front(heatmap).update(**wrong)
        bench.wait()
        assert heatmap.error
    bench.selection.text = "no such words"
    bench.wait()
    assert bench.undoable == ""
    assert bench.selection.text == TEXT


# ---- as Python ----


def replayed(bench: Bench, model: Any, sae: Any, **more: Any) -> dict[str, Any]:
    """What the script makes of the same model and dictionary."""
    names = {"model": model, "sae": sae, **more}
    exec(bench.code(), names)
    return names


def same(view: Any, again: Any) -> bool:
    if isinstance(view, ActivationHeatmap):
        names = ActivationHeatmap.recorded
        numbers = (view.values == again.values).all()
    else:
        names = (*SteeringPanel.recorded, "plain", "steered", "control", "controls", "counts", "cancelled", "labels")
        numbers = True
    mine, theirs = ([getattr(one, name) for name in names] for one in (view, again))
    return mine == theirs and bool(numbers)


HEATMAP_GESTURES = {
    "another unit": {"unit": 5},
    "another text": {"text": OTHER},
    "a text beside it": {"against": OTHER},
    "a pinned token": {"selected": 2},
    "another stream": {"stream": "mlp_act"},
    "another stream, layer and unit": {"stream": "resid_post", "layer": 2, "unit": 7},
    "attention": {"stream": "pattern"},
    "the other colours": {"colour": "difference"},
    "the other rows": {"rows": "queries"},
}


@pytest.mark.parametrize("state", HEATMAP_GESTURES.values(), ids=HEATMAP_GESTURES)
def test_a_gesture_in_a_heatmap_can_be_repeated(
    bench: Bench, model: Any, sae: Any, front: Callable, state: dict[str, Any]
) -> None:
    one, other = bench.heatmap(TEXT, feature=3), bench.heatmap(site="mlp_act.1", unit=4)
    front(one).update(**state)
    bench.wait()
    names = replayed(bench, model, sae)
    assert same(one, names["heatmap"])
    assert same(other, names["heatmap_2"])
    assert names["bench"].selection.state() == bench.selection.state()
    assert torch.equal(names["heatmap_shows"].float(), torch.tensor(one.values))


PANEL_GESTURES: dict[str, Callable] = {
    "a slider": lambda panel: setattr(panel, "strengths", [2.0, -1.0]),
    "another prompt": lambda panel: setattr(panel, "prompt", "the old bridge"),
    "another seed": lambda panel: setattr(panel, "seed", 4),
    "another temperature": lambda panel: setattr(panel, "temperature", 0.5),
    "another control": lambda panel: setattr(panel, "draw", 2),
    "another length": lambda panel: setattr(panel, "new_tokens", 3),
    "a slider more": lambda panel: panel.add(9),
    "a slider less": lambda panel: panel.remove(50),
    "another feature in focus": lambda panel: setattr(panel, "focused", 20),
}


@pytest.mark.parametrize("gesture", PANEL_GESTURES.values(), ids=PANEL_GESTURES)
def test_a_gesture_in_a_steering_panel_can_be_repeated(bench: Bench, model: Any, sae: Any, gesture: Callable) -> None:
    panel = bench.steer("the golden", [20, 50], new_tokens=5)
    panel.strengths = [1.0, 0.0]
    gesture(panel)
    bench.wait()
    assert same(panel, replayed(bench, model, sae)["panel"])


def test_a_cancelled_text_is_repeated_as_far_as_it_had_come(bench: Bench, model: Any, sae: Any) -> None:
    panel = bench.steer("the golden", [20], new_tokens=4000)
    panel.strengths = [1.0]
    until_some = panel.run
    while not any(panel._runner._jobs[key].begun for key in list(panel._runner._jobs)):
        pass
    panel.cancel()
    bench.wait()
    assert panel.cancelled and panel.run == until_some
    assert 0 < sum(panel.counts) < 12000
    assert same(panel, replayed(bench, model, sae)["panel"])


CHOSEN = {"text": OTHER, "token": 2, "layer": 2, "site": "resid_post.1", "feature": 9, "example": 3}


@pytest.mark.parametrize("field", CHOSEN)
def test_a_selection_can_be_repeated(bench: Bench, model: Any, sae: Any, front: Callable, field: str) -> None:
    free, kept = bench.heatmap(TEXT), bench.heatmap(site="mlp_act.1", unit=4)
    front(bench).say({"kind": "select", "field": field, "value": CHOSEN[field]})
    bench.wait()
    names = replayed(bench, model, sae)
    assert names["bench"].selection.state() == bench.selection.state()
    assert getattr(bench.selection, field) == CHOSEN[field]
    assert same(free, names["heatmap"]) and same(kept, names["heatmap_2"])


def test_undone_gestures_are_not_in_the_script_and_voided_ones_neither(bench: Bench, model: Any, sae: Any) -> None:
    heatmap = bench.heatmap(TEXT, feature=3)
    heatmap.unit = 5
    bench.wait()
    heatmap.unit = 6
    bench.wait()
    bench.selection.token = 2
    bench.undo()
    steps = [line for line in bench.code().splitlines() if line.startswith(("heatmap", "bench"))]
    assert steps[:4] == [
        "bench = Bench(model, sae)",
        f"heatmap = bench.heatmap({TEXT!r}, feature=3)",
        "heatmap.unit = 6",
        "bench.wait()",
    ]
    assert same(heatmap, replayed(bench, model, sae)["heatmap"])


def some_gesture(chance: random.Random, bench: Bench) -> None:
    """One of everything that a hand, a slider, a cell or a slip of the keyboard may do."""
    views = list(bench.views.values())
    texts = [TEXT, OTHER, "the old bridge", "is the golden", "no such words"]
    heatmaps = [view for view in views if isinstance(view, ActivationHeatmap)]
    panels = [view for view in views if isinstance(view, SteeringPanel)]
    kind = chance.randrange(22)
    if kind == 0 and len(views) < 5:
        bench.heatmap(chance.choice([None, TEXT, OTHER]) if bench.selection.text else TEXT)
    elif kind == 1 and len(views) < 5 and bench.selection.text:
        bench.heatmap(site=chance.choice(["mlp_act.1", "pattern.2", "embed", "logits"]))
    elif kind == 2 and len(views) < 5:
        bench.steer("the golden", chance.sample(range(1, 90), 2), new_tokens=3)
    elif kind == 3:
        bench.selection.text = chance.choice(texts)
    elif kind == 4:
        bench.selection.token = chance.choice([None, 0, 1, 2, 9])
    elif kind == 5:
        bench.selection.feature = chance.randrange(100)
    elif kind == 6:
        bench.selection.site = chance.choice(["mlp_act.0", "resid_post.2", "embed"])
    elif kind == 7:
        bench.selection.layer = chance.randrange(3)
    elif kind == 8:
        bench.undo()
    elif kind == 9:
        bench.redo()
    elif kind == 18 and len(views) > 1:
        chance.choice(views).close()
    elif kind == 19:
        bench.select(text=chance.choice([TEXT, OTHER]), feature=chance.randrange(100), token=1)
    elif kind == 20 and heatmaps and bench.selection.text == TEXT:
        bench.restore({SELECTED: {"token": 1}, next(iter(bench.views)): {}})
    elif kind == 21 and len(views) < 5:
        made = ActivationHeatmap(bench.model, OTHER, against=TEXT, site="pattern.1")
        made.selected, made.rows = 5, "queries"
        bench.add(made)
    elif kind < 14 and heatmaps:
        heatmap = chance.choice(heatmaps)
        state = chance.choice(
            [
                {"unit": chance.choice([0, 1, 5, 10**6])},
                {"stream": chance.choice(["features", "mlp_act", "pattern", "embed", "nowhere"])},
                {"stream": "mlp_act", "layer": 2, "unit": 4},
                {"text": chance.choice(texts)},
                {"against": chance.choice(["", OTHER, "no such words"])},
                {"selected": chance.choice([-1, 1, 2])},
                {"layer": chance.choice([0, 1, 2, 44])},
                {"colour": chance.choice(["values", "difference"])},
                {"rows": chance.choice(["layers", "queries"])},
            ]
        )
        heatmap._handle_msg(
            {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}
        )
    elif panels:
        panel = chance.choice(panels)
        gesture = chance.randrange(9)
        if gesture == 0:
            panel.strengths = [float(chance.randrange(-2, 4)) for _ in panel.features]
        elif gesture == 1:
            panel.add(chance.randrange(1, 90))
        elif gesture == 2 and len(panel.features) > 1:
            panel.remove(panel.features[0])
        elif gesture == 3:
            panel.prompt = chance.choice(["the", "the old", "no such words"])
        elif gesture == 4:
            panel.focused = chance.choice(panel.features)
        elif gesture == 5:
            panel.draw = chance.randrange(3)
        elif gesture == 6:
            panel.new_tokens = chance.randrange(1, 6)
        elif gesture == 7:
            panel.generate(counts=(1, 1, 1))
        else:
            panel.seed = chance.randrange(3)


@pytest.mark.parametrize("hurried", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_any_talk_can_be_repeated_and_taken_back(
    model: Any, sae: Any, seed: int, hurried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was done, slips included, by a patient hand or a hurried one."""
    clock = itertools.count()
    monkeypatch.setattr(module, "monotonic", lambda: float(next(clock)))
    chance = random.Random(seed)
    bench = Bench(model, sae)
    bench.heatmap(TEXT, feature=3)
    for _ in range(14):
        # a view of a text that cannot be read is not made, a token that the text has not is not pinned
        with contextlib.suppress(ValueError, traitlets.TraitError):
            some_gesture(chance, bench)
        if not hurried or chance.random() < 0.3:
            bench.wait()
    bench.wait()
    names = replayed(bench, model, sae)
    assert names["bench"].selection.state() == bench.selection.state(), bench.code()
    for name, view in bench.views.items():
        assert same(view, names[name]), f"{name}: {view!r} {names[name]!r}\n{bench.code()}"
    names["bench"].close()
    while bench.undoable:
        bench.undo()
        bench.wait()
    names = replayed(bench, model, sae)
    assert names["bench"].selection.state() == bench.selection.state(), bench.code()
    for name, view in bench.views.items():
        assert same(view, names[name]), f"taken back, {name}: {view!r} {names[name]!r}\n{bench.code()}"
    names["bench"].close(), bench.close()


def test_a_long_text_is_written_once(bench: Bench, model: Any, sae: Any) -> None:
    long = "the golden bridge is the old bridge is the golden"
    bench.heatmap(long, feature=3), bench.heatmap(site="mlp_act.1", unit=4)
    bench.selection.text = f"the old {long}"
    bench.wait()
    script = bench.code()
    assert (script.count(repr(long)), script.count(repr(f"the old {long}"))) == (1, 1)
    assert f"text = {long!r}" in script.splitlines()
    names = replayed(bench, model, sae)
    assert same(bench.views["heatmap_2"], names["heatmap_2"])


def test_gestures_as_fast_as_a_script_are_the_gestures_of_a_hand(bench: Bench, model: Any, sae: Any) -> None:
    """Whatever the worker has come to, another stream shows what stands out there, and a unit that was asked for."""
    heatmap = bench.heatmap(TEXT, feature=3)
    for gesture in ({"unit": 5}, {"stream": "mlp_act"}, {"text": OTHER}, {"stream": "resid_post"}, {"layer": 2}):
        for name, value in gesture.items():
            setattr(heatmap, name, value)
        bench.wait()
    fast = replayed(bench, model, sae)["heatmap"]
    assert same(heatmap, fast)


def test_a_view_that_was_made_elsewhere_can_be_linked(bench: Bench, model: Any, sae: Any) -> None:
    heatmap = bench.add(ActivationHeatmap(model, TEXT, sae=sae, feature=3))
    assert bench.add(heatmap) is heatmap
    bench.selection.token = 1
    assert heatmap.selected == 1
    names = replayed(bench, model, sae)
    assert same(heatmap, names["heatmap"])


def test_the_script_loads_what_is_shipped_and_checks_that_it_is_the_same() -> None:
    bench = Bench(wb.load(), wb.decompose.load("atlas-x4"))
    heatmap = bench.heatmap("The Golden Gate Bridge")
    bench.selection.token = 3
    lines = bench.code().splitlines()
    assert "model = wb.load('atlas')" in lines
    assert "sae = wb.decompose.load('atlas-x4')" in lines
    names: dict[str, Any] = {}
    exec(bench.code(), names)
    assert same(heatmap.wait(), names["heatmap"])
    with pytest.raises(AssertionError, match="another model than the gestures were made on"):
        exec(bench.code().replace("wb.load('atlas')", "wb.load('atlas-b')"), {})


def begun(steps: int = 4000, **settings: Any) -> wb.decompose.Training:
    rows = torch.randn(512, 8, generator=torch.Generator().manual_seed(0))
    return wb.decompose.train(rows, "topk", at="resid_post.0", width=16, k=2, steps=steps, batch=64, **settings)


def advanced(monitor: TrainingMonitor, training: wb.decompose.Training, steps: int) -> None:
    """Resume, and pause when some steps have been made."""
    goal = training.at + steps
    monitor.resume()
    while training.at < goal:
        time.sleep(0.002)
    monitor.pause()
    monitor.wait()


def test_trainings_are_repeated_step_for_step(tmp_path: Path) -> None:
    one, other = begun(checkpoints=tmp_path / "one"), begun()
    bench = Bench(wb.load())
    first, second = bench.monitor(one), bench.monitor(other)
    advanced(first, one, 20)
    first.save()
    first.wait()
    saved = one.at
    advanced(second, other, 5)
    advanced(first, one, 20)
    script = bench.code()
    assert f"training.step({saved} - training.at)\ntraining.save()" in script
    fresh = {"training": begun(checkpoints=tmp_path / "fresh"), "training_2": begun()}
    exec(script, fresh)
    for mine, again in ((one, fresh["training"]), (other, fresh["training_2"])):
        assert again.at == mine.at > 0
        assert torch.equal(again.dictionary.W_dec, mine.dictionary.W_dec)
    bench.close()


def test_a_panel_that_was_made_elsewhere_is_linked_as_it_stands(bench: Bench, model: Any, sae: Any) -> None:
    bench.heatmap(TEXT, feature=3)
    made = SteeringPanel(model, sae, [20, 50], prompt="the golden", new_tokens=3)
    made.strengths = [2.0, 0.0]
    panel = bench.add(made.wait())
    heatmap = ActivationHeatmap(model, TEXT, site="pattern.1")
    heatmap.selected, heatmap.rows = 1, "queries"
    bench.add(heatmap.wait())
    bench.wait()
    names = replayed(bench, model, sae)
    assert same(panel, names["panel"]) and same(heatmap, names["heatmap_2"])
    assert names["bench"].selection.state() == bench.selection.state()


def test_a_cancelled_text_is_what_the_library_gives_as_far_as_it_came(bench: Bench, model: Any, sae: Any) -> None:
    panel = bench.steer("the golden", [20], new_tokens=5)
    panel.strengths = [1.0]
    panel.wait().generate(counts=(5, 2, 1))
    bench.wait()
    names = replayed(bench, model, sae)
    assert names["panel_shows"] == panel.steered == names["panel"].steered


def test_numbers_of_numpy_are_written_as_numbers(bench: Bench, model: Any, sae: Any) -> None:
    heatmap = bench.heatmap(TEXT, unit=np.int64(4))
    panel = bench.steer("the golden", list(np.array([20, 50])), new_tokens=3)
    panel.strengths = list(np.array([1.0, 0]))
    bench.wait()
    names = replayed(bench, model, sae)
    assert same(heatmap, names["heatmap"]) and same(panel, names["panel"])


def test_texts_with_quotes_and_breaks_are_written_as_they_are(sae: Any) -> None:
    model = tiny.model("llama")
    bench = Bench(model)
    heatmap = bench.heatmap('it\'s "two"\nlines \\ and {braces} # not a comment ㅤ', site="embed")
    bench.selection.text = 'it\'s "two"\nlines \\ and {braces} # not a comment, and longer'
    bench.wait()
    assert same(heatmap, replayed(bench, model, None)["heatmap"])


def test_a_closed_view_follows_no_more(bench: Bench, model: Any, sae: Any) -> None:
    gone, kept = bench.heatmap(TEXT, feature=3), bench.heatmap(site="mlp_act.1")
    gone.close()
    bench.selection.text = OTHER
    bench.wait()
    assert (gone.text, kept.text, list(bench.views)) == (TEXT, OTHER, ["heatmap_2"])
    names = replayed(bench, model, sae)
    assert same(kept, names["heatmap_2"]) and list(names["bench"].views) == ["heatmap_2"]
    runner = kept._runner
    names["bench"].close(), bench.close()
    bench.selection.text = TEXT
    assert bench.views == {} and not runner._users


def test_pages_of_a_long_text_are_repeated(bench: Bench, model: Any, sae: Any) -> None:
    heatmap = bench.heatmap(" ".join(["the golden bridge is old"] * 120), site="mlp_act.1", unit=1)
    heatmap.start = 512
    bench.wait()
    heatmap.selected = 600
    bench.wait()
    again = replayed(bench, model, sae)["heatmap"]
    assert same(heatmap, again) and again.view["start"] == 512


def test_undo_across_the_closing_of_a_view_leaves_a_script_that_runs(bench: Bench, model: Any, sae: Any) -> None:
    gone, kept = bench.heatmap(TEXT, feature=3), bench.heatmap(site="mlp_act.1", unit=1)
    bench.selection.token = 2
    gone.unit = 5
    bench.wait()
    gone.close()
    assert bench.undoable == "token 2"
    bench.undo()
    bench.wait()
    assert kept.selected == -1
    assert same(kept, replayed(bench, model, sae)["heatmap_2"])


def test_a_state_that_cannot_be_is_not_restored_and_not_written_down(bench: Bench) -> None:
    bench.heatmap(TEXT, feature=3)
    before = bench.code()
    for wrong, error, message in (
        ({"heatmap": {"untit": 4}}, KeyError, "heatmap has no 'untit' to restore; it has text, against"),
        ({"nothing": {}}, KeyError, "there is no view 'nothing'; there are heatmap, and selection"),
        ({"heatmap": {"rows": "bogus"}}, traitlets.TraitError, "rows"),
        ({"selection": {"feature": 4000}}, traitlets.TraitError, "there is no feature 4000"),
    ):
        with pytest.raises(error, match=message):
            bench.restore(wrong)
    assert bench.code() == before
    bench.restore({"selection": {"token": 2}, "heatmap": {"selected": 2}})
    assert bench.undoable
    bench.undo()
    assert bench.selection.token is None


def test_only_what_fits_a_bench_is_added(bench: Bench, model: Any, sae: Any) -> None:
    other = ActivationHeatmap(type(model)(), TEXT, site="embed")
    with pytest.raises(ValueError, match="of this bench's model and dictionary"):
        bench.add(other)
    with pytest.raises(ValueError, match="of this bench's model and dictionary"):
        bench.add(ActivationHeatmap(model, TEXT, sae=type(sae)()))
    with pytest.raises(TypeError, match="this is a Bench"):
        bench.add(Bench(model, sae))
    closed = ActivationHeatmap(model, TEXT, site="embed")
    closed.close()
    with pytest.raises(ValueError, match="must be open"):
        bench.add(closed)
    assert bench.views == {}
    exec(bench.code(), {"model": model, "sae": sae})


def test_several_fields_are_selected_in_one_gesture(bench: Bench) -> None:
    heatmap = bench.heatmap(TEXT, feature=3)
    bench.select(text=OTHER, feature=7, token=5)
    bench.wait()
    bench.undo()
    bench.wait()
    assert (heatmap.text, heatmap.unit, heatmap.selected, bench.undoable) == (TEXT, 3, -1, "")


def test_a_cancel_right_after_a_slip_does_not_keep_it(bench: Bench, model: Any, sae: Any) -> None:
    panel = bench.steer("the golden", [20], new_tokens=3)
    bench.wait()
    with panel._turn():  # the worker has not begun
        panel.prompt = "no such words"
        panel.cancel()
    bench.wait()
    assert (panel.prompt, panel.error_at) == ("the golden", "prompt")
    assert same(panel, replayed(bench, model, sae)["panel"])


def test_a_slip_takes_nothing_with_it(bench: Bench, front: Callable) -> None:
    """A pin and a unit that were accepted stay, whatever is refused after them."""
    heatmap = bench.heatmap(TEXT, feature=3)
    bench.selection.token = 1
    front(heatmap).update(unit=5)
    bench.wait()
    front(heatmap).update(unit=10**6)
    bench.wait()
    bench.selection.text = "no such words"
    bench.wait()
    assert (heatmap.unit, heatmap.selected, heatmap.text) == (5, 1, TEXT)
    assert bench.selection.state() | {"example": 0} == {
        "text": TEXT, "token": 1, "layer": None, "site": None, "feature": 5, "example": 0,
    }  # fmt: skip
    panel = bench.steer("the golden", [20], new_tokens=3)
    bench.wait()
    panel.prompt = "no such words"
    bench.wait()
    assert (panel.prompt, panel.error_at) == ("the golden", "prompt")
    assert "no such words" not in bench.code()


def test_what_came_in_one_message_goes_and_comes_together(bench: Bench, front: Callable) -> None:
    heatmap = bench.heatmap(TEXT, feature=3)
    front(heatmap).update(stream="mlp_act", layer=2, unit=3)
    bench.wait()
    for _ in range(2):
        bench.undo()
        bench.wait()
        assert (heatmap.stream, heatmap.unit, bench.undoable) == ("features", 3, "")
        bench.redo()
        bench.wait()
        assert (heatmap.stream, heatmap.layer, heatmap.unit) == ("mlp_act", 2, 3)


def test_a_slider_that_is_dragged_and_its_focus_are_one_step(model: Any, sae: Any, front: Callable) -> None:
    bench = Bench(model, sae)
    panel = bench.steer("the golden", [20, 50], new_tokens=3)
    browser = front(panel)
    for tenth in range(1, 10):
        browser.update(focused=50, strengths=[0, tenth / 10])
    bench.wait()
    bench.undo()
    assert (panel.strengths, bench.selection.feature, bench.undoable) == ([0, 0], None, "")


# ---- the bar ----


def test_the_bar_tells_what_is_selected_and_the_script_when_it_is_read(bench: Bench, front: Callable) -> None:
    bench.heatmap(TEXT, feature=3)
    browser = front(bench)
    bench.selection.token = 2
    assert browser.states()[-1]["chosen"]["piece"] == " golden"
    assert browser.states()[-1]["undoable"] == "token 2"
    assert bench.script == ""
    browser.update(is_open=True)
    assert bench.script == bench.code()
    browser.say({"kind": "undo"})
    assert bench.selection.token is None
    assert bench.script == bench.code()
    browser.say({"kind": "redo"})
    assert bench.selection.token == 2


def test_the_bar_refuses_in_words_what_does_not_exist(bench: Bench, front: Callable) -> None:
    browser = front(bench)
    browser.say({"kind": "select", "field": "feature", "value": 4000})
    assert (bench.error_at, bench.error) == (
        "feature",
        "feature: there is no feature 4000; there are 0 to 99, and None for none",
    )
    browser.say({"kind": "select", "field": "feature", "value": 40})
    assert (bench.selection.feature, bench.error) == (40, "")


def test_closing_a_bench_closes_its_views_and_ends_the_worker(bench: Bench, model: Any) -> None:
    heatmap, panel = bench.heatmap(TEXT), bench.steer("the golden", [20], new_tokens=10**6)
    runner = panel._runner
    thread = runner._thread
    bench.close()
    thread.join(60)
    assert not thread.is_alive()
    assert heatmap.comm is None and panel.comm is None
    assert model.writing == 0


def test_a_page_of_all_views_keeps_them_linked(bench: Bench) -> None:
    with pytest.raises(ValueError, match="make a view first"):
        bench.to_html()
    bench.heatmap(TEXT, feature=3), bench.heatmap(site="mlp_act.1")
    html = bench.to_html(title="<b>two</b> views")
    assert "<title>&lt;b&gt;two&lt;/b&gt; views</title>" in html
    assert html.count('"token":"selected"') == 2
    assert summary_lines(bench)[0].startswith("Bench · fake 0123abcd")


def summary_lines(bench: Bench) -> list[str]:
    return repr(bench).splitlines()
