from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
import traitlets

import workbench as wb
from workbench_widgets import ActivationHeatmap, SteeringPanel
from workbench_widgets.steering_panel import matched_controls


def make(model: Any, sae: Any, features: tuple[int, ...] = (20, 50), **settings: Any) -> SteeringPanel:
    return SteeringPanel(model, sae, features, **{"prompt": "the golden bridge", "new_tokens": 5, **settings})


def test_at_rest_every_slider_is_off_and_nothing_is_edited(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    assert panel.strengths == [0, 0]
    assert panel.plain == panel.steered == panel.control == " so" * 5
    assert [call["edits"] for call in model.generated] == [[]]


def test_a_strength_is_in_units_of_the_features_own_maximum(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    front(panel).update(strengths=[3, 0])
    panel.wait()
    (edit,) = model.generated[1]["edits"]
    assert (edit.feature, edit.value) == (20, pytest.approx(6.0))
    assert panel.steered == " 20=6" * 5
    assert panel.plain == " so" * 5


def test_the_control_is_another_feature_at_the_same_relative_strength(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    panel.strengths = [3.0, -1.0]
    panel.wait()
    clamps = model.generated[2]["edits"]
    assert [clamp.feature for clamp in clamps] == panel.controls
    assert [clamp.value / float(sae.maxima[clamp.feature]) for clamp in clamps] == pytest.approx([3, -1])
    assert panel.control not in (panel.plain, panel.steered)


def test_the_plain_text_is_not_written_again_for_another_strength(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    for strength in (1.0, 2.0):
        panel.strengths = [strength, 0]
        panel.wait()
    assert [bool(call["edits"]) for call in model.generated] == [False, True, True, True, True]
    panel.seed = 3
    panel.wait()
    assert [call["seed"] for call in model.generated[-3:]] == [3, 3, 3]


def test_back_to_off_is_plain_again(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    panel.strengths = [3, 0]
    panel.wait()
    panel.strengths = [0, 0]
    assert panel.wait().steered == panel.plain
    assert panel.edits() == []


def test_texts_stream_whole_with_the_number_of_their_run(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae)
    panel.wait()
    browser = front(panel)
    model.gate = threading.Event()
    panel.strengths = [1, 0]
    until(lambda: browser.messages())
    message = browser.messages()[0]
    assert message["kind"] == "text"
    assert message["run"] == panel.run == 2
    assert message["plain"] == " so" * 5
    assert message["steered"].startswith(" 20=2")
    model.gate.set()
    panel.wait()
    final = browser.states()[-1]
    assert final["steered"] == " 20=2" * 5
    assert final["running"] is False
    assert panel.counts == [5, 5, 5]
    assert panel.rate > 0


def test_messages_are_at_most_25_a_second(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae, new_tokens=3000)
    browser = front(panel)
    started = time.perf_counter()
    panel.wait()
    assert len(browser.messages()) <= 25 * (time.perf_counter() - started) + 2


def test_cancel_stops_at_the_next_token_and_keeps_what_is_written(model: Any, sae: Any, front: Callable) -> None:
    model.gate = threading.Event()
    panel = make(model, sae, new_tokens=1000)
    browser = front(panel)
    until(lambda: panel.running and model.generated)
    browser.say({"kind": "cancel"})
    model.gate.set()
    panel.wait()
    assert panel.cancelled
    assert not panel.running
    assert len(panel.plain.split()) < 1000
    assert model.writing == 0
    browser.say({"kind": "generate"})
    assert len(panel.wait().plain.split()) == 1000
    assert not panel.cancelled


def test_cancel_before_the_first_step_leaves_no_text_of_other_settings(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    heatmap = ActivationHeatmap(model, "the bridge", site="resid_post")
    browser = front(panel)
    model.gate = threading.Event()
    heatmap.text = "the old bridge"
    until(lambda: len(model.runs) == 2)  # the worker is busy elsewhere
    panel.strengths = [3, 0]
    assert panel.running
    browser.say({"kind": "cancel"})
    assert (panel.running, panel.cancelled) == (False, True)
    assert any(state.get("cancelled") and state.get("running") is False for state in browser.states())
    assert (panel.plain, panel.steered, panel.control, panel.counts) == ("", "", "", [0, 0, 0])
    model.gate.set()
    heatmap.wait()
    assert len(model.generated) == 1
    browser.say({"kind": "generate"})
    assert panel.wait().steered == " 20=6" * 5
    assert (panel.running, panel.cancelled) == (False, False)


def test_cancel_while_a_cell_holds_the_model_ends_the_run(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    with model.lock:
        panel.strengths = [3, 0]
        panel.cancel()
    panel.wait()
    assert (panel.running, panel.cancelled) == (False, True)


def test_a_moved_slider_replaces_what_is_being_written(model: Any, sae: Any, front: Callable) -> None:
    model.gate = threading.Event()
    panel = make(model, sae, new_tokens=50)
    browser = front(panel)
    until(lambda: model.writing)
    for strength in range(1, 11):
        browser.update(strengths=[strength, 0])
    model.gate.set()
    panel.wait()
    assert [bool(call["edits"]) for call in model.generated] == [False, False, True, True]  # nine never began
    assert panel.steered == " 20=20" * 50
    assert panel.strengths == [10, 0]
    assert panel.run == 11
    assert not panel.running
    assert model.writing == 0


def test_a_cell_and_the_worker_take_turns_to_set_traits(model: Any, sae: Any) -> None:
    model.gate = threading.Event()
    panel = make(model, sae)
    order: list[str] = []

    def in_a_cell() -> None:
        panel.seed = 1
        order.append("cell")

    cell = threading.Thread(target=in_a_cell)

    def while_the_worker_tells_the_end(_change: object) -> None:
        panel.unobserve(while_the_worker_tells_the_end, "running")
        cell.start()
        cell.join(0.2)  # it cannot end before its turn
        order.append("worker")

    panel.observe(while_the_worker_tells_the_end, "running")
    model.gate.set()
    until(lambda: "worker" in order)
    cell.join(60)
    assert order == ["worker", "cell"]
    assert panel.wait().running is False


def test_an_error_reaches_the_panel_in_words_and_the_texts_stay(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    front(panel).update(prompt="the purple bridge")
    panel.wait()
    assert (panel.error, panel.error_at) == ("unknown words: purple", "prompt")
    assert panel.plain == " so" * 5
    assert not panel.running
    panel.prompt = "the old bridge"
    assert panel.wait().error == ""


@pytest.mark.parametrize(
    "state",
    [
        {"strengths": [1]},
        {"strengths": [1, 11]},
        {"strengths": [1, float("nan")]},
        {"strengths": "many"},
        {"temperature": -1},
        {"seed": "x"},
        {"prompt": None},
        {"steered": "forged"},
        {"features": [1]},
        {"maxima": [1e9, 1e9]},
        {"new_tokens": 10**9},
    ],
)
def test_a_malformed_message_changes_nothing_and_raises_nothing(
    model: Any, sae: Any, front: Callable, state: dict
) -> None:
    panel = make(model, sae).wait()
    before = panel.get_state() | {"heard": 6}
    browser = front(panel)
    browser.update(**state)
    for content in (None, [], "cancel", {"kind": ["cancel"]}, {"kind": "explode"}):
        browser.say(content)
    panel.wait()
    assert panel.get_state() == before


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused_by_the_traits_name(
    model: Any, sae: Any, front: Callable, value: float
) -> None:
    panel = make(model, sae).wait()
    with pytest.raises(traitlets.TraitError, match=f"temperature: {value} is not a finite number"):
        panel.temperature = value
    with pytest.raises(traitlets.TraitError, match=f"strengths: {value} is not a finite number"):
        panel.strengths = [value, 0]
    with pytest.raises(traitlets.TraitError, match=f"temperature: {value} is not a finite number"):
        make(model, sae, temperature=value)
    front(panel).update(temperature=value)
    assert (panel.temperature, panel.strengths, panel.wait().run) == (0.0, [0, 0], 1)


def test_strengths_that_do_not_fit_are_refused_by_the_traits_name(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    with pytest.raises(traitlets.TraitError, match="strengths: 1 were given for 2 features"):
        panel.strengths = [1.0]
    with pytest.raises(traitlets.TraitError, match=r"strengths: 12\.0 is outside -2 to 10 times the maximum"):
        panel.strengths = [12.0, 0.0]


@pytest.mark.parametrize(
    ("features", "settings", "message"),
    [
        ((100,), {}, "There is no feature 100; the dictionary at resid_post.1 has 0 to 99."),
        ((0,), {}, "Feature 0 was never on"),
        ((), {}, "name at least one feature"),
        ((5, 5), {}, "each of them once"),
        ((5,), {"prompt": ""}, "text 0 is empty"),
        ((5,), {"labels": ["a", "b"]}, "give one for each of the 1 features"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_exists(
    model: Any, sae: Any, features: tuple, settings: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make(model, sae, features, **settings)


def test_labels_go_by_number_or_by_order(model: Any, sae: Any) -> None:
    assert make(model, sae, labels={50: "bridges"}).labels == ["", "bridges"]
    assert make(model, sae, labels=["colour", "bridges"]).labels == ["colour", "bridges"]


def test_controls_match_in_density_differ_by_draw_and_repeat(sae: Any) -> None:
    first = matched_controls(sae, [50, 60])
    assert first == matched_controls(sae, [50, 60])
    assert len({*first, 50, 60}) == 4
    assert all(abs(control - feature) <= 20 for control, feature in zip(first, [50, 60], strict=True))
    assert len({tuple(matched_controls(sae, [50, 60], draw=draw)) for draw in range(8)}) > 1


def test_a_dictionary_with_no_other_feature_has_no_control(model: Any, sae: Any) -> None:
    sae.maxima = torch.zeros(100)
    sae.maxima[7] = 1.0
    panel = make(model, sae, (7,))
    panel.strengths = [2.0]
    assert panel.wait().controls == []
    assert (panel.control, panel.steered) == ("", " 7=2" * 5)


def test_another_draw_gives_another_control(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae, (50,))
    panel.strengths = [1.0]
    drawn = set()
    for draw in range(6):
        front(panel).update(draw=draw)
        drawn.add(panel.wait().control)
    assert len(drawn) > 1


def test_a_gesture_can_be_read_back_as_code(model: Any, sae: Any) -> None:
    panel = make(model, sae)
    panel.strengths = [1.5, 0]
    text = eval(panel.wait().calls(), {"wb": wb, "model": model, "sae": sae, "map": lambda _, xs: [x.text for x in xs]})
    assert text == panel.steered


def test_a_page_without_scripts_shows_the_texts(model: Any, sae: Any) -> None:
    panel = make(model, sae)
    panel.strengths = [1.5, 0]
    text = panel.wait()._repr_mimebundle_()[0]["text/plain"]
    assert text.startswith("Steering: feature 20 at 1.5 × its maximum · fake 0123abcd")
    assert "plain    ' so so so so so'" in text


def until(condition: Callable[[], object], timeout: float = 60) -> None:
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def test_a_prompt_that_cannot_be_read_is_refused_in_words_and_loses_nothing(
    model: Any, sae: Any, front: Callable
) -> None:
    panel = make(model, sae).wait()
    panel.strengths = [3, 0]
    panel.wait()
    runs = len(model.generated)
    front(panel).update(prompt="the purple bridge")
    panel.wait()
    assert (panel.error_at, panel.error) == ("prompt", "unknown words: purple")
    assert (panel.prompt, panel.strengths, panel.steered) == ("the golden bridge", [3, 0], " 20=6" * 5)
    assert len(model.generated) == runs
    panel.seed = 2
    assert panel.wait().error == ""


def test_a_panel_can_be_made_again_from_its_code(model: Any, sae: Any) -> None:
    panel = make(model, sae, labels={50: "a 'name'"}, temperature=0.5, seed=3)
    again = eval(panel.code(), {"SteeringPanel": SteeringPanel, "model": model, "sae": sae})
    for name in ("features", "labels", "prompt", "new_tokens", "temperature", "seed"):
        assert getattr(again, name) == getattr(panel, name)


def test_a_cancelled_text_is_told_as_far_as_it_came(model: Any, sae: Any) -> None:
    panel = make(model, sae).wait()
    panel.strengths = [3, 0]
    panel.wait().generate(counts=(5, 2, 1))
    assert panel.wait().counts == [5, 2, 1]
    assert (panel.steered, panel.control.count("=")) == (" 20=6" * 2, 1)
