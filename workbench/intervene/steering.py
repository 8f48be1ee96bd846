"""How much to steer, where, and at what price: dose and response, and a choice that is reported on other prompts.

The target rises with the strength, falls again when text breaks down, and nothing of that shows at one strength. So a
curve goes over strengths, with the controls at each of them, the price on neutral text below, and what a sentence in
the prompt does without any steering.

Source: of the controls and the price Tan et al. 2024, "Analysing the Generalisation and Reliability of Steering
Vectors"; of prompting as a baseline Wu et al. 2025, "AxBench".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import charts
from ..estimates import Estimate, difference, digits, mean, median
from ..files import written
from ..tokens import counted
from .effects import KL, Effect, Effects, Measured, Task, as_plain, measure
from .targets import Target, Values, Variants
from .vectors import Vector

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from ..model import Edit, Model

How = Vector | Callable[[float], Sequence["Edit"]]
"""What a strength does: a vector's own `steer`, or a function from a strength to edits."""


@dataclass(frozen=True)
class Curve:
    r"""What steering does over strengths.

    Attributes:
        strengths: in the order in which they were given.
        effects: one for each, by its strength in words, with controls and price.
        shuffled: the target alone, with the vector's coordinates or the labels of its texts shuffled.
        prompted: the target when the prompts say it instead; None where nothing was said.
        saying: what was put before the prompts.

    Example:
        >>> import workbench as wb
        >>> model, sae = wb.load(), wb.decompose.load()
        >>> curve = wb.intervene.dose_response(
        ...     model, ["Question: What is your favourite place?\nAnswer: I think of the"],
        ...     lambda strength: [wb.Clamp(sae, 3188, times=strength)], strengths=[0, 1.5],
        ...     target=wb.intervene.Probability(" Golden Gate"), controls=2,
        ... )
        >>> float(curve.at(1.5).target.change) > 0.3
        True
    """  # fmt: skip

    strengths: tuple[float, ...]
    effects: Effects
    shuffled: Effects | None = None
    prompted: Measured | None = None
    saying: str = ""

    def at(self, strength: float) -> Effect:
        """The effect at one of the strengths.

        Raises:
            KeyError: it was not tried.
        """
        if strength not in self.strengths:
            raise KeyError(
                f"strength {strength:g} was not tried; there are: {', '.join(map('{:g}'.format, self.strengths))}"
            )
        return self.effects[_named(strength)]

    def table(self) -> pd.DataFrame:
        """A row for each strength and measure, and one for prompting."""
        import pandas as pd

        rows = self.effects.table().rename(columns={"intervention": "strength"})
        if self.prompted is not None:
            m = self.prompted
            line = ["prompting", self.effects.target, str(m.plain), str(m.edited), str(m.change), "–", "–"]
            rows = pd.concat([rows, pd.DataFrame([line], columns=rows.columns)], ignore_index=True)
        return rows

    def save(self, to: str | Path) -> Path:
        """Write it to a JSON file, whole or not at all.

        Example:
            >>> import workbench as wb
            >>> model = wb.load()
            >>> curve = wb.intervene.dose_response(
            ...     model, ["It was", "Then"], lambda s: [wb.Scale("attn_out.1", 1 + s)], strengths=[0, 1],
            ...     target=wb.intervene.Probability(" a"), controls=2,
            ... )
            >>> str(wb.intervene.Curve.open(curve.save(tmp / "curve.json"))) == str(curve)
            True
        """  # fmt: skip
        about = {
            "strengths": self.strengths,
            "saying": self.saying,
            "effects": self.effects.state(),
            "shuffled": self.shuffled and self.shuffled.state(),
            "prompted": self.prompted and as_plain(asdict(self.prompted)),
        }
        text = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return written(Path(to), lambda beside: beside.write_text(text, encoding="utf-8"))

    @classmethod
    def open(cls, path: str | Path) -> Curve:
        """Read what `save` wrote."""
        about = json.loads(Path(path).read_text(encoding="utf-8"))
        shuffled = about["shuffled"] and Effects.of(about["shuffled"])
        prompted = about["prompted"] and Measured.of(about["prompted"])
        return cls(tuple(about["strengths"]), Effects.of(about["effects"]), shuffled, prompted, about["saying"])

    def figure(self) -> go.Figure:
        """The target over strengths beside its controls, and below it the price on neutral text."""
        return _figure(self)

    def __str__(self) -> str:
        lines = [str(self.effects)]
        if self.prompted is not None:
            m = self.prompted
            lines.append(f"  prompting with {self.saying!r}: {m.plain} → {m.edited}, change {m.change}")
        return "\n".join(lines)

    __repr__ = __str__


def dose_response(
    model: Model,
    prompts: Sequence[str],
    how: How,
    *,
    strengths: Sequence[float],
    target: Target,
    neutral: Sequence[str] = (),
    tasks: Mapping[str, Task] | None = None,
    controls: int = 20,
    shuffled: int | None = None,
    prompting: str | Callable[[str], str] | None = None,
    seed: int = 0,
) -> Curve:
    """What steering does over strengths: the target, its controls, the price, and prompting beside it.

    Args:
        model: what is steered.
        prompts: over which the target is measured.
        how: a vector, or a function from a strength to edits.
        strengths: for a vector in units of the site's typical norm; 0 is the model as it is.
        target: what is wanted.
        neutral: texts on which nothing should change.
        tasks: functions that score a model item by item, by name.
        controls: how many random directions, or features of like density, at every strength.
        shuffled: how many shuffled vectors, of the target alone; as many as controls where there is a vector.
        prompting: a sentence to put before every prompt, or a function that changes it, as a baseline.
        seed: of the controls.

    Raises:
        ValueError: no strengths, or as for `measure`.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> french = wb.intervene.vector(model, ["Il pleut."], ["It rains."], at="resid_post.1")
        >>> curve = wb.intervene.dose_response(
        ...     model, ["It was"], french, strengths=[0.0, 0.5], target=wb.intervene.Probability(" le"), controls=2
        ... )
        >>> curve.at(0.0).target.change.value
        0.0
    """
    strengths = tuple(dict.fromkeys(map(float, strengths)))
    if not strengths:
        raise ValueError("no strengths were given; such as [0, 0.5, 1, 2]")
    say = prompting if callable(prompting) else lambda prompt: (prompting or "") + prompt
    saying = getattr(prompting, "__name__", "") if callable(prompting) else prompting or ""
    others = [] if prompting is None else [say(prompt) for prompt in prompts]
    for text in others:  # one that is too long is told at once
        model.tokens(text)
    named = {_named(strength): _edits(how, strength) for strength in strengths}
    settings = {"target": target, "seed": seed}
    effects = measure(model, prompts, named, neutral=neutral, tasks=tasks, controls=controls, **settings)
    beside = None
    shuffled = shuffled if shuffled is not None else controls if isinstance(how, Vector) else 0
    if shuffled and isinstance(how, Vector) and len(how.shuffled):
        own = {_named(strength): how.controls(strength)[:shuffled] for strength in strengths}
        beside = measure(model, prompts, named, controls=own, **settings)
    elif shuffled:
        beside = measure(model, prompts, named, controls=shuffled, kind="shuffled", **settings)
    prompted = _between(model, prompts, others, target) if others else None
    return Curve(strengths, effects, beside, prompted, saying)


@dataclass(frozen=True)
class Choice:
    """A layer and a strength that were chosen on some prompts, and what they do on others.

    Attributes:
        vector: the one that was chosen.
        strength: in units of its site's typical norm.
        tried: what every vector and strength did on the prompts that chose.
        report: what the chosen one does on the others.
    """

    vector: Vector
    strength: float
    tried: Effects
    report: Effects

    @property
    def edits(self) -> list[Edit]:
        """What was chosen, as edits."""
        return [self.vector.steer(self.strength)]

    def __str__(self) -> str:
        chosen = f"{self.vector.name} at {self.vector.at}, strength {self.strength:g}"
        return f"{chosen} · chosen among {len(self.tried)} on {counted(self.tried.prompts, 'prompt')}\n{self.report}"

    __repr__ = __str__


def choose(
    model: Model,
    vectors: Sequence[Vector],
    prompts: Sequence[str],
    *,
    strengths: Sequence[float],
    target: Target,
    fit: int,
    neutral: Sequence[str] = (),
    budget: float | None = None,
    tasks: Mapping[str, Task] | None = None,
    controls: int = 20,
    seed: int = 0,
) -> Choice:
    """Choose a layer and a strength on the first prompts, and report on the others, which had no say in it.

    The one that raises the target most is taken, among those whose KL on neutral text keeps within the budget.

    Args:
        model: what is steered.
        vectors: one for each layer (or way to make one) that is tried.
        prompts: the first `fit` of them choose, the others are reported on.
        strengths: those that are tried; a negative one steers away.
        target: what is wanted; turn it round to lower something (`LogitDifference(wrong, right)`).
        fit: how many prompts choose.
        neutral: texts for the price, half of which choose where there is a budget.
        budget: the most KL on neutral text, in nats per token.
        tasks: as for `measure`, in the report.
        controls: in the report.
        seed: of the controls.

    Raises:
        ValueError: a prompt on both sides, no prompts on one, or nothing within the budget.

    Example:
        >>> import workbench as wb
        >>> model, texts = wb.load(), (["Il pleut.", "Le chien dort."], ["It rains.", "The dog sleeps."])
        >>> vectors = [wb.intervene.vector(model, *texts, at=f"resid_post.{layer}") for layer in range(2)]
        >>> choice = wb.intervene.choose(
        ...     model, vectors, ["It was", "Then she", "One day", "At the"], strengths=[0.5, 1.0], fit=2,
        ...     target=wb.intervene.Probability(" le"), controls=2,
        ... )
        >>> choice.report.prompts
        2
    """  # fmt: skip
    if not 0 < fit < len(prompts):
        raise ValueError(f"fit {fit} of {len(prompts)} prompts: leave at least one to choose on and one to report on")
    if twice := set(prompts[:fit]) & set(prompts[fit:]):
        raise ValueError(f"{min(twice)[:60]!r} is among the prompts that choose and among those reported on")
    if not vectors or not strengths:
        raise ValueError("no vectors or no strengths were given; there is nothing to choose from")
    if budget is not None and len(neutral) < 2:
        raise ValueError("a budget of KL needs neutral texts, at least two: one to choose on and one to report on")
    target.check(prompts)
    half = len(neutral) // 2 if budget is not None else 0
    offered = {
        f"{number}: {one.name} at {one.at} × {strength:g}": (one, strength)
        for number, one in enumerate(vectors)
        for strength in strengths
    }
    tried = measure(
        model, prompts[:fit], {name: [one.steer(by)] for name, (one, by) in offered.items()},
        target=_Part(target, 0), neutral=neutral[:half], controls=0,
    )  # fmt: skip
    within = [name for name in offered if budget is None or tried[name].unwanted[KL].change.value <= budget]
    if not within:
        least = min(effect.unwanted[KL].change.value for effect in tried.effects.values())
        raise ValueError(
            f"nothing keeps within {budget:g} nats of KL; the mildest costs {least:.3g}. Try less strength."
        )
    best = max(within, key=lambda name: tried[name].target.change.value)
    vector, strength = offered[best]
    report = measure(
        model, prompts[fit:], {best.partition(": ")[2]: [vector.steer(strength)]}, target=_Part(target, fit),
        neutral=neutral[half:], tasks=tasks, controls=controls, seed=seed,
    )  # fmt: skip
    return Choice(vector, strength, tried, report)


@dataclass(frozen=True)
class _Part(Target):
    """A target of prompts that begin further on in its own list."""

    whole: Target
    start: int

    @property
    def is_share(self) -> bool:
        return self.whole.is_share

    @property
    def samples(self) -> int:
        return self.whole.samples

    @property
    def name(self) -> str:
        return self.whole.name

    def values(self, model: Model, prompts: Sequence[str], numbers: Sequence[int], variants: Variants) -> Values:
        return self.whole.values(model, prompts, [self.start + number for number in numbers], variants)


def _edits(how: How, strength: float) -> Sequence[Edit]:
    return [how.steer(strength)] if isinstance(how, Vector) else list(how(strength))


def _named(strength: float) -> str:
    return f"{strength:.9g}"


def _between(model: Model, prompts: Sequence[str], others: Sequence[str], target: Target) -> Measured:
    """The target on other prompts, beside that on these; nothing is edited."""
    here, there = (measure(model, some, {"": []}, target=target, controls=0).effect for some in (prompts, others))
    pairs = [(b, a) for (a, _), (b, _) in zip(here.values, there.values, strict=True)]
    before, after = here.target.plain, there.target.plain
    is_share = target.is_share
    change = replace(difference(after, before, pairs), n=after.n) if is_share else mean([a - b for a, b in pairs])
    return Measured(before, after, change, ())


def _figure(curve: Curve) -> go.Figure:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    order = sorted(curve.strengths)
    first = curve.at(order[0])
    has_price = KL in first.unwanted
    figure = make_subplots(
        1 + has_price, 1, shared_xaxes=True, vertical_spacing=0.08, row_heights=[0.65, 0.35] if has_price else [1]
    )
    targets = [curve.at(strength).target for strength in order]
    plain = [one.plain.value for one in targets]
    beside = [("controls", targets, charts.CONTROL, "rgba(138,138,138,.25)")]
    if curve.shuffled is not None:
        others = [curve.shuffled[_named(strength)].target for strength in order]
        beside.append(("shuffled", others, charts.COLOURS[3], "rgba(204,121,167,.18)"))
    for name, measured, ink, tint in beside:
        if measured[0].controls:
            _band(figure, order, [[base + c for c in m.controls] for base, m in zip(plain, measured, strict=True)],
                  name, ink, tint, row=1)  # fmt: skip
    _line(figure, order, [one.edited for one in targets], "steered, 95 % interval", row=1, name=curve.effects.target)
    figure.add_trace(
        go.Scatter(
            x=order, y=plain, mode="lines", name="plain", line={"dash": "dot", "color": charts.INK, "width": 1},
            hovertemplate="plain %{y:.3g}<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    if curve.prompted is not None:
        figure.add_hline(
            curve.prompted.edited.value, line={"color": charts.COLOURS[0], "dash": "dash", "width": 1}, row=1, col=1,
            annotation_text=f"prompting {digits(curve.prompted.edited.value)}", annotation_position="top left",
        )  # fmt: skip
    if has_price:
        prices = [curve.at(strength).unwanted[KL] for strength in order]
        if prices[0].controls:
            _band(figure, order, [list(m.controls) for m in prices], "controls", charts.CONTROL,
                  "rgba(138,138,138,.25)", row=2, legend=False)  # fmt: skip
        _line(figure, order, [one.change for one in prices], "", row=2, name=KL)
    n = targets[0].edited.n
    figure.update_layout(
        template=charts.template(),
        title=f"Dose and response · {curve.effects.target} · {counted(curve.effects.prompts, 'prompt')}, n {n} · "
        f"controls: median and range of {len(targets[0].controls)}",
        height=330 + 150 * has_price,
        legend={"y": 1.03},
        margin={"t": 84},
    )
    figure.update_yaxes(title=curve.effects.target, row=1, col=1)
    figure.update_xaxes(title="strength", row=1 + has_price, col=1)
    if has_price:
        figure.update_yaxes(title="KL, nats per token", row=2, col=1, rangemode="tozero")
    return figure


def _line(figure: go.Figure, x: list[float], ys: list[Estimate], shown: str, *, row: int, name: str) -> None:
    import plotly.graph_objects as go

    figure.add_trace(
        go.Scatter(
            x=x, y=[y.value for y in ys], mode="lines+markers", name=shown, showlegend=bool(shown),
            line={"color": charts.ACCENT}, customdata=[str(y) for y in ys],
            error_y={"type": "data", "symmetric": False, "array": [y.high - y.value for y in ys],
                     "arrayminus": [y.value - y.low for y in ys], "color": charts.ACCENT, "thickness": 1},
            hovertemplate=f"strength %{{x:g}}<br>{name} %{{customdata}}<extra></extra>",
        ),
        row=row, col=1,
    )  # fmt: skip


def _band(
    figure: go.Figure, x: list[float], values: list[list[float]], name: str, ink: str, tint: str,
    *, row: int, legend: bool = True,
) -> None:  # fmt: skip
    """The range of the controls, and their median."""
    import plotly.graph_objects as go

    highs, lows = [max(some) for some in values], [min(some) for some in values]
    group = {"legendgroup": name, "hoverinfo": "skip", "line": {"width": 0}, "mode": "lines", "showlegend": False}
    figure.add_trace(go.Scatter(x=x, y=highs, **group), row=row, col=1)
    figure.add_trace(go.Scatter(x=x, y=lows, fill="tonexty", fillcolor=tint, **group), row=row, col=1)
    figure.add_trace(
        go.Scatter(
            x=x, y=[median(some).value for some in values], mode="lines", name=name, legendgroup=name,
            showlegend=legend, line={"color": ink, "width": 1.5},
            hovertemplate=f"{name}: median %{{y:.3g}}<extra></extra>",
        ),
        row=row, col=1,
    )  # fmt: skip
