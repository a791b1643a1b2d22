from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, checks, published
from corpus.store.tables import CheckRow
from corpus.store.writing import Publication, stage
from ingest.generations import Condition, RollbackImpossible, list_generations, prune, rollback
from rag.engine import Fundstelle
from tests.conftest import LATER, TODAY, SmallWorld, copy_world


@pytest.fixture
def twice(updated: SmallWorld, tmp_path: Path) -> SmallWorld:
    """A world of its own with two generations: 140 days, then 150."""
    return copy_world(updated, tmp_path)


@pytest.fixture
def database(twice: SmallWorld) -> Iterator[Engine]:
    engine = open_database(twice.data.database)
    yield engine
    engine.dispose()


def answering(world: SmallWorld) -> str:
    engine = Fundstelle(world.data)
    try:
        return engine.search("An wie vielen Tagen darf ein Gast arbeiten?").hits[0].passage.text
    finally:
        engine.close()


def test_going_back_and_forth(twice: SmallWorld) -> None:
    assert "150 Tagen" in answering(twice)
    rollback(twice.data, twice.data.database, 1)
    assert "140 Tagen" in answering(twice)
    rollback(twice.data, twice.data.database, 2)
    assert "150 Tagen" in answering(twice)


def test_a_running_engine_follows(twice: SmallWorld) -> None:
    engine = Fundstelle(twice.data)
    assert engine.index().number == 2
    rollback(twice.data, twice.data.database, 1)
    engine.follow()
    assert engine.index().number == 1
    engine.close()


def test_after_going_back_the_last_look_holds_no_longer(
    twice: SmallWorld, database: Engine
) -> None:
    with Session(database) as session, session.begin():
        session.get_one(CheckRow, "aufenthg_2004").validators = {"If-None-Match": "new"}
        session.get_one(CheckRow, "aufenthv").validators = {"If-None-Match": "same"}
    rollback(twice.data, twice.data.database, 1)
    known = checks(database)
    assert (known["aufenthg_2004"].validators, known["aufenthg_2004"].checked_on) == ({}, TODAY)
    assert known["aufenthv"].validators == {"If-None-Match": "same"}
    (version,) = CorpusReader(database, 1).versions("AufenthG", "16b")
    assert version.last_seen == TODAY


def test_the_next_ingest_after_going_back_takes_the_law_in_again(twice: SmallWorld) -> None:
    rollback(twice.data, twice.data.database, 1)
    report = twice.ingest(LATER)
    (law,) = [s for s in report.sources if s.source == "aufenthg_2004"]
    assert law.changed == ("16b",)
    assert "150 Tagen" in answering(twice)


@pytest.mark.parametrize(
    ("number", "code"),
    [(7, "generation_unknown"), (2, "generation_answering"), (3, "generation_unpublished")],
)
def test_where_one_cannot_go_back_to(
    twice: SmallWorld, database: Engine, number: int, code: str
) -> None:
    stage(database, Publication(changes=(), removed=(), base=2))
    with pytest.raises(RollbackImpossible, match=code) as caught:
        rollback(twice.data, twice.data.database, number)
    assert caught.value.possible == (1,)
    assert caught.value.message.endswith("Möglich ist: 1.")
    assert "150 Tagen" in answering(twice)


def test_a_generation_without_its_files_cannot_answer(twice: SmallWorld, database: Engine) -> None:
    (gone,) = prune(twice.data, twice.data.database, 1)
    first, second = list_generations(twice.data, database)
    assert (first.record.name, first.condition) == (gone, Condition.PRUNED)
    assert (second.condition, second.answering) == (Condition.COMPLETE, True)
    with pytest.raises(RollbackImpossible, match="generation_pruned") as caught:
        rollback(twice.data, twice.data.database, 1)
    assert "keine andere" in caught.value.message
    assert "150 Tagen" in answering(twice)


def test_a_generation_of_another_format_cannot_answer(twice: SmallWorld, database: Engine) -> None:
    first = list_generations(twice.data, database)[0].record
    card = twice.data.generation(first.name).path / "manifest.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"format": 1}))
    with pytest.raises(RollbackImpossible, match="generation_format"):
        rollback(twice.data, twice.data.database, 1)


def test_the_answering_one_is_never_pruned(twice: SmallWorld, database: Engine) -> None:
    rollback(twice.data, twice.data.database, 1)
    prune(twice.data, twice.data.database, 1)
    assert "140 Tagen" in answering(twice)
    assert published(database) is not None
    with pytest.raises(ValueError, match="keep=0"):
        prune(twice.data, twice.data.database, 0)
