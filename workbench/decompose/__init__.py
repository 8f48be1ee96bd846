"""Activations → features: dictionaries, their training, their scores, and their files."""

from .dictionaries import Dictionary, Features, TopK
from .formats import load, save
from .scoring import ScoreCard, score
from .training import Training, train

__all__ = ["Dictionary", "Features", "ScoreCard", "TopK", "Training", "load", "save", "score", "train"]
