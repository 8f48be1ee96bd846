"""Harvesting activations, beside the bare forward pass and SAELens's activation store, in one run.

    benchmarks/peers/make.sh build/peers
    python benchmarks/harvest.py build/peers [FOLDER OF A MODEL]

The bare forward is the model's own blocks up to the same layer over the same batches, and nothing kept. One
thread, fp32; medians over rounds. SAELens reads models through TransformerLens only, so it is timed on a
Llama of the shipped model's shape that TransformerLens builds, random weights, same batch and length.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path

import torch

import workbench as wb

SITE, TOKENS, BATCH, ROUNDS = "resid_post.1", 200_000, 32, 3


def main(peers: Path, folder: str | None = None) -> None:
    """Time each way to read the same texts."""
    torch.set_num_threads(1)
    model = wb.load(folder)
    texts = [document.text for document in islice(wb.world.documents("train", 0), TOKENS // 40)]
    pieces = sorted((ids for windows in model.vocabulary.windows(texts) for ids in windows), key=len)
    batches = [
        model.vocabulary.padded(pieces[at : at + BATCH], "right", model.device) for at in range(0, len(pieces), BATCH)
    ]
    n = sum(int(batch.places.text.sum()) for batch in batches)
    rows: dict[str, list[float]] = {"bare forward": [], "in memory": [], "to disk, shuffled": []}
    for _ in range(ROUNDS):
        rows["bare forward"].append(n / timed(lambda: bare(model, batches)))
        rows["in memory"].append(n / timed(lambda: wb.decompose.harvest(model, texts, at=SITE, batch=BATCH)))
        with tempfile.TemporaryDirectory() as to:
            rows["to disk, shuffled"].append(
                n / timed(lambda to=to: wb.decompose.harvest(model, texts, at=SITE, to=Path(to) / "a", batch=BATCH))
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    base = statistics.median(rows["bare forward"])
    print(f"{n:,} tokens, {model.name}, {SITE}, batches of {BATCH} texts, one thread, median of {ROUNDS} rounds")
    print(f"peak memory {peak:,.0f} MB")
    for name, speeds in rows.items():
        speed = statistics.median(speeds)
        print(f"{name:<22} {speed:>10,.0f} tokens/s   {speed / base:5.2f} × the bare forward")
    compare(peers, model)


def bare(model: wb.Model, batches: list[wb.tokens.Tokens]) -> None:
    """The blocks up to the site, by the model's own code, stopped there."""

    class Enough(Exception):
        pass

    def stop(*_: object) -> None:
        raise Enough

    blocks = model.hf.get_submodule(model.family.blocks)
    handle = blocks[int(SITE.split(".")[1])].register_forward_hook(stop)
    try:
        with torch.no_grad():
            for batch in batches:
                with suppress(Enough):
                    model.hf(input_ids=batch.ids, attention_mask=batch.mask.long(), use_cache=False)
    finally:
        handle.remove()


def timed(call: object) -> float:
    """Seconds."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def compare(peers: Path, model: wb.Model) -> None:
    """SAELens's store on a model of this shape, and ours on texts of the same length as its rows."""
    shape = {
        "layers": model.n_layers,
        "d": model.d_model,
        "heads": model.n_heads,
        "vocabulary": model.config.vocab_size,
    }
    shape |= {"mlp": model.config.intermediate_size, "context": 128, "batch": BATCH, "tokens": TOKENS}
    script = Path(__file__).parent / "peers" / "harvest.py"
    python = peers / "saelens" / "bin" / "python"
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    theirs, ours = [], []
    words = wb.world.documents("train", 1)
    long = [" ".join(next(words).text for _ in range(8)) for _ in range(TOKENS // 250)]
    pieces = [ids[:128] for windows in model.vocabulary.windows(long) for ids in windows if len(ids) >= 128]
    texts = [model.tokenizer.decode(ids[1:126]) for ids in pieces][: TOKENS // 128]
    for _ in range(ROUNDS):
        done = subprocess.run(
            [python, script, json.dumps(shape)], capture_output=True, text=True, env=environment, check=False
        )
        if done.returncode:
            print(f"SAELens: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            return
        theirs.append(json.loads(done.stdout.strip().splitlines()[-1])["tokens_per_second"])
        with tempfile.TemporaryDirectory() as to:
            seconds = timed(lambda to=to: wb.decompose.harvest(model, texts, at=SITE, to=Path(to) / "a", batch=BATCH))
            made = wb.decompose.Store(Path(to) / "a")
            ours.append(len(made) / seconds)
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"rows of 128 tokens: ours, to disk {statistics.median(ours):,.0f} tokens/s · "
          f"SAELens's store {statistics.median(theirs):,.0f} tokens/s · {ratio:.2f} ×")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"), *sys.argv[2:3])
