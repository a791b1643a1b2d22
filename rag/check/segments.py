"""Cut passages into what a statement may rest on, and find the stretch that it rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.citations import find
from corpus.generation.analysis import Analyzer, fold, words
from corpus.models import NormRef, Passage
from corpus.thesaurus import thesaurus
from rag.check.clauses import clauses, main_text
from rag.check.lists import words_of_check
from rag.check.quantities import WITHIN
from rag.structure import place_in, top_entries, trimmed, without_label

# Stems this long that begin alike belong together: "verlänger-" and "verlängerungs-".
_ALIKE = 6
# A Satz with an enumeration up to this length also counts as one stretch.
_WHOLE = 700
# Weight of a word that every stretch has, beside the one for being rare.
_FLOOR = 0.35
# Differences of shares up to which two stretches are equal, and from which one is no longer meant.
_EQUAL, _FAR = 0.02, 0.5


# Places in a row: "§ 16b Absatz 1, 5 oder 7".
_PLACES = re.compile(
    r"\s+§(?:\s*(?:,|und|oder|bis|sowie|in Verbindung mit|i\. ?V\. ?m\.)?\s*§)*\s+"
)
# Passages whose stretches are kept: an answer asks for the same few again and again.
_KEPT, _KEPT_TEXTS = 2_000, 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A clause with its stems."""

    text: str
    stems: frozenset[str]
    main: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A Satz, or the introduction of an enumeration with one of its entries."""

    text: str
    place: NormRef | None
    stems: frozenset[str]
    parts: tuple[Part, ...]
    """Its clauses, in order."""

    orders: tuple[str, ...]
    """What is ordered, without conditions: one text per half of a Satz with a semicolon."""


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
        return _stems_of(text, self.analyzer)

    def content(self, text: str, *, generic_too: bool = False) -> tuple[Word, ...]:
        """The content words of a statement, each with its synonyms; ``generic_too``: all words."""
        return _content_of(text, generic_too, self.analyzer)


# The same clauses of the same passages are compared again and again.
@lru_cache(maxsize=_KEPT_TEXTS)
def _stems_of(text: str, analyzer: Analyzer) -> frozenset[str]:
    return frozenset(analyzer.terms(text))


@lru_cache(maxsize=_KEPT_TEXTS)
def _content_of(text: str, generic_too: bool, analyzer: Analyzer) -> tuple[Word, ...]:
    generic = frozenset[str]() if generic_too else words_of_check().generic
    return tuple(
        _word(word, analyzer)
        for word in words(text)
        if not word[:1].isdigit() and word not in generic and analyzer.terms(word)
    )


@lru_cache(maxsize=_KEPT_TEXTS)
def _word(word: str, analyzer: Analyzer) -> Word:
    stems = frozenset(analyzer.terms(word))
    synonyms = _synonyms_by_stem(analyzer).get(" ".join(analyzer.stems(word)), frozenset())
    return Word(word, stems | synonyms)


@lru_cache(maxsize=4)
def _synonyms_by_stem(analyzer: Analyzer) -> dict[str, frozenset[str]]:
    """Stem of a word -> stems of what statutes call it, from the thesaurus and the own list."""
    pairs = [(word, entry.terms) for entry in thesaurus() for word in entry.words]
    pairs += list(words_of_check().synonyms.items())
    pairs += [(word, group) for group in words_of_check().forms for word in group]
    found: dict[str, frozenset[str]] = {}
    for word, terms in pairs:
        stem = " ".join(analyzer.stems(word))
        stems = frozenset(other for term in terms for other in analyzer.terms(term))
        found[stem] = found.get(stem, frozenset()) | stems
    return found


_SEPARABLE = re.compile(
    r"^(ab|an|auf|aus|bei|ein|fest|her|hin|mit|nach|vor|weg|wieder|zu|zuruck)(?:ge|zu)(?=\w{3})"
)
# Letters by which two forms of a verb are one: "abzusehen" and "abgesehen" are "absehe".
_ROOT = 6


def verb_root(word: str) -> str:
    """The beginning that all forms of a verb share, the infixes "ge" and "zu" left out."""
    return _SEPARABLE.sub(r"\1", fold(word)).removeprefix("ge")[:_ROOT]


def covers(stems: frozenset[str], word: Word) -> bool:
    """Whether a text with these stems holds the word, a form, a part or a synonym of it."""
    if word.stems & stems:
        return True
    beginnings = _beginnings(stems)
    return any(len(own) >= _ALIKE and own[:_ALIKE] in beginnings for own in word.stems)


@lru_cache(maxsize=_KEPT_TEXTS)
def _beginnings(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(stem[:_ALIKE] for stem in stems)


def coverage(stems: frozenset[str], content: Sequence[Word]) -> float:
    """Share of the content words that a text holds, 0 to 1; 1 for none at all."""
    if not content:
        return 1.0
    return sum(covers(stems, word) for word in content) / len(content)


def segments(passages: Sequence[Passage], lexicon: Lexicon) -> list[Segment]:
    """All stretches of the passages that a statement may rest on."""
    return [segment for passage in passages for segment in _segments_of(passage, lexicon.analyzer)]


@lru_cache(maxsize=_KEPT)
def _segments_of(passage: Passage, analyzer: Analyzer) -> tuple[Segment, ...]:
    lexicon = Lexicon(analyzer)
    return tuple(
        Segment(
            text,
            place,
            lexicon.stems(text),
            parts_of(text, lexicon),
            tuple(main_text(half) for half in without_citations(text).split("; ")),
        )
        for text, place in _stretches(passage)
    )


def parts_of(text: str, lexicon: Lexicon) -> tuple[Part, ...]:
    """The clauses of a text with their stems."""
    bare = without_citations(text)
    return tuple(Part(c.text, lexicon.stems(c.text), c.main) for c in clauses(bare))


@lru_cache(maxsize=_KEPT)
def without_citations(text: str) -> str:
    """A text without the places it names: their commas and figures cut and count nothing."""
    for mention in reversed(find(text)):
        text = f"{text[: mention.span.start]} § {text[mention.span.end :]}"
    return _PLACES.sub(" ", WITHIN.sub(" § ", text))


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
        place = place_in(passage, satz.number)
        if not entries and "; " in text:
            yield from ((half, place) for half in text.split("; "))
        if not entries:
            continue
        intro = trimmed(passage.text, span.start, entries[0].span.start)
        tail = trimmed(passage.text, entries[-1].span.end, satz.span.end)
        before = intro.of(passage.text) if intro else ""
        after = tail.of(passage.text) if tail else ""
        for entry in entries:
            words_of_entry = entry.span.of(passage.text)
            yield f"{before} {words_of_entry} {after}", place_in(passage, satz.number, entry)


def weights(found: Sequence[Segment], content: Sequence[Word]) -> list[float]:
    """How much each word says about which stretch is meant: a word that all have says little."""
    held = [sum(covers(segment.stems, word) for segment in found) for word in content]
    return [math.log((len(found) + 1) / (count + 0.5)) + _FLOOR for count in held]


def best(found: Sequence[Segment], content: Sequence[Word], margin: float) -> list[Segment]:
    """The stretches that hold most of the content words by weight; nearly as good ones too.

    Of equal ones the shorter: a long stretch holds more words by chance.
    """
    return [segment for share, segment in _ranked(found, content) if share >= -margin]


def bearing(found: Sequence[Segment], content: Sequence[Word]) -> list[Segment]:
    """The stretches that a statement rests on together.

    The best one, its equals, and those that hold words of the statement that none before holds: a statement
    may join two Sätze.
    """
    ranked = _ranked(found, content)
    chosen = [segment for share, segment in ranked if share >= -_EQUAL]
    left = [word for word in content if not any(covers(s.stems, word) for s in chosen)]
    for share, segment in ranked[len(chosen) :]:
        if share < -_FAR:
            break
        own = [word for word in left if covers(segment.stems, word)]
        if own:
            chosen.append(segment)
            left = [word for word in left if word not in own]
    return chosen


def _ranked(found: Sequence[Segment], content: Sequence[Word]) -> list[tuple[float, Segment]]:
    """Best first, each with how much less of the weight it holds than the best one (0 or below)."""
    weight = weights(found, content)
    total = sum(weight) or 1.0
    scored = []
    for place, segment in enumerate(found):
        share = sum(
            w for w, word in zip(weight, content, strict=True) if covers(segment.stems, word)
        )
        scored.append((share / total, -len(segment.text), place))
    scored.sort(reverse=True)
    return [(share - scored[0][0], found[place]) for share, _, place in scored]
