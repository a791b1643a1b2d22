"""What the catalogue of curated questions covers, and where it is in doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from corpus.models import CatalogueEntry, Kind, NormRef
from rag.index import Index


@dataclass(frozen=True, slots=True)
class LawCoverage:
    """The catalogue of one law."""

    law: str
    absaetze: int
    """Absätze in force that can answer."""
    covered: int
    """Those with at least one question."""
    questions: int
    without: tuple[NormRef, ...]
    """Absätze without any question, in the order of the law."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that several norms claim: the search cannot know which one is meant."""

    question: str
    norms: tuple[NormRef, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole catalogue, law by law."""

    laws: tuple[LawCoverage, ...]
    claims: tuple[Claim, ...]


def coverage(index: Index) -> Coverage:
    """Count questions per Absatz and find those that read alike for different norms."""
    return Coverage(coverage_by_law(index), _claims(index))


def coverage_by_law(index: Index) -> tuple[LawCoverage, ...]:
    """The counts alone, without the long look for questions that read alike."""
    counts = Counter(index.question_places)
    places: dict[str, list[NormRef]] = {}
    for passage in index.passages[: index.today]:
        if passage.ref is not None and passage.kind in (Kind.LAW, Kind.SUMMARY):
            group = places.setdefault(passage.ref.law, [])
            if not group or group[-1] != passage.ref:
                group.append(passage.ref)
    return tuple(
        LawCoverage(
            law=law,
            absaetze=len(refs),
            covered=sum(ref.key in counts for ref in refs),
            questions=sum(counts[ref.key] for ref in refs),
            without=tuple(ref for ref in refs if ref.key not in counts),
        )
        for law, refs in places.items()
    )


def curated_questions(index: Index, norm: NormRef) -> tuple[CatalogueEntry, ...]:
    """What people ask that today's wording of a norm answers, Absatz by Absatz."""
    rows = (row for row in index.rows_by_norm.get((norm.law, norm.number), ()) if row < index.today)
    return tuple(
        CatalogueEntry(
            norm.law,
            norm.number,
            NormRef.from_key(place).absatz,
            tuple(index.questions[number] for number in index.questions_by_place[place]),
        )
        for place in dict.fromkeys(index.places[row] for row in rows)
        if place in index.questions_by_place
    )


def _claims(index: Index) -> tuple[Claim, ...]:
    """Questions with the same index terms at places of different norms."""
    groups: dict[frozenset[str], list[tuple[str, NormRef]]] = {}
    rows = zip(index.questions, index.question_places, index.question_terms, strict=True)
    for question, place, terms in rows:
        passage = index.passages[index.rows_by_place[place][0]]
        if passage.ref is not None:
            groups.setdefault(terms, []).append((question, passage.ref.norm))
    return tuple(
        Claim(group[0][0], norms)
        for group in groups.values()
        if len(norms := tuple(dict.fromkeys(norm for _, norm in group))) > 1
    )
