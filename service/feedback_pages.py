"""Feedback over HTTP: a form for everybody, a list for the administration."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from corpus.store.feedback import Verdict, mark_unseen
from rag.errors import BadQuestion
from service.admin import Admin
from service.admin_api import Configured
from service.answer_pages import Answers
from service.api import Engine
from service.approvals import by_state
from service.feedback import (
    LONGEST_COMMENT,
    ORDER_NAMES,
    VERDICT_NAMES,
    FeedbackList,
    FeedbackOut,
    FeedbackRequest,
    Order,
    case_file,
    case_lines,
    drop_case,
    feedback_out,
    make_case,
    read_by_somebody,
    sorted_feedback,
    take_in,
)
from service.forms import Form
from service.rendering import render_page

router = APIRouter()
HOME = "/rueckmeldungen"


@router.post("/api/feedback", status_code=201, summary="Rückmeldung zu einer Antwort")
def give(body: FeedbackRequest, records: Answers, engine: Engine) -> dict[str, int]:
    """Say whether an answer was helpful; kept without who said it and without personal data."""
    number = take_in(engine.engine, records.get(body.id), body.verdict, body.comment)
    return {"number": number}


@router.post("/antwort/{id}/rueckmeldung", include_in_schema=False)
def give_by_form(id: str, form: Form, records: Answers, engine: Engine) -> Response:
    """The form below an answer."""
    comment = form.get("comment", "")
    if form.get("verdict") not in set(Verdict):
        raise BadQuestion("bad_verdict", "Bitte wählen Sie, wie die Antwort war.")
    if len(comment) > LONGEST_COMMENT:
        message = f"Die Anmerkung darf höchstens {LONGEST_COMMENT} Zeichen haben."
        raise BadQuestion("comment_too_long", message)
    take_in(engine.engine, records.get(id), Verdict(form["verdict"]), comment)
    return RedirectResponse(f"/antwort/{id}?danke=1#rueckmeldung", status_code=303)


@router.get(HOME, response_class=HTMLResponse, include_in_schema=False, dependencies=[Admin])
def feedback_page(
    request: Request,
    engine: Engine,
    urteil: Annotated[str, Query()] = "",
    ordnung: Annotated[Order, Query()] = "new",
    ungelesen: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """What was said, filtered and sorted."""
    verdict = Verdict(urteil) if urteil in set(Verdict) else None
    approved, lapsed = by_state(engine)
    found = sorted_feedback(engine.engine, verdict, ordnung)
    shown: dict[str, object] = {
        "approved": approved,
        "lapsed": lapsed,
        "feedback": [one for one in found if not (ungelesen and one.seen)],
        "unseen_only": ungelesen,
        "verdict": verdict,
        "order": ordnung,
        "verdict_names": VERDICT_NAMES,
        "order_names": ORDER_NAMES,
    }
    return render_page(request, "feedback.html", shown)


@router.post(f"{HOME}/{{number}}/testfall", include_in_schema=False, dependencies=[Admin])
def case_by_form(number: int, engine: Engine, settings: Configured) -> Response:
    """The button."""
    make_case(engine.engine, case_file(settings.folder), number)
    return _back(number)


@router.post(f"{HOME}/{{number}}/testfall/zurueck", include_in_schema=False, dependencies=[Admin])
def no_case_by_form(number: int, engine: Engine, settings: Configured) -> Response:
    """Undo the button."""
    drop_case(engine.engine, case_file(settings.folder), number)
    return _back(number)


@router.post(f"{HOME}/{{number}}/gelesen", include_in_schema=False, dependencies=[Admin])
def seen_by_form(number: int, engine: Engine) -> Response:
    """Note that a message was read."""
    read_by_somebody(engine.engine, number)
    return _back(number)


@router.post(f"{HOME}/{{number}}/ungelesen", include_in_schema=False, dependencies=[Admin])
def unseen_by_form(number: int, engine: Engine) -> Response:
    """Undo that."""
    mark_unseen(engine.engine, number)
    return _back(number)


def _back(number: int) -> Response:
    return RedirectResponse(f"{HOME}#rueckmeldung-{number}", status_code=303)


@router.get(
    "/api/admin/feedback",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Rückmeldungen, gefiltert und sortiert",
)
def read(
    engine: Engine, verdict: Verdict | None = None, order: Annotated[Order, Query()] = "new"
) -> FeedbackList:
    """What was said about answers."""
    found = sorted_feedback(engine.engine, verdict, order)
    return FeedbackList(feedback=tuple(feedback_out(one) for one in found))


@router.get(
    "/api/admin/feedback/cases.jsonl",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Testfälle aus Rückmeldungen",
    response_class=PlainTextResponse,
)
def cases(engine: Engine, settings: Configured) -> Response:
    """The cases made so far, one JSON object per line."""
    text = case_lines(engine.engine, case_file(settings.folder))
    headers = {"Content-Disposition": 'attachment; filename="feedback.jsonl"'}
    return Response(text, media_type="application/x-ndjson; charset=utf-8", headers=headers)


@router.post(
    "/api/admin/feedback/{number}/case",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Aus einer Rückmeldung einen Testfall machen",
)
def case(number: int, engine: Engine, settings: Configured) -> FeedbackOut:
    """Append the case to the file, once; its gold is what was cited and has to be looked at."""
    return feedback_out(make_case(engine.engine, case_file(settings.folder), number))
