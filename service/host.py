"""What the service lends to pages of other packages: rendering, the guard of changes, corpus and jobs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import Request

from corpus.store.reading import CorpusReader
from service import admin, forms
from service.admin_api import jobs_of
from service.api import engine_of, settings_of
from service.job_store import Job, JobKind, Order
from service.jobs import Jobs, UnknownJob
from service.rendering import page_renderer

_EVALUATIONS = (JobKind.EVAL,)


class EvaluationJobs:
    """The evaluations among the jobs."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def start(self, cases: Path) -> Job:
        """Evaluate a file of cases; raises what :meth:`service.jobs.Jobs.start` does."""
        return self._jobs.start(Order(JobKind.EVAL, path=str(cases)))

    def newest(self, most: int) -> tuple[Job, ...]:
        """The last ones, newest first."""
        return self._jobs.newest(most, _EVALUATIONS)

    def get(self, number: int) -> Job:
        """One of them; raises :class:`service.jobs.UnknownJob`."""
        job = self._jobs.get(number)
        if job.order.kind not in _EVALUATIONS:
            raise UnknownJob
        return job

    def cancel(self, number: int) -> None:
        """Ask one to end; raises what :meth:`service.jobs.Jobs.cancel` does."""
        self._jobs.cancel(self.get(number).id)

    def log(self, number: int) -> str:
        """The end of what one wrote for people."""
        return self._jobs.log(number)

    def output(self, number: int) -> str:
        """What one wrote for machines; "" if it did not get there."""
        return self._jobs.output(number)


class Host:
    """Handed to the pages at ``request.app.state.host``."""

    def __init__(self, templates: Sequence[Path]) -> None:
        self.render = page_renderer(templates)
        """As :func:`service.rendering.render_page`, with the templates of the plugins."""
        self.is_admin = admin.is_admin
        self.require_admin = admin.require_admin
        self.form = forms.form_fields

    def own_cases(self, request: Request) -> Path:
        """Where the office keeps its own cases."""
        return settings_of(request).folder.cases

    def runs(self, request: Request) -> Path:
        """Where evaluation runs are kept."""
        return settings_of(request).runs

    def reader(self, request: Request) -> CorpusReader:
        """The corpus that answers now; raises :class:`rag.errors.NotReady`."""
        return engine_of(request).index().reader

    def evaluations(self, request: Request) -> EvaluationJobs:
        """The jobs that evaluate."""
        return EvaluationJobs(jobs_of(request))
