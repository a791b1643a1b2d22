"""Figures, dates and exclusive qualities that a statement claims, held against its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from corpus.generation.analysis import Analyzer, words
from rag.check.lists import opposites, words_of_check
from rag.check.quantities import Quantity, dates, quantities
from rag.check.segments import Lexicon, Segment, best

_AROUND, _NEARLY_BEST = 0.34, 0.05
# Letters of the ending of an adjective.
_ENDING = 2
_HALF_A_UNIT = re.compile(r"\bhalbe[nsr]?\s+(?:Jahr|Stunde|Monat)\w*", re.IGNORECASE)
_EQUALLY = re.compile(r"\bganz gleich\b", re.IGNORECASE)
_CHUNK = re.compile(r"[;,:]\s")
# Letters around a number that tell what it counts.
_WINDOWS = (70, 30)
_HALF = (50.0, "prozent")
_PAIR, _BOTH = 2, frozenset(("beide", "beiden", "beider", "beides", "paar"))
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
        for chunk in (text, *_CHUNK.split(text))
        for segment in best(stretches, lexicon.content(chunk), _AROUND)
    }
    for quantity in said:
        if _holds("\n".join(around), quantity):
            continue
        place = max(0, text.find(quantity.written.split()[0]))
        close = {
            segment.text
            for reach in _WINDOWS
            for segment in best(
                stretches, lexicon.content(text[max(0, place - reach) : place + reach]), _AROUND
            )
        }
        if not _holds("\n".join(close), quantity):
            yield quantity


def _holds(source: str, quantity: Quantity) -> bool:
    held = quantities(source)
    mentioned = words(source)
    if quantity.article and _names_unit(words(quantity.written)[-1], mentioned):
        return True
    if (quantity.value, quantity.unit) == _HALF and "halb" in _parts(source):
        return True
    if quantity.unit:
        return any(q.value == quantity.value and q.unit == quantity.unit for q in held)
    if quantity.value == _PAIR and not _BOTH.isdisjoint(mentioned):
        return True
    return any(
        quantity.value in (q.value, q.value / 12 if q.unit == "monat" else q.value) for q in held
    )


def _names_unit(unit: str, mentioned: Sequence[str]) -> bool:
    """Whether a source has the unit, be it in another form: "eine Woche", "je Kalenderwoche"."""
    units = words_of_check().units
    return unit in mentioned or any(
        units.get(word) == units.get(unit) for word in mentioned if word in units
    )


def strange_parts(text: str, source: str) -> Iterator[str]:
    """Words like "Hälfte" and "wöchentlich": parts and rhythms that the source does not have."""
    lists = words_of_check().parts
    known = _parts(source)
    known |= {"halb" for q in quantities(source) if (q.value, q.unit) == _HALF}
    for word in words(_EQUALLY.sub(" ", _HALF_A_UNIT.sub(" ", text))):
        if word in lists and lists[word] not in known:
            yield word


def _parts(source: str) -> set[str]:
    lists = words_of_check().parts
    return {lists[word] for word in words(source) if word in lists}


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
    near = best(stretches, lexicon.content(text), _NEARLY_BEST)
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
    for at, word in enumerate(tokens):
        for place, quality in _qualities(word):
            # "ausreichende deutsche Sprachkenntnisse": another adjective may stand between.
            for noun in tokens[at + 1 : at + 3]:
                for stem in analyzer.terms(noun):
                    found.setdefault((place, stem), set()).add(quality)
    return found


@lru_cache(maxsize=5_000)
def _qualities(word: str) -> tuple[tuple[int, str], ...]:
    """Groups of adjectives that a word belongs to, with its quality there."""
    return tuple(
        (place, quality[0])
        for place, group in enumerate(opposites().adjectives)
        for quality in group
        if any(word.startswith(a) and len(word) <= len(a) + _ENDING for a in quality)
    )


def _other_limit(text: str, source: str) -> Iterator[tuple[str, str]]:
    """A statement with "mindestens zwei Jahre" where the source has "höchstens zwei Jahre"."""
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
