"""Aggregate a run: every metric per system, type and register, with n and interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.results import CaseResult, Run
from eval.stats import Difference, Estimate, estimate, paired_difference

METRICS: dict[str, str] = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr": "MRR",
    "ndcg@10": "nDCG@10",
    "absatz_recall@1": "R@1 (Absatz)",
    "absatz_recall@5": "R@5 (Absatz)",
    "absatz_ndcg@10": "nDCG@10 (Absatz)",
    "citation_recall": "Pflichtnorm zitiert",
    "any_required_cited": "eine Pflichtnorm zitiert",
    "decisive_first": "Entscheidender Satz vorn",
    "citation_precision": "Zitate treffend",
    "citation_validity": "Zitate gültig",
    "quotes_verbatim": "Zitate wörtlich",
    "wrongly_answered": "zu Unrecht beantwortet",
    "wrongly_refused": "zu Unrecht abgelehnt",
}
"""Metric name -> German heading, in the order of reports."""


@dataclass(frozen=True, slots=True)
class Row:
    """The metrics of one group of cases of one system."""

    system: str
    group: str
    """``alle``, ``Typ: ...``, ``Register: ...`` or ``Sprache: ...``."""
    cases: int
    estimates: dict[str, Estimate]


def summarise(run: Run) -> list[Row]:
    """All groups of all systems."""
    rows: list[Row] = []
    for result in run.systems:
        for group, cases in _groups(result.cases):
            estimates = {
                name: estimate([case.metrics.get(name) for case in cases]) for name in METRICS
            }
            rows.append(Row(result.system, group, len(cases), estimates))
    return rows


def _groups(cases: Sequence[CaseResult]) -> Iterator[tuple[str, list[CaseResult]]]:
    yield "alle", list(cases)
    for name in sorted({case.type for case in cases}):
        yield f"Typ: {name}", [case for case in cases if case.type == name]
    for name in sorted({case.register_ for case in cases}):
        yield f"Register: {name}", [case for case in cases if case.register_ == name]
    for name in sorted({case.language for case in cases}):
        yield f"Sprache: {name}", [case for case in cases if case.language == name]


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric of two runs on the cases they share."""

    metric: str
    a: Estimate
    b: Estimate
    difference: Difference
    won: tuple[str, ...]
    """Ids of cases in which B is better."""
    lost: tuple[str, ...]
    """Ids of cases in which A is better."""


def compare(a: Run, b: Run, system: str = "fundstelle") -> list[MetricChange]:
    """Compare two runs of one system pair by pair.

    Raises ``KeyError`` if a run has no such system, ``ValueError`` if the runs share no case.
    """
    before = {case.id: case for case in a.system(system).cases}
    after = {case.id: case for case in b.system(system).cases}
    shared = [id_ for id_ in before if id_ in after]
    if not shared:
        raise ValueError("the runs share no case")
    changes: list[MetricChange] = []
    for metric in METRICS:
        old = [before[id_].metrics.get(metric) for id_ in shared]
        new = [after[id_].metrics.get(metric) for id_ in shared]
        pairs = [
            (id_, x, y)
            for id_, x, y in zip(shared, old, new, strict=True)
            if x is not None and y is not None
        ]
        better = -1 if metric.startswith("wrongly") else 1
        changes.append(
            MetricChange(
                metric,
                estimate(old),
                estimate(new),
                paired_difference(old, new),
                tuple(id_ for id_, x, y in pairs if better * (y - x) > 0),
                tuple(id_ for id_, x, y in pairs if better * (y - x) < 0),
            )
        )
    return changes
