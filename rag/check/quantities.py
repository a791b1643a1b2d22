"""Numbers, periods, amounts and dates of a text, in one form whatever the spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.citations import find
from corpus.generation.analysis import fold
from rag.check.lists import words_of_check

_MONTHS = {
    name: number
    for number, name in enumerate(
        "januar februar marz april mai juni juli august september oktober november dezember".split(),
        1,
    )
}
_DATE = re.compile(
    r"\b(\d{1,2})\.\s?(?:(\d{1,2})\.|(januar|februar|märz|april|mai|juni|juli|august|september|oktober"
    r"|november|dezember))\s?(\d{4})\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?|[^\W\d_]+|€|%")
# "1. er ..." and "a) ..." label an entry; "(2)" an Absatz.
_LABELS = re.compile(r"(?:^|\n)\s*(?:\(?\d+[a-z]?\)|\d+[a-z]?\.|[a-z]{1,2}\))(?=\s)")
# "des Absatzes 1", "den Nummern 2 bis 4": places within a norm that stand alone.
WITHIN = re.compile(
    r"\b(?:Absatz(?:es)?|Absätzen?|Satz(?:es)?|Sätzen?|Nummern?|Nr\.|Abs\.|Buchstaben?|Abschnitt(?:s|es)?|Kapitels?|Stufe|Teil(?:s|es)?)"
    r"\s+\d+[a-z]?(?:\s*(?:,|und|oder|bis)\s*\d+[a-z]?\b)*"
)
_SUFFIXED = re.compile(r"^(.+?)(jahrig|monatig|wochig|tagig)(?:e[nrsm]?)?$")
_SUFFIX_UNITS = {
    "jahrig": ("monat", 12),
    "monatig": ("monat", 1),
    "wochig": ("tag", 7),
    "tagig": ("tag", 1),
}
_ORDINAL = re.compile(r"^(.+?)te[nrms]?$")
# Words that may stand between a number and its unit: "drei volle Jahre", "30 aufeinanderfolgende Tage".
_BETWEEN = 2
# "das sechste, aber noch nicht das vierzehnte Lebensjahr"
_ORDINAL_REACH = 7
# Texts whose numbers are kept.
_KEPT = 5_000
_JOINING = frozenset(("bis", "oder", "und"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts."""

    value: float
    """In units of ``unit``."""
    unit: str
    """"" for a bare number."""
    written: str
    article: bool = False
    """Whether "ein" stands for the number and may be no more than an article."""


@lru_cache(maxsize=_KEPT)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Numbers of ``text`` with their units; those of citations, labels and dates left out.

    "ein" counts only before a unit. A number before "bis" or "oder" shares the unit that follows.
    """
    words = words_of_check()
    tokens = [(m.group(), fold(m.group())) for m in _TOKEN.finditer(_bare(text))]
    found: list[Quantity] = []
    for place, (written, folded) in enumerate(tokens):
        suffixed = _SUFFIXED.match(folded)
        if suffixed and (number := _number(suffixed.group(1))) is not None:
            name, factor = _SUFFIX_UNITS[suffixed.group(2)]
            found.append(Quantity(number * factor, name, written))
            continue
        value = _number(folded) if not written[:1].isdigit() else _figure(written)
        if value is None:
            follow = tokens[place + 1 : place + 1 + _ORDINAL_REACH]
            unit = next(((said, words.units[n]) for said, n in follow if n in words.units), None)
            if unit is not None and (count := _ordinal(folded)) is not None:
                said, (name, factor) = unit
                found.append(Quantity(count * factor, name, f"{written} {said}"))
                continue
        if value is None and folded.startswith("halb") and place + 1 < len(tokens):
            value = 0.5 if tokens[place + 1][1] in words.units else None
        if value is None:
            continue
        if _is_half(tokens, place) or _is_such(tokens, place):
            continue
        counted = _unit_after(tokens, place)
        if counted is None:
            if written[:1].isdigit() or (value > 1 and folded in words.numbers):
                found.append(Quantity(value, "", written))
            continue
        name, factor, said = counted
        article = folded.startswith("ein") and value == 1
        found.append(Quantity(value * factor, name, f"{written} {said}", article))
    return tuple(found)


def dates(text: str) -> tuple[date, ...]:
    """Full dates of ``text``."""
    return tuple(_dates(text))


def _dates(text: str) -> Iterator[date]:
    for match in _DATE.finditer(text):
        month = int(match[2]) if match[2] else _MONTHS[fold(match[3])]
        try:
            yield date(int(match[4]), month, int(match[1]))
        except ValueError:
            continue


def _bare(text: str) -> str:
    """Without citations, labels and dates, whose figures count nothing."""
    text = _LABELS.sub("\n", _DATE.sub(" ", text))
    for mention in reversed(find(text)):
        if mention.span.end > mention.span.start:
            text = f"{text[: mention.span.start]} ; {text[mention.span.end :]}"
    return WITHIN.sub(" ; ", text)


def _is_half(tokens: list[tuple[str, str]], place: int) -> bool:
    """Whether "ein" only stands before "halbes", which counts itself."""
    return place + 1 < len(tokens) and tokens[place + 1][1].startswith("halb")


def _is_such(tokens: list[tuple[str, str]], place: int) -> bool:
    """Whether "ein" stands before "solcher": of a kind, not one."""
    return place + 1 < len(tokens) and tokens[place + 1][1].startswith("solch")


def _figure(written: str) -> float:
    return float(written.replace(".", "").replace(",", "."))


def _number(folded: str) -> float | None:
    known = words_of_check().numbers.get(folded)
    return None if known is None else float(known)


def _ordinal(folded: str) -> float | None:
    match = _ORDINAL.match(folded)
    if match is None:
        return None
    known = words_of_check().ordinals.get(f"{match[1]}te")
    return known or _number(match[1]) or _number(match[1].removesuffix("s"))


def _unit_after(tokens: list[tuple[str, str]], place: int) -> tuple[str, int, str] | None:
    """Unit, factor and its word for the number at ``place``; None if none follows."""
    units = words_of_check().units
    skipped, joined = 0, False
    most = 1 if tokens[place][1].startswith("ein") else _BETWEEN
    for written, folded in tokens[place + 1 :]:
        if written in "€%":
            return ("euro" if written == "€" else "prozent"), 1, written
        if folded in units:
            unit, factor = units[folded]
            return unit, factor, written
        number = written[:1].isdigit() or _number(folded) is not None
        if number and not joined:
            return None
        joined = folded in _JOINING
        skipped += not (joined or number)
        if skipped > most:
            return None
    return None
