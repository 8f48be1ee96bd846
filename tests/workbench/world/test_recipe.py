"""A training that was stopped anywhere ends in the same bytes as one that was not."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest
import torch

from workbench.world import recipe as module
from workbench.world.prose import english
from workbench.world.recipe import Batches, Recipe, fingerprint, train
from workbench.world.tokenizer import train_tokenizer

SMALL = Recipe(
    layers=1, d_model=32, heads=2, d_mlp=32, vocabulary=300, context=64, batch=512, steps=9, warmup=2, compiled=False
)


class Stopped(Exception):
    pass


@pytest.fixture(autouse=True)
def a_small_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for every training, of few documents."""
    monkeypatch.setattr(module, "train_tokenizer", cache(partial(train_tokenizer, n_documents=500)))


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


@pytest.mark.slow
def test_a_stopped_training_resumes_to_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POOL", 16)  # so that a pool runs out between two checkpoints
    whole = train(tmp_path / "whole", recipe=SMALL, checkpoints=tmp_path / "a")
    real = module._step
    for stop in (3, 4, 8):
        left = [stop]

        def step(*args: object, left: list[int] = left) -> float:
            if left[0] == 0:
                raise Stopped
            left[0] -= 1
            return real(*args)

        monkeypatch.setattr(module, "_step", step)
        checkpoints = tmp_path / f"stopped-{stop}"
        with pytest.raises(Stopped):
            train(tmp_path / "never", recipe=SMALL, checkpoints=checkpoints, every=2)
        monkeypatch.setattr(module, "_step", real)
        resumed = train(tmp_path / f"resumed-{stop}", recipe=SMALL, checkpoints=checkpoints, every=2)
        assert weights(resumed) == weights(whole)
        about = [json.loads((folder / "training.json").read_text()) for folder in (resumed, whole)]
        assert all(about[0][key] == about[1][key] for key in ("recipe", "tokens", "loss"))


@pytest.mark.slow
def test_another_seed_gives_another_model(tmp_path: Path) -> None:
    a = train(tmp_path / "a", recipe=SMALL, checkpoints=tmp_path / "ca")
    b = train(tmp_path / "b", recipe=replace(SMALL, seed=1), checkpoints=tmp_path / "cb")
    assert weights(a) != weights(b)


@pytest.mark.slow
def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path) -> None:
    train(tmp_path / "a", recipe=SMALL, checkpoints=tmp_path / "c", every=4)
    with pytest.raises(ValueError, match="written by another recipe.*checkpoints="):
        train(tmp_path / "b", recipe=replace(SMALL, steps=12), checkpoints=tmp_path / "c")


@pytest.mark.slow
def test_a_checkpoint_of_another_language_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(tmp_path / "a", recipe=SMALL, checkpoints=tmp_path / "c", every=4)
    monkeypatch.setattr(module, "fingerprint", lambda: "another")
    with pytest.raises(ValueError, match="another state of the language"):
        train(tmp_path / "b", recipe=SMALL, checkpoints=tmp_path / "c")


@pytest.mark.slow
def test_other_conditions_are_warned_of_and_the_training_goes_on(tmp_path: Path) -> None:
    train(tmp_path / "a", recipe=SMALL, checkpoints=tmp_path / "c", every=4)
    threads = torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        with pytest.warns(UserWarning, match=rf"other conditions \(threads {threads} → {threads + 1}\)"):
            folder = train(tmp_path / "b", recipe=SMALL, checkpoints=tmp_path / "c")
    finally:
        torch.set_num_threads(threads)
    assert json.loads((folder / "training.json").read_text())["conditions"]["threads"] == threads + 1


def test_the_fingerprint_sees_a_sentence_that_no_document_has_said_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    fingerprint.cache_clear()
    assert fingerprint() == before
    told = fingerprint(0)
    monkeypatch.setattr(english, "COUNT", (*english.COUNT, "A sentence that is new."))
    fingerprint.cache_clear()
    assert fingerprint(0) != told
    monkeypatch.undo()
    fingerprint.cache_clear()
    assert fingerprint(0) == told


def test_batches_written_ahead_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POOL", 16)
    tokenizer = train_tokenizer(vocabulary=300, n_documents=200)
    with ThreadPoolExecutor(1) as ahead:
        streams = Batches(SMALL, tokenizer), Batches(SMALL, tokenizer, ahead=ahead)
        for _ in range(12):
            one, other = (stream.next() for stream in streams)
            assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert streams[1].pool > 1


def test_the_untrained_twin_shows_its_attention() -> None:
    from workbench.world import untrained

    model = untrained()
    assert model.run("2+2=", at="pattern.0.1")["pattern.0.1"].shape == (1, 5, 5)
