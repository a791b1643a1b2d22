"""The pages and calls of the administration, in every state they can show."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from corpus.store.database import open_database
from corpus.store.feedback import Feedback, Verdict, record_feedback
from corpus.store.reading import published
from corpus.store.use import record_gap
from ingest.lock import write_lock
from ingest.report import keep_report, read_report
from service import jobs as jobs_module
from service.app import create_app
from service.job_store import JobFiles, Order
from service.settings import Settings
from tests.conftest import SmallWorld, write_memo
from tests.unreadable import write_unreadable

HERE = "http://127.0.0.1:8000"
TOKEN = "geheim"
ADMIN = {"X-Admin-Token": TOKEN}


@contextmanager
def serving(
    world: SmallWorld, *, host: str = "127.0.0.1", admin: bool = True
) -> Iterator[TestClient]:
    settings = Settings(data=world.data.root, laws=str(world.laws), admin_token=SecretStr(TOKEN))
    client = TestClient(create_app(settings), base_url=HERE, client=(host, 5000))
    client.headers.update(ADMIN if admin else {})
    with client as running:
        yield running


@pytest.fixture
def client(world: SmallWorld) -> Iterator[TestClient]:
    """The application before the first ingest, signed in."""
    with serving(world) as running:
        yield running


@pytest.fixture(scope="module")
def full(ingested: SmallWorld) -> Iterator[TestClient]:
    """The application on the small world, signed in."""
    with serving(ingested) as running:
        yield running


def instead(monkeypatch: pytest.MonkeyPatch, *command: str) -> None:
    def of(order: Order, files: JobFiles) -> list[str]:
        return list(command)

    monkeypatch.setattr(jobs_module, "_command", of)


def ended(client: TestClient, number: int) -> dict[str, object]:
    for _ in range(400):
        job: dict[str, object] = client.get(f"/api/admin/jobs/{number}").json()
        if not job["active"]:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


CALLS = [
    ("GET", "/api/admin/jobs"),
    ("POST", "/api/admin/jobs"),
    ("GET", "/api/admin/jobs/1"),
    ("POST", "/api/admin/jobs/1/cancel"),
    ("POST", "/api/admin/jobs/1/again"),
    ("POST", "/api/admin/generations/1/rollback"),
    ("GET", "/aktualisierung"),
    ("POST", "/aktualisierung"),
    ("GET", "/aktualisierung/1"),
    ("POST", "/aktualisierung/1/abbrechen"),
    ("POST", "/aktualisierung/1/erneut"),
    ("GET", "/aktualisierung/generation/1/zurueck"),
    ("POST", "/aktualisierung/generation/1/zurueck"),
    ("GET", "/verwaltung"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_only_the_administration_at_this_machine_is_let_in(
    ingested: SmallWorld, method: str, path: str
) -> None:
    with serving(ingested, admin=False) as stranger:
        answer = stranger.request(method, path, json={"kind": "ingest"})
        assert answer.status_code == 401
        assert "anmelden" in answer.text
        assert stranger.request(method, path, headers={"X-Admin-Token": "x"}).status_code == 401
    with serving(ingested, host="10.0.0.7") as elsewhere:
        assert elsewhere.request(method, path, json={"kind": "ingest"}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/admin/jobs/99", None, 404, "unknown_job"),
        ("POST", "/api/admin/jobs/99/cancel", None, 404, "unknown_job"),
        ("POST", "/api/admin/jobs", {"kind": "history"}, 422, "bad_job"),
        ("POST", "/api/admin/jobs", {"kind": "kochen"}, 422, "bad_request"),
        ("POST", "/api/admin/generations/99/rollback", None, 409, "generation_unknown"),
    ],
)
def test_bad_calls_get_a_sentence_and_a_code(
    full: TestClient, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = full.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith(".")


def test_a_job_from_its_start_to_its_cancellation(
    client: TestClient, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "sleep", "60")
    assert "Jetzt aktualisieren" in client.get("/aktualisierung").text
    answer = client.post("/aktualisierung", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aktualisierung")
    html = client.get("/aktualisierung").text
    assert "Bestand aktualisieren: läuft" in html
    assert "Jetzt aktualisieren" not in html
    assert 'src="/static/vorgang.js"' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    (job,) = client.get("/api/admin/jobs").json()["jobs"]
    assert (job["kind"], job["state"], job["active"]) == ("ingest", "läuft", True)
    for again in (
        client.post("/aktualisierung"),
        client.post("/api/admin/jobs", json={"kind": "ingest"}),
    ):
        assert again.status_code == 409
        assert f"Prozess {job['pid']}" in again.text
    assert "Abbrechen" in client.get(f"/aktualisierung/{job['id']}").text
    client.post(f"/aktualisierung/{job['id']}/abbrechen")
    assert ended(client, job["id"])["state"] == "abgebrochen"
    html = client.get("/aktualisierung").text
    assert "abgebrochen" in html
    assert "Erneut starten" in html
    late = client.post(f"/aktualisierung/{job['id']}/abbrechen")
    assert (late.status_code, "schon beendet" in late.text) == (409, True)


def test_a_failed_job_shows_why_and_can_be_started_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "sh", "-c", "echo Kaputt >&2; exit 3")
    number = client.post("/api/admin/jobs", json={"kind": "ingest"}).json()["id"]
    assert ended(client, number)["log"] == "Kaputt\n"
    for path in ("/aktualisierung", f"/aktualisierung/{number}"):
        html = client.get(path).text
        assert "fehlgeschlagen" in html
        assert "Rückgabewert 3" in html
        assert "Erneut starten" in html
    assert "Kaputt" in client.get(f"/aktualisierung/{number}").text
    assert "ist nicht gelungen" in client.get("/bestand").text
    client.post(f"/aktualisierung/{number}/erneut")
    assert ended(client, number + 1)["code"] == "job_crashed"


def test_who_writes_is_named(client: TestClient, world: SmallWorld) -> None:
    with write_lock(world.data, "Sichern"):
        answer = client.post("/aktualisierung")
    assert answer.status_code == 409
    assert "Sichern, Prozess" in answer.text


def test_before_the_first_ingest_both_pages_say_so(client: TestClient) -> None:
    stock = client.get("/bestand")
    assert (stock.status_code, "make ingest" in stock.text) == (503, True)
    assert "noch keinen Bestand" in client.get("/aktualisierung").text


def test_going_back_lets_the_earlier_generation_answer(world: SmallWorld) -> None:
    world.ingest()
    write_memo(world.memos, "neu", "Ein neues Blatt")
    world.ingest()
    engine = open_database(world.data.database)
    with serving(world) as client:
        html = client.get("/aktualisierung").text
        way = "/aktualisierung/generation/1/zurueck"
        assert html.count(f'href="{way}"') == 1
        assert 'href="/aenderungen/2"' in html
        question = client.get(way).text
        assert "Zurück zu Generation 1?" in question
        assert re.search(r"<strong>1 Quelle</strong>\s*nicht mehr dabei", question)
        assert "Ein neues Blatt" in question
        assert "nimmt wieder den neuesten Stand" in question
        html = client.post(way).text
        assert "Jetzt antwortet Generation 1." in html
        assert 'action="/aktualisierung/generation/2/zurueck"' in html, "the undo"
        assert "früherer Bestand" in client.get("/verwaltung").text
        late = client.get(way)
        assert (late.status_code, "antwortet bereits" in late.text) == (409, True)
        current = published(engine)
        assert current is not None
        assert current.number == 1
        assert client.post("/api/admin/generations/2/rollback").status_code == 204
        again = published(engine)
        assert again is not None
        assert again.number == 2
        (world.data.generation(current.name).path / "passages.json").unlink()
        refused = client.post("/aktualisierung/generation/1/zurueck")
        assert (refused.status_code, "aufgeräumt oder unvollständig" in refused.text) == (409, True)
        assert "Index nicht mehr lesbar" in refused.text
    engine.dispose()


def test_the_stock_shows_every_source_with_its_state(full: TestClient) -> None:
    full.headers.pop("X-Admin-Token", None)
    html = full.get("/bestand").text
    full.headers.update(ADMIN)
    assert 'href="/gesetz/AufenthG"' in html
    assert "zuletzt geändert" in html
    assert 'href="/dokument/vh-studium"' in html
    assert "05.03.2027" in html
    assert "<code>not_found</code>" in html, "the mirror of the small world lacks most laws"
    assert re.search(r"<strong>\d\d-mal dasselbe, zuerst bei \w+</strong>", html)


def test_an_ingest_without_problems_is_said_to_be_so(
    client: TestClient, world: SmallWorld, ingested: SmallWorld
) -> None:
    report = read_report(ingested.data.last_report)
    assert report is not None
    keep_report(report.model_copy(update={"problems": ()}), world.data.last_report)
    assert "wurde alles übernommen" in client.get("/bestand").text


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [("law", "AufenthV", "vh-studium"), ("memo", "vh-studium", "/gesetz/AufenthV")],
)
def test_the_stock_can_be_cut_to_a_kind(
    full: TestClient, kind: str, there: str, not_there: str
) -> None:
    html = full.get("/bestand", params={"art": kind}).text
    assert there in html
    assert not_there not in html
    chosen = re.findall(r'<a href="/bestand[^"]*" aria-current="page">(.*?)</a>', html)
    assert len(chosen) == 2, "the page in the administration, and the kind"
    assert full.get("/bestand?art=kuchen").status_code == 422


def test_the_stock_names_files_that_were_not_taken_in(world: SmallWorld) -> None:
    write_unreadable(world.memos)
    (world.memos / "kaputt.md").write_text("ohne Kopf", encoding="utf-8")
    (world.memos / "alt.md").write_text(
        (world.memos / "vh-studium.md")
        .read_text(encoding="utf-8")
        .replace("vh-studium", "vh-alt")
        .replace("2027-03-05", "2025-03-06"),
        encoding="utf-8",
    )
    world.ingest()
    with serving(world) as client:
        html = client.get("/bestand").text
    assert "<strong>kaputt.md</strong>" in html
    assert "<code>memo_front_matter</code>" in html
    for name, words in (
        ("Dienstanweisung vertraulich.pdf", "mit einem Kennwort geschützt"),
        ("Erlass eingescannt.pdf", "vermutlich ist es eingescannt"),
        ("Merkblatt halb hochgeladen.pdf", "beschädigt oder unvollständig"),
    ):
        assert re.search(rf"<strong>{name}</strong>: [^<]*{words}", html), name
    assert "docs/arbeitshilfen.md" in html
    assert "überfällig" in html


PAGES = ["/bestand", "/bestand?art=memo", "/aktualisierung"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere_and_run_no_inline_script(
    full: TestClient, path: str
) -> None:
    html = full.get(path).text
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html)
    assert all(address.startswith("/static/") for address in loaded)
    assert not re.search(r'<script(?![^>]*src=)|\son\w+="|\sstyle="', html)
    assert html.count("<h1") == 1


def figure(html: str, title: str) -> tuple[str, bool]:
    """What the entry page says under a title, and whether somebody has to do something."""
    match = re.search(
        rf"<li(?P<waits>[^>]*)>\s*<h2><a[^>]*>{title}</a></h2>\s*<strong>(.*?)<", html
    )
    assert match is not None, title
    return match[2], "waits" in match["waits"]


def test_the_morning_shows_what_waits_and_where(world: SmallWorld) -> None:
    write_memo(world.memos, "alt", "Altes Blatt")
    old = world.memos / "alt.md"
    old.write_text(
        old.read_text(encoding="utf-8").replace("2027-03-05", "2025-03-06"), encoding="utf-8"
    )
    world.ingest()
    with serving(world) as client:
        engine = client.app.state.fundstelle.engine  # type: ignore[attr-defined]
        html = client.get("/verwaltung").text
        assert figure(html, "Stand des Bestands") == ("06.03.2025", False)
        assert figure(html, "Zu prüfen") == ("1", True)
        assert figure(html, "Fragen ohne Fund") == ("0", False)
        assert figure(html, "Ungelesene Rückmeldungen") == ("0", False)
        assert figure(html, "Hinweise zu Dateien")[1], "the small mirror lacks most laws"
        assert "Gelungen um" in html
        assert html.count('aria-current="page"') == 2, "in both navigations"
        record_gap(engine, ["kuchen"], "Wie backe ich Kuchen?", "no_source", date.today())
        record_gap(engine, ["altes"], "Alte Frage", "no_source", date(2020, 1, 1))
        record_feedback(
            engine,
            Feedback(date.today(), "x", Verdict.WRONG, "", "Frage?", "answered", (), "g"),
        )
        html = client.get("/verwaltung").text
        assert figure(html, "Fragen ohne Fund") == ("1", True)
        assert figure(html, "Ungelesene Rückmeldungen") == ("1", True)
        gaps = client.get("/luecken").text
        assert "Wie backe ich Kuchen?" in gaps
        assert "Alte Frage" not in gaps


def test_the_morning_before_the_first_ingest_and_after_one_that_failed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/verwaltung")
    assert first.status_code == 503
    assert "Jetzt einlesen" in first.text
    assert figure(first.text, "Letzte Aktualisierung") == ("noch keine", True)
    instead(monkeypatch, "sh", "-c", "exit 3")
    number = client.post("/api/admin/jobs", json={"kind": "ingest"}).json()["id"]
    ended(client, number)
    html = client.get("/verwaltung").text
    assert figure(html, "Letzte Aktualisierung") == ("fehlgeschlagen", True)
    assert f'href="/aktualisierung/{number}"' in html


def test_signing_out_forgets_the_cookie(ingested: SmallWorld) -> None:
    with serving(ingested, admin=False) as client:
        origin = {"Origin": HERE}
        asked = client.get("/verwaltung")
        assert (asked.status_code, 'value="/verwaltung"' in asked.text) == (401, True)
        client.post("/verwaltung/anmelden", data={"token": TOKEN}, headers=origin)
        assert client.get("/verwaltung").status_code == 200
        assert client.post("/verwaltung/abmelden").status_code == 403, "from no page of ours"
        client.post("/verwaltung/abmelden", headers=origin)
        assert client.get("/verwaltung").status_code == 401


@pytest.mark.parametrize(
    "name",
    [
        "verwaltung", "bestand", "aktualisierung", "aenderungen",
        "pruefliste", "luecken", "rueckmeldungen", "abdeckung",
    ],
)  # fmt: skip
def test_all_pages_of_the_administration_share_one_navigation(full: TestClient, name: str) -> None:
    html = full.get(f"/{name}").text
    own = html.split('class="places-of-admin"')[1].split("</nav>")[0]
    assert own.count("<a ") == 8
    assert re.findall(r'href="/(\w+)" aria-current="page"', own) == [name]
