"""The HTTP contract of the project: ask, search, norms, references."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from corpus.citations import find, resolve
from corpus.models import Audience
from rag.engine import Fundstelle
from rag.generated import Asked, Mode
from rag.norms import NormPage, norm_diff, read_norm, resolve_law
from rag.search import DEFAULT_LAWS
from service.approvals import approved_for
from service.changes import wanted_report
from service.present import (
    changes_out,
    diff_out,
    norm_out,
    reference_found,
    reply_out,
    search_out,
)
from service.records import RecentAnswers
from service.settings import Settings
from service.usage import UsageLog
from service.wire import (
    AskRequest,
    AskResponse,
    ChangesResponse,
    DiffResponse,
    ErrorOut,
    NormResponse,
    ReferencesRequest,
    ReferencesResponse,
    SearchResponse,
    SuggestionOut,
    SuggestResponse,
)
from service.writer import Writer

router = APIRouter(
    prefix="/api",
    responses={
        422: {"model": ErrorOut, "description": "Ungültige Eingabe"},
        503: {"model": ErrorOut, "description": "Noch kein Bestand"},
    },
)


def engine_of(request: Request) -> Fundstelle:
    """The engine of the running application."""
    engine: Fundstelle = request.app.state.fundstelle
    return engine


def usage_of(request: Request) -> UsageLog:
    """What the running application notes its answers in."""
    usage: UsageLog = request.app.state.usage
    return usage


def recent_of(request: Request) -> RecentAnswers:
    """The answers of the last hour, which can be saved."""
    recent: RecentAnswers = request.app.state.records.recent
    return recent


def writer_of(request: Request) -> Writer:
    """What formulates answers in the running application."""
    writer: Writer = request.app.state.writer
    return writer


def settings_of(request: Request) -> Settings:
    """The settings of the running application."""
    settings: Settings = request.app.state.settings
    return settings


Engine = Annotated[Fundstelle, Depends(engine_of)]
Usage = Annotated[UsageLog, Depends(usage_of)]
Recent = Annotated[RecentAnswers, Depends(recent_of)]
Formulates = Annotated[Writer, Depends(writer_of)]
AudienceName = Literal["staff", "public"]
AsOf = Annotated[date | None, Query(description="Stichtag")]


def audience_of(name: AudienceName) -> Audience | None:
    """``staff`` may see everything, ``public`` only what is public."""
    return Audience.PUBLIC if name == "public" else None


def chosen_laws(engine: Fundstelle, names: Iterable[str]) -> tuple[str, ...] | None:
    """The laws named in any spelling; None without names. Raises :class:`rag.norms.UnknownNorm`."""
    named = [name.strip() for name in names if name.strip()]
    return tuple(resolve_law(engine.index().reader, name) for name in named) or None


def asked_by(body: AskRequest, engine: Fundstelle) -> Asked:
    """The question of a request."""
    return Asked(
        body.question,
        as_of=body.as_of,
        audience=audience_of(body.audience),
        history=tuple(question for question in body.history if question.strip()),
        laws=chosen_laws(engine, body.laws),
        mode=Mode(body.mode),
    )


def with_approved(engine: Fundstelle, asked: Asked, response: AskResponse) -> AskResponse:
    """An answer with the approved one to the same question, which a follow-up or a filter changes."""
    if asked.history or asked.laws:
        return response
    approved = approved_for(engine, asked.question, asked.audience, response.as_of)
    return response.model_copy(update={"approved": approved})


@router.post("/ask", summary="Frage beantworten")
def ask(
    body: AskRequest, engine: Engine, usage: Usage, writer: Formulates, recent: Recent
) -> AskResponse:
    """Answer a question with verbatim quotes, or with checked statements of a language model."""
    begin = time.perf_counter()
    asked = asked_by(body, engine)
    answered = writer.reply(engine, asked)
    timings = {"total": round((time.perf_counter() - begin) * 1000, 2)}
    usage.note(body.question, answered.answer)
    response = reply_out(answered, timings)
    recent.keep(body.question, response)
    return with_approved(engine, asked, response)


@router.get("/search", summary="Fundstellen suchen")
def search(
    engine: Engine,
    q: Annotated[str, Query(description="Frage oder Suchbegriffe", examples=["Nebenjob Studium"])],
    k: Annotated[int, Query(ge=1, le=100)] = 10,
    as_of: AsOf = None,
    audience: AudienceName = "staff",
    laws: Annotated[str, Query(description="Abkürzungen, durch Komma getrennt")] = "",
    after: Annotated[str, Query(description="Die Frage davor; für Anschlussfragen")] = "",
) -> SearchResponse:
    """Rank passages for a question; each hit says what each index contributed."""
    chosen = chosen_laws(engine, laws.split(","))
    history = (after,) if after.strip() else ()
    result = engine.search(
        q, k=k, as_of=as_of, audience=audience_of(audience), laws=chosen, history=history
    )
    return search_out(result)


@router.get("/suggest", summary="Fragen vorschlagen")
def suggest(
    engine: Engine,
    q: Annotated[str, Query(description="Was bisher getippt ist", examples=["Nebenjob St"])],
) -> SuggestResponse:
    """Curated questions that hold the words typed so far."""
    return SuggestResponse(
        suggestions=tuple(
            SuggestionOut(text=s.text, citation=s.citation) for s in engine.suggest(q)
        )
    )


@router.get("/norms/{law:path}/{number}/diff", summary="Fassungen vergleichen")
def diff(
    engine: Engine,
    law: str,
    number: str,
    from_: Annotated[date, Query(alias="from", description="Tag der älteren Fassung")],
    to: Annotated[date, Query(description="Tag der neueren Fassung")],
) -> DiffResponse:
    """What differs between the wordings of two days, per Absatz and word by word."""
    return diff_out(norm_diff(engine.index().reader, law, number, from_, to))


@router.get(
    "/norms/{law:path}/{number}",
    summary="Vorschrift lesen",
    responses={404: {"model": ErrorOut, "description": "Gesetz oder Vorschrift unbekannt"}},
)
def norm(engine: Engine, law: str, number: str, as_of: AsOf = None) -> NormResponse:
    """A whole norm with its structure, versions, references and the memos that cite it."""
    page: NormPage = read_norm(engine.index().reader, law, number, as_of)
    return norm_out(page, as_of)


@router.get("/changes", summary="Änderungen des Rechts vergleichen")
def changes(
    engine: Engine,
    from_: Annotated[str, Query(alias="from", description="Nummer des älteren Bestands")] = "",
    to: Annotated[str, Query(description="Nummer des neueren Bestands")] = "",
    since: Annotated[str, Query(description="Statt der Bestände: Tag des älteren Rechts")] = "",
    until: Annotated[str, Query(description="Tag des neueren Rechts; sonst heute")] = "",
) -> ChangesResponse:
    """What the law says differently, word by word, and which documents and questions rest on it.

    Without any parameter: the published generation and the one it was built on.
    """
    return changes_out(wanted_report(engine, from_, to, since, until))


@router.get("/references", summary="Verweise in einem kurzen Text erkennen")
def references(
    engine: Engine,
    text: Annotated[str, Query(max_length=4_000, examples=["§ 26 Abs. 3 Satz 1 AufenthG"])],
) -> ReferencesResponse:
    """Every legal reference of a text and whether it exists."""
    return _references(engine, text)


@router.post("/references", summary="Verweise in einem langen Text erkennen")
def references_long(body: ReferencesRequest, engine: Engine) -> ReferencesResponse:
    """The same for a text that does not fit into an address."""
    return _references(engine, body.text)


def _references(engine: Fundstelle, text: str) -> ReferencesResponse:
    reader = engine.index().reader
    return ReferencesResponse(
        references=tuple(
            reference_found(mention, resolve(mention, reader, DEFAULT_LAWS))
            for mention in find(text)
        )
    )
