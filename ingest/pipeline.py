"""The ingest, in the order in which it happens: collect, encode, build, check, publish, tidy.

Until the one transaction in :func:`corpus.store.writing.publish` nothing that answers is touched:
a run that fails or is killed leaves the published generation as it was.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from corpus.catalogue import catalogue
from corpus.elsewhere import elsewhere_topics
from corpus.generation.files import DataFolder, GenerationFolder
from corpus.generation.manifest import EncoderSpec, Manifest, encoder_digest
from corpus.generation.vectors import (
    Space,
    VectorIndex,
    VectorsBroken,
    VectorsUnreachable,
    check_server,
)
from corpus.laws import known_laws
from corpus.models import Passage
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, Published, checks, generations, published
from corpus.store.writing import Publication, publish, record_checks
from corpus.summaries import summaries
from ingest.build import build_generation
from ingest.check import check_generation
from ingest.collect import (
    Collected,
    Folder,
    Held,
    collect_documents,
    collect_laws,
    collect_summaries,
)
from ingest.embed import DEFAULT, EncoderChoice, ReadyEncoder, foreign_digest, ready_encoder
from ingest.fetch import Origin
from ingest.material import Material, select_material
from ingest.passages import CHUNKER
from ingest.progress import Progress, Silent, Stopwatch
from ingest.report import IngestReport

KEPT_GENERATIONS = 3
"""Directories kept for rollback, the published one included."""


class IngestFailed(Exception):
    """Disk or database refused to write; what was published before still answers."""


class IngestRunning(Exception):
    """Another process is writing to the same data directory."""


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """Everything an ingest needs to know."""

    data: DataFolder
    database: str
    origin: Origin
    folders: tuple[Folder, ...]
    """Directories of memos and decrees, the project's own first."""
    encoder: EncoderChoice = field(default_factory=EncoderChoice)
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    retrain: bool = False
    """Train the encoder again even if the old one still fits."""


def run_ingest(config: IngestConfig, progress: Progress | None = None) -> IngestReport:
    """Bring the corpus up to date and publish a new generation if anything changed.

    Raises :class:`IngestRunning` while another process writes, :class:`IngestFailed` if disk or
    database refuse, :class:`~corpus.generation.vectors.VectorsUnreachable` or
    :class:`~corpus.store.database.DatabaseUnreachable` without their server, and
    :class:`ingest.check.GenerationBroken` if what was built is not sound. The published generation
    stays in all these cases.
    """
    check_server(config.data.chroma)
    config.data.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(config.data.lock)
    try:
        with lock.acquire(timeout=0):
            return _ingest(config, Stopwatch(progress or Silent()))
    except Timeout as error:
        raise IngestRunning(str(config.data.lock)) from error
    except VectorsUnreachable:
        raise
    except (OSError, SQLAlchemyError, VectorsBroken) as error:
        raise IngestFailed(str(error)) from error


def _ingest(config: IngestConfig, watch: Stopwatch) -> IngestReport:
    engine = open_database(config.database)
    try:
        current = published(engine)
        before = _manifest(config.data, current)
        held = _held(engine, current, before)
        collected = _collect(config, held, watch)
        removed = _removed(held, collected)
        catalogue_digest = _digest(catalogue(), elsewhere_topics())
        if _nothing_to_do(config, collected, removed, before, catalogue_digest):
            record_checks(engine, collected.checks)
            return _report(config, collected, removed, watch, before, None, 0, trained=False)
        material = select_material(
            _passages(held, collected, removed), catalogue(), elsewhere_topics()
        )
        with watch.stage("Sprachmodell trainieren") as stage:
            ready = ready_encoder(
                config.encoder,
                material,
                catalogue_digest,
                before,
                config.data,
                retrain=config.retrain,
                share=stage.share,
            )
        name = config.data.free_name(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{material.digest[:8]}")
        manifest, embedded = _build(config, material, ready, name, before, catalogue_digest, watch)
        with watch.stage("Veröffentlichen"):
            publish(
                engine,
                Publication(
                    name=name,
                    manifest=manifest.model_dump(mode="json"),
                    changes=tuple(collected.changes),
                    removed=removed,
                ),
            )
            record_checks(engine, collected.checks)
            _tidy(config.data, engine)
        return _report(
            config, collected, removed, watch, manifest, name, embedded, trained=ready.trained
        )
    finally:
        engine.dispose()


def _digest(*curated: object) -> str:
    """SHA-256 of the curated knowledge: another one is worth another training."""
    return hashlib.sha256(repr(curated).encode()).hexdigest()


def _manifest(data: DataFolder, current: Published | None) -> Manifest | None:
    """The card of the published generation; None if parts are missing or of another format."""
    if current is None:
        return None
    folder = data.generation(current.name)
    try:
        manifest = Manifest.load(folder.path)
    except (OSError, ValueError):
        return None
    encoder = manifest.encoder
    trained = encoder.name != DEFAULT or (
        data.has_encoder(encoder.digest) and folder.pieces.is_file()
    )
    return manifest if folder.is_complete and trained and _has_vectors(folder) else None


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
    )


def _collect(config: IngestConfig, held: Held, watch: Stopwatch) -> Collected:
    collected = Collected()
    with watch.stage("Gesetze lesen") as stage:
        outline = collect_laws(known_laws(), config.origin, held, collected, stage.share)
    with watch.stage("Arbeitshilfen lesen") as stage:
        collect_documents(config.folders, held, outline, config.today, collected, stage.share)
        collect_summaries(summaries(), known_laws(), held, outline, config.today, collected)
    return collected


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
        and not removed
        and before.catalogue_digest == catalogue_digest
        and _same_encoder(before.encoder, config.encoder)
    )


def _same_encoder(spec: EncoderSpec, choice: EncoderChoice) -> bool:
    """Whether the settings still ask for the encoder that made the vectors."""
    if choice.name == DEFAULT:
        return spec.name == DEFAULT
    return (spec.name, spec.digest, spec.query_prompt, spec.passage_prompt) == (
        choice.name,
        foreign_digest(choice.name),
        choice.query_prompt,
        choice.passage_prompt,
    )


def _passages(held: Held, collected: Collected, removed: tuple[str, ...]) -> list[Passage]:
    """The passages of the new state: those held and untouched, then the new ones."""
    norms = {
        (change.state.source, number)
        for change in collected.changes
        for number in (*change.gone, *(norm.norm.number for norm in change.norms))
    }
    documents = {change.state.source for change in collected.changes if change.sections}
    kept = [
        passage
        for passage in (held.reader.passages() if held.reader else ())
        if passage.source not in removed
        and passage.source not in documents
        and (passage.source, passage.number) not in norms
    ]
    new = [
        passage
        for change in collected.changes
        for passage in (*change.passages, *(p for norm in change.norms for p in norm.passages))
    ]
    return kept + new


def _build(
    config: IngestConfig,
    material: Material,
    ready: ReadyEncoder,
    name: str,
    before: Manifest | None,
    catalogue_digest: str,
    watch: Stopwatch,
) -> tuple[Manifest, int]:
    folder = config.data.generation(name)
    same = before is not None and before.encoder == ready.spec
    with watch.stage("Index bauen") as stage:
        earlier = _earlier_vectors(config.data, before) if before and same else None
        try:
            manifest, embedded = build_generation(
                folder, material, ready.encoder, ready.spec, catalogue_digest, earlier, stage.share
            )
        except BaseException:
            _discard(folder)
            raise
        finally:
            if earlier is not None:
                earlier.close()
    with watch.stage("Index prüfen"):
        try:
            check_generation(folder, manifest, material.passages, ready.encoder)
        except BaseException:
            _discard(folder)
            raise
    return manifest, embedded


def _discard(folder: GenerationFolder) -> None:
    """Remove a generation; its directory stays for the next run while the vectors cannot be removed."""
    try:
        VectorIndex.drop(folder.vectors)
    except VectorsBroken:
        return
    shutil.rmtree(folder.path, ignore_errors=True)


def _earlier_vectors(data: DataFolder, before: Manifest) -> VectorIndex | None:
    """The vectors to take over from; None if they cannot be read: all are then computed again."""
    earlier = VectorIndex(data.generation(before.name).vectors)
    try:
        for space in Space:
            earlier.readable(space)
    except VectorsBroken as error:
        earlier.close()
        if isinstance(error, VectorsUnreachable):
            raise
        return None
    return earlier


def _tidy(data: DataFolder, engine: Engine) -> None:
    """Remove what no kept generation needs, leftovers of killed runs included."""
    kept = generations(engine)[-KEPT_GENERATIONS:]
    names = {generation.name for generation in kept}
    encoders = {encoder_digest(data.generation(name).path) for name in names}
    for path in _others(data.generations, names):
        _discard(data.generation(path.name))
    for path in _others(data.encoders, encoders):
        shutil.rmtree(path, ignore_errors=True)


def _others(folder: Path, names: set[str]) -> list[Path]:
    return [path for path in folder.iterdir() if path.name not in names] if folder.is_dir() else []


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
    )
