"""Times SAELens's activation store on a Llama-shaped model of TransformerLens, random weights.

python harvest.py '{"layers": 4, "d": 256, …}'
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from datasets import Dataset
from sae_lens.training.activations_store import ActivationsStore
from transformer_lens import HookedTransformer, HookedTransformerConfig

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


def main(shape: dict) -> None:
    """Draw as many activations as were asked for, in the store's own batches."""
    config = HookedTransformerConfig(
        n_layers=shape["layers"], d_model=shape["d"], n_heads=shape["heads"], d_head=shape["d"] // shape["heads"],
        d_mlp=shape["mlp"], n_ctx=shape["context"], d_vocab=shape["vocabulary"], act_fn="silu", gated_mlp=True,
        normalization_type="RMS", positional_embedding_type="rotary", rotary_dim=shape["d"] // shape["heads"],
        final_rms=True, seed=0, device="cpu",
    )  # fmt: skip
    model = HookedTransformer(config)
    rows = torch.randint(10, shape["vocabulary"], (2 * shape["tokens"] // shape["context"], shape["context"]))
    store = ActivationsStore(
        model=model, dataset=Dataset.from_dict({"tokens": rows.tolist()}), streaming=False,
        hook_name="blocks.1.hook_resid_post", hook_head_index=None, context_size=shape["context"], d_in=shape["d"],
        n_batches_in_buffer=64, total_training_tokens=shape["tokens"], store_batch_size_prompts=shape["batch"],
        train_batch_size_tokens=4096, prepend_bos=False, normalize_activations="none", device=torch.device("cpu"),
        dtype="float32",
    )  # fmt: skip
    store.next_batch()
    drawn, started = 0, time.perf_counter()
    while drawn < shape["tokens"]:
        drawn += len(store.next_batch())
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"tokens_per_second": drawn / seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
