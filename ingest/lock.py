"""One writer at a time, across processes, and who it is."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from corpus.generation.files import DataFolder


@dataclass(frozen=True, slots=True)
class Owner:
    """Who writes to a data directory."""

    pid: int
    user: str
    task: str
    """German: what it does."""
    since: str
    """ISO time, UTC."""

    @property
    def minutes(self) -> int:
        """Whole minutes since it began."""
        age = datetime.now(UTC) - datetime.fromisoformat(self.since)
        return int(age.total_seconds() // 60)


class Locked(Exception):
    """Another process writes to the same data directory."""

    code = "ingest_running"

    def __init__(self, owner: Owner | None) -> None:
        self.owner = owner
        super().__init__(owner)

    @property
    def message(self) -> str:
        """German: who writes, since when, and what to do."""
        if self.owner is None:
            return "Ein anderer Vorgang schreibt gerade in das Datenverzeichnis. Bitte warten Sie."
        return (
            f"Ein anderer Vorgang schreibt gerade in das Datenverzeichnis: {self.owner.task}, "
            f"Prozess {self.owner.pid} von {self.owner.user}, seit {self.owner.minutes} Minuten. "
            "Bitte warten Sie, oder beenden Sie diesen Prozess, wenn er hängt; die Sperre endet mit ihm."
        )


@contextmanager
def write_lock(data: DataFolder, task: str) -> Iterator[None]:
    """Hold the lock of a data directory; raises :class:`Locked` at once if another process does.

    The operating system releases it when the process ends, however it ends: there is no stale lock.
    """
    data.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Locked(lock_owner(data)) from error
    try:
        owner = Owner(os.getpid(), getpass.getuser(), task, datetime.now(UTC).isoformat())
        data.lock_owner.write_text(json.dumps(asdict(owner)), encoding="utf-8")
        yield
    finally:
        data.lock_owner.unlink(missing_ok=True)
        lock.release()


def lock_owner(data: DataFolder) -> Owner | None:
    """Who noted that it writes; None without a note. Only while the lock is held is it true."""
    try:
        return Owner(**json.loads(data.lock_owner.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
