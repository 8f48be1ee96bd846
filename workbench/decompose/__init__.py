"""Activations → features: dictionaries, their training, their scores, and their files."""

from .architectures import ARCHITECTURES, TopK
from .checking import Check, check
from .coordinates import neurons
from .dictionaries import Dictionary, Features
from .formats import load, save
from .recovery import Recovered, recover
from .scoring import ScoreCard, random_directions, score
from .store import Held, Store, harvest
from .training import Training, train

__all__ = [
    "ARCHITECTURES",
    "Check",
    "Dictionary",
    "Features",
    "Held",
    "Recovered",
    "ScoreCard",
    "Store",
    "TopK",
    "Training",
    "check",
    "harvest",
    "load",
    "neurons",
    "random_directions",
    "recover",
    "save",
    "score",
    "train",
]
