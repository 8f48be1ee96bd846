"""What a widget is where no script runs, no kernel lives, or no network is there."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from PIL import Image
from widgets.fake_units import Units

import workbench as wb
from workbench.explore import Notes
from workbench_widgets import (
    AblationPanel,
    ActivationHeatmap,
    Bench,
    RatingPanel,
    SteeringPanel,
    TrainingMonitor,
    _picture,
)
from workbench_widgets._array import from_wire
from workbench_widgets._picture import Picture

TEXT = "the golden bridge"
HOSTILE = "<b>red</b>"


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    with Notes(tmp_path / "notes.sqlite") as notes:
        yield notes


def widgets(model: Any, sae: Any, notes: Notes) -> list[Any]:
    bench = Bench(model, sae)
    rows = torch.randn(256, 8, generator=torch.Generator().manual_seed(0))
    training = wb.decompose.train(rows, "topk", at="resid_post.0", width=16, k=2, steps=20, batch=64)
    training.step(10)
    return [
        bench.heatmap(TEXT, feature=3),
        ActivationHeatmap(model, TEXT, site="mlp_act", against="the old bridge"),
        ActivationHeatmap(model, TEXT, site="pattern"),
        bench.steer("the golden", [20, 50], new_tokens=5).wait(),
        TrainingMonitor(training),
        RatingPanel(Units(notes), n=12, rater="Ada"),
        AblationPanel(
            tiny.model("llama"), "A dog", ["layer 1"], prompts=["A dog"] * 3, answers=" the", controls=2
        ).wait(),
        bench,
    ]


def test_every_widget_has_a_picture_and_words(model: Any, sae: Any, notes: Notes) -> None:
    for widget in widgets(model, sae, notes):
        data, _ = widget._repr_mimebundle_()
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert picture.width > 300 and picture.height > 60
        shades = np.asarray(picture.convert("L"))
        assert shades.min() < 60 < 250 < shades.max()  # dark words on white
        assert len(data["text/plain"].splitlines()) >= 2
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id


def test_the_strongest_token_of_a_picture_is_deep_orange() -> None:
    picture = Picture("t").tokens(["one", " two", " three"], [0.0, 1.0, 0.5], 1.0, signed=False)
    colours = np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB")).reshape(-1, 3)
    most = max(
        map(tuple, colours[(colours[:, 0] - colours[:, 2].astype(int)) > 100]), key=lambda c: int(c[0]) - int(c[2])
    )
    assert most[0] > 200 and most[2] < 60  # dark orange is there, and nothing further from white


@pytest.mark.parametrize("signed", [False, True])
def test_the_ink_of_a_picture_can_be_read_on_every_tint(signed: bool) -> None:
    shade = _picture._shade(1.0, signed)
    for value in np.linspace(-1, 1, 401):
        tint = shade(value)
        light, dark = 1.05, 0.05
        under = _picture._luminance(tint) + 0.05
        ink = {"#ffffff": light / under, "#000000": under / dark}[_picture._ink_on(tint)]
        assert ink >= 4.5


def test_a_long_text_is_pictured_in_part_and_says_so() -> None:
    short = Picture("t").tokens(["a"] * 100, [0.0] * 100, 1.0, signed=False)
    long = Picture("t").tokens(["a"] * 5000, [0.0] * 5000, 1.0, signed=False)
    assert len(long.png()) < 3 * len(short.png())


def test_letters_that_the_font_lacks_or_that_hide_do_not_break_a_picture() -> None:
    odd = ["\u202eevil", "橋", "🌉", "שלום", "\x00", "$x^2$", "a\tb\n", "\ud800", "%s"]
    assert Picture("$\\frac{$ 橋").tokens(odd, [float("nan")] * len(odd), 0.0, signed=True).lines(odd).png()


# ---- one file ----


def exported(html: str) -> list[dict[str, Any]]:
    return json.loads(re.search(r'id="wb-widgets">(.*?)</script>', html, re.S)[1])


def array_of(widget: dict[str, Any], *path: str | int) -> np.ndarray:
    wire = widget["state"]
    for key in path:
        wire = wire[key]
    data = next(buffer["data"] for buffer in widget["buffers"] if buffer["path"] == [*path, "data"])
    return from_wire({**wire, "data": base64.b64decode(data)})


def test_every_widget_is_one_file_that_names_no_address(model: Any, sae: Any, notes: Notes) -> None:
    for widget in widgets(model, sae, notes)[:-1]:
        html = widget.to_html()
        assert "default-src 'none'" in html
        assert not re.search(r"""(?:src|href)\s*=\s*["']|@import|url\(""", html.split("wb-programs")[0])
        assert "https://" not in re.sub(r'id="wb-programs">.*?</script>', "", html, flags=re.S)
        (one,) = exported(html)
        assert one["program"] == type(widget).__name__


def test_without_python_any_feature_that_is_on_can_be_shown(model: Any, sae: Any) -> None:
    heatmap = ActivationHeatmap(model, TEXT, sae=sae, feature=3)
    (one,) = exported(heatmap.to_html())
    features = sae.encode(model.run(TEXT, at=sae.site)[sae.site])
    units, values = array_of(one, "numbers", "tops", "units")[0], array_of(one, "numbers", "tops", "values")[0]
    assert (np.sort(units) == features.indices[0].sort(-1).values.numpy()).all()
    assert np.allclose(values, features.values[0].sort(-1, descending=True).values, rtol=1e-3)
    assert one["state"]["numbers"]["maxima"]["4"] == pytest.approx(0.4)
    assert "tops" in heatmap.numbers  # what the kernel's own view holds has not changed


def test_without_python_all_of_a_head_is_there(model: Any) -> None:
    (one,) = exported(ActivationHeatmap(model, TEXT, site="pattern", unit=0).to_html())
    assert np.allclose(array_of(one, "numbers", "maps", 1)[6:], 0.25, rtol=1e-3)  # the last row of the lower half


def test_without_python_every_token_of_an_ablation_can_be_looked_at() -> None:
    panel = AblationPanel(tiny.model("llama"), "A dog sleeps", ["layer 1"], reference=["The cat", "A bridge"]).wait()
    (one,) = exported(panel.to_html())
    assert np.allclose(array_of(one, "seen", "ablated"), panel._found.ablated)
    assert array_of(one, "seen", "control_kl").shape == (3, 3, one["state"]["page"]["total"])
    assert one["links"] == {"text": "prompt", "token": "token"}
    panel.close()


def test_markup_in_texts_is_data_in_the_file(model: Any, sae: Any) -> None:
    heatmap = ActivationHeatmap(model, f"the {HOSTILE} bridge", site="embed")
    html = heatmap.to_html(title="</title><script>alert(1)</script>")
    assert HOSTILE not in html
    assert "<script>alert(1)" not in html
    (one,) = exported(html)
    assert f" {HOSTILE}" in one["state"]["page"]["pieces"]


def test_a_file_is_written_whole_or_not_at_all(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="embed")
    path = heatmap.to_html(tmp_path / "new" / "heatmap.html")
    assert path.read_text() == heatmap.to_html()
    before = path.read_bytes()

    def fails(_number: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", fails)
    heatmap.unit = 5
    with pytest.raises(OSError, match="the disk is full"):
        heatmap.wait().to_html(path)
    assert path.read_bytes() == before


# ---- the end of a widget ----


def test_the_last_widget_of_a_model_takes_the_worker_with_it(model: Any, sae: Any, front: Callable) -> None:
    heatmap = ActivationHeatmap(model, TEXT, site="embed")
    panel = SteeringPanel(model, sae, [20], prompt="the", new_tokens=10**6)
    runner, thread = panel._runner, panel._runner._thread
    heatmap.close()
    assert thread.is_alive()
    panel.close()
    thread.join(60)
    assert not thread.is_alive() and model.writing == 0
    again = ActivationHeatmap(model, TEXT, site="embed")
    again.unit = 3
    assert again.wait().view["unit"] == 3  # and another one begins it anew
    assert again._runner is runner
    again.close()


def test_closing_leaves_no_hook_on_a_model() -> None:
    model, sae = wb.load(), wb.decompose.load("atlas-x4")
    bench = Bench(model, sae)
    bench.heatmap("The Golden Gate Bridge")
    panel = bench.steer("The bridge", int(sae.maxima.argmax()), new_tokens=40)
    panel.strengths = [2.0]
    bench.close()
    panel._runner.wait(panel, 60)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.hf.modules())
