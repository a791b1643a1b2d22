from __future__ import annotations

from dataclasses import replace

from corpus.models import NormRef
from rag.coverage import coverage
from rag.engine import Fundstelle


def test_absaetze_with_and_without_questions_are_counted(fundstelle: Fundstelle) -> None:
    laws = {law.law: law for law in coverage(fundstelle.index()).laws}
    assert laws["AufenthG"].absaetze == laws["AufenthG"].covered + len(laws["AufenthG"].without)
    bare = replace(fundstelle.index(), questions=(), question_places=())
    without = {law.law: law.without for law in coverage(bare).laws}
    assert without["AufenthV"] == (NormRef("AufenthV", "45"),)


def test_a_question_of_two_norms_is_a_claim(fundstelle: Fundstelle) -> None:
    index = fundstelle.index()
    twice = replace(
        index,
        questions=("Was kostet das?", "was kostet denn das", "Wer braucht einen Pass?"),
        question_places=("AufenthV/45", "AufenthG/5/1", "AufenthG/3/1"),
    )
    (claim,) = coverage(twice).claims
    assert claim.norms == (NormRef("AufenthV", "45"), NormRef("AufenthG", "5"))
