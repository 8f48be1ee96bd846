"""Texts that have a concept and texts that lack it: drawn from labels; split, so that what chooses measures nothing."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence, Set
from dataclasses import dataclass
from random import Random

LEAST = 2
"""Texts of a kind without which nothing can be chosen."""

Where = tuple[Sequence[Sequence[int] | None], Sequence[Sequence[int] | None]]
"""For every positive and every distractor the tokens that count, from 0, BOS left out; None for all."""
Of = tuple[Sequence[Hashable], Sequence[Hashable]]
"""For every positive and every distractor what it is of: texts of one thing are no independent cases."""


@dataclass(frozen=True)
class Drawn:
    """Positives that carry a concept and distractors that do not, drawn from labelled texts.

    Attributes:
        concept: its name.
        positives, distractors: the texts.
        where: of every positive the tokens that carry the concept; of every distractor those that carry what it was
            drawn for (`against`), or None for all.
        numbers: which of the given texts they are.
    """

    concept: str
    positives: tuple[str, ...]
    distractors: tuple[str, ...]
    where: Where
    numbers: tuple[tuple[int, ...], tuple[int, ...]]

    def __repr__(self) -> str:
        return f"Drawn({self.concept}: {len(self.positives)} positives, {len(self.distractors)} distractors)"


def drawn(
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    concept: str,
    *,
    n: int = 100,
    against: str | Sequence[str] = (),
    without: Collection[str] = (),
    seed: int = 0,
) -> Drawn:
    """Draw positives that carry a concept and distractors that do not, no text twice.

    Args:
        texts: where to draw from.
        labels: of every text, the concepts of each token, BOS left out; as in `wb.decompose.recover`.
        concept: which.
        n: how many of either kind; fewer if there are no more.
        against: distractors carry one of these concepts, such as the innocent twin; none for any that lack it.
        without: texts that are not drawn, such as those that something was chosen on.
        seed: of the drawing.

    Raises:
        ValueError: labels for other texts, or no positive or no distractor.

    Example:
        >>> import workbench as wb
        >>> labels = [[{"animal"}, set()], [set(), {"food"}], [{"food"}, {"animal"}], [set(), set()]]
        >>> wb.explore.drawn(["dog runs", "a pizza", "pizza dog", "so what"], labels, "animal", against="food")
        Drawn(animal: 2 positives, 1 distractors)
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and labels for {len(labels)}: one list of labels for each text")
    rivals = {against} if isinstance(against, str) else set(against)
    carried = [frozenset[str]().union(*tokens) for tokens in labels]
    used = frozenset(without)
    first = {text: number for number, text in reversed([*enumerate(texts)]) if text not in used}
    order = Random(seed).sample(sorted(first.values()), len(first))
    yes = [k for k in order if concept in carried[k]][:n]
    no = [k for k in order if concept not in carried[k] and (not rivals or rivals & carried[k])][:n]
    if not yes or not no:
        raise ValueError(_missing(concept, rivals, carried, positives=bool(yes)))
    marked = (
        tuple(_carrying(labels[k], {concept}) for k in yes),
        tuple(_carrying(labels[k], rivals) if rivals else None for k in no),
    )
    return Drawn(concept, tuple(kept(texts, yes)), tuple(kept(texts, no)), marked, (tuple(yes), tuple(no)))


def _missing(concept: str, rivals: Set[str], carried: Sequence[Set[str]], *, positives: bool) -> str:
    lacking = f"text without {concept!r}" if positives else f"text that carries {concept!r}"
    also = f" and with one of {', '.join(sorted(rivals))}" if positives and rivals else ""
    known = sorted({name for here in carried for name in here})
    listed = ", ".join(known[:12]) + (f", … ({len(known)} in all)" if len(known) > 12 else "")
    return f"no {lacking}{also} among {len(carried)}; the concepts there are: {listed or 'none'}"


def _carrying(tokens: Sequence[Set[str]], names: Set[str]) -> tuple[int, ...]:
    return tuple(place for place, here in enumerate(tokens) if names & here)


def kept(values: Sequence, numbers: Sequence[int]) -> list:
    """Those of the values that stand at these places."""
    return [values[number] for number in numbers]


@dataclass(frozen=True)
class Texts:
    """Texts of one kind, which of their tokens count (None for all), and what each is of."""

    texts: tuple[str, ...]
    where: tuple[Sequence[int] | None, ...]
    of: tuple[Hashable, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, numbers: Sequence[int]) -> Texts:
        """Those with these numbers."""
        return Texts(*(tuple(kept(values, numbers)) for values in (self.texts, self.where, self.of)))


def given(
    positives: Sequence[str], distractors: Sequence[str], where: Where | None = None, of: Of | None = None
) -> list[Texts]:
    """Both kinds of texts, checked. Every text is of itself unless told otherwise.

    Example:
        >>> from workbench.explore.drawing import given
        >>> [len(one) for one in given(["a", "b"], ["c"])]
        [2, 1]
    """
    found = []
    for kind, (what, texts) in enumerate((("positives", positives), ("distractors", distractors))):
        if isinstance(texts, str):
            raise TypeError(f"{what} is one string; give a list of texts")
        texts = tuple(texts)
        if not texts:
            raise ValueError(f"no texts were given as {what}; give at least one positive and one distractor")
        places = (None,) * len(texts) if where is None else tuple(where[kind])
        things = texts if of is None else tuple(of[kind])
        for name, values in (("where", places), ("of", things)):
            if len(values) != len(texts):
                raise ValueError(f"{name} has {len(values)} entries for {len(texts)} {what}; give one for each")
        found.append(Texts(texts, places, things))
    return found


def halves(both: Sequence[Texts], seed: int) -> tuple[list[Texts], list[Texts]] | None:
    """Half of the texts to choose on, half to measure on; what is of one thing stays together. None for too few.

    Example:
        >>> from workbench.explore.drawing import given, halves
        >>> fit, test = halves(given([f"yes {n}" for n in range(8)], [f"no {n}" for n in range(6)]), 0)
        >>> [len(one) for one in fit], [len(one) for one in test]
        ([4, 3], [4, 3])
    """
    rng = Random(seed)
    chosen: set[Hashable] = set()
    seen: set[Hashable] = set()
    for one in both:
        things = [thing for thing in dict.fromkeys(one.of) if thing not in seen]
        seen.update(things)
        chosen.update(rng.sample(things, len(things) // 2))
    fit, test = (
        [one.part([k for k, thing in enumerate(one.of) if (thing in chosen) == fits]) for one in both]
        for fits in (True, False)
    )
    return (fit, test) if all(len(one) >= LEAST for one in [*fit, *test]) else None
