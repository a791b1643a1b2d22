"""Cut passages into what a statement may rest on, and find the stretch that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.generation.analysis import Analyzer, words
from corpus.models import NormRef, Passage
from corpus.thesaurus import thesaurus
from rag.check.lists import words_of_check
from rag.structure import place_in, top_entries, trimmed, without_label

# Stems this long that begin alike belong together: "verlänger-" and "verlängerungs-".
_ALIKE = 6
# A Satz with an enumeration up to this length also counts as one stretch.
_WHOLE = 700


@dataclass(frozen=True, slots=True)
class Segment:
    """A Satz, or the introduction of an enumeration with one of its entries."""

    text: str
    place: NormRef | None
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a statement."""

    written: str
    stems: frozenset[str]
    """Its stem and those of its parts and synonyms; one of them is enough."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Turns words into what can be compared."""

    analyzer: Analyzer

    def stems(self, text: str) -> frozenset[str]:
        """All stems of a text, those of parts of compounds included."""
        return frozenset(self.analyzer.terms(text))

    def content(self, text: str) -> tuple[Word, ...]:
        """The content words of a statement, each with its synonyms."""
        generic = words_of_check().generic
        return tuple(
            Word(word, frozenset(stems) | self._synonyms(word))
            for word in words(text)
            if not word[:1].isdigit()
            and word not in generic
            and (stems := self.analyzer.terms(word))
        )

    def _synonyms(self, word: str) -> frozenset[str]:
        stem = " ".join(self.analyzer.stems(word))
        terms = _synonyms_by_stem(self.analyzer).get(stem, ())
        return frozenset(t for term in terms for t in self.analyzer.terms(term))


_BY_ANALYZER: dict[int, dict[str, tuple[str, ...]]] = {}


def _synonyms_by_stem(analyzer: Analyzer) -> dict[str, tuple[str, ...]]:
    known = _BY_ANALYZER.get(id(analyzer))
    if known is None:
        known = {}
        for entry in thesaurus():
            for word in entry.words:
                stem = " ".join(analyzer.stems(word))
                known[stem] = (*known.get(stem, ()), *entry.terms)
        _BY_ANALYZER.clear()
        _BY_ANALYZER[id(analyzer)] = known
    return known


def covers(stems: frozenset[str], word: Word) -> bool:
    """Whether a text with these stems holds the word, a form, a part or a synonym of it."""
    if word.stems & stems:
        return True
    return any(
        len(own) >= _ALIKE and any(other.startswith(own[:_ALIKE]) for other in stems)
        for own in word.stems
    )


def coverage(stems: frozenset[str], content: Sequence[Word]) -> float:
    """Share of the content words that a text holds, 0 to 1; 1 for none at all."""
    if not content:
        return 1.0
    return sum(covers(stems, word) for word in content) / len(content)


def segments(passages: Sequence[Passage], lexicon: Lexicon) -> list[Segment]:
    """All stretches of the passages that a statement may rest on."""
    return [
        Segment(text, place, lexicon.stems(f"{text} {passage.heading}"))
        for passage in passages
        for text, place in _stretches(passage)
    ]


def _stretches(passage: Passage) -> Iterator[tuple[str, NormRef | None]]:
    if not passage.saetze:
        for line in passage.text.split("\n"):
            if line.strip():
                yield line, passage.ref
        return
    for satz in passage.saetze:
        span = without_label(passage, satz.span)
        text = span.of(passage.text)
        entries = top_entries(passage, satz.number)
        if not entries or len(text) <= _WHOLE:
            yield text, place_in(passage, satz.number)
        if not entries:
            continue
        intro = trimmed(passage.text, span.start, entries[0].span.start)
        tail = trimmed(passage.text, entries[-1].span.end, satz.span.end)
        before = intro.of(passage.text) if intro else ""
        after = tail.of(passage.text) if tail else ""
        for entry in entries:
            words_of_entry = entry.span.of(passage.text)
            yield f"{before} {words_of_entry} {after}", place_in(passage, satz.number, entry)


def best(found: Sequence[Segment], content: Sequence[Word], margin: float) -> list[Segment]:
    """The stretches that hold most of the content words; nearly as good ones (``margin``) too.

    Of equal ones the shorter: a long stretch holds more words by chance.
    """
    if not found:
        return []
    scored = sorted(
        (
            (coverage(segment.stems, content), -len(segment.text), place)
            for place, segment in enumerate(found)
        ),
        reverse=True,
    )
    top = scored[0][0]
    return [found[place] for share, _, place in scored if share >= top - margin]
