"""What people say about answers, without personal data and without who said it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from corpus.models import NormRef
from corpus.store.tables import FeedbackRow, FeedbackSeenRow


class Verdict(StrEnum):
    """What somebody thinks of an answer."""

    HELPFUL = "helpful"
    WRONG = "wrong"
    MISSING = "missing"
    """Something that belongs to the answer is not there."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One message."""

    day: date
    answer: str
    """Id of the answer; it need not be saved."""
    verdict: Verdict
    comment: str
    """Personal data masked; may be ""."""
    question: str
    """Personal data masked."""
    outcome: str
    places: tuple[NormRef, ...]
    """Cited places of laws."""
    corpus_version: str
    case: str | None = None
    """Id of the evaluation case made of it."""
    number: int = 0
    """Counts from 1; 0: not stored yet."""
    seen: bool = False
    """Whether the administration read it, or made a case of it."""


def record_feedback(engine: Engine, feedback: Feedback) -> int:
    """Store a message; its number."""
    row = FeedbackRow(
        day=feedback.day,
        answer=feedback.answer,
        verdict=feedback.verdict.value,
        comment=feedback.comment,
        question=feedback.question,
        outcome=feedback.outcome,
        places=[place.key for place in feedback.places],
        corpus_version=feedback.corpus_version,
        case=None,
    )
    with Session(engine) as session, session.begin():
        session.add(row)
        session.flush()
        return row.pk


def all_feedback(engine: Engine, verdict: Verdict | None = None) -> tuple[Feedback, ...]:
    """All messages (of one verdict), newest first."""
    statement = select(FeedbackRow).order_by(FeedbackRow.pk.desc())
    if verdict is not None:
        statement = statement.where(FeedbackRow.verdict == verdict.value)
    with Session(engine) as session:
        seen = set(session.scalars(select(FeedbackSeenRow.feedback)))
        return tuple(_feedback(row, seen=row.pk in seen) for row in session.scalars(statement))


def mark_seen(engine: Engine, number: int, day: date) -> bool:
    """Note that a message was read; False: there is no such message."""
    with Session(engine) as session, session.begin():
        if session.get(FeedbackRow, number, with_for_update=True) is None:
            return False
        session.merge(FeedbackSeenRow(feedback=number, day=day))
        return True


def mark_unseen(engine: Engine, number: int) -> None:
    """Undo :func:`mark_seen`; nothing happens if it was not read."""
    with Session(engine) as session, session.begin():
        session.execute(delete(FeedbackSeenRow).where(FeedbackSeenRow.feedback == number))


def turn_into_case(
    engine: Engine, number: int, write: Callable[[Feedback], str]
) -> Feedback | None:
    """Let ``write`` make a case of a message, at most once; None: there is no such message.

    ``write`` returns the id of the case; if it fails, the message stays as it was.
    """
    with Session(engine) as session, session.begin():
        row = session.get(FeedbackRow, number, with_for_update=True)
        if row is None:
            return None
        if row.case is None:
            row.case = write(_feedback(row))
        return _feedback(row)


def forget_case(engine: Engine, number: int, remove: Callable[[Feedback], None]) -> Feedback | None:
    """Undo :func:`turn_into_case`; ``remove`` takes the case away, and if it fails nothing changes."""
    with Session(engine) as session, session.begin():
        row = session.get(FeedbackRow, number, with_for_update=True)
        if row is None:
            return None
        if row.case is not None:
            remove(_feedback(row))
            row.case = None
        return _feedback(row)


def _feedback(row: FeedbackRow, *, seen: bool = False) -> Feedback:
    return Feedback(
        day=row.day,
        answer=row.answer,
        verdict=Verdict(row.verdict),
        comment=row.comment,
        question=row.question,
        outcome=row.outcome,
        places=tuple(NormRef.from_key(key) for key in row.places),
        corpus_version=row.corpus_version,
        case=row.case,
        number=row.pk,
        seen=seen or row.case is not None,
    )
