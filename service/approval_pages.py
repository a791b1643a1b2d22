"""Approve saved answers, and take that back, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from corpus.store.approvals import Approval
from service.admin import Admin
from service.answer_pages import Answers
from service.api import Engine
from service.approvals import approve_answer, by_state, take_back
from service.forms import Form
from service.wire import ApprovalOut, ApprovalsResponse

router = APIRouter(prefix="/api/admin", dependencies=[Admin], tags=["Verwaltung"])


@router.post("/answers/{id}/approve", summary="Antwort freigeben (Formular: name)")
def approve(request: Request, id: str, form: Form, records: Answers, engine: Engine) -> Response:
    """Offer this answer first for the same question, until a cited Absatz changes."""
    approve_answer(engine, records, id, form.get("name", ""))
    return _done(request, id, "approved")


@router.post("/answers/{id}/withdraw", summary="Freigabe zurücknehmen (Formular: name)")
def withdraw(request: Request, id: str, form: Form, engine: Engine) -> Response:
    """Offer this answer no longer; it stays saved."""
    take_back(engine, id, form.get("name", ""))
    return _done(request, id, "withdrawn")


@router.get("/approvals", summary="Freigegebene Antworten, und welche verfallen sind")
def listed(engine: Engine) -> ApprovalsResponse:
    """Approvals that hold and those whose wording changed."""
    good, lapsed = by_state(engine)
    return ApprovalsResponse(
        approved=tuple(_out(one) for one in good), lapsed=tuple(_out(one) for one in lapsed)
    )


def _out(approval: Approval) -> ApprovalOut:
    return ApprovalOut(
        id=approval.answer,
        question=approval.question,
        approved_by=approval.approved_by,
        approved_on=approval.approved_on,
        places=tuple(place.key for place in approval.places),
    )


def _done(request: Request, id_: str, state: str) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/antwort/{id_}", status_code=303)
    return JSONResponse({"id": id_, "state": state})
