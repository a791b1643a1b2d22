"""Feedback on answers: taken in masked, sorted for evaluators, turned into evaluation cases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from corpus.case_file import CaseFile
from corpus.cases import Case, Gold, case_line
from corpus.generation.files import DataFolder
from corpus.models import NormRef
from corpus.store.feedback import (
    Feedback,
    Verdict,
    all_feedback,
    forget_case,
    mark_seen,
    record_feedback,
    turn_into_case,
)
from rag.personal import mask
from service.records import AnswerRecord

VERDICT_NAMES = {
    Verdict.HELPFUL: "hilfreich",
    Verdict.WRONG: "falsch",
    Verdict.MISSING: "unvollständig",
}
LONGEST_COMMENT = 2000
Order = Literal["new", "frequent", "question"]
ORDER_NAMES: dict[Order, str] = {
    "new": "neueste zuerst",
    "frequent": "häufigste Frage zuerst",
    "question": "nach Frage",
}
# A message becomes one case however often somebody clicks.
_APPENDING = Lock()


class UnknownFeedback(Exception):
    """There is no message of that number."""

    code = "unknown_feedback"
    message = "Diese Rückmeldung gibt es nicht."


class CaseEdited(Exception):
    """The case was worked on after it was made: not to be thrown away with a click."""

    code = "case_edited"
    message = (
        "Der Testfall wurde seit seiner Anlage bearbeitet und bleibt deshalb stehen. Soll er wirklich "
        "weg, löschen Sie seine Zeile in der Datei cases/feedback.jsonl im Datenverzeichnis."
    )


class FeedbackRequest(BaseModel):
    """What somebody says about an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(description="Kennung der Antwort")
    verdict: Verdict
    comment: str = Field("", max_length=LONGEST_COMMENT)


class FeedbackOut(BaseModel):
    """A stored message."""

    model_config = ConfigDict(frozen=True)

    number: int
    day: date
    answer: str = Field(description="Kennung der Antwort")
    verdict: Verdict
    comment: str
    question: str
    outcome: str
    places: tuple[str, ...] = Field(description="Schlüssel der zitierten Stellen")
    corpus_version: str
    case: str | None = Field(description="Kennung des Testfalls, der daraus wurde")


class FeedbackList(BaseModel):
    """Stored messages."""

    model_config = ConfigDict(frozen=True)

    feedback: tuple[FeedbackOut, ...]


def feedback_out(feedback: Feedback) -> FeedbackOut:
    """A message for the wire."""
    return FeedbackOut(
        number=feedback.number,
        day=feedback.day,
        answer=feedback.answer,
        verdict=feedback.verdict,
        comment=feedback.comment,
        question=feedback.question,
        outcome=feedback.outcome,
        places=tuple(place.key for place in feedback.places),
        corpus_version=feedback.corpus_version,
        case=feedback.case,
    )


def take_in(engine: Engine, record: AnswerRecord, verdict: Verdict, comment: str) -> int:
    """Store what somebody says about an answer, personal data masked; its number."""
    feedback = Feedback(
        day=date.today(),
        answer=record.id,
        verdict=verdict,
        comment=mask(comment.strip()).text,
        question=record.question,
        outcome=record.answer.outcome.value,
        places=cited_places(record),
        corpus_version=record.answer.corpus_version,
    )
    return record_feedback(engine, feedback)


def cited_places(record: AnswerRecord) -> tuple[NormRef, ...]:
    """The Absätze that an answer cites, each once."""
    places = (
        NormRef(passage.law, passage.number, passage.absatz)
        for passage in record.cited
        if passage.law is not None and passage.number is not None
    )
    return tuple(dict.fromkeys(places))


def sorted_feedback(engine: Engine, verdict: Verdict | None, order: Order) -> tuple[Feedback, ...]:
    """Messages as an evaluator wants to see them."""
    found = all_feedback(engine, verdict)
    if order == "question":
        return tuple(sorted(found, key=lambda one: one.question.casefold()))
    if order == "frequent":
        count = Counter(one.question.casefold() for one in found)
        return tuple(sorted(found, key=lambda one: (-count[one.question.casefold()], one.question)))
    return found


def case_file(data: DataFolder) -> Path:
    """Where cases that came from feedback are kept, beside the data."""
    return data.cases / "feedback.jsonl"


def make_case(engine: Engine, file: Path, number: int) -> Feedback:
    """Append an evaluation case for a message, once; raises :class:`UnknownFeedback`."""

    def append(feedback: Feedback) -> str:
        case = case_of(feedback)
        earlier = () if file.is_file() else _made(engine)
        CaseFile(file).add(lambda _: (*earlier, case))
        return case.id

    with _APPENDING:
        done = turn_into_case(engine, number, append)
    if done is None:
        raise UnknownFeedback
    return done


def drop_case(engine: Engine, file: Path, number: int) -> Feedback:
    """Undo :func:`make_case`; raises :class:`UnknownFeedback` and :class:`CaseEdited`."""

    def remove(feedback: Feedback) -> None:
        if not file.is_file():
            return
        kept = []
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
            case = Case.model_validate_json(line) if line.strip() else None
            if case is None or case.id != feedback.case:
                kept.append(line)
            elif case != case_of(feedback):
                raise CaseEdited
        fresh = file.with_suffix(".new")
        fresh.write_text("".join(kept), encoding="utf-8")
        fresh.replace(file)

    with _APPENDING:
        done = forget_case(engine, number, remove)
    if done is None:
        raise UnknownFeedback
    return done


def read_by_somebody(engine: Engine, number: int) -> None:
    """Note that a message was read; raises :class:`UnknownFeedback`."""
    if not mark_seen(engine, number, date.today()):
        raise UnknownFeedback


def case_lines(engine: Engine, file: Path) -> str:
    """The cases made so far; without the file, which older backups do not hold, as they were made."""
    if file.is_file():
        return file.read_text(encoding="utf-8")
    return "".join(f"{case_line(case)}\n" for case in _made(engine))


def _made(engine: Engine) -> tuple[Case, ...]:
    made = (one for one in reversed(all_feedback(engine)) if one.case is not None)
    return tuple(case_of(one) for one in made)


def case_of(feedback: Feedback) -> Case:
    """The case with what was cited as gold: a person still has to look at it."""
    gold = tuple(Gold(law=p.law, par=p.number, abs=p.absatz) for p in feedback.places)
    said = f"Rückmeldung „{VERDICT_NAMES[feedback.verdict]}“ vom {feedback.day:%d.%m.%Y}"
    return Case(
        id=f"rueckmeldung-{feedback.number}",
        question=feedback.question,
        register="staff",
        type="feedback",
        answerable=bool(gold),
        gold=gold,
        note=f"zu prüfen: {': '.join(filter(None, [said, feedback.comment]))}",
    )
