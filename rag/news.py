"""What is new since a day: documents that were read in, documents to be reviewed, law that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from corpus.changes import LawChange, changes_between
from corpus.store.arrivals import arrivals
from corpus.store.reading import CorpusReader, Published, generations
from rag.documents import Document, documents
from rag.errors import BadQuestion
from rag.index import Index


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document whose wording was read in since."""

    document: Document
    read_in: datetime
    """UTC."""
    is_new: bool
    """Whether there was no earlier wording."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A document that an update has made doubtful since, and that still is."""

    document: Document
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What is new since a day, that day included."""

    since: date
    begun: date | None
    """Day of the first generation, if the corpus is younger than ``since``: there is nothing to
    compare; None else."""
    documents: tuple[NewDocument, ...]
    """The newest first."""
    doubted: tuple[Doubted, ...]
    laws: tuple[LawChange, ...]


def news_since(index: Index, since: date, today: date) -> News:
    """What ``index`` shows and what nobody could have read before ``since``.

    A generation counts as unread on the day (UTC) on which it was published: somebody may have
    looked that morning. Raises :class:`BadQuestion` for a day to come.
    """
    if since > today:
        raise BadQuestion("bad_date", f"Der {since:%d.%m.%Y} liegt in der Zukunft.")
    engine = index.reader.engine
    known = [one for one in generations(engine) if one.published_at is not None]
    read = [one for one in known if _day(one) < since]
    held = {document.source: document for document in documents(index, today)}
    doubted = tuple(
        Doubted(held[source], tuple(review.reason for review in recent))
        for source, reviews in index.reader.register.now().open.items()
        if source in held
        and (recent := [review for review in reviews if review.opened_on >= since])
    )
    if not read:
        first = min((_day(one) for one in known), default=None)
        return News(since, first, (), doubted, ())
    return News(
        since=since,
        begun=None,
        documents=_new_documents(engine, index, held, since),
        doubted=doubted,
        laws=_changed_laws(index, read[-1]),
    )


def _new_documents(
    engine: Engine, index: Index, held: dict[str, Document], since: date
) -> tuple[NewDocument, ...]:
    found = [
        NewDocument(held[source], arrival.read_in, not arrival.earlier)
        for source, arrival in arrivals(engine, index.number).items()
        if source in held and arrival.read_in.date() >= since
    ]
    return tuple(sorted(found, key=lambda new: (new.read_in, new.document.title), reverse=True))


def _changed_laws(index: Index, read: Published) -> tuple[LawChange, ...]:
    """Going back to an earlier generation brings no new law."""
    if read.number >= index.number:
        return ()
    return changes_between(CorpusReader(index.reader.engine, read.number), index.reader)


def _day(generation: Published) -> date:
    return (generation.published_at or generation.created_at).date()
