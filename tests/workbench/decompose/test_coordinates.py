"""Neurons as a dictionary are the model's own values, and every call that takes features takes them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import workbench as wb

TEXTS = ["The Golden Gate Bridge is orange.", "2+2=4", "Anna walks to the garden.", "Der Hund schläft."] * 2
SITES = ["mlp_act.0", "mlp_act.1", "mlp_act.2", "mlp_act.3"]


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


def raw(model: wb.Model, at: str | list[str]) -> torch.Tensor:
    """The values of all tokens of the texts, sites side by side. [N, D]"""
    recording = wb.record.activations(model, TEXTS, at=at)
    return torch.cat([recording.flat(site) for site in recording], -1).float()


def as_matrix(features: wb.decompose.Features) -> torch.Tensor:
    return torch.stack([features.unit(unit) for unit in range(features.width)], -1)


@pytest.mark.parametrize(("side", "sign"), [("positive", 1), ("negative", -1)])
def test_a_feature_is_one_side_of_its_neuron(model: wb.Model, side: str, sign: int) -> None:
    x, mlp = raw(model, "mlp_act.1"), wb.decompose.neurons(model, "mlp_act.1", side=side)
    features = mlp.encode(x)
    assert mlp.width == 688
    torch.testing.assert_close(as_matrix(features), (sign * x).relu(), rtol=0, atol=0)
    torch.testing.assert_close(mlp(x), sign * (sign * x).relu(), rtol=0, atol=0)
    assert torch.equal(mlp.activation(x, 5), features.unit(5))
    assert torch.equal(mlp.direction(5), sign * torch.eye(688)[5])


def test_both_sides_give_back_what_was_there_to_the_bit(model: wb.Model) -> None:
    x, mlp = raw(model, "mlp_act.*"), wb.decompose.neurons(model, "mlp_act.*", side="both")
    features = mlp.encode(x)
    assert mlp.width == 2 * x.shape[1] and torch.equal(mlp(x), x)
    assert torch.equal(features.l0(), (x != 0).sum(-1).float())
    for feature in (7, 700, x.shape[1] + 700):
        assert torch.equal(mlp.activation(x, feature), features.unit(feature))
    assert mlp.place(700) == mlp.place(x.shape[1] + 700) == ("mlp_act.1", 12)


def test_the_matrices_that_it_does_without_say_the_same(model: wb.Model) -> None:
    x, mlp = raw(model, "mlp_act.2"), wb.decompose.neurons(model, "mlp_act.2", side="both")
    torch.testing.assert_close((x @ mlp.W_enc.T).relu() @ mlp.W_dec, mlp(x))
    assert all(torch.equal(mlp.W_dec[feature], mlp.direction(feature)) for feature in (0, 3, 688, 691))
    assert sum(part.numel() for part in (*mlp.parameters(), *mlp.buffers())) < 10 * mlp.width


def test_density_and_maxima_are_those_of_the_texts(model: wb.Model) -> None:
    x, mlp = raw(model, SITES), wb.decompose.neurons(model, SITES, texts=TEXTS)
    torch.testing.assert_close(mlp.density, (x > 0).float().mean(0))
    torch.testing.assert_close(mlp.maxima, x.amax(0).relu())
    assert mlp.provenance["measured"] == len(x)
    assert not wb.decompose.neurons(model, SITES).maxima.any()


def test_bos_and_padding_have_no_features(model: wb.Model) -> None:
    recording = wb.record.activations(model, TEXTS, at="mlp_act.1")
    features = wb.decompose.neurons(model, "mlp_act.1").encode(recording)
    assert not features.l0()[~recording.tokens.places.text].any()
    assert features.l0()[recording.tokens.places.text].all()
    assert features.provenance["reads"] == ["mlp_act.1"]


def test_a_direction_at_one_of_several_sites(model: wb.Model) -> None:
    mlp = wb.decompose.neurons(model, SITES, side="negative")
    assert torch.equal(mlp.direction(700, "mlp_act.1"), -torch.eye(688)[12])
    assert not mlp.direction(700, "mlp_act.0").any()
    with pytest.raises(ValueError, match="nothing is written to 'embed'"):
        mlp.direction(700, "embed")


def test_concepts_claims_and_floors_take_neurons_as_they_take_features(model: wb.Model) -> None:
    mlp = wb.decompose.neurons(model, "mlp_act.0", texts=TEXTS, side="both")
    pieces = [row[1:] for row in model.tokens(TEXTS).pieces]
    labels = [[{"digit"} if piece.strip().isdigit() else set() for piece in row] for row in pieces]
    texts = [text for text in TEXTS for _ in range(2)]
    doubled = [row for row in labels for _ in range(2)]
    (one,) = wb.decompose.recover(model, mlp, texts, doubled, least=1)
    assert one.concept == "digit" and one.f1.value > 0.9 and one.floor is not None
    claim = wb.explore.test(model, mlp, one.feature, positives=["3+4=7"], distractors=["The dog sleeps."])
    assert claim.sensitivity.n == 1 and "random" in claim.controls


def test_a_neuron_can_be_clamped(model: wb.Model) -> None:
    mlp = wb.decompose.neurons(model, "mlp_act.1", texts=TEXTS)
    text, held = TEXTS[0], 7.5
    x = model.run(text, edits=[wb.Clamp(mlp, 3, held)], at="mlp_act.1")["mlp_act.1"]
    plain = model.run(text, at="mlp_act.1")["mlp_act.1"]
    torch.testing.assert_close(x[0, 1:, 3], plain[0, 1:, 3] + held - plain[0, 1:, 3].relu())
    assert torch.equal(x[..., 4], plain[..., 4])


def test_hashes_differ_by_site_side_model_and_measurement(model: wb.Model) -> None:
    several = [
        wb.decompose.neurons(model, "mlp_act.1"),
        wb.decompose.neurons(model, "mlp_act.2"),
        wb.decompose.neurons(model, "mlp_act.1", side="negative"),
        wb.decompose.neurons(model, "mlp_act.1", texts=TEXTS),
        wb.decompose.neurons(wb.load("atlas-b"), "mlp_act.1"),
    ]
    assert len({one.hash for one in several}) == 5
    assert several[0].hash == wb.decompose.neurons(model, "mlp_act.1").hash


def test_nonsense_is_refused_with_what_exists(model: wb.Model, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="side 'up' of a neuron was asked for; there are: positive, negative, both"):
        wb.decompose.neurons(model, side="up")
    with pytest.raises(ValueError, match=r"mlp_act\.9"):
        wb.decompose.neurons(model, "mlp_act.9")
    mlp = wb.decompose.neurons(model)
    with pytest.raises(ValueError, match="no feature 688"):
        mlp.direction(688)
    with pytest.raises(ValueError, match="no file holds neurons"):
        wb.decompose.save(mlp, tmp_path / "neurons")
    with pytest.raises(TypeError, match="cannot be trained"):
        mlp.loss(torch.zeros(1, 688))
