"""The bar: one feature for the Golden Gate Bridge, named or paraphrased, in four languages, and for no other bridge.

The feature and its threshold come from documents of training; what is measured are documents of the split "test",
in which a thing, a sentence and the way the thing is named meet as they never did in training. A positive speaks of
the bridge in one way only, and only the tokens of its mentions count. A distractor never speaks of it; all its
tokens count. `python tests/golden_gate.py` measures every shipped dictionary of atlas.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import workbench as wb

BRIDGE = "landmark.golden_gate_bridge"
WAYS = ("name", "paraphrase")
OTHERS = ("Sydney Harbour Bridge", "another bridge", "another landmark", "its city")
BRIDGES = {f"landmark.{key}" for key in ("brooklyn_bridge", "tower_bridge", "rialto_bridge")}
DICTIONARIES = ("atlas-x4", "atlas-x16", "atlas-x32", *(f"atlas-transcoder-{layer}" for layer in range(4)))


@dataclass(frozen=True)
class Texts:
    """Texts of one split, with the language and the way of each."""

    drawn: wb.explore.Drawn
    tongues: tuple[list[str], list[str]]
    ways: tuple[list[str], list[str]]


def texts(model: wb.Model, split: str, n: int, seed: int, without: Collection[str] = ()) -> Texts:
    """n texts for every language and way, none of them among some."""
    found = [
        (tongue, *one)
        for tongue in wb.world.TONGUES
        for one in _in_one_tongue(model, split, n, seed, tongue, frozenset(without))
    ]
    yes, no = ([one for one in found if (one[1] in WAYS) == has] for has in (True, False))
    kinds = [[[one[column] for one in kind] for kind in (yes, no)] for column in range(4)]
    tongues, ways, said, where = kinds
    drawn = wb.explore.Drawn(BRIDGE, *map(tuple, said), where=tuple(map(tuple, where)), numbers=((), ()))
    return Texts(drawn, tuple(tongues), tuple(ways))


def _in_one_tongue(model: wb.Model, split: str, n: int, seed: int, tongue: str, without: frozenset[str]) -> list[tuple]:
    held: dict[str, dict[str, tuple[int, ...] | None]] = {way: {} for way in (*WAYS, *OTHERS)}
    for document in wb.world.documents(split, seed, kinds=("facts", "story"), tongues=(tongue,)):
        concepts = {span.concept for span in document.spans}
        if document.text in without or not any(name.startswith(("landmark.", "city.san_fran")) for name in concepts):
            continue
        way, where = _way(wb.world.labels(model, document), concepts)
        if way and len(held[way]) < n and len(model.tokenizer(document.text).input_ids) < model.context:
            held[way][document.text] = where
        if all(len(some) == n for some in held.values()):
            break
    return [(way, text, where) for way, some in held.items() for text, where in some.items()]


def _way(labels: list[frozenset[str]], concepts: set[str]) -> tuple[str, tuple[int, ...] | None]:
    """How a text speaks of the bridge and where, or what else it speaks of; "" for both ways at once."""
    if BRIDGE in concepts:
        mentions = [(place, here) for place, here in enumerate(labels) if BRIDGE in here and "pronoun" not in here]
        ways = {"paraphrase" if "paraphrase" in here else "name" for _, here in mentions}
        return (ways.pop(), tuple(place for place, _ in mentions)) if len(ways) == 1 else ("", None)
    if "city.san_francisco" in concepts:
        return "its city", None
    if "landmark.sydney_harbour_bridge" in concepts:
        return "Sydney Harbour Bridge", None
    return ("another bridge" if concepts & BRIDGES else "another landmark"), None


def measure(model: wb.Model, sae: wb.decompose.Dictionary, fit: Texts, held: Texts) -> wb.explore.Claim:
    """The best feature on the fit texts, tested on the others."""
    found = wb.explore.find(model, sae, fit.drawn.positives, fit.drawn.distractors, where=fit.drawn.where, most=1)
    return wb.explore.test(
        model, sae, int(found.feature[0]), fit=fit.drawn, threshold="fit",
        positives=held.drawn.positives, distractors=held.drawn.distractors, where=held.drawn.where,
    )  # fmt: skip


def both(model: wb.Model, n: int) -> tuple[Texts, Texts]:
    """Texts of training to choose on, and held-out ones to measure on."""
    fit = texts(model, "train", n, 11)
    return fit, texts(model, "test", n, 12, without={*fit.drawn.positives, *fit.drawn.distractors})


def report(n: int = 100) -> Iterator[str]:
    """What holds, for every shipped dictionary, line by line."""
    model = wb.load()
    fit, held = both(model, n)
    for name in DICTIONARIES:
        claim = measure(model, wb.decompose.load(name), fit, held)
        yield f"\n## {name}\n\n{claim}"
        for tongue, one in claim.by(*held.tongues).items():
            behind = ", ".join(f"{kind} {rival.auroc}" for kind, rival in one.controls.items())
            yield f"{tongue}: fires on {one.sensitivity}, silent on {one.specificity}, AUROC {one.auroc} ({behind})"
        ways = [f"{tongue} {way}" for tongue, way in zip(held.tongues[0], held.ways[0], strict=True)]
        for who in (claim.measured, claim.controls["neuron"]):
            yield f"  {who.name}"
            for way, one in shares([v > who.threshold for v in who.positives], ways).items():
                yield f"    {way}: fires on {one}"
            for way, one in shares([v <= who.threshold for v in who.distractors], held.ways[1]).items():
                yield f"    {way}: silent on {one}"


def shares(hits: list[bool], ways: list[str]) -> dict[str, wb.estimates.Estimate]:
    """The share of hits for each way."""
    parts = {way: [hit for hit, here in zip(hits, ways, strict=True) if here == way] for way in dict.fromkeys(ways)}
    return {way: wb.estimates.proportion(sum(part), len(part)) for way, part in parts.items()}


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
