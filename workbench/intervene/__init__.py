"""Features → behaviour: interventions, as frozen values that add up."""

from .interventions import Ablate, Clamp, Steer

__all__ = ["Ablate", "Clamp", "Steer"]
