"""The pages Wissen, Einarbeitung and Glossar, and their part of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from corpus.glossary import glossary, letters
from corpus.path import learning_path
from corpus.store.reviews import Decision
from service.app import create_app
from service.memos import decide_on
from service.settings import Settings
from tests.conftest import SmallWorld, copy_world, write_memo


@pytest.fixture(scope="module")
def changed(updated: SmallWorld) -> Iterator[TestClient]:
    """The small world after an update that made a memo doubtful."""
    with TestClient(create_app(Settings(data=updated.data.root))) as running:
        yield running


def test_documents_stand_under_their_topic_with_their_state(client: TestClient) -> None:
    html = client.get("/wissen").text
    assert '<h2 id="thema-studium">Studium und Ausbildung</h2>' in html
    assert '<a href="/dokument/vh-studium">Arbeiten neben dem Studium</a>' in html
    assert "Arbeitshilfe</span> für Mitarbeitende · freigegeben am 05.03.2025" in html
    assert "Kundeninformation</span> für Kundschaft und Mitarbeitende" in html
    assert '<p class="meta" role="status">2 Dokumente</p>' in html


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"q": "Studium"}, "vh-studium", None),
        ({"q": "Arbeitstage"}, "vh-studium", "faq-gebuehren"),
        ({"art": "information"}, "faq-gebuehren", "vh-studium"),
        ({"fuer": "internal"}, "vh-studium", "faq-gebuehren"),
        ({"thema": "Studium"}, "vh-studium", None),
        ({"thema": "familie"}, None, "vh-studium"),
        ({"art": "decree"}, None, "vh-studium"),
    ],
)
def test_documents_are_filtered(
    client: TestClient, query: dict[str, str], shown: str | None, hidden: str | None
) -> None:
    html = client.get("/wissen", params=query).text
    assert shown is None or f'href="/dokument/{shown}"' in html
    assert hidden is None or f'href="/dokument/{hidden}"' not in html
    assert shown is not None or "Kein Dokument passt." in html


def test_a_found_heading_leads_to_its_section(client: TestClient) -> None:
    html = client.get("/wissen", params={"q": "Arbeitstage"}).text
    assert '<a href="/dokument/vh-studium#abschnitt-1">Arbeitstage</a>' in html


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/wissen?art=brief", 422, "Die Art muss eines von"),
        ("/wissen?status=alt", 422, "Der Status muss eines von"),
        (f"/wissen?q={'x' * 201}", 422, "höchstens 200 Zeichen"),
        ("/wissen/neu", 422, "Bitte geben Sie den Tag an"),
        ("/wissen/neu?seit=2025-02-31", 422, "Bitte geben Sie den Tag an"),
        ("/wissen/neu?seit=2999-01-01", 422, "liegt in der Zukunft"),
        ("/einarbeitung/gibtesnicht", 404, "Dieses Thema gibt es nicht."),
        ("/glossar?buchstabe=%C3%9F", 422, "steht nichts im Glossar"),
        (f"/glossar?q={'x' * 101}", 422, "höchstens 100 Zeichen"),
        ("/dokument/gibtesnicht", 404, "Dieses Dokument gibt es nicht im Bestand."),
    ],
)
def test_bad_input_gets_a_sentence(
    client: TestClient, path: str, status: int, sentence: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, sentence in answer.text) == (status, True)


def test_what_a_person_typed_is_escaped(client: TestClient) -> None:
    for path in ("/wissen", "/glossar"):
        html = client.get(path, params={"q": "<b>x</b>"}).text
        assert "<b>x" not in html
        assert "&lt;b&gt;x" in html


def test_the_reading_page_says_first_whether_one_may_rely_on_it(
    client: TestClient, changed: TestClient
) -> None:
    html = changed.get("/dokument/vh-studium").text
    assert re.search(r'</h1>\s*<p class="state state-review">zu prüfen: § 16b Abs. 3', html)
    assert '<a href="/norm/AufenthG/16b?absatz=3#abs-3">§ 16b Abs. 3 AufenthG</a>' in html
    assert re.search(
        r'id="vorschriften".*?<a href="/norm/AufenthG/16b">§ 16b AufenthG</a>', html, re.S
    )
    assert 'href="/dokument/faq-gebuehren"' in html, "the same topic makes it kin"
    fees = client.get("/dokument/faq-gebuehren").text
    assert "state-valid" in fees
    assert 'href="/norm/AufenthV/45?nummer=1#' in fees


def test_a_document_has_contents_headings_in_order_and_tables_with_headers(
    world: SmallWorld,
) -> None:
    table = "| Fall | Regel |\n|---|---|\n| Job | 140 Tage (§ 16b AufenthG) |\n| Praktikum | frei |"
    body = f"Zuerst.\n\n## Eins\n\n{table}\n\n### Eins a\n\n- ein Punkt (§ 5 AufenthG)\n\n## Zwei\n\nEnde."
    write_memo(world.memos, "vh-lang", "Lange Hilfe", body)
    world.ingest()
    with TestClient(create_app(Settings(data=world.data.root))) as client:
        html = client.get("/dokument/vh-lang").text
    assert re.findall(r"<h([1-4])[^>]*>(?:Lange Hilfe|Eins|Eins a|Zwei)</h", html) == [
        "1",
        "2",
        "3",
        "2",
    ]
    contents = re.search(r'<nav class="toc".*?</nav>', html, re.S)
    assert contents
    for number, heading in re.findall(r'#abschnitt-(\d)">([^<]+)<', contents.group()):
        assert re.search(rf'id="abschnitt-{number}">\s*<h\d>{heading}<', html)
    assert '<th scope="col">Regel</th>' in html
    assert (
        '<th scope="row">Job</th><td data-label="Regel">140 Tage (<a href="/norm/AufenthG/16b">'
        in html
    )
    assert '<p class="item">ein Punkt (<a href="/norm/AufenthG/5">§ 5 AufenthG</a>)</p>' in html


def test_a_withdrawn_document_is_nowhere(
    ingested: SmallWorld, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = copy_world(ingested, tmp_path_factory.mktemp("withdrawn"))
    engine = small.engine()
    decide_on(engine.index().reader, "vh-studium", Decision.WITHDRAWN, "Prüferin", "überholt")
    engine.close()
    with TestClient(create_app(Settings(data=small.data.root))) as client:
        assert "vh-studium" not in client.get("/wissen").text
        assert "vh-studium" not in client.get("/dokument/faq-gebuehren").text
        assert client.get("/dokument/vh-studium").status_code == 410
        ids = [one["id"] for one in client.get("/api/documents").json()["documents"]]
        assert ids == ["faq-gebuehren"]


def test_news_name_changed_norms_and_doubtful_documents(changed: TestClient) -> None:
    engine = changed.app.state.fundstelle  # type: ignore[attr-defined]
    today = engine.index().manifest.created_at.date().isoformat()
    html = changed.get("/wissen/neu", params={"seit": today}).text
    assert "zum ersten Mal eingelesen" in html, "both generations are of this day"
    assert "§ 16b Abs. 3 AufenthG wurde geändert" in html


def test_every_topic_has_a_page_that_names_its_neighbours(client: TestClient) -> None:
    start = client.get("/einarbeitung").text
    topics = learning_path().topics
    for place, topic in enumerate(topics):
        assert f'href="/einarbeitung/{topic.slug}"' in start
        html = client.get(f"/einarbeitung/{topic.slug}").text
        assert f"Thema {place + 1} von {len(topics)}" in html
        assert "Stand des Rechts: 05.03.2025" in html
        if place:
            assert f'href="/einarbeitung/{topics[place - 1].slug}" rel="prev"' in html


def test_answers_are_the_words_of_the_law_or_it_is_said_that_they_are_not_held(
    client: TestClient,
) -> None:
    html = client.get("/einarbeitung/studium").text
    assert '<details class="source"><summary>Antwort mit Fundstelle</summary>' in html
    assert "Kleine Arbeiten in der Bibliothek zählen nicht." in html
    assert "§ 16b Abs. 3 Satz 2 AufenthG</a></figcaption>" in html
    assert "§ 16a Abs. 1 Satz 4 AufenthG ist nicht im Bestand." in html


def test_documents_of_the_office_join_the_topic_of_their_words(client: TestClient) -> None:
    html = client.get("/einarbeitung/studium").text
    assert "Weitere Dokumente zum Thema:" in html
    assert 'href="/dokument/vh-studium"' in html


def test_each_letter_of_the_glossary_is_a_small_page(client: TestClient) -> None:
    seen: set[str] = set()
    for letter in letters():
        answer = client.get("/glossar", params={"buchstabe": letter})
        assert len(answer.content) < 150_000
        seen |= set(re.findall(r'<div id="([^"]+)">', answer.text))
    assert seen == {entry.slug for entry in glossary()}


def test_entries_say_what_the_statute_calls_them(client: TestClient) -> None:
    html = client.get("/glossar", params={"q": "AE"}).text
    entry = re.search(r'<div id="ae">.*?</div>', html, re.S)
    assert entry
    assert "<dfn><abbr>AE</abbr></dfn>" in entry.group()
    assert "Im Gesetz: Aufenthaltserlaubnis." in entry.group()
    assert '<a href="/norm/AufenthG/7">§ 7 AufenthG</a>' in entry.group()
    assert 'href="/?frage=Was+ist+AE+%28Aufenthaltserlaubnis%29%3F"' in entry.group()
    assert "#ae" in entry.group()


def test_english_words_are_marked_as_english(client: TestClient) -> None:
    html = client.get("/glossar", params={"q": "work permit"}).text
    assert '<dfn lang="en">work permit</dfn>' in html
    assert re.search(r'Auch: <span lang="en">[^<]*permission to work', html)


def test_a_search_without_result_offers_to_ask(client: TestClient) -> None:
    html = client.get("/glossar", params={"q": "qqqq"}).text
    assert "Kein Eintrag zu „qqqq“" in html
    assert 'href="/?frage=qqqq"' in html


def test_the_contract_lists_documents(changed: TestClient) -> None:
    body = changed.get("/api/documents", params={"status": "review"}).json()
    (entry,) = body["documents"]
    assert (entry["id"], entry["kind"], entry["state"]) == ("vh-studium", "memo", "review")
    assert entry["norms"] == ["§ 16b AufenthG"]
    assert entry["topic"] == "studium"
    assert entry["reasons"][0].startswith("§ 16b Abs. 3 AufenthG wurde geändert")
    assert changed.get("/api/documents", params={"kind": "x"}).json()["code"] == "bad_kind"


def test_the_contract_looks_up_words(client: TestClient) -> None:
    entries = client.get("/api/glossary", params={"q": "fikti"}).json()["entries"]
    assert entries[0]["word"] == "Fikti"
    assert entries[0]["place"] == "§ 81 Abs. 5 AufenthG"
    assert entries[0]["url"] == "/glossar?buchstabe=F#fikti"
    assert len(client.get("/api/glossary").json()["entries"]) == len(glossary())


def test_before_the_first_ingest_the_glossary_and_the_path_are_there(
    empty_client: TestClient,
) -> None:
    assert empty_client.get("/glossar").status_code == 200
    assert empty_client.get("/einarbeitung").status_code == 200
    for path in ("/wissen", "/wissen/neu?seit=2025-03-06", "/einarbeitung/studium"):
        answer = empty_client.get(path)
        assert (answer.status_code, "make ingest" in answer.text) == (503, True)
