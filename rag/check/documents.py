"""Hold memos, decrees and summaries against the norms that their sentences cite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.citations import find, render
from corpus.models import Kind, NormRef, Passage, Satz, Span
from rag.check import CheckKind, Finding, check_statement
from rag.index import Index

_DOCUMENTS = (Kind.MEMO, Kind.DECREE, Kind.SUMMARY)
# What a document may not say otherwise than the norm it cites. In its choice of words, in what it leaves
# out and in how it groups cases it is free.
_BINDING = frozenset(
    (CheckKind.NUMBERS, CheckKind.PERIODS, CheckKind.AMOUNTS, CheckKind.DATES, CheckKind.MODALITY)
)


@dataclass(frozen=True, slots=True)
class Unborne:
    """A sentence of a document that the norms it cites do not bear out."""

    passage: Passage
    sentence: str
    places: tuple[NormRef, ...]
    """What the sentence cites."""
    findings: tuple[Finding, ...]

    @property
    def cited(self) -> str:
        """Printed form of the cited places."""
        return ", ".join(render(place) for place in self.places)


def unborne(index: Index, passages: Sequence[Passage]) -> Iterator[Unborne]:
    """Sentences of documents whose figures or modality their norms do not bear, in their order.

    A sentence that cites no norm is held against the one that the heading of its section names; a summary
    against its own, the Absätze that its paragraph names. Without either it is not judged.
    """
    for passage in passages:
        if passage.kind not in _DOCUMENTS:
            continue
        for satz in passage.saetze or (Satz(1, Span(0, len(passage.text))),):
            places = _cited(passage, satz.span)
            sources = [source for place in places for source in _sources(index, place)]
            if not sources:
                continue
            sentence = satz.span.of(passage.text)
            verdict = check_statement(sentence, sources, analyzer=index.analyzer)
            findings = tuple(f for f in verdict.findings if f.kind in _BINDING)
            if findings:
                yield Unborne(passage, sentence, places, findings)


def _cited(passage: Passage, span: Span) -> tuple[NormRef, ...]:
    if passage.kind is Kind.SUMMARY and passage.ref is not None:
        start = passage.text.rfind("\n", 0, span.start) + 1
        end = passage.text.find("\n", span.end)
        paragraph = Span(start, end if end >= 0 else len(passage.text))
        for named in (_targets(passage, span), _targets(passage, paragraph)):
            if own := tuple(target for target in named if target.number == passage.number):
                return own
        return (passage.ref,)
    return _targets(passage, span) or _of_heading(passage)


def _targets(passage: Passage, span: Span) -> tuple[NormRef, ...]:
    return tuple(dict.fromkeys(r.target for r in passage.references if r.span.within(span)))


def _of_heading(passage: Passage) -> tuple[NormRef, ...]:
    """The norms that the heading of a section names with their law."""
    return tuple(
        NormRef(mention.law, mention.number, mention.absatz)
        for mention in find(passage.heading)
        if mention.law is not None and mention.number is not None
    )


def _sources(index: Index, place: NormRef) -> Iterator[Passage]:
    """What stands now of a cited place: its Satz, its Absatz, or all of its norm."""
    for row in index.rows_by_norm.get((place.law, place.number), ()):
        passage = index.passages[row]
        whole = place.absatz is None or passage.absatz == place.absatz
        if row < index.today and passage.kind is Kind.LAW and whole:
            named = tuple(satz for satz in passage.saetze if str(satz.number) == place.satz)
            yield replace(passage, saetze=named) if named else passage
