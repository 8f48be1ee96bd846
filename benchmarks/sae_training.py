"""Training dictionaries on a CPU, beside SAELens, sparsify and dictionary_learning, in one run.

    benchmarks/peers/make.sh build/peers
    python benchmarks/sae_training.py build/peers

Same data, one thread, fp32, each library in a process of its own, in turn, several rounds; the table holds
medians. The floor is the encoder alone: 2 · D · F per token at the rate at which this machine multiplies
matrices of these shapes, measured in the same run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

SHAPES = {"small": (256, 4096, 32, 4096, 30), "large": (768, 16384, 32, 2048, 8)}
"""Name → D, F, k, batch, steps that are timed."""
LIBRARIES = ("workbench", "saelens", "sparsify", "dictionary_learning")
ROUNDS = 3


def main(peers: Path) -> None:
    """Time every library on every shape and architecture, and print a table."""
    torch.set_num_threads(1)
    for name, (d, width, k, batch, steps) in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "activations.npy"
            np.save(file, data(d, 8 * batch))
            floor = statistics.median(gemm(d, width, batch) for _ in range(2 * ROUNDS + 1))
            print(f"\n{name}: D {d}, F {width}, k {k}, batch {batch}; the encoder alone: {floor:,.0f} tokens/s")
            print(f"{'':<11} {'':<20} {'tokens/s':>10} {'of the floor':>13} {'× SAELens':>10} {'peak memory':>12}")
            for architecture in ("topk", "batch_topk"):
                found: dict[str, list[dict]] = {library: [] for library in LIBRARIES}
                for _ in range(ROUNDS):
                    for library in LIBRARIES:
                        found[library] += run(peers, library, file, architecture, width, k, batch, steps)
                speeds = {
                    lib: statistics.median(r["tokens_per_second"] for r in rows) for lib, rows in found.items() if rows
                }
                for library, speed in speeds.items():
                    peak = max(row["peak_bytes"] for row in found[library])
                    ratio = f"{speed / speeds['saelens']:9.2f} ×" if "saelens" in speeds else "–"
                    print(f"{architecture:<11} {library:<20} {speed:>10,.0f} {speed / floor:>13.1%} {ratio:>10} "
                          f"{peak / 1e6:>9,.0f} MB", flush=True)  # fmt: skip


def data(d: int, n: int) -> np.ndarray:
    """Sums of a few of many directions: something to learn."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((4 * d, d), dtype=np.float32) / d**0.5
    amounts = rng.random((n, 4 * d), dtype=np.float32) * (rng.random((n, 4 * d), dtype=np.float32) < 16 / (4 * d))
    return amounts @ directions + 0.05 * rng.standard_normal((n, d), dtype=np.float32)


def gemm(d: int, width: int, batch: int) -> float:
    """Tokens per second of x Wᵀ alone, the result's memory reused."""
    x, w, out = torch.randn(batch, d), torch.randn(width, d), torch.empty(batch, width)
    torch.mm(x, w.T, out=out)
    started = time.perf_counter()
    for _ in range(3):
        torch.mm(x, w.T, out=out)
    return 3 * batch / (time.perf_counter() - started)


def run(peers: Path, library: str, file: Path, *numbers: object) -> list[dict]:
    """One library's figures; none where it has no such architecture."""
    architecture, width, k, batch, steps = numbers
    python = sys.executable if library == "workbench" else str(peers / library / "bin" / "python")
    call = [python, str(Path(__file__).parent / "peers" / "train.py"), library, str(file), architecture]
    call += [str(number) for number in (width, k, batch, 2, steps)]
    done = subprocess.run(call, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False)
    if done.returncode:
        print(f"{library}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    return [json.loads(done.stdout.strip().splitlines()[-1])]


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"))
