"""Interventions change what they say, only where they say, and nothing at strength zero."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from reference import interventions
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


# ---- to a mean, from another text, scaled, in units of the norm ------------------------------------

OTHERS = ["The old bridge was red and very long", "John went home.", "A day"]


def reference(m: wb.Model, at: str) -> wb.record.Recording:
    return wb.record.activations(m, OTHERS, at=at)


@pytest.mark.parametrize("bos", [False, True])
@pytest.mark.parametrize(("target", "unit"), [("attn_out.1", None), ("head_out.1.2", None), ("mlp_act.0", 5)])
def test_ablating_to_the_mean_puts_the_mean_of_text_tokens_there(bos: bool, target: str, unit: int | None) -> None:
    m = model("llama", bos=bos)
    site = ".".join(target.split(".")[:2])
    alone = [m.run(text, at=site)[site][0][int(bos) :] for text in OTHERS]
    every = torch.stack([token for text in alone for token in text])
    mean = torch.stack([every[:, i] for i in range(every.shape[1])], -1 if every.ndim == 2 else 1).mean(0)

    def rewrite(number: int, x: torch.Tensor) -> torch.Tensor:
        if bos and number == 0:
            return x
        if unit is not None:
            x[unit] = mean[unit]
        elif "head" in target:
            x[2] = mean[2]
        else:
            x = mean
        return x

    got = m.run(TEXT, edits=[wb.Ablate(target, unit, to="mean", reference=reference(m, site))]).logits
    want = interventions.edited(m.hf, m.tokens(TEXT).ids, site, rewrite, heads=4)
    torch.testing.assert_close(got, want, atol=1e-4, rtol=1e-4)


def test_resampling_puts_another_text_there_and_begins_it_again_beyond_its_end() -> None:
    m = model("llama", bos=True)
    held = [m.run(text, at="attn_out.1")["attn_out.1"][0] for text in OTHERS]
    seen = set()
    for seed in range(8):
        edit = wb.Ablate("attn_out.1", to="resample", reference=reference(m, "attn_out.1"), seed=seed)
        got = m.run(TEXTS[2], edits=[edit], at="attn_out.1")["attn_out.1"][0]
        first = next(k for k, text in enumerate(held) if len(text) > 1 and torch.allclose(got[1], text[1], atol=1e-5))
        seen.add(first)
        longest = max(map(len, held))
        assert len(got) > longest
        torch.testing.assert_close(got[longest], got[1], atol=1e-5, rtol=1e-5)  # after the last comes the first of text
        for number in range(1, longest):
            assert any(len(t) > number and torch.allclose(got[number], t[number], atol=1e-5) for t in held), number
        for number in range(1, len(held[first])):
            torch.testing.assert_close(got[number], held[first][number], atol=1e-5, rtol=1e-5)
    assert len(seen) > 1  # another seed, another text


def test_ablating_a_feature_to_its_mean_sets_its_activation(llama: wb.Model) -> None:
    sae = dictionary(llama)
    feature = int(sae.encode(llama.run(TEXT, at=sae.site)[sae.site]).indices[0, 2, 0])
    held = reference(llama, sae.site)
    mean = torch.cat([sae.encode(llama.run(text, at=sae.site)[sae.site]).unit(feature)[0] for text in OTHERS]).mean()
    x = llama.run(TEXT, at=sae.site)[sae.site]
    got = llama.run(TEXT, at=sae.site, edits=[wb.Ablate(sae, feature, to="mean", reference=held)])[sae.site]
    want = x + (mean - sae.encode(x).unit(feature))[..., None] * sae.direction(feature)
    torch.testing.assert_close(got, want, atol=1e-4, rtol=1e-4)


def test_a_layer_that_is_ablated_passes_its_input_on(llama: wb.Model) -> None:
    run = llama.run(TEXT, edits=[*wb.Ablate.layer(1)], at=["resid_pre.1", "resid_post.1"])
    assert torch.equal(run["resid_pre.1"], run["resid_post.1"])


@pytest.mark.parametrize("padding", ["left", "right"])
def test_a_patch_from_itself_changes_no_bit_and_from_another_gives_its_values(llama: wb.Model, padding: str) -> None:
    for text in TEXTS:
        own = wb.record.activations(llama, [*OTHERS, text], at="resid_post.1", padding=padding)
        got = llama.run(text, edits=[wb.Patch("resid_post.1", own, text=3)]).logits
        torch.testing.assert_close(got, llama.run(text).logits, atol=1e-4, rtol=1e-4)
    other = wb.record.activations(llama, "Lucy and John went to the store.", at="resid_post.1", padding=padding)
    patched = llama.run("Mary and John went to the store.", edits=[wb.Patch("resid_post.1", other)], at="resid_post.1")
    mine, theirs = (llama.tokens(text).ids[0].tolist() for text in ("Mary and John went to the store.", *other.texts))
    for number, source in enumerate(interventions.aligned(mine, theirs)):
        if source >= 0:
            torch.testing.assert_close(patched["resid_post.1"][0, number], other["resid_post.1"][0, source])


def test_a_patch_pairs_the_tokens_of_texts_of_different_lengths(llama: wb.Model) -> None:
    text, source = "The old bridge was red and very long", "The bridge was red and very long"
    mine, theirs = (llama.tokens(one).ids[0].tolist() for one in (text, source))
    assert len(mine) != len(theirs)
    pairs = interventions.aligned(mine, theirs)
    assert -1 in pairs
    recording = wb.record.activations(llama, source, at="mlp_out.1")
    batch = [TEXTS[1], text]  # a row of another length must not disturb it
    plain = llama.run(batch, at="mlp_out.1")
    run = llama.run(batch, at="mlp_out.1", edits=[wb.Patch("mlp_out.1", recording)])
    for number, pair in enumerate(pairs):
        want = recording["mlp_out.1"][0, pair] if pair >= 0 else plain["mlp_out.1"][1, number]
        torch.testing.assert_close(run["mlp_out.1"][1, number], want, atol=1e-5, rtol=1e-5)


def test_a_patch_at_chosen_tokens_takes_the_tokens_that_are_named(llama: wb.Model) -> None:
    recording = wb.record.activations(llama, OTHERS[0], at="resid_post.0")
    edit = wb.Patch("resid_post.0", recording, positions=[1, -1], sources=[3, -1])
    plain = llama.run(TEXT, at="resid_post.0")["resid_post.0"][0]
    got = llama.run(TEXT, at="resid_post.0", edits=[edit])["resid_post.0"][0]
    torch.testing.assert_close(got[1], recording["resid_post.0"][0, 3], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(got[-1], recording["resid_post.0"][0, -1], atol=1e-5, rtol=1e-5)
    kept = [number for number in range(len(got)) if number not in (1, len(got) - 1)]
    assert torch.equal(got[kept], plain[kept])


def test_scaling_multiplies_and_factor_one_changes_no_bit(m: wb.Model) -> None:
    plain = m.run(TEXT).logits
    sae = dictionary(m)
    for target, unit in (("attn_out.1", None), ("head_out.1.3", None), ("mlp_act.0", 5), (sae, 3)):
        assert torch.equal(m.run(TEXT, edits=[wb.Scale(target, 1.0, unit)]).logits, plain)
    x = m.run(TEXT, at="attn_out.1")["attn_out.1"]
    doubled = m.run(TEXT, at="attn_out.1", edits=[wb.Scale("attn_out.1", 2.0)])["attn_out.1"]
    torch.testing.assert_close(doubled, 2 * x)
    zero = m.run(TEXT, edits=[wb.Scale("head_out.1.3", 0.0)]).logits
    torch.testing.assert_close(zero, m.run(TEXT, edits=[wb.Ablate("head_out.1.3")]).logits)


def test_a_strength_in_units_of_the_norm_adds_as_much_as_is_there(llama: wb.Model) -> None:
    norm = wb.intervene.typical_norm(llama, "resid_post.1", OTHERS)
    lengths = [
        float(token.norm()) for text in OTHERS for token in llama.run(text, at="resid_post.1")["resid_post.1"][0]
    ]
    assert norm == pytest.approx(sorted(lengths)[(len(lengths) - 1) // 2], rel=1e-4)
    v = vector(llama)
    a = llama.run(TEXT, edits=[wb.Steer("resid_post.1", v, 0.5, norm=norm)]).logits
    b = llama.run(TEXT, edits=[wb.Steer("resid_post.1", v, 0.5 * norm / float(v.norm()))]).logits
    torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)
    plain = llama.run(TEXT).logits
    assert torch.equal(llama.run(TEXT, edits=[wb.Steer("resid_post.1", v, 0.0, norm=norm)]).logits, plain)


def test_a_multiple_of_the_maximum_is_that_value(llama: wb.Model) -> None:
    sae = dictionary(llama)
    sae.maxima[3] = 2.5
    a = llama.run(TEXT, edits=[wb.Clamp(sae, 3, times=2.0)]).logits
    assert torch.equal(a, llama.run(TEXT, edits=[wb.Clamp(sae, 3, 5.0)]).logits)
    assert wb.Clamp(sae, 3, times=2.0).held == 5.0


EVERY = {
    "a mean": lambda m, r, sae, f: [wb.Ablate("attn_out.1", to="mean", reference=r)],
    "resampled": lambda m, r, sae, f: [wb.Ablate("mlp_out.0", to="resample", reference=r, seed=1)],
    "a layer": lambda m, r, sae, f: [*wb.Ablate.layer(1, to="mean", reference=r)],
    "a neuron": lambda m, r, sae, f: [wb.Ablate("mlp_act.0", 4, to="resample", reference=r, seed=2)],
    "a head": lambda m, r, sae, f: [wb.Ablate("head_out.1.2", to="mean", reference=r)],
    "a patch": lambda m, r, sae, f: [wb.Patch("resid_post.0", r)],
    "a feature's patch": lambda m, r, sae, f: [wb.Patch(sae, r, f)],
    "scaled": lambda m, r, sae, f: [wb.Scale("attn_out.0", 1.5), wb.Scale(sae, -1.0, f)],
    "from one on": lambda m, r, sae, f: [wb.Clamp(sae, f, 4.0, positions=slice(3, None))],
    "in the prompt": lambda m, r, sae, f: [wb.Steer("resid_post.1", vector(m), 3.0, positions="prompt")],
    "in what is generated": lambda m, r, sae, f: [wb.Clamp(sae, f, 6.0, positions="generated")],
    "the prompt's last": lambda m, r, sae, f: [wb.Steer("mlp_out.1", vector(m), 3.0, positions=-1)],
}


@pytest.mark.parametrize(("family", "bos"), [("llama", False), ("llama", True), ("gpt2", False), ("gemma2", True)])
@pytest.mark.parametrize("name", EVERY)
def test_prefill_and_cached_decoding_give_the_same(family: str, name: str, bos: bool) -> None:
    """Token by token with a cache, in one pass over the whole, and a whole pass for each token: the same tokens."""
    m = model(family, bos=bos)
    sites = ["attn_out.0", "attn_out.1", "mlp_out.0", "mlp_out.1", "mlp_act.0", "head_out.1", "resid_post.0"]
    sae = dictionary(m)
    held = wb.record.activations(m, OTHERS, at=[*sites, sae.site])
    feature = int(sae.encode(m.run(TEXT, at=sae.site)[sae.site]).indices[0, 2, 0])
    edits = EVERY[name](m, held, sae, feature)
    prompt = m.tokens(TEXT).ids
    before = torch.tensor([prompt.shape[1]])

    def whole(ids: list[int]) -> torch.Tensor:
        ids = torch.tensor([ids])
        tokens = wb.tokens.Tokens(ids, torch.ones_like(ids, dtype=torch.bool), (), bos, before)
        return m.run(tokens, edits=edits).logits

    said = list(m.generate(TEXT, edits=edits, new_tokens=7))
    got = [token.id for token in said]
    assert got == interventions.written(m.hf, prompt[0].tolist(), len(got), whole) and len(got) >= 5
    once = whole([*prompt[0].tolist(), *got])[0, prompt.shape[1] - 1 : -1].log_softmax(-1)
    given = torch.tensor([token.logprob for token in said])
    torch.testing.assert_close(given, once[torch.arange(len(got)), torch.tensor(got)], atol=1e-4, rtol=1e-4)
    if name != "a feature's patch":  # of a text that the feature is silent on, it may leave the tokens as they were
        assert [round(t.logprob, 4) for t in said] != [round(t.logprob, 4) for t in m.generate(TEXT, new_tokens=7)]


def test_many_variants_in_one_forward_are_each_as_if_alone(m: wb.Model) -> None:
    sae = dictionary(m)
    held = reference(m, "attn_out.0")
    variants = [
        [],
        [wb.Steer("resid_post.1", vector(m), 2.0)],
        [wb.Clamp(sae, 3, 4.0), wb.Clamp(sae, 9, 1.0), wb.Ablate("head_out.1.2")],
        [wb.Clamp(sae, 3, 1.0)],  # what conflicts within one list does not between two
        [wb.Ablate("attn_out.0", to="mean", reference=held, positions=slice(2, None))],
        [wb.Steer("logits", vector(m, "logits"), 2.0), wb.Patch("attn_out.0", held)],
    ]
    standing = [wb.Scale("mlp_out.0", 0.5)]
    for padding in ("right", "left"):
        run = m.run(TEXTS, edits=standing, variants=variants, padding=padding, at=["resid_post.1", "head_out.1.2"])
        assert len(run.logits) == len(variants) * len(TEXTS)
        for v, variant in enumerate(variants):
            for t, text in enumerate(TEXTS):
                row = v * len(TEXTS) + t
                alone = m.run(text, edits=[*standing, *variant], at=["resid_post.1", "head_out.1.2"])
                real = run.tokens.mask[row]
                torch.testing.assert_close(run.logits[row][real], alone.logits[0], atol=1e-4, rtol=1e-4)
                for site in alone.sites:
                    torch.testing.assert_close(run[site][row][real], alone[site][0], atol=1e-4, rtol=1e-4)
    last = m.run(TEXTS, variants=variants, padding="left", last=2).logits
    torch.testing.assert_close(last, m.run(TEXTS, variants=variants, padding="left").logits[:, -2:])


@pytest.mark.parametrize("bos", [False, True])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_texts_that_are_generated_together_are_each_as_if_alone(bos: bool, temperature: float) -> None:
    m = model("llama", bos=bos)
    sae = dictionary(m)
    held = reference(m, "attn_out.0")
    variants = [[], [wb.Clamp(sae, 3, 5.0, positions="generated")], [wb.Patch("attn_out.0", held)],
                [wb.Steer("resid_post.1", vector(m), 4.0, positions=-1)]]  # fmt: skip
    seeds = [0, 5] if temperature else [0]
    long = "once upon a time " * 5  # comes to the end of its context before the others
    texts = [*TEXTS, long]
    settings = {"new_tokens": 30, "temperature": temperature}
    steps = list(m.generate_each(texts, variants=variants, seeds=seeds, **settings))
    row = 0
    for variant in variants:
        for text in texts:
            for seed in seeds:
                alone = list(m.generate(text, edits=variant, seed=seed, **settings))
                together = [step[row] for step in steps if step[row] is not None]
                assert [t.id for t in together] == [t.id for t in alone], (variant, text, seed)
                assert "".join(map(str, together)) == "".join(map(str, alone))
                row += 1
    assert {sum(step[k] is not None for step in steps) for k in range(row)} != {30}  # some ended sooner


def test_under_standing_edits_a_model_is_another_and_stays_itself(llama: wb.Model) -> None:
    plain = llama.run(TEXT).logits
    edit = wb.Ablate("attn_out.1")
    under = llama.under([edit])
    assert torch.equal(under.run(TEXT).logits, llama.run(TEXT, edits=[edit]).logits)
    both = under.run(TEXT, edits=[wb.Scale("mlp_out.0", 2.0)]).logits
    torch.testing.assert_close(both, llama.run(TEXT, edits=[edit, wb.Scale("mlp_out.0", 2.0)]).logits)
    assert not wb.record.activations(under, TEXT, at="attn_out.1")["attn_out.1"].any()
    assert [t.id for t in under.generate(TEXT, new_tokens=5)] == [
        t.id for t in llama.generate(TEXT, new_tokens=5, edits=[edit])
    ]
    assert torch.equal(llama.run(TEXT).logits, plain) and "Ablate" in repr(under) and "Ablate" not in repr(llama)
    with pytest.raises(ValueError, match="set the same thing"):
        under.run(TEXT, edits=[edit])


def test_the_order_is_that_of_the_forward_pass_and_is_printed(llama: wb.Model) -> None:
    sae = dictionary(llama)
    edits = [wb.Steer("logits", vector(llama, "logits")), wb.Clamp(sae, 3, 2.0), wb.Ablate("head_out.1.2"),
             wb.Steer("resid_post.1", vector(llama)), wb.Scale("mlp_out.0", 2.0)]  # fmt: skip
    order = wb.intervene.order(llama, edits)
    assert [site for site, _ in order.steps] == ["mlp_out.0", "head_out.1", "resid_post.1", "logits"]
    text = str(order)
    assert "= Clamp(TopK at resid_post.1, 3, value=2.0)" in text and "+ Steer('resid_post.1'" in text
    assert "changes add up" in text and str(wb.intervene.order(llama, [])) == "nothing is changed"
    with pytest.raises(ValueError, match="set the same thing"):
        wb.intervene.order(llama, [wb.Clamp(sae, 3, 1.0), wb.Ablate(sae, 3)])


@pytest.mark.parametrize(
    ("edit", "error", "message"),
    [
        (lambda m: wb.Ablate("attn_out.1", to="median"), ValueError, "one of 'zero', 'mean', 'resample'"),
        (lambda m: wb.Ablate("attn_out.1", to="mean"), ValueError, "of what\\? give other texts"),
        (lambda m: wb.Ablate("attn_out.1", to="mean", reference=reference(m, "mlp_out.1")), KeyError, "not recorded"),
        (lambda m: wb.Patch("attn_out.1", reference(m, "attn_out.1"), text=3), ValueError, "holds texts 0 to 2"),
        (lambda m: wb.Patch("attn_out.1", reference(m, "attn_out.1"), positions=[1, 2], sources=[1]), ValueError,
         "as many token numbers"),
        (lambda m: wb.Patch("attn_out.1", reference(m, "attn_out.1"), positions=1, sources=99), ValueError,
         "no token 99 in the other text"),
        (lambda m: wb.Patch(dictionary(m), reference(m, "resid_post.1")), ValueError, "which feature"),
        (lambda m: wb.Scale("attn_out.1", float("nan")), ValueError, "factor nan"),
        (lambda m: wb.Clamp(dictionary(m), 3), ValueError, "either a value, or times="),
        (lambda m: wb.Clamp(dictionary(m), 3, 1.0, times=2.0), ValueError, "either a value, or times="),
        (lambda m: wb.Clamp(dictionary(m), 3, times=2.0), ValueError, "never on .* give a value"),
        (lambda m: wb.Steer("resid_post.1", torch.ones(32), norm=0.0), ValueError, "norm 0.0"),
        (lambda m: wb.Steer("resid_post.1", torch.zeros(32), norm=1.0), ValueError, "no direction"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_named(llama: wb.Model, edit: Callable, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        edit(llama)


def test_an_edit_in_place_of_a_list_is_named(llama: wb.Model) -> None:
    for call in (
        lambda: llama.run(TEXT, edits=wb.Ablate("attn_out.1")),
        lambda: llama.run(TEXT, variants=[wb.Ablate("attn_out.1")]),
        lambda: llama.under(wb.Ablate("attn_out.1")),
    ):
        with pytest.raises(TypeError, match="edits is a list"):
            call()


# ---- what once went wrong --------------------------------------------------------------------------


def test_another_prompt_is_resampled_from_another_text_and_never_from_itself(llama: wb.Model) -> None:
    reference_texts = [*OTHERS, *TEXTS]
    held = wb.record.activations(llama, reference_texts, at="attn_out.1")
    drawn = {}
    for seed in range(6):
        edit = wb.Ablate("attn_out.1", to="resample", reference=held, seed=seed)
        together = llama.run(TEXTS, edits=[edit], at="attn_out.1")["attn_out.1"]
        for row, text in enumerate(TEXTS):
            alone = llama.run(text, edits=[edit], at="attn_out.1")["attn_out.1"][0]
            torch.testing.assert_close(together[row, : len(alone)], alone, atol=1e-5, rtol=1e-5)
            source = next(
                k
                for k in range(len(reference_texts))
                if held.mask[k].sum() > 1 and torch.allclose(alone[1], held["attn_out.1"][k, 1], atol=1e-6)
            )
            assert reference_texts[source] != text
            drawn.setdefault(seed, set()).add(source)
    assert any(len(sources) > 1 for sources in drawn.values())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_in_half_precision_a_large_value_is_replaced_and_not_rounded_away(dtype: torch.dtype) -> None:
    m = model("llama")
    held = wb.record.activations(m, OTHERS[0], at="resid_post.0")
    half = wb.Model(type(m.hf)(m.config).to(dtype).eval(), m.tokenizer)
    half.hf.load_state_dict(m.hf.state_dict())
    big = torch.zeros(32)
    big[3] = 3000.0
    shifted = half.under([wb.Steer("mlp_out.0", big)])
    patched = shifted.run(OTHERS[0], edits=[wb.Patch("resid_post.0", held)], at="resid_post.0")["resid_post.0"]
    torch.testing.assert_close(patched.float(), held["resid_post.0"], atol=0.05, rtol=0.01)


def test_everywhere_is_prompt_and_generated_together(llama: wb.Model) -> None:
    """For what leaves BOS alone too."""
    m = model("llama", bos=True)
    sae = dictionary(m)
    held = wb.record.activations(m, OTHERS, at="attn_out.1")
    for make in (
        lambda where: [wb.Clamp(sae, 3, 6.0, positions=where)],
        lambda where: [wb.Ablate("attn_out.1", to="mean", reference=held, positions=where)],
        lambda where: [wb.Steer("resid_post.1", vector(m), 3.0, positions=where)],
    ):
        whole = [t.logprob for t in m.generate(TEXT, edits=make(None), new_tokens=5)]
        parts = [t.logprob for t in m.generate(TEXT, edits=[*make("prompt"), *make("generated")], new_tokens=5)]
        assert whole == pytest.approx(parts, abs=1e-4)
    plain, none, named = (
        m.run(TEXT, at="attn_out.1", edits=edits)["attn_out.1"][0, 0]
        for edits in ([], make_mean(held, "prompt"), make_mean(held, [0]))
    )
    assert torch.equal(plain, none) and not torch.equal(plain, named)


def make_mean(held: wb.record.Recording, where: object) -> list:
    return [wb.Ablate("attn_out.1", to="mean", reference=held, positions=where)]


def test_a_patch_from_named_tokens_stays_within_the_prompt(llama: wb.Model) -> None:
    held = wb.record.activations(llama, OTHERS[0], at="resid_post.0")
    behind = len(llama.tokens(TEXT).ids[0]) + 1
    edit = wb.Patch("resid_post.0", held, positions=[1, behind], sources=[2, 3])
    first = wb.Patch("resid_post.0", held, positions=[1], sources=[2])
    said = [[t.id for t in llama.generate(TEXT, edits=[one], new_tokens=5)] for one in (edit, first)]
    assert said[0] == said[1]


@pytest.mark.parametrize("skip", [False, True])
def test_a_transcoders_feature_is_found_where_it_reads_and_changed_where_it_writes(skip: bool) -> None:
    m = model("llama", bos=True)
    made = TopK(d_model=32, width=64, k=8, site="mlp_in.1", target="mlp_out.1", skip=skip).requires_grad_(False)
    run = m.run(TEXT, at=["mlp_in.1", "mlp_out.1"])
    features = made.encode(run["mlp_in.1"])
    feature = int(features.indices[0, 2, 0])
    there = run.tokens.places.text[..., None]
    want = run["mlp_out.1"] + (7.0 - features.unit(feature))[..., None] * made.direction(feature) * there
    edit = wb.Clamp(made, feature, 7.0)
    got = m.run(TEXT, at="mlp_out.1", edits=[edit])["mlp_out.1"]
    torch.testing.assert_close(got, want, atol=1e-4, rtol=1e-4)
    rows = m.run(TEXTS, at="mlp_out.1", variants=[[], [edit], [wb.Ablate(made, feature)]])["mlp_out.1"]
    torch.testing.assert_close(rows[len(TEXTS), : got.shape[1]], got[0], atol=1e-4, rtol=1e-4)
    ids = m.tokens(TEXT).ids[0].tolist()

    def whole(row: list[int]) -> torch.Tensor:
        many = torch.tensor([row])
        tokens = wb.tokens.Tokens(many, torch.ones_like(many, dtype=torch.bool), (), True, torch.tensor([len(ids)]))
        return m.run(tokens, edits=[edit]).logits

    said = [t.id for t in m.generate(TEXT, edits=[edit], new_tokens=6)]
    assert said == interventions.written(m.hf, ids, len(said), whole)
    with pytest.raises(ValueError, match="the dictionary writes 16 numbers; mlp_out.1 of tiny-llama has 32"):
        m.run(
            TEXT,
            edits=[wb.Clamp(TopK(d_model=32, d_out=16, width=8, k=2, site="mlp_in.1", target="mlp_out.1"), 1, 1.0)],
        )
    late = TopK(d_model=32, width=8, k=2, site="mlp_in.2", target="mlp_out.1").requires_grad_(False)
    with pytest.raises(ValueError, match="reads mlp_in.2, which comes after mlp_out.1"):
        m.run(TEXT, edits=[wb.Clamp(late, 1, 1.0)])


def test_a_crosscoder_is_refused_with_the_way_out() -> None:
    sae = TopK(d_model=64, width=16, k=4, site=["resid_post.0", "resid_post.1"]).requires_grad_(False)
    with pytest.raises(
        ValueError, match=r"crosscoder reads .*feature_vector\(model, crosscoder, feature, target=site\)"
    ):
        wb.Clamp(sae, 3, 1.0)


def test_a_vector_of_the_workbench_steers_and_a_wrong_site_is_named(llama: wb.Model) -> None:
    made = wb.intervene.Vector("resid_post.1", vector(llama), norm=3.0, name="v")
    a, b = (llama.run(TEXT, edits=[wb.Steer("resid_post.1", v, 2.0)]).logits for v in (made, made.values))
    assert torch.equal(a, b)
    with pytest.raises(ValueError, match="belongs to resid_post.1; it was given for resid_post.0"):
        wb.Steer("resid_post.0", made, 2.0)


def test_standing_edits_are_part_of_where_numbers_come_from(llama: wb.Model) -> None:
    under = llama.under([wb.Scale("mlp_out.0", 0.5)])
    assert "Scale('mlp_out.0', 0.5)" in wb.record.activations(under, TEXT, at="embed").provenance["model"]
    assert "Scale" in str(wb.intervene.order(under, [wb.Ablate("attn_out.1")]))
