"""The entry page of the administration: the few numbers that one wants to see in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from corpus.models import Kind
from corpus.store.feedback import all_feedback
from corpus.store.reading import CorpusReader, checks, generations, published
from ingest.report import IngestReport, read_report
from rag.coverage import coverage_by_law
from rag.engine import Fundstelle
from rag.errors import NotReady
from rag.index import Index
from rag.reviews import waiting
from service.admin import HOME, Admin
from service.admin_api import jobs_of
from service.api import engine_of, settings_of
from service.job_store import UPDATES, Job, JobState
from service.rendering import local_time, render_page
from service.review_pages import recent_gaps

router = APIRouter(include_in_schema=False, dependencies=[Admin])


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the morning, and where more stands."""

    title: str
    value: str
    note: str
    """One German sentence on what the number means."""
    href: str
    waits: bool = False
    """Whether somebody has to do something."""


@router.get(HOME, response_class=HTMLResponse)
def overview_page(request: Request) -> HTMLResponse:
    """How the corpus stands, what went wrong, and what waits for somebody."""
    fundstelle = engine_of(request)
    job = next(iter(jobs_of(request).newest(1, UPDATES)), None)
    report = read_report(settings_of(request).folder.last_report)
    shown: dict[str, object] = {"running": job if job and job.state.active else None}
    figures = [_update(job, report), *_problems(report)]
    try:
        index = fundstelle.index()
    except NotReady as error:
        shown |= {"not_ready": error.message, "figures": figures}
        return render_page(request, "overview.html", shown, 503)
    shown |= {
        "figures": [
            _stand(index),
            *figures,
            *_gone_back(fundstelle.engine),
            _waiting(index.reader),
            _gaps(fundstelle),
            _feedback(fundstelle.engine),
            _covered(index),
        ],
    }
    return render_page(request, "overview.html", shown)


def _stand(index: Index) -> Figure:
    """How long ago the law that was compared with its source longest ago was compared."""
    reader = index.reader
    kinds = [state.kind for state in reader.sources.values()]
    laws = kinds.count(Kind.LAW)
    documents = kinds.count(Kind.MEMO) + kinds.count(Kind.DECREE)
    days = [
        check.checked_on
        for source, check in checks(reader.engine).items()
        if source in reader.sources and reader.sources[source].kind is Kind.LAW
    ]
    held = f"{documents} Arbeitshilfen und Erlasse; {index.manifest.passages} Fundstellen."
    return Figure(
        "Stand des Bestands",
        _day(min(days)) if days else "ohne Gesetze",
        f"{laws} Gesetze, zuletzt an diesem Tag abgeglichen; {held}" if days else held,
        "/bestand",
        waits=not index.manifest.official,
    )


def _update(job: Job | None, report: IngestReport | None) -> Figure:
    """The last update, whether the service or the command line did it."""
    title = "Letzte Aktualisierung"
    if job is not None and (report is None or job.started_at > report.ended_at):
        if job.state.active:
            return Figure(title, "läuft", job.stage or "Wird vorbereitet.", "/aktualisierung")
        if job.state is not JobState.DONE:
            return Figure(
                title,
                job.state.value,
                job.message or f"Begonnen am {_day(local_time(job.started_at).date())}.",
                f"/aktualisierung/{job.id}",
                waits=True,
            )
    if report is None:
        return Figure(title, "noch keine", "Der Bestand ist leer.", "/aktualisierung", waits=True)
    ended = local_time(report.ended_at)
    changed = sum(not source.unchanged for source in report.sources)
    note = (
        f"Gelungen um {ended:%H:%M} Uhr: {changed} Quellen neu oder geändert."
        if report.published
        else f"Gelungen um {ended:%H:%M} Uhr: Der Bestand war aktuell."
    )
    return Figure(title, _day(ended.date()), note, "/aktualisierung")


def _problems(report: IngestReport | None) -> list[Figure]:
    if report is None or not report.problems:
        return []
    sources = {problem.source for problem in report.problems}
    return [
        Figure(
            "Hinweise zu Dateien",
            str(len(sources)),
            "Dateien, die nicht oder nicht ganz übernommen wurden.",
            "/bestand#probleme",
            waits=True,
        )
    ]


def _gone_back(engine: Engine) -> list[Figure]:
    """Said only while an earlier generation answers than the newest one."""
    newest = max((g.number for g in generations(engine) if g.published_at), default=0)
    # The open index follows within a second; the store knows at once.
    now = published(engine)
    if now is None or now.number == newest:
        return []
    return [
        Figure(
            "Es antwortet ein früherer Bestand",
            f"Generation {now.number}",
            f"Die neueste ist Generation {newest}.",
            "/aktualisierung#generationen",
            waits=True,
        )
    ]


def _waiting(reader: CorpusReader) -> Figure:
    count = len(waiting(reader))
    note = (
        "Dokumente, deren Rechtsgrundlage sich geändert hat oder deren Prüfdatum verstrichen ist."
    )
    return Figure("Zu prüfen", str(count), note, "/pruefliste", waits=count > 0)


def _gaps(fundstelle: Fundstelle) -> Figure:
    count = sum(gap.count for gap in recent_gaps(fundstelle))
    note = "So oft wurde in den letzten vier Wochen gefragt, ohne dass sich etwas fand."
    return Figure("Fragen ohne Fund", str(count), note, "/luecken", waits=count > 0)


def _feedback(engine: Engine) -> Figure:
    found = all_feedback(engine)
    count = sum(not one.seen for one in found)
    note = f"Insgesamt {len(found)} Rückmeldungen zu Antworten."
    href = "/rueckmeldungen?ungelesen=1" if count else "/rueckmeldungen"
    return Figure("Ungelesene Rückmeldungen", str(count), note, href, waits=count > 0)


def _covered(index: Index) -> Figure:
    laws = coverage_by_law(index)
    covered, absaetze = (
        sum(getattr(law, name) for law in laws) for name in ("covered", "absaetze")
    )
    share = f"{covered / absaetze:.0%}".replace("%", " %") if absaetze else "–"
    note = f"Für {covered} von {absaetze} Absätzen gibt es kuratierte Fragen."
    return Figure("Abdeckung", share, note, "/abdeckung")


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
