"""The sorts of small programs: their layouts, and the values that fill them with what then is printed.

A layout is a program with marks:

- `$x` is an identifier of the pool `x` (`$x2` another one of it), `$M` a number, `"$w"` a word, `$list` a list;
- `⟨bug:sound|buggy⟩` is written the first way, or the second if this is where the bug is planted;
- `»` is an indentation that the bug "indentation" leaves out, `«` one that it puts where none belongs.

A dot parts a bug from what comes of it here, where that differs: `off_by_one.index` ends in an IndexError.
What a program prints is computed beside its values and never by running it. `programs.py` reads the layouts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Values:
    """The constants of a program.

    Attributes:
        slots: what stands in each slot; a list by its items.
        prints: what is printed, by the mark at which a bug is planted, None where it is sound.
        key: what decides whether these constants are held out.
    """

    slots: Mapping[str, str | tuple[str, ...]]
    prints: Mapping[str | None, str]
    key: tuple[object, ...]


@dataclass(frozen=True)
class Family:
    """Programs that compute the same.

    Attributes:
        values: draws the constants, given the mark at which a bug is planted: they must let it show.
        layouts: with `---` between them.
        few: whether there are so few constants that identifiers decide with them what is held out.
    """

    values: Callable[[Random, str | None], Values]
    layouts: str
    few: bool = False


PAIRS = (("a", "b"), ("p", "q"), ("left", "right"), ("one", "two"))
"""The identifiers that `$a` and `$b` may be; they come in pairs."""

POOLS: dict[str, tuple[str, ...]] = {
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


# ---- values: the constants of a program and what it prints ----------------------------------------

_NOUNS = "sun moon star rain snow wind fire water light flower ball book tea pot bird fish cat dog tree house"
_WORDS = tuple(_NOUNS.split())
_NO_SUCH_INDEX = "IndexError: list index out of range\n"
_NO_MINUS = "TypeError: unsupported operand type(s) for -: 'str' and 'str'\n"
_NO_PLUS = 'TypeError: can only concatenate str (not "int") to str\n'


def _number(rng: Random, low: int = 1, high: int = 20) -> int:
    return low + int(rng.random() * (high - low + 1))


def _two_numbers(rng: Random) -> tuple[int, int]:
    """Two different ones."""
    m, n = _number(rng), _number(rng, 1, 19)
    return m, n + (n >= m)


def _number_list(rng: Random, high: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(1, high + 1), _number(rng, 3, 4)))


def _word(rng: Random) -> str:
    return _WORDS[int(rng.random() * len(_WORDS))]


def _word_list(rng: Random) -> tuple[str, ...]:
    return tuple(rng.sample(_WORDS, _number(rng, 3, 5)))


def _quoted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f'"{word}"' for word in words)


def _lines(*values: object) -> str:
    return "".join(f"{value}\n" for value in values)


def _sum(rng: Random, planted: str | None) -> Values:
    m, n = _number(rng), _number(rng)
    if planted == "operator":  # no difference below zero
        m, n = max(m, n), min(m, n)
    prints = {None: f"{m + n}\n", "operator": f"{m - n}\n"}
    return Values({"M": str(m), "N": str(n)}, prints, ("sum", *sorted((m, n))))


def _difference(rng: Random, planted: str | None) -> Values:
    low, high = sorted((_number(rng), _number(rng)))
    prints = {None: f"{high - low}\n", "operator": f"{high + low}\n"}
    return Values({"M": str(high), "N": str(low)}, prints, ("difference", high, low))


def _double(rng: Random, planted: str | None) -> Values:
    n = _number(rng, 3, 30)
    prints = {None: f"{n * 2}\n", "operator": f"{n + 2}\n"}
    return Values({"N": str(n)}, prints, ("double", n))


def _larger(rng: Random, planted: str | None) -> Values:
    m, n = _two_numbers(rng)
    if planted == "return":  # the second one is what is not returned
        m, n = min(m, n), max(m, n)
    prints = {None: f"{max(m, n)}\n", "operator": f"{min(m, n)}\n"}
    return Values({"M": str(m), "N": str(n)}, prints, ("compare", *sorted((m, n))))


def _smaller(rng: Random, planted: str | None) -> Values:
    m, n = _two_numbers(rng)
    if planted == "return":  # the second one is what is not returned
        m, n = max(m, n), min(m, n)
    prints = {None: f"{min(m, n)}\n", "operator": f"{max(m, n)}\n"}
    return Values({"M": str(m), "N": str(n)}, prints, ("compare", *sorted((m, n))))


def _is_larger(rng: Random, planted: str | None) -> Values:
    m, n = _two_numbers(rng)
    prints = {None: f"{m > n}\n", "operator": f"{m < n}\n"}
    return Values({"M": str(m), "N": str(n)}, prints, ("compare", *sorted((m, n))))


def _boolean(rng: Random, planted: str | None) -> Values:
    m, n = _number(rng), _number(rng)
    n = m if rng.random() < 0.25 else n
    answers = {"<": m < n, ">": m > n, "==": m == n, "!=": m != n}
    compared = tuple(answers)[int(rng.random() * len(answers))]
    slots = {"M": str(m), "N": str(n), "compared": compared}
    return Values(slots, {None: f"{answers[compared]}\n"}, ("compare", *sorted((m, n))))


def _branch(rng: Random, planted: str | None) -> Values:
    m, n = _two_numbers(rng)
    yes, no = (("yes", "no"), ("big", "small"), ("high", "low"), ("more", "less"))[int(rng.random() * 4)]
    prints = {None: f"{yes if m > n else no}\n", "operator": f"{yes if m < n else no}\n"}
    return Values({"M": str(m), "N": str(n), "w": yes, "w2": no}, prints, ("compare", *sorted((m, n))))


def _first(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    return Values({"list": _quoted(words)}, {None: f"{words[0]}\n", "off_by_one": f"{words[1]}\n"}, ("list", *words))


def _last(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    prints = {None: f"{words[-1]}\n", "off_by_one": f"{words[-2]}\n", "off_by_one.index": _NO_SUCH_INDEX}
    return Values({"list": _quoted(words)}, prints, ("list", *words))


def _index(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    at = int(rng.random() * len(words))
    slots = {"list": _quoted(words), "K": str(at), "L": str(len(words))}
    return Values(slots, {None: f"{words[at]}\n", "off_by_one.index": _NO_SUCH_INDEX}, ("list", *words))


def _nth(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    at = _number(rng, 1, len(words) - 2)
    slots = {"list": _quoted(words), "nth": ("second", "third", "fourth")[at - 1], "K": str(at), "L": str(at + 1)}
    return Values(slots, {None: f"{words[at]}\n", "off_by_one": f"{words[at + 1]}\n"}, ("list", *words))


def _count(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    prints = {None: f"{len(words)}\n", "off_by_one": f"{len(words) - 1}\n"}
    return Values({"list": _quoted(words)}, prints, ("list", *words))


def _each(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    prints = {
        None: _lines(*words),
        "off_by_one": _lines(*words[:-1]),
        "off_by_one.first": _lines(*words[1:]),
        "off_by_one.index": _lines(*words) + _NO_SUCH_INDEX,
    }
    return Values({"list": _quoted(words)}, prints, ("list", *words))


def _membership(rng: Random, planted: str | None) -> Values:
    words = _word_list(rng)
    word = words[int(rng.random() * len(words))] if rng.random() < 0.5 else _word(rng)
    prints = {None: f"{word in words}\n", "operator": f"{word not in words}\n"}
    return Values({"list": _quoted(words), "w": word}, prints, ("list", *words))


def _lookup(rng: Random, planted: str | None) -> Values:
    words = rng.sample(_WORDS, 3)
    numbers = [_number(rng) for _ in words]
    asked = int(rng.random() * 2)  # one of the first two, which every layout holds
    slots = dict(zip(("w1", "w2", "w3", "A", "B", "C"), (*words, *map(str, numbers)), strict=True))
    slots["w"] = words[asked]
    return Values(slots, {None: f"{numbers[asked]}\n"}, ("dict", *words[:2], *numbers[:2]))


def _largest(rng: Random, planted: str | None) -> Values:
    numbers = _number_list(rng, 20)
    return Values({"list": tuple(map(str, numbers))}, {None: f"{max(numbers)}\n"}, ("numbers", *numbers))


def _smallest(rng: Random, planted: str | None) -> Values:
    numbers = _number_list(rng, 20)
    return Values({"list": tuple(map(str, numbers))}, {None: f"{min(numbers)}\n"}, ("numbers", *numbers))


def _total(rng: Random, planted: str | None) -> Values:
    numbers = _number_list(rng, 9)
    prints = {None: f"{sum(numbers)}\n", "operator": "0\n", "off_by_one": f"{sum(numbers[:-1])}\n"}
    return Values({"list": tuple(map(str, numbers))}, prints, ("numbers", *numbers))


def _range(rng: Random, planted: str | None) -> Values:
    n = _number(rng, 2, 9)
    return Values({"N": str(n)}, {None: _lines(*range(n))}, ("range", n))


def _count_to(rng: Random, planted: str | None) -> Values:
    n = _number(rng, 2, 9)
    return Values({"N": str(n)}, {None: _lines(*range(1, n + 1)), "off_by_one": _lines(*range(1, n))}, ("to", n))


def _countdown(rng: Random, planted: str | None) -> Values:
    n = _number(rng, 2, 9)
    prints = {None: _lines(*range(n, 0, -1)), "off_by_one": _lines(*range(n, 1, -1)), "name.late": f"{n}\n"}
    return Values({"N": str(n)}, prints, ("down", n))


def _times(rng: Random, planted: str | None) -> Values:
    word, n = _word(rng), _number(rng, 2, 6)
    prints = {None: f"{word}\n" * n, "off_by_one": f"{word}\n" * (n - 1)}
    return Values({"w": word, "N": str(n)}, prints, ("times", word, n))


def _swap(rng: Random, planted: str | None) -> Values:
    m, n = _two_numbers(rng)
    return Values({"M": str(m), "N": str(n)}, {None: f"{n} {m}\n"}, ("swap", *sorted((m, n))))


def _join(rng: Random, planted: str | None) -> Values:
    one, two = rng.sample(_WORDS, 2)
    return Values({"w": one, "w2": two}, {None: f"{one}{two}\n", "operator": _NO_MINUS}, ("join", one, two))


def _repeat(rng: Random, planted: str | None) -> Values:
    word, n = _word(rng), _number(rng, 2, 5)
    return Values({"w": word, "N": str(n)}, {None: f"{word * n}\n", "operator": _NO_PLUS}, ("repeat", word, n))


# ---- families -------------------------------------------------------------------------------------

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
