"""Collects short functions of Python's own library for the language's documents of real code.

python tools/stdlib_functions.py

Reads the source of the modules below in the running Python, takes every function and method of 4 to 16
lines and at most 700 characters of ASCII, and writes workbench/assets/stdlib.json. The same Python gives the
same file. It runs nothing of what it reads.
"""

from __future__ import annotations

import ast
import json
import platform
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

MODULES = """
    textwrap bisect heapq statistics fractions calendar colorsys string shlex fnmatch posixpath random functools
    collections/__init__ json/encoder json/decoder csv html/__init__ urllib/parse difflib datetime _pydatetime
    abc argparse ast base64 bdb cmd codecs configparser contextlib copy copyreg dataclasses decimal _pydecimal
    email/utils email/header enum filecmp fileinput genericpath getopt gettext glob gzip hashlib hmac
    html/parser imghdr inspect ipaddress keyword linecache locale mimetypes numbers ntpath operator
    pathlib pickle pprint quopri queue reprlib sched selectors shelve shutil stat stringprep tempfile timeit
    token tokenize traceback types typing uuid wave weakref xml/dom/minidom zipfile
"""
"""Modules by their path in the library; what a Python does not have is passed over.

Left out are modules with a licence of their own, such as optparse and trace."""

LINES = range(4, 17)
LONGEST = 700
"""Characters of a function, at most."""
MOST = 800
"""Functions in the file, at most; of more, evenly spaced ones are taken."""
PER_MODULE = 30
"""Functions of one module, at most, evenly spaced as well."""

TARGET = Path(__file__).parent.parent / "workbench" / "assets" / "stdlib.json"


def main() -> None:
    """Collect, thin out and write."""
    library = Path(sysconfig.get_path("stdlib"))
    found: dict[str, str] = {}
    for module in MODULES.split():
        path = library / f"{module}.py"
        if path.exists():
            found |= dict(evenly([f for f in functions(module, path.read_text("utf-8")) if fits(f[1])], PER_MODULE))
    unique = {code: name for name, code in reversed(found.items())}
    chosen = evenly(sorted((name, code) for code, name in unique.items()), MOST)
    content = {
        "python": platform.python_version(),
        "licence": "PSF-2.0",
        "copyright": sys.copyright,
        "functions": [{"name": name, "code": code} for name, code in chosen],
    }
    TARGET.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")
    print(f"{len(chosen)} functions, {TARGET.stat().st_size / 1000:.0f} kB, in {TARGET}")


def functions(module: str, source: str) -> Iterator[tuple[str, str]]:
    """The name and the dedented source of every function at the top of a module or of one of its classes."""
    name = module.removesuffix("/__init__").replace("/", ".")
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{name}.{node.name}" if isinstance(node, ast.ClassDef) else name
        for function in inside:
            if isinstance(function, ast.FunctionDef):
                first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
                yield f"{prefix}.{function.name}", dedent("".join(lines[first - 1 : function.end_lineno])).rstrip()


def fits(code: str) -> bool:
    """Whether a function is short, plain and whole."""
    if len(code) > LONGEST or len(code.splitlines()) not in LINES or not code.isascii() or "\t" in code:
        return False
    try:
        ast.parse(code)
    except SyntaxError:  # dedenting broke a string over several lines
        return False
    return True


def evenly(items: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most so many items, evenly spaced."""
    n = min(len(items), most)
    return [items[i * len(items) // n] for i in range(n)]


if __name__ == "__main__":
    main()
