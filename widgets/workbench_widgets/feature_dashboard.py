"""Every feature of a dictionary: what it means and what speaks for it; searched, browsed, compared, tried on texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import index as whole
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import traitlets as t
from anywidget import WidgetTrait

from workbench.estimates import Estimate, digits, grouped
from workbench.tokens import aligned, decoded

from ._array import to_wire
from ._cards import apart, effects_on, logits_to_browser, spelled, to_browser
from ._export import page
from ._frontend import LAST, Frontend, in_words, source_of
from ._picture import Picture
from ._reading import FEATURES, SparseFeatures, read
from ._runner import Runner, Steps, runner_of

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Model

GROUPS = ("top", "quantile", "interval", "near", "negative")
"""Of examples: the strongest, by parts of equally many firings, by parts of equal width, nearly, not at all."""
FORMS = ("raw", "folded", "measured")
"""Of logits: from the weights as they are, with the final norm's gain, or from ablations in contexts."""
SOURCES = ("words", "token", "concept", "list")
"""What a search looks at: labels and notes, what features fire on, known concepts, a list by its name."""
FOUND = 50
"""How many features a search lists."""
AHEAD = 16
"""How many cards the browser may ask for at once."""
NAMED = 20_000
"""So many labels travel with a map."""
CARRIED = 64
"""So many features at a token of the typed text travel to the browser, the strongest."""
EXPORTED = 64
"""So many cards an export holds if none are named."""
Look = Callable[[], Callable[[], None]]
"""What takes time; it gives what then shows what came of it."""
VERBS = ("label", "note", "keep", "drop")
"""What a person can write down about a feature."""


class FeatureDashboard(Frontend):
    """A feature at a time: a third for its meaning, two thirds for the evidence, and ways to the next one.

    The colours of tokens run from 0 to the feature's largest activation in the index's text; of two features that are
    compared, to the larger of the two. What needs the model (a text of your own, logits) is there if the index has it;
    all else is read from the index.

    Args:
        model: what reads a text that is typed; None for the index's own.
        sae: the dictionary of the index; None for the index's own.
        index: what was found of every feature, see `workbench.explore.index`; opened without a model, it can be browsed
            and searched, and nothing can be tried.
        feature: which to show first; the first that ever fires if none is named.
        text: one to colour by the feature, and to rank the features that fire in it.
        against: another feature beside it, on one scale.

    Attributes:
        feature, against, text: what is shown; assign another. `against` is -1 for none, `text` "" for none.
        group: which examples: "top", "quantile", "interval", "near" or "negative".
        form: which logits: "raw", "folded" or "measured".
        by, query: what was searched for, and where: "words", "token", "concept" or "list".
        picked: [example, piece]: a token of an example that is looked at; [] for none.
        selected: the pinned token of the typed text, -1 for none.
        neuron: one that heatmaps of the same bench are asked to show, "mlp_act.1.17"; "" for none.
        steered: the features that have a slider in the bench's steering panel; None where there is nothing to steer.
        panel: a steering panel that stands in the dashboard, because it was made by its button.
        card: what is shown, as it travels to the browser.

    Raises:
        ValueError: a model or dictionary that is not the index's, or a text without a model.
        TraitError: a feature that does not exist.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import FeatureDashboard
        >>> index = wb.explore.open()
        >>> dashboard = FeatureDashboard(index.model, index.sae, index, feature=942)
        >>> dashboard.card["feature"]
        942
        >>> dashboard.feature = 7
        >>> dashboard.wait().card["feature"]
        7
    """

    _esm = Path(__file__).parent / "static" / "feature_dashboard.js"
    _css = Path(__file__).parent / "static" / "feature_dashboard.css"
    gestures = recorded = ("feature", "against", "text", "selected", "picked", "group", "form", "by", "query", "neuron")
    links = {"feature": "feature", "text": "text", "token": "selected"}  # noqa: RUF012 (declared once, in Frontend)

    feature = t.Int(0, min=0, max=LAST).tag(sync=True)
    against = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    text = t.Unicode("").tag(sync=True)
    selected = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    picked = t.List(t.Int(min=0, max=LAST), maxlen=2).tag(sync=True)
    group = t.Enum(GROUPS, "top").tag(sync=True)
    form = t.Enum(FORMS, "folded").tag(sync=True)
    by = t.Enum(SOURCES, "words").tag(sync=True)
    query = t.Unicode("").tag(sync=True)
    neuron = t.Unicode("").tag(sync=True)
    linked = t.Bool(False, read_only=True).tag(sync=True)
    steered = t.List(t.Int(), default_value=None, allow_none=True, read_only=True).tag(sync=True)
    panel = WidgetTrait().tag(sync=True)

    about = t.Dict(read_only=True).tag(sync=True)
    card = t.Dict(read_only=True).tag(sync=True)
    other = t.Dict(read_only=True).tag(sync=True)
    here = t.Dict(read_only=True).tag(sync=True)
    found = t.Dict(read_only=True).tag(sync=True)
    lists = t.Dict(read_only=True).tag(sync=True)
    working = t.List(t.Unicode(), read_only=True).tag(sync=True)
    verb = t.Tuple(read_only=True)

    def __init__(
        self,
        model: Model | None,
        sae: Dictionary | None,
        index: Any,
        feature: int | None = None,
        text: str | None = None,
        *,
        against: int | None = None,
    ) -> None:
        self._model, self._sae = _owned(index.model, model, "model"), _owned(index.sae, sae, "dictionary")
        self._index = index
        self._attach(index if self._model is None else self._model)
        self._clerk: Runner = runner_of(index)
        self._clerk.open(self)
        self._busy: dict[str, int] = {}
        self._asked = 0
        self._seen: list[int] = []
        self._logits: dict[tuple[int, str], dict[str, Any]] = {}
        self._good = {"text": "", "by": "words", "query": ""}
        self._picked_of = -1
        self._place: tuple[str, list[int]] | None = None
        self._map: dict[str, Any] | None = None
        self._maps = _Maps()
        if text and not self.is_live:
            raise ValueError("a text needs a model that reads it: open the index with model= and sae=, or give no text")
        alive = index.alive
        first = whole(feature) if feature is not None else int(alive[0]) if len(alive) else 0
        self._check("feature", first)
        self._check("against", -1 if against is None else whole(against))
        self._card = index[first]
        super().__init__(
            feature=first,
            against=-1 if against is None else whole(against),
            provenance=_source(self._model, self._sae, index),
        )
        self.set_trait("about", self._about(alive))
        self._look_at_cards([f for f in (self.feature, self.against) if f >= 0])()
        self.set_trait("lists", self._lists())
        if text:
            self._read_text(text)()
            self.text = text
        self.observe(self._take_feature, "feature")
        self.observe(self._ask_cards, ["feature", "against", "form"])
        self.observe(self._ask_text, "text")
        self.observe(self._ask_list, ["by", "query"])

    @property
    def is_live(self) -> bool:
        """Whether there is a model that can read a text."""
        return self._model is not None and self._sae is not None

    # ---- what may be set ----

    @t.validate("feature")
    def _valid_feature(self, proposal: dict[str, Any]) -> int:
        return self._check("feature", proposal["value"])

    @t.validate("against")
    def _valid_against(self, proposal: dict[str, Any]) -> int:
        return self._check("against", proposal["value"])

    def _check(self, name: str, feature: int) -> int:
        if feature >= self._index.width or feature < (-1 if name == "against" else 0):
            last, none = self._index.width - 1, ", and -1 for none" if name == "against" else ""
            raise t.TraitError(f"{name}: there is no feature {feature}; there are 0 to {last}{none}")
        return feature

    @t.validate("text")
    def _valid_text(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] and not self.is_live:
            raise t.TraitError("text: this index has no model that reads it; open it with model= and sae=")
        return proposal["value"]

    @t.validate("form")
    def _valid_form(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] not in (offered := self._forms()):
            raise t.TraitError(f"form: {proposal['value']!r} needs the model; there are {', '.join(offered)}")
        return proposal["value"]

    @t.validate("neuron")
    def _valid_neuron(self, proposal: dict[str, Any]) -> str:
        site, _, number = proposal["value"].rpartition(".")
        is_there = self._model is not None and site.startswith("mlp_act.") and site in self._model.sites()
        is_there = is_there and number.isdecimal() and len(number) < 10 and int(number) < self._model.width(site)
        if proposal["value"] and not is_there:
            raise t.TraitError(f"neuron: there is no {proposal['value']!r}; give a site and a number, 'mlp_act.1.17'")
        return proposal["value"]

    @t.validate("selected")
    def _valid_selected(self, proposal: dict[str, Any]) -> int:
        """A token of the typed text; of one that is still being read, it is seen to when it is there."""
        n = len(self.here.get("pieces", ()))
        if "text" not in self._busy and proposal["value"] >= n:
            raise t.TraitError(f"selected: there is no token {proposal['value']}; the text has {n}, and -1 is none")
        return proposal["value"]

    @t.validate("picked")
    def _valid_picked(self, proposal: dict[str, Any]) -> list[int]:
        picked = list(proposal["value"])
        if picked == []:
            return picked
        examples = self._present().examples
        if len(picked) != 2 or picked[0] >= len(examples) or picked[1] >= len(examples[picked[0]].ids):
            raise t.TraitError(
                f"picked: {picked} is no token of an example; feature {self.feature} has {len(examples)} examples: "
                "give [example, piece], and [] for none"
            )
        self._picked_of = self.feature
        return picked

    def pick(self, example: int, token: int | None = None) -> None:
        """Look at an example: at its firing token, or at another piece of what is shown of it.

        In a bench its text is selected then, from the first piece that the index holds of it.
        """
        examples = self._present().examples
        at = token if token is not None else examples[example].at if 0 <= example < len(examples) else 0
        self.picked = [whole(example), whole(at)]

    # ---- what is written down ----

    def label(self, feature: int, text: str) -> None:
        """Say what a feature means; earlier labels stay in the index."""
        self._index.label(self._check("feature", whole(feature)), text, how="by hand")
        self._written("label", feature, text)

    def note(self, feature: int, text: str) -> None:
        """Write something down about a feature."""
        self._index.note(self._check("feature", whole(feature)), text)
        self._written("note", feature, text)

    def keep(self, name: str, feature: int) -> None:
        """Put a feature on a list of that name."""
        self._index.notes.keep(name, [self._check("feature", whole(feature))])
        self._written("keep", name, feature)

    def drop(self, name: str, feature: int) -> None:
        """Take a feature off a list."""
        self._index.notes.drop(name, [self._check("feature", whole(feature))])
        self._written("drop", name, feature)

    def _written(self, verb: str, *given: Any) -> None:
        """Tell of what was written, and show it."""
        lists = self._lists()
        with self._settling():
            self.set_trait("lists", lists)
            self.set_trait("verb", (verb, tuple(given)))
            self.error = self.error_at = ""
            self._ask_cards()
            if self.by == "list" and verb in ("keep", "drop"):
                self._ask_list()

    def _lists(self) -> dict[str, list[int]]:
        return {name: list(features) for name, features in self._index.notes.lists().items()}

    # ---- in a Bench ----

    def says(self, name: str) -> dict[str, Any]:
        """What a change of one of its traits says about a shared selection."""
        if name == "feature":
            return {"feature": self.feature}
        if name == "text":
            return {"text": self.text} if self.text else {}
        if name == "selected":
            return {"token": None if self.selected < 0 else self.selected}
        if name == "picked":
            return self._says_picked()
        if name == "neuron" and self.neuron:
            return {"site": self.neuron.rpartition(".")[0]}
        return {}

    def _says_picked(self) -> dict[str, Any]:
        """The text of the example, the token in it, and which example it is."""
        if not self.picked:
            return {"example": None}
        number, place = self.picked
        example = self._present().examples[number]
        self._place = None if self._model is None else _as_read(self._model, example)
        if self._place is None:
            return {"example": number}
        text, places = self._place
        return {"text": text, "token": places[place] if places[place] >= 0 else None, "example": number}

    def follow(self, name: str, value: Any, *, freely: bool) -> None:
        """Show what a shared selection says, as far as it concerns this widget."""
        if name == "feature" and value is not None and value < self._index.width:
            self.feature = value
        elif name == "text" and value is not None and self.is_live:
            self._place = self._place if self._place is not None and self._place[0] == value else None
            if self._place is None:
                self.text = value
        elif name == "token":
            self._follow_token(value)
        elif name == "example":
            examples = self._present().examples
            if value is None:
                self.picked = []
            elif value < len(examples) and self.picked[:1] != [value]:
                self.picked = [value, examples[value].at]

    def _follow_token(self, token: int | None) -> None:
        """In the example that is picked, if the selected text is its; else in the typed text."""
        if self._place is not None and self.picked:
            places = self._place[1]
            if token in places:
                self.picked = [self.picked[0], places.index(token)]
        elif token is None or "text" in self._busy or token < len(self.here.get("pieces", ())):
            self.selected = -1 if token is None else token

    def give_features(self, steer: Callable[[int], None], panels: Sequence[Frontend]) -> None:
        """Let a button give the feature that is shown to the last of some steering panels, or to one made for it."""
        self._steer = steer
        with self._settling():
            self.set_trait("steered", list(panels[-1].features) if panels else [])
            if self.panel not in (None, *panels):
                self.panel = None

    _steer: Callable[[int], None] | None = None

    # ---- from a gesture to a card ----

    def _present(self) -> Any:
        """The card of the feature that is asked for, even if it has not come to be shown."""
        if self._card.feature != self.feature:
            self._card = self._index[self.feature]
        return self._card

    def _take_feature(self, _change: object) -> None:
        """Another feature has other examples, unless one of its own was picked with it."""
        if self.picked and self._picked_of != self.feature:
            with self._settling():
                self.picked = []

    def _ask_cards(self, _change: object = None) -> None:
        """Have the cards read; until then the browser shows those that it was sent ahead."""
        shown = [feature for feature in (self.feature, self.against) if feature >= 0]
        self._submit("cards", partial(self._look_at_cards, shown), on=self._clerk)
        unmeasured = [feature for feature in shown if (feature, "measured") not in self._logits]
        if self.form == "measured" and unmeasured:
            self._submit("logits", partial(self._measure, unmeasured), on=self._runner, at="form")

    def _look_at_cards(self, features: Sequence[int]) -> Callable[[], None]:
        """Read the cards of what is shown, one or two."""
        cards = [self._index[feature] for feature in features]
        wires = [self._wire(card) for card in cards]

        def show() -> None:
            self._card = cards[0]
            self.set_trait("card", wires[0])
            self.set_trait("other", wires[1] if len(wires) > 1 else {})
            self._seen = [*[f for f in self._seen if f != features[0]], features[0]][-EXPORTED:]

        return show

    def _wire(self, card: Any) -> dict[str, Any]:
        """A card as it travels, with its logits in the form that is looked at, as far as it is known or quick."""
        names = [name for name, features in self._index.notes.lists().items() if card.feature in features]
        wire = to_browser(card, model=self._model, lists=names)
        if self.form == "raw" and self.is_live:
            self._logits_of(card.feature, "raw")
        wire["logits"] |= {form: self._logits[key] for form in FORMS if (key := (card.feature, form)) in self._logits}
        if self.is_live:
            self._add_effects(wire)
        return wire

    def _add_effects(self, wire: dict[str, Any]) -> None:
        """What the feature does to the logits of all tokens that stand in its examples, in the order of their texts."""
        ids = [int(token) for token in wire["pieces"]]
        for form in wire["logits"].keys() & {"raw", "folded"}:
            wire["logits"][form] = {
                **wire["logits"][form],
                "effects": effects_on(self._index, wire["feature"], form, ids),
            }

    def _forms(self) -> tuple[str, ...]:
        return FORMS if self.is_live else ("folded",)

    def _logits_of(self, feature: int, form: str) -> dict[str, Any]:
        key = (feature, form)
        if key not in self._logits:
            self._logits[key] = logits_to_browser(self._index.logits(feature, form=form))
        return self._logits[key]

    def _measure(self, features: Sequence[int]) -> Callable[[], None]:
        """Measure the logits of features, and show them."""
        for feature in features:
            self._logits_of(feature, "measured")
        return self._ask_cards

    # ---- a text of one's own ----

    def _ask_text(self, change: object = None) -> None:
        if change is None or not self.is_settling:  # one that goes back is there already
            self._submit("text", partial(self._read_text, self.text), on=self._runner, at="text", goes_back=("text",))

    def _read_text(self, text: str) -> Callable[[], None]:
        """What fires in a text, at which tokens, and the features ranked by it."""
        reading = read(self._model, self._sae, text, FEATURES, ()) if text else None
        here = {} if reading is None else self._here(text, reading)

        def show() -> None:
            self._good["text"] = text
            self.set_trait("here", here)
            if self.selected >= len(here.get("pieces", ())):
                self.selected = -1

        return show

    def _here(self, text: str, reading: SparseFeatures) -> dict[str, Any]:
        units, values = reading.strongest(0, 0, reading.tokens.ids.shape[1], most=CARRIED, query=-1)
        values[: reading.first] = 0  # BOS is none of the text
        return {
            "text": text,
            "bos": reading.tokens.bos,
            "pieces": reading.pieces,
            "groups": reading.groups,
            "ids": to_wire(reading.tokens.ids[0], "int32"),
            "units": to_wire(units, "int32"),
            "values": to_wire(values, "float16"),
            "rows": [row_of_search(row) for row in self._index.on_text(text, most=FOUND).to_dict("records")],
        }

    # ---- searching ----

    def search(self, query: str, by: str = "words") -> None:
        """List the features that a query finds: `by` "words", "token", "concept", or "list"."""
        with self.hold_trait_notifications():
            self.by, self.query = by, query

    def _ask_list(self, change: object = None) -> None:
        if change is None or not self.is_settling:
            look = partial(self._find, self.by, self.query)
            self._submit("list", look, on=self._clerk, at="query", goes_back=("by", "query"))

    def _find(self, by: str, query: str) -> Callable[[], None]:
        rows = self._rows(by, query) if query.strip() else []

        def show() -> None:
            self._good |= {"by": by, "query": query}
            self.set_trait("found", {"by": by, "query": query, "rows": rows} if query.strip() else {})

        return show

    def _rows(self, by: str, query: str) -> list[dict[str, Any]]:
        if by == "list":
            lists = self._index.notes.lists()
            if query not in lists:
                raise ValueError(f"there is no list {query!r}; there are: {', '.join(lists) or 'none yet'}")
            return [row_of_search(row) for row in self._index.table(lists[query]).to_dict("records")]
        ways = {"words": self._index.search, "token": self._index.on_token, "concept": self._index.on_concept}
        return [row_of_search(row) for row in ways[by](query, most=FOUND).to_dict("records")]

    # ---- what the browser asks for ----

    def _receive(self, content: dict[str, Any]) -> None:
        """Cards ahead, the map, or something to write down; what is malformed is dropped."""
        kind = content["kind"]
        if kind == "cards" and (wanted := self._existing(content.get("features"))):
            self._clerk.submit((self, "ahead"), partial(self._send_ahead, wanted))
        elif kind == "steer" and self._steer is not None and self._existing([content.get("feature")]):
            try:
                self._steer(content["feature"])
            except ValueError as error:
                with self._settling():
                    self.error, self.error_at = in_words(error), "steer"
        elif kind == "map":
            self._submit("map", self._look_at_map, on=runner_of(self._maps))
        elif kind in VERBS:
            self._write_down(kind, content)

    def _existing(self, features: object) -> list[int]:
        if not isinstance(features, list) or len(features) > AHEAD:
            return []
        return [f for f in features if type(f) is int and 0 <= f < self._index.width]

    def _send_ahead(self, features: Sequence[int]) -> Steps:
        """Cards that the next keys may ask for, a message each."""
        for feature in features:
            try:
                wire = self._wire(self._index[feature])
            except Exception:  # it is asked for again, and then its error is told, when it is shown
                continue
            self._send_apart({"kind": "card", "card": wire})
            yield

    def _write_down(self, kind: str, content: dict[str, Any]) -> None:
        feature, text = content.get("feature"), content.get("text")
        if type(feature) is not int or not 0 <= feature < self._index.width or not isinstance(text, str):
            return
        given = (feature, text) if kind in ("label", "note") else (text, feature)
        self._clerk.submit((self, "write", kind, feature), partial(self._work_write, kind, given))

    def _work_write(self, kind: str, given: tuple[Any, ...]) -> Steps:
        try:
            getattr(self, kind)(*given)
        except Exception as error:
            with self._settling():
                self.error, self.error_at = in_words(error), kind
        yield

    def _look_at_map(self) -> Callable[[], None]:
        mapped = self._mapped()
        return lambda: self._send_apart({"kind": "map", "map": mapped})

    def _mapped(self) -> dict[str, Any]:
        """All features as points, the method that placed them, and their labels if they are not too many."""
        if self._map is None:
            places, method = self._index.map()
            names = self._index.table()["label"] if self._index.width <= NAMED else ()
            labels = {str(feature): name for feature, name in enumerate(names) if name}
            self._map = {"method": method, "places": to_wire(places, "float32"), "labels": labels}
        said = {str(feature): label.text for feature, label in self._index.notes.best().items()}
        return {**self._map, "labels": self._map["labels"] | said}

    def _send_apart(self, content: dict[str, Any]) -> None:
        buffers: list[Any] = []
        self.send(apart(content, buffers), buffers)

    # ---- its work ----

    def _submit(
        self,
        kind: str,
        look: Callable[[], Callable[[], None]],
        *,
        on: Runner,
        at: str = "",
        goes_back: Sequence[str] = (),
    ) -> None:
        """Have work done, instead of what was asked for before of the same kind.

        Args:
            kind: of work.
            look: what is done; see `Look`.
            on: the worker.
            at: where an error is told.
            goes_back: the traits that go back to what they were if it cannot be; a Bench is told how it goes, for
                other things follow from them.
        """
        with self._turn():
            self._asked += 1
            self._busy[kind] = self._asked
            self._tell_work()
            if goes_back:
                self._report("asked")
            on.submit((self, kind), partial(self._work, kind, self._asked, look, at, goes_back))

    def _work(self, kind: str, number: int, look: Look, at: str, goes_back: Sequence[str]) -> Steps:
        """Look, and show it, unless something else was asked for meanwhile; an error is told where the hand was."""
        show, words = None, ""
        try:
            show = look()
        except Exception as error:
            words = in_words(error)
        with self._turn():
            if self._busy.get(kind) == number:
                del self._busy[kind]
                with self._settling():
                    if words or self.error_at == at:
                        self.error, self.error_at = words, at if words else ""
                    if show is not None:
                        show()
                    else:
                        for name in goes_back:
                            setattr(self, name, self._good[name])
                    self._tell_work()
                if goes_back:
                    self._report("refused" if show is None else "shown")
                self._runner.turn.notify_all()
        yield

    def _tell_work(self) -> None:
        """What is being worked on; a card is there at once, so a hand that is faster was not hasty."""
        with self._settling():
            self.set_trait("working", sorted(self._busy.keys() - {"cards"}))
            self.running = self.working != []

    def wait(self, timeout: float = 60) -> FeatureDashboard:
        """Block until the widget shows what was last asked of it.

        Raises:
            TimeoutError: the time ran out first.
        """
        with self._turn():
            if not self._runner.turn.wait_for(lambda: not self._busy, timeout):
                raise TimeoutError(f"not ready after {timeout} s; wait longer, or stop the work with close()")
        return self

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page."""
        if self._runner is not None:
            for runner in {self._runner, self._clerk, runner_of(self._maps)}:
                for kind in ("cards", "logits", "text", "list", "map", "ahead"):
                    runner.cancel((self, kind))
            with self._turn():
                self._busy.clear()
                self._runner.turn.notify_all()
            self._clerk.close(self)
            runner_of(self._maps).stop()
        super().close()

    def _about(self, alive: torch.Tensor) -> dict[str, Any]:
        """What holds for all features."""
        index = self._index
        fires = np.zeros(index.width, bool)
        fires[np.asarray(alive)] = True
        bits = np.packbits(fires, bitorder="little")
        return {
            "width": index.width,
            "tokens": int(index.tokens),
            "texts": int(index.texts),
            "alive": to_wire(np.pad(bits, (0, -len(bits) % 4)).view("int32"), "int32"),
            "concepts": list(index.concepts),
            "forms": list(self._forms()),
            "live": self.is_live,
            "mapped": self._sae is not None,
        }

    # ---- as Python, and without a browser ----

    def code(self) -> str:
        """The Python that shows the same; `model`, `sae` and `index` are yours."""
        model = ("None" if self._model is None else "model") + (", None" if self._sae is None else ", sae")
        text = f", text={self.text!r}" if self.text else ""
        against = f", against={self.against}" if self.against >= 0 else ""
        return f"FeatureDashboard({model}, index, feature={self.feature}{text}{against})"

    def calls(self) -> str:
        """The public calls that give what is shown, without a widget; `index` is yours."""
        shown = [self.feature, *([self.against] if self.against >= 0 else [])]
        calls = [f"index[{feature}]" for feature in shown]
        if self.text:
            calls.append(f"index.activations({self.text!r}, {shown!r})")
        if self.form != "folded":
            calls += [f"index.logits({feature}, form={self.form!r})" for feature in shown]
        return calls[0] if len(calls) == 1 else f"({', '.join(calls)})"

    def summary(self) -> str:
        """What the feature is said to mean, how often it fires, and its strongest examples."""
        with self._turn():
            card = self._present()
            label = f" · {card.label.text}" if card.label is not None else ""
            title = f"Feature {card.feature}{label} · {grouped(int(self._index.tokens))} tokens · {self.provenance}"
            if card.maximum <= 0:
                return f"{title}\n  never on in this text"
            facts = f"  on at {digits(100 * card.density.value)} % of tokens [{digits(100 * card.density.low)}, "
            facts += f"{digits(100 * card.density.high)}], n {grouped(card.density.n)}; largest {digits(card.maximum)}"
            concepts = [f"  {score.concept}: F1 {score.f1}" for score in card.concepts[:3]]
            return "\n".join([title, facts, *concepts, *map(_line, card.of("top")[:5])])

    def picture(self) -> Picture:
        """The label and the strongest examples in their colours."""
        with self._turn():
            card = self._present()
            title, *facts = [line.strip() for line in self.summary().splitlines()]
            picture = Picture(" · ".join(title.split(" · ")[:2]) if card.label else title.split(" · ")[0])
            if card.maximum <= 0:
                return picture.lines([*facts, title], muted=True)
            picture.lines(facts[: 1 + len(card.concepts[:3])], muted=True)
            picture.legend(card.maximum, "to its largest in the index's text", signed=False)
            for example in card.of("top")[:6]:
                around = slice(max(0, example.at - 8), example.at + 9)
                pieces, _ = spelled(example.ids, example.pieces, self._model)
                picture.tokens(pieces[around], list(example.values[around]), card.maximum, signed=False)
            return picture.lines([self.provenance], muted=True)

    def to_html(
        self, path: str | Path | None = None, *, title: str | None = None, features: Sequence[int] | None = None
    ) -> str | Path:
        """The dashboard as one HTML file that still browses: the cards that go with it need no Python.

        Args:
            path: where to write it, whole or not at all; None to get the text instead.
            title: of the page; the first line of the summary if none is given.
            features: whose cards go with it; if none are named, the present one, what it is compared with, its
                neighbours, what a search has found, and those last looked at.

        Raises:
            ValueError: a feature that does not exist.
        """
        self._finish_work()
        chosen = None if features is None else [self._check("feature", whole(f)) for f in features]
        self._chosen = chosen
        try:
            return page([self], path, title=title or self.summary().splitlines()[0])
        finally:
            self._chosen = None

    _chosen: list[int] | None = None

    def _exported(self) -> dict[str, Any]:
        """The cards that go with an export, and the map."""
        features = list(dict.fromkeys([self.feature, *([self.against] * (self.against >= 0)), *self._taken()]))
        if self.form == "measured":  # no Python will measure those that were not
            features = features[:EXPORTED] if self._chosen is None else features
        cards = [self._wire(self._index[feature]) for feature in features]
        if self.is_live:
            for card in cards:
                card["logits"] |= {form: self._logits_of(card["feature"], form) for form in ("raw", "folded")}
        return {"cards": cards, **({"map": self._mapped()} if self._sae is not None else {})}

    def _taken(self) -> list[int]:
        """Whose cards go with an export beside what is shown."""
        if self._chosen is not None:
            return self._chosen
        related = [
            one.number for one in (*self._present().neighbours, *self._present().correlated) if one.kind == "feature"
        ]
        found = [row["feature"] for row in (*self.found.get("rows", ()), *self.here.get("rows", ()))]
        return list(dict.fromkeys([*related, *reversed(self._seen), *found]))[: EXPORTED - 2]


class _Maps:
    """Whose worker makes maps: one may take minutes, and cards must not wait for it."""


def _as_read(model: Model, example: Any) -> tuple[str, list[int]] | None:
    """The text of an example as a model reads it, and where in it each piece stands, -1 where nowhere."""
    text = "".join(example.pieces)
    try:
        if "\ufffd" in text:
            text = decoded(model.tokenizer, list(example.ids))
        tokens = model.tokens(text)
    except Exception:  # a text that this model does not read is none that could be selected
        return None
    first = 1 if tokens.bos else 0
    ids = tokens.ids[0, first:].tolist()
    places = range(len(ids)) if ids == list(example.ids) else aligned(list(example.ids), ids)
    return text, [place + first if place >= 0 else -1 for place in places]


WHY = ("found", "share", "fires", "f1", "precision", "sensitivity", "activation", "of maximum", "piece", "tokens")
"""Columns of a search that tell why a feature was found."""


def row_of_search(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a search: the feature, its label, and why it was found, in words."""
    why = [_why(name, row[name]) for name in WHY if name in row]
    return {"feature": int(row["feature"]), "label": row["label"], "says": " · ".join(filter(None, why))}


def _why(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value.strip() if name in ("found", "tokens") else f"at “{value.strip()}”"
    if isinstance(value, Estimate):
        return f"{name} {value}"
    return f"{name} {digits(float(value))}"


def _owned(own: Any, given: Any, name: str) -> Any:
    """What the index was opened with; what is given beside must be the same."""
    if given is not None and own is None:
        raise ValueError(f"the index was opened without its {name}: wb.explore.open(path, model=…, sae=…)")
    if given is not None and given is not own and given.hash != own.hash:
        raise ValueError(f"the index is of {name} {own.hash}, and {given.hash} was given beside it; give the same")
    return own


def _line(example: Any) -> str:
    """An example in a line of text, the firing token in angle quotes."""
    before = "".join(example.pieces[max(0, example.at - 8) : example.at])
    after = "".join(example.pieces[example.at + 1 : example.at + 9])
    words = f"{before}«{example.pieces[example.at]}»{after}".replace("\n", "⏎")
    return f"  {example.value:8.3g}  {words}"


def _source(model: Model | None, sae: Dictionary | None, index: Any) -> str:
    """Which weights and which text the numbers come from."""
    text = f"index of {grouped(int(index.tokens))} tokens"
    if model is not None:
        return f"{source_of(model, sae)} · {text}"
    return text if sae is None else f"dictionary {sae.hash} at {sae.site} · {text}"
