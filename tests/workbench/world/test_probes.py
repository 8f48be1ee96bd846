"""A probe finds what is there, does not find what is not, and knows a concept only by its tokens."""

from __future__ import annotations

import pytest
import torch

import workbench as wb
from workbench.estimates import auroc
from workbench.world import probes
from workbench.world.probes import Batch, Sums


def planted(n: int, seed: int) -> Batch:
    """Concept 0 moves every third coordinate, concept 1 is noise."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.rand(n, 2, generator=draw) < 0.1
    values = torch.randn(n, 12, generator=draw) @ torch.randn(12, 12, generator=torch.Generator().manual_seed(9))
    values[:, ::3] += 4.0 * labels[:, :1]
    return Batch(values, labels, torch.zeros(n, dtype=torch.bool), torch.arange(n))


def test_a_probe_finds_a_planted_concept_and_not_a_random_one() -> None:
    weights = Sums.of([planted(4000, 0)]).against_all()
    held = planted(2000, 1)
    scores = held.values @ weights.T
    there, noise = (
        auroc(scores[held.labels[:, c], c].tolist(), scores[~held.labels[:, c], c].tolist()) for c in (0, 1)
    )
    assert there.low > 0.9 and noise.low < 0.5 < noise.high


def test_the_discriminant_is_the_least_squares_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fisher's direction and the regression of the label on the values are parallel: an independent form."""
    monkeypatch.setattr(probes, "RIDGE", 0.0)
    sample = planted(4000, 2)
    x = (sample.values - sample.values.mean(0)).double()
    y = sample.labels[:, 0].double()
    cut = [(sample.values[part], sample.labels[part]) for part in (slice(0, 1000), slice(1000, None))]
    halves = [Batch(values, labels, labels[:, 0], torch.arange(len(labels))) for values, labels in cut]
    regression = torch.linalg.lstsq(x, (y - y.mean())[:, None]).solution[:, 0]
    direction = Sums.of(halves).against_all()[0].double()
    assert torch.cosine_similarity(regression, direction, dim=0) > 0.999999


def test_a_twin_is_told_at_the_last_token_and_nowhere_else() -> None:
    """Two concepts of five tokens each differ in the last of them only."""
    draw = torch.Generator().manual_seed(3)
    values, labels = torch.randn(400, 5, 6, generator=draw), torch.zeros(400, 5, 2, dtype=torch.bool)
    labels[:200, :, 0] = labels[200:, :, 1] = True
    values[:200, -1, 2] += 6.0
    batch = Batch(values.flatten(0, 1), labels.flatten(0, 1), torch.zeros(2000, dtype=torch.bool),
                  torch.arange(400).repeat_interleave(5))  # fmt: skip
    assert batch.ends.nonzero()[:, 0].tolist() == list(range(4, 2000, 5))
    direction = Sums.of([batch]).against([1, 0])
    assert torch.nn.functional.cosine_similarity(direction[0], torch.eye(6)[2], dim=0) > 0.95
    torch.testing.assert_close(direction[0], -direction[1])


def test_the_area_under_a_roc_curve_counts_pairs() -> None:
    positives, negatives = [0.3, 2.0, 2.0, 5.0], [2.0, 0.1, 1.0]
    pairs = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert auroc(positives, negatives).value == pytest.approx(sum(pairs) / len(pairs))
    by_ranks = probes._area(torch.tensor(positives), torch.tensor(negatives), 4)
    assert by_ranks.value == pytest.approx(auroc(positives, negatives).value) and by_ranks.low == pytest.approx(
        auroc(positives, negatives).low
    )
    wide, narrow = auroc(positives * 9, negatives * 9, n=4), auroc(positives * 9, negatives * 9)
    assert wide.high - wide.low > narrow.high - narrow.low and (wide.n, narrow.n) == (4, 36)
    with pytest.raises(ValueError, match="0 positives and 3 negatives"):
        auroc([], negatives)


@pytest.mark.slow
def test_an_untrained_model_knows_words_and_no_abstract_concepts() -> None:
    model = wb.world.untrained()
    found = {
        p.concept.name: p for p in wb.world.probe(model, only=["colour.red", "deception", "honesty"], train=80, test=40)
    }
    assert found["colour.red"].auroc.value > 0.9, "the token alone gives a word away"
    assert found["deception"].twin.value < 0.75 and found["colour.red"].twin is None
    assert all(one.auroc.n <= one.tokens for one in found.values())


def test_documents_are_gathered_until_each_concept_has_enough() -> None:
    drawn = list(probes._documents("train", ["animal.eel", "person"], 12, 0))
    held = {
        name: sum(any(s.concept.startswith(name) for s in d.spans) for d in drawn) for name in ("animal.eel", "person")
    }
    assert held["animal.eel"] >= 12 and held["person"] >= 12 and len(drawn) < 40


def test_an_unknown_concept_is_answered_with_those_that_come_near() -> None:
    with pytest.raises(KeyError, match="no concept 'golden_gate'; there are: landmark.golden_gate_bridge"):
        wb.world.probe(wb.world.untrained(), only=["golden_gate"])
