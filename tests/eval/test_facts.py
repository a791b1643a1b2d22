from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.models import NormRef
from corpus.summaries import summaries
from eval.cases import Case, CaseError, load_cases
from eval.facts import (
    FACTS,
    CaseFacts,
    decisive,
    fact_metrics,
    facts_for,
    facts_found,
    read_facts,
)
from ingest.fetch import MirrorFolder
from tests.conftest import CHECKOUT, TODAY
from tests.official_texts import OfficialTexts

CASE_FILES = {
    "dev": CHECKOUT / "eval" / "cases" / "dev.jsonl",
    "test": CHECKOUT / "eval" / "cases" / "test.jsonl",
    "shared-dev": CHECKOUT.parent / "shared" / "eval" / "dev.jsonl",
}


def facts(*rows: tuple[bool, list[str]], case: str = "T-1") -> CaseFacts:
    return CaseFacts.model_validate(
        {"case": case, "facts": [{"vital": vital, "any": patterns} for vital, patterns in rows]}
    )


def case(number_of_facts: int = 1, *, id_: str = "T-1", answerable: bool = True) -> Case:
    return Case.model_validate(
        {
            "id": id_, "question": "Wie lange?", "register": "staff", "type": "direct",
            "answerable": answerable, "facts": ["140 Tage"] * number_of_facts,
        }
    )  # fmt: skip


DAYS = (True, [r"140 (Arbeits)?tage"])
MORE = (False, ["Gebühr entfällt"])
NONE: tuple[bool, list[str]] = (True, [])


@pytest.mark.parametrize(
    ("quotes", "known", "first", "share"),
    [
        (["bis zu 140 Arbeitstage im Jahr"], facts(DAYS), True, 1.0),
        (["bis zu 140\n\tARBEITSTAGE"], facts(DAYS), True, 1.0),
        (["bis zu 120 Arbeitstage"], facts(DAYS), False, 0.0),
        (["Einleitung, wenn", "2. es 140 Tage sind"], facts(DAYS), True, 1.0),
        (["Eins.", "Zwei.", "140 Tage."], facts(DAYS), False, 1.0),
        (["Die Gebühr entfällt."], facts(DAYS, MORE), False, 0.5),
        (["Die Gebühr entfällt."], facts(MORE), None, 1.0),
        (["140 Tage"], facts(DAYS, NONE), True, 1.0),
        (["140 Tage"], facts(NONE), None, None),
        ([], facts(DAYS), False, 0.0),
    ],
)
def test_an_answer_is_judged_by_the_words_it_shows(
    quotes: list[str], known: CaseFacts, first: bool | None, share: float | None
) -> None:
    assert decisive(quotes, known) is first
    assert facts_found(quotes, known) == share


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (case(answerable=False), {"T-1": facts(DAYS)}),
        (case(), {}),
        (case(), {"T-1": facts(NONE)}),
    ],
)
def test_without_patterns_a_case_is_unscored(asked: Case, known: dict[str, CaseFacts]) -> None:
    scored = fact_metrics(asked, ["140 Tage"], ["140 Tage"], known)
    assert scored == {"fact_first": None, "facts_shown": None}


def test_cases_find_the_file_that_shares_most_ids_and_skip_other_facts(tmp_path: Path) -> None:
    near = [facts(DAYS, case="A-1"), facts(DAYS, case="A-2"), facts(DAYS, MORE, case="A-3")]
    far = [facts(MORE, case="A-1"), facts(MORE, case="B-2")]
    for name, rows in (("near", near), ("far", far)):
        lines = "\n".join(row.model_dump_json(by_alias=True) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    asked = [case(id_=id_) for id_ in ("A-1", "A-2", "A-3")]
    assert facts_for(asked, tmp_path) == {"A-1": near[0], "A-2": near[1]}
    assert facts_for(asked, tmp_path / "leer") == {}


@pytest.mark.parametrize(
    "line",
    [
        "kein json",
        json.dumps({"case": "A-1", "facts": [{"vital": True}]}),
        json.dumps({"case": "A-1", "facts": [], "farbe": "rot"}),
        "\n".join([facts(DAYS).model_dump_json(by_alias=True)] * 2),
    ],
)
def test_a_broken_fact_file_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kaputt.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(CaseError, match=r"kaputt\.jsonl, Zeile"):
        read_facts(path)


@pytest.fixture(params=CASE_FILES)
def pair(request: pytest.FixtureRequest) -> tuple[tuple[Case, ...], dict[str, CaseFacts]]:
    """The answerable cases of one file and the facts that belong to it."""
    path = CASE_FILES[request.param]
    if not path.is_file():
        pytest.skip("no evaluation cases beside the checkout (shared/eval/dev.jsonl)")
    answerable = tuple(each for each in load_cases(path) if each.answerable)
    return answerable, read_facts(FACTS / f"{request.param}.jsonl")


def test_every_answerable_case_has_its_facts(
    pair: tuple[tuple[Case, ...], dict[str, CaseFacts]],
) -> None:
    cases, known = pair
    assert [each.id for each in cases] == list(known)
    for each in cases:
        assert len(each.facts) == len(known[each.id].facts), each.id
    assert facts_for(cases) == known


@pytest.mark.parametrize("path", sorted(FACTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_pattern_compiles_and_is_short(path: Path) -> None:
    for known in read_facts(path).values():
        for fact in known.facts:
            for pattern in fact.patterns:
                assert re.compile(pattern).groups <= 2, (known.case, pattern)
                assert 4 <= len(pattern) <= 120, (known.case, pattern)


@pytest.fixture(scope="module")
def texts(mirror: Path) -> OfficialTexts:
    return OfficialTexts(MirrorFolder(mirror / "2025-03-05", TODAY))


def wordings(each: Case, texts: OfficialTexts) -> Iterator[str]:
    """Text of the case's gold norms, and our summaries of them, which an answer may quote too."""
    wanted = {gold.ref.norm for gold in each.gold}
    for ref in wanted:
        norm = texts.norm(ref.law, ref.number)
        if norm is not None:
            yield norm.text
    for summary in summaries():
        if NormRef(summary.law, summary.number) in wanted:
            yield summary.text


@pytest.mark.mirror
def test_every_pattern_stands_in_a_gold_norm(
    pair: tuple[tuple[Case, ...], dict[str, CaseFacts]], texts: OfficialTexts
) -> None:
    cases, known = pair
    for each in cases:
        text = re.sub(r"\s+", " ", " ".join(wordings(each, texts)))
        for fact in known[each.id].facts:
            for pattern in fact.patterns:
                assert re.search(pattern, text, re.IGNORECASE | re.DOTALL), (each.id, pattern)
