"""Sliders on features; plain, steered and control text side by side, as they are generated."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import index
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import traitlets as t

from workbench import Clamp

from ._frontend import LAST, Frontend, in_words, source_of
from ._picture import Picture
from ._runner import Steps

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model

WEAKEST, STRONGEST = -2.0, 10.0
"""The ends of a slider, in units of the feature's maximum."""
EVERY = 0.04
"""Seconds between two messages of a stream: 25 a second."""
CANDIDATES = 32
"""A control is drawn among this many features of the nearest density."""
TEXTS = ("plain", "steered", "control")


class SteeringPanel(Frontend):
    """Hold features at chosen strengths and watch what the model writes.

    A strength is in units of the feature's largest activation in its training text;
    0 is off: no intervention at all, so the steered text is the plain one. Next to the
    effect runs its control: for each feature a random one of similar density, clamped at
    the same strength in units of its own maximum. One prompt and one seed show what can
    happen and measure nothing.

    Args:
        model: what writes.
        sae: the dictionary whose features are held.
        features: their numbers.
        prompt: what the text goes on from; it can be edited in the widget.
        labels: names of features, by number or in their order.
        new_tokens: how many tokens each text has at most.
        temperature: 0 takes the likeliest token.
        seed: of the sampling, the same for all three texts.

    Attributes:
        strengths: one per feature, in units of its maximum; assign a new list to steer.
        features: assign another list, or call `add` and `remove`; those that stay keep their strength.
        focused: the feature that is looked at, -1 for none; one that has no slider can be added.
        prompt, new_tokens, temperature, seed: as given; assign another to write anew.
        plain, steered, control: the texts, set when generation ends; counts: how many tokens each has.
        cancelled: whether they end before they had to.
        controls: the feature that stands in for each feature in the control.
        draw: which draw of the controls this is, from 0.

    Raises:
        ValueError: a feature that does not exist or was never on, or a prompt that cannot be read.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import SteeringPanel
        >>> sae = wb.decompose.load()
        >>> first, second, *_ = (sae.maxima > 0).nonzero().flatten().tolist()
        >>> panel = SteeringPanel(wb.load(), sae, [first, second], prompt="The bridge").wait()
        >>> panel.steered == panel.plain
        True
        >>> panel.strengths = [3.0, 0.0]
        >>> [edit.feature == first for edit in panel.wait().edits()]
        [True]
    """

    _esm = Path(__file__).parent / "static" / "steering_panel.js"
    _css = Path(__file__).parent / "static" / "steering_panel.css"
    gestures = ("prompt", "strengths", "seed", "temperature", "draw", "focused")
    links = {"feature": "focused"}  # noqa: RUF012 (declared once, in Frontend)
    recorded = ("features", "prompt", "strengths", "new_tokens", "seed", "temperature", "draw", "focused")

    prompt = t.Unicode("").tag(sync=True)
    features = t.List(t.Int()).tag(sync=True)
    focused = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    labels = t.List(t.Unicode(), read_only=True).tag(sync=True)
    maxima = t.List(t.Float(), read_only=True).tag(sync=True)
    strengths = t.List(t.Float()).tag(sync=True)
    new_tokens = t.Int(40, min=1).tag(sync=True)
    temperature = t.Float(0.0, min=0.0).tag(sync=True)
    seed = t.Int(0, min=0, max=LAST).tag(sync=True)
    draw = t.Int(0, min=0, max=LAST).tag(sync=True)

    run = t.Int(0, read_only=True).tag(sync=True)
    plain = t.Unicode("", read_only=True).tag(sync=True)
    steered = t.Unicode("", read_only=True).tag(sync=True)
    control = t.Unicode("", read_only=True).tag(sync=True)
    controls = t.List(t.Int(), read_only=True).tag(sync=True)
    densities = t.List(t.Float(), read_only=True).tag(sync=True)
    counts = t.List(t.Int(), default_value=[0, 0, 0], read_only=True).tag(sync=True)
    rate = t.Float(0.0, read_only=True).tag(sync=True)
    cancelled = t.Bool(False, read_only=True).tag(sync=True)

    def __init__(
        self,
        model: Model,
        sae: Dictionary,
        features: Sequence[int],
        *,
        prompt: str,
        labels: Mapping[int, str] | Sequence[str] | None = None,
        new_tokens: int = 40,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> None:
        self._attach(model)
        self._model, self._sae = model, sae
        self._plain: tuple[object, list[str]] = (None, [])
        self._good: dict[str, Any] = {}
        self._goes_back = False
        features = _checked(sae, features)
        self._labels = dict(zip(features, _labels(features, labels), strict=True))
        if isinstance(labels, Mapping):
            self._labels |= labels
        model.tokens(prompt)
        super().__init__(
            prompt=prompt,
            features=features,
            new_tokens=new_tokens,
            temperature=temperature,
            seed=seed,
            provenance=source_of(model, sae),
        )
        self._take_features({"new": features, "old": []})
        self.observe(self._take_features, "features")
        self.observe(self._draw_controls, "draw")
        self.observe(self.generate, ["prompt", "strengths", "new_tokens", "temperature", "seed", "controls"])
        self.generate()

    @t.validate("features")
    def _valid_features(self, proposal: dict[str, Any]) -> list[int]:
        return _checked(self._sae, proposal["value"])

    @t.validate("strengths")
    def _valid_strengths(self, proposal: dict[str, Any]) -> list[float]:
        strengths = [float(strength) for strength in proposal["value"]]
        if self.features and len(strengths) != len(self.features):
            raise t.TraitError(f"strengths: {len(strengths)} were given for {len(self.features)} features")
        for strength in strengths:
            if not math.isfinite(strength):
                raise t.TraitError(f"strengths: {strength} is not a finite number")
            if not WEAKEST <= strength <= STRONGEST:
                raise t.TraitError(f"strengths: {strength} is outside {WEAKEST:g} to {STRONGEST:g} times the maximum")
        return strengths

    @t.validate("temperature")
    def _valid_temperature(self, proposal: dict[str, Any]) -> float:
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(
                f"temperature: {proposal['value']} is not a finite number; choose 0 for the likeliest token, or more"
            )
        return proposal["value"]

    def picture(self) -> Picture:
        """The texts side by side, as far as they are written."""
        first, *_ = self.summary().splitlines()
        texts = [(name.capitalize(), getattr(self, name).lstrip(" ") or "–") for name in TEXTS]
        unfinished = ["still writing when this picture was made"] if self.running else []
        about = [*unfinished, f"{self.provenance} · one prompt, one seed: an illustration, not a measurement"]
        return Picture(first.split(" · ")[0]).lines([self.prompt]).columns(texts).lines(about, muted=True)

    def edits(self) -> list[Clamp]:
        """The interventions that the sliders stand for; none for a slider that is off."""
        return self._clamps(self.features)

    def add(self, feature: int) -> None:
        """A slider more, at rest."""
        if feature not in self.features:
            self.features = [*self.features, index(feature)]

    def remove(self, feature: int) -> None:
        """A slider less; one must be left."""
        self.features = [one for one in self.features if one != feature]

    def code(self) -> str:
        """The Python that makes the panel with these settings; `model` and `sae` are yours."""
        labels = {feature: label for feature, label in self._labels.items() if label}
        settings = f"prompt={self.prompt!r}, labels={labels!r}, new_tokens={self.new_tokens}"
        sampling = f"temperature={self.temperature!r}, seed={self.seed}"
        return f"SteeringPanel(model, sae, {list(self.features)!r}, {settings}, {sampling})"

    def calls(self) -> str:
        """The public call that writes the steered text, as far as it is written; `model` and `sae` are yours."""
        edits = ", ".join(f"wb.Clamp(sae, {edit.feature}, {edit.value!r})" for edit in self.edits())
        settings = f"new_tokens={self.new_tokens}, temperature={self.temperature!r}, seed={self.seed}"
        tokens = f"model.generate({self.prompt!r}, edits=[{edits}], {settings})"
        if self.cancelled:
            tokens = f"islice({tokens}, {self.counts[TEXTS.index('steered')]})"
        return f'"".join(map(str, {tokens}))'

    def says(self, name: str) -> dict[str, Any]:
        """What a change of one of its traits says about a shared selection."""
        return {"feature": self.focused} if name == "focused" and self.focused >= 0 else {}

    def follow(self, name: str, value: Any, *, freely: bool) -> None:
        """Show what a shared selection says, as far as it concerns this widget."""
        if name == "feature":
            self.focused = -1 if value is None else value

    def restore(self, values: dict[str, Any]) -> None:
        """Set traits to what they were; the features first, for there is a strength for each."""
        if "features" in values:
            self.features = values.pop("features")
        super().restore(values)

    def generate(self, _change: object = None, *, counts: Sequence[int] | None = None) -> None:
        """Write all texts anew, instead of what is being written now.

        Args:
            counts: how many tokens of the plain, the steered and the control text to write, as a cancelled run left
                them; None for all.
        """
        if self._goes_back:
            return
        self._report("asked")
        with self._settling():
            self.set_trait("run", self.run + 1)
            self.running = True
            self._runner.submit(self, partial(self._work, self.run, counts))

    def cancel(self) -> None:
        """Stop writing at the next token; what has been written stays."""
        with self._turn():
            if not self._runner.cancel(self):  # work that has begun tells its own end
                return
            if words := self._unreadable(self.prompt):
                self._finish(self.run, {}, rate=_Rate(), failure=(words, "prompt"), cancelled=False)
                return
            with self._settling():
                self._take_texts({name: [] for name in TEXTS})  # what stands there was written for other settings
                self.set_trait("cancelled", True)
                self.running = False
            self._report("shown")

    def summary(self) -> str:
        """What is held, and the texts."""
        held = [f"feature {f} at {s:g} × its maximum" for f, s in zip(self.features, self.strengths, strict=True) if s]
        texts = [f"  {name:8} {getattr(self, name)!r}" for name in TEXTS]
        return "\n".join([f"Steering: {', '.join(held) or 'every slider is off'} · {self.provenance}", *texts])

    # ---- from a gesture to text ----

    def _receive(self, content: dict[str, Any]) -> None:
        """The two verbs of the button, and a slider more or less."""
        kind, feature = content["kind"], content.get("feature")
        if kind == "cancel":
            self.cancel()
        elif kind == "generate":
            self.generate()
        elif kind in ("add", "remove") and type(feature) is int:
            try:
                (self.add if kind == "add" else self.remove)(feature)
            except ValueError as error:
                with self._settling():
                    self.error, self.error_at = in_words(error), ""

    def _take_features(self, change: Any) -> None:
        """Everything that goes with the features: those that stay keep their strength."""
        features = change["new"]
        before = dict(zip(change["old"], self.strengths, strict=False))
        if self._goes_back:
            before = dict(zip(self._good["features"], self._good["strengths"], strict=True))
        with self._settling():
            self.set_trait("labels", [self._labels.get(feature, "") for feature in features])
            self.set_trait("maxima", [float(self._sae.maxima[feature]) for feature in features])
            self.strengths = [before.get(feature, 0.0) for feature in features]
            self._draw_controls()

    def _draw_controls(self, _change: object = None) -> None:
        controls = matched_controls(self._sae, self.features, draw=self.draw)
        self.set_trait("densities", [float(self._sae.density[f]) for f in (*self.features, *controls)])
        self.set_trait("controls", controls)

    def _clamps(self, features: Sequence[int]) -> list[Clamp]:
        """The sliders' strengths on these features, each in units of its own maximum."""
        held = zip(features, self.strengths, strict=False)
        return [Clamp(self._sae, f, strength * float(self._sae.maxima[f])) for f, strength in held if strength != 0]

    def _work(self, run: int, counts: Sequence[int] | None) -> Steps:
        """Write the three texts in turn, a token each, so that they can be compared while they grow."""
        limits = dict(zip(TEXTS, counts or [self.new_tokens] * len(TEXTS), strict=True))
        pieces: dict[str, list[str]] = {name: [] for name in TEXTS}
        streams: dict[str, Iterator[Any]] = {}
        rate, ended, failure = _Rate(), False, ("", "")
        try:
            settings = {"new_tokens": self.new_tokens, "temperature": self.temperature, "seed": self.seed}
            key = (self.prompt, *settings.values())
            if self._plain[0] == key:
                pieces["plain"] = self._plain[1][: limits["plain"]]
            else:
                streams["plain"] = self._model.generate(self.prompt, **settings)
            if edits := self.edits():
                streams["steered"] = self._model.generate(self.prompt, edits=edits, **settings)
                if len(self.controls) == len(self.features):
                    controls = self._clamps(self.controls)
                    streams["control"] = self._model.generate(self.prompt, edits=controls, **settings)
            else:  # no edit is the same call, hence the same text
                pieces["steered"] = pieces["control"] = pieces["plain"]
            writing = dict(streams)
            while writing:
                for name in list(writing):
                    token = next(writing[name], None) if len(pieces[name]) < limits[name] else None
                    if token is None:
                        del writing[name]
                        continue
                    pieces[name].append(token.text)
                    if rate.count():
                        self._stream(run, pieces, rate)
                    yield
                if "plain" not in writing and counts is None:
                    self._plain = (key, pieces["plain"])
            ended = True
        except Exception as error:
            failure = (in_words(error), "prompt" if self._unreadable(self.prompt) else "")
        finally:
            for stream in streams.values():
                stream.close()
            cancelled = (not ended or counts is not None) and failure == ("", "")
            self._finish(run, pieces, rate=rate, failure=failure, cancelled=cancelled)

    def _unreadable(self, prompt: str) -> str:
        """Why a prompt cannot be read; "" if it can."""
        try:
            self._model.tokens(prompt)
        except Exception as error:
            return in_words(error)
        return ""

    def _stream(self, run: int, pieces: Mapping[str, Sequence[str]], rate: _Rate) -> None:
        """The texts so far, whole: a message may be dropped, and none depends on another."""
        texts = {name: "".join(pieces[name]) for name in TEXTS}
        counts = [len(pieces[name]) for name in TEXTS]
        self.send({"kind": "text", "run": run, **texts, "counts": counts, "rate": rate.per_second})

    def _finish(
        self, run: int, pieces: Mapping[str, Sequence[str]], *, rate: _Rate, failure: tuple[str, str], cancelled: bool
    ) -> None:
        """Tell the end of a run, unless another has taken its place."""
        with self._turn():
            if run != self.run:
                return
            is_good = failure == ("", "")
            self._goes_back = not is_good and bool(self._good)
            with self._settling():
                if is_good:
                    self._take_texts(pieces)
                    self._good = {name: getattr(self, name) for name in self.recorded}
                elif self._goes_back:  # the settings of the texts that stand there: the next gesture starts from them
                    self.restore(dict(self._good))
                self.set_trait("rate", rate.per_second)
                self.set_trait("cancelled", cancelled if is_good else self.cancelled)  # the texts are those of before
                self.error, self.error_at = failure
                self.running = False
            self._goes_back = False
            self._report("shown" if is_good else "refused")

    def _take_texts(self, pieces: Mapping[str, Sequence[str]]) -> None:
        for name in TEXTS:
            self.set_trait(name, "".join(pieces[name]))
        self.set_trait("counts", [len(pieces[name]) for name in TEXTS])


class _Rate:
    """Counts tokens, and says when it is time to tell the browser."""

    def __init__(self) -> None:
        self.tokens, self.started, self.told = 0, perf_counter(), 0.0

    def count(self) -> bool:
        self.tokens += 1
        now = perf_counter()
        if now - self.told < EVERY:
            return False
        self.told = now
        return True

    @property
    def per_second(self) -> float:
        return self.tokens / max(perf_counter() - self.started, 1e-9) if self.tokens else 0.0


def matched_controls(sae: Dictionary, features: Sequence[int], *, draw: int = 0) -> list[int]:
    """For each feature a random other one that is on about as often.

    Drawn among the 32 features whose density is nearest in ratio; each at most once, and
    the same for the same draw. Shorter than `features` if the dictionary is too small.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets.steering_panel import matched_controls
        >>> len(matched_controls(wb.decompose.load(), [3, 5]))
        2
    """
    alive = ((sae.maxima > 0) & (sae.density > 0)).nonzero().flatten().tolist()
    free = [f for f in alive if f not in set(features)]
    log_density = sae.density.clamp(min=1e-12).log().tolist()
    controls: list[int] = []
    for feature in features:
        free.sort(key=lambda f, mine=log_density[feature]: abs(log_density[f] - mine))
        if not free:
            break
        chosen = random.Random(f"{draw} {feature}").choice(free[:CANDIDATES])
        controls.append(chosen)
        free.remove(chosen)
    return controls


def _checked(sae: Dictionary, features: Sequence[int]) -> list[int]:
    """The features, if each exists, has a unit for its strength, and is named once."""
    features = [index(feature) for feature in features]
    for feature in features:
        if not 0 <= feature < sae.width:
            raise ValueError(f"There is no feature {feature}; the dictionary at {sae.site} has 0 to {sae.width - 1}.")
        maximum = float(sae.maxima[feature])
        if not (maximum > 0 and math.isfinite(maximum)):
            raise ValueError(
                f"Feature {feature} was never on in the dictionary's training text, so its strength has no unit; "
                "choose one with sae.maxima above 0."
            )
    if not features or len(set(features)) < len(features):
        raise ValueError(f"features {features}: name at least one feature, and each of them once")
    return features


def _labels(features: Sequence[int], labels: Mapping[int, str] | Sequence[str] | None) -> list[str]:
    """One label per feature, "" where there is none."""
    if labels is None:
        return [""] * len(features)
    if isinstance(labels, Mapping):
        return [labels.get(feature, "") for feature in features]
    if isinstance(labels, str) or len(labels) != len(features):
        raise ValueError(f"labels {labels!r}: give one for each of the {len(features)} features, or a dict by number")
    return list(labels)
