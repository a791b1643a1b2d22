"""Decide on documents: what is asked of a person, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from corpus.generation.files import DataFolder
from corpus.models import Kind, Memo
from corpus.store.reading import CorpusReader, checks
from corpus.store.reviews import Decision, decide, take_back
from ingest.office import Wanted, add_document, replace_document
from rag.errors import BadQuestion

DECISION_WORDS = {
    Decision.CONFIRMED: "bestätigt",
    Decision.REVISED: "überarbeitet",
    Decision.WITHDRAWN: "zurückgezogen",
    Decision.TAKEN_BACK: "zurückgenommen",
}
_LONGEST = 2_000


def decide_on(
    reader: CorpusReader, document: str, decision: Decision, name: str, reason: str
) -> None:
    """Record a decision; a document that is withdrawn is masked at once.

    Raises :class:`BadQuestion` for an unknown or withdrawn document, and without name or reason.
    """
    require_document(reader, document, summaries=decision is not Decision.WITHDRAWN)
    for text, code, what in (
        (name, "name_missing", "Ihren Namen"),
        (reason, "reason_missing", "einen Grund"),
    ):
        if not text.strip() or len(text) > _LONGEST:
            raise BadQuestion(code, f"Bitte geben Sie {what} an (höchstens {_LONGEST} Zeichen).")
    day = datetime.now(UTC).date()
    decide(reader.engine, document, decision, name.strip(), reason.strip(), day)
    reader.register.read()


class NothingDecided(Exception):
    """There is no decision on the document that could be taken back."""

    code = "nothing_decided"
    message = "Zu diesem Dokument gibt es keine Entscheidung, die sich zurücknehmen ließe."


def undo_decision(reader: CorpusReader, document: str) -> Decision:
    """Take back the last decision on a document, which counts at once; what it was.

    A withdrawn document that an update has already removed comes back with the next one. Raises
    :class:`NothingDecided`.
    """
    undone = take_back(reader.engine, document, datetime.now(UTC).date())
    if undone is None:
        raise NothingDecided
    reader.register.read()
    return undone


def require_document(reader: CorpusReader, document: str, *, summaries: bool = True) -> None:
    """Raises :class:`BadQuestion` if there is no such document, or none any more."""
    if document in reader.register.read().withdrawn:
        raise _withdrawn(document)
    source, _, number = document.partition("/")
    state = reader.sources.get(source)
    if number and state is not None and any(s.heading == number for s in reader.sections(source)):
        if summaries:
            return
        raise BadQuestion(
            "is_summary", "Kurzfassungen gehören zum Programm und lassen sich nicht zurückziehen."
        )
    if number or state is None or state.meta is None:
        raise BadQuestion("unknown_document", f"Das Dokument „{document}“ gibt es nicht.")


def _withdrawn(document: str) -> BadQuestion:
    return BadQuestion(
        "withdrawn",
        f"„{document}“ wurde zurückgezogen. Ein neues Dokument braucht eine neue Kennung.",
    )


def take_document(reader: CorpusReader, data: DataFolder, file: Path, wanted: Wanted) -> Memo:
    """Put a file among the office's documents; the next ingest takes it in.

    Raises :class:`BadQuestion` for an id that is taken or was withdrawn, and
    :class:`ingest.errors.SourceError` for a file that cannot be read.
    """
    _require_file(file)
    if wanted.kind not in (None, Kind.MEMO, Kind.DECREE):
        raise BadQuestion("bad_kind", "Die Art muss „memo“ oder „decree“ sein.")
    withdrawn = reader.register.read().withdrawn

    def accept(document: str) -> None:
        if document in withdrawn:
            raise _withdrawn(document)
        if document in reader.sources:
            raise BadQuestion(
                "document_exists",
                f"„{document}“ gibt es schon. Mit „fundstelle memo replace {document}“ ersetzen Sie es.",
            )

    return add_document(data, file, wanted, accept)


def replace_by(reader: CorpusReader, data: DataFolder, document: str, file: Path) -> Memo:
    """Put a file in the place of a document; the next ingest takes it in.

    Raises what :func:`take_document` does.
    """
    _require_file(file)
    require_document(reader, document, summaries=False)
    meta = reader.sources[document].meta
    if meta is None:
        raise BadQuestion("unknown_document", f"Das Dokument „{document}“ gibt es nicht.")
    known = checks(reader.engine).get(document)
    return replace_document(data, meta, Path(known.origin) if known else None, file)


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise BadQuestion("not_found", f"Die Datei „{file}“ gibt es nicht.")
