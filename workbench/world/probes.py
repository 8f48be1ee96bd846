"""Does the model represent the concepts? A linear probe for each, on held-out documents.

For concept c the probe is Fisher's linear discriminant on one site's values x,

    w_c = (Σ + λ I)⁻¹ (μ₊ − μ₋),        score = w_c · x,

with Σ the covariance of all training tokens, μ₊ and μ₋ the means with and without c.
One matrix serves all concepts, nothing is tuned and nothing random but the documents.
What the score is worth is its AUROC on tokens of a split that the probe was not learnt on.

An abstract concept is asked about twice: among all tokens, and against its innocent
twin alone. Its aftermath, where words may name it, is left out of both. Training and the
split "test" tell of acts in the same sentences, with other people and things in them;
the split "templates" tells of them in sentences that no training document holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Float
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
        twin: of an abstract concept, against the tokens of its twin only.
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
    document: Tensor


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
    weights = discriminants(_batches(model, site, names, _documents("train", names, train, seed)))
    scores, marks, aftermath, numbers = [], [], [], []
    for batch in _batches(model, site, names, _documents(split, names, test, seed)):
        scores.append(batch.values @ weights.T)
        marks.append(batch.labels)
        aftermath.append(batch.aftermath)
        numbers.append(batch.document)
    asked = Batch(torch.cat(scores), torch.cat(marks), torch.cat(aftermath), torch.cat(numbers))
    held = [names.index(one.name) for one in wanted if asked.labels[:, names.index(one.name)].any()]
    found = [_probed(c, names, asked, split) for c in held]
    return sorted(found, key=lambda one: one.auroc.value)


def discriminants(batches: Iterable[Batch]) -> Float[Tensor, "C D"]:
    """Fisher's discriminant of every concept, from sums over all batches: none of them is kept."""
    n, total, square, carried, with_it = 0, 0.0, 0.0, 0.0, 0.0
    for batch in batches:
        x, labels = batch.values.double(), batch.labels.double()
        n, total, square = n + len(x), total + x.sum(0), square + x.T @ x
        carried, with_it = carried + labels.sum(0), with_it + labels.T @ x
    mean = total / n
    covariance = square / n - mean[:, None] * mean
    ridge = RIDGE * covariance.diagonal().mean() * torch.eye(len(mean), dtype=torch.double)
    gap = (with_it / carried.clamp(min=1)[:, None] - mean) * (n / (n - carried).clamp(min=1))[:, None]
    return torch.linalg.solve(covariance + ridge, gap.T).T.float()


def _probed(c: int, names: list[str], asked: Batch, split: str) -> Probed:
    concept, carried, scores = concepts()[names[c]], asked.labels[:, c], asked.values[:, c]
    others = ~carried & ~asked.aftermath if concept.abstract else ~carried
    holding = len(asked.document[carried].unique())
    if concept.abstract:
        holding = min(holding, forms(concept.name, split))
    twin = None
    if concept.twin in names and (innocent := asked.labels[:, names.index(concept.twin)] & ~carried).any():
        twin = _area(scores[carried], scores[innocent], holding)
    return Probed(concept, _area(scores[carried], scores[others], holding), twin, int(carried.sum()))


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
