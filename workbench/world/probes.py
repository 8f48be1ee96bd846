"""Does the model represent the concepts? A linear probe for each, on held-out documents.

For concept c the probe is Fisher's linear discriminant on one site's values x,

    w_c = (Σ + λ I)⁻¹ (μ₊ − μ₋),        score = w_c · x,

with Σ the covariance of all training tokens, μ₊ and μ₋ the means with and without c.
One matrix serves all concepts, nothing is tuned and nothing random but the documents.
What the score is worth is its AUROC on tokens of the split "test".

An abstract concept is asked about twice: among all tokens, and against its innocent
twin alone. Its aftermath, where words may name it, is left out of both.
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
from .grammar import Document, implied
from .language import documents
from .meanings import Concept, concepts

if TYPE_CHECKING:
    from ..model import Model

RIDGE = 1e-3
"""λ, as a share of the mean variance."""


@dataclass(frozen=True)
class Probed:
    """How well one concept can be read off a site.

    Attributes:
        concept: which.
        auroc: against all tokens that do not carry it; n counts documents that hold it.
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
    model: Model, *, at: str | None = None, train: int = 400, test: int = 150, only: Sequence[str] = (), seed: int = 0
) -> list[Probed]:
    """Probe a site for every concept of the language, the hardest first.

    Args:
        model: the model to look into.
        at: the site; None for the residual stream in the middle.
        train: documents that each concept is learnt from, at least, where the stream has them.
        test: held-out documents that it is scored on.
        only: these concepts instead of all.
        seed: of the documents.

    Raises:
        KeyError: an unknown concept; the message names those that come near.

    Example:
        >>> import workbench as wb
        >>> (one,) = wb.world.probe(wb.load(), only=["colour.red"], train=20, test=10)
        >>> one.auroc.value > 0.9
        True
    """
    names = [concepts()[name].name for name in only] or [name for name in concepts() if name != "aftermath"]
    site = at or f"resid_post.{model.n_layers // 2 - 1}"
    weights = discriminants(_batches(model, site, names, _documents("train", names, train, seed)))
    scores, labels, aftermath, numbers = [], [], [], []
    for batch in _batches(model, site, names, _documents("test", names, test, seed)):
        scores.append(batch.values @ weights.T)
        labels.append(batch.labels)
        aftermath.append(batch.aftermath)
        numbers.append(batch.document)
    asked = Batch(torch.cat(scores), torch.cat(labels), torch.cat(aftermath), torch.cat(numbers))
    found = [_probed(c, names, asked) for c in range(len(names)) if asked.labels[:, c].any()]
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


def _probed(c: int, names: list[str], asked: Batch) -> Probed:
    concept, carried, scores = concepts()[names[c]], asked.labels[:, c], asked.values[:, c]
    others = ~carried & ~asked.aftermath if concept.abstract else ~carried
    holding = len(asked.document[carried].unique())
    twin = None
    if concept.twin in names and (innocent := asked.labels[:, names.index(concept.twin)] & ~carried).any():
        twin = _area(scores[carried], scores[innocent], holding)
    return Probed(concept, _area(scores[carried], scores[others], holding), twin, int(carried.sum()))


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
    """Every token of the documents, without BOS, as the model holds it at the site."""
    columns = {name: c for c, name in enumerate(names)}
    ordered = sorted(drawn, key=lambda document: len(document.text))
    for start in range(0, len(ordered), 64):
        batch = ordered[start : start + 64]
        offsets = [_offsets(model, document.text) for document in batch]
        tokens = model.tokens([document.text[: at[-1][1]] for document, at in zip(batch, offsets, strict=True)])
        read = model.read(tokens, at=site)[site]
        values = [read[row, tokens.mask[row]][-len(at) :].float().cpu() for row, at in enumerate(offsets)]
        carried = [here for document, at in zip(batch, offsets, strict=True) for here in document.labels(at)]
        labels = torch.zeros(len(carried), len(names), dtype=torch.bool)
        marks = [(token, columns[name]) for token, here in enumerate(carried) for name in here if name in columns]
        if marks:
            labels[tuple(torch.tensor(marks).T)] = True
        numbers = torch.repeat_interleave(torch.arange(start, start + len(batch)), torch.tensor([*map(len, offsets)]))
        yield Batch(torch.cat(values), labels, torch.tensor(["aftermath" in here for here in carried]), numbers)


def _offsets(model: Model, text: str) -> list[tuple[int, int]]:
    """The characters of every token that fits into the context, BOS left out."""
    coded = model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    return coded.offset_mapping[: model.context - 1]
