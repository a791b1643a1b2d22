from __future__ import annotations

import pytest

from corpus.models import Audience, Kind
from rag.engine import Fundstelle
from rag.errors import ForeignEncoder, NotReady
from rag.search import SearchResult
from tests.conftest import TODAY, SmallWorld, make_world
from tests.official import reworded, write_mirror


def places(result: SearchResult) -> list[str]:
    return [hit.passage.citation for hit in result.hits]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("§ 5 Abs. 2 AufenthG", "§ 5 Abs. 2 AufenthG"),
        ("Was steht in § 45 AufenthV?", "§ 45 AufenthV"),
        ("Paragraf drei Aufenthaltsgesetz", "§ 3 Abs. 1 AufenthG"),
        (
            "Wie viele Tage Arbeit im Jahr für Gäste mit Erlaubnis zum Lernen",
            "§ 16b Abs. 3 AufenthG",
        ),
        ("Gebuehr Verlaengerung Euro", "§ 45 AufenthV"),
    ],
)
def test_what_comes_first(fundstelle: Fundstelle, question: str, first: str) -> None:
    assert places(fundstelle.search(question))[0] == first


def test_why_adds_up_to_the_score(fundstelle: Fundstelle) -> None:
    for hit in fundstelle.search("Pass und Unterhalt").hits:
        assert sum(hit.why.values()) == pytest.approx(hit.score, abs=0.01)
        assert all(value > 0 for value in hit.why.values())


def test_the_public_sees_no_internal_memo(fundstelle: Fundstelle) -> None:
    question = "Studierende arbeiten 140 Tage"
    everything = fundstelle.search(question, k=50)
    public = fundstelle.search(question, k=50, audience=Audience.PUBLIC)
    assert any(hit.passage.audience is Audience.INTERNAL for hit in everything.hits)
    assert public.hits
    assert all(hit.passage.audience is Audience.PUBLIC for hit in public.hits)
    assert any(hit.passage.kind is Kind.MEMO for hit in public.hits)


def test_a_search_can_be_restricted_to_laws(fundstelle: Fundstelle) -> None:
    result = fundstelle.search("Erlaubnis", k=50, laws=("AufenthV",))
    assert {hit.passage.law for hit in result.hits} == {"AufenthV"}


def test_the_same_question_gives_the_same_ranking(fundstelle: Fundstelle) -> None:
    first, second = (fundstelle.search("Wer braucht einen Pass?") for _ in range(2))
    assert first == second


def test_before_the_first_ingest_the_cure_is_named(world: SmallWorld) -> None:
    engine = Fundstelle(world.data)
    with pytest.raises(NotReady, match="make ingest"):
        engine.search("Pass")
    engine.close()


def test_a_foreign_encoder_is_refused_with_the_cure(ingested: SmallWorld) -> None:
    engine = Fundstelle(ingested.data, encoder="fremdes-modell")
    with pytest.raises(ForeignEncoder, match=r"fremdes-modell.*make ingest"):
        engine.search("Pass")
    engine.close()


def test_a_new_generation_takes_over_without_a_restart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    world = make_world(tmp_path_factory.mktemp("wechsel"))
    world.ingest()
    engine = Fundstelle(world.data)
    question = "An wie vielen Tagen darf man arbeiten?"
    assert any("140 Tagen" in hit.passage.text for hit in engine.search(question).hits)
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    world.ingest(TODAY)
    engine.follow()
    texts = [hit.passage.text for hit in engine.search(question).hits]
    engine.close()
    assert any("150 Tagen" in text for text in texts)
    assert not any("140 Tagen" in text and "Erlaubnis berechtigt" in text for text in texts)
