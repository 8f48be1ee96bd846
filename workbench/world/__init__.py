"""A generated language whose every token carries its concepts, and its small trained model."""

from .entities import LANDMARKS, Landmark
from .language import KINDS, SPLITS, Document, Span, concepts, documents
from .tasks import Item, Task, tasks

__all__ = [
    "KINDS",
    "LANDMARKS",
    "SPLITS",
    "Document",
    "Item",
    "Landmark",
    "Span",
    "Task",
    "concepts",
    "documents",
    "tasks",
]
