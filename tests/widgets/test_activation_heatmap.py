from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from workbench_widgets import ActivationHeatmap
from workbench_widgets._array import from_wire

TEXT = "the golden bridge"


def test_the_view_holds_the_unit_at_every_layer(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post", unit=1)
    assert heatmap.values.tolist() == [[0, -1, -2, -3], [-10, -11, -12, -13], [-20, -21, -22, -23]]
    assert heatmap.view["layers"] == [0, 1, 2]
    assert heatmap.view["pieces"] == ["<bos>", "the", " golden", " bridge"]
    assert heatmap.view["signed"]


def test_numbers_travel_as_bytes(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post", unit=0)
    browser = front(heatmap)
    heatmap.send_state("numbers")
    (data, buffers) = browser.sent[0]
    assert data["state"]["numbers"]["values"] == {"dtype": "float16", "shape": [3, 4], "scale": 23.0}
    assert ["numbers", "values", "data"] in data["buffer_paths"]
    values = buffers[data["buffer_paths"].index(["numbers", "values", "data"])]
    assert (np.frombuffer(values, "float16")[:4] * 23.0).round(2).tolist() == [0, 1, 2, 3]


def test_features_come_first_and_are_measured_by_their_maximum(model: Any, sae: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, feature=3)
    assert heatmap.streams == ["features", "embed", "resid_post", "mlp_act", "head_out", "pattern", "logits"]
    assert heatmap.stream == "features"
    assert heatmap.values.tolist() == [[0, 0, 4, 3]]
    assert heatmap.view["maximum"] == pytest.approx(0.3)
    assert not heatmap.view["signed"]


def test_the_strongest_units_of_every_token_are_there_without_a_kernel(model: Any, sae: Any) -> None:
    tops = ActivationHeatmap(model, TEXT, sae=sae).view["tops"]
    assert from_wire(tops["units"])[0, 3].tolist() == [4, 3]
    assert from_wire(tops["values"])[0, 3].tolist() == [6, 3]


def test_the_strongest_of_signed_units_are_those_furthest_from_zero(model: Any) -> None:
    values = from_wire(ActivationHeatmap(model, TEXT, site="mlp_act").view["tops"]["values"])
    assert values.shape == (3, 4, 8)
    assert {round(float(value), 1) for value in values[1, 2]} == {12, -12}


def test_a_site_names_stream_and_layer(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="mlp_act.2", unit=5)
    assert (heatmap.stream, heatmap.layer, heatmap.view["noun"]) == ("mlp_act", 2, "neuron")


def test_another_unit_needs_no_other_run(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    browser = front(heatmap)
    browser.update(unit=3)
    heatmap.wait()
    assert heatmap.view["unit"] == 3
    assert len(model.runs) == 1


def test_a_view_arrives_in_one_message(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    browser = front(heatmap)
    browser.update(text="the old gate bridge".replace("gate ", ""), selected=2)
    heatmap.wait()
    (state,) = [state for state in browser.states() if "numbers" in state]
    assert state["page"]["pieces"] == ["<bos>", "the", " old", " bridge"]
    assert state["running"] is False
    assert heatmap.selected == -1  # the pinned token is no longer there


def test_another_stream_begins_at_a_unit_and_a_layer_that_it_has(model: Any, sae: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, feature=99)
    browser = front(heatmap)
    browser.update(stream="mlp_act")
    heatmap.wait()
    assert (heatmap.stream, heatmap.unit, heatmap.view["width"]) == ("mlp_act", 0, 12)  # as strong as any
    browser.update(layer=2)
    browser.update(stream="features")
    heatmap.wait()
    assert heatmap.values.shape == (1, 4)


def test_an_error_comes_in_words_to_where_the_hand_was_and_loses_nothing(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    browser = front(heatmap)
    browser.update(text="the purple bridge")
    heatmap.wait()
    assert (heatmap.error, heatmap.error_at) == ("unknown words: purple", "text")
    assert (heatmap.text, len(heatmap.view["pieces"]), heatmap.running) == (TEXT, 4, False)
    browser.update(unit=40)
    heatmap.wait()
    assert (heatmap.error, heatmap.error_at) == ("There is no coordinate 40; choose 0 to 11.", "unit")
    assert heatmap.unit == 0
    browser.update(unit=4)
    heatmap.wait()
    assert (heatmap.error, heatmap.view["unit"]) == ("", 4)


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_layer_that_does_not_exist_is_refused_in_words(model: Any, sae: Any, front: Callable, by_hand: bool) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, site="resid_post", layer=1, unit=5)
    browser = front(heatmap)
    if by_hand:
        browser.update(layer=99)
    else:
        heatmap.layer = 99
    assert heatmap.summary().startswith("Coordinate 5 of resid_post.1")
    eval(heatmap.code(), {"ActivationHeatmap": ActivationHeatmap, "model": model, "sae": sae})
    heatmap.wait()
    assert (heatmap.error, heatmap.error_at) == ("There is no layer 99 of resid_post; choose 0 to 2.", "layer")
    assert (heatmap.layer, heatmap.running) == (1, False)
    assert "layer=1," in heatmap.code()
    browser.update(layer=2)
    assert (heatmap.error, heatmap.error_at, heatmap.wait().layer) == ("", "", 2)
    heatmap.stream = "features"
    heatmap.wait().layer = 99
    assert heatmap.wait().error == "There is no layer 99 of features; it has no layers."


def test_another_layer_needs_no_work(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post", unit=4)
    browser = front(heatmap)
    browser.update(layer=2)
    assert "resid_post.2" in heatmap.summary()
    assert "layer=2," in heatmap.code()
    assert not any({"numbers", "page", "running"} & set(state) for state in browser.states())


def test_an_observer_may_wait_for_what_it_observes(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    seen: list[int] = []
    heatmap.observe(lambda _: seen.append(heatmap.wait().view["unit"]), "unit")
    heatmap.unit = 4
    assert seen == [4]


def test_the_browser_is_told_whether_the_first_token_is_bos(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    assert heatmap.view["bos"] is True
    tokens = model.tokens
    model.tokens = lambda text: replace(tokens(text), bos=False)
    heatmap.text = "the old bridge"
    assert heatmap.wait().view["bos"] is False


def test_the_last_of_many_requests_is_what_is_shown(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    browser = front(heatmap)
    model.gate = threading.Event()
    browser.update(text="the old bridge")
    browser.update(text="the golden gate".replace("gate", "bridge is"))
    browser.update(unit=2)
    browser.update(text=TEXT)
    model.gate.set()
    heatmap.wait()
    assert (heatmap.text, heatmap.unit) == (TEXT, 2)
    assert (heatmap.view["pieces"], heatmap.view["unit"]) == (["<bos>", "the", " golden", " bridge"], 2)
    assert not heatmap.running


@pytest.mark.parametrize(
    "state",
    [
        {"unit": "seven"},
        {"unit": -1},
        {"unit": 1.5},
        {"selected": None},
        {"text": 3},
        {"numbers": {}},
        {"streams": ["evil"]},
        {"error": "forged"},
        {"_esm": "export default {}"},
        {"no_such_trait": 1},
        {"layer": [1]},
    ],
)
def test_a_malformed_message_changes_nothing_and_raises_nothing(model: Any, front: Callable, state: dict) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    before = heatmap.get_state() | {"heard": 3}
    browser = front(heatmap)
    browser.update(**state)
    browser.say(state)
    browser.say("nonsense")
    heatmap.wait()
    assert heatmap.get_state() == before
    for name in state:
        if name in heatmap.keys:
            assert any(name in told for told in browser.states())  # the browser is told what holds


@pytest.mark.parametrize("state", [{"stream": "nowhere"}, {"layer": 10**6}, {"selected": 10**6}, {"unit": 10**9}])
def test_a_gesture_to_what_does_not_exist_raises_nothing(model: Any, front: Callable, state: dict) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    front(heatmap).update(**state)
    heatmap.wait()
    assert heatmap.values.shape == (3, 4)
    assert "resid_post" in repr(heatmap)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"site": "nowhere"},
            "no site 'nowhere' to show; there are: embed, resid_post, mlp_act, head_out, pattern,",
        ),
        ({"site": "resid_post.7"}, "There is no layer 7 of resid_post; choose 0 to 2."),
        ({"site": "resid_post", "layer": 99}, "There is no layer 99 of resid_post; choose 0 to 2."),
        ({"site": "mlp_act.2", "layer": 1}, "site 'mlp_act.2' and layer 1 were both asked for"),
        ({"site": "embed", "layer": 0}, "There is no layer 0 of embed; it has no layers."),
        ({"site": "embed.1"}, "There is no layer 1 of embed; it has no layers."),
        ({"unit": 12}, "There is no coordinate 12; choose 0 to 11."),
        ({"unit": -1}, "There is no coordinate -1; choose 0 to 11."),
        ({"feature": 3}, "feature 3 was asked for, but there is no dictionary"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_exists(model: Any, settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        ActivationHeatmap(model, TEXT, **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"feature": 3, "layer": 99}, "There is no layer 99 of features; it has no layers."),
        ({"feature": 3, "layer": 0}, "There is no layer 0 of features; it has no layers."),
        ({"feature": 3, "unit": 4}, "feature 3 and unit 4 were both asked for"),
        ({"feature": 3, "site": "mlp_act"}, "feature 3 and site 'mlp_act' were both asked for"),
    ],
)
def test_a_feature_and_what_contradicts_it_are_refused(model: Any, sae: Any, settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        ActivationHeatmap(model, TEXT, sae=sae, **settings)


def test_what_is_said_twice_is_no_contradiction(model: Any, sae: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="mlp_act.2", layer=2)
    assert (heatmap.stream, heatmap.layer, heatmap.unit) == ("mlp_act", 2, 0)
    assert ActivationHeatmap(model, TEXT, sae=sae, feature=3, unit=3, site="features").unit == 3


def test_an_unknown_argument_is_refused(model: Any) -> None:
    with pytest.raises(TypeError, match="featur"):
        ActivationHeatmap(model, TEXT, featur=3)


def test_a_page_without_scripts_shows_the_finding(model: Any, sae: Any) -> None:
    text = ActivationHeatmap(model, TEXT, sae=sae, feature=3)._repr_mimebundle_()[0]["text/plain"]
    assert text.splitlines()[0] == "Feature 3 · 4 tokens · fake 0123abcd · dictionary 4567cdef at resid_post.1"
    assert "4  ' golden' at position 2" in text


def test_a_gesture_can_be_read_back_as_code(model: Any, sae: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae)
    front(heatmap).update(stream="mlp_act", layer=2, unit=5)
    again = eval(heatmap.wait().code(), {"ActivationHeatmap": ActivationHeatmap, "model": model, "sae": sae})
    assert (again.stream, again.layer, again.unit) == ("mlp_act", 2, 5)
    assert (again.values == heatmap.values).all()


# ---- all layers, attention, logits, heads ----


def test_a_unit_that_nobody_named_is_the_one_that_stands_out(model: Any, sae: Any) -> None:
    assert ActivationHeatmap(model, TEXT, site="resid_post").unit == 0
    heatmap = ActivationHeatmap(model, TEXT, sae=sae)
    nearest = max(
        range(2, 5), key=lambda f: max(heatmap._reading(TEXT, "features").features.unit(f)[0]) / sae.maxima[f]
    )
    assert heatmap.unit == nearest


def test_attention_is_what_the_pinned_token_pays_to_each(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="pattern.1", unit=0)
    assert heatmap.values[1].tolist() == [0.25] * 4  # the last token asks where none is pinned
    assert (heatmap.view["query"], heatmap.view["noun"], heatmap.view["width"]) == (3, "head", 2)
    browser = front(heatmap)
    browser.update(selected=1)
    heatmap.wait()
    assert heatmap.values[0].tolist() == [0.5, 0.5, 0, 0]
    assert heatmap.selected == 1  # the text is the same
    browser.update(unit=1)
    assert heatmap.wait().values[2].tolist() == [0, 1, 0, 0]
    assert len(model.runs) == 1


def test_all_of_a_pattern_is_sent_when_it_is_looked_at(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="pattern.1", unit=0)
    browser = front(heatmap)
    browser.say({"kind": "map", "number": heatmap.view["number"], "row": 1})
    heatmap._runner.wait((heatmap, "map"), 60)
    (answer,) = browser.messages()
    data, buffers = next((data, buffers) for data, buffers in browser.sent if data["method"] == "custom")
    lower = from_wire({**answer["arrays"]["map"], "data": buffers[0]})
    pattern = model.run(TEXT, at="pattern.1")["pattern.1"][0, 0].numpy()
    assert np.allclose(lower, pattern[np.tril_indices(4)], rtol=1e-3)
    assert (answer["row"], data["content"]["number"]) == (1, heatmap.view["number"])


def test_at_the_logits_a_unit_is_a_word(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="logits", unit=2)
    assert (heatmap.view["noun"], heatmap.view["name"]) == ("token", "golden")
    assert set(heatmap.view["tops"]["names"].values()) <= {model.vocabulary.piece(i) for i in range(12)}
    assert ActivationHeatmap(model, TEXT, site="logits").unit % 2 == 0  # the likeliest at the last token


def test_a_head_writes_coordinates_of_its_own(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="head_out.2", unit=7)
    assert (heatmap.view["width"], heatmap.view["name"]) == (12, "head 1, 1")
    assert (heatmap.values == ActivationHeatmap(model, TEXT, site="resid_post.2", unit=7).values).all()


# ---- two texts ----


def test_two_texts_are_paired_token_by_token(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, against="the old bridge is", site="resid_post", unit=0)
    other = heatmap.view["other"]
    assert other["pieces"] == ["<bos>", "the", " old", " bridge", " is"]
    assert from_wire(other["pairs"]).tolist() == [0, 1, 2, 3]
    assert heatmap.difference[0].tolist() == [0, 0, 2 - 6, 0]
    assert heatmap.view["apart"] == 4
    assert heatmap.view["extent"] == 26
    front(heatmap).update(against="the bridge")
    assert np.isnan(heatmap.wait().difference[0]).tolist() == [False, False, True, False]
    front(heatmap).update(against="")
    heatmap.wait()
    assert heatmap.view["other"] is None
    with pytest.raises(ValueError, match="nothing to compare with; set against="):
        heatmap.difference  # noqa: B018 (reading it is the claim)


def test_a_text_to_compare_with_that_cannot_be_read_is_refused_where_the_hand_was(model: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post", unit=0)
    front(heatmap).update(against="the purple bridge")
    heatmap.wait()
    assert (heatmap.error, heatmap.error_at, heatmap.against) == ("unknown words: purple", "against", "")


# ---- long texts ----


def test_of_a_long_text_a_page_is_sent_and_the_next_on_demand(model: Any, front: Callable) -> None:
    text = " ".join(["the golden bridge is old"] * 120)
    heatmap = ActivationHeatmap(model, text, site="resid_post", unit=0)
    assert (len(heatmap.view["pieces"]), heatmap.view["total"], heatmap.values.shape) == (512, 601, (3, 601))
    assert heatmap.view["tops"] is None
    browser = front(heatmap)
    browser.update(start=512)
    heatmap.wait()
    assert (len(heatmap.view["pieces"]), heatmap.view["start"], heatmap.view["bos"]) == (89, 512, False)
    assert from_wire(heatmap.view["values"]).shape == (3, 89)
    browser.update(selected=600)
    assert heatmap.selected == 600
    browser.update(text=TEXT)
    assert heatmap.wait().start == 0
    browser.update(start=512)
    heatmap.wait()
    assert heatmap.error == "There is no token 512; there are 0 to 3."


def test_the_strongest_units_of_a_long_text_come_as_they_are_looked_at(model: Any, sae: Any, front: Callable) -> None:
    text = " ".join(["the golden bridge is old"] * 40)
    heatmap = ActivationHeatmap(model, text, sae=sae, site="mlp_act", unit=0)
    browser = front(heatmap)
    browser.say({"kind": "tops", "number": heatmap.view["number"], "row": 2, "first": 64, "behind": 128})
    heatmap._runner.wait((heatmap, "tops"), 60)
    (answer,) = browser.messages()
    buffers = next(buffers for data, buffers in browser.sent if data["method"] == "custom")
    arrays = {
        name: from_wire({**about, "data": data})
        for (name, about), data in zip(answer["arrays"].items(), buffers, strict=True)
    }
    acts = model.run(text, at="mlp_act.2")["mlp_act.2"][0, 64:128]
    assert np.allclose(np.abs(arrays["values"][0]), acts.abs().topk(8).values, rtol=1e-3)
    features = sae.encode(model.run(text, at=sae.site)[sae.site])
    assert np.allclose(arrays["activations"], features.values[0, 64:128].topk(2).values, rtol=1e-3)


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "tops"},
        {"kind": "tops", "number": 10**9, "row": 0, "first": 0, "behind": 2},
        {"kind": "tops", "number": 1, "row": 99, "first": 0, "behind": 2},
        {"kind": "tops", "number": 1, "row": -1, "first": 0, "behind": 2},
        {"kind": "tops", "number": 1, "row": 0, "first": -5, "behind": 2},
        {"kind": "tops", "number": 1, "row": 0, "first": 2, "behind": 10**12},
        {"kind": "tops", "number": 1, "row": True, "first": 0, "behind": 2},
        {"kind": "tops", "number": 1, "row": 0, "first": 0.5, "behind": 2},
        {"kind": "map", "number": 1, "row": 0},
        {"kind": "map", "number": 1, "row": "0"},
    ],
)
def test_a_wish_for_what_does_not_exist_is_not_answered(model: Any, front: Callable, wish: dict[str, Any]) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="mlp_act", unit=0)
    browser = front(heatmap)
    browser.say(wish)
    for kind in ("tops", "map"):
        heatmap._runner.wait((heatmap, kind), 60)
    assert browser.messages() == []


def test_a_unit_that_is_asked_for_is_shown_even_if_the_stream_before_had_its_number(
    model: Any, sae: Any, front: Callable
) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, site="mlp_act", unit=3)
    heatmap.stream, heatmap.unit = "features", 3
    assert (heatmap.wait().stream, heatmap.unit) == ("features", 3)
    heatmap.show("mlp_act", unit=3)
    assert (heatmap.wait().stream, heatmap.unit) == ("mlp_act", 3)
    heatmap.show("features")
    assert heatmap.wait().unit == 4  # what stands out
    front(heatmap).say({"kind": "show", "stream": "mlp_act", "unit": 4})
    assert (heatmap.wait().stream, heatmap.unit) == ("mlp_act", 4)


def test_a_text_to_compare_with_may_be_longer(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, against="the old bridge is the golden bridge is old", site="embed")
    assert from_wire(heatmap.view["other"]["values"]).shape == (1, 10)
    assert heatmap.picture().png() and heatmap.to_html()


def test_tokens_of_another_text_can_be_pinned_before_it_is_read(model: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    heatmap.text = "the old bridge is the golden bridge"
    heatmap.selected = 7
    assert heatmap.wait().selected == 7
    heatmap.text = TEXT
    assert heatmap.wait().selected == -1
    heatmap.text = "the old bridge"
    heatmap.selected = 9
    assert heatmap.wait().selected == -1  # it has no such token


def test_the_calls_give_the_numbers_without_a_widget(model: Any, sae: Any) -> None:
    for settings in (
        {"feature": 3},
        *({"site": site, "unit": 1} for site in ("embed", "mlp_act", "head_out", "pattern")),
    ):
        heatmap = ActivationHeatmap(model, TEXT, sae=sae, **settings)
        shows = eval(heatmap.calls(), {"torch": torch, "model": model, "sae": sae})
        assert torch.equal(shows.float(), torch.tensor(heatmap.values))
