"""Answers for the file: save, read again, take along as Word, PDF or text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from service.admin import is_admin
from service.api import Engine
from service.approvals import approval_of
from service.records import AnswerRecord, Records
from service.rendering import render_page
from service.sheet import Sheet, as_text, sheet_of
from service.sheet_docx import as_docx
from service.sheet_pdf import as_pdf
from service.wire import ErrorOut

router = APIRouter(
    responses={404: {"model": ErrorOut, "description": "Antwort weder neu noch gespeichert"}}
)


class AnswerChoice(BaseModel):
    """Which answer is to be saved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


def records_of(request: Request) -> Records:
    """The answers of the running application."""
    records: Records = request.app.state.records
    return records


Answers = Annotated[Records, Depends(records_of)]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.post("/api/answers", status_code=201, summary="Antwort für die Akte speichern")
def save(choice: AnswerChoice, records: Answers) -> AnswerRecord:
    """Save an answer of the last hour with the wording that it cites; saving twice changes nothing."""
    return records.save(choice.id)


def _file(sheet: Sheet, name: str, media_type: str, content: bytes) -> Response:
    shown = f"fundstelle-{sheet.day}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{shown}"'}
    return Response(content, media_type=media_type, headers=headers)


def _text(sheet: Sheet) -> bytes:
    return as_text(sheet).encode()


def _offer(ending: str, media_type: str, summary: str, write: Callable[[Sheet], bytes]) -> None:
    """One address per kind of file; the answer need not be saved."""

    @router.get(f"/api/answers/{{id}}.{ending}", summary=summary, response_class=Response)
    def file(id: str, records: Answers) -> Response:
        sheet = sheet_of(records.get(id))
        return _file(sheet, f"{id[:8]}.{ending}", media_type, write(sheet))


_offer("docx", _WORD, "Antwort als Word-Datei", as_docx)
_offer("pdf", "application/pdf", "Antwort als PDF-Datei", as_pdf)
_offer("txt", "text/plain; charset=utf-8", "Antwort als Text", _text)


@router.get("/api/answers/{id}", summary="Gespeicherte oder neue Antwort lesen")
def read(id: str, records: Answers) -> AnswerRecord:
    """The answer exactly as it was saved, or as it would be saved now."""
    return records.get(id)


@router.post("/antwort/{id}", include_in_schema=False)
def save_by_form(id: str, records: Answers) -> Response:
    """The button; works without scripts."""
    records.save(id)
    return RedirectResponse(f"/antwort/{id}", status_code=303)


@router.get("/antwort/{id}", response_class=HTMLResponse, include_in_schema=False)
def answer_page(
    request: Request, id: str, records: Answers, engine: Engine, danke: bool = False
) -> HTMLResponse:
    """An answer with everything that its files hold."""
    saved = records.saved(id)
    record = saved or records.get(id)
    shown: dict[str, object] = {
        "record": record,
        "sheet": sheet_of(record),
        "saved": saved is not None,
        "answer_id": id,
        "thanks": danke,
        "admin": is_admin(request),
        "approval": approval_of(engine, id),
    }
    return render_page(request, "saved.html", shown)
