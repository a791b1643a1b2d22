from __future__ import annotations

import pytest

from corpus.citations import parse
from corpus.store.reading import CorpusReader
from rag.engine import Fundstelle
from rag.wording import wording


@pytest.fixture
def reader(fundstelle: Fundstelle) -> CorpusReader:
    return fundstelle.index().reader


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("§ 16b Abs. 3 Satz 2 AufenthG", "Kleine Arbeiten in der Bibliothek zählen nicht."),
        ("§ 5 Abs. 2 Satz 1 AufenthG", "Von Absatz 1 kann abgesehen werden."),
        ("§ 5 Abs. 2 AufenthG", "Von Absatz 1 kann abgesehen werden."),
    ],
)
def test_the_label_of_the_absatz_is_left_out(reader: CorpusReader, place: str, words: str) -> None:
    ref = parse(place)
    assert ref is not None
    found = wording(reader, ref)
    assert found is not None
    assert found.absatz.span.of(found.norm.text) == words


def test_a_satz_brings_its_enumeration(reader: CorpusReader) -> None:
    ref = parse("§ 5 Abs. 1 Satz 1 Nr. 1a AufenthG")
    assert ref is not None
    found = wording(reader, ref)
    assert found is not None
    assert [item.nummer for item in found.absatz.items] == ["1", "1a", "2"]
    assert found.absatz.span.of(found.norm.text).startswith("Die Erteilung setzt")
    assert "Kinder" not in found.absatz.span.of(found.norm.text)


@pytest.mark.parametrize(
    "place",
    ["§ 99 AufenthG", "§ 5 Abs. 9 AufenthG", "§ 5 Abs. 2 Satz 7 AufenthG", "§ 1 StAG"],
)
def test_what_is_not_held_has_no_words(reader: CorpusReader, place: str) -> None:
    ref = parse(place)
    assert ref is not None
    assert wording(reader, ref) is None
