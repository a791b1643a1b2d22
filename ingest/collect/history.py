"""Take in earlier states of laws from dated files: whole years of versions in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.laws import Laws
from corpus.models import Law, LawText
from corpus.store.writing import PastState
from ingest.archive import read_single_xml
from ingest.collect.laws import cut, file_digest, snapshot_of
from ingest.collect.values import Collected, Held
from ingest.errors import SourceError
from ingest.fetch import DatedFiles
from ingest.gii import parse_law
from ingest.references import Outline, ReferenceFinder
from ingest.report import Problem


@dataclass(frozen=True, slots=True)
class _Past:
    text: LawText
    digest: str
    day: date


def collect_history(
    laws: Laws,
    files: DatedFiles,
    held: Held,
    outline: Outline,
    collected: Collected,
    share: Callable[[float], None],
) -> None:
    """Read every dated file that is older than the state the law has now.

    The same files give the same versions in whatever order they come, and twice the same as once: what
    is known of a day is noted, and how long a wording stood follows from the days.
    """
    now = _newest_days(held, collected)
    references = ReferenceFinder(outline)
    for index, law in enumerate(laws.items, 1):
        stored: set[tuple[str, str]] = set()
        newest = next((c for c in collected.changes if c.state.source == law.slug), None)
        if newest is not None and newest.snapshot is not None:
            stored |= set(newest.snapshot.norms.items())
        earlier = _earlier(law, files, held, now, collected)
        checked = held.days if newest else now
        if law.slug in checked:
            collected.past += _found_unchanged(held, law, checked[law.slug], earlier)
        for past in earlier:
            snapshot = snapshot_of(past.text, past.digest, past.day)
            new = [
                norm
                for norm in past.text.norms
                if (norm.number, snapshot.norms[norm.number]) not in stored
                and not _is_held(held, law.slug, norm.number, snapshot.norms)
            ]
            stored |= set(snapshot.norms.items())
            wordings = tuple(cut(norm, law, references) for norm in new)
            collected.past.append(PastState(snapshot, wordings))
        share(index / len(laws.items))


def _earlier(
    law: Law, files: DatedFiles, held: Held, now: Mapping[str, date], collected: Collected
) -> list[_Past]:
    """The files of a law that say something new about its past, oldest first."""
    known = {}
    if held.reader is not None:
        known = {s.day: s.digest for s in held.reader.snapshots.get(law.slug, ())}
    result: list[_Past] = []
    for day in files.days(law.slug):
        if law.slug not in now or day >= now[law.slug]:
            continue
        try:
            xml = read_single_xml(files.read(law.slug, day), f"{law.slug}/{day}")
            digest = file_digest(xml)
            if known.get(day) != digest:
                result.append(_Past(parse_law(xml, law), digest, day))
        except SourceError as error:
            collected.problems.append(Problem.of(error))
    return result


def _found_unchanged(
    held: Held, law: Law, checked: date, earlier: Sequence[_Past]
) -> Iterator[PastState]:
    """The newest state held once more, for the day ``checked`` on which it was found unchanged.

    Such a day needs no state of its own until a file shows that something else stood between it and
    the day on which the state was first seen: without it that would seem to stand on.
    """
    seen = held.reader.snapshots.get(law.slug, ()) if held.reader else ()
    days = {past.day for past in earlier}
    if seen and checked not in days and any(seen[-1].day < day < checked for day in days):
        yield PastState(replace(seen[-1], day=checked), ())


def _newest_days(held: Held, collected: Collected) -> dict[str, date]:
    """Per law, the day on which its text is known after this run."""
    return held.days | {check.source: check.seen_on for check in collected.checks}


def _is_held(held: Held, source: str, number: str, norms: Mapping[str, str]) -> bool:
    return held.reader is not None and held.reader.holds_wording(source, number, norms[number])
