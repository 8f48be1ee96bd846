"""The monitor shows what a training does and has a hand on it, and the training comes to the same bits."""

from __future__ import annotations

import contextvars
import math
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import workbench as wb
from workbench.decompose import Training
from workbench_widgets import training_monitor as module
from workbench_widgets._array import from_wire
from workbench_widgets.training_monitor import TrainingMonitor

ROWS = torch.randn(512, 8, generator=torch.Generator().manual_seed(0)) + 1


def begun(architecture: str = "topk", **changes: Any) -> Training:
    settings = {"at": "resid_post.0", "width": 16, "k": 2, "steps": 40, "batch": 32} | changes
    return wb.decompose.train(ROWS, architecture, **settings)


class Gate:
    """An observer that makes a step last until it is let through."""

    def __init__(self, at: int) -> None:
        self.at, self.reached, self.open = at, threading.Event(), threading.Event()

    def __call__(self, training: Training, *_: object) -> None:
        if training.at == self.at:
            self.reached.set()
            assert self.open.wait(60)


@pytest.fixture
def watch(front: Callable) -> Iterator[Callable]:
    """A monitor, and the browser it talks to; both end with the test."""
    trainings: list[Training] = []

    def make(training: Training) -> tuple[TrainingMonitor, Any]:
        trainings.append(training)
        monitor = TrainingMonitor(training)
        return monitor, front(monitor)

    yield make
    for training in trainings:
        training.pause(wait=False)


def series(monitor: TrainingMonitor) -> tuple[np.ndarray, np.ndarray]:
    history = monitor.view["history"]
    return from_wire(history["steps"]), from_wire(history["values"])


def same(one: Training, other: Training) -> bool:
    """Whether two trainings stand at the same bits: weights, the state of Adam, and everything measured."""
    weights = [
        torch.equal(value, theirs)
        for mine, its in zip(one.dictionaries, other.dictionaries, strict=True)
        for value, theirs in zip(module_state(mine), module_state(its), strict=True)
    ]
    moments = [
        torch.equal(held["exp_avg_sq"], its["exp_avg_sq"])
        for mine, theirs in zip(one.optimisers, other.optimisers, strict=True)
        for held, its in zip(mine.state.values(), theirs.state.values(), strict=True)
    ]
    return all(weights) and all(moments) and one.at == other.at and one.rows() == other.rows()


def module_state(sae: torch.nn.Module) -> list[torch.Tensor]:
    return [*sae.parameters(), *sae.buffers()]


# ---- what it shows ----


def test_before_the_first_step_it_says_what_is_to_come(watch: Callable) -> None:
    monitor, _ = watch(begun())
    assert monitor.state == "not begun"
    assert monitor.view["verbs"] == ["resume"]
    assert "tokens/s · about" in monitor.view["pace"]
    assert monitor.summary().splitlines()[0] == "Training topk, 16 features at resid_post.0: not begun"
    assert monitor.code() == ""
    steps, values = series(monitor)
    assert steps.shape == (0,) and values.shape == (4, 1, 0)
    assert from_wire(monitor.view["density"]["bars"]).tolist() == [[16, 0]]


def test_the_lines_are_the_history(watch: Callable) -> None:
    training = begun(k=[2, 3])
    monitor, _ = watch(training)
    monitor.resume()
    assert monitor.wait().state == "finished"
    steps, values = series(monitor)
    assert steps.tolist() == list(range(1, 41))
    for number in (0, 1):
        mine = training.history[training.history.dictionary == number]
        for line, column in enumerate(["loss", "explained variance", "L0", "dead"]):
            assert np.array_equal(values[line, number], mine[column].to_numpy("float32"))
    assert monitor.dictionaries == [{"label": "k 2", "width": 16}, {"label": "k 3", "width": 16}]


def test_a_long_history_is_thinned_and_keeps_its_ends(watch: Callable) -> None:
    training = begun(steps=10**6)
    monitor, _ = watch(training)
    for n in (399, 400, 401, 5000, 100_000, 999_999):
        training._rows = [(step, 0, float(step), 0.5, 2.0, 0.0) for step in range(1, n + 1)]
        training.at = n
        monitor._show()
        steps, values = series(monitor)
        assert (steps[0], steps[-1], values[0, 0, -1]) == (1, n, n)
        assert min(n, 200) <= len(steps) <= 400
        assert (np.diff(steps) > 0).all() and len(set(np.diff(steps)[:-1])) == 1, "evenly spaced up to the last"
        assert values.nbytes + steps.nbytes <= 400 * 5 * 4


def test_what_was_shown_stays_when_a_history_grows() -> None:
    training = begun(steps=10**6)
    shown: list[list[int]] = []
    for n in (500, 600, 700, 799):
        training._rows = [(step, 0, 0.0, 0.0, 0.0, 0.0) for step in range(1, n + 1)]
        shown.append([step for step, *_ in training.rows(most=400)][:-1])
    for before, after in pairwise(shown):
        assert after[: len(before)] == before, "lines do not flicker"


def test_densities_are_what_an_independent_count_gives(watch: Callable) -> None:
    training = begun("batch_topk", width=[16, 40], k=3, steps=30)
    monitor, _ = watch(training)
    dense = [torch.zeros(sae.width) for sae in training.dictionaries]

    def count(_training: Training, _batch: object, losses: list) -> None:
        for total, loss in zip(dense, losses, strict=True):
            matrix = torch.zeros(loss.pattern.n, loss.pattern.width)
            for row in range(loss.pattern.n):
                here = slice(int(loss.pattern.offsets[row]), int(loss.pattern.offsets[row + 1]))
                matrix[row, loss.pattern.columns[here]] = loss.values[here]
            total += (matrix > 0).sum(0)

    training.observe(count)
    monitor.resume()
    density = monitor.wait().view["density"]
    tokens, counts = monitor._firing.counted()
    assert density["tokens"] == tokens == 30 * 32
    bars = from_wire(density["bars"])
    for number, total in enumerate(dense):
        assert counts[number].tolist() == total.tolist()
        expected = [0] * bars.shape[1]
        for times in total.tolist():
            place = math.floor((math.log10(times / tokens) - density["low"]) / density["each"] + 1e-12) if times else 0
            expected[1 + min(place, len(expected) - 2) if times else 0] += 1
        assert bars[number].tolist() == expected
        shares = total[total > 0] / tokens
        assert density["ends"][number] == pytest.approx([float(shares.min()), float(shares.max())])
    assert bars.sum(1).tolist() == [16, 40]


def test_densities_are_of_the_latest_tokens(watch: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 8 * 32)
    training = begun()
    monitor, _ = watch(training)
    seen: list[torch.Tensor] = []
    training.observe(
        lambda _training, _batch, losses: seen.append(torch.bincount(losses[0].pattern.columns, minlength=16))
    )
    monitor.resume()
    monitor.wait()
    tokens, (counts,) = monitor._firing.counted()
    assert tokens == 8 * 32
    assert counts.tolist() == sum(seen[-8:]).tolist()
    assert len(monitor._firing._parts) <= 9


def test_a_feature_that_is_always_on_stands_in_the_last_bar() -> None:
    density = module._density(1000, [np.array([1000, 1, 0, 999])])
    bars = from_wire(density["bars"])[0].tolist()
    assert (bars[0], bars[1], bars[-1], sum(bars)) == (1, 1, 2, 4)
    assert (density["low"], density["ends"]) == (-3.0, [[0.001, 1.0]])
    assert module._density(0, [np.zeros(5)])["ends"] == [None]


def test_a_finished_training_and_one_from_a_checkpoint_show_their_whole_history(
    watch: Callable, tmp_path: Path
) -> None:
    begun(checkpoints=tmp_path).step(12)
    half = begun(checkpoints=tmp_path, every=12)
    half.step(12)
    monitor, _ = watch(begun(checkpoints=tmp_path))
    assert (monitor.state, monitor.view["at"], monitor.view["saved"]) == ("paused", 12, "saved at step 12")
    assert series(monitor)[0].tolist() == list(range(1, 13))
    whole = begun()
    whole.finish()
    monitor, _ = watch(whole)
    assert (monitor.state, monitor.view["verbs"], monitor.view["density"]["tokens"]) == ("finished", [], 0)
    assert len(series(monitor)[0]) == 40
    monitor.resume()
    monitor.stop()
    assert monitor.wait(5).state == "finished"


def test_every_message_holds_everything(watch: Callable) -> None:
    training = begun(steps=2000)
    monitor, browser = watch(training)
    whole = set(monitor.view)
    started = time.monotonic()
    monitor.resume()
    monitor.wait()
    views = [state["view"] for state in browser.states() if "view" in state]
    assert views and all(set(view) == whole for view in views)
    assert views[-1]["at"] == 2000 and views[-1]["state"] == "finished"
    assert len(views) <= 4 * (time.monotonic() - started) + 4


# ---- the hand on it ----


def test_a_cell_returns_at_once_while_it_trains(watch: Callable) -> None:
    gate = Gate(3)
    training = begun(observers=[gate])
    monitor, browser = watch(training)
    monitor.resume()
    assert gate.reached.wait(60)
    until(lambda: monitor.state == "running")
    assert monitor.view["verbs"] == ["pause", "stop"] and training.running
    gate.open.set()
    assert monitor.wait().state == "finished"
    assert any(state.get("view", {}).get("state") == "running" for state in browser.states())


def test_a_pause_in_a_long_step_is_answered_at_once_and_done_at_its_end(watch: Callable) -> None:
    gate = Gate(3)
    training = begun(observers=[gate])
    monitor, browser = watch(training)
    verbs: list[tuple] = []
    monitor.observe(lambda change: verbs.append((*change["new"], monitor.state)), "verb")
    browser.say({"kind": "resume"})
    assert gate.reached.wait(60)
    until(lambda: monitor.state == "running")
    browser.say({"kind": "pause"})
    assert any(state.get("view", {}).get("words") == "pausing…" for state in browser.states())
    assert monitor.running and monitor.view["verbs"] == ["resume", "stop"]
    time.sleep(0.3)
    assert monitor.state == "pausing"
    gate.open.set()
    monitor.wait()
    assert (monitor.state, monitor.view["words"]) == ("paused", "paused at step 3")
    assert verbs == [("resume", 0, "running"), ("pause", 3, "paused")]
    assert not monitor.running


def test_who_resumes_before_the_pause_has_come_goes_on(watch: Callable) -> None:
    gate = Gate(3)
    training = begun(observers=[gate])
    monitor, browser = watch(training)
    monitor.resume()
    assert gate.reached.wait(60)
    until(lambda: "pause" in monitor.view["verbs"])
    browser.say({"kind": "pause"})
    browser.say({"kind": "resume"})
    assert monitor.state == "running"
    gate.open.set()
    assert monitor.wait().state == "finished"
    assert training.at == 40 and same(training, stepped(40))


def test_the_last_word_counts(watch: Callable) -> None:
    training = begun(steps=100_000)
    monitor, _ = watch(training)
    monitor.resume()
    monitor.pause()
    assert monitor.wait().state in ("not begun", "paused")
    monitor.pause()  # it is
    assert not training.running and not monitor.running
    monitor.resume()
    monitor.pause()
    monitor.resume()
    until(lambda: training.running and monitor.state == "running" and not monitor.running)
    monitor.resume()  # it runs
    monitor.stop()
    assert monitor.wait().state == "stopped"
    assert same(training, stepped(training.at, steps=100_000))


def test_with_pauses_it_comes_to_the_same_bits_as_without_and_as_its_code(watch: Callable) -> None:
    gates = [Gate(at) for at in (5, 11, 12)]
    training = begun("batch_topk", k=[2, 4], observers=gates)
    monitor, browser = watch(training)
    for gate in gates:
        browser.say({"kind": "resume"})
        assert gate.reached.wait(60)
        until(lambda: "pause" in monitor.view["verbs"])
        browser.say({"kind": "pause"})
        gate.open.set()
        monitor.wait()
        assert (training.at, monitor.verb) == (gate.at, ("pause", gate.at))
        assert monitor.code() == f"training.step({gate.at} - training.at)"
        again = begun("batch_topk", k=[2, 4])
        exec(monitor.code(), {"training": again})
        assert same(training, again)
    monitor.resume()
    monitor.wait()
    plain = begun("batch_topk", k=[2, 4])
    plain.finish()
    assert same(training, plain)


def test_its_code_saves_what_was_saved_and_goes_on_from_a_checkpoint(watch: Callable, tmp_path: Path) -> None:
    training = begun(checkpoints=tmp_path / "one")
    training.step(6)
    monitor, browser = watch(training)
    assert "save" in monitor.view["verbs"]
    browser.say({"kind": "save"})
    monitor.wait()
    assert monitor.verb == ("save", 6) and "save" not in monitor.view["verbs"]
    assert monitor.code() == "training.step(6 - training.at)\ntraining.save()"
    for _ in range(2):  # the second time, a checkpoint is there
        again = begun(checkpoints=tmp_path / "two")
        exec(monitor.code(), {"training": again})
        assert same(training, again) and again.saved == 6


def test_stop_saves_where_there_is_a_folder_and_can_be_undone_from_python(watch: Callable, tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        gate = Gate(4)
        training = begun(observers=[gate], checkpoints=folder)
        monitor, browser = watch(training)
        monitor.resume()
        assert gate.reached.wait(60)
        until(lambda: "stop" in monitor.view["verbs"])  # noqa: B023 (it is called before the loop goes on)
        browser.say({"kind": "stop"})
        assert (monitor.state, monitor.view["verbs"]) == ("stopping", [])
        gate.open.set()
        monitor.wait()
        assert (monitor.view["words"], monitor.view["verbs"], monitor.verb) == ("stopped at step 4", [], ("stop", 4))
        assert training.saved == (None if folder is None else 4)
        assert training.dictionary.width == 16
        training.resume()
        assert monitor.wait().state == "finished"
        assert same(training, stepped(40))


def test_stop_of_what_is_paused_saves_it(watch: Callable, tmp_path: Path) -> None:
    training = begun(checkpoints=tmp_path)
    training.step(3)
    monitor, _ = watch(training)
    monitor.stop()
    assert (monitor.wait().state, training.saved) == ("stopped", 3)
    training.step(1)
    assert monitor.wait().state == "paused"


def test_save_does_not_pause(watch: Callable, tmp_path: Path) -> None:
    gate = Gate(3)
    training = begun(observers=[gate], checkpoints=tmp_path)
    monitor, browser = watch(training)
    monitor.resume()
    assert gate.reached.wait(60)
    until(lambda: "save" in monitor.view["verbs"])
    browser.say({"kind": "save"})
    assert monitor.view["saved"] == "saving…" and "save" not in monitor.view["verbs"]
    gate.open.set()
    training.wait()
    assert training.at == 40, "whoever waits in a cell waits to the end"
    monitor.wait()
    assert monitor.verb[0] == "save" and 3 <= monitor.verb[1] <= 40
    assert begun(checkpoints=tmp_path).at == 40


def test_without_a_folder_there_is_no_save(watch: Callable) -> None:
    training = begun()
    training.step(2)
    monitor, browser = watch(training)
    assert "save" not in monitor.view["verbs"]
    with pytest.raises(ValueError, match="there is no folder for checkpoints"):
        monitor.save()
    browser.say({"kind": "save"})
    assert monitor.wait().verb == () and monitor.error == ""


def test_a_save_that_fails_is_told_in_words(watch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training = begun(checkpoints=tmp_path)
    training.step(2)
    monitor, browser = watch(training)

    def fails() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(training, "save", fails)
    browser.say({"kind": "save"})
    assert monitor.wait().error == "the disk is full"
    assert (monitor.state, monitor.verb, monitor.view["verbs"]) == ("paused", (), ["resume", "stop", "save"])
    monkeypatch.undo()
    monitor.save()
    assert monitor.wait().error == ""
    assert monitor.verb == ("save", 2)


# ---- others have a hand on it too ----


def test_it_follows_what_is_resumed_behind_its_back(watch: Callable) -> None:
    training = begun()
    monitor, browser = watch(training)
    for gate in (Gate(5), Gate(9)):
        training.observe(gate)
        training.resume()
        assert gate.reached.wait(60)
        until(lambda: monitor.state == "running")
        training.pause(wait=False)
        gate.open.set()
        training.wait()
        monitor.wait()
        assert (monitor.state, monitor.view["at"], monitor.verb) == ("paused", gate.at, ())
    assert browser.states()[-1]["view"]["at"] == 9


def test_steps_that_a_cell_makes_are_shown_and_have_no_pause(watch: Callable) -> None:
    gate = Gate(3)
    training = begun(observers=[gate])
    monitor, browser = watch(training)
    cell = threading.Thread(target=training.step, args=(6,))
    cell.start()
    assert gate.reached.wait(60)
    until(lambda: monitor.state == "running in a cell")
    assert monitor.view["verbs"] == []
    browser.say({"kind": "pause"})
    for verb in (monitor.pause, monitor.resume, monitor.stop):
        with pytest.raises(RuntimeError, match="a cell makes the steps; interrupt that cell"):
            verb()
    gate.open.set()
    cell.join(60)
    monitor.wait()
    assert (monitor.state, monitor.view["at"]) == ("paused", 6)


def test_a_failure_in_the_background_is_shown_in_words_and_still_raised_where_it_is_waited_for(watch: Callable) -> None:
    training = begun()
    training.step(3)
    monitor, _ = watch(training)
    good = spoil(training)
    training.resume()
    monitor.wait()
    assert (monitor.state, monitor.view["words"]) == ("failed", "failed after step 3")
    assert monitor.error.startswith("the loss of dictionary 0 is nan at step 4; the last checkpoint is sound.")
    assert monitor.error in monitor.summary()
    assert monitor.view["verbs"] == ["resume"]
    with pytest.raises(FloatingPointError):
        training.wait()
    assert monitor.state == "failed"
    training._x = good
    monitor.resume()
    assert monitor.wait().state == "finished"
    assert monitor.error == "" and same(training, stepped(40))


def test_who_resumes_a_failed_training_in_the_widget_need_not_wait_for_it_first(watch: Callable) -> None:
    training = begun()
    monitor, browser = watch(training)
    good = spoil(training)
    browser.say({"kind": "resume"})
    assert monitor.wait().state == "failed"
    browser.say({"kind": "resume"})
    assert monitor.wait().state == "failed"
    training._x = good
    browser.say({"kind": "resume"})
    assert monitor.wait().state == "finished"


def test_a_failure_in_a_cell_is_shown_too(watch: Callable) -> None:
    training = begun()
    monitor, _ = watch(training)
    spoil(training)
    with pytest.raises(FloatingPointError):
        training.step(2)
    assert monitor.wait().state == "failed"


def test_two_monitors_of_one_training_agree(watch: Callable) -> None:
    training = begun(k=[2, 2], steps=200)
    one, other = watch(training)[0], watch(training)[0]
    assert one.dictionaries[0]["label"] == "(1)" and one.dictionaries[1]["label"] == "(2)"
    one.resume()
    until(lambda: training.at > 20)
    other.pause()
    one.wait()
    other.wait()
    assert one.state == other.state == "paused"
    assert (one.verb, other.verb) == (("resume", 0), ("pause", training.at))
    assert from_wire(one.view["density"]["bars"]).tolist() == from_wire(other.view["density"]["bars"]).tolist()
    one.close()
    other.resume()
    assert other.wait().state == "finished"


def test_a_closed_monitor_lets_the_training_go_on_and_leaves_nothing(watch: Callable) -> None:
    gate = Gate(5)
    training = begun(observers=[gate])
    monitor, _ = watch(training)
    monitor.resume()
    assert gate.reached.wait(60)
    worker = monitor._runner._thread
    assert worker.is_alive()
    monitor.close()
    assert training.observers == [gate]
    worker.join(60)
    assert not worker.is_alive()
    gate.open.set()
    training.wait()
    assert training.at == 40
    monitor.close()


def test_a_step_never_waits_for_a_widget(watch: Callable) -> None:
    training = begun(steps=100_000)
    monitor, _ = watch(training)
    training.resume()
    until(lambda: monitor.state == "running")
    with monitor._turn():
        before = training.at
        until(lambda: training.at > before + 5)
    monitor.pause()
    assert monitor.wait().state == "paused"


def test_messages_go_where_the_page_was_last_heard(watch: Callable) -> None:
    """In ipykernel 7.4 presses wait for a running cell, unless what a widget says comes in the page's context."""
    spoken = contextvars.ContextVar("spoken", default="cell")
    training = begun(steps=100_000)
    monitor, browser = watch(training)
    contexts: list[str] = []
    monitor.comm.send = lambda data=None, metadata=None, buffers=None: contexts.append(spoken.get())
    page = contextvars.copy_context()
    page.run(spoken.set, "page")
    page.run(browser.say, {"kind": "shown"})
    contexts.clear()
    training.resume()  # from a cell
    until(lambda: len(contexts) > 2)
    assert set(contexts) == {"page"}
    training.pause()


def test_who_observes_a_verb_and_fails_does_no_harm(watch: Callable, caplog: pytest.LogCaptureFixture) -> None:
    monitor, _ = watch(begun())

    def fails(_change: object) -> None:
        raise ValueError("the recorder fell over")

    monitor.observe(fails, "verb")
    monitor.resume()
    assert monitor.wait().state == "finished"
    assert "the recorder fell over" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "pause",
        {"kind": None},
        {"kind": ["pause"]},
        {"kind": "explode"},
        {"kind": "__class__"},
        {"kind": "pause"},
        {"kind": "save"},
        {"kind": "stop", "step": {"a": [10**400]}},
        {"verb": "resume"},
    ],
)
def test_a_malformed_message_or_one_without_a_button_changes_nothing(watch: Callable, content: Any) -> None:
    training = begun()
    monitor, browser = watch(training)
    before = monitor.get_state() | {"heard": 1}
    browser.say(content)
    assert monitor.wait().get_state() == before
    assert training.at == 0 and not training.active


@pytest.mark.parametrize("state", [{"view": {}}, {"subject": "x"}, {"dictionaries": []}, {"verb": ["stop", 1]}])
def test_a_page_sets_nothing(watch: Callable, state: dict) -> None:
    monitor, browser = watch(begun())
    before = monitor.get_state() | {"heard": 1}
    browser.update(**state)
    assert monitor.get_state() == before


# ---- without a browser ----


def test_the_summary_says_how_far_it_is_and_what_it_came_to(watch: Callable) -> None:
    training = begun()
    training.step(20)
    monitor, _ = watch(training)
    head, progress, numbers, source = str(monitor).splitlines()
    assert head == "Training topk, 16 features at resid_post.0: paused at step 20"
    assert progress.startswith("  step 20 of 40 · 640 tokens · ") and progress.endswith(" left")
    _, _, loss, explained, on, dead = training.rows()[-1]
    shown = [float(part.rsplit(" ", 1)[1]) for part in numbers.split(" · ")]
    assert shown == pytest.approx([loss, explained, on, dead], rel=0.01, abs=1e-9)
    assert source == "  topk · d_model 8 · width 16 · k 2 · resid_post.0 · n 512 tokens, 32 a step"


def test_several_dictionaries_are_told_apart(watch: Callable) -> None:
    training = begun(width=[16, 32], k=[2, 3], seed=[0, 1], steps=3)
    training.step(3)
    monitor, _ = watch(training)
    assert [one["label"] for one in monitor.dictionaries][:3] == [
        "width 16, k 2 (1)",
        "width 16, k 3 (1)",
        "width 16, k 2 (2)",
    ]
    lines = str(monitor).splitlines()
    assert lines[0] == "Training 8 × topk at resid_post.0: finished" and len(lines) == 11
    assert "seed" not in monitor.provenance and "width 16, 32 · k 2, 3" in monitor.provenance


def test_the_source_names_the_model_the_texts_and_the_tokens(watch: Callable) -> None:
    about = {"model": "tiny", "hash": "0123abcd", "texts": "fedc9876", "tokens": 512}
    held = wb.decompose.Held({"mlp_in.0": ROWS, "mlp_out.0": ROWS}, provenance=about)
    training = wb.decompose.train(held, "topk", at="mlp_in.0", to="mlp_out.0", width=16, k=2, steps=4, batch=32)
    monitor, _ = watch(training)
    assert monitor.subject == "topk, 16 features at mlp_in.0 → mlp_out.0"
    wanted = "tiny 0123abcd · texts fedc9876 · mlp_in.0, mlp_out.0 · n 512 tokens, 32 a step"
    assert monitor.provenance.endswith(wanted)


def test_a_page_without_scripts_has_a_picture(watch: Callable) -> None:
    fresh = watch(begun())[0].picture().png()
    training = begun(k=list(range(1, 9)), steps=8)
    training.step(8)
    monitor, _ = watch(training)
    assert monitor.picture().png()[:4] == fresh[:4] == b"\x89PNG"
    assert monitor._repr_mimebundle_()[0]["text/plain"].startswith("Training 8 × topk")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (40, "40 s"), (60, "1 min"), (3570, "1 h 0 min"), (12_000, "3 h 20 min"), (59.6, "60 s")],
)
def test_times_are_said_in_words(seconds: float, words: str) -> None:
    assert module._duration(seconds) == words


def test_the_time_left_is_from_how_fast_it_goes_now(monkeypatch: pytest.MonkeyPatch) -> None:
    training = begun(steps=1000)
    pace = module._Pace(training)
    clock = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(module, "monotonic", lambda: next(clock))
    monkeypatch.setattr(Training, "active", True)
    for training.at in (100, 100, 200, 300):
        pace.note()
    training.seconds = 1.0
    assert pace.words("running") == f"{200 * 32 // 20} tokens/s · 1 min left"


def test_what_is_no_training_is_refused() -> None:
    with pytest.raises(TypeError, match=r"a monitor watches what wb\.decompose\.train gives; this is a Tensor"):
        TrainingMonitor(ROWS)


def spoil(training: Training) -> list:
    """From now on every loss is no number; what was there before is returned."""
    good = training._x
    training._x = [type(scale)(scale.mean * float("nan"), scale.factor) for scale in good]
    return good


def stepped(n: int, **settings: Any) -> Training:
    training = begun(**settings)
    training.step(n)
    return training


def until(condition: Callable[[], object], timeout: float = 60) -> None:
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)
