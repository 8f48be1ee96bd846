"""How long a page takes to paint an activation heatmap of 512 tokens and 4 layers, in a real Chromium.

    CHROMIUM=/usr/bin/chromium .venv/bin/python benchmarks/widget_paint.py

The page is the one that `to_html` writes. From the call that draws the widget to the frame after the one in which it
was painted, so a frame of 16 ms is in every figure; decoding the numbers is in it, loading the page is not. The
same again for another theme, which paints everything anew.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

import workbench as wb
from workbench_widgets import ActivationHeatmap

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from e2e import labkit

ROUNDS, TOKENS, LAYERS, BAR = 25, 512, 4, 100
PAINT = """async (rounds) => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const source = read("wb-programs").ActivationHeatmap;
  const program = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = { paint: [], theme: [] };
  for (let round = 0; round < rounds; round++) {
    const [{ state, buffers }] = read("wb-widgets");
    for (const { path, data } of buffers) {
      let place = state;
      for (const key of path.slice(0, -1)) place = place[key];
      place[path.at(-1)] = new DataView(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer);
    }
    const model = { get: (name) => state[name], set() {}, save_changes() {}, send() {}, on() {}, off() {} };
    const el = document.querySelector("main").appendChild(document.createElement("div"));
    await frame();
    let started = performance.now();
    const close = program.default.render({ model, el });
    await frame();
    await frame();
    times.paint.push(performance.now() - started);
    if (el.querySelectorAll(".wb-token").length !== 512) throw new Error("not all tokens are there");
    started = performance.now();
    document.documentElement.dataset.theme = round % 2 ? "light" : "dark";
    await frame();
    await frame();
    times.theme.push(performance.now() - started);
    close();
    el.remove();
  }
  return times;
}"""


def heatmap() -> ActivationHeatmap:
    """A text of 512 tokens at 4 layers of a random model."""
    tokenizer = wb.load().tokenizer
    torch.manual_seed(0)
    config = GPT2Config(n_positions=TOKENS, n_layer=LAYERS, n_embd=128, n_head=4, vocab_size=len(tokenizer))
    model = wb.Model(GPT2LMHeadModel(config), tokenizer, name="random")
    text = ""
    for document in wb.world.documents("test", seed=0):
        ids = tokenizer(text + document.text + "\n", add_special_tokens=False).input_ids
        if len(ids) >= TOKENS - 1:
            text = tokenizer.decode(ids[: TOKENS - 1])
            break
        text += document.text + "\n"
    made = ActivationHeatmap(model, text, site="mlp_act", layer=1)
    assert made.view["total"] == len(made.view["pieces"]) == TOKENS, made.view["total"]
    return made


def main() -> None:
    """Paint it over and over, and print the times."""
    with tempfile.TemporaryDirectory() as folder, labkit.chromium() as browser, labkit.visit(browser) as visit:
        path = heatmap().to_html(Path(folder) / "heatmap.html")
        visit.page.goto(path.as_uri())
        visit.page.wait_for_selector("[data-shown] .wb-token")
        times = visit.page.evaluate(PAINT, ROUNDS)
    print(f"{TOKENS} tokens × {LAYERS} layers, {ROUNDS} times, Chromium, ms (bar: first paint within {BAR})\n")
    print("| what | median | 90th percentile | largest | within the bar |\n|-|-|-|-|-|")
    for name, label in (("paint", "first paint"), ("theme", "all of it in another theme")):
        each = sorted(times[name])
        share = sum(time <= BAR for time in each)
        high = each[int(0.9 * len(each))]
        print(f"| {label} | {statistics.median(each):.0f} | {high:.0f} | {each[-1]:.0f} | {share} of {len(each)} |")


if __name__ == "__main__":
    main()
