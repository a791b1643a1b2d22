"""What every page keeps to in Chromium: nothing from elsewhere, nothing inline, calm, narrow, light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from service.app import create_app
from tests.pages import (
    EXAMPLES,
    QUESTION,
    THEMES,
    TOKEN,
    Example,
    address,
    german,
    signed_in,
    without_example,
)
from tests.service.conftest import Furnished

SMALLEST = 320
# Bytes of HTML, style and scripts together.
HEAVIEST = 150_000
# Cumulative layout shift; 0.1 counts as good (web.dev/cls), a page without pictures can do better.
SHIFT = 0.01

INLINE = """() => [...document.querySelectorAll('*')].flatMap(one => [
  ...[...one.attributes].filter(a => a.name === 'style' || a.name.startsWith('on')).map(
    a => `${a.name} on ${one.tagName}`),
  ...(one.tagName === 'STYLE' ? ['a style element'] : []),
  ...(one.tagName === 'SCRIPT' && !one.src ? ['a script without a file'] : []),
  ...(one.tagName === 'SCRIPT' && one.type !== 'module' && !one.defer ? ['a blocking script'] : []),
])"""
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  const watch = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  });
  watch.observe({type: 'layout-shift', buffered: true});
  setTimeout(() => { watch.disconnect(); done(sum); }, 150);
})"""
# What can be operated and read, by its words; out of reach is what the edge of the window cuts off.
CONTROLS = """() => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary, h1, h2, h3')]
  .filter(one => one.checkVisibility() && !one.closest('.skip, .unseen'))
  .map(one => {
    const box = one.getBoundingClientRect();
    const reachable = one.closest('.scroll, .log') ||
      (box.left >= -1 && box.right <= document.documentElement.clientWidth + 1);
    return `${one.tagName} ${one.innerText || one.name || ''}${reachable ? '' : ' (cut off)'}`;
  })"""


@dataclass
class Seen:
    """What a page did while it was loaded."""

    responses: list[Response] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note everything from now on."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda response: self.responses.append(response))
        page.on("console", lambda line: self.complaints.append(line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def weight(self) -> int:
        """Bytes of all bodies."""
        return sum(len(response.body()) for response in self.responses)


@dataclass(frozen=True)
class Windows:
    """One window per kind of person, used for all pages."""

    everybody: BrowserContext
    administration: BrowserContext

    def of(self, example: Example) -> BrowserContext:
        """The window in which a page can be seen."""
        return self.administration if example.admin else self.everybody


@pytest.fixture(scope="module")
def narrow(browser: Browser, furnished: Furnished) -> Windows:
    return Windows(german(browser, SMALLEST), signed_in(browser, furnished.url, SMALLEST))


@pytest.fixture(scope="module")
def zoomed(browser: Browser, furnished: Furnished) -> Windows:
    """A window of 1280 pixels at 200 percent."""
    twice = {"device_scale_factor": 2}
    return Windows(german(browser, 640, **twice), signed_in(browser, furnished.url, 640, **twice))


@pytest.fixture
def opened(narrow: Windows, furnished: Furnished) -> Iterator[Page]:
    page = narrow.everybody.new_page()
    page.goto(furnished.url)
    yield page
    page.close()


def test_every_page_has_an_example() -> None:
    assert without_example(create_app()) == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_page_is_calm_light_narrow_and_on_its_own(
    narrow: Windows, furnished: Furnished, example: Example
) -> None:
    page, seen = narrow.of(example).new_page(), Seen()
    seen.watch(page)
    answer = page.goto(furnished.url + address(example, furnished.names))
    page.wait_for_load_state("networkidle")
    assert answer is not None
    assert answer.status == example.status
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert [url for url in seen.requests if not url.startswith(furnished.url)] == []
    # The browser itself notes the status of the page.
    expected = "" if example.status == 200 else f"status of {example.status}"
    assert [text for text in seen.complaints if not expected or expected not in text] == []
    assert page.evaluate(INLINE) == []
    assert page.evaluate(SHIFTS) < SHIFT
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST
    assert seen.weight < HEAVIEST
    assert page.locator("h1").count() == 1
    page.close()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_page_at_twice_its_size_keeps_everything(
    zoomed: Windows, furnished: Furnished, example: Example
) -> None:
    page = zoomed.of(example).new_page()
    page.goto(furnished.url + address(example, furnished.names))
    small = page.evaluate(CONTROLS)
    assert [one for one in small if one.endswith("(cut off)")] == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert sorted(small) == sorted(page.evaluate(CONTROLS))
    page.close()


@pytest.mark.parametrize("theme", THEMES)
def test_the_look_is_kept_by_a_cookie(opened: Page, theme: str) -> None:
    opened.locator(f"button[value={theme}]").click()
    assert opened.locator("html").get_attribute("data-theme") == theme
    opened.reload()
    assert opened.locator("html").get_attribute("data-theme") == theme


def test_the_main_tasks_need_no_script(browser: Browser, furnished: Furnished) -> None:
    context = german(browser, 1280, java_script_enabled=False)
    page = context.new_page()
    page.goto(furnished.url)
    page.locator("[name=frage]").fill(QUESTION)
    page.get_by_role("button", name="Fragen", exact=True).click()
    page.get_by_role("button", name="Hilfreich", exact=True).click()
    assert "Danke" in page.locator("main").inner_text()
    page.goto(f"{furnished.url}/verwaltung")
    page.get_by_label("Kennwort").fill(TOKEN)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("heading", name="Verwaltung", exact=True).wait_for()
    page.get_by_role("navigation", name="Verwaltung").get_by_text("Aktualisierung").click()
    for wanted, other in (("1", "2"), ("2", "1")):
        page.get_by_role("link", name=f"Zurück zu Generation {wanted}").click()
        page.get_by_role("heading", name=f"Zurück zu Generation {wanted}?").wait_for()
        page.get_by_role("button", name=f"Zurück zu Generation {wanted}").click()
        assert f"Jetzt antwortet Generation {wanted}." in page.locator("main").inner_text()
        assert page.get_by_role("button", name=f"Rückgängig: zurück zu Generation {other}").count()
    context.close()
