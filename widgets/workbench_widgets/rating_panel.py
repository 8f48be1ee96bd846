"""Hypotheses about features and neurons, rated blind from 0 to 3, one example at a time."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets as t

from workbench.estimates import Estimate, digits
from workbench.explore.notes import Notes
from workbench.explore.ratings import RUBRIC, SILENT, agreement, results, sample

from ._cards import spelled
from ._frontend import Frontend, in_words
from ._picture import Picture

if TYPE_CHECKING:
    import pandas as pd

UNRATED, SKIPPED = -1, -2
"""What stands for a score where there is none."""
LONGEST_NAME = 60
"""Characters of a rater's name."""
SEEN = "has seen the results"


class RatingPanel(Frontend):
    """Rate how well a hypothesis fits an example, without knowing what it is an example of.

    The page is not told whether an item is of a feature or a neuron, nor which, nor from which part of its activation
    range, nor whether the unit fires there at all; some examples are ones on which it is silent. Every score is on the
    disk before the next item is shown, so a crash loses nothing: the same call goes on where the rater was. Several
    raters get the same items, each in an order of their own. When all are rated, the results can be seen, and then
    the rater's scores stand as they are.

    Args:
        index: of the features.
        neurons_index: what they are compared with: an index of neurons, or several by name; None for features alone.
        claims: hypotheses by unit, or such by name of the index ("features", "neurons"); if not given, what the cards
            say.
        n: how many items.
        rater: who rates; can be set in the widget.
        seed: of the draw.
        silent: the share of items on which the unit is silent.
        session: the name of the session; made from these settings if none is given.
        notes: where sessions and ratings are kept: `Notes` or a path; the notes of the index if not given.

    Attributes:
        rater: assign another to let somebody else rate.
        shading: whether the other tokens of a text are shaded by their activation, in units of that at the outlined
            token and no darker. It tells a unit that is on everywhere from one that is on rarely: less blind.
        session: the items; they are not blind.
        place: the item that is shown, in the rater's order; rated: how many the rater has rated or skipped.
        phase: "unnamed" (somebody must say who rates), "rating", "ended" or "unblinded".

    Raises:
        ValueError: no unit has a hypothesis. PermissionError: the notes cannot be written.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import RatingPanel
        >>> texts = ["The Golden Gate Bridge is in San Francisco.", "The old dog is in the garden."]
        >>> index = wb.explore.index(wb.load(), wb.decompose.load(), texts, to=tmp / "index")
        >>> panel = RatingPanel(index, n=4, rater="Ada")
        >>> for score in (3, 0, 2):
        ...     panel.rate(score)
        >>> panel.close()
        >>> again = RatingPanel(index, n=4, rater="Ada")
        >>> again.rated, again.phase
        (3, 'rating')
    """

    _esm = Path(__file__).parent / "static" / "rating_panel.js"
    _css = Path(__file__).parent / "static" / "rating_panel.css"
    gestures = ("rater", "shading")

    rater = t.Unicode("").tag(sync=True)
    shading = t.Bool(False).tag(sync=True)

    phase = t.Enum(("unnamed", "rating", "ended", "unblinded"), "unnamed", read_only=True).tag(sync=True)
    place = t.Int(0, read_only=True).tag(sync=True)
    rated = t.Int(0, read_only=True).tag(sync=True)
    n = t.Int(0, read_only=True).tag(sync=True)
    score = t.Int(UNRATED, read_only=True).tag(sync=True)
    item = t.Dict(read_only=True).tag(sync=True)
    rubric = t.List(t.Unicode(), list(RUBRIC), read_only=True).tag(sync=True)
    outcome = t.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        index: Any,
        neurons_index: Any = None,
        *,
        claims: Mapping[Any, Any] | None = None,
        n: int = 60,
        rater: str = "",
        seed: int = 0,
        silent: float = SILENT,
        session: str = "",
        notes: Notes | str | Path | None = None,
    ) -> None:
        self._notes = Notes(notes) if isinstance(notes, str | Path) else notes or index.notes
        self.session = sample(
            index,
            neurons_index,
            claims=claims,
            n=n,
            seed=seed,
            silent=silent,
            session=session,
            notes=self._notes,
        )
        self._model = getattr(index, "model", None)
        self._asked = {"claims": claims, "n": n, "seed": seed, "silent": silent, "session": session}
        self._compares = neurons_index is not None
        self._attach(self._notes)
        super().__init__(rater=rater, provenance=self.session.name)
        self.set_trait("n", len(self.session.items))
        self._begin()
        self.observe(self._begin, "rater")
        self.observe(self._show, "shading")

    @t.validate("rater")
    def _valid_rater(self, proposal: dict[str, Any]) -> str:
        return " ".join("".join(c if c.isprintable() else " " for c in proposal["value"]).split())[:LONGEST_NAME]

    # ---- what a rater does ----

    def rate(self, score: int) -> None:
        """Give the item that is shown a score, and go on to the next.

        Raises:
            ValueError: no such score, or nothing can be rated now.
        """
        if type(score) is not int or not 0 <= score < len(RUBRIC):
            raise ValueError(f"a score of {score!r}: there are 0 to {len(RUBRIC) - 1}")
        self._give(score)

    def skip(self) -> None:
        """Go on without a score."""
        self._give(None)

    def back(self) -> None:
        """Return to the item before, to look again or to score it anew."""
        self._must_be_blind()
        with self._settling():
            self._go(len(self.session.items) - 1 if self.phase == "ended" else max(0, self.place - 1))

    def unblind(self) -> None:
        """Show the results; from now on the rater's scores stand.

        Raises:
            ValueError: not all is rated yet.
        """
        self._must_be_blind()
        if self.phase != "ended":
            raise ValueError(f"{self.rated} of {self.n} items are rated; the results are shown when all are")
        self._notes.begin(self._seen_name, {"session": self.session.name, "rater": self.rater, "seen": True})
        with self._settling():
            self._reveal()

    def results(self) -> pd.DataFrame:
        """Means by source with intervals, and α, over all raters so far: see `workbench.explore.results`."""
        return results(self._notes, self.session.name)

    def ratings(self) -> pd.DataFrame:
        """Every rating of the session, with what its item was."""
        return self._notes.ratings(self.session.name)

    def _give(self, score: int | None) -> None:
        """On the disk first; only then the next item."""
        with self._turn():
            self._must_be_blind()
            if self.phase != "rating":
                raise ValueError("all is rated: go back() to an item to score it anew")
            number = self._order[self.place]
            about = {**self.session.items[number].about(), "shading": self.shading}
            self._notes.rate(self.rater, number, score, session=self.session.name, about=about)
            self._given[number] = SKIPPED if score is None else score
            with self._settling():
                self.error = self.error_at = ""
                self._go(self.place + 1)

    def _must_be_blind(self) -> None:
        if self.phase == "unnamed":
            raise ValueError("say who rates: set rater to a name")
        if self.phase == "unblinded":
            raise ValueError(f"{self.rater} has seen the results, and the scores stand; somebody else may rate")

    # ---- what is shown ----

    def _begin(self, _change: object = None) -> None:
        """Another rater: their order, their scores, and the first item that they have not rated."""
        order = self.session.order(self.rater)
        ratings = self._notes.ratings(self.session.name)
        mine = ratings[ratings["rater"] == self.rater]
        given = {
            int(n): SKIPPED if math.isnan(score) else int(score) for n, score in zip(mine.item, mine.score, strict=True)
        }
        self._order, self._given = order, given
        with self._settling():
            self.error = self.error_at = ""
            self.set_trait("outcome", {})
            if self.rater and self._seen_name in self._notes.sessions():
                self._reveal()
            else:
                self._go(next((place for place, number in enumerate(order) if number not in given), len(order)))

    def _go(self, place: int) -> None:
        """Show the item at a place in the rater's order; behind the last, the end."""
        ended = place >= len(self._order)
        self.set_trait("place", place)
        self.set_trait("rated", len(self._given))
        self.set_trait("phase", "unnamed" if not self.rater else "ended" if ended else "rating")
        self.set_trait("score", UNRATED if ended else self._given.get(self._order[place], UNRATED))
        self._show()

    def _show(self, _change: object = None) -> None:
        with self._settling():
            self.set_trait("item", self._blind() if self.phase == "rating" else {})

    def _blind(self) -> dict[str, Any]:
        """All that the page is told of an item."""
        item = self.session.items[self._order[self.place]]
        pieces, groups = spelled(item.ids, item.pieces, self._model)
        return {
            "hypothesis": item.hypothesis,
            "pieces": pieces,
            "groups": groups,
            "at": item.at,
            "shades": _shades(item.values, item.at) if self.shading else [],
        }

    def _reveal(self) -> None:
        """What the items were, and what all raters made of them."""
        ratings = self._notes.ratings(self.session.name)
        everyone = agreement(ratings)
        self._go(len(self._order))
        self.set_trait("phase", "unblinded")
        self.set_trait(
            "outcome",
            {
                "sources": [_plain(row) for row in self.results().to_dict("records")],
                "agreement": {"alpha": _numbers(everyone.alpha), "raters": everyone.raters},
                "raters": list(dict.fromkeys(ratings["rater"])),
                "items": self._unblinded(ratings),
            },
        )

    def _unblinded(self, ratings: pd.DataFrame) -> list[list[Any]]:
        """Every item in the rater's order: source, unit, part, hypothesis, text, own score, mean of all, raters."""
        scored = ratings.dropna(subset=["score"]).groupby("item")["score"].agg(["mean", "size"])
        rows = []
        for number in self._order:
            item = self.session.items[number]
            mean, n = (
                (float(scored["mean"][number]), int(scored["size"][number])) if number in scored.index else (None, 0)
            )
            about = [item.source, item.unit, _part(item), item.hypothesis, _near(item)]
            rows.append([*about, self._given.get(number, UNRATED), mean, n])
        return rows

    @property
    def _seen_name(self) -> str:
        return f"{self.session.name} · {self.rater} {SEEN}"

    # ---- what the browser says ----

    def _receive(self, content: dict[str, Any]) -> None:
        """A score is taken only for the item that the rater saw when giving it."""
        kind = content["kind"]
        verbs = {"rate": lambda: self.rate(content.get("score")), "skip": self.skip, "back": self.back}
        try:
            if kind == "unblind":
                self.unblind()
            elif kind in verbs and type(content.get("place")) is int and content["place"] == self.place:
                verbs[kind]()
        except (ValueError, OSError, TimeoutError, sqlite3.Error) as error:
            with self._settling():
                self.error, self.error_at = in_words(error), ""

    # ---- without a browser ----

    def code(self) -> str:
        """The Python that opens the session again; `index` and `neurons_index` are yours, and so are `claims`."""
        indexes = "index, neurons_index" if self._compares else "index"
        given = {
            "claims": "claims" if self._asked["claims"] else None,
            "n": self._asked["n"],
            "rater": repr(self.rater),
        }
        given |= {name: repr(self._asked[name]) for name in ("seed", "silent")}
        given |= {"session": repr(self._asked["session"]) if self._asked["session"] else None}
        return (
            f"RatingPanel({indexes}, {', '.join(f'{name}={said}' for name, said in given.items() if said is not None)})"
        )

    def calls(self) -> str:
        """The public call that gives the results; `index` is yours."""
        return f"wb.explore.results(index, {self.session.name!r})"

    def summary(self) -> str:
        """How far the rater is; the results, once they may be seen."""
        who = self.rater or "nobody yet"
        first = f"Blind rating · {self.session.name} · {who}: {self.rated} of {self.n} items rated"
        if self.phase == "unblinded":
            return "\n".join([first, *(f"  {line}" for line in self._results_in_words())])
        if self.phase != "rating":
            return f"{first}\n  {'the results can be seen' if self.phase == 'ended' else 'say who rates'}"
        return (
            f"{first}\n  hypothesis {self.item['hypothesis']!r}\n  {_near(self.session.items[self._order[self.place]])}"
        )

    def picture(self) -> Picture:
        """The item that is shown, as blind as the panel; the results, once they may be seen."""
        who = f" · {self.rater}" if self.rater else ""
        picture = Picture(f"Blind rating{who} · {self.rated} of {self.n} items rated")
        if self.phase == "unblinded":
            picture.lines(self._results_in_words())
        if self.phase == "rating":
            picture.lines([f"Hypothesis: {self.item['hypothesis']}", ""])
            shades = self.item["shades"] or [float(i == self.item["at"]) for i in range(len(self.item["pieces"]))]
            picture.tokens(self.item["pieces"], shades, 2.0, signed=False)
        scale = [f"{score}  {words}" for score, words in enumerate(RUBRIC)]
        return picture.lines(scale, muted=True).lines([self.provenance], muted=True)

    def _results_in_words(self) -> list[str]:
        rows = self.results().to_dict("records")
        lines = []
        for row in rows:
            score = Estimate(row["score"], row["low"], row["high"], row["units"])
            silent = Estimate(row["silent"], row["silent_low"], row["silent_high"], row["silent_n"])
            alpha = f"α {digits(row['alpha'])} [{digits(row['alpha_low'])}, {digits(row['alpha_high'])}]"
            raters = f"{row['raters']} rater{'' if row['raters'] == 1 else 's'}"
            lines.append(f"{row['source']}: {score} units · where silent {silent} · {alpha}, {raters}")
        return lines


def _shades(values: tuple[float, ...], at: int) -> list[float]:
    """Activations in units of that at the outlined token, no larger; a silent token is shaded as if it were on."""
    high = values[at] if values[at] > 0 else max(max(values), 1.0)
    return [1.0 if place == at else min(1.0, max(0.0, value) / high) for place, value in enumerate(values)]


def _part(item: Any) -> str:
    """Which part of its activation range an item shows, in words."""
    if item.kind == "interval":
        return f"{10 * item.group}–{10 * item.group + 10} % of maximum"
    return {"negative": "silent", "top": "top"}.get(item.kind, item.kind)


def _near(item: Any) -> str:
    """The token, in brackets, with a few words around it."""
    pieces = list(item.pieces)
    token = pieces[item.at]
    gap = " " if token[:1] == " " and len(token) > 1 else ""
    pieces[item.at] = f"{gap}⟦{token[len(gap) :]}⟧"
    return "".join(pieces[max(0, item.at - 10) : item.at + 6]).replace("\n", "⏎").strip(" ")


def _numbers(estimate: Estimate) -> list[Any]:
    return [_number(estimate.value), _number(estimate.low), _number(estimate.high), estimate.n]


def _number(value: float) -> float | None:
    """A number as JSON can carry it."""
    return float(value) if math.isfinite(value) else None


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else _number(value) for name, value in row.items()}
