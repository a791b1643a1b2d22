"""Every page in every look, wide and narrow, against axe-core: WCAG 2.2 AA and good practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from tests.pages import EXAMPLES, THEMES, Example, address, german, signed_in
from tests.service.conftest import Furnished

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERYTHING = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
# A look changes colours and nothing else: after the first one, the rules about colours are enough.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
WIDTHS = (1280, 360)


@dataclass(frozen=True)
class Windows:
    """One window per width and kind of person, used for all pages."""

    everybody: dict[int, BrowserContext]
    administration: dict[int, BrowserContext]


@pytest.fixture(scope="module")
def windows(browser: Browser, furnished: Furnished) -> Iterator[Windows]:
    yield Windows(
        {width: german(browser, width) for width in WIDTHS},
        {width: signed_in(browser, furnished.url, width) for width in WIDTHS},
    )


def violations(context: BrowserContext, url: str, example: Example) -> list[str]:
    """What axe-core finds in each look."""
    page = context.new_page()
    try:
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == example.status
        found = []
        for theme in THEMES:
            page.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
            rules = EVERYTHING if theme == THEMES[0] else COLOURS
            for one in Axe().run(page, options=rules).response["violations"]:
                places = ", ".join(str(node["target"]) for node in one["nodes"][:4])
                found.append(f"{theme}: {one['id']} ({one['help']}) at {places}")
        return found
    finally:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_axe_finds_nothing(
    windows: Windows, furnished: Furnished, example: Example, width: int
) -> None:
    context = (windows.administration if example.admin else windows.everybody)[width]
    url = furnished.url + address(example, furnished.names)
    assert violations(context, url, example) == []


def test_axe_would_find_something(browser: Browser) -> None:
    page = german(browser, 1280).new_page()
    page.set_content("<!doctype html><html><title>x</title><img src='x.png'><p>ohne Sprache")
    found = {one["id"] for one in Axe().run(page, options=EVERYTHING).response["violations"]}
    assert {"image-alt", "html-has-lang"} <= found
