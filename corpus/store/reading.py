"""Read the corpus as one generation shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from pydantic import TypeAdapter
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from corpus.models import Kind, MemoMeta, Norm, NormRef, Passage, Section, norm_order
from corpus.store.tables import (
    CheckRow,
    DocumentRow,
    GenerationRow,
    NormRow,
    PassageRow,
    PublicationRow,
    ReferenceRow,
    SourceRow,
)

PASSAGES = TypeAdapter(Passage)
NORMS = TypeAdapter(Norm)
SECTIONS = TypeAdapter(tuple[Section, ...])
METAS = TypeAdapter(MemoMeta)


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as a generation shows it."""

    source: str
    kind: Kind
    name: str
    title: str
    url: str
    stand: str
    pending: tuple[str, ...]
    built_on: date | None
    digest: str
    meta: MemoMeta | None
    """Front matter of a memo or decree; None for laws and summaries."""


@dataclass(frozen=True, slots=True)
class NormVersion:
    """One wording of a norm and the days between which it was seen."""

    norm: Norm
    source: str
    first_seen: date
    last_seen: date
    digest: str
    current: bool
    """Whether the generation shows this wording; at most one of a norm is."""


@dataclass(frozen=True, slots=True)
class NormState:
    """Which wording of a norm is held, without the wording."""

    digest: str
    first_seen: date


@dataclass(frozen=True, slots=True)
class Published:
    """The generation that answers now."""

    number: int
    name: str
    created_at: datetime
    manifest: dict[str, object]


def published(engine: Engine) -> Published | None:
    """The generation that answers now; None before the first ingest."""
    with Session(engine) as session:
        row = session.scalar(
            select(GenerationRow).join(
                PublicationRow, PublicationRow.generation == GenerationRow.number
            )
        )
        return None if row is None else _published(row)


def _published(row: GenerationRow) -> Published:
    manifest = row.manifest if isinstance(row.manifest, dict) else {}
    return Published(row.number, row.name, row.created_at, manifest)


def generations(engine: Engine) -> tuple[Published, ...]:
    """Every generation ever published, oldest first."""
    with Session(engine) as session:
        rows = session.scalars(select(GenerationRow).order_by(GenerationRow.number))
        return tuple(_published(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Check:
    """When and where a source was last looked at."""

    checked_on: date
    origin: str
    validators: dict[str, str]


def checks(engine: Engine) -> dict[str, Check]:
    """The last look at every source."""
    with Session(engine) as session:
        return {
            row.source: Check(
                row.checked_on,
                row.origin,
                {k: str(v) for k, v in row.validators.items()}
                if isinstance(row.validators, dict)
                else {},
            )
            for row in session.scalars(select(CheckRow))
        }


@dataclass(frozen=True)
class CorpusReader:
    """The corpus as ``generation`` shows it; also an inventory for the citation resolver."""

    engine: Engine
    generation: int

    @cached_property
    def sources(self) -> dict[str, SourceState]:
        """Every source by its key."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(SourceRow)
                .where(SourceRow.visible(self.generation))
                .order_by(SourceRow.source)
            )
            return {row.source: _source_state(row) for row in rows}

    @cached_property
    def _outline(self) -> dict[str, dict[str, dict[str | None, int]]]:
        """Law -> number -> Absatz -> count of Sätze, in the order of the law."""
        result: dict[str, dict[str, dict[str | None, int]]] = {}
        with Session(self.engine) as session:
            rows = session.execute(
                select(NormRow.law, NormRow.number, NormRow.outline)
                .where(NormRow.visible(self.generation))
                .order_by(NormRow.source)
            )
            for law, number, outline in sorted(rows, key=lambda row: norm_order(row[1])):
                result.setdefault(law, {})[number] = dict(outline)
        return result

    def laws(self) -> tuple[str, ...]:
        """Abbreviations of the laws held."""
        return tuple(self._outline)

    def numbers(self, law: str) -> tuple[str, ...]:
        """Numbers of the norms of ``law`` in its own order; () for a law not held."""
        return tuple(self._outline.get(law, {}))

    def absaetze(self, law: str, number: str) -> tuple[str | None, ...]:
        """Labels of the Absätze; ``(None,)`` for a norm without Absätze, () for an unknown one."""
        return tuple(self._outline.get(law, {}).get(number, {}))

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        """Count of Sätze of an Absatz, 0 if unknown."""
        return self._outline.get(law, {}).get(number, {}).get(absatz, 0)

    def norms(self, law: str) -> tuple[Norm, ...]:
        """Every norm of ``law`` in its own order; () for a law not held."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(NormRow.body).where(NormRow.law == law, NormRow.visible(self.generation))
            )
            norms = [NORMS.validate_python(body) for body in rows]
            return tuple(sorted(norms, key=lambda norm: norm_order(norm.number)))

    def versions(self, law: str, number: str) -> tuple[NormVersion, ...]:
        """Every wording of a norm up to this generation, oldest first."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(NormRow)
                .where(
                    NormRow.law == law,
                    NormRow.number == number,
                    NormRow.since <= self.generation,
                )
                .order_by(NormRow.first_seen, NormRow.since)
            )
            return tuple(self._version(row) for row in rows)

    def _version(self, row: NormRow) -> NormVersion:
        return NormVersion(
            NORMS.validate_python(row.body),
            row.source,
            row.first_seen,
            row.last_seen,
            row.digest,
            current=row.until is None or row.until > self.generation,
        )

    def passages_of(self, law: str, number: str) -> list[Passage]:
        """The passages of one norm: its Absätze and its summary."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(PassageRow).where(
                    PassageRow.law == law,
                    PassageRow.number == number,
                    PassageRow.visible(self.generation),
                )
            )
            return [self._passage(row) for row in sorted(rows, key=_reading_order)]

    def passages(self) -> list[Passage]:
        """Every passage, law by law and memo by memo, in the order of the source."""
        with Session(self.engine) as session:
            rows = session.scalars(select(PassageRow).where(PassageRow.visible(self.generation)))
            return [self._passage(row) for row in sorted(rows, key=_reading_order)]

    def _passage(self, row: PassageRow) -> Passage:
        return replace(
            PASSAGES.validate_python(row.body, strict=False), stand=self.sources[row.source].stand
        )

    def sections(self, source: str) -> tuple[Section, ...]:
        """The sections of a memo or decree; () if there is no such document."""
        with Session(self.engine) as session:
            row = session.scalar(
                select(DocumentRow).where(
                    DocumentRow.source == source, DocumentRow.visible(self.generation)
                )
            )
            return () if row is None else SECTIONS.validate_python(row.body)

    def citing(self, target: NormRef, kinds: Iterable[Kind] = tuple(Kind)) -> list[Passage]:
        """Passages that refer to ``target`` or a place within it, without the norm's own."""
        with Session(self.engine) as session:
            referring = select(ReferenceRow.passage_pk).where(
                ReferenceRow.law == target.law, ReferenceRow.number == target.number
            )
            if target.absatz is not None:
                referring = referring.where(ReferenceRow.absatz == target.absatz)
            # No DISTINCT over whole rows: PostgreSQL cannot compare JSON.
            rows = session.scalars(
                select(PassageRow).where(
                    PassageRow.pk.in_(referring),
                    PassageRow.kind.in_([kind.value for kind in kinds]),
                    PassageRow.visible(self.generation),
                )
            )
            return [
                self._passage(row)
                for row in sorted(rows, key=_reading_order)
                if (row.law, row.number) != (target.law, target.number)
            ]

    def norm_states(self, source: str) -> dict[str, NormState]:
        """The wording held of every norm of a law, by number; {} for a source not held."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(NormRow.number, NormRow.digest, NormRow.first_seen).where(
                    NormRow.source == source, NormRow.visible(self.generation)
                )
            )
            return {row.number: NormState(row.digest, row.first_seen) for row in rows}


def _reading_order(row: PassageRow) -> tuple[object, ...]:
    return (row.source, norm_order(row.number or ""), row.position)


def _source_state(row: SourceRow) -> SourceState:
    pending: Sequence[object] = row.pending if isinstance(row.pending, list) else ()
    return SourceState(
        source=row.source,
        kind=Kind(row.kind),
        name=row.name,
        title=row.title,
        url=row.url,
        stand=row.stand,
        pending=tuple(str(hint) for hint in pending),
        built_on=row.built_on,
        digest=row.digest,
        meta=METAS.validate_python(row.meta) if row.meta else None,
    )
