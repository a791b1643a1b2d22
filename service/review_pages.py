"""The worklist of documents to be reviewed, the decisions on them, and questions that found nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from corpus.models import NormRef
from corpus.store.reading import CorpusReader
from corpus.store.reviews import Decision
from corpus.store.use import Gap, gaps
from rag.errors import BadQuestion, NotReady
from rag.reviews import decided, waiting
from service.admin import Admin, is_admin
from service.api import Engine, engine_of
from service.forms import Form
from service.links import diff_href
from service.memos import DECISION_WORDS, decide_on, undo_decision
from service.present import gaps_out
from service.rendering import failure, render_page
from service.wire import GapsResponse

router = APIRouter()
WORKLIST = "/pruefliste"
GAPS = "/luecken"
# How far back the pages look for decisions that may be undone, and for questions without a hit.
_RECENT = timedelta(weeks=4)
# Questions without a hit on one page.
_MOST_GAPS = 50
_DECISIONS = (Decision.CONFIRMED, Decision.REVISED, Decision.WITHDRAWN)


@router.get(WORKLIST, response_class=HTMLResponse, include_in_schema=False)
def worklist_page(request: Request) -> HTMLResponse:
    """Documents that rest on changed law, those most in use first."""
    try:
        reader = engine_of(request).index().reader
    except NotReady as error:
        return failure(request, error)
    shown: dict[str, object] = {
        "waiting": [(w, [(p, _change(reader, p)) for p in w.places]) for w in waiting(reader)],
        "decided": decided(reader, datetime.now(UTC).date() - _RECENT),
        "decision_words": DECISION_WORDS,
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
    wanted = form.get("decision", "")
    decision = next((one for one in _DECISIONS if one.value == wanted), None)
    if decision is None:
        known = ", ".join(one.value for one in _DECISIONS)
        raise BadQuestion("bad_decision", f"„decision“ muss eines von {known} sein.")
    reader = engine.index().reader
    decide_on(reader, document, decision, form.get("name", ""), form.get("reason", ""))
    return _decided(request, document, decision, f"{WORKLIST}#entschieden")


@router.post(
    "/api/admin/memos/{document:path}/review/undo",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Die letzte Entscheidung über ein Dokument zurücknehmen",
)
def undo_review(request: Request, document: str, engine: Engine) -> Response:
    """Take back what was decided by mistake; the document waits again if it waited before."""
    undone = undo_decision(engine.index().reader, document)
    return _decided(request, document, undone, WORKLIST)


def _decided(request: Request, document: str, decision: Decision, onward: str) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(onward, status_code=303)
    return JSONResponse({"document": document, "decision": decision.value})


def recent_gaps(fundstelle: Engine) -> tuple[Gap, ...]:
    """Questions without a hit in the last four weeks, the most frequent first."""
    return tuple(g for g in gaps(fundstelle.engine) if g.day >= date.today() - _RECENT)


@router.get(GAPS, response_class=HTMLResponse, include_in_schema=False, dependencies=[Admin])
def gaps_page(request: Request, engine: Engine) -> HTMLResponse:
    """What was asked and found nothing: hints for memos and curated questions."""
    return render_page(request, "gaps.html", {"gaps": recent_gaps(engine)[:_MOST_GAPS]})


@router.get(
    "/api/admin/gaps",
    dependencies=[Admin],
    tags=["Verwaltung"],
    summary="Fragen, auf die nichts gefunden wurde",
)
def found_nothing(engine: Engine) -> GapsResponse:
    """Questions with the same words as one entry, the most frequent first; personal data is masked."""
    return gaps_out(gaps(engine.engine))
