"""Harvesting activations, beside the bare forward pass and SAELens's activation store, in one run.

    benchmarks/peers/make.sh build/peers
    python benchmarks/harvest.py build/peers

The bare forward is the model's own blocks up to the same layer over the same batches, and nothing kept. SAELens
reads models through TransformerLens only, so it is timed on a Llama of the shipped model's shape that
TransformerLens builds, random weights; beside it our texts are cut to rows of the same length, our model has fused
attention ("sdpa"), and all take 8 rows at a time, which suits each best here. One thread, fp32, each way in a process
of its own, in turn; the table holds medians over rounds and the largest peak of memory.
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
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import torch

import workbench as wb

SITE, TOKENS, ROW, ROUNDS = "resid_post.1", 200_000, 128, 5
BATCH, BATCH_OF_ROWS = 32, 8
WAYS = ("bare forward", "in memory", "to disk, shuffled", "bare forward, rows", "to disk, rows", "SAELens, rows")


def main(peers: Path) -> None:
    """Time each way in turn, and print a table."""
    found: dict[str, list[dict]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            found[way] += run(way, peers)
    speeds = {way: statistics.median(one["tokens_per_second"] for one in rows) for way, rows in found.items() if rows}
    print(f"atlas, {SITE}, {TOKENS:,} tokens, one thread, median of {ROUNDS} rounds; documents, {BATCH} at a time, and")
    print(f"rows of {ROW} tokens, {BATCH_OF_ROWS} at a time")
    print(f"{'':<22} {'tokens/s':>9} {'× bare forward':>15} {'× SAELens':>10} {'peak memory':>12}")
    for way, speed in speeds.items():
        bare = speeds["bare forward, rows" if "rows" in way else "bare forward"]
        against = f"{speed / speeds['SAELens, rows']:9.2f} ×" if "rows" in way and "SAELens, rows" in speeds else ""
        peak = max(one["peak_bytes"] for one in found[way])
        print(f"{way:<22} {speed:>9,.0f} {speed / bare:>15.2f} {against:>10} {peak / 1e6:>9,.0f} MB")
    ratios = [
        row["tokens_per_second"] / base["tokens_per_second"]
        for row, base in zip(found["to disk, shuffled"], found["bare forward"], strict=True)
    ]
    print(f"to disk against the bare forward, round by round: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")


def run(way: str, peers: Path) -> list[dict]:
    """One way's figures, in a process of its own; none where it fails."""
    script, python = Path(__file__), sys.executable
    given = [way]
    if way.startswith("SAELens"):
        script, python = script.parent / "peers" / "harvest.py", str(peers / "saelens" / "bin" / "python")
        model = wb.load()
        shape = {"layers": model.n_layers, "d": model.d_model, "heads": model.n_heads}
        shape |= {"vocabulary": model.config.vocab_size, "mlp": model.config.intermediate_size}
        given = [json.dumps(shape | {"context": ROW, "batch": BATCH_OF_ROWS, "tokens": TOKENS})]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    call = [python, str(script), *given]
    done = subprocess.run(call, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        print(f"{way}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    return [json.loads(done.stdout.strip().splitlines()[-1])]


def measure(way: str) -> None:
    """Read the texts once, in this process, and print tokens per second and peak memory."""
    torch.set_num_threads(1)
    model = wb.load(attention="sdpa" if "rows" in way else "eager")
    texts, size = (rows(model), BATCH_OF_ROWS) if "rows" in way else (mixed(model), BATCH)
    batches = padded(model, texts, size)
    n = sum(int(batch.places.text.sum()) for batch in batches)
    bare(model, batches[:8])  # warm
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        if way.startswith("bare"):
            bare(model, batches)
        else:
            to = Path(folder) / "activations" if "disk" in way else None
            wb.decompose.harvest(model, texts, at=SITE, to=to, batch=size)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"tokens_per_second": n / seconds, "peak_bytes": peak}))


def mixed(model: wb.Model) -> list[str]:
    """Documents as they come, about as many tokens as are asked for."""
    texts, n = [], 0
    for document in wb.world.documents("train", 0):
        texts.append(document.text)
        n += sum(map(len, next(iter(model.vocabulary.windows([document.text])))))
        if n >= TOKENS:
            return texts
    raise AssertionError("the language is endless")


def rows(model: wb.Model) -> list[str]:
    """Texts that each fill a row."""
    words = wb.world.documents("train", 1)
    long = (" ".join(document.text for document in islice(words, 8)) for _ in range(TOKENS // ROW))
    pieces = (ids[1:ROW] for windows in model.vocabulary.windows(list(long)) for ids in windows if len(ids) >= ROW)
    return [model.tokenizer.decode(ids) for ids in islice(pieces, TOKENS // ROW)]


def padded(model: wb.Model, texts: Sequence[str], size: int) -> list[wb.tokens.Tokens]:
    """The batches that a harvest makes of them: those of a length together."""
    batches = []
    for start in range(0, len(texts), wb.decompose.store.POOL):
        pool = model.vocabulary.windows(list(texts[start : start + wb.decompose.store.POOL]))
        pieces = sorted((ids for windows in pool for ids in windows), key=len)
        batches += [
            model.vocabulary.padded(pieces[at : at + size], "right", model.device) for at in range(0, len(pieces), size)
        ]
    return batches


def bare(model: wb.Model, batches: Sequence[wb.tokens.Tokens]) -> None:
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


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        measure(sys.argv[1])
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"))
