"""The unit that goes with another is found, in bounded memory, and chance is not taken for it."""

from __future__ import annotations

import random

import numpy as np
import pytest
import reference.dense_correlations as dense
import torch

import workbench as wb
from workbench.decompose import Dictionary, TopK
from workbench.explore import comparing

D, F = 256, 40


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def twin() -> wb.Model:
    return wb.load("atlas-b")


def texts(n: int = 40, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    words = ["bridge", "garden", "12", "the", "red", "Anna", "=", "dog", "et", "blue"]
    return [" ".join(rng.choice(words) for _ in range(rng.randint(4, 14))) for _ in range(n)]


def made(seed: int = 0, width: int = F, k: int = 4, site: str = "resid_post.0") -> Dictionary:
    return TopK(d_model=D, width=width, k=k, site=site, seed=seed).requires_grad_(False)


def activations(model: wb.Model, sae: Dictionary, some: list[str]) -> np.ndarray:
    features = sae.encode(wb.record.activations(model, some, at=sae.reads).flat(sae.site).float())
    return torch.stack([features.unit(unit) for unit in range(sae.width)], -1).numpy()


def permuted(sae: Dictionary, order: torch.Tensor) -> Dictionary:
    other = made(width=sae.width)
    for name in ("W_enc", "b_enc", "W_dec"):
        getattr(other, name).copy_(getattr(sae, name)[order])
    return other


def test_a_dictionary_whose_features_are_permuted_is_the_same(model: wb.Model) -> None:
    sae, order = made(), torch.randperm(F, generator=torch.Generator().manual_seed(1))
    found = wb.explore.best_matches(model, sae, model, permuted(sae, order), texts(), least=5)
    assert len(found.asked) > 20
    assert torch.equal(order[found.match[found.asked]], found.asked)
    torch.testing.assert_close(found.r[found.asked], torch.ones(len(found.asked)))
    assert torch.equal(found.together, found.counts.where(found.match >= 0, found.together))
    assert found.median.value == pytest.approx(1) and found.chance.value < 0.3


@pytest.mark.parametrize("crowded", [False, True])
def test_matches_are_those_of_whole_matrices(model: wb.Model, twin: wb.Model, crowded: bool) -> None:
    if crowded:
        a, b = (wb.decompose.neurons(one, "attn_out.0", side="both") for one in (model, twin))
    else:
        a, b = made(1), made(2, width=60)
    some = texts(12)
    halves = [(activations(model, a, half), activations(twin, b, half)) for half in (some[::2], some[1::2])]
    expected = dense.best(*halves, least=5)
    found = wb.explore.best_matches(model, a, twin, b, some, least=5)
    assert found.asked.tolist() == sorted(expected)
    assert {unit: int(found.match[unit]) for unit in expected} == {unit: match for unit, (match, _) in expected.items()}
    assert [float(found.r[unit]) for unit in expected] == pytest.approx([r for _, r in expected.values()], abs=1e-5)
    assert found.tokens == len(halves[1][0]) and torch.equal(found.counts, torch.tensor((halves[1][0] > 0).sum(0)))


def test_memory_is_bounded_and_blocks_change_nothing(model: wb.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    sparse, neurons = made(1), wb.decompose.neurons(model, "mlp_act.0")
    whole = [
        wb.explore.best_matches(model, a, model, b, texts(), least=5) for a, b in ((sparse, made(2)), (sparse, neurons))
    ]
    held = []
    zeros = torch.zeros

    def watched(*shape: object, **kind: object) -> torch.Tensor:
        out = zeros(*shape, **kind)
        held.append(out.numel() if kind.get("dtype") == torch.float64 else 0)
        return out

    monkeypatch.setattr(comparing, "HELD", 7 * 688 * 2)
    monkeypatch.setattr(comparing, "COLUMNS", 100)
    monkeypatch.setattr(torch, "zeros", watched)
    parts = [
        wb.explore.best_matches(model, a, model, b, texts(), least=5) for a, b in ((sparse, made(2)), (sparse, neurons))
    ]
    assert 0 < max(held) <= 7 * 688
    for one, other in zip(whole, parts, strict=True):
        assert torch.equal(one.match, other.match)
        torch.testing.assert_close(one.r, other.r, equal_nan=True)


def test_what_was_chosen_among_many_is_not_flattered(model: wb.Model) -> None:
    """Two thousand random directions: each has a match where it is chosen, and most of it is luck."""
    some, noise = texts(16), made(5, width=2000, k=100, site="resid_pre.0")
    a = made(1, site="resid_post.3")
    found = wb.explore.best_matches(model, a, model, noise, some, least=3)
    first = activations(model, a, some[::2]), activations(model, noise, some[::2])
    flattered = {unit: r for unit, (_, r) in dense.best(first, first, least=3).items()}
    gap = [flattered[int(unit)] - float(found.r[unit]) for unit in found.asked]
    assert np.mean(gap) > 0.05 and found.chance.value < found.median.value


def test_units_that_fire_too_rarely_are_left_out_and_counted(model: wb.Model) -> None:
    sae = made()
    sae.b_enc[3] = -1e3
    found = wb.explore.best_matches(model, sae, model, sae, texts(), least=5)
    assert found.match[3] == -1 and found.r[3].isnan() and 3 not in found.table().unit.tolist()
    assert f"{F - len(found.asked)} units fired on fewer than 5" in repr(found)
    assert not (found.match == 3).any()


def test_what_is_shown_is_what_was_measured(model: wb.Model) -> None:
    found = wb.explore.best_matches(model, made(1), model, made(2), texts(), least=5)
    table = found.table()
    assert table.r.is_monotonic_decreasing and len(table) == len(found.asked)
    drawn = {trace.name: len(trace.x) for trace in found.figure().data}
    assert drawn == {"tokens in random order": len(table), "same tokens": len(table)}
    bare = wb.explore.best_matches(model, made(1), model, made(2), texts(), least=5, control=False)
    assert bare.chance is None and "by chance" not in repr(bare) and len(bare.figure().data) == 1
    torch.testing.assert_close(bare.r, found.r, equal_nan=True)


def test_every_text_is_read_once_and_long_ones_by_few() -> None:
    some = ["a" * n for n in (5, 9000, 7, 3, 9000, 20_000, *[4] * 200)]
    groups = comparing.batches(some)
    assert sorted(number for group in groups for number in group) == list(range(len(some)))
    assert all(
        len(group) * max(len(some[n]) for n in group) <= comparing.CHARACTERS or len(group) == 1 for group in groups
    )
    assert max(map(len, groups)) == comparing.BATCH


def test_models_must_read_the_same_tokens(model: wb.Model) -> None:

    from workbench.world.tokenizer import train_tokenizer

    other = wb.Model(model.hf, train_tokenizer(vocabulary=400, n_documents=50), name="other")
    with pytest.raises(ValueError, match="atlas and other split the same text into different tokens"):
        wb.explore.best_matches(model, made(), other, made(), texts())
    with pytest.raises(ValueError, match="1 texts: a match is chosen on some"):
        wb.explore.best_matches(model, made(), model, made(), ["one"])
