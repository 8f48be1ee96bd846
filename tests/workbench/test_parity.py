"""Every site of every family equals what plain forward hooks see, whatever the padding."""

from __future__ import annotations

import pytest
import torch
from reference import forward_hooks
from tiny import CONFIGS, TEXTS, hf, model, tokenizer

import workbench as wb

FAMILIES = list(CONFIGS)


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_site_equals_plain_hooks(family: str) -> None:
    m, plain = model(family), hf(family)
    for text in TEXTS:
        run = m.run(text, at=m.sites())
        want = forward_hooks.record(plain, run.tokens.ids, m.n_heads)
        assert set(run.sites) == set(m.sites())
        for site, value in run.sites.items():
            torch.testing.assert_close(value, want[site], atol=1e-6, rtol=1e-6, msg=lambda e, s=site: f"{s}: {e}")
        assert torch.equal(run.logits, want["logits"])


@pytest.mark.parametrize("padding", ["left", "right"])
def test_a_padded_batch_gives_the_numbers_of_single_prompts(family: str, padding: str) -> None:
    m = model(family)
    at = [site for site in m.sites() if not site.startswith("pattern")]
    batch, patterns = m.run(TEXTS, at=at, padding=padding), m.run(TEXTS, at="pattern.*", padding=padding)
    for row, text in enumerate(TEXTS):
        alone = m.run(text, at=at)
        real = batch.tokens.mask[row]
        for site in at:
            torch.testing.assert_close(batch[site][row][real], alone[site][0], atol=2e-5, rtol=1e-5)
        pattern, want = (run[f"pattern.{m.n_layers - 1}"] for run in (patterns, m.run(text, at="pattern.*")))
        torch.testing.assert_close(pattern[row][:, real][:, :, real], want[0], atol=1e-5, rtol=1e-5)


def test_heads_are_slices_of_their_layer(family: str) -> None:
    m = model(family)
    run = m.run(TEXTS[0], at=["head_out.1", "head_out.1.*", "pattern.1.2", "pattern.1"])
    for head in range(m.n_heads):
        assert torch.equal(run[f"head_out.1.{head}"], run["head_out.1"][:, :, head])
    assert torch.equal(run["pattern.1.2"], run["pattern.1"][:, 2])
    assert run["pattern.1"].sum(-1).allclose(torch.ones(()), atol=1e-5)


def test_the_stream_is_the_sum_of_what_is_added_to_it(family: str) -> None:
    """resid_post = resid_pre + attn_out + mlp_out: the names mean what they say."""
    m = model(family)
    run = m.run(TEXTS[0], at=["resid_pre.*", "attn_out.*", "mlp_out.*", "resid_post.*"])
    for layer in range(m.n_layers):
        total = run[f"resid_pre.{layer}"] + run[f"attn_out.{layer}"] + run[f"mlp_out.{layer}"]
        torch.testing.assert_close(total, run[f"resid_post.{layer}"], atol=1e-5, rtol=1e-5)


def test_a_stopped_run_reads_the_same_values(family: str) -> None:
    m = model(family)
    tokens = m.tokens(TEXTS)
    full = m.run(TEXTS, at=["resid_post.1", "mlp_act.0"])
    part = m.read(tokens, at=["resid_post.1", "mlp_act.0"])
    assert all(torch.equal(part[site], full[site]) for site in part)


def test_stopping_saves_the_layers_above() -> None:
    m = model("llama")
    calls = []
    handle = m.hf.model.layers[2].register_forward_hook(lambda *_: calls.append(1))
    m.read(m.tokens(TEXTS[0]), at="resid_post.1")
    assert not calls
    m.run(TEXTS[0], at="resid_post.1")
    assert calls
    handle.remove()


def test_patterns_are_refused_with_the_remedy_where_attention_gives_none() -> None:
    m = model("llama", attention="sdpa")
    with pytest.raises(ValueError, match=r"pattern\.0 .*sdpa.*set_attn_implementation\('eager'\)"):
        m.run(TEXTS[0], at="pattern.0")
    m.hf.set_attn_implementation("eager")
    assert m.run(TEXTS[0], at="pattern.0")["pattern.0"].shape[1] == m.n_heads


def test_no_stream_lies_between_parallel_attention_and_mlp() -> None:
    with pytest.raises(ValueError, match="side by side"):
        model("gpt_neox").run(TEXTS[0], at="resid_mid.0")


def test_a_family_without_a_row_is_named_with_the_remedy() -> None:
    import transformers as tf

    other = tf.OPTForCausalLM(
        tf.OPTConfig(vocab_size=300, hidden_size=16, num_hidden_layers=1, ffn_dim=16, num_attention_heads=2)
    )
    with pytest.raises(ValueError, match=r"no row for models of type 'opt'; there are rows for: .*llama.*family=row"):
        wb.Model(other, tokenizer())


def test_a_row_that_does_not_fit_is_refused_at_load() -> None:
    from dataclasses import replace

    from workbench.names import family_of

    row = replace(family_of("llama"), mlp="feed_forward")
    with pytest.raises(ValueError, match=r"no module 'model\.layers\.0\.feed_forward'"):
        wb.Model(hf("llama"), tokenizer(), family=row)
