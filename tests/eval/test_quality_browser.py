"""What an evaluator does, in a real Chromium: start a run, follow it, open a case, compare two runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from corpus.case_file import CaseFile
from corpus.cases import Case, Gold
from eval.local import running_service
from eval.results import Run
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld, copy_world

CASES = [
    Case(id="B-1", question="Was regelt § 16b Abs. 3 AufenthG?", register="staff", type="exact_ref",
         answerable=True, gold=(Gold(law="AufenthG", par="16b", abs="3"),)),
    Case(id="B-2", question="Was kostet die Verlängerung?", register="lay", type="direct",
         answerable=True, gold=(Gold(law="AufenthV", par="45", nr="2"),)),
    Case(id="B-3", question="qwertz asdfgh", register="lay", type="unanswerable", answerable=False),
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as running:
        yield running


def open_page(browser: Browser, width: int, complaints: list[str]) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="de-DE").new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    return page


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/verwaltung/anmelden?weiter=/qualitaet")
    page.get_by_label("Kennwort").fill("geheim")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Qualität").wait_for()


def earlier_run(folder: Path) -> None:
    """A run of the day before that found nothing for the first case."""
    (path,) = folder.glob("*.json")
    run = Run.load(path)
    (system,) = run.systems
    first = system.cases[0]
    worse = first.model_copy(update={"metrics": {**first.metrics, "recall@5": 0.0}})
    systems = (system.model_copy(update={"cases": (worse, *system.cases[1:])}),)
    before = run.created_at - timedelta(days=1)
    run.model_copy(update={"name": "vortag", "created_at": before, "systems": systems}).save(folder)


def test_from_the_start_of_a_run_to_the_comparison_of_two(
    browser: Browser, ingested: SmallWorld, tmp_path: Path
) -> None:
    world, runs = copy_world(ingested, tmp_path / "world"), tmp_path / "runs"
    CaseFile(world.data.cases / "eigene.jsonl").add(lambda _: CASES)
    settings = {"FUNDSTELLE_ADMIN_TOKEN": "geheim", "FUNDSTELLE_RUNS": str(runs)}
    complaints: list[str] = []
    with running_service(world.data.root, **settings) as (url, _, _):
        page = open_page(browser, 1280, complaints)
        sign_in(page, url)
        page.get_by_text("Noch kein Lauf.").wait_for()
        page.locator('select[name="faelle"]').first.select_option("eigene")
        page.get_by_role("button", name="Auswertung starten").focus()
        page.keyboard.press("Enter")
        page.locator("#abschnitt").wait_for()
        page.evaluate("window.loaded = 'once'")
        page.locator("#abschnitt").get_by_text(
            re.compile("Dienst starten|Fälle stellen")
        ).wait_for()
        assert page.evaluate("window.loaded") == "once"
        page.get_by_role("link", name="Ergebnis ansehen").click(timeout=90_000)
        page.get_by_role("heading", name="Kennzahlen").first.wait_for()
        assert page.get_by_role("img").count() >= 3
        page.goto(page.url + "?zeige=alle")
        page.get_by_role("link", name="B-1").click()
        page.get_by_role("heading", name="Fall B-1").wait_for()
        assert "140 Tagen" in page.locator(".statements").inner_text()
        assert "in der Frage genannt" in page.locator(".why").first.inner_text()

        earlier_run(runs)
        page.goto(f"{url}/qualitaet")
        page.get_by_role("button", name="Vergleichen").click()
        page.get_by_role("heading", name="Vergleich zweier Läufe").wait_for()
        assert "B gewinnt 1 und verliert 0" in page.get_by_role("status").inner_text()
        assert page.locator(".duel .card").count() == 2
        compared = page.url

        small = open_page(browser, 320, complaints)
        sign_in(small, url)
        (name,) = (path.stem for path in runs.glob("*-eigene.json"))
        for address in (
            f"{url}/qualitaet",
            f"{url}/qualitaet/lauf/{name}?zeige=alle",
            f"{url}/qualitaet/lauf/{name}/fall/B-2",
            compared,
            f"{url}/qualitaet/faelle",
            f"{url}/qualitaet/faelle/neu",
            f"{url}/qualitaet/faelle/eigene/B-1?loeschen=1",
            f"{url}/qualitaet/vorgang/1",
        ):
            answer = small.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert small.evaluate("document.documentElement.scrollWidth") <= 320, address
    assert complaints == []
