"""A training that was stopped anywhere ends in the same bytes as one that was not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.world import recipe as module
from workbench.world.recipe import Recipe, train

SMALL = Recipe(
    layers=1, d_model=32, heads=2, d_mlp=32, vocabulary=300, context=64, batch=512, steps=9, warmup=2, compiled=False
)


class Stopped(Exception):
    pass


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
