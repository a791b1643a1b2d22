"""The first page of the evaluation: runs, their course over time, and the start of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.cases import CaseError
from eval.casebook import BookFile, Casebook
from eval.pages.host import admin, casebook_of, form_fields, host_of, page, shelf_of
from eval.plots import trend_plot
from eval.refusal import Refused
from eval.run_json import run_of_output
from eval.shelf import HEADLINE, Card, Shelf

router = APIRouter(prefix="/qualitaet", include_in_schema=False)
_JOBS_SHOWN = 5
_ALL = "alle"
_JOB = "/qualitaet/vorgang"


@router.get("", response_class=HTMLResponse)
def runs_page(
    request: Request,
    shelf: Annotated[Shelf, Depends(shelf_of)],
    casebook: Annotated[Casebook, Depends(casebook_of)],
    faelle: str = "",
    kennzahl: str = "recall@5",
) -> HTMLResponse:
    """All runs, those of one file of cases as a course."""
    cards = shelf.cards()
    # The same cases: a file of the same name may have had others before.
    sets = {card.cases_digest: card.questions for card in reversed(cards)}
    newest = cards[0].cases_digest if cards else ""
    chosen = faelle if faelle in (*sets, _ALL) else newest
    own = [card for card in cards if chosen in (card.cases_digest, _ALL)]
    metric = kennzahl if kennzahl in HEADLINE else "recall@5"
    jobs = host_of(request).evaluations(request).newest(_JOBS_SHOWN)
    values: dict[str, object] = {
        "cards": cards,
        "own": own,
        "chosen": chosen,
        "sets": sets,
        "every": _ALL,
        "metric": metric,
        "headline": HEADLINE,
        "trend": None if chosen == _ALL else _trend(own, metric),
        "broken": shelf.broken(),
        "running": next((job for job in jobs if job.state.active), None),
        "jobs": jobs,
        "startable": [(file, count) for file in casebook.files() if (count := _count(file))],
    }
    return page(request, "qualitaet.html", values)


def _trend(cards: Sequence[Card], metric: str) -> object:
    if len(cards) < 2:
        return None
    rows = [(f"{card.created_at:%d.%m.%Y}", card.estimates[metric]) for card in reversed(cards)]
    return trend_plot(rows, "Mittelwert mit 95-%-Intervall")


def _count(file: BookFile) -> int:
    """How many cases it holds; 0 for a file that cannot be read, which the page of cases names."""
    try:
        return len(file.cases())
    except CaseError:
        return 0


@router.post("/start", dependencies=[Depends(admin)])
def start(
    request: Request,
    form: Annotated[dict[str, str], Depends(form_fields)],
    casebook: Annotated[Casebook, Depends(casebook_of)],
) -> Response:
    """Evaluate a file of cases in a process of its own."""
    file = casebook.file(form.get("faelle", ""))
    if not _count(file):
        raise Refused(422, "bad_cases", f"In „{file.title}“ steht kein lesbarer Fall.")
    job = host_of(request).evaluations(request).start(file.path)
    return RedirectResponse(f"{_JOB}/{job.id}", status_code=303)


@router.get("/vorgang/{number}", response_class=HTMLResponse, dependencies=[Depends(admin)])
def job_page(
    request: Request, number: int, shelf: Annotated[Shelf, Depends(shelf_of)]
) -> HTMLResponse:
    """How far an evaluation is, and what came of it."""
    jobs = host_of(request).evaluations(request)
    job = jobs.get(number)
    name = "" if job.state.active else run_of_output(jobs.output(number))
    values: dict[str, object] = {
        "job": job,
        "log": jobs.log(number),
        "place": _JOB,
        "run": name if any(card.name == name for card in shelf.cards()) else "",
    }
    return page(request, "auswertung.html", values)


@router.post("/vorgang/{number}/abbrechen", dependencies=[Depends(admin)])
def cancel(request: Request, number: int) -> Response:
    """Ask an evaluation to end."""
    host_of(request).evaluations(request).cancel(number)
    return RedirectResponse(f"{_JOB}/{number}", status_code=303)
