"""What else could give a number to a text, as a feature does: random features, neurons, a difference of means, a probe.

Each is a `Reader`: it gives every token a number, and a text its largest. Whatever has to be chosen or learnt
for one is so on `fit` texts; nothing here sees the texts that a claim is measured on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from ..decompose.coordinates import Neurons, neurons
from ..decompose.dictionaries import Dictionary, Features
from ..estimates import grouped
from ..model import Model
from ..names import canonical
from ..tokens import Tokens
from .drawing import Texts

BATCH = 64
RIVALS, NEAR = 20, 100
"""How many random features are drawn, and from how many whose density is nearest."""
RIDGES = (0.001, 0.01, 0.1)
"""Penalties of the probe that are tried, on standardised activations."""


@dataclass(frozen=True)
class Reader:
    """Something that gives every token a number.

    Attributes:
        name: what it is.
        chosen: how it was chosen or learnt.
        sites: what it reads.
        numbers: the values there, side by side [..., D] → a number for every token, [...].
        feature: its number, where it is a feature.
    """

    name: str
    chosen: str
    sites: tuple[str, ...]
    numbers: Callable[[Float[Tensor, "... D"]], Float[Tensor, "..."]]
    feature: int | None = None


def strongest(model: Model, given: Texts, readers: Sequence[Reader]) -> Float[Tensor, "B R"]:
    """The largest number that each reader gives to a token of each text."""
    found = torch.zeros(len(given), len(readers))
    together = {
        sites: [k for k, one in enumerate(readers) if one.sites == sites] for sites in {r.sites for r in readers}
    }
    for rows, values, counted in batches(model, given, [site for sites in together for site in sites]):
        for sites, columns in together.items():
            x = side_by_side(sites, values)
            numbers = torch.stack([readers[column].numbers(x).cpu() for column in columns], -1)
            found[torch.tensor(rows)[:, None], torch.tensor(columns)] = largest(numbers, counted)
    return found


def largest(numbers: Float[Tensor, "B T ..."], counted: Bool[Tensor, "B T"]) -> Float[Tensor, "B ..."]:
    """The largest over the tokens that count."""
    keep = counted.view(*counted.shape, *(1,) * (numbers.ndim - 2))
    return numbers.float().masked_fill(~keep, -torch.inf).amax(1)


def batches(
    model: Model, given: Texts, sites: Sequence[str]
) -> Iterator[tuple[list[int], dict[str, Tensor], Bool[Tensor, "B T"]]]:
    """Of a few texts at a time, those of a length together: which they are, values by site, and the tokens that count.

    Raises:
        ValueError: a token was asked for that a text does not have.
    """
    order = sorted(range(len(given)), key=lambda number: len(given.texts[number]))
    wanted = list(dict.fromkeys(map(canonical, sites)))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        tokens = model.tokens([given.texts[row] for row in rows])
        counted = torch.stack([_counted(tokens, k, given.where[row], given.texts[row]) for k, row in enumerate(rows)])
        yield rows, model.read(tokens, at=wanted), counted


def _counted(tokens: Tokens, row: int, where: Sequence[int] | None, text: str) -> Bool[Tensor, " T"]:
    there = tokens.places.text[row].cpu()
    if where is None:
        return there
    places = there.nonzero().squeeze(-1)
    if not len(where) or not 0 <= min(where) <= max(where) < len(places):
        raise ValueError(f"where={list(where)}: {text[:40]!r} has tokens 0 to {len(places) - 1}; name at least one")
    only = torch.zeros_like(there)
    only[places[list(where)]] = True
    return only


def side_by_side(sites: Sequence[str], values: Mapping[str, Tensor]) -> Float[Tensor, "B T D"]:
    """Values at several sites as one row for every token."""
    return torch.cat([values[canonical(site)].flatten(2) for site in sites], -1)


def areas(yes: Float[Tensor, "P F"], no: Float[Tensor, "M F"]) -> Float[Tensor, " F"]:
    """The AUROC of every column, by ranks; ties count half."""
    positives, ordered = yes.T.contiguous(), no.T.contiguous().sort().values
    below, upto = (torch.searchsorted(ordered, positives, right=right).double() for right in (False, True))
    return (below + upto).mean(-1) / (2 * len(no))


def best_threshold(yes: Float[Tensor, " P"], no: Float[Tensor, " M"]) -> float:
    """Halfway between the two values that give the largest balanced accuracy, the lowest of equals.

    Example:
        >>> import torch
        >>> best_threshold(torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0]))
        1.5
    """
    values = torch.cat([yes, no]).double().unique()
    if len(values) == 1:
        return float(values[0])
    limits = (values[1:] + values[:-1]) / 2
    balanced = (yes[:, None] > limits).double().mean(0) + (no[:, None] <= limits).double().mean(0)
    return float(limits[balanced.argmax()])


def ranked(yes: Float[Tensor, "P F"], no: Float[Tensor, "M F"]) -> int:
    """The column with the largest AUROC; of equals the one whose kinds are farthest apart for their spread."""
    spread = torch.cat([yes, no]).std(0).clamp(min=1e-9)
    gap = ((yes.mean(0) - no.mean(0)) / spread).double()
    return int((areas(yes, no) + 1e-9 * gap).argmax())


# ---- the readers ---------------------------------------------------------------------------------


def features_of(dictionary: Dictionary) -> Callable[..., Reader]:
    """Makes readers of features of a dictionary, from number, name and how they were chosen.

    Of features that do not depend on others nothing else is made; the rest are encoded once for all of them.
    """
    seen: list[tuple[Tensor, Features]] = []

    def activation(x: Float[Tensor, "... D"], feature: int) -> Float[Tensor, "..."]:
        if dictionary.alone(dictionary.maxima.new_zeros(1), feature) is not None:
            return dictionary.activation(x, feature)
        if not seen or seen[0][0] is not x:
            seen[:] = [(x, dictionary.encode(x))]
        return seen[0][1].unit(feature)

    def reader(feature: int, name: str, chosen: str) -> Reader:
        return Reader(name, chosen, dictionary.reads, lambda x: activation(x, feature), feature)

    return reader


def random_features(dictionary: Dictionary, feature: int, seed: int) -> list[int]:
    """Some live features, drawn evenly from those whose density is nearest to a feature's (as a ratio).

    Example:
        >>> import workbench as wb
        >>> len(random_features(wb.decompose.load(), 3188, seed=0))
        20
    """
    density = dictionary.density.cpu()
    apart = (density.clamp(min=1e-9).log() - density[feature].clamp(min=1e-9).log()).abs()
    near = [f for f in apart.argsort(stable=True).tolist() if density[f] > 0 and f != feature][:NEAR]
    order = torch.randperm(len(near), generator=torch.Generator().manual_seed(seed))[:RIVALS].tolist()
    return [near[k] for k in order]


@dataclass(frozen=True, eq=False)
class Fit:
    """What the fit texts of one kind gave, in one pass.

    Attributes:
        x: the values of the tokens that count, at the dictionary's sites, text by text. [T, D] each
        neurons: the largest value of both sides of every neuron on every text. [B, F]
    """

    x: list[Float[Tensor, "T D"]]
    neurons: Float[Tensor, "B F"]

    @classmethod
    def of(cls, model: Model, dictionary: Dictionary, mlp: Neurons, given: Texts) -> Fit:
        """Read the texts."""
        x: dict[int, Tensor] = {}
        sides = torch.zeros(len(given), mlp.width)
        for rows, values, counted in batches(model, given, [*dictionary.reads, *mlp.reads]):
            here, acts = (side_by_side(one.reads, values).float().cpu() for one in (dictionary, mlp))
            x |= {row: here[k][counted[k]] for k, row in enumerate(rows)}
            sides[rows] = torch.cat([largest(acts, counted), largest(-acts, counted)], -1).relu()
        return cls([x[row] for row in range(len(given))], sides)

    def strongest(self, readers: Sequence[Reader]) -> Float[Tensor, "B R"]:
        """The largest number that each reader of the dictionary's sites gives to a token of each text."""
        x, lengths = torch.cat(self.x), [len(one) for one in self.x]
        numbers = torch.stack([reader.numbers(x).cpu() for reader in readers], -1)
        return torch.stack([part.amax(0) for part in numbers.split(lengths)])


def mlp_below(model: Model, reads: Sequence[str]) -> Neurons:
    """The neurons, of either sign, of all MLPs up to the last layer that is read."""
    last = max(_layer(place.stream, place.layer, model) for place in model.expand(reads))
    return neurons(model, [f"mlp_act.{layer}" for layer in range(last + 1)], side="both")


def _layer(stream: str, layer: int | None, model: Model) -> int:
    if layer is not None:
        return layer
    return 0 if stream == "embed" else model.n_layers - 1


def neuron_reader(mlp: Neurons, number: int) -> Reader:
    """One side of a neuron as a reader."""
    site, unit = mlp.place(number)
    sign = -1.0 if number >= mlp.d_model else 1.0
    name = f"neuron {'−' if sign < 0 else ''}{site}[{unit}]"
    return Reader(
        name, f"best of {grouped(mlp.width)}, on the fit texts", (site,), lambda x: (sign * x[..., unit]).relu()
    )


def directions(dictionary: Dictionary, fit: Sequence[Fit]) -> dict[str, Reader]:
    """The difference of means and the probe, learnt on the fit texts."""
    means = [torch.cat(one.x).mean(0) for one in fit]
    n = " and ".join(grouped(len(one.x)) for one in fit)
    found = {
        "difference": ("difference of means", f"from {n} fit texts", means[0] - means[1]),
        "probe": ("linear probe", f"learnt on {n} fit texts", probe(*(one.x for one in fit))),
    }
    return {
        kind: Reader(name, chosen, dictionary.reads, lambda x, w=w: x.float() @ w.to(x.device))
        for kind, (name, chosen, w) in found.items()
    }


# ---- the probe -----------------------------------------------------------------------------------


def probe(yes: Sequence[Float[Tensor, "T D"]], no: Sequence[Float[Tensor, "T D"]]) -> Float[Tensor, " D"]:
    """The direction w whose largest ⟨x, w⟩ in a text tells the kinds of texts apart best.

    With x standardised over all tokens and s_i the largest ⟨x, w⟩ + b of text i, w and b minimise

        ½ mean_{i of yes} log(1 + e^{−s_i}) + ½ mean_{i of no} log(1 + e^{s_i}) + ½ λ ‖w‖².

    The search begins at Fisher's discriminant of the tokens of either kind, (Σ + λ I)⁻¹ (μ₊ − μ₋). λ is the one of
    `RIDGES` that, learnt on every other text, tells the rest apart best by AUROC. Nothing is random.

    Source: of learning from the largest score of a bag Andrews et al. 2002, "Support vector machines for
    multiple-instance learning".

    Example:
        >>> import torch
        >>> from workbench.explore.controls import probe
        >>> yes, no = torch.randn(40, 5, 8), torch.randn(40, 5, 8)
        >>> yes[:, 2, 3] += 6
        >>> int(probe([*yes], [*no]).abs().argmax())
        3
    """
    x = torch.cat([*yes, *no])
    mean, spread = x.mean(0), x.std(0).clamp(min=1e-6)
    texts = [[(x - mean) / spread for x in kind] for kind in (yes, no)]
    ridge = RIDGES[len(RIDGES) // 2]
    if min(len(yes), len(no)) >= 4:
        learn, judge = ([kind[start::2] for kind in texts] for start in (0, 1))
        scores = [_told_apart(_logistic(*learn, ridge), *judge) for ridge in RIDGES]
        ridge = RIDGES[max(range(len(RIDGES)), key=lambda k: (scores[k], k))]
    return _logistic(*texts, ridge) / spread


def _logistic(yes: Sequence[Tensor], no: Sequence[Tensor], ridge: float) -> Float[Tensor, " D"]:
    """The weights w of the loss of `probe`, on standardised activations."""
    x, n = torch.cat([*yes, *no]), len(yes)
    lengths = torch.tensor([len(one) for one in (*yes, *no)])
    starts = lengths.cumsum(0) - lengths
    there = torch.arange(int(lengths.max())) < lengths[:, None]
    apart = torch.cat([*yes]).mean(0) - torch.cat([*no]).mean(0)
    w = torch.linalg.solve(x.T @ x / len(x) + ridge * torch.eye(x.shape[1]), apart).requires_grad_()
    b = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=80, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        every = torch.full(there.shape, -torch.inf)
        every[there] = x @ w.detach()
        s = x[starts + every.argmax(-1)] @ w + b  # the largest of a text, and its gradient
        logistic = torch.nn.functional.softplus
        total = (logistic(-s[:n]).mean() + logistic(s[n:]).mean() + ridge * w.square().sum()) / 2
        total.backward()
        return total

    with torch.enable_grad():
        optimiser.step(loss)
    return w.detach()


def _told_apart(w: Tensor, yes: Sequence[Tensor], no: Sequence[Tensor]) -> float:
    scores = [torch.stack([(x @ w).max() for x in kind])[:, None] for kind in (yes, no)]
    return float(areas(*scores))
