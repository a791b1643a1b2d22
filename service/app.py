"""The FastAPI application: contract, pages, health."""

from __future__ import annotations

import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from rag.engine import Fundstelle
from rag.errors import NotReady
from service import (
    about_pages,
    admin,
    admin_api,
    admin_pages,
    answer_pages,
    api,
    approval_pages,
    change_pages,
    errors,
    feedback_pages,
    glossary_pages,
    handbook_pages,
    knowledge_api,
    knowledge_pages,
    norm_pages,
    observe,
    overview,
    pages,
    path_pages,
    plugins,
    rendering,
    review_pages,
    stock,
    stream,
    theme,
)
from service.jobs import Jobs
from service.records import Records
from service.schedule import Schedule
from service.settings import Settings
from service.usage import UsageLog
from service.writer import ModelMetrics, Writer, endpoint_of

_STATIC = Path(__file__).parent / "static"
_CSP = (
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)
_DESCRIPTION = """Fragen zum Aufenthaltsrecht, beantwortet mit Zitaten und genauer Fundstelle.

KI-gestützte Suche, keine Rechtsberatung und keine Entscheidung im Einzelfall."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; the index is opened in the background when it starts."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        fundstelle = Fundstelle(
            settings.folder,
            settings.database_url,
            settings.encoder,
            settings.reranker,
            settings.runtime,
            settings.nli,
        )
        app.state.fundstelle = fundstelle
        app.state.usage = UsageLog(fundstelle, on=settings.usage)
        app.state.records = Records(fundstelle)
        app.state.jobs = jobs = Jobs(fundstelle.engine, settings)
        schedule = Schedule(jobs, settings.update_at) if settings.update_at else None
        warming = threading.Thread(target=_warm, args=(fundstelle, app.state.writer), daemon=True)
        warming.start()
        yield
        if schedule:
            schedule.close()
        jobs.close()
        app.state.usage.close()
        # An index that is only half open cannot be closed.
        warming.join()
        fundstelle.close()

    app = FastAPI(
        title="Fundstelle",
        version="0.1.0",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.admin_token = settings.admin_token.get_secret_value() or secrets.token_urlsafe(24)
    observe.install(
        app, lambda request, error: errors.error_response(request, error, rendering.failure)
    )
    app.state.writer = Writer(endpoint_of(settings), ModelMetrics(app.state.metrics))
    errors.install(app, rendering.failure)
    _secure(app)
    _health(app, settings)
    app.include_router(api.router)
    app.include_router(stream.router)
    app.include_router(pages.router)
    app.include_router(norm_pages.router)
    app.include_router(knowledge_api.router)
    app.include_router(knowledge_pages.router)
    app.include_router(path_pages.router)
    app.include_router(glossary_pages.router)
    app.include_router(handbook_pages.router)
    app.include_router(about_pages.router)
    app.include_router(theme.router)
    app.include_router(answer_pages.router)
    app.include_router(feedback_pages.router)
    app.include_router(approval_pages.router)
    app.include_router(change_pages.router)
    app.include_router(review_pages.router)
    app.include_router(stock.router)
    app.include_router(admin.router)
    app.include_router(admin_api.router)
    app.include_router(admin_pages.router)
    app.include_router(overview.router)
    plugins.install(app)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app


def _warm(fundstelle: Fundstelle, writer: Writer) -> None:
    """Open the index, and load what a model needs, before the first question comes."""
    writer.warm()
    try:
        fundstelle.search("Aufenthaltserlaubnis")
    except NotReady as error:
        observe.log_event("not_ready", reason=error.message)


def _secure(app: FastAPI) -> None:
    @app.middleware("http")
    async def headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", _CSP)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # With "no-referrer" a browser would hide from our own forms which page sent them.
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def _health(app: FastAPI, settings: Settings) -> None:
    @app.get("/healthz", tags=["Betrieb"], summary="Läuft der Dienst?")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["Betrieb"], summary="Kann der Dienst antworten?")
    def readyz(request: Request) -> Response:
        fundstelle: Fundstelle = request.app.state.fundstelle
        manifest = fundstelle.ready()
        return JSONResponse(
            {
                "status": "ready",
                "corpus_version": manifest.name,
                "official": manifest.official,
                "encoder": manifest.encoder.name,
                "reranker": settings.reranker,
                "model": settings.llm_model,
            }
        )
