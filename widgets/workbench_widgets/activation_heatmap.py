"""Tokens as flowing text, coloured by one unit of a site or by one feature of a dictionary, over all layers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import traitlets as t

from workbench.tokens import aligned

from ._array import to_wire
from ._frontend import LAST, Frontend, in_words, source_of
from ._parts import part_of_view
from ._picture import Picture
from ._reading import FEATURES, LOGITS, PATTERN, Patterns, Reading, layers_of, read
from ._runner import Steps

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model

ASKED = ("text", "against", "stream", "layer", "unit", "start")
"""What names a view; with the query of an attention pattern, the fields of a request."""
PAGE = 512
"""Tokens that are sent and shown at once."""
LISTED = 8
"""How many of the strongest units are listed at a token."""
CARRIED = 4096
"""Strongest units that travel with a view; those of more tokens are asked for as they are looked at."""
OPEN = -1
"""In place of a unit: the one that stands out."""
READINGS = 4
"""Texts at a stream that are remembered."""


class ActivationHeatmap(Frontend):
    """A text, each token tinted by how active one unit is there, and the same unit at every layer.

    A unit is a feature of `sae`, a neuron (stream `mlp_act`), an attention head (`pattern`), a token of the
    vocabulary (`logits`), or a coordinate of another stream. The colours of features run from 0 to the feature's
    maximum in its training text, so a weak activation looks weak; those of other units to their largest value in
    this text over all layers, so layers compare. A head's are the attention that the pinned token, or else the
    last one, pays to each. Another text beside it (`against`) is shown on the same scale, token by token.

    Args:
        model: what reads the text.
        text: one text; it can be edited in the widget.
        against: a second text to compare with; "" for none.
        sae: a dictionary; its features come first among the streams.
        site: a stream ("mlp_act") or a site ("mlp_act.2"); the features if there is a dictionary.
        layer: the layer, if `site` does not name one.
        unit: which unit of the stream; the one that stands out in the text if none is named.
        feature: which feature; the same as `unit` with the features as the stream.

    Attributes:
        text, against, stream, layer, unit: what is shown; assign another. `show` sets several together.
        selected: the pinned token, -1 for none.
        start: the first token of the page, of 512, that is shown.
        colour: "values" or "difference"; rows: "layers", or "queries" for all of a head.
        values: the unit at every layer of the stream, [L, T], exactly as the model computed it.
        difference: the same minus the other text's values at the tokens that stand in their place, NaN where none does.

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
    gestures = recorded = (*ASKED, "selected", "colour", "rows")
    links = {"text": "text", "token": "selected", "layer": "layer"}  # noqa: RUF012 (declared once, in Frontend)

    text = t.Unicode("").tag(sync=True)
    against = t.Unicode("").tag(sync=True)
    streams = t.List(t.Unicode(), read_only=True).tag(sync=True)
    stream = t.Unicode("").tag(sync=True)
    layer = t.Int(0, max=LAST).tag(sync=True)
    unit = t.Int(0, min=0, max=LAST).tag(sync=True)
    start = t.Int(0, min=0, max=LAST).tag(sync=True)
    selected = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    colour = t.Enum(("values", "difference"), "values").tag(sync=True)
    rows = t.Enum(("layers", "queries"), "layers").tag(sync=True)
    page = t.Dict(read_only=True).tag(sync=True)
    numbers = t.Dict(read_only=True).tag(sync=True)
    gives_parts = t.Bool(False, read_only=True).tag(sync=True)

    def __init__(
        self,
        model: Model,
        text: str,
        *,
        against: str = "",
        sae: Dictionary | None = None,
        site: str | None = None,
        layer: int | None = None,
        unit: int | None = None,
        feature: int | None = None,
    ) -> None:
        self._attach(model)
        self._model, self._sae = model, sae
        self._layers = layers_of(model, sae)
        self._readings: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._reads = threading.Lock()
        self._pairs: tuple[object, list[int]] = (None, [])
        self._looks = 0
        self._kept_for: str | None = None
        self._left_open: int | None = None
        self._unit_is_asked = False
        self._taker: Callable[[str], None] | None = None
        chosen = self._chosen(text, against, site=site, layer=layer, unit=unit, feature=feature)
        page, numbers, self._values, self._other = self._look(chosen)
        self._shown = self._asked = chosen
        super().__init__(**{name: getattr(chosen, name) for name in ASKED}, provenance=source_of(model, sae))
        self.set_trait("streams", list(self._layers))
        self.set_trait("page", page)
        self.set_trait("numbers", numbers)
        self.observe(self._ask, [*ASKED, "selected"])
        self._is_made = True

    def __setattr__(self, name: str, value: object) -> None:
        """A unit that is assigned is asked for, even if the stream before had one of the same number."""
        if name != "unit" or not getattr(self, "_is_made", False) or self.is_settling:
            super().__setattr__(name, value)
            return
        with self._turn():
            self._unit_is_asked = True
            super().__setattr__(name, value)
            self._ask()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the front end sets; a unit in it is asked for, whatever was shown."""
        with self._turn():
            self._unit_is_asked = "unit" in sync_data and self._takes("unit", sync_data["unit"])
            super().set_state(sync_data)
            self._ask()

    def show(self, stream: str, *, layer: int | None = None, unit: int | None = None) -> None:
        """Show another stream, at one of its units; at the one that stands out if none is named.

        Example:
            >>> import workbench as wb
            >>> heatmap = ActivationHeatmap(wb.load(), "The Golden Gate Bridge", site="embed")
            >>> heatmap.show("mlp_act", layer=2, unit=17)
            >>> heatmap.wait().view["unit"]
            17
        """
        with self._turn():
            self._unit_is_asked = unit is not None
            given = {"stream": stream, "layer": layer, "unit": unit}
            with self.hold_trait_notifications():
                for name, value in given.items():
                    if value is not None:
                        self.set_trait(name, value)
            self._ask()

    @t.validate("selected")
    def _valid_selected(self, proposal: dict[str, Any]) -> int:
        """A token of the text that is shown; of one that is still being read, it is seen to when it is there."""
        n, wanted = self.page.get("total", 0), proposal["value"]
        if self._asked.text != self._shown.text:
            self._kept_for = self._asked.text
        elif wanted >= n:
            raise t.TraitError(f"selected: there is no token {wanted}; there are 0 to {n - 1}, and -1 for none")
        return wanted

    @property
    def view(self) -> dict[str, Any]:
        """What the browser draws: the tokens of a page, and the numbers at them."""
        other = self.page.get("other") and {**self.page["other"], **self.numbers["other"]}
        return {**self.page, **self.numbers, "other": other}

    @property
    def values(self) -> np.ndarray:
        """The unit at every layer of the stream, for every token, [L, T]."""
        return self._values.numpy()

    @property
    def difference(self) -> np.ndarray:
        """The values minus those of the other text in the same place, [L, T]; NaN where there is no such token.

        Raises:
            ValueError: there is no other text.
        """
        if self._other is None:
            raise ValueError("there is nothing to compare with; set against= to another text")
        values, pairs = self._other
        return _difference(self._values, values, pairs).numpy()

    def summary(self) -> str:
        """What is shown, and where it is strongest."""
        with self._turn():
            return self._summary()

    def _summary(self) -> str:
        view, values = self.view, self.values[self._row()]
        order = np.argsort(-np.abs(values), kind="stable")[:5]
        pieces = self._model.tokens(self._shown.text).pieces[0]
        rows = [f"  {values[i]:8.3g}  {pieces[i]!r} at position {i}" for i in order if values[i] != 0]
        title = f"{self._title()} · {view['total']} tokens · {self.provenance}"
        compared = [f"  compared with {self._shown.against!r}"] if self._shown.against else []
        return "\n".join([title, *(rows or ["  0 at every token"]), *compared])

    def picture(self) -> Picture:
        """The tokens in their colours, without the layers."""
        with self._turn():
            return self._picture()

    def _picture(self) -> Picture:
        view, row = self.view, self._row()
        high = max(view["maximum"] or 0.0, view["extent"])
        picture = Picture(f"{self._title()} · {view['total']} tokens")
        picture.legend(high, "to its maximum in training" if view["maximum"] else "", signed=view["signed"])
        page = slice(view["start"], view["start"] + len(view["pieces"]))
        picture.tokens(view["pieces"], self._values[row, page].tolist(), high, signed=view["signed"])
        if self._other is not None and (other := view["other"]):
            picture.lines(["Compared with"], muted=True)
            theirs = self._other[0][row, view["start"] : view["start"] + len(other["pieces"])]
            picture.tokens(other["pieces"], theirs.tolist(), high, signed=view["signed"])
        return picture.lines([self.provenance], muted=True)

    def code(self) -> str:
        """The Python that shows the same; `model` and `sae` are yours."""
        shown = self._shown
        sae = ", sae=sae" if self._sae is not None else ""
        against = f", against={shown.against!r}" if shown.against else ""
        layer = f", layer={shown.layer}" if self._layers[shown.stream] else ""
        settings = f"{against}{sae}, site={shown.stream!r}{layer}, unit={shown.unit}"
        return f"ActivationHeatmap(model, {shown.text!r}{settings})"

    def calls(self) -> str:
        """The public calls that give the values shown, [L, T], without a widget; `model` and `sae` are yours."""
        shown = self._shown
        if shown.stream == FEATURES:
            return f"sae.encode(model.run({shown.text!r}, at=sae.site)[sae.site]).unit({shown.unit})"
        sites = [f"{shown.stream}.{layer}" for layer in self._layers[shown.stream]] or [shown.stream]
        take = {
            PATTERN: f"[0, {shown.unit}, {self.view['query']}]",
            "head_out": f"[0].flatten(1)[:, {shown.unit}]",
        }.get(shown.stream, f"[0, :, {shown.unit}]")
        run = f"model.run({shown.text!r}, at={sites!r})"
        return f"torch.stack([value{take} for value in {run}.sites.values()])"

    # ---- in a Bench ----

    def says(self, name: str) -> dict[str, Any]:
        """What a change of one of its traits says about a shared selection."""
        if name == "text":
            return {"text": self.text}
        if name == "selected":
            return {"token": None if self.selected < 0 else self.selected}
        if self.stream == FEATURES:
            return {"feature": self.unit} if name in ("unit", "stream") else {}
        if name in ("layer", "stream"):
            layers = self._layers.get(self.stream)
            if layers is None:
                return {}
            return {"site": f"{self.stream}.{self.layer}", "layer": self.layer} if layers else {"site": self.stream}
        return {}

    def follow(self, name: str, value: Any, *, freely: bool) -> None:
        """Show what a shared selection says, as far as it concerns this widget; `freely`: another stream too."""
        if name == "text" and value is not None:
            self.text = value
        elif name == "token":
            if value is None or value < self.view["total"] or self._asked.text != self._shown.text:
                self.selected = -1 if value is None else value
        elif name == "layer" and value in self._layers.get(self.stream, ()):
            self.layer = value
        elif name == "site" and value is not None and freely:
            stream, _, layer = value.partition(".")
            if stream in self._layers:
                self.show(stream, layer=int(layer.partition(".")[0]) if layer else None)
        elif name == "feature" and value is not None and FEATURES in self._layers:
            if freely:
                self.show(FEATURES, unit=value)
            elif self.stream == FEATURES:
                self.unit = value

    def restore(self, values: dict[str, Any]) -> None:
        """Set traits to what they were; the unit is meant, even where another would stand out."""
        with self._turn():
            self._unit_is_asked = True
            super().restore({name: value for name, value in values.items() if name != "selected"})
            self._ask()
            try:
                self.selected = values.get("selected", self.selected)
            except t.TraitError:  # it was pinned before its text was read, and is not there
                self.selected = -1

    def give_parts(self, taker: Callable[[str], None] | None) -> None:
        """Offer to give what is shown, as a part of the model, to what takes parts out; None: to nobody."""
        self._taker = taker
        self.set_trait("gives_parts", taker is not None)

    def _give_part(self, *, is_layer: bool) -> None:
        """Give the unit that is shown, or its layer, where it is one; what is refused is said here."""
        shown = self._shown
        part = part_of_view(shown.stream, shown.layer, shown.unit, self._model)
        if is_layer:
            part = f"layer {shown.layer}" if self._layers[shown.stream] else None
        if part is None or self._taker is None:
            return
        error = ""
        try:
            self._taker(part)
        except t.TraitError as refused:
            error = in_words(refused)
        with self._settling():
            self.error, self.error_at = error, ""

    # ---- from a gesture to a view ----

    def _ask(self, _change: object = None) -> None:
        """Have the worker look; handlers themselves never run the model. Another layer is in the view already."""
        request = self._request()
        if request == self._asked:
            return
        is_at_rest = self._asked == self._shown
        if is_at_rest and request == replace(self._shown, layer=request.layer) and self._has(request):
            self._asked = self._shown = request
            with self._settling():
                self.error = self.error_at = ""
            return
        self._asked = request
        with self._settling():
            self.start, self.layer, self.running = request.start, request.layer, True
        self._report("asked")
        self._runner.submit(self, partial(self._work, request))

    def _request(self) -> _Request:
        """What the traits ask for. It depends on what was asked before, and not on how far the worker has come.

        Another stream, asked for without a unit of its own, leaves the unit open: the one that stands out there, and
        a layer that it has. Another text begins at its start.
        """
        asked = self._asked
        request = _Request(*(getattr(self, name) for name in ASKED), query=self.selected if self._is_attention else -1)
        if request.text != asked.text and request.start == asked.start:
            request = replace(request, start=0)
        layers = self._layers.get(request.stream, ())
        if request.stream != asked.stream and request.layer == asked.layer and layers and request.layer not in layers:
            request = replace(request, layer=layers[0])
        is_moved = self._unit_is_asked or self.unit != (asked.unit if self._left_open is None else self._left_open)
        self._unit_is_asked = False
        if not is_moved and (request.stream != asked.stream or self._left_open is not None):
            self._left_open = self.unit
            return replace(request, unit=OPEN)
        self._left_open = None
        return request

    @property
    def _is_attention(self) -> bool:
        return self.stream == PATTERN

    def _work(self, request: _Request) -> Steps:
        try:
            shown = self._settled(request)
            found = self._look(shown)
        except Exception as error:
            at = next((name for name in ASKED if _differ(name, request, self._shown)), "")
            self._adopt(request, self._shown, None, error=in_words(error), error_at=at)
        else:
            self._adopt(request, shown, found, error="", error_at="")
        yield

    def _adopt(self, request: _Request, shown: _Request, found: Any, **told: str) -> None:
        """Answer a request in one message; what was asked in the meantime keeps its place.

        After an error the widget asks again for what it shows, so that the next gesture starts from there.
        """
        with self._settling():
            if found is not None:
                is_new = _differ("text", shown, self._shown)
                page, numbers, self._values, self._other = found
                self._shown = shown
                self.set_trait("page", page)  # the same tokens are not sent again
                self.set_trait("numbers", numbers)
                if is_new and (self._kept_for != shown.text or self.selected >= page["total"]):
                    self.selected = -1
                self._kept_for = None
            if self._asked == request and self.selected >= self.page["total"]:
                self.selected = -1  # meant a text that could not be read
            for name, words in told.items():
                self.set_trait(name, words)
            if self._asked == request:
                self._asked, self._left_open, self.running = self._shown, None, False
                for name in ASKED:
                    setattr(self, name, getattr(self._shown, name))
            is_answer = self._asked == self._shown
        if is_answer:
            self._report("refused" if found is None else "shown")

    def _settled(self, request: _Request) -> _Request:
        """With the unit that stands out, where it was left open."""
        if request.unit != OPEN:
            return request
        reading = self._reading(request.text, request.stream)
        return replace(request, unit=reading.standout(self._row_of(request)))

    def _look(self, request: _Request) -> tuple[dict[str, Any], dict[str, Any], torch.Tensor, Any]:
        """The tokens and numbers of a request, the values behind them, and those of the other text with what is where.

        Raises:
            ValueError: for what does not exist.
        """
        reading = self._reading(request.text, request.stream)
        if not self._has(request):
            raise ValueError(self._no_layer(request.stream, request.layer))
        if not 0 <= request.unit < reading.width:
            raise ValueError(f"There is no {reading.noun} {request.unit}; choose 0 to {reading.width - 1}.")
        total = reading.tokens.ids.shape[1]
        if request.start >= total:
            raise ValueError(f"There is no token {request.start}; there are 0 to {total - 1}.")
        query = request.query if 0 <= request.query < total else total - 1
        values = reading.values(request.unit, query)
        part = slice(request.start, request.start + PAGE)
        extent, compared = reading.extent(values), None
        page = {"start": request.start, "total": total, **self._tokens_of(reading, part), "other": None}
        numbers: dict[str, Any] = {"other": None}
        if request.against:
            beside = self._reading(request.against, request.stream)
            theirs = beside.values(request.unit, min(query, beside.tokens.ids.shape[1] - 1))
            pairs = self._paired(request, reading, beside)
            compared = theirs, pairs
            page["other"] = {**self._tokens_of(beside, part), "total": beside.tokens.ids.shape[1]}
            local = [i - part.start if part.start <= i < part.stop else -1 for i in pairs[part]]
            numbers["other"] = {
                "values": to_wire(theirs[:, part], "float16"),
                "pairs": to_wire(torch.tensor(local), "int32"),  # -1: stands on another page, or nowhere
            }
            apart = _difference(values, *compared)[:, reading.first :].nan_to_num()
            numbers["apart"] = float(apart.abs().max()) if apart.numel() else 0.0
            extent = max(extent, beside.extent(theirs))
        self._looks += 1
        numbers |= {
            "number": self._looks,
            "stream": request.stream,
            "noun": reading.noun,
            "unit": request.unit,
            "name": reading.name(request.unit),
            "width": reading.width,
            "signed": reading.signed,
            "layers": list(self._layers[request.stream]),
            "maximum": self._maximum(request.unit) if request.stream == FEATURES else None,
            "extent": extent,
            "query": query if request.stream == PATTERN else -1,
            "values": to_wire(values[:, part], "float16"),
            "tops": self._carried(reading, request, query, part),
        }
        return page, numbers, values, compared

    def _paired(self, request: _Request, reading: Reading, beside: Reading) -> list[int]:
        """Which token of the other text stands in the place of each; another unit does not pair them again."""
        texts = request.text, request.against
        if self._pairs[0] != texts:
            self._pairs = texts, aligned(reading.tokens.ids[0].tolist(), beside.tokens.ids[0].tolist())
        return self._pairs[1]

    def _tokens_of(self, reading: Reading, page: slice) -> dict[str, Any]:
        pieces = reading.pieces[page]
        first, last = page.start, page.start + len(pieces)
        return {
            "bos": reading.tokens.bos and page.start == 0,
            "pieces": pieces,
            "groups": [[a - first, b - first] for a, b in reading.groups if a >= first and b <= last],
            "ids": to_wire(reading.tokens.ids[0, page], "int32"),
        }

    def _carried(self, reading: Reading, request: _Request, query: int, page: slice) -> dict[str, Any] | None:
        """The strongest units at every layer and token of a page, where they are few."""
        rows = len(self._layers[request.stream]) or 1
        n = reading.tokens.ids[0, page].shape[0]
        if rows * n * LISTED > CARRIED:
            return None
        return self._tops(reading, request, query, range(rows), page.start, page.start + n, LISTED)

    def _tops(
        self, reading: Reading, request: _Request, query: int, rows: range, start: int, stop: int, most: int
    ) -> dict[str, Any]:
        """The strongest units at some layers and tokens, [L, T, K], and the features there."""
        found = [reading.strongest(row, start, stop, most=most, query=query) for row in rows]
        units = torch.stack([units for units, _ in found])
        tops = {"units": to_wire(units, "int32"), "values": to_wire(torch.stack([v for _, v in found]), "float16")}
        if request.stream in (LOGITS, "head_out"):
            tops["names"] = {str(unit): reading.name(unit) for unit in units.unique().tolist()}
        if self._sae is not None and request.stream != FEATURES:
            features = self._reading(request.text, FEATURES)
            units, values = features.strongest(0, start, stop, most=LISTED, query=-1)
            tops |= {"features": to_wire(units, "int32"), "activations": to_wire(values, "float16")}
        return tops

    # ---- what is asked for as it is looked at ----

    def _receive(self, content: dict[str, Any]) -> None:
        """A tile of the strongest units, a whole attention pattern, or another stream; what is malformed is dropped."""
        stream, unit = content.get("stream"), content.get("unit")
        if content["kind"] == "ablate":
            self._give_part(is_layer=content.get("what") == "layer")
        if content["kind"] == "show" and isinstance(stream, str) and type(unit) is int and 0 <= unit <= LAST:
            self.show(stream, unit=unit)
        wish = _wish(content)
        if wish is not None and wish.number == self.numbers["number"]:
            self._runner.submit((self, wish.kind), partial(self._answer, wish))

    def _answer(self, wish: _Wish) -> Steps:
        try:
            if wish.number == self.numbers["number"]:
                self._send_found(wish)
        except Exception as error:
            with self._settling():
                self.error, self.error_at = in_words(error), ""
        yield

    def _send_found(self, wish: _Wish) -> None:
        """Send what was wished for, if it exists."""
        shown, view = self._shown, self.view
        reading = self._reading(shown.text, shown.stream)
        if not 0 <= wish.row < max(1, len(view["layers"])):
            return
        place = {"kind": wish.kind, "number": wish.number, "row": wish.row}
        if wish.kind == "map" and isinstance(reading, Patterns):
            page = slice(view["start"], view["start"] + PAGE)
            self._send_arrays(place, {"map": _lower(reading.whole(wish.row, shown.unit)[page, page])})
        elif wish.kind == "tops" and 0 <= wish.first < wish.behind <= len(view["pieces"]):
            start, stop = view["start"] + wish.first, view["start"] + wish.behind
            tops = self._tops(reading, shown, view["query"], range(wish.row, wish.row + 1), start, stop, LISTED)
            names = tops.pop("names", {})
            self._send_arrays({**place, "first": wish.first, "behind": wish.behind, "names": names}, tops)

    def _send_arrays(self, content: dict[str, Any], arrays: dict[str, Any]) -> None:
        """A message with arrays, their bytes beside it in the same order."""
        about = {name: {key: part for key, part in wire.items() if key != "data"} for name, wire in arrays.items()}
        self.send({**content, "arrays": about}, [wire["data"] for wire in arrays.values()])

    def _exported(self) -> dict[str, Any]:
        """As it is shown, with the strongest units at all tokens; of features all that are on: any can be shown."""
        shown, view = self._shown, self.view
        reading = self._reading(shown.text, shown.stream)
        rows, start = len(self._layers[shown.stream]) or 1, view["start"]
        most = reading.features.values.shape[-1] if shown.stream == FEATURES else LISTED
        tops = self._tops(reading, shown, view["query"], range(rows), start, start + len(view["pieces"]), most)
        numbers = dict(self.numbers) | {"tops": tops}
        if shown.stream == FEATURES:
            numbers["maxima"] = {str(f): float(self._sae.maxima[f]) for f in reading.features.indices.unique().tolist()}
            if shown.against:
                beside = self._reading(shown.against, FEATURES)
                stop = start + len(view["other"]["pieces"])
                their_tops = self._tops(beside, shown, -1, range(1), start, stop, most)
                numbers["other"] = {**numbers["other"], "tops": their_tops}
        if isinstance(reading, Patterns):
            page = slice(start, start + PAGE)
            numbers["maps"] = [_lower(reading.whole(row, shown.unit)[page, page]) for row in range(rows)]
        return {**{name: getattr(shown, name) for name in ASKED}, "numbers": numbers}

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page."""
        if self._runner is not None:
            for kind in ("tops", "map"):
                self._runner.cancel((self, kind))
        super().close()

    # ---- what is read, and what exists ----

    def _reading(self, text: str, stream: str) -> Reading:
        """Another unit or layer of the same text and stream does not run the model again."""
        if stream not in self._layers:
            raise ValueError(f"There is no stream {stream!r}; choose one of: {', '.join(self._layers)}.")
        key = (text, stream)
        with self._reads:  # the worker and a cell may both want to look
            if key not in self._readings:
                self._readings[key] = read(self._model, self._sae, text, stream, self._layers[stream])
                while len(self._readings) > READINGS:
                    self._readings.popitem(last=False)
            self._readings.move_to_end(key)
            return self._readings[key]

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
        self,
        text: str,
        against: str,
        *,
        site: str | None,
        layer: int | None,
        unit: int | None,
        feature: int | None,
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
        given = next((index(given) for given in (feature, unit) if given is not None), OPEN)
        if (given < 0 and given != OPEN) or (given == OPEN and (feature, unit) != (None, None)):
            noun = self._reading(text, stream).noun
            raise ValueError(f"There is no {noun} {given}; choose 0 to {self._reading(text, stream).width - 1}.")
        return self._settled(_Request(text, against, stream, at, given, 0))

    def _title(self) -> str:
        view, layer = self.view, self._shown.layer
        site = f"{view['stream']}.{layer}" if view["layers"] else view["stream"]
        name = f" {view['name']!r}" if view["name"] else ""
        where = "" if view["stream"] == FEATURES else f" of {site}"
        return f"{view['noun'].capitalize()} {view['unit']}{name}{where}"

    def _row(self) -> int:
        return self._row_of(self._shown)

    def _row_of(self, request: _Request) -> int:
        layers = self._layers[request.stream]
        return layers.index(request.layer) if request.layer in layers else 0


@dataclass(frozen=True)
class _Request:
    text: str
    against: str
    stream: str
    layer: int
    unit: int
    start: int
    query: int = field(default=-1, kw_only=True)


@dataclass(frozen=True)
class _Wish:
    """What the browser wants to look at: tokens first to behind of a page, at one layer of the view of that number."""

    kind: str
    number: int
    row: int
    first: int
    behind: int


def _wish(content: dict[str, Any]) -> _Wish | None:
    """A message of the browser, if it is a wish."""
    names = ("number", "row", "first", "behind")
    numbers = [content.get(name, 0) for name in names]
    if content["kind"] not in ("tops", "map") or any(type(number) is not int for number in numbers):
        return None
    return _Wish(content["kind"], *numbers)


def _lower(pattern: torch.Tensor) -> dict[str, Any]:
    """A pattern without what is above its diagonal, row after row: no token attends to those that come later."""
    rows, columns = torch.tril_indices(*pattern.shape).unbind()
    return to_wire(pattern[rows, columns], "float16")


def _differ(name: str, a: _Request, b: _Request) -> bool:
    return getattr(a, name) != getattr(b, name)


def _difference(values: torch.Tensor, others: torch.Tensor, pairs: list[int]) -> torch.Tensor:
    """Values minus those in the same place of another text, [L, T]; NaN where there is none."""
    place = torch.tensor(pairs)
    apart = values - others[:, place.clamp(min=0)]
    apart[:, place < 0] = torch.nan
    return apart
