"""The workbench holds on a model that nobody here trained (stories260k), where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from reference import forward_hooks

import workbench as wb

SHARED = Path(__file__).parents[3] / "shared"
STORIES = SHARED / "models" / "stories260k"

pytestmark = pytest.mark.skipif(
    not STORIES.exists(), reason=f"no model in {STORIES.name}: it is not part of the project"
)


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.load(STORIES)


def test_it_goes_on_as_its_makers_say(model: wb.Model) -> None:
    text = "".join(map(str, model.generate("Once upon a time", new_tokens=40)))
    assert text.startswith(", there was a little girl named Lily. She loved to play outside in the park.")


def test_every_site_equals_plain_hooks(model: wb.Model) -> None:
    run = model.run("Once upon a time there was a dog.", at=model.sites())
    want = forward_hooks.record(model.hf, run.tokens.ids, model.n_heads)
    for site, value in run.sites.items():
        torch.testing.assert_close(value, want[site], atol=1e-6, rtol=1e-6)


def test_pieces_and_streamed_text_keep_the_space_before_a_word(model: wb.Model) -> None:
    assert "".join(model.tokens("Once upon a time").pieces[0][1:]).strip() == "Once upon a time"
    streamed = "".join(map(str, model.generate("One day", new_tokens=12)))
    ids = [token.id for token in model.generate("One day", new_tokens=12)]
    prompt = model.tokens("One day").ids[0].tolist()
    whole = model.tokenizer.decode(prompt + ids, skip_special_tokens=True)
    assert whole == "One day" + streamed


@pytest.mark.slow
def test_a_dictionary_trains_on_real_text_and_beats_its_floor(model: wb.Model) -> None:
    texts = [text[:300] for text in json.loads((SHARED / "text" / "tinystories_1000.json").read_text())]
    recording = wb.record.activations(model, texts[:150], at="resid_post.2")
    rows = recording["resid_post.2"][recording.tokens.places.index > 0]
    settings = {"width": 256, "k": 16, "steps": 400, "batch": 512, "learning_rate": 3e-3}
    sae = wb.decompose.train(rows, "batch_topk", at="resid_post.2", **settings).finish()
    card = wb.decompose.score(model, sae, texts[900:930])
    floor = card.floors["random directions"]
    assert card.explained_variance.low > 0.7 > floor.explained_variance.high
    assert card.ce_recovered_mean.low > floor.ce_recovered_mean.high
    assert wb.decompose.check(model, sae, texts[900:930])
