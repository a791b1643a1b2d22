"""Which words of the law carry a fact, and whether an answer shows them (nuggets, Voorhees 2003)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.cases import Case, CaseError

FACTS = Path(__file__).parent / "facts"
"""One file per case file; each line holds the facts of one case in the case's order."""

# A reader looks at the first two quoted stretches: a Nummer and the introduction of its Satz are two.
_FIRST = 2


class FactPattern(BaseModel):
    """How the law words one fact of a case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vital: bool
    """It answers the question; False for what merely adds to the answer."""
    patterns: tuple[str, ...] = Field(alias="any")
    """Regular expressions, one of which suffices; empty: no single rule says it, unscored."""

    def found_in(self, text: str) -> bool:
        """Whether ``text``, its white space collapsed, carries the fact."""
        return any(re.search(p, text, re.IGNORECASE | re.DOTALL) for p in self.patterns)


class CaseFacts(BaseModel):
    """The facts of one case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    """Id of the case."""
    facts: tuple[FactPattern, ...]
    """In the order of the case's ``facts``."""


def read_facts(path: Path) -> dict[str, CaseFacts]:
    """Case id -> its facts; raises :class:`CaseError` that names file and line."""
    found: dict[str, CaseFacts] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            facts = CaseFacts.model_validate_json(line)
        except ValidationError as error:
            raise CaseError(f"{path.name}, Zeile {number}: {error}") from error
        if facts.case in found:
            raise CaseError(f"{path.name}, Zeile {number}: {facts.case} kommt doppelt vor")
        found[facts.case] = facts
    return found


def facts_for(cases: Sequence[Case], folder: Path = FACTS) -> dict[str, CaseFacts]:
    """The facts of these cases, from the one file of ``folder`` that shares most ids with them.

    Ids of different case files overlap, so a file is taken as a whole. Facts of a case whose number
    of facts differs belong to another case and are left out.
    """
    counts = {case.id: len(case.facts) for case in cases}
    files = [read_facts(path) for path in sorted(folder.glob("*.jsonl"))]
    best = max(files, key=lambda facts: len(facts.keys() & counts.keys()), default={})
    return {id_: facts for id_, facts in best.items() if counts.get(id_) == len(facts.facts)}


def decisive(quotes: Sequence[str], facts: CaseFacts) -> bool | None:
    """Whether a vital fact stands in the first two quotes; None if no vital fact can be scored."""
    vital = [fact for fact in facts.facts if fact.vital and fact.patterns]
    text = _collapsed(quotes[:_FIRST])
    return any(fact.found_in(text) for fact in vital) if vital else None


def facts_found(statements: Sequence[str], facts: CaseFacts) -> float | None:
    """Share of the facts that stand in the statements; None if none can be scored."""
    scored = [fact for fact in facts.facts if fact.patterns]
    text = _collapsed(statements)
    return sum(fact.found_in(text) for fact in scored) / len(scored) if scored else None


def fact_metrics(
    case: Case, quotes: Sequence[str], statements: Sequence[str], facts: Mapping[str, CaseFacts]
) -> dict[str, float | None]:
    """Both measures of one answer by name; None for a case without patterns."""
    known = facts.get(case.id) if case.answerable else None
    first = None if known is None else decisive(quotes, known)
    return {
        "fact_first": None if first is None else float(first),
        "facts_shown": None if known is None else facts_found(statements, known),
    }


def _collapsed(texts: Sequence[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(texts)).strip()
