from __future__ import annotations

from corpus.models import Kind, NormRef
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, published
from tests.conftest import SmallWorld


def reader(world: SmallWorld) -> CorpusReader:
    engine = open_database(world.data.database)
    current = published(engine)
    assert current is not None
    return CorpusReader(engine, current.number)


def test_the_inventory_knows_norms_absaetze_and_saetze(ingested: SmallWorld) -> None:
    corpus = reader(ingested)
    assert set(corpus.laws()) == {"AufenthG", "AufenthV"}
    assert corpus.numbers("AufenthG") == ("3", "5", "6", "16b")
    assert corpus.absaetze("AufenthG", "16b") == ("1", "3")
    assert corpus.absaetze("AufenthV", "45") == (None,)
    assert corpus.saetze("AufenthG", "16b", "3") == 3
    assert corpus.saetze("AufenthG", "99", None) == 0
    assert corpus.numbers("BeschV") == ()


def test_references_are_known_in_both_directions(ingested: SmallWorld) -> None:
    corpus = reader(ingested)
    citing = corpus.citing(NormRef("AufenthG", "5", "1"), (Kind.LAW,))
    assert [p.citation for p in citing] == ["§ 16b Abs. 3 AufenthG"]
    memos = corpus.citing(NormRef("AufenthG", "16b"), (Kind.MEMO,))
    assert [p.source for p in memos] == ["vh-studium"]


def test_the_stand_is_that_of_the_source(ingested: SmallWorld) -> None:
    stands = {p.source: p.stand for p in reader(ingested).passages()}
    assert stands["aufenthg_2004"] == "zuletzt geändert"
    assert stands["vh-studium"] == "Stand 2025-03-05"


def test_an_empty_store_has_nothing_published(tmp_path: object) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/leer.sqlite")
    assert published(engine) is None
    engine.dispose()
