"""The sparse path gives what dense autograd gives, for every architecture, every wiring and every parameter."""

from __future__ import annotations

import pytest
import reference.dense_dictionaries as dense
import torch
from torch import Tensor

from workbench.decompose import dictionaries, sparse
from workbench.decompose.architectures import ARCHITECTURES
from workbench.decompose.dictionaries import Dictionary

D, F, N, K = 12, 64, 40, 5
OWN = {
    "relu": {"l1": 0.3},
    "gated": {"l1": 0.3},
    "topk": {"k": K},
    "batch_topk": {"k": K},
    "matryoshka": {"k": K, "prefixes": (8, 24, F)},
    "jumprelu": {"k": K, "l0": 0.7, "bandwidth": 0.1},
}
WIRED = {
    "autoencoder": {"d_model": D, "site": "resid_post.0"},
    "transcoder": {"d_model": D, "d_out": 8, "site": "mlp_in.0", "target": "mlp_out.0"},
    "skip transcoder": {"d_model": D, "d_out": 8, "site": "mlp_in.0", "target": "mlp_out.0", "skip": True},
    "crosscoder": {"d_model": D, "site": ("resid_post.0", "resid_post.1")},
}


def test_every_architecture_is_among_those_that_are_compared() -> None:
    assert OWN.keys() == ARCHITECTURES.keys()


def made(architecture: str, wired: str, width: int = F) -> tuple[Dictionary, Tensor, Tensor]:
    """A dictionary with weights and biases away from where they begin, and data."""
    own = OWN[architecture] | ({"prefixes": (8, 24, width)} if architecture == "matryoshka" else {})
    sae = ARCHITECTURES[architecture](**WIRED[wired], width=width, **own, seed=1)
    randomness = torch.Generator().manual_seed(2)
    for name, weight in sae.named_parameters():
        weight.data += 0.1 * torch.randn(weight.shape, generator=randomness) * (name != "threshold")
    if architecture == "jumprelu":  # some lie so near 0 that what they learn from is partly below it
        sae.threshold.data = 0.6 * torch.rand(width, generator=randomness)
        sae.threshold.data[::5] = 0.02
    x = torch.randn(N, D, generator=randomness)
    y = x if sae.d_out == D else torch.randn(N, sae.d_out, generator=randomness)
    return sae, x, y


def reference(architecture: str, sae: Dictionary, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    weights = {name: weight.detach().clone().requires_grad_() for name, weight in sae.named_parameters()}
    own = dict(OWN[architecture]) | ({"sites": len(sae.writes)} if architecture == "relu" else {})
    own |= {"prefixes": sae.prefixes} if architecture == "matryoshka" else {}
    if architecture == "jumprelu":
        own["width"] = own.pop("bandwidth") * D**0.5
    loss = getattr(dense, architecture)(weights, x, y, **own)
    if (dead := sae.silent > sae.silent_after).any():
        chosen = dense.topk_features if architecture == "topk" else dense.batch_topk_features
        error = y - dense.written(weights, x, chosen(weights, x, K))
        loss = loss + dense.revival(weights, x, error, dead, sae.auxiliary)
    return {"loss": loss.detach()} | dict(zip(weights, torch.autograd.grad(loss, list(weights.values())), strict=True))


@pytest.fixture(params=[1 / 8, 2.0, 0.0], ids=["as it is", "sparse always", "dense always"])
def _path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse, "DENSE_ABOVE", request.param)


@pytest.mark.usefixtures("_path")
@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("architecture", OWN)
def test_gradients_of_every_parameter_equal_dense_autograd(architecture: str, wired: str) -> None:
    sae, x, y = made(architecture, wired)
    expected = reference(architecture, sae, x, y)
    loss = sae.loss(x, y).total
    loss.backward()
    compare(sae, loss, expected)


def compare(sae: Dictionary, loss: Tensor, expected: dict[str, Tensor]) -> None:
    assert abs(loss - expected["loss"]) < 1e-5 * loss.abs()
    for name, weight in sae.named_parameters():
        assert weight.grad is not None, name
        error = (weight.grad - expected[name]).norm() / expected[name].norm().clamp(min=1e-6)
        assert error < 1e-5, f"{name}: {error:.1e}"
        assert expected[name].abs().max() > 0, f"{name} learns nothing here: the test would show nothing"


@pytest.mark.usefixtures("_path")
@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("architecture", ["topk", "batch_topk", "matryoshka"])
def test_gradients_with_revival_equal_dense_autograd(architecture: str, wired: str) -> None:
    sae, x, y = made(architecture, wired)
    sae.b_enc.data[::3] -= 2.5  # these are silent at most tokens
    plain = sae.loss(x, y).total.detach()
    sae.silent[:] = torch.where(torch.arange(F) % 3 == 0, sae.silent_after + 1.0, 0.0)
    loss = sae.loss(x, y).total
    loss.backward()
    # what fires in this batch has been counted as alive by now
    assert (sae.silent > sae.silent_after).sum() > 2 and loss > plain
    compare(sae, loss, reference(architecture, sae, x, y))


@pytest.mark.parametrize("architecture", OWN)
def test_gradients_of_a_wide_dictionary_read_in_pieces_equal_dense_autograd(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wide enough for every shortcut of the choice, and z made for seven tokens at a time."""
    sae, x, y = made(architecture, "autoencoder", width=2048)
    monkeypatch.setattr(dictionaries, "HELD", 7 * 2048)
    expected = reference(architecture, sae, x, y)
    for _ in range(2):  # the second time with a guess of the threshold
        sae.zero_grad()
        loss = sae.loss(x, y).total
        loss.backward()
        compare(sae, loss, expected)


def test_the_fast_choice_of_the_largest_is_topk() -> None:
    for n, width, k in ((7, 4096, 32), (3, 16384, 64), (5, 1000, 8), (4, 512, 512), (1, 2048, 1)):
        x = torch.randn(n, width, generator=torch.Generator().manual_seed(width))
        values, columns = sparse.largest(x, k)
        assert torch.equal(values.sort(descending=True).values, x.topk(k).values)
        assert torch.equal(x.gather(1, columns), values) and all(len(set(row.tolist())) == k for row in columns)


@pytest.mark.parametrize("width", [40, 1024, 4096])
def test_what_is_above_a_threshold_is_found_however_it_is_looked_for(width: int) -> None:
    x = torch.randn(9, width, generator=torch.Generator().manual_seed(width))
    for threshold in (0.0, 1.5, 9.0, torch.tensor(1.0), torch.rand(width)):
        pattern, values = sparse.above(x, threshold)
        assert torch.equal(pattern.dense(values), x * (x > threshold)) and len(values) == (x > threshold).sum()


def test_the_largest_of_all_are_those_of_a_sorted_list() -> None:
    x = torch.randn(50, 300, generator=torch.Generator().manual_seed(0))
    x = (x.flatten() * 10).round()  # many are equal
    on = sparse.largest_of_all(x, 400)
    assert on.sum() == 400 and x[on].min() == x.sort(descending=True).values[399]
    edge = x[on].min()
    assert torch.equal(on[x == edge].int().sort(descending=True).values, on[x == edge].int()), "the first of equals"


@pytest.mark.parametrize("guess", [0.0, 0.3, 5.0, 1e9])
def test_a_guess_of_the_threshold_changes_no_choice(guess: float) -> None:
    sae, x, _ = made("batch_topk", "autoencoder")
    sae.requires_grad_(False)._guess = guess
    pattern, values = sae._chosen(x)
    z = sae.before(x)
    assert torch.equal(values, z[pattern.rows, pattern.columns]) and len(values) == K * N
    assert values.min() == z.flatten().topk(K * N).values.min()
