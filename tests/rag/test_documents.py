from __future__ import annotations

from datetime import date

import pytest

from corpus.models import Audience
from rag.documents import (
    Document,
    DocumentKind,
    DocumentState,
    Wanted,
    documents,
    find_documents,
    kin_of,
    read_wanted,
)
from rag.engine import Fundstelle
from rag.errors import BadQuestion
from tests.conftest import SmallWorld, write_memo

STUDY = "vh-studium"
FEES = "faq-gebuehren"


@pytest.fixture
def held(fundstelle: Fundstelle) -> tuple[Document, ...]:
    return documents(fundstelle.index(), date(2025, 4, 1))


def found(fundstelle: Fundstelle, held: tuple[Document, ...], wanted: Wanted) -> list[str]:
    analyzer = fundstelle.index().analyzer
    return [one.document.source for one in find_documents(held, wanted, analyzer)]


def test_a_document_knows_what_it_is_about(held: tuple[Document, ...]) -> None:
    memo = next(one for one in held if one.source == STUDY)
    assert (memo.kind, memo.state) == (DocumentKind.MEMO, DocumentState.VALID)
    assert [norm.key for norm in memo.norms] == ["AufenthG/16b"]
    assert [(heading.number, heading.text) for heading in memo.headings] == [(1, "Arbeitstage")]
    assert memo.topic is not None
    assert memo.topic.slug == "studium"
    public = next(one for one in held if one.source == FEES)
    assert public.kind is DocumentKind.INFORMATION


def test_a_document_is_to_be_reviewed_after_its_day(fundstelle: Fundstelle) -> None:
    late = documents(fundstelle.index(), date(2027, 3, 6))
    assert {one.state for one in late} == {DocumentState.REVIEW}
    assert late[0].reasons == ("Prüfdatum 05.03.2027 überschritten",)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), {STUDY, FEES}),
        (Wanted(kind=DocumentKind.MEMO), {STUDY}),
        (Wanted(kind=DocumentKind.DECREE), set()),
        (Wanted(audience=Audience.PUBLIC), {FEES}),
        (Wanted(state=DocumentState.VALID), {STUDY, FEES}),
        (Wanted(state=DocumentState.REVIEW), set()),
        (Wanted(topic="studium"), {STUDY, FEES}),
        (Wanted(topic="STUDIUM"), {STUDY, FEES}),
        (Wanted(topic="familie"), set()),
        (Wanted(text="Kosten"), {FEES}),
        (Wanted(text="Arbeitstag"), {STUDY}),
        (Wanted(text="140 Tage"), {STUDY}),
        (Wanted(text="Kaffee"), set()),
        (Wanted(text="rbeitstage"), set()),
        (Wanted(text="§ 45"), {FEES}),
    ],
)
def test_filters(
    fundstelle: Fundstelle, held: tuple[Document, ...], wanted: Wanted, expected: set[str]
) -> None:
    assert set(found(fundstelle, held, wanted)) == expected


def test_a_title_comes_before_a_heading_and_a_heading_before_the_text(world: SmallWorld) -> None:
    write_memo(world.memos, "c-titel", "Bibliothek", "## Anderes\n\nKein Wort davon.")
    write_memo(world.memos, "b-abschnitt", "Zweites", "## Bibliothek\n\nKein Wort davon.")
    write_memo(world.memos, "a-text", "Drittes", "## Anderes\n\nDie Bibliothek ist offen.")
    world.ingest()
    engine = world.engine()
    held = documents(engine.index())
    hits = find_documents(held, Wanted(text="Bibliothek"), engine.index().analyzer)
    assert [one.document.source for one in hits] == ["c-titel", "b-abschnitt", "a-text"]
    assert [heading.text for heading in hits[1].headings] == ["Bibliothek"]
    engine.close()


def test_documents_with_the_same_topics_or_norms_are_kin(world: SmallWorld) -> None:
    write_memo(world.memos, "z-norm", "Nebenbei", "## Regel\n\nSiehe § 16b Abs. 1 AufenthG.")
    alone = write_memo(world.memos, "y-fremd", "Anderes", "## Regel\n\nNichts.")
    alone.write_text(alone.read_text(encoding="utf-8").replace("[Studium]", "[Anderes]"))
    world.ingest()
    engine = world.engine()
    held = documents(engine.index())
    memo = next(one for one in held if one.source == STUDY)
    kin = kin_of(memo, held)
    assert [one.document.source for one in kin] == ["z-norm", FEES]
    assert [norm.key for norm in kin[0].norms] == ["AufenthG/16b"]
    assert kin[1].topics == ("Studium",)
    engine.close()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", "brief", "bad_kind"),
        ("audience", "alle", "bad_audience"),
        ("state", "alt", "bad_status"),
        ("text", "x" * 201, "question_too_long"),
    ],
)
def test_a_wish_that_cannot_be_read_gets_a_sentence(field: str, value: str, code: str) -> None:
    given = {"text": "", "kind": "", "topic": "", "audience": "", "state": "", field: value}
    with pytest.raises(BadQuestion) as caught:
        read_wanted(**given)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")
