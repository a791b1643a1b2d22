"""What these pages need of the service that shows them; it hands itself over, they import nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, cast

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus.store.reading import CorpusReader
from eval import names
from eval.casebook import Casebook
from eval.plots import chance, number, signed
from eval.shelf import Shelf
from eval.stats import Estimate
from eval.summary import METRICS


class JobState(Protocol):
    """Where a job is in its life."""

    @property
    def active(self) -> bool:
        """Whether more is to come."""
        ...

    @property
    def name(self) -> str:
        """For style sheets."""
        ...

    @property
    def value(self) -> str:
        """German."""
        ...


class Job(Protocol):
    """An evaluation in a process of its own."""

    @property
    def id(self) -> int:
        """Counts from 1."""
        ...

    @property
    def state(self) -> JobState:
        """How it stands."""
        ...

    @property
    def started_at(self) -> datetime:
        """UTC."""
        ...

    @property
    def code(self) -> str:
        """Why it failed; "" if it did not."""
        ...

    @property
    def message(self) -> str:
        """German sentence to that."""
        ...


class Jobs(Protocol):
    """The evaluations that the service starts and follows."""

    def start(self, cases: Path) -> Job:
        """Evaluate a file of cases."""
        ...

    def newest(self, most: int) -> Sequence[Job]:
        """The last ones, newest first."""
        ...

    def get(self, number: int) -> Job:
        """One of them."""
        ...

    def cancel(self, number: int) -> None:
        """Ask one to end."""
        ...

    def log(self, number: int) -> str:
        """The end of what one wrote for people."""
        ...

    def output(self, number: int) -> str:
        """What one wrote for machines; "" if it did not get there."""
        ...


class Render(Protocol):
    """Makes a page of a template that extends the service's."""

    def __call__(
        self, request: Request, name: str, values: dict[str, object], status: int = 200
    ) -> HTMLResponse:
        """The template with these values as a page."""
        ...


class Host(Protocol):
    """The service, as far as these pages know it; its errors become answers by themselves."""

    @property
    def render(self) -> Render:
        """Make a page."""
        ...

    def is_admin(self, request: Request, /) -> bool:
        """Whether to offer what changes something."""
        ...

    def require_admin(self, request: Request, /) -> None:
        """Raise unless the request may change something."""
        ...

    async def form(self, request: Request, /) -> dict[str, str]:
        """The fields of a submitted form."""
        ...

    def own_cases(self, request: Request) -> Path:
        """Where the office keeps its own cases."""
        ...

    def runs(self, request: Request) -> Path:
        """Where runs are kept."""
        ...

    def reader(self, request: Request) -> CorpusReader:
        """The corpus that answers now."""
        ...

    def evaluations(self, request: Request) -> Jobs:
        """The jobs that evaluate."""
        ...


def host_of(request: Request) -> Host:
    """The service that shows this page."""
    return cast(Host, request.app.state.host)


def admin(request: Request) -> None:
    """Dependency: only the administration."""
    host_of(request).require_admin(request)


async def form_fields(request: Request) -> dict[str, str]:
    """Dependency: the fields of a submitted form."""
    return await host_of(request).form(request)


def shelf_of(request: Request) -> Shelf:
    """Dependency: the runs."""
    return Shelf(host_of(request).runs(request))


def casebook_of(request: Request) -> Casebook:
    """Dependency: the cases."""
    return Casebook(host_of(request).own_cases(request))


def page(request: Request, name: str, values: dict[str, object], status: int = 200) -> HTMLResponse:
    """A template with what all of these know."""
    host = host_of(request)
    known: dict[str, object] = {
        "admin": host.is_admin(request),
        "here": request.url.path,
        "metric_names": METRICS,
        "names": names,
        "shown": names.shown,
        "chance": chance,
        "number": number,
        "signed": signed,
        "interval": _interval,
        "today": date.today(),
    }
    return host.render(request, name, known | values, status)


def _interval(value: Estimate) -> str:
    """As „0,79 bis 0,86“; a dash where there is none."""
    if value.low is None or value.high is None:
        return "–"
    return f"{number(value.low)} bis {number(value.high)}"
