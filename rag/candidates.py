"""Let every index say which passages it would choose, as one array of scores per index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from corpus.generation.encoder import Vectors, passage_text
from corpus.generation.vectors import Neighbour, Restriction, Space
from corpus.models import Audience, NormRef
from rag.index import Index, Mask, Scope
from rag.question import Question

Scores = NDArray[np.float32]

# How many neighbours Chroma is asked for. A passage that is none of them counts as far as the last.
_PASSAGE_NEIGHBOURS = 100
_QUESTION_NEIGHBOURS = 200
_TOPIC_NEIGHBOURS = 25


@dataclass(frozen=True, slots=True)
class TopicEvidence:
    """What the indexes say about the topics nobody can answer here; shape ``(topics,)``."""

    text: Scores
    """BM25 of all questions of the topic, on the scale of the passages."""
    question: Scores
    """Best BM25 among its questions, on the scale of the catalogue."""
    dense: Scores
    """Best cosine among its questions."""
    familiar: float
    """Mean cosine of the nearest questions of any topic, 0 to 1."""


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
    synonym: Scores
    """BM25 of the passage for the statute's words of what the thesaurus knows, 0 and up."""
    law: Scores
    """1 for rows of a law that the question names, else 0."""
    everyday: Scores
    """How often an office needs the law of the row at all, 0 to 1."""
    wording: Scores
    """Of the best rows, share of the question found piece by piece, 0 to 1; see rag/late.py."""
    phrasing: Scores
    """Of the best rows, agreement with one curated question piece by piece, 0 to 1."""
    rerank: Scores
    """Of the very best rows, the reranker's judgement, 0 to 1; 0 without one."""
    familiar: float
    """Mean cosine of the nearest curated questions, 0 to 1."""
    topics: TopicEvidence


def gather(index: Index, question: Question, scope: Scope, allowed: Mask) -> Evidence:
    """Ask all indexes for ``question``; rows that are not ``allowed`` score 0 everywhere."""
    terms = question.all_terms
    past = bool(allowed[index.today :].any())
    text, topics = _lexical(index, terms, past=past)
    single = _single_questions(index, terms)
    curated = np.zeros(len(index.passages), dtype=np.float32)
    np.maximum.at(curated, index.question_rows, single[: len(index.questions)])
    vector = index.encoder.encode([question.whole])[0]
    public = "public" if scope.audience is Audience.PUBLIC else None
    restriction = Restriction(public, scope.laws)
    asked = index.vectors.nearest(Space.QUESTIONS, vector, _QUESTION_NEIGHBOURS, restriction)
    dense_text = _passage_similarities(index, vector, restriction, past=past)
    return Evidence(
        **_without_gaps(
            index,
            text=text * allowed,
            question=_to_all_parts(index, curated) * allowed,
            dense_text=dense_text * allowed,
            dense_question=_spread_over_places(index, asked) * allowed,
        ),
        named=_named(index, question) * allowed,
        synonym=_synonyms(index, question, past=past) * allowed,
        law=_of_named_laws(index, question) * allowed,
        everyday=index.everyday,
        wording=np.zeros(len(index.passages), dtype=np.float32),
        phrasing=np.zeros(len(index.passages), dtype=np.float32),
        rerank=np.zeros(len(index.passages), dtype=np.float32),
        familiar=_familiar(asked),
        topics=_topics(index, topics, single[len(index.questions) :], vector),
    )


def _lexical(index: Index, terms: Sequence[str], *, past: bool) -> tuple[Scores, Scores]:
    """BM25 of all rows and of the topics; rows of the past score 0 unless they are asked for."""
    count = len(index.passages)
    if past and index.past_index is not None:
        scores = index.past_index.scores(terms)
        return scores[:count], scores[count:]
    scores = index.passage_index.scores(terms)
    nothing = np.zeros(count - index.today, dtype=np.float32)
    return np.concatenate([scores[: index.today], nothing]), scores[index.today :]


def _passage_similarities(
    index: Index, vector: Vectors, restriction: Restriction, *, past: bool
) -> Scores:
    """Cosine of each row; rows that are not among the neighbours get the least one of their kind."""
    scores = np.zeros(len(index.passages), dtype=np.float32)
    kinds = [(Space.PASSAGES, slice(0, index.today))]
    if past:
        kinds.append((Space.PAST, slice(index.today, len(index.passages))))
    for space, rows in kinds:
        near = index.vectors.nearest(space, vector, _PASSAGE_NEIGHBOURS, restriction)
        scores[rows] = _floor(near)
        for neighbour in near:
            for row in index.rows_by_id.get(neighbour.owner, ()):
                scores[row] = max(scores[row], neighbour.similarity)
    return scores


def _of_named_laws(index: Index, question: Question) -> Scores:
    scores = np.zeros(len(index.passages), dtype=np.float32)
    for law in question.laws:
        scores[index.rows_by_law.get(law, [])] = 1.0
    return scores


def look_closer(
    index: Index, question: Question, evidence: Evidence, rows: Sequence[int]
) -> Evidence:
    """Compare the best ``rows`` piece by piece; unchanged with an encoder that has no pieces."""
    if index.late is None:
        return evidence
    questions = [index.questions_by_place.get(index.places[row], ()) for row in rows]
    met = index.late.compare(question.whole, rows, questions)
    wording, phrasing = evidence.wording.copy(), evidence.phrasing.copy()
    # Without curated questions, what the text shares with the question stands in for the best phrasing.
    bare = ~index.catalogued[list(rows)]
    meant = _share_of_best(met.wording) * met.phrasing.max(initial=0.0)
    wording[list(rows)] = met.wording
    phrasing[list(rows)] = np.where(bare, meant, met.phrasing)
    return replace(evidence, wording=wording, phrasing=phrasing)


def read_together(
    index: Index, question: Question, evidence: Evidence, rows: Sequence[int]
) -> Evidence:
    """Let the reranker read the best ``rows`` with the question; unchanged without a reranker."""
    if index.reranker is None or not rows:
        return evidence
    texts = [passage_text(index.passages[row]) for row in rows]
    scores = index.reranker.scores(question.whole, texts)
    # A place asked for by its number is no matter of opinion: nothing is judged better.
    asked = evidence.named[list(rows)] >= _ASKED
    rerank = evidence.rerank.copy()
    rerank[list(rows)] = np.where(asked, scores.max(), scores)
    return replace(evidence, rerank=rerank)


# A passage without curated questions: what its text says stands in for them, BM25 raised for the
# questions that are not appended. Measured with half a catalogue (docs/adr/0005).
_TEXT_ALONE = 1.5
_TEXT_FOR_QUESTION = 0.7


class _Fields(TypedDict):
    text: Scores
    question: Scores
    dense_text: Scores
    dense_question: Scores


def _without_gaps(
    index: Index, *, text: Scores, question: Scores, dense_text: Scores, dense_question: Scores
) -> _Fields:
    """Fill in what passages without curated questions cannot have, so that none is punished for it."""
    bare = ~index.catalogued
    guessed = _share_of_best(text) * question.max(initial=0.0) * _TEXT_FOR_QUESTION
    meant = _share_of_best(dense_text) * dense_question.max(initial=0.0)
    return _Fields(
        text=np.where(bare, text * _TEXT_ALONE, text),
        question=np.where(bare, np.maximum(question, guessed), question),
        dense_text=dense_text,
        dense_question=np.where(bare, np.maximum(dense_question, meant), dense_question),
    )


def _share_of_best(scores: Scores) -> Scores:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def _synonyms(index: Index, question: Question, *, past: bool) -> Scores:
    """BM25 for the terms of all synonyms; zeros if the thesaurus knows no word of the question."""
    terms = [term for synonym in question.synonyms for term in synonym.entry.terms]
    return _lexical(index, index.analyzer.terms(" ".join(terms)), past=past)[0]


def _single_questions(index: Index, terms: Sequence[str]) -> Scores:
    """BM25 of every curated question, those of the topics last."""
    if index.question_index is None:
        return np.zeros(0, dtype=np.float32)
    return index.question_index.scores(terms)


def _topics(index: Index, text: Scores, single: Scores, vector: Vectors) -> TopicEvidence:
    question = np.zeros(len(index.topics), dtype=np.float32)
    np.maximum.at(question, index.topic_questions, single)
    dense = np.zeros(len(index.topics), dtype=np.float32)
    positions = {topic.id: position for position, topic in enumerate(index.topics)}
    neighbours = index.vectors.nearest(Space.ELSEWHERE, vector, _TOPIC_NEIGHBOURS, Restriction())
    for near in neighbours:
        position = positions[near.owner]
        dense[position] = max(dense[position], near.similarity)
    return TopicEvidence(text, question, dense, _familiar(neighbours))


# One near question may be chance, three are not.
_FAMILIAR = 3


def _familiar(neighbours: Sequence[Neighbour]) -> float:
    nearest = [max(n.similarity, 0.0) for n in neighbours[:_FAMILIAR]]
    return sum(nearest) / _FAMILIAR


def _to_all_parts(index: Index, scores: Scores) -> Scores:
    """Give every part of a split Absatz what its first part got."""
    result = scores.copy()
    for rows in index.split_places:
        result[rows] = scores[rows[0]]
    return result


def _spread_over_places(index: Index, neighbours: Sequence[Neighbour]) -> Scores:
    """Similarities of curated questions, for all rows of their places."""
    scores = np.full(len(index.passages), _floor(neighbours), dtype=np.float32)
    for neighbour in neighbours:
        for row in index.rows_by_place.get(neighbour.owner, ()):
            scores[row] = max(scores[row], neighbour.similarity)
    return scores


def _floor(neighbours: Sequence[Neighbour]) -> float:
    """What anything that is none of the neighbours counts: as much as the last of them."""
    return min((max(n.similarity, 0.0) for n in neighbours), default=0.0)


# A place asked for comes first; one that is mentioned among many words may be the answer or a fact of
# the case; what the status of a person rests on helps a little; a § without a law may be any of its
# candidates, so none of them is pushed past what the words say.
_ASKED, _MENTIONED, _CANDIDATE, _BACKGROUND = 1.0, 0.4, 0.25, 0.05
# The other Absätze of a norm that is named, beside the named one.
_AROUND = 0.7


def _named(index: Index, question: Question) -> Scores:
    scores = np.zeros(len(index.passages), dtype=np.float32)
    named = _ASKED if question.is_about_places else _MENTIONED
    groups = (
        (question.background, _BACKGROUND, _BACKGROUND),
        (question.candidates, _CANDIDATE, _CANDIDATE * _AROUND),
        (question.asked_for, named, named * _AROUND),
    )
    for refs, exact, around in groups:
        for ref in refs:
            _mark(index, scores, ref, exact, around)
    return scores


def _mark(index: Index, scores: Scores, ref: NormRef, exact: float, around: float) -> None:
    for row in index.rows_by_norm.get((ref.law, ref.number), ()):
        hit = ref.absatz is None or index.passages[row].absatz == ref.absatz
        scores[row] = max(scores[row], exact if hit else around)
