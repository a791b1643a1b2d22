"""Understand a question: which places it names, which laws, and the words that remain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.citations import (
    Ambiguous,
    Inventory,
    Mention,
    Resolution,
    Resolved,
    Unknown,
    find,
    resolve,
)
from corpus.generation.analysis import Analyzer
from corpus.laws import known_laws
from corpus.models import NormRef, Span
from rag.day import NamedDay, mentioned_day, named_day
from rag.errors import BadQuestion
from rag.personal import PersonalKind, bare, mask
from rag.spelling import Correction, Speller
from rag.synonyms import Synonym, Thesaurus

LONGEST_QUESTION = 2_000
"""Characters; a pasted letter is longer than any question."""

# "Was regelt § 5 Abs. 4? Ist das zwingend?" asks for the place; with more words than these a question
# that names one may as well be answered elsewhere ("... gebunden, wenn nach § 60 Abs. 7 ...?").
_WORDS_BESIDE_A_PLACE = 4

# "ein Titel nach § 16b" describes a person's status; the question is about something else.
_STATUS = re.compile(
    r"(?:titel|erlaubnis|\bAE|\bNE|karte|duldung|visum|aufenthalt|status|inhaber\w*|antrag|erteilt|abgelehnt)\s+"
    r"(?:\w+\s+){0,2}?(?:nach|gem\.?|gemäß|gemaess|aus|iSd|i\.\s?S\.\s?d\.?)\s+(?:dem\s+|der\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that the question names."""

    mention: Mention
    resolution: Resolution
    as_status: bool
    """True for "Titel nach § 16b": background of the case rather than what is asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood."""

    text: str
    """As asked, white space trimmed, Unicode composed, and placeholders for personal data."""
    places: tuple[NamedPlace, ...]
    laws: tuple[str, ...]
    """Abbreviations of laws named without a §: they are preferred, not required."""
    terms: tuple[str, ...]
    """Index terms without the references, those of corrected words included."""
    words_left: int = 0
    """Words with a meaning of their own besides the references."""
    synonyms: tuple[Synonym, ...] = ()
    """What the thesaurus knows of it."""
    corrections: tuple[Correction, ...] = ()
    """Words that were probably mistyped."""
    day: NamedDay | None = None
    """The day of the law that it names; None if it names none."""
    mentioned: date | None = None
    """The one date that it names without saying that it is the day of the law."""
    hidden: tuple[PersonalKind, ...] = ()
    """Kinds of personal data that were typed; nothing behind this sees them."""
    before: Question | None = None
    """The question that it follows up ("und wenn er minderjährig ist?")."""

    @property
    def asked_for(self) -> tuple[NormRef, ...]:
        """Existing places that the question is about, in its order."""
        return tuple(
            ref
            for place in self.places
            if not place.as_status and isinstance(place.resolution, Resolved)
            for ref in place.resolution.refs
        )

    @property
    def is_about_places(self) -> bool:
        """Whether hardly a word remains besides the places: they are what is asked."""
        return self.words_left <= _WORDS_BESIDE_A_PLACE

    @property
    def background(self) -> tuple[NormRef, ...]:
        """Existing places that describe somebody's status, or that the question before was about."""
        earlier = (*self.before.asked_for, *self.before.background) if self.before else ()
        return earlier + tuple(
            ref
            for place in self.places
            if place.as_status and isinstance(place.resolution, Resolved)
            for ref in place.resolution.refs
        )

    @property
    def all_terms(self) -> tuple[str, ...]:
        """Index terms, those of the question before included."""
        return (*self.before.all_terms, *self.terms) if self.before else self.terms

    @property
    def whole(self) -> str:
        """The text with that of the question before, for the encoder; without day and placeholders."""
        text = bare(_without(self.text, [self.day.phrase]) if self.day else self.text)
        return f"{self.before.whole} {text}" if self.before else text

    @property
    def candidates(self) -> tuple[NormRef, ...]:
        """Places that a reference without a law may mean."""
        return tuple(
            ref
            for place in self.places
            if isinstance(place.resolution, Ambiguous)
            for ref in place.resolution.candidates
        )

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Named places that do not exist in what we hold."""
        return tuple(p.resolution for p in self.places if isinstance(p.resolution, Unknown))


def clean_question(raw: str) -> str:
    """Trim and compose; raises :class:`BadQuestion` for what is no question."""
    text = " ".join(unicodedata.normalize("NFC", raw).split())
    if not text:
        raise BadQuestion("question_empty", "Bitte geben Sie eine Frage ein.")
    if len(text) > LONGEST_QUESTION:
        raise BadQuestion(
            "question_too_long",
            f"Die Frage ist mit {len(text)} Zeichen zu lang. Bitte fassen Sie sie in höchstens "
            f"{LONGEST_QUESTION} Zeichen.",
        )
    controls = sum(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in text)
    if controls or not any(char.isalnum() for char in text):
        raise BadQuestion(
            "question_not_text",
            "Die Eingabe enthält keinen lesbaren Text. Bitte geben Sie die Frage in Worten ein.",
        )
    return text


@dataclass(frozen=True, slots=True)
class Language:
    """What it takes to understand a question."""

    analyzer: Analyzer
    inventory: Inventory
    thesaurus: Thesaurus
    speller: Speller


def understand(
    raw: str,
    language: Language,
    *,
    history: Sequence[str] = (),
    default_laws: Sequence[str] = (),
) -> Question:
    """Read a question; personal data is replaced before anything else looks at it.

    ``history``: the questions before, oldest first; the last one is what a follow-up rests on.
    ``default_laws``: laws preferred for a § without a law. Raises :class:`BadQuestion`.
    """
    masked = mask(clean_question(raw))
    text = masked.text
    mentions = find(text)
    places = tuple(
        NamedPlace(
            mention,
            resolve(mention, language.inventory, default_laws),
            _STATUS.search(text[: mention.span.start]) is not None,
        )
        for mention in mentions
    )
    day = named_day(text)
    aside = [mention.span for mention in mentions] + ([day.phrase] if day else [])
    rest = bare(_without(text, aside))
    corrections = language.speller.corrections(rest)
    meant = " ".join(correction.meant for correction in corrections)
    return Question(
        text=text,
        places=places,
        laws=_laws(rest),
        terms=tuple(language.analyzer.terms(f"{rest} {meant}")),
        words_left=sum(bool(language.analyzer.terms(word)) for word in rest.split()),
        synonyms=language.thesaurus.find(f"{rest} {meant}"),
        corrections=corrections,
        day=day,
        mentioned=mentioned_day(text),
        hidden=masked.kinds,
        before=understand(history[-1], language) if history else None,
    )


def _without(text: str, spans: Iterable[Span]) -> str:
    """The question without references and the day of the law; their digits would match any Absatz."""
    result, start = [], 0
    for span in sorted(spans):
        if span.start >= start:
            result.append(text[start : span.start])
            start = span.end
    result.append(text[start:])
    return " ".join(result)


_LAW_NAME = re.compile(
    r"(?<!\w)(?:"
    + "|".join(re.escape(spelling) for spelling in known_laws().spellings)
    + r")(?:e?s)?(?!\w)",
    re.IGNORECASE,
)


def _laws(text: str) -> tuple[str, ...]:
    """Laws named in ``text``, the genitive included, each once."""
    found: dict[str, None] = {}
    for match in _LAW_NAME.finditer(text):
        name = match.group()
        law = next(
            (
                law
                for ending in ("", "s", "es")
                if name.endswith(ending)
                and (law := known_laws().named(name.removesuffix(ending) if ending else name))
            ),
            None,
        )
        if law is not None:
            found[law.abbreviation] = None
    return tuple(found)
