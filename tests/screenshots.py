"""Take pictures of all pages in Chromium: ``python -m tests.screenshots build/screenshots``."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from eval.local import running_service
from service.settings import Settings

QUESTION = "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?"
PAGES = {
    "start": "/",
    "fragen": "/?" + urlencode({"frage": QUESTION}),
    "unbekannt": "/?" + urlencode({"frage": "Was steht in § 25c AufenthG?"}),
    "norm": "/norm/AufenthG/16b?absatz=3&satz=1",
    "aufzaehlung": "/norm/AufenthG/9",
    "dokument": "/dokument/vh-gebuehren",
    "fehler": "/norm/AufenthG/25c",
    "schnittstelle": "/docs",
}
SIZES = {"breit": "1280,1100", "schmal": "500,1400"}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


def main(folder: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("Chromium fehlt (Debian-Paket chromium).")
    folder.mkdir(parents=True, exist_ok=True)
    with running_service(Settings().data) as (url, _, _):
        for name, path in PAGES.items():
            for size, pixels in SIZES.items():
                target = folder / f"{name}-{size}.png"
                with tempfile.TemporaryDirectory() as profile:
                    subprocess.run(
                        [
                            browser,
                            *FLAGS,
                            f"--user-data-dir={profile}",
                            f"--window-size={pixels}",
                            f"--screenshot={target}",
                            url + path,
                        ],
                        check=True,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
