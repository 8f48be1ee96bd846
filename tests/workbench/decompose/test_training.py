"""A training can be stopped anywhere, looked at any time, and says what it needs before it starts."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from itertools import islice, pairwise
from pathlib import Path

import pytest
import torch

import workbench as wb
from workbench.decompose import planning
from workbench.decompose import store as store_module
from workbench.decompose import training as module
from workbench.decompose.training import Scale, Training

D = 16
OWN = {
    "relu": {"l1": 0.2},
    "gated": {"l1": 0.2},
    "topk": {"k": 3},
    "batch_topk": {"k": 3},
    "matryoshka": {"k": 3},
    "jumprelu": {"k": 3},
}


def planted(n: int, seed: int = 0, d: int = D) -> tuple[torch.Tensor, torch.Tensor]:
    """Sums of 3 of 48 directions, off centre and not to scale: what a dictionary should find is known."""
    randomness = torch.Generator().manual_seed(seed)
    directions = torch.nn.functional.normalize(torch.randn(48, d, generator=torch.Generator().manual_seed(9)), dim=-1)
    which = torch.rand(n, 48, generator=randomness).topk(3).indices
    amounts = 1 + torch.rand(n, 3, generator=randomness)
    return 5 * (amounts[..., None] * directions[which]).sum(1) + 3, directions


def begun(architecture: str = "batch_topk", **changes: object) -> Training:
    settings = {"at": "resid_post.0", "width": 64, "steps": 12, "batch": 64} | OWN[architecture] | changes
    return wb.decompose.train(planted(1000)[0], architecture, **settings)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", OWN)
def test_every_architecture_finds_the_planted_directions(architecture: str) -> None:
    x, directions = planted(30_000, d=32)
    own = {"relu": {"l1": 0.5}, "gated": {"l1": 3.0}}.get(architecture, OWN[architecture])
    settings = {"width": 96, "steps": 2000, "batch": 256, "learning_rate": 3e-3, "seed": 1}
    sae = wb.decompose.train(x, architecture, at="resid_post.0", **settings, **own).finish()
    found = torch.nn.functional.normalize(sae.W_dec, dim=-1)[sae.density > 1e-3] @ directions.T
    best = found.max(0).values
    assert (best > 0.9).float().mean() >= 0.95, best.sort().values[:8]
    chance = torch.nn.functional.normalize(torch.randn(96, 32), dim=-1) @ directions.T
    assert (chance.max(0).values > 0.9).float().mean() < 0.1
    fresh = planted(2000, seed=5, d=32)[0]
    assert (fresh - sae(fresh)).square().sum() < 0.1 * (fresh - fresh.mean(0)).square().sum()
    assert abs(sae.encode(fresh).l0().mean() - 3) < {"relu": 6, "gated": 1.5}.get(architecture, 0.5)


@pytest.mark.parametrize("architecture", OWN)
def test_the_finished_dictionary_reads_activations_as_they_are(architecture: str) -> None:
    run = begun(architecture)
    run.step(12)
    x = planted(50, seed=3)[0]
    trained, folded = run.dictionaries[0], run.dictionary
    trained.settle(run._x[0](planted(1000)[0]))
    pattern, values = trained.on(trained.before(run._x[0](x)))
    scaled = wb.decompose.Features.of(pattern, values)
    expected = trained.decode(scaled) / run._y[0].factor + run._y[0].mean
    assert torch.allclose(folded(x), expected, atol=1e-4)
    assert torch.allclose(folded.encode(x).l0(), scaled.l0(), atol=0)


def test_a_transcoder_and_a_crosscoder_fold_what_they_read_and_what_they_write() -> None:
    x = planted(600)[0]
    held = wb.decompose.Held(
        {"mlp_in.0": x, "mlp_out.0": x[:, :6] * 4 - 1, "resid_post.0": x + 2, "resid_post.1": 9 * x}
    )
    for settings in (
        {"at": "mlp_in.0", "to": "mlp_out.0", "skip": True},
        {"at": ["resid_post.0", "resid_post.1"]},
    ):
        run = wb.decompose.train(held, "batch_topk", width=32, k=4, steps=10, batch=50, **settings)
        sae = run.finish()
        values = torch.cat([held.values[site] for site in sae.reads], -1)
        trained = run.dictionaries[0]
        trained.settle(run._x[0](values))
        expected = trained(run._x[0](values)) / run._y[0].factor + run._y[0].mean
        assert torch.allclose(sae(values), expected, atol=1e-3)
    assert sae.direction(3, "resid_post.1").shape == (D,)
    with pytest.raises(ValueError, match="reads 2 sites"):
        _ = sae.site


def test_scaled_activations_are_centred_with_a_mean_square_of_one_per_coordinate() -> None:
    x = torch.cat([planted(500)[0], 7 * planted(500)[0]], -1)
    scaled = Scale.of(x, 2, centred=True)(x)
    assert scaled.mean(0).abs().max() < 1e-4
    for part in scaled.chunk(2, -1):
        assert abs(part.square().mean() - 1) < 1e-4


def test_many_dictionaries_in_one_pass_are_those_of_as_many_trainings() -> None:
    many = begun(width=[32, 64], k=[2, 4], seed=[0, 1])
    together = many.finish()
    assert [(sae.width, sae.k) for sae in together] == [
        (32, 2),
        (32, 4),
        (32, 2),
        (32, 4),
        (64, 2),
        (64, 4),
        (64, 2),
        (64, 4),
    ]
    assert begun(width=64, k=2, seed=1).finish().hash == together[6].hash
    assert len({sae.hash for sae in together}) == 8 and len(many.history) == 8 * 12
    with pytest.raises(ValueError, match=r"folded\(0\)"):
        _ = many.dictionary


def test_observers_see_every_batch_with_its_places() -> None:
    seen = []
    run = begun(observers=[lambda run, batch, losses: seen.append((run.at, batch["text"].shape, losses[0].pattern.n))])
    run.step(5)
    assert seen == [(n, (64,), 64) for n in range(1, 6)]


class Largest:
    """An observer with a state: the largest activation of each feature, in the units of the finished dictionary."""

    def __init__(self) -> None:
        self.maxima = torch.zeros(64)

    def __call__(self, run: Training, batch: object, losses: list) -> None:
        (loss,) = losses
        assert not loss.values.requires_grad and loss.values.min() > 0
        self.maxima = self.maxima.scatter_reduce(0, loss.pattern.columns, loss.values, "amax")

    def state_dict(self) -> dict:
        return {"maxima": self.maxima}

    def load_state_dict(self, state: dict) -> None:
        self.maxima = state["maxima"]


@pytest.mark.parametrize("architecture", OWN)
def test_an_observer_has_the_units_of_the_finished_dictionary(architecture: str) -> None:
    seen = []
    run = begun(architecture, steps=6, batch=1000, observers=[lambda *given: seen.append(given)])
    run.step(3)
    sae = run.dictionary  # the fourth step begins from it
    run.step()
    _, batch, (loss,) = seen[3]
    expected = loss.pattern.dense(loss.values)
    z = sae.encode(batch["resid_post.0"])
    given = torch.zeros_like(expected).scatter_add_(1, z.indices, z.values)
    close = (given - expected).abs() < 1e-3 * expected.max()
    assert expected.max() > 0 and close.float().mean() > 0.999, "but for a few at the edge of a threshold"
    written = sae.decode(wb.decompose.Features.of(loss.pattern, loss.values))
    assert torch.allclose(loss.output, written, atol=1e-3)
    norms = sae.W_dec.norm(dim=-1)
    assert torch.allclose(norms[sae.density > 0], torch.ones(()), atol=1e-4)


def test_the_state_of_an_observer_is_kept_with_the_checkpoint(tmp_path: Path) -> None:
    whole, first, second = Largest(), Largest(), Largest()
    begun(observers=[whole]).step(12)
    begun(observers=[first], checkpoints=tmp_path, every=4).step(4)
    again = begun(observers=[second], checkpoints=tmp_path)
    assert again.at == 4 and torch.equal(second.maxima, first.maxima) and first.maxima.max() > 0
    again.step(8)
    assert torch.equal(second.maxima, whole.maxima)
    again.save()
    with pytest.raises(ValueError, match="keeps the state of 1 observers, given 0"):
        begun(checkpoints=tmp_path)


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no device 'xpu' here; there are: cpu"):
        begun(device="xpu")


def test_the_sparsity_penalty_and_the_rate_warm_up_and_the_rate_falls_to_nothing() -> None:
    run = begun("relu", steps=100, learning_rate=0.01)
    rates, pressures = [], []
    for _ in range(100):
        run.step()
        rates.append(run.optimisers[0].param_groups[0]["lr"])
        pressures.append(run.dictionaries[0].pressure)
    assert pressures[:6] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1]) and pressures[-1] == 1
    assert rates[0] == pytest.approx(0.002) and max(rates) == pytest.approx(0.01) and rates[79] == pytest.approx(0.01)
    assert rates[-1] == pytest.approx(0.0005)


def test_in_the_background_it_goes_on_until_it_is_paused() -> None:
    run = begun(steps=100_000)
    run.resume()
    while run.at < 5:
        time.sleep(0.01)
    assert run.running
    with pytest.raises(RuntimeError, match=r"pause\(\)"):
        run.step()
    assert run.dictionary.width == 64, "it can be looked at meanwhile"
    run.pause()
    at = run.at
    time.sleep(0.05)
    assert run.at == at and not run.running
    run.step(2)
    assert run.at == at + 2


def test_two_threads_that_train_make_no_step_too_many() -> None:
    stepping = threading.Event()
    run = begun(steps=200, observers=[lambda *_: stepping.set()])
    thread = threading.Thread(target=run.step, args=(200,))
    thread.start()
    stepping.wait()
    run.resume()
    thread.join()
    run.wait()
    assert run.at == 200 and len(run.history) == 200
    assert run.dictionary.hash == begun(steps=200).finish().hash


def test_a_checkpoint_made_with_more_threads_is_gone_on_with(tmp_path: Path) -> None:
    """Sums depend on how many threads add; what was measured before the first step is kept with the checkpoint."""
    x = torch.randn(2**16, 256, generator=torch.Generator().manual_seed(0)) + 3
    before, scales = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            run = wb.decompose.train(
                x, "topk", at="embed", width=64, k=4, steps=10, batch=64, checkpoints=tmp_path, every=2
            )
            run.step(2)
            scales.append(run._x[0])
        measured = Scale.of(x, 1, centred=True)
    finally:
        torch.set_num_threads(before)
    assert run.at == 4 and torch.equal(scales[0].factor, scales[1].factor)
    if torch.get_num_threads() == 1 and (os.cpu_count() or 1) > 1:
        assert not torch.equal(measured.factor, scales[0].factor), "with as many threads it would come out otherwise"


def test_a_list_of_prefixes_is_one_setting_and_not_several_to_try() -> None:
    one = begun("matryoshka", prefixes=[8, 64])
    assert [sae.prefixes for sae in one.dictionaries] == [(8, 64)]
    two = begun("matryoshka", prefixes=[[8, 64], [16, 64]])
    assert [sae.prefixes for sae in two.dictionaries] == [(8, 64), (16, 64)]


def test_an_error_in_the_background_is_raised_where_it_is_waited_for() -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the observer fell over")

    run = begun(observers=[fails])
    run.resume()
    with pytest.raises(RuntimeError, match="fell over"):
        run.wait()


def test_an_interrupt_waits_for_the_step_and_leaves_a_checkpoint(tmp_path: Path) -> None:
    def interrupts(run: Training, *_: object) -> None:
        if run.at == 4:
            signal.raise_signal(signal.SIGINT)

    run = begun(checkpoints=tmp_path, observers=[interrupts])
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt, match="step 4 of 12"):
        run.step(12)
    assert signal.getsignal(signal.SIGINT) is before
    again = begun(checkpoints=tmp_path)
    assert again.at == 4 and again.finish().hash == begun().finish().hash
    assert len(again.history) == 12


def test_a_checkpoint_of_another_training_is_refused_with_what_differs(tmp_path: Path) -> None:
    begun(checkpoints=tmp_path).finish()
    with pytest.raises(ValueError, match="steps 12, asked for 13"):
        begun(checkpoints=tmp_path, steps=13)
    with pytest.raises(ValueError, match="no folder for checkpoints"):
        begun().save()


def test_what_cannot_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plan = begun().plan
    assert plan.memory > 4 * 4 * 2 * 64 * D and plan.speed > 0 and "tokens/s" in repr(plan)
    monkeypatch.setattr(planning, "free_memory", lambda _: 20_000)
    with pytest.raises(MemoryError, match=r"needs .*kB and 20 kB are free"):
        begun()
    monkeypatch.setattr(planning, "free_memory", lambda _: 2e12)
    with pytest.raises(MemoryError, match=r"needs .*TB and 2 TB are free"):
        begun(width=10**11)  # none of it is made first
    monkeypatch.undo()
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr(planning.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OSError, match="checkpoints need .* and 100 bytes are free"):
        begun(checkpoints=tmp_path / "not" / "there")


def test_the_plan_leaves_no_trace() -> None:
    run = begun()
    fresh = run.dictionaries[0]
    assert fresh.silent.abs().max() == 0 and fresh.threshold == 0
    assert all(p.grad is None or p.grad.abs().max() == 0 for p in fresh.parameters())


WORKER = """
import sys, torch
import workbench as wb
torch.set_num_threads(1)
settings = eval(sys.argv[2])
if settings["at"] == "resid_post.0":
    rows = torch.randn(3000, 32, generator=torch.Generator().manual_seed(0)).cumsum(-1)
else:
    rows = wb.decompose.Store(sys.argv[3])

class Seen:
    sum = torch.zeros(256)
    def __call__(self, run, batch, losses):
        self.sum = self.sum.scatter_add(0, losses[0].pattern.columns, losses[0].values)
        print(run.at, flush=True)
    def state_dict(self):
        return {"sum": self.sum}
    def load_state_dict(self, state):
        self.sum = state["sum"]

run = wb.decompose.train(rows, width=256, steps=300, batch=128, every=7, checkpoints=sys.argv[1], observers=[Seen()],
    seed=[0, 1], **settings)
for sae in run.dictionaries:
    sae.silent_after = 2000
run.finish()
"""
KILLS = 4
KILLED = {name: {"architecture": name, "at": "resid_post.0", **own} for name, own in OWN.items()} | {
    "skip transcoder, from a store": {
        "architecture": "batch_topk", "k": 4, "at": "mlp_in.1", "to": "mlp_out.1", "skip": True
    },
    "crosscoder, from a store": {"architecture": "matryoshka", "k": 4, "at": ["mlp_in.1", "mlp_out.1"]},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", KILLED)
def test_a_training_killed_anywhere_ends_in_the_same_bytes(
    case: str, store: wb.decompose.Store, tmp_path: Path
) -> None:
    """Killed with SIGKILL four times, each time some random steps further on, with an observer that has a state."""

    def start(folder: str) -> subprocess.Popen:
        call = [sys.executable, "-c", WORKER, tmp_path / folder, repr(KILLED[case]), store.path]
        return subprocess.Popen(call, stdout=subprocess.PIPE, text=True)

    def ended(folder: str) -> dict:
        state = torch.load(tmp_path / folder / module.CHECKPOINT, weights_only=True)
        del state["seconds"]
        return state

    whole = start("whole")
    assert whole.communicate() and whole.returncode == 0
    rng, reached = random.Random(case), []
    for _ in range(KILLS):
        process, more = start("killed"), rng.randrange(8, 60)
        steps = [int(process.stdout.readline()) for _ in range(more)]
        time.sleep(rng.uniform(0, 0.01))  # somewhere within a step, or while a checkpoint is written
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        assert steps[0] > ((reached[-1] - 1) // 7 * 7 if reached else 0)  # from the last checkpoint on
        reached.append(steps[-1])
    assert reached == sorted(reached) and reached[-1] < 300, reached
    last = start("killed")
    assert last.communicate() and last.returncode == 0
    assert _equal(ended("whole"), ended("killed")), f"killed at steps {reached}"


def _equal(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_equal, one, other))
    return one == other


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> wb.decompose.Store:
    """Several shards in fp16, two sites; fewer tokens than the trainings below read, so that passes follow."""
    patch = pytest.MonkeyPatch()
    patch.setattr(store_module, "SHARD", 2**17)
    texts = [document.text for document in islice(wb.world.documents("train", 3), 12)]
    to = tmp_path_factory.mktemp("store") / "acts"
    made = wb.decompose.harvest(wb.load(), texts, at=["mlp_in.1", "mlp_out.1"], to=to, dtype=torch.float16)
    patch.undo()
    assert len(made.lengths) > 3 and len(made) < 12 * 128
    return made


@pytest.mark.parametrize("wired", [
    {"at": "mlp_in.1"},
    {"at": "mlp_in.1", "to": "mlp_out.1", "skip": True},
    {"at": ["mlp_in.1", "mlp_out.1"]},
], ids=["autoencoder", "transcoder", "crosscoder"])  # fmt: skip
def test_from_a_store_it_goes_on_to_the_same_bytes_wherever_it_was_stopped(
    store: wb.decompose.Store, wired: dict, tmp_path: Path
) -> None:
    def begun(folder: str) -> Training:
        shape = {"width": 64, "k": [4, 6], "steps": 12, "batch": 128}
        return wb.decompose.train(store, "batch_topk", **shape, **wired, checkpoints=tmp_path / folder)

    whole = begun("whole")
    whole.finish()
    for stop in (1, 5, 11):
        first = begun(f"{stop}")
        first.step(stop)
        first.save()
        again = begun(f"{stop}")
        assert again.at == stop
        again.resume()
        again.pause()
        again.finish()
        one, other = (torch.load(run.checkpoint, weights_only=True) for run in (whole, again))
        del one["seconds"], other["seconds"]
        assert _equal(one, other), stop


def test_an_observer_that_fails_costs_no_step() -> None:
    def fails(run: Training, *_: object) -> None:
        if run.at == 4:
            raise RuntimeError("the observer fell over")

    run = begun(observers=[fails])
    with pytest.raises(RuntimeError, match="fell over"):
        run.step(12)
    assert run.at == 4 and run.finish().hash == begun().finish().hash


def test_what_is_not_possible_is_named() -> None:
    x = planted(100)[0]
    for wrong, settings, says in (
        (x, {"architecture": "gelu"}, "no architecture 'gelu'; there are: relu"),
        (x, {"architecture": "topk"}, "do not make a topk"),
        (x, {"architecture": "topk", "k": 99}, "k 99"),
        (x, {"architecture": "topk", "k": 2, "steps": 0}, "steps 0"),
        (x, {"architecture": "topk", "k": 2, "to": "mlp_out.0"}, "was not harvested; there are: resid_post.0"),
        (x, {"architecture": "topk", "k": 2, "at": None}, "name the site"),
        (x, {"architecture": "topk", "k": 2, "per_token": "norm"}, "per_token is how published"),
        (x, {"architecture": "topk", "k": []}, r"k=\[\] leaves nothing to train"),
        (x, {"architecture": "matryoshka", "k": 2, "prefixes": []}, "ascending, the last of them the width"),
        (torch.full((8, D), float("nan")), {"architecture": "topk", "k": 2}, "finite"),
        (torch.empty(0, D), {"architecture": "topk", "k": 2}, "finite"),
        (wb.decompose.Held({"embed": x, "logits": x}), {"architecture": "topk", "k": 2, "at": None}, "which to read"),
    ):
        with pytest.raises(ValueError, match=says):
            wb.decompose.train(wrong, **{"at": "resid_post.0", "width": 64} | settings)


def test_it_runs_beside_another_thread_that_looks() -> None:
    run = begun(steps=60)
    looked = []
    looker = threading.Thread(target=lambda: looked.extend(len(run.history) for _ in range(20)))
    looker.start()
    run.step(60)
    looker.join()
    assert looked == sorted(looked) and len(run.history) == 60 and run.figure().data


@pytest.mark.parametrize("architecture", ["batch_topk", "matryoshka"])
def test_a_short_training_too_has_k_features_on_in_use(architecture: str) -> None:
    x = planted(4000)[0]
    sae = wb.decompose.train(x, architecture, at="resid_post.0", width=64, k=3, steps=60, batch=128).finish()
    assert sae.encode(x).l0().mean() == pytest.approx(3, rel=0.15)


def test_another_seed_or_other_rows_are_another_training(tmp_path: Path) -> None:
    begun(checkpoints=tmp_path).finish()
    with pytest.raises(ValueError, match="another training: begun"):
        begun(checkpoints=tmp_path, seed=1)
    late = planted(1000)[0]
    late[900:] += 1
    with pytest.raises(ValueError, match="another training: begun"):
        wb.decompose.train(late, at="resid_post.0", width=64, k=3, steps=12, batch=64, checkpoints=tmp_path)
    with pytest.raises(ValueError, match="another training: begun"):
        wb.decompose.train(planted(1000, seed=8)[0], at="resid_post.0", width=64, k=3, steps=12, batch=64,
                           checkpoints=tmp_path)  # fmt: skip


def test_a_step_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    run = begun(k=[2, 3], checkpoints=tmp_path, every=2)
    run.step(4)
    real, second = run.dictionaries[1].loss, run.dictionaries[1]
    second.loss = lambda *_: (_ for _ in ()).throw(OSError("the disk is gone"))
    with pytest.raises(OSError, match="the disk is gone"):
        run.step()
    assert run.at == 4 and len(run.history) == 8
    second.loss = real
    plain = begun(k=[2, 3])
    assert [sae.hash for sae in run.finish()] == [sae.hash for sae in plain.finish()]


def test_a_loss_that_is_no_number_is_noticed_before_the_weights_are() -> None:
    run = begun(checkpoints=None)
    run.step(2)
    before = run.dictionaries[0].W_enc.detach().clone()
    run._x[0] = module.Scale(run._x[0].mean * float("nan"), run._x[0].factor)
    with pytest.raises(FloatingPointError, match="dictionary 0 is nan at step 3"):
        run.step()
    assert torch.equal(run.dictionaries[0].W_enc, before)


def test_an_observer_may_pause_the_training_that_it_observes() -> None:
    run = begun(steps=1000, observers=[lambda run, *_: run.pause() if run.at == 5 else None])
    run.resume()
    run.wait()
    assert run.at == 5 and not run.running
    with pytest.raises(ValueError, match="only a transcoder has a skip"):
        begun(skip=True)


def test_an_observer_comes_and_goes_between_steps() -> None:
    seen: list[tuple] = []
    run = begun()

    def late(run: Training, _batch: object, losses: list) -> None:
        seen.append(("late", run.at, losses[0].pattern.n))

    def first(run: Training, *_: object) -> None:
        seen.append(("first", run.at))
        if run.at == 2:
            run.observe(late)  # in the middle of a step, whose losses were made for others
        if run.at == 4:
            run.unobserve(late)

    run.observe(first)
    run.step(4)
    run.unobserve(first)
    run.unobserve(first)  # it is gone already
    run.step(1)
    called = [(name, at) for name, at, *_ in seen]
    assert called == [("first", 1), ("first", 2), ("first", 3), ("late", 3), ("first", 4), ("late", 4)]
    assert all(n == 64 for name, _, *rest in seen if name == "late" for n in rest)
    assert run.dictionary.hash == _stepped(5).dictionary.hash


class Told:
    """An observer that notes when steps begin, and whether they do."""

    def __init__(self) -> None:
        self.begun: list[tuple] = []

    def begins(self, run: Training) -> None:
        self.begun.append((run.at, run.active, run.running))

    def __call__(self, *_: object) -> None:
        pass


def test_observers_are_told_when_steps_begin() -> None:
    told = Told()
    run = begun(steps=100_000, observers=[told])
    assert not run.active
    run.step(2)
    assert told.begun == [(0, True, False)] and not run.active
    run.resume()
    assert len(told.begun) == 2 and told.begun[1][1:] == (True, True)
    run.resume()  # it does already
    assert len(told.begun) == 2 and run.active
    run.pause()
    assert not run.active


def test_a_pause_can_be_asked_for_without_waiting_for_it() -> None:
    reached, through = threading.Event(), threading.Event()

    def long(run: Training, *_: object) -> None:
        if run.at == 3:
            reached.set()
            assert through.wait(60)

    run = begun(observers=[long])
    run.resume()
    assert reached.wait(60)
    run.pause(wait=False)
    assert run.running, "the step is still being made"
    through.set()
    run.wait()
    assert run.at == 3


def test_what_a_step_failed_with_stays_in_words_until_one_is_tried_again() -> None:
    run = begun()
    good = run._x[0]
    run._x[0] = module.Scale(good.mean * float("nan"), good.factor)
    with pytest.raises(FloatingPointError):
        run.step()
    assert "nan at step 1" in run.failure and not run.active
    run._x[0] = good
    run.step()
    assert run.failure == ""
    run._x[0] = module.Scale(good.mean * float("nan"), good.factor)
    run.resume()
    with pytest.raises(FloatingPointError):
        run.wait()
    assert "nan at step 2" in run.failure
    run._x[0] = good
    run.resume()
    run.wait()
    assert run.failure == "" and run.at == 12


def test_it_knows_what_its_checkpoint_holds(tmp_path: Path) -> None:
    run = begun(checkpoints=tmp_path, every=5)
    assert run.saved is None
    run.step(7)
    assert run.saved == 5
    run.save()
    assert run.saved == 7 == begun(checkpoints=tmp_path).saved


def test_a_history_is_thinned_evenly_and_keeps_its_ends() -> None:
    run = begun(k=[2, 3], steps=1000)
    run._rows = [(step, number, 0.0, 0.0, 0.0, 0.0) for step in range(1, 1001) for number in (0, 1)]
    for most in (2, 3, 7, 400, 999, 1000, 1001):
        rows = run.rows(most=most)
        steps = [step for step, *_ in rows[::2]]
        assert [number for _, number, *_ in rows] == [0, 1] * len(steps)
        assert len(steps) <= most and steps[0] == 1 and steps[-1] == 1000
        assert len({after - before for before, after in pairwise(steps[:-1])}) <= 1
    assert run.rows() == run._rows and len(run.history) == 2000
    with pytest.raises(ValueError, match="most 1: the first and the last"):
        run.rows(most=1)


def _stepped(n: int) -> Training:
    run = begun()
    run.step(n)
    return run
