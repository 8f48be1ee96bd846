"""What `wb.intervene.measuring` gives, made of a formula: every case says it under an edit, and none without."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.estimates import Estimate, proportion
from workbench.intervene import Effect, Effects, Measured
from workbench.intervene.effects import KL, LOSS


class FakeMeasuring:
    """Grows by a prompt at a time; it stops before the second one while its gate is shut.

    Attributes:
        asked: the arguments of every call.
        open: how many are being measured.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.open = 0
        self.gate: threading.Event | None = None

    def __call__(self, model: Any, prompts: Sequence[str], named: Any, **settings: Any) -> Iterator[Any]:
        (edits,) = named.values()
        if "no such text" in settings.get("neutral", ()):
            raise ValueError("a neutral text cannot be read")
        self.asked.append({"prompts": list(prompts), "edits": list(edits), **settings})
        return self._steps(list(prompts), list(edits), **settings)

    def _steps(
        self,
        prompts: list[str],
        edits: list[Any],
        *,
        target: Any,
        neutral: Sequence[str] = (),
        controls: Mapping[str, Sequence[Any]],
    ) -> Iterator[Effects | None]:
        self.open += 1
        try:
            size = sum(abs(edit.value) for edit in edits)
            for n in range(1, len(prompts) + 1):
                yield None
                if self.gate and n == 2:
                    self.gate.wait(60)
                plain, edited = proportion(0, n), proportion(n, n)
                changes = tuple(0.01 * k for k in range(len(controls["sliders"])))
                measured = Measured(plain, edited, Estimate(1.0, 0.9, 1.0, n), changes)
                yield self._effects(target, n, Effect("edit", "edit", measured, {}), done=n == len(prompts))
            if neutral:
                yield None
                cost = Estimate(size / 100, 0.0, size / 50, len(neutral))
                price = {
                    KL: Measured(None, cost, cost, (0.5,) * len(changes)),
                    LOSS: Measured(cost, cost, cost, (0.0,) * len(changes)),
                }
                yield self._effects(target, len(prompts), Effect("edit", "edit", measured, price), done=True)
        finally:
            self.open -= 1

    def _effects(self, target: Any, n: int, effect: Effect, *, done: bool) -> Effects:
        return Effects({"edit": effect}, target.name, n, {"model": "fake"}, done)
