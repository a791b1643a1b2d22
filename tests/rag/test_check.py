"""Statements against the passages they cite: what is true passes, each kind of error is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.generation.analysis import Analyzer
from corpus.models import Kind, Passage
from ingest.fetch import MirrorFolder
from ingest.passages import norm_passages
from ingest.references import ReferenceFinder
from rag.check import CheckKind, check_statement
from rag.check.clauses import main_text
from rag.check.quantities import quantities
from rag.engine import Fundstelle
from rag.structure import without_label
from tests.official_texts import OfficialTexts
from tests.passages import LAW, entries, norm_of

ANALYZER = Analyzer(frozenset())
RULES = norm_of(
    "(1) Dem Gast ist die Karte für drei Jahre zu erteilen, wenn er einen gültigen Pass besitzt.",
    "(2) Die Ausländerbehörde kann die Karte um sechs Monate verlängern. Die Karte soll nicht verlängert "
    "werden, wenn der Gast die Gebühr von 100 Euro nicht bezahlt.",
    f"(3) Ein Ausweis wird ausgestellt, wenn {entries('der Gast volljährig ist und', 'er hier wohnt.')}",
    "(4) Die Karte darf nicht übertragen werden, es sei denn, der Gast stirbt vor dem 1. März 2024. "
    "§ 7 Abs. 1 gilt entsprechend.",
    "(5) Einem Gast mit ausreichenden deutschen Sprachkenntnissen wird auf Antrag die Karte für höchstens "
    "zwei Jahre ausgestellt. Von Absatz 1 kann abgesehen werden; von Absatz 2 ist abzusehen, wenn die "
    "Zahlung unzumutbar ist.",
    "(6) Das Bundesamt führt die Liste der Gäste. Es kann die Hälfte der Kosten erstatten. Die Karte "
    "darf nur mit Zustimmung der Ausländerbehörde übertragen werden.",
    "(7) Die Ausländerbehörde meldet jede Karte am dritten Tag dem Bundesamt. Gäste oder ihre Kinder "
    "erhalten Nachlass, wenn sie alt oder krank sind. Die Karte gilt, es sei denn, sie ist gesperrt.",
    heading="Karte für Gäste",
)


def found(text: str, *absaetze: str) -> set[CheckKind]:
    cited = [passage for passage in RULES if passage.absatz in absaetze]
    return {f.kind for f in check_statement(text, cited, analyzer=ANALYZER).findings}


@pytest.mark.parametrize(
    ("text", "absatz"),
    [
        (
            "Dem Gast ist die Karte für drei Jahre zu erteilen, wenn er einen gültigen Pass besitzt.",
            "1",
        ),
        ("Wer einen gültigen Pass besitzt, muss die Karte für 3 Jahre erteilt bekommen.", "1"),
        ("Die Karte wird für 36 Monate erteilt, wenn ein gültiger Pass vorliegt.", "1"),
        ("Nach § 7 Abs. 1 AufenthG ist die Karte bei gültigem Pass zu erteilen.", "1"),
        ("Die Ausländerbehörde darf die Karte um 6 Monate verlängern.", "2"),
        ("Ohne Zahlung der 100 Euro soll die Karte nicht verlängert werden.", "2"),
        ("Volljährige Gäste, die hier wohnen, erhalten einen Ausweis.", "3"),
        ("Die Karte darf nicht übertragen werden, außer der Gast stirbt.", "4"),
        ("Die „Karte darf nicht übertragen werden“, außer im Todesfall.", "4"),
        ("Auf Antrag erhält der Gast die Karte, höchstens für 24 Monate.", "5"),
        ("Ist die Zahlung unzumutbar, muss von Absatz 2 abgesehen werden.", "5"),
        ("Ohne Zustimmung der Ausländerbehörde darf die Karte nicht übertragen werden.", "6"),
        ("Das BAMF darf 50 Prozent der Kosten erstatten.", "6"),
        ("Die Ausländerbehörde meldet dem Bundesamt jede Karte am dritten Tag.", "7"),
        ("Die Ausländerbehörde unterrichtet über jede Karte das Bundesamt.", "7"),
        ("Gäste und ihre Kinder erhalten Nachlass, wenn sie alt oder krank sind.", "7"),
        ("Die Karte gilt, sofern sie nicht gesperrt ist.", "7"),
    ],
)
def test_true_statements_pass(text: str, absatz: str) -> None:
    assert found(text, absatz) == set()


@pytest.mark.parametrize(
    ("text", "absatz", "kind"),
    [
        ("Die Karte ist für zwei Jahre zu erteilen, wenn er einen Pass besitzt.", "1", "periods"),
        ("Die Karte ist für drei Monate zu erteilen, wenn er einen Pass besitzt.", "1", "periods"),
        ("Ohne Zahlung von 200 Euro soll die Karte nicht verlängert werden.", "2", "amounts"),
        (
            "Der Gast stirbt vor dem 1. April 2024, sonst darf die Karte nicht übertragen werden.",
            "4",
            "dates",
        ),
        (
            "Nach § 8 Abs. 1 AufenthG ist die Karte bei gültigem Pass zu erteilen.",
            "1",
            "references",
        ),
        (
            "Nach § 7 Abs. 2 AufenthG ist die Karte bei gültigem Pass zu erteilen.",
            "1",
            "references",
        ),
        (
            "Die Karte kann für drei Jahre erteilt werden, wenn der Pass gültig ist.",
            "1",
            "modality",
        ),
        ("Die Ausländerbehörde muss die Karte um sechs Monate verlängern.", "2", "modality"),
        ("Die Karte ist nicht zu erteilen, wenn er einen gültigen Pass besitzt.", "1", "negation"),
        ("Die Karte darf übertragen werden, außer der Gast stirbt.", "4", "negation"),
        ("Die Karte soll verlängert werden, wenn die Gebühr offen ist.", "2", "negation"),
        ("Die Bundesagentur kann die Karte um sechs Monate verlängern.", "2", "actors"),
        ("Der Gast darf die Karte an niemand übertragen lassen.", "4", "conditions"),
        (
            "Ein Ausweis wird ausgestellt, wenn der Gast volljährig ist oder hier wohnt.",
            "3",
            "connectives",
        ),
        ("Wer studiert, darf den Wohnort im Ausland selbst wählen.", "1", "content"),
        ("Die „Karte darf übertragen werden“, wenn der Gast stirbt.", "4", "quotes"),
        ("Ein Gast mit guten Sprachkenntnissen erhält auf Antrag die Karte.", "5", "content"),
        ("Die Karte wird dem Gast von Amts wegen ausgestellt.", "5", "content"),
        ("Die Karte wird dem Gast für mindestens zwei Jahre ausgestellt.", "5", "content"),
        ("Von Absatz 3 kann abgesehen werden.", "5", "references"),
        ("Das Bundesamt muss die Hälfte der Kosten erstatten.", "6", "modality"),
        ("Das Bundesamt kann ein Drittel der Kosten erstatten.", "6", "numbers"),
        ("Die Ausländerbehörde führt die Liste der Gäste.", "6", "actors"),
        ("Die Karte darf stets übertragen werden.", "6", "conditions"),
        (
            "Die Karte darf auch ohne Zustimmung der Ausländerbehörde übertragen werden.",
            "6",
            "conditions",
        ),
        ("Das Bundesamt führt die Liste der Gäste nicht.", "6", "negation"),
        ("Das Bundesamt meldet der Ausländerbehörde jede Karte.", "7", "actors"),
        ("Die Ausländerbehörde meldet jede Karte am achten Tag.", "7", "periods"),
        ("Gäste erhalten Nachlass, wenn sie alt und zugleich krank sind.", "7", "connectives"),
        ("Die Karte gilt stets.", "7", "conditions"),
    ],
)
def test_each_kind_of_error_is_found(text: str, absatz: str, kind: str) -> None:
    assert CheckKind(kind) in found(text, absatz)


def test_a_right_statement_with_the_wrong_source_is_found() -> None:
    assert found("Die Ausländerbehörde kann die Karte um sechs Monate verlängern.", "3")


def test_with_an_index_the_better_place_is_named(fundstelle: Fundstelle) -> None:
    index = fundstelle.index()
    laws = [p for p in index.passages[: index.today] if p.kind is Kind.LAW and len(p.text) > 80]
    right, wrong = laws[0], next(p for p in laws if p.number != laws[0].number)
    said = f"Es gilt: {right.text}"
    verdicts = [
        check_statement(said, cited, analyzer=index.analyzer, index=index)
        for cited in ([right], [wrong], [right, wrong])
    ]
    better = [
        [f.message for f in v.findings if right.citation in f.message and "eher in" in f.message]
        for v in verdicts
    ]
    assert [bool(messages) for messages in better] == [False, True, False]


def test_two_passages_bear_a_statement_together() -> None:
    text = (
        "Die Karte ist für drei Jahre zu erteilen, wenn ein Pass da ist. "
        "Sie kann um sechs Monate verlängert werden."
    )
    assert found(text, "1", "2") == set()
    assert CheckKind.PERIODS in found(text, "1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drei Jahre", [(36, "monat")]),
        ("36 Monate", [(36, "monat")]),
        ("zwei Wochen", [(14, "tag")]),
        ("1.500 Euro", [(1500, "euro")]),
        ("ein dreijähriger Aufenthalt", [(36, "monat")]),
        ("am dritten Tag", [(3, "tag")]),
        ("das sechste, aber noch nicht das vierzehnte Lebensjahr", [(72, "monat"), (168, "monat")]),
        ("das 16. Lebensjahr", [(192, "monat")]),
        ("zwei bis vier Wochen", [(14, "tag"), (28, "tag")]),
        ("§ 7 Abs. 3 Satz 2 AufenthG", []),
        ("am 1. März 2024", []),
        ("eine Karte für 30 Tage", [(30, "tag")]),
    ],
)
def test_quantities(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(q.value, q.unit) for q in quantities(text)] == expected


def test_a_verdict_names_the_checks_that_applied() -> None:
    cited = [passage for passage in RULES if passage.absatz == "1"]
    checks = check_statement("Die Karte gilt zwei Jahre.", cited, analyzer=ANALYZER).checks
    assert checks["periods"] is False
    assert not {"dates", "quotes", "references", "connectives"} & checks.keys()


@pytest.mark.parametrize(
    ("sentence", "main"),
    [
        ("Wer zahlt, erhält die Karte", "erhält die Karte"),
        ("Wird nicht gezahlt, erlischt sie", "erlischt sie"),
        ("Der Gast, der hier wohnt, darf bleiben, wenn er zahlt", "Der Gast, darf bleiben"),
        (
            "Er hat, wenn er umzieht, der Behörde alles mitzuteilen",
            "Er hat, der Behörde alles mitzuteilen",
        ),
        ("Sie wird erteilt, wenn\n1. er zahlt und\n2. er hier wohnt", "Sie wird erteilt"),
    ],
)
def test_what_a_sentence_orders(sentence: str, main: str) -> None:
    assert main_text(sentence) == main


@pytest.fixture(scope="module")
def official(mirror: Path) -> list[Passage]:
    texts = OfficialTexts(MirrorFolder(mirror / "2025-03-05", date(2025, 3, 5)))
    references = ReferenceFinder(texts.outline)
    norms = [norm for norm in texts.norms() if norm.law == LAW.abbreviation]
    return [p for norm in norms for p in norm_passages(norm, LAW, references)][::3]


@pytest.mark.mirror
def test_the_words_of_the_law_bear_themselves(official: list[Passage]) -> None:
    failed = [
        (passage.citation, finding.kind, finding.said)
        for passage in official
        for satz in passage.saetze
        for finding in check_statement(
            without_label(passage, satz.span).of(passage.text), [passage], analyzer=ANALYZER
        ).findings
    ]
    assert failed == []


@pytest.mark.mirror
def test_the_words_of_the_law_pass_with_their_place_named(official: list[Passage]) -> None:
    """Not word for word the Satz any more: every check looks at them."""
    statements = [
        (passage, f"Nach {passage.citation} gilt: {text}")
        for passage in official
        for satz in passage.saetze
        if len(text := without_label(passage, satz.span).of(passage.text)) < 400
    ]
    failed = [
        statement
        for passage, statement in statements
        if not check_statement(statement, [passage], analyzer=ANALYZER).supported
    ]
    assert len(failed) <= 0.03 * len(statements), failed
