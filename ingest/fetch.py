"""Get the official files: from the site, from a URL that mirrors it, or from a directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from ingest.errors import SourceError, SourceProblem

OFFICIAL_SITE = "https://www.gesetze-im-internet.de"
LARGEST = 32 * 1024 * 1024
"""Bytes of one packed law; the largest of all 7,248 official files has under 5 MB."""
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One packed official file."""

    data: bytes
    origin: str
    """Where it came from, for the report."""
    seen_on: date
    """Day on which the source showed it."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """Headers for the next conditional request (``If-None-Match``, ``If-Modified-Since``)."""


class Origin(Protocol):
    """A place that holds ``<slug>/xml.zip``."""

    def fetch(self, slug: str, validators: Mapping[str, str]) -> Fetched | None:
        """The file of ``slug``; None if it is unchanged since ``validators``.

        Raises :class:`SourceError` (``not_found``, ``network``, ``too_large``, ``form_changed``).
        """
        ...

    def describe(self) -> str:
        """German name of the place, for messages."""
        ...


@dataclass(frozen=True, slots=True)
class MirrorFolder:
    """A directory in the form of the site. Its name may be the day it was taken."""

    folder: Path
    today: date

    def fetch(self, slug: str, validators: Mapping[str, str]) -> Fetched | None:  # noqa: ARG002
        """The file as it lies there; a directory knows no conditional requests."""
        path = self.folder / slug / "xml.zip"
        try:
            size = path.stat().st_size
            if size > LARGEST:
                raise SourceError(SourceProblem.TOO_LARGE, slug, detail=f"{size} Bytes")
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise SourceError(SourceProblem.NOT_FOUND, slug, detail=str(path)) from error
        except OSError as error:
            raise SourceError(SourceProblem.NETWORK, slug, detail=str(error)) from error
        return Fetched(data, str(path), self._day())

    def _day(self) -> date:
        name = self.folder.resolve().name
        return date.fromisoformat(name) if _DATE.fullmatch(name) else self.today

    def describe(self) -> str:
        """German name of the place."""
        return f"Spiegel {self.folder.resolve().name}"


@dataclass(frozen=True, slots=True)
class Site:
    """The official site, or a URL that mirrors it."""

    base: str
    today: date
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
    )
    attempts: int = 3
    """Tries per file; only network trouble and answers of the 5xx kind are tried again."""
    wait: float = 0.5
    """Seconds before the second try, doubled for each further one."""

    def fetch(self, slug: str, validators: Mapping[str, str]) -> Fetched | None:
        """GET ``<base>/<slug>/xml.zip``, conditionally; at most :data:`LARGEST` bytes."""
        url = f"{self.base.rstrip('/')}/{slug}/xml.zip"
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=wait_exponential(multiplier=self.wait, max=10),
            retry=retry_if_exception_type(_Retry),
            reraise=True,
        )
        try:
            return retrying(self._get, url, slug, dict(validators))
        except _Retry as error:
            raise SourceError(SourceProblem.NETWORK, slug, detail=str(error)) from error

    def _get(self, url: str, slug: str, validators: dict[str, str]) -> Fetched | None:
        try:
            with self.client.stream("GET", url, headers=validators) as answer:
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
                    raise SourceError(SourceProblem.NOT_FOUND, slug, detail=url)
                if answer.status_code >= 500 or answer.status_code == 429:
                    raise _Retry(f"HTTP {answer.status_code}")
                if answer.status_code != httpx.codes.OK:
                    raise SourceError(
                        SourceProblem.FORM_CHANGED, slug, detail=f"HTTP {answer.status_code}"
                    )
                data = self._body(answer, slug)
        except httpx.RequestError as error:
            raise _Retry(f"{type(error).__name__}: {error}") from error
        if not data.startswith(b"PK"):
            raise SourceError(SourceProblem.FORM_CHANGED, slug, detail="keine ZIP-Datei")
        return Fetched(data, url, self.today, _validators(answer.headers))

    def _body(self, answer: httpx.Response, slug: str) -> bytes:
        data = bytearray()
        for block in answer.iter_bytes():
            data += block
            if len(data) > LARGEST:
                raise SourceError(SourceProblem.TOO_LARGE, slug, detail=f"über {LARGEST} Bytes")
        return bytes(data)

    def describe(self) -> str:
        """German name of the place."""
        return urlsplit(self.base).hostname or self.base


class _Retry(Exception):
    """A failure that may pass."""


def _validators(headers: httpx.Headers) -> dict[str, str]:
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return {ask: headers[answer] for ask, answer in pairs if answer in headers}


def find_origin(setting: str, checkout: Path, today: date) -> Origin:
    """The place named by the setting ``FUNDSTELLE_LAWS``.

    ``auto``: the newest ``shared/laws/<date>`` beside the checkout, else the official site;
    otherwise a URL or a directory. A directory that does not exist raises
    :class:`SourceError` (``not_found``).
    """
    if setting == "auto":
        mirror = newest_mirror(checkout.parent / "shared" / "laws")
        return MirrorFolder(mirror, today) if mirror else Site(OFFICIAL_SITE, today)
    if setting.startswith(("http://", "https://")):
        return Site(setting, today)
    folder = Path(setting)
    if not folder.is_dir():
        raise SourceError(SourceProblem.NOT_FOUND, setting, detail="kein Verzeichnis")
    return MirrorFolder(folder, today)


def newest_mirror(folder: Path) -> Path | None:
    """The directory below ``folder`` whose name is the latest date; None without any."""
    if not folder.is_dir():
        return None
    dated = [p for p in folder.iterdir() if p.is_dir() and _DATE.fullmatch(p.name)]
    return max(dated, key=lambda path: path.name, default=None)
