"""The architectures: which features are on, how strongly, and what training minimises.

Each is one class that holds its encode and its loss; a new one is one class more and a row in
`ARCHITECTURES`. What they read and write, centring, folding and files are no matter of theirs.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .dictionaries import Dictionary, Loss, spread, squared
from .sparse import Pattern, above, decoded, encoded, largest, largest_of_all


class ReLU(Dictionary):
    """What is above 0 is on; a penalty keeps it little.

    f = relu(z),  loss = mean ‖y − ŷ‖² + λ · mean Σ_i f_i ‖d_i‖. Decoder rows are free: their norm is in the
    penalty, so that shrinking f and growing d gains nothing. They begin at norm .1, the encoder as their transpose.

    Source: Templeton et al. 2024, "Scaling Monosemanticity", §Sparse autoencoder methodology, and Conerly et al.
    2024, "Circuits Updates – April 2024", §Training sparse autoencoders.

    Args:
        l1: λ, for activations scaled to E‖x‖² = D.

    Example:
        >>> import torch
        >>> from workbench.decompose.architectures import ReLU
        >>> sae = ReLU(d_model=8, width=32, site="resid_post.0")
        >>> sae.encode(torch.randn(5, 8)).values.min() >= 0
        tensor(True)
    """

    architecture = "relu"
    own = ("l1",)
    centred = unit_norm = False
    own_scale = True

    def __init__(self, *, l1: float = 5.0, norm: float = 0.1, **shape: object) -> None:
        super().__init__(norm=norm, **shape)
        self.l1 = l1

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        return above(before, 0.0)

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."]:
        return z.relu()

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        y = x if y is None else y
        pattern, values = self._encoded(x, self.on)
        written = self._written(x, values, pattern)
        penalty = (values * self.norms().index_select(0, pattern.columns)).sum() / len(x)
        self._count_silence(pattern, values)
        return Loss(squared(y - written) + self.pressure * self.l1 * penalty, written.detach(), pattern, values)


class Gated(Dictionary):
    """A gate says which features are on, a second reading of the same rows how strongly.

    z = W_enc x + b_enc,  f = 1[z > 0] · relu(exp(r_mag) (z − b_enc) + b_mag),
    loss = mean ‖y − ŷ(f)‖² + λ · mean Σ_i relu(z_i) + mean ‖y − ŷ(relu(z))‖², the last with the decoder frozen:
    the penalty falls on the gate only, so it does not shrink what is on.

    Source: Rajamanoharan et al. 2024, "Improving Dictionary Learning with Gated Sparse Autoencoders", §3.2.

    Args:
        l1: λ.

    Example:
        >>> import torch
        >>> from workbench.decompose.architectures import Gated
        >>> sae, x = Gated(d_model=8, width=32, site="resid_post.0"), torch.randn(5, 8)
        >>> torch.equal(sae.encode(x).l0(), (sae.before(x) > 0).sum(-1).float())
        True
    """

    architecture = "gated"
    own = ("l1",)
    own_scale = True

    def __init__(self, *, l1: float = 1.0, **shape: object) -> None:
        super().__init__(**shape)
        self.l1 = l1
        self.r_mag = nn.Parameter(torch.zeros(self.width))
        self.b_mag = nn.Parameter(torch.zeros(self.width))

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        pattern, gate = above(before, 0.0)
        return pattern, self._magnitudes(gate, pattern)

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."]:
        strength = self.r_mag[feature].exp() * (z - self.b_enc[feature]) + self.b_mag[feature]
        return strength.relu() * (z > 0)

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        y = x if y is None else y
        pattern, gate = self._encoded(x, lambda z: above(z, 0.0))
        values = self._magnitudes(gate, pattern)
        written = self._written(x, values, pattern)
        frozen = decoded(gate, pattern, self.W_dec.detach()) + self.b_dec.detach()
        if self.W_skip is not None:
            frozen = frozen + x @ self.W_skip.detach().T
        penalty = self.pressure * self.l1 * gate.sum() / len(x)
        self._count_silence(pattern, values)
        return Loss(squared(y - written) + penalty + squared(y - frozen), written.detach(), pattern, values)

    def _magnitudes(self, gate: Float[Tensor, " M"], pattern: Pattern) -> Float[Tensor, " M"]:
        b_enc, r_mag, b_mag = (v.index_select(0, pattern.columns) for v in (self.b_enc, self.r_mag, self.b_mag))
        return ((gate - b_enc) * r_mag.exp() + b_mag).relu()

    def move(self, by: Float[Tensor, " F"]) -> None:
        self.b_enc += by
        self.b_mag += by * self.r_mag.exp()

    def rescale(self, by: float | Tensor) -> None:
        super().rescale(by)
        self.b_mag *= by


class TopK(Dictionary):
    """The k largest features of every token; no penalty is needed to keep them few.

    f = relu(topk(z)),  loss = mean ‖y − ŷ‖² ÷ mean ‖y − ȳ‖², plus the auxiliary loss with which features long
    silent reconstruct the error. Decoder rows have unit norm.

    Source: Gao et al. 2024, "Scaling and evaluating sparse autoencoders", §2.3 and A.2.

    Args:
        k: how many may be on at once.

    Example:
        >>> import torch
        >>> from workbench.decompose.architectures import TopK
        >>> sae = TopK(d_model=8, width=32, k=4, site="resid_post.0")
        >>> features = sae.encode(torch.randn(5, 8))
        >>> features.indices.shape, int(features.l0().max()) <= 4
        (torch.Size([5, 4]), True)
    """

    architecture = "topk"
    own = ("k",)
    auxiliary = 1 / 32

    def __init__(self, *, k: int, **shape: object) -> None:
        super().__init__(**shape)
        _check_k(k, self.width)
        self.k = k

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        pattern, values = self._largest(before)
        return pattern, values.relu()

    def _largest(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        values, columns = largest(before, self.k)
        return Pattern.rectangle(columns, self.width), values.reshape(-1)

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        y = x if y is None else y
        pattern, values = self._encoded(x, self._largest)
        values = values.relu()
        written = self._written(x, values, pattern)
        self._count_silence(pattern, values)
        total = squared(y - written) / spread(y) + self._revival(x, y - written)
        return Loss(total, written.detach(), pattern, values)


class _ByBatch(Dictionary):
    """The k · N largest features of a batch of N tokens are on; in use, those above a threshold."""

    auxiliary = 1 / 32
    memory = 0.99  # of the running mean of θ

    def __init__(self, *, k: int, **shape: object) -> None:
        super().__init__(**shape)
        _check_k(k, self.width)
        self.k = k
        self.register_buffer("threshold", torch.tensor(0.0))
        self.register_buffer("followed", torch.tensor(0.0), persistent=False)
        self._guess = 0.0

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        return above(before, self.threshold.clamp(min=0))

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."]:
        return z * (z > self.threshold.clamp(min=0))

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        y = x if y is None else y
        with torch.no_grad():
            pattern, values = self._chosen(x)
        values = encoded(x, self.W_enc, self.b_enc, pattern, values)
        self._count_silence(pattern, values)
        self._follow(values.detach())
        written, distance = self._reconstructed(x, y, values, pattern)
        total = distance / spread(y) + self._revival(x, y - written)
        return Loss(total, written.detach(), pattern, values)

    @abstractmethod
    def _reconstructed(self, x: Tensor, y: Tensor, values: Tensor, pattern: Pattern) -> tuple[Tensor, Tensor]:
        """What is written, and how far it is from y, as it is minimised."""

    def _chosen(self, x: Float[Tensor, "N D"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        """The k · N largest of z that are above 0.

        They are looked for above a guess: a little less than the least that was on in the batch before. A guess
        that was too high finds too few, and is lowered; so it changes the time and never the choice.
        """
        m = self.k * len(x)
        while True:
            guess = self._guess
            pattern, values = self.read(x, lambda z, guess=guess: above(z, guess))
            if len(values) >= m or guess == 0:
                break
            self._guess = guess / 2 if guess > 1e-3 else 0.0
        keep = largest_of_all(values, m)
        pattern, values = pattern.only(keep), values[keep]
        self._guess = 0.9 * float(values.min()) if len(values) == m else 0.0
        return pattern, values

    @torch.no_grad()
    def _follow(self, values: Float[Tensor, " M"]) -> None:
        """Move θ towards the least activation that is on: a running mean of all batches, later of the latest."""
        if len(values):
            self.followed += 1
            kept = min(self.memory, 1 - 1 / float(self.followed))
            self.threshold.copy_(torch.lerp(values.min(), self.threshold, kept))

    @torch.no_grad()
    def settle(self, x: Float[Tensor, "N D"]) -> None:
        """Set θ for the weights as they are: the mean of the least activation that is on in some batches."""
        least = [values.min() for part in x.split(2048) if len(values := self._chosen(part)[1])]
        if least:
            self.threshold.copy_(torch.stack(least).mean())

    def rescale(self, by: float | Tensor) -> None:
        super().rescale(by)
        self.threshold *= by


class BatchTopK(_ByBatch):
    """The k · N largest features of a batch of N tokens: a token takes as many as it needs, k on average.

    In use there is no batch: f = z · 1[z > θ], with θ the running mean of the least activation that was on in
    training. Loss, revival and unit norm as of TopK.

    Source: Bussmann et al. 2024, "BatchTopK Sparse Autoencoders", §3.

    Args:
        k: how many are on at a token, on average.

    Example:
        >>> import torch
        >>> from workbench.decompose.architectures import BatchTopK
        >>> sae = BatchTopK(d_model=8, width=32, k=4, site="resid_post.0")
        >>> len(sae.loss(torch.randn(5, 8)).values)
        20
    """

    architecture = "batch_topk"
    own = ("k",)

    def _reconstructed(self, x: Tensor, y: Tensor, values: Tensor, pattern: Pattern) -> tuple[Tensor, Tensor]:
        written = self._written(x, values, pattern)
        return written, squared(y - written)


class Matryoshka(_ByBatch):
    """BatchTopK whose first features must do alone: prefixes of the dictionary each reconstruct what is read.

    loss = mean over prefixes m of ‖y − b_dec − Σ_{i < m} f_i d_i‖² ÷ mean ‖y − ȳ‖², plus the auxiliary loss. Early
    features stay general, because the later, finer ones are not there to take over parts of them.

    Source: Bussmann et al. 2025, "Learning Multi-Level Features with Matryoshka Sparse Autoencoders", §3.

    Args:
        k: how many are on at a token, on average.
        prefixes: the lengths m, ascending, the last of them the width; by default F/16, F/8, F/4, F/2, F.

    Example:
        >>> from workbench.decompose.architectures import Matryoshka
        >>> Matryoshka(d_model=8, width=32, k=4, site="resid_post.0").prefixes
        (2, 4, 8, 16, 32)
    """

    architecture = "matryoshka"
    own = ("k", "prefixes")
    lists = ("prefixes",)

    def __init__(self, *, k: int, prefixes: Sequence[int] | None = None, **shape: object) -> None:
        super().__init__(k=k, **shape)
        halved = [self.width >> n for n in (4, 3, 2, 1, 0)]
        self.prefixes = tuple(prefixes) if prefixes is not None else tuple(sorted({m for m in halved if m}))
        if (
            list(self.prefixes) != sorted(set(self.prefixes))
            or self.prefixes[-1:] != (self.width,)
            or self.prefixes[0] < 1
        ):
            raise ValueError(
                f"prefixes {self.prefixes}: lengths from 1 on, ascending, the last of them the width, {self.width}"
            )

    def _reconstructed(self, x: Tensor, y: Tensor, values: Tensor, pattern: Pattern) -> tuple[Tensor, Tensor]:
        edges = torch.tensor(self.prefixes, device=x.device)
        cut, order = pattern.split(edges)
        parts = decoded(values[order], cut, self.W_dec).view(len(x), len(edges), -1)
        nested = parts.cumsum(1) + self.b_dec
        if self.W_skip is not None:
            nested = nested + (x @ self.W_skip.T)[:, None]
        return nested[:, -1], (y[:, None] - nested).square().sum(-1).mean()


class JumpReLU(Dictionary):
    """On is what is above a threshold of the feature's own, which is learnt.

    f = z · 1[z > θ],  loss = mean ‖y − ŷ‖² ÷ mean ‖y − ȳ‖² + λ (L0 / k − 1)², with L0 the mean number of features
    on. The step has no gradient; θ learns from those z that lie within ε/2 of it: ∂f/∂θ ≈ −(θ/ε) · 1[|z − θ| < ε/2]
    and ∂1[z > θ]/∂θ ≈ −(1/ε) · 1[|z − θ| < ε/2].

    Source: Rajamanoharan et al. 2024, "Jumping Ahead: Improving Reconstruction Fidelity with JumpReLU Sparse
    Autoencoders", §3 and, for the target of L0, its appendix.

    Args:
        k: how many are to be on at a token, on average.
        l0: λ.
        bandwidth: ε, as a share of √D: rows of the encoder begin at norm 1 and read ‖x‖ ≈ √D.

    Example:
        >>> import torch
        >>> from workbench.decompose.architectures import JumpReLU
        >>> sae, x = JumpReLU(d_model=8, width=32, k=4, site="resid_post.0"), torch.randn(5, 8)
        >>> features = sae.encode(x)
        >>> (features.values[features.values > 0] > sae.threshold[0]).all()
        tensor(True)
    """

    architecture = "jumprelu"
    own = ("k", "l0", "bandwidth")
    own_scale = True

    def __init__(self, *, k: int, l0: float = 1.0, bandwidth: float = 0.03, **shape: object) -> None:
        super().__init__(**shape)
        _check_k(k, self.width)
        self.k, self.l0, self.bandwidth = k, l0, bandwidth
        self.threshold = nn.Parameter(torch.full((self.width,), bandwidth * self.d_model**0.5))

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        return above(before, self.threshold.clamp(min=0))

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."]:
        return z * (z > self.threshold[feature].clamp(min=0))

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N O"] | None = None) -> Loss:
        y = x if y is None else y
        width = self.bandwidth * self.d_model**0.5
        pattern, z = self._encoded(x, lambda z: above(z, self.threshold - width / 2))
        threshold = self.threshold.index_select(0, pattern.columns)
        values = _Jump.apply(z, threshold, width)
        written = self._written(x, values, pattern)
        many = _Step.apply(z, threshold, width).sum() / len(x)
        self._count_silence(pattern, values)
        penalty = self.pressure * self.l0 * (many / self.k - 1).square()
        return Loss(squared(y - written) / spread(y) + penalty, written.detach(), pattern, values)

    @torch.no_grad()
    def tidy(self) -> None:
        super().tidy()
        self.threshold.clamp_(min=0)

    def rescale(self, by: float | Tensor) -> None:
        super().rescale(by)
        self.threshold *= by


class _Jump(torch.autograd.Function):
    """z · 1[z > θ], with the pseudo-derivative for θ."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, threshold: Tensor, width: float) -> Tensor:
        ctx.save_for_backward(z, threshold)
        ctx.width = width
        return z * (z > threshold)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        z, threshold = ctx.saved_tensors
        near = (z - threshold).abs() < ctx.width / 2
        return gradient * (z > threshold), -gradient * near * threshold / ctx.width, None


class _Step(torch.autograd.Function):
    """1[z > θ], with the pseudo-derivative for θ and none for z."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, threshold: Tensor, width: float) -> Tensor:
        ctx.save_for_backward(z, threshold)
        ctx.width = width
        return (z > threshold).to(z)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        z, threshold = ctx.saved_tensors
        near = (z - threshold).abs() < ctx.width / 2
        return None, -gradient * near / ctx.width, None


def _check_k(k: int, width: int) -> None:
    if not 1 <= k <= width:
        raise ValueError(f"k {k}: at least 1 and at most the width, {width}")


ARCHITECTURES = {cls.architecture: cls for cls in (ReLU, Gated, TopK, BatchTopK, Matryoshka, JumpReLU)}
"""Every architecture by the name that files and `train` call it."""
