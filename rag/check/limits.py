"""Exceptions and conditions that a statement leaves out or denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.check.clauses import main_text
from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, bearing, best, coverage

_NEARLY_BEST = 0.02
# A statement that holds so much of an exception speaks of it.
_NAMED = 0.4
# So much of what a statement calls irrelevant must be what the source makes a condition.
_OVERRIDDEN = 0.34
# What the two must have in common before a missing exception means anything.
_SAME = 0.5
_TOO = re.compile(r"\b(?:auch|abweichend|unabhängig\w*|ungeachtet|unbeschadet)\b", re.IGNORECASE)
_EACH = re.compile(r"(?:jede[rsnm]?|alle|sämtliche)\b", re.IGNORECASE)
# Another Satz that takes something out of the rule.
_TAKES_BACK = re.compile(
    r"^(?:(?:Dies|Das|Satz \d|Die Sätze|Absatz \d+)\b[^.]{0,60}?\b(?:nicht|keine)\b|Abweichend\b|Ausnahm"
    r"|Von [^.]{0,80}\babgesehen)"
)
_WITHOUT = re.compile(r"\b(?:ohne|nicht|kein\w*)\b", re.IGNORECASE)
# Words after "nur" that say to what a rule is limited.
_LIMITING = 8
_END = re.compile(r"[.;]")
_UNLESS = re.compile(
    r"\b(?:sofern|soweit|solange|wenn|falls)\b[^.;]{0,60}?\b(?:nicht|kein\w*)\b", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|es sei denn|nur|der|die|das|bei|auf antrag)\b",
    re.IGNORECASE,
)


def dropped_limit(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> bool:
    """Whether every stretch that a statement rests on limits its rule and the statement does not."""
    content = lexicon.content(text)
    near = best(stretches, content, _NEARLY_BEST)
    if not near:
        return False
    meant = bearing(stretches, content)
    if _denies_condition(text, near, stretches, lexicon):
        return True
    if phrases_of_check().absolute.search(text) or _EACH.match(text):
        return any(_is_limited(text, segment, lexicon) for segment in meant) or any(
            _TAKES_BACK.search(segment.text) for segment in stretches
        )
    return all(_drops(text, segment, lexicon) for segment in near)


def _is_limited(text: str, segment: Segment, lexicon: Lexicon) -> bool:
    """Whether a source limits what a statement says without any limit."""
    phrases = phrases_of_check()
    if phrases.absolute.search(segment.text) or _EACH.match(segment.text):
        return False
    limiting = (phrases.exception, phrases.only, phrases.should, _UNLESS)
    if any(pattern.search(segment.text) for pattern in limiting):
        return True
    stems = lexicon.stems(text)
    conditions = [lexicon.content(part.text) for part in segment.parts if not part.main]
    return any(len(own) > 1 and coverage(stems, own) < _OVERRIDDEN for own in conditions)


def _drops(text: str, segment: Segment, lexicon: Lexicon) -> bool:
    phrases = phrases_of_check()
    exceptions = list(_after(phrases.exception, segment.text))
    only = list(_after(phrases.only, segment.text))
    if coverage(segment.stems, lexicon.content(text)) < _SAME:
        return False
    if not exceptions and phrases.plain_no.search(main_text(text)):
        # "darf nicht" where the source has "darf nur, wenn": the "nur" is an exception.
        exceptions = [
            " ".join(found.split()[:_LIMITING])
            for order in segment.orders
            for found in _after(phrases.only, order)
        ]
    stems = lexicon.stems(text)
    if exceptions:
        said = phrases.said.search(text) or _UNLESS.search(text)
        return said is None and not any(
            coverage(stems, lexicon.content(found)) >= _NAMED for found in exceptions
        )
    return (
        bool(only)
        and phrases.said_only.search(text) is None
        and not any(coverage(stems, lexicon.content(found)) >= _NAMED for found in only)
    )


def _denies_condition(
    text: str, near: Sequence[Segment], stretches: Sequence[Segment], lexicon: Lexicon
) -> bool:
    """Whether a statement says "auch wenn", "auch ohne" of what the source makes a condition."""
    override = phrases_of_check().override
    own = list(_after(override, text))
    if not own or any(override.search(s.text) or _TOO.search(s.text) for s in near):
        return False
    if " ohne " in f" {text} " and any(_WITHOUT.search(segment.text) for segment in near):
        return False
    content = [word for found in own for word in lexicon.content(found)]
    limiting = [s for s in stretches if _CONDITION.search(s.text)]
    return bool(content) and any(coverage(s.stems, content) >= _OVERRIDDEN for s in limiting)


def _after(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Each phrase with what follows it in its Satz."""
    for match in pattern.finditer(text):
        end = _END.search(text, match.end())
        yield text[match.start() : end.start() if end else len(text)]
