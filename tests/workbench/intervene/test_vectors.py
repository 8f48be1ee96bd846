"""Steering vectors: what they are made of, what they do, and that files give them back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import model

import workbench as wb
from workbench.intervene import Vector, feature_vector, open_gguf, save_gguf, vector

YES = ["The bridge is red", "A red day", "Mary has a red store", "Red red red", "The town was red and long"]
NO = ["The bridge is long", "A long day", "Mary has a long store", "Long long long", "The town was old and quiet"]


@pytest.fixture(scope="module", params=[False, True])
def m(request: pytest.FixtureRequest) -> wb.Model:
    return model("llama", bos=request.param)


def rows(m: wb.Model, texts: list[str], read: str = "last", at: str = "resid_post.1") -> torch.Tensor:
    alone = [m.run(text, at=at)[at][0] for text in texts]
    first = int(m.vocabulary.bos is not None)
    return torch.stack([one[-1] if read == "last" else one[first:].mean(0) for one in alone])


@pytest.mark.parametrize("read", ["last", "mean"])
def test_the_mean_is_the_difference_of_means_over_single_texts(m: wb.Model, read: str) -> None:
    made = vector(m, YES, NO[:4], at="resid_post.1", tokens=read)
    torch.testing.assert_close(
        made.values, rows(m, YES, read).mean(0) - rows(m, NO[:4], read).mean(0), atol=1e-4, rtol=1e-4
    )
    assert made.norm == pytest.approx(wb.intervene.typical_norm(m, "resid_post.1", [*YES, *NO[:4]]), rel=1e-5)


def test_the_first_component_is_what_numpy_finds_and_points_to_the_positive_side(m: wb.Model) -> None:
    made = vector(m, YES, NO, at="resid_post.1", method="pca")
    apart = (rows(m, YES) - rows(m, NO)).double().numpy()
    _, directions = np.linalg.eigh(apart.T @ apart)
    assert abs(float(made.values.double().numpy() @ directions[:, -1])) / made.length == pytest.approx(1, abs=1e-4)
    along = made.values / made.length
    assert float(along @ (rows(m, YES).mean(0) - rows(m, NO).mean(0))) == pytest.approx(made.length, rel=1e-3)


def test_the_probe_is_where_its_loss_has_no_slope(m: wb.Model) -> None:
    made = vector(m, YES, NO, at="resid_post.1", method="logistic")
    x = torch.cat([rows(m, YES), rows(m, NO)]).double()
    spread = x.std(0, correction=0)
    z, sign = (x - x.mean(0)) / spread, torch.tensor([1.0] * 5 + [-1.0] * 5).double()
    w = made.values.double() * spread
    w /= w.norm()
    length, b = torch.ones(1).double().requires_grad_(), torch.zeros(1).double().requires_grad_()
    optimiser = torch.optim.LBFGS([length, b], max_iter=500, line_search_fn="strong_wolfe")

    def loss(v: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.softplus(-sign * (z @ v + b)).mean() + 0.1 / 2 * v.square().sum()

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        total = loss(length * w)
        total.backward()
        return total

    optimiser.step(step)  # of this direction the best length and offset: there the loss has no slope at all
    v = (length * w).detach().requires_grad_()
    (slope,) = torch.autograd.grad(loss(v), v)
    random = torch.nn.functional.normalize(torch.randn(32, generator=torch.Generator().manual_seed(0)).double(), dim=0)
    (elsewhere,) = torch.autograd.grad(loss(u := (length * random).detach().requires_grad_()), u)
    assert float(slope.norm()) < 0.01 * float(elsewhere.norm())


def test_shuffled_labels_give_other_vectors_and_the_same_seed_the_same(m: wb.Model) -> None:
    for method in ("mean", "pca", "logistic"):
        made, again = (vector(m, YES, NO, at="resid_post.1", method=method, shuffles=20) for _ in range(2))
        assert made.shuffled.shape == (20, 32) and torch.equal(made.shuffled, again.shuffled)
        alike = torch.cosine_similarity(made.shuffled, made.values[None], dim=-1)
        assert float(alike.abs().median()) < 0.95
    for (control,) in made.controls(0.5):
        assert float(control.added.norm()) == pytest.approx(0.5 * made.norm, rel=1e-4)


def test_arithmetic_is_that_of_vectors(m: wb.Model) -> None:
    a = vector(m, YES, NO, at="resid_post.1", name="a")
    b = vector(m, NO, YES[:2], at="resid_post.1", name="b")
    torch.testing.assert_close((a + b).values, a.values + b.values)
    torch.testing.assert_close((a - b).values, a.values - b.values)
    torch.testing.assert_close((2 * a / 4).values, a.values / 2)
    assert (-a).cosine(a) == -1.0 and (a.without(b)).cosine(b) == pytest.approx(0, abs=1e-4)
    assert a.unit().length == pytest.approx(1, rel=1e-5) and (a + b).name == "a + b"
    assert (a + b).norm == pytest.approx((a.norm + b.norm) / 2)
    with pytest.raises(ValueError, match="at different sites"):
        a + vector(m, YES, NO, at="resid_post.0")


def test_steering_by_one_adds_as_much_as_is_there(m: wb.Model) -> None:
    made = vector(m, YES, NO, at="resid_post.1")
    plain, run = (m.run(YES[0], at="resid_post.1", edits=edits) for edits in ([], [made.steer(1.0)]))
    moved = (run["resid_post.1"] - plain["resid_post.1"])[0].norm(dim=-1)
    torch.testing.assert_close(moved, torch.full_like(moved, made.norm), atol=1e-3, rtol=1e-3)


def test_a_features_vector_is_its_row(m: wb.Model) -> None:
    sae = wb.decompose.TopK(d_model=32, width=16, k=4, site="resid_post.1").requires_grad_(False)
    assert torch.equal(feature_vector(m, sae, 3).values, sae.W_dec[3])
    reads = feature_vector(m, sae, 3, side="encoder", texts=YES)
    assert torch.equal(reads.values, sae.W_enc[3]) and reads.norm == wb.intervene.typical_norm(m, "resid_post.1", YES)
    a = m.run(YES[0], edits=[feature_vector(m, sae, 3).steer(4.0)]).logits
    torch.testing.assert_close(a, m.run(YES[0], edits=[wb.Steer("resid_post.1", sae.direction(3), 4.0)]).logits)
    with pytest.raises(ValueError, match="side 'both'"):
        feature_vector(m, sae, 3, side="both")


def test_a_vector_survives_saving(m: wb.Model, tmp_path: Path) -> None:
    made = vector(m, YES, NO, at="resid_post.1", name="red")
    again = Vector.open(made.save(tmp_path / "red.safetensors"))
    assert torch.equal(again.values, made.values) and torch.equal(again.shuffled, made.shuffled)
    assert (again.at, again.norm, again.name, again.provenance) == (made.at, made.norm, "red", made.provenance)
    assert torch.equal(m.run(YES[0], edits=[again.steer(0.5)]).logits, m.run(YES[0], edits=[made.steer(0.5)]).logits)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises((OSError, ValueError)):
        Vector.open(tmp_path / "other.npz")


def test_control_vectors_of_others_are_read_and_written(m: wb.Model, tmp_path: Path) -> None:
    import gguf

    made = [vector(m, YES, NO, at=f"resid_post.{layer}") for layer in (1, 2)]
    path = save_gguf(tmp_path / "red.gguf", made, model_hint="llama")
    reader = gguf.GGUFReader(path)  # as repeng reads it
    assert bytes(reader.get_field("general.architecture").parts[-1]).decode() == "controlvector"
    assert int(reader.get_field("controlvector.layer_count").parts[-1][0]) == 2
    assert {tensor.name for tensor in reader.tensors} == {"direction.1", "direction.2"}
    for mine, theirs in zip(made, open_gguf(path), strict=True):
        assert theirs.at == mine.at and torch.equal(theirs.values, mine.values)
        assert theirs.provenance["model_hint"] == "llama"
    writer = gguf.GGUFWriter(tmp_path / "other.gguf", "llama")
    writer.add_tensor("direction.1", np.zeros(4, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(ValueError, match="no control vector: it says that it holds 'llama'"):
        open_gguf(tmp_path / "other.gguf")
    with pytest.raises(ValueError, match="one for each of some resid_post"):
        save_gguf(tmp_path / "no.gguf", [vector(m, YES, NO, at="mlp_out.1")], model_hint="llama")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "median"}, "there are: mean, pca, logistic"),
        ({"tokens": "first"}, "there are 'last' and 'mean'"),
        ({"negative": []}, "5 positive and 0 negative"),
        ({"method": "pca", "negative": NO[:3]}, "5 positive and 3 negative texts are none"),
        ({"at": "head_out.1"}, "name one head, as in head_out.1.0"),
    ],
)
def test_what_makes_no_vector_is_named(m: wb.Model, settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        vector(m, YES, **{"negative": NO, "at": "resid_post.1"} | settings)
