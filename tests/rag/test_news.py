from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from corpus.store.arrivals import arrivals
from corpus.store.tables import GenerationRow, ReviewRow
from rag.errors import BadQuestion
from rag.news import news_since
from tests.conftest import LATER, SmallWorld, copy_world, write_memo
from tests.official import reworded, write_mirror

FIRST = date(2025, 3, 6)
AGAIN = date(2025, 4, 1)


@pytest.fixture
def two_days(world: SmallWorld) -> SmallWorld:
    """Read in twice: on the second day a memo is new, one changed, and a norm reads differently."""
    world.ingest()
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    write_memo(world.memos, "vh-neu", "Ganz neu", "## Neu\n\nEtwas Neues.")
    write_memo(world.memos, "faq-gebuehren", "Was kostet es jetzt?", "## Kosten\n\nMehr.")
    world.ingest(LATER)
    engine = world.engine()
    with Session(engine.engine) as session, session.begin():
        for number, day in ((1, FIRST), (2, AGAIN)):
            moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC).replace(tzinfo=None)
            session.execute(
                update(GenerationRow)
                .where(GenerationRow.number == number)
                .values(published_at=moment)
            )
        session.execute(update(ReviewRow).values(opened_on=AGAIN))
    engine.close()
    return world


def test_what_came_after_the_last_visit_is_new(two_days: SmallWorld) -> None:
    engine = two_days.engine()
    news = news_since(engine.index(), date(2025, 3, 20), date(2025, 4, 2))
    assert news.begun is None
    assert {(one.document.source, one.is_new) for one in news.documents} == {
        ("vh-neu", True),
        ("faq-gebuehren", False),
    }
    assert [(law.law, [norm.ref.key for norm in law.norms]) for law in news.laws] == [
        ("AufenthG", ["AufenthG/16b"])
    ]
    assert [one.document.source for one in news.doubted] == ["vh-studium"]
    assert "§ 16b Abs. 3 AufenthG wurde geändert" in news.doubted[0].reasons[0]
    engine.close()


def test_the_day_of_the_visit_counts_as_unread(two_days: SmallWorld) -> None:
    engine = two_days.engine()
    same = news_since(engine.index(), AGAIN, date(2025, 4, 2))
    assert same.documents
    assert same.laws
    after = news_since(engine.index(), AGAIN + timedelta(days=1), date(2025, 4, 2))
    assert (after.documents, after.doubted, after.laws) == ((), (), ())
    engine.close()


def test_before_the_first_ingest_there_is_nothing_to_compare(two_days: SmallWorld) -> None:
    engine = two_days.engine()
    news = news_since(engine.index(), FIRST, date(2025, 4, 2))
    assert news.begun == FIRST
    assert (news.documents, news.laws) == ((), ())
    engine.close()


def test_a_day_to_come_is_refused(two_days: SmallWorld) -> None:
    engine = two_days.engine()
    with pytest.raises(BadQuestion, match="Zukunft"):
        news_since(engine.index(), date(2025, 4, 3), date(2025, 4, 2))
    engine.close()


def test_a_document_that_is_read_in_again_unchanged_keeps_its_day(
    ingested: SmallWorld, updated: SmallWorld
) -> None:
    engine = updated.engine()
    number = engine.index().number
    before, now = arrivals(engine.engine, 1), arrivals(engine.engine, number)
    assert number == 2
    assert before.keys() == now.keys() == {"vh-studium", "faq-gebuehren"}
    assert before == now
    assert not any(arrival.earlier for arrival in now.values())
    engine.close()


def test_a_document_that_was_taken_away_has_not_arrived(
    ingested: SmallWorld, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = copy_world(ingested, tmp_path_factory.mktemp("gone"))
    (small.memos / "faq-gebuehren.md").unlink()
    small.ingest(LATER)
    engine = small.engine()
    assert arrivals(engine.engine, engine.index().number).keys() == {"vh-studium"}
    engine.close()
