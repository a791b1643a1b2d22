"""Start a service for an evaluation, and the systems it is compared with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from corpus.generation.files import DataFolder
from corpus.generation.foreign import Backend, Runtime
from corpus.models import Kind
from eval.baselines import DefaultLlamaIndex, PlainBm25
from eval.systems import FundstelleHttp, System
from rag.engine import Fundstelle
from rag.index import DEFAULT_ENCODER

_PATIENCE = 60.0
"""Seconds a service may take to become ready."""


@contextmanager
def running_service(
    data: Path, *, ready: str = "/readyz", **settings: str
) -> Iterator[tuple[str, int, float]]:
    """A service on a free loopback port: its address, process id and seconds until ready.

    It is ready when it answers at ``ready``; without an index it does so only at ``/healthz``.
    ``settings`` are further environment variables. Raises ``TimeoutError`` if it does not become ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--port", str(port)],
        env={**os.environ, "FUNDSTELLE_DATA": str(data), "FUNDSTELLE_USAGE": "false", **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(url + ready, process, begin)
        yield url, process.pid, time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes], begin: float) -> None:
    while time.perf_counter() - begin < _PATIENCE:
        if process.poll() is not None:
            raise TimeoutError(f"the service ended with {process.returncode}")
        try:
            if httpx.get(url, timeout=5.0).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"not ready after {_PATIENCE:.0f} s")


def open_here(data: Path, *, reranked: bool, judged: bool = False) -> Fundstelle:
    """The engine in this process, with the settings of the environment as the service reads them.

    ``reranked`` False leaves the reranker out, ``judged`` False the model that judges statements.
    """
    settings = os.environ
    return Fundstelle(
        DataFolder(data),
        settings.get("FUNDSTELLE_DATABASE") or None,
        settings.get("FUNDSTELLE_ENCODER") or DEFAULT_ENCODER,
        settings.get("FUNDSTELLE_RERANKER", "") if reranked else "",
        Runtime(
            Backend(settings.get("FUNDSTELLE_BACKEND") or Backend.TORCH),
            settings.get("FUNDSTELLE_MODEL_FILE", ""),
        ),
        settings.get("FUNDSTELLE_NLI", "") if judged else "",
    )


@contextmanager
def open_systems(url: str, data: Path, *, baselines: bool) -> Iterator[list[System]]:
    """Fundstelle over HTTP at ``url`` (or a service of its own), and the two baselines."""
    fundstelle = open_here(data, reranked=False)
    try:
        index = fundstelle.index()
        others: list[System] = []
        if baselines:
            statutes = [p for p in index.passages if p.kind in (Kind.LAW, Kind.SUMMARY)]
            others = [DefaultLlamaIndex(statutes, index.encoder), PlainBm25(statutes)]
        if url:
            with httpx.Client(base_url=url, timeout=30.0) as client:
                yield [FundstelleHttp(client, index.reader), *others]
            return
        with (
            running_service(data) as (own, _, _),
            httpx.Client(base_url=own, timeout=30.0) as client,
        ):
            yield [FundstelleHttp(client, index.reader), *others]
    finally:
        fundstelle.close()
