"""How sure the ranking is that it holds the answer; below a threshold nothing is answered."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.candidates import Evidence
from rag.elsewhere import NearestTopic
from rag.question import Question

# Logistic regression on the dev splits: does the top five hold every required norm? See docs/adr/0006.
_INTERCEPT = 0.5
_LEAD = -0.75
# An existing norm that is asked for by its number is found by its number.
_NAMED = 0.99
# Both cosines of a question about nothing known lie below this.
_STRANGE = 0.25

THRESHOLD = 0.55
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


def assess(question: Question, evidence: Evidence, topic: NearestTopic | None) -> Confidence:
    """Judge a ranking by how near the question came to what is known and to what is not ours."""
    asked = float(evidence.dense_question.max(initial=0.0))
    text = float(evidence.dense_text.max(initial=0.0))
    lead = topic.lead if topic else 0.0
    probability = 1 / (1 + math.exp(-(_INTERCEPT + _LEAD * lead)))
    known = evidence.text.any() or evidence.question.any()
    if not known or max(asked, text) < _STRANGE:
        # Not one word of the question occurs anywhere, or its words mean nothing together.
        probability = 0.0
    if question.asked_for:
        probability = max(probability, _NAMED)
    return Confidence(probability, asked, text, topic)
