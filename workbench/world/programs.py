"""Small Python programs with what they print, sound or with one planted bug.

A sound program and its buggy twins come of one layout of `program_families.py`. What a
program prints is computed beside its values and never by running it: the tests run it.
Constants, not identifiers, decide what is held out, where there are enough of them.
"""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

from .grammar import Page, Span
from .program_families import FAMILIES, PAIRS, POOLS, Values
from .splits import allowed, draw, held_out

BUGS = ("name", "operator", "off_by_one", "return", "indentation")
"""What can be planted in a program."""

VERDICTS: dict[str | None, str] = {
    None: "sound",
    "name": "bug, wrong name",
    "operator": "bug, wrong operator",
    "off_by_one": "bug, off by one",
    "return": "bug, missing return",
    "indentation": "bug, bad indentation",
}
"""What the verdict says of a sound program and of each bug."""

CONCEPTS: dict[str, str] = {
    "code": "Python: a program, its comments and what it prints.",
    "code.real": "A function of Python's own library.",
    "code.def": "A line that begins a function.",
    "code.return": "A return statement.",
    "code.loop": "A line that begins a for or while loop.",
    "code.condition": "A line with if, elif or else.",
    "code.raise": "A raise statement.",
    "code.call": "The name of a function where it is called; print is a concept of its own.",
    "code.print": "The word print.",
    "code.string": "A string with its quotes.",
    "code.docstring": "A string that describes a function.",
    "code.number": "A number in a program.",
    "code.variable": "A variable where it gets its value: assigned, a parameter, or of a loop.",
    "code.comment": "A comment.",
    "code.output": "What a program prints.",
    "code.error": "The message with which Python stops a program.",
    "code.error.name": "A NameError: nothing is called this.",
    "code.error.type": "A TypeError: these values do not go together.",
    "code.error.index": "An IndexError: the list is not so long.",
    "code.error.indentation": "An IndentationError.",
    "code.bug": "The place where a bug shows to somebody who reads from left to right.",
    "code.bug.name": "A name that is defined nowhere.",
    "code.bug.operator": "An operator that does not do what the program says it does.",
    "code.bug.off_by_one": "A bound or an index that is one too many or too few.",
    "code.bug.return": "What follows a function that forgot to return its result.",
    "code.bug.indentation": "The first word of a line that is indented where it must not be, or not where it must.",
    "code.verdict": "The judgement on a program after its output.",
    "code.verdict.sound": "The judgement that a program does what it says.",
    "code.verdict.bug": "The judgement that a program has a bug, and which.",
}
"""Every label of code, of `library.py` too, and what it stands on."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program and what comes of it.

    Attributes:
        family: what sort of program it is, one of `FAMILIES`.
        code: its lines, a header comment included.
        output: what it prints, the last line of a traceback included.
        verdict: the judgement on it, if it says what it is meant to do.
        bug: one of `BUGS`, or None if it is sound.
        spans: the labels of `text`.

    Example:
        >>> program = draw_program(Random(0), "train", bug="name")
        >>> program.output.startswith("NameError: name ")
        True
    """

    family: str
    code: str
    output: str
    verdict: str | None
    bug: str | None
    spans: tuple[Span, ...]

    @property
    def prompt(self) -> str:
        """What stands before the output."""
        return self.code + _OUTPUT

    @property
    def verdict_prompt(self) -> str:
        """What stands before the verdict, if there is one."""
        return f"{self.prompt}{self.output}{_VERDICT}"

    @property
    def text(self) -> str:
        """The whole document."""
        return self.prompt + self.output + ("" if self.verdict is None else f"{_VERDICT} {self.verdict}\n")


def program(rng: Random, split: str, page: Page) -> None:
    """Write one program, its output and perhaps its verdict."""
    drawn, start = draw_program(rng, split), page.length
    page.add(drawn.text)
    page.spans += [Span(start + s.start, start + s.stop, s.concept) for s in drawn.spans]


def draw_program(rng: Random, split: str, *, bug: str | None = "any", header: bool | None = None) -> Program:
    """A program of a split.

    Args:
        rng: where chance comes from.
        split: "train"; "test", with constants that training never held; "templates", in a layout of its own too.
        bug: one of `BUGS`; None for a sound program; "any" for two sound ones to each buggy one.
        header: whether a first comment says if there is a bug; None leaves it to chance (one in six).

    Raises:
        ValueError: a bug that does not exist.
    """
    if bug == "any":
        bug = BUGS[int(rng.random() * len(BUGS))] if rng.random() < 1 / 3 else None
    elif bug is not None and bug not in BUGS:
        raise ValueError(f"no bug {bug!r}; there are: {', '.join(BUGS)}, None and 'any'")
    families = _variants(split, bug)
    variant, names, values = draw(split, lambda: _sample(rng, families), lambda sample: _is_held_out(*sample))
    if variant.misnamed:
        names["typo"] = _typo(rng, names[variant.misnamed], names)
    if header is None:
        header = rng.random() < 1 / 6
    return _written(Page(rng, {}), variant, names, values, header=header)


def statements(code: str) -> list[Span]:
    """The lines that begin with a word such as `def` or `return`, each from that word on."""
    return [Span(*m.span(1), _STATEMENTS[m[2]]) for m in _STATEMENT.finditer(code)]


_STATEMENTS = {
    "def": "code.def",
    "return": "code.return",
    "for": "code.loop",
    "while": "code.loop",
    "if": "code.condition",
    "elif": "code.condition",
    "else": "code.condition",
    "raise": "code.raise",
}
_STATEMENT = re.compile(rf"^ *(({'|'.join(_STATEMENTS)})\b.*)", re.M)

_OUTPUT = "# output:\n"
_VERDICT = "# verdict:"


# ---- a layout with its bug at one mark ------------------------------------------------------------

_Piece = tuple[str, bool]
"""A literal or the name of a slot, and whether it is a slot."""

_Label = tuple[int, int, str]
"""The first piece, the piece after the last, and their concept."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """A layout, sound or with its bug planted at one mark, cut into literals and slots.

    Attributes:
        family: its family.
        planted: the mark's name, such as "off_by_one.index"; None where it is sound.
        pieces: what it is made of.
        labels: which of the pieces carry which concept.
        identifiers: the slots that are identifiers.
        misnamed: the slot in whose place `$typo` stands, if any.
        says: whether it says what it is meant to do.
        indentation: what Python says of it, but for the line's number; and that number.
    """

    family: str
    planted: str | None
    pieces: tuple[_Piece, ...]
    labels: tuple[_Label, ...]
    identifiers: tuple[str, ...]
    misnamed: str | None
    says: bool
    indentation: tuple[str, int]

    @property
    def bug(self) -> str | None:
        """One of `BUGS`, or None where it is sound."""
        return self.planted and self.planted.partition(".")[0]


_MARK = re.compile(r"⟨([a-z_.]+):([^|⟩]*)\|([^⟩]*)⟩")
_SLOT = re.compile(r"\$([a-z_]+\d?|[A-Z])")


@cache
def _variants(split: str, bug: str | None) -> tuple[tuple[_Variant, ...], ...]:
    """The variants with a bug that a split may use, by family."""
    layouts = [(name, layout) for name, family in FAMILIES.items() for layout in family.layouts[1:].split("---\n")]
    by_family: dict[str, list[_Variant]] = {}
    for name, layout in allowed(split, tuple(layouts)):
        for variant in _planted(name, layout):
            if variant.bug == bug:
                by_family.setdefault(name, []).append(variant)
    return tuple(map(tuple, by_family.values()))


@cache
def _planted(family: str, layout: str) -> tuple[_Variant, ...]:
    """The sound variant of a layout and one for each of its marks."""
    layout = layout.replace("»", "⟨indentation:    |⟩").replace("«", "⟨indentation:|    ⟩")
    return tuple(_variant(family, layout, mark) for mark in (None, *_MARK.finditer(layout)))


def _variant(family: str, layout: str, mark: re.Match[str] | None) -> _Variant:
    """The layout with its bug at this mark, or sound."""
    sound = code = _sound(layout)
    labels, misnamed, indentation = _lexical(code), None, ("", 0)
    if mark:
        before, bug = _sound(layout[: mark.start()]), mark[1].partition(".")[0]
        start, stop = len(before), len(before) + len(mark[3])
        code = before + mark[3] + _sound(layout[mark.end() :])
        labels = [*_lexical(code), Span(*_bug_place(code, bug, start, stop), f"code.bug.{bug}")]
        if bug == "name":
            misnamed = mark[2].removeprefix("$")
        if bug == "indentation":
            indentation = _indentation_error(code, start, stop)
    slots = dict.fromkeys(_SLOT.findall(sound))
    pieces, cut_labels = _cut(code, labels)
    return _Variant(
        family=family,
        planted=mark[1] if mark else None,
        pieces=pieces,
        labels=cut_labels,
        identifiers=tuple(slot for slot in slots if slot in ("a", "b") or slot.removesuffix("2") in POOLS),
        misnamed=misnamed,
        says="def " in layout or "#" in layout,
        indentation=indentation,
    )


def _sound(layout: str) -> str:
    """A layout, or a part of it, without any bug."""
    return _MARK.sub(r"\2", layout)


def _bug_place(code: str, bug: str, start: int, stop: int) -> tuple[int, int]:
    """Where a bug shows: what was planted; what follows where something is missing; the rest without a return."""
    if bug == "return":
        shows = re.compile(r"^(?=[^ \n])", re.M).search(code, start)
        assert shows is not None
        return shows.start(), len(code) - 1
    if bug == "indentation" or start == stop:
        token = re.compile(r" *(\$?\w+|\S)").match(code, stop)
        assert token is not None
        return start, token.end()
    return start, stop


def _indentation_error(code: str, start: int, stop: int) -> tuple[str, int]:
    """Python's message on the line that is indented wrongly, and the number of the line that it refers to."""
    if start != stop:
        return "unexpected indent", 0
    before = code[:start].rstrip(" ").splitlines()
    opens = before[-1].split()[0].rstrip(":")
    what = "function definition" if opens == "def" else f"'{opens}' statement"
    return f"expected an indented block after {what} on line ", len(before)


_COMMENT_STRING_OR_NUMBER = re.compile(r'(?P<comment>#.*)|(?P<string>"[^"]*")|(?P<number>\b\d+\b|\$[A-Z]\b)')
_CALL = re.compile(r"(?<!def )(?<![\w$])(\$?[a-z_]+\d?)\(")
_DEFINED = re.compile(r"^ *(\$\w+)(?:, (\$\w+))? \+?-?= |^ *for (\$\w+) in|^def \S+\((\$\w+)(?:, (\$\w+))?\)", re.M)


def _lexical(code: str) -> list[Span]:
    """What every part of a small program is, its slots not yet filled."""
    labels = statements(code)
    labels += [Span(*m.span(), f"code.{m.lastgroup}") for m in _COMMENT_STRING_OR_NUMBER.finditer(code)]
    labels += [Span(*m.span(1), "code.print" if m[1] == "print" else "code.call") for m in _CALL.finditer(code)]
    labels += [Span(*m.span(n), "code.variable") for m in _DEFINED.finditer(code) for n in range(1, 6) if m[n]]
    return labels


def _cut(code: str, labels: list[Span]) -> tuple[tuple[_Piece, ...], tuple[_Label, ...]]:
    """The code cut wherever a slot or a label begins or ends, and the labels counted in pieces."""
    slots = {m.start(): m for m in _SLOT.finditer(code)}
    ends = {at for m in slots.values() for at in m.span()} | {at for s in labels for at in (s.start, s.stop)}
    cuts = sorted({0, len(code)} | ends)
    pieces = [(slots[a][1], True) if a in slots else (code[a:b], False) for a, b in pairwise(cuts)]
    number = {cut: n for n, cut in enumerate(cuts)}
    return tuple(pieces), tuple((number[s.start], number[s.stop], s.concept) for s in labels)


# ---- from a variant to a program ------------------------------------------------------------------


def _sample(rng: Random, families: tuple[tuple[_Variant, ...], ...]) -> tuple[_Variant, dict[str, str], Values]:
    """A variant with its identifiers and its constants; every family is as likely."""
    variants = families[int(rng.random() * len(families))]
    variant = variants[int(rng.random() * len(variants))]
    names = _names(rng, variant.identifiers)
    return variant, names, FAMILIES[variant.family].values(rng, variant.planted)


def _is_held_out(variant: _Variant, names: dict[str, str], values: Values) -> bool:
    return held_out(*values.key, *(names.values() if FAMILIES[variant.family].few else ()))


def _names(rng: Random, slots: tuple[str, ...]) -> dict[str, str]:
    """An identifier for every slot, all different."""
    names: dict[str, str] = {}
    pair = PAIRS[int(rng.random() * len(PAIRS))]
    for slot in slots:
        if slot in ("a", "b"):
            names[slot] = pair[slot == "b"]
            continue
        first = slot.removesuffix("2")
        pool = POOLS[first]
        name = pool[int(rng.random() * len(pool))]
        while name == names.get(first):
            name = pool[int(rng.random() * len(pool))]
        names[slot] = name
    return names


def _typo(rng: Random, name: str, names: dict[str, str]) -> str:
    """What stands wrongly for a name: it misspelt, or a name of another program."""
    taken = names.values()
    misspelt = _misspellings(name)
    while True:
        words = misspelt if misspelt and rng.random() < 0.6 else _others()
        typo = words[int(rng.random() * len(words))]
        if typo not in taken:
            return typo


@cache
def _others() -> tuple[str, ...]:
    """Every identifier of a variable but for `numbers`: Python from 3.12 on asks if one forgot to import it."""
    pools = ("x", "value", "i", "item", "words", "numbers", "text", "total", "r")
    return tuple(name for pool in pools for name in POOLS[pool] if name != "numbers")


@cache
def _misspellings(name: str) -> tuple[str, ...]:
    """A name of four letters or more without one of its letters, with two swapped, or with one doubled."""
    if len(name) < 4:
        return ()
    known = {*keyword.kwlist, *dir(builtins), *(n for pool in POOLS.values() for n in pool), *sum(PAIRS, ())}
    inner = range(1, len(name) - 1)
    made = [name[:i] + name[i + 1 :] for i in inner]
    made += [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in inner]
    made += [name[:i] + name[i] + name[i:] for i in inner]
    return tuple(dict.fromkeys(typo for typo in made if typo not in known))


def _written(page: Page, variant: _Variant, names: dict[str, str], values: Values, *, header: bool) -> Program:
    """The program with its output, verdict and labels, written on an empty page."""
    bug = variant.bug
    if header:
        _write_line(page, "# this program has a bug\n" if bug else "# this program works\n", "code.comment")
    ends = [page.length]
    for piece, is_slot in variant.pieces:
        text = (names.get(piece) or values.slots[piece]) if is_slot else piece
        if isinstance(text, str):
            page.add(text)
        else:
            _write_list(page, text)
        ends.append(page.length)
    page.spans += [Span(ends[first], ends[last], concept) for first, last, concept in variant.labels]
    code = "".join(page.parts)

    printed, error = _result(variant, names, values, header=header)
    _write_line(page, _OUTPUT, "code.comment")
    if printed:
        _write_line(page, printed, "code.output")
    if error:
        _write_line(page, error, f"code.error.{error.partition('Error')[0].lower()}")

    verdict = VERDICTS[bug] if variant.says else None
    if verdict:
        page.add(_VERDICT, "code.comment")
        page.add(" ")
        _write_line(page, f"{verdict}\n", "code.verdict.bug" if bug else "code.verdict.sound")
    page.spans.append(Span(0, page.length, "code"))
    return Program(variant.family, code, printed + error, verdict, bug, tuple(page.spans))


def _write_line(page: Page, line: str, concept: str) -> None:
    """Write what ends in a newline that carries no concept."""
    page.add(line[:-1], concept)
    page.add("\n")


def _write_list(page: Page, items: tuple[str, ...]) -> None:
    """Write a list as Python does."""
    concept = "code.string" if items[0][0] == '"' else "code.number"
    for n, item in enumerate(items):
        page.add(", " if n else "[")
        page.add(item, concept)
    page.add("]")


def _result(variant: _Variant, names: dict[str, str], values: Values, *, header: bool) -> tuple[str, str]:
    """What the program prints, and the error that ends it, if any."""
    match variant.bug:
        case "indentation":
            message, line = variant.indentation
            number = line + header if line else ""  # a header is a line as well
            return "", f"IndentationError: {message}{number}\n"
        case "name":
            return values.prints.get(variant.planted, ""), f"NameError: name '{names['typo']}' is not defined\n"
        case "return":
            return "None\n", ""
    prints = values.prints[variant.planted]
    last = prints.rfind("\n", 0, -1) + 1
    return (prints[:last], prints[last:]) if "Error: " in prints else (prints, "")
