"""How features divide: what one feature of a narrow dictionary becomes in wider dictionaries of the same site.

Every feature of a wider dictionary has at most one parent, the feature of the narrower one that fires most as it does,
if that also points where it points; the features that share a parent are its children. One of the two is not enough:
where a few tokens have very large activations, random directions correlate too. What a feature is about is told by
labels, where they are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity

from .. import charts
from ..decompose.dictionaries import Dictionary
from ..estimates import Estimate, grouped, mean, proportion
from ..model import Model
from ..progress import watched
from .comparing import Entries, Matches, batches, best_matches, encoded, products

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

SHARES = (0.0, 0.1, 0.25, 0.5)
"""Thresholds at which a feature is asked what it tells, as shares of its maximum."""
SAYS = 0.3
"""F1 from which on a feature counts as saying its concept."""


@dataclass(frozen=True)
class Told:
    """The concept that a feature tells best, chosen on every other text and measured on the rest.

    Attributes:
        concept: its name.
        f1: 2 TP / (2 TP + FP + FN), over tokens.
        precision, sensitivity: TP / (TP + FP) and TP / (TP + FN).
        tokens: how many carry the concept.
    """

    concept: str
    f1: float
    precision: float
    sensitivity: float
    tokens: int


@dataclass(frozen=True)
class Relative:
    """A feature in a family.

    Attributes:
        width: of the dictionary that it is in; level: which of the dictionaries that is, from 0.
        feature, parent: its number, and its parent's in the dictionary before; None for the first.
        r: Pearson's correlation with the parent over all tokens.
        cosine: of the two decoder rows.
        inside: the share of its firings at which the parent fires too.
        tokens: on how many it fired.
        told: what it is about, where labels were given.
    """

    width: int
    level: int
    feature: int
    parent: int | None
    r: float
    cosine: float
    inside: float
    tokens: int
    told: Told | None


@dataclass(frozen=True, eq=False)
class Families:
    """What the features of each dictionary become in the next wider one.

    Attributes:
        widths: of the dictionaries, ascending.
        matches: of each but the first, its features' matches in the one before.
        cosines: of each but the first, the cosine of each feature's decoder row with that of its match.
        told: of each dictionary what every feature tells, None for one that tells nothing; None without labels.
        least_r, least_cosine: a match with less is no parent.
    """

    widths: tuple[int, ...]
    matches: tuple[Matches, ...]
    cosines: tuple[Float[Tensor, " F"], ...]
    told: tuple[tuple[Told | None, ...], ...] | None
    least_r: float
    least_cosine: float

    def parents(self, level: int) -> Tensor:
        """Of every feature of a dictionary its parent in the one before, −1 where it has none."""
        found = self.matches[level - 1]
        alike = (found.r >= self.least_r) & (self.cosines[level - 1] >= self.least_cosine)
        return found.match.where(alike, torch.tensor(-1))

    def children(self, feature: int, *, level: int = 0) -> list[Relative]:
        """The children of a feature, the most alike first."""
        self._check(feature, level)
        numbers = (self.parents(level + 1) == feature).nonzero().squeeze(-1).tolist()
        return sorted((self._relative(child, level + 1) for child in numbers), key=lambda one: -one.r)

    def most_divided(self, *, level: int = 0, most: int = 10) -> list[int]:
        """The features with the most children."""
        counts = self._counts(level + 1)
        return counts.argsort(descending=True, stable=True)[:most].tolist()

    def family(self, feature: int, *, level: int = 0) -> Iterator[Relative]:
        """The feature, then each of its children with theirs."""
        self._check(feature, level)
        yield self._relative(feature, level, first=True)
        yield from self._below(feature, level)

    def _below(self, feature: int, level: int) -> Iterator[Relative]:
        if level + 1 < len(self.widths):
            for child in self.children(feature, level=level):
                yield child
                yield from self._below(child.feature, level + 1)

    def tree(self, feature: int, *, level: int = 0) -> pd.DataFrame:
        """A row for each member of the family, children under their parents."""
        import pandas as pd

        rows = []
        for one in self.family(feature, level=level):
            row = {"feature": "\u2003" * (one.level - level) + f"{grouped(one.width)}/{one.feature}"}
            row |= {"r": one.r, "cosine": one.cosine, "inside": one.inside, "tokens": one.tokens}
            if self.told is not None:
                row |= {"concept": one.told.concept if one.told else "", "F1": one.told.f1 if one.told else None}
            rows.append(row)
        return pd.DataFrame(rows)

    def table(self) -> pd.DataFrame:
        """A column for each step from one dictionary to the next wider one."""
        import pandas as pd

        columns = {}
        for level, (narrow, wide) in enumerate(pairwise(self.widths)):
            columns[f"{grouped(narrow)} → {grouped(wide)}"] = {
                name: "" if one is None else str(one) for name, one in self.summary(level).items()
            }
        return pd.DataFrame(columns)

    def summary(self, level: int = 0) -> dict[str, Estimate | None]:
        """How the features of a dictionary divide in the next; intervals and n are over features."""
        counts, parents = self._counts(level + 1), self.parents(level + 1)
        asked, children = self.matches[level].asked, [float(n) for n in counts]
        found = {
            "children of a feature, mean": mean(children),
            "features with no child": proportion(int((counts == 0).sum()), len(counts)),
            "features with one child": proportion(int((counts == 1).sum()), len(counts)),
            "features with several": proportion(int((counts > 1).sum()), len(counts)),
            "of the wider, those with a parent": proportion(int((parents[asked] >= 0).sum()), len(asked)),
        }
        return found if self.told is None else found | self._concepts(level)

    def _concepts(self, level: int) -> dict[str, Estimate | None]:
        """How concepts divide: in families of several children where parent or children say something."""
        narrow, wide = self.told[level], self.told[level + 1]
        families: dict[int, list[Told]] = {}
        for child, parent in enumerate(self.parents(level + 1).tolist()):
            if parent >= 0 and wide[child] is not None and wide[child].f1 >= SAYS:
                families.setdefault(parent, []).append(wide[child])
        several = {parent: said for parent, said in families.items() if len(said) > 1}
        split = [len({one.concept for one in said}) > 1 for said in several.values()]
        said = [(narrow[p], one) for p, each in several.items() for one in each if narrow[p] and narrow[p].f1 >= SAYS]
        return {
            "families whose children say different concepts": proportion(sum(split), len(split)) if split else None,
            "children that say another concept than their parent": proportion(
                sum(one.concept != parent.concept for parent, one in said), len(said)
            )
            if said
            else None,
        }

    def figure(self, feature: int | None = None, *, level: int = 0) -> go.Figure:
        """How many children features have; or the family of one feature, narrow at the left, wide at the right."""
        return self._histogram() if feature is None else self._drawn(feature, level)

    def _histogram(self) -> go.Figure:
        import plotly.graph_objects as go

        figure = charts.chart(
            title=f"Children of a feature · {grouped(self.matches[0].tokens)} tokens",
            xaxis_title="children",
            yaxis_title="share of features",
            barmode="group",
        )
        names = [*map(str, range(6)), "6 to 10", "more"]
        for level, (narrow, wide) in enumerate(pairwise(self.widths)):
            places = torch.bucketize(self._counts(level + 1), torch.tensor([0, 1, 2, 3, 4, 5, 10]))
            shares = (torch.bincount(places, minlength=len(names)) / narrow).tolist()
            title = f"{grouped(narrow)} → {grouped(wide)}"
            figure.add_trace(go.Bar(x=names, y=shares, name=title, marker_color=charts.COLOURS[level]))
        return figure

    def _drawn(self, feature: int, level: int) -> go.Figure:
        members = list(self.family(feature, level=level))
        figure = charts.chart(
            title=f"Family of feature {feature} of {grouped(self.widths[level])}", height=140 + 26 * len(members)
        )
        places: dict[tuple[int, int], float] = {}
        leaves = 0
        for one in reversed(members):  # leaves first, so that parents stand in the middle of their children
            its = [places[child.level, child.feature] for child in members if child.parent == one.feature
                   and child.level == one.level + 1]  # fmt: skip
            if its:
                places[one.level, one.feature] = sum(its) / len(its)
            else:
                places[one.level, one.feature], leaves = leaves, leaves + 1
        for one in members[1:]:
            ends = [places[one.level - 1, one.parent], places[one.level, one.feature]]
            line = {"color": charts.CONTROL, "width": 0.5 + 3 * max(0.0, one.r)}
            figure.add_scatter(
                x=[one.level - 1 + 0.04, one.level - 0.04], y=ends, mode="lines", line=line, showlegend=False,
                hoverinfo="skip",
            )  # fmt: skip
        figure.add_scatter(
            x=[one.level for one in members],
            y=[places[one.level, one.feature] for one in members],
            text=[_called(one) for one in members],
            mode="markers+text",
            textposition=["middle left", *["top right"] * (len(members) - 1)],
            cliponaxis=False,
            marker={"color": charts.ACCENT, "size": 7},
            customdata=[[one.r, one.cosine, one.tokens] for one in members],
            hovertemplate="r %{customdata[0]:.2f} · cosine %{customdata[1]:.2f} · fires on %{customdata[2]} tokens",
            showlegend=False,
        )
        axis = {"tickvals": list(range(level, len(self.widths))), "range": [level - 0.4, len(self.widths) - 0.5]}
        figure.update_xaxes(ticktext=[f"{grouped(width)} features" for width in self.widths[level:]], **axis)
        return figure.update_yaxes(visible=False, range=[-0.5, leaves - 0.3])

    def _counts(self, level: int) -> Tensor:
        parents = self.parents(level)
        return torch.bincount(parents[parents >= 0], minlength=self.widths[level - 1])

    def _relative(self, feature: int, level: int, *, first: bool = False) -> Relative:
        told = self.told[level][feature] if self.told is not None else None
        if level == 0 or first:
            tokens = int(self.firings[level][feature])
            return Relative(self.widths[level], level, feature, None, 1.0, 1.0, 1.0, tokens, told)
        found = self.matches[level - 1]
        tokens = int(found.counts[feature])
        inside = int(found.together[feature]) / max(1, tokens)
        r, cosine = float(found.r[feature]), float(self.cosines[level - 1][feature])
        parent = int(found.match[feature])
        return Relative(self.widths[level], level, feature, parent, r, cosine, inside, tokens, told)

    @property
    def firings(self) -> list[Tensor]:
        """Of each dictionary, on how many of the measured tokens every feature fired."""
        return [self.matches[0].of_match, *(found.counts for found in self.matches)]

    def _check(self, feature: int, level: int) -> None:
        if not 0 <= level < len(self.widths) or not 0 <= feature < self.widths[level]:
            there = ", ".join(f"level {n}: 0 to {width - 1}" for n, width in enumerate(self.widths))
            raise ValueError(f"no feature {feature} at level {level}; there are: {there}")
        if level + 1 == len(self.widths):
            raise ValueError(f"level {level} is the widest dictionary, and no wider one was given")

    def __repr__(self) -> str:
        found = self.matches[0]
        n = f"{grouped(found.tokens)} tokens of {found.texts} texts"
        n += f"; a parent has r ≥ {self.least_r:g} and cosine ≥ {self.least_cosine:g}"
        return f"{self.table().to_string()}\n{n}"

    def _repr_html_(self) -> str:
        return self.table().to_html() + f"<p>{repr(self).splitlines()[-1]}</p>"


def _called(one: Relative) -> str:
    from html import escape

    said = f" {escape(one.told.concept)} ({one.told.f1:.2f})" if one.told and one.told.f1 >= SAYS else ""
    return f"{one.feature}{said}"


def splitting(
    model: Model,
    dictionaries: Sequence[Dictionary],
    texts: Sequence[str],
    *,
    labels: Sequence[Sequence[Set[str]]] | None = None,
    undecided: Sequence[Sequence[Set[str]]] | None = None,
    least_r: float = 0.3,
    least_cosine: float = 0.3,
    least: int = 20,
) -> Families:
    """What the features of a narrow dictionary become in wider ones.

    1. For every feature of each wider dictionary, its match in the one before: `best_matches`.
    2. The match is its parent where r ≥ `least_r` and the cosine of their decoder rows ≥ `least_cosine`.
    3. Given labels, for every feature the concept with the best F1 of "f > θ", θ some share of its maximum.
    Matches and concepts are chosen on every other text and measured on the rest.

    Source: Bricken et al. 2023, "Towards Monosemanticity", §Feature Splitting.

    Args:
        model: what all of them read.
        dictionaries: of one site, narrow to wide.
        texts: what they are compared on.
        labels: of every text, the concepts of each token, BOS left out.
        undecided: of every text, the concepts that are neither held for nor against a feature at each token.
        least_r: below this correlation a match is no parent,
        least_cosine: nor below this cosine.
        least: features that fire on fewer tokens than this in either half have no parent.

    Raises:
        ValueError: fewer than two dictionaries, or not narrow to wide, or labels that do not fit.

    Example:
        >>> import workbench as wb
        >>> narrow, wide = (wb.decompose.load(name) for name in ("atlas-x4", "atlas-x16"))
        >>> texts = [document.text for document, _ in zip(wb.world.documents("test", 0), range(60))]
        >>> families = wb.explore.splitting(wb.load(), [narrow, wide], texts)
        >>> families.widths, len(families.children(families.most_divided()[0])) > 3
        ((1024, 4096), True)
    """
    widths = tuple(dictionary.width for dictionary in dictionaries)
    if len(widths) < 2 or list(widths) != sorted(set(widths)):
        raise ValueError(f"dictionaries {', '.join(map(str, widths))} wide: give two or more, narrow to wide")
    matches = tuple(
        best_matches(model, wide, model, narrow, texts, least=least, control=False)
        for narrow, wide in pairwise(dictionaries)
    )
    cosines = tuple(
        cosine_similarity(wide.W_dec.detach(), narrow.W_dec.detach()[found.match.clamp(min=0)]).cpu()
        for found, (narrow, wide) in zip(matches, pairwise(dictionaries), strict=True)
    )
    told = None
    if labels is not None:
        told = tuple(tuple(tell(model, one, texts, labels, undecided=undecided, least=least)) for one in dictionaries)
    return Families(widths, matches, cosines, told, least_r, least_cosine)


def tell(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    labels: Sequence[Sequence[Set[str]]],
    *,
    undecided: Sequence[Sequence[Set[str]]] | None = None,
    least: int = 20,
) -> list[Told | None]:
    """For every unit of a dictionary the concept that it tells best; None where it fires, or the concept is, too rare.

    (`wb.decompose.recover` asks the other way round: for every concept the unit that tells it best.)

    Args:
        model: what the dictionary reads.
        dictionary: whose units are asked about.
        texts: concept and threshold are chosen on every other, and measured on the rest.
        labels: of every text, the concepts of each token, BOS left out.
        undecided: of every text, the concepts that are neither held for nor against a unit at each token.
        least: on fewer tokens than this in either half nothing is told.

    Example:
        >>> import workbench as wb
        >>> texts, labels = ["2+2=4", "The bridge is red."] * 40, [[{"sum"}] * 5, [set()] * 5] * 40
        >>> told = wb.explore.tell(wb.load(), wb.decompose.load(), texts[::2] + texts[1::2], labels[::2] + labels[1::2])
        >>> max(one.f1 for one in told if one) > 0.5
        True
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and labels for {len(labels)}: one list of labels for each text")
    names = sorted({name for text in labels for token in text for name in token})
    place = {name: number for number, name in enumerate(names)}
    halves = []
    for start in (0, 1):
        left = None if undecided is None else undecided[start::2]
        halves.append(_Counts.of(model, dictionary, texts[start::2], labels[start::2], left, place))
    first, second = halves
    f1 = first.f1().masked_fill((first.carried < least)[None, None], -1)
    best, flat = f1.transpose(0, 1).flatten(1).max(-1)
    level, concept = flat // len(names), flat % len(names)
    unit = torch.arange(dictionary.width)
    hits, alarms = second.hits[level, unit, concept], second.alarms[level, unit, concept]
    carried = second.carried[concept]
    enough = (best > 0) & (first.fires >= least) & (second.fires >= least) & (carried >= least)
    found: list[Told | None] = []
    for some, number, hit, alarm, n in zip(
        *(part.tolist() for part in (enough, concept, hits, alarms, carried)), strict=True
    ):
        scores = 2 * hit / max(1, hit + alarm + n), hit / max(1, hit + alarm), hit / max(1, n)
        found.append(Told(names[number], *scores, int(n)) if some else None)
    return found


@dataclass
class _Counts:
    """Of every threshold, unit and concept: tokens with both, and tokens with the unit alone."""

    hits: Float[Tensor, "L F C"]
    alarms: Float[Tensor, "L F C"]
    carried: Float[Tensor, " C"]
    fires: Float[Tensor, " F"]

    @classmethod
    def of(
        cls,
        model: Model,
        dictionary: Dictionary,
        texts: Sequence[str],
        labels: Sequence[Sequence[Set[str]]],
        undecided: Sequence[Sequence[Set[str]]] | None,
        place: dict[str, int],
    ) -> _Counts:
        shape = len(SHARES), dictionary.width, len(place)
        hits, open_ = torch.zeros(shape), torch.zeros(shape)
        fires, carried = torch.zeros(shape[:2]), torch.zeros(shape[2])
        maxima = dictionary.maxima.cpu()
        for some in watched(batches(texts), "concepts"):
            ((features, lengths),) = encoded([(model, dictionary)], [texts[number] for number in some])
            for number, length in zip(some, lengths, strict=True):
                if len(labels[number]) != length:
                    raise ValueError(f"text {number} has {length} tokens and labels for {len(labels[number])}")
            on = Entries.of(features)
            has = _marks([labels[number] for number in some], place, on.n)
            begun = _marks([undecided[number] for number in some], place, on.n) if undecided is not None else has * 0
            decided = has * (1 - begun)
            carried += decided.sum(0)
            for level, share in enumerate(SHARES):
                above = on.only(on.values > share * maxima[on.units])
                ones = Entries(above.rows, above.units, torch.ones_like(above.values), on.n, on.width)
                fires[level] += torch.bincount(above.units, minlength=on.width)
                products(ones, Entries.where(decided), hits[level])
                products(ones, Entries.where(((has + begun) > 0).float() - decided), open_[level])
        return cls(hits, fires[:, :, None] - hits - open_, carried, fires[0])

    def f1(self) -> Float[Tensor, "L F C"]:
        return 2 * self.hits / (self.hits + self.alarms + self.carried).clamp(min=1)


def _marks(sets: Sequence[Sequence[Set[str]]], place: dict[str, int], n: int) -> Float[Tensor, "N C"]:
    marks = torch.zeros(n, len(place))
    rows = [
        (row, place[name])
        for row, token in enumerate(t for text in sets for t in text)
        for name in token
        if name in place
    ]
    if rows:
        marks[tuple(torch.tensor(rows).T)] = 1.0
    return marks
