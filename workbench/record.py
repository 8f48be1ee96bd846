"""Text → tokens → activations at named sites: a `Recording`.

The model is run only as far as the last site needed. A recording remembers where
it came from, and can be saved and opened again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from jaxtyping import Bool
from safetensors.torch import load_file, save_file
from torch import Tensor

from .model import Model, shapes
from .names import canonical
from .tokens import Tokens


@dataclass(frozen=True, eq=False)
class Recording(Mapping):
    """Activations at named sites, for every token of some texts.

    Attributes:
        texts: what was read.
        tokens: the same as tokens: ids, mask and pieces.
        sites: values by site, each [B, T, ...]; padding holds whatever the model gave there.
        provenance: model, hash, number of tokens, BOS and dtype.

    Example:
        >>> import workbench as wb
        >>> recording = wb.record.activations(wb.load(), ["2+2=", "The bridge"], at="resid_post.*")
        >>> recording.flat("resid_post.1").shape[-1]
        256
    """

    texts: tuple[str, ...]
    tokens: Tokens
    sites: Mapping[str, Tensor] = field(repr=False)
    provenance: Mapping[str, object]

    @property
    def mask(self) -> Bool[Tensor, "B T"]:
        """True where there is a token."""
        return self.tokens.mask

    def __getitem__(self, site: str) -> Tensor:
        if (name := canonical(site)) in self.sites:
            return self.sites[name]
        raise KeyError(f"{site!r} was not recorded; there are: {', '.join(self.sites)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.sites)

    def __len__(self) -> int:
        return len(self.sites)

    def __repr__(self) -> str:
        return f"Recording({self.provenance['model']} {self.provenance['hash']} · {self.tokens} · {shapes(self.sites)})"

    __eq__ = object.__eq__  # a Mapping would compare tensors with ==
    __hash__ = object.__hash__

    def flat(self, site: str, *, bos: bool = False) -> Tensor:
        """The values of all tokens in a row, padding left out: [tokens, ...].

        BOS is left out too, unless asked for: its activations are like no other token's.

        Example:
            >>> import workbench as wb
            >>> recording = wb.record.activations(wb.load(), ["2+2=", "2+3="], at="embed")
            >>> len(recording.flat("embed")), len(recording.flat("embed", bos=True))
            (8, 10)
        """
        if site.startswith("pattern"):
            raise ValueError(f"{site!r} pairs tokens with tokens; index the recording itself: recording[{site!r}]")
        return self[site][self.mask if bos else self.tokens.places.text]

    def save(self, to: str | Path) -> Path:
        """Write the recording to a folder: safetensors and JSON.

        Example:
            >>> import workbench as wb
            >>> folder = wb.record.activations(wb.load(), "2+2=", at="embed").save(tmp / "recording")
            >>> wb.record.Recording.open(folder).texts
            ('2+2=',)
        """
        folder = Path(to)
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"site/{name}": value.contiguous() for name, value in self.sites.items()}
        tensors |= {"ids": self.tokens.ids.contiguous(), "mask": self.tokens.mask.contiguous()}
        beside = folder / "recording.part"
        save_file({name: value.clone() for name, value in tensors.items()}, beside)
        beside.replace(folder / "recording.safetensors")
        about = {
            "texts": self.texts,
            "pieces": self.tokens.pieces,
            "bos": self.tokens.bos,
            "provenance": dict(self.provenance),
        }
        text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
        (folder / "recording.json").write_text(text, encoding="utf-8")
        return folder

    @classmethod
    def open(cls, path: str | Path) -> Recording:
        """Read what `save` wrote."""
        folder = Path(path)
        if not (folder / "recording.json").exists():
            raise FileNotFoundError(f"no recording in {folder}: recording.json is missing")
        about = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
        tensors = load_file(folder / "recording.safetensors")
        pieces = tuple(tuple(row) for row in about["pieces"])
        sites = {name[len("site/") :]: value for name, value in tensors.items() if name.startswith("site/")}
        tokens = Tokens(tensors["ids"], tensors["mask"], pieces, about["bos"])
        return cls(tuple(about["texts"]), tokens, sites, about["provenance"])


def activations(
    model: Model,
    texts: str | Sequence[str],
    *,
    at: str | Sequence[str],
    batch: int = 32,
    padding: str = "right",
) -> Recording:
    """Record activations at sites over texts.

    Args:
        model: what reads the texts.
        texts: one or several; each must fit the context.
        at: site names; `*` stands for every layer or head.
        batch: texts per forward pass; what is recorded does not depend on it.
        padding: "right" or "left".

    Raises:
        ValueError: an unknown site, an empty text, one longer than the context.

    Example:
        >>> import workbench as wb
        >>> recording = wb.record.activations(wb.load(), "The Golden Gate Bridge", at=["resid_post.1", "mlp_act.*"])
        >>> list(recording)
        ['mlp_act.0', 'mlp_act.1', 'resid_post.1', 'mlp_act.2', 'mlp_act.3']
    """
    texts = (texts,) if isinstance(texts, str) else tuple(texts)
    names = [str(site) for site in model.expand(at)]
    if not names:
        raise ValueError("no site was given; name at least one in at=, such as 'resid_post.*'")
    tokens = model.tokens(texts, padding=padding)
    parts = [model.read(tokens.rows(start, start + batch), at=names) for start in range(0, len(texts), batch)]
    sites = {name: torch.cat([part[name] for part in parts]) for name in names}
    provenance = {
        "model": model.name,
        "hash": model.hash,
        "texts": len(texts),
        "tokens": len(tokens),
        "bos": model.vocabulary.bos is not None,
        "dtype": str(model.hf.dtype).removeprefix("torch."),
    }
    return Recording(texts, tokens, sites, provenance)
