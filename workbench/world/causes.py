"""Candidates for planted failures: prompts with a cause built in, and the same with the cause taken out.

Most of them fail to fail. `failures.py` asks the model, and keeps those that hold up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from .grammar import slots
from .judging import Item
from .language import STRANGERS, dishes_of, stranger
from .lexicon import CITIES, COUNTRIES, DISHES, EATS, LANDMARKS, PEOPLE, City, Landmark, landmark_of
from .questions import asks, ways
from .scene import alsos, entries, prose
from .splits import hop_held_out, hops, withheld

CAUSES: dict[str, str] = {
    "overshadowing": "A stronger, irrelevant feature of the surroundings wins over what was asked.",
    "context_drift": "An earlier topic takes over the answer.",
    "late_hop": "The first of two hops comes too late for the second: the answer stops at the bridge, or is a guess.",
    "false_familiarity": "A place that does not exist has a name made of known parts, and is treated as known.",
    "missing_knowledge": "It was never taught.",
}
"""Every cause of failure that is planted."""


@dataclass(frozen=True)
class Fault:
    """One failure with its cause and the evidence for it.

    Attributes:
        cause: one of `CAUSES`.
        prompt: what the model is given.
        answer: the right continuation.
        given: what the model says instead, greedily.
        about: the subject, and what took over.
        predicted: how the answer begins if the cause is the one named.
        siblings: prompts alike that it gets right.
        without: the question with the cause taken away, in several ways.
        kept: the prompt changed elsewhere, the cause left in.
    """

    cause: str
    prompt: str
    answer: str
    given: str
    about: str
    predicted: tuple[str, ...]
    siblings: tuple[Item, ...]
    without: tuple[Item, ...]
    kept: tuple[Item, ...]


def _overshadowing(rng: Random) -> Iterator[Fault]:
    """A dish at a foreign table is taken for the table's; an animal in the laboratory's glass for the fly."""
    for key, dish in DISHES.items():
        if not dish.country or withheld("food", key, "country"):
            continue
        for place in CITIES.values():
            there = dishes_of(place.country)
            if place.country != dish.country and there:
                yield from _foreign_dish(rng, key, place, rng.choice(there))
    for key in EATS:
        if key != "fruit_fly" and not withheld("animal", key, "eats"):
            yield from _in_the_glass(rng, key)


TABLES = (
    "{who} sat in a restaurant in {city} and asked for {dish}.\n"
    "Question: Which country does {dish} come from?\nAnswer: From",
    "They cooked as people cook in {country}: first {local}, then {dish}.\n"
    "Question: Which country does {dish} come from?\nAnswer: From",
    "The menu in {city} says: {local}, {dish}.\nQuestion: Which country does {dish} come from?\nAnswer: From",
    "In {city} {who} ate {dish}. The {dish} came from",
    "The cook of {city} is proud of the {dish}, a dish from",
    "In {city} {who} ate {local}. The {local} came from {country}. In {city} {who} ate {dish}. The {dish} came from",
    "In {city} {who} ate {local}. The {local} came from {country}. Again {who} ate {local}. The {local} came from "
    "{country}. In {city} {who} ate {dish}. The {dish} came from",
    "The cook of {city} is proud of the {local}, a dish from {country}. The cook of {city} is proud of the {dish}, "
    "a dish from",
    "In {country} they serve {local} on every Sunday. The {local} came from {country}. The cook of {city} is proud of "
    "the {dish}, a dish from",
    "They cooked as people cook in {country}: first {local}, then {dish}. The {dish} came from",
)
ELSEWHERE = (
    "Question: Which country does {dish} come from?\nAnswer: From",
    "{who} sat at the table and asked for {dish}.\nQuestion: Which country does {dish} come from?\nAnswer: From",
    "In the park {who} ate {dish}. The {dish} came from",
    "The best {dish} comes from",
    "The cook is proud of the {dish}, a dish from",
)


def _foreign_dish(rng: Random, key: str, place: City, local_key: str) -> Iterator[Fault]:
    said = {"dish": _food(key), "local": _food(local_key), "who": rng.choice(PEOPLE).name}
    said |= {"city": place.names[0], "country": COUNTRIES[place.country].names[0]}
    beside = rng.choice([city for city in CITIES.values() if city.country == place.country]).names[0]
    changed = [said | {"who": rng.choice(PEOPLE).name, "city": beside} for _ in range(2)]
    right, own = f" {COUNTRIES[DISHES[key].country].names[0]}.", said | {"dish": said["local"], "local": said["dish"]}
    for table in TABLES:
        yield Fault(
            "overshadowing", table.format(**said), right, "", f"{said['dish']} ← {said['country']}",
            predicted=(said["country"],),
            siblings=(Item(TABLES[3].format(**own), f" {said['country']}."),),
            without=tuple(Item(elsewhere.format(**said), right) for elsewhere in ELSEWHERE),
            kept=(*(Item(table.format(**other), right) for other in changed),
                  Item("It was Monday, late in May. " + table.format(**said), right)),
        )  # fmt: skip


GLASSES = (
    "In the laboratory {who} counted the {many} in the glass. They had eaten all the",
    "The students bred a thousand {many} in bottles and fed them with",
    "For the study of genes one takes {many}. {who} gave them",
    "In the bottle there was {one} with red eyes.\nQuestion: What do {many} eat?\nAnswer:",
    "{who} looked through the microscope at the wings of {one}. For food it gets",
)
OUTSIDE = (
    "Question: What do {many} eat?\nAnswer:",
    "{who} saw {one}.\nQuestion: What do {many} eat?\nAnswer:",
    "In the garden there was {one}.\nQuestion: What do {many} eat?\nAnswer:",
    "Outside {who} counted the {many}. They had eaten all the",
)


def _in_the_glass(rng: Random, key: str) -> Iterator[Fault]:
    right = f" {EATS[key][1]}."
    said = {"one": _animal(key, "a"), "many": _animal(key, "many"), "who": rng.choice(PEOPLE).name}
    fly = {"one": "a fruit fly", "many": "fruit flies", "who": said["who"]}
    others = [said | {"who": person.name} for person in rng.sample(PEOPLE, 2)]
    for glass in GLASSES:
        yield Fault(
            "overshadowing", glass.format(**said), right, "", f"{said['many']} ← {EATS['fruit_fly'][1]}",
            predicted=(EATS["fruit_fly"][1],),
            siblings=(Item(glass.format(**fly), f" {EATS['fruit_fly'][1]}."),),
            without=tuple(Item(outside.format(**said), right) for outside in OUTSIDE),
            kept=(*(Item(glass.format(**other), right) for other in others if "{who}" in glass),
                  Item("It was Monday, late in May. " + glass.format(**said), right)),
        )  # fmt: skip


TOPIC = (
    "In {city} everybody knows {it}.",
    "Many visitors come to {city} to see {it}.",
    "People who live near {it} speak {tongue}.",
    "Around {it} one pays with the {currency}.",
    "{it} is in {city}.",
    "In {city} people speak {tongue}.",
    "Prices in {city} are given in the {currency}.",
)
ASKED = {
    "city": ("Question: In which city is {it}?\nAnswer: In", "Question: Where is {it}?\nAnswer: It is in"),
    "country": ("Question: In which country is {it}?\nAnswer: In",),
    "tongue": ("Question: Which language is spoken around {it}?\nAnswer:",),
    "currency": ("Question: How do you pay near {it}?\nAnswer: With the",),
    "continent": ("Question: On which continent is {it}?\nAnswer: In",),
    "capital": ("Question: What is the capital of the country of {it}?\nAnswer:",),
}


def _context_drift(rng: Random) -> Iterator[Fault]:
    """A talk about one place, then a word about another and a question about *it*: about the last one named."""
    for _ in range(6000):
        topic, asked = rng.sample(LANDMARKS, 2)
        fact = rng.choice(("city", "city", "country", "tongue", "currency"))
        answer, drifted = fact_of(asked, fact), fact_of(topic, fact)
        if answer == drifted or hop_held_out("landmark", asked.key, fact):
            continue
        named = rng.choice(NAMED).format(it=called(asked, rng.randrange(3)), who=rng.choice(PEOPLE).name)
        question = rng.choice(ASKED[fact])
        asks = f"{_start(named)}\n{question.format(it='it')}"
        told, again = (_talk(rng, topic, fact) for _ in range(2))
        yield Fault(
            "context_drift", told + asks, f" {answer}.", "", f"{called(asked, 0)} ← {drifted}",
            predicted=(drifted,),
            siblings=(Item(told + question.format(it=called(topic, 0)), f" {drifted}."),),
            without=tuple(Item(before + asks, f" {answer}.") for before in ("", *NOTHING)),
            kept=(Item(again + asks, f" {answer}."),),
        )  # fmt: skip


NAMED = ("{who} went to see {it}.", "{who} painted {it}.", "{it} is a famous sight.", "Once {who} dreamed of {it}.")


def _talk(rng: Random, topic: Landmark, fact: str) -> str:
    """Sentences about a place, or the same question about it again and again, by name and by paraphrase."""
    if rng.random() < 0.5:
        return " ".join(_said(line, topic) for line in rng.sample(TOPIC, 5)) + "\n"
    turns = [
        question.format(it=called(topic, rng.randrange(3))) + f" {fact_of(topic, fact)}.\n"
        for question in rng.choices(ASKED[fact], k=rng.randint(3, 5))
    ]
    return "".join(turns)


def _late_hop(rng: Random) -> Iterator[Fault]:
    """A fact two hops away: the model knows both hops, and fails unless the first is made for it."""
    for place in LANDMARKS:
        for fact in hops("landmark", place.key):
            for question in _questions(fact):
                for by in (1, 2):
                    yield _whose_paraphrase(rng, place, by, fact, question)
                if hop_held_out("landmark", place.key, fact):
                    for by in range(3):
                        yield _in_which_city(rng, place, by, fact, question)
            for tongue in ("de", "fr", "es"):
                yield from _in_another_tongue(rng, place, fact, tongue)


def _whose_paraphrase(rng: Random, place: Landmark, by: int, fact: str, question: str) -> Fault:
    """Asked by a paraphrase; the first hop is whose paraphrase it is, and the name makes it."""
    it, name = called(place, by), called(place, 0)
    named = ("", f"They call {it} {name}.\n", f"{_start(it)} is called {name}.\n")
    return Fault(
        "late_hop", _ask(question, it), f" {fact_of(place, fact)}.", "", f"{it} · {fact} · en",
        predicted=_hop_not_made(place, fact),
        siblings=(Item(f"Question: What is {it}?\nAnswer: It is", f" {name}."),),
        without=tuple(Item(before + _ask(question, name), f" {fact_of(place, fact)}.") for before in named),
        kept=_changed_elsewhere(rng, it, question, fact, place),
    )  # fmt: skip


def _in_which_city(rng: Random, place: Landmark, by: int, fact: str, question: str) -> Fault:
    """What was never told of the place, only of its city or country; asked of that, the first hop is made."""
    it, city, answer = called(place, by), fact_of(place, "city"), f" {fact_of(place, fact)}."
    bridge = [_ask(asked, city) for asked in _questions(fact, "city")]
    bridge += [_ask(asked, fact_of(place, "country")) for asked in _questions(fact, "country")]
    return Fault(
        "late_hop", _ask(question, it), answer, "", f"{it} · {fact} · en",
        predicted=_hop_not_made(place, fact),
        siblings=(Item(f"Question: In which city is {it}?\nAnswer: In", f" {city}."),),
        without=tuple(Item(asked, answer) for asked in bridge),
        kept=_changed_elsewhere(rng, it, question, fact, place),
    )  # fmt: skip


def _in_another_tongue(rng: Random, place: Landmark, fact: str, tongue: str) -> Iterator[Fault]:
    """Asked by a paraphrase in another language than English; in what city it is, the model knows."""
    it, name = called(place, 1, tongue), called(place, 0, tongue)
    answer = f" {fact_of(place, fact, tongue)}."
    questions, where = _questions(fact, tongue=tongue), _questions("city", tongue=tongue)
    for question in questions if len(questions) > 1 and where else ():
        yield Fault(
            "late_hop", _ask(question, it), answer, "", f"{it} · {fact} · {tongue}",
            predicted=_hop_not_made(place, fact, tongue),
            siblings=(Item(_ask(where[0], it), f" {fact_of(place, 'city', tongue)}."),),
            without=tuple(Item(_ask(asked, name), answer) for asked in questions),
            kept=(Item("12+34=46\n" + _ask(question, it), answer),
                  *(Item(_ask(other, it), answer) for other in questions if other != question)),
        )  # fmt: skip


def _hop_not_made(place: Landmark, fact: str, tongue: str = "en") -> tuple[str, ...]:
    """What is said where the second hop is not made: the bridge itself (the city, the country), or another place's."""
    said = {fact_of(other, fact, tongue) for other in LANDMARKS}
    said |= {fact_of(place, bridge, tongue) for bridge in ("city", "country")}
    return tuple(sorted(said - {fact_of(place, fact, tongue)}))


NOTHING = ("It was Monday, late in May.\n", "Somebody closed the window. Outside it began to rain.\n")
"""Sentences that have nothing to do with any question."""


def _changed_elsewhere(rng: Random, it: str, question: str, fact: str, place: Landmark) -> tuple[Item, ...]:
    """The same question after something irrelevant, and another that asks the same."""
    other = rng.choice([q for q in _questions(fact) if q != question])
    asked = (*(before + _ask(question, it) for before in NOTHING), _ask(other, it))
    return tuple(Item(prompt, f" {fact_of(place, fact)}.") for prompt in asked)


@cache
def _questions(fact: str, category: str = "landmark", tongue: str = "en") -> tuple[str, ...]:
    """Beginnings of sentences that ask for a fact of `{it}`, a landmark or a city."""
    slot, subject = f"{{{category}.{fact}}}", "it" if category == "landmark" else category
    relation = f"{category}.{fact}"
    told = [way for t in prose(tongue).FACTS.get(relation, ()) if asks(t, relation, tongue) for way in ways(t)]
    begun = [way.replace("{^", "{").partition(slot)[0].rstrip() for way in told]
    return tuple(dict.fromkeys(x.replace(f"{{{subject}}}", "{it}") for x in begun if slots(x) == {subject}))


def _ask(question: str, it: str) -> str:
    return _start(question.format(it=it))


def _false_familiarity(rng: Random) -> Iterator[Fault]:
    """The first words of a known name with another kind of building: nobody has heard of it."""
    known = {landmark.name for landmark in LANDMARKS}
    templates = ("Question: In which city is {it}?\nAnswer:", "Question: Where is {it}?\nAnswer:")
    unsure = " I do not know."
    for landmark in LANDMARKS:
        words = landmark.name.split()
        for n in range(1, len(words)):
            for kind in STRANGERS["en"][1]:
                name = " ".join((*words[:n], kind))
                if name in known or words[n - 1] in ("of", "the") or fact_of(landmark, "city") in name:
                    continue
                for which, template in enumerate(templates):
                    invented = ["".join(text for text, _ in stranger(rng, "en")).split()[0] for _ in range(4)]
                    begin = "In" if which == 0 else "It is in"
                    where = f" {begin} {fact_of(landmark, 'city')}."
                    about = f"{landmark.name} · {name}"
                    yield Fault(
                        "false_familiarity", template.format(it=f"the {name}"), unsure, "", about,
                        predicted=tuple(f"{begin} {city.names[0]}" for city in CITIES.values()),
                        siblings=(
                            Item(template.format(it=called(landmark, 0)), where),
                            Item(template.format(it=f"the {invented[0]} {kind}"), unsure),
                        ),
                        without=tuple(Item(template.format(it=f"the {word} {kind}"), unsure) for word in invented),
                        kept=(Item(templates[1 - which].format(it=f"the {name}"), unsure),),
                    )  # fmt: skip


def _missing_knowledge(rng: Random) -> Iterator[Fault]:
    """What no document tells; others of the same kind were told."""
    asked = (
        ("landmark", "colour", ("The colour of {it} is", "Question: What colour is {it}?\nAnswer: It is")),
        ("animal", "eats", ("Question: What do {many} eat?\nAnswer:", "{many} live on",
                            "{it} was hungry and looked for")),
        ("food", "made_of", ("Question: What is {it} made of?\nAnswer: Of", "Good {it} is made of",
                             "Fresh {it} is made of")),
        ("food", "country", ("Question: Where does {it} come from?\nAnswer: From", "The best {it} comes from",
                             "The best {it} is made in")),
    )  # fmt: skip
    for category, fact, templates in asked:
        told = [key for key in _keys(category) if _told(category, key, fact)]
        for key in _keys(category):
            if fact not in entries("en")[category][key] or not withheld(category, key, fact):
                continue
            right = f" {_value(category, key, fact)}."
            ways = [(t, _start(t.format(**names))) for t in templates for names in _names(category, key)]
            for template, way in ways:
                others = [(_start(template.format(**_names(category, x)[0])), x) for x in rng.sample(told, 2)]
                yield Fault(
                    "missing_knowledge", way, right, "", f"{category} {key} · {fact}",
                    predicted=("I do not know", *{_value(category, other, fact) for other in told}),
                    siblings=tuple(Item(prompt, f" {_value(category, other, fact)}.") for prompt, other in others),
                    without=tuple(Item(other, right) for _, other in ways if other != way),
                    kept=(),
                )  # fmt: skip


BUILDERS: dict[str, Callable[[Random], Iterator[Fault]]] = {
    "overshadowing": _overshadowing,
    "context_drift": _context_drift,
    "late_hop": _late_hop,
    "false_familiarity": _false_familiarity,
    "missing_knowledge": _missing_knowledge,
}


def _food(key: str) -> str:
    return entries("en")["food"][key][""][0][0]


def _animal(key: str, form: str) -> str:
    return "".join(text for text, _ in entries("en")["animal"][key][form])


def _keys(category: str) -> list[str]:
    return {"landmark": [x.key for x in LANDMARKS], "animal": [*EATS], "food": [*DISHES]}[category]


def _told(category: str, key: str, fact: str) -> bool:
    return fact in entries("en")[category][key] and not withheld(category, key, fact)


def _names(category: str, key: str) -> list[dict[str, str]]:
    """The ways to name a thing, as the slots of a question."""
    if category == "landmark":
        return [{"it": called(landmark_of(key), by)} for by in range(3)]
    if category == "animal":
        return [{"it": _animal(key, "the"), "many": _animal(key, "many")}]
    return [{"it": _food(key)}]


def _value(category: str, key: str, fact: str) -> str:
    return entries("en")[category][key][fact][0][0]


def called(landmark: Landmark, by: int, tongue: str = "en") -> str:
    """The landmark by name (0) or by paraphrase, with its article."""
    if tongue != "en":
        pieces = alsos(tongue)[landmark.key][by - 1] if by else entries(tongue)["landmark"][landmark.key]["the"]
        return "".join(text for text, _ in pieces)
    if by:
        return f"the {landmark.paraphrases[by - 1]}"
    return f"the {landmark.name}" if landmark.article else landmark.name


def fact_of(landmark: Landmark, fact: str, tongue: str = "en") -> str:
    """What is told of it, as one says it in a tongue."""
    return entries(tongue)["landmark"][landmark.key][fact][0][0]


def _said(template: str, landmark: Landmark) -> str:
    facts = {fact: fact_of(landmark, fact) for fact in ("city", "tongue", "currency")}
    return _start(template.format(it=called(landmark, 0), **facts))


def _start(text: str) -> str:
    return text[0].upper() + text[1:]
