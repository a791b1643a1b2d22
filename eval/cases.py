"""Case files that an evaluation can rest on."""

from __future__ import annotations

from pathlib import Path

from corpus.cases import Case, CaseError, Gold, read_cases

__all__ = ["Case", "CaseError", "Gold", "load_cases"]


def load_cases(path: Path) -> tuple[Case, ...]:
    """Read a case file; raises :class:`CaseError` for one that nothing can be measured with."""
    cases: list[Case] = []
    for number, case in read_cases(path):
        if case.answerable and not case.required:
            raise CaseError(f"{path.name}, Zeile {number}: beantwortbar, aber ohne Gold")
        cases.append(case)
    if not cases:
        raise CaseError(f"{path.name}: keine Fälle")
    if len({case.id for case in cases}) != len(cases):
        raise CaseError(f"{path.name}: eine Kennung kommt doppelt vor")
    return tuple(cases)
