"""After a formulated answer: what is saved and taken along is what the model's answer showed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from rag.check import CheckKind
from service.app import create_app
from service.sheet import CHECK_NAMES
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld, copy_world
from tests.language_models import Models, serving
from tests.service.test_answers import texts
from tests.service.test_stream import QUESTION, TRUE, settings_for, stream


@pytest.fixture(scope="module")
def served(ingested: SmallWorld, models: Models) -> Iterator[TestClient]:
    with TestClient(create_app(settings_for(ingested, models, "faithful"))) as running:
        yield running


def test_every_check_has_a_german_name() -> None:
    assert CHECK_NAMES.keys() == {"verbatim", *CheckKind}


def test_a_streamed_answer_can_be_saved_and_names_its_model(served: TestClient) -> None:
    done = json.loads(stream(served).done.model_dump_json())
    record = served.post("/api/answers", json={"id": done["id"]}).json()
    assert record["answer"] == done
    assert any(not statement["quote"] for statement in done["statements"])
    for ending, text in texts(served, done["id"]).items():
        flat = " ".join(text.split())
        assert f"„{TRUE}“" not in flat, ending
        for words in (
            TRUE,
            "faithful, Anweisung antwort 1",
            "3 von 3 Aussagen ohne abweichendes Muss, Soll oder Kann",
        ):
            assert words in flat, (ending, words)


def test_the_approved_answer_comes_with_the_stream_too(
    ingested: SmallWorld, models: Models, tmp_path: Path
) -> None:
    world = copy_world(ingested, tmp_path)
    settings = settings_for(world, models, "faithful", admin_token=SecretStr("geheim"))
    with TestClient(create_app(settings), client=("127.0.0.1", 5000)) as client:
        id_ = client.post("/api/ask", json={"question": QUESTION}).json()["id"]
        path = f"/api/admin/answers/{id_}/approve"
        header = {"X-Admin-Token": "geheim"}
        client.post(path, data={"name": "E. Beispiel"}, headers=header).raise_for_status()

        def offered(**more: object) -> list[str | None]:
            told = stream(client, QUESTION, **more)
            approvals = [answer.approved for answer in (told.sources, told.done)]
            return [approved.id if approved else None for approved in approvals]

        assert offered() == [id_, id_]
        assert offered(history=["Was kostet die Erteilung?"]) == [None, None]
        page = {"frage": QUESTION, "davor": "Was kostet die Erteilung?"}
        assert "freigegeben von" not in client.get("/", params=page).text
        del page["davor"]
        assert "freigegeben von E. Beispiel" in client.get("/", params=page).text


def test_a_follow_up_keeps_how_it_was_understood(served: TestClient) -> None:
    body = {"question": "Und die Verlängerung?", "history": ["Was kostet die Erteilung in Euro?"]}
    answer = served.post("/api/ask", json={**body, "mode": "extractive"}).json()
    assert answer["understood"]
    assert answer["understood"] in served.get(f"/api/answers/{answer['id']}.txt").text


def test_the_buttons_follow_the_formulated_answer(ingested: SmallWorld, models: Models) -> None:
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with (
        serving(create_app(settings_for(ingested, models, "faithful", llm_timeout=30.0))) as url,
        running_browser() as browser,
    ):
        page = browser.new_page(viewport={"width": 360, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/?frage={QUESTION}")
        page.get_by_text("Sprachmodell faithful").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Für die Akte speichern").click()
        page.get_by_text("Gespeichert").wait_for()
        assert TRUE in page.locator(".document").inner_text()
        assert complaints == []
