"""How a template becomes a page: what every template knows, and the page for an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import ChoiceLoader, FileSystemLoader

from corpus.citations import render
from service.errors import error_of
from service.links import absatz_anchor, diff_href, norm_href, passage_href
from service.markup import section_blocks
from service.naming import (
    BINDING_NAMES,
    JOINED_NAMES,
    KIND_NAMES,
    ROLE_NAMES,
    marked_summary,
)
from service.theme import theme_values
from service.writer import model_line

_templates = Jinja2Templates(
    directory=Path(__file__).parent / "templates", context_processors=[theme_values]
)


def local_time(moment: datetime) -> datetime:
    """The time on the clock of this machine; the store's times are UTC and do not say so."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


_templates.env.globals.update(
    norm_href=norm_href,
    diff_href=diff_href,
    render_ref=render,
    kind_names=KIND_NAMES,
    role_names=ROLE_NAMES,
    binding_names=BINDING_NAMES,
    joined_names=JOINED_NAMES,
    absatz_anchor=absatz_anchor,
    section_blocks=section_blocks,
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
    """The page for an error."""
    status, body = error_of(error)
    return render_page(request, "error.html", {"error": body, "here": request.url.path}, status)
