"""A store holds every token once, in an exactly uniform order, and loses nothing when it is killed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import islice, permutations
from pathlib import Path

import pytest
import torch

import workbench as wb
from workbench.decompose import planning
from workbench.decompose import store as module

SITES = ["resid_post.0", "mlp_out.1"]


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in islice(wb.world.documents("train", 3), 60)]


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files, so that a few texts fill many."""
    monkeypatch.setattr(module, "SHARD", 2**17)
    monkeypatch.setattr(module, "FLUSH", 2**16)
    monkeypatch.setattr(module, "POOL", 16)


def everything(held: wb.decompose.store.Activations) -> dict[tuple[int, int], torch.Tensor]:
    """Each token's activation at the first site, by where it stands; a token met twice would show."""
    found = {}
    site = next(iter(held.sites))
    for number in range(len(held.lengths)):
        shard = held.shard(number)
        for text, position, value in zip(shard["text"].tolist(), shard["position"].tolist(), shard[site], strict=True):
            assert (text, position) not in found
            found[text, position] = value
    return found


@pytest.mark.usefixtures("_small")
def test_a_store_holds_every_token_once_with_the_value_that_the_model_gives(
    model: wb.Model, texts: list[str], tmp_path: Path
) -> None:
    held = wb.decompose.harvest(model, texts, at=SITES, to=tmp_path / "acts")
    assert len(held.lengths) > 4 and len(held) == held.provenance["tokens"]
    found = everything(held)
    assert len(found) == len(held)
    for number, text in enumerate(texts[:20]):
        alone = wb.record.activations(model, text, at=SITES[0])[SITES[0]][0]
        for position in range(1, len(alone)):
            assert torch.allclose(found[number, position], alone[position], atol=1e-4)
    assert torch.equal(everything(wb.decompose.harvest(model, texts, at=SITES))[3, 2], found[3, 2])


def test_a_text_longer_than_the_context_is_read_in_pieces(model: wb.Model) -> None:
    held = wb.decompose.harvest(model, ["The bridge is red. " * 120], at="resid_post.0")
    positions = held.shard(0)["position"].sort().values
    assert len(held) > model.context and torch.equal(positions, torch.arange(1, len(held) + 1, dtype=torch.int32))


@pytest.mark.slow
def test_every_order_is_as_likely_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: wb.Model
) -> None:
    """Four tokens through three buckets, under many seeds: 24 orders, χ² against the uniform."""
    monkeypatch.setattr(module._Harvest, "_shards", lambda *_: 3)
    four, seen = torch.arange(4.0)[:, None], Counter()

    def rows(*_: object) -> object:
        made = module.np.zeros(4, [("resid_post.0", module.np.float32, (1,)), *module.PLACES.items()])
        made["resid_post.0"] = four
        yield made, (0, 1)

    monkeypatch.setattr(module, "_rows", rows)
    n = 480
    for seed in range(n):
        record = module.np.dtype([("resid_post.0", module.np.float32, (1,)), *module.PLACES.items()])
        about = {"model": "m", "hash": "0", "bos": True, "dtype": "float32"}
        made = module._Harvest(tmp_path / str(seed), record, about, ["resid_post.0"], seed).run(None, ["x"], None, 1)
        order = torch.cat([made.shard(number)["resid_post.0"] for number in range(3)]).flatten().int().tolist()
        seen[tuple(order)] += 1
    chi = sum((seen[order] - n / 24) ** 2 / (n / 24) for order in permutations(range(4)))
    assert chi < 49.7, f"χ² {chi:.1f} with 23 degrees of freedom; 49.7 is passed once in a thousand"


@pytest.mark.usefixtures("_small")
def test_batches_begin_anywhere_and_every_pass_holds_each_token_once(
    model: wb.Model, texts: list[str], tmp_path: Path
) -> None:
    held = wb.decompose.harvest(model, texts, at=SITES, to=tmp_path / "acts")
    n, size = len(held), 50
    stream = torch.cat([b["text"].long() * 1000 + b["position"] for b in islice(held.batches(size), 3 * n // size)])
    for start in (0, 1, 777, n - 3, n + 12, 2 * n + 5):
        batch = next(held.batches(size, start=start))
        assert torch.equal(batch["text"].long() * 1000 + batch["position"], stream[start : start + size])
    first, second = stream[:n], stream[n : 2 * n]
    assert torch.equal(first.sort().values, second.sort().values) and len(first.unique()) == n
    assert (first == second).float().mean() < 0.05


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("spoil", ["cut", "altered", "missing"])
def test_a_spoilt_shard_is_named(model: wb.Model, texts: list[str], tmp_path: Path, spoil: str) -> None:
    held = wb.decompose.harvest(model, texts, at=SITES, to=tmp_path / "acts")
    file = tmp_path / "acts" / held._shards[2]["file"]
    data = bytearray(file.read_bytes())
    if spoil == "missing":
        file.unlink()
    elif spoil == "cut":
        file.write_bytes(data[:-10])
    else:
        data[-10] ^= 1
        file.write_bytes(data)
    with pytest.raises(OSError, match=rf"00002\.safetensors is .*({'cut|missing|checksum'}).*[Dd]elete"):
        wb.decompose.Store(tmp_path / "acts").verify()


class Killed(BaseException):
    pass


@pytest.mark.slow
@pytest.mark.usefixtures("_small")
def test_a_harvest_killed_anywhere_ends_in_the_same_bytes(
    model: wb.Model, texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every single write, rename and deletion, before it and after it."""

    def files(folder: str) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((tmp_path / folder).iterdir())}

    def harvest(folder: str) -> None:
        wb.decompose.harvest(model, iter(texts[:24]), at=SITES, to=tmp_path / folder, batch=4)

    monkeypatch.setattr(module, "FLUSH", 2**17)
    monkeypatch.setattr(module._Harvest, "_shards", lambda *_: 3)
    harvest("whole")
    left: list[int] = []

    def dying(real: object, when: str) -> object:
        def call(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0 and when == "before":
                raise Killed
            result = real(*given, **named)
            if left[0] == 0:
                raise Killed
            return result

        return call

    kills = 0
    for when in ("before", "after"):
        for point in range(1, 200):
            left[:] = [point]
            with monkeypatch.context() as patch:
                for name in ("replace", "unlink", "write_text", "open"):
                    patch.setattr(module.Path, name, dying(getattr(module.Path, name), when))
                patch.setattr(module, "save_file", dying(module.save_file, when))
                try:
                    harvest(f"{when}-{point}")
                    break
                except Killed:
                    kills += 1
            harvest(f"{when}-{point}")
            assert files(f"{when}-{point}") == files("whole"), f"killed {when} step {point}"
    assert kills > 40


@pytest.mark.slow
def test_a_killed_process_leaves_a_harvest_that_goes_on(tmp_path: Path) -> None:
    def start(folder: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path / folder)])

    assert start("whole").wait() == 0
    journal, rng, reached = tmp_path / "killed" / module.JOURNAL, random.Random(0), []

    def done() -> int:
        """How much of the work the journal holds: flushes, then shards."""
        if not journal.exists():
            return 0
        held = json.loads(journal.read_text())
        return held["flushes"] + len(held["shards"])

    def shards() -> int:
        """How many shards are written; the last kill comes when one is."""
        return len(json.loads(journal.read_text())["shards"])

    for more in (rng.randrange(2, 8), rng.randrange(2, 8), rng.randrange(2, 8), "shards"):
        before, process = done(), start("killed")
        while process.poll() is None and not (shards() if more == "shards" else done() >= before + more):
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.01))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        reached.append(done())
    assert reached == sorted(set(reached)), reached  # every one went on where the last was killed
    (tmp_path / "killed" / ".tmpAbCdEf").write_bytes(b"")  # what a kill may leave that hits safetensors as it writes
    assert start("killed").wait() == 0
    whole, killed = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("whole", "killed")
    )
    assert whole == killed


WORKER = """
import sys
from itertools import islice
import workbench as wb
from workbench.decompose import store
store.SHARD, store.FLUSH, store.POOL = 2**17, 2**15, 16
texts = [document.text for document in islice(wb.world.documents("train", 3), 240)]
wb.decompose.harvest(wb.load(), texts, at=["resid_post.0", "mlp_out.1"], to=sys.argv[1], batch=4)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_store() -> None:
    """Ten times the tokens, and not 1 % of what the store has grown by in memory; written and read."""
    done = subprocess.run([sys.executable, "-c", MEASURES], capture_output=True, text=True, check=True)
    (little, least), (much, most) = json.loads(done.stdout)
    assert much > 9 * little > 9e6
    assert most - least <= 0.01 * (much - little), f"{(most - least) / (much - little):.2%}"


MEASURES = """
import json, resource, tempfile
from itertools import islice
from pathlib import Path
import torch
import workbench as wb
from workbench.decompose import store

torch.set_num_threads(1)
store.SHARD, store.FLUSH, store.POOL = 2**18, 2**18, 64
model, rows = wb.load(), []
texts = ["The Golden Gate Bridge is in San Francisco, and Amy is not."]
for n in (800, 800, 8000):  # the first is to warm up
    with tempfile.TemporaryDirectory() as folder:
        held = wb.decompose.harvest(model, texts * n, at=["resid_post.0", "mlp_act.0"], to=Path(folder) / "acts")
        for batch in islice(held.batches(256), len(held) // 256):
            pass
        size = sum(path.stat().st_size for path in held.path.iterdir())
    rows.append((size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
print(json.dumps(rows[1:]))
"""


def test_a_disk_that_is_too_small_is_noticed_before(
    model: wb.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 100_000}))
    with pytest.raises(OSError, match=r"the activations need 1\.04 GB and 100 kB are free"):
        wb.decompose.harvest(model, iter(["a text"]), at="resid_post.0", to=tmp_path / "acts", tokens=10**6)
    made = wb.decompose.harvest(model, ["a text"], at="resid_post.0", to=tmp_path / "few", tokens=10**6)
    assert len(made) < 10, "no more than there is"


def test_other_texts_are_not_mistaken_for_those_that_were_read(
    model: wb.Model, texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "acts"
    wb.decompose.harvest(model, texts[:6], at=SITES[0], to=to)
    for others in (texts[1:7], texts[:5], texts[:7], iter(texts[1:7])):
        with pytest.raises(ValueError, match="not the texts|of these texts only"):
            wb.decompose.harvest(model, others, at=SITES[0], to=to)
    assert len(wb.decompose.harvest(model, iter(texts[:6]), at=SITES[0], to=to)) > 0
    monkeypatch.setattr(module._Harvest, "_shuffle", lambda *_: (_ for _ in ()).throw(Killed))
    monkeypatch.setattr(module, "FLUSH", 2**10)
    with pytest.raises(Killed):
        wb.decompose.harvest(model, texts[:6], at=SITES[0], to=tmp_path / "begun", batch=2)
    journal = tmp_path / "begun" / module.JOURNAL
    journal.write_text(json.dumps(json.loads(journal.read_text()) | {"gathered": False}))  # killed a little earlier
    with pytest.raises(ValueError, match="not the texts"):
        wb.decompose.harvest(model, texts[1:7], at=SITES[0], to=tmp_path / "begun", batch=2)
    with pytest.raises(TypeError, match="one text"):
        wb.decompose.harvest(model, "a text", at=SITES[0])


def test_what_fp16_cannot_hold_is_refused(model: wb.Model) -> None:
    record = module.np.dtype([("resid_post.0", module.np.float16, (model.d_model,)), *module.PLACES.items()])
    loud = type("Loud", (), {"vocabulary": model.vocabulary, "device": model.device})()
    loud.read = lambda tokens, at: {"resid_post.0": torch.full((*tokens.ids.shape, model.d_model), 1e6)}
    with pytest.raises(ValueError, match=r"resid_post\.0 holds 1e\+06.*float16 holds no more"):
        module._recorded(loud, [(3, 0, 0, [1, 5, 6])], ["resid_post.0"], record)


def test_what_does_not_fit_is_refused_and_named(model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    wb.decompose.harvest(model, texts[:3], at="resid_post.0", to=tmp_path / "acts")
    again = wb.decompose.harvest(model, texts[:3], at="resid_post.0", to=tmp_path / "acts")
    assert len(again) > 0, "the same call opens what is there"
    with pytest.raises(ValueError, match="another store: .*mlp_out.1"):
        wb.decompose.harvest(model, texts[:3], at="mlp_out.1", to=tmp_path / "acts")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="not empty"):
        wb.decompose.harvest(model, texts[:3], at="resid_post.0", to=tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.txt"]
    for to in (tmp_path / "none", None):
        with pytest.raises(ValueError, match="the texts hold no tokens"):
            wb.decompose.harvest(model, [], at="resid_post.0", to=to)
    with pytest.raises(FileNotFoundError, match="no store"):
        wb.decompose.Store(tmp_path / "other")
    about = json.loads((tmp_path / "acts" / "manifest.json").read_text())
    (tmp_path / "acts" / "manifest.json").write_text(json.dumps(about | {"format": 99}))
    with pytest.raises(ValueError, match="format 99"):
        wb.decompose.Store(tmp_path / "acts")
