"""From a question to ranked passages with a confidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import Audience, Passage, Span
from rag.candidates import Evidence, gather, look_closer, read_together
from rag.confidence import Confidence, assess
from rag.elsewhere import nearest_topic
from rag.fuse import WEIGHTS, Fused, Weights, fuse
from rag.index import Index
from rag.question import Question, understand
from rag.related import Related, related_norms

DEFAULT_LAWS = ("AufenthG", "AsylG", "StAG", "FreizügG/EU", "AufenthV", "BeschV")
"""Offered first, in this order, where a § without a law may mean several."""


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
    hits: tuple[Hit, ...]
    related: tuple[Related, ...]
    """What the best hits refer to or whose terms they use: context, no competitors."""
    documents: tuple[Hit, ...]
    """The best passages of memos and decrees, wherever they rank: guidance beside the law."""
    confidence: Confidence


def search(
    index: Index,
    raw: str,
    *,
    k: int = 10,
    audience: Audience | None = None,
    laws: tuple[str, ...] | None = None,
    history: Sequence[str] = (),
    weights: Weights = WEIGHTS,
) -> SearchResult:
    """Rank the passages for a question.

    ``audience`` PUBLIC restricts to public documents; ``laws`` restricts to these abbreviations;
    ``history`` holds the questions before; ``weights`` is for measuring others.
    Raises :class:`rag.errors.BadQuestion`.
    """
    question = understand(raw, index.language, history=history)
    evidence = gather(index, question, audience, laws)
    allowed = index.allowed(audience, laws)
    first = _ranked(fuse(evidence, weights), evidence, allowed, _LOOKED_AT_CLOSELY)
    evidence = look_closer(index, question, evidence, first)
    second = _ranked(fuse(evidence, weights), evidence, allowed, _READ_TOGETHER)
    evidence = read_together(index, question, evidence, second)
    fused = fuse(evidence, weights)

    def hits(mask: NDArray[np.bool_], most: int) -> tuple[Hit, ...]:
        rows = _ranked(fused, evidence, mask, most)
        return tuple(
            Hit(index.passages[row], float(fused.total[row]), fused.why(row)) for row in rows
        )

    best = hits(allowed, max(k, 1))
    context = [(hit.passage, Span(0, len(hit.passage.text))) for hit in best[:_WITH_CONTEXT]]
    return SearchResult(
        question,
        best,
        related_norms(index, context, _RELATED),
        hits(allowed & ~index.is_statute, _DOCUMENTS),
        assess(question, evidence, nearest_topic(index, question, evidence)),
    )


def _ranked(fused: Fused, evidence: Evidence, allowed: NDArray[np.bool_], k: int) -> list[int]:
    """Best rows first, equal scores in the order of the law; rows without evidence left out."""
    touched = (evidence.text > 0) | (evidence.question > 0) | (evidence.named > 0)
    near = evidence.dense_text > evidence.dense_text.min(initial=1.0)
    asked = evidence.dense_question > evidence.dense_question.min(initial=1.0)
    usable = np.flatnonzero(allowed & (touched | near | asked))
    order = usable[np.argsort(-fused.total[usable], kind="stable")]
    return [int(row) for row in order[:k]]


def by_norm(hits: tuple[Hit, ...]) -> Iterator[tuple[Hit, ...]]:
    """Hits grouped by norm (or memo), best group first, order within a group kept."""
    groups: dict[tuple[str, str | None], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.passage.source, hit.passage.number), []).append(hit)
    yield from (tuple(group) for group in groups.values())
