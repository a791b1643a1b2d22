"""One file that holds everything an installation needs to answer again, and the way back from it."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.engine import make_url

from corpus.generation.digests import file_digest
from corpus.generation.files import DataFolder
from corpus.generation.manifest import encoder_digest
from corpus.store.database import open_database
from corpus.store.reading import published
from ingest.generations import Condition, condition_of
from ingest.lock import write_lock

FORMAT = 1
"""Raised when the archive changes its form."""
_CARD = "sicherung.json"
_DATABASE = "fundstelle.sqlite"
_ASIDE = ".sicherung-"


class BackupFailed(Exception):
    """Nothing was written (backup) or replaced (restore)."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        """German: why, and the cure."""
        super().__init__(code, message)


class BackupCard(BaseModel):
    """What a backup holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    created_at: datetime
    number: int
    """The generation that answered."""
    name: str
    encoder: str
    """Digest of its encoder; "" for a foreign one, which is no part of the backup."""
    files: dict[str, str]
    """Name in the archive -> SHA-256."""


def backup(data: DataFolder, database: str, documents: Path | None, target: Path) -> BackupCard:
    """Write the database, the index that answers, its encoder, ``documents`` and own cases into ``target``.

    A service may go on answering meanwhile; an ingest may not. Raises :class:`BackupFailed`,
    :class:`ingest.lock.Locked` and ``OSError``.
    """
    source = _sqlite_file(database)
    if target.exists():
        raise BackupFailed("backup_exists", f"Die Datei „{target.name}“ gibt es schon.")
    part = target.with_name(f"{target.name}.teil")
    with write_lock(data, "Sicherung"), _aside(data) as aside:
        copy = aside / _DATABASE
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as still:
            live.backup(still)
        card, files = _inventory(data, copy, documents)
        try:
            _pack(part, card, files, aside)
            _unpack(part, aside / "gelesen")
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.rename(target)
    return card


@contextmanager
def _aside(data: DataFolder) -> Iterator[Path]:
    """A directory beside the data, on the same disk; those of killed runs are removed."""
    for leftover in data.root.glob(f"{_ASIDE}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=data.root) as name:
        yield Path(name)


def _sqlite_file(database: str) -> Path:
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupFailed(
            "backup_postgres",
            "Diese Datenbank sichern Sie mit ihren eigenen Werkzeugen, PostgreSQL etwa mit pg_dump und "
            "pg_restore. Index und Sprachmodell baut „fundstelle ingest“ daraus neu.",
        )
    return Path(url.database)


def _inventory(
    data: DataFolder, copy: Path, documents: Path | None
) -> tuple[BackupCard, dict[str, Path]]:
    """The card, and which file gets which name in the archive."""
    engine = open_database(f"sqlite:///{copy}")
    current = published(engine)
    engine.dispose()
    if current is None:
        raise BackupFailed(
            "not_ready", "Es gibt noch keinen Bestand. Bitte führen Sie „make ingest“ aus."
        )
    if condition_of(data, current.name) is not Condition.COMPLETE:
        raise BackupFailed(
            "generation_pruned",
            "Die Dateien des Index sind unvollständig. Bitte führen Sie „fundstelle ingest“ aus.",
        )
    folder = data.generation(current.name).path
    encoder = encoder_digest(folder)
    trained = encoder if data.has_encoder(encoder) else ""
    files = {_DATABASE: copy} | _below(folder, f"generations/{current.name}/")
    if trained:
        files |= _below(data.encoder(trained), f"encoders/{trained}/")
    if documents is not None:
        files |= _below(documents, "documents/")
    files |= {f"cases/{path.name}": path for path in sorted(data.cases.glob("*.jsonl"))}
    card = BackupCard(
        format=FORMAT,
        created_at=datetime.now(UTC),
        number=current.number,
        name=current.name,
        encoder=trained,
        files={name: file_digest(path) for name, path in files.items()},
    )
    return card, files


def _below(folder: Path, prefix: str = "") -> dict[str, Path]:
    """The files below a folder by their name in the archive."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{prefix}{path.relative_to(folder).as_posix()}": path for path in paths}


def _pack(target: Path, card: BackupCard, files: Mapping[str, Path], aside: Path) -> None:
    note = aside / _CARD
    note.write_text(card.model_dump_json(indent=2), encoding="utf-8")
    with tarfile.open(target, "w:gz", compresslevel=6, dereference=True) as archive:
        archive.add(note, _CARD)
        for name, path in files.items():
            archive.add(path, name)


def restore(data: DataFolder, database: str, source: Path, *, force: bool) -> BackupCard:
    """Put the state of a backup in the place of what is there; a running service follows.

    Everything is unpacked aside and compared with its checksums first. The database changes in one
    transaction of SQLite, so that what was there answers until then, and stays if anything fails.
    ``force``: replace what the data directory holds. Raises :class:`BackupFailed`,
    :class:`corpus.store.database.DatabaseOutdated`, :class:`ingest.lock.Locked` and ``OSError``.
    """
    target = _sqlite_file(database)
    with write_lock(data, "Wiederherstellung"):
        if not force and (target.exists() or data.generations.exists()):
            raise BackupFailed(
                "data_not_empty",
                "Im Datenverzeichnis liegt schon ein Bestand. Mit --force wird er ersetzt.",
            )
        with _aside(data) as aside:
            card = _unpack(source, aside / "neu")
            open_database(f"sqlite:///{aside / 'neu' / _DATABASE}").dispose()
            with ExitStack() as undo:
                for part in _parts(card):
                    new = aside / "neu" / part
                    if new.exists():
                        _exchange(new, data.root / part, aside / "alt" / part, undo.callback)
                _replace_database(aside / "neu" / _DATABASE, target)
                undo.pop_all()
    return card


def _parts(card: BackupCard) -> tuple[str, ...]:
    encoder = (f"encoders/{card.encoder}",) if card.encoder else ()
    return (f"generations/{card.name}", *encoder, "documents", "cases")


def _exchange(new: Path, place: Path, old: Path, undo: Callable[..., object]) -> None:
    """Move ``new`` to ``place`` and what was there to ``old``; ``undo`` is told how to go back."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(old)
        undo(old.rename, place)
    new.rename(place)
    undo(place.rename, new)


def _replace_database(new: Path, target: Path) -> None:
    """Copy ``new`` over the database in one transaction; a damaged one is put aside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy_database(new, target)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise BackupFailed(
                "io",
                f"Die Datenbank lässt sich nicht schreiben ({error}); es wurde nichts ersetzt.",
            ) from error
        for suffix in ("", "-wal", "-shm"):
            damaged = target.with_name(target.name + suffix)
            if damaged.exists():
                damaged.rename(target.with_name(f"{target.name}.beschädigt{suffix}"))
        _copy_database(new, target)


def _copy_database(new: Path, target: Path) -> None:
    with closing(sqlite3.connect(new)) as fresh, closing(sqlite3.connect(target)) as live:
        fresh.backup(live)


def _unpack(source: Path, folder: Path) -> BackupCard:
    """Unpack a backup into ``folder`` and compare every file with its checksum."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
    except FileNotFoundError as error:
        raise BackupFailed("not_found", f"Die Datei „{source}“ gibt es nicht.") from error
    except tarfile.FilterError as error:
        raise BackupFailed(
            "backup_hostile",
            f"Die Sicherung enthält einen Eintrag, der aus dem Verzeichnis hinausführt ({error}), und "
            "wurde abgewiesen.",
        ) from error
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _broken("sie lässt sich nicht vollständig lesen") from error
    card = _read_card(folder / _CARD)
    found = {name: file_digest(path) for name, path in _below(folder).items() if name != _CARD}
    wrong = sorted(k for k in found.keys() | card.files.keys() if found.get(k) != card.files.get(k))
    if wrong:
        raise _broken(f"{len(wrong)} Dateien weichen ab, zuerst {wrong[0]}")
    return card


def _read_card(path: Path) -> BackupCard:
    try:
        card = BackupCard.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise _broken("das ist keine Sicherung von Fundstelle") from error
    if card.format != FORMAT:
        raise BackupFailed(
            "backup_format",
            f"Die Sicherung hat die Form {card.format}, diese Programmversion liest {FORMAT}. Bitte "
            "spielen Sie sie mit der Version ein, die sie geschrieben hat.",
        )
    return card


def _broken(why: str) -> BackupFailed:
    return BackupFailed(
        "backup_broken", f"Die Sicherung ist beschädigt: {why}. Es wurde nichts ersetzt."
    )
