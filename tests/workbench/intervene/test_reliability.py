"""A thousand runs in which things go wrong, four threads at once, and memory: afterwards all is as it was before."""

from __future__ import annotations

import ctypes
import gc
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil
import pytest
import torch
from tiny import TEXTS, model

import workbench as wb

TEXT = TEXTS[0]


@pytest.fixture(scope="module")
def m() -> wb.Model:
    return model("llama")


@dataclass(frozen=True)
class Breaks:
    """An edit that raises at its site, on its n-th call."""

    site: str
    error: type[BaseException]
    after: int = 0

    def conflicts(self, other: object) -> bool:
        return False

    def check(self, model: wb.Model) -> None:
        pass

    def change(self, x: torch.Tensor, places: object) -> torch.Tensor:
        calls = _CALLS.setdefault(id(self), [0])
        calls[0] += 1
        if calls[0] > self.after:
            raise self.error("thrown inside")
        return torch.ones_like(x)


_CALLS: dict[int, list[int]] = {}


def sae_of(m: wb.Model) -> wb.decompose.TopK:
    sae = wb.decompose.TopK(d_model=32, width=64, k=8, site="resid_post.1").requires_grad_(False)
    sae.maxima.fill_(2.0)
    sae.density.fill_(0.1)
    return sae


def edits_of(m: wb.Model, sae: wb.decompose.TopK) -> list[list[object]]:
    held = wb.record.activations(m, TEXTS, at=["attn_out.1", "resid_post.0"])
    return [
        [],
        [wb.Clamp(sae, 3, times=2.0)],
        [wb.Ablate("attn_out.1", to="mean", reference=held), wb.Scale("mlp_out.0", 0.5)],
        [wb.Patch("resid_post.0", held), wb.Steer("resid_post.1", torch.ones(32), 2.0)],
    ]


def everything(m: wb.Model, lists: list[list[object]]) -> list[torch.Tensor]:
    """Runs, variants and generations under all edits."""
    alone = [m.run(TEXT, edits=edits).logits for edits in lists]
    said = [torch.tensor([t.id for t in m.generate(TEXT, edits=edits, new_tokens=4)]) for edits in lists]
    return [*alone, m.run(TEXTS, variants=lists).logits, *said]


@pytest.mark.slow
def test_a_thousand_runs_that_fail_inside_leave_every_bit_as_it_was(m: wb.Model) -> None:
    sae = sae_of(m)
    lists = edits_of(m, sae)
    before = everything(m, lists)
    weights = {name: value.clone() for name, value in m.hf.state_dict().items()}
    rng = random.Random(0)
    failed = 0
    sites = ["embed", "resid_pre.1", "head_out.1.2", "attn_out.0", "resid_mid.1", "mlp_act.2", "resid_post.2", "logits"]
    for number in range(1000):
        error = rng.choice((ValueError, KeyboardInterrupt, RuntimeError, MemoryError, SystemExit, GeneratorExit))
        breaks = Breaks(rng.choice(sites), error, rng.randrange(3))
        edits = [*rng.choice(lists), breaks]
        way = number % 5
        try:
            if way == 0:
                m.run(TEXT, edits=edits, at="resid_post.*")
            elif way == 1:
                m.run(TEXTS, variants=[[], edits, [breaks]])
            elif way == 2:
                list(m.generate(TEXT, edits=edits, new_tokens=4))
            elif way == 3:
                steps = m.generate_each(TEXTS, variants=[edits, []], new_tokens=4, seeds=[0, 1], temperature=1.0)
                for step, _ in enumerate(steps):
                    if step == rng.randrange(4):
                        steps.close()
            else:
                target = wb.intervene.Says("e", new_tokens=2, seeds=[0])
                wb.intervene.measure(m, TEXTS[:1], edits, target=target, controls=2)
        except (error, SystemError):  # a generator that a GeneratorExit leaves says so in words of its own
            failed += 1
        _CALLS.clear()
        if number % 50 == 0:
            assert torch.equal(m.run(TEXT).logits, before[0]), number
    assert failed > 600
    assert all(torch.equal(a, b) for a, b in zip(before, everything(m, lists), strict=True))
    assert all(torch.equal(weights[name], value) for name, value in m.hf.state_dict().items())


@pytest.mark.slow
def test_interrupts_from_outside_leave_every_bit_as_it_was(m: wb.Model) -> None:
    """As the stop button of a notebook does: an exception that may strike between any two lines."""
    lists = edits_of(m, sae_of(m))
    before = everything(m, lists)
    struck, rng, ends = 0, random.Random(1), time.monotonic() + 20
    while struck < 200 and time.monotonic() < ends:
        outcome: list[object] = []

        def work(outcome: list[object] = outcome) -> None:
            try:
                for _ in range(50):
                    everything(m, lists)
                outcome.append("done")
            except KeyboardInterrupt:
                outcome.append("struck")

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(rng.random() * 0.03)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(KeyboardInterrupt))
        thread.join(timeout=30)
        assert not thread.is_alive()
        struck += outcome == ["struck"]
    assert struck >= 50
    assert all(torch.equal(a, b) for a, b in zip(before, everything(m, lists), strict=True))


@pytest.mark.slow
def test_four_threads_at_once_get_the_right_answers(m: wb.Model) -> None:
    lists = edits_of(m, sae_of(m))
    want = everything(m, lists)

    def work(_: int) -> bool:
        return all(torch.equal(a, b) for a, b in zip(want, everything(m, lists), strict=True))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40)))


@pytest.mark.slow
def test_memory_grows_by_less_than_a_hundredth_over_a_thousand_runs(m: wb.Model) -> None:
    lists = edits_of(m, sae_of(m))
    process = psutil.Process()

    def runs(n: int) -> None:
        for number in range(n):
            m.run(TEXTS, variants=lists, at="resid_post.*")
            if number % 10 == 0:
                list(m.generate_each(TEXTS, variants=lists, new_tokens=3))

    def held() -> int:
        gc.collect()
        return process.memory_info().rss

    runs(300)  # what is made once
    before = held()
    runs(1000)
    after = held()
    assert after < 1.01 * before, f"{before / 2**20:.1f} to {after / 2**20:.1f} MiB"
    assert not [one for one in gc.get_objects() if type(one) is wb.model.Run]
