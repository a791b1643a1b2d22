"""The change report for people and machines, on a world that was brought up to date once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.changes import NOTHING
from service.settings import Settings
from tests.conftest import SmallWorld, make_world
from tests.official import reworded, write_mirror
from tests.service.test_cli import run

LATER = date(2025, 4, 1)


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """A world that was ingested and then brought up to date."""
    world = make_world(tmp_path_factory.mktemp("neu"))
    world.ingest()
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150*Tagen"))
    world.ingest(LATER)
    return world


@pytest.fixture(scope="module")
def client(updated: SmallWorld) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=updated.data.root))) as running:
        yield running


def test_the_api_reports_the_last_update(client: TestClient) -> None:
    body = client.get("/api/changes").json()
    assert body["name"] == "Bestand 2 gegenüber Bestand 1"
    (law,) = body["laws"]
    (norm,) = law["norms"]
    assert (norm["label"], norm["kind"]) == ("§ 16b AufenthG", "reworded")
    assert ["added", "150*Tagen"] in norm["changes"][0]["words"]
    (affected,) = body["affected"]
    assert {d["id"] for d in affected["documents"]} >= {"vh-studium"}
    assert client.get("/api/changes", params={"from": "1", "to": "2"}).json() == body


def test_days_instead_of_generations(client: TestClient) -> None:
    params = {"since": "2025-03-06", "until": "2025-04-01"}
    body = client.get("/api/changes", params=params).json()
    assert [norm["number"] for law in body["laws"] for norm in law["norms"]] == ["16b"]
    same = client.get("/api/changes", params={"since": "2025-03-06", "until": "2025-03-07"}).json()
    assert (same["laws"], same["message"]) == ([], NOTHING)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "alt"}, "bad_generation"),
        ({"to": "99"}, "unknown_generation"),
        ({"since": "gestern"}, "bad_date"),
        ({"until": "2025-01-01"}, "bad_date"),
        ({"since": "2025-03-06", "from": "1"}, "bad_range"),
        ({"since": "2025-03-06", "until": "2024-03-06"}, "bad_date_order"),
    ],
)
def test_bad_ranges_get_a_sentence(client: TestClient, params: dict[str, str], code: str) -> None:
    answer = client.get("/api/changes", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_pages_say_in_words_what_is_new_and_what_is_gone(client: TestClient) -> None:
    assert 'href="/aenderungen/2"' in client.get("/aenderungen").text
    html = client.get("/aenderungen/2").text
    assert '<ins><span class="unseen">neu: </span>150*Tagen</ins>' in html
    assert '<del><span class="unseen">entfallen: </span>140 Tagen</del>' in html
    assert "Arbeiten neben dem Studium" in html
    assert html.count("<h1") == 1
    assert NOTHING in client.get("/aenderungen/1").text
    assert client.get("/aenderungen/99").status_code == 422


def test_the_report_can_be_taken_away_as_markdown(client: TestClient) -> None:
    answer = client.get("/aenderungen/2.md")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert "attachment" in answer.headers["content-disposition"]
    assert "~~140 Tagen~~**150\\*Tagen**" in answer.text
    assert client.get("/aenderungen/x.md").status_code == 422


def test_the_command_prints_and_writes_the_report(updated: SmallWorld) -> None:
    assert "§ 16b AufenthG Studium: geändert" in run(updated, "changes")
    assert run(updated, "changes", "--markdown").startswith("# Änderungen: Bestand 2")
    assert json.loads(run(updated, "changes", "--from", "1", "--json"))["laws"]
    assert "Nichts zu vergleichen" in run(updated, "changes", "--to", "1")
    assert "(bad_generation)" in run(updated, "changes", "--from", "x", code=1)
