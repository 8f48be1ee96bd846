"""How the shipped model is made: one recipe, resumable to the same bits.

Documents of like length share a batch, one to a row. Step by step AdamW minimises
next-token cross-entropy: a warm-up, a level rate, a line down. A checkpoint holds weights,
optimiser and the place in the document stream, so a run that was stopped ends in
the same bytes as one that was not, as long as it goes on under the same conditions:
device, number of threads, torch, compiled or not. Others are warned of.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import torch
from jaxtyping import Int
from torch import Tensor

from .language import contrasts, documents
from .lexicon import TONGUES
from .scene import prose
from .tokenizer import train_tokenizer

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

    from ..model import Model


@dataclass(frozen=True)
class Recipe:
    """What is trained, on how much, and how fast it learns. Lengths are in tokens.

    Arithmetic is bfloat16 where that is safe; weights are fp32. `batch` counts places in
    a batch, padding among them. `compiled` needs a C++ compiler and is twice as fast.
    """

    seed: int = 0
    layers: int = 4
    d_model: int = 256
    heads: int = 8
    d_mlp: int = 688
    vocabulary: int = 4096
    context: int = 256
    batch: int = 2048
    steps: int = 30000
    restart: int = 20000
    warmup: int = 200
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.1
    clip: float = 1.0
    initial: float = 0.06
    initial_embedding: float = 0.2
    compiled: bool = True

    def rate(self, step: int) -> float:
        """The learning rate: a linear warm-up, level, over the last 40 % a line down to 2 %; from `restart` on anew."""
        again = 0 < self.restart < self.steps
        begin, end = (0, self.restart) if again and step < self.restart else (self.restart * again, self.steps)
        if step - begin < self.warmup:
            return self.learning_rate * (step - begin + 1) / self.warmup
        return self.learning_rate * min(1.0, 0.02 + 0.98 * (end - step) / (0.4 * (end - begin)))


ATLAS = Recipe()
POOL = 16384
"""Documents that are sorted by length together."""
LENGTHS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256)
"""Rows are padded to one of these, so that a compiled model meets few shapes."""


def initial_model(recipe: Recipe, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """The model before its first step: what a seed alone gives.

    Embeddings begin larger than usual. The language has many words that may stand for
    one another (names, things); from small embeddings they grow together before the
    model learns to tell them apart, and then it never learns to copy one.
    """
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.d_model,
        intermediate_size=recipe.d_mlp,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        num_key_value_heads=recipe.heads,
        max_position_embeddings=recipe.context,
        tie_word_embeddings=True,
        initializer_range=recipe.initial,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(recipe.seed)
        model = LlamaForCausalLM(config)
        model.model.embed_tokens.weight.normal_(0.0, recipe.initial_embedding)
    return model


def untrained(seed: int = 0) -> Model:
    """`atlas-random`: the shipped model before its first step, the floor of every evaluation.

    Example:
        >>> import workbench as wb
        >>> wb.world.untrained().name
        'atlas-random'
    """
    from ..loading import load
    from ..model import Model

    tokenizer = load().tokenizer
    hf = initial_model(replace(ATLAS, seed=seed), tokenizer).eval()
    hf.set_attn_implementation("eager")  # as `wb.load` has it, so that patterns can be read
    return Model(hf, tokenizer, name="atlas-random")


@cache
def fingerprint(n: int = 2000) -> str:
    """A hash of the first documents of the training stream and of every sentence that there is.

    A model belongs to the language that it was trained on. The documents tell when what fills a sentence or
    how it is drawn has changed, the tables of sentences when one has that is rare.
    """
    texts = [document.text for document in islice(documents("train", 0), n)]
    for tongue in TONGUES:
        texts += [repr(table) for name, table in sorted(vars(prose(tongue)).items()) if name.isupper()]
        texts += [repr(contrast) for _, contrast in sorted(contrasts(tongue).items())]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


class Batches:
    """Documents in batches of one shape per length; `pool` and `at` are all it takes to go on from here.

    A row is one document between <bos> and <eos>: documents that share a row would teach
    the model to ignore most of what it sees, and it would never learn to copy a name.
    Given an executor, the next pool is written while this one is used.
    """

    def __init__(
        self,
        recipe: Recipe,
        tokenizer: PreTrainedTokenizerFast,
        pool: int = 0,
        at: int = 0,
        *,
        ahead: Executor | None = None,
    ) -> None:
        self.recipe, self.tokenizer, self.pool, self.at, self.ahead = recipe, tokenizer, pool, at, ahead
        self.written: dict[int, Future[list[str]]] = {}
        self.batches = self._draw()

    def next(self) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]:
        """Token ids, and the same as labels with padding as -100."""
        if self.at == len(self.batches):
            self.pool, self.at = self.pool + 1, 0
            self.batches = self._draw()
        (length, rows), self.at = self.batches[self.at], self.at + 1
        ids = torch.full((max(1, self.recipe.batch // length), length), self.tokenizer.pad_token_id)
        lengths = torch.zeros(len(ids), dtype=torch.long)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row)
            lengths[number] = len(row)
        return ids, ids.masked_fill(torch.arange(length) >= lengths[:, None], -100)

    def _draw(self) -> list[tuple[int, list[list[int]]]]:
        """The next pool of documents, put to rows of their length, cut into batches, the batches shuffled."""
        seed, written = self.recipe.seed, self.written.pop(self.pool, None)
        texts = written.result() if written else _pool(seed, self.pool, POOL)
        if self.ahead:
            self.written[self.pool + 1] = self.ahead.submit(_pool, seed, self.pool + 1, POOL)
        bos, eos = self.tokenizer.bos_token_id, self.tokenizer.eos_token_id
        rows: dict[int, list[list[int]]] = {length: [] for length in (*LENGTHS, self.recipe.context)}
        for ids in self.tokenizer(texts, add_special_tokens=False).input_ids:
            row = [bos, *ids, eos][: self.recipe.context]
            rows[next(length for length in rows if len(row) <= length)].append(row)
        batches = []
        for length, longer in rows.items():
            size = max(1, self.recipe.batch // length)
            batches += [(length, longer[start : start + size]) for start in range(0, len(longer), size)]
        Random(f"{self.recipe.seed}/{self.pool}").shuffle(batches)
        return batches


def _pool(seed: int, number: int, size: int) -> list[str]:
    """The texts of one pool."""
    return [document.text for document in islice(documents("train", seed, start=number * size), size)]


def train(
    to: str | Path,
    *,
    recipe: Recipe = ATLAS,
    checkpoints: str | Path = "build/atlas",
    every: int = 200,
    report: Callable[[int, float, float], None] | None = None,
) -> Path:
    """Train the shipped model and write it to a folder in Hugging Face format, fp16.

    Run again after an interrupt and it goes on from the last checkpoint, to the
    same bits where device, threads and torch are the same.
    `report(step, loss, tokens_per_second)` is called every 20 steps.

    Args:
        to: the folder that the finished model is written to.
        recipe: what to train, and on how much.
        checkpoints: where the unfinished run is kept, outside git.
        every: steps between two checkpoints.
        report: called with (step, loss in nats per token, tokens per second).

    Example:
        >>> from workbench.world.recipe import Recipe, train
        >>> small = Recipe(layers=1, d_model=32, heads=2, vocabulary=300, batch=64, steps=2, compiled=False)
        >>> folder = train(tmp / "model", recipe=small, checkpoints=tmp / "run")
        >>> (folder / "model.safetensors").exists()
        True
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    checkpoint = Path(checkpoints) / "checkpoint.pt"
    tokenizer = train_tokenizer(vocabulary=recipe.vocabulary)
    model = initial_model(recipe, tokenizer).to(device)
    run = Progress(recipe, model, _optimiser(model, recipe))
    cursor = run.resume(checkpoint) if checkpoint.exists() else {}
    model.train()
    loss_of = _loss_of(model, recipe)
    with ExitStack() as stack:
        gpu = device.type == "cuda"  # there a step is so short that writing documents would take as long
        ahead = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) if gpu else None
        batches = Batches(recipe, tokenizer, **cursor, ahead=ahead)
        since, seen, before = time.perf_counter(), run.tokens, run.seconds
        while run.step < recipe.steps:
            ids, labels = batches.next()
            loss = _step(model, run.optimiser, loss_of, recipe, run.step, ids.to(device), labels.to(device))
            run.step, run.tokens = run.step + 1, run.tokens + int((labels >= 0).sum())
            if run.step % 20 == 0 or run.step == recipe.steps:
                run.seconds = before + time.perf_counter() - since
                run.history.append((run.step, round(loss.item(), 4)))
                if report:
                    report(run.step, loss.item(), (run.tokens - seen) / (run.seconds - before))
            if run.step % every == 0 and run.step < recipe.steps:
                run.save(checkpoint, {"pool": batches.pool, "at": batches.at})
    return _export(Path(to), run, tokenizer)


@dataclass
class Progress:
    """A training on its way: what a checkpoint holds, but for the place in the stream."""

    recipe: Recipe
    model: LlamaForCausalLM
    optimiser: torch.optim.AdamW
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    history: list[tuple[int, float]] = field(default_factory=list)

    def conditions(self) -> dict[str, object]:
        """What the bits of a step depend on, besides the recipe."""
        return {
            "device": self.model.device.type,
            "threads": torch.get_num_threads(),
            "torch": str(torch.__version__),
            "compiled": self.recipe.compiled,
        }

    def save(self, path: Path, cursor: dict[str, int]) -> None:
        """Write beside, then rename: a kill leaves the old checkpoint or the new one, never half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        state = {
            "recipe": asdict(self.recipe),
            "language": fingerprint(),
            "conditions": self.conditions(),
            "cursor": cursor,
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "history": self.history,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        with beside.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def resume(self, path: Path) -> dict[str, int]:
        """Go on from a checkpoint; the place in the stream is returned."""
        state = torch.load(path, weights_only=True, map_location="cpu")
        asked = asdict(self.recipe)
        again = "Delete the checkpoint to start again, or name another folder with checkpoints=."
        if {**state["recipe"], "compiled": None} != {**asked, "compiled": None}:
            raise ValueError(
                f"{path} was written by another recipe: {state['recipe']}, asked for now: {asked}. {again}"
            )
        if state.get("language") != fingerprint():
            raise ValueError(f"{path} was trained on another state of the language than this code writes. {again}")
        then, now = state.get("conditions", {}), self.conditions()
        if changed := [f"{name} {then.get(name)} → {now[name]}" for name in now if then.get(name) != now[name]]:
            warnings.warn(
                f"{path} goes on under other conditions ({', '.join(changed)}): the model will be as good, "
                "but not the same to the bit",
                stacklevel=3,
            )
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.tokens, self.seconds = state["step"], state["tokens"], state["seconds"]
        self.history = list(state["history"])
        return state["cursor"]


def _optimiser(model: LlamaForCausalLM, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW, fused; weight decay on the matrices of the blocks only."""
    decayed = [p for name, p in model.named_parameters() if p.ndim >= 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.ndim < 2 or "embed" in name]
    groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98), fused=True)


def _loss_of(model: LlamaForCausalLM, recipe: Recipe) -> Callable[[Tensor, Tensor], Tensor]:
    """Next-token cross-entropy in nats, from ids and labels; padding does not count."""

    def loss_of(ids: Tensor, labels: Tensor) -> Tensor:
        with torch.autocast(ids.device.type, dtype=torch.bfloat16):
            return model(input_ids=ids, labels=labels, use_cache=False).loss

    if not recipe.compiled:
        return loss_of
    torch._dynamo.config.recompile_limit = 4 * len(LENGTHS)
    return torch.compile(loss_of, dynamic=False)


def _step(
    model: LlamaForCausalLM,
    optimiser: torch.optim.AdamW,
    loss_of: Callable[[Tensor, Tensor], Tensor],
    recipe: Recipe,
    step: int,
    ids: Int[Tensor, "B T"],
    labels: Int[Tensor, "B T"],
) -> Tensor:
    for group in optimiser.param_groups:
        group["lr"] = recipe.rate(step)
    optimiser.zero_grad()
    loss = loss_of(ids, labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
    optimiser.step()
    return loss.detach()


def _export(to: Path, run: Progress, tokenizer: PreTrainedTokenizerFast) -> Path:
    to.mkdir(parents=True, exist_ok=True)
    about = {
        "recipe": asdict(run.recipe),
        "tokens": run.tokens,
        "seconds": round(run.seconds),
        "conditions": run.conditions(),
        "language": fingerprint(),
    }
    run.model.cpu().eval().half().save_pretrained(to)
    tokenizer.save_pretrained(to)
    about["sha256"] = hashlib.sha256((to / "model.safetensors").read_bytes()).hexdigest()
    about["loss"] = run.history
    (to / "training.json").write_text(json.dumps(about, indent=1) + "\n")
    return to
