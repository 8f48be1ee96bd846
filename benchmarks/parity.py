"""How far the values at named sites are from what plain forward hooks see, family by family.

Tiny random models, eager attention, fp32. "alone": every site of three prompts against hooks.
"padded": the same prompts in one batch, padded left and right, against each prompt alone.
"cached": greedy tokens of cached decoding under edits against recomputation (share that agrees).

    python benchmarks/parity.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from reference import forward_hooks
from tiny import CONFIGS, TEXTS, hf, model

import workbench as wb


def main() -> None:
    """Print the table."""
    print(f"{'family':<16} {'sites':>5}  {'alone':>8}  {'padded left':>11}  {'padded right':>12}  {'cached':>7}")
    for family in CONFIGS:
        m, plain = model(family), hf(family)
        alone = max(against_hooks(m, plain, text) for text in TEXTS)
        left, right = (padded(m, side) for side in ("left", "right"))
        print(f"{family:<16} {len(m.sites()):>5}  {alone:>8.1e}  {left:>11.1e}  {right:>12.1e}  {cached(m):>7.0%}")


def against_hooks(m: wb.Model, plain: torch.nn.Module, text: str) -> float:
    """The largest difference at any site between our reading and a plain hook's."""
    run = m.run(text, at=m.sites())
    want = forward_hooks.record(plain, run.tokens.ids, m.n_heads)
    return max(float((run[site] - want[site]).abs().max()) for site in run.sites)


def padded(m: wb.Model, side: str) -> float:
    """The largest difference at any site between a padded batch and its prompts alone, over the largest value there."""
    at = [site for site in m.sites() if not site.startswith("pattern")]
    batch = m.run(TEXTS, at=at, padding=side)
    worst = 0.0
    for row, text in enumerate(TEXTS):
        alone, real = m.run(text, at=at), batch.tokens.mask[row]
        for site in at:
            difference = (batch[site][row][real] - alone[site][0]).abs().max()
            worst = max(worst, float(difference / alone[site].abs().max()))
    return worst


def cached(m: wb.Model, new_tokens: int = 12) -> float:
    """The share of greedy tokens, under a steering vector, that cached decoding and recomputation have in common."""
    edits = [wb.Steer("resid_post.1", torch.ones(m.d_model), 0.5), wb.Ablate("head_out.0.1")]
    same = total = 0
    for text in TEXTS:
        ids = m.tokens(text).ids
        for token in m.generate(text, edits=edits, new_tokens=new_tokens):
            tokens = wb.tokens.Tokens(ids, torch.ones_like(ids, dtype=torch.bool), ())
            same += int(m.run(tokens, edits=edits).logits[0, -1].argmax()) == token.id
            total += 1
            ids = torch.cat([ids, torch.tensor([[token.id]])], 1)
    return same / max(1, total)


if __name__ == "__main__":
    main()
