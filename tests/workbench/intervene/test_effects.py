"""Effects: what is measured is what a loop over single runs gives, and p and intervals hold what they promise."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

import pytest
import torch
from tiny import TEXTS, model

import workbench as wb
from workbench.estimates import difference, proportion
from workbench.intervene import Answers, Effects, LogitDifference, Probability, Says

PROMPTS = ["Mary and John went", "The bridge", "Once upon a time there", "Mary", "John went to the store. The bridge"]
ANSWERS = [" to the store", " Mary", " was", " and John went", " and"]


@pytest.fixture(scope="module", params=[False, True])
def m(request: pytest.FixtureRequest) -> wb.Model:
    return model("llama", bos=request.param)


def steer(m: wb.Model, strength: float = 4.0, **where: object) -> wb.Steer:
    v = torch.randn(32, generator=torch.Generator().manual_seed(5))
    return wb.Steer("resid_post.1", v, strength, **where)


def logprob(m: wb.Model, prompt: str, answer: str, edits: list) -> tuple[float, bool]:
    """One answer after one prompt by a single run: what generation would compute."""
    before = m.tokens(prompt).ids[0].tolist()
    after = m.tokenizer(answer, add_special_tokens=False).input_ids
    ids = torch.tensor([before + after])
    tokens = wb.tokens.Tokens(ids, torch.ones_like(ids, dtype=torch.bool), (), m.vocabulary.bos is not None,
                              torch.tensor([len(before)]))  # fmt: skip
    logits = m.run(tokens, edits=edits).logits[0, len(before) - 1 : -1].log_softmax(-1)
    picked = logits[torch.arange(len(after)), torch.tensor(after)]
    return float(picked.sum()), logits.argmax(-1).tolist() == after


@pytest.mark.parametrize("where", [{}, {"positions": "generated"}, {"positions": -1}, {"positions": slice(2, None)}])
def test_answers_are_scored_as_a_loop_over_single_runs_scores_them(m: wb.Model, where: dict) -> None:
    edit = steer(m, **where)
    wrong = ANSWERS[1:] + ANSWERS[:1]
    plain, edited = ([logprob(m, p, a, e) for p, a in zip(PROMPTS, ANSWERS, strict=True)] for e in ([], [edit]))
    others = [[logprob(m, p, a, e)[0] for p, a in zip(PROMPTS, wrong, strict=True)] for e in ([], [edit])]
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=Probability(ANSWERS), controls=3).effect
    for k, (before, after) in enumerate(fx.values):
        assert (before, after) == pytest.approx((math.exp(plain[k][0]), math.exp(edited[k][0])), rel=1e-3)
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=LogitDifference(ANSWERS, wrong), controls=3).effect
    for k, (before, after) in enumerate(fx.values):
        want = plain[k][0] - others[0][k], edited[k][0] - others[1][k]
        assert (before, after) == pytest.approx(want, abs=1e-3)
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=Answers(ANSWERS), controls=3).effect
    assert [bool(before) for before, _ in fx.values] == [right for _, right in plain]


def test_a_logit_difference_of_single_tokens_is_that_of_their_logits(m: wb.Model) -> None:
    a, b = " Mary", " and"
    ids = [m.tokenizer(text, add_special_tokens=False).input_ids for text in (a, b)]
    if any(len(one) > 1 for one in ids):
        a, b = (m.vocabulary.piece(one[0]) for one in ids)
    fx = wb.intervene.measure(m, PROMPTS, [steer(m)], target=LogitDifference(a, b), controls=1).effect
    for prompt, (before, after) in zip(PROMPTS, fx.values, strict=True):
        for value, edits in ((before, []), (after, [steer(m)])):
            logits = m.run(prompt, edits=edits).logits[0, -1]
            one, other = (m.tokenizer(text, add_special_tokens=False).input_ids[0] for text in (a, b))
            assert value == pytest.approx(float(logits[one] - logits[other]), abs=1e-3)


def test_what_greedy_decoding_says_is_what_answers_scores(m: wb.Model) -> None:
    said = ["".join(map(str, m.generate(prompt, new_tokens=3))) for prompt in PROMPTS]
    right = [logprob(m, p, s, [])[1] for p, s in zip(PROMPTS, said, strict=True)]
    fx = wb.intervene.measure(m, PROMPTS, [wb.Scale("attn_out.0", 1.0)], target=Answers(said), controls=1).effect
    assert [bool(v) for v, _ in fx.values] == right and any(right)


def test_what_generations_say_is_counted_as_single_generations_are(m: wb.Model) -> None:
    edit = steer(m, 8.0)
    target = Says(("e", "zz"), new_tokens=6, temperature=1.0, seeds=range(3))
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=target, controls=2).effect
    for number, (prompt, values) in enumerate(zip(PROMPTS, fx.values, strict=True)):
        for value, edits in zip(values, ([], [edit]), strict=True):
            settings = {"edits": edits, "new_tokens": 6, "temperature": 1.0}
            texts = ["".join(map(str, m.generate(prompt, seed=1000 * number + s, **settings))) for s in range(3)]
            assert value == pytest.approx(sum("e" in text.lower() or "zz" in text.lower() for text in texts) / 3)
    assert fx.target.plain.n == 15 and len(fx.values) == 5  # 5 prompts with 3 samples each


def test_the_likeliest_text_is_one_sample_whatever_the_seeds(m: wb.Model) -> None:
    target = Says("e", new_tokens=4, temperature=0.0, seeds=range(5))
    assert wb.intervene.measure(m, PROMPTS, [steer(m)], target=target, controls=1).effect.target.plain.n == 5


def test_side_effects_are_those_of_a_loop_over_texts(m: wb.Model) -> None:
    edit = steer(m, 2.0)
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=Answers(ANSWERS), neutral=TEXTS, controls=4, seed=3).effect
    kls, losses = [], []
    first = int(m.vocabulary.bos is not None)
    for text in TEXTS:
        p, q = (m.run(text, edits=edits).logits[0].log_softmax(-1) for edits in ([], [edit]))
        kls.append(float((p.exp() * (p - q)).sum(-1)[first:].mean()))
        ids = m.tokens(text).ids[0, 1:]
        losses.append([-float(one[:-1][torch.arange(len(ids)), ids].mean()) for one in (p, q)])
    assert fx.unwanted["KL on neutral text"].change.value == pytest.approx(sum(kls) / 3, rel=1e-3)
    loss = fx.unwanted["loss on neutral text"]
    assert loss.plain.value == pytest.approx(sum(a for a, _ in losses) / 3, rel=1e-4)
    assert loss.change.value == pytest.approx(sum(b - a for a, b in losses) / 3, rel=1e-3)
    assert loss.change.n == 3 and len(loss.controls) == 4


def test_controls_are_measured_as_interventions_of_their_own(m: wb.Model) -> None:
    edit = steer(m, 3.0)
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=Probability(ANSWERS), neutral=TEXTS, controls=5, seed=2)
    for k, control in enumerate(wb.intervene.controls_for(m, [edit], 5, seed=2)):
        alone = wb.intervene.measure(m, PROMPTS, control, target=Probability(ANSWERS), neutral=TEXTS, controls=0)
        assert fx.effect.target.controls[k] == pytest.approx(alone.effect.target.change.value, abs=1e-5)
        for what, measured in fx.effect.unwanted.items():
            assert measured.controls[k] == pytest.approx(alone.effect.unwanted[what].change.value, abs=2e-5), what


def test_what_changes_nothing_has_no_effect_and_no_p_below_one(m: wb.Model) -> None:
    fx = wb.intervene.measure(m, PROMPTS, [steer(m, 0.0)], target=Probability(ANSWERS), neutral=TEXTS, controls=20)
    for _, _, measured in fx.rows():
        assert measured.change.value == 0 and measured.p == 1.0


def test_p_counts_the_controls_that_do_as_much_and_is_never_zero(m: wb.Model) -> None:
    fx = wb.intervene.measure(m, PROMPTS, [steer(m)], target=Probability(ANSWERS), controls=19, seed=7).effect.target
    more = sum(abs(c) >= abs(fx.change.value) for c in fx.controls)
    assert fx.p == (1 + more) / 20 and wb.intervene.Measured(None, fx.edited, fx.change, ()).p is None


def test_p_of_directions_that_were_not_chosen_is_spread_evenly() -> None:
    """Of random directions a p of at most ⅒ has one in ten, not more: what is claimed of p holds."""
    m = model("llama")
    draws = [torch.randn(32, generator=torch.Generator().manual_seed(100 + k)) for k in range(60)]
    named = {str(k): [wb.Steer("resid_post.1", v / v.norm(), 5.0)] for k, v in enumerate(draws)}
    fx = wb.intervene.measure(m, PROMPTS[:2], named, target=LogitDifference(" Mary", " and"), controls=19)
    ps = [fx[name].target.p for name in named]
    assert sum(p <= 0.1 for p in ps) <= 13 and sum(p <= 0.5 for p in ps) in range(18, 43)  # expected: 6 and 30


def test_a_task_is_scored_by_a_model_under_the_edits(m: wb.Model) -> None:
    seen = []

    def task(under: wb.Model) -> list[bool]:
        seen.append(under.standing)
        return [bool(under.run(text).logits[0, -1].argmax() % 2) for text in TEXTS]

    edit = steer(m)
    fx = wb.intervene.measure(m, PROMPTS, [edit], target=Answers(ANSWERS), tasks={"odd": task}, controls=2)
    assert len(seen) == 4 and seen[0] == () and seen[1] == (edit,)
    odd = fx.effect.unwanted["odd"]
    assert odd.plain.value == pytest.approx(sum(task(m)) / 3)
    assert odd.edited.value == pytest.approx(sum(task(m.under([edit]))) / 3)


def test_effects_grow_and_can_be_left_at_any_pass(m: wb.Model) -> None:
    before = m.run(TEXTS[0]).logits
    settings = {"target": Says("e", new_tokens=3, seeds=range(2)), "neutral": TEXTS, "controls": 3}
    steps = list(wb.intervene.measuring(m, PROMPTS, {"a": [steer(m)], "b": [steer(m, 1.0)]}, **settings))
    grown = [effects for effects in steps if effects is not None]
    assert [effects.prompts for effects in grown] == sorted(effects.prompts for effects in grown)
    assert [effects.is_complete for effects in grown] == [False] * (len(grown) - 1) + [True]
    assert len(steps) > 3 * len(grown)  # many places to leave it
    whole = wb.intervene.measure(m, PROMPTS, {"a": [steer(m)], "b": [steer(m, 1.0)]}, **settings)
    assert str(grown[-1]) == str(whole)
    for many in (1, 4, 9):
        left = wb.intervene.measuring(m, PROMPTS, [steer(m)], **settings)
        list(itertools.islice(left, many))
        left.close()
        assert torch.equal(m.run(TEXTS[0]).logits, before)


def test_effects_are_told_in_a_table_a_figure_and_a_file(m: wb.Model, tmp_path: Path) -> None:
    tasks = {"long": lambda model: [len(model.standing) > 0, True]}
    fx = wb.intervene.measure(m, PROMPTS, {"up": [steer(m)], "down": [steer(m, -4.0)]}, target=Answers(ANSWERS),
                              neutral=TEXTS, tasks=tasks, controls=3)  # fmt: skip
    table = fx.table()
    assert len(table) == 8 and set(table["intervention"]) == {"up", "down"}
    assert list(table["measure"][:4]) == ["answers right", "KL on neutral text", "loss on neutral text", "long"]
    assert all("n 3" in beside for beside in table["controls"])
    figure = fx.figure()
    assert {trace.name for trace in figure.data} == {"controls", "change, 95 % interval"}
    again = Effects.open(fx.save(tmp_path / "effects.json"))
    assert str(again) == str(fx) and again["up"].values == fx["up"].values
    with pytest.raises(KeyError, match="no intervention 'sideways'; there are: up, down"):
        fx["sideways"]
    with pytest.raises(ValueError, match="2 interventions; name one: up, down"):
        _ = fx.effect


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: ([], [steer(m)], Answers("a")), ValueError, "no prompts"),
        (lambda m: ("Mary", [steer(m)], Answers("a")), TypeError, "list of texts"),
        (lambda m: (PROMPTS, [steer(m)], Answers(["a"])), ValueError, "1 answers for 5 prompts"),
        (lambda m: (PROMPTS, {}, Answers("a")), ValueError, "no interventions"),
        (lambda m: (PROMPTS, [wb.Ablate("attn_out.9")], Answers("a")), ValueError, "no layer 9"),
        (lambda m: (PROMPTS, [steer(m)], Answers("")), ValueError, "answer 0 is empty"),
    ],
)
def test_what_cannot_be_measured_is_named(m: wb.Model, call: object, error: type, message: str) -> None:
    prompts, edits, target = call(m)
    with pytest.raises(error, match=message):
        wb.intervene.measure(m, prompts, edits, target=target, controls=1)


def test_nothing_to_look_for_is_named() -> None:
    for nothing in ("", [], ["a", ""]):
        with pytest.raises(ValueError, match="which text"):
            Says(nothing)


def test_the_interval_of_a_paired_difference_covers_the_truth() -> None:
    """Simulated pairs of shares that go together: 95 % intervals hold it in about 95 of 100 samples."""
    rng = random.Random(0)
    held = 0
    for _ in range(400):
        pairs = []
        for _ in range(40):
            before = rng.random() < 0.3
            pairs.append((float(before or rng.random() < 0.5), float(before)))
        after, first = (proportion(int(sum(column)), 40) for column in zip(*pairs, strict=True))
        one = difference(after, first, pairs)
        held += one.low <= 0.35 <= one.high  # .3 + .7 · .5 − .3
    assert 370 <= held <= 396


# ---- what once went wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 7, 10, 30])
@pytest.mark.parametrize("is_share", [True, False])
def test_controls_that_do_the_same_are_ties(n: int, is_share: bool) -> None:
    from workbench.intervene.effects import compared

    randomness = torch.Generator().manual_seed(n)
    plain, edited = torch.rand(2, n, 3, generator=randomness)
    if is_share:
        plain, edited = (plain < 0.3).float(), (edited < 0.7).float()
    one = compared(plain, edited, edited.expand(20, -1, -1), is_share=is_share, of=[k // 2 for k in range(n)])
    assert one.p == 1.0


def test_what_overflows_has_no_p() -> None:
    nan = wb.estimates.Estimate(math.nan, math.nan, math.nan, 3)
    assert wb.intervene.Measured(None, nan, nan, (1.0, 2.0)).p is None
    fine = wb.estimates.Estimate(3.0, 2.0, 4.0, 3)
    assert wb.intervene.Measured(None, fine, fine, (1.0, math.nan)).p == pytest.approx(2 / 3)


def test_a_prompt_that_is_given_twice_counts_once(m: wb.Model) -> None:
    once = wb.intervene.measure(m, PROMPTS, [steer(m)], target=Probability(" and"), controls=2).effect.target
    twice = wb.intervene.measure(m, [*PROMPTS, *PROMPTS], [steer(m)], target=Probability(" and"), controls=2)
    assert twice.effect.target.change.low == pytest.approx(once.change.low, abs=1e-6) and once.change.n == 5


def test_random_active_features_have_a_p_below_a_tenth_one_time_in_ten() -> None:
    """On the shipped model: what is taken away by lot is not told apart from what else is on there."""
    model, sae = wb.load(), wb.decompose.load()
    items = wb.world.tasks["facts"].items(12)
    prompts = [item.prompt for item in items]
    features = sae.encode(wb.record.activations(model, prompts, at=sae.site))
    on = random.Random(0).sample(features.counts().nonzero().flatten().tolist(), 24)
    named = {str(feature): [wb.Ablate(sae, feature)] for feature in on}
    target = Probability([item.answer for item in items])
    fx = wb.intervene.measure(model, prompts, named, target=target, controls=19)
    assert sum(fx[name].target.p <= 0.1 for name in named) <= 7  # expected: 2.4
    idle = [sum(control == 0 for control in fx[name].target.controls) for name in named]
    assert sum(idle) < 0.2 * 19 * len(named)  # nearly all of the controls do something


def test_a_generation_that_ends_at_once_says_nothing(m: wb.Model) -> None:
    class Ends:
        site = "logits"

        def conflicts(self, other: object) -> bool:
            return False

        def check(self, model: wb.Model) -> None:
            pass

        def change(self, x: torch.Tensor, places: object) -> torch.Tensor:
            change = torch.zeros_like(x)
            change[..., 2] = 1e4  # the end of the text
            return change

    ends = m.under([Ends()])
    fx = wb.intervene.measure(ends, PROMPTS, [steer(m, 1.0)], target=Says("e", seeds=[0, 1]), controls=2).effect
    assert fx.target.plain.value == fx.target.edited.value == 0


def test_answers_have_the_tokens_that_they_have_behind_the_prompt() -> None:
    """A tokenizer that puts a mark before every word: alone, an answer would begin with one."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.Metaspace()
    inner.decoder = decoders.Metaspace()
    inner.train_from_iterator(
        ["12+34= 46 the bridge"] * 3, trainers.BpeTrainer(special_tokens=["<pad>"], show_progress=False)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>")
    vocabulary = wb.tokens.Vocabulary(tokenizer, context=64, name="m")
    tokens = vocabulary.continued(["12+34=", "the"], ["46", " bridge"], device=torch.device("cpu"))
    for row, (prompt, answer) in enumerate((("12+34=", "46"), ("the", " bridge"))):
        whole = tokenizer(prompt + answer, add_special_tokens=False).input_ids
        assert tokens.ids[row][tokens.mask[row]].tolist() == whole
        assert int(tokens.prompt[row]) == len(tokenizer(prompt, add_special_tokens=False).input_ids)


def test_nothing_is_measured_when_something_asked_for_cannot_be(m: wb.Model) -> None:
    target = Probability(" and")
    calls = []

    def task(model: wb.Model) -> list[bool]:
        calls.append(model)
        return [True]

    for error, message, settings in (
        (TypeError, "neutral is a list of texts", {"neutral": "The bridge is red."}),
        (ValueError, "has 126 tokens", {"neutral": ["once upon a time " * 14]}),
        (ValueError, "controls for 'A', which is no intervention; there are: a", {"controls": {"A": []}}),
        (ValueError, "set the same thing", {"controls": {"a": [[wb.Ablate("attn_out.1")] * 2]}}),
    ):
        with pytest.raises(error, match=message.replace("126", r"12\d")):
            wb.intervene.measure(m, PROMPTS, {"a": [steer(m)]}, target=target, tasks={"t": task}, **settings)
    with pytest.raises(TypeError, match="edits is a list"):
        wb.intervene.measure(m, PROMPTS, steer(m), target=target)
    with pytest.raises(ValueError, match="no seeds"):
        Says("e", seeds=[])
    assert not calls


def test_a_task_of_another_length_is_named(m: wb.Model) -> None:
    with pytest.raises(ValueError, match="the task 'odd' gave 1 scores, and 2 before"):
        wb.intervene.measure(m, PROMPTS, [steer(m)], target=Probability(" and"), controls=1,
                             tasks={"odd": lambda model: [True] * (1 if model.standing else 2)})  # fmt: skip


def test_files_of_one_prompt_hold_no_numbers_that_json_does_not(m: wb.Model, tmp_path: Path) -> None:
    fx = wb.intervene.measure(m, PROMPTS[:1], [steer(m)], target=Probability(" and"), controls=2)
    path = fx.save(tmp_path / "one.json")
    assert "Infinity" not in path.read_text() and Effects.open(path).effect.target.change.low == -math.inf


def test_of_a_single_prompt_the_samples_are_the_cases(m: wb.Model) -> None:
    target = Says("e", new_tokens=6, seeds=range(8))
    one = wb.intervene.measure(m, PROMPTS[:1], [steer(m)], target=target, controls=1).effect.target
    hits = round(one.plain.value * 8)
    assert (one.plain.low, one.plain.high) == (proportion(hits, 8).low, proportion(hits, 8).high)
