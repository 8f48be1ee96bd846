"""A generated language whose every token carries its concepts, and its small trained model."""

from .causes import CAUSES, Fault
from .failures import faults
from .grammar import Document, Span, labels
from .judging import Item
from .language import KINDS, documents
from .lexicon import LANDMARKS, TONGUES, Landmark
from .meanings import Concept, concepts, unfinished
from .probes import Probed, probe
from .questions import Task, tasks
from .recipe import untrained
from .splits import SPLITS

__all__ = [
    "CAUSES",
    "KINDS",
    "LANDMARKS",
    "SPLITS",
    "TONGUES",
    "Concept",
    "Document",
    "Fault",
    "Item",
    "Landmark",
    "Probed",
    "Span",
    "Task",
    "concepts",
    "documents",
    "faults",
    "labels",
    "probe",
    "tasks",
    "unfinished",
    "untrained",
]
