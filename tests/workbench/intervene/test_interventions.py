"""Interventions change what they say, only where they say, and nothing at strength zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from tiny import CONFIGS, TEXTS, model

import workbench as wb
from workbench.decompose import TopK

TEXT = TEXTS[0]


@pytest.fixture(scope="module", params=[f for f in CONFIGS if f != "gpt_neox_serial"])
def m(request: pytest.FixtureRequest) -> wb.Model:
    return model(request.param)


@pytest.fixture(scope="module")
def llama() -> wb.Model:
    return model("llama")


def dictionary(m: wb.Model, site: str = "resid_post.1", seed: int = 0) -> TopK:
    return TopK(d_model=m.width(site), width=64, k=8, site=site, seed=seed).requires_grad_(False)


def vector(m: wb.Model, site: str = "resid_post.1", seed: int = 1) -> torch.Tensor:
    return torch.randn(m.width(site), generator=torch.Generator().manual_seed(seed))


def test_zero_strength_changes_no_bit(m: wb.Model) -> None:
    plain = m.run(TEXT).logits
    for site in ("embed", "resid_post.1", "head_out.0.2", "mlp_act.1", "logits"):
        assert torch.equal(m.run(TEXT, edits=[wb.Steer(site, vector(m, site), 0.0)]).logits, plain), site


def test_steering_adds_the_vector_everywhere_downstream_sees_it(m: wb.Model) -> None:
    v = vector(m)
    plain, steered = (
        m.run(TEXT, at="resid_post.1"),
        m.run(TEXT, at="resid_post.1", edits=[wb.Steer("resid_post.1", v, 3)]),
    )
    torch.testing.assert_close(steered["resid_post.1"], plain["resid_post.1"] + 3 * v)
    assert not torch.allclose(steered.logits, plain.logits)


def test_steering_equals_a_plain_hook(m: wb.Model) -> None:
    v = vector(m)
    block = m.hf.get_submodule(f"{m.family.blocks}.1")

    def hook(module: object, args: object, out: object) -> object:
        return (out[0] + 2 * v, *out[1:]) if isinstance(out, tuple) else out + 2 * v

    handle = block.register_forward_hook(hook)
    try:
        with torch.no_grad():
            want = m.hf(input_ids=m.tokens(TEXT).ids, use_cache=False).logits
    finally:
        handle.remove()
    got = m.run(TEXT, edits=[wb.Steer("resid_post.1", v, 2)]).logits
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)


def test_an_edit_between_attention_and_mlp_reaches_both(m: wb.Model) -> None:
    """resid_mid is held by no module; editing it must equal adding to what attention adds."""
    if "resid_mid.1" not in m.sites():
        pytest.skip("attention and MLP run side by side in this family")
    v = vector(m)
    a = m.run(TEXT, edits=[wb.Steer("resid_mid.1", v)], at=["resid_mid.1", "mlp_in.1", "resid_post.1"])
    b = m.run(TEXT, edits=[wb.Steer("attn_out.1", v)], at=["resid_mid.1", "mlp_in.1", "resid_post.1"])
    for site in a.sites:
        torch.testing.assert_close(a[site], b[site], atol=1e-5, rtol=1e-5)


def test_ablation_sets_zero_and_no_more(m: wb.Model) -> None:
    for target, unit in (("attn_out.1", None), ("head_out.1.3", None), ("mlp_act.0", 5), ("resid_post.0", 7)):
        site = ".".join(target.split(".")[:2])
        plain, run = m.run(TEXT, at=site), m.run(TEXT, at=[site], edits=[wb.Ablate(target, unit)])
        changed = run[site] != plain[site]
        want = torch.zeros_like(changed)
        if unit is not None:
            want[..., unit] = True
        elif "head" in target:
            want[:, :, 3] = True
        else:
            want[:] = True
        assert torch.equal(changed, want & (plain[site] != 0))
        assert not run[site][want].any()


def test_clamping_keeps_the_error_term(m: wb.Model) -> None:
    sae = dictionary(m)
    x = m.run(TEXT, at=sae.site)[sae.site]
    features = sae.encode(x)
    feature = int(features.indices[0, 2, 0])
    clamped = m.run(TEXT, at=sae.site, edits=[wb.Clamp(sae, feature, 5.0)])[sae.site]
    error = x - sae.decode(features)
    values = features.values * (features.indices != feature)
    others = wb.decompose.Features(features.indices, values, features.width)
    torch.testing.assert_close(clamped, sae.decode(others) + 5.0 * sae.direction(feature) + error, atol=1e-4, rtol=1e-4)


def test_a_dictionary_of_all_heads_of_a_layer_can_be_clamped(m: wb.Model) -> None:
    sae = TopK(d_model=m.numbers("head_out.1"), width=64, k=8, site="head_out.1").requires_grad_(False)
    run = m.run(TEXT, at="head_out.1")
    feature = int(sae.encode(run.sites).indices[0, 2, 0])
    clamped = m.run(TEXT, at="head_out.1", edits=[wb.Clamp(sae, feature, 5.0)])["head_out.1"]
    x = run["head_out.1"]
    missing = 5.0 - sae.encode(x.flatten(2)).unit(feature)
    want = x + (missing[..., None] * sae.direction(feature)).view_as(x)
    torch.testing.assert_close(clamped, want, atol=1e-4, rtol=1e-4)


def test_ablating_a_feature_is_clamping_it_to_zero(m: wb.Model) -> None:
    sae = dictionary(m)
    a = m.run(TEXT, edits=[wb.Ablate(sae, 3)]).logits
    assert torch.equal(a, m.run(TEXT, edits=[wb.Clamp(sae, 3, 0.0)]).logits)


def test_edits_add_up_in_any_order(m: wb.Model) -> None:
    sae = dictionary(m)
    steer, ablate = wb.Steer("resid_post.1", vector(m), 2.0), wb.Ablate("mlp_act.2", 1)
    edits = [steer, wb.Clamp(sae, 3, 4.0), wb.Clamp(sae, 9, 1.0), ablate]
    torch.testing.assert_close(
        m.run(TEXT, edits=edits).logits, m.run(TEXT, edits=edits[::-1]).logits, atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize(
    ("positions", "want"),
    [
        (2, [2]),
        ([0, 4], [0, 4]),
        (-1, [-1]),
        (slice(3, None), None),
        (slice(1, 3), [1, 2]),
        ("prompt", "all"),
        ("generated", []),
    ],
)
def test_only_the_chosen_positions_change(llama: wb.Model, positions: object, want: object) -> None:
    edits = [wb.Steer("resid_post.1", vector(llama), 1.0, positions=positions)]
    for padding in ("left", "right"):
        run = llama.run(TEXTS, at="resid_post.1", edits=edits, padding=padding)
        base = llama.run(TEXTS, at="resid_post.1", padding=padding)
        for row in range(len(TEXTS)):
            real = run.tokens.mask[row]
            changed = (run["resid_post.1"][row][real] != base["resid_post.1"][row][real]).any(-1)
            expected = torch.zeros_like(changed)
            if want is None:
                expected[3:] = True
            elif want == "all":
                expected[:] = True
            else:
                expected[[i for i in want if i < len(expected)]] = True
            assert torch.equal(changed, expected)


def _by_recomputation(m: wb.Model, text: str, edits: list, n: int) -> list[int]:
    """Greedy generation without a cache: the whole text again for every token."""
    ids = m.tokens(text).ids
    out = []
    for _ in range(n):
        mask = torch.ones_like(ids, dtype=torch.bool)
        tokens = wb.tokens.Tokens(ids, mask, ())
        nxt = int(m.run(tokens, edits=edits).logits[0, -1].argmax())
        if nxt == m.tokenizer.eos_token_id:
            break
        out.append(nxt)
        ids = torch.cat([ids, torch.tensor([[nxt]])], 1)
    return out


def test_a_dictionary_leaves_bos_alone_unless_it_is_named() -> None:
    m = model("llama", bos=True)
    sae = dictionary(m)
    plain = m.run(TEXT, at=sae.site)[sae.site]
    for edit, touched in (
        (wb.Clamp(sae, 3, 5.0), False),
        (wb.Clamp(sae, 3, 5.0, positions=0), True),
        (wb.Steer(sae.site, vector(m), 2.0), True),
    ):
        changed = (m.run(TEXT, at=sae.site, edits=[edit])[sae.site] != plain).any(-1)[0]
        assert bool(changed[0]) == touched
    assert m.tokens(TEXT).places.text[0].tolist() == [False] + [True] * (plain.shape[1] - 1)


def test_interventions_are_values() -> None:
    import numpy as np

    edit = wb.Ablate("attn_out.0", positions=[1, np.int64(2)])
    assert edit == wb.Ablate("attn_out.0", positions=(1, 2))
    assert len({edit, wb.Ablate("attn_out.0", positions=[1, 2])}) == 1
    assert repr(wb.Steer("resid_post.1", torch.ones(4), 2.0)) == "Steer('resid_post.1', a vector of norm 2, 2.0)"


def test_cached_generation_equals_recomputation(m: wb.Model) -> None:
    """With the cache one position is computed per step; edits at all or some positions must still hold."""
    sae = dictionary(m)
    feature = int(sae.encode(m.run(TEXT, at=sae.site)[sae.site]).indices[0, 1, 0])
    for edits in (
        [],
        [wb.Steer("resid_post.0", vector(m), 2.0), wb.Clamp(sae, feature, 3.0)],
        [wb.Steer("attn_out.1", vector(m), 2.0, positions=[1, 3])],
        [wb.Ablate("head_out.1.2"), wb.Ablate("mlp_act.0", 4)],
        [wb.Clamp(sae, feature, 6.0, positions=slice(4, None))],
    ):
        got = [token.id for token in m.generate(TEXT, edits=edits, new_tokens=8)]
        assert got == _by_recomputation(m, TEXT, edits, 8), edits


def test_generation_edits_on_generated_tokens_leave_the_first_token(llama: wb.Model) -> None:
    edits = [wb.Steer("resid_post.1", vector(llama), 20.0, positions="generated")]
    plain = list(llama.generate(TEXT, new_tokens=6))
    steered = list(llama.generate(TEXT, new_tokens=6, edits=edits))
    assert plain[0] == steered[0] and plain != steered


def test_what_sets_the_same_thing_twice_is_refused(llama: wb.Model) -> None:
    sae, other = dictionary(llama), dictionary(llama, seed=1)
    refused = [
        [wb.Ablate("mlp_act.1", 3), wb.Ablate("mlp_act.1", 3)],
        [wb.Ablate("mlp_act.1"), wb.Ablate("mlp_act.1", 3)],
        [wb.Ablate("head_out.1"), wb.Ablate("head_out.1.2")],
        [wb.Clamp(sae, 3, 1.0), wb.Ablate(sae, 3)],
        [wb.Clamp(sae, 3, 1.0), wb.Clamp(other, 4, 1.0)],
        [wb.Clamp(sae, 3, 1.0, positions=[1, 2]), wb.Clamp(sae, 3, 2.0, positions=2)],
        [wb.Clamp(sae, 3, 1.0, positions=slice(0, 3)), wb.Clamp(sae, 3, 2.0, positions=slice(2, None))],
        [wb.Clamp(sae, 3, 1.0, positions=-1), wb.Clamp(sae, 3, 2.0, positions=4)],
    ]
    for edits in refused:
        with pytest.raises(ValueError, match="set the same thing"):
            llama.run(TEXT, edits=edits)
    llama.run(TEXT, edits=[wb.Clamp(sae, 3, 1.0, positions=1), wb.Clamp(sae, 3, 2.0, positions=2)])
    llama.run(TEXT, edits=[wb.Ablate("head_out.1.0"), wb.Ablate("head_out.1.2")])
    apart = slice(0, 2), slice(2, None)
    llama.run(TEXT, edits=[wb.Clamp(sae, 3, 1.0, positions=positions) for positions in apart])


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda m: wb.Steer("resid_post.9", torch.ones(32)), "no layer 9 .* layers 0 to 2"),
        (lambda m: wb.Steer("residual.1", torch.ones(32)), "no stream 'residual'"),
        (lambda m: wb.Steer("resid_post.1", torch.ones(31)), "31 numbers; resid_post.1 of tiny-llama is 32 wide"),
        (lambda m: wb.Steer("resid_post.1", torch.tensor([float("nan")] * 32)), "finite"),
        (lambda m: wb.Ablate("mlp_act.1", 48), "no unit 48 at mlp_act.1 of tiny-llama; there are 0 to 47"),
        (lambda m: wb.Ablate(dictionary(m), 64), "no feature 64; the dictionary at resid_post.1 has 0 to 63"),
        (lambda m: wb.Clamp(dictionary(m), -1, 1.0), "no feature -1"),
        (lambda m: wb.Ablate(dictionary(m)), "which feature"),
        (lambda m: wb.Ablate("pattern.1.2"), "can be read, not edited"),
        (lambda m: wb.Ablate("resid_post.*"), "names 3 sites; an edit has one"),
        (lambda m: wb.Ablate("resid_post.1", positions="first"), "positions 'first'"),
        (lambda m: wb.Ablate("resid_post.1", positions=[]), "at least one whole number"),
        (lambda m: wb.Ablate("resid_post.1", positions=[1.5]), "at least one whole number"),
        (lambda m: wb.Ablate("resid_post.1", positions=True), "at least one whole number"),
        (lambda m: wb.Ablate("resid_post.1", positions=slice(5, 0, -1)), "no step"),
        (lambda m: wb.Steer("resid_post.1", torch.ones(32), float("nan")), "strength nan: a finite number"),
        (lambda m: wb.Clamp(dictionary(m), 3, float("inf")), "value inf: a finite number"),
        (lambda m: wb.Clamp(TopK(d_model=16, width=8, k=2, site="resid_post.1"), 1, 1.0), "reads 16 numbers"),
    ],
)  # fmt: skip
def test_a_bad_intervention_is_refused_in_words_and_harms_nothing(
    llama: wb.Model, edit: Callable, message: str
) -> None:
    before = llama.run(TEXT).logits
    with pytest.raises(ValueError, match=message):
        llama.run(TEXT, edits=[edit(llama)])
    assert torch.equal(llama.run(TEXT).logits, before)
