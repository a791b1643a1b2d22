"""A reviewer approves a saved answer; it is offered first until a cited wording changes."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from corpus.models import Audience, Kind
from corpus.store.answers import saved_answer
from corpus.store.approvals import Approval, approvals, approve, end_approval, holds, standing
from corpus.store.reading import CorpusReader
from rag.engine import Fundstelle
from rag.errors import BadQuestion
from rag.outcome import Outcome
from rag.personal import mask
from service.feedback import cited_places
from service.records import AnswerRecord, Records, UnknownAnswer
from service.wire import ApprovedOut

_LONGEST_NAME = 200


def question_key(question: str) -> str:
    """Digest of a question that case, white space and punctuation do not change."""
    words = re.findall(r"\w+", mask(question).text.casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def approve_answer(fundstelle: Fundstelle, records: Records, id_: str, name: str) -> Approval:
    """Approve an answer, which is saved with that.

    Raises :class:`BadQuestion` without a name and for an answer that cannot be offered again, and
    :class:`service.records.UnknownAnswer`.
    """
    name = _name(name)
    record = records.get(id_)
    if record.answer.outcome is not Outcome.ANSWERED or not record.cited:
        raise BadQuestion("no_answer", "Freigeben lässt sich nur eine Antwort mit Fundstellen.")
    if record.answer.as_of is not None:
        message = "Eine Antwort mit Stichtag lässt sich nicht freigeben."
        raise BadQuestion("has_day", message)
    reader = fundstelle.index().reader
    cited = {passage.id for passage in record.cited}
    if standing(reader, cited) != cited:
        message = "Der Wortlaut, auf dem die Antwort beruht, gilt nicht mehr. Bitte fragen Sie neu."
        raise BadQuestion("answer_outdated", message)
    records.save(id_)
    approval = Approval(
        answer=id_,
        question=record.question,
        key=question_key(record.question),
        approved_on=date.today(),
        approved_by=name,
        places=cited_places(record),
        passages=_passages(reader, record),
    )
    approve(fundstelle.engine, approval)
    return approval


def _passages(reader: CorpusReader, record: AnswerRecord) -> tuple[str, ...]:
    """Ids of what is cited; of a law, of the whole Absatz even where it is cut."""
    ids = [passage.id for passage in record.cited]
    for place in cited_places(record):
        parts = reader.passages_of(place.law, place.number)
        ids += [part.id for part in parts if part.kind is Kind.LAW and part.absatz == place.absatz]
    return tuple(dict.fromkeys(ids))


def take_back(fundstelle: Fundstelle, id_: str, name: str) -> None:
    """End an approval; raises what :func:`approve_answer` does."""
    if not end_approval(fundstelle.engine, id_, _name(name), date.today()):
        raise UnknownAnswer


def _name(name: str) -> str:
    if not name.strip() or len(name) > _LONGEST_NAME:
        message = f"Bitte geben Sie Ihren Namen an (höchstens {_LONGEST_NAME} Zeichen)."
        raise BadQuestion("name_missing", message)
    return name.strip()


def approved_for(
    fundstelle: Fundstelle, question: str, audience: Audience | None, as_of: date | None
) -> ApprovedOut | None:
    """The approved answer to the same question about the newest law, if its wordings stand."""
    if as_of is not None:
        return None
    known = approvals(fundstelle.engine, question_key(question))
    if not known or not holds(fundstelle.index().reader, known[0]):
        return None
    return _offered(fundstelle, known[0], audience)


def _offered(
    fundstelle: Fundstelle, approval: Approval, audience: Audience | None
) -> ApprovedOut | None:
    saved = saved_answer(fundstelle.engine, approval.answer)
    if saved is None:
        return None
    record = AnswerRecord.model_validate_json(saved.body)
    if audience is not None and any(passage.audience is not audience for passage in record.cited):
        # What is internal is not shown to customers, approved or not.
        return None
    return ApprovedOut(
        id=approval.answer,
        approved_by=approval.approved_by,
        approved_on=approval.approved_on,
        statements=record.answer.statements,
    )


def approval_of(fundstelle: Fundstelle, id_: str) -> tuple[Approval, bool] | None:
    """The approval of an answer and whether it holds; None: nobody approved it."""
    for one in approvals(fundstelle.engine):
        if one.answer == id_:
            return one, holds(fundstelle.index().reader, one)
    return None


def by_state(fundstelle: Fundstelle) -> tuple[tuple[Approval, ...], tuple[Approval, ...]]:
    """Approvals that hold, and those that lapsed because the law or a document changed."""
    reader = fundstelle.index().reader
    known = approvals(fundstelle.engine)
    good = tuple(one for one in known if holds(reader, one))
    return good, tuple(one for one in known if one not in good)
