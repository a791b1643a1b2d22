"""A file of cases that an office writes itself: changed case by case, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from corpus.cases import Case, case_line, read_cases


class CaseGone(Exception):
    """The case is not in the file, or no longer as it was."""


class CaseFile:
    """The file is the truth; a change reads it anew under a lock that holds between processes.

    Every method raises :class:`corpus.cases.CaseError` for a file that is not in the form, and leaves
    it as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def cases(self) -> tuple[Case, ...]:
        """The cases in their order; () without a file."""
        return tuple(case for _, case in read_cases(self.path)) if self.path.is_file() else ()

    def add(self, make: Callable[[Sequence[Case]], Sequence[Case]]) -> tuple[Case, ...]:
        """Append what ``make`` makes in view of the cases there are, and return it."""
        with self._alone():
            before = self.cases()
            new = tuple(make(before))
            self._write((*before, *new))
        return new

    def replace(self, old: Case, new: Case | None) -> None:
        """Put ``new`` in the place of ``old``, None: remove it; raises :class:`CaseGone`."""
        with self._alone():
            cases = list(self.cases())
            if old not in cases:
                raise CaseGone
            place = cases.index(old)
            cases[place : place + 1] = [new] if new is not None else []
            self._write(cases)

    def _alone(self) -> FileLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self.path.with_suffix(".lock"))

    def _write(self, cases: Sequence[Case]) -> None:
        part = self.path.with_suffix(".part")
        try:
            with part.open("w", encoding="utf-8") as file:
                file.writelines(f"{case_line(case)}\n" for case in cases)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
