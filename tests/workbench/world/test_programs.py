"""Programs print what they are said to print, their labels stand on what they name, and splits share no program."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import sys
import traceback
from random import Random

import pytest

from workbench.world import programs
from workbench.world.grammar import Page, Span, implied
from workbench.world.program_families import FAMILIES, PAIRS, POOLS
from workbench.world.programs import BUGS, CONCEPTS, VERDICTS, Program, draw_program
from workbench.world.splits import SPLITS


def ran(code: str) -> str:
    """What Python itself prints, the last line of a traceback included but for its suggestion."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "program", "exec"), {})
    except Exception as error:
        last = traceback.format_exception_only(type(error), error)[-1]
        printed.write(re.sub(r"\. Did you mean: .*", "", last))
    return printed.getvalue()


def drawn(n: int, split: str, bug: str | None = "any", seed: int = 0, **options: bool) -> list[Program]:
    rng = Random(f"{split}/{bug}/{seed}")
    return [draw_program(rng, split, bug=bug, **options) for _ in range(n)]


def parts(program: Program, concept: str) -> list[str]:
    return [program.text[s.start : s.stop] for s in program.spans if concept in implied(s.concept)]


@pytest.mark.parametrize("bug", [None, *BUGS])
def test_every_program_prints_what_it_is_said_to_print(bug: str | None) -> None:
    for split in SPLITS:
        for program in drawn(1000 if split == "train" else 300, split, bug):
            assert ran(program.code) == program.output, program.text
            assert program.bug == bug


def test_sound_programs_parse_and_every_family_and_bug_occurs() -> None:
    for program in drawn(500, "train", None):
        ast.parse(program.code)
    many = drawn(6000, "train")
    assert {program.family for program in many} == set(FAMILIES)
    share = {bug: sum(p.bug == bug for p in many) / len(many) for bug in (None, *BUGS)}
    assert share.pop(None) == pytest.approx(2 / 3, abs=0.02)
    assert all(part == pytest.approx(1 / 15, abs=0.015) for part in share.values())


def test_programs_are_small() -> None:
    for program in drawn(3000, "train"):
        assert 1 <= len(program.code.splitlines()) <= 9 and len(program.text) < 300, program.text


def test_spans_stand_on_what_they_name() -> None:
    for split in SPLITS:
        for program in drawn(1000, split):
            text = program.text
            assert all(0 <= s.start < s.stop <= len(text) and s.concept in CONCEPTS for s in program.spans)
            assert all(part.startswith("def ") and part.endswith(":") for part in parts(program, "code.def"))
            assert all(part.startswith("return") for part in parts(program, "code.return"))
            assert all(part.startswith(("for ", "while ")) for part in parts(program, "code.loop"))
            assert all(part.startswith(("if ", "else:")) for part in parts(program, "code.condition"))
            assert all(part[0] == part[-1] == '"' for part in parts(program, "code.string"))
            assert all(part.isdigit() for part in parts(program, "code.number"))
            assert all(part.isidentifier() for part in parts(program, "code.variable") + parts(program, "code.call"))
            assert all(part == "print" for part in parts(program, "code.print"))
            assert all(part[0] == "#" and "\n" not in part for part in parts(program, "code.comment"))
            printed = parts(program, "code.output") + parts(program, "code.error")
            assert "\n".join(printed) + "\n" == program.output
            assert parts(program, "code.verdict") == ([program.verdict] if program.verdict else [])


def test_labels_of_code_agree_with_pythons_own_grammar() -> None:
    for program in drawn(1000, "train", None, header=False):
        starts = [0]
        for line in program.code.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        nodes = [node for node in ast.walk(ast.parse(program.code)) if hasattr(node, "lineno")]
        for concept, kinds in {
            "code.number": lambda n: isinstance(n, ast.Constant) and type(n.value) is int,
            "code.string": lambda n: isinstance(n, ast.Constant) and type(n.value) is str,
            "code.variable": lambda n: isinstance(n, ast.arg) or (isinstance(n, ast.Name) and type(n.ctx) is ast.Store),
        }.items():
            real = {
                (starts[n.lineno - 1] + n.col_offset, starts[n.end_lineno - 1] + n.end_col_offset)
                for n in nodes
                if kinds(n)
            }
            assert {(s.start, s.stop) for s in program.spans if s.concept == concept} == real, (concept, program.text)


def test_a_bug_is_labelled_where_it_is_and_nowhere_else() -> None:
    for program in drawn(2000, "train", None):
        assert not parts(program, "code.bug") and not parts(program, "code.error")
        assert not parts(program, "code.verdict.bug")
    for bug in BUGS:
        for program in drawn(500, "train", bug):
            (place,) = parts(program, f"code.bug.{bug}")
            assert len(parts(program, "code.bug")) == 1 and place in program.code
            assert (program.verdict or VERDICTS[bug]) == VERDICTS[bug]
            if bug == "name":
                assert program.output.endswith(f"NameError: name '{place}' is not defined\n")
            if bug == "return":
                assert "print" in place and not place.startswith(" ")
            if bug == "indentation":
                assert program.output.startswith("IndentationError: " + ("u" if place[0] == " " else "expected"))


def test_what_is_judged_says_what_it_means_to_do_and_headers_tell_the_truth() -> None:
    for program in drawn(3000, "train"):
        code = program.code
        for header, sound in (("# this program works\n", True), ("# this program has a bug\n", False)):
            if code.startswith(header):
                assert (program.bug is None) == sound
                code = code.removeprefix(header)
        assert (program.verdict is not None) == ("def " in code or "#" in code)
        if program.bug == "operator":
            assert program.verdict
    assert not any(program.code.startswith("# this program") for program in drawn(300, "train", header=False))


@pytest.fixture(scope="module")
def training() -> list[Program]:
    return drawn(20_000, "train")


@pytest.mark.slow
def test_training_holds_no_program_of_the_other_splits(training: list[Program]) -> None:
    train = {program.code for program in training}
    assert len(train) > 15_000
    for split in ("test", "templates"):
        assert train.isdisjoint(program.code for program in drawn(3000, split)), split


@pytest.mark.slow
def test_layouts_kept_for_templates_are_new_but_their_words_are_known(training: list[Program]) -> None:
    def words(documents: list[Program]) -> set[str]:
        return {word for program in documents for word in re.findall(r"[^\W\d]+|[^\w\s]", program.text)}

    assert words(drawn(1000, "templates", None)) <= words([program for program in training if program.bug is None])
    for bug in BUGS:
        assert len({program.family for program in drawn(300, "templates", bug)}) >= 2


def test_no_two_pools_share_an_identifier() -> None:
    names = [name for pool in (*POOLS.values(), *PAIRS) for name in pool]
    assert len(names) == len(set(names)) and all(name.isidentifier() for name in names)
    typos = [typo for name in names for typo in programs._misspellings(name)] + list(programs._others())
    assert sys.stdlib_module_names.isdisjoint(typos), "Python would suggest to import it"


def test_the_same_seed_gives_the_same_programs_wherever_they_are_written() -> None:
    assert drawn(200, "test") == drawn(200, "test") != drawn(200, "test", seed=1)
    one, two = Page(Random(0), {}), Page(Random(0), {})
    two.add("Before.\n")
    for page in (one, two):
        programs.program(Random(5), "train", page)
    assert two.parts[1:] == one.parts
    assert [Span(s.start - 8, s.stop - 8, s.concept) for s in two.spans] == one.spans


def test_an_unknown_bug_is_told_what_there_is() -> None:
    with pytest.raises(ValueError, match="no bug 'typo'; there are: name, operator, off_by_one, return, indentation"):
        draw_program(Random(0), "train", bug="typo")
