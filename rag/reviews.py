"""What is said of documents that somebody has to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from corpus.models import Kind, NormRef, Passage
from corpus.reviews import review_reasons
from corpus.store.reading import CorpusReader
from corpus.store.reviews import Decision, Review, reviews
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


@dataclass(frozen=True, slots=True)
class Decided:
    """The last decision on a document, as far as it counts."""

    document: str
    title: str
    url: str | None
    """None: the document is not shown any more."""
    decision: Decision
    day: date
    by: str
    note: str


def decided(reader: CorpusReader, since: date) -> tuple[Decided, ...]:
    """Decisions from ``since`` on, one per document, the newest first."""
    last: dict[str, Decided] = {}
    for review in reviews(reader.engine):
        made = _decided(reader, review)
        if made is not None and made.day >= since:
            last.pop(review.document, None)
            last[review.document] = made
    # Stable: of one day, what was decided last comes first.
    newest_first = [*last.values()][::-1]
    return tuple(sorted(newest_first, key=lambda one: one.day, reverse=True))


def _decided(reader: CorpusReader, review: Review) -> Decided | None:
    if review.decided_on is None or review.decision in (None, Decision.TAKEN_BACK):
        return None
    source, _, number = review.document.partition("/")
    state = reader.sources.get(source)
    title = state.title if state else source
    hidden = state is None or review.document in reader.register.now().withdrawn
    return Decided(
        document=review.document,
        title=f"{title}: {number}" if number else title,
        url=None if hidden or state is None else state.url,
        decision=review.decision,
        day=review.decided_on,
        by=review.decided_by,
        note=review.note,
    )
