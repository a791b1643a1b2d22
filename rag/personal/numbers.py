"""Personal data that is known by its form: numbers, accounts, e-mail, telephone, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher
from stdnum import iban

from corpus.models import Span
from rag.personal.values import MaskedSpan, PersonalKind

_EMAIL = re.compile(r"(?:[\w.+-]+|\"[^\"\s]+\")@[\w-]+(?:\.[\w-]+)+")

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_IBAN_SHORTEST = 15
# A mistyped account is somebody's account as well.
_ACCOUNT_NAMED = re.compile(
    r"\b(?:IBAN[ :]*(?:lautet |ist )?(?P<iban>[A-Z]{2}\d{2}(?: ?\d{2,4}){3,8})"
    r"|(?:Konto(?:nummer|nr\.?)?|Kto\.?(?:-?Nr\.?)?)[ :]*(?P<account>\d{6,12}))(?!\w)",
    re.IGNORECASE,
)

# Twelve digits, or in two or four groups; "27 28 29 30 31 32" are norms, "2016 2019 2020" years.
_AZR = re.compile(r"(?<![\w.,/+-])(?:\d{12}|\d{6}[ -]\d{6}|\d{3}(?:[ -]\d{3}){3})(?![\w/]|[.,-]\d)")
_AZR_NAMED = re.compile(r"\bAZR\b[^\d\n]{0,20}(?P<it>\d(?:[ -]?\d){11})(?!\d)", re.IGNORECASE)

_BAMF = re.compile(r"(?<![\w-])\d{7}\s?[-–/]\s?\d{3}(?![\w-])")

# "3 K 1234/23.KA", "12 S 987/22". Not "Art. 6 ARB 1/80" nor "1 C 12.19" and "1 BvL 3/21": decisions of
# the federal courts are published and cited so.
_COURT_FILE = re.compile(
    r"(?<![\w§./-])(?:A )?\d{1,3} (?!ARB|RL|VO|Bv[A-Z])[A-Z][A-Za-z]{0,2} "
    r"\d{1,5}/\d{2}(?:\.[A-Z]{1,3})?(?!\w)"
)
_FILE_NAMED = re.compile(
    r"(?:\bAz\b\.?|\bAktenz\b\.?|\bGz\b\.?|\bGesch\.? ?-? ?(?:Z|Nr)\b\.?"
    r"|(?:Akten|Geschäfts)(?:zeichen|nummer)|\b(?:Vorgangs|Tagebuch)nummer"
    r"|\b(?:unser|ihr|mein|dein)e? Zeichen)"
    r"(?:[ :.]|Nr\.?|lautet|ist|BAMF|ABH|VG|VGH|OVG|der|des|beim)*"
    r"(?P<it>(?=[\w./#-]*\d)(?:[\w-]+[./#-][\w./#-]*\w|\d{4,}))",
    re.IGNORECASE,
)

# Letters and digits of German serial numbers leave out vowels and what looks like a digit.
_SERIAL = re.compile(r"\b[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}(?P<check>\d)?\b")
_SERIAL_DIGITS = 3
# ICAO 9303 part 3: the weights repeat.
_CHECK_WEIGHTS = (7, 3, 1)
_LETTERS_AND_DIGITS = re.compile(r"\b[A-Z]{1,2}\d{7,8}\b")
_PASSPORT_NAMED = re.compile(
    r"\b(?:\w*pass(?:es|ersatz(?:papier)?)?|\w*ausweis(?:es)?|eAT|\w*titel[s]?|passport|visum|tazkira|tazkera|\w*karte"
    r"|(?:\w*pass|serien|ausweis|dokument(?:en)?|visum)-?(?:nummer|nr\b\.?)|dokument)"
    r"(?:[ :(]|Nr\b\.?|Nummer\b|No\b\.?|number\b|mit\b|der\b|die\b|ist\b|lautet\b){1,9}"
    r"(?P<it>(?:[A-Z]{1,3}[ -]){0,2}(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,12}|\d{2} \d{6,7})\b(?![.,]\d)",
    re.IGNORECASE,
)

_MONTHS = (
    r"(?:Jan(?:uar)?|Feb(?:ruar)?|März|Apr(?:il)?|Mai|Juni?|Juli?|Aug(?:ust)?|Sep(?:t|tember)?|"
    r"Okt(?:ober)?|Nov(?:ember)?|Dez(?:ember)?)\.?"
)
_DATE = (
    r"(?:\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d{2})(?!\d)|\d{1,2}\.? " + _MONTHS + r" \d{4}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
)
# "nach dem 31.12.1999 geboren" is a rule, "am 3.4.1990 geboren" a person.
_BIRTH = re.compile(
    r"(?:\b(?:geb\.?(?:oren(?:e[rnms]?)?)?|Geburtsdatum|Geburtstag|Geb\.?-?Dat(?:um)?\.?|born"
    r"|date of birth)"
    r"[ :]*(?:am |on |ist )?|(?<!\w)\* ?)(?P<it>" + _DATE + ")"
    r"|\bam (?P<before>" + _DATE + r")(?: in [A-ZÄÖÜ]\w+)? geboren",
    re.IGNORECASE,
)

# Only what is dialled with a prefix; the rest needs a word before it.
_DIALLED = re.compile(r"^\(?(?:\+|0)")
_FEWEST_DIGITS = 7
_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_PHONE_NAMED = re.compile(
    r"\b(?:Tel|Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Fax|WhatsApp|Durchwahl|phone)\b"
    r"[.:]?(?: ?(?:Nr\.?|unter|lautet|ist))?[ :]*(?P<it>[+(]?\d(?:[ /()-]{0,2}\d){4,15})",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[MaskedSpan]:
    """Everything personal that has a form of its own; what comes earlier is the surer reading."""
    yield from _all(PersonalKind.EMAIL, _EMAIL, text)
    yield from _ibans(text)
    yield from _all(PersonalKind.IBAN, _ACCOUNT_NAMED, text)
    yield from _all(PersonalKind.BIRTH_DATE, _BIRTH, text)
    yield from _all(PersonalKind.AZR_NUMBER, _AZR_NAMED, text)
    yield from _all(PersonalKind.BAMF_FILE, _BAMF, text)
    yield from _all(PersonalKind.FILE_NUMBER, _COURT_FILE, text)
    yield from _all(PersonalKind.FILE_NUMBER, _FILE_NAMED, text)
    yield from _all(PersonalKind.PASSPORT, _PASSPORT_NAMED, text)
    yield from _phones(text)
    yield from _all(PersonalKind.AZR_NUMBER, _AZR, text)
    yield from _serials(text)


def _all(kind: PersonalKind, pattern: re.Pattern[str], text: str) -> Iterator[MaskedSpan]:
    """Matches of a pattern: its named group that matched, or all of it."""
    for match in pattern.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        yield MaskedSpan(Span(start, end), kind)


def _ibans(text: str) -> Iterator[MaskedSpan]:
    """Accounts whose check digits hold; words behind them look like their last group."""
    for match in _IBAN.finditer(text):
        end = match.end()
        while end - match.start() >= _IBAN_SHORTEST:
            if iban.is_valid(text[match.start() : end]):
                yield MaskedSpan(Span(match.start(), end), PersonalKind.IBAN)
                break
            end = match.start() + len(text[match.start() : end - 1].rstrip())


def _phones(text: str) -> Iterator[MaskedSpan]:
    for match in PhoneNumberMatcher(text, "DE"):
        digits = sum(char.isdigit() for char in match.raw_string)
        dialled = _DIALLED.match(match.raw_string) and not _DAY.fullmatch(match.raw_string)
        if dialled and digits >= _FEWEST_DIGITS:
            yield MaskedSpan(Span(match.start, match.end), PersonalKind.PHONE)
    yield from _all(PersonalKind.PHONE, _PHONE_NAMED, text)


def _serials(text: str) -> Iterator[MaskedSpan]:
    for match in _SERIAL.finditer(text):
        serial = match.group()
        enough = sum(char.isdigit() for char in serial) >= _SERIAL_DIGITS
        if enough and (match["check"] is None or check_digit(serial[:-1]) == serial[-1]):
            yield MaskedSpan(Span(*match.span()), PersonalKind.PASSPORT)
    yield from _all(PersonalKind.PASSPORT, _LETTERS_AND_DIGITS, text)


def check_digit(serial: str) -> str:
    """Check digit of a document number after ICAO Doc 9303 part 3: letters count from 10."""
    weighted = (
        int(char, 36) * _CHECK_WEIGHTS[place % len(_CHECK_WEIGHTS)]
        for place, char in enumerate(serial)
    )
    return str(sum(weighted) % 10)


BIRTH_BESIDE = re.compile(r",? ?[(*]? ?(?P<it>" + _DATE + r")(?=\s*(?:[,):;]|$))")
"""A date right behind a name: "Frau Muster, 12.03.1990, ..."."""
BIRTH_AHEAD = rf"(?i:,? ?\(?(?:\b(?:geb\.?(?:oren)?|born)[ :]*(?:am |on )?|\* ?){_DATE})"
"""Pattern of what follows a name with its date of birth."""
