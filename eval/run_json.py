"""What ``fundstelle eval run --json`` writes, and the name of the run in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from eval.summary import Row


def rows_json(run: str, rows: Sequence[Row]) -> list[dict[str, object]]:
    """The metrics of a run, one entry per system and group."""
    return [
        {
            "run": run,
            "system": row.system,
            "group": row.group,
            "cases": row.cases,
            "metrics": {
                name: {"n": e.n, "mean": e.mean, "low": e.low, "high": e.high}
                for name, e in row.estimates.items()
            },
        }
        for row in rows
    ]


def run_of_output(text: str) -> str:
    """The name of the run that wrote this; "" if it did not get that far."""
    try:
        rows = json.loads(text)
        return str(rows[0]["run"])
    except (ValueError, LookupError, TypeError):
        return ""
