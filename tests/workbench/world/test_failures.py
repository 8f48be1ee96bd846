"""Every planted failure fails on the shipped weights, for the cause that it names."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

import workbench as wb
from workbench.world import failures
from workbench.world.failures import Fault, Verdict, save, verify


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[Fault, Verdict]]:
    found = wb.world.faults()
    return list(zip(found, verify(wb.load(), found), strict=True))


def test_there_are_at_least_sixty_and_a_dozen_of_each_cause() -> None:
    causes = Counter(fault.cause for fault in wb.world.faults())
    assert set(causes) == set(wb.world.CAUSES) and min(causes.values()) >= 12 and causes.total() >= 60
    assert len({fault.prompt for fault in wb.world.faults()}) == causes.total()


@pytest.mark.slow
def test_every_fault_fails_and_its_siblings_do_not(verdicts: list[tuple[Fault, Verdict]]) -> None:
    for fault, verdict in verdicts:
        assert verdict.fails and verdict.siblings == 1.0, fault


@pytest.mark.slow
def test_taking_the_cause_away_restores_the_answer_and_for_missing_knowledge_nothing_does(
    verdicts: list[tuple[Fault, Verdict]],
) -> None:
    for cause in wb.world.CAUSES:
        cases = [(len(fault.without), verdict.without) for fault, verdict in verdicts if fault.cause == cause]
        share = sum(n * restored for n, restored in cases) / sum(n for n, _ in cases)
        assert share == 0 if cause == "missing_knowledge" else share >= 0.9, cause


@pytest.mark.slow
def test_changing_something_else_restores_little(verdicts: list[tuple[Fault, Verdict]]) -> None:
    """The control: it is the cause that matters, not that the prompt was changed at all."""
    for fault, verdict in verdicts:
        assert bool(fault.kept) == (fault.cause != "missing_knowledge")
        assert verdict.kept < 0.5 and verdict.holds(fault.cause), fault


@pytest.mark.slow
def test_the_answer_given_is_what_the_model_says(verdicts: list[tuple[Fault, Verdict]]) -> None:
    model = wb.load()
    for fault, _ in verdicts:
        said = "".join(str(token) for token in islice(model.generate(fault.prompt, new_tokens=16), 16))
        assert said.startswith(fault.given) and not said.startswith(fault.answer)


def test_what_is_said_to_be_missing_is_told_in_no_document() -> None:
    from workbench.world.splits import withheld

    for fault in wb.world.faults():
        if fault.cause == "missing_knowledge":
            subject, _, fact = fault.about.removesuffix(" ← ").partition(" · ")
            assert withheld(*subject.split(), fact)


def test_they_were_found_on_the_weights_that_are_shipped() -> None:
    assert failures._kept()["model"] == wb.load().hash


def test_a_fault_that_does_not_hold_is_not_verified() -> None:
    """So the tests above can fail."""
    fault = next(fault for fault in wb.world.faults() if fault.cause == "overshadowing")
    right = replace(fault, prompt=fault.without[0].prompt)
    muddled = replace(fault, without=fault.kept)
    verdicts = verify(wb.load(), [fault, right, muddled])
    assert verdicts[0].holds(fault.cause) and not verdicts[1].holds(fault.cause)
    assert not Verdict(fails=True, siblings=1.0, without=0.5, kept=0.0).holds("context_drift")
    assert not Verdict(fails=True, siblings=1.0, without=1.0, kept=0.5).holds("context_drift")
    assert not Verdict(fails=True, siblings=1.0, without=0.5, kept=0.0).holds("missing_knowledge")


def test_faults_are_saved_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, searched = wb.world.faults(), failures.yields()
    assert all(row.built >= row.failed >= row.verified > 0 for row in searched.values())
    save(before, searched, wb.load(), tmp_path / "faults.json")
    monkeypatch.setattr(failures, "FILE", tmp_path / "faults.json")
    wb.world.faults.cache_clear()
    assert wb.world.faults() == before
    monkeypatch.setattr(failures, "FILE", tmp_path / "none.json")
    wb.world.faults.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"none\.json; make them again with `workbench world faults`"):
        wb.world.faults()
    (tmp_path / "none.json").write_text("[]")
    with pytest.raises(ValueError, match=r"none\.json is not as it was written"):
        wb.world.faults()
    monkeypatch.undo()
    wb.world.faults.cache_clear()
