"""The `workbench` command: parse, call one public function, print.

A command is a function that takes the parsed arguments and returns an exit status;
`_parser` names it with `set_defaults(run=…)`. Everything heavy is imported inside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Model

TOUR = "00_tour.ipynb"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, as `workbench lab` does; the status is 0 when it did what was asked."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding has no thin space and no minus sign
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return arguments.run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="workbench", description="An interpretability workbench for language models.")
    commands = parser.add_subparsers(required=True, metavar="command")

    lab = commands.add_parser("lab", help="open the notebooks in JupyterLab", description=_lab.__doc__)
    where = lab.add_mutually_exclusive_group()
    where.add_argument(
        "--to", type=Path, default=Path("workbench-notebooks"), help="the folder that they are copied to (%(default)s)"
    )
    where.add_argument("--in-place", action="store_true", help="open them where they are and copy nothing")
    lab.add_argument("--copy-only", action="store_true", help="copy them and start nothing")
    lab.add_argument("lab_args", nargs="*", metavar="-- option", help="what follows -- goes to JupyterLab")
    lab.set_defaults(run=_lab)

    world = commands.add_parser("world", help="the generated language and its model").add_subparsers(
        required=True, metavar="command"
    )
    train = world.add_parser("train", help="train the shipped model", description=_world_train.__doc__)
    train.add_argument("--to", type=Path, required=True, help="the folder that the finished model is written to")
    train.add_argument("--seed", type=int, default=0, help="0 for atlas, 1 for atlas-b (%(default)s)")
    train.add_argument("--checkpoints", type=Path, help="where the unfinished run is kept")
    train.add_argument("--no-compile", action="store_true", help="half as fast; where there is no C++ compiler")
    train.set_defaults(run=_world_train)
    score = world.add_parser("score", help="how well a model does the tasks", description=_world_score.__doc__)
    score.add_argument("-n", type=int, default=400, help="questions of each task (%(default)s)")
    score.set_defaults(run=_world_score)
    probe = world.add_parser("probe", help="which concepts a model represents", description=_world_probe.__doc__)
    probe.add_argument("--at", help="the site; the residual stream in the middle if none is given")
    probe.add_argument("--bar", type=float, default=0.9, help="list the concepts below this AUROC (%(default)s)")
    probe.set_defaults(run=_world_probe)
    for command in (score, probe):
        command.add_argument(
            "--split", default="test", choices=("train", "test", "templates"), help="templates: sentences never used"
        )
        command.add_argument(
            "--model", help="atlas-b, atlas-random, a folder or a name on the hub; the shipped model if none is given"
        )
    faults = world.add_parser("faults", help="plant failures again", description=_world_faults.__doc__)
    faults.add_argument("--each", type=int, default=16, help="how many of each cause (%(default)s)")
    faults.set_defaults(run=_world_faults)

    decompose = commands.add_parser("decompose", help="dictionaries of features").add_subparsers(
        required=True, metavar="command"
    )
    fit = decompose.add_parser("train", help="train a shipped dictionary", description=_decompose_train.__doc__)
    fit.add_argument("name", nargs="?", default="atlas-x16", choices=list(DICTIONARIES), help="which (%(default)s)")
    fit.add_argument("--to", type=Path, required=True, help="the folder that the dictionary is written to")
    fit.set_defaults(run=_decompose_train)
    card = decompose.add_parser("score", help="how good a dictionary is", description=_decompose_score.__doc__)
    card.add_argument("--dictionary", help="a name, a folder or an id on the hub; atlas-x16 if none is given")
    card.add_argument("--model", help="the model that it reads; the one that it was trained on if none is given")
    card.add_argument("--untrained", help="a dictionary of atlas-random, for a second floor")
    card.set_defaults(run=_decompose_score)
    return parser


# ---------------------------------------------------------------- lab


def _lab(arguments: argparse.Namespace) -> int:
    """Copy the notebooks into a folder of yours and open the tour in JupyterLab.

    A notebook that you changed is never overwritten.
    """
    shipped = _shipped_notebooks()
    if arguments.in_place:
        root, tour = shipped.parent, f"{shipped.name}/{TOUR}"
    else:
        _copy_notebooks(shipped, arguments.to)
        root, tour = arguments.to.resolve(), TOUR
    if arguments.copy_only:
        return 0
    try:
        from jupyterlab.labapp import main as jupyterlab
    except ImportError:
        print("JupyterLab is not installed here: pip install 'interp-workbench[lab]'", file=sys.stderr)
        return 1
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads are slow where cores are shared
    jupyterlab([*_lab_options(root, tour), *arguments.lab_args])
    return 0


def _lab_options(root: Path, tour: str) -> list[str]:
    """Open on the tour, and do what a machine without a screen or a root user needs; the rest is the user's."""
    options = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{tour}"]
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        print("There is no screen here: open the address below in a browser.")
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def _shipped_notebooks() -> Path:
    """A wheel carries them among the assets; in a clone they lie beside the package."""
    package = Path(__file__).parent
    for folder in (package / "assets" / "notebooks", package.parent / "notebooks"):
        if (folder / TOUR).exists():
            return folder
    raise FileNotFoundError(f"no {TOUR} in {package / 'assets' / 'notebooks'}; install interp-workbench again")


def _copy_notebooks(shipped: Path, to: Path) -> None:
    """Copy what is new; bring up to date what was copied before and not touched since; keep the rest.

    What was copied is remembered by its hash, in `.workbench.json`.
    """
    to.mkdir(parents=True, exist_ok=True)
    memory = to / ".workbench.json"
    copied: dict[str, str] = json.loads(memory.read_text()) if memory.exists() else {}
    kept = []
    for source in sorted(shipped.glob("*.ipynb")):
        target, new = to / source.name, _hash(source)
        old = _hash(target) if target.exists() else None
        if old not in (None, new, copied.get(source.name)):
            kept.append(source.name)
            continue
        if old != new:
            shutil.copyfile(source, target)
        copied[source.name] = new
    memory.write_text(json.dumps(copied, indent=1) + "\n")
    print(f"The notebooks are in {to}.")
    if kept:
        print(f"Kept as you changed them: {', '.join(kept)}. The originals are in {shipped}.")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- world


def _world_train(arguments: argparse.Namespace) -> int:
    """Train the shipped model again, on CPU or GPU. Interrupted, it goes on from its last checkpoint."""
    from dataclasses import replace

    from .world.recipe import ATLAS, train

    def report(step: int, loss: float, speed: float) -> None:
        print(f"step {step:>6}   loss {loss:.3f} nats/token   {speed:,.0f} tokens/s", flush=True)

    kept = arguments.checkpoints or Path("build") / f"atlas-seed-{arguments.seed}"
    recipe = replace(ATLAS, seed=arguments.seed, compiled=not arguments.no_compile)
    print(f"The model is in {train(arguments.to, recipe=recipe, checkpoints=kept, report=report)}.")
    return 0


def _world_score(arguments: argparse.Namespace) -> int:
    """Score a model on every task of the world; each number with its 95 % interval and n."""
    from . import world

    model = _model(arguments.model)
    width = max(len(task.name) for task in world.tasks.values())
    for task in world.tasks.values():
        score = task.score(model, n=arguments.n, split=arguments.split)
        print(f"{task.name:<{width}}   {score}   chance {task.chance:g}", flush=True)
    return 0


def _world_probe(arguments: argparse.Namespace) -> int:
    """Read every concept off a site by a linear probe; list those that fall short and the abstract ones."""
    from . import world

    found = world.probe(_model(arguments.model), at=arguments.at, split=arguments.split)
    for one in found:
        if one.auroc.value < arguments.bar or one.concept.abstract:
            twin = f"   against its twin {one.twin}" if one.twin else ""
            print(f"{one.concept.name:<28} {one.auroc}{twin}", flush=True)
    well = sum(one.auroc.value >= arguments.bar for one in found)
    declared = [name for name in world.concepts() if name != "aftermath"]
    if unseen := sorted(set(declared) - {one.concept.name for one in found}):
        print(f"in no document that was drawn: {', '.join(unseen)}")
    share = f"{well} of {len(declared)} concepts ({well / len(declared):.1%})"
    print(f"{share} have an AUROC of at least {arguments.bar}.")
    return 0


def _world_faults(arguments: argparse.Namespace) -> int:
    """Find prompts that the shipped model gets wrong for a known cause, verify them, and keep them beside it."""
    from . import load
    from .world import failures

    model = load()
    found, yields = failures.find(model, each=arguments.each)
    for cause, got in yields.items():
        kept = sum(fault.cause == cause for fault in found)
        print(f"{cause:<18} {got.built:>6} built  {got.looked:>5} looked at  {got.failed:>5} failed as predicted  "
              f"{got.restored:>4.0%} restored  {got.verified:>5} verified  {kept:>3} kept", flush=True)  # fmt: skip
    failures.save(found, yields, model)
    return 0


def _model(name: str | None) -> Model:
    """A model by its name; `atlas-random` is the untrained twin."""
    from . import load, world

    return world.untrained() if name == "atlas-random" else load(name)


# ---------------------------------------------------------------- decompose

MIDDLE, K = "resid_post.1", 32
DICTIONARIES: dict[str, tuple[str, dict]] = {
    "atlas-x4": ("atlas", {"at": MIDDLE, "width": 1024}),
    "atlas-x16": ("atlas", {"at": MIDDLE, "width": 4096}),
    "atlas-x32": ("atlas", {"at": MIDDLE, "width": 8192}),
    "atlas-b-x16": ("atlas-b", {"at": MIDDLE, "width": 4096}),
    "atlas-random-x16": ("atlas-random", {"at": MIDDLE, "width": 4096}),
    **{
        f"atlas-transcoder-{layer}": ("atlas", {"at": f"mlp_in.{layer}", "to": f"mlp_out.{layer}", "width": 2048})
        for layer in range(4)
    },
}
"""Every shipped dictionary, and that of the untrained model for the cards: what it reads, and what is trained."""
TOKENS, STEPS, HELD_OUT = 4_000_000, 6000, 400


def _decompose_train(arguments: argparse.Namespace) -> int:
    """Train a shipped dictionary again, BatchTopK on held-in documents. Interrupted, it goes on where it was."""
    import torch

    from . import decompose, world

    name, (model_name, wiring) = arguments.name, DICTIONARIES[arguments.name]
    model = _model(model_name)
    sites = [wiring[end] for end in ("at", "to") if end in wiring]
    kept = Path("build") / "dictionaries"
    texts = (document.text for document in world.documents("train", 0))
    folder = kept / "activations" / "-".join([model_name, *sites])
    store = decompose.harvest(model, texts, at=sites, to=folder, tokens=TOKENS, dtype=torch.float16)
    run = decompose.train(store, "batch_topk", k=K, steps=STEPS, batch=4096, checkpoints=kept / name, **wiring)
    print(run, flush=True)
    while run.at < run.steps:
        run.step(100)
        step, _, loss, explained, on, dead = run.history.iloc[-1]
        print(f"step {step:>6.0f}   loss {loss:.3f}   explained {explained:.3f}   L0 {on:.1f}   dead {dead:.1%}",
              flush=True)  # fmt: skip
    print(f"The dictionary is in {decompose.save(run.finish(), arguments.to, dtype=torch.float16)}.")
    return 0


def _decompose_score(arguments: argparse.Namespace) -> int:
    """Score a dictionary on held-out documents of the world, beside its floors."""
    from itertools import islice

    from . import decompose, load, world

    texts = [document.text for document in islice(world.documents("test", 0), HELD_OUT)]
    dictionary = decompose.load(arguments.dictionary)
    beside = (world.untrained(), decompose.load(arguments.untrained)) if arguments.untrained else None
    model = load(arguments.model or dictionary.provenance.get("model"))
    print(decompose.score(model, dictionary, texts, untrained=beside))
    return 0


if __name__ == "__main__":
    sys.exit(main())
