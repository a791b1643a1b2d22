"""Where marks stand: the geometry behind the drawings."""

from __future__ import annotations

import pytest

from eval.plots import (
    chance,
    difference_plot,
    dot_plot,
    histogram,
    number,
    risk_plot,
    signed,
    trend_plot,
)
from eval.risk import RiskCurve, RiskPoint
from eval.stats import Difference, Estimate


def test_dots_stand_where_their_values_are() -> None:
    rows = [("eins", Estimate(4, 0.5, 0.25, 0.75)), ("nichts", Estimate(0, None, None, None))]
    plot = dot_plot(rows, "R@5")
    one, nothing = plot.dots
    assert one.at == pytest.approx((plot.left + plot.right) / 2)
    assert one.low is not None
    assert one.high is not None
    assert one.low - plot.left == pytest.approx(plot.right - one.high)
    assert (nothing.at, nothing.text) == (None, "")
    assert one.across < nothing.across < plot.height


def test_differences_stand_around_zero_on_a_scale_that_holds_them() -> None:
    plot = difference_plot([("m", Difference(9, -0.08, -0.19, 0.03, 0.2))], "B minus A")
    (dot,) = plot.dots
    assert plot.zero is not None
    assert plot.zero == pytest.approx((plot.left + plot.right) / 2)
    assert dot.low is not None
    assert plot.left <= dot.low < plot.zero < (dot.high or 0.0)
    assert dot.text == "−0,080"


def test_a_curve_rises_where_the_risk_does() -> None:
    points = (RiskPoint(0.5, 0.1, 0.9), RiskPoint(1.0, 0.28, 0.1))
    plot = risk_plot(RiskCurve(points, 0.1, 0.1))
    first, last = plot.points
    assert first.across < last.across == pytest.approx(plot.right)
    assert first.at is not None
    assert last.at is not None
    assert plot.top <= last.at < first.at <= plot.bottom


def test_a_histogram_counts_every_value_once() -> None:
    times = [10.0] * 50 + [12.0] * 49 + [900.0]
    plot = histogram(times)
    assert sum(int(bar.text) for bar in plot.points) == 100
    assert plot.points[-1].text == "1", "what is slower than 99 of 100 counts in the last bar"
    assert len(plot.points) == 24
    assert histogram([5.0]).points


def test_a_course_of_one_run_has_one_point() -> None:
    plot = trend_plot([("06.03.2025", Estimate(1, 0.5, None, None))], "")
    (point,) = plot.points
    assert plot.left <= point.across <= plot.right
    assert plot.path.count(",") == 1


def test_numbers_as_people_write_them() -> None:
    assert (number(0.5), number(12.4, 0), signed(-0.05), signed(0.1), signed(-0.0001)) == (
        "0,50", "12", "−0,050", "+0,100", "0,000",
    )  # fmt: skip
    assert (chance(0.0005), chance(0.04)) == ("< 0,001", "0,040")
