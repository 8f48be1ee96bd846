"""Where concepts are planted, the features that were planted for them are found, and no others are praised."""

from __future__ import annotations

import random

import pytest

import workbench as wb

D, F = 256, 32


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


def texts(n: int = 60) -> list[str]:
    rng = random.Random(0)
    words = ["bridge", "garden", "12", "the", "red"]
    return [" ".join(["the", *(rng.choice(words) for _ in range(12))]) for _ in range(n)]


def made(model: wb.Model) -> wb.decompose.Dictionary:
    """Feature 0 reads the embedding of " bridge", 1 that of " garden", the rest nothing in particular."""
    sae = wb.decompose.TopK(d_model=D, width=F, k=2, site="embed", seed=3).requires_grad_(False)
    embedding = model.hf.get_input_embeddings().weight.detach().float()
    for feature, word in enumerate((" bridge", " garden")):
        (token,) = model.tokenizer(word, add_special_tokens=False).input_ids
        row = embedding[token]
        sae.W_enc[feature] = row / row.square().sum()
        sae.b_enc[feature] = -0.5
    sae.W_enc[2:] *= 1e-3
    sae.maxima.fill_(0.5)
    return sae


def labels(model: wb.Model, some: list[str]) -> list[list[set[str]]]:
    pieces = [row[1:] for row in model.tokens(some).pieces]
    return [[{piece.strip()} & {"bridge", "garden"} for piece in row] for row in pieces]


def test_planted_concepts_are_recovered_by_their_features(model: wb.Model) -> None:
    some = texts()
    found = {one.concept: one for one in wb.decompose.recover(model, made(model), some, labels(model, some))}
    assert set(found) == {"bridge", "garden"}
    assert found["bridge"].feature == 0 and found["garden"].feature == 1
    for one in found.values():
        assert one.f1.value > 0.95 and one.sensitivity.value > 0.9 and one.specificity.value > 0.99
        assert one.mcc.value > 0.95 and one.f1.low <= one.f1.value <= one.f1.high and one.f1.n == 30


def test_a_concept_without_a_feature_is_not_praised(model: wb.Model) -> None:
    some = texts()
    rng = random.Random(1)
    noise = [[{"noise"} if rng.random() < 0.3 else set() for _ in row] for row in labels(model, some)]
    (one,) = wb.decompose.recover(model, made(model), some, noise)
    assert one.f1.value < 0.55 and abs(one.mcc.value) < 0.15


def test_counts_are_those_of_a_plain_loop(model: wb.Model) -> None:
    some = texts(20)
    marked = labels(model, some)
    sae = made(model)
    one = {r.concept: r for r in wb.decompose.recover(model, sae, some, marked, least=1)}["garden"]
    hit = alarm = miss = passed = 0
    for text, row in list(zip(some, marked, strict=True))[1::2]:
        x = wb.record.activations(model, text, at="embed").flat("embed")
        values = sae.encode(x).unit(one.feature)
        for value, names in zip(values.tolist(), row, strict=True):
            said, so = value > one.threshold, "garden" in names
            hit, alarm = hit + (said and so), alarm + (said and not so)
            miss, passed = miss + (so and not said), passed + (not so and not said)
    assert one.f1.value == pytest.approx(2 * hit / (2 * hit + alarm + miss)) and one.tokens == hit + miss
    assert one.specificity.value == pytest.approx(passed / (passed + alarm))


def test_tokens_that_are_undecided_count_neither_for_nor_against(model: wb.Model) -> None:
    some = texts()
    marked = labels(model, some)
    early = [
        [names | (after & {"bridge"}) for names, after in zip(row, [*row[1:], set()], strict=True)] for row in marked
    ]  # the word before the bridge carries it too, and no feature of the bridge's own embedding can know
    begun = [[new - old for new, old in zip(*rows, strict=True)] for rows in zip(early, marked, strict=True)]

    def told(labels: list, undecided: list | None = None) -> wb.decompose.Recovered:
        found = wb.decompose.recover(model, made(model), some, labels, undecided=undecided)
        return next(one for one in found if one.concept == "bridge")

    assert told(early).sensitivity.value < 0.7
    assert told(early, begun).f1.value > 0.95
    assert told(early, begun).tokens == told(marked).tokens
    alarmed = [[{"bridge"} if "garden" in names else set() for names in row] for row in marked]
    assert told(marked, alarmed).f1 == told(marked).f1  # nothing fired there


def test_the_floor_is_what_random_directions_recover(model: wb.Model) -> None:
    some = texts()
    marked = labels(model, some)
    found = wb.decompose.recover(model, made(model), some, marked)
    random = wb.decompose.random_directions(model, made(model), some)
    beside = {one.concept: one.f1 for one in wb.decompose.recover(model, random, some, marked, floor=False)}
    assert {one.concept: one.floor for one in found} == beside


def test_undecided_must_fit_the_labels(model: wb.Model) -> None:
    some = texts(6)
    with pytest.raises(ValueError, match="undecided has other tokens than labels"):
        wb.decompose.recover(model, made(model), some, labels(model, some), undecided=[[]] * 6)


def test_rare_concepts_are_left_out_and_labels_must_fit(model: wb.Model) -> None:
    some = texts(6)
    assert wb.decompose.recover(model, made(model), some, labels(model, some), least=1000) == []
    with pytest.raises(ValueError, match="6 texts and labels for 5"):
        wb.decompose.recover(model, made(model), some, labels(model, some)[:5])
    short = [row[:-1] for row in labels(model, some)]
    with pytest.raises(ValueError, match=r"tokens and labels for \d+"):
        wb.decompose.recover(model, made(model), some, short)
