"""The encoder of a generation as a llama-index embedding model."""

from __future__ import annotations

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from corpus.generation.encoder import Encoder


class EncoderEmbedding(BaseEmbedding):
    """Lets llama-index embed with any of our encoders."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name="fundstelle")
        self._encoder = encoder

    def _get_text_embedding(self, text: str) -> list[float]:
        vector: list[float] = self._encoder.encode([text])[0].tolist()
        return vector

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.encode(texts).tolist()
        return vectors

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
