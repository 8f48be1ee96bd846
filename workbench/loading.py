"""Where a model comes from: the shipped ones, a folder, the hub. A broken folder is named.

This is the only file that may look something up on a network, and it does so only
for a name that is no local path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from .model import Model

ASSETS = Path(__file__).parent / "assets"
SHIPPED = {"atlas": 0, "atlas-b": 1}
"""The models that lie in the assets, and the seed of each."""


def load(name: str | Path | None = None, *, attention: str = "eager", device: str | None = None) -> Model:
    """Load a model: a shipped one, a local folder, or a name on the Hugging Face hub.

    Only a name that is no local path is looked up on the network. "eager" attention
    shows its patterns; "sdpa" is faster on long texts and does not.

    Args:
        name: None for the shipped model, atlas; "atlas-b" for its twin of another seed. Their twin before training
            is `wb.world.untrained()`.
        attention: the attention implementation, "eager" or "sdpa".
        device: where to put the weights; None for where they load.

    Raises:
        FileNotFoundError: the folder holds no model.

    Example:
        >>> import workbench as wb
        >>> wb.load().n_layers
        4
    """
    if name == "atlas-random" and not Path(name).exists():
        raise FileNotFoundError("atlas-random is made and not loaded: call wb.world.untrained()")
    shipped = name is None or (name in SHIPPED and not Path(name).exists())
    path = ASSETS / (name or "atlas") if shipped else Path(str(name)).expanduser()
    if not (shipped or path.exists()):
        return _from_hub(str(name), attention, device)
    remedy = "Name a folder that holds a whole one."
    if shipped:
        remedy = f"Rebuild it with `workbench world train --seed {SHIPPED[path.name]} --to {path}`."
    if not (path / "config.json").exists():
        raise FileNotFoundError(f"no model in {path}: there is no config.json. {remedy}")
    if broken := _broken(path):
        raise OSError(f"the model in {path} could not be loaded: {broken}. {remedy}")
    try:
        with _no_progress_bar():
            return _pretrained(str(path), attention, device, name=path.name, local_files_only=True)
    except (OSError, ValueError) as error:
        why = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        raise OSError(f"the model in {path} could not be loaded ({why}). {remedy}") from error


def _from_hub(name: str, attention: str, device: str | None) -> Model:
    if len(Path(name).parts) > 2 or name.startswith((".", "/", "~")):
        raise FileNotFoundError(
            f"no folder {name!r}; name a local folder, a model on the hub, or nothing for the shipped one"
        )
    try:
        return _pretrained(name, attention, device, name=Path(name).name, local_files_only=False)
    except OSError as error:
        raise OSError(
            f"no model {name!r} could be loaded: it is no local folder, and looking it up failed "
            f"({type(error).__name__}: {str(error).splitlines()[0]}). The shipped model is wb.load()."
        ) from error


def _pretrained(where: str, attention: str, device: str | None, *, name: str, local_files_only: bool) -> Model:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    hf = AutoModelForCausalLM.from_pretrained(
        where, dtype=torch.float32, attn_implementation=attention, local_files_only=local_files_only
    )
    tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=local_files_only)
    return Model(hf.to(device) if device else hf, tokenizer, name=name)


def _broken(folder: Path) -> str:
    """Which file of a folder is missing, cut short or changed, in words; "" if all is well.

    `training.json`, where there is one, may hold the SHA-256 of the weights.
    """
    from safetensors import SafetensorError, safe_open

    for file in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(file, framework="pt"):
                pass
        except (SafetensorError, OSError) as error:
            return f"{file.name} is cut short or no safetensors file ({error})"
    for file in (folder / "config.json", folder / "tokenizer.json", folder / "training.json"):
        try:
            about = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except ValueError as error:
            return f"{file.name} is no JSON ({error})"
    weights = folder / "model.safetensors"
    if isinstance(about, dict) and "sha256" in about:
        if not weights.exists():
            return f"there is no {weights.name}"
        if hashlib.sha256(weights.read_bytes()).hexdigest() != about["sha256"]:
            return f"{weights.name} is not the file that was written: its checksum differs"
    return ""


@contextmanager
def _no_progress_bar() -> Iterator[None]:
    """Reading a local folder takes a moment; downloads keep their bar."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
