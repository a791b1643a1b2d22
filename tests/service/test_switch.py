"""A new generation takes over under load: no request fails, no answer mixes two states of the law."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from eval.local import running_service
from tests.conftest import LATER, SmallWorld, copy_world
from tests.official import reworded, write_mirror

CLIENTS = 32
# Days of work that each generation in turn allows, as its law says it.
DAYS = (140, 141, 142)
QUESTION = {"question": "An wie vielen Tagen im Jahr darf ein Gast arbeiten?"}


def ask_until(url: str, stop: threading.Event) -> list[tuple[int, str, str]]:
    """One client's answers: status, generation and what the law said."""
    seen: list[tuple[int, str, str]] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        while not stop.is_set():
            response = client.post("/api/ask", json=QUESTION)
            body = response.json()
            quotes = [s["text"] for s in body.get("statements", ()) if s["kind"] == "law"]
            quoted = {passage["id"]: passage["text"] for passage in body.get("passages", ())}
            cited = [quoted[id_] for s in body.get("statements", ()) for id_ in s["citations"]]
            said = next((t for t in quotes if "Tagen im Jahr" in t), "")
            assert not said or any(said in text for text in cited)
            seen.append((response.status_code, body.get("corpus_version", ""), said))
    return seen


def test_thirty_two_clients_notice_nothing(ingested: SmallWorld, tmp_path: Path) -> None:
    world = copy_world(ingested, tmp_path / "world")
    stop = threading.Event()
    with running_service(world.data.root) as (url, _, _), ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(ask_until, url, stop) for _ in range(CLIENTS)]
        published: dict[str, int] = {}
        try:
            for days in DAYS:
                write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", f"{days} Tagen"))
                report = world.ingest(LATER)
                published[report.published or _running(url)] = days
                _until_taken_over(url, report.published)
        finally:
            stop.set()
        seen = [answer for client in clients for answer in client.result()]
    assert {status for status, _, _ in seen} == {200}
    assert {version for _, version, _ in seen} == set(published)
    mixed = [(v, said) for _, v, said in seen if f"{published[v]} Tagen" not in said]
    assert mixed == []


def _running(url: str) -> str:
    version: str = httpx.post(f"{url}/api/ask", json=QUESTION, timeout=60).json()["corpus_version"]
    return version


def _until_taken_over(url: str, name: str | None, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while name is not None and _running(url) != name:
        assert time.monotonic() < end, name
        time.sleep(0.2)
