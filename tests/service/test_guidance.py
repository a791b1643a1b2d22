"""What a person reads when something did not work, in every state that a page can be in."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from rag.engine import Fundstelle
from service.app import create_app
from service.guidance import guide
from service.settings import Settings
from tests.conftest import SmallWorld
from tests.states import BROKEN, break_an_answer


@pytest.mark.parametrize("status", [403, 404, 409, 410, 413, 422, 500, 503])
def test_every_error_says_what_is_kept_and_leads_on(status: int) -> None:
    words = guide(status)
    assert words.title
    assert words.kept.endswith(".")
    assert any(step.href for step in words.steps), "a link onward"


@pytest.mark.parametrize(
    ("path", "status", "title", "sentence"),
    [
        ("/norm/AufenthG/25c", 404, "Das haben wir nicht gefunden", "§ 25c AufenthG gibt es nicht"),
        ("/norm/AsylG/3", 404, "Das haben wir nicht gefunden", "„AsylG“ fehlt noch im Bestand"),
        (
            "/gesetz/Kuchenverordnung",
            404,
            "Das haben wir nicht gefunden",
            "gehört nicht zum Bestand",
        ),
        ("/gibt-es-nicht", 404, "Das haben wir nicht gefunden", "Diese Adresse gibt es nicht"),
        ("/bestand?art=kuchen", 422, "Mit dieser Eingabe geht es nicht", "erwartete Form"),
        ("/verwaltung", 403, "Das geht von hier aus nicht", "an dem Rechner"),
    ],
)
def test_an_error_page_says_what_happened(
    client: TestClient, path: str, status: int, title: str, sentence: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    main = answer.text.split("<main")[1].split("</main>")[0]
    assert f"<h1>{title}</h1>" in main
    assert sentence in main
    assert "Was nicht verloren ist" in main
    assert re.search(r'<h2>Was Sie jetzt tun können</h2>.*href="/', main, re.DOTALL)


@pytest.mark.parametrize("path", ["/", "/bestand", "/norm/AufenthG/5", "/abdeckung", "/pruefliste"])
def test_without_an_index_a_page_leads_to_taking_one_in(
    empty_client: TestClient, path: str
) -> None:
    answer = empty_client.get(path)
    assert answer.status_code == 503
    assert "Es gibt noch keinen Bestand" in answer.text
    assert 'href="/aktualisierung"' in answer.text.split("<main")[1].split("</main>")[0]


def test_an_unforeseen_error_can_be_found_in_the_log(world: SmallWorld) -> None:
    break_an_answer(world)
    settings = Settings(data=world.data.root, admin_token=SecretStr("geheim"))
    with TestClient(create_app(settings)) as client:
        answer = client.get(f"/antwort/{BROKEN}")
    assert answer.status_code == 500
    assert "Im Dienst ist ein Fehler aufgetreten" in answer.text
    assert f"<code>{answer.headers['x-request-id']}</code>" in answer.text


@pytest.mark.parametrize("path", ["/", "/bestand", "/aenderungen", "/gibt-es-nicht", "/docs"])
def test_missing_official_texts_are_named_on_every_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    missing = "Die amtlichen Gesetzestexte fehlen in diesem Bestand."
    client.get("/")
    assert missing not in client.get(path).text
    monkeypatch.setattr(Fundstelle, "opened", SimpleNamespace(official=False, name="x"))
    assert missing in client.get(path).text
