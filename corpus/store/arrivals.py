"""When the documents, as a generation shows them, were read in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from corpus.models import Kind
from corpus.store.tables import GenerationRow, SourceRow


@dataclass(frozen=True, slots=True)
class Arrival:
    """Since when a document reads as it does."""

    source: str
    read_in: datetime
    """UTC: when the first generation with this wording answered."""
    earlier: bool
    """Whether another wording stood before; False: the document is new."""


def arrivals(engine: Engine, generation: int) -> dict[str, Arrival]:
    """For each memo and decree that ``generation`` shows.

    A document that was stored anew without another wording keeps its day.
    """
    with Session(engine) as session:
        rows = session.execute(
            select(
                SourceRow.source,
                SourceRow.digest,
                SourceRow.until,
                func.coalesce(GenerationRow.published_at, GenerationRow.created_at).label("day"),
            )
            .join(GenerationRow, GenerationRow.number == SourceRow.since)
            .where(
                SourceRow.kind.in_((Kind.MEMO.value, Kind.DECREE.value)),
                SourceRow.since <= generation,
            )
            .order_by(SourceRow.source, SourceRow.since)
        ).all()
        found: dict[str, Arrival] = {}
        for source, group in groupby(rows, key=lambda row: row.source):
            states = list(group)
            until = states[-1].until
            if until is None or until > generation:
                found[source] = _arrival(source, [(row.digest, row.day) for row in states])
        return found


def _arrival(source: str, states: Sequence[tuple[str, datetime]]) -> Arrival:
    """``states``: digest and time of each, oldest first."""
    first = len(states) - 1
    while first and states[first - 1][0] == states[-1][0]:
        first -= 1
    return Arrival(source, states[first][1], earlier=first > 0)
