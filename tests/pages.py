"""One example of every page, for the tests in Chromium and the pictures; a test knows if one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.sync_api import Browser, BrowserContext

from corpus.cases import read_cases
from corpus.store.database import open_database
from service.job_store import JobKind, JobState, JobStore, Order
from service.settings import CASES
from tests.conftest import LATER, TODAY

QUESTION = "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?"
OTHER_QUESTION = "Was setzt die Erteilung einer Aufenthaltserlaubnis in der Regel voraus?"
TOKEN = "geheim"
THEMES = ("hell", "dunkel", "kontrast")


@dataclass(frozen=True, slots=True)
class Example:
    """An address at which a page can be looked at."""

    name: str
    """Of the picture and in the names of tests."""
    path: str
    """``{answer}``, ``{document}``, ``{job}`` and so on stand for what a world holds."""
    admin: bool = False
    """Whether only the administration may see it."""
    status: int = 200
    two: bool = False
    """Whether it takes two generations to have something to show."""


def ask(question: str, **more: str) -> str:
    """Address of the answer to a question."""
    return "/?" + urlencode({"frage": question, **more})


EXAMPLES = (
    Example("start", "/"),
    Example("antwort", ask(QUESTION)),
    Example("unbekannte-vorschrift", ask("Was steht in § 25c AufenthG?")),
    Example("kein-fund", ask("Wann habt ihr am Montag geöffnet?")),
    Example("leere-frage-am-stichtag", ask("Pass", stichtag="2024-02-31"), status=422),
    Example("gespeichert", "/antwort/{answer}"),
    Example("norm", "/norm/AufenthG/16b?absatz=3&satz=1"),
    Example("aufzaehlung", "/norm/AufenthG/5"),
    Example("vergleich", "/norm/AufenthG/16b/vergleich?von={first_day}&bis={last_day}", two=True),
    Example("gesetz", "/gesetz/AufenthG"),
    Example("wissen", "/wissen"),
    Example("wissen-gesucht", "/wissen?q=Studium"),
    Example("neu", "/wissen/neu?seit=2025-03-05"),
    Example("dokument", "/dokument/{document}"),
    Example("einarbeitung", "/einarbeitung"),
    Example("thema", "/einarbeitung/studium"),
    Example("glossar", "/glossar"),
    Example("glossar-gesucht", "/glossar?q=fikti"),
    Example("nicht-gefunden", "/norm/AufenthG/25c", status=404),
    Example("keine-seite", "/gibt-es-nicht", status=404),
    Example("schnittstelle", "/docs"),
    Example("hilfe", "/hilfe"),
    Example("hilfe-teil", "/hilfe/verwaltung"),
    Example("einfache-sprache", "/einfach"),
    Example("barrierefreiheit", "/barrierefreiheit"),
    Example("anmelden", "/verwaltung/anmelden"),
    Example("qualitaet", "/qualitaet"),
    Example("lauf", "/qualitaet/lauf/lauf-1"),
    Example("fall-im-lauf", "/qualitaet/lauf/lauf-1/fall/T-2"),
    Example("laeufe-im-vergleich", "/qualitaet/vergleich?a=lauf-1&b=lauf-2"),
    Example("faelle", "/qualitaet/faelle"),
    Example("fall", "/qualitaet/faelle/dev/{case}"),
    Example("neuer-fall", "/qualitaet/faelle/neu", admin=True),
    Example("auswertung", "/qualitaet/vorgang/{evaluation}", admin=True),
    Example("verwaltung", "/verwaltung", admin=True),
    Example("bestand", "/bestand"),
    Example("aenderungen", "/aenderungen"),
    Example("aenderungsbericht", "/aenderungen/{newest}", two=True),
    Example("abdeckung", "/abdeckung"),
    Example("pruefliste", "/pruefliste", admin=True, two=True),
    Example("luecken", "/luecken", admin=True),
    Example("rueckmeldungen", "/rueckmeldungen", admin=True),
    Example("aktualisierung", "/aktualisierung", admin=True),
    Example("vorgang", "/aktualisierung/{job}", admin=True),
    Example("zurueck", "/aktualisierung/generation/{earlier}/zurueck", admin=True, two=True),
)


def page_routes(app: FastAPI) -> Iterator[APIRoute]:
    """The routes under which a person finds a page."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if (
            isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and isinstance(route.response_class, type)
            and issubclass(route.response_class, HTMLResponse)
        ):
            yield route


def without_example(app: FastAPI) -> set[str]:
    """Paths of pages that no example leads to."""
    routes = list(page_routes(app))
    found = set()
    for example in EXAMPLES:
        path = example.path.partition("?")[0]
        # The first route that fits answers.
        found.add(next((r.path for r in routes if r.path_regex.match(path)), ""))
    return {route.path for route in routes} - found


def furnish(url: str, database: str) -> dict[str, str]:
    """Leave in a running service what its pages show: saved answer, feedback, gap, jobs; their names.

    The service has :data:`TOKEN` as its password.
    """
    admin = {"X-Admin-Token": TOKEN}
    with httpx.Client(base_url=url, timeout=60) as client:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()["id"]
        client.post("/api/answers", json={"id": answer}).raise_for_status()
        other = client.post("/api/ask", json={"question": OTHER_QUESTION}).json()["id"]
        for id_, verdict, comment in (
            (answer, "helpful", ""),
            (other, "missing", "Die Ausnahme für Kinder gehört dazu."),
        ):
            said = {"id": id_, "verdict": verdict, "comment": comment}
            number = client.post("/api/feedback", json=said).json()["number"]
        client.post(f"/api/admin/feedback/{number}/case", headers=admin).raise_for_status()
        client.post("/api/ask", json={"question": "Wie backe ich einen Kuchen mit Hefe?"})
        name = {"name": "E. Beispiel"}
        client.post(f"/api/admin/answers/{answer}/approve", data=name, headers=admin)
    engine = open_database(database)
    store = JobStore(engine)
    job = store.add(Order(JobKind.INGEST))
    message = "Die Quelle ist nicht erreichbar. Bitte prüfen Sie die Verbindung."
    store.ended(job, JobState.FAILED, exit_code=1, code="network", message=message)
    evaluation = store.add(Order(JobKind.EVAL, path=str(CASES / "dev.jsonl")))
    store.ended(evaluation, JobState.DONE, exit_code=0)
    engine.dispose()
    case = next(case.id for _, case in read_cases(CASES / "dev.jsonl"))
    return {"answer": answer, "job": str(job), "evaluation": str(evaluation), "case": case}


def address(example: Example, names: Mapping[str, str]) -> str:
    """The path of an example in a world with these names."""
    return example.path.format_map(names)


# What the small world of the tests has once it was updated.
SMALL = {
    "document": "vh-studium",
    "earlier": "1",
    "newest": "2",
    "first_day": TODAY.isoformat(),
    "last_day": LATER.isoformat(),
}


def signed_in(browser: Browser, url: str, width: int, **more: object) -> BrowserContext:
    """A window of a German person who has signed in as administration."""
    context = german(browser, width, **more)
    context.add_cookies([{"name": "fundstelle_admin", "value": TOKEN, "url": url}])
    return context


def german(browser: Browser, width: int, **more: object) -> BrowserContext:
    """A window of a German person, ``width`` CSS pixels wide."""
    size = {"width": width, "height": 900}
    return browser.new_context(viewport=size, locale="de-DE", **more)  # type: ignore[arg-type]
