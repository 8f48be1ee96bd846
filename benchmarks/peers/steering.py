"""Greedy generation from a GPT-2, plain and steered, timed when asked: `benchmarks/steering.py` talks to it.

python steering.py LIBRARY FOLDER

Run in an environment that has the library; it imports nothing of ours but for `workbench` itself. The folder holds the
model, its tokenizer, `about.json` (the prompt as text and as ids, the layer, the strength) and `vector.npy`. Logits of
the prompt and generated ids, plain and steered, go to FOLDER/LIBRARY.npz, so that all can be compared. Then every line
"plain TOKENS" or "steered TOKENS" that comes in is answered with a line of JSON. What puts a vector in and takes it out
again counts as part of the generation.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

Logits = Callable[[bool], torch.Tensor]
"""Whether steered → logits of the prompt."""
Generate = Callable[[bool, int], list[int]]
"""Whether steered, how many tokens → their ids."""
CHECKED = 32
"""Tokens that are compared."""


def main(library: str, folder: Path) -> None:
    """Load, write what is computed, then time what is asked for."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is not an answer
    about = json.loads((folder / "about.json").read_text())
    logits, generate = LIBRARIES[library](folder, about, torch.from_numpy(np.load(folder / "vector.npy")))
    ways = {"plain": False, "steered": True}
    with torch.no_grad():
        found = {f"{way}_logits": logits(steered).numpy() for way, steered in ways.items()}
    found |= {f"{way}_ids": np.array(generate(steered, CHECKED)) for way, steered in ways.items()}
    np.savez(folder / f"{library}.npz", **found)
    own = {"transformerlens": "transformer-lens", "steering_vectors": "steering-vectors"}
    names = ["torch", "transformers", *(name for start, name in own.items() if library.startswith(start))]
    print(json.dumps({name: version(name) for name in names}), file=answers, flush=True)
    for line in sys.stdin:
        way, tokens = line.split()
        clock, cpu = time.perf_counter(), time.process_time()
        written = generate(ways[way], int(tokens))
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        if len(written) != int(tokens):
            raise SystemExit(f"{library} wrote {len(written)} tokens and not {tokens}")
        print(json.dumps({"clock": clock, "cpu": cpu}), file=answers, flush=True)


def workbench(folder: Path, about: dict, vector: torch.Tensor) -> tuple[Logits, Generate]:
    """Ours; every token comes with its text and its log-probability."""
    import workbench as wb

    model = wb.load(folder)
    edits = {False: [], True: [wb.Steer(f"resid_post.{about['layer']}", vector, about["strength"])]}
    if model.tokens(about["text"]).ids[0].tolist() != about["ids"]:
        raise SystemExit("the text of the prompt gives other ids than about.json holds")

    def generate(steered: bool, n: int) -> list[int]:
        return [token.id for token in model.generate(about["text"], edits=edits[steered], new_tokens=n)]

    return lambda steered: model.run(about["text"], edits=edits[steered]).logits[0], generate


def huggingface(folder: Path, about: dict, vector: torch.Tensor) -> tuple[Logits, Generate]:
    """Hugging Face alone, with one hook set by hand: no library could do less."""
    hf, added = _gpt2(folder), about["strength"] * vector

    @contextmanager
    def hooked() -> Iterator[None]:
        handle = hf.transformer.h[about["layer"]].register_forward_hook(lambda module, given, out: out + added)
        try:
            yield
        finally:
            handle.remove()

    return _of_hugging_face(hf, about, hooked)


def steering_vectors(folder: Path, about: dict, vector: torch.Tensor) -> tuple[Logits, Generate]:
    """Its vector, applied to Hugging Face's model as its documentation shows."""
    from steering_vectors import SteeringVector

    hf, steering = _gpt2(folder), SteeringVector({about["layer"]: vector})
    return _of_hugging_face(hf, about, lambda: steering.apply(hf, multiplier=about["strength"]))


def transformerlens(folder: Path, about: dict, vector: torch.Tensor, *, own: bool = True) -> tuple[Logits, Generate]:
    """Its bridge, a hook at the residual stream, and its own `generate`, or the one that it hands on.

    Its hooks want eager attention, so that is what all get.
    """
    from transformer_lens.model_bridge import TransformerBridge
    from transformer_lens.model_bridge.sources.transformers import boot
    from transformers import AutoTokenizer

    name = str(folder)
    bridge: TransformerBridge = boot(
        name, hf_model=_gpt2(folder), tokenizer=AutoTokenizer.from_pretrained(name), device="cpu"
    )
    ids, added = torch.tensor([about["ids"]]), about["strength"] * vector
    hook = (f"blocks.{about['layer']}.hook_resid_post", lambda x, hook: x + added)
    write = bridge.generate if own else bridge.hf_generate
    settings = {"do_sample": False, "stop_at_eos": False, "return_type": "tokens"} | ({"verbose": False} if own else {})

    def applied(steered: bool) -> object:
        return bridge.hooks(fwd_hooks=[hook]) if steered else nullcontext()

    def logits(steered: bool) -> torch.Tensor:
        with applied(steered):
            return bridge(ids, return_type="logits")[0]

    def generate(steered: bool, n: int) -> list[int]:
        with applied(steered):
            return write(ids, max_new_tokens=n, **settings)[0, ids.shape[1] :].tolist()

    return logits, generate


def transformerlens_hf(folder: Path, about: dict, vector: torch.Tensor) -> tuple[Logits, Generate]:
    """Its bridge and hook, and Hugging Face's `generate`."""
    return transformerlens(folder, about, vector, own=False)


LIBRARIES = {
    "workbench": workbench,
    "huggingface": huggingface,
    "transformerlens": transformerlens,
    "transformerlens_hf": transformerlens_hf,
    "steering_vectors": steering_vectors,
}


def _gpt2(folder: Path) -> torch.nn.Module:
    from transformers import GPT2LMHeadModel

    hf = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").eval()
    hf.generation_config.eos_token_id = None  # it is to write as many tokens as it is asked for
    return hf


def _of_hugging_face(hf: torch.nn.Module, about: dict, apply: Callable) -> tuple[Logits, Generate]:
    """A model that is steered while a context lasts, with Hugging Face's cached generation."""
    ids = torch.tensor([about["ids"]])
    settings = {"attention_mask": torch.ones_like(ids), "do_sample": False, "pad_token_id": 0}

    def logits(steered: bool) -> torch.Tensor:
        with apply() if steered else nullcontext():
            return hf(ids).logits[0]

    def generate(steered: bool, n: int) -> list[int]:
        with apply() if steered else nullcontext():
            return hf.generate(ids, max_new_tokens=n, **settings)[0, ids.shape[1] :].tolist()

    return logits, generate


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
