"""Let every index say which passages it would choose, as one array of scores per index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.generation.vectors import Neighbour, Restriction, Space
from corpus.models import Audience, NormRef
from rag.index import Index
from rag.question import Question

Scores = NDArray[np.float32]

# How many neighbours Chroma is asked for. A passage that is none of them counts as far as the last.
_PASSAGE_NEIGHBOURS = 100
_QUESTION_NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each index says about each row; every array has shape ``(rows,)``."""

    text: Scores
    """BM25 of the passage with its curated questions appended, 0 and up."""
    question: Scores
    """Best BM25 among the curated questions of the row, 0 and up."""
    dense_text: Scores
    """Cosine of question and passage, 0 to 1."""
    dense_question: Scores
    """Best cosine among the curated questions of the row, 0 to 1."""
    named: Scores
    """1: the question asks for this very Absatz; less for the norm around it or a status."""
    law: Scores
    """1 for rows of a law that the question names, else 0."""


def gather(
    index: Index, question: Question, audience: Audience | None, laws: tuple[str, ...] | None
) -> Evidence:
    """Ask all indexes for ``question``; rows outside the restriction score 0 in the dense ones."""
    terms = question.terms
    text = index.passage_index.scores(terms)
    curated = np.zeros(len(index.passages), dtype=np.float32)
    if index.question_index is not None:
        np.maximum.at(curated, index.question_rows, index.question_index.scores(terms))
    vector = index.encoder.encode([question.text])[0]
    restriction = Restriction("public" if audience is Audience.PUBLIC else None, laws)
    near = index.vectors.nearest(Space.PASSAGES, vector, _PASSAGE_NEIGHBOURS, restriction)
    asked = index.vectors.nearest(Space.QUESTIONS, vector, _QUESTION_NEIGHBOURS, restriction)
    return Evidence(
        text=text,
        question=_to_all_parts(index, curated),
        dense_text=_spread(index, near, by_place=False),
        dense_question=_spread(index, asked, by_place=True),
        named=_named(index, question),
        law=np.array([p.law in question.laws for p in index.passages], dtype=np.float32),
    )


def _to_all_parts(index: Index, scores: Scores) -> Scores:
    """Give every part of a split Absatz what its first part got."""
    result = scores.copy()
    for rows in index.split_places:
        result[rows] = scores[rows[0]]
    return result


def _spread(index: Index, neighbours: Sequence[Neighbour], *, by_place: bool) -> Scores:
    """Similarities by row; rows that are not among the neighbours get the least one seen."""
    floor = min((max(n.similarity, 0.0) for n in neighbours), default=0.0)
    scores = np.full(len(index.passages), floor, dtype=np.float32)
    for neighbour in neighbours:
        if by_place:
            rows = index.rows_by_place.get(neighbour.owner, [])
        else:
            rows = [index.rows_by_id[neighbour.owner]]
        for row in rows:
            scores[row] = max(scores[row], neighbour.similarity)
    return scores


# A place asked for comes first; what the status of a person rests on helps a little; a § without a
# law may be any of its candidates, so none of them is pushed past what the words say.
_ASKED, _ASKED_NORM, _CANDIDATE, _BACKGROUND = 1.0, 0.8, 0.25, 0.05


def _named(index: Index, question: Question) -> Scores:
    scores = np.zeros(len(index.passages), dtype=np.float32)
    groups = (
        (question.background, _BACKGROUND, _BACKGROUND),
        (question.candidates, _CANDIDATE, _CANDIDATE * _ASKED_NORM),
        (question.asked_for, _ASKED, _ASKED_NORM),
    )
    for refs, exact, around in groups:
        for ref in refs:
            _mark(index, scores, ref, exact, around)
    return scores


def _mark(index: Index, scores: Scores, ref: NormRef, exact: float, around: float) -> None:
    for row in index.rows_by_norm.get((ref.law, ref.number), ()):
        hit = ref.absatz is None or index.passages[row].absatz == ref.absatz
        scores[row] = max(scores[row], exact if hit else around)
