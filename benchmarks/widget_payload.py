"""How many bytes a page receives for a heatmap: ours beside CircuitsVis, of the same text and the same numbers.

    benchmarks/peers/make.sh build/peers
    python benchmarks/widget_payload.py build/peers

A random GPT-2 of 4 layers, 512 neurons each, reads a text of 512 tokens, its whole context. Ours is recorded at the
border to the browser: every message of the widget's comms, JSON and binary, from the first to the last, and what is
displayed. CircuitsVis is what it displays offline, its program included. Nothing is timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import comm
import numpy as np
import torch
import transformers
from comm.base_comm import BaseComm

import workbench as wb
from workbench_widgets import ActivationHeatmap

TOKENS, LAYERS, WIDTH, HEADS, UNIT = 512, 4, 128, 4, 7
LOOKS = range(100, 110)
"""The neurons that are looked at after the first, where all can be chosen from."""
TILE = 64
"""Tokens whose strongest units the page asks for at once, as in `widgets/src/heatmap/view.ts`."""
BAR = 0.1
PROGRAM = ("_esm", "_css")
HEADER = """\
| content | ours: program | data | picture for script-less pages | whole | CircuitsVis: program | data | whole \
| ratio whole | ratio data | at most 1/10 of the whole |
|-|-|-|-|-|-|-|-|-|-|-|"""
COUNTED = """\
Counted are the messages that Jupyter sends to the page, without their headers: JSON in UTF-8, and the binary buffers
beside it. Ours: every message of the widget's comms, its layout's too, from opening on. Program is `_esm` and `_css`;
picture is what is displayed (an image, a text and a reference to the widget); data is all the rest: what the page asks
for by itself (the strongest units around the token that stands out), every neuron or head that is looked at after the
first, and of each head the whole pattern. CircuitsVis: what it displays offline. Data is the JSON of tokens and
numbers, program the rest. The bar is for the whole.
Not counted: what JupyterLab loads once for all widgets (ipywidgets's manager and anywidget's loader), and what
CircuitsVis links online instead of its program, which the page then fetches once for all.
Not the same: our numbers are half floats, whole patterns without what is above their diagonal, and CircuitsVis writes
every digit. It holds every neuron and needs no kernel, ours asks the kernel for another. Ours lists the strongest
units of any token, and asks for more of them as it is pointed at; those are not counted, for CircuitsVis has none."""


@dataclass(frozen=True)
class Row:
    """The same content for both: for ours a site and the units that are looked at one after another."""

    content: str
    site: str
    units: Sequence[int]
    view: str
    values: Callable[[wb.Model, str], np.ndarray]


ROWS = (
    Row(f"one neuron at all {LAYERS} layers", "mlp_act", [UNIT], "activations",
        lambda model, text: neurons(model, text)[:, :, [UNIT]]),
    Row(f"all {4 * WIDTH} neurons of all {LAYERS} layers to choose from, {len(LOOKS)} looked at after the first",
        "mlp_act", [UNIT, *LOOKS], "activations", lambda model, text: neurons(model, text)),
    Row(f"attention of layer 0, all {HEADS} heads", "pattern.0", range(HEADS), "attention",
        lambda model, text: model.run(text, at=["pattern.0"])["pattern.0"][0].numpy()),
)  # fmt: skip


def main(peers: Path) -> None:
    """Measure every row, and print a table and what is counted in it."""
    comm.create_comm = Recorded
    model = random_model()
    text = text_of(model)
    notes = []
    shape = f"{LAYERS} layers, D {WIDTH}, {HEADS} heads"
    print(f"random GPT-2, {shape}; {len(model.tokens(text))} tokens; bytes\n\n{HEADER}")
    for row in ROWS:
        mine, theirs = ours(model, text, row), circuitsvis(peers, model, text, row)
        print(line(row.content, mine, theirs), flush=True)
        notes += noted(row, mine, theirs)
    print("\n".join(["", *notes, "", COUNTED]))


def line(content: str, mine: dict[str, int], theirs: dict[str, int]) -> str:
    """One row of the table; dashes for what could not be measured."""
    cells = [f"{mine[part]:,}" if mine else "–" for part in ("program", "data", "picture", "whole")]
    cells += [f"{theirs[part]:,}" if theirs else "–" for part in ("program", "data", "whole")]
    if mine and theirs:
        ratio = mine["whole"] / theirs["whole"]
        cells += [f"{ratio:.3f}", f"{mine['data'] / theirs['data']:.3f}", "met" if ratio <= BAR else "missed"]
    else:
        cells += ["–"] * 3
    return f"| {' | '.join([content, *cells])} |"


def noted(row: Row, mine: dict[str, int], theirs: dict[str, int]) -> list[str]:
    """What the table has no column for."""
    notes = []
    if mine and mine["look"]:
        notes.append(f"ours: {mine['look']:,} bytes for each one after the first")
    if mine and mine["look"] and theirs and row.site == "mlp_act":
        most = int((BAR * theirs["whole"] - mine["whole"]) // mine["look"]) + len(row.units) - 1
        notes.append(f"ours stays within the bar for {max(0, most)} of them")
    if theirs:
        notes.append(f"CircuitsVis with its program linked: {theirs['linked']:,} bytes")
    return [f"- {row.content}: {'; '.join(notes)}"] if notes else []


# ---- the content ----


def random_model() -> wb.Model:
    """A GPT-2 in memory that reads as the shipped model does."""
    torch.manual_seed(0)
    tokenizer = wb.load().tokenizer
    config = transformers.GPT2Config(
        vocab_size=len(tokenizer), n_positions=TOKENS, n_layer=LAYERS, n_embd=WIDTH, n_head=HEADS,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, attn_implementation="eager",
    )  # fmt: skip
    return wb.Model(transformers.GPT2LMHeadModel(config), tokenizer, name="random")


def text_of(model: wb.Model) -> str:
    """Documents one after another, cut after as many tokens as the model takes."""
    for seed in range(100):
        long = " ".join(document.text for document in islice(wb.world.documents("train", seed), 40))
        ids = next(iter(model.vocabulary.windows([long])))[0]
        text = model.tokenizer.decode(ids, skip_special_tokens=True)
        if len(model.vocabulary.windows([text])[0]) == 1 and len(model.tokens(text)) == TOKENS:
            return text
    raise AssertionError(f"no text of {TOKENS} tokens reads the same after a cut")


def neurons(model: wb.Model, text: str) -> np.ndarray:
    """Every neuron at every layer, [T, L, units]."""
    run = model.run(text, at=["mlp_act.*"])
    return torch.stack([run[f"mlp_act.{layer}"][0] for layer in range(LAYERS)], 1).numpy()


# ---- ours ----


class Recorded(BaseComm):
    """The kernel's end of a comm, which keeps the size of what it sends."""

    sent: ClassVar[list[dict[str, int]]] = []

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[bytes] | None = None,
        **keys: Any,
    ) -> None:
        """Note a message: what of it is program, and the rest."""
        content = {"comm_id": self.comm_id, "data": data, **keys}
        binary = sum(memoryview(buffer).nbytes for buffer in buffers or ())
        state = (data or {}).get("state", {})
        program = sum(encoded(state.get(name, "")) for name in PROGRAM if name in state)
        answer = binary if (data or {}).get("method") == "custom" else 0
        Recorded.sent.append({"program": program, "data": encoded(content) + binary - program, "answer": answer})


def ours(model: wb.Model, text: str, row: Row) -> dict[str, int]:
    """What reaches the page until the last unit is looked at; nothing if the widget cannot show it."""
    Recorded.sent.clear()
    first, *others = row.units
    try:
        widget = ActivationHeatmap(model, text, site=row.site, unit=first)
        picture = encoded(widget._repr_mimebundle_()[0])
        look(widget, first)
        opening = received("data")
        for unit in others:
            look(widget, unit)
    except ValueError as error:
        print(f"{row.content}: {error}", file=sys.stderr)
        return {}
    program, data = received("program"), received("data")
    widget.close()
    each = round((data - opening) / len(others)) if others else 0
    return {"program": program, "data": data, "picture": picture, "whole": program + data + picture, "look": each}


def look(widget: ActivationHeatmap, unit: int) -> None:
    """Choose a unit as the page does, and ask for what it then asks for by itself; wait for the answers.

    Raises:
        ValueError: something was not answered.
    """
    if widget.unit != unit:
        say(widget, {"method": "update", "state": {"unit": unit}, "buffer_paths": []})
        widget.wait()
    view = widget.view
    if widget.error or view["unit"] != unit:
        raise ValueError(f"unit {unit} is not shown: {widget.error}")
    row = view["layers"].index(widget.layer)
    if view["tops"] is None:
        first = TILE * (int(np.abs(widget.values[row]).argmax()) // TILE)
        ask(widget, {"kind": "tops", "row": row, "first": first, "behind": min(TOKENS, first + TILE)})
    if widget.stream == "pattern":
        ask(widget, {"kind": "map", "row": row})


def ask(widget: ActivationHeatmap, wish: dict[str, Any]) -> None:
    """Have the widget send what travels apart from its view."""
    before = len(Recorded.sent)
    say(widget, {"method": "custom", "content": {**wish, "number": widget.view["number"]}})
    widget._runner.wait((widget, wish["kind"]), 60)
    if not any(message["answer"] for message in Recorded.sent[before:]):
        raise ValueError(f"{wish['kind']} was asked for, and did not come")


def say(widget: ActivationHeatmap, message: dict[str, Any]) -> None:
    """Play the page's part."""
    widget._handle_msg({"content": {"data": message}, "buffers": []})


def received(part: str) -> int:
    """Bytes so far."""
    return sum(message[part] for message in Recorded.sent)


def encoded(content: Any) -> int:
    """Bytes of JSON as Jupyter writes it."""
    return len(json.dumps(content, ensure_ascii=False).encode())


# ---- CircuitsVis ----


def circuitsvis(peers: Path, model: wb.Model, text: str, row: Row) -> dict[str, int]:
    """What CircuitsVis displays, in a process of its own; nothing where it fails."""
    python = peers / "circuitsvis" / "bin" / "python"
    if not python.exists():
        print(f"CircuitsVis: there is no {python}; make it with benchmarks/peers/make.sh {peers}", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder:
        tokens, values = Path(folder) / "tokens.json", Path(folder) / "values.npy"
        tokens.write_text(json.dumps(model.tokens(text).pieces[0]), "utf8")
        np.save(values, row.values(model, text))
        script = Path(__file__).parent / "peers" / "widget_payload.py"
        call = [str(python), str(script), row.view, str(tokens), str(values)]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"CircuitsVis: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {**found, "whole": found["program"] + found["data"]}


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"))
