"""How honest the confidence is: the risk of an answer against the share of questions answered.

Risk-coverage curve after El-Yaniv and Wiener (2010): answering only the surest share of the
questions, how many of these answers are wrong? A case is wrong if the first five norms miss a
required one, or if nothing could have answered it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.results import CaseResult

_STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """One point of the curve."""

    coverage: float
    """Share of all cases answered, the surest first."""
    risk: float
    """Share of the answered ones that are wrong."""
    confidence: float
    """Of the least sure case answered."""


@dataclass(frozen=True, slots=True)
class RiskCurve:
    """The curve of one system over one set of cases."""

    points: tuple[RiskPoint, ...]
    area: float
    """Mean risk over all coverages, 0 to 1; lower is better."""
    brier: float
    """Mean squared error of the confidence as a probability of being right."""


def risk_curve(cases: Sequence[CaseResult]) -> RiskCurve | None:
    """The curve; None with fewer than two cases that have a confidence."""
    scored = [
        (case.confidence, not case.answerable or (case.metrics.get("recall@5") or 0.0) < 1.0)
        for case in cases
        if case.confidence is not None
    ]
    if len(scored) < 2:
        return None
    scored.sort(key=lambda pair: -pair[0])
    sure = np.array([confidence for confidence, _ in scored])
    wrong = np.array([is_wrong for _, is_wrong in scored], dtype=float)
    risks = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    rows = [max(1, round(step * len(wrong))) - 1 for step in _STEPS]
    return RiskCurve(
        tuple(
            RiskPoint((row + 1) / len(wrong), float(risks[row]), float(sure[row])) for row in rows
        ),
        float(risks.mean()),
        float(((sure - (1 - wrong)) ** 2).mean()),
    )
