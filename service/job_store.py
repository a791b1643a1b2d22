"""The table of jobs: what was started, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, String, Text, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class JobKind(StrEnum):
    """What a job does."""

    INGEST = "ingest"
    HISTORY = "history"
    EVAL = "eval"

    @property
    def label(self) -> str:
        """German, for people."""
        return {
            JobKind.INGEST: "Bestand aktualisieren",
            JobKind.HISTORY: "Frühere Fassungen nachtragen",
            JobKind.EVAL: "Auswertung",
        }[self]

    @property
    def command(self) -> tuple[str, ...]:
        """The command with the options that a job gives it."""
        return ("eval", "run", "--no-baselines") if self is JobKind.EVAL else (self.value,)

    @property
    def writes(self) -> bool:
        """Whether it changes the corpus, which only one process may at a time."""
        return self is not JobKind.EVAL


UPDATES = tuple(kind for kind in JobKind if kind.writes)
"""What changes the corpus."""


class JobState(StrEnum):
    """Where a job is in its life; the first two are not the end."""

    WAITING = "wartet"
    """Noted, its process not started yet."""
    RUNNING = "läuft"
    DONE = "fertig"
    FAILED = "fehlgeschlagen"
    """It says why."""
    CANCELLED = "abgebrochen"
    INTERRUPTED = "unterbrochen"
    """Its process is gone without a result: killed, or the machine went down."""

    @property
    def active(self) -> bool:
        """Whether more is to come."""
        return self in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Order:
    """What a job was told to do."""

    kind: JobKind
    laws: str = ""
    """Source of the laws; "": as the settings say."""
    path: str = ""
    """What it reads: a directory of dated files (history), a file of cases (evaluation)."""


@dataclass(frozen=True, slots=True)
class JobFiles:
    """What a job leaves in the directory of jobs."""

    folder: Path
    number: int

    @property
    def log(self) -> Path:
        """What it wrote to standard error."""
        return self.folder / f"{self.number}.log"

    @property
    def progress(self) -> Path:
        """How far it is (JSON Lines)."""
        return self.folder / f"{self.number}.progress.jsonl"

    @property
    def report(self) -> Path:
        """What it did (JSON); empty if it did not get there."""
        return self.folder / f"{self.number}.report.json"


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the operating system, told apart from a later one of the same number."""

    pid: int
    started: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as the table knows it."""

    id: int
    order: Order
    state: JobState
    started_at: datetime
    """UTC."""
    ended_at: datetime | None
    """UTC; None while it is active."""
    process: Process | None
    """None before it was started."""
    exit_code: int | None
    """Negative for a signal; None while it runs, or if nobody saw the end."""
    stage: str
    share: float
    """0 to 1 of the stage."""
    code: str
    """Why it failed; "" if it did not."""
    message: str


class _Base(DeclarativeBase):
    """The metadata of the service's own tables; the corpus knows nothing of them."""


class _JobRow(_Base):
    """One job."""

    __tablename__ = "job"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    laws: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    pid: Mapped[int | None]
    process_started: Mapped[float | None]
    exit_code: Mapped[int | None]
    stage: Mapped[str] = mapped_column(Text, default="")
    share: Mapped[float] = mapped_column(default=0.0)
    code: Mapped[str] = mapped_column(String(60), default="")
    message: Mapped[str] = mapped_column(Text, default="")


_ACTIVE = [state.value for state in JobState if state.active]


class JobStore:
    """Writes and reads the table; a job is written when it begins, starts and ends, not between."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _Base.metadata.create_all(engine)

    def add(self, order: Order) -> int:
        """Note a job that is to be started; returns its number."""
        with Session(self._engine) as session, session.begin():
            row = _JobRow(
                kind=order.kind.value,
                laws=order.laws,
                folder=order.path,
                state=JobState.WAITING.value,
                started_at=_now(),
            )
            session.add(row)
            session.flush()
            return row.id

    def started(self, number: int, process: Process) -> None:
        """Note the process of a job."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(_JobRow, number)
            row.state = JobState.RUNNING.value
            row.pid, row.process_started = process.pid, process.started

    def ended(
        self,
        number: int,
        state: JobState,
        *,
        exit_code: int | None = None,
        stage: str = "",
        share: float = 0.0,
        code: str = "",
        message: str = "",
    ) -> None:
        """Note how a job ended; one whose end is noted keeps it."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(_JobRow)
                .where(_JobRow.id == number, _JobRow.state.in_(_ACTIVE))
                .values(
                    state=state.value,
                    ended_at=_now(),
                    exit_code=exit_code,
                    stage=stage,
                    share=share,
                    code=code,
                    message=message,
                )
            )

    def get(self, number: int) -> Job | None:
        """One job; None if there is none of that number."""
        with Session(self._engine) as session:
            row = session.get(_JobRow, number)
            return None if row is None else _job(row)

    def newest(self, most: int, kinds: Collection[JobKind] = tuple(JobKind)) -> tuple[Job, ...]:
        """The last jobs of these kinds, newest first."""
        wanted = _JobRow.kind.in_([kind.value for kind in kinds])
        query = select(_JobRow).where(wanted).order_by(_JobRow.id.desc()).limit(most)
        with Session(self._engine) as session:
            rows = session.scalars(query)
            return tuple(_job(row) for row in rows)

    def active(self) -> tuple[Job, ...]:
        """Jobs whose end is not noted."""
        with Session(self._engine) as session:
            rows = session.scalars(select(_JobRow).where(_JobRow.state.in_(_ACTIVE)))
            return tuple(_job(row) for row in rows)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _job(row: _JobRow) -> Job:
    return Job(
        id=row.id,
        order=Order(JobKind(row.kind), row.laws, row.folder),
        state=JobState(row.state),
        started_at=row.started_at.replace(tzinfo=UTC),
        ended_at=row.ended_at.replace(tzinfo=UTC) if row.ended_at else None,
        process=None
        if row.pid is None or row.process_started is None
        else Process(row.pid, row.process_started),
        exit_code=row.exit_code,
        stage=row.stage,
        share=row.share,
        code=row.code,
        message=row.message,
    )
