from __future__ import annotations

import contextvars
import gc
import logging
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from workbench_widgets._runner import Runner, Steps, runner_of


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.stop()


def counting(seen: list, name: object, steps: int = 10**6, ended: threading.Event | None = None) -> Steps:
    try:
        for _ in range(steps):
            seen.append(name)
            time.sleep(0.001)
            yield
    finally:
        if ended:
            ended.set()


def test_the_latest_request_of_a_key_wins(runner: Runner) -> None:
    finished = []

    def work(number: int) -> Steps:
        for _ in range(5):
            time.sleep(0.001)
            yield
        finished.append(number)

    for number in range(50):
        runner.submit("steer", lambda number=number: work(number))
    assert runner.wait("steer", timeout=60)
    assert finished[-1] == 49
    assert len(finished) < 50


def test_cancel_ends_the_work_at_its_next_step_and_runs_its_finally(runner: Runner) -> None:
    seen, begun, ended = [], threading.Event(), threading.Event()

    def writing() -> Steps:
        begun.set()
        yield from counting(seen, "x", ended=ended)

    runner.submit("write", writing)
    assert begun.wait(60)
    runner.cancel("write")
    assert runner.wait("write", timeout=60)
    assert ended.is_set()


def test_cancel_tells_of_work_that_never_began(runner: Runner) -> None:
    seen, busy, go_on = [], threading.Event(), threading.Event()

    def elsewhere() -> Steps:
        busy.set()
        go_on.wait(60)
        yield

    runner.submit("look", elsewhere)
    assert busy.wait(60)
    assert not runner.cancel("write")
    runner.submit("write", lambda: counting(seen, "x"))
    assert runner.cancel("write")
    assert runner.wait("write", timeout=0)
    assert not runner.cancel("look")
    go_on.set()
    assert runner.wait("look", timeout=60)
    assert seen == []


def test_other_keys_go_on_while_a_long_work_runs(runner: Runner) -> None:
    seen: list[str] = []
    both = threading.Event()

    def writing() -> Steps:
        both.wait(60)
        yield from counting(seen, "token")

    runner.submit("write", writing)
    runner.submit("look", lambda: counting(seen, "heatmap", steps=1))
    both.set()
    assert runner.wait("look", timeout=60)
    assert not runner.wait("write", timeout=0)
    assert "heatmap" in seen[:3]


def test_an_error_does_not_end_the_worker(runner: Runner, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> Steps:
        yield
        raise ZeroDivisionError("no")

    with caplog.at_level(logging.ERROR):
        runner.submit("a", fails)
        assert runner.wait("a", timeout=60)
    assert "a widget's work failed" in caplog.text
    seen: list[str] = []
    runner.submit("a", lambda: counting(seen, "after", steps=1))
    assert runner.wait("a", timeout=60)
    assert seen == ["after"]


def test_work_runs_in_the_context_of_who_asked(runner: Runner) -> None:
    asked_by = contextvars.ContextVar("asked_by")
    seen = []

    def work() -> Steps:
        seen.append(asked_by.get())
        yield
        seen.append(asked_by.get())

    asked_by.set("the slider")
    runner.submit("steer", work)
    asked_by.set("a cell")
    assert runner.wait("steer", timeout=60)
    assert seen == ["the slider", "the slider"]


class Thing:
    pass


def test_a_model_has_one_worker_that_ends_with_it() -> None:
    model = Thing()
    runner = runner_of(model)
    assert runner_of(model) is runner
    runner.submit("look", lambda model=model: counting([], model, steps=1))
    assert runner.wait("look", timeout=60)
    thread, gone = runner._thread, weakref.ref(model)
    del model
    end = time.monotonic() + 60
    while thread.is_alive() and time.monotonic() < end:
        gc.collect()
        thread.join(0.02)
    assert gone() is None
    assert not thread.is_alive()


def test_patient_work_gets_a_step_only_when_no_other_has_one() -> None:
    runner, order = Runner(), []
    gate = threading.Event()

    def steps(name: str, n: int) -> Iterator[None]:
        gate.wait(5)
        for _ in range(n):
            order.append(name)
            yield

    runner.submit("measured", lambda: steps("patient", 3), patient=True)
    runner.submit("text", lambda: steps("text", 4))
    gate.set()
    assert runner.wait("text", 5) and runner.wait("measured", 5)
    runner.stop()
    text = [k for k, name in enumerate(order) if name == "text"]
    assert order.count("patient") == 3 and order.count("text") == 4
    assert text == list(range(text[0], text[0] + 4))  # in one piece
