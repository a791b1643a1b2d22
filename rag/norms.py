"""Everything about one norm: its wording on a day, its neighbours in the web of references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import Levenshtein

from corpus.citations import render
from corpus.diff import AbsatzDiff, diff_norms
from corpus.laws import Laws, known_laws
from corpus.models import Kind, Norm, NormRef, Passage, Span, norm_order
from corpus.store.reading import CorpusReader, NormVersion, SourceState
from corpus.transitions import Transition
from rag.days import carried_over, change_notices, existence, reach_notices, version_on
from rag.errors import BadQuestion
from rag.reviews import review_notes
from rag.structure import Binding, Joined, Role, scheme


@dataclass(frozen=True, slots=True)
class NormPage:
    """A norm with what stands around it."""

    norm: Norm
    source: SourceState
    url: str
    version: NormVersion
    versions: tuple[NormVersion, ...]
    """Every wording held, oldest first."""
    references_out: tuple[NormRef, ...]
    references_in: tuple[NormRef, ...]
    """Norms of today's law, in the order of the laws."""
    incoming: tuple[NormRef, ...]
    """Per reference of today's law to the norm, the Absatz in which it stands."""
    documents: tuple[Passage, ...]
    """The passage of each memo or decree that cites the norm, one per document."""
    summary: str | None
    reviews: Mapping[str, str]
    """Document -> "zu prüfen: ..." for the documents and the summary that need it."""
    outgoing: tuple[tuple[int, int, NormRef], ...]
    """Start, end and target of each reference in the norm's text."""
    notices: tuple[str, ...]
    transitions: tuple[Transition, ...]
    """Transitional rules that may matter on the day asked for."""
    scheme: tuple[SchemeLine, ...]
    """The norm sorted by what its words do, in the order of its text."""

    @property
    def summary_review(self) -> str | None:
        """What is said of a summary that is to be reviewed; None if it is not."""
        return next((n for d, n in self.reviews.items() if d.startswith("summary:")), None)

    @property
    def stand(self) -> str:
        """The Stand of the source, for an earlier wording as it was then."""
        return self.source.stand if self.version.current else self.version.stand


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A line of the scheme, with its words."""

    text: str
    span: Span
    """Into the norm's text."""
    place: NormRef | None
    role: Role
    binding: Binding | None
    joined: Joined | None
    entry: bool
    """Whether it is the entry of an enumeration."""


class UnknownNorm(LookupError):
    """A law or norm that is not in the corpus."""

    def __init__(self, law: str, number: str | None, nearest: tuple[NormRef, ...]) -> None:
        self.law = law
        self.number = number
        self.nearest = nearest
        super().__init__(law, number)


def resolve_law(reader: CorpusReader, name: str, laws: Laws | None = None) -> str:
    """The abbreviation of a law named in any spelling; raises :class:`UnknownNorm`."""
    law = (laws or known_laws()).named(name)
    abbreviation = law.abbreviation if law else name
    if abbreviation not in reader.laws():
        raise UnknownNorm(abbreviation, None, ())
    return abbreviation


def read_norm(reader: CorpusReader, name: str, number: str, as_of: date | None) -> NormPage:
    """The page of one norm, in the wording of ``as_of`` or the newest one.

    Raises :class:`UnknownNorm` with the nearest existing numbers.
    """
    law, number, versions, version = _read_versions(reader, name, number, as_of)
    statute = reader.passages_in(version)
    summaries = [p for p in reader.passages_of(law, number) if p.kind is Kind.SUMMARY]
    here = NormRef(law, number)
    source = reader.sources[version.source]
    withdrawn = reader.register.now().withdrawn
    citing = reader.citing(here, (Kind.DECREE, Kind.MEMO))
    documents = tuple(_documents(p for p in citing if p.source not in withdrawn))
    incoming = tuple(
        passage.ref
        for passage in reader.citing(here, (Kind.LAW,))
        for reference in passage.references
        if passage.ref is not None and reference.target.norm == here
    )
    return NormPage(
        norm=version.norm,
        source=source,
        url=statute[0].url if statute else source.url,
        version=version,
        versions=versions,
        references_out=tuple(_targets(statute, here)),
        references_in=tuple(dict.fromkeys(ref.norm for ref in incoming)),
        incoming=incoming,
        documents=documents,
        summary=summaries[0].text if summaries else None,
        reviews=review_notes(reader, (*documents, *summaries)),
        outgoing=tuple(_outgoing(statute)),
        notices=tuple(_notices(reader, here, version, versions, as_of)),
        transitions=carried_over(statute, as_of) if as_of else (),
        scheme=tuple(
            SchemeLine(
                line.span.of(passage.text),
                line.span.shifted(passage.span.start),
                line.place,
                line.role,
                line.binding,
                line.joined,
                line.entry,
            )
            for passage in statute
            for line in scheme(passage)
        ),
    )


def read_wording(
    reader: CorpusReader, name: str, number: str, as_of: date | None
) -> tuple[NormVersion, tuple[str, ...]]:
    """Only the wording of a norm that :func:`read_norm` shows, and what is to be said of the day.

    Raises :class:`UnknownNorm` with the nearest existing numbers.
    """
    law, number, versions, version = _read_versions(reader, name, number, as_of)
    return version, tuple(_notices(reader, NormRef(law, number), version, versions, as_of))


def _read_versions(
    reader: CorpusReader, name: str, number: str, as_of: date | None
) -> tuple[str, str, tuple[NormVersion, ...], NormVersion]:
    law = resolve_law(reader, name)
    number = _number(reader, law, number)
    versions = reader.versions(law, number)
    return law, number, versions, _shown_version(versions, as_of)


@dataclass(frozen=True, slots=True)
class NormDiff:
    """What differs between the wordings of two days."""

    ref: NormRef
    old: NormVersion | None
    """None: the norm did not stand on that day."""
    new: NormVersion | None
    changes: tuple[AbsatzDiff, ...]


def norm_diff(reader: CorpusReader, name: str, number: str, old: date, new: date) -> NormDiff:
    """Compare the wordings of two days.

    Raises :class:`UnknownNorm`, and :class:`BadQuestion` for days in the wrong order or before the
    oldest text held.
    """
    if new < old:
        raise BadQuestion("bad_date_order", "Das Enddatum liegt vor dem Anfangsdatum.")
    law = resolve_law(reader, name)
    number = _number(reader, law, number)
    first = reader.snapshots[reader.slugs[law]][0].day
    if old < first:
        raise BadQuestion(
            "day_not_held",
            f"Für den {old:%d.%m.%Y} liegt keine Fassung vor; die älteste ist vom {first:%d.%m.%Y}.",
        )
    versions = reader.versions(law, number)
    before, after = version_on(versions, old), version_on(versions, new)
    changes = diff_norms(before.norm if before else None, after.norm if after else None)
    return NormDiff(NormRef(law, number), before, after, changes)


def _number(reader: CorpusReader, law: str, number: str) -> str:
    """The number as the law spells it, of a norm that stands or stood."""
    wanted = number.removeprefix("§").strip()
    known = {known.casefold(): known for known in reader.numbers_ever(law)}
    for spelling in (wanted, wanted.replace(" ", "")):
        if spelling.casefold() in known:
            return known[spelling.casefold()]
    raise UnknownNorm(law, wanted, nearest_norms(reader, law, wanted))


def nearest_norms(
    reader: CorpusReader, law: str, number: str, most: int = 3
) -> tuple[NormRef, ...]:
    """Existing norms of ``law`` whose numbers are nearest to ``number``, in the law's order."""
    ranked = sorted(
        reader.numbers(law), key=lambda n: (Levenshtein.distance(n, number), norm_order(n))
    )
    return tuple(NormRef(law, n) for n in sorted(ranked[:most], key=norm_order))


def _shown_version(versions: tuple[NormVersion, ...], as_of: date | None) -> NormVersion:
    """The wording of a day; where there was none, the one nearest to it. Without a day the last."""
    if as_of is None:
        return versions[-1]
    before = [version for version in versions if version.first_seen <= as_of]
    return version_on(versions, as_of) or (before[-1] if before else versions[0])


def _notices(
    reader: CorpusReader,
    norm: NormRef,
    version: NormVersion,
    versions: tuple[NormVersion, ...],
    as_of: date | None,
) -> Iterator[str]:
    if version_on(versions, as_of or date.max) is None:
        yield existence(reader, norm, as_of) or f"{render(norm)} ist weggefallen."
    elif as_of is not None:
        yield from change_notices(norm, versions, as_of)
    if as_of is not None:
        yield from reach_notices(reader, version.source, as_of)
    else:
        yield from reader.sources[version.source].pending


def _targets(passages: Iterable[Passage], here: NormRef) -> Iterator[NormRef]:
    """Other norms that the passages refer to, each once, in the order of the text."""
    seen = {here}
    for passage in passages:
        for reference in passage.references:
            norm = reference.target.norm
            if norm not in seen:
                seen.add(norm)
                yield norm


def _documents(passages: Iterable[Passage]) -> Iterator[Passage]:
    seen: set[str] = set()
    for passage in passages:
        if passage.source not in seen:
            seen.add(passage.source)
            yield passage


def _outgoing(passages: Iterable[Passage]) -> Iterator[tuple[int, int, NormRef]]:
    for passage in passages:
        for reference in passage.references:
            span = reference.span.shifted(passage.span.start)
            yield span.start, span.end, reference.target
