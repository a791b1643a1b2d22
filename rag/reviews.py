"""What is said of documents that somebody has to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.models import Kind, NormRef, Passage
from corpus.reviews import review_reasons
from corpus.store.reading import CorpusReader
from corpus.store.use import norm_use


def review_notes(reader: CorpusReader, passages: Iterable[Passage]) -> dict[str, str]:
    """Document -> "zu prüfen: <reason>" for those of the passages' documents that need it."""
    notes: dict[str, str] = {}
    standing = reader.register.now()
    for document, source in dict.fromkeys(
        (p.document, p.source) for p in passages if p.kind is not Kind.LAW
    ):
        reasons = review_reasons(standing, document, reader.sources[source].meta)
        if reasons:
            notes[document] = f"zu prüfen: {'; '.join(reasons)}"
    return notes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits for a decision."""

    document: str
    title: str
    url: str
    reasons: tuple[str, ...]
    places: tuple[NormRef, ...]
    """Changed places that it cites; () if only its day has come."""
    generations: tuple[int, ...]
    """Updates that changed them."""
    use: int
    """How often answers cited the norms of these places."""


def waiting(reader: CorpusReader) -> tuple[Waiting, ...]:
    """The documents to be reviewed, those that rest on the most used norms first."""
    use = norm_use(reader.engine)
    found = [_waiting(reader, document, use) for document in _documents(reader)]
    return tuple(sorted((w for w in found if w is not None), key=lambda w: (-w.use, w.title)))


def _documents(reader: CorpusReader) -> tuple[str, ...]:
    """Every memo and decree, and the summaries with an open review."""
    memos = (source for source, state in reader.sources.items() if state.meta is not None)
    return tuple(dict.fromkeys((*memos, *reader.register.now().open)))


def _waiting(reader: CorpusReader, document: str, use: Mapping[NormRef, int]) -> Waiting | None:
    standing = reader.register.now()
    source, _, number = document.partition("/")
    state = reader.sources.get(source)
    if state is None or document in standing.withdrawn:
        return None
    reasons = review_reasons(standing, document, state.meta)
    if not reasons:
        return None
    reviews = standing.open.get(document, ())
    places = tuple(dict.fromkeys(place for review in reviews for place in review.places))
    return Waiting(
        document=document,
        title=f"{state.title}: {number}" if number else state.title,
        url=state.url,
        reasons=reasons,
        places=places,
        generations=tuple(dict.fromkeys(r.generation for r in reviews if r.generation)),
        use=sum(use.get(norm, 0) for norm in {place.norm for place in places}),
    )
