"""Does the model represent the concepts? A linear probe for each, on held-out documents.

For concept c the probe is Fisher's linear discriminant on one site's values x,

    w_c = (Σ + λ I)⁻¹ (μ₊ − μ₋),        score = w_c · x,

with Σ the covariance of all training tokens, μ₊ and μ₋ the means with and without c.
One matrix serves all concepts, nothing is tuned and nothing random but the documents.
What the score is worth is its AUROC on tokens of a split that the probe was not learnt on.

An abstract concept is asked about twice: among all tokens, its aftermath left out, where
words may name it; and against its innocent twin alone, at the last token of what is told,
for before that the difference may not have been said. The second probe is its own,

    w = (Σ + λ I)⁻¹ (μ_act − μ_twin),

with the means of last tokens. Training and the split "test" tell of acts in the same
sentences, with other people and things in them; the split "templates" tells of them in
sentences that no training document holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..estimates import Estimate, area
from ..progress import watched
from .contrasts import PAIRS
from .grammar import Document, implied, labels
from .language import contrasts, documents
from .lexicon import TONGUES
from .meanings import Concept, concepts
from .splits import allowed, checked

if TYPE_CHECKING:
    from ..model import Model

RIDGE = 1e-3
"""λ, as a share of the mean variance."""


@dataclass(frozen=True)
class Probed:
    """How well one concept can be read off a site.

    Attributes:
        concept: which.
        auroc: against all tokens that do not carry it; n counts documents that hold it, of an abstract concept
            no more than there are forms to tell of it, for documents of one form are no independent cases.
        twin: of an abstract concept, against its twin only, both at the last token of what is told.
        tokens: how many held-out tokens carry it.
    """

    concept: Concept
    auroc: Estimate
    twin: Estimate | None
    tokens: int


@dataclass(frozen=True)
class Batch:
    """Tokens of some documents at a site: values [N, D], labels [N, C], the number of each token's document [N]."""

    values: Float[Tensor, "N D"]
    labels: Bool[Tensor, "N C"]
    aftermath: Bool[Tensor, " N"]
    document: Int[Tensor, " N"]

    @property
    def ends(self) -> Bool[Tensor, "N C"]:
        """Where a token carries a concept and the next one of its document does not."""
        goes_on = torch.zeros_like(self.labels)
        goes_on[:-1] = self.labels[1:] & (self.document[1:] == self.document[:-1])[:, None]
        return self.labels & ~goes_on


@dataclass
class Sums:
    """What probes need of all tokens, added up batch by batch: none of them is kept."""

    n: int = 0
    x: Float[Tensor, " D"] | float = 0.0
    square: Float[Tensor, "D D"] | float = 0.0
    carried: Float[Tensor, " C"] | float = 0.0
    x_carried: Float[Tensor, "C D"] | float = 0.0
    ended: Float[Tensor, " C"] | float = 0.0
    x_ended: Float[Tensor, "C D"] | float = 0.0

    @classmethod
    def of(cls, batches: Iterable[Batch]) -> Sums:
        sums = cls()
        for batch in batches:
            x, labels, ends = batch.values.double(), batch.labels.double(), batch.ends.double()
            sums.n, sums.x, sums.square = sums.n + len(x), sums.x + x.sum(0), sums.square + x.T @ x
            sums.carried, sums.x_carried = sums.carried + labels.sum(0), sums.x_carried + labels.T @ x
            sums.ended, sums.x_ended = sums.ended + ends.sum(0), sums.x_ended + ends.T @ x
        return sums

    def against_all(self) -> Float[Tensor, "C D"]:
        """Fisher's discriminant of every concept against all other tokens."""
        mean, others = self.x / self.n, (self.n - self.carried).clamp(min=1)
        gap = (self.x_carried / self.carried.clamp(min=1)[:, None] - mean) * (self.n / others)[:, None]
        return self._discriminants(gap)

    def against(self, twins: Sequence[int]) -> Float[Tensor, "C D"]:
        """That of every concept against another, by number, at the last tokens of each."""
        ends = self.x_ended / self.ended.clamp(min=1)[:, None]
        return self._discriminants(ends - ends[list(twins)])

    def _discriminants(self, gap: Float[Tensor, "C D"]) -> Float[Tensor, "C D"]:
        mean = self.x / self.n
        covariance = self.square / self.n - mean[:, None] * mean
        ridge = RIDGE * covariance.diagonal().mean() * torch.eye(len(mean), dtype=torch.double)
        return torch.linalg.solve(covariance + ridge, gap.T).T.float()


def probe(
    model: Model,
    *,
    at: str | None = None,
    split: str = "test",
    train: int = 400,
    test: int = 150,
    only: Sequence[str] = (),
    seed: int = 0,
) -> list[Probed]:
    """Probe a site for every concept of the language, the hardest first.

    The concept "aftermath" is no one's: it marks what is left out, and is not probed. A concept
    that no drawn document of the split holds is left out too.

    Args:
        model: the model to look into.
        at: the site; None for the residual stream in the middle.
        split: the documents that are asked about: "test", or "templates" for sentences that training never used.
        train: documents that each concept is learnt from, at least, where the stream has them.
        test: documents of the split that each is scored on, at least, where the stream has them.
        only: these concepts instead of all.
        seed: of the documents.

    Raises:
        KeyError: an unknown concept; the message names those that come near.
        ValueError: an unknown split or site; the message names those that exist.

    Example:
        >>> import workbench as wb
        >>> (one,) = wb.world.probe(wb.load(), only=["colour.red"], train=20, test=10)
        >>> one.auroc.value > 0.9
        True
    """
    checked(split)
    wanted = [concepts()[name] for name in only] or [concepts()[name] for name in concepts() if name != "aftermath"]
    names = list(dict.fromkeys(name for one in wanted for name in (one.name, one.twin) if name))
    site = at or f"resid_post.{max(0, model.n_layers // 2 - 1)}"
    twins = [names.index(concepts()[name].twin or name) for name in names]
    sums = Sums.of(_batches(model, site, names, _documents("train", names, train, seed)))
    weights, between = sums.against_all(), sums.against(twins)
    parts: list[Batch] = []
    told: list[tuple[Tensor, Tensor]] = []  # of last tokens only: their values and what ends there
    for batch in _batches(model, site, names, _documents(split, names, test, seed)):
        parts.append(replace(batch, values=batch.values @ weights.T))
        last = batch.ends.any(-1)
        told.append((batch.values[last], batch.ends[last]))
    asked = Batch(*(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(Batch)))
    values, ends = (torch.cat(column) for column in zip(*told, strict=True))
    found = []
    for concept in wanted:
        c = names.index(concept.name)
        if asked.labels[:, c].any():
            n = int(asked.document[asked.labels[:, c]].unique().numel())
            n = min(n, forms(concept.name, split)) if concept.abstract else n
            mine, its = ends[:, c], ends[:, twins[c]]
            told_apart = bool(concept.twin) and bool(mine.any()) and bool(its.any())
            twin = _area(values[mine] @ between[c], values[its] @ between[c], n) if told_apart else None
            found.append(Probed(concept, _among_all(asked, c, concept, n), twin, int(asked.labels[:, c].sum())))
    return sorted(found, key=lambda one: one.auroc.value)


def _among_all(asked: Batch, c: int, concept: Concept, n: int) -> Estimate:
    carried, scores = asked.labels[:, c], asked.values[:, c]
    others = ~carried & ~asked.aftermath if concept.abstract else ~carried
    return _area(scores[carried], scores[others], n)


def forms(abstract: str, split: str) -> int:
    """In how many forms, in all languages together, a split tells of an abstract concept.

    Example:
        >>> from workbench.world.probes import forms
        >>> forms("deception", "templates") < forms("deception", "test")
        True
    """
    concept = abstract if abstract in PAIRS else concepts()[abstract].twin
    return sum(len(allowed(split, contrasts(tongue)[concept].forms)) for tongue in TONGUES)


def _area(positives: Float[Tensor, " P"], negatives: Float[Tensor, " M"], n: int) -> Estimate:
    """The AUROC by ranks; n of the positives are independent."""
    ordered = negatives.sort().values
    below, upto = (torch.searchsorted(ordered, positives, right=right).double() for right in (False, True))
    return area(float((below + upto).mean()) / 2 / len(ordered), n, len(ordered) * n / len(positives))


def _documents(split: str, names: Sequence[str], each: int, seed: int, most: int = 60_000) -> Iterator[Document]:
    """Documents of a stream that hold a concept of which there are not yet enough."""
    held: Counter[str] = Counter()
    wanted = set(names)
    for number, document in enumerate(documents(split, seed + 1_000)):
        here = {c for span in document.spans for c in implied(span.concept)} & wanted
        if any(held[c] < each for c in here):
            held.update(here)
            yield document
        if number >= most or (number % 500 == 0 and all(held[c] >= each for c in wanted)):
            return


def _batches(model: Model, site: str, names: Sequence[str], drawn: Iterable[Document]) -> Iterator[Batch]:
    """Every token of the documents that fits the context, without BOS, as the model holds it at the site."""
    columns = {name: c for c, name in enumerate(names)}
    ordered = sorted(drawn, key=lambda document: len(document.text))
    for start in watched(range(0, len(ordered), 64), "probing"):
        batch = ordered[start : start + 64]
        rows = [windows[0] for windows in model.vocabulary.windows([document.text for document in batch])]
        tokens = model.vocabulary.padded(rows, "right", model.device)
        text = tokens.places.text
        values = model.read(tokens, at=site)[site][text].float().cpu()
        lengths = text.sum(-1).tolist()
        carried = [c for document, n in zip(batch, lengths, strict=True) for c in labels(model, document)[:n]]
        marked = torch.zeros(len(carried), len(names), dtype=torch.bool)
        marks = [(token, columns[name]) for token, here in enumerate(carried) for name in here if name in columns]
        if marks:
            marked[tuple(torch.tensor(marks).T)] = True
        numbers = torch.repeat_interleave(torch.arange(start, start + len(batch)), torch.tensor(lengths))
        yield Batch(values, marked, torch.tensor(["aftermath" in here for here in carried]), numbers)
