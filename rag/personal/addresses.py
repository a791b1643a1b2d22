"""Addresses: street with number, postal code with place. A place alone names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.models import Span
from corpus.persons import person_words
from rag.personal.values import MaskedSpan, PersonalKind
from rag.personal.words import is_ordinary

# Not a year.
_HOUSE = r"(?!(?:19|20)\d\d)\d{1,4} ?[a-z]?(?:[/-]\d{1,3})?(?![\w%€]|[.,]\d)"
_ENDINGS = (
    r"(?:stra(?:ß|ss)e|str\.?|weg|gasse|allee|platz|ring|ufer|damm|steig|pfad|chaussee|promenade)"
)
_STREET = re.compile(
    r"\b(?P<street>[a-zäöüß]{3,}(?:stra(?:ß|ss)e|str\.|gasse|allee)"
    rf"|[A-ZÄÖÜ][\wäöüß-]*{_ENDINGS}"
    r"|[A-ZÄÖÜ][\wäöüß.-]* (?:Straße|Strasse|Str\.?|Weg|Gasse|Allee|Platz|Ring|Ufer|Damm)"
    r"|(?P<situated>(?:Am|An der|An den|Im|In der|Auf der|Auf dem|Unter den|Zum|Zur) [A-ZÄÖÜ][\wäöüß-]+)"
    r"|(?:Platz|Straße|Allee) (?:der|des) [A-ZÄÖÜ][\wäöüß-]+)"
    rf" (?P<house>{_HOUSE})"
)
# "40 Stunden": the number counts something.
_COUNTS = re.compile(
    r" ?(?:Stunden|Tage|Jahre|Monate|Wochen|Euro|EUR|Prozent|Personen|Kinder|Plätze|Mal|Uhr|Abs|Satz|"
    r"Nr|Nummer|[A-Z][A-Za-z]*[GVO]\b)"
)
_POSTAL = re.compile(
    r"(?<![\w.,-])(?:D-)?\d{5} (?P<place>[A-ZÄÖÜ][\wäöüß-]+)"
    r"(?: (?:am|an der|im|in|bei|ob der|vor der) [A-ZÄÖÜ][\wäöüß-]+)?"
)
_BETWEEN = re.compile(r",? (?:in )?")


def addresses(text: str) -> Iterator[MaskedSpan]:
    """Streets with their numbers, postal codes with their places; both together where they meet."""
    places = [
        match
        for match in _POSTAL.finditer(text)
        if match["place"].casefold() not in person_words().counted
    ]
    for match in _STREET.finditer(text):
        if not _is_street(match, text):
            continue
        end = match.end()
        for place in places:
            if _BETWEEN.fullmatch(text[end : place.start()]):
                end = place.end()
        yield MaskedSpan(Span(match.start(), end), PersonalKind.ADDRESS)
    for match in places:
        yield MaskedSpan(Span(*match.span()), PersonalKind.ADDRESS)


def _is_street(match: re.Match[str], text: str) -> bool:
    last = match["street"].split()[-1]
    if _COUNTS.match(text, match.end()):
        return False
    if match["situated"]:
        return not is_ordinary(last)
    return " " in match["street"] or last.casefold() not in person_words().no_streets
