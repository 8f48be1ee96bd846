"""How fast the language is written and labelled, on one core, as a ratio to how fast it is tokenized.

python benchmarks/language.py
"""

from __future__ import annotations

import statistics
import time
from itertools import islice

import torch

import workbench as wb
from workbench.world.tokenizer import train_tokenizer

N, ROUNDS = 4000, 5


def main() -> None:
    """Write, tokenize and label the same documents; print medians over the rounds."""
    torch.set_num_threads(1)
    tokenizer = train_tokenizer()
    list(islice(wb.world.documents("train", 99), N))  # tables are built at first use
    rows: dict[str, list[float]] = {"written": [], "tokenized": [], "labelled": [], "all three": []}
    for seed in range(ROUNDS):
        start = time.perf_counter()
        documents = list(islice(wb.world.documents("train", seed), N))
        written = time.perf_counter()
        coded = [tokenizer(d.text, add_special_tokens=False, return_offsets_mapping=True) for d in documents]
        tokenized = time.perf_counter()
        labels = [d.labels(c.offset_mapping) for d, c in zip(documents, coded, strict=True)]
        labelled = time.perf_counter()
        tokens = sum(map(len, labels))
        spans = (start, written), (written, tokenized), (tokenized, labelled), (start, labelled)
        for row, (begin, end) in zip(rows.values(), spans, strict=True):
            row.append(tokens / (end - begin))
    base = statistics.median(rows["tokenized"])
    print(f"{N} documents, median of {ROUNDS} rounds, one core")
    for name, speeds in rows.items():
        speed = statistics.median(speeds)
        print(f"{name:<10} {speed:>11,.0f} tokens/s   {speed / base:5.2f} × tokenizing")


if __name__ == "__main__":
    main()
