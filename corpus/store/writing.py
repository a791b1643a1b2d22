"""Write a new state of the corpus beside the one that answers, then switch over, or discard it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from corpus.models import MemoMeta, Norm, Passage, Section
from corpus.store.reading import (
    METAS,
    NORMS,
    PASSAGES,
    SECTIONS,
    Published,
    Snapshot,
    SourceState,
)
from corpus.store.tables import (
    Base,
    CheckRow,
    DocumentRow,
    GenerationRow,
    Json,
    NormRow,
    PassageRow,
    PublicationRow,
    ReferenceRow,
    SnapshotRow,
    SourceRow,
)

_AnyRow: TypeAlias = SourceRow | SnapshotRow | DocumentRow | NormRow | PassageRow
_VersionedRow: TypeAlias = type[_AnyRow]
_TABLES: tuple[_VersionedRow, ...] = (SourceRow, SnapshotRow, DocumentRow, NormRow, PassageRow)


@dataclass(frozen=True, slots=True)
class NormChange:
    """A norm that is new or has a new wording, with its passages."""

    norm: Norm
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class PastState:
    """What a law looked like on a day before its newest one."""

    snapshot: Snapshot
    wordings: tuple[NormChange, ...]
    """Those of its norms that the store does not hold yet."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Everything that one source brings to a new generation."""

    state: SourceState
    snapshot: Snapshot | None = None
    """The state of a law with the day on which it was seen; None for documents."""
    norms: tuple[NormChange, ...] = ()
    """New or reworded norms; those not named keep their rows."""
    gone: tuple[str, ...] = ()
    """Numbers of norms that the source no longer has."""
    sections: tuple[Section, ...] = ()
    """All sections, if the source is a document."""
    passages: tuple[Passage, ...] = ()
    """All passages, if the source is a document."""


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A source that was looked at, changed or not."""

    source: str
    origin: str
    seen_on: date
    validators: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """What one ingest writes."""

    changes: tuple[SourceChange, ...]
    removed: tuple[str, ...]
    """Sources that are no longer part of the corpus."""
    past: tuple[PastState, ...] = ()
    """Earlier states of laws."""
    base: int | None = None
    """The generation that the changes start from; None for the first."""


def norm_digest(norm: Norm) -> str:
    """SHA-256 over everything the norm shows."""
    return _digest(NORMS.dump_python(norm, mode="json"))


def _digest(body: Json) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _meta_body(meta: MemoMeta | None) -> Json:
    body: dict[str, object] = {} if meta is None else METAS.dump_python(meta, mode="json")
    return body


def stage(engine: Engine, publication: Publication) -> int:
    """Write all changes as a new generation that does not answer yet; returns its number."""
    with Session(engine) as session, session.begin():
        last = session.scalar(select(func.max(GenerationRow.number))) or 0
        number = last + 1
        session.add(
            GenerationRow(
                number=number,
                name=f"im-bau-{number}",
                created_at=_now(),
                manifest={},
                base=publication.base,
            )
        )
        session.flush()
        if publication.base is not None and publication.base < last:
            _start_from(session, publication.base, number)
        for source in publication.removed:
            for table in _TABLES:
                _close(session, table, number, table.source == source)
        for change in publication.changes:
            _write_source(session, change, number)
        for past in publication.past:
            _write_past(session, past, number)
    return number


def describe(engine: Engine, number: int, name: str, manifest: dict[str, object]) -> Published:
    """Note what was built for a staged generation: its directory and its card."""
    with Session(engine) as session, session.begin():
        row = session.get_one(GenerationRow, number)
        row.name, row.manifest = name, manifest
        return Published(number, name, row.created_at, None, manifest, row.base)


def switch(engine: Engine, number: int) -> None:
    """Let the generation ``number`` answer: one transaction that changes one row."""
    with Session(engine) as session, session.begin():
        _answer_with(session, number)


def go_back(engine: Engine, number: int) -> None:
    """Let a generation answer that did so before.

    What was noted of the last look at a source holds no longer where that generation shows another
    state: the next look must ask for the whole file, and the state was last seen on its own day.
    """
    with Session(engine) as session, session.begin():
        shown = {
            row.source: row.digest
            for row in session.scalars(select(SourceRow).where(SourceRow.visible(number)))
        }
        before = session.scalars(select(PublicationRow.generation)).one()
        left = session.scalars(select(SourceRow).where(SourceRow.visible(before))).all()
        for source in (row.source for row in left if shown.get(row.source) != row.digest):
            check = session.get(CheckRow, source)
            seen = session.scalar(
                select(func.max(SnapshotRow.day)).where(
                    SnapshotRow.source == source, SnapshotRow.visible(number)
                )
            )
            if check is not None:
                check.validators = {}
                check.checked_on = min(check.checked_on, seen or check.checked_on)
        _answer_with(session, number)


def _answer_with(session: Session, number: int) -> None:
    row = session.get_one(GenerationRow, number)
    row.published_at = row.published_at or _now()
    session.execute(delete(PublicationRow))
    session.add(PublicationRow(pk=1, generation=number))


def discard_staged(engine: Engine) -> tuple[str, ...]:
    """Forget generations that were written but never answered; their names.

    A run that was killed between the two steps, or that found its index broken, leaves one.
    """
    with Session(engine) as session, session.begin():
        staged = session.scalars(
            select(GenerationRow)
            .where(GenerationRow.published_at.is_(None))
            .order_by(GenerationRow.number.desc())
        ).all()
        for row in staged:
            for table in _TABLES:
                mine = table.since == row.number
                if table is PassageRow:
                    passages = select(PassageRow.pk).where(mine)
                    session.execute(
                        delete(ReferenceRow).where(ReferenceRow.passage_pk.in_(passages))
                    )
                session.execute(delete(table).where(mine))
                session.execute(update(table).where(table.until == row.number).values(until=None))
            session.delete(row)
        return tuple(row.name for row in staged)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _start_from(session: Session, base: int, number: int) -> None:
    """After going back to ``base``: what came later ends with ``number``, what it ended is back."""
    for table in _TABLES:
        _close(session, table, number, table.since > base)
        ended = select(table).where(table.visible(base), table.until.is_not(None))
        for row in session.scalars(ended).all():
            _copy(session, row, number)


def _copy(session: Session, row: Base, number: int) -> None:
    """The same row once more, visible from ``number`` on; a passage with its references."""
    table = type(row)
    values = {
        column.key: getattr(row, column.key)
        for column in table.__mapper__.column_attrs
        if column.key not in ("pk", "since", "until")
    }
    again = table(**values, since=number)
    session.add(again)
    if not isinstance(row, PassageRow) or not isinstance(again, PassageRow):
        return
    session.flush()
    for reference in session.scalars(select(ReferenceRow).where(ReferenceRow.passage_pk == row.pk)):
        session.add(
            ReferenceRow(
                passage_pk=again.pk,
                law=reference.law,
                number=reference.number,
                absatz=reference.absatz,
            )
        )


def record_checks(engine: Engine, checks: Sequence[CheckedSource]) -> None:
    """Note when and where sources were looked at."""
    with Session(engine) as session, session.begin():
        for check in checks:
            session.merge(
                CheckRow(
                    source=check.source,
                    checked_on=check.seen_on,
                    origin=check.origin,
                    validators=dict(check.validators),
                )
            )


def _close(session: Session, table: _VersionedRow, number: int, *where: object) -> None:
    """End the visibility of the open rows of ``table`` that fulfil ``where``."""
    session.execute(
        update(table).where(table.until.is_(None), *where).values(until=number)  # type: ignore[arg-type]
    )


def _write_source(session: Session, change: SourceChange, number: int) -> None:
    state = change.state
    _close(session, SourceRow, number, SourceRow.source == state.source)
    session.add(
        SourceRow(
            source=state.source,
            kind=state.kind.value,
            name=state.name,
            title=state.title,
            url=state.url,
            stand=state.stand,
            pending=list(state.pending),
            meta=_meta_body(state.meta),
            built_on=state.built_on,
            digest=state.digest,
            since=number,
        )
    )
    if change.snapshot is not None:
        _write_snapshot(session, change.snapshot, number)
    for gone in change.gone:
        _close_norm(session, state.source, gone, number)
    for norm_change in change.norms:
        _close_norm(session, state.source, norm_change.norm.number, number)
        _write_norm(session, state.source, norm_change, number, until=None)
    if change.sections:
        _close(session, DocumentRow, number, DocumentRow.source == state.source)
        _close(session, PassageRow, number, PassageRow.source == state.source)
        session.add(
            DocumentRow(
                source=state.source,
                body=SECTIONS.dump_python(change.sections, mode="json"),
                since=number,
            )
        )
        _write_passages(session, state.source, change.passages, number)


def _close_norm(session: Session, source: str, norm: str, number: int) -> None:
    for table in (NormRow, PassageRow):
        _close(session, table, number, table.source == source, table.number == norm)


def _write_snapshot(session: Session, snapshot: Snapshot, number: int) -> None:
    """Note a state; one of the same day is replaced."""
    _close(
        session,
        SnapshotRow,
        number,
        SnapshotRow.source == snapshot.source,
        SnapshotRow.day == snapshot.day,
    )
    session.add(
        SnapshotRow(
            source=snapshot.source,
            day=snapshot.day,
            digest=snapshot.digest,
            stand=snapshot.stand,
            pending=list(snapshot.pending),
            norms=dict(snapshot.norms),
            since=number,
        )
    )


def _write_past(session: Session, past: PastState, number: int) -> None:
    _write_snapshot(session, past.snapshot, number)
    for wording in past.wordings:
        _write_norm(session, past.snapshot.source, wording, number, until=number)


def _write_norm(
    session: Session, source: str, change: NormChange, number: int, *, until: int | None
) -> None:
    """Write a wording with its passages; ``until`` equal to ``number`` for one of the past."""
    norm = change.norm
    session.add(
        NormRow(
            source=source,
            law=norm.law,
            number=norm.number,
            outline=[(absatz.label, len(absatz.saetze)) for absatz in norm.absaetze],
            body=NORMS.dump_python(norm, mode="json"),
            digest=norm_digest(norm),
            passages=[passage.id for passage in change.passages],
            since=number,
            until=until,
        )
    )
    _write_passages(session, source, change.passages, number, until=until)


def _write_passages(
    session: Session,
    source: str,
    passages: Sequence[Passage],
    number: int,
    *,
    until: int | None = None,
) -> None:
    rows = [
        PassageRow(
            passage_id=passage.id,
            source=source,
            kind=passage.kind.value,
            law=passage.law,
            number=passage.number,
            position=index,
            body=PASSAGES.dump_python(passage, mode="json"),
            since=number,
            until=until,
        )
        for index, passage in enumerate(passages)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        ReferenceRow(
            passage_pk=row.pk,
            law=reference.target.law,
            number=reference.target.number,
            absatz=reference.target.absatz,
        )
        for row, passage in zip(rows, passages, strict=True)
        for reference in passage.references
    )
