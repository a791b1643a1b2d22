"""Find words of the thesaurus in a question, and say what the statutes call them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.generation.analysis import Analyzer
from corpus.models import ThesaurusEntry

_WORD = re.compile(r"\w+")
# Abbreviations up to this length are words as well when typed small: "ne", "ba", "fee".
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Synonym:
    """A stretch of a question that the thesaurus knows."""

    written: str
    entry: ThesaurusEntry


class Thesaurus:
    """Look-up by stems, so that inflected forms are found; the longest expression wins."""

    def __init__(self, entries: Sequence[ThesaurusEntry], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._by_stems: dict[tuple[str, ...], tuple[str, ThesaurusEntry]] = {}
        for entry in entries:
            for word in entry.words:
                self._by_stems.setdefault(tuple(self._stems(word)), (word, entry))
        self._longest = max((len(stems) for stems in self._by_stems), default=0)

    def _stems(self, text: str) -> list[str]:
        return list(chain.from_iterable(self._analyzer.stems(w) for w in _WORD.findall(text)))

    def find(self, text: str) -> tuple[Synonym, ...]:
        """The entries that ``text`` names, each once, in its order."""
        words = _WORD.findall(text)
        stems = [tuple(self._analyzer.stems(word)) for word in words]
        found: dict[int, Synonym] = {}
        position = 0
        while position < len(words):
            length, synonym = self._at(words, stems, position)
            if synonym is not None:
                found.setdefault(id(synonym.entry), synonym)
            position += length
        return tuple(found.values())

    def _at(
        self, words: Sequence[str], stems: Sequence[tuple[str, ...]], start: int
    ) -> tuple[int, Synonym | None]:
        """Length and meaning of the longest expression at ``start``; (1, None) without any."""
        for length in range(min(self._longest, len(words) - start), 0, -1):
            key = tuple(chain.from_iterable(stems[start : start + length]))
            known = self._by_stems.get(key)
            if known is None:
                continue
            word, entry = known
            written = " ".join(words[start : start + length])
            if len(word) > _SHORT or written == word:
                return length, Synonym(written, entry)
        return 1, None
