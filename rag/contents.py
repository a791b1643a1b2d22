"""The table of contents of a law."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from corpus.models import Norm
from corpus.store.reading import CorpusReader, SourceState
from rag.norms import resolve_law


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring norms that share their whole section path."""

    path: tuple[str, ...]
    """Below the chapter."""
    norms: tuple[Norm, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """An outermost division of a law."""

    title: str
    """ "" for norms outside of any division."""
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Count of its norms."""
        return sum(len(part.norms) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Contents:
    """A law and its norms, those that are gone among them."""

    source: SourceState
    chapters: tuple[Chapter, ...]
    repealed: int
    """Count of the norms of which only the number is left."""

    @property
    def size(self) -> int:
        """Count of the norms."""
        return sum(chapter.size for chapter in self.chapters)


def read_contents(reader: CorpusReader, name: str) -> Contents:
    """A law's norms in its order.

    Raises :class:`rag.norms.UnknownNorm` for a law that is not held.
    """
    norms = reader.norms(resolve_law(reader, name))
    chapters = tuple(
        Chapter(
            "".join(top),
            tuple(
                Part(path, tuple(group))
                for path, group in groupby(chapter, key=lambda n: n.path[1:])
            ),
        )
        for top, chapter in groupby(norms, key=lambda norm: norm.path[:1])
    )
    source = reader.sources[reader.slugs[norms[0].law]]
    return Contents(source, chapters, sum(norm.repealed for norm in norms))
