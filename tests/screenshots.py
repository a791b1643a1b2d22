"""Pictures of all pages and states in Chromium: ``python -m tests.screenshots build/screenshots``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from corpus.generation.files import DataFolder
from eval.local import running_service
from service.settings import Settings
from service.theme import COOKIE
from tests.browser import running_browser
from tests.eval.made_runs import write_runs
from tests.pages import EXAMPLES, THEMES, TOKEN, address, furnish, german, signed_in
from tests.states import states

# Width of the window in CSS pixels; the narrow one is that of a small phone.
WIDTHS = {"breit": 1280, "schmal": 360}
# Pages that are also shown dark and in high contrast.
KEY_PAGES = (
    "start",
    "antwort",
    "norm",
    "verwaltung",
    "bestand",
    "aktualisierung",
    "nicht-gefunden",
)


class Camera:
    """Writes pictures into a folder and says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """The whole page as it stands."""
        target = self._folder / f"{name}.png"
        page.screenshot(path=target, full_page=True)
        sys.stdout.write(f"{target}\n")

    def take_at(self, context: BrowserContext, url: str, name: str) -> None:
        """What stands at an address."""
        page = context.new_page()
        page.goto(url)
        self.take(page, name)
        page.close()


def of_the_corpus(camera: Camera, browser: Browser, root: Path) -> None:
    """Every page on a copy of the corpus, as the questions and answers of the pictures change it."""
    data = root / "corpus"
    shutil.copytree(Settings().data, data)
    settings = {
        "FUNDSTELLE_ADMIN_TOKEN": TOKEN,
        "FUNDSTELLE_USAGE": "true",
        "FUNDSTELLE_RUNS": str(write_runs(root / "runs")),
    }
    with running_service(data, **settings) as (url, _, _):
        names = {"document": "vh-gebuehren"} | furnish(url, DataFolder(data).database)
        shown = [example for example in EXAMPLES if not example.two]
        for size, width in WIDTHS.items():
            everybody, administration = german(browser, width), signed_in(browser, url, width)
            for example in shown:
                context = administration if example.admin else everybody
                camera.take_at(context, url + address(example, names), f"{example.name}-{size}")
            page = everybody.new_page()
            page.goto(url)
            page.keyboard.type("darf ich mit duldung")
            page.get_by_role("list", name="Vorgeschlagene Fragen").wait_for()
            camera.take(page, f"vorschlaege-{size}")
        for theme in THEMES[1:]:
            context = signed_in(browser, url, WIDTHS["breit"])
            context.add_cookies([{"name": COOKIE, "value": theme, "url": url}])
            for example in shown:
                if example.name in KEY_PAGES:
                    name = f"{example.name}-{theme}"
                    camera.take_at(context, url + address(example, names), name)


def of_the_states(camera: Camera, browser: Browser, root: Path) -> None:
    """What else the pages can be in."""
    for state in states(root):
        for size, width in WIDTHS.items():
            scripts = {"java_script_enabled": state.scripts}
            context = signed_in(browser, state.url, width, **scripts)
            camera.take_at(context, state.url + state.path, f"zustand-{state.name}-{size}")
            context.close()


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as root, running_browser() as browser:
        camera = Camera(folder)
        of_the_states(camera, browser, Path(root))
        of_the_corpus(camera, browser, Path(root))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
