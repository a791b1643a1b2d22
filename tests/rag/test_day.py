from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.day import mentioned_day, named_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Welche Rechtslage galt am 1.3.2024?", date(2024, 3, 1)),
        ("Was galt Anfang 2023 für die Einbürgerung?", date(2023, 1, 1)),
        ("Gebühren nach der Fassung vom 15. August 2022", date(2022, 8, 15)),
        ("Stichtag 2023-10-18: Chancenkarte", date(2023, 10, 18)),
        ("Wie war der Wortlaut im März 2024?", date(2024, 3, 1)),
        ("Rechtsstand Ende 2021", date(2021, 12, 1)),
        ("geltendes Recht in 2022 zur Duldung", date(2022, 1, 1)),
    ],
)
def test_a_day_of_the_law_is_read(text: str, day: date) -> None:
    found = named_day(text)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text",
    [
        "Bescheid am 10.03.2025 in die Post gegeben, wann gilt er als zugestellt?",
        "Er ist im Februar 2022 eingereist",
        "Der Pass läuft am 1.3.2024 ab",
        "Rechtslage am 31.2.2024",
        "Rechtslage am 1.3.2024 und am 1.3.2023",
        "Wie viele Tage darf man arbeiten?",
    ],
)
def test_a_fact_of_the_case_is_no_day_of_the_law(text: str) -> None:
    assert named_day(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Der Pass läuft am 1.3.2024 ab", date(2024, 3, 1)),
        ("Am 1. März 2024 eingereist, am 2024-03-01 beantragt", date(2024, 3, 1)),
        ("Eingereist am 1.3.2024, Antrag am 5.3.2024", None),
        ("Er ist im Februar 2022 eingereist", None),
        ("Rechtslage am 1.3.2024", None),
        ("Frist seit 2022", None),
    ],
)
def test_a_date_that_may_be_the_day_of_the_law_is_seen(text: str, day: date | None) -> None:
    assert mentioned_day(text) == day


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Gebühr nach der Rechtslage am 1.2.2023 für Kinder", "Gebühr für Kinder"),
        ("Stichtag 2023-10-18: Chancenkarte", ": Chancenkarte"),
        ("Was galt Anfang 2023 für die Einbürgerung?", "Was galt für die Einbürgerung?"),
        ("Was galt nach altem Recht für Kinder?", "Was galt für Kinder?"),
    ],
)
def test_the_day_is_no_part_of_what_is_looked_for(text: str, rest: str) -> None:
    found = named_day(text)
    assert found is not None
    left = text[: found.phrase.start] + text[found.phrase.end :]
    assert " ".join(left.split()) == rest


def test_earlier_law_without_a_day_is_noticed() -> None:
    found = named_day("Was galt nach altem Recht für den Doppelpass?")
    assert found is not None
    assert found.day is None


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    found = named_day(text)
    assert found is None or found.span.end <= len(text)
