"""What people say about answers, and what evaluators and reviewers make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from corpus.cases import Case, read_cases
from rag.engine import Fundstelle
from service.app import create_app
from service.settings import Settings
from tests.conftest import LATER, SmallWorld, copy_world
from tests.official import reworded, write_mirror

STUDY = "Dürfen Studierende an 140 Tagen arbeiten?"
COST = "Was kostet die Aufenthaltserlaubnis?"
TOKEN = {"X-Admin-Token": "geheim"}


def running(world: SmallWorld) -> TestClient:
    settings = Settings(data=world.data.root, admin_token=SecretStr("geheim"))
    return TestClient(create_app(settings), client=("127.0.0.1", 5000), follow_redirects=False)


@pytest.fixture
def own(ingested: SmallWorld, tmp_path: Path) -> SmallWorld:
    return copy_world(ingested, tmp_path)


@pytest.fixture
def client(own: SmallWorld) -> Iterator[TestClient]:
    with running(own) as client:
        yield client


def ask(client: TestClient, question: str = STUDY, **more: str) -> str:
    id_: str = client.post("/api/ask", json={"question": question, **more}).json()["id"]
    return id_


def say(client: TestClient, id_: str, verdict: str = "wrong", comment: str = "") -> int:
    body = {"id": id_, "verdict": verdict, "comment": comment}
    number: int = client.post("/api/feedback", json=body).json()["number"]
    return number


def listed(client: TestClient, **query: str) -> list[dict[str, object]]:
    answer = client.get("/api/admin/feedback", params=query, headers=TOKEN)
    found: list[dict[str, object]] = answer.json()["feedback"]
    return found


def test_feedback_is_stored_masked_with_what_it_is_about(client: TestClient) -> None:
    id_ = ask(client, f"{STUDY} Mail: max.mustermann@example.org")
    say(client, id_, "missing", "Frau Erika Mustermann, erika@example.org, fragt nach Satz 2")
    (one,) = listed(client)
    assert "ustermann" not in f"{one['question']}{one['comment']}"
    assert "fragt nach Satz 2" in str(one["comment"])
    assert (one["answer"], one["verdict"], one["outcome"]) == (id_, "missing", "answered")
    assert "AufenthG/16b/3" in str(one["places"])
    assert one["day"] == date.today().isoformat()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"verdict": "prima"}, 422, "bad_verdict"),
        ({"comment": "x" * 2001}, 422, "comment_too_long"),
        ({"id": "gibtsnicht"}, 404, "unknown_answer"),
    ],
)
def test_bad_feedback(client: TestClient, change: dict[str, str], status: int, code: str) -> None:
    body = {"id": ask(client), "verdict": "wrong", "comment": "", **change}
    answer = client.post("/api/feedback", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    path = f"/antwort/{body['id']}/rueckmeldung"
    page = client.post(path, data={"verdict": body["verdict"], "comment": body["comment"]})
    assert page.status_code == status
    assert listed(client) == []


def test_the_form_works_without_scripts(client: TestClient) -> None:
    html = client.get("/", params={"frage": STUDY}).text
    action = html.split('action="/antwort/')[2].split('"')[0]
    sent = client.post(f"/antwort/{action}", data={"verdict": "helpful", "comment": "Gut"})
    assert sent.status_code == 303
    assert "Danke" in client.get(sent.headers["location"]).text
    assert listed(client)[0]["comment"] == "Gut"


def test_evaluators_filter_and_sort(client: TestClient) -> None:
    study, cost = ask(client), ask(client, COST)
    say(client, study, "wrong")
    say(client, study, "helpful")
    say(client, cost, "missing")
    questions = {
        order: [one["question"] for one in listed(client, order=order)]
        for order in ("new", "frequent", "question")
    }
    assert questions == {
        "new": [COST, STUDY, STUDY],
        "frequent": [STUDY, STUDY, COST],
        "question": [STUDY, STUDY, COST],
    }
    assert [one["verdict"] for one in listed(client, verdict="wrong")] == ["wrong"]
    page = client.get("/rueckmeldungen?urteil=missing", headers=TOKEN).text
    assert COST in page
    assert STUDY not in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rueckmeldungen"),
        ("GET", "/api/admin/feedback"),
        ("GET", "/api/admin/feedback/cases.jsonl"),
        ("POST", "/api/admin/feedback/1/case"),
        ("POST", "/rueckmeldungen/1/testfall"),
        ("POST", "/rueckmeldungen/1/testfall/zurueck"),
        ("POST", "/rueckmeldungen/1/gelesen"),
        ("POST", "/rueckmeldungen/1/ungelesen"),
        ("GET", "/luecken"),
    ],
)
def test_only_the_administration_sees_feedback(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 401


def test_an_approved_answer_comes_first_until_its_wording_changes(own: SmallWorld) -> None:
    name = {"name": "E. Beispiel"}
    with running(own) as client:
        id_ = ask(client)
        path = f"/api/admin/answers/{id_}/approve"
        assert client.post(path, data=name).status_code == 401
        assert client.post(path, data={}, headers=TOKEN).json()["code"] == "name_missing"
        assert client.post(path, data=name, headers=TOKEN).json()["state"] == "approved"

        def offered(question: str, **more: object) -> str | None:
            body = client.post("/api/ask", json={"question": question, **more}).json()
            return body["approved"] and str(body["approved"]["id"])

        same = "  dürfen Studierende an 140 Tagen ARBEITEN "
        assert offered(same) == id_
        assert offered(COST) is None
        assert offered(same, as_of="2025-03-06") is None
        assert offered(same, history=[COST]) is None
        assert offered(same, audience="public") is None, "it rests on an internal memo"
        shown = f"Geprüfte Antwort, freigegeben von E. Beispiel am {date.today():%d.%m.%Y}"
        assert shown in client.get("/", params={"frage": same}).text
        assert shown in client.get(f"/antwort/{id_}", headers=TOKEN).text

        write_mirror(own.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
        own.ingest(LATER)
        engine: Fundstelle = client.app.state.fundstelle  # type: ignore[attr-defined]
        engine.follow()
        assert offered(same) is None
        states = client.get("/api/admin/approvals", headers=TOKEN).json()
        assert (states["approved"], [one["id"] for one in states["lapsed"]]) == ([], [id_])
        assert "verfallen" in client.get(f"/antwort/{id_}").text
        assert "Verfallene Freigaben" in client.get("/rueckmeldungen", headers=TOKEN).text
        affected = client.get("/api/changes").json()["affected"]
        assert [one["answers"] for one in affected if one["number"] == "16b"] == [[id_]]
        assert f"/antwort/{id_}" in client.get("/aenderungen/2").text
        again = client.post(path, data=name, headers=TOKEN)
        assert (again.status_code, again.json()["code"]) == (422, "answer_outdated")


def test_what_cannot_be_approved_and_taking_back(client: TestClient) -> None:
    name = {"name": "E. Beispiel"}
    for question, more, code in (
        (STUDY, {"as_of": "2025-03-06"}, "has_day"),
        ("Wie backe ich einen Kuchen mit Hefe?", {}, "no_answer"),
    ):
        path = f"/api/admin/answers/{ask(client, question, **more)}/approve"
        assert client.post(path, data=name, headers=TOKEN).json()["code"] == code
    first, second = ask(client), ask(client)
    for id_ in (first, second):
        client.post(f"/api/admin/answers/{id_}/approve", data=name, headers=TOKEN)
    states = client.get("/api/admin/approvals", headers=TOKEN).json()["approved"]
    assert [one["id"] for one in states] == [second], "one approved answer per question"
    back = client.post(
        f"/api/admin/answers/{second}/withdraw",
        data=name,
        headers={**TOKEN, "Accept": "text/html"},
    )
    assert (back.status_code, back.headers["location"]) == (303, f"/antwort/{second}")
    assert client.post("/api/ask", json={"question": STUDY}).json()["approved"] is None
    gone = client.post(f"/api/admin/answers/{second}/withdraw", data=name, headers=TOKEN)
    assert gone.json()["code"] == "unknown_answer"


def test_one_click_makes_one_case(client: TestClient, own: SmallWorld) -> None:
    number = say(client, ask(client), "wrong", "Satz 2 fehlt")
    for _ in range(2):
        answer = client.post(f"/api/admin/feedback/{number}/case", headers=TOKEN)
        assert answer.json()["case"] == f"rueckmeldung-{number}"
    assert client.post(f"/rueckmeldungen/{number}/testfall", headers=TOKEN).status_code == 303
    ((_, case),) = read_cases(own.data.root / "cases" / "feedback.jsonl")
    assert (case.question, case.answerable) == (STUDY, True)
    assert "AufenthG/16b/3" in [gold.ref.key for gold in case.gold]
    assert case.note.startswith("zu prüfen: Rückmeldung „falsch“")
    assert case.note.endswith("Satz 2 fehlt")
    lines = client.get("/api/admin/feedback/cases.jsonl", headers=TOKEN).text
    assert Case.model_validate_json(lines) == case
    (own.data.root / "cases" / "feedback.jsonl").unlink()
    again = client.get("/api/admin/feedback/cases.jsonl", headers=TOKEN).text
    assert again == lines, "a restored backup has the database, not the file"
    second = say(client, ask(client, COST))
    client.post(f"/api/admin/feedback/{second}/case", headers=TOKEN)
    ids = [case.id for _, case in read_cases(own.data.root / "cases" / "feedback.jsonl")]
    assert ids == [f"rueckmeldung-{number}", f"rueckmeldung-{second}"]
    missing = client.post("/api/admin/feedback/99/case", headers=TOKEN)
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_feedback")


def test_a_case_is_undone_unless_somebody_worked_on_it(client: TestClient, own: SmallWorld) -> None:
    first, second = say(client, ask(client), "wrong"), say(client, ask(client, COST), "wrong")
    for number in (first, second):
        client.post(f"/rueckmeldungen/{number}/testfall", headers=TOKEN)
    assert "kein Testfall" in client.get("/rueckmeldungen", headers=TOKEN).text
    undone = client.post(f"/rueckmeldungen/{first}/testfall/zurueck", headers=TOKEN)
    assert undone.headers["location"] == f"/rueckmeldungen#rueckmeldung-{first}"
    file = own.data.root / "cases" / "feedback.jsonl"
    assert [case.id for _, case in read_cases(file)] == [f"rueckmeldung-{second}"]
    assert [one["case"] for one in listed(client)] == [f"rueckmeldung-{second}", None]
    edited = file.read_text(encoding="utf-8").replace("zu prüfen", "geprüft")
    file.write_text(edited, encoding="utf-8")
    refused = client.post(f"/rueckmeldungen/{second}/testfall/zurueck", headers=TOKEN)
    assert (refused.status_code, "bearbeitet" in refused.text) == (409, True)
    assert file.read_text(encoding="utf-8") == edited
    assert listed(client)[0]["case"] == f"rueckmeldung-{second}"
    file.unlink()
    client.post(f"/rueckmeldungen/{second}/testfall/zurueck", headers=TOKEN)
    assert [one["case"] for one in listed(client)] == [None, None]
    missing = client.post("/rueckmeldungen/99/testfall/zurueck", headers=TOKEN)
    assert missing.status_code == 404


def test_what_was_read_is_told_from_what_was_not(client: TestClient) -> None:
    first, second = say(client, ask(client), "wrong"), say(client, ask(client, COST), "helpful")

    def unread() -> list[int]:
        html = client.get("/rueckmeldungen?ungelesen=1", headers=TOKEN).text
        return [n for n in (first, second) if f'id="rueckmeldung-{n}"' in html]

    assert unread() == [first, second]
    client.post(f"/rueckmeldungen/{first}/gelesen", headers=TOKEN)
    client.post(f"/rueckmeldungen/{first}/gelesen", headers=TOKEN)
    assert unread() == [second]
    client.post(f"/rueckmeldungen/{second}/testfall", headers=TOKEN)
    assert unread() == [], "who makes a case of it has read it"
    client.post(f"/rueckmeldungen/{first}/ungelesen", headers=TOKEN)
    assert unread() == [first]
    assert client.post("/rueckmeldungen/99/gelesen", headers=TOKEN).status_code == 404
