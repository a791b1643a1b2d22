"""Whether what the system knows gives away an evaluation question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# From this Dice coefficient on, two questions read as the same one in other words. The nearest
# honest pair in catalogue and dev cases has .78 ("Turboeinbürgerung Voraussetzungen" beside
# "Ermessenseinbürgerung Voraussetzungen": two kinds of naturalisation, two norms).
LEAK = 0.8
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Leak:
    """An evaluation question and the text of the system that gives it away."""

    question: str
    text: str
    similarity: float
    """Dice coefficient of the character four-grams, 0 to 1."""


def similarity(first: str, second: str) -> float:
    """Dice coefficient of character four-grams over the words in lower case, 0 to 1."""
    return _dice(_grams(first), _grams(second))


def leaks(questions: Iterable[str], texts: Iterable[str]) -> Iterator[Leak]:
    """Pairs at or above ``LEAK``, one for each question at most: its nearest text."""
    known = [(text, _grams(text)) for text in texts]
    for question in questions:
        grams = _grams(question)
        nearest, text = max(((_dice(grams, other), text) for text, other in known), default=(0, ""))
        if nearest >= LEAK:
            yield Leak(question, text, nearest)


def _grams(text: str) -> Counter[str]:
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return Counter(words[i : i + _GRAM] for i in range(max(1, len(words) - _GRAM + 1)))


def _dice(first: Counter[str], second: Counter[str]) -> float:
    return 2 * sum((first & second).values()) / (first.total() + second.total())
