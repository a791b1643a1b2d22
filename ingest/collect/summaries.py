"""Take in the project's own unofficial summaries, law by law."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from corpus.laws import Laws
from corpus.models import Kind, Law, Section, Summary
from corpus.store.reading import SourceState
from corpus.store.writing import SourceChange
from ingest.collect.values import Collected, Held, unchanged
from ingest.passages import summary_passage
from ingest.references import Outline, ReferenceFinder
from ingest.report import SourceReport


def collect_summaries(
    summaries: Sequence[Summary],
    laws: Laws,
    held: Held,
    outline: Outline,
    collected: Collected,
) -> None:
    """Compare the summaries of each law with what the store holds.

    Raises ``ValueError`` for summaries of a law that is not listed.
    """
    references = ReferenceFinder(outline)
    by_law: dict[str, list[Summary]] = {}
    for summary in summaries:
        by_law.setdefault(summary.law, []).append(summary)
    for abbreviation, group in by_law.items():
        law = laws.named(abbreviation)
        if law is None:
            raise ValueError(f"summaries of a law that is not listed: {abbreviation}")
        state = _state(group, law)
        collected.present.add(state.source)
        before = held.state(state.source)
        if before is not None and before.digest == state.digest:
            collected.reports.append(unchanged(before))
            continue
        collected.changes.append(
            SourceChange(
                state=state,
                sections=tuple(Section(s.number, (s.title,), s.text) for s in group),
                passages=tuple(summary_passage(s, law, references) for s in group),
            )
        )
        collected.reports.append(
            SourceReport(
                source=state.source,
                name=state.name,
                kind=state.kind,
                stand=state.stand,
                norms=len(group),
                added=(state.source,) if before is None else (),
                changed=(state.source,) if before is not None else (),
            )
        )


def _state(group: Sequence[Summary], law: Law) -> SourceState:
    stand = max(summary.stand for summary in group)
    return SourceState(
        source=f"summary:{law.slug}",
        kind=Kind.SUMMARY,
        name=f"Kurzfassungen {law.abbreviation}",
        title=f"Nichtamtliche Kurzfassungen zum {law.name}",
        url=law.url,
        stand=f"Stand {stand:%d.%m.%Y}",
        pending=(),
        built_on=stand,
        digest=hashlib.sha256(repr(group).encode()).hexdigest(),
        meta=None,
    )
