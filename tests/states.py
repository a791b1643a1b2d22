"""What pages can be in besides their usual state, each on a real service, for the pictures."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy.orm import Session

from corpus.store.database import open_database
from corpus.store.tables import SavedAnswerRow
from eval.local import running_service
from tests.conftest import LATER, SmallWorld, make_world
from tests.language_models import running_models
from tests.official import reworded, write_mirror
from tests.pages import EXAMPLES, QUESTION, SMALL, TOKEN, address, ask, furnish
from tests.unreadable import write_unreadable

BROKEN = "kaputt"
# Seconds that an ingest may take to begin.
_PATIENCE = 60.0
_ADMIN = {"FUNDSTELLE_ADMIN_TOKEN": TOKEN}


@dataclass(frozen=True, slots=True)
class State:
    """A page in a state; the service runs until the next one is asked for."""

    name: str
    url: str
    """Of the service."""
    path: str
    scripts: bool = True


def states(root: Path) -> Iterator[State]:
    """All of them; ``root`` is an empty folder for their worlds."""
    yield from _without_index(root / "leer")
    yield from _without_official_texts(root / "ohne-texte")
    world = make_world(root / "klein")
    write_unreadable(world.memos)
    world.ingest()
    yield from _with_nothing_yet(world)
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    world.ingest(LATER)
    yield from _waiting_for_the_model(world)
    yield from _with_two_generations(world)


def _without_index(folder: Path) -> Iterator[State]:
    with running_service(folder, ready="/healthz", **_ADMIN) as (url, _, _):
        for name, path in (
            ("start", "/"),
            ("norm", "/norm/AufenthG/16b"),
            ("bestand", "/bestand"),
            ("verwaltung", "/verwaltung"),
            ("aktualisierung", "/aktualisierung"),
        ):
            yield State(f"kein-bestand-{name}", url, path)


def _without_official_texts(root: Path) -> Iterator[State]:
    world = make_world(root)
    shutil.rmtree(world.laws)
    world.laws.mkdir()
    world.ingest()
    with running_service(world.data.root, **_ADMIN) as (url, _, _):
        for name, path in (
            ("start", "/"),
            ("antwort", ask(QUESTION)),
            ("norm", "/norm/AufenthG/16b"),
            ("verwaltung", "/verwaltung"),
        ):
            yield State(f"ohne-amtliche-texte-{name}", url, path)


def _with_nothing_yet(world: SmallWorld) -> Iterator[State]:
    with running_service(world.data.root, **_ADMIN) as (url, _, _):
        for name in (
            "rueckmeldungen", "luecken", "pruefliste", "aenderungen", "aktualisierung",
        ):  # fmt: skip
            yield State(f"noch-nichts-{name}", url, f"/{name}")
        yield State("dateien-nicht-uebernommen", url, "/bestand")


def _waiting_for_the_model(world: SmallWorld) -> Iterator[State]:
    with running_models() as models:
        model = {"FUNDSTELLE_LLM_URL": models.url, "FUNDSTELLE_LLM_MODEL": "hanging"}
        with running_service(world.data.root, **_ADMIN, **model) as (url, _, _):
            yield State("antwort-wird-formuliert", url, ask(QUESTION))
            yield State("antwort-ohne-skript", url, ask(QUESTION), scripts=False)


def _with_two_generations(world: SmallWorld) -> Iterator[State]:
    settings = _ADMIN | {"FUNDSTELLE_LAWS": str(world.laws), "FUNDSTELLE_USAGE": "true"}
    break_an_answer(world)
    with running_service(world.data.root, **settings) as (url, _, _):
        names = SMALL | furnish(url, world.database)
        for example in EXAMPLES:
            if example.two:
                yield State(f"zwei-generationen-{example.name}", url, address(example, names))
        yield State("fehler-im-dienst", url, f"/antwort/{BROKEN}")
        yield State("eingabe-falsch", url, "/bestand?art=kuchen")
        yield State("start-ohne-skript", url, "/", scripts=False)
        with httpx.Client(base_url=url, headers={"X-Admin-Token": TOKEN}, timeout=60) as admin:
            decision = {"decision": "confirmed", "name": "E. Beispiel", "reason": "stimmt noch"}
            admin.post("/api/admin/memos/vh-studium/review", data=decision)
            yield State("entschieden", url, "/pruefliste")
            admin.post("/api/admin/generations/1/rollback")
            yield State("zurueckgekehrt", url, "/aktualisierung?vorher=2")
            yield State("zurueckgekehrt-verwaltung", url, "/verwaltung")
            job = admin.post("/api/admin/jobs", json={"kind": "ingest"}).json()["id"]
            _wait_for_a_stage(admin, job)
            for page in ("aktualisierung", "verwaltung", f"aktualisierung/{job}"):
                yield State(f"laeuft-{page.replace('/', '-vorgang-')}", url, f"/{page}")
            admin.post(f"/api/admin/jobs/{job}/cancel")


def _wait_for_a_stage(admin: httpx.Client, job: int) -> None:
    """Until a job has something to show."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and not admin.get(f"/api/admin/jobs/{job}").json()["log"]:
        time.sleep(0.1)


def break_an_answer(world: SmallWorld) -> None:
    """A saved answer that cannot be read: what nobody foresaw."""
    engine = open_database(world.database)
    with Session(engine) as session, session.begin():
        session.add(
            SavedAnswerRow(
                id=BROKEN,
                saved_at=datetime.now(UTC).replace(tzinfo=None),
                question="",
                corpus_version="",
                body="{}",
            )
        )
    engine.dispose()
