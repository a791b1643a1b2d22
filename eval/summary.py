"""Aggregate a run: every metric per system, type and register, with n and interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    "fact_first": "Entscheidender Fakt vorn",
    "facts_shown": "Fakten gezeigt",
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


def grouped(rows: Sequence[Row], system: str, grouping: str) -> list[tuple[str, Row]]:
    """The rows of a system by ``Typ``, ``Register`` or ``Sprache``, with the name of each group."""
    mark = f"{grouping}: "
    return [
        (row.group.removeprefix(mark), row)
        for row in rows
        if row.system == system and row.group.startswith(mark)
    ]


def _groups(cases: Sequence[CaseResult]) -> Iterator[tuple[str, list[CaseResult]]]:
    yield "alle", list(cases)
    for name in sorted({case.type for case in cases}):
        yield f"Typ: {name}", [case for case in cases if case.type == name]
    for name in sorted({case.register_ for case in cases}):
        yield f"Register: {name}", [case for case in cases if case.register_ == name]
    for name in sorted({case.language for case in cases}):
        yield f"Sprache: {name}", [case for case in cases if case.language == name]


LESS_IS_BETTER = frozenset(name for name in METRICS if name.startswith("wrongly"))


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


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One metric of one case in two runs that both scored it."""

    metric: str
    id: str
    question: str
    a: float
    b: float

    @property
    def result(self) -> str:
        """``won``: B is better; ``lost``: A is; ``same``."""
        better = (self.a - self.b) if self.metric in LESS_IS_BETTER else (self.b - self.a)
        return "won" if better > 0 else "lost" if better < 0 else "same"


def case_changes(
    a: Run, b: Run, system: str = "fundstelle", metrics: Iterable[str] = tuple(METRICS)
) -> list[CaseChange]:
    """Every metric of every case that both runs scored, in the order of A's cases.

    Raises ``KeyError`` if a run has no such system.
    """
    after = {case.id: case for case in b.system(system).cases}
    pairs = [(case, after[case.id]) for case in a.system(system).cases if case.id in after]
    return [
        CaseChange(metric, old.id, new.question, x, y)
        for metric in metrics
        for old, new in pairs
        if (x := old.metrics.get(metric)) is not None and (y := new.metrics.get(metric)) is not None
    ]


def compare(a: Run, b: Run, system: str = "fundstelle") -> list[MetricChange]:
    """Compare two runs of one system pair by pair.

    Raises ``KeyError`` if a run has no such system, ``ValueError`` if the runs share no case.
    """
    shared = {case.id for case in a.system(system).cases}
    if shared.isdisjoint(case.id for case in b.system(system).cases):
        raise ValueError("the runs share no case")
    return [_change(metric, case_changes(a, b, system, (metric,))) for metric in METRICS]


def _change(metric: str, cases: Sequence[CaseChange]) -> MetricChange:
    old, new = [case.a for case in cases], [case.b for case in cases]
    return MetricChange(
        metric,
        estimate(old),
        estimate(new),
        paired_difference(old, new),
        tuple(case.id for case in cases if case.result == "won"),
        tuple(case.id for case in cases if case.result == "lost"),
    )
