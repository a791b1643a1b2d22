"""What comparing the sources with the store yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from corpus.models import Kind
from corpus.store.reading import CorpusReader, SourceState
from corpus.store.writing import CheckedSource, PastState, SourceChange
from ingest.report import Problem, SourceReport


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory with documents of one kind."""

    path: Path
    kind: Kind
    overrides: bool = False
    """Whether its documents stand in for those of other directories with the same id."""


@dataclass(slots=True)
class Collected:
    """What the comparison yields."""

    changes: list[SourceChange] = field(default_factory=list)
    checks: list[CheckedSource] = field(default_factory=list)
    reports: list[SourceReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    """Sources that exist now, changed or not."""
    overriding: set[str] = field(default_factory=set)
    """Documents that stand in for others of the same id."""
    past: list[PastState] = field(default_factory=list)
    """Earlier states of laws that the store did not know."""


@dataclass(frozen=True)
class Held:
    """What the store held before, and whether it may be kept as it is."""

    reader: CorpusReader | None
    """None before the first ingest."""
    validators: dict[str, dict[str, str]]
    """Per source, the headers for a conditional request."""
    origins: dict[str, str]
    """Place of a file -> source that was read from it."""
    fresh: bool
    """True: cut everything again (first ingest, or the rules for passages changed)."""
    withdrawn: frozenset[str] = frozenset()
    """Documents that are never taken in again."""

    @cached_property
    def days(self) -> dict[str, date]:
        """Per law, the last day on which its text is known: seen anew, or found unchanged."""
        if self.reader is None:
            return {}
        checks = self.reader.last_checks
        return {
            source: max(seen[-1].day, checks.get(source, seen[-1].day))
            for source, seen in self.reader.snapshots.items()
        }

    def state(self, source: str) -> SourceState | None:
        """The state held of ``source``, None if it must be read again in any case."""
        return self.reader.sources.get(source) if self.reader and not self.fresh else None


def unchanged(state: SourceState) -> SourceReport:
    """The report of a source whose file is the one already held."""
    return SourceReport(
        source=state.source, name=state.name, kind=state.kind, stand=state.stand, unchanged=True
    )
