"""The demonstrations in small: what their reports print in full holds in direction, with controls beside it."""

from __future__ import annotations

import pytest
from demonstrations import facts, golden_gate, honesty

import workbench as wb

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


def test_held_at_ten_times_their_maximum_features_answer_with_the_bridge(model: wb.Model) -> None:
    found = golden_gate.measure(model, n=16, controls=6, seeds=[0], named=["chosen"], neutral=2)
    target = found.effects["chosen"].target
    assert target.edited.value >= 0.7 and target.plain.value <= 0.25
    assert target.plain.value + sum(target.controls) / 6 < 0.2 and target.change.low > 0.2


def test_the_questions_that_are_reported_on_are_not_those_that_chose() -> None:
    fit, held = ({one.prompt for one in some} for some in (golden_gate.fit(), golden_gate.held_out()))
    assert len(held) == 50 and not fit & held
    asked = {prompt.split("\n")[-2] for prompt in fit}
    assert not asked & {prompt.split("\n")[-2] for prompt in held}


def test_a_swap_of_features_changes_a_fact_and_random_features_do_not(model: wb.Model) -> None:
    sae = wb.decompose.load()
    own, times = facts.prepared(model, sae, fit=1, widths=(16,), tongues=("en",))
    some = facts.cases(model, "test", 1, seed=3, tongues=("en",))
    found = facts.measure(model, own, times, some, controls=4)
    swap = next(effect for name, effect in found.effects.items() if name.startswith("swap 16"))
    assert swap.target.edited.value > 0.3 and max(swap.target.controls) < 0.2
    whole = found["patch resid_post.1"].target.edited.value
    assert swap.target.edited.value <= whole + 0.1  # all of the activation is the most that features can do


def test_lies_are_told_less_in_the_sentences_that_were_learnt_from(model: wb.Model) -> None:
    small = {"fit": 2, "n": 1, "controls": 3, "neutral": 2, "steps": 12, "tongues": ("en",)}
    found = honesty.measure(model, "deception", parts=["same sentences", "other sentences"], **small)
    learnt = found.chosen["same sentences"]["a learnt vector"].target
    assert learnt.change.high < 0 and learnt.change.value < min(learnt.controls)
    elsewhere = found.chosen["other sentences"]["a learnt vector"].target
    assert elsewhere.change.value > learnt.change.value / 2  # and it does not carry over: the negative result
