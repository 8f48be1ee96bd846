"""An index says of every feature what a dense matrix of all activations says, and survives whatever happens to it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from reference import dense_index

import workbench as wb
from workbench import estimates
from workbench.decompose.architectures import ReLU, TopK
from workbench.explore import examples, firings, gathering, indexing, summing
from workbench.explore.logits import Shift, by_ablation, from_weights
from workbench.files import mapped

SITE = "resid_post.1"
WIDTH = 160


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def documents() -> list[wb.world.Document]:
    return list(islice(wb.world.documents("test", 3), 60))


@pytest.fixture(scope="module")
def texts(documents: list[wb.world.Document]) -> list[str]:
    return [document.text for document in documents]


@pytest.fixture(scope="module")
def sae(model: wb.Model) -> TopK:
    """Random directions around the mean: what they fire on is not the point here."""
    made = TopK(d_model=model.d_model, width=WIDTH, k=6, site=SITE, seed=3)
    made.requires_grad_(False)
    made.W_dec.data[7] *= -1
    made.W_enc.data[11] = 0.0  # a feature that never fires
    made.b_enc.data[11] = -1e6
    return made


@pytest.fixture(scope="module")
def labels(model: wb.Model, documents: list[wb.world.Document]) -> dict[str, list]:
    return {
        "labels": [wb.world.labels(model, document) for document in documents],
        "undecided": [wb.world.unfinished(model, document) for document in documents],
    }


@pytest.fixture(scope="module")
def index(
    model: wb.Model, sae: TopK, texts: list[str], labels: dict[str, list], tmp_path_factory: pytest.TempPathFactory
) -> wb.explore.Index:
    """Several shards, several groups of texts, several parts of features, and blocks that end within them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "SHARD", 900)
        patch.setattr(gathering, "GROUP", 16)
        patch.setattr(summing, "PART", 64)
        patch.setattr(firings, "FIRINGS", 3000)
        patch.setattr(summing, "HELD", 2000)
        to = tmp_path_factory.mktemp("index")
        return wb.explore.index(model, sae, iter(texts), to=to / "it", batch=7, pool=400, keep=True, **labels)


@pytest.fixture(scope="module")
def whole(model: wb.Model, sae: TopK, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return dense_index.dense(model, sae, texts)


def every(index: wb.explore.Index, step: int = 13) -> list[wb.explore.Card]:
    return [index[f] for f in range(0, index.width, step)]


# ---- what it says ----------------------------------------------------------------------------------


def test_density_maximum_and_mean_are_those_of_all_tokens(index: wb.explore.Index, whole: tuple) -> None:
    matrix, _ = whole
    assert index.tokens == len(matrix)
    assert index.counts.tolist() == (matrix > 0).sum(0).tolist()
    assert np.allclose(index.maxima, matrix.max(0), rtol=1e-4)
    for card in every(index):
        on = matrix[:, card.feature][matrix[:, card.feature] > 0]
        if len(on):
            assert card.density.n == len(matrix)
            assert card.density.low < len(on) / len(matrix) < card.density.high
            assert np.isclose(card.mean, on.mean(), rtol=1e-4)
            assert np.allclose(card.quartiles, np.quantile(on, (0.25, 0.5, 0.75)), rtol=1e-3)


def test_the_histogram_counts_every_firing_once_and_in_its_bin(index: wb.explore.Index, whole: tuple) -> None:
    for card in every(index):
        values = whole[0][:, card.feature]
        if (values > 0).any():
            wanted = dense_index.histogram(values, examples.BINS)
            assert sum(card.counts) == (values > 0).sum()
            assert np.abs(np.array(card.counts) - wanted).sum() <= 2  # one that lies on an edge, computed in a batch


def test_top_examples_are_the_strongest_that_say_different_things(
    index: wb.explore.Index, whole: tuple, texts: list[str], model: wb.Model
) -> None:
    ids = np.concatenate([model.tokens(text).ids[0, 1:].numpy() for text in texts])
    for card in every(index):
        top = card.of("top")
        values = [one.value for one in top]
        assert values == sorted(values, reverse=True)
        if not top:
            continue
        matrix, of = whole
        strengths, said, wanted = matrix[:, card.feature], set(), []
        for row in np.argsort(-strengths, kind="stable"):
            begin = max(np.searchsorted(of, of[row]), row - 7)
            here = tuple(ids[begin : row + 1])
            if strengths[row] > 0 and here not in said and len(wanted) < len(top):
                said.add(here)
                wanted.append(strengths[row])
        assert len({one.pieces[max(0, one.at - 7) : one.at + 1] for one in top}) == len(wanted) or len(wanted) < 20
        assert np.allclose(values[: len(wanted)], wanted, rtol=1e-3)


def test_zeros_are_in_no_interval_and_every_example_is_in_its_own(index: wb.explore.Index) -> None:
    """Peers' lowest interval holds zeros, and some of their examples lie outside of theirs."""
    seen = 0
    for card in every(index, 5):
        for one in card.of("interval"):
            low, high, _ = card.intervals[one.group]
            assert low < one.value <= high * (1 + 1e-6)
            assert one.value > 0
            seen += 1
        for one in card.of("quantile"):
            low, high, _ = card.quantiles[one.group]
            assert low * (1 - 1e-6) <= one.value <= high * (1 + 1e-6)
    assert seen > 200


def test_intervals_and_quantiles_count_all_firings(index: wb.explore.Index) -> None:
    for card in every(index):
        n = sum(card.counts)
        assert sum(count for _, _, count in card.intervals) == sum(count for _, _, count in card.quantiles) == n
        if n:
            sizes = [count for _, _, count in card.quantiles]
            assert max(sizes) - min(sizes) <= 1
            widths = np.diff([low for low, _, _ in card.intervals])
            assert np.allclose(widths, widths[0], rtol=1e-4)


def test_an_example_shows_the_feature_at_every_token_around_it(
    index: wb.explore.Index, whole: tuple, texts: list[str], model: wb.Model
) -> None:
    matrix, of = whole
    for card in every(index, 17):
        for one in card.examples:
            inside = matrix[of == one.text, card.feature]
            begin = one.start - 1  # BOS
            assert np.allclose(one.values, inside[begin : begin + len(one.values)], atol=2e-3 * max(card.maximum, 1))
            pieces = model.tokens(texts[one.text]).pieces[0]
            assert one.pieces == pieces[one.start : one.start + len(one.pieces)]
            assert np.isclose(one.values[one.at], one.value, atol=1e-6)


def test_near_misses_and_negatives_are_silent_and_near_ones_come_nearest(
    index: wb.explore.Index, whole: tuple, texts: list[str], model: wb.Model, sae: TopK
) -> None:
    matrix, of = whole
    z = torch.cat(
        [sae.before(wb.record.activations(model, text, at=SITE).flat(SITE)) for text in texts]
    )  # of all tokens, which the pool is a part of
    for card in every(index, 11):
        near, negative = card.of("near"), card.of("negative")
        if sum(card.counts):
            assert len(near) == len(negative) == 5
        for one in (*near, *negative):
            assert one.value == 0
            assert matrix[of == one.text, card.feature][one.token - 1] == 0
        values = [one.z for one in near]
        assert values == sorted(values, reverse=True)
        silent = z[:, card.feature][torch.from_numpy(matrix[:, card.feature] == 0)]
        if near:
            assert (silent > values[0]).float().mean() < 0.03  # 400 of some 3,000 tokens were looked through


@pytest.mark.slow
def test_near_misses_are_the_nearest_of_all_where_all_tokens_are_looked_through(
    model: wb.Model, sae: TopK, texts: list[str], whole: tuple, tmp_path: Path
) -> None:
    index = wb.explore.index(model, sae, texts, to=tmp_path / "it", pool=10**6, neurons=[])
    z = torch.cat([sae.before(wb.record.activations(model, text, at=SITE).flat(SITE)) for text in texts])
    z[torch.from_numpy(whole[0]) > 0] = -torch.inf
    starts = np.concatenate([[0], np.cumsum(np.bincount(whole[1]))])
    for card in every(index, 11):
        near = card.of("near")
        assert len(near) == (5 if sum(card.counts) else 0)
        assert np.allclose(
            [one.z for one in near], z[:, card.feature].topk(5).values[: len(near)], rtol=1e-3, atol=1e-3
        )
        for one in near:
            assert z[starts[one.text] + one.token - 1, card.feature] == pytest.approx(one.z, rel=1e-3, abs=1e-3)


def test_silent_tokens_are_drawn_evenly_and_for_each_feature_anew(index: wb.explore.Index) -> None:
    pool = mapped(index.path / "pass" / gathering.STATE)[0]["pool"]
    assert len(set(pool.tolist())) == 400
    for edge in (0.25, 0.5, 0.75):  # within four deviations of an even draw
        assert abs((pool < edge * index.tokens).mean() - edge) < 4 * (edge * (1 - edge) / 400) ** 0.5
    drawn = [{(one.text, one.token) for one in index[f].of("negative")} for f in index.alive.tolist()[:60]]
    assert len(set.union(*drawn)) > 100  # of 300, from 400 tokens: 211 are expected


def test_an_interval_of_f1_is_that_of_a_bootstrap_over_texts() -> None:
    randomness = np.random.default_rng(0)
    bottom = randomness.integers(1, 9, 80)
    top = randomness.binomial(bottom, 0.6)
    value, low, high = summing._ratio(top, bottom)
    wanted = estimates.ratio(top.tolist(), bottom.tolist(), resamples=4000)
    assert value == pytest.approx(wanted.value)
    assert (low, high) == (pytest.approx(wanted.low, abs=0.012), pytest.approx(wanted.high, abs=0.012))
    assert summing._ratio(bottom, bottom)[:2] == (1.0, pytest.approx(80 / (80 + 1.96**2), abs=1e-3))
    assert summing._ratio(0 * bottom, bottom)[2] == pytest.approx(1.96**2 / (80 + 1.96**2), abs=1e-3)


def test_correlations_are_over_all_pairs_and_all_tokens(index: wb.explore.Index, whole: tuple) -> None:
    matrix, _ = whole
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.nan_to_num(np.corrcoef(matrix.T.astype(float)))
    together = (matrix > 0).T.astype(int) @ (matrix > 0)
    np.fill_diagonal(r, -1)
    r[together == 0] = -1
    for card in every(index):
        found = [one for one in card.correlated if one.kind == "feature"]
        wanted = np.sort(r[card.feature])[::-1][: len(found)]
        assert np.allclose([one.value for one in found], wanted, atol=6e-4)
        for one in found:
            assert np.isclose(r[card.feature, one.number], one.value, atol=6e-4)
            assert one.n == together[card.feature, one.number]


@pytest.mark.slow
def test_neurons_correlate_as_over_all_tokens(
    index: wb.explore.Index, whole: tuple, texts: list[str], model: wb.Model
) -> None:
    matrix, _ = whole
    neurons = torch.cat([wb.record.activations(model, text, at="mlp_act.1").flat("mlp_act.1") for text in texts])
    for card in every(index, 37):
        found = [one for one in card.correlated if one.kind == "neuron"]
        if not sum(card.counts):
            continue
        assert len(found) == 5
        r = [dense_index.correlation(matrix[:, card.feature], column) for column in neurons.T.numpy()]
        assert np.allclose([one.value for one in found], np.sort(r)[::-1][:5], atol=6e-4)
        assert np.isclose(r[found[0].number], found[0].value, atol=6e-4)
        assert found[0].site == "mlp_act.1"


def test_concepts_score_as_counted_one_by_one(index: wb.explore.Index, whole: tuple, labels: dict[str, list]) -> None:
    matrix, of = whole
    carried, undecided = ([token for text in labels[name] for token in text] for name in ("labels", "undecided"))
    seen = 0
    for card in every(index, 23):
        values = matrix[:, card.feature]
        for one in card.concepts[:4]:
            _, limit, *wanted = dense_index.concept_f1(values, carried, undecided, of, one.concept, summing.LEVELS)
            assert np.isclose(one.threshold, limit, rtol=2e-3)
            assert np.allclose([one.f1.value, one.precision.value, one.sensitivity.value], wanted, atol=0.02)
            assert one.f1.low <= one.f1.value <= one.f1.high
            seen += 1
    assert seen > 10


def test_tokens_share_the_activation_among_them(
    index: wb.explore.Index, whole: tuple, texts: list[str], model: wb.Model
) -> None:
    ids = np.concatenate([model.tokens(text).ids[0, 1:].numpy() for text in texts])
    for card in every(index, 19):
        values = whole[0][:, card.feature]
        for one in card.tokens[:5]:
            mine = ids == one.id
            assert np.isclose(one.share, values[mine].sum() / values.sum(), atol=2e-3)
            assert (one.fires.value, one.fires.n) == (pytest.approx((values[mine] > 0).mean()), mine.sum())


def test_a_dead_feature_has_a_card_that_says_so(index: wb.explore.Index) -> None:
    card = index[11]
    assert (card.maximum, sum(card.counts), card.examples, card.label) == (0, 0, (), None)
    assert card.density.value == 0
    assert card.density.high < 0.002
    json.dumps(card.to_dict())


# ---- the same, however it is come to ---------------------------------------------------------------


@pytest.mark.slow
def test_sorted_pairs_give_what_dense_blocks_give(
    index: wb.explore.Index,
    model: wb.Model,
    sae: TopK,
    tmp_path: Path,
    texts: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(summing, "DENSE", 0)
    other = wb.explore.index(model, sae, texts, to=tmp_path / "it", pool=400, batch=7)
    for feature in range(0, WIDTH, 7):
        a, b = index.correlated(feature), other.correlated(feature)
        assert [one.n for one in a] == [one.n for one in b]
        assert np.allclose([one.value for one in a], [one.value for one in b], atol=6e-4)


@pytest.mark.slow
def test_where_there_are_too_many_neurons_random_tokens_stand_for_all(
    model: wb.Model,
    sae: TopK,
    texts: list[str],
    tmp_path: Path,
    index: wb.explore.Index,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "PAIRS", 10)
    other = wb.explore.index(model, sae, texts, to=tmp_path / "it", pool=10**6, batch=7)  # all tokens are in the pool
    for feature in range(0, WIDTH, 31):
        a, b = ([one.value for one in i.correlated(feature) if one.kind == "neuron"] for i in (index, other))
        assert np.allclose(a, b, atol=6e-4)


@pytest.mark.slow
def test_what_is_drawn_depends_on_the_seed_and_on_nothing_else(
    index: wb.explore.Index, model: wb.Model, sae: TopK, texts: list[str], tmp_path: Path
) -> None:
    same = wb.explore.index(model, sae, texts, to=tmp_path / "same", pool=400, batch=16)
    other = wb.explore.index(model, sae, texts, to=tmp_path / "other", pool=400, batch=16, seed=1)

    def drawn(index: wb.explore.Index) -> list:
        return [(one.kind, one.text, one.token) for f in range(0, WIDTH, 9) for one in index[f].of("interval")]

    assert drawn(same) == drawn(index)
    assert drawn(other) != drawn(index)


class Killed(BaseException):
    pass


@pytest.mark.slow
def test_killed_anywhere_it_goes_on_to_the_same_bytes(
    model: wb.Model, sae: TopK, texts: list[str], labels: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "SHARD", 600)
    monkeypatch.setattr(gathering, "GROUP", 8)
    given = {name: sets[:30] for name, sets in labels.items()}

    def make(name: str) -> wb.explore.Index:
        return wb.explore.index(model, sae, texts[:30], to=tmp_path / name, pool=200, **given)

    def files(name: str) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted((tmp_path / name).iterdir()) if "sqlite" not in p.name}

    make("whole")
    left = [0]
    replace = Path.replace

    def dying(self: Path, to: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return replace(self, to)

    kills = 0
    for point in range(1, 40):
        left[0] = point
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", dying)
            try:
                make(f"{point}")
                break
            except Killed:
                kills += 1
        make(f"{point}")
        assert files(f"{point}") == files("whole"), f"killed at write {point}"
        shutil.rmtree(tmp_path / f"{point}")
    assert kills >= 10


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_tokens(tmp_path: Path) -> None:
    script = """
import resource, sys, torch, workbench as wb
from itertools import islice, pairwise
from workbench.explore import firings, gathering, summing
gathering.SHARD, gathering.GROUP, firings.FIRINGS, summing.HELD = 2000, 16, 4000, 20_000
torch.set_num_threads(1)
model = wb.load()
sae = wb.decompose.TopK(d_model=256, width=512, k=8, site="resid_post.0").requires_grad_(False)
texts = (d.text for d in wb.world.documents("train", 0))
wb.explore.index(model, sae, texts, to=sys.argv[1], tokens=int(sys.argv[2]), pool=500)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    used = {}
    for tokens in (8_000, 64_000):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / str(tokens)), str(tokens)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        used[tokens] = int(done.stdout) * 1024
    grown = used[64_000] - used[8_000]
    assert grown < 56_000 * 512 * 4 / 4, f"{grown / 1e6:.0f} MB more for 56,000 tokens"  # 29 MB; dense it would be 115


# ---- other models and dictionaries -----------------------------------------------------------------


@pytest.mark.parametrize("family", ["gpt2", "gpt_neox", "gemma2", "qwen3"])
def test_any_causal_model_is_indexed_and_its_logits_are_its_own(family: str, tmp_path: Path) -> None:
    model = tiny.model(family, bos=family == "gemma2")
    sae = TopK(d_model=32, width=64, k=4, site="resid_post.2").requires_grad_(False)
    texts = [*tiny.TEXTS, "the town and the bridge " * 20]  # longer than the context, read in pieces
    index = wb.explore.index(model, sae, texts, to=tmp_path / "it")
    assert index.tokens > 64
    feature = int(index.counts.argmax())
    card = index[feature]
    assert card.logits.form == "folded"
    assert len(card.of("top")) > 0
    # the last layer's feature goes straight to the last norm: a small push moves the logits as the folded form says
    tokens = model.tokens(tiny.TEXTS[0])
    plain = model.run(tokens, at="resid_post.2")
    x = plain["resid_post.2"][0, -1]
    push = 1e-3 * sae.W_dec[feature]
    pushed = model.run(tokens, edits=[Shift("resid_post.2", push.expand(1, len(plain.tokens.ids[0]), -1))])
    moved = (pushed.logits - plain.logits)[0, -1] / 1e-3
    along = from_weights(model, sae, [feature], gain=True)[0]
    centred = x - x.mean() if family in ("gpt2", "gpt_neox") else x
    size = centred.square().mean().sqrt()
    toward = (centred @ sae.W_dec[feature]) / (len(x) * size**2)  # the norm divides by a size that the push changes
    wanted = (along - toward * (model.unembedding(gain=True) @ x)) / size
    if family != "gemma2":  # which caps its logits
        assert torch.corrcoef(torch.stack([moved, wanted]))[0, 1] > 0.999
        assert torch.allclose(moved, wanted, atol=0.05 * float(wanted.abs().max()))


def test_measured_logits_are_what_ablation_takes_away(model: wb.Model, index: wb.explore.Index) -> None:
    feature = int(index.counts.argmax())
    best = index[feature].of("top")[0]
    ids = [model.vocabulary.bos, *best.ids[: best.at + 1]]
    assert best.start == 1
    tokens = model.vocabulary.padded([ids], "right", model.device)
    value = index.sae.activation(model.run(tokens, at=SITE)[SITE], feature)
    without = model.run(tokens, edits=[wb.Clamp(index.sae, feature, 0.0)])
    wanted = (model.run(tokens).logits - without.logits)[0, -1]
    assert float(value[0, -1]) == pytest.approx(best.value, rel=1e-3)
    found = by_ablation(model, index.sae, feature, [ids])[0]
    assert torch.allclose(found, wanted, atol=1e-3)
    measured = index.logits(feature, "measured")
    assert measured.n == min(16, len({one.text for one in index[feature].of("top")}))
    assert len(measured.top_half) == len(measured.top)


@pytest.mark.slow
def test_neurons_have_dashboards_too(model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    neurons = wb.decompose.neurons(model, at="mlp_act.1", texts=texts[:10])
    index = wb.explore.index(model, neurons, texts[:20], to=tmp_path / "it")
    act = torch.cat([wb.record.activations(model, text, at="mlp_act.1").flat("mlp_act.1") for text in texts[:20]])
    assert index.counts.tolist() == (act > 0).sum(0).tolist()
    card = index[5]
    assert np.isclose(card.maximum, act[:, 5].max(), rtol=1e-4)
    assert card.logits is not None


def test_a_dense_dictionary_is_indexed_as_well(model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    """Hundreds of features on at every token, as an untrained ReLU dictionary has."""
    sae = ReLU(d_model=256, width=96, site=SITE).requires_grad_(False)
    index = wb.explore.index(model, sae, texts[:8], to=tmp_path / "it")
    matrix, _ = dense_index.dense(model, sae, texts[:8])
    assert index.counts.tolist() == (matrix > 0).sum(0).tolist()


@pytest.mark.parametrize("architecture", ["gated", "jumprelu", "batch_topk", "relu"])
def test_every_architecture_is_indexed(architecture: str, model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    own = {"k": 4} if architecture in ("jumprelu", "batch_topk") else {}
    made = wb.decompose.ARCHITECTURES[architecture](d_model=256, width=40, site=SITE, **own).requires_grad_(False)
    index = wb.explore.index(model, made, texts[:6], to=tmp_path / "it")
    matrix, _ = dense_index.dense(model, made, texts[:6])
    assert index.counts.tolist() == (matrix > 0).sum(0).tolist()


def test_a_crosscoder_counts_the_stream_once(model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    sites = ["resid_post.0", "resid_post.1"]
    sae = TopK(d_model=512, width=48, k=4, site=sites).requires_grad_(False)
    index = wb.explore.index(model, sae, texts[:10], to=tmp_path / "it")
    matrix, _ = dense_index.dense(model, sae, texts[:10])
    assert index.counts.tolist() == (matrix > 0).sum(0).tolist()
    feature = int(index.counts.argmax())
    wanted = sae.direction(feature, "resid_post.1") @ model.unembedding().T
    assert torch.allclose(from_weights(model, sae, [feature], gain=False)[0], wanted, atol=1e-5)
    # what is measured: the stream after the last site, without what the feature writes there, and nothing else
    (ids,) = index.contexts(feature, most=1)
    tokens = model.vocabulary.padded([ids], "right", model.device)
    plain = model.run(tokens, at=sites)
    x = torch.cat([plain[site] for site in sites], -1)
    f = sae.activation(x, feature) * tokens.places.text
    left = Shift("resid_post.1", -f[..., None] * sae.direction(feature, "resid_post.1"))
    wanted = (plain.logits - model.run(tokens, edits=[left]).logits)[0, -1]
    assert torch.allclose(by_ablation(model, sae, feature, [ids])[0], wanted, atol=1e-4)


@pytest.mark.slow
def test_a_transcoder_is_measured_where_it_writes(model: wb.Model, texts: list[str], tmp_path: Path) -> None:
    sae = wb.decompose.load("atlas-transcoder-1")
    index = wb.explore.index(model, sae, texts[:10], to=tmp_path / "it")
    feature = int(index.counts.argmax())
    assert index[feature].site == "mlp_in.1"
    (ids,) = index.contexts(feature, most=1)
    tokens = model.vocabulary.padded([ids], "right", model.device)
    plain = model.run(tokens, at="mlp_in.1")
    f = sae.activation(plain["mlp_in.1"], feature) * tokens.places.text
    left = Shift("mlp_out.1", -f[..., None] * sae.direction(feature))
    wanted = (plain.logits - model.run(tokens, edits=[left]).logits)[0, -1]
    assert torch.allclose(by_ablation(model, sae, feature, [ids])[0], wanted, atol=1e-4)


def test_a_long_text_is_one_text_and_its_labels_stay_with_its_tokens(
    model: wb.Model, sae: TopK, tmp_path: Path
) -> None:
    texts = ["", "2+2=4", "The bridge is red. " * 90, "The dog"]
    tokens = [[] if not text else model.tokenizer(text, add_special_tokens=False).input_ids for text in texts]
    marks = [[{f"place.{place % 7}"} for place in range(len(ids))] for ids in tokens]
    index = wb.explore.index(model, sae, texts, to=tmp_path / "it", labels=marks)
    assert index.texts == 4
    seen = set()
    for feature in index.alive.tolist():
        for one in index[feature].examples:
            seen.add((one.text, one.window))
            place = one.window * (model.context - 1) + one.token - 1
            assert tokens[one.text][place] == one.ids[one.at]
    assert {(1, 0), (2, 0), (2, 1), (3, 0)} <= seen
    assert all(
        card.concepts[0].f1.n == 1 for card in every(index) if card.concepts
    )  # one odd text has tokens, two are odd


# ---- finding ---------------------------------------------------------------------------------------


def test_a_text_typed_now_finds_what_fires_on_it(index: wb.explore.Index, model: wb.Model, sae: TopK) -> None:
    table = index.on_text("The Golden Gate Bridge is orange.", most=500)
    features = sae.encode(wb.record.activations(model, "The Golden Gate Bridge is orange.", at=SITE))
    assert set(table.feature) == {f for f in features.counts().nonzero().flatten().tolist() if index.counts[f]}
    row = table.iloc[0]
    tokens, values = index.activations("The Golden Gate Bridge is orange.", [int(row.feature)])
    assert values[int(row.token), 0] == pytest.approx(row.activation)
    assert tokens.pieces[0][int(row.token)] == row.piece
    assert table["of maximum"].is_monotonic_decreasing


def test_a_feature_that_never_fired_in_the_index_comes_last(model: wb.Model, sae: TopK, tmp_path: Path) -> None:
    index = wb.explore.index(model, sae, ["2+2=4"], to=tmp_path / "it")
    table = index.on_text("The Golden Gate Bridge is orange.", most=500)
    shares = table["of maximum"].tolist()
    known = [share for share in shares if not np.isnan(share)]
    assert known == sorted(known, reverse=True)
    assert 0 < len(known) < len(shares)
    assert np.isnan(shares[len(known) :]).all()


def test_a_token_finds_the_features_that_fire_on_it_and_an_unknown_one_is_answered(index: wb.explore.Index) -> None:
    card = next(index[f] for f in index.alive.tolist() if index[f].tokens[0].piece.strip().isalpha())
    word = card.tokens[0].piece.strip()
    table = index.on_token(word.upper(), most=WIDTH)
    assert card.feature in table.feature.tolist()
    assert table.fires.iloc[0].n > 0
    with pytest.raises(ValueError, match="no single token says 'qqxqq'"):
        index.on_token("qqxqq")


def test_words_find_labels_notes_concepts_and_tokens(index: wb.explore.Index) -> None:
    index.label(5, "the colour of old bridges", by="Ada")
    index.note(6, "compare with zebras")
    assert index.search("OLD bridge").feature.iloc[0] == 5
    assert index.search("zebra").feature.tolist() == [6]
    assert index[5].label.text == "the colour of old bridges"
    assert index[6].notes == ("compare with zebras",)
    again = wb.explore.open(index.path)
    assert again[5].label.by == "Ada"


def test_a_search_that_could_not_be_made_is_made_by_whoever_opens_the_index_next(
    index: wb.explore.Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = next(
        index[f].tokens[0].piece.strip() for f in index.alive.tolist() if index[f].tokens[0].piece.strip().isalpha()
    )
    elsewhere = {"notes": tmp_path / "notes.sqlite"}
    with monkeypatch.context() as patch:
        patch.setattr(wb.explore.Index, "_descriptions", lambda self: (1 / 0 for _ in range(1)))
        with pytest.raises(ZeroDivisionError):
            wb.explore.Index(index.path, **elsewhere).search(word)
    assert len(wb.explore.Index(index.path, **elsewhere).search(word)) > 0


def test_a_concept_finds_its_features_by_what_chose_them(
    index: wb.explore.Index, whole: tuple, labels: dict[str, list]
) -> None:
    concept = next(card.concepts[0].concept for card in every(index) if card.concepts)
    table = index.on_concept(concept)
    matrix, of = whole
    carried, undecided = ([token for text in labels[name] for token in text] for name in ("labels", "undecided"))
    chosen = [
        dense_index.concept_f1(matrix[:, f], carried, undecided, of, concept, summing.LEVELS)[0] for f in table.feature
    ]
    assert all(a >= b - 1e-3 for a, b in pairwise(chosen))
    with pytest.raises(ValueError, match="no concept 'nonsense'"):
        index.on_concept("nonsense")


def test_the_table_has_a_row_for_every_feature(index: wb.explore.Index) -> None:
    table = index.table()
    assert len(table) == WIDTH
    assert table.label[11] == ""
    assert {"density", "promotes", "concept", "f1", "how"} <= set(table)


def test_neighbours_are_nearest_of_all_features(index: wb.explore.Index, sae: TopK) -> None:
    rows = sae.W_dec / sae.W_dec.norm(dim=1, keepdim=True)
    cosines = rows @ rows[7]
    cosines[7] = -2
    assert [one.number for one in index.neighbours(7)] == cosines.topk(10).indices.tolist()


def test_the_map_keeps_near_features_near(index: wb.explore.Index, sae: TopK) -> None:
    points, method = index.map(method="pca")
    assert (points.shape, method) == ((WIDTH, 2), "PCA")
    rows = sae.W_dec / sae.W_dec.norm(dim=1, keepdim=True)
    centred = rows - rows.mean(0)
    _, _, axes = torch.linalg.svd(centred)
    assert torch.allclose((centred @ axes[:2].T).abs(), points.abs(), atol=1e-3)


# ---- what can go wrong -----------------------------------------------------------------------------


def test_what_was_changed_or_lost_is_named(index: wb.explore.Index, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(index.path, folder)
    index.verify()
    part = folder / "features-00000.safetensors"
    data = bytearray(part.read_bytes())
    data[-3] ^= 1
    part.write_bytes(data)
    with pytest.raises(OSError, match="features-00000.safetensors is not as it was written"):
        wb.explore.open(folder).verify()
    part.write_bytes(data[:-10])
    with pytest.raises(OSError, match="cut short"):
        wb.explore.open(folder)
    with pytest.raises(FileNotFoundError, match=r"no index in .*nowhere"):
        wb.explore.open(tmp_path / "nowhere")


def test_another_model_dictionary_or_text_is_refused(
    index: wb.explore.Index,
    model: wb.Model,
    texts: list[str],
    sae: TopK,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = TopK(d_model=256, width=WIDTH, k=6, site=SITE, seed=4)
    with pytest.raises(ValueError, match="is of dictionary"):
        wb.explore.open(index.path, sae=other)
    with pytest.raises(ValueError, match="is of dictionary"):
        wb.explore.index(model, other, texts, to=index.path, batch=7, pool=400)
    with pytest.raises(ValueError, match="holds another index: seed 0, asked for 1"):
        wb.explore.index(model, sae, texts, to=index.path, batch=7, pool=400, seed=1, labels=[], undecided=[])
    monkeypatch.setattr(indexing, "summed", lambda *_, **__: (_ for _ in ()).throw(Killed))
    monkeypatch.setattr(gathering, "SHARD", 100)
    monkeypatch.setattr(gathering, "GROUP", 4)

    def dying() -> object:
        yield from texts[:20]
        raise Killed

    with pytest.raises(Killed):
        wb.explore.index(model, sae, dying(), to=tmp_path / "it")
    with pytest.raises(FileNotFoundError, match="not finished"):
        wb.explore.open(tmp_path / "it")
    with pytest.raises(ValueError, match="holds other texts or labels: its first 20 are not those"):
        wb.explore.index(model, sae, ["something else", *texts], to=tmp_path / "it")


def test_labels_that_do_not_fit_are_refused(model: wb.Model, sae: TopK, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="text 1 has 4 tokens and labels for 1"):
        wb.explore.index(model, sae, ["2+2", "2+2="], to=tmp_path / "a", labels=[[set()] * 3, [set()]])
    with pytest.raises(ValueError, match="more texts than labels"):
        wb.explore.index(model, sae, ["2+2", "2+2="], to=tmp_path / "b", labels=[[set()] * 3])
    with pytest.raises(ValueError, match="no token"):
        wb.explore.index(model, sae, [], to=tmp_path / "c")


def test_what_was_gathered_is_summed_up_anew_with_another_choice(
    model: wb.Model, sae: TopK, texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = wb.explore.index(model, sae, texts[:9], to=tmp_path / "it", keep=True)
    assert first[7].of("interval")[-1].group <= 9
    (tmp_path / "it" / indexing.ABOUT).unlink()
    monkeypatch.setattr(wb.Model, "read", lambda *_, **__: pytest.fail("the model was run again"))
    again = wb.explore.index(model, sae, texts[:9], to=tmp_path / "it", choice=wb.explore.Choice(top=3, intervals=50))
    assert len(again[int(again.counts.argmax())].of("top")) == 3
    assert max(one.group for f in again.alive.tolist() for one in again[f].of("interval")) == 49
    assert not (tmp_path / "it" / indexing.PASS).exists()


def test_a_finished_index_is_not_given_for_other_texts_or_labels(model: wb.Model, sae: TopK, tmp_path: Path) -> None:
    made = {"to": tmp_path / "it", "batch": 3}
    marks = [[{"a"}, set(), set()], [set()] * 4]
    wb.explore.index(model, sae, ["2+2", "2+2="], labels=marks, **made)
    wb.explore.index(model, sae, ["2+2", "2+2="], labels=marks, to=tmp_path / "it", batch=9)
    for texts, labels in (
        (["2+2", "2+3="], marks),
        (["2+2", "2+2=", "2+2"], [*marks, [set()] * 3]),
        (["2+2", "2+2="], [marks[0][::-1], marks[1]]),
    ):
        with pytest.raises(ValueError, match="holds (other texts or labels|the first 2 of these texts only)"):
            wb.explore.index(model, sae, texts, labels=labels, **made)


def test_what_cannot_be_is_refused_before_anything_is_read(model: wb.Model, sae: TopK, tmp_path: Path) -> None:
    for settings in ({"intervals": 7}, {"top": 0}, {"quantiles": 65}, {"near": -1}):
        with pytest.raises(ValueError, match="at least 1 of each"):
            wb.explore.Choice(**settings)
    for settings in ({"pool": 0}, {"batch": 0}, {"tokens": 0}):
        with pytest.raises(ValueError, match="at least 1 each"):
            wb.explore.index(model, sae, ["2+2"], to=tmp_path / "it", **settings)
    with pytest.raises(TypeError, match="text 1 is a NoneType; give strings"):
        wb.explore.index(model, sae, ["2+2", None], to=tmp_path / "it")
    assert not (tmp_path / "it").exists()


def test_a_constant_feature_correlates_with_nothing_and_large_numbers_stay_numbers(
    model: wb.Model, texts: list[str], tmp_path: Path
) -> None:
    sae = ReLU(d_model=256, width=24, site=SITE).requires_grad_(False)
    sae.W_enc.data[5], sae.b_enc.data[5] = 0.0, 0.1
    sae.W_enc.data[:5] *= 1e6
    index = wb.explore.index(model, sae, texts[:8], to=tmp_path / "it")
    assert index[5].correlated == () or all(one.value == 0 for one in index[5].correlated)
    json.dumps([index[f].to_dict() for f in range(8)], allow_nan=False)


def test_examples_of_very_many_firings_are_drawn_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "LARGE", 4000)
    randomness = np.random.default_rng(0)
    rows, values = np.arange(40_000), randomness.random(40_000) ** 3 + 1e-6
    choice = examples.Choice(each=5)
    chosen = [examples.choose(f, rows, values, lambda r: r, choice, 0) for f in range(40)]
    top = values[chosen[0].at[chosen[0].kinds == 0]]
    assert np.array_equal(top, np.sort(values)[::-1][:20])
    drawn = np.concatenate([one.at[(one.kinds == 1) & (one.groups == 2)] for one in chosen])
    assert len(drawn) == 200
    ranks = np.argsort(np.argsort(values))[drawn] / len(values)
    assert 0.4 <= ranks.min() <= ranks.max() < 0.6
    assert abs(ranks.mean() - 0.5) < 4 * 0.2 / 12**0.5 / 200**0.5


def test_without_model_or_dictionary_it_says_what_is_missing(index: wb.explore.Index) -> None:
    bare = wb.explore.open(index.path)
    assert bare[7].neighbours == ()
    assert bare[7].logits is None
    with pytest.raises(ValueError, match="opened without its model"):
        wb.explore.open(index.path, sae=index.sae).on_text("hello")
    with pytest.raises(IndexError, match="no feature 160; the index has 0 to 159"):
        index[160]
    with pytest.raises(ValueError, match="no form 'cooked'; there are: raw, folded, measured"):
        index.logits(7, "cooked")
