"""The dashboard of features: what it sends, what may be asked of it, and what becomes of it in a bench."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import traitlets
from widgets.conftest import FakeModel, FakeTokens
from widgets.fake_index import FakeIndex

from workbench_widgets import ActivationHeatmap, Bench, FeatureDashboard
from workbench_widgets._array import from_wire

TEXT = "the golden bridge"


@pytest.fixture
def dashboard(model: Any, sae: Any, index: FakeIndex) -> FakeIndex:
    return FeatureDashboard(model, sae, index, feature=2)


def sent_cards(browser: Any) -> dict[int, Any]:
    """The cards that came as messages, with their bytes."""
    found = {}
    for data, buffers in browser.sent:
        if data["method"] == "custom" and data["content"]["kind"] == "card":
            card = data["content"]["card"]
            found[card["feature"]] = {**card, "ids": from_wire({**card["ids"], "data": buffers[card["ids"]["data"]]})}
    return found


# ---- a card ----


def test_a_card_travels_whole(dashboard: FeatureDashboard, index: FakeIndex) -> None:
    card, shown = index[2], dashboard.card
    assert (shown["feature"], shown["maximum"]) == (2, pytest.approx(card.maximum))
    ids, values = from_wire(shown["ids"]), from_wire(shown["values"])
    first, second = card.examples[:2]
    assert ids[: len(first.ids)].tolist() == list(first.ids)
    assert np.allclose(values[len(first.ids) :][: len(second.ids)], second.values, rtol=1e-3)
    assert [shown["pieces"][str(i)] for i in first.ids] == list(first.pieces)
    assert shown["density"] == [card.density.value, card.density.low, card.density.high, card.density.n]
    assert sum(shown["histogram"]["counts"]) == sum(card.counts)


def test_a_card_says_what_the_feature_does_to_the_logits_of_every_token_in_it(dashboard: FeatureDashboard) -> None:
    effects = from_wire(dashboard.card["logits"]["folded"]["effects"])
    ids = [int(token) for token in dashboard.card["pieces"]]
    assert np.allclose(effects, [2 * (12 * token + 2) for token in ids], rtol=1e-3)  # twice the unembedding's row


def test_a_dead_feature_has_a_card_that_says_so(model: Any, sae: Any, index: FakeIndex) -> None:
    dashboard = FeatureDashboard(model, sae, index, feature=6)
    assert dashboard.card["examples"] == [] and dashboard.card["maximum"] == 0
    assert "never on" in dashboard.summary()
    assert dashboard.picture().png() and json.dumps(dashboard.about["forms"])


def test_which_features_fire_travels_as_bits(dashboard: FeatureDashboard, index: FakeIndex) -> None:
    bits = np.unpackbits(from_wire(dashboard.about["alive"]).view("uint8"), bitorder="little")
    assert np.flatnonzero(bits).tolist() == index.alive.tolist()


def test_cards_that_the_next_keys_ask_for_are_sent_ahead(dashboard: FeatureDashboard, front: Callable) -> None:
    browser = front(dashboard)
    browser.say({"kind": "cards", "features": [3, 4]})
    dashboard._clerk.wait((dashboard, "ahead"), 10)
    assert list(sent_cards(browser)) == [3, 4]
    assert dashboard.feature == 2


@pytest.mark.parametrize("features", [None, "3", [True], [-1], [100], [1.5], [[1]], list(range(17)), {"3": 4}])
def test_a_wish_for_cards_that_is_none_is_not_answered(
    dashboard: FeatureDashboard, front: Callable, features: object
) -> None:
    browser = front(dashboard)
    browser.say({"kind": "cards", "features": features})
    dashboard._clerk.wait((dashboard, "ahead"), 10)
    assert sent_cards(browser) == {}


def test_a_card_is_read_while_the_model_is_busy(dashboard: FeatureDashboard, model: Any, front: Callable) -> None:
    browser = front(dashboard)
    model.gate = threading.Event()
    browser.update(text=TEXT)
    browser.update(feature=9)
    dashboard._clerk.wait((dashboard, "cards"), 10)
    assert (dashboard.card["feature"], dashboard.running) == (9, True)
    model.gate.set()
    assert dashboard.wait().running is False


def test_the_last_of_many_features_is_shown(dashboard: FeatureDashboard, front: Callable) -> None:
    browser = front(dashboard)
    for feature in (3, 4, 5, 7, 8):
        browser.update(feature=feature)
    assert dashboard.wait().card["feature"] == 8


def test_two_features_are_compared(dashboard: FeatureDashboard) -> None:
    dashboard.against = 9
    assert dashboard.wait().other["feature"] == 9
    dashboard.against = -1
    assert dashboard.wait().other == {}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("feature", 100, "feature: there is no feature 100; there are 0 to 99"),
        ("against", 100, "there are 0 to 99, and -1 for none"),
        ("picked", [75, 0], "feature 2 has 75 examples"),
        ("picked", [0, 1000], "no token of an example"),
        ("picked", [0], "no token of an example"),
        ("selected", 3, "the text has 0"),
        ("group", "best", "group"),
        ("form", "folden", "form"),
        ("neuron", "mlp_act.1", "there is no 'mlp_act.1'; give a site and a number"),
        ("neuron", "mlp_act.1.12", "there is no 'mlp_act.1.12'"),
        ("neuron", "embed.3", "there is no 'embed.3'"),
        ("neuron", "nowhere.1.2", "there is no 'nowhere.1.2'"),
    ],
)
def test_what_does_not_exist_is_refused_in_words(
    dashboard: FeatureDashboard, name: str, value: Any, message: str
) -> None:
    before = getattr(dashboard, name)
    with pytest.raises(traitlets.TraitError, match=re.escape(message)):
        setattr(dashboard, name, value)
    assert getattr(dashboard, name) == before


def test_another_dictionary_is_refused(model: Any, index: FakeIndex) -> None:
    class Other:
        hash = "0000"

    with pytest.raises(ValueError, match="the index is of dictionary 4567cdef, and 0000 was given"):
        FeatureDashboard(model, Other(), index)


# ---- without a model ----


def test_an_index_without_its_model_is_browsed_and_nothing_can_be_tried(tmp_path: Path, front: Callable) -> None:
    dashboard = FeatureDashboard(None, None, FakeIndex(tmp_path, knows=False))
    assert (dashboard.feature, dashboard.about["live"], dashboard.about["mapped"]) == (0, False, False)
    assert (dashboard.about["forms"], dashboard.card["logits"], dashboard.card["concepts"]) == (["folded"], {}, [])
    browser = front(dashboard)
    browser.update(text=TEXT)
    browser.update(form="measured")
    assert (dashboard.wait().text, dashboard.form) == ("", "folded")
    browser.update(feature=3)
    assert dashboard.wait().card["feature"] == 3
    assert dashboard.to_html()
    with pytest.raises(ValueError, match="open the index with model="):
        FeatureDashboard(None, None, FakeIndex(tmp_path), text=TEXT)


def test_a_model_beside_an_index_that_has_none_is_refused(model: Any, sae: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the index was opened without its model"):
        FeatureDashboard(model, sae, FakeIndex(tmp_path))


# ---- a text of one's own ----


def test_a_text_is_coloured_by_any_feature_and_ranked(dashboard: FeatureDashboard, front: Callable, sae: Any) -> None:
    front(dashboard).update(text=TEXT)
    here = dashboard.wait().here
    assert here["pieces"] == ["<bos>", "the", " golden", " bridge"]
    units, values = from_wire(here["units"]), from_wire(here["values"])
    assert dict(zip(units[3].tolist(), values[3].tolist(), strict=True)) == pytest.approx({3: 3, 4: 6}, rel=1e-3)
    assert not values[0].any(), "BOS is none of the text"
    assert [row["feature"] for row in here["rows"]] == [4, 3, 2, 1]
    assert here["rows"][0]["says"].startswith("activation 6.00 · of maximum 4.29")


def test_a_text_that_cannot_be_read_goes_back_and_says_why(dashboard: FeatureDashboard, front: Callable) -> None:
    browser = front(dashboard)
    browser.update(text=TEXT)
    dashboard.wait()
    browser.update(text="the purple bridge")
    dashboard.wait()
    assert (dashboard.error, dashboard.error_at, dashboard.text) == ("unknown words: purple", "text", TEXT)
    browser.update(text="the old bridge")
    assert dashboard.wait().error == ""
    browser.update(text="")
    assert dashboard.wait().here == {}


# ---- searching ----


def test_features_are_found_by_words_tokens_concepts_and_lists(dashboard: FeatureDashboard, index: FakeIndex) -> None:
    index.label(9, "Golden Gate")
    index.notes.keep("mine", [9, 4])
    expected = {("words", "gate"): [9], ("token", "gate"): [5, 17, 29, 53, 65, 77, 89], ("list", "mine"): [9, 4]}
    for (by, query), features in expected.items():
        dashboard.search(query, by)
        found = dashboard.wait().found
        assert [row["feature"] for row in found["rows"]] == features
        assert (found["by"], found["query"]) == (by, query)
    assert dashboard.found["rows"][0]["label"] == "Golden Gate"
    dashboard.search("landmark.bridge", "concept")
    assert dashboard.wait().found["rows"][0]["says"] == "f1 .500 [.366, .634], n 50"
    dashboard.search("")
    assert dashboard.wait().found == {}


def test_a_search_for_what_does_not_exist_says_what_does(dashboard: FeatureDashboard, front: Callable) -> None:
    browser = front(dashboard)
    browser.update(by="concept", query="nothing")
    dashboard.wait()
    assert dashboard.error.startswith("there is no concept 'nothing'; there are landmark.bridge")
    assert (dashboard.error_at, dashboard.by, dashboard.query) == ("query", "words", "")


# ---- what is written down ----


def test_what_is_written_in_the_browser_is_in_the_index(
    dashboard: FeatureDashboard, index: FakeIndex, front: Callable
) -> None:
    browser = front(dashboard)
    for kind, words in (("label", "Golden Gate"), ("note", "seen twice"), ("keep", "mine")):
        browser.say({"kind": kind, "feature": 2, "text": words})
        dashboard._clerk.wait((dashboard, "write", kind, 2), 10)
    card = dashboard.wait().card
    assert (card["label"], card["notes"], card["lists"]) == ("Golden Gate", ["seen twice"], ["mine"])
    assert card["labels"][0]["how"] == "by hand"
    assert index.notes.lists() == dashboard.lists == {"mine": [2]}
    dashboard.drop("mine", 2)
    assert dashboard.wait().card["lists"] == []


def test_an_empty_label_is_refused_where_the_hand_was(dashboard: FeatureDashboard, front: Callable) -> None:
    front(dashboard).say({"kind": "label", "feature": 2, "text": "  "})
    dashboard._clerk.wait((dashboard, "write", "label", 2), 10)
    assert dashboard.error_at == "label" and dashboard.error != ""
    assert dashboard.card["label"] == ""


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "label", "feature": 100, "text": "x"},
        {"kind": "label", "feature": True, "text": "x"},
        {"kind": "label", "feature": 2},
        {"kind": "note", "feature": 2, "text": ["x"]},
        {"kind": "rate", "feature": 2, "text": "x"},
    ],
)
def test_a_malformed_word_is_not_written(
    dashboard: FeatureDashboard, index: FakeIndex, front: Callable, message: dict
) -> None:
    front(dashboard).say(message)
    dashboard.wait()
    assert index.notes.labels() == {} and index.notes.notes(2) == []


# ---- logits ----


def test_logits_are_measured_when_they_are_asked_for_and_only_once(
    dashboard: FeatureDashboard, index: FakeIndex, front: Callable
) -> None:
    browser = front(dashboard)
    browser.update(form="raw")
    assert set(dashboard.wait().card["logits"]) == {"folded", "raw"}
    assert index.measured == 0
    browser.update(form="measured")
    measured = dashboard.wait().card["logits"]["measured"]
    assert measured["n"] == 16 and measured["top"][0][3] == pytest.approx(0.1)
    browser.update(feature=3)
    browser.update(feature=2)
    assert "measured" in dashboard.wait().card["logits"]
    assert index.measured <= 2


# ---- in a bench ----


@pytest.fixture
def bench(model: Any, sae: Any, index: FakeIndex) -> Bench:
    return Bench(model, sae, index)


def test_a_token_of_an_example_is_read_in_the_heatmap(bench: Bench, front: Callable) -> None:
    dashboard, heatmap = bench.features(1), bench.heatmap(TEXT)
    bench.wait()
    number = next(i for i, one in enumerate(dashboard._present().examples) if "שלום" not in "".join(one.pieces))
    example = dashboard._present().examples[number]
    ids = list(example.ids)
    bench.model.tokens = lambda text: spelled(text, ids, example.pieces)
    front(dashboard).update(picked=[number, example.at])
    bench.wait()
    assert bench.selection.text == "".join(example.pieces) == heatmap.text
    assert (bench.selection.example, bench.selection.token) == (number, example.at + 1)
    front(heatmap).update(selected=3)
    assert dashboard.picked == [number, 2]
    bench.undo()
    assert dashboard.picked == [number, example.at]
    bench.undo()
    bench.wait()
    assert (dashboard.picked, bench.selection.example, bench.selection.text, heatmap.text) == ([], None, TEXT, TEXT)


def spelled(text: str, ids: list[int], pieces: tuple[str, ...]) -> Any:
    """A text of an example as its own tokens; any other as the fake model has it."""
    if text != "".join(pieces):
        return FakeModel().tokens(text)
    whole = torch.tensor([[0, *ids]])
    return FakeTokens(whole, torch.ones_like(whole, dtype=torch.bool), (("<bos>", *pieces),))


def test_an_example_that_python_selects_is_shown(bench: Bench) -> None:
    dashboard = bench.features(1)
    bench.selection.example = 4
    assert dashboard.picked[0] == 4
    bench.selection.feature = 3
    assert (dashboard.wait().feature, dashboard.picked, bench.selection.example) == (3, [], None)


def test_the_feature_goes_with_the_bench_both_ways(bench: Bench, front: Callable) -> None:
    dashboard, heatmap = bench.features(1), bench.heatmap(TEXT, feature=1)
    front(dashboard).update(feature=3)
    bench.wait()
    assert (bench.selection.feature, heatmap.unit) == (3, 3)
    front(heatmap).update(unit=4)
    bench.wait()
    assert (dashboard.feature, dashboard.card["feature"]) == (4, 4)
    assert bench.features().feature == 4


def test_a_typed_text_goes_with_the_bench(bench: Bench, front: Callable) -> None:
    dashboard, heatmap = bench.features(1), bench.heatmap("the old bridge")
    bench.wait()
    assert dashboard.text == "the old bridge"
    front(dashboard).update(text=TEXT, selected=2)
    bench.wait()
    assert (heatmap.text, heatmap.selected, bench.selection.token) == (TEXT, 2, 2)


def test_a_neuron_is_shown_where_heatmaps_follow(bench: Bench, front: Callable) -> None:
    dashboard, free, kept = bench.features(1), bench.heatmap(TEXT), bench.heatmap(TEXT, site="embed")
    assert dashboard.linked
    front(dashboard).update(neuron="mlp_act.1.7")
    bench.wait()
    assert (free.stream, free.layer, free.unit, kept.stream) == ("mlp_act", 1, 7, "embed")


def test_every_gesture_is_python_that_repeats_it(bench: Bench, front: Callable, index: FakeIndex) -> None:
    dashboard = bench.features(1)
    browser = front(dashboard)
    for state in (
        {"feature": 3},
        {"group": "near"},
        {"picked": [2, 5]},
        {"text": TEXT},
        {"against": 8},
        {"form": "raw"},
    ):
        browser.update(**state)
        bench.wait()
    browser.update(by="token", query="gate")
    bench.wait()
    browser.say({"kind": "label", "feature": 3, "text": "it's a gate"})
    dashboard._clerk.wait((dashboard, "write", "label", 3), 10)
    bench.wait()
    code = bench.code()
    assert "dashboard = bench.features(1)" in code and 'dashboard.label(3, "it\'s a gate")' in code
    names = {"model": bench.model, "sae": bench.sae, "index": index}
    exec(code, names)
    again = names["dashboard"]
    for name in dashboard.recorded:
        assert getattr(again, name) == getattr(dashboard, name), name
    assert again.found == dashboard.found
    assert [label.text for label in index.labels(3)] == ["it's a gate"] * 2
    assert names["dashboard_shows"][0].feature == 3


def test_steps_back_and_forth_bring_back_what_was_shown(bench: Bench, front: Callable) -> None:
    dashboard = bench.features(1)
    browser = front(dashboard)
    browser.update(feature=3)
    browser.update(against=9)
    browser.update(group="interval")
    bench.wait()
    for wanted in ((3, 9, "top"), (3, -1, "top"), (1, -1, "top")):
        bench.undo()
        bench.wait()
        assert (dashboard.feature, dashboard.against, dashboard.group) == wanted
    assert dashboard.card["feature"] == 1
    for _ in range(3):
        bench.redo()
    bench.wait()
    assert (dashboard.feature, dashboard.other["feature"], dashboard.group) == (3, 9, "interval")


def test_a_dashboard_can_be_added_to_a_bench_of_its_index(bench: Bench, index: FakeIndex, tmp_path: Path) -> None:
    dashboard = FeatureDashboard(bench.model, bench.sae, index, feature=5)
    assert bench.add(dashboard) is dashboard
    assert bench.selection.feature == 5
    assert "bench.add(FeatureDashboard(model, sae, index, feature=5))" in bench.code()
    other = FakeIndex(tmp_path / "other", model=bench.model, sae=bench.sae)
    with pytest.raises(ValueError, match="must be of this bench's index"):
        bench.add(FeatureDashboard(bench.model, bench.sae, other))
    with pytest.raises(ValueError, match="this bench has none: make it Bench"):
        Bench(bench.model, bench.sae).features()


# ---- without Python ----


def exported(html: str) -> dict[str, Any]:
    (one,) = json.loads(re.search(r'id="wb-widgets">(.*?)</script>', html, re.S)[1])
    return one["state"]


def test_an_export_holds_the_cards_that_were_asked_for(dashboard: FeatureDashboard, tmp_path: Path) -> None:
    path = dashboard.to_html(tmp_path / "page.html", features=[30, 31])
    state = exported(path.read_text())
    assert [card["feature"] for card in state["cards"]] == [2, 30, 31]
    assert set(state["cards"][1]["logits"]) == {"raw", "folded"}
    assert state["map"]["method"] == "PCA"
    with pytest.raises(traitlets.TraitError, match="there is no feature 100"):
        dashboard.to_html(features=[100])


def test_an_export_holds_what_is_shown_its_neighbours_and_what_was_looked_at(dashboard: FeatureDashboard) -> None:
    for feature in (50, 51):
        dashboard.feature = feature
        dashboard.wait()
    dashboard.search("gate", "token")
    cards = [card["feature"] for card in exported(dashboard.to_html())["cards"]]
    assert cards[:6] == [51, 52, 53, 54, 55, 56] and {2, 50, 5, 17, 89} <= set(cards)
    assert len(cards) == len(set(cards)) <= 64


def test_a_label_is_never_markup(dashboard: FeatureDashboard, index: FakeIndex) -> None:
    hostile = "</script><script>alert(1)</script>"
    dashboard.label(2, hostile)
    html = dashboard.wait().to_html()
    assert hostile not in html
    assert exported(html)["cards"][0]["label"] == hostile


def test_code_and_calls_give_what_is_shown(dashboard: FeatureDashboard, model: Any, sae: Any, index: FakeIndex) -> None:
    dashboard.feature, dashboard.text, dashboard.against = 3, TEXT, 4
    dashboard.wait()
    names = {"model": model, "sae": sae, "index": index, "FeatureDashboard": FeatureDashboard}
    again = eval(dashboard.code(), names)
    assert (again.feature, again.text, again.against) == (3, TEXT, 4)
    card, other, (_, values) = eval(dashboard.calls(), names)
    assert (card.feature, other.feature, values[:, 1].tolist()) == (3, 4, [0, 0, 0, 6])
    assert isinstance(dashboard.picture().png(), bytes)
    assert dashboard.summary().startswith("Feature 3 · 20\u2009000 tokens · fake 0123abcd")


def test_a_closed_dashboard_leaves_no_thread(model: Any, sae: Any, index: FakeIndex) -> None:
    dashboard = FeatureDashboard(model, sae, index)
    dashboard.text = TEXT
    dashboard.feature = 3
    dashboard.wait().close()
    for runner in (dashboard._runner, dashboard._clerk):
        if runner._thread is not None:
            runner._thread.join(5)
        assert runner._thread is None


def test_a_heatmap_and_a_dashboard_agree(model: Any, sae: Any, index: FakeIndex) -> None:
    dashboard = FeatureDashboard(model, sae, index, feature=4, text=TEXT)
    here = dashboard.here
    mine = (from_wire(here["values"]) * (from_wire(here["units"]) == 4)).sum(-1)
    assert np.allclose(mine, ActivationHeatmap(model, TEXT, sae=sae, feature=4).values[0], rtol=1e-3)
