"""Tell ordinary words from names."""

from __future__ import annotations

from corpus.persons import ordinary_words, person_words

# Compounds end with a noun of the law ("Titelverlängerung"); shorter endings are those of surnames too.
_LONG_ENDING = 7
# Shorter words without their ending could be anything.
_INFLECTED = 6
_ENDINGS = ("s", "es", "n", "en", "e", "er", "in", "innen")


def is_ordinary(word: str) -> bool:
    """Whether a capitalised word is one of the law or of the office rather than a surname."""
    lower = word.casefold().strip(".")
    if len(lower) == 1:
        return lower == "i"
    words = person_words()
    if lower in words.surnames or lower in words.first_names:
        return False
    if lower in words.no_names or word in words.titles or _is_noun(lower):
        return True
    parts = lower.split("-")
    return len(parts) > 1 and _is_noun(parts[-1]) and parts[-1] not in person_words().surnames


def _is_noun(lower: str) -> bool:
    nouns = ordinary_words()
    return (
        lower in nouns
        or any(
            lower.removesuffix(ending) in nouns for ending in _ENDINGS if len(lower) >= _INFLECTED
        )
        or any(lower[start:] in nouns for start in range(1, len(lower) - _LONG_ENDING + 1))
    )
