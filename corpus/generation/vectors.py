"""The vectors of a generation in Chroma (the only file that imports chromadb).

Traps of Chroma 1.5 that decide the shape (docs/aufbau.md): a generation has a directory of its own, is
filled once and never changed, so a reader never depends on another process' later writes; every
record carries every key it is filtered by, so that filters can be positive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import ChromaError

from corpus.generation.encoder import Vectors


class Space(StrEnum):
    """The collections of a generation: passages, those of the past, curated questions, questions
    without an answer.
    """

    PASSAGES = "passages"
    PAST = "past"
    QUESTIONS = "questions"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """What stands beside a vector."""

    owner: str
    """Id of the passage that the vector stands for or whose question it is."""
    wording: str
    """Digest of what was encoded; an owner may have several, each once."""
    keys: Mapping[str, str]
    """What searches may be restricted by: ``law`` ("" for memos), ``audience``, ``kind``."""

    @property
    def id(self) -> str:
        """Unique within its collection.

        It holds the owner: reading metadata costs Chroma a look-up for every neighbour.
        """
        return f"{self.owner}{_OWNER_ENDS}{self.wording}"


_OWNER_ENDS = "#"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A hit of a vector search."""

    owner: str
    similarity: float
    """Cosine, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Which records may answer; None: all."""

    audience: str | None = None
    laws: tuple[str, ...] | None = None

    def where(self) -> dict[str, object] | None:
        """Chroma's filter, positive throughout; None without any restriction."""
        clauses: list[dict[str, object]] = []
        if self.audience is not None:
            clauses.append({"audience": self.audience})
        if self.laws is not None:
            clauses.append({"law": {"$in": list(self.laws)}})
        if not clauses:
            return None
        return clauses[0] if len(clauses) == 1 else {"$and": clauses}


# More neighbours and wider searches than Chroma's defaults: with 18,000 vectors the difference in
# time is below a millisecond, and the index then agrees with an exact scan (checked at publishing).
_CONFIGURATION: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
}


class VectorsBroken(Exception):
    """The files of a vector index are damaged, cut off, or cannot be written."""


class VectorIndex:
    """The vectors of one generation.

    Opening one that is damaged raises :class:`VectorsBroken`.
    """

    def __init__(self, folder: Path) -> None:
        try:
            client = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        except (ChromaError, ValueError) as error:
            raise VectorsBroken(str(error)) from error
        if not isinstance(client, Client):
            raise TypeError(f"chromadb gave a {type(client).__name__}")
        self._client = client
        self._collections: dict[Space, Collection] = {
            space: self._client.get_or_create_collection(
                space.value,
                embedding_function=None,
                configuration=_CONFIGURATION,
            )
            for space in Space
        }

    def add(self, space: Space, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        """Store ``vectors[i]`` for ``records[i]``; ids must be new, Chroma would keep the old ones.

        Raises :class:`VectorsBroken`.
        """
        size = self._client.get_max_batch_size()
        for start in range(0, len(records), size):
            batch = records[start : start + size]
            try:
                self._collections[space].add(
                    ids=[record.id for record in batch],
                    embeddings=vectors[start : start + size],
                    metadatas=[dict(record.keys) for record in batch],
                )
            except ChromaError as error:
                raise VectorsBroken(f"{space}: {error}") from error

    def nearest(
        self, space: Space, vector: Vectors, k: int, restriction: Restriction
    ) -> list[Neighbour]:
        """The ``k`` nearest records to a vector of shape ``(dimensions,)``, nearest first."""
        if not vector.any():
            return []
        found = self._collections[space].query(
            query_embeddings=vector[None, :],
            n_results=k,
            where=restriction.where(),  # type: ignore[arg-type]
            include=["distances"],
        )
        distances = found["distances"]
        if distances is None:
            return []
        return [
            Neighbour(id_.rpartition(_OWNER_ENDS)[0], 1.0 - distance)
            for id_, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def everything(self, space: Space) -> dict[str, Vectors]:
        """Every stored vector by its id; raises :class:`VectorsBroken`."""
        return self.vectors(space, self._collections[space].get(include=[])["ids"])

    def vectors(self, space: Space, ids: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of those ``ids`` that exist; raises :class:`VectorsBroken`."""
        try:
            return dict(self._stored(space, ids))
        except ChromaError as error:
            raise VectorsBroken(f"{space}: {error}") from error

    def _stored(self, space: Space, ids: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        size = self._client.get_max_batch_size()
        for start in range(0, len(ids), size):
            found = self._collections[space].get(
                ids=list(ids[start : start + size]), include=["embeddings"]
            )
            embeddings = found["embeddings"]
            if embeddings is not None:
                for id_, vector in zip(found["ids"], embeddings, strict=True):
                    yield id_, np.asarray(vector, dtype=np.float32)

    def close(self) -> None:
        """Release files and memory; the index cannot be used afterwards."""
        self._client.close()
