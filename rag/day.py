"""Days that a question names as the law's: "Rechtslage am 1.3.2024", "nach altem Recht".

A date in a question is mostly a fact of the case. It is taken as the Stichtag only if the words
around it speak of the law; everything else stays what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from corpus.models import Span

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januar jan jänner", "februar feb", "märz mar maerz mrz", "april apr", "mai", "juni jun",
         "juli jul", "august aug", "september sep sept", "oktober okt", "november nov",
         "dezember dez"), 1,
    )
    for name in names.split()
}  # fmt: skip
_PARTS = {
    "anfang": 1,
    "beginn": 1,
    "frühjahr": 4,
    "mitte": 7,
    "sommer": 7,
    "herbst": 10,
    "ende": 12,
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"
    r"|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
    rf"|(?:(?P<nd>\d{{1,2}})\.\s?)?(?P<nm>{_MONTH})\.?\s(?P<ny>\d{{4}})"
    rf"|(?P<part>{'|'.join(_PARTS)})\s(?:des\sjahres\s)?(?P<py>\d{{4}})"
    r"|(?:im\sjahre?\s|in\s|seit\s|vor\s|bis\s)(?P<yy>(?:19|20)\d{2})"
    r")(?!\w)",
    re.IGNORECASE,
)
# Words that make a date near them the day of the law.
_LAW = re.compile(
    r"\b(?:rechtslage|rechtsstand|gesetzeslage|gesetzesstand|fassung|stichtag|wortlaut|was galt\w*"
    r"|galt\w* damals|welche\w* \w+ galt\w*|(?:geltende|gültige|damalige)\w* (?:recht|gesetz)\w*"
    r"|law as of|in force)\b",
    re.IGNORECASE,
)
_OLD_LAW = re.compile(
    r"\b(?:nach |im )?(?:alte[mrns]?|frühere[mrns]?|bisherige[mrns]?|damalige[mrns]?)"
    r"\s(?:recht(?:slage)?|gesetz(?:eslage)?|fassung)\b",
    re.IGNORECASE,
)
# What stands before a date and says only that the day of the law is meant: "nach der Rechtslage am".
_LEAD = re.compile(
    r"(?:\b(?:nach|laut|gemäß|bei|in|zu[rm]?)\s+)?(?:(?:der|dem)\s+)?"
    r"\b(?:rechtslage|rechtsstand|gesetzeslage|gesetzesstand|fassung|stichtag|stand|law\s+as\s+of)\s*:?\s+"
    r"(?:(?:am|vom|zum|von|im|des|of)\s+)*$",
    re.IGNORECASE,
)
# Characters between a date and the words that make it the day of the law.
_NEAR = 40


@dataclass(frozen=True, slots=True)
class NamedDay:
    """What a question says about the day of the law."""

    span: Span
    """Into the question: the date or "nach altem Recht"."""
    phrase: Span
    """Into the question: the same with the words that say no more than that ("Rechtslage am")."""
    day: date | None
    """None: earlier law without a day ("nach altem Recht")."""


def named_day(text: str) -> NamedDay | None:
    """The day of the law that ``text`` names; None if it names none or two different ones."""
    days = {
        found
        for match in _DATE.finditer(text)
        if _speaks_of_law(text, match.start(), match.end())
        and (found := _day(text, match)) is not None
    }
    if len({day.day for day in days}) == 1:
        return min(days, key=lambda day: day.span)
    old = _OLD_LAW.search(text)
    return NamedDay(Span(*old.span()), Span(*old.span()), None) if old and not days else None


def mentioned_day(text: str) -> date | None:
    """The one whole date in a text that does not say it is the day of the law; None for several."""
    days = {
        found.day
        for match in _DATE.finditer(text)
        if match["d"] or match["id"] or match["nd"]
        if (found := _day(text, match)) is not None
    }
    return days.pop() if len(days) == 1 and named_day(text) is None else None


def _speaks_of_law(text: str, start: int, end: int) -> bool:
    return _LAW.search(text[max(0, start - _NEAR) : end + _NEAR]) is not None


def _day(text: str, match: re.Match[str]) -> NamedDay | None:
    """The first day of what is named; None for an impossible one."""
    part = match.groupdict()
    if part["y"]:
        numbers = (part["y"], part["m"], part["d"])
    elif part["iy"]:
        numbers = (part["iy"], part["im"], part["id"])
    elif part["ny"]:
        numbers = (part["ny"], str(_MONTHS[part["nm"].casefold()]), part["nd"] or "1")
    elif part["py"]:
        numbers = (part["py"], str(_PARTS[part["part"].casefold()]), "1")
    else:
        numbers = (part["yy"], "1", "1")
    try:
        day = date(*(int(number) for number in numbers))
    except ValueError:
        return None
    lead = _LEAD.search(text[: match.start()])
    start = lead.start() if lead else match.start()
    return NamedDay(Span(*match.span()), Span(start, match.end()), day)
