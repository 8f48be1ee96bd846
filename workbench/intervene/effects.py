"""What an intervention changed, wanted and unwanted, beside what the same does with something that was not chosen.

For an intervention e, prompts p and its controls c₁ … c_K (`controls`):

    plain      m(p)                the target without an edit
    edited     m_e(p)              the target under it
    change     m_e(p) − m(p)       over all prompts, paired, with its interval
    control k  m_{c_k}(p) − m(p)   the mean over the same prompts
    p          (1 + #{k : |control k| ≥ |change|}) / (1 + K)

and the same of what was not wanted: KL(plain ‖ edited) and the change of next-token loss on neutral text, in nats per
token, and the score of every task that is named. p says how often something that was not chosen does as much; it says
nothing of other prompts, for which there is the interval. With K controls it is never below 1 / (1 + K).

Source: of the permutation p-value Phipson and Smyth 2010, "Permutation P-values Should Never Be Zero".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from .. import charts
from ..decompose.dictionaries import Dictionary
from ..estimates import Estimate, difference, digits, mean, share
from ..files import written
from ..progress import watched
from ..tokens import Tokens, counted
from .controls import controls_for, described
from .interventions import order
from .targets import ROWS, Target

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from ..model import Edit, Model

Task = Callable[["Model"], Sequence[bool] | Sequence[float]]
"""What scores a model, item by item; the items are the same at every call."""

HELD = 2**24
"""Logits that are held at once."""
ROUNDING = 1e-6
"""Nats per token that single precision does not hold."""
KL, LOSS = "KL on neutral text", "loss on neutral text"


@dataclass(frozen=True)
class Measured:
    """One measure under one intervention.

    Attributes:
        plain: without an edit; None where that is 0 by definition.
        edited: under it.
        change: edited − plain, paired.
        controls: the mean change under each control.
    """

    plain: Estimate | None
    edited: Estimate
    change: Estimate
    controls: tuple[float, ...]

    @classmethod
    def of(cls, state: Mapping[str, object]) -> Measured:
        """That of plain types again."""
        held = _numbers(state)
        parts = {name: held[name] and Estimate(**held[name]) for name in ("plain", "edited", "change")}
        return cls(**parts, controls=tuple(held["controls"]))

    @property
    def p(self) -> float | None:
        """The share of controls, ours among them, that change it as much."""
        if not self.controls or math.isnan(self.change.value):
            return None
        least = abs(self.change.value) * (1 - 1e-6)  # what is as much but for rounding is as much
        return (1 + sum(not abs(one) < least for one in self.controls)) / (1 + len(self.controls))

    @property
    def beside(self) -> str:
        """What the controls do: their median and their range."""
        if not self.controls:
            return "–"
        ordered = sorted(self.controls)
        middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
        nothing = sum(one == 0 for one in ordered)
        idle = f" ({nothing} did nothing)" if nothing else ""
        return f"{digits(middle)}, {digits(ordered[0])} to {digits(ordered[-1])}, n {len(ordered)}{idle}"


@dataclass(frozen=True)
class Effect:
    """What one intervention changed.

    Attributes:
        name: of the intervention.
        edits: what was done, in the order in which it takes effect.
        target: what was wanted; None until it is measured.
        unwanted: the rest, by name.
        controls: what the controls are, in words.
        values: of the target, for every prompt its value plain and under the intervention, over its samples.
    """

    name: str
    edits: str
    target: Measured | None
    unwanted: Mapping[str, Measured]
    controls: str = ""
    values: tuple[tuple[float, float], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Effects(Mapping):
    """What interventions changed, by name; with their controls.

    Attributes:
        effects: one for each intervention.
        target: what was wanted, in words.
        prompts: on how many.
        provenance: model and hash, kind and seed of the controls.
        is_complete: whether all was measured that was asked for.

    Example:
        >>> import workbench as wb
        >>> fx = wb.intervene.measure(
        ...     wb.load(), ["12+34=", "21+57="], [wb.Ablate("mlp_out.3")],
        ...     target=wb.intervene.Answers(["46", "78"]), neutral=["The bridge is red."], controls=3,
        ... )
        >>> list(fx.table().columns)
        ['intervention', 'measure', 'plain', 'edited', 'change', 'controls', 'p']
    """  # fmt: skip

    effects: Mapping[str, Effect]
    target: str
    prompts: int
    provenance: Mapping[str, object]
    is_complete: bool = True

    def __getitem__(self, name: str) -> Effect:
        if name in self.effects:
            return self.effects[name]
        raise KeyError(f"no intervention {name!r}; there are: {', '.join(self.effects)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.effects)

    def __len__(self) -> int:
        return len(self.effects)

    @property
    def effect(self) -> Effect:
        """The one intervention, where there is one."""
        if len(self.effects) != 1:
            raise ValueError(f"there are {len(self.effects)} interventions; name one: {', '.join(self.effects)}")
        return next(iter(self.effects.values()))

    def rows(self) -> Iterator[tuple[str, str, Measured]]:
        """Intervention, measure and what was measured, the target of each first."""
        for name, effect in self.effects.items():
            if effect.target is not None:
                yield name, self.target, effect.target
            for what, measured in effect.unwanted.items():
                yield name, what, measured

    def table(self) -> pd.DataFrame:
        """A row for each intervention and measure."""
        import pandas as pd

        columns = ["intervention", "measure", "plain", "edited", "change", "controls", "p"]
        lines = [
            [name, what, "–" if m.plain is None else str(m.plain), str(m.edited), str(m.change), m.beside,
             "–" if m.p is None else digits(m.p)]
            for name, what, m in self.rows()
        ]  # fmt: skip
        return pd.DataFrame(lines, columns=columns)

    def figure(self) -> go.Figure:
        """A panel for each measure: the change with its interval, beside the changes under each control, in grey."""
        return _figure(self)

    def __str__(self) -> str:
        lines = [f"{self.target} · {counted(self.prompts, 'prompt')} · {self.provenance['model']}"]
        if not self.is_complete:
            lines[0] += " · still being measured"
        for name, effect in self.effects.items():
            lines.append(f"  {name} · controls: {effect.controls}")
            for whose, what, m in self.rows():
                if whose == name:
                    p = "" if m.p is None else f", p {digits(m.p)}"
                    plain = "" if m.plain is None else f"{digits(m.plain.value)} → {digits(m.edited.value)}, "
                    lines.append(f"    {what}: {plain}change {m.change} · controls {m.beside}{p}")
            if not effect.unwanted:
                lines.append("    side effects: not measured; give neutral= texts and tasks=")
        return "\n".join(lines)

    __repr__ = __str__
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def save(self, to: str | Path) -> Path:
        """Write them to a JSON file, whole or not at all.

        Example:
            >>> import workbench as wb
            >>> target = wb.intervene.Answers("46")
            >>> fx = wb.intervene.measure(wb.load(), ["12+34="], [wb.Ablate("mlp_out.3")], target=target, controls=2)
            >>> str(wb.intervene.Effects.open(fx.save(tmp / "effects.json"))) == str(fx)
            True
        """
        path = Path(to)
        text = json.dumps(self.state(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return written(path, lambda beside: beside.write_text(text, encoding="utf-8"))

    def state(self) -> dict[str, object]:
        """All of it as plain types; what is not finite is in words."""
        held = {name: asdict(effect) for name, effect in self.effects.items()}
        return as_plain(
            {"target": self.target, "prompts": self.prompts, "provenance": dict(self.provenance),
             "is_complete": self.is_complete, "effects": held}
        )  # fmt: skip

    @classmethod
    def open(cls, path: str | Path) -> Effects:
        """Read what `save` wrote."""
        return cls.of(json.loads(Path(path).read_text(encoding="utf-8")))

    @classmethod
    def of(cls, state: Mapping[str, object]) -> Effects:
        """Those that `state` gave."""
        about = _numbers(state)
        effects = {name: _effect(held) for name, held in about["effects"].items()}
        return cls(effects, about["target"], about["prompts"], about["provenance"], about["is_complete"])


def measure(
    model: Model,
    prompts: Sequence[str],
    edits: Sequence[Edit] | Mapping[str, Sequence[Edit]],
    *,
    target: Target,
    neutral: Sequence[str] = (),
    tasks: Mapping[str, Task] | None = None,
    controls: int | Mapping[str, Sequence[Sequence[Edit]]] = 20,
    kind: str = "matched",
    seed: int = 0,
) -> Effects:
    """What interventions change, wanted and unwanted, with intervals, beside controls.

    Args:
        model: what is intervened in.
        prompts: over which the target is measured.
        edits: one intervention, a list of edits; or several by name.
        target: what is wanted: `Probability`, `LogitDifference`, `Answers`, `Says`.
        neutral: texts on which nothing should change: KL and loss per token are measured on them.
        tasks: functions that score a model item by item, by name.
        controls: how many; below 20 a p-value says little. Or your own, lists of edits for each intervention by name.
        kind: of the controls: "matched", "direction" or "shuffled"; see `workbench.intervene.controls_for`.
        seed: of their draw.

    Raises:
        ValueError: no prompts, an answer that is missing, an edit that does not fit.

    Example:
        >>> import workbench as wb
        >>> model = wb.load()
        >>> fx = wb.intervene.measure(
        ...     model, ["12+34=", "21+57="], {"head": [wb.Ablate("head_out.1.0")], "mlp": [wb.Ablate("mlp_out.1")]},
        ...     target=wb.intervene.Answers(["46", "78"]), controls=2,
        ... )
        >>> list(fx)
        ['head', 'mlp']
    """  # fmt: skip
    settings = {"target": target, "neutral": neutral, "tasks": tasks, "controls": controls, "kind": kind, "seed": seed}
    last = None
    for effects in watched(measuring(model, prompts, edits, **settings), "measuring effects"):
        last = last if effects is None else effects
    return last


def measuring(
    model: Model,
    prompts: Sequence[str],
    edits: Sequence[Edit] | Mapping[str, Sequence[Edit]],
    *,
    target: Target,
    neutral: Sequence[str] = (),
    tasks: Mapping[str, Task] | None = None,
    controls: int | Mapping[str, Sequence[Sequence[Edit]]] = 20,
    kind: str = "matched",
    seed: int = 0,
) -> Iterator[Effects | None]:
    """The same as `measure`, for whoever watches: effects on more and more prompts; None where it can just be left.

    It stops after every forward pass, so closing it cancels. The arguments are those of `measure`.

    Example:
        >>> import workbench as wb
        >>> steps = wb.intervene.measuring(
        ...     wb.load(), ["12+34="] * 3, [wb.Ablate("mlp_out.3")], target=wb.intervene.Answers("46"), controls=2
        ... )
        >>> [effects.is_complete for effects in steps if effects is not None][-1]
        True
    """
    _texts(prompts, "prompts")
    _texts(neutral, "neutral")
    if not prompts:
        raise ValueError("no prompts were given; the target is measured over some")
    target.check(prompts)
    if hasattr(edits, "change"):
        raise TypeError(f"edits is a list, or lists by name: write [{edits!r}]")
    named = edits if isinstance(edits, Mapping) else {_called(edits): edits}
    if not named:
        raise ValueError("no interventions were given; give a list of edits, or several by name")
    for text in (*prompts, *neutral):  # one that is too long is told at once, and not when all else is measured
        model.tokens(text)
    about = {name: repr(order(model, some)) for name, some in named.items()}
    if isinstance(controls, Mapping):
        if unknown := [name for name in controls if name not in named]:
            raise ValueError(f"controls for {unknown[0]!r}, which is no intervention; there are: {', '.join(named)}")
        beside, kind = {name: [tuple(one) for one in controls.get(name, ())] for name in named}, "given"
    else:
        draw = {"seed": seed, "kind": kind, "texts": prompts}
        beside = {name: controls_for(model, some, controls, **draw) for name, some in named.items()}
    for control in (one for lists in beside.values() for one in lists):
        model.under(control)
    provenance = {"model": f"{model.name} {model.hash}", "controls": kind, "seed": seed, "target": repr(target)[:500]}
    if hashes := _dictionaries(named):
        provenance["dictionaries"] = hashes
    return _steps(model, list(prompts), named, about, beside, target, list(neutral), dict(tasks or {}), provenance)


def _steps(
    model: Model,
    prompts: list[str],
    named: Mapping[str, Sequence[Edit]],
    about: Mapping[str, str],
    beside: Mapping[str, list[tuple[Edit, ...]]],
    target: Target,
    neutral: list[str],
    tasks: dict[str, Task],
    provenance: dict[str, object],
) -> Iterator[Effects | None]:
    """The target over the prompts, then the side effects, one after another."""
    parts: dict[str, list[Float[Tensor, "E n S"]]] = {name: [] for name in named}
    effects = {name: Effect(name, about[name], None, {}, described(beside[name])) for name in named}

    def told(n: int, *, is_complete: bool = False) -> Effects:
        return Effects(dict(effects), target.name, n, provenance, is_complete)

    for numbers in _groups(prompts, target.samples * (2 + max(map(len, beside.values())))):
        some = [prompts[number] for number in numbers]
        for name in named:  # plain beside the edit in one forward
            values = yield from target.values(model, some, numbers, [(), named[name], *beside[name]])
            parts[name].append(values)
            values = torch.cat(parts[name], 1)
            measured = compared(values[0], values[1], values[2:], is_share=target.is_share, of=prompts)
            pairs = tuple(zip(values[0].mean(-1).tolist(), values[1].mean(-1).tolist(), strict=True))
            effects[name] = replace(effects[name], target=measured, values=pairs)
        yield told(numbers[-1] + 1, is_complete=numbers[-1] + 1 == len(prompts) and not neutral and not tasks)
    for name in named if neutral else ():
        unwanted = yield from _on_neutral(model, neutral, [named[name], *beside[name]])
        effects[name] = replace(effects[name], unwanted=unwanted)
        yield told(len(prompts), is_complete=not tasks and name == list(named)[-1])
    for task, score in tasks.items():
        plain = _scores(score(model), task)
        for name in named:
            under = []
            for variant in [named[name], *beside[name]]:
                under.append(_scores(score(model.under(variant)), task, len(plain)))
                yield None
            values = torch.stack([plain, *under])[..., None]
            is_share = bool(((values == 0) | (values == 1)).all())
            measured = compared(values[0], values[1], values[2:], is_share=is_share)
            effects[name] = replace(effects[name], unwanted={**effects[name].unwanted, task: measured})
            yield told(len(prompts), is_complete=task == list(tasks)[-1] and name == list(named)[-1])


def _texts(texts: Sequence[str], name: str) -> None:
    if isinstance(texts, str):
        raise TypeError(f"{name} is a list of texts; one alone, [{texts[:40]!r}], says little")


def _dictionaries(named: Mapping[str, Sequence[Edit]]) -> list[str]:
    """The hashes of the dictionaries whose features are edited."""
    targets = [getattr(edit, "target", None) for edits in named.values() for edit in edits]
    return [one.hash for one in dict.fromkeys(targets) if isinstance(one, Dictionary)]


def _groups(prompts: Sequence[str], each: int) -> Iterator[list[int]]:
    """Numbers of prompts that are measured together: few enough for one forward, so that something is soon there."""
    size = max(1, min(16, ROWS // each or 1))
    for start in range(0, len(prompts), size):
        yield list(range(start, min(start + size, len(prompts))))


def compared(
    plain: Float[Tensor, "n S"],
    edited: Float[Tensor, "n S"],
    controls: Float[Tensor, "K n S"],
    *,
    is_share: bool,
    of: Sequence[object] | None = None,
) -> Measured:
    """Paired by prompt: samples of one prompt are no independent cases, nor is a prompt that is given twice.

    Of a single prompt the samples are the cases: the interval is over them, and says nothing of other prompts.

    Args:
        plain: of every prompt its samples, without an edit.
        edited: the same under it.
        controls: the same under each control.
        is_share: whether each value is 0 or 1.
        of: what each prompt is, so that equal ones are one.
    """
    is_alone = of is not None and len(of) == 1  # of all prompts, and not of those that have been measured so far
    of = list(range(len(plain))) if of is None else list(of)[: len(plain)]
    if is_alone:
        plain, edited, controls = plain.T, edited.T, controls.transpose(1, 2)
        of = list(range(len(plain)))
    row = {one: number for number, one in enumerate(dict.fromkeys(of))}
    rows = torch.tensor([row[one] for one in of])
    grouped = [_by_row(values, rows, len(row)) for values in (plain, edited, *controls)]
    pairs = list(zip(grouped[1].tolist(), grouped[0].tolist(), strict=True))
    if is_share:
        groups = [one for one in rows.tolist() for _ in range(plain.shape[1])]
        before, after = (share([hit > 0 for hit in v.flatten().tolist()], groups) for v in (plain, edited))
        paired = difference(after, before, pairs)
        changes = [float((values.double() - plain.double()).mean()) for values in (edited, *controls)]
        change = Estimate(changes[0], max(-1.0, paired.low), min(1.0, paired.high), after.n)
    else:
        before, after = (mean(values.tolist()) for values in grouped[:2])
        changes = [float((values - grouped[0]).mean()) for values in grouped[1:]]
        change = replace(mean([a - b for a, b in pairs]), value=changes[0])  # as of the controls: ties are ties
    return Measured(before, after, change, tuple(changes[1:]))


def _by_row(values: Float[Tensor, "n S"], rows: Tensor, n: int) -> Float[Tensor, " g"]:
    """The mean over what is of one thing."""
    sums = torch.zeros(n, dtype=torch.double).index_add_(0, rows, values.double().mean(-1))
    return sums / torch.bincount(rows, minlength=n)


@torch.no_grad()
def _on_neutral(
    model: Model, texts: Sequence[str], variants: Sequence[Sequence[Edit]]
) -> Generator[None, None, dict[str, Measured]]:
    """KL(plain ‖ edited) and loss, in nats per token, over texts; the first variant is the intervention."""
    kl, rise = torch.zeros(2, len(variants), len(texts), dtype=torch.double)
    plainly = torch.zeros(len(texts), dtype=torch.double)
    for number, text in enumerate(texts):
        tokens = model.tokens(text)
        first = int(tokens.bos)
        at_once = max(1, min(ROWS, HELD // (tokens.ids.shape[1] * model.config.vocab_size)) - 1)
        for start in range(0, len(variants), at_once):
            some = variants[start : start + at_once]
            plain, *under = _logprobs(model, tokens, [(), *some])
            rows = slice(start, start + len(some))
            apart = torch.stack([(plain.exp() * (plain - one)).sum(-1)[first:].mean() for one in under])
            losses = _loss(torch.stack([plain, *under]), tokens)
            kl[rows, number], rise[rows, number] = apart.double().cpu(), losses[1:] - losses[0]
            plainly[number] = losses[0]
            yield None
    kl, rise = (torch.where(values.abs() < ROUNDING, 0.0, values) for values in (kl, rise))
    change = mean(kl[0].tolist())
    divergence = Measured(None, change, change, tuple(kl[1:].mean(-1).tolist()))
    losses = plainly[:, None], (plainly + rise[0])[:, None], (plainly + rise[1:])[..., None]
    loss = compared(*losses, is_share=False)
    exact = replace(loss, change=mean(rise[0].tolist()), controls=tuple(rise[1:].mean(-1).tolist()))
    return {KL: divergence, LOSS: exact}


def _logprobs(model: Model, tokens: Tokens, variants: Sequence[Sequence[Edit]]) -> Float[Tensor, "E T V"]:
    return model.run(tokens, variants=variants).logits.float().log_softmax(-1)


def _loss(logprobs: Float[Tensor, "E T V"], tokens: Tokens) -> Float[Tensor, " E"]:
    """The mean next-token loss of one text; 0 of a text of one token."""
    following = tokens.ids[0, 1:]
    if not len(following):
        return torch.zeros(len(logprobs), dtype=torch.double)
    taken = logprobs[:, :-1].gather(-1, following.expand(len(logprobs), -1)[..., None])[..., 0]
    return -taken.mean(-1).double().cpu()


def _scores(scores: Sequence[bool] | Sequence[float], task: str, n: int | None = None) -> Float[Tensor, " n"]:
    if not len(scores) or n not in (None, len(scores)):
        raise ValueError(
            f"the task {task!r} gave {len(scores)} scores, and {n or 'some'} before: one for each of its items"
        )
    return torch.tensor([float(score) for score in scores])


def as_plain(value: object) -> object:
    """What JSON holds: a number that is not finite in words."""
    if isinstance(value, Mapping):
        return {name: as_plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(part) for part in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _numbers(value: object) -> object:
    """Those numbers again."""
    if isinstance(value, Mapping):
        return {name: _numbers(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_numbers(part) for part in value]
    return float(value) if value in ("inf", "-inf", "nan") else value


def _called(edits: Sequence[Edit]) -> str:
    return " + ".join(map(repr, edits)) or "no edit"


def _effect(held: dict) -> Effect:
    unwanted = {name: Measured.of(one) for name, one in held["unwanted"].items()}
    values = tuple((plain, edited) for plain, edited in held["values"])
    target = held["target"] and Measured.of(held["target"])
    return Effect(held["name"], held["edits"], target, unwanted, held["controls"], values)


def _figure(effects: Effects) -> go.Figure:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    measures = list(dict.fromkeys(what for _, what, _ in effects.rows()))
    columns = min(3, len(measures))
    lines = -(-len(measures) // columns)
    names = list(effects)
    figure = make_subplots(
        lines,
        columns,
        subplot_titles=measures,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        vertical_spacing=0.3 / lines,
    )
    for name, what, m in effects.rows():
        place = measures.index(what)
        where = {"row": place // columns + 1, "col": place % columns + 1}
        is_first = place == 0 and name == names[0]
        if m.controls:
            figure.add_trace(
                go.Scatter(
                    x=list(m.controls), y=[name] * len(m.controls), mode="markers", name="controls",
                    marker={"symbol": "line-ns-open", "size": 11, "color": charts.CONTROL}, showlegend=is_first,
                    legendgroup="controls", hovertemplate="a control: %{x:.3g}<extra></extra>",
                ),
                **where,
            )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[m.change.value], y=[name], mode="markers", name="change, 95 % interval", showlegend=is_first,
                legendgroup="change", marker={"size": 9, "color": charts.ACCENT},
                error_x={"type": "data", "symmetric": False, "array": [m.change.high - m.change.value],
                         "arrayminus": [m.change.value - m.change.low], "color": charts.ACCENT, "thickness": 1.5},
                hovertemplate=f"{what}<br>change {m.change}<br>controls {m.beside}<extra>{name}</extra>",
            ),
            **where,
        )  # fmt: skip
    look = charts.template()
    figure.update_layout(
        template=look,
        title=f"Change under intervention · {effects.target} over {counted(effects.prompts, 'prompt')} · "
        f"{effects.provenance['model']}",
        height=150 + lines * (90 + 34 * len(names)),
        legend={"y": -0.08, "yanchor": "top"},
        margin={"t": 80},
    )
    figure.update_xaxes(zeroline=True, zerolinecolor=charts.HAIRLINE)
    figure.update_yaxes(type="category", autorange="reversed")
    figure.update_annotations(font_size=12)
    return figure
