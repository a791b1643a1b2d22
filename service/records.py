"""What an answer was, to be kept for the file: question, day, answer and the wording it cites."""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import UTC, date, datetime
from itertools import islice
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field

from corpus.citations import render
from corpus.models import Kind, NormRef
from corpus.store.answers import Saved, save, saved_answer
from corpus.store.reading import CorpusReader, generations
from rag.engine import Fundstelle
from rag.norms import read_norm
from rag.personal import mask
from service.naming import marked_summary
from service.wire import AskResponse, PassageOut

# An hour is enough to read an answer and to decide whether it is worth keeping; the count bounds
# the memory (an answer takes some 50 kB).
KEPT_SECONDS, _MOST_KEPT = 3600.0, 1000


class UnknownAnswer(Exception):
    """No answer of this id is kept: it was not saved, and it is older than an hour or never was."""

    code = "unknown_answer"
    message = (
        "Diese Antwort ist nicht gespeichert. Nach einer Antwort bleibt eine Stunde Zeit, sie zu "
        "speichern; bitte stellen Sie die Frage noch einmal."
    )


class Wording(BaseModel):
    """The full text of a norm, or the cited section of a document."""

    model_config = ConfigDict(frozen=True)

    citation: str
    heading: str
    text: str
    stand: str
    url: str


class AnswerRecord(BaseModel):
    """An answer with everything that is needed to understand it later."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str = Field(description="Die Frage, Personenbezogenes ausgeblendet")
    asked_on: date
    answer: AskResponse
    wordings: tuple[Wording, ...] = Field(
        description="Zitierte Vorschriften in vollem Wortlaut, zitierte Abschnitte von Dokumenten"
    )

    @property
    def cited(self) -> tuple[PassageOut, ...]:
        """The passages that bear a statement, in the order of the answer."""
        ids = {id_ for statement in self.answer.statements for id_ in statement.citations}
        return tuple(passage for passage in self.answer.passages if passage.id in ids)


class RecentAnswers:
    """The answers of the last hour, so that what is saved is exactly what was shown; thread-safe."""

    def __init__(self, seconds: float = KEPT_SECONDS, most: int = _MOST_KEPT) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[str, tuple[float, AnswerRecord]] = OrderedDict()
        self._lock = Lock()

    def keep(self, question: str, answer: AskResponse) -> None:
        """Remember an answer for an hour; its question is masked first."""
        record = AnswerRecord(
            id=answer.id,
            question=mask(question).text,
            asked_on=date.today(),
            answer=answer,
            wordings=(),
        )
        with self._lock:
            self._kept[answer.id] = (time.monotonic(), record)
            while len(self._kept) > self._most or any(map(self._is_over, islice(self._kept, 1))):
                self._kept.popitem(last=False)

    def get(self, id_: str) -> AnswerRecord | None:
        """An answer of the last hour, without its wordings."""
        with self._lock:
            return None if self._is_over(id_) else self._kept[id_][1]

    def _is_over(self, id_: str) -> bool:
        kept = self._kept.get(id_)
        return kept is None or time.monotonic() - kept[0] > self._seconds


class Records:
    """Saved answers, and those that can still be saved."""

    def __init__(self, fundstelle: Fundstelle) -> None:
        self._fundstelle = fundstelle
        self.recent = RecentAnswers()

    def save(self, id_: str) -> AnswerRecord:
        """Keep an answer for good; raises :class:`UnknownAnswer`."""
        record = self.get(id_)
        saved = Saved(
            id=record.id,
            saved_at=datetime.now(UTC).replace(tzinfo=None),
            question=record.question,
            corpus_version=record.answer.corpus_version,
            body=record.model_dump_json(),
        )
        save(self._fundstelle.engine, saved)
        return record

    def get(self, id_: str) -> AnswerRecord:
        """A saved answer, or one of the last hour; raises :class:`UnknownAnswer`."""
        saved = self.saved(id_)
        if saved is not None:
            return saved
        recent = self.recent.get(id_)
        if recent is None:
            raise UnknownAnswer
        reader = self._reader(recent.answer.corpus_version)
        return recent.model_copy(update={"wordings": _wordings(reader, recent)})

    def saved(self, id_: str) -> AnswerRecord | None:
        """A saved answer; None: nobody saved it."""
        saved = saved_answer(self._fundstelle.engine, id_)
        return AnswerRecord.model_validate_json(saved.body) if saved else None

    def _reader(self, version: str) -> CorpusReader:
        """The corpus as it was when it answered: a newer one may have been published since."""
        index = self._fundstelle.index()
        if index.manifest.name == version:
            return index.reader
        engine = self._fundstelle.engine
        numbers = {held.name: held.number for held in generations(engine)}
        if version not in numbers:
            raise UnknownAnswer
        return CorpusReader(engine, numbers[version])


def _wordings(reader: CorpusReader, record: AnswerRecord) -> tuple[Wording, ...]:
    """Each cited norm once, in the order in which the answer cites them."""
    wordings: dict[str, Wording] = {}
    for passage in record.cited:
        wording = _wording(reader, passage, record.answer.as_of)
        wordings.setdefault(wording.citation, wording)
    return tuple(wordings.values())


def _wording(reader: CorpusReader, passage: PassageOut, as_of: date | None) -> Wording:
    if passage.kind is not Kind.LAW or passage.law is None or passage.number is None:
        return Wording(
            citation=marked_summary(passage.citation, passage.kind),
            heading=passage.heading,
            text=passage.text,
            stand=passage.stand,
            url=passage.url,
        )
    page = read_norm(reader, passage.law, passage.number, as_of)
    return Wording(
        citation=render(NormRef(page.norm.law, page.norm.number)),
        heading=page.norm.heading,
        text=page.norm.text,
        stand=page.stand,
        url=page.url,
    )
