"""The score itself is checked where the answer is known, and against sums written out."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

import workbench as wb
from workbench.decompose.scoring import MEASURES

SITE = "resid_post.1"


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in islice(wb.world.documents("test", 2), 24)]


def perfect(d: int, site: str = SITE, target: str | None = None, k: int | None = None) -> wb.decompose.Dictionary:
    """Every coordinate up and down: with all of them on, it writes what it reads."""
    identity = torch.cat([torch.eye(d), -torch.eye(d)])
    sae = wb.decompose.TopK(d_model=d, width=2 * d, k=k or 2 * d, site=site, target=target).requires_grad_(False)
    sae.W_dec.copy_(identity)
    sae.W_enc.copy_(identity)
    return sae


@pytest.mark.slow
def test_a_perfect_dictionary_recovers_everything_and_an_empty_one_nothing(model: wb.Model, texts: list[str]) -> None:
    sae = perfect(model.d_model)
    card = wb.decompose.score(model, sae, texts)
    for name in ("explained_variance", "cosine", *(m for m in MEASURES if "recovered" in m)):
        assert getattr(card, name).value == pytest.approx(1, abs=1e-4), name
    assert card.l0.value == pytest.approx(model.d_model, rel=0.01) and card.dead.value == 0
    sae.W_dec.zero_()
    card = wb.decompose.score(model, sae, texts)
    assert card.ce_recovered_zero.value == pytest.approx(0, abs=1e-4)
    assert card.kl_recovered_zero.value == pytest.approx(0, abs=1e-4)
    assert card.explained_variance.value < 0.01 and card.cosine.value == pytest.approx(0, abs=1e-4)


@pytest.mark.slow
def test_one_that_writes_the_mean_is_the_mean_ablation(model: wb.Model, texts: list[str]) -> None:
    sae = perfect(model.d_model)
    sae.W_dec.zero_()
    recording = wb.record.activations(model, texts, at=SITE)
    sae.b_dec.copy_(recording.flat(SITE).mean(0))
    card = wb.decompose.score(model, sae, texts)
    for name in ("ce_recovered_mean", "kl_recovered_mean", "explained_variance"):
        assert getattr(card, name).value == pytest.approx(0, abs=1e-3), name


def test_the_measures_are_those_of_sums_written_out(model: wb.Model, texts: list[str]) -> None:
    sae, some = perfect(model.d_model, k=40), texts[:5]
    card = wb.decompose.score(model, sae, some)
    y = torch.cat([wb.record.activations(model, text, at=SITE).flat(SITE) for text in some])
    written = sae(y)
    variance = 1 - (y - written).square().sum() / (y - y.mean(0)).square().sum()
    assert card.explained_variance.value == pytest.approx(float(variance), abs=1e-4) and card.tokens == len(y)
    losses = {"plain": 0.0, "sae": 0.0, "zero": 0.0}
    kl = dict.fromkeys(losses, 0.0)
    for text in some:
        tokens = model.tokens(text)
        plain = model.run(tokens).logits[0, :-1].log_softmax(-1)
        x = model.read(tokens, at=SITE)[SITE]
        for name, value in (("plain", x), ("sae", sae(x)), ("zero", torch.zeros_like(x))):
            change = (value - x) * tokens.places.text[..., None]
            logits = _with(model, tokens, change)[0, :-1].log_softmax(-1)
            losses[name] -= float(logits.gather(-1, tokens.ids[0, 1:, None]).sum())
            kl[name] += float((plain.exp() * (plain - logits)).sum())
    recovered = (losses["zero"] - losses["sae"]) / (losses["zero"] - losses["plain"])
    assert card.ce_recovered_zero.value == pytest.approx(recovered, abs=1e-3)
    assert card.kl_recovered_zero.value == pytest.approx(1 - kl["sae"] / kl["zero"], abs=1e-3) and kl["sae"] > 0


def test_random_directions_have_the_gain_that_suits_them_best(model: wb.Model, texts: list[str]) -> None:
    sae = wb.decompose.load()
    floor = wb.decompose.random_directions(model, sae, texts)
    x = torch.cat([wb.record.activations(model, text, at=SITE).flat(SITE) for text in texts])

    def error(times: float) -> float:
        written = floor.decode(floor.encode(x)) - floor.b_dec
        return float((x - floor.b_dec - times * written).square().sum())

    assert error(1.0) < min(error(0.98), error(1.02)) and floor.encode(x).l0().mean() == pytest.approx(
        float(sae.encode(x).l0().mean()), abs=0.5
    )


def test_a_ratio_of_nothing_is_no_number_and_no_warning() -> None:
    assert str(wb.estimates.ratio([0, 0], [0, 0])).startswith("–")


def test_a_ratio_of_sums_covers_the_truth_about_nineteen_times_in_twenty() -> None:
    randomness, covered = torch.Generator().manual_seed(0), 0
    for _ in range(400):
        long = 1 + 20 * torch.rand(60, generator=randomness)  # texts of unequal length
        top = long * (0.6 + 0.3 * torch.randn(60, generator=randomness))
        one = wb.estimates.ratio(top, long)
        covered += one.low <= 0.6 <= one.high
    assert 0.91 < covered / 400 < 0.98


def _with(model: wb.Model, tokens: wb.tokens.Tokens, change: torch.Tensor) -> torch.Tensor:
    """Logits with a change added to the site, by a plain hook."""

    def add(_: object, __: object, output: object) -> object:
        return (output[0] + change, *output[1:]) if isinstance(output, tuple) else output + change

    handle = model.hf.model.layers[1].register_forward_hook(add)
    try:
        with torch.no_grad():
            return model.hf(input_ids=tokens.ids, attention_mask=tokens.mask.long()).logits
    finally:
        handle.remove()


@pytest.mark.slow
def test_a_transcoder_is_spliced_in_at_what_it_writes(model: wb.Model, texts: list[str]) -> None:
    held = wb.decompose.harvest(model, texts, at=["mlp_in.1", "mlp_out.1"])
    run = wb.decompose.train(held, "topk", at="mlp_in.1", to="mlp_out.1", width=256, k=16, steps=40, batch=256)
    card = wb.decompose.score(model, run.finish(), texts)
    assert 0.2 < card.explained_variance.value < 1 and card.ce_recovered_mean.value < 1
    crosscoder = wb.decompose.train(
        wb.decompose.harvest(model, texts, at=["resid_post.0", "resid_post.1"]),
        "topk", at=["resid_post.0", "resid_post.1"], width=256, k=16, steps=40, batch=256,
    ).finish()  # fmt: skip
    assert wb.decompose.score(model, crosscoder, texts).explained_variance.value > 0.2


@pytest.mark.slow
def test_floors_stand_beside_and_the_card_can_be_read(model: wb.Model, texts: list[str]) -> None:
    untrained = wb.world.untrained()
    card = wb.decompose.score(model, perfect(256, k=40), texts, untrained=(untrained, perfect(256, k=40)))
    assert list(card.floors) == ["random directions", "untrained model"]
    assert card.explained_variance.value > card.floors["random directions"].explained_variance.value
    assert card.floors["random directions"].l0.value == pytest.approx(card.l0.value, rel=0.05)
    table = card.table()
    assert len(table) == len(MEASURES) and "n 24" in table.loc["explained variance", "dictionary"]
    assert "random directions" in repr(card) and "<table" in card._repr_html_() and card.figure().data
    with pytest.raises(AttributeError, match="a score card has no 'fvu'; it has: dictionary"):
        _ = card.fvu
    with pytest.raises(ValueError, match="no texts"):
        wb.decompose.score(model, perfect(256), [])
