"""The formulated answer over HTTP: event by event, whole, on the page, and in the metrics."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import ValidationError
from typer.testing import CliRunner

from service.app import create_app
from service.cli import app as commands
from service.settings import Settings
from service.wire import AskResponse, StatementOut
from service.writer import ModelMetrics, Writer, endpoint_of
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld
from tests.language_models import Models, serving

QUESTION = "An wie vielen Tagen darf ein Gast mit § 16b AufenthG arbeiten?"
TRUE = "Die Erlaubnis berechtigt zur Arbeit an bis zu 140 Tagen im Jahr."


def settings_for(world: SmallWorld, models: Models, name: str, **more: object) -> Settings:
    values = {"data": world.data.root, "llm_url": models.url, "llm_model": name, "llm_timeout": 2.0}
    return Settings.model_validate({**values, **more})


@pytest.fixture(scope="module")
def application(ingested: SmallWorld, models: Models) -> FastAPI:
    """The application with a faithful model."""
    priced = {"llm_price_in": 2.0, "llm_price_out": 10.0, "llm_key": "geheim"}
    return create_app(settings_for(ingested, models, "faithful", **priced))


@pytest.fixture(scope="module")
def served(application: FastAPI) -> Iterator[TestClient]:
    with TestClient(application) as running:
        yield running


@pytest.fixture
def play(
    application: FastAPI, ingested: SmallWorld, models: Models
) -> Iterator[Callable[[str], None]]:
    """Let another model play in the running application."""
    before = application.state.writer

    def change(name: str) -> None:
        endpoint = endpoint_of(settings_for(ingested, models, name))
        application.state.writer = Writer(endpoint, ModelMetrics(CollectorRegistry()))

    yield change
    application.state.writer = before


class Told:
    """What a stream said."""

    def __init__(self, text: str) -> None:
        blocks = [block.split("\n") for block in text.strip().split("\n\n")]
        fields = [dict(line.split(": ", 1) for line in block) for block in blocks]
        self.names = [field["event"] for field in fields]
        data = [json.loads(field["data"]) for field in fields]
        self.sources = AskResponse.model_validate(data[0]["answer"])
        self.statements = [StatementOut.model_validate(d["statement"]) for d in data[1:-1]]
        self.done = AskResponse.model_validate(data[-1]["answer"])


def stream(client: TestClient, question: str = QUESTION, **more: object) -> Told:
    answer = client.post("/api/ask/stream", json={"question": question, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return Told(answer.text)


def ask(client: TestClient, question: str = QUESTION, **more: object) -> AskResponse:
    answer = client.post("/api/ask", json={"question": question, **more})
    assert answer.status_code == 200, answer.text
    return AskResponse.model_validate(answer.json())


def test_a_stream_brings_sources_then_statements_then_the_answer(served: TestClient) -> None:
    told = stream(served)
    assert told.names == ["sources", "statement", "statement", "statement", "done"]
    assert all(statement.quote for statement in told.sources.statements)
    assert told.statements[0].text == TRUE
    assert tuple(told.statements) == told.done.statements
    ids = {passage.id for passage in told.sources.passages}
    assert all(set(statement.citations) <= ids for statement in told.statements)
    assert told.done.timings_ms.keys() == {"sources", "first_statement", "total"}


def test_the_whole_answer_says_which_model_wrote_it(served: TestClient) -> None:
    answer = ask(served)
    assert answer.statements[0].text == TRUE
    assert answer.model is not None
    assert answer.model.name == "faithful"
    assert answer.model.prompt_version.startswith("antwort 1 (")
    assert (answer.model.tokens_in, answer.model.tokens_out) == (1000, 50)
    assert answer.model.cost == pytest.approx(0.0025)
    assert not answer.model.estimated


def test_quotes_are_to_be_had_with_a_model(served: TestClient) -> None:
    answer = ask(served, mode="extractive")
    assert all(statement.quote for statement in answer.statements)
    assert answer.model is None
    assert stream(served, mode="extractive").names == ["sources", "done"]


def test_what_was_shown_is_taken_back_if_the_answer_breaks_off(
    served: TestClient, play: Callable[[str], None]
) -> None:
    play("late")
    told = stream(served)
    assert told.names == ["sources", "statement", "done"]
    assert told.done.outcome == "model_error"
    assert told.done.statements == told.sources.statements


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("fabricated", "unverified"), ("html", "unverified"), ("broken", "model_error")],
)
def test_a_bad_model_shows_nothing(
    served: TestClient, play: Callable[[str], None], name: str, outcome: str
) -> None:
    play(name)
    told = stream(served)
    assert told.names == ["sources", "done"]
    assert told.done.outcome == outcome
    assert told.done.statements == told.sources.statements
    assert ask(served).outcome == outcome


@pytest.mark.parametrize(
    ("body", "code"),
    [({"question": ""}, "question_empty"), ({"question": "x", "mode": "magisch"}, "bad_mode")],
)
def test_a_bad_question_has_a_status_not_an_event(
    served: TestClient, body: dict[str, str], code: str
) -> None:
    answer = served.post("/api/ask/stream", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_before_the_first_ingest_a_stream_says_what_to_do(empty_client: TestClient) -> None:
    answer = empty_client.post("/api/ask/stream", json={"question": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")


def test_a_follow_up_is_shown_as_understood(
    served: TestClient, play: Callable[[str], None]
) -> None:
    play("rewriting")
    before, now = "Was kostet die Erteilung in Euro?", "Und die Verlängerung?"
    answer = ask(served, now, history=[before])
    assert answer.understood == "Was kostet die Erteilung in Euro und Und die Verlängerung?"
    assert answer.model is not None
    assert "anschlussfrage 1" in answer.model.prompt_version
    html = served.get("/", params={"frage": now, "davor": before}).text
    assert "Verstanden als: <em>Was kostet die Erteilung in Euro? – Und die Verlängerung?" in html


def test_tokens_and_cost_are_in_the_metrics(served: TestClient) -> None:
    def value(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", served.get("/metrics").text, re.MULTILINE)
        return float(found.group(1)) if found else 0.0

    names = (
        'fundstelle_model_tokens_total{direction="in"}',
        "fundstelle_model_euro_total",
        'fundstelle_model_statements_total{verdict="shown"}',
        'fundstelle_model_answers_total{outcome="answered"}',
    )
    before = [value(name) for name in names]
    ask(served)
    stream(served)
    gained = [value(name) - old for name, old in zip(names, before, strict=True)]
    assert gained == pytest.approx([2000, 0.005, 6, 2])


def test_the_page_offers_the_formulated_answer(served: TestClient) -> None:
    html = served.get("/", params={"frage": QUESTION}).text
    assert "140 Tagen" in html
    assert 'src="/static/antwort.js"' in html
    link = re.search(r'<noscript><p><a href="([^"]+)"', html)
    assert link
    whole = served.get(link.group(1).replace("&amp;", "&")).text
    assert f'<li>{TRUE} <span class="place">§ 16b Abs. 3 Satz 1 AufenthG</span></li>' in whole
    assert "Sprachmodell faithful, Anweisung antwort 1" in whole
    assert "antwort.js" not in whole


@pytest.mark.parametrize("name", ["html", "markdown", "rubbish", "fabricated"])
def test_no_link_and_no_picture_of_a_model_reaches_the_page(
    served: TestClient, play: Callable[[str], None], name: str
) -> None:
    play(name)
    html = served.get("/", params={"frage": QUESTION, "art": "formuliert"}).text
    assert "aus den Fundstellen nicht belegen" in html
    assert "example.org" not in html
    assert "<img" not in html
    assert "onerror" not in html


def test_without_a_model_the_page_offers_none(client: TestClient) -> None:
    html = client.get("/", params={"frage": QUESTION}).text
    assert "antwort.js" not in html
    assert "Formulierte Antwort" not in html


def test_the_key_is_in_no_log_and_in_no_job(
    served: TestClient, caplog: pytest.LogCaptureFixture, ingested: SmallWorld, models: Models
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(served)
    assert "geheim" not in caplog.text
    settings = settings_for(ingested, models, "x", llm_key="geheim")
    assert not any("LLM" in name for name in settings.environment())
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    "values",
    [
        {"llm_url": "http://127.0.0.1:8080/v1"},
        {"llm_model": "x"},
        {"llm_url": "127.0.0.1:8080", "llm_model": "x"},
        {"llm_url": "http://127.0.0.1:8080/v1", "llm_model": "x", "llm_timeout": 0},
    ],
)
def test_half_a_model_is_no_setting(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(values)


def test_the_command_formulates_too(ingested: SmallWorld, models: Models) -> None:
    environment = {
        "FUNDSTELLE_DATA": str(ingested.data.root),
        "FUNDSTELLE_LLM_URL": models.url,
        "FUNDSTELLE_LLM_MODEL": "faithful",
    }
    shown = CliRunner().invoke(commands, ["ask", QUESTION], env=environment).output
    assert TRUE in shown
    assert "Sprachmodell faithful" in shown
    quotes = ["ask", QUESTION, "--mode", "extractive"]
    assert "Sprachmodell" not in CliRunner().invoke(commands, quotes, env=environment).output
    half = {**environment, "FUNDSTELLE_LLM_MODEL": ""}
    assert "FUNDSTELLE_LLM_MODEL" in CliRunner().invoke(commands, ["ask", "x"], env=half).output


@pytest.fixture(scope="module")
def address(ingested: SmallWorld, models: Models) -> Iterator[str]:
    """A running service whose model answers the first statement and then keeps silent."""
    with serving(create_app(settings_for(ingested, models, "late", llm_timeout=30.0))) as url:
        yield url


def test_who_leaves_ends_the_request_to_the_model(address: str, models: Models) -> None:
    body = {"question": QUESTION}
    with httpx.stream("POST", f"{address}/api/ask/stream", json=body, timeout=10) as answer:
        for line in answer.iter_lines():
            if line == "event: statement":
                break
    assert models.open == 1
    assert models.wait_until_idle()


def test_the_page_shows_statements_as_they_come_and_can_be_stopped(
    address: str, models: Models
) -> None:
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/?frage={QUESTION}")
        part = page.locator("#formuliert")
        part.get_by_text(TRUE).wait_for()
        assert part.get_by_role("link").get_attribute("href") == "/norm/AufenthG/16b?absatz=3#abs-3"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        begin = time.monotonic()
        part.get_by_role("button", name="Abbrechen").click()
        part.get_by_text("Abgebrochen.").wait_for()
        assert part.get_by_role("listitem").count() == 0
        assert models.wait_until_idle()
        assert time.monotonic() - begin < 5
        assert "140 Tagen" in page.locator(".quote").first.inner_text()
        assert complaints == []
