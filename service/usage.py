"""Note which norms answers cite and which questions found nothing, without keeping anybody waiting."""

from __future__ import annotations

import logging
import queue
import threading
from datetime import UTC, date, datetime

from corpus.store.use import record_gap, record_use
from rag.answer import Answer
from rag.engine import Fundstelle
from rag.outcome import Outcome
from rag.personal import bare, mask

GAP_OUTCOMES = (Outcome.NO_SOURCE, Outcome.OUT_OF_SCOPE, Outcome.UNKNOWN_NORM)
"""Outcomes after which somebody may want to add a document or a question."""

# Noted but not yet written; while an ingest holds the database, more are dropped rather than kept.
_MOST_WAITING = 10_000
_LOG = logging.getLogger("fundstelle")


class UsageLog:
    """Writes in a thread of its own: a question never waits for it, whatever the database does."""

    def __init__(self, fundstelle: Fundstelle, *, on: bool) -> None:
        self._fundstelle = fundstelle
        self._on = on
        self._noted: queue.Queue[tuple[str, Answer, date] | None] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def note(self, question: str, answer: Answer) -> None:
        """Remember an answer, if wanted at all; returns at once."""
        if not self._on:
            return
        # Masked before it waits: nothing personal is kept, not even for a moment.
        masked = mask(question).text
        try:
            self._noted.put_nowait((masked, answer, datetime.now(UTC).date()))
        except queue.Full:
            _LOG.warning("usage_dropped")

    def settle(self) -> None:
        """Wait until everything noted so far is written."""
        self._noted.join()

    def close(self) -> None:
        """Write what is left and stop."""
        self._noted.put(None)
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while (noted := self._noted.get()) is not None:
            try:
                self._write(*noted)
            except Exception:
                # Counting must never disturb answering.
                _LOG.exception("usage_failed")
            finally:
                self._noted.task_done()

    def _write(self, question: str, answer: Answer, day: date) -> None:
        engine = self._fundstelle.engine
        if answer.outcome.has_answer:
            cited = {id_ for statement in answer.statements for id_ in statement.citations}
            quoted = [s.passage.ref for s in answer.passages if s.passage.id in cited]
            norms = {ref.norm for ref in quoted if ref is not None}
            record_use(engine, dict.fromkeys(norms, 1), day)
        elif answer.outcome in GAP_OUTCOMES:
            terms = self._fundstelle.index().analyzer.terms(bare(question))
            record_gap(engine, terms, question, answer.outcome.value, day)
