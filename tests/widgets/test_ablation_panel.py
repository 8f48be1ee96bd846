"""The ablation panel on a real, tiny and random, model: its numbers are those of the library, whatever is clicked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tiny
import torch
import traitlets

import workbench as wb
from workbench.tokens import decoded
from workbench_widgets import AblationPanel, ActivationHeatmap, Bench
from workbench_widgets._array import from_wire
from workbench_widgets._parts import part, part_of_view

PROMPT = "Mary and John went to the store."
OTHERS = ["The old dog sleeps in the garden.", "Two and two are four.", "She saw the bridge at night."]
TASK = {"prompts": ["Mary and John", "The store is", "A dog and a", "We went to"], "answers": " the"}


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return tiny.model("llama")


@pytest.fixture(scope="module")
def sae() -> wb.decompose.Dictionary:
    torch.manual_seed(0)
    sae = wb.decompose.TopK(d_model=32, width=64, k=4, site="resid_post.1")
    sae.maxima += 8
    sae.density += torch.linspace(0.01, 0.1, 64)
    return sae


@pytest.fixture
def make(model: wb.Model) -> Iterator[Callable]:
    made: list[AblationPanel] = []

    def panel(*parts: str, prompt: str = PROMPT, **settings: Any) -> AblationPanel:
        made.append(AblationPanel(model, prompt, parts, **settings))
        return made[-1]

    yield panel
    for one in made:
        one.close()


# ---- parts, as a person writes them ----


@pytest.mark.parametrize(
    ("written", "edits"),
    [
        ("head_out.2.1", [("head_out.2.1", None)]),
        (" mlp_act.2 [ 17 ] ", [("mlp_act.2", 17)]),
        ("attn_out.0", [("attn_out.0", None)]),
        ("blocks.1.hook_resid_post", [("resid_post.1", None)]),
        ("Layer 2", [("attn_out.2", None), ("mlp_out.2", None)]),
        ("head_out.2.1[3]", [("head_out.2.1", 3)]),
    ],
)
def test_a_part_is_written_as_a_person_would(make: Callable, written: str, edits: list) -> None:
    panel = make(written)
    assert [(edit.target, edit.unit) for edit in panel.edits()] == edits
    assert make(*panel.parts).edits() == panel.edits()


def test_a_feature_is_of_the_dictionary(make: Callable, sae: Any) -> None:
    (edit,) = make("feature 3", sae=sae).edits()
    assert (edit.target, edit.unit) == (sae, 3)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("head_out.9.0", "no layer 9"),
        ("head_out.0.99", "no head 99"),
        ("mlp_act.0[9999]", "no neuron 9999"),
        ("layer 12", "0 to 2"),
        ("feature 3", "give one as sae="),
        ("pattern.1.0", "ablate the head"),
        ("logits", "ablate what comes before"),
        ("head_out.*.1", "one part at a time"),
        ("head_out.1[3]", "which head"),
        ("the third head", "write one as a head head_out.2.1"),
        ("bananas.3", "there are: "),
        ("", "is no part"),
    ],
)
def test_what_is_no_part_is_refused_in_words(make: Callable, written: str, says: str) -> None:
    panel = make("layer 1")
    with pytest.raises(traitlets.TraitError, match=says):
        panel.add(written)
    assert panel.parts == ["layer 1"]


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (("mlp_act.2", "mlp_act.2[17]"), "in common"),
        (("layer 2", "attn_out.2"), "in common"),
        (("head_out.1", "head_out.1.1"), "in common"),
        (("layer 2", "layer  2"), "taken out already"),
    ],
)
def test_a_part_within_another_is_refused(make: Callable, parts: tuple[str, ...], says: str) -> None:
    with pytest.raises(traitlets.TraitError, match=says):
        make(*parts)


def test_a_part_of_another_layer_or_stream_is_not(make: Callable) -> None:
    assert len(make("mlp_act.2[17]", "mlp_act.1[17]", "mlp_act.2[18]", "head_out.2.1", "head_out.2.0").parts) == 5


# ---- what is shown is what the library computes ----


def test_probabilities_and_kl_are_those_of_runs_one_by_one(model: wb.Model, make: Callable) -> None:
    panel = make("head_out.2.1", "mlp_act.1[17]", reference=OTHERS).wait()
    reference = wb.record.activations(model, OTHERS, at=["head_out.2", "mlp_act.1"])
    plain = model.run(PROMPT).logits[0].log_softmax(-1)
    found = panel._found
    for number, kind in enumerate(("zero", "mean", "resample")):
        given = {} if kind == "zero" else {"to": kind, "reference": reference}
        edits = [wb.Ablate("head_out.2.1", **given), wb.Ablate("mlp_act.1", 17, **given)]
        ablated = model.run(PROMPT, edits=edits).logits[0].log_softmax(-1)
        assert torch.allclose(found.ablated[number], ablated.gather(-1, found.ids).exp(), atol=1e-6)
        kl = (plain.exp() * (plain - ablated)).sum(-1)
        assert torch.allclose(found.kl[number], kl, atol=1e-6)


def test_the_tokens_listed_are_those_that_change_most(model: wb.Model, make: Callable) -> None:
    panel = make("layer 2").wait()
    plain, ablated = model.run(PROMPT, variants=[[], [*wb.Ablate.layer(2)]]).logits.softmax(-1)
    change = (ablated - plain).abs()
    for token in range(panel.page["total"]):
        listed = panel._found.ids[token]
        assert change[token, listed].min() >= change[token].topk(len(listed)).values.min()


def test_controls_are_drawn_by_the_library_and_never_the_part_itself(model: wb.Model, make: Callable) -> None:
    panel = make("mlp_act.1[17]").wait()
    drawn = wb.intervene.controls_for(model, panel.edits(), 6, seed=0)
    assert all(edit.unit != 17 for (edit,) in drawn)
    runs = model.run(PROMPT, variants=[[], *map(list, drawn)]).logits.log_softmax(-1)
    kl = (runs[0].exp() * (runs[0] - runs[1:])).sum(-1).clamp(min=0)
    low, middle, high = panel._found.control_kl[0]
    assert torch.allclose(low, kl.min(0).values, atol=1e-6)
    assert torch.allclose(high, kl.max(0).values, atol=1e-6)
    assert ((low <= middle) & (middle <= high)).all()
    assert panel.seen["stand_ins"] == ["a random other neuron"]


def test_another_seed_draws_other_controls(make: Callable) -> None:
    panel = make("mlp_act.1[17]").wait()
    before = panel._found.control_kl.clone()
    panel.seed = 5
    assert not torch.equal(panel.wait()._found.control_kl, before)
    panel.seed = 0
    assert torch.equal(panel.wait()._found.control_kl, before)


def test_many_variants_in_several_forwards_give_the_same(make: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make("layer 1", reference=OTHERS).wait()
    monkeypatch.setattr("workbench_widgets.ablation_panel.HELD", 1)
    again = make("layer 1", reference=OTHERS).wait()
    assert torch.allclose(panel._found.ablated, again._found.ablated, atol=1e-6)
    assert torch.allclose(panel._found.control, again._found.control, atol=1e-6)


def test_the_browser_gets_what_python_holds(model: wb.Model, make: Callable) -> None:
    panel = make("layer 1").wait()
    assert torch.equal(torch.tensor(from_wire(panel.seen["ablated"])), panel._found.ablated)
    assert panel.seen["names"][str(int(panel._found.ids[0, 0]))] == model.vocabulary.piece(int(panel._found.ids[0, 0]))


def test_nothing_taken_out_shows_what_the_model_predicts(model: wb.Model, make: Callable) -> None:
    panel = make().wait()
    likeliest = model.run(PROMPT).logits[0, -1].softmax(-1).topk(8)
    table = panel.prediction()
    assert list(table.columns) == ["token", "plain"]
    assert table["plain"].tolist() == pytest.approx(likeliest.values.tolist(), abs=1e-6)
    assert "nothing yet" in panel.summary()


def test_a_prediction_is_a_table_with_its_controls(make: Callable) -> None:
    table = make("layer 1", reference=OTHERS).wait().prediction(3)
    assert (table["mean control low"] <= table["mean control high"]).all()
    assert len(table) == 8


# ---- the task ----


def test_the_task_is_measured_as_the_library_measures_it(model: wb.Model, make: Callable) -> None:
    panel = make("layer 1", **TASK, controls=3).wait()
    reference = wb.record.activations(model, TASK["prompts"], at=["attn_out.1", "mlp_out.1"])
    named = {
        "zero": wb.Ablate.layer(1),
        "mean": wb.Ablate.layer(1, to="mean", reference=reference),
        "resample": wb.Ablate.layer(1, to="resample", reference=reference),
    }
    target = wb.intervene.Probability(" the")
    effects = wb.intervene.measure(model, TASK["prompts"], named, target=target, controls=3)
    for kind in named:
        assert str(panel.effects[kind].target) == str(effects[kind].target)
    sent = panel.measured["kinds"]["mean"]
    assert sent["change"][0] == pytest.approx(effects["mean"].target.change.value)
    assert sent["change"][3] == 4 and len(sent["controls"]) == 3 and sent["p"] == effects["mean"].target.p


def test_another_target_measures_anew_and_looks_at_nothing(make: Callable, front: Callable) -> None:
    panel = make("layer 1", **TASK, controls=2).wait()
    looked, browser = panel._run, front(panel)
    browser.update(target="answered")
    assert panel.wait().measured["target"] == "answered"
    assert panel._run == looked


def test_another_prompt_measures_nothing_anew(make: Callable, front: Callable) -> None:
    panel = make("layer 1", **TASK, controls=2).wait()
    measured, browser = panel.effects, front(panel)
    browser.say({"kind": "prompt", "text": "A dog"})
    assert panel.wait().effects is measured
    assert panel.prompt == "A dog" and panel.page["total"] == panel._found.ids.shape[0]


def test_it_fills_in_while_one_reads(make: Callable, front: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.intervene.targets.ROWS", 1)
    prompts = [f"{prompt} {number}" for prompt in TASK["prompts"] for number in range(5)]  # one given twice counts once
    many = {"prompts": prompts, "answers": " the"}
    panel = make(**many, controls=20)
    panel.wait()
    browser = front(panel)
    panel.parts = ["layer 1"]
    panel.wait()
    grown = [len(state["measured"]["kinds"]) for state in browser.states() if state.get("measured")]
    assert len(grown) >= 1
    assert panel.measured["kinds"]["zero"]["change"][3] == 20
    assert not panel.measuring


def test_without_other_texts_zero_alone_is_offered(make: Callable) -> None:
    panel = make("layer 1").wait()
    assert panel.kinds == ["zero"]
    with pytest.raises(traitlets.TraitError, match="give them as reference="):
        panel.kind = "mean"
    assert make("layer 1", **TASK).kinds == ["zero", "mean", "resample"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"prompts": ["a", "b"]}, "give answers"),
        ({"answers": ["a"]}, "give prompts"),
        ({"prompts": ["a", "b"], "answers": ["c"]}, "2 prompts and 1 answers"),
        ({"prompts": "a", "answers": "b"}, "a list of several dozen"),
        ({"reference": ["", "b"]}, "empty"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_in_words(make: Callable, settings: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make("layer 1", **settings)


# ---- the browser's part ----


def test_parts_are_added_and_left_in_by_messages(make: Callable, front: Callable) -> None:
    panel = make()
    browser = front(panel)
    browser.say({"kind": "add", "text": "head_out.2.1"})
    browser.say({"kind": "add", "text": "mlp_act.1[3]"})
    browser.say({"kind": "remove", "text": "head_out.2.1"})
    assert panel.wait().parts == ["mlp_act.1[3]"]
    assert [one["part"] for one in panel.about] == panel.parts


def test_an_error_stands_where_the_hand_was_and_goes_with_the_next_gesture(make: Callable, front: Callable) -> None:
    panel = make("layer 1").wait()
    browser = front(panel)
    browser.say({"kind": "add", "text": "head_out.99.0"})
    assert panel.error_at == "part" and "No layer 99" in panel.error and panel.error.endswith(".")
    browser.say({"kind": "prompt", "text": ""})
    assert panel.error_at == "prompt" and panel.prompt == PROMPT
    browser.say({"kind": "add", "text": "layer 2"})
    assert panel.wait().error == panel.error_at == ""


def test_a_token_that_is_not_there_is_refused(make: Callable, front: Callable) -> None:
    panel = make("layer 1").wait()
    browser = front(panel)
    browser.update(token=2)
    assert panel.token == 2
    browser.update(token=99)
    assert panel.token == 2 and browser.states()[-1]["token"] == 2
    browser.say({"kind": "prompt", "text": "A dog"})
    assert panel.wait().token == -1


def test_what_fails_is_said_and_the_panel_goes_on(
    make: Callable, model: wb.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make("layer 1").wait()
    monkeypatch.setattr(type(model), "run", lambda *_, **__: 1 / 0)
    panel.parts = ["layer 2"]
    assert "division by zero" in panel.wait().error.lower() and panel.seen == {}
    monkeypatch.undo()
    panel.measure()
    assert panel.wait().error == "" and panel.seen["kinds"] == ["zero"]


def test_cancel_keeps_what_is_there_and_measure_begins_anew(
    make: Callable, front: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, entered = threading.Event(), threading.Event()
    real = wb.intervene.measuring

    def slowly(*given: Any, **settings: Any) -> Iterator[Any]:
        for effects in real(*given, **settings):
            yield effects
            entered.set()
            gate.wait(60)

    monkeypatch.setattr(wb.intervene, "measuring", slowly)
    panel = make("layer 1", **TASK, controls=2)
    browser = front(panel)
    assert entered.wait(60)
    browser.say({"kind": "cancel"})
    assert panel.cancelled and not panel.measuring and panel.seen["draws"] == 6
    gate.set()
    monkeypatch.undo()
    assert panel.wait().effects is None or not panel.effects.is_complete
    browser.say({"kind": "measure"})
    assert panel.wait().effects.is_complete and not panel.cancelled


def test_the_latest_parts_win(make: Callable, front: Callable) -> None:
    panel = make()
    browser = front(panel)
    for number in range(8):
        browser.say({"kind": "add", "text": f"mlp_act.1[{number}]"})
    panel.wait()
    assert len(panel.parts) == 8 and panel.error == ""
    assert len(panel.edits()) == 8 and panel.seen["kinds"] == ["zero"]


def test_a_character_of_several_tokens_stands_whole(make: Callable) -> None:
    panel = make("layer 1", prompt="שלום 🌉")
    assert "".join(panel.page["pieces"]).endswith("🌉") and panel.page["groups"]


# ---- as code ----


def test_code_makes_the_same_panel(make: Callable, model: wb.Model, sae: Any) -> None:
    panel = make("feature 3", sae=sae, reference=OTHERS, **TASK, labels={3: "dogs"}, kind="mean", seed=4, controls=2)
    panel.wait().token = 2
    again = eval(panel.code(), {"AblationPanel": AblationPanel, "model": model, "sae": sae}).wait()
    assert all(getattr(again, name) == getattr(panel, name) for name in panel.recorded)
    assert again.kinds == panel.kinds and again._controls == 2
    assert torch.equal(again._found.ablated, panel._found.ablated)
    again.close()


def test_calls_give_what_is_shown(make: Callable, model: wb.Model, sae: Any) -> None:
    panel = make("feature 3", "layer 2", sae=sae, **TASK, token=3, controls=2).wait()
    probabilities, effects = eval(panel.calls(), {"wb": wb, "model": model, "sae": sae})
    shown = probabilities.gather(-1, panel._found.ids[3].expand(4, -1))
    assert torch.allclose(shown[0], panel._found.plain[3], atol=1e-6)
    assert torch.allclose(shown[1:], panel._found.ablated[:, 3], atol=1e-6)
    assert str(effects) == str(panel.effects)


def test_calls_need_no_reference_where_there_is_none(make: Callable, model: wb.Model) -> None:
    assert make().calls() == ""
    panel = make("layer 2").wait()
    probabilities = eval(panel.calls(), {"wb": wb, "model": model})
    assert torch.allclose(probabilities[1].gather(-1, panel._found.ids[-1]), panel._found.ablated[0, -1], atol=1e-6)


# ---- in a bench ----


@pytest.fixture
def bench(model: wb.Model, sae: Any) -> Iterator[Bench]:
    bench = Bench(model, sae)
    yield bench
    bench.close()


@pytest.mark.parametrize(
    ("site", "unit", "given"),
    [
        ("mlp_act.2", 17, "mlp_act.2[17]"),
        ("pattern.1", 1, "head_out.1.1"),
        ("features", 3, "feature 3"),
        ("resid_post.1", 5, "resid_post.1[5]"),
        ("embed", 5, "embed[5]"),
        ("head_out.2", 9, "head_out.2.1"),
    ],
)
def test_what_a_heatmap_shows_becomes_a_part(bench: Bench, front: Callable, site: str, unit: int, given: str) -> None:
    heatmap = bench.heatmap(PROMPT, site=site, unit=unit)
    browser = front(heatmap)
    assert not heatmap.gives_parts
    panel = bench.ablate()
    assert heatmap.gives_parts and panel.prompt == PROMPT
    browser.say({"kind": "ablate", "what": "unit"})
    assert panel.wait().parts == [given]
    assert f"ablation.parts = {panel.parts!r}" in bench.code()
    bench.undo()
    assert panel.wait().parts == []


def test_the_layer_that_a_heatmap_shows_becomes_a_part_once(bench: Bench, front: Callable) -> None:
    panel = bench.ablate(PROMPT)
    heatmap = bench.heatmap(site="mlp_act.2", unit=17)
    browser = front(heatmap)
    browser.say({"kind": "ablate", "what": "layer"})
    assert panel.parts == ["layer 2"]
    browser.say({"kind": "ablate", "what": "layer"})
    assert "taken out already" in heatmap.error
    panel.close()
    assert not heatmap.gives_parts


def test_a_token_of_the_vocabulary_is_no_part(model: wb.Model) -> None:
    assert part_of_view("logits", 0, 3, model) is None
    heatmap = ActivationHeatmap(model, PROMPT, site="mlp_act.1", unit=3)
    heatmap._receive({"kind": "ablate"})  # nobody takes it
    heatmap.close()


def test_every_part_of_a_view_exists(model: wb.Model, sae: Any) -> None:
    heatmap = ActivationHeatmap(model, PROMPT, sae=sae)
    for stream, layers in heatmap._layers.items():
        given = part_of_view(stream, layers[-1] if layers else 0, 1, model)
        assert given is None or str(part(given, model, sae)) == given
    heatmap.close()


def test_text_and_token_are_those_of_the_selection(bench: Bench) -> None:
    heatmap = bench.heatmap(PROMPT, site="mlp_act.2", unit=17)
    panel = bench.ablate(parts="layer 1")
    panel.token = 3
    assert heatmap.selected == bench.selection.token == 3
    heatmap.text = "A dog sleeps"
    assert bench.wait().selection.text == panel.prompt == "A dog sleeps"
    assert panel.token == -1
    bench.selection.feature = 7
    assert "feature 7" in panel.candidates


def test_the_script_of_a_bench_repeats_the_ablation(bench: Bench, model: wb.Model, sae: Any) -> None:
    long = {"prompts": [f"{text} and so on" for text in TASK["prompts"]], "answers": " the"}
    panel = bench.ablate(PROMPT, "layer 1", **long, controls=2)
    panel.add("mlp_act.2[17]")
    panel.kind, panel.token = "mean", 3
    bench.wait()
    script = bench.code()
    assert script.count(repr(long["prompts"])) == 1 and "texts = " in script
    names = {"model": model, "sae": sae}
    exec(script, names)
    again = names["ablation"]
    assert all(getattr(again, name) == getattr(panel, name) for name in panel.recorded)
    probabilities, effects = names["ablation_shows"]
    assert torch.allclose(probabilities[2].gather(-1, panel._found.ids[3]), panel._found.ablated[1, 3], atol=1e-6)
    assert str(effects) == str(panel.wait().effects)
    names["bench"].close()


def test_a_panel_made_elsewhere_is_linked_as_it_stands(bench: Bench, make: Callable, model: wb.Model, sae: Any) -> None:
    panel = make("layer 1")
    assert bench.add(panel) is panel
    names = {"model": model, "sae": sae}
    exec(bench.code(), names)
    assert names["ablation"].parts == ["layer 1"]
    names["bench"].close()


# ---- without a browser ----


def test_words_carry_numbers_with_their_controls(make: Callable) -> None:
    words = make("layer 1", **TASK, controls=3).wait().summary()
    assert "nats, controls" in words and "n 4" in words and "against 3 controls" in words
    assert "an illustration" in make("layer 1").wait().summary()


def test_a_page_without_python_says_how_far_the_measurement_came(make: Callable) -> None:
    panel = make("layer 1", **TASK, controls=2).wait()
    panel.set_trait("measuring", True)
    assert panel._exported() == {"measuring": False, "cancelled": True, "candidates": []}


def test_the_pieces_are_the_models_own(model: wb.Model, make: Callable) -> None:
    panel = make("layer 1").wait()
    token = int(panel._found.ids[-1, 0])
    assert panel.prediction()["token"][0] == model.vocabulary.piece(token) == decoded(model.tokenizer, [token])
