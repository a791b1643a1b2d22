"""What Fundstelle is: in easy language, and the declaration of its accessibility."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from service.api import settings_of
from service.rendering import render_page

router = APIRouter(include_in_schema=False)


@router.get("/einfach", response_class=HTMLResponse)
def easy_page(request: Request) -> HTMLResponse:
    """What the tool does and does not do, in easy language."""
    return render_page(request, "easy.html", {})


@router.get("/barrierefreiheit", response_class=HTMLResponse)
def accessibility_page(request: Request) -> HTMLResponse:
    """The declaration that BITV 2.0 asks for; who runs the service is told by its settings."""
    settings = settings_of(request)
    shown: dict[str, object] = {"office": settings.office, "contact": settings.contact}
    return render_page(request, "accessibility.html", shown)
