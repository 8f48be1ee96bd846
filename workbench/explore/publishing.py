"""An index as Neuronpedia imports it, so that its dashboards can be looked at there.

Two forms are written. "import" is what Neuronpedia's own import reads: a folder of one source, with rows of its
database as JSON lines, gzipped where they are many. "batches" is what SAEDashboard's Neuronpedia runner writes, for
tools that go on from there. Nothing is sent anywhere. Near misses, silent examples, quantiles and intervals of
estimates have no place in either form and stay here.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..files import written
from ..names import transformer_lens
from .cards import Card, Example
from .indexing import Index
from .logits import Logits

FORMS = ("import", "batches")
CREATOR = "clkht01d40000jv08hvalcvly"
"""The user that every local Neuronpedia starts with, and that its own exports name."""
AT_A_TIME = {"import": 1024, "batches": 128}
"""Features in a file; Neuronpedia lists at most 1,000 files of a source."""
TOP = -1
"""What stands for the bounds of "the strongest" where those of an interval would be."""
ALIGNED = 3
"""Numbers of a decoder row that are named."""


def neuronpedia(
    index: Index,
    to: str | Path,
    features: Iterable[int] | None = None,
    *,
    model_id: str,
    sae_id: str,
    form: str = "import",
    logits: str = "raw",
    dataset: str = "",
    creator: str = CREATOR,
    creator_name: str = "",
) -> Path:
    """Write an index in Neuronpedia's format.

    Examples are the strongest and those of every interval, whole as the index keeps them, BOS left out; values have
    six digits. Neuronpedia shows logits without the last norm's gain, so "raw" is what compares with other pages
    there. Correlated neurons are left out: its page wants their cosine, too, and the index has only the correlation.
    A label becomes an explanation, with how it was made in the notes; labels that only list tokens do not.
    The same index gives the same bytes, and importing it again adds nothing.

    Args:
        index: opened with its model and dictionary; without them there are no logits, alignment and neighbours.
        to: a folder; what is written lies in `to/model_id/sae_id` ("import"), or in it ("batches").
        features: which; None for all that fire.
        model_id: what Neuronpedia calls the model.
        sae_id: what it calls the dictionary: the layer, a hyphen, the name of the set: "1-atlas-x16".
        form: "import" or "batches".
        logits: "raw" or "folded"; see `Index.logits`.
        dataset: the name of the texts.
        creator: the id of an existing user of that Neuronpedia.
        creator_name: what it shows.

    Returns:
        The folder.

    Raises:
        ValueError: a name that Neuronpedia does not take, another form, or no features.
        IndexError: a feature that the index does not have.

    Source: Neuronpedia, `apps/webapp/app/api/admin/import` and `prisma/schema.prisma`; SAEDashboard,
    `neuronpedia_dashboard.py`.

    Example:
        >>> import workbench as wb
        >>> folder = wb.explore.neuronpedia(wb.explore.open(), tmp, [7], model_id="atlas", sae_id="1-atlas-x16")
        >>> sorted(path.name for path in (folder / "features").iterdir())
        ['batch-0.jsonl.gz']
    """
    _check(model_id, sae_id, form, logits)
    chosen = index.alive.tolist() if features is None else list(features)
    if not chosen:
        raise ValueError("no features to write; leave features= out for all that fire")
    if wrong := [feature for feature in chosen if not 0 <= feature < index.width]:
        raise IndexError(f"no feature {wrong[0]}; the index has 0 to {index.width - 1}")
    source = {"modelId": model_id, "layer": sae_id}
    if form == "batches":
        return _batches(index, Path(to), chosen, source, logits, dataset)
    folder = Path(to) / model_id / sae_id
    for name, row in _descriptions(index, source, dataset, creator, creator_name).items():
        written(folder / f"{name}.jsonl", _text(json.dumps(row, allow_nan=False) + "\n"))
    blocks = list(_blocks(chosen, AT_A_TIME[form]))
    for number, some in enumerate(blocks):
        _rows(index, folder, number, some, source, logits, creator)
    _sweep(folder.glob("*/batch-*.jsonl.gz"), len(blocks))
    return folder


def _sweep(files: Iterable[Path], n: int) -> None:
    """Delete what an export of more features left behind: it would be imported too."""
    for path in files:
        number = path.name.removeprefix("batch-").partition(".")[0]
        if number.isdecimal() and int(number) >= n:
            path.unlink()


def _check(model_id: str, sae_id: str, form: str, logits: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,127}", model_id):
        raise ValueError(f"model_id {model_id!r}: small letters, digits, hyphens, underscores and dots, up to 128")
    if not re.fullmatch(r"(e|\d+)-[a-z0-9][a-z0-9_.-]*", sae_id):
        raise ValueError(f"sae_id {sae_id!r}: the layer, a hyphen and the name of the set, such as '1-atlas-x16'")
    if form not in FORMS:
        raise ValueError(f"no form {form!r}; there are: {', '.join(FORMS)}")
    if logits not in ("raw", "folded"):
        raise ValueError(f"logits {logits!r}: Neuronpedia shows those of the weights: 'raw' or 'folded'")


def _blocks(features: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (features[start : start + size] for start in range(0, len(features), size))


# ---- one feature, in the words of both ---------------------------------------------------------------


def _numbers(index: Index, card: Card, logits: Logits | None) -> dict[str, Any]:
    """What both forms say of a feature, but for its examples."""
    correlated = [one for one in card.correlated if one.kind == "feature"]
    places, entries, shares = _alignment(index, card.feature)
    firings = any(card.counts)
    return {
        "neuron_alignment_indices": places,
        "neuron_alignment_values": entries,
        "neuron_alignment_l1": shares,
        "correlated_neurons_indices": [],
        "correlated_neurons_pearson": [],
        "correlated_neurons_l1": [],
        "correlated_features_indices": [one.number for one in correlated],
        "correlated_features_pearson": _short(one.value for one in correlated),
        "correlated_features_l1": [],
        "neg_str": [piece for _, piece, _ in logits.bottom] if logits else [],
        "neg_values": _short(value for _, _, value in logits.bottom) if logits else [],
        "pos_str": [piece for _, piece, _ in logits.top] if logits else [],
        "pos_values": _short(value for _, _, value in logits.top) if logits else [],
        "frac_nonzero": card.density.value,
        "freq_hist_data_bar_heights": list(card.counts) if firings else [],
        "freq_hist_data_bar_values": _middles(card.edges) if firings else [],
        "logits_hist_data_bar_heights": list(logits.counts) if logits else [],
        "logits_hist_data_bar_values": _middles(logits.edges) if logits else [],
        "decoder_weights_dist": [],
    }


def _alignment(index: Index, feature: int) -> tuple[list[int], list[float], list[float]]:
    """The largest entries of the decoder row, and which share of the sum of all sizes each is."""
    if index.sae is None:
        return [], [], []
    row = index.sae.W_dec[feature].detach().float()
    values, places = row.topk(min(ALIGNED, len(row)))
    return places.tolist(), _short(values.tolist()), _short((values.abs() / row.abs().sum()).tolist())


def _logits(index: Index, feature: int, form: str) -> Logits | None:
    try:
        return index.logits(feature, form)
    except ValueError:  # without a model, or where no matrix leads on
        return None


def _shown(card: Card) -> list[tuple[Example, float, float, float]]:
    """The examples that Neuronpedia has a place for: with the bounds of their interval, and how many tokens it has."""
    top = [(example, TOP, card.maximum, TOP) for example in card.of("top")]
    within = []
    for group, (low, high, count) in reversed(list(enumerate(card.intervals))):
        within += [(example, low, high, count / card.density.n) for example in card.of("interval", group)]
    return [*top, *within]


def _middles(edges: Sequence[float]) -> list[float]:
    held = np.asarray(edges)
    return _short(((held[:-1] + held[1:]) / 2).tolist())


def _short(values: Iterable[float]) -> list[float]:
    """Six digits of each: as much as a float32 is good for."""
    return [float(f"{value:.6g}") for value in values]


# ---- rows of Neuronpedia's database --------------------------------------------------------------------


def _rows(
    index: Index,
    folder: Path,
    number: int,
    features: Sequence[int],
    source: Mapping[str, str],
    logits: str,
    creator: str,
) -> None:
    """One file of features, one of activations and, where there are labels, one of explanations."""
    lines = {name: _Lines() for name in ("features", "activations", "explanations")}
    for feature in features:
        card = index[feature]
        lines["features"].add(_neuron(index, card, source, logits, creator))
        for shown in _shown(card):
            lines["activations"].add(_activation(card, *shown, source, creator))
        if card.label and card.label.how != "top tokens":
            lines["explanations"].add(_explanation(card, source, creator))
    for name, held in lines.items():
        path = folder / name / f"batch-{number}.jsonl.gz"
        if held.n:
            written(path, held.close)
        else:
            path.unlink(missing_ok=True)


class _Lines:
    """JSON lines, compressed as they come; the same lines give the same bytes."""

    def __init__(self) -> None:
        self.n, self._held = 0, io.BytesIO()
        self._file = gzip.GzipFile(fileobj=self._held, mode="wb", compresslevel=5, mtime=0)

    def add(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, allow_nan=False).encode() + b"\n")
        self.n += 1

    def close(self, path: Path) -> None:
        self._file.close()
        path.write_bytes(self._held.getvalue())


def _neuron(index: Index, card: Card, source: Mapping[str, str], logits: str, creator: str) -> dict[str, Any]:
    neighbours = card.neighbours
    return {
        **source,
        "index": str(card.feature),
        "sourceSetName": _set(source["layer"]),
        "creatorId": creator,
        "maxActApprox": card.maximum,
        "hasVector": False,
        "vector": [],
        "hookName": _hook(card.site),
        "topkCosSimIndices": [one.number for one in neighbours],
        "topkCosSimValues": _short(one.value for one in neighbours),
        **_numbers(index, card, _logits(index, card.feature, logits)),
    }


def _activation(
    card: Card, example: Example, low: float, high: float, contains: float, source: Mapping[str, str], creator: str
) -> dict[str, Any]:
    values = _short(example.values)
    where = (*source.values(), card.feature, example.kind, example.group, example.text, example.token)
    return {
        "id": _identity(*where),
        **source,
        "index": str(card.feature),
        "creatorId": creator,
        "tokens": list(example.pieces),
        "values": values,
        "maxValue": max(values),
        "maxValueTokenIndex": values.index(max(values)),
        "minValue": min(values),
        "qualifyingTokenIndex": example.at,
        "binMin": low,
        "binMax": high,
        "binContains": contains,
        "dataIndex": str(example.text),
        "dfaValues": [],
        "lossValues": [],
    }


def _explanation(card: Card, source: Mapping[str, str], creator: str) -> dict[str, Any]:
    label = card.label
    scores = "; ".join(f"{name} {json.dumps(score)}" for name, score in label.scores.items())
    return {
        "id": _identity(*source.values(), card.feature, label.text, label.how, label.by),
        **source,
        "index": str(card.feature),
        "authorId": creator,
        "description": label.text,
        "notes": "; ".join(filter(None, (label.how, label.by, scores))),
    }


def _descriptions(
    index: Index, source: Mapping[str, str], dataset: str, creator: str, creator_name: str
) -> dict[str, dict[str, Any]]:
    """The rows of release, model, set and source, each a file of one line."""
    model, made, name = index.model, index.provenance, _set(source["layer"])
    said = f"{index.width} features of {made['dictionary']}, on {index.tokens} tokens of {index.texts} texts"
    owned = {"creatorId": creator, "visibility": "PUBLIC"}
    author = {"creatorName": creator_name}
    return {
        "release": {"name": f"{source['modelId']}-{name}", "description": said, **owned, **author},
        "model": {
            "id": source["modelId"], "displayName": made["model"], "displayNameShort": made["model"], **owned,
            "layers": model.n_layers if model else 0, "neuronsPerLayer": _mlp(model), "owner": creator_name,
            "dimension": model.d_model if model else None,
        },
        "sourceset": {
            "modelId": source["modelId"], "name": name, "description": said, "releaseName":
            f"{source['modelId']}-{name}", **owned, **author,
        },
        "source": {
            "id": source["layer"], "modelId": source["modelId"], "setName": name, **owned,
            "dataset": dataset or None, "num_prompts": index.texts,
            "notes": f"model {made['model hash']}, dictionary {made['dictionary']}, BOS left out",
        },
    }  # fmt: skip


def _mlp(model: Any) -> int:
    return model.width("mlp_act.0") if model else 0


def _set(sae_id: str) -> str:
    return sae_id.partition("-")[2].split("__")[0]


def _hook(site: str) -> str | None:
    try:
        return transformer_lens(site)
    except ValueError:  # a head, or several sites
        return None


def _identity(*parts: object) -> str:
    """A name that looks like Neuronpedia's, and is the same whenever the same is written."""
    return "c" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _text(text: str) -> Any:
    return lambda path: path.write_text(text, "utf-8")


# ---- SAEDashboard's batches ----------------------------------------------------------------------------


def _batches(
    index: Index, folder: Path, features: Sequence[int], source: Mapping[str, str], logits: str, dataset: str
) -> Path:
    layer, _, rest = source["layer"].partition("-")
    name, _, suffix = rest.partition("__")
    head = {"model_id": source["modelId"], "layer": int(layer) if layer != "e" else 0, "sae_set": name}
    head |= {"sae_id_suffix": suffix or None}
    blocks = list(_blocks(features, AT_A_TIME["batches"]))
    for number, some in enumerate(blocks):
        made = [_in_batch(index, index[feature], logits, dataset) for feature in some]
        written(folder / f"batch-{number}.json", _text(json.dumps(head | {"features": made}, allow_nan=False)))
    _sweep(folder.glob("batch-*.json"), len(blocks))
    return folder


def _in_batch(index: Index, card: Card, logits: str, dataset: str) -> dict[str, Any]:
    activations = [
        {
            "bin_min": low,
            "bin_max": high,
            "bin_contains": contains,
            "tokens": list(example.pieces),
            "values": _short(example.values),
            "qualifying_token_index": example.at,
        }
        for example, low, high, contains in _shown(card)
    ]
    longest = max((len(one["tokens"]) for one in activations), default=0)
    return {
        "feature_index": card.feature,
        **_numbers(index, card, _logits(index, card.feature, logits)),
        "n_prompts_total": index.texts,
        "n_tokens_in_prompt": longest,
        "dataset": dataset,
        "activations": activations,
        "vector": [],
    }
