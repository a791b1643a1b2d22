"""Find what a hurried reader must not miss: periods, ages, amounts; and which a question asks for."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.models import Span

_NUMBER = (
    r"(?:\d[\d.,]*|eine[mnrs]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn"
    r"|fünfzehn|sechzehn|achtzehn|zwanzig|dreißig|halbe[mnrs]?|anderthalb)"
)
_UNIT = (
    r"(?:(?:Kalender|Werk|Arbeits)?[Tt]age?[ns]?|Wochen?|Monat(?:e[ns]?|s)?|(?:Lebens)?[Jj]ahr(?:e[ns]?|es)?"
    r"|Stunden?|Minuten?|Euro|Cent|Prozent|Quadratmetern?)"
)
_FIGURE = re.compile(
    rf"\b{_NUMBER}(?:\s(?:bis|oder|und)\s{_NUMBER})?\s(?:vollen?\s|ganzen?\s)?{_UNIT}\b"
    rf"|\b(?:\d+\.|\w+(?:ten|sten))\sLebensjahre?s?\b|\b\d[\d.,]*\s?(?:€|%|EUR\b)"
)


class Measure(StrEnum):
    """What a figure counts."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    AGE = "age"
    MONEY = "money"
    SHARE = "share"
    AREA = "area"


# Found in figures and, after "wie viele", in questions.
_MEASURES = {
    Measure.DAYS: re.compile(r"tage?[ns]?\b|\bdays?\b", re.IGNORECASE),
    Measure.WEEKS: re.compile(r"woche|\bweek", re.IGNORECASE),
    Measure.MONTHS: re.compile(r"monat|\bmonth", re.IGNORECASE),
    Measure.YEARS: re.compile(r"\bjahr|\byear", re.IGNORECASE),
    Measure.HOURS: re.compile(r"stunde|minute|\bhour", re.IGNORECASE),
    Measure.AGE: re.compile(r"lebensjahr", re.IGNORECASE),
    Measure.MONEY: re.compile(r"euro|cent|€|\bEUR\b", re.IGNORECASE),
    Measure.SHARE: re.compile(r"prozent|%", re.IGNORECASE),
    Measure.AREA: re.compile(r"quadratmeter", re.IGNORECASE),
}
_PERIODS = frozenset({Measure.DAYS, Measure.WEEKS, Measure.MONTHS, Measure.YEARS, Measure.HOURS})
_HOW_MANY = re.compile(r"\b(?:wie\s?viele?n?|how many)\s+(?:\w+\s)?(\w+)", re.IGNORECASE)
_ASKED = (
    (
        re.compile(
            r"\bwie lange?\b|\bdauer\w*|\bfrist\w*|\bbis wann\b|\bhow long\b", re.IGNORECASE
        ),
        _PERIODS,
    ),
    (
        re.compile(
            r"\bkoste\w*|\bgebühr\w*|\bwie teuer\b|\bwie ?viel (?:geld|euro)\b|\bhow much\b",
            re.IGNORECASE,
        ),
        frozenset({Measure.MONEY}),
    ),
    (
        re.compile(
            r"\bwie alt\b|\bwelche[mn]? alter\b|\baltersgrenze\w*|\bhow old\b", re.IGNORECASE
        ),
        frozenset({Measure.AGE}),
    ),
)


def figures(text: str) -> tuple[Span, ...]:
    """Stretches of ``text`` that state a period, an age, an amount or a share, in order."""
    return tuple(Span(*match.span()) for match in _FIGURE.finditer(text))


def measures(text: str) -> frozenset[Measure]:
    """What the figures of ``text`` count."""
    return frozenset(measure for span in figures(text) for measure in _counted(span.of(text)))


def asked_for(question: str) -> frozenset[Measure]:
    """What the figure that a question asks for counts; empty if it asks for none or does not say.

    A unit that it names ("wie viele Tage") goes before what "wie lange" or "was kostet" suggest.
    """
    named = {m for match in _HOW_MANY.finditer(question) for m in _counted(match[0])}
    if named:
        return frozenset(named)
    return frozenset(m for pattern, meant in _ASKED if pattern.search(question) for m in meant)


def _counted(words: str) -> set[Measure]:
    return {measure for measure, pattern in _MEASURES.items() if pattern.search(words)}
