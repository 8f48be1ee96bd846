"""A feature that is divided has the children that it was divided into, and a stranger is nobody's child."""

from __future__ import annotations

import random

import pytest
import torch

import workbench as wb
from workbench.decompose import Dictionary, TopK

D = 256
WORDS = [" bridge", " garden", " dog", " red", " blue", " day"]


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


def texts(n: int = 80, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    return ["the" + "".join(rng.choice(WORDS) for _ in range(10)) for _ in range(n)]


def reads(model: wb.Model, units: list[list[str]]) -> Dictionary:
    """Unit i reads the embeddings of some words, the same for each."""
    sae = TopK(d_model=D, width=len(units), k=1, site="embed").requires_grad_(False)
    embedding = model.hf.get_input_embeddings().weight.detach().float()
    ids = [model.tokenizer(word, add_special_tokens=False).input_ids for word in WORDS]
    assert all(len(one) == 1 for one in ids)
    inverse = torch.linalg.pinv(torch.stack([embedding[one[0]] for one in ids]))  # [D, words]
    for unit, words in enumerate(units):
        sae.W_enc[unit] = sum(inverse[:, WORDS.index(word)] for word in words)
        sae.W_dec[unit] = sum(embedding[ids[WORDS.index(word)][0]] for word in words)
    sae.b_enc.fill_(-0.5)
    sae.maxima.fill_(0.5)
    return sae


NARROW = [[" bridge", " garden"], [" red", " blue"]]
MIDDLE = [[" red", " blue"], [" bridge"], [" garden"], [" dog"]]
WIDE = [[" blue"], [" bridge"], [" red"], [" garden"], [" dog"]]


@pytest.fixture(scope="module")
def families(model: wb.Model) -> wb.explore.Families:
    some = texts()
    pieces = [row[1:] for row in model.tokens(some).pieces]
    colours = {" red", " blue"}
    labels = [
        [
            {piece.strip()} | ({"colour"} if piece in colours else {"place"} if piece in NARROW[0] else set())
            for piece in row
        ]
        for row in pieces
    ]
    return wb.explore.splitting(model, [reads(model, one) for one in (NARROW, MIDDLE, WIDE)], some, labels=labels)


def test_a_feature_that_was_divided_has_the_children_that_it_was_divided_into(families: wb.explore.Families) -> None:
    assert {one.feature for one in families.children(0)} == {1, 2}
    assert {one.feature for one in families.children(1)} == {0}
    assert {one.feature for one in families.children(0, level=1)} == {0, 2}
    assert families.children(3, level=1)[0].r == pytest.approx(1) and families.children(3, level=1)[0].feature == 4
    assert families.parents(1).tolist() == [1, 0, 0, -1], "the dog is nobody's child"


def test_what_fires_alike_and_points_elsewhere_is_no_child(model: wb.Model) -> None:
    narrow, wide = reads(model, NARROW), reads(model, MIDDLE)
    wide.W_dec[1] = wide.W_dec[3]  # writes what the dog writes
    some = wb.explore.splitting(model, [narrow, wide], texts())
    assert some.matches[0].r[1] > 0.5 and {one.feature for one in some.children(0)} == {2}
    assert {
        one.feature for one in wb.explore.splitting(model, [narrow, wide], texts(), least_cosine=-1).children(0)
    } == {1, 2}


def test_the_family_is_a_tree_in_order(families: wb.explore.Families) -> None:
    members = list(families.family(1))
    assert [(one.level, one.feature) for one in members][:2] == [(0, 1), (1, 0)]
    assert {(one.level, one.feature) for one in members[2:]} == {(2, 0), (2, 2)}
    tree = families.tree(0)
    assert tree.feature[0] == "2/0" and len(tree) == 5
    assert [len(row) - len(row.lstrip("\u2003")) for row in tree.feature] == [0, 1, 2, 1, 2]


def test_children_fire_within_their_parents_and_point_where_they_point(families: wb.explore.Families) -> None:
    for one in list(families.family(0))[1:] + list(families.family(1))[1:]:
        assert one.inside == pytest.approx(1) and one.cosine > 0.3 and one.tokens > 20
    (same,) = families.children(1)
    assert same.r == pytest.approx(1) and same.cosine == pytest.approx(1, abs=1e-5)
    whole = next(families.family(1))
    assert whole.tokens == same.tokens and whole.parent is None


def test_how_a_concept_divides_is_told_by_labels(families: wb.explore.Families) -> None:
    parent, first, second = (one for one in families.family(0) if one.level < 2)
    assert parent.told.concept == "place" and {first.told.concept, second.told.concept} == {"bridge", "garden"}
    assert all(one.told.f1 > 0.95 for one in (parent, first, second))
    summary = families.summary(0)
    assert summary["families whose children say different concepts"].value == 1
    assert summary["children that say another concept than their parent"].value == 1
    assert summary["children of a feature, mean"].value == 1.5
    assert summary["of the wider, those with a parent"].value == 0.75


def test_what_a_unit_tells_is_counted_token_by_token(model: wb.Model) -> None:
    some = texts(40)
    sae = reads(model, WIDE)
    rng = random.Random(3)
    pieces = [row[1:] for row in model.tokens(some).pieces]
    labels = [[{"bridge"} if piece == " bridge" or rng.random() < 0.05 else set() for piece in row] for row in pieces]
    undecided = [[{"bridge"} if piece == " dog" else set() for piece in row] for row in pieces]
    told = wb.explore.tell(model, sae, some, labels, undecided=undecided)[1]
    half = [pair for text in list(zip(pieces, labels, strict=True))[1::2] for pair in zip(*text, strict=True)]
    has = sum(piece != " dog" and bool(names) for piece, names in half)
    fires = sum(piece == " bridge" for piece, _ in half)
    assert told.tokens == has and told.precision == 1
    assert told.sensitivity == pytest.approx(fires / has) and told.f1 == pytest.approx(2 * fires / (fires + has))


def test_rare_units_and_rare_concepts_tell_nothing(model: wb.Model) -> None:
    some = texts(40)
    labels = [[set()] * (len(row) - 1) for row in model.tokens(some).pieces]
    labels[0][0] = labels[1][0] = {"rare"}
    assert wb.explore.tell(model, reads(model, WIDE), some, labels) == [None] * 5
    with pytest.raises(ValueError, match=r"text \d+ has 12 tokens and labels for 11"):
        wb.explore.tell(model, reads(model, WIDE), some, [row[:-1] for row in labels])


def test_what_is_shown_is_what_was_measured(families: wb.explore.Families) -> None:
    assert "2 → 4" in families.table() and "a parent has r ≥ 0.3 and cosine ≥ 0.3" in repr(families)
    bars = families.figure().data
    assert list(bars[0].y)[:4] == [0, 0.5, 0.5, 0] and list(bars[1].y)[:3] == [0, 0.75, 0.25]
    drawn = families.figure(0)
    labels = next(trace for trace in drawn.data if trace.mode == "markers+text").text
    assert set(labels) == {"0 place (1.00)", "1 bridge (1.00)", "2 garden (1.00)", "3 garden (1.00)"} | {
        "1 bridge (1.00)"
    }
    assert sum(trace.mode == "lines" for trace in drawn.data) == 4


def test_nonsense_is_refused_with_what_exists(model: wb.Model, families: wb.explore.Families) -> None:
    with pytest.raises(ValueError, match="5, 2 wide: give two or more, narrow to wide"):
        wb.explore.splitting(model, [reads(model, WIDE), reads(model, NARROW)], texts())
    with pytest.raises(ValueError, match="no feature 9 at level 0; there are: level 0: 0 to 1"):
        families.children(9)
    with pytest.raises(ValueError, match="level 2 is the widest"):
        families.children(0, level=2)
