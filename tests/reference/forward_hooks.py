"""Sites read with plain forward hooks: slow, spelt out by hand for each family, independent of `workbench.names`."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def _first(value: object) -> Tensor:
    return value[0] if isinstance(value, tuple) else value


def _modules(hf: nn.Module) -> tuple[nn.Module, nn.Module, list[dict[str, nn.Module]]]:
    """Embedding, final norm, and for each block its modules by role, written out for each class of model."""
    kind = type(hf).__name__
    if kind == "GPT2LMHeadModel":
        body = hf.transformer
        rows = [
            {"block": b, "attn": b.attn, "proj": b.attn.c_proj, "attn_out": b.attn, "mlp": b.mlp, "down": b.mlp.c_proj,
             "mlp_out": b.mlp, "second_norm": b.ln_2}
            for b in body.h
        ]  # fmt: skip
        return body.wte, body.ln_f, rows
    if kind == "GPTNeoXForCausalLM":
        body = hf.gpt_neox
        rows = [
            {"block": b, "attn": b.attention, "proj": b.attention.dense, "attn_out": b.attention, "mlp": b.mlp,
             "down": b.mlp.dense_4h_to_h, "mlp_out": b.mlp, "second_norm": b.post_attention_layernorm}
            for b in body.layers
        ]  # fmt: skip
        return body.embed_in, body.final_layer_norm, rows
    body, gemma = hf.model, kind.startswith("Gemma")
    rows = [
        {"block": b, "attn": b.self_attn, "proj": b.self_attn.o_proj, "mlp": b.mlp, "down": b.mlp.down_proj,
         "attn_out": b.post_attention_layernorm if gemma else b.self_attn,
         "mlp_out": b.post_feedforward_layernorm if gemma else b.mlp,
         "second_norm": b.pre_feedforward_layernorm if gemma else b.post_attention_layernorm}
        for b in body.layers
    ]  # fmt: skip
    return body.embed_tokens, body.norm, rows


@torch.no_grad()
def record(hf: nn.Module, ids: Tensor, heads: int) -> dict[str, Tensor]:
    """Every site of one unpadded text, and the logits."""
    seen: dict[str, Tensor] = {}
    handles = []

    def output(module: nn.Module, name: str, pick: Callable = _first) -> None:
        handles.append(module.register_forward_hook(lambda m, a, out: seen.__setitem__(name, pick(out).clone())))

    def input_(module: nn.Module, name: str, shape: Callable = lambda x: x) -> None:
        def hook(m: nn.Module, args: tuple, kwargs: dict) -> None:
            x = args[0] if args else kwargs["hidden_states"]
            seen[name] = shape(x).clone()

        handles.append(module.register_forward_pre_hook(hook, with_kwargs=True))

    embed, norm, rows = _modules(hf)
    output(embed, "embed")
    output(norm, "final_norm")
    for i, row in enumerate(rows):
        input_(row["block"], f"resid_pre.{i}")
        input_(row["proj"], f"head_out.{i}", lambda x: x.view(*x.shape[:-1], heads, -1))
        output(row["attn"], f"pattern.{i}", lambda out: out[1])
        output(row["attn_out"], f"attn_out.{i}")
        input_(row["second_norm"], f"resid_mid.{i}")
        input_(row["mlp"], f"mlp_in.{i}")
        input_(row["down"], f"mlp_act.{i}")
        output(row["mlp_out"], f"mlp_out.{i}")
        output(row["block"], f"resid_post.{i}")
    try:
        seen["logits"] = hf(input_ids=ids, use_cache=False).logits
    finally:
        for handle in handles:
            handle.remove()
    return seen
