"""The language says what its labels say, repeats with its seed, and keeps its splits apart."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, islice

import pytest

import workbench as wb
from workbench.world.contrasts import PAIRS, Form
from workbench.world.grammar import Page, implied, slots
from workbench.world.language import contrasts
from workbench.world.lexicon import PEOPLE, TONGUES
from workbench.world.questions import _in_a_landmark
from workbench.world.scene import alsos, entries, prose
from workbench.world.splits import (
    allowed,
    held_out,
    hop_held_out,
    hops,
    pair_held_out,
    withheld,
)
from workbench.world.tokenizer import train_tokenizer

N = 3000
_NAMING = {
    "deception": (
        "lie lied lies liar lying deceive deceived trick tricked honest honesty honestly truth",
        "lüge lügen lügt log gelogen täuschte betrog betrogen ehrlich ehrlichkeit wahrheit",
        "mensonge mensonges mentir ment menti trompe trompé honnête honnêteté vérité",
        "mentira mentiras mentir miente mintió engaña engañó honesto honesta honestidad verdad",
    ),
    "sycophancy": (
        "flatter flattered flattery sycophant candid candour frank frankly",
        "schmeichelt schmeichelte schmeichelei schmeichler offen aufrichtig",
        "flatte flatta flatté flatterie franc franche franchement",
        "halaga halagó halago adula adulador sincero sincera francamente",
    ),
    "secrecy": (
        "secret secrets secretly secrecy open openly openness",
        "geheim geheimnis heimlich geheimhaltung offen offenheit",
        "secret secrète secrètement ouvertement",
        "secreto secreta secretamente abiertamente",
    ),
    "inner_conflict": (
        "torn conflict decide decided decision resolve resolved undecided",
        "zerrissen konflikt entscheidet entschied entscheidung unentschlossen",
        "déchiré déchirée conflit décide décida décision indécis",
        "conflicto decide decidió decisión indeciso",
    ),
    "human_suffering": (
        "suffer suffered suffering pain comfort comfortable",
        "leidet litt leiden schmerz schmerzen",
        "souffre souffrait souffrance douleur confort",
        "sufre sufría sufrimiento dolor consuelo",
    ),
    "animal_suffering": (
        "suffer suffered suffering pain comfort comfortable",
        "leidet litt leiden schmerz schmerzen",
        "souffre souffrait souffrance douleur confort",
        "sufre sufría sufrimiento dolor consuelo",
    ),
    "veganism": (
        "vegan vegans veganism vegetarian omnivore",
        "vegan veganer veganerin vegetarisch vegetarier",
        "végane végétalien végétalienne végétarien",
        "vegano vegana vegetariano vegetariana",
    ),
}
NAMING = {
    (concept, tongue): set(words.split())
    for concept, by_tongue in _NAMING.items()
    for tongue, words in zip(TONGUES, by_tongue, strict=True)
}
"""Words that name an abstract concept or its twin."""
_BASES = "TCAG"
_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_NAMES = "Ala Cys Asp Glu Phe Gly His Ile Lys Leu Met Asn Pro Gln Arg Ser Thr Val Trp Tyr"
_THREE = dict(zip("ACDEFGHIKLMNPQRSTVWY", _NAMES.split(), strict=True))
CODE = {a + b + c: _THREE.get(_ACIDS[16 * i + 4 * j + k], "stop")
        for i, a in enumerate(_BASES) for j, b in enumerate(_BASES) for k, c in enumerate(_BASES)}  # fmt: skip
"""The standard genetic code, NCBI's table 1, as one string of amino acids in the order of T, C, A, G."""
NAMES = {person.name for person in PEOPLE}


@pytest.fixture(scope="module", params=wb.world.SPLITS)
def split(request: pytest.FixtureRequest) -> str:
    return request.param


def stream(split: str, seed: int = 0, n: int = N, **options: object) -> list[wb.world.Document]:
    return list(islice(wb.world.documents(split, seed, **options), n))


def said(document: wb.world.Document, concept: str) -> list[str]:
    """The texts of the spans that carry a concept, implied ones too, in their order."""
    return [document.text[s.start : s.stop] for s in document.spans if concept in implied(s.concept)]


# ---- the stream ----


@pytest.mark.slow
def test_the_same_seed_gives_the_same_documents_from_anywhere() -> None:
    first = stream("train")
    assert first == stream("train") and first[500:] == stream("train", start=500)[: N - 500]
    assert first != stream("train", seed=1)


def test_every_kind_is_written_in_every_tongue_that_it_has(split: str) -> None:
    seen = {(d.kind, d.tongue) for d in stream(split)}
    assert {kind for kind, _ in seen} == set(wb.world.KINDS)
    for kind in ("facts", "indirect_object", "story", "chat", "contrast", "word_problem", "list", "number"):
        assert {(kind, tongue) for tongue in TONGUES} <= seen


def test_only_the_kinds_and_tongues_that_were_asked_for_are_written() -> None:
    assert {(d.kind, d.tongue) for d in stream("train", n=50, kinds=("story",), tongues=("fr",))} == {("story", "fr")}


def test_nothing_is_left_of_the_templates(split: str) -> None:
    for document in stream(split, n=1500):
        if document.kind not in ("program", "library"):
            assert not re.search(r"[{}\[\]|]|  |\s[.,]", document.text), document.text


# ---- labels ----


@pytest.mark.slow
def test_every_concept_is_declared_and_every_declared_one_occurs() -> None:
    seen = {
        c for s in ("train", "test") for d in stream(s, n=20_000) for span in d.spans for c in implied(span.concept)
    }
    assert seen == set(wb.world.concepts())


@pytest.mark.slow
def test_concepts_are_many_and_their_frequencies_span_three_orders_of_magnitude() -> None:
    tokens: Counter[str] = Counter()
    for document in stream("train", n=20_000):
        for span in document.spans:
            tokens.update(dict.fromkeys(implied(span.concept), span.stop - span.start))
    common = sorted(tokens.values(), reverse=True)
    assert len(tokens) >= 200 and common[0] / common[-1] >= 1000
    assert common[0] > 2 * common[9] > 4 * common[99]  # and the fall is no cliff: Zipf-like


def test_every_span_covers_the_words_of_its_concept(split: str) -> None:
    words: dict[str, set[str]] = {}
    for document in stream(split):
        for span in document.spans:
            assert 0 <= span.start < span.stop <= len(document.text)
            for concept in implied(span.concept):
                words.setdefault(concept, set()).add(document.text[span.start : span.stop])
    allowed_names = {"it"}
    for tongue in TONGUES:
        landmark = entries(tongue)["landmark"]["golden_gate_bridge"]
        allowed_names |= {landmark["the"][-1][0]} | {p[-1][0] for p in alsos(tongue)["golden_gate_bridge"]}
    lowered = {name.lower() for name in allowed_names}
    assert {name.lower() for name in words["landmark.golden_gate_bridge"]} <= lowered
    assert words["role.receiver"] <= NAMES
    assert all(number.isdigit() for number in words["sum"] | words["operand"] | words["comparison"] | words["count"])


def test_every_name_is_labelled_as_a_person(split: str) -> None:
    for document in stream(split):
        if document.kind in ("president", "program", "library"):
            continue
        assert set(re.findall(rf"\b(?:{'|'.join(NAMES)})\b", document.text)) == set(said(document, "person"))


def words_of(template: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"{.*?}", "", template.lower())))


@pytest.mark.parametrize("tongue", TONGUES)
def test_no_word_names_an_abstract_concept_and_none_stands_in_all_its_acts(tongue: str) -> None:
    for concept in PAIRS:
        forms = contrasts(tongue)[concept].forms
        assert len(forms) >= (12 if tongue == "en" else 5)
        assert not {w for w in set.intersection(*(words_of(form.act) for form in forms)) if len(w) > 3}
        for act in (act for form in forms for act in (form.act, form.twin)):
            assert not words_of(act) & NAMING[concept, tongue], (concept, act)


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_words_of_other_forms_do_not_tell_an_act_from_its_twin(tongue: str) -> None:
    """Naive Bayes on the words of all other forms, asked which of the two is the act; half is chance.

    Forms that mirror each other (the act of one has the words of the other's twin) are left out together: they
    would say the opposite, and hide what the rest gives away. Exceptions are named; there are six forms of each.
    """
    right, pairs = 0.0, 0
    for concept in PAIRS:
        forms = contrasts(tongue)[concept].forms
        hits = [_told_by_words(form, [other for other in forms if not _mirrors(form, other)]) for form in forms]
        assert sum(hits) / len(hits) <= (1.0 if (tongue, concept) in TOLD_BY_WORDS else 0.76), concept
        right, pairs = right + sum(hits), pairs + len(hits)
    assert right / pairs < 0.7


TOLD_BY_WORDS = {("fr", "secrecy"), ("fr", "human_suffering"), ("es", "human_suffering"), ("de", "inner_conflict")}


def _mirrors(form: Form, other: Form) -> bool:
    """Whether they share most of their words, or are the same."""
    mine, its = (words_of(x.act) | words_of(x.twin) for x in (form, other))
    return len(mine & its) > 0.5 * min(len(mine), len(its))


def _told_by_words(form: Form, others: list[Form]) -> float:
    acts, twins = (Counter(w for o in others for w in words_of(getattr(o, x))) for x in ("act", "twin"))

    def weight(text: str) -> float:
        known = (w for w in words_of(text) if w in acts or w in twins)
        return math.fsum(math.log((acts[w] + 0.5) / (twins[w] + 0.5)) for w in known)  # in any order the same

    gap = weight(form.act) - weight(form.twin)
    return 0.5 if abs(gap) < 1e-9 else float(gap > 0)


def test_labels_fall_on_the_tokens_that_carry_them() -> None:
    tokenizer = train_tokenizer(vocabulary=600, n_documents=2000)
    for document in stream("train", n=200):
        coded = tokenizer(document.text, add_special_tokens=False, return_offsets_mapping=True)
        labels = document.labels(coded.offset_mapping)
        assert len(labels) == len(coded.input_ids)
        for (start, stop), names in zip(coded.offset_mapping, labels, strict=True):
            first = start + (document.text[start] == " " and stop - start > 1)
            inside = {c for s in document.spans if max(first, s.start) < min(stop, s.stop) for c in implied(s.concept)}
            assert names == inside


# ---- rules ----


def test_every_sum_count_and_comparison_is_right() -> None:
    sums = compared = counted = 0
    for document in stream("train", kinds=("addition", "word_problem", "number"), n=2000):
        for a, b, total in re.findall(r"(\d+)\+(\d+)=(\d+)", document.text):
            assert int(a) + int(b) == int(total)
            sums += 1
        if document.kind == "word_problem":
            (a, b), (total, *_) = said(document, "operand")[:2], said(document, "sum")
            assert int(a) + int(b) == int(total)
        numbers = [(s.concept, int(document.text[s.start : s.stop])) for s in document.spans if "compar" in s.concept]
        for i in range(0, len(numbers), 3):
            (_, first), (_, second), (outcome, answer) = numbers[i : i + 3]
            assert answer == {"comparison.more": max, "comparison.less": min}[outcome](first, second)
            compared += 1
        counted += document.kind == "number" and len(said(document, "count"))
    assert sums > 1000 and compared > 300 and counted > 100


def test_a_count_is_the_number_of_things() -> None:
    for document in stream("train", kinds=("number",), n=400):
        at = 0
        for span in document.spans:
            if span.concept == "count":
                items = [s for s in document.spans if s.concept == "list" and at <= s.start < span.start]
                words = {(s.start, s.stop) for s in items}
                assert len(words) >= int(document.text[span.start : span.stop])
                at = span.stop


def test_a_gene_codes_for_its_protein() -> None:
    for document in stream("train", kinds=("dna",), n=200):
        codons, protein = said(document, "dna"), said(document, "protein")
        assert codons[0] == "ATG" and codons[-1] in ("TAA", "TAG", "TGA") and len(codons) == len(protein) + 1
        assert [CODE[codon] for codon in codons[:-1]] == protein


def test_the_receiver_is_never_the_giver(split: str) -> None:
    for document in stream(split, kinds=("indirect_object",), n=1000):
        for giver, receiver in zip(said(document, "role.giver"), said(document, "role.receiver"), strict=True):
            assert giver != receiver


def test_there_are_many_templates_for_indirect_objects_in_both_orders() -> None:
    assert len(prose("en").INDIRECT_OBJECT) >= 12
    first = Counter()
    for document in stream("train", kinds=("indirect_object",), tongues=("en",), n=500):
        people = said(document, "person")
        first[people.index(said(document, "role.giver")[0]) == 0] += 1
    assert min(first.values()) > 150


# ---- splits ----


@pytest.mark.slow
def test_people_of_a_held_out_pair_never_meet_in_training() -> None:
    for document in stream("train", n=12_000):
        assert not any(pair_held_out(a, b) for a, b in combinations(sorted(set(said(document, "person"))), 2))
    held = [
        any(pair_held_out(a, b) for a, b in combinations(set(said(d, "person")), 2))
        for d in stream("test", kinds=("indirect_object",), n=500)
    ]
    assert all(held)


@pytest.mark.slow
def test_operands_of_one_split_are_never_added_in_the_other(split: str) -> None:
    for document in stream(split, kinds=("addition", "word_problem")):
        numbers = said(document, "operand")
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        assert pairs and all(pair_held_out(a, b) == (split != "train") for a, b in pairs)


@pytest.mark.slow
def test_what_training_must_not_tell_of_a_place_is_told_nowhere() -> None:
    """By the words themselves and in all tongues, not by the labels that the filter reads."""
    forbidden: dict[str, list[tuple[str, re.Pattern[str]]]] = {tongue: [] for tongue in TONGUES}
    for tongue in TONGUES:
        known = entries(tongue)
        for key in known["landmark"]:
            names = [known["landmark"][key]["the"][-1][0], *(p[-1][0] for p in alsos(tongue)[key])]
            for fact, concept in hops("landmark", key).items():
                if hop_held_out("landmark", key, fact):
                    category, _, answer = concept.partition(".")
                    word = known[category][answer][""][0][0]
                    forbidden[tongue] += [(name, re.compile(rf"\b{re.escape(word)}s?\b", re.I)) for name in names]
        for key in known["city"]:
            for fact, concept in hops("city", key).items():
                if hop_held_out("city", key, fact) and not _in_a_landmark(tongue, key):
                    category, _, answer = concept.partition(".")
                    word = known[category][answer][""][0][0]
                    name = known["city"][key][""][0][0]
                    if word != "livre":  # in French a book as well as a pound
                        forbidden[tongue] += [(name, re.compile(rf"\b{re.escape(word)}s?\b", re.I))]
    assert sum(map(len, forbidden.values())) > 200
    for document in stream("train", n=12_000):
        for name, answer in forbidden[document.tongue]:
            assert name not in document.text or not answer.search(document.text), (name, answer, document.text)


@pytest.mark.slow
def test_what_is_withheld_is_told_in_no_split(split: str) -> None:
    facts = [
        (category, key, fact)
        for category, fact in (("animal", "eats"), ("food", "made_of"), ("food", "country"), ("landmark", "colour"))
        for key in entries("en")[category]
        if withheld(category, key, fact) and fact in entries("en")[category][key]
    ]
    assert len(facts) >= 8
    for document in stream(split, n=6000, kinds=("facts", "story", "habit", "chat")):
        for category, key, fact in facts:
            noun, answer = (entries("en")[category][key][form][0][0] for form in ("", fact))
            for sentence in re.split(r"[.!?]\s", document.text):
                assert not re.search(rf"\b{noun}\b", sentence) or answer not in sentence, document.text


@pytest.mark.slow
def test_sentences_kept_for_their_split_are_written_in_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    written: set[str] = set()
    write = Page.write

    def noted(page: Page, *templates: str) -> None:
        written.update(template.strip() for template in templates)
        write(page, *templates)

    monkeypatch.setattr(Page, "write", noted)
    by_split = {}
    for which in ("train", "test", "templates"):
        written.clear()
        stream(which, n=6000)
        by_split[which] = set(written)
    kept = set(_kept())
    assert len(kept) > 120
    assert kept & by_split["train"] == set() and kept & by_split["test"] == set()
    assert len(kept & by_split["templates"]) > 0.8 * len(kept)


def _kept() -> Iterator[str]:
    """Every sentence that is kept for "templates", as it is written."""
    for tongue in TONGUES:
        said = prose(tongue)
        tables = (said.INDIRECT_OBJECT, said.WORD_PROBLEMS, said.STORY_OPENINGS, said.STORY_MIDDLES, said.LISTS)
        for table in (*tables, said.STORY_ENDINGS, said.UNKNOWN, said.COMPARE, said.COUNT, *said.FACTS.values()):
            if len(table) >= 4:  # of fewer, none is kept
                yield from (template.strip() for template in allowed("templates", table))
        for concept, contrast in contrasts(tongue).items():
            yield from (f"[{concept}: {form.act}]" for form in allowed("templates", contrast.forms))


def test_each_split_holds_about_its_share() -> None:
    assert abs(sum(held_out("x", i) for i in range(8000)) / 8000 - 1 / 8) < 0.02
    assert allowed("templates", ("a", "b", "c", "d")) != allowed("train", ("a", "b", "c", "d"))


# ---- the tables ----


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_template_can_be_written(tongue: str) -> None:
    from random import Random

    from workbench.world.grammar import Page
    from workbench.world.scene import Scene

    given = (
        "it",
        "a",
        "b",
        "sum",
        "work",
        "first",
        "second",
        "more",
        "less",
        "things",
        "names",
        "n",
        "the",
        "stranger",
    )
    given += ("giver", "receiver", "president", "surname", "ordinal", "deed", "his", "him", "job", "local", "local2")
    said, templates = prose(tongue), []
    for name, table in vars(said).items():
        if name.isupper() and name not in ("LANDMARKS", "AND", "ASKS", "CHAT", "FACTS"):
            templates += [table] if isinstance(table, str) else table
    templates += [t for question, answers in said.CHAT for t in (question, *answers)]
    templates += [t for table in said.FACTS.values() for t in table]
    for contrast in contrasts(tongue).values():
        templates += [*contrast.after, *contrast.after_twin]
        templates += [
            t for form in contrast.forms for t in (form.setting, form.act, form.twin, form.then, form.then_twin)
        ]
    assert len(templates) > 250
    for number, template in enumerate(templates):
        scene = Scene(Random(number), "train", tongue, dict.fromkeys(given, "x"))
        scene.keys["food"] = "pizza"
        assert slots(template) is not None
        Page(Random(number), scene).write(template)


@pytest.mark.parametrize("tongue", TONGUES)
def test_what_follows_an_act_names_nobody_new(tongue: str) -> None:
    for contrast in contrasts(tongue).values():
        for form in contrast.forms:
            for act, then, after in (
                (form.act, form.then, contrast.after),
                (form.twin, form.then_twin, contrast.after_twin),
            ):
                known = {slot.partition(".")[0] for slot in slots(form.setting) | slots(act)}
                for sentence in (then,) if then else after:
                    new = {s.partition(".")[0] for s in slots(sentence)} - known
                    assert not {s for s in new if s.startswith("person")}, (form.setting, sentence)


# ---- the tokenizer ----


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
        (lambda: wb.world.documents("dev"), "no split 'dev'; there are: train, test, templates"),
        (lambda: wb.world.documents(kinds=("poem",)), "no kind of document 'poem'; there are: facts"),
        (lambda: wb.world.documents(tongues=("it",)), "no tongue 'it'; there are: en, de, fr, es"),
        (lambda: wb.world.documents(kinds=("dna",), tongues=("fr",)), "no kind of dna is written in fr"),
        (lambda: wb.world.tasks["addition"].items(split="dev"), "no split 'dev'"),
        (lambda: wb.world.tasks["chess"], "no task 'chess'; there are: indirect_object, addition"),
        (lambda: wb.world.concepts()["gate"], "no concept 'gate'; there are: .*landmark.golden_gate_bridge"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(call: Callable, message: str) -> None:
    with pytest.raises((ValueError, KeyError), match=message):
        call()
