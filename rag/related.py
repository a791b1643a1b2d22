"""Norms around the best passages: what their words refer to, and where their terms are defined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.citations import render
from corpus.models import NormRef, Passage, Span
from rag.index import Index

REFERS_TO = "verweist auf"
DEFINED_IN = "Begriffsbestimmung"


@dataclass(frozen=True, slots=True)
class Related:
    """A norm that belongs to the best ones without competing with them."""

    ref: NormRef
    label: str
    """Printed form."""
    relation: str
    """German: how it is related, e.g. "verweist auf"."""


def related_norms(
    index: Index, places: Sequence[tuple[Passage, Span]], most: int
) -> tuple[Related, ...]:
    """Up to ``most`` existing norms for stretches of passages, each norm once.

    What the stretches refer to, in their order, then where terms that they use are defined.
    """
    seen = {passage.ref.norm for passage, _ in places if passage.ref}
    found: list[Related] = []
    for target, relation in (*_references(places), *_definitions(index, places)):
        if len(found) == most:
            break
        if target.norm not in seen and (target.law, target.number) in index.rows_by_norm:
            seen.add(target.norm)
            found.append(Related(target, render(target), relation))
    return tuple(found)


def _references(places: Sequence[tuple[Passage, Span]]) -> Iterator[tuple[NormRef, str]]:
    for passage, span in places:
        for reference in passage.references:
            if reference.span.within(span):
                yield reference.target, REFERS_TO


def _definitions(
    index: Index, places: Sequence[tuple[Passage, Span]]
) -> Iterator[tuple[NormRef, str]]:
    for passage, span in places:
        text = f" {' '.join(index.analyzer.stems(span.of(passage.text)))} "
        for term, place in index.definitions:
            if place.law == passage.law and f" {term} " in text:
                yield place, DEFINED_IN
