"""The sparse form equals the dense one, in value and gradient; a dictionary finds directions that were planted."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from reference import dense_topk

import workbench as wb
from workbench.decompose import Features, TopK


def random_topk(seed: int = 0) -> TopK:
    sae = TopK(d_model=12, width=40, k=5, site="resid_post.0", seed=seed)
    with torch.no_grad():
        for parameter in sae.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(seed)))
    return sae


def planted(n: int, d: int = 24, features: int = 32, on: int = 3, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Activations that are sparse sums of known directions."""
    g = torch.Generator().manual_seed(seed)
    directions = torch.nn.functional.normalize(torch.randn(features, d, generator=g), dim=-1)
    which = torch.rand(n, features, generator=g).topk(on).indices
    strength = 1 + torch.rand(n, on, generator=g)
    return (directions[which] * strength[..., None]).sum(1), directions


def test_sparse_encode_decode_and_loss_equal_the_dense_form() -> None:
    sae, x = random_topk(), torch.randn(50, 12)
    dense = dense_topk.encode(x, sae.W_enc, sae.b_enc, sae.b_dec, sae.k)
    features = sae.encode(x)
    for unit in range(sae.width):
        torch.testing.assert_close(features.unit(unit), dense[:, unit])
    torch.testing.assert_close(sae.decode(features), dense @ sae.W_dec + sae.b_dec)
    torch.testing.assert_close(sae.loss(x), dense_topk.loss(x, sae.W_enc, sae.W_dec, sae.b_enc, sae.b_dec, sae.k))


def test_sparse_gradients_equal_dense_ones_for_every_parameter() -> None:
    sae, x = random_topk(), torch.randn(50, 12)
    sae.loss(x).backward()
    copies = {name: p.detach().clone().requires_grad_() for name, p in sae.named_parameters()}
    dense_topk.loss(x, copies["W_enc"], copies["W_dec"], copies["b_enc"], copies["b_dec"], sae.k).backward()
    for name, parameter in sae.named_parameters():
        torch.testing.assert_close(parameter.grad, copies[name].grad, atol=1e-5, rtol=1e-5, msg=name)


def test_summaries_of_features_equal_those_of_the_dense_matrix() -> None:
    sae, x = random_topk(), torch.randn(4, 9, 12)
    mask = torch.rand(4, 9) > 0.3
    features = sae.encode(x)
    dense = torch.stack([features.unit(unit) for unit in range(sae.width)], -1)[mask]
    assert torch.equal(features.counts(mask), (dense > 0).sum(0))
    torch.testing.assert_close(features.maxima(mask), dense.amax(0))
    assert torch.equal(features.l0()[mask], (dense > 0).sum(-1).float())


def test_reconstruction_plus_error_is_the_activation() -> None:
    sae, x = random_topk(), torch.randn(30, 12)
    assert (sae(x) + (x - sae(x)) - x).abs().max() < 1e-5


@pytest.mark.slow
def test_training_finds_the_planted_directions_and_an_untrained_one_does_not() -> None:
    x, directions = planted(20_000)
    run = wb.decompose.train(x, site="resid_post.0", width=64, k=3, steps=1500, batch=256, seed=1)
    found = (directions @ run.finish().W_dec.T).amax(1)
    floor = (directions @ TopK(d_model=24, width=64, k=3, site="", seed=1).W_dec.T).amax(1)
    assert found.median() > 0.97, found
    assert floor.median() < 0.8, floor


def test_folding_makes_the_dictionary_read_activations_as_they_are() -> None:
    sae, x = random_topk(), torch.randn(20, 12)
    scale = 3.7
    want = sae(x * scale) / scale
    sae.fold(scale)
    torch.testing.assert_close(sae(x), want, atol=1e-5, rtol=1e-5)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    x, _ = planted(2000)
    hashes = [
        wb.decompose.train(x, site="s", width=16, k=2, steps=30, batch=64, seed=seed).finish().hash
        for seed in (1, 1, 2)
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_finishing_twice_or_stepping_past_the_end_changes_nothing() -> None:
    x, _ = planted(2000)
    run = wb.decompose.train(x, site="s", width=16, k=2, steps=30, batch=64)
    sae = run.finish()
    before = sae.hash
    run.step(100)
    assert run.finish() is sae
    assert sae.hash == before
    assert len(run.history) == 30


def test_encoding_in_parts_equals_encoding_at_once() -> None:
    sae, x = random_topk(), torch.randn(8192 + 50, 12)
    torch.testing.assert_close(sae.encode(x).unit(3)[8150:], sae.encode(x[8150:]).unit(3))


def test_maxima_and_density_describe_the_training_text() -> None:
    x, _ = planted(3000)
    sae = wb.decompose.train(x, site="s", width=16, k=2, steps=30, batch=64).finish()
    features = sae.encode(x)
    torch.testing.assert_close(sae.maxima, features.maxima())
    torch.testing.assert_close(sae.density, features.counts() / 3000)


def test_a_dictionary_survives_saving(tmp_path: Path) -> None:
    sae = random_topk().requires_grad_(False)
    sae.provenance = {"model": "tiny"}
    again = wb.decompose.load(wb.decompose.save(sae, tmp_path / "sae"))
    x = torch.randn(5, 12)
    assert torch.equal(again(x), sae(x)) and again.hash == sae.hash
    assert again.site == sae.site and again.provenance == {"model": "tiny"} and again.settings() == sae.settings()


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"dictionary\.json is missing"):
        wb.decompose.load(tmp_path)
    folder = wb.decompose.save(random_topk(), tmp_path / "sae")
    config = (folder / "dictionary.json").read_text()
    (folder / "dictionary.json").write_text(config.replace('"topk"', '"sparsest"'))
    with pytest.raises(ValueError, match="no architecture 'sparsest' .* there are: topk"):
        wb.decompose.load(folder)
    (folder / "dictionary.json").write_text(config.replace('"width": 40', '"width": 41'))
    with pytest.raises(ValueError, match="do not fit dictionary.json"):
        wb.decompose.load(folder)


def test_bad_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="k 9: at least 1 and at most the width, 8"):
        TopK(d_model=4, width=8, k=9, site="s")
    with pytest.raises(ValueError, match="no architecture 'relu'"):
        wb.decompose.train(torch.randn(8, 4), "relu", site="s", width=8, k=2)
    with pytest.raises(ValueError, match=r"given: \(0, 8\)"):
        wb.decompose.train(torch.empty(0, 8), site="s", width=8, k=2)
    with pytest.raises(ValueError, match="steps 0"):
        wb.decompose.train(torch.randn(8, 4), site="s", width=8, k=2, steps=0)
    with pytest.raises(ValueError, match="finite"):
        wb.decompose.train(torch.full((8, 4), float("nan")), site="s", width=8, k=2)
    with pytest.raises(ValueError, match="reads 12 numbers; given 4"):
        random_topk().encode(torch.randn(3, 4))


def test_features_are_frozen() -> None:
    with pytest.raises(AttributeError):
        random_topk().encode(torch.randn(3, 12)).width = 2  # type: ignore[misc]
    assert isinstance(random_topk().encode(torch.randn(3, 12))[0], Features)
