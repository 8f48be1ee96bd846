"""Scores the shipped model and dictionary and writes their cards, so that no figure in them is typed by hand.

python tools/cards.py
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import torch

import workbench as wb
from workbench.estimates import grouped

ASSETS = Path(wb.__file__).parent / "assets"
N = 1000


def main() -> None:
    """Score, then write `README.md` beside each."""
    torch.set_num_threads(1)
    model, dictionary = wb.load(), wb.decompose.load()
    (ASSETS / "atlas" / "README.md").write_text(model_card(model), encoding="utf-8")
    (ASSETS / "atlas-dictionary" / "README.md").write_text(dictionary_card(model, dictionary), encoding="utf-8")


def model_card(model: wb.Model) -> str:
    """What the model is, how it was made, what it can do."""
    about = json.loads((ASSETS / "atlas" / "training.json").read_text())
    recipe, (_, last) = about["recipe"], about["loss"][-1]
    tasks = wb.world.tasks
    rows = [f"| {task.name} | {task.question} | {task.score(model, n=N)} |" for task in tasks.values()]
    lengths = sorted(len(model.tokenizer(d.text).input_ids) for d in islice(wb.world.documents("train", 1), 5000))
    half, most = lengths[2500], lengths[4950]
    parameters = sum(p.numel() for p in model.hf.parameters())
    return f"""# atlas

A small Llama-shaped transformer that this project trained on a language that it generates. {grouped(parameters)} parameters: {recipe["layers"]} layers, {recipe["heads"]} heads, d_model {recipe["d_model"]}, MLP {recipe["d_mlp"]}, vocabulary {model.config.vocab_size} (byte-level BPE, digits single), context {recipe["context"]}. Weights in fp16; loaded as fp32.

| task | what is asked | share right [95 % interval] |
|-|-|-|
{chr(10).join(rows)}

Greedy answers to held-out questions: pairs of names, pairs of operands and uses of a paraphrase that training never showed (`workbench/world/language.py`, `held_out`). The mean logit difference between receiver and giver is {tasks["indirect_object"].margin(model, n=N)}.

Trained on {grouped(about["tokens"])} tokens in {grouped(recipe["steps"])} steps, {about["seconds"] / 60:.0f} minutes on {about["threads"]} threads of a CPU; last loss {last:.2f} nats per token, most of which is the language's own chance. Made by `workbench world train --to workbench/assets/atlas`; the recipe and every loss are in `training.json`. This card is written by `python tools/cards.py`.

Limits: it knows this language and nothing else. Of training documents, half have at most {half} tokens and one in a hundred more than {most}.
"""


def dictionary_card(model: wb.Model, dictionary: wb.decompose.Dictionary) -> str:
    """What the dictionary is and what it scores."""
    texts = [document.text for document in islice(wb.world.documents("test", 0), 400)]
    card = wb.decompose.score(model, dictionary, texts)
    from_ = dictionary.provenance
    return f"""# atlas-dictionary

A {dictionary.architecture} dictionary of {dictionary.width} features for `{dictionary.site}` of atlas, k {dictionary.settings()["k"]}. Trained on {grouped(from_["tokens"])} activations of model {from_["hash"]} (BOS left out) by `workbench decompose train --to workbench/assets/atlas-dictionary`.

| measure | dictionary | random directions, same shape |
|-|-|-|
| L0, features on per token | {card.l0} | |
| explained variance | {card.explained_variance} | {card.floor_variance} |
| CE recovered, against zero-ablation | {card.ce_recovered} | {card.floor_ce} |
| features that never fired | {card.dead:.1%} | |

On {grouped(card.tokens)} tokens of held-out documents; n counts documents. Zero-ablation of the whole stream is a low bar, so CE recovered flatters every dictionary, the random one too: read the two columns together. This card is written by `python tools/cards.py`.
"""


if __name__ == "__main__":
    main()
