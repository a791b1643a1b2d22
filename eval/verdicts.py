"""What became of a case, in one word: the word that lists of cases show."""

from __future__ import annotations

from enum import StrEnum

from eval.results import CaseResult


class Verdict(StrEnum):
    """How a case ended, with its German name as value."""

    RIGHT = "richtig"
    """All required norms among the first five, or rightly refused."""
    PARTLY = "teilweise"
    """Some of the required norms among the first five."""
    MISSED = "verfehlt"
    """None of them."""
    WRONGLY_REFUSED = "zu Unrecht abgelehnt"
    WRONGLY_ANSWERED = "zu Unrecht beantwortet"


def verdict_of(case: CaseResult) -> Verdict:
    """The worst that can be said of a case."""
    if case.metrics.get("wrongly_answered"):
        return Verdict.WRONGLY_ANSWERED
    recall = case.metrics.get("recall@5")
    if recall == 0:
        return Verdict.MISSED
    if case.metrics.get("wrongly_refused"):
        return Verdict.WRONGLY_REFUSED
    return Verdict.PARTLY if recall is not None and recall < 1 else Verdict.RIGHT
