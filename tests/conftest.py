"""Puts this folder on the path: tests share `tiny` (small models) and `reference` (slow independent forms)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
