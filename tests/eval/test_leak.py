"""No evaluation question may stand in what the system learns from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalogue import catalogue
from corpus.elsewhere import elsewhere_topics
from corpus.models import Kind, Memo
from corpus.summaries import summaries
from corpus.thesaurus import thesaurus
from eval.cases import load_cases
from eval.leak import LEAK, leaks, similarity
from ingest.documents import document_files, read_documents
from tests.conftest import CHECKOUT

MEMOS = CHECKOUT / "corpus" / "memos"


OWN = CHECKOUT / "eval" / "cases"


@pytest.fixture(params=["dev", "test", "shared"])
def cases(request: pytest.FixtureRequest) -> Path:
    if request.param != "shared":
        return OWN / f"{request.param}.jsonl"
    path = CHECKOUT.parent / "shared" / "eval" / "dev.jsonl"
    if not path.is_file():
        pytest.skip("no evaluation cases beside the checkout (shared/eval/dev.jsonl)")
    return path


def learned() -> Iterator[str]:
    """Every question-like text that reaches the index or the encoder."""
    for entry in catalogue():
        yield from entry.questions
    for topic in elsewhere_topics():
        yield from topic.questions
    for known in thesaurus():
        yield from known.words
        yield known.explain
    for summary in summaries():
        yield summary.title
    for memo in read_documents(document_files(MEMOS), MEMOS, Kind.MEMO):
        assert isinstance(memo, Memo)
        yield memo.meta.title
        yield from (section.heading for section in memo.sections if section.heading)


def test_no_evaluation_question_is_learned(cases: Path) -> None:
    questions = [case.question for case in load_cases(cases)]
    assert len(questions) > 50
    assert list(leaks(questions, learned())) == []


@pytest.mark.parametrize(
    ("question", "text", "leaks_it"),
    [
        ("Wie lange gilt eine Duldung?", "wie lange gilt eine duldung", True),
        ("Wie lange gilt denn eine Duldung?", "Wie lange gilt eine Duldung?", True),
        ("Wie lange gilt eine Duldung?", "Wie lange gilt ein Visum?", False),
        ("Wie lange gilt eine Duldung?", "", False),
    ],
)
def test_the_check_can_fail(question: str, text: str, leaks_it: bool) -> None:
    assert (similarity(question, text) >= LEAK) is leaks_it
    assert bool(list(leaks([question], [text]))) is leaks_it
