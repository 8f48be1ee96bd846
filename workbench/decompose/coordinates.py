"""A site's own coordinates as a dictionary, nothing learnt: above all, the neurons of an MLP.

Whatever can be asked of features, which concept they tell, what they fire on, which other they go with, can then
be asked of neurons in the same words, so that what a dictionary gains is seen against what was there before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..model import Model
from ..names import canonical
from .dictionaries import Dictionary, Features, Loss
from .sparse import Pattern, above

BATCH = 32
SIDES = {"positive": (1.0,), "negative": (-1.0,), "both": (1.0, -1.0)}
"""Which side of each neuron is a feature, or both: then those of the negative side come after all others."""


class Neurons(Dictionary):
    """Feature i is neuron i; its activation is one side of the neuron's value, by default the positive part.

    f_i = max(0, s x_i) with s = 1 for the positive side and −1 for the negative; ŷ = Σ_i f_i s e_i, so that both
    sides together give x back exactly, and one side gives its own part. `W_enc` and `W_dec`, ± the identity, are made
    when they are asked for; nothing here needs them. `neurons` measures density and maxima too.

    Args:
        reads: the sites whose values lie side by side in x.
        d_model: D, how many values there are.
        side: "positive", "negative" or "both"; with both, feature D + i is the negative side of neuron i.

    Example:
        >>> import torch
        >>> from workbench.decompose.coordinates import Neurons
        >>> mlp, x = Neurons(["mlp_act.0"], d_model=4), torch.tensor([[0.5, -2.0, 0.0, 3.0]])
        >>> mlp.encode(x).unit(3), mlp(x)
        (tensor([3.]), tensor([[0.5000, 0.0000, 0.0000, 3.0000]]))
    """

    architecture = "neurons"
    own = ("side",)

    def __init__(self, reads: Sequence[str], *, d_model: int, side: str = "positive") -> None:
        nn.Module.__init__(self)  # a dictionary's own would draw two matrices
        if side not in SIDES:
            raise ValueError(f"side {side!r} of a neuron was asked for; there are: {', '.join(SIDES)}")
        self.reads = self.writes = tuple(reads)
        self.d_model = self.d_out = d_model
        self.side, self.signs = side, SIDES[side]
        self.width, self.per_token, self.W_skip = d_model * len(self.signs), "", None
        self.provenance: dict = {}
        for name in ("maxima", "density"):
            self.register_buffer(name, torch.zeros(self.width))
        for name, size in (("b_enc", self.width), ("b_dec", d_model)):
            self.register_buffer(name, torch.zeros(size), persistent=False)

    @property
    def W_enc(self) -> Float[Tensor, "F D"]:
        """± the identity, made anew."""
        one = torch.eye(self.d_model, device=self.maxima.device)
        return torch.cat([sign * one for sign in self.signs])

    W_dec = W_enc

    def place(self, feature: int) -> tuple[str, int]:
        """Where a feature's neuron is: its site, and its number there.

        Example:
            >>> import workbench as wb
            >>> wb.decompose.neurons(wb.load(), "mlp_act.*").place(700)
            ('mlp_act.1', 12)
        """
        self.check_feature(feature)
        size = self.d_model // len(self.reads)
        site, number = divmod(feature % self.d_model, size)
        return self.reads[site], number

    def on(self, before: Float[Tensor, "N F"]) -> tuple[Pattern, Float[Tensor, " M"]]:
        return above(before, 0.0)

    def alone(self, z: Float[Tensor, "..."], feature: int) -> Float[Tensor, "..."]:
        return z.relu()

    def before(self, x: Float[Tensor, "N D"], out: Float[Tensor, "N F"] | None = None) -> Float[Tensor, "N F"]:
        return x if self.signs == (1.0,) else torch.cat([sign * x for sign in self.signs], dim=-1)

    def read(self, x: Float[Tensor, "N D"], choose: object) -> tuple[Pattern, Float[Tensor, " M"]]:
        return choose(self.before(x))

    def activation(self, x: Tensor | dict, feature: int) -> Float[Tensor, "..."]:
        values = self.activations(x)[..., feature % self.d_model]
        alone = (values * self._sign(feature)).relu()
        tokens = getattr(x, "tokens", None)
        return alone if tokens is None else alone * tokens.places.text.to(alone.device)

    def decode(self, features: Features) -> Float[Tensor, "... D"]:
        values = features.values * self._sign(features.indices)
        out = values.new_zeros(*values.shape[:-1], self.d_model)
        return out.scatter_add_(-1, features.indices % self.d_model, values)

    def direction(self, feature: int, target: str | None = None) -> Float[Tensor, " O"]:
        self.check_feature(feature)
        whole = self.maxima.new_zeros(self.d_model)
        whole[feature % self.d_model] = self._sign(feature)
        if target is None:
            return whole
        if target not in self.writes:
            raise ValueError(f"nothing is written to {target!r}; there are: {', '.join(self.writes)}")
        return whole.view(len(self.writes), -1)[self.writes.index(target)]

    def norms(self) -> Float[Tensor, " F"]:
        return torch.ones_like(self.maxima)

    def loss(self, x: Float[Tensor, "N D"], y: Float[Tensor, "N D"] | None = None) -> Loss:
        raise TypeError("neurons are as the model has them and cannot be trained; train a dictionary at their site")

    def settings(self) -> dict:
        return {"d_model": self.d_model, "side": self.side}

    @property
    def hash(self) -> str:
        """Eight characters that change with the model, the sites, the side, and what was measured."""
        import hashlib

        about = f"{self.reads}{self.side}{self.provenance.get('hash')}{super().hash}"
        return hashlib.sha256(about.encode()).hexdigest()[:8]

    def _sign(self, feature: int | Tensor) -> float | Tensor:
        if isinstance(feature, int):
            return self.signs[feature // self.d_model]
        return self.maxima.new_tensor(self.signs)[feature // self.d_model]


@torch.no_grad()
def neurons(
    model: Model,
    at: str | Sequence[str] = "mlp_act.1",
    *,
    texts: Sequence[str] | None = None,
    side: str = "positive",
) -> Neurons:
    """A model's neurons as a dictionary, so that every question to features can be put to neurons.

    A neuron's value may have either sign; a feature's activation may not. So one side of it is the feature, by default
    the positive part, max(0, x_i), or each side is one.

    Args:
        model: whose neurons.
        at: a site or several, `*` standing for every layer; those of several lie side by side in forward order. Any
            site will do: at a residual stream its coordinates are meant, which a model has no reason to prefer.
        texts: what density and maxima are measured on, BOS left out; both are 0 without.
        side: "positive", "negative", or "both": then feature D + i is the negative side of neuron i.

    Raises:
        ValueError: an unknown site or side; the message names those that exist.

    Example:
        >>> import workbench as wb
        >>> mlp = wb.decompose.neurons(wb.load(), at="mlp_act.1", texts=["The Golden Gate Bridge is orange."])
        >>> mlp.width, bool((mlp.density > 0).any())
        (688, True)
    """
    sites = [str(site) for site in model.expand(at)]
    if not sites:
        raise ValueError("no site was given; name at least one in at=, such as 'mlp_act.*'")
    made = Neurons(sites, d_model=sum(map(model.numbers, sites)), side=side).to(model.device)
    made.provenance = {"model": model.name, "hash": model.hash, "measured": 0}
    ordered, fired = sorted(texts or (), key=len), torch.zeros(made.width, device=model.device)
    for start in range(0, len(ordered), BATCH):
        tokens = model.tokens(ordered[start : start + BATCH])
        values = model.read(tokens, at=sites)
        x = torch.cat([values[canonical(site)].flatten(2) for site in sites], -1)[tokens.places.text].float()
        z = made.before(x)
        fired += (z > 0).sum(0)
        made.maxima.copy_(torch.maximum(made.maxima, z.amax(0)))
        made.provenance["measured"] += len(x)
    made.density.copy_(fired / max(1, made.provenance["measured"]))
    return made.requires_grad_(False)
