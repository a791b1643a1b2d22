"""What a question takes for granted and does not exist is named, with what there is."""

from __future__ import annotations

from datetime import date

import pytest

from rag.engine import Fundstelle
from rag.outcome import Outcome


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("§ 16c AufenthG", "§ 16c AufenthG gibt es nicht. Meinten Sie § 16b AufenthG?"),
        (
            "Was sagt § 16b Abs. 9 AufenthG?",
            "§ 16b Abs. 9 AufenthG gibt es nicht. § 16b AufenthG hat die Absätze 1 und 3.",
        ),
        (
            "Was sagt § 3 Abs. 2 AufenthG?",
            "§ 3 Abs. 2 AufenthG gibt es nicht. § 3 AufenthG hat nur den Absatz 1.",
        ),
        (
            "Was sagt § 45 Abs. 2 AufenthV?",
            "§ 45 Abs. 2 AufenthV gibt es nicht. § 45 AufenthV ist nicht in Absätze gegliedert.",
        ),
        (
            "Was sagt § 16b Abs. 3 Satz 7 AufenthG?",
            "§ 16b Abs. 3 Satz 7 AufenthG gibt es nicht. § 16b Abs. 3 AufenthG hat 3 Sätze.",
        ),
        ("Was regelt § 16c?", "§ 16c gibt es nicht. Meinten Sie § 16b AufenthG?"),
        ("§ 299 AufenthG", "§ 299 AufenthG gibt es nicht."),
    ],
)
def test_the_message_says_what_there_is(
    fundstelle: Fundstelle, question: str, message: str
) -> None:
    answer = fundstelle.ask(question)
    assert answer.outcome is Outcome.UNKNOWN_NORM
    assert answer.message.startswith(message)
    assert answer.message not in answer.notices


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (
            "Was verlangt § 5 Abs. 1 Nr. 9 AufenthG zum Unterhalt?",
            "§ 5 Abs. 1 Nr. 9 AufenthG gibt es nicht. § 5 Abs. 1 AufenthG hat die Nummern 1, 1a und 2.",
        ),
        (
            "Was verlangt § 5 Abs. 2 Nr. 1 AufenthG?",
            "§ 5 Abs. 2 Nr. 1 AufenthG gibt es nicht. § 5 Abs. 2 AufenthG hat keine Nummern.",
        ),
        (
            "Wie verhalten sich § 16b AufenthG und § 16c AufenthG?",
            "§ 16c AufenthG gibt es nicht. Meinten Sie § 16b AufenthG?",
        ),
    ],
)
def test_beside_an_answer_it_is_a_notice(
    fundstelle: Fundstelle, question: str, notice: str
) -> None:
    answer = fundstelle.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert any(shown.startswith(notice) for shown in answer.notices), answer.notices


@pytest.mark.parametrize(
    "question",
    [
        "Was verlangt § 5 Abs. 1 Nr. 1a AufenthG?",
        "§ 16b Abs. 3 Satz 2 AufenthG",
        "§ 45 Nr. 2 AufenthV",
    ],
)
def test_what_exists_is_not_doubted(fundstelle: Fundstelle, question: str) -> None:
    answer = fundstelle.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert not [notice for notice in answer.notices if "gibt es nicht" in notice]


def test_every_answer_says_what_it_is_and_how_new_the_law_is(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("§ 16b AufenthG")
    assert "keine Rechtsberatung" in answer.label
    assert "06.03.2025" in answer.label
    assert answer.corpus_version in answer.label
    assert "Stichtag 01.04.2025" in fundstelle.ask("§ 16b AufenthG", as_of=date(2025, 4, 1)).label
    assert fundstelle.ask("qwertz asdfgh").label == answer.label
