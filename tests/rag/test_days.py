"""Questions on the law of a past day, over three versions taken in at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.models import Kind, NormRef
from corpus.transitions import Transition
from ingest.pipeline import run_ingest
from rag import days
from rag.engine import Fundstelle
from rag.norms import norm_diff, read_norm
from rag.outcome import Outcome
from tests.conftest import SmallWorld, make_world
from tests.official import law_xml, norm_xml, packed

FIRST, SECOND, THIRD = date(2023, 1, 10), date(2024, 3, 6), date(2025, 3, 5)
_STUDY = (
    "(1) Einem Gast wird zum Zweck des Lernens eine Erlaubnis erteilt, wenn er zugelassen ist.",
    "(3) Die Erlaubnis berechtigt zur Arbeit an bis zu {} Tagen im Jahr.",
)
_CHANCE = norm_xml(
    "§ 104c", "Chance", "(1) Einem geduldeten Gast soll eine Erlaubnis auf Probe erteilt werden."
)
_OLD = norm_xml("§ 17a", "Anerkennung", "(1) Zur Anerkennung eines Abschlusses gibt es ein Papier.")
_PASS = norm_xml("§ 3", "Passpflicht", "(1) Gäste brauchen einen gültigen Pass.")


def _law(number_of_days: int, *others: str, stand: str) -> bytes:
    study = norm_xml("§ 16b", "Studium", _STUDY[0], _STUDY[1].format(number_of_days))
    return packed(law_xml("AufenthG", _PASS, study, *others, stand=stand))


VERSIONS = {
    FIRST: _law(120, _OLD, stand="geändert durch G v. 1.1.2023"),
    SECOND: _law(140, _OLD, _CHANCE, stand="geändert durch G v. 1.3.2024"),
    THIRD: _law(140, _CHANCE, stand="geändert durch G v. 1.2.2025"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fundstelle]:
    world = make_world(tmp_path_factory.mktemp("tage"))
    write_history(world.root / "history", VERSIONS)
    run_ingest(replace(world.config(), history=world.root / "history"))
    engine = Fundstelle(world.data)
    yield engine
    engine.close()


def write_history(folder: Path, versions: dict[date, bytes], slug: str = "aufenthg_2004") -> None:
    for day, data in versions.items():
        (folder / slug / day.isoformat()).mkdir(parents=True, exist_ok=True)
        (folder / slug / day.isoformat() / "xml.zip").write_bytes(data)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, "140 Tagen"),
        (date(2026, 1, 1), "140 Tagen"),
        (SECOND, "140 Tagen"),
        (date(2024, 3, 5), "120 Tagen"),
        (FIRST, "120 Tagen"),
        (date(2001, 1, 1), "120 Tagen"),
    ],
)
def test_the_text_of_the_day_answers(engine: Fundstelle, day: date | None, said: str) -> None:
    answer = engine.ask("An wie vielen Tagen im Jahr darf ein Gast arbeiten?", as_of=day)
    texts = [statement.text for statement in answer.statements if "Tagen" in statement.text]
    assert texts
    assert all(said in text for text in texts)


def test_every_citation_says_the_day(engine: Fundstelle) -> None:
    answer = engine.ask("§ 16b Abs. 3 AufenthG", as_of=FIRST)
    assert answer.statements[0].pinpoint == "§ 16b Abs. 3 AufenthG (Fassung am 10.01.2023)"
    shown = answer.passages[0].passage
    assert shown.citation.endswith("(Fassung am 10.01.2023)")
    assert shown.stand.endswith("geändert durch G v. 1.1.2023")
    assert (shown.valid_from, shown.valid_to) == (FIRST, date(2024, 3, 5))


def test_a_day_named_in_the_question_counts(engine: Fundstelle) -> None:
    answer = engine.ask(
        "An wie vielen Tagen durfte ein Gast nach der Rechtslage am 1.2.2023 arbeiten?"
    )
    assert answer.as_of == date(2023, 2, 1)
    assert any("120 Tagen" in statement.text for statement in answer.statements)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Der Gast lernt seit dem 1.2.2023: an wie vielen Tagen darf er arbeiten?", True),
        ("Der Gast lernt seit dem 1.2.2025: an wie vielen Tagen darf er arbeiten?", False),
        ("Ein Gast, eingereist am 1.2.2023, braucht einen gültigen Pass?", False),
    ],
)
def test_a_day_of_another_wording_is_pointed_out(
    engine: Fundstelle, question: str, said: bool
) -> None:
    answer = engine.ask(question)
    assert answer.as_of is None
    assert answer.statements
    assert any("§ 16b Abs. 3 AufenthG seit 06.03.2024" in n for n in answer.notices) is said


def test_a_norm_that_did_not_stand_yet_is_said(engine: Fundstelle) -> None:
    answer = engine.ask("§ 104c AufenthG", as_of=FIRST)
    assert answer.outcome is Outcome.UNKNOWN_NORM
    assert "noch nicht" in answer.message
    assert "06.03.2024" in answer.message
    assert engine.ask("§ 104c AufenthG").outcome is Outcome.ANSWERED


def test_a_norm_that_is_gone_is_said_and_found_for_its_days(engine: Fundstelle) -> None:
    gone = engine.ask("§ 17a AufenthG")
    assert gone.outcome is Outcome.UNKNOWN_NORM
    assert "bis zum 04.03.2025" in gone.message
    then = engine.ask("§ 17a AufenthG", as_of=SECOND)
    assert then.outcome is Outcome.ANSWERED
    assert "Papier" in then.statements[0].text
    assert all(hit.passage.number != "17a" for hit in engine.search("Papier zur Anerkennung").hits)


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        (date(2001, 1, 1), "liegt keine Fassung vor"),
        (date(2026, 1, 1), "Zuletzt am"),
        (FIRST, "lautet heute anders"),
        (date(2024, 3, 1), "prüfen Sie den Tag des Inkrafttretens"),
    ],
)
def test_warnings_say_how_far_the_texts_reach(engine: Fundstelle, day: date, notice: str) -> None:
    answer = engine.ask("§ 16b Abs. 3 AufenthG", as_of=day)
    assert any(notice in text for text in answer.notices)


def test_a_memo_of_later_law_is_said_to_be_one(engine: Fundstelle) -> None:
    answer = engine.ask("Wie viele Tage dürfen Studierende arbeiten?", as_of=SECOND)
    assert any(statement.kind is Kind.MEMO for statement in answer.statements)
    assert any("beschreibt das Recht vom 05.03.2025" in text for text in answer.notices)


def test_a_memo_of_later_law_is_not_quoted_beside_an_old_wording(engine: Fundstelle) -> None:
    answer = engine.ask("Wie viele Tage dürfen Studierende arbeiten?", as_of=FIRST)
    assert not any(statement.kind is Kind.MEMO for statement in answer.statements)


def test_transitional_rules_are_offered_for_days_before_the_change(
    engine: Fundstelle, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Transition(
        NormRef("AufenthG", "104c", "1"),
        SECOND,
        (NormRef("AufenthG", "16b"),),
        (),
        "Für alte Fälle.",
    )
    monkeypatch.setattr(days, "transitions", lambda: (rule,))
    before = engine.ask("§ 16b Abs. 3 AufenthG", as_of=FIRST)
    assert "Übergangsregel § 104c Abs. 1 AufenthG: Für alte Fälle." in before.notices
    assert before.related[0].relation == "Übergangsregel"
    after = engine.ask("§ 16b Abs. 3 AufenthG", as_of=SECOND)
    assert not any("Übergangsregel" in text for text in after.notices)


def test_the_norm_page_has_its_timeline(engine: Fundstelle) -> None:
    reader = engine.index().reader
    page = read_norm(reader, "AufenthG", "16b", date(2023, 6, 1))
    assert "120 Tagen" in page.norm.text
    first = page.versions[0]
    assert (first.first_seen, first.last_seen) == (FIRST, date(2024, 3, 5))
    assert not first.current
    assert page.versions[1].current
    assert page.stand.endswith("G v. 1.1.2023")


def test_a_norm_that_came_is_new_in_the_comparison(engine: Fundstelle) -> None:
    reader = engine.index().reader
    came = norm_diff(reader, "AufenthG", "104c", FIRST, SECOND)
    assert (came.old, [c.change for c in came.changes]) == (None, ["added"])
    went = norm_diff(reader, "AufenthG", "17a", SECOND, THIRD)
    assert (went.new, [c.change for c in went.changes]) == (None, ["removed"])


def test_taking_the_same_history_in_again_changes_nothing(tmp_path: Path) -> None:
    world = SmallWorld(make_world(tmp_path).root)
    write_history(tmp_path / "history", VERSIONS)
    config = replace(world.config(), history=tmp_path / "history")
    assert run_ingest(config).published is not None
    assert run_ingest(config).published is None
