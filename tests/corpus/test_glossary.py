from __future__ import annotations

import pytest

from corpus.glossary import DIGITS, glossary, letters, look_up
from corpus.thesaurus import thesaurus


def test_every_entry_of_the_thesaurus_has_one_place() -> None:
    assert {id(entry.entry) for entry in glossary()} == {id(entry) for entry in thesaurus()}
    slugs = [entry.slug for entry in glossary()]
    assert all(slugs)
    assert len(set(slugs)) == len(slugs)


def test_letters_are_in_order_and_figures_come_first() -> None:
    assert letters()[0] == DIGITS
    assert list(letters()[1:]) == sorted(letters()[1:])
    assert all(len(letter) == 1 and letter.isascii() for letter in letters()[1:])


def test_umlauts_are_sorted_as_their_vowels() -> None:
    words = [entry.word for entry in glossary()]
    assert words.index("obtain a passport") < words.index("öffentliche Bekanntmachung Bescheid")
    assert words.index("öffentliche Bekanntmachung Bescheid") < words.index("OLB")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Fikti", "Fikti"),
        ("fikti", "Fikti"),
        ("AE", "AE"),
        ("ne", "NE"),
        ("Ausländeramt", "ABH"),
        ("Auslaenderamt", "ABH"),
        ("auslanderamt", "ABH"),
        ("  work   permit ", "work permit"),
    ],
)
def test_the_closest_entry_comes_first(typed: str, first: str) -> None:
    assert look_up(typed)[0].word == first


def test_two_letters_do_not_match_within_words() -> None:
    words = {entry.word for entry in look_up("NE")}
    assert "ohne Visum eingereist" not in words


@pytest.mark.parametrize("typed", ["", "  ", "qqqq"])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert look_up(typed) == ()
