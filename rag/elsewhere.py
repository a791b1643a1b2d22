"""Whether a question belongs to somebody else: opening hours, driving licences, tenancy ..."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import ElsewhereTopic
from rag.candidates import Evidence
from rag.fuse import WEIGHTS
from rag.index import Index
from rag.late import NO_INTERACTION, Interaction
from rag.question import Question

# Topics that are compared with the question piece by piece.
_LOOKED_AT_CLOSELY = 15
# What a signal ("Führerschein") counts: as much as BM25 and questions together.
_SIGNAL = WEIGHTS.text + WEIGHTS.question


@dataclass(frozen=True, slots=True)
class NearestTopic:
    """The topic that a question comes nearest to."""

    topic: ElsewhereTopic
    lead: float
    """Its fused score less that of the best passage; above 0 it fits better than any passage."""
    wording: float
    """Share of the question found piece by piece in the best topic, 0 to 1; 0 without late interaction."""
    phrasing: float
    """Agreement with one question of a topic piece by piece, 0 to 1; 0 without late interaction."""
    worded: bool
    """Whether it shares a word with the question at all."""


def nearest_topic(index: Index, question: Question, evidence: Evidence) -> NearestTopic | None:
    """Score the topics as if they were passages; None if there are none.

    The same weights as for passages, so that the two can be compared; a topic has no wording of its
    own, so its questions count for both cosines.
    """
    topics = evidence.topics
    if not index.topics:
        return None
    text = max(float(evidence.text.max(initial=0.0)), float(topics.text.max()), 1e-6)
    asked = max(float(evidence.question.max(initial=0.0)), float(topics.question.max()), 1e-6)
    passages = (
        evidence.text / text * WEIGHTS.text
        + evidence.question / asked * WEIGHTS.question
        + evidence.dense_text * WEIGHTS.dense_text
        + evidence.dense_question * WEIGHTS.dense_question
    )
    scores = (
        topics.text / text * WEIGHTS.text
        + topics.question / asked * WEIGHTS.question
        + topics.dense * (WEIGHTS.dense_text + WEIGHTS.dense_question)
    )
    terms = frozenset(question.all_terms)
    signalled = {position for position, signal in index.topic_signals if signal <= terms}
    scores[list(signalled)] += _SIGNAL
    best = int(np.argmax(scores))
    lead = float(scores[best] - passages.max(initial=0.0))
    met = _compare(index, question, np.argsort(-scores, kind="stable")[:_LOOKED_AT_CLOSELY])
    return NearestTopic(
        index.topics[best],
        lead,
        wording=float(met.wording.max(initial=0.0)),
        phrasing=float(met.phrasing.max(initial=0.0)),
        worded=bool(topics.text[best] > 0),
    )


def _compare(index: Index, question: Question, positions: NDArray[np.intp]) -> Interaction:
    """Hold the pieces of the question against topics."""
    if index.late is None:
        return NO_INTERACTION
    rows = [len(index.passages) + int(position) for position in positions]
    questions = [index.questions_by_topic[int(position)] for position in positions]
    return index.late.compare(question.whole, rows, questions)
