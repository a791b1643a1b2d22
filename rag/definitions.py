"""The definitions of terms that an answer quotes: the law's own words, where it defines them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.citations import render
from corpus.definitions import Definition
from corpus.models import Kind, NormRef, Passage, Span
from rag.decisive import Quote
from rag.index import Index, Scope, on_day
from rag.structure import place_in, without_label


@dataclass(frozen=True, slots=True)
class Defined:
    """A term that an answer quotes, with the words that define it."""

    term: str
    passage: Passage
    span: Span
    """The defining words in the passage's text."""
    place: NormRef
    pinpoint: str
    """Printed form of the place, with the day if one was asked for."""

    @property
    def text(self) -> str:
        """The defining words, verbatim."""
        return self.span.of(self.passage.text)


def defined_terms(
    index: Index, quotes: Sequence[Quote], as_of: date | None, most: int
) -> tuple[Defined, ...]:
    """Up to ``most`` terms that the quotes of law contain, in the order in which they appear.

    Only where the defining words can be shown: they stand at their place on the day and name the
    term. A definition that is quoted anyway is left out.
    """
    found: list[Defined] = []
    for definition in _used(index, quotes):
        if len(found) == most:
            break
        defined = _defined(index, definition, as_of)
        if defined is not None and not any(_quotes(quote, defined) for quote in quotes):
            found.append(defined)
    return tuple(found)


def _used(index: Index, quotes: Sequence[Quote]) -> Iterator[Definition]:
    """Definitions of terms in the quotes of their own law, each once."""
    seen: set[Definition] = set()
    for quote in quotes:
        law = quote.passage.law
        if quote.passage.kind is not Kind.LAW or law not in index.terms_by_law:
            continue
        text = _stems(index, quote.text)
        here = [
            (text.index(stems), definition)
            for stems, definition in index.terms_by_law[law]
            if stems in text and definition not in seen
        ]
        for _, definition in sorted(here, key=lambda pair: pair[0]):
            if definition not in seen:
                seen.add(definition)
                yield definition


def _defined(index: Index, definition: Definition, as_of: date | None) -> Defined | None:
    """The words at the place of a definition; None if they do not name the term."""
    place, name = definition.place, _stems(index, definition.name)
    day = f" {on_day(as_of)}" if as_of else ""
    allowed = index.allowed(Scope(day=as_of))
    for row in index.rows_by_norm.get((place.law, place.number), ()):
        passage = index.passages[row]
        if not allowed[row] or passage.kind is not Kind.LAW or passage.absatz != place.absatz:
            continue
        for span, ref in _stretches(passage):
            if ref == place and name in _stems(index, span.of(passage.text)):
                return Defined(definition.name, passage, span, place, f"{render(place)}{day}")
    return None


def _stretches(passage: Passage) -> Iterator[tuple[Span, NormRef | None]]:
    """Sätze and Nummern of a passage with their places."""
    for satz in passage.saetze:
        yield without_label(passage, satz.span), place_in(passage, satz.number)
    for item in passage.items:
        yield item.span, place_in(passage, item.satz, item)


def _quotes(quote: Quote, defined: Defined) -> bool:
    same = quote.passage.id == defined.passage.id
    return same and (defined.span.within(quote.span) or quote.span.within(defined.span))


def _stems(index: Index, text: str) -> str:
    return f" {' '.join(index.analyzer.stems(text))} "
