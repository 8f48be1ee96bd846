"""What people and programs say about features: labels, notes, lists, ratings; and a search over all of it.

One SQLite file. Whatever a call has taken is on the disk when it returns: the journal is a write-ahead log that is
synced at every commit (a person types a few times a minute, and a sync takes milliseconds), so a killed process loses
nothing and a power cut neither. Several processes and threads may read and write at once; a writer waits its turn.
Nothing here knows what a feature is: it is a number.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
import unicodedata
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import index as whole
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pandas as pd

VERSION = 1
PATIENCE = 30.0
"""How many seconds a writer waits for another one."""
LONGEST = 1000
"""Characters of a query that are looked at."""
WORDS = 32
"""Words of a query that are looked for."""
MANY = 1000
"""From so many features on, the index of words is made anew rather than changed."""
WEIGHTS = (8.0, 4.0, 1.0)
"""How much a word counts in a label, in a note, in the text that describes a feature."""

TABLES = """
CREATE TABLE IF NOT EXISTS labels (id INTEGER PRIMARY KEY, feature INTEGER NOT NULL, text TEXT NOT NULL,
    how TEXT NOT NULL, author TEXT NOT NULL, time TEXT NOT NULL, scores TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS labels_by_feature ON labels (feature);
CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, feature INTEGER NOT NULL, text TEXT NOT NULL,
    time TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notes_by_feature ON notes (feature);
CREATE TABLE IF NOT EXISTS lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL, feature INTEGER NOT NULL,
    UNIQUE (name, feature));
CREATE TABLE IF NOT EXISTS ratings (id INTEGER PRIMARY KEY, session TEXT NOT NULL, rater TEXT NOT NULL, item NOT NULL,
    score REAL, time TEXT NOT NULL, about TEXT NOT NULL, UNIQUE (session, rater, item));
CREATE TABLE IF NOT EXISTS sessions (name TEXT PRIMARY KEY, plan TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (feature INTEGER PRIMARY KEY, label TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '', base TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY);
"""
WORD_INDEX = """CREATE VIRTUAL TABLE words USING fts5 (label, note, base, content='texts', content_rowid='feature',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3')"""


@dataclass(frozen=True)
class Label:
    """What a feature is said to mean, by whom, and how well that was found to hold.

    Attributes:
        text: the words.
        how: where they come from: "by hand", "concept", "top tokens", "model <name>".
        by: who or what said so; "" if nobody told.
        when: UTC, in ISO 8601.
        scores: by name, (value, low, high, n).
    """

    text: str
    how: str = "by hand"
    by: str = ""
    when: str = ""
    scores: dict[str, Any] = field(default_factory=dict)


class Notes:
    """Labels, notes, lists and ratings of features in one SQLite file that loses nothing.

    Every thread has a connection of its own. Where the file cannot be written, it can still be read.

    Args:
        path: the file; it is made if absent.

    Raises:
        PermissionError: there is no file, and none can be made; or something is to be written where nothing can be.
        ValueError: the file is none of ours, or of a later version.

    Example:
        >>> from workbench.explore.notes import Notes
        >>> notes = Notes(tmp / "notes.sqlite")
        >>> label = notes.label(7, "bridges of San Francisco", by="Ada")
        >>> notes.note(7, "also on the fog around it")
        >>> [feature for feature, snippet, rank in notes.search("BRIDG")]
        [7]
        >>> notes.close()
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._guard = threading.Lock()
        self.is_writable = True
        with self._writing() if self._prepare() else _nothing() as connection:
            if connection is not None:
                self._make_tables(connection)

    # ---- labels ----

    def label(
        self, feature: int, text: str, *, how: str = "by hand", by: str = "", scores: dict[str, Any] | None = None
    ) -> Label:
        """Say what a feature means; earlier labels stay."""
        label = Label(_said(text, "label"), how, by, _now(), dict(scores or {}))
        with self._writing() as connection:
            _add_label(connection, _feature(feature), label)
            self._refresh(connection, [whole(feature)])
        return label

    def label_each(
        self, rows: Iterable[tuple[int, str, dict[str, Any]]], *, how: str, by: str = "", replace: bool = False
    ) -> None:
        """Label many features at once, whole or not at all: (feature, text, scores) each.

        Args:
            rows: what is said of which feature.
            how: where all of them come from.
            by: who or what says so.
            replace: first take away every label that came the same way from the same author.

        Example:
            >>> from workbench.explore.notes import Notes
            >>> with Notes(tmp / "each.sqlite") as notes:
            ...     notes.label_each([(0, "numbers", {}), (1, "names", {"f1": [0.9, 0.8, 0.95, 210]})], how="concept")
            ...     [label.text for label in notes.best().values()]
            ['numbers', 'names']
        """
        time, touched = _now(), set()
        said = [(_feature(feature), _said(text, "label"), dict(scores)) for feature, text, scores in rows]
        with self._writing() as connection:
            if replace:
                mine = "labels WHERE how = ? AND author = ?"
                touched |= {feature for (feature,) in connection.execute(f"SELECT feature FROM {mine}", (how, by))}
                connection.execute(f"DELETE FROM {mine}", (how, by))
            for feature, text, scores in said:
                _add_label(connection, feature, Label(text, how, by, time, scores))
                touched.add(feature)
            self._refresh(connection, sorted(touched))

    def labels(self, feature: int | None = None) -> list[Label] | dict[int, list[Label]]:
        """A feature's labels, newest first; without a feature, those of all features that have any, by feature."""
        query = "SELECT feature, text, how, author, time, scores FROM labels"
        if feature is not None:
            rows = self._read(f"{query} WHERE feature = ? ORDER BY id DESC", (_feature(feature),))
            return [_label(row) for row in rows]
        found: dict[int, list[Label]] = {}
        for row in self._read(f"{query} ORDER BY feature, id DESC"):
            found.setdefault(row[0], []).append(_label(row))
        return found

    def best(self, features: Sequence[int] | None = None) -> dict[int, Label]:
        """The label to show of every feature (or of those asked for) that has one.

        What was said by hand goes before a concept, which was measured, that before what a model said, and that before
        top tokens; the newest of these.
        """
        which = "" if features is None else "WHERE feature IN (SELECT value FROM json_each(?))"
        rows = self._read(
            f"""SELECT feature, text, how, author, time, scores FROM (
                SELECT *, row_number() OVER (PARTITION BY feature ORDER BY CASE how WHEN 'by hand' THEN 0
                    WHEN 'concept' THEN 1 WHEN 'top tokens' THEN 3 ELSE 2 END, id DESC) AS place
                FROM labels {which}) WHERE place = 1 ORDER BY feature""",
            () if features is None else (json.dumps([_feature(one) for one in features]),),
        )
        return {row[0]: _label(row) for row in rows}

    # ---- notes and lists ----

    def note(self, feature: int, text: str) -> None:
        """Write something down about a feature; earlier notes stay."""
        with self._writing() as connection:
            row = (_feature(feature), _said(text, "note"), _now())
            connection.execute("INSERT INTO notes (feature, text, time) VALUES (?, ?, ?)", row)
            self._refresh(connection, [whole(feature)])

    def notes(self, feature: int) -> list[str]:
        """What was written down about a feature, oldest first."""
        rows = self._read("SELECT text FROM notes WHERE feature = ? ORDER BY id", (_feature(feature),))
        return [text for (text,) in rows]

    def keep(self, name: str, features: Iterable[int]) -> None:
        """Put features at the end of a list of this name; those that are in it stay where they are.

        Example:
            >>> from workbench.explore.notes import Notes
            >>> with Notes(tmp / "lists.sqlite") as notes:
            ...     notes.keep("landmarks", [31, 7])
            ...     notes.keep("landmarks", [7, 12])
            ...     notes.lists()
            {'landmarks': [31, 7, 12]}
        """
        rows = [(_said(name, "name of a list"), _feature(feature)) for feature in features]
        with self._writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO lists (name, feature) VALUES (?, ?)", rows)

    def drop(self, name: str, features: Iterable[int] | None = None) -> None:
        """Take features off a list; without any, the whole list."""
        with self._writing() as connection:
            if features is None:
                connection.execute("DELETE FROM lists WHERE name = ?", (name,))
            else:
                rows = [(name, _feature(feature)) for feature in features]
                connection.executemany("DELETE FROM lists WHERE name = ? AND feature = ?", rows)

    def lists(self) -> dict[str, list[int]]:
        """All lists by name, oldest first, each in the order in which it was made."""
        found: dict[str, list[int]] = {}
        for name, feature in self._read("SELECT name, feature FROM lists ORDER BY id"):
            found.setdefault(name, []).append(feature)
        return found

    # ---- ratings ----

    def rate(
        self, rater: str, item: int | str, score: float | None, *, session: str = "", about: dict | None = None
    ) -> None:
        """A rater's score of an item in a session; a second one takes the place of the first.

        Args:
            rater: who rates.
            item: what is rated, by the session's own numbers or names.
            score: None if the rater would not say.
            session: whose items these are.
            about: what else belongs to it, in plain types.
        """
        values = (session, rater, item, score, _now(), json.dumps(about or {}))
        with self._writing() as connection:
            connection.execute(
                """INSERT INTO ratings (session, rater, item, score, time, about) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (session, rater, item)
                DO UPDATE SET score = excluded.score, time = excluded.time, about = excluded.about""",
                values,
            )

    def ratings(self, session: str | None = None) -> pd.DataFrame:
        """All ratings, or those of a session: session, rater, item, score (nan: skipped), when, about."""
        import pandas as pd

        query = "SELECT session, rater, item, score, time, about FROM ratings"
        if session is not None:
            query += " WHERE session = ?"
        rows = self._read(f"{query} ORDER BY id", () if session is None else (session,))
        table = pd.DataFrame(rows, columns=["session", "rater", "item", "score", "when", "about"])
        return table.assign(score=table["score"].astype(float), about=[json.loads(one) for one in table["about"]])

    def begin(self, session: str, plan: dict[str, Any]) -> dict[str, Any]:
        """The plan of a session: what is stored under this name, or this one, which is stored from now on."""
        with self._writing() as connection:
            row = (_said(session, "name of a session"), json.dumps(plan), _now())
            connection.execute("INSERT OR IGNORE INTO sessions (name, plan, time) VALUES (?, ?, ?)", row)
        ((stored,),) = self._read("SELECT plan FROM sessions WHERE name = ?", row[:1])
        return json.loads(stored)

    def sessions(self) -> dict[str, dict[str, Any]]:
        """The plans of all sessions by name, oldest first."""
        return {name: json.loads(plan) for name, plan in self._read("SELECT name, plan FROM sessions ORDER BY rowid")}

    # ---- the search ----

    def describe(self, rows: Iterable[tuple[int, str]], *, of: str = "") -> None:
        """Give features a text to be found by besides labels and notes, in place of all such texts before.

        Whole or not at all: a search meanwhile finds by the former texts.

        Args:
            rows: (feature, text) each.
            of: what they were made of, for `described`.
        """
        pairs = [(_feature(feature), _clean(text)) for feature, text in rows]  # before anybody has to wait for it
        with self._writing() as connection:
            connection.execute("UPDATE texts SET base = ''")
            connection.executemany(
                """INSERT INTO texts (feature, base) VALUES (?, ?)
                ON CONFLICT (feature) DO UPDATE SET base = excluded.base""",
                pairs,
            )
            connection.execute("DELETE FROM marks WHERE name LIKE 'described %'")
            connection.execute("INSERT INTO marks VALUES (?)", (f"described {of}",))
            if self._has_words(connection):
                connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
            else:
                connection.execute("INSERT OR IGNORE INTO marks VALUES ('stale')")

    @property
    def described(self) -> str | None:
        """What the texts that describe features were made of; None as long as there are none."""
        marks = self._read("SELECT substr(name, 11) FROM marks WHERE name LIKE 'described %'")
        return marks[0][0] if marks else None

    def search(self, query: str, most: int = 50) -> list[tuple[int, str, float]]:
        """Features whose label, note or text has the words, best first: (feature, snippet, rank), larger is better.

        Words match from their beginning, whatever their case and accents: first where all of them are, else where any
        is, else inside of other words. Signs ("==") match where they stand. Anything may be typed.

        Source: the rank is BM25, Robertson and Zaragoza 2009, with labels and notes weighing more.
        """
        parts = list(dict.fromkeys(_clean(query)[:LONGEST].split()))[:WORDS]
        if not parts or most < 1:
            return []
        words = [part for part in parts if any(character.isalnum() for character in part)]
        ways = [(self._contain, parts, " AND "), (self._contain, parts, " OR ")]
        if words and self._has_words(self._connection()):
            by_words = [(self._match, words, " AND "), (self._match, words, " OR ")]
            ways = by_words + ways if words == parts else ways[:1] + by_words + ways[1:]
        tries = (way(some, joint, most) for way, some, joint in ways)
        return next((found for found in tries if found), [])

    def _match(self, words: Sequence[str], joint: str, most: int) -> list[tuple[int, str, float]]:
        """By the index of words. A quoted string is never syntax; the star makes its last word a beginning."""
        expression = joint.join('"' + word.replace('"', '""') + '" *' for word in words)
        return self._read(
            """SELECT rowid, snippet(words, -1, '', '', '…', 12), -bm25(words, ?, ?, ?)
            FROM words WHERE words MATCH ? ORDER BY 3 DESC, 1 LIMIT ?""",
            (*WEIGHTS, expression, most),
        )

    def _contain(self, parts: Sequence[str], joint: str, most: int) -> list[tuple[int, str, float]]:
        """By reading everything: slower, but it finds inside of words, finds signs, and needs no index."""
        folded = [_fold(part) for part in parts]
        fold = "fold({})" if any(character.isalpha() for part in parts for character in part) else "{}"
        columns = ", ".join(f"{fold.format(name)} AS {name}_" for name in ("label", "note", "base"))
        places = [f"?{place}" for place, _ in enumerate(folded, start=1)]
        has = {name: [f"(instr({name}_, {place}) > 0)" for place in places] for name in ("label", "note", "base")}
        rank = " + ".join(f"{weight} * ({' + '.join(has[name])})" for weight, name in zip(WEIGHTS, has, strict=True))
        each = joint.join(f"({' OR '.join(one)})" for one in zip(*has.values(), strict=True))
        inner = (
            f"SELECT *, {columns} FROM texts LIMIT -1"  # a limit, so that a text is folded once and not for each word
        )
        query = f"SELECT feature, {rank} AS rank, label, note, base FROM ({inner}) WHERE {each}"
        rows = self._read(f"{query} ORDER BY rank DESC, feature LIMIT {whole(most)}", folded)
        return [(feature, _snippet(texts, folded), rank) for feature, rank, *texts in rows]

    def _refresh(self, connection: sqlite3.Connection, features: Sequence[int]) -> None:
        """Let the search find features by what is said about them now."""
        if not self._has_words(connection):
            connection.execute("INSERT OR IGNORE INTO marks VALUES ('stale')")
            _gather(connection, features)
        elif len(features) > MANY:
            _gather(connection, features)
            connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        else:  # the index takes a text out by being told what it was
            listed = (json.dumps(features),)
            those = "SELECT {}feature, label, note, base FROM texts WHERE feature IN (SELECT value FROM json_each(?))"
            connection.execute(
                "INSERT INTO words (words, rowid, label, note, base) " + those.format("'delete', "), listed
            )
            _gather(connection, features)
            connection.execute("INSERT INTO words (rowid, label, note, base) " + those.format(""), listed)

    # ---- the file ----

    def close(self) -> None:
        """Close the file, for every thread; a later call opens it again."""
        with self._guard:
            for connection in list(self._open):
                connection.close()
        self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Notes({str(self.path)!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)

    def _prepare(self) -> bool:
        """See that there is a file, and whether it can be written."""
        folder = self.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists() or not self.path.stat().st_size
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise self._refusal() from error
        can_write = os.access(folder, os.W_OK) and (not self.path.exists() or os.access(self.path, os.W_OK))
        if not can_write and is_new:
            raise self._refusal()
        self.is_writable = can_write
        self._check()
        return can_write

    def _check(self) -> None:
        """Refuse a file that is none of ours, before anything is written to it."""
        try:
            (version,) = self._connection().execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in self._read("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.DatabaseError as error:
            self.close()
            raise ValueError(
                f"{self.path} cannot be read as notes ({error}); move it away, or give another path"
            ) from error
        if version > VERSION:
            self.close()
            raise ValueError(f"{self.path} has version {version}, and this workbench knows {VERSION}: update workbench")
        if tables and "labels" not in tables:
            self.close()
            raise ValueError(
                f"{self.path} is a database of something else ({', '.join(sorted(tables)[:3])}): give another path"
            )

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        """Make what is missing, and the index of words anew where a SQLite without FTS5 has written."""
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        is_stale = connection.execute("SELECT 1 FROM marks WHERE name = 'stale'").fetchone() is not None
        if not _has_fts5(connection):
            return
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone():
            connection.execute(WORD_INDEX)
            is_stale = True
        if is_stale:
            connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
            connection.execute("DELETE FROM marks WHERE name = 'stale'")

    def _has_words(self, connection: sqlite3.Connection) -> bool:
        """Whether there is an index of words that can be used and holds everything."""
        query = "SELECT (SELECT 1 FROM sqlite_master WHERE name = 'words'), (SELECT 1 FROM marks WHERE name = 'stale')"
        return _has_fts5(connection) and connection.execute(query).fetchone() == (1, None)

    def _refusal(self) -> PermissionError:
        return PermissionError(
            f"{self.path} cannot be written: the folder or the file is read-only for you; "
            "copy the folder to a place of your own (shutil.copytree) and open it there"
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All that is written meanwhile is on the disk at the end, or none of it."""
        if not self.is_writable:
            raise self._refusal()
        connection = self._connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "readonly" in str(error):
                raise self._refusal() from error
            if "locked" in str(error):
                raise TimeoutError(
                    f"{self.path}: another process has been writing for {PATIENCE:.0f} s; try again"
                ) from error
            raise
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _read(self, query: str, values: Sequence[Any] = ()) -> list[tuple]:
        return self._connection().execute(query, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        """The connection of the thread that asks. One that came over a fork belongs to the parent and is left alone."""
        mine = getattr(self._local, "connection", None)
        if mine is None or mine.process != os.getpid():
            mine = self._local.connection = _Connection(self.path, self.is_writable)
            with self._guard:
                self._open.add(mine)
        return mine.sqlite


class _Connection:
    """A connection that is closed with the thread whose it is."""

    def __init__(self, path: Path, is_writable: bool) -> None:
        self.process = os.getpid()
        self.sqlite = _connect(path, is_writable)

    def close(self) -> None:
        if self.process == os.getpid():
            self.sqlite.close()
        else:
            ABANDONED.append(self.sqlite)

    def __del__(self) -> None:
        if hasattr(self, "sqlite"):
            self.close()


ABANDONED: list[sqlite3.Connection] = []
"""Connections of a parent process: to close one, even by forgetting it, may take the parent's locks away."""


def _connect(path: Path, is_writable: bool) -> sqlite3.Connection:
    if not is_writable:
        return _connect_to_read(path)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.create_function("fold", 1, _fold, deterministic=True)
    try:
        connection.execute("PRAGMA journal_mode = WAL")  # a file system that cannot keeps the old journal, as safe
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError:  # another process has it now: it sets the journal, and the sync is FULL anyway
        pass
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """A log cannot be opened where none can be made: then the file is read as it is."""
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        address = f"{path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.create_function("fold", 1, _fold, deterministic=True)
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
        else:
            return connection
    raise sqlite3.OperationalError("unable to open database file")


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _has_fts5(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None


def _add_label(connection: sqlite3.Connection, feature: int, label: Label) -> None:
    connection.execute(
        "INSERT INTO labels (feature, text, how, author, time, scores) VALUES (?, ?, ?, ?, ?, ?)",
        (feature, label.text, label.how, label.by, label.when, json.dumps(label.scores)),
    )


def _gather(connection: sqlite3.Connection, features: Sequence[int]) -> None:
    """Put together what the search finds features by, newest label first; the text that describes them stays."""
    said = """coalesce((SELECT group_concat(text, char(10)) FROM
        (SELECT text FROM {0} WHERE {0}.feature = asked.value ORDER BY id DESC)), '')"""
    connection.execute(
        f"""INSERT INTO texts (feature, label, note) SELECT value, {said.format("labels")}, {said.format("notes")}
        FROM json_each(?) AS asked WHERE true
        ON CONFLICT (feature) DO UPDATE SET label = excluded.label, note = excluded.note""",
        (json.dumps(features),),
    )


def _label(row: Sequence[Any]) -> Label:
    _, text, how, by, when, scores = row
    return Label(text, how, by, when, json.loads(scores) if scores != "{}" else {})


def _feature(number: int) -> int:
    try:
        feature = whole(number)
    except TypeError:
        raise TypeError(f"{number!r} is no number of a feature; give a whole number") from None
    if not 0 <= feature < 2**63:
        raise ValueError(f"there is no feature {feature}: they are counted from 0")
    return feature


def _said(text: str, noun: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a {noun} is text, not {type(text).__name__}")
    if not text.strip():
        raise ValueError(f"the {noun} is empty; write a word or more")
    return _clean(text).strip()


def _clean(text: str) -> str:
    """Text that SQLite can hold: half a surrogate pair is no character, and NUL ends a string there."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _fold(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def _snippet(texts: Sequence[str], folded: Sequence[str]) -> str:
    """The first of the texts that has the first part, from a little before it on."""
    text = next((text for text in texts if any(part in _fold(text) for part in folded)), texts[-1])
    place = max(0, min((at for part in folded if (at := _fold(text).find(part)) >= 0), default=0) - 20)
    piece = re.sub(r"\s+", " ", text[place : place + 80]).strip()
    return ("…" if place else "") + piece + ("…" if place + 80 < len(text) else "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
