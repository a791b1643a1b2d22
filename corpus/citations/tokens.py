"""Cut a text into the words that a legal citation is made of; everything else is one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.laws import Laws

_NUMBER_WORDS = (
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn zwanzig"
).split()
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_NUMBER_WORDS, 1)}
ROMAN = {
    numeral: str(value)
    for value, numeral in enumerate(
        "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split(), 1
    )
}

# In the order in which they are tried. "2.1.4" and "3,5" are no numbers of norms.
_KINDS: tuple[tuple[str, str], ...] = (
    ("SIGN", r"§§?|(?<!\w)(?:Paragra[fp]h?(?:en|s)?|par\.)(?!\w)"),
    ("ARTICLE", r"(?<!\w)(?:Artikeln?|Artikels|Artt?\.?)(?=\s*\d)"),
    (
        "ANNEX",
        r"(?<!\w)Anlagen?(?=\s+(?:zu[mr]?\s|\(zu\s§|[A-Z]?\d|[A-Z](?!\w)|[IVX]+(?!\w)|Abs|Satz|Nr|Buchst|{laws}))",
    ),
    ("IVM", r"(?<!\w)(?:i\.?\s?V\.?\s?m\.?|in\s+Verbindung\s+mit)(?!\w)"),
    ("ABS", r"(?<!\w)(?:Abs(?:\.|(?=\s*\d))|Absätzen?|Absatz(?:es)?|Absaetzen?)"),
    ("SATZ", r"(?<!\w)(?:S\.(?=\s*\d)|S(?=\s+\d)|Sätzen?|Satz(?:es)?|Saetzen?)(?!\w)"),
    ("NR", r"(?<!\w)(?:Nrn?\.?|Nummern?|Ziff(?:er|ern)?\.?)(?=\s*\d)"),
    ("BST", r"(?<!\w)(?:Buchst\.?|Buchstaben?|lit\.?)(?=\s*[a-z]{1,2}(?!\w))"),
    (
        "HS",
        r"(?<!\w)(?:(?:\d\.\s?)?(?:Hs\.?|HS|Halbsatz|Halbsätze)|Alt\.?(?=\s*\d)|Alternative)(?!\w)",
    ),
    ("FF", r"(?<!\w)ff?\.?(?![\w])"),
    ("LAW", r"(?:(?<![A-Za-zÄÖÜäöüß-])|(?<=\d[a-z]))(?:{laws})(?:e?s)?(?![\w])"),
    ("GLUED", r"(?<!\w)\d{{1,3}}[a-z]?(?={laws}(?!\w))"),
    ("NUM", r"(?<!\d[.,])(?<!\w)\d{{1,4}}(?:[a-z]{{1,2}})?(?![a-zäöüß\d])(?![.,]\d)"),
    ("ROMAN", r"(?<!\w)(?:X[IVX]*|I[XV]|VI{{0,3}}|I{{1,3}})(?!\w)"),
    (
        "NUMBERWORD",
        r"(?<!\w)(?:" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")(?!\w)",
    ),
    ("LETTER", r"(?<!\w)[a-z]{{1,2}}(?:\)|(?!\w))"),
    ("TO", r"(?<!\w)bis(?!\w)|[-–—]"),
    ("AND", r",|/|&|(?<!\w)(?:und|oder|sowie|u\.|bzw\.?|beziehungsweise|noch|als\s+auch)(?!\w)"),
    ("END", r"[.!?;:](?=\s|$)"),
    ("WORD", r"\w+"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a citation, or any other word."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=4)
def _pattern(laws: Laws) -> re.Pattern[str]:
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in laws.spellings)
    groups = (f"(?P<{kind}>{source.format(laws=names)})" for kind, source in _escaped())
    return re.compile("|".join(groups), re.IGNORECASE)


def _escaped() -> Iterator[tuple[str, str]]:
    """The sources with braces of quantifiers doubled, except where they are already."""
    for kind, source in _KINDS:
        if "{laws}" in source or "{{" in source:
            yield kind, source
        else:
            yield kind, source.replace("{", "{{").replace("}", "}}")


def tokenize(text: str, laws: Laws) -> list[Token]:
    """All tokens of ``text`` in order; white space and other signs are left out."""
    tokens: list[Token] = []
    for match in _pattern(laws).finditer(text):
        kind = match.lastgroup or "WORD"
        word = match.group()
        if kind == "GLUED":
            kind = "NUM"
        # Case tells a Roman numeral from a word, and a letter from a Roman numeral.
        if kind == "ROMAN" and not word.isupper():
            kind = "LETTER" if len(word) <= 2 and word.islower() else "WORD"
        tokens.append(Token(kind, word, match.start(), match.end()))
    return tokens
