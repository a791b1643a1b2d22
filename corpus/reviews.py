"""Which documents an update of the law makes doubtful, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from corpus.changes import (
    ChangedNorm,
    ChangeKind,
    LawChange,
    changes_between,
    citing_documents,
)
from corpus.citations import render
from corpus.models import MemoMeta, MemoStatus, NormRef
from corpus.store.reading import CorpusReader
from corpus.store.reviews import Opening, Standing

# A reason names this many norms; more are counted.
_NAMED = 4


def openings(old: CorpusReader, new: CorpusReader) -> tuple[Opening, ...]:
    """A review for every document of ``new`` that cites what reads differently than in ``old``."""
    found: dict[str, list[tuple[LawChange, ChangedNorm, tuple[NormRef, ...]]]] = {}
    for law in changes_between(old, new):
        for norm in law.norms:
            for document in citing_documents(new, norm):
                changes = found.setdefault(document.passage.document, [])
                changes.append((law, norm, document.places))
    return tuple(
        Opening(
            document,
            _reason(changes),
            tuple(dict.fromkeys(place for *_, places in changes for place in places)),
        )
        for document, changes in found.items()
    )


def _reason(changes: list[tuple[LawChange, ChangedNorm, tuple[NormRef, ...]]]) -> str:
    laws: dict[str, tuple[LawChange, list[str]]] = {}
    for law, norm, places in changes[:_NAMED]:
        laws.setdefault(law.source, (law, []))[1].append(_happened(norm, places))
    named = "; ".join(f"{', '.join(phrases)}{_by(law)}" for law, phrases in laws.values())
    more = len(changes) - _NAMED
    if more <= 0:
        return named
    return f"{named}; dazu {more} weitere Vorschrift{'en' if more > 1 else ''}"


def _happened(norm: ChangedNorm, places: tuple[NormRef, ...]) -> str:
    if norm.kind is ChangeKind.REPEALED:
        return f"{render(norm.ref)} ist weggefallen"
    if norm.moved_from is not None and places[0].norm == norm.moved_from:
        return f"{render(norm.moved_from)} steht jetzt unter {render(norm.ref)}"
    names = ", ".join(render(place) for place in places)
    return f"{names} {'wurde' if len(places) == 1 else 'wurden'} geändert"


def _by(law: LawChange) -> str:
    act = law.amended_by
    return f" ({act[0].lower()}{act[1:]})" if act else ""


def review_reasons(
    standing: Standing, document: str, meta: MemoMeta | None, today: date | None = None
) -> tuple[str, ...]:
    """German: why a document is to be reviewed; () if it is not. ``meta``: None for a summary."""
    return tuple(_reasons(standing, document, meta, today or datetime.now(UTC).date()))


def _reasons(
    standing: Standing, document: str, meta: MemoMeta | None, today: date
) -> Iterator[str]:
    yield from (review.reason for review in standing.open.get(document, ()))
    if meta is None:
        return
    if meta.status is MemoStatus.REVIEW:
        yield "vom Herausgeber vorgemerkt"
    due = meta.review_by
    if due is not None and due < today and standing.decided.get(document, date.min) < due:
        yield f"Prüfdatum {due:%d.%m.%Y} überschritten"
