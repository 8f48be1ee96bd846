"""Features → behaviour: interventions, as frozen values that add up, and what they change beside controls."""

from .controls import Turned, controls_for, like_density
from .effects import Effect, Effects, Measured, measure, measuring
from .interventions import Ablate, Clamp, Order, Patch, Scale, Steer, order, typical_norm
from .targets import Answers, LogitDifference, Probability, Says, Target

__all__ = [
    "Ablate",
    "Answers",
    "Clamp",
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
    "controls_for",
    "like_density",
    "measure",
    "measuring",
    "order",
    "typical_norm",
]
