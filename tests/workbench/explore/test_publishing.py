"""What is published is what the index holds, in the fields of Neuronpedia's database and of SAEDashboard's files.

The tables below are read off Neuronpedia's `prisma/schema.prisma` and SAEDashboard's `neuronpedia_dashboard.py`;
`benchmarks/peers/dashboards.py` gives batches to SAEDashboard's own loader.
"""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

import workbench as wb
from workbench.explore import publishing
from workbench.explore.publishing import neuronpedia

pytestmark = pytest.mark.slow

FLOATS, INTEGERS, STRINGS = [float], [int], [str]
SHARED = {
    "neuron_alignment_indices": INTEGERS, "neuron_alignment_values": FLOATS, "neuron_alignment_l1": FLOATS,
    "correlated_neurons_indices": INTEGERS, "correlated_neurons_pearson": FLOATS, "correlated_neurons_l1": FLOATS,
    "correlated_features_indices": INTEGERS, "correlated_features_pearson": FLOATS, "correlated_features_l1": FLOATS,
    "neg_str": STRINGS, "neg_values": FLOATS, "pos_str": STRINGS, "pos_values": FLOATS, "frac_nonzero": float,
    "freq_hist_data_bar_heights": INTEGERS, "freq_hist_data_bar_values": FLOATS,
    "logits_hist_data_bar_heights": INTEGERS, "logits_hist_data_bar_values": FLOATS, "decoder_weights_dist": FLOATS,
}  # fmt: skip
NEURON = SHARED | {
    "modelId": str, "layer": str, "index": str, "sourceSetName": str, "creatorId": str, "maxActApprox": float,
    "hasVector": bool, "vector": FLOATS, "hookName": str, "topkCosSimIndices": INTEGERS, "topkCosSimValues": FLOATS,
}  # fmt: skip
ACTIVATION = {
    "id": str, "modelId": str, "layer": str, "index": str, "creatorId": str, "tokens": STRINGS, "values": FLOATS,
    "maxValue": float, "maxValueTokenIndex": int, "minValue": float, "qualifyingTokenIndex": int,
    "binMin": (int, float), "binMax": (int, float), "binContains": (int, float), "dataIndex": str, "dfaValues": FLOATS,
    "lossValues": FLOATS,
}  # fmt: skip
EXPLANATION = {
    "id": str, "modelId": str, "layer": str, "index": str, "authorId": str, "description": str, "notes": str,
}  # fmt: skip
NEEDED = {
    "release": {"name", "description", "creatorName", "creatorId"},
    "model": {"id", "creatorId", "layers", "neuronsPerLayer", "owner"},
    "sourceset": {"modelId", "name", "description", "creatorName", "creatorId"},
    "source": {"id", "modelId", "setName", "creatorId"},
}
"""Columns of these tables that have no default."""
KNOWN = {
    "release": NEEDED["release"] | {"visibility", "descriptionShort", "urls"},
    "model": NEEDED["model"] | {"displayName", "displayNameShort", "dimension", "visibility"},
    "sourceset": NEEDED["sourceset"] | {"visibility", "releaseName", "urls"},
    "source": NEEDED["source"] | {"visibility", "dataset", "num_prompts", "num_tokens_in_prompt", "notes"},
}
BATCH_FEATURE = SHARED | {
    "feature_index": int, "n_prompts_total": int, "n_tokens_in_prompt": int, "dataset": str, "activations": [dict],
    "vector": FLOATS,
}  # fmt: skip
BATCH_ACTIVATION = {
    "bin_min": (int, float), "bin_max": (int, float), "bin_contains": (int, float), "tokens": STRINGS,
    "values": FLOATS, "qualifying_token_index": int,
}  # fmt: skip
NAMES = {"model_id": "atlas", "sae_id": "1-atlas-x16"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> wb.explore.Index:
    """Of some documents, and one with what JSON, gzip and a database could trip over."""
    texts = [document.text for document in islice(wb.world.documents("test", 3), 40)]
    texts.append('<script>"quoted"</script>\n\t\\ 日本 🙂 \x00 é')
    folder = tmp_path_factory.mktemp("published") / "index"
    return wb.explore.index(wb.load(), wb.decompose.load(), texts, to=folder)


@pytest.fixture(scope="module")
def features(index: wb.explore.Index) -> list[int]:
    dead = next(f for f in range(index.width) if not index.counts[f])
    strange = index.on_text("🙂 日本\x00", most=4).feature.tolist()
    return sorted({*index.random(6, seed=1), *[f for f in strange if index.counts[f]], dead})


@pytest.fixture(scope="module")
def folder(index: wb.explore.Index, features: list[int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    index.label(features[0], "the <b>first</b>", by="a person", scores={"f1": [0.5, 0.4, 0.6, 20]})
    return neuronpedia(index, tmp_path_factory.mktemp("import"), features, **NAMES)


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def fits(row: dict, table: dict) -> bool:
    return set(row) == set(table) and all(
        isinstance(row[name], list) and all(isinstance(value, kind[0]) for value in row[name])
        if isinstance(kind, list)
        else isinstance(row[name], kind)
        for name, kind in table.items()
    )


def test_rows_have_the_columns_and_types_of_the_database(folder: Path) -> None:
    for name, table in (("features", NEURON), ("activations", ACTIVATION), ("explanations", EXPLANATION)):
        found = rows(folder / name / "batch-0.jsonl.gz")
        assert found
        for row in found:
            assert fits(row, table)


def test_every_column_without_a_default_is_there_and_none_that_is_unknown(folder: Path) -> None:
    for name, needed in NEEDED.items():
        (row,) = map(json.loads, (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        assert needed <= set(row) <= KNOWN[name]
        assert all(row[column] is not None for column in needed)


def test_rows_point_at_rows_that_are_there(folder: Path, features: list[int]) -> None:
    neurons = rows(folder / "features" / "batch-0.jsonl.gz")
    keys = {(row["modelId"], row["layer"], row["index"]) for row in neurons}
    assert keys == {("atlas", "1-atlas-x16", str(feature)) for feature in features}
    for name in ("activations", "explanations"):
        assert {
            (row["modelId"], row["layer"], row["index"]) for row in rows(folder / name / "batch-0.jsonl.gz")
        } <= keys
    head = {name: json.loads((folder / f"{name}.jsonl").read_text()) for name in NEEDED}
    assert head["source"]["setName"] == head["sourceset"]["name"] == neurons[0]["sourceSetName"] == "atlas-x16"
    assert head["sourceset"]["releaseName"] == head["release"]["name"]
    assert folder.parts[-2:] == (head["model"]["id"], head["source"]["id"])


def test_tokens_and_values_come_back_as_the_index_has_them(index: wb.explore.Index, folder: Path) -> None:
    found = rows(folder / "activations" / "batch-0.jsonl.gz")
    assert len({row["id"] for row in found}) == len(found)
    for feature in {row["index"] for row in found}:
        card = index[int(feature)]
        mine = [row for row in found if row["index"] == feature]
        shown = [*card.of("top")]
        for group in reversed(range(len(card.intervals))):
            shown += card.of("interval", group)
        assert [row["tokens"] for row in mine] == [list(one.pieces) for one in shown]
        for row, one in zip(mine, shown, strict=True):
            assert row["values"] == pytest.approx(one.values, rel=1e-5)
            assert row["values"][row["qualifyingTokenIndex"]] == pytest.approx(one.value, rel=1e-5)
            assert row["maxValue"] == max(row["values"]) == row["values"][row["maxValueTokenIndex"]]
            assert one.kind == "top" or row["binMin"] < one.value <= row["binMax"] * (1 + 1e-5)


def test_shares_of_intervals_add_up_to_the_density(index: wb.explore.Index, folder: Path) -> None:
    for row in rows(folder / "features" / "batch-0.jsonl.gz"):
        feature = int(row["index"])
        inside = {
            (one["binMin"], one["binContains"])
            for one in rows(folder / "activations" / "batch-0.jsonl.gz")
            if one["index"] == row["index"] and one["binMin"] != publishing.TOP
        }
        assert sum(share for _, share in inside) == pytest.approx(row["frac_nonzero"])
        assert row["frac_nonzero"] * index.tokens == pytest.approx(int(index.counts[feature]))
        assert sum(row["freq_hist_data_bar_heights"]) == int(index.counts[feature])


def test_numbers_are_those_of_the_weights(index: wb.explore.Index, folder: Path) -> None:
    for row in rows(folder / "features" / "batch-0.jsonl.gz"):
        direction = index.sae.W_dec[int(row["index"])]
        strongest = direction.argsort(descending=True)[:3].tolist()
        assert row["neuron_alignment_indices"] == strongest
        assert row["neuron_alignment_values"] == pytest.approx(direction[strongest].tolist(), rel=1e-5)
        plain = (direction @ index.model.hf.lm_head.weight.T).sort(descending=True).values
        assert row["pos_values"] == pytest.approx(plain[:10].tolist(), abs=1e-4)
        assert row["neg_values"] == pytest.approx(plain.flip(0)[:10].tolist(), abs=1e-4)
        assert sum(row["logits_hist_data_bar_heights"]) == len(plain)


def test_a_feature_that_never_fired_has_a_row_and_no_examples(
    index: wb.explore.Index, folder: Path, features: list[int]
) -> None:
    (dead,) = (f for f in features if not index.counts[f])
    (row,) = (row for row in rows(folder / "features" / "batch-0.jsonl.gz") if row["index"] == str(dead))
    assert row["frac_nonzero"] == 0 == row["maxActApprox"]
    assert row["freq_hist_data_bar_heights"] == row["freq_hist_data_bar_values"] == []
    assert not any(one["index"] == str(dead) for one in rows(folder / "activations" / "batch-0.jsonl.gz"))


def test_what_somebody_said_is_an_explanation_and_a_list_of_tokens_is_none(folder: Path, features: list[int]) -> None:
    (said,) = rows(folder / "explanations" / "batch-0.jsonl.gz")
    assert (said["index"], said["description"]) == (str(features[0]), "the <b>first</b>")
    assert said["notes"] == "by hand; a person; f1 [0.5, 0.4, 0.6, 20]"


def test_the_same_index_gives_the_same_bytes(
    index: wb.explore.Index, folder: Path, features: list[int], tmp_path: Path
) -> None:
    again = neuronpedia(index, tmp_path, features, **NAMES)
    for path in filter(Path.is_file, folder.rglob("*")):
        assert (again / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_a_file_is_whole_or_not_there(
    index: wb.explore.Index, features: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:100])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", cut)
    with pytest.raises(OSError, match="no space left"):
        neuronpedia(index, tmp_path, features, **NAMES)
    assert not list(tmp_path.rglob("*.gz*"))


def test_many_features_are_many_files_none_missing(
    index: wb.explore.Index, features: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publishing.AT_A_TIME, "import", 2)
    folder = neuronpedia(index, tmp_path, features, **NAMES)
    names = [f"batch-{number}.jsonl.gz" for number in range((len(features) + 1) // 2)]
    assert {path.name for path in (folder / "features").iterdir()} == set(names)
    assert [int(row["index"]) for name in names for row in rows(folder / "features" / name)] == features


def test_batches_have_the_fields_of_saedashboard_and_the_same_examples(
    index: wb.explore.Index, folder: Path, features: list[int], tmp_path: Path
) -> None:
    batch = json.loads((neuronpedia(index, tmp_path, features, form="batches", **NAMES) / "batch-0.json").read_text())
    assert {name: batch[name] for name in batch if name != "features"} == {
        "model_id": "atlas", "layer": 1, "sae_set": "atlas-x16", "sae_id_suffix": None,
    }  # fmt: skip
    activations = rows(folder / "activations" / "batch-0.jsonl.gz")
    neurons = {int(row["index"]): row for row in rows(folder / "features" / "batch-0.jsonl.gz")}
    assert [one["feature_index"] for one in batch["features"]] == features
    for one in batch["features"]:
        assert fits(one, BATCH_FEATURE)
        assert all(fits(shown, BATCH_ACTIVATION) for shown in one["activations"])
        assert {name: one[name] for name in SHARED} == {name: neurons[one["feature_index"]][name] for name in SHARED}
        theirs = [row for row in activations if row["index"] == str(one["feature_index"])]
        assert [shown["tokens"] for shown in one["activations"]] == [row["tokens"] for row in theirs]
        assert [shown["values"] for shown in one["activations"]] == [row["values"] for row in theirs]


def test_without_model_and_dictionary_everything_else_is_written(
    index: wb.explore.Index, features: list[int], tmp_path: Path
) -> None:
    folder = neuronpedia(wb.explore.open(index.path), tmp_path, features, **NAMES)
    row = rows(folder / "features" / "batch-0.jsonl.gz")[0]
    assert fits(row, NEURON)
    assert row["pos_str"] == row["neuron_alignment_indices"] == row["topkCosSimIndices"] == []


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        ({"model_id": "At las"}, ValueError, "small letters, digits"),
        ({"sae_id": "atlas-x16"}, ValueError, "the layer, a hyphen"),
        ({"sae_id": "1-../../up"}, ValueError, "the layer, a hyphen"),
        ({"model_id": ".."}, ValueError, "small letters, digits"),
        ({"form": "csv"}, ValueError, "there are: import, batches"),
        ({"logits": "measured"}, ValueError, "'raw' or 'folded'"),
        ({"features": []}, ValueError, "no features to write"),
        ({"features": [3, 4096]}, IndexError, "the index has 0 to 4095"),
        ({"features": [-1]}, IndexError, "the index has 0 to 4095"),
    ],
)
def test_what_neuronpedia_would_not_take_is_refused_before_anything_is_written(
    index: wb.explore.Index, tmp_path: Path, asked: dict, kind: type, message: str
) -> None:
    with pytest.raises(kind, match=message):
        neuronpedia(index, tmp_path, **NAMES | asked)
    assert not list(tmp_path.iterdir())


def test_an_export_of_fewer_features_leaves_none_of_the_others(
    index: wb.explore.Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publishing.AT_A_TIME, "import", 2)
    monkeypatch.setitem(publishing.AT_A_TIME, "batches", 2)
    chosen = index.alive.tolist()[:5]
    for form, pattern in (("import", "**/batch-*.jsonl.gz"), ("batches", "batch-*.json")):
        for features in (chosen, chosen[:2]):
            wb.explore.neuronpedia(index, tmp_path / form, features, model_id="m", sae_id="1-s", form=form)
        assert {path.name.partition(".")[0] for path in (tmp_path / form).glob(pattern)} == {"batch-0"}
