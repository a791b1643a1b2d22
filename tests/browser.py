"""A real Chromium for tests and pictures: Debian's package, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

# No request of the browser's own: no updates, no field trials, no QUIC.
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


def chromium() -> str | None:
    """Where Chromium is installed; None without it."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium; FileNotFoundError without one."""
    executable = chromium()
    if executable is None:
        raise FileNotFoundError("Chromium fehlt (Debian-Paket chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=_FLAGS,
            # Words and dates of its form fields; needs Debian's chromium-l10n, else they are English.
            env={**os.environ, "LANGUAGE": "de"},
        )
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, width: int, *, scripts: bool = True) -> Page:
    """An empty page in a window of its own; ``width`` in CSS pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="de-DE"
    )
    return context.new_page()
