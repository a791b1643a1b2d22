"""Tiny random models in the form of sentence-transformers, for the settings that name a foreign one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
VOCABULARY = [
    *"[PAD] [UNK] [CLS] [SEP] [MASK]".split(),
    *"§.,",
    *LETTERS,
    *(f"##{c}" for c in LETTERS),
]


def tiny(labels: Sequence[str] = ("LABEL_0",)) -> BertConfig:
    return BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=512,
        initializer_range=0.5,
        id2label=dict(enumerate(labels)),
    )


def save(model: PreTrainedModel, folder: Path) -> Path:
    model.save_pretrained(folder)
    pieces = BertWordPieceTokenizer({piece: n for n, piece in enumerate(VOCABULARY)})
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=pieces, pad_token="[PAD]", unk_token="[UNK]", model_max_length=512
    )
    tokenizer.save_pretrained(folder)
    return folder


def cross_encoder(folder: Path, labels: Sequence[str] = ("LABEL_0",), spread: float = 3.0) -> Path:
    """Random, but of decided opinion: its scores lie between 0 and 1, not all at one half."""
    torch.manual_seed(3)
    model = BertForSequenceClassification(tiny(labels))
    with torch.no_grad():
        model.classifier.weight.mul_(spread)
    return save(model, folder)


def opinionated(folder: Path, labels: Sequence[str], opinion: str) -> Path:
    """A classifier that says ``opinion`` of whatever it reads."""
    model = BertForSequenceClassification(tiny(labels))
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.zero_()
        model.classifier.bias[labels.index(opinion)] = 9.0
    return save(model, folder)
