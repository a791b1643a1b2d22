"""The ingest, in the order in which it happens: collect, encode, build, check, publish, tidy.

Until the one transaction in :func:`corpus.store.writing.publish` nothing that answers is touched:
a run that fails or is killed leaves the published generation as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from corpus.catalogue import catalogue
from corpus.elsewhere import elsewhere_topics
from corpus.generation.files import DataFolder, GenerationFolder
from corpus.generation.manifest import EncoderSpec, Manifest
from corpus.generation.vectors import (
    VectorIndex,
    VectorsBroken,
    VectorsUnreachable,
    check_server,
)
from corpus.laws import known_laws
from corpus.models import Kind
from corpus.reviews import openings
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, Published, checks, published
from corpus.store.reviews import Opening, Register
from corpus.store.writing import (
    Publication,
    describe,
    discard_staged,
    record_checks,
    stage,
    switch,
)
from corpus.summaries import summaries
from ingest.build import Earlier, build_generation
from ingest.check import GenerationBroken, check_generation
from ingest.collect import (
    Collected,
    Folder,
    Held,
    collect_documents,
    collect_history,
    collect_laws,
    collect_summaries,
    relink,
)
from ingest.embed import DEFAULT, EncoderChoice, foreign_digest, ready_encoder
from ingest.fetch import DatedFiles, NewestFiles, Origin
from ingest.generations import Condition, condition_of, discard_files, tidy
from ingest.lock import write_lock
from ingest.material import select_material
from ingest.passages import CHUNKER
from ingest.progress import Progress, Silent, Stopwatch
from ingest.report import IngestReport, keep_report

Inspection: TypeAlias = Callable[[Engine, Published], None]
"""Called with the database and the generation that is to answer."""


class IngestFailed(OSError):
    """Disk or database refused to write; what was published before still answers."""


class SourceOlder(Exception):
    """The source is older than what is held; nothing was done."""

    code = "source_older"

    def __init__(self, origin: str, day: date, held: date, *, clock: bool) -> None:
        self.origin = origin
        self.day = day
        self.held = held
        self.clock = clock
        """Whether the day is today's, so that the clock must be wrong."""
        super().__init__(origin, day, held)

    @property
    def message(self) -> str:
        """German: what is older than what, and what can be done."""
        if self.clock:
            return (
                f"Die Uhr dieses Rechners zeigt den {self.day:%d.%m.%Y}, der Bestand ist aber vom "
                f"{self.held:%d.%m.%Y}. Bitte stellen Sie die Uhr; es wurde nichts geändert."
            )
        return (
            f"{self.origin} ist vom {self.day:%d.%m.%Y}, der Bestand aber vom {self.held:%d.%m.%Y}. "
            "Es wurde nichts geändert. Frühere Fassungen trägt „fundstelle history“ nach, ohne das "
            "geltende Recht zu ersetzen; zu einem früheren Stand führt „fundstelle index rollback“."
        )


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """Everything an ingest needs to know."""

    data: DataFolder
    database: str
    origin: Origin
    folders: tuple[Folder, ...]
    """Directories of memos and decrees, the project's own first; the office's own documents in the
    data directory are always read."""
    encoder: EncoderChoice = field(default_factory=EncoderChoice)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    retrain: bool = False
    """Train the encoder again even if the old one still fits."""
    history: Path | None = None
    """Dated files whose versions are to be taken in; they stand in for ``origin``."""
    inspect: Inspection | None = None
    """Looks at the built generation before it answers; raises :class:`GenerationBroken`."""


def run_ingest(config: IngestConfig, progress: Progress | None = None) -> IngestReport:
    """Bring the corpus up to date and publish a new generation if anything changed.

    Raises :class:`ingest.lock.Locked` while another process writes, :class:`IngestFailed` if disk or
    database refuse, :class:`SourceOlder` for a source older than what is held,
    :class:`corpus.generation.foreign.ModelUnusable` if a foreign encoder cannot be loaded,
    :class:`~corpus.generation.vectors.VectorsUnreachable` or
    :class:`~corpus.store.database.DatabaseUnreachable` without their server, and
    :class:`ingest.check.GenerationBroken` if what was built is not sound. The published generation
    stays in all these cases.
    """
    check_server(config.data.chroma)
    config.data.root.mkdir(parents=True, exist_ok=True)
    try:
        with write_lock(config.data, "Einlesen"):
            report = _ingest(config, Stopwatch(progress or Silent()))
            keep_report(report, config.data.last_report)
            return report
    except VectorsUnreachable:
        raise
    except (OSError, SQLAlchemyError, VectorsBroken) as error:
        raise IngestFailed(str(error)) from error


def _ingest(config: IngestConfig, watch: Stopwatch) -> IngestReport:
    engine = open_database(config.database)
    try:
        discard_staged(engine)
        current = published(engine)
        before = _manifest(config.data, current)
        held = _held(engine, current, before)
        collected = _collect(config, held, watch)
        removed = _removed(held, collected)
        catalogue_digest = _digest(catalogue(), elsewhere_topics())
        if _nothing_to_do(config, collected, removed, before, catalogue_digest):
            record_checks(engine, collected.checks)
            return _report(config, collected, removed, watch, before, None, 0, trained=False)
        with watch.stage("Bestand schreiben"):
            publication = Publication(
                changes=tuple(collected.changes),
                removed=removed,
                past=tuple(collected.past),
                base=current.number if current else None,
            )
            number = stage(engine, publication)
        try:
            built = _build(config, engine, number, before, catalogue_digest, watch)
        except BaseException:
            discard_staged(engine)
            raise
        with watch.stage("Veröffentlichen"):
            switch(engine, number, _openings(engine, current, number))
            record_checks(engine, collected.checks)
            tidy(config.data, engine)
        return _report(
            config,
            collected,
            removed,
            watch,
            built.manifest,
            built.manifest.name,
            built.embedded,
            trained=built.trained,
        )
    finally:
        engine.dispose()


def _openings(engine: Engine, base: Published | None, number: int) -> tuple[Opening, ...]:
    """Reviews of the documents that rest on what the new generation says differently."""
    if base is None:
        return ()
    return openings(CorpusReader(engine, base.number), CorpusReader(engine, number))


def _digest(*curated: object) -> str:
    """SHA-256 of the curated knowledge: another one is worth another training."""
    return hashlib.sha256(repr(curated).encode()).hexdigest()


def _manifest(data: DataFolder, current: Published | None) -> Manifest | None:
    """The card of the published generation; None if parts are missing or of another format."""
    if current is None or condition_of(data, current.name) is not Condition.COMPLETE:
        return None
    folder = data.generation(current.name)
    return Manifest.load(folder.path) if _has_vectors(folder) else None


def _has_vectors(folder: GenerationFolder) -> bool:
    try:
        VectorIndex(folder.vectors).close()
    except VectorsUnreachable:
        raise
    except VectorsBroken:
        return False
    return True


def _held(engine: Engine, current: Published | None, before: Manifest | None) -> Held:
    known = checks(engine)
    return Held(
        reader=None if current is None else CorpusReader(engine, current.number),
        validators={source: check.validators for source, check in known.items()},
        origins={check.origin: source for source, check in known.items()},
        fresh=before is None or before.chunker != CHUNKER,
        withdrawn=Register(engine).read().withdrawn,
    )


def _collect(config: IngestConfig, held: Held, watch: Stopwatch) -> Collected:
    collected = Collected()
    dated = DatedFiles(config.history) if config.history else None
    origin = NewestFiles(dated, held.days) if dated else config.origin
    if dated is None:
        _refuse_older(config, held.days)
    with watch.stage("Gesetze lesen") as stage:
        outline = collect_laws(known_laws(), origin, held, collected, stage.share)
    if dated is not None:
        with watch.stage("Frühere Fassungen lesen") as stage:
            collect_history(known_laws(), dated, held, outline, collected, stage.share)
    with watch.stage("Arbeitshilfen lesen") as stage:
        config.data.documents.mkdir(parents=True, exist_ok=True)
        own = Folder(config.data.documents, Kind.MEMO, overrides=True)
        folders = (own, *config.folders)
        collect_documents(folders, held, outline, config.today, collected, stage.share)
        collect_summaries(summaries(), known_laws(), held, outline, collected)
        relink(held, outline, collected)
    return collected


def _refuse_older(config: IngestConfig, days: Mapping[str, date]) -> None:
    """A source older than all that is held brings nothing: somebody meant something else.

    If it is older than some laws only, these stay as they are (``collect_laws``).
    """
    oldest = min(days.values(), default=date.min)
    if config.origin.day < oldest:
        raise SourceOlder(
            config.origin.describe(),
            config.origin.day,
            max(days.values()),
            clock=config.origin.day == config.today,
        )


def _removed(held: Held, collected: Collected) -> tuple[str, ...]:
    """Sources that were held and are there no more."""
    if held.reader is None:
        return ()
    return tuple(source for source in held.reader.sources if source not in collected.present)


def _nothing_to_do(
    config: IngestConfig,
    collected: Collected,
    removed: tuple[str, ...],
    before: Manifest | None,
    catalogue_digest: str,
) -> bool:
    return (
        before is not None
        and not config.retrain
        and not collected.changes
        and not collected.past
        and not removed
        and before.catalogue_digest == catalogue_digest
        and _same_encoder(before.encoder, config.encoder)
    )


def _same_encoder(spec: EncoderSpec, choice: EncoderChoice) -> bool:
    """Whether the settings still ask for the encoder that made the vectors."""
    if choice.name == DEFAULT:
        return spec.name == DEFAULT
    return (spec.name, spec.digest, spec.query_prompt, spec.passage_prompt, spec.runtime) == (
        choice.name,
        foreign_digest(choice.name),
        choice.query_prompt,
        choice.passage_prompt,
        choice.runtime,
    )


@dataclass(frozen=True, slots=True)
class _Built:
    manifest: Manifest
    embedded: int
    trained: bool


def _build(
    config: IngestConfig,
    engine: Engine,
    number: int,
    before: Manifest | None,
    catalogue_digest: str,
    watch: Stopwatch,
) -> _Built:
    """Build, check and inspect the index of a staged generation; what fails leaves no files behind."""
    reader = CorpusReader(engine, number)
    documents = [state.meta for state in reader.sources.values() if state.meta is not None]
    material = select_material(
        reader.passages(), catalogue(), elsewhere_topics(), documents, reader.past_passages()
    )
    with watch.stage("Sprachmodell trainieren") as step:
        ready = ready_encoder(
            config.encoder,
            material,
            catalogue_digest,
            before,
            config.data,
            retrain=config.retrain,
            share=step.share,
        )
    same = before is not None and before.encoder == ready.spec
    earlier = _earlier(config.data, before) if before and same else None

    def complete(base: Earlier | None) -> _Built:
        name = config.data.free_name(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{material.digest[:8]}")
        folder = config.data.generation(name)
        try:
            with watch.stage("Index bauen") as step:
                manifest, embedded = build_generation(
                    folder, material, ready.encoder, ready.spec, catalogue_digest, base, step.share
                )
            with watch.stage("Index prüfen"):
                check_generation(folder, manifest, material.passages, material.past, ready.encoder)
        except BaseException:
            discard_files(folder)
            raise
        return _Built(manifest, embedded, ready.trained)

    built = _with_sound_vectors(complete, earlier)
    try:
        card = describe(engine, number, built.manifest.name, built.manifest.model_dump(mode="json"))
        if config.inspect is not None:
            with watch.stage("Probefragen stellen"):
                config.inspect(engine, card)
    except BaseException:
        discard_files(config.data.generation(built.manifest.name))
        raise
    return built


def _with_sound_vectors(
    complete: Callable[[Earlier | None], _Built], base: Earlier | None
) -> _Built:
    """Build upon ``base``; if its vectors were damaged since, computing all of them is the cure."""
    if base is not None:
        try:
            return complete(base)
        except VectorsUnreachable:
            raise
        except (VectorsBroken, GenerationBroken):
            pass
    return complete(None)


def _earlier(data: DataFolder, before: Manifest) -> Earlier:
    return Earlier(
        data.generation(before.name).vectors,
        before.passages + before.questions + before.past + before.unanswerable,
        before.removed,
    )


def _report(
    config: IngestConfig,
    collected: Collected,
    removed: tuple[str, ...],
    watch: Stopwatch,
    manifest: Manifest | None,
    name: str | None,
    embedded: int,
    *,
    trained: bool,
) -> IngestReport:
    return IngestReport(
        published=name,
        official=manifest.official if manifest else False,
        origin=config.origin.describe(),
        seen_on=max((check.seen_on for check in collected.checks), default=config.today),
        sources=tuple(collected.reports),
        removed=removed,
        problems=tuple(collected.problems),
        passages=manifest.passages if manifest else 0,
        questions=manifest.questions if manifest else 0,
        embedded=embedded,
        encoder=manifest.encoder.name if manifest else "",
        trained=trained,
        seconds=watch.seconds,
        ended_at=datetime.now(UTC),
    )
