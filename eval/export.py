"""Runs and comparisons as tables for other programs (CSV after RFC 4180, points in numbers)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from eval.results import Run
from eval.summary import METRICS, CaseChange, MetricChange

# Where a cell begins with one of these, a spreadsheet would run it as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_csv(run: Run) -> str:
    """One line per system and case with all metrics; a cell is empty where nothing was scored."""
    head = ("system", "id", "question", "type", "register", "language", "answerable", "gold",
            "ranking", "outcome", "cited", "confidence", "search_ms", "answer_ms")  # fmt: skip
    rows = (
        (
            system.system,
            case.id,
            case.question,
            case.type,
            case.register_,
            case.language,
            int(case.answerable),
            "; ".join(case.gold),
            "; ".join(case.ranking),
            case.outcome,
            "; ".join(case.cited),
            case.confidence,
            case.milliseconds,
            case.answer.milliseconds if case.answer else None,
            *(case.metrics.get(metric) for metric in METRICS),
        )
        for system in run.systems
        for case in system.cases
    )
    return _csv((*head, *METRICS), rows)


def comparison_csv(changes: Sequence[CaseChange]) -> str:
    """One line per metric and case that both runs scored."""
    rows = ((c.metric, c.id, c.question, c.a, c.b, round(c.b - c.a, 6), c.result) for c in changes)
    return _csv(("metric", "id", "question", "a", "b", "difference", "result"), rows)


def changes_json(changes: Sequence[MetricChange]) -> list[dict[str, object]]:
    """A comparison, one entry per metric."""
    return [
        {
            "metric": change.metric,
            "n": change.difference.n,
            "a": change.a.mean,
            "b": change.b.mean,
            "difference": change.difference.mean,
            "low": change.difference.low,
            "high": change.difference.high,
            "p": change.difference.p,
            "won": change.won,
            "lost": change.lost,
        }
        for change in changes
    ]


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
