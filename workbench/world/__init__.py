"""A generated language whose every token carries its concepts, and its small trained model."""

from .language import KINDS, SPLITS, Document, Span, concepts, documents

__all__ = ["KINDS", "SPLITS", "Document", "Span", "concepts", "documents"]
