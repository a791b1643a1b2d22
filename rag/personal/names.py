"""Names of persons: behind a form of address, before a date of birth, or known by the first name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpus.models import Span
from corpus.persons import person_words
from rag.personal.numbers import BIRTH_AHEAD, BIRTH_BESIDE
from rag.personal.values import MaskedSpan, PersonalKind
from rag.personal.words import is_known, is_ordinary

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĽŃŇŐŘŚŞŠŢŤŪŮŰŹŻŽ"
_PART = rf"[{_UPPER}](?:[^\W\d_]|[’'-])*(?!\d)"
# "al-Mithali", "Müller-Lüdenscheidt", "K."
_WORD = re.compile(rf"(?:(?:al|el|as|ar|an|ad|ash)-)?{_PART}(?:(?<=\b\w)\.)?")
# At the beginning or behind a sign: an article tells "den Militärischen Abschirmdienst" from a name. Words
# of less than three letters are initials and abbreviations.
_PAIR = re.compile(
    rf"(?:^|(?<=[.,:;(] )|(?<=[(])){_PART}(?<=\w\w\w) {_PART}(?<=\w\w\w)(?=$|[,.;:)?]| [a-zß-ÿ(§])"
)
_SMALL_TITLE = re.compile(r"(?<!\w)(?:herrn?|frau|familie) (?P<name>[a-zà-öø-ÿ-]{3,})(?![\w-])")
_SMALL = re.compile(r"[a-z]+")
_SHORTEST_ECHO = 3
_MOST_WORDS = 3


@cache
def _titles() -> re.Pattern[str]:
    words = person_words()
    titles = "|".join(re.escape(word) for word in words.titles)
    degrees = "|".join(re.escape(word) for word in words.degrees)
    return re.compile(rf"(?<!\w)(?P<title>{titles}) (?P<name>(?:(?:{degrees}) )*)")


@cache
def _introductions() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in person_words().introductions)
    return re.compile(rf"(?<!\w)(?:{phrases}),? +(?=[^\W\d_])", re.IGNORECASE)


@cache
def _files() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in person_words().files)
    return re.compile(rf"(?<!\w)(?:{phrases}) ", re.IGNORECASE)


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(person_words().roles)}) ")


def names(text: str) -> Iterator[MaskedSpan]:
    """Names, dates right behind them, and the same surnames wherever they come again."""
    spans = [
        *_addressed(text),
        *_introduced(text),
        *_born(text),
        *_by_first_name(text),
        *_addressed_in_small_letters(text),
        *_strangers(text),
    ]
    for span in spans:
        yield MaskedSpan(span, PersonalKind.NAME)
        date = BIRTH_BESIDE.match(text, span.end)
        if date:
            yield MaskedSpan(Span(*date.span("it")), PersonalKind.BIRTH_DATE)
    words = {word for span in spans for word in span.of(text).split() if _tells(word)}
    if words:
        again = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        for match in re.finditer(rf"(?<![\w-])(?:{again})(?=s?(?![\w-]))", text):
            yield MaskedSpan(Span(*match.span()), PersonalKind.NAME)


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST_ECHO and word[0].isupper() and not is_ordinary(word)


def _name_at(text: str, start: int, *, led: bool = True, sure: bool = False) -> Span | None:
    """The name that begins at ``start``: particles and words that are no ordinary ones.

    ``led``: whether it may begin with a particle ("Frau von ..."). ``sure``: whether its first word
    may be an ordinary one ("Herr Koch").
    """
    end, at, count = start, start, 0
    while count < _MOST_WORDS:
        word = _WORD.match(text, at)
        if word:
            first = sure and at == start and word.group().casefold() not in person_words().no_names
            if is_ordinary(word.group()) and not first:
                break
            end, count = word.end(), count + 1
        else:
            word = _SMALL.match(text, at) if count or led else None
            if word is None or word.group() not in person_words().particles:
                break
        if text[word.end() : word.end() + 1] != " ":
            break
        at = word.end() + 1
    return Span(start, end) if count else None


def _addressed(text: str) -> Iterator[Span]:
    for match in _titles().finditer(text):
        before = text[: match.start()].rsplit(maxsplit=1)
        if before and before[-1].casefold() in person_words().possessives:
            continue
        sure = match["title"].casefold() in person_words().sure_titles
        name = _name_at(text, match.end(), sure=sure)
        if name:
            yield Span(match.start("name"), name.end)


def _addressed_in_small_letters(text: str) -> Iterator[Span]:
    """After "herrn" the next word is a surname, or one that nobody uses here."""
    for match in _SMALL_TITLE.finditer(text):
        word = match["name"]
        named = word in person_words().surnames or word in person_words().first_names
        before = text[: match.start()].rsplit(maxsplit=1)
        if before and before[-1].casefold() in person_words().possessives:
            continue
        if named or not is_known(word):
            yield Span(*match.span("name"))


def _strangers(text: str) -> Iterator[Span]:
    """Two words in a row that are written like names and that nobody uses here."""
    for match in _PAIR.finditer(text):
        if not any(is_known(word) or word.isupper() for word in match.group().split()):
            yield Span(*match.span())


def _introduced(text: str) -> Iterator[Span]:
    for match in _introductions().finditer(text):
        name = _name_at(text, match.end(), led=False)
        if name:
            yield name
    for match in _files().finditer(text):
        name = _name_at(text, match.end(), led=False)
        if name and not is_known(name.of(text).split()[0]):
            yield name
    for match in _roles().finditer(text):
        name = _name_at(text, match.end(), led=False)
        words = name.of(text).split() if name else []
        if name and (len(words) > 1 or words[0].casefold() in person_words().first_names):
            yield name


# "Muster, Ali" or "Ali Muster".
_BEFORE_BIRTH = re.compile(rf"(?:{_PART}, )?(?:{_PART} ){{0,2}}{_PART}(?={BIRTH_AHEAD})")


def _born(text: str) -> Iterator[Span]:
    for match in _BEFORE_BIRTH.finditer(text):
        words = list(_WORD.finditer(match.group()))
        while words and is_ordinary(words[0].group()):
            words.pop(0)
        if words and not is_ordinary(words[-1].group()):
            yield Span(match.start() + words[0].start(), match.end())


def _by_first_name(text: str) -> Iterator[Span]:
    for match in _WORD.finditer(text):
        if match.group().casefold() not in person_words().first_names:
            continue
        name = _name_at(text, match.start())
        words = name.of(text).split() if name else []
        # "LISA Zeitplan" is an abbreviation with a noun.
        if name and len(words) > 1 and words[0].isupper() == words[1].isupper():
            yield name
