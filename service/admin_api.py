"""The HTTP contract of the administration: jobs and generations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from ingest.generations import rollback
from service.admin import Admin
from service.api import settings_of
from service.job_store import Order
from service.jobs import Jobs
from service.present import job_out
from service.settings import Settings
from service.wire import ErrorOut, JobDetail, JobList, JobOrder, JobOut

router = APIRouter(
    prefix="/api/admin",
    tags=["Verwaltung"],
    dependencies=[Admin],
    responses={
        401: {"model": ErrorOut, "description": "Nicht angemeldet"},
        403: {"model": ErrorOut, "description": "Nicht von diesem Rechner"},
        409: {"model": ErrorOut, "description": "Geht gerade nicht"},
    },
)


def jobs_of(request: Request) -> Jobs:
    """The jobs of the running application."""
    jobs: Jobs = request.app.state.jobs
    return jobs


Configured = Annotated[Settings, Depends(settings_of)]
Running = Annotated[Jobs, Depends(jobs_of)]


@router.post("/jobs", status_code=201, summary="Vorgang starten")
def start(order: JobOrder, jobs: Running) -> JobOut:
    """Start an ingest, the intake of earlier versions or an evaluation, in a process of its own."""
    return job_out(jobs.start(Order(order.kind, order.laws.strip(), order.folder.strip())))


@router.get("/jobs", summary="Letzte Vorgänge")
def newest(jobs: Running) -> JobList:
    """The last jobs, newest first."""
    return JobList(jobs=tuple(job_out(job) for job in jobs.newest()))


@router.get("/jobs/{number}", summary="Vorgang mit Protokoll und Bericht")
def one(number: int, jobs: Running) -> JobDetail:
    """How far a job is, what it wrote and what it did."""
    job = jobs.get(number)
    report = None if job.state.active else jobs.report(number)
    return JobDetail(**job_out(job).model_dump(), log=jobs.log(number), report=report)


@router.post("/jobs/{number}/cancel", summary="Vorgang abbrechen")
def cancel(number: int, jobs: Running) -> JobOut:
    """Ask a job to end; what is published stays."""
    return job_out(jobs.cancel(number))


@router.post("/jobs/{number}/again", status_code=201, summary="Vorgang erneut starten")
def again(number: int, jobs: Running) -> JobOut:
    """Start what a job was told to do once more."""
    return job_out(jobs.again(number))


@router.post(
    "/generations/{number}/rollback", status_code=204, summary="Zu einer Generation zurück"
)
def roll_back(number: int, settings: Configured) -> None:
    """Let an earlier generation answer again."""
    rollback(settings.folder, settings.database_url, number)
