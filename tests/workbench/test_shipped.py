"""The shipped model and dictionary do what their cards say, on questions that training never held."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import torch

import workbench as wb

ASSETS = Path(wb.__file__).parent / "assets"


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def sae() -> wb.decompose.Dictionary:
    return wb.decompose.load()


@pytest.mark.slow
@pytest.mark.parametrize(("task", "bar"), [("indirect_object", 0.95), ("addition", 0.80), ("landmark_city", 0.80)])
def test_the_model_passes_its_bars_on_held_out_questions(model: wb.Model, task: str, bar: float) -> None:
    assert wb.world.tasks[task].score(model, n=200).value >= bar


def test_an_untrained_twin_fails_them(model: wb.Model) -> None:
    from workbench.world.recipe import ATLAS, untrained

    twin = wb.Model(untrained(ATLAS, model.tokenizer), model.tokenizer)
    for task in ("indirect_object", "addition"):
        assert wb.world.tasks[task].score(twin, n=30).value <= 0.1


def test_the_receiver_is_favoured_over_the_giver(model: wb.Model) -> None:
    margin = wb.world.tasks["indirect_object"].margin(model, n=100)
    assert margin.low > 3
    with pytest.raises(ValueError, match="no wrong answer"):
        wb.world.tasks["addition"].margin(model, n=2)


@pytest.mark.slow
def test_the_dictionary_passes_its_bars_on_held_out_text(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    texts = [document.text for document in islice(wb.world.documents("test", 1), 150)]
    card = wb.decompose.score(model, sae, texts)
    assert card.explained_variance.low >= 0.65 > card.floor_variance.high
    assert card.l0.value <= 40
    assert card.ce_recovered.low > card.floor_ce.high
    assert "explained variance" in str(card)


@pytest.mark.slow
def test_scoring_a_perfect_and_an_empty_dictionary_gives_one_and_nothing(model: wb.Model) -> None:
    """The score itself is checked where the answer is known."""
    texts = [document.text for document in islice(wb.world.documents("test", 2), 20)]
    whole = wb.decompose.TopK(d_model=model.d_model, width=256, k=256, site="resid_post.1").requires_grad_(False)
    identity = torch.eye(model.d_model)
    whole.W_dec.copy_(torch.cat([identity, -identity]))
    whole.W_enc.copy_(whole.W_dec.T)
    card = wb.decompose.score(model, whole, texts)
    assert card.explained_variance.value == pytest.approx(1, abs=1e-5)
    assert card.ce_recovered.value == pytest.approx(1, abs=1e-4)
    whole.W_dec.zero_()
    card = wb.decompose.score(model, whole, texts)
    assert card.ce_recovered.value == pytest.approx(0, abs=1e-4) and card.explained_variance.value < 0


def test_zero_strength_and_reconstruction_plus_error_are_exact(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    text = "The Golden Gate Bridge is in"
    run = model.run(text, at=sae.site)
    steer = wb.Steer(sae.site, sae.direction(3), 0.0)
    assert torch.equal(model.run(text, edits=[steer]).logits, run.logits)
    x = run[sae.site]
    assert (sae(x) + (x - sae(x)) - x).abs().max() <= 1e-5


def test_the_dictionary_was_made_from_this_model(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    assert sae.provenance["hash"] == model.hash


def test_the_cards_state_figures_and_commands_and_all_assets_are_small() -> None:
    for name, command in (("atlas", "workbench world train"), ("atlas-dictionary", "workbench decompose train")):
        card = (ASSETS / name / "README.md").read_text()
        assert command in card and ", n " in card
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 48e6


def test_what_is_missing_is_named_with_how_to_rebuild_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench import model as module
    from workbench.decompose import formats

    monkeypatch.setattr(module, "ASSETS", tmp_path)
    monkeypatch.setattr(formats, "SHIPPED", tmp_path / "atlas-dictionary")
    with pytest.raises(FileNotFoundError, match="workbench world train"):
        wb.load()
    with pytest.raises(FileNotFoundError, match="workbench decompose train"):
        wb.decompose.load()
