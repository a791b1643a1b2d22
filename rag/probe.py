"""Ask a candidate generation the evaluation's questions before it may answer everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from corpus.cases import Case
from corpus.generation.files import DataFolder
from corpus.store.reading import CorpusReader, Published
from rag.errors import NotReady
from rag.index import DEFAULT_ENCODER, Index, open_index
from rag.search import by_norm, search

# Enough to see a fault of the index (it costs far more than one case in twenty), few enough to be asked
# in two seconds.
_CASES = 60
_NORMS, _HITS = 5, 20


@dataclass(frozen=True, slots=True)
class Probe:
    """How the candidate did against the generation that answers now."""

    asked: int
    """Count of cases."""
    found_before: int
    found_now: int
    """Cases with every required norm among the first five."""
    lost: tuple[str, ...]
    """Ids of the cases that only the present generation answers."""

    @property
    def drop(self) -> float:
        """By how much the share of answered cases falls; negative if it rises."""
        return (self.found_before - self.found_now) / self.asked if self.asked else 0.0


def probe(
    engine: Engine,
    data: DataFolder,
    candidate: Published,
    current: Published | None,
    cases: Iterable[Case],
    margin: float,
    encoder: str = DEFAULT_ENCODER,
) -> Probe | None:
    """Compare two generations on the cases that both could answer.

    None if that is impossible (no present generation that can be opened, no official texts) or needless:
    the present one is asked for what the candidate misses if that is more than ``margin``, and for the
    rest only if it knew more than ``margin`` of that.
    Raises :class:`rag.errors.NotReady` if the candidate cannot be opened.
    """
    new = open_index(engine, data, candidate, encoder)
    try:
        if current is None or not new.manifest.official:
            return None
        chosen = _choose(cases, new.reader, CorpusReader(engine, current.number))
        found = {case.id for case in chosen if _finds(new, case)}
        if len(chosen) - len(found) <= margin * len(chosen):
            return None
    finally:
        new.close()
    try:
        old = open_index(engine, data, current, encoder)
    except NotReady:
        return None
    try:
        if not old.manifest.official:
            return None
        missed = [case for case in chosen if case.id not in found]
        lost = {case.id for case in missed if _finds(old, case)}
        if len(lost) <= margin * len(chosen):
            return None
        kept = {case.id for case in chosen if case.id in found and _finds(old, case)}
    finally:
        old.close()
    return Probe(len(chosen), len(kept | lost), len(found), tuple(sorted(lost)))


def _choose(cases: Iterable[Case], *readers: CorpusReader) -> Sequence[Case]:
    """Evenly spread cases whose required norms every reader holds."""
    usable = [
        case
        for case in cases
        if case.answerable
        and all(
            ref.number in reader.numbers(ref.law) for ref in case.required for reader in readers
        )
    ]
    return usable[:: max(1, -(-len(usable) // _CASES))]


def _finds(index: Index, case: Case) -> bool:
    """Whether every required norm is among the first distinct ones."""
    hits = search(index, case.question, k=_HITS, history=case.history).hits
    norms = [(group[0].passage.law, group[0].passage.number) for group in by_norm(hits)]
    return all((ref.law, ref.number) in norms[:_NORMS] for ref in case.required)
