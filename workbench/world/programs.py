"""Small Python programs with what they print, sound or with one planted bug; and functions of Python's own library.

A layout is a program with marks:

- `$x` is an identifier of the pool `x` (`$x2` another one of it), `$M` a number, `"$w"` a word, `$list` a list;
- `⟨bug:sound|buggy⟩` is written the first way, or the second if this is where the bug is planted;
- `»` is an indentation that the bug "indentation" leaves out, `«` one that it puts where none belongs.

A sound program and its buggy twins come of one layout. What a program prints is computed
beside its values and never by running it: the tests run it. Constants, not identifiers,
decide what is held out, where there are enough of them.
"""

from __future__ import annotations

import ast
import builtins
import io
import json
import keyword
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

from .grammar import Page, Span
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
"""Every label of this module and what it stands on."""


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


def program(rng: Random, split: str, page: Page, *, bug: str | None = "any") -> None:
    """Write one program, its output and perhaps its verdict."""
    drawn = draw_program(rng, split, bug=bug)
    start = page.length
    page.add(drawn.text)
    page.spans += (
        [Span(start + s.start, start + s.stop, s.concept) for s in drawn.spans] if start else list(drawn.spans)
    )


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

    def sample() -> tuple[_Variant, dict[str, str], _Values]:
        variants = families[int(rng.random() * len(families))]
        variant = variants[int(rng.random() * len(variants))]
        names = _names(rng, variant.identifiers)
        return variant, names, FAMILIES[variant.family].values(rng, variant.planted)

    def is_held_out(sampled: tuple[_Variant, dict[str, str], _Values]) -> bool:
        variant, names, values = sampled
        return held_out(*values.key, *(names.values() if FAMILIES[variant.family].few else ()))

    variant, names, values = draw(split, sample, is_held_out)
    if variant.misnamed:
        names["typo"] = _typo(rng, names.get(variant.misnamed, variant.misnamed), names)
    if header is None:
        header = rng.random() < 1 / 6
    return _written(variant, names, values, header)


_OUTPUT = "# output:\n"
_VERDICT = "# verdict:"
_HEADERS = {True: "# this program works\n", False: "# this program has a bug\n"}


# ---- values: the constants of a program and what it prints ----------------------------------------


@dataclass(frozen=True, slots=True)
class _Values:
    """Constants by slot; what is printed, sound (None) or by the place where a bug is planted; what is held out."""

    slots: dict[str, str | tuple[str, ...]]
    prints: dict[str | None, str]
    key: tuple[object, ...]


_RANGE = "IndexError: list index out of range\n"
_NOUNS = "sun moon star rain snow wind fire water light flower ball book tea pot bird fish cat dog tree house"
_WORDS = tuple(_NOUNS.split())


def _lines(*values: object) -> str:
    return "".join(f"{value}\n" for value in values)


def _number(rng: Random, low: int = 1, high: int = 20) -> int:
    return low + int(rng.random() * (high - low + 1))


def _word(rng: Random) -> str:
    return _WORDS[int(rng.random() * len(_WORDS))]


def _word_list(rng: Random) -> tuple[str, ...]:
    return tuple(rng.sample(_WORDS, _number(rng, 3, 5)))


def _quoted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f'"{word}"' for word in words)


def _sum(rng: Random, planted: str | None) -> _Values:
    m, n = _number(rng), _number(rng)
    if planted == "operator":
        m, n = max(m, n), min(m, n)
    prints = {None: f"{m + n}\n", "operator": f"{m - n}\n"}
    return _Values({"M": str(m), "N": str(n)}, prints, ("sum", min(m, n), max(m, n)))


def _difference(rng: Random, planted: str | None) -> _Values:
    low, high = sorted((_number(rng), _number(rng)))
    prints = {None: f"{high - low}\n", "operator": f"{high + low}\n"}
    return _Values({"M": str(high), "N": str(low)}, prints, ("difference", high, low))


def _double(rng: Random, planted: str | None) -> _Values:
    n = _number(rng, 3, 30)
    prints = {None: f"{n * 2}\n", "operator": f"{n + 2}\n"}
    return _Values({"N": str(n)}, prints, ("double", n))


def _two(rng: Random) -> tuple[int, int]:
    """Two different numbers."""
    m, n = _number(rng), _number(rng, 1, 19)
    return m, n + (n >= m)


def _larger(rng: Random, planted: str | None) -> _Values:
    m, n = _two(rng)
    if planted == "return":
        m, n = min(m, n), max(m, n)
    prints = {None: f"{max(m, n)}\n", "operator": f"{min(m, n)}\n"}
    return _Values({"M": str(m), "N": str(n)}, prints, ("compare", min(m, n), max(m, n)))


def _smaller(rng: Random, planted: str | None) -> _Values:
    m, n = _two(rng)
    if planted == "return":
        m, n = max(m, n), min(m, n)
    prints = {None: f"{min(m, n)}\n", "operator": f"{max(m, n)}\n"}
    return _Values({"M": str(m), "N": str(n)}, prints, ("compare", min(m, n), max(m, n)))


def _is_larger(rng: Random, planted: str | None) -> _Values:
    m, n = _two(rng)
    prints = {None: f"{m > n}\n", "operator": f"{m < n}\n"}
    return _Values({"M": str(m), "N": str(n)}, prints, ("compare", min(m, n), max(m, n)))


def _boolean(rng: Random, planted: str | None) -> _Values:
    m, n = _number(rng), _number(rng)
    n = m if rng.random() < 0.25 else n
    name = ("<", ">", "==", "!=")[int(rng.random() * 4)]
    answer = {"<": m < n, ">": m > n, "==": m == n, "!=": m != n}[name]
    return _Values({"M": str(m), "N": str(n), "compared": name}, {None: f"{answer}\n"}, ("compare", *sorted((m, n))))


def _branch(rng: Random, planted: str | None) -> _Values:
    m, n = _two(rng)
    yes, no = (("yes", "no"), ("big", "small"), ("high", "low"), ("more", "less"))[int(rng.random() * 4)]
    prints = {None: f"{yes if m > n else no}\n", "operator": f"{yes if m < n else no}\n"}
    return _Values({"M": str(m), "N": str(n), "w": yes, "w2": no}, prints, ("compare", min(m, n), max(m, n)))


def _first(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    return _Values({"list": _quoted(words)}, {None: f"{words[0]}\n", "off_by_one": f"{words[1]}\n"}, ("list", *words))


def _last(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    prints = {None: f"{words[-1]}\n", "off_by_one": f"{words[-2]}\n", "off_by_one.index": _RANGE}
    return _Values({"list": _quoted(words)}, prints, ("list", *words))


def _index(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    at = int(rng.random() * len(words))
    slots = {"list": _quoted(words), "K": str(at), "L": str(len(words))}
    return _Values(slots, {None: f"{words[at]}\n", "off_by_one.index": _RANGE}, ("list", *words))


def _nth(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    at = _number(rng, 1, len(words) - 2)
    slots = {"list": _quoted(words), "nth": ("second", "third", "fourth")[at - 1], "K": str(at), "L": str(at + 1)}
    return _Values(slots, {None: f"{words[at]}\n", "off_by_one": f"{words[at + 1]}\n"}, ("list", *words))


def _count(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    n = len(words)
    return _Values({"list": _quoted(words)}, {None: f"{n}\n", "off_by_one": f"{n - 1}\n"}, ("list", *words))


def _each(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    prints = {
        None: _lines(*words),
        "off_by_one": _lines(*words[:-1]),
        "off_by_one.first": _lines(*words[1:]),
        "off_by_one.index": _lines(*words) + _RANGE,
    }
    return _Values({"list": _quoted(words)}, prints, ("list", *words))


def _membership(rng: Random, planted: str | None) -> _Values:
    words = _word_list(rng)
    word = words[int(rng.random() * len(words))] if rng.random() < 0.5 else _word(rng)
    prints = {None: f"{word in words}\n", "operator": f"{word not in words}\n"}
    return _Values({"list": _quoted(words), "w": word}, prints, ("list", *words))


def _lookup(rng: Random, planted: str | None) -> _Values:
    words = tuple(rng.sample(_WORDS, 3))
    numbers = (_number(rng), _number(rng), _number(rng))
    of = int(rng.random() * 2)
    slots: dict[str, str | tuple[str, ...]] = {"w": words[of]}
    for i in range(3):
        slots[f"w{i + 1}"], slots["ABC"[i]] = words[i], str(numbers[i])
    return _Values(slots, {None: f"{numbers[of]}\n"}, ("dict", *words[:2], *numbers[:2]))


def _number_list(rng: Random, high: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(1, high + 1), _number(rng, 3, 4)))


def _largest(rng: Random, planted: str | None) -> _Values:
    numbers = _number_list(rng, 20)
    return _Values({"list": tuple(map(str, numbers))}, {None: f"{max(numbers)}\n"}, ("numbers", *numbers))


def _smallest(rng: Random, planted: str | None) -> _Values:
    numbers = _number_list(rng, 20)
    return _Values({"list": tuple(map(str, numbers))}, {None: f"{min(numbers)}\n"}, ("numbers", *numbers))


def _total(rng: Random, planted: str | None) -> _Values:
    numbers = _number_list(rng, 9)
    prints = {
        None: f"{sum(numbers)}\n",
        "operator": "0\n",
        "off_by_one": f"{sum(numbers[:-1])}\n",
    }
    return _Values({"list": tuple(map(str, numbers))}, prints, ("numbers", *numbers))


def _range(rng: Random, planted: str | None) -> _Values:
    n = _number(rng, 2, 9)
    return _Values({"N": str(n)}, {None: _lines(*range(n))}, ("range", n))


def _count_to(rng: Random, planted: str | None) -> _Values:
    n = _number(rng, 2, 9)
    return _Values({"N": str(n)}, {None: _lines(*range(1, n + 1)), "off_by_one": _lines(*range(1, n))}, ("to", n))


def _countdown(rng: Random, planted: str | None) -> _Values:
    n = _number(rng, 2, 9)
    down = _lines(*range(n, 0, -1))
    prints = {None: down, "off_by_one": _lines(*range(n, 1, -1)), "name.late": f"{n}\n"}
    return _Values({"N": str(n)}, prints, ("down", n))


def _times(rng: Random, planted: str | None) -> _Values:
    word, n = _word(rng), _number(rng, 2, 6)
    prints = {None: f"{word}\n" * n, "off_by_one": f"{word}\n" * (n - 1)}
    return _Values({"w": word, "N": str(n)}, prints, ("times", word, n))


def _swap(rng: Random, planted: str | None) -> _Values:
    m, n = _two(rng)
    return _Values({"M": str(m), "N": str(n)}, {None: f"{n} {m}\n"}, ("swap", min(m, n), max(m, n)))


_MINUS = "TypeError: unsupported operand type(s) for -: 'str' and 'str'\n"
_PLUS = 'TypeError: can only concatenate str (not "int") to str\n'


def _join(rng: Random, planted: str | None) -> _Values:
    one, two = rng.sample(_WORDS, 2)
    return _Values({"w": one, "w2": two}, {None: f"{one}{two}\n", "operator": _MINUS}, ("join", one, two))


def _repeat(rng: Random, planted: str | None) -> _Values:
    word, n = _word(rng), _number(rng, 2, 5)
    return _Values({"w": word, "N": str(n)}, {None: f"{word * n}\n", "operator": _PLUS}, ("repeat", word, n))


# ---- layouts --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Family:
    """Programs that compute the same: where their values come from, and their layouts with `---` between them.

    Where the constants are few (`few`), identifiers decide with them what is held out.
    """

    values: Callable[[Random, str | None], _Values]
    layouts: str
    few: bool = False


_PAIRS = (("a", "b"), ("p", "q"), ("left", "right"), ("one", "two"))
_POOLS: dict[str, tuple[str, ...]] = {
    slot: tuple(names.split())
    for slot, names in {
        "x": "x y n price age score size number",
        "value": "value amount given",
        "i": "i j k",
        "item": "item thing word name",
        "words": "items things words names",
        "numbers": "numbers values scores",
        "text": "text title label line",
        "sizes": "prices ages sizes colors",
        "key": "key wanted",
        "total": "total points steps",
        "r": "result answer",
        "add": "add plus",
        "subtract": "subtract minus",
        "double": "double twice",
        "larger": "larger bigger",
        "smaller": "smaller lower",
        "largest": "largest biggest",
        "smallest": "smallest lowest",
        "is_larger": "is_larger is_bigger",
        "first": "first first_of",
        "last": "last last_of",
        "count": "count count_all",
        "add_all": "add_all sum_of",
        "has": "has contains",
        "find": "find get",
        "join": "join glue",
        "repeat": "repeat again",
    }.items()
}
"""Slot → the identifiers that it may be; no two pools share one, so that names in a program never meet."""

FAMILIES: dict[str, Family] = {
    "add": Family(
        _sum,
        """
def $add($a, $b):
»⟨return:return |⟩$a ⟨operator:+|-⟩ ⟨name:$b|$typo⟩
print(⟨name:$add|$typo⟩($M, $N))
---
def $add($a, $b):
»$r = $a ⟨operator:+|-⟩ ⟨name:$b|$typo⟩
⟨return:    return $r
|⟩print($add($M, $N))
---
def $add($a, $b):
»⟨return:return |⟩⟨name:$a|$typo⟩ ⟨operator:+|-⟩ $b

$x = $M
$x2 = $N
print($add($x, ⟨name:$x2|$typo⟩))
---
def $add($a, $b):
»⟨return:return |⟩$a ⟨operator:+|-⟩ $b
$r = $add($M, $N)
«print(⟨name:$r|$typo⟩)
---
# add the two numbers
$x = $M
«$x2 = $N
print($x ⟨operator:+|-⟩ ⟨name:$x2|$typo⟩)
""",
    ),
    "subtract": Family(
        _difference,
        """
def $subtract($a, $b):
»⟨return:return |⟩$a ⟨operator:-|+⟩ ⟨name:$b|$typo⟩
print(⟨name:$subtract|$typo⟩($M, $N))
---
def $subtract($a, $b):
»$r = ⟨name:$a|$typo⟩ ⟨operator:-|+⟩ $b
⟨return:    return $r
|⟩print($subtract($M, $N))
---
def $subtract($a, $b):
»⟨return:return |⟩$a ⟨operator:-|+⟩ $b

$r = ⟨name:$subtract|$typo⟩($M, $N)
«print(⟨name:$r|$typo⟩)
---
# subtract the second number
$x = $M
«$x2 = $N
print($x ⟨operator:-|+⟩ ⟨name:$x2|$typo⟩)
""",
    ),
    "double": Family(
        _double,
        """
def $double($value):
»⟨return:return |⟩⟨name:$value|$typo⟩ ⟨operator:*|+⟩ 2
print($double($N))
---
def $double($value):
»⟨return:return |⟩2 ⟨operator:*|+⟩ ⟨name:$value|$typo⟩
print(⟨name:$double|$typo⟩($N))
---
def $double($value):
»$r = $value ⟨operator:*|+⟩ 2
⟨return:    return $r
|⟩
$x = $N
print($double(⟨name:$x|$typo⟩))
---
# double it
$x = $N
«$x = ⟨name:$x|$typo⟩ ⟨operator:*|+⟩ 2
print($x)
""",
        few=True,
    ),
    "increase": Family(
        _sum,
        """
$x = $M
$x2 = ⟨name:$x|$typo⟩ + $N
«print(⟨name:$x2|$typo⟩)
---
$x = $M
«$x = ⟨name:$x|$typo⟩ + $N
print(⟨name:$x|$typo⟩)
---
# $N more
$x = $M
$x ⟨operator:+=|-=⟩ $N
«print(⟨name:$x|$typo⟩)
---
$x = $M
«$x2 = $N
$r = $x + ⟨name:$x2|$typo⟩
print($r)
""",
    ),
    "decrease": Family(
        _difference,
        """
$x = $M
$x2 = ⟨name:$x|$typo⟩ - $N
«print(⟨name:$x2|$typo⟩)
---
$x = $M
«$x = ⟨name:$x|$typo⟩ - $N
print(⟨name:$x|$typo⟩)
---
# $N less
$x = $M
$x ⟨operator:-=|+=⟩ $N
«print(⟨name:$x|$typo⟩)
---
$x = $M
«$x2 = $N
$r = $x - ⟨name:$x2|$typo⟩
print($r)
""",
    ),
    "larger": Family(
        _larger,
        """
def $larger($a, $b):
»if $a ⟨operator:>|<⟩ ⟨name:$b|$typo⟩:
        return $a
⟨return:    return $b
|⟩print($larger($M, $N))
---
def $larger($a, $b):
    if ⟨name:$a|$typo⟩ ⟨operator:>|<⟩ $b:
    »return $a
    return $b

$r = $larger($M, $N)
«print($r)
---
def $larger($a, $b):
»⟨return:return |⟩max($a, ⟨name:$b|$typo⟩)
print(⟨name:$larger|$typo⟩($M, $N))
---
# the larger one
$x = $M
$x2 = $N
if $x ⟨operator:>|<⟩ ⟨name:$x2|$typo⟩:
»print($x)
else:
»print($x2)
""",
    ),
    "smaller": Family(
        _smaller,
        """
def $smaller($a, $b):
»if $a ⟨operator:<|>⟩ ⟨name:$b|$typo⟩:
        return $a
⟨return:    return $b
|⟩print($smaller($M, $N))
---
def $smaller($a, $b):
    if ⟨name:$a|$typo⟩ ⟨operator:<|>⟩ $b:
    »return $a
    return $b

$r = $smaller($M, $N)
«print($r)
---
def $smaller($a, $b):
»⟨return:return |⟩min($a, ⟨name:$b|$typo⟩)
print(⟨name:$smaller|$typo⟩($M, $N))
---
# the smaller one
$x = $M
$x2 = $N
if $x ⟨operator:<|>⟩ ⟨name:$x2|$typo⟩:
»print($x)
else:
»print($x2)
""",
    ),
    "is_larger": Family(
        _is_larger,
        """
def $is_larger($a, $b):
»⟨return:return |⟩$a ⟨operator:>|<⟩ ⟨name:$b|$typo⟩
print(⟨name:$is_larger|$typo⟩($M, $N))
---
def $is_larger($a, $b):
»⟨return:return |⟩⟨name:$a|$typo⟩ ⟨operator:>|<⟩ $b

$x = $M
print($is_larger(⟨name:$x|$typo⟩, $N))
---
# is the first one larger
$x = $M
«$x2 = $N
print(⟨name:$x|$typo⟩ ⟨operator:>|<⟩ $x2)
""",
    ),
    "boolean": Family(
        _boolean,
        """
$x = $M
«print(⟨name:$x|$typo⟩ $compared $N)
---
$x = $M
$x2 = $N
«print($x $compared ⟨name:$x2|$typo⟩)
---
$x = $M
$r = ⟨name:$x|$typo⟩ $compared $N
«print($r)
""",
    ),
    "branch": Family(
        _branch,
        """
$x = $M
if ⟨name:$x|$typo⟩ > $N:
»print("$w")
else:
»print("$w2")
---
$x = $M
$x2 = $N
if $x > ⟨name:$x2|$typo⟩:
»$r = "$w"
else:
»$r = "$w2"
print($r)
---
# $w if more than $N
$x = $M
if ⟨name:$x|$typo⟩ ⟨operator:>|<⟩ $N:
»print("$w")
else:
»print("$w2")
""",
    ),
    "first": Family(
        _first,
        """
def $first($words):
»⟨return:return |⟩⟨name:$words|$typo⟩[⟨off_by_one:0|1⟩]
print($first($list))
---
def $first($words):
»$r = $words[⟨off_by_one:0|1⟩]
⟨return:    return $r
|⟩print(⟨name:$first|$typo⟩($list))
---
# the first one
$words = $list
«print(⟨name:$words|$typo⟩[⟨off_by_one:0|1⟩])
---
# take the first one
$words = $list
$r = $words[⟨off_by_one:0|1⟩]
«print(⟨name:$r|$typo⟩)
""",
    ),
    "last": Family(
        _last,
        """
def $last($words):
»⟨return:return |⟩⟨name:$words|$typo⟩[-⟨off_by_one:1|2⟩]
print($last($list))
---
def $last($words):
»⟨return:return |⟩$words[len(⟨name:$words|$typo⟩)⟨off_by_one.index: - 1|⟩]
print(⟨name:$last|$typo⟩($list))
---
# the last one
$words = $list
«print(⟨name:$words|$typo⟩[-⟨off_by_one:1|2⟩])
---
# take the last one
$words = $list
«$r = $words[len($words)⟨off_by_one.index: - 1|⟩]
print(⟨name:$r|$typo⟩)
""",
    ),
    "index": Family(
        _index,
        """
$words = $list
«print(⟨name:$words|$typo⟩[⟨off_by_one.index:$K|$L⟩])
---
$words = $list
$item = $words[⟨off_by_one.index:$K|$L⟩]
«print(⟨name:$item|$typo⟩)
---
$words = $list
«$i = $K
print($words[⟨name:$i|$typo⟩])
""",
    ),
    "nth": Family(
        _nth,
        """
# the $nth one
$words = $list
«print(⟨name:$words|$typo⟩[⟨off_by_one:$K|$L⟩])
---
# take the $nth one
$words = $list
«$item = ⟨name:$words|$typo⟩[⟨off_by_one:$K|$L⟩]
print(⟨name:$item|$typo⟩)
""",
    ),
    "count": Family(
        _count,
        """
def $count($words):
»⟨return:return |⟩len(⟨name:$words|$typo⟩)⟨off_by_one:| - 1⟩
print($count($list))
---
def $count($words):
»$total = 0
    for $item in ⟨name:$words|$typo⟩:
        $total += 1
⟨return:    return $total
|⟩print($count($list))
---
# count them all
$words = $list
«$total = len(⟨name:$words|$typo⟩)⟨off_by_one:| - 1⟩
print(⟨name:$total|$typo⟩)
---
$words = $list
«print(len(⟨name:$words|$typo⟩))
---
$words = $list
$total = 0
for $item in ⟨name:$words|$typo⟩:
»$total = ⟨name:$total|$typo⟩ + 1
print($total)
""",
    ),
    "largest": Family(
        _largest,
        """
$numbers = $list
«print(max(⟨name:$numbers|$typo⟩))
---
# the largest number
$numbers = $list
«$r = max($numbers)
print(⟨name:$r|$typo⟩)
---
def $largest($numbers):
»⟨return:return |⟩max(⟨name:$numbers|$typo⟩)
print($largest($list))
---
def $largest($numbers):
»$r = max(⟨name:$numbers|$typo⟩)
⟨return:    return $r
|⟩print(⟨name:$largest|$typo⟩($list))
""",
    ),
    "smallest": Family(
        _smallest,
        """
$numbers = $list
«print(min(⟨name:$numbers|$typo⟩))
---
# the smallest number
$numbers = $list
«$r = min($numbers)
print(⟨name:$r|$typo⟩)
---
def $smallest($numbers):
»⟨return:return |⟩min(⟨name:$numbers|$typo⟩)
print($smallest($list))
---
def $smallest($numbers):
»$r = min(⟨name:$numbers|$typo⟩)
⟨return:    return $r
|⟩print(⟨name:$smallest|$typo⟩($list))
""",
    ),
    "total": Family(
        _total,
        """
# add them all
$numbers = $list
$total = 0
for $item in ⟨name:$numbers|$typo⟩:
»$total ⟨operator:+=|*=⟩ ⟨name:$item|$typo⟩
print($total)
---
# add them all
$numbers = $list
$total = 0
for $i in range(len($numbers)⟨off_by_one:| - 1⟩):
»$total += $numbers[⟨name:$i|$typo⟩]
print($total)
---
def $add_all($numbers):
»$total = 0
    for $item in ⟨name:$numbers|$typo⟩:
        $total ⟨operator:+=|*=⟩ $item
⟨return:    return $total
|⟩print($add_all($list))
---
def $add_all($numbers):
»⟨return:return |⟩sum(⟨name:$numbers|$typo⟩)
print($add_all($list))
---
$numbers = $list
«print(sum(⟨name:$numbers|$typo⟩))
""",
    ),
    "each": Family(
        _each,
        """
$words = $list
for $item in ⟨name:$words|$typo⟩:
»print(⟨name:$item|$typo⟩)
---
for $item in $list:
»print(⟨name:$item|$typo⟩)
---
# print all of them
$words = $list
for $i in range(len($words)⟨off_by_one:| - 1⟩):
»print($words[⟨name:$i|$typo⟩])
---
# print them all
$words = $list
for $i in range(len(⟨name:$words|$typo⟩)⟨off_by_one.index:| + 1⟩):
»print($words[$i])
---
# print them all
$words = $list
for $i in range(⟨off_by_one.first:0|1⟩, len($words)):
»$item = $words[$i]
    print(⟨name:$item|$typo⟩)
""",
    ),
    "membership": Family(
        _membership,
        """
$words = $list
«print("$w" in ⟨name:$words|$typo⟩)
---
def $has($words, $item):
»⟨return:return |⟩$item ⟨operator:in|not in⟩ ⟨name:$words|$typo⟩
print($has($list, "$w"))
---
# is it there
$words = $list
$item = "$w"
«print(⟨name:$item|$typo⟩ ⟨operator:in|not in⟩ $words)
---
# is there a $w
$words = $list
«print("$w" ⟨operator:in|not in⟩ ⟨name:$words|$typo⟩)
""",
    ),
    "lookup": Family(
        _lookup,
        """
$sizes = {"$w1": $A, "$w2": $B}
«print(⟨name:$sizes|$typo⟩["$w"])
---
$sizes = {"$w1": $A, "$w2": $B, "$w3": $C}
«print(⟨name:$sizes|$typo⟩["$w"])
---
$sizes = {"$w1": $A, "$w2": $B}
$key = "$w"
«print($sizes[⟨name:$key|$typo⟩])
---
def $find($sizes, $key):
»⟨return:return |⟩$sizes[⟨name:$key|$typo⟩]
print($find({"$w1": $A, "$w2": $B}, "$w"))
""",
    ),
    "range": Family(
        _range,
        """
for $i in range($N):
»print(⟨name:$i|$typo⟩)
---
$x = $N
for $i in range(⟨name:$x|$typo⟩):
»print(⟨name:$i|$typo⟩)
""",
        few=True,
    ),
    "count_to": Family(
        _count_to,
        """
# count to $N
for $i in range(1, $N⟨off_by_one: + 1|⟩):
»print(⟨name:$i|$typo⟩)
---
# count to $N
$x = 1
while $x ⟨off_by_one:<=|<⟩ $N:
»print($x)
    $x += 1
---
# count to $N
$x = $N
for $i in range(1, ⟨name:$x|$typo⟩⟨off_by_one: + 1|⟩):
»print(⟨name:$i|$typo⟩)
---
# count to $N
for $i in range($N):
»print(⟨name:$i|$typo⟩ + 1)
""",
        few=True,
    ),
    "countdown": Family(
        _countdown,
        """
# count down to 1
$x = $N
while $x > ⟨off_by_one:0|1⟩:
»print($x)
    $x = ⟨name.late:$x|$typo⟩ - 1
---
$x = $N
while $x > 0:
»print(⟨name:$x|$typo⟩)
    $x -= 1
---
# count down to 1
$x = $N
while ⟨name:$x|$typo⟩ ⟨off_by_one:>=|>⟩ 1:
»print($x)
    $x -= 1
""",
        few=True,
    ),
    "times": Family(
        _times,
        """
# $N times
for $i in range($N⟨off_by_one:| - 1⟩):
»print("$w")
---
$text = "$w"
for $i in range($N):
»print(⟨name:$text|$typo⟩)
---
# say it $N times
$text = "$w"
for $i in range(⟨off_by_one:0|1⟩, $N):
»print(⟨name:$text|$typo⟩)
""",
        few=True,
    ),
    "swap": Family(
        _swap,
        """
$x = $M
$x2 = $N
$x, $x2 = $x2, ⟨name:$x|$typo⟩
«print($x, $x2)
---
$x = $M
$x2 = $N
$r = $x
«$x = $x2
$x2 = ⟨name:$r|$typo⟩
print($x, $x2)
---
# swap the two
$x = $M
$x2 = $N
«$x, $x2 = ⟨name:$x2|$typo⟩, $x
print($x, $x2)
""",
    ),
    "join": Family(
        _join,
        """
def $join($a, $b):
»⟨return:return |⟩$a ⟨operator:+|-⟩ ⟨name:$b|$typo⟩
print(⟨name:$join|$typo⟩("$w", "$w2"))
---
def $join($a, $b):
»$text = $a ⟨operator:+|-⟩ ⟨name:$b|$typo⟩
⟨return:    return $text
|⟩print($join("$w", "$w2"))
---
$text = "$w"
$text2 = "$w2"
«print($text + ⟨name:$text2|$typo⟩)
---
# join the two words
$text = "$w"
«$r = ⟨name:$text|$typo⟩ ⟨operator:+|-⟩ "$w2"
print($r)
""",
    ),
    "repeat": Family(
        _repeat,
        """
def $repeat($text, $value):
»⟨return:return |⟩$text ⟨operator:*|+⟩ ⟨name:$value|$typo⟩
print($repeat("$w", $N))
---
$text = "$w"
«print(⟨name:$text|$typo⟩ * $N)
---
# repeat the word
$text = "$w"
$x = $N
«print($text ⟨operator:*|+⟩ ⟨name:$x|$typo⟩)
---
def $repeat($text):
»⟨return:return |⟩⟨name:$text|$typo⟩ ⟨operator:*|+⟩ $N
print($repeat("$w"))
""",
        few=True,
    ),
}
"""Every sort of program."""


# ---- from a layout to a program -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Variant:
    """A layout, sound or with its bug planted at one mark, cut into literals and slots.

    Attributes:
        family: its family.
        planted: the mark's name, such as "off_by_one.index"; None where it is sound.
        pieces: (a literal or the name of a slot, whether it is a slot).
        labels: (first piece, the piece after the last, concept).
        identifiers: the slots that are identifiers.
        misnamed: the slot in whose place `$typo` stands, if any.
        says: whether it says what it is meant to do.
        indentation: what Python says of it, but for the line's number; and that number.
    """

    family: str
    planted: str | None
    pieces: tuple[tuple[str, bool], ...]
    labels: tuple[tuple[int, int, str], ...]
    identifiers: tuple[str, ...]
    misnamed: str
    says: bool
    indentation: tuple[str, int]


_MARK = re.compile(r"⟨([a-z_.]+):([^|⟩]*)\|([^⟩]*)⟩")
_SLOT = re.compile(r"\$([a-z_]+\d?|[A-Z])")


@cache
def _variants(split: str, bug: str | None) -> tuple[tuple[_Variant, ...], ...]:
    """The variants with a bug that a split may use, by family."""
    layouts = [(name, layout) for name, family in FAMILIES.items() for layout in family.layouts[1:].split("---\n")]
    by_family: dict[str, list[_Variant]] = {}
    for name, layout in allowed(split, tuple(layouts)):
        for variant in _planted(name, layout):
            if variant.planted == bug or (bug and variant.planted and variant.planted.split(".")[0] == bug):
                by_family.setdefault(name, []).append(variant)
    return tuple(map(tuple, by_family.values()))


@cache
def _planted(family: str, layout: str) -> tuple[_Variant, ...]:
    """The sound variant of a layout and one for each of its marks."""
    layout = layout.replace("»", "⟨indentation:    |⟩").replace("«", "⟨indentation:|    ⟩")
    marks = list(_MARK.finditer(layout))
    return tuple(_variant(family, layout, marks, at) for at in range(-1, len(marks)))


def _variant(family: str, layout: str, marks: list[re.Match[str]], at: int) -> _Variant:
    """The layout with its bug at one mark, or sound if `at` is -1."""
    code, end, start, stop = "", 0, 0, 0
    for n, mark in enumerate(marks):
        code, end = code + layout[end : mark.start()], mark.end()
        if n == at:
            start, stop = len(code), len(code) + len(mark[3])
        code += mark[3 if n == at else 2]
    code += layout[end:]
    planted = marks[at][1] if at >= 0 else None
    labels = _lexical(code)
    if planted:
        bug = planted.split(".")[0]
        labels.append((*_bug_place(code, bug, start, stop), f"code.bug.{bug}"))
    pieces, spans = _cut(code, labels)
    sound = "".join(layout[a.end() : b.start()] + b[2] for a, b in pairwise(marks))
    named = _SLOT.findall(layout[: marks[0].start()] + marks[0][2] + sound + layout[marks[-1].end() :])
    return _Variant(
        family,
        planted,
        pieces,
        spans,
        tuple(dict.fromkeys(name for name in named if name in ("a", "b") or name.rstrip("2") in _POOLS)),
        marks[at][2].lstrip("$") if planted and planted.startswith("name") else "",
        "def " in layout or "#" in layout,
        _indentation_error(code, start, stop) if planted == "indentation" else ("", 0),
    )


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


_WORDS_OF_LINES = {
    "def": "code.def",
    "return": "code.return",
    "for": "code.loop",
    "while": "code.loop",
    "if": "code.condition",
    "else": "code.condition",
}
_STRINGS_AND_NUMBERS = re.compile(r'(?P<comment>#.*)|(?P<string>"[^"]*")|(?P<number>\b\d+\b|\$[A-Z]\b)')
_LINE = re.compile(r"^ *((def|return|for|while|if|else)\b.*)", re.M)
_CALL = re.compile(r"(?<!def )(?<![\w$])(\$?[a-z_]+\d?)\(")
_DEFINED = re.compile(r"^ *(\$\w+)(?:, (\$\w+))? \+?-?= |^ *for (\$\w+) in|^def \S+\((\$\w+)(?:, (\$\w+))?\)", re.M)


def _lexical(code: str) -> list[tuple[int, int, str]]:
    """What every part of a small program is, as (start, stop, concept)."""
    labels = [(m.start(1), m.end(1), _WORDS_OF_LINES[m[2]]) for m in _LINE.finditer(code)]
    labels += [(*m.span(), f"code.{m.lastgroup}") for m in _STRINGS_AND_NUMBERS.finditer(code)]
    labels += [(*m.span(1), "code.print" if m[1] == "print" else "code.call") for m in _CALL.finditer(code)]
    labels += [(*m.span(n), "code.variable") for m in _DEFINED.finditer(code) for n in range(1, 6) if m[n]]
    return labels


def _cut(
    code: str, labels: list[tuple[int, int, str]]
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[int, int, str], ...]]:
    """The code cut wherever a slot or a label begins or ends, and the labels counted in pieces."""
    slots = {m.start(): m for m in _SLOT.finditer(code)}
    cuts = {0, len(code)} | {at for start, stop, _ in labels for at in (start, stop)}
    cuts |= {at for m in slots.values() for at in m.span()}
    at = sorted(cuts)
    number = {cut: n for n, cut in enumerate(at)}
    pieces = tuple(
        (slots[start][1], True) if start in slots else (code[start:stop], False) for start, stop in pairwise(at)
    )
    return pieces, tuple((number[start], number[stop], concept) for start, stop, concept in labels)


def _names(rng: Random, slots: tuple[str, ...]) -> dict[str, str]:
    """An identifier for every slot, all different."""
    names: dict[str, str] = {}
    pair = _PAIRS[int(rng.random() * len(_PAIRS))]
    for slot in slots:
        if slot in ("a", "b"):
            names[slot] = pair[slot == "b"]
            continue
        other = slot[:-1]
        pool = _POOLS[other if slot[-1] == "2" else slot]
        name = pool[int(rng.random() * len(pool))]
        while slot[-1] == "2" and name == names[other]:
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
    return tuple(name for pool in pools for name in _POOLS[pool] if name != "numbers")


@cache
def _misspellings(name: str) -> tuple[str, ...]:
    """A name of four letters or more without one of its letters, with two swapped, or with one doubled."""
    if len(name) < 4:
        return ()
    known = {*keyword.kwlist, *dir(builtins), *(n for pool in _POOLS.values() for n in pool), *sum(_PAIRS, ())}
    inner = range(1, len(name) - 1)
    made = [name[:i] + name[i + 1 :] for i in inner]
    made += [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in inner]
    made += [name[:i] + name[i] + name[i:] for i in inner]
    return tuple(dict.fromkeys(typo for typo in made if typo not in known))


def _written(variant: _Variant, names: dict[str, str], values: _Values, header: bool) -> Program:
    """The program with its output, verdict and labels."""
    planted = variant.planted
    bug = planted.split(".")[0] if planted else None
    lines = _HEADERS[bug is None] if header else ""
    slots, texts = values.slots, []
    spans = [Span(0, len(lines) - 1, "code.comment")] if header else []
    length = len(lines)
    for text, is_slot in variant.pieces:
        if is_slot:
            given = names.get(text) or slots[text]
            text = given if isinstance(given, str) else _written_list(given, length, spans)
        texts.append(text)
        length += len(text)
    ends = list(accumulate(map(len, texts), initial=len(lines)))
    for first, last, concept in variant.labels:
        spans.append(Span(ends[first], ends[last], concept))
    printed, error = _result(variant, bug, names, values, header)

    spans.append(Span(length, length + len(_OUTPUT) - 1, "code.comment"))
    length += len(_OUTPUT)
    if printed:
        spans.append(Span(length, length + len(printed) - 1, "code.output"))
        length += len(printed)
    if error:
        spans.append(Span(length, length + len(error) - 1, _ERRORS[error[: error.index(":")]]))
        length += len(error)
    verdict = VERDICTS[bug] if variant.says else None
    if verdict:
        start = length + len(_VERDICT) + 1
        spans.append(Span(length, start - 1, "code.comment"))
        spans.append(Span(start, start + len(verdict), "code.verdict.bug" if bug else "code.verdict.sound"))
        length = start + len(verdict) + 1
    spans.append(Span(0, length, "code"))
    return Program(variant.family, lines + "".join(texts), printed + error, verdict, bug, tuple(spans))


_ERRORS = {
    "NameError": "code.error.name",
    "TypeError": "code.error.type",
    "IndexError": "code.error.index",
    "IndentationError": "code.error.indentation",
}


def _written_list(items: tuple[str, ...], start: int, spans: list[Span]) -> str:
    """A list as Python writes it; its items are labelled."""
    at = start + 1
    concept = "code.string" if items[0][0] == '"' else "code.number"
    for item in items:
        spans.append(Span(at, at + len(item), concept))
        at += len(item) + 2
    return f"[{', '.join(items)}]"


def _result(
    variant: _Variant, bug: str | None, names: dict[str, str], values: _Values, header: bool
) -> tuple[str, str]:
    """What the program prints, and the error that ends it, if any."""
    if bug == "indentation":
        message, line = variant.indentation
        return "", f"IndentationError: {message}{line + header if line else ''}\n"
    if bug == "name":
        return values.prints.get(variant.planted, ""), f"NameError: name '{names['typo']}' is not defined\n"
    if bug == "return":
        return "None\n", ""
    prints = values.prints[variant.planted]
    at = prints.rfind("\n", 0, -1) + 1
    return (prints[:at], prints[at:]) if "Error: " in prints else (prints, "")


# ---- Python's own library -------------------------------------------------------------------------

_STDLIB = Path(__file__).parent.parent / "assets" / "stdlib.json"


def stdlib_function(rng: Random, split: str, page: Page) -> None:
    """Write one function of Python's own library; one in eight, by name, is never in training."""
    functions = _stdlib(split != "train")
    code = functions[int(rng.random() * len(functions))]
    start = page.length
    page.add(code, "code.real")
    page.add("\n")
    for begin, stop, concept in _real_labels(code):
        page.spans.append(Span(start + begin, start + stop, concept))


@cache
def _stdlib(is_held_out: bool) -> tuple[str, ...]:
    """The functions that are kept out of training, or the others."""
    try:
        functions = json.loads(_STDLIB.read_text(encoding="utf-8"))["functions"]
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{_STDLIB} is missing: it holds the functions of Python's library that documents quote; "
            "`python tools/stdlib_functions.py` rebuilds it"
        ) from None
    return tuple(f["code"] for f in functions if held_out("stdlib", f["name"]) == is_held_out)


_REAL_LINE = re.compile(r"^ *((def|return|for|while|if|elif|else|raise)\b.*)", re.M)
_REAL_LINES = {**_WORDS_OF_LINES, "elif": "code.condition", "raise": "code.raise"}


@cache
def _real_labels(code: str) -> tuple[tuple[int, int, str], ...]:
    """What the parts of a real function are: expressions as Python parses them, statements by their first line."""
    starts = list(accumulate((len(line) + 1 for line in code.split("\n")), initial=0))
    found = {
        (starts[a[0] - 1] + a[1], starts[b[0] - 1] + b[1]): concept
        for a, b, concept in sorted(_expressions(code), key=lambda found: found[2] == "code.docstring")
    }
    labels = [(*place, concept) for place, concept in found.items()]
    quoted = [(start, stop) for start, stop, concept in labels if concept in ("code.string", "code.docstring")]
    for m in _REAL_LINE.finditer(code):
        if not any(start <= m.start(1) < stop for start, stop in quoted):
            labels.append((*m.span(1), _REAL_LINES[m[2]]))
    return tuple(labels)


_Place = tuple[int, int]
"""A line, from 1, and a column, from 0."""


def _expressions(code: str) -> Iterator[tuple[_Place, _Place, str]]:
    """Comments, strings, numbers, calls and definitions of variables."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.start, token.end, "code.comment"
    waiting: list[ast.AST] = [ast.parse(code)]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.JoinedStr):  # before 3.12 what stands in an f-string has no place of its own
            waiting += ast.iter_child_nodes(node)
        match node:
            case ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str()) as text), *_]):
                yield *_place(text), "code.docstring"
            case ast.JoinedStr() | ast.Constant(value=str() | bytes()):
                yield *_place(node), "code.string"
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                yield *_place(node), "code.number"
            case ast.Call(func=ast.Name(id=name) as called):
                yield *_place(called), "code.print" if name == "print" else "code.call"
            case ast.Call(func=ast.Attribute(attr=name) as called):
                (_, (line, column)) = _place(called)
                yield (line, column - len(name)), (line, column), "code.call"
            case ast.Name(ctx=ast.Store()):
                yield *_place(node), "code.variable"
            case ast.arg(arg=name):
                (line, column), _ = _place(node)
                yield (line, column), (line, column + len(name)), "code.variable"


def _place(node: ast.expr | ast.arg) -> tuple[_Place, _Place]:
    """Where a node begins and ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
