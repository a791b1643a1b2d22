"""Everything about one norm: its wording on a day, its neighbours in the web of references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from corpus.laws import Laws, known_laws
from corpus.models import Kind, Norm, NormRef, Passage, norm_order
from corpus.store.reading import CorpusReader, NormVersion, SourceState


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
    documents: tuple[Passage, ...]
    """The passage of each memo or decree that cites the norm, one per document."""
    summary: str | None
    outgoing: tuple[tuple[int, int, NormRef], ...]
    """Start, end and target of each reference in the norm's text."""
    notices: tuple[str, ...]

    @property
    def stand(self) -> str:
        """The Stand of the source; for an earlier wording the days on which it was seen."""
        if self.version.current:
            return self.source.stand
        return (
            f"festgestellt {self.version.first_seen:%d.%m.%Y} bis {self.version.last_seen:%d.%m.%Y}"
        )


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


@dataclass(frozen=True, slots=True)
class Chapter:
    """Neighbouring norms of a law that share their section path."""

    path: tuple[str, ...]
    norms: tuple[Norm, ...]


def read_law(reader: CorpusReader, name: str) -> tuple[SourceState, tuple[Chapter, ...]]:
    """A law's source and its norms by chapter, in the order of the law.

    Raises :class:`UnknownNorm` for a law that is not held.
    """
    norms = reader.norms(resolve_law(reader, name))
    chapters = tuple(
        Chapter(path, tuple(group)) for path, group in groupby(norms, key=lambda norm: norm.path)
    )
    slug = reader.versions(norms[0].law, norms[0].number)[-1].source
    return reader.sources[slug], chapters


def read_norm(reader: CorpusReader, name: str, number: str, as_of: date | None) -> NormPage:
    """The page of one norm, in the wording of ``as_of`` or the newest one.

    Raises :class:`UnknownNorm` with the nearest existing numbers.
    """
    law = resolve_law(reader, name)
    number = _number(reader, law, number, as_of)
    versions = reader.versions(law, number)
    version = version_on(versions, as_of)
    passages = reader.passages_of(law, number)
    statute = [p for p in passages if p.kind is Kind.LAW]
    summaries = [p for p in passages if p.kind is Kind.SUMMARY]
    here = NormRef(law, number)
    source = reader.sources[version.source]
    return NormPage(
        norm=version.norm,
        source=source,
        url=statute[0].url if statute else source.url,
        version=version,
        versions=versions,
        references_out=tuple(_targets(statute, here)),
        references_in=tuple(_origins(reader.citing(here, (Kind.LAW,)))),
        documents=tuple(_documents(reader.citing(here, (Kind.DECREE, Kind.MEMO)))),
        summary=summaries[0].text if summaries else None,
        outgoing=tuple(_outgoing(statute)) if version.current else (),
        notices=tuple(_notices(version, versions, as_of)),
    )


def _number(reader: CorpusReader, law: str, number: str, as_of: date | None) -> str:
    wanted = number.removeprefix("§").strip()
    if as_of is not None and reader.versions(law, wanted):
        # Gone by now, but asked for on a day on which it may have stood.
        return wanted
    numbers = {known.casefold(): known for known in reader.numbers(law)}
    for spelling in (wanted, wanted.replace(" ", "")):
        if spelling.casefold() in numbers:
            return numbers[spelling.casefold()]
    raise UnknownNorm(law, wanted, nearest_norms(reader, law, wanted))


def nearest_norms(
    reader: CorpusReader, law: str, number: str, most: int = 3
) -> tuple[NormRef, ...]:
    """Existing norms of ``law`` whose numbers are nearest to ``number``, in the law's order."""
    ranked = sorted(
        reader.numbers(law), key=lambda n: (Levenshtein.distance(n, number), norm_order(n))
    )
    return tuple(NormRef(law, n) for n in sorted(ranked[:most], key=norm_order))


def version_on(versions: tuple[NormVersion, ...], as_of: date | None) -> NormVersion:
    """The wording of a day: the last one first seen by then, else the oldest held.

    Without a day the one that the generation shows, for a norm that is gone its last.
    """
    if as_of is None:
        return next((version for version in versions if version.current), versions[-1])
    known = [version for version in versions if version.first_seen <= as_of]
    return known[-1] if known else versions[0]


def _notices(
    version: NormVersion, versions: tuple[NormVersion, ...], as_of: date | None
) -> Iterator[str]:
    if not version.current:
        today = next((v for v in versions if v.current), None)
        yield (
            f"Dieser Wortlaut wurde vom {version.first_seen:%d.%m.%Y} bis zum "
            f"{version.last_seen:%d.%m.%Y} festgestellt. "
            + ("Heute gilt ein anderer." if today else "Die Vorschrift gibt es nicht mehr.")
        )
    if as_of is None:
        return
    first, last = versions[0].first_seen, versions[-1].last_seen
    if as_of < first:
        yield (
            f"Für den {as_of:%d.%m.%Y} liegt keine Fassung vor; die älteste vorhandene wurde am "
            f"{first:%d.%m.%Y} zum ersten Mal festgestellt und steht hier."
        )
    elif as_of > last:
        yield (
            f"Der Gesetzestext wurde zuletzt am {last:%d.%m.%Y} abgeglichen; spätere Änderungen "
            "sind hier nicht berücksichtigt."
        )


def _targets(passages: Iterable[Passage], here: NormRef) -> Iterator[NormRef]:
    """Other norms that the passages refer to, each once, in the order of the text."""
    seen = {here}
    for passage in passages:
        for reference in passage.references:
            norm = reference.target.norm
            if norm not in seen:
                seen.add(norm)
                yield norm


def _origins(passages: Iterable[Passage]) -> Iterator[NormRef]:
    seen: set[NormRef] = set()
    for passage in passages:
        ref = passage.ref
        if ref is not None and ref.norm not in seen:
            seen.add(ref.norm)
            yield ref.norm


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
