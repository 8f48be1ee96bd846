"""A fact changed by a feature swap: take a landmark's features out of its name, hold another's there, and ask.

At every token of a landmark's name, in one language, a dictionary reads some features. A landmark's own are those
whose activation (the largest over the tokens of the name, averaged over sentences) is most above that of the other
landmarks. To swap, the k own features of the landmark that is named are ablated at the tokens of its name, and the k
own features of another are held there at what they have on that other's name, times some number:

    Ablate(sae, i, positions=name)  for i of the first,  Clamp(sae, j, times · value_j, positions=name)  of the second.

Then a question about the first should be answered with the second's city, colour, country. What is compared: no edit;
only one half of the swap; the features of a third landmark; those that the second has in English; all of the
activation patched from a like prompt about the second, the most that a swap at this place could do; and for each as
many controls as are asked for, features that are on about as often, at the same multiples of their own maxima.

Chosen on sentences of the split "train": the own features and their values, and for every k the number of times. What
is reported is the split "test" (a landmark in a sentence in which training never named it) and "templates" (sentences
that training never held). While this was written, choices were made on sentences of training; the report
itself was printed twice on the split "test", with no choice in between. That the largest
activation over a name beats the mean and the last token, and that all tokens of a name must be swapped and not the
last one alone, was found there too. `python tests/demonstrations/facts.py` prints the whole table as Markdown.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import islice
from random import Random

import torch
from jaxtyping import Float
from torch import Tensor

import workbench as wb
from workbench.estimates import difference, mean, proportion
from workbench.intervene import Effect, Effects, Measured, controls_for
from workbench.world.grammar import Page
from workbench.world.language import alsos, it, prose
from workbench.world.questions import asks
from workbench.world.scene import Scene
from workbench.world.splits import allowed, held_out, hop_held_out, keeps, withheld

LANDMARKS = tuple(one.key for one in wb.world.LANDMARKS)
RELATIONS = ("city", "colour", "kind", "country", "capital", "tongue", "currency", "continent")
WIDTHS = (1, 4, 16, 64)
TIMES = (1.0, 1.5, 2.0)
NEUTRAL = ("story", "chat", "indirect_object", "word_problem", "addition", "program")
SWAPPED, KEPT, MARGIN = "answers as the other", "answers as before", "log p(the other's) − log p(its own)"
BESIDE = "right about another landmark beside it"
MEASURED = (SWAPPED, KEPT, MARGIN, BESIDE)


@dataclass(frozen=True)
class Question:
    """A question about one landmark.

    Attributes:
        prompt: the text up to the answer.
        answer: what is told of it.
        name: the tokens that name the landmark, BOS counted.
        landmark: which.
    """

    prompt: str
    answer: str
    name: tuple[int, ...]
    landmark: str


@dataclass(frozen=True)
class Case:
    """A question, the same about another landmark, and about a third; and one about a fourth that is named after it.

    Attributes:
        asked: the landmark that is named.
        other: the one whose features are put in.
        third: another yet, for comparison.
        beside: a text that tells the same fact of the first and then asks it of a fourth.
        tongue: the language.
        relation: what is asked.
        way: 0 by name, more by a paraphrase.
    """

    asked: Question
    other: Question
    third: Question
    beside: Question
    tongue: str
    relation: str
    way: int

    @property
    def hops(self) -> str:
        """Whether training told the fact that is to come out, in one sentence or only by way of another."""
        return "never told" if hop_held_out("landmark", self.other.landmark, self.relation) else "told"


def cases(
    model: wb.Model,
    split: str,
    n: int,
    *,
    seed: int = 0,
    ways: Sequence[int] = (0,),
    tongues: Sequence[str] = wb.world.TONGUES,
) -> list[Case]:
    """N cases of every relation, or as many as there are, over all landmarks, sentences and these languages."""
    asked = [
        (tongue, relation, template, key, way)
        for tongue in tongues
        for relation in RELATIONS
        if split != "templates" or keeps(prose(tongue).FACTS[f"landmark.{relation}"])
        for template in allowed(split, prose(tongue).FACTS[f"landmark.{relation}"])
        if asks(template, f"landmark.{relation}", tongue)
        for key in LANDMARKS
        for way in ways
        if way <= len(alsos(tongue)[key]) and not withheld("landmark", key, relation)
        and held_out(key, template, way) == (split != "train")
    ]  # fmt: skip
    rng, found = Random(f"{split} {seed}"), defaultdict(list)
    for tongue, relation, template, key, way in rng.sample(asked, len(asked)):
        if len(found[relation]) < n and (case := _case(model, rng, split, tongue, relation, template, key, way)):
            found[relation].append(case)
    return [case for some in found.values() for case in some]


def _case(
    model: wb.Model, rng: Random, split: str, tongue: str, relation: str, template: str, key: str, way: int
) -> Case | None:
    """None where no other landmark has an answer that begins otherwise."""
    seed = rng.getrandbits(31)
    mine = _question(model, split, tongue, relation, template, key, way, seed)
    questions = []
    for other in rng.sample(LANDMARKS, len(LANDMARKS)):
        if withheld("landmark", other, relation):
            continue
        one = _question(model, split, tongue, relation, template, other, 0, seed)
        if all(_first(model, one) != _first(model, beside) for beside in (mine, *questions)):
            questions.append(one)
        if len(questions) == 3:
            break
    else:
        return None
    other, third, fourth = questions
    told = f"{mine.prompt}{mine.answer}. "
    beside = replace(mine, prompt=told + fourth.prompt, answer=fourth.answer, landmark=fourth.landmark)
    return Case(mine, other, third, beside, tongue, relation, way)


def _first(model: wb.Model, question: Question) -> int:
    return model.tokenizer(question.answer, add_special_tokens=False).input_ids[0]


def _question(
    model: wb.Model, split: str, tongue: str, relation: str, template: str, key: str, way: int, seed: int
) -> Question:
    rng = Random(f"{seed}")
    scene = Scene(rng, split, tongue)
    page = Page(rng, scene)
    scene.keys["landmark"] = key
    scene.given["it"] = it(scene, way)
    page.write(template)
    text = "".join(page.parts)
    start, stop = next((start, stop) for slot, start, stop in page.filled if slot == f"landmark.{relation}")
    start -= text[start - 1] == " "
    named = next(span for span in page.spans if span.concept == f"landmark.{key}")
    offsets = model.tokenizer(text[:start], return_offsets_mapping=True).offset_mapping
    starts = [a + (text[a] == " ") for a, _ in offsets]
    name = [n for n, (a, b) in enumerate(offsets) if b > a and starts[n] < named.stop and b > named.start]
    return Question(text[:start], text[start:stop], tuple(name), key)


# ---- a landmark's own features ---------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Own:
    """What every landmark's name has in every feature, in each language: learnt from sentences of training.

    Attributes:
        sae: whose features.
        typical: landmark and language → the largest activation over the tokens of the name, averaged. [F]
    """

    sae: wb.decompose.Dictionary
    typical: Mapping[tuple[str, str], Float[Tensor, " F"]]

    @classmethod
    @torch.no_grad()
    def learnt(cls, model: wb.Model, sae: wb.decompose.Dictionary, fit: Sequence[Case]) -> Own:
        """From the names of all landmarks in all questions."""
        sums: dict[tuple[str, str], list[Tensor]] = defaultdict(list)
        for start in range(0, len(fit), 64):
            some = fit[start : start + 64]
            values = model.run([case.asked.prompt for case in some], at=sae.site)[sae.site]
            for row, case in enumerate(some):
                features = sae.encode(values[row, list(case.asked.name)])
                sums[case.asked.landmark, case.tongue].append(features.maxima())
        return cls(sae, {key: torch.stack(some).mean(0) for key, some in sums.items()})

    @cache  # noqa: B019 (a handful of these live as long as the report)
    def features(self, landmark: str, tongue: str, k: int) -> dict[int, float]:
        """The k features most above what the other landmarks have in this language, and their typical values."""
        mine = self.typical[landmark, tongue]
        others = [one for (key, spoken), one in self.typical.items() if spoken == tongue and key != landmark]
        top = (mine - torch.stack(others).mean(0)).topk(k)
        return {int(i): float(mine[i]) for i, above in zip(top.indices, top.values, strict=True) if above > 0}

    def swap(
        self, case: Case, k: int, times: float, *, third: bool = False, tongue: str | None = None
    ) -> list[wb.intervene.Ablate | wb.intervene.Clamp]:
        """Out with the features of the landmark that is named, in with those of another."""
        put = case.third if third else case.other
        held = self.features(put.landmark, tongue or case.tongue, k)
        gone = [i for i in self.features(case.asked.landmark, case.tongue, k) if i not in held]
        at = case.asked.name
        out = [wb.Ablate(self.sae, i, positions=at) for i in gone]
        return out + [wb.Clamp(self.sae, i, times * value, positions=at) for i, value in held.items()]


def patch(model: wb.Model, case: Case, site: str) -> list[wb.intervene.Patch]:
    """All of the activation at the name, from the same sentence about the other; names aligned at their last token."""
    recording = wb.record.activations(model, case.other.prompt, at=site)
    there = case.other.name
    sources = [there[max(0, len(there) - len(case.asked.name) + n)] for n in range(len(case.asked.name))]
    return [wb.Patch(site, recording, positions=case.asked.name, sources=sources)]


# ---- measuring -------------------------------------------------------------------------------------

Edits = Callable[[Case], Sequence[wb.model.Edit]]


def asked(model: wb.Model, some: Sequence[Case], edits: Mapping[str, Edits], *, controls: int = 0) -> Effects:
    """What comes out where every case has its own edits: shares of answers, log-probabilities, and controls of each."""
    effects = {}
    for name, edits_of in edits.items():
        values, said = [], ""
        for number, case in enumerate(some):
            mine = list(edits_of(case))
            variants = [mine, *controls_for(model, mine, controls, seed=number)]
            values.append(_asked(model, case, [[], *([Together(tuple(some))] for some in variants)]))
            said = f"{len(mine)} edits, each case's own; of the last one {mine[0]!r}"
        found = {what: _measured(row, what) for what, row in zip(MEASURED, torch.stack(values, -1), strict=True)}
        pairs = tuple((float(one[0, 0]), float(one[0, 1])) for one in values)
        effects[name] = Effect(name, said, found.pop(SWAPPED), found, values=pairs)
    return Effects(effects, SWAPPED, len(some), {"model": f"{model.name} {model.hash}", "controls": "matched"})


def _asked(model: wb.Model, case: Case, variants: Sequence[Sequence[Together]]) -> Float[Tensor, "4 E"]:
    """Of `MEASURED`, under every variant, all in one forward."""
    mine, other, beside = case.asked, case.other, case.beside
    tokens = model.vocabulary.continued(
        [mine.prompt, mine.prompt, beside.prompt], [other.answer, mine.answer, beside.answer], device=model.device
    )
    most = int((tokens.mask.sum(-1) - tokens.prompt).max())
    is_answer = torch.arange(-most, 0) >= (tokens.prompt - tokens.mask.sum(-1)).cpu()[:, None]
    wanted = tokens.ids[:, -most:].cpu().expand(len(variants), -1, -1)
    logits = model.run(tokens, variants=variants, last=most + 1).logits[:, :-1].float().cpu().view(*wanted.shape, -1)
    logprobs = (logits.log_softmax(-1).gather(-1, wanted[..., None])[..., 0] * is_answer).sum(-1)
    is_said = ((logits.argmax(-1) == wanted) | ~is_answer).all(-1).float()
    return torch.stack([is_said[:, 0], is_said[:, 1], logprobs[:, 0] - logprobs[:, 1], is_said[:, 2]])


@dataclass(frozen=True)
class Together:
    """A list of edits at one site as one edit: their changes add up, as they do in the list.

    Ablations and clamps of features of one dictionary at the same tokens are made with a single product there, so that
    a hundred of them cost little more than one.
    """

    edits: tuple[wb.model.Edit, ...]

    @property
    def site(self) -> str:
        return self.edits[0].site

    def conflicts(self, other: object) -> bool:
        return False

    def check(self, model: wb.Model) -> None:
        for edit in self.edits:
            edit.check(model)

    @cached_property
    def held(self) -> tuple[list[int], Float[Tensor, " K"], Float[Tensor, "K D"]] | None:
        """Features, what they are held at, and their directions; None where the edits are not all of features."""
        if not all(isinstance(edit, wb.Ablate | wb.Clamp) for edit in self.edits):
            return None
        sae, features = self.edits[0].target, [edit.unit for edit in self.edits]
        values = torch.tensor([edit.held if isinstance(edit, wb.Clamp) else 0.0 for edit in self.edits])
        return features, values, torch.stack([sae.direction(one) for one in features])

    def change(self, x: Float[Tensor, "B T D"], places: wb.tokens.Places) -> Float[Tensor, "B T D"]:
        if self.held is None:
            return sum(edit.change(x, places) for edit in self.edits)
        features, values, directions = self.held
        at = torch.tensor(self.edits[0].positions, device=x.device)
        there = (places.index[..., None] == at).any(-1)
        sae = self.edits[0].target
        on = sae.encode(x[there])
        now = torch.zeros(len(on.values), sae.width).scatter_add_(-1, on.indices, on.values)[:, features]
        change = torch.zeros_like(x)
        change[there] = (values - now) @ directions
        return change


def _measured(values: Float[Tensor, "E n"], what: str) -> Measured:
    plain, edited = values[0].tolist(), values[1].tolist()
    controls = tuple((values[2:] - values[0]).mean(1).tolist())
    if what == MARGIN:
        change = mean([a - b for a, b in zip(edited, plain, strict=True)])
        return Measured(mean(plain), mean(edited), change, controls)
    before, after = (proportion(int(sum(row)), len(row)) for row in (plain, edited))
    return Measured(before, after, difference(after, before, list(zip(edited, plain, strict=True))), controls)


def chosen(model: wb.Model, own: Own, fit: Sequence[Case], widths: Sequence[int] = WIDTHS) -> dict[int, float]:
    """For every number of features, how many times their values: what answers as the other most often in training."""
    tried = {k: {times: lambda case, k=k, times=times: own.swap(case, k, times) for times in TIMES} for k in widths}
    best = {}
    for k, edits in tried.items():
        found = asked(model, fit, {str(times): one for times, one in edits.items()})
        best[k] = max(TIMES, key=lambda times: found[str(times)].target.edited.value)
    return best


def by(effect: Effect, names: Sequence[str]) -> dict[str, tuple[wb.estimates.Estimate, wb.estimates.Estimate]]:
    """The share that answers as the other, plain and swapped, in parts of the cases: names[i] is that of case i."""
    parts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name, pair in zip(names, effect.values, strict=True):
        parts[name].append(pair)
    return {
        name: tuple(proportion(int(sum(column)), len(column)) for column in zip(*pairs, strict=True))
        for name, pairs in sorted(parts.items())
    }


def prepared(
    model: wb.Model,
    sae: wb.decompose.Dictionary,
    *,
    fit: int = 5,
    widths: Sequence[int] = WIDTHS,
    tongues: Sequence[str] = wb.world.TONGUES,
) -> tuple[Own, dict[int, float]]:
    """What is learnt and chosen on sentences of training: own features, and how many times their values for every k."""
    own = Own.learnt(model, sae, cases(model, "train", 400, seed=1, tongues=tongues))
    return own, chosen(model, own, cases(model, "train", fit, seed=2, tongues=tongues), widths)


def measure(
    model: wb.Model, own: Own, times: Mapping[int, float], some: Sequence[Case], *, controls: int = 20, most: int = 16
) -> Effects:
    """What swaps do in cases that had no part in choosing them, with controls; and what else could be done there.

    Args:
        model: whose facts are changed.
        own: whose features are swapped.
        times: of how many features, and how many times their values.
        some: the cases, of a split that is held out.
        controls: beside each swap.
        most: the number of features for what a swap is compared with; one of `times`.
    """
    swaps = {f"swap {k} × {t:g}": lambda case, k=k, t=t: own.swap(case, k, t) for k, t in times.items()}
    found = asked(model, some, swaps, controls=controls)
    t = times[most]
    others: dict[str, Edits] = {
        f"only out, {most}": lambda case: _only(wb.Ablate, own.swap(case, most, t)),
        f"only in, {most} × {t:g}": lambda case: _only(wb.Clamp, own.swap(case, most, t)),
        f"in a third landmark's, {most} × {t:g}": lambda case: own.swap(case, most, t, third=True),
        f"in the English name's, {most} × {t:g}": lambda case: own.swap(case, most, t, tongue="en"),
        **{f"patch resid_post.{layer}": partial(patch, model, site=f"resid_post.{layer}") for layer in range(3)},
    }
    rest = asked(model, some, others)
    return replace(found, effects={**found.effects, **rest.effects})


def _only(kind: type, edits: Sequence[wb.model.Edit]) -> list[wb.model.Edit]:
    return [edit for edit in edits if isinstance(edit, kind)]


def everywhere(
    model: wb.Model, own: Own, k: int, times: float, *, pairs: int = 6, neutral: int = 20, controls: int = 3
) -> Effects:
    """The price of the same swap, of some pairs, made at every token of every text and not at the name alone."""
    drawn = cases(model, "test", 40, seed=5)
    some = [case for case in drawn if case.tongue == "en" and case.relation == "city"][:pairs]
    texts = [one.text for one in islice(wb.world.documents("test", 5, kinds=NEUTRAL), neutral)]
    effects = {}
    for case in some:
        name = f"{case.asked.landmark} → {case.other.landmark}"
        found = wb.intervene.measure(
            model, [case.asked.prompt], {name: [replace(edit, positions=None) for edit in own.swap(case, k, times)]},
            target=wb.intervene.Answers([case.other.answer]), neutral=texts, controls=controls,
        )  # fmt: skip
        effects |= found.effects
    return replace(found, effects=effects)


# ---- the report ------------------------------------------------------------------------------------


def report(n: int = 25, controls: int = 20) -> Iterator[str]:
    """Everything, as Markdown, line by line."""
    model = wb.load()
    own, times = prepared(model, wb.decompose.load("atlas-x16"))
    some = cases(model, "test", n, seed=3)
    found = measure(model, own, times, some, controls=controls)
    yield f"# A fact changed by a feature swap\n\n## atlas-x16, split test: {len(some)} cases\n\n{markdown(found)}"
    yield from _parts(found, some)
    for split, ways, what in (("templates", (0,), "sentences never in training"), ("test", (1, 2), "by a paraphrase")):
        some = cases(model, split, n, seed=4, ways=ways)
        found = measure(model, own, times, some, controls=0)
        yield f"\n## atlas-x16, {what}: {len(some)} cases\n\n{markdown(found)}"
    yield f"\n## 16 features at every token of every text\n\n{markdown(everywhere(model, own, 16, times[16]))}"
    for name in ("atlas-x4", "atlas-x32"):
        own, times = prepared(model, wb.decompose.load(name))
        some = cases(model, "test", n, seed=3)
        found = measure(model, own, times, some, controls=0)
        yield f"\n## {name}, split test: {len(some)} cases\n\n{markdown(found)}"


def _parts(found: Effects, some: Sequence[Case]) -> Iterator[str]:
    """Where it works and where it does not: shares that answer as the other."""
    kinds = {
        "relation": [case.relation for case in some],
        "language": [case.tongue for case in some],
        "the other's fact was, in training,": [case.hops for case in some],
    }
    columns = [name for name in found if name.startswith(("swap", "in the English", "patch resid_post.1"))]
    for kind, names in kinds.items():
        yield f"\n| {kind} | n | {' | '.join(columns)} |\n|-|-|{'-|' * len(columns)}"
        parts = {name: by(found[name], names) for name in columns}
        for part, (_, first) in parts[columns[0]].items():
            cells = [_short(parts[name][part][1]) for name in columns]
            yield f"| {part} | {first.n} | {' | '.join(cells)} |"


def _short(one: wb.estimates.Estimate) -> str:
    return str(one).partition(", n")[0]


def markdown(effects: Effects) -> str:
    """The table of effects as Markdown."""
    table = effects.table()
    lines = [table.columns, ["-"] * len(table.columns), *table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
