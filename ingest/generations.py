"""Generations of the index: which there are, going back to one, clearing away."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine

from corpus.generation.files import DataFolder, GenerationFolder
from corpus.generation.manifest import Manifest, OtherFormat, encoder_digest
from corpus.generation.vectors import VectorIndex, VectorsBroken
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, Published, generations, published
from corpus.store.writing import go_back
from ingest.check import check_generation
from ingest.embed import DEFAULT, load_encoder
from ingest.lock import write_lock
from ingest.material import indexed

KEPT_GENERATIONS = 3
"""Directories kept for rollback, the published one included."""


class Condition(StrEnum):
    """What is left of a generation's files."""

    COMPLETE = "complete"
    PRUNED = "pruned"
    """Files are missing, of the index or of its encoder."""
    OTHER_FORMAT = "other_format"
    """Built by another version of this project."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation with what is left of it."""

    record: Published
    condition: Condition
    answering: bool

    @property
    def can_answer(self) -> bool:
        """Whether it is possible to go back to it."""
        found_sound = self.record.published_at is not None
        return found_sound and self.condition is Condition.COMPLETE and not self.answering


class GenerationUnavailable(Exception):
    """There is no such generation, or its files are not there."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        """``generation_unknown``, ``_unpublished``, ``_answering``, ``_pruned`` or ``_format``."""
        self.message = message
        """German: what stands against it, and what is possible."""
        super().__init__(code, message)


class RollbackImpossible(GenerationUnavailable):
    """The generation cannot answer; nothing was changed."""

    def __init__(self, code: str, reason: str, possible: Sequence[int]) -> None:
        self.possible = tuple(possible)
        """Numbers of the generations that one can go back to."""
        others = (
            f"Möglich ist: {', '.join(map(str, possible))}."
            if possible
            else "Es gibt keine andere, zu der Sie zurückkehren können."
        )
        super().__init__(code, f"{reason} {others}")


def list_generations(data: DataFolder, engine: Engine) -> tuple[Generation, ...]:
    """Every generation ever built, oldest first."""
    current = published(engine)
    return tuple(
        Generation(
            record,
            condition_of(data, record.name),
            answering=current is not None and record.number == current.number,
        )
        for record in generations(engine)
    )


def condition_of(data: DataFolder, name: str) -> Condition:
    """What is left of the files of the generation ``name``."""
    folder = data.generation(name)
    try:
        encoder = Manifest.load(folder.path).encoder
    except OtherFormat:
        return Condition.OTHER_FORMAT
    except (OSError, ValueError):
        return Condition.PRUNED
    trained = encoder.name != DEFAULT or (
        data.has_encoder(encoder.digest) and folder.pieces.is_file()
    )
    return Condition.COMPLETE if trained and folder.is_complete else Condition.PRUNED


def rollback(data: DataFolder, database: str, number: int) -> None:
    """Let the earlier (or a later) generation ``number`` answer again.

    A running service follows within a second. Raises :class:`RollbackImpossible`, and
    :class:`ingest.lock.Locked` while another process writes.
    """
    with _writing(data, database, f"Rückkehr zu Generation {number}") as engine:
        returnable(data, engine, number)
        go_back(engine, number)


def returnable(data: DataFolder, engine: Engine, number: int) -> Generation:
    """The generation ``number``, which can answer; raises :class:`RollbackImpossible`."""
    held = list_generations(data, engine)
    wanted = next((g for g in held if g.record.number == number), None)
    objection = _objection(wanted, number)
    if objection is not None or wanted is None:
        possible = [g.record.number for g in held if g.can_answer]
        raise RollbackImpossible(*(objection or _unknown(number)), possible)
    return wanted


def _objection(wanted: Generation | None, number: int) -> tuple[str, str] | None:
    """Code and German reason why a generation cannot answer; None if it can."""
    if wanted is None:
        return _unknown(number)
    if wanted.record.published_at is None:
        return (
            "generation_unpublished",
            f"Die Generation {number} wurde nie veröffentlicht: Ihr Bau endete vorzeitig, oder "
            "die Prüfung fand Fehler.",
        )
    if wanted.answering:
        return "generation_answering", f"Die Generation {number} antwortet bereits."
    return _lacking(wanted)


def _unknown(number: int) -> tuple[str, str]:
    return "generation_unknown", f"Eine Generation {number} gibt es nicht."


def _lacking(wanted: Generation) -> tuple[str, str] | None:
    """Code and German sentence on what a generation lacks; None if its files are there."""
    number = wanted.record.number
    if wanted.condition is Condition.OTHER_FORMAT:
        return (
            "generation_format",
            f"Der Index der Generation {number} hat eine andere Form, als diese Programmversion liest.",
        )
    if wanted.condition is Condition.PRUNED:
        return (
            "generation_pruned",
            f"Die Dateien der Generation {number} sind aufgeräumt oder unvollständig.",
        )
    return None


def verify(data: DataFolder, database: str, number: int | None = None) -> Manifest:
    """Check a generation (None: the one that answers) against its checksums and the store.

    Raises :class:`ingest.check.GenerationBroken`, and :class:`GenerationUnavailable` if there is none.
    """
    engine = open_database(database)
    try:
        current = published(engine)
        if number is None and current is None:
            raise GenerationUnavailable("not_ready", "Es gibt noch keinen Bestand.")
        asked = current.number if number is None and current else number or 0
        found = [g for g in list_generations(data, engine) if g.record.number == asked]
        if not found:
            raise GenerationUnavailable(*_unknown(asked))
        lacking = _lacking(found[0])
        if lacking is not None:
            raise GenerationUnavailable(*lacking)
        return _verified(data, engine, found[0].record)
    finally:
        engine.dispose()


def _verified(data: DataFolder, engine: Engine, record: Published) -> Manifest:
    folder = data.generation(record.name)
    manifest = Manifest.load(folder.path)
    reader = CorpusReader(engine, record.number)
    encoder = load_encoder(manifest.encoder, data)
    passages = indexed(reader.passages())
    check_generation(folder, manifest, passages, reader.past_passages(), encoder)
    return manifest


def prune(data: DataFolder, database: str, keep: int) -> tuple[str, ...]:
    """Remove the files of all but ``keep`` generations (at least 1); names of those gone.

    Raises :class:`ingest.lock.Locked` while another process writes.
    """
    with _writing(data, database, "Aufräumen") as engine:
        return tidy(data, engine, keep)


@contextmanager
def _writing(data: DataFolder, database: str, task: str) -> Iterator[Engine]:
    with write_lock(data, task):
        engine = open_database(database)
        try:
            yield engine
        finally:
            engine.dispose()


def tidy(data: DataFolder, engine: Engine, keep: int = KEPT_GENERATIONS) -> tuple[str, ...]:
    """Remove what no kept generation needs, leftovers of killed runs included; names of those gone.

    Kept are the published generation and the newest others, ``keep`` in all.
    """
    if keep < 1:
        raise ValueError(f"keep={keep}: the published generation always stays")
    current = published(engine)
    newest = sorted(
        (g for g in generations(engine) if g.published_at is not None),
        key=lambda g: (current is not None and g.number == current.number, g.number),
    )
    names = {generation.name for generation in newest[-keep:]}
    encoders = {encoder_digest(data.generation(name).path) for name in names}
    gone = _others(data.generations, names)
    for path in gone:
        discard_files(data.generation(path.name))
    for path in _others(data.encoders, encoders):
        shutil.rmtree(path, ignore_errors=True)
    return tuple(path.name for path in gone)


def discard_files(folder: GenerationFolder) -> None:
    """Remove a generation; its directory stays for the next run while the vectors cannot be removed."""
    try:
        VectorIndex.drop(folder.vectors)
    except VectorsBroken:
        return
    shutil.rmtree(folder.path, ignore_errors=True)


def _others(folder: Path, names: Iterable[str]) -> list[Path]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if path.name not in names)
