"""A generated language whose every token carries its concepts, and its small trained model."""

from .language import KINDS, SPLITS, Document, Span, concepts, documents
from .tasks import Item, Task, tasks

__all__ = ["KINDS", "SPLITS", "Document", "Item", "Span", "Task", "concepts", "documents", "tasks"]
