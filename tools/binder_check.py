"""Repeats Binder's steps in an empty folder, then runs the tour and measures its memory.

1. clone HEAD into an empty folder (what is not committed does not exist);
2. a new environment with runtime.txt's Python; pip install -r binder/requirements.txt;
3. binder/postBuild;
4. execute the notebook and watch its kernel: over the limit, it is killed and the check fails.

Memory is the resident set of the kernel and its children, summed, every 50 ms. It is
not what a container counts: shared pages count once per process here, and the Jupyter
server beside it (about 0.15 GB) is left out. apt.txt, if there is one, is not installed.

    python tools/binder_check.py [--notebook notebooks/00_tour.ipynb] [--limit 2.0]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GB = 2**30


def main() -> int:
    """The outer half: everything up to a clean environment, in which the inner half runs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--notebook", default="notebooks/00_tour.ipynb", help="in the repository, or an absolute path")
    parser.add_argument("--limit", type=float, default=2.0, help="GB of resident memory (%(default)s)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)  # the inner half
    options = parser.parse_args()
    if options.inside:
        return watch(Path(options.notebook), options.limit)
    folder = Path(tempfile.mkdtemp(prefix="binder-"))
    try:
        return rehearse(folder, options.notebook, options.limit)
    finally:
        shutil.rmtree(folder)


def rehearse(folder: Path, notebook: str, limit: float) -> int:
    """Steps 1 to 4, each timed."""
    repository, environment = folder / "repository", folder / "environment"
    step("cloning HEAD", "git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), repository)
    wanted = (repository / "binder" / "runtime.txt").read_text().strip()
    step(f"a new {wanted}", interpreter(wanted), "-m", "venv", environment)
    # as on Binder, the environment's programs come first and its variables are not ours
    inside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER", "VIRTUAL_ENV"))}
    inside |= {"PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    python = environment / "bin" / "python"
    # an index that cannot be reached is skipped: do not wait long for it
    pip = (python, "-m", "pip", "install", "-qq", "--no-cache-dir", "--retries", "0", "--timeout", "20")
    step("pip install -r binder/requirements.txt", *pip, "-r", "binder/requirements.txt", env=inside, cwd=repository)
    step("postBuild", repository / "binder" / "postBuild", env=inside, cwd=repository)
    command = (python, "tools/binder_check.py", "--inside", "--notebook", repository / notebook, "--limit", limit)
    return subprocess.run([str(part) for part in command], env=inside, cwd=repository).returncode


def step(name: str, *command: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run one command, print what it was and how long it took; a failure ends the check."""
    began = time.perf_counter()
    print(f"== {name}", flush=True)
    subprocess.run([str(part) for part in command], check=True, env=env, cwd=cwd)
    print(f"   {time.perf_counter() - began:.0f} s", flush=True)


def interpreter(wanted: str) -> str:
    """The Python that runtime.txt names ("python-3.11"), or this one if it is of that version."""
    version = wanted.removeprefix("python-")
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    if found := shutil.which(f"python{version}"):
        return found
    raise SystemExit(f"binder/runtime.txt wants {wanted}; there is no python{version} here. Run this with one.")


def watch(notebook: Path, limit: float) -> int:
    """The inner half, in the clean environment: execute the notebook and keep the peak."""
    import nbformat
    import psutil
    from nbclient import NotebookClient

    client = NotebookClient(
        nbformat.read(notebook, as_version=4), timeout=600, resources={"metadata": {"path": str(notebook.parent)}}
    )
    peak, done = 0.0, threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.wait(0.05):
            now = sum(resident(child) for child in psutil.Process().children(recursive=True)) / GB
            peak = max(peak, now)
            if now > limit:
                for child in psutil.Process().children(recursive=True):
                    child.kill()
                return

    def resident(process: psutil.Process) -> int:
        try:
            return process.memory_info().rss
        except psutil.NoSuchProcess:
            return 0

    print(f"== running {notebook.name} under {limit:g} GB", flush=True)
    began = time.perf_counter()
    sampler = threading.Thread(target=sample)
    sampler.start()
    failure: Exception | None = None
    try:
        client.execute()
    except Exception as error:
        failure = error
    finally:
        done.set()
        sampler.join()
    print(f"   {time.perf_counter() - began:.0f} s, peak {peak:.2f} GB of {limit:g} GB")
    if peak > limit:
        print(f"{notebook.name} needs more than {limit:g} GB: Binder would kill its kernel.", file=sys.stderr)
    elif failure is not None:
        print(f"{notebook.name} failed:\n{failure}", file=sys.stderr)
    return int(failure is not None or peak > limit)


if __name__ == "__main__":
    sys.exit(main())
