"""A feature is found by contrast and a claim counts what it says it counts."""

from __future__ import annotations

import pytest
import torch
from tiny import model

import workbench as wb
from workbench.decompose import TopK

POSITIVES = ["the bridge is old", "a bridge", "bridge and town", "over the bridge"]
DISTRACTORS = ["the town is old", "a day", "store and town", "over the store", "quiet"]


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


def by_hand(m: wb.Model, sae: TopK, text: str, feature: int) -> float:
    x = m.run(text, at=sae.site)[sae.site]
    return float(sae.encode(x).unit(feature)[0].max())


def test_the_largest_activation_of_every_text_is_what_one_gets_by_hand(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS)
    for texts, values in ((POSITIVES, claim.positives), (DISTRACTORS, claim.distractors)):
        for text, value in zip(texts, values, strict=True):
            assert value == pytest.approx(by_hand(m, sae, text, 7), abs=1e-4)


def test_a_claim_counts_texts_above_the_threshold(m: wb.Model, sae: TopK) -> None:
    claim = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, threshold=0.5)
    assert claim.sensitivity.value == sum(v > 0.5 for v in claim.positives) / 4
    assert claim.specificity.value == sum(v <= 0.5 for v in claim.distractors) / 5
    assert (claim.sensitivity.n, claim.specificity.n, claim.threshold) == (4, 5, 0.5)
    assert "best of 20 random features" in str(claim)


def test_the_auroc_is_the_share_of_pairs_in_order(m: wb.Model, sae: TopK) -> None:
    table = wb.explore.find(m, sae, POSITIVES, DISTRACTORS, most=48).set_index("feature")
    for feature in (7, 3, 20):
        yes, no = ([by_hand(m, sae, t, feature) for t in texts] for texts in (POSITIVES, DISTRACTORS))
        pairs = [(a > b) + 0.5 * (a == b) for a in yes for b in no]
        assert table.auroc[feature] == pytest.approx(sum(pairs) / len(pairs), abs=1e-6)
    assert table.auroc.is_monotonic_decreasing


def test_padding_never_counts(m: wb.Model, sae: TopK) -> None:
    short = wb.explore.test(m, sae, 7, positives=["a bridge"], distractors=["a day"]).positives[0]
    long = "a very long and quiet day in town"
    beside_long = wb.explore.test(m, sae, 7, positives=["a bridge", long], distractors=["a day"])
    assert beside_long.positives[0] == pytest.approx(short, abs=1e-4)


def test_bos_never_counts() -> None:
    m = model("llama", bos=True)
    everywhere = TopK(d_model=m.d_model, width=48, k=48, site="resid_post.1").requires_grad_(False)
    everywhere.b_enc[3] += 10
    values = everywhere.encode(m.run("a bridge", at=everywhere.site)[everywhere.site][0]).unit(3)
    everywhere.W_enc[3] += m.run("a", at=everywhere.site)[everywhere.site][0, 0]  # strongest on BOS
    values = everywhere.encode(m.run("a bridge", at=everywhere.site)[everywhere.site][0]).unit(3)
    claim = wb.explore.test(m, everywhere, 3, positives=["a bridge"], distractors=["a day"])
    assert values[0] > values[1:].max()
    assert claim.positives[0] == pytest.approx(float(values[1:].max()), abs=1e-3)


def test_rivals_are_held_to_the_same_share_of_their_maxima(m: wb.Model, sae: TopK) -> None:
    high = wb.explore.test(m, sae, 7, positives=POSITIVES, distractors=DISTRACTORS, threshold=2 * float(sae.maxima[7]))
    assert high.sensitivity.value == 0
    assert high.control[0].value == 0
    assert high.rivals == 20
    alone = TopK(d_model=m.d_model, width=48, k=48, site=sae.site).requires_grad_(False)
    claim = wb.explore.test(m, alone, 7, positives=POSITIVES, distractors=DISTRACTORS)
    assert claim.control is None
    assert "no other feature is alive" in str(claim)


def test_bad_input_is_named(m: wb.Model, sae: TopK) -> None:
    with pytest.raises(ValueError, match="no feature 99; the dictionary at resid_post.1 has 0 to 47"):
        wb.explore.test(m, sae, 99, positives=["a"], distractors=["b"])
    with pytest.raises(ValueError, match="no texts were given"):
        wb.explore.test(m, sae, 7, positives=[], distractors=["b"])
