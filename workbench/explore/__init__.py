"""Features → meaning: what a feature fires on, found and tested."""

from .claims import Claim, find, test

__all__ = ["Claim", "find", "test"]
