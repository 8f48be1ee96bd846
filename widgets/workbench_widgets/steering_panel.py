"""Sliders on features; plain, steered and control text side by side as they are written; what that does, measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import index as whole
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import traitlets as t

from workbench import Clamp, intervene
from workbench.estimates import digits

from ._frontend import LAST, Frontend, in_words, source_of
from ._picture import Picture
from ._runner import Steps
from ._steering import (
    DOSES,
    SELDOM,
    Rate,
    Samples,
    Stream,
    Texts,
    checked_features,
    checked_presets,
    checked_strength,
    firing_on,
    labels_of,
    more_controls,
    row_in_words,
    rows_of,
    with_price,
)
from .feature_dashboard import FOUND, row_of_search

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model

CONTROLS = 20
"""An effect is compared with so many random features."""
MANY, FEW, LEAST = 16, 4, 8
"""Samples that are measured of one prompt, of each of several, and of one at every strength of a dose–response."""
AT_ONCE = 5
"""Of so many controls the price is measured together: whoever moves a slider waits for no more than one forward."""
REST = 0.5
"""Seconds for which a slider has rested before anything is measured: a hand that goes on is not kept waiting."""
LONGEST = 1000
"""So many tokens a hand may ask for; Python may ask for more."""
TEXTS = ("plain", "steered", "control")
SOURCES = ("", "words", "token", "concept", "prompt")
"""Where features are looked for: nowhere yet, in an index, or among those that fire on the prompt."""
AIMS = ("says", "answers")
"""What is looked for: words anywhere in the text, or an answer that greedy decoding gives."""


class SteeringPanel(Frontend):
    """Hold features at chosen strengths, watch what the model writes, and measure what that does and costs.

    A strength is in units of the feature's largest activation in its training text;
    0 is off: no intervention at all, so the steered text is the plain one. Next to the
    effect runs its control: for each feature a random one of similar density, clamped at
    the same strength in units of its own maximum. One prompt and one seed show what can
    happen and measure nothing; several samples show the spread. With a target, and with
    neutral texts for the price, the table beneath is measured while one reads: over all
    prompts and seeds, beside 20 such random features.

    Args:
        model: what writes.
        sae: the dictionary whose features are held.
        features: their numbers.
        prompt: what the text goes on from; it can be edited in the widget.
        labels: names of features, by number or in their order.
        new_tokens: how many tokens each text has at most.
        temperature: 0 takes the likeliest token.
        seed: of the sampling, the same for all three texts.
        samples: how many of each are written, with this seed and the next ones; at temperature 0 all would be the same,
            and one is written.
        prompts: on which the effect is measured; the one above if none are given.
        target: what the effect is on: words of which one is looked for in the text, or an answer, see `aim`.
        aim: "says": the target stands somewhere in what is written; "answers": greedy decoding gives it.
        neutral: texts on which the price is measured: how far the model is moved where nothing is to change.
        presets: settings of all sliders by name: strengths by feature.
        index: of the features, to search in; without one, those that fire on the prompt can be found.

    Attributes:
        strengths: one per feature, in units of its maximum; assign a new list to steer.
        features: assign another list, or call `add` and `remove`; those that stay keep their strength.
        focused: the feature that is looked at, -1 for none; one that has no slider can be added.
        prompt, new_tokens, temperature, seed, samples, prompts, target, aim, neutral: as given; assign another.
        presets: as given; `save`, `recall` and `forget` them.
        by, query: where features are looked for, and what; see `find`.
        dosed: the feature whose dose–response is shown, -1 for none; see `dose_response`.
        plain, steered, control: the texts, set when generation ends; counts: how many tokens each has.
        others: of several samples all but the first: plain, steered and control text of each.
        cancelled: whether they end before they had to.
        controls: the feature that stands in for each feature in the control.
        draw: which draw of the controls this is, from 0.
        measured, dose: the table and the curve as they travel to the browser; see `effects`.

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
    gestures = (
        *("prompt", "strengths", "new_tokens", "seed", "temperature", "samples", "draw", "focused"),
        *("target", "aim", "by", "query", "dosed"),
    )
    links = {"feature": "focused"}  # noqa: RUF012 (declared once, in Frontend)
    written = ("features", "prompt", "strengths", "new_tokens", "seed", "temperature", "samples", "draw", "focused")
    """The settings of a text; they go back together where it cannot be written."""
    recorded = (*written, "prompts", "target", "aim", "neutral", "presets", "by", "query", "dosed")

    prompt = t.Unicode("").tag(sync=True)
    features = t.List(t.Int()).tag(sync=True)
    focused = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    labels = t.List(t.Unicode(), read_only=True).tag(sync=True)
    maxima = t.List(t.Float(), read_only=True).tag(sync=True)
    strengths = t.List(t.Float()).tag(sync=True)
    new_tokens = t.Int(40, min=1).tag(sync=True)
    temperature = t.Float(0.0, min=0.0).tag(sync=True)
    seed = t.Int(0, min=0, max=LAST).tag(sync=True)
    samples = t.Int(1, min=1, max=8).tag(sync=True)
    draw = t.Int(0, min=0, max=LAST).tag(sync=True)
    presets = t.Dict().tag(sync=True, to_json=lambda value, _: _by_name(value))

    by = t.Enum(SOURCES, "").tag(sync=True)
    query = t.Unicode("").tag(sync=True)
    sources = t.List(t.Unicode(), read_only=True).tag(sync=True)
    width = t.Int(0, read_only=True).tag(sync=True)
    found = t.Dict(read_only=True).tag(sync=True)

    run = t.Int(0, read_only=True).tag(sync=True)
    plain = t.Unicode("", read_only=True).tag(sync=True)
    steered = t.Unicode("", read_only=True).tag(sync=True)
    control = t.Unicode("", read_only=True).tag(sync=True)
    others = t.List(read_only=True).tag(sync=True)
    controls = t.List(t.Int(), read_only=True).tag(sync=True)
    densities = t.List(t.Float(), read_only=True).tag(sync=True)
    counts = t.List(t.Int(), default_value=[0, 0, 0], read_only=True).tag(sync=True)
    rate = t.Float(0.0, read_only=True).tag(sync=True)
    cancelled = t.Bool(False, read_only=True).tag(sync=True)

    prompts = Texts().tag(sync=True)
    target = Texts().tag(sync=True)
    aim = t.Enum(AIMS, "says").tag(sync=True)
    neutral = Texts().tag(sync=True)
    measured = t.Dict(read_only=True).tag(sync=True)
    measuring = t.Bool(False, read_only=True).tag(sync=True)
    dosed = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    dose = t.Dict(read_only=True).tag(sync=True)
    dosing = t.Bool(False, read_only=True).tag(sync=True)

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
        samples: int = 1,
        prompts: Sequence[str] = (),
        target: str | Sequence[str] = (),
        aim: str = "says",
        neutral: Sequence[str] = (),
        presets: Mapping[str, Mapping[int, float]] | None = None,
        index: Any = None,
    ) -> None:
        self._attach(model)
        self._model, self._sae, self._index = model, sae, index
        self._plain: tuple[object, list[list[str]]] = (None, [])
        self._good: dict[str, Any] = {}
        self._goes_back = False
        self._effects: Any = None
        self._asked = {"effects": 0, "dose": 0, "search": 0}
        self._dosed_at: object = None
        features = checked_features(sae, features)
        self._labels = dict(zip(features, labels_of(features, labels), strict=True))
        if isinstance(labels, Mapping):
            self._labels |= labels
        for text in (prompt, *([prompts] if isinstance(prompts, str) else prompts)):
            model.tokens(text)
        super().__init__(
            prompt=prompt,
            features=features,
            new_tokens=new_tokens,
            temperature=temperature,
            seed=seed,
            samples=samples,
            prompts=prompts,
            target=target,
            aim=aim,
            neutral=neutral,
            presets=presets or {},
            provenance=source_of(model, sae),
        )
        self.set_trait("width", sae.width)
        self.set_trait("sources", [one for one in SOURCES if one and self._offers(one)])
        self._take_features({"new": features, "old": []})
        self.observe(self._take_features, "features")
        self.observe(self._draw_controls, "draw")
        self.observe(self.generate, ["prompt", "strengths", "new_tokens", "temperature", "seed", "samples", "controls"])
        self.observe(self._ask_effects, ["prompts", "target", "aim", "neutral"])
        self.observe(self._ask_search, ["by", "query"])
        self.observe(self._ask_dose, "dosed")
        self.generate()

    @t.validate("features")
    def _valid_features(self, proposal: dict[str, Any]) -> list[int]:
        return checked_features(self._sae, proposal["value"])

    @t.validate("strengths")
    def _valid_strengths(self, proposal: dict[str, Any]) -> list[float]:
        strengths = [float(strength) for strength in proposal["value"]]
        if self.features and len(strengths) != len(self.features):
            raise t.TraitError(f"strengths: {len(strengths)} were given for {len(self.features)} features")
        return [checked_strength("strengths", strength) for strength in strengths]

    @t.validate("temperature")
    def _valid_temperature(self, proposal: dict[str, Any]) -> float:
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(
                f"temperature: {proposal['value']} is not a finite number; choose 0 for the likeliest token, or more"
            )
        return proposal["value"]

    @t.validate("presets")
    def _valid_presets(self, proposal: dict[str, Any]) -> dict[str, dict[int, float]]:
        return checked_presets(self._sae, proposal["value"])

    @t.validate("by")
    def _valid_by(self, proposal: dict[str, Any]) -> str:
        if not self._offers(proposal["value"]):
            raise t.TraitError(f"by: {proposal['value']!r} needs an index of the features; give one as index=")
        return proposal["value"]

    def _offers(self, source: str) -> bool:
        """Whether features can be looked for there."""
        if source in ("", "prompt"):
            return True
        return self._index is not None and (source != "concept" or bool(self._index.concepts))

    def _takes(self, name: str, value: object) -> bool:
        if name == "new_tokens" and isinstance(value, int) and value > LONGEST:
            return False
        if name == "dosed" and value != -1 and value not in self.features:
            return False
        return super()._takes(name, value)

    # ---- sliders ----

    def edits(self) -> list[Clamp]:
        """The interventions that the sliders stand for; none for a slider that is off."""
        return self._clamps(self.features)

    def add(self, feature: int) -> None:
        """A slider more, at rest."""
        if feature not in self.features:
            self.features = [*self.features, whole(feature)]

    def remove(self, feature: int) -> None:
        """A slider less; one must be left."""
        self.features = [one for one in self.features if one != feature]

    def save(self, name: str) -> None:
        """Keep the present setting of all sliders under a name."""
        held = {f: s for f, s in zip(self.features, self.strengths, strict=True) if s}
        self.presets = {**self.presets, name: held}

    def recall(self, name: str) -> None:
        """Set all sliders as they were saved: one that is missing is added, one that is not named is off."""
        if name not in self.presets:
            raise ValueError(f"there is no preset {name!r}; there are: {', '.join(self.presets) or 'none yet'}")
        held = self.presets[name]
        features = [*self.features, *(feature for feature in held if feature not in self.features)]
        if features != self.features:
            self.features = features
        self.strengths = [held.get(feature, 0.0) for feature in features]

    def forget(self, name: str) -> None:
        """Keep a preset no longer."""
        self.presets = {kept: held for kept, held in self.presets.items() if kept != name}

    def find(self, query: str = "", by: str = "words") -> list[int]:
        """The features that a query finds; the list is shown, each of them to be added.

        Args:
            query: words, a token, a concept, or a feature's number.
            by: "words", "token" or "concept" of an index; "prompt": those that fire on it, nearest to their maximum.
        """
        with self.hold_trait_notifications():
            self.by, self.query = by, query
        if by == "prompt" and not self.found:
            self._ask_search()
        self.wait()
        return [row["feature"] for row in self.found.get("rows", ())]

    # ---- in code ----

    def code(self) -> str:
        """The Python that makes the panel with these settings; `model` and `sae`, and the `index`, are yours."""
        labels = {feature: label for feature, label in self._labels.items() if label}
        given: dict[str, Any] = {
            "prompt": self.prompt,
            "labels": labels,
            "new_tokens": self.new_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
        }
        more = {name: getattr(self, name) for name in ("samples", "prompts", "target", "aim", "neutral", "presets")}
        given |= {name: value for name, value in more.items() if value != self.traits()[name].default()}
        settings = ", ".join(f"{name}={value!r}" for name, value in given.items())
        index = "" if self._index is None else ", index=index"
        return f"SteeringPanel(model, sae, {list(self.features)!r}, {settings}{index})"

    def calls(self) -> str:
        """The public calls that write the steered text, as far as it is written, and that measure what was measured.

        `model` and `sae` are yours. Of several samples it is a list of texts; with what was measured, a tuple.
        """
        edits = self._in_code(self.edits())
        settings = f"new_tokens={self.new_tokens}, temperature={self.temperature!r}"
        if self._n > 1:
            seeds = f"seeds=range({self.seed}, {self.seed + self._n})"
            tokens = f"model.generate_each([{self.prompt!r}], edits={edits}, {settings}, {seeds})"
        else:
            tokens = f"model.generate({self.prompt!r}, edits={edits}, {settings}, seed={self.seed})"
        if self.cancelled:
            tokens = f"islice({tokens}, {self.counts[TEXTS.index('steered')]})"
        each = f'["".join(map(str, filter(None, row))) for row in zip(*{tokens})]'
        shown = [each if self._n > 1 else f'"".join(map(str, {tokens}))']
        if self.measured:
            shown.append(self._measuring(self.edits(), self._seeds(MANY)))
        if self.dose:
            others = {f: s for f, s in zip(self.features, self.strengths, strict=True) if s and f != self.dosed}
            held = "".join(f", {self._one(f, s)}" for f, s in others.items())
            unit = float(self._sae.maxima[self.dosed])
            mine = f"wb.Clamp(sae, {self.dosed}, strength * {unit!r})"
            edits = f"[*[{mine}] * (strength != 0){held}]" if held else f"[{mine}]"
            strengths = tuple(point["strength"] for point in self.dose["points"])
            shown.append(f"[{self._measuring(edits, self._seeds(LEAST))} for strength in {strengths!r}]")
        return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"

    def _in_code(self, edits: Sequence[Clamp]) -> str:
        return f"[{', '.join(f'wb.Clamp(sae, {edit.feature}, {edit.value!r})' for edit in edits)}]"

    def _one(self, feature: int, strength: float) -> str:
        return f"wb.Clamp(sae, {feature}, {strength * float(self._sae.maxima[feature])!r})"

    def _measuring(self, edits: Sequence[Clamp] | str, seeds: range) -> str:
        """The call that measures; `Samples` is in `workbench_widgets.steering_panel`."""
        edits = edits if isinstance(edits, str) else self._in_code(edits)
        prompts, target, price = repr(self._measured_on), f"wb.intervene.Answers({self._answer!r})", ""
        if not self.target:
            target, price = _CHEAP, ".effect.unwanted"
        elif self.aim == "says":
            settings = f"new_tokens={self.new_tokens}, temperature={self._warmth!r}, seeds={seeds!r}"
            target = f"wb.intervene.Says({self.target!r}, {settings})"
            if len(self._measured_on) == 1:
                prompts = f"(target := Samples({self._measured_on[0]!r}, {target})).cases"
                target = "target"
        drawn = f"wb.intervene.controls_for(model, edits, {CONTROLS}, seed={self.draw}, texts={self._measured_on!r})"
        settings = f"target={target}, neutral={self.neutral!r}, controls={{'sliders': {drawn}}}"
        return f"wb.intervene.measure(model, {prompts}, {{'sliders': (edits := {edits})}}, {settings}){price}"

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

    # ---- its work ----

    def generate(self, _change: object = None, *, counts: Sequence[int] | None = None) -> None:
        """Write all texts anew, instead of what is being written now, and then measure anew.

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
            self._ask_effects(is_asked=counts is None)
            if self.by == "prompt" and self.found and self.found["prompt"] != self.prompt:
                self._ask_search()

    def cancel(self) -> None:
        """Stop writing at the next token, and measure nothing; what has been written stays."""
        with self._turn():
            self.stop()
            if not self._runner.cancel(self):  # work that has begun tells its own end
                return
            if words := self._unreadable(self.prompt):
                self._finish(self.run, {}, rate=Rate(), failure=(words, "prompt"), cancelled=False)
                return
            with self._settling():
                self._take_texts({name: [[]] for name in TEXTS})  # what stands there was written for other settings
                self.set_trait("cancelled", True)
                self.running = False
            self._report("shown")

    def stop(self, what: str = "") -> None:
        """Stop measuring "effects" or a "dose", or both; what has been measured stays."""
        with self._settling():
            for kind, trait in (("effects", "measuring"), ("dose", "dosing")):
                if what not in ("", kind):
                    continue
                self._asked[kind] += 1
                self._runner.cancel((self, kind))
                self.set_trait(trait, False)

    def measure(self) -> None:
        """Measure what the sliders do, over all prompts; it does so by itself whenever they are moved."""
        self._ask_effects()

    def dose_response(self, feature: int | None = None) -> None:
        """Measure the target and the price at all strengths of one slider, the others as they are.

        Args:
            feature: whose; the one looked at if it has a slider, else the first that is not off.
        """
        if feature is None:
            held = [f for f, s in zip(self.features, self.strengths, strict=True) if s] or self.features
            feature = self.focused if self.focused in self.features else held[0]
        if feature not in self.features:
            raise ValueError(f"feature {feature} has no slider; there are {', '.join(map(str, self.features))}")
        if not (self.target or self.neutral):
            raise ValueError("a dose–response of what? give a target= or neutral= texts")
        if feature == self.dosed:
            self._ask_dose()
        else:
            self.dosed = whole(feature)

    def effects(self, timeout: float = 600) -> Any:
        """What was measured, as `wb.intervene.measure` gives it; waits until it is complete.

        Raises:
            TimeoutError: the time ran out first.
            ValueError: nothing is measured.
        """
        if not self._runner.wait((self, "effects"), timeout):
            raise TimeoutError(f"not measured after {timeout} s; wait longer, or give fewer prompts")
        if self._effects is None:
            reason = (
                self.error if self.error_at == "measured" else "give a target= or neutral= texts, and move a slider"
            )
            raise ValueError(f"nothing is measured: {reason}")
        return self._effects

    def wait(self, timeout: float = 60) -> SteeringPanel:
        """Block until the texts are written and what was searched is found; `effects` waits for what is measured.

        Raises:
            TimeoutError: the time ran out first.
        """
        end = monotonic() + timeout
        for key in (self, (self, "search")):
            if not self._runner.wait(key, max(0.0, end - monotonic())):
                raise TimeoutError(f"not ready after {timeout} s; wait longer, or stop the work with close()")
        return self

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page."""
        if self._runner is not None:
            for kind in self._asked:
                self._asked[kind] += 1
                self._runner.cancel((self, kind))
        super().close()

    def _finish_work(self) -> None:
        """A page without Python has all that was asked for."""
        self.wait()
        for kind in ("effects", "dose"):
            self._runner.wait((self, kind))

    def _receive(self, content: dict[str, Any]) -> None:
        """The verbs of the buttons; what is malformed is dropped."""
        kind, feature, name = content["kind"], content.get("feature"), content.get("name")
        plain = {"cancel": self.cancel, "generate": self.generate}
        plain |= {"measure": self.measure, "find": self._ask_search}
        by_feature = {"add": self.add, "remove": self.remove}
        by_name = {"save": self.save, "recall": self.recall, "forget": self.forget, "stop": self.stop}
        try:
            if kind in plain:
                plain[kind]()
            elif kind == "dose" and (feature is None or type(feature) is int):
                self.dose_response(feature)
            elif kind in by_feature and type(feature) is int:
                by_feature[kind](feature)
            elif kind in by_name and isinstance(name, str):
                by_name[kind](name.strip())
            else:
                return
            if self.error_at in ("query", "preset"):
                with self._settling():
                    self.error = self.error_at = ""
        except (ValueError, t.TraitError) as error:
            with self._settling():
                self.error, self.error_at = in_words(error), "preset" if kind in by_name else "query"

    # ---- from a gesture to text ----

    @property
    def _n(self) -> int:
        """How many samples are written."""
        return self.samples if self.temperature > 0 else 1

    def _take_features(self, change: Any) -> None:
        """Everything that goes with the features: those that stay keep their strength."""
        features = change["new"]
        before = dict(zip(change["old"], self.strengths, strict=False))
        if self._goes_back:
            before = dict(zip(self._good["features"], self._good["strengths"], strict=True))
        with self._settling():
            self.set_trait("labels", [self._label(feature) for feature in features])
            self.set_trait("maxima", [float(self._sae.maxima[feature]) for feature in features])
            self.strengths = [before.get(feature, 0.0) for feature in features]
            self._draw_controls()

    def _label(self, feature: int) -> str:
        """The name that was given, else that of the index."""
        if self._labels.get(feature) or self._index is None:
            return self._labels.get(feature, "")
        label = self._index[feature].label
        return "" if label is None else label.text

    def _draw_controls(self, _change: object = None) -> None:
        controls: list[int] = []
        for feature in self.features:
            taken = [*self.features, *controls]
            controls += intervene.like_density(self._sae, feature, 1, seed=self.draw, without=taken)
        self.set_trait("densities", [float(self._sae.density[f]) for f in (*self.features, *controls)])
        self.set_trait("controls", controls)

    def _clamps(self, features: Sequence[int], strengths: Sequence[float] | None = None) -> list[Clamp]:
        """The sliders' strengths on these features, each in units of its own maximum."""
        held = zip(features, self.strengths if strengths is None else strengths, strict=False)
        return [Clamp(self._sae, f, strength * float(self._sae.maxima[f])) for f, strength in held if strength != 0]

    def _work(self, run: int, counts: Sequence[int] | None) -> Steps:
        """Write the texts, a token of each in turn, so that they can be compared while they grow."""
        limits = dict(zip(TEXTS, counts or [self.new_tokens] * len(TEXTS), strict=True))
        n = self._n
        pieces: dict[str, list[list[str]]] = {name: [[] for _ in range(n)] for name in TEXTS}
        streams: list[Stream] = []
        rate, ended, failure = Rate(), False, ("", "")
        try:
            key = (self.prompt, self.new_tokens, self.temperature, self.seed, n)
            wanted: dict[str, list[Clamp]] = {}
            if self._plain[0] == key:
                pieces["plain"] = [text[: limits["plain"]] for text in self._plain[1]]
            else:
                wanted["plain"] = []
            if edits := self.edits():
                wanted["steered"] = edits
                if len(self.controls) == len(self.features):
                    wanted["control"] = self._clamps(self.controls)
            else:  # no edit is the same call, hence the same text
                pieces["steered"] = pieces["control"] = pieces["plain"]
            for stream in self._streams(wanted, pieces, limits):
                streams.append(stream)
            writing = list(streams)
            while writing:
                for stream in list(writing):
                    tokens = stream.step()
                    if tokens is None:
                        writing.remove(stream)
                        if stream is streams[0] and "plain" in wanted and counts is None:
                            self._plain = (key, pieces["plain"])
                        continue
                    if rate.count(tokens):
                        self._stream(run, pieces, rate)
                    yield
            ended = True
        except Exception as error:
            failure = (in_words(error), "prompt" if self._unreadable(self.prompt) else "")
        finally:
            for stream in streams:
                stream.tokens.close()
            cancelled = (not ended or counts is not None) and failure == ("", "")
            self._finish(run, pieces, rate=rate, failure=failure, cancelled=cancelled)

    def _streams(
        self, wanted: Mapping[str, Sequence[Clamp]], pieces: Mapping[str, list[list[str]]], limits: Mapping[str, int]
    ) -> list[Stream]:
        """What writes: of one sample a stream for each text, of several one for all, in one forward."""
        settings = {"new_tokens": self.new_tokens, "temperature": self.temperature}
        if self._n == 1:
            return [
                Stream(
                    self._model.generate(self.prompt, edits=edits, seed=self.seed, **settings),
                    pieces[name],
                    [limits[name]],
                )
                for name, edits in wanted.items()
            ]
        if not wanted:
            return []
        seeds = range(self.seed, self.seed + self._n)
        tokens = self._model.generate_each([self.prompt], variants=list(wanted.values()), seeds=seeds, **settings)
        texts = [text for name in wanted for text in pieces[name]]
        return [Stream(tokens, texts, [limits[name] for name in wanted for _ in pieces[name]])]

    def _unreadable(self, prompt: str) -> str:
        """Why a prompt cannot be read; "" if it can."""
        try:
            self._model.tokens(prompt)
        except Exception as error:
            return in_words(error)
        return ""

    def _stream(self, run: int, pieces: Mapping[str, Sequence[Sequence[str]]], rate: Rate) -> None:
        """The texts so far, whole: a message may be dropped, and none depends on another."""
        texts, others, counts = _joined(pieces)
        self.send({"kind": "text", "run": run, **texts, "others": others, "counts": counts, "rate": rate.per_second})

    def _finish(
        self,
        run: int,
        pieces: Mapping[str, Sequence[Sequence[str]]],
        *,
        rate: Rate,
        failure: tuple[str, str],
        cancelled: bool,
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
                    self._good = {name: getattr(self, name) for name in self.written}
                elif self._goes_back:  # the settings of the texts that stand there: the next gesture starts from them
                    self.restore(dict(self._good))
                self.set_trait("rate", rate.per_second)
                self.set_trait("cancelled", cancelled if is_good else self.cancelled)  # the texts are those of before
                self.error, self.error_at = failure
                self.running = False
            self._goes_back = False
            if not is_good and self._good:
                self._ask_effects()
            self._report("shown" if is_good else "refused")

    def _take_texts(self, pieces: Mapping[str, Sequence[Sequence[str]]]) -> None:
        texts, others, counts = _joined(pieces)
        for name, text in texts.items():
            self.set_trait(name, text)
        self.set_trait("others", others)
        self.set_trait("counts", counts)

    # ---- from a gesture to features that are found ----

    def _ask_search(self, _change: object = None) -> None:
        self._asked["search"] += 1
        self._runner.submit((self, "search"), partial(self._work_search, self._asked["search"]))

    def _work_search(self, number: int) -> Steps:
        rows, words, prompt = [], "", self.prompt
        try:
            rows = self._rows()
        except Exception as error:
            words = in_words(error)
        with self._turn():
            if number == self._asked["search"]:
                with self._settling():
                    is_asked = self.by == "prompt" or bool(self.query.strip())
                    found = {"by": self.by, "query": self.query, "prompt": prompt, "rows": rows}
                    self.set_trait("found", found if is_asked and not words else {})
                    if words or self.error_at == "query":
                        self.error, self.error_at = words, "query" if words else ""
        yield

    def _rows(self) -> list[dict[str, Any]]:
        """What is found: a number is that feature, whatever is searched."""
        query = self.query.strip()
        if query.isdecimal():
            (feature,) = checked_features(self._sae, [int(query)])
            return [{"feature": feature, "label": self._label(feature), "says": "by its number"}]
        if self.by == "prompt":
            rows = firing_on(self._model, self._sae, self.prompt, FOUND)
            return [{**row, "label": self._label(row["feature"])} for row in rows]
        if not query or not self.by:
            return []
        ways = {"words": "search", "token": "on_token", "concept": "on_concept"}
        return [row_of_search(row) for row in getattr(self._index, ways[self.by])(query, most=FOUND).to_dict("records")]

    # ---- from a gesture to what is measured ----

    @property
    def _measured_on(self) -> list[str]:
        return self.prompts or [self.prompt]

    @property
    def _warmth(self) -> float:
        """The temperature of what is measured: one prompt has no spread unless it is sampled."""
        return self.temperature or (0.0 if len(self._measured_on) > 1 else 1.0)

    @property
    def _answer(self) -> str | list[str]:
        return self.target[0] if len(self.target) == 1 else self.target

    def _seeds(self, most: int) -> range:
        """The seeds of what is measured: many of one prompt, few of each of several, one where none matters."""
        n = (min(most, FEW) if len(self._measured_on) > 1 else most) if self._warmth > 0 else 1
        return range(self.seed, self.seed + n)

    def _cases(self, most: int) -> tuple[list[str], intervene.Target]:
        """What is measured over, and what is looked for; of one prompt every sample is a case."""
        prompts = self._measured_on
        if self.aim == "answers":
            return prompts, intervene.Answers(self._answer)
        settings = {"new_tokens": self.new_tokens, "temperature": self._warmth, "seeds": self._seeds(most)}
        says = intervene.Says(tuple(self.target), **settings)
        return ((one := Samples(prompts[0], says)).cases, one) if len(prompts) == 1 else (prompts, says)

    def _growing(self, edits: Sequence[Clamp], most: int) -> Iterator[intervene.Effects | None]:
        """The price, which is soon known, then the target on more and more cases; None where it can just be left."""
        drawn = intervene.controls_for(self._model, edits, CONTROLS, seed=self.draw, texts=self._measured_on)
        named = {"sliders": list(edits)}
        unwanted: dict[str, Any] = {}
        cheap = {"target": intervene.Probability(" the"), "neutral": self.neutral}
        for start in range(0, CONTROLS if self.neutral else 0, AT_ONCE):
            some = {"sliders": drawn[start : start + AT_ONCE]}
            for grown in intervene.measuring(self._model, [self.prompt], named, controls=some, **cheap):
                if grown is not None and grown.effect.unwanted:
                    unwanted = more_controls(unwanted, grown.effect.unwanted)
                    yield with_price(grown, unwanted, has_target=False)
                else:
                    yield None
        if self.target:
            cases, target = self._cases(most)
            beside = {"sliders": drawn}
            for grown in intervene.measuring(self._model, cases, named, target=target, controls=beside):
                yield None if grown is None else with_price(grown, unwanted)

    def _ask_effects(self, _change: object = None, *, is_asked: bool = True) -> None:
        """Measure anew, for what stood there was of other settings; nothing where there is nothing to measure."""
        if self._goes_back:
            return
        is_asked = is_asked and bool(self.edits() and (self.target or self.neutral))
        self._asked["effects"] += 1
        self._effects = None
        with self._settling():
            self._drop_dose()
            self.set_trait("measured", {})
            self.set_trait("measuring", is_asked)
            if self.error_at == "measured":
                self.error = self.error_at = ""
            key = (self, "effects")
            if is_asked:
                self._runner.submit(key, partial(self._work_effects, self._asked["effects"]), patient=True)
            else:
                self._runner.cancel(key)

    def _work_effects(self, number: int) -> Steps:
        """Measure whenever nothing is being written: what is read goes first."""
        words, effects, growing, told, ended = "", None, None, 0.0, False
        about = {"on": self._on(self._seeds(MANY)), "controls": CONTROLS}
        try:
            begins = monotonic() + REST
            while self.running or monotonic() < begins:
                if not self.running:
                    sleep(0.005)  # nothing else is to be done, most likely
                yield
            growing = self._growing(self.edits(), MANY)
            for grown in growing:
                effects = effects if grown is None else grown
                if grown is not None and monotonic() - told > SELDOM:
                    told = monotonic()
                    self._show_effects(number, effects, about, is_done=False)
                yield
                while self.running:
                    yield
            ended = True
        except Exception as error:
            words = in_words(error)
        finally:
            if growing is not None:
                growing.close()
            with self._turn():
                if number == self._asked["effects"]:
                    with self._settling():
                        if effects is not None and not words:
                            self._show_effects(number, effects, about, is_done=ended)
                            self._effects = effects if ended else None
                        self.set_trait("measuring", False)
                        if words:
                            self.error, self.error_at = words, "measured"

    def _show_effects(self, number: int, effects: Any, about: Mapping[str, Any], *, is_done: bool) -> None:
        with self._turn():
            if number == self._asked["effects"]:
                with self._settling():
                    self.set_trait("measured", {**about, "done": is_done, "rows": rows_of(effects)})

    def _on(self, seeds: range) -> str:
        """On what is measured, in words."""
        prompts = len(self._measured_on)
        on = "this prompt" if not self.prompts else f"{prompts} prompt{'s' * (prompts > 1)}"
        if not self.target:
            return f"{len(self.neutral)} neutral text{'s' * (len(self.neutral) > 1)}"
        if self.aim == "answers" or self._warmth == 0:
            return f"{on}, greedy"
        each = "each of " if prompts > 1 else ""
        return f"{len(seeds)} sample{'s' * (len(seeds) > 1)} of {each}{on} at temperature {self._warmth:g}"

    # ---- dose and response ----

    def _settings_of_dose(self) -> object:
        """What the curve depends on: all but the strength of its own slider."""
        held = [s for f, s in zip(self.features, self.strengths, strict=True) if f != self.dosed]
        others = [f for f in self.features if f != self.dosed]
        given = (self._measured_on, self.target, self.aim, self.neutral, self.new_tokens, self.temperature)
        return repr((held, others, given, self.seed, self.draw))

    def _drop_dose(self) -> None:
        """A curve that other settings gave is shown no longer."""
        if self.dose and self.dose["feature"] == self.dosed and self._dosed_at != self._settings_of_dose():
            self.dosed = -1

    def _ask_dose(self, _change: object = None) -> None:
        if self._goes_back:
            return
        is_asked = self.dosed in self.features and bool(self.target or self.neutral)
        self._asked["dose"] += 1
        self._dosed_at = self._settings_of_dose()
        with self._settling():
            if not is_asked:
                self.dosed = -1
            is_alone = not any(s for f, s in zip(self.features, self.strengths, strict=True) if f != self.dosed)
            about = {"feature": self.dosed, "alone": is_alone, "on": self._on(self._seeds(LEAST)), "points": []}
            about["controls"] = CONTROLS
            self.set_trait("dose", about if is_asked else {})
            self.set_trait("dosing", is_asked)
            key = (self, "dose")
            if is_asked:
                self._runner.submit(key, partial(self._work_dose, self._asked["dose"], about), patient=True)
            else:
                self._runner.cancel(key)

    def _work_dose(self, number: int, about: dict[str, Any]) -> Steps:
        """A point after another, whenever nothing is being written."""
        words, points, feature = "", [], about["feature"]
        growing = None
        try:
            for strength in DOSES if about["alone"] else (0.0, *DOSES):  # alone and at rest, it is plain
                strengths = [
                    strength if f == feature else s for f, s in zip(self.features, self.strengths, strict=True)
                ]
                growing = self._growing(self._clamps(self.features, strengths), LEAST)
                effects = None
                for grown in growing:
                    effects = effects if grown is None else grown
                    yield
                    while self.running or self.measuring:
                        yield
                points = sorted([*points, {"strength": strength, "rows": rows_of(effects)}], key=_strength)
                self._show_dose(number, {**about, "points": points})
        except Exception as error:
            words = in_words(error)
        finally:
            if growing is not None:
                growing.close()
            with self._turn():
                if number == self._asked["dose"]:
                    with self._settling():
                        self.set_trait("dosing", False)
                        if words:
                            self.error, self.error_at = words, "dose"

    def _show_dose(self, number: int, dose: dict[str, Any]) -> None:
        with self._turn():
            if number == self._asked["dose"]:
                with self._settling():
                    self.set_trait("dose", dose)

    # ---- without a browser ----

    def picture(self) -> Picture:
        """The texts side by side, as far as they are written, and what was measured."""
        first, *_ = self.summary().splitlines()
        texts = [(name.capitalize(), getattr(self, name).lstrip(" ") or "–") for name in TEXTS]
        unfinished = ["still writing when this picture was made"] if self.running else []
        picture = Picture(first.split(" · ")[0]).lines([self.prompt]).columns(texts)
        for sample in self.others:
            picture.columns([("", text.lstrip(" ") or "–") for text in sample])
        if self.measured:
            picture.lines(["", f"Measured on {self.measured['on']}"]).lines(self._in_words(), muted=True)
        if self.dose and self.dose["points"]:
            picture.lines(["", f"Dose–response of feature {self.dosed}, on {self.dose['on']}"]).charts(self._curves())
        says = "the texts are illustrations, the rows a measurement" if self.measured else _ILLUSTRATION
        return picture.lines([*unfinished, f"{self.provenance} · {says}"], muted=True)

    def _curves(self) -> list[tuple[str, list[float], list[float]]]:
        """The rows of the dose–response as lines: the steered value, where there is none the change."""
        points = self.dose["points"]
        strengths = [point["strength"] for point in points]
        names = [row["name"] for row in points[0]["rows"]]
        values = [[(row["steered"] or row["change"])[0] for row in point["rows"]] for point in points]
        lines = [[float("nan") if one is None else one for one in line] for line in zip(*values, strict=True)]
        return [(name, strengths, line) for name, line in zip(names, lines, strict=True)]

    def _in_words(self) -> list[str]:
        return [row_in_words(row) for row in self.measured.get("rows", ())]

    def summary(self) -> str:
        """What is held, the texts, and what was measured."""
        held = [f"feature {f} at {s:g} × its maximum" for f, s in zip(self.features, self.strengths, strict=True) if s]
        lines = [f"Steering: {', '.join(held) or 'every slider is off'} · {self.provenance}"]
        lines += [f"  {name:8} {getattr(self, name)!r}" for name in TEXTS]
        for number, sample in enumerate(self.others, start=1):
            lines.append(f"  seed {self.seed + number}")
            lines += [f"  {name:8} {text!r}" for name, text in zip(TEXTS, sample, strict=True)]
        if self.measured:
            done = "" if self.measured["done"] else ", not complete"
            lines.append(f"  measured on {self.measured['on']}{done}")
            lines += [f"    {line}" for line in self._in_words()]
        if self.dose and self.dose["points"]:
            lines.append(f"  dose–response of feature {self.dosed}, on {self.dose['on']}")
            for name, strengths, values in self._curves():
                pairs = zip(strengths, values, strict=True)
                lines.append(f"    {name}: " + ", ".join(f"{s:g} × {digits(v)}" for s, v in pairs))
        return "\n".join(lines)


_CHEAP = 'wb.intervene.Probability(" the")'
"""A target that is quick to measure, where only the price is wanted."""
_ILLUSTRATION = "one prompt, one seed: an illustration, not a measurement"


def _strength(point: Mapping[str, Any]) -> float:
    return point["strength"]


def _by_name(presets: Mapping[str, Mapping[int, float]]) -> dict[str, dict[str, float]]:
    """Presets as JSON holds them."""
    return {name: {str(feature): strength for feature, strength in held.items()} for name, held in presets.items()}


def _joined(pieces: Mapping[str, Sequence[Sequence[str]]]) -> tuple[dict[str, str], list[list[str]], list[int]]:
    """The texts of the first sample, those of the others, and how many tokens there are of each, at most."""
    texts = {name: ["".join(text) for text in pieces[name]] for name in TEXTS}
    others = [list(sample) for sample in zip(*texts.values(), strict=True)][1:]
    counts = [max(len(text) for text in pieces[name]) for name in TEXTS]
    return {name: texts[name][0] for name in TEXTS}, others, counts
