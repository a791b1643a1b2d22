"""The nouns of the project: frozen values without behaviour beyond their own printing.

Source texts are kept verbatim; every :class:`Span` counts Unicode code points, start
inclusive, end exclusive, and always says into which text it points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a passage is, in the order of legal weight (see :data:`HIERARCHY`)."""

    LAW = "law"
    DECREE = "decree"
    MEMO = "memo"
    SUMMARY = "summary"


HIERARCHY: tuple[Kind, ...] = (Kind.LAW, Kind.DECREE, Kind.MEMO, Kind.SUMMARY)
"""Gesetz and Verordnung before Erlass before the office's memo before our own summary."""


class Audience(StrEnum):
    """Who may read a document. Laws are public; a memo is internal unless it says otherwise."""

    INTERNAL = "internal"
    PUBLIC = "public"


class MemoStatus(StrEnum):
    """Where a memo stands in its life; a withdrawn one is never indexed."""

    CURRENT = "current"
    REVIEW = "review"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The words this span covers in ``text``."""
        return text[self.start : self.end]

    def within(self, other: Span) -> bool:
        """Whether this span lies inside ``other`` (equal ends included)."""
        return other.start <= self.start and self.end <= other.end

    def shifted(self, by: int) -> Span:
        """The same stretch in a text that begins ``by`` characters earlier (negative: later)."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True, order=True)
class NormRef:
    """A place in a law, as exact as it is known: every field below the norm may be ``None``."""

    law: str
    """Usual abbreviation: ``AufenthG``, ``FreizügG/EU``, ``SGB II``."""
    number: str
    """Without the sign: ``104c``; an annex is ``Anlage`` or ``Anlage D14a``, an article ``Art 2``."""
    absatz: str | None = None
    """``3`` or ``2a``; None: the whole norm, or a norm without Absätze."""
    satz: str | None = None
    """``1``-based number of the Satz within its Absatz (or norm, if that has no Absätze)."""
    nummer: str | None = None
    """``2`` or ``1a`` of an enumeration."""
    buchstabe: str | None = None
    """``a`` or ``aa`` below a Nummer."""

    @property
    def norm(self) -> NormRef:
        """The norm this place lies in."""
        return NormRef(self.law, self.number)

    @property
    def key(self) -> str:
        """Stable key: ``AufenthG/26/3/1``. ``%`` and ``/`` inside a part are percent-escaped."""
        parts = [self.law, self.number, self.absatz, self.satz, self.nummer, self.buchstabe]
        while parts[-1] is None:
            parts.pop()
        return "/".join((part or "").replace("%", "%25").replace("/", "%2F") for part in parts)

    @classmethod
    def from_key(cls, key: str) -> NormRef:
        """The inverse of :attr:`key`; raises ``ValueError`` for anything else."""
        parts = [part.replace("%2F", "/").replace("%25", "%") for part in key.split("/")]
        if not 2 <= len(parts) <= 6 or not parts[0] or not parts[1]:
            raise ValueError(f"not the key of a norm: {key!r}")
        law, number, *rest = parts
        return cls(law, number, *(part or None for part in rest))

    def covers(self, other: NormRef) -> bool:
        """Whether ``other`` is this place or lies inside it."""
        mine = (self.law, self.number, self.absatz, self.satz, self.nummer, self.buchstabe)
        theirs = (other.law, other.number, other.absatz, other.satz, other.nummer, other.buchstabe)
        return all(m is None or m == t for m, t in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Law:
    """A law of the list in ``corpus/laws.toml``."""

    slug: str
    """Its directory on the official site: ``aufenthg_2004``."""
    abbreviation: str
    """The usual one, used everywhere in the project: ``AufenthG``."""
    name: str
    """Long name as used in plain text: ``Aufenthaltsgesetz``."""
    area: str
    """Group in lists, German: ``Aufenthalt``, ``Asyl``, ``Staatsangehörigkeit`` ..."""
    spellings: tuple[str, ...] = ()
    """Further ways people write it; matched without regard to case."""
    everyday: float = 0.5
    """How much an Ausländerbehörde works with it, 0 to 1: settles what the words leave open."""

    @property
    def url(self) -> str:
        """The official page of the law."""
        return f"https://www.gesetze-im-internet.de/{self.slug}/"

    @property
    def is_ordinance(self) -> bool:
        """Whether it ranks below statutes: a Verordnung is named so (a Gerichtsordnung is a statute)."""
        return self.name.casefold().endswith("verordnung")


@dataclass(frozen=True, slots=True)
class Satz:
    """One sentence of an Absatz, its enumeration included."""

    number: int
    """1-based, as one cites it."""
    span: Span
    """Into the norm's text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an enumeration: a Nummer, a Buchstabe or a deeper level."""

    labels: tuple[str, ...]
    """From outermost to this one, bare: ``("2", "a")``; ``""`` for a dash."""
    satz: int
    """Number of the Satz that the entry belongs to."""
    span: Span
    """Into the norm's text, label and deeper levels included."""

    @property
    def nummer(self) -> str | None:
        """The label that is cited as Nummer; None in a list of letters or dashes."""
        return next((label for label in self.labels if label[:1].isdigit()), None)

    @property
    def buchstabe(self) -> str | None:
        """The label that is cited as Buchstabe; None above that level."""
        return next((label for label in self.labels if label[:1].isalpha()), None)


@dataclass(frozen=True, slots=True)
class Absatz:
    """One Absatz; a norm without Absätze has a single one whose label is None."""

    label: str | None
    span: Span
    """Into the norm's text, the label ``(3)`` included."""
    saetze: tuple[Satz, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Norm:
    """One norm (§, article, annex) of one version of a law, with its structure as spans."""

    law: str
    number: str
    heading: str
    """Official heading, "" if it has none."""
    path: tuple[str, ...]
    """Section path from the outermost: ``("Kapitel 2 Einreise ...", "Abschnitt 3 ...")``."""
    text: str
    """The full wording; lines are separated by newlines, enumerations one entry per line."""
    absaetze: tuple[Absatz, ...]
    footnotes: tuple[str, ...] = ()
    repealed: bool = False
    """True for "(weggefallen)" and the like: shown, never an answer."""

    @property
    def ref(self) -> NormRef:
        """The place of the whole norm."""
        return NormRef(self.law, self.number)


@dataclass(frozen=True, slots=True)
class LawText:
    """One version of one law, as parsed from one official file."""

    law: Law
    title: str
    """The official long title."""
    stand: str
    """The Stand lines of the source, joined: "zuletzt geändert durch Art. 3 G v 25.10.2024 ..."."""
    pending: tuple[str, ...]
    """Hints of the source on changes not (fully) worked in and on its repeal, verbatim."""
    built_on: date
    """Day the official site built the file."""
    norms: tuple[Norm, ...]
    """In the order of the law."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a memo or decree."""

    heading: str
    path: tuple[str, ...]
    """Headings above this one, outermost first."""
    text: str
    """Its own words, paragraphs separated by newlines; tables row by row, cells by " | "."""
    page: int | None = None
    """1-based page on which the section begins; None where the format has no pages."""


@dataclass(frozen=True, slots=True)
class MemoMeta:
    """What the front matter (or the sidecar file) of a memo or decree says about it."""

    id: str
    title: str
    kind: Kind
    unit: str
    author_role: str
    approved_on: date | None
    review_by: date | None
    audience: Audience
    status: MemoStatus
    stand: date | None
    """Day of the law that the memo describes; None if it does not say."""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo, decree or customer information as read from one file."""

    meta: MemoMeta
    sections: tuple[Section, ...]
    source: str
    """File name relative to its folder, for messages."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The project's own unofficial summary of one norm ("Kurz erklärt")."""

    law: str
    number: str
    title: str
    text: str
    stand: date
    """Day of the law that it describes."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference found in a passage: where it stands and which place it names."""

    span: Span
    """Into the passage's text."""
    target: NormRef


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: one Absatz (or a run of its Nummern), or one section of a memo.

    For laws ``norm.text[start:end] == text`` holds, with ``start``/``end`` from :attr:`span`.
    """

    id: str
    """Unique per wording: the key of the place, the part, and a digest of the text."""
    kind: Kind
    source: str
    """Slug of the law or id of the memo."""
    law: str | None
    """Abbreviation; None for memos and decrees."""
    number: str | None
    absatz: str | None
    heading: str
    path: tuple[str, ...]
    title: str
    """What stands above the passage in a list: "§ 16b AufenthG Studium" or the memo's title."""
    text: str
    span: Span
    """Into the norm's (or section's) text."""
    saetze: tuple[Satz, ...]
    """Sätze that touch this passage, spans into :attr:`text`."""
    items: tuple[Item, ...]
    """Entries of enumerations in this passage, spans into :attr:`text`."""
    references: tuple[Reference, ...]
    citation: str
    """Printed form: "§ 26 Abs. 3 AufenthG" or "Arbeitshilfe „...“, Abschnitt „...“, S. 2"."""
    url: str
    """Official page of the norm, or the path of the memo's page in the service."""
    stand: str
    """Stand line of the source, or "Stand 05.03.2025" for a memo."""
    valid_from: date | None
    """Day this wording was first seen in the official text; None for memos."""
    valid_to: date | None
    """Day before the next wording was seen; None: current."""
    audience: Audience
    page: int | None = None

    @property
    def ref(self) -> NormRef | None:
        """The place of a law's or summary's passage; None for memos."""
        if self.law is None or self.number is None:
            return None
        return NormRef(self.law, self.number, self.absatz)

    @property
    def document(self) -> str:
        """What somebody reviews as a whole: the memo or decree, or the one summary."""
        return f"{self.source}/{self.number}" if self.kind is Kind.SUMMARY else self.source


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """The questions people really type that one Absatz answers."""

    law: str
    number: str
    absatz: str | None
    questions: tuple[str, ...]

    @property
    def ref(self) -> NormRef:
        """The place that answers the questions."""
        return NormRef(self.law, self.number, self.absatz)


@dataclass(frozen=True, slots=True)
class ElsewhereTopic:
    """Something that people ask an Ausländerbehörde and that its law does not answer."""

    id: str
    title: str
    referral: str
    """German: whom to ask instead."""
    questions: tuple[str, ...]
    """Ways in which people ask for it."""
    signals: tuple[str, ...] = ()
    """Groups of words that together nearly always mean this topic."""


class WordKind(StrEnum):
    """Where a word of the thesaurus comes from."""

    JARGON = "jargon"
    ABBREVIATION = "abbreviation"
    LAY = "lay"
    ENGLISH = "english"
    FORMER = "former"
    """An earlier name of a law, a title or a benefit."""
    NAME = "name"
    """What people call a law, an authority, a paper or a programme."""


@dataclass(frozen=True, slots=True)
class ThesaurusEntry:
    """Words people use and the words of the statute for the same thing."""

    kind: WordKind
    words: tuple[str, ...]
    """Spellings and synonyms; the first one stands in the glossary."""
    terms: tuple[str, ...]
    """Words of the statute."""
    place: NormRef | None
    """Where it is ruled on; None if there is no single place."""
    explain: str
    """One German sentence for the glossary."""


def norm_order(number: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """Sort key for numbers of norms and labels: ``9``, ``9a``, ``10``, then annexes.

    It is the order of every law of the list (tested over the mirror).
    """
    parts = re.findall(r"\d+|\D+", number)
    key = tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
    return (not number[:1].isdigit(), key)
