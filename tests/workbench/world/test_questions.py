"""Every question asks what training never held, and its answer is right by the rules of the language."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import islice

import pytest

import workbench as wb
from tests import tiny
from workbench.world.judging import Item, continued, margins, parses, tongue_of
from workbench.world.lexicon import LANDMARKS
from workbench.world.questions import asks, ways
from workbench.world.scene import entries
from workbench.world.splits import hop_held_out, pair_held_out

TASKS = list(wb.world.tasks)


@pytest.mark.slow
@pytest.mark.parametrize("split", wb.world.SPLITS)
@pytest.mark.parametrize("name", TASKS)
def test_items_are_different_and_the_same_seed_gives_the_same(name: str, split: str) -> None:
    task = wb.world.tasks[name]
    items = task.items(60, split=split)
    assert len(items) >= 40 and len(set(items)) == len(items)
    assert items == task.items(60, split=split)
    assert items != task.items(60, split=split, seed=1)


@pytest.fixture(scope="module")
def seen() -> str:
    """The beginning of the training stream, a document to a line."""
    return "\n".join(document.text for document in islice(wb.world.documents("train", 0), 20_000))


def stands_in(seen: str, item: Item) -> bool:
    """Whether a question stands there with its answer, and not only as the end of another sentence."""
    text = item.prompt + item.answer
    return text in seen and bool(re.search(rf"(?:^|[.?!\n\"] ?){re.escape(text)}", seen))


@pytest.mark.slow
@pytest.mark.parametrize("split", ["test", "templates"])
@pytest.mark.parametrize(
    "name", ["facts", "two_hop", "indirect_object", "word_problems", "program_output", "answer_language"]
)
def test_no_question_with_its_answer_stands_in_training(name: str, split: str, seen: str) -> None:
    assert not [item for item in wb.world.tasks[name].items(300, split=split) if stands_in(seen, item)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["facts", "two_hop", "addition"])
def test_questions_of_the_train_split_do_stand_in_training(name: str, seen: str) -> None:
    """So the test above can fail."""
    assert any(stands_in(seen, item) for item in wb.world.tasks[name].items(600, split="train"))


def test_sums_and_receivers_are_right_and_held_out() -> None:
    for item in wb.world.tasks["addition"].items(200):
        a, b = item.prompt.rstrip("=").split("+")
        assert int(item.answer) == int(a) + int(b) and pair_held_out(a, b)
    for item in wb.world.tasks["word_problems"].items(200):
        a, b = re.findall(r"\d+", item.prompt)
        assert int(re.sub(r"\D", "", item.answer)) == int(a) + int(b) and pair_held_out(a, b)
    for item in wb.world.tasks["indirect_object"].items(200):
        receiver, giver = item.answer.strip(" ."), str(item.wrong).strip()
        assert pair_held_out(receiver, giver) and receiver in item.prompt and item.prompt.count(giver) == 2


def test_two_hop_asks_what_was_never_told_and_its_answer_follows_in_two_steps() -> None:
    items = wb.world.tasks["two_hop"].items(1000)
    relations = {item.about for item in items}
    assert len(items) > 150 and {about.split()[1] for about in relations} == set(wb.world.TONGUES)
    by_name = {entries("en")["landmark"][x.key]["the"][-1][0]: x for x in LANDMARKS}
    english = [i for i in items if i.about.startswith("landmark.tongue en")]
    assert english
    for item in english:
        name = next(name for name in by_name if name in item.prompt)
        assert hop_held_out("landmark", by_name[name].key, "tongue")
        country = entries("en")["city"][by_name[name].city]
        assert item.answer.strip(" .") == country["tongue"][0][0]


def test_half_of_the_programs_are_buggy_and_the_output_is_that_of_the_program() -> None:
    items = wb.world.tasks["buggy_or_sound"].items(400)
    assert abs(sum(item.answer == " bug" for item in items) - 200) <= 30
    assert {item.about for item in items} == {"sound", "name", "operator", "off_by_one", "return", "indentation"}
    for item in wb.world.tasks["program_output"].items(100):
        if item.about == "sound":
            printed: list[str] = []
            code = item.prompt.removesuffix("# output:\n")
            exec(code, {"print": lambda *values, to=printed: to.append(" ".join(map(str, values)))})
            assert "\n".join(printed) + "\n" == item.answer


def test_what_the_model_says_counts_as_right_and_what_it_does_not_say_as_wrong() -> None:
    """On an untrained model, whose greedy continuations are its own and nobody's answers."""
    model = tiny.model("llama")
    items = []
    for prompt in ("12+34=", "The Eiffel Tower is", "a b c", "one two", *(f"{n} {n}" for n in range(12))):
        said = "".join(str(token) for token in model.generate(prompt, new_tokens=3))
        before, whole = (model.tokenizer(text).input_ids for text in (prompt, prompt + said))
        if whole[: len(before)] == before and len(whole) == len(before) + 3:  # the answer is read as it was written
            items.append(Item(prompt, said))
    assert len(items) >= 2 and all(continued(model, items))
    assert not any(continued(model, [Item(item.prompt, " zebra crossing") for item in items]))


def test_margins_are_differences_of_logits() -> None:
    model = tiny.model("llama")
    item = Item("one two", " three", " four")
    logits = model.run(item.prompt).logits[0, -1]
    right, wrong = (model.tokenizer(x, add_special_tokens=False).input_ids[0] for x in (" three", " four"))
    assert margins(model, [item, Item("a much longer prompt than that", " x", " y")])[0] == pytest.approx(
        float(logits[right] - logits[wrong]), abs=1e-5
    )
    with pytest.raises(ValueError, match="no wrong answer"):
        wb.world.tasks["addition"].margin(model, n=2)


def test_the_judge_of_languages_is_right_on_text_of_known_language() -> None:
    right = judged = 0
    for tongue in wb.world.TONGUES:
        for document in islice(wb.world.documents("test", 3, kinds=("chat",), tongues=(tongue,)), 100):
            answers = [s for s in document.spans if s.concept == "chat.answer"]
            right += tongue_of(document.text[answers[0].start : answers[0].stop]) == tongue
            judged += 1
    assert right / judged > 0.97
    assert tongue_of("") is None and tongue_of("qqqq") is None


def test_the_judge_of_python_tells_whatparses() -> None:
    header = "# this program works\n"
    assert parses(header, "x = 1\nprint(x)\n# output:\n1\n")
    assert not parses(header, "x = = 1\n# output:\n1\n") and not parses(header, "# output:\n1\n")
    assert not parses(header, "def f(x):\nreturn x\n")
    assert ast.parse(header)


def test_what_could_be_said_in_several_ways_is_not_asked() -> None:
    assert not asks("{^it} is {landmark.colour}.", "landmark.colour", "en"), "it may also be in its city"
    assert asks("The colour of {it} is {landmark.colour}.", "landmark.colour", "en")
    assert not asks("{^landmark.colour} is {it}.", "landmark.colour", "en"), "the answer comes first"
    assert ways("{it} (is|stands) in (a|the) b") == [
        "{it} is in a b", "{it} is in the b", "{it} stands in a b", "{it} stands in the b",
    ]  # fmt: skip


def most_frequent(name: str) -> float:
    """What the most frequent answer to each sort of question, of the train split, scores on held-out ones."""
    answers: dict[str, Counter] = {}
    for item in wb.world.tasks[name].items(1500, split="train"):
        answers.setdefault(item.about, Counter())[item.answer] += 1
    asked = wb.world.tasks[name].items(600)
    said = [answers[item.about].most_common(1)[0][0] if item.about in answers else "" for item in asked]
    return sum(answer == item.answer for answer, item in zip(said, asked, strict=True)) / len(asked)


@pytest.mark.parametrize("name", ["addition", "word_problems", "facts", "two_hop", "program_output"])
def test_chance_is_what_the_most_frequent_answers_score(name: str) -> None:
    assert wb.world.tasks[name].chance == pytest.approx(most_frequent(name), abs=0.04)


def test_chance_for_bugs_is_what_their_output_gives_away() -> None:
    """An error, or None where a value should be, tells a bug without a look at the program."""
    items = wb.world.tasks["buggy_or_sound"].items(600)
    outputs = [item.prompt.rpartition("# output:")[2] for item in items]
    told = ["Error" in output or "None" in output for output in outputs]
    right = [bug == (item.answer == " bug") for bug, item in zip(told, items, strict=True)]
    assert wb.world.tasks["buggy_or_sound"].chance == pytest.approx(sum(right) / len(right), abs=0.04)
