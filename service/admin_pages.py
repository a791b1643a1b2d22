"""The pages of the administration: bring the corpus up to date, see how that went, go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.store.reading import generations
from corpus.store.use import gaps
from ingest.generations import RollbackImpossible, list_generations, rollback
from ingest.lock import Locked
from ingest.report import IngestReport
from service.admin import Admin
from service.admin_api import Configured, Running, jobs_of
from service.api import engine_of, settings_of
from service.job_store import UPDATES, Job, JobKind, JobState, Order
from service.jobs import JobOver
from service.rendering import render_page
from service.schedule import next_run

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
def updates_page(request: Request) -> HTMLResponse:
    """The button, what runs, what ran, and the generations."""
    return _updates(request)


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


@router.post("/generation/{number}/zurueck")
def roll_back(request: Request, number: int, settings: Configured) -> Response:
    """Go back to an earlier generation."""
    try:
        rollback(settings.folder, settings.database_url, number)
    except (Locked, RollbackImpossible) as error:
        return _updates(request, error.message)
    return _back()


def _back() -> Response:
    return RedirectResponse(HOME, status_code=303)


def _updates(request: Request, problem: str = "") -> HTMLResponse:
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
        "gaps": [gap for gap in gaps(engine) if gap.day >= date.today() - _RECENT][:_GAPS],
        "next_run": settings.update_at
        and next_run(datetime.now(), settings.update_at).astimezone(),
    }
    return render_page(request, "maintenance.html", shown, 409 if problem else 200)


# Questions that found nothing: how far back, and how many of them.
_RECENT, _GAPS = timedelta(weeks=4), 30


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
