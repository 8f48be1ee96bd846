"""Puts this folder on the path: tests share `tiny` (small models) and `reference` (slow independent forms).

Torch gets one thread: these models are too small to share out, and two threads that
wait for each other on a busy machine make the tests many times slower.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
torch.set_num_threads(1)
