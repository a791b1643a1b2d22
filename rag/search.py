"""From a question to ranked passages with a confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from corpus.models import Passage, Span
from rag.candidates import Evidence, gather, look_closer, read_together
from rag.confidence import Confidence, assess
from rag.elsewhere import nearest_topic
from rag.fuse import WEIGHTS, Fused, Weights, fuse
from rag.index import Index, Mask, Scope
from rag.question import Question, understand
from rag.related import Related, related_norms
from rag.reviews import review_notes

DEFAULT_LAWS = ("AufenthG", "AsylG", "StAG", "FreizügG/EU", "AufenthV", "BeschV")
"""Offered first, in this order, where a § without a law may mean several."""

EVERYTHING = Scope()
"""All passages that stand now."""

_DOCUMENTS = 12
# Passages that are compared with the question piece by piece: about six times as many as are shown, for
# some ten milliseconds.
_LOOKED_AT_CLOSELY = 60
# Passages that a reranker reads: twice as many as are shown, since each costs a pass of the model.
_READ_TOGETHER = 20
# Hits whose surroundings are shown as context, and how many norms of them.
_WITH_CONTEXT, _RELATED = 2, 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer."""

    passage: Passage
    score: float
    """Fused score; comparable within one search only."""
    why: dict[str, float]
    """What each index contributed; adds up to the score."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The ranking for one question."""

    question: Question
    as_of: date | None
    """The day whose law was searched; None: today's."""
    laws: tuple[str, ...] | None
    """The only laws that were searched; None: everything."""
    hits: tuple[Hit, ...]
    related: tuple[Related, ...]
    """What the best hits refer to or whose terms they use: context, no competitors."""
    documents: tuple[Hit, ...]
    """The best passages of memos and decrees, wherever they rank: guidance beside the law."""
    confidence: Confidence
    reviews: Mapping[str, str]
    """Document -> "zu prüfen: ..." for the hits that need it."""


def search(
    index: Index,
    raw: str,
    *,
    k: int = 10,
    scope: Scope = EVERYTHING,
    history: Sequence[str] = (),
    weights: Weights = WEIGHTS,
) -> SearchResult:
    """Rank the passages for a question.

    ``scope`` says which passages may answer; without a day there, that of the question counts.
    ``history`` holds the questions before; ``weights`` is for measuring others.
    Raises :class:`rag.errors.BadQuestion`.
    """
    question = understand(raw, index.language, history=history)
    if scope.day is None and question.day is not None:
        scope = replace(scope, day=question.day.day)
    if scope.day is not None and question.places:
        question = understand(raw, index.language_on(scope.day), history=history)
    allowed = index.allowed(scope)
    evidence = gather(index, question, scope, allowed)
    first = _ranked(fuse(evidence, weights), evidence, allowed, _LOOKED_AT_CLOSELY)
    evidence = look_closer(index, question, evidence, first)
    second = _ranked(fuse(evidence, weights), evidence, allowed, _READ_TOGETHER)
    evidence = read_together(index, question, evidence, second)
    fused = fuse(evidence, weights)

    def hits(mask: Mask, most: int) -> tuple[Hit, ...]:
        rows = _ranked(fused, evidence, mask, most)
        return tuple(
            Hit(_shown(index, row, scope.day), float(fused.total[row]), fused.why(row))
            for row in rows
        )

    best = hits(allowed, max(k, 1))
    context = [(hit.passage, Span(0, len(hit.passage.text))) for hit in best[:_WITH_CONTEXT]]
    return SearchResult(
        question,
        scope.day,
        scope.laws,
        best,
        related_norms(index, context, _RELATED),
        hits(allowed & ~index.is_statute, _DOCUMENTS),
        assess(question, evidence, nearest_topic(index, question, evidence)),
        review_notes(index.reader, (hit.passage for hit in best)),
    )


def _shown(index: Index, row: int, day: date | None) -> Passage:
    passage = index.passages[row]
    return passage if day is None else index.as_on(passage, day)


def _ranked(fused: Fused, evidence: Evidence, allowed: Mask, k: int) -> list[int]:
    """Best rows first, equal scores in the order of the law; rows without evidence left out."""
    touched = (evidence.text > 0) | (evidence.question > 0) | (evidence.named > 0)
    near = evidence.dense_text > evidence.dense_text[allowed].min(initial=1.0)
    asked = evidence.dense_question > evidence.dense_question[allowed].min(initial=1.0)
    usable = np.flatnonzero(allowed & (touched | near | asked))
    order = usable[np.argsort(-fused.total[usable], kind="stable")]
    return [int(row) for row in order[:k]]


def by_norm(hits: tuple[Hit, ...]) -> Iterator[tuple[Hit, ...]]:
    """Hits grouped by norm (or memo), best group first, order within a group kept."""
    groups: dict[tuple[str, str | None], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.passage.source, hit.passage.number), []).append(hit)
    yield from (tuple(group) for group in groups.values())
