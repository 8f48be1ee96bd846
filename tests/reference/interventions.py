"""Interventions spelt out with loops over tokens: slow, on one unpadded text, independent of the library's own.

`edited` registers a hook of its own on a Llama's modules and rewrites one token at a time; what is to be written is
given as plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

Rewrite = Callable[[int, Tensor], Tensor]
"""Token number and the value there → the value that is put there."""


@torch.no_grad()
def edited(hf: nn.Module, ids: Tensor, at: str, rewrite: Rewrite, heads: int = 1) -> Tensor:
    """Logits of one text of a Llama whose values at `attn_out.l`, `mlp_out.l`, `head_out.l`, `mlp_act.l` or
    `resid_post.l` are rewritten token by token."""
    stream, layer = at.split(".")[:2]
    block = hf.model.layers[int(layer)]
    inside = {"head_out": block.self_attn.o_proj, "mlp_act": block.mlp.down_proj}
    outside = {"attn_out": block.self_attn, "mlp_out": block.mlp, "resid_post": block}

    def rewritten(x: Tensor) -> Tensor:
        rows = []
        for number in range(x.shape[1]):
            value = x[0, number]
            value = value.view(heads, -1) if stream == "head_out" else value
            rows.append(rewrite(number, value.clone()).reshape(-1))
        return torch.stack(rows)[None]

    def before(module: nn.Module, args: tuple) -> tuple:
        return (rewritten(args[0]), *args[1:])

    def after(module: nn.Module, args: object, out: object) -> object:
        return (rewritten(out[0]), *out[1:]) if isinstance(out, tuple) else rewritten(out)

    if stream in inside:
        handle = inside[stream].register_forward_pre_hook(before)
    else:
        handle = outside[stream].register_forward_hook(after)
    try:
        return hf(input_ids=ids, use_cache=False).logits
    finally:
        handle.remove()


@torch.no_grad()
def written(hf: nn.Module, ids: list[int], n: int, change: Callable[[list[int]], Tensor]) -> list[int]:
    """Greedy generation that reads the whole text again for every token; `change` gives the logits of a text."""
    out = list(ids)
    for _ in range(n):
        out.append(int(change(out)[0, -1].argmax()))
    return out[len(ids) :]


def aligned(a: list[int], b: list[int]) -> list[int]:
    """Which token of b stands in the place of each of a: common beginning and end by themselves, the rest in pairs."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    pairs = []
    for i in range(len(a)):
        if i < head:
            pairs.append(i)
        elif i >= len(a) - tail:
            pairs.append(len(b) - (len(a) - i))
        else:
            pairs.append(i if i < len(b) - tail else -1)
    return pairs
