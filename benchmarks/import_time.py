"""How long `import workbench` takes over `import torch`: both in fresh interpreters, turn by turn, medians.

python benchmarks/import_time.py [rounds]
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

MODULES = ("torch", "workbench", "workbench_widgets", "transformers")
TIMED = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def seconds(module: str) -> float:
    """One import in an interpreter of its own."""
    run = subprocess.run([sys.executable, "-c", TIMED.format(module)], capture_output=True, text=True, check=True)
    return float(run.stdout)


def main(rounds: int) -> None:
    """Time every module once per round, so that a busy moment hits them all."""
    for module in MODULES:  # once for the page cache and the bytecode
        seconds(module)
    times: dict[str, list[float]] = {module: [] for module in MODULES}
    for _ in range(rounds):
        for module in MODULES:
            times[module].append(seconds(module))
    print(f"{'import':<18} {'median s':>9} {'min':>6} {'max':>6} {'− torch':>9} {'÷ torch':>8}   n {rounds}")
    for module, took in times.items():
        over = median(a - b for a, b in zip(took, times["torch"], strict=True))
        ratio = median(a / b for a, b in zip(took, times["torch"], strict=True))
        print(f"{module:<18} {median(took):>9.2f} {min(took):>6.2f} {max(took):>6.2f} {over:>+9.2f} {ratio:>8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
