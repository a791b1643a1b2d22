"""The page of a norm in a real Chromium: previews, the picture, marked words in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import open_page

OUTSIDE = """[...document.querySelectorAll(".picture a, .picture text")].filter((label) => {
  const svg = label.closest("svg");
  if (!svg.getClientRects().length) return false;
  const [inner, outer] = [label.getBoundingClientRect(), svg.getBoundingClientRect()];
  const chip = label.querySelector?.("rect")?.getBoundingClientRect();
  const words = label.querySelector?.("text")?.getBoundingClientRect();
  const spills = chip && (words.left < chip.left || words.right > chip.right);
  return spills || inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).map((label) => label.textContent)"""


def top_of(mark: Locator) -> float:
    """Distance of marked words from the upper edge of the window, in pixels, once it is at rest."""
    expect(mark).to_be_in_viewport()
    box = mark.bounding_box()
    assert box is not None
    return box["y"]


def link_to_5(page: Page) -> Locator:
    return page.locator(".wording").get_by_role("link", name="§ 5 Absatz 1")


def test_a_preview_opens_on_focus_and_closes_with_escape(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(f"{address}/norm/AufenthG/16b")
    height = page.evaluate("document.documentElement.scrollHeight")
    preview = page.get_by_role("tooltip")
    link = link_to_5(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(preview).to_contain_text("§ 5 Abs. 1 AufenthG Allgemeine Bedingungen")
    expect(preview).to_contain_text("Die Erteilung setzt in der Regel voraus")
    assert link.get_attribute("aria-describedby") == preview.get_attribute("id")
    assert page.evaluate("document.documentElement.scrollHeight") == height, "nothing moves"
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    assert link.get_attribute("aria-describedby") is None
    assert link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(preview).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="§ 5 AufenthG").wait_for()


def test_a_preview_stays_while_the_pointer_is_on_it(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(f"{address}/norm/AufenthG/16b")
    preview = page.get_by_role("tooltip")
    link_to_5(page).hover()
    expect(preview).to_be_visible()
    box = preview.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=5)
    page.wait_for_timeout(600)
    expect(preview).to_be_visible()
    page.mouse.move(5, 5)
    expect(preview).to_be_hidden()


def test_versions_of_the_page_itself_have_no_preview(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280)
    page.goto(f"{address}/norm/AufenthG/16b")
    page.locator(".versions a").first.hover()
    page.wait_for_timeout(500)
    expect(page.locator("#vorschau")).to_be_hidden()


@pytest.mark.parametrize(("width", "form"), [(1280, "wide"), (320, "narrow")])
def test_the_picture_fits_and_its_links_lead_on_by_keyboard(
    browser: Browser, address: str, width: int, form: str
) -> None:
    page = open_page(browser, width)
    page.goto(f"{address}/norm/AufenthG/16b")
    assert page.locator(".picture:visible").count() == 1
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(f".picture-{form}").get_by_role("link", name="§ 5 AufenthG").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="§ 5 AufenthG").wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_line_of_the_scheme_brings_its_words_into_view(
    browser: Browser, address: str, width: int
) -> None:
    page = open_page(browser, width)
    page.goto(f"{address}/norm/AufenthG/5")
    page.get_by_text("Prüfschema").first.click()
    page.locator(".scheme .entry a").first.click()
    mark = page.locator("#stelle")
    expect(mark).to_have_text("der Unterhalt gesichert ist,")
    assert top_of(mark) >= 0


def test_cited_words_are_not_hidden_under_the_banner_of_a_past_day(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, 360)
    page.goto(f"{address}/norm/AufenthG/5?absatz=1&nummer=2&stichtag=2020-01-01#stelle")
    banner = page.locator(".stichtag").bounding_box()
    assert banner is not None
    assert top_of(page.locator("#stelle")) >= min(banner["y"], 0) + banner["height"]


def test_the_contents_are_filtered_while_typing(browser: Browser, address: str) -> None:
    page = open_page(browser, 320)
    page.goto(f"{address}/gesetz/AufenthG")
    norms = page.locator(".contents li:visible")
    assert norms.count() == 4
    field = page.get_by_label("Vorschrift suchen")
    for typed, shown, said in (
        ("§ 1", ["§ 16b Studium"], "1 Vorschrift"),
        ("passpf", ["§ 3 Passpflicht"], "1 Vorschrift"),
        ("xyz", [], "Keine Vorschriften"),
    ):
        field.fill(typed)
        assert norms.all_inner_texts() == shown
        expect(page.get_by_role("status")).to_have_text(said)
    field.fill("")
    assert norms.count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_a_reference_is_a_link(browser: Browser, address: str) -> None:
    page = open_page(browser, 1280, scripts=False)
    page.goto(f"{address}/norm/AufenthG/16b")
    link_to_5(page).click()
    page.get_by_role("heading", name="§ 5 AufenthG").wait_for()
    page.get_by_role("link", name="AufenthG", exact=True).first.click()
    assert page.locator(".contents li").count() == 4
    expect(page.get_by_label("Vorschrift suchen")).to_be_hidden()
