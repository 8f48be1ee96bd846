"""Every feature's dashboard, made in one pass over text; found again by words, tokens, concepts and text typed now.

`index` reads the texts once (`gathering`) and sums up what it found (`summing`); an `Index` is the
folder that this leaves: arrays as safetensors, read where they lie, and people's words in SQLite.
What can be had from the weights in milliseconds is not stored: neighbours, logits, the map.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ..decompose.dictionaries import Dictionary
from ..estimates import Estimate, grouped, proportion
from ..files import mapped, save_arrays, written
from ..model import Model
from ..names import canonical, parse
from ..tokens import Tokens
from .cards import Card, ConceptScore, Example, Firing, Related
from .examples import BINS, GROUPS, KINDS, Choice
from .firings import Firings
from .gathering import Gathering, Recalled, Sets, skipped
from .logits import FORMS, Logits, by_ablation, from_weights, summary
from .notes import Label, Notes
from .summing import summed

if TYPE_CHECKING:
    import pandas as pd

ABOUT, NOTES, PASS = "index.json", "notes.sqlite", "pass"
FORMAT = 1
SHIPPED = Path(__file__).parent.parent / "assets" / "index"
"""The index of the shipped dictionary."""
POOL = 8192
"""Random tokens among which silent examples are looked for."""
MEASURED = 16
"""Contexts in which logits are measured by ablation."""
WORTHY = 0.3
"""F1 from which on a concept is taken as a feature's label."""


def index(
    model: Model,
    dictionary: Dictionary,
    texts: Iterable[str],
    *,
    to: str | Path,
    tokens: int | None = None,
    labels: Iterable[Sets] | None = None,
    undecided: Iterable[Sets] | None = None,
    neurons: str | Sequence[str] | None = None,
    choice: Choice | None = None,
    pool: int = POOL,
    batch: int = 64,
    seed: int = 0,
    keep: bool = False,
) -> Index:
    """Make the dashboards of all features of a dictionary in one pass over text.

    What features do is gathered on disk, some 16 bytes for each firing, and summed up a block of features at a time, so
    memory does not grow with the number of tokens: but for a feature that fires nearly everywhere, whose firings are
    held at once (some 100 bytes each), and for a table of texts by concepts where labels are given. Call it again
    after a kill, with the same texts, and it goes on where it was, to the same bytes. BOS is left out; a text that is
    longer than the context is read in pieces, and a single text is held whole.

    Args:
        model: what reads the texts.
        dictionary: whose features they are; `wb.decompose.neurons(model)` for neurons.
        texts: any iterable, read once, in order; endless if `tokens` says where to stop.
        to: a folder for the index.
        tokens: stop at the end of the text with which so many are reached; None for all texts.
        labels: of every text, the concepts of each token, BOS left out; None if none are known.
        undecided: of every text, the concepts that are neither held for nor against a feature at each token.
        neurons: sites of neurons to correlate with; by default those of the layer that is read, [] for none. Over all
            tokens where there are up to 2²⁴ pairs of a feature and a neuron; of more, over the random ones.
        choice: how many examples of which kind.
        pool: how many random tokens are kept; silent examples are among them.
        batch: texts per forward pass.
        seed: of the draw of examples.
        keep: whether what was gathered stays: after `index.json` is deleted, it is summed up anew, with another choice.

    Raises:
        ValueError: no token; labels that do not fit; a folder that holds something else.

    Example:
        >>> import workbench as wb
        >>> texts = ["The Golden Gate Bridge is orange.", "2+2=4"] * 8
        >>> index = wb.explore.index(wb.load(), wb.decompose.load(), texts, to=tmp / "index")
        >>> index.tokens, len(index.alive) > 10
        (96, True)
    """
    if isinstance(texts, str):
        raise TypeError("texts is one text; give a list of them")
    if min(batch, pool, 1 if tokens is None else tokens) < 1:
        raise ValueError(f"tokens {tokens}, pool {pool}, batch {batch}: at least 1 each")
    sites = _neurons(model, dictionary) if neurons is None else [str(site) for site in model.expand(neurons)]
    return made(
        model, dictionary, texts, Path(to), tokens=tokens, labels=labels, undecided=undecided, neurons=sites,
        choice=choice or Choice(), pool=pool, batch=batch, seed=int(seed), keep=keep,
    )  # fmt: skip


def made(
    model: Model, dictionary: Dictionary, texts: Iterable[str], folder: Path, *,
    neurons: list[str], choice: Choice, pool: int, batch: int, seed: int, keep: bool, tokens: int | None = None,
    labels: Iterable[Sets] | None = None, undecided: Iterable[Sets] | None = None, recalled: Recalled | None = None,
) -> Index:  # fmt: skip
    """As `index`, with activations that may be known already."""
    settings = {
        "model": model.name, "model hash": model.hash, "dictionary": dictionary.hash,
        "reads": list(dictionary.reads), "writes": list(dictionary.writes), "seed": seed, "pool": pool,
        "tokens asked for": tokens, "neurons": neurons, "labels": labels is not None,
        "undecided": undecided is not None,
    }  # fmt: skip
    everything = settings | {"choice": asdict(choice)}
    if (folder / ABOUT).exists():
        index = _same(open(folder, model=model, sae=dictionary), everything)
        left = skipped(texts, labels, undecided, index._about["read"], folder)
        if tokens is None and next(left, None) is not None:
            raise ValueError(f"{folder} holds the first {index.texts} of these texts only; name another folder")
        _tidy(folder, keep)
        return index
    gathering = Gathering(
        folder / PASS, model, dictionary,
        neurons=neurons, pool=pool, batch=batch, seed=seed, settings=settings, recalled=recalled,
    )  # fmt: skip
    gathered = gathering.run(texts, tokens, labels, undecided)
    parts = summed(gathered, dictionary, folder, choice=choice, seed=seed)
    files = _keep_tokens(gathered.firings, folder)
    pieces = [model.vocabulary.piece(token) for token in range(_vocabulary(model))]
    written(folder / "pieces.json", lambda path: path.write_text(json.dumps(pieces, ensure_ascii=False), "utf-8"))
    about = {
        "format": FORMAT,
        "width": dictionary.width,
        "tokens": gathered.firings.tokens,
        "texts": gathering.about["texts"],
        "measured texts": len(np.unique(gathered.firings.sources[gathered.firings.sources % 2 == 1])),
        "read": {name: gathering.about[name] for name in ("texts", "digest")},
        "bos": model.vocabulary.bos,
        "site": ", ".join(dictionary.reads),
        "neurons": [[site, model.numbers(site)] for site in neurons],
        "correlated over": gathered.firings.tokens if gathered.products is not None else len(gathered.pool),
        "concepts": list(gathered.concepts),
        "settings": everything,
        "parts": [{**part, **_checksum(folder / part["file"])} for part in parts],
        "files": [{"file": name, **_checksum(folder / name)} for name in [*files, "pieces.json"]],
    }
    del gathered, gathering
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    written(folder / ABOUT, lambda path: path.write_text(text, "utf-8"))
    _tidy(folder, keep)
    index = open(folder, model=model, sae=dictionary)
    index.describe()
    return index


def _tidy(folder: Path, keep: bool) -> None:
    """Delete what a finished index has no use for; a kill may have left some of it."""
    if not keep:
        shutil.rmtree(folder / PASS, ignore_errors=True)
    for beside in folder.glob("*.part"):
        beside.unlink(missing_ok=True)


def open(path: str | Path | None = None, *, model: Model | None = None, sae: Dictionary | None = None) -> Index:  # noqa: A001
    """Open an index: a folder, or the shipped one with the shipped model and dictionary.

    Args:
        path: the folder; None for the shipped index of atlas-x16. What people write about it is kept in their home.
        model: what read the texts; without it nothing can be read live, and no logits are shown.
        sae: whose features they are; without it there are no neighbours.

    Raises:
        FileNotFoundError: there is no index. ValueError: it is of another model or dictionary.

    Example:
        >>> import workbench as wb
        >>> index = wb.explore.open()
        >>> index.search("bridge").feature.size > 0
        True
    """
    if path is not None:
        return Index(Path(path), model=model, sae=sae)
    from ..decompose.formats import load
    from ..loading import load as load_model

    home = Path(os.environ.get("WORKBENCH_HOME", Path.home() / ".interp-workbench"))
    return Index(SHIPPED, model=model or load_model(), sae=sae or load(), notes=home / "atlas-x16.sqlite")


class Index:
    """Every feature of a dictionary as it was found in some text.

    `index[1234]` is the card of a feature.

    Attributes:
        path: its folder.
        width: F. tokens, texts: on how many everything was measured.
        pieces: the text of every token, by id.
        concepts: the names of the concepts that features were scored on.
        provenance: what was read by what, and how.
        notes: labels, notes, lists and ratings.
        model, sae: what it was made of, where they were given.

    Example:
        >>> import workbench as wb
        >>> index = wb.explore.open()
        >>> index[7].density.n == index.tokens
        True
    """

    def __init__(
        self, path: Path, *, model: Model | None = None, sae: Dictionary | None = None, notes: Path | None = None
    ) -> None:
        self.path = path
        if not (path / ABOUT).exists():
            begun = (path / PASS).exists()
            raise FileNotFoundError(
                f"the index in {path} is not finished; call wb.explore.index again with the same texts"
                if begun
                else f"no index in {path}: {ABOUT} is missing. Make one with wb.explore.index(…, to=…)"
            )
        self._about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        if self._about["format"] != FORMAT:
            raise ValueError(f"{path} is of format {self._about['format']}; this version reads {FORMAT}")
        self.width, self.tokens, self.texts = (self._about[name] for name in ("width", "tokens", "texts"))
        self.concepts = tuple(self._about["concepts"])
        self.provenance = dict(self._about["settings"]) | {"tokens": self.tokens, "texts": self.texts}
        self.model, self.sae = self._fitting(model, "model hash"), self._fitting(sae, "dictionary")
        for entry in [*self._about["parts"], *self._about["files"]]:
            file = path / entry["file"]
            if not file.exists() or file.stat().st_size != entry["bytes"]:
                state = "missing" if not file.exists() else "cut short or grown"
                raise OSError(f"{file} is {state}. Delete the folder and make the index again.")
        self._parts = [(part["first"], part["last"], mapped(path / part["file"])[0]) for part in self._about["parts"]]
        self._notes_path = notes or path / NOTES

    def _fitting(self, given: Any, name: str) -> Any:
        if given is not None and given.hash != self.provenance[name]:
            raise ValueError(
                f"the index in {self.path} is of {name.removesuffix(' hash')} {self.provenance[name]}, and this one is "
                f"{given.hash}; open it with the one that it was made of, or make another"
            )
        return given

    # ---- all features ----

    @cached_property
    def notes(self) -> Notes:
        """What people and programs say about the features; the file is made when it is first needed."""
        self._notes_path.parent.mkdir(parents=True, exist_ok=True)
        notes = Notes(self._notes_path)
        if notes.is_writable and notes.described != self._described:  # another index was here, or a crash
            notes.describe(self._descriptions(), of=self._described)
        return notes

    @property
    def _described(self) -> str:
        """What the texts of the search are made of."""
        return json.dumps(self.provenance, sort_keys=True, default=str)

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The text of every token, by id."""
        return tuple(json.loads((self.path / "pieces.json").read_text(encoding="utf-8")))

    @cached_property
    def counts(self) -> Tensor:
        """At how many tokens each feature fires. [F]"""
        return torch.from_numpy(self._column("counts").astype(np.int64))

    @cached_property
    def maxima(self) -> Tensor:
        """The largest activation of each feature. [F]"""
        return torch.from_numpy(self._column("maxima").astype(np.float32))

    @cached_property
    def alive(self) -> Tensor:
        """The features that ever fired."""
        return self.counts.nonzero().squeeze(-1)

    def random(self, n: int, *, seed: int = 0) -> list[int]:
        """Some features that fired, drawn evenly."""
        order = torch.randperm(len(self.alive), generator=torch.Generator().manual_seed(seed))[:n]
        return self.alive[order].tolist()

    def table(self, features: Iterable[int] | None = None) -> pd.DataFrame:
        """A row for each feature, or for some: label, density, maximum, tokens that it fires on and promotes, concept.

        Example:
            >>> import workbench as wb
            >>> wb.explore.open().table([7, 9]).feature.tolist()
            [7, 9]
        """
        import pandas as pd

        chosen = list(range(self.width)) if features is None else [self._checked(f) for f in features]
        said = self._labelled(chosen)
        rows = {
            "feature": chosen,
            "label": [label.text if label else "" for label in said],
            "how": [label.how if label else "" for label in said],
            "density": (self.counts[chosen] / self.tokens).tolist(),
            "maximum": self.maxima[chosen].tolist(),
            "tokens": [" ".join(self._top_tokens(f, 4)) for f in chosen],
        }
        if self._has_logits:
            rows["promotes"] = self._promoted(chosen)
        if self.concepts:
            best = [self._concepts(f, 1) for f in chosen]
            rows["concept"] = [one[0].concept if one else "" for one in best]
            rows["f1"] = [one[0].f1.value if one else float("nan") for one in best]
        return pd.DataFrame(rows)

    def _promoted(self, features: list[int]) -> list[str]:
        found = []
        for start in range(0, len(features), 1024):
            logits = from_weights(self.model, self.sae, features[start : start + 1024], gain=True)
            found += [" ".join(self.pieces[i] for i in row) for row in logits.topk(4).indices.tolist()]
        return found

    # ---- one feature ----

    def __getitem__(self, feature: int) -> Card:
        feature = self._checked(feature)
        part, at = self._part(feature)
        count, maximum = int(part["counts"][at]), float(part["maxima"][at])
        labels = tuple(self.notes.labels(feature))
        quantile_edges = part["quantile_edges"][at].tolist()
        choice = self.provenance["choice"]
        ends = np.linspace(0, maximum, choice["intervals"] + 1).tolist()
        inside = part["histogram"][at].reshape(choice["intervals"], -1).sum(1, dtype=np.int64)
        intervals = zip(ends[:-1], ends[1:], inside.tolist(), strict=True)
        begins = -(-np.arange(len(quantile_edges)) * count // (len(quantile_edges) - 1))  # the first rank of each
        per_quantile = np.diff(begins).tolist()
        quantiles = zip(quantile_edges[:-1], quantile_edges[1:], per_quantile, strict=True)
        return Card(
            feature=feature,
            site=self._about["site"],
            label=self._labelled([feature])[0],
            labels=labels,
            notes=tuple(self.notes.notes(feature)),
            density=proportion(count, self.tokens),
            maximum=maximum,
            mean=float(part["means"][at]),
            quartiles=tuple(part["quartiles"][at].tolist()),
            edges=tuple(np.linspace(0, maximum, BINS + 1).tolist()),
            counts=tuple(part["histogram"][at].tolist()),
            quantiles=tuple(quantiles) if count else (),
            intervals=tuple(intervals) if count else (),
            examples=self._examples(feature),
            tokens=self._fires_on(feature),
            concepts=self._concepts(feature),
            correlated=self.correlated(feature),
            neighbours=self.neighbours(feature) if self.sae is not None else (),
            logits=self.logits(feature) if self._has_logits else None,
        )

    def __len__(self) -> int:
        return self.width

    @cached_property
    def _has_logits(self) -> bool:
        """Whether what is written goes to the logits by matrices alone."""
        if self.model is None or self.sae is None:
            return False
        try:
            for site in self.sae.writes:
                self.model.onward(site, torch.zeros(self.model.width(site)))
        except ValueError:
            return False
        return True

    def neighbours(self, feature: int, *, most: int = 10) -> tuple[Related, ...]:
        """The features whose decoder rows are nearest by cosine, over all features.

        Raises:
            ValueError: the index was opened without its dictionary.

        Example:
            >>> import workbench as wb
            >>> len(wb.explore.open().neighbours(7, most=3))
            3
        """
        self._needs_dictionary("neighbours")
        rows, norms = self.sae.W_dec.detach(), self._norms
        cosines = (rows @ rows[self._checked(feature)]) / (norms * norms[feature])
        cosines[feature] = -torch.inf
        values, numbers = cosines.topk(min(most, self.width - 1))
        numbers = numbers.tolist()
        said = self._labelled(numbers)
        return tuple(
            Related("feature", self._about["site"], number, value, 0, label.text if label else "")
            for number, value, label in zip(numbers, values.tolist(), said, strict=True)
        )

    @cached_property
    def _norms(self) -> Float[Tensor, " F"]:
        return self.sae.W_dec.detach().norm(dim=-1).clamp(min=1e-12)

    def correlated(self, feature: int) -> tuple[Related, ...]:
        """The features, and then the neurons, whose activation correlates most with a feature's.

        Of features over all tokens; of neurons, too, unless there are very many pairs: see `index`.
        """
        part, at = self._part(self._checked(feature))
        found = _list(part, "features", at)
        numbers = found["number"].tolist()
        said = self._labelled(numbers)
        features = [
            Related("feature", self._about["site"], number, r, n, label.text if label else "")
            for number, r, n, label in zip(numbers, found["r"].tolist(), found["both"].tolist(), said, strict=True)
        ]
        neurons = []
        if "neurons_offsets" in part:
            found = _list(part, "neurons", at)
            for number, r, both in zip(*(found[name].tolist() for name in ("number", "r", "both")), strict=True):
                for site, width in self._about["neurons"]:
                    if number < width:
                        neurons.append(Related("neuron", site, number, r, both))
                        break
                    number -= width
        return (*features, *neurons)

    def logits(self, feature: int, form: str = "folded", *, most: int = 10) -> Logits:
        """What a feature adds to the logits of the next token.

        Args:
            feature: its number.
            form: "raw", a unit of it, d W_Uᵀ; "folded", the same with the gain of the last norm; "measured", what the
                model's logits lose when it is ablated, at the strongest examples of up to 16 texts, with intervals.
            most: how many tokens are named at either end.

        Raises:
            ValueError: no such form; the index was opened without model or dictionary; the feature never fired.

        Example:
            >>> import workbench as wb
            >>> index = wb.explore.open()
            >>> 1 < index.logits(7, "measured").n <= 16
            True
        """
        self._checked(feature)
        if form not in FORMS:
            raise ValueError(f"no form {form!r}; there are: {', '.join(FORMS)}")
        self._needs_dictionary("logits")
        self._needs_model("logits")
        if form == "measured":
            rows = self.contexts(feature, most=MEASURED)
            if not rows:
                raise ValueError(f"feature {feature} never fired in this text: there is nothing to measure")
            values = by_ablation(self.model, self.sae, feature, rows)
        else:
            values = from_weights(self.model, self.sae, [feature], gain=form == "folded")
        return summary(values, self.pieces, form=form, most=most)

    def contexts(self, feature: int, *, most: int = MEASURED) -> list[list[int]]:
        """Texts of a feature's strongest examples up to their token, as ids, with a BOS where the model has one.

        No text comes twice, so that they are independent.

        Example:
            >>> import workbench as wb
            >>> len(wb.explore.open().contexts(942, most=3))
            3
        """
        self._checked(feature)
        part, at = self._part(feature)
        found = _list(part, "examples", at)
        rows = found["rows"][found["what"] // GROUPS == KINDS.index("top")]
        _, first = np.unique([self._source(self._text_of(row))[0] for row in rows.tolist()], return_index=True)
        rows = rows[np.sort(first)[:most]]
        bos = [] if self._about["bos"] is None else [self._about["bos"]]
        made = []
        for row in rows.tolist():
            text = self._text_of(row)
            made.append([*bos, *self._ids(int(self._starts[text]), row + 1).tolist()])
        return made

    # ---- its words ----

    def label(
        self, feature: int, text: str, *, how: str = "by hand", by: str = "", scores: dict | None = None
    ) -> Label:
        """Say what a feature means; it is on the disk when the call returns."""
        return self.notes.label(self._checked(feature), text, how=how, by=by, scores=scores)

    def labels(self, feature: int) -> list[Label]:
        """Everything that was said, newest first."""
        return self.notes.labels(self._checked(feature))

    def note(self, feature: int, text: str) -> None:
        """Write something down about a feature."""
        self.notes.note(self._checked(feature), text)

    def keep(self, name: str, features: Iterable[int]) -> None:
        """Put features on a list of a name; `lists` gives all lists."""
        self.notes.keep(name, [self._checked(feature) for feature in features])

    def lists(self) -> dict[str, list[int]]:
        """All lists by name.

        Example:
            >>> import workbench as wb
            >>> index = wb.explore.open()
            >>> index.keep("bridges", [942, 544])
            >>> index.lists()["bridges"]
            [942, 544]
        """
        return self.notes.lists()

    def rate(self, feature: int, score: float, *, rater: str, item: int | str = "label", session: str = "") -> None:
        """Rate what is said of a feature, from 0 (it does not hold) to 3; `RatingPanel` does it blind."""
        if not 0 <= score <= 3:
            raise ValueError(f"a rating of {score}: from 0, does not hold, to 3, holds throughout")
        about = {"source": "index", "unit": self._checked(feature)}
        self.notes.rate(rater, f"{feature}:{item}", score, session=session, about=about)

    def describe(self) -> None:
        """Have the search find features by their concepts and tokens, too."""
        with Notes(self._notes_path) as notes:  # of its own: `notes` would describe first what is described here
            notes.describe(self._descriptions(), of=self._described)

    def _descriptions(self) -> Iterable[tuple[int, str]]:
        for feature in self.alive.tolist():
            concepts = [one.concept.replace(".", " ").replace("_", " ") for one in self._concepts(feature, 3)]
            yield feature, " ".join([*concepts, *self._top_tokens(feature, 8)])

    def _labelled(self, features: Sequence[int]) -> list[Label | None]:
        """What each is said to mean: by somebody, else by its best concept, else by its tokens."""
        said = self.notes.best(features)
        return [said.get(feature) or self._by_itself(feature) for feature in features]

    def _by_itself(self, feature: int) -> Label | None:
        best = self._concepts(feature, 1)
        if best and best[0].f1.value >= WORTHY:
            f1 = best[0].f1
            return Label(best[0].concept, "concept", scores={"f1": [f1.value, f1.low, f1.high, f1.n]})
        tokens = self._top_tokens(feature, 3)
        return Label(" · ".join(tokens), "top tokens") if tokens else None

    # ---- search ----

    def search(self, query: str, *, most: int = 50) -> pd.DataFrame:
        """Features by words: in labels, notes, concepts, and the tokens that they fire on.

        Example:
            >>> import workbench as wb
            >>> list(wb.explore.open().search("golden gate").columns)[:3]
            ['feature', 'label', 'found']
        """
        found = self.notes.search(query, most)
        table = self._rows([feature for feature, _, _ in found])
        table.insert(2, "found", [snippet for _, snippet, _ in found])
        return table

    def on_token(self, token: str, *, most: int = 50) -> pd.DataFrame:
        """Which features fire on a token, by the harmonic mean of two shares.

        `share`: of the feature's activation, how much falls on the token. `fires`: on which share of the token's
        occurrences the feature fires, with its interval. Case and surrounding spaces do not matter. A token counts
        where it is among the 16 that take most of a feature's activation.

        Raises:
            ValueError: no token of the vocabulary says that.

        Example:
            >>> import workbench as wb
            >>> wb.explore.open().on_token("bridge", most=3).feature.size
            3
        """
        wanted = token.strip().casefold()
        ids = [i for i, piece in enumerate(self.pieces) if piece.strip().casefold() == wanted]
        if not ids:
            near = sorted({piece.strip() for piece in self.pieces if wanted[:4] and wanted[:4] in piece.casefold()})
            there = f"; there are: {', '.join(near[:8])}" if near else ""
            raise ValueError(f"no single token says {token!r}{there}. on_text reads any text, of many tokens too")
        rows = []
        for first, _, part in self._parts:
            entries = np.flatnonzero(np.isin(part["tokens_ids"], ids))
            owner = first + np.searchsorted(part["tokens_offsets"], entries, side="right") - 1
            share, on, n = (np.asarray(part[f"tokens_{name}"][entries], np.float64) for name in ("share", "on", "n"))
            features, place = np.unique(owner, return_inverse=True)
            sums = (np.bincount(place, column, len(features)) for column in (share, on, n))
            rows += [(int(f), s, int(o), int(m)) for f, s, o, m in zip(features, *sums, strict=True)]
        rows.sort(key=lambda row: -_harmonic(row[1], row[2] / row[3]))
        rows = rows[:most]
        table = self._rows([row[0] for row in rows])
        table.insert(2, "share", [row[1] for row in rows])
        table.insert(3, "fires", [proportion(row[2], row[3]) for row in rows])
        return table

    def on_concept(self, concept: str, *, most: int = 50) -> pd.DataFrame:
        """Which features tell a known concept: those first that do where they were chosen, with F1 on the other texts.

        Listed are features for which it is among the three best, or has an F1 of .2 and more where it was chosen.

        Raises:
            ValueError: no such concept, or none are known.
        """
        if concept not in self.concepts:
            low = concept.casefold()
            near = [name for name in self.concepts if low in name or name.rpartition(".")[2] in low][:8]
            raise ValueError(
                f"no concept {concept!r}; there are: {', '.join(near or self.concepts[:8])}"
                if self.concepts
                else "no concepts are known; give labels= when the index is made"
            )
        number, rows = self.concepts.index(concept), []
        for first, _, part in self._parts:
            entries = np.flatnonzero(np.asarray(part["concepts_number"]) == number)
            owner = first + np.searchsorted(part["concepts_offsets"], entries, side="right") - 1
            rows += zip(owner.tolist(), np.asarray(part["concepts_scores"][entries]), strict=True)
        rows.sort(key=lambda row: -row[1][0])  # as where it was chosen: by what is measured the best would be flattered
        scored = [self._scored(concept, scores, feature) for feature, scores in rows[:most]]
        table = self._rows([feature for feature, _ in rows[:most]])
        for place, name in enumerate(("f1", "precision", "sensitivity")):
            table.insert(2 + place, name, [getattr(one, name) for one in scored])
        return table

    def on_text(self, text: str, *, most: int = 50) -> pd.DataFrame:
        """Which features fire on a text typed now, by their largest activation as a share of their maximum.

        Those that never fired in the text of the index come last, with nan.

        Raises:
            ValueError: the index was opened without model or dictionary, or the text cannot be read.

        Example:
            >>> import workbench as wb
            >>> wb.explore.open().on_text("The Golden Gate Bridge", most=3).feature.size
            3
        """
        tokens, features = self._encoded(text)
        on = features.values > 0
        rows = on.nonzero()[:, 0]
        columns, values = features.indices[on], features.values[on]
        largest = torch.zeros(self.width).scatter_reduce_(0, columns, values, "amax")
        found = largest.nonzero().squeeze(-1)
        share = largest[found] / self.maxima[found]
        share[self.maxima[found] == 0] = torch.nan  # it never fired in the text of the index: a share of nothing
        order = share.nan_to_num(-1).argsort(descending=True, stable=True)[:most]
        chosen = found[order].tolist()
        where = [int(rows[(columns == f) & (values == largest[f])][0]) for f in chosen]
        table = self._rows(chosen)
        table.insert(2, "activation", largest[chosen].tolist())
        table.insert(3, "of maximum", share[order].tolist())
        table.insert(4, "token", where)
        table.insert(5, "piece", [tokens.pieces[0][place] for place in where])
        return table

    def activations(self, text: str, features: Sequence[int]) -> tuple[Tokens, Float[Tensor, "T f"]]:
        """What some features do on a text typed now; 0 at BOS.

        Example:
            >>> import workbench as wb
            >>> wb.explore.open().activations("The bridge", [7, 9])[1].shape
            torch.Size([3, 2])
        """
        for feature in features:
            self._checked(feature)
        tokens, found = self._encoded(text)
        return tokens, torch.stack([found.unit(feature) for feature in features], -1)

    def _encoded(self, text: str) -> tuple[Tokens, Any]:
        self._needs_model("a text of your own")
        self._needs_dictionary("a text of your own")
        tokens = self.model.tokens(text)
        values = self.model.read(tokens, at=list(self.sae.reads))
        x = torch.cat([values[canonical(site)].flatten(2).float() for site in self.sae.reads], -1)[0]
        with torch.no_grad():
            found = self.sae.encode(x).to("cpu")
        found.values[~tokens.places.text[0].cpu()] = 0
        return tokens, found

    def _rows(self, features: list[int]) -> pd.DataFrame:
        import pandas as pd

        said = self._labelled(features)
        return pd.DataFrame(
            {
                "feature": features,
                "label": [label.text if label else "" for label in said],
                "density": (self.counts[features] / self.tokens).tolist(),
                "maximum": self.maxima[features].tolist(),
            }
        )

    # ---- the map ----

    def map(self, *, method: str = "auto", seed: int = 0) -> tuple[Float[Tensor, "F 2"], str]:
        """Every feature as a point in the plane, near ones with like decoder rows; and the method's name.

        UMAP on cosines if umap-learn is installed, else the two first principal components of the decoder rows, at
        norm 1. "auto", "umap" or "pca".

        Source: McInnes, Healy and Melville 2018, "UMAP".

        Example:
            >>> import workbench as wb
            >>> wb.explore.open().map(method="pca")[0].shape
            torch.Size([4096, 2])
        """
        self._needs_dictionary("a map")
        if method not in ("auto", "umap", "pca"):
            raise ValueError(f"no method {method!r}; there are: auto, umap, pca")
        rows = self.sae.W_dec.detach().float().cpu() / self._norms.cpu()[:, None]
        if method != "pca":
            try:
                from umap import UMAP
            except ImportError:
                if method == "umap":
                    raise ValueError("umap-learn is not installed: pip install umap-learn, or method='pca'") from None
            else:
                points = UMAP(metric="cosine", random_state=seed, n_jobs=1).fit_transform(rows.numpy())
                return torch.from_numpy(np.asarray(points, np.float32)), "UMAP"
        centred = rows - rows.mean(0)
        _, axes = torch.linalg.eigh(centred.T @ centred)
        best = axes[:, -2:].flip(1)
        best = best * best.sum(0).sign()  # an axis has no direction of its own
        return centred @ best, "PCA"

    # ---- keeping it ----

    def verify(self) -> None:
        """Read every file once; an OSError names the first that is not as it was written."""
        for entry in [*self._about["parts"], *self._about["files"]]:
            file = self.path / entry["file"]
            if _checksum(file) != {name: entry[name] for name in ("bytes", "sha256")}:
                raise OSError(f"{file} is not as it was written. Delete the folder and make the index again.")

    def __repr__(self) -> str:
        alive = len(self.alive)
        return (
            f"Index({grouped(alive)} of {grouped(self.width)} features fire at {self._about['site']} · "
            f"{grouped(self.tokens)} tokens · {grouped(self.texts)} texts · {self.provenance['model']} "
            f"{self.provenance['model hash']} · dictionary {self.provenance['dictionary']})"
        )

    # ---- inside ----

    def _checked(self, feature: int) -> int:
        is_number = not isinstance(feature, bool) and hasattr(feature, "__index__")
        if not is_number or not 0 <= int(feature) < self.width:
            raise IndexError(f"no feature {feature}; the index has 0 to {self.width - 1}")
        return int(feature)

    def _needs_model(self, what: str) -> None:
        if self.model is None:
            raise ValueError(f"{what}: the index was opened without its model; wb.explore.open(path, model=…, sae=…)")

    def _needs_dictionary(self, what: str) -> None:
        if self.sae is None:
            raise ValueError(f"{what}: the index was opened without its dictionary; wb.explore.open(path, sae=…)")

    def _column(self, name: str) -> np.ndarray:
        return np.concatenate([np.asarray(part[name]) for _, _, part in self._parts])

    def _part(self, feature: int) -> tuple[dict[str, np.ndarray], int]:
        first, _, part = next(one for one in self._parts if one[0] <= feature < one[1])
        return part, feature - first

    @cached_property
    def _texts(self) -> list[dict[str, np.ndarray]]:
        return [mapped(self.path / entry["file"])[0] for entry in self._about["files"] if "tokens" in entry["file"]]

    @cached_property
    def _starts(self) -> np.ndarray:
        lengths = np.concatenate([shard["lengths"] for shard in self._texts])
        return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])

    @cached_property
    def _bases(self) -> np.ndarray:
        return np.concatenate([[0], np.cumsum([len(shard["ids"]) for shard in self._texts])])

    def _text_of(self, row: int) -> int:
        return int(np.searchsorted(self._starts, row, side="right")) - 1

    def _source(self, piece: int) -> tuple[int, int]:
        """The text that a piece is of, and which of its pieces it is."""
        text = int(self._sources[piece])
        return text, piece - int(np.searchsorted(self._sources, text))

    @cached_property
    def _sources(self) -> np.ndarray:
        return np.concatenate([shard["sources"] for shard in self._texts])

    def _ids(self, first: int, last: int) -> np.ndarray:
        """The tokens of some rows of one text."""
        shard = int(np.searchsorted(self._bases, first, side="right")) - 1
        return self._texts[shard]["ids"][first - self._bases[shard] : last - self._bases[shard]]

    def _examples(self, feature: int) -> tuple[Example, ...]:
        part, at = self._part(feature)
        first, last = int(part["examples_offsets"][at]), int(part["examples_offsets"][at + 1])
        maximum, bos = float(part["maxima"][at]), int(self._about["bos"] is not None)
        width = self.provenance["choice"]["context"]
        around = int(part["around_offsets"][at])
        made = []
        for entry in range(first, last):
            row = int(part["examples_rows"][entry])
            piece = self._text_of(row)
            place, group = divmod(int(part["examples_what"][entry]), GROUPS)
            kind, number = KINDS[place], float(part["examples_values"][entry])
            value = 0.0 if kind == "near" else number
            text, window = self._source(piece)
            begin, end = int(self._starts[piece]), int(self._starts[piece + 1])
            low, high = max(begin, row - width), min(end, row + width + 1)
            inside = slice(around, around := around + int(part["examples_around"][entry]))
            values = np.zeros(high - low, np.float32)
            there = row - low + np.asarray(part["around_distance"][inside], np.int64)
            values[there] = np.asarray(part["around_share"][inside], np.float32) * maximum
            values[row - low] = value
            ids = tuple(self._ids(low, high).tolist())
            made.append(
                Example(
                    kind, group, text, row - begin + bos, value, number if kind == "near" else None,
                    low - begin + bos, ids, tuple(self.pieces[i] for i in ids), tuple(values.tolist()), window,
                )
            )  # fmt: skip
        return tuple(made)

    def _fires_on(self, feature: int, most: int | None = None) -> tuple[Firing, ...]:
        part, at = self._part(feature)
        found = _list(part, "tokens", at)
        rows = zip(*(found[name][:most].tolist() for name in ("ids", "share", "on", "n")), strict=True)
        return tuple(Firing(i, self.pieces[i], share, proportion(on, n)) for i, share, on, n in rows)

    def _top_tokens(self, feature: int, most: int) -> list[str]:
        """Different tokens, spaces left out, that it fires on most."""
        part, at = self._part(feature)
        ids = _list(part, "tokens", at)["ids"].tolist()
        said = dict.fromkeys(self.pieces[i].strip() or repr(self.pieces[i])[1:-1] for i in ids)
        return list(said)[:most]

    def _concepts(self, feature: int, most: int | None = None) -> tuple[ConceptScore, ...]:
        if not self.concepts:
            return ()
        part, at = self._part(feature)
        found = _list(part, "concepts", at)
        scored = zip(found["number"][:most].tolist(), found["scores"][:most], strict=True)
        return tuple(self._scored(self.concepts[number], scores, feature) for number, scores in scored)

    def _scored(self, concept: str, scores: np.ndarray, feature: int) -> ConceptScore:
        _, share, *numbers = (float(number) for number in scores)
        texts = self._about["measured texts"]
        f1, precision, sensitivity = (Estimate(*numbers[at : at + 3], texts) for at in (0, 3, 6))
        return ConceptScore(concept, f1, precision, sensitivity, share * float(self.maxima[feature]))


def _list(part: dict[str, np.ndarray], name: str, at: int) -> dict[str, np.ndarray]:
    """One feature's list, by column."""
    first, last = int(part[f"{name}_offsets"][at]), int(part[f"{name}_offsets"][at + 1])
    begin = f"{name}_"
    columns = [key for key in part if key.startswith(begin) and key != f"{name}_offsets"]
    return {key.removeprefix(begin): np.asarray(part[key][first:last]) for key in columns}


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / max(a + b, 1e-12)


def _neurons(model: Model, dictionary: Dictionary) -> list[str]:
    """The neurons of the layer that is read, where it is not they that are read."""
    sites = [parse(site) for site in dictionary.reads]
    layers = sorted({layer for stream, layer, _ in sites if isinstance(layer, int) and stream != "mlp_act"})
    return [f"mlp_act.{layer}" for layer in layers[-1:]]


def _same(made: Index, settings: dict[str, Any]) -> Index:
    was = made._about["settings"]
    if unlike := [name for name in settings if was.get(name) != settings[name]]:
        words = ", ".join(f"{name} {was.get(name)}, asked for {settings[name]}" for name in unlike)
        raise ValueError(f"{made.path} holds another index: {words}. Name another folder, or delete it.")
    return made


def _keep_tokens(firings: Firings, folder: Path) -> list[str]:
    """Keep the tokens of all texts, a file for each shard."""
    names = []
    for number, shard in enumerate(firings.shards):
        ids = np.asarray(shard["ids"])
        ids = ids.astype(np.uint16) if ids.max(initial=0) < 2**16 else ids
        name = f"tokens-{number:05}.safetensors"
        save_arrays(
            folder / name, {"ids": ids, "lengths": shard["lengths"].astype(np.int32), "sources": shard["sources"]}
        )
        names.append(name)
    return names


def _vocabulary(model: Model) -> int:
    return max(model.config.vocab_size, len(model.tokenizer))


def _checksum(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(2**24):
            digest.update(part)
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}
