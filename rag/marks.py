"""Find what a hurried reader must not miss in a quote: periods, ages, amounts."""

from __future__ import annotations

import re

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


def figures(text: str) -> tuple[Span, ...]:
    """Stretches of ``text`` that state a period, an age, an amount or a share, in order."""
    return tuple(Span(*match.span()) for match in _FIGURE.finditer(text))
