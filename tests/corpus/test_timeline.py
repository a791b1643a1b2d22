from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store.timeline import stretches

START = date(2022, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("seen", "stood"),
    [
        ([], []),
        ([(0, "a")], [("a", 0, None)]),
        ([(0, "a"), (5, "a"), (9, "b")], [("a", 0, 9), ("b", 9, None)]),
        ([(0, None), (3, "a"), (6, None)], [("a", 3, 6)]),
        ([(0, "a"), (3, "b"), (6, "a")], [("a", 0, 3), ("b", 3, 6), ("a", 6, None)]),
        ([(0, "a"), (3, None), (6, "a")], [("a", 0, 3), ("a", 6, None)]),
    ],
)
def test_days_of_looking_become_stretches(
    seen: list[tuple[int, str | None]], stood: list[tuple[str, int, int | None]]
) -> None:
    found = stretches((day(number), value) for number, value in seen)
    expected = [(v, day(a), None if b is None else day(b)) for v, a, b in stood]
    assert [(s.value, s.first, s.until) for s in found] == expected


@given(st.dictionaries(st.integers(0, 400), st.sampled_from([None, "a", "b", "c"]), max_size=12))
def test_every_day_shows_what_was_last_seen(seen: dict[int, str | None]) -> None:
    found = stretches((day(number), seen[number]) for number in sorted(seen))
    for number in range(402):
        known = [n for n in seen if n <= number]
        expected = seen[max(known)] if known else None
        standing = [s.value for s in found if s.covers(day(number))]
        assert standing == ([] if expected is None else [expected])
