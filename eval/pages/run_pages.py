"""One run: its metrics as tables and plots, its cases, one case in full, and the files to take along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from corpus.citations import parse
from corpus.models import NormRef
from eval import names
from eval.export import run_csv
from eval.pages.host import casebook_of, page, shelf_of
from eval.plots import dot_plot, histogram, risk_plot
from eval.results import CaseResult, SystemResult
from eval.risk import risk_curve
from eval.shelf import Shelf, case_of, system_of
from eval.stats import Estimate
from eval.summary import METRICS, Row, grouped
from eval.timing import Timing, timing
from eval.verdicts import Verdict, verdict_of

router = APIRouter(prefix="/qualitaet/lauf", include_in_schema=False)
Runs = Annotated[Shelf, Depends(shelf_of)]
_PER_PAGE = 50
_GROUPINGS = (
    ("Typ", "Nach Art der Frage", names.TYPES),
    ("Register", "Danach, wer fragt", names.REGISTERS),
    ("Sprache", "Nach Sprache", names.LANGUAGES),
)


# Endings come before the page, whose name would take them in.
@router.get("/{name}.csv")
def as_csv(name: str, shelf: Runs) -> Response:
    """Every case of every system with its metrics."""
    return download(run_csv(shelf.run(name)), f"{name}.csv", "text/csv")


@router.get("/{name}.json")
def as_json(name: str, shelf: Runs) -> Response:
    """The run as it is kept."""
    return download(shelf.run(name).model_dump_json(indent=1), f"{name}.json", "application/json")


@router.get("/{name}", response_class=HTMLResponse)
def run_page(
    request: Request,
    name: str,
    shelf: Runs,
    kennzahl: str = "recall@5",
    system: str = "",
    zeige: str = "verfehlt",
    suche: str = "",
    seite: int = 1,
) -> HTMLResponse:
    """Metrics, plots, and the cases, those that went wrong first."""
    run = shelf.run(name)
    chosen = system_of(run, system)
    rows = shelf.rows(run)
    metric = kennzahl if kennzahl in METRICS else "recall@5"
    found = [case for case in chosen.cases if _wanted(case, zeige, suche)]
    pages = max(1, -(-len(found) // _PER_PAGE))
    here = min(max(seite, 1), pages)
    values: dict[str, object] = {
        "run": run,
        "name": name,
        "system": chosen,
        "others": [other for other in run.systems if other.system != chosen.system],
        "overall": _overall(rows, [chosen, *run.systems]),
        "groups": _groups(rows, chosen.system, metric),
        "metric": metric,
        "curve": (curve := risk_curve(chosen.cases)),
        "curve_plot": risk_plot(curve) if curve else None,
        "timings": [(one, histogram(one.milliseconds)) for one in _timings(chosen)],
        "found": [(case, verdict_of(case)) for case in found][
            (here - 1) * _PER_PAGE : here * _PER_PAGE
        ],
        "count": len(found),
        "zeige": zeige,
        "suche": suche,
        "seite": here,
        "pages": pages,
        "versions": corpus_versions(chosen),
    }
    return page(request, "lauf.html", values)


@router.get("/{name}/fall/{id}", response_class=HTMLResponse)
def case_page(request: Request, name: str, id: str, shelf: Runs, system: str = "") -> HTMLResponse:
    """One case in full: what was asked, found, answered and wanted."""
    run = shelf.run(name)
    chosen = system_of(run, system)
    case = case_of(chosen, id)
    place = chosen.cases.index(case)
    around = chosen.cases
    books = [file for file in casebook_of(request).files() if file.path.name == run.cases_file]
    values: dict[str, object] = {
        "run": run,
        "name": name,
        "system": chosen,
        "case": case,
        "verdict": verdict_of(case),
        "before": around[place - 1] if place else None,
        "after": around[place + 1] if place + 1 < len(around) else None,
        "hits": [(hit, meets(hit.citation, case)) for hit in case.hits],
        "ranking": [(norm, meets(norm, case)) for norm in case.ranking],
        "book": books[0] if books else None,
    }
    return page(request, "fall.html", values)


def download(text: str, name: str, kind: str) -> Response:
    """A file to keep."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


def meets(citation: str, case: CaseResult) -> bool:
    """Whether a place shown is one that the case requires, as far as both say it."""
    found = parse(citation)
    return found is not None and any(_same(found, ref) for ref in _places(case.gold))


def _places(citations: Iterable[str]) -> list[NormRef]:
    return [ref for ref in map(parse, citations) if ref is not None]


def _same(found: NormRef, wanted: NormRef) -> bool:
    absatz = None in (found.absatz, wanted.absatz) or found.absatz == wanted.absatz
    return found.norm == wanted.norm and absatz


def corpus_versions(system: SystemResult) -> tuple[str, ...]:
    """The corpora that answered, in the order of the cases; more than one if an update came between."""
    versions = (case.answer.corpus_version for case in system.cases if case.answer)
    return tuple(dict.fromkeys(version for version in versions if version)) or (system.version,)


def _wanted(case: CaseResult, show: str, text: str) -> bool:
    if text and text.casefold() not in f"{case.id} {case.question}".casefold():
        return False
    return show == "alle" or verdict_of(case) is not Verdict.RIGHT


def _overall(
    rows: Sequence[Row], systems: Sequence[SystemResult]
) -> list[tuple[str, list[Estimate]]]:
    """Metric -> its estimate for every system, the chosen one first; what nobody scored is left out."""
    order = tuple(dict.fromkeys(system.system for system in systems))
    by_system = {row.system: row.estimates for row in rows if row.group == "alle"}
    table = [(metric, [by_system[system][metric] for system in order]) for metric in METRICS]
    return [(metric, found) for metric, found in table if any(e.mean is not None for e in found)]


def _groups(rows: Sequence[Row], system: str, metric: str) -> list[dict[str, object]]:
    result: list[dict[str, object]] = []
    for grouping, title, known in _GROUPINGS:
        found = [
            (names.shown(known, name), row.cases, row.estimates[metric])
            for name, row in grouped(rows, system, grouping)
        ]
        if len(found) > 1:
            plot = dot_plot([(name, e) for name, _, e in found], METRICS[metric])
            result.append({"id": grouping.lower(), "title": title, "rows": found, "plot": plot})
    return result


def _timings(system: SystemResult) -> list[Timing]:
    searched = [case.milliseconds for case in system.cases]
    answered = [case.answer.milliseconds for case in system.cases if case.answer]
    pairs = (("Suche", searched), ("Antwort", answered))
    return [timing(title, values) for title, values in pairs if values]
