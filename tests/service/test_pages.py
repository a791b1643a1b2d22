from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.conftest import LATER, SmallWorld, copy_world
from tests.official import reworded, write_mirror

PAGES = [
    "/",
    "/?frage=Was+regelt+%C2%A7+16b+Abs.+3+AufenthG",
    "/norm/AufenthG/16b?absatz=3&satz=1",
    "/norm/AufenthV/45",
    "/norm/AufenthG/5?stichtag=2020-01-01",
    "/gesetz/AufenthG",
    "/dokument/vh-studium",
    "/wissen",
    "/wissen?q=Studium",
    "/wissen/neu?seit=2025-03-06",
    "/einarbeitung",
    "/einarbeitung/studium",
    "/glossar",
    "/glossar?q=fikti",
    "/abdeckung",
    "/aenderungen",
    "/aenderungen/1",
    "/pruefliste",
    "/docs",
    "/norm/AufenthG/99",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_german_and_load_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    html = answer.text
    assert '<html lang="de"' in html
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', html)
    assert all(address.startswith("/static/") for address in loaded)
    assert not re.search(r"<script(?![^>]*src=)|\son[a-z]+=", html), "no script but in files"
    assert not re.search(r'\son\w+="', html)
    assert html.count("<h1") == 1
    assert len(html.encode()) < 150_000


def test_the_answer_quotes_and_marks_the_words(client: TestClient) -> None:
    html = client.get("/", params={"frage": "Was regelt § 16b Abs. 3 AufenthG?"}).text
    assert '<figcaption><a href="#stelle-1-1">§ 16b Abs. 3 Satz 1 AufenthG</a></figcaption>' in html
    words = "Die Erlaubnis berechtigt zur Arbeit an bis zu 140 Tagen im Jahr."
    assert f'<mark id="stelle-1-1">{words}</mark>' in html
    assert 'href="/norm/AufenthG/16b?absatz=3#abs-3"' in html


@pytest.mark.parametrize("stichtag", ["", "2025-04-02"])
def test_the_entries_of_an_enumeration_follow_the_words_that_introduce_them(
    ingested: SmallWorld, tmp_path: Path, stichtag: str
) -> None:
    world = copy_world(ingested, tmp_path)
    means = "aus Arbeit, aus Vermögen oder aus anderen eigenen Mitteln " * 12
    longer = reworded("aufenthg_2004", "der Unterhalt gesichert", f"der Unterhalt {means}gesichert")
    write_mirror(world.laws, longer)
    world.ingest(LATER)
    question = "Was setzt die Erteilung nach § 5 Abs. 1 AufenthG voraus, und was gilt für Kinder?"
    with TestClient(create_app(Settings(data=world.data.root))) as client:
        html = client.get("/", params={"frage": question, "stichtag": stichtag}).text
    first = html.split("</article>")[0]
    day = " (Fassung am 02.04.2025)" if stichtag else ""
    assert re.findall(r"(?:<h3>|<figcaption><a[^>]*>)(.*?)</", first) == [
        f"§ 5 Abs. 1 Satz 1 AufenthG{day}",
        "Voraussetzungen (alle müssen vorliegen)",
        *(f"§ 5 Abs. 1 Satz 1 Nr. {number} AufenthG{day}" for number in ("1", "1a", "2")),
        f"§ 5 Abs. 1 Satz 2 AufenthG{day}",
    ]


def test_what_a_person_typed_is_escaped(client: TestClient) -> None:
    html = client.get("/", params={"frage": '<script>alert("x")</script> § 5 AufenthG'}).text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("query", "sentence", "status"),
    [
        ({"frage": "x" * 3000}, "zu lang", 422),
        ({"frage": "Pass", "stichtag": "2024-02-31"}, "kein gültiges Datum", 422),
        ({"frage": "§ 25c AufenthG"}, "§ 25c AufenthG gibt es nicht", 200),
    ],
)
def test_bad_input_gets_a_sentence(
    client: TestClient, query: dict[str, str], sentence: str, status: int
) -> None:
    answer = client.get("/", params=query)
    assert answer.status_code == status
    assert sentence in answer.text


def test_people_get_a_page_and_machines_get_json_for_the_same_error(client: TestClient) -> None:
    page = client.get("/gibt-es-nicht")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<html lang="de"' in page.text
    assert client.get("/api/gibt-es-nicht").json()["code"] == "not_found"


def test_before_the_first_ingest_the_page_says_what_to_do(empty_client: TestClient) -> None:
    answer = empty_client.get("/")
    assert answer.status_code == 503
    assert "make ingest" in answer.text


def test_the_chosen_look_is_remembered_and_leads_back(client: TestClient) -> None:
    back = {"Referer": f"{client.base_url}/gesetz/AufenthG?x=1"}
    choice = client.post(
        "/darstellung", data={"darstellung": "kontrast"}, headers=back, follow_redirects=False
    )
    assert (choice.status_code, choice.headers["location"]) == (303, "/gesetz/AufenthG?x=1")
    assert 'data-theme="kontrast"' in client.get("/").text
    elsewhere = {"Referer": "https://example.org/boese"}
    reset = client.post(
        "/darstellung", data={"darstellung": "bunt"}, headers=elsewhere, follow_redirects=False
    )
    assert reset.headers["location"] == "/"
    assert 'data-theme="geraet"' in client.get("/").text


def test_the_rank_of_a_source_is_shown(client: TestClient) -> None:
    html = client.get("/", params={"frage": "Was kostet die Erlaubnis?"}).text
    shown = re.findall(r'<h2><span class="kind kind-\w+">(\w+)</span> <a href="([^"]+)"', html)
    ranks = {place.split("?")[0].split("#")[0]: rank for rank, place in shown}
    assert ranks["/norm/AufenthV/45"] == "Verordnung"
    assert "Arbeitshilfe" in ranks.values()
    law = client.get("/", params={"frage": "Was regelt § 16b Abs. 3 AufenthG?"}).text
    assert '<span class="kind kind-law">Gesetz</span>' in law


def test_the_law_of_a_mentioned_day_is_one_click_away_and_keeps_the_question(
    client: TestClient,
) -> None:
    asked = {
        "frage": "Gast seit dem 1.2.2025: an wie vielen Tagen darf er nach § 16b AufenthG arbeiten?",
        "davor": "Was darf ein Gast?",
        "gesetz": "AufenthG",
    }
    html = client.get("/", params=asked).text
    link = re.search(r'<a href="/\?([^"]+)">Nach dem Recht vom 01.02.2025 fragen', html)
    assert link is not None
    kept = dict(parse_qsl(link[1].replace("&amp;", "&")))
    assert kept == asked | {"stichtag": "2025-02-01", "publikum": "staff"}
