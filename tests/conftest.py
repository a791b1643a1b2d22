"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from corpus.generation.files import DataFolder
from corpus.models import Kind
from ingest.collect import Folder
from ingest.fetch import MirrorFolder
from ingest.pipeline import IngestConfig, run_ingest
from ingest.report import IngestReport
from rag.engine import Fundstelle
from tests.language_models import Models, running_models
from tests.official import SMALL_LAWS, reworded, write_mirror
from tests.servers import PostgresServer, postgres_binaries, running_postgres

CHECKOUT = Path(__file__).resolve().parent.parent
TODAY = date(2025, 3, 6)
LATER = date(2025, 4, 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crashes", type=int, default=2, help="how often an ingest is killed (make crash: 50)"
    )


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The official texts beside the checkout (``shared/laws``), as CI has them."""
    folder = Path(os.environ.get("FUNDSTELLE_TEST_MIRROR", CHECKOUT.parent / "shared" / "laws"))
    if not folder.is_dir():
        pytest.skip(f"no official texts: {folder.name} does not exist beside the checkout")
    return folder


@dataclass(frozen=True)
class SmallWorld:
    """A data directory with a mirror of two small laws and two memos."""

    root: Path
    chroma: str = ""
    postgres: str = ""

    @property
    def data(self) -> DataFolder:
        return DataFolder(self.root / "var", self.chroma)

    @property
    def database(self) -> str:
        return self.postgres or self.data.database

    def engine(self) -> Fundstelle:
        return Fundstelle(self.data, self.database)

    @property
    def laws(self) -> Path:
        return self.root / "laws"

    @property
    def memos(self) -> Path:
        return self.root / "memos"

    def config(self, today: date = TODAY, *, retrain: bool = False) -> IngestConfig:
        return IngestConfig(
            data=self.data,
            database=self.database,
            origin=MirrorFolder(self.laws, today),
            folders=(Folder(self.memos, Kind.MEMO),),
            today=today,
            retrain=retrain,
        )

    def ingest(self, today: date = TODAY) -> IngestReport:
        return run_ingest(self.config(today))


MEMO = """---
id: {id}
title: {title}
unit: Grundsatz
author_role: Sachbearbeitung
approved_on: 2025-03-05
review_by: 2027-03-05
audience: {audience}
status: {status}
stand: 2025-03-05
topics: [Studium]
---
# {title}

{body}
"""


def write_memo(
    folder: Path,
    id_: str = "vh-studium",
    title: str = "Arbeiten neben dem Studium",
    body: str = "## Arbeitstage\n\nStudierende dürfen an 140 Tagen arbeiten (§ 16b Abs. 3 AufenthG).",
    audience: str = "internal",
    status: str = "current",
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id_}.md"
    text = MEMO.format(id=id_, title=title, body=body, audience=audience, status=status)
    path.write_text(text, encoding="utf-8")
    return path


def make_world(root: Path, chroma: str = "", postgres: str = "") -> SmallWorld:
    write_mirror(root / "laws", SMALL_LAWS)
    write_memo(root / "memos")
    write_memo(
        root / "memos",
        "faq-gebuehren",
        "Was kostet die Erlaubnis?",
        "## Kosten\n\nDie Erteilung kostet 100 Euro (§ 45 Nr. 1 AufenthV).",
        audience="public",
    )
    return SmallWorld(root, chroma, postgres)


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    """A fresh small world, not ingested."""
    return make_world(tmp_path)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """A small world that has been ingested; tests must not change it."""
    small = make_world(tmp_path_factory.mktemp("world"))
    small.ingest()
    return small


@pytest.fixture(scope="session")
def updated(ingested: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """A small world with two generations: 140 days of work, then 150; tests must not change it."""
    small = copy_world(ingested, tmp_path_factory.mktemp("updated"))
    write_mirror(small.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    small.ingest(LATER)
    return small


def copy_world(world: SmallWorld, root: Path) -> SmallWorld:
    """A copy to change, much cheaper than an ingest of its own."""
    held = world.data.root / "fundstelle.sqlite"
    shutil.copytree(
        world.root, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{held.name}*")
    )
    copy = replace(world, root=root)
    if held.is_file():
        # Closing a file that SQLite holds open in this process would drop SQLite's locks on it.
        target = copy.data.root / held.name
        with closing(sqlite3.connect(held)) as source, closing(sqlite3.connect(target)) as copied:
            source.backup(copied)
    return copy


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A throw-away PostgreSQL server."""
    if postgres_binaries() is None:
        pytest.skip("no PostgreSQL server is installed (Debian package postgresql)")
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def ingested_postgres(
    ingested: SmallWorld, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> SmallWorld:
    """The small world with its corpus in PostgreSQL, ingested; tests must not change it."""
    small = make_world(tmp_path_factory.mktemp("postgres"), postgres=postgres.database())
    lend_encoder(ingested, small)
    small.ingest()
    return small


def lend_encoder(owner: SmallWorld, borrower: SmallWorld) -> None:
    """Spare a world of the same texts the training."""
    shutil.copytree(owner.data.encoders, borrower.data.encoders)


@pytest.fixture(scope="session")
def fundstelle(ingested: SmallWorld) -> Iterator[Fundstelle]:
    """An engine on the small world."""
    engine = Fundstelle(ingested.data)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def models() -> Iterator[Models]:
    """An endpoint that plays language models."""
    with running_models() as running:
        yield running
