"""Puts the notebooks into the wheel, so that `workbench lab` finds them without a clone.

An editable install reads them where they are. A static `force-include` would copy
them into site-packages there too, where they would go stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Notebooks(BuildHookInterface):
    """Carries `notebooks/` as `workbench/assets/notebooks/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is built; `version` is "standard" or "editable"."""
        if version == "editable":
            return
        for notebook in sorted(Path(self.root, "notebooks").glob("*.ipynb")):
            build_data["force_include"][str(notebook)] = f"workbench/assets/notebooks/{notebook.name}"
