from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus.models import Absatz, Kind, Norm, NormRef, Span
from corpus.store.database import DatabaseUnreachable, open_database
from corpus.store.reading import CorpusReader, SourceState, published
from corpus.store.writing import NormChange, Publication, SourceChange, stage, switch
from tests.conftest import TODAY

DATABASES = ("sqlite", "postgres")


@pytest.fixture(params=DATABASES)
def corpus(request: pytest.FixtureRequest) -> Iterator[CorpusReader]:
    """The small world as its newest generation shows it, from both databases."""
    name = "ingested" if request.param == "sqlite" else "ingested_postgres"
    engine = open_database(request.getfixturevalue(name).database)
    current = published(engine)
    assert current is not None
    yield CorpusReader(engine, current.number)
    engine.dispose()


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/leer.sqlite"
    url: str = request.getfixturevalue("postgres").database()
    return url


def test_the_inventory_knows_norms_absaetze_and_saetze(corpus: CorpusReader) -> None:
    assert set(corpus.laws()) == {"AufenthG", "AufenthV"}
    assert corpus.numbers("AufenthG") == ("3", "5", "6", "16b")
    assert corpus.absaetze("AufenthG", "16b") == ("1", "3")
    assert corpus.absaetze("AufenthV", "45") == (None,)
    assert corpus.saetze("AufenthG", "16b", "3") == 3
    assert corpus.saetze("AufenthG", "99", None) == 0
    assert corpus.numbers("BeschV") == ()


def test_references_are_known_in_both_directions(corpus: CorpusReader) -> None:
    citing = corpus.citing(NormRef("AufenthG", "5", "1"), (Kind.LAW,))
    assert [p.citation for p in citing] == ["§ 16b Abs. 3 AufenthG"]
    memos = corpus.citing(NormRef("AufenthG", "16b"), (Kind.MEMO,))
    assert [p.source for p in memos] == ["vh-studium"]


def test_the_stand_is_that_of_the_source(corpus: CorpusReader) -> None:
    stands = {p.source: p.stand for p in corpus.passages()}
    assert stands["aufenthg_2004"] == "zuletzt geändert"
    assert stands["vh-studium"] == "Stand 05.03.2025"


def test_norms_and_documents_are_read_as_they_were_written(corpus: CorpusReader) -> None:
    (version,) = corpus.versions("AufenthG", "16b")
    assert version.current
    assert (version.first_seen, version.last_seen) == (TODAY, TODAY)
    assert "140 Tagen" in version.norm.text
    assert [section.heading for section in corpus.sections("vh-studium")] == ["Arbeitstage"]
    meta = corpus.sources["vh-studium"].meta
    assert meta is not None
    assert meta.approved_on == date(2025, 3, 5)


def test_an_empty_store_has_nothing_published(empty: str) -> None:
    engine = open_database(empty)
    assert published(engine) is None
    engine.dispose()


def test_names_of_any_length_are_kept(empty: str) -> None:
    law, number, label = "Langes Gesetz " * 20, "Anlage " + "1" * 300, "1" * 50
    text = "Wortlaut"
    norm = Norm(law, number, "", (), text, (Absatz(label, Span(0, len(text))),))
    source = "quelle-" * 60
    state = SourceState(source, Kind.LAW, law, law, "", "", (), None, "0" * 64, None)
    engine = open_database(empty)
    change = SourceChange(state, norms=(NormChange(norm, ()),))
    generation = stage(engine, Publication((change,), ()))
    switch(engine, generation)
    assert CorpusReader(engine, generation).absaetze(law, number) == (label,)
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://niemand@127.0.0.1:1/fundstelle",
        "postgresql+keintreiber://127.0.0.1/fundstelle",
        "keine-url",
    ],
)
def test_a_database_that_cannot_be_opened_is_an_error_of_its_own(url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="FUNDSTELLE_DATABASE"):
        open_database(url)
