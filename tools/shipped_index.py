"""Make the index that is shipped: atlas-x16 on held-out text, with the concepts that its tokens carry.

    python tools/shipped_index.py [tokens] [to]

Fewer examples are kept than `wb.explore.index` keeps by default, so that it stays small.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import workbench as wb

TOKENS = 100_000
CHOICE = wb.explore.Choice(top=7, quantiles=5, intervals=5, each=1, near=2, negative=2, context=40, tokens=6)
TO = Path(wb.__file__).parent / "assets" / "index"


def main(tokens: int = TOKENS, to: Path = TO) -> None:
    """Make it beside, and put it in its place."""
    model, sae = wb.load(), wb.decompose.load()

    def documents() -> Iterator[wb.world.Document]:
        return wb.world.documents("test", 1000)

    with tempfile.TemporaryDirectory() as beside:
        made = wb.explore.index(
            model, sae, (document.text for document in documents()), to=Path(beside) / "index", tokens=tokens,
            labels=(wb.world.labels(model, document) for document in documents()),
            undecided=(wb.world.unfinished(model, document) for document in documents()), choice=CHOICE,
        )  # fmt: skip
        made.notes.close()
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(made.path, to, ignore=shutil.ignore_patterns("*.sqlite*"))
    print(wb.explore.open(to))
    print(f"{sum(file.stat().st_size for file in to.iterdir()) / 1e6:.2f} MB in {to}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(Path, sys.argv[2:3]))
