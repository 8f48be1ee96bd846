"""Agreement is Krippendorff's, a session is blind and comes back, and its results count what they say."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference.krippendorff import alpha as slow_alpha

import workbench as wb
from workbench.explore.notes import Label, Notes
from workbench.explore.ratings import RUBRIC, SCORES, agreement, results, sample

NAN = float("nan")

# ---- agreement ----

FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
"""Krippendorff 2011, section C and D: four observers, twelve units, some not rated."""
TWO_OBSERVERS = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
"""Section A: two observers, two values."""
NAMES = [list("aabbdcccedda"), list("babbbcccedddd"[:12])]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_worked_example_comes_out(level: str, alpha: float) -> None:
    found = agreement(FOUR_OBSERVERS, level=level)
    assert found.alpha.value == pytest.approx(alpha, abs=5e-4)
    assert (found.alpha.n, found.raters, found.ratings) == (11, 4, 40)


def test_the_published_example_of_two_values_comes_out() -> None:
    assert agreement(TWO_OBSERVERS, level="nominal").alpha.value == pytest.approx(0.095, abs=5e-4)


def drawn(seed: int) -> list[list[float]]:
    """Ratings of random shape, with random gaps and random agreement."""
    chance = random.Random(seed)
    raters, units, noise = chance.randint(2, 5), chance.randint(2, 14), chance.random()
    truth = [chance.randrange(4) for _ in range(units)]
    rate = lambda true: true if chance.random() > noise else chance.randrange(4)  # noqa: E731
    return [[NAN if chance.random() < 0.2 else float(rate(true)) for true in truth] for _ in range(raters)]


@pytest.mark.parametrize("level", ["ordinal", "nominal", "interval"])
def test_agreement_is_what_the_slow_definition_gives(level: str) -> None:
    for seed in range(60):
        table = drawn(seed)
        found = agreement(table, level=level, resamples=2).alpha.value
        assert found == pytest.approx(slow_alpha(table, level), abs=1e-12, nan_ok=True)


def test_perfect_agreement_is_one_and_chance_is_about_zero() -> None:
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 4, 400).astype(float)
    assert agreement([truth, truth, truth]).alpha.value == 1
    assert abs(agreement(chance.integers(0, 4, (3, 400)).astype(float)).alpha.value) < 0.06
    assert agreement([[0, 1, 0, 1], [1, 0, 1, 0]]).alpha.value < 0


def test_near_scores_agree_more_on_an_ordinal_scale_than_as_names() -> None:
    near = [[0, 1, 2, 3, 0, 1, 2, 3], [1, 2, 3, 3, 0, 1, 2, 2]]
    assert agreement(near).alpha.value > agreement(near, level="nominal").alpha.value + 0.3


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    def rated(units: int, chance: np.random.Generator) -> np.ndarray:
        truth = chance.integers(0, 4, units)
        slip = chance.random((3, units)) < 0.3
        return np.where(slip, chance.integers(0, 4, (3, units)), truth).astype(float)

    truth = agreement(rated(40_000, np.random.default_rng(0)), resamples=2).alpha.value
    found = [agreement(rated(60, np.random.default_rng(seed)), resamples=300).alpha for seed in range(1, 121)]
    covered = sum(one.low <= truth <= one.high for one in found) / len(found)
    assert 0.88 <= covered <= 0.99


def test_ratings_may_come_as_a_table_of_rows() -> None:
    rows = [
        {"rater": f"r{r}", "item": i, "score": score}
        for r, row in enumerate(FOUR_OBSERVERS)
        for i, score in enumerate(row)
        if not math.isnan(score)
    ]
    table = pd.DataFrame(rows).sample(frac=1, random_state=0)
    assert agreement(table).alpha == agreement(FOUR_OBSERVERS).alpha


def test_where_agreement_means_nothing_it_is_no_number() -> None:
    for table in ([[1, 2, 3]], [[1, NAN], [NAN, 2]], [[2, 2], [2, 2]], np.empty((0, 0)), pd.DataFrame()):
        found = agreement(table) if len(table) else agreement(np.empty((0, 0)))
        assert math.isnan(found.alpha.value) and "α –" in str(found)
    with pytest.raises(ValueError, match="no level 'ratio'; choose ordinal, nominal or interval"):
        agreement(FOUR_OBSERVERS, level="ratio")
    with pytest.raises(ValueError, match="a row for every rater"):
        agreement([1.0, 2.0])


def test_the_same_seed_gives_the_same_interval() -> None:
    one, two = agreement(FOUR_OBSERVERS, seed=3), agreement(FOUR_OBSERVERS, seed=3)
    assert one == two and one.alpha.low < one.alpha.value <= one.alpha.high
    assert one != agreement(FOUR_OBSERVERS, seed=4)
    assert str(one).endswith("ordinal, 4 raters, 11 units")


# ---- sessions ----


@dataclass
class Units:
    """An index of units that are on in ten tenths of their range, and silent here and there."""

    notes: Notes | None
    n: int = 30
    dead: tuple[int, ...] = (3,)
    labelled: bool = True
    read: list[int] = field(default_factory=list)

    @property
    def alive(self) -> list[int]:
        return [unit for unit in range(self.n) if unit not in self.dead]

    def __getitem__(self, unit: int) -> Any:
        self.read.append(unit)
        examples = [self._example(unit, "interval", tenth, i) for tenth in range(10) for i in range(3)]
        examples += [self._example(unit, "top", rank, rank) for rank in range(5)]
        examples += [self._example(unit, "negative", 0, i) for i in range(5)]
        label = Label(f"hypothesis {unit}", "top tokens") if self.labelled else None
        return SimpleNamespace(label=label, examples=examples)

    @staticmethod
    def _example(unit: int, kind: str, group: int, number: int) -> Any:
        value = {"top": 9.9, "interval": group + 0.5, "negative": 0.0}[kind]
        pieces = ("The", " golden", f" {kind}{group}", " gate")
        text, token = number + 10 * group + 1000 * len(kind), 3
        values = (0.0, 0.0, value, 0.0)
        return SimpleNamespace(
            kind=kind,
            group=group,
            text=text,
            token=token,
            value=value,
            at=2,
            ids=(1, 2, 3, 4),
            pieces=pieces,
            values=values,
        )


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    with Notes(tmp_path / "notes.sqlite") as notes:
        yield notes


def test_every_source_gives_as_many_items_and_a_share_of_them_is_silent(notes: Notes) -> None:
    session = sample(Units(notes), Units(None), n=60, seed=1)
    assert Counter(item.source for item in session.items) == {"features": 30, "neurons": 30}
    for source in ("features", "neurons"):
        kinds = Counter(item.kind for item in session.items if item.source == source)
        assert kinds["negative"] == 6
        assert all(item.value == 0 for item in session.items if item.kind == "negative")
    assert [item.source for item in session.items] != sorted(item.source for item in session.items)


def test_every_part_of_the_range_is_shown_as_often_and_a_unit_comes_again_when_all_have_come(notes: Notes) -> None:
    session = sample(Units(notes), n=110, seed=0, silent=0)
    parts = Counter((item.kind, item.group if item.kind == "interval" else 0) for item in session.items)
    assert len(parts) == 11 and set(parts.values()) == {10}
    times = Counter(item.unit for item in session.items)
    assert set(times) == set(Units(notes).alive) and max(times.values()) - min(times.values()) <= 1
    places = [(item.unit, item.text, item.token) for item in session.items]
    assert len(set(places)) == len(places)


def test_the_same_call_gives_the_stored_session_even_where_labels_have_changed(notes: Notes) -> None:
    session = sample(Units(notes), n=12, seed=5)
    again = Units(notes, labelled=False)
    assert sample(again, n=12, seed=5) == session and again.read == []
    assert sample(Units(notes), n=12, seed=6) != session
    assert sample(Units(notes), n=12, seed=5, claims={1: "x", 2: "y"}).name != session.name
    assert {item.hypothesis for item in sample(Units(notes), n=12, seed=5, claims={1: "x", 2: "y"}).items} == {"x", "y"}


def test_a_name_stands_for_one_session(notes: Notes) -> None:
    session = sample(Units(notes), n=12, seed=5, session="first")
    assert sample(Units(notes), n=12, seed=5, session="first") == session
    with pytest.raises(
        ValueError, match="'first' is there already, with n 12, seed 5, not n 20, seed 6; ask for the same"
    ):
        sample(Units(notes), n=20, seed=6, session="first")


@pytest.mark.slow
def test_another_process_gets_the_same_session_by_the_same_call(notes: Notes, tmp_path: Path) -> None:
    session = sample(Units(notes), n=12, seed=5)
    code = (
        "import sys; from workbench.explore.notes import Notes; from workbench.explore.ratings import sample\n"
        "session = sample(None, n=12, seed=5, notes=Notes(sys.argv[1]))\n"
        "print(session.order('Ada'), [item.text for item in session.items])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(notes.path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{session.order('Ada')} {[item.text for item in session.items]}"


def test_each_rater_gets_all_items_in_an_order_of_their_own(notes: Notes) -> None:
    session = sample(Units(notes), n=20, seed=0)
    orders = [session.order(rater) for rater in ("Ada", "Bob", "Ada")]
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(20))


def test_a_part_without_an_example_is_replaced_by_the_nearest_and_never_by_a_silent_one(notes: Notes) -> None:
    class Low(Units):
        def __getitem__(self, unit: int) -> Any:
            card = super().__getitem__(unit)
            card.examples = [one for one in card.examples if one.kind == "negative" or one.group in (1, 2)]
            return card

    session = sample(Low(notes), n=40, seed=0, silent=0.25)
    assert Counter(item.kind == "negative" for item in session.items) == {False: 30, True: 10}


def test_what_cannot_be_drawn_is_told(notes: Notes) -> None:
    with pytest.raises(ValueError, match="features: no unit that is alive has a label; label some with"):
        sample(Units(notes, labelled=False), n=10)
    with pytest.raises(ValueError, match="none of the 1 units in claims is alive"):
        sample(Units(notes), n=10, claims={3: "dead"})
    with pytest.raises(ValueError, match="1 units with a hypothesis give 35 different examples, and 90 were asked"):
        sample(Units(notes), n=90, claims={1: "x"}, silent=0)
    with pytest.raises(ValueError, match="claims name 'atoms', and the indexes are features, neurons"):
        sample(Units(notes), Units(None), claims={"atoms": {1: "x"}})
    with pytest.raises(ValueError, match="1 items are too few for 2 indexes"):
        sample(Units(notes), Units(None), n=1)
    assert notes.sessions() == {}


# ---- results ----


def rate_all(notes: Notes, session: Any, rater: str, score: Any) -> None:
    for place, item in enumerate(session.items):
        notes.rate(rater, place, score(item), session=session.name, about=item.about())


def test_results_tell_a_source_that_fits_from_one_that_does_not(notes: Notes) -> None:
    session = sample(Units(notes), Units(None), n=120, seed=0)
    chance = random.Random(0)

    def honest(item: Any) -> int:
        truth = 0 if item.kind == "negative" else {"features": 3, "neurons": 1}[item.source]
        return truth if chance.random() < 0.8 else chance.randrange(4)

    for rater in ("Ada", "Bob", "Eve"):
        rate_all(notes, session, rater, honest)
    table = results(notes, session.name).set_index("source")
    features, neurons, everything = table.loc["features"], table.loc["neurons"], table.loc["all"]
    assert features.low > neurons.high and features.low > features.silent_high
    fire = [item.unit for item in session.items if item.source == "features" and item.kind != "negative"]
    assert (features["units"], features["items"]) == (len(set(fire)), len(fire)) == (27, 48)
    assert (features["ratings"], features["raters"]) == (144, 3)
    assert 0.4 < everything.alpha_low < everything.alpha < everything.alpha_high < 1
    assert results(notes).equals(results(notes, session.name))


def test_a_mean_is_over_units_and_skipped_items_do_not_count(notes: Notes) -> None:
    session = sample(Units(notes), n=20, seed=0, claims={1: "x", 2: "y"}, silent=0)
    rate_all(notes, session, "Ada", lambda item: 3 if item.unit == 1 else 0)
    places = [place for place, item in enumerate(session.items) if item.unit == 2]
    for place in places[1:]:
        notes.rate("Ada", place, None, session=session.name, about=session.items[place].about())
    (row,) = results(notes, session.name).to_dict("records")
    assert (row["score"], row["units"], row["ratings"]) == (1.5, 2, 11)
    assert (row["low"], row["high"]) == (0, 3) and math.isnan(row["alpha"]) and row["silent_n"] == 0


def test_a_few_units_that_agree_leave_room_for_others(notes: Notes) -> None:
    def interval(units: int) -> list[float]:
        for unit in range(units):
            notes.rate("Ada", unit, 0, session=f"{units}", about={"source": "features", "unit": unit, "kind": "top"})
        return results(notes, f"{units}")[["low", "high"]].iloc[0].tolist()

    assert interval(2) == [0, pytest.approx(3 * (1 - 0.025**0.5))]
    assert interval(60)[1] < 0.2


def test_results_of_nothing_are_empty_rows(notes: Notes) -> None:
    assert len(results(notes)) == 0
    session = sample(Units(notes), Units(None), n=20, seed=0)
    table = results(notes, session.name)
    assert list(table.source) == ["features", "neurons", "all"] and table.score.isna().all()


def test_the_rubric_has_words_for_every_score() -> None:
    assert list(SCORES) == [0, 1, 2, 3] and len(set(RUBRIC)) == 4


def test_what_is_said_of_ratings_is_exported() -> None:
    assert wb.explore.agreement is agreement and wb.explore.results is results and wb.explore.sample is sample
