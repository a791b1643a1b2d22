"""What a job tells while it runs: lines in a file, written by its process, read by the service.

A file needs no lock: it tells how far an ingest is even while that has the database to itself, and
what became of a job whose service is gone.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

# A share that moved by less is not worth a line.
_STEP = 0.01


class Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(frozen=True)

    time: datetime
    """UTC."""
    stage: str = ""
    """German; "" in a line about the end."""
    share: float = 0.0
    """0 to 1 of this stage."""
    code: str = ""
    """Why it failed; "" if it did not."""
    message: str = ""
    """The German sentence to that."""
    cancelled: bool = False
    """Somebody asked it to stop."""


class Told(BaseModel):
    """All that a file tells."""

    model_config = ConfigDict(frozen=True)

    stage: str = ""
    share: float = 0.0
    code: str = ""
    message: str = ""
    cancelled: bool = False


class ProgressFile:
    """Writes the progress of long work to a file, and its stages to standard error, for the log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stage = ""
        self._share = 0.0

    def stage(self, name: str) -> None:
        """Begin a stage."""
        self._stage, self._share = name, 0.0
        self._write()
        sys.stderr.write(f"{datetime.now():%H:%M:%S} {name}\n")
        sys.stderr.flush()

    def share(self, done: float) -> None:
        """Note the share of the stage, if it moved enough to be seen."""
        if done - self._share >= _STEP:
            self._share = done
            self._write()

    def _write(self) -> None:
        _append(self._path, Line(time=datetime.now(UTC), stage=self._stage, share=self._share))


def tell_failure(path: Path, code: str, message: str) -> None:
    """Note why the job ends without a result."""
    _append(path, Line(time=datetime.now(UTC), code=code, message=message))


def tell_cancelled(path: Path) -> None:
    """Note that the job was asked to stop."""
    _append(path, Line(time=datetime.now(UTC), cancelled=True))


def _append(path: Path, line: Line) -> None:
    text = json.dumps(line.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    with path.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def read_told(path: Path) -> Told:
    """What the file tells so far; lines that are not whole are passed over."""
    told: dict[str, object] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Told()
    for text in lines:
        try:
            line = Line.model_validate_json(text)
        except ValidationError:
            continue
        if line.stage:
            told |= {"stage": line.stage, "share": line.share}
        if line.code:
            told |= {"code": line.code, "message": line.message}
        if line.cancelled:
            told["cancelled"] = True
    return Told.model_validate(told)
