"""Wissen, Einarbeitung and Glossar in a real Chromium: by keyboard, kept on the device, without scripts."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser import open_page


def test_which_memo_covers_a_topic_and_is_it_current_by_keyboard(
    browser: Browser, address: str
) -> None:
    """Two interactions from the start page; four are allowed."""
    page = open_page(browser, 1280)
    page.goto(address)
    page.get_by_role("link", name="Wissen", exact=True).first.focus()
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
