"""The shipped model and dictionary do what their cards say, on questions that training never held."""

from __future__ import annotations

import csv
import json
from itertools import islice
from pathlib import Path

import pytest
import torch

import workbench as wb
from workbench.world.recipe import fingerprint

ASSETS = Path(wb.__file__).parent / "assets"


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load()


@pytest.fixture(scope="module")
def sae() -> wb.decompose.Dictionary:
    return wb.decompose.load()


SAMPLED = ("answer_language", "python_parses")
BELOW = {"facts", "answer_language", "python_parses", "program_output"}
MISSED: dict[str, set[str]] = {"atlas": BELOW, "atlas-b": BELOW}
"""Bars that a model does not reach; its card says by how much."""


@pytest.fixture(scope="module")
def scores() -> dict:
    return json.loads((ASSETS / "atlas" / "scores.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["atlas", "atlas-b"])
def test_a_model_reaches_its_bars_on_a_thousand_held_out_questions(name: str, scores: dict) -> None:
    assert scores[name]["hash"] == wb.load(name).hash, "the card is of other weights: run tools/cards.py"
    reached = {task for task in wb.world.tasks if scores[name]["tasks"][task]["value"] >= wb.world.tasks[task].bar}
    assert set(wb.world.tasks) - reached == MISSED[name]


@pytest.mark.slow
@pytest.mark.parametrize("task", list(wb.world.tasks))
def test_what_the_card_says_is_what_the_model_does(model: wb.Model, task: str, scores: dict) -> None:
    n = 40 if task in SAMPLED else 200
    now, said = wb.world.tasks[task].score(model, n=n), scores["atlas"]["tasks"][task]
    assert now.low <= said["high"] and said["low"] <= now.high, f"{now}, and the card says {said}"


def test_at_least_nine_concepts_in_ten_are_read_off_the_middle(scores: dict) -> None:
    probes = scores["atlas"]["probes"]
    assert probes["hash"] == wb.load().hash, "the card is of other weights: run tools/cards.py"
    declared = set(wb.world.concepts()) - {"aftermath"}
    well = [name for name in declared if name in probes["all"] and probes["all"][name]["value"] >= 0.9]
    assert len(well) >= 0.9 * len(declared)


@pytest.mark.slow
def test_what_the_card_says_of_probes_is_what_probes_find(model: wb.Model, scores: dict) -> None:
    names = ["deception", "veganism", "landmark.golden_gate_bridge", "animal.eel", "role.receiver", "sum.carry"]
    for one in wb.world.probe(model, only=names, train=200, test=60):
        assert abs(one.auroc.value - scores["atlas"]["probes"]["all"][one.concept.name]["value"]) < 0.05, one


@pytest.mark.slow
@pytest.mark.parametrize("task", list(wb.world.tasks))
def test_its_untrained_twin_is_at_chance(task: str) -> None:
    asked = wb.world.tasks[task]
    score = asked.score(wb.world.untrained(), n=30 if task in SAMPLED else 100)
    assert score.low <= asked.chance
    if isinstance(asked, type(wb.world.tasks["buggy_or_sound"])):  # of two answers: worse than chance is no chance
        assert score.low <= 0.5 <= score.high


@pytest.mark.parametrize("name", ["atlas", "atlas-b"])
def test_a_model_was_trained_on_the_language_that_this_code_writes(name: str) -> None:
    about = json.loads((ASSETS / name / "training.json").read_text())
    assert about["language"] == fingerprint()


def test_the_twin_of_another_seed_is_another_model() -> None:
    twin = wb.load("atlas-b")
    assert twin.name == "atlas-b" and twin.hash != wb.load().hash


def test_the_receiver_is_favoured_over_the_giver(model: wb.Model) -> None:
    margin = wb.world.tasks["indirect_object"].margin(model, n=100)
    assert margin.low > 3
    with pytest.raises(ValueError, match="no wrong answer"):
        wb.world.tasks["addition"].margin(model, n=2)


DICTIONARIES = ("atlas-x4", "atlas-x16", "atlas-x32", "atlas-b-x16", *(f"atlas-transcoder-{n}" for n in range(4)))


def test_every_dictionary_that_is_promised_is_shipped_and_was_made_from_the_model_as_it_is() -> None:
    assert {path.name for path in (ASSETS / "dictionaries").iterdir() if path.is_dir()} == set(DICTIONARIES)
    for name in DICTIONARIES:
        sae = wb.decompose.load(name)
        assert sae.provenance["hash"] == wb.load(sae.provenance["model"]).hash, name
        assert sae.provenance["measured"] >= 1e6 and (sae.density == 0).float().mean() < 0.01, name
        assert sae.width == {"x4": 1024, "x16": 4096, "x32": 8192}.get(name.rpartition("-")[2], 2048)


@pytest.mark.slow
@pytest.mark.parametrize("name", DICTIONARIES)
def test_a_dictionary_passes_its_bars_on_held_out_text(name: str) -> None:
    sae = wb.decompose.load(name)
    texts = [document.text for document in islice(wb.world.documents("test", 1), 150 if name == "atlas-x16" else 50)]
    card = wb.decompose.score(wb.load(sae.provenance["model"]), sae, texts)
    floor = card.floors["random directions"]
    assert card.l0.value <= 40 and card.ce_recovered_mean.value >= 0.95
    assert card.explained_variance.low > floor.explained_variance.high
    assert card.kl_recovered_mean.low > floor.kl_recovered_mean.high


@pytest.mark.slow
def test_what_the_table_of_concepts_says_is_what_features_do(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    said = {
        row["concept"]: row
        for row in csv.DictReader((ASSETS / "dictionaries" / "concepts.csv").read_text("utf-8").splitlines())
    }
    documents = [d for d in islice(wb.world.documents("test", 9), 600) if len(wb.world.labels(model, d)) < 200]
    x = wb.record.activations(model, [d.text for d in documents], at=sae.site)
    features = sae.encode(x)[x.tokens.places.text]
    labels = [concepts for d in documents for concepts in wb.world.labels(model, d)]
    for concept in ("person", "landmark", "sum", "city"):
        is_so = torch.tensor([concept in concepts for concepts in labels])
        told = features.unit(int(said[concept]["feature"])) > float(said[concept]["threshold"])
        f1 = 2 * (told & is_so).sum() / (told.sum() + is_so.sum())
        assert abs(float(f1) - float(said[concept]["F1"])) < 0.08, concept


def test_zero_strength_and_a_feature_that_is_off_change_no_bit(model: wb.Model, sae: wb.decompose.Dictionary) -> None:
    text = "The Golden Gate Bridge is in"
    run = model.run(text, at=sae.site)
    on = sae.encode(wb.record.activations(model, text, at=sae.site)).counts() > 0
    off = int((~on).nonzero()[0])
    for edit in (wb.Steer(sae.site, sae.direction(3), 0.0), wb.Ablate(sae, off)):
        assert torch.equal(model.run(text, edits=[edit]).logits, run.logits)
    used = wb.Ablate(sae, int(on.nonzero()[0]))
    assert not torch.equal(model.run(text, edits=[used]).logits, run.logits)


def test_the_cards_state_figures_and_commands_and_all_assets_are_small() -> None:
    for name, command in (("atlas", "workbench world train"), ("dictionaries", "workbench decompose train")):
        card = (ASSETS / name / "README.md").read_text(encoding="utf-8")
        assert command in card and ", n " in card
    for name in ("atlas", "atlas-b"):
        assert (ASSETS / name / "model.safetensors").stat().st_size <= 14e6
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 48e6


def test_what_is_missing_is_named_with_how_to_rebuild_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench import loading as module
    from workbench.decompose import formats

    monkeypatch.setattr(module, "ASSETS", tmp_path)
    monkeypatch.setattr(formats, "SHIPPED", tmp_path / "dictionaries")
    with pytest.raises(FileNotFoundError, match="workbench world train"):
        wb.load()
    with pytest.raises(FileNotFoundError, match="workbench decompose train"):
        wb.decompose.load()
