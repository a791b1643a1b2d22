"""Near copies: a claim that nearly repeats a sentence must keep the words that turn it around.

The check weighs paraphrases and has to be lenient there. Beside the very sentence it was taken from, a
"nicht" more or less or a "muss" for a "kann" is no paraphrase.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.generation.analysis import Analyzer
from corpus.models import Passage

# Shared terms of all terms of both; paraphrases in the tests stay below.
_NEAR = 0.7
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZÄÖÜ§])|\n")
_NEGATION = re.compile(r"\b(?:nicht|kein\w*|ohne|nie|niemals|weder)\b", re.IGNORECASE)
# Each pattern names one way to bind or to join; those of a claim and of its source must agree if both
# have any.
_BINDING = {
    "muss": r"m(?:uss|üss)\w*",
    "soll": r"soll\w*",
    "kann": r"k(?:ann|önn)\w*",
    "darf": r"d(?:arf|ürf)\w*",
}
_JOINING = {"und": "und|sowie", "oder": "oder|beziehungsweise|bzw"}
_CONDITION = re.compile(r",\s+(?:wenn|sofern|soweit|falls|solange|es sei denn)\b", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|es sei denn|nur|bei|unter|voraus\w*|bedingung\w*)\b",
    re.IGNORECASE,
)
_NUMBER_AND_WORD = re.compile(r"\b\d+(?:[.,]\d+)*\s+([A-Za-zÄÖÜäöüß]+)")


def bends_a_copy(text: str, passages: Sequence[Passage], analyzer: Analyzer) -> bool:
    """Whether ``text`` is nearly a sentence of ``passages`` and says something else with it."""
    said = _terms(text, analyzer)
    bent = []
    for sentence in (sentence for passage in passages for sentence in _sentences(passage)):
        condition = _CONDITION.search(sentence)
        unlimited = condition is not None and not _LIMITED.search(text)
        if _alike(said, _terms(sentence, analyzer)) >= _NEAR:
            bent.append(unlimited or _turned(text, sentence))
        elif condition and _alike(said, _terms(sentence[: condition.start()], analyzer)) >= _NEAR:
            bent.append(unlimited)
    return bool(bent) and all(bent)


def changes_a_unit(text: str, held: set[str], analyzer: Analyzer) -> bool:
    """Whether what a number counts is none of the terms ``held``: "100 Cent" for "100 Euro"."""
    counted = (set(analyzer.terms(found[1])) for found in _NUMBER_AND_WORD.finditer(text))
    return any(terms and not terms & held for terms in counted)


def _sentences(passage: Passage) -> Iterator[str]:
    yield from (satz.span.of(passage.text) for satz in passage.saetze)
    yield from _SENTENCE.split(passage.text)


def _terms(text: str, analyzer: Analyzer) -> set[str]:
    return set(analyzer.terms(_NEGATION.sub(" ", text)))


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _turned(text: str, source: str) -> bool:
    if len(_NEGATION.findall(text)) != len(_NEGATION.findall(source)):
        return True
    pairs = ((_words(text, group), _words(source, group)) for group in (_BINDING, _JOINING))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _words(text: str, group: dict[str, str]) -> Counter[str]:
    return Counter(
        {
            name: count
            for name, pattern in group.items()
            if (count := len(re.findall(rf"\b(?:{pattern})\b", text, re.IGNORECASE)))
        }
    )
