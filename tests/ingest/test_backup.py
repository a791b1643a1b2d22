from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import backup as module
from ingest.backup import BackupFailed, backup, restore
from ingest.generations import rollback, verify
from rag.engine import Fundstelle
from tests.conftest import LATER, SmallWorld, copy_world, write_memo
from tests.ingest.test_generations import answering

QUESTIONS = ("An wie vielen Tagen darf ein Gast arbeiten?", "Was kostet die Erlaubnis?", "Pass")


@pytest.fixture(scope="session")
def archive(updated: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the small world in which 150 days are allowed, with its memos as own documents."""
    file = tmp_path_factory.mktemp("backup") / "fundstelle.tar.gz"
    backup(updated.data, updated.data.database, updated.memos, file)
    return file


def answers(world: SmallWorld) -> list[list[tuple[str, float]]]:
    engine = Fundstelle(world.data)
    try:
        return [[(h.passage.id, h.score) for h in engine.search(q).hits] for q in QUESTIONS]
    finally:
        engine.close()


def test_a_backup_restored_elsewhere_answers_the_same(
    updated: SmallWorld, archive: Path, tmp_path: Path
) -> None:
    elsewhere = SmallWorld(tmp_path)
    card = restore(elsewhere.data, elsewhere.data.database, archive, force=False)
    assert card.number == 2
    assert answers(elsewhere) == answers(updated)
    assert verify(elsewhere.data, elsewhere.data.database).name == card.name
    assert (elsewhere.data.root / "documents" / "vh-studium.md").is_file()
    assert {p.name for p in elsewhere.data.root.iterdir()} <= {
        "fundstelle.sqlite", "fundstelle.sqlite-wal", "fundstelle.sqlite-shm",
        "generations", "encoders", "documents", "ingest.lock",
    }  # fmt: skip


def test_a_restore_replaces_what_changed_since_and_a_running_engine_follows(
    updated: SmallWorld, archive: Path, tmp_path: Path
) -> None:
    world = copy_world(updated, tmp_path)
    write_memo(world.memos, "neu", "Neues", "## Neues\n\nAlles ist neu.")
    world.ingest(LATER)
    engine = Fundstelle(world.data)
    assert engine.index().number == 3
    restore(world.data, world.data.database, archive, force=True)
    engine.follow()
    assert engine.index().number == 2
    assert "150 Tagen" in engine.search(QUESTIONS[0]).hits[0].passage.text
    engine.close()
    assert answers(world) == answers(updated)


def test_a_backup_is_taken_while_a_service_reads(updated: SmallWorld, tmp_path: Path) -> None:
    engine = Fundstelle(updated.data)
    before = engine.search(QUESTIONS[0]).hits
    backup(updated.data, updated.data.database, None, tmp_path / "b.tar.gz")
    assert engine.search(QUESTIONS[0]).hits == before
    engine.close()


def rebuilt(archive: Path, target: Path, change: Callable[[tarfile.TarInfo, bytes], bytes]) -> Path:
    """The archive with every member passed through ``change``."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for info in old:
            stream = old.extractfile(info)
            assert stream is not None
            data = change(info, stream.read())
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return target


def _flipped(info: tarfile.TarInfo, data: bytes) -> bytes:
    return data[:-1] + b"?" if info.name.endswith("topics.json") else data


def _climbing(info: tarfile.TarInfo, data: bytes) -> bytes:
    info.name = "../" + info.name if info.name.endswith("topics.json") else info.name
    return data


def _later(info: tarfile.TarInfo, data: bytes) -> bytes:
    if info.name != "sicherung.json":
        return data
    return json.dumps(json.loads(data) | {"format": 99}).encode()


def _renamed(info: tarfile.TarInfo, data: bytes) -> bytes:
    info.name = info.name.replace("topics.json", "extra.json")
    return data


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_flipped, "backup_broken"),
        (_climbing, "backup_hostile"),
        (_later, "backup_format"),
        (_renamed, "backup_broken"),
    ],
)
def test_a_damaged_or_hostile_backup_replaces_nothing(
    updated: SmallWorld,
    archive: Path,
    tmp_path: Path,
    change: Callable[[tarfile.TarInfo, bytes], bytes],
    code: str,
) -> None:
    world = copy_world(updated, tmp_path / "world")
    rollback(world.data, world.data.database, 1)
    bad = rebuilt(archive, tmp_path / "bad.tar.gz", change)
    with pytest.raises(BackupFailed, match=code) as caught:
        restore(world.data, world.data.database, bad, force=True)
    assert caught.value.message.endswith(".")
    assert "140 Tagen" in answering(world)
    assert not (tmp_path / "world" / "topics.json").exists()


@pytest.mark.parametrize("length", [0, 10, 5_000])
def test_a_cut_off_backup_is_refused(archive: Path, tmp_path: Path, length: int) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:length])
    empty = SmallWorld(tmp_path)
    with pytest.raises(BackupFailed, match="backup_broken"):
        restore(empty.data, empty.data.database, cut, force=False)


def test_a_restore_that_fails_late_leaves_the_old_data(
    updated: SmallWorld, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = copy_world(updated, tmp_path)
    rollback(world.data, world.data.database, 1)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(module, "_replace_database", full)
    with pytest.raises(OSError, match="space"):
        restore(world.data, world.data.database, archive, force=True)
    assert "140 Tagen" in answering(world)
    rollback(world.data, world.data.database, 2)
    verify(world.data, world.data.database)
    assert not (world.data.documents / "vh-studium.md").exists()


def test_a_damaged_database_is_put_aside(
    updated: SmallWorld, archive: Path, tmp_path: Path
) -> None:
    world = copy_world(updated, tmp_path)
    file = world.data.root / "fundstelle.sqlite"
    file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT * FROM generation")
    restore(world.data, world.data.database, archive, force=True)
    assert answers(world) == answers(updated)
    assert (world.data.root / "fundstelle.sqlite.beschädigt").is_file()


def test_another_database_has_its_own_tools(updated: SmallWorld, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="backup_postgres") as caught:
        backup(updated.data, "postgresql+psycopg://h/db", None, tmp_path / "b.tar.gz")
    assert "pg_dump" in caught.value.message


def test_without_anything_published_there_is_nothing_to_back_up(
    world: SmallWorld, tmp_path: Path
) -> None:
    with pytest.raises(BackupFailed, match="not_ready"):
        backup(world.data, world.data.database, None, tmp_path / "b.tar.gz")
