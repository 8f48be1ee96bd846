"""Functions of Python's own library, and what every part of them is.

`tools/stdlib_functions.py` collects the functions. They are parsed and never run.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from .grammar import Page, Span
from .programs import statements
from .splits import held_out

FILE = Path(__file__).parent.parent / "assets" / "stdlib.json"


def stdlib_function(rng: Random, split: str, page: Page) -> None:
    """Write one function of Python's own library; one in eight, by name, is never in training."""
    functions = _functions(split != "train")
    code, start = functions[int(rng.random() * len(functions))], page.length
    page.add(code, "code.real")
    page.add("\n")
    page.spans += [Span(start + s.start, start + s.stop, s.concept) for s in _labels(code)]


@cache
def _functions(is_held_out: bool) -> tuple[str, ...]:
    """The functions that are kept out of training, or the others."""
    rebuild = "`python tools/stdlib_functions.py` rebuilds it"
    try:
        functions = [(f["name"], f["code"]) for f in json.loads(FILE.read_text(encoding="utf-8"))["functions"]]
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{FILE} is missing: it holds the functions of Python's library that documents quote; {rebuild}"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{FILE} is not as it was written ({error}); {rebuild}") from error
    return tuple(code for name, code in functions if held_out("stdlib", name) == is_held_out)


@cache
def _labels(code: str) -> tuple[Span, ...]:
    """What the parts of a function are: expressions as Python parses them, statements by their first line."""
    starts = list(accumulate((len(line) + 1 for line in code.split("\n")), initial=0))
    found: dict[tuple[int, int], str] = {}
    # docstrings last: each is a string as well, and what is found later at a place replaces what was found there
    for begin, end, concept in sorted(_expressions(code), key=lambda expression: expression[2] == "code.docstring"):
        found[starts[begin[0] - 1] + begin[1], starts[end[0] - 1] + end[1]] = concept
    labels = [Span(*place, concept) for place, concept in found.items()]
    quoted = [s for s in labels if s.concept in ("code.string", "code.docstring")]
    labels += [s for s in statements(code) if not any(q.start <= s.start < q.stop for q in quoted)]
    return tuple(labels)


_Place = tuple[int, int]
"""A line, from 1, and a column, from 0; the functions are ASCII, so that Python's bytes are characters."""


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
                _, (line, column) = _place(called)
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
