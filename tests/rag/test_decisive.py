"""Which Satz of an Absatz answers, and in which order its Sätze are read."""

from __future__ import annotations

import pytest

from rag.decisive import Judge, decisive_units
from rag.engine import Fundstelle
from rag.marks import Measure, asked_for, measures
from tests.passages import norm_of

PERIODS = {Measure.DAYS, Measure.WEEKS, Measure.MONTHS, Measure.YEARS, Measure.HOURS}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Wie viele Tage darf ein Student arbeiten?", {Measure.DAYS}),
        ("In wie vielen Wochen muss ich mich melden?", {Measure.WEEKS}),
        ("Wie viele volle Monate brauche ich?", {Measure.MONTHS}),
        ("Nach wie vielen Jahren kann ich bleiben?", {Measure.YEARS}),
        ("How many hours may I work?", {Measure.HOURS}),
        ("Wie lange gilt die Karte?", PERIODS),
        ("Welche Frist gilt?", PERIODS),
        ("Was kostet die Karte?", {Measure.MONEY}),
        ("Ab welchem Alter gilt das?", {Measure.AGE}),
        ("Was kostet die Karte und wie lange gilt sie?", {Measure.MONEY, *PERIODS}),
        ("Wie viele Kinder dürfen mit?", set()),
        ("Wer bekommt die Karte?", set()),
    ],
)
def test_a_question_says_what_its_figure_counts(question: str, asked: set[Measure]) -> None:
    assert asked_for(question) == asked


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("an bis zu 140 Arbeitstagen im Jahr", {Measure.DAYS}),
        ("nach Vollendung des 16. Lebensjahres", {Measure.AGE}),
        ("seit fünf Jahren und 60 Monate lang", {Measure.YEARS, Measure.MONTHS}),
        ("100 Euro oder 20 Prozent davon", {Measure.MONEY, Measure.SHARE}),
        ("am Tag der Einreise", set()),
    ],
)
def test_figures_say_what_they_count(text: str, counted: set[Measure]) -> None:
    assert measures(text) == counted


def first_satz(fundstelle: Fundstelle, question: str, *saetze: str) -> int:
    """Number of the Satz that comes first for a question."""
    index = fundstelle.index()
    terms = tuple(index.analyzer.terms(question))
    judge = Judge(index.analyzer, index.encoder, index.late, terms, question)
    (passage,) = norm_of(f"(1) {' '.join(saetze)}")
    return decisive_units([passage], judge)[0].satz


@pytest.mark.parametrize(
    ("asking", "saetze"),
    [
        (
            "Wie viele Tage sind einem Studenten erlaubt?",
            ("Nebentätigkeiten eines Studenten zählen nicht.", "Möglich sind 140 Arbeitstage."),
        ),
        ("Was kostet die Karte?", ("Die Karte gilt zwei Jahre.", "Zu zahlen sind 100 Euro.")),
        (
            "Wie lange gilt die Karte?",
            ("Die Karte kostet 100 Euro.", "Nach sechs Monaten endet sie."),
        ),
        (
            "Ab welchem Alter gibt es die Karte?",
            ("Die Karte gilt zwei Jahre.", "Verlangt ist die Vollendung des 16. Lebensjahres."),
        ),
    ],
)
def test_the_satz_with_the_figure_that_is_asked_for_leads(
    fundstelle: Fundstelle, asking: str, saetze: tuple[str, str]
) -> None:
    assert first_satz(fundstelle, asking, *saetze) == 2
    assert first_satz(fundstelle, "Was gilt für Studenten und für die Karte?", *saetze) == 1


def test_any_figure_helps_where_the_question_does_not_say_what_it_counts(
    fundstelle: Fundstelle,
) -> None:
    index = fundstelle.index()
    texts = ["Die Karte gilt für 30 Prozent.", "Die Karte gilt für Gäste."]

    def ahead(question: str) -> float:
        terms = tuple(index.analyzer.terms("Karte"))
        judge = Judge(index.analyzer, index.encoder, None, terms, question)
        figure, none = judge.weigh(texts)
        return figure - none

    assert ahead("Wie hoch ist die Karte?") - ahead("Wie schön ist die Karte?") > 0.2


def test_saetze_that_fit_alike_are_read_in_the_order_of_the_text(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was sagt § 16b Abs. 3 AufenthG?")
    shown = [s.pinpoint for s in answer.statements if s.place is not None]
    assert shown[:3] == [f"§ 16b Abs. 3 Satz {number} AufenthG" for number in (1, 2, 3)]


def test_the_rule_stands_in_the_answer_when_a_later_satz_is_decisive(
    fundstelle: Fundstelle,
) -> None:
    question = (
        "Kleine Arbeiten in der Bibliothek: zählen sie nicht, gilt § 5 Absatz 1 entsprechend?"
    )
    shown = [s.pinpoint for s in fundstelle.ask(question).statements]
    assert "§ 16b Abs. 3 Satz 1 AufenthG" in shown
    assert shown.index("§ 16b Abs. 3 Satz 2 AufenthG") < shown.index("§ 16b Abs. 3 Satz 1 AufenthG")


def test_a_table_of_fees_is_quoted_whole(fundstelle: Fundstelle) -> None:
    index = fundstelle.index()
    things = ("den Ausweis", "die Karte", "die Erneuerung der Karte") * 10
    rows = "".join(
        f"<row><entry>{number}.</entry><entry>für {thing}</entry><entry>{number} Euro,</entry></row>"
        for number, thing in enumerate(things, 1)
    )
    (passage,) = norm_of(
        f"(1) Zu erheben sind <table><tgroup><tbody>{rows}</tbody></tgroup></table>"
    )
    assert len(passage.items) == len(things)
    judge = Judge(index.analyzer, index.encoder, index.late, (), "Was kostet die Karte?")
    (unit,) = decisive_units([passage], judge)
    assert "2.\tfür die Karte\t2 Euro," in unit.text
