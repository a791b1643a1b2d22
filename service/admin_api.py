"""The HTTP contract of the administration: jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from service.admin import Admin
from service.job_store import Job, Order
from service.jobs import Jobs
from service.present import job_out
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


Running = Annotated[Jobs, Depends(jobs_of)]


@router.post("/jobs", status_code=201, summary="Vorgang starten")
def start(order: JobOrder, jobs: Running) -> JobOut:
    """Start an ingest, or take in earlier versions, in a process of its own."""
    return job_out(jobs.start(Order(order.kind, order.laws.strip(), order.folder.strip())))


@router.get("/jobs", summary="Letzte Vorgänge")
def newest(jobs: Running) -> JobList:
    """The last jobs, newest first."""
    return JobList(jobs=tuple(job_out(job) for job in jobs.newest()))


@router.get("/jobs/{number}", summary="Vorgang mit Protokoll und Bericht")
def one(number: int, jobs: Running) -> JobDetail:
    """How far a job is, what it wrote and what it did."""
    return _detail(jobs, jobs.get(number))


@router.post("/jobs/{number}/cancel", summary="Vorgang abbrechen")
def cancel(number: int, jobs: Running) -> JobOut:
    """Ask a job to end; what is published stays."""
    return job_out(jobs.cancel(number))


@router.post("/jobs/{number}/again", status_code=201, summary="Vorgang erneut starten")
def again(number: int, jobs: Running) -> JobOut:
    """Start what a job was told to do once more."""
    return job_out(jobs.again(number))


def _detail(jobs: Jobs, job: Job) -> JobDetail:
    report = None if job.state.active else jobs.report(job.id)
    return JobDetail(**job_out(job).model_dump(), log=jobs.log(job.id), report=report)
