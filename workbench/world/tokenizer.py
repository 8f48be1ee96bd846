"""A byte-level BPE trained on the language: digits stand alone, any Unicode round-trips."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from .language import documents

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SPECIAL = {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>"}
WORDS = r" ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def train_tokenizer(*, vocabulary: int = 4096, n_documents: int = 60_000, seed: int = 0) -> PreTrainedTokenizerFast:
    """Train the tokenizer on the first documents of the language.

    A word keeps its leading space, as in GPT-2; a digit is a token of its own, so
    that the model can add. Every byte is in the vocabulary: no text is unknown.

    Example:
        >>> from workbench.world.tokenizer import train_tokenizer
        >>> tokenizer = train_tokenizer(vocabulary=300, n_documents=20)
        >>> tokenizer.decode(tokenizer("eel 42 🌉").input_ids, skip_special_tokens=True)
        'eel 42 🌉'
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL.values()),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = (document.text for document in islice(documents("train", seed), n_documents))
    tokenizer.train_from_iterator(texts, trainer)
    bos = SPECIAL["bos_token"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **SPECIAL)
