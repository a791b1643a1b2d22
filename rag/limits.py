"""What an answer says about its limits: personal data left out, no verdict, what it is and is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from corpus.store.reading import CorpusReader
from rag.index import Index
from rag.personal import hint
from rag.question import Question
from rag.verdict import NO_VERDICT, Wish, wish


def limit_notices(question: Question) -> Iterator[str]:
    """German sentences on what was left out of a question and what is not decided."""
    earlier = question.before.hidden if question.before else ()
    kinds = (*question.hidden, *earlier)
    if kinds:
        yield hint(kinds)
    if wish(question.text) is not Wish.NOTHING:
        yield NO_VERDICT


def label(index: Index, as_of: date | None) -> str:
    """German: what an answer is, and from which state of the law it was taken."""
    day = f"Stichtag {as_of:%d.%m.%Y}. " if as_of else ""
    return (
        "KI-gestützte Suche, keine Rechtsberatung und keine Entscheidung im Einzelfall. "
        f"{day}{_state(index.reader)}, Bestand {index.manifest.name}."
    )


def _state(reader: CorpusReader) -> str:
    """Days on which the laws were last compared with the official text."""
    days = {
        max(known[-1].day, reader.last_checks.get(source, known[-1].day))
        for source, known in reader.snapshots.items()
        if known
    }
    if not days:
        return "Ohne amtliche Gesetzestexte"
    first, last = min(days), max(days)
    if first == last:
        return f"Stand der Gesetze: amtlicher Text vom {last:%d.%m.%Y}"
    return f"Stand der Gesetze: amtlicher Text vom {first:%d.%m.%Y} bis {last:%d.%m.%Y}"
