"""Find the decisive words of a passage: the Satz that answers, or a Nummer of a long one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from corpus.citations import render
from corpus.generation.analysis import Analyzer
from corpus.generation.encoder import Encoder
from corpus.models import Item, NormRef, Passage, Satz, Span
from rag.late import LateInteraction
from rag.marks import asked_for, figures, measures
from rag.structure import (
    Joined,
    Line,
    place_in,
    scheme,
    top_entries,
    trimmed,
    without_label,
)

# A Satz up to this length is quoted whole; of a longer one with an enumeration only its
# introduction and the entries that fit are.
_WHOLE = 600
# Words decide, meaning breaks ties: cosine of two short texts is a rough guide.
_MEANING = 0.5
# "Wie lange", "wie viel": a Satz that states a figure is worth this much more, one whose figure counts what
# is asked for ("wie viele Tage": "140 Arbeitstage") so much that a shorter Satz with more words of the
# question does not come before it. On the dev split the decisive Satz is then among the first two in .784
# of the cases instead of .781, without both in .778; from 2.0 on more changes nothing.
_FIGURE, _ASKED_FIGURE = 0.4, 2.0
_ASKS_FOR_FIGURE = re.compile(
    r"\b(?:wie\s?(?:viele?\w*|lange|hoch|oft|alt|groß)|ab wann|bis wann|frist\w*|dauer\w*|gebühr\w*"
    r"|kost\w*|höhe|mindest\w*|höchst\w*|how (?:long|much|many|old))\b",
    re.IGNORECASE,
)
# The share of the question found piece by piece; measured on the dev split, the decisive Satz of the
# right Absatz comes first in .72 of the cases instead of .67 (docs/messungen.md).
_PIECES = 1.0


class Use(StrEnum):
    """What a quote does for an answer."""

    ANSWER = "answer"
    """It holds the decisive words."""
    CONDITION = "condition"
    """An entry of the list of conditions that the decisive words introduce."""
    CASE = "case"
    """An entry of another list that they introduce."""
    EXCEPTION = "exception"
    """It takes something out of the rule again."""
    REFERENCE = "reference"
    """It makes another place apply, or leaves it alone."""
    GUIDANCE = "guidance"
    """What a memo, a decree or an information sheet says on it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a passage with its exact place."""

    passage: Passage
    span: Span
    """Into the passage's text."""
    place: NormRef | None
    """Absatz, Satz, Nummer as far as proven; None for memos."""
    use: Use
    """What it does for the answer."""
    joined: Joined | None = None
    """Of the entry of an enumeration: whether all are needed or one."""

    @property
    def text(self) -> str:
        """The quoted words."""
        return self.span.of(self.passage.text)

    @property
    def citation(self) -> str:
        """Printed form of the exact place, or of the passage."""
        return render(self.place) if self.place else self.passage.citation


@dataclass(frozen=True, slots=True)
class Unit:
    """What may be quoted of a passage: a Satz, its introduction, or one of its entries."""

    passage: Passage
    span: Span
    satz: int
    """Number of the Satz; 0 for a passage without Sätze."""
    item: Item | None
    weight: float = 0.0
    """How well it fits the question, 0 and up; 0 if nobody weighed it."""

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.passage.text)


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs stretches of text against one question."""

    analyzer: Analyzer
    encoder: Encoder
    late: LateInteraction | None
    terms: tuple[str, ...]
    question: str

    def weigh(self, texts: Sequence[str]) -> list[float]:
        """How well each text fits the question, 0 and up.

        Shared terms count by their rarity among ``texts`` and are damped by length; the cosine of
        the encoder and the pieces of the question that a text holds add to it.
        """
        wanted = set(self.terms)
        found = [Counter(self.analyzer.terms(text)) for text in texts]
        frequency = Counter(term for counts in found for term in wanted & counts.keys())
        vectors = self.encoder.encode([self.question, *texts])
        cosines = vectors[1:] @ vectors[0]
        pieces = self.late.shares(self.question, texts) if self.late else np.zeros(len(texts))
        stated = self._figures(texts)
        weights = []
        for counts, cosine, share, figure in zip(found, cosines, pieces, stated, strict=True):
            shared = sum(
                math.log(1 + len(texts) / frequency[term]) for term in wanted & counts.keys()
            )
            length = 1 + math.log1p(sum(counts.values()) / 10)
            meaning = _MEANING * max(0.0, float(cosine)) + _PIECES * float(share)
            weights.append(shared / length + meaning + figure)
        return weights

    def _figures(self, texts: Sequence[str]) -> list[float]:
        """What the figures of each text are worth; 0 for a question that asks for none."""
        asked = asked_for(self.question)
        some = _FIGURE if _ASKS_FOR_FIGURE.search(self.question) else 0.0
        return [
            _ASKED_FIGURE if asked & measures(text) else some * bool(figures(text))
            for text in texts
        ]


def decisive_units(parts: Sequence[Passage], judge: Judge | None) -> list[Unit]:
    """All units of an Absatz, those that fit the question best first.

    ``parts``: a long Absatz has several. Without a judge the order is that of the text.
    """
    units = [unit for passage in parts for unit in _units(passage)]
    if judge is None:
        return units
    weights = judge.weigh([unit.text for unit in units])
    weighed = [replace(unit, weight=w) for unit, w in zip(units, weights, strict=True)]
    return sorted(weighed, key=lambda unit: -unit.weight)


def quoted(unit: Unit) -> Iterator[Quote]:
    """The unit as a quote; an entry of an enumeration brings the words before it along."""
    passage = unit.passage
    if unit.item is not None:
        intro = _introduction(passage, unit.satz)
        if intro is not None:
            yield Quote(passage, intro, place_in(passage, unit.satz), Use.ANSWER)
    yield Quote(passage, unit.span, place_in(passage, unit.satz, unit.item), Use.ANSWER)


def introduced(unit: Unit) -> tuple[Line, ...]:
    """The entries of the enumeration that the unit introduces; () if it introduces none."""
    passage = unit.passage
    if unit.item is not None or not unit.satz:
        return ()
    satz = next(satz for satz in passage.saetze if satz.number == unit.satz)
    if unit.span != _introduction(passage, unit.satz):
        return ()
    return tuple(
        line
        for line in scheme(passage)
        if line.entry and satz.span.start <= line.span.start < satz.span.end
    )


def _units(passage: Passage) -> Iterator[Unit]:
    if not passage.saetze:
        yield Unit(passage, Span(0, len(passage.text)), 0, None)
    for satz in passage.saetze:
        entries = top_entries(passage, satz.number)
        # A table stays whole: which row is meant ("Was kostet der Reiseausweis?") the question often
        # leaves open, and one picked alone showed the wrong amount in 2 of 381 cases of the dev split.
        table = "\t" in satz.span.of(passage.text)
        if not entries or table or satz.span.end - satz.span.start <= _WHOLE:
            yield Unit(passage, without_label(passage, satz.span), satz.number, None)
        else:
            yield from _pieces(passage, satz, entries)


def _pieces(passage: Passage, satz: Satz, entries: Sequence[Item]) -> Iterator[Unit]:
    """Introduction, entries and closing words of a long Satz."""
    intro = _introduction(passage, satz.number)
    if intro is not None:
        yield Unit(passage, intro, satz.number, None)
    for entry in entries:
        yield Unit(passage, entry.span, satz.number, entry)
    tail = trimmed(passage.text, entries[-1].span.end, satz.span.end)
    if tail is not None:
        yield Unit(passage, tail, satz.number, None)


def _introduction(passage: Passage, number: int) -> Span | None:
    """The words of a Satz before its enumeration; None without any."""
    satz = next(satz for satz in passage.saetze if satz.number == number)
    entries = top_entries(passage, number)
    if not entries:
        return None
    intro = trimmed(passage.text, satz.span.start, entries[0].span.start)
    return without_label(passage, intro) if intro else None
