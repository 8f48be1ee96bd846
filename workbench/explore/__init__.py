"""Features → meaning: what every feature does, found and searched; what we say of it, tested."""

from .asking import Chat, Local
from .cards import Card, ConceptScore, Example, Related
from .claims import Claim, Measured, find, test
from .comparing import Matches, best_matches
from .coverage import Completeness, completeness
from .drawing import Drawn, drawn
from .examples import Choice
from .families import Families, Relative, Told, splitting, tell
from .indexing import Index, index, open  # noqa: A004 (as in wb.explore.open)
from .labelling import label_by_concepts, label_by_model, label_by_tokens
from .logits import Logits, by_ablation, from_weights
from .notes import Label, Notes
from .observing import Observer
from .publishing import neuronpedia
from .ratings import RUBRIC, Agreement, Session, agreement, results, sample

__all__ = [
    "RUBRIC",
    "Agreement",
    "Card",
    "Chat",
    "Choice",
    "Claim",
    "Completeness",
    "ConceptScore",
    "Drawn",
    "Example",
    "Families",
    "Index",
    "Label",
    "Local",
    "Logits",
    "Matches",
    "Measured",
    "Notes",
    "Observer",
    "Related",
    "Relative",
    "Session",
    "Told",
    "agreement",
    "best_matches",
    "by_ablation",
    "completeness",
    "drawn",
    "find",
    "from_weights",
    "index",
    "label_by_concepts",
    "label_by_model",
    "label_by_tokens",
    "neuronpedia",
    "open",
    "results",
    "sample",
    "splitting",
    "tell",
    "test",
]
