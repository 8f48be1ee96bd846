"""Functions of Python's library parse, are held out by name, and their labels stand on what they name."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from random import Random

import pytest

from workbench.world import library
from workbench.world.grammar import Page
from workbench.world.programs import CONCEPTS


def pages(n: int, split: str) -> list[Page]:
    written = [Page(Random(seed), {}) for seed in range(n)]
    for page in written:
        library.stdlib_function(page.rng, split, page)
    return written


def test_functions_of_the_library_parse_and_are_held_out_by_name() -> None:
    train, test = (set(library._functions(is_held_out)) for is_held_out in (False, True))
    assert all(page.parts[0] in train for page in pages(100, "train"))
    assert all(page.parts[0] in test for page in pages(100, "test"))
    assert not train & test and len(train) > 400 and len(test) > 50
    for code in train | test:
        assert isinstance(ast.parse(code).body[0], ast.FunctionDef)


def test_labels_of_the_library_stand_on_what_they_name() -> None:
    begin = {
        "code.def": r"def .*",
        "code.return": r"return\b.*",
        "code.loop": r"(for|while)\b.*",
        "code.condition": r"(if|elif|else)\b.*",
        "code.raise": r"raise\b.*",
        "code.comment": r"#.*",
        "code.docstring": r"""(?s)[rR]?["'].*["']""",
        "code.string": r"""(?s)[rRbBfFuU]{0,2}["'].*["']""",
        "code.number": r"[\d.][\w.+-]*",
        "code.variable": r"[A-Za-z_]\w*",
        "code.call": r"[A-Za-z_]\w*",
        "code.print": r"print",
        "code.real": r"(?s).*\S",
    }
    for page in pages(1000, "train"):
        text = "".join(page.parts)
        for span in page.spans:
            assert span.concept in CONCEPTS
            assert re.fullmatch(begin[span.concept], text[span.start : span.stop]), (span, text)


def test_a_missing_or_broken_library_says_how_to_rebuild_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "FILE", tmp_path / "stdlib.json")
    library._functions.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match="stdlib.json is missing.*python tools/stdlib_functions.py"):
            library.stdlib_function(Random(0), "train", Page(Random(0), {}))
        (tmp_path / "stdlib.json").write_text('{"functions": [')
        with pytest.raises(ValueError, match="stdlib.json is not as it was written.*python tools/stdlib_functions.py"):
            library.stdlib_function(Random(0), "train", Page(Random(0), {}))
    finally:
        library._functions.cache_clear()


def test_the_library_is_no_larger_than_it_should_be() -> None:
    content = json.loads(library.FILE.read_text(encoding="utf-8"))
    assert library.FILE.stat().st_size <= 330_000 and 500 <= len(content["functions"]) <= 800
    assert content["licence"] == "PSF-2.0"
    codes = [function["code"] for function in content["functions"]]
    assert len(set(codes)) == len(codes)
    assert all(4 <= len(code.splitlines()) <= 16 and len(code) <= 700 and code.isascii() for code in codes)
