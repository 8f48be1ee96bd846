"""Encode and decode equal their dense forms; features are sparse from end to end; nonsense is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import reference.dense_dictionaries as dense
import torch

import workbench as wb
from workbench.decompose import ARCHITECTURES, Dictionary, Features, TopK, dictionaries

D, F, K = 12, 64, 5
OWN = {"relu": {}, "gated": {}, "topk": {"k": K}, "batch_topk": {"k": K}, "matryoshka": {"k": K}, "jumprelu": {"k": K}}


def made(architecture: str = "topk", seed: int = 0) -> Dictionary:
    """One with weights and biases away from where they begin, and a threshold where it has one."""
    sae = ARCHITECTURES[architecture](d_model=D, width=F, site="resid_post.0", seed=seed, **OWN[architecture])
    randomness = torch.Generator().manual_seed(seed)
    for parameter in sae.requires_grad_(False).parameters():
        parameter += 0.1 * torch.randn(parameter.shape, generator=randomness)
    if architecture in ("batch_topk", "matryoshka"):
        sae.threshold.fill_(0.7)
    return sae


def spelled_out(sae: Dictionary, x: torch.Tensor) -> torch.Tensor:
    """The features in use, straight from each definition. [N, F]"""
    w = dict(sae.named_parameters())
    z = dense.before(w, x)
    if sae.architecture == "topk":
        kept = torch.zeros_like(z)
        for row in range(len(z)):
            for column in z[row].argsort(descending=True)[:K]:
                kept[row, column] = 1
        return (z * kept).relu()
    if sae.architecture == "gated":
        return (z > 0) * ((z - w["b_enc"]) * w["r_mag"].exp() + w["b_mag"]).relu()
    threshold = getattr(sae, "threshold", torch.tensor(0.0)).clamp(min=0)
    return z * (z > threshold)


def as_matrix(features: Features) -> torch.Tensor:
    return torch.stack([features.unit(unit) for unit in range(features.width)], -1)


@pytest.mark.parametrize("architecture", OWN)
def test_encode_and_decode_equal_the_dense_form(architecture: str) -> None:
    sae, x = made(architecture), 2 * torch.randn(50, D, generator=torch.Generator().manual_seed(3))
    features, expected = sae.encode(x), spelled_out(sae, x)
    torch.testing.assert_close(as_matrix(features), expected)
    torch.testing.assert_close(sae.decode(features), expected @ sae.W_dec + sae.b_dec)
    assert 0 < features.l0().mean() < F
    assert features.values.shape[-1] == K if architecture == "topk" else features.values.shape[-1] < F


@pytest.mark.parametrize("per_token", ["", "layer_norm"])
@pytest.mark.parametrize("architecture", OWN)
def test_one_activation_alone_is_what_it_is_among_all(architecture: str, per_token: str) -> None:
    sae, x = made(architecture), 2 * torch.randn(4, 30, D, generator=torch.Generator().manual_seed(3))
    sae.per_token = per_token
    features = sae.encode(x)
    for feature in range(0, F, 7):
        torch.testing.assert_close(sae.activation(x, feature), features.unit(feature))
    assert (sae.alone(torch.ones(()), 0) is None) == (architecture == "topk")


@pytest.mark.parametrize("architecture", OWN)
def test_encoding_in_parts_equals_encoding_at_once(architecture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sae, x = made(architecture), torch.randn(3, 100, D, generator=torch.Generator().manual_seed(3))
    at_once = as_matrix(sae.encode(x))
    monkeypatch.setattr(dictionaries, "HELD", 7 * F)
    torch.testing.assert_close(as_matrix(sae.encode(x)), at_once)
    torch.testing.assert_close(as_matrix(sae.encode(x[1])), at_once[1])


@pytest.mark.parametrize("architecture", OWN)
def test_gradients_flow_through_encoding_where_they_are_wanted(architecture: str) -> None:
    sae, x = made(architecture), torch.randn(6, D, requires_grad=True)
    spelled_out(sae, x).sum().backward()
    expected, x.grad = x.grad, None
    sae.encode(x).values.sum().backward()
    torch.testing.assert_close(x.grad, expected)


def test_nothing_and_nothing_on_are_encoded_too() -> None:
    sae = made("jumprelu")
    assert sae.encode(torch.empty(0, D)).values.shape[0] == 0 and sae(torch.empty(2, 0, D)).shape == (2, 0, D)
    sae.b_enc -= 1000
    assert sae.encode(torch.randn(4, D)).l0().sum() == 0
    torch.testing.assert_close(sae(torch.randn(4, D)), sae.b_dec.expand(4, D))


def test_summaries_of_features_equal_those_of_the_dense_matrix() -> None:
    sae, x = made(), torch.randn(4, 9, D)
    mask = torch.rand(4, 9) > 0.3
    features = sae.encode(x)
    matrix = as_matrix(features)[mask]
    assert torch.equal(features.counts(mask), (matrix > 0).sum(0))
    torch.testing.assert_close(features.maxima(mask), matrix.amax(0))
    assert torch.equal(features.l0()[mask], (matrix > 0).sum(-1).float())


def test_in_a_recording_bos_and_padding_have_no_features() -> None:
    model = wb.load()
    recording = wb.record.activations(model, ["2+2=", "The Golden Gate Bridge is orange."], at="resid_post.1")
    sae, text = wb.decompose.load(), recording.tokens.places.text
    features, every = sae.encode(recording), sae.encode(recording["resid_post.1"])
    assert features.values.shape[:2] == text.shape and features.l0()[~text].max() == 0 < every.l0()[~text].max()
    for unit in features.counts().topk(20).indices.tolist():
        torch.testing.assert_close(features.unit(unit)[text], every.unit(unit)[text])
        torch.testing.assert_close(sae.activation(recording, unit), features.unit(unit))
    assert torch.equal(features.counts(), every.counts(text)) and torch.equal(features.l0()[text], every.l0()[text])


@pytest.mark.parametrize("architecture", OWN)
def test_each_feature_may_have_a_scale_of_its_own_where_none_is_compared_with_others(architecture: str) -> None:
    sae, x = made(architecture), torch.randn(20, D)
    if not sae.own_scale:
        assert sae.units(torch.full((D,), 4.0)) == 0.25
        return
    before, values, by = sae(x), as_matrix(sae.encode(x)), 0.5 + torch.rand(F)
    sae.rescale(by)
    torch.testing.assert_close(as_matrix(sae.encode(x)), by * values, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(sae(x), before, atol=1e-5, rtol=1e-5)
    sae.rescale(sae.units(torch.ones(D)))
    torch.testing.assert_close(sae.norms(), torch.ones(F))


def test_features_keep_where_they_are_from(tmp_path: Path) -> None:
    model, sae = wb.load(), wb.decompose.load()
    recording = wb.record.activations(model, ["The bridge", "2+2=4"], at=sae.site)
    again = wb.decompose.Features.open(sae.encode(recording).save(tmp_path / "features"))
    assert torch.equal(again.values, sae.encode(recording).values) and again.width == sae.width
    assert again.provenance["hash"] == model.hash and again.provenance["dictionary"] == sae.hash
    with pytest.raises(FileNotFoundError, match="no features in"):
        wb.decompose.Features.open(tmp_path)


@pytest.mark.parametrize("architecture", OWN)
def test_without_a_feature_its_direction_times_its_activation_is_missing(architecture: str) -> None:
    sae, x = made(architecture), torch.randn(30, D)
    features = sae.encode(x)
    one = int(features.counts().argmax())
    without = replace(features, values=features.values * (features.indices != one))
    missing = sae.written(x, features) - sae.written(x, without)
    assert features.unit(one).max() > 0
    torch.testing.assert_close(missing, features.unit(one)[:, None] * sae.direction(one), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("architecture", OWN)
def test_rescaling_and_moving_keep_what_is_written(architecture: str) -> None:
    sae, x = made(architecture), torch.randn(20, D)
    before, values = sae(x), as_matrix(sae.encode(x))
    sae.rescale(2.5)
    torch.testing.assert_close(as_matrix(sae.encode(x)), 2.5 * values, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(sae(x), before, atol=1e-5, rtol=1e-5)
    shift = torch.randn(D)
    sae.move(sae.W_enc @ -shift)
    torch.testing.assert_close(as_matrix(sae.encode(x + shift)), 2.5 * values, atol=1e-4, rtol=1e-4)


def test_a_batch_has_k_features_on_for_each_token_on_average_and_one_token_may_have_more() -> None:
    sae = ARCHITECTURES["batch_topk"](d_model=D, width=F, k=K, site="resid_post.0")
    x = torch.randn(200, D) * torch.linspace(0.1, 4, 200)[:, None]
    loss = sae.loss(x)
    assert len(loss.values) == 200 * K and loss.pattern.counts.max() > 2 * K and loss.pattern.counts.min() == 0
    assert sae.threshold == loss.values.min() > 0


def test_matryoshka_of_one_prefix_is_batch_topk() -> None:
    plain = ARCHITECTURES["batch_topk"](d_model=D, width=F, k=K, site="resid_post.0", seed=4)
    alone = ARCHITECTURES["matryoshka"](d_model=D, width=F, k=K, prefixes=(F,), site="resid_post.0", seed=4)
    x = torch.randn(100, D)
    assert made("matryoshka").prefixes == (4, 8, 16, 32, 64)
    torch.testing.assert_close(alone.loss(x).total, plain.loss(x).total)


def test_silent_features_are_counted_and_come_back_when_they_fire() -> None:
    sae = made()
    sae.loss(torch.randn(30, D))
    fired = sae.silent == 0
    assert fired.any() and torch.equal(sae.silent.unique(), torch.tensor([0.0, 30.0]))


def test_bad_settings_are_refused() -> None:
    for wrong, says in (
        ({"k": 99}, "k 99: at least 1 and at most the width, 64"),
        ({"k": 2, "width": 0}, "width 0"),
        ({"k": 2, "skip": True}, "has no skip"),
        ({"k": 2, "d_out": 3}, "writes what it reads"),
        ({"k": 2, "site": ("a", "b", "c", "d", "e")}, "evenly"),
        ({"k": 2, "per_token": "batch_norm"}, "'layer_norm'"),
    ):
        with pytest.raises(ValueError, match=says):
            TopK(**{"d_model": D, "width": F, "site": "s"} | wrong)
    with pytest.raises(ValueError, match="from 1 on, ascending, the last of them the width, 64"):
        ARCHITECTURES["matryoshka"](d_model=D, width=F, k=2, prefixes=(8, 4, F), site="s")
    with pytest.raises(ValueError, match="reads 12 numbers; given 4"):
        made().encode(torch.randn(3, 4))
    with pytest.raises(ValueError, match="no feature 64; .* has 0 to 63"):
        made().direction(64)
    with pytest.raises(ValueError, match="nothing is written to 'b'; there are: resid_post.0"):
        made().direction(3, "b")


def test_features_are_frozen() -> None:
    with pytest.raises(AttributeError):
        made().encode(torch.randn(3, D)).width = 2  # type: ignore[misc]
    assert isinstance(made().encode(torch.randn(3, D))[0], Features)
