"""What people get with pip: the wheel, built through the sdist, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `python -m build` makes out of the sdist; nothing is downloaded."""
    to = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", to, ROOT)
    (built,) = to.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel, and sees what is installed here except this clone."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    site = next(home.glob("lib/*/site-packages"))
    # a plain path line: the .pth of an editable install in there is not read again
    (site / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_imports_from_its_own_environment(python: Path, tmp_path: Path) -> None:
    files = "[workbench.__file__, workbench_widgets.__file__, workbench.__version__]"
    code = f"import json, workbench, workbench_widgets; print(json.dumps({files}))"
    core, widgets, version = json.loads(run(python, "-c", code, cwd=tmp_path))
    assert Path(core).is_relative_to(python.parent.parent)
    assert Path(widgets).is_relative_to(python.parent.parent)
    assert version == workbench.__version__


def test_the_wheel_carries_every_tracked_file_of_both_packages_and_every_notebook(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    packages = [name for name in TRACKED if name.startswith("workbench/")]
    packages += [name.removeprefix("widgets/") for name in TRACKED if name.startswith("widgets/workbench_widgets/")]
    notebooks = [
        f"workbench/assets/{name}" for name in TRACKED if name.startswith("notebooks/") and name.endswith(".ipynb")
    ]
    assert sorted({*packages, *notebooks} - carried) == []
    assert any(name.startswith("workbench_widgets/static/") and name.endswith(".js") for name in carried)
    assert any(name.startswith("workbench/assets/") and name.endswith(".safetensors") for name in carried)
    assert "workbench/assets/notebooks/00_tour.ipynb" in carried


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    carried = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in carried}
    assert tops == {"workbench", "workbench_widgets", f"interp_workbench-{workbench.__version__}.dist-info"}
    assert [name for name in carried if name.endswith((".ts", ".pyc", ".pt", ".sock"))] == []


def test_the_shipped_model_loads_from_the_wheel(python: Path, tmp_path: Path) -> None:
    code = "import workbench as wb; print(wb.load().run('The bridge').logits.shape[0])"
    assert run(python, "-c", code, cwd=tmp_path).split()[-1] == "1"


def test_the_command_runs_from_the_wheel_and_keeps_what_a_person_changed(python: Path, tmp_path: Path) -> None:
    command = python.parent / "workbench"
    assert "lab" in run(command, "--help", cwd=tmp_path)
    copy = (command, "lab", "--copy-only", "--to", "mine")
    assert "The notebooks are in mine" in run(*copy, cwd=tmp_path)
    tour = tmp_path / "mine" / "00_tour.ipynb"
    shipped = tour.read_bytes()
    assert shipped == (ROOT / "notebooks" / "00_tour.ipynb").read_bytes()

    tour.write_text("mine")
    assert "Kept as you changed them: 00_tour.ipynb" in run(*copy, cwd=tmp_path)
    assert tour.read_text() == "mine"
    tour.unlink()
    assert "Kept" not in run(*copy, cwd=tmp_path)
    assert tour.read_bytes() == shipped
