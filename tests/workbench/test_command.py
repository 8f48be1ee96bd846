"""The `workbench` command, without starting a server or a training."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import workbench as wb
from workbench import __main__ as command


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "00_tour.ipynb").write_text("tour, first edition")
    (folder / "01_record.ipynb").write_text("record")
    (folder / "left-over.txt").write_text("not a notebook")
    monkeypatch.setattr(command, "_shipped_notebooks", lambda: folder)
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The options that JupyterLab would have been started with."""
    labapp = pytest.importorskip("jupyterlab.labapp")
    calls: list[list[str]] = []
    monkeypatch.setattr(labapp, "main", calls.append)
    return calls


def copy(to: Path) -> int:
    return command.main(["lab", "--copy-only", "--to", str(to)])


def test_an_untouched_copy_follows_a_new_edition(shipped: Path, tmp_path: Path) -> None:
    assert copy(tmp_path / "mine") == 0
    (shipped / "00_tour.ipynb").write_text("tour, second edition")
    copy(tmp_path / "mine")
    assert (tmp_path / "mine" / "00_tour.ipynb").read_text() == "tour, second edition"
    assert not (tmp_path / "mine" / "left-over.txt").exists()


@pytest.mark.parametrize("new_edition", [False, True])
def test_a_changed_copy_is_kept_and_named(
    shipped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], new_edition: bool
) -> None:
    copy(tmp_path / "mine")
    (tmp_path / "mine" / "00_tour.ipynb").write_text("my notes")
    if new_edition:
        (shipped / "00_tour.ipynb").write_text("tour, second edition")
    for _ in range(2):
        capsys.readouterr()
        copy(tmp_path / "mine")
        assert (tmp_path / "mine" / "00_tour.ipynb").read_text() == "my notes"
        assert f"Kept as you changed them: 00_tour.ipynb. The originals are in {shipped}" in capsys.readouterr().out


def test_a_file_that_was_there_before_us_is_kept(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "01_record.ipynb").write_text("somebody's")
    copy(tmp_path)
    assert (tmp_path / "01_record.ipynb").read_text() == "somebody's"


def test_copying_a_folder_onto_itself_changes_nothing(shipped: Path) -> None:
    assert copy(shipped) == 0
    assert (shipped / "00_tour.ipynb").read_text() == "tour, first edition"


def test_lab_opens_the_tour_and_hands_the_rest_to_jupyterlab(
    shipped: Path, started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    command.main(["lab", "--to", str(tmp_path / "mine"), "--", "--port", "9999"])
    command.main(["lab", "--in-place"])
    first, second = started
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in first
    assert "--LabApp.default_url=/lab/tree/00_tour.ipynb" in first
    assert first[-2:] == ["--port", "9999"]
    assert f"--ServerApp.root_dir={tmp_path}" in second
    assert "--LabApp.default_url=/lab/tree/shipped/00_tour.ipynb" in second
    assert "--no-browser" not in first + second


def test_without_a_screen_the_browser_stays_shut(
    shipped: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    command.main(["lab", "--in-place"])
    assert "--no-browser" in started[0]
    assert "open the address below" in capsys.readouterr().out


def test_without_jupyterlab_it_says_what_to_install(
    shipped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert command.main(["lab", "--in-place"]) == 1
    assert "pip install 'interp-workbench[lab]'" in capsys.readouterr().err


def test_no_command_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([])
    assert stopped.value.code == 2


@pytest.mark.slow
def test_every_task_is_scored_with_its_interval_and_chance(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["world", "score", "-n", "2", "--model", "atlas-random"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(wb.world.tasks)
    assert all("[" in line and ", n " in line and "chance" in line for line in lines)


def test_probes_are_counted_among_all_concepts_and_what_was_not_met_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def probe(model: wb.Model, *, at: str | None, split: str) -> list[wb.world.Probed]:
        assert (model.name, at, split) == ("atlas-random", "embed", "templates")
        return [
            wb.world.Probed(wb.world.concepts()[name], wb.estimates.area(value, 9, 9), None, 9)
            for name, value in (("sum", 0.99), ("animal.eel", 0.6))
        ]

    monkeypatch.setattr(wb.world, "probe", probe)
    assert command.main(["world", "probe", "--model", "atlas-random", "--at", "embed", "--split", "templates"]) == 0
    out = capsys.readouterr().out
    assert "animal.eel" in out.splitlines()[0] and "in no document that was drawn" in out and "animal.dog" in out
    assert f"1 of {len(wb.world.concepts()) - 1} concepts" in out


def test_faults_are_found_counted_and_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from workbench.world import failures

    found, counted = wb.world.faults()[:3], failures.yields()
    monkeypatch.setattr(failures, "find", lambda model, *, each: (found, counted) if each == 3 else None)
    monkeypatch.setattr(failures, "FILE", tmp_path / "faults.json")
    try:
        assert command.main(["world", "faults", "--each", "3"]) == 0
        assert wb.world.faults() == tuple(found) and "verified" in capsys.readouterr().out
    finally:
        monkeypatch.undo()
        wb.world.faults.cache_clear()


def test_a_dictionary_is_scored_on_its_own_model_beside_its_floors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "HELD_OUT", 3)
    call = ["decompose", "score", "--dictionary", "atlas-b-x16", "--untrained", "atlas-x4"]
    assert command.main(call) == 0
    out = capsys.readouterr().out
    assert "explained variance" in out and "random directions" in out and "untrained model" in out
    assert "3 texts" in out
