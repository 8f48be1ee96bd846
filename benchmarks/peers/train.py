"""Trains one dictionary with one library on given activations and prints tokens per second and peak memory.

python train.py LIBRARY FILE.npy ARCHITECTURE WIDTH K BATCH WARMUP STEPS

Run in an environment that has the library; it imports nothing of ours but for `workbench` itself.
Every library trains as it comes: its own optimiser, its own auxiliary losses, fp32, one thread.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
Step = Callable[[torch.Tensor], object]


def workbench(x: torch.Tensor, architecture: str, width: int, k: int, batch: int, steps: int) -> Step:
    """Ours; it draws its own batches."""
    import workbench as wb

    run = wb.decompose.train(x, architecture, at="resid_post.0", width=width, k=k, batch=batch, steps=steps)
    return lambda _: run.step()


def saelens(x: torch.Tensor, architecture: str, width: int, k: int, batch: int, steps: int) -> Step:
    """SAELens's trainer, step by step, without its logging."""
    from sae_lens.config import SAETrainerConfig
    from sae_lens.saes import batchtopk_sae, topk_sae
    from sae_lens.training.sae_trainer import SAETrainer

    module, name = {"topk": (topk_sae, "TopK"), "batch_topk": (batchtopk_sae, "BatchTopK")}[architecture]
    config = getattr(module, f"{name}TrainingSAEConfig")(d_in=x.shape[1], d_sae=width, k=k)
    sae = getattr(module, f"{name}TrainingSAE")(config)
    trainer = SAETrainer(SAETrainerConfig(steps * batch, batch, lr_end=3e-5), sae, iter(()))

    def step(rows: torch.Tensor) -> None:
        trainer.step(rows)
        trainer.n_training_steps += 1

    return step


def sparsify(x: torch.Tensor, architecture: str, width: int, k: int, batch: int, steps: int) -> Step:
    """Sparsify's coder and its loss under Adam; its trainer reads a language model only."""
    from sparsify import SparseCoder, SparseCoderConfig

    if architecture != "topk":
        raise SystemExit("sparsify has no batch_topk")
    coder = SparseCoder(x.shape[1], SparseCoderConfig(num_latents=width, k=k))
    optimiser = torch.optim.Adam(coder.parameters(), lr=1e-4)

    def step(rows: torch.Tensor) -> None:
        coder.set_decoder_norm_to_unit_norm()
        coder(rows).fvu.backward()
        coder.remove_gradient_parallel_to_decoder_directions()
        optimiser.step()
        optimiser.zero_grad()

    return step


def dictionary_learning(x: torch.Tensor, architecture: str, width: int, k: int, batch: int, steps: int) -> Step:
    """dictionary_learning's trainers."""
    from dictionary_learning.trainers import batch_top_k, top_k

    trainer = {"topk": top_k.TopKTrainer, "batch_topk": batch_top_k.BatchTopKTrainer}[architecture](
        steps=steps, activation_dim=x.shape[1], dict_size=width, k=k, layer=0, lm_name="none", device="cpu",
        warmup_steps=min(10, steps // 2), decay_start=None,
    )  # fmt: skip
    count = iter(range(10**9))
    return lambda rows: trainer.update(next(count), rows)


def main(library: str, file: str, architecture: str, *numbers: str) -> None:
    """Warm up, then time."""
    width, k, batch, warmup, steps = map(int, numbers)
    x = torch.from_numpy(np.load(Path(file)))
    step = globals()[library](x, architecture, width, k, batch, warmup + steps)
    for number in range(warmup + steps):
        if number == warmup:
            started = time.perf_counter()
        at = number * batch % (len(x) - batch + 1)
        step(x[at : at + batch])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"tokens_per_second": steps * batch / seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
