"""Dictionaries on disk: safetensors for the weights, JSON for what they are. Never a pickle."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from ..names import canonical
from .dictionaries import ARCHITECTURES, Dictionary

SHIPPED = Path(__file__).parent.parent / "assets" / "atlas-dictionary"
CONFIG, WEIGHTS = "dictionary.json", "dictionary.safetensors"


def save(dictionary: Dictionary, to: str | Path, *, dtype: torch.dtype = torch.float32) -> Path:
    """Write a dictionary to a folder.

    Example:
        >>> import workbench as wb
        >>> folder = wb.decompose.save(wb.decompose.load(), tmp / "sae")
        >>> sorted(path.name for path in folder.iterdir())
        ['dictionary.json', 'dictionary.safetensors']
    """
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: weight.detach().to(dtype).contiguous() for name, weight in dictionary.state_dict().items()}
    beside = folder / f"{WEIGHTS}.part"
    save_file(weights, beside)
    beside.replace(folder / WEIGHTS)
    config = {
        "architecture": dictionary.architecture,
        "site": dictionary.site,
        **dictionary.settings(),
        "provenance": dictionary.provenance,
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n")
    return folder


def load(path: str | Path | None = None) -> Dictionary:
    """Load a dictionary: the shipped one, or one from a folder that `save` wrote.

    Raises:
        FileNotFoundError: the folder holds none.
        ValueError: an unknown architecture, or weights that do not fit the description.

    Example:
        >>> import workbench as wb
        >>> wb.decompose.load().site
        'resid_post.1'
    """
    folder = SHIPPED if path is None else Path(path)
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).exists():
            raise FileNotFoundError(
                f"no dictionary in {folder}: {name} is missing. "
                + ("Rebuild it with `workbench decompose train`." if path is None else "Name a folder that holds one.")
            )
    config = json.loads((folder / CONFIG).read_text())
    architecture, provenance = config.pop("architecture", None), config.pop("provenance", {})
    if architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture {architecture!r} ({folder}); there are: {', '.join(ARCHITECTURES)}")
    try:
        dictionary = ARCHITECTURES[architecture](**{**config, "site": canonical(config.get("site", ""))})
    except TypeError as error:
        raise ValueError(f"{folder / CONFIG} does not describe a {architecture} dictionary: {error}") from error
    weights = {name: weight.float() for name, weight in load_file(folder / WEIGHTS).items()}
    try:
        dictionary.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the weights in {folder} do not fit {CONFIG}: {error}") from error
    dictionary.provenance = provenance
    return dictionary.requires_grad_(False).eval()
