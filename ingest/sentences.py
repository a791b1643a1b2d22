"""Where one Satz ends and the next begins, in statutes and in memos.

German legal prose is full of points that end nothing: abbreviations ("Abs.", "i. V. m."),
ordinals ("27. Lebensjahr"), dates ("31. Oktober 2022"), list labels ("1."). The rules here
decide at every point from the word before it and the word after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.models import Span

# Never the last word of a sentence when more text follows.
_ABBREVIATIONS = frozenset(
    """
    a abl abs alt anl anm art aufl az b bay bd bek bez beschl betr bgbl bl bsp bspw buchst bzgl bzw
    ca d dgl dr e ebd einschl entspr erg etc evtl exkl fn geb gem ggf ggfs gez h hrsg hs i inkl inl
    insb insbes kap lfd lit ls m max mind mio mrd mwst n nr nrn o od prof rd rn rspr s sog st str
    tel tz u unterabs unterbuchst urt usw v verf vgl vorl vs w z zb ziff zit zzgl
    """.split()
)
# Ends a sentence unless the word after it goes on with a reference.
_MAY_END = frozenset({"ff", "f", "usw", "etc"})
_MONTHS = frozenset(
    """
    januar februar märz april mai juni juli august september oktober november dezember
    """.split()
)
# Words before a number that make "3." the end of a reference and so, perhaps, of a sentence.
_REFERENCE_WORDS = frozenset(
    """
    § §§ absatz absatzes absätze absätzen abs abschnitt anlage art artikel artikels artikeln
    halbsatz kapitel nr nummer nummern s satz satzes sätze sätzen
    """.split()
)
# Words that begin a sentence far more often than they follow an ordinal.
_OPENERS = frozenset(
    """
    abweichend als am an auf aus absatz bei beim bis dabei darf davon dazu das dem den der des die
    dies diese dieser dieses durch dürfen ein eine einem einen einer eines entsprechendes er es für
    gelten gilt gleiches haben hat hierbei hierzu ihm ihnen ihr im in ist jede jeder jedes kann kein
    keine können liegen liegt maßgeblich mit nach nicht nur ob satz sätze seine seiner sie sind so
    sofern solange soll sollen sonstige soweit über unter vom von vor während wenn wer werden wird
    wurde wurden zu zum zur
    """.split()
)
_POINT = re.compile(r"[.!?…]+[“”\"»’')\]]*(?=\s|$|(?<=\.)[A-ZÄÖÜ])")
_LAST_WORD = re.compile(r"([\w§äöüÄÖÜß]+)$")
_NEXT_WORD = re.compile(r"\s*[„“\"»(\[]*([\w§äöüÄÖÜß]+)")
_WORD_BEFORE_NUMBER = re.compile(r"([\w§äöüÄÖÜß]+)\.?\s*\d+[a-z]*$")
_LABEL = re.compile(r"(?:^|\n)\s*(?:\d+[a-z]*|[a-z]{1,2})$")


def _ends(text: str, point: re.Match[str]) -> bool:
    """Whether the point ends a sentence of ``text``."""
    following = _NEXT_WORD.match(text, point.end())
    if following is None:
        return True
    after = following.group(1)
    if point.group()[0] in "!?":
        return not after[0].islower()
    head = text[: point.start()]
    before_match = _LAST_WORD.search(head[-60:])
    before = before_match.group(1) if before_match else ""
    if after[0].islower():
        return False
    if _LABEL.search(head[-8:]) and not head.endswith(")"):
        return False
    if before.casefold() in _MAY_END:
        return after != "§" and after.casefold() in _OPENERS
    if before.casefold() in _ABBREVIATIONS and not point.group()[1:].strip(".… "):
        return False
    if before and before[0].isdigit():
        return _number_ends(head, before, after)
    return True


def _number_ends(head: str, number: str, after: str) -> bool:
    """Whether "``number``." before ``after`` ends a sentence rather than being an ordinal."""
    if after.casefold() in _MONTHS:
        return False
    if after.casefold() in _OPENERS or after[0] == "§":
        return True
    word = _WORD_BEFORE_NUMBER.search(head[-40:])
    if word and word.group(1).casefold() in _REFERENCE_WORDS:
        return True
    return len(number) >= 4


def sentence_spans(text: str, *, blocked: tuple[Span, ...] = ()) -> tuple[Span, ...]:
    """The sentences of ``text`` as spans without surrounding white space.

    Together they cover every character that is not white space. ``blocked`` names stretches
    (enumerations) inside which no sentence ends; their last character may end one.
    """
    return tuple(_split(text, blocked))


def _split(text: str, blocked: tuple[Span, ...]) -> Iterator[Span]:
    start = 0
    for point in _POINT.finditer(text):
        if any(span.start <= point.start() and point.end() < span.end for span in blocked):
            continue
        if _ends(text, point):
            yield from _trimmed(text, start, point.end())
            start = point.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
