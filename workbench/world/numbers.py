"""Numbers and sequences: sums, comparisons, and genes with what they code for."""

from __future__ import annotations

from itertools import product
from random import Random

from .grammar import Page
from .scene import Pieces
from .splits import draw, held_out, pair_held_out

Slots = dict[str, Pieces | str]


def operands(rng: Random, split: str) -> tuple[int, int]:
    """Two operands from 10 to 99 whose pair belongs to the split."""
    return draw(
        split, lambda: (10 + int(rng.random() * 90), 10 + int(rng.random() * 90)), lambda ab: pair_held_out(*ab)
    )


def sum_of(rng: Random, split: str) -> Slots:
    """Two operands, their sum, and the sum written out."""
    a, b = operands(rng, split)
    left, right = ((str(a), ("operand",)),), ((str(b), ("operand",)),)
    carried = "sum.carry" if a % 10 + b % 10 > 9 else "sum.plain"
    total = ((str(a + b), (carried,)),)
    work = (*left, ("+", ("equation",)), *right, ("=", ("equation",)), *total)
    return {"a": left, "b": right, "sum": total, "work": work}


def comparison(rng: Random, split: str) -> Slots:
    """Two numbers, the larger and the smaller."""
    first, second = draw(
        split,
        lambda: tuple(rng.sample(range(10, 100), 2)),
        lambda pair: held_out("compare", *sorted(pair)),
    )
    return {
        "first": ((str(first), ("compared",)),),
        "second": ((str(second), ("compared",)),),
        "more": ((str(max(first, second)), ("comparison.more",)),),
        "less": ((str(min(first, second)), ("comparison.less",)),),
    }


_ACIDS = (
    "Phe Phe Leu Leu Ser Ser Ser Ser Tyr Tyr stop stop Cys Cys stop Trp Leu Leu Leu Leu Pro Pro Pro Pro His His Gln "
    "Gln Arg Arg Arg Arg Ile Ile Ile Met Thr Thr Thr Thr Asn Asn Lys Lys Ser Ser Arg Arg Val Val Val Val Ala Ala Ala "
    "Ala Asp Asp Glu Glu Gly Gly Gly Gly"
)
ACIDS = dict(zip(("".join(bases) for bases in product("TCAG", repeat=3)), _ACIDS.split(" "), strict=True))
"""The standard genetic code: codon → amino acid."""

CODONS = tuple(codon for codon, acid in ACIDS.items() if acid != "stop" and codon != "ATG")
STOPS = tuple(codon for codon, acid in ACIDS.items() if acid == "stop")


def gene(page: Page, rng: Random, split: str) -> None:
    """A gene from its start codon to its stop codon, and the protein that it codes for."""
    codons = draw(
        split, lambda: tuple(rng.choice(CODONS) for _ in range(rng.randint(3, 8))), lambda gene: held_out("gene", *gene)
    )
    page.add(rng.choice(("The gene ", "gene: ", "DNA: ")))
    page.add("ATG", "dna.start")
    for codon in codons:
        page.add(" ")
        page.add(codon, "dna.codon")
    page.add(" ")
    page.add(rng.choice(STOPS), "dna.stop")
    page.add(rng.choice((" codes for ", " makes ", " gives ")))
    page.add("Met", "protein")
    for codon in codons:
        page.add(" ")
        page.add(ACIDS[codon], "protein")
    page.add(".\n")
