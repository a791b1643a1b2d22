"""Whether what the system knows gives away an evaluation question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

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
    """See :func:`similarity`."""


def similarity(first: str, second: str) -> float:
    """Dice coefficient of the character four-grams over the words in lower case, 0 to 1."""
    one, other = _grams(first), _grams(second)
    return 2 * len(one & other) / (len(one) + len(other))


def leaks(questions: Iterable[str], texts: Iterable[str]) -> Iterator[Leak]:
    """Pairs at or above ``LEAK``, one for each question at most: its nearest text."""
    known = list(texts)
    if not known:
        return
    grams = [_grams(text) for text in known]
    sizes = np.array([len(found) for found in grams])
    holders: dict[str, list[int]] = {}
    for row, found in enumerate(grams):
        for gram in found:
            holders.setdefault(gram, []).append(row)
    rows = {gram: np.array(held) for gram, held in holders.items()}
    for question in questions:
        asked = _grams(question)
        shared = [rows[gram] for gram in asked if gram in rows]
        if not shared:
            continue
        overlap = np.bincount(np.concatenate(shared), minlength=len(known))
        dice = 2 * overlap / (sizes + len(asked))
        best = int(dice.argmax())
        if dice[best] >= LEAK:
            yield Leak(question, known[best], float(dice[best]))


def _grams(text: str) -> frozenset[str]:
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return frozenset(words[i : i + _GRAM] for i in range(max(1, len(words) - _GRAM + 1)))
