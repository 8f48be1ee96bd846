"""Steering: what it costs beside plain generation, what variants in one batch save, and both beside other libraries.

    benchmarks/peers/make.sh build/peers
    python benchmarks/steering.py build/peers [THREADS …]

1. Steered beside plain, on a random GPT-2 of 124 million parameters. All ways generate together, a token each in any
   order before any goes on, so that whatever else the machine does hits all of them; a ratio is taken within a step.
   A second plain generation stands beside the first as the control. Hugging Face's own `generate` is timed whole.
2. Variants: 32 of them in one batch, beside a loop over them; and what a batch saves Hugging Face's model alone,
   without any edit, which is what the machine has to give.
3. Peers: the same weights, prompt, vector, layer and strength in TransformerLens and steering-vectors, each in a
   process of its own environment. First logits and generated tokens are compared; then all generate in turn.

Ratios are medians of pairs, with the interval that their ranks give (95 %). Beside the clock stands the processor's
time, which depends less on what else the machine does. Attention is eager everywhere: TransformerLens asks for it.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from random import Random

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # else threads that wait for a busy machine count as work

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

import workbench as wb
from workbench.decompose.architectures import BatchTopK, TopK
from workbench.estimates import Estimate, median

TOKENS, ROUNDS = 20, 12
VARIANTS = 32
PROMPT = "It spans the strait"
LAYER = 5
"""The vector goes in behind this layer of GPT-2's twelve."""
BAR, BATCH_BAR, TOLERANCE = 1.05, 10.0, 1e-4
LIBRARIES = {
    "workbench": "workbench, `model.generate`",
    "huggingface": "Hugging Face, a hook set by hand",
    "transformerlens": "TransformerLens, `generate`",
    "transformerlens_hf": "TransformerLens, `hf_generate`",
    "steering_vectors": "steering-vectors",
}
RESULTS = Path(__file__).parent.parent / "build" / "steering.json"

Ways = dict[str, Callable[[], Iterable]]
"""Name → a generation that can be begun: it gives something for every token."""


def main(peers: Path, threads: list[int]) -> None:
    """Measure the three, print a table of each and keep the numbers."""
    model = gpt2()
    results: dict = {"machine": machine(), "versions": versions(), "prompt": len(model.tokens(PROMPT)), "threads": {}}
    parameters = sum(weight.numel() for weight in model.hf.parameters())
    print(f"{results['machine']}; {', '.join(f'{name} {one}' for name, one in results['versions'].items())}")
    print(
        f"GPT-2, random, {parameters / 1e6:.0f} million parameters; a prompt of {results['prompt']} tokens", flush=True
    )
    RESULTS.parent.mkdir(exist_ok=True)
    for n in threads:
        torch.set_num_threads(n)
        found = results["threads"][n] = {}
        for name, measure, show in (
            ("steered", lambda: steered(model), show_steered),
            ("variants", lambda: variants(model), show_variants),
            ("peers", lambda n=n: beside_peers(peers, model, n), show_peers),
        ):
            before = os.getloadavg()[0]
            found[name] = measure()
            found[name]["load"] = load = [before, os.getloadavg()[0]]
            print(f"\n{n} thread{'s'[: n > 1]}; load average {load[0]:.1f} before, {load[1]:.1f} after\n")
            show(found[name])
            sys.stdout.flush()
            RESULTS.write_text(json.dumps(results, indent=1, default=asdict) + "\n")


# ---- steered beside plain ------------------------------------------------------------------------


def steered(model: wb.Model) -> dict:
    """Milliseconds a token of every way, and its ratio to plain generation, step by step."""
    site, steer = f"resid_post.{LAYER}", wb.Steer(f"resid_post.{LAYER}", direction(model, 0), strength(model))
    shape = {"d_model": model.d_model, "width": 4096, "k": 32, "site": site, "seed": 1}
    batch_topk, topk = (
        [wb.Clamp(sae, feature, 10.0) for feature in range(4)] for sae in (BatchTopK(**shape), TopK(**shape))
    )
    edits = {
        "plain": [],
        "plain, once more": [],
        "`Steer`": [steer],
        "`Clamp`, a feature of 4,096, BatchTopK": batch_topk[:1],
        "`Clamp`, a feature of 4,096, TopK": topk[:1],
        "four sliders: 4 × `Clamp`, BatchTopK": batch_topk,
        "four sliders: 4 × `Clamp`, TopK": topk,
        "7 edits: 4 × `Clamp`, `Steer`, a head, a neuron": [
            *batch_topk, steer, wb.Ablate("head_out.3.1"), wb.Ablate("mlp_act.7", 17),
        ],
    }  # fmt: skip
    ways = {name: lambda on=on: model.generate(PROMPT, edits=on, new_tokens=TOKENS) for name, on in edits.items()}
    taken = {name: [step for row in rows for step in row[1:]] for name, rows in in_step(ways, TOKENS, ROUNDS).items()}
    rows = {name: timed(steps, taken["plain"]) for name, steps in taken.items()}  # without the prompt's own step
    own, theirs = in_turn(lambda: list(ways["plain"]()), lambda: of_hugging_face(model, 1, PROMPT), ROUNDS)
    whole = timed(theirs, own)
    return {"rows": rows, "hugging_face": whole | {"milliseconds": whole["milliseconds"] / TOKENS}}


def timed(steps: list[Taken], plain: list[Taken]) -> dict:
    """How long it takes, and how long beside plain generation."""
    return {"milliseconds": statistics.median(step.clock for step in steps) * 1e3, "over_plain": ratios(steps, plain)}


def show_steered(found: dict) -> None:
    """As Markdown."""
    print("| generation | ms a token | over plain, by the clock | by the processor | n | at most 1.05 |\n|-|-|-|-|-|-|")
    whole = {"Hugging Face's `generate`, whole": found["hugging_face"]}
    for name, row in [*found["rows"].items(), *whole.items()]:
        ratio, ours = row["over_plain"], name in found["rows"]
        print(f"| {name} | {row['milliseconds']:.1f} | {shown(ratio['clock'])} | {shown(ratio['cpu'])} | "
              f"{ratio['clock'].n} {'steps' if ours else 'texts'} | "
              f"{met(ratio['clock'].value <= BAR) if ours else '–'} |")  # fmt: skip


# ---- variants in one batch -----------------------------------------------------------------------


def variants(model: wb.Model) -> dict:
    """A loop over variants against one batch of them: next-token forwards, and generations."""
    atlas, sae = wb.load(), wb.decompose.load()
    short, longer, many = "The Golden Gate", "The Golden Gate Bridge is a bridge in the city of", range(VARIANTS)
    large = "GPT-2, 124 million parameters"
    small = f"atlas, {sum(weight.numel() for weight in atlas.hf.parameters()) / 1e6:.1f} million parameters"
    norm = wb.intervene.typical_norm(atlas, sae.site, [longer])
    steers = [[wb.Steer(sae.site, direction(atlas, n), norm)] for n in many]
    heads = [[wb.Ablate(f"head_out.{n % 4}.{n // 4}")] for n in many]
    features = [[wb.Clamp(sae, n, 5.0)] for n in many]
    theirs = [[wb.Steer(f"resid_post.{LAYER}", direction(model, n), strength(model))] for n in many]
    rows = []
    for name, one, text, kind, edits, rounds in (
        (small, atlas, short, "directions", steers, ROUNDS),
        (small, atlas, short, "features", features, ROUNDS),
        (small, atlas, short, "heads of all layers", heads, ROUNDS),
        (small, atlas, longer, "directions", steers, ROUNDS),
        (large, model, "It spans", "directions", theirs, 6),
    ):
        for measure in (forward, generation):
            row = measure(one, text, edits, rounds)
            rows.append({"model": name, "of": kind, "prompt": len(one.tokens(text))} | row)
    return {"rows": rows}


def forward(model: wb.Model, text: str, edits: list[list], rounds: int) -> dict:
    """The logits of the next token."""
    apart = torch.cat([model.run(text, edits=one, last=1).logits for one in edits])
    differ = float((model.run(text, variants=edits, last=1).logits - apart).abs().max() / apart.abs().max())
    if differ > TOLERANCE:
        raise SystemExit(f"{model.name}: a batch and a loop differ by {differ}")
    loop, batch = in_turn(
        lambda: [model.run(text, edits=one, last=1) for one in edits],
        lambda: model.run(text, variants=edits, last=1),
        rounds,
    )
    ids = model.tokens(text).ids
    plain = in_turn(
        lambda: [logits(model, ids) for _ in edits], lambda: logits(model, ids.expand(len(edits), -1)), rounds
    )
    return {"what": "the next token", **compared(loop, batch), "plain": ratios(*plain), "differ": differ}


def generation(model: wb.Model, text: str, edits: list[list], rounds: int) -> dict:
    """Greedy generation; a token of the loop is one of every variant."""
    ways = {
        "loop": lambda: zip_longest(*[model.generate(text, edits=one, new_tokens=TOKENS) for one in edits]),
        "batch": lambda: model.generate_each([text], variants=edits, new_tokens=TOKENS),
    }
    one, other = ([[token and token.id for token in step] for step in ways[way]()] for way in ways)
    same = sum(a == b for a, b in zip(zip(*one, strict=True), zip(*other, strict=True), strict=True))
    taken = in_step(ways, len(other), rounds)
    loop, batch = ([sum(row, Taken()) for row in taken[way]] for way in ways)
    steps = ratios(*([step for row in taken[way] for step in row[1:]] for way in ways))
    plain = in_turn(
        lambda: [of_hugging_face(model, 1, text) for _ in edits],
        lambda: of_hugging_face(model, len(edits), text),
        rounds,
    )
    return {
        "what": f"{len(other)} tokens", **compared(loop, batch), "plain": ratios(*plain), "steps": steps, "same": same,
    }  # fmt: skip


def compared(loop: list[Taken], batch: list[Taken]) -> dict:
    """How long both take, and how often as fast the batch is."""
    middle = [statistics.median(one.clock for one in each) * 1e3 for each in (loop, batch)]
    return {"loop_ms": middle[0], "batch_ms": middle[1], "ratio": ratios(loop, batch)}


def show_variants(found: dict) -> None:
    """As Markdown."""
    print(f"| {VARIANTS} variants | of | prompt | loop | batch | times as fast, by the clock | by the processor | n | "
          "at least 10 | after the first token | Hugging Face alone, without edits | texts the same |\n"
          "|-|-|-|-|-|-|-|-|-|-|-|-|")  # fmt: skip
    for row in found["rows"]:
        ratio, is_text = row["ratio"], "steps" in row
        print(f"| {row['model']}: {row['what']} | {row['of']} | {row['prompt']} tokens | {row['loop_ms']:,.0f} ms | "
              f"{row['batch_ms']:,.0f} ms | {shown(ratio['clock'])} | {shown(ratio['cpu'])} | {ratio['clock'].n} | "
              f"{met(ratio['clock'].value >= BATCH_BAR)} | {shown(row['steps']['clock']) if is_text else '–'} | "
              f"{shown(row['plain']['clock'])} | {row['same'] if is_text else '–'} |")  # fmt: skip


@torch.no_grad()
def logits(model: wb.Model, ids: torch.Tensor) -> torch.Tensor:
    """Hugging Face's model alone."""
    return model.hf(ids, use_cache=False, logits_to_keep=1).logits


def of_hugging_face(model: wb.Model, rows: int, text: str) -> torch.Tensor:
    """Its own greedy generation of as many rows."""
    ids = model.tokens(text).ids.repeat(rows, 1)
    settings = {"do_sample": False, "pad_token_id": 0, "eos_token_id": None}
    return model.hf.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=TOKENS, **settings)


# ---- other libraries -----------------------------------------------------------------------------


class Process:
    """A library in a process of its own environment, with the model loaded, that generates when asked."""

    def __init__(self, peers: Path, library: str, folder: Path, threads: int) -> None:
        name = library.removesuffix("_hf")
        python = sys.executable if name in ("workbench", "huggingface") else str(peers / name / "bin" / "python")
        script = Path(__file__).parent / "peers" / "steering.py"
        self.library, self.errors = library, folder / f"{library}.log"
        command, environment = [python, str(script), library, str(folder)], {"OMP_NUM_THREADS": str(threads)}
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env=os.environ | environment,
            )  # fmt: skip

    def answer(self) -> dict:
        """The next line that it prints."""
        if not (line := self.process.stdout.readline()):
            raise SystemExit(f"{self.library} stopped:\n{self.errors.read_text()[-2000:]}")
        return json.loads(line)

    def generate(self, way: str) -> Taken:
        """What one generation takes."""
        print(way, TOKENS, file=self.process.stdin, flush=True)
        return Taken(**self.answer())

    def close(self) -> None:
        """Let it end."""
        self.process.stdin.close()
        self.process.wait()


def beside_peers(peers: Path, model: wb.Model, threads: int) -> dict:
    """Whether all compute the same, how fast each generates, and what steering costs each."""
    with tempfile.TemporaryDirectory() as held:
        folder, running = Path(held), {}
        lay(model, folder)
        try:
            running = {library: Process(peers, library, folder, threads) for library in LIBRARIES}
            about = {library: process.answer() for library, process in running.items()}
            agreed = {library: agreement(folder, library) for library in LIBRARIES}
            taken = in_rounds(running)
        finally:
            for process in running.values():
                process.close()
    rows = {}
    for library, ways in taken.items():
        speed = {way: TOKENS / statistics.median(one.clock for one in steps) for way, steps in ways.items()}
        rows[library] = {
            "versions": about[library],
            "agreement": agreed[library],
            "tokens_per_second": speed,
            "steered_over_plain": ratios(ways["steered"], ways["plain"]),
            "ours_as_fast": ratios(ways["steered"], taken["workbench"]["steered"]),
        }
    return {"rows": rows}


def lay(model: wb.Model, folder: Path) -> None:
    """What every library reads."""
    model.hf.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    np.save(folder / "vector.npy", direction(model, 0).numpy())
    about = {"text": PROMPT, "ids": model.tokens(PROMPT).ids[0].tolist(), "layer": LAYER, "strength": strength(model)}
    (folder / "about.json").write_text(json.dumps(about))


def agreement(folder: Path, library: str) -> dict:
    """How far a library's logits are from ours, in units of the largest, and whether it generates the same tokens."""
    ours, theirs = (np.load(folder / f"{name}.npz") for name in ("workbench", library))
    found: dict = {}
    for way in ("plain", "steered"):
        mine, their = ours[f"{way}_logits"], theirs[f"{way}_logits"]
        found[way] = float(np.abs(mine - their).max() / np.abs(mine).max())
        found[f"{way}_tokens"] = int((ours[f"{way}_ids"] == theirs[f"{way}_ids"]).sum())
    found |= {"tokens": len(ours["steered_ids"]), "different_tokens": len(set(ours["steered_ids"].tolist()))}
    if max(found["plain"], found["steered"]) > TOLERANCE:
        raise SystemExit(f"{library} computes something else than we do, so there is nothing to compare: {found}")
    return found


def in_rounds(running: dict[str, Process]) -> dict[str, dict[str, list[Taken]]]:
    """All generate in turn, plain and steered, in another order every round."""
    found: dict = {library: {"plain": [], "steered": []} for library in running}
    names = list(running)
    for number in range(ROUNDS):
        for library in turned(names, number):
            for way in turned(["plain", "steered"], number):
                found[library][way].append(running[library].generate(way))
    return found


def show_peers(found: dict) -> None:
    """As Markdown."""
    print("| library | plain, tokens/s | steered, tokens/s | steered over plain, by the clock | by the processor | "
          "ours is as fast, times | n rounds | logits differ by | tokens the same |\n|-|-|-|-|-|-|-|-|-|")  # fmt: skip
    for library, row in found["rows"].items():
        own = ", ".join(f"{name} {one}" for name, one in row["versions"].items() if name != "torch")
        speed, same, ratio, ours = (
            row[name] for name in ("tokens_per_second", "agreement", "steered_over_plain", "ours_as_fast")
        )
        differ = max(same["plain"], same["steered"])
        print(f"| {LIBRARIES[library]} ({own}) | {speed['plain']:.1f} | {speed['steered']:.1f} | "
              f"{shown(ratio['clock'])} | {shown(ratio['cpu'])} | {shown(ours['clock'])} | {ours['clock'].n} | "
              f"{differ:.0e} | {same['steered_tokens']} of {same['tokens']} |")  # fmt: skip


# ---- timing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """Seconds that something took by the clock, and of the processor."""

    clock: float = 0.0
    cpu: float = 0.0

    @classmethod
    def by(cls, call: Callable[[], object]) -> Taken:
        """How long a call takes."""
        clock, cpu = time.perf_counter(), time.process_time()
        call()
        return cls(time.perf_counter() - clock, time.process_time() - cpu)

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.clock + other.clock, self.cpu + other.cpu)


def in_step(ways: Ways, tokens: int, rounds: int) -> dict[str, list[list[Taken]]]:
    """What every token of every way takes, round by round: all go a token on, in any order, before any goes two."""
    found: dict[str, list[list[Taken]]] = {name: [] for name in ways}
    order, names = Random(0), list(ways)
    for number in range(rounds + 1):  # the first warms up
        running: dict[str, Iterator] = {name: iter(way()) for name, way in ways.items()}
        taken: dict[str, list[Taken]] = {name: [] for name in ways}
        for _ in range(tokens):
            for name in order.sample(names, len(names)):
                taken[name].append(Taken.by(partial(next, running[name])))
        for name in names if number else ():
            found[name].append(taken[name])
    return found


def in_turn(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[list[Taken], list[Taken]]:
    """What two calls take, one after the other, in another order every round."""
    found: tuple[list[Taken], list[Taken]] = ([], [])
    for number in range(rounds + 1):  # the first warms up
        for which in turned([0, 1], number):
            taken = Taken.by((one, other)[which])
            if number:
                found[which].append(taken)
    return found


def turned(names: list, by: int) -> list:
    """The same, beginning elsewhere."""
    by %= len(names)
    return names[by:] + names[:by]


def ratios(top: list[Taken], bottom: list[Taken]) -> dict[str, Estimate]:
    """The medians of the ratios of pairs, by the clock and by the processor."""
    pairs = list(zip(top, bottom, strict=True))
    return {"clock": median([a.clock / b.clock for a, b in pairs]), "cpu": median([a.cpu / b.cpu for a, b in pairs])}


def shown(ratio: Estimate) -> str:
    """A ratio and its interval, to three digits."""
    return f"{ratio.value:#.3g} [{ratio.low:#.3g}, {ratio.high:#.3g}]"


def met(is_met: bool) -> str:
    """Whether a bar is."""
    return "yes" if is_met else "**no**"


# ---- what is measured ----------------------------------------------------------------------------


def gpt2() -> wb.Model:
    """GPT-2 as it comes, 124 million parameters, its weights so large that it does not write one token for ever."""
    torch.manual_seed(0)
    config = GPT2Config(bos_token_id=1, eos_token_id=2, pad_token_id=0, initializer_range=0.05)
    config._attn_implementation = "eager"
    return wb.Model(GPT2LMHeadModel(config), tokenizer(config.vocab_size), name="GPT-2, random")


def tokenizer(size: int) -> PreTrainedTokenizerFast:
    """Bytes and pairs of bytes, as many as GPT-2 has tokens: nothing is learnt or downloaded."""
    special, alphabet = ["<pad>", "<bos>", "<eos>"], sorted(pre_tokenizers.ByteLevel.alphabet())
    pairs = [(one, other) for one in alphabet for other in alphabet][: size - len(special) - len(alphabet)]
    pieces = [*special, *alphabet, *("".join(pair) for pair in pairs)]
    inner = Tokenizer(models.BPE({piece: number for number, piece in enumerate(pieces)}, pairs))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>")


def direction(model: wb.Model, seed: int) -> torch.Tensor:
    """A random direction of norm 1 in the residual stream."""
    vector = torch.randn(model.d_model, generator=torch.Generator().manual_seed(seed))
    return vector / vector.norm()


def strength(model: wb.Model) -> float:
    """Half the norm that is typical where the vector goes in."""
    return wb.intervene.typical_norm(model, f"resid_post.{LAYER}", [PROMPT]) / 2


def versions() -> dict[str, str]:
    """Of what our own figures depend on."""
    return {"Python": platform.python_version()} | {
        name: version(name) for name in ("torch", "transformers", "nnsight")
    }


def machine() -> str:
    """Processor and memory, in words."""
    about = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in about.read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}, {memory:.0f} GB, {platform.system()}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/peers"), list(map(int, sys.argv[2:])) or [1, 2])
