"""The language says what its labels say, repeats with its seed, and keeps its splits apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations, islice

import pytest

import workbench as wb
from workbench.world.entities import LANDMARKS, NAMES
from workbench.world.language import held_out, pair_held_out
from workbench.world.tokenizer import train_tokenizer

N = 3000


@pytest.fixture(scope="module", params=wb.world.SPLITS)
def split(request: pytest.FixtureRequest) -> str:
    return request.param


def stream(split: str, seed: int = 0, **options: object) -> list[wb.world.Document]:
    return list(islice(wb.world.documents(split, seed, **options), N))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_documents_from_anywhere() -> None:
    first = stream("train")
    assert first == stream("train") and first[500:] == stream("train", start=500)[: N - 500]
    assert first != stream("train", seed=1)


def test_every_span_covers_the_words_of_its_concept(split: str) -> None:
    said: dict[str, set[str]] = {}
    for document in stream(split):
        for span in document.spans:
            assert 0 <= span.start < span.stop <= len(document.text)
            said.setdefault(span.concept, set()).add(document.text[span.start : span.stop])
    for landmark in LANDMARKS:
        assert said[f"landmark.{landmark.key}"] <= {landmark.name, *landmark.paraphrases} | {
            p[0].upper() + p[1:] for p in landmark.paraphrases
        }
    assert said["person.receiver"] <= set(NAMES)
    assert all(number.isdigit() for number in said["sum"] | said["operand"])


def test_every_concept_is_listed(split: str) -> None:
    assert {span.concept for document in stream(split) for span in document.spans} <= set(wb.world.concepts())


@pytest.mark.slow
def test_every_sum_is_right_and_every_receiver_is_the_other_person(split: str) -> None:
    sums = 0
    for document in stream(split, kinds=("addition",))[:300]:
        for a, b, total in re.findall(r"(\d+)\+(\d+)=(\d+)\n", document.text):
            assert int(a) + int(b) == int(total)
            sums += 1
    assert sums > 1000
    for document in stream(split, kinds=("indirect_object",)):
        roles = {s.concept: document.text[s.start : s.stop] for s in document.spans}
        assert roles["person.giver"] != roles["person.receiver"]


@pytest.mark.slow
def test_pairs_of_one_split_never_occur_in_the_other(split: str) -> None:
    for document in stream(split, kinds=("addition", "word_problem")):
        words = [document.text[s.start : s.stop] for s in document.spans if s.concept == "operand"]
        for a, b in zip(words[::2], words[1::2], strict=True):
            assert pair_held_out(a, b) == (split == "test")
    for document in islice(wb.world.documents(split, 0), 8000):
        names = {document.text[s.start : s.stop] for s in document.spans if s.concept == "person"}
        held = [pair_held_out(a, b) for a, b in combinations(names, 2)]
        assert not any(held) if split == "train" else any(held) or not held


def test_every_name_is_labelled_as_a_person(split: str) -> None:
    for document in stream(split):
        labelled = {document.text[s.start : s.stop] for s in document.spans if s.concept == "person"}
        said = set(re.findall(rf"\b(?:{'|'.join(NAMES)})\b", document.text.replace("Big Ben", "")))
        assert said == labelled


@pytest.mark.slow
def test_questions_of_a_task_use_only_what_training_never_showed() -> None:
    for item in wb.world.tasks["indirect_object"].items(200):
        assert pair_held_out(item.answer.strip(), item.wrong.strip())
    for item in wb.world.tasks["addition"].items(200):
        assert pair_held_out(*item.prompt.rstrip("=").split("+"))
    seen = "\n".join(document.text for document in islice(wb.world.documents("train", 0), 20_000))
    for item in wb.world.tasks["landmark_city"].items():
        assert item.prompt + item.answer not in seen


def test_each_split_holds_about_its_share() -> None:
    share = sum(held_out("x", i) for i in range(8000)) / 8000
    assert abs(share - 1 / 8) < 0.02


def test_labels_fall_on_the_tokens_that_carry_them() -> None:
    tokenizer = train_tokenizer(vocabulary=600, n_documents=2000)
    for document in stream("train")[:200]:
        coded = tokenizer(document.text, add_special_tokens=False, return_offsets_mapping=True)
        labels = document.labels(coded.offset_mapping)
        assert len(labels) == len(coded.input_ids)
        for span in document.spans:
            covered = [i for i, names in enumerate(labels) if span.concept in names]
            assert covered and document.text[span.start : span.stop] in tokenizer.decode(
                coded.input_ids[covered[0] : covered[-1] + 1]
            )


def test_digits_stand_alone_and_any_unicode_round_trips() -> None:
    tokenizer = train_tokenizer(vocabulary=600, n_documents=2000)
    assert [tokenizer.decode(i) for i in tokenizer("12+34", add_special_tokens=False).input_ids] == list("12+34")
    for text in ("eel 鰻 🌉", "مرحبا", "a\u200bb\x00\x7f", "  two  spaces\n\n\ttab", "🏳️‍🌈"):
        ids = tokenizer(text).input_ids
        assert ids[0] == tokenizer.bos_token_id
        assert tokenizer.decode(ids, skip_special_tokens=True) == text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wb.world.documents("dev"), "no split 'dev'; there are: train, test"),
        (lambda: wb.world.documents(kinds=("poem",)), "no kind of document 'poem'; there are: indirect_object"),
        (lambda: wb.world.tasks["addition"].items(split="dev"), "no split 'dev'"),
        (lambda: wb.world.tasks["chess"], "no task 'chess'; there are: indirect_object, addition"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(call: Callable, message: str) -> None:
    with pytest.raises((ValueError, KeyError), match=message):
        call()
