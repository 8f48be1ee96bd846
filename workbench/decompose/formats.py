"""Dictionaries on disk: our own files, and those that other libraries publish.

Reading is a table of formats, each with what it is known by and how it is read; every one
ends in the same few arrays, so what is loaded is an ordinary dictionary. Foreign key names
are in this file only. Differences between libraries that change no value are taken into the
weights: a decoder bias that is subtracted before encoding, a constant scale, decoder norms.
Nothing is ever unpickled: safetensors, JSON, arrays, or `torch.load(weights_only=True)`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..names import canonical, transformer_lens
from .architectures import ARCHITECTURES
from .dictionaries import Dictionary

SHIPPED = Path(__file__).parent.parent / "assets" / "dictionaries"
FIRST = "atlas-x16"
"""The shipped dictionary that is meant where none is named."""
CONFIG, WEIGHTS = "dictionary.json", "dictionary.safetensors"


@dataclass(frozen=True)
class Found:
    """What a file holds, in our terms.

    Attributes:
        architecture: its name in `ARCHITECTURES`.
        weights: W_enc [F, D], W_dec [F, O], b_enc [F], b_dec [O] and what else the architecture has.
        own: settings of the architecture.
        site: what is read; target: what is written, None for an autoencoder.
        subtracts: whether b_dec is subtracted from what is read.
        per_token: how every token is normalised before it is read; see `Dictionary`.
        about: what the file says of its making: model, BOS, L0, …
    """

    architecture: str
    weights: Mapping[str, Tensor]
    site: str | None
    own: Mapping[str, object] = field(default_factory=dict)
    target: str | None = None
    transcodes: bool = False
    subtracts: bool = False
    per_token: str = ""
    about: Mapping[str, object] = field(default_factory=dict)


# ---- public --------------------------------------------------------------------------------------


def load(
    name: str | Path | None = None,
    *,
    site: str | None = None,
    target: str | None = None,
    per_token: str | None = None,
) -> Dictionary:
    """Load a dictionary: a shipped one, a folder or file of any known format, or an id on the Hugging Face hub.

    Shipped are atlas-x4, atlas-x16 and atlas-x32 on the middle residual of atlas, atlas-b-x16 on that of its twin,
    and atlas-transcoder-0 to -3 on its MLPs. An id is "owner/repository/folder". Formats: our own, SAELens (also
    before version 6), Gemma Scope 1 and 2, dictionary_learning, sparsify. Only a name that is no local path is looked
    up on the network.

    Args:
        name: None for atlas-x16.
        site: what it reads, where the file does not say or says it wrongly.
        target: what a transcoder writes, likewise.
        per_token: how every token is normalised before it is read, likewise; "centre" for dictionaries that were
            trained on TransformerLens models with centred weights, such as gpt2-small-res-jb.

    Raises:
        FileNotFoundError: there is none.
        ValueError: a format or architecture that is not known, weights that do not fit, or a pickle.

    Example:
        >>> import workbench as wb
        >>> wb.decompose.load().site
        'resid_post.1'
    """
    shipped = name is None or (Path(name).name == str(name) and (SHIPPED / name).is_dir())
    folder = SHIPPED / (name or FIRST) if shipped else Path(name).expanduser()
    where = str(folder)
    if not folder.exists():
        if shipped or Path(name).is_absolute() or str(name).startswith((".", "~")):
            remedy = "Rebuild it with `workbench decompose train`." if shipped else "Name a folder that holds one."
            raise FileNotFoundError(f"no dictionary in {folder}. {remedy}")
        folder, where = _from_hub(str(name)), str(name)
    return _made(_read(folder, where), where, site, target, per_token)


def save(
    dictionary: Dictionary, to: str | Path, *, library: str = "workbench", dtype: torch.dtype = torch.float32
) -> Path:
    """Write a dictionary to a folder.

    Args:
        dictionary: what is written.
        to: the folder.
        library: "workbench", or "saelens" for what SAELens from version 6 on loads.
        dtype: of the weights.

    Raises:
        ValueError: an unknown format, or a dictionary that it cannot hold.

    Example:
        >>> import workbench as wb
        >>> folder = wb.decompose.save(wb.decompose.load(), tmp / "sae")
        >>> sorted(path.name for path in folder.iterdir())
        ['dictionary.json', 'dictionary.safetensors']
    """
    writers = {"workbench": _ours, "saelens": _for_saelens}
    if library not in writers:
        raise ValueError(f"no format of {library!r} to write; there are: {', '.join(writers)}")
    if dictionary.architecture not in ARCHITECTURES:
        raise ValueError(f"no file holds {dictionary.architecture}: they are the model's own; make them again from it")
    (config_name, config), (weights_name, weights) = writers[library](dictionary)
    folder = Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    held = {name: weight.detach().to("cpu", dtype).contiguous().clone() for name, weight in weights.items()}
    for path, write in (
        (folder / weights_name, lambda path: save_file(held, path)),
        (folder / config_name, lambda path: path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")),
    ):
        beside = path.with_name(path.name + ".part")
        write(beside)
        beside.replace(path)
    return folder


# ---- from files to a dictionary --------------------------------------------------------------------


def _from_hub(name: str) -> Path:
    parts = name.split("/")
    if len(parts) < 2:
        raise FileNotFoundError(f"no folder {name!r}; name a local one, or an id on the hub: owner/repository/folder")
    from huggingface_hub import snapshot_download

    repository, folder = "/".join(parts[:2]), "/".join(parts[2:])
    try:
        known = sorted({file for files, _ in FORMATS.values() for file in files} | {"sparsity.safetensors"})
        held = snapshot_download(repository, allow_patterns=[f"{folder}/*", folder] if folder else known)
    except Exception as error:
        why = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        raise FileNotFoundError(
            f"no dictionary {name!r} could be loaded: it is no local path, and looking it up failed ({why}). "
            "The shipped one is wb.decompose.load()."
        ) from error
    if not (Path(held) / folder).exists():
        raise FileNotFoundError(f"{repository} on the hub holds no {folder!r}")
    return Path(held) / folder


def _read(path: Path, where: str) -> Found:
    folder = path if path.is_dir() else path.parent
    for name, (known_by, read) in FORMATS.items():
        if all((folder / file).exists() for file in known_by):
            try:
                return read(folder, where)
            except KeyError as error:
                raise ValueError(f"{where} looks like {name}, but has no {error}") from error
    there = ", ".join(sorted(p.name for p in folder.iterdir())[:12]) or "nothing"
    known = "; ".join(f"{name}: {' and '.join(files)}" for name, (files, _) in FORMATS.items())
    raise FileNotFoundError(f"no dictionary of a known format in {where}, which holds {there}. Known are {known}.")


def _made(found: Found, where: str, site: str | None, target: str | None, per_token: str | None) -> Dictionary:
    if found.architecture not in ARCHITECTURES:
        raise ValueError(f"no architecture {found.architecture!r} ({where}); there are: {', '.join(ARCHITECTURES)}")
    reads = site or found.site
    if reads is None:
        raise ValueError(f"{where} does not say which site it reads; say it with site=, such as 'resid_post.12'")
    weights = {name: weight.float() for name, weight in found.weights.items()}
    (width, d_model), d_out = weights["W_enc"].shape, weights["W_dec"].shape[1]
    shape: dict = {"d_model": d_model, "width": width, "site": _named(reads)}
    if found.transcodes and not (target or found.target):
        raise ValueError(f"{where} holds a transcoder and does not say what it writes; say it with target=")
    if writes := target or found.target:
        shape |= {"target": _named(writes), "d_out": d_out, "skip": "W_skip" in weights}
    try:
        dictionary = ARCHITECTURES[found.architecture](
            **shape, **found.own, per_token=found.per_token if per_token is None else per_token
        )
        # what a file leaves out is 0: maxima and densities, which no other library keeps
        missing, extra = dictionary.load_state_dict(weights, strict=False)
        if extra or set(missing) - {"maxima", "density"}:
            raise RuntimeError(f"missing {sorted(set(missing) - {'maxima', 'density'})}, unknown {sorted(extra)}")
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"the weights in {where} do not fit a {found.architecture} dictionary: {error}") from error
    dictionary.requires_grad_(False).eval()
    if found.subtracts:
        dictionary.move(-dictionary.W_enc @ dictionary.b_dec)
    dictionary.provenance = dict(found.about)
    return dictionary


def _named(site: str | list) -> str | tuple[str, ...]:
    return canonical(site) if isinstance(site, str) else tuple(map(canonical, site))


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON: {error}") from error


def _tensors(path: Path) -> dict[str, Tensor]:
    """The arrays of a file, whatever its kind; never a pickle."""
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as held:
                return {name: torch.from_numpy(held[name]) for name in held}
        if path.suffix == ".pt":
            return torch.load(path, map_location="cpu", weights_only=True)
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path} is cut short or no safetensors file: {error}") from error
    except Exception as error:
        raise ValueError(
            f"{path} holds more than arrays, or is cut short, and is refused: "
            f"{type(error).__name__}: {str(error).splitlines()[0]}"
        ) from error


# ---- our own -----------------------------------------------------------------------------------------


def _ours(dictionary: Dictionary) -> tuple[tuple[str, dict], tuple[str, dict[str, Tensor]]]:
    reads, writes = (list(ends) if len(ends) > 1 else ends[0] for ends in (dictionary.reads, dictionary.writes))
    config = {"architecture": dictionary.architecture, "site": reads}
    config |= {"target": writes} if dictionary.writes != dictionary.reads else {}
    config |= dictionary.settings() | {"provenance": dictionary.provenance}
    return (CONFIG, config), (WEIGHTS, dictionary.state_dict())


def _read_ours(folder: Path, where: str) -> Found:
    config = _json(folder / CONFIG)
    weights = _tensors(folder / WEIGHTS)
    architecture, about = config.pop("architecture"), config.pop("provenance", {})
    site, target = config.pop("site"), config.pop("target", None)
    for name in ("d_model", "width", "d_out", "skip"):
        config.pop(name, None)
    per_token = config.pop("per_token", "")
    return Found(architecture, weights, site, config, target, per_token=per_token, about=about)


# ---- SAELens -------------------------------------------------------------------------------------------

_SAELENS = {
    "standard": "relu",
    "topk": "topk",
    "batchtopk": "batch_topk",
    "matryoshka_batchtopk": "batch_topk",
    "jumprelu": "jumprelu",
    "gated": "gated",
    "transcoder": "relu",
    "skip_transcoder": "relu",
    "jumprelu_transcoder": "jumprelu",
    "jumprelu_skip_transcoder": "jumprelu",
}
_CENTRED = ("resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_out")
"""What TransformerLens centres when it centres the weights that write to the residual stream."""
_PER_TOKEN = {"layer_norm": "layer_norm", "constant_norm_rescale": "norm"}


def _read_saelens(folder: Path, where: str) -> Found:
    config = _json(folder / "cfg.json")
    meta = config.get("metadata") or config  # before version 6 everything lay side by side
    architecture = config.get("architecture") or "standard"
    activation = config.get("activation_fn_str", config.get("activation_fn"))
    if activation not in (None, "relu", "topk"):
        raise ValueError(f"{where}: SAELens's activation {activation!r} is not known; there are: relu, topk")
    if activation == "topk":
        architecture = "topk"
        config["k"] = config["activation_fn_kwargs"]["k"]
    if architecture not in _SAELENS:
        raise ValueError(
            f"{where}: SAELens's architecture {architecture!r} is not known; there are: {', '.join(_SAELENS)}"
        )
    w = _tensors(folder / "sae_weights.safetensors")
    ours = {"W_enc": w["W_enc"].T, "W_dec": w["W_dec"], "b_dec": w["b_dec"]}
    ours["b_enc"] = w["b_gate"] if architecture == "gated" else w["b_enc"]
    own: dict = {"k": config["k"]} if "k" in config and _SAELENS[architecture] in ("topk", "batch_topk") else {}
    if architecture == "gated":
        ours |= {"b_mag": w["b_mag"], "r_mag": w["r_mag"]}
    if _SAELENS[architecture] == "jumprelu":
        ours["threshold"] = w["threshold"].relu() if "threshold" in w else w["log_threshold"].exp()
        own["k"] = 1
    if _SAELENS[architecture] == "batch_topk":
        ours["threshold"] = w["topk_threshold"]
    if "W_skip" in w:
        ours["W_skip"] = w["W_skip"]
    factor = w.get("finetuning_scaling_factor", w.get("scaling_factor"))
    if factor is not None and config.get("finetuning_scaling_factor"):
        ours["W_dec"] = ours["W_dec"] * factor[:, None]
    if config.get("rescale_acts_by_decoder_norm"):  # chosen and given in units of the decoder's norm
        norms = ours["W_dec"].norm(dim=-1).clamp(min=1e-8)
        ours |= {"W_enc": ours["W_enc"] * norms[:, None], "b_enc": ours["b_enc"] * norms}
        ours["W_dec"] = ours["W_dec"] / norms[:, None]
    normalises = config.get("normalize_activations")
    if normalises in (True, "expected_average_only_in", "covariance_whitening"):
        raise ValueError(
            f"{where} was trained on activations normalised by {normalises!r}, and the constants are not in the file. "
            "Fold them in with SAELens and save it again."
        )
    transcodes = "transcoder" in architecture
    target = (meta.get("hook_name_out") or config.get("hook_name_out")) if transcodes else None
    site = meta.get("hook_name") or meta.get("hook_point")
    if (head := meta.get("hook_head_index", meta.get("hook_point_head_index"))) is not None and site:
        site = f"{canonical(site)}.{head}"
    about = {"format": "SAELens", "model": meta.get("model_name"), "bos": meta.get("prepend_bos", True)}
    about |= {"context": meta.get("context_size"), "dataset": meta.get("dataset_path")}
    if (folder / "sparsity.safetensors").exists():
        about["l0"] = float((10 ** _tensors(folder / "sparsity.safetensors")["sparsity"].float()).sum())
    centres = (meta.get("model_from_pretrained_kwargs") or {}).get("center_writing_weights")
    written = not transcodes and any(f"hook_{stream}" in str(site) for stream in _CENTRED)
    per_token = _PER_TOKEN.get(normalises, "centre" if centres and written else "")
    subtracts = config.get("apply_b_dec_to_input", True) and not transcodes
    return Found(_SAELENS[architecture], ours, site, own, target, transcodes, subtracts, per_token, about)


_FOR_SAELENS = {"relu": "standard", "gated": "gated", "topk": "topk"}
_FOR_SAELENS |= dict.fromkeys(("batch_topk", "matryoshka", "jumprelu"), "jumprelu")  # in use all have thresholds


def _for_saelens(dictionary: Dictionary) -> tuple[tuple[str, dict], tuple[str, dict[str, Tensor]]]:
    """What SAELens reads: thresholds instead of batches, its own names, nothing subtracted."""
    if len(dictionary.reads) > 1 or len(dictionary.writes) > 1:
        raise ValueError("SAELens has no crosscoders; save it in our own format")
    transcodes = dictionary.writes != dictionary.reads
    w = dict(dictionary.named_parameters())
    weights = {"W_enc": w["W_enc"].T, "W_dec": w["W_dec"], "b_dec": w["b_dec"]}
    config: dict = {"d_in": dictionary.d_model, "d_sae": dictionary.width, "dtype": "float32", "device": "cpu"}
    kind = _FOR_SAELENS.get(dictionary.architecture)
    if kind is None:
        raise ValueError(f"SAELens has no {dictionary.architecture}; save it in our own format")
    if transcodes:
        if kind in ("topk", "gated"):
            raise ValueError(f"SAELens has no {kind} transcoders; save it in our own format")
        parts = ["jumprelu"] * (kind == "jumprelu") + ["skip"] * dictionary.skips + ["transcoder"]
        config |= {"d_out": dictionary.d_out}
        name = "_".join(parts)
    else:
        name = kind
    weights |= (
        {"b_gate": w["b_enc"], "b_mag": w["b_mag"], "r_mag": w["r_mag"]} if kind == "gated" else {"b_enc": w["b_enc"]}
    )
    if kind == "jumprelu":
        weights["threshold"] = dictionary.threshold.clamp(min=0).expand(dictionary.width)
    if kind == "topk":
        config |= {"k": dictionary.k, "rescale_acts_by_decoder_norm": False}
    if dictionary.skips:
        weights["W_skip"] = w["W_skip"]
    per_token = {ours: theirs for theirs, ours in _PER_TOKEN.items()}.get(dictionary.per_token, "none")
    about = dictionary.provenance
    meta = {"model_name": about.get("model"), "hook_name": transformer_lens(dictionary.site), "hook_head_index": None}
    meta |= {"prepend_bos": bool(about.get("bos", True)), "sae_lens_version": "6.0.0"}
    if transcodes:
        meta |= {"hook_name_out": transformer_lens(dictionary.target)}
    if dictionary.per_token == "centre":
        meta |= {"model_from_pretrained_kwargs": {"center_writing_weights": True}}
    config |= {"architecture": name, "apply_b_dec_to_input": False, "normalize_activations": per_token}
    reshape = "hook_z" if dictionary.site.startswith("head_out") else "none"
    config |= {"reshape_activations": reshape, "metadata": meta}
    return ("cfg.json", config), ("sae_weights.safetensors", weights)


# ---- Gemma Scope -----------------------------------------------------------------------------------------

_SCOPE_SITES = (
    ("transcoder", "mlp_in", "mlp_out"),
    ("-transcoders", "mlp_in", "mlp_out"),
    ("resid_post", "resid_post", None),
    ("attn_out", "head_out", None),
    ("mlp_out", "mlp_out", None),
    ("-res", "resid_post", None),
    ("-mlp", "mlp_out", None),
    ("-att", "head_out", None),
)


def _scope_sites(where: str) -> tuple[str | None, str | None]:
    """What the names of release and folders say of the sites; Gemma Scope keeps them nowhere else."""
    named = where.replace("\\", "/").split("/")
    release = next((n for n, part in enumerate(named) if part.startswith("gemma-scope")), None)
    parts = named if release is None else named[release:]
    if "embedding" in parts:
        return "embed", None
    layer = next((found[1] for part in parts if (found := re.match(r"layer_(\d+)", part))), None)
    for mark, site, target in _SCOPE_SITES:
        if layer and any(part.endswith(mark) or part.startswith(mark) for part in parts if part != "-"):
            return f"{site}.{layer}", target and f"{target}.{layer}"
    return None, None


def _read_gemma_scope(folder: Path, where: str) -> Found:
    file = next(folder / name for name in ("params.npz", "params.safetensors") if (folder / name).exists())
    w = {name.lower(): weight for name, weight in _tensors(file).items()}
    ours = {"W_enc": w["w_enc"].T, "W_dec": w["w_dec"], "b_enc": w["b_enc"], "b_dec": w["b_dec"]}
    ours["threshold"] = w["threshold"].relu()
    if "affine_skip_connection" in w:
        ours["W_skip"] = w["affine_skip_connection"].T
    site, target = _scope_sites(where)
    if site == "embed":  # trained on embeddings without Gemma's factor √d
        root = ours["W_enc"].shape[1] ** 0.5
        ours |= {"W_enc": ours["W_enc"] / root, "W_dec": ours["W_dec"] * root}
    about: dict = {"format": "Gemma Scope", "bos": True}
    if l0 := re.search(r"average_l0_(\d+)", where):
        about["l0"] = float(l0[1])
    if model := re.search(r"gemma-scope-(?:2-)?(\w+-\w+)", where):
        about["model"] = f"gemma-{'3' if 'scope-2-' in where else '2'}-{model[1].removesuffix('-pt')}"
    own = {"k": max(1, round(about.get("l0", 1)))}
    transcodes = target is not None or ours["W_dec"].shape[1] != ours["W_enc"].shape[1]
    return Found("jumprelu", ours, site, own, target, transcodes, about=about)


# ---- dictionary_learning ---------------------------------------------------------------------------------


def _read_dictionary_learning(folder: Path, where: str) -> Found:
    config = _json(folder / "config.json")["trainer"]
    w = _tensors(folder / "ae.pt")
    kind = config["dict_class"]
    if "W_enc" in w:
        ours = {"W_enc": w["W_enc"].T, "W_dec": w["W_dec"], "b_enc": w["b_enc"], "b_dec": w["b_dec"]}
    else:
        bias = next(w[name] for name in ("b_dec", "bias", "decoder_bias", "decoder.bias") if name in w)
        ours = {"W_enc": w["encoder.weight"], "W_dec": w["decoder.weight"].T, "b_dec": bias}
        ours["b_enc"] = w["gate_bias"] if kind == "GatedAutoEncoder" else w["encoder.bias"]
    own: dict = {}
    if kind in ("AutoEncoder", "AutoEncoderNew"):
        architecture = "relu"
        if kind == "AutoEncoder":  # its own loader gives activations in units of the decoder's norm
            norms = ours["W_dec"].norm(dim=-1)
            ours |= {"W_enc": ours["W_enc"] * norms[:, None], "b_enc": ours["b_enc"] * norms}
            ours["W_dec"] = ours["W_dec"] / norms[:, None]
    elif kind == "GatedAutoEncoder":
        architecture = "gated"
        ours |= {"r_mag": w["r_mag"], "b_mag": w["mag_bias"]}
    elif kind == "AutoEncoderTopK":
        architecture, own = "topk", {"k": int(w["k"])}
    elif kind in ("BatchTopKSAE", "MatryoshkaBatchTopKSAE"):
        architecture, own = "batch_topk", {"k": int(w["k"])}
        ours["threshold"] = w["threshold"].float().relu()  # −1 until it was measured: everything above 0
    elif kind == "JumpReluAutoEncoder":
        architecture, own = "jumprelu", {"k": 1}
        ours["threshold"] = w["threshold"]
    else:
        raise ValueError(f"{where}: dictionary_learning's {kind!r} is not known")
    submodule, layer = config.get("submodule_name"), config.get("layer")
    named = re.fullmatch(r"(resid_pre|resid_post|mlp_out|attn_out)_layer_?(\d+)", submodule or "")
    site = f"{named[1]}.{named[2]}" if named else None if submodule or layer is None else f"resid_post.{layer}"
    about: dict = {"format": "dictionary_learning", "model": config.get("lm_name")}
    if (folder / "eval_results.json").exists():
        results = _json(folder / "eval_results.json")
        about |= {ours: results[theirs] for theirs, ours in _DL_RESULTS.items() if theirs in results}
    return Found(
        architecture, ours, site, own, subtracts=kind not in ("AutoEncoderNew", "JumpReluAutoEncoder"), about=about
    )


_DL_RESULTS = {"l0": "l0", "frac_variance_explained": "explained_variance"}


# ---- sparsify --------------------------------------------------------------------------------------------


def _read_sparsify(folder: Path, where: str) -> Found:
    config = _json(folder / "cfg.json")
    w = _tensors(folder / "sae.safetensors")
    if config.get("activation", "topk") != "topk":
        raise ValueError(f"{where}: sparsify's activation {config['activation']!r} is not known; there is: topk")
    ours = {"W_enc": w["encoder.weight"], "b_enc": w["encoder.bias"], "W_dec": w["W_dec"], "b_dec": w["b_dec"]}
    if "W_skip" in w:
        ours["W_skip"] = w["W_skip"]
    transcodes = bool(config.get("transcode"))
    place = re.search(r"(?:layers|h)\.(\d+)(?:\.(mlp|self_attn|attention|attn))?$", folder.as_posix())
    part = {None: "resid_post", "mlp": "mlp_out"}.get(place[2], "attn_out") if place else None
    site = f"{part}.{place[1]}" if place else "embed" if folder.name.endswith("embed_tokens") else None
    target = None
    if transcodes and place:
        read = {"mlp_out": "mlp_in", "resid_post": "resid_pre"}.get(part)
        target, site = site, f"{read}.{place[1]}" if read else None
    if config.get("signed"):
        raise ValueError(f"{where}: sparsify's signed dictionaries have activations below 0, which are not known here")
    own, about = {"k": config["k"]}, {"format": "sparsify"}
    return Found("topk", ours, site, own, target, transcodes, subtracts=not transcodes, about=about)


FORMATS: dict[str, tuple[tuple[str, ...], Callable[[Path, str], Found]]] = {
    "our own": ((CONFIG, WEIGHTS), _read_ours),
    "SAELens": (("cfg.json", "sae_weights.safetensors"), _read_saelens),
    "sparsify": (("cfg.json", "sae.safetensors"), _read_sparsify),
    "dictionary_learning": (("config.json", "ae.pt"), _read_dictionary_learning),
    "Gemma Scope 1": (("params.npz",), _read_gemma_scope),
    "Gemma Scope 2": (("params.safetensors",), _read_gemma_scope),
}
"""Every format that can be read: the files that it is known by, and how it is read."""
