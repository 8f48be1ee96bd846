"""Scores the shipped models and dictionary and writes their cards, so that no figure in them is typed by hand.

python tools/cards.py [model] [language] [dictionary]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import dictionary_card
import torch

import workbench as wb
from workbench.estimates import digits, grouped
from workbench.world.contrasts import PAIRS
from workbench.world.failures import verify, yields
from workbench.world.probes import forms

ASSETS = Path(wb.__file__).parent / "assets"
N = 1000
SLOW = {"python_parses": 300, "answer_language": 300}
SAMPLED = 30_000


def main(asked: list[str]) -> None:
    """Score, then write each card beside what it is about."""
    torch.set_num_threads(1)
    for name, (card, folder, file) in CARDS.items():
        if not asked or name in asked:
            (ASSETS / folder / file).write_text(card(), encoding="utf-8")


def model_card() -> str:
    """What the models are, how they were made, what they can do, represent, and fail at."""
    models = {"atlas": wb.load(), "atlas-b": wb.load("atlas-b"), "atlas-random": wb.world.untrained()}
    about = {name: json.loads((ASSETS / name / "training.json").read_text()) for name in ("atlas", "atlas-b")}
    recipe, atlas = about["atlas"]["recipe"], models["atlas"]
    parameters = sum(p.numel() for p in atlas.hf.parameters())
    margin = wb.world.tasks["indirect_object"].margin(atlas, n=N)
    trained = "\n".join(
        f"| {name} | {a['recipe']['seed']} | {grouped(a['tokens'])} | {grouped(a['recipe']['steps'])} "
        f"| {a['seconds'] / 60:.0f} |"
        for name, a in about.items()
    )
    losses = "; ".join(f"{name} {_held_out_loss(model)}" for name, model in models.items())
    return f"""# atlas

A Llama-shaped transformer that this project trained on a language that it generates (see `LANGUAGE.md`). {grouped(parameters)} parameters: {recipe["layers"]} layers, {recipe["heads"]} heads, d_model {recipe["d_model"]}, MLP {recipe["d_mlp"]}, vocabulary {atlas.config.vocab_size} (byte-level BPE, digits single), context {recipe["context"]}. Weights in fp16; loaded as fp32. `atlas-b` is the same recipe with another seed, on other documents; `atlas-random` (`wb.world.untrained()`) is atlas before its first step.

## What it can do

Held-out questions: pairs of people who never met, operands never added, an entity in a sentence where it never stood, facts of a place that were told in no language, programs never shown. The last column asks atlas in sentences that training never used. Share right [95 % interval], n.

| task | bar | atlas | atlas-b | atlas-random | chance | atlas, new sentences |
|-|-|-|-|-|-|-|
{_tasks(models)}

{_by_sort(atlas)}

Mean logit difference between receiver and giver (indirect_object): {margin}; the bar is 3.

## What it represents

Linear probes (Fisher's discriminant) on `resid_post.1`, learnt on training documents and scored on held-out ones, for every concept of the language; tokens that follow an act, where words may name it, are left out for abstract concepts.

{_probes(models)}

## Where it fails, and why

{_faults(atlas)}

## How it was made

| model | seed | tokens | steps | minutes |
|-|-|-|-|-|
{trained}

Next-token loss on held-out documents, nats per token (n documents): {losses}.

Loss of atlas on training batches, every tenth of the way: {_curve(about["atlas"]["loss"])}.

Made by `workbench world train --to workbench/assets/atlas`; the recipe and every loss are in `training.json`. Faults by `workbench world faults`. This card is written by `python tools/cards.py`.

Limits: it knows this language and nothing else. What it does with text from elsewhere means little.
"""


def _held_out_loss(model: wb.Model, n: int = 500) -> wb.estimates.Estimate:
    """The mean next-token loss of held-out documents, each counted once."""
    texts, losses = [document.text for document in islice(wb.world.documents("test", 0), n)], []
    for start in range(0, n, 50):
        run = model.run(texts[start : start + 50])
        ids, real = run.tokens.ids[:, 1:], run.tokens.mask[:, 1:]
        each = torch.nn.functional.cross_entropy(run.logits[:, :-1].transpose(1, 2), ids, reduction="none") * real
        losses += (each.sum(-1) / real.sum(-1)).tolist()
    return wb.estimates.mean(losses)


def _tasks(models: dict[str, wb.Model]) -> str:
    """The table; the figures go to `scores.json` too, with the hash of each model, where a test reads them."""
    rows = []
    figures: dict[str, dict] = {who: {"hash": model.hash, "tasks": {}} for who, model in models.items()}
    for name, task in wb.world.tasks.items():
        n = SLOW.get(name, N)
        scores = [task.score(model, n=n) for model in models.values()]
        for who, score in zip(models, scores, strict=True):
            figures[who]["tasks"][name] = asdict(score)
        new = "–" if name in SLOW or name == "addition" else task.score(models["atlas"], n=n, split="templates")
        met = "" if scores[0].value >= task.bar else " (missed)"
        rows.append(f"| {name} | {task.bar:g}{met} | " + " | ".join(map(str, scores)) + f" | {task.chance:g} | {new} |")
    _record(figures)
    return "\n".join(rows)


def _by_sort(model: wb.Model) -> str:
    """Programs by the sort of bug: some bugs show in the output, some only to somebody who reads the program."""
    said = []
    for name in ("program_output", "buggy_or_sound"):
        task = wb.world.tasks[name]
        items = task.items(N)
        verdicts = task.judge(model, items)
        sorts: dict[str, list[bool]] = {}
        for item, right in zip(items, verdicts, strict=True):
            sorts.setdefault(item.about, []).append(right)
        said.append(f"{name}: " + "; ".join(f"{sort} {wb.estimates.share(hits)}" for sort, hits in sorts.items()))
    return f"atlas by the sort of bug (an error in the output gives some away; an operator or a bound does not). {'. '.join(said)}."


def _record(figures: dict[str, dict]) -> None:
    """Add figures to `scores.json`, by model."""
    file = ASSETS / "atlas" / "scores.json"
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for who, new in figures.items():
        held[who] = held.get(who, {}) | new
    file.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def _probes(models: dict[str, wb.Model]) -> str:
    found = {name: {p.concept.name: p for p in wb.world.probe(models[name])} for name in ("atlas", "atlas-random")}
    abstract = [name for name, one in found["atlas"].items() if one.concept.abstract]
    kept = {
        name: {p.concept.name: p for p in wb.world.probe(models[name], only=abstract, split="templates")}
        for name in found
    }
    for who, some in found.items():
        figures = {name: asdict(p.auroc) for name, p in some.items()}
        twins = {name: asdict(p.twin) for name, p in some.items() if p.twin}
        unseen = {name: asdict(p.twin) for name, p in kept[who].items() if p.twin}
        figures = {"hash": models[who].hash, "all": figures, "twins": twins, "twins in new sentences": unseen}
        _record({who: {"probes": figures}})
    atlas, floor = found.values()
    declared = [name for name in wb.world.concepts() if name != "aftermath"]
    well = [sum(name in some and some[name].auroc.value >= 0.9 for name in declared) for some in (atlas, floor)]
    rows = "\n".join(
        f"| {name} | {atlas[name].auroc} | {digits(floor[name].auroc.value)} | {atlas[name].twin} "
        f"| {digits(floor[name].twin.value)} | {kept['atlas'][name].twin} "
        f"| {digits(kept['atlas-random'][name].twin.value)} |"
        for name in abstract
    )
    low = [f"{name} {digits(one.auroc.value)}" for name, one in atlas.items() if one.auroc.value < 0.9]
    rest = ", ".join(low + [f"{name} (in no held-out document)" for name in declared if name not in atlas])
    return f"""AUROC ≥ .90: {well[0]} of {len(declared)} concepts ({well[0] / len(declared):.1%}; the bar is 90 %) in atlas, {well[1]} ({well[1] / len(declared):.1%}) in atlas-random, where the token alone gives it away. Below it in atlas: {rest or "none"}.

The abstract concepts, and the same asked against the innocent twin alone, at the last token of what is told: with other people and things in sentences that training used (*against its twin*), and in sentences that it never used (*new sentences*). The bar concerns the first column, which the vocabulary of such scenes may reach; the second needs more, to tell the act from its twin; the third needs a concept that is more than a list of sentences. n counts documents, but of an abstract concept no more than there are forms to tell of it, in all languages: {_forms()}.

| concept | atlas | atlas-random | atlas, against its twin | atlas-random | atlas, new sentences | atlas-random |
|-|-|-|-|-|-|-|
{rows}"""


def _forms() -> str:
    """How many forms there are of the abstract concepts."""
    old, new = ([forms(concept, split) for concept in PAIRS] for split in ("test", "templates"))
    return f"{min(old)} to {max(old)}, and {min(new)} to {max(new)} that training never used"


def _faults(model: wb.Model) -> str:
    found = wb.world.faults()
    verdicts = verify(model, found)
    rows = []
    for cause, says in wb.world.CAUSES.items():
        here = [(f, v) for f, v in zip(found, verdicts, strict=True) if f.cause == cause]
        verified = sum(v.holds(cause) for _, v in here)
        without = sum(v.without for _, v in here) / len(here)
        kept = [v.kept for f, v in here if f.kept]
        control = f"{sum(kept) / len(kept):.2f}" if kept else "–"
        rows.append(f"| {cause} | {says} | {len(here)} | {verified} | {without:.2f} | {control} |")
    searched = "; ".join(
        f"{cause}: {grouped(row.built)} built, {grouped(row.looked)} of those that failed looked at, "
        f"{grouped(row.failed)} failed as predicted with their siblings right, and over all of these "
        f"{row.restored:.0%} came out right without the cause; {grouped(row.verified)} held up to all evidence"
        for cause, row in yields().items()
    )
    return f"""`wb.world.faults()` holds {len(found)} prompts that atlas gets wrong for a cause that was built in. Each was chosen because the evidence held, so the shares in the table are high by choice; what they were chosen from: {searched}.

| cause | | prompts | verified | right without the cause | right with it kept, the prompt changed elsewhere |
|-|-|-|-|-|-|
{chr(10).join(rows)}"""


def _curve(losses: list[list[float]]) -> str:
    steps = [losses[min(len(losses) - 1, round(i * (len(losses) - 1) / 10))][0] for i in range(11)]
    smooth = {
        step: sum(loss for at, loss in losses if abs(at - step) <= 200) / sum(abs(at - step) <= 200 for at, _ in losses)
        for step in steps
    }
    return ", ".join(f"{loss:.2f} at {grouped(int(step))}" for step, loss in smooth.items())


def language_card() -> str:
    """What the language holds: kinds of documents with samples, concepts by kind and frequency, splits."""
    model, concepts = wb.load(), wb.world.concepts()
    tokens: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    by_tongue: Counter[str] = Counter()
    total = 0
    samples: dict[str, list[str]] = {kind: [] for kind in wb.world.KINDS}
    for document in islice(wb.world.documents("train", 0), SAMPLED):
        labels = wb.world.labels(model, document)
        total += len(labels)
        by_kind[document.kind] += len(labels)
        by_tongue[document.tongue] += len(labels)
        for names in labels:
            tokens.update(names)
        if len(samples[document.kind]) < 5:
            samples[document.kind].append(document.text)
    kinds: dict[str, list[int]] = {}
    for name, concept in concepts.items():
        kinds.setdefault(concept.kind, []).append(tokens[name])
    rows = "\n".join(
        f"| {kind} | {len(counts)} | {max(counts) / total:.1e} | {sorted(counts)[len(counts) // 2] / total:.1e} "
        f"| {min(counts) / total:.1e} |"
        for kind, counts in sorted(kinds.items(), key=lambda item: -len(item[1]))
    )
    shares = "\n".join(f"| {kind} | {by_kind[kind] / total:.1%} |" for kind in wb.world.KINDS)
    told = "\n\n".join(
        f"### {kind}\n\n" + "\n".join(f"```text\n{text.rstrip()}\n```" for text in texts)
        for kind, texts in samples.items()
    )
    spread = max(tokens.values()) / min(tokens[name] for name in concepts)
    return f"""# The language

Generated by `wb.world.documents(split, seed)`: people, places, animals, dishes, numbers and programs, in English ({by_tongue["en"] / total:.0%} of tokens, code and equations among them), German ({by_tongue["de"] / total:.0%}), French ({by_tongue["fr"] / total:.0%}) and Spanish ({by_tongue["es"] / total:.0%}). Every character span carries its concepts; several may overlap. Figures: {grouped(SAMPLED)} documents of the training stream, {grouped(total)} tokens, {total / SAMPLED:.0f} per document.

Real text in it: {len(json.loads((ASSETS / "stdlib.json").read_text())["functions"])} functions from Python's own standard library (`stdlib.json`, Python Software Foundation Licence). Names of landmarks, presidents and their facts are of public knowledge, put simply; all people are first names.

## Concepts

{len(concepts)} concepts; the commonest is {spread:,.0f} times as frequent as the rarest. Share of tokens:

| kind | concepts | commonest | median | rarest |
|-|-|-|-|-|
{rows}

## Documents

| kind | share of tokens |
|-|-|
{shares}

## Splits

`train` never holds a held-out combination: pairs of people (one in eight), pairs of operands, an entity in a sentence, constants of a program, and facts two hops away (one in four, in no language). `test` is made of them. `templates` uses sentences that training never used. Some facts are told in no split, so that nothing can recall them.

## Five samples of each kind, as generated

{told}

This card is written by `python tools/cards.py`.
"""


CARDS: dict[str, tuple[Callable[[], str], str, str]] = {
    "model": (model_card, "atlas", "README.md"),
    "language": (language_card, "atlas", "LANGUAGE.md"),
    "dictionary": (dictionary_card.write, "dictionaries", "README.md"),
}


if __name__ == "__main__":
    main(sys.argv[1:])
