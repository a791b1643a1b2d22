"""Asking in a real Chromium: keys, the source beside a quote, what the device keeps, the filter by law."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.browser import open_page

QUESTION = "An wie vielen Tagen darf ein Gast arbeiten?"


def asked(browser: Browser, address: str, width: int = 1280) -> Page:
    page = open_page(browser, width)
    page.goto(address)
    page.get_by_label("Was möchten Sie wissen?").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Antwort", exact=True).wait_for()
    return page


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.innerText ?? ''")
    return found


def test_a_place_opens_its_source_at_the_very_words(browser: Browser, address: str) -> None:
    page = asked(browser, address)
    for source in page.locator(".sources > details").all():
        source.evaluate("source => { source.open = false; }")
    page.locator(".quotes figcaption a").first.click()
    words = page.locator(".sources details[open] mark:target")
    assert "140 Tagen" in words.inner_text()
    assert words.is_visible()


def test_arrows_walk_the_sources_and_a_slash_leads_to_the_question(
    browser: Browser, address: str
) -> None:
    page = asked(browser, address)
    page.locator("#antwort").click()
    page.keyboard.press("ArrowRight")
    first = focused(page)
    page.keyboard.press("ArrowRight")
    assert "§" in first
    assert focused(page) != first
    assert page.locator(".sources > details[open]").count() == 1
    page.keyboard.press("ArrowLeft")
    assert focused(page) == first
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "frage"
    page.keyboard.type("/?")
    assert page.get_by_label("Was möchten Sie wissen?").input_value() == "/?"


def test_the_keys_are_listed_and_can_be_switched_off(browser: Browser, address: str) -> None:
    page = asked(browser, address)
    page.locator("#antwort").click()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Tasten").wait_for()
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.goto(address)
    page.locator("footer p").click()
    page.keyboard.press("?")
    assert not page.get_by_role("dialog").is_visible()
    page.get_by_role("button", name="Tasten").click()
    assert not page.get_by_role("checkbox").is_checked()


def test_the_last_questions_stay_on_the_device_until_they_are_cleared(
    browser: Browser, address: str
) -> None:
    page = asked(browser, address)
    page.goto(
        f"{address}/?frage=Frau+Erika+Mustermann%2C+geb.+1.2.1990%3A+braucht+sie+einen+Pass%3F"
    )
    page.goto(address)
    kept = page.locator("#verlauf li").all_inner_texts()
    assert kept[1] == QUESTION
    assert "Mustermann" not in kept[0]
    page.get_by_role("button", name="Verlauf löschen").click()
    page.reload()
    assert page.locator("#verlauf li").count() == 0
    assert page.get_by_text("Noch nichts.").is_visible()


def test_a_filter_by_law_needs_no_script(browser: Browser, address: str) -> None:
    page = open_page(browser, 320, scripts=False)
    page.goto(address)
    page.get_by_text("Alle Gesetze").click()
    page.get_by_label("AufenthV", exact=True).check()
    page.get_by_label("Was möchten Sie wissen?").fill("Was kostet die Erlaubnis?")
    page.get_by_role("button", name="Fragen", exact=True).click()
    assert "Gesucht wurde nur in: AufenthV." in page.locator(".notices").inner_text()
    assert page.get_by_label("AufenthV", exact=True).is_checked()
    places = page.locator(".quotes figcaption").all_inner_texts()
    assert places
    assert all("AufenthV" in place for place in places)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
