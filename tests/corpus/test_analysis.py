from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.generation.analysis import Analyzer, fold, words

CORPUS = ["Aufenthalt Erlaubnis Beschäftigung Ehegatten Nachzug Pflicht Versicherung"] * 3
ANALYZER = Analyzer.learn(CORPUS)


@pytest.mark.parametrize("spelling", ["Ausländer", "Auslaender", "auslander", "AUSLÄNDER"])
def test_three_spellings_of_umlauts_meet(spelling: str) -> None:
    assert fold(spelling) == "auslander"


@pytest.mark.parametrize("word", ["neue", "treue", "Steuer", "quer"])
def test_ue_that_is_no_umlaut_stays(word: str) -> None:
    assert "ue" in fold(word)


def test_terms_of_art_are_not_merged_with_other_words() -> None:
    assert ANALYZER.terms("Ausländer") != ANALYZER.terms("Ausland")
    assert ANALYZER.terms("Ausweisung") != ANALYZER.terms("Ausweis")


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Aufenthaltserlaubnis", ("aufenthalt", "erlaubnis")),
        ("Ehegattennachzug", ("ehegatten", "nachzug")),
        ("Krankenhaus", ()),
        ("Pflicht", ()),
    ],
)
def test_compounds_are_split_by_the_vocabulary_of_the_corpus(
    word: str, parts: tuple[str, ...]
) -> None:
    assert ANALYZER.split(fold(word)) == parts


def test_a_word_that_could_be_cut_in_ever_so_many_ways_takes_no_time() -> None:
    assert ANALYZER.terms("aufenthalt" * 5 + "x") != []
    assert len(ANALYZER.terms("pflicht" * 5_000)) == 1


def test_numbers_with_letters_stay_whole() -> None:
    assert words("§ 18g Abs. 2a, 140 Tage") == ["18g", "abs", "2a", "140", "tage"]


def test_stop_words_say_nothing() -> None:
    assert ANALYZER.terms("Was ist das und wie geht es?") == ["geht"]


@given(st.text(max_size=200))
def test_any_text_can_be_analysed(text: str) -> None:
    assert ANALYZER.terms(text) == ANALYZER.terms(text)


def test_the_vocabulary_survives_saving(tmp_path: Path) -> None:
    ANALYZER.save(tmp_path / "a.json")
    assert Analyzer.load(tmp_path / "a.json").vocabulary == ANALYZER.vocabulary
