"""What `import workbench` does not do."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = (
    "transformers",
    "nnsight",
    "pandas",
    "plotly",
    "ipywidgets",
    "IPython",
    "anywidget",
    "matplotlib",
    "ray",
    "huggingface_hub",
)
PROBE = """
import json, logging, sys, threading
import torch
before = set(sys.modules)
touched = []
outside = ("socket.", "subprocess.", "urllib.")
sys.addaudithook(lambda event, args: touched.append(event) if event.startswith(outside) else None)
import workbench
print(json.dumps({
    "modules": sorted({name.split(".")[0] for name in set(sys.modules) - before}),
    "touched": touched,
    "handlers": len(logging.getLogger().handlers) + len(logging.getLogger("workbench").handlers),
    "threads": threading.active_count(),
}))
"""


def test_importing_is_light_and_has_no_side_effects() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert "workbench" in seen["modules"]
    assert sorted(set(HEAVY) & set(seen["modules"])) == []
    assert seen["touched"] == []
    assert seen["handlers"] == 0
    assert seen["threads"] == 1
    assert done.stderr == ""
