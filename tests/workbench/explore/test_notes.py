"""What was said is on the disk, and can be found again."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.explore import notes as module
from workbench.explore.notes import Label, Notes

HERE = Path(__file__)


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    with Notes(tmp_path / "notes.sqlite") as notes:
        yield notes


@pytest.fixture(params=["with FTS5", "without FTS5"])
def either(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notes]:
    if request.param == "without FTS5":
        monkeypatch.setattr(module, "_has_fts5", lambda connection: False)
    with Notes(tmp_path / "either.sqlite") as notes:
        yield notes


def found(notes: Notes, query: str) -> list[int]:
    return [feature for feature, _, _ in notes.search(query)]


def said(notes: Notes) -> None:
    notes.describe(
        [(1, "bridge tower landmark.golden_gate_bridge"), (2, "naïve café"), (3, "== != <="), (4, "東京都庁")]
    )
    notes.label(5, "Bridges of San Francisco", by="Ada")
    notes.note(6, "fires on the tower, too")


# ---- what is kept ----


def test_all_that_was_said_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    with Notes(tmp_path / "a.sqlite") as notes:
        said(notes)
        notes.label(5, "landmark.bridge", how="concept", scores={"f1": [0.9, 0.8, 0.95, 210]})
        notes.keep("landmarks", [9, 5, 7])
        notes.keep("landmarks", [5, 1])
        notes.drop("landmarks", [7])
        notes.rate("Ada", 3, 2, session="one", about={"unit": 5})
    with Notes(tmp_path / "a.sqlite") as notes:
        assert [label.text for label in notes.labels(5)] == ["landmark.bridge", "Bridges of San Francisco"]
        assert notes.labels(5)[0].scores == {"f1": [0.9, 0.8, 0.95, 210]}
        assert notes.labels(5)[1].by == "Ada"
        assert notes.notes(6) == ["fires on the tower, too"]
        assert notes.lists() == {"landmarks": [9, 5, 1]}
        (rating,) = notes.ratings("one").to_dict("records")
        assert (rating["rater"], rating["item"], rating["score"], rating["about"]) == ("Ada", 3, 2.0, {"unit": 5})


def test_the_label_to_show_is_the_newest_of_the_best_kind(notes: Notes) -> None:
    for text, how in [("a", "top tokens"), ("b", "by hand"), ("c", "by hand"), ("d", "model llama"), ("e", "concept")]:
        notes.label(1, text, how=how)
    notes.label(2, "e", how="concept")
    notes.label(2, "d", how="model llama")
    notes.label(3, "top", how="top tokens")
    assert {feature: label.text for feature, label in notes.best().items()} == {1: "c", 2: "e", 3: "top"}
    assert notes.best([3, 8]) == {3: notes.labels(3)[0]}


def test_a_second_score_takes_the_place_of_the_first(notes: Notes) -> None:
    notes.rate("Ada", 0, 1, session="s")
    notes.rate("Bob", 0, None, session="s")
    notes.rate("Ada", 0, 3, session="s")
    notes.rate("Ada", 0, 2, session="another")
    table = notes.ratings("s").set_index("rater")
    assert table.score["Ada"] == 3
    assert table.score.isna()["Bob"]
    assert len(table) == 2 and len(notes.ratings()) == 3


def test_a_session_begins_once(notes: Notes) -> None:
    assert notes.begin("s", {"items": [1, 2]}) == {"items": [1, 2]}
    assert notes.begin("s", {"items": [3]}) == {"items": [1, 2]}
    assert list(notes.sessions()) == ["s"]


def test_labels_of_a_program_that_runs_again_take_the_place_of_its_former_ones(notes: Notes) -> None:
    notes.label(1, "by a person")
    notes.label_each([(f, f"concept{f}", {}) for f in range(3)], how="concept")
    notes.label_each([(f, f"notion{f}", {}) for f in range(2)], how="concept", replace=True)
    assert {f: [label.text for label in labels] for f, labels in notes.labels().items()} == {
        0: ["notion0"],
        1: ["notion1", "by a person"],
    }
    assert found(notes, "concept2") == [] and found(notes, "notion1") == [1]


def test_a_batch_that_fails_leaves_nothing_behind(notes: Notes) -> None:
    notes.describe([(1, "bridge")])
    with pytest.raises(ValueError, match="counted from 0"):
        notes.describe([(2, "tower"), (-1, "gate")])
    with pytest.raises(ValueError, match="label is empty"):
        notes.label_each([(1, "gate", {}), (2, "", {})], how="concept")
    assert found(notes, "bridge") == [1] and found(notes, "tower") == [] and found(notes, "gate") == []


# ---- crashes, processes, threads ----

WRITER = """
import sys
from workbench.explore.notes import Notes
notes, name = Notes(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for i in range(int(sys.argv[3])):
    notes.label(i, f"word{i} {name}", by=name)
    notes.rate(name, i, i % 4, session="s")
    notes.keep(name, [i])
    print(i, flush=True)
"""


def writer(path: Path, name: str, times: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(path), name, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(0)
    for kill in range(4):
        name = f"writer{kill}"
        process = writer(tmp_path / "killed.sqlite", name, 10**6)
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.4))
        process.send_signal(signal.SIGKILL)
        acknowledged = [int(line) for line in process.communicate()[0].splitlines(True) if line.endswith("\n")]
        with Notes(tmp_path / "killed.sqlite") as notes:
            by_name = notes.ratings("s").query("rater == @name")
            for i in acknowledged:
                assert name in {label.by for label in notes.labels(i)}
            assert set(acknowledged) <= set(by_name["item"]) and set(acknowledged) <= set(notes.lists().get(name, []))
            assert len(by_name) <= len(acknowledged) + 1
            assert (found(notes, f"word0 {name}") == [0]) or not acknowledged
            assert notes._read("PRAGMA integrity_check") == [("ok",)]
            notes._connection().execute("INSERT INTO words (words) VALUES ('integrity-check')")


@pytest.mark.slow
def test_several_processes_write_at_once_and_none_loses_a_word(tmp_path: Path) -> None:
    processes = [writer(tmp_path / "many.sqlite", f"writer{i}", 40) for i in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    for process in processes:
        process.stdout.close()
    with Notes(tmp_path / "many.sqlite") as notes:
        assert all({label.by for label in notes.labels(i)} == {"writer0", "writer1", "writer2"} for i in range(40))
        assert {name: sorted(kept) for name, kept in notes.lists().items()} == {
            f"writer{i}": list(range(40)) for i in range(3)
        }


def test_threads_write_at_once_and_their_connections_go_with_them(notes: Notes) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: notes.label(i, f"word{i}"), range(80)))
    assert len(notes.labels()) == 80 and found(notes, "word33") == [33]
    assert len(notes._open) <= 1 + threading.active_count()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # Python 3.12 warns of threads; torch has some
def test_a_fork_has_a_connection_of_its_own(notes: Notes) -> None:
    notes.note(1, "of the parent")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            notes.note(1, "of the child")
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert notes.notes(1) == ["of the parent", "of the child"]


def test_notes_are_pickled_by_their_path(notes: Notes) -> None:
    notes.note(1, "here")
    with pickle.loads(pickle.dumps(notes)) as again:
        assert again.notes(1) == ["here"]


def test_a_writer_that_waits_too_long_is_told_who_keeps_it(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with Notes(notes.path) as other, notes._writing(), pytest.raises(TimeoutError, match="another process"):
        other.note(1, "too late")


# ---- where nothing can be written ----


def refusals(path: Path) -> list[str]:
    """What somebody is told who may read there and not write."""
    told = []
    with Notes(path) as notes:
        assert found(notes, "bridge") == [1] and [label.text for label in notes.labels(1)] == ["bridge"]
        with pytest.raises(PermissionError) as error:
            notes.note(1, "mine")
        told.append(str(error.value))
    with pytest.raises(PermissionError) as error:
        Notes(path.with_name("new.sqlite"))
    return [*told, str(error.value)]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_read_only_folder_is_read_and_tells_what_to_do() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with Notes(folder / "notes.sqlite") as notes:
            notes.label(1, "bridge")
        folder.chmod(0o555)
        (folder / "notes.sqlite").chmod(0o444)
        if is_root := os.geteuid() == 0:  # root may write anywhere
            os.setresuid(65534, 65534, 0)
        try:
            told = refusals(folder / "notes.sqlite")
        finally:
            if is_root:
                os.setresuid(0, 0, 0)
        for words in told:
            assert "read-only for you; copy the folder to a place of your own (shutil.copytree)" in words
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_file_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("no database at all, but a long enough text to look like one" * 20)
    with pytest.raises(ValueError, match="cannot be read as notes"):
        Notes(text)
    assert text.read_text().startswith("no database")
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE moz_places (url)")
    connection.close()
    with pytest.raises(ValueError, match="something else .moz_places"):
        Notes(tmp_path / "other.sqlite")


def test_a_file_of_a_later_version_is_refused(notes: Notes) -> None:
    notes._connection().execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="version 99, and this workbench knows 1: update"):
        Notes(notes.path)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda notes: notes.label(-1, "x"), "there is no feature -1"),
        (lambda notes: notes.label(1.5, "x"), "1.5 is no number of a feature"),
        (lambda notes: notes.label(1, "  "), "the label is empty"),
        (lambda notes: notes.note(1, None), "a note is text, not NoneType"),
        (lambda notes: notes.keep("", [1]), "the name of a list is empty"),
    ],
)
def test_errors_say_what_was_asked(notes: Notes, call: object, complaint: str) -> None:
    with pytest.raises((ValueError, TypeError), match=complaint):
        call(notes)


# ---- the search ----


@pytest.mark.parametrize(
    ("query", "features"),
    [
        ("bridge", [5, 1]),  # a label counts for more than a text
        ("BRID", [5, 1]),
        ("tower", [6, 1]),
        ("golden gate", [1]),
        ("golden_gate", [1]),
        ("landmark.gol", [1]),
        ("naive", [2]),
        ("CAFE\u0301", [2]),
        ("cafè", [2]),
        ("==", [3]),
        ("<= ==", [3]),
        ("京都", [4]),  # inside of a word
        ("idge", [1, 5]),
        ("bridge nowhere", [5, 1]),
        ("nowhere", []),
        ("", []),
        ("   ", []),
    ],
)
def test_the_search_finds_by_beginnings_without_case_and_accents(
    either: Notes, query: str, features: list[int]
) -> None:
    said(either)
    assert sorted(found(either, query)) == sorted(features)
    if query != "idge":
        assert found(either, query)[:1] == features[:1]


def test_the_snippet_shows_what_was_found_as_plain_text(either: Notes) -> None:
    either.label(1, "<b>bridges</b> & towers")
    ((_, snippet, rank),) = either.search("bridge")
    assert snippet == "<b>bridges</b> & towers" and rank > 0


def test_a_label_is_found_at_once_and_a_description_is_replaced_at_once(either: Notes) -> None:
    either.describe([(1, "bridge"), (2, "tower")])
    either.label(2, "gate")
    either.describe([(2, "fog")])
    assert (found(either, "bridge"), found(either, "fog"), found(either, "gate")) == ([], [2], [2])
    assert found(either, "tower") == []


def test_it_is_known_what_the_descriptions_are_of_and_that_one_which_failed_is_none(either: Notes) -> None:
    assert either.described is None
    with pytest.raises(ValueError):
        either.describe([(-1, "x")], of="an index")
    assert either.described is None
    either.describe([(1, "x")], of="an index")
    either.describe([(1, "x")], of="another % index")
    assert either.described == "another % index"


def test_the_search_gives_no_more_than_was_asked_for(either: Notes) -> None:
    either.describe([(f, "bridge") for f in range(30)])
    assert len(either.search("bridge", most=7)) == 7 and either.search("bridge", most=0) == []


def test_a_file_written_without_the_word_index_gets_one_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Notes(tmp_path / "a.sqlite") as notes:
        notes.label(1, "bridge")
    with monkeypatch.context() as context:
        context.setattr(module, "_has_fts5", lambda connection: False)
        with Notes(tmp_path / "a.sqlite") as notes:
            notes.label(2, "bridge tower")
    with Notes(tmp_path / "a.sqlite") as notes:
        assert sorted(found(notes, "bridge")) == [1, 2]
        assert notes._match(["tower"], " AND ", 5)[0][0] == 2


SIGNS = "\"'*()[]{}^:+-~`!@#$%&|\\/<>,.;?=_ \t\n\0\ud800\U0001f600é日NEAR AND OR NOT label: rowid abc 0 "


def test_nothing_that_is_typed_is_a_syntax_error(either: Notes) -> None:
    said(either)
    chance = random.Random(0)
    tokens = [*SIGNS, "AND", "OR", "NOT", "NEAR(", "label:", "{label note}:", "bridge", '"bridge', "^bridge", "* *"]
    for _ in range(600):
        query = "".join(chance.choice(tokens) + chance.choice(["", " "]) for _ in range(chance.randint(1, 12)))
        for feature, snippet, rank in either.search(query):
            assert isinstance(feature, int) and isinstance(snippet, str) and rank >= 0
    either.search("a " * 5000)
    either.search("ab." * 5000)
    either.search(" ".join(f"w{i}" for i in range(500)))


def test_anything_can_be_said(either: Notes) -> None:
    for text in (
        "NUL \0 inside",
        "half \ud800 of a pair",
        "<script>alert(1)</script>",
        "'; DROP TABLE labels; --",
        "🏳️‍🌈",
    ):
        either.label(1, text)
        either.note(1, text)
        either.keep(text, [1])
    assert len(either.labels(1)) == 5 and len(either.lists()) == 5 and found(either, "script") == [1]


def test_a_label_reads_well_on_its_own() -> None:
    assert Label("bridge") == Label("bridge", "by hand", "", "", {})


@pytest.mark.slow
def test_a_quarter_of_a_million_features_are_searched_well_under_a_second(notes: Notes) -> None:
    chance = random.Random(0)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(20_000)]
    rows = [(f, " ".join(chance.choices(words, k=20)) + " zebra" * (f % 50_000 == 3)) for f in range(262_144)]
    notes.describe(rows)
    assert found(notes, "zebra") == [3, 50_003, 100_003, 150_003, 200_003, 250_003]
    for query in ("zebra", "ze", "a", f"{words[0]} {words[1]}", "zebra nowhere", "==", "== zebra"):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            notes.search(query)
            times.append(time.perf_counter() - start)
        assert min(times) < 0.6, query
