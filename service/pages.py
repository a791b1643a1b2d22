"""The pages, rendered on the server and usable without JavaScript."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.laws import known_laws
from corpus.models import Law
from corpus.store.reading import CorpusReader
from rag.coverage import coverage
from rag.day import mentioned_day
from rag.errors import BadQuestion, NotReady
from rag.generated import Asked, Mode, Reply
from rag.norms import UnknownNorm
from rag.personal import mask
from service.api import (
    audience_of,
    chosen_laws,
    engine_of,
    recent_of,
    usage_of,
    with_approved,
    writer_of,
)
from service.days import day_of
from service.guidance import guide
from service.present import reply_out
from service.quoting import passage_blocks
from service.rendering import failure, render_page

router = APIRouter(include_in_schema=False)

EXAMPLES = (
    "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?",
    "Was kostet die Verlängerung einer Aufenthaltserlaubnis?",
    "Rechtslage am 1.6.2023: Niederlassungserlaubnis für Fachkräfte",
    "Fikti abgelaufen, was nun?",
)
"""Questions of the start page: in lay words, about a fee, of a past day, in the jargon of the office."""
# Characters; follow-ups of follow-ups add up.
_LONGEST_BEFORE = 600


@router.get("/", response_class=HTMLResponse)
def ask_page(
    request: Request,
    frage: Annotated[str, Query()] = "",
    stichtag: Annotated[str, Query()] = "",
    publikum: Annotated[Literal["staff", "public"], Query()] = "staff",
    davor: Annotated[str, Query()] = "",
    gesetz: Annotated[list[str] | None, Query()] = None,
    art: Annotated[Literal["auto", "formuliert"], Query()] = "auto",
) -> HTMLResponse:
    """Ask, and read the answer with its sources beside it.

    With a language model the quotes come at once and the page fetches what it formulates;
    ``art=formuliert`` waits for it, for browsers without scripts.
    """
    chosen = gesetz or []
    shown: dict[str, object] = {
        "frage": frage,
        "stichtag": stichtag,
        "publikum": publikum,
        "chosen": chosen,
    }
    engine, writer = engine_of(request), writer_of(request)
    try:
        index = engine.index()
    except NotReady as error:
        shown |= {"problem": error.message, "guide": guide(503)}
        return render_page(request, "ask.html", shown, 503)
    shown |= {"areas": _areas(index.reader), "examples": EXAMPLES}
    if not frage.strip():
        return render_page(request, "ask.html", shown)
    try:
        begin = time.perf_counter()
        asked = Asked(
            frage,
            as_of=day_of(stichtag),
            audience=audience_of(publikum),
            history=(davor,) if davor.strip() else (),
            laws=chosen_laws(engine, chosen),
            mode=Mode.AUTO if art == "formuliert" else Mode.EXTRACTIVE,
        )
        reply = writer.reply(engine, asked)
        # The page does not repeat what was left out: neither in its title nor for the next question.
        masked = mask(frage).text
    except BadQuestion as error:
        shown |= {
            "problem": error.message,
            "stichtag": "" if error.code == "bad_date" else stichtag,
        }
        return render_page(request, "ask.html", shown, 422)
    except UnknownNorm as error:
        return failure(request, error)
    answer = reply.answer
    follows = writer.is_set_up and art == "auto" and answer.outcome.has_answer
    if not follows:
        # Otherwise the stream that the page opens notes the answer.
        usage_of(request).note(frage, answer)
    shown |= {
        "frage": masked,
        "reply": reply,
        "follows": follows,
        "davor": mask(davor).text,
        "patience": writer.patience,
        "before": _before(reply, masked),
        "other_day": mentioned_day(masked) if answer.as_of is None else None,
    }
    milliseconds = round((time.perf_counter() - begin) * 1000)
    response = reply_out(reply, {"total": float(milliseconds)})
    recent_of(request).keep(frage, response)
    shown["approved"] = with_approved(engine, asked, response).approved
    shown |= {"answer": answer, "quotes": passage_blocks(answer), "ms": milliseconds}
    return render_page(request, "ask.html", shown)


def _before(reply: Reply, question: str) -> str:
    """What a further follow-up rests on: this question as understood, or as typed once that grows long."""
    understood = reply.understood or ""
    return understood if 0 < len(understood) <= _LONGEST_BEFORE else question


def _areas(reader: CorpusReader) -> dict[str, list[tuple[Law, str]]]:
    """Area -> laws held with their Stand, in the order of the list of laws."""
    areas: dict[str, list[tuple[Law, str]]] = {}
    for law in known_laws().items:
        if law.abbreviation in reader.laws():
            state = reader.sources.get(law.slug)
            stand = (state.stand.split("; ")[-1] or state.title) if state else ""
            areas.setdefault(law.area, []).append((law, stand))
    return areas


@router.get("/abdeckung", response_class=HTMLResponse)
def coverage_page(request: Request) -> HTMLResponse:
    """What the catalogue of curated questions covers."""
    try:
        index = engine_of(request).index()
    except NotReady as error:
        return failure(request, error)
    return render_page(request, "coverage.html", {"coverage": coverage(index)})


@router.get("/docs", response_class=HTMLResponse)
def docs_page(request: Request) -> HTMLResponse:
    """The HTTP interface, readable without loading anything from elsewhere."""
    return render_page(request, "docs.html", {"schema": request.app.openapi()})
