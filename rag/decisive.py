"""Find the decisive words of a passage: the Satz that answers, or a Nummer of a long one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.citations import render
from corpus.generation.analysis import Analyzer
from corpus.generation.encoder import Encoder
from corpus.models import Item, NormRef, Passage, Satz, Span

# A Satz up to this length is quoted whole; of a longer one with an enumeration only its
# introduction and the entries that fit are.
_WHOLE = 600
# Words decide, meaning breaks ties: cosine of two short texts is a rough guide.
_MEANING = 0.5


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a passage with its exact place."""

    passage: Passage
    span: Span
    """Into the passage's text."""
    place: NormRef | None
    """Absatz, Satz, Nummer as far as proven; None for memos."""
    weight: float
    """How well it fits the question, comparable within one question."""

    @property
    def text(self) -> str:
        """The quoted words."""
        return self.span.of(self.passage.text)

    @property
    def citation(self) -> str:
        """Printed form of the exact place, or of the passage."""
        return render(self.place) if self.place else self.passage.citation


@dataclass(frozen=True, slots=True)
class _Unit:
    """A candidate for quoting."""

    span: Span
    satz: int
    item: Item | None


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs stretches of text against one question."""

    analyzer: Analyzer
    encoder: Encoder
    terms: tuple[str, ...]
    question: str

    def weigh(self, texts: Sequence[str]) -> list[float]:
        """How well each text fits the question, 0 and up.

        Shared terms count by their rarity among ``texts`` and are damped by length; the cosine of
        the encoder adds to it.
        """
        wanted = set(self.terms)
        found = [Counter(self.analyzer.terms(text)) for text in texts]
        frequency = Counter(term for counts in found for term in wanted & counts.keys())
        vectors = self.encoder.encode([self.question, *texts])
        cosines = vectors[1:] @ vectors[0]
        weights = []
        for counts, cosine in zip(found, cosines, strict=True):
            shared = sum(
                math.log(1 + len(texts) / frequency[term]) for term in wanted & counts.keys()
            )
            length = 1 + math.log1p(sum(counts.values()) / 10)
            weights.append(shared / length + _MEANING * max(0.0, float(cosine)))
        return weights


def decisive_quotes(passage: Passage, judge: Judge, most: int) -> list[Quote]:
    """Up to ``most`` quotes of ``passage``, in the order of its text.

    A chosen entry of a long enumeration brings the introduction of its Satz along.
    """
    units = list(_units(passage))
    if not units:
        return []
    weights = judge.weigh([unit.span.of(passage.text) for unit in units])
    order = np.argsort(-np.asarray(weights), kind="stable")[:most]
    chosen = {int(index) for index in order}
    for index in list(chosen):
        chosen.update(_introduction(units, index))
    return [
        Quote(passage, units[index].span, _place(passage, units[index]), weights[index])
        for index in sorted(chosen)
    ]


def _units(passage: Passage) -> Iterator[_Unit]:
    if not passage.saetze:
        yield _Unit(Span(0, len(passage.text)), 0, None)
    for satz in passage.saetze:
        own = [item for item in passage.items if item.satz == satz.number]
        top = min((len(item.labels) for item in own), default=0)
        entries = [item for item in own if len(item.labels) == top]
        if not entries or satz.span.end - satz.span.start <= _WHOLE:
            yield _Unit(_without_label(passage, satz.span), satz.number, None)
            continue
        yield from _pieces(passage, satz, entries)


def _pieces(passage: Passage, satz: Satz, entries: Sequence[Item]) -> Iterator[_Unit]:
    """A long Satz in pieces: what stands before the enumeration, each entry, what follows."""
    head = _trimmed(passage.text, satz.span.start, entries[0].span.start)
    if head is not None:
        yield _Unit(_without_label(passage, head), satz.number, None)
    for entry in entries:
        yield _Unit(entry.span, satz.number, entry)
    tail = _trimmed(passage.text, entries[-1].span.end, satz.span.end)
    if tail is not None:
        yield _Unit(tail, satz.number, None)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _without_label(passage: Passage, span: Span) -> Span:
    """Leave out the label "(3)" that a first Satz begins with."""
    label = f"({passage.absatz})"
    if passage.absatz is None or not span.of(passage.text).startswith(label):
        return span
    return _trimmed(passage.text, span.start + len(label), span.end) or span


def _introduction(units: Sequence[_Unit], index: int) -> Iterator[int]:
    """Index of the words before the enumeration that the chosen entry belongs to."""
    if units[index].item is None:
        return
    for before in range(index - 1, -1, -1):
        if units[before].satz != units[index].satz:
            return
        if units[before].item is None:
            yield before
            return


def _place(passage: Passage, unit: _Unit) -> NormRef | None:
    ref = passage.ref
    if ref is None or not unit.satz:
        return ref
    several = len({satz.number for satz in passage.saetze}) > 1 or unit.satz > 1
    return NormRef(
        ref.law,
        ref.number,
        ref.absatz,
        str(unit.satz) if several else None,
        unit.item.nummer if unit.item else None,
        unit.item.buchstabe if unit.item else None,
    )
