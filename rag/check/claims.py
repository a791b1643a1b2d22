"""Figures, dates and exclusive qualities that a statement claims, held against its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.generation.analysis import Analyzer, words
from rag.check.lists import opposites, words_of_check
from rag.check.quantities import Quantity, dates, quantities
from rag.check.segments import Lexicon, Segment, best

_AROUND = 0.34
_HALF_A_UNIT = re.compile(r"\bhalbe[nsr]?\s+(?:Jahr|Stunde|Monat)\w*", re.IGNORECASE)
# Letters before a number in which "höchstens" belongs to it.
_BEFORE = 24


def strange_quantities(
    text: str, stretches: Sequence[Segment], lexicon: Lexicon
) -> Iterator[Quantity]:
    """Numbers that the stretches a statement rests on do not have."""
    said = quantities(text)
    if not said:
        return
    around = {
        segment.text
        for chunk in (text, *re.split(r"[;,:]\s", text))
        for segment in best(stretches, lexicon.content(chunk), _AROUND)
    }
    source = "\n".join(around)
    held = quantities(source)
    exact = {(quantity.value, quantity.unit) for quantity in held}
    values = {quantity.value for quantity in held}
    values |= {quantity.value / 12 for quantity in held if quantity.unit == "monat"}
    mentioned = set(words(source))
    for quantity in said:
        if quantity.article and words(quantity.written)[-1] in mentioned:
            continue
        if (quantity.value, quantity.unit) in exact:
            continue
        if not quantity.unit and quantity.value in values:
            continue
        yield quantity


def strange_parts(text: str, source: str) -> Iterator[str]:
    """Parts ("Hälfte") and rhythms ("wöchentlich") that the source does not have."""
    lists = words_of_check().parts
    known = {lists[word] for word in words(source) if word in lists}
    known |= (
        {"halb"}
        if any(q.value == 50 and q.unit == "prozent" for q in quantities(source))
        else set()
    )
    for word in words(_HALF_A_UNIT.sub(" ", text)):
        if word in lists and lists[word] not in known:
            yield word


def strange_terms(text: str, source: str) -> Iterator[str]:
    """Requirements of a kind that the source does not have."""
    known = set(words(source))
    for word in words(text):
        if word in words_of_check().strict and word not in known:
            yield word


def strange_dates(text: str, source: str) -> Iterator[str]:
    """Days that the source does not name."""
    stated = set(dates(source))
    for day in dates(text):
        if day not in stated:
            yield f"{day:%d.%m.%Y}"


def contradictions(
    text: str, stretches: Sequence[Segment], lexicon: Lexicon
) -> Iterator[tuple[str, str]]:
    """What the statement says and, of the same thing, the source excludes: words of both."""
    near = best(stretches, lexicon.content(text), 0.05)
    source = " ".join(segment.text for segment in near)
    yield from _other_adjective(text, source, lexicon.analyzer)
    for sides in opposites().phrases:
        said = [side.search(text) for side in sides]
        held = [side.search(source) for side in sides]
        for place, match in enumerate(said):
            other = next((h for n, h in enumerate(held) if h and n != place), None)
            if (
                match
                and other
                and not held[place]
                and not any(s for n, s in enumerate(said) if n != place)
            ):
                yield match.group(), other.group()
    yield from _other_limit(text, source)


def _other_adjective(text: str, source: str, analyzer: Analyzer) -> Iterator[tuple[str, str]]:
    said, held = _described(text, analyzer), _described(source, analyzer)
    for (group, noun), own in said.items():
        others = held.get((group, noun))
        if others and not own & others:
            yield f"{min(own)}", f"{min(others)}"


def _described(text: str, analyzer: Analyzer) -> dict[tuple[int, str], set[str]]:
    """Group of adjectives and stem of the noun -> adjectives of the group that stand before it."""
    found: dict[tuple[int, str], set[str]] = {}
    tokens = words(text)
    for word, noun in pairwise(tokens):
        for place, group in enumerate(opposites().adjectives):
            for quality in group:
                if any(word.startswith(a) and len(word) <= len(a) + 2 for a in quality):
                    for stem in analyzer.terms(noun):
                        found.setdefault((place, stem), set()).add(quality[0])
    return found


def _other_limit(text: str, source: str) -> Iterator[tuple[str, str]]:
    """A limit turned round: "mindestens zwei Jahre" where the source has "höchstens"."""
    least, most = opposites().limits
    said, held = _bounded(text), _bounded(source)
    for key, before in said.items():
        others = held.get(key, [])
        for mine, other in ((least, most), (most, least)):
            claims = any(mine.search(words_before) for words_before in before)
            if claims and others and all(other.search(words_before) for words_before in others):
                yield ("mindestens", "höchstens") if mine is least else ("höchstens", "mindestens")


def _bounded(text: str) -> dict[tuple[float, str], list[str]]:
    found: dict[tuple[float, str], list[str]] = {}
    for quantity in quantities(text):
        for match in re.finditer(re.escape(quantity.written.split()[0]), text):
            found.setdefault((quantity.value, quantity.unit), []).append(
                text[max(0, match.start() - _BEFORE) : match.start()]
            )
    return found
