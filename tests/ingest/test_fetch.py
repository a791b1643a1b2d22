from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from ingest import fetch
from ingest.errors import SourceError, SourceProblem
from ingest.fetch import MirrorFolder, Site, find_origin, newest_mirror

TODAY = date(2025, 3, 6)


class Answers(BaseHTTPRequestHandler):
    """Answers in turn what the test prepared: status, body, headers."""

    queue: ClassVar[list[tuple[int, bytes, dict[str, str]]]] = []
    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        status, body, headers = self.queue.pop(0) if len(self.queue) > 1 else self.queue[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def site(*answers: tuple[int, bytes, dict[str, str]]) -> Iterator[Site]:
    Answers.queue, Answers.seen = list(answers), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = httpx.Client(timeout=0.5)
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", TODAY, client, wait=0.01)
    finally:
        client.close()
        server.shutdown()
        server.server_close()


def refused(origin: Site | MirrorFolder) -> SourceProblem:
    with pytest.raises(SourceError) as caught:
        origin.fetch("stag", {})
    return caught.value.code


def test_a_file_comes_with_its_validators() -> None:
    with site((200, b"PK..", {"ETag": '"1"', "Last-Modified": "gestern"})) as origin:
        fetched = origin.fetch("stag", {})
    assert fetched is not None
    assert (fetched.data, fetched.seen_on) == (b"PK..", TODAY)
    assert fetched.validators == {"If-None-Match": '"1"', "If-Modified-Since": "gestern"}


def test_an_unchanged_file_is_not_sent_again() -> None:
    with site((304, b"", {})) as origin:
        assert origin.fetch("stag", {"If-None-Match": '"1"'}) is None
    assert Answers.seen[0]["If-None-Match"] == '"1"'


def test_trouble_that_passes_is_tried_again() -> None:
    with site((503, b"", {}), (503, b"", {}), (200, b"PK", {})) as origin:
        assert origin.fetch("stag", {}) is not None
    assert len(Answers.seen) == 3


@pytest.mark.parametrize(
    ("status", "body", "code", "tries"),
    [
        (404, b"", SourceProblem.NOT_FOUND, 1),
        (500, b"", SourceProblem.NETWORK, 3),
        (302, b"", SourceProblem.FORM_CHANGED, 1),
        (200, b"<html>Wartung</html>", SourceProblem.FORM_CHANGED, 1),
    ],
)
def test_what_a_site_may_answer(status: int, body: bytes, code: SourceProblem, tries: int) -> None:
    with site((status, body, {})) as origin:
        assert refused(origin) is code
    assert len(Answers.seen) == tries


def test_a_file_over_the_limit_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 10)
    with site((200, b"PK" + b"x" * 100, {})) as origin:
        assert refused(origin) is SourceProblem.TOO_LARGE


def test_no_network_is_said_after_some_tries() -> None:
    with httpx.Client(timeout=0.5) as client:
        origin = Site("http://127.0.0.1:9", TODAY, client, attempts=2, wait=0.01)
        assert refused(origin) is SourceProblem.NETWORK


def test_a_slow_network_times_out() -> None:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            release.wait(5)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    release = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with httpx.Client(timeout=0.2) as client:
        address = f"http://127.0.0.1:{server.server_port}"
        assert refused(Site(address, TODAY, client, attempts=1)) is SourceProblem.NETWORK
    release.set()
    server.shutdown()
    server.server_close()


def test_a_mirror_tells_the_day_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "2024-06-12"
    (folder / "stag").mkdir(parents=True)
    (folder / "stag" / "xml.zip").write_bytes(b"PK")
    fetched = MirrorFolder(folder, TODAY).fetch("stag", {})
    assert fetched is not None
    assert fetched.seen_on == date(2024, 6, 12)
    with pytest.raises(SourceError) as caught:
        MirrorFolder(folder, TODAY).fetch("azrg", {})
    assert caught.value.code is SourceProblem.NOT_FOUND


def test_the_newest_mirror_beside_the_checkout_is_found(tmp_path: Path) -> None:
    for name in ("2023-10-18", "2025-03-05", "2024-06-12", "history"):
        (tmp_path / "shared" / "laws" / name).mkdir(parents=True)
    checkout = tmp_path / "main"
    assert newest_mirror(tmp_path / "nirgends") is None
    origin = find_origin("auto", checkout, TODAY)
    assert isinstance(origin, MirrorFolder)
    assert origin.folder.name == "2025-03-05"
    assert isinstance(find_origin("auto", tmp_path / "a" / "b", TODAY), Site)
    assert isinstance(find_origin("http://127.0.0.1:1/x", checkout, TODAY), Site)
    with pytest.raises(SourceError):
        find_origin(str(tmp_path / "fehlt"), checkout, TODAY)
