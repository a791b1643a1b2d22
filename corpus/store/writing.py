"""Write a new state of the corpus and publish it: one transaction, or nothing."""

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
from corpus.store.reading import METAS, NORMS, PASSAGES, SECTIONS, SourceState
from corpus.store.tables import (
    CheckRow,
    DocumentRow,
    GenerationRow,
    Json,
    NormRow,
    PassageRow,
    PublicationRow,
    ReferenceRow,
    SourceRow,
)


@dataclass(frozen=True, slots=True)
class NormChange:
    """A norm that is new or has a new wording, with its passages."""

    norm: Norm
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Everything that one source brings to a new generation."""

    state: SourceState
    seen_on: date
    """Day on which the source showed this state."""
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
    """What one ingest publishes."""

    name: str
    """Name of the generation's directory."""
    manifest: dict[str, object]
    changes: tuple[SourceChange, ...]
    removed: tuple[str, ...]
    """Sources that are no longer part of the corpus."""


def norm_digest(norm: Norm) -> str:
    """SHA-256 over everything the norm shows."""
    return _digest(NORMS.dump_python(norm, mode="json"))


def _digest(body: Json) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _meta_body(meta: MemoMeta | None) -> Json:
    body: dict[str, object] = {} if meta is None else METAS.dump_python(meta, mode="json")
    return body


def publish(engine: Engine, publication: Publication) -> int:
    """Write all changes and let the new generation answer, in one transaction; its number."""
    with Session(engine) as session, session.begin():
        number = (session.scalar(select(func.max(GenerationRow.number))) or 0) + 1
        session.add(
            GenerationRow(
                number=number,
                name=publication.name,
                created_at=datetime.now(UTC).replace(tzinfo=None),
                manifest=publication.manifest,
            )
        )
        session.flush()
        for source in publication.removed:
            for table in (SourceRow, DocumentRow, NormRow, PassageRow):
                _close(session, table, number, table.source == source)
        for change in publication.changes:
            _write_source(session, change, number)
        session.execute(delete(PublicationRow))
        session.add(PublicationRow(pk=1, generation=number))
    return number


def record_checks(engine: Engine, checks: Sequence[CheckedSource]) -> None:
    """Note when and where sources were looked at, and that their norms still read the same."""
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
            session.execute(
                update(NormRow)
                .where(
                    NormRow.source == check.source,
                    NormRow.until.is_(None),
                    NormRow.last_seen < check.seen_on,
                )
                .values(last_seen=check.seen_on)
            )


_VersionedRow: TypeAlias = type[SourceRow] | type[DocumentRow] | type[NormRow] | type[PassageRow]


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
    for gone in change.gone:
        _close_norm(session, state.source, gone, number)
    for norm_change in change.norms:
        _write_norm(session, state.source, norm_change, change.seen_on, number)
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


def _write_norm(
    session: Session, source: str, change: NormChange, seen_on: date, number: int
) -> None:
    """Write a wording that is new; one that is held keeps its row and only gets new passages."""
    norm = change.norm
    digest = norm_digest(norm)
    where = (NormRow.source == source, NormRow.number == norm.number, NormRow.until.is_(None))
    if session.scalar(select(NormRow.digest).where(*where)) != digest:
        _close(session, NormRow, number, NormRow.source == source, NormRow.number == norm.number)
        session.add(
            NormRow(
                source=source,
                law=norm.law,
                number=norm.number,
                outline=[(absatz.label, len(absatz.saetze)) for absatz in norm.absaetze],
                body=NORMS.dump_python(norm, mode="json"),
                digest=digest,
                first_seen=seen_on,
                last_seen=seen_on,
                since=number,
            )
        )
    _close(
        session, PassageRow, number, PassageRow.source == source, PassageRow.number == norm.number
    )
    _write_passages(session, source, change.passages, number)


def _write_passages(
    session: Session, source: str, passages: Sequence[Passage], number: int
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
