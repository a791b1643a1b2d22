from __future__ import annotations

from datetime import date

import pytest

from corpus.elsewhere import elsewhere_topics
from corpus.models import HIERARCHY, Kind
from rag.engine import Fundstelle
from rag.outcome import MESSAGES, Outcome


def test_the_decisive_satz_is_quoted_with_its_exact_place(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was sagt § 16b Abs. 3 AufenthG zu den Tagen Arbeit im Jahr?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.statements[0].pinpoint == "§ 16b Abs. 3 Satz 1 AufenthG"
    assert answer.statements[0].text == (
        "Die Erlaubnis berechtigt zur Arbeit an bis zu 140 Tagen im Jahr."
    )


def test_every_quote_is_verbatim_and_marked_in_its_passage(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was regelt § 5 AufenthG zum Unterhalt?")
    shown = {cited.passage.id: cited for cited in answer.passages}
    assert answer.statements
    for statement in answer.statements:
        assert statement.checks == {"verbatim": True}
        for id_ in statement.citations:
            cited = shown[id_]
            assert statement.text in [span.of(cited.passage.text) for span in cited.highlight]


def test_law_comes_before_memo(fundstelle: Fundstelle) -> None:
    kinds = [s.kind for s in fundstelle.ask("§ 16b AufenthG Arbeitstage im Studium").statements]
    assert kinds == sorted(kinds, key=HIERARCHY.index)
    assert kinds[0] is Kind.LAW


def test_norms_that_the_quotes_refer_to_are_related(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was gilt nach § 16b Abs. 3 AufenthG entsprechend?")
    assert "§ 5 Abs. 1 AufenthG" in [related.label for related in answer.related]


def test_an_unknown_norm_is_named_with_its_neighbours(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("§ 16c AufenthG")
    assert answer.outcome is Outcome.UNKNOWN_NORM
    assert answer.message.startswith("§ 16c AufenthG gibt es nicht.")
    assert "§ 16b AufenthG" in answer.message
    assert answer.statements == ()


def test_an_unknown_law_is_named(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was steht in § 1353 BGB?")
    assert answer.outcome is Outcome.UNKNOWN_LAW
    assert answer.message.startswith("BGB")


def test_nothing_that_fits_means_no_answer(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("qwertz asdfgh")
    assert answer.outcome is Outcome.NO_SOURCE
    assert answer.message == MESSAGES[Outcome.NO_SOURCE]
    assert answer.statements == ()


@pytest.mark.parametrize(
    "question",
    ["Wo kann ich meinen Führerschein umschreiben lassen?", "Öffnungszeiten am Freitag"],
)
def test_what_is_not_ours_is_referred(fundstelle: Fundstelle, question: str) -> None:
    answer = fundstelle.ask(question)
    assert answer.outcome is Outcome.OUT_OF_SCOPE
    assert answer.statements == ()
    assert any(topic.referral in answer.message for topic in elsewhere_topics())


def test_a_stichtag_before_the_first_version_is_said(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("§ 3 AufenthG", as_of=date(2010, 1, 1))
    assert any("01.01.2010" in notice for notice in answer.notices)


def test_a_sign_without_a_law_is_said_to_be_ambiguous(fundstelle: Fundstelle) -> None:
    assert not fundstelle.ask("§ 16b").notices


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_german_message(outcome: Outcome) -> None:
    message = MESSAGES[outcome].format(
        wanted="§ 1 X", topic="Öffnungszeiten", referral="Bitte fragen."
    )
    assert message.endswith(".")
