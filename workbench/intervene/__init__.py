"""Features → behaviour: interventions, as frozen values that add up, and what they change beside controls."""

from .controls import Turned, controls_for, like_density, like_here
from .effects import Effect, Effects, Measured, measure, measuring
from .interventions import Ablate, Clamp, Order, Patch, Scale, Steer, order, typical_norm
from .steering import Choice, Curve, choose, dose_response
from .targets import Answers, LogitDifference, Probability, Says, Target
from .vectors import Vector, feature_vector, open_gguf, save_gguf, vector

__all__ = [
    "Ablate",
    "Answers",
    "Choice",
    "Clamp",
    "Curve",
    "Effect",
    "Effects",
    "LogitDifference",
    "Measured",
    "Order",
    "Patch",
    "Probability",
    "Says",
    "Scale",
    "Steer",
    "Target",
    "Turned",
    "Vector",
    "choose",
    "controls_for",
    "dose_response",
    "feature_vector",
    "like_density",
    "like_here",
    "measure",
    "measuring",
    "open_gguf",
    "order",
    "save_gguf",
    "typical_norm",
    "vector",
]
