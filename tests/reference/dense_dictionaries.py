"""The losses of every architecture written densely, straight from the papers, for plain autograd.

Slow and independent: it shares no code with `workbench.decompose`. Weights come in as a
dictionary of tensors by name; x and y are data.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

Weights = Mapping[str, Tensor]


def before(w: Weights, x: Tensor) -> Tensor:
    return x @ w["W_enc"].T + w["b_enc"]


def written(w: Weights, x: Tensor, f: Tensor) -> Tensor:
    out = f @ w["W_dec"] + w["b_dec"]
    return out + x @ w["W_skip"].T if "W_skip" in w else out


def mse(a: Tensor, b: Tensor) -> Tensor:
    return ((a - b) ** 2).sum(-1).mean()


def spread(y: Tensor) -> Tensor:
    return mse(y, y.mean(0, keepdim=True))


def revival(w: Weights, x: Tensor, error: Tensor, dead: Tensor, alpha: float) -> Tensor:
    z = before(w, x)[:, dead]
    k = min(int(dead.sum()), x.shape[1] // 2)
    kept = torch.zeros_like(z).scatter(1, z.topk(k).indices, 1.0)
    guess = (z.relu() * kept) @ w["W_dec"][dead]
    error = error.detach()
    return alpha * ((error - guess) ** 2).sum() / (error**2).sum()


def relu(w: Weights, x: Tensor, y: Tensor, *, l1: float, sites: int) -> Tensor:
    f = before(w, x).relu()
    norms = sum(part.norm(dim=1) for part in w["W_dec"].chunk(sites, dim=1))
    return mse(y, written(w, x, f)) + l1 * (f * norms).sum(1).mean()


def gated(w: Weights, x: Tensor, y: Tensor, *, l1: float) -> Tensor:
    z = before(w, x)
    gate = (z > 0).float()
    magnitude = (x @ (w["W_enc"] * w["r_mag"].exp()[:, None]).T + w["b_mag"]).relu()
    frozen = {name: weight.detach() if name in ("W_dec", "b_dec", "W_skip") else weight for name, weight in w.items()}
    return mse(y, written(w, x, gate * magnitude)) + l1 * z.relu().sum(1).mean() + mse(y, written(frozen, x, z.relu()))


def topk_features(w: Weights, x: Tensor, k: int) -> Tensor:
    z = before(w, x)
    return z.relu() * torch.zeros_like(z).scatter(1, z.topk(k).indices, 1.0)


def topk(w: Weights, x: Tensor, y: Tensor, *, k: int) -> Tensor:
    return mse(y, written(w, x, topk_features(w, x, k))) / spread(y)


def batch_topk_features(w: Weights, x: Tensor, k: int) -> Tensor:
    z = before(w, x).relu()
    return z * (z >= z.flatten().topk(k * len(x)).values.min())


def batch_topk(w: Weights, x: Tensor, y: Tensor, *, k: int) -> Tensor:
    return mse(y, written(w, x, batch_topk_features(w, x, k))) / spread(y)


def matryoshka(w: Weights, x: Tensor, y: Tensor, *, k: int, prefixes: tuple[int, ...]) -> Tensor:
    f = batch_topk_features(w, x, k)
    losses = [mse(y, written(w, x, f * (torch.arange(f.shape[1]) < m))) for m in prefixes]
    return sum(losses) / len(losses) / spread(y)


def jumprelu(w: Weights, x: Tensor, y: Tensor, *, k: int, l0: float, width: float) -> Tensor:
    z, theta = before(w, x), w["threshold"]
    step, near = (z > theta).float(), ((z - theta).abs() < width / 2).float()
    # z · step with the straight-through term: its value is 0, its derivative for θ is that of the paper
    through = -(theta - theta.detach()) * near / width
    f = z * step + theta.detach() * through
    count = (step + through).sum(1).mean()
    return mse(y, written(w, x, f)) / spread(y) + l0 * (count / k - 1) ** 2
