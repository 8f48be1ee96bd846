"""An index made while a dictionary trains is the one that is made of the finished dictionary, and no model is run."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import torch

import workbench as wb

pytestmark = pytest.mark.slow

SITE = "resid_post.1"


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in islice(wb.world.documents("train", 3), 40)]


def train(store: wb.decompose.Store, observer: wb.explore.Observer, **settings: object) -> wb.decompose.Training:
    return wb.decompose.train(
        store, "topk", width=64, k=4, steps=settings.pop("steps", 24), batch=128, observers=[observer], **settings
    )


@pytest.fixture(scope="module")
def store(model: wb.Model, texts: list[str]) -> wb.decompose.Held:
    return wb.decompose.harvest(model, texts, at=SITE)


def test_it_is_the_index_of_the_finished_dictionary_without_a_forward_pass(
    model: wb.Model, texts: list[str], store: wb.decompose.Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observer = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "observed", tokens=900)
    run = train(store, observer)
    sae = run.finish()
    assert observer.seen.all()
    with monkeypatch.context() as patch:
        patch.setattr(wb.Model, "read", lambda *_, **__: pytest.fail("the model was run"))
        index = observer.index(sae, pool=200)
    assert not (tmp_path / "observed" / "activations.npy").exists()
    wanted = wb.explore.index(model, sae, observer.texts, to=tmp_path / "wanted", neurons=[], pool=200)
    assert index.tokens == wanted.tokens >= 900
    assert (index.counts - wanted.counts).abs().sum() <= 2  # sums in batches of other sizes may differ in a last bit
    assert torch.allclose(index.maxima, wanted.maxima, rtol=1e-4)
    for feature in wanted.alive.tolist()[::7]:
        mine, its = index[feature], wanted[feature]
        assert [(one.text, one.token) for one in mine.of("top")][:3] == [
            (one.text, one.token) for one in its.of("top")
        ][:3]
        assert [one.number for one in mine.correlated][:2] == [one.number for one in its.correlated][:2]


def test_what_did_not_pass_by_is_read_by_the_model(
    model: wb.Model, texts: list[str], store: wb.decompose.Held, tmp_path: Path
) -> None:
    observer = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "it")
    run = train(store, observer, steps=2)
    sae = run.finish()
    assert 0 < observer.seen.float().mean() < 0.5
    index = observer.index(sae)
    wanted = wb.explore.index(model, sae, texts, to=tmp_path / "wanted", neurons=[])
    assert index.counts.tolist() == wanted.counts.tolist()


def test_its_state_is_kept_with_the_checkpoint(
    model: wb.Model, texts: list[str], store: wb.decompose.Held, tmp_path: Path
) -> None:
    first = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "it")
    train(store, first, checkpoints=tmp_path / "run", every=4).step(8)
    again = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "it")
    run = train(store, again, checkpoints=tmp_path / "run", every=4)
    assert run.at == 8
    assert torch.equal(again.seen, first.seen)
    run.finish()
    (tmp_path / "it" / "activations.npy").unlink()
    lost = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "it")
    lost.load_state_dict(again.state_dict())
    assert not lost.seen.any()
    with pytest.raises(ValueError, match="give it the same texts"):
        wb.explore.Observer(model, texts[:3], at=SITE, to=tmp_path / "it").load_state_dict(again.state_dict())


def test_a_training_on_other_texts_is_refused(
    model: wb.Model, texts: list[str], store: wb.decompose.Held, tmp_path: Path
) -> None:
    observer = wb.explore.Observer(model, ["something else entirely", *texts], at=SITE, to=tmp_path / "it")
    with pytest.raises(ValueError, match="reads other texts"):
        train(store, observer).step(4)


def test_a_text_longer_than_the_context_is_kept_in_its_pieces(model: wb.Model, tmp_path: Path) -> None:
    texts = ["The bridge is red. " * 90, "2+2=4"]
    store = wb.decompose.harvest(model, texts, at=SITE)
    observer = wb.explore.Observer(model, texts, at=SITE, to=tmp_path / "it")
    run = train(store, observer, steps=12)
    index = observer.index(run.finish())
    assert observer.seen.all()
    assert index.tokens == len(store)
    assert index.texts == 2
    assert {one.window for f in index.alive.tolist() for one in index[f].examples} == {0, 1}
    with pytest.raises(ValueError, match=r"reads resid_post.0, and what was kept is resid_post.1"):
        observer.index(wb.decompose.TopK(d_model=256, width=8, k=2, site="resid_post.0"))
