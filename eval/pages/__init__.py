"""The pages for evaluators, which the service finds by its entry point group ``fundstelle.pages``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from eval.pages import case_pages, comparison_page, run_pages, start_pages
from eval.refusal import Refused

_HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Pages:
    """What the service is given."""

    title: str
    router: APIRouter
    templates: Path
    static: Path
    refusal: type[Exception]


def _router() -> APIRouter:
    router = APIRouter()
    for part in (start_pages, run_pages, comparison_page, case_pages):
        router.include_router(part.router)
    return router


pages = Pages("Qualität", _router(), _HERE / "templates", _HERE / "static", Refused)
