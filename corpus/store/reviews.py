"""Which documents somebody has to look at again, and what was decided; beside all generations."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from corpus.models import NormRef
from corpus.store.tables import ReviewRow

# Seconds after which a decision counts in every running process.
_LONGEST_UNSEEN = 1.0


class Decision(StrEnum):
    """What came of a review."""

    CONFIRMED = "confirmed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    """The document is not shown any more, whatever generation answers."""
    TAKEN_BACK = "taken_back"
    """A decision that was made by mistake: kept to be read, without effect."""


@dataclass(frozen=True, slots=True)
class Opening:
    """That an update changed what a document rests on."""

    document: str
    """Id of the memo or decree, of a summary ``summary:<slug>/<number>``."""
    reason: str
    """German."""
    places: tuple[NormRef, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One review, open or decided."""

    document: str
    opened_on: date
    reason: str
    generation: int | None
    """The update that caused it; None: no update did."""
    places: tuple[NormRef, ...]
    decided_on: date | None
    """None: it is open."""
    decided_by: str
    decision: Decision | None
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for documents now."""

    withdrawn: frozenset[str] = frozenset()
    open: dict[str, tuple[Review, ...]] = field(default_factory=dict)
    """Open reviews per document, oldest first."""
    decided: dict[str, date] = field(default_factory=dict)
    """Day of the last decision on each document."""


class Register:
    """Tells what holds for documents now, at most a second old: safe to ask with every question."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: tuple[float, Standing] | None = None

    def now(self) -> Standing:
        """What holds now."""
        known = self._known
        if known is not None and time.monotonic() - known[0] < _LONGEST_UNSEEN:
            return known[1]
        return self.read()

    def read(self) -> Standing:
        """What holds at this very moment."""
        begin = time.monotonic()
        standing = _standing(reviews(self._engine))
        self._known = (begin, standing)
        return standing


def _standing(rows: Sequence[Review]) -> Standing:
    standing = Standing(frozenset(r.document for r in rows if r.decision is Decision.WITHDRAWN))
    for review in rows:
        if review.decision is Decision.TAKEN_BACK:
            continue
        if review.decided_on is not None:
            last = standing.decided.get(review.document, date.min)
            standing.decided[review.document] = max(last, review.decided_on)
        elif review.document not in standing.withdrawn:
            earlier = standing.open.get(review.document, ())
            standing.open[review.document] = (*earlier, review)
    return standing


def reviews(engine: Engine, document: str | None = None) -> tuple[Review, ...]:
    """All reviews (of one document), oldest first."""
    statement = select(ReviewRow).order_by(ReviewRow.pk)
    if document is not None:
        statement = statement.where(ReviewRow.source == document)
    with Session(engine) as session:
        return tuple(_review(row) for row in session.scalars(statement))


def _review(row: ReviewRow) -> Review:
    return Review(
        document=row.source,
        opened_on=row.opened_on,
        reason=row.reason,
        generation=row.generation,
        places=tuple(NormRef.from_key(key) for key in row.places),
        decided_on=row.decided_on,
        decided_by=row.decided_by,
        decision=Decision(row.decision) if row.decision else None,
        note=row.note,
    )


def open_reviews(session: Session, openings: Sequence[Opening], generation: int, day: date) -> None:
    """Open reviews, each once: publishing the same update again opens none."""
    waiting = {
        (row.source, row.reason)
        for row in session.scalars(select(ReviewRow).where(ReviewRow.decided_on.is_(None)))
    }
    session.add_all(
        ReviewRow(
            source=opening.document,
            opened_on=day,
            reason=opening.reason,
            generation=generation,
            places=[place.key for place in opening.places],
            decided_on=None,
            decided_by="",
            decision=None,
            note="",
        )
        for opening in openings
        if (opening.document, opening.reason) not in waiting
    )


def decide(
    engine: Engine, document: str, decision: Decision, name: str, note: str, day: date
) -> None:
    """Close every open review of a document; without one the decision stands for itself."""
    with Session(engine) as session, session.begin():
        waiting = session.scalars(
            select(ReviewRow).where(ReviewRow.source == document, ReviewRow.decided_on.is_(None))
        ).all()
        if not waiting:
            waiting = [
                ReviewRow(
                    source=document,
                    opened_on=day,
                    reason="ohne Anlass im Gesetz",
                    generation=None,
                    places=[],
                )
            ]
            session.add_all(waiting)
        for row in waiting:
            row.decided_on, row.decided_by = day, name
            row.decision, row.note = decision.value, note


def take_back(engine: Engine, document: str, day: date) -> Decision | None:
    """Undo the last decision on a document; what was undone, None if there is nothing to undo.

    The decision stays to be read; the reviews that an update opened wait again.
    """
    with Session(engine) as session, session.begin():
        made = session.scalars(
            select(ReviewRow)
            .where(
                ReviewRow.source == document,
                ReviewRow.decided_on.is_not(None),
                ReviewRow.decision != Decision.TAKEN_BACK,
            )
            .order_by(ReviewRow.pk)
        ).all()
        if not made:
            return None
        last = max(made, key=lambda row: (row.decided_on or date.min, row.pk))
        undone = Decision(last.decision or "")
        for row in [row for row in made if _signature(row) == _signature(last)]:
            if row.generation is not None:
                session.add(_waiting_again(row))
            row.decision = Decision.TAKEN_BACK.value
            row.note = f"{row.note} ({undone.value}; zurückgenommen am {day:%d.%m.%Y})"
        return undone


def _signature(row: ReviewRow) -> tuple[object, ...]:
    """What the rows of one and the same decision have in common."""
    return row.decided_on, row.decided_by, row.decision, row.note


def _waiting_again(row: ReviewRow) -> ReviewRow:
    return ReviewRow(
        source=row.source,
        opened_on=row.opened_on,
        reason=row.reason,
        generation=row.generation,
        places=row.places,
        decided_on=None,
        decided_by="",
        decision=None,
        note="",
    )
