"""Dashboards of every feature, beside SAEDashboard: the same model, dictionary and tokens, in one run.

    benchmarks/peers/make.sh build/peers
    python benchmarks/dashboards.py build/peers [THREADS …]

SAEDashboard takes rows of one length, so documents are laid end to end and cut into rows; only rows that their own
text gives back token for token are used, and both sides read the same ids. First it is checked that TransformerLens
and SAELens compute the same logits and activations as we do. Then each way runs in a process of its own, in turn,
several rounds; a ratio is taken within its round.

What each makes. Both: density, histogram, strongest examples and examples per interval in context, logits, their
histogram, correlated features and neurons. SAEDashboard correlates only with features of the same minibatch, and
SaeVisRunner's own defaults show 11 tokens of an example; ours correlates all pairs, and adds quantiles, near misses,
silent examples, and the tokens that a feature fires on. Its Neuronpedia runner writes JSON, ours an index from which
cards are made when they are asked for; so ours is given without cards and with every card made. SAEDashboard is timed
on some minibatches of features and reckoned for all: the first, in which the model runs, and so often the mean of the
others. Beside the clock stands the processor's time, which does not depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch

import workbench as wb

ROWS, LENGTH, ROUNDS = 800, 128, 3
WAYS = {"workbench": 4096, "default": 256, "neuronpedia": 640, "tuned": 640}
"""Way → features that are timed. The default runs the model anew for every 256 features: one such tells of all."""
NAMES = {
    "workbench": "workbench",
    "default": "SAEDashboard, SaeVisRunner's defaults (256 features, 64 rows)",
    "neuronpedia": "SAEDashboard, its Neuronpedia runner's defaults (128 features, 32 rows, cached)",
    "tuned": "SAEDashboard, tuned (64 features, 32 rows, cached)",
}
CARDS = 256
"""Cards that are made and timed."""
TOLERANCE = 1e-4
RESULTS = Path(__file__).parent.parent / "build" / "dashboards.json"


def main(peers: Path, threads: list[int]) -> None:
    """Check that both compute the same, time each way in turn, print a table and keep its numbers."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        lay(folder)
        agreed = peer(peers, folder, 1, "check")
        print(f"the same model: logits differ by at most {agreed['logits']:.0e}, activations of up to "
              f"{agreed['largest']:.0f} by {agreed['activations']:.0e}; {agreed['fired_differently']} of "
              f"{agreed['fired']:,} firings differ")  # fmt: skip
        if max(agreed["logits"], agreed["activations"]) > TOLERANCE:
            raise SystemExit("TransformerLens or SAELens computes something else: there is nothing to compare")
        taken = exchanged(peers, folder)
        print(f"of {taken['features']} features published as batches, SAEDashboard's own classes give back "
              f"{'all the same' if taken['same'] else 'SOMETHING ELSE'}")  # fmt: skip
        results: dict = {"rows": ROWS, "length": LENGTH, "agreement": agreed, "published": taken, "threads": {}}
        RESULTS.parent.mkdir(exist_ok=True)
        for n in threads:
            results["threads"][n] = rounds(peers, folder, n)
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")
            table(n, results["threads"][n])


def rounds(peers: Path, folder: Path, threads: int) -> dict[str, list[dict]]:
    """Every way's figures, round by round."""
    found: dict[str, list[dict]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way, width in WAYS.items():
            one = ours(folder, threads) if way == "workbench" else reckoned(peer(peers, folder, threads, way, width))
            found[way].append(one)
            print(f"  {threads} thread(s), {way}: {one['seconds']:.0f} s, {one['cpu']:.0f} s of the processor",
                  file=sys.stderr, flush=True)  # fmt: skip
    return found


def reckoned(found: dict) -> dict:
    """Seconds for all features, from those of some minibatches."""
    width, timed = WAYS["workbench"], found["features"]
    for name, batches in (("seconds", found["batches"]), ("cpu", found["cpu_batches"])):
        many = width * len(batches) / timed
        later = batches[1:] or batches
        found[name] = batches[0] + (many - 1) * statistics.mean(later)
    found["disk_bytes"] *= width / timed
    return found | {"features": width, "features_timed": timed}  # what stands beside is for all of them


def table(threads: int, ways: dict[str, list[dict]]) -> None:
    """Medians; ratios with the least and the largest of the rounds."""
    mine, width = ways["workbench"], WAYS["workbench"]
    print(f"\n{ROWS * LENGTH:,} tokens, {width:,} features, {threads} thread{'s'[: threads > 1]}; median of {ROUNDS} "
          "rounds, and in brackets how often as fast ours is: least and most")  # fmt: skip
    print(f"{'':<80} {'clock':>8} {'features/s':>10} {'processor':>10} {'peak memory':>12} {'on disk':>8} "
          f"{'by the clock':>19} {'by the processor':>19} {'with every card':>19}")  # fmt: skip
    for way, rows in ways.items():
        middle = {name: statistics.median(row[name] for row in rows) for name in ("seconds", "cpu")}
        clock = [row["seconds"] / one["seconds"] for one, row in zip(mine, rows, strict=True)]
        cpu = [row["cpu"] / one["cpu"] for one, row in zip(mine, rows, strict=True)]
        cards = [row["cpu"] / (one["cpu"] + one["cards"]) for one, row in zip(mine, rows, strict=True)]
        print(f"{NAMES[way]:<80} {middle['seconds']:>6.1f} s {width / middle['seconds']:>10.1f} "
              f"{middle['cpu']:>8.1f} s {max(row['peak_bytes'] for row in rows) / 1e6:>9,.0f} MB "
              f"{rows[0]['disk_bytes'] / 1e6:>5.0f} MB {spread(clock):>19} {spread(cpu):>19} "
              f"{spread(cards):>19}")  # fmt: skip
    each = statistics.median(one["cards"] / one["features"] for one in mine) * 1e3
    print(f"a card of ours is made in {each:.1f} ms of the processor (mean of {CARDS}), with its dictionary for JSON "
          f"in {statistics.median(one['plain_ms'] for one in mine):.1f} ms")  # fmt: skip


def spread(ratios: list[float]) -> str:
    """The median, and what lies around it."""
    return f"{statistics.median(ratios):.1f} × ({min(ratios):.1f}–{max(ratios):.1f})"


def lay(folder: Path) -> None:
    """What both sides read: weights, dictionary, tokens; and what ours computes on some of them."""
    model, sae = wb.load(), wb.decompose.load()
    rows = rows_of(model)
    np.save(folder / "tokens.npy", np.array(rows))
    shipped = Path(wb.__file__).parent / "assets" / "atlas"
    for name in ("config.json", "model.safetensors"):
        shutil.copy(shipped / name, folder / name)
    wb.decompose.save(sae, folder / "sae", library="saelens")
    pieces = [model.vocabulary.piece(token) for token in range(model.config.vocab_size)]
    (folder / "about.json").write_text(json.dumps({"pieces": pieces, "specials": model.tokenizer.all_special_ids}))
    run = model.run([model.tokenizer.decode(row[1:]) for row in rows[:8]], at=sae.site)
    assert run.tokens.ids.tolist() == rows[:8]
    on = sae.encode(run[sae.site])
    dense = torch.zeros(*run.tokens.ids.shape, sae.width).scatter_add_(-1, on.indices, on.values)
    np.savez(folder / "ours.npz", ids=run.tokens.ids, logits=run.logits, activations=dense)


def exchanged(peers: Path, folder: Path) -> dict:
    """What SAEDashboard's loader makes of a small index that we publish."""
    texts = [document.text for document in islice(wb.world.documents("test", 3), 60)]
    index = wb.explore.index(wb.load(), wb.decompose.load(), texts, to=folder / "small")
    names = {"model_id": "atlas", "sae_id": "1-atlas-x16", "form": "batches"}
    wb.explore.neuronpedia(index, folder / "published", index.random(40), **names)
    return peer(peers, folder / "published", 1, "accepts")


def rows_of(model: wb.Model) -> list[list[int]]:
    """Documents end to end, cut into rows; each row is what its own text gives, BOS in front."""
    words, ids, rows = wb.world.documents("test", 0), [], []
    while len(rows) < ROWS:
        ids += model.tokenizer(next(words).text + "\n", add_special_tokens=False).input_ids
        while len(ids) >= LENGTH - 1 and len(rows) < ROWS:
            row, ids = ids[: LENGTH - 1], ids[LENGTH - 1 :]
            if model.tokenizer(model.tokenizer.decode(row), add_special_tokens=False).input_ids == row:
                rows.append([model.tokenizer.bos_token_id, *row])
    return rows


def ours(folder: Path, threads: int) -> dict:
    """Our figures, from a process of its own."""
    return call([sys.executable, __file__, "measure", str(folder)], threads)


def peer(peers: Path, folder: Path, threads: int, setting: str, width: int = 0) -> dict:
    """SAEDashboard's figures, from its own environment."""
    script = Path(__file__).parent / "peers" / "dashboards.py"
    python = peers / "saedashboard" / "bin" / "python"
    return call([str(python), str(script), setting, str(folder), *([str(width)] if width else [])], threads)


def call(command: list[str], threads: int) -> dict:
    """The line of JSON that a command ends with."""
    waiting = {"OMP_WAIT_POLICY": "PASSIVE"}  # else threads that wait for a busy machine count as work
    environment = os.environ | waiting | {"OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure(folder: Path) -> None:
    """Make the index once, in this process, and some cards of it; print how long it took."""
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    model, sae = wb.load(), wb.decompose.load()
    tokens = np.load(folder / "tokens.npy")
    texts = [model.tokenizer.decode(row[1:]) for row in tokens.tolist()]
    with tempfile.TemporaryDirectory() as to:
        before, clock, cpu = memory(), time.perf_counter(), time.process_time()
        index = wb.explore.index(model, sae, texts, to=Path(to) / "index")
        clock, cpu, peak = time.perf_counter() - clock, time.process_time() - cpu, memory()
        disk = sum(path.stat().st_size for path in Path(to).rglob("*") if path.is_file())
        chosen = np.random.default_rng(0).permutation(sae.width)[:CARDS].tolist()
        started = time.process_time()
        cards = [index[feature] for feature in chosen]
        each = (time.process_time() - started) / CARDS
        started = time.process_time()
        for card in cards:
            card.to_dict()
        plain = (time.process_time() - started) / CARDS
        if index.tokens != tokens.size - len(tokens):
            raise AssertionError(f"{index.tokens} tokens were read; {tokens.size - len(tokens)} were laid out")
    found = {"features": sae.width, "tokens": tokens.size, "seconds": clock, "cpu": cpu, "cards": each * sae.width}
    found |= {"plain_ms": (each + plain) * 1e3, "peak_bytes": peak, "before_bytes": before, "disk_bytes": disk}
    print(json.dumps(found))


def memory() -> int:
    """Bytes that this process held at most; unlike ru_maxrss not what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"), list(map(int, sys.argv[2:])) or [1, 2])
