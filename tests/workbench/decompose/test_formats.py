"""Files of other libraries give here what they give there, by a forward pass; ours give back what was saved."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from fixtures.dictionaries import OURS, SCOPES, our_own
from safetensors.torch import load_file, save_file

import workbench as wb
from workbench.decompose.architectures import ARCHITECTURES

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = sorted(path.relative_to(FIXTURES) for path in FIXTURES.rglob("*.expected.safetensors"))
SITES = {"saelens": "resid_pre.3", "saelens5": "resid_pre.3", "ours_for_saelens": "resid_post.0"}


def folder(case: Path) -> Path:
    return FIXTURES / case.parent / case.name.removesuffix(".expected.safetensors").replace("+", "/")


def site(case: Path) -> str:
    """What a case reads, as far as its name says; everything else reads one stream for a library."""
    for mark, stream in (
        ("-att+", "head_out.3"),
        ("hook-z", "head_out.3"),
        ("one-head", "head_out.3.1"),
        ("embedding", "embed"),
    ):
        if mark in case.name:
            return stream
    return SITES.get(str(case.parent), "resid_post.3")


def dense(features: wb.decompose.Features) -> torch.Tensor:
    out = torch.zeros(*features.values.shape[:-1], features.width)
    return out.scatter_add_(-1, features.indices, features.values)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_published_file_gives_what_its_own_library_gives(case: Path) -> None:
    expected = load_file(FIXTURES / case)
    sae = wb.decompose.load(folder(case))
    x = expected["x"]
    assert (expected["features"] > 0).any() and torch.allclose(dense(sae.encode(x)), expected["features"], atol=1e-5)
    assert torch.allclose(sae(x), expected["y"], atol=1e-5)
    if "transcoder" in case.name:
        layer = 0 if case.parent.name == "ours_for_saelens" else 3
        assert (sae.site, sae.target) == (f"mlp_in.{layer}", f"mlp_out.{layer}")
        assert sae.skips == ("skip" in case.name or "affine" in case.name)
    elif case.name.startswith("layers.3.mlp"):
        assert (sae.site, sae.target) == ("mlp_in.3", "mlp_out.3") and sae.skips
    else:
        assert sae.site == sae.target == site(case)
    assert sae.provenance["format"] and sae.provenance.get("bos", True) is True


EXPECTED = {
    "saelens": "standard standard-plain topk topk-rescaled jumprelu jumprelu-rescaled-input gated hook-z one-head "
    "transcoder skip-transcoder jumprelu-transcoder jumprelu-skip-transcoder "
    "batchtopk-checkpoint batchtopk-saved-for-inference matryoshka-checkpoint matryoshka-saved-for-inference "
    "jumprelu-training-checkpoint jumprelu-training-saved-for-inference "
    "gated-training-checkpoint gated-training-saved-for-inference",
    "saelens5": "standard topk jumprelu gated finetuned",
    "gemma_scope": " ".join(name.replace("/", "+") for name in SCOPES),
    "sparsify": "layers.3 layers.3.mlp",
    "dictionary_learning": "AutoEncoder AutoEncoderNew AutoEncoderTopK BatchTopKSAE GatedAutoEncoder "
    "JumpReluAutoEncoder MatryoshkaBatchTopKSAE",
    "ours_for_saelens": " ".join(OURS),
}


def test_there_are_fixtures_of_every_library_and_every_case() -> None:
    assert {str(case.parent): {other.name.removesuffix(".expected.safetensors") for other in CASES
                               if other.parent == case.parent} for case in CASES} == {
        library: set(names.split()) for library, names in EXPECTED.items()
    }  # fmt: skip


def test_an_older_threshold_is_a_logarithm(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "saelens" / "jumprelu", tmp_path / "old")
    weights = load_file(tmp_path / "old" / "sae_weights.safetensors")
    weights["log_threshold"] = weights.pop("threshold").log()
    save_file(weights, tmp_path / "old" / "sae_weights.safetensors")
    old, new = wb.decompose.load(tmp_path / "old"), wb.decompose.load(FIXTURES / "saelens" / "jumprelu")
    torch.testing.assert_close(old.threshold, new.threshold)


def test_how_often_features_fire_is_taken_over_as_l0() -> None:
    folder = FIXTURES / "saelens" / "standard"
    densities = 10 ** load_file(folder / "sparsity.safetensors")["sparsity"]
    assert wb.decompose.load(folder).provenance["l0"] == pytest.approx(float(densities.sum()))


def test_an_id_is_looked_up_on_the_hub_and_only_its_folder_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked = []

    def snapshot(repository: str, allow_patterns: list[str]) -> str:
        asked.append((repository, allow_patterns))
        return str(FIXTURES / "saelens")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    sae = wb.decompose.load("somebody/their-saes/topk")
    assert sae.architecture == "topk" and asked == [("somebody/their-saes", ["topk/*", "topk"])]
    with pytest.raises(FileNotFoundError, match="their-saes on the hub holds no 'gpt2'"):
        wb.decompose.load("somebody/their-saes/gpt2")
    monkeypatch.setattr(
        huggingface_hub, "snapshot_download", lambda *_, **__: (_ for _ in ()).throw(OSError("offline"))
    )
    with pytest.raises(FileNotFoundError, match=r"it is no local path, and looking it up failed \(OSError: offline\)"):
        wb.decompose.load("somebody/their-saes/topk")


def test_a_file_is_as_good_as_its_folder() -> None:
    for library, case, file in (
        ("sparsify", "layers.3.mlp", "sae.safetensors"), ("saelens", "topk", "sae_weights.safetensors"),
        ("dictionary_learning", "BatchTopKSAE", "ae.pt"),
    ):  # fmt: skip
        by_file, by_folder = (wb.decompose.load(FIXTURES / library / case / end) for end in (file, ""))
        assert by_file.hash == by_folder.hash and (by_file.reads, by_file.writes) == (by_folder.reads, by_folder.writes)


def test_a_submodule_that_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "dictionary_learning" / "BatchTopKSAE", tmp_path / "sae")
    file = tmp_path / "sae" / "config.json"
    config = json.loads(file.read_text())
    for submodule, site in (("mlp_out_layer3", "mlp_out.3"), ("resid_pre_layer_3", "resid_pre.3"), ("router_3", None)):
        file.write_text(json.dumps({"trainer": config["trainer"] | {"submodule_name": submodule}}))
        if site:
            assert wb.decompose.load(tmp_path / "sae").site == site
    with pytest.raises(ValueError, match="does not say which site it reads; say it with site="):
        wb.decompose.load(tmp_path / "sae")


@pytest.mark.parametrize("case", OURS)
def test_saelens_itself_gives_what_our_dictionary_gives(case: str, tmp_path: Path) -> None:
    """SAELens read the fixture; what is written today is the same, so it would read that too."""
    sae, expected = our_own(case), load_file(FIXTURES / "ours_for_saelens" / f"{case}.expected.safetensors")
    assert torch.allclose(dense(sae.encode(expected["x"])), expected["features"], atol=1e-5)
    assert torch.allclose(sae(expected["x"]), expected["y"], atol=1e-5)
    written, read = wb.decompose.save(sae, tmp_path / case, library="saelens"), FIXTURES / "ours_for_saelens" / case
    assert json.loads((written / "cfg.json").read_text()) == json.loads((read / "cfg.json").read_text())
    ours, theirs = (load_file(path / "sae_weights.safetensors") for path in (written, read))
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


OWN = {"relu": {"l1": 0.2}, "gated": {}, "topk": {"k": 3}, "batch_topk": {"k": 3}, "matryoshka": {"k": 3},
       "jumprelu": {"k": 3}}  # fmt: skip
WIRED = {
    "autoencoder": {"d_model": 8, "site": "resid_post.0"},
    "skip transcoder": {"d_model": 8, "d_out": 6, "site": "mlp_in.0", "target": "mlp_out.0", "skip": True},
    "crosscoder": {"d_model": 8, "site": ("resid_post.0", "resid_post.1")},
}


def made(architecture: str, wired: str = "autoencoder") -> wb.decompose.Dictionary:
    sae = ARCHITECTURES[architecture](**WIRED[wired], width=24, **OWN[architecture], seed=1).requires_grad_(False)
    randomness = torch.Generator().manual_seed(4)
    for parameter in sae.parameters():
        parameter += 0.3 * torch.randn(parameter.shape, generator=randomness).abs()
    if architecture in ("batch_topk", "matryoshka"):
        sae.threshold.fill_(0.5)
    sae.maxima.uniform_(generator=randomness)
    sae.provenance = {"model": "tiny", "bos": True}
    return sae


@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("architecture", OWN)
def test_what_is_saved_comes_back(architecture: str, wired: str, tmp_path: Path) -> None:
    sae = made(architecture, wired)
    again = wb.decompose.load(wb.decompose.save(sae, tmp_path / "sae"))
    x = torch.randn(5, 8)
    assert again.hash == sae.hash and torch.equal(again(x), sae(x)) and repr(again) == repr(sae)
    assert again.provenance == sae.provenance and (again.reads, again.writes) == (sae.reads, sae.writes)


@pytest.mark.parametrize("wired", ["autoencoder", "skip transcoder"])
@pytest.mark.parametrize("architecture", OWN)
def test_what_is_written_for_saelens_comes_back(architecture: str, wired: str, tmp_path: Path) -> None:
    sae = made(architecture, wired)
    if wired != "autoencoder" and architecture in ("gated", "topk"):
        with pytest.raises(ValueError, match=f"SAELens has no {architecture} transcoders"):
            wb.decompose.save(sae, tmp_path / "sae", library="saelens")
        return
    again = wb.decompose.load(wb.decompose.save(sae, tmp_path / "sae", library="saelens"))
    x = torch.randn(50, 8)
    assert torch.allclose(dense(again.encode(x)), dense(sae.encode(x)), atol=1e-6)
    assert torch.allclose(again(x), sae(x), atol=1e-6) and (again.site, again.target) == (sae.site, sae.target)


@pytest.mark.parametrize("per_token", ["centre", "layer_norm", "norm"])
def test_a_feature_that_rises_changes_the_output_as_it_says(per_token: str) -> None:
    sae = ARCHITECTURES["topk"](d_model=8, width=24, k=24, site="resid_post.0", per_token=per_token)
    x = 3 * torch.randn(5, 8) + 1
    features = sae.encode(x)
    risen = wb.decompose.Features(features.indices, features.values + 0.5 * (features.indices == 7), 24)
    _, _, size = sae.normalised(x)
    rise = (sae.decode(risen) - sae.decode(features)) * size
    assert torch.allclose(sae.change(x, 7, torch.full((5,), 0.5)), rise, atol=1e-5)
    assert not torch.allclose(sae(x), sae.decode(features), atol=0.1)


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    source = FIXTURES / "dictionary_learning" / "AutoEncoder"
    shutil.copytree(source, tmp_path / "sae")

    class Evil:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "touched",))

    (tmp_path / "sae" / "ae.pt").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ValueError, match=r"ae\.pt holds more than arrays, .* refused"):
        wb.decompose.load(tmp_path / "sae")
    np.savez(tmp_path / "params.npz", W_enc=np.array([Evil()], dtype=object))
    with pytest.raises(ValueError, match=r"params\.npz holds more than arrays, .* refused"):
        wb.decompose.load(tmp_path / "params.npz", site="resid_post.0")
    assert not (tmp_path / "touched").exists()


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    folder = wb.decompose.save(made("topk"), tmp_path / "sae")
    config = json.loads((folder / "dictionary.json").read_text())
    with pytest.raises(FileNotFoundError, match="no dictionary in /not/there"):
        wb.decompose.load("/not/there")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=r"holds nothing\. Known are our own: dictionary\.json"):
        wb.decompose.load(tmp_path / "empty")
    (folder / "dictionary.json").write_text(json.dumps(config | {"architecture": "gelu"}))
    with pytest.raises(ValueError, match="no architecture 'gelu'"):
        wb.decompose.load(folder)
    (folder / "dictionary.json").write_text(json.dumps({k: v for k, v in config.items() if k != "site"}))
    with pytest.raises(ValueError, match="looks like our own, but has no 'site'"):
        wb.decompose.load(folder)
    (folder / "dictionary.json").write_text("{")
    with pytest.raises(ValueError, match="is no JSON"):
        wb.decompose.load(folder)
    (folder / "dictionary.json").write_text(json.dumps(config))
    weights = load_file(folder / "dictionary.safetensors")
    save_file({name: weight for name, weight in weights.items() if name != "b_enc"}, folder / "dictionary.safetensors")
    with pytest.raises(ValueError, match=r"do not fit a topk dictionary: missing \['b_enc'\]"):
        wb.decompose.load(folder)
    (folder / "dictionary.safetensors").write_bytes(b"cut")
    with pytest.raises(ValueError, match="cut short"):
        wb.decompose.load(folder)
    with pytest.raises(ValueError, match="no format of 'sparsify' to write; there are: workbench, saelens"):
        wb.decompose.save(made("topk"), tmp_path, library="sparsify")
    with pytest.raises(ValueError, match="no crosscoders"):
        wb.decompose.save(made("topk", "crosscoder"), tmp_path, library="saelens")


def test_gemma_scope_says_its_site_in_its_name_only(tmp_path: Path) -> None:
    source = FIXTURES / "gemma_scope/gemma-scope-2b-pt-res/layer_3/width_16k/average_l0_5/params.npz"
    shutil.copy(source, tmp_path)
    with pytest.raises(ValueError, match="does not say which site it reads; say it with site="):
        wb.decompose.load(tmp_path)
    assert wb.decompose.load(tmp_path, site="blocks.12.hook_resid_post").site == "resid_post.12"
    assert wb.decompose.load(source.parent).provenance["l0"] == 5


def test_sparsify_before_the_model_says_which_module(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "sparsify" / "layers.3", tmp_path / "odd")
    with pytest.raises(ValueError, match="does not say which site"):
        wb.decompose.load(tmp_path / "odd")
