"""A real JupyterLab and a real Chromium, driven from pytest. Everything stays on the loopback interface.

What the page shows is asserted in the page, and what the kernel holds through a second
client of the same kernel, so no test depends on how JupyterLab draws an output.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_client import BlockingKernelClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, WebSocket, sync_playwright
from playwright.sync_api import TimeoutError as PageTimeout

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
LOOPBACK = {"127.0.0.1", "localhost"}
INSIDE = {"blob", "data", "file"}
"""Schemes of addresses that no network is asked for."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Lab:
    """A JupyterLab server with its own folders, so that it neither reads nor leaves settings.

    Args:
        root: an empty folder; notebooks are written there.
        subshells: how widgets' messages reach a kernel whose cell is busy, JupyterLab's setting
            `commsOverSubshells`: "perCommTarget", "perComm" or "disabled"; None for JupyterLab's own choice.
    """

    def __init__(self, root: Path, subshells: str | None = None) -> None:
        self.root, self.token, self.subshells = root, secrets.token_hex(16), subshells
        self.url = f"http://127.0.0.1:{free_port()}"
        self._runtime = root / ".runtime"
        self._runtime.mkdir()
        self._log = (root / "lab.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"),
                f"--port={urlsplit(self.url).port}",
                "--ServerApp.port_retries=0",
                f"--ServerApp.root_dir={root}",
                f"--IdentityProvider.token={self.token}",
                "--expose-app-in-browser",
                "--LabApp.news_url=None",
                "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
            ],
            env=self._environment(),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        own = {
            "JUPYTER_RUNTIME_DIR": ".runtime",
            "JUPYTER_CONFIG_DIR": ".config",
            "JUPYTER_DATA_DIR": ".data",
            "JUPYTERLAB_SETTINGS_DIR": ".settings",
            "JUPYTERLAB_WORKSPACES_DIR": ".workspaces",
            "IPYTHONDIR": ".ipython",
        }
        self._set("notification", fetchNews="false", checkForUpdates=False)
        if self.subshells is not None:
            self._set("kernels-settings", commsOverSubshells=self.subshells)
        return {**os.environ, **{name: str(self.root / folder) for name, folder in own.items()}, "OMP_NUM_THREADS": "1"}

    def _set(self, name: str, **settings: Any) -> None:
        """Settings as a person would have saved them."""
        file = self.root / f".settings/@jupyterlab/apputils-extension/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))

    def wait(self, timeout: float = 30) -> Lab:
        """Block until the server answers."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended: {(self.root / 'lab.log').read_text()[-2000:]}")
            with contextlib.suppress(OSError):
                self._api("status")
                return self
            time.sleep(0.1)
        raise TimeoutError(f"JupyterLab did not answer in {timeout} s")

    def add(self, notebook: Path, name: str | None = None) -> str:
        """Copy a notebook to where the server sees it; the original is never written."""
        name = name or notebook.name
        shutil.copyfile(notebook, self.root / name)
        return name

    def write(self, name: str, *cells: str) -> str:
        """Make a notebook of code cells."""
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        code = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        made = [{**code, "id": f"cell-{i}", "source": cell} for i, cell in enumerate(cells)]
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": made}
        (self.root / name).write_text(json.dumps(notebook))
        return name

    @contextlib.contextmanager
    def kernel(self, name: str) -> Iterator[Kernel]:
        """A second client of the kernel that runs a notebook."""
        (number,) = [session["kernel"]["id"] for session in self._api("sessions") if session["path"] == name]
        kernel = Kernel(self._runtime / f"kernel-{number}.json")
        try:
            yield kernel
        finally:
            kernel.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._api("shutdown", method="POST")
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait(10)
        finally:
            self._log.close()

    def _api(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read() or "null")


class Kernel:
    """Asks a kernel for values, without a trace in the page."""

    def __init__(self, connection_file: Path) -> None:
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=30)

    def value(self, expression: str, timeout: float = 60) -> Any:
        """The value of an expression, as far as JSON can carry it."""
        asked = self._client.execute(
            "", silent=True, store_history=False, user_expressions={"it": f"__import__('json').dumps({expression})"}
        )
        answer = self._answer(asked, timeout)["user_expressions"]["it"]
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def do(self, code: str, timeout: float = 60) -> None:
        """Run statements; what they set is as if a cell had set it."""
        asked = self._client.execute(code, silent=True, store_history=False)
        answer = self._answer(asked, timeout)
        if answer["status"] != "ok":
            raise RuntimeError(f"{code}: {answer['ename']}: {answer['evalue']}")

    def until(self, expression: str, wanted: Callable[[Any], bool], timeout: float = 20) -> Any:
        """The value of an expression once it is as wanted."""
        end = time.monotonic() + timeout
        while not wanted(value := self.value(expression)):
            assert time.monotonic() < end, f"{expression} is still {value!r} after {timeout} s"
            time.sleep(0.05)
        return value

    def close(self) -> None:
        self._client.stop_channels()

    def _answer(self, asked: str, timeout: float) -> dict[str, Any]:
        """What the kernel says to a message of ours."""
        end = time.monotonic() + timeout
        while True:
            message = self._client.get_shell_msg(timeout=max(0.1, end - time.monotonic()))
            if message["parent_header"].get("msg_id") == asked:
                return message["content"]


PROGRESS = """() => {
    const code = [...window.jupyterapp.shell.currentWidget.content.model.cells].filter(({ type }) => type === "code");
    const failures = code.flatMap(({ outputs }) => outputs.toJSON().filter((output) => output.output_type === "error"));
    return [code.filter(({ executionCount }) => executionCount !== null).length, code.length, failures[0] ?? null];
}"""
"""How many code cells have ended, how many there are, and the first error among their outputs."""
FAILURE = """() => {
    const last = [...window.jupyterapp.shell.currentWidget.content.model.cells].at(-1);
    return last.outputs.toJSON().find((output) => output.output_type === "error") ?? null;
}"""
"""The error among the outputs of the last cell."""
START = """(source) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const last = content.model.cells.length;
    content.model.sharedModel.insertCell(last, { cell_type: "code", source });
    content.activeCellIndex = last;
    window.wbCellEnded = null;
    const ended = () => { if (content.model.cells.length === last + 1) window.wbCellEnded = performance.now(); };
    window.jupyterapp.commands.execute("notebook:run-cell").then(ended);
}"""
"""Append a cell and run it; the last one tells when it has ended."""


@dataclass
class Visit:
    """A page that is open, with what went wrong in it and what it tried to reach."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, lab: Lab, name: str, *, run: bool = True) -> None:
        """Open a notebook and run it. About one opening in forty hangs in JupyterLab; a second one does not."""
        try:
            self._open(lab, name)
        except PageTimeout:
            self._open(lab, name)
        self.command("application:toggle-left-area")
        if run:
            self.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")

    def _open(self, lab: Lab, name: str) -> None:
        self.page.goto(f"{lab.url}/lab/tree/{name}?token={lab.token}&reset")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook", timeout=20_000)
        session = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session"
        self.page.wait_for_function(f"() => {session}?.kernel?.connectionStatus === 'connected'", timeout=20_000)
        self.page.wait_for_function(f"() => {session}.kernel.status === 'idle'", timeout=20_000)

    def finish(self, stalled: float = 300) -> None:
        """Wait until every cell has run.

        A cell that fails is told at once, in the notebook's own words; so is one that takes
        longer than `stalled` seconds. There is no limit to the whole, for machines differ.
        """
        ended, since = -1, time.monotonic()
        while True:
            now, cells, failure = self.page.evaluate(PROGRESS)
            _raise(failure)
            if now == cells:
                return
            if now > ended:
                ended, since = now, time.monotonic()
            assert time.monotonic() - since < stalled, f"{ended} of {cells} cells have run, the next not in {stalled} s"
            self.page.wait_for_timeout(200)

    def start(self, code: str) -> None:
        """Write a cell at the end of the notebook and run it; `ended` tells when it has."""
        self.page.evaluate(START, code)

    def ended(self) -> float | None:
        """When the cell that was started last ended, in milliseconds on the page's clock; None while it runs."""
        return self.page.evaluate("() => window.wbCellEnded")

    def run(self, code: str) -> None:
        """Write a cell at the end of the notebook, run it and wait for it."""
        self.start(code)
        self.page.wait_for_function("() => window.wbCellEnded !== null", timeout=60_000)
        _raise(self.page.evaluate(FAILURE))

    def command(self, name: str, **arguments: Any) -> None:
        """One of JupyterLab's commands: its keys and menus differ, its commands do not."""
        self.page.evaluate("([name, given]) => window.jupyterapp.commands.execute(name, given)", [name, arguments])

    def theme(self, name: str) -> None:
        """Change to "light" or "dark", and wait until it is painted."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name.capitalize()}")
        self.page.wait_for_function(f"() => document.querySelector('.wb')?.dataset.wbTheme === '{name}'")
        self.page.wait_for_timeout(500)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium without a window; it knows no name but this machine's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visit(browser: Browser, *, width: int = 1280, height: int = 1100, scale: float = 1) -> Iterator[Visit]:
    """A page of its own, which can reach nothing but this machine."""
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
    made = Visit(context.new_page())

    def note_outside(url: str) -> bool:
        parts = urlsplit(url)
        is_outside = parts.scheme not in INSIDE and parts.hostname not in LOOPBACK
        if is_outside:
            made.outside.append(url)
        return is_outside

    def gate(route: Route, request: Request) -> None:
        route.abort() if note_outside(request.url) else route.continue_()

    def socket_opened(opened: WebSocket) -> None:
        note_outside(opened.url)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            made.errors.append(message.text)

    context.route("**/*", gate)
    made.page.on("websocket", socket_opened)
    made.page.on("console", said)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    try:
        yield made
    finally:
        context.close()


def _raise(failure: dict[str, Any] | None) -> None:
    """Fail as a cell has failed, in its words."""
    if failure is not None:
        raise AssertionError(f"a cell of the notebook failed:\n{_plain(failure['traceback'])}")


def _plain(traceback: list[str]) -> str:
    """A traceback without its colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", "\n".join(traceback))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
