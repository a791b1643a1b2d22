"""Pages on what changed in the law."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from rag.changes import updates
from rag.errors import BadQuestion
from service.api import engine_of
from service.changes import absatz_line, as_markdown, norm_line, summary_line, wanted_report
from service.rendering import failure, render_page

router = APIRouter(include_in_schema=False)


@router.get("/aenderungen", response_class=HTMLResponse)
def updates_page(request: Request) -> HTMLResponse:
    """Every update that brought other law, newest first."""
    return render_page(request, "updates.html", {"updates": updates(engine_of(request).engine)})


@router.get("/aenderungen/{generation}.md")
def changes_file(request: Request, generation: str) -> Response:
    """The report of an update as a Markdown file."""
    try:
        report = wanted_report(engine_of(request), new=generation)
    except BadQuestion as error:
        return failure(request, error)
    name = f"aenderungen-{generation}.md"
    return Response(
        as_markdown(report),
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/aenderungen/{generation}", response_class=HTMLResponse)
def changes_page(request: Request, generation: str) -> HTMLResponse:
    """What an update changed, word by word, and who is affected."""
    try:
        report = wanted_report(engine_of(request), new=generation)
    except BadQuestion as error:
        return failure(request, error)
    shown: dict[str, object] = {
        "report": report,
        "generation": generation,
        "summary": summary_line(report),
        "norm_line": norm_line,
        "absatz_line": absatz_line,
    }
    return render_page(request, "changes.html", shown)
