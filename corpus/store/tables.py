"""The tables of the corpus store (SQLAlchemy 2; SQLite by default, PostgreSQL by URL).

Names and numbers come from the sources and have no limit of ours: PostgreSQL would enforce one.

Everything that a generation can show carries the numbers of the generations between which it is
visible, so one transaction publishes a new state, and going back is a change of one row.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, Text, or_
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json: TypeAlias = dict[str, object] | list[object]
"""What a JSON column holds."""


class Base(DeclarativeBase):
    """The metadata of all tables."""


class Versioned:
    """Visible from generation ``since`` up to, not including, ``until`` (None: still)."""

    since: Mapped[int] = mapped_column(index=True)
    until: Mapped[int | None] = mapped_column(index=True)

    @classmethod
    def visible(cls, generation: int) -> ColumnElement[bool]:
        """Condition: the row belongs to what ``generation`` shows."""
        return (cls.since <= generation) & or_(cls.until.is_(None), cls.until > generation)


class SourceRow(Versioned, Base):
    """One state of one source: a law, a memo, a decree, the summaries of one law."""

    __tablename__ = "source"

    pk: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    """Slug of the law, id of the memo, ``summary:<slug>``."""
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    """Abbreviation of the law or title of the memo."""
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    stand: Mapped[str] = mapped_column(Text)
    pending: Mapped[Json] = mapped_column(JSON)
    meta: Mapped[Json] = mapped_column(JSON)
    """Front matter of a memo; {} for a law."""
    built_on: Mapped[date | None]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file as it came, so that an unchanged one is not parsed again."""


class CheckRow(Base):
    """When a source was last looked at, and where; not part of any generation."""

    __tablename__ = "source_check"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    checked_on: Mapped[date]
    origin: Mapped[str] = mapped_column(Text)
    validators: Mapped[Json] = mapped_column(JSON)
    """ETag and Last-Modified of the last fetch, for conditional requests."""


class SnapshotRow(Versioned, Base):
    """What a law looked like on one day: the truth about its versions.

    From these rows follows how long each wording stood; the order in which they came does not matter.
    """

    __tablename__ = "snapshot"

    pk: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200), index=True)
    day: Mapped[date]
    """Day on which the source showed this state."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    stand: Mapped[str] = mapped_column(Text)
    pending: Mapped[Json] = mapped_column(JSON)
    norms: Mapped[dict[str, str]] = mapped_column(JSON)
    """Number of each norm -> digest of its wording (:attr:`NormRow.digest`)."""


class NormRow(Versioned, Base):
    """One wording of one norm.

    A wording that only the past knows was never visible: its ``until`` equals its ``since``.
    """

    __tablename__ = "norm"
    __table_args__ = (Index("norm_place", "law", "number"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    law: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[tuple[str | None, int]]] = mapped_column(JSON)
    """``[[absatz, number of Sätze], ...]``: what the inventory needs, without the text."""
    body: Mapped[Json] = mapped_column(JSON)
    """The whole :class:`corpus.models.Norm`."""
    digest: Mapped[str] = mapped_column(String(64))
    passages: Mapped[list[str]] = mapped_column(JSON)
    """Ids of the passages into which it was cut."""


class DocumentRow(Versioned, Base):
    """The sections of one memo, decree or set of summaries."""

    __tablename__ = "document"

    pk: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    body: Mapped[Json] = mapped_column(JSON)


class PassageRow(Versioned, Base):
    """One passage; :attr:`body` holds all of it but the Stand, which is the source's."""

    __tablename__ = "passage"

    pk: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[str] = mapped_column(Text, index=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    law: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]
    """0-based order within the norm or document."""
    body: Mapped[Json] = mapped_column(JSON)


class ReferenceRow(Base):
    """A reference that a passage contains; lives and dies with the passage."""

    __tablename__ = "reference"
    __table_args__ = (Index("reference_target", "law", "number"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    passage_pk: Mapped[int] = mapped_column(ForeignKey("passage.pk"), index=True)
    law: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    absatz: Mapped[str | None] = mapped_column(Text)


class GenerationRow(Base):
    """One index generation; the directory of that name holds its files."""

    __tablename__ = "generation"

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime]
    manifest: Mapped[Json] = mapped_column(JSON)
    base: Mapped[int | None]
    """The generation that answered when this one was built."""
    published_at: Mapped[datetime | None]
    """When it first answered; None: built, not (yet) found sound."""


class PublicationRow(Base):
    """The one row that says which generation answers."""

    __tablename__ = "publication"

    pk: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(ForeignKey("generation.number"))


class NormUseRow(Base):
    """How often answers cited a norm on a day; nothing about who asked or what."""

    __tablename__ = "norm_use"

    law: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[str] = mapped_column(String(120), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class GapRow(Base):
    """Questions with the same words that found nothing."""

    __tablename__ = "gap"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of outcome and terms."""
    day: Mapped[date]
    """When it was last asked."""
    terms: Mapped[list[str]] = mapped_column(JSON)
    """Index terms in alphabetical order."""
    example: Mapped[str] = mapped_column(Text)
    """The last such question, personal data masked."""
    count: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))


class ReviewRow(Base):
    """That somebody has to look at a document again, and what came of it; not part of any generation."""

    __tablename__ = "review"

    pk: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(300), index=True)
    """Id of the memo or decree, or ``summary:<slug>/<number>``."""
    opened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    """German."""
    generation: Mapped[int | None]
    """The update that changed what the document cites; None: there was none."""
    places: Mapped[list[str]] = mapped_column(JSON)
    """Keys of the changed places."""
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)


class SavedAnswerRow(Base):
    """An answer that somebody kept for the file; not part of any generation and never changed."""

    __tablename__ = "saved_answer"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    saved_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(Text)
    """Personal data masked."""
    corpus_version: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """The whole record as the JSON text that was written: the same bytes come back."""


class FeedbackRow(Base):
    """What somebody said about an answer; nothing about who said it."""

    __tablename__ = "feedback"

    pk: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    answer: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text)
    """Personal data masked."""
    question: Mapped[str] = mapped_column(Text)
    """Personal data masked."""
    outcome: Mapped[str] = mapped_column(String(30))
    places: Mapped[list[str]] = mapped_column(JSON)
    """Keys of the cited places."""
    corpus_version: Mapped[str] = mapped_column(Text)
    case: Mapped[str | None] = mapped_column(Text)
    """Id of the evaluation case that was made of it."""


class FeedbackSeenRow(Base):
    """That somebody of the administration has read a message."""

    __tablename__ = "feedback_seen"

    feedback: Mapped[int] = mapped_column(ForeignKey("feedback.pk"), primary_key=True)
    day: Mapped[date]


class ApprovalRow(Base):
    """That a reviewer approved a saved answer for its question."""

    __tablename__ = "approval"

    pk: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(ForeignKey("saved_answer.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Digest of the normalised question."""
    approved_on: Mapped[date]
    approved_by: Mapped[str] = mapped_column(Text)
    places: Mapped[list[str]] = mapped_column(JSON)
    """Keys of the cited places of laws."""
    passages: Mapped[list[str]] = mapped_column(JSON)
    """Ids of the cited passages; each holds a digest of its text."""
    ended_on: Mapped[date | None]
    """When a reviewer took it back, or approved another; None: nobody did."""
    ended_by: Mapped[str] = mapped_column(Text)
