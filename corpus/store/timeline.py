"""From what was seen on single days to the stretches over which it stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """A time over which the same was seen."""

    value: T
    first: date
    """Day on which it was first seen."""
    until: date | None
    """First day on which something else, or nothing, was seen; None: it still stands."""

    def covers(self, day: date) -> bool:
        """Whether it stood on ``day``."""
        return self.first <= day and (self.until is None or day < self.until)

    @property
    def last(self) -> date | None:
        """Day before something else was seen; None: it still stands."""
        return None if self.until is None else self.until - timedelta(days=1)


def stretches(seen: Iterable[tuple[date, T | None]]) -> tuple[Stretch[T], ...]:
    """Join what was seen on consecutive days of looking, oldest first.

    ``seen``: days in ascending order with what was seen on each; None: it was not there. What is
    seen on one day counts as standing until the next day of looking.
    """
    result: list[Stretch[T]] = []
    for day, value in seen:
        open_one = result[-1] if result and result[-1].until is None else None
        if open_one is not None:
            if open_one.value == value:
                continue
            result[-1] = replace(open_one, until=day)
        if value is not None:
            result.append(Stretch(value, day, None))
    return tuple(result)
