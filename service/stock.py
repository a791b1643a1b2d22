"""The page that shows what the corpus holds: every source, how fresh it is, and what was not taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.models import HIERARCHY, Kind, MemoMeta, MemoStatus
from corpus.store.reading import CorpusReader, SourceState, checks
from ingest.report import IngestReport, read_report
from rag.errors import NotReady
from service.admin_api import jobs_of
from service.api import engine_of, settings_of
from service.guidance import guide
from service.job_store import UPDATES, Job, JobState
from service.jobs import Jobs
from service.rendering import render_page

router = APIRouter(include_in_schema=False)

STATUS_NAMES = {
    MemoStatus.CURRENT: "gilt",
    MemoStatus.REVIEW: "zu prüfen",
    MemoStatus.WITHDRAWN: "zurückgezogen",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One source as the page shows it."""

    state: SourceState
    href: str
    stand: str
    """The last part of the Stand line: the newest change."""
    versions: int
    """Days on which the text of a law is held; 0 for documents."""
    newest: date | None
    """Day of the newest text."""
    checked_on: date | None
    """When it was last compared with its source."""
    status: str
    """German, for memos and decrees; else ""."""
    overdue: bool
    """Whether the day by which it was to be reviewed is past."""


def holdings(
    reader: CorpusReader, checked: Mapping[str, date], today: date
) -> dict[Kind, list[Holding]]:
    """Every source by kind, in the order of legal weight, then by name."""
    found: dict[Kind, list[Holding]] = {kind: [] for kind in HIERARCHY}
    for state in sorted(reader.sources.values(), key=lambda s: (s.name.casefold(), s.source)):
        days = reader.snapshots.get(state.source, ())
        meta = state.meta
        found[state.kind].append(
            Holding(
                state=state,
                href=f"/gesetz/{state.name}" if state.kind is Kind.LAW else state.url,
                stand=state.stand.split("; ")[-1],
                versions=len(days),
                newest=days[-1].day if days else state.built_on,
                checked_on=checked.get(state.source),
                status=STATUS_NAMES[meta.status] if meta else "",
                overdue=_is_overdue(meta, today),
            )
        )
    return {kind: rows for kind, rows in found.items() if rows}


def _is_overdue(meta: MemoMeta | None, today: date) -> bool:
    return meta is not None and meta.review_by is not None and meta.review_by < today


def _failed_since(jobs: Jobs, report: IngestReport | None) -> Job | None:
    """The last job, if it failed after the ingest that the report is about."""
    last = next(iter(jobs.newest(1, UPDATES)), None)
    if last is None or last.state not in (JobState.FAILED, JobState.INTERRUPTED):
        return None
    return last if report is None or last.started_at > report.ended_at else None


@router.get("/bestand", response_class=HTMLResponse)
def stock_page(
    request: Request,
    art: Annotated[Literal["", "law", "decree", "memo", "summary"], Query()] = "",
) -> HTMLResponse:
    """All sources, and what the last ingest could not take in."""
    settings = settings_of(request)
    engine = engine_of(request)
    report = read_report(settings.folder.last_report)
    shown: dict[str, object] = {
        "art": art,
        "report": report,
        "failed": _failed_since(jobs_of(request), report),
    }
    try:
        index = engine.index()
    except NotReady as error:
        shown |= {"not_ready": error.message, "guide": guide(503)}
        return render_page(request, "stock.html", shown, 503)
    checked = {source: check.checked_on for source, check in checks(engine.engine).items()}
    rows = holdings(index.reader, checked, datetime.now(UTC).date())
    shown |= {
        "counts": {kind: len(held) for kind, held in rows.items()},
        "rows": {kind: held for kind, held in rows.items() if art in ("", kind.value)},
    }
    return render_page(request, "stock.html", shown)
