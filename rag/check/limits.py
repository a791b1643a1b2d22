"""Exceptions and conditions that a statement leaves out or denies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, best, coverage

_NEARLY_BEST = 0.02
# A statement that holds so much of an exception speaks of it.
_NAMED = 0.4
# "wenn ... nicht": the words between are not fixed.
_UNLESS = re.compile(
    r"\b(?:sofern|soweit|wenn|falls|solange)\b[^.;]{0,60}?\b(?:nicht|kein\w*)\b[^.;]*",
    re.IGNORECASE,
)


def dropped_limit(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> bool:
    """Whether every stretch that a statement rests on limits its rule and the statement does not."""
    near = best(stretches, lexicon.content(text), _NEARLY_BEST)
    return bool(near) and all(_drops(text, segment, lexicon) for segment in near)


def _drops(text: str, segment: Segment, lexicon: Lexicon) -> bool:
    phrases = phrases_of_check()
    absolute = phrases.absolute.search(text) and not phrases.absolute.search(segment.text)
    override = phrases.override.search(text) and not phrases.override.search(segment.text)
    exceptions = _exceptions(segment.text)
    if absolute and (exceptions or phrases.should.search(segment.text)):
        return True
    if not exceptions:
        return False
    bare = phrases.absolute.sub(" ", text)
    if phrases.limit.search(bare) and not override:
        return False
    stems = lexicon.stems(text)
    return override is not None or not any(
        coverage(stems, lexicon.content(found)) >= _NAMED for found in exceptions
    )


def _exceptions(text: str) -> list[str]:
    """What a Satz takes out of its rule: the words that follow."""
    found = [match.group() for match in _UNLESS.finditer(text)]
    for match in phrases_of_check().exception.finditer(text):
        end = re.search(r"[.;]", text[match.end() :])
        found.append(
            text[match.start() : match.end() + end.start()] if end else text[match.start() :]
        )
    return found
