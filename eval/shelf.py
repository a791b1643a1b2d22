"""The folder of runs: what is there, and one run by its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from eval.refusal import Refused
from eval.results import CaseResult, Run, SystemResult
from eval.stats import Estimate, estimate
from eval.summary import MetricChange, Row, compare, summarise

HEADLINE = ("recall@1", "recall@5", "absatz_recall@5", "decisive_first")
"""Metrics that a list of runs shows."""
# Runs are megabytes; a list of some dozens is looked at again and again.
_CARDS_KEPT, _RUNS_KEPT = 400, 6


@dataclass(frozen=True, slots=True)
class Card:
    """A run in a list."""

    name: str
    created_at: datetime
    cases_file: str
    cases_digest: str
    systems: tuple[str, ...]
    main: SystemResult
    """The first system without its cases: its version and settings."""
    cases: int
    has_details: bool
    estimates: dict[str, Estimate]
    """Of the first system, by the names in :data:`HEADLINE`."""

    @property
    def questions(self) -> str:
        """Which cases it asked, for people: runs of the same can be put side by side."""
        return f"{self.cases_file}, {self.cases} {'Fall' if self.cases == 1 else 'Fälle'}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The runs of an installation."""

    folder: Path

    def cards(self) -> tuple[Card, ...]:
        """All readable runs, newest first."""
        cards = (_card(path, _stamp(path)) for path in self._files())
        found = [card for card in cards if card is not None]
        return tuple(sorted(found, key=lambda card: (card.created_at, card.name), reverse=True))

    def broken(self) -> tuple[str, ...]:
        """Names of files that hold no run."""
        return tuple(path.stem for path in self._files() if _card(path, _stamp(path)) is None)

    def run(self, name: str) -> Run:
        """A run by its name; raises :class:`Refused`."""
        path = next((path for path in self._files() if path.stem == name), None)
        if path is None:
            raise Refused(404, "unknown_run", f"Einen Lauf „{name}“ gibt es nicht.")
        return read_run(path)

    def rows(self, run: Run) -> list[Row]:
        """The metrics of a run of this shelf; computed once."""
        path = self.folder / f"{run.name}.json"
        return _rows(path, _stamp(path)) if path.is_file() else summarise(run)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))


def read_run(path: Path) -> Run:
    """The run of a file; raises :class:`Refused` for anything else."""
    try:
        return _read(path, _stamp(path))
    except (OSError, ValueError) as error:
        message = f"„{path.name}“ ist kein lesbarer Lauf."
        raise Refused(422, "bad_run", message) from error


def system_of(run: Run, name: str = "") -> SystemResult:
    """A system of a run, the first one without a name; raises :class:`Refused`."""
    if not run.systems:
        raise Refused(422, "bad_run", f"Der Lauf „{run.name}“ ist leer.")
    if not name:
        return run.systems[0]
    try:
        return run.system(name)
    except KeyError as error:
        message = f"Im Lauf „{run.name}“ gibt es kein System „{name}“."
        raise Refused(404, "unknown_system", message) from error


def case_of(system: SystemResult, id_: str) -> CaseResult:
    """A case by its id; raises :class:`Refused`."""
    for case in system.cases:
        if case.id == id_:
            return case
    raise Refused(404, "unknown_case", f"Einen Fall „{id_}“ gibt es in diesem Lauf nicht.")


def compared(a: Run, b: Run, system: str) -> list[MetricChange]:
    """Two runs case by case; raises :class:`Refused` if they have nothing in common."""
    system_of(a, system), system_of(b, system)
    try:
        return compare(a, b, system)
    except ValueError as error:
        message = "Nicht vergleichbar: Die beiden Läufe haben keinen Fall gemeinsam."
        raise Refused(422, "not_comparable", message) from error


def _stamp(path: Path) -> tuple[int, int]:
    """Changes with the file."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=_RUNS_KEPT)
def _read(path: Path, stamp: tuple[int, int]) -> Run:  # noqa: ARG001
    return Run.load(path)


@lru_cache(maxsize=_RUNS_KEPT)
def _rows(path: Path, stamp: tuple[int, int]) -> list[Row]:
    return summarise(_read(path, stamp))


@lru_cache(maxsize=_CARDS_KEPT)
def _card(path: Path, stamp: tuple[int, int]) -> Card | None:  # noqa: ARG001
    try:
        run = Run.load(path)
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
    if not run.systems:
        return None
    main = run.systems[0]
    return Card(
        name=path.stem,
        created_at=run.created_at,
        cases_file=run.cases_file,
        cases_digest=run.cases_digest,
        systems=tuple(system.system for system in run.systems),
        main=main.model_copy(update={"cases": ()}),
        cases=len(main.cases),
        has_details=main.has_details,
        estimates={
            name: estimate([case.metrics.get(name) for case in main.cases]) for name in HEADLINE
        },
    )
