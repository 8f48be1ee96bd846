"""Times SAEDashboard on the shipped model and dictionary, which `benchmarks/dashboards.py` laid in a folder.

python dashboards.py check FOLDER
python dashboards.py accepts FOLDER
python dashboards.py SETTING FOLDER [FEATURES]

The model is given to TransformerLens as its own conversion of Llama weights makes it, unprocessed, as SAEDashboard's
Neuronpedia runner has it. Prints one line of JSON: seconds, peak memory, and what of each was before the run.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from sae_dashboard.components_config import (
    ActsHistogramConfig,
    Column,
    FeatureTablesConfig,
    LogitsHistogramConfig,
    LogitsTableConfig,
    SequencesConfig,
)
from sae_dashboard.layout import SaeVisLayoutConfig
from sae_dashboard.neuronpedia.neuronpedia_converter import NeuronpediaConverter
from sae_dashboard.neuronpedia.neuronpedia_dashboard import NeuronpediaDashboardBatch
from sae_dashboard.neuronpedia.neuronpedia_runner_config import NeuronpediaRunnerConfig
from sae_dashboard.sae_vis_data import SaeVisConfig
from sae_dashboard.sae_vis_runner import SaeVisRunner
from sae_lens import SAE, HookedSAETransformer
from safetensors.torch import load_file
from transformer_lens import HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions import convert_llama_weights
from transformers import LlamaConfig, LlamaForCausalLM

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))

SETTINGS = {
    "default": {},
    "neuronpedia": {"minibatch_size_features": 128, "minibatch_size_tokens": 32},
    "tuned": {"minibatch_size_features": 64, "minibatch_size_tokens": 32},
}
"""SaeVisRunner's own defaults; those of SAEDashboard's Neuronpedia runner; and the fastest of ten that were tried."""


def main(setting: str, folder: Path, width: int = 4096) -> None:
    """Make dashboards of some features, drawn at random, and print how long it took."""
    if setting == "accepts":
        print(json.dumps(accepted(folder)))
        return
    model, sae, tokens = load(folder)
    if setting == "check":
        print(json.dumps(agreement(model, sae, folder)))
        return
    about = json.loads((folder / "about.json").read_text())
    features = np.random.default_rng(0).permutation(sae.cfg.d_sae)[:width].tolist()
    make, before = in_memory if setting == "default" else as_files, memory()
    clock, cpu, size = make(setting, model, sae, tokens, features, about)
    found = {"features": len(features), "tokens": tokens.numel(), "batches": clock, "cpu_batches": cpu}
    print(json.dumps(found | {"peak_bytes": memory(), "before_bytes": before, "disk_bytes": size}))


def in_memory(setting: str, model, sae, tokens, features: list[int], about: dict) -> tuple:  # noqa: ANN001
    """One call for all features, as its README shows it: nothing is written."""
    config = SaeVisConfig(
        hook_point=sae.cfg.metadata.hook_name,
        features=features,
        ignore_tokens=set(about["specials"]),
        **SETTINGS[setting],
    )
    clock, cpu = time.perf_counter(), time.process_time()
    SaeVisRunner(config).run(encoder=sae, model=model, tokens=tokens)
    return [time.perf_counter() - clock], [time.process_time() - cpu], 0


def as_files(setting: str, model, sae, tokens, features: list[int], about: dict) -> tuple:  # noqa: ANN001
    """As its Neuronpedia runner goes: whole rows, 5 intervals, activations cached, a JSON file per minibatch."""
    size, pieces, clocks, cpus = 0, dict(enumerate(about["pieces"])), [], []
    at_a_time = SETTINGS[setting]["minibatch_size_features"]
    sequences = SequencesConfig(stack_mode="stack-all", buffer=None, n_quantiles=5)
    column = Column(
        sequences, ActsHistogramConfig(), LogitsHistogramConfig(), LogitsTableConfig(), FeatureTablesConfig(n_rows=3)
    )
    runner = NeuronpediaRunnerConfig("atlas-x16", "", "", model_id="atlas", layer=1)
    with tempfile.TemporaryDirectory() as cache:
        for start in range(0, len(features), at_a_time):
            config = SaeVisConfig(
                hook_point=sae.cfg.metadata.hook_name,
                features=features[start : start + at_a_time],
                ignore_tokens=set(about["specials"]),
                feature_centric_layout=SaeVisLayoutConfig(columns=[column]),
                cache_dir=Path(cache),
                **SETTINGS[setting],
            )
            clock, cpu = time.perf_counter(), time.process_time()
            data = SaeVisRunner(config).run(encoder=sae, model=model, tokens=tokens)
            text = NeuronpediaConverter.convert_to_np_json(model, data, runner, pieces)
            (Path(cache) / f"batch-{start // at_a_time}.json").write_text(text)
            clocks.append(time.perf_counter() - clock)
            cpus.append(time.process_time() - cpu)
            size += len(text.encode())
    return clocks, cpus, size


def load(folder: Path) -> tuple[HookedSAETransformer, SAE, torch.Tensor]:
    """The model from its weights alone, the dictionary by SAELens's loader, and the tokens."""
    shape = json.loads((folder / "config.json").read_text())
    sizes = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    rest = ("num_key_value_heads", "max_position_embeddings", "rms_norm_eps", "tie_word_embeddings")
    given = {name: shape[name] for name in (*sizes, *rest)}
    hf = LlamaForCausalLM(LlamaConfig(**given, rope_theta=shape["rope_parameters"]["rope_theta"]))
    hf.load_state_dict({name: w.float() for name, w in load_file(folder / "model.safetensors").items()}, strict=False)
    hf.tie_weights()
    config = HookedTransformerConfig(
        n_layers=shape["num_hidden_layers"], d_model=shape["hidden_size"], n_heads=shape["num_attention_heads"],
        d_head=shape["head_dim"], d_mlp=shape["intermediate_size"], n_ctx=shape["max_position_embeddings"],
        d_vocab=shape["vocab_size"], act_fn="silu", gated_mlp=True, normalization_type="RMS", final_rms=True,
        positional_embedding_type="rotary", rotary_dim=shape["head_dim"], rotary_adjacent_pairs=False,
        rotary_base=shape["rope_parameters"]["rope_theta"], eps=shape["rms_norm_eps"], device="cpu",
    )  # fmt: skip
    model = HookedSAETransformer(config)
    plain = dict.fromkeys(("fold_ln", "center_writing_weights", "center_unembed", "fold_value_biases"), False)
    model.load_and_process_state_dict(convert_llama_weights(hf, config), **plain)
    return model, SAE.load_from_disk(folder / "sae"), torch.from_numpy(np.load(folder / "tokens.npy"))


def agreement(model: HookedSAETransformer, sae: SAE, folder: Path) -> dict:
    """The largest differences from our logits and activations on the same tokens."""
    held = np.load(folder / "ours.npz")
    ids = torch.from_numpy(held["ids"])
    with torch.no_grad():
        logits, cache = model.run_with_cache(ids, names_filter=sae.cfg.metadata.hook_name)
        activations = sae.encode(cache[sae.cfg.metadata.hook_name])
    on = torch.from_numpy(held["activations"])
    return {
        "logits": float((logits - torch.from_numpy(held["logits"])).abs().max()),
        "activations": float((activations - on).abs().max()),
        "largest": float(on.max()),
        "fired_differently": int(((activations > 0) != (on > 0)).sum()),
        "fired": int((on > 0).sum()),
    }


def accepted(folder: Path) -> dict:
    """Whether batch-*.json, which we wrote, are read by SAEDashboard's own classes, and come back the same."""
    files = sorted(folder.glob("batch-*.json"))
    read = [json.loads(file.read_text()) for file in files]
    same = [NeuronpediaDashboardBatch(**batch).to_dict() == batch for batch in read]
    return {"files": len(files), "features": sum(len(batch["features"]) for batch in read), "same": all(same)}


def memory() -> int:
    """Bytes that this process held at most; unlike ru_maxrss not what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
