"""Features → meaning: what every feature does, found and searched; what we say of it, tested."""

from .cards import Card, ConceptScore, Example, Related
from .claims import Claim, Measured, find, test
from .comparing import Matches, best_matches
from .coverage import Completeness, completeness
from .drawing import Drawn, drawn
from .examples import Choice
from .families import Families, Relative, Told, splitting, tell
from .indexing import Index, index, open  # noqa: A004 (as in wb.explore.open)
from .logits import Logits, by_ablation, from_weights
from .notes import Label, Notes
from .observing import Observer
from .publishing import neuronpedia
from .ratings import RUBRIC, Agreement, Session, agreement, results, sample

__all__ = [
    "RUBRIC",
    "Agreement",
    "Card",
    "Choice",
    "Claim",
    "Completeness",
    "ConceptScore",
    "Drawn",
    "Example",
    "Families",
    "Index",
    "Label",
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
    "neuronpedia",
    "open",
    "results",
    "sample",
    "splitting",
    "tell",
    "test",
]
