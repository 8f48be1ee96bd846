"""Widgets for the workbench: inside a notebook, linked to a live model.

activation_heatmap   tokens coloured by one unit or feature
steering_panel       sliders on features; plain, steered and control text side by side
_frontend            what every widget has in common: its border to the browser, its work, its summary
_runner              one worker per model; the latest request wins
_array               number arrays on the wire
static               the browser side, built from widgets/src
"""

from .activation_heatmap import ActivationHeatmap
from .steering_panel import SteeringPanel

__all__ = ["ActivationHeatmap", "SteeringPanel"]
