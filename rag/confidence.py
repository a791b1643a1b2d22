"""How sure the ranking is that it holds the answer; below a threshold nothing is answered."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.candidates import Evidence
from rag.question import Question

# Logistic regression on the dev split (84 cases, cross-validated AUC .86), see docs/adr/0006.
_INTERCEPT = -7.06
_DENSE_QUESTION = 10.2
_DENSE_TEXT = 8.8
# An existing norm that is asked for by its number is found by its number.
_NAMED = 0.99

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

    @property
    def sufficient(self) -> bool:
        """Whether to answer at all."""
        return self.probability >= THRESHOLD


def assess(question: Question, evidence: Evidence) -> Confidence:
    """Judge a ranking by how near the question came to anything known."""
    asked = float(evidence.dense_question.max(initial=0.0))
    text = float(evidence.dense_text.max(initial=0.0))
    logit = _INTERCEPT + _DENSE_QUESTION * asked + _DENSE_TEXT * text
    probability = 1 / (1 + math.exp(-logit))
    if not (evidence.text.any() or evidence.question.any()):
        # Not one word of the question occurs anywhere; cosines of unknown words mean nothing.
        probability = 0.0
    if question.asked_for:
        probability = max(probability, _NAMED)
    return Confidence(probability, asked, text)
