"""Two runs side by side: what changed, how surely, and the questions won and lost with both answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from eval.export import changes_json, comparison_csv
from eval.pages.host import page, shelf_of
from eval.pages.run_pages import corpus_versions, download, meets
from eval.plots import difference_plot
from eval.results import CaseResult, Run
from eval.shelf import Shelf, compared, system_of
from eval.summary import METRICS, CaseChange, case_changes

router = APIRouter(prefix="/qualitaet", include_in_schema=False)
Runs = Annotated[Shelf, Depends(shelf_of)]
_SYSTEM = "fundstelle"
_CASES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Side:
    """One of two runs on one case."""

    run: Run
    case: CaseResult
    ranking: tuple[tuple[str, bool], ...]
    """The first five norms, and whether the case requires each."""


@dataclass(frozen=True, slots=True)
class Duel:
    """A case that one run answers better."""

    change: CaseChange
    sides: tuple[Side, Side]


@router.get("/vergleich.csv")
def as_csv(shelf: Runs, a: str, b: str, system: str = _SYSTEM) -> Response:
    """Every metric of every case in both runs."""
    one, two = shelf.run(a), shelf.run(b)
    compared(one, two, system)
    return download(comparison_csv(case_changes(one, two, system)), f"{a}-{b}.csv", "text/csv")


@router.get("/vergleich.json")
def as_json(shelf: Runs, a: str, b: str, system: str = _SYSTEM) -> Response:
    """The differences with their intervals, and the cases won and lost."""
    found = changes_json(compared(shelf.run(a), shelf.run(b), system))
    text = json.dumps({"a": a, "b": b, "system": system, "changes": found}, ensure_ascii=False)
    return download(text, f"{a}-{b}.json", "application/json")


@router.get("/vergleich", response_class=HTMLResponse)
def comparison_page(
    request: Request,
    shelf: Runs,
    a: str = "",
    b: str = "",
    kennzahl: str = "recall@5",
    system: str = _SYSTEM,
) -> HTMLResponse:
    """B against A; without both, which runs there are to choose from."""
    values: dict[str, object] = {
        "cards": shelf.cards(),
        "a": a,
        "b": b,
        "metric": kennzahl if kennzahl in METRICS else "recall@5",
        "system": system,
    }
    if not (a and b):
        return page(request, "vergleich.html", values)
    one, two = shelf.run(a), shelf.run(b)
    changes = [c for c in compared(one, two, system) if c.difference.mean is not None]
    duels = _duels(one, two, system, str(values["metric"]))
    rows = [(METRICS[c.metric], c.difference) for c in changes]
    values |= {
        "one": one,
        "two": two,
        "differs": _differing(one, two, system),
        "changes": changes,
        "plot": difference_plot(rows, "B minus A, mit 95-%-Intervall"),
        "duels": duels[:_CASES_SHOWN],
        "won": sum(duel.change.result == "won" for duel in duels),
        "lost": sum(duel.change.result == "lost" for duel in duels),
    }
    return page(request, "vergleich.html", values)


def _differing(a: Run, b: Run, system: str) -> list[tuple[str, str, str]]:
    """What else is not the same in both runs: then a difference has more than one possible reason."""
    old, new = system_of(a, system), system_of(b, system)
    pairs = [
        ("Fälle", a.cases_file, b.cases_file),
        ("Prüfsumme der Fälle", a.cases_digest[:12], b.cases_digest[:12]),
        ("Bestand", ", ".join(corpus_versions(old)), ", ".join(corpus_versions(new))),
    ]
    unknown = "nicht vermerkt"
    for title, name in (
        ("Sprachmodell der Suche", "encoder"),
        ("Reranker", "reranker"),
        ("Sprachmodell der Antwort", "model"),
    ):
        shown = [
            unknown if one.settings is None else getattr(one.settings, name) or "keins"
            for one in (old, new)
        ]
        pairs.append((title, shown[0], shown[1]))
    return [pair for pair in pairs if pair[1] != pair[2]]


def _duels(a: Run, b: Run, system: str, metric: str) -> list[Duel]:
    """Lost ones first: they are what a person wants to know before taking B over."""
    old = {case.id: case for case in system_of(a, system).cases}
    new = {case.id: case for case in system_of(b, system).cases}
    changes = case_changes(a, b, system, (metric,))
    return [
        Duel(change, (_side(a, old[change.id]), _side(b, new[change.id])))
        for result in ("lost", "won")
        for change in changes
        if change.result == result
    ]


def _side(run: Run, case: CaseResult) -> Side:
    return Side(run, case, tuple((norm, meets(norm, case)) for norm in case.ranking[:5]))
