"""The widgets on a real, tiny and random, model: what they show is what the library computes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import tiny
import torch

import workbench as wb
from workbench_widgets import ActivationHeatmap, Bench, SteeringPanel

TEXT = "Mary and John went to the store."


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


def write(model: wb.Model, edits: list[wb.Clamp]) -> str:
    return "".join(map(str, model.generate("The bridge", edits=edits, new_tokens=12, temperature=1.0, seed=3)))


def steering(model: wb.Model, sae: wb.decompose.Dictionary) -> SteeringPanel:
    return SteeringPanel(model, sae, [3, 5], prompt="The bridge", new_tokens=12, temperature=1.0, seed=3)


@pytest.mark.parametrize("site", ["resid_post", "mlp_act", "embed"])
def test_the_heatmap_shows_what_a_run_reads(model: wb.Model, site: str) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site=site, unit=7)
    sites = [f"{site}.{layer}" for layer in heatmap.view["layers"]] or [site]
    run = model.run(TEXT, at=sites)
    assert torch.equal(torch.stack([run[name][0, :, 7] for name in sites]), torch.tensor(heatmap.values))


def test_the_heatmap_shows_what_the_dictionary_encodes(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, feature=7)
    features = sae.encode(model.run(TEXT, at=[sae.site])[sae.site])
    assert torch.equal(features.unit(7), torch.tensor(heatmap.values))


@pytest.mark.parametrize("bos", [True, False])
def test_an_ordinary_token_in_angle_brackets_is_no_bos(bos: bool) -> None:
    view = ActivationHeatmap(tiny.model("llama", bos=bos), "<b>old</b>", site="embed").view
    assert view["bos"] is bos
    assert view["pieces"][0] == ("<bos>" if bos else "<")


@pytest.mark.parametrize("site", ["resid_post.1", "head_out.2", "pattern.1", "logits", "features"])
def test_the_calls_of_a_heatmap_give_what_it_shows(model: wb.Model, sae: wb.decompose.Dictionary, site: str) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, site=site)
    shows = eval(heatmap.calls(), {"torch": torch, "model": model, "sae": sae})
    assert torch.equal(shows.detach(), torch.tensor(heatmap.values))


def test_a_character_that_is_split_over_tokens_stands_whole_in_the_first() -> None:
    model = wb.load()
    text = "a 🌉 b שלום"
    view = ActivationHeatmap(model, text, site="embed").view
    tokens = model.tokens(text)
    assert any("\ufffd" in piece for piece in tokens.pieces[0])
    assert not any("\ufffd" in piece for piece in view["pieces"])
    assert "".join(view["pieces"][1:]).strip() == text
    (first, behind), *_ = view["groups"]
    assert "🌉" in view["pieces"][first] and behind - first > 1
    assert view["pieces"][first + 1 : behind] == [""] * (behind - first - 1)
    assert len(view["pieces"]) == tokens.ids.shape[1]


def test_every_stream_offered_can_be_shown(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    for stream in ActivationHeatmap(model, TEXT, sae=sae).streams:
        ActivationHeatmap(model, TEXT, sae=sae, site=stream)


def test_off_is_the_plain_text_and_held_is_the_text_under_the_clamps(
    model: wb.Model, sae: wb.decompose.Dictionary
) -> None:
    panel = steering(model, sae).wait()
    assert panel.plain == panel.steered == write(model, [])
    panel.strengths = [2.0, -1.0]
    panel.wait()
    assert panel.plain == write(model, [])
    assert panel.steered == write(model, [wb.Clamp(sae, 3, 16.0), wb.Clamp(sae, 5, -8.0)])
    first, second = panel.controls
    assert panel.control == write(model, [wb.Clamp(sae, first, 16.0), wb.Clamp(sae, second, -8.0)])


def test_a_cell_may_use_the_model_while_the_panel_writes(
    model: wb.Model, sae: wb.decompose.Dictionary, front: Callable
) -> None:
    expected = model.run(TEXT).logits
    panel = steering(model, sae)
    browser = front(panel)
    heatmap = ActivationHeatmap(model, TEXT, site="resid_post")
    wrong: list[str] = []

    def cell() -> None:
        for _ in range(20):
            if not torch.equal(model.run(TEXT).logits, expected):
                wrong.append("logits changed")

    thread = threading.Thread(target=cell)
    thread.start()
    for i in range(20):
        browser.update(strengths=[i / 4, 0])
        heatmap.unit = i
    thread.join()
    heatmap.wait()
    panel.wait()
    assert wrong == []
    assert panel.error == heatmap.error == ""
    assert panel.steered == write(model, [wb.Clamp(sae, 3, 19 / 4 * 8)])
    assert torch.equal(model.run(TEXT).logits, expected)


def test_a_dashboard_of_the_shipped_index_is_replayed_by_its_script() -> None:
    index = wb.explore.open()
    bench = Bench(index.model, index.sae, index)
    dashboard = bench.features(942)
    bench.wait()
    dashboard.feature = index.neighbours(942)[0].number
    bench.wait()
    names: dict = {}
    exec(bench.code(), names)
    assert names["dashboard"].feature == dashboard.feature
    assert names["dashboard_shows"] == index[dashboard.feature]
    names["bench"].close()
    bench.close()
