"""Errors of the answering side; each carries the German sentence and its cure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.generation.foreign import ModelUnusable
from corpus.generation.vectors import VectorsBroken, VectorsUnreachable


class NotReady(Exception):
    """There is no published generation yet, or its files cannot be read."""

    code = "not_ready"

    def __init__(self, reason: str, cure: str = "Bitte führen Sie „make ingest“ aus.") -> None:
        self.message = f"{reason} {cure}".strip()
        super().__init__(self.message)


class ChromaUnreachable(NotReady):
    """The Chroma server that holds the vectors does not answer."""

    code = VectorsUnreachable.code


@contextmanager
def vectors_of(name: str) -> Iterator[None]:
    """Turn what the vectors of a generation raise into :class:`NotReady`."""
    try:
        yield
    except VectorsUnreachable as error:
        raise ChromaUnreachable(error.message, cure="") from error
    except VectorsBroken as error:
        raise NotReady(f"Der Index „{name}“ ist beschädigt.") from error


class ForeignEncoder(NotReady):
    """The index was built with another encoder than this process is set to use."""

    code = "foreign_encoder"

    def __init__(self, built_with: str, configured: str) -> None:
        super().__init__(
            f"Der Index wurde mit dem Sprachmodell „{built_with}“ gebaut, eingestellt ist "
            f"„{configured}“."
        )
        self.built_with = built_with
        self.configured = configured


class ModelNotReady(NotReady):
    """A model that the settings name cannot be loaded; the code says which and why."""

    def __init__(self, error: ModelUnusable) -> None:
        super().__init__(error.reason, error.cure)
        self.code = error.code


class BadQuestion(ValueError):
    """A question that cannot be worked on."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
