"""Documents that rest on changed law: said everywhere, decided on by a person, gone when withdrawn."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from corpus.models import NormRef
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader
from corpus.store.reviews import Decision, Register, decide, reviews, take_back
from corpus.store.use import record_use
from corpus.store.writing import switch
from rag.engine import Fundstelle
from rag.index import Scope
from rag.reviews import decided, waiting
from service.app import create_app
from service.settings import Settings
from tests.conftest import TODAY, SmallWorld, make_world, write_memo
from tests.official import SMALL_LAWS, reworded, write_mirror
from tests.taken_in import take_in

LATER = date(2025, 4, 1)
TOKEN = {"X-Admin-Token": "geheim"}
ACT = "zuletzt geändert durch Art. 7 G v. 28.3.2025"
REASON = f"§ 16b Abs. 3 AufenthG wurde geändert ({ACT})"
NOTE = f"zu prüfen: {REASON}"
STUDY = "Dürfen Studierende an 140 Tagen arbeiten?"


def amend(world: SmallWorld) -> None:
    xml = reworded("aufenthg_2004", "140 Tagen", "150 Tagen")["aufenthg_2004"]
    write_mirror(
        world.laws, {"aufenthg_2004": xml.replace("zuletzt geändert".encode(), ACT.encode())}
    )


def running(world: SmallWorld) -> TestClient:
    settings = Settings(data=world.data.root, admin_token=SecretStr("geheim"))
    return TestClient(create_app(settings), client=("127.0.0.1", 5000), follow_redirects=False)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    world = make_world(tmp_path_factory.mktemp("amtlich"))
    world.ingest()
    amend(world)
    world.ingest(LATER)
    with running(world) as client:
        yield client


def test_answers_and_hits_say_what_is_to_be_reviewed(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": STUDY}).json()
    assert f"„Arbeiten neben dem Studium“ – {NOTE}." in body["notices"]
    status = {p["citation"].split("“")[0]: p["status"] for p in body["passages"] if not p["law"]}
    assert status["Arbeitshilfe „Arbeiten neben dem Studium"] == NOTE
    hits = client.get("/api/search", params={"q": STUDY, "k": 50}).json()["hits"]
    assert {hit["status"] for hit in hits if "/dokument/vh-studium" in hit["url"]} == {NOTE}
    assert {hit["status"] for hit in hits if "/dokument/vh-studium" not in hit["url"]} == {None}


def test_the_norm_and_the_document_say_it_too(client: TestClient) -> None:
    body = client.get("/api/norms/AufenthG/16b").json()
    (document,) = body["documents"]
    assert (document["id"], document["review"]) == ("vh-studium", NOTE)
    assert body["summary_review"] == NOTE
    assert client.get("/api/norms/AufenthG/5").json()["summary_review"] is None
    for path in ("/norm/AufenthG/16b", "/dokument/vh-studium", f"/?frage={STUDY}"):
        assert REASON in client.get(path).text, path
    assert "Zu prüfen:" not in client.get("/dokument/faq-gebuehren").text


def test_the_worklist_links_to_what_changed(client: TestClient) -> None:
    html = client.get("/pruefliste").text
    assert "Arbeiten neben dem Studium" in html
    assert "/norm/AufenthG/16b/vergleich?von=2025-03-06&amp;bis=2025-04-01" in html
    assert 'href="/aenderungen/2"' in html
    assert "/review" not in html, "deciding is for the administration"
    signed_in = client.get("/pruefliste", headers=TOKEN).text
    assert 'action="/api/admin/memos/vh-studium/review"' in signed_in


def test_only_an_administrator_decides_and_gives_name_and_reason(client: TestClient) -> None:
    path = "/api/admin/memos/faq-gebuehren/review"
    form = {"decision": "confirmed", "name": "E. Beispiel", "reason": "geprüft"}
    assert client.post(path, data=form).status_code == 401
    for wrong, code in (
        ({"decision": "vielleicht"}, "bad_decision"),
        ({"name": " "}, "name_missing"),
        ({"reason": ""}, "reason_missing"),
    ):
        answer = client.post(path, data={**form, **wrong}, headers=TOKEN)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    unknown = client.post("/api/admin/memos/gibt-es-nicht/review", data=form, headers=TOKEN)
    assert unknown.json()["code"] == "unknown_document"
    summary = "/api/admin/memos/summary:aufenthg_2004/16b/review"
    answer = client.post(summary, data={**form, "decision": "withdrawn"}, headers=TOKEN)
    assert answer.json()["code"] == "is_summary"


def test_a_decision_ends_the_review_at_once(client: TestClient) -> None:
    form = {"decision": "confirmed", "name": "E. Beispiel", "reason": "geprüft"}
    path = "/api/admin/memos/summary:aufenthg_2004/16b/review"
    html = {**TOKEN, "Accept": "text/html"}
    answer = client.post(path, data=form, headers=html)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pruefliste#entschieden")
    assert client.get("/api/norms/AufenthG/16b").json()["summary_review"] is None


def test_a_decision_is_taken_back_with_one_click_and_stays_to_be_read(client: TestClient) -> None:
    path = "/api/admin/memos/vh-studium/review"
    form = {"decision": "confirmed", "name": "E. Beispiel", "reason": "verklickt"}
    client.post(path, data=form, headers=TOKEN)
    page = client.get("/pruefliste", headers=TOKEN).text
    assert f'action="{path}/undo"' in page
    assert f'action="{path}"' not in page
    assert "verklickt" not in client.get("/pruefliste").text, "who decided what is not for all"
    assert client.post(f"{path}/undo").status_code == 401
    html = {**TOKEN, "Accept": "text/html"}
    answer = client.post(f"{path}/undo", headers=html)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pruefliste")
    page = client.get("/pruefliste", headers=TOKEN).text
    assert f'action="{path}"' in page
    assert f'action="{path}/undo"' not in page
    engine: Fundstelle = client.app.state.fundstelle  # type: ignore[attr-defined]
    last, again = reviews(engine.engine, "vh-studium")[-2:]
    assert (last.decision, "verklickt (confirmed; zurückgenommen am" in last.note) == (
        Decision.TAKEN_BACK,
        True,
    )
    assert (again.decided_on, again.reason, again.places) == (None, last.reason, last.places)
    nothing = client.post(f"{path}/undo", headers=TOKEN)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_decided")
    taken_back = client.post(path, data={**form, "decision": "taken_back"}, headers=TOKEN)
    assert taken_back.json()["code"] == "bad_decision"


@pytest.mark.parametrize(
    ("made", "left"),
    [
        ((Decision.WITHDRAWN,), None),
        ((Decision.CONFIRMED, Decision.REVISED), Decision.CONFIRMED),
        ((Decision.CONFIRMED, Decision.WITHDRAWN), Decision.CONFIRMED),
    ],
)
def test_taking_back_undoes_the_last_decision_only(
    world: SmallWorld, made: tuple[Decision, ...], left: Decision | None
) -> None:
    engine = open_database(world.data.database)
    reader = CorpusReader(engine, take_in(engine, world, TODAY))
    for decision in made:
        decide(engine, "vh-studium", decision, "E. Beispiel", decision.value, TODAY)
    assert take_back(engine, "vh-studium", LATER) is made[-1]
    standing = reader.register.read()
    assert standing.withdrawn == frozenset()
    assert "vh-studium" not in standing.open, "no update had opened a review"
    assert [one.decision for one in decided(reader, TODAY)] == ([left] if left else [])
    assert ("vh-studium" in standing.decided) == (left is not None)
    engine.dispose()


def test_a_review_is_opened_once_for_each_update_that_touches_the_document(
    world: SmallWorld,
) -> None:
    write_memo(world.memos, "alt", "Altes", "## A\n\nSiehe § 3 AufenthG.")
    (world.memos / "alt.md").write_text(
        (world.memos / "alt.md").read_text(encoding="utf-8").replace("2027-03-05", "2025-01-01"),
        encoding="utf-8",
    )
    engine = open_database(world.data.database)
    reader = CorpusReader(engine, take_in(engine, world, TODAY))
    assert [(w.document, w.reasons) for w in waiting(reader)] == [
        ("alt", ("Prüfdatum 01.01.2025 überschritten",))
    ]
    decide(engine, "alt", Decision.CONFIRMED, "E. Beispiel", "geprüft", LATER)
    reader.register.read()
    assert waiting(reader) == ()
    for _ in range(2):
        amend(world)
        number = take_in(engine, world, LATER)
        switch(engine, 1)
    write_mirror(world.laws, SMALL_LAWS)
    documents = [r.document for r in reviews(engine) if r.decided_on is None]
    assert documents.count("vh-studium") == 1
    assert "faq-gebuehren" not in documents
    record_use(engine, {NormRef("AufenthG", "16b"): 3}, LATER)
    found = {w.document: w for w in waiting(CorpusReader(engine, number))}
    assert found["vh-studium"].use == 3
    assert found["vh-studium"].places == (NormRef("AufenthG", "16b", "3"),)
    engine.dispose()


def shown(engine: Fundstelle) -> set[str]:
    """Sources of everything that can be found."""
    hits = engine.search(STUDY, k=100).hits
    found = {hit.passage.source for hit in hits}
    found |= {p.passage.source for p in engine.ask(STUDY).passages}
    return found | {s.source for s in engine.suggest("Was kostet die Erl")}


def test_a_withdrawn_document_is_never_shown_again(world: SmallWorld) -> None:
    world.ingest()
    with running(world) as client:
        engine: Fundstelle = client.app.state.fundstelle  # type: ignore[attr-defined]
        assert {"vh-studium", "faq-gebuehren"} <= shown(engine)
        index = engine.index()
        assert index.allowed(Scope())[index.rows_by_source["vh-studium"]].all()

        form = {"decision": "withdrawn", "name": "E. Beispiel", "reason": "überholt"}
        for document in ("vh-studium", "faq-gebuehren"):
            path = f"/api/admin/memos/{document}/review"
            assert client.post(path, data=form, headers=TOKEN).status_code == 200
        assert_hidden(client, engine)
        assert client.post(path, data=form, headers=TOKEN).json()["code"] == "withdrawn"

        assert set(world.ingest(LATER).removed) == {"vh-studium", "faq-gebuehren"}
        shutil.move(world.memos / "vh-studium.md", world.memos / "anders.md")
        amend(world)
        world.ingest(date(2025, 5, 1))
        engine.follow()
        assert "vh-studium" not in engine.index().reader.sources
        assert_hidden(client, engine)

        switch(engine.engine, 1)
        engine.follow()
        assert engine.index().number == 1
        assert "vh-studium" in engine.index().reader.sources
        assert_hidden(client, engine)
    assert world.ingest(date(2025, 6, 1)).published is not None
    reader = CorpusReader(open_database(world.data.database), 4)
    assert not {"vh-studium", "faq-gebuehren"} & reader.sources.keys()
    reader.engine.dispose()


def assert_hidden(client: TestClient, engine: Fundstelle) -> None:
    assert not {"vh-studium", "faq-gebuehren"} & shown(engine)
    index = engine.index()
    for source in ("vh-studium", "faq-gebuehren"):
        for day in (None, LATER):
            assert not index.allowed(Scope(day=day))[index.rows_by_source.get(source, [])].any()
        page = client.get(f"/dokument/{source}")
        assert (page.status_code, "zurückgezogen" in page.text) == (410, True)
    assert client.get("/api/norms/AufenthG/16b").json()["documents"] == []
    assert "/dokument/" not in client.get("/").text
    assert "/dokument/" not in client.get("/norm/AufenthV/45").text


def test_another_process_learns_of_a_withdrawal_within_a_second(world: SmallWorld) -> None:
    engine = open_database(world.data.database)
    register = Register(engine)
    assert register.now().withdrawn == frozenset()
    decide(engine, "vh-studium", Decision.WITHDRAWN, "E. Beispiel", "überholt", LATER)
    time.sleep(1.05)
    assert register.now().withdrawn == {"vh-studium"}
    engine.dispose()
