"""Read the corpus as one generation shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from corpus.models import Kind, MemoMeta, Norm, NormRef, Passage, Section, norm_order
from corpus.store.reviews import Register
from corpus.store.tables import (
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
from corpus.store.timeline import Stretch, stretches

PASSAGES = TypeAdapter(Passage)
NORMS = TypeAdapter(Norm)
SECTIONS = TypeAdapter(tuple[Section, ...])
METAS = TypeAdapter(MemoMeta)

_Outline: TypeAlias = dict[str | None, int]
# Absatz -> count of its Sätze.


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
class Snapshot:
    """What a law looked like on one day."""

    source: str
    day: date
    digest: str
    """SHA-256 of the file."""
    stand: str
    pending: tuple[str, ...]
    norms: Mapping[str, str]
    """Number of each norm -> digest of its wording."""


@dataclass(frozen=True, slots=True)
class NormVersion:
    """One wording of a norm and the days on which it stood."""

    norm: Norm
    source: str
    stand: str
    """Stand line of the source when the wording was first seen."""
    first_seen: date
    """Day on which the official text first showed it."""
    last_seen: date
    """Day before another wording (or none) was seen; for the current one, day of the last check."""
    until: date | None
    """First day on which another wording, or none, was seen; None: it still stands."""
    oldest: bool
    """Whether nothing older of the law is held, so that it may have stood before."""
    digest: str

    @property
    def current(self) -> bool:
        """Whether it is the newest state of the law; at most one of a norm is."""
        return self.until is None

    def stands_on(self, day: date) -> bool:
        """Whether it stood on ``day``."""
        return self.first_seen <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Published:
    """The generation that answers now."""

    number: int
    name: str
    created_at: datetime
    published_at: datetime | None
    """When it first answered; None: never."""
    manifest: dict[str, object]
    base: int | None
    """The generation that answered when this one was built."""

    @property
    def passages(self) -> int | None:
        """Count of its passages that stand; None if its index was never finished."""
        count = self.manifest.get("passages")
        return count if isinstance(count, int) else None


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
    return Published(row.number, row.name, row.created_at, row.published_at, manifest, row.base)


def generations(engine: Engine) -> tuple[Published, ...]:
    """Every generation ever built, oldest first."""
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
    def register(self) -> Register:
        """What the office decided on documents: the same whichever generation is read."""
        return Register(self.engine)

    @cached_property
    def _outline(self) -> Outline:
        result: dict[str, dict[str, _Outline]] = {}
        with Session(self.engine) as session:
            rows = session.execute(
                select(NormRow.law, NormRow.number, NormRow.outline)
                .where(NormRow.visible(self.generation))
                .order_by(NormRow.source)
            )
            for law, number, outline in sorted(rows, key=lambda row: norm_order(row[1])):
                result.setdefault(law, {})[number] = dict(outline)
        return Outline(result)

    def laws(self) -> tuple[str, ...]:
        """Abbreviations of the laws held."""
        return self._outline.laws()

    def numbers(self, law: str) -> tuple[str, ...]:
        """Numbers of the norms of ``law`` in its own order; () for a law not held."""
        return self._outline.numbers(law)

    def numbers_ever(self, law: str) -> tuple[str, ...]:
        """Numbers of the norms that ``law`` has or once had, in its order."""
        days = self.snapshots.get(self.slugs.get(law, ""), ())
        ever = {number for day in days for number in day.norms} | set(self.numbers(law))
        return tuple(sorted(ever, key=norm_order))

    def absaetze(self, law: str, number: str) -> tuple[str | None, ...]:
        """Labels of the Absätze; ``(None,)`` for a norm without Absätze, () for an unknown one."""
        return self._outline.absaetze(law, number)

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        """Count of Sätze of an Absatz, 0 if unknown."""
        return self._outline.saetze(law, number, absatz)

    def norms(self, law: str) -> tuple[Norm, ...]:
        """Every norm of ``law`` in its own order; () for a law not held."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(NormRow.body).where(NormRow.law == law, NormRow.visible(self.generation))
            )
            norms = [NORMS.validate_python(body) for body in rows]
            return tuple(sorted(norms, key=lambda norm: norm_order(norm.number)))

    @cached_property
    def snapshots(self) -> dict[str, tuple[Snapshot, ...]]:
        """Per law source, the days on which its text is known, oldest first."""
        result: dict[str, list[Snapshot]] = {}
        with Session(self.engine) as session:
            rows = session.scalars(
                select(SnapshotRow)
                .where(SnapshotRow.visible(self.generation))
                .order_by(SnapshotRow.source, SnapshotRow.day)
            )
            for row in rows:
                result.setdefault(row.source, []).append(_snapshot(row))
        return {source: tuple(days) for source, days in result.items()}

    @cached_property
    def newest(self) -> dict[str, Snapshot]:
        """Per law source, its newest state; without reading the others."""
        shown = SnapshotRow.visible(self.generation)
        last = (
            select(SnapshotRow.source, func.max(SnapshotRow.day).label("day"))
            .where(shown)
            .group_by(SnapshotRow.source)
            .subquery()
        )
        with Session(self.engine) as session:
            rows = session.scalars(
                select(SnapshotRow)
                .join(last, (SnapshotRow.source == last.c.source) & (SnapshotRow.day == last.c.day))
                .where(shown)
                .order_by(SnapshotRow.source)
            )
            return {row.source: _snapshot(row) for row in rows}

    def snapshot_on(self, source: str, day: date) -> Snapshot | None:
        """The state of a law on ``day``; the oldest one held for days before it, None without any."""
        days = self.snapshots.get(source, ())
        return next((s for s in reversed(days) if s.day <= day), days[0] if days else None)

    @cached_property
    def last_checks(self) -> dict[str, date]:
        """Per source, the day on which it was last compared with the official text."""
        return {source: check.checked_on for source, check in checks(self.engine).items()}

    @cached_property
    def slugs(self) -> dict[str, str]:
        """Abbreviation -> source of every law held."""
        return {s.name: s.source for s in self.sources.values() if s.kind is Kind.LAW}

    def versions(self, law: str, number: str) -> tuple[NormVersion, ...]:
        """Every wording of a norm, oldest first; one that came back stands there twice."""
        source = self.slugs.get(law, "")
        days = self.snapshots.get(source, ())
        stood = stretches((day.day, day.norms.get(number)) for day in days)
        if not stood:
            return ()
        bodies = self.wordings(source, {stretch.value for stretch in stood})
        stands = {day.day: day.stand for day in days}
        checked = max(days[-1].day, self.last_checks.get(source, days[-1].day))
        return tuple(
            NormVersion(
                norm=bodies[stretch.value],
                source=source,
                stand=stands[stretch.first],
                first_seen=stretch.first,
                last_seen=stretch.last or checked,
                until=stretch.until,
                oldest=stretch.first == days[0].day,
                digest=stretch.value,
            )
            for stretch in stood
        )

    def wordings(self, source: str, digests: Collection[str]) -> dict[str, Norm]:
        """Wordings of a law by digest, current or not."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(NormRow.digest, NormRow.body).where(
                    NormRow.source == source,
                    NormRow.digest.in_(digests),
                    NormRow.since <= self.generation,
                )
            )
            return {digest: NORMS.validate_python(body) for digest, body in rows}

    @cached_property
    def _wordings(self) -> dict[tuple[str, str, str], tuple[_Outline, tuple[str, ...]]]:
        """Outline and passage ids of every wording, by source, number and digest."""
        with Session(self.engine) as session:
            rows = session.execute(
                select(
                    NormRow.source,
                    NormRow.number,
                    NormRow.digest,
                    NormRow.outline,
                    NormRow.passages,
                )
                .where(NormRow.since <= self.generation)
                .order_by(NormRow.since)
            )
            return {
                (row.source, row.number, row.digest): (dict(row.outline), tuple(row.passages))
                for row in rows
            }

    def holds_wording(self, source: str, number: str, digest: str) -> bool:
        """Whether a wording is stored, current or not."""
        return (source, number, digest) in self._wordings

    @cached_property
    def _validity(self) -> dict[str, tuple[Stretch[bool], ...]]:
        """When each passage of a law stood."""
        result: dict[str, tuple[Stretch[bool], ...]] = {}
        for source, days in self.snapshots.items():
            shown = [
                {
                    id_
                    for number, digest in day.norms.items()
                    for id_ in self._wordings[source, number, digest][1]
                }
                for day in days
            ]
            for id_ in sorted(set().union(*shown)):
                seen = ((day.day, id_ in ids or None) for day, ids in zip(days, shown, strict=True))
                result[id_] = stretches(seen)
        return result

    def outline_on(self, day: date) -> Outline:
        """Which norms stood on ``day``, as an inventory for the citation resolver."""
        norms = {
            law: {
                number: self._wordings[source, number, digest][0]
                for number, digest in sorted(snapshot.norms.items(), key=lambda n: norm_order(n[0]))
            }
            for law, source in self.slugs.items()
            if (snapshot := self.snapshot_on(source, day)) is not None
        }
        return Outline(norms)

    def passages_in(self, version: NormVersion) -> list[Passage]:
        """The passages of a wording, in its order."""
        norm = version.norm
        ids = self._wordings[version.source, norm.number, version.digest][1]
        with Session(self.engine) as session:
            rows = session.scalars(
                select(PassageRow)
                .where(
                    PassageRow.law == norm.law,
                    PassageRow.number == norm.number,
                    PassageRow.passage_id.in_(ids),
                    PassageRow.since <= self.generation,
                )
                .order_by(PassageRow.since, PassageRow.pk)
            )
            body = NORMS.dump_python(norm, mode="json")
            held: dict[str, list[PassageRow]] = {}
            for row in rows:
                held.setdefault(row.passage_id, []).append(row)
            return [self._passage(_cut_from(held[id_], body)) for id_ in ids]

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
        passage = PASSAGES.validate_python(row.body, strict=False)
        stood = self._validity.get(passage.id, ())
        return replace(
            passage,
            stand=self.sources[row.source].stand,
            valid_from=stood[-1].first if stood else None,
            valid_to=stood[-1].last if stood else None,
        )

    def past_passages(self) -> list[Passage]:
        """Passages of laws that no longer stand, law by law; one that came back is among them."""
        past = {
            id_: [stretch for stretch in stood if stretch.until is not None]
            for id_, stood in self._validity.items()
        }
        wanted = {id_ for id_, stood in past.items() if stood}
        with Session(self.engine) as session:
            rows = session.scalars(
                select(PassageRow)
                .where(PassageRow.kind == Kind.LAW.value, PassageRow.since <= self.generation)
                .order_by(PassageRow.since, PassageRow.pk)
            )
            held: dict[str, list[PassageRow]] = {}
            for row in rows:
                if row.passage_id in wanted:
                    held.setdefault(row.passage_id, []).append(row)
            found = [
                (candidates, self._last_wording(candidates[0], stretch), stretch)
                for id_, candidates in held.items()
                for stretch in past[id_]
            ]
            doubtful = {digest for candidates, digest, _ in found if len(candidates) > 1}
            bodies = _bodies(session, doubtful)
            chosen = [
                (_cut_from(candidates, bodies.get(digest)), stretch)
                for candidates, digest, stretch in found
            ]
            return [
                replace(self._passage(row), valid_from=stretch.first, valid_to=stretch.last)
                for row, stretch in sorted(chosen, key=_past_order)
            ]

    def _last_wording(self, row: PassageRow, stood: Stretch[bool]) -> str:
        """Digest of the wording that showed a passage last in a stretch that has ended."""
        snapshot = self.snapshot_on(row.source, stood.last or date.max)
        return snapshot.norms[row.number or ""] if snapshot else ""

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

    def digests(self, source: str) -> Mapping[str, str]:
        """The wording held of every norm of a law, by number; {} for a source not held."""
        newest = self.newest.get(source)
        return newest.norms if newest else {}


@dataclass(frozen=True, slots=True)
class Outline:
    """The norms of all laws on one day; an inventory for the citation resolver."""

    norms: Mapping[str, Mapping[str, _Outline]]

    def laws(self) -> tuple[str, ...]:
        """Abbreviations of the laws."""
        return tuple(self.norms)

    def numbers(self, law: str) -> tuple[str, ...]:
        """Numbers of the norms of ``law`` in its own order; () for a law not held."""
        return tuple(self.norms.get(law, {}))

    def absaetze(self, law: str, number: str) -> tuple[str | None, ...]:
        """Labels of the Absätze; ``(None,)`` for a norm without Absätze, () for an unknown one."""
        return tuple(self.norms.get(law, {}).get(number, {}))

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        """Count of Sätze of an Absatz, 0 if unknown."""
        return self.norms.get(law, {}).get(number, {}).get(absatz, 0)


def _bodies(session: Session, digests: Iterable[str]) -> dict[str, Json]:
    """The norms of those wordings, as stored."""
    wanted = sorted(digests)
    return {
        digest: body
        for start in range(0, len(wanted), _BATCH)
        for digest, body in session.execute(
            select(NormRow.digest, NormRow.body).where(
                NormRow.digest.in_(wanted[start : start + _BATCH])
            )
        )
    }


# Values of one condition; SQLite takes at least 999.
_BATCH = 500


def _cut_from(rows: Sequence[PassageRow], norm: Json | None) -> PassageRow:
    """Of rows with the same text, the newest that was cut from this very wording of its norm.

    A text may stand in several wordings, under another heading or at another place of the norm.
    """
    whole = norm if isinstance(norm, dict) else {}

    def fits(row: PassageRow) -> bool:
        body = row.body if isinstance(row.body, dict) else {}
        span = body.get("span")
        place = slice(span["start"], span["end"]) if isinstance(span, dict) else slice(0)
        return all(body.get(key) == whole.get(key) for key in ("heading", "path")) and str(
            whole.get("text")
        )[place] == body.get("text")

    return next((row for row in reversed(rows) if fits(row)), rows[-1])


def _reading_order(row: PassageRow) -> tuple[object, ...]:
    return (row.source, norm_order(row.number or ""), row.position)


def _past_order(chosen: tuple[PassageRow, Stretch[bool]]) -> tuple[object, ...]:
    """Older wordings first where several stood in the same place, however they were taken in."""
    row, stretch = chosen
    return (*_reading_order(row), stretch.first, row.passage_id)


def _snapshot(row: SnapshotRow) -> Snapshot:
    return Snapshot(row.source, row.day, row.digest, row.stand, _strings(row.pending), row.norms)


def _strings(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _source_state(row: SourceRow) -> SourceState:
    return SourceState(
        source=row.source,
        kind=Kind(row.kind),
        name=row.name,
        title=row.title,
        url=row.url,
        stand=row.stand,
        pending=_strings(row.pending),
        built_on=row.built_on,
        digest=row.digest,
        meta=METAS.validate_python(row.meta) if row.meta else None,
    )
