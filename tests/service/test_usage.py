"""What is noted of questions: counts and masked examples, never who asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from corpus.models import NormRef
from corpus.store import use
from corpus.store.database import open_database
from corpus.store.use import gaps, norm_use, record_gap
from rag.engine import Fundstelle
from service import usage
from service.app import create_app
from service.settings import Settings
from service.usage import UsageLog
from tests.conftest import SmallWorld, make_world
from tests.service.test_cli import run

STRANGE = "Frau Mustermann, 12.03.1990, a.b@c.de: Wo Führerschein umschreiben lassen?"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """A world of its own: its counts change."""
    world = make_world(tmp_path_factory.mktemp("gefragt"))
    world.ingest()
    return world


@pytest.fixture
def client(asked: SmallWorld) -> Iterator[TestClient]:
    settings = Settings(data=asked.data.root, admin_token=SecretStr("geheim"))
    with TestClient(create_app(settings), client=("127.0.0.1", 5000)) as running:
        yield running


@pytest.fixture
def engine(asked: SmallWorld) -> Iterator[Engine]:
    database = open_database(asked.data.database)
    yield database
    database.dispose()


def settle(client: TestClient) -> None:
    log: UsageLog = client.app.state.usage  # type: ignore[attr-defined]
    log.settle()


def test_cited_norms_are_counted_by_day(client: TestClient, engine: Engine) -> None:
    before = norm_use(engine).get(NormRef("AufenthG", "16b"), 0)
    client.post("/api/ask", json={"question": "Was regelt § 16b Abs. 3 AufenthG?"})
    client.get("/", params={"frage": "Was regelt § 16b Abs. 3 AufenthG?"})
    client.get("/api/search", params={"q": "Was regelt § 16b Abs. 3 AufenthG?"})
    settle(client)
    assert norm_use(engine)[NormRef("AufenthG", "16b")] == before + 2


def test_questions_without_an_answer_are_kept_masked_and_grouped(
    client: TestClient, engine: Engine, asked: SmallWorld
) -> None:
    for question in ("§ 99z AufenthG", "§ 99z AufenthG"):
        client.post("/api/ask", json={"question": question})
    body = client.post("/api/ask", json={"question": STRANGE}).json()
    assert body["outcome"] == "out_of_scope"
    settle(client)
    assert client.get("/api/admin/gaps").status_code == 401
    found = client.get("/api/admin/gaps", headers={"X-Admin-Token": "geheim"}).json()["gaps"]
    (strange,) = [gap for gap in found if gap["outcome"] == "out_of_scope"]
    assert strange["example"] == (
        "Frau [Name], [Geburtsdatum], [E-Mail]: Wo Führerschein umschreiben lassen?"
    )
    assert not any("muster" in term for term in strange["terms"])
    assert found[0]["count"] >= 2
    assert "Führerschein umschreiben" in run(asked, "gaps")
    assert len(json.loads(run(asked, "gaps", "--json"))["gaps"]) == len(found)


def test_gaps_are_grouped_by_their_words_and_outcome(world: SmallWorld) -> None:
    database = open_database(world.data.database)
    for terms, outcome in ((["b", "a"], "no_source"), (["a", "b"], "no_source"), (["a"], "x")):
        record_gap(database, terms, f"Beispiel {terms}", outcome, date(2025, 4, 1))
    assert [(g.terms, g.count, g.example) for g in gaps(database)] == [
        (("a", "b"), 2, "Beispiel ['a', 'b']"),
        (("a",), 1, "Beispiel ['a']"),
    ]
    database.dispose()


def test_an_answer_does_not_wait_for_the_counting(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OSError("Platte voll")

    monkeypatch.setattr(usage, "record_use", broken)
    answer = client.post("/api/ask", json={"question": "Was regelt § 16b Abs. 3 AufenthG?"})
    assert answer.json()["outcome"] == "answered"
    settle(client)
    assert "usage_failed" in caplog.text
    assert use.record_use is not broken


def test_nothing_is_noted_where_it_is_not_wanted(updated: SmallWorld) -> None:
    engine = Fundstelle(updated.data)
    log = UsageLog(engine, on=False)
    before = gaps(engine.engine)
    log.note("qwertz asdfgh", engine.ask("qwertz asdfgh"))
    log.settle()
    assert gaps(engine.engine) == before
    log.close()
    engine.close()
