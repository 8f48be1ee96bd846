"""A model is unharmed by what goes wrong, safe between threads, and clear about bad input."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from tiny import TEXTS, hf, model, tokenizer

import workbench as wb

TEXT = TEXTS[0]


@pytest.fixture(scope="module")
def m() -> wb.Model:
    return model("llama")


class Bomb:
    """An edit that fails inside the forward pass."""

    site = "resid_post.1"

    def __init__(self, error: BaseException, after: int = 0) -> None:
        self.error, self.left = error, after

    def conflicts(self, other: object) -> bool:
        return False

    def check(self, model: wb.Model) -> None: ...

    def change(self, x: torch.Tensor, places: object) -> None:
        if self.left == 0:
            raise self.error
        self.left -= 1


@pytest.mark.parametrize("error", [RuntimeError("inside"), KeyboardInterrupt(), SystemExit(1)])
def test_after_an_exception_inside_the_model_computes_the_same_bits(m: wb.Model, error: BaseException) -> None:
    plain, bare = m.run(TEXT).logits, m.hf(m.tokens(TEXT).ids, use_cache=False).logits
    for _ in range(20):
        with pytest.raises(type(error)):
            m.run(TEXT, edits=[Bomb(error)], at="resid_post.*")
    assert torch.equal(m.run(TEXT).logits, plain)
    assert torch.equal(m.hf(m.tokens(TEXT).ids, use_cache=False).logits, bare)
    assert m.lock.acquire(blocking=False)
    m.lock.release()


def test_a_failure_in_the_middle_of_a_generation_harms_nothing(m: wb.Model) -> None:
    plain = list(m.generate(TEXT, new_tokens=6))
    stream = m.generate(TEXT, new_tokens=6, edits=[Bomb(RuntimeError("inside"), after=3)])
    with pytest.raises(RuntimeError, match="inside"):
        list(stream)
    assert list(m.generate(TEXT, new_tokens=6)) == plain


def test_a_generation_is_cancelled_by_leaving_it(m: wb.Model) -> None:
    stream = m.generate(TEXT, new_tokens=20)
    first = next(stream)
    stream.close()
    assert next(m.generate(TEXT, new_tokens=1)) == first


def test_between_two_tokens_the_model_is_free(m: wb.Model) -> None:
    plain = m.run(TEXT).logits
    stream = m.generate(TEXT, new_tokens=6)
    together = []
    for token in stream:
        together.append(token)
        assert torch.equal(m.run(TEXT).logits, plain)
    assert together == list(m.generate(TEXT, new_tokens=6))


def test_four_threads_get_the_right_answers(m: wb.Model) -> None:
    texts = [TEXTS[i % 3] for i in range(40)]
    edits = [wb.Steer("resid_post.1", torch.ones(32), float(i % 4)) for i in range(40)]
    want = [m.run(t, edits=[e], at="mlp_act.2") for t, e in zip(texts, edits, strict=True)]
    start = threading.Barrier(4)

    def work(n: int) -> list[wb.model.Run]:
        start.wait()
        return [m.run(texts[i], edits=[edits[i]], at="mlp_act.2") for i in range(n, 40, 4)]

    with ThreadPoolExecutor(4) as pool:
        for n, runs in enumerate(pool.map(work, range(4))):
            for i, run in zip(range(n, 40, 4), runs, strict=True):
                assert torch.equal(run.logits, want[i].logits) and torch.equal(run["mlp_act.2"], want[i]["mlp_act.2"])


def test_two_models_made_of_one_share_its_lock() -> None:
    whole = hf("llama")
    models = [wb.Model(whole, tokenizer()) for _ in range(2)]
    want = models[0].run(TEXT, at="mlp_act.1")
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda i: models[i % 2].run(TEXT, at="mlp_act.1"), range(40)))
    assert all(torch.equal(run["mlp_act.1"], want["mlp_act.1"]) for run in runs)


def test_the_last_model_frees_what_it_was_made_of() -> None:
    import gc
    import weakref

    whole = hf("llama")
    made, gone = wb.Model(whole, tokenizer()), weakref.ref(whole)
    made.run(TEXT)
    del whole, made
    gc.collect()
    assert gone() is None


def test_a_run_inside_an_edit_is_refused_instead_of_losing_edits(m: wb.Model) -> None:
    class Nested(Bomb):
        def change(self, x: torch.Tensor, places: object) -> None:
            m.run(TEXT)

    plain = m.run(TEXT).logits
    with pytest.raises(RuntimeError, match="from inside an edit of its own run"):
        m.run(TEXT, edits=[Nested(RuntimeError())])
    assert torch.equal(m.run(TEXT).logits, plain)


def test_a_model_in_half_precision_can_be_steered_and_clamped() -> None:
    half = wb.Model(hf("llama").to(torch.bfloat16), tokenizer())
    sae = wb.decompose.TopK(d_model=32, width=64, k=8, site="resid_post.1").requires_grad_(False)
    plain = half.run(TEXT).logits
    run = half.run(TEXT, edits=[wb.Clamp(sae, 3, 4.0), wb.Steer("resid_post.0", torch.ones(32), 2.0)])
    assert run.logits.dtype == torch.bfloat16
    assert not torch.equal(run.logits, plain)


def test_sampling_repeats_with_its_seed_and_varies_without(m: wb.Model) -> None:
    def sample(seed: int) -> list[int]:
        return [token.id for token in m.generate(TEXT, new_tokens=12, temperature=1.0, seed=seed)]

    assert sample(3) == sample(3)
    assert len({tuple(sample(seed)) for seed in range(5)}) > 1


def test_streamed_text_joins_to_the_whole_text_even_where_characters_are_split(m: wb.Model) -> None:
    for seed in range(5):
        tokens = list(m.generate("🌉 é", new_tokens=30, temperature=3.0, seed=seed))
        whole = m.tokenizer.decode([token.id for token in tokens])
        streamed = "".join(map(str, tokens))
        assert len(streamed) > 10
        assert whole.startswith(streamed)
        assert set(whole[len(streamed) :]) <= {"\ufffd"}


def test_generation_ends_where_the_context_does(m: wb.Model) -> None:
    text = "a" * (m.context - 3)
    length = m.tokens(text).ids.shape[1]
    tokens = list(m.generate(text, new_tokens=50))
    assert 1 <= len(tokens) <= m.context - length


def test_bos_is_added_where_the_tokenizer_adds_it() -> None:
    plain, with_bos = model("llama"), model("llama", bos=True)
    assert plain.vocabulary.bos is None
    assert plain.tokens("a").pieces == (("a",),)
    assert with_bos.tokens("a").pieces == (("<bos>", "a"),)
    assert with_bos.tokens("a").places.text.tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.run("x", at="resid_post.7"), "no layer 7 .* layers 0 to 2"),
        (lambda m: m.run("x", at="head_out.0.9"), "no head 9 .* heads 0 to 3"),
        (lambda m: m.run("x", at="resid"), "no stream 'resid' .* there are: embed, resid_pre"),
        (lambda m: m.run("x", at="resid_post.one"), "write resid_post.layer"),
        (lambda m: m.run("x", at="resid_post"), "write resid_post.layer"),
        (lambda m: m.run("x", at="embed.0"), "does not name a site"),
        (lambda m: m.run(""), "text 0 is empty"),
        (lambda m: m.run(["x", ""]), "text 1 is empty"),
        (lambda m: m.run([]), "no text was given"),
        (lambda m: m.run("x " * 80), r"has \d+ tokens; the context of tiny-llama holds 64"),
        (lambda m: m.run("x", padding="middle"), "padding 'middle'"),
        (lambda m: m.generate(""), "empty"),
        (lambda m: m.generate("x", new_tokens=0), "new_tokens 0"),
        (lambda m: m.generate("x", temperature=float("nan")), "temperature nan: finite"),
        (lambda m: m.run("a\ud800b"), "half of a surrogate pair"),
        (lambda m: m.width("pattern.0"), "no width of its own"),
        (
            lambda m: m.run(wb.tokens.Tokens(torch.ones(1, 80).long(), torch.ones(1, 80).bool())),
            "longer than the context",
        ),
        (lambda m: wb.record.activations(m, "x", at=[]), "no site was given"),
        (lambda m: wb.record.activations(m, "x", at="blocks.8.hook_resid_pre"), "no layer 8"),
    ],
)
def test_bad_input_is_named_with_what_exists(m: wb.Model, call: Callable, message: str) -> None:
    before = m.run(TEXT).logits
    with pytest.raises(ValueError, match=message):
        call(m)
    assert torch.equal(m.run(TEXT).logits, before)


def test_what_is_no_edit_or_no_text_is_named(m: wb.Model) -> None:
    with pytest.raises(TypeError, match="edits is a list"):
        m.run("x", edits=wb.Ablate("attn_out.0"))
    with pytest.raises(TypeError, match="is no edit"):
        m.run("x", edits=["resid_post.1"])
    with pytest.raises(TypeError, match="text 0 is a int"):
        m.run([3])
    with pytest.raises(KeyError, match="was not read; this run holds: resid_post.0"):
        m.run("x", at="resid_post.0")["resid_post.1"]


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder './nowhere'"):
        wb.load("./nowhere")
    with pytest.raises(FileNotFoundError, match=r"there is no config\.json"):
        wb.load(tmp_path)
    model("llama").hf.config.save_pretrained(tmp_path)
    with pytest.raises(OSError, match=r"could not be loaded .* Name a folder that holds a whole one"):
        wb.load(tmp_path)


def test_a_file_that_is_cut_short_or_changed_is_named(tmp_path: Path, m: wb.Model) -> None:
    m.hf.save_pretrained(tmp_path)
    m.tokenizer.save_pretrained(tmp_path)
    weights = tmp_path / "model.safetensors"
    whole = weights.read_bytes()
    checksum = hashlib.sha256(whole).hexdigest()
    (tmp_path / "training.json").write_text(json.dumps({"sha256": checksum}))
    assert wb.load(tmp_path).n_layers == m.n_layers
    weights.write_bytes(whole[:-100])
    with pytest.raises(OSError, match=r"model\.safetensors is cut short or no safetensors file"):
        wb.load(tmp_path)
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(OSError, match=r"model\.safetensors is not the file that was written: its checksum differs"):
        wb.load(tmp_path)
    weights.unlink()
    with pytest.raises(OSError, match=r"there is no model\.safetensors"):
        wb.load(tmp_path)
    weights.write_bytes(whole)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(OSError, match=r"tokenizer\.json is no JSON"):
        wb.load(tmp_path)


def test_a_name_that_is_no_path_and_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(OSError, match=r"no model 'nobody/nothing' could be loaded.*wb\.load\(\)"):
        wb.load("nobody/nothing")


def test_a_saved_model_loads_and_gives_the_same_logits(tmp_path: Path, m: wb.Model) -> None:
    m.hf.save_pretrained(tmp_path)
    m.tokenizer.save_pretrained(tmp_path)
    again = wb.load(tmp_path)
    assert torch.equal(again.run(TEXT).logits, m.run(TEXT).logits) and again.hash == m.hash


def test_the_hash_changes_with_the_weights() -> None:
    m = model("llama")
    before = m.hash
    with torch.no_grad():
        m.hf.model.layers[1].mlp.down_proj.weight[3, 5] += 1e-3
    assert m.hash != before
    with torch.no_grad():  # the same numbers in other places
        m.hf.model.layers[1].mlp.down_proj.weight[3, 5] -= 1e-3
        rows = m.hf.model.embed_tokens.weight
        rows[[7, 8]] = rows[[8, 7]].clone()
    assert m.hash != before


def test_transformer_lens_spellings_name_the_same_sites(m: wb.Model) -> None:
    spelt = ["blocks.1.hook_resid_pre", "blocks.0.attn.hook_z", "blocks.2.mlp.hook_post", "hook_embed"]
    run = m.run("ab", at=spelt)
    assert list(run.sites) == ["embed", "head_out.0", "resid_pre.1", "mlp_act.2"]
    assert torch.equal(run["blocks.1.hook_resid_pre"], run["resid_pre.1"])
    sae = wb.decompose.TopK(d_model=32, width=64, k=8, site="blocks.1.hook_resid_post").requires_grad_(False)
    recording = wb.record.activations(m, TEXTS, at=sae.site)
    assert sae.encode(recording).width == 64
    assert wb.decompose.score(m, sae, TEXTS).tokens == int(recording.mask.sum())
    assert len(wb.explore.find(m, sae, TEXTS[:1], TEXTS[1:], most=3)) == 3


def test_a_recording_survives_saving(tmp_path: Path, m: wb.Model) -> None:
    recording = wb.record.activations(m, TEXTS, at=["resid_post.*", "head_out.1.2"])
    again = wb.record.Recording.open(recording.save(tmp_path / "r"))
    assert again.texts == recording.texts and again.provenance == recording.provenance
    assert all(torch.equal(again[site], recording[site]) for site in recording)
    assert json.loads((tmp_path / "r" / "recording.json").read_text())["provenance"]["tokens"] == int(
        recording.mask.sum()
    )


def test_the_batch_size_does_not_change_a_recording(m: wb.Model) -> None:
    one = wb.record.activations(m, TEXTS, at="resid_post.1", batch=1)
    all_ = wb.record.activations(m, TEXTS, at="resid_post.1", batch=8)
    torch.testing.assert_close(one.flat("resid_post.1"), all_.flat("resid_post.1"), atol=1e-5, rtol=1e-5)
