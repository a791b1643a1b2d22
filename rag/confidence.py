"""How sure the ranking is that it holds the answer; below a threshold nothing is answered."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.candidates import Evidence
from rag.elsewhere import NearestTopic
from rag.question import Question


@dataclass(frozen=True, slots=True)
class Weighing:
    """Logistic regression: how what is ours stands against what is not (docs/adr/0006)."""

    intercept: float
    lead: float
    """Of the nearest topic's fused score less the best passage's."""
    familiar: float = 0.0
    """Of the nearest curated questions' cosine less that of the nearest topics' questions."""
    wording: float = 0.0
    """Of the share of the question found in the best passage less that in the best topic."""
    phrasing: float = 0.0
    """Of the agreement with one curated question less that with one question of a topic."""


# Fitted on the dev split: do the first five hold every required norm?
PIECE_BY_PIECE = Weighing(-1.46, -0.3, 3.54, 5.27, 5.14)
# With a foreign encoder nothing is compared piece by piece.
AS_A_WHOLE = Weighing(0.27, -0.79)
# An existing norm that is asked for by its number is found by its number.
_NAMED = 0.99
# Both cosines of a question about nothing known lie below this.
_STRANGE = 0.25

THRESHOLD = 0.5
"""Probability below which the answer is withheld."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """Estimated probability that the first five norms hold the answer, and its grounds."""

    probability: float
    dense_question: float
    """Best cosine to a curated question."""
    dense_text: float
    """Best cosine to a passage."""
    topic: NearestTopic | None
    """The nearest topic that nobody can answer here."""

    @property
    def sufficient(self) -> bool:
        """Whether to answer at all."""
        return self.probability >= THRESHOLD

    @property
    def elsewhere(self) -> NearestTopic | None:
        """The topic to refer to; None if the question is answered or fits no topic either."""
        if self.sufficient or self.topic is None or not self.topic.worded:
            return None
        return self.topic


def _probability(evidence: Evidence, topic: NearestTopic | None) -> float:
    compared = bool(evidence.wording.any())
    weighing = PIECE_BY_PIECE if compared else AS_A_WHOLE
    score = weighing.intercept
    if topic is not None:
        wording = float(evidence.wording.max(initial=0.0)) - topic.wording
        phrasing = float(evidence.phrasing.max(initial=0.0)) - topic.phrasing
        score += (
            weighing.lead * topic.lead
            + weighing.familiar * (evidence.familiar - evidence.topics.familiar)
            + weighing.wording * wording
            + weighing.phrasing * phrasing
        )
    return 1 / (1 + math.exp(-score))


def assess(question: Question, evidence: Evidence, topic: NearestTopic | None) -> Confidence:
    """Judge a ranking by how near the question came to what is known and to what is not ours."""
    asked = float(evidence.dense_question.max(initial=0.0))
    text = float(evidence.dense_text.max(initial=0.0))
    probability = _probability(evidence, topic)
    known = evidence.text.any() or evidence.question.any()
    if not known or max(asked, text) < _STRANGE:
        # Not one word of the question occurs anywhere, or its words mean nothing together.
        probability = 0.0
    if question.asked_for:
        probability = max(probability, _NAMED)
    return Confidence(probability, asked, text, topic)
