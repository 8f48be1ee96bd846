"""Tiny random models of every family, built in memory: nothing is downloaded."""

from __future__ import annotations

from functools import cache

import torch
import transformers as tf
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import workbench as wb

TEXTS = [
    "Mary and John went to the store.",
    "The bridge",
    "Once upon a time there was a very long and quiet day in town",
]
SHAPE = {"vocab_size": 300, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "initializer_range": 0.3}
LLAMA = {
    **SHAPE, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 64,
}  # fmt: skip
CONFIGS = {
    "gpt2": lambda: tf.GPT2Config(**SHAPE, n_embd=32, n_layer=3, n_head=4, n_positions=64),
    "gpt_neox": lambda: tf.GPTNeoXConfig(**{k: v for k, v in LLAMA.items() if k != "num_key_value_heads"}),
    "gpt_neox_serial": lambda: tf.GPTNeoXConfig(
        **{k: v for k, v in LLAMA.items() if k != "num_key_value_heads"}, use_parallel_residual=False
    ),
    "llama": lambda: tf.LlamaConfig(**LLAMA),
    "mistral": lambda: tf.MistralConfig(**LLAMA, sliding_window=8),
    "gemma2": lambda: tf.Gemma2Config(**LLAMA, head_dim=16, query_pre_attn_scalar=16, sliding_window=8),
    "gemma3": lambda: tf.Gemma3TextConfig(**LLAMA, head_dim=16, query_pre_attn_scalar=16, sliding_window=8),
    "qwen2": lambda: tf.Qwen2Config(**LLAMA),
    "qwen3": lambda: tf.Qwen3Config(**LLAMA, head_dim=16),
}


@cache
def tokenizer(bos: bool = False) -> tf.PreTrainedTokenizerFast:
    """Byte-level BPE; with `bos` it begins every text with <bos>."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special = ["<pad>", "<bos>", "<eos>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    inner.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=alphabet, show_progress=False),
    )
    if bos:
        inner.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 1)])
    return tf.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>")


def hf(family: str, attention: str = "eager", seed: int = 0) -> tf.PreTrainedModel:
    torch.manual_seed(seed)
    config = CONFIGS[family]()
    config._attn_implementation = attention
    model = tf.AutoModelForCausalLM.from_config(config, attn_implementation=attention).eval()
    with torch.no_grad():  # norms and biases at their initial 1 and 0 would hide mistakes
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.2 * torch.randn_like(parameter))
    return model


def model(family: str, attention: str = "eager", bos: bool = False) -> wb.Model:
    return wb.Model(hf(family, attention), tokenizer(bos), name=f"tiny-{family}")
