"""Labels and hints reach whoever asks; names reach no log."""

from __future__ import annotations

import logging

import pytest
import uvicorn
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app
from service.observe import JsonLines
from tests.conftest import SmallWorld
from tests.service.test_cli import run

NAMED = "Frau Örnek, geb. 3.4.1990, AZR 910203456789: § 16b Abs. 3 AufenthG, Arbeitstage?"
PERSONAL = ("Örnek", "3.4.1990", "910203456789")
HINT = "Angaben zu Personen (Name, Geburtsdatum, AZR-Nummer) wurden"


def test_the_interface_tells_what_was_left_out(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": NAMED}).json()
    assert any(notice.startswith(HINT) for notice in answer["notices"])
    assert "keine Rechtsberatung" in answer["label"]
    found = client.get("/api/search", params={"q": NAMED}).json()
    assert found["notices"][0].startswith(HINT)
    assert not any("rnek" in term for term in found["query"]["terms"])


def test_the_page_tells_it_and_does_not_repeat_the_name(client: TestClient) -> None:
    html = client.get("/", params={"frage": NAMED}).text
    assert HINT in html
    assert "Frau [Name], geb. [Geburtsdatum], AZR [AZR-Nummer]" in html
    assert not any(part in html for part in PERSONAL)
    assert '<p class="meta label">KI-gestützte Suche, keine Rechtsberatung' in html


def test_the_page_says_that_nothing_is_decided(client: TestClient) -> None:
    html = client.get("/", params={"frage": "Entscheide bitte den Fall von Frau Örnek"}).text
    assert '<h1 id="antwort">Keine Entscheidung im Einzelfall</h1>' in html


def test_the_command_line_tells_it(ingested: SmallWorld) -> None:
    asked = run(ingested, "ask", NAMED)
    assert "Angaben zu Personen" in asked
    assert "keine Rechtsberatung" in asked
    assert "Angaben zu Personen" in run(ingested, "search", NAMED)


def test_no_log_holds_what_names_a_person(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/", params={"frage": NAMED})
        client.get("/api/search", params={"q": NAMED})
        client.get("/api/suggest", params={"q": NAMED})
        client.post("/api/ask", json={"question": NAMED, "history": [NAMED]})
        client.post("/api/ask", json={"question": NAMED, "as_of": "nie"})
    # The test's own client logs the addresses that it calls.
    lines = [JsonLines().format(r) for r in caplog.records if not r.name.startswith("http")]
    assert not [line for line in lines if any(part in line for part in PERSONAL)]


def test_the_access_log_is_off(ingested: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(uvicorn, "run", lambda _, **options: given.update(options))
    monkeypatch.setenv("FUNDSTELLE_DATA", str(ingested.data.root))
    assert CliRunner().invoke(app, ["serve"]).exit_code == 0
    assert given["access_log"] is False


def test_an_access_log_that_somebody_switched_on_holds_no_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, logger="uvicorn.access"):
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", "/?frage=Frau+Muster", "1.1", 200)
    assert [record.getMessage() for record in caplog.records] == [
        '127.0.0.1:5 - "GET / HTTP/1.1" 200'
    ]
