"""How well the check of statements works: errors caught and false alarms, kind by kind.

The statements are made from real passages, half of them true, half with one seeded error
(``eval/seeded``).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.models import Kind, NormRef, Passage
from eval.cases import CaseError
from eval.seeded_cases import SeededCase, SeededError, read_seeded
from eval.stats import Estimate, proportion
from rag.check import check_statement
from rag.index import Index

ALL = "alle"
"""Name of the row over all kinds."""


@dataclass(frozen=True, slots=True)
class SeededResult:
    """The result over one file."""

    false_alarms: Estimate
    """Share of the true statements that were objected to."""
    caught: dict[str, Estimate]
    """Per kind of error, all together first, the share that was objected to."""
    alarms: dict[str, int]
    """Check -> true statements that it objected to; one statement may count for several."""


def load_seeded(path: Path) -> tuple[SeededCase, ...]:
    """Read a file; raises :class:`eval.cases.CaseError` for one that nothing can be measured with."""
    try:
        return read_seeded(path)
    except SeededError as error:
        raise CaseError(str(error)) from error


def cited_passages(index: Index, places: Sequence[NormRef]) -> list[Passage]:
    """The passages of the places as they stand now, all parts of a long Absatz.

    Raises :class:`eval.cases.CaseError` for a place that the corpus does not hold.
    """
    found = []
    for place in places:
        rows = index.rows_by_norm.get((place.law, place.number), ())
        own = [index.passages[row] for row in rows if row < index.today]
        held = [
            p
            for p in own
            if p.kind is Kind.LAW and (place.absatz is None or p.absatz == place.absatz)
        ]
        if not held:
            raise CaseError(f"{place.key}: nicht im Bestand")
        found += held
    return found


def measure(cases: Iterable[SeededCase], index: Index) -> SeededResult:
    """Check every statement against its passages."""
    caught: dict[str, list[bool]] = defaultdict(list)
    alarms: list[bool] = []
    objecting: Counter[str] = Counter()
    for case in cases:
        passages = cited_passages(index, case.places)
        verdict = check_statement(case.text, passages, analyzer=index.analyzer, index=index)
        objected = not verdict.supported
        if case.kind is None:
            alarms.append(objected)
            objecting.update({finding.kind.value for finding in verdict.findings})
            continue
        caught[ALL].append(objected)
        caught[case.kind].append(objected)
    return SeededResult(
        proportion(alarms),
        {kind: proportion(held) for kind, held in sorted(caught.items(), key=_all_first)},
        dict(objecting.most_common()),
    )


def _all_first(row: tuple[str, object]) -> tuple[bool, str]:
    return row[0] != ALL, row[0]


def to_json(result: SeededResult) -> str:
    """The result as JSON."""
    return json.dumps(asdict(result), ensure_ascii=False, indent=2)


def print_table(result: SeededResult, console: Console) -> None:
    """The result, one kind of error per line."""
    table = Table("Art des Fehlers", "erkannt", box=None)
    for kind, estimate in result.caught.items():
        table.add_row(kind, str(estimate))
    console.print(table)
    console.print(f"Fehlalarme bei wahren Aussagen: {result.false_alarms}", highlight=False)
    if result.alarms:
        counts = ", ".join(f"{check} {count}" for check, count in result.alarms.items())
        console.print(f"davon nach Prüfung: {counts}", highlight=False)
