"""An index of features with the interface of the real one, made of a formula: what it holds is known by heart.

Feature f fires at a token when the token's word has its number, f modulo the number of words, among those of odd or
even place; every 7th feature is dead. So a test knows every card without a model.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from workbench.estimates import proportion
from workbench.explore.cards import Card, ConceptScore, Example, Firing, Related
from workbench.explore.logits import Logits
from workbench.explore.notes import Label, Notes

WORDS = ("the", " golden", " bridge", " is", " old", " gate", " <b>red</b>", " שלום", " עולם", "\n", " a", " of")
BINS = 50


class FakeIndex:
    """Some features over some texts; `model` and `sae` attached or not."""

    def __init__(self, path: Path, *, width: int = 100, model: Any = None, sae: Any = None, knows: bool = True) -> None:
        self.path, self.width, self.model, self.sae = Path(path), width, model, sae
        self.tokens, self.texts = 20_000, 200
        self.pieces = ("<bos>", *WORDS)
        self.concepts = ("landmark.bridge", "colour.red", "kind.verb") if knows else ()
        self.provenance = {"model": "fake", "dictionary": "4567cdef"}
        self.path.mkdir(parents=True, exist_ok=True)
        self.notes = Notes(self.path / "notes.sqlite")
        self.counts = torch.tensor([0 if f % 7 == 6 else 40 + 3 * f for f in range(width)])
        self.maxima = torch.where(self.counts > 0, 1.0 + torch.arange(width) / 10, 0.0)
        self.measured = 0

    @property
    def alive(self) -> torch.Tensor:
        return self.counts.nonzero().flatten()

    def __getitem__(self, feature: int) -> Card:
        if not 0 <= feature < self.width:
            raise IndexError(f"there is no feature {feature}; there are 0 to {self.width - 1}")
        labels = tuple(self.notes.labels(feature))
        base = Card(
            feature=feature,
            site="resid_post.1",
            label=self.notes.best([feature]).get(feature),
            labels=labels,
            notes=tuple(self.notes.notes(feature)),
            density=proportion(int(self.counts[feature]), self.tokens),
            maximum=float(self.maxima[feature]),
            mean=float(self.maxima[feature]) / 3,
            quartiles=tuple(float(self.maxima[feature]) * share for share in (0.1, 0.25, 0.5)),
            edges=tuple(np.linspace(0, max(float(self.maxima[feature]), 1e-9), BINS + 1).tolist()),
            counts=tuple(int(self.counts[feature] * 0.9**i / 10) for i in range(BINS)),
            intervals=(),
            quantiles=(),
            examples=(),
            tokens=(),
            concepts=(),
            correlated=(),
            neighbours=self.neighbours(feature) if self.sae is not None else (),
            logits=self.logits(feature) if self.model is not None else None,
        )
        return base if self.counts[feature] == 0 else self._filled(base)

    def _filled(self, card: Card) -> Card:
        top, f = card.maximum, card.feature
        word = 1 + f % len(WORDS)
        examples = [self._example(card, "top", i, top * (1 - i / 40)) for i in range(20)]
        examples += [self._example(card, "quantile", g, top * (g + 0.5) / 5) for g in range(5) for _ in range(3)]
        examples += [self._example(card, "interval", g, top * (g + 0.5) / 10) for g in range(10) for _ in range(3)]
        examples += [replace(self._example(card, "near", 0, 0.0), z=-0.01 * (i + 1)) for i in range(5)]
        examples += [self._example(card, "negative", 0, 0.0) for _ in range(5)]
        score = proportion(30 + f % 10, 50)
        return replace(
            card,
            intervals=tuple((top * g / 10, top * (g + 1) / 10, 100 - g) for g in range(10)),
            quantiles=tuple((top * g / 5, top * (g + 1) / 5, 100) for g in range(5)),
            examples=tuple(examples),
            tokens=tuple(
                Firing(1 + (word - 1 + i) % len(WORDS), WORDS[(word - 1 + i) % len(WORDS)], 0.5 / (i + 1), score)
                for i in range(6)
            ),
            concepts=tuple(ConceptScore(name, score, score, score, 0.5) for name in self.concepts[:2]),
            correlated=(
                Related("feature", "", (f + 3) % self.width, 0.61, 900, self._label((f + 3) % self.width)),
                Related("neuron", "mlp_act.1", 17, 0.48, 1200, ""),
            ),
        )

    def _example(self, card: Card, kind: str, group: int, value: float) -> Example:
        number = card.feature * 31 + group * 7 + len(kind)
        n, word = 60 + number % 50, 1 + card.feature % len(WORDS)
        ids = [1 + (number * 5 + i * (1 + number % 4)) % len(WORDS) for i in range(n)]
        at = 5 + number % 40
        ids[at] = word
        values = [value * 0.4 if i % 9 == 0 and i != at else 0.0 for i in range(n)]
        values[at] = value
        start = 1 + (number % 3) * 10
        pieces = tuple(self.pieces[i] for i in ids)
        return Example(
            kind, group, number % self.texts, start + at, value, None, start, tuple(ids), pieces, tuple(values)
        )

    def _label(self, feature: int) -> str:
        label = self.notes.best([feature]).get(feature)
        return "" if label is None else label.text

    # ---- by hand ----

    def label(self, feature: int, text: str, how: str = "by hand") -> Label:
        return self.notes.label(feature, text, how=how)

    def labels(self, feature: int) -> list[Label]:
        return self.notes.labels(feature)

    def note(self, feature: int, text: str) -> None:
        self.notes.note(feature, text)

    # ---- browsing ----

    def table(self, features: Any = None) -> pd.DataFrame:
        features = self.alive.tolist() if features is None else list(features)
        rows = [
            {
                "feature": f,
                "label": self._label(f),
                "how": "",
                "density": float(self.counts[f]) / self.tokens,
                "maximum": float(self.maxima[f]),
                "tokens": WORDS[f % len(WORDS)],
                "promotes": " gate",
                "concept": "",
                "f1": float("nan"),
            }
            for f in features
        ]
        return pd.DataFrame(
            rows, columns=["feature", "label", "how", "density", "maximum", "tokens", "promotes", "concept", "f1"]
        )

    def search(self, query: str, most: int = 50) -> pd.DataFrame:
        found = self.notes.search(query, most)
        rows = [{"feature": f, "label": self._label(f), "found": snippet} for f, snippet, _ in found]
        return pd.DataFrame(rows, columns=["feature", "label", "found"])

    def on_token(self, token: str, most: int = 50) -> pd.DataFrame:
        on = [f for f in self.alive.tolist() if WORDS[f % len(WORDS)].strip() == token.strip()]
        rows = [{"feature": f, "label": self._label(f), "share": 0.5, "fires": proportion(80, 90)} for f in on]
        return pd.DataFrame(rows[:most], columns=["feature", "label", "share", "fires"])

    def on_concept(self, concept: str, most: int = 50) -> pd.DataFrame:
        if concept not in self.concepts:
            raise ValueError(f"there is no concept {concept!r}; there are {', '.join(self.concepts)}")
        rows = [{"feature": f, "label": self._label(f), "f1": proportion(25, 50)} for f in self.alive.tolist()]
        return pd.DataFrame(rows[:most])

    def on_text(self, text: str, most: int = 50) -> pd.DataFrame:
        tokens = self.model.tokens(text)
        values = self.sae.encode(self.model.run(tokens, at=[self.sae.site])[self.sae.site])
        best: dict[int, tuple[float, int]] = {}
        for token in range(1, tokens.ids.shape[1]):
            for f, value in zip(values.indices[0, token].tolist(), values.values[0, token].tolist(), strict=True):
                best[f] = max(best.get(f, (0.0, 0)), (value, token))
        rows = [
            {"feature": f, "label": self._label(f), "activation": value, "of maximum": value / float(self.maxima[f])}
            for f, (value, _) in best.items()
            if value > 0 and self.maxima[f] > 0
        ]
        rows.sort(key=lambda row: -row["of maximum"])
        return pd.DataFrame(rows[:most])

    def activations(self, text: str, features: Any) -> tuple[Any, torch.Tensor]:
        tokens = self.model.tokens(text)
        values = self.sae.encode(self.model.run(tokens, at=[self.sae.site])[self.sae.site])
        return tokens, torch.stack([values.unit(f)[0] for f in features], -1)

    def neighbours(self, feature: int, most: int = 10) -> tuple[Related, ...]:
        others = [(feature + i) % self.width for i in range(1, 6)]
        return tuple(Related("feature", "", f, 0.9 / (i + 1), 0, self._label(f)) for i, f in enumerate(others))

    def logits(self, feature: int, form: str = "folded", most: int = 10) -> Logits:
        self.measured += form == "measured"
        size = {"raw": 1.0, "folded": 2.0, "measured": 0.5}[form]
        ids = [1 + (feature + i) % len(WORDS) for i in range(most)]
        top = tuple((i, self.pieces[i], size * (3 - 0.2 * rank)) for rank, i in enumerate(ids))
        bottom = tuple((i, self.pieces[i], -size * (2 - 0.1 * rank)) for rank, i in enumerate(ids))
        counts = (1000 * np.exp(-((np.arange(BINS) - 20) ** 2) / 60)).astype(int)
        edges = np.linspace(-2.1 * size, 3.1 * size, BINS + 1)
        halves = (0.1,) * most if form == "measured" else ()
        n = 16 if form == "measured" else 0
        return Logits(form, top, bottom, halves, halves, tuple(edges.tolist()), tuple(counts.tolist()), n, "logits")

    def map(self, method: str = "auto") -> tuple[torch.Tensor, str]:
        angle = np.linspace(0, 20, self.width)
        return torch.tensor(np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1)).float(), "PCA"

    def random(self, n: int, seed: int) -> list[int]:
        order = torch.randperm(len(self.alive), generator=torch.Generator().manual_seed(seed))[:n]
        return self.alive[order].tolist()
