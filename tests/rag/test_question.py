from __future__ import annotations

import pytest

from corpus.models import NormRef
from rag.engine import Fundstelle
from rag.errors import BadQuestion
from rag.question import LONGEST_QUESTION, Question, clean_question, understand


def read(fundstelle: Fundstelle, text: str) -> Question:
    index = fundstelle.index()
    return understand(text, index.language)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "question_empty"),
        ("  \n ", "question_empty"),
        ("x" * 10_000, "question_too_long"),
        ("x" * (LONGEST_QUESTION + 1), "question_too_long"),
        ("\x00\x01\x02", "question_not_text"),
        ("PK\x03\x04 binär", "question_not_text"),
        ("???!!!", "question_not_text"),
    ],
)
def test_what_is_no_question_is_refused(raw: str, code: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        clean_question(raw)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_a_question_is_trimmed_and_composed() -> None:
    assert clean_question("  U\u0308ber  wen? ") == "Über wen?"


def test_a_named_place_is_what_is_asked(fundstelle: Fundstelle) -> None:
    question = read(fundstelle, "Was regelt § 16b Abs. 3 AufenthG?")
    assert question.asked_for == (NormRef("AufenthG", "16b", "3"),)
    assert question.background == ()
    assert not any(term.isdigit() for term in question.terms)


@pytest.mark.parametrize(
    "text",
    [
        "Er hat einen Titel nach § 16b AufenthG, darf er bleiben?",
        "Inhaber einer Erlaubnis nach § 16b AufenthG will heiraten",
        "mit Aufenthaltserlaubnis gem. § 16b AufenthG",
    ],
)
def test_the_status_of_a_person_is_background(fundstelle: Fundstelle, text: str) -> None:
    question = read(fundstelle, text)
    assert question.asked_for == ()
    assert question.background == (NormRef("AufenthG", "16b"),)


def test_unknown_norms_are_named(fundstelle: Fundstelle) -> None:
    (unknown,) = read(fundstelle, "Was steht in § 25c AufenthG?").unknown
    assert unknown.wanted == "§ 25c AufenthG"


def test_laws_named_without_a_sign_are_noticed(fundstelle: Fundstelle) -> None:
    assert read(fundstelle, "Gebühren nach der Aufenthaltsverordnung").laws == ("AufenthV",)
    assert read(fundstelle, "im Sinne des Aufenthaltsgesetzes").laws == ("AufenthG",)
