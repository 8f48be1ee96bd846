"""Features → behaviour: interventions, as frozen values that add up."""

from .interventions import Ablate, Clamp, Order, Patch, Scale, Steer, order, typical_norm

__all__ = ["Ablate", "Clamp", "Order", "Patch", "Scale", "Steer", "order", "typical_norm"]
