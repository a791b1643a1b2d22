from __future__ import annotations

from datetime import date

import pytest

from corpus.diff import diff_norms
from rag.engine import Fundstelle
from rag.norms import UnknownNorm, read_norm
from tests.conftest import SmallWorld
from tests.official import reworded, write_mirror


def test_a_norm_has_its_surroundings(fundstelle: Fundstelle) -> None:
    page = read_norm(fundstelle.index().reader, "aufenthaltsgesetz", "§ 16B", None)
    assert page.norm.heading == "Studium"
    assert [ref.number for ref in page.references_out] == ["5"]
    assert [passage.source for passage in page.documents] == ["vh-studium"]
    back = read_norm(fundstelle.index().reader, "AufenthG", "5", None)
    assert [ref.number for ref in back.references_in] == ["16b"]


def test_references_in_the_text_point_to_their_words(fundstelle: Fundstelle) -> None:
    page = read_norm(fundstelle.index().reader, "AufenthG", "16b", None)
    ((start, end, target),) = page.outgoing
    assert page.norm.text[start:end] == "§ 5 Absatz 1"
    assert target.key == "AufenthG/5/1"


@pytest.mark.parametrize(("law", "number"), [("BGB", "1"), ("AufenthG", "16z"), ("StAG", "1")])
def test_what_does_not_exist_is_refused(fundstelle: Fundstelle, law: str, number: str) -> None:
    with pytest.raises(UnknownNorm):
        read_norm(fundstelle.index().reader, law, number, None)


def test_versions_are_chosen_by_day_and_compared(world: SmallWorld) -> None:
    world.ingest(date(2025, 1, 10))
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    world.ingest(date(2025, 4, 1))
    engine = Fundstelle(world.data)
    reader = engine.index().reader
    old = read_norm(reader, "AufenthG", "16b", date(2025, 3, 31))
    new = read_norm(reader, "AufenthG", "16b", date(2025, 4, 1))
    early = read_norm(reader, "AufenthG", "16b", date(2001, 1, 1))
    engine.close()
    assert ("140 Tagen" in old.norm.text, "150 Tagen" in new.norm.text) == (True, True)
    assert "lautet heute anders" in old.notices[0]
    assert (old.version.first_seen, old.version.last_seen) == (date(2025, 1, 10), date(2025, 3, 31))
    assert any("Für den 01.01.2001 liegt keine Fassung" in hint for hint in early.notices)
    (change,) = diff_norms(old.norm, new.norm)
    assert (change.absatz, change.change) == ("3", "changed")
    assert ("removed", "140") in change.words
    assert ("added", "150") in change.words
    before = "".join(words for kind, words in change.words if kind != "added")
    assert before == old.norm.absaetze[1].span.of(old.norm.text)


def test_a_norm_that_is_gone_is_shown_for_a_day_on_which_it_stood(world: SmallWorld) -> None:
    world.ingest(date(2025, 1, 10))
    old = "(1) Gäste brauchen einen gültigen Pass, soweit sie nicht befreit sind."
    write_mirror(world.laws, reworded("aufenthg_2004", old, "(weggefallen)"))
    world.ingest(date(2025, 4, 1))
    engine = Fundstelle(world.data)
    page = read_norm(engine.index().reader, "AufenthG", "3", date(2025, 2, 1))
    engine.close()
    assert "gültigen Pass" in page.norm.text
    assert page.outgoing == ()
