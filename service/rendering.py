"""How a template becomes a page: what every template knows, and the page for an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import ChoiceLoader, FileSystemLoader

from corpus.citations import render
from rag.engine import Fundstelle
from service.errors import error_of
from service.guidance import guide
from service.links import (
    absatz_anchor,
    ask_href,
    diff_href,
    line_href,
    norm_href,
    passage_href,
)
from service.naming import (
    AUDIENCE_NAMES,
    BINDING_NAMES,
    DOCUMENT_NAMES,
    JOINED_NAMES,
    ROLE_NAMES,
    STATE_NAMES,
    marked_summary,
    rank_name,
    state_line,
)
from service.theme import theme_values
from service.wire import ErrorOut
from service.writer import model_line


def _corpus_values(request: Request) -> dict[str, Any]:
    """What the base template says of the corpus, as far as it is known without waiting."""
    fundstelle: Fundstelle | None = getattr(request.app.state, "fundstelle", None)
    return {"corpus": fundstelle.opened if fundstelle else None}


_templates = Jinja2Templates(
    directory=Path(__file__).parent / "templates", context_processors=[theme_values, _corpus_values]
)


def local_time(moment: datetime) -> datetime:
    """The time on the clock of this machine; the store's times are UTC and do not say so."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


_templates.env.globals.update(
    norm_href=norm_href,
    diff_href=diff_href,
    line_href=line_href,
    ask_href=ask_href,
    render_ref=render,
    rank_name=rank_name,
    role_names=ROLE_NAMES,
    binding_names=BINDING_NAMES,
    joined_names=JOINED_NAMES,
    document_names=DOCUMENT_NAMES,
    audience_names=AUDIENCE_NAMES,
    state_names=STATE_NAMES,
    state_line=state_line,
    absatz_anchor=absatz_anchor,
    marked_summary=marked_summary,
    model_line=model_line,
    passage_href=passage_href,
)
_templates.env.filters["zeit"] = lambda moment: f"{local_time(moment):%d.%m.%Y %H:%M}"
_templates.env.filters["tag"] = lambda day: f"{day:%d.%m.%Y}" if day else ""


def render_page(
    request: Request, name: str, values: dict[str, object], status: int = 200
) -> HTMLResponse:
    """A template as a page."""
    return _templates.TemplateResponse(request, name, values, status_code=status)


class Renderer(Protocol):
    """As :func:`render_page`."""

    def __call__(
        self, request: Request, name: str, values: dict[str, object], status: int = 200
    ) -> HTMLResponse:
        """The template with these values as a page."""
        ...


def page_renderer(folders: Sequence[Path]) -> Renderer:
    """:func:`render_page` for templates in ``folders``, which may extend and import ours."""
    ours = _templates.env
    loader = ChoiceLoader([*filter(None, [ours.loader]), FileSystemLoader([*folders])])
    templates = Jinja2Templates(env=ours.overlay(loader=loader), context_processors=[theme_values])

    def render(
        request: Request, name: str, values: dict[str, object], status: int = 200
    ) -> HTMLResponse:
        return templates.TemplateResponse(request, name, values, status_code=status)

    return render


def failure(request: Request, error: Exception) -> HTMLResponse:
    """The page for an error; for somebody who only has to sign in, the form to do so."""
    status, body = error_of(error)
    if status == 401:
        # A form cannot be sent again from an address alone: go on where everything begins.
        onward = request.url.path if request.method == "GET" else "/verwaltung"
        return render_page(request, "login.html", {"weiter": onward, "reason": body.message}, 401)
    return error_page(request, body, status)


def error_page(request: Request, error: ErrorOut, status: int) -> HTMLResponse:
    """What happened, what is not lost and what to do next."""
    shown: dict[str, object] = {
        "error": error,
        "guide": guide(status),
        # Only what nobody foresaw has to be looked up in the log.
        "request_id": getattr(request.state, "request_id", "") if status == 500 else "",
    }
    return render_page(request, "error.html", shown, status)
