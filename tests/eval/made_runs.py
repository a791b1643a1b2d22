"""Runs made by hand, so that a test knows what their figures must be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from eval.results import (
    AnswerResult,
    CaseResult,
    HitResult,
    Run,
    StatementResult,
    SystemResult,
    SystemSettings,
)

QUESTIONS = {
    "T-1": "Wie viele Tage dürfen Studierende arbeiten?",
    "T-2": "=Was kostet die Erteilung?",
    "T-3": "Wann gilt der Pass?",
    "T-4": "Wo ist das Schwimmbad?",
}


def made_case(id_: str, recall: float | None, answer: str = "", **change: object) -> CaseResult:
    answerable = recall is not None
    case = CaseResult(
        id=id_,
        question=QUESTIONS[id_],
        register_="lay" if id_ == "T-3" else "staff",
        type="direct" if answerable else "unanswerable",
        language="de",
        answerable=answerable,
        gold=("§ 16b Abs. 3 AufenthG",) if answerable else (),
        ranking=("§ 16b AufenthG", "§ 3 AufenthG"),
        metrics={
            "recall@5": recall,
            "wrongly_answered": None if answerable else 0.0,
            "wrongly_refused": 0.0 if answerable else None,
        },
        confidence=0.9 if recall else 0.2,
        outcome="answered" if answerable else "no_source",
        cited=("§ 16b Abs. 3 Satz 1 AufenthG",),
        milliseconds=20.0,
        hits=(
            HitResult(
                citation="§ 16b Abs. 3 AufenthG",
                heading="Studium",
                why={"text": 1.5, "named": 10.0},
                score=11.5,
            ),
        ),
        answer=AnswerResult(
            message="Die folgenden Fundstellen beantworten die Frage am ehesten.",
            statements=(
                StatementResult(
                    text=answer or "Erfundener Satz <b>eins</b>.",
                    quote=True,
                    pinpoint="§ 16b Abs. 3 Satz 1 AufenthG",
                    use="answer",
                    checks={"verbatim": True},
                    valid=True,
                    verbatim=True,
                ),
            ),
            notices=(),
            corpus_version="20250306-eins",
            model="",
            milliseconds=35.0,
        ),
        facts=("140 Tage",),
    )
    return case.model_copy(update=change)


def made_run(name: str, recalls: dict[str, float | None], answer: str = "") -> Run:
    hour = int(name[-1])
    return Run(
        name=name,
        created_at=datetime(2025, 3, 6, hour, tzinfo=UTC),
        cases_file="faelle.jsonl",
        cases_digest="0123456789abcdef",
        systems=(
            SystemResult(
                system="fundstelle",
                version="20250306-eins",
                cases=tuple(made_case(id_, value, answer) for id_, value in recalls.items()),
                settings=SystemSettings(encoder="default", reranker="", model=""),
            ),
        ),
    )


RUN_A = made_run("lauf-1", {"T-1": 1.0, "T-2": 0.0, "T-3": 1.0, "T-4": None}, "Antwort von A")
RUN_B = made_run("lauf-2", {"T-1": 1.0, "T-2": 1.0, "T-3": 0.5, "T-4": None}, "Antwort von B")


def write_runs(folder: Path) -> Path:
    for run in (RUN_A, RUN_B):
        run.save(folder)
    return folder
