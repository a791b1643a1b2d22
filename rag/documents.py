"""The office's documents: what each is about, how it stands, how one finds it, what belongs together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from corpus.generation.analysis import Analyzer, fold
from corpus.models import Audience, Kind, MemoMeta, NormRef, Passage
from corpus.path import PathTopic, learning_path
from corpus.reviews import review_reasons
from rag.errors import BadQuestion
from rag.index import Index

# Characters.
_LONGEST_TEXT = 200
_Choice = TypeVar("_Choice", bound=StrEnum)


class DocumentKind(StrEnum):
    """What people look for; information for customers is a memo that is public."""

    MEMO = "memo"
    DECREE = "decree"
    INFORMATION = "information"


class DocumentState(StrEnum):
    """Whether one may rely on a document."""

    VALID = "valid"
    REVIEW = "review"
    """Somebody has to look at it first."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section."""

    number: int
    """1-based place of the section."""
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A memo or decree as people look for it."""

    source: str
    title: str
    url: str
    kind: DocumentKind
    meta: MemoMeta
    reasons: tuple[str, ...]
    """German: why it is to be reviewed; () if it is not."""
    headings: tuple[Heading, ...]
    """In the order of the text; the title itself is left out."""
    norms: tuple[NormRef, ...]
    """Cited norms, those cited most often first."""
    topic: PathTopic | None
    """None: its topics are not known to the path."""
    text: str
    """All its sections."""

    @property
    def state(self) -> DocumentState:
        """Whether one may rely on it."""
        return DocumentState.REVIEW if self.reasons else DocumentState.VALID


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; every field may be left open."""

    text: str = ""
    kind: DocumentKind | None = None
    topic: str = ""
    """Slug of a topic of the path, or a topic as the front matter names it."""
    audience: Audience | None = None
    state: DocumentState | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Found:
    """A document that fits, with the sections whose headings fit."""

    document: Document
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Kin:
    """A document that belongs to another one."""

    document: Document
    topics: tuple[str, ...]
    """Topics that both name."""
    norms: tuple[NormRef, ...]
    """Norms that both cite, those that few documents cite first."""


def read_wanted(text: str, kind: str, topic: str, audience: str, state: str) -> Wanted:
    """What a request asks for, "" for what it leaves open; raises :class:`BadQuestion`."""
    text = " ".join(text.split())
    if len(text) > _LONGEST_TEXT:
        message = f"Der Suchtext darf höchstens {_LONGEST_TEXT} Zeichen haben."
        raise BadQuestion("question_too_long", message)
    return Wanted(
        text=text,
        kind=_chosen(DocumentKind, kind, "bad_kind", "Die Art"),
        topic=topic.strip(),
        audience=_chosen(Audience, audience, "bad_audience", "Die Zielgruppe"),
        state=_chosen(DocumentState, state, "bad_status", "Der Status"),
    )


def _chosen(kinds: type[_Choice], value: str, code: str, name: str) -> _Choice | None:
    if not value:
        return None
    try:
        return kinds(value)
    except ValueError as error:
        known = ", ".join(f"„{kind.value}“" for kind in kinds)
        raise BadQuestion(code, f"{name} muss eines von {known} sein.") from error


def documents(index: Index, today: date | None = None) -> tuple[Document, ...]:
    """Every memo and decree that was not withdrawn, by topic of the path, then by title."""
    standing = index.reader.register.now()
    order = {topic.slug: place for place, topic in enumerate(learning_path().topics)}
    found = []
    for source, state in index.reader.sources.items():
        if state.meta is None or source in standing.withdrawn:
            continue
        passages = [index.passages[row] for row in index.rows_by_source.get(source, ())]
        reasons = review_reasons(standing, source, state.meta, today)
        found.append(_document(state.url, state.meta, reasons, passages))
    return tuple(
        sorted(
            found,
            key=lambda d: (order[d.topic.slug] if d.topic else len(order), fold(d.title)),
        )
    )


def _document(
    url: str, meta: MemoMeta, reasons: tuple[str, ...], passages: Sequence[Passage]
) -> Document:
    public = meta.audience is Audience.PUBLIC
    kind = DocumentKind.INFORMATION if public else DocumentKind.MEMO
    headings = {section_number(p): p.heading for p in passages if p.heading not in ("", meta.title)}
    cited = Counter(ref.target.norm for passage in passages for ref in passage.references)
    return Document(
        source=meta.id,
        title=meta.title,
        url=url,
        kind=DocumentKind.DECREE if meta.kind is Kind.DECREE else kind,
        meta=meta,
        reasons=reasons,
        headings=tuple(Heading(number, text) for number, text in headings.items()),
        norms=tuple(norm for norm, _ in cited.most_common()),
        topic=learning_path().place_of(meta.topics),
        text="\n".join(passage.text for passage in passages),
    )


def section_number(passage: Passage) -> int:
    """1-based place of the section that a passage of a document comes from: its address ends so."""
    return int(passage.url.rpartition("-")[2])


def find_documents(
    held: Iterable[Document], wanted: Wanted, analyzer: Analyzer
) -> tuple[Found, ...]:
    """The documents that fit, in their order; with a text those first whose title or topics fit,
    then those with such a heading, then those with such words.
    """
    fitting = [document for document in held if _fits(document, wanted)]
    if not wanted.text:
        return tuple(Found(document) for document in fitting)
    asked = _Asked.of(wanted.text, analyzer)
    named, headed, worded = [], [], []
    for document in fitting:
        headings = tuple(h for h in document.headings if asked.is_in(h.text, analyzer))
        found = Found(document, headings)
        if asked.is_in(" ".join((document.title, *document.meta.topics)), analyzer):
            named.append(found)
        elif headings:
            headed.append(found)
        elif asked.is_in(document.text, analyzer):
            worded.append(found)
    return (*named, *headed, *worded)


def _fits(document: Document, wanted: Wanted) -> bool:
    return (
        wanted.kind in (None, document.kind)
        and wanted.audience in (None, document.meta.audience)
        and wanted.state in (None, document.state)
        and (not wanted.topic or _belongs(document, wanted.topic))
    )


def _belongs(document: Document, topic: str) -> bool:
    named = learning_path().topic(topic)
    words = named.words if named else (topic,)
    own = {word.casefold() for word in document.meta.topics}
    return any(word.casefold() in own for word in words)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text to look for: as typed, and word by word as index terms."""

    typed: re.Pattern[str]
    words: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str, analyzer: Analyzer) -> _Asked:
        terms = (tuple(analyzer.terms(word)) for word in text.split())
        # A word is found from its beginning: "NE" is not in "ohne".
        typed = re.compile(rf"(?<!\w){re.escape(text)}", re.IGNORECASE)
        return cls(typed, tuple(word for word in terms if word))

    def is_in(self, text: str, analyzer: Analyzer) -> bool:
        """Whether ``text`` holds it as typed, or every word of it in whatever form.

        A compound is there if its whole is, or if all its parts are.
        """
        if self.typed.search(text):
            return True
        have = set(analyzer.terms(text))
        return bool(self.words) and all(
            word[0] in have or (len(word) > 1 and have.issuperset(word[1:])) for word in self.words
        )


def kin_of(document: Document, held: Sequence[Document], most: int = 6) -> tuple[Kin, ...]:
    """Documents with the same topics or norms; those that share most topics first, then those that
    share norms which few documents cite.
    """
    citing = Counter(norm for other in held for norm in other.norms)
    topics = {word.casefold() for word in document.meta.topics}
    found = []
    for other in held:
        if other.source == document.source:
            continue
        shared = tuple(word for word in other.meta.topics if word.casefold() in topics)
        both = sorted(set(other.norms) & set(document.norms), key=lambda norm: (citing[norm], norm))
        if shared or both:
            weight = (len(shared), sum(1 / citing[norm] for norm in both))
            found.append((weight, Kin(other, shared, tuple(both))))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(kin for _, kin in found[:most])
