"""The words "und" and "oder": whether all of several things are needed or one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.generation.analysis import Analyzer, fold
from corpus.models import Passage
from rag.check.clauses import clauses, main_text
from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, Word, best
from rag.structure import Joined, joined_by, top_entries

_NEARLY_BEST = 0.05
CONNECTIVE = re.compile(
    r"\b(und|oder|sowie|bzw|beziehungsweise|weder|noch|sowohl|als auch)\b", re.IGNORECASE
)
_AND, _OR = (
    frozenset(("und", "sowie", "sowohl", "noch")),
    frozenset(("oder", "bzw", "beziehungsweise")),
)
# Content words on either side of a connective that tell which entries of a list it joins.
_WINDOW = 4
# Words around a connective of the source that may be the sides; so many of them must be the statement's.
_REACH, _LEAST = 14, 2
# Words of a statement by which an entry of a list is recognised.
_ENTRY_WORDS = 2
# "und zugleich" asks for both whatever is said of them.
_BOTH = re.compile(
    r"\bund\s+(?:zugleich|zusätzlich|außerdem|gleichzeitig|ferner|darüber hinaus|obendrein|überdies)\b"
    r"|\bsowohl\b|\bkumulativ\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|voraus\w*|nötig|erforderlich|notwendig|sowohl|genügt|genügen|reicht|reichen|dass)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Junction:
    """An "und" or "oder" of a statement."""

    is_and: bool
    left: tuple[Word, ...]
    """Content words before it, some of them."""
    right: tuple[Word, ...]
    """Those behind it."""


def misjoined(
    text: str, stretches: Sequence[Segment], passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[tuple[str, str]]:
    """Each connective of the statement with the one that the source has in its place."""
    # "Kein Titel, wenn a fehlt oder b fehlt" is what "Titel, wenn a und b" is.
    main = main_text(text)
    if phrases_of_check().plain_no.search(main):
        return
    both = _BOTH.search(text) is not None
    # "Flüchtlinge und Asylberechtigte dürfen": of those a rule is for, "und" is what "oder" is.
    if not both and not _REQUIRES.search(text):
        return
    near = best(stretches, lexicon.content(text), _NEARLY_BEST)
    for junction in _junctions(text, lexicon, everywhere=both):
        joined: set[bool] = set()
        for segment in near:
            joined |= _joins_between(segment.text, junction, lexicon.analyzer)
        listed = _joined_entries(junction, passages, lexicon)
        joined = {listed is Joined.ALL} if listed else joined
        unclear = both and junction.is_and and not joined and any(" oder" in s.text for s in near)
        if unclear or (joined and junction.is_and not in joined):
            yield ("und", "oder") if junction.is_and else ("oder", "und")


def _junctions(text: str, lexicon: Lexicon, *, everywhere: bool) -> list[Junction]:
    """Those of what a statement requires, or ``everywhere``."""
    found = []
    required = list(_required(text))
    for match in CONNECTIVE.finditer(text):
        if not everywhere and not any(start <= match.start() < end for start, end in required):
            continue
        word = fold(match.group(1))
        left = lexicon.content(text[: match.start()])[-_WINDOW:]
        right = lexicon.content(text[match.end() :])[:_WINDOW]
        if (word in _AND or word in _OR) and left and right:
            found.append(Junction(word in _AND, left, right))
    return found


def _required(text: str) -> Iterator[tuple[int, int]]:
    """Where the clauses stand that are conditions, or say themselves what is required, and all behind.

    "Geduldeten und ihren Kindern" before the condition are only those whom the rule is for.
    """
    end = 0
    if first := _REQUIRES.search(text):
        yield first.start(), len(text)
    for clause in clauses(text):
        start = text.find(clause.text, end)
        end = start + len(clause.text)
        if not clause.main or _REQUIRES.search(clause.text):
            yield start, end


def _joins_between(source: str, junction: Junction, analyzer: Analyzer) -> set[bool]:
    """How the source joins the two sides: True for "und", False for "oder"; empty if it cannot be told.

    The connective counts that has most words of each side around it, of equal ones the closest; the two
    sides may have changed places.
    """
    tokens = [
        (fold(match.group()), frozenset(analyzer.terms(match.group())))
        for match in re.finditer(r"\w+", source)
    ]
    left = _first(reversed(junction.left), tokens)
    right = _first(junction.right, tokens)
    if left is None or right is None:
        return set()
    around = [
        frozenset(s for w in side for s in w.stems) for side in (junction.left, junction.right)
    ]
    scored: list[tuple[int, int, bool]] = []
    for place, (word, _) in enumerate(tokens):
        if word not in _AND and word not in _OR:
            continue
        sides = tokens[max(0, place - _REACH) : place][::-1], tokens[place + 1 : place + 1 + _REACH]
        for one, other in ((0, 1), (1, 0)):
            away = _away(left, sides[one]), _away(right, sides[other])
            if away[0] is not None and away[1] is not None:
                score = len(_stems(sides[one]) & around[0]) + len(_stems(sides[other]) & around[1])
                scored.append((score, -away[0] - away[1], word in _AND))
    top = max((row[:2] for row in scored), default=(0, 0))
    if top[0] < _LEAST:
        return set()
    return {is_and for score, distance, is_and in scored if (score, distance) == top}


def _first(words: Iterable[Word], tokens: Sequence[tuple[str, frozenset[str]]]) -> Word | None:
    """The first word that the source has."""
    held = _stems(tokens)
    return next((word for word in words if word.stems & held), None)


def _away(word: Word, tokens: Sequence[tuple[str, frozenset[str]]]) -> int | None:
    """Tokens up to the word; None if it is not among them."""
    return next((n for n, (_, stems) in enumerate(tokens) if stems & word.stems), None)


def _stems(tokens: Sequence[tuple[str, frozenset[str]]]) -> frozenset[str]:
    return frozenset[str]().union(*(stems for _, stems in tokens))


def _joined_entries(
    junction: Junction, passages: Sequence[Passage], lexicon: Lexicon
) -> Joined | None:
    """How the source joins the two entries of a list that the statement joins; None if it joins none."""
    for passage in passages:
        for satz in passage.saetze:
            listed = top_entries(passage, satz.number)
            stems = [lexicon.stems(entry.span.of(passage.text)) for entry in listed]
            left = [sum(bool(word.stems & own) for word in junction.left) for own in stems]
            right = [sum(bool(word.stems & own) for word in junction.right) for own in stems]
            if not stems or min(max(left), max(right)) < _ENTRY_WORDS:
                continue
            own = [
                n for n, m in zip(left, right, strict=True) if n == max(left) and m == max(right)
            ]
            if not own:
                return joined_by(passage, listed)
    return None
