"""Tell ordinary words from names."""

from __future__ import annotations

from corpus.persons import known_words, ordinary_words, person_words

# Compounds end with a noun of the law ("Titelverlängerung"); shorter endings are those of surnames too.
_LONG_ENDING = 7
_SHORTEST_HEAD = 3
_LONGEST_NAME = 60
# Shorter words without their ending could be anything.
_INFLECTED = 6
_ENDINGS = ("s", "es", "n", "en", "e", "er", "in", "innen")


def is_ordinary(word: str) -> bool:
    """Whether a capitalised word is one of the law or of the office rather than a surname."""
    lower = word.casefold().strip(".")
    if len(lower) == 1:
        # An initial, but for the English pronoun.
        return lower == "i"
    if len(lower) > _LONGEST_NAME:
        return True
    words = person_words()
    if lower in words.surnames or lower in words.first_names:
        return False
    if lower in words.no_names or word in words.titles or _is_noun(lower):
        return True
    parts = lower.split("-")
    return len(parts) > 1 and _is_noun(parts[-1]) and parts[-1] not in person_words().surnames


def is_known(word: str) -> bool:
    """Whether a word, however it is written, occurs in the curated knowledge or is built of its nouns."""
    lower = word.casefold().strip(".")
    words = person_words()
    if lower in words.no_names or lower in words.places or len(lower) > _LONGEST_NAME:
        return True
    return any(_among(part, known_words()) or _is_noun(part) for part in lower.split("-"))


def _is_noun(lower: str) -> bool:
    nouns = ordinary_words()
    return _among(lower, nouns) or any(
        lower[start:] in nouns
        for start in range(_SHORTEST_HEAD, len(lower) - _LONG_ENDING + 1)
        if lower[:start].isalpha()
    )


def _among(lower: str, known: frozenset[str]) -> bool:
    return lower in known or (
        len(lower) >= _INFLECTED and any(lower.removesuffix(ending) in known for ending in _ENDINGS)
    )
