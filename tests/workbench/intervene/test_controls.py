"""Controls are like what they control for in everything but that they were not chosen."""

from __future__ import annotations

import pytest
import torch
from tiny import TEXTS, model

import workbench as wb
from workbench.decompose import TopK

TEXT = TEXTS[0]


@pytest.fixture(scope="module")
def m() -> wb.Model:
    return model("llama")


@pytest.fixture(scope="module")
def sae() -> TopK:
    sae = TopK(d_model=32, width=400, k=8, site="resid_post.1").requires_grad_(False)
    sae.density.copy_(torch.logspace(-4, -1, 400))
    sae.maxima.copy_(torch.linspace(1, 5, 400))
    sae.maxima[250:] = 0  # never on
    return sae


def test_features_of_like_density_are_near_alive_others_and_all_different(sae: TopK) -> None:
    drawn = wb.intervene.like_density(sae, 120, 20, without=[121, 122])
    assert len(set(drawn)) == 20 and not {120, 121, 122} & set(drawn)
    assert all(sae.maxima[feature] > 0 for feature in drawn)
    near = sorted((abs(feature - 120), feature) for feature in range(250) if feature not in (120, 121, 122))
    assert set(drawn) <= {feature for _, feature in near[:101]}
    assert drawn == wb.intervene.like_density(sae, 120, 20, without=[121, 122])
    assert drawn != wb.intervene.like_density(sae, 120, 20, without=[121, 122], seed=1)


def test_where_there_are_fewer_features_all_of_them_are_given(sae: TopK) -> None:
    assert len(wb.intervene.like_density(sae, 3, 500)) == 249


def test_a_random_direction_has_the_same_norm_and_the_shuffled_vector_the_same_numbers(m: wb.Model) -> None:
    v = torch.randn(32, generator=torch.Generator().manual_seed(0))
    steer = wb.Steer("resid_post.1", v, 2.0, norm=3.0, positions="generated")
    for (one,) in wb.intervene.controls_for(m, [steer], 20):
        assert one.vector.norm() == pytest.approx(float(v.norm()), rel=1e-5)
        assert abs(float(torch.cosine_similarity(one.vector, v, dim=0))) < 0.75
        assert (one.strength, one.norm, one.positions) == (2.0, 3.0, "generated")
    for (one,) in wb.intervene.controls_for(m, [steer], 20, kind="shuffled"):
        assert torch.equal(one.vector.sort().values, v.sort().values) and not torch.equal(one.vector, v)


def test_another_feature_is_held_at_as_large_a_part_of_its_own_maximum(m: wb.Model, sae: TopK) -> None:
    by_times = wb.intervene.controls_for(m, [wb.Clamp(sae, 120, times=3.0, positions=2)], 20)
    by_value = wb.intervene.controls_for(m, [wb.Clamp(sae, 120, 3.0 * float(sae.maxima[120]), positions=2)], 20)
    for (a,), (b,) in zip(by_times, by_value, strict=True):
        assert a.feature == b.feature != 120 and a.positions == b.positions == (2,)
        assert a.held == pytest.approx(b.held) == pytest.approx(3.0 * float(sae.maxima[a.feature]))


def test_features_that_are_edited_together_are_never_each_others_controls(m: wb.Model, sae: TopK) -> None:
    edits = [wb.Clamp(sae, 120, times=2.0), wb.Ablate(sae, 121), wb.Scale(sae, 2.0, 122)]
    for control in wb.intervene.controls_for(m, edits, 20):
        units = [edit.unit for edit in control]
        assert len(set(units)) == 3 and not {120, 121, 122} & set(units)
        m.run(TEXT, edits=control)  # none of them sets what another sets


def test_neurons_and_heads_are_controlled_by_others_of_their_kind(m: wb.Model) -> None:
    reference = wb.record.activations(m, TEXTS, at=["head_out.1", "mlp_act.0"])
    neurons = wb.intervene.controls_for(m, [wb.Ablate("mlp_act.0", 7, to="mean", reference=reference)], 20)
    assert len({edit.unit for (edit,) in neurons}) == 20 and all(edit.to == "mean" for (edit,) in neurons)
    heads = wb.intervene.controls_for(m, [wb.Ablate("head_out.1.2")], 11)
    assert len({edit.target for (edit,) in heads}) == 11 and "head_out.1.2" not in {e.target for (e,) in heads}
    zero = wb.intervene.controls_for(m, [wb.Ablate("head_out.1.2", to="zero", reference=reference)], 11)
    assert len({edit.target for (edit,) in zero}) == 11
    few = wb.intervene.controls_for(m, [wb.Ablate("head_out.1.2", to="mean", reference=reference)], 20)
    assert all(isinstance(edit, wb.intervene.Turned) for (edit,) in few)  # three other heads were recorded


def test_several_heads_or_neurons_at_once_never_meet(m: wb.Model) -> None:
    """Each control is a list that the model takes: none of its parts sets what another sets, or what was chosen."""
    for edits in (
        [wb.Ablate(f"head_out.{site}") for site in ("1.1", "1.2", "0.2")],
        [wb.Ablate("mlp_act.0", unit) for unit in range(9)],
    ):
        for seed in range(20):
            n = 6 if "head" in edits[0].site else 20
            for control in wb.intervene.controls_for(m, edits, n, seed=seed):
                assert not any(isinstance(edit, wb.intervene.Turned) for edit in control)
                assert not set(control) & set(edits) and len(set(control)) == len(edits)
                wb.intervene.order(m, control)


@pytest.mark.parametrize(
    "edit",
    [
        lambda m, sae: wb.Ablate("attn_out.1"),
        lambda m, sae: wb.Patch("resid_post.1", wb.record.activations(m, TEXTS, at="resid_post.1"), text=2),
        lambda m, sae: wb.Clamp(sae, 120, 5.0),
        lambda m, sae: wb.Ablate("head_out.1", positions=[1, 2]),
        lambda m, sae: wb.Clamp(
            TopK(d_model=32, width=64, k=8, site="mlp_in.1", target="mlp_out.1").requires_grad_(False), 5, 4.0
        ),
    ],
)
def test_a_turned_change_is_as_long_at_every_token_and_points_elsewhere(m: wb.Model, sae: TopK, edit: object) -> None:
    edit = edit(m, sae)
    (plain, by_edit, by_turned) = (
        m.run(TEXT, at=edit.site, edits=edits)[edit.site].flatten(2)
        for edits in ([], [edit], [wb.intervene.Turned(edit, 3)])
    )
    a, b = by_edit - plain, by_turned - plain
    torch.testing.assert_close(a.norm(dim=-1), b.norm(dim=-1), atol=1e-4, rtol=1e-3)
    moved = a.norm(dim=-1) > 1e-6
    assert moved.any() and torch.cosine_similarity(a[moved], b[moved], dim=-1).abs().max() < 0.9
    directions = torch.nn.functional.normalize(b[moved], dim=-1)
    torch.testing.assert_close(directions, directions[:1].expand_as(directions), atol=1e-4, rtol=1e-4)


def test_an_unknown_kind_is_named(m: wb.Model) -> None:
    with pytest.raises(ValueError, match="kind 'random'; there are: matched, direction, shuffled"):
        wb.intervene.controls_for(m, [wb.Ablate("attn_out.1")], kind="random")
