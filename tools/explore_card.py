"""What features gain over neurons, measured: concepts, universality, splitting, completeness; tables for the notes.

`python tools/explore_card.py [completeness] [concepts] [universality] [splitting]` prints Markdown and writes a CSV for
each to build/explore; what completeness found of each concept goes to `by_width.csv` beside the dictionaries. Probes
and random directions are not measured again: their F1 is read from `workbench/assets/dictionaries/concepts.csv`, where
each was chosen and measured on more documents. The dictionary of the untrained model is asked where it was made (see
`tools/dictionary_card.py`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd
import torch
from dictionary_card import DICTIONARIES, OFTEN, UNTRAINED, Labelled

import workbench as wb
from workbench.estimates import Estimate, digits, grouped, mean, median

TO = Path("build") / "explore"
DOCUMENTS, MORE = 1500, 6000
"""How many documents are read; and for completeness, which needs rare concepts, how many by dictionaries alone."""
WIDTHS = ("atlas-x4", "atlas-x16", "atlas-x32")
WAY = "where it ends"
BARS = (0.5, 0.8)
PAPER = {"features": 0.72, "neurons": 0.46}
"""Medians over two seeds. Source: Bricken et al. 2023, "Towards Monosemanticity", §Universality."""

Table = list[dict[str, object]]
Found = dict[str, dict[str, wb.decompose.Recovered]]


def main(asked: Sequence[str]) -> None:
    """Measure what was asked for, or everything."""
    torch.set_num_threads(1)
    TO.mkdir(parents=True, exist_ok=True)
    whole = Labelled.of(wb.load(), "test", MORE)
    given = Labelled(whole.documents[:DOCUMENTS], whole.labels[:DOCUMENTS], whole.undecided[:DOCUMENTS])
    print("Held-out documents; every choice on half of them, every number on the other half.\n", flush=True)
    measures = {
        "completeness": completeness,
        "concepts": concepts,
        "universality": universality,
        "splitting": splitting,
    }
    for name, measure in measures.items():
        if not asked or name in asked:
            _told(name, measure, whole if name == "completeness" else given)


def _told(name: str, measure: object, given: Labelled) -> None:
    """Print one table and keep it."""
    begun = time.perf_counter()
    rows = measure(given)
    pd.DataFrame(rows).to_csv(TO / f"{name}.csv", index=False)
    tokens = sum(map(len, given.labels))
    print(
        f"## {name} ({grouped(len(given.labels))} documents, {grouped(tokens)} tokens)\n\n{markdown(rows)}\n",
        flush=True,
    )
    print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)


def markdown(rows: Table) -> str:
    """A table in Markdown."""
    head = list(rows[0])
    lines = [head, ["-"] * len(head), *([str(row.get(name, "")) for name in head] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# ---------------------------------------------------------------- concepts


def recovered(given: Labelled) -> Found:
    """Of every kind of unit the best for each concept, tokens inside a mention left open."""
    model, untrained = wb.load(), wb.world.untrained()
    asked = {name: (model, wb.decompose.load(name)) for name in WIDTHS}
    asked |= {
        "neurons up to the site": (model, wb.decompose.neurons(model, ["mlp_act.0", "mlp_act.1"], side="both")),
        "all neurons": (model, wb.decompose.neurons(model, "mlp_act.*", side="both")),
        "untrained: all neurons": (untrained, wb.decompose.neurons(untrained, "mlp_act.*", side="both")),
    }
    if UNTRAINED.exists():
        asked["untrained: dictionary"] = untrained, wb.decompose.load(UNTRAINED)
    found = {name: _best(which, dictionary, given, name) for name, (which, dictionary) in asked.items()}
    _each(found).to_csv(TO / "concepts_each.csv", index=False)
    return found


def _best(
    model: wb.Model, dictionary: wb.decompose.Dictionary, given: Labelled, name: str
) -> dict[str, wb.decompose.Recovered]:
    begun = time.perf_counter()
    some = wb.decompose.recover(model, dictionary, given.texts, given.labels, undecided=given.undecided, floor=False)
    print(f"{name}: {len(some)} concepts, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return {one.concept: one for one in some}


def _each(found: Found) -> pd.DataFrame:
    """A row for each concept: its best unit of every kind and what it scores."""
    known, rows = wb.world.concepts(), []
    for name in sorted(set().union(*found.values())):
        row: dict[str, object] = {"concept": name, "kind": known[name].kind}
        for who, some in found.items():
            if name in some:
                row |= {f"F1 {who}": round(some[name].f1.value, 4), f"unit {who}": some[name].feature}
        rows.append(row)
    return pd.DataFrame(rows)


def measured() -> pd.DataFrame:
    """What the dictionaries' card measured of every concept on 8,000 documents."""
    return pd.read_csv(DICTIONARIES / "concepts.csv").set_index("concept")


def concepts(given: Labelled) -> Table:
    """Mean F1 of the best unit by kind of concept, over the concepts that everybody was asked for."""
    found = recovered(given)
    known, before = wb.world.concepts(), measured()
    columns = {who: {name: one.f1.value for name, one in some.items()} for who, some in found.items()}
    for who in ("random", "probe"):
        columns["random directions" if who == "random" else "linear probe"] = (
            before[f"F1 {who}, {WAY}"].dropna().to_dict()
        )
    often = set(before.index[before["in training"] >= OFTEN])
    common = sorted(often.intersection(*columns.values()))
    groups = {kind: [name for name in common if known[name].kind == kind] for kind in wb.world.meanings.CONCEPT_KINDS}
    groups["all"] = common
    rows: Table = []
    for kind, names in groups.items():
        if names:
            row: dict[str, object] = {"concepts": kind, "n": len(names)}
            rows.append(row | {who: _short(mean([f1[name] for name in names])) for who, f1 in columns.items()})
    wins = [columns["atlas-x16"][name] > columns["all neurons"][name] for name in common]
    gap = mean([columns["atlas-x16"][name] - columns["all neurons"][name] for name in common])
    print(f"atlas-x16 above the best of all neurons: {wb.estimates.share(wins)}; by {gap}\n")
    return rows


def _short(one: Estimate) -> str:
    return digits(one.value) + (f" [{digits(one.low)}, {digits(one.high)}]" if one.n > 1 else "")


# ---------------------------------------------------------------- universality


def universality(given: Labelled) -> Table:
    """The median correlation with the best match in the twin, for features, neurons and what stands beside them."""
    a, b, texts = wb.load(), wb.load("atlas-b"), given.texts
    sae, twin = wb.decompose.load("atlas-x16"), wb.decompose.load("atlas-b-x16")
    random = [wb.decompose.random_directions(model, one, texts[:500]) for model, one in ((a, sae), (b, twin))]

    def mlp(model: wb.Model, at: str) -> wb.decompose.Dictionary:
        return wb.decompose.neurons(model, at, side="both")

    asked = {
        "features, atlas → atlas-b": (a, sae, b, twin, True),
        "features, atlas-b → atlas": (b, twin, a, sae, True),
        "neurons of the same layer (mlp_act.1)": (a, mlp(a, "mlp_act.1"), b, mlp(b, "mlp_act.1"), True),
        "neurons of all layers": (a, mlp(a, "mlp_act.*"), b, mlp(b, "mlp_act.*"), False),
        "features → random directions of atlas-b": (a, sae, b, random[1], True),
        "random directions → random directions": (a, random[0], b, random[1], True),
        "neurons of all layers → features": (a, mlp(a, "mlp_act.*"), b, twin, False),
    }
    rows: Table = []
    for name, (one, its, other, others, control) in asked.items():
        found = wb.explore.best_matches(one, its, other, others, texts, control=control)
        high = wb.estimates.share((found.r[found.asked] > 0.7).tolist())
        rows.append(
            {"between": name, "median r": found.median, "by chance": found.chance or "–", "r > .7": high}
            | {"tokens": grouped(found.tokens)}
        )
    rows.insert(
        4, {"between": "neurons of the same layer, whole values, either sign of r", "median r": signed(a, b, texts)}
    )
    paper = [{"between": f"in the paper: {who}", "median r": value} for who, value in PAPER.items()]
    return rows + paper


def signed(a: wb.Model, b: wb.Model, texts: Sequence[str], at: str = "mlp_act.1") -> Estimate:
    """The same for whole values of neurons, negative ones too, by |r|: chosen on every other text, then measured."""
    halves = []
    for some in (texts[::2], texts[1::2]):
        x, y = (_standard(_flat(model, some, at)) for model in (a, b))
        halves.append(x.T @ y / len(x))
    match = halves[0].abs().argmax(1)
    return median(
        (halves[1][torch.arange(len(match)), match] * halves[0].gather(1, match[:, None])[:, 0].sign()).tolist()
    )


def _flat(model: wb.Model, texts: Sequence[str], at: str) -> torch.Tensor:
    ordered = sorted(texts, key=len)
    parts: Iterable[Sequence[str]] = (ordered[start : start + 64] for start in range(0, len(ordered), 64))
    return torch.cat([wb.record.activations(model, part, at=at).flat(at).float() for part in parts])


def _standard(x: torch.Tensor) -> torch.Tensor:
    return (x - x.mean(0)) / x.std(0).clamp(min=1e-9)


# ---------------------------------------------------------------- splitting, completeness


def splitting(given: Labelled) -> Table:
    """How the features of each width divide in the next, and whether random directions would be children too."""
    model = wb.load()
    dictionaries = [wb.decompose.load(name) for name in WIDTHS]
    families = wb.explore.splitting(model, dictionaries, given.texts, labels=given.labels, undecided=given.undecided)
    random = wb.decompose.random_directions(model, dictionaries[1], given.texts[:500])
    control = wb.explore.splitting(model, [dictionaries[0], random], given.texts).summary()
    columns = [families.summary(0), families.summary(1)]
    names = [f"{one} → {other}" for one, other in pairwise(WIDTHS)]
    for feature in families.most_divided(most=3):
        print(families.tree(feature).head(14).round(3).to_string(index=False), "\n")
    return [
        {"of features": measure}
        | {name: one[measure] for name, one in zip(names, columns, strict=True)}
        | {"atlas-x4 → random directions": control.get(measure, "")}
        for measure in columns[0]
    ]


def completeness(given: Labelled) -> Table:
    """How often a concept must occur to have a feature, by width."""
    known, before = wb.world.concepts(), measured()
    share = (before["in training"] / wb.decompose.load().provenance["tokens"]).loc[lambda share: share > 0]
    found, alive = {}, {}
    for name in WIDTHS:
        sae = wb.decompose.load(name)
        alive[name] = int((sae.density > 0).sum())
        some = _best(wb.load(), sae, given, name)
        found[alive[name]] = [one for one in some.values() if one.concept in share.index]
    whole = wb.explore.completeness(found, share.to_dict(), bars=BARS)
    f1 = {name: whole.f1[n] for name, n in alive.items()}
    each = pd.DataFrame({"concept": whole.concepts, "kind": [known[name].kind for name in whole.concepts]} | f1)
    each.insert(2, "in training", [int(before["in training"][name]) for name in whole.concepts])
    each.round(3).to_csv(DICTIONARIES / "by_width.csv", index=False)
    return _fitted(each.set_index("concept"), share, alive)


def _fitted(each: pd.DataFrame, share: pd.Series, alive: dict[str, int]) -> Table:
    """Of concepts that have a name, and of all."""
    rows: Table = []
    for who, some in {"entity, word": each[each.kind.isin(["entity", "word"])], "all": each}.items():
        made = wb.explore.completeness(
            {n: some[name].to_dict() for name, n in alive.items()}, share.to_dict(), bars=BARS
        )
        for row in made.table().to_dict("records"):
            points = made.bins(row["F1 at least"], row["alive features"])
            binned = "; ".join(f"{digits(p * row['alive features'])}: {digits(one.value)}" for p, one in points)
            rows.append({"concepts": who} | row | {"share by frequency × alive features": binned})
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
