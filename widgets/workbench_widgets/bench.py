"""Linked widgets: one selection that every view reads and sets, and every gesture as Python.

A view is a widget that stands by itself, in any cell and in any notebook that shows widgets; what links them is this
side. A gesture is a change that a person makes, in a view, in the bench's own bar or in a cell; what follows from it,
in the same view or in others, is none. So a script of the gestures alone brings everything to where it is, but for
slips, haste and steps back: there a last line of the script says how things stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, SupportsIndex

import traitlets as t

from workbench.decompose import formats
from workbench.explore.indexing import SHIPPED as SHIPPED_INDEX
from workbench.loading import SHIPPED

from ._export import page
from ._frontend import Frontend, in_words, source_of
from ._script import SELECTED, Entry, arguments, steps, training_named, training_of, with_names
from ._selection import FIELDS, Selection
from .ablation_panel import AblationPanel
from .activation_heatmap import ActivationHeatmap
from .feature_dashboard import FeatureDashboard
from .steering_panel import SteeringPanel
from .training_monitor import TrainingMonitor

if TYPE_CHECKING:
    from workbench.decompose import Dictionary, Training
    from workbench.model import Model

ONE_MOVE = 0.4
"""Seconds within which changes of sliders are one gesture: one is dragged."""


class Bench(Frontend):
    """Widgets of one model that share one selection, undo and redo, and tell their gestures as Python.

    `heatmap`, `features`, `steer`, `ablate` and `monitor` make views; show each in a cell of its own, or several. The
    bench itself is a bar: what is selected, a step back and forth, and the script. All views follow the selection's
    text, token and layer, and its feature where they show features. A heatmap that was asked for a site, a unit or a
    feature keeps to that stream; one that was not goes wherever the selection's site and feature go, unless another
    heatmap took them there.

    Args:
        model: what all views are about.
        sae: its dictionary, if there is one.
        index: an index of its features, for `features`.

    Attributes:
        selection: text, token, layer, site, feature and example; read them, set them.
        views: the views by their names in the script.

    Raises:
        TraitError: the selection is set to what does not exist; the message says what does.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import Bench
        >>> bench = Bench(wb.load(), wb.decompose.load())
        >>> heatmap = bench.heatmap("The Golden Gate Bridge")
        >>> bench.selection.token = 3
        >>> heatmap.selected
        3
        >>> "bench.selection.token = 3" in bench.code()
        True
        >>> bench.undo()
        >>> heatmap.selected
        -1
    """

    _esm = Path(__file__).parent / "static" / "bench.js"
    _css = Path(__file__).parent / "static" / "bench.css"
    gestures = ("is_open",)

    chosen = t.Dict(read_only=True).tag(sync=True)
    listed = t.List(t.Unicode(), read_only=True).tag(sync=True)
    layers = t.Int(0, read_only=True).tag(sync=True)
    width = t.Int(0, read_only=True).tag(sync=True)
    undoable = t.Unicode("", read_only=True).tag(sync=True)
    redoable = t.Unicode("", read_only=True).tag(sync=True)
    script = t.Unicode("", read_only=True).tag(sync=True)
    is_open = t.Bool(False).tag(sync=True)

    def __init__(self, model: Model, sae: Dictionary | None = None, index: Any = None) -> None:
        self._attach(model)
        self.model, self.sae, self.index = model, sae, index
        self.views: dict[str, Frontend] = {}
        self.selection = Selection(self)
        self._free: set[str] = set()
        self._added: list[Frontend] = []
        self._record: list[Entry] = []
        self._undone: list[tuple[list[Entry], dict[tuple[str, str], Any]]] = []
        self._current: Entry | None = None
        self._pending: dict[str, list[Entry]] = {}
        self._state: dict[tuple[str, str], Any] = {(SELECTED, name): None for name in FIELDS}
        self._selects, self._together = 0, None
        self._following = 0
        self._origin: Frontend | None = None
        self._restoring = False
        self._weights = _weights(model, sae)  # a hash goes over all of them, and is taken once
        self._is_crooked = False  # whether the way here had steps back, slips, or haste, on which much depends
        super().__init__(provenance=source_of(model, sae))
        self.set_trait("layers", model.n_layers)
        self.set_trait("width", 0 if sae is None else sae.width)
        self.selection.observe(self._selected, list(FIELDS))
        self.observe(self._tell, "is_open")
        self._tell()

    # ---- views ----

    def heatmap(self, text: str | None = None, *, follows: bool | None = None, **settings: Any) -> ActivationHeatmap:
        """An activation heatmap of a text, of the selected one if none is given; settings are those of the widget.

        Args:
            text: what is read.
            follows: whether it goes to whatever site or feature is selected; unless it was asked for one, it does.
            settings: see `ActivationHeatmap`.

        Raises:
            ValueError: no text is given or selected, or as for the widget.

        Example:
            >>> import workbench as wb
            >>> bench = Bench(wb.load(), wb.decompose.load())
            >>> bench.heatmap("The Golden Gate Bridge", site="mlp_act.2", unit=17).values.shape
            (4, 5)
        """
        text = self.selection.text if text is None else text
        if text is None:
            raise ValueError("which text? give one, bench.heatmap('…'), or set bench.selection.text")
        asked = {name: value for name, value in settings.items() if value is not None}
        is_asked = not asked.keys().isdisjoint(("site", "unit", "feature"))
        is_free = not is_asked if follows is None else follows
        said = asked if follows is None else {**asked, "follows": follows}
        if not is_asked and self.selection.feature is not None:
            asked = {**asked, "feature": self.selection.feature}
            said = {**asked, "follows": is_free}
        made = ActivationHeatmap(self.model, text, sae=self.sae, **asked)
        return self._take(made, "heatmap", f"heatmap({arguments(text, said)})", is_free=is_free)

    def features(self, feature: int | None = None, **settings: Any) -> FeatureDashboard:
        """The dashboard of a feature, of the selected one if none is given; settings are those of the widget.

        Raises:
            ValueError: the bench has no index, or as for the widget.

        Example:
            >>> import workbench as wb
            >>> index = wb.explore.open()
            >>> bench = Bench(index.model, index.sae, index)
            >>> bench.features(942).pick(0)
            >>> bench.selection.example
            0
        """
        if self.index is None:
            raise ValueError("a dashboard shows an index, and this bench has none: make it Bench(model, sae, index)")
        feature = self.selection.feature if feature is None else feature
        made = FeatureDashboard(self.model, self.sae, self.index, feature, **settings)
        asked = {name: value for name, value in settings.items() if value is not None}
        return self._take(made, "dashboard", f"features({arguments(made.feature, asked)})")

    def steer(self, prompt: str, features: Sequence[int] | int | None = None, **settings: Any) -> SteeringPanel:
        """A steering panel: what the model writes after a prompt while features are held.

        Args:
            prompt: what the text goes on from.
            features: which; the selected one if none is given.
            settings: see `SteeringPanel`; it searches in the bench's index, if there is one.

        Raises:
            ValueError: there is no dictionary, no feature, or a prompt that cannot be read.

        Example:
            >>> import workbench as wb
            >>> bench = Bench(wb.load(), wb.decompose.load())
            >>> bench.steer("The bridge", 942, new_tokens=4).wait().counts[0]
            4
        """
        if self.sae is None:
            raise ValueError("steering holds features, and this bench has no dictionary: make it Bench(model, sae)")
        features = self.selection.feature if features is None else features
        if features is None:
            raise ValueError("which features? give some, bench.steer('…', [1234]), or set bench.selection.feature")
        features = [features] if isinstance(features, SupportsIndex) else list(features)
        made = SteeringPanel(self.model, self.sae, features, prompt=prompt, **{"index": self.index, **settings})
        return self._take(made, "panel", f"steer({arguments(prompt, {'features': features, **settings})})")

    def ablate(
        self, prompt: str | None = None, parts: Sequence[str] | str | None = None, **settings: Any
    ) -> AblationPanel:
        """An ablation panel: what changes after a prompt, and on a task, without some parts of the model.

        From then on every heatmap of the bench can give it what it shows: a neuron, a head, a feature, a layer.

        Args:
            prompt: what is read; the selected text if none is given.
            parts: what is taken out: "head_out.2.1", "mlp_act.2[17]", "attn_out.3", "layer 2", "feature 942".
            settings: see `AblationPanel`.

        Raises:
            ValueError: no prompt is given or selected, or as for the widget.

        Example:
            >>> import workbench as wb
            >>> bench = Bench(wb.load(), wb.decompose.load())
            >>> bench.ablate("The Golden Gate", "layer 2").wait().parts
            ['layer 2']
        """
        prompt = self.selection.text if prompt is None else prompt
        if prompt is None:
            raise ValueError("which prompt? give one, bench.ablate('…'), or set bench.selection.text")
        asked = {"parts": [parts] if isinstance(parts, str) else list(parts or ()), **settings}
        made = AblationPanel(self.model, prompt, sae=self.sae, **asked)
        return self._take(made, "ablation", f"ablate({arguments(prompt, asked)})")

    def monitor(self, training: Training) -> TrainingMonitor:
        """A monitor of a training; in the script the training is called `training`, and is yours."""
        return self._take(TrainingMonitor(training), "monitor", f"monitor({self._new_training()})")

    def add(self, view: Frontend) -> Frontend:
        """Link a widget of this model that was made elsewhere, as it stands.

        Raises:
            TypeError: it is no widget that a bench links.
            ValueError: it is closed, or of another model or dictionary.
        """
        if view in self.views.values():
            return view
        if isinstance(view, TrainingMonitor):
            return self._take(view, "monitor", f"monitor({self._new_training()})")
        if not isinstance(view, ActivationHeatmap | SteeringPanel | FeatureDashboard | AblationPanel):
            links = "heatmaps, dashboards, steering and ablation panels, and monitors"
            raise TypeError(f"a bench links {links}; this is a {type(view).__name__}")
        if view.comm is None or view._model is not self.model or view._sae not in (None, self.sae):
            raise ValueError("a view that is added must be open, and of this bench's model and dictionary")
        if isinstance(view, FeatureDashboard) and view._index is not self.index:
            raise ValueError("a dashboard that is added must be of this bench's index")
        self._added.append(view)
        with self._turn():
            self._take(view, _kind(view), f"add({view.code()})")
            name = next(name for name, one in self.views.items() if one is view)
            state = {trait: getattr(view, trait) for trait in view.recorded}
            self._record.append(Entry(name, "restore()", state))
            self._tell()
        return view

    def _new_training(self) -> str:
        """What the next training is called in the script."""
        return training_named(sum(entry.value.startswith("monitor(") for entry in self._record if entry.name == ""))

    def _take(self, view: Any, kind: str, made: str, *, is_free: bool = False) -> Any:
        """Link a view: it says what it is about, and then takes what else is selected."""
        taken = sum(entry.name == "" and entry.view.rstrip("_0123456789") == kind for entry in self._record)
        name = f"{kind}_{taken + 1}" if taken else kind
        with self._turn(), self._consequence():
            self._is_crooked |= self._is_busy
            self.views[name] = view
            if is_free:
                self._free.add(name)
            self._record.append(Entry(name, "", made))
            self._current = self._record[-1]
            self._undone.clear()
            with self._consequence(view):
                self._say(view.says("text"))
                told = {"site", "layer", "feature"} if is_free else set()
                told |= {field for field in ("feature", "token") if getattr(self.selection, field) is None}
                for trait in view.recorded:
                    self._say(view.says(trait), told)
            for field_name, value in self.selection.state().items():
                if value is not None:
                    view.follow(field_name, value, freely=name in self._free)
            self._state |= {(name, trait): getattr(view, trait) for trait in view.recorded}
            view._listener = partial(self._changed, name, view)
            view._outcome = partial(self._heard, name, view)
            if isinstance(view, FeatureDashboard):
                view.set_trait("linked", True)
            self._let_ablate()
            if view.has_trait("verb"):
                view.observe(lambda change: self._done(name, change["new"]), "verb")
            self._tell()
        return view

    def _let_ablate(self) -> None:
        """Heatmaps give what they show to the ablation panel that was made last, while there is one."""
        panels = [view for view in self.views.values() if isinstance(view, AblationPanel)]
        for view in self.views.values():
            if isinstance(view, ActivationHeatmap):
                view.give_parts(panels[-1].add if panels else None)

    def _let_steer(self) -> None:
        """Dashboards give the feature that they show to the steering panel made last, or to one that is made for it."""
        panels = [view for view in self.views.values() if isinstance(view, SteeringPanel)]
        for view in self.views.values():
            if isinstance(view, FeatureDashboard) and self.sae is not None:
                view.give_features(partial(self._steer_from, view), panels)

    def _steer_from(self, dashboard: FeatureDashboard, feature: int) -> None:
        """Give a feature a slider; a panel that is made for it stands in the dashboard."""
        panels = [view for view in self.views.values() if isinstance(view, SteeringPanel)]
        if panels:
            panels[-1].add(feature)
        else:
            dashboard.set_trait("panel", self.steer(dashboard.text or "The", feature))

    def wait(self, timeout: float = 60) -> Bench:
        """Block until every view shows what was last asked of it; what is measured on tasks is not waited for.

        Raises:
            TimeoutError: the time ran out first.
        """
        for view in list(self.views.values()):
            if isinstance(view, AblationPanel):
                view.wait(timeout, measured=False)
            elif not isinstance(view, TrainingMonitor):  # it may take hours, and is waited for by its own name
                view.wait(timeout)
        return self

    def close(self) -> None:
        """Take the bench and its views off the page, and end their work."""
        for view in list(self.views.values()):
            view.close()
        super().close()

    # ---- one selection ----

    def select(self, **fields: Any) -> None:
        """Set several fields of the selection: one gesture.

        Raises:
            AttributeError: there is no such field.
            TraitError: one of them is set to what does not exist.

        Example:
            >>> import workbench as wb
            >>> bench = Bench(wb.load(), wb.decompose.load())
            >>> bench.select(text="The Golden Gate Bridge", feature=942)
            >>> bench.selection
            Selection(text='The Golden Gate Bridge', feature=942)
        """
        if unknown := [name for name in fields if name not in FIELDS]:
            raise AttributeError(f"a selection has no {unknown[0]!r}; it has {', '.join(FIELDS)}")
        with self._turn():
            for name, value in fields.items():
                if name != "token":  # of which text it is, is seen when the text is set
                    self.selection.traits()[name]._validate(self.selection, value)  # all of them or none
            self._selects += 1
            self._together = (SELECTED, self._selects)
            try:
                for name in FIELDS:  # the text first: with another one, no token is pinned
                    if name in fields:
                        setattr(self.selection, name, fields[name])
            finally:
                self._together = None

    def _changed(self, name: str, view: Frontend, change: Any) -> None:
        """A recorded trait of a view has changed: by hand, because of another view, or by itself."""
        trait, new = change["name"], change["new"]
        before, key = dict(self._state), (name, trait)
        self._state[key] = new
        if self._following:
            return
        says = view.says(trait)
        if trait == view.links.get("token") and getattr(view, view.links["text"]) != self.selection.text:
            says = {}  # a token of another text
        if view.is_settling:
            self._amend(name, key, change["old"], new)
        else:
            shared = next((field for field in says if view.links.get(field) == trait and len(says) == 1), None)
            if shared is not None and getattr(self.selection, shared) != says[shared]:
                entry = Entry(SELECTED, shared, says[shared], before, monotonic())
            else:
                entry = Entry(name, trait, new, before, monotonic())
            entry.message = None if view.message is None else (name, view.message)
            self._write(entry)
        with self._consequence(view):
            self._say(says)
            if trait == "neuron" and new:
                self._show_neuron(new)
        self._tell()

    def _show_neuron(self, neuron: str) -> None:
        """In every heatmap that goes wherever the selection goes."""
        stream, layer, unit = neuron.split(".")
        for name, view in self.views.items():
            if name in self._free and isinstance(view, ActivationHeatmap):
                view.show(stream, layer=int(layer), unit=int(unit))

    def _selected(self, change: Any) -> None:
        """A field of the selection has changed: every view follows."""
        name, value = change["name"], change["new"]
        before, key = dict(self._state), (SELECTED, name)
        self._state[key] = value
        if self._restoring:
            return
        if not self._following:
            self._write(Entry(*key, value, before, monotonic(), self._together))
        with self._consequence():
            if name in ("text", "feature"):
                self.selection.example = None
            if name == "text":
                self.selection.token = None
            if name == "layer" and value is not None:
                self._move_site(value)
            if name == "site" and value is not None and "." in value:
                self.selection.layer = int(value.split(".")[1])
            for view_name, view in list(self.views.items()):
                if view is not self._origin:
                    view.follow(name, value, freely=view_name in self._free and _kind(view) != _kind(self._origin))
                    if name == "example" and value is not None and isinstance(view, FeatureDashboard):
                        self._say(view.says("picked"))  # an example is a token of a text
        self._tell()

    def _move_site(self, layer: int) -> None:
        """The site keeps to the layer that is selected, where it has one."""
        stream, dot, rest = (self.selection.site or "").partition(".")
        if dot:
            head = rest.partition(".")[1:]
            self.selection.site = f"{stream}.{layer}{''.join(head)}"

    def _say(self, says: dict[str, Any], fields: set[str] | None = None) -> None:
        for name, value in says.items():
            if (fields is None or (name in fields and value is not None)) and getattr(self.selection, name) != value:
                with suppress(t.TraitError):  # what does not exist the view itself will refuse, in words
                    setattr(self.selection, name, value)

    @contextmanager
    def _consequence(self, origin: Frontend | None = None) -> Iterator[None]:
        """What changes meanwhile follows from a gesture and is none; the view that it was made in need not follow."""
        before = self._origin
        self._following, self._origin = self._following + 1, origin or before
        try:
            yield
        finally:
            self._following, self._origin = self._following - 1, before

    # ---- gestures ----

    def undo(self) -> None:
        """Take the last gesture back: every view is asked for what it showed before."""
        with self._turn():
            gestures = self._gestures()
            if not gestures:
                return
            last = gestures[-1]
            entries = [entry for entry in gestures if entry is last or (last.message and entry.message == last.message)]
            behind = self._record[self._record.index(entries[0]) :]
            # what was made or done since began from where the gesture had led
            self._is_crooked |= self._is_busy or not all(entry.before for entry in behind)
            self._record = [entry for entry in self._record if entry not in entries]
            self._undone.append((entries, dict(self._state)))
            for entry in self._record:
                entry.at = -ONE_MOVE
            self._restore(entries[0].before)

    @property
    def _is_busy(self) -> bool:
        """Whether a view is at work on something that was asked for."""
        return any(view.running for view in self.views.values())

    def _gestures(self) -> list[Entry]:
        """What can be taken back: the gestures that stand, in views that are there."""
        there = {SELECTED, "bench", *self.views}
        return [entry for entry in self._record if entry.before and entry.view in there]

    def redo(self) -> None:
        """Make the gesture again that was taken back last."""
        with self._turn():
            if not self._undone:
                return
            entries, after = self._undone.pop()
            self._record += entries
            for entry in entries:
                entry.at = -ONE_MOVE
            self._restore(after)

    def restore(self, state: dict[str, dict[str, Any]]) -> None:
        """Set the selection and the views to a state, all at once: nothing follows from it, and one undo takes it back.

        Args:
            state: by the name of a view, or "selection": what to set to what.

        Raises:
            KeyError: there is no such view, or nothing of that name in it.
            TraitError: a value that cannot be.
        """
        with self._turn():
            for name, traits in state.items():
                self._check(name, traits)
            before = dict(self._state)
            flat = {(name, trait): value for name, traits in state.items() for trait, value in traits.items()}
            self._is_crooked |= self._is_busy
            self._undone.clear()
            self._restore({**self._state, **flat})
            self._record.append(Entry("bench", "restore()", state, before, monotonic()))
            self._tell()

    def _check(self, name: str, traits: dict[str, Any]) -> None:
        """Whether these can be set in the selection, or in a view."""
        owner = self.selection if name == SELECTED else self.views.get(name)
        if owner is None:
            raise KeyError(f"there is no view {name!r}; there are {', '.join(self.views)}, and {SELECTED}")
        recorded = FIELDS if name == SELECTED else owner.recorded
        if unknown := [trait for trait in traits if trait not in recorded]:
            raise KeyError(f"{name} has no {unknown[0]!r} to restore; it has {', '.join(recorded)}")
        for trait, value in traits.items():
            if trait not in ("strengths", "token", "selected"):  # these are checked by what is set with them
                owner.traits()[trait]._validate(owner, value)

    def _restore(self, state: dict[tuple[str, str], Any]) -> None:
        """Every view and the selection as they were; views that came later stay as they are."""
        self._current = None
        self._restoring = True
        try:
            with self._consequence():
                for name in FIELDS:
                    try:
                        setattr(self.selection, name, state[(SELECTED, name)])
                    except t.TraitError:  # a token that was pinned before its text was read, and is not there
                        setattr(self.selection, name, None)
                for name, view in self.views.items():
                    wanted = {trait: state[(name, trait)] for trait in view.recorded if (name, trait) in state}
                    if any(getattr(view, trait) != value for trait, value in wanted.items()):
                        view.restore(wanted)
        finally:
            self._restoring = False
        self._tell()

    def _write(self, entry: Entry) -> None:
        """Write a gesture down; a slider that is dragged further takes the place of where it was."""
        last = self._record[-1] if self._record else None
        is_drag = entry.name == "strengths" and last is not None and (last.view, last.name) == (entry.view, entry.name)
        if is_drag and entry.at - last.at < ONE_MOVE:
            entry.before, entry.message = last.before, last.message
            self._record.pop()
        entry.is_hasty = self._is_busy
        self._is_crooked |= entry.is_hasty
        self._record.append(entry)
        self._current = entry
        self._undone.clear()

    def _amend(self, name: str, key: tuple[str, str], old: Any, new: Any) -> None:
        """A view has come to something by itself: so it stood before the gestures that were made in the meantime."""
        pending = self._pending.get(name)
        if isinstance(self.views.get(name), ActivationHeatmap) and pending and pending[0] in self._record:
            for entry in self._record[self._record.index(pending[0]) + 1 :]:
                if entry.before.get(key) == old:
                    entry.before[key] = new

    def _heard(self, name: str, view: Frontend, outcome: str) -> None:
        """How the work goes that a gesture made for a view."""
        pending = self._pending.setdefault(name, [])
        if outcome == "asked":
            if self._current is not None and not self._current.is_done and self._current not in pending:
                pending.append(self._current)
                self._current.makes_work = True
        elif outcome == "closed":
            view._listener = view._outcome = None
            del self.views[name]
            self._let_ablate()
            self._record.append(Entry(name, "close()", None))
            self._pending.pop(name)
            self._tell()
        else:
            self._pending[name] = []
            if outcome == "refused":
                self._forget(pending)
            for entry in pending:
                entry.is_done = True
                if entry.view == name and entry.name == "stream":
                    entry.settled = (view.layer, view.unit)
            length = self._length()
            if length is not None and (self.selection.token or 0) >= length:
                with self._consequence():
                    self.selection.token = None  # pinned before its text was read, and not there

    def _forget(self, refused: list[Entry]) -> None:
        """A view went back to what it showed, because something asked for does not exist: those were no gestures."""
        refused = [entry for entry in self._record if entry in refused and entry.before]
        if not refused:
            return
        self._is_crooked = True
        state = dict(refused[0].before)
        for entry in self._record[self._record.index(refused[0]) :]:
            if entry not in refused and entry.before:
                state[(entry.view, entry.name)] = entry.value
        self._record = [entry for entry in self._record if entry not in refused]
        self._restore(state)

    def _done(self, name: str, verb: Any) -> None:
        """A view has carried out a verb; it is written down, and cannot be undone."""
        if verb:
            with self._turn():
                self._record.append(Entry(name, f"{verb[0]}()", verb[1]))
                self._tell()

    def _receive(self, content: dict[str, Any]) -> None:
        """What the bar asks for: a step back or forth, or another selection."""
        kind, name = content["kind"], content.get("field")
        if kind in ("undo", "redo"):
            getattr(self, kind)()
        elif kind == "select" and name in FIELDS:
            try:
                setattr(self.selection, name, content.get("value"))
                self.error = self.error_at = ""
            except t.TraitError as error:
                self.error, self.error_at = in_words(error), str(name)

    # ---- as Python ----

    def code(self) -> str:
        """The Python that repeats every gesture made so far, and then computes what is shown by the library alone.

        Gestures that were made in haste, before the last one had settled, slips, and steps back over the making of a
        view cannot be told as a straight line; after such a last line says how things stand. Where model or dictionary
        are not shipped ones they are yours to load; the script checks that they are the same. A cancelled text is
        written as far as it had come.
        """
        with self._turn():
            shows = [f"{name}_shows = {calls}" for name, view in self.views.items() if (calls := view.calls())]
            needs = {"from itertools import islice": "islice(", "import torch": "torch."}
            samples = ["from workbench_widgets.steering_panel import Samples"] * any(
                "Samples(" in show for show in shows
            )
            imports = [line for line, what in needs.items() if any(what in show for show in shows)]
            imports = [*"\n\n".join(imports).splitlines(), ""] if imports else []
            classes = {"Bench", *(type(view).__name__ for view in self._added)}
            widgets = f"from workbench_widgets import {', '.join(sorted(classes))}"
            lines = [
                *imports,
                "import workbench as wb",
                widgets,
                *samples,
                "",
                *self._loading(),
                *steps(self._record, self.views, self._standing() if self._is_crooked else None),
                "bench.wait()",
            ]
            lines += ["", "# what the views show, by the library alone", *shows] if shows else []
            return with_names(lines)

    def _standing(self) -> dict[str, dict[str, Any]]:
        """The selection and all views, as `restore` takes them."""
        views = {name: {trait: getattr(view, trait) for trait in view.recorded} for name, view in self.views.items()}
        return {SELECTED: self.selection.state(), **{name: traits for name, traits in views.items() if traits}}

    def _loading(self) -> list[str]:
        lines = list(self._weights)
        if self.index is not None:
            is_shipped = getattr(self.index, "path", None) == SHIPPED_INDEX
            lines.append("index = wb.explore.open(model=model, sae=sae)" if is_shipped else "# index: yours")
        for name, view in self.views.items():
            if isinstance(view, TrainingMonitor):
                lines.append(f"# {training_of(self._record, name)}: yours, as it was begun")
        given = ["sae"] * (self.sae is not None) + ["index=index"] * (self.index is not None)
        return [*lines, f"bench = Bench({', '.join(['model', *given])})"]

    # ---- what is shown ----

    def _tell(self, _change: object = None) -> None:
        """Tell the bar what is selected, what can be undone, and the script if somebody reads it."""
        done = next(reversed(self._gestures()), None)
        self._let_steer()
        with self._settling():
            self.set_trait("chosen", {**self.selection.state(), "piece": self._piece()})
            self.set_trait("listed", list(self.views))
            self.set_trait("undoable", "" if done is None else _named(done))
            self.set_trait("redoable", _named(self._undone[-1][0][-1]) if self._undone else "")
            self.set_trait("script", self.code() if self.is_open else "")

    def _length(self) -> int | None:
        """How many tokens the selected text has, where a view has read it."""
        for view in self.views.values():
            is_read = isinstance(view, ActivationHeatmap) and view._shown.text == self.selection.text
            if is_read and not view.running:
                return view.page["total"]
        return None

    def _piece(self) -> str:
        """The text of the selected token, where a view shows it."""
        token = self.selection.token
        for view in self.views.values():
            if token is not None and isinstance(view, ActivationHeatmap) and view._shown.text == self.selection.text:
                start, pieces = view.page["start"], view.page["pieces"]
                if 0 <= token - start < len(pieces):
                    return pieces[token - start]
        return ""

    def summary(self) -> str:
        """What is selected, and the views."""
        views = [f"  {name:12} {view.summary().splitlines()[0]}" for name, view in self.views.items()]
        return "\n".join([f"Bench · {self.provenance}", f"  {self.selection!r}", *views])

    def to_html(self, path: str | Path | None = None, *, title: str | None = None) -> str | Path:
        """All views as one HTML file that needs no network and no Python; pinned tokens and layers stay linked.

        Args:
            path: where to write it, whole or not at all; None to get the text instead.
            title: of the page.

        Raises:
            ValueError: there is no view yet.
        """
        if not self.views:
            raise ValueError("there is nothing to write yet; make a view first: bench.heatmap('…')")
        for view in self.views.values():
            view._finish_work()
        return page(list(self.views.values()), path, title=title or f"Bench · {self.provenance}")


def _kind(view: Frontend | None) -> str:
    """What a view is called in the script; a widget has a class of its own, so classes cannot be compared."""
    kinds = {
        ActivationHeatmap: "heatmap",
        FeatureDashboard: "dashboard",
        SteeringPanel: "panel",
        AblationPanel: "ablation",
        TrainingMonitor: "monitor",
    }
    return next((name for kind, name in kinds.items() if isinstance(view, kind)), "" if view is None else "view")


def _named(entry: Entry) -> str:
    """A gesture in a few words."""
    value = repr(entry.value)
    return f"{entry.name} {value if len(value) <= 40 else value[:39] + '…'}"


def _weights(model: Model, sae: Dictionary | None) -> list[str]:
    """The lines that load the weights, or say that they are yours, and check that they are the same."""
    lines = [f"model = wb.load({model.name!r})" if model.name in SHIPPED else "# model: yours"]
    lines.append(f'assert model.hash == "{model.hash}", "another model than the gestures were made on"')
    if sae is not None:
        name = _shipped(sae)
        lines.append(f"sae = wb.decompose.load({name!r})" if name else "# sae: yours")
        lines.append(f'assert sae.hash == "{sae.hash}", "another dictionary than the gestures were made on"')
    return lines


def _shipped(sae: Dictionary) -> str | None:
    """The name of the shipped dictionary that this one is, by where it came from; its hash is checked in the script."""
    for config in sorted(formats.SHIPPED.glob(f"*/{formats.CONFIG}")):
        about = json.loads(config.read_text(encoding="utf-8"))
        if about["width"] == sae.width and about["site"] == sae.site and about["provenance"] == sae.provenance:
            return config.parent.name
    return None
