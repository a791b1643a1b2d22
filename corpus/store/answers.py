"""Answers that were saved for the file, beside all generations; a saved answer never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from corpus.store.tables import SavedAnswerRow


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved answer."""

    id: str
    saved_at: datetime
    """UTC, without saying so."""
    question: str
    """Personal data masked."""
    corpus_version: str
    """Name of the generation that answered."""
    body: str
    """JSON text, exactly as it was written."""


def save(engine: Engine, saved: Saved) -> None:
    """Keep an answer; one that is kept already stays as it is."""
    row = SavedAnswerRow(
        id=saved.id,
        saved_at=saved.saved_at,
        question=saved.question,
        corpus_version=saved.corpus_version,
        body=saved.body,
    )
    try:
        with Session(engine) as session, session.begin():
            if session.get(SavedAnswerRow, saved.id) is None:
                session.add(row)
    except IntegrityError:
        # Another process saved the same answer in the meantime.
        return


def saved_answer(engine: Engine, id_: str) -> Saved | None:
    """A saved answer; None: there is none of that id."""
    with Session(engine) as session:
        row = session.get(SavedAnswerRow, id_)
        if row is None:
            return None
        return Saved(row.id, row.saved_at, row.question, row.corpus_version, row.body)
