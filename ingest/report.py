"""What an ingest did, for the terminal and as JSON."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import SourceError


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Problem(_Value):
    """A source, or a part of one, that was not taken in, and why."""

    source: str
    code: str
    message: str

    @classmethod
    def of(cls, error: SourceError) -> Problem:
        """The report line of an error."""
        return cls(source=error.source, code=error.code.value, message=error.message)


class SourceReport(_Value):
    """What happened to one source."""

    source: str
    name: str
    kind: str
    stand: str
    norms: int = 0
    """Norms (or sections) the source has now."""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    repealed: tuple[str, ...] = ()
    """Norms that are gone or now read "(weggefallen)"."""
    unchanged: bool = False
    """Neither parsed nor written again."""


class IngestReport(_Value):
    """The whole run."""

    published: str | None
    """Name of the generation that this run published; None if nothing changed."""
    official: bool
    """Whether official law texts are in the corpus."""
    origin: str
    seen_on: date
    sources: tuple[SourceReport, ...]
    removed: tuple[str, ...]
    """Sources that are no longer part of the corpus."""
    problems: tuple[Problem, ...]
    passages: int
    questions: int
    embedded: int
    """Vectors computed in this run; the others were taken over."""
    encoder: str
    trained: bool
    seconds: dict[str, float]
    """Wall time per stage."""
    ended_at: datetime
    """UTC."""


def keep_report(report: IngestReport, path: Path) -> None:
    """Write a report to ``path``: all of it or nothing."""
    fresh = path.with_suffix(".new")
    fresh.write_text(report.model_dump_json(indent=2), encoding="utf-8")
    fresh.replace(path)


def read_report(path: Path) -> IngestReport | None:
    """The report in ``path``; None if there is none, or none of this form."""
    try:
        return IngestReport.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
