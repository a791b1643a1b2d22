"""The HTTP contract of the project, field by field."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient

PASSAGE = {
    "id", "kind", "law", "number", "absatz", "heading", "path", "title", "text", "highlight",
    "citation", "url", "stand", "valid_from", "valid_to", "audience",
}  # fmt: skip
ASK = {
    "id", "outcome", "message", "statements", "passages", "notices", "as_of", "corpus_version",
    "timings_ms",
}  # fmt: skip


def ask(client: TestClient, question: str, **more: object) -> dict[str, object]:
    answer = client.post("/api/ask", json={"question": question, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


def test_ask_keeps_its_contract(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": "Was regelt § 16b Abs. 3 AufenthG?"}).json()
    assert body.keys() >= ASK
    assert body["outcome"] == "answered"
    assert body["statements"][0].keys() >= {"text", "quote", "citations", "checks"}
    assert all(passage.keys() >= PASSAGE for passage in body["passages"])
    ids = {passage["id"] for passage in body["passages"]}
    assert all(set(statement["citations"]) <= ids for statement in body["statements"])
    first = body["passages"][0]
    start, end = first["highlight"][0]
    assert first["text"][start:end] == body["statements"][0]["text"]
    assert body["timings_ms"]["total"] > 0


def test_search_keeps_its_contract(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "§ 5 Abs. 1 AufenthG", "k": 3}).json()
    assert len(body["hits"]) == 3
    assert all(hit.keys() >= PASSAGE | {"score", "why"} for hit in body["hits"])
    assert body["query"]["refs"] == ["§ 5 Abs. 1 AufenthG"]
    assert body["hits"][0]["citation"] == "§ 5 Abs. 1 AufenthG"


def test_the_public_never_gets_internal_passages(client: TestClient) -> None:
    for question in ("Studierende arbeiten", "§ 16b AufenthG", "Was kostet die Erlaubnis?"):
        body = client.post("/api/ask", json={"question": question, "audience": "public"}).json()
        assert all(passage["audience"] == "public" for passage in body["passages"])
        found = client.get("/api/search", params={"q": question, "audience": "public", "k": 50})
        assert all(hit["audience"] == "public" for hit in found.json()["hits"])


def test_a_norm_keeps_its_contract(client: TestClient) -> None:
    body = client.get("/api/norms/AufenthG/16b").json()
    assert body["citation"] == "§ 16b AufenthG"
    labels = [absatz["absatz"] for absatz in body["structure"]]
    assert labels == ["1", "3"]
    start, end = body["structure"][1]["saetze"][0]["span"]
    assert body["text"][start:end].startswith("(3) Die Erlaubnis berechtigt")
    assert [ref["label"] for ref in body["references_out"]] == ["§ 5 AufenthG"]
    assert [document["id"] for document in body["documents"]] == ["vh-studium"]
    assert body["versions"][0]["current"] is True
    assert body["stand"] == "zuletzt geändert"


def test_a_diff_between_days_of_one_version_is_empty(client: TestClient) -> None:
    query = {"from": "2025-03-06", "to": "2025-03-07"}
    body = client.get("/api/norms/AufenthG/16b/diff", params=query).json()
    assert body["changes"] == []


def test_references_are_found_in_short_and_long_texts(client: TestClient) -> None:
    text = "Nach § 16b Abs. 3 Satz 1 AufenthG und § 99 AufenthG."
    short = client.get("/api/references", params={"text": text}).json()
    assert client.post("/api/references", json={"text": text}).json() == short
    first, second = short["references"]
    assert text[first["start"] : first["end"]] == first["text"]
    assert (first["law"], first["number"], first["absatz"], first["satz"], first["status"]) == (
        "AufenthG", "16b", "3", "1", "resolved",
    )  # fmt: skip
    assert second["status"] == "unknown"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/ask", {"question": ""}, 422, "question_empty"),
        ("POST", "/api/ask", {"question": "x" * 10_000}, 422, "question_too_long"),
        ("POST", "/api/ask", {"question": "\x00\x01"}, 422, "question_not_text"),
        ("POST", "/api/ask", {}, 422, "question_missing"),
        ("POST", "/api/ask", {"question": "x", "as_of": "2024-02-31"}, 422, "bad_date"),
        ("POST", "/api/ask", {"question": "x", "audience": "alle"}, 422, "bad_audience"),
        ("POST", "/api/ask", {"question": "x", "mode": "magisch"}, 422, "bad_mode"),
        ("POST", "/api/ask", {"question": "x", "mehr": 1}, 422, "bad_request"),
        ("GET", "/api/search", None, 422, "question_missing"),
        ("GET", "/api/search?q=x&k=0", None, 422, "bad_k"),
        ("GET", "/api/search?q=x&as_of=gestern", None, 422, "bad_date"),
        ("GET", "/api/norms/BGB/1", None, 404, "unknown_law"),
        ("GET", "/api/norms/AufenthG/25c", None, 404, "unknown_norm"),
        ("GET", "/api/norms/AufenthG/5?as_of=2024-13-01", None, 422, "bad_date"),
        ("GET", "/api/norms/AufenthG/5/diff?from=x&to=2024-01-01", None, 422, "bad_date"),
        (
            "GET",
            "/api/norms/AufenthG/5/diff?from=2025-03-07&to=2025-03-06",
            None,
            422,
            "bad_date_order",
        ),
        (
            "GET",
            "/api/norms/AufenthG/5/diff?from=2024-01-01&to=2025-03-06",
            None,
            422,
            "day_not_held",
        ),
        ("GET", "/api/search?q=x&laws=BGB", None, 404, "unknown_law"),
        ("POST", "/api/references", {"text": "x" * 200_001}, 422, "bad_text"),
        ("GET", "/api/nichts", None, 404, "not_found"),
        ("DELETE", "/api/ask", None, 405, "method_not_allowed"),
    ],
)
def test_bad_input_gets_a_sentence_and_a_code(
    client: TestClient, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith((".", ")"))


def test_suggestions_hold_what_is_typed(client: TestClient) -> None:
    found = client.get("/api/suggest", params={"q": "student arb"}).json()["suggestions"]
    assert found
    assert all({"text", "citation"} == suggestion.keys() for suggestion in found)
    assert all("student" in s["text"].casefold() and "arb" in s["text"].casefold() for s in found)
    assert client.get("/api/suggest", params={"q": "x"}).json() == {"suggestions": []}
    assert client.get("/api/suggest").json()["code"] == "question_missing"


def test_search_says_how_the_question_was_understood(client: TestClient) -> None:
    question = "Was galt am 1.3.2024 für Gebühren bei der Verlängerrung der AE?"
    query = client.get("/api/search", params={"q": question}).json()["query"]
    assert query["as_of"] == "2024-03-01"
    assert query["corrections"] == {"Verlängerrung": "Verlängerung"}
    assert "AE" in query["synonyms"]


def test_a_follow_up_rests_on_the_question_before(client: TestClient) -> None:
    alone = client.get("/api/search", params={"q": "Und die Verlängerung?"}).json()
    after = {"q": "Und die Verlängerung?", "after": "Was kostet die Erteilung in Euro?"}
    assert client.get("/api/search", params=after).json()["hits"] != alone["hits"]
    body = ask(client, "Und die Verlängerung?", history=["Was kostet die Erteilung in Euro?"])
    assert body["outcome"] == "answered"


def test_context_is_labelled_and_no_competitor(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "§ 16b Abs. 3 AufenthG", "k": 1}).json()
    assert [(r["label"], r["relation"]) for r in found["related"]] == [
        ("§ 5 Abs. 1 AufenthG", "verweist auf")
    ]
    assert {hit["number"] for hit in found["hits"]} == {"16b"}


def test_laws_may_be_named_in_any_spelling(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "Gebühr", "laws": "aufenthaltsverordnung"})
    assert {hit["law"] for hit in found.json()["hits"]} == {"AufenthV"}


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        ("2001-01-01", "AufenthG: Für den 01.01.2001 liegt keine Fassung vor"),
        ("2099-01-01", "AufenthG: Zuletzt am 06.03.2025 mit dem amtlichen Text abgeglichen"),
    ],
)
def test_a_day_that_is_not_held_is_named(client: TestClient, day: str, hint: str) -> None:
    body = ask(client, "§ 16b Abs. 3 AufenthG Tage", as_of=day)
    notices = body["notices"]
    assert isinstance(notices, list)
    assert any(notice.startswith(hint) for notice in notices)


def test_an_unknown_norm_names_the_nearest(client: TestClient) -> None:
    body = client.get("/api/norms/AufenthG/16c").json()
    assert body["message"] == "§ 16c AufenthG gibt es nicht."
    assert "§ 16b AufenthG" in body["nearest"]


def test_a_generated_answer_without_a_model_is_quotes_and_says_so(client: TestClient) -> None:
    body = ask(client, "§ 45 AufenthV", mode="generated")
    notices = body["notices"]
    assert isinstance(notices, list)
    assert "kein Sprachmodell" in notices[0]


def test_health_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"
    client.get("/api/search", params={"q": "geheimes Wort"})
    metrics = client.get("/metrics").text
    assert 'fundstelle_requests_total{route="/api/search",status="200"}' in metrics
    assert "geheimes" not in metrics


def test_before_the_first_ingest_every_call_says_what_to_do(empty_client: TestClient) -> None:
    assert empty_client.get("/healthz").status_code == 200
    for path in ("/readyz", "/api/search?q=x", "/api/norms/AufenthG/5", "/api/references?text=x"):
        answer = empty_client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        assert "make ingest" in answer.json()["message"]


def test_logs_are_json_and_hold_no_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    from service.observe import JsonLines

    logging.getLogger("fundstelle").setLevel(logging.INFO)
    with caplog.at_level(logging.INFO, logger="fundstelle"):
        client.get("/api/search", params={"q": "Herr Mustermann will bleiben"})
        client.post("/api/ask", json={"question": "Frau Beispiel will arbeiten"})
        client.get("/norm/AufenthG/5")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "fundstelle"]
    assert len(lines) == 3
    assert "Mustermann" not in "".join(lines)
    assert "Beispiel" not in "".join(lines)
    assert json.loads(lines[0])["route"] == "/api/search"


def test_openapi_has_examples_and_german_summaries(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) >= {"/api/ask", "/api/search", "/api/references", "/healthz"}
    assert schema["components"]["schemas"]["AskRequest"]["examples"]
    assert "/api/ask" in client.get("/docs").text


def test_an_answer_from_chosen_laws_says_so_and_quotes_no_other(client: TestClient) -> None:
    body = {"question": "Was kostet die Erlaubnis?", "laws": ["Aufenthaltsverordnung"]}
    answer = client.post("/api/ask", json=body).json()
    assert {passage["law"] for passage in answer["passages"]} == {"AufenthV"}
    assert "Gesucht wurde nur in: AufenthV." in answer["notices"]
    unknown = client.post("/api/ask", json=body | {"laws": ["Kuchengesetz"]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_law")


def test_a_quote_says_where_it_stands_in_the_text_of_its_passage(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "Was regelt § 16b Abs. 3 AufenthG?"}).json()
    texts = {passage["id"]: passage["text"] for passage in answer["passages"]}
    quotes = [statement for statement in answer["statements"] if statement["quote"]]
    assert quotes
    for quote in quotes:
        start, end = quote["span"]
        assert texts[quote["citations"][0]][start:end] == quote["text"]
