"""How good a dictionary is: how sparse, how true to the activation, how much of the model's behaviour is left.

Every number has an interval over texts and stands beside floors: random directions that are
as sparse, and, where it is given, a dictionary of the untrained model. What is recovered is
measured against two ablations, named, because zero for a whole stream is a low bar.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from .. import charts
from ..estimates import Estimate, grouped, proportion, ratio
from ..model import Model
from ..names import canonical
from ..progress import watched
from ..tokens import Places, Tokens
from .architectures import TopK
from .dictionaries import Dictionary

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

BATCH = 32
"""Texts per forward pass: logits of more would not fit for a large vocabulary."""


@dataclass(frozen=True, eq=False)
class Measures:
    """What one dictionary scores. x is what it reads, y what it should write, ŷ what it writes.

    Attributes:
        l0: features on per token.
        explained_variance: 1 − Σ ‖y − ŷ‖² / Σ ‖y − ȳ‖².
        cosine: the mean cosine of y and ŷ.
        ce_recovered_mean: (CE ablated − CE of ŷ) / (CE ablated − CE of y) in next-token loss, ablated to the mean ȳ.
        ce_recovered_zero: the same, ablated to zero.
        kl_recovered_mean: 1 − KL(y ‖ ŷ) / KL(y ‖ ablated) of next-token predictions, ablated to the mean.
        kl_recovered_zero: the same, ablated to zero.
        dead: the share of features that never fired on these texts.
        density: on which share of the tokens each feature fired. [F]
    """

    l0: Estimate
    explained_variance: Estimate
    cosine: Estimate
    ce_recovered_mean: Estimate
    ce_recovered_zero: Estimate
    kl_recovered_mean: Estimate
    kl_recovered_zero: Estimate
    dead: Estimate
    density: Float[Tensor, " F"]


MEASURES = {
    "l0": "features on per token (L0)",
    "explained_variance": "explained variance",
    "cosine": "cosine",
    "ce_recovered_mean": "CE recovered, against mean-ablation",
    "ce_recovered_zero": "CE recovered, against zero-ablation",
    "kl_recovered_mean": "KL recovered, against mean-ablation",
    "kl_recovered_zero": "KL recovered, against zero-ablation",
    "dead": "features that never fired",
}


@dataclass(frozen=True, eq=False)
class ScoreCard:
    """What a dictionary scores on some texts, beside its floors.

    Attributes:
        dictionary: its measures.
        floors: the same of what it should beat, by name.
        tokens, texts: on how many.

    Example:
        >>> import workbench as wb
        >>> card = wb.decompose.score(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge is orange."] * 4)
        >>> card.texts, list(card.floors), card.l0.value < 64
        (4, ['random directions'], True)
    """

    dictionary: Measures
    floors: Mapping[str, Measures]
    tokens: int
    texts: int

    def __getattr__(self, name: str) -> Estimate:
        if name in MEASURES:
            return getattr(self.dictionary, name)
        raise AttributeError(f"a score card has no {name!r}; it has: dictionary, floors, {', '.join(MEASURES)}")

    def table(self) -> pd.DataFrame:
        """A row for each measure, a column for the dictionary and for each floor."""
        import pandas as pd

        columns = {"dictionary": self.dictionary, **self.floors}
        return pd.DataFrame(
            {who: [str(getattr(measures, name)) for name in MEASURES] for who, measures in columns.items()},
            index=list(MEASURES.values()),
        )

    def figure(self) -> go.Figure:
        """How many features fire how often: log₁₀ of density in bins of a fifth; the dead stand at the left."""
        import plotly.graph_objects as go

        rarest = 0.5 / self.tokens
        edges = torch.arange(math.floor(5 * math.log10(rarest)), 2) / 5
        shown = {"dictionary": self.dictionary, **self.floors}
        width = grouped(len(self.dictionary.density))
        figure = charts.chart(
            title=f"How often features fire · {width} features · {grouped(self.tokens)} tokens",
            xaxis_title="log₁₀ of the share of tokens on which a feature fires",
            yaxis_title="features",
            bargap=0,
        )
        for who, measures in shown.items():
            logs = measures.density.clamp(min=rarest).log10()
            counts = torch.histogram(logs, edges).hist.tolist()
            ranges = [proportion(int(count), len(logs)) for count in counts]
            middles = ((edges[1:] + edges[:-1]) / 2).tolist()
            hover = "%{y} features fire on 10^%{x:.1f} of tokens"
            if who == "dictionary":
                colour = {"marker_color": charts.ACCENT, "marker_line_width": 0}
                whiskers = {
                    "type": "data", "color": charts.INK, "thickness": 1, "width": 2,
                    "array": [n and len(logs) * one.high - n for one, n in zip(ranges, counts, strict=True)],
                    "arrayminus": [n - len(logs) * one.low for one, n in zip(ranges, counts, strict=True)],
                }  # fmt: skip
                bars = {"x": middles, "y": counts, "error_y": whiskers, "name": who, "hovertemplate": hover}
                figure.add_trace(go.Bar(**bars, **colour))
            else:
                dash = {
                    "color": charts.CONTROL,
                    "shape": "hvh",
                    "dash": "solid" if who == "random directions" else "dot",
                }
                figure.add_trace(
                    go.Scatter(x=middles, y=counts, name=who, line=dash, mode="lines", hovertemplate=hover)
                )
        return figure

    def _repr_html_(self) -> str:
        return self.table().to_html() + f"<p>{self.tokens} tokens in {self.texts} texts; intervals are over texts.</p>"

    def __repr__(self) -> str:
        return f"{self.table().to_string()}\n{self.tokens} tokens in {self.texts} texts; intervals are over texts."


@dataclass(frozen=True, eq=False)
class Put:
    """An edit that puts values in the place of a site's own, on the tokens of the text; BOS keeps its own."""

    site: str
    values: Float[Tensor, "B T D"] | Float[Tensor, " D"]

    def conflicts(self, other: object) -> bool:
        """It replaces the whole activation: nothing else at its site makes sense."""
        return True

    def check(self, model: Model) -> None:
        """Values of another width are refused when they are added."""

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."]:
        flat = x.flatten(2)
        return ((self.values - flat) * places.text[..., None]).view_as(x)


@torch.no_grad()
def score(
    model: Model,
    dictionary: Dictionary,
    texts: Sequence[str],
    *,
    untrained: tuple[Model, Dictionary] | None = None,
    seed: int = 0,
) -> ScoreCard:
    """Score a dictionary on texts that it was not trained on.

    BOS is left out everywhere. A crosscoder is spliced in at each of its sites alone, and what that does is averaged.

    Args:
        model: the model it reads.
        dictionary: what is scored.
        texts: a few hundred give narrow intervals.
        untrained: the untrained model and a dictionary that was trained on it, for a second floor.
        seed: of the random directions of the first floor.

    Raises:
        ValueError: no texts, or a dictionary that does not fit the model.

    Example:
        >>> import workbench as wb
        >>> card = wb.decompose.score(wb.load(), wb.decompose.load(), ["The Golden Gate Bridge is orange."] * 4)
        >>> card.explained_variance.value > card.floors["random directions"].explained_variance.value
        True
    """
    texts = sorted(texts, key=len)  # those of a length together, for less padding
    if not texts:
        raise ValueError("no texts were given; a few hundred give narrow intervals")
    floor = random_directions(model, dictionary, texts, seed=seed)
    beside, centre = {"dictionary": dictionary, "random directions": floor}, floor.b_dec.to(model.device)
    measured = _measured(model, beside, texts, centre)
    if untrained is not None:
        its_model, its_dictionary = untrained
        centre = _centres(its_model, its_dictionary, texts)[1]
        measured |= {"untrained model": _measured(its_model, {"it": its_dictionary}, texts, centre)["it"]}
    tokens = measured.pop("tokens")
    return ScoreCard(measured.pop("dictionary"), measured, tokens, len(texts))


def ends(model: Model, dictionary: Dictionary, tokens: Tokens) -> tuple[Float[Tensor, "B T D"], Float[Tensor, "B T O"]]:
    """What the dictionary reads and what it should write, sites side by side."""
    reads, writes = (tuple(map(canonical, sites)) for sites in (dictionary.reads, dictionary.writes))
    values = model.read(tokens, at=list(dict.fromkeys(reads + writes)))
    flat = {site: value.flatten(2).float() for site, value in values.items()}
    return tuple(torch.cat([flat[site] for site in sites], -1) for sites in (reads, writes))


def _centres(model: Model, dictionary: Dictionary, texts: Sequence[str]) -> tuple[Tensor, Tensor, float]:
    """The means of x and y over all tokens, and L0."""
    sums, n, on = [0.0, 0.0], 0, 0.0
    for start in range(0, len(texts), BATCH):
        tokens = model.tokens(texts[start : start + BATCH])
        text = tokens.places.text
        x, y = ends(model, dictionary, tokens)
        sums = [total + part[text].double().sum(0) for total, part in zip(sums, (x, y), strict=True)]
        on += float(dictionary.encode(x[text]).l0().sum())
        n += int(text.sum())
    return (sums[0] / n).float(), (sums[1] / n).float(), on / n


@torch.no_grad()
def random_directions(model: Model, dictionary: Dictionary, texts: Sequence[str], *, seed: int = 0) -> Dictionary:
    """As many random directions, around the mean, as sparse on these texts: the floor of every score.

    f = relu(topk(W (x − x̄))), ŷ = ȳ + g Wᵀ f, with rows of W drawn evenly on the sphere and the one gain g that fits
    best, Σ ⟨y − ȳ, Wᵀ f⟩ / Σ ‖Wᵀ f‖²: without it many directions at once would write too much. What is written
    elsewhere than it is read has random directions of its own.

    Example:
        >>> import workbench as wb
        >>> floor = wb.decompose.random_directions(wb.load(), wb.decompose.load(), ["The bridge is red."] * 4)
        >>> floor.width == wb.decompose.load().width
        True
    """
    centre_x, centre_y, l0 = _centres(model, dictionary, texts)
    shape = {"d_model": dictionary.d_model, "d_out": dictionary.d_out, "width": dictionary.width}
    k = max(1, min(round(l0), dictionary.width))
    floor = TopK(**shape, k=k, site=dictionary.reads, target=dictionary.writes, seed=seed)
    floor.requires_grad_(False).to(dictionary.maxima)
    one = torch.ones(()).to(dictionary.maxima)
    centre_x, centre_y = centre_x.to(one), centre_y.to(one)
    floor.fold(centre_x, one.expand(dictionary.d_model), centre_y, one.expand(dictionary.d_out))
    along, size = 0.0, 1e-12
    for start in range(0, len(texts), BATCH):
        tokens = model.tokens(list(texts[start : start + BATCH]))
        x, y = (part[tokens.places.text] for part in ends(model, floor, tokens))
        features = floor.encode(x)
        floor.maxima.copy_(torch.maximum(floor.maxima, features.maxima()))
        written = floor.decode(features) - floor.b_dec
        along += float((written * (y.to(one) - centre_y)).sum())
        size += float(written.square().sum())
    floor.W_dec *= along / size
    return floor


def _measured(
    model: Model, dictionaries: Mapping[str, Dictionary], texts: Sequence[str], centre: Float[Tensor, " O"]
) -> dict[str, Measures]:
    """The measures of each dictionary, all on the same passes; and the number of tokens."""
    fired = {name: torch.zeros(sae.width, dtype=torch.long) for name, sae in dictionaries.items()}
    parts = []
    for start in watched(range(0, len(texts), BATCH), "scoring"):
        tokens = model.tokens(texts[start : start + BATCH])
        text = tokens.places.text
        put: dict[str, Tensor] = {"mean": centre, "zero": torch.zeros_like(centre)}
        sums: dict[str, Tensor] = {"tokens": text.sum(-1).double()}
        for name, sae in dictionaries.items():
            x, y = (part[text] for part in ends(model, sae, tokens))
            features = sae.encode(x)
            written = sae.written(x, features).to(y)
            fired[name] += features.counts().cpu()
            put[name] = _laid_out(written, text)
            sums |= {
                f"{name} on": _laid_out(features.l0().to(y), text).sum(-1).double(),
                f"{name} error": _laid_out((y - written).square().sum(-1), text).sum(-1).double(),
                f"{name} cosine": _laid_out(torch.cosine_similarity(y, written, dim=-1), text).sum(-1).double(),
                "spread": _laid_out((y - centre).square().sum(-1), text).sum(-1).double(),
            }
        sums |= _effects(model, tokens, next(iter(dictionaries.values())).writes, put)
        parts.append({name: value.cpu() for name, value in sums.items()})
    sums = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    tokens = int(sums["tokens"].sum())
    return {name: _summed(name, sums, fired[name] / tokens) for name in dictionaries} | {"tokens": tokens}


def _laid_out(values: Float[Tensor, "N ..."], text: Bool[Tensor, "B T"]) -> Float[Tensor, "B T ..."]:
    """What belongs to the tokens of texts, in its places; 0 elsewhere."""
    out = values.new_zeros(*text.shape, *values.shape[1:])
    out[text] = values
    return out


def _summed(name: str, sums: Mapping[str, Tensor], density: Tensor) -> Measures:
    def recovered(what: str, ablated: str) -> Estimate:
        plain = sums[f"{what} plain"]
        return ratio(sums[f"{what} {ablated}"] - sums[f"{what} {name}"], sums[f"{what} {ablated}"] - plain)

    return Measures(
        l0=ratio(sums[f"{name} on"], sums["tokens"]),
        explained_variance=ratio(sums["spread"] - sums[f"{name} error"], sums["spread"]),
        cosine=ratio(sums[f"{name} cosine"], sums["tokens"]),
        ce_recovered_mean=recovered("ce", "mean"),
        ce_recovered_zero=recovered("ce", "zero"),
        kl_recovered_mean=recovered("kl", "mean"),
        kl_recovered_zero=recovered("kl", "zero"),
        dead=proportion(int((density == 0).sum()), len(density)),
        density=density,
    )


def _effects(
    model: Model, tokens: Tokens, sites: Sequence[str], put: Mapping[str, Tensor]
) -> dict[str, Float[Tensor, " B"]]:
    """Summed next-token loss and KL of each text, in nats, with each thing in the activation's place."""
    predicts = tokens.mask[:, 1:] & tokens.mask[:, :-1]
    plain = model.run(tokens).logits[:, :-1].float().log_softmax(-1)
    sums = {"ce plain": _loss(plain, tokens, predicts) * len(sites)}
    sums["kl plain"] = torch.zeros_like(sums["ce plain"])
    for name, values in put.items():
        for number, site in enumerate(sites):
            part = values.chunk(len(sites), dim=-1)[number]
            logits = model.run(tokens, edits=[Put(site, part)]).logits[:, :-1].float().log_softmax(-1)
            kl = ((plain.exp() * (plain - logits)).sum(-1) * predicts).sum(-1).double()
            ce = _loss(logits, tokens, predicts)
            sums[f"ce {name}"] = sums.get(f"ce {name}", 0) + ce
            sums[f"kl {name}"] = sums.get(f"kl {name}", 0) + kl
    return sums


def _loss(logprobs: Float[Tensor, "B T V"], tokens: Tokens, predicts: Bool[Tensor, "B T"]) -> Float[Tensor, " B"]:
    picked = logprobs.gather(-1, tokens.ids[:, 1:, None]).squeeze(-1)
    return -(picked * predicts).sum(-1).double()
