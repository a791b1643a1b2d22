"""What a new colleague does all day, on official texts: each task in at most four interactions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from corpus.generation.files import DataFolder
from corpus.models import Kind
from eval.local import running_service
from ingest.collect import Folder
from ingest.fetch import MirrorFolder
from ingest.pipeline import IngestConfig, run_ingest
from tests.browser import chromium, running_browser
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.mirror

MOST = 4
LAWS = ("aufenthg_2004", "aufenthv", "beschv_2013")
BEFORE, NOW = date(2024, 1, 17), date(2025, 3, 5)


class Colleague:
    """Somebody at the start page who counts what they have to do."""

    def __init__(self, page: Page, start: str) -> None:
        self.page = page
        self.interactions = 0
        page.goto(start)

    def ask(self, question: str) -> None:
        """Typing and Enter are one."""
        self.interactions += 1
        self.page.get_by_label("Was möchten Sie wissen?").fill(question)
        self.page.keyboard.press("Enter")
        self.page.get_by_role("heading", level=1).wait_for()

    def choose_day(self, day: date) -> None:
        self.interactions += 1
        self.page.get_by_label("Stichtag").fill(day.isoformat())

    def click(self, thing: Locator) -> None:
        self.interactions += 1
        thing.click()
        self.page.wait_for_load_state()

    @property
    def quotes(self) -> str:
        return self.page.locator(".quotes").inner_text()


@pytest.fixture(scope="module")
def address(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("aufgaben")
    for day, folder in ((BEFORE, mirror / "history"), (NOW, mirror / f"{NOW}")):
        laws = root / f"{day}"
        laws.mkdir()
        for slug in LAWS:
            held = folder / slug / f"{day}" if folder.name == "history" else folder / slug
            if held.is_dir():
                (laws / slug).symlink_to(held)
        data = DataFolder(root / "var")
        memos = (Folder(CHECKOUT / "corpus" / "memos", Kind.MEMO),)
        run_ingest(IngestConfig(data, data.database, MirrorFolder(laws, day), memos, today=day))
    with running_service(data.root) as (url, _, _):
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as running:
        yield running


@pytest.fixture(params=[1280, 360])
def colleague(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Colleague]:
    page = browser.new_page(viewport={"width": request.param, "height": 800}, locale="de-DE")
    person = Colleague(page, address)
    yield person
    page.close()
    assert 0 < person.interactions <= MOST


def test_the_rule_on_student_jobs(colleague: Colleague) -> None:
    colleague.ask("Wie viel darf jemand neben dem Studium arbeiten?")
    assert "140 Arbeitstage" in colleague.quotes
    assert "§ 16b Abs. 3 Satz 1 AufenthG" in colleague.quotes


def test_the_law_of_a_past_day(colleague: Colleague) -> None:
    colleague.choose_day(date(2024, 3, 1))
    colleague.ask("Niederlassungserlaubnis für Fachkräfte")
    assert "§ 18c Abs. 1 Satz 1 AufenthG (Fassung am 01.03.2024)" in colleague.quotes


def test_the_memo_on_a_subject_and_whether_it_is_current(colleague: Colleague) -> None:
    colleague.click(colleague.page.get_by_role("link", name="Wissen").first)
    colleague.click(colleague.page.get_by_role("link", name="Verfahrenshinweis Fiktionswirkung"))
    assert "Fiktionswirkung" in colleague.page.get_by_role("heading", level=1).inner_text()
    assert "zu prüfen bis" in colleague.page.locator("main").inner_text().casefold()


def test_an_answer_is_saved_for_the_file(colleague: Colleague) -> None:
    colleague.ask("Wie viel darf jemand neben dem Studium arbeiten?")
    colleague.click(colleague.page.get_by_role("button", name="Für die Akte speichern"))
    assert colleague.page.get_by_role("heading", name="Gespeichert").is_visible()
    assert "/antwort/" in colleague.page.url


def test_a_wrong_answer_is_reported(colleague: Colleague) -> None:
    colleague.ask("Wie viel darf jemand neben dem Studium arbeiten?")
    colleague.click(colleague.page.get_by_role("button", name="Falsch"))
    assert "Ihre Rückmeldung ist gespeichert" in colleague.page.locator("main").inner_text()
