"""How alike two dictionaries are: for every unit of one, the unit of the other that fires as it does.

Both models read the same tokens, so units are compared by what they do and not by their weights, and neurons as
well as features, of one model or of two. The match of a unit is chosen on every other text and measured on the rest:
among thousands, some fit by chance where they are chosen. How far chance comes is measured beside it, with the tokens
of the second model put in another order, among texts of about the same length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .. import charts
from ..decompose.dictionaries import Dictionary, Features
from ..estimates import Estimate, digits, grouped, median
from ..model import Model
from ..names import canonical
from ..progress import watched

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

BATCH, CHARACTERS = 64, 2**14
"""Texts that are read at once, and characters with padding; a token is at least one of them."""
HELD = 2**25
"""Sums of products that are held at once, for two dictionaries of 4,096 about half of it; more take several passes."""
CROWDED = 1 / 16
"""The share of units on above which all pairs are multiplied and not only those that are on."""
COLUMNS = 4096
"""Units of b that are written out at once where all pairs are multiplied."""


@dataclass(frozen=True, eq=False)
class Matches:
    """For every unit of one dictionary, the unit of another whose activation goes with it.

    Attributes:
        match: the unit of the second that correlates most where it was chosen; −1 where a unit fired too rarely. [A]
        r: Pearson's correlation of the two over all tokens of the other texts, nan where it fired too rarely. [A]
        counts: on how many of those tokens each unit fired. [A]
        together: on how many of them its match fired too. [A]
        of_match: on how many tokens every unit of the second fired. [B]
        control: r found and measured in the same way with the second's tokens in random order; None if not asked for.
        tokens, texts: on how many r was measured.
        least: with fewer firings than this in either half, a unit is left out.
        between: what was compared, for the record.
    """

    match: Int[Tensor, " A"]
    r: Float[Tensor, " A"]
    counts: Int[Tensor, " A"]
    together: Int[Tensor, " A"]
    of_match: Int[Tensor, " B"]
    control: Float[Tensor, " A"] | None
    tokens: int
    texts: int
    least: int
    between: tuple[str, str] = ("", "")

    @property
    def asked(self) -> Int[Tensor, " U"]:
        """The units that fired often enough."""
        return (~self.r.isnan()).nonzero().squeeze(-1)

    @property
    def median(self) -> Estimate:
        """The median of r; its interval and n are over units."""
        return median(self.r[self.asked].tolist())

    @property
    def chance(self) -> Estimate | None:
        """The median of the control."""
        return None if self.control is None else median(self.control[self.asked].nan_to_num(0).tolist())

    def table(self) -> pd.DataFrame:
        """A row for each unit that fired often enough, the best matched first."""
        import pandas as pd

        units = self.asked
        columns = {"unit": units, "match": self.match[units], "r": self.r[units], "tokens": self.counts[units]}
        columns |= {"together": self.together[units]}
        columns |= {} if self.control is None else {"control": self.control[units]}
        rows = pd.DataFrame({name: column.numpy() for name, column in columns.items()})
        return rows.sort_values("r", ascending=False, ignore_index=True)

    def figure(self) -> go.Figure:
        """How many units have a match how good, beside what chance would give."""
        import plotly.graph_objects as go

        title = f"Best match of {grouped(len(self.asked))} units · {grouped(self.tokens)} tokens"
        axes = {"xaxis_title": "correlation with the best match", "yaxis_title": "units"}
        figure = charts.chart(title=title, barmode="overlay", **axes)
        bins = {"start": -0.1, "end": 1.0, "size": 0.025}
        shown = [("tokens in random order", self.control, charts.CONTROL), ("same tokens", self.r, charts.ACCENT)]
        for name, values, colour in shown:
            if values is not None:
                look = {"marker_color": colour, "opacity": 0.8, "hovertemplate": "r %{x}: %{y} units"}
                figure.add_trace(go.Histogram(x=values[self.asked].numpy(), xbins=bins, name=name, **look))
        figure.add_vline(x=self.median.value, line_color=charts.INK, line_dash="dot")
        return figure

    def __repr__(self) -> str:
        first, second = self.between
        beside = "" if self.control is None else f"; by chance {digits(self.chance.value)}"
        return (
            f"{first} → {second}: median r {self.median}{beside} · {grouped(self.tokens)} tokens of {self.texts} texts"
            f" · {grouped(len(self.r) - len(self.asked))} units fired on fewer than {self.least}"
        )


def best_matches(
    model_a: Model,
    dictionary_a: Dictionary,
    model_b: Model,
    dictionary_b: Dictionary,
    texts: Sequence[str],
    *,
    least: int = 20,
    control: bool = True,
    seed: int = 0,
) -> Matches:
    """For every unit of a, the unit of b whose activation correlates most with it over the same tokens.

    On every other text, in order,
        match(i) = argmax_j r_ij,   r_ij = (n Σ a_i b_j − Σ a_i Σ b_j) / √((n Σ a_i² − (Σ a_i)²) (n Σ b_j² − (Σ b_j)²)),
    summed over all n tokens, BOS left out; and on the other texts r of i and match(i) is measured.

    No more than `HELD` sums Σ a_i b_j are kept at once: wider dictionaries are read block by block, each block a pass
    over the texts. Both models must split texts into the same tokens; aligning those of different tokenizers is not
    attempted.

    Source: Bricken et al. 2023, "Towards Monosemanticity", §Universality; there chosen and measured on the same.

    Args:
        model_a: the model that the first dictionary reads.
        dictionary_a: whose units are asked about; neurons as well (`wb.decompose.neurons`).
        model_b: the model that the second reads.
        dictionary_b: among whose units a match is looked for.
        texts: as many tokens as there are; rare units need many.
        least: units that fire on fewer tokens than this in either half are left out, on either side.
        control: whether to do the same with the tokens of b in random order, among some texts of about the same length.
        seed: of that order.

    Raises:
        ValueError: tokenizers that differ, or fewer than two texts.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> texts = [document.text for document, _ in zip(wb.world.documents("test", 0), range(60))]
        >>> found = wb.explore.best_matches(model, sae, model, sae, texts)
        >>> bool((found.match[found.asked] == found.asked).all()), round(found.median.value, 3)
        (True, 1.0)
    """
    if len(texts) < 2:
        raise ValueError(f"{len(texts)} texts: a match is chosen on some and measured on others, so give at least two")
    pair = _Pair(model_a, dictionary_a, model_b, dictionary_b, seed, 1 + control)
    chosen = _chosen(pair, texts[::2], least)
    sums = _measured(pair, texts[1::2], chosen)
    enough = (chosen[0] >= 0) & (sums[0].count >= least)
    r = [one.correlation.masked_fill(~enough, float("nan")).float() for one in sums]
    return Matches(
        match=chosen[0].masked_fill(~enough, -1),
        r=r[0],
        counts=sums[0].count,
        together=sums[0].together,
        of_match=sums[0].b[0].long(),
        control=r[1] if control else None,
        tokens=sums[0].n,
        texts=len(texts[1::2]),
        least=least,
        between=(_named(model_a, dictionary_a), _named(model_b, dictionary_b)),
    )


def _named(model: Model, dictionary: Dictionary) -> str:
    return f"{model.name} {', '.join(dictionary.reads)} ({grouped(dictionary.width)} units)"


@dataclass(frozen=True)
class Entries:
    """What is on at some tokens, in the order of the tokens: which token, which unit, how strongly. [M] each"""

    rows: Int[Tensor, " M"]
    units: Int[Tensor, " M"]
    values: Float[Tensor, " M"]
    n: int
    width: int

    @classmethod
    def of(cls, features: Features) -> Entries:
        """Those of features [N, k]."""
        rows, places = (features.values > 0).nonzero(as_tuple=True)
        units, values = features.indices[rows, places], features.values[rows, places]
        return cls(rows, units, values, len(features.values), features.width)

    @classmethod
    def where(cls, matrix: Float[Tensor, "N F"]) -> Entries:
        """Those of a matrix."""
        rows, units = matrix.nonzero(as_tuple=True)
        return cls(rows, units, matrix[rows, units], *matrix.shape)

    @property
    def crowded(self) -> bool:
        """Whether so much is on that whole matrices are multiplied faster."""
        return len(self.rows) > CROWDED * self.n * self.width

    def only(self, keep: Tensor) -> Entries:
        """Some of them."""
        return Entries(self.rows[keep], self.units[keep], self.values[keep], self.n, self.width)

    def between(self, low: int, high: int) -> Entries:
        """Those of the units from low on and below high, counted from low."""
        kept = self.only((self.units >= low) & (self.units < high))
        return Entries(kept.rows, kept.units - low, kept.values, self.n, high - low)

    def dense(self) -> Float[Tensor, "N F"]:
        """The same as a matrix."""
        out = self.values.new_zeros(self.n, self.width)
        out[self.rows, self.units] = self.values
        return out

    def sums(self) -> Float[Tensor, "3 F"]:
        """Of every unit at how many tokens it is on, Σ and Σ²."""
        values = self.values.double()
        return torch.stack(
            [torch.bincount(self.units, what, self.width) for what in (torch.ones_like(values), values, values**2)]
        )

    def at(self, rows: Int[Tensor, " Q"], units: Int[Tensor, " Q"]) -> Float[Tensor, " Q"]:
        """How strongly some units are on at some tokens."""
        if not len(self.rows):
            return self.values.new_zeros(len(rows))
        keys, order = (self.rows * self.width + self.units).sort()
        asked = rows * self.width + units
        places = torch.searchsorted(keys, asked).clamp(max=len(keys) - 1)
        return self.values[order][places] * (keys[places] == asked)


def products(a: Entries, b: Entries, out: Float[Tensor, "A B"]) -> None:
    """Add Σ_n a_i b_j over the tokens to `out`; of sparse ones only the pairs that are on together are touched."""
    if a.crowded or b.crowded:
        rows = a.dense().T
        for low in range(0, b.width, COLUMNS):
            part = b.between(low, min(low + COLUMNS, b.width))
            out[:, low : low + part.width] += rows @ part.dense()
        return
    counts = torch.bincount(b.rows, minlength=b.n)
    times = counts[a.rows]  # as often as something of b is on at that token
    mine = torch.repeat_interleave(times)
    starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])[a.rows] - (times.cumsum(0) - times)
    its = torch.arange(len(mine)) + starts[mine]
    where = a.units[mine] * b.width + b.units[its]
    out.view(-1).index_add_(0, where, (a.values[mine] * b.values[its]).to(out))


@dataclass(frozen=True)
class _Pair:
    """Two dictionaries that read the same tokens; and b again in random order, where a control is wanted."""

    model_a: Model
    a: Dictionary
    model_b: Model
    b: Dictionary
    seed: int
    ways: int  # 1: as they are; 2: in random order too

    def read(self, texts: Sequence[str]) -> Iterator[tuple[Entries, list[Entries]]]:
        """Of some tokens at a time what is on in a, and in b in each way; texts of a length together."""
        randomness = torch.Generator().manual_seed(self.seed)
        for some in watched(batches(texts), "matching"):
            a, b = self._encoded([texts[number] for number in some])
            shuffled = torch.randperm(len(b.values), generator=randomness)
            ways = [b, b[shuffled]][: self.ways]
            yield Entries.of(a), [Entries.of(way) for way in ways]

    def _encoded(self, texts: list[str]) -> tuple[Features, Features]:
        (a, _), (b, _) = encoded([(self.model_a, self.a), (self.model_b, self.b)], texts)
        return a, b


def batches(texts: Sequence[str]) -> list[list[int]]:
    """The numbers of all texts in groups that are read at once, those of a length together."""
    groups: list[list[int]] = [[]]
    for number in sorted(range(len(texts)), key=lambda number: len(texts[number])):
        if len(groups[-1]) == BATCH or (len(groups[-1]) + 1) * len(texts[number]) > CHARACTERS:
            groups.append([])
        groups[-1].append(number)
    return [group for group in groups if group]


@torch.no_grad()
def encoded(ends: Sequence[tuple[Model, Dictionary]], texts: Sequence[str]) -> list[tuple[Features, list[int]]]:
    """What is on at every token of some texts in several dictionaries, BOS left out, and each text's number of tokens.

    A model is run once for all dictionaries that read it.
    """
    first = ends[0][0]
    tokens = first.tokens(texts)
    text = tokens.places.text
    read: dict[Model, dict[str, Tensor]] = {}
    for model in dict.fromkeys(model for model, _ in ends):
        its = tokens if model is first else model.tokens(texts)
        if its.ids.shape != tokens.ids.shape or not torch.equal(its.ids.cpu(), tokens.ids.cpu()):
            raise ValueError(
                f"{first.name} and {model.name} split the same text into different tokens; "
                "their units can be compared only where both read the same ones"
            )
        sites = [canonical(site) for one, dictionary in ends if one is model for site in dictionary.reads]
        read[model] = model.read(its, at=list(dict.fromkeys(sites)))
    found = []
    for model, dictionary in ends:
        x = torch.cat([read[model][canonical(site)].flatten(2) for site in dictionary.reads], -1)
        found.append((dictionary.encode(x[text.to(x.device)]).to("cpu"), text.sum(-1).tolist()))
    return found


def _chosen(pair: _Pair, texts: Sequence[str], least: int) -> list[Int[Tensor, " A"]]:
    """In each way, the unit of b that correlates most with each of a; −1 where a unit of a is on too rarely."""
    rows = max(1, HELD // (pair.b.width * pair.ways))
    best = [torch.full((pair.a.width,), -1) for _ in range(pair.ways)]
    for low in range(0, pair.a.width, rows):
        high = min(low + rows, pair.a.width)
        grams = [torch.zeros(high - low, pair.b.width, dtype=torch.float64) for _ in range(pair.ways)]
        n, sums_a, sums_b = 0, 0.0, 0.0
        for a, ways in pair.read(texts):
            a = a.between(low, high)
            n, sums_a, sums_b = n + a.n, sums_a + a.sums(), sums_b + ways[0].sums()
            for gram, b in zip(grams, ways, strict=True):
                products(a, b, gram)
        for chosen, gram in zip(best, grams, strict=True):
            r = correlations(gram, sums_a[:, :, None], sums_b[:, None], n)
            r.masked_fill_((sums_b[0] < least)[None], -torch.inf)
            found = r.max(-1)
            enough = (sums_a[0] >= least) & found.values.isfinite()
            chosen[low:high] = found.indices.where(enough, torch.tensor(-1))
    return best


def correlations(products: Tensor, a: Tensor, b: Tensor, n: int) -> Tensor:
    """Pearson's r from Σab and, of both, how many are on, Σ and Σ²; 0 where one of them never changes."""
    spread = ((n * a[2] - a[1] ** 2) * (n * b[2] - b[1] ** 2)).clamp(min=0).sqrt()
    return ((n * products - a[1] * b[1]) / spread.clamp(min=1e-300)).masked_fill_(spread == 0, 0.0)


@dataclass
class _Sums:
    """Sums over tokens for each unit of a and its match, from which r follows."""

    n: int = 0
    a: Float[Tensor, "3 A"] | float = 0.0
    b: Float[Tensor, "3 B"] | float = 0.0
    product: Float[Tensor, " A"] | float = 0.0
    together: Int[Tensor, " A"] | int = 0
    match: Int[Tensor, " A"] = field(default_factory=lambda: torch.zeros(0))

    def add(self, a: Entries, b: Entries) -> None:
        beside = b.at(a.rows, self.match.clamp(min=0)[a.units])
        self.n, self.a, self.b = self.n + a.n, self.a + a.sums(), self.b + b.sums()
        self.product = self.product + torch.bincount(a.units, (a.values * beside).double(), a.width)
        self.together = self.together + torch.bincount(a.units[beside > 0], minlength=a.width)

    @property
    def count(self) -> Int[Tensor, " A"]:
        return self.a[0].long()

    @property
    def correlation(self) -> Float[Tensor, " A"]:
        return correlations(self.product, self.a, self.b[:, self.match.clamp(min=0)], self.n)


def _measured(pair: _Pair, texts: Sequence[str], chosen: list[Int[Tensor, " A"]]) -> list[_Sums]:
    """In each way, what the units of a and the units that were chosen for them do on other texts."""
    measured = [_Sums(match=match) for match in chosen]
    for a, ways in pair.read(texts):
        for sums, b in zip(measured, ways, strict=True):
            sums.add(a, b)
    return measured
