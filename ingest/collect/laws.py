"""Fetch the laws and find the norms that are new, reworded or gone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from corpus.laws import Laws
from corpus.models import Kind, Law, LawText, Norm
from corpus.store.reading import Snapshot, SourceState
from corpus.store.writing import CheckedSource, NormChange, SourceChange, norm_digest
from ingest.archive import read_single_xml
from ingest.collect.values import Collected, Held, unchanged
from ingest.errors import SourceError, SourceProblem
from ingest.fetch import Origin
from ingest.gii import parse_law
from ingest.passages import norm_passages
from ingest.references import Outline, ReferenceFinder
from ingest.report import Problem, SourceReport

# Laws in a row that cannot be reached, each after its tries; the others would only cost time.
_GIVE_UP = 2


def collect_laws(
    laws: Laws,
    origin: Origin,
    held: Held,
    collected: Collected,
    share: Callable[[float], None],
) -> Outline:
    """Fetch and compare every law; the returned outline knows all norms that exist now."""
    outline = Outline(held.reader)
    parsed: list[tuple[LawText, str, date]] = []
    unreachable = 0
    for index, law in enumerate(laws.items, 1):
        try:
            if unreachable >= _GIVE_UP:
                raise SourceError(SourceProblem.NETWORK, law.slug, detail="nicht mehr versucht")
            fetched = _law_if_changed(law, origin, held, collected)
        except SourceError as error:
            unreachable = unreachable + 1 if error.code is SourceProblem.NETWORK else 0
            collected.problems.append(Problem.of(error))
            if held.reader and law.slug in held.reader.sources:
                collected.present.add(law.slug)
        else:
            unreachable = 0
            collected.present.add(law.slug)
            if fetched is not None:
                outline.add(fetched[0])
                parsed.append(fetched)
        share(index / len(laws.items))
    references = ReferenceFinder(outline)
    for text, digest, seen_on in parsed:
        _compare_law(text, digest, seen_on, held, references, collected)
    return outline


def _is_older(law: Law, seen_on: date, digest: str, held: Held) -> bool:
    """Whether a file is from before the state held, which then stays.

    Raises :class:`SourceError` if it is not the one known of its day.
    """
    days = held.reader.snapshots.get(law.slug, ()) if held.reader else ()
    if not days or seen_on >= days[-1].day:
        return False
    then = held.reader.snapshot_on(law.slug, seen_on) if held.reader else None
    if then is None or then.digest != digest:
        detail = f"{seen_on:%d.%m.%Y} statt {days[-1].day:%d.%m.%Y}"
        raise SourceError(SourceProblem.SOURCE_OLDER, law.slug, detail=detail)
    return True


# A file that holds less than this share of the norms held is cut off, not a reform.
_LEAST_LEFT = 0.5


def _refuse_cut_off(text: LawText, held: Held) -> None:
    before = len(held.reader.digests(text.law.slug)) if held.reader else 0
    if len(text.norms) < before * _LEAST_LEFT:
        detail = f"{len(text.norms)} statt {before} Vorschriften"
        raise SourceError(SourceProblem.CUT_OFF, text.law.slug, detail=detail)


def _law_if_changed(
    law: Law, origin: Origin, held: Held, collected: Collected
) -> tuple[LawText, str, date] | None:
    """The parsed law with its digest and day, None if the file is the one already held."""
    state = held.state(law.slug)
    validators = held.validators.get(law.slug, {}) if state else {}
    fetched = origin.fetch(law.slug, validators)
    if fetched is not None:
        xml = read_single_xml(fetched.data, law.slug)
        digest = file_digest(xml)
        if _is_older(law, fetched.seen_on, digest, held):
            if state is not None:
                collected.reports.append(unchanged(state))
            return None
        text = parse_law(xml, law) if state is None or state.digest != digest else None
        if text is not None:
            _refuse_cut_off(text, held)
        collected.checks.append(
            CheckedSource(law.slug, fetched.origin, fetched.seen_on, dict(fetched.validators))
        )
        if text is not None:
            return text, digest, fetched.seen_on
    if state is not None:
        collected.reports.append(unchanged(state))
    return None


def file_digest(xml: bytes) -> str:
    """Of the XML, not of the archive: the site packs unchanged files anew."""
    return hashlib.sha256(xml).hexdigest()


def snapshot_of(text: LawText, digest: str, seen_on: date) -> Snapshot:
    """What a law looked like on the day ``seen_on``."""
    return Snapshot(
        source=text.law.slug,
        day=seen_on,
        digest=digest,
        stand=text.stand,
        pending=text.pending,
        norms={norm.number: norm_digest(norm) for norm in text.norms},
    )


def cut(norm: Norm, law: Law, references: ReferenceFinder) -> NormChange:
    """A norm with its passages."""
    return NormChange(norm, tuple(norm_passages(norm, law, references)))


def _compare_law(
    text: LawText,
    digest: str,
    seen_on: date,
    held: Held,
    references: ReferenceFinder,
    collected: Collected,
) -> None:
    """Find the norms that are new, reworded or gone, and cut only those."""
    law = text.law
    before = held.reader.digests(law.slug) if held.reader else {}
    snapshot = snapshot_of(text, digest, seen_on)
    now = snapshot.norms
    rewrite = [
        norm for norm in text.norms if held.fresh or before.get(norm.number) != now[norm.number]
    ]
    gone = tuple(number for number in before if number not in now)
    collected.changes.append(
        SourceChange(
            state=SourceState(
                source=law.slug,
                kind=Kind.LAW,
                name=law.abbreviation,
                title=text.title,
                url=law.url,
                stand=text.stand,
                pending=text.pending,
                built_on=text.built_on,
                digest=digest,
                meta=None,
            ),
            snapshot=snapshot,
            norms=tuple(cut(norm, law, references) for norm in rewrite),
            gone=gone,
        )
    )
    worded = [norm for norm in rewrite if before.get(norm.number) != now[norm.number]]
    collected.reports.append(
        SourceReport(
            source=law.slug,
            name=law.abbreviation,
            kind=Kind.LAW,
            stand=text.stand,
            norms=len(text.norms),
            added=tuple(n.number for n in worded if n.number not in before and not n.repealed),
            changed=tuple(n.number for n in worded if n.number in before and not n.repealed),
            repealed=(*gone, *_repealed(worded, before)),
        )
    )


def _repealed(norms: Iterable[Norm], before: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(norm.number for norm in norms if norm.repealed and norm.number in before)
