from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from corpus.catalogue import catalogue
from corpus.models import NormRef
from service.app import create_app
from service.language import is_english
from service.links import ask_href, line_href, norm_href
from service.settings import Settings
from tests.conftest import SmallWorld


@pytest.fixture(scope="module")
def later(updated: SmallWorld) -> Iterator[TestClient]:
    """140 days of work until 31 March 2025, then 150."""
    with TestClient(create_app(Settings(data=updated.data.root))) as running:
        yield running


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (norm_href(NormRef("FreizügG/EU", "2", "1")), "/norm/Freiz%C3%BCgG/EU/2?absatz=1#abs-1"),
        (norm_href(NormRef("AufenthG", "5")), "/norm/AufenthG/5"),
        (
            norm_href(NormRef("AufenthG", "5"), date(2024, 3, 1)),
            "/norm/AufenthG/5?stichtag=2024-03-01",
        ),
        (
            norm_href(NormRef("AufenthG", "5", "1", None, "1a")),
            "/norm/AufenthG/5?absatz=1&nummer=1a#stelle",
        ),
        (
            line_href(NormRef("AufenthG", "5"), 2, date(2024, 3, 1)),
            "/norm/AufenthG/5?zeile=2&stichtag=2024-03-01#stelle",
        ),
        (ask_href("Was & wann?"), "/?frage=Was+%26+wann%3F"),
    ],
)
def test_addresses(address: str, expected: str) -> None:
    assert address == expected


def test_the_norm_page_marks_the_cited_satz_and_links_references(client: TestClient) -> None:
    html = client.get("/norm/AufenthG/16b", params={"absatz": "3", "satz": "2"}).text
    assert '<mark id="stelle">Kleine Arbeiten in der Bibliothek zählen nicht.</mark>' in html
    assert "Markiert: § 16b Abs. 3 Satz 2 AufenthG" in html
    assert '<a href="/norm/AufenthG/5?absatz=1#abs-1">§ 5 Absatz 1</a>' in html
    assert "Arbeiten neben dem Studium" in html


def test_enumerations_are_shown_with_their_labels(client: TestClient) -> None:
    html = client.get("/norm/AufenthG/5").text
    assert '<p class="depth-1"><span class="label">1a.</span>' in html


def test_an_unknown_norm_has_a_page_that_helps(client: TestClient) -> None:
    answer = client.get("/norm/AufenthG/16c")
    assert answer.status_code == 404
    assert "§ 16c AufenthG gibt es nicht." in answer.text
    assert "§ 16b AufenthG" in answer.text


@pytest.mark.parametrize(
    ("query", "said", "marked"),
    [
        (
            "absatz=3&satz=9",
            "§ 16b Abs. 3 Satz 9 AufenthG gibt es in dieser Fassung nicht.",
            "(3) Die",
        ),
        ("absatz=3&satz=2&nummer=1", "gibt es in dieser Fassung nicht.", "Kleine Arbeiten"),
        ("absatz=2", "§ 16b Abs. 2 AufenthG gibt es in dieser Fassung nicht.", None),
        ("zeile=99", "Diese Zeile hat das Prüfschema in dieser Fassung nicht.", None),
        ("zeile=x", "Diese Zeile hat das Prüfschema in dieser Fassung nicht.", None),
    ],
)
def test_a_place_that_is_not_there_is_said_and_the_next_larger_one_marked(
    client: TestClient, query: str, said: str, marked: str | None
) -> None:
    html = client.get(f"/norm/AufenthG/16b?{query}").text
    assert said in html
    found = re.search('<mark id="stelle">([^<]*)', html)
    assert (found is not None and found[1].startswith(marked or "?")) == (marked is not None)


def test_each_line_of_the_scheme_leads_to_its_words(client: TestClient) -> None:
    html = client.get("/norm/AufenthG/16b").text
    scheme = html[html.index('id="pruefschema"') : html.index("</details>")]
    lines = re.findall(r"<dd>(.*?) <a href=\"([^\"]*)\">", scheme, re.DOTALL)
    assert len(lines) > 3
    for words, href in lines:
        shown = client.get(href.replace("&amp;", "&")).text
        marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", shown))
        assert marked == words
        assert '<details class="scheme" id="pruefschema" open>' in shown


def test_the_references_are_drawn_and_listed(client: TestClient) -> None:
    html = client.get("/norm/AufenthG/16b").text
    drawn = re.findall(r'<a href="([^"]*)" aria-label="§ 5 AufenthG">', html)
    assert drawn == ["/norm/AufenthG/5"] * 2, "one for wide windows, one for phones"
    assert 'aria-labelledby="verweist-auf"><li><a href="/norm/AufenthG/5">§ 5 AufenthG' in html
    back = client.get("/norm/AufenthG/5").text
    assert '<li><a href="/norm/AufenthG/16b">§ 16b AufenthG' in back
    assert "<svg" not in client.get("/norm/AufenthG/6").text


def test_what_people_ask_stands_by_absatz_and_can_be_asked(client: TestClient) -> None:
    html = client.get("/norm/AufenthG/16b").text
    asked = html[html.index('class="asked"') :]
    entry = next(e for e in catalogue() if e.ref == NormRef("AufenthG", "16b", "3"))
    for question in entry.questions:
        href = ask_href(question).replace("&", "&amp;")
        lang = ' lang="en"' if is_english(question) else ""
        assert f'<a href="{href}"{lang}>' in asked
    assert '<h3><a href="#abs-3">Absatz 3</a></h3>' in asked
    assert f"{len(entry.questions) - 2} weitere<span" in asked


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("How many days can I work next to my studies?", True),
        ("do students need permission for a mini job", True),
        ("Wie viele Tage darf ich arbeiten?", False),
        ("140 Tage Werkstudent", False),
    ],
)
def test_english_questions_are_told_from_german_ones(question: str, english: bool) -> None:
    assert is_english(question) is english


@pytest.mark.parametrize(
    ("stichtag", "said", "past"),
    [
        ("2025-03-10", "Fassung vom 10.03.2025, nicht die geltende.", True),
        ("2025-04-02", "Am 02.04.2025 galt die heutige Fassung.", False),
        ("2001-01-01", "Älteste vorhandene Fassung, nicht die vom 01.01.2001.", True),
    ],
)
def test_a_stichtag_is_said_at_the_top(
    later: TestClient, stichtag: str, said: str, past: bool
) -> None:
    html = later.get("/norm/AufenthG/16b", params={"stichtag": stichtag}).text
    assert said in html
    assert ('class="stichtag past"' in html) is past
    assert ("140 Tagen" in html) is past
    assert (">Was hat sich geändert?</a>\n</p>" in html) is past
    inside = re.findall(r'href="(/norm/AufenthG/5[^"]*)"', html)
    assert len(inside) > 3
    assert all(f"stichtag={stichtag}" in address for address in inside)


def test_without_a_day_nothing_is_said_of_it(later: TestClient) -> None:
    html = later.get("/norm/AufenthG/16b").text
    assert "stichtag past" not in html
    assert "150 Tagen" in html


def test_an_impossible_day_gets_a_sentence(client: TestClient) -> None:
    for path in ("/norm/AufenthG/5", "/norm/AufenthG/5/vorschau"):
        answer = client.get(path, params={"stichtag": "2025-02-30"})
        assert (answer.status_code, "kein gültiges Datum" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "place", "words"),
    [
        ("AufenthG/5/vorschau?absatz=2", "§ 5 Abs. 2 AufenthG", "(2) Von Absatz 1 kann"),
        (
            "AufenthG/5/vorschau?absatz=1&nummer=1a",
            "§ 5 Abs. 1 Nr. 1a AufenthG",
            "1a. die Identität",
        ),
        ("AufenthG/5/vorschau", "§ 5 AufenthG", "(1) Die Erteilung setzt"),
        ("AufenthG/5/vorschau?absatz=7", "§ 5 AufenthG", "(1) Die Erteilung setzt"),
        ("AufenthG/6/vorschau", "§ 6 AufenthG", "Diese Vorschrift ist weggefallen."),
    ],
)
def test_a_preview_is_the_beginning_of_the_place(
    client: TestClient, path: str, place: str, words: str
) -> None:
    html = client.get(f"/norm/{path}").text
    assert html.startswith(f'<p class="place">{place}')
    assert re.search(rf"<p[^>]*>{re.escape(words)}", html)
    assert "<html" not in html


def test_a_preview_keeps_the_day_and_refuses_what_does_not_exist(later: TestClient) -> None:
    old = later.get("/norm/AufenthG/16b/vorschau?absatz=3&stichtag=2025-03-10").text
    assert "140 Tagen" in old
    assert "lautet heute anders" in old
    assert later.get("/norm/AufenthG/16z/vorschau").status_code == 404


def test_the_contents_of_a_law_count_and_fold(client: TestClient) -> None:
    html = client.get("/gesetz/AufenthG").text
    assert "4 Vorschriften, davon 1 weggefallen" in html
    assert "<summary><h2>Kapitel 1 Aufenthalt</h2> <span>1 Vorschrift</span></summary>" in html
    assert '<li class="repealed"><a href="/norm/AufenthG/6">§ 6</a>' in html


def test_the_comparison_marks_words_and_names_every_step(later: TestClient) -> None:
    html = later.get("/norm/AufenthG/16b/vergleich?von=2025-03-10&bis=2025-04-02").text
    assert '<del><span class="unseen">entfallen: </span>140</del>' in html
    assert '<ins><span class="unseen">neu: </span>150</ins>' in html
    steps = html[html.index('class="steps"') :]
    assert 'aria-current="true">06.03.2025 gegen 01.04.2025</a>' in steps
