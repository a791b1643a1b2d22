"""How long a person waits: from Enter to the answer on the page, in Chromium (part of ``make bench``)."""

from __future__ import annotations

import sys
import time
from statistics import quantiles

from corpus.cases import read_cases
from eval.local import running_service
from service.settings import CASES, Settings
from tests.browser import running_browser

_ASKED = 100
_WARM = 5  # questions that are not counted


def waits(questions: list[str]) -> list[float]:
    """Milliseconds for each question, on the published corpus."""
    measured = []
    with running_service(Settings().data) as (url, _, _), running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="de-DE")
        for question in questions:
            page.goto(url)
            page.locator("#frage").fill(question)
            begin = time.perf_counter()
            page.keyboard.press("Enter")
            page.locator("#antwort").wait_for()
            measured.append((time.perf_counter() - begin) * 1000)
    return measured


def main() -> None:
    cases = [case for _, case in read_cases(CASES / "dev.jsonl")]
    measured = waits([case.question for case in cases[: _ASKED + _WARM]])[_WARM:]
    cuts = quantiles(measured, n=20)
    sys.stdout.write(
        f"Von Enter bis zur Antwort im Browser, n={len(measured)}: "
        f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
