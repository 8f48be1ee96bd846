"""Widgets as one HTML file: their state, their programs, and a page that needs neither a network nor Python.

The page forbids itself every address by its own policy, and what the widgets hold is data in it, never markup.
"""

from __future__ import annotations

import base64
import html
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._frontend import Frontend

STATIC = Path(__file__).parent / "static"
POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root { --wb-page: #fff; --wb-page-ink: #1b1b1b; color-scheme: light; }
:root[data-theme="dark"] { --wb-page: #111; --wb-page-ink: #e6e6e6; color-scheme: dark; }
body { margin: 0; background: var(--wb-page); color: var(--wb-page-ink); font: 13px/20px system-ui, sans-serif; }
:root { --jp-layout-color0: var(--wb-page); --jp-ui-font-color0: var(--wb-page-ink); }
main, body > header { max-width: 1080px; margin: 0 auto; padding: 8px 16px; }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
body > header { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; }
body > header h1 { margin: 0; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
#wb-theme { padding: 0; border: 0; background: none; color: inherit; font: inherit; text-decoration: underline;
  cursor: pointer; }
"""


def page(widgets: Sequence[Frontend], path: str | Path | None, *, title: str) -> str | Path:
    """The page of some widgets: its text, or where it was written.

    Raises:
        OSError: it cannot be written there; what was there before is still there.
    """
    programs = {_program(widget): str(widget._esm) for widget in widgets}
    styles = {_program(widget): str(widget._css) for widget in widgets}
    text = "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{html.escape(title)}</title>",
            f"<style>{STYLE}{''.join(_style(css) for css in styles.values())}</style></head>",
            f'<body><header><h1>{html.escape(title)}</h1><button id="wb-theme" type="button"></button></header>',
            f"<main></main><noscript><pre>{html.escape(_in_text(widgets))}</pre></noscript>",
            _data("wb-programs", programs),
            _data("wb-widgets", [_payload(widget) for widget in widgets]),
            f'<script type="module">{_program_text()}</script></body></html>',
        ]
    )
    text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
    if path is None:
        return text
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _payload(widget: Frontend) -> dict[str, Any]:
    """A widget's state without what only Jupyter needs; bytes apart, as text."""
    with widget._turn():
        state = {name: value for name, value in widget.get_state().items() if _is_own(name)}
        state |= {"running": False, **widget._exported()}  # nobody is at work on a page without Python
    buffers: list[dict[str, Any]] = []
    return {
        "program": _program(widget),
        "state": _without_bytes(state, [], buffers),
        "buffers": buffers,
        "links": widget.links,
    }


def _is_own(name: str) -> bool:
    return not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")


def _without_bytes(value: Any, path: list[str | int], buffers: list[dict[str, Any]]) -> Any:
    """A value as JSON can hold it; bytes are noted with their path, and numbers without an end are left out."""
    if isinstance(value, bytes | memoryview | bytearray):
        buffers.append({"path": path, "data": base64.b64encode(value).decode()})
        return None
    if isinstance(value, Mapping):
        return {key: _without_bytes(one, [*path, key], buffers) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_bytes(one, [*path, place], buffers) for place, one in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _data(name: str, value: object) -> str:
    """Data in a page: no tag can begin or end in it, whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _style(css: str) -> str:
    return css.replace("</", "<\\/")


def _program(widget: Frontend) -> str:
    return type(widget).__name__


def _program_text() -> str:
    return (STATIC / "host.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


def _in_text(widgets: Sequence[Frontend]) -> str:
    return "\n\n".join(widget.summary() for widget in widgets)
