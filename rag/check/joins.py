"""Joins by "und" and "oder": whether all of several things are needed or one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.generation.analysis import Analyzer, fold
from corpus.models import Passage
from rag.check.clauses import main_text
from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, Word, best
from rag.structure import Joined, joined_by, top_entries

_NEARLY_BEST = 0.05
_CONNECTIVE = re.compile(
    r"\b(und|oder|sowie|bzw|beziehungsweise|weder|noch|sowohl|als auch)\b", re.IGNORECASE
)
_AND, _OR = (
    frozenset(("und", "sowie", "sowohl", "noch")),
    frozenset(("oder", "bzw", "beziehungsweise")),
)
# Content words on either side of a connective that tell which entries of a list it joins.
_WINDOW = 4
# Words of a statement by which an entry of a list is recognised.
_ENTRY_WORDS = 2
# "und zugleich" asks for both whatever is said of them.
_BOTH = re.compile(
    r"\bund\s+(?:zugleich|zusätzlich|außerdem|gleichzeitig|ferner|darüber hinaus|obendrein"
    r"|überdies|kumulativ)\b|\bsowohl\b|\bkumulativ\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|voraus\w*|muss|müssen|nötig|erforderlich|notwendig|sowohl)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Junction:
    """An "und" or "oder" of a statement."""

    is_and: bool
    before: Word
    """The content word before it."""
    after: Word
    left: frozenset[str]
    """Stems of the words before it, some of them."""
    right: frozenset[str]


def misjoined(
    text: str, stretches: Sequence[Segment], passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[tuple[str, str]]:
    """Each connective of the statement with the one that the source has in its place."""
    # "Kein Titel, wenn a fehlt oder b fehlt" is what "Titel, wenn a und b" is.
    main = main_text(text)
    if phrases_of_check().plain_no.search(main):
        return
    near = best(stretches, lexicon.content(text), _NEARLY_BEST)
    both = _BOTH.search(text) is not None
    for junction in _junctions(text, lexicon):
        # "Flüchtlinge und Asylberechtigte dürfen": of those a rule is for, "und" is what "oder" is.
        if junction.is_and and not (both or _REQUIRES.search(text)):
            continue
        joined: set[bool] = set()
        for segment in near:
            joined |= _joins_between(segment.text, junction, lexicon.analyzer)
        listed = _joined_entries(junction, passages, lexicon)
        joined = {listed is Joined.ALL} if listed else joined
        unclear = both and junction.is_and and not joined and any(" oder" in s.text for s in near)
        if unclear or (joined and junction.is_and not in joined):
            yield ("und", "oder") if junction.is_and else ("oder", "und")


def _junctions(text: str, lexicon: Lexicon) -> list[Junction]:
    found = []
    for match in _CONNECTIVE.finditer(text):
        word = fold(match.group(1))
        left = lexicon.content(text[: match.start()])[-_WINDOW:]
        right = lexicon.content(text[match.end() :])[:_WINDOW]
        if (word in _AND or word in _OR) and left and right:
            around = [frozenset(s for w in side for s in w.stems) for side in (left, right)]
            found.append(Junction(word in _AND, left[-1], right[0], around[0], around[1]))
    return found


def _joins_between(source: str, junction: Junction, analyzer: Analyzer) -> set[bool]:
    """How the source joins two things: True for "und", False for "oder"; both, or nothing, if unclear."""
    tokens = [
        (match.group(), frozenset(analyzer.terms(match.group())))
        for match in re.finditer(r"\w+", source)
    ]
    left = [place for place, (_, stems) in enumerate(tokens) if stems & junction.before.stems]
    right = [place for place, (_, stems) in enumerate(tokens) if stems & junction.after.stems]
    spans = [(abs(b - a), min(a, b), max(a, b)) for a in left for b in right if a != b]
    if not spans:
        return set()
    _, start, end = min(spans)
    joined = {fold(word) for word, _ in tokens[start : end + 1]}
    return {True for _ in joined & _AND} | {False for _ in joined & _OR}


def _joined_entries(
    junction: Junction, passages: Sequence[Passage], lexicon: Lexicon
) -> Joined | None:
    """How the source joins the two entries of a list that the statement joins; None if it joins none."""
    for passage in passages:
        for satz in passage.saetze:
            listed = top_entries(passage, satz.number)
            stems = [lexicon.stems(entry.span.of(passage.text)) for entry in listed]
            left = [len(junction.left & own) for own in stems]
            right = [len(junction.right & own) for own in stems]
            if not stems or min(max(left), max(right)) < _ENTRY_WORDS:
                continue
            own = [
                n for n, m in zip(left, right, strict=True) if n == max(left) and m == max(right)
            ]
            if not own:
                return joined_by(passage, listed)
    return None
