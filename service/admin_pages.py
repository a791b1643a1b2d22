"""The pages of the administration: bring the corpus up to date, see how that went, go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.store.reading import CorpusReader, generations, published
from ingest.generations import RollbackImpossible, list_generations, returnable, rollback
from ingest.lock import Locked
from ingest.report import IngestReport
from service.admin import Admin
from service.admin_api import Configured, Running, jobs_of
from service.api import engine_of, settings_of
from service.job_store import UPDATES, Job, JobKind, JobState, Order
from service.jobs import JobOver
from service.rendering import render_page
from service.schedule import next_run
from service.settings import Settings

HOME = "/aktualisierung"

router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[Admin])


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as the pages show it."""

    job: Job
    outcome: str
    """German: what came of it; "" while it runs."""
    duration: str
    """"4:07" (minutes and seconds); "" while it runs."""
    generation: int | None
    """The generation that it published."""

    @property
    def may_repeat(self) -> bool:
        """Whether it did not get to its end."""
        return not self.job.state.active and self.job.state is not JobState.DONE


@router.get("", response_class=HTMLResponse)
def updates_page(request: Request, vorher: Annotated[int | None, Query()] = None) -> HTMLResponse:
    """The button, what runs, what ran, and the generations.

    ``vorher``: the generation that answered before somebody went back, to be offered as undo.
    """
    return _updates(request, before=vorher)


@router.post("")
def start(request: Request, jobs: Running) -> Response:
    """The button."""
    try:
        jobs.start(Order(JobKind.INGEST))
    except Locked as error:
        return _updates(request, error.message)
    return _back()


@router.get("/{number}", response_class=HTMLResponse)
def job_page(request: Request, number: int, jobs: Running) -> HTMLResponse:
    """One job with its log."""
    job = jobs.get(number)
    report = None if job.state.active else jobs.report(number)
    shown: dict[str, object] = {
        "job": job,
        "shown": _shown(job, report, _numbers(request)),
        "report": report,
        "log": jobs.log(number),
    }
    return render_page(request, "job.html", shown)


@router.post("/{number}/abbrechen")
def cancel(request: Request, number: int, jobs: Running) -> Response:
    """Cancel a job."""
    try:
        jobs.cancel(number)
    except JobOver as error:
        return _updates(request, error.message)
    return _back()


@router.post("/{number}/erneut")
def again(request: Request, number: int, jobs: Running) -> Response:
    """Start a job once more."""
    try:
        jobs.again(number)
    except Locked as error:
        return _updates(request, error.message)
    return _back()


@router.get("/generation/{number}/zurueck", response_class=HTMLResponse)
def confirm_page(request: Request, number: int, settings: Configured) -> HTMLResponse:
    """What going back to a generation would mean, before anybody does it."""
    engine = engine_of(request).engine
    try:
        wanted = returnable(settings.folder, engine, number)
    except RollbackImpossible as error:
        return _updates(request, error.message)
    now = published(engine)
    shown: dict[str, object] = {
        "wanted": wanted.record,
        "now": now,
        "differences": _differences(
            CorpusReader(engine, number), CorpusReader(engine, now.number) if now else None
        ),
        "next_run": _next_run(settings),
    }
    return render_page(request, "rollback.html", shown)


@router.post("/generation/{number}/zurueck")
def roll_back(request: Request, number: int, settings: Configured) -> Response:
    """Go back to an earlier generation."""
    before = published(engine_of(request).engine)
    try:
        rollback(settings.folder, settings.database_url, number)
    except (Locked, RollbackImpossible) as error:
        return _updates(request, error.message)
    return RedirectResponse(f"{HOME}?vorher={before.number}" if before else HOME, status_code=303)


def _differences(wanted: CorpusReader, now: CorpusReader | None) -> dict[str, list[str]]:
    """German heading -> titles of the sources that one sees otherwise in ``wanted``."""
    held = now.sources if now else {}
    both = wanted.sources.keys() & held.keys()
    found = {
        "in der früheren Fassung": [
            wanted.sources[s].title for s in both if wanted.sources[s].digest != held[s].digest
        ],
        "nicht mehr dabei": [held[s].title for s in held.keys() - wanted.sources.keys()],
        "wieder dabei": [wanted.sources[s].title for s in wanted.sources.keys() - held.keys()],
    }
    return {heading: sorted(titles) for heading, titles in found.items() if titles}


def _back() -> Response:
    return RedirectResponse(HOME, status_code=303)


def _updates(request: Request, problem: str = "", before: int | None = None) -> HTMLResponse:
    """The page; with a problem that says why something could not be done."""
    jobs = jobs_of(request)
    numbers = _numbers(request)
    newest = jobs.newest(kinds=UPDATES)
    running = next((job for job in newest if job.state.active), None)
    settings = settings_of(request)
    engine = engine_of(request).engine
    held = list_generations(settings.folder, engine)
    shown: dict[str, object] = {
        "problem": problem,
        "running": running,
        "log": jobs.log(running.id) if running else "",
        "jobs": [
            _shown(job, jobs.report(job.id), numbers) for job in newest if not job.state.active
        ],
        "generations": [g for g in reversed(held) if g.record.published_at],
        "answering": next((g.record for g in held if g.answering), None),
        "before": next(
            (g.record for g in held if g.record.number == before and g.can_answer), None
        ),
        "next_run": _next_run(settings),
    }
    return render_page(request, "maintenance.html", shown, 409 if problem else 200)


def _next_run(settings: Settings) -> datetime | None:
    """When the service updates by itself; None: never."""
    at = settings.update_at
    return next_run(datetime.now(), at).astimezone() if at else None


def _numbers(request: Request) -> dict[str, int]:
    """Name of every generation -> its number."""
    return {g.name: g.number for g in generations(engine_of(request).engine)}


def _shown(job: Job, report: IngestReport | None, numbers: dict[str, int]) -> ShownJob:
    took = job.ended_at - job.started_at if job.ended_at else None
    return ShownJob(
        job=job,
        outcome=job.message or _outcome(report),
        duration=_minutes(took) if took else "",
        generation=numbers.get(report.published) if report and report.published else None,
    )


def _outcome(report: IngestReport | None) -> str:
    """What an ingest did, in one or two sentences."""
    if report is None:
        return ""
    changed = sum(not source.unchanged for source in report.sources)
    done = (
        f"{changed} Quellen neu oder geändert, {len(report.removed)} entfernt."
        if report.published
        else "Nichts zu tun, der Bestand ist aktuell."
    )
    problems = len(report.problems)
    return f"{done} {problems} Hinweise zu Dateien." if problems else done


def _minutes(took: timedelta) -> str:
    minutes, seconds = divmod(round(took.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
