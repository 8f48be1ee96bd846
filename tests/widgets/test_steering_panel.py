from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import tiny
import torch
import traitlets

import workbench as wb
from workbench_widgets import ActivationHeatmap, Bench, FeatureDashboard, SteeringPanel
from workbench_widgets.steering_panel import Samples


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


def test_controls_are_other_features_that_repeat_and_differ_by_draw(model: Any, sae: Any) -> None:
    panel = make(model, sae, (50, 60)).wait()
    first = panel.controls
    assert len({*first, 50, 60}) == 4
    drawn = set()
    for draw in (1, 2, 3, 0):
        panel.draw = draw
        drawn.add(tuple(panel.controls))
    assert panel.controls == first and len(drawn) > 1


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


# ---- several samples ----


def test_several_seeds_are_written_together_and_each_is_shown(model: Any, sae: Any) -> None:
    panel = make(model, sae, samples=4, temperature=1.0, seed=2)
    panel.strengths = [3.0, 0]
    panel.wait()
    assert panel.plain == " so~2" * 5
    assert [sample[1] for sample in panel.others] == [" 20=6~3" * 3, " 20=6~4" * 5, " 20=6~5" * 3]
    assert panel.counts == [5, 5, 5]
    assert [sample[0] for sample in panel.others] == [" so~3" * 3, " so~4" * 5, " so~5" * 3]


def test_at_temperature_0_one_sample_is_all(model: Any, sae: Any) -> None:
    panel = make(model, sae, samples=4).wait()
    assert panel.others == []
    panel.temperature = 1.0
    assert len(panel.wait().others) == 3
    panel.samples = 2
    assert len(panel.wait().others) == 1


def test_the_calls_of_several_samples_give_all_of_them(model: Any, sae: Any) -> None:
    panel = make(model, sae, samples=3, temperature=1.0)
    panel.strengths = [1.0, 0]
    texts = evaluated(panel.wait(), model, sae)
    assert texts == [panel.steered, *(sample[1] for sample in panel.others)]


def test_a_cancelled_run_of_several_samples_can_be_repeated(model: Any, sae: Any) -> None:
    panel = make(model, sae, samples=3, temperature=1.0).wait()
    panel.strengths = [1.0, 0]
    panel.wait().generate(counts=(5, 2, 2))
    assert panel.wait().counts == [5, 2, 2]
    assert panel.steered == " 20=2~0" * 2 and panel.cancelled
    assert evaluated(panel, model, sae)[0] == panel.steered


@pytest.mark.parametrize("state", [{"samples": 0}, {"samples": 9}, {"samples": True}, {"new_tokens": 1001}])
def test_a_hand_cannot_ask_for_more_than_can_be_shown(model: Any, sae: Any, front: Callable, state: dict) -> None:
    panel = make(model, sae).wait()
    front(panel).update(**state)
    assert (panel.samples, panel.new_tokens, panel.wait().run) == (1, 5, 1)


# ---- a feature more ----


def test_without_an_index_what_fires_on_the_prompt_is_found(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    assert panel.sources == ["prompt"] and panel.found == {}
    browser = front(panel)
    browser.update(by="prompt", query="")
    assert [row["feature"] for row in panel.wait().found["rows"]] == [4, 3, 1, 2]
    panel.prompt = "the old bridge"
    assert 6 in [row["feature"] for row in panel.wait().found["rows"]]
    browser.say({"kind": "add", "feature": 3})
    assert panel.features == [20, 50, 3]


def test_with_an_index_words_tokens_and_concepts_are_searched(model: Any, sae: Any, index: Any) -> None:
    index.label(7, "suspension bridges")
    panel = SteeringPanel(model, sae, [20], prompt="the", new_tokens=3, index=index).wait()
    assert panel.sources == ["words", "token", "concept", "prompt"]
    assert panel.find("bridges") == [7]
    assert panel.found["rows"][0]["label"] == "suspension bridges"
    assert panel.find("gate", by="token")[:2] == [5, 17]
    assert len(panel.find("colour.red", by="concept")) > 10
    assert panel.find("42") == [42]
    panel.add(7)
    assert panel.labels[1] == "suspension bridges"


@pytest.mark.parametrize(
    ("query", "by", "message"),
    [
        ("no.such", "concept", "there is no concept"),
        ("4000", "words", "There is no feature 4000"),
        ("0", "token", "on"),
    ],
)
def test_a_search_that_fails_says_why(model: Any, sae: Any, index: Any, query: str, by: str, message: str) -> None:
    panel = SteeringPanel(model, sae, [20], prompt="the", new_tokens=3, index=index).wait()
    assert panel.find(query, by=by) == []
    assert message in panel.error and panel.error_at == "query"
    assert panel.find("the", by="token") and panel.error == ""


def test_a_search_that_needs_an_index_is_refused_by_the_traits_name(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    with pytest.raises(traitlets.TraitError, match="by: 'words' needs an index"):
        panel.by = "words"
    front(panel).update(by="token")
    assert panel.by == ""


# ---- presets ----


def test_presets_are_saved_recalled_and_forgotten(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae, presets={"shipped": {50: 2.0, 9: 1.0}})
    panel.strengths = [3.0, 0]
    browser = front(panel)
    browser.say({"kind": "save", "name": " mine "})
    assert panel.presets == {"shipped": {50: 2.0, 9: 1.0}, "mine": {20: 3.0}}
    browser.say({"kind": "recall", "name": "shipped"})
    assert (panel.features, panel.strengths) == ([20, 50, 9], [0, 2.0, 1.0])
    browser.say({"kind": "recall", "name": "mine"})
    assert (panel.features, panel.strengths) == ([20, 50, 9], [3.0, 0, 0])
    browser.say({"kind": "forget", "name": "shipped"})
    assert list(panel.presets) == ["mine"]
    assert panel.get_state()["presets"] == {"mine": {"20": 3.0}}
    browser.say({"kind": "recall", "name": "shipped"})
    assert (panel.error_at, panel.error) == ("preset", "there is no preset 'shipped'; there are: mine")


@pytest.mark.parametrize(
    "presets",
    [
        {"": {20: 1.0}},
        {"far": {20: 11.0}},
        {"none": {4000: 1.0}},
        {"list": [1.0]},
        {"x" * 61: {}},
        {"nan": {20: float("nan")}},
    ],
)
def test_a_preset_that_cannot_be_is_refused(model: Any, sae: Any, presets: dict) -> None:
    panel = make(model, sae).wait()
    with pytest.raises((traitlets.TraitError, ValueError)):
        panel.presets = presets
    assert panel.presets == {}


# ---- what is measured ----

NEUTRAL = ["the old gate", "is the bridge"]


def asks(panel: SteeringPanel) -> SteeringPanel:
    panel.strengths = [3.0, 0]
    return panel.wait()


def test_the_target_and_the_price_are_measured_beside_controls(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, prompts=["the bridge", "the bridge", "old"], target="Golden Gate", neutral=NEUTRAL))
    effects = panel.effects()
    assert [row["kind"] for row in panel.measured["rows"]] == ["target", "price", "price"]
    target, kl, _loss = panel.measured["rows"]
    assert (target["name"], target["plain"][0], target["steered"][0], target["steered"][3]) == (
        "says Golden Gate",
        0,
        1,
        3,
    )
    assert len(target["controls"]) == 20 and target["p"] == pytest.approx(1 / 21)
    assert (kl["plain"], kl["steered"][0]) == (None, pytest.approx(0.06))
    assert panel.measured["done"] and not panel.measuring
    assert effects.effect.target.change.n == 3 and len(effects.effect.unwanted) == 2
    assert panel.measured["on"] == "3 prompts, greedy"


def test_one_prompt_is_sampled_and_every_sample_is_a_case(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target=["Golden Gate", "bridge"], seed=4))
    panel.effects()
    (asked,) = [one for one in measuring.asked if one["edits"]]
    assert asked["prompts"] == [f"seed {seed}" for seed in range(4, 20)]
    assert asked["target"].prompt == "the golden bridge"
    assert isinstance(asked["target"], Samples)
    assert asked["target"].says.seeds == range(4, 20) and asked["target"].says.temperature == 1.0
    assert panel.measured["on"] == "16 samples of this prompt at temperature 1"
    assert panel.measured["rows"][0]["name"] == "says Golden Gate or bridge"


def test_an_answer_is_looked_for_as_greedy_decoding_gives_it(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target="bridge", aim="answers", temperature=0.5))
    panel.effects()
    assert measuring.asked[0]["target"] == wb.intervene.Answers("bridge")
    assert panel.measured["on"] == "this prompt, greedy"


def test_what_is_measured_grows_and_a_moved_slider_starts_it_anew(
    model: Any, sae: Any, measuring: Any, front: Callable
) -> None:
    measuring.gate = threading.Event()
    panel = asks(make(model, sae, prompts=["the", "old", "is"], target="so"))
    browser = front(panel)
    until(lambda: panel.measured)
    assert panel.measured["rows"][0]["steered"][3] == 1
    assert panel.measuring and not panel.measured["done"]
    browser.update(strengths=[0, 1.0])
    assert panel.measuring and panel.measured == {}
    measuring.gate.set()
    panel.effects()
    assert measuring.open == 0
    assert [edit.feature for edit in measuring.asked[-1]["edits"]] == [50]
    assert panel.measured["rows"][0]["steered"][3] == 3


def test_while_texts_are_written_nothing_is_measured(model: Any, sae: Any, measuring: Any) -> None:
    panel = make(model, sae, target="so").wait()
    model.gate = threading.Event()
    panel.strengths = [1.0, 0]
    until(lambda: model.writing)
    time.sleep(0.05)
    assert measuring.asked == [] and panel.measuring
    model.gate.set()
    panel.effects()
    assert len(measuring.asked) == 1


def test_while_a_hand_goes_on_moving_a_slider_nothing_is_measured(
    model: Any, sae: Any, measuring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench_widgets.steering_panel.REST", 0.2)
    panel = make(model, sae, target="so").wait()
    for strength in range(1, 6):
        panel.strengths = [strength, 0]
        panel.wait()
        time.sleep(0.02)
    panel.effects()
    assert [edit.value for asked in measuring.asked for edit in asked["edits"]] == [10.0]


def test_nothing_is_measured_where_every_slider_is_off_or_nothing_is_asked(
    model: Any, sae: Any, measuring: Any
) -> None:
    panel = make(model, sae, target="so").wait()
    with pytest.raises(ValueError, match="nothing is measured: give a target= or neutral= texts, and move a slider"):
        panel.effects()
    panel.target = []
    asks(panel)
    assert (measuring.asked, panel.measuring, panel.measured) == ([], False, {})
    panel.target = "so"
    assert panel.effects().effect.target.change.value == 1.0


def test_measuring_can_be_stopped_and_begun_again(model: Any, sae: Any, measuring: Any, front: Callable) -> None:
    measuring.gate = threading.Event()
    panel = asks(make(model, sae, prompts=["the", "old", "is"], target="so"))
    browser = front(panel)
    until(lambda: panel.measured)
    browser.say({"kind": "stop", "name": "dose"})
    assert panel.measuring
    browser.say({"kind": "stop", "name": "effects"})
    measuring.gate.set()
    panel._finish_work()
    assert (panel.measuring, panel.measured["done"], measuring.open) == (False, False, 0)
    browser.say({"kind": "measure"})
    panel.effects()
    assert panel.measured["done"]


def test_what_cannot_be_measured_is_told_in_words_and_the_texts_stay(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, neutral=["no such text"]))
    with pytest.raises(ValueError, match="nothing is measured: a neutral text cannot be read"):
        panel.effects()
    assert (panel.error_at, panel.steered) == ("measured", " 20=6" * 5)
    panel.neutral = NEUTRAL
    panel.effects()
    assert panel.error == ""


def test_the_calls_measure_what_was_measured(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target="so", neutral=NEUTRAL))
    panel.effects()
    text, effects = evaluated(panel, model, sae)
    assert text == panel.steered
    assert effects.effect.target == panel.effects().effect.target
    assert effects.effect.unwanted == panel.effects().effect.unwanted
    assert {len(one.controls) for one in effects.effect.unwanted.values()} == {20}
    panel.target = ()
    panel.effects()
    assert set(evaluated(panel, model, sae)[1]) == {"KL on neutral text", "loss on neutral text"}


def test_a_page_without_scripts_tells_what_was_measured(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target="so", samples=2, temperature=1.0))
    panel.effects()
    assert "seed 1" in panel.summary()
    assert "says so · plain 0" in panel.summary() and "20 controls" in panel.summary()
    assert panel.picture().png()[:4] == b"\x89PNG"


# ---- dose and response ----


def test_a_dose_response_fills_in_point_by_point(model: Any, sae: Any, measuring: Any, front: Callable) -> None:
    panel = asks(make(model, sae, target="so", neutral=NEUTRAL))
    panel.effects()
    browser = front(panel)
    browser.say({"kind": "dose"})
    panel._finish_work()
    assert panel.dosed == 20 and not panel.dosing
    assert [point["strength"] for point in panel.dose["points"]] == [-2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    counts = [len(state["dose"]["points"]) for state in browser.states() if "dose" in state]
    assert counts == list(range(13))
    assert panel.dose["points"][-1]["rows"][1]["steered"][0] == pytest.approx(0.2)
    assert "dose–response of feature 20" in panel.summary()
    assert panel.picture().png()[:4] == b"\x89PNG"
    _text, _effects, points = evaluated(panel, model, sae)
    assert len(points) == 12 and points[-1].effect.unwanted["KL on neutral text"].change.value == pytest.approx(0.2)


def test_a_curve_stays_while_its_own_slider_moves_and_goes_with_another(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target="so"))
    panel.dose_response(20)
    panel._finish_work()
    panel.strengths = [1.0, 0]
    assert panel.dosed == 20 and len(panel.wait().dose["points"]) == 12
    panel.strengths = [1.0, 1.0]
    assert panel.wait().dosed == -1 and panel.dose == {}


def test_beside_other_sliders_a_slider_at_rest_is_measured_too(model: Any, sae: Any, measuring: Any) -> None:
    panel = make(model, sae, target="so").wait()
    panel.strengths = [1.0, 2.0]
    panel.wait().dose_response(20)
    panel._finish_work()
    assert len(panel.dose["points"]) == 13 and not panel.dose["alone"]
    sizes = {tuple(edit.feature for edit in asked["edits"]) for asked in measuring.asked}
    assert sizes == {(50,), (20, 50)}
    measuring.asked.clear()
    evaluated(panel, model, sae)
    assert {tuple(edit.feature for edit in asked["edits"]) for asked in measuring.asked} == {(50,), (20, 50)}


def test_a_dose_response_can_be_stopped(model: Any, sae: Any, measuring: Any, front: Callable) -> None:
    panel = asks(make(model, sae, prompts=["the", "old"], target="so"))
    panel.effects()
    measuring.gate = threading.Event()
    panel.dose_response()
    until(lambda: measuring.open)
    front(panel).say({"kind": "stop", "name": "dose"})
    measuring.gate.set()
    panel._finish_work()
    assert (panel.dosing, measuring.open, panel.dose["points"]) == (False, 0, [])


def test_a_dose_response_of_nothing_is_refused(model: Any, sae: Any, front: Callable) -> None:
    panel = make(model, sae).wait()
    with pytest.raises(ValueError, match="a dose–response of what"):
        panel.dose_response()
    with pytest.raises(ValueError, match="feature 7 has no slider"):
        panel.dose_response(7)
    front(panel).update(dosed=7)
    assert panel.dosed == -1


def test_a_closed_panel_measures_no_more(model: Any, sae: Any, measuring: Any) -> None:
    measuring.gate = threading.Event()
    panel = asks(make(model, sae, prompts=["the", "old"], target="so"))
    until(lambda: measuring.open)
    panel.close()
    measuring.gate.set()
    until(lambda: measuring.open == 0)


def test_an_export_waits_until_all_is_measured(model: Any, sae: Any, measuring: Any) -> None:
    panel = asks(make(model, sae, target="so"))
    assert "says so" in panel.to_html()


def test_the_code_of_a_panel_makes_it_again_with_all_its_settings(model: Any, sae: Any, index: Any) -> None:
    settings = {"samples": 3, "prompts": ["the", "old"], "target": ["a", "b"], "aim": "answers", "neutral": NEUTRAL}
    panel = make(model, sae, **settings, presets={"x": {20: 1.0}}, index=index)
    again = eval(panel.code(), {"SteeringPanel": SteeringPanel, "model": model, "sae": sae, "index": index})
    for name in (*settings, "presets", "sources"):
        assert getattr(again, name) == getattr(panel, name)


def evaluated(panel: SteeringPanel, model: Any, sae: Any) -> Any:
    """What the calls of a panel give."""
    from itertools import islice

    return eval(panel.calls(), {"wb": wb, "model": model, "sae": sae, "islice": islice, "Samples": Samples})


# ---- in a bench ----


def test_a_dashboard_gives_its_feature_to_a_panel_or_has_one_made(
    model: Any, sae: Any, index: Any, front: Callable
) -> None:
    bench = Bench(model, sae, index)
    dashboard = bench.features(3)
    browser = front(dashboard)
    assert (dashboard.steered, dashboard.panel) == ([], None)
    dashboard.text = "the golden bridge"
    bench.wait()
    browser.say({"kind": "steer", "feature": 3})
    panel = bench.wait().views["panel"]
    assert dashboard.panel is panel and dashboard.steered == [3]
    assert (panel.features, panel.prompt, panel.sources[0]) == ([3], "the golden bridge", "words")
    assert any(state.get("panel", "").startswith("anywidget:") for state in browser.states() if state.get("panel"))
    dashboard.feature = 9
    bench.wait()
    browser.say({"kind": "steer", "feature": 9})
    assert (panel.features, dashboard.steered) == ([3, 9], [3, 9])
    names = {"model": model, "sae": sae, "index": index}
    exec(bench.wait().code(), names)
    assert names["panel"].features == [3, 9]
    bench.undo()
    assert panel.features == [3]
    panel.close()
    assert (dashboard.panel, dashboard.steered) == (None, [])


def test_a_feature_that_cannot_be_steered_is_refused_in_the_dashboard(
    model: Any, sae: Any, index: Any, front: Callable
) -> None:
    bench = Bench(model, sae, index)
    browser = front(dashboard := bench.features(3))
    browser.say({"kind": "steer", "feature": 0})
    assert "Feature 0 was never on" in dashboard.error and "panel" not in bench.views
    for feature in (-1, 100, True, None, "3"):
        browser.say({"kind": "steer", "feature": feature})
    assert "panel" not in bench.views
    alone = FeatureDashboard(model, sae, index, 3)
    front(alone).say({"kind": "steer", "feature": 3})
    assert (alone.steered, alone.error) == (None, "")


MEASURED_GESTURES: dict[str, Callable] = {
    "several samples": lambda panel: setattr(panel, "samples", 3),
    "another target": lambda panel: setattr(panel, "target", ["bridge", "gate"]),
    "an answer": lambda panel: setattr(panel, "aim", "answers"),
    "prompts": lambda panel: setattr(panel, "prompts", ["the", "old"]),
    "neutral texts": lambda panel: setattr(panel, "neutral", ["the bridge is"]),
    "a search": lambda panel: panel.find(by="prompt"),
    "a preset that is saved": lambda panel: panel.save("mine"),
    "a preset that is recalled": lambda panel: panel.recall("shipped"),
    "a preset that is deleted": lambda panel: panel.forget("shipped"),
    "a dose–response": lambda panel: panel.dose_response(20),
}


@pytest.mark.parametrize("gesture", MEASURED_GESTURES.values(), ids=MEASURED_GESTURES)
def test_every_gesture_is_code_and_can_be_undone(model: Any, sae: Any, measuring: Any, gesture: Callable) -> None:
    bench = Bench(model, sae)
    settings = {"temperature": 1.0, "target": "so", "presets": {"shipped": {9: 2.0}}}
    panel = bench.steer("the golden", [20, 50], new_tokens=3, **settings)
    panel.strengths = [1.0, 0.0]
    before = {name: getattr(panel, name) for name in panel.recorded}
    bench.wait()
    gesture(panel)
    bench.wait()
    panel._finish_work()
    names = {"model": model, "sae": sae}
    exec(bench.code(), names)
    again = names["panel"]
    again._finish_work()
    for name in (*panel.recorded, "plain", "steered", "control", "others", "found", "measured", "dose"):
        assert getattr(again, name) == getattr(panel, name), name
    assert {name: getattr(panel, name) for name in panel.recorded} != before
    while {name: getattr(panel, name) for name in panel.recorded} != before and bench.undoable:
        bench.undo()
    assert {name: getattr(panel, name) for name in panel.recorded} == before


# ---- with the core ----


@pytest.mark.parametrize(
    "given",
    [
        {"target": ["a", "e"]},
        {"target": "e", "prompts": ["Mary and", "The bridge is"]},
        {"target": "so", "aim": "answers", "prompts": ["Mary and", "The bridge is"]},
        {"neutral": ["Mary went home.", "It rains."]},
        {"target": ["a"], "neutral": ["Mary went home."], "samples": 2},
    ],
    ids=["one prompt", "several prompts", "an answer", "the price alone", "all of it"],
)
def test_what_a_panel_shows_of_a_real_model_its_calls_compute(given: dict[str, Any]) -> None:
    torch.manual_seed(0)
    model, sae = tiny.model("llama"), wb.decompose.TopK(d_model=32, width=64, k=4, site="resid_post.1")
    sae.maxima += 8
    sae.density += torch.linspace(0.01, 0.1, 64)
    panel = SteeringPanel(model, sae, [3, 5], prompt="The bridge", new_tokens=6, temperature=1.0, **given)
    panel.strengths = [2.0, -1.0]
    shown = panel.wait().effects()
    texts, measured = evaluated(panel, model, sae)
    assert texts == (panel.steered if not panel.others else [panel.steered, *(one[1] for one in panel.others)])
    price = measured if not panel.target else measured.effect.unwanted
    assert price.keys() == shown.effect.unwanted.keys()
    for name, one in shown.effect.unwanted.items():  # measured in parts: the same but for rounding
        assert one.controls == pytest.approx(price[name].controls, abs=1e-6)
        assert one.change.value == pytest.approx(price[name].change.value, abs=1e-6)
    if panel.target:
        assert measured.effect.target == shown.effect.target
        assert len(shown.effect.target.controls) == 20
        cases = 16 if not panel.prompts else 2 if panel.aim == "answers" else 2 * 4
        assert shown.effect.target.edited.n == cases
    panel.close()
