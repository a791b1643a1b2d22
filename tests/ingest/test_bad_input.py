"""What can go wrong with the sources and the disk: said in a sentence, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from corpus.store.database import DatabaseOutdated, open_database
from corpus.store.reading import CorpusReader, generations, published
from ingest.fetch import MirrorFolder
from ingest.lock import Locked, lock_owner, write_lock
from ingest.pipeline import IngestFailed, SourceOlder, run_ingest
from tests.conftest import LATER, SmallWorld, copy_world
from tests.official import SMALL_LAWS, law_xml, norm_xml, packed, reworded, write_mirror


@pytest.fixture
def held(ingested: SmallWorld, tmp_path: Path) -> SmallWorld:
    """A world of its own that was ingested once."""
    return copy_world(ingested, tmp_path)


def shown(world: SmallWorld) -> tuple[int, dict[str, str], int]:
    """Generation, wording of all passages, count of generations ever built."""
    engine = open_database(world.data.database)
    current = published(engine)
    assert current is not None
    texts = {p.id: p.text for p in CorpusReader(engine, current.number).passages()}
    count = len(generations(engine))
    engine.dispose()
    return current.number, texts, count


def test_a_mirror_older_than_what_is_held(held: SmallWorld) -> None:
    before = shown(held)
    old = write_mirror(held.root / "2025-02-01", reworded("aufenthv", "100 Euro", "90 Euro"))
    config = replace(held.config(LATER), origin=MirrorFolder(old, LATER))
    with pytest.raises(SourceOlder) as caught:
        run_ingest(config)
    assert (caught.value.code, caught.value.clock) == ("source_older", False)
    assert "Spiegel 2025-02-01 ist vom 01.02.2025" in caught.value.message
    assert shown(held) == before


def test_a_clock_that_goes_wrong(held: SmallWorld) -> None:
    before = shown(held)
    with pytest.raises(SourceOlder) as caught:
        held.ingest(date(1970, 1, 1))
    assert caught.value.clock
    assert "Die Uhr dieses Rechners zeigt den 01.01.1970" in caught.value.message
    assert shown(held) == before


def _few() -> bytes:
    return packed(law_xml("AufenthG", norm_xml("§ 3", "Passpflicht", "(1) Gäste brauchen nichts.")))


@pytest.mark.parametrize(
    ("file", "code", "word"),
    [
        (lambda: None, "not_found", "keine Datei"),
        (lambda: packed(SMALL_LAWS["aufenthv"]), "wrong_law", "anderes Gesetz"),
        (lambda: packed(SMALL_LAWS["aufenthg_2004"])[:300], "zip_broken", "laden Sie es neu"),
        (lambda: packed(SMALL_LAWS["aufenthg_2004"][:900]), "xml_broken", "unvollständig"),
        (lambda: b"", "zip_broken", "laden Sie es neu"),
        (_few, "cut_off", "weit weniger Vorschriften"),
    ],
    ids=["missing", "other law", "half a zip", "half an xml", "empty", "few norms"],
)
def test_a_law_that_cannot_be_taken_in_stays_as_it_was(
    held: SmallWorld, file: Callable[[], bytes | None], code: str, word: str
) -> None:
    before = shown(held)
    data, path = file(), held.laws / "aufenthg_2004" / "xml.zip"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    report = held.ingest(LATER)
    (problem,) = [p for p in report.problems if p.source == "aufenthg_2004"]
    assert problem.code == code
    assert word in problem.message
    assert report.removed == ()
    assert shown(held) == before


def test_two_updates_at_once(held: SmallWorld) -> None:
    with write_lock(held.data, "Einlesen"):
        owner = lock_owner(held.data)
        assert owner is not None
        began = (datetime.now(UTC) - timedelta(minutes=7)).isoformat()
        note = held.data.lock_owner
        note.write_text(note.read_text(encoding="utf-8").replace(owner.since, began))
        with pytest.raises(Locked) as caught:
            held.ingest(LATER)
    assert caught.value.code == "ingest_running"
    assert f"Einlesen, Prozess {owner.pid} von {owner.user}, seit 7 Minuten" in caught.value.message
    assert held.ingest(LATER).published is None


@pytest.mark.parametrize("damage", ["DROP TABLE snapshot", "ALTER TABLE norm DROP COLUMN passages"])
def test_a_database_of_an_earlier_version(held: SmallWorld, damage: str) -> None:
    engine = create_engine(held.data.database)
    with engine.begin() as connection:
        connection.execute(text(damage))
    engine.dispose()
    with pytest.raises(DatabaseOutdated) as caught:
        held.ingest(LATER)
    assert caught.value.missing in (("snapshot",), ("norm.passages",))
    assert "make ingest" in caught.value.message


def test_a_first_start_that_was_killed_is_no_earlier_version(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/halb.sqlite"
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE snapshot"))
    engine.dispose()
    engine = open_database(url)
    assert published(engine) is None
    engine.dispose()


def _with_small_disk(root: Path, most: int, told: Connection) -> None:
    """An ingest in a process that can write no file beyond ``most`` bytes, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    with closing(told):
        try:
            SmallWorld(root).ingest(LATER)
        except IngestFailed as error:
            told.send(f"IngestFailed: {error}")
        else:
            told.send("written")


@pytest.mark.parametrize("share", [0.5, 1.02])
def test_a_full_disk_while_publishing(held: SmallWorld, share: float) -> None:
    before = shown(held)
    write_mirror(held.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    size = (held.data.root / "fundstelle.sqlite").stat().st_size
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ingest.test_crash"])
    here, there = context.Pipe()
    process = context.Process(target=_with_small_disk, args=(held.root, int(size * share), there))
    process.start()
    there.close()
    assert here.recv().startswith("IngestFailed")
    process.join()
    assert shown(held)[:2] == before[:2]
    assert len(list(held.data.generations.iterdir())) == 1
    shutil.rmtree(held.root)
