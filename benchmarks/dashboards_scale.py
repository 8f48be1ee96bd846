"""A quarter of a million dashboards in one pass over text: seconds, memory at two lengths of text, disk, time per card.

    python benchmarks/dashboards_scale.py [TOKENS [WIDTH]]

A random model (2 layers, 64 numbers wide) reads documents of the world with the shipped tokenizer, and the dictionary
is random directions around the mean of its stream, of which the k strongest fire at each token: its features mean
nothing, and cost what those of a trained dictionary of this k do. One run of TOKENS/4 tokens and one of TOKENS, each
in a process of its own: memory should not grow between them. Beside the clock stands the processor's time, which
does not depend on what else the machine does. Neurons are left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

import workbench as wb
from workbench.decompose.architectures import TopK
from workbench.explore import indexing

TOKENS, WIDTH, K, D = 200_000, 262_144, 32, 64
SITE = "resid_post.1"
CARDS = 50
LARGER = (1_000_000, 10_000_000)
"""Features and tokens for which it is reckoned what they would take."""
RESULTS = Path(__file__).parent.parent / "build" / "dashboards_scale.json"


def main(tokens: int = TOKENS, width: int = WIDTH) -> None:
    """Index two lengths of text, and print what both took and what more would take."""
    runs = [run(n, width) for n in (tokens // 4, tokens)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"width": width, "k": K, "d": D, "runs": runs}, indent=1) + "\n")
    print(f"{width:,} random features, k {K}, on a stream of {D}; one thread; seconds of the processor")
    print(f"{'tokens':>9} {'clock':>8} {'processor':>10} {'reading':>8} {'summing':>8} {'features/s':>11} "
          f"{'peak, its own':>13} {'before':>9} {'with files':>10} {'on disk':>9} {'at work':>9} {'a card':>8} "
          f"{'fired':>7}")  # fmt: skip
    for one in runs:
        cpu = one["reading"] + one["summing"]
        own, before, mapped, disk, work = (
            one[f"{name}_bytes"] / 1e6 for name in ("own", "before", "mapped", "disk", "work")
        )
        print(f"{one['tokens']:>9,} {one['clock']:>6.0f} s {cpu:>8.0f} s {one['reading']:>6.0f} s "
              f"{one['summing']:>6.0f} s {width / cpu:>11,.0f} {own:>10,.0f} MB {before:>6,.0f} MB {mapped:>7,.0f} MB "
              f"{disk:>6,.0f} MB {work:>6,.0f} MB {one['card_ms']:>5.1f} ms {one['alive']:>7,}")  # fmt: skip
    reckon(runs, width)


def reckon(runs: list[dict], width: int) -> None:
    """What more features and tokens take.

    Reading costs r for a feature at a token: the encoder's product, 2 · D flops. Summing costs s for a feature and t
    for a firing, which the two runs tell apart: s · F + t · n · k.
    """
    few, many = runs
    features, tokens = LARGER
    r = many["reading"] / many["tokens"] / width
    t = max(0.0, (many["summing"] - few["summing"]) / (many["tokens"] - few["tokens"]) / K)
    s = max(0.0, (many["summing"] - t * many["tokens"] * K) / width)
    reading, summing = r * features * tokens, s * features + t * tokens * K
    work = many["work_bytes"] / many["tokens"] * tokens
    disk = many["disk_bytes"] / width * features
    print(f"{features:,} features × {tokens:,} tokens, k {K}, D {D}, one thread: reading {reading / 3600:,.1f} h at "
          f"{r * 1e9:.2f} ns for a feature at a token ({2 * D / r / 1e9:.0f} GFLOP/s; a matrix product: it grows with "
          f"D), summing {summing / 3600:.1f} h at {s * 1e3:.2f} ms a feature and {t * 1e6:.2f} µs a firing; "
          f"{work / 1e9:.1f} GB on disk while it is made, {disk / 1e9:.1f} GB in the end")  # fmt: skip


def run(tokens: int, width: int) -> dict:
    """One index, in a process of its own."""
    environment = {"OMP_NUM_THREADS": "1", **os.environ}
    command = [sys.executable, __file__, "measure", str(tokens), str(width)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure(tokens: int, width: int) -> None:
    """Make the index, and some cards of it; print what it took."""
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    model = small()
    sae = dictionary(model, width)
    read_at = summed_from()
    with tempfile.TemporaryDirectory() as folder:
        to, clock, started = Path(folder) / "index", time.perf_counter(), time.process_time()
        with Memory() as memory:
            index = wb.explore.index(model, sae, texts(), to=to, tokens=tokens, neurons=[], keep=True)
        ended, clock = time.process_time(), time.perf_counter() - clock
        work = size(to / "pass")
        features = index.random(CARDS, seed=0)
        index[features[0]]  # files are opened once
        begun = time.process_time()
        for feature in features:
            index[feature]
        card = (time.process_time() - begun) / CARDS * 1e3
        found = {"tokens": index.tokens, "clock": clock, "reading": read_at[0] - started, "summing": ended - read_at[0]}
        found |= {"own_bytes": memory.own, "before_bytes": memory.before, "mapped_bytes": memory.mapped}
        found |= {"disk_bytes": size(to) - work, "work_bytes": work}
        print(json.dumps(found | {"card_ms": card, "alive": len(index.alive)}))


def summed_from() -> list[float]:
    """When summing up begins will stand here: the processor's time, in seconds."""
    at: list[float] = []
    summed = indexing.summed

    def noted(*given: object, **named: object) -> object:
        at.append(time.process_time())
        return summed(*given, **named)

    indexing.summed = noted
    return at


def texts() -> Iterator[str]:
    """Documents without end."""
    return (document.text for document in wb.world.documents("test", 0))


def small() -> wb.Model:
    """A random Llama with the shipped tokenizer."""
    shipped = wb.load()
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=shipped.config.vocab_size, hidden_size=D, intermediate_size=2 * D, num_hidden_layers=2,
        num_attention_heads=4, max_position_embeddings=shipped.context, initializer_range=0.2,
    )  # fmt: skip
    return wb.Model(LlamaForCausalLM(config), shipped.tokenizer, name="random")


def dictionary(model: wb.Model, width: int) -> wb.decompose.dictionaries.Dictionary:
    """Random directions of length 1 around the mean of the site, written as they are read."""
    made = TopK(d_model=model.d_model, width=width, k=K, site=SITE)
    tokens = model.tokens([text[:400] for text in islice(texts(), 32)])
    x = model.read(tokens, at=SITE)[SITE][tokens.places.text]
    with torch.no_grad():
        made.W_enc.copy_(torch.randn(made.W_enc.shape, generator=torch.Generator().manual_seed(0)))
        made.W_enc.div_(made.W_enc.norm(dim=1, keepdim=True))
        made.W_dec.copy_(made.W_enc)
        made.b_dec.copy_(x.mean(0))
        made.b_enc.copy_(-made.W_enc @ x.mean(0))
    return made.requires_grad_(False)


def size(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Memory:
    """The most that this process held of its own while this is entered, and with the files that it maps.

    The system takes back pages of mapped files when it wants them, so that only the first is needed.
    """

    def __enter__(self) -> Memory:
        self.own, self.ended = 0, threading.Event()
        self.before = held("RssAnon")
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self.ended.wait(0.02):
            self.own = max(self.own, held("RssAnon"))

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._watch.join()
        self.mapped = held("VmHWM")


def held(kind: str) -> int:
    """Bytes of memory of one kind, as Linux tells it."""
    return int(Path("/proc/self/status").read_text().split(f"{kind}:")[1].split()[0]) * 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
