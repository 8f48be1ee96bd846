"""Tokens as flowing text, coloured by one unit of a site or by one feature of a dictionary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import traitlets as t

from ._array import from_wire, to_wire
from ._frontend import Frontend, in_words, source_of
from ._runner import Steps

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model
    from workbench.tokens import Tokens

FEATURES = "features"
ASKED = ("text", "stream", "layer", "unit")
"""What names a view; the fields of a request."""
LISTED = 8
"""How many of the strongest units are listed at a token."""
NOT_BY_TOKEN = ("pattern", "head_out", "logits")
"""Streams that this widget does not offer: they hold more than one row of units per token, or one per word."""


class ActivationHeatmap(Frontend):
    """A text, each token tinted by how active one unit is there.

    A unit is a feature of `sae`, a neuron (stream `mlp_act`), or a coordinate of another
    stream. The colours of features run from 0 to the feature's maximum in its training
    text, so a weak activation looks weak; those of other units to their largest value in
    this text over all layers, so layers compare.

    Args:
        model: what reads the text.
        text: one text; it can be edited in the widget.
        sae: a dictionary; its features come first among the streams.
        site: a stream ("mlp_act") or a site ("mlp_act.2"); the features if there is a dictionary.
        layer: the layer, if `site` does not name one.
        unit: which unit of the stream, 0 if none is named.
        feature: which feature; the same as `unit` with the features as the stream.

    Attributes:
        selected: the pinned token, -1 for none.
        values: the unit at every layer of the stream, [L, T].

    Raises:
        ValueError: a text, stream, layer or unit that does not exist, or two arguments that contradict
            each other; the message says what exists.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import ActivationHeatmap
        >>> heatmap = ActivationHeatmap(wb.load(), "The Golden Gate Bridge", site="mlp_act.1", unit=7)
        >>> heatmap.values.shape[0]
        4
    """

    _esm = Path(__file__).parent / "static" / "activation_heatmap.js"
    _css = Path(__file__).parent / "static" / "activation_heatmap.css"
    gestures = (*ASKED, "selected")

    text = t.Unicode("").tag(sync=True)
    streams = t.List(t.Unicode(), read_only=True).tag(sync=True)
    stream = t.Unicode("").tag(sync=True)
    layer = t.Int(0).tag(sync=True)
    unit = t.Int(0, min=0).tag(sync=True)
    selected = t.Int(-1, min=-1).tag(sync=True)
    view = t.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        model: Model,
        text: str,
        *,
        sae: Dictionary | None = None,
        site: str | None = None,
        layer: int | None = None,
        unit: int | None = None,
        feature: int | None = None,
    ) -> None:
        self._attach(model)
        self._model, self._sae = model, sae
        self._layers = _layers_of(model, sae)
        self._reading: _Reading | None = None
        chosen = self._chosen(text, site=site, layer=layer, unit=unit, feature=feature)
        self._shown = self._asked = chosen
        view = self._look(chosen)
        super().__init__(**{name: getattr(chosen, name) for name in ASKED}, provenance=source_of(model, sae))
        self.set_trait("streams", list(self._layers))
        self.set_trait("view", view)
        self.observe(self._ask, list(ASKED))

    @t.validate("selected")
    def _valid_selected(self, proposal: dict[str, Any]) -> int:
        n = len(self.view.get("pieces", ()))
        if proposal["value"] >= n:
            raise t.TraitError(
                f"selected: there is no token {proposal['value']}; there are 0 to {n - 1}, and -1 for none"
            )
        return proposal["value"]

    @property
    def values(self) -> np.ndarray:
        """The unit at every layer of the stream, for every token, [L, T]."""
        return from_wire(self.view["values"])

    def summary(self) -> str:
        """What is shown, and where it is strongest."""
        view, at = self.view, self._row()
        values = self.values[at]
        site = f"{view['stream']}.{view['layers'][at]}" if view["layers"] else view["stream"]
        where = "" if view["stream"] == FEATURES else f" of {site}"
        title = f"{view['noun'].capitalize()} {view['unit']}{where} · {len(values)} tokens · {self.provenance}"
        order = np.argsort(-np.abs(values), kind="stable")[:5]
        rows = [f"  {values[i]:8.3g}  {view['pieces'][i]!r} at position {i}" for i in order if values[i] != 0]
        return "\n".join([title, *(rows or ["  0 at every token"])])

    def code(self) -> str:
        """The Python that shows the same; `model` and `sae` are yours."""
        shown = self._shown
        sae = ", sae=sae" if self._sae is not None else ""
        layer = f", layer={shown.layer}" if self._layers[shown.stream] else ""
        return f"ActivationHeatmap(model, {shown.text!r}{sae}, site={shown.stream!r}{layer}, unit={shown.unit})"

    # ---- from a gesture to a view ----

    def _ask(self, _change: object = None) -> None:
        """Have the worker look; handlers themselves never run the model. Another layer is in the view already."""
        request = _Request(*(getattr(self, name) for name in ASKED))
        if request == self._asked:
            return
        is_at_rest = self._asked == self._shown
        if is_at_rest and request == replace(self._shown, layer=request.layer) and self._has(request):
            self._asked = self._shown = request
            self.error = self.error_at = ""
            return
        self._asked, self.running = request, True
        self._runner.submit(self, partial(self._work, request))

    def _work(self, request: _Request) -> Steps:
        try:
            shown = self._carried_over(request)
            view = self._look(shown)
        except Exception as error:
            at = next((name for name in ASKED if _differ(name, request, self._shown)), "")
            self._adopt(request, self._shown, error=in_words(error), error_at=at)
        else:
            self._adopt(request, shown, view=view, error="", error_at="")
        yield

    def _adopt(self, request: _Request, shown: _Request, **results: Any) -> None:
        """Answer a request in one message; what was asked in the meantime keeps its place.

        After an error the widget asks again for what it shows, so that the next gesture starts from there.
        """
        with self._settling():
            if _differ("text", shown, self._shown):
                self.selected = -1
            self._shown = shown
            for name, value in results.items():
                self.set_trait(name, value)
            if self._asked == request:
                self._asked, self.running = shown, False
                for name in ASKED:
                    setattr(self, name, getattr(shown, name))

    def _carried_over(self, request: _Request) -> _Request:
        """Another stream begins at a unit and a layer that it has, unless it was asked for others."""
        if request.stream == self._shown.stream:
            return request
        reading, layers = self._read_once(request), self._layers[request.stream]
        if request.unit == self._shown.unit >= reading.width:
            request = replace(request, unit=0)
        if layers and request.layer == self._shown.layer not in layers:
            request = replace(request, layer=layers[0])
        return request

    def _look(self, request: _Request) -> dict[str, Any]:
        """The view of a request.

        Raises:
            ValueError: for what does not exist.
        """
        reading, unit = self._read_once(request), request.unit
        if not self._has(request):
            raise ValueError(self._no_layer(request.stream, request.layer))
        if not 0 <= unit < reading.width:
            raise ValueError(f"There is no {reading.noun} {unit}; choose 0 to {reading.width - 1}.")
        return {
            "stream": request.stream,
            "noun": reading.noun,
            "unit": unit,
            "width": reading.width,
            "signed": reading.signed,
            "layers": list(self._layers[request.stream]),
            "maximum": self._maximum(unit) if request.stream == FEATURES else None,
            "bos": reading.tokens.bos,
            "pieces": list(reading.tokens.pieces[0]),
            "ids": reading.tokens.ids[0].tolist(),
            "values": to_wire(reading.values(unit)),
            "top_units": to_wire(reading.top_units, "int32"),
            "top_values": to_wire(reading.top_values),
        }

    def _read_once(self, request: _Request) -> _Reading:
        """Another unit or layer of the same text and stream does not run the model again."""
        if self._reading is None or self._reading.of != (request.text, request.stream):
            self._reading = self._read(request.text, request.stream)
        return self._reading

    def _read(self, text: str, stream: str) -> _Reading:
        if stream not in self._layers:
            raise ValueError(f"There is no stream {stream!r}; choose one of: {', '.join(self._layers)}.")
        tokens = self._model.tokens(text)
        if stream == FEATURES:
            read = self._model.run(tokens, at=[self._sae.site])
            return _read_features(self._sae.encode(read[self._sae.site]), tokens, (text, stream))
        layers = self._layers[stream]
        sites = [f"{stream}.{layer}" for layer in layers] or [stream]
        run = self._model.run(tokens, at=sites)
        acts = torch.stack([run[site][0].detach().float().cpu() for site in sites])
        return _read_units(acts, tokens, (text, stream))

    def _maximum(self, feature: int) -> float | None:
        maximum = float(self._sae.maxima[feature])
        return maximum if maximum > 0 else None

    def _has(self, request: _Request) -> bool:
        """Whether the layer exists; a stream without layers keeps one in mind for the next stream."""
        return request.layer in (self._layers[request.stream] or {0}.union(*self._layers.values()))

    def _no_layer(self, stream: str, layer: int) -> str:
        layers = self._layers[stream]
        offer = f"choose {layers[0]} to {layers[-1]}." if layers else "it has no layers."
        return f"There is no layer {layer} of {stream}; {offer}"

    def _chosen(
        self, text: str, *, site: str | None, layer: int | None, unit: int | None, feature: int | None
    ) -> _Request:
        """What the arguments name together; a ValueError if they contradict each other."""
        if feature is not None and self._sae is None:
            raise ValueError(f"feature {feature} was asked for, but there is no dictionary; give one as sae=")
        if feature is not None and site not in (None, FEATURES):
            raise ValueError(f"feature {feature} and site {site!r} were both asked for; choose one of them")
        if feature is not None and unit not in (None, feature):
            raise ValueError(f"feature {feature} and unit {unit} were both asked for; choose one of them")
        if site is None:
            site = FEATURES if FEATURES in self._layers else "resid_post"
        stream, _, number = site.partition(".")
        if stream not in self._layers or not (number == "" or number.isdecimal()):
            raise ValueError(
                f"there is no site {site!r} to show; there are: {', '.join(self._layers)}, each with .layer"
            )
        named = {index(given) for given in (number and int(number), layer) if given not in (None, "")}
        if len(named) > 1:
            raise ValueError(f"site {site!r} and layer {layer} were both asked for; choose one of them")
        layers = self._layers[stream]
        if named and not named <= set(layers):
            raise ValueError(self._no_layer(stream, *named))
        at = (*named, *layers, 0)[0]
        return _Request(text, stream, at, index(next(given for given in (feature, unit, 0) if given is not None)))

    def _row(self) -> int:
        layers = self.view["layers"]
        return layers.index(self._shown.layer) if layers else 0


@dataclass(frozen=True)
class _Request:
    text: str
    stream: str
    layer: int
    unit: int


def _differ(name: str, a: _Request, b: _Request) -> bool:
    return getattr(a, name) != getattr(b, name)


@dataclass(frozen=True)
class _Reading:
    """A text at all layers of a stream, kept so that other units need no other run.

    `values(unit)` is [L, T]; the strongest units of every token are `top_units` and `top_values`, [L, T, K].
    """

    of: tuple[str, str]
    tokens: Tokens = field(repr=False)
    noun: str
    width: int
    signed: bool
    values: Callable[[int], torch.Tensor] = field(repr=False)
    top_units: torch.Tensor = field(repr=False)
    top_values: torch.Tensor = field(repr=False)


def _read_units(acts: torch.Tensor, tokens: Tokens, of: tuple[str, str]) -> _Reading:
    """The units of one text at all layers, [L, T, D]."""
    width = acts.shape[-1]
    order = acts.abs().topk(min(LISTED, width), dim=-1).indices
    return _Reading(
        of=of,
        tokens=tokens,
        noun="neuron" if of[1] == "mlp_act" else "coordinate",
        width=width,
        signed=bool((acts < 0).any()),
        values=lambda unit: acts[:, :, unit],
        top_units=order,
        top_values=acts.gather(-1, order),
    )


def _read_features(features: Any, tokens: Tokens, of: tuple[str, str]) -> _Reading:
    """The features of one text, [1, T, k]: the batch stands where other streams have their layers."""
    values = features.values.detach().float().cpu()
    top_values, order = values.topk(min(LISTED, values.shape[-1]), dim=-1)
    return _Reading(
        of=of,
        tokens=tokens,
        noun="feature",
        width=features.width,
        signed=False,
        values=features.unit,
        top_units=features.indices.cpu().gather(-1, order),
        top_values=top_values,
    )


def _layers_of(model: Model, sae: Dictionary | None) -> dict[str, tuple[int, ...]]:
    """The streams that can be shown and the layers of each; none for a stream without layers."""
    layers: dict[str, tuple[int, ...]] = {} if sae is None else {FEATURES: ()}
    for site in model.sites():
        stream, _, layer = site.partition(".")
        if stream not in NOT_BY_TOKEN:
            layers[stream] = (*layers.get(stream, ()), *([int(layer)] if layer else []))
    return layers
