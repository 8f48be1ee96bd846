"""Renders a text with its activations or attention with CircuitsVis and prints how many bytes a page receives.

python widget_payload.py VIEW TOKENS.json VALUES.npy

VIEW is `activations`, of values [T, L, units], or `attention`, of values [H, T, T]. A page offline receives the
program in every output; a page online is told to fetch it from a network, which is counted apart. The HTML is taken
as it was rendered for either, so that CircuitsVis need not look for the internet, as it does when it is displayed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from circuitsvis.activations import text_neuron_activations
from circuitsvis.attention import attention_patterns
from circuitsvis.utils.render import RenderedHTML

VIEWS = {"activations": text_neuron_activations, "attention": attention_patterns}


def main(view: str, tokens: str, values: str) -> None:
    """Render once, and measure the two messages that Jupyter could send of it."""
    shown = VIEWS[view](json.loads(Path(tokens).read_text("utf8")), np.load(values))
    whole, linked, data = message(shown, shown.local_src), message(shown, shown.cdn_src), len(properties(shown))
    print(json.dumps({"program": whole - data, "data": data, "picture": 0, "linked": linked}))


def message(shown: RenderedHTML, html: str) -> int:
    """Bytes of what is displayed, as JSON in UTF-8."""
    return len(json.dumps({"text/plain": repr(shown), "text/html": html}, ensure_ascii=False).encode())


def properties(shown: RenderedHTML) -> bytes:
    """The tokens and numbers in it, as they stand in a message: JSON inside JSON."""
    html = shown.cdn_src
    found = html[html.index("{", html.index("render(\n")) : html.rindex("}") + 1]
    json.loads(found)  # all of it and nothing else
    return json.dumps(found, ensure_ascii=False)[1:-1].encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
