"""The pages in a real Chromium: the basic path by keyboard, without scripts, on a small phone."""

from __future__ import annotations

from playwright.sync_api import Browser

from eval.local import running_service
from tests.browser import open_page
from tests.conftest import SmallWorld

QUESTION = "An wie vielen Tagen darf ein Gast arbeiten?"


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
