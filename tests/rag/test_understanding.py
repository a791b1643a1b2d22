"""What is read into a question besides its words: synonyms and typing errors."""

from __future__ import annotations

import pytest

from corpus.generation.analysis import Analyzer
from corpus.models import ThesaurusEntry, WordKind
from corpus.thesaurus import thesaurus
from rag.spelling import Speller
from rag.suggest import Suggester, Suggestion
from rag.synonyms import Thesaurus

ANALYZER = Analyzer.learn(["Verlängerung Aufenthaltserlaubnis Niederlassungserlaubnis Gebühr"] * 3)
SPELLER = Speller(ANALYZER)
WORDS = Thesaurus(thesaurus(), ANALYZER)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Wie lange gilt die Fikti?", ["Fikti"]),
        ("AE abgelaufen", ["AE"]),
        ("Habt ihr ne Ahnung, was das kostet?", []),
        ("Can I get a blue card?", ["blue card"]),
        ("Lebt von Hartz IV", ["Hartz IV"]),
        ("", []),
    ],
)
def test_words_of_the_thesaurus_are_found(text: str, written: list[str]) -> None:
    assert [synonym.written for synonym in WORDS.find(text)] == written


def test_the_longest_expression_wins_and_inflections_count() -> None:
    entries = (
        ThesaurusEntry(WordKind.LAY, ("Papiere",), ("Pass",), None, "Papiere."),
        ThesaurusEntry(WordKind.LAY, ("Papiere verloren",), ("Verlust",), None, "Verlust."),
    )
    words = Thesaurus(entries, ANALYZER)
    assert [s.entry.terms for s in words.find("meine Papieren verloren")] == [("Verlust",)]
    assert [s.entry.terms for s in words.find("Papiere, Papiere")] == [("Pass",)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Verlängerrung", ["Verlängerung"]),
        ("Aufenthatlserlaubniss", ["Aufenthaltserlaubnis"]),
        ("Verlaengerung der Gebühr", []),
        ("Verlängerungsgebühr", []),
        ("Gebüren", []),
        ("Verlang", []),
        ("xylophon quarkspeise", []),
    ],
)
def test_typing_errors_are_repaired_with_care(text: str, meant: list[str]) -> None:
    assert [correction.meant for correction in SPELLER.corrections(text)] == meant


def test_a_text_of_unknown_words_is_left_alone() -> None:
    foreign = (
        "verlangerrunga verlangerrungb verlangerrungc verlangerrungd verlangerrunge verlangerrungf"
    )
    assert SPELLER.corrections(f"{foreign} verlangerrungg") == ()


def test_suggestions_begin_as_typed_first() -> None:
    suggester = Suggester(
        [
            Suggestion("Wie lange gilt die Gebühr?", "A", "x"),
            Suggestion("Gebühr für die Karte", "B", "x"),
            Suggestion("Karte ohne Gebühr", "C", "x"),
        ]
    )
    assert [s.citation for s in suggester.suggest("gebuehr", 2)] == ["B", "C"]
    assert [s.citation for s in suggester.suggest("karte geb", 5)] == ["C", "B"]
    assert suggester.suggest("g", 5) == ()
    assert suggester.suggest("§§ !!", 5) == ()
