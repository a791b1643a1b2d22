"""How long-running stages tell how far they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Something that shows progress: a bar in the terminal, a job in the service, nothing."""

    def stage(self, name: str) -> None:
        """A stage with this German name begins."""
        ...

    def share(self, done: float) -> None:
        """This share (0 to 1) of the current stage is done."""
        ...


class Silent:
    """Shows nothing."""

    def stage(self, name: str) -> None:
        """Ignore the stage."""

    def share(self, done: float) -> None:
        """Ignore the share."""


class Stopwatch:
    """Passes progress on and keeps the wall time of each stage in seconds."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Progress]:
        """Time a stage and announce it."""
        self.progress.stage(name)
        begin = time.perf_counter()
        try:
            yield self.progress
        finally:
            self.seconds[name] = round(time.perf_counter() - begin, 3)
            self.progress.share(1.0)
