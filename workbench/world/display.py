"""A document as HTML: its text, a tint behind what carries a concept, the concepts on hover.

It knows concepts only by the first word of their names, and nothing else of the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

# Okabe and Ito's colours, one for a sort of concepts; what spans whole texts is not tinted.
GROUPS = {
    "entities": ("230,159,0", "landmark city country animal food thing place job person president namesake stranger"),
    "words": ("86,180,233", "colour day month continent tongue currency class kind ordinal"),
    "abstract": (
        "204,121,167",
        "deception honesty sycophancy candour secrecy openness inner_conflict resolve human_suffering human_comfort "
        "animal_suffering animal_comfort veganism omnivory",
    ),
    "numbers": ("0,158,115", "operand sum equation compared comparison count"),
    "roles": ("240,228,66", "role pronoun paraphrase list"),
    "code": ("0,114,178", "code"),
    "sequences": ("213,94,0", "dna protein"),
}
GROUP = {root: group for group, (_, roots) in GROUPS.items() for root in roots.split()}


def html(kind: str, tongue: str, text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """A labelled text for a notebook: safe markup, nothing loaded, readable in light and dark."""
    shown = [(start, stop, name) for start, stop, name in spans if name.partition(".")[0] in GROUP and name != "code"]
    cuts = sorted({0, len(text), *(at for start, stop, _ in spans for at in (start, stop))})
    parts = []
    for start, stop in pairwise(cuts):
        here = sorted((s for s in shown if s[0] <= start and stop <= s[1]), key=lambda s: s[1] - s[0])
        part = escape(text[start:stop])
        if here:
            tint = GROUPS[GROUP[here[0][2].partition(".")[0]]][0]
            names = escape(", ".join(dict.fromkeys(name for _, _, name in here)))
            style = f"background:rgba({tint},.28);border-bottom:2px solid rgb({tint});border-radius:3px 3px 0 0"
            part = f'<span style="{style}" title="{names}">{part}</span>'
        parts.append(part)
    legend = " ".join(
        f'<span style="border-bottom:2px solid rgb({GROUPS[group][0]});margin-left:8px">{group}</span>'
        for group in dict.fromkeys(GROUP[name.partition(".")[0]] for _, _, name in shown)
    )
    return (
        '<div style="font:13px/1.8 var(--jp-code-font-family,ui-monospace,monospace);white-space:pre-wrap;'
        'border:1px solid rgba(128,128,128,.25);border-radius:6px;padding:12px;margin:4px 0">'
        '<div style="font:12px var(--jp-ui-font-family,sans-serif);white-space:normal;margin-bottom:8px">'
        f'<b style="font-weight:600">{escape(kind)}</b> · {escape(tongue)}{legend}</div>{"".join(parts)}</div>'
    )
