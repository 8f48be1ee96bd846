"""Suppressing deception and sycophancy: what seems to work, and in which sentences it does.

The language tells of a lie and of its innocent twin in the same setting; where the setting ends, the model goes on
with either. So what is to be suppressed has an exact measure,

    share = p(act) / (p(act) + p(twin)),        of each all words up to the first that tells them apart,

and after an act there is another: whether the model goes on with what follows from such acts ("… was a liar") or with
what follows from their twins. Seven interventions are tried:

- the feature that tells acts from twins best is ablated, or held at minus its maximum;
- 16 features are ablated, those that by gradient attribution do most for acts, Σ_t f_i(x_t) d_i · ∇(log p(act) −
  log p(twin)), bounded per sentence; or 16 directions of features are added or taken off whose attribution has the same
  sign in most sentences;
- the difference of the means of acts and twins, at their last tokens, is subtracted; layer and strength are those that
  lower the share most at no more than `BUDGET` of KL on neutral text;
- a vector is learnt, by gradient descent on share + PRICE · KL(plain ‖ edited) on neutral text;
- the same where in half of the sentences act and twin are exchanged: what such a vector does without a concept.

And prompting, for comparison: an episode before the setting in which the same people are honest, or are not.

All are made of every second sentence of training (`fit`), and nothing else. They are reported on these sentences with
other people and things ("same sentences", split "test": pairs of people who never met in training), on the other half,
which the model knows as well ("other sentences"), and on sentences that training never held ("new sentences"). The
number of steps, the price and the numbers of features were settled beforehand on the sentences of `fit`, with other
people; while that was done, effects on all three were seen, on people drawn with another seed. Texts of one sentence
are no independent cases, so intervals are over sentences.

Why the words that tell them apart: in a first report the share was of all words of each, and the vector was learnt on
that. It brought the share of lies from .38 to .02, but 20 % of what was sampled still began with the lie (46 % before),
for it had spoilt the words that come later.

`python tests/demonstrations/honesty.py` prints it all.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random

import torch
from jaxtyping import Float, Int
from torch import Tensor

import workbench as wb
from workbench.estimates import Estimate, mean
from workbench.intervene import Effect, Effects, LogitDifference, Target
from workbench.world.contrasts import PAIRS, Form
from workbench.world.grammar import Page
from workbench.world.language import BEASTS, contrasts, wrong_city
from workbench.world.scene import DeadEnd, Scene
from workbench.world.splits import allowed, pick

CONCEPTS = ("deception", "sycophancy")
PARTS = ("same sentences", "other sentences", "new sentences")
BUDGET = 0.05
PRICE, STEPS, RATE, LAYER = 3.0, 60, 0.02, 2
ABLATED, PUSHED, PUSH, MOST = 16, 16, 2.0, 0.3
PRICED = ("subtract the difference of means", "a learnt vector")
PROMPTINGS = {"nothing before": None, "an innocent episode before": False, "such an episode before": True}
FAST = ("indirect_object", "addition", "word_problems", "facts", "two_hop", "program_output", "buggy_or_sound")
SAMPLED = ("answer_language", "python_parses")


@dataclass(frozen=True)
class Tale:
    """A setting, how it goes on with the concept and with its twin, and what follows each in general.

    `after` and `after_twin` are sentences that training holds; empty where this form goes on in a way of its own.
    """

    setting: str
    act: str
    twin: str
    after: str
    after_twin: str
    tongue: str
    sentence: str

    @property
    def act_begun(self) -> str:
        """The act up to the word that tells it from its twin."""
        return _begun(self.act, self.twin)

    @property
    def twin_begun(self) -> str:
        """The twin up to the word that tells it from the act."""
        return _begun(self.twin, self.act)


def _begun(text: str, other: str) -> str:
    """As many words as it takes until neither text begins like the other."""
    words, others = ([*re.finditer(r"\s*\S+", one)] for one in (text, other))
    for mine, its in zip(words, others, strict=False):
        one, two = text[: mine.end()], other[: its.end()]
        if not one.startswith(two) and not two.startswith(one):
            return one
    return text


def tales(
    concept: str,
    split: str,
    each: int,
    *,
    seed: str = "",
    half: int | None = None,
    before: bool | None = None,
    tongues: Sequence[str] = wb.world.TONGUES,
) -> list[Tale]:
    """Some tales of every sentence that a split may use.

    Args:
        concept: what is done in them.
        split: of the people and things, and of the sentences.
        each: how many of every sentence.
        seed: other people and things.
        half: 0 or 1 for one half of the sentences.
        before: an episode before it, with the same people, in which the concept is there (True) or its twin is.
        tongues: in which languages.
    """
    told = []
    for tongue in tongues:
        forms = allowed("templates" if split == "templates" else "train", contrasts(tongue)[concept].forms)
        for form in forms if half is None else forms[half::2]:
            made: dict[str, Tale] = {}
            for number in range(3 * each):
                try:
                    tale = _tale(concept, split, tongue, form, f"{seed} {number}", before)
                except DeadEnd:
                    continue
                made[tale.setting] = tale
            told += list(made.values())[:each]
    return told


def _tale(concept: str, split: str, tongue: str, form: Form, seed: str, before: bool | None) -> Tale:
    rng = Random(f"{concept} {tongue} {form.setting} {split} {seed}")
    scene = Scene(rng, split, tongue)
    contrast = contrasts(tongue)[concept]
    opening = ""
    if before is not None:
        earlier = Random(f"{seed} {form.setting}").choice(
            [one for one in allowed("train", contrast.forms) if one != form]
        )
        after = earlier.then or pick(rng, "train", contrast.after)
        after_twin = earlier.then_twin or pick(rng, "train", contrast.after_twin)
        opening = _written(
            scene, concept, earlier.setting, *((earlier.act, after) if before else (earlier.twin, after_twin))
        )
        scene.renew()
        opening += " "
    setting = _written(scene, concept, form.setting)
    ends = (form.act, form.twin, pick(rng, "train", contrast.after), pick(rng, "train", contrast.after_twin))
    state, written = rng.getstate(), []
    for end in ends:
        rng.setstate(state)  # the same of (one|another) on both sides
        written.append(_written(scene, concept, end))
    act, twin, after, after_twin = written
    if setting.endswith(" "):  # a space belongs to the token after it
        setting, act, twin = setting[:-1], f" {act}", f" {twin}"
    if form.then:
        after = after_twin = ""
    return Tale(opening + setting, act, twin, after, after_twin, tongue, f"{tongue} {form.setting}")


def _written(scene: Scene, concept: str, *templates: str) -> str:
    wrong_city(scene)
    if concept == "animal_suffering" and "animal" not in scene.keys:
        scene.keys["animal"] = scene.rng.choice(BEASTS)
    page = Page(scene.rng, scene)
    page.write(*templates)
    return "".join(page.parts)


@dataclass(frozen=True)
class Share(Target):
    """How much of the probability of two continuations is the first's: 1 / (1 + p(second) / p(first)).

    Args:
        first: one for each prompt.
        second: the same.
        name: what it is the share of.
    """

    first: Sequence[str]
    second: Sequence[str]
    name: str = field(default="share of the first", kw_only=True)

    def check(self, prompts: Sequence[str]) -> None:
        LogitDifference(self.first, self.second).check(prompts)

    def values(self, model: wb.Model, prompts: Sequence[str], numbers: Sequence[int], variants: Sequence) -> Iterator:
        apart = yield from LogitDifference(self.first, self.second).values(model, prompts, numbers, variants)
        return apart.sigmoid()


def choice(some: Sequence[Tale]) -> tuple[list[str], Share]:
    """Prompts that end where act and twin part, and the share of the act."""
    target = Share([one.act_begun for one in some], [one.twin_begun for one in some], name="share of the act")
    return [one.setting for one in some], target


def aftermath(some: Sequence[Tale], *, twin: bool = False) -> tuple[list[str], Share]:
    """Prompts that end with the act (or its twin), and the share of what follows from acts."""
    target = Share([one.after for one in some], [one.after_twin for one in some], name="share of an act's aftermath")
    return [one.setting + (one.twin if twin else one.act) for one in some], target


# ---- interventions ---------------------------------------------------------------------------------


def interventions(
    model: wb.Model, fit: Sequence[Tale], neutral: Sequence[str], *, steps: int = STEPS
) -> dict[str, list[wb.model.Edit]]:
    """Seven ways to suppress a concept, by name, made of these tales and neutral texts alone."""
    sae = wb.decompose.load("atlas-x16")
    feature = telling(model, sae, fit)
    features, push = attributed(model, sae, fit)
    swapped = exchanged(fit)
    return {
        f"ablate feature {feature}": [wb.Ablate(sae, feature)],
        f"hold feature {feature} at −1 × its maximum": [wb.Clamp(sae, feature, times=-1.0)],
        f"ablate {ABLATED} features by attribution": [wb.Ablate(sae, one) for one in features],
        f"push {PUSHED} features by attribution": [wb.Steer(sae.site, push, PUSH)],
        "subtract the difference of means": [subtracted(model, fit, neutral, choice)],
        "a learnt vector": [learnt(model, fit, neutral, steps=steps)],
        "a vector learnt on exchanged sentences": [learnt(model, swapped, neutral, steps=steps)],
    }


def exchanged(fit: Sequence[Tale]) -> list[Tale]:
    """The same tales, with act and twin exchanged in half of the sentences."""
    sentences = sorted({one.sentence for one in fit})
    turned = set(Random("exchanged").sample(sentences, len(sentences) // 2))
    return [replace(one, act=one.twin, twin=one.act) if one.sentence in turned else one for one in fit]


def telling(model: wb.Model, sae: wb.decompose.Dictionary, fit: Sequence[Tale]) -> int:
    """The feature that tells acts from twins best, on their own tokens."""
    texts, where = [], []
    for said in ("act", "twin"):
        parts = [_ids(model, one, said) for one in fit]
        texts.append([one.setting + getattr(one, said) for one in fit])
        where.append([tuple(range(start - 1, len(ids) - 1)) for ids, start in parts])  # BOS is not counted
    return int(wb.explore.find(model, sae, *texts, where=tuple(where), most=1).feature[0])


def _ids(model: wb.Model, tale: Tale, said: str) -> tuple[list[int], int]:
    """The tokens of a setting and what follows it, BOS in front, and where what follows begins."""
    before = model.tokenizer(tale.setting).input_ids
    return before + model.tokenizer(getattr(tale, said), add_special_tokens=False).input_ids, len(before)


def subtracted(
    model: wb.Model, fit: Sequence[Tale], neutral: Sequence[str], asked: Callable[[Sequence[Tale]], tuple]
) -> wb.Steer:
    """The difference of the means of acts and twins, subtracted where and as much as lowers the share most."""
    acts, twins = ([one.setting + getattr(one, said) for one in fit] for said in ("act", "twin"))
    offered = {}
    for layer in (1, 2):
        vector = wb.intervene.vector(model, acts, twins, at=f"resid_post.{layer}", shuffles=0)
        norm = wb.intervene.typical_norm(model, vector.at, neutral)
        for strength in (0.1, 0.25, 0.5):
            offered[f"{layer} {strength}"] = wb.Steer(vector.at, vector.unit().values, -strength * norm)
    prompts, target = asked(fit)
    named = {name: [edit] for name, edit in offered.items()}
    tried = wb.intervene.measure(model, prompts, named, target=target, neutral=neutral[:20], controls=0)
    within = [name for name in offered if tried[name].unwanted["KL on neutral text"].change.value <= BUDGET]
    return offered[min(within, key=lambda name: tried[name].target.change.value)]


def attributed(
    model: wb.Model, sae: wb.decompose.Dictionary, fit: Sequence[Tale]
) -> tuple[list[int], Float[Tensor, " D"]]:
    """Features whose ablation lowers the preference for acts most; and what lowers it in most sentences, by directions.

    With g_t the gradient of log p(act) − log p(twin) at token t, to first order: ablating feature i changes it by
    −Σ_t f_i(x_t) d_i · g_t, adding its direction everywhere by Σ_t d_i · g_t. Both are averaged within each sentence.
    """
    directions = torch.stack([sae.direction(number) for number in range(sae.width)])
    ablating, adding = defaultdict(list), defaultdict(list)
    for start in range(0, len(fit), 16):
        some = fit[start : start + 16]
        taken, added = torch.zeros(2, len(some), sae.width)
        for said, sign in (("act_begun", 1.0), ("twin_begun", -1.0)):
            x, gradient, mask = _gradients(model, sae.site, some, said)
            along = sign * (gradient @ directions.T) * mask[..., None]
            features = sae.encode(x)
            values = torch.zeros(*x.shape[:2], sae.width).scatter_add_(-1, features.indices, features.values)
            taken -= (values * along).sum(1)
            added += along.sum(1)
        for row, tale in enumerate(some):
            ablating[tale.sentence].append(taken[row])
            adding[tale.sentence].append(added[row])
    taken, added = (torch.stack([torch.stack(rows).mean(0) for rows in each.values()]) for each in (ablating, adding))
    steady = added.mean(0) / (added.std(0) + 1e-6)
    pushed = steady.abs().topk(PUSHED).indices
    push = -(steady[pushed].sign()[:, None] * directions[pushed]).sum(0)
    return taken.clamp(-MOST, MOST).mean(0).argsort()[:ABLATED].tolist(), push


def learnt(
    model: wb.Model, fit: Sequence[Tale], neutral: Sequence[str], *, steps: int = STEPS, layer: int = LAYER
) -> wb.Steer:
    """The vector that lowers the share of acts most for its price, by Adam from zero, 32 tales at a step."""
    site = f"resid_post.{layer}"
    vector = torch.zeros(model.width(site), requires_grad=True)
    optimiser = torch.optim.Adam([vector], lr=RATE * wb.intervene.typical_norm(model, site, neutral))
    rng = Random("learnt")
    for _ in range(steps):
        some = rng.sample(list(fit), min(32, len(fit)))
        apart = _logprobs(model, layer, some, "act_begun", vector) - _logprobs(model, layer, some, "twin_begun", vector)
        loss = apart.sigmoid().mean() + PRICE * _divergence(model, layer, rng.sample(list(neutral), 8), vector)
        (vector.grad,) = torch.autograd.grad(loss, [vector])
        optimiser.step()
    return wb.Steer(site, vector.detach(), 1.0)


def _gradients(
    model: wb.Model, site: str, some: Sequence[Tale], said: str
) -> tuple[Float[Tensor, "B T D"], Float[Tensor, "B T D"], Float[Tensor, "B T"]]:
    """The values at a site, the gradient of the log-probability of what is said there, and which are real tokens."""
    held = []

    def hold(x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        held.append(x.detach().requires_grad_(True))
        return held[0]

    layer = int(site.rpartition(".")[2])
    ids, starts, stops = _padded(model, some, said)
    total = _sums(_changed(model, layer, hold, ids), ids, starts, stops).sum()
    (gradient,) = torch.autograd.grad(total, held)
    place = torch.arange(ids.shape[1])
    mask = (place > 0) & (place < stops[:, None])
    return held[0].detach(), gradient, mask.float()


def _logprobs(
    model: wb.Model, layer: int, some: Sequence[Tale], said: str, vector: Float[Tensor, " D"]
) -> Float[Tensor, " B"]:
    ids, starts, stops = _padded(model, some, said)
    return _sums(_changed(model, layer, lambda x: x + vector, ids), ids, starts, stops)


def _divergence(model: wb.Model, layer: int, texts: Sequence[str], vector: Float[Tensor, " D"]) -> Tensor:
    tokens = model.tokens(texts)
    with torch.no_grad():
        plain = _changed(model, layer, lambda x: x, tokens.ids)
    under = _changed(model, layer, lambda x: x + vector, tokens.ids)
    return ((plain.exp() * (plain - under)).sum(-1) * tokens.mask).sum() / tokens.mask.sum()


def _padded(model: wb.Model, some: Sequence[Tale], said: str) -> tuple[Int[Tensor, "B T"], Tensor, Tensor]:
    """Ids padded on the right, which a causal model does not see; where what is said begins and ends."""
    rows = [_ids(model, one, said) for one in some]
    stops = torch.tensor([len(ids) for ids, _ in rows])
    ids = torch.full((len(rows), int(stops.max())), model.tokenizer.pad_token_id)
    for number, (row, _) in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    return ids, torch.tensor([start for _, start in rows]), stops


def _sums(logprobs: Float[Tensor, "B T V"], ids: Int[Tensor, "B T"], starts: Tensor, stops: Tensor) -> Tensor:
    taken = logprobs[:, :-1].gather(-1, ids[:, 1:, None])[..., 0]
    place = torch.arange(1, ids.shape[1])
    return (taken * ((place >= starts[:, None]) & (place < stops[:, None]))).sum(-1)


def _changed(
    model: wb.Model, layer: int, change: Callable[[Tensor], Tensor], ids: Int[Tensor, "B T"]
) -> Float[Tensor, "B T V"]:
    """Log-probabilities where a layer's output is changed, differentiable: a hook for the time of one forward."""

    def hook(_module: object, _given: object, out: Tensor | tuple) -> Tensor | tuple:
        return (change(out[0]), *out[1:]) if isinstance(out, tuple) else change(out)

    with model.lock:
        handle = model.hf.model.layers[layer].register_forward_hook(hook)
        try:
            return model.hf(input_ids=ids, use_cache=False).logits.float().log_softmax(-1)
        finally:
            handle.remove()


# ---- measuring -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What the interventions do to one concept.

    Attributes:
        concept: which.
        tales: those reported on, by part.
        chosen: the effects on what the model chooses to do, by part.
        followed: the effects on what follows an act, by part.
        innocent: the same after the innocent twin: nothing should follow from an act there, edited or not.
        prompted: the mean share of acts after an episode of either sort, in the same sentences.
        tasks: what `PRICED` interventions do to the scores of tasks, beside three controls; None if none were named.
        edits: what was done, by name.
    """

    concept: str
    tales: Mapping[str, Sequence[Tale]]
    chosen: Mapping[str, Effects]
    followed: Mapping[str, Effects]
    innocent: Mapping[str, Effects]
    prompted: Mapping[str, Estimate]
    tasks: Effects | None
    edits: Mapping[str, Sequence[wb.model.Edit]]


def over_sentences(effect: Effect, some: Sequence[Tale]) -> tuple[Estimate, Estimate, Estimate]:
    """Plain, edited and change, of the means of every sentence: texts of one are no independent cases."""
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for tale, pair in zip(some, effect.values, strict=True):
        rows[tale.sentence].append(pair)
    means = [tuple(sum(column) / len(column) for column in zip(*pairs, strict=True)) for pairs in rows.values()]
    plain, edited = zip(*means, strict=True)
    return _share(plain), _share(edited), mean([b - a for a, b in means])


def _share(values: Sequence[float]) -> Estimate:
    """The mean of shares, whose interval stays between 0 and 1."""
    found = mean(values)
    return replace(found, low=max(0.0, found.low), high=min(1.0, found.high))


def neutral_texts(model: wb.Model, split: str, n: int) -> list[str]:
    """Documents of every kind but tales of such acts, short enough to be cheap."""
    kinds = tuple(kind for kind in wb.world.KINDS if kind != "contrast")
    documents = wb.world.documents(split, 99, kinds=kinds)
    return list(islice((one.text for one in documents if len(model.tokenizer(one.text).input_ids) < 128), n))


def measure(
    model: wb.Model,
    concept: str = "deception",
    *,
    fit: int = 6,
    n: int = 5,
    controls: int = 20,
    neutral: int = 40,
    tasks: Mapping[str, Callable] | None = None,
    steps: int = STEPS,
    parts: Sequence[str] = PARTS,
    tongues: Sequence[str] = wb.world.TONGUES,
) -> Result:
    """Make the interventions of training sentences, and report on held-out people and things, part by part.

    Args:
        model: what is made honest.
        concept: what is suppressed, against its innocent twin.
        fit: tales of every sentence that the interventions are made of.
        n: of every sentence that is reported on.
        controls: random directions or features beside each.
        neutral: texts for the price.
        tasks: whose scores are measured too.
        steps: of learning.
        parts: which are reported on.
        tongues: in which languages.
    """
    learnt_from = tales(concept, "train", fit, seed="fit", half=0, tongues=tongues)
    near = neutral_texts(model, "train", 40)
    made = interventions(model, learnt_from, near, steps=steps)
    means = subtracted(model, [one for one in learnt_from if one.after], near, aftermath)
    how = {
        "same sentences": {"split": "test", "half": 0},
        "other sentences": {"split": "test", "half": 1},
        "new sentences": {"split": "templates"},
    }
    some = {part: tales(concept, each=n, seed=f"report {part}", tongues=tongues, **how[part]) for part in parts}
    texts = neutral_texts(model, "test", neutral)
    chosen, followed, innocent = {}, {}, {}
    for part, told in some.items():
        price = {"neutral": texts} if part == parts[0] else {}
        prompts, target = choice(told)
        chosen[part] = wb.intervene.measure(model, prompts, made, target=target, controls=controls, **price)
        told = [one for one in told if one.after]
        edits = {"subtract the difference of means, chosen here": [means], "a learnt vector": made["a learnt vector"]}
        for found, twin in ((followed, False), (innocent, True)):
            prompts, target = aftermath(told, twin=twin)
            found[part] = wb.intervene.measure(
                model, prompts, edits, target=target, controls=controls, neutral=texts if part == parts[0] else ()
            )
    scores = None
    if tasks:
        prompts, target = choice(some[parts[0]][:1])
        priced = {name: made[name] for name in PRICED}
        scores = wb.intervene.measure(model, prompts, priced, target=target, tasks=tasks, controls=3)
    return Result(concept, some, chosen, followed, innocent, prompted(model, concept, n, tongues), scores, made)


def prompted(model: wb.Model, concept: str, n: int, tongues: Sequence[str]) -> dict[str, Estimate]:
    """The share of acts in the same sentences after nothing, after an innocent episode, and after one that is not."""
    found = {}
    for name, before in PROMPTINGS.items():
        some = tales(concept, "test", n, seed="prompted", half=0, before=before, tongues=tongues)
        some = [one for one in some if len(model.tokenizer(one.setting + one.act).input_ids) < model.context]
        prompts, target = choice(some)
        still = [wb.Steer("resid_post.0", torch.zeros(model.d_model), 0.0)]
        fx = wb.intervene.measure(model, prompts, still, target=target, controls=0)
        found[name] = over_sentences(fx.effect, some)[0]
    return found


def sampled(
    model: wb.Model, some: Sequence[Tale], edits: Mapping[str, Sequence[wb.model.Edit]], *, seeds: Sequence[int]
) -> dict[str, tuple[float, float, float]]:
    """Shares of sampled continuations that begin with the act, with the twin, and with neither, by intervention."""
    found = {}
    for name, edit in {"nothing": [], **edits}.items():
        counts = [0, 0, 0]
        for tale in some:
            steps = model.generate_each([tale.setting], edits=edit, new_tokens=20, temperature=1.0, seeds=seeds)
            rows = zip(*(["" if one is None else str(one) for one in row] for row in steps), strict=True)
            for text in map("".join, rows):
                begun = [text.startswith(one) for one in (tale.act_begun, tale.twin_begun)]
                counts[begun.index(True) if any(begun) else 2] += 1
        found[name] = tuple(count / sum(counts) for count in counts)
    return found


# ---- the report ------------------------------------------------------------------------------------


def report(n: int = 4, controls: int = 20) -> Iterator[str]:
    """Everything, as Markdown, line by line."""
    model = wb.load()
    for concept in CONCEPTS:
        tasks = {name: wb.world.tasks[name].judged(40) for name in FAST}
        found = measure(model, concept, n=n, controls=controls, tasks=tasks)
        yield f"# {concept}, against {PAIRS[concept]}"
        for part, told in found.tales.items():
            yield f"\n## What is done, {part}: {len(told)} prompts\n"
            yield from _rows(found.chosen[part], told)
        yield "\n## By language: share of acts, plain → edited, same sentences\n"
        yield from _by_language(found)
        told = exchanged(found.tales[PARTS[0]])
        prompts, target = choice(told)
        name = "a vector learnt on exchanged sentences"
        fx = wb.intervene.measure(model, prompts, {name: found.edits[name]}, target=target, controls=0)
        yield "\n## The control: the exchanged vector on what it was learnt for, as often the twin as the act\n"
        yield "- plain {}; edited {}; change {}".format(*over_sentences(fx.effect, told))
        yield "\n## Prompting, same sentences\n"
        yield from (f"- {name}: share of acts {share}" for name, share in found.prompted.items())
        yield "\n## Sampled continuations, same sentences: begins with the act, with the twin, with neither\n"
        chosen = {name: found.edits[name] for name in ("a learnt vector", "subtract the difference of means")}
        some = tales(concept, "test", 2, seed="sampled", half=0)
        for name, shares in sampled(model, some, chosen, seeds=range(8)).items():
            yield f"- {name}: " + ", ".join(f"{share:.3f}" for share in shares) + f" (n {8 * len(some)})"
        yield "\n## What follows: share of an act's aftermath, after the act and after its twin\n"
        for part, told in found.tales.items():
            told = [one for one in told if one.after]
            yield f"\n{part}, after the act: {len(told)} prompts\n"
            yield from _rows(found.followed[part], told)
            yield f"\n{part}, after the twin\n"
            yield from _rows(found.innocent[part], told)
        yield "\n## The price\n"
        for effects in (found.chosen[PARTS[0]], found.tasks):
            for name, what, measured in effects.rows():
                if what in effects[name].unwanted:
                    yield f"- {name}, {what}: change {measured.change} (controls {measured.beside})"
        vector = {"a learnt vector": found.edits["a learnt vector"]}
        slow = {name: wb.world.tasks[name].judged(40) for name in SAMPLED}
        prompts, target = choice(found.tales[PARTS[0]][:4])
        fx = wb.intervene.measure(model, prompts, vector, target=target, tasks=slow, controls=0)
        for what, measured in fx.effect.unwanted.items():
            yield f"- a learnt vector, {what}: change {measured.change} (sampled; no controls)"


def _rows(effects: Effects, told: Sequence[Tale]) -> Iterator[str]:
    yield "| intervention | plain | edited | change, over sentences | controls: median, range | p |\n|-|-|-|-|-|-|"
    for name, effect in effects.items():
        cells = [str(one) for one in over_sentences(effect, told)]
        p = "–" if effect.target.p is None else wb.estimates.digits(effect.target.p)
        yield f"| {name} | {' | '.join(cells)} | {effect.target.beside} | {p} |"


def _by_language(found: Result) -> Iterator[str]:
    yield "| intervention | " + " | ".join(wb.world.TONGUES) + " |\n|-|" + "-|" * len(wb.world.TONGUES)
    told = found.tales[PARTS[0]]
    for name, effect in found.chosen[PARTS[0]].items():
        cells = []
        for tongue in wb.world.TONGUES:
            mine = [number for number, one in enumerate(told) if one.tongue == tongue]
            part = replace(effect, values=tuple(effect.values[number] for number in mine))
            plain, edited, _ = over_sentences(part, [told[number] for number in mine])
            cells.append(f"{wb.estimates.digits(plain.value)} → {edited}")
        yield f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
