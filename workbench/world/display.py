"""A document as HTML: its text, a tint behind what carries a concept, the concepts on hover."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from .grammar import implied
from .meanings import concepts

if TYPE_CHECKING:
    from .grammar import Document

# Okabe and Ito's colours, a kind each; what spans whole texts (language, chat) is not tinted.
TINTS = {
    "entity": "230,159,0",
    "word": "86,180,233",
    "abstract": "204,121,167",
    "number": "0,158,115",
    "role": "240,228,66",
    "code": "0,114,178",
    "sequence": "213,94,0",
}
BROAD = {"code", "chat.question", "chat.answer", "aftermath"}


def html(document: Document) -> str:
    """The document for a notebook: safe markup, nothing loaded, readable in light and dark."""
    shown = [s for s in document.spans if concepts()[s.concept].kind in TINTS and s.concept not in BROAD]
    cuts = sorted({0, len(document.text), *(at for s in document.spans for at in (s.start, s.stop))})
    parts = []
    for start, stop in pairwise(cuts):
        here = sorted((s for s in shown if s.start <= start and stop <= s.stop), key=lambda s: s.stop - s.start)
        text = escape(document.text[start:stop])
        if here:
            tint = TINTS[concepts()[here[0].concept].kind]
            names = escape(", ".join(dict.fromkeys(s.concept for s in here)))
            style = f"background:rgba({tint},.3);border-bottom:2px solid rgb({tint});border-radius:3px 3px 0 0"
            text = f'<span style="{style}" title="{names}">{text}</span>'
        parts.append(text)
    kinds = dict.fromkeys(concepts()[implied(s.concept)[-1]].kind for s in shown)
    legend = " ".join(
        f'<span style="border-bottom:2px solid rgb({TINTS[kind]});padding:0 2px">{kind}</span>' for kind in kinds
    )
    return (
        '<div style="font:13px/1.7 var(--jp-code-font-family,ui-monospace,monospace);white-space:pre-wrap;'
        'border:1px solid rgba(128,128,128,.25);border-radius:6px;padding:12px;margin:4px 0">'
        f'<div style="font:12px var(--jp-ui-font-family,sans-serif);opacity:.75;white-space:normal;margin-bottom:8px">'
        f"{escape(document.kind)} · {escape(document.tongue)} · {legend}</div>{''.join(parts)}</div>"
    )
