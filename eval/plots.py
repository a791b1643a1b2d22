"""Where the marks of a plot stand; templates/plots.html draws them.

Coordinates are in units of the drawing: x to the right, y down. Every plot has a table beside it that
says the same, so a plot is never the only place of a fact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eval.risk import RiskCurve
from eval.stats import Difference, Estimate

WIDTH = 640
_ROW = 30
_LABELS = 230
_RIGHT = 70
_TOP, _BOTTOM = 10, 46
_TALL = 260
_AXIS = 56


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its number."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A mean with its interval."""

    label: str
    text: str
    """The mean as printed beside it; "" without one."""
    at: float | None
    """Along the axis of values; None: nothing was scored."""
    low: float | None
    high: float | None
    across: float
    """Along the other axis."""


@dataclass(frozen=True, slots=True)
class DotPlot:
    """One dot with its interval per row, the values from left to right."""

    height: float
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    zero: float | None
    """Where no difference lies; None: the values are no differences."""
    axis: str
    """What the values are."""

    left: float = _LABELS
    right: float = WIDTH - _RIGHT
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined by a line, or the tops of bars; the values go up."""

    points: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_axis: str
    y_axis: str
    step: float = 0.0
    """Width of a bar; 0 for a line."""

    left: float = _AXIS
    right: float = WIDTH - 16
    top: float = _TOP
    bottom: float = _TALL - _BOTTOM
    width: float = WIDTH
    height: float = _TALL

    @property
    def path(self) -> str:
        """The points as SVG wants them."""
        return " ".join(f"{p.across:.1f},{p.at:.1f}" for p in self.points if p.at is not None)


def number(value: float, places: int = 2) -> str:
    """With a decimal comma."""
    return f"{value:.{places}f}".replace(".", ",")


def signed(value: float, places: int = 3) -> str:
    """With its sign, a minus that lines up with the plus; none where it rounds to zero."""
    if not round(value, places):
        return number(0.0, places)
    return f"{value:+.{places}f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def chance(p: float) -> str:
    """A probability of a test, which is never zero."""
    return "< 0,001" if p < 0.001 else number(p, 3)


def dot_plot(rows: Sequence[tuple[str, Estimate]], axis: str) -> DotPlot:
    """Estimates between 0 and 1."""
    dots = [
        _dot(
            label, e.mean, e.low, e.high, "" if e.mean is None else number(e.mean), row, (0.0, 1.0)
        )
        for row, (label, e) in enumerate(rows)
    ]
    steps = [step / 5 for step in range(6)]
    ticks = tuple(Tick(_along(step, (0.0, 1.0)), number(step, 1)) for step in steps)
    return DotPlot(_height(rows), tuple(dots), ticks, None, axis)


def difference_plot(rows: Sequence[tuple[str, Difference]], axis: str) -> DotPlot:
    """Differences around 0, on a scale that holds the widest interval."""
    bounds = [abs(v) for _, d in rows for v in (d.low, d.high, d.mean) if v is not None]
    edge = next((e for e in (0.05, 0.1, 0.2, 0.5) if e >= max(bounds, default=0.0)), 1.0)
    domain = (-edge, edge)
    dots = [
        _dot(label, d.mean, d.low, d.high, "" if d.mean is None else signed(d.mean), row, domain)
        for row, (label, d) in enumerate(rows)
    ]
    ticks = tuple(
        Tick(_along(edge * step / 2, domain), "0" if step == 0 else signed(edge * step / 2))
        for step in (-2, -1, 0, 1, 2)
    )
    return DotPlot(_height(rows), tuple(dots), ticks, _along(0.0, domain), axis)


def risk_plot(curve: RiskCurve) -> Line:
    """The share of wrong answers against the share of questions answered, the surest first."""
    worst = max(point.risk for point in curve.points)
    edge = next((e for e in (0.1, 0.2, 0.3, 0.5) if e >= worst), 1.0)
    points = tuple(
        Dot("", number(p.risk), _up(p.risk, edge), None, None, _over(p.coverage, 1.0))
        for p in curve.points
    )
    return Line(
        points,
        tuple(Tick(_over(step / 5, 1.0), number(step / 5, 1)) for step in range(6)),
        _up_ticks(edge),
        "Anteil der beantworteten Fragen, die sichersten zuerst",
        "Anteil falscher Antworten",
    )


def trend_plot(estimates: Sequence[tuple[str, Estimate]], axis: str) -> Line:
    """One estimate per run, the oldest first."""
    last = max(len(estimates) - 1, 1)
    bounds = [v for _, e in estimates for v in (e.low, e.mean) if v is not None]
    # Runs of one installation lie close together: on a scale from 0 their differences would not show.
    base = min(math.floor(10 * min(bounds, default=0.0)) / 10, 0.9)
    points = tuple(
        Dot(
            label,
            "" if e.mean is None else number(e.mean),
            None if e.mean is None else _up(e.mean, 1.0, base),
            None if e.low is None else _up(e.low, 1.0, base),
            None if e.high is None else _up(e.high, 1.0, base),
            _over(0.04 + 0.92 * place / last, 1.0),
        )
        for place, (label, e) in enumerate(estimates)
    )
    # Two dates of some length have room at the ends, the others are in the table.
    ends = {0, len(points) - 1}
    ticks = tuple(Tick(p.across, p.label) for place, p in enumerate(points) if place in ends)
    return Line(points, ticks, _up_ticks(1.0, base), "Läufe, die ältesten links", axis)


def histogram(milliseconds: Sequence[float], bars: int = 24) -> Line:
    """How many answers took how long; what is slower than 99 of 100 counts in the last bar."""
    ordered = sorted(milliseconds)
    slow = ordered[min(len(ordered) - 1, math.ceil(0.99 * len(ordered)) - 1)]
    unit = _round_up(max(1.01 * slow, 1.0) / bars)
    counts = [0] * bars
    for value in ordered:
        counts[min(int(value / unit), bars - 1)] += 1
    edge = float(_round_up(max(counts)))
    span = unit * bars
    points = tuple(
        Dot(f"{unit * i:g} ms", str(count), _up(count, edge), None, None, _over(unit * i, span))
        for i, count in enumerate(counts)
    )
    ticks = (step * bars // 4 for step in range(5))
    return Line(
        points,
        tuple(Tick(_over(unit * i, span), f"{unit * i:g}") for i in ticks),
        tuple(Tick(_up(edge * s / 2, edge), f"{edge * s / 2:g}") for s in range(3)),
        "Millisekunden",
        "Fälle",
        step=_over(unit, span) - _over(0.0, span),
    )


def _dot(
    label: str,
    mean: float | None,
    low: float | None,
    high: float | None,
    text: str,
    row: int,
    domain: tuple[float, float],
) -> Dot:
    at, left, right = (None if v is None else _along(v, domain) for v in (mean, low, high))
    return Dot(label, text, at, left, right, _TOP + _ROW * (row + 0.5))


def _height(rows: Sequence[object]) -> float:
    return _TOP + _ROW * len(rows) + _BOTTOM


def _along(value: float, domain: tuple[float, float]) -> float:
    low, high = domain
    return _LABELS + (value - low) / (high - low) * (WIDTH - _RIGHT - _LABELS)


def _over(value: float, span: float) -> float:
    return _AXIS + value / span * (WIDTH - 16 - _AXIS)


def _up(value: float, edge: float, base: float = 0.0) -> float:
    return _TALL - _BOTTOM - (value - base) / (edge - base) * (_TALL - _BOTTOM - _TOP)


def _up_ticks(edge: float, base: float = 0.0) -> tuple[Tick, ...]:
    steps = (base + (edge - base) * step / 5 for step in range(6))
    return tuple(Tick(_up(step, edge, base), number(step)) for step in steps)


def _round_up(value: float) -> float:
    """To 1, 2 or 5 times a power of ten: numbers that people read at a glance."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)
