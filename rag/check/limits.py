"""Exceptions and conditions that a statement leaves out or denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, best, coverage

_NEARLY_BEST = 0.02
# A statement that holds so much of an exception speaks of it.
_NAMED = 0.4
# So much of what a statement calls irrelevant must be what the source makes a condition.
_OVERRIDDEN = 0.34
# What the two must have in common before a missing exception means anything.
_SAME = 0.5
_TOO = re.compile(r"\b(?:auch|abweichend|unabhängig\w*|ungeachtet|unbeschadet)\b", re.IGNORECASE)
_END = re.compile(r"[.;]")
_CONDITION = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|es sei denn|nur|der|die|das|bei|auf antrag)\b",
    re.IGNORECASE,
)


def dropped_limit(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> bool:
    """Whether every stretch that a statement rests on limits its rule and the statement does not."""
    content = lexicon.content(text)
    near = best(stretches, content, _NEARLY_BEST)
    if near and _denies_condition(text, near, stretches, lexicon):
        return True
    return bool(near) and all(_drops(text, segment, lexicon) for segment in near)


def _drops(text: str, segment: Segment, lexicon: Lexicon) -> bool:
    phrases = phrases_of_check()
    exceptions = list(_after(phrases.exception, segment.text))
    only = list(_after(phrases.only, segment.text))
    if phrases.absolute.search(text) and not phrases.absolute.search(segment.text):
        softened = phrases.should.search(segment.text) is not None
        return bool(exceptions or only or softened or _unless(segment.text))
    if not exceptions and not only:
        return False
    if coverage(segment.stems, lexicon.content(text)) < _SAME:
        return False
    stems = lexicon.stems(text)
    if exceptions and not phrases.said.search(text):
        return not any(coverage(stems, lexicon.content(found)) >= _NAMED for found in exceptions)
    return bool(only) and not exceptions and not phrases.said_only.search(text)


def _denies_condition(
    text: str, near: Sequence[Segment], stretches: Sequence[Segment], lexicon: Lexicon
) -> bool:
    """Whether a statement says "auch wenn", "auch ohne" of what the source makes a condition."""
    override = phrases_of_check().override
    own = list(_after(override, text))
    if not own or any(override.search(s.text) or _TOO.search(s.text) for s in near):
        return False
    if " ohne " in f" {text} " and any(" ohne " in segment.text for segment in near):
        return False
    content = [word for found in own for word in lexicon.content(found)]
    limiting = [s for s in stretches if _CONDITION.search(s.text)]
    return bool(content) and any(coverage(s.stems, content) >= _OVERRIDDEN for s in limiting)


def _after(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Each phrase with what follows it in its Satz."""
    for match in pattern.finditer(text):
        end = _END.search(text, match.end())
        yield text[match.start() : end.start() if end else len(text)]


def _unless(text: str) -> bool:
    return (
        re.search(r"\b(?:sofern|soweit|wenn|falls)\b[^.;]{0,60}?\b(?:nicht|kein\w*)\b", text, re.I)
        is not None
    )
