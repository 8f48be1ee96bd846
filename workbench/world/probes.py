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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ..estimates import Estimate, auroc
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
class Sample:
    """Documents and their tokens at a site: values [N, D], labels [N, C], the document of each token [N]."""

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
    learnt = _sample(model, site, names, _documents("train", names, train, seed))
    weights = discriminants(learnt)
    asked = _sample(model, site, names, _documents("test", names, test, seed))
    scores = asked.values @ weights.T
    found = [_probed(name, c, names, scores[:, c], asked) for c, name in enumerate(names) if asked.labels[:, c].any()]
    return sorted(found, key=lambda one: one.auroc.value)


def discriminants(sample: Sample) -> Float[Tensor, "C D"]:
    """Fisher's discriminant of every concept."""
    x = sample.values.double()
    x = x - x.mean(0)
    covariance = x.T @ x / len(x)
    ridge = RIDGE * covariance.diagonal().mean() * torch.eye(x.shape[1], dtype=x.dtype)
    carried = sample.labels.double()
    n = carried.sum(0)
    with_it = carried.T @ x / n.clamp(min=1)[:, None]
    without = -(carried.T @ x) / (len(x) - n).clamp(min=1)[:, None]
    return torch.linalg.solve(covariance + ridge, (with_it - without).T).T.float()


def _probed(name: str, c: int, names: list[str], scores: Float[Tensor, " N"], sample: Sample) -> Probed:
    concept, carried = concepts()[name], sample.labels[:, c]
    others = ~carried & ~sample.aftermath if concept.abstract else ~carried
    positives, holding = scores[carried].tolist(), len(sample.document[carried].unique())
    twin = None
    if concept.twin in names and (innocent := sample.labels[:, names.index(concept.twin)]).any():
        twin = auroc(positives, scores[innocent & ~carried].tolist(), n=holding)
    return Probed(concept, auroc(positives, scores[others].tolist(), n=holding), twin, len(positives))


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


def _sample(model: Model, site: str, names: Sequence[str], drawn: Iterator[Document]) -> Sample:
    """Every token of the documents, without BOS, as the model holds it at the site."""
    columns = {name: c for c, name in enumerate(names)}
    ordered = sorted(drawn, key=lambda document: len(document.text))
    values, labels, aftermath, numbers = [], [], [], []
    for start in range(0, len(ordered), 64):
        batch = ordered[start : start + 64]
        offsets = [_offsets(model, document.text) for document in batch]
        tokens = model.tokens([document.text[: at[-1][1]] for document, at in zip(batch, offsets, strict=True)])
        read = model.read(tokens, at=site)[site]
        for row, (document, at) in enumerate(zip(batch, offsets, strict=True)):
            carried = document.labels(at)
            values.append(read[row, tokens.mask[row]][-len(at) :].float().cpu())
            marks = torch.zeros(len(at), len(names), dtype=torch.bool)
            for token, here in enumerate(carried):
                marks[token, [columns[name] for name in here if name in columns]] = True
            labels.append(marks)
            aftermath += ["aftermath" in here for here in carried]
            numbers += [start + row] * len(at)
    return Sample(torch.cat(values), torch.cat(labels), torch.tensor(aftermath), torch.tensor(numbers))


def _offsets(model: Model, text: str) -> list[tuple[int, int]]:
    """The characters of every token that fits into the context, BOS left out."""
    coded = model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    return coded.offset_mapping[: model.context - 1]
