"""Standard names for the places in a transformer, and one row per model family.

A site is a string `stream.layer[.head]`, such as "resid_post.2" or "head_out.0.3";
`*` stands for every layer or every head. The spelling of TransformerLens
("blocks.8.hook_resid_pre") is understood too, because published dictionaries use it.

A family is a row that says which module holds each stream. A new family is a new
row and a parity test; no code asks which family it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

STREAMS = {
    "embed": "the token embeddings, [B, T, D]",
    "resid_pre": "the residual stream that enters a block, [B, T, D]",
    "head_out": "every head's contribution before the output projection, [B, T, H, d_head]",
    "pattern": "attention weights, [B, H, T, T]",
    "attn_out": "what attention adds to the residual stream, [B, T, D]",
    "resid_mid": "the residual stream between attention and MLP, [B, T, D]",
    "mlp_in": "what the MLP reads, [B, T, D]",
    "mlp_act": "the neurons: what the MLP's down-projection reads, [B, T, d_mlp]",
    "mlp_out": "what the MLP adds to the residual stream, [B, T, D]",
    "resid_post": "the residual stream that leaves a block, [B, T, D]",
    "final_norm": "the normalised residual stream that the unembedding reads, [B, T, D]",
    "logits": "the scores of the next token, [B, T, V]",
}
"""Every stream in the order in which a forward pass reaches it within its layer."""

WITHOUT_LAYER = ("embed", "final_norm", "logits")
WITH_HEADS = ("head_out", "pattern")

TRANSFORMER_LENS = {
    "hook_embed": "embed",
    "ln_final.hook_normalized": "final_norm",
    "hook_resid_pre": "resid_pre",
    "attn.hook_z": "head_out",
    "attn.hook_pattern": "pattern",
    "hook_attn_out": "attn_out",
    "hook_resid_mid": "resid_mid",
    "ln2.hook_normalized": "mlp_in",
    "mlp.hook_post": "mlp_act",
    "hook_mlp_out": "mlp_out",
    "hook_resid_post": "resid_post",
}


@dataclass(frozen=True)
class Site:
    """One place: a stream, its layer where it has one, a head where one is meant."""

    stream: str
    layer: int | None = None
    head: int | None = None

    def __str__(self) -> str:
        return ".".join(str(part) for part in (self.stream, self.layer, self.head) if part is not None)

    @property
    def whole(self) -> Site:
        """The same place with every head."""
        return Site(self.stream, self.layer)


@dataclass(frozen=True)
class Family:
    """Where one family of Hugging Face models keeps each stream: module paths.

    `blocks` and what stands above it are paths in the model; the rest are paths in a
    block. `attn_out` and `mlp_out` name the module whose output is added to the
    residual stream: a norm after attention (Gemma) belongs to what is added.
    `parallel_if` names a setting of the config under which attention and MLP read the
    same stream side by side, so that no stream lies between them.
    """

    model_types: tuple[str, ...]
    embed: str
    blocks: str
    final_norm: str
    attention: str
    head_out: str
    attn_out: str
    mlp: str
    mlp_act: str
    mlp_out: str
    parallel_if: str = ""

    @property
    def in_a_block(self) -> dict[str, str]:
        """The paths that every block must have, by field."""
        above = ("model_types", "embed", "blocks", "final_norm", "parallel_if")
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in above}


FAMILIES = (
    Family(
        ("llama", "mistral", "qwen2", "qwen3"),
        embed="model.embed_tokens", blocks="model.layers", final_norm="model.norm",
        attention="self_attn", head_out="self_attn.o_proj", attn_out="self_attn",
        mlp="mlp", mlp_act="mlp.down_proj", mlp_out="mlp",
    ),
    Family(
        ("gemma2", "gemma3_text"),
        embed="model.embed_tokens", blocks="model.layers", final_norm="model.norm",
        attention="self_attn", head_out="self_attn.o_proj", attn_out="post_attention_layernorm",
        mlp="mlp", mlp_act="mlp.down_proj", mlp_out="post_feedforward_layernorm",
    ),
    Family(
        ("gpt2",),
        embed="transformer.wte", blocks="transformer.h", final_norm="transformer.ln_f",
        attention="attn", head_out="attn.c_proj", attn_out="attn",
        mlp="mlp", mlp_act="mlp.c_proj", mlp_out="mlp",
    ),
    Family(
        ("gpt_neox",),
        embed="gpt_neox.embed_in", blocks="gpt_neox.layers", final_norm="gpt_neox.final_layer_norm",
        attention="attention", head_out="attention.dense", attn_out="attention",
        mlp="mlp", mlp_act="mlp.dense_4h_to_h", mlp_out="mlp", parallel_if="use_parallel_residual",
    ),
)  # fmt: skip


def family_of(model_type: str) -> Family:
    """The row for a Hugging Face `config.model_type`.

    Example:
        >>> from workbench.names import family_of
        >>> family_of("gpt2").blocks
        'transformer.h'
    """
    for family in FAMILIES:
        if model_type in family.model_types:
            return family
    known = ", ".join(sorted(t for family in FAMILIES for t in family.model_types))
    raise ValueError(
        f"no row for models of type {model_type!r}; there are rows for: {known}. "
        "Write one (workbench.names.Family) and pass it as wb.Model(..., family=row)."
    )


def parse(text: str) -> tuple[str, int | str | None, int | str | None]:
    """Split a site's name into stream, layer and head, where layer and head may be "*" or absent.

    Example:
        >>> from workbench.names import parse
        >>> parse("blocks.8.hook_resid_pre")
        ('resid_pre', 8, None)
    """
    text = canonical(text)
    stream, *rest = text.split(".")
    if stream not in STREAMS:
        raise ValueError(f"no stream {stream!r} (asked for {text!r}); there are: {', '.join(STREAMS)}")
    allowed = 0 if stream in WITHOUT_LAYER else 2 if stream in WITH_HEADS else 1
    least = 0 if stream in WITHOUT_LAYER else 1
    if not least <= len(rest) <= allowed or not all(re.fullmatch(r"\d+|\*", part) for part in rest):
        form = stream + ".layer" * (allowed > 0) + "[.head]" * (allowed > 1)
        raise ValueError(f"{text!r} does not name a site; write {form}, with a number or * for each")
    layer, head = [part if part == "*" else int(part) for part in rest] + [None] * (2 - len(rest))
    return stream, layer, head


def canonical(text: str) -> str:
    """A site's name in the workbench's own spelling; a name that is none comes back as it is.

    Example:
        >>> from workbench.names import canonical
        >>> canonical("blocks.1.hook_resid_post")
        'resid_post.1'
    """
    layer, hook = "", text
    if match := re.fullmatch(r"blocks\.(\d+|\*)\.(.+)", text):
        layer, hook = f".{match[1]}", match[2]
    return TRANSFORMER_LENS[hook] + layer if hook in TRANSFORMER_LENS else text


def transformer_lens(site: str) -> str:
    """A site's name in the spelling of TransformerLens, for files that other libraries read.

    Example:
        >>> from workbench.names import transformer_lens
        >>> transformer_lens("resid_post.1")
        'blocks.1.hook_resid_post'
    """
    stream, layer, head = parse(site)
    hooks = {ours: hook for hook, ours in TRANSFORMER_LENS.items()}
    if stream not in hooks or head is not None:
        raise ValueError(f"TransformerLens has no hook for {site!r}; it has them for: {', '.join(hooks)}")
    return hooks[stream] if layer is None else f"blocks.{layer}.{hooks[stream]}"


def expand(patterns: str | Iterable[str], *, n_layers: int, n_heads: int) -> list[Site]:
    """Every site that the patterns name, once each, in the order of a forward pass.

    Example:
        >>> from workbench.names import expand
        >>> [str(site) for site in expand("resid_post.*", n_layers=2, n_heads=4)]
        ['resid_post.0', 'resid_post.1']
    """
    found: set[Site] = set()
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        stream, layer, head = parse(str(pattern))
        layers = _numbers(pattern, "layer", layer, n_layers)
        heads = _numbers(pattern, "head", head, n_heads)
        found.update(Site(stream, one, other) for one in layers for other in heads)
    return sorted(found, key=forward_order)


def _numbers(pattern: str, what: str, asked: int | str | None, n: int) -> list[int | None]:
    if asked is None:
        return [None]
    if asked == "*":
        return list(range(n))
    if int(asked) >= n:
        raise ValueError(f"no {what} {asked} (asked for {str(pattern)!r}); the model has {what}s 0 to {n - 1}")
    return [int(asked)]


def forward_order(site: Site) -> tuple[float, int, int]:
    """A sort key: the order in which a forward pass reaches the sites."""
    layer = site.layer if site.layer is not None else -1 if site.stream == "embed" else float("inf")
    return layer, list(STREAMS).index(site.stream), -1 if site.head is None else site.head
