"""The vectors of a generation in Chroma (the only file that imports chromadb).

Chroma is embedded, in the generation's directory, or a server (``chroma run``) that holds collections
named after the generation. Traps of Chroma 1.5 that decide the shape (docs/aufbau.md): a
generation's collections are its own, filled once and never changed, so a reader never depends on
another process' later writes; every record carries every key it is filtered by, so that filters can
be positive.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.client import AdminClient, Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from corpus.generation.encoder import Vectors
from corpus.generation.files import VectorPlace


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


# Seconds that a server may take to answer; Chroma's client would wait forever.
_PATIENCE = 20.0
# Records per call, so that a call stays within the patience and a server's limit on the size of a
# request, also with vectors of a thousand dimensions. Chroma's own limit is 5,461.
_BATCH = 1000


class VectorsBroken(Exception):
    """The vectors of an index are missing, damaged, cut off, or cannot be written."""


class VectorsUnreachable(VectorsBroken):
    """The Chroma server does not answer; what it holds may be sound."""

    code = "chroma_unreachable"

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        # A password for a proxy may stand before the host.
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self.message = (
            f"Der Chroma-Server {shown} antwortet nicht. Bitte prüfen Sie, ob er läuft und ob "
            "FUNDSTELLE_CHROMA stimmt."
        )
        super().__init__(self.message)


def check_server(server: str) -> None:
    """Raise :class:`VectorsUnreachable` unless a Chroma server answers at this URL ("": no server)."""
    if not server:
        return
    with _translated(server):
        answer = httpx.get(f"{server.rstrip('/')}/api/v2/heartbeat", timeout=_PATIENCE)
    if answer.status_code != httpx.codes.OK or "nanosecond heartbeat" not in answer.text:
        raise VectorsUnreachable(server)


@contextmanager
def _translated(server: str) -> Iterator[None]:
    """Turn whatever Chroma raises into errors of this module."""
    try:
        yield
    except httpx.HTTPError as error:
        raise VectorsUnreachable(server) from error
    except ChromaError as error:
        raise VectorsBroken(str(error)) from error
    except Exception as error:
        # Chroma's client raises a bare Exception for an answer that is not Chroma's (a proxy's).
        if type(error) is Exception:
            raise VectorsUnreachable(server) from error
        raise


class VectorIndex:
    """The vectors of one generation; every call may raise :class:`VectorsBroken`."""

    def __init__(self, place: VectorPlace, *, new: bool = False) -> None:
        """Open the vectors of a generation, or make empty collections for a ``new`` one.

        Those to open must exist, those to make must not.
        """
        self._place = place
        self._client = _connect(place, new=new)
        try:
            with self._translated():
                self._collections = {space: self._collection(space, new=new) for space in Space}
                self._batch = min(self._client.get_max_batch_size(), _BATCH)
        except BaseException:
            self.close()
            raise

    def _collection(self, space: Space, *, new: bool) -> Collection:
        name = _name(self._place, space)
        if not new:
            return self._client.get_collection(name, embedding_function=None)
        return self._client.create_collection(
            name, embedding_function=None, configuration=_CONFIGURATION
        )

    @classmethod
    def copied(cls, earlier: VectorPlace, place: VectorPlace) -> VectorIndex:
        """New collections that begin as those of an ``earlier`` generation, which stay as they are.

        Building a graph costs far more than copying one. Without a copy at hand (a server holds the
        collections) they begin empty.
        """
        if earlier.server or place.server:
            return cls(place, new=True)
        try:
            shutil.copytree(earlier.folder, place.folder)
        except shutil.Error as error:
            raise VectorsBroken(str(error)) from error
        return cls(place)

    @staticmethod
    def drop(place: VectorPlace) -> None:
        """Remove the vectors of a generation, as far as there are any."""
        if not place.server:
            shutil.rmtree(place.folder, ignore_errors=True)
            return
        client = _connect(place, new=False)
        try:
            for space in Space:
                with _translated(place.server), suppress(NotFoundError):
                    client.delete_collection(_name(place, space))
        finally:
            _close(client)

    def _translated(self) -> AbstractContextManager[None]:
        return _translated(self._place.server)

    def add(self, space: Space, records: Sequence[VectorRecord], vectors: Vectors) -> None:
        """Store ``vectors[i]`` for ``records[i]``; ids must be new, Chroma would keep the old ones."""
        for start in range(0, len(records), self._batch):
            batch = records[start : start + self._batch]
            with self._translated():
                self._collections[space].add(
                    ids=[record.id for record in batch],
                    embeddings=vectors[start : start + self._batch],
                    metadatas=[dict(record.keys) for record in batch],
                )

    def held(self, space: Space) -> dict[str, dict[str, str]]:
        """The keys of every record by its id."""
        with self._translated():
            found = self._collections[space].get(include=["metadatas"])
        metadatas = found["metadatas"] or []
        return {
            id_: {key: str(value) for key, value in keys.items()}
            for id_, keys in zip(found["ids"], metadatas, strict=True)
        }

    def remove(self, space: Space, ids: Sequence[str]) -> None:
        """Take records out; only while a generation is built."""
        for start in range(0, len(ids), self._batch):
            with self._translated():
                self._collections[space].delete(ids=list(ids[start : start + self._batch]))

    def nearest(
        self, space: Space, vector: Vectors, k: int, restriction: Restriction
    ) -> list[Neighbour]:
        """The ``k`` nearest records to a vector of shape ``(dimensions,)``, nearest first."""
        if not vector.any():
            return []
        with self._translated():
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
        """Every stored vector by its id."""
        with self._translated():
            ids = self._collections[space].get(include=[])["ids"]
        return self.vectors(space, ids)

    def vectors(self, space: Space, ids: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of those ``ids`` that exist."""
        with self._translated():
            return dict(self._stored(space, ids))

    def _stored(self, space: Space, ids: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        for start in range(0, len(ids), self._batch):
            found = self._collections[space].get(
                ids=list(ids[start : start + self._batch]), include=["embeddings"]
            )
            embeddings = found["embeddings"]
            if embeddings is not None:
                for id_, vector in zip(found["ids"], embeddings, strict=True):
                    yield id_, np.asarray(vector, dtype=np.float32)

    def close(self) -> None:
        """Release files, connections and memory; the index cannot be used afterwards."""
        _close(self._client)


def _name(place: VectorPlace, space: Space) -> str:
    """Name of a collection; on a server it tells the generations apart."""
    return f"{place.generation}.{space}" if place.server else space.value


def _connect(place: VectorPlace, *, new: bool) -> Client:
    settings = Settings(anonymized_telemetry=False)
    if place.server:
        check_server(place.server)
        try:
            with _translated(place.server):
                client = chromadb.HttpClient(host=place.server, settings=settings)
        except ValueError as error:
            raise VectorsUnreachable(place.server) from error
    else:
        if not new and not place.folder.is_dir():
            raise VectorsBroken(f"{place.folder.name}: no such directory")
        try:
            client = chromadb.PersistentClient(path=str(place.folder), settings=settings)
        except (ChromaError, ValueError) as error:
            raise VectorsBroken(str(error)) from error
    if not isinstance(client, Client):
        raise TypeError(f"chromadb gave a {type(client).__name__}")
    for session in _sessions(client):
        session.timeout = _PATIENCE
    return client


def _close(client: Client) -> None:
    for session in _sessions(client):
        session.close()
    client.close()


def _sessions(client: Client) -> Iterator[httpx.Client]:
    """The connections to a server, which Chroma neither limits in time nor closes."""
    for part in (client, client._admin_client):
        if isinstance(part, Client | AdminClient) and isinstance(part._server, FastAPI):
            yield part._server._session
