"""A rating is on the disk before the next item is shown, and nothing tells what is rated."""

from __future__ import annotations

import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from widgets.fake_units import HYPOTHESES, Units

from workbench.explore.notes import Notes
from workbench.explore.ratings import RUBRIC
from workbench_widgets import RatingPanel
from workbench_widgets.rating_panel import SKIPPED, UNRATED, _shades


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    with Notes(tmp_path / "notes.sqlite") as notes:
        yield notes


@pytest.fixture
def opened(notes: Notes, front: Callable) -> Callable:
    """A panel on features and neurons, and its browser."""

    def make(**settings: Any) -> tuple[RatingPanel, Any]:
        panel = RatingPanel(Units(notes), Units(notes, "neuron"), **{"n": 20, "rater": "Ada", **settings})
        return panel, front(panel)

    return make


def shown(panel: RatingPanel) -> Any:
    """The item behind what is shown."""
    return panel.session.items[panel._order[panel.place]]


OWN = [name for name, trait in RatingPanel.class_traits(sync=True).items() if not name.startswith("_")]
OWN = [name for name in OWN if name not in ("layout", "tabbable", "tooltip")]


def press(browser: Any, panel: RatingPanel, **verb: Any) -> None:
    browser.say({"place": panel.place, **verb})


def rate_all(panel: RatingPanel, score: Callable = lambda item: 2) -> None:
    while panel.phase == "rating":
        panel.rate(score(shown(panel)))


def truth(item: Any) -> int:
    return 0 if item.kind == "negative" else {"features": 3, "neurons": 1}[item.source]


# ---- blind ----


def test_what_travels_to_the_page_tells_nothing_of_the_unit(opened: Callable) -> None:
    panel, browser = opened(session="s")
    for place in range(20):
        item = shown(panel)
        assert set(panel.item) == {"hypothesis", "pieces", "groups", "at", "shades"} and panel.item["shades"] == []
        said = json.dumps({name: value for name, value in panel.get_state().items() if name in OWN}) + panel.summary()
        if place == 3:
            said += re.search(r'id="wb-widgets">(.*?)</script>', panel.to_html(), re.S)[1]
        for secret in (
            str(item.unit),
            str(item.text),
            "interval",
            "negative",
            '"top',
            "top tokens",
            "features",
            "neuron",
        ):
            assert secret not in said
        panel.rate(1)
    assert panel.outcome == {} and not any("outcome" in state for state in browser.states())


def test_shades_of_a_silent_item_look_like_those_of_one_that_fires_only_there() -> None:
    assert _shades((0.0, 0.0, 0.0), 1) == _shades((0.0, 7.0, 0.0), 1) == [0, 1, 0]
    assert _shades((8.0, 2.0, 1.0), 1) == [1, 1, 0.5]


def test_shading_is_a_choice_that_is_kept_with_the_rating(opened: Callable) -> None:
    panel, browser = opened()
    panel.rate(1)
    browser.update(shading=True)
    assert panel.item["shades"][2] == 1
    panel.rate(1)
    assert [about["shading"] for about in panel.ratings()["about"]] == [False, True]


# ---- rating ----


def test_a_key_rates_and_shows_the_next_item(opened: Callable, notes: Notes) -> None:
    panel, browser = opened()
    first = panel._order[0]
    press(browser, panel, kind="rate", score=3)
    assert (panel.place, panel.rated, panel.score) == (1, 1, UNRATED)
    (row,) = notes.ratings(panel.session.name).to_dict("records")
    assert (row["rater"], row["item"], row["score"]) == ("Ada", first, 3)
    assert row["about"]["source"] in ("features", "neurons") and row["about"]["unit"] in range(700, 740)


def test_the_score_is_on_the_disk_before_the_page_hears_of_the_next_item(opened: Callable, notes: Notes) -> None:
    panel, browser = opened()
    order: list[str] = []
    rate, send = notes.rate, panel.comm.send
    notes.rate = lambda *a, **k: (rate(*a, **k), order.append(f"kept {len(notes.ratings())}"))
    panel.comm.send = lambda data=None, **k: (
        order.append("shown") if "item" in data.get("state", {}) else None,
        send(data, **k),
    )
    press(browser, panel, kind="rate", score=3)
    assert order == ["kept 1", "shown"]


def test_back_shows_the_former_score_and_a_new_one_takes_its_place(opened: Callable, notes: Notes) -> None:
    panel, browser = opened()
    for verb in ({"kind": "rate", "score": 3}, {"kind": "skip"}, {"kind": "back"}):
        press(browser, panel, **verb)
    assert (panel.place, panel.score, panel.rated) == (1, SKIPPED, 2)
    press(browser, panel, kind="back")
    assert (panel.place, panel.score) == (0, 3)
    press(browser, panel, kind="back")
    assert panel.place == 0
    press(browser, panel, kind="rate", score=1)
    scores = notes.ratings(panel.session.name)["score"]
    assert scores[0] == 1 and scores.isna()[1] and len(scores) == 2


def test_a_score_for_an_item_that_is_no_longer_shown_is_dropped(opened: Callable, notes: Notes) -> None:
    panel, browser = opened()
    browser.say({"kind": "rate", "score": 3, "place": 0})
    browser.say({"kind": "rate", "score": 3, "place": 0})
    assert panel.place == 1 and len(notes.ratings()) == 1


@pytest.mark.parametrize("score", [4, -1, 1.5, "2", None, True, 10**30])
def test_what_is_no_score_is_refused_in_words(opened: Callable, notes: Notes, score: Any) -> None:
    panel, browser = opened()
    press(browser, panel, kind="rate", score=score)
    assert "there are 0 to 3" in panel.error and panel.place == 0 and len(notes.ratings()) == 0
    press(browser, panel, kind="rate", score=2)
    assert panel.error == ""


def test_nobody_rates_without_a_name(opened: Callable, notes: Notes) -> None:
    panel, browser = opened(rater="  ")
    assert (panel.phase, panel.item) == ("unnamed", {})
    press(browser, panel, kind="rate", score=2)
    assert "say who rates" in panel.error and len(notes.ratings()) == 0
    browser.update(rater="Ada \x00\u202e Lovelace" + "e" * 90)
    assert panel.phase == "rating" and panel.rater.startswith("Ada Lovelace") and len(panel.rater) == 60


def test_what_cannot_be_written_is_told_and_the_item_stays(
    opened: Callable, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, browser = opened()
    for error in (PermissionError("read-only"), TimeoutError("locked"), sqlite3.OperationalError("disk is full")):
        monkeypatch.setattr(notes, "rate", lambda *a, error=error, **k: (_ for _ in ()).throw(error))
        press(browser, panel, kind="rate", score=2)
        assert panel.error == str(error) and panel.place == 0 and panel.rated == 0


# ---- crashes and raters ----


def test_the_same_call_goes_on_where_the_rater_was(opened: Callable) -> None:
    panel, _ = opened()
    for score in (3, 0, 2):
        panel.rate(score)
    panel.back()
    panel.close()
    again, _ = opened()
    assert (again.place, again.rated, again.session) == (3, 3, panel.session)
    another, _ = opened(rater="Bob")
    assert (another.place, another.rated, another.session) == (0, 0, panel.session)
    assert another._order != again._order and sorted(another._order) == sorted(again._order)


def test_raters_take_turns_in_one_panel(opened: Callable) -> None:
    panel, browser = opened()
    panel.rate(3)
    browser.update(rater="Bob")
    assert (panel.place, panel.rated) == (0, 0)
    panel.rate(0)
    panel.rate(0)
    browser.update(rater="Ada")
    assert (panel.place, panel.rated) == (1, 1)
    assert list(panel.ratings()["rater"]) == ["Ada", "Bob", "Bob"]


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from fake_units import Units
from workbench.explore.notes import Notes
from workbench_widgets import RatingPanel
notes = Notes(sys.argv[1])
panel = RatingPanel(Units(notes), Units(notes, "neuron"), n=400, rater="Ada", silent=0.05)
send = panel.comm.send
def tell(data=None, **more):
    if data["method"] == "update" and "place" in data["state"]:
        print(data["state"]["place"], flush=True)  # what the page shows from now on
panel.comm.send = tell
print("ready", flush=True)
while panel.phase == "rating":
    panel._handle_msg({"content": {"data": {"method": "custom", "content":
        {"kind": "rate", "score": panel.place % 4, "place": panel.place}}}, "buffers": []})
"""


@pytest.mark.slow
def test_a_killed_process_has_lost_no_score_whose_next_item_was_shown(tmp_path: Path) -> None:
    chance = random.Random(1)
    reached = 0
    for _ in range(3):
        command = [sys.executable, "-c", KILLED, str(tmp_path / "notes.sqlite"), str(Path(__file__).parent)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.25))
        process.send_signal(signal.SIGKILL)
        lines = [line for line in process.communicate()[0].splitlines(True) if line.endswith("\n")]
        with Notes(tmp_path / "notes.sqlite") as notes:
            panel = RatingPanel(Units(notes), Units(notes, "neuron"), n=400, rater="Ada", silent=0.05)
            seen = int(lines[-1]) if lines else reached
            assert panel.place == panel.rated and seen <= panel.place <= seen + 1
            scores = notes.ratings(panel.session.name).set_index("item")["score"]
            assert [scores[panel._order[place]] for place in range(panel.place)] == [p % 4 for p in range(panel.place)]
            reached = panel.place
            panel.close()
    assert reached > 0


def test_scores_from_several_threads_are_one_after_the_other(opened: Callable, notes: Notes) -> None:
    panel, browser = opened()
    threads = [
        threading.Thread(target=press, args=(browser, panel), kwargs={"kind": "rate", "score": 2}) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes.ratings()) == panel.place == panel.rated


# ---- the end ----


def test_results_are_shown_when_all_is_rated_and_asked_for_and_then_scores_stand(opened: Callable) -> None:
    panel, browser = opened()
    browser.say({"kind": "unblind"})
    assert "0 of 20 items are rated" in panel.error and panel.outcome == {}
    rate_all(panel, truth)
    assert (panel.phase, panel.item, panel.outcome) == ("ended", {}, {})
    press(browser, panel, kind="back")
    assert (panel.phase, panel.place) == ("rating", 19)
    panel.rate(truth(shown(panel)))
    browser.say({"kind": "unblind"})
    assert panel.phase == "unblinded"
    press(browser, panel, kind="back")
    assert "has seen the results" in panel.error and panel.phase == "unblinded"
    again, _ = opened()
    assert again.phase == "unblinded" and again.outcome == panel.outcome


def test_the_outcome_tells_features_from_neurons_and_both_from_silent_items(opened: Callable) -> None:
    panel, _ = opened()
    for rater in ("Ada", "Bob"):
        panel.rater = rater
        rate_all(panel, truth)
    panel.unblind()
    features, neurons, everything = panel.outcome["sources"]
    assert (features["score"], neurons["score"], features["silent"]) == (3, 1, 0)
    assert everything["alpha"] == 1 and panel.outcome["agreement"]["alpha"][0] == 1
    assert panel.outcome["raters"] == ["Ada", "Bob"]
    assert panel.results().set_index("source").score["features"] == 3
    for row, number in zip(panel.outcome["items"], panel._order, strict=True):
        item = panel.session.items[number]
        assert row[:2] == [item.source, item.unit] and row[5:] == [truth(item), truth(item), 2]
    json.dumps(panel.outcome, allow_nan=False)
    assert "features: 3" in panel.summary() and "α 1.00" in panel.summary()


def test_results_of_one_rater_alone_have_no_agreement(opened: Callable) -> None:
    panel, _ = opened()
    rate_all(panel)
    panel.unblind()
    assert panel.outcome["agreement"]["alpha"] == [None, None, None, 0]
    json.dumps(panel.outcome, allow_nan=False)


def test_one_who_skips_everything_sees_results_without_numbers(opened: Callable) -> None:
    panel, _ = opened()
    while panel.phase == "rating":
        panel.skip()
    panel.unblind()
    assert {row["score"] for row in panel.outcome["sources"]} == {None}
    assert panel.picture().png() and "–" in panel.summary()


# ---- without a browser ----


def test_the_code_opens_the_same_session(opened: Callable, notes: Notes) -> None:
    panel, _ = opened(seed=3, claims={700: "one", 701: "two"}, n=8, silent=0.0)
    panel.rate(2)
    claims = {700: "one", 701: "two"}
    named = {"index": Units(notes), "neurons_index": Units(notes), "claims": claims, "RatingPanel": RatingPanel}
    again = eval(panel.code(), named)
    assert (again.session, again.place, again.rater) == (panel.session, 1, "Ada")
    again.close()
    assert panel.session.name in panel.calls()


def test_notes_may_be_elsewhere(tmp_path: Path, notes: Notes) -> None:
    panel = RatingPanel(Units(notes), n=4, rater="Ada", notes=tmp_path / "mine.sqlite")
    panel.rate(2)
    panel.close()
    with Notes(tmp_path / "mine.sqlite") as mine:
        assert len(mine.ratings()) == 1 and notes.sessions() == {}


def test_every_phase_has_words_and_a_picture_and_a_page(opened: Callable) -> None:
    panel, _ = opened(rater="")
    said = [panel.summary()]
    panel.rater = "Ada"
    said.append(panel.summary())
    assert "⟦bridge⟧" in said[-1] and any(hypothesis in said[-1] for hypothesis in HYPOTHESES)
    rate_all(panel)
    said.append(panel.summary())
    panel.unblind()
    said.append(panel.summary())
    assert len(set(said)) == 4
    for page in (panel.to_html(),):
        assert "https:" not in page and "<b>towers" not in page.split("</noscript>")[0]
    assert panel.picture().png()[:4] == b"\x89PNG"


def test_the_rubric_travels_in_words(opened: Callable) -> None:
    panel, _ = opened()
    assert panel.rubric == list(RUBRIC)
