"""Dose and response, and a choice that is reported on prompts that had no say in it."""

from __future__ import annotations

import pytest
import torch
from tiny import TEXTS, model

import workbench as wb
from workbench.intervene import Answers, Probability, Says, choose, dose_response, vector

PROMPTS = ["Mary and John went", "The bridge", "Once upon a time", "Mary", "John went to the store", "A day in town"]
YES, NO = ["The red bridge", "A red day", "Red store"], ["The long bridge", "A long day", "Long store"]


@pytest.fixture(scope="module")
def m() -> wb.Model:
    return model("llama", bos=True)


@pytest.fixture(scope="module")
def red(m: wb.Model) -> wb.intervene.Vector:
    return vector(m, YES, NO, at="resid_post.1", name="red")


def test_a_curve_is_measured_point_by_point(m: wb.Model, red: wb.intervene.Vector) -> None:
    target = Probability(" and")
    curve = dose_response(m, PROMPTS, red, strengths=[0, 0.5, 2], target=target, neutral=TEXTS, controls=4, seed=1,
                          prompting="and ")  # fmt: skip
    for strength in (0, 0.5, 2):
        alone = wb.intervene.measure(
            m, PROMPTS, [red.steer(strength)], target=target, neutral=TEXTS, controls=4, seed=1
        )
        assert curve.at(strength).target.change.value == pytest.approx(alone.effect.target.change.value, abs=1e-6)
        assert curve.at(strength).target.controls == pytest.approx(alone.effect.target.controls, abs=1e-5)
    assert curve.at(0).target.change.value == 0 and not any(curve.at(0).target.controls)
    said = wb.intervene.measure(m, ["and " + p for p in PROMPTS], {"": []}, target=target, controls=0).effect.target
    assert curve.prompted.edited.value == pytest.approx(said.plain.value, abs=1e-6)
    assert len(curve.shuffled["2"].target.controls) == 4 and "prompting" in list(curve.table()["strength"])
    with pytest.raises(KeyError, match=r"strength 3 was not tried; there are: 0, 0\.5, 2"):
        curve.at(3)


def test_a_function_of_the_strength_is_a_curve_too(m: wb.Model) -> None:
    sae = wb.decompose.TopK(d_model=32, width=64, k=8, site="resid_post.1").requires_grad_(False)
    target = Says("e", seeds=[0, 1])
    curve = dose_response(m, PROMPTS, lambda s: [wb.Clamp(sae, 3, s)], strengths=[-1, 1], target=target, controls=2)
    assert curve.shuffled is None and curve.at(1).target.plain.n == 12
    assert {trace.name for trace in curve.figure().data} >= {"steered, 95 % interval", "plain", "controls"}


def test_a_figure_shows_target_controls_and_price(m: wb.Model, red: wb.intervene.Vector) -> None:
    curve = dose_response(m, PROMPTS, red, strengths=[1, 0], target=Answers(" and"), neutral=TEXTS, controls=3,
                          prompting=lambda prompt: prompt + ",")  # fmt: skip
    figure = curve.figure()
    assert {trace.name for trace in figure.data if trace.name} >= {"controls", "shuffled", "steered, 95 % interval"}
    steered = next(trace for trace in figure.data if trace.name == "steered, 95 % interval")
    assert list(steered.x) == [0, 1] and figure.layout.yaxis2.title.text == "KL, nats per token"


def test_a_choice_is_made_on_some_prompts_and_reported_on_others(m: wb.Model) -> None:
    vectors = [vector(m, YES, NO, at=f"resid_post.{layer}") for layer in range(2)]
    answers = [" and", " is", " there", " and", ".", " town"]
    target = Probability(answers)
    choice = choose(m, vectors, PROMPTS, strengths=[-1, 0.5, 1], target=target, fit=3, controls=3, neutral=TEXTS)
    changes = {}
    for one in vectors:
        for strength in (-1, 0.5, 1):
            effect = wb.intervene.measure(m, PROMPTS[:3], [one.steer(strength)], target=Probability(answers[:3]),
                                          controls=0).effect  # fmt: skip
            changes[one.at, strength] = effect.target.change.value
    assert (choice.vector.at, choice.strength) == max(changes, key=changes.get)
    alone = wb.intervene.measure(m, PROMPTS[3:], choice.edits, target=Probability(answers[3:]), controls=3)
    assert choice.report.effect.target.change.value == pytest.approx(alone.effect.target.change.value, abs=1e-6)
    assert choice.report.prompts == 3 and len(choice.tried) == 6 and choice.report.effect.unwanted


def test_a_budget_of_kl_is_kept(m: wb.Model) -> None:
    vectors = [vector(m, YES, NO, at="resid_post.1")]
    settings = {"strengths": [0.05, 3.0], "target": Says("e"), "fit": 3, "controls": 1, "neutral": TEXTS}
    choice = choose(m, vectors, PROMPTS, budget=0.05, **settings)
    assert choice.strength == 0.05
    with pytest.raises(ValueError, match="nothing keeps within 1e-09 nats"):
        choose(m, vectors, PROMPTS, budget=1e-9, **settings)
    with pytest.raises(ValueError, match="at least two"):
        choose(m, vectors, PROMPTS, budget=1.0, **settings | {"neutral": TEXTS[:1]})


def test_prompts_on_both_sides_are_refused(m: wb.Model, red: wb.intervene.Vector) -> None:
    settings = {"strengths": [1.0], "target": Probability(" and")}
    with pytest.raises(ValueError, match="'Mary' is among the prompts that choose and among those reported on"):
        choose(m, [red], [*PROMPTS, "Mary"], fit=6, **settings)
    for fit in (0, 6):
        with pytest.raises(ValueError, match=f"fit {fit} of 6 prompts"):
            choose(m, [red], PROMPTS, fit=fit, **settings)
    with pytest.raises(ValueError, match="nothing to choose from"):
        choose(m, [], PROMPTS, fit=3, **settings)
    with pytest.raises(ValueError, match="no strengths"):
        dose_response(m, PROMPTS, red, strengths=[], target=Probability(" and"))


def test_french_texts_make_a_vector_that_makes_the_shipped_model_write_french() -> None:
    """On prompts that had no say in the vector, more than random directions of the same norm."""
    import itertools

    model = wb.load()
    french, english = (
        [d.text for d in itertools.islice(wb.world.documents("train", 5, tongues=(t,), kinds=("chat", "story")), 60)]
        for t in ("fr", "en")
    )
    made = vector(model, french, english, at="resid_post.1", tokens="mean")
    fx = wb.intervene.measure(
        model, ["Question: Where shall we go on Monday?\nAnswer:", "Question: What makes you happy?\nAnswer:"],
        [made.steer(0.7)], target=Probability(" Le"), controls=19,
    )  # fmt: skip
    assert fx.effect.target.change.value > max(fx.effect.target.controls) and fx.effect.target.p == 0.05
    assert torch.isfinite(made.shuffled).all()


def test_the_answers_of_prompts_that_are_reported_on_have_no_say_in_the_choice(m: wb.Model) -> None:
    vectors = [vector(m, YES, NO, at=f"resid_post.{layer}") for layer in range(2)]
    chosen = set()
    for others in ([" and", ".", " town"], [" town", " and", "."], [" the", " the", " the"]):
        target = Probability([" and", " is", " there", *others])
        choice = choose(m, vectors, PROMPTS, strengths=[-1, 0.5, 1], target=target, fit=3, controls=0)
        chosen.add((choice.vector.at, choice.strength))
    assert len(chosen) == 1
    with pytest.raises(ValueError, match="2 answers for 6 prompts"):
        choose(m, vectors, PROMPTS, strengths=[1.0], target=Probability([" a", " b"]), fit=3)
    with pytest.raises(ValueError, match=r"1\d\d tokens"):
        dose_response(
            m, PROMPTS, vectors[0], strengths=[1.0], target=Probability(" a"), prompting="once upon a time " * 14
        )
