"""The worklist of documents to be reviewed, the decisions on them, and questions that found nothing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from corpus.models import NormRef
from corpus.store.reading import CorpusReader
from corpus.store.reviews import Decision
from corpus.store.use import gaps
from rag.errors import BadQuestion, NotReady
from rag.reviews import waiting
from service.admin import Admin, is_admin
from service.api import Engine, engine_of
from service.forms import Form
from service.links import diff_href
from service.memos import decide_on
from service.present import gaps_out
from service.rendering import failure, render_page
from service.wire import GapsResponse

router = APIRouter()
WORKLIST = "/pruefliste"


@router.get(WORKLIST, response_class=HTMLResponse, include_in_schema=False)
def worklist_page(request: Request) -> HTMLResponse:
    """Documents that rest on changed law, those most in use first."""
    try:
        reader = engine_of(request).index().reader
    except NotReady as error:
        return failure(request, error)
    shown: dict[str, object] = {
        "waiting": [(w, [(p, _change(reader, p)) for p in w.places]) for w in waiting(reader)],
        "admin": is_admin(request),
        "here": WORKLIST,
    }
    return render_page(request, "worklist.html", shown)


def _change(reader: CorpusReader, place: NormRef) -> str | None:
    """Address of the comparison of the last two wordings of a norm."""
    versions = reader.versions(place.law, place.number)
    if not versions:
        return None
    last = versions[-1]
    if not last.current:
        return diff_href(place.norm, last.first_seen, last.until or last.last_seen)
    if len(versions) == 1:
        return None
    return diff_href(place.norm, versions[-2].first_seen, last.first_seen)


@router.post(
    "/api/admin/memos/{document:path}/review",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Über ein Dokument entscheiden (Formular: decision, name, reason)",
)
def review(request: Request, document: str, form: Form, engine: Engine) -> Response:
    """Confirm, revise or withdraw a document; a page gets its worklist back, a script JSON."""
    try:
        decision = Decision(form.get("decision", ""))
    except ValueError as error:
        known = ", ".join(decision.value for decision in Decision)
        message = f"„decision“ muss eines von {known} sein."
        raise BadQuestion("bad_decision", message) from error
    reader = engine.index().reader
    decide_on(reader, document, decision, form.get("name", ""), form.get("reason", ""))
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(WORKLIST, status_code=303)
    return JSONResponse({"document": document, "decision": decision.value})


@router.get(
    "/api/admin/gaps",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Fragen, auf die nichts gefunden wurde",
)
def found_nothing(engine: Engine) -> GapsResponse:
    """Questions with the same words as one entry, the most frequent first; personal data is masked."""
    return gaps_out(gaps(engine.engine))
