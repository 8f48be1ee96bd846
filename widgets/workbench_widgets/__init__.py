"""Widgets for the workbench: inside a notebook, linked to a live model.

bench                linked views with one selection; every gesture as Python
activation_heatmap   tokens coloured by one unit or feature, over all layers, two texts compared
feature_dashboard    every feature: its meaning and the evidence; searched, browsed, compared, tried on a text
ablation_panel       parts taken out: zero, mean, resample side by side; the next token, a task, controls
steering_panel       sliders on features; plain, steered and control text side by side
rating_panel         hypotheses about features and neurons, rated blind from 0 to 3
training_monitor     a dictionary's training, live; pause, resume, stop and save
_frontend            what every widget has in common: its border to the browser, its work, its summary
_selection           what is looked at, in all views of a bench
_script              what a bench writes down, and the Python that it becomes
_runner              one worker per model; the latest request wins
_reading             what a heatmap reads: a text at all layers of a stream
_cards               a feature's card on the wire
_parts               a head, a neuron, a feature, a layer as a person writes them, and their ablations
_changes             what changes in the next token under variants of a run
_array               number arrays on the wire
_picture             a widget as a picture, for notebooks that run no scripts
_export              widgets as one HTML file that needs neither a network nor Python
static               the browser side, built from widgets/src
"""

from ._selection import Selection
from .ablation_panel import AblationPanel
from .activation_heatmap import ActivationHeatmap
from .bench import Bench
from .feature_dashboard import FeatureDashboard
from .rating_panel import RatingPanel
from .steering_panel import SteeringPanel
from .training_monitor import TrainingMonitor

__all__ = [
    "AblationPanel",
    "ActivationHeatmap",
    "Bench",
    "FeatureDashboard",
    "RatingPanel",
    "Selection",
    "SteeringPanel",
    "TrainingMonitor",
]
