"""What names a person is replaced before anything looks at a question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban

from corpus.catalogue import catalogue
from corpus.persons import person_words
from rag.engine import Fundstelle
from rag.outcome import Outcome
from rag.personal import PersonalKind, bare, hint, mask
from rag.personal.numbers import check_digit
from rag.personal.words import is_known, is_ordinary

ACCOUNT = iban.format("DE91100000000123456789")


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("Was gilt für Frau Müller-Lüdenscheidt?", "Was gilt für Frau [Name]?"),
        ("Herrn Dr. Ali Reza Ahmadi wurde abgelehnt", "Herrn [Name] wurde abgelehnt"),
        ("Darf meine Frau arbeiten?", "Darf meine Frau arbeiten?"),
        ("Pass C01X00T47, geboren 12.03.1990", "Pass [Passnummer], geboren [Geburtsdatum]"),
        ("Aktenzeichen 123456, Antrag", "Aktenzeichen [Aktenzeichen], Antrag"),
        ("schreiben an a.b@beispiel.de bitte", "schreiben an [E-Mail] bitte"),
        ("Ali Beispiel, geb. 3.4.1990", "[Name], geb. [Geburtsdatum]"),
        ("AZR 910 203 456 789 und 910203456780", "AZR [AZR-Nummer] und [AZR-Nummer]"),
        ("BAMF 1234567-423", "BAMF [BAMF-Aktenzeichen]"),
        ("Az. 33.1-4711/24, VG 3 K 1234/23.KA", "Az. [Aktenzeichen], VG [Aktenzeichen]"),
        ("Probeweg 4, 70173 Stuttgart, Tel. 030 23125 014", "[Anschrift], Tel. [Telefon]"),
        (f"Konto {ACCOUNT} überwiesen", "Konto [IBAN] überwiesen"),
        ("Herr Muster klagt. Darf Muster bleiben?", "Herr [Name] klagt. Darf [Name] bleiben?"),
        ("§ 16b Abs. 3 Satz 1 AufenthG, 140 Tage", "§ 16b Abs. 3 Satz 1 AufenthG, 140 Tage"),
        ("Rechtslage am 1.3.2024, seit 1.1.2025", "Rechtslage am 1.3.2024, seit 1.1.2025"),
        ("Frau aus Syrien, Herr mit Duldung", "Frau aus Syrien, Herr mit Duldung"),
        ("Herr der Lage in Pforzheim", "Herr der Lage in Pforzheim"),
        ("BGBl. 2024 I Nr. 104, 48.300 Euro", "BGBl. 2024 I Nr. 104, 48.300 Euro"),
        ("DE92 1000 0000 0123 4567 89 stimmt nicht", "DE92 1000 0000 0123 4567 89 stimmt nicht"),
        ("Art. 6 ARB 1/80, BVerwG 1 C 12.19", "Art. 6 ARB 1/80, BVerwG 1 C 12.19"),
    ],
)
def test_what_names_a_person_is_masked(typed: str, masked: str) -> None:
    assert mask(typed).text == masked


def test_each_stretch_says_where_it_was() -> None:
    typed = "Frau Muster, AZR 910203456789"
    found = mask(typed).found
    assert [(one.kind, one.span.of(typed)) for one in found] == [
        (PersonalKind.NAME, "Muster"),
        (PersonalKind.AZR_NUMBER, "910203456789"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Frau ",
                "Muster",
                " geb. ",
                "3.4.1990",
                ", ",
                "910203456789",
                "§ 5",
                " ",
                "x@y.de",
                "Az. ",
            ]
        )
        | st.text(max_size=6),
        max_size=14,
    ).map("".join)
)
def test_the_rest_of_a_text_stays_as_it_was(typed: str) -> None:
    masked = mask(typed)
    start, rest = 0, []
    for one in masked.found:
        assert start <= one.span.start < one.span.end <= len(typed)
        rest += [typed[start : one.span.start], one.kind.placeholder]
        start = one.span.end
    assert "".join((*rest, typed[start:])) == masked.text


def test_curated_questions_name_nobody_and_stay() -> None:
    questions = [q for entry in catalogue()[::8] for q in entry.questions]
    touched = [question for question in questions if mask(question).found]
    assert len(touched) <= len(questions) // 1000, touched


@pytest.mark.parametrize(
    ("word", "ordinary"),
    [
        ("Duldung", True),
        ("Titelverlängerung", True),
        ("Türkin", True),
        ("Örnek", False),
        ("Koch", False),
    ],
)
def test_ordinary_words_are_those_of_the_catalogue(word: str, ordinary: bool) -> None:
    assert is_ordinary(word) is ordinary


def test_compounds_of_known_nouns_are_known() -> None:
    assert is_known("Wunschaufenthaltserlaubnis")
    assert not is_known("Beispielzadeh")


def test_a_serial_number_has_the_check_digit_of_its_standard() -> None:
    assert check_digit("C01X00T47") == "8"


def test_placeholders_are_no_words_to_search_for() -> None:
    assert bare("Frau [Name], AZR [AZR-Nummer]: Nachzug") == "Frau , AZR : Nachzug"
    assert bare("[AZR-Nummer] [Name]") == ""


def test_the_hint_names_each_kind_once() -> None:
    text = hint([PersonalKind.NAME, PersonalKind.NAME, PersonalKind.IBAN])
    assert "(Name, IBAN)" in text


def test_the_engine_never_sees_the_name_and_says_so(fundstelle: Fundstelle) -> None:
    named = fundstelle.ask("Herr Örnek, AZR 910203456789: § 16b Abs. 3 AufenthG Arbeitstage?")
    plain = fundstelle.ask("Herr, AZR: § 16b Abs. 3 AufenthG Arbeitstage?")
    assert named.outcome is Outcome.ANSWERED
    assert named.statements == plain.statements
    assert hint((PersonalKind.NAME, PersonalKind.AZR_NUMBER)) in named.notices
    assert not plain.notices
    question = fundstelle.search("Herr Örnek, § 16b AufenthG?").question
    assert "Örnek" not in question.text + question.whole
    assert "ornek" not in " ".join(question.terms)


def test_questions_before_are_masked_as_well(fundstelle: Fundstelle) -> None:
    result = fundstelle.search("und die Arbeitstage?", history=("Frau Örnek, § 16b AufenthG",))
    assert result.question.before is not None
    assert "Örnek" not in result.question.whole
    answer = fundstelle.ask("und die Arbeitstage?", history=("Frau Örnek, § 16b AufenthG",))
    assert hint((PersonalKind.NAME,)) in answer.notices


def test_nothing_but_personal_data_finds_nothing(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Ali Beispiel, geb. 3.4.1990")
    assert answer.outcome is Outcome.NO_SOURCE


def test_suggestions_do_not_hang_on_a_name(fundstelle: Fundstelle) -> None:
    assert fundstelle.suggest("Frau Örnek") == fundstelle.suggest("Frau")


def test_the_word_lists_do_not_contradict_each_other() -> None:
    words = person_words()
    assert not words.first_names & words.no_names
    assert not words.surnames & words.no_names
    assert words.sure_titles <= {title.casefold() for title in words.titles}
