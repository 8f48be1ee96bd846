"""A model, a dictionary and a browser, none of them real: the widgets' own behaviour in milliseconds.

The fakes have the signatures of the real ones; `test_with_the_core.py` runs the widgets on those.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from widgets.fake_effects import FakeMeasuring
from widgets.fake_index import FakeIndex

import workbench as wb
from workbench.decompose import Features
from workbench_widgets._frontend import Frontend

WORDS = ["<bos>", "the", "golden", "bridge", "is", "<b>red</b>", "old", "\u202egate"]


@dataclass(frozen=True)
class FakeTokens:
    ids: torch.Tensor
    mask: torch.Tensor
    pieces: tuple[tuple[str, ...], ...]
    bos: bool = True


class FakeRun(dict):
    """The values at sites."""

    @property
    def sites(self) -> dict[str, torch.Tensor]:
        return self


@dataclass(frozen=True)
class FakeToken:
    id: int
    text: str

    def __str__(self) -> str:
        return self.text


class FakeModel:
    """Every word of `WORDS` is a token; the value of unit u at layer l is its id + 10 l, negative for odd u."""

    name, hash, n_layers, d_model, n_heads = "fake", "0123abcd", 3, 12, 2
    vocabulary = SimpleNamespace(piece=lambda token: WORDS[token % len(WORDS)])

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.runs: list[Any] = []
        self.generated: list[dict[str, Any]] = []
        self.writing = 0
        self.gate: threading.Event | None = None

    def sites(self) -> list[str]:
        layers = range(self.n_layers)
        named = [f"{stream}.{layer}" for layer in layers for stream in ("resid_post", "mlp_act", "head_out", "pattern")]
        return ["embed", *named, "logits"]

    def width(self, site: str) -> int:
        return self.d_model

    def tokens(self, text: str) -> FakeTokens:
        if not text.strip():
            raise ValueError("text 0 is empty; give at least one token of text")
        words = text.split()
        if unknown := [word for word in words if word not in WORDS]:
            raise ValueError(f"unknown words: {', '.join(unknown)}")
        ids = torch.tensor([[0, *map(WORDS.index, words)]])
        pieces = ("<bos>", *(" " * (i > 0) + word for i, word in enumerate(words)))
        return FakeTokens(ids, torch.ones_like(ids, dtype=torch.bool), (pieces,))

    def run(self, text: str | FakeTokens, *, at: str | Sequence[str]) -> FakeRun:
        at = [at] if isinstance(at, str) else at
        tokens = self.tokens(text) if isinstance(text, str) else text
        self.runs.append((tokens.pieces[0], tuple(at)))
        if self.gate:
            self.gate.wait(60)
        sign = torch.tensor([1.0, -1.0]).repeat(self.d_model // 2)
        layers = {site: 10 * int(site.rpartition(".")[2]) if "." in site else 0 for site in at}
        values = {site: (tokens.ids[..., None] + layer) * sign for site, layer in layers.items()}
        shaped = {"head_out": self._heads, "pattern": self._pattern}
        return FakeRun({site: shaped.get(site.partition(".")[0], lambda x: x)(x) for site, x in values.items()})

    def _heads(self, x: torch.Tensor) -> torch.Tensor:
        """[B, T, D] as [B, T, H, D / H]."""
        return x.unflatten(-1, (self.n_heads, -1))

    def _pattern(self, x: torch.Tensor) -> torch.Tensor:
        """Every query pays the same to each token that it sees; the last head pays all to itself. [B, H, T, T]"""
        n = x.shape[1]
        even = torch.ones(n, n).tril() / torch.arange(1, n + 1)[:, None]
        return torch.stack([even, torch.eye(n)])[None]

    def onward(self, site: str, x: torch.Tensor) -> torch.Tensor:
        return x

    def unembedding(self, *, gain: bool) -> torch.Tensor:
        """[V, D]"""
        return torch.arange(20.0 * self.d_model).view(20, -1) * (2 if gain else 1)

    def generate(
        self, text: str, *, edits: Sequence[Any] = (), new_tokens: int = 40, temperature: float = 0.0, seed: int = 0
    ) -> Iterator[FakeToken]:
        self.tokens(text)
        self.generated.append({"text": text, "edits": list(edits), "seed": seed, "temperature": temperature})
        word = " ".join([f" {edit.feature}={edit.value:g}" for edit in edits] or [" so"])
        return self._generate(word, new_tokens)

    def generate_each(
        self,
        texts: Sequence[str],
        *,
        edits: Sequence[Any] = (),
        variants: Sequence[Sequence[Any]] = ((),),
        new_tokens: int = 40,
        temperature: float = 0.0,
        seeds: Sequence[int] = (0,),
    ) -> Iterator[tuple[FakeToken | None, ...]]:
        """Every row says its edits and its seed; one of an odd seed ends after three tokens."""
        (text,) = texts
        self.tokens(text)
        self.generated += [{"text": text, "edits": [*edits, *variant], "seed": seeds} for variant in variants]
        names = ["".join(f" {edit.feature}={edit.value:g}" for edit in [*edits, *one]) or " so" for one in variants]
        rows = [(f"{name}~{seed}", 3 if seed % 2 else new_tokens) for name in names for seed in seeds]
        return self._generate_each(rows, new_tokens)

    def _generate_each(
        self, rows: Sequence[tuple[str, int]], new_tokens: int
    ) -> Iterator[tuple[FakeToken | None, ...]]:
        for row in zip(*(self._generate(word, new_tokens) for word, _ in rows), strict=True):
            yield tuple(token if token.id < end else None for token, (_, end) in zip(row, rows, strict=True))

    def _generate(self, word: str, new_tokens: int) -> Iterator[FakeToken]:
        self.writing += 1
        try:
            for i in range(new_tokens):
                if self.gate and i == 2:
                    self.gate.wait(60)
                with self.lock:
                    token = FakeToken(i, word)
                yield token
        finally:
            self.writing -= 1


class FakeDictionary:
    """Feature f of a token is its id, for f = id modulo the width, and twice as much for the next one."""

    site, width, d_model, hash = "resid_post.1", 100, 12, "4567cdef"
    reads = writes = ("resid_post.1",)

    def __init__(self) -> None:
        self.maxima = torch.arange(self.width) / 10.0
        self.density = torch.arange(self.width) / 1000.0
        self.W_dec = torch.eye(self.width, self.d_model)

    def check_feature(self, feature: int) -> None:
        assert 0 <= feature < self.width

    def encode(self, x: torch.Tensor) -> Features:
        ids = x[..., 0] - 10
        indices = torch.stack([ids.long(), ids.long() + 1], -1)
        return Features(indices, torch.stack([ids, 2 * ids], -1), self.width)


class Front:
    """The other end of a widget's comm: records what Python sends, and plays the browser's part."""

    def __init__(self, widget: Frontend) -> None:
        self.widget = widget
        self.sent: list[tuple[dict[str, Any], list[Any]]] = []
        widget.comm.send = lambda data=None, metadata=None, buffers=None: self.sent.append((data, buffers or []))

    def update(self, **state: Any) -> None:
        self._receive({"method": "update", "state": state, "buffer_paths": []})

    def say(self, content: Any) -> None:
        self._receive({"method": "custom", "content": content})

    def states(self) -> list[dict[str, Any]]:
        return [data["state"] for data, _ in self.sent if data["method"] == "update"]

    def messages(self) -> list[Any]:
        return [data["content"] for data, _ in self.sent if data["method"] == "custom"]

    def _receive(self, data: dict[str, Any]) -> None:
        self.widget._handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> FakeMeasuring:
    """What measures, in milliseconds; `wb.intervene.measure` is what it comes to."""
    fake = FakeMeasuring()
    monkeypatch.setattr("workbench_widgets.steering_panel.REST", 0.0)
    monkeypatch.setattr(wb.intervene, "measuring", fake)
    monkeypatch.setattr(wb.intervene, "controls_for", lambda model, edits, n, **_: [tuple(edits)] * n)
    monkeypatch.setattr(wb.intervene, "measure", lambda *given, **settings: [*fake(*given, **settings)][-1])
    return fake


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def sae() -> FakeDictionary:
    return FakeDictionary()


@pytest.fixture
def index(model: FakeModel, sae: FakeDictionary, tmp_path: Path) -> FakeIndex:
    return FakeIndex(tmp_path / "index", model=model, sae=sae)


@pytest.fixture
def front() -> Iterator[Any]:
    made: list[Frontend] = []

    def connect(widget: Frontend) -> Front:
        made.append(widget)
        return Front(widget)

    yield connect
    for widget in made:
        widget.close()
