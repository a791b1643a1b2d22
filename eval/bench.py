"""Measure what users wait for: ingest per stage, start-up, latency, throughput, memory."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from corpus.catalogue import catalogue
from eval.local import running_service

Measured = dict[str, dict[str, float | str]]
"""Measurement -> name of the value (with its unit) -> value."""

_LAWS = Path(__file__).resolve().parent.parent.parent / "shared" / "laws"
# A day with other wordings than today's, where they are held.
_PAST = "2023-06-01"
_CLIENTS = (1, 8, 32)
_REQUESTS = 200
"""Requests per number of clients and endpoint."""


def measure(data: Path, *, with_ingest: bool) -> Measured:
    """Run all measurements; ``data`` holds a published generation."""
    result: Measured = {"Rechner": _machine()}
    if with_ingest:
        result |= _ingests()
    questions = [entry.questions[0] for entry in catalogue()]
    step = max(1, len(questions) // _REQUESTS)
    sample = questions[::step][:_REQUESTS]
    with running_service(data) as (url, pid, seconds):
        result["Start"] = {"bereit nach s": round(seconds, 2)}
        with httpx.Client(base_url=url, timeout=60.0) as client:
            for question in sample[:20]:
                _ask(client, question)
            for name, call in _CALLS.items():
                for clients in _CLIENTS:
                    key = f"{name}, {clients} gleichzeitig"
                    result[key] = _load(client, call, sample, clients)
        memory = psutil.Process(pid).memory_info().rss
        result["Speicher"] = {"Dienst MiB": round(memory / 2**20)}
    return result


def _machine() -> dict[str, float | str]:
    return {
        "Kerne": float(os.cpu_count() or 0),
        "RAM GiB": round(psutil.virtual_memory().total / 2**30, 1),
        "System": platform.platform(),
        "Python": platform.python_version(),
    }


def _ingests() -> Measured:
    """A fresh ingest into an empty directory, one right after it with nothing to do, and, where the
    mirrors lie beside the checkout, an update and the import of all earlier versions.
    """
    with tempfile.TemporaryDirectory() as folder:
        result: Measured = {
            "Einlesen, alles neu": _ingest(Path(folder), "ingest"),
            "Einlesen, unverändert": _ingest(Path(folder), "ingest"),
        }
    mirrors = sorted(path for path in _LAWS.glob("????-??-??") if path.is_dir())[-2:]
    if len(mirrors) > 1:
        with tempfile.TemporaryDirectory() as folder:
            older, newer = (
                ("ingest", "--laws", str(mirrors[0])),
                ("ingest", "--laws", str(mirrors[1])),
            )
            _ingest(Path(folder), *older)
            name = f"Aktualisierung {mirrors[0].name} bis {mirrors[1].name}"
            result[name] = _ingest(Path(folder), *newer)
    if (_LAWS / "history").is_dir():
        with tempfile.TemporaryDirectory() as folder:
            result["Frühere Fassungen"] = _ingest(Path(folder), "history", str(_LAWS / "history"))
            size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
            result["Frühere Fassungen"] |= {"Datenverzeichnis MiB": round(size / 2**20)}
    return result


def _ingest(folder: Path, *command: str) -> dict[str, float | str]:
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *command, "--json"],
        env={**os.environ, "FUNDSTELLE_DATA": str(folder), "FUNDSTELLE_DATABASE": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    total = time.perf_counter() - begin
    stages = json.loads(done.stdout)["seconds"]
    return {"gesamt s": round(total, 1)} | {
        f"{name} s": round(seconds, 1) for name, seconds in stages.items()
    }


def _search(client: httpx.Client, question: str) -> None:
    client.get("/api/search", params={"q": question}).raise_for_status()


def _search_past(client: httpx.Client, question: str) -> None:
    client.get("/api/search", params={"q": question, "as_of": _PAST}).raise_for_status()


def _ask(client: httpx.Client, question: str) -> None:
    client.post("/api/ask", json={"question": question}).raise_for_status()


def _suggest(client: httpx.Client, question: str) -> None:
    typed = question[: max(3, len(question) // 2)]
    client.get("/api/suggest", params={"q": typed}).raise_for_status()


_CALLS: dict[str, Callable[[httpx.Client, str], None]] = {
    "GET /api/search": _search,
    "GET /api/search mit Stichtag": _search_past,
    "POST /api/ask": _ask,
    "GET /api/suggest": _suggest,
}


def _load(
    client: httpx.Client,
    call: Callable[[httpx.Client, str], None],
    questions: Sequence[str],
    clients: int,
) -> dict[str, float | str]:
    """Latency and throughput with so many requests under way at once."""

    def timed(question: str) -> float:
        begin = time.perf_counter()
        call(client, question)
        return (time.perf_counter() - begin) * 1000

    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        milliseconds = sorted(pool.map(timed, questions))
    seconds = time.perf_counter() - begin
    return {
        "p50 ms": round(statistics.median(milliseconds), 1),
        "p95 ms": round(milliseconds[int(0.95 * (len(milliseconds) - 1))], 1),
        "Anfragen/s": round(len(questions) / seconds, 1),
    }


def print_table(measured: Measured, console: Console) -> None:
    """Print all measurements as one table."""
    table = Table("Messung", "Werte", box=None)
    for name, values in measured.items():
        table.add_row(name, ", ".join(f"{key}: {value}" for key, value in values.items()))
    console.print(table)
