"""The change report: what the law says differently, and who has to act on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import Engine

from corpus.catalogue import catalogue
from corpus.changes import (
    ChangedNorm,
    CitingDocument,
    LawChange,
    changes_between,
    changes_of_days,
    citing_documents,
)
from corpus.models import CatalogueEntry, NormRef
from corpus.store.approvals import Approval, approvals
from corpus.store.reading import CorpusReader, Published, generations, published
from corpus.store.use import norm_use
from rag.errors import BadQuestion

WatchingCases = Sequence[tuple[str, tuple[NormRef, ...]]]
"""Id and places of each evaluation case."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Who has to act on the change of one norm."""

    ref: NormRef
    use: int
    """How often answers cited the norm."""
    documents: tuple[CitingDocument, ...]
    questions: int
    """Count of curated questions at the changed places."""
    cases: tuple[str, ...]
    """Ids of evaluation cases whose gold lies there."""
    answers: tuple[Approval, ...] = ()
    """Approved answers that cite a changed place."""


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What changed between two generations or two days."""

    name: str
    """What is compared, German: "Bestand 3 gegenüber Bestand 2"."""
    seen_on: date | None
    """Newest day of the newer texts; None if nothing changed."""
    laws: tuple[LawChange, ...]
    """() : nothing to compare."""
    affected: tuple[Affected, ...]
    """The most used norms first; only those with documents, questions, cases or answers."""


@dataclass(frozen=True, slots=True)
class Update:
    """A generation that brought other law than the one before."""

    number: int
    published_at: datetime | None
    laws: tuple[tuple[str, int], ...]
    """Abbreviation and count of norms that differ, footnotes included."""


def report_of_generations(
    engine: Engine, cases: WatchingCases, old: int | None = None, new: int | None = None
) -> ChangeReport:
    """Compare two generations: by default the published one with the one it was built on.

    A first ingest and an import of history have nothing to compare. Raises :class:`BadQuestion` for
    a generation that does not exist.
    """
    all_of_them = {generation.number: generation for generation in generations(engine)}
    current = published(engine)
    to = _chosen(all_of_them, new) if new is not None else current
    if to is None:
        return ChangeReport("Noch kein Bestand", None, (), ())
    base = _chosen(all_of_them, old).number if old is not None else to.base
    if base is None:
        return ChangeReport(f"Bestand {to.number}", None, (), ())
    reader = CorpusReader(engine, to.number)
    laws = changes_between(CorpusReader(engine, base), reader)
    return _report(f"Bestand {to.number} gegenüber Bestand {base}", reader, laws, cases)


def _chosen(known: Mapping[int, Published], number: int) -> Published:
    if number not in known:
        raise BadQuestion("unknown_generation", f"Den Bestand {number} gibt es nicht.")
    return known[number]


def report_of_days(
    reader: CorpusReader, cases: WatchingCases, since: date, until: date
) -> ChangeReport:
    """Compare the law of two days; raises :class:`BadQuestion` for days in the wrong order."""
    if until < since:
        raise BadQuestion("bad_date_order", "Das Enddatum liegt vor dem Anfangsdatum.")
    laws = changes_of_days(reader, since, until)
    return _report(f"{until:%d.%m.%Y} gegenüber {since:%d.%m.%Y}", reader, laws, cases)


def _report(
    name: str, reader: CorpusReader, laws: tuple[LawChange, ...], cases: WatchingCases
) -> ChangeReport:
    resting = _Resting.on(norm_use(reader.engine), cases, approvals(reader.engine))
    affected = [_affected(reader, norm, resting) for law in laws for norm in law.norms]
    return ChangeReport(
        name=name,
        seen_on=max((law.new_day for law in laws), default=None),
        laws=laws,
        affected=tuple(
            sorted(
                (
                    one
                    for one in affected
                    if one.documents or one.questions or one.cases or one.answers
                ),
                key=lambda one: -one.use,
            )
        ),
    )


def updates(engine: Engine, most: int = 50) -> tuple[Update, ...]:
    """The newest generations that brought other law, newest first; no words are compared."""
    shown: list[Update] = []
    for generation in reversed(generations(engine)):
        if generation.published_at is None or generation.base is None:
            continue
        new = CorpusReader(engine, generation.number)
        laws = tuple(_counts(CorpusReader(engine, generation.base), new))
        if laws:
            shown.append(Update(generation.number, generation.published_at, laws))
        if len(shown) == most:
            break
    return tuple(shown)


def _counts(old: CorpusReader, new: CorpusReader) -> Iterator[tuple[str, int]]:
    for source, state in new.newest.items():
        before = old.newest.get(source)
        if before is not None and before.digest != state.digest:
            differ = set(before.norms.items()) ^ set(state.norms.items())
            yield new.sources[source].name, len({number for number, _ in differ})


@dataclass(frozen=True, slots=True)
class _Resting:
    """What rests on each norm, by norm."""

    use: Mapping[NormRef, int]
    questions: Mapping[NormRef, Sequence[CatalogueEntry]]
    cases: Mapping[NormRef, Sequence[tuple[str, NormRef]]]
    approvals: Sequence[Approval]

    @classmethod
    def on(
        cls, use: Mapping[NormRef, int], cases: WatchingCases, approved: Sequence[Approval]
    ) -> Self:
        questions: dict[NormRef, list[CatalogueEntry]] = {}
        for entry in catalogue():
            questions.setdefault(entry.ref.norm, []).append(entry)
        watching: dict[NormRef, list[tuple[str, NormRef]]] = {}
        for id_, gold in cases:
            for ref in gold:
                watching.setdefault(ref.norm, []).append((id_, ref))
        return cls(use, questions, watching, approved)


def _affected(reader: CorpusReader, norm: ChangedNorm, resting: _Resting) -> Affected:
    norms = dict.fromkeys(place.norm for place in norm.places)
    entries = [e for ref in norms for e in resting.questions.get(ref, ()) if norm.concerns(e.ref)]
    cases = [
        id_ for ref in norms for id_, gold in resting.cases.get(ref, ()) if norm.concerns(gold)
    ]
    return Affected(
        ref=norm.ref,
        use=sum(resting.use.get(ref, 0) for ref in {norm.ref, *norms}),
        documents=citing_documents(reader, norm),
        questions=sum(len(entry.questions) for entry in entries),
        cases=tuple(dict.fromkeys(cases)),
        answers=tuple(
            one for one in resting.approvals if any(norm.concerns(p) for p in one.places)
        ),
    )
