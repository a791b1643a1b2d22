"""Get the official files: from the site, from a URL that mirrors it, or from a directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
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

    @property
    def day(self) -> date:
        """Day on which it showed what it holds now."""
        ...

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
        return Fetched(_read(path, slug), str(path), self.day)

    @property
    def day(self) -> date:
        """The day in the name of the directory, else today."""
        name = self.folder.resolve().name
        return date.fromisoformat(name) if _DATE.fullmatch(name) else self.today

    def describe(self) -> str:
        """German name of the place."""
        return f"Spiegel {self.folder.resolve().name}"


def _read(path: Path, slug: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise SourceError(SourceProblem.TOO_LARGE, slug, detail=f"{size} Bytes")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(SourceProblem.NOT_FOUND, slug, detail=str(path)) from error
    except OSError as error:
        raise SourceError(SourceProblem.NETWORK, slug, detail=str(error)) from error


@dataclass(frozen=True)
class DatedFiles:
    """A directory of dated files: ``<slug>/<day>/xml.zip``, or a mirror per day ``<day>/<slug>/``."""

    folder: Path

    @cached_property
    def _paths(self) -> dict[str, dict[date, Path]]:
        paths: dict[str, dict[date, Path]] = {}
        for path in self.folder.glob("*/*/xml.zip"):
            outer, inner = path.parent.parent.name, path.parent.name
            slug, day = (inner, outer) if _DATE.fullmatch(outer) else (outer, inner)
            if _DATE.fullmatch(day):
                paths.setdefault(slug, {})[date.fromisoformat(day)] = path
        return paths

    @property
    def is_empty(self) -> bool:
        """Whether there is no dated file at all."""
        return not self._paths

    @property
    def newest(self) -> date:
        """The latest day of any file; raises ``ValueError`` without any."""
        return max(day for days in self._paths.values() for day in days)

    def days(self, slug: str) -> tuple[date, ...]:
        """The days of a law, oldest first; () without any."""
        return tuple(sorted(self._paths.get(slug, {})))

    def read(self, slug: str, day: date) -> bytes:
        """The packed file of a day; raises :class:`SourceError`."""
        return _read(self._paths[slug][day], f"{slug}/{day}")


@dataclass(frozen=True, slots=True)
class NewestFiles:
    """The newest of dated files, as an origin for laws that are not held in a newer state."""

    files: DatedFiles
    held: Mapping[str, date]
    """Per law, the day of the state held."""

    @property
    def day(self) -> date:
        """The newest day of all."""
        return self.files.newest

    def fetch(self, slug: str, validators: Mapping[str, str]) -> Fetched | None:  # noqa: ARG002
        """The newest file of a law; None if it is not newer than what is held."""
        days = self.files.days(slug)
        if slug in self.held and (not days or days[-1] <= self.held[slug]):
            return None
        if not days:
            raise SourceError(SourceProblem.NOT_FOUND, slug, detail=self.describe())
        origin = f"{self.files.folder / slug} {days[-1]}"
        return Fetched(self.files.read(slug, days[-1]), origin, days[-1])

    def describe(self) -> str:
        """German name of the place."""
        return f"Verzeichnis {self.files.folder.resolve().name}"


@dataclass(frozen=True, slots=True)
class Nowhere:
    """No place at all: the laws stay as they are, only documents are looked at."""

    def fetch(self, slug: str, validators: Mapping[str, str]) -> Fetched | None:  # noqa: ARG002
        """Nothing is newer than what is held."""
        return None

    @property
    def day(self) -> date:
        """Never older than what is held."""
        return date.max

    def describe(self) -> str:
        """German name of the place."""
        return "bisheriger Bestand"


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

    @property
    def day(self) -> date:
        """The site shows today's state."""
        return self.today

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
