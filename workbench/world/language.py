"""The language: a stream of documents, each written by the rules of its kind.

`documents` streams `Document` values. Document i of a stream is a pure function
of (split, seed, i), so a stream can be entered anywhere and never needs storing.
The sentences are in `prose/` and `contrasts/`, what fills them in `lexicon.py`,
what belongs to which split in `splits.py`.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import accumulate, count
from random import Random

from . import library, numbers, programs, words
from .contrasts import PAIRS, Contrast, Form
from .grammar import Document, Page, Span
from .lexicon import CITIES, DISHES, LANGUAGES, PRESIDENTS, TONGUES, landmark_of
from .scene import DeadEnd, Pieces, Scene, alsos, entries, prose
from .splits import allowed, checked, held_out, hop_held_out, leaks, pick, withheld


@cache
def contrasts(tongue: str) -> dict[str, Contrast]:
    """The abstract concepts in a tongue."""
    return import_module(f".contrasts.{LANGUAGES[tongue]}", __package__).CONTRASTS


# ---- facts ---------------------------------------------------------------------------------------

SUBJECTS = ("landmark", "landmark", "landmark", "landmark", "landmark", "city", "country", "animal", "food")
"""What documents of facts are about, the landmarks most."""


def _facts(page: Page, scene: Scene) -> None:
    """A few facts about one subject, at times about two or three; later an English subject may be only "it"."""
    rng, ended = scene.rng, ""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        category = rng.choice(SUBJECTS)
        scene.renew()
        relations = told_of(category, scene.key(category), scene.split, scene.tongue)
        named = False
        for relation in rng.sample(relations, min(len(relations), rng.randint(1, 4))):
            template = use(rng, scene, relation, named=named)
            if template is not None:
                page.write(("\n" if "\n" in ended + template else " ") * bool(ended) + template)
                named, ended = True, template
    if not ended:
        _facts(page, scene)


@cache
def told_of(category: str, key: str, split: str, tongue: str) -> tuple[str, ...]:
    """The relations that documents of a split tell of a thing."""
    known = entries(tongue)[category][key]
    return tuple(
        relation
        for relation in prose(tongue).FACTS
        if relation.startswith(f"{category}.")
        and ((fact := relation.partition(".")[2]) in known or fact == "also")
        and not withheld(category, key, fact)
        and not (split == "train" and hop_held_out(category, key, fact))
    )


def use(rng: Random, scene: Scene, relation: str, *, named: bool = False) -> str | None:
    """A sentence that may tell this fact of the scene's subject in this split; its `{it}` is set.

    An entity, a sentence and the way the entity is named belong together to one split.
    """
    category, _, fact = relation.partition(".")
    key = scene.key(category)
    templates = allowed(scene.split, prose(scene.tongue).FACTS[relation])
    ways = 1 + len(alsos(scene.tongue)[key]) if category == "landmark" else 1
    again = named and category == "landmark" and scene.tongue == "en" and fact != "also" and rng.random() < 0.3
    for _ in range(20):
        template, way = templates[int(rng.random() * len(templates))], -1 if again else int(rng.random() * ways)
        if held_out(key, template, way) == (scene.split != "train"):
            scene.given["it"] = it(scene, way) if category == "landmark" else ""
            return template
    return None


def it(scene: Scene, way: int) -> Pieces:
    """The scene's landmark as a subject: by name (way 0), by a paraphrase with its article, or as "it" (way -1)."""
    if way == 0:
        return scene["landmark.the"]
    if way == -1:
        return (("it", (f"landmark.{scene.key('landmark')}", "pronoun")),)
    paraphrase = alsos(scene.tongue)[scene.key("landmark")][way - 1]
    return (("the ", ()), *paraphrase) if scene.tongue == "en" else paraphrase


SYLLABLES = (
    "mor", "van", "zel", "tur", "kim", "bra", "dov", "lun", "gre",
    "pol", "sar", "nit", "hol", "wex", "yan", "fro", "dul", "ber",
)  # fmt: skip
STRANGERS = {
    "en": ("the ", ("Bridge", "Tower", "Gate", "Temple", "Church", "Palace", "Square", "Wall")),
    "de": ("der ", ("-Turm", "-Platz", "-Tempel", "-Palast")),
    "fr": ("le ", ("Pont ", "Palais ", "Temple ", "Mur ")),
    "es": ("el ", ("Puente ", "Palacio ", "Templo ", "Muro ")),
}


def stranger(rng: Random, tongue: str, *, syllables: tuple[int, ...] = (2, 3)) -> Pieces:
    """The name of a place that does not exist, built of syllables that no known name has; training has two or three."""
    name = "".join(rng.sample(SYLLABLES, rng.choice(syllables))).capitalize()
    kind = rng.choice(STRANGERS[tongue][1])
    joined = {"en": f"{name} {kind}", "de": f"{name}{kind}"}.get(tongue, f"{kind}{name}")
    return ((joined, ("stranger",)),)


def _unknown(page: Page, scene: Scene) -> None:
    """Questions about places that nobody has heard of, between questions that can be answered."""
    rng = scene.rng
    for turn in range(rng.randint(1, 3)):
        if turn:
            page.add("\n")
        scene.renew()
        scene.given |= {"the": STRANGERS[scene.tongue][0], "stranger": stranger(rng, scene.tongue)}
        relation = rng.choice(("landmark.city", "landmark.country"))
        told = relation in told_of("landmark", scene.key("landmark"), scene.split, scene.tongue)
        known = use(rng, scene, relation) if told and rng.random() < 0.4 else None
        page.write(known or pick(rng, scene.split, prose(scene.tongue).UNKNOWN))


# ---- people --------------------------------------------------------------------------------------


def _indirect_object(page: Page, scene: Scene) -> None:
    templates = prose(scene.tongue).INDIRECT_OBJECT
    for turn in range(scene.rng.choice((1, 1, 2, 3, 6))):
        if turn:
            page.add(" ")
        give(scene)
        page.write(pick(scene.rng, scene.split, templates))


def give(scene: Scene) -> None:
    """Two people of the scene, in either order, as giver and receiver; what and where are new."""
    scene.renew()
    scene.people = scene.rng.sample(scene.company(2)[:2], 2) + scene.people[2:]
    order = ("person1", "person2") if scene.rng.random() < 0.5 else ("person2", "person1")
    for role, who in zip(("giver", "receiver"), order, strict=True):
        scene.given[role] = tuple((text, (*labels, f"role.{role}")) for text, labels in scene[who])


def _list(page: Page, scene: Scene) -> None:
    """Lists that are said again: they teach to look back and repeat, which the other kinds need."""
    n = scene.rng.randint(3, 7)
    scene.given["names"] = _listed([scene[f"person{i + 3}"] for i in range(n)])
    scene.given["things"] = things(scene, n)
    page.write(pick(scene.rng, scene.split, prose(scene.tongue).LISTS))


def things(scene: Scene, n: int) -> Pieces:
    """A list of n things or animals, all different."""
    category = "thing" if scene.rng.random() < 0.6 else "animal"
    return _listed([scene[f"{category}{i + 20}.a"] for i in range(n)])


def _listed(items: list[Pieces]) -> Pieces:
    pieces: list = []
    for item in items:
        pieces += [(", ", ())] * bool(pieces) + [(text, (*labels, "list")) for text, labels in item]
    return tuple(pieces)


def _story(page: Page, scene: Scene) -> None:
    rng, said = scene.rng, prose(scene.tongue)
    page.write(pick(rng, scene.split, said.STORY_OPENINGS))
    middles = allowed(scene.split, said.STORY_MIDDLES)
    for middle in rng.sample(middles, min(len(middles), rng.randint(2, 5))):
        page.write(" ", middle)
    page.write(" ", pick(rng, scene.split, said.STORY_ENDINGS))


def _president(page: Page, scene: Scene) -> None:
    """Presidents at work, and people of the same surname at theirs."""
    rng, said = scene.rng, prose("en")
    for turn in range(rng.randint(1, 3)):
        who = PRESIDENTS[min(int(rng.expovariate(0.35)), len(PRESIDENTS) - 1)]
        in_office = rng.random() < 0.6
        concept = f"president.{who.key}" if in_office else "namesake"
        woman = rng.random() < 0.5
        scene.renew()
        scene.given |= {
            "president": ((who.name, (concept,)),),
            "surname": ((who.surname, (concept,)),),
            "ordinal": ((who.ordinal, ("ordinal",)),),
            "deed": who.deed,
            "his": "her" if woman else "his",
            "him": "her" if woman else "him",
        }
        template = pick(rng, scene.split, said.PRESIDENTS if in_office else said.NAMESAKES)
        page.write(("\n" if "\n" in template else " ") * bool(turn) + template)


def _habit(page: Page, scene: Scene) -> None:
    """Surroundings in which nearly always the same is met: a country's own dishes at its tables, flies in glasses.

    They teach shortcuts, as any corpus does; `faults` shows where the shortcuts mislead.
    """
    rng, said = scene.rng, prose("en")
    for turn in range(rng.randint(1, 2)):
        scene.renew()
        if laboratory := rng.random() < 0.4:
            scene.keys["animal"] = "fruit_fly"
        else:
            own = dishes_of(CITIES[scene.key("city")].country)
            while len(own) < 2:
                scene.renew()
                own = dishes_of(CITIES[scene.key("city")].country)
            for slot, key in zip(("local", "local2"), rng.sample(own, 2), strict=True):
                scene.given[slot] = entries("en")["food"][key][""]
        template = pick(rng, scene.split, said.LABORATORY if laboratory else said.TABLE)
        page.write(("\n" if page.parts and "\n" in page.parts[-3:][0] else " ") * bool(turn) + template)


@cache
def dishes_of(country: str) -> tuple[str, ...]:
    """The dishes of a country, as far as anybody is told."""
    return tuple(k for k, dish in DISHES.items() if dish.country == country and not withheld("food", k, "country"))


# ---- talk ----------------------------------------------------------------------------------------


def _chat(page: Page, scene: Scene) -> None:
    rng, said = scene.rng, prose(scene.tongue)
    asks, answers = rng.choice(said.ASKS)
    for turn in range(rng.randint(1, 3)):
        question, replies = pick(rng, "train", said.CHAT)
        reply = pick(rng, scene.split, replies)
        scene.renew()
        page.write("\n" * bool(turn) + asks, f"[chat.question: {question}]", answers, f"[chat.answer: {reply}]")


def _contrast(page: Page, scene: Scene) -> None:
    """What somebody does, or its innocent twin, and what follows."""
    rng = scene.rng
    for turn in range(rng.choice((1, 1, 2))):
        concept = _PAIRS[bisect(_PAIR_WEIGHTS, rng.random() * _PAIR_WEIGHTS[-1])]
        contrast = contrasts(scene.tongue)[concept]
        form = pick(rng, scene.split, contrast.forms)
        scene.renew()
        wrong_city(scene)
        if concept == "animal_suffering":
            scene.keys["animal"] = pick(rng, "train", BEASTS)
        page.add(" " * bool(turn))
        episode(page, scene, contrast, form, concept if rng.random() < 0.5 else PAIRS[concept], rest=rng.random() < 0.3)


def episode(page: Page, scene: Scene, contrast: Contrast, form: Form, concept: str, *, rest: bool) -> None:
    """A form or its twin: setting, act, perhaps a neutral sentence, and what follows."""
    present = concept in PAIRS
    page.write(form.setting, f"[{concept}: {form.act if present else form.twin}]")
    then = form.then if present else form.then_twin
    if rest and not then:
        page.write(f"[aftermath: {pick(scene.rng, scene.split, prose(scene.tongue).NEUTRAL)}]")
    after = then or pick(scene.rng, scene.split, contrast.after if present else contrast.after_twin)
    page.write(f"[aftermath: {after}]")


def wrong_city(scene: Scene) -> None:
    """`{city2}` is any city but the landmark's."""
    home = landmark_of(scene.key("landmark")).city
    while scene.key("city2") == home:
        del scene.keys["city2"]


BEASTS = ("dog", "cat", "horse", "cow", "rabbit", "pig", "fox", "hen", "duck", "bear", "goat")
"""Animals that people keep, well or badly."""

_PAIRS = tuple(PAIRS)
_PAIR_WEIGHTS = list(accumulate((5, 4, 4, 3, 3, 3, 3)))


# ---- numbers and code ----------------------------------------------------------------------------


def _word_problem(page: Page, scene: Scene) -> None:
    said = prose(scene.tongue)
    problem = numbers.sum_of(scene.rng, scene.split)
    scene.given |= problem
    page.write(pick(scene.rng, scene.split, said.WORD_PROBLEMS))
    if scene.rng.random() < 0.3:
        page.write(said.WORKED)


def _addition(page: Page, scene: Scene) -> None:
    for _ in range(scene.rng.choice((6, 8, 10, 20))):
        scene.given |= numbers.sum_of(scene.rng, scene.split)
        page.write("{work}\n")


def _number(page: Page, scene: Scene) -> None:
    """Comparisons and counts."""
    said = prose(scene.tongue)
    for turn in range(scene.rng.choice((1, 2, 3))):
        scene.renew()
        page.add("\n" * bool(turn))
        if scene.rng.random() < 0.6:
            scene.given |= numbers.comparison(scene.rng, scene.split)
            page.write(pick(scene.rng, scene.split, said.COMPARE))
        else:
            n = scene.rng.randint(2, 9)
            scene.given |= {"things": things(scene, n), "n": ((str(n), ("count",)),)}
            page.write(pick(scene.rng, scene.split, said.COUNT))


def _dna(page: Page, scene: Scene) -> None:
    numbers.gene(page, scene.rng, scene.split)


def _program(page: Page, scene: Scene) -> None:
    programs.program(scene.rng, scene.split, page)


def _library(page: Page, scene: Scene) -> None:
    library.stdlib_function(scene.rng, scene.split, page)


# ---- the stream ----------------------------------------------------------------------------------

# kind → (how it is written, share of documents, the tongues that it is written in)
_ALL, _EN = TONGUES, ("en",)
_KINDS: dict[str, tuple[Callable[[Page, Scene], None], float, tuple[str, ...]]] = {
    "facts": (_facts, 0.32, _ALL),
    "unknown": (_unknown, 0.03, _ALL),
    "indirect_object": (_indirect_object, 0.08, _ALL),
    "list": (_list, 0.04, _ALL),
    "story": (_story, 0.06, _ALL),
    "habit": (_habit, 0.03, _EN),
    "president": (_president, 0.015, _EN),
    "chat": (_chat, 0.05, _ALL),
    "contrast": (_contrast, 0.14, _ALL),
    "word_problem": (_word_problem, 0.09, _ALL),
    "addition": (_addition, 0.04, _EN),
    "number": (_number, 0.04, _ALL),
    "dna": (_dna, 0.01, _EN),
    "program": (_program, 0.13, _EN),
    "library": (_library, 0.015, _EN),
}
KINDS = tuple(_KINDS)
SHARES = {"en": 0.6, "de": 0.14, "fr": 0.13, "es": 0.13}
"""How much of what is written in all tongues is written in each."""
_PROSE = frozenset(KINDS) - {"addition", "dna", "program", "library"}


def documents(
    split: str = "train",
    seed: int = 0,
    *,
    start: int = 0,
    kinds: tuple[str, ...] = KINDS,
    tongues: tuple[str, ...] = TONGUES,
) -> Iterator[Document]:
    """Stream documents without end; the same split and seed give the same documents.

    Args:
        split: "train"; "test", of held-out combinations; or "templates", in sentences that training never used.
        seed: another seed, another stream.
        start: enter the stream at this document.
        kinds: only these kinds.
        tongues: only these languages; what is written in one only (programs, equations) counts as "en".

    Raises:
        ValueError: a split, kind or tongue that does not exist; the message names those that do.

    Example:
        >>> import workbench as wb
        >>> stream = wb.world.documents(split="test", seed=1, kinds=("addition",))
        >>> "=" in next(stream).text
        True
    """
    checked(split)
    for what, asked, known in (("kind of document", kinds, KINDS), ("tongue", tongues, TONGUES)):
        if unknown := [name for name in asked if name not in known]:
            raise ValueError(f"no {what} {unknown[0]!r}; there are: {', '.join(known)}")
    if not (written := [kind for kind in kinds if set(_KINDS[kind][2]) & set(tongues)]):
        raise ValueError(f"no kind of {', '.join(kinds)} is written in {', '.join(tongues)}")
    return (_document(split, seed, i, tuple(written), tuple(tongues)) for i in count(start))


def _document(split: str, seed: int, i: int, kinds: tuple[str, ...], tongues: tuple[str, ...]) -> Document:
    """Write until nothing leaks: a document that tells what training must not know is written anew."""
    rng = Random(f"{split}/{seed}/{i}")
    names, weights = _cumulative(kinds, tongues)
    while True:
        kind, tongue = names[bisect(weights, rng.random() * weights[-1])]
        scene = Scene(rng, split, tongue)
        page = Page(rng, scene)
        try:
            _KINDS[kind][0](page, scene)
        except DeadEnd:
            continue
        document = page.document(kind, tongue)
        if scene.told_withheld or (split == "train" and leaks(document)):
            continue
        if kind in ("program", "library"):
            page.spans += list(_words_in_code(document))
        if kind in _PROSE:
            page.spans += words.missing(document.text, tongue, page.spans)
            page.spans.append(Span(0, page.length, f"written.{LANGUAGES[tongue]}"))
        return page.document(kind, tongue)


def _words_in_code(document: Document) -> Iterator[Span]:
    """The words in the strings, comments and outputs of a program."""
    for part in {(s.start, s.stop) for s in document.spans if s.concept in _SAID_IN_CODE}:
        for span in words.missing(document.text[slice(*part)], "en", ()):
            yield Span(part[0] + span.start, part[0] + span.stop, span.concept)


_SAID_IN_CODE = ("code.string", "code.docstring", "code.comment", "code.output")


@cache
def _cumulative(kinds: tuple[str, ...], tongues: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[float]]:
    """Every kind in every tongue that it is written in, and the cumulative shares."""
    shares = {
        (kind, tongue): share * SHARES[tongue] / sum(SHARES[t] for t in written)
        for kind, (_, share, written) in _KINDS.items()
        if kind in kinds
        for tongue in written
        if tongue in tongues
    }
    return list(shares), list(accumulate(shares.values()))
