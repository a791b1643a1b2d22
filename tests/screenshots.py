"""Take pictures of all pages in Chromium: ``python -m tests.screenshots build/screenshots``."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page

from eval.local import running_service
from service.settings import Settings
from tests.browser import running_browser

QUESTION = "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?"
PAGES = {
    "start": "/",
    "fragen": "/?" + urlencode({"frage": QUESTION}),
    "unbekannt": "/?" + urlencode({"frage": "Was steht in § 25c AufenthG?"}),
    "norm": "/norm/AufenthG/16b?absatz=3&satz=1",
    "aufzaehlung": "/norm/AufenthG/9",
    "gesetz": "/gesetz/AufenthG",
    "fremd": "/?" + urlencode({"frage": "Wann habt ihr am Montag geöffnet?"}),
    "jargon": "/?"
    + urlencode({"frage": "Fikti abgelaufen, Verlängerrung AE rechtzeitig beantragt"}),
    "abdeckung": "/abdeckung",
    "dokument": "/dokument/vh-gebuehren",
    "wissen": "/wissen",
    "einarbeitung": "/einarbeitung",
    "thema": "/einarbeitung/verlaengerung",
    "glossar": "/glossar",
    "fehler": "/norm/AufenthG/25c",
    "schnittstelle": "/docs",
    "bestand": "/bestand",
    "anmelden": "/aktualisierung",
}
# Those that only an administrator sees.
ADMIN_PAGES = {
    "aktualisierung": "/aktualisierung",
    "rueckmeldungen": "/rueckmeldungen",
}
# Width of the window in CSS pixels; the narrow one is that of a small phone.
WIDTHS = {"breit": 1280, "schmal": 360}


def take(pages: dict[str, str], page: Page, url: str, folder: Path, size: str) -> None:
    for name, path in pages.items():
        page.goto(url + path)
        target = folder / f"{name}-{size}.png"
        page.screenshot(path=target, full_page=size == "schmal")
        sys.stdout.write(f"{target}\n")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    token = secrets.token_urlsafe()
    with (
        running_service(Settings().data, FUNDSTELLE_ADMIN_TOKEN=token) as (url, _, _),
        running_browser() as browser,
    ):
        for size, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 900}, locale="de-DE")
            take(PAGES, page, url, folder, size)
            page.goto(url)
            page.keyboard.type("darf ich mit duldung")
            page.get_by_role("list", name="Vorgeschlagene Fragen").wait_for()
            page.screenshot(path=folder / f"vorschlaege-{size}.png")
            page.goto(url + "/verwaltung/anmelden")
            page.get_by_label("Kennwort").fill(token)
            page.get_by_role("button", name="Anmelden").click()
            take(ADMIN_PAGES, page, url, folder, size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
