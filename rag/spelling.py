"""Repair typing errors against the words that the corpus and its curated questions use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.generation.analysis import Analyzer, fold

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words have too many neighbours; a longer one may hold two errors.
_SHORTEST, _LONG = 6, 10
_MOST_ERRORS, _MOST_ERRORS_LONG = 1, 2
# A pasted text in another language is no typing error.
_MOST_WORDS = 6
_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that the corpus does not know, and the known one that was probably meant."""

    written: str
    meant: str
    """As the corpus writes it."""


class Speller:
    """Looks for the nearest known word; what it finds is searched in addition, never instead."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        by_letter: dict[str, list[str]] = {}
        for word in sorted(analyzer.vocabulary):
            by_letter.setdefault(word[0], []).append(word)
        self._by_letter = {letter: tuple(group) for letter, group in by_letter.items()}
        self._nearest = lru_cache(maxsize=_KEPT)(self._search)

    def corrections(self, text: str) -> tuple[Correction, ...]:
        """What may be mistyped in ``text``; () for a text with too many unknown words."""
        unknown: dict[str, str] = {}
        for written in _WORD.findall(text):
            word = fold(written)
            if len(word) >= _SHORTEST and not self._analyzer.knows(word):
                unknown.setdefault(word, written)
        if len(unknown) > _MOST_WORDS:
            return ()
        pairs = ((written, self._nearest(word)) for word, written in unknown.items())
        return tuple(Correction(written, meant) for written, meant in pairs if meant is not None)

    def _search(self, word: str) -> str | None:
        """The one nearest word with the same first letter; None if two are equally near."""
        most = _MOST_ERRORS_LONG if len(word) >= _LONG else _MOST_ERRORS
        group = self._by_letter.get(word[0], ())
        near = process.extract(word, group, scorer=OSA.distance, score_cutoff=most, limit=2)
        if not near or (len(near) == 2 and near[0][1] == near[1][1]):
            return None
        found = str(near[0][0])
        return self._analyzer.surfaces.get(found, found)
