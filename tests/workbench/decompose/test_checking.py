"""A dictionary that is used wrongly is told from one that is used well."""

from __future__ import annotations

from copy import deepcopy
from itertools import islice

import pytest
import torch

import workbench as wb

SITE = "resid_post.0"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in islice(wb.world.documents("train", 5), 200)]


@pytest.fixture(scope="module")
def sae(model: wb.Model, texts: list[str]) -> wb.decompose.Dictionary:
    held = wb.decompose.harvest(model, texts, at=SITE)
    made = wb.decompose.train(held, "topk", width=512, k=16, steps=150, batch=512, learning_rate=3e-3).finish()
    card = wb.decompose.check(model, made, texts[:50])
    assert made.provenance["l0"] == pytest.approx(card.l0, rel=0.05)
    assert made.provenance["explained_variance"] == pytest.approx(card.explained_variance, abs=0.15)
    made.provenance |= {"l0": card.l0, "explained_variance": card.explained_variance}
    return made


def test_a_dictionary_in_its_place_fits(model: wb.Model, sae: wb.decompose.Dictionary, texts: list[str]) -> None:
    card = wb.decompose.check(model, sae, texts[:50])
    assert card and not card.warnings and card.explained_variance > 0.6 and "fits" in repr(card)


def test_a_wrong_hook_is_named(model: wb.Model, sae: wb.decompose.Dictionary, texts: list[str]) -> None:
    moved = deepcopy(sae)
    moved.reads = moved.writes = ("attn_out.0",)
    card = wb.decompose.check(model, moved, texts[:50])
    assert not card and any("wrong hook?" in warning and SITE in warning for warning in card.warnings)
    assert any("the file records" in warning for warning in card.warnings)


def test_another_scale_is_named_with_the_factor(
    model: wb.Model, sae: wb.decompose.Dictionary, texts: list[str]
) -> None:
    scaled = deepcopy(sae)  # reads activations that were multiplied by 16
    factor, zero = torch.full((256,), 1 / 16), torch.zeros(256)
    scaled.fold(zero, factor, zero, factor)
    scaled.provenance = {}
    card = wb.decompose.check(model, scaled, texts[:50])
    assert not card and any("times 16" in w and "another scale" in w for w in card.warnings), card


def test_a_missing_bos_is_named(
    model: wb.Model, sae: wb.decompose.Dictionary, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published = deepcopy(sae)
    published.provenance |= {"format": "SAELens", "bos": True}
    assert wb.decompose.check(model, published, texts[:50])
    monkeypatch.setattr(model.vocabulary, "bos", None)
    assert any("BOS" in warning for warning in wb.decompose.check(model, published, texts[:50]).warnings)


def test_a_dictionary_of_another_model_is_named(sae: wb.decompose.Dictionary, texts: list[str]) -> None:
    other = wb.world.untrained()
    assert any("trained on atlas" in warning for warning in wb.decompose.check(other, sae, texts[:10]).warnings)


def test_centred_weights_are_named(model: wb.Model, sae: wb.decompose.Dictionary, texts: list[str]) -> None:
    centred = deepcopy(sae)
    centred.provenance = {}
    centred.W_enc += 50 / 16  # reads the mean of a token's numbers, which there was none of where it was trained
    card = wb.decompose.check(model, centred, texts[:50])
    assert any('per_token="centre"' in warning for warning in card.warnings)
    centred.per_token = "centre"
    again = wb.decompose.check(model, centred, texts[:50])
    assert again and again.explained_variance > card.explained_variance + 0.1


def test_another_width_is_refused(model: wb.Model, texts: list[str]) -> None:
    narrow = wb.decompose.TopK(d_model=8, width=16, k=2, site=SITE)
    with pytest.raises(ValueError, match="has 8 numbers at resid_post.0; atlas has 256"):
        wb.decompose.check(model, narrow, texts[:2])
