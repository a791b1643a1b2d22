from __future__ import annotations

import pytest

from eval.results import CaseResult
from eval.risk import risk_curve


def case(confidence: float | None, recall: float | None) -> CaseResult:
    return CaseResult(
        id="T", question="?", register_="staff", type="direct", language="de",
        answerable=recall is not None, gold=(), ranking=(), metrics={"recall@5": recall},
        confidence=confidence, outcome=None, cited=(), milliseconds=1.0,
    )  # fmt: skip


def test_the_surest_half_is_answered_first() -> None:
    curve = risk_curve([case(0.9, 1.0), case(0.8, 1.0), case(0.2, None), case(0.1, 0.5)])
    assert curve is not None
    risks = {point.coverage: point.risk for point in curve.points}
    assert (risks[0.5], risks[1.0]) == (0.0, 0.5)
    assert curve.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_a_sure_and_wrong_answer_costs_more_than_an_unsure_one() -> None:
    sure, unsure = (risk_curve([case(c, None), case(0.5, 1.0)]) for c in (0.9, 0.1))
    assert sure is not None
    assert unsure is not None
    assert sure.brier > unsure.brier


def test_without_confidence_there_is_no_curve() -> None:
    assert risk_curve([case(None, 1.0), case(None, 0.0)]) is None
    assert risk_curve([case(0.5, 1.0)]) is None
