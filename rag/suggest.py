"""Search as you type: curated questions that hold the words typed so far."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from corpus.generation.analysis import words

# Shorter beginnings fit everything.
_SHORTEST = 2
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that one of the passages answers."""

    text: str
    citation: str
    """The place that answers it, printed."""
    source: str
    """The law or document in which it lies."""


class Suggester:
    """Every typed word must begin a word of the question; the last one may be unfinished."""

    def __init__(self, suggestions: Sequence[Suggestion]) -> None:
        self._suggestions = tuple(suggestions)
        self._folded = [" " + " ".join(words(s.text)) for s in suggestions]

    def suggest(
        self, typed: str, most: int, withdrawn: Set[str] = frozenset()
    ) -> tuple[Suggestion, ...]:
        """Up to ``most`` suggestions: questions that begin as typed first, then the shorter ones.

        ``withdrawn``: sources that answer nothing any more.
        """
        wanted = [f" {word}" for word in words(typed[:_LONGEST])]
        if len("".join(wanted).strip()) < _SHORTEST:
            return ()
        beginning = "".join(wanted)
        found = [
            (not text.startswith(beginning), len(text), row)
            for row, text in enumerate(self._folded)
            if all(word in text for word in wanted)
            and self._suggestions[row].source not in withdrawn
        ]
        return tuple(self._suggestions[row] for *_, row in sorted(found)[:most])
