"""The card of the shipped dictionaries: what they are, what they score, and which concepts their features are.

`python tools/cards.py dictionary` writes it. The untrained model is scored where its dictionary was made:
`workbench decompose train atlas-random-x16 --to build/dictionaries/atlas-random-x16-finished`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import pandas as pd
import torch

import workbench as wb
from workbench.estimates import digits, grouped

DICTIONARIES = Path(wb.__file__).parent / "assets" / "dictionaries"
UNTRAINED = Path("build") / "dictionaries" / "atlas-random-x16-finished"
SCORED, LABELLED, PROBED, OFTEN, BAR = 400, 8000, 24_000, 1000, 0.75
WAYS = {
    "all tokens": "every token of a mention counts",
    "where it ends": "of a mention that must first say a concept only the last token counts, those before it neither "
    "for nor against",
    "where it ends, English": "the same in English documents alone",
}


def write() -> str:
    """The whole card, as Markdown; the table of all concepts goes to `concepts.csv` beside it."""
    names = sorted((path.name for path in DICTIONARIES.iterdir() if path.is_dir()), key=_order)
    return f"""# Dictionaries

Sparse dictionaries of the shipped models, made by `workbench decompose train NAME --to workbench/assets/dictionaries/NAME`; weights in fp16. BOS is left out everywhere.

## At a glance

Scored on {SCORED} held-out documents; n counts documents. CE recovered compares with putting the mean in the activation's place. In brackets, random directions, as many and as sparse. Dead: of all features, in a million tokens of the training text.

{_glance(names)}

{_recovery()}

{chr(10).join(map(_one, names))}
This card is written by `python tools/cards.py dictionary`.
"""


def _order(name: str) -> tuple:
    """The middle of atlas first, by width; then its twin, then transcoders."""
    return "transcoder" in name, not name.startswith("atlas-x"), len(name), name


# ---------------------------------------------------------------- scores

_cards: dict[str, wb.decompose.ScoreCard] = {}


def _card(name: str) -> wb.decompose.ScoreCard:
    """What a dictionary scores, beside its floors; scored once."""
    if name not in _cards:
        dictionary = wb.decompose.load(name)
        texts = [document.text for document in islice(wb.world.documents("test", 0), SCORED)]
        beside = None
        if name == "atlas-x16" and UNTRAINED.exists():
            beside = wb.world.untrained(), wb.decompose.load(UNTRAINED)
        model = wb.load(dictionary.provenance["model"])
        _cards[name] = wb.decompose.score(model, dictionary, texts, untrained=beside)
    return _cards[name]


def _glance(names: Sequence[str]) -> str:
    rows = []
    for name in names:
        dictionary, card = wb.decompose.load(name), _card(name)
        floor, dead = card.floors["random directions"], float((dictionary.density == 0).float().mean())
        rows.append(
            f"| {name} | {grouped(dictionary.width)} | {_ends(dictionary)} | {digits(card.l0.value)} "
            f"| {card.explained_variance} ({digits(floor.explained_variance.value)}) "
            f"| {card.ce_recovered_mean} ({digits(floor.ce_recovered_mean.value)}) | {dead:.2%} |"
        )
    bars = f"| bar | | | ≤ 40 | – | ≥ .95 | < 1 % |\n{chr(10).join(rows)}"
    return f"""| dictionary | features | site | L0 | explained variance | CE recovered | dead |
|-|-|-|-|-|-|-|
{bars}"""


def _ends(dictionary: wb.decompose.Dictionary) -> str:
    return f"`{dictionary.site}`" + (f" → `{dictionary.target}`" if dictionary.target != dictionary.site else "")


def _one(name: str) -> str:
    """Everything about one dictionary."""
    dictionary, card = wb.decompose.load(name), _card(name)
    columns, made = card.table(), dictionary.provenance
    rows = "\n".join(f"| {what} | " + " | ".join(row) + " |" for what, row in columns.T.to_dict("list").items())
    return f"""## {name}

{dictionary.architecture}, {grouped(dictionary.width)} features, {_ends(dictionary)} of {made["model"]} ({made["hash"]}), k {dictionary.k}; trained on {grouped(made["trained"])} activations, {grouped(made["tokens"])} different ones. {_bars(dictionary, card)}

| measure | {" | ".join(columns)} |
|-|{"-|" * len(columns.columns)}
{rows}
"""


def _bars(dictionary: wb.decompose.Dictionary, card: wb.decompose.ScoreCard) -> str:
    """The bars of a shipped dictionary, and whether it meets them."""
    dead = wb.estimates.proportion(int((dictionary.density == 0).sum()), dictionary.width)
    bars = (
        (f"L0 {digits(card.l0.value)}, at most 40", card.l0.value <= 40),
        (f"CE recovered {digits(card.ce_recovered_mean.value)}, at least .95", card.ce_recovered_mean.value >= 0.95),
        (f"dead in {grouped(dictionary.provenance['measured'])} tokens of its training text {dead.value:.2%}, "
         "less than 1 %", dead.value < 0.01),
    )  # fmt: skip
    return "Bars: " + "; ".join(says + " (met)" * met + " (missed)" * (not met) for says, met in bars) + "."


# ---------------------------------------------------------------- concepts


@dataclass(frozen=True)
class Labelled:
    """Documents, with the concepts of each token, and those that are not yet said there."""

    documents: Sequence[wb.world.Document]
    labels: Sequence[Sequence[frozenset[str]]]
    undecided: Sequence[Sequence[frozenset[str]]]

    @classmethod
    def of(cls, model: wb.Model, split: str, n: int) -> Labelled:
        """The first n documents of a split that fit the context."""
        documents = list(islice(_fitting(model, split), n))
        marks = [[mark(model, d) for d in documents] for mark in (wb.world.labels, wb.world.unfinished)]
        return cls(documents, *marks)

    @property
    def texts(self) -> list[str]:
        """What they say."""
        return [document.text for document in self.documents]

    def english(self) -> Labelled:
        """Those in English alone."""
        keep = [number for number, document in enumerate(self.documents) if document.tongue == "en"]
        return Labelled(*([rows[n] for n in keep] for rows in (self.documents, self.labels, self.undecided)))


def _fitting(model: wb.Model, split: str) -> Iterator[wb.world.Document]:
    return (d for d in wb.world.documents(split, 1) if len(wb.world.labels(model, d)) < model.context)


def recovered(
    model: wb.Model, dictionary: wb.decompose.Dictionary, given: Labelled, way: str
) -> dict[str, wb.decompose.Recovered]:
    """The best feature of each concept, by its name, in one of the three ways to count."""
    some = given.english() if "English" in way else given
    undecided = None if way == "all tokens" else some.undecided
    found = wb.decompose.recover(model, dictionary, some.texts, some.labels, undecided=undecided, floor=False)
    return {one.concept: one for one in found}


def _recovery() -> str:
    """The concepts that atlas-x16 has features for, beside random directions and linear probes; all in a CSV."""
    model, concepts = wb.load(), wb.world.concepts()
    trained, given = (Labelled.of(model, split, LABELLED) for split in ("train", "test"))
    frequency = Counter(name for row in trained.labels for token in row for name in token)
    share = wb.decompose.load().provenance["tokens"] / sum(map(len, trained.labels))
    often = {name for name, count in frequency.items() if count * share >= OFTEN}
    asked = {
        "feature": wb.decompose.load(),
        "random": wb.decompose.random_directions(model, wb.decompose.load(), given.texts[:500]),
        "probe": probe(model, sorted(frequency)),
    }
    found = {(who, way): recovered(model, one, given, way) for who, one in asked.items() for way in WAYS}
    by_width = {
        name: recovered(model, wb.decompose.load(name), given, "where it ends") for name in ("atlas-x4", "atlas-x32")
    }
    _table(found, frequency, share, concepts).to_csv(DICTIONARIES / "concepts.csv", index=False)

    everywhere = often.intersection(*(some.keys() for some in (*found.values(), *by_width.values())))

    def mean(found: dict[str, wb.decompose.Recovered], names: set[str] = everywhere) -> wb.estimates.Estimate:
        return wb.estimates.mean([one.f1.value for name, one in found.items() if name in names])

    ways = "\n".join(
        f"| {way}: {says} | {' | '.join(str(mean(found[who, way])) for who in asked)} |" for way, says in WAYS.items()
    )
    widths = "; ".join(f"{name} {mean(some)}" for name, some in by_width.items())
    whole, random, best = (mean(found[who, "all tokens"], often) for who in asked)
    reached = wb.estimates.share([found["feature", "all tokens"][name].f1.value >= BAR for name in sorted(
        often & found["feature", "all tokens"].keys())])  # fmt: skip
    return f"""## Which concepts have a feature (atlas-x16)

For each concept the feature and threshold with the best F1 on half of {grouped(LABELLED)} held-out documents, measured on the other half. Over the {whole.n} concepts that occur at least {grouped(OFTEN)} times in the training text, all tokens counted, the mean F1 is **{whole}**; the bar is {BAR:g} ({"met" if whole.value >= BAR else "missed"}). Beside it: random directions, as many and as sparse, {random}; a linear probe for each concept (least squares, learnt on {grouped(PROBED)} documents of training), {best}. Share of these concepts with an F1 of {BAR:g} or more: {reached}.

Where the distance comes from, over the concepts that every column can be asked for:

| F1, mean [95 %], n concepts | best feature | random directions | linear probe |
|-|-|-|-|
{ways}

Where it ends, in the other widths: {widths}.

By kind and by frequency, over all tokens (and, where such a concept occurs there often enough, where it ends in English):

| concepts | how many | best feature | random directions | linear probe |
|-|-|-|-|-|
{_groups(found, frequency, share, concepts, often)}

Every concept is in `concepts.csv`; F1 at the three widths, on the first 6 000 of these documents, in `by_width.csv`
(`python tools/explore_card.py completeness`).
"""


def _table(found: dict, frequency: Counter, share: float, concepts: dict) -> pd.DataFrame:
    """A row for each concept: its best feature, and what it, random directions and the probe score in every way."""
    rows = []
    for name, one in found["feature", "all tokens"].items():
        row = {
            "concept": name, "kind": concepts[name].kind, "in training": round(frequency[name] * share),
            "feature": one.feature, "threshold": one.threshold, "F1": one.f1.value, "low": one.f1.low,
            "high": one.f1.high, "sensitivity": one.sensitivity.value, "specificity": one.specificity.value,
            "MCC": one.mcc.value, "tokens": one.tokens,
        }  # fmt: skip
        for (who, way), some in found.items():
            if (who, way) != ("feature", "all tokens") and name in some:
                row[f"F1 {who}, {way}"] = some[name].f1.value
                if who == "feature":
                    row[f"feature, {way}"] = some[name].feature
        rows.append(row)
    return pd.DataFrame(rows).convert_dtypes().sort_values("in training", ascending=False).round(4)


def _groups(found: dict, frequency: Counter, share: float, concepts: dict, often: set[str]) -> str:
    kinds = sorted({concepts[name].kind for name in often})
    groups = [(kind, {name for name in often if concepts[name].kind == kind}) for kind in kinds]
    edges = [OFTEN, 3000, 10_000, 30_000, 100_000, 10**12]
    groups += [
        (f"{grouped(low)} to {grouped(high)} times" if high < 10**12 else f"{grouped(low)} times and more",
         {name for name in often if low <= frequency[name] * share < high})
        for low, high in pairwise(edges)
    ]  # fmt: skip

    def cell(who: str, names: set[str]) -> str:
        means = []
        for way in ("all tokens", "where it ends, English"):
            values = [one.f1.value for name, one in found[who, way].items() if name in names]
            means.append(digits(sum(values) / len(values)) if values else "–")
        return f"{means[0]} ({means[1]})"

    return "\n".join(
        f"| {title} | {len(names & found['feature', 'all tokens'].keys())} "
        f"({len(names & found['feature', 'where it ends, English'].keys())}) | "
        + " | ".join(cell(who, names) for who in ("feature", "random", "probe"))
        + " |"
        for title, names in groups
        if names
    )


def probe(model: wb.Model, names: Sequence[str]) -> wb.decompose.Dictionary:
    """A linear probe of every concept by least squares, as a dictionary whose feature i is the probe of concept i."""
    site, d = wb.decompose.load().site, model.d_model
    gram, cross = torch.zeros(d + 1, d + 1, dtype=torch.float64), torch.zeros(d + 1, len(names), dtype=torch.float64)
    place, documents = {name: number for number, name in enumerate(names)}, islice(_fitting(model, "train"), PROBED)
    while some := list(islice(documents, 256)):
        x = wb.record.activations(model, [document.text for document in some], at=site).flat(site)
        at = [
            (row, place[name])
            for row, token in enumerate(token for document in some for token in wb.world.labels(model, document))
            for name in token & place.keys()
        ]
        carried = torch.zeros(len(x), len(names), dtype=torch.float64)
        carried[tuple(torch.tensor(at).T)] = 1
        x = torch.cat([x.double(), torch.ones(len(x), 1, dtype=torch.float64)], -1)
        gram += x.T @ x
        cross += x.T @ carried
    weights = torch.linalg.solve(gram + 1e-6 * gram.diagonal().mean() * torch.eye(d + 1, dtype=torch.float64), cross)
    made = wb.decompose.ARCHITECTURES["relu"](d_model=d, width=len(names), site=site).requires_grad_(False)
    made.W_enc.copy_(weights[:d].T)
    made.b_enc.copy_(weights[d])
    return made
