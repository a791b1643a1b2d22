"""Read how an Absatz is built: what follows, under which conditions, with which exceptions.

By the words that German statutes use for it ("ist zu erteilen, wenn", "es sei denn", "gilt
entsprechend"; Handbuch der Rechtsförmlichkeit, part B). A line is always a stretch of the text: it sorts
the words of the law, it does not reword them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.models import Item, NormRef, Passage, Satz, Span


class Role(StrEnum):
    """What a stretch of a norm does."""

    CONSEQUENCE = "consequence"
    """What follows: the authority's duty or discretion, somebody's right or duty."""
    CONDITION = "condition"
    """What must be the case for it."""
    CASE = "case"
    """One of several persons, things or cases that a rule lists."""
    REFUSAL = "refusal"
    """What excludes or forbids."""
    EXCEPTION = "exception"
    """What takes something out of a rule again."""
    REFERENCE = "reference"
    """What makes another place apply ("gilt entsprechend") or leaves it alone."""


class Binding(StrEnum):
    """How much room a consequence leaves."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must_not"


class Joined(StrEnum):
    """How many entries of an enumeration are needed."""

    ALL = "all"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the scheme of an Absatz."""

    role: Role
    span: Span
    """Into the passage's text."""
    place: NormRef | None
    """Absatz, Satz and Nummer; None for documents."""
    binding: Binding | None = None
    """Of a consequence; None if its words do not say."""
    joined: Joined | None = None
    """Of the entry of an enumeration; None if it does not say."""
    entry: bool = False
    """Whether it is the entry of an enumeration."""


_MUST_NOT = re.compile(
    r"\b(?:darf|dürfen)\b[^.;]*?\b(?:nicht|kein\w*)\b|\bausgeschlossen\b|\bunzulässig\b|\buntersagt\b"
    r"|\b(?:ist|sind|wird|werden)\b[^.;]*?\b(?:zu versagen|abzulehnen|versagt|abgelehnt|nicht (?:erteilt|"
    r"verlängert|zugelassen|gestattet|gewährt))\b",
    re.IGNORECASE,
)
_SHOULD = re.compile(r"\bsoll(?:en)?\b|\bin der Regel\b", re.IGNORECASE)
_MAY = re.compile(r"\b(?:kann|können)\b", re.IGNORECASE)
_MUST = re.compile(
    r"\b(?:ist|sind|hat|haben)\b[^.;]*?\b(?:\w*zu\w*)\s?\w*en\b|\bmuss\b|\bmüssen\b"
    r"|\b(?:wird|werden|erlischt|endet|gilt|bedarf|bedürfen|setzt|berechtigt)\b",
    re.IGNORECASE,
)
# Whole Sätze that only take out of a rule, or only point elsewhere.
_EXCEPTION_SATZ = re.compile(
    r"^(?:dies|das|(?:satz|absatz|die sätze|nummer) [^.]{1,30}?) (?:gilt|gelten) nicht\b"
    r"|^(?:abweichend|in abweichung) von\b|\b(?:wird|werden|kann|können|ist|sind)\b.{0,160}?\babgesehen\b"
    r"|\b(?:findet|finden)\b.{0,90}?\bkeine Anwendung\b|\b(?:ist|sind)\b.{0,60}?\bnicht anzuwenden\b",
    re.IGNORECASE,
)
_REFERENCE_SATZ = re.compile(
    r"\b(?:gilt|gelten|findet|finden|ist|sind)\b.{0,90}?\b(?:entsprechend(?:e Anwendung)?|sinngemäß)\b"
    r"|\bbleib(?:t|en) unberührt\b",
    re.IGNORECASE,
)
# Where a subordinate clause begins; an exception before a condition, since "wenn nicht" is both.
_CLAUSE = re.compile(
    r"[,;]\s+(?:(?P<exception>es sei denn|außer|ausgenommen|sofern nicht|soweit nicht|wenn nicht)"
    r"|(?:und\s+|oder\s+)?(?P<condition>wenn|sofern|soweit|solange|falls|vorausgesetzt))\b",
    re.IGNORECASE,
)
# An introduction whose entries are conditions, not persons or things.
_ASKS_FOR = re.compile(
    r"\b(?:wenn|dass|sofern|soweit|solange|falls|voraussetz\w+|setzt\b.*\bvoraus\w*)\W*(?:\b(?:er|sie|es|"
    r"der|die|das|ein|eine|einer)\b[^.]{0,80})?$",
    re.IGNORECASE,
)
_ENDS_AND = re.compile(r"\b(?:und|sowie)\W*$", re.IGNORECASE)
_ENDS_OR = re.compile(r"\boder\W*$", re.IGNORECASE)
_ONE_OF = re.compile(r"\b(?:eine[rs]? der|einer der folgenden)\b", re.IGNORECASE)


def binding_of(text: str) -> Binding | None:
    """How much room the words of a consequence leave; None if they do not say."""
    for pattern, binding in (
        (_MUST_NOT, Binding.MUST_NOT),
        (_SHOULD, Binding.SHOULD),
        (_MAY, Binding.MAY),
        (_MUST, Binding.MUST),
    ):
        if pattern.search(text):
            return binding
    return None


def changes_the_result(text: str) -> Role | None:
    """EXCEPTION or REFERENCE if a Satz takes out of a rule or makes another place apply."""
    if _EXCEPTION_SATZ.search(text):
        return Role.EXCEPTION
    return Role.REFERENCE if _REFERENCE_SATZ.search(text) else None


def scheme(passage: Passage) -> tuple[Line, ...]:
    """The lines of an Absatz in the order of its text; () for a passage without Sätze."""
    return tuple(line for satz in passage.saetze for line in _of_satz(passage, satz))


def top_entries(passage: Passage, satz: int) -> list[Item]:
    """The entries of the outermost enumeration of a Satz, in order."""
    own = [item for item in passage.items if item.satz == satz]
    top = min((len(item.labels) for item in own), default=0)
    return [item for item in own if len(item.labels) == top]


def joined_by(passage: Passage, entries: list[Item]) -> Joined | None:
    """Whether all entries of an enumeration are needed or one, by the word before the last."""
    if len(entries) < 2:
        return None
    intro = passage.text[: entries[0].span.start]
    before_last = entries[-2].span.of(passage.text)
    if _ENDS_OR.search(before_last) or _ONE_OF.search(intro[-120:]):
        return Joined.ONE
    return Joined.ALL if _ENDS_AND.search(before_last) else None


def place_in(passage: Passage, satz: int, item: Item | None = None) -> NormRef | None:
    """The exact place of a Satz or an entry; the Satz is left out where there is only one."""
    ref = passage.ref
    if ref is None or not satz:
        return ref
    several = len({own.number for own in passage.saetze}) > 1 or satz > 1
    return NormRef(
        ref.law,
        ref.number,
        ref.absatz,
        str(satz) if several else None,
        item.nummer if item else None,
        item.buchstabe if item else None,
    )


def _of_satz(passage: Passage, satz: Satz) -> Iterator[Line]:
    place = place_in(passage, satz.number)
    text = satz.span.of(passage.text)
    whole = changes_the_result(without_label(passage, satz.span).of(passage.text))
    entries = top_entries(passage, satz.number)
    if whole is not None and not entries:
        yield Line(whole, without_label(passage, satz.span), place)
        return
    refuses = binding_of(text) is Binding.MUST_NOT
    if not entries:
        yield from _clauses(passage, without_label(passage, satz.span), place)
        return
    intro = trimmed(passage.text, satz.span.start, entries[0].span.start)
    asked = False
    if intro is not None:
        intro = without_label(passage, intro)
        asked = _ASKS_FOR.search(intro.of(passage.text)) is not None
        tail_text = passage.text[entries[-1].span.end : satz.span.end]
        binding = binding_of(f"{intro.of(passage.text)} {tail_text}")
        role = whole or (Role.REFUSAL if refuses else Role.CONSEQUENCE)
        yield Line(role, intro, place, binding)
    joined = joined_by(passage, entries)
    for entry in entries:
        role = Role.CASE if not asked else Role.REFUSAL if refuses else Role.CONDITION
        place_of = place_in(passage, satz.number, entry)
        yield Line(role, entry.span, place_of, joined=joined, entry=True)
    tail = trimmed(passage.text, entries[-1].span.end, satz.span.end)
    if tail is not None:
        yield from _clauses(passage, tail, place)


def _clauses(passage: Passage, span: Span, place: NormRef | None) -> Iterator[Line]:
    """A Satz cut where a condition or an exception begins."""
    text = passage.text
    cuts = list(_CLAUSE.finditer(text, span.start, span.end))
    main = trimmed(text, span.start, cuts[0].start() + 1 if cuts else span.end)
    if main is None:
        return
    binding = binding_of(main.of(text))
    refuses = binding is Binding.MUST_NOT
    yield Line(Role.REFUSAL if refuses else Role.CONSEQUENCE, main, place, binding)
    ends = [*(after.start() + 1 for after in cuts[1:]), span.end]
    for cut, end in zip(cuts, ends, strict=False):
        clause = trimmed(text, cut.start() + 1, end)
        if clause is not None:
            conditional = Role.REFUSAL if refuses else Role.CONDITION
            yield Line(Role.EXCEPTION if cut["exception"] else conditional, clause, place)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The stretch without white space around it; None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def without_label(passage: Passage, span: Span) -> Span:
    """Leave out the label "(3)" that a first Satz begins with."""
    label = f"({passage.absatz})"
    if passage.absatz is None or not span.of(passage.text).startswith(label):
        return span
    return trimmed(passage.text, span.start + len(label), span.end) or span
