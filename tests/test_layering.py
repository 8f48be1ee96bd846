"""What may import what, as a table, and a checker that reads every file's imports.

The checker reads source and imports nothing. It does not see key names of foreign
formats, nor what a value imports when one of its methods is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

WORKBENCH = Path(__file__).parent.parent / "workbench"

# file → (layer, what it may import of ours). A stage's files may always import lower files of their own
# stage, and any file may import FREE. A folder's name stands for everything in it.
FREE = {"charts", "estimates", "files", "names", "progress", "tokens"}
MODEL = {"model", "record"}
INSIDE = MODEL | {"decompose.dictionaries", "intervene.interventions", "intervene.effects"}
STAGES = ("decompose", "explore", "intervene", "explain", "world")
TABLE: dict[str, tuple[int, set[str]]] = {
    "charts": (1, set()),
    "estimates": (1, set()),
    "files": (1, set()),
    "names": (1, set()),
    "progress": (1, set()),
    "tokens": (1, set()),
    "decompose.sparse": (1, set()),
    "decompose.dictionaries": (1, {"decompose.sparse"}),
    "decompose.architectures": (1, {"decompose.sparse", "decompose.dictionaries"}),
    "decompose.planning": (1, set()),
    "model": (2, set()),
    "loading": (3, {"model"}),
    "decompose.formats": (2, {"decompose.dictionaries", "decompose.architectures"}),
    "record": (3, {"model"}),
    "world": (4, {"model", "loading"}),
    "intervene.interventions": (4, MODEL | {"decompose.dictionaries"}),
    "intervene.controls": (5, MODEL | {"decompose.dictionaries"}),
    "intervene.targets": (5, MODEL),
    "decompose.store": (4, MODEL),
    "explore.notes": (3, set()),
    "explore.ratings": (4, set()),
    "explore.firings": (2, set()),
    "explore.examples": (3, set()),
    "explore.logits": (4, MODEL | {"decompose.dictionaries"}),
    "explore.gathering": (4, MODEL | {"decompose.dictionaries", "decompose.sparse"}),
    "explore.cards": (5, set()),
    "explore.summing": (5, {"decompose.dictionaries"}),
    "explore.indexing": (6, MODEL | {"loading", "decompose.dictionaries", "decompose.formats"}),
    "explore.observing": (7, MODEL | {"decompose.dictionaries", "decompose.training"}),
    "explore.publishing": (7, set()),
    "intervene.effects": (6, MODEL | {"decompose.dictionaries"}),
    "explain.lenses": (4, MODEL),
    "explain.trajectories": (4, MODEL),
    "explain.attribution": (5, MODEL | {"intervene.interventions"}),
    "decompose.training": (5, INSIDE),
    "decompose.scoring": (5, INSIDE),
    "decompose.recovery": (5, INSIDE),
    "decompose.checking": (5, INSIDE),
    "decompose.coordinates": (5, INSIDE),
    "explore.drawing": (1, set()),
    "explore.asking": (3, {"model"}),
    "explore.labelling": (7, set()),
    "explore.controls": (5, MODEL | {"decompose.dictionaries", "decompose.coordinates"}),
    "explore.claims": (6, INSIDE),
    "explore.comparing": (5, INSIDE),
    "explore.families": (6, INSIDE),
    "explore.coverage": (6, {"decompose.recovery"}),
    "intervene.vectors": (5, MODEL | {"decompose.dictionaries"}),
    "intervene.steering": (7, MODEL | {"decompose.dictionaries"}),
    "explain.graphs": (7, INSIDE),
    "edit": (7, INSIDE),
    "explain.diagnosis": (8, MODEL | {"explain", "intervene"}),
    "distributed": (8, MODEL | {"decompose.store", "decompose.training", "explore.indexing"}),
    "__main__": (9, MODEL | {"loading", *STAGES, "edit", "distributed"}),
}

# (importer, imported): never, not even for an annotation
NEVER = [
    *[("decompose", later) for later in ("explore", "intervene", "explain", "edit")],
    *[("explore", "intervene"), ("intervene", "explore"), ("explain", "explore"), ("explain", "edit")],
    *[(stage, "world") for stage in ("decompose", "explore", "intervene", "explain", "edit", "model", "record")],
]

# package → the only files that may import it
NETWORK = ("huggingface_hub", "requests", "httpx", "urllib.request")
WIDGETS = ("ipywidgets", "anywidget", "IPython", "workbench_widgets", "widgets")
ONLY_IN: dict[str, set[str]] = {
    "nnsight": {"model"},
    "transformers": {"tokens", "model", "loading", "world"},
    "ray": {"distributed"},
    "torch.distributed": {"distributed"},
    # explore.asking opens a connection only when a person has given it an address, and only to that one
    **{name: {"loading", "decompose.formats", "explore.asking"} for name in NETWORK},
    **{name: set() for name in WIDGETS},
}
NOT_AT_IMPORT = {"transformers", "nnsight", "plotly", "pandas", "ray", "matplotlib"}
VAGUE = {"utils", "common", "helpers", "config", "types", "constants"}


@dataclass(frozen=True)
class Import:
    """One import: what is named, where, and when it happens: "import", "call" or "annotation"."""

    target: str
    line: int
    when: str


def imports(tree: ast.Module, package: str) -> Iterator[Import]:
    """Every import of a file in `package` (dotted, ours), with our own targets as "workbench.…"."""

    def walk(node: ast.AST, when: str) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(name.name, node.lineno, when) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield from (Import(f"{base}.{name.name}", node.lineno, when) for name in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for child in node.body:
                yield from walk(child, "annotation")
            for child in node.orelse:
                yield from walk(child, when)
        else:
            inside = "call" if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) else when
            for child in ast.iter_child_nodes(node):
                yield from walk(child, inside)

    yield from walk(tree, "import")


def within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(folder + ".")


def row(name: str) -> tuple[int, set[str]] | None:
    return next((TABLE[key] for key in TABLE if within(name, key)), None)


def stage(name: str) -> str:
    return name.split(".")[0]


def ours(target: str, files: set[str]) -> str | None:
    """The file (or package, for its `__init__`) of ours that an import names; None for somebody else's."""
    if not within(target, "workbench"):
        return None
    parts = target.split(".")[1:]
    while parts and ".".join(parts) not in files:
        parts.pop()
    return ".".join(parts)


def violations(root: Path) -> list[str]:
    """Every import under `root` (a `workbench` folder) that the table does not allow, each as one sentence."""
    paths = {path.relative_to(root).with_suffix("").as_posix().replace("/", "."): path for path in root.rglob("*.py")}
    files = {name.removesuffix(".__init__") for name in paths if name != "__init__"}
    found: list[str] = []
    graph: dict[str, set[str]] = {}
    for name, path in sorted(paths.items()):
        opening = name == "__init__" or name.endswith(".__init__")
        name = name.removesuffix("__init__").removesuffix(".")
        if name.split(".")[-1] in VAGUE:
            found.append(f"{path.name} names no idea: {', '.join(sorted(VAGUE))} are not file names here")
        if row(name) is None and not opening:
            found.append(f"workbench/{path.relative_to(root)} has no row in TABLE: give it a layer there")
            continue
        package = ".".join(p for p in ("workbench", name if opening else name.rpartition(".")[0]) if p)
        for item in imports(ast.parse(path.read_text(encoding="utf-8")), package):
            where = f"workbench/{path.relative_to(root)}:{item.line}"
            target = ours(item.target, files)
            if target is None:
                found += [f"{where} {fault}" for fault in _foreign(name, item)]
            elif name and target != name:
                found += [f"{where} {fault}" for fault in _own(name, opening, target, item.when)]
                if item.when != "annotation" and not opening:
                    graph.setdefault(name, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append("a cycle: " + " ← ".join(error.args[1]))
    return found


def _foreign(name: str, item: Import) -> Iterator[str]:
    for package, homes in ONLY_IN.items():
        if within(item.target, package) and not any(within(name, home) for home in homes):
            yield f"imports {package}, which belongs to {', '.join(sorted(homes)) or 'no file of workbench'}"
    top = item.target.split(".")[0]
    if item.when == "import" and top in NOT_AT_IMPORT:
        yield f"imports {top} at import; import it in the function that needs it"


def _own(name: str, opening: bool, target: str, when: str) -> Iterator[str]:
    if not target:
        if stage(name) != "__main__":
            yield "imports the whole of workbench; name the file"
        return
    for importer, imported in NEVER:
        if within(name, importer) and within(target, imported):
            yield f"{importer} may not import {imported}, not even for an annotation"
            return
    same_stage = stage(name) == stage(target) and stage(name) in STAGES
    if opening:  # a stage's __init__ gathers its own files
        if not same_stage:
            yield f"a stage's __init__ gathers its own files, and {target} is none of them"
        return
    if target in STAGES and not same_stage and stage(name) != "__main__":
        yield f"imports from the folder {target}; name the file in it"
        return
    if stage(name) == "__main__" and when == "import":
        yield f"imports {target} at import; the command imports lazily"
        return
    layer, allowed = row(name) or (0, set())
    below = (row(target) or (0, set()))[0] < layer
    listed = any(within(target, one) for one in allowed | (FREE if layer > 1 else set()))
    beside = same_stage and (below or layer >= 5 or stage(name) == "world")
    if not (listed or beside or (when == "annotation" and below)):
        names = ", ".join(sorted(allowed | (FREE if layer > 1 else set()))) or "nothing"
        yield f"imports {target}; layer {layer} may import {names} and lower files of its own stage"


# ---------------------------------------------------------------- the tests


def test_every_import_of_the_library_is_allowed() -> None:
    assert violations(WORKBENCH) == []


GOOD = {
    "__init__.py": "from . import decompose\nfrom .model import load",
    "names.py": "import re",
    "model.py": "from typing import TYPE_CHECKING\nfrom .names import parse\n"
    "if TYPE_CHECKING:\n    import transformers\ndef load():\n    from nnsight import NNsight",
    "record.py": "from .model import Model\nfrom .names import parse",
    "decompose/__init__.py": "from .dictionaries import TopK",
    "decompose/dictionaries.py": "import torch",
    "intervene/interventions.py": "from ..decompose.dictionaries import TopK\ndef figure():\n    import plotly",
    "intervene/effects.py": "from ..record import Recording\nfrom .interventions import Ablate",
    "__main__.py": "def main():\n    from . import load, world",
}


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return folder


def test_a_tree_that_keeps_the_rules_has_no_violation(tmp_path: Path) -> None:
    assert violations(tree(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("decompose/scoring.py", "from ..explore.claims import Claim", "decompose may not import explore"),
        ("explore/indexing.py", "from ..intervene import effects", "explore may not import intervene"),
        ("intervene/effects.py", "from ..explore.indexing import Index", "intervene may not import explore"),
        ("explain/graphs.py", "def f():\n    from ..edit import bake", "explain may not import edit"),
        ("edit.py", "from workbench.world import concepts", "edit may not import world"),
        ("model.py", "from .record import Recording", "imports record; layer 2"),
        ("names.py", "from . import model", "imports model; layer 1"),
        ("decompose/dictionaries.py", "from ..names import parse", "imports names; layer 1"),
        ("record.py", "from . import decompose", "imports from the folder decompose"),
        ("record.py", "import workbench", "imports the whole of workbench"),
        ("decompose/formats.py", "from .training import train", "imports decompose.training; layer 2"),
        ("intervene/__init__.py", "from ..model import Model", "gathers its own files"),
        ("record.py", "def f():\n    import nnsight", "imports nnsight, which belongs to model"),
        (
            "record.py",
            "from transformers import AutoModel",
            "imports transformers, which belongs to loading, model, tokens, world",
        ),
        ("world/recipe.py", "from transformers import LlamaConfig", "imports transformers at import"),
        ("edit.py", "import torch.distributed as dist", "imports torch.distributed, which belongs to distributed"),
        ("edit.py", "from torch import distributed", "imports torch.distributed, which belongs to distributed"),
        ("explain/lenses.py", "def f():\n    from IPython.display import HTML", "belongs to no file of workbench"),
        ("explain/lenses.py", "def f():\n    import workbench_widgets", "belongs to no file of workbench"),
        ("explain/lenses.py", "import plotly.graph_objects as go", "imports plotly at import"),
        ("explain/lenses.py", "class A:\n    import pandas", "imports pandas at import"),
        ("explain/lenses.py", "try:\n    import pandas\nexcept ImportError:\n    pass", "imports pandas at import"),
        ("record.py", "import urllib.request", "imports urllib.request, which belongs to"),
        ("__main__.py", "from .model import load", "the command imports lazily"),
        ("explore/charts.py", "import torch", "has no row in TABLE"),
        ("explore/utils.py", "import torch", "names no idea"),
    ],
)
def test_each_rule_can_fail(tmp_path: Path, file: str, source: str, complaint: str) -> None:
    others = {
        f"{name.replace('.', '/')}.py": ""
        for name in ("explore.claims", "explore.indexing", "intervene.effects", "decompose.training", "edit")
    }
    folder = tree(tmp_path, {**GOOD, **others, "world/__init__.py": "", file: source})
    found = violations(folder)
    assert len(found) >= 1
    assert any(complaint in fault and Path(file).name in fault for fault in found), found


def test_a_cycle_is_found_even_where_each_import_is_allowed(tmp_path: Path) -> None:
    files = {
        "decompose/training.py": "from .scoring import score",
        "decompose/scoring.py": "from .training import train",
    }
    assert any("a cycle" in fault for fault in violations(tree(tmp_path, {**GOOD, **files})))
