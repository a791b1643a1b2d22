"""Turn texts into vectors, by the encoder that a generation names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.generation.foreign import TORCH, Role, Runtime, load_model
from corpus.models import Passage

Vectors = NDArray[np.float32]
"""Shape ``(texts, dimensions)``, every row of length 1 (or 0 for a text without known pieces)."""


def passage_text(passage: Passage) -> str:
    """What a model reads of a passage: its heading (and a memo's title) before its words."""
    title = passage.title if passage.law is None else ""
    return ". ".join(part for part in (title, passage.heading, passage.text) if part)


class Encoder(Protocol):
    """What turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text."""
        ...


@dataclass(frozen=True, slots=True)
class StaticEncoder:
    """Reads a saved sentence-transformers ``StaticEmbedding`` without loading torch.

    The arithmetic is the library's: the mean of the rows of a text's pieces, then unit length
    (a test holds both against each other). It saves the service about six seconds of start-up and
    500 MB, see docs/adr/0004.
    """

    tokenizer: Tokenizer
    weights: Vectors

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Read ``tokenizer.json`` and ``model.safetensors``; ``FileNotFoundError`` without them."""
        from safetensors.numpy import load_file

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        weights = load_file(str(folder / "model.safetensors"))["embedding.weight"]
        return cls(tokenizer, np.ascontiguousarray(weights, dtype=np.float32))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text."""
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        result = np.zeros((len(encodings), self.weights.shape[1]), dtype=np.float32)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                result[row] = self.weights[encoding.ids].mean(axis=0)
        return _unit(result)


class TransformerEncoder:
    """Any sentence-transformers model, by name or local path."""

    def __init__(self, name: str, prompt: str = "", runtime: Runtime = TORCH) -> None:
        """Raises :class:`corpus.generation.foreign.ModelUnusable`."""
        from sentence_transformers import SentenceTransformer

        self._model = load_model(SentenceTransformer, name, runtime, Role.ENCODER)
        self._prompt = prompt

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text."""
        vectors = self._model.encode(
            list(texts), prompt=self._prompt or None, convert_to_numpy=True, show_progress_bar=False
        )
        return _unit(np.asarray(vectors, dtype=np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return result
