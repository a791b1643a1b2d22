"""What is asked: how often answers cite a norm, and which questions found nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from corpus.models import NormRef
from corpus.store.tables import GapRow, NormUseRow


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions with the same words that found nothing."""

    terms: tuple[str, ...]
    example: str
    """One of them, personal data masked."""
    count: int
    outcome: str
    day: date
    """When it was last asked."""


def record_use(engine: Engine, counts: Mapping[NormRef, int], day: date) -> None:
    """Add to how often each norm was cited on ``day``. One process writes at a time per norm."""
    with Session(engine) as session, session.begin():
        for ref, count in counts.items():
            row = session.get(NormUseRow, (ref.law, ref.number, day), with_for_update=True)
            if row is None:
                session.add(NormUseRow(law=ref.law, number=ref.number, day=day, count=count))
            else:
                row.count += count


def norm_use(engine: Engine) -> dict[NormRef, int]:
    """How often each norm was cited, all days together."""
    total = func.sum(NormUseRow.count)
    with Session(engine) as session:
        rows = session.execute(
            select(NormUseRow.law, NormUseRow.number, total).group_by(
                NormUseRow.law, NormUseRow.number
            )
        )
        return {NormRef(law, number): int(count) for law, number, count in rows}


def record_gap(
    engine: Engine, terms: Collection[str], example: str, outcome: str, day: date
) -> None:
    """Count a question that found nothing; ``example`` must hold no personal data."""
    ordered = sorted(set(terms))
    key = hashlib.sha256("\n".join([outcome, *ordered]).encode()).hexdigest()
    with Session(engine) as session, session.begin():
        row = session.get(GapRow, key, with_for_update=True)
        if row is None:
            row = GapRow(key=key, terms=ordered, outcome=outcome, count=0)
            session.add(row)
        row.count += 1
        row.day, row.example = day, example


def gaps(engine: Engine) -> tuple[Gap, ...]:
    """What was asked and found nothing, the most frequent first."""
    with Session(engine) as session:
        rows = session.scalars(
            select(GapRow).order_by(GapRow.count.desc(), GapRow.day.desc(), GapRow.key)
        )
        return tuple(
            Gap(tuple(row.terms), row.example, row.count, row.outcome, row.day) for row in rows
        )
