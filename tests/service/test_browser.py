"""The pages in a real Chromium: the basic path by keyboard, without scripts, on a small phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from eval.local import running_service
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld

QUESTION = "An wie vielen Tagen darf ein Gast arbeiten?"
PAGES = (
    "/",
    "/?frage=An+wie+vielen+Tagen+darf+ein+Gast+arbeiten%3F",
    "/?frage=Was+steht+in+%C2%A7+25c+AufenthG%3F",
    "/norm/AufenthG/16b?absatz=3",
    "/norm/AufenthG/25c",
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
    "/bestand",
    "/docs",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def address(ingested: SmallWorld) -> Iterator[str]:
    with running_service(ingested.data.root) as (url, _, _):
        yield url


def open_page(browser: Browser, width: int, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="de-DE"
    )
    return context.new_page()


def test_a_question_by_keyboard_leads_to_the_marked_norm(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(address)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Antwort", exact=True).wait_for()
    assert "140 Tagen" in page.locator(".quotes").inner_text()
    place = page.locator(".quotes figcaption a").first
    place.focus()
    page.keyboard.press("Enter")
    assert "140 Tagen" in page.locator("details[open] mark:target").inner_text()
    link = page.locator(".quotes h2 a").first
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="§ 16b AufenthG").wait_for()
    assert "140 Tagen" in page.locator("mark").all_inner_texts()[0]


def test_a_suggested_question_is_asked_by_keyboard(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(address)
    page.keyboard.type("student arb")
    suggestions = page.get_by_role("list", name="Vorgeschlagene Fragen")
    suggestions.wait_for()
    page.keyboard.press("ArrowDown")
    wanted = page.evaluate("document.activeElement.firstChild.textContent")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).wait_for()
    field = page.get_by_label("Was möchten Sie wissen?")
    assert field.input_value().strip() == wanted.strip()
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("studen")
    suggestions.wait_for()
    page.keyboard.press("Escape")
    assert suggestions.count() == 0


def test_the_basic_path_needs_no_script(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280, scripts=False)
    page.goto(address)
    page.get_by_label("Was möchten Sie wissen?").fill(QUESTION)
    page.get_by_role("button", name="Fragen").click()
    assert "140 Tagen" in page.locator(".quotes").inner_text()


def test_which_memo_covers_a_topic_and_is_it_current_by_keyboard(
    browser: Browser, address: str
) -> None:
    """Two interactions from the start page; four are allowed."""
    page = open_page(browser, 1280)
    page.goto(address)
    page.get_by_role("link", name="Wissen", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Wissen").wait_for()
    page.keyboard.type("Arbeitstage")
    page.keyboard.press("Enter")
    page.get_by_text("1 Dokument von 2").wait_for()
    hit = page.get_by_role("listitem").filter(has_text="Arbeiten neben dem Studium")
    assert "gültig, zu prüfen bis 05.03.2027" in hit.inner_text()
    page.get_by_role("link", name="Arbeitstage").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Arbeitstage").wait_for()
    assert page.url.endswith("/dokument/vh-studium#abschnitt-1")


def test_the_last_visit_is_kept_on_the_device(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(address + "/wissen")
    field = page.get_by_label("Neu seit meinem letzten Besuch am")
    assert field.input_value() == ""
    page.evaluate("""localStorage.setItem("fundstelle.besuch", '{"now": "2025-03-06"}')""")
    for _ in range(2):
        page.goto(address + "/wissen")
        assert field.input_value() == "2025-03-06", "a second look is not a second visit"
    page.get_by_role("button", name="Neues zeigen").click()
    page.get_by_role("heading", name="Neu seit dem 06.03.2025").wait_for()


def test_progress_is_kept_on_the_device(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(address + "/einarbeitung/studium")
    page.get_by_label("Dieses Thema habe ich erledigt").check()
    page.goto(address + "/einarbeitung")
    assert "1 von 15 Themen erledigt" in page.get_by_role("status").inner_text()
    done = page.get_by_role("listitem").filter(has_text="Studium und Ausbildung")
    assert "erledigt" in done.inner_text()
    plain = open_page(browser, 1280, scripts=False)
    plain.goto(address + "/einarbeitung/studium")
    assert not plain.get_by_text("Dieses Thema habe ich erledigt").is_visible()
    plain.get_by_text("Antwort mit Fundstelle").nth(3).click()
    assert plain.get_by_text("Kleine Arbeiten in der Bibliothek zählen nicht.").is_visible()


def test_the_glossary_looks_up_while_typing(browser: Browser, address: str) -> None:
    page = open_page(browser, 320)
    page.goto(address + "/glossar")
    page.evaluate("window.loaded = 'once'")
    page.get_by_label("Wort oder Abkürzung").press_sequentially("erlaubnisfik")
    page.get_by_role("heading", name="1 Eintrag zu „erlaubnisfik“").wait_for()
    assert page.get_by_role("status").inner_text() == "1 Eintrag zu „erlaubnisfik“"
    assert page.locator(".glossary dfn").all_inner_texts() == ["Erlaubnisfiktion"]
    assert page.evaluate("window.loaded") == "once"
    page.get_by_label("Wort oder Abkürzung").fill("")
    page.get_by_role("heading", name="Einträge unter A").wait_for()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_fits_a_small_phone(
    browser: Browser, address: str, path: str
) -> None:
    page = open_page(browser, 320)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert requests
    assert all(url.startswith(address) for url in requests)
    assert [text for text in complaints if "status of 404" not in text] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_update_is_followed_live_and_cancelled_by_keyboard(
    browser: Browser, world: SmallWorld
) -> None:
    world.ingest()
    settings = {"FUNDSTELLE_ADMIN_TOKEN": "geheim", "FUNDSTELLE_LAWS": str(world.laws)}
    with running_service(world.data.root, **settings) as (url, _, _):
        page = open_page(browser, 320)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url + "/verwaltung/anmelden?weiter=/aktualisierung")
        page.get_by_label("Kennwort").fill("geheim")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Jetzt aktualisieren").focus()
        page.keyboard.press("Enter")
        stage = page.locator("#abschnitt")
        stage.get_by_text("Wird vorbereitet").wait_for()
        page.evaluate("window.loaded = 'once'")
        stage.get_by_text("lesen").wait_for(timeout=60_000)
        assert page.evaluate("window.loaded") == "once"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.get_by_role("button", name="Abbrechen").focus()
        page.keyboard.press("Enter")
        page.get_by_text("abgebrochen").wait_for()
        page.get_by_role("button", name="Jetzt aktualisieren").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert complaints == []
