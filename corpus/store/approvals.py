"""Answers that a reviewer approved, and whether the wording they rest on still stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from corpus.models import NormRef
from corpus.store.reading import CorpusReader
from corpus.store.tables import ApprovalRow, PassageRow, SavedAnswerRow


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved a saved answer for its question."""

    answer: str
    """Id of the saved answer."""
    question: str
    key: str
    """Digest of the normalised question."""
    approved_on: date
    approved_by: str
    places: tuple[NormRef, ...]
    """Cited Absätze of laws."""
    passages: tuple[str, ...]
    """Ids of all passages of what is cited; each holds a digest of its text."""


def approve(engine: Engine, approval: Approval) -> None:
    """Approve a saved answer; one approved before for the same question ends."""
    with Session(engine) as session, session.begin():
        _end(session, ApprovalRow.key == approval.key, approval.approved_by, approval.approved_on)
        session.add(
            ApprovalRow(
                answer=approval.answer,
                key=approval.key,
                approved_on=approval.approved_on,
                approved_by=approval.approved_by,
                places=[place.key for place in approval.places],
                passages=list(approval.passages),
                ended_on=None,
                ended_by="",
            )
        )


def end_approval(engine: Engine, answer: str, name: str, day: date) -> bool:
    """Take the approval of an answer back; whether there was one."""
    with Session(engine) as session, session.begin():
        return _end(session, ApprovalRow.answer == answer, name, day)


def _end(session: Session, which: ColumnElement[bool], name: str, day: date) -> bool:
    rows = session.scalars(select(ApprovalRow).where(which, ApprovalRow.ended_on.is_(None))).all()
    for row in rows:
        row.ended_on, row.ended_by = day, name
    return bool(rows)


def approvals(engine: Engine, key: str | None = None) -> tuple[Approval, ...]:
    """Approvals that nobody ended (for one question), newest first."""
    statement = (
        select(ApprovalRow, SavedAnswerRow.question)
        .join(SavedAnswerRow, SavedAnswerRow.id == ApprovalRow.answer)
        .where(ApprovalRow.ended_on.is_(None))
        .order_by(ApprovalRow.pk.desc())
    )
    if key is not None:
        statement = statement.where(ApprovalRow.key == key)
    with Session(engine) as session:
        return tuple(
            Approval(
                answer=row.answer,
                question=question,
                key=row.key,
                approved_on=row.approved_on,
                approved_by=row.approved_by,
                places=tuple(NormRef.from_key(place) for place in row.places),
                passages=tuple(row.passages),
            )
            for row, question in session.execute(statement)
        )


def holds(reader: CorpusReader, approval: Approval) -> bool:
    """Whether every wording that the answer rests on still stands and no document was withdrawn."""
    return standing(reader, approval.passages) == set(approval.passages)


def standing(reader: CorpusReader, passages: Collection[str]) -> set[str]:
    """Those of ``passages`` that stand in the reader's generation and are not withdrawn."""
    withdrawn = reader.register.now().withdrawn
    with Session(reader.engine) as session:
        rows = session.execute(
            select(PassageRow.passage_id, PassageRow.source).where(
                PassageRow.passage_id.in_(passages), PassageRow.visible(reader.generation)
            )
        )
        return {id_ for id_, source in rows if source not in withdrawn}
