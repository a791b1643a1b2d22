"""The seeded statements: their form, their balance, and whether the places they cite exist."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import get_args

import pytest

from corpus.citations import find
from eval.seeded_cases import SeededCase, SeededError, SeededKind, read_seeded
from ingest.fetch import MirrorFolder
from tests.conftest import CHECKOUT, TODAY
from tests.official_texts import OfficialTexts

FILES = ("dev", "test")
VERBATIM = 200  # characters of law text that a statement may repeat in one piece


@pytest.fixture(scope="module")
def cases() -> dict[str, tuple[SeededCase, ...]]:
    return {name: read_seeded(CHECKOUT / "eval" / "seeded" / f"{name}.jsonl") for name in FILES}


@pytest.fixture(scope="module")
def texts(mirror: Path) -> OfficialTexts:
    return OfficialTexts(MirrorFolder(mirror / "2025-03-05", TODAY))


def both(cases: dict[str, tuple[SeededCase, ...]]) -> list[SeededCase]:
    return [case for name in FILES for case in cases[name]]


def test_there_are_enough_and_half_are_true(cases: dict[str, tuple[SeededCase, ...]]) -> None:
    assert len(both(cases)) >= 400
    for name in FILES:
        true = sum(case.true for case in cases[name])
        assert abs(true / len(cases[name]) - 0.5) < 0.05, name


def test_every_kind_of_error_is_there(cases: dict[str, tuple[SeededCase, ...]]) -> None:
    kinds = get_args(SeededKind)
    for name in FILES:
        counts = Counter(case.kind for case in cases[name])
        assert {kind for kind in kinds if counts[kind] < 10} == set(), name
    total = Counter(case.kind for case in both(cases))
    assert {kind: total[kind] for kind in kinds if total[kind] < 20} == {}


def test_no_place_is_in_both_files(cases: dict[str, tuple[SeededCase, ...]]) -> None:
    dev, test = ({place for case in cases[name] for place in case.places} for name in FILES)
    assert dev & test == set()
    assert len(dev | test) >= 220


def test_ids_and_statements_are_unique(cases: dict[str, tuple[SeededCase, ...]]) -> None:
    assert [i for i, n in Counter(case.id for case in both(cases)).items() if n > 1] == []
    assert [t for t, n in Counter(case.text for case in both(cases)).items() if n > 1] == []


def test_statements_are_sentences(cases: dict[str, tuple[SeededCase, ...]]) -> None:
    for case in both(cases):
        assert case.text[0].isupper() or case.text[0] in "§", case.id
        assert case.text.endswith("."), case.id


@pytest.mark.mirror
def test_all_cited_places_exist(
    cases: dict[str, tuple[SeededCase, ...]], texts: OfficialTexts
) -> None:
    missing = [
        (case.id, place.key)
        for case in both(cases)
        for place in case.places
        if place.absatz not in texts.outline.absaetze(place.law, place.number)
    ]
    assert missing == []


@pytest.mark.mirror
def test_statements_are_no_copies_of_the_law(
    cases: dict[str, tuple[SeededCase, ...]], texts: OfficialTexts
) -> None:
    for case in both(cases):
        if len(case.text) <= VERBATIM:
            continue
        for place in case.places:
            norm = texts.norm(place.law, place.number)
            assert norm is not None
            law = " ".join(norm.text.split())
            matcher = SequenceMatcher(None, case.text, law, autojunk=False)
            longest = matcher.find_longest_match(0, len(case.text), 0, len(law))
            assert longest.size <= VERBATIM, case.id


def test_a_seeded_paragraph_or_absatz_stands_in_the_words(
    cases: dict[str, tuple[SeededCase, ...]],
) -> None:
    """The error must be seen in the statement: it names a place that it does not cite."""
    for case in both(cases):
        named = {(m.law, m.number, m.absatz) for m in find(case.text) if m.law and m.number}
        cited = {(p.law, p.number, p.absatz) for p in case.places}
        norms = {(law, number) for law, number, _ in cited}
        if case.kind == "paragraph":
            assert any((law, number) not in norms for law, number, _ in named), case.id
        elif case.kind == "absatz":
            assert named - cited, case.id
            assert any((law, number) in norms for law, number, _ in named - cited), case.id


CASE = '{"id": "S-0001", "text": "Das ist so geregelt.", "passages": ["AufenthG/5/1"], '
BAD = [
    ("", "keine Aussagen"),
    ("{}", "Zeile 1"),
    (CASE + '"true": true, "kind": "number", "note": "x"}', "neither kind nor note"),
    (CASE + '"true": false, "kind": null, "note": ""}', "its kind and a note"),
    (CASE + '"true": false, "kind": "colour", "note": "x"}', "Zeile 1"),
    (CASE.replace("AufenthG/5/1", "AufenthG") + '"true": true}', "not the key"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "aussagen.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(SeededError, match=message):
        read_seeded(path)
