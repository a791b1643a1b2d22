"""One table from errors to HTTP answers: a German sentence and a stable code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, Self, TypeAlias, runtime_checkable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from corpus.cases import CaseError
from corpus.citations import render
from corpus.laws import known_laws
from corpus.store.database import DatabaseUnreachable
from ingest.generations import RollbackImpossible
from ingest.lock import Locked
from rag.errors import BadQuestion, NotReady
from rag.norms import UnknownNorm
from service.feedback import CaseEdited, UnknownFeedback
from service.jobs import BadOrder, JobOver, UnknownJob
from service.memos import NothingDecided
from service.records import UnknownAnswer
from service.wire import ErrorOut


class AdminRequired(Exception):
    """Something that only an administrator may do."""

    code = "admin_required"

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        """401: signing in helps; 403: it does not."""
        self.message = message
        super().__init__(status, message)

    @classmethod
    def unknown(cls) -> Self:
        """The token is missing or wrong."""
        return cls(401, "Dafür müssen Sie sich als Verwaltung anmelden.")

    @classmethod
    def elsewhere(cls) -> Self:
        """The request comes from another machine."""
        return cls(403, "Die Verwaltung geht nur an dem Rechner, auf dem der Dienst läuft.")

    @classmethod
    def foreign_page(cls) -> Self:
        """The form was not sent from a page of this service."""
        return cls(403, "Dieses Formular kam nicht von einer Seite dieses Dienstes.")


_Coded: TypeAlias = type[
    BadQuestion
    | CaseError
    | NotReady
    | Locked
    | RollbackImpossible
    | UnknownAnswer
    | UnknownFeedback
    | UnknownJob
    | JobOver
    | BadOrder
    | CaseEdited
    | NothingDecided
]
_STATUS_OF: dict[_Coded, int] = {
    BadQuestion: 422,
    CaseError: 422,
    NotReady: 503,
    Locked: 409,
    RollbackImpossible: 409,
    UnknownAnswer: 404,
    UnknownFeedback: 404,
    UnknownJob: 404,
    JobOver: 409,
    BadOrder: 422,
    CaseEdited: 409,
    NothingDecided: 409,
}
"""Errors that bring their own code and sentence, and their HTTP status."""
_STATUS_MESSAGES = {
    404: ("not_found", "Diese Adresse gibt es nicht."),
    405: ("method_not_allowed", "Diese Adresse kennt die verwendete Methode nicht."),
    413: ("too_large", "Die Anfrage ist zu groß."),
}


def error_of(error: Exception) -> tuple[int, ErrorOut]:
    """HTTP status and body for an error of ours; 500 for any other."""
    for kind, status in _STATUS_OF.items():
        if isinstance(error, kind):
            return status, ErrorOut(code=error.code, message=error.message)
    if isinstance(error, OperationalError):
        return 503, ErrorOut(code=DatabaseUnreachable.code, message=DatabaseUnreachable.message)
    if isinstance(error, Stated):
        return error.status, ErrorOut(code=error.code, message=error.message)
    if isinstance(error, UnknownNorm):
        return 404, _unknown_norm(error)
    if isinstance(error, RequestValidationError):
        return 422, _invalid(error.errors())
    if isinstance(error, HTTPException):
        code, message = _STATUS_MESSAGES.get(
            error.status_code, ("http_error", "Die Anfrage wurde abgelehnt.")
        )
        return error.status_code, ErrorOut(code=code, message=message)
    return 500, ErrorOut(
        code="internal",
        message="Im Dienst ist ein Fehler aufgetreten. Er wurde protokolliert.",
    )


def _unknown_norm(error: UnknownNorm) -> ErrorOut:
    if error.number is None:
        return ErrorOut(code="unknown_law", message=_unknown_law(error.law))
    sign = "" if error.number.startswith("Anlage") else "§ "
    return ErrorOut(
        code="unknown_norm",
        message=f"{sign}{error.number} {error.law} gibt es nicht.",
        nearest=tuple(render(ref) for ref in error.nearest),
    )


def _unknown_law(law: str) -> str:
    if any(known.abbreviation == law for known in known_laws().items):
        return (
            f"Der amtliche Text „{law}“ fehlt noch im Bestand. Eine Aktualisierung holt ihn, sobald "
            "die amtliche Seite oder ein Spiegel erreichbar ist."
        )
    return f"Das Gesetz „{law}“ gehört nicht zum Bestand."


_FIELDS = {
    "as_of": ("bad_date", "Der Stichtag ist kein gültiges Datum (Form: JJJJ-MM-TT)."),
    "from": ("bad_date", "Das Anfangsdatum ist kein gültiges Datum (Form: JJJJ-MM-TT)."),
    "to": ("bad_date", "Das Enddatum ist kein gültiges Datum (Form: JJJJ-MM-TT)."),
    "question": ("question_missing", "Bitte geben Sie eine Frage ein."),
    "q": ("question_missing", "Bitte geben Sie einen Suchbegriff ein (Parameter „q“)."),
    "k": ("bad_k", "„k“ muss eine Zahl zwischen 1 und 100 sein."),
    "audience": ("bad_audience", "„audience“ muss „staff“ oder „public“ sein."),
    "mode": ("bad_mode", "„mode“ muss „auto“, „extractive“ oder „generated“ sein."),
    "verdict": ("bad_verdict", "„verdict“ muss „helpful“, „wrong“ oder „missing“ sein."),
    "comment": ("comment_too_long", "Die Anmerkung darf höchstens 2.000 Zeichen haben."),
    "text": (
        "bad_text",
        "Der Text fehlt oder ist zu lang: in der Adresse höchstens 4.000, mit POST 200.000 Zeichen.",
    ),
}


def _invalid(errors: Sequence[object]) -> ErrorOut:
    for entry in errors:
        location = entry.get("loc", ()) if isinstance(entry, dict) else ()
        for part in location:
            if str(part) in _FIELDS:
                code, message = _FIELDS[str(part)]
                return ErrorOut(code=code, message=message)
    return ErrorOut(code="bad_request", message="Die Anfrage hat nicht die erwartete Form.")


_MACHINE_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/static/")
ErrorPage = Callable[[Request, Exception], Response]


@runtime_checkable
class Stated(Protocol):
    """An error that brings everything an answer needs."""

    status: int
    code: str
    message: str


def install(app: FastAPI, page: ErrorPage) -> None:
    """Let ``app`` answer every error from the table: as JSON to machines, as ``page`` to people."""
    ours = (*_STATUS_OF, UnknownNorm, AdminRequired)
    for kind in (*ours, OperationalError, RequestValidationError, HTTPException):
        also(app, kind, page)


def also(app: FastAPI, kind: type[Exception], page: ErrorPage) -> None:
    """Let ``app`` answer one more kind of error in the same way."""

    async def respond(request: Request, error: Exception) -> Response:
        return error_response(request, error, page)

    app.add_exception_handler(kind, respond)


def error_response(request: Request, error: Exception, page: ErrorPage) -> Response:
    """The answer to one error."""
    if request.url.path.startswith(_MACHINE_PATHS):
        status, body = error_of(error)
        return JSONResponse(body.model_dump(mode="json"), status_code=status)
    return page(request, error)
