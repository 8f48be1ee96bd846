"""A generated language whose every token carries its concepts, and its small trained model."""

from .grammar import Document, Span
from .language import KINDS, documents
from .lexicon import LANDMARKS, TONGUES, Landmark
from .meanings import Concept, concepts
from .questions import Item, Task, tasks
from .splits import SPLITS

__all__ = [
    "KINDS",
    "LANDMARKS",
    "SPLITS",
    "TONGUES",
    "Concept",
    "Document",
    "Item",
    "Landmark",
    "Span",
    "Task",
    "concepts",
    "documents",
    "tasks",
]
