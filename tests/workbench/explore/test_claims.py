"""A feature is found by contrast; a claim counts what it says it counts, beside controls that cannot peek."""

from __future__ import annotations

from functools import cache
from random import Random

import golden_gate
import pytest
import torch
from reference import claims as reference
from tiny import model

import workbench as wb
from workbench.decompose import TopK
from workbench.explore.controls import best_threshold, probe

POSITIVES = ["the bridge is old", "a bridge", "bridge and town", "over the bridge"]
DISTRACTORS = ["the town is old", "a day", "store and town", "over the store", "quiet"]
FIT = ["a long bridge", "the quiet bridge", "bridge"], ["a long day", "the quiet store", "town"]
HAVE, LACK = ("bridge", "town", "day", "very", "upon"), ("the", "a", "long", "quiet", "store", "once", "there", "was")
PIECES = {" br", "wn", " day", "very", "upon"}
"""A concept that no one token is: five words, each with a piece that no other word has."""


@cache
def pool(positive: bool) -> list[str]:
    """Different texts of four words; in positives one of them, not the first, has the concept."""
    rng, found = Random(positive), {}
    while len(found) < 1500:
        words = rng.sample(LACK, 4)
        if positive:
            words[rng.randrange(1, 4)] = rng.choice(HAVE)
        found[" ".join(words)] = None
    return list(found)


def texts(block: int, n: int, *, positive: bool = False) -> list[str]:
    """n texts; those of different blocks are different."""
    return pool(positive)[100 * block : 100 * block + n]


@pytest.fixture(scope="module")
def m() -> wb.Model:
    return model("llama")


@pytest.fixture(scope="module")
def sae(m: wb.Model) -> TopK:
    """A dictionary whose feature 7 is, by construction, what sets "bridge" texts apart."""
    sae = TopK(d_model=m.d_model, width=48, k=48, site="resid_post.1").requires_grad_(False)
    means = [m.read(m.tokens(t), at=sae.site)[sae.site].flatten(0, 1)[1:] for t in (POSITIVES, DISTRACTORS)]
    direction = means[0].mean(0) - means[1].mean(0)
    sae.W_enc[7] = direction
    sae.b_enc[7] = -(means[1] @ direction).max()
    x = torch.cat(means)
    sae.maxima.copy_(sae.encode(x).maxima())
    sae.density.copy_(sae.encode(x).counts() / len(x))
    return sae


@pytest.fixture(scope="module")
def planted(m: wb.Model) -> TopK:
    """A dictionary of random directions but for feature 5, which is the concept as the model embeds it."""
    sae = TopK(d_model=m.d_model, width=64, k=64, site="embed", seed=1).requires_grad_(False)
    tokens = m.tokens(texts(14, 50) + texts(14, 50, positive=True))
    x = m.read(tokens, at="embed")["embed"][tokens.places.text]
    has = torch.tensor([float(piece in PIECES) for row in tokens.pieces for piece in row])
    sae.W_enc[5] = torch.linalg.lstsq(x, has[:, None] - 0.5).solution[:, 0]
    sae.maxima.copy_(sae.encode(x).maxima())
    sae.density.copy_(sae.encode(x).counts() / len(x))
    return sae


def by_hand(m: wb.Model, sae: TopK, text: str, feature: int) -> float:
    x = m.run(text, at=sae.site)[sae.site]
    return float(sae.encode(x).unit(feature)[0].max())


# ---- what is counted -----------------------------------------------------------------------------


def test_the_largest_activation_of_every_text_is_what_one_gets_by_hand(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT)
    for kind, values in ((POSITIVES, claim.positives), (DISTRACTORS, claim.distractors)):
        for text, value in zip(kind, values, strict=True):
            assert value == pytest.approx(by_hand(m, sae, text, 7), abs=1e-4)


def test_a_claim_counts_texts_above_the_threshold(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT, threshold=0.5)
    assert claim.sensitivity.value == sum(v > 0.5 for v in claim.positives) / 4
    assert claim.specificity.value == sum(v <= 0.5 for v in claim.distractors) / 5
    assert claim.auroc.value == pytest.approx(reference.auroc(claim.positives, claim.distractors))
    assert (claim.sensitivity.n, claim.specificity.n, claim.threshold) == (4, 5, 0.5)


def test_the_auroc_is_the_share_of_pairs_in_order(m: wb.Model, sae: TopK) -> None:
    table = wb.explore.find(m, sae, POSITIVES, DISTRACTORS, most=48).set_index("feature")
    for feature in (7, 3, 20):
        yes, no = ([by_hand(m, sae, t, feature) for t in kind] for kind in (POSITIVES, DISTRACTORS))
        assert table.auroc[feature] == pytest.approx(reference.auroc(yes, no), abs=1e-6)
        assert table.low[feature] <= table.auroc[feature] <= table.high[feature]
    assert table.auroc.is_monotonic_decreasing


def test_every_control_gives_what_one_gets_by_hand(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT)
    best, names = reference.best_neuron(m, 2, *FIT)
    neuron = claim.controls["neuron"]
    assert neuron.name in names, (best, neuron.name)
    site, unit = neuron.name.removeprefix("neuron ").removeprefix("−").removesuffix("]").split("[")
    sign = -1 if "−" in neuron.name else 1
    by_neuron = [reference.largest(m, t, site, lambda row: max(0.0, sign * float(row[int(unit)]))) for t in POSITIVES]
    assert neuron.positives == pytest.approx(by_neuron, abs=1e-5)

    tokens = [
        torch.cat([m.run(text, at=sae.site)[sae.site][0] for text in kind]) for kind in FIT
    ]  # this tokenizer puts no BOS
    w = tokens[0].mean(0) - tokens[1].mean(0)
    difference = claim.controls["difference"]
    by_difference = [reference.largest(m, t, sae.site, lambda row: float(row @ w)) for t in DISTRACTORS]
    assert difference.distractors == pytest.approx(by_difference, abs=1e-3)
    for control in claim.controls.values():
        assert control.auroc.value == pytest.approx(reference.auroc(control.positives, control.distractors))
        assert control.behind.value == pytest.approx(claim.auroc.value - control.auroc.value, abs=1e-6)
        assert control.behind.low <= control.behind.value <= control.behind.high


def test_a_threshold_that_is_chosen_is_the_best_on_the_fit_texts(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT, threshold="fit")
    yes, no = ([by_hand(m, sae, text, 7) for text in kind] for kind in FIT)
    tried = [reference.balanced(yes, no, limit) for limit in [-1.0, *yes, *no]]
    assert reference.balanced(yes, no, claim.threshold) == max(tried)
    assert best_threshold(torch.tensor([1.0, 1.0]), torch.tensor([1.0])) == 1.0  # nothing to choose


def test_padding_never_counts(m: wb.Model, sae: TopK) -> None:
    def first(*more: str) -> float:
        return wb.explore.test(m, sae, 7, positives=["a bridge", *more], distractors=["a day"], fit=FIT).positives[0]

    assert first("a very long and quiet day in town") == pytest.approx(first(), abs=1e-4)


def test_bos_never_counts() -> None:
    m = model("llama", bos=True)
    everywhere = TopK(d_model=m.d_model, width=48, k=48, site="resid_post.1").requires_grad_(False)
    everywhere.b_enc[3] += 10
    everywhere.W_enc[3] += m.run("a", at=everywhere.site)[everywhere.site][0, 0]  # strongest on BOS
    values = everywhere.encode(m.run("a bridge", at=everywhere.site)[everywhere.site][0]).unit(3)
    claim = wb.explore.test(m, everywhere, 3, positives=["a bridge"], distractors=["a day"])
    assert values[0] > values[1:].max()
    assert claim.positives[0] == pytest.approx(float(values[1:].max()), abs=1e-3)


def test_only_the_tokens_that_are_asked_for_count(m: wb.Model, sae: TopK) -> None:
    pieces = m.tokens(POSITIVES[0]).pieces[0]
    first = [(0,)] * len(POSITIVES), [None] * len(DISTRACTORS)
    labels = [[{"first"}] + [set()] * (len(m.tokens(t).pieces[0]) - 1) for t in FIT[0]]
    lacking = [[set()] * len(m.tokens(t).pieces[0]) for t in FIT[1]]
    fit = wb.explore.drawn([*FIT[0], *FIT[1]], labels + lacking, "first")
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=fit, where=first)
    activations = sae.encode(m.run(POSITIVES[0], at=sae.site)[sae.site]).unit(7)[0]
    assert len(pieces) > 1
    assert claim.positives[0] == pytest.approx(float(activations[0]), abs=1e-4)
    assert fit.where[0] == ((0,),) * 3
    everywhere = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT)
    assert claim.distractors == pytest.approx(everywhere.distractors, abs=1e-5)


def test_random_features_are_held_to_the_same_share_of_their_maxima(m: wb.Model, sae: TopK) -> None:
    twice = 2 * float(sae.maxima[7])
    high = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT, threshold=twice)
    rival = high.controls["random"]
    number = int(rival.name.removeprefix("random feature "))
    assert high.sensitivity.value == 0
    assert rival.threshold == pytest.approx(2 * float(sae.maxima[number]))
    assert "best of 20 of like density" in rival.chosen
    alone = TopK(d_model=m.d_model, width=48, k=48, site=sae.site).requires_grad_(False)
    assert "random" not in wb.explore.test(m, alone, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT).controls


# ---- what a claim is worth -----------------------------------------------------------------------


def test_a_planted_feature_passes_and_a_random_one_does_not(m: wb.Model, planted: TopK) -> None:
    given = {"positives": texts(1, 60, positive=True), "distractors": texts(2, 60)}
    claim = wb.explore.test(m, planted, 5, **given, threshold="fit")
    assert claim.auroc.low > 0.85
    assert claim.sensitivity.low > 0.8
    assert claim.specificity.low > 0.8
    assert claim.controls["random"].behind.low > 0.1  # better than the best of twenty, beyond the interval
    other = wb.explore.test(m, planted, 40, **given, threshold="fit")
    assert other.auroc.high < 0.9
    assert other.controls["probe"].behind.high < 0  # a probe finds what this feature does not
    assert int(wb.explore.find(m, planted, *given.values()).feature[0]) == 5


def test_controls_cannot_peek(m: wb.Model, planted: TopK) -> None:
    """Which neuron, probe and random feature are chosen depends on the fit texts alone."""
    fit = texts(3, 20, positive=True), texts(4, 20)
    tested = texts(5, 12, positive=True), texts(6, 12)
    shuffled = [Random(0).sample(kind, len(kind)) for kind in tested]
    swapped = tested[::-1]
    claims = [
        wb.explore.test(m, planted, 5, positives=yes, distractors=no, fit=fit, threshold="fit")
        for yes, no in (tested, shuffled, swapped)
    ]
    for kind in ("feature", "random", "neuron", "difference", "probe"):
        rows = [one.measured if kind == "feature" else one.controls[kind] for one in claims]
        assert len({row.name for row in rows}) == 1
        assert len({row.threshold for row in rows}) == 1
        assert sorted(rows[0].positives) == pytest.approx(sorted(rows[1].positives), abs=1e-4)
        assert sorted(rows[0].positives) == pytest.approx(sorted(rows[2].distractors), abs=1e-4)


def test_where_the_kinds_mean_nothing_no_control_finds_a_difference(m: wb.Model, planted: TopK) -> None:
    """A neuron chosen among hundreds, and a probe, tell any two heaps of texts apart, but not new ones."""
    heap = [pool(False)[start : start + 40] for start in (800, 840, 880, 920)]
    claim = wb.explore.test(m, planted, 5, fit=tuple(heap[:2]), positives=heap[2], distractors=heap[3])
    peeked = wb.explore.test(m, planted, 5, fit=tuple(heap[2:]), positives=heap[0], distractors=heap[1])
    for kind in ("neuron", "difference", "probe"):
        assert claim.controls[kind].auroc.low < 0.55, kind
        assert peeked.controls[kind].auroc.low < 0.55, kind
    rows = [m.read(m.tokens(t), at="embed")["embed"] for t in heap[0] + heap[1]]
    bags = [row[0] for row in rows]
    w = probe(bags[:40], bags[40:])
    seen = [[float((bag @ w).max()) for bag in part] for part in (bags[:40], bags[40:])]
    assert reference.auroc(*seen) > claim.controls["probe"].auroc.value + 0.05  # as it would look, had it peeked


def test_a_claim_predicts_new_texts(m: wb.Model, planted: TopK) -> None:
    fit = texts(10, 40, positive=True), texts(11, 40)
    old, new = (
        wb.explore.test(
            m, planted, 5, fit=fit, threshold="fit", positives=texts(s, 80, positive=True), distractors=texts(s, 80)
        )
        for s in (12, 13)
    )
    for name in ("sensitivity", "specificity", "auroc"):
        before, after = getattr(old, name), getattr(new, name)
        assert before.low <= after.high, name
        assert after.low <= before.high, name


def test_a_split_of_its_own_measures_only_what_chose_nothing(m: wb.Model, planted: TopK) -> None:
    yes, no = texts(1, 21, positive=True), texts(2, 10)
    claim = wb.explore.test(m, planted, 5, positives=yes, distractors=no)
    assert claim.provenance["fit"] == (10, 5)
    assert (claim.sensitivity.n, claim.specificity.n) == (11, 5)
    assert set(claim.texts[0]) < set(yes)
    again = wb.explore.test(m, planted, 5, positives=yes, distractors=no)
    other = wb.explore.test(m, planted, 5, positives=yes, distractors=no, seed=1)
    assert claim.texts == again.texts != other.texts


def test_texts_of_one_thing_stay_together_and_count_once(m: wb.Model, planted: TopK) -> None:
    yes, no = texts(1, 24, positive=True), texts(2, 24)
    of = [n % 6 for n in range(24)], [n % 6 for n in range(24)]
    claim = wb.explore.test(m, planted, 5, positives=yes, distractors=no, of=of)
    assert set(claim.of[0]) == set(claim.of[1])
    assert len(set(claim.of[0])) == 3
    apart = wb.explore.test(m, planted, 5, positives=yes, distractors=no)
    assert claim.auroc.high - claim.auroc.low > apart.auroc.high - apart.auroc.low


def test_too_few_texts_leave_the_chosen_controls_out_and_say_so(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=["a bridge"], distractors=["a day"])
    assert list(claim.controls) == ["random"]
    assert "too few texts to choose a neuron" in str(claim)


# ---- parts, tables, pictures ---------------------------------------------------------------------


def test_a_part_is_what_a_test_of_the_part_gives(m: wb.Model, sae: TopK) -> None:
    whole = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT)
    parts = whole.by(["x", "y", "x", "z"], ["x", "x", "y", "y", "y"])
    assert list(parts) == ["x", "y"]  # no distractor is called z
    alone = wb.explore.test(m, sae, 7, positives=POSITIVES[::2], distractors=DISTRACTORS[:2], fit=FIT)
    assert parts["x"].positives == pytest.approx(alone.positives, abs=1e-4)
    assert parts["x"].sensitivity == alone.sensitivity
    for kind, control in parts["x"].controls.items():
        assert control.auroc == alone.controls[kind].auroc
    with pytest.raises(ValueError, match=r"1 names for 4 positives: one for each that was measured \(claim.texts\)"):
        whole.by(["x"], ["x"] * 5)


def test_a_claim_prints_itself_its_controls_and_its_rule(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, fit=FIT)
    table = claim.table()
    assert [name.split(" ")[0] for name in table.index] == ["feature", "random", "neuron", "difference", "linear"]
    assert table.sensitivity.iloc[0] == str(claim.sensitivity)
    for said in (str(claim), claim._repr_html_()):
        assert "Threshold: .100 of the feature's maximum in training" in said
        assert "chosen on 3 other positives and 3 other distractors" in said
    figure = claim.figure()
    assert [list(trace.x) for trace in figure.data] == [list(claim.distractors), list(claim.positives)]
    assert figure.layout.shapes[0].x0 == claim.threshold


def test_drawn_texts_carry_the_concept_or_lack_it() -> None:
    said = ["a lie", "the truth", "a lie and the truth", "nothing", "a lie", "more truth"]
    labels = [[{"lie"} if "lie" in t else set(), {"truth"} if "truth" in t else set()] for t in said]
    both = wb.explore.drawn(said, labels, "lie", against="truth")
    assert set(both.positives) == {"a lie", "a lie and the truth"}  # no text twice
    assert set(both.distractors) == {"the truth", "more truth"}
    assert both.where == (((0,), (0,)), ((1,), (1,)))
    assert wb.explore.drawn(said, labels, "lie", n=1, seed=3) == wb.explore.drawn(said, labels, "lie", n=1, seed=3)
    rest = wb.explore.drawn(said, labels, "lie", without=["a lie"])
    assert (rest.positives, rest.where[1]) == (("a lie and the truth",), (None, None, None))
    for kind, numbers in zip((both.positives, both.distractors), both.numbers, strict=True):
        assert list(kind) == [said[number] for number in numbers]


def test_bad_input_is_named(m: wb.Model, sae: TopK) -> None:
    given = {"positives": POSITIVES, "distractors": DISTRACTORS}
    with pytest.raises(ValueError, match="no feature 99; the dictionary at resid_post.1 has 0 to 47"):
        wb.explore.test(m, sae, 99, **given)
    with pytest.raises(ValueError, match="no texts were given as positives"):
        wb.explore.test(m, sae, 7, positives=[], distractors=["b"])
    with pytest.raises(TypeError, match="positives is one string; give a list of texts"):
        wb.explore.test(m, sae, 7, positives="a bridge", distractors=["b"])
    with pytest.raises(ValueError, match="1 texts would choose and be measured on, such as 'a bridge'"):
        wb.explore.test(m, sae, 7, **given, fit=(["a bridge", "x"], ["y", "z"]))
    with pytest.raises(ValueError, match="1 positives and 2 distractors to fit on; at least 2 of each"):
        wb.explore.test(m, sae, 7, **given, fit=(["x"], ["y", "z"]))
    with pytest.raises(ValueError, match="needs texts to choose it on: give fit="):
        wb.explore.test(m, sae, 7, positives=["a"], distractors=["b"], threshold="fit")
    with pytest.raises(ValueError, match=r"where=\[99\]: 'the bridge is old' has tokens 0 to \d+; name at least one"):
        wb.explore.find(m, sae, **given, where=([[99]] + [None] * 3, [None] * 5))
    with pytest.raises(ValueError, match="where has 1 entries for 4 positives; give one for each"):
        wb.explore.find(m, sae, **given, where=([None], [None] * 5))
    with pytest.raises(ValueError, match="let fit= say it too"):
        wb.explore.test(m, sae, 7, **given, fit=FIT, where=([None] * 4, [None] * 5))
    with pytest.raises(ValueError, match="no text that carries 'cat' among 1; the concepts there are: dog"):
        wb.explore.drawn(["x"], [[{"dog"}]], "cat")
    with pytest.raises(ValueError, match="no text without 'dog' and with one of cat among 1"):
        wb.explore.drawn(["x"], [[{"dog"}]], "dog", against="cat")


# ---- the bar -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_feature_is_the_golden_gate_bridge_in_four_languages_named_or_paraphrased() -> None:
    """The bar; `python tests/golden_gate.py` measures it on more texts. The best neuron passes it too."""
    m = wb.load()
    fit, held = golden_gate.both(m, 30)
    claim = golden_gate.measure(m, wb.decompose.load("atlas-x4"), fit, held)
    assert not {*claim.texts[0], *claim.texts[1]} & {*fit.drawn.positives, *fit.drawn.distractors}
    parts = claim.by(*held.tongues)
    assert list(parts) == list(wb.world.TONGUES)
    for tongue, one in parts.items():
        assert one.sensitivity.low > 0.9, f"{tongue}: {one}"
        assert one.specificity.low > 0.9, f"{tongue}: {one}"
    ways = [f"{tongue} {way}" for tongue, way in zip(held.tongues[0], held.ways[0], strict=True)]
    for way, one in golden_gate.shares([value > claim.threshold for value in claim.positives], ways).items():
        assert one.value >= 0.9, way
    silent = golden_gate.shares([value <= claim.threshold for value in claim.distractors], held.ways[1])
    assert silent["Sydney Harbour Bridge"].low > 0.95
    assert silent["its city"].value > 0.95
    assert claim.controls["random"].auroc.high < 0.8
    assert abs(claim.controls["neuron"].behind.value) < 0.02  # no better than one neuron; a probe is perfect
    assert claim.controls["probe"].auroc.value > 0.99
