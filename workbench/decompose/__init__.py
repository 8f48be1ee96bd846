"""Activations → features: dictionaries, their training, their scores, and their files."""

from .dictionaries import Dictionary, Features, TopK
from .formats import load, save
from .scoring import ScoreCard, score
from .store import Held, Store, harvest
from .training import Training, train

__all__ = [
    "Dictionary",
    "Features",
    "Held",
    "ScoreCard",
    "Store",
    "TopK",
    "Training",
    "harvest",
    "load",
    "save",
    "score",
    "train",
]
